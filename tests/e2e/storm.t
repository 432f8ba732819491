#!/usr/bin/env python3
"""tests/bench in small: a storm with one client's mail in it, and the cost of
an alert beside few and many open tickets. `make bench` has the full figures."""
import os
import sys
from pathlib import Path

SMALL = {"ALERTS": "1200", "KEYS": "150", "SECONDS": "60",
         "BYTES": str(64 << 20), "FEW": "200", "MANY": "4000",
         "COST_ALERTS": "100", "RATIO": "1.5"}
for name, value in SMALL.items():
    os.environ.setdefault(name, value)
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import cost
import storm
import desk as e2e


class OneTap(e2e.Tap):
    """Both parts count on."""

    def end(self):
        return 0


def main():
    tap = OneTap()
    e2e.Tap = lambda: tap
    storm.main()
    cost.main()
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
