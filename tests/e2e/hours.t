#!/usr/bin/env python3
"""Ledgers of contracts: packages, worklogs and charges, as statements tell them;
what is reversed when what a row stood on changes; the same after a rebuild."""
import csv
import datetime
import io
import json
import shutil
import sqlite3
import sys
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
DESK = e2e.Desk()
# Hours of ALD that last a year, which the contract says.
RULES = DESK.dir / "rules"
shutil.copytree(e2e.PROJECT / "rules", RULES)
DESK.conf.write_text(DESK.conf.read_text().replace(
    f"rules: {e2e.PROJECT / 'rules'}", f"rules: {RULES}"))
ACIER = RULES / "contracts/acier-vosges.yaml"
ACIER.write_text(ACIER.read_text().replace("users: 80,",
                                           "users: 80, validity: 12mo,"))
CLAIRE = "claire@maison-tissier.example"
LUC = "luc@brasserie-lambic.example"
INES = "ines@studio-orme.example"
COUNT = [0]


def mail(at, sender, subject, body):
    COUNT[0] += 1
    domain = sender.split("@")[1]
    now = datetime.datetime.fromisoformat(at)
    when = format_datetime(now)
    raw = (f"Return-Path: <{sender}>\nDelivered-To: help@desk.example\n"
           f"Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}\n"
           f"Received: from mail.{domain} (mail.{domain} [192.0.2.3])\n"
           f"\tby mx.desk.example (Postfix) with ESMTPS id A1 for <help@desk.example>;\n\t{when}\n"
           f"From: <{sender}>\nTo: <help@desk.example>\nSubject: {subject}\nDate: {when}\n"
           f"Message-ID: <ledger{COUNT[0]}@test.example>\n"
           f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n")
    DESK.deliver(f"{int(now.timestamp())}.{COUNT[0]:03}.ledger", raw.encode())
    DESK.drain(at)


def months():
    """What is ordered here is booked where this runs; the month may turn."""
    today = datetime.datetime.now(datetime.timezone.utc)
    return sorted({"2026-11", *((today + datetime.timedelta(days=d)).strftime("%Y-%m")
                                for d in (-1, 0, 1))})


def rows(contract):
    found = []
    for month in months():
        out = DESK.run("ledger", "statement", contract, "--month", month,
                       "--json").stdout
        found += map(json.loads, out.splitlines())
    return sorted(found, key=lambda row: row["row"])


def brief(contract):
    return [(r["rule"], r["ticket"], r["counted"], r["balance"], r["amount"])
            for r in rows(contract)]


def charges(contract):
    found = []
    for month in months():
        out = DESK.run("ledger", "statement", contract, "--month", month,
                       "--csv").stdout
        found += csv.DictReader(io.StringIO(out))
    return sorted(found, key=lambda line: int(line["row"]))


def same(got, wanted, name):
    tap.ok(got == wanted, name, f"got {got}\nwanted {wanted}")


def whole():
    with sqlite3.connect(DESK.dir / "guichet.sqlite") as store:
        return store.execute("SELECT * FROM ledger ORDER BY id").fetchall()


# The package of 1Life: sold sizes only, with what it stands on.
mail("2026-11-02T10:00:00+01:00", CLAIRE, "Comment imprimer ?",
     "Bonjour, comment imprimer un état ?")
said = DESK.run("ledger", "credit", "maison-tissier", "7h", "--ref", "F-1",
                check=False)
tap.ok(said.returncode == 1 and "10 h, 20 h, 30 h, 50 h, 100 h" in said.stderr,
       "a package that nobody sells is refused", said.stderr)
said = DESK.run("ledger", "credit", "maison-tissier", "10h", check=False)
tap.ok(said.returncode == 2 and "--ref" in said.stderr,
       "a package stands on something", said.stderr)
said = DESK.run("ledger", "credit", "brasserie-lambic", "10h", "--ref", "F-1",
                check=False)
tap.ok(said.returncode == 1 and "no packages" in said.stderr,
       "no package where none is sold", said.stderr)
said = DESK.run("ledger", "credit", "maison-tissier", "10h", "--ref", "F-1",
                "--until", "2026-11-01", "--at", "2026-11-02T10:30:00+01:00",
                check=False)
tap.ok(said.returncode == 1 and "worth nothing" in said.stderr,
       "a package that is past is refused", said.stderr)
said = DESK.run("ledger", "credit", "maison-tissier", "10h", "--ref",
                "=F-1", "--until", "2099-12-15", "--at",
                "2026-11-02T10:30:00+01:00")
tap.ok("10 h credited (=F-1), until 2099-12-15" in said.stdout,
       "what was credited is said", said.stdout)
same(brief("maison-tissier"), [("credit", None, 0, 600, 0)],
     "a package is a row")
said = DESK.run("ledger", "credit", "maison-tissier", "10h", "--ref",
                "=F-1", "--until", "2099-12-15", "--at",
                "2026-11-02T10:31:00+01:00", check=False)
tap.ok(said.returncode == 1 and "was credited already" in said.stderr and
       len(brief("maison-tissier")) == 1,
       "the same reference again is a slip", said.stderr)

# "Tout quart d'heure démarré"; #kind moves the ticket in the booklet's table.
DESK.run("time", "1", "0:25", "--at", "2026-11-02T11:00:00+01:00")
same(brief("maison-tissier")[1:], [("package", 1, 30, -30, 0)],
     "25 minutes are counted as 30")
DESK.run("kind", "1", "incident")
same([(r["rule"], r["balance"], r["reverses"]) for r in
      rows("maison-tissier")][1:],
     [("package", -30, None), ("package", 30, 2), ("not-debited", 0, None)],
     "an error of the software is not debited: the row is reversed")
DESK.run("kind", "1", "request")
kept = whole()
DESK.run("rebuild")
same(whole(), kept, "a rebuild changes nothing")
text = DESK.run("ledger", "statement", "maison-tissier", "--month",
                months()[-1]).stdout
tap.ok("9 h 30 after" in text,
       "the balance stands below", text)
columns = [line.split("\t")[4:6] for line in text.splitlines()]
tap.ok(columns[0] == ["CHANGE", "BALANCE"] and
       columns[1:4] == [["-30 min", "9 h 30"], ["30 min", "10 h"], ["-", "10 h"]],
       "and with each row what it changes and what it leaves", text)

# Myown B with two servers: four free quarters, then by the hour of receipt.
mail("2026-11-03T10:00:00+01:00", LUC, "Lenteur", "Le site est lent.")
DESK.run("event", "2", "reply", "--at", "2026-11-03T10:30:00+01:00")
mail("2026-11-03T20:00:00+01:00", LUC, "Encore", "Le site est encore lent ce soir.")
DESK.run("event", "3", "reply", "--at", "2026-11-03T20:30:00+01:00")
DESK.run("time", "2", "0:50", "--at", "2026-11-03T11:00:00+01:00")
DESK.run("time", "2", "0:16", "--at", "2026-11-03T12:00:00+01:00")
DESK.run("time", "3", "0:10", "--at", "2026-11-04T10:00:00+01:00")
same(brief("brasserie-lambic"),
     [("included", 2, 60, 0, 0), ("billed", 2, 30, 0, 4000),
      ("billed", 3, 15, 0, 3500), ("minimum", 3, 0, 0, 3500)],
     "20 EUR a quarter in hours; outside them 35 EUR, two a ticket at least")
lines = charges("brasserie-lambic")
same([(c["contract"], c["date"], c["ticket"], c["quantity"], c["unit"],
       c["unit_price"], c["amount"], c["currency"], c["vat"], c["rule"])
      for c in lines],
     [("brasserie-lambic", "2026-11-03", "2", "2", "15 min", "20.00", "40.00",
       "EUR", "excluded", "billed"),
      ("brasserie-lambic", "2026-11-04", "3", "1", "15 min", "35.00", "35.00",
       "EUR", "excluded", "billed"),
      ("brasserie-lambic", "2026-11-04", "3", "1", "15 min", "35.00", "35.00",
       "EUR", "excluded", "minimum")],
     "a line a charge")
same(list(lines[0]),
     "contract date ticket mail quantity unit unit_price amount currency vat "
     "rule plan row reverses reference".split(), "the header is this one")

# A time that was wrong is undone; a row is waived by a manager.
DESK.run("undo", "3")
same([r for r in brief("brasserie-lambic") if r[1] == 3 and r[4] < 0],
     [("billed", 3, -15, 0, -3500), ("minimum", 3, 0, 0, -3500)],
     "an undone time is reversed, its minimum with it")
row = [r["row"] for r in rows("brasserie-lambic") if r["rule"] == "billed"][0]
said = DESK.run("ledger", "reverse", str(row))
tap.ok("#2" in said.stdout, "what is reversed is said", said.stdout)
same(sum(r["amount"] for r in rows("brasserie-lambic")), 0, "nothing is charged any more")
said = DESK.run("ledger", "reverse", str(row), check=False)
tap.ok(said.returncode == 1 and "counts no more" in said.stderr,
       "a row is reversed once", said.stderr)
said = DESK.run("ledger", "reverse", "9999", check=False)
tap.ok(said.returncode == 1 and "no row 9999" in said.stderr,
       "a row that is none is refused", said.stderr)

# NUXIT Pro: 1 h 30, then credit by half hours; below zero without.
mail("2026-11-05T10:00:00+01:00", INES, "Question", "Pouvez-vous installer PHP 8 ?")
DESK.run("time", "4", "1:35", "--at", "2026-11-05T12:00:00+01:00")
DESK.run("ledger", "credit", "studio-orme", "3h", "--ref", "F-2", "--at",
         "2026-11-06T12:00:00+01:00")
same(brief("studio-orme"),
     [("included", 4, 90, 0, 0), ("overdrawn", 4, 30, -30, 0),
      ("credit", None, 0, 180, 16900), ("settled", 4, 0, 30, 0),
      ("settled", 4, 0, -30, 0)],
     "1 h 30 a month, then below zero, which the next package pays")
same([(c["quantity"], c["unit"], c["amount"], c["reference"])
      for c in charges("studio-orme")], [("1", "3 h", "169.00", "F-2")],
     "a package is a charge")
shown = DESK.run("contract", "show", "studio-orme", "--at",
                 "2026-11-20T12:00:00+01:00").stdout
tap.ok("hours     2 h 30 left" in shown and
       "included  1 h 30 of 1 h 30 used in 2026-11" in shown and
       "fee       45.00 EUR a month, excluding VAT" in shown,
       "what is left, what is used, what it costs", shown)
shown = json.loads(DESK.run("contract", "show", "studio-orme", "--json", "--at",
                            "2026-11-20T12:00:00+01:00").stdout)
same(shown["hours"], {"balance": 150, "included": 90, "included_used": 90,
                      "month": "2026-11", "packages": [
                          {"left": 150, "until": None}]},
     "the same as JSON")
same(shown["fee"], {"amount": 4500, "currency": "EUR"}, "and the fee")
credit = [r["row"] for r in rows("studio-orme") if r["rule"] == "credit"][0]
DESK.run("ledger", "reverse", str(credit))
text = DESK.run("ledger", "statement", "studio-orme", "--month",
                months()[-1]).stdout
tap.ok(text.count("credit F-2") == 2 and f"credit F-2, reverses {credit}" in text,
       "both the row and what takes it back name the reference", text)
both = rows("studio-orme")
same((sum(r["balance"] for r in both), sum(r["amount"] for r in both)),
     (-30, 0), "a package is taken back, with all that it paid")

# ALD: any length, for so long as the contract says.
said = DESK.run("ledger", "credit", "acier-vosges", "7h", "--ref", "A-1",
                "--at", "2026-11-10T15:00:00+01:00")
tap.ok("7 h credited (A-1), until 2027-11-09" in said.stdout,
       "a package lasts as long as the contract says", said.stdout)

# A guarantee that was missed brings what the contract says, once a month, of the
# first; what is no breach any more is taken back, and the next takes its place.
mail("2026-11-16T10:00:00+01:00", LUC, "Panne", "Le site ne répond plus.")
mail("2026-11-17T10:00:00+01:00", LUC, "Panne", "La caisse ne répond plus.")
DESK.drain("2026-11-18T12:00:00+01:00")


def penalties():
    return [(r["ticket"], r["amount"], r["reverses"] is not None)
            for r in rows("brasserie-lambic") if r["rule"] == "penalty"]


same(penalties(), [(5, -28000, False)], "a missed guarantee: the month's fee, once")
said = DESK.run("ledger", "statement", "brasserie-lambic", "--month", "2026-11").stdout
tap.ok("-280.00 EUR" in said and "penalty" in said, "in the statement", said)
DESK.run("exclude", "5", "third-party", "--at", "2026-11-18T13:00:00+01:00")
same(penalties(), [(5, -28000, False), (5, 28000, True), (6, -28000, False)],
     "it was none: the next of the month has its place")
kept = whole()
DESK.run("rebuild")
same(whole(), kept, "a rebuild changes nothing of it")
row = [r["row"] for r in rows("brasserie-lambic") if r["ticket"] == 6][0]
said = DESK.run("ledger", "reverse", str(row), check=False)
tap.ok(said.returncode == 1 and "follows from a missed guarantee of #6" in said.stderr,
       "nobody takes it back but who says that there was none", said.stderr)
DESK.run("exclude", "6", "third-party", "--at", "2026-11-18T14:00:00+01:00")
same(sum(r["amount"] for r in rows("brasserie-lambic") if r["rule"] == "penalty"), 0,
     "none at all")

# A store that cannot be read says nothing of what is left; the fee stands.
(DESK.dir / "guichet.sqlite").rename(DESK.dir / "away")
shown = DESK.run("contract", "show", "studio-orme", "--at",
                 "2026-11-20T12:00:00+01:00").stdout
tap.ok("45.00 EUR a month" in shown and " left" not in shown and
       "used in" not in shown, "without a store no balance is told", shown)
(DESK.dir / "away").rename(DESK.dir / "guichet.sqlite")

# Nothing in the file of the store can be changed.
with sqlite3.connect(DESK.dir / "guichet.sqlite") as store:
    for table in ("ledger", "ledger_order"):
        for verb in (f"UPDATE {table} SET at = 0", f"DELETE FROM {table}"):
            try:
                store.execute(verb)
                tap.ok(False, f"{verb} is refused")
            except sqlite3.IntegrityError:
                tap.ok(True, f"{verb} is refused")

sys.exit(tap.end())
