#!/usr/bin/env python3
"""What others write, in whatever field, adds nothing to what we send and marks
nothing that we sent (doc/security.md T16, T20), as another parser reads it."""
import sys
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib

tap = e2e.Tap()
ANNE = "anne.martin@desk.example"
JEANNE = "jeanne.morel@acier-vosges.example"
START = datetime.fromisoformat("2026-11-24T10:00:00+01:00")
RECEIVED = ("Received: from mail.test (mail.test [192.0.2.3])\n"
            "\tby mx.desk.example (Postfix) with ESMTPS id A1 for <{to}>;\n\t{when}\n")


def opened():
    site = talk_lib.Desk()
    site.mail(START.isoformat(), JEANNE, "Panne", "La production ne tourne plus.")
    site.drain(START.isoformat())
    return site


BAD = {"CR": "\r", "LF": "\n", "CRLF": "\r\n", "percent": "%0d%0a", "encoded": "=?utf-8?q?=0D=0A?=", "NUL": "\0",
       "U+2028": "\u2028", "U+0085": "\u0085"}
PLACES = ("subject", "name", "local part", "domain", "message-id", "references", "filename", "title", "argument")


def injected(site, now, place, bad, n):
    """One mail with that in that place, as raw bytes; what it would smuggle."""
    word = f"x{bad}Bcc: v@evil.test"
    put = {"subject": f"Panne {n}", "name": "", "address": JEANNE, "id": f"inject{n}@test.example", "more": "",
           "body": "Panne."}
    if place == "subject":
        put["subject"] = f"Panne {n} {word}"
    elif place == "name":
        put["name"] = f"\"Jeanne {word}\" "
    elif place == "local part":
        put["address"] = f"jeanne{word}@acier-vosges.example"
    elif place == "domain":
        put["address"] = f"jeanne@acier-vosges.example{word}"
    elif place == "message-id":
        put["id"] = f"inject{n}{word}@test.example"
    elif place == "references":
        put["more"] = f"In-Reply-To: <a{n}{word}@b.test>\nReferences: <c{n}@d.test> <e{word}@f.test>\n"
    elif place == "filename":
        put["more"] = f"Content-Disposition: attachment; filename=\"a{word}.txt\"\n"
    else:
        order = f"#new acier-vosges {JEANNE}\n\n{word}" if place == "title" else f"#tag {word}\n#workaround {word}"
        put.update(address=ANNE, body=order, subject="Re: [#1] Panne")
    to = site.newest(ANNE, 1).reply_to if place in ("title", "argument") else "help@desk.example"
    domain = (ANNE if put["address"] == ANNE else JEANNE).split("@")[1]
    when = format_datetime(now)
    raw = (f"Return-Path: <{JEANNE if put['address'] != ANNE else ANNE}>\nDelivered-To: {to}\n"
             f"Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}\n"
             f"{RECEIVED.format(to=to, when=when)}From: {put['name']}<{put['address']}>\nTo: {to}\n"
             f"Subject: {put['subject']}\nDate: {when}\nMessage-ID: <{put['id']}>\nMIME-Version: 1.0\n{put['more']}"
             f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{put['body']}\n")
    site.deliver(f"{int(now.timestamp())}.{n:03}.inject", raw.encode())


def test_inject_matrix():
    """Line ends and controls in each field that may come out again: 72 cases, each to the bytes that leave."""
    mine = {JEANNE, *e2e.TECHNICIANS, "paule.gestion@desk.example"}
    for place in PLACES:
        site = opened()
        before, now = len(site.mails), START
        for n, bad in enumerate(BAD.values()):
            now += timedelta(minutes=6)
            injected(site, now, place, bad, n)
        site.drain((now + timedelta(minutes=1)).isoformat())
        newest = {m.row["ticket"]: m for m in site.mails if m.what == "notice" and m.to == ANNE}
        for ticket, notice in newest.items():
            now += timedelta(minutes=1)
            site.mail(now.isoformat(), ANNE, f"Re: {ticket}", "Bien recu.", notice.reply_to)
        site.drain((now + timedelta(minutes=1)).isoformat())
        mails = site.mails
        faults = e2e.check_sent(mails, threads=False)
        named = {m.to for m in mails} | {a.addr_spec for m in mails for f in ("To", "Cc", "Bcc", "Reply-To")
                                         if m.message[f] for a in m.message[f].addresses}
        strangers = {a for a in named - mine if not a.startswith("help+")}
        # An order that is refused or repeated opens no ticket, and is told.
        least = 1 if place in ("title", "argument") else len(BAD)
        tap.ok(len(newest) >= least and len(mails) > before + least,
               f"inject_matrix: {place}: all {len(BAD)} were taken in, and answered about", (len(newest), len(mails)))
        tap.ok(not faults and not strangers, f"inject_matrix: {place}: nothing that left has a field or a reader more",
               "\n".join(faults) + str(strangers))


def test_forged_dsn():
    """37 forged-dsn: a report to the desk's plain address that names our mail is a claim, and marks nothing."""
    site = opened()
    site.answer((START + timedelta(minutes=1)).isoformat(), ANNE, 1, "Nous cherchons.")
    now = START + timedelta(minutes=2)
    site.drain(now.isoformat())
    ours = [m for m in site.mails if m.what == "reply"][-1].message_id.strip("<>")
    when = format_datetime(now)
    site.deliver(f"{int(now.timestamp())}.900.dsn", (
        f"Return-Path: <>\nDelivered-To: help@desk.example\n"
        "Authentication-Results: mx.desk.example; dmarc=none header.from=evil.test\n"
        f"{RECEIVED.format(to='help@desk.example', when=when)}"
        f"From: MAILER-DAEMON@evil.test\nTo: help@desk.example\nSubject: Undelivered\nMessage-ID: <dsn@evil.test>\n"
        f"Date: {when}\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nNo such user.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.evil.test\n\n"
        f"Final-Recipient: rfc822; {JEANNE}\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n"
        f"Message-ID: <{ours}>\nSubject: x\n\nx\n--b--\n").encode())
    out = site.drain((now + timedelta(minutes=1)).isoformat())
    shown = site.ticket(1, (now + timedelta(minutes=2)).isoformat())
    entry = [e for e in shown["entries"] if e["subject"] == "Undelivered"]
    met = [c["milestone"] for c in shown["clocks"] if c.get("met")]
    tap.ok(len(entry) == 1 and entry[0]["visibility"] == "internal" and not out,
           "37 forged-dsn: kept inside on the ticket, nobody mailed", [(m.what, m.to, m.body()[:300]) for m in out])
    tap.ok("response" in met and " bounced" not in site.dump(), "37 forged-dsn: nothing is marked", (met, site.dump()))


def main():
    test_inject_matrix()
    test_forged_dsn()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
