#!/usr/bin/env python3
"""How fast a mail goes through, beside Python doing the least of the same work
in the same run.

  parse   `guichet parse` of real shapes of mail, against Python's email parser
          giving the same headers and text as JSON
  intake  `run --once` of requests, each a ticket under contract with clocks,
          an acknowledgment or its refusal, and three notices, against Python
          keeping the raw mails in SQLite (WAL, synchronous=FULL, a commit for
          50), moving the files to cur/, and writing three answers each into
          a Maildir, durable, with a commit before and behind

usage: mails.py [MAILS]   2000 unless told
"""
import email
import email.message
import email.policy
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import desk as e2e

MAILS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
AT = 1795190400  # 2026-11-20T16:00:00Z
COMMIT = 50

REQUEST = """Return-Path: <jeanne.morel@acier-vosges.example>
Delivered-To: sos24@desk.example
Authentication-Results: mx.desk.example;
\tdmarc=pass header.from=acier-vosges.example
Received: from mail.acier-vosges.example (mail.acier-vosges.example
\t[192.0.2.34]) by mx.desk.example (Postfix) with ESMTPS id 42AE9BAB36
\tfor <sos24@desk.example>; {date}
Message-ID: <bench.{n}@acier-vosges.example>
Date: {date}
MIME-Version: 1.0
From: Jeanne Morel <jeanne.morel@acier-vosges.example>
To: sos24@desk.example
Subject: Panne bloquante {n} : connexion a l'ERP impossible
Content-Type: text/plain; charset=us-ascii

Bonjour,

Plus personne ne peut se connecter a l'ERP depuis ce matin ({n}).

Cordialement,
Jeanne Morel
"""


def read_with_python(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return {"subject": message["subject"], "from": str(message["from"]),
            "to": str(message["to"]), "message_id": message["message-id"],
            "text": body.get_content() if body is not None else ""}


def some_mails():
    """The mails that the project's own tests read, over and over."""
    files = sorted(path for folder in ("tests/alerts", "maildir-fixtures")
                   for path in (e2e.PROJECT / folder).glob("**/*")
                   if path.suffix == ".eml" or path.parent.name == "new")
    return [files[i % len(files)] for i in range(MAILS)]


def parse():
    files = some_mails()
    begun = time.perf_counter()
    out = subprocess.run([e2e.GUICHET, "parse", *files], check=False,
                         capture_output=True).stdout
    ours = time.perf_counter() - begun
    if out.count(b"\n") != len(files):
        raise SystemExit("parse: a mail has no line")
    begun = time.perf_counter()
    for path in files:
        try:
            json.dumps(read_with_python(path.read_bytes()))
        except (LookupError, ValueError, AttributeError, IndexError):
            pass  # hostile ones are among them
    peer = time.perf_counter() - begun
    print(f"parse   {len(files) / ours:8.0f} mails/s"
          f"   {peer / ours:.2f} x Python's email parser")


def answer_with_python(store, folder, mail, kept):
    for n in range(3):
        answer = email.message.EmailMessage()
        answer["Subject"] = f"[#{mail}] {kept['subject']}"
        answer["To"] = f"technician{n}@desk.example"
        answer.set_content(kept["text"])
        store.execute("INSERT INTO answer (mail, state) VALUES (?, 'sending')",
                      (mail,))
        path = folder / f"tmp/{mail}.{n}"
        with open(path, "wb") as f:
            f.write(bytes(answer))
            os.fsync(f.fileno())
        os.rename(path, folder / f"new/{mail}.{n}")
        store.execute("UPDATE answer SET state = 'sent' WHERE id = "
                      "last_insert_rowid()")


def keep_with_python(folder):
    store = sqlite3.connect(folder / "peer.sqlite", isolation_level=None)
    store.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "CREATE TABLE mail (id INTEGER PRIMARY KEY, raw BLOB, subject TEXT);"
        "CREATE TABLE answer (id INTEGER PRIMARY KEY, mail, state);")
    new, cur = folder / "peer/new", folder / "peer/cur"
    names = sorted(os.listdir(new))
    for i in range(0, len(names), COMMIT):
        kept = []
        store.execute("BEGIN IMMEDIATE")
        for name in names[i:i + COMMIT]:
            raw = (new / name).read_bytes()
            read = read_with_python(raw)
            kept.append((store.execute(
                "INSERT INTO mail (raw, subject) VALUES (?, ?)",
                (raw, read["subject"])).lastrowid, read))
        store.execute("COMMIT")
        for name in names[i:i + COMMIT]:
            os.rename(new / name, cur / (name + ":2,"))
        for mail, read in kept:
            answer_with_python(store, folder / "answers", mail, read)
    store.close()


def intake():
    with tempfile.TemporaryDirectory(prefix="guichet-bench.") as top:
        desk = e2e.Desk(folder=top, readers=2)
        for sub in ("peer/new", "peer/cur", "answers/new", "answers/tmp"):
            (desk.dir / sub).mkdir(parents=True)
        for n in range(MAILS):
            at = AT + n
            date = time.strftime("%a, %d %b %Y %H:%M:%S +0000",
                                 time.gmtime(at))
            text = REQUEST.format(n=n, date=date)
            for box in ("mail/support/new", "peer/new"):
                (desk.dir / box / f"{at}.{n}.bench").write_text(text)
        begun = time.perf_counter()
        desk.drain(time.strftime("%Y-%m-%dT%H:%M:%SZ",
                                 time.gmtime(AT + MAILS)), timeout=1800)
        ours = time.perf_counter() - begun
        begun = time.perf_counter()
        keep_with_python(desk.dir)
        peer = time.perf_counter() - begun
        print(f"intake  {MAILS / ours:8.0f} tickets/s, answers sent"
              f"   {peer / ours:.2f} x Python's")


parse()
intake()
