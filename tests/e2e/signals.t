#!/usr/bin/python3
"""
SIGHUP is obeyed from the first moment: one that comes while the configuration
is still being read waits for the desk, and ends neither it nor a hand of its.
"""

import os
import shutil
import signal
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-signals-")
rules = desk.small_rules(os.path.join(top, "rules"))


def disposition(pid, kind):
    """Which signals a process blocks, ignores or catches (proc(5))."""
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            if line.startswith(kind + ":"):
                return int(line.split()[1], 16)
    return 0


def is_in(mask, number):
    return mask >> (number - 1) & 1 == 1


def test_start():
    """The configuration comes through a pipe, so the test knows when the
    program waits for it."""
    site = desk.Site(os.path.join(top, "start"), rules=rules)
    whole = site.conf + ".whole"
    os.rename(site.conf, whole)
    os.mkfifo(site.conf)
    running = desk.Running(site)
    with open(site.conf, "wb") as pipe:
        running.process.send_signal(signal.SIGHUP)
        with open(whole, "rb") as f:
            pipe.write(f.read())
        os.rename(whole, site.conf)  # what is read again is a file
    tap.ok(running.wait_log("reload"),
           "SIGHUP before the rules are loaded: obeyed afterwards",
           running.process.poll(), running.log())
    tap.ok(running.stop() == 0, "and the program ends as always",
           running.log())


def test_hands():
    site = desk.Site(os.path.join(top, "hands"), rules=rules)
    site.deliver(desk.mail(desk.JEANNE, "Panne", "Panne.\n", 1795190400),
                 1795190400)
    running = desk.Running(site)
    hands = {role: desk.wait_for(lambda role=role: running.children(role))
             for role in ("fetch", "send", "read")}
    for role, pids in hands.items():
        ignored = disposition(pids[0], "SigIgn") if pids else 0
        tap.ok(pids and all(is_in(ignored, number) for number in (
                   signal.SIGHUP, signal.SIGTERM, signal.SIGINT)),
               f"{role}: no signal to the desk's group ends it",
               hands, running.log())
        for pid in pids:
            os.kill(pid, signal.SIGHUP)
    tap.ok(desk.wait_for(site.sent) and "-down" not in running.log()
           and "reader-lost" not in running.log(),
           "SIGHUP to each hand: the mail is answered", running.log())
    tap.ok(running.stop() == 0, "and they end with the desk", running.log())


for part in (test_start, test_hands):
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
