#!/usr/bin/python3
"""What a mail says cannot move a terminal's cursor, turn a line round or hide
a character, whichever command shows it; JSON gives it as it was."""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as lib

AT = "2026-11-20T17:05:00+01:00"
STAMP = """Authentication-Results: mx.desk.example; dmarc=pass header.from=%s
Received: from mail.test by mx.desk.example with ESMTPS id 1
\tfor <help@desk.example>; Fri, 20 Nov 2026 17:00:00 +0100
"""
# Override, isolate, zero-width space, soft hyphen, C1's CSI, a tag.
EVIL = "fac\u202eture\u2066\u200b\u00ad\u009b2J\U000e0041"
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f"
                    "\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]")

tap = lib.Tap()
desk = lib.Desk()
mail = (STAMP % "acier-vosges.example" + "From: " + EVIL +
        " <jeanne.morel@acier-vosges.example>\nMessage-ID: <o@acier.test>\n"
        "Content-Type: text/plain; charset=utf-8\n"
        f"Subject: Panne {EVIL}\n\nPanne {EVIL} de l'ERP.\n").encode()
desk.deliver("1795190400.1.h", mail)
# On no ticket, so that it waits in the quarantine.
desk.deliver("1795190410.1.h", (
    f"From: {EVIL} <news@soldes.example>\nAuto-Submitted: auto-replied\n"
    f"Message-ID: <n@soldes.example>\nSubject: Absent {EVIL}\n\n"
    "Absent.\n").encode())
desk.drain(AT)
desk.run("note", "1", f"Vu {EVIL} par nous")
path = desk.dir / "one"
path.write_bytes(mail)

for words in (["list", "--at", AT], ["show", "1"], ["search", "Panne"],
              ["why", "1"], ["outbox"], ["outbox", "--all"], ["quarantine"],
              ["dump"],
              ["explain", str(path), "--at", AT]):
    done = desk.run(*words)
    found = HIDDEN.findall(done.stdout + done.stderr)
    tap.ok(done.returncode == 0 and not found, " ".join(words[:2]),
           repr(found) + done.stderr)

shown = desk.run("show", "1").stdout
tap.ok("Panne fac\\u{202e}ture\\u{2066}" in shown, "it is shown as its number",
       shown)
for words in (["list", "--json", "--at", AT], ["show", "1", "--json"],
              ["parse", str(path)], ["outbox", "--json", "--all"]):
    out = desk.run(*words).stdout
    tap.ok(not HIDDEN.findall(out), "JSON escapes it: " + words[0])
    tap.ok(any("Panne fac\u202eture" in
               json.dumps(json.loads(line), ensure_ascii=False) for line in out.splitlines()),
           "and keeps it: " + words[0], out)
sys.exit(tap.end())
