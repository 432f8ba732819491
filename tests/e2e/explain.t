#!/usr/bin/python3
"""`guichet explain` tells what `guichet run` would do, technicians' answers
to mails of ours and what is held back included, and stores nothing."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as lib

AT = "2026-11-20T17:05:00+01:00"
STAMP = b"""Authentication-Results: mx.desk.example; dmarc=pass header.from=%s
Received: from mail.test by mx.desk.example with ESMTPS id 1
\tfor <help@desk.example>; Fri, 20 Nov 2026 17:00:00 +0100
"""

tap = lib.Tap()
desk = lib.Desk()
desk.deliver("1795190400.1.h", STAMP % b"acier-vosges.example" +
             b"From: <jeanne.morel@acier-vosges.example>\n"
             b"Message-ID: <o@acier.test>\nSubject: Panne\n\nPanne.\n")
desk.drain(AT)
before = desk.dump()


def explain(name, raw, *words):
    path = desk.dir / name
    path.write_bytes(desk.fill(raw))
    done = desk.run("explain", str(path), "--at", AT, *words)
    return done.stdout, done.stderr


answer = (STAMP % b"desk.example" + b"From: <anne.martin@desk.example>\n"
          b"To: <{{reply-to notice anne.martin@desk.example}}>\n"
          b"Message-ID: <t@desk.example>\nSubject: Re\n\n"
          b"C'est en cours.\n")
said, wrong = explain("answer", answer)
tap.ok("--- reply to jeanne.morel@acier-vosges.example ---" in said and
       "C'est en cours." in said.split("--- reply")[-1] and wrong == "",
       "a technician's answer goes out", said + wrong)

said, wrong = explain("stranger", b"From: <paul@elsewhere.test>\n"
                      b"Message-ID: <s@elsewhere.test>\nSubject: x\n\nx\n")
tap.ok("no acknowledgment: stranger" in said and "Retenu" in said,
       "the notice says what is held back", said + wrong)

(desk.dir / "tokens").rename(desk.dir / "away")
said, wrong = explain("answer", answer)
tap.ok("not recognised here" in wrong and "--- reply" not in said and
       not (desk.dir / "tokens").exists(),
       "without the keys it says so, and makes none", said + wrong)
(desk.dir / "away").rename(desk.dir / "tokens")
tap.ok(desk.dump() == before, "nothing is stored")
sys.exit(tap.end())
