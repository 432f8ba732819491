#!/usr/bin/env python3
"""Every scenario of maildir-fixtures/: drained, and its dump compared with
what a person wrote down in `expect`.

GUICHET names the program, ./guichet by default. Arguments, or ONLY, choose
scenarios by a pattern. UPDATE=1 writes `expect` anew: read the difference
before you keep it.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

UPDATE = os.environ.get("UPDATE") == "1"


def scenarios():
    wanted = sys.argv[1:] or os.environ.get("ONLY", "*").split()
    return [path.parent for path in sorted(e2e.FIXTURES.glob("*/about"))
            if any(fnmatch(path.parent.name, w) for w in wanted)]


def known_ids(desk):
    """The Message-IDs of all that came in."""
    ids = set()
    for name in e2e.MAILBOXES:
        for path in (desk.dir / "mail" / name / "cur").iterdir():
            head = path.read_bytes()[:65536].split(b"\n\n")[0]
            ids.update(found.decode() for found in
                       re.findall(rb"(?im)^Message-ID: <([^>]*)>", head))
    return ids


def compare(scenario, dump):
    expect = scenario / "expect"
    before = expect.read_text() if expect.exists() else ""
    if before == dump:
        return []
    if UPDATE:
        expect.write_text(dump)
        return []
    return list(difflib.unified_diff(
        before.splitlines(), dump.splitlines(), "expect", "dump", lineterm=""))


def check(scenario):
    """What is wrong with one scenario, as lines."""
    folder = tempfile.mkdtemp(prefix="guichet-e2e.")
    try:
        desk = e2e.Desk(folder)
        desk.play(scenario)
        dump = desk.dump()
        faults = compare(scenario, dump)
        faults += e2e.check_sent(desk.sent(), known_ids(desk))
        desk.run("rebuild", "--at", last_instant(scenario))
        again = desk.dump()
        if again != dump:
            faults += ["rebuild gives another dump:"] + list(
                difflib.unified_diff(dump.splitlines(), again.splitlines(),
                                     "dump", "rebuilt", lineterm=""))
        return faults
    except (e2e.Failed, subprocess.TimeoutExpired) as failure:
        return str(failure).splitlines()
    finally:
        if os.environ.get("KEEP"):
            print(f"# {scenario.name}: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def last_instant(scenario):
    lines = (scenario / "about").read_text().splitlines()[1:]
    return lines[-1].split()[1]


def main():
    tap = e2e.Tap()
    jobs = int(os.environ.get("SCENARIOS_AT_ONCE", os.cpu_count() or 1))
    chosen = scenarios()
    if not chosen:
        print("Bail out! no scenario of that name")
        return 1
    with ThreadPoolExecutor(jobs) as pool:
        for scenario, faults in zip(chosen, pool.map(check, chosen)):
            tap.ok(not faults, scenario.name, "\n".join(faults))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
