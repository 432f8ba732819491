#!/usr/bin/env python3
"""Contracts' lives, and what they exclude: what is said, to whom, how often; which clocks run."""
import datetime
import json
import shutil
import sys
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
ANNE = "anne.martin@desk.example"
EVA = "eva@fini.example"
OVER = """\
client: Fini
language: fr
contacts: [{name: Eva Fin, address: eva@fini.example}]
domains: [fini.example]
inform_of_alerts: yes
term: {until: 2026-10-31}
hosts: [{host: "*.fini"}]
versions: [{from: 2025-11-01, plans: [myown-c], fields: {servers: 1}}]
"""
LATER = """\
client: Later
language: en
contacts: [{name: Leo, address: leo@later.example}]
versions: [{from: 2027-01-01, plans: [myown-a], fields: {servers: 1}}]
"""
MANAGER = "manager: {name: Paule Gestion, address: paule@desk.example}\n"


class Site:
    def __init__(self, files, start="2026-11-23T09:00:00+01:00", more=MANAGER):
        self.desk = e2e.Desk()
        rules = self.desk.dir / "rules"
        shutil.copytree(e2e.PROJECT / "rules", rules)
        for name, text in files.items():
            (rules / name).write_text(text)
        site = self.desk.conf.read_text()
        site = site.replace("manager: {name: Paule Gestion, address: paule.gestion@desk.example}\n", "")
        self.desk.conf.write_text(site.replace(f"rules: {e2e.PROJECT / 'rules'}", f"rules: {rules}") + more)
        self.now, self.count = datetime.datetime.fromisoformat(start), 0

    def mail(self, sender, subject, body="Bonjour, une gêne.", to="help@desk.example", **wait):
        self.now += datetime.timedelta(**wait or {"minutes": 1})
        self.count += 1
        domain = sender.split("@")[1]
        when = format_datetime(self.now)
        raw = (f"Return-Path: <{sender}>\nDelivered-To: {to}\n"
               f"Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}\n"
               f"Received: from mail.{domain} (mail.{domain} [192.0.2.3])\n"
               f"\tby mx.desk.example (Postfix) with ESMTPS id A1 for <{to}>;\n\t{when}\n"
               f"From: <{sender}>\nTo: <{to}>\nSubject: {subject}\nDate: {when}\n"
               f"Message-ID: <life{self.count}@test.example>\n"
               f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n")
        self.desk.deliver(f"{int(self.now.timestamp())}.{self.count:03}.life", raw.encode())
        return self.drain()

    def alert(self, host, service, state="PROBLEM", level="CRITICAL", **wait):
        return self.mail("nagios@fini.example", f"** {state} Service Alert: {host}/{service} is {level} **",
                         "***** Nagios *****\n\n"
                         f"Notification Type: {state}\n\nService: {service}\nHost: {host}\nAddress: 192.0.2.80\n"
                         f"State: {level}\n\nDate/Time: Mon Nov 23 09:00:05 CET 2026\n\nAdditional Info:\n\n{level} - timeout\n",
                         **wait)

    def order(self, *words, **wait):
        self.now += datetime.timedelta(**wait or {"minutes": 1})
        return self.desk.run(*words, "--at", self.now.isoformat())

    def clocks(self, number):
        return [(c["milestone"], c["commitment"], c["state"], c["due"]) for c in self.show(number)["clocks"]]

    def drain(self):
        before = len(self.desk.sent())
        self.desk.drain((self.now + datetime.timedelta(seconds=5)).isoformat())
        return self.desk.sent()[before:]

    def show(self, number):
        return json.loads(self.desk.run("show", str(number), "--json", "--at", self.now.isoformat()).stdout)


def of(sent, what, to=None):
    return [m for m in sent if m.what == what and to in (None, m.to)]


def test_over():
    site = Site({"contracts/fini.yaml": OVER})
    sent = site.mail(EVA, "Une gêne")
    ack, notice = of(sent, "acknowledgment", EVA)[0].body(), of(sent, "notice", ANNE)[0].body()
    one = site.show(1)
    tap.ok(one["contract"] == "fini" and one["plan"] in ("", None) and one["clocks"] == [],
           "over: a ticket of the contract, without plan or clocks", one)
    tap.ok("samedi 31 octobre 2026" in ack and "Paule Gestion, paule@desk.example" in ack and "garanti" not in ack,
           "over: the client reads since when, and whom to ask", ack)
    tap.ok("CONTRAT TERMINÉ" in notice and "samedi 31 octobre 2026" in notice, "over: technicians read it", notice)
    again = site.mail(EVA, "Autre gêne", days=20)
    ack = of(again, "acknowledgment", EVA)[0].body()
    tap.ok("pris fin" not in ack and "Aucun délai" in ack and "CONTRAT TERMINÉ" in of(again, "notice", ANNE)[0].body(),
           "over: told once in thirty days, then the ordinary acknowledgment without terms", ack)
    ack = of(site.mail(EVA, "Encore une", days=11), "acknowledgment", EVA)[0].body()
    tap.ok("31 octobre" in ack, "over: told again after thirty days", ack)


def test_not_begun():
    site = Site({"contracts/later.yaml": LATER}, more="")
    ack = of(site.mail("leo@later.example", "Hello"), "acknowledgment", "leo@later.example")[0].body()
    tap.ok("begins on Friday 1 January 2027" in ack and "help@desk.example" in ack and "Guaranteed" not in ack,
           "not begun: told from when on; the desk itself is asked where the site names no manager", ack)
    tap.ok(site.show(1)["clocks"] == [], "not begun: no clock")


def test_opened_before():
    site = Site({"contracts/fini.yaml": OVER}, start="2026-10-31T20:00:00+01:00")
    site.mail(EVA, "Le dernier jour")
    due = site.show(1)["clocks"][0]["due"]
    site.mail(EVA, "Re: [#1] Le dernier jour", "Une précision.", hours=5)
    one = site.show(1)
    tap.ok(one["plan"] == "myown-c" and one["clocks"][0]["due"] == due and due == "2026-10-31T23:01:00Z",
           "opened on the last day: it keeps what it was promised", one["clocks"])
    site.desk.run("resolve", "1", "Fait.", "--at", (site.now + datetime.timedelta(minutes=1)).isoformat())
    site.mail(EVA, "Re: [#1] Le dernier jour", "Cela ne marche toujours pas.", days=1)
    one = site.show(1)
    tap.ok(one["state"] == "open" and not any(c["state"] in ("running", "late") for c in one["clocks"]),
           "reopened after the end: nothing new is owed", one["clocks"])


def test_alerts():
    source = "- {name: fini, from: nagios@fini.example, require: authenticated, contract: fini}\n"
    site = Site({"contracts/fini.yaml": OVER})
    text = site.desk.conf.read_text()
    site.desk.conf.write_text(text.replace("alert_sources:\n", "alert_sources:\n" + source))
    sent = site.alert("web1.fini", "HTTP shop")
    sent += site.alert("web1.fini", "HTTP api") + site.alert("web1.fini", "disk") + site.alert("web2.fini", "disk")
    outside = [m.to for m in sent if m.to not in e2e.TECHNICIANS]
    numbers = {m.row["ticket"] for m in of(sent, "notice", ANNE)}
    tap.ok(outside == [] and site.show(1)["clocks"] == [], "alerts of what is over: nobody outside is told, no clock", outside)
    tap.ok(numbers == {1, 2} and len(of(sent, "notice", ANNE)) == 2, "alerts of what is over: one ticket a host, one notice", numbers)
    site.alert("web1.fini", "HTTP shop", "RECOVERY", "OK")
    first = site.show(1)["state"]
    site.alert("web1.fini", "HTTP api", "RECOVERY", "OK")
    site.alert("web1.fini", "disk", "RECOVERY", "OK")
    tap.ok((first, site.show(1)["state"]) == ("new", "resolved"), "alerts of what is over: resolved with the last of the host",
           (first, site.show(1)["state"]))


JEANNE = "jeanne.morel@acier-vosges.example"
INES = "ines@studio-orme.example"


def test_component_of_words():
    site = Site({})
    sent = site.mail(JEANNE, "Panne bloquante", "Le NetScaler ne répond plus, tout est arrêté.", to="sos24@desk.example")
    notice = of(sent, "notice", ANNE)[0].body()
    tap.ok(site.show(1)["plan"] == "sos24" and site.clocks(1)[0][:3] == ("response", "guaranteed", "running"),
           "words that name what is excluded only propose: SOS24 runs", site.clocks(1))
    tap.ok("#composant netscaler" in notice and "Citrix NetScaler" in notice, "the notice asks", notice)
    site.order("component", "1", "netscaler")
    one = site.show(1)
    tap.ok(one["plan"] == "ald" and site.clocks(1) == [("response", "best-effort", "running", "2026-12-03T08:01:00Z")],
           "a technician excludes it: ALD, ten days from the original receipt", site.clocks(1))
    sent = site.mail(JEANNE, "Autre panne bloquante", "Notre HAProxy est tombé.", to="sos24@desk.example")
    site.order("component", "2", "none")
    sent = site.mail(JEANNE, "Re: [#2] Autre panne bloquante", "Des nouvelles ?", to="sos24@desk.example")
    tap.ok(site.show(2)["plan"] == "sos24" and "À DIRE" not in of(sent, "notice", ANNE)[0].body(),
           "said to be something else, nobody is asked again")


def test_exclusion():
    site = Site({})
    for n in (1, 2):
        site.mail(JEANNE, f"Panne bloquante {n}", "Plus rien ne marche.", to="sos24@desk.example")
    site.mail("priya.shah@halcyon-data.example", "Severity 1", "The service is down.")
    site.order("exclude", "3", "force-majeure")
    tap.ok({c[2] for c in site.clocks(3)} == {"ended"}, "without a fall-back the guarantee ends", site.clocks(3))
    site.order("exclude", "1", "third-party")
    tap.ok(site.show(1)["plan"] == "ald" and site.clocks(1) == [("response", "best-effort", "running", "2026-12-03T08:01:00Z")],
           "excluded from SOS24: ALD, from the original receipt", site.clocks(1))
    site.mail(INES, "Site en panne", "Le site est inaccessible, erreur 500.")
    before = site.clocks(4)
    site.order("exclude", "4", "out-of-scope")
    one = site.show(4)
    tap.ok(before[0][1] == "guaranteed" and one["plan"] == "nuxit-standard" and site.clocks(4)[0][1:] == ("best-effort", "no-term", None),
           "excluded from Pro: Standard", (before, site.clocks(4)))
    site.order("exclude", "2", "misuse", days=12)
    tap.ok(site.clocks(2) == [("response", "best-effort", "running", "2026-12-15T08:07:00Z")],
           "excluded when ALD's term had passed: it counts from then", site.clocks(2))


LIVE = OVER.replace("term: {until: 2026-10-31}\n", "")


def test_queue():
    site = Site({})
    site.mail("claire@maison-tissier.example", "Une question", "Comment fait-on ?")
    site.mail(INES, "Demande", "Merci de nous envoyer un devis pour un second serveur.")
    rows = [json.loads(line) for line in site.desk.run("list", "--json", "--at", site.now.isoformat()).stdout.splitlines()]
    tap.ok([r["contract"] for r in rows] == ["studio-orme", "maison-tissier"] and [r["ahead"] for r in rows] == [True, False],
           "a plan that is ahead in the queue comes first among what has no term, and that is shown", rows)


def test_storm():
    sources = "".join(f"- {{name: {n}, from: nagios@{n}.example, require: authenticated}}\n" for n in ["fini"])
    site = Site({"contracts/fini.yaml": LIVE, "contracts/autre.yaml": LIVE.replace("fini", "autre").replace("Fini", "Autre")},
                more=MANAGER + "storm: {alerts: 3, within: 5m}\n")
    text = site.desk.conf.read_text()
    site.desk.conf.write_text(text.replace("alert_sources:\n", "alert_sources:\n" + sources))
    sent = [m for n in range(1, 7) for m in site.alert(f"web{n}.fini", "disk", seconds=10)]
    sent += site.alert("web1.autre", "disk", seconds=10)
    tickets = sorted({m.row["ticket"] for m in of(sent, "notice", ANNE)})
    tap.ok(tickets == [1, 2, 3, 4, 5] and len(of(sent, "notice", ANNE)) == 5,
           "a storm of one client: one parent, one notice; another client's alert has its own", tickets)
    tap.ok("storm" in site.show(4)["tags"] and "storm" not in site.show(5)["tags"] and site.show(4)["contract"] == "fini",
           "the parent is its client's", (site.show(4)["tags"], site.show(5)["tags"]))
    for n in (4, 5, 6):
        site.alert(f"web{n}.fini", "disk", "RECOVERY", "OK", seconds=10)
    tap.ok(site.show(4)["state"] == "resolved" and site.show(5)["state"] == "new", "resolved with the last of the storm")
    late = site.alert("web9.fini", "disk", minutes=6)
    tap.ok({m.row["ticket"] for m in of(late, "notice", ANNE)} == {6}, "calm again, a ticket of its own")


def test_over_zone():
    """A contract that is over: its client's clocks and words are theirs still."""
    files = {"contracts/fini.yaml": OVER.replace("language: fr", "language: en").replace(
        "fields: {servers: 1}", "fields: {servers: 1}, zone: Europe/London")}
    sent = Site(files).mail(EVA, "The site is down", "The site is down, nobody can work.")
    own = next(m for m in sent if m.to == EVA).body()
    tap.ok("08:01" in own and "Europe/London" in own, "over: instants in the zone that held, which is named", own)


if __name__ == "__main__":
    only = sys.argv[1:]
    for name, test in list(globals().items()):
        if name.startswith("test_") and (not only or name in only):
            test()
    sys.exit(tap.end())
