#!/usr/bin/env python3
"""guichet availability over a month of alerts, worked out by hand; and that
it stays the same a month, an edited plan and a rebuild later."""
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk import Desk, FIXTURES  # noqa: E402
from wire_lib import Tap  # noqa: E402

tap = Tap()
SCENARIO = FIXTURES / "alert-availability"
LATER = "2026-12-10T00:00:00Z"

# The scenario's outages of November: from, seconds that count, planned and
# excluded, tickets of the alerts.
NOVEMBER = [
    # HTTP of web1 from 12:00 to 12:45, web2 from 12:30 to 13:00
    ("2026-11-10T12:00:00Z", 3600, 0, 0, [1, 2]),
    # 00:50 to 02:05, over the night's window
    ("2026-11-11T00:50:00Z", 900, 3600, 0, [3]),
    # 14:10 to 15:30, maintenance until 15:00, announced four days before
    ("2026-11-12T14:10:00Z", 1800, 3000, 0, [4]),
    # half an hour in a maintenance that was announced one hour before
    ("2026-11-13T10:10:00Z", 1800, 0, 0, [None]),
    # the ticket was excluded
    ("2026-11-16T09:00:00Z", 0, 0, 7200, [6]),
    # a warning at 09:00, critical from 09:20 to 09:30
    ("2026-11-17T09:20:00Z", 600, 0, 0, [7]),
    # no recovery came: a technician resolved it after 25 minutes
    ("2026-11-18T08:00:00Z", 1500, 0, 0, [8]),
    # it goes on until 00:20 of December
    ("2026-11-30T23:30:00Z", 1800, 0, 0, [9]),
]
UNPLANNED = 12000  # all of them
NIGHTS = 30 * 3600


def ask(desk, *words, at=LATER):
    """The rows of `guichet availability --json`."""
    out = desk.run("availability", "--json", "--at", at, *words).stdout
    return [json.loads(line) for line in out.splitlines()]


def turns(desk):
    return [line for line in desk.dump().splitlines()
            if line.startswith(("alert ", "  turn ", "  change "))]


def check_month(desk):
    rows = ask(desk, "halcyon-data", "--month", "2026-11")
    row = rows[0] if len(rows) == 1 else {}
    found = [(o["from"], o["counted"], o["planned"], o["excluded"],
              [a["ticket"] for a in o["alerts"]])
             for o in row.get("outages", [])]
    tap.ok(found == NOVEMBER, "each outage of November", *found)
    sums = {key: row.get(key) for key in
            ("total", "planned", "unplanned", "excluded", "started_hours",
             "promised", "kept", "so_far", "zone", "from", "to")}
    wanted = {"total": 2592000, "planned": NIGHTS + 3600,
              "unplanned": UNPLANNED, "excluded": 7200, "started_hours": 4,
              "promised": 999000, "kept": False, "so_far": False,
              "zone": "Europe/London", "from": "2026-11-01T00:00:00Z",
              "to": "2026-12-01T00:00:00Z"}
    tap.ok(sums == wanted, "the sums of November", sums, wanted)
    # (2592000 - 111600 - 12000) / (2592000 - 111600) = 0.99516207...
    tap.ok(row.get("ratio") == 995162, "the ratio, rounded down", row)
    last = row["outages"][-1]
    tap.ok(last["goes_on"] and not last["began_before"]
           and last["to"] == "2026-12-01T00:00:00Z",
           "the last goes on", last)
    return row


def check_times(desk, november):
    december = ask(desk, "halcyon-data", "--month", "2026-12",
                   at="2026-12-02T00:00:00Z")[0]
    tap.ok(december["unplanned"] == 1200 and december["so_far"]
           and december["total"] == 86400 and december["planned"] == 3600
           and december["outages"][0]["began_before"],
           "December so far: what is left of the last", december)
    halves = [ask(desk, "halcyon-data", "--from", a, "--to", b)[0]
              for a, b in [("2026-11-01T00:00:00Z", "2026-11-12T14:30:00Z"),
                           ("2026-11-12T14:30:00Z", "2026-12-01T00:00:00Z")]]
    sums = {key: sum(half[key] for half in halves)
            for key in ("total", "planned", "unplanned", "excluded")}
    tap.ok(sums == {key: november[key] for key in sums},
           "two halves are the whole", sums)
    running = ask(desk, "halcyon-data", at="2026-11-10T12:20:00Z")[0]
    tap.ok(running["unplanned"] == 1200 and running["so_far"]
           and running["outages"][0]["goes_on"],
           "without a month, the present one until now", running)


def check_hosts(desk):
    rows = ask(desk, "halcyon-data", "--month", "2026-11", "--hosts")
    found = {row["host"]: (row["planned"], row["unplanned"]) for row in rows}
    wanted = {None: (NIGHTS + 3600, UNPLANNED),
              "etl.halcyon": (NIGHTS, 0),
              "web1.halcyon": (NIGHTS + 3600, 2700 + 900 + 1800 + 1500),
              "web2.halcyon": (NIGHTS, 1800 + 1800 + 600 + 1800)}
    tap.ok(found == wanted, "each host by itself", found)
    one = ask(desk, "halcyon-data", "--month", "2026-11", "--host", "WEB2.*")
    tap.ok(len(one) == 1 and one[0]["unplanned"] == 6000,
           "of some hosts alone", one)
    every = ask(desk, "--month", "2026-11")
    tap.ok([row["contract"] for row in every]
           == ["halcyon-data", "phare-ouest"] and every[1]["kept"]
           and every[1]["planned"] == 0,
           "every contract that promises it", every)


def check_words(desk):
    out = desk.run("availability", "halcyon-data", "--month", "2026-11",
                   "--at", LATER).stdout
    for words in ["availability 99.5162 %, objective 99.9 %: missed",
                  "unplanned    3 h 20 min", "hours        4 started",
                  "2026-11-11 00:50:00 +00:00 to 02:05:00  1 h 15 min: "
                  "15 min counted, 1 h planned",
                  "#3  web1.halcyon  2026-11-11 00:50:00 +00:00 to 02:05:00",
                  "planned   2026-11-11 01:00:00 +00:00 to 02:00:00  1 h",
                  "no ticket  web2.halcyon HTTP shop", ", goes on"]:
        tap.ok(words in out, f"for people: {words}", out)
    table = desk.run("availability", "--month", "2026-11", "--at",
                     LATER).stdout.splitlines()
    tap.ok(table[1].split("\t") == ["halcyon-data", "*", "720 h", "31 h",
                                    "3 h 20 min", "8", "99.5162 %", "99.9 %",
                                    "missed"], "a table of all", *table)
    listed = [json.loads(line) for line in desk.run(
        "maintenance", "list", "--all", "--json").stdout.splitlines()]
    tap.ok([m["announced"] for m in listed]
           == ["2026-11-08T10:00:00Z", "2026-11-13T09:00:00Z"],
           "maintenance list says when each was ordered", listed)


def check_refused(desk):
    for words, said in [
            (["nobody"], "there is no contract 'nobody'"),
            (["brasserie-lambic"], "promised no availability"),
            (["--month", "2026-13"], "takes a month as 2026-11"),
            (["--month", "2026-11", "--from", LATER], "give --month, or"),
            (["--to", LATER], "--to goes with --from"),
            (["--from", LATER, "--to", "2026-11-01T00:00:00Z"],
             "end before it begins"),
            (["--from", "yesterday"], "yesterday")]:
        done = desk.run("availability", "--at", LATER, *words, check=False)
        tap.ok(done.returncode != 0 and said in done.stderr
               and not done.stdout, f"refused: {' '.join(words)}",
               done.returncode, done.stdout, done.stderr)


def check_twice(desk, november):
    """A mail that comes again is no second outage."""
    before = turns(desk)
    for n, path in enumerate(sorted((SCENARIO / "new").iterdir())[:4]):
        raw = path.read_bytes()
        desk.deliver(f"{1796860800 + n}.a{n}.alert", raw)
        desk.deliver(f"{1796860900 + n}.b{n}.alert", raw.replace(
            b"Received: from sup.", b"Received: from relay.supervision.example"
            b" (relay [192.0.2.11])\n\tby mx.desk.example; "
            b"Thu, 10 Dec 2026 00:00:00 +0000\nReceived: from sup.", 1))
    desk.drain("2026-12-10T00:10:00Z")
    tap.ok(turns(desk) == before, "a mail that comes again turns nothing",
           *[line for line in turns(desk) if line not in before])
    rows = ask(desk, "halcyon-data", "--month", "2026-11")
    tap.ok(rows == [november], "and November is what it was", *rows)


def check_by_hand(desk, november):
    """A ticket that is opened again is down again; one that is moved takes its
    outage along."""
    desk.run("event", "8", "resume", "--at", "2026-12-09T10:00:00Z")
    desk.run("resolve", "8", "--at", "2026-12-09T11:00:00Z")
    december = ask(desk, "halcyon-data", "--month", "2026-12")[0]
    tap.ok(december["unplanned"] == 1200 + 3600
           and [a["ticket"] for a in december["outages"][1]["alerts"]] == [8],
           "opened again, until it is resolved again", december)
    desk.run("event", "2", "contract", "phare-ouest")
    rows = ask(desk, "--month", "2026-11")
    # 12:45 to 13:00 was web2's alone.
    tap.ok([row["unplanned"] for row in rows] == [UNPLANNED - 900, 1800],
           "moved to another contract, it counts there", *rows)
    desk.run("event", "2", "contract", "halcyon-data")
    rows = ask(desk, "halcyon-data", "--month", "2026-11")
    tap.ok(rows == [november], "and back", *rows)


def check_past(desk, november):
    """Edited plans count from when the desk has them; a rebuild, and a host
    that is another client's by now, change nothing of what was."""
    rules = desk.dir / "rules"
    plan = rules / "plans/semarchy.yaml"
    plan.write_text(plan.read_text().replace("01:00-02:00", "03:00-05:00")
                    .replace("counts: [down, critical]", "counts: [down]"))
    hosts = rules / "alerts/hosts.yaml"
    hosts.write_text(hosts.read_text().replace("contract: halcyon-data",
                                               "contract: phare-ouest"))
    desk.drain("2026-12-11T00:00:00Z")
    rows = ask(desk, "halcyon-data", "--month", "2026-11")
    tap.ok(rows == [november], "November after the plan was edited", *rows)
    december = ask(desk, "halcyon-data", "--month", "2026-12",
                   at="2026-12-13T00:00:00Z")[0]
    # Ten nights of one hour, then two of two.
    tap.ok(december["planned"] == 10 * 3600 + 2 * 7200,
           "December, of each day its own", december)
    desk.run("rebuild", "--at", "2026-12-11T00:00:00Z")
    rows = ask(desk, "halcyon-data", "--month", "2026-11")
    tap.ok(rows == [november], "November after a rebuild", *rows)


def main():
    folder = Path(tempfile.mkdtemp(prefix="guichet-availability."))
    try:
        desk = Desk(folder)
        own = folder / "own"
        own.mkdir()
        desk.own_rules(own)
        desk.play(SCENARIO)
        november = check_month(desk)
        check_times(desk, november)
        check_hosts(desk)
        check_words(desk)
        check_refused(desk)
        check_twice(desk, november)
        check_by_hand(desk, november)
        check_past(desk, november)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
tap.end()
