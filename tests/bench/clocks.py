#!/usr/bin/python3
"""How fast clocks are, beside something obvious measured in the same run.

  deadline --batch   against the second implementation of tests/oracle
  rebuild            against reading the same events with Python's sqlite3
  tick               with 1,000,000 tickets against one with 1,000

usage: clocks.py [SCALE [PART...]]   SCALE 0.1 for a quick look
"""
import datetime
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path += [str(HERE.parent / "oracle"), str(HERE.parent / "e2e")]
import oracle

BUILD = Path(os.environ.get("BUILD", PROJECT / "build/plain"))
GUICHET = os.environ.get("GUICHET", str(PROJECT / "guichet"))
SCALE = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
AT = "2026-11-23T12:00:00Z"
PLANS = [("sos24", 1), ("semarchy", 1), ("semarchy", 3), ("semarchy", 4),
         ("myown-b", 2), ("nuxit-pro", 1), ("ald", 3), ("1life", 1)]


def timed(words, **more):
    begun = time.perf_counter()
    before = os.times()
    done = subprocess.run(words, check=True, capture_output=True, text=True,
                          **more)
    after = os.times()
    cpu = (after.children_user - before.children_user
           + after.children_system - before.children_system)
    return time.perf_counter() - begun, cpu, done.stdout


def batch():
    count = int(400000 * SCALE)
    rng = random.Random(1)
    first = datetime.datetime(2015, 1, 1)
    lines = []
    for _ in range(count):
        plan, severity = rng.choice(PLANS)
        at = first + datetime.timedelta(seconds=rng.randrange(25 * 31557600))
        lines.append(f"{plan}\t{severity}\t{at.isoformat()}Z\n")
    wall, cpu, out = timed(
        [GUICHET, "deadline", "--batch", "-c",
         str(PROJECT / "rules/guichet.yaml")], input="".join(lines))
    assert out.count("\n") == count and "error" not in out

    week = [(d * 86400 + 8 * 3600, d * 86400 + 18 * 3600) for d in range(5)]
    calendar = oracle.Calendar("Europe/Paris", week, set())
    begun = time.perf_counter()
    for _ in range(3000):
        received = 1420070400 + rng.randrange(25 * 31557600)
        oracle.answer(calendar, True, received, "4h0m0s", [])
        oracle.answer(calendar, True, received, "5bd", [])
    peer = 3000 / (time.perf_counter() - begun)
    print(f"deadline --batch  {count / wall:10.0f} lines/s"
          f"  ({count / cpu:.0f} per CPU second; wanted 100000)"
          f"   {count / wall / peer:.0f} x the second implementation")


def site(folder):
    folder = Path(folder)
    for name in ("support", "alertes"):
        for sub in ("new", "cur", "tmp"):
            (folder / "mail" / name / sub).mkdir(parents=True)
    text = (PROJECT / "maildir-fixtures/site/guichet.yaml").read_text()
    for word, value in [("DIR", folder), ("RULES", PROJECT / "rules"),
                        ("READERS", 1)]:
        text = text.replace(f"@{word}@", str(value))
    (folder / "guichet.yaml").write_text(text)
    subprocess.run([GUICHET, "init", "-c", folder / "guichet.yaml"],
                   check=True, stdout=subprocess.DEVNULL)
    keys = os.open(folder / "tokens", os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(keys, b"a:Z3VpY2hldCBmaXh0dXJlczogbm8gc2VjcmV0LCAzMiBieXRlcys=\n")
    os.close(keys)
    return str(folder / "guichet.yaml")


def tool(*words):
    return timed([str(BUILD / "tests/bench/clocks_store"), *words])[2]


def rebuild():
    count = int(100000 * SCALE)
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        conf = site(folder)
        tool(conf, "fill", str(count), "0", AT)
        wall, cpu, out = timed([GUICHET, "rebuild", "-c", conf, "--at", AT])
        assert out.startswith(f"{count} tickets"), out
        begun = time.perf_counter()
        with sqlite3.connect(Path(folder) / "guichet.sqlite") as db:
            for ticket, _ in db.execute(
                    "SELECT number, wake FROM ticket").fetchall():
                for (data,) in db.execute(
                        "SELECT data FROM event WHERE ticket = ?", (ticket,)):
                    json.loads(data)
        peer = time.perf_counter() - begun
    print(f"rebuild           {wall:10.1f} s for {count} tickets"
          f"  ({cpu:.1f} s of CPU; wanted {10 * SCALE:.0f})"
          f"   {wall / peer:.1f} x reading their events in Python")


def tick():
    """Turn about, so that what else the machine does falls on both."""
    small, large = 1000, int(1000000 * SCALE)
    best = {}
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as top:
        confs = {}
        for count in (small, large):
            folder = Path(top) / str(count)
            folder.mkdir()
            confs[count] = site(folder)
            tool(confs[count], "fill", str(count), "100", AT)
            (folder / "guichet.sqlite").rename(folder / "kept")
        for _ in range(5):
            for count, conf in confs.items():
                folder = Path(top) / str(count)
                for path in folder.glob("guichet.sqlite*"):
                    path.unlink()
                shutil.copyfile(folder / "kept", folder / "guichet.sqlite")
                took = [float(t) for t in tool(conf, "tick", AT).split()]
                best[count] = [min(pair) for pair in
                               zip(took, best.get(count, took))]
    print(f"tick, 100 due     {best[large][0] * 1000:10.1f} ms with {large}"
          f" tickets, {best[small][0] * 1000:.1f} ms with {small}"
          f"   ratio {best[large][0] / best[small][0]:.2f},"
          f" of CPU {best[large][1] / best[small][1]:.2f} (wanted 1.50)")


PARTS = {"batch": batch, "rebuild": rebuild, "tick": tick}
for name in sys.argv[2:] or PARTS:
    PARTS[name]()
