"""Clock cases that are one question to `guichet deadline`, and those about a
calendar's files: plans and calendars that fit what the cases say of them."""
import re

from cases_lib import Case, example_site

# A plan a calendar, named as the cases name it: its windows, and what else.
CALENDARS = {
    "t-full": "always: yes\n",
    "t-work24": "holidays: none\nopen:\n- Mon-Fri 00:00-24:00\n",
    "t-evening": "holidays: none\nopen:\n- Mon-Fri 09:00-23:00\n",
    "t-early": "holidays: none\nopen:\n- Mon-Sun 00:00-08:00\n",
    "t-night": "holidays: none\nopen:\n- Mon-Sun 22:00-06:00\n",
    "t-nightfr": "holidays: [fr]\nopen:\n- Mon-Fri 22:00-06:00\n",
    "t-lunch": "holidays: none\nopen:\n- Mon-Fri 09:00-12:00\n- Mon-Fri 14:00-18:00\n",
    "t-tuesday": "holidays: none\nopen:\n- Tue 09:00-17:00\n",
    "t-eight": "holidays: none\nopen:\n- Mon-Fri 08:00-18:00\n",
    "t-bureau": "holidays: [fr]\nopen:\n- Mon-Fri 09:00-18:00\n"
                "closures:\n- {date: 2026-12-24, name: veille}\n"
                "openings:\n- {date: 2026-12-24, from: \"09:00\", to: \"12:00\"}\n",
}
TERMS = {1: "1h", 2: "2h", 3: "4h", 5: "1bd", 7: "481m", 8: "2bd", 9: "12mo"}
PLAN = """title: {{fr: essai, en: trial}}
zone: Europe/Paris
holidays: [fr]
intake: {name}
severities: {{{severities}}}
default: {{severity: 3, kind: incident}}
targets:
"""
# What Outlook writes for a whole day, and a feed of one year.
ALL_DAY = """BEGIN:VEVENT
UID:1@cases
DTSTART:20261225T000000
DTEND:20261226T000000
X-MICROSOFT-CDO-ALLDAYEVENT:TRUE
SUMMARY:Pont
END:VEVENT
"""
ONE_YEAR = """BEGIN:VEVENT
UID:2@cases
DTSTART;VALUE=DATE:20250101
SUMMARY:Feed
END:VEVENT
"""


def feed(event):
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//cases//EN\r\n{event}END:VCALENDAR\r\n".replace("\n", "\r\n")


def trial_plan(name):
    severities = ", ".join(f"{n}: {{fr: s{n}, en: s{n}}}" for n in TERMS)
    rows = (f"- {{milestone: response, commitment: guaranteed, within: {term}, clock: {name}, when: {{severity: {n}}}}}\n"
            for n, term in TERMS.items())
    return PLAN.format(name=name, severities=severities) + "".join(rows)


def place(case, calendars):
    example_site(case.desk)
    for name, text in calendars.items():
        rules = case.desk.dir / "rules"
        (rules / "calendars" / f"{name}.yaml").write_text(f"title: {{fr: {name}, en: {name}}}\n{text}")
        (rules / "plans" / f"{name}.yaml").write_text(trial_plan(name))


def ask(case, question):
    done = case.desk.run("deadline", *question.split(), check=False)
    return (done.stdout + done.stderr).strip()


def judge_deadline(row, case):
    """The instant of the right outcome is that of the response."""
    said = ask(case, row["kind"].split("clock: deadline ")[1])
    wanted = re.findall(r"20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z", row["right outcome"])
    if not wanted:
        good = "holiday" in said and "2040" in said # a word that the set ends
        return ("right" if good else "WRONG"), "" if good else f"says nothing of the holidays: {said}", said
    instant = wanted[-1] if wanted[-1].count(":") == 2 else wanted[-1].replace("Z", ":00Z")
    good = f"response={instant}" in said
    return ("right" if good else "WRONG"), "" if good else said, said


def check(case):
    done = case.desk.run("check", "--offline", check=False)
    return done.stdout + done.stderr


def judge_file(name, case):
    """What `guichet check` says of a calendar, or of a set of holidays."""
    calendars = case.desk.dir / "rules" / "calendars"
    if name == "B49":
        (calendars / "never.yaml").write_text("title: {fr: x, en: x}\nholidays: none\nopen: []\n")
        wanted = r"never\.yaml:\d+.*(never opens|give 'open')"
    else:
        (calendars / "feed.ics").write_text(feed(ALL_DAY if name == "B25b" else ONE_YEAR), newline="")
        (calendars / "fed.yaml").write_text("title: {fr: x, en: x}\nholidays: [feed]\nopen:\n- Mon-Fri 09:00-18:00\n")
        (case.desk.dir / "rules" / "plans" / "fed.yaml").write_text(trial_plan("fed"))
        wanted = r"feed\.ics.*whole days" if name == "B25b" else r"holidays 'feed' end on"
    said = check(case)
    good = re.search(wanted, said)
    return ("right", "", said) if good else ("WRONG", "check says nothing of it", said)


FILES = {"B25b", "B49", "B79"}


def run_one(row):
    """Its verdict, why, and what was said; None: it is of another kind."""
    with Case() as case:
        place(case, CALENDARS)
        if row["id"] in FILES:
            return judge_file(row["id"], case)
        return judge_deadline(row, case) if "clock: deadline " in row["kind"] else None
