#!/usr/bin/python3
"""
The desk killed at its writes to its store, and started again: the same dump as
without, no mail lost, no acknowledgment twice, every reply sent.

Two scenarios: one mail from nothing, at its writes, those that make the store
included; and a whole conversation with a store that was made. One by chance of each four in a row, each with LONG=1 (kill_lib.py).
Where the last step before a mail is taken from us was killed, the "maybe sent"
that remains counts as sent.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kill_lib import (Scenario, desk, end, kill_everywhere, reference, sample,
                      step_of, tap, tokens, top)

STEP = step_of(4)
rules = desk.small_rules(os.path.join(top, "rules"))
AT = "2026-11-20T15:00:00+01:00"
T0 = desk.instant("2026-11-20T10:00:00+01:00")

REQUEST = desk.mail(
    desk.JEANNE, "Panne bloquante de l'ERP",
    "Bonjour,\n\nPlus personne ne peut se connecter depuis 9 h 40.\n\n"
    "Jeanne Morel\n", T0, name="Jeanne Morel",
    message_id="<20261120.1@acier-vosges.example>")


def timed(mails):
    """One an hour."""
    return [(T0 + n * 3600, data) for n, data in enumerate(mails)]


def conversation(sent):
    """A request, its follow-up, the technician's answer and resolution."""
    acknowledgment = [s for s in sent if s.to == desk.JEANNE][0]
    notice = [s for s in sent if s.to == desk.ANNE][0]
    mails = [
        REQUEST,
        desk.mail(desk.JEANNE, "Re: " + acknowledgment["Subject"],
                  "Le message d'erreur est ORA-12541.\n", T0 + 3600,
                  name="Jeanne Morel",
                  reply_to=acknowledgment["Message-ID"],
                  message_id="<20261120.2@acier-vosges.example>"),
        desk.mail(desk.ANNE, "Re: " + notice["Subject"],
                  "Bonjour,\n\nL'écouteur Oracle est relancé, "
                  "pouvez-vous réessayer ?\n\nAnne\n", T0 + 7200,
                  name="Anne Martin", reply_to=notice["Message-ID"],
                  message_id="<20261120.3@desk.example>"),
        desk.mail(desk.ANNE, "Re: " + notice["Subject"], "#resolve\n",
                  T0 + 10800, name="Anne Martin",
                  reply_to=notice["Message-ID"],
                  message_id="<20261120.4@desk.example>"),
    ]
    return timed(mails)


def main():
    blank, empty = tokens(rules)
    one = Scenario("one mail", AT, timed([REQUEST]), rules)
    _, dump, sent, writes = reference(one)
    tap.ok(len(sent) == 3 and writes > empty,
           "one mail: an acknowledgment and two notices", *sent)
    between = kill_everywhere(one, sample(1, writes, STEP), dump, sent)

    whole = Scenario("conversation", AT, conversation(sent), rules, blank)
    _, dump, sent, writes = reference(whole)
    to_client = [s for s in sent if s.to == desk.JEANNE]
    tap.ok("ticket 1: resolved" in dump and len(to_client) == 3
           and sum(not s.is_automatic for s in to_client) == 2,
           "conversation: acknowledgment, answer and resolution to the client",
           dump, *sent)
    between += kill_everywhere(whole, sample(1, writes, STEP), dump, sent,
                               twice=8)
    tap.ok(STEP > 1 or between > 0,
           f"{between} kills between a commit and its mark")


end(main)
