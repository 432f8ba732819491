#!/usr/bin/python3
"""The gateway and servers that misbehave: one poisonous mail, servers that say
nothing, a password that is refused, things in a Maildir that are no mail."""

import os
import re
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire
from imap_server import ImapServer

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-hands-")
pki = wire.Pki(top)
rules = desk.timeless_rules(os.path.join(top, "rules"))
LONG = bool(os.environ.get("LONG"))
DAY = "2026-11-20T09:00:00+01:00"


def imap(path, server, name="help"):
    os.makedirs(path, exist_ok=True)
    secret = os.path.join(path, "secret-" + name)
    with open(secret, "w", encoding="utf-8") as f:
        f.write(wire.PASSWORD)
    os.chmod(secret, 0o600)
    return {"name": name, "imap": {
        "host": "localhost", "port": server.port, "user": "anne",
        "password_file": secret, "ca_file": pki.file("ca.pem"),
        "since": "all", "poll": "1h"}}


def mail(n):
    return desk.mail(desk.JEANNE, f"Panne numéro {n}", "Bonjour, plus rien.\n",
                     desk.instant(DAY), message_id=f"<h{n}@acier.example>")


def new_site(name, *servers):
    path = os.path.join(top, name)
    return desk.Site(path, [imap(path, server, f"box{i}")
                            for i, server in enumerate(servers)], rules=rules)


def subjects(site):
    return sorted(row["subject"] for row in site.json("list"))


def test_poison(name, what):
    """Wherever it lies, the mails around it are tickets; it is listed, and
    once it can be had after a day it is one, too."""
    for poison in ([4], [1], [6], [2, 5]) if LONG else ([4],):
        server = ImapServer(pki.context("good"),
                            {n: mail(n) for n in range(1, 7)})
        getattr(server, what).update(poison)
        site = new_site(f"{name}-{poison[0]}-{len(poison)}", server)
        got = site.once(DAY)
        good = [f"Panne numéro {n}" for n in range(1, 7) if n not in poison]
        aside = site.json("quarantine")
        tap.ok(subjects(site) == good and
               [row["uid"] for row in aside if "uid" in row] == poison
               and all(row["state"] == "cannot be fetched" and row["why"]
                       for row in aside),
               f"{name} {poison}: set aside alone, all others are tickets",
               got.stderr, subjects(site), aside)
        tap.ok("cannot be fetched" in site.call("list").stderr
               and got.stderr.count("mail-refused") == len(poison),
               f"{name} {poison}: the list and the log say so", got.stderr)
        marked = {uid for uid, flag in server.flags.items()
                  if "$Guichet" in flag.split()}
        tap.ok(marked == set(range(1, 7)) - set(poison),
               f"{name} {poison}: it is not marked", marked)
        if poison != [4] or (what == "end" and not LONG):
            server.close()
            continue
        site.once("2026-11-20T20:00:00+01:00")
        tap.ok(site.json("quarantine")[0]["tries"] == 1,
               f"{name}: not tried again within the day")
        site.once("2026-11-21T10:00:00+01:00")
        row = site.json("quarantine")
        tap.ok(row and row[0]["tries"] == 2, f"{name}: but a day later", row)
        getattr(server, what).clear()
        got = site.once("2026-11-22T11:00:00+01:00")
        tap.ok(len(subjects(site)) == 6 and not site.json("quarantine"),
               f"{name}: and taken when it can be had", got.stderr,
               site.json("quarantine"))
        server.close()


def test_silent(count):
    """However many say nothing: stopping takes no longer, and the one that
    speaks is served meanwhile."""
    silent = [ImapServer(pki.context("good"), silent=True)
              for _ in range(count)]
    good = ImapServer(pki.context("good"), {1: mail(1)})
    site = new_site("silent", *silent, good)
    os.environ["SOMEBODYS_TOKEN"] = "s3cret"
    running = desk.Running(site)
    desk.wait_for(lambda: subjects(site))
    desk.wait_for(lambda: all(server.open for server in silent))
    tap.ok(subjects(site) == ["Panne numéro 1"],
           f"{count} silent servers delay no other", running.log())
    if os.getuid() == 0:  # else nobody may look at it
        seen = b""
        for pid in running.children("fetch"):
            with open(f"/proc/{pid}/environ", "rb") as f:
                seen += f.read()
        tap.ok(b"PATH=" in seen and b"NOTIFY_SOCKET" not in seen
               and b"s3cret" not in seen,
               "a hand has no more of the environment than it needs", seen)
    began = time.monotonic()
    code = running.stop(seconds=60)
    spent = time.monotonic() - began
    tap.ok(code == 0 and spent < 20,
           f"{count} silent servers are left in {spent:.1f} s", code,
           running.log()[-2000:])
    for server in silent + [good]:
        server.close()


def test_refused_login():
    """A wrong password is not tried again for minutes, nor one over which the
    server hangs up."""
    for answer in ("NO [AUTHENTICATIONFAILED] no", "NO no", "")[
            :None if LONG else 1]:
        server = ImapServer(pki.context("good"))
        server.no_login = answer
        site = new_site(f"login-{len(answer)}", server)
        running = desk.Running(site)
        running.wait_log("mailbox-down")
        pause = re.search(r"mailbox-down .*again=(\d+)", running.log())
        tap.ok(server.logins == 1 and pause and int(pause[1]) >= 300,
               f"LOGIN answered '{answer}': the next try is minutes away",
               running.log())
        running.stop()
        server.close()


def test_odd_files():
    """In new/: said once, listed, and never opened so that it could block."""
    site = desk.Site(os.path.join(top, "odd"), rules=rules)
    new = os.path.join(site.box, "new")
    os.mkfifo(os.path.join(new, "1.fifo"))
    os.symlink("/etc/passwd", os.path.join(new, "2.link"))
    os.mkdir(os.path.join(new, "3.folder"))
    site.deliver(mail(1), desk.instant(DAY))
    first, second = site.once(DAY), site.once(DAY)
    names = [row.get("name") for row in site.json("quarantine")]
    tap.ok(first.returncode == 0 and subjects(site) == ["Panne numéro 1"]
           and names == ["1.fifo", "2.link", "3.folder"],
           "a FIFO, a link, a folder: passed over and listed", first.stderr,
           names)
    tap.ok(first.stderr.count("mail-refused") == 3
           and "mail-refused" not in second.stderr, "and said once",
           first.stderr, second.stderr)


def test_opened_first():
    """What another program opens while the gateway is away is a ticket."""
    site = desk.Site(os.path.join(top, "opened"), rules=rules)
    when = int(time.time())
    site.deliver(mail(1), when, "1")
    site.once()
    new, cur = (os.path.join(site.box, name) for name in ("new", "cur"))
    for n in (2, 3, 4):
        site.deliver(mail(n), when + 100 + n, str(n))
    for name in os.listdir(new)[:2]:
        os.rename(os.path.join(new, name), os.path.join(cur, name + ":2,S"))
    got = site.once()
    tap.ok(len(subjects(site)) == 4, "opened first, and a ticket all the same",
           got.stderr, subjects(site))
    tap.ok(len(site.json("list")) == 4 and site.once().returncode == 0
           and len(subjects(site)) == 4, "once")


for part in (lambda: test_poison("refused", "refuse"),
             lambda: test_poison("deadly", "end"),
             lambda: test_silent(64 if LONG else 16),
             test_refused_login, test_odd_files, test_opened_first):
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
