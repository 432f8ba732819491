#!/usr/bin/python3
"""
A mail that kills its reader: after two attempts it is a ticket "unreadable
mail" with the raw bytes kept, and the mails around it do not notice.

No mail is known to kill a reader, so this test does it, as soon as a reader
has that one mail before it: it is large, and its mapping shows in /proc.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-reader-")
rules = desk.small_rules(os.path.join(top, "rules"))
T0 = desk.instant("2026-11-20T10:00:00+01:00")
AT = "2026-11-20T12:00:00+01:00"
LARGE = 12 * 1024 * 1024
LARGER = 18 * 1024 * 1024


def large_mapping(pid):
    """Whether the process has a mail of size LARGE before it."""
    try:
        with open(f"/proc/{pid}/maps") as f:
            for line in f:
                if "memfd:" in line:
                    start, end = line.split()[0].split("-")
                    size = int(end, 16) - int(start, 16)
                    if LARGE // 2 < size < LARGER:
                        return True
    except OSError:
        pass
    return False


class Killer(threading.Thread):
    """Kills the readers of a desk that read the large mail, so many times."""

    def __init__(self, running, times, number):
        super().__init__(daemon=True)
        self.running, self.times, self.number = running, times, number
        self.killed = []
        self.start()

    def run(self):
        while (len(self.killed) < self.times
               and self.running.process.poll() is None):
            for pid in self.running.children("read"):
                if pid not in self.killed and large_mapping(pid):
                    os.kill(pid, self.number)
                    self.killed.append(pid)
            time.sleep(0.001)


def mails():
    """One before, the large one, and two behind, one of them its sender's."""
    def one(n, subject, text, sender=desk.JEANNE):
        return desk.mail(sender, subject, text, T0 + n * 60,
                         message_id=f"<reader.{n}@acier-vosges.example>")
    filler = ("0123456789abcdef" * 4 + "\n") * (LARGE // 65)
    return [one(1, "Panne bloquante de l'ERP",
                "Bonjour,\n\nTout est bloqué.\n"),
            one(2, "Journal complet", "Voici le journal :\n\n" + filler,
                desk.KARIM),
            one(3, "Panne de l'imprimante", "Bonjour,\n\nRien ne sort.\n",
                desk.KARIM),
            one(4, "Panne du site", "Bonjour,\n\nLe site est en panne.\n")]


def drain(name, times, number=signal.SIGKILL):
    site = desk.Site(os.path.join(top, name), rules=rules)
    given = mails()
    for n, data in enumerate(given):
        site.deliver(data, T0 + n * 60, str(n + 1))
    running = desk.Running(site, "--once", "--at", AT)
    killer = Killer(running, times, number)
    code = running.process.wait(120)
    killer.join()
    running.log_file.close()
    return site, given, killer, code, running.log()


def tickets(dump):
    """What a dump has of each ticket, from its first line on."""
    return {int(n): text for n, text in re.findall(
        r"^(?:ticket (\d+): )(.*?)(?=^ticket |\Z)", dump, re.M | re.S)}


def test_twice():
    site, given, killer, code, log = drain("twice", 2)
    dump = site.dump()
    tap.ok(code == 0 and len(killer.killed) == 2
           and log.count("reader-lost") == 2,
           "the reader was killed at both attempts, the desk goes on", code,
           killer.killed, log)
    found = tickets(dump)
    bad = [n for n, text in found.items() if "unreadable" in text]
    tap.ok(len(found) == 4 and bad == [2],
           "one ticket of four is of an unreadable mail, in its place", dump)
    row = desk.wait_for(lambda: site.json("list", "--all"))
    tap.ok([r["number"] for r in sorted(row, key=lambda r: r["number"])]
           == [1, 2, 3, 4], "all are in the queue", row)
    folder = os.path.join(top, "saved")
    got = site.call("show", "2", "--save", folder)
    saved = [open(os.path.join(folder, f), "rb").read()
             for f in os.listdir(folder)] if os.path.isdir(folder) else []
    tap.ok(got.returncode == 0 and hashlib.sha256(given[1]).digest() in
           [hashlib.sha256(data).digest() for data in saved],
           "its raw bytes are kept, and can be had", got.stdout, got.stderr)
    acknowledged = [s["In-Reply-To"] for s in site.sent() if
                    s["Auto-Submitted"] == "auto-replied"]
    tap.ok(sorted(acknowledged) == [f"<reader.{n}@acier-vosges.example>"
                                    for n in (1, 3, 4)],
           "the others are acknowledged, it is not", acknowledged)
    told = [s for s in site.sent() if s.to == desk.ANNE]
    tap.ok(len(told) == 4, "the technicians hear of all four", *told)
    tap.ok(not os.listdir(os.path.join(site.box, "new")),
           "all four are marked in the Maildir")


def test_once():
    """One death may have been anybody's: the mail is read after all."""
    site, _, killer, code, log = drain("once", 1)
    found = tickets(site.dump())
    tap.ok(code == 0 and len(killer.killed) == 1 and len(found) == 4
           and not any("unreadable" in text for text in found.values())
           and "Journal complet" in found[2],
           "killed once only, the mail is read the second time", code,
           killer.killed, log, site.dump())


def test_behind():
    """The mail that loses its readers has four larger ones and three small ones
    behind it: they hold more than may be read at once, and all are decided."""
    site = desk.Site(os.path.join(top, "behind"), rules=rules)
    line = "Le journal, ligne apres ligne, et rien d'autre que lui.\n"
    sizes = [LARGE] + [LARGER] * 4 + [100] * 3
    for n, size in enumerate(sizes):
        site.deliver(desk.mail(
            desk.JEANNE, f"Panne numéro {n}", line * (size // len(line) + 1),
            T0 + n * 60, message_id=f"<behind.{n}@acier-vosges.example>"),
            T0 + n * 60, str(n + 1))
    running = desk.Running(site, "--once", "--at", AT)
    killer = Killer(running, 2, signal.SIGKILL)
    try:
        code = running.process.wait(90)
    except subprocess.TimeoutExpired:
        running.process.kill()
        code = running.process.wait()
    killer.join()
    running.log_file.close()
    found = tickets(site.dump())
    tap.ok(code == 0 and len(killer.killed) == 2
           and len(found) == len(sizes)
           and [n for n in found if "unreadable" in found[n]] == [1],
           "with 72 MB behind it, it is unreadable and the others are read",
           code, killer.killed, running.log(), sorted(found))


for part in (test_twice, test_once, test_behind):
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
