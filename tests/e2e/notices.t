#!/usr/bin/env python3
"""Who reads of what happens on a ticket: mails into a Maildir, notices out."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib as talk

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
PRIYA = "priya.shah@halcyon-data.example"
ALIZE = "standard@clinique-alize.example"
ANNE, HUGO, MARY = e2e.TECHNICIANS
ALL = sorted(e2e.TECHNICIANS)


def at(time, day=24):
    return f"2026-11-{day}T{time}:00+01:00"


def readers(mails, what="notice"):
    return sorted(m.to for m in mails if m.what == what)


def read_by(mails, reader, what="notice"):
    return [m for m in mails if m.to == reader and m.what == what]


def begin(desk):
    desk.mail(at("10:00"), JEANNE, "Panne bloquante", "Tout est bloqué.")
    desk.mail(at("10:00"), PRIYA, "The report is slow", "It takes an hour.")
    desk.mail(at("10:00"), "paul@elsewhere.test", "Bonjour", "Une question.")
    return desk.drain(at("10:01"))


def contract():
    """The contract's referent, another's team, and what is nobody's."""
    desk = talk.Desk({"acier-vosges": "referent: Hugo Vidal",
                      "halcyon-data": "team: [Mary Collins, Hugo Vidal]"})
    left = begin(desk)
    by_ticket = {n: readers([m for m in left if m.row["ticket"] == n])
                 for n in (1, 2, 3)}
    tap.ok(by_ticket == {1: [HUGO], 2: [HUGO, MARY], 3: ALL},
           "a new ticket: referent, team, all", by_ticket)
    words = next(m for m in left if m.row["ticket"] == 1 and
                 m.what == "notice").body()
    tap.ok("Jeanne Morel <" + JEANNE + ">, DSI" in words,
           "a From without a name: the contract knows it", words)
    desk.run("assign", "1", ANNE, "--at", at("10:05"))
    desk.mail(at("10:10"), JEANNE, "Re: [#1] Panne bloquante", "Alors ?",
              more=f"In-Reply-To: <1@{JEANNE.split('@')[1]}>\n")
    left = desk.drain(at("10:11"))
    tap.ok(set(readers(left)) == {ANNE} and any(
        "Nouveau message" in m.body() for m in left),
           "who has it reads what the client adds", readers(left))
    left = desk.drain(at("12:00", 25))
    by_ticket = {n: readers([m for m in left if m.row["ticket"] == n], "alarm")
                 for n in (1, 2)}
    tap.ok(by_ticket == {1: [ANNE, HUGO], 2: [HUGO, MARY]},
           "a breach: who has it, and who answers for the contract", by_ticket)


def colleagues():
    """Who has, or had, a part reads what others do, in the same thread."""
    desk = talk.Desk()
    begin(desk)
    desk.answer(at("10:10"), HUGO, 1, "Je regarde.")
    left = desk.drain(at("10:11"))
    tap.ok(readers(left) == [] and [m.to for m in left] == [JEANNE],
           "nobody reads what he did himself", [(m.what, m.to) for m in left])
    desk.answer(at("10:20"), ANNE, 1,
                "#severity 2\n\nLe câble est commandé.\n\nOn Tue, Nov 24, 2026 "
                "at 10:01 AM Desk <help@desk.example> wrote:\n\n> old words\n")
    left = desk.drain(at("10:21"))
    tap.ok(readers(left) == [HUGO] and "croise la vôtre" in
           read_by(left, HUGO)[0].body(), "a colleague's that crosses it",
           [m.body() for m in left])
    desk.answer(at("10:22"), ANNE, 1, "#envoyer")
    left = desk.drain(at("10:23"))
    told = [m for m in read_by(left, HUGO) if "Le câble" in m.body()]
    words = told[0].body() if told else ""
    tap.ok(set(readers(left)) == {HUGO} and len(told) == 1 and
           "Anne Martin a écrit au client." in words and
           "#1 est maintenant de gravité 2" in words and "old words" not in words,
           "a colleague's answer and orders", words)
    desk.answer(at("10:30"), MARY, 1, "#note The spare cable is CANARI.")
    left = desk.drain(at("10:31"))
    words = [read_by(left, r)[0].body() for r in (ANNE, HUGO)]
    tap.ok(readers(left) == [ANNE, HUGO] and all(
        "Mary Collins a agi sur ce ticket ; rien n'est parti au client." in w
        and "The spare cable is CANARI." in w for w in words),
           "a note, that stays inside", words)
    # Whatever else the day of the test itself brings, of duties or alarms.
    left = [m for m in desk.order("assign", "1", MARY)
            if m.row["ticket"] == 1]
    tap.ok(readers(left) == ALL and "assigned to Mary Collins" in
           read_by(left, MARY)[0].body() and "attribué à Mary Collins" in
           read_by(left, HUGO)[0].body() and
           "Le responsable a agi" in read_by(left, HUGO)[0].body(),
           "the manager's order, each in his language",
           [(m.to, m.body()) for m in left])
    site = {"address: anne.martin@desk.example}":
            "address: anne.martin@desk.example, login: nobody}"}
    desk.rewrite(site)
    left = desk.order("resolve", "1", "Câble changé.",
                      env={"SUDO_USER": "nobody"})
    tap.ok(readers(left) == [HUGO, MARY] and
           "Anne Martin a écrit au client." in read_by(left, HUGO)[0].body()
           and "Câble changé." in read_by(left, HUGO)[0].body() and
           "wrote to the client." in read_by(left, MARY)[0].body(),
           "at the command line, by who it was",
           [(m.to, m.body()) for m in left])
    faults = e2e.check_sent(desk.mails, threads=False)
    faults += e2e.conversation_faults(desk.mails)
    tap.ok(not faults, "one conversation for each of them", "\n".join(faults))


def unproven():
    """A forged order is no part of anybody's."""
    desk = talk.Desk()
    begin(desk)
    desk.answer(at("10:10"), HUGO, 1, "#severity 3", dmarc="fail")
    desk.drain(at("10:11"))
    desk.answer(at("10:20"), ANNE, 1, "#take")
    left = desk.drain(at("10:21"))
    tap.ok(readers(left) == [], "who never acted reads nothing", readers(left))


def two_tickets():
    """Who has the one that is merged reads where it went."""
    desk = talk.Desk()
    desk.mail(at("10:00"), JEANNE, "Panne", "Tout est bloqué.")
    desk.mail(at("10:01"), JEANNE, "Encore une panne", "Rien ne va.")
    desk.drain(at("10:02"))
    desk.answer(at("10:05"), HUGO, 2, "#take")
    desk.drain(at("10:06"))
    desk.answer(at("10:10"), MARY, 1, "#merge 2")
    left = desk.drain(at("10:11"))
    told = read_by(left, HUGO)
    tap.ok(sorted(m.row["ticket"] for m in told) == [1, 2] and
           readers(left) == [HUGO, HUGO] and
           all("#2 est fusionné dans #1" in m.body() for m in told),
           "a merge, on both", [(m.to, m.body()) for m in left])


def failure():
    """Who wrote on it reads that the answer came back."""
    desk = talk.Desk()
    begin(desk)
    desk.answer(at("10:10"), HUGO, 1, "Je regarde.")
    reply = [m for m in desk.drain(at("10:11")) if m.what == "reply"][0]
    report = f"""\
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.acier-vosges.example

Final-Recipient: rfc822; {JEANNE}
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <{reply.message_id}>
From: <help@desk.example>
Subject: Panne

--b--
"""
    desk.mail(at("10:20"), "mailer-daemon@acier-vosges.example",
              "Undelivered", "", to=reply.envelope, body=report)
    left = desk.drain(at("10:21"))
    tap.ok(readers(left, "alarm") == [HUGO], "and nobody else", [
        (m.what, m.to) for m in left])


def checked():
    """A name that works here not."""
    desk = talk.Desk({"acier-vosges": "referent: Hugo Vidale",
                      "halcyon-data": "team:\n- Mary Collins\n- Zoe\n",
                      "clinique-alize": "team: Anne Martin"})
    # Only its problems are looked at: no server is asked.
    said = desk.run("check", "--offline", check=False)
    out = said.stdout + said.stderr
    path = desk.dir / "rules/contracts"
    line = {n: 1 + (path / f"{n}.yaml").read_text().split("\n").index(text)
            for n, text in (("acier-vosges", "referent: Hugo Vidale"),
                            ("halcyon-data", "- Zoe"),
                            ("clinique-alize", "team: Anne Martin"))}
    tap.ok(said.returncode == 1 and
           f"clinique-alize.yaml:{line['clinique-alize']}:" in out and
           "a list of technicians' names is expected here" in out,
           "a team is a list", out)
    text = (path / "clinique-alize.yaml").read_text()
    (path / "clinique-alize.yaml").write_text(
        text.replace("team: Anne Martin", "team: [Anne Martin]"))
    said = desk.run("check", "--offline", check=False)
    out = said.stdout + said.stderr
    tap.ok(said.returncode == 1 and
           f"acier-vosges.yaml:{line['acier-vosges']}:11: " in out and
           "did you mean 'Hugo Vidal'?" in out and
           f"halcyon-data.yaml:{line['halcyon-data']}:3: " in out and
           "there is no technician in guichet.yaml called 'Zoe'; known: "
           "Anne Martin, Hugo Vidal, Mary Collins" in out,
           "who does not work here, by file and line", out)


for test in (contract, colleagues, unproven, two_tickets, failure, checked):
    if os.environ.get("ONLY", test.__name__) == test.__name__:
        test()
sys.exit(tap.end())
