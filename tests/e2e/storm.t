#!/usr/bin/python3
"""tests/bench/storm.py in small: a storm with one client's mail in it. `make
bench` has the full figures, and the cost of an alert beside many tickets,
which is measured there and never judged here."""
import os
import sys
from pathlib import Path

SMALL = {"ALERTS": "1200", "KEYS": "150", "SECONDS": "60",
         "BYTES": str(64 << 20)}
for name, value in SMALL.items():
    os.environ.setdefault(name, value)
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import storm

if __name__ == "__main__":
    sys.exit(storm.main())
