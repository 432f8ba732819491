#!/usr/bin/python3
"""Orders of no ticket, from a mail in a Maildir to the bytes that leave: who
reads what, what of it is masked, how much an hour, and that neither a stranger
nor a stolen token reads anything."""
import json
import os
import re
import shutil
import sys
from datetime import datetime

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk import Desk, PROJECT, Tap, check_sent  # noqa: E402

ANNE, HUGO, MARY = ("anne.martin@desk.example", "hugo.vidal@desk.example",
                    "mary.collins@desk.example")
JEANNE = "jeanne.morel@acier-vosges.example"
LUC = "luc@brasserie-lambic.example"
DAY = "2026-11-24"
tap = Tap()


class Letter:
    """One mail to the desk, and in `got` what answered it."""
    count = 0

    def __init__(self, sender, text, to="help@desk.example", subject="Re:",
                 dmarc="pass", extra=""):
        Letter.count += 1
        self.sender, self.text, self.to = sender, text, to
        self.subject, self.dmarc, self.extra = subject, dmarc, extra
        self.number = Letter.count
        self.domain = sender.split("@")[1]
        self.id = f"m{self.number}@{self.domain}"
        self.got = []

    def raw(self, when):
        stamp = when.strftime("%a, %d %b %Y %H:%M:%S %z")
        return (f"Return-Path: <{self.sender}>\n"
                f"Authentication-Results: mx.desk.example;\n"
                f"\tdmarc={self.dmarc} header.from={self.domain}\n"
                f"Received: from mail.test (mail.test [192.0.2.22])\n"
                f"\tby mx.desk.example with ESMTPS id {self.number}\n"
                f"\tfor <help@desk.example>; {stamp}\n"
                f"Message-ID: <{self.id}>\nDate: {stamp}\n"
                f"From: <{self.sender}>\nTo: <{self.to}>\n"
                f"Subject: {self.subject}\n{self.extra}MIME-Version: 1.0\n"
                f"Content-Type: text/plain; charset=utf-8\n"
                f"Content-Transfer-Encoding: 8bit\n\n{self.text}\n").encode()

    @property
    def answer(self):
        """The one mail that answered it, to whoever wrote it."""
        if len(self.got) != 1 or self.got[0].to != self.sender:
            raise AssertionError([(m.what, m.to) for m in self.got])
        return self.got[0]

    @property
    def body(self):
        return self.answer.body()


class Talk:
    """A desk, and what is written to it."""

    def __init__(self):
        self.desk = Desk()
        self.seen = 0
        rules = self.desk.dir / "rules"
        # Alerts take longest to load, and none comes.
        shutil.copytree(PROJECT / "rules", rules,
                        ignore=lambda path, names: [
                            n for n in names if path.endswith("/alerts")
                            and n not in ("hosts.yaml", "words.yaml")])
        self.desk.conf.write_text(self.desk.conf.read_text().replace(
            f"rules: {PROJECT / 'rules'}", f"rules: {rules}"))

    def say(self, at, *letters):
        """All of them at once; then what answered each stands in it."""
        when = datetime.fromisoformat(f"{DAY}T{at}:00+01:00")
        for letter in letters:
            self.desk.deliver(f"{int(when.timestamp())}.{letter.number:03}.t",
                              letter.raw(when))
        self.desk.drain(f"{DAY}T{at}:30+01:00")
        sent = self.desk.sent()
        for mail in sent[self.seen:]:
            for letter in letters:
                if f"<{letter.id}>" == (mail.message["In-Reply-To"] or "") \
                        .strip():
                    letter.got.append(mail)
        self.seen = len(sent)
        return letters

    def tickets(self):
        return len(self.desk.run("list", "--all", "--json")
                   .stdout.splitlines())

    def notice(self, who, ticket):
        return next(m for m in self.desk.sent() if m.to == who
                    and m.what == "notice" and m.row["ticket"] == ticket)


TEXT = """Plus rien ne marche.
Le mot de passe du serveur est hunter2rouge
Répondre à help+aabc.b.csd.a.xyz@desk.example
Le compte s'appelle girafe bleue.
-----BEGIN RSA PRIVATE KEY-----
MIIEow
IBAAK
-----END RSA PRIVATE KEY-----"""


def opened():
    """A desk with two clients' tickets, #1 and #2."""
    talk = Talk()
    talk.say("10:00", Letter(JEANNE, TEXT, subject="Panne de l'ERP",
                             to="sos24@desk.example"),
             Letter(LUC, "La boutique est lente.", subject="Lenteur"))
    return talk


def test_reading(talk):
    to = talk.notice(ANNE, 1).reply_to
    before = talk.tickets()
    (asked, help, french, english) = talk.say(
        "10:05", Letter(ANNE, "#liste\n#voir 1\n#chercher panne", to=to),
        Letter(ANNE, "#aide", to=to), Letter(ANNE, "#help nature", to=to),
        Letter(MARY, "#help", to=talk.notice(MARY, 1).reply_to))
    answer, body = asked.answer, asked.body
    tap.ok(answer.what == "confirmation"
           and answer.reply_to.startswith("help+") and answer.reply_to != to,
           "a notice's token reads, and the answer carries the desk's own",
           f"{answer.what} {answer.to} {answer.reply_to}")
    tap.ok("#1 Panne de l'ERP" in body and "#2 Lenteur" in body
           and "Brasserie Lambic" in body and "2 ticket(s)" in body
           and "Première réponse d'un technicien : dans" in body
           and "Plus rien ne marche." in body, "with what was asked", body)
    tap.ok("hunter2rouge" not in body and "MIIEow" not in body
           and "help+aabc" not in body and "est [masqué]" in body
           and "BEGIN RSA PRIVATE KEY-----[masqué]-----END" in body,
           "secrets and signed addresses are masked", body)
    tap.ok(max(len(line) for line in body.splitlines()) <= 80
           and answer.message.get_body(("html",)) is None,
           "it is plain text in short lines", body)
    tap.ok("hunter2rouge" in talk.desk.run("show", "1").stdout,
           "`guichet show` masks nothing")
    tap.ok(talk.tickets() == before, "no ticket is made of it")
    why = talk.desk.run("why", asked.id).stdout
    tap.ok("reading: 2 rows, 0 tickets by Anne Martin" in why
           and "reading: 0 rows, 1 tickets by Anne Martin" in why,
           "what was read is recorded", why)
    tap.ok("#resoudre\nRésoudre le ticket" in help.body
           and "#voir N\n" in help.body, "help tells each command", help.body)
    tap.ok("#nature incident|demande|question\n"
           "#kind incident|request|question\n" in french.body,
           "and one of them in both languages", french.body)
    tap.ok("#show N\nRead a ticket" in english.body,
           "in who asks' language", english.body)
    return answer


def test_desk_token(talk, answer):
    to = answer.reply_to
    quoted = "".join(f"> {line}\n" for line in answer.body().splitlines())
    (again, mute, wrong, elsewhere, client, mixed, stolen, failed, unproven,
     stranger, changed, bare) = talk.say(
        "10:10",
        Letter(ANNE, f"#voir 2\n\nLe 24/11, X a écrit :\n{quoted}", to=to),
        Letter(ANNE, "Merci !", to=to),
        Letter(ANNE, "#voir 99\n#liste tout", to=to),
        Letter(ANNE, "#resoudre", to=to),
        Letter(LUC, "#voir 1", to=to),
        Letter(ANNE, "#liste\n#nature demande",
               to=talk.notice(ANNE, 1).reply_to),
        Letter(HUGO, "#voir 1", to=to),
        Letter(ANNE, "#voir 1\n#secret abcdef", to=to, dmarc="fail"),
        Letter(ANNE, "#voir 1\n#secret ghijkl", to=to, dmarc="none"),
        Letter("eve@elsewhere.test", "#voir 1", to=to),
        Letter(ANNE, "#voir 1 ", to=to.replace("@", "a@")),
        Letter(ANNE, "#montre", to=to))
    tap.ok("La boutique est lente." in again.body,
           "the desk's token reads on", again.body)
    tap.ok(mute.answer.what == "refusal" and "#aide" in mute.body,
           "words without an order make no ticket", mute.body)
    tap.ok("ligne 1 : #voir : il n'y a pas de ticket #99" in wrong.body
           and "ligne 2 : #liste : « tout »" in wrong.body,
           "of a mail with a mistake nothing is read", wrong.body)
    tap.ok("répondez à un avis de ce ticket" in elsewhere.body,
           "a ticket's order to the desk's address does nothing",
           elsewhere.body)
    tap.ok("ligne 1 : #montre" in bare.body, "nor what is no order",
           bare.body)
    tap.ok("vont dans deux messages" in mixed.body,
           "what reads stands in a mail of its own", mixed.body)
    tap.ok(stolen.answer.what == "refusal" and "Plus rien" not in stolen.body,
           "a colleague reads nothing with it", stolen.body)
    for name, letter in [("client's", client), ("failed", failed),
                         ("unproven", unproven), ("stranger's", stranger)]:
        tap.ok(not any("Plus rien ne" in m.everything() and m.to in
                       (letter.sender, LUC) or m.what == "confirmation"
                       for m in letter.got),
               f"a {name} mail reads nothing with it",
               [(m.what, m.to, m.body()) for m in letter.got])
    tap.ok(changed.answer.what in ("refusal", "challenge")
           and "lente" not in changed.body, "nor one with a letter more",
           changed.body)
    tap.ok(not talk.desk.run("quarantine").stdout.count(" order "),
           "what was carried out is not in the way")


def test_without_token(talk):
    before = talk.tickets()
    (parked,) = talk.say("10:15", Letter(MARY, "#show 1"))
    tap.ok(parked.answer.what == "challenge" and "Plus rien" not in parked.body
           and "your name asks for:\n\n  #show 1" in parked.body
           and talk.tickets() == before, "without a token it is parked",
           parked.body)
    tap.ok("parked" in talk.desk.run("quarantine").stdout,
           "where the desk sees it")
    confirm = parked.answer.reply_to
    for at, carried in (("10:16", 1), ("10:17", 1)):
        talk.say(at, Letter(MARY, "OK", to=confirm))
        got = [m for m in talk.desk.sent() if m.to == MARY
               and m.what == "confirmation"
               and f"<{parked.id}>" in (m.message["In-Reply-To"] or "")]
        tap.ok(len(got) == carried and "Plus rien ne marche." in got[0].body(),
               "and her OK to that reads, once", [m.body() for m in got])


def test_filters_and_secret(talk):
    to = talk.notice(HUGO, 1).reply_to
    talk.desk.run("assign", "2", "Hugo Vidal", "--at", f"{DAY}T10:17:00+01:00")
    talk.desk.run("secret", "boutique")
    orders = [("#liste miens", ["#2"]), ("#list brasserie-lambic", ["#2"]),
              ("#list acier-vosges", ["#1"]), ("#liste retard", [])]
    letters = talk.say("10:20", *[Letter(HUGO, o, to=to) for o, _ in orders],
                       Letter(HUGO, "#secret girafe bleue", to=to),
                       Letter(HUGO, "#voir 1\n#voir 2", to=to),
                       Letter(HUGO, "Votre mot de passe : girafe bleue",
                              to=to))
    for (order, there), letter in zip(orders, letters):
        numbers = [n for n in re.findall(r"^(#\d+) ", letter.body, re.M)
                   if n in ("#1", "#2")]
        tap.ok(numbers == there, order, letter.body)
    told, read, words = letters[-3:]
    tap.ok("girafe" not in told.answer.everything()
           and "masqué" in told.body, "what is masked is not told",
           told.answer.everything())
    tap.ok("s'appelle [masqué]." in read.body, "nor read by mail from then on",
           read.body)
    tap.ok("La [masqué] est lente." in read.body,
           "nor after the command of that name", read.body)
    tap.ok(any(m.to == JEANNE and "mot de passe : girafe bleue" in m.body()
               for m in talk.desk.sent()),
           "a technician's words to a client are theirs")


def test_merge(talk):
    """By mail: the notice's ticket stays, and the client is told nothing."""
    (second,) = talk.say("10:30", Letter(JEANNE, "Toujours en panne.",
                                         subject="Encore"))
    number = max(m.row["ticket"] for m in talk.desk.sent() if m.to == ANNE)
    ack = next(m for m in second.got if m.what == "acknowledgment")
    old = talk.notice(ANNE, number)
    (merged,) = talk.say("10:31", Letter(ANNE, f"#fusionner {number}",
                                         to=talk.notice(ANNE, 1).reply_to))
    tap.ok(f"#{number} est fusionné dans #1" in merged.body, "one becomes the"
           " other", merged.body)
    (more, void) = talk.say(
        "10:32", Letter(JEANNE, "Une précision.", to=ack.reply_to,
                        subject="Re: Encore"),
        Letter(ANNE, "#resoudre", to=old.reply_to))
    shown = talk.desk.run("show", "1").stdout
    tap.ok("Une précision." in shown and f"#{number} (merged)" in shown,
           "what is written to it goes there", shown)
    tap.ok(void.answer.what == "refusal", "its notices are void", void.body)
    tap.ok(not any(m.to == JEANNE for m in merged.got + more.got),
           "and the client is told nothing of it")


def test_new(talk):
    """A ticket from a call, by mail and at the command line."""
    to = talk.notice(ANNE, 2).reply_to
    # Nobody is in a hurry: what asks to read is over by then.
    call, stranger, future, old, none, forbidden = talk.say(
        "10:40",
        Letter(ANNE, f"#nouveau acier-vosges {JEANNE} a 09:15 ERP arrete\n\n"
               "Elle appelle : l'ERP est arrêté. CANARI", to=to),
        Letter(ANNE, f"#new acier-vosges {LUC} ERP", to=to),
        Letter(ANNE, f"#new acier-vosges {JEANNE} at "
               "2026-11-24T10:50:00+01:00 ERP", to=to),
        Letter(ANNE, f"#new acier-vosges {JEANNE} at "
               "2026-11-23T10:00:00+01:00 ERP", to=to),
        Letter(ANNE, "#new acier-vosges", to=to),
        Letter(ANNE, "#new phare-ouest Panne", to=to))
    number = max(m.row["ticket"] for m in talk.desk.sent())
    row = json.loads(talk.desk.run("show", str(number), "--json").stdout)
    tap.ok(row["opened"].startswith("2026-11-24T08:15:00")
           and row["subject"] == "ERP arrete" and row["requester"] == JEANNE
           and row["contract"] == "acier-vosges"
           and "l'ERP est arrêté" in row["entries"][0]["text"],
           "a call is a ticket since the call, of who called", row)
    acks = [m for m in talk.desk.sent() if m.row["ticket"] == number
            and m.what == "acknowledgment"]
    tap.ok([m.to for m in acks] == [JEANNE]
           and "CANARI" not in acks[0].everything()
           and not acks[0].message["In-Reply-To"],
           "which they are told, and nothing of the words", acks)
    told = [m for m in call.got if m.what == "confirmation"]
    tap.ok(len(told) == 1 and f"#{number} est ouvert" in told[0].body(),
           "and so is who took the call", [m.body() for m in call.got])
    opened = [line for line in talk.desk.dump().splitlines()
              if "source=call" in line]
    tap.ok(len(opened) == 1 and "technician:Anne Martin" in opened[0],
           "it stands there who said so", opened)
    for letter, why in [(stranger, "n'est pas un contact"),
                        (future, "à venir"), (old, "plus de 24 h"),
                        (none, "dites en quelques mots"),
                        (forbidden, "n'ouvre aucun ticket par")]:
        tap.ok(why in letter.body, f"refused: {why}", letter.body)
    answered, saved, unknown = talk.say(
        "10:45", Letter(ANNE, "Nous regardons.", to=told[0].reply_to),
        Letter(ANNE, "#reponse precisions\n\nAnne", to=told[0].reply_to),
        Letter(HUGO, "#reply nothing", to=talk.notice(HUGO, number).reply_to))
    words = [m.body() for m in talk.desk.sent()
             if m.to == JEANNE and m.row["ticket"] == number
             and m.what == "reply"]
    tap.ok(len(words) == 2 and "Nous regardons." in words[0],
           "an answer to what confirmed it goes to who called",
           [m.body() for m in answered.got])
    tap.ok(len(words) == 2 and "il nous manque ceci" in words[1]
           and words[1].index("il nous manque") < words[1].index("Anne"),
           "a saved answer goes out, and the words below it", words)
    tap.ok("il y a acces, precisions, surveillance" in unknown.body,
           "an unknown one is told those there are", unknown.body)
    said = talk.desk.run("new", "brasserie-lambic", LUC, "La", "boutique",
                         "--at", f"{DAY}T10:46:00+01:00").stdout
    tap.ok(f"#{number + 1} is open" in said and LUC in said,
           "the command line has it, too", said)


def test_budget(talk):
    to = talk.notice(ANNE, 2).reply_to
    more = [Letter(JEANNE, "Bonjour.", subject=f"Sujet {n}")
            for n in range(30)]
    talk.say("11:20", *more)
    full, over, hugo, all, rest, none = talk.say(
        "11:30", Letter(ANNE, "\n".join(["#voir 1"] * 20), to=to),
        Letter(ANNE, "#voir 2", to=to),
        Letter(HUGO, "#voir 2", to=talk.notice(HUGO, 2).reply_to),
        Letter(ANNE, "#liste", to=to), Letter(ANNE, "#list", to=to),
        Letter(ANNE, "#liste retard\n#chercher bonjour", to=to))
    tap.ok(full.body.count("Plus rien ne marche.") == 20,
           "twenty tickets an hour")
    tap.ok("de nouveau le mardi 24 novembre 2026 à 12:30" in over.body
           and "lente" not in over.body, "and no more", over.body)
    tap.ok("est lente" in hugo.body, "each technician has his own")
    count = int(all.body.split()[0])
    tap.ok(32 <= count < 50 and all.body.count("\n#") == count,
           "all of the queue", all.body)
    tap.ok(rest.body.count("\n#") == 50 - count
           and f"et {2 * count - 50} autres" in rest.body, "fifty rows an hour",
           rest.body)
    tap.ok(none.answer.what == "refusal", "then none", none.body)
    (later,) = talk.say("12:31", Letter(ANNE, "#voir 2", to=to))
    tap.ok("est lente" in later.body, "an hour later it is read again")
    faults = check_sent(talk.desk.sent(), threads=False)
    tap.ok(not faults, "every mail is as it must be", "\n".join(faults))


def main():
    talk = opened()
    answer = test_reading(talk)
    test_desk_token(talk, answer)
    test_without_token(talk)
    test_filters_and_secret(talk)
    test_merge(talk)
    test_new(talk)
    test_budget(talk)


try:
    main()
except AssertionError as fault:
    tap.ok(False, "one answer to who wrote", fault)
    raise
sys.exit(tap.end())
