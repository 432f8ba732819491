#!/usr/bin/env python3
"""Contracts' days by mail: notice, end, what is owed unasked."""
import datetime
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
from day_lib import ANNE, HUGO, MANAGER, MORNING, Day, of

tap = e2e.Tap()
PAULE, EVA = "paule@desk.example", "eva@renew.example"
RENEWED = """\
client: Renouvelé
language: {language}
contacts: [{{name: Eva Fin, address: eva@renew.example}}]
domains: [renew.example]
term: {{until: 2027-03-31, renewed_by: 12mo, notice: 3mo{more}}}
versions: [{{from: 2025-04-01, plans: [{plan}], fields: {fields}}}]
"""


def renewed(more="", language="fr", plan="myown-c", fields="{servers: 1}"):
    return {"contracts/renew.yaml": RENEWED.format(more=more, language=language, plan=plan, fields=fields)}


def on(day, date, time="08:00"):
    return day.drain(f"{date}T{time}:00+0{2 if '2026-03-29' <= date < '2026-10-25' else 1}:00")


def test_manager():
    """Notice until 2026-12-31: told 90, 60 and 30 days before, and on the day."""
    day = Day("2026-09-30T12:00:00+02:00", renewed(), alone=True)
    day.drain()
    told = []
    for when in ("2026-10-02", "2026-11-01", "2026-12-01", "2026-12-31"):
        for days in (-1, 0, 1):
            date = (datetime.date.fromisoformat(when) + datetime.timedelta(days=days)).isoformat()
            told += [(date, m.what, m.to) for m in of(on(day, date), "terms")]
    tap.ok(told == [(d, "terms", PAULE) for d in ("2026-10-02", "2026-11-01", "2026-12-01", "2026-12-31")],
           "the manager, on four days", told)
    last = [m for m in day.desk.sent() if m.what == "terms"][-1]
    text = last.body()
    tap.ok("Renouvelé (renew)\n      dernier jour de préavis le jeudi 31 décembre 2026, aujourd'hui\n"
           "      sinon reconduit après le mercredi 31 mars 2027" in text, "which contract, which day, what follows", text)
    tap.ok(last.reply_to == "" and e2e.check_sent([last]) in (None, []), "well made", e2e.check_sent([last]))


def test_down():
    """A desk that was down tells what came meanwhile, once, in one mail."""
    files = renewed()
    files["contracts/other.yaml"] = files["contracts/renew.yaml"].replace("Renouvelé", "Autre").replace("renew.example", "other.example")
    day = Day("2026-11-20T12:00:00+01:00", files, alone=True)
    day.drain()
    sent = of(on(day, "2026-12-05", "10:00"), "terms")
    tap.ok([m.to for m in sent] == [PAULE] and "Renouvelé (renew)" in sent[0].body() and "Autre (other)" in sent[0].body()
           and "dans 26 jours" in sent[0].body(), "late, once, all contracts in it", [m.body() for m in sent])
    tap.ok(of(on(day, "2026-12-06"), "terms") == [], "and not again")
    sent = of(on(day, "2027-01-04"), "terms")
    tap.ok(len(sent) == 1, "the last day passed meanwhile: told late rather than never", [m.body() for m in sent])


def test_client():
    for language, wanted in [("fr", ["sera reconduit le jeudi 1er avril 2027", "au plus tard le jeudi 31 décembre 2026",
                                     "Paule Gestion, paule@desk.example"]),
                             ("en", ["will be renewed on Thursday 1 April 2027", "by Thursday 31 December 2026"]),
                             ("nl", ["wordt verlengd op donderdag 1 april 2027", "uiterlijk op donderdag 31 december 2026"])]:
        day = Day("2026-11-30T12:00:00+01:00", renewed(", tell_client: yes", language), alone=True)
        day.drain()
        sent = on(day, "2026-12-01")
        ending = of(sent, "ending")
        tap.ok([m.to for m in ending] == [EVA] and all(w in ending[0].body() for w in wanted),
               f"the client a month before, where the contract says so: {language}", [m.body() for m in ending])
        tap.ok(e2e.check_sent(ending) in (None, []) and ending[0].reply_to == "", "well made", e2e.check_sent(ending))
    day = Day("2026-11-30T12:00:00+01:00", renewed(), alone=True)
    day.drain()
    tap.ok(of(on(day, "2026-12-01"), "ending") == [], "not where it does not")


def test_notice():
    day = Day("2026-11-23T09:00:00+01:00", renewed(), alone=True)
    day.drain()

    def row():
        lines = day.desk.run("contract", "list", "--json", "--at", day.now.isoformat()).stdout.splitlines()
        return json.loads(lines[0])
    tap.ok(row()["state"] == "runs" and row()["notice_by"] == "2026-12-31", "before", row())
    said = day.order("contract", "notice", "renew", "--given", "2026-11-20").stdout
    tap.ok(said == "Contract renew: notice is recorded, it ends on 2027-03-31.\n", "recorded", said)
    tap.ok(row()["state"] == "ends" and row()["ends"] == "2027-03-31" and row()["notice_by"] is None, "it ends at its term", row())
    tap.ok("was given on 2026-11-20 by the client" in day.order("contract", "show", "renew").stdout, "shown")
    tap.ok("contract-notice renew: 2026-11-20 client" in day.desk.dump(), "and kept with what the store decided")
    tap.ok(of(on(day, "2026-12-01"), "terms") == [], "no day of notice is left to be told of")
    sent = of(on(day, "2027-03-01"), "terms")
    tap.ok(len(sent) == 1 and "se termine le mercredi 31 mars 2027, dans 30 jours" in sent[0].body(), "but its end is",
           [m.body() for m in sent])
    sent = day.mail(EVA, "Une gêne", when="2027-04-02T10:00:00+02:00")
    ack = of(sent, "acknowledgment", EVA)[0].body()
    tap.ok("mercredi 31 mars 2027" in ack and day.show(1)["clocks"] == [], "after it nothing is promised", ack)
    day = Day("2026-11-23T09:00:00+01:00", renewed(), alone=True)
    day.drain()
    day.order("contract", "notice", "renew", "--by", "us")
    tap.ok("by us" in day.order("contract", "show", "renew").stdout, "by us, today")
    got = day.desk.run("contract", "notice", "renew", "--given", "2026-11-20",
                       "--at", "2026-11-23T10:00:00+01:00", check=False)
    tap.ok(got.returncode == 1 and "already: take it back first" in got.stderr,
           "a second one overwrites nothing", got.stderr)
    day.order("contract", "notice", "renew", "--given", "none")
    tap.ok("was given" not in day.order("contract", "show", "renew").stdout, "taken back")
    for words, wanted in [(("renew", "--given", "2026-12-24"), "has not come yet"), (("renew", "--given", "soon"), "is no date"),
                          (("renew", "--by", "them"), "given by client or us"), (("nobody",), "there is no contract 'nobody'")]:
        got = day.desk.run("contract", "notice", *words, "--at", "2026-11-23T10:00:00+01:00", check=False)
        tap.ok(got.returncode == 1 and wanted in got.stderr, f"refused: {' '.join(words)}", got.stderr)
    day = Day("2027-01-04T09:00:00+01:00", renewed(), alone=True)
    day.drain()
    said = day.order("contract", "notice", "renew").stdout
    tap.ok("it ends on 2028-03-31" in said, "a notice that came too late ends the next term", said)


def test_duties():
    day = Day("2026-10-31T12:00:00+01:00", renewed(", tell_client: no", plan="myown-b"), alone=True)
    day.drain()
    opened = on(day, "2026-11-02", "09:00")
    number = of(opened, "notice", ANNE)[0].row["ticket"]
    day.answer(HUGO, number, "#resolve", when="2026-11-12T10:00:00+01:00")
    sent = of(on(day, "2026-12-01"), "duties")
    tap.ok([m.to for m in sent] == [EVA], "on the first of the next month the contacts read it", [(m.what, m.to) for m in sent])
    text = sent[0].body()
    tap.ok("pour novembre 2026" in text and "Mises à jour de sécurité critiques du système\n  fait le jeudi 12 novembre 2026 par Hugo Vidal\n" in text,
           "what was done, when, by whom", text)
    tap.ok(e2e.check_sent(sent) in (None, []), "well made", e2e.check_sent(sent))
    tap.ok(of(on(day, "2026-12-02"), "duties") == [], "once")
    text = of(on(day, "2027-01-03", "10:00"), "duties")[0].body()
    tap.ok("pour décembre 2026" in text and "PAS ENCORE FAIT" in text, "what was not done is said; told late by a desk that was down", text)
    files = renewed(plan="nuxit-serenity", fields="{ordered: 2020-01-01}", language="en")
    files["contracts/renew.yaml"] = files["contracts/renew.yaml"].replace("term: {until: 2027-03-31, renewed_by: 12mo, notice: 3mo}\n", "")
    day = Day("2026-10-31T12:00:00+01:00", files, alone=True)
    day.drain()
    opened = on(day, "2026-11-02", "09:00")
    number = of(opened, "notice", ANNE)[0].row["ticket"]
    sent = of(on(day, "2026-12-01"), "duties")
    text = sent[0].body() if sent else ""
    tap.ok(text.count("NOT DONE YET, late: it was due by Monday 30 November 2026") == 2 and "Monthly check-up of the server" in text,
           "late against its term", text)
    files["contracts/renew.yaml"] += "duties_report: no\n"
    day = Day("2026-10-31T12:00:00+01:00", files, alone=True)
    day.drain()
    on(day, "2026-11-02", "09:00")
    tap.ok(of(on(day, "2026-12-01"), "duties") == [], "not where the contract says so")


def test_check():
    day = Day("2026-11-23T09:00:00+01:00", renewed(), more=MORNING, alone=True)
    got = day.desk.run("check", check=False)
    tap.ok(got.returncode == 1 and "contracts/renew.yaml:5" in got.stdout + got.stderr
           and "write manager: {name: NAME" in got.stdout + got.stderr,
           "a term and no manager is a mistake", got.stdout + got.stderr)


for test in (test_manager, test_down, test_client, test_notice, test_duties, test_check):
    test()
sys.exit(tap.end())
