#!/usr/bin/env python3
"""What a client was told: corrected by mail when it is not so any more, and
listed by `guichet told`."""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
PRIYA = "priya.shah@halcyon-data.example"
ANNE = e2e.TECHNICIANS[0]
KNOWN = {"10:00@halcyon-data.example", "10:20@desk.example"}
MAIL = """\
Return-Path: <{sender}>
Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}
Received: from mail.{domain} (mail.{domain} [192.0.2.30])
\tby mx.desk.example (Postfix) with ESMTPS id AA62BEDCBB
\tfor <help@desk.example>; Tue, 24 Nov 2026 {time}:00 +0100
Message-ID: <{time}@{domain}>
Date: Tue, 24 Nov 2026 {time}:00 +0100
MIME-Version: 1.0
From: <{sender}>
To: {to}
{more}Subject: {subject}
Content-Type: text/plain; charset=utf-8

{text}
"""


def write(desk, time, sender, subject, text, to="help@desk.example", more=""):
    hours, minutes = map(int, time.split(":"))
    raw = MAIL.format(sender=sender, domain=sender.split("@")[1], time=time,
                      to=to, subject=subject, text=text, more=more)
    seconds = 1795474800 + 3600 * hours + 60 * minutes
    desk.deliver(f"{seconds}.M1.mx", raw.encode())
    desk.drain(at(time))


def answer(desk, time, sender, text):
    """To the newest mail about #1 that he got."""
    last = [m for m in desk.sent() if m.to == sender][-1]
    write(desk, time, sender, "Re: [#1] import", text, last.reply_to,
          f"In-Reply-To: <{last.message_id}>\n")


def at(time):
    return f"2026-11-24T{time}:00+01:00"


def told(desk, when):
    lines = desk.run("told", "1", "--json", "--at", when).stdout.splitlines()
    return [json.loads(line) for line in lines]


def became(row):
    return {p["milestone"]: p["became"] for p in row["promises"]}


def test_client():
    """A technician's severity is another than the one that was told."""
    desk = e2e.Desk()
    write(desk, "10:00", PRIYA, "Severity 3: the import page is slow",
          "The import page answers slowly since this morning.")
    answer(desk, "10:20", ANNE, "#severity 4")
    desk.drain(at("10:29"))
    tap.ok([m.what for m in desk.sent() if m.what == "correction"] == [],
           "nothing within ten minutes")
    desk.drain(at("10:30"))
    desk.drain(at("12:00"))
    mails = desk.sent()
    corrections = [m for m in mails if m.what == "correction"]
    tap.ok([m.to for m in corrections] == [PRIYA],
           "one correction, to who was told",
           [m.to for m in corrections])
    text = corrections[0].body()
    wanted = ["a technician has looked into your request", "- Severity",
              "Before: 3 (", "Now:    4 (", "- Workaround", "Now:    none",
              "How this is counted:", "If you do not agree"]
    tap.ok(all(w in text for w in wanted), "before, now, why, how, what to do",
           text)
    tap.ok(all(w in corrections[0].body("html") for w in wanted[:1]),
           "in HTML, too")
    tap.ok(e2e.check_sent(mails, KNOWN) in (None, []), "its head and its thread",
           e2e.check_sent(mails, KNOWN))
    rows = told(desk, at("12:00"))
    tap.ok([r["by"] for r in rows] == ["acknowledgment", "correction"] and
           [r["severity"] for r in rows] == [3, 4] and
           {r["to"] for r in rows} == {PRIYA} and
           set(became(rows[0]).values()) == {"corrected"} and
           set(became(rows[1]).values()) == {"owed"},
           "told: by which mail, to whom, what became of it", rows)
    answer(desk, "14:00", ANNE, "We look at it this afternoon.")
    rows = told(desk, at("15:00"))
    tap.ok(became(rows[1])["response"] == "kept", "an answer keeps one", rows)
    table = desk.run("told", "1", "--at", at("15:00")).stdout.splitlines()
    tap.ok(table[0].split("\t")[:4] == ["TOLD", "PROMISE", "COMMITMENT", "DUE"]
           and len(table) == 1 + sum(len(r["promises"]) for r in rows),
           "a table, a promise a line", table)
    answer(desk, "15:10", ANNE, "#next 2026-11-25 16:00\n\nWe go on tomorrow.")
    news = told(desk, at("16:00"))[-1]
    tap.ok((news["by"], news["to"]) == ("reply", PRIYA) and
           news["promises"] == [{"milestone": "news", "commitment": None,
                                 "due": "2026-11-25T15:00:00Z",
                                 "became": "owed",
                                 "at": "2026-11-25T15:00:00Z"}],
           "promised news, by the reply that they stand in", news)
    table = desk.run("told", "1", "--at", at("16:00")).stdout.splitlines()
    tap.ok(table[-1].split("\t")[1:3] == ["news", "-"], "and in the table",
           table[-1])


def test_alert():
    """The same promise told again; and in the end not kept."""
    desk = e2e.Desk()
    desk.play(e2e.FIXTURES / "alert-worse")
    rows = told(desk, at("10:30"))
    tap.ok([became(r).get("response") for r in rows] == ["repeated", "owed"]
           and rows[1]["by"] == "correction", "an alert: told again", rows)
    rows = told(desk, at("15:00"))
    tap.ok(became(rows[1])["response"] == "missed", "and missed", rows)


def test_nothing():
    desk = e2e.Desk()
    got = desk.run("told", "7", check=False)
    tap.ok(got.returncode == 1 and "there is no ticket #7" in got.stderr,
           "no such ticket", got.stderr)
    got = desk.run("told", check=False)
    tap.ok(got.returncode == 2, "no number: how it is written", got.stderr)


test_client()
test_alert()
test_nothing()
sys.exit(tap.end())
