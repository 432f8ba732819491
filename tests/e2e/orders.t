#!/usr/bin/env python3
"""Each order on a ticket, by a technician's mail in French and in English: what
it did, what he reads of it, and what the client reads."""
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
PRIYA = "priya.shah@halcyon-data.example"
ANNE, HUGO, MARY = e2e.TECHNICIANS
OPENED, ANSWERED, TOLD = (f"2026-11-24T{hour}:00+01:00" for hour in
                          ("10:00", "10:12", "10:30"))
MAIL = """\
Return-Path: <{sender}>
Delivered-To: {to}
Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}
Received: from mail.{domain} (mail.{domain} [192.0.2.30])
\tby mx.desk.example (Postfix) with ESMTPS id AA62BEDCBB
\tfor <{to}>; {date}
Message-ID: <{number}@{domain}>
Date: {date}
MIME-Version: 1.0
From: <{sender}>
To: {to}
{more}Subject: {subject}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
"""
DATE = {OPENED: (1795510800, "Tue, 24 Nov 2026 10:00:00 +0100"),
        ANSWERED: (1795511520, "Tue, 24 Nov 2026 10:12:00 +0100"),
        TOLD: (1795512600, "Tue, 24 Nov 2026 10:30:00 +0100")}


class Desk(e2e.Desk):
    number = 0

    def mail(self, at, sender, subject, text, to="help@desk.example", more=""):
        Desk.number += 1
        seconds, date = DATE[at]
        raw = MAIL.format(sender=sender, domain=sender.split("@")[1], to=to,
                          date=date, number=Desk.number, subject=subject,
                          text=text, more=more)
        self.deliver(f"{seconds}.{Desk.number:03}.mail", raw.encode())

    def answer(self, at, sender, ticket, text):
        """To the newest mail about the ticket that he got himself."""
        last = [m for m in self.mails if m.to == sender and
                m.row["ticket"] == ticket][-1]
        self.mail(at, sender, f"Re: [#{ticket}] Panne", text,
                  last.reply_to, f"In-Reply-To: <{last.message_id}>\n")

    def drain(self, at, timeout=120):
        super().drain(at, timeout)
        self.mails = self.sent()

    def ticket(self, number):
        return json.loads(self.run("show", str(number), "--json", "--at",
                                   TOLD).stdout)

    def told(self, ticket, to, what):
        return [m for m in self.mails if m.row["ticket"] == ticket and
                m.to == to and m.what == what]


def clock(ticket, milestone):
    return [c for c in ticket["clocks"] if c["milestone"] == milestone][0]


# Who, his lines; what the ticket is then; words of the transcript.
ORDERS = [
    (HUGO, "#attendre client", {"state": "waiting-customer"},
     "attend le client ; ses délais sont suspendus"),
    (MARY, "#wait third-party", {"state": "waiting-third-party"},
     "waits for a third party; no clock stands still"),
    (HUGO, "#attribuer moi", {"assigned": "Hugo Vidal"}, "attribué à Hugo"),
    (MARY, "#assign anne martin", {"assigned": "Anne Martin"},
     "assigned to Anne Martin"),
    (ANNE, "#prendre", {"assigned": "Anne Martin", "state": "open"},
     "est à Anne Martin ; le délai de réponse est arrêté"),
    (MARY, "#ack", {"assigned": "", "state": "open"}, "the response is met"),
    (ANNE, "#gravite 3", {"severity": 3, "plan": "ald"}, "de gravité 3"),
    (MARY, "#contract halcyon-data", {"contract": "halcyon-data"},
     "under contract halcyon-data"),
    (ANNE, "#exclure tiers câble coupé", {},
     "n'est plus garanti : fait d'un tiers"),
    (ANNE, "#contournement relancer à 8 h", {"state": "open"},
     "le contournement est noté"),
    (MARY, "#tag printing\n#tag vosges", {"tags": ["printing", "vosges"]},
     "tagged 'printing'"),
    (ANNE, "#note câble usé\n\nLe mot de passe est CANARI.", {"state": "new"},
     "en interne"),
    (MARY, "#note\nThe password is CANARI.", {"state": "new"}, "inside"),
    (ANNE, "#clore", {"state": "closed"}, "est clos ; personne n'est averti"),
    (HUGO, "#temps 1h05 câble\n#estimer 2h", {
        "minutes": 65, "worked": {"Hugo Vidal": 65}, "estimate_minutes": 120},
     "1:05 de travail noté"),
    (MARY, "#rpo 0m\n#debrief The cable was worn.", {"rpo_minutes": 0},
     "the debriefing is recorded"),
    (ANNE, "#appel câble livré demain", {"state": "open"},
     "l'appel est noté. Le client en est averti"),
]
CALLED, TAKEN, ACKED = len(ORDERS), 5, 6


def all_orders():
    desk = Desk()
    for i, _ in enumerate(ORDERS):
        desk.mail(OPENED, JEANNE, f"Panne bloquante {i}", "Tout est bloqué.")
    desk.drain(OPENED)
    for i, (who, lines, *_) in enumerate(ORDERS):
        desk.answer(ANSWERED, who, i + 1, lines)
    desk.drain(ANSWERED)
    for i, (who, lines, wanted, words) in enumerate(ORDERS):
        ticket = desk.ticket(i + 1)
        told = desk.told(i + 1, who, "confirmation")
        found = {key: ticket[key] for key in wanted}
        said = told[-1].body() if told else desk.told(i + 1, who, "refusal")
        tap.ok(found == wanted, f"{lines.splitlines()[0]}: it is done", found)
        tap.ok(told and words in " ".join(said.split()),
               "and he reads so", said)
    for number, words in [
            (TAKEN, "Anne Martin s'occupe de votre demande [#5] depuis mardi "
             "24 novembre 2026 à 10:12"),
            (ACKED, "Mary Collins a pris connaissance de votre demande [#6] le mardi "
             "24 novembre 2026 à 10:12."),
            (CALLED, "Anne Martin vous a répondu par téléphone")]:
        tap.ok(clock(desk.ticket(number), "response")["met"] ==
               "2026-11-24T09:12:00Z", "the response is met at the receipt")
        told = desk.told(number, JEANNE, "handled")
        tap.ok(len(told) == 1 and words in told[0].body() and
               told[0].message["In-Reply-To"] is not None,
               "and the client reads in one line who has it, or saw it",
               told[0].body() if told else "")
    told = desk.told(CALLED, JEANNE, "handled")
    tap.ok(": câble livré demain" in told[0].body(),
           "what he was told by telephone, too", told[0].body())
    told = [m.row["ticket"] for m in desk.mails if m.what == "handled"]
    tap.ok(told == [TAKEN, ACKED, CALLED], "nobody is told of the others", told)
    desk_told = desk.told(ACKED, MARY, "confirmation")[0].body()
    tap.ok("State    : open" in desk_told and "Due      : First answer by a "
           "technician (guaranteed) - " in desk_told and "[met]" in desk_told,
           "the transcript has the ticket after it, and its clocks", desk_told)
    leaks = [m for m in desk.mails if m.to not in e2e.TECHNICIANS and
             "CANARI" in m.everything()]
    tap.ok(not leaks, "no note reaches the client", leaks)
    faults = e2e.check_sent(desk.mails, threads=False)
    tap.ok(not faults, "and every mail is as it should be", "\n".join(faults))
    return desk


def one_after_the_other():
    """Each order of a mail sees the ticket as those above it leave it; all of
    them, or none."""
    desk = Desk()
    for i in range(5):
        desk.mail(OPENED, JEANNE, f"Panne bloquante {i}", "Tout est bloqué.")
    desk.drain(OPENED)
    desk.answer(ANSWERED, ANNE, 1, "#clore\n#rouvrir\n#prendre")
    desk.answer(ANSWERED, MARY, 2, "#contract halcyon-data\n#severity 4")
    desk.answer(ANSWERED, ANNE, 3, "#prendre\n#rouvrir")
    desk.answer(ANSWERED, MARY, 4, "#tak\n\nHello.")
    desk.answer(ANSWERED, ANNE, 5, "#attendre client\n\nQuel modèle ?")
    desk.drain(ANSWERED)
    first, second, third, fourth = (desk.ticket(n) for n in range(1, 5))
    tap.ok((first["state"], first["assigned"]) == ("open", "Anne Martin"),
           "closed, reopened and taken in one mail", first)
    tap.ok((second["contract"], second["severity"]) == ("halcyon-data", 4),
           "a severity that only the new contract has", second)
    refused = desk.told(3, ANNE, "refusal")
    tap.ok((third["state"], third["assigned"]) == ("new", "") and refused and
           "ligne 2 : #rouvrir : #3 n'est ni résolu ni clos" in
           " ".join(refused[0].body().split()), "all or none", third)
    refused = desk.told(4, MARY, "refusal")
    tap.ok(fourth["state"] == "new" and refused and
           "line 1: #tak is no command; did you mean #take?" in
           refused[0].body() and not desk.told(4, JEANNE, "reply"),
           "what is misspelt is told with the nearest name",
           refused[0].body() if refused else fourth)
    both = desk.told(5, JEANNE, "reply"), desk.told(5, ANNE, "confirmation")
    tap.ok(both[0] and "Quel modèle ?" in both[0][0].body() and both[1] and
           "Le texte sous les commandes part au client." in both[1][0].body()
           and "Rien de votre mail" not in both[1][0].body() and
           desk.ticket(5)["state"] == "waiting-customer",
           "words beside an order go to the client, and he is told so", both)


def by_command():
    """The same at the command line, by who gives it: words to the client, several
    tickets at once."""
    desk = Desk()
    desk.conf.write_text(desk.conf.read_text().replace(
        "address: anne.martin@desk.example}",
        "address: anne.martin@desk.example, login: daemon}"))
    for i in range(5):
        desk.mail(OPENED, JEANNE, f"Panne bloquante {i}", "Tout est bloqué.")
    desk.mail(OPENED, "formulaire@acier-vosges.example", "Formulaire",
              "Tout est bloqué.", more="Auto-Submitted: auto-generated\n")
    desk.drain(OPENED)
    at = ("--at", ANSWERED)
    said = desk.run("take", "1", "6", *at).stdout
    tap.ok("#1 is Anne Martin's; the response is met. The client is told." in
           said and "#6 is Anne Martin's; the response is met. Nobody is told."
           in said, "taken by the technician of that login", said)
    desk.run("reply", "2", "Le câble", "arrive.", *at)
    desk.run("resolve", "3", "-", *at, stdin="Câble changé.\nMerci.\n")
    none = desk.run("close", "4", "1", "99", *at, check=False)
    tap.ok(none.returncode == 1 and "no ticket #99" in none.stderr and
           desk.ticket(4)["state"] == "new", "all of them or none", none.stderr)
    desk.run("time", "4,5", "25m", "câble", *at)
    desk.run("close", "4", "5", *at, env={"SUDO_USER": "nobody"})
    # What is said now leaves from now on, whenever it happened.
    later = datetime.now(timezone.utc) + timedelta(minutes=5)
    desk.drain(later.isoformat(timespec="seconds"))
    reply = desk.told(2, JEANNE, "reply")
    tap.ok(len(reply) == 1 and "Le câble arrive." in reply[0].body() and
           reply[0].message["In-Reply-To"] is not None and
           desk.ticket(2)["assigned"] == "Anne Martin",
           "a reply goes out on the thread", reply and reply[0].body())
    told = desk.told(3, JEANNE, "resolution")
    tap.ok(len(told) == 1 and "Câble changé.\nMerci." in told[0].body() and
           desk.ticket(3)["state"] == "resolved", "and a resolution's words")
    tap.ok([m.row["ticket"] for m in desk.mails if m.what == "handled"] == [1],
           "no program reads who has it")
    dump = desk.dump()
    tap.ok(dump.count("state by manager:nobody by=manager state=closed") == 2
           and dump.count("time by technician:Anne Martin minutes=25 "
                          "who=\"Anne Martin\"") == 2, "recorded with who it was",
           dump)


all_orders()
one_after_the_other()
by_command()
sys.exit(tap.end())
