#!/usr/bin/python3
"""Plays a quarter in the life of a desk (tests/e2e/quarter/story) and prints
all that came in and went out, client by client in order of time, to be read
for sense; WHOLE=1 with all that the desk tells its own. tests/e2e/quarter.t
compares it with what was read and kept beside the story."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
import quarter_lib


def main():
    quarter = quarter_lib.Quarter()
    quarter.play()
    print(quarter.tell())


if __name__ == "__main__":
    main()
