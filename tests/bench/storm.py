#!/usr/bin/env python3
"""doc/security.md T37: a storm of alerts with one client's mail among them.

ALERTS mails (100,000) of KEYS (1,000) are all in the Maildir, one client's
mail behind half of them, before the desk begins: harder than ten minutes of
them. Told: how long until the client's ticket, how large the store, how many
tickets. SECONDS (60) and BYTES (1 GiB) are what must hold.
"""
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import desk as e2e

ALERTS = int(os.environ.get("ALERTS", "100000"))
KEYS = int(os.environ.get("KEYS", "1000"))
SECONDS = float(os.environ.get("SECONDS", "60"))
BYTES = int(os.environ.get("BYTES", str(1 << 30)))
SECRET = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"

ALERT = """Return-Path: <nagios@supervision.example>
Delivered-To: {to}
Received: from sup.supervision.example (sup.supervision.example [192.0.2.10])
\tby mx.desk.example (Postfix) with ESMTPS id {n:010X}
\tfor <{to}>; {date}
Message-ID: <storm.{n}@supervision.example>
Date: {date}
MIME-Version: 1.0
From: nagios@supervision.example
To: {to}
Subject: ** PROBLEM Service Alert: {host}/{service} is CRITICAL **
Content-Type: text/plain; charset=us-ascii

***** Nagios *****

Notification Type: PROBLEM

Service: {service}
Host: {host}
Address: 192.0.2.80
State: CRITICAL

Date/Time: {date}

Additional Info:

CRITICAL - Socket timeout after 10 seconds ({n})
"""

CLIENT = """Return-Path: <luc@brasserie-lambic.example>
Delivered-To: help@desk.example
Authentication-Results: mx.desk.example;
\tdmarc=pass header.from=brasserie-lambic.example
Received: from mail.brasserie-lambic.example (mail.brasserie-lambic.example
\t[192.0.2.34]) by mx.desk.example (Postfix) with ESMTPS id 42AE9BAB36
\tfor <help@desk.example>; {date}
Message-ID: <client.1@brasserie-lambic.example>
Date: {date}
MIME-Version: 1.0
From: Luc Peeters <luc@brasserie-lambic.example>
To: help@desk.example
Subject: La boutique ne repond plus
Content-Type: text/plain; charset=us-ascii

Bonjour,

La boutique ne repond plus depuis dix minutes.

Luc Peeters
"""


def deliver(desk, begun):
    """All mails, the client's behind half of the alerts."""
    folder = desk.dir / "mail/support/new"
    for n in range(ALERTS + 1):
        at = begun - 600 + 600 * n // ALERTS
        date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at))
        if n == ALERTS // 2:
            text = CLIENT.format(date=date)
        else:
            key = n % KEYS
            text = ALERT.format(to=SECRET, n=n, date=date,
                                host=f"web{key // 10}.brasserie-lambic",
                                service=f"probe {key % 10}")
        (folder / f"{at}.{n:06d}.storm").write_text(text)


def count(store, words):
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
            return db.execute(words).fetchone()[0]
    except sqlite3.Error:
        return 0


def size_of(store):
    return sum(path.stat().st_size for path in store.parent.glob(store.name + "*"))


def main():
    tap = e2e.Tap()
    desk = e2e.Desk(readers=2)
    store = desk.dir / "guichet.sqlite"
    deliver(desk, int(time.time()))
    begun = time.monotonic()
    program = subprocess.Popen([e2e.GUICHET, "run", "-c", str(desk.conf)],
                               stderr=subprocess.DEVNULL)
    client, done = None, 0
    try:
        while done < ALERTS + 1 and program.poll() is None:
            time.sleep(0.2)
            done = count(store, "SELECT count(*) FROM mail "
                                "WHERE state = 'done' AND mailbox <> 'cli'")
            if client is None and count(
                    store, "SELECT count(*) FROM ticket JOIN event ON "
                    "event.ticket = number AND event.type = 'opened' "
                    "JOIN content ON content.mail = event.mail "
                    "WHERE content.subject LIKE 'La boutique%'"):
                client = time.monotonic() - begun
            if time.monotonic() - begun > float(
                    os.environ.get("AT_MOST", "1800")):
                break
    finally:
        program.terminate()
        program.wait()
    seconds = time.monotonic() - begun
    tickets = count(store, "SELECT count(*) FROM ticket")
    size = size_of(store)
    print(f"# {done} of {ALERTS + 1} mails decided in {seconds:.1f} s, "
          f"{done / seconds:.0f} a second; {tickets} tickets; store "
          f"{size / 1048576:.1f} MiB, {size / max(done, 1):.0f} bytes a mail")
    tap.ok(done == ALERTS + 1, "every mail is decided", f"{done}")
    tap.ok(client is not None and client <= SECONDS,
           f"the client's ticket after {client or -1:.1f} s",
           f"{client} > {SECONDS}")
    tap.ok(size < BYTES, f"the store holds {size} bytes")
    # 60 an hour, the storm's own, the client's; the mails span two hours.
    tap.ok(tickets <= 62 + 61, f"{tickets} tickets")
    subprocess.run(["rm", "-rf", str(desk.dir)], check=False)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
