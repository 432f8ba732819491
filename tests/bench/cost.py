#!/usr/bin/env python3
"""The cost of an alert must not depend on how many tickets are open: FEW
(1,000) and MANY (100,000), at most RATIO (1.2) times. An alert is one of a
storm of 1,000 keys, or a new one; repeats that jump about among all open
tickets, one page of the store each, are told and not judged."""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import desk as e2e

FEW = os.environ.get("FEW", "1000")
MANY = os.environ.get("MANY", "100000")
ALERTS = os.environ.get("COST_ALERTS", "128")
RATIO = float(os.environ.get("RATIO", "1.2"))
KINDS = ("a repeat", "a repeat of any", "opening and recovery")
COUNTS = ("us", "steps of SQLite", "pages found", "pages read",
          "pages written")
TOOL = Path(os.environ.get("BUILD", str(e2e.PROJECT / "build/plain"))) \
    / "tests/tools/alert_cost"


def costs(*counts):
    """For each number of tickets, a row of figures of each kind."""
    desks = [e2e.Desk() for _ in counts]
    words = [word for desk, count in zip(desks, counts)
             for word in (desk.conf, count)]
    try:
        done = subprocess.run([TOOL, ALERTS, *words], text=True,
                              stdout=subprocess.PIPE, check=True, timeout=1800)
    finally:
        for desk in desks:
            subprocess.run(["rm", "-rf", str(desk.dir)], check=False)
    rows = [[float(word) for word in line.split()]
            for line in done.stdout.splitlines()]
    return [rows[i:i + len(KINDS)] for i in range(0, len(rows), len(KINDS))]


def main():
    tap = e2e.Tap()
    few, many = costs(FEW, MANY)
    for name, a, b in zip(KINDS, few, many):
        for what, x, y in zip(COUNTS, a, b):
            print(f"# {name}: {x:.1f} {what} with {FEW} open tickets, "
                  f"{y:.1f} with {MANY}" +
                  (f": {y / x:.2f} times" if x > 0 else ""))
        if name != "a repeat of any":
            tap.ok(b[0] <= a[0] * RATIO, f"{name} costs the same",
                   f"{b[0] / a[0]:.2f}")
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
