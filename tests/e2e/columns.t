#!/usr/bin/env python3
"""On a terminal of 80 columns no line of a list is longer, and the names that a
command wants next are whole; off it nothing is cut."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib as talk
import terminal_lib

tap = e2e.Tap()
AT = "2026-11-24T10:00:00+01:00"
ALERT = """\
***** Nagios *****

Notification Type: PROBLEM

Service: a rather long service name
Host: {host}
Address: 192.0.2.80
State: CRITICAL

Date/Time: Tue Nov 24 10:00:00 CET 2026

Additional Info:

CRITICAL - full
"""
MONITOR = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"
desk = talk.Desk()
desk.mail(AT, "priya.shah@halcyon-data.example",
          "The report is slow and its subject is rather long, indeed longer than a line", "It takes an hour.")
for host in "db1.brasserie-lambic", "a-strange-and-long.host-name.example":
    desk.mail(AT, "nagios@desk.example", f"** PROBLEM Service Alert: {host}/x is CRITICAL **",
              ALERT.format(host=host), MONITOR)
desk.drain(AT)


def terminal(*words, columns=80):
    return terminal_lib.lines([e2e.GUICHET, words[0], "-c", str(desk.conf),
                               *words[1:]], columns)


for words, whole in [(("outbox", "--all"), "priya.shah@halcyon-data.example"),
                     (("contract", "list"), "brasserie-lambic "),
                     (("alert", "hosts"), "brasserie-lambic "),
                     (("list", "--at", AT), "#1 ")]:
    lines = terminal(*words)
    tap.ok(len(lines) > 2 and max(map(len, lines)) <= 80,
           " ".join(words) + ": 80 columns", "\n".join(lines))
    tap.ok(any(whole in line for line in lines), f"and '{whole.strip()}' is whole",
           "\n".join(lines))
wide = terminal("contract", "list", columns=140)
tap.ok("Aciéries des Vosges" in "\n".join(wide) and "DAYS" in wide[0],
       "a wide one shows all columns", wide)
plain = desk.run("outbox", "--all").stdout.splitlines()
tap.ok(plain[0].split("\t")[5:] == ["LEAVES", "TRIES", "CODE", "SERVER SAID"],
       "and what is no terminal, too", plain[0])
sys.exit(tap.end())
