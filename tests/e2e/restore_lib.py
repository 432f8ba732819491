"""What the tests of a store that is set back share: a site with its clock, its
mails and the copies of its store; over a Maildir, and over a real server."""

import glob
import os
import shutil
import sqlite3
import tempfile

import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-restore-")
os.chmod(top, 0o755)  # Dovecot reads mail as another user
rules = desk.small_rules(os.path.join(top, "rules"))
T = desk.instant("2026-11-20T16:00:00Z")
CANARY = "Mot de passe du client A"
numbers = iter(range(1, 10000))


def site(name, **more):
    return desk.Site(os.path.join(top, name), rules=rules, **more)


def ask(store, query):
    db = sqlite3.connect(store)
    try:
        return db.execute(query).fetchall()
    finally:
        db.close()


class Life:
    """A site, its mails and its clock, in minutes behind T."""

    def __init__(self, name, **more):
        self.site = site(name, **more)

    def put(self, data, minute):
        """As its mail server does."""
        self.site.deliver(data, T + 60 * minute, str(next(numbers)))

    def mail(self, sender, subject, text, minute, **more):
        n = next(numbers)
        self.put(desk.mail(sender, subject, text, T + 60 * minute,
                           message_id=f"<{n}@{sender.partition('@')[2]}>",
                           **more), minute)

    def run(self, minute):
        got = self.site.once(desk.iso(T + 60 * minute), timeout=120)
        if got.returncode != 0:
            tap.ok(False, f"{self.site.path}: run at {minute}", got.stderr)
        return got

    def sent(self, to=None, what=None):
        return [m for m in self.site.sent() if (to is None or m.to == to)
                and (what is None or what in m["Subject"])]

    def tickets(self):
        return [n for n, in ask(self.site.store, "SELECT DISTINCT ticket "
                                "FROM event ORDER BY 1")]

    def save(self):
        """A copy of the store, as `cp` makes it of a desk that is stopped."""
        copy = self.site.store + ".copy"
        shutil.copy(self.site.store, copy)
        return copy

    def save_machine(self):
        """And what lies beside the keys."""
        copy = self.save()
        shutil.copy(self.site.tokens + ".life", copy + ".life")
        return copy

    def machine_back(self, copy):
        self.put_back(copy)
        shutil.copy(copy + ".life", self.site.tokens + ".life")

    def put_back(self, copy):
        for end in ("-wal", "-shm"):
            if os.path.exists(self.site.store + end):
                os.remove(self.site.store + end)
        shutil.copy(copy, self.site.store)

    def answer(self, notice, text, minute, by_id=False, by_address=False):
        """Anne answers a notice, by its address and id or by one of them."""
        self.mail(desk.ANNE, "Re: " + notice["Subject"], text, minute,
                  to=desk.DESK if by_id else notice["Reply-To"],
                  reply_to=None if by_address else notice["Message-ID"])


def notices(life, subject):
    return [m for m in life.sent(desk.ANNE, subject)
            if m["Reply-To"] and "+" in m["Reply-To"]]


def refusals(mails):
    """What tells Anne that her answer went to nobody."""
    return [m for m in mails if m.to == desk.ANNE and CANARY in m.text
            and m["Auto-Submitted"] == "auto-replied"]


def once_each(life, since=0):
    """Who got an acknowledgment or a reply more than once, of one mail."""
    seen = {}
    for m in life.site.sent()[since:]:
        if m.to not in (desk.ANNE, desk.MARY):
            key = (m.to, m["In-Reply-To"], m.is_automatic)
            seen[key] = seen.get(key, 0) + 1
    return [f"{n} times {key}" for key, n in seen.items() if n > 1]


def maildir_again(life):
    """A Maildir whose server, or another program, shows them as new."""
    for path in glob.glob(os.path.join(life.site.box, "cur", "*")):
        os.rename(path, path.replace("/cur/", "/new/").partition(":2,")[0])


class ImapLife(Life):
    """The same over a real server, in a folder of its own or in INBOX."""

    def __init__(self, name, server, pki, folder="INBOX", done=None, more=()):
        self.server = server
        self.folder = server.maildir if folder == "INBOX" \
            else os.path.join(server.maildir, "." + folder)
        path = os.path.join(top, name)
        os.makedirs(path)
        secret = os.path.join(path, "secret")
        with open(secret, "w", encoding="utf-8") as f:
            f.write(wire.PASSWORD)
        os.chmod(secret, 0o600)
        super().__init__(name, mailboxes=[{"name": "help", "imap": {
            "host": "localhost", "port": server.imaps, "user": "anne",
            "password_file": secret, "ca_file": pki.file("ca.pem"),
            "folder": folder, "since": "all",
            "done": done or {"keyword": "guichet"}}}, *more])

    def put(self, data, minute):
        desk.put(self.folder, data, T + 60 * minute,
                 str(next(numbers)))
        self.server.give()


def end():
    if tap.failed == 0:
        shutil.rmtree(top, ignore_errors=True)
    tap.end()
