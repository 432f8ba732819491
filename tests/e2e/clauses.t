#!/usr/bin/env python3
"""What each provider's clauses come to, by name: doc/domain.md 2 to 5.

Every row is a mail received at a wall time and what is due then, asked of
`guichet deadline --batch` with the shipped rules, and with those of
tests/plans/sixth laid over them. Due instants were worked out by hand.
"""
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
import zoneinfo
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

PARIS, BRUSSELS = "Europe/Paris", "Europe/Brussels"
LONDON, LISBON = "Europe/London", "Europe/Lisbon"

# Calendars that are nobody's promise: the examples marked so in doc/domain.md 3.
EXAMPLE = """\
title: {{fr: Exemple, en: Example}}
zone: Europe/Paris
holidays: [fr]
intake: {0}
severities: {{1: a}}
default: {{severity: 1, kind: incident}}
targets:
- {{milestone: response, commitment: objective, within: 4h, clock: {0}}}
"""

# name, zone of the walls, plan, severity, received, options, what is due
ROWS = [
    # -- SOS24: "prise en compte garantie du Lundi 9H au Vendredi 18H"
    ("SOS24: 24 h elapsed from a Friday afternoon", PARIS, "sos24", 1,
     "2026-11-20 17:00", "", "response=2026-11-21 17:00"),
    ("SOS24: the last second of the window", PARIS, "sos24", 1,
     "2026-11-20 17:59:59", "", "response=2026-11-21 17:59:59"),
    ("SOS24: Friday 18:00 is outside", PARIS, "sos24", 1,
     "2026-11-20 18:00", "",
     "intake=2026-11-23 09:00 response=2026-11-24 09:00"),
    ("SOS24: a second before Monday 09:00", PARIS, "sos24", 1,
     "2026-11-23 08:59:59", "",
     "intake=2026-11-23 09:00 response=2026-11-24 09:00"),
    ("SOS24: the window lasts the nights", PARIS, "sos24", 1,
     "2026-11-25 03:12", "", "response=2026-11-26 03:12"),
    ("SOS24: intake after the spring change", PARIS, "sos24", 1,
     "2026-03-28 10:00", "",
     "intake=2026-03-30 09:00 response=2026-03-31 09:00"),
    ("SOS24: no public holiday closes it", PARIS, "sos24", 1,
     "2026-12-25 10:00", "", "response=2026-12-26 10:00"),
    ("SOS24: a component that no rule knows is covered", PARIS, "sos24", 1,
     "2026-11-25 03:12", "component=covered", "response=2026-11-26 03:12"),
    ("SOS24: F5 goes to ALD, without a term", PARIS, "sos24", 1,
     "2026-11-21 10:00", "component=f5", ""),
    ("SOS24: RIA without Fusion goes to ALD", PARIS, "sos24", 1,
     "2026-11-20 10:00", "component=ria", ""),
    ("SOS24: RIA with Fusion is covered", PARIS, "sos24", 1,
     "2026-11-20 10:00", "component=ria fusion=yes",
     "response=2026-11-21 10:00"),
    ("SOS24: a gateway they helped to build", PARIS, "sos24", 1,
     "2026-11-20 10:00", "component=gateway gateways=yes",
     "response=2026-11-21 10:00"),
    ("SOS24: a gateway the client built alone", PARIS, "sos24", 1,
     "2026-11-20 10:00", "component=client-gateway gateways=yes", ""),
    ("SOS24: what does not block goes to ALD", PARIS, "sos24", 2,
     "2026-11-20 10:00", "erp_monitoring=yes", "response=2026-11-30 10:00"),
    # -- ALD
    ("ALD alone: best effort without a term", PARIS, "ald", 1,
     "2026-11-20 10:00", "", ""),
    ("ALD with monitoring: 10 calendar days, over the autumn change", PARIS,
     "ald", 3, "2026-10-20 10:00", "erp_monitoring=yes",
     "response=2026-10-30 10:00"),
    # -- Myown
    ("Niveau A: 24 h, seven days a week", BRUSSELS, "myown-a", 3,
     "2026-11-21 23:30", "", "response=2026-11-22 23:30"),
    ("Niveau B: 4 h if received in hours", BRUSSELS, "myown-b", 2,
     "2026-11-20 16:59:59", "", "response=2026-11-20 20:59:59"),
    ("Niveau B: 12 h at 17:00 sharp", BRUSSELS, "myown-b", 2,
     "2026-11-20 17:00", "", "response=2026-11-21 05:00"),
    ("Niveau B: 4 h from 09:00 sharp", BRUSSELS, "myown-b", 2,
     "2026-11-23 09:00", "", "response=2026-11-23 13:00"),
    ("Niveau B: 12 h on a Sunday", BRUSSELS, "myown-b", 2,
     "2026-11-22 12:00", "", "response=2026-11-23 00:00"),
    ("Niveau B: a holiday in the week is not named, so it is open", BRUSSELS,
     "myown-b", 2, "2026-11-11 10:00", "", "response=2026-11-11 14:00"),
    ("Niveau B: 12 h over the autumn change are 12 h", BRUSSELS, "myown-b",
     2, "2026-10-24 20:00", "", "response=2026-10-25 07:00"),
    ("Niveau C: 4 h, seven days a week", BRUSSELS, "myown-c", 1,
     "2026-12-25 02:00", "kind=request", "response=2026-12-25 06:00"),
    # -- Semarchy
    ("Severity 1: response 1 h, workaround 30 m, fix 1 h, RTO 24 h", PARIS,
     "semarchy", 1, "2026-11-22 03:12", "",
     "response=2026-11-22 04:12 workaround=2026-11-22 03:42 "
     "resolution=2026-11-22 04:12 restore=2026-11-23 03:12"),
    ("Severity 2: response 1 h, 2 d, 5 d, RTO 24 h", PARIS, "semarchy", 2,
     "2026-11-20 16:30", "",
     "response=2026-11-20 17:30 workaround=2026-11-22 16:30 "
     "resolution=2026-11-25 16:30 restore=2026-11-21 16:30"),
    ("Severity 3: 4 h of opening, 5 bd, 15 bd", PARIS, "semarchy", 3,
     "2026-11-20 16:30", "",
     "response=2026-11-23 10:30 workaround=2026-11-27 16:30 "
     "resolution=2026-12-11 16:30"),
    ("Severity 3: 25 December is a holiday", PARIS, "semarchy", 3,
     "2026-12-24 17:00", "",
     "response=2026-12-28 11:00 workaround=2027-01-04 17:00 "
     "resolution=2027-01-18 17:00"),
    ("Severity 4: 8 h of opening over 1 January, 12 mo", PARIS, "semarchy",
     4, "2026-12-31 12:45", "",
     "response=2027-01-04 10:45 resolution=2027-12-31 12:45"),
    ("Severity 4: 12 mo from 29 February", PARIS, "semarchy", 4,
     "2028-02-29 09:00", "",
     "response=2028-02-29 17:00 resolution=2029-02-28 09:00"),
    ("Severity 3: a question has a response and no fix", PARIS, "semarchy",
     3, "2026-11-20 16:30", "kind=question", "response=2026-11-23 10:30"),
    ("Severity 3: in the client's time, with France's holidays", LONDON,
     "semarchy", 3, "2026-11-10 16:30", "contract=halcyon-data",
     "response=2026-11-12 10:30 workaround=2026-11-18 16:30 "
     "resolution=2026-12-02 16:30"),
    ("Severity 3: holidays are a field of the contract", PARIS, "semarchy",
     3, "2026-07-20 17:00", "holidays=be",
     "response=2026-07-22 11:00 workaround=2026-07-28 17:00 "
     "resolution=2026-08-11 17:00"),
    ("Severity 2: waiting moves calendar days by elapsed time, the response "
     "not", PARIS, "semarchy", 2, "2026-11-20 16:30",
     "pause=2026-11-21 00:00/2026-11-21 06:00",
     "response=2026-11-20 17:30 workaround=2026-11-22 22:30 "
     "resolution=2026-11-25 22:30 restore=2026-11-21 22:30"),
    ("Severity 3: waiting moves business days by open time", PARIS,
     "semarchy", 3, "2026-12-24 17:00",
     "pause=2026-12-28 16:00/2026-12-29 09:00",
     "response=2026-12-28 11:00 workaround=2027-01-05 10:00 "
     "resolution=2027-01-19 10:00"),
    ("Severity 3: waiting over a holiday moves nothing", PARIS, "semarchy",
     3, "2026-12-24 17:00", "pause=2026-12-25 00:00/2026-12-26 00:00",
     "response=2026-12-28 11:00 workaround=2027-01-04 17:00 "
     "resolution=2027-01-18 17:00"),
    # -- 1Life
    ("1Life: a blocking error has a workaround without a term", PARIS,
     "1life", 1, "2026-11-20 12:45", "", "intake=2026-11-20 13:30"),
    ("1Life: nothing else is promised", PARIS, "1life", 3,
     "2026-11-20 18:00", "kind=request", "intake=2026-11-23 09:00"),
    ("1Life calendar: 4 h", PARIS, "example-1life", 1, "2026-11-20 16:30", "",
     "response=2026-11-23 12:30"),
    ("1Life calendar: the lunch break, and no holiday", PARIS,
     "example-1life", 1, "2026-12-31 12:45", "",
     "intake=2026-12-31 13:30 response=2027-01-01 09:30"),
    # -- NUXIT
    ("NUXIT calendar: 4 h", PARIS, "example-nuxit", 1, "2026-11-20 16:30", "",
     "response=2026-11-23 11:30"),
    ("NUXIT calendar: public holidays close it", PARIS, "example-nuxit", 1,
     "2026-07-13 17:00", "", "response=2026-07-15 12:00"),
    ("Standard: best effort in hours", PARIS, "nuxit-standard", 1,
     "2026-11-11 10:00", "", "intake=2026-11-12 09:00"),
    ("Serenity: best effort in hours", PARIS, "nuxit-serenity", 2,
     "2026-11-20 18:00", "", "intake=2026-11-23 09:00"),
    ("Pro: incidents 4 h, seven days a week", PARIS, "nuxit-pro", 4,
     "2026-12-25 22:00", "", "response=2026-12-26 02:00"),
    ("Pro: other requests as Standard", PARIS, "nuxit-pro", 1,
     "2026-12-25 22:00", "kind=request", "intake=2026-12-28 09:00"),
    ("Business: incidents 45 min", PARIS, "nuxit-business", 2,
     "2026-03-29 01:30", "", "response=2026-03-29 03:15"),
    ("Critical: the contract's own promises", PARIS, "nuxit-critical", 1,
     "2026-12-25 22:00", "contract=phare-ouest",
     "response=2026-12-25 22:15 restore=2026-12-26 02:00"),
    ("Critical: a request has none of them", PARIS, "nuxit-critical", 2,
     "2026-12-25 22:00", "contract=phare-ouest kind=request", ""),
    # -- dated versions
    ("A dated contract: ALD before SOS24 came", PARIS, "ald", 1,
     "2026-01-31 23:59:59", "contract=acier-vosges", ""),
    # -- Vigie, in tests/plans/sixth
    ("Sixth: by scope, received in hours", LISBON, "vigie", 1,
     "2026-11-20 11:59", "contract=minoterie scope=harbour",
     "response=2026-11-20 12:19 workaround=2026-11-21 11:59 "
     "resolution=2026-11-23 11:59 restore=2026-11-20 23:59"),
    ("Sixth: elsewhere, received in hours", LISBON, "vigie", 1,
     "2026-11-20 11:59", "contract=minoterie scope=quay",
     "response=2026-11-20 13:29 workaround=2026-11-21 11:59 "
     "resolution=2026-11-23 11:59 restore=2026-11-20 23:59"),
    ("Sixth: received at lunch, with the night option", LISBON, "vigie", 1,
     "2026-11-20 12:00", "contract=minoterie",
     "response=2026-11-20 15:00 workaround=2026-11-21 12:00 "
     "resolution=2026-11-23 13:00 restore=2026-11-21 00:00"),
    ("Sixth: from Saturday noon the watch is off", LISBON, "vigie", 2,
     "2026-11-21 12:00", "contract=minoterie",
     "intake=2026-11-22 20:00 response=2026-11-23 15:30 "
     "resolution=2026-11-26 08:30"),
    ("Sixth: another version of the contract, without the option", LISBON,
     "vigie", 1, "2026-11-26 12:00", "contract=minoterie",
     "response=2026-11-26 15:00 workaround=2026-11-27 12:00 "
     "resolution=2026-11-28 12:00 restore=2026-11-27 00:00"),
    ("Sixth: shut for stocktaking", LISBON, "vigie", 2,
     "2026-11-24 16:30", "contract=minoterie",
     "response=2026-11-26 14:30 resolution=2026-11-27 16:30"),
    ("Sixth: open on a Sunday before the feasts", LISBON, "vigie", 2,
     "2026-12-18 17:30", "contract=minoterie",
     "response=2026-12-20 13:00 resolution=2026-12-21 09:00"),
    ("Sixth: a month of best effort", LISBON, "vigie", 3,
     "2026-08-31 10:00", "contract=minoterie",
     "resolution=2026-09-30 10:00"),
    ("Sixth: an excluded component falls back", LISBON, "vigie", 1,
     "2026-11-20 10:00", "contract=minoterie component=crane",
     "response=2026-11-23 10:00"),
    ("Sixth: a question falls back, and waits for the opening", LISBON,
     "vigie", 1, "2026-11-20 12:30", "contract=minoterie kind=question",
     "intake=2026-11-20 13:00 response=2026-11-23 13:00"),
    ("Sixth: a part that only one version covers", LISBON, "vigie", 2,
     "2026-11-26 09:00", "contract=minoterie component=silo",
     "response=2026-11-26 16:00 resolution=2026-11-28 09:00"),
    ("Sixth: a duty has its own term and no other", LISBON, "vigie", 2,
     "2026-11-23 08:30", "contract=minoterie kind=duty",
     "resolution=2026-11-27 08:30"),
]

WRONG = [
    ("no such plan", "nothing\t1\t2026-11-20T10:00:00Z", "no plan 'nothing'"),
    ("no such instant", "ald\t1\tyesterday", "'yesterday' is no instant"),
    ("no offset", "ald\t1\t2026-11-20T10:00:00", "is no instant"),
    ("no such severity", "ald\t0\t2026-11-20T10:00:00Z", "no severity"),
    ("no such key", "ald\t1\t2026-11-20T10:00:00Z\tcolour=red",
     "unknown 'colour'"),
    ("a pause that runs backwards", "ald\t1\t2026-11-20T10:00:00Z\t"
     "pause=2026-11-21T00:00:00Z/2026-11-20T00:00:00Z",
     "ends before it begins"),
    ("no such contract", "ald\t1\t2026-11-20T10:00:00Z\tcontract=nobody",
     "no contract 'nobody'"),
    ("a contract before its time", "ald\t1\t2020-11-20T10:00:00Z\t"
     "contract=acier-vosges", "not yet in force"),
]


def instant(zone, wall):
    at = datetime.datetime.fromisoformat(wall)
    return at.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(
        datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def words(text):
    """"a=2026-11-20 17:00 b=x" as pairs: a wall time has a blank."""
    found = []
    for word in text.split():
        if "=" in word:
            found.append(word.split("=", 1))
        else:
            found[-1][1] += " " + word
    return found


def option(zone, key, value):
    if key == "pause":
        start, end = value.split("/")
        value = instant(zone, start) + "/" + instant(zone, end)
    return f"{key}={value}"


def rules(folder):
    """The shipped rules with the sixth provider laid over them."""
    path = Path(folder) / "rules"
    shutil.copytree(e2e.PROJECT / "rules", path)
    shutil.copytree(e2e.PROJECT / "tests/plans/sixth", path,
                    dirs_exist_ok=True)
    for name in ("1life", "nuxit"):
        (path / f"plans/example-{name}.yaml").write_text(EXAMPLE.format(name))
    return path / "guichet.yaml"


def ask(conf, lines):
    done = subprocess.run(
        [e2e.GUICHET, "deadline", "--batch", "-c", str(conf)],
        input="\n".join(lines) + "\n", capture_output=True, text=True,
        env=dict(os.environ, TZ="Asia/Tokyo"), check=False)
    return done, done.stdout.splitlines()


def main():
    tap = e2e.Tap()
    with tempfile.TemporaryDirectory() as folder:
        conf = rules(folder)
        lines = ["\t".join([plan, str(severity), instant(zone, received)] +
                           [option(zone, *w) for w in words(options)])
                 for _, zone, plan, severity, received, options, _ in ROWS]
        done, answers = ask(conf, lines)
        tap.ok(len(answers) == len(ROWS) and done.returncode == 0,
               "a line for each question", done.stderr)
        for (name, zone, _, _, received, _, due), line, answer in zip(
                ROWS, lines, answers):
            wanted = {"intake": received}
            wanted.update(words(due))
            wanted = {k: instant(zone, v) for k, v in wanted.items()}
            got = dict(w.split("=", 1) for w in answer.split("\t"))
            tap.ok(got == wanted, name,
                   f"asked  {line}\nwanted {wanted}\ngot    {got}")
        done, answers = ask(conf, [line for _, line, _ in WRONG])
        tap.ok(done.returncode == 1, "wrong lines make the exit code 1")
        for (name, line, error), answer in zip(WRONG, answers):
            tap.ok(answer.startswith("error=") and error in answer, name,
                   f"asked {line}\ngot   {answer}")
    return tap.end()


sys.exit(main())
