#!/usr/bin/python3
"""
A whole machine is set back, store, keys and what lies beside them, while its
mailboxes went on: the marks that this store has set there, and does not know
any more, tell it (doc/design.md 7). Nothing goes out twice, no number comes
again, the desk is told once; and no mark of anybody else's is taken for one.
Over a Maildir, and a real Dovecot.
"""

import glob
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire
from restore_lib import (CANARY, ImapLife, Life, T, ask, end, maildir_again,
                         notices, once_each, refusals, tap, top)

RESTORED = "La base a été restaurée"
STAFF = (desk.ANNE, desk.MARY)


def lives(life):
    return ask(life.site.store, "SELECT life FROM life")[0][0]


def told(mails):
    return [m for m in mails if RESTORED in m["Subject"]]


def others(mails):
    return [m for m in mails if RESTORED not in m["Subject"]]


def break_sink(life):
    good, life.site.send = life.site.send, {"maildir": "/dev/null/nowhere"}
    life.site.write()
    return good


def mend_sink(life, good):
    life.site.send = good
    life.site.write()


def gone_on(life):
    """Two tickets; a copy of the machine in which the second's answers wait;
    and then what the copy knows nothing of. Returns the copy."""
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    good = break_sink(life)
    life.mail(desk.JEANNE, "Attente", "Bonjour.", 2)
    life.site.once(desk.iso(T + 180))
    copy = life.save_machine()
    mend_sink(life, good)
    life.run(20)
    life.mail(desk.KARIM, "Deux", "Bonjour encore.", 21)
    life.mail(desk.KARIM, "Trois", "Et encore.", 21)
    life.run(22)
    life.answer(notices(life, "Un")[0], "#resolve\nC'est réglé.", 23)
    life.run(24)
    return copy


def set_back(life, name, between=lambda life: None, daemon=False):
    copy = gone_on(life)
    most = max(life.tickets())
    before = life.site.sent()
    life.machine_back(copy)
    between(life)
    if daemon:
        one_daemon(life, name)
    else:
        life.run(60)
    after = life.site.sent()[len(before):]
    tap.ok(not [m for m in after if m.to not in STAFF] and not others(after),
           f"{name}: nothing goes out again, nor what the copy had not sent",
           *after)
    rows = ask(life.site.store, "SELECT DISTINCT state FROM outbox "
               "WHERE subject LIKE '%Attente%'")
    tap.ok(rows == [("maybe",)], f"{name}: that waits for a person", rows)
    tap.ok(len(told(after)) == 2 and lives(life) == 2,
           f"{name}: a new life, and the desk is told once", after,
           lives(life))
    # A service lives by the machine's clock.
    later = max(60, (int(desk.time.time()) - T) // 60 + 10) if daemon else 60
    life.run(later + 1)
    life.mail(desk.KARIM, "Plus tard", "Après.", later + 10)
    life.run(later + 11)
    after = life.site.sent()[len(before):]
    tap.ok(len(told(after)) == 2 and lives(life) == 2,
           f"{name}: and never again", after, lives(life))
    tap.ok(len(life.sent(desk.KARIM, "Plus tard")) == 1,
           f"{name}: life goes on", after)
    own = [n for n in life.tickets() if n > 2]
    tap.ok(min(own) > most, f"{name}: no number comes again", own, most)
    tap.ok(not once_each(life), f"{name}: nothing twice", once_each(life))
    kept = {s for s, in ask(life.site.store, "SELECT subject FROM content")}
    tap.ok({"Un", "Attente", "Deux", "Trois"} <= kept,
           f"{name}: no mail is lost", kept)


def one_daemon(life, name):
    """As a service: what waits may not be faster than the look."""
    run = desk.Running(life.site)
    try:
        tap.ok(run.wait_log("store-restored") and desk.wait_for(
            lambda: len(told(life.site.sent())) == 2),
            f"{name}: it finds out by itself", run.log())
    finally:
        run.stop()


def archive(life):
    """Somebody has cleared cur/ since."""
    for path in glob.glob(os.path.join(life.site.box, "cur", "*")):
        os.remove(path)


set_back(Life("maildir"), "Maildir")
set_back(Life("maildir-daemon"), "Maildir, as a service", daemon=True)


def cleared():
    life = Life("maildir-cleared")
    copy = gone_on(life)
    before = len(life.site.sent())
    life.machine_back(copy)
    archive(life)
    life.run(60)
    after = life.site.sent()[before:]
    tap.ok(lives(life) == 2 and not others(after),
           "a Maildir whose mails were cleared away tells it still", after)


cleared()


def answered_since():
    """Who answers what is forgotten, behind the last mail that the lost life
    had, is told themselves that it went to nobody; once."""
    life = Life("maildir-answered")
    copy = gone_on(life)
    forgotten = notices(life, "Deux")[0]
    before = len(life.site.sent())
    life.machine_back(copy)
    life.answer(forgotten, CANARY, 50)
    for minute in (60, 61):
        life.run(minute)
        maildir_again(life)
    after = life.site.sent()[before:]
    tap.ok(len(refusals(after)) == 1 and len(others(after)) == 1
           and lives(life) == 2,
           "who answered since is told that nobody got it, once", after)


answered_since()


def moved_by_others():
    """Another program takes new mail to cur/, as every IMAP server does."""
    life = Life("maildir-others")
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    life.mail(desk.KARIM, "Deux", "Bonjour.", 5)
    for path in glob.glob(os.path.join(life.site.box, "new", "*")):
        os.rename(path, path.replace("/new/", "/cur/") + ":2,")
    life.run(6)
    tap.ok(lives(life) == 1 and len(life.sent(desk.KARIM)) == 1,
           "mail that others moved to cur/ is no restore", life.sent())
    seal = glob.glob(os.path.join(life.site.box, "guichet-*"))
    tap.ok(len(seal) == 1, "one file is beside the folders", seal)
    for data in (b"", b"torn", b"\n", b"../../etc/passwd\n", b"x" * 3000):
        with open(seal[0], "wb") as f:
            f.write(data)
        life.run(7)
    os.remove(seal[0])
    os.mkdir(seal[0])
    life.mail(desk.KARIM, "Trois", "Bonjour.", 8)
    life.run(9)
    tap.ok(lives(life) == 1 and len(life.sent(desk.KARIM, "Trois")) == 1,
           "nor is one that is torn, nor one that cannot be written")


moved_by_others()


# ---- over IMAP ----

class Server:
    def __init__(self):
        self.pki = wire.Pki(top)
        path = os.path.join(top, "dovecot")
        os.makedirs(path)
        os.chmod(path, 0o755)
        self.dovecot = wire.Dovecot(path, self.pki)
        self.count = 0

    def life(self, name, **more):
        self.count += 1
        folder = f"F{self.count}"
        client = self.dovecot.session()
        client.create(folder)
        client.logout()
        life = ImapLife(name, self.dovecot, self.pki, folder=folder, **more)
        life.name = folder
        return life

    def do(self, life, *commands):
        """What another mail program does in the folder."""
        client = self.dovecot.session()
        client.select(life.name)
        for command in commands:
            got = client.uid(*command)
            if got[0] != "OK":
                tap.ok(False, f"{command}", got)
        client.logout()


def begun(server, name, **more):
    life = server.life(name, **more)
    life.mail(desk.JEANNE, "Un", "Bonjour.", 0)
    life.run(1)
    return life


def no_restore(life, name, run=True):
    if run:
        life.run(30)
    tap.ok(lives(life) == 1 and not told(life.site.sent()),
           f"{name} is no restore", lives(life), life.sent())


def keywords(server):
    life = begun(server, "keywords")
    client = server.dovecot.session()
    client.select(life.name)
    flags = client.uid("FETCH", "1", "(FLAGS)")[1][0].decode()
    client.logout()
    tap.ok(re.search(r"\bguichet\b[ )]", flags)
           and len(re.findall(r"guichet-[0-9a-f]{8}\b", flags)) == 1,
           "a mail that is done bears the keyword, and the store's own", flags)
    return re.search(r"guichet-[0-9a-f]{8}", flags).group()


def marked_by_hand(server):
    life = begun(server, "by-hand")
    life.mail(desk.KARIM, "À la main", "Bonjour.", 5)
    server.do(life, ("STORE", "2", "+FLAGS", "(guichet guichet-01234567)"))
    no_restore(life, "a mark by hand, or of another store,")
    tap.ok(len(life.sent(desk.KARIM, "À la main")) == 1,
           "and the mail is taken and answered", life.sent())


def moved_away_and_back(server):
    life = begun(server, "and-back")
    client = server.dovecot.session()
    client.create("Away")
    client.select(life.name)
    client.uid("COPY", "1", life.name)
    client.uid("MOVE", "1", "Away")
    client.select("Away")
    client.uid("MOVE", "1:*", life.name)
    client.logout()
    no_restore(life, "a mail that was copied, or moved away and back,")


def new_validity(server):
    """Each folder's numbers are lost: all comes again under others."""
    life = begun(server, "validity")
    life.mail(desk.KARIM, "Deux", "Bonjour.", 5)
    life.run(6)
    now = desk.time.time()
    desk.wait_for(lambda: desk.time.time() > now + 1.1)  # it is a time
    server.dovecot.stop()
    for file in glob.glob(life.folder + "/dovecot[.-][iu]*"):
        os.remove(file)
    server.dovecot.start()
    no_restore(life, "a new UIDVALIDITY")


def after_restore(server):
    """One that is known already is not found out once more."""
    life = begun(server, "restored")
    copy = life.save()
    for n in range(12):
        life.mail(desk.KARIM, f"Encore {n}", "Bonjour.", 5)
    life.run(6)
    got = life.site.call("restore", copy, "--at", desk.iso(T + 60 * 20))
    tap.ok(got.returncode == 0, "restore", got.stderr)
    before = len(life.site.sent())
    life.run(30)
    life.run(31)
    after = life.site.sent()[before:]
    tap.ok(lives(life) == 2 and len(told(after)) == 2 and not others(after),
           "guichet restore is told once, whatever the mailbox shows", after)


def killed(server):
    """Between the commit and the mark, and between the mark and its commit."""
    life = begun(server, "killed")
    life.mail(desk.KARIM, "Compte", "Bonjour.", 5)
    got = life.site.once(desk.iso(T + 360), "--count-writes")
    writes = int(re.search(r"writes=(\d+)", got.stdout).group(1))
    step = 1 if os.environ.get("LONG") else max(1, writes // 6)
    for minute, n in enumerate(range(1, writes + 1, step), start=10):
        life.mail(desk.KARIM, f"Tué {n}", "Bonjour.", minute)
        life.site.once(desk.iso(T + 60 * minute + 30), "--kill-at", str(n))
    no_restore(life, f"being killed at any of {writes} writes")


def two_mailboxes(server):
    """Both are ahead: one life, told once, and numbers above both."""
    path = os.path.join(top, "two-maildir")
    desk.maildir(path)
    life = server.life("two", more=[{"name": "other", "maildir": path}])
    copy = gone_on(life)
    for n in range(70):
        desk.put(path, desk.mail(
            desk.KARIM, f"Autre {n}", "Bonjour.", T + 1500 + n,
            message_id=f"<o{n}@client.example>"), T + 1500 + n, f"9{n}")
    life.run(27)
    most = max(life.tickets())
    before = len(life.site.sent())
    life.machine_back(copy)
    life.run(60)
    after = life.site.sent()[before:]
    # Of the Maildir nothing was known: only a look of before can be behind.
    own = [n for n in life.tickets() if n > 2]
    tap.ok(lives(life) == 2 and len(told(after)) == 2 and not others(after),
           "two mailboxes, one of them new to the copy: told once", after)
    tap.ok(len(own) >= 72, "all is taken again", own)
    return most


if shutil.which("dovecot"):
    server = Server()
    try:
        set_back(server.life("imap"), "Dovecot")
        set_back(server.life("imap-daemon"), "Dovecot, as a service",
                 daemon=True)
        keywords(server)
        for test in (marked_by_hand, moved_away_and_back, new_validity,
                     after_restore, killed, two_mailboxes):
            test(server)
    finally:
        server.dovecot.stop()
else:
    tap.skip("Dovecot", "it is not installed")

end()
