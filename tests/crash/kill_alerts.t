#!/usr/bin/python3
"""
The desk killed at its writes while it takes in alerts, and started again: the
same tickets, the same alerts with the same turns, none counted twice.

Three scenarios on top of what an undisturbed run left: alerts of each kind,
some in planned maintenance; what time alone brings about afterwards; a storm
that gets its parent and is over. They write much: one by chance of each twelve
writes in a row, each with LONG=1 (kill_lib.py).
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kill_lib import (SOURCES, Scenario, Trial, alert, alert_rules, desk, end,
                      kill_everywhere, reference, sample, step_of, tap, tokens,
                      top)

DAY = "2026-11-20T"
STEP = step_of(12)
rules = desk.small_rules(os.path.join(top, "rules"))


def at(time):
    return DAY + time + "+01:00"


def once_more(mail, time):
    """The same mail by another way."""
    return desk.instant(at(time)), mail[1].replace(
        b"Received: ", b"Received: from relay.supervision.example (relay "
        b"[192.0.2.11])\r\n\tby mx.desk.example; "
        + desk.rfc_date(desk.instant(at(time))).encode() + b"\r\nReceived: ",
        1)


def each_kind():
    worse = alert("10:01:00", "web1", "HTTP", "CRITICAL")
    mails = [
        alert("10:00:00", "web1", "HTTP", "WARNING"),
        worse,
        alert("10:02:00", "web1", "HTTP", "CRITICAL"),
        once_more(worse, "10:02:30"),
        alert("10:15:00", "mail1", "SMTP", "CRITICAL"),
        alert("10:20:00", "mail1", "SMTP", "OK"),
        # back within the hour
        alert("10:24:00", "mail1", "SMTP", "CRITICAL"),
        # in maintenance: one goes on, one is over in it
        alert("10:25:00", "job1", "run", "CRITICAL"),
        alert("10:30:00", "job2", "run", "CRITICAL"),
        alert("10:35:00", "job2", "run", "OK"),
        alert("10:36:00", "ghost", "run", "OK"),
    ]
    mails += [alert(f"10:{5 + n:02d}:00", "db1", "MySQL",
                    "OK" if n % 2 else "CRITICAL") for n in range(6)]
    return sorted(mails)


def lines_of(dump, start):
    """An alert's line and its turns."""
    found = re.search(rf"^alert mon\|{re.escape(start)} .*\n(?:  .*\n)*",
                      dump, re.M)
    return found[0] if found else ""


def kill_all(scenario, twice=0):
    site, dump, sent, writes = reference(scenario)
    between = kill_everywhere(scenario, sample(1, writes, STEP), dump, sent,
                              twice)
    return site, dump, between


def each_kind_and_after():
    """(kills between commit and mark) of the first two scenarios."""
    before = Trial(Scenario("before", "2026-11-19T13:00:00+01:00", [], rules,
                            extra=SOURCES))
    before.run()
    planned = before.site.call(
        "maintenance", "add", "job*", at("10:20:00"), at("11:00:00"), "--at",
        "2026-11-19T13:00:00+01:00")
    tap.ok(planned.returncode == 0, "a maintenance is planned",
           planned.stderr)
    site, dump, between = kill_all(
        Scenario("alerts", at("10:45:00"), each_kind(), rules, before.site,
                 SOURCES), twice=8)
    web, db = lines_of(dump, "nagios|web1/HTTP"), lines_of(
        dump, "nagios|db1/MySQL")
    tap.ok(" count 3 " in web and web.count("  turn ") == 1
           and web.count("  change ") == 1,
           "alerts: open, worse, repeated, and the same mail again", web)
    tap.ok(" flapping " in db and db.count("  turn ") == 6,
           "alerts: one flaps", db)
    tap.ok(lines_of(dump, "nagios|mail1/SMTP").count("  turn ") == 3
           and "reopened" not in lines_of(dump, "nagios|mail1/SMTP"),
           "alerts: one recovers and is back", dump)
    tap.ok("silenced" in lines_of(dump, "nagios|job1/run").splitlines()[0]
           and lines_of(dump, "nagios|job2/run").count("silenced") == 1,
           "alerts: two in maintenance", dump)

    _, dump, _ = kill_all(Scenario("later", at("12:30:00"), [], rules, site,
                                   SOURCES), twice=4)
    job = lines_of(dump, "nagios|job1/run")
    tap.ok("  change " in job and "ticket" in job.splitlines()[0]
           and "flapping" not in lines_of(dump, "nagios|db1/MySQL")
           and "firing" in lines_of(dump, "expected|backup"),
           "later: a maintenance ends, a calm begins, a mail did not come",
           dump)
    return between


def storm():
    many = [alert(f"13:00:{n:02d}", f"node{n}", "run", "CRITICAL")
            for n in range(60)]
    start = Trial(Scenario("calm", at("13:02:00"), many, rules,
                           extra=SOURCES))
    start.run()
    mails = [alert("13:05:00", "more1", "run", "CRITICAL"),
             alert("13:05:10", "more2", "run", "CRITICAL"),
             alert("13:05:20", "more1", "run", "CRITICAL"),
             alert("13:06:00", "node0", "run", "OK"),
             alert("13:07:00", "more1", "run", "OK"),
             alert("13:08:00", "more2", "run", "OK")]
    _, dump, between = kill_all(
        Scenario("storm", at("13:10:00"), mails, rules, start.site, SOURCES),
        twice=8)
    tap.ok("alert mon|storm| over" in dump and "#storm" in dump
           and "ticket 61: resolved" in dump and "ticket 62" not in dump,
           "storm: one parent, and it is over", dump[-4000:])
    return between


def main():
    alert_rules(rules)
    tokens(rules)
    between = each_kind_and_after() + storm()
    tap.ok(STEP > 1 or between > 0,
           f"{between} kills between a commit and its mark")


end(main)
