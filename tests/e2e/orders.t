#!/usr/bin/env python3
"""Each order on a ticket, by a technician's mail in French and in English: what
it did, what he reads of it, and what the client reads."""
import json
import sys
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
]


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
    for number in (5, 6):
        tap.ok(clock(desk.ticket(number), "response")["met"] ==
               "2026-11-24T09:12:00Z", "the response is met at the receipt")
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
    for i in range(4):
        desk.mail(OPENED, JEANNE, f"Panne bloquante {i}", "Tout est bloqué.")
    desk.drain(OPENED)
    desk.answer(ANSWERED, ANNE, 1, "#clore\n#rouvrir\n#prendre")
    desk.answer(ANSWERED, MARY, 2, "#contract halcyon-data\n#severity 4")
    desk.answer(ANSWERED, ANNE, 3, "#prendre\n#rouvrir")
    desk.answer(ANSWERED, MARY, 4, "#tak\n\nHello.")
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


all_orders()
one_after_the_other()
sys.exit(tap.end())
