#!/usr/bin/python3
"""
A store that is set back, lost, moved or taken for another: nobody gets
another's ticket, no number comes again, nothing is answered twice
(doc/security.md 2.6 and 4.3, P15 and P17). Over a Maildir, and a real Dovecot.
"""

import glob
import os
import re
import shutil
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire
from restore_lib import (CANARY, ImapLife, Life, T, ask, end, maildir_again,
                         notices, once_each, refusals, rules, site, tap, top)


# ---- S2: set back, by every way that there is ----

def set_back(life, how, copy, minute):
    """What an administrator does, or what happens to the whole machine."""
    if how == "restore":
        got = life.site.call("restore", copy, "--at",
                             desk.iso(T + 60 * minute))
        tap.ok(got.returncode == 0 and glob.glob(
            life.site.store + ".before-*"), "restore keeps the old one aside",
            got.stdout, got.stderr)
    elif how == "copied":
        life.put_back(copy)
    elif how == "whole machine":
        life.machine_back(copy)
        # The mailbox, too: what is still there would be taken again.
        for name in os.listdir(os.path.join(life.site.box, "cur")):
            os.remove(os.path.join(life.site.box, "cur", name))
        # Nor does it tell anything: that is ahead.t.
        for name in glob.glob(os.path.join(life.site.box, "guichet-*")):
            os.remove(name)
    elif how == "lost":
        os.remove(life.site.store)
        got = life.site.once(desk.iso(T + 60 * minute))
        tap.ok(got.returncode == 1 and "guichet restore" in got.stderr
               and "guichet init" in got.stderr
               and not os.path.exists(life.site.store),
               "lost: run makes no new store where keys are, and says how",
               got.stderr)
        got = life.site.call("init", "--at", desk.iso(T + 60 * minute))
        tap.ok(got.returncode == 0, "lost: init does", got.stderr)


def one_set_back(how):
    name = "back-" + how.replace(" ", "-")
    life = Life(name)
    life.mail(desk.JEANNE, "Premier", "Bonjour, un.", 0)
    life.run(1)
    copy = life.save_machine()
    life.mail(desk.KARIM, "Serveur de A", "Le second.", 2)
    life.run(3)
    old = notices(life, "Serveur de A")
    tap.ok(len(old) == 1 and life.tickets() == [1, 2],
           f"{how}: two tickets before", old, life.tickets())
    # One that answers by the address, one by the id alone.
    before = len(life.site.sent())
    set_back(life, how, copy, 10)
    if how == "whole machine":
        # Nothing but a mail can tell it; it comes before any other.
        life.answer(old[0], CANARY, 10)
        life.run(11)
        told = refusals(life.site.sent()[before:])
        tap.ok(len(told) == 1, f"{how}: who shows it is told, once", told)
        maildir_again(life)  # and so once more
        life.run(12)
        told = refusals(life.site.sent()[before:])
        tap.ok(len(told) == 1, f"{how}: the same mail tells nobody again",
               told)
    life.mail("bob@other-client.example", "Tout autre", "Un autre client.", 20)
    life.run(21)
    life.answer(old[0], CANARY, 30)
    life.answer(old[0], CANARY, 31, by_id=True)
    life.run(32)
    told = life.site.sent()[before:]
    new = [n for n in life.tickets() if n > 2]
    leaked = [m for m in told if CANARY in m.text
              and m.to not in (desk.ANNE, desk.MARY)]
    tap.ok(not leaked, f"{how}: the old answer goes to no client", leaked)
    tap.ok(len(new) >= 2 and (2 not in life.tickets()),
           f"{how}: number 2 is never given again", life.tickets())
    tap.ok(len(refusals(told)) >= 1, f"{how}: its writer is told", told)
    own = [m for m in told if "La base a été restaurée" in m["Subject"]]
    new_store = [m for m in told
                 if "Une base neuve a été commencée" in m["Subject"]]
    tap.ok((own, len(new_store)) == ([], 2) if how == "lost"
           else (len(own), new_store) == (2, []),
           f"{how}: the desk is told what happened, each of its people once",
           [m["Subject"] for m in told])
    tap.ok(not any("restaur" in m.text or "attente ont pu" in m.text
                   for m in new_store), f"{how}: and nothing else", new_store)
    row = ask(life.site.store, "SELECT life FROM life")[0][0]
    tap.ok(row == 2, f"{how}: one life later", row)
    return life, copy


for way in ("copied", "restore", "whole machine", "lost"):
    one_set_back(way)


# ---- the number is another's before any mail can tell ----

def taken_by_another(how, minute):
    """The machine is set back, and the next mail takes number 2 again: the
    answer to the old #2, the same day or the next, names it by its address."""
    life = Life("taken-" + how.replace(" ", "-") + f"-{minute}")
    life.mail(desk.JEANNE, "Premier", "Bonjour, un.", 0)
    life.run(1)
    copy = life.save_machine()
    life.mail(desk.KARIM, "Serveur de A", "Le second.", 2)
    life.run(3)
    old = notices(life, "Serveur de A")[0]
    set_back(life, "whole machine", copy, 10)
    before = len(life.site.sent())
    life.mail("bob@other-client.example", "Tout autre", "Un autre.", minute)
    life.run(minute + 1)
    life.answer(old, CANARY, minute + 10, by_address=how == "address alone")
    life.run(minute + 11)
    name = f"{how}, {minute} minutes later"
    rows = ask(life.site.store, "SELECT what, recipient, state FROM outbox "
               f"WHERE text LIKE '%{CANARY}%' AND recipient <> '{desk.ANNE}'"
               f" AND recipient <> '{desk.MARY}'")
    tap.ok(not rows, f"{name}: the old answer waits for no client", rows)
    told = life.site.sent()[before:]
    tap.ok(any("La base a été restaurée" in m["Subject"] for m in told),
           f"{name}: the desk is told", told)
    tap.ok(len(refusals(told)) == 1, f"{name}: and its writer, once", told)
    done = ask(life.site.store, "SELECT type FROM event WHERE ticket = 2 "
               "AND type IN ('met', 'assigned', 'state')")
    tap.ok(not done, f"{name}: the other's ticket stays as it is", done)


for way in ("address and id", "address alone"):
    for later in (20, 24 * 60):
        taken_by_another(way, later)


# ---- a conversation of before goes on ----

def goes_on():
    life = Life("goes-on")
    life.mail(desk.JEANNE, "Panne", "Bonjour, en panne.", 0)
    life.run(1)
    notice = notices(life, "Panne")[0]
    ack = life.sent(desk.JEANNE)[0]
    copy = life.save()
    life.mail(desk.KARIM, "Autre", "Autre chose.", 2)
    life.run(3)
    life.put_back(copy)
    life.run(20)
    life.answer(notice, "Voici la réponse.", 30)
    life.run(31)
    got = [m for m in life.sent(desk.JEANNE) if "Voici la réponse" in m.text]
    tap.ok(len(got) == 1, "a notice that the copy knows is answered still",
           life.sent())
    life.mail(desk.JEANNE, "Re: Panne", "Merci.", 40, to=ack["Reply-To"],
              reply_to=ack["Message-ID"])
    life.run(41)
    on = ask(life.site.store, "SELECT ticket FROM mail ORDER BY id DESC")[0]
    tap.ok(on == (1,), "and so is an acknowledgment", on)
    # To that person: a colleague who got hold of it is refused.
    life.mail(desk.MARY, "Re: Panne", CANARY, 50, to=notice["Reply-To"])
    life.run(51)
    tap.ok(not [m for m in life.sent(desk.JEANNE) if CANARY in m.text],
           "but not for anybody else")
    tap.ok(life.site.call("rebuild").returncode == 0, "rebuild goes")


goes_on()


# ---- P17 ----

def nothing_twice(life, name, back):
    """What was answered before is not after. `back` puts the mails of before
    into the box again, as its server still has them."""
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    notice = notices(life, "Un")[0]
    life.answer(notice, "#resolve\nC'est réglé.", 2)
    life.run(3)
    copy = life.save()
    life.mail(desk.JEANNE, "Re: Un", "Non, pas réglé.", 4,
              reply_to=life.sent(desk.JEANNE)[-1]["Message-ID"])
    life.mail(desk.KARIM, "Deux", "Bonjour encore.", 5)
    life.run(6)
    for m in notices(life, "Deux")[:1]:
        life.answer(m, "Réponse à deux.", 7)
    life.answer(notices(life, "Un")[-1], "Deuxième réponse.", 7)
    life.run(8)
    before = life.site.sent()
    state = "SELECT state FROM ticket WHERE number = 1"
    life.put_back(copy)
    was = ask(life.site.store, state)
    back()
    life.run(60)
    after = life.site.sent()[len(before):]
    tap.ok(not [m for m in after if m.to not in (desk.ANNE, desk.MARY)],
           f"{name}: nobody outside gets anything again", after)
    tap.ok(not [m for m in after if "restaurée" not in m["Subject"]],
           f"{name}: the desk hears only of the restore", after)
    tap.ok(ask(life.site.store, state) == was == [("resolved",)],
           f"{name}: nothing is opened again", was,
           ask(life.site.store, state))
    kept = {s for s, in ask(life.site.store, "SELECT subject FROM content")}
    tap.ok({"Un", "Re: Un", "Deux"} <= kept, f"{name}: no mail is lost", kept)
    life.mail(desk.KARIM, "Trois", "Après.", 70)
    life.run(71)
    tap.ok(len([m for m in life.sent(desk.KARIM, "Trois")]) == 1
           and notices(life, "Trois"), f"{name}: life goes on",
           life.sent()[len(before):])
    tap.ok(not once_each(life), f"{name}: nothing twice", once_each(life))


maildir = Life("p17-maildir")
nothing_twice(maildir, "Maildir", lambda: maildir_again(maildir))


def unsent_is_left_to_a_person():
    """What the copy has not sent may have been sent since."""
    life = Life("unsent")
    good = life.site.send
    life.site.send = {"maildir": "/dev/null/nowhere"}
    life.site.write()
    life.mail(desk.JEANNE, "Attente", "Bonjour.", 0)
    life.site.once(desk.iso(T + 60))
    copy = life.save()
    life.site.send = good
    life.site.write()
    life.run(30)
    before = len(life.site.sent())
    life.put_back(copy)
    life.run(60)
    again = [m for m in life.site.sent()[before:]
             if "restaurée" not in m["Subject"]]
    rows = ask(life.site.store, "SELECT DISTINCT state FROM outbox "
               "WHERE subject NOT LIKE '%restaur%'")
    tap.ok(before >= 3 and not again and rows == [("maybe",)],
           "what the copy had not sent waits for a person", before, again,
           rows)


unsent_is_left_to_a_person()


if shutil.which("dovecot"):
    authority = wire.Pki(top)
    box = os.path.join(top, "dovecot")
    os.makedirs(box)
    os.chmod(box, 0o755)
    dovecot = wire.Dovecot(box, authority)
    try:
        nothing_twice(ImapLife("p17-dovecot", dovecot, authority), "Dovecot",
                      lambda: None)
    finally:
        dovecot.stop()
else:
    tap.skip("Dovecot", "it is not installed")


# ---- S11: one writer, whatever the name ----

def running(name):
    life = Life(name)
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    run = desk.Running(life.site)
    if not desk.wait_for(lambda: os.path.exists(life.site.store + ".sock")):
        tap.ok(False, "the desk starts", run.log())
    return life, run


def second(life, name, prepare):
    """Another configuration with the same keys, whose store is `name`."""
    other = desk.Site(os.path.join(life.site.path, "other"), rules=rules)
    other.store, other.tokens = os.path.join(
        life.site.path, "other", "store", "x.sqlite"), life.site.tokens
    other.write()
    if os.path.lexists(other.store):
        os.remove(other.store)
    prepare(other.store)
    got = other.once(desk.iso(T + 600))
    tap.ok(got.returncode == 1 and "in use by another guichet" in got.stderr,
           f"{name}: a second gateway is refused", got.stderr)
    if os.path.lexists(other.store):
        os.remove(other.store)


def one_writer():
    life, run = running("one-writer")
    try:
        second(life, "symbolic link",
               lambda path: os.symlink(life.site.store, path))
        second(life, "hard link", lambda path: os.link(life.site.store, path))
        os.remove(life.site.store + ".lock")
        got = life.site.once(desk.iso(T + 600))
        tap.ok(got.returncode == 1 and "in use by another" in got.stderr,
               "without its lock file, too", got.stderr)
        got = life.site.call("restore", life.save())
        tap.ok(got.returncode == 1 and "in use by another" in got.stderr,
               "and no store is restored under it", got.stderr)
        tap.ok(run.process.poll() is None, "which runs on", run.log())
    finally:
        run.stop()
    os.link(life.site.store, life.site.store + ".link")
    got = life.site.once(desk.iso(T + 600))
    tap.ok(got.returncode == 1 and "hard link" in got.stderr,
           "a store of two names is not opened", got.stderr)


one_writer()


# ---- S12: the file that was opened, or none ----

def remove(path):
    os.remove(path)


def replace(path):
    shutil.copy(path, path + ".tmp")
    os.rename(path + ".tmp", path)


def remove_journal(path):
    os.remove(path + "-wal")


def gone_under_it(name, spoil):
    life, run = running("gone-" + name)
    try:
        spoil(life.site.store)
        now = int(desk.time.time())
        life.site.deliver(desk.mail(desk.KARIM, "Perdu ?", "Bonjour.", now),
                          now, "9")
        run.process.wait(30)
        log = run.log()
        new = os.listdir(os.path.join(life.site.box, "new"))
        tap.ok(run.process.returncode == 1 and len(new) == 1
               and "is not the file any more" in log,
               f"{name}: it says so, ends, and marks nothing", new, log)
    finally:
        run.stop(signal.SIGKILL)


for spoil in (remove, replace, remove_journal):
    gone_under_it(spoil.__name__, spoil)


def empty():
    life = Life("empty")
    life.run(1)
    os.truncate(life.site.store, 0)
    for end in ("-wal", "-shm"):
        if os.path.exists(life.site.store + end):
            os.remove(life.site.store + end)
    for command in (["run", "--once"], ["rebuild"], ["init"], ["list"],
                    ["close", "1"]):
        got = life.site.call(*command)
        tap.ok(got.returncode == 1
               and os.path.getsize(life.site.store) == 0,
               f"0 bytes: {command[0]} makes nothing of it", got.stderr)


empty()


# ---- N1: whose store it is ----

def other_site():
    life = Life("whose")
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    other = site("not-mine")
    other.store = life.site.store
    other.write()
    with open(other.conf, encoding="utf-8") as f:
        text = f.read()
    with open(other.conf, "w", encoding="utf-8") as f:
        f.write(text.replace("address: " + desk.DESK,
                             "address: help@other-desk.example"))
    for command in (["run", "--once"], ["list"], ["show", "1"], ["rebuild"],
                    ["close", "1"]):
        got = other.call(*command)
        tap.ok(got.returncode == 1 and desk.DESK in got.stderr
               and "help@other-desk.example" in got.stderr,
               f"another site's configuration: {command[0]}", got.stderr)
    copy = life.save()
    got = other.call("restore", copy)
    tap.ok(got.returncode == 1 and desk.DESK in got.stderr
           and not glob.glob(life.site.store + ".before-*"),
           "nor does it restore one", got.stderr)
    with open(life.site.conf, encoding="utf-8") as f:
        text = f.read()
    with open(life.site.conf, "w", encoding="utf-8") as f:
        f.write(text.replace("address: " + desk.DESK,
                             "address: help@new-name.example"))
    got = life.run(30)
    tap.ok(got.returncode == 0
           and life.site.call("list").returncode == 0
           and ask(life.site.store, "SELECT site, life FROM life")
           == [("help@new-name.example", 1)],
           "a desk that changes its address keeps its store", got.stderr)


other_site()


# ---- restore refuses what is none ----

def no_copy():
    life = Life("no-copy")
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    before = open(life.site.store, "rb").read()
    bad = os.path.join(top, "bad")
    for name, data in [("empty", b""), ("text", b"x" * 5000),
                       ("cut", before[:len(before) // 2 // 4096 * 4096])]:
        with open(bad, "wb") as f:
            f.write(data)
        got = life.site.call("restore", bad)
        tap.ok(got.returncode == 1
               and open(life.site.store, "rb").read() == before
               and not glob.glob(life.site.store + ".new*"),
               f"a copy that is {name} is refused, and nothing changed",
               got.stderr)
    got = life.site.call("restore", os.path.join(top, "nowhere"))
    tap.ok(got.returncode == 1, "nor one that is not there", got.stderr)


no_copy()


# ---- the first start, killed anywhere ----

def first_start():
    blank = site("first-0")
    made = blank.once("2026-11-20T08:00:00+01:00", "--count-writes")
    writes = int(re.search(r"writes=(\d+)", made.stdout).group(1))
    bad = []
    for n in range(1, writes + 1, max(1, writes // 8)):
        one = site(f"first-{n}")
        one.once("2026-11-20T08:00:00+01:00", "--kill-at", str(n))
        got = one.once("2026-11-20T08:00:00+01:00")
        if got.returncode != 0:
            bad.append(f"{n}: {got.stderr}")
    tap.ok(not bad, "a first start that is killed is begun again", *bad)


first_start()

end()
