#!/usr/bin/env python3
"""Clocks in a desk that runs: warnings, reminders, duties, changes.

Each test drains a desk at one instant after the other, as its time goes by,
and looks at what was sent and at the clocks. The rules are the shipped ones
with those of tests/plans/sixth laid over them.
"""
import datetime
import json
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

PRIYA = "priya.shah@halcyon-data.example"
ROSA = "rosa.duarte@minoterie.example"
JEANNE = "jeanne.morel@acier-vosges.example"
MAIL = """\
Return-Path: <{sender}>
Delivered-To: help@desk.example
Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}
Received: from mail.{domain} (mail.{domain} [192.0.2.30])
\tby mx.desk.example (Postfix) with ESMTPS id AA62BEDCBB
\tfor <help@desk.example>; {date}
Message-ID: <{number}@{domain}>
Date: {date}
MIME-Version: 1.0
From: <{sender}>
To: {to}
Subject: {subject}
Content-Type: text/plain; charset=utf-8

{text}
"""


def epoch(at):
    return int(datetime.datetime.fromisoformat(
        at.replace("Z", "+00:00")).timestamp())


class Desk(e2e.Desk):
    """With the sixth provider, and mails made of a few words."""

    def __init__(self):
        super().__init__()
        rules = self.dir / "rules"
        shutil.copytree(e2e.PROJECT / "rules", rules)
        shutil.copytree(e2e.PROJECT / "tests/plans/sixth", rules,
                        dirs_exist_ok=True)
        conf = self.conf.read_text().replace(
            str(e2e.PROJECT / "rules"), str(rules))
        self.conf.write_text(conf)
        self.number = 0

    def mail(self, at, sender, subject, text="Bonjour.",
             to="help@desk.example"):
        self.number += 1
        seconds = epoch(at)
        date = datetime.datetime.fromtimestamp(
            seconds, datetime.timezone.utc).strftime(
                "%a, %d %b %Y %H:%M:%S +0000")
        raw = MAIL.format(sender=sender, domain=sender.split("@")[1],
                          date=date, number=self.number, to=to,
                          subject=subject, text=text)
        self.deliver(f"{seconds}.{self.number:02}.mail", raw.encode())
        self.drain(at)

    def event(self, at, *words):
        return self.run("event", *words, "--at", at).stdout

    def ticket(self, number=1, at=None):
        words = ["show", str(number), "--json"]
        return json.loads(self.run(
            *words, *(["--at", at] if at else [])).stdout)

    def clock(self, milestone, number=1, at=None):
        for clock in self.ticket(number, at)["clocks"]:
            if clock["milestone"] == milestone:
                return clock
        return None

    def tickets(self):
        return [json.loads(line) for line in
                self.run("list", "--all", "--json").stdout.splitlines()]

    def events(self, kind):
        return [line.strip() for line in self.dump().splitlines()
                if f" {kind} by " in line]

    def alarms(self, to=None, after=0):
        """(to, subject) of each alarm, from the after-th on."""
        found = [(m.to, str(m.message["Subject"])) for m in self.sent()
                 if m.what == "alarm"]
        return [a for a in found[after:] if to is None or a[0] == to]

    def ticks(self, *instants):
        """How many alarms went to Anne at each."""
        counts = []
        for at in instants:
            before = len(self.alarms())
            self.drain(at)
            counts.append(len(self.alarms("anne.martin@desk.example",
                                          before)))
        return counts

    def rebuilds_alike(self, at):
        # Whether a clock is late already is a matter of when it was looked at.
        look = lambda: self.dump().replace(" late intake", " running intake")
        before = look()
        self.run("rebuild", "--at", at)
        return look() == before

    def done(self):
        shutil.rmtree(self.dir, ignore_errors=True)


def warnings(tap, desk):
    """4 h of opening from Friday 16:30 in London: 50 % Monday 08:30, 80 %
    09:42, due 10:30. Each once; the plan's warning hours are always."""
    desk.mail("2026-11-20T16:30:00Z", PRIYA, "Reports are wrong",
              "Severity: 3")
    got = desk.ticks("2026-11-20T18:00:00Z", "2026-11-23T08:29:59Z",
                     "2026-11-23T08:30:00Z", "2026-11-23T08:30:00Z",
                     "2026-11-23T09:41:59Z", "2026-11-23T09:42:00Z",
                     "2026-11-23T10:30:00Z", "2026-11-23T10:30:01Z",
                     "2026-11-23T12:00:00Z")
    tap.ok(got == [0, 0, 1, 0, 0, 1, 0, 1, 0],
           "warnings at 50 %, 80 % and the breach, once each", got)
    subjects = [s for _, s in desk.alarms("mary.collins@desk.example")]
    tap.ok(len(subjects) == 3 and "(50 %)" in subjects[0] and
           "(80 %)" in subjects[1] and "OVERDUE" in subjects[2],
           "warnings in the technician's language", subjects)
    tap.ok({to for to, _ in desk.alarms()} == set(e2e.TECHNICIANS),
           "a plan that names nobody warns every technician")
    tap.ok(desk.rebuilds_alike("2026-11-23T12:00:00Z"),
           "rebuild gives the same clocks and warnings")


def warnings_of_an_outage(tap, desk):
    desk.mail("2026-11-20T16:30:00Z", PRIYA, "Reports are wrong",
              "Severity: 3")
    got = desk.ticks("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z")
    shares = [e.rsplit("share=", 1)[1] for e in desk.events("warned")]
    tap.ok(got == [1, 0] and shares == ["80"],
           "after an outage only the highest share is told", (got, shares))


def hours_and_addresses(tap, desk):
    """Severity 1 under Vigie, Friday 16:00 in Lisbon: 90 minutes, warned at
    25 % and 75 % but only in hours, which end at 17:30."""
    desk.mail("2026-11-20T16:55:00Z", ROSA, "Arrêt total de la production",
              "Gravité : 1")
    first = desk.ticket()
    tap.ok(first["severity"] == 1 and first["plan"] == "vigie" and
           desk.clock("response")["due"] == "2026-11-20T18:25:00Z",
           "the sixth plan takes a mail in", first)
    desk.event("2026-11-20T17:00:00Z", "1", "workaround")
    # 25 % at 17:17:30, 75 % at 18:02:30: shut until Saturday 09:00. The
    # resolution, 2 bd, is far away.
    got = desk.ticks("2026-11-20T17:17:29Z", "2026-11-20T17:17:30Z",
                     "2026-11-20T18:02:30Z", "2026-11-21T08:59:59Z",
                     "2026-11-21T09:00:00Z")
    told = [e for e in desk.events("warned") if "milestone=response" in e]
    tap.ok(got[:4] == [0, 1, 0, 0] and got[4] >= 1 and len(told) == 2 and
           told[1].endswith("share=100"),
           "warnings wait for the hours that the plan names", (got, told))
    readers = {to for to, _ in desk.alarms()}
    tap.ok(readers == {"quart@desk.example", "anne.martin@desk.example"},
           "warnings go to the addresses that the plan names", readers)
    strange = [m for m in desk.sent() if m.to == "quart@desk.example"]
    tap.ok(all(m.message["Reply-To"] is None for m in strange),
           "an address of nobody's gets no token")


def reminders(tap, desk):
    """Semarchy's severity 1: every 30 minutes until the workaround."""
    desk.mail("2026-11-22T03:00:00Z", PRIYA,
              "Complete outage of the platform", "Severity: 1")
    count = lambda: len(desk.events("reminded"))
    seen = []
    for at in ("03:29:59", "03:30:00", "03:30:00", "03:59:59", "04:00:00"):
        desk.drain(f"2026-11-22T{at}Z")
        seen.append(count())
    tap.ok(seen == [0, 1, 1, 1, 2], "a reminder at the set interval", seen)
    # The first stands in the mail that says what was missed at that instant.
    reminders = [m.body() for m in desk.sent() if m.to == "mary.collins@desk.example" and
                 m.what == "alarm" and "continuous effort" in m.body()]
    tap.ok(len(reminders) == 2, "reminders go to technicians", reminders)
    # An outage: one reminder, and the interval does not drift.
    desk.drain("2026-11-22T05:47:00Z")
    desk.drain("2026-11-22T05:59:59Z")
    seen = [count()]
    desk.drain("2026-11-22T06:00:00Z")
    seen.append(count())
    tap.ok(seen == [3, 4], "an outage is caught up by one reminder", seen)
    # While the client is waited for there is none.
    desk.event("2026-11-22T06:10:00Z", "1", "pause")
    desk.drain("2026-11-22T08:00:00Z")
    seen = [count()]
    desk.event("2026-11-22T08:05:00Z", "1", "resume")
    desk.drain("2026-11-22T08:34:59Z")
    seen.append(count())
    desk.drain("2026-11-22T08:35:00Z")
    seen.append(count())
    tap.ok(seen == [4, 4, 5], "none while the client is waited for", seen)
    desk.event("2026-11-22T08:40:00Z", "1", "workaround")
    desk.drain("2026-11-22T12:00:00Z")
    tap.ok(count() == 5, "none after the workaround", count())
    tap.ok(desk.rebuilds_alike("2026-11-22T12:00:00Z"),
           "rebuild keeps what was reminded")


def reminders_in_hours(tap, desk):
    """Vigie reminds every 2 h of its hours: lunch and the night do not
    count."""
    desk.mail("2026-11-19T11:00:00Z", ROSA, "Arrêt total de la production",
              "Gravité : 1")
    count = lambda: len(desk.events("reminded"))
    seen = []
    for at in ("19T13:59:59", "19T14:00:00", "19T16:00:00", "19T23:00:00",
               "20T08:59:59", "20T09:00:00"):
        desk.drain(f"2026-11-{at}Z")
        seen.append(count())
    tap.ok(seen == [0, 1, 2, 2, 2, 3], "reminders keep to the plan's hours",
           seen)
    desk.event("2026-11-20T09:10:00Z", "1", "severity", "2")
    desk.drain("2026-11-20T17:00:00Z")
    tap.ok(count() == 3, "none for a severity without continuous effort",
           count())


def severity_changes(tap, desk):
    """4 h of opening at severity 3; answered after two; then severity 1."""
    desk.mail("2026-11-23T08:00:00Z", PRIYA, "Reports are wrong",
              "Severity: 3")
    desk.event("2026-11-23T09:00:00Z", "1", "pause")
    desk.event("2026-11-23T10:00:00Z", "1", "resume")
    desk.event("2026-11-23T10:30:00Z", "1", "reply")
    before = desk.clock("response")
    desk.event("2026-11-23T11:00:00Z", "1", "severity", "2")
    after = desk.clock("response")
    tap.ok(before["state"] == after["state"] == "met" and
           before["due"] == after["due"] == "2026-11-23T12:00:00Z",
           "what was met keeps its promise", (before, after))
    clock = desk.clock("workaround", at="2026-11-23T11:00:00Z")
    tap.ok(clock["within"] == "2d" and
           clock["due"] == "2026-11-25T09:00:00Z",
           "what was not is recomputed from intake, pauses kept", clock)
    desk.event("2026-11-23T12:00:00Z", "1", "severity", "1")
    clock = desk.clock("workaround", at="2026-11-23T12:00:00Z")
    tap.ok(clock["state"] == "late" and
           clock["due"] == "2026-11-23T08:30:00Z",
           "a worse severity can be late at once", clock)
    before = len(desk.alarms())
    desk.drain("2026-11-23T12:01:00Z")
    alarms = desk.alarms("mary.collins@desk.example", before)
    told = [m.body() for m in desk.sent() if m.to == "mary.collins@desk.example" and
            m.what == "alarm"][-1]
    tap.ok(len(alarms) == 1 and "OVERDUE" in alarms[0][1] and
           told.count("overdue, it was due") == 2,
           "and its breach is told once a clock, in one mail", (alarms, told))
    desk.event("2026-11-23T12:30:00Z", "1", "severity", "3")
    desk.drain("2026-11-23T12:31:00Z")
    tap.ok(desk.clock("workaround", at="2026-11-23T12:31:00Z")["due"] ==
           "2026-11-30T09:00:00Z", "and back again", desk.ticket())
    before = len(desk.alarms())
    desk.drain("2026-11-30T09:00:01Z")
    breaches = [s for _, s in desk.alarms("mary.collins@desk.example", before)
                if "OVERDUE" in s]
    tap.ok(len(breaches) == 1, "the recomputed clock is warned of anew",
           breaches)
    tap.ok(desk.rebuilds_alike("2026-11-30T10:00:00Z"),
           "rebuild gives the same clocks after changes")


def contract_changes(tap, desk):
    """A ticket that moves from SOS24 to another client's contract."""
    desk.mail("2026-11-23T10:00:00Z", JEANNE, "ERP arrêté, production arrêtée",
              "Tout est bloqué.", to="sos24@desk.example")
    first = desk.ticket()
    tap.ok(first["plan"] == "sos24" and
           desk.clock("response")["due"] == "2026-11-24T10:00:00Z",
           "opened under SOS24", first)
    desk.event("2026-11-23T10:30:00Z", "1", "reply")
    desk.event("2026-11-23T11:00:00Z", "1", "contract", "halcyon-data")
    clocks = {c["milestone"]: (c["within"], c["commitment"])
              for c in desk.ticket()["clocks"]}
    tap.ok(clocks == {"response": ("24h", "guaranteed"),
                      "workaround": ("30m", "objective"),
                      "resolution": ("1h", "objective"),
                      "restore": ("24h", "objective")},
           "moved: what was met stays under the old contract", clocks)
    tap.ok(desk.rebuilds_alike("2026-11-23T12:00:00Z"),
           "rebuild gives the same clocks after a move")
    said = desk.run("event", "1", "resume", check=False)
    tap.ok(said.returncode == 1 and "is open" in said.stderr,
           "what changes nothing is refused", said.stderr)
    said = desk.run("event", "1", "contract", "nobody", check=False)
    tap.ok(said.returncode == 1 and "no contract 'nobody'" in said.stderr,
           "a contract that is not there is refused", said.stderr)


def plan_changes(tap, desk):
    """SOS24 is for severity 1; what is less goes to ALD, and back."""
    desk.mail("2026-11-23T10:00:00Z", JEANNE, "ERP arrêté, production arrêtée",
              "Tout est bloqué.", to="sos24@desk.example")
    desk.event("2026-11-23T11:00:00Z", "1", "severity", "2")
    there = desk.ticket()["plan"], desk.clock("response")["due"]
    desk.event("2026-11-23T12:00:00Z", "1", "severity", "1")
    back = desk.ticket()["plan"], desk.clock("response")["due"]
    tap.ok(there == ("ald", "2026-12-03T10:00:00Z") and
           back == ("sos24", "2026-11-24T10:00:00Z"),
           "a severity moves the ticket to the plan it falls under",
           (there, back))
    desk.event("2026-11-23T13:00:00Z", "1", "exclude", "out-of-scope")
    desk.drain("2026-11-26T10:00:00Z")
    tap.ok(desk.ticket()["plan"] == "ald" and
           desk.clock("response")["commitment"] == "best-effort" and
           not desk.alarms(),
           "an excluded ticket goes to the fall-back, and is judged no more",
           (desk.ticket()["plan"], desk.clock("response"), desk.alarms()))


def old_rules(tap, desk):
    """Editing a plan leaves the tickets that were opened under it."""
    desk.mail("2026-11-23T10:00:00Z", PRIYA, "Reports are wrong",
              "Severity: 3")
    plan = desk.dir / "rules/plans/semarchy.yaml"
    plan.write_text(plan.read_text().replace("within: 4h", "within: 2h"))
    desk.mail("2026-11-23T10:00:01Z", PRIYA, "Lists are wrong",
              "Severity: 3")
    got = [desk.clock("response", n)["within"] for n in (1, 2)]
    tap.ok(got == ["4h", "2h"], "an old ticket keeps its plan", got)
    tap.ok(desk.rebuilds_alike("2026-11-23T11:00:00Z"),
           "rebuild with the rules of then")


def duties(tap, desk):
    """Orme's check-up and updates each month; Vigie's rounds each week."""
    subjects = lambda: sorted(t["subject"] for t in desk.tickets())
    desk.drain("2026-11-22T10:00:00Z")
    tap.ok(not desk.tickets(), "a new desk does not open the past",
           subjects())
    desk.drain("2026-11-23T08:29:59Z")
    early = len(desk.tickets())
    desk.drain("2026-11-23T08:30:00Z")
    desk.drain("2026-11-23T08:30:00Z")
    tap.ok(early == 0 and
           subjects() == ["Ronde hebdomadaire - Minoterie du Tage"],
           "a weekly duty at the first opening of its day, once",
           subjects())
    ticket = desk.ticket()
    tap.ok(ticket["kind"] == "duty" and ticket["plan"] == "vigie" and
           ticket["contract"] == "minoterie" and
           [c["due"] for c in ticket["clocks"]] == ["2026-11-27T08:30:00Z"],
           "it has the term that the plan gives to duties", ticket)
    told = [m.to for m in desk.sent() if m.what == "notice"]
    tap.ok(sorted(told) == e2e.TECHNICIANS, "the technicians are told", told)
    # 1 December, 09:00 in Paris: Orme and Phare Ouest, two each, Lambic one.
    desk.drain("2026-12-01T08:30:00Z")
    got = subjects()
    tap.ok(len(got) == 9 and got.count("Ronde hebdomadaire - Minoterie du "
                                       "Tage") == 2 and
           "Check-up mensuel du serveur - Studio Orme" in got and
           "Mises à jour du système et du panneau - Phare Ouest" in got and
           "Inventaire - Minoterie du Tage" in got and
           "Mises à jour de sécurité critiques du système - Brasserie Lambic"
           in got and
           "Graissage - Minoterie du Tage" in got,
           "monthly duties at the first opening of the month", got)
    desk.drain("2026-12-01T08:30:00Z")
    tap.ok(len(desk.tickets()) == 9, "once", subjects())
    # Three months of outage.
    desk.drain("2027-03-02T12:00:00Z")
    got = subjects()
    checks = got.count("Check-up mensuel du serveur - Studio Orme")
    rounds = got.count("Ronde hebdomadaire - Minoterie du Tage")
    tap.ok(checks == 2 and rounds == 3,
           "an outage is caught up by the latest period", got)
    tap.ok(desk.rebuilds_alike("2027-03-02T12:00:00Z"),
           "rebuild opens none")


def explanations(tap, desk):
    desk.mail("2026-11-20T18:00:00Z", ROSA, "Arrêt total de la production",
              "Gravité : 1")
    shown = desk.run("show", "1", "--at", "2026-11-20T18:01:00Z").stdout
    tap.ok("Reçu le vendredi 20 novembre 2026" in shown and
           "vigie-quart" in shown and "Échéance" in shown,
           "show explains the clocks", shown)
    thanks = [m for m in desk.sent() if m.what == "acknowledgment"]
    tap.ok(len(thanks) == 1 and
           "vendredi 20 novembre 2026 à 21:00." in
           " ".join(thanks[0].body().split()),
           "the acknowledgment has the short form",
           thanks[0].body() if thanks else "none")
    asked = ["deadline", "semarchy", "3", "2026-12-24T17:00:00+01:00",
             "pause=2026-12-28T09:00:00Z/2026-12-28T12:00:00Z", "--explain"]
    french = desk.run(*asked, "-l", "fr").stdout
    english = desk.run(*asked).stdout
    for text, wanted in (
            (french, ["Noël, non compté", "en attente de votre réponse",
                      "lundi 28 décembre 2026 à 11:00 (UTC+01:00)",
                      "Jour de l'an"]),
            (english, ["Noël, not counted", "waiting for your answer",
                       "Monday 28 December 2026, 11:00 (UTC+01:00)"])):
        missing = [w for w in wanted if w not in text]
        tap.ok(not missing, "deadline --explain: stretches, holidays by "
               "name, pauses, due", f"{missing}\n{text}")


def contracts(tap, desk):
    at = ["--at", "2026-11-22T10:00:00Z"]
    rows = [json.loads(line) for line in desk.run(
        "contract", "list", "--json", *at).stdout.splitlines()]
    by_name = {row["contract"]: row for row in rows}
    dates = {name: (by_name[name]["ends"], by_name[name]["notice_by"],
                    by_name[name]["renewals"])
             for name in ("acier-vosges", "clinique-alize", "minoterie",
                          "brasserie-lambic", "studio-orme")}
    tap.ok(dates == {
        "acier-vosges": ("2027-01-31", "2026-12-31", 0),
        "clinique-alize": ("2026-12-31", "2026-11-30", 0),
        "minoterie": ("2026-11-30", "2026-10-16", 1),
        "brasserie-lambic": ("2026-12-31", None, 0),
        "studio-orme": (None, None, 0)}, "terms, renewals, notice", dates)
    names = [json.loads(line)["contract"] for line in desk.run(
        "contract", "list", "--json", "--within", "10d",
        *at).stdout.splitlines()]
    tap.ok(names == ["clinique-alize", "minoterie"],
           "what ends or must be noticed within ten days", names)
    shown = desk.run("contract", "show", "minoterie", *at).stdout
    tap.ok(all(w in shown for w in (
        "Minoterie du Tage", "Europe/Lisbon", "silo: no", "rosa.duarte@",
        "guaranteed within 20m", "2026-11-30", "every 7d")),
           "contract show tells what is in force", shown)
    whole = json.loads(desk.run("contract", "show", "minoterie", "--json",
                                "--at", "2026-11-26T10:00:00Z").stdout)
    tap.ok(whole["fields"] == {"night": "no", "silo": "yes"} and
           whole["from"] == "2026-11-25" and whole["holidays"] == ["be"],
           "the version of the day", whole)
    wrong = desk.run("contract", "show", "nobody", check=False)
    tap.ok(wrong.returncode == 1, "no such contract", wrong.stderr)


TESTS = [warnings, warnings_of_an_outage, hours_and_addresses, reminders,
         reminders_in_hours, severity_changes, contract_changes, plan_changes,
         old_rules, duties, explanations, contracts]


def run(test):
    tap, desk = Results(), Desk()
    try:
        test(tap, desk)
    except (e2e.Failed, KeyError, TypeError, IndexError) as failure:
        tap.ok(False, test.__name__, repr(failure))
    finally:
        desk.done()
    return tap


class Results(list):
    """What one test found, told when its turn comes."""

    def ok(self, good, name, why=""):
        self.append((good, name, why))


def main():
    tap = e2e.Tap()
    chosen = [t for t in TESTS if not sys.argv[1:] or
              t.__name__ in sys.argv[1:]]
    with ThreadPoolExecutor(max_workers=4) as pool:
        for results in pool.map(run, chosen):
            for result in results:
                tap.ok(*result)
    return tap.end()


sys.exit(main())
