#!/usr/bin/python3
"""A quarter in the life of a desk (quarter/story): all that came in and went out,
as one text, and the dump of what was decided, compared whole with what was read
for sense and kept (quarter/told, quarter/dump).

UPDATE=1 writes both anew: read the difference before you keep it. WHOLE=1 with
tests/tools/quarter.py prints the text with all that the desk tells its own."""
import difflib
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import quarter_lib

tap = e2e.Tap()


def dump(desk):
    """Without what the day of the test itself makes of clocks that run, and
    without when and as whom the test gave its one order about no ticket."""
    text = re.sub(" (running|late) ", " ", desk.dump())
    return re.sub(r"(?m)^(contract-notice .*) \S+Z manager:\S+$", r"\1", text)


def compare(name, text):
    path = quarter_lib.FOLDER / name
    before = path.read_text() if path.exists() else ""
    if before != text and os.environ.get("UPDATE") == "1":
        path.write_text(text)
        before = text
    lines = list(difflib.unified_diff(before.splitlines(), text.splitlines(),
                                      name, "now", lineterm=""))
    tap.ok(before == text, f"{name} is as it was read", "\n".join(lines[:200]))


quarter = quarter_lib.Quarter()
quarter.play()
compare("told", quarter.tell())
decided = dump(quarter.desk)
compare("dump", decided)
quarter.desk.run("rebuild")
tap.ok(dump(quarter.desk) == decided, "made again, it is the same")
sys.exit(tap.end())
