#!/usr/bin/python3
"""What the commands that only look show: instants on the desk's own wall, and
the store also beside a configuration with mistakes, which they tell."""
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as lib

AT = "2026-11-24T10:30:00+01:00"
FORM = b"""Authentication-Results: mx.desk.example; dmarc=pass header.from=%s
Received: from mail.test by mx.desk.example with ESMTPS id 1
\tfor <help@desk.example>; Fri, 20 Nov 2026 17:00:00 +0100
"""
# India is half an hour beside every zone that a test could run in.
LOOKS = [["list", "--at", AT], ["search", "--json", "Panne"],
         ["show", "1", "--at", AT], ["why", "1"], ["outbox", "--all"],
         ["quarantine"], ["maintenance", "list", "--at", AT],
         ["availability", "--month", "2026-11", "--at", AT]]

tap = lib.Tap()
desk = lib.Desk()
desk.own_rules(lib.FIXTURES / "site")
rules = desk.dir / "rules"
(rules / "guichet.yaml").unlink()
site = desk.conf.read_text().replace("zone: Europe/Paris",
                                     "zone: Asia/Kolkata")
desk.conf.write_text(site)
desk.deliver("1795190400.1.h", FORM % b"acier-vosges.example" +
             b"From: <jeanne.morel@acier-vosges.example>\n"
             b"Message-ID: <o@acier.test>\nSubject: Panne\n\nPanne.\n")
desk.deliver("1795190410.1.h", b"From: <news@soldes.example>\n"
             b"Auto-Submitted: auto-replied\nMessage-ID: <n@soldes.example>\n"
             b"Subject: Absent\n\nAbsent.\n")
alert = next((lib.FIXTURES / "alert-maintenance/new").iterdir())
desk.deliver(alert.name, alert.read_bytes())
desk.drain(AT)
desk.run("maintenance", "add", "web*", "2026-11-24T16:00:00+05:30", "2h",
         "--at", AT)


def looks(turn=None):
    """All of them; of a turn two, and another one each time."""
    some = [words for i, words in enumerate(LOOKS)
            if turn is None or os.environ.get("LONG")
            or words[0] in ("list", "show") or i == turn % len(LOOKS)]
    return {" ".join(words[:2]): desk.run(*words, check=False)
            for words in some}


# ---- the clock on the wall ----

WALL = {"list": r"\w{3} 2026-\d\d-\d\d \d\d:\d\d\s",
        "why 1": r"received Fri 2026-11-20 21:30, clocks from Fri",
        "quarantine": r"Fri 2026-11-20 21:30\s",
        "maintenance list": r"2026-11-24T16:00:00\+05:30\s+2026-11-24T18:00",
        "alert hosts": r"web1\S*\s.*Tue 2026-11-24 \d\d:\d\d"}

before = looks()
shown = dict(before, **{"alert hosts": desk.run("alert", "hosts"),
                        "search --json": desk.run("search", "Panne")})
for name, got in shown.items():
    utc = re.findall(r".*\d\d:\d\d(?::\d\d)?Z.*", got.stdout)
    wanted = next((w for n, w in WALL.items() if name.startswith(n)), "")
    tap.ok(got.returncode == 0 and not utc and re.search(wanted, got.stdout),
           f"{name}: the desk's own clock", f"{utc}\n{got.stdout}\n{got.stderr}")

# ---- beside mistakes ----


def change(old, new):
    return lambda: desk.conf.write_text(site.replace(old, new, 1))


def rule(name, text):
    def write():
        (rules / name).write_text(text)
    return write


PLAN = (rules / "plans/ald.yaml").read_text()
# What is wrong, what is told of it, how it is made; the last three are of the
# rules, into which those look that tell what was promised.
MISTAKES = [
    ("an unknown key", "colour", change("readers:", "colour: red\nreaders:")),
    ("a wrong value", "many", change("readers: 1", "readers: many")),
    ("a technician of nobody", "address",
     change("address: hugo.vidal@desk.example", "address: nobody")),
    ("a mailbox of nowhere", "a path is expected",
     change(f"maildir: {desk.dir}/mail/support", "maildir: ''")),
    ("no rules folder", "no such folder",
     change(f"rules: {rules}", f"rules: {desk.dir}/none")),
    ("a contract that is no YAML", "acme.yaml",
     rule("contracts/acme.yaml", "a: [\n")),
    ("a plan with an unknown key", "colour",
     rule("plans/sixth.yaml", PLAN.replace("ald", "sixth") +
          "colour: red\n")),
]
# Where it cannot be known whose store it is, nothing of it is shown.
UNKNOWN = [
    ("no YAML at all", change("site:", "site: [")),
    ("another desk", change("help@desk.example", "else@desk.example")),
    ("no address", change("  address: help@desk.example\n", "")),
    ("no store", change("store:", "stores:")),
]


def undo():
    desk.conf.write_text(site)
    for name in ("contracts/acme.yaml", "plans/sixth.yaml"):
        (rules / name).unlink(missing_ok=True)


for turn, (what, told, make) in enumerate(MISTAKES):
    make()
    for name, got in looks(turn + 1).items():
        tells = (turn < len(MISTAKES) - 3
                 or name.startswith(("show", "availability", "list")))
        tap.ok(got.returncode == 0 and got.stdout == before[name].stdout
               and (told in got.stderr) == tells
               and ("guichet: warning: 1 mistake in" in got.stderr) == tells,
               f"{what}: {name} shows what it did", f"{got.stdout}\n{got.stderr}")
    for words in (["note", "1", "Vu"], ["run", "--once", "--at", AT]):
        got = desk.run(*words, check=False)
        tap.ok(got.returncode == 1 and "nothing was done" in got.stderr,
               f"{what}: {words[0]} does nothing", got.stderr)
    undo()
for turn, (what, make) in enumerate(UNKNOWN):
    make()
    for name, got in looks(turn + 3).items():
        tap.ok(got.returncode == 1 and got.stdout == "" and got.stderr != "",
               f"{what}: {name} shows nothing", f"{got.stdout}\n{got.stderr}")
    undo()
tap.ok({n: g.stdout for n, g in looks().items()}
       == {n: g.stdout for n, g in before.items()}
       and all(not g.stderr for g in before.values()),
       "without mistakes nothing is told")
sys.exit(tap.end())
