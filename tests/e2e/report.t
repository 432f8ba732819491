#!/usr/bin/python3
"""guichet report: a contract's month for its client, as text, as JSON and as a
page, against what a quarter in the life of a desk was worked out to be."""
import html.parser
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import quarter_lib

tap = e2e.Tap()
LATER = "2027-01-15T10:00:00Z"
VOID = {"meta", "br", "path", "rect"}


class Page(html.parser.HTMLParser):
    """Its tags in order, and what is left open or closed for nothing."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.tags, self.words = [], [], [], []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"/{tag}")

    def handle_data(self, data):
        self.words.append(data)


def report(desk, contract, month, *words):
    return desk.run("report", contract, "--month", month, "--at", LATER,
                    *words).stdout


def check_json(desk):
    told = json.loads(report(desk, "acier-vosges", "2026-12", "--json"))
    tap.ok(told["penalties"] == [
        {"ticket": 33, "milestone": "response", "due": "2026-12-02T09:00:00Z",
         "minutes": 420, "amount": 0, "currency": "EUR", "counted_with": 33}],
           "7 h for the guarantee that was missed", told["penalties"])
    tap.ok((told["hours"]["before"], told["hours"]["after"]) == (-300, 120),
           "from 5 h below zero to 2 h", told["hours"])
    told = json.loads(report(desk, "halcyon-data", "2026-11", "--json"))
    # 5 h 32 min of 720 h less 30 h of nights
    up = told["availability"]
    tap.ok((up["total"], up["planned"], up["unplanned"], up["kept"])
           == (2592000, 108000, 19920, False), "availability", up)
    tap.ok(sum(day["unplanned"] for day in up["days"]) == 19920
           and len(up["days"]) == 30, "its days come to the same", up["days"])
    other = json.loads(desk.run("availability", "halcyon-data", "--month",
                                "2026-11", "--at", LATER, "--json").stdout)
    tap.ok(all(other[key] == up[key] for key in
               ("total", "planned", "unplanned", "ratio", "promised")),
           "as guichet availability has it", other)
    sums = {(s["milestone"]): (s["met"], s["missed"], s["ended"], s["open"])
            for s in told["promises"]}
    tap.ok(sums == {"response": (3, 1, 0, 0), "workaround": (1, 2, 0, 0),
                    "resolution": (2, 2, 0, 0), "restore": (2, 0, 0, 0)},
           "each promise once", sums)
    told = json.loads(report(desk, "brasserie-lambic", "2026-11", "--json"))
    said = [d["text"] for t in told["tickets"] for d in t["debriefs"]]
    tap.ok(said == ["Un commutateur du centre de données est tombé ; il est "
                    "remplacé et doublé."], "the debriefing's own words", said)


def check_ledger(desk):
    """What stands in the month's statement stands in its report."""
    for contract in ("acier-vosges", "brasserie-lambic", "studio-orme"):
        for month in ("2026-10", "2026-11", "2026-12"):
            rows = [json.loads(line) for line in desk.run(
                "ledger", "statement", contract, "--month", month, "--at",
                LATER, "--json").stdout.splitlines()]
            hours = json.loads(report(desk, contract, month, "--json"))["hours"]
            tap.ok([(r["rule"], r["balance"], r["amount"]) for r in rows]
                   == [(r["rule"], r["balance"], r["amount"])
                       for r in hours["rows"]]
                   and hours["counted"] == sum(r["counted"] for r in rows)
                   and hours["after"] - hours["before"]
                   == sum(r["balance"] for r in rows),
                   f"the ledger of {contract} in {month}", hours)


def check_text(desk):
    for contract in ("acier-vosges", "halcyon-data", "studio-orme"):
        for language in ("fr", "en", "nl"):
            text = report(desk, contract, "2026-11", "--language", language)
            tap.ok(text and all(len(line) <= 80
                                for line in text.splitlines()),
                   f"{contract} in {language}: 80 columns", text)
    text = report(desk, "acier-vosges", "2026-12")
    tap.ok("Rapport de décembre 2026" in text and "7 h crédités" in text
           and "First" not in text, "in the contract's language", text)
    text = report(desk, "halcyon-data", "2026-11")
    tap.ok("99.1980 % (objective, not guaranteed: 99.9 %): missed" in text,
           "the ratio against its target", text)
    text = report(desk, "acier-vosges", "2026-12", "--language", "nl")
    tap.ok("Rapport van december 2026" in text
           and "Niet nagekomen garanties" in text, "in Dutch", text)


def check_page(desk):
    for language in ("fr", "en", "nl"):
        text = report(desk, "acier-vosges", "2026-12", "--html", "--language",
                      language)
        page = Page(text)
        tap.ok(page.wrong == [], f"{language}: well made", page.wrong)
        tap.ok(not re.search(r"https?:|//|url\(|@import|<script|src=", text),
               f"{language}: nothing from elsewhere", text)
        drawn = [attrs for tag, attrs in page.tags if tag == "svg"]
        tap.ok(len(drawn) == 2 and all(
            svg["role"] == "img" and len(svg["aria-label"]) > 20
            for svg in drawn), f"{language}: each plot in words, too", drawn)
        tap.ok(("html", {"lang": language}) in page.tags,
               f"{language}: it says its language")


def check_subject():
    """A subject is text, whatever it looks like."""
    desk = e2e.Desk()
    name = next((e2e.FIXTURES / "first-in-window/new").iterdir())
    raw = name.read_bytes()
    raw = re.sub(rb"(?m)^Subject: .*\r?\n(?:[ \t].*\r?\n)*",
                 b"Subject: <script>alert(1)</script> & {{plan}}\n", raw,
                 count=1)
    desk.deliver(name.name, raw)
    desk.drain("2026-11-20T20:00:00+01:00")
    contract = json.loads(desk.run("list", "--json").stdout)["contract"]
    page = desk.run("report", contract, "--month", "2026-11", "--html").stdout
    tap.ok("<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; "
           "&amp; {{plan}}" in page, "a subject is escaped", page)


def check_refused(desk):
    for words, code, said in [
            (["nobody"], 1, "there is no contract 'nobody'"),
            (["acier-vosges", "--month", "2026-13"], 2, "is no month"),
            (["acier-vosges", "--language", "xx"], 2, "--language is one of"),
            (["acier-vosges", "--month", "2028-01"], 1, "has not begun"),
            (["acier-vosges", "--json", "--html"], 2, "")]:
        done = desk.run("report", "--at", LATER, *words, check=False)
        tap.ok(done.returncode == code and said in done.stderr,
               f"refused: {' '.join(words)}",
               f"{done.returncode} {done.stderr}")


quarter = quarter_lib.Quarter()
quarter.play()
check_json(quarter.desk)
check_ledger(quarter.desk)
check_text(quarter.desk)
check_page(quarter.desk)
check_subject()
check_refused(quarter.desk)
sys.exit(tap.end())
