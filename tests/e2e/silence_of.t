#!/usr/bin/env python3
"""Maintenance of one contract's hosts: another client's of the same name are heard."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
from day_lib import ANNE, Day, of

tap = e2e.Tap()
TWO = """\
client: {name}
language: fr
contacts: [{{name: Eva, address: eva@{name}.example}}]
inform_of_alerts: yes
versions: [{{from: 2025-01-01, plans: [myown-c], fields: {{servers: 1}}}}]
"""
FILES = {f"contracts/{name}.yaml": TWO.format(name=name) for name in ("un", "deux")}
SOURCES = "".join(f"- {{name: {name}, from: nagios@{name}.example, require: authenticated, contract: {name}}}\n" for name in ("un", "deux"))


def desk():
    day = Day("2026-11-23T21:00:00+01:00", FILES, alone=True)
    site = day.desk.conf.read_text()
    head, _ = site.split("alert_sources:\n")
    tail = site[site.index("morning:"):] if "morning:" in site else ""
    day.desk.conf.write_text(head + "alert_sources:\n" + SOURCES + "manager: {name: P, address: p@desk.example}\n" + tail)
    day.drain()
    return day


def alert(day, name, host="web1", service="HTTP", state="PROBLEM", level="CRITICAL", when=None):
    return day.mail(f"nagios@{name}.example", f"** {state} Service Alert: {host}/{service} is {level} **",
                    f"***** Nagios *****\n\nNotification Type: {state}\n\nService: {service}\nHost: {host}\nAddress: 192.0.2.80\n"
                    f"State: {level}\n\nDate/Time: Mon Nov 23 21:00:05 CET 2026\n\nAdditional Info:\n\n{level} - timeout", when)


def told(sent):
    return sorted(m.to for m in of(sent, "information"))


def test(words, service="HTTP"):
    day = desk()
    said = day.order("maintenance", "add", *words).stdout
    sent = alert(day, "un", service=service, when="22:05") + alert(day, "deux", service=service, when="22:06")
    tap.ok(told(sent) == ["eva@deux.example"] and {m.row["ticket"] for m in of(sent, "notice", ANNE)} == {1},
           f"{' '.join(words)}: only the contract's are silent", [(m.what, m.to) for m in sent] + [said])
    return day


day = test(["--contract", "un", "22:00", "2h"])
row = json.loads(day.desk.run("maintenance", "list", "--json", "--at", day.now.isoformat()).stdout)
tap.ok((row["host"], row["contract"]) == ("*", "un"), "listed with the contract", row)
tap.ok("*@un\t" in day.desk.run("maintenance", "list", "--at", day.now.isoformat()).stdout, "in a table, too")
tap.ok("maintenance *@un from" in day.desk.dump(), "and in the dump")
sent = day.drain("2026-11-24T00:00:10+01:00")
tap.ok("eva@un.example" in told(sent), "what still fails at its end opens a ticket", [(m.what, m.to) for m in sent])
test(["web*", "--contract", "un", "22:00", "2h"])
test(["web1@un/HTTP", "22:00", "2h"])
day = desk()
alert(day, "deux", "db1", when="21:30")
day.answer(ANNE, 1, "#maintenance web1@un 22:00 2h", when="21:40")
sent = alert(day, "un", when="22:05") + alert(day, "deux", when="22:06")
tap.ok(told(sent) == ["eva@deux.example"], "by mail", [(m.what, m.to) for m in sent])
got = day.desk.run("maintenance", "add", "web1", "22:00", "2h", "--contract", "trois", "--at", day.now.isoformat(), check=False)
tap.ok(got.returncode == 1 and "there is no contract 'trois'" in got.stderr, "no such contract", got.stderr)
day = desk()
day.order("maintenance", "add", "web1", "22:00", "2h")
sent = alert(day, "un", when="22:05") + alert(day, "deux", when="22:06")
tap.ok(told(sent) == [], "without a contract, whoever's", [(m.what, m.to) for m in sent])
sys.exit(tap.end())
