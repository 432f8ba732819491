#!/usr/bin/python3
"""The IMAP source against a real Dovecot and against servers that lie."""

import glob
import hashlib
import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire_lib as wire

tap = wire.Tap()
path = wire.folder()
pki = wire.Pki(path)


def lines_of(lines, word):
    return [line for line in lines if line.split(" ")[0] == word]


def source(server, *args, **options):
    return wire.drive("source", f"port={server.imaps}", "user=anne",
                      "password=" + wire.PASSWORD, "ca=" + pki.file("ca.pem"),
                      *args, **options)


def flags(server, uid, box="INBOX"):
    client = server.session()
    client.select('"%s"' % box)
    got = client.uid("FETCH", str(uid), "(FLAGS)")[1]
    client.logout()
    return str(got)


def test_fetch(server):
    server.deliver(3)
    lines = source(server, "since=all", "look", "look")
    mails = lines_of(lines, "mail")
    tap.ok(len(mails) == 3 and len(set(mails)) == 3,
           "three mails, once each", *lines)
    client = server.session()
    client.select("INBOX")
    raw = client.uid("FETCH", "2", "(BODY.PEEK[])")[1][0][1]
    client.logout()
    tap.ok(hashlib.sha256(raw).hexdigest() in mails[1],
           "the bytes are those that Python's client reads", *lines)
    tap.ok(" 2026-11-20T16:00:02Z " in mails[1],
           "received is INTERNALDATE", *lines)
    tap.ok("Seen" not in flags(server, 2), "nothing became read")
    validity = mails[0].split()[1]
    lines = source(server, f"cursor={validity}:2", "look")
    tap.ok([m.split()[2] for m in lines_of(lines, "mail")] == ["3"],
           "only what is above the cursor", *lines)
    lines = source(server, f"cursor={validity}:3", "look")
    tap.ok(lines_of(lines, "mail") == []
           and lines_of(lines, "cursor") == [f"cursor {validity} 3"],
           "n:* gives the last mail, which is dropped", *lines)
    lines = source(server, "since=now", "look")
    tap.ok(lines_of(lines, "mail") == []
           and lines_of(lines, "cursor") == [f"cursor {validity} 3"],
           "since: now starts behind what is there", *lines)
    lines = source(server, "cursor=1:3", "since=now",
                   "first_look=2026-11-20T16:00:03Z", "look")
    tap.ok([m.split()[2] for m in lines_of(lines, "mail")] == ["3"],
           "another UIDVALIDITY: all again, but nothing from before", *lines)
    lines = source(server, "cursor=1:3", "since=now", "look")
    tap.ok(len(lines_of(lines, "mail")) == 3,
           "and simply all where the first look is not known", *lines)
    lines = wire.drive("source", f"port={server.imap}", "starttls=1",
                       "user=anne", "password=" + wire.PASSWORD,
                       "ca=" + pki.file("ca.pem"), "look")
    tap.ok(len(lines_of(lines, "mail")) == 3, "by STARTTLS too", *lines)


def test_done(server):
    lines = source(server, "done=keyword", "name=$guichet", "look", "done")
    tap.ok(len(lines_of(lines, "done")) == 3
           and "$guichet" in flags(server, 1), "keyword", *lines)
    lines = source(server, "done=move", "name=Traités & vus", "look", "done",
                   "done", "look")
    tap.ok(len(lines_of(lines, "done")) == 3
           and not lines_of(lines, "error"), "moved, to a new folder", *lines)
    tap.ok("UID 1" in flags(server, "1:*", "Trait&AOk-s &- vus"),
           "whose name is in modified UTF-7")
    tap.ok("UID" not in flags(server, "1:*"), "and INBOX is empty")
    server.deliver(1, first=4)
    lines = source(server, "done=move", "name=INBOX", "look")
    tap.ok(lines and lines[0].startswith("error CONFIG"),
           "never moved to where they are", *lines)
    lines = source(server, "done=keyword", "name=two words", "look")
    tap.ok(lines and lines[0].startswith("error CONFIG"),
           "a keyword is one atom", *lines)
    lines = source(server, "folder=Absent", "look")
    tap.ok(lines and lines[0].startswith("error CONFIG"),
           "no such folder", *lines)
    lines = wire.drive("source", f"port={server.imaps}", "user=anne",
                       "password=wrong", "ca=" + pki.file("ca.pem"), "look")
    tap.ok(lines and re.match(r"error CONFIG .*LOGIN", lines[0]),
           "a wrong password", *lines)


def test_large(server):
    big = b"x" * 76 + b"\n"
    server.deliver(1, big * 30000, first=10)
    server.deliver(1, big * (26 * 1024 * 1024 // 77 + 1), first=11)
    server.deliver(1, first=12)
    lines = source(server, "look")
    mails = [m.split() for m in lines_of(lines, "mail")][-3:]
    tap.ok(len(mails) == 3 and int(mails[0][4]) == int(mails[0][5])
           > 2000000 and mails[0][6] == "whole", "a large mail is whole",
           *lines)
    tap.ok(len(mails) == 3 and int(mails[1][4]) > 25 * 1024 * 1024
           and int(mails[1][5]) == 320 * 1024
           and mails[1][6] == "truncated",
           "of one over the limit only the head is fetched", *lines)
    tap.ok(len(mails) == 3 and mails[2][6] == "whole",
           "and what follows is not held up", *lines)


def test_idle(server):
    process = subprocess.Popen(
        [wire.DRIVER, "source", f"port={server.imaps}", "user=anne",
         "password=" + wire.PASSWORD, "ca=" + pki.file("ca.pem"),
         "since=now", "look", "wait:30", "look", "wait:30", "look"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for _ in range(2):
        process.stdout.readline()
    time.sleep(0.2)
    server.deliver(1, first=20, when=int(time.time()))
    began = time.time()
    waited = process.stdout.readline().decode()
    mail = process.stdout.readline().decode()
    tap.ok(waited == "waited less\n" and mail.startswith("mail ")
           and time.time() - began < 10,
           f"IDLE wakes for new mail ({time.time() - began:.1f} s)",
           waited, mail)
    process.stdout.readline()
    began = time.time()
    process.stdin.write(b"x")
    process.stdin.flush()
    waited = process.stdout.readline().decode()
    tap.ok(waited == "waited less\n" and time.time() - began < 5,
           "and for the desk's socket", waited)
    process.stdin.close()
    process.wait()


def test_validity(server):
    """The server's index is lost: every mail has a new UID."""
    before = lines_of(source(server, "look"), "mail")
    server.stop()
    for name in glob.glob(server.maildir + "/dovecot*"):
        os.remove(name)
    time.sleep(1.1)  # UIDVALIDITY is a time
    server.start()
    lines = source(server, "cursor=%s:%s" % tuple(
        before[-1].split()[1:3]), "look")
    after = lines_of(lines, "mail")
    tap.ok(sorted(m.split()[7] for m in before) ==
           sorted(m.split()[7] for m in after)
           and before[0].split()[1] != after[0].split()[1],
           "a new UIDVALIDITY: every mail again, the same bytes", *lines)


def test_speed(server, count):
    server.deliver(count, b"Ligne de texte du client.\n" * 200, first=1000)
    lines = source(server, "quiet=1", "look")
    looked = lines_of(lines, "looked")
    if tap.ok(len(looked) == 1 and int(looked[0].split()[1]) >= count,
              f"{count} mails in one look", *lines):
        _, mails, _, spent, _ = looked[0].split()
        print(f"# {int(mails) * 1e6 / int(spent):.0f} mails/s")


os.makedirs(os.path.join(path, "dovecot"))
server = wire.Dovecot(os.path.join(path, "dovecot"), pki)
try:
    test_fetch(server)
    test_done(server)
    test_large(server)
    test_idle(server)
    test_validity(server)
    test_speed(server, int(os.environ.get("MAILS", "500")))
except Exception as e:  # the log says why
    tap.ok(False, "no surprise", repr(e), server.log()[-3000:])
finally:
    server.stop()

for file in sorted(glob.glob(os.path.join(
        wire.ROOT, "tests", "dialogues", "imap-*.dialogue"))):
    wire.play(tap, file, pki, path)
wire.remove(path)
tap.end()
