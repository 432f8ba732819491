#!/usr/bin/env python3
"""Several levels for one client: their servers are grouped by level, each a
contract; the host that a mail or an alert names, or the address that it went to,
decides which applies (doc/domain.md 5)."""
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib as talk

tap = e2e.Tap()
LUC = "luc@brasserie-lambic.example"
LEVEL_C = """\
client: Brasserie Lambic
language: fr
contacts:
- {name: Luc Peeters, address: luc@brasserie-lambic.example}
domains: [brasserie-lambic.example]
recipients: [niveau-c@desk.example]
inform_of_alerts: yes
versions:
- from: 2026-01-01
  plans: [myown-c]
  zone: Europe/Brussels
  holidays: [be]
  fields: {servers: 1}
"""
NIGHT = "2026-11-24T22:00:00+01:00"
ALERT = """\
***** Nagios *****

Notification Type: PROBLEM

Service: disk
Host: db1.brasserie-lambic
Address: 192.0.2.80
State: CRITICAL

Date/Time: Tue Nov 24 22:00:00 CET 2026

Additional Info:

CRITICAL - full
"""


class Site(talk.Desk):
    def __init__(self):
        super().__init__()
        rules = self.dir / "rules"
        shutil.copytree(e2e.PROJECT / "rules", rules)
        (rules / "contracts/brasserie-lambic-c.yaml").write_text(LEVEL_C)
        hosts = rules / "alerts/hosts.yaml"
        hosts.write_text(hosts.read_text().replace(
            "\nhosts:\n", '\nhosts:\n- {host: "db?.brasserie-lambic", '
            'contract: brasserie-lambic-c}\n', 1))
        self.rewrite({f"rules: {e2e.PROJECT / 'rules'}": f"rules: {rules}"})


def level_of(words, to="help@desk.example", subject="Panne"):
    site = Site()
    site.mail(NIGHT, LUC, subject, words, to)
    left = site.drain(NIGHT)
    ticket = site.ticket(1, NIGHT)
    told = [m.body() for m in left if m.to == LUC]
    return ticket["contract"], ticket["plan"], told[0] if told else ""


for words, to, subject, contract, plan, within, what in [
        ("Le serveur db1.brasserie-lambic ne répond plus.", "help@desk.example", "Panne",
         "brasserie-lambic-c", "myown-c", "4 h", "a host of level C"),
        ("Il ne répond plus.", "help@desk.example", "Panne : db2.brasserie-lambic",
         "brasserie-lambic-c", "myown-c", "4 h", "the same in the subject"),
        ("Le serveur web1.brasserie-lambic ne répond plus.", "help@desk.example", "Panne",
         "brasserie-lambic", "myown-b", "12 h", "a host of level B"),
        ("Le site ne répond plus.", "help@desk.example", "Panne",
         "brasserie-lambic", "myown-b", "12 h", "no host: the first by name"),
        ("Le serveur web1.halcyon ne répond plus.", "help@desk.example", "Panne",
         "brasserie-lambic", "myown-b", "12 h", "another client's host"),
        ("Le site ne répond plus.", "niveau-c@desk.example", "Panne",
         "brasserie-lambic-c", "myown-c", "4 h", "the address of level C"),
        ("Le serveur web1.brasserie-lambic ne répond plus.", "niveau-c@desk.example", "Panne",
         "brasserie-lambic-c", "myown-c", "4 h", "the address outranks the host")]:
    found = level_of(words, to, subject)
    tap.ok(found[:2] == (contract, plan) and f"Délai garanti : {within}" in found[2],
           what, found)

site = Site()
site.mail(NIGHT, "nagios@desk.example", "** PROBLEM Service Alert: db1.brasserie-lambic/disk is CRITICAL **",
          ALERT, "help+k3v9q2w8x7t5m4n6p1rz@desk.example")
left = site.drain(NIGHT)
ticket = site.ticket(1, NIGHT)
tap.ok((ticket["contract"], ticket["plan"]) == ("brasserie-lambic-c", "myown-c"),
       "an alert of that host", (ticket["contract"], ticket["plan"]))

# An answer on a ticket stays on its level, whatever it names.
site = Site()
site.mail(NIGHT, LUC, "Panne", "Le serveur web1.brasserie-lambic ne répond plus.")
site.drain(NIGHT)
site.answer("2026-11-24T22:10:00+01:00", LUC, 1, "Peut-être à cause de db1.brasserie-lambic.")
site.drain("2026-11-24T22:10:00+01:00")
tap.ok(site.ticket(1, "2026-11-24T22:11:00+01:00")["contract"] == "brasserie-lambic",
       "an answer moves no ticket")
sys.exit(tap.end())
