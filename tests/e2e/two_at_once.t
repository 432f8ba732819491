#!/usr/bin/python3
"""
Two at once: what a technician says to a client waits before it leaves. From
mails in a Maildir to the bytes that left; the clock is the test's own, but for
the one desk that is killed.
"""

import os
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-two-")
rules = desk.small_rules(os.path.join(top, "rules"))
T0 = desk.instant("2026-11-20T10:00:00+01:00")
NAMES = {desk.ANNE: "Anne Martin", desk.MARY: "Mary Collins",
         desk.JEANNE: "Jeanne Morel"}


class Site(desk.Site):
    """One ticket of a client's, and mails that answer ours."""

    def __init__(self, name, wait="60s"):
        super().__init__(os.path.join(top, name), rules=rules,
                         answers_wait=wait)
        self.count = 0

    def write_mail(self, sender, text, when, to=desk.DESK, reply_to=None,
                   subject="Panne bloquante de l'ERP"):
        self.count += 1
        self.deliver(desk.mail(
            sender, subject, text + "\n", when, to=to, name=NAMES[sender],
            reply_to=reply_to, message_id=f"<two.{self.count}@"
            f"{sender.split('@')[1]}>"), when, str(self.count))

    def open(self, when=T0):
        self.write_mail(desk.JEANNE, "Plus personne ne peut se connecter.",
                        when)
        self.once(desk.iso(when + 10))

    def to(self, address, words=""):
        return [s for s in self.sent() if s.to == address and words in s.text]

    def answer(self, who, text, when, to=None):
        """To a mail of ours; the newest that he got."""
        to = to or self.to(who)[-1]
        address = to.message["Reply-To"].addresses[0].addr_spec
        self.write_mail(who, text, when, address, to["Message-ID"],
                        "Re: " + to["Subject"])

    def rows(self, *what):
        return [row for row in self.json("outbox", "--all")
                if row["what"] in what]


def test_waits():
    """Words to a client wait a minute; all else leaves at once."""
    site = Site("waits")
    site.open()
    tap.ok(len(site.to(desk.JEANNE)) == 1 and len(site.to(desk.ANNE)) == 1
           and not [r for r in site.json("outbox", "--all")
                    if r["state"] != "sent"],
           "an acknowledgment and notices wait for nothing", site.sent())
    site.answer(desk.ANNE, "C'est réparé, merci de vérifier.", T0 + 60)
    got = site.once(desk.iso(T0 + 70))
    row = site.rows("reply")[0]
    tap.ok(got.returncode == 0 and row["state"] == "waiting"
           and row["attempts"] == 0
           and row["next"] == desk.iso(T0 + 130)
           and not site.to(desk.JEANNE, "réparé"),
           "an answer stands in the outbox for a minute", row, got.stderr)
    tap.ok("answers-wait" in got.stderr and "answers=1" in got.stderr
           and desk.iso(T0 + 130) in got.stderr,
           "run --once says what it leaves behind, and until when",
           got.stderr)
    tap.ok("waiting" in site.call("outbox").stdout
           and "10:02" in site.call("outbox").stdout,
           "`guichet outbox` shows it", site.call("outbox").stdout)
    site.once(desk.iso(T0 + 129))
    early = site.to(desk.JEANNE, "réparé")
    got = site.once(desk.iso(T0 + 130))
    tap.ok(not early and len(site.to(desk.JEANNE, "réparé")) == 1
           and "answers-wait" not in got.stderr,
           "then it leaves, once, to the client", got.stderr, site.sent())


def test_each_kind():
    """A resolution, an order's line to the client and the command line's words
    wait, the transcript does not."""
    site = Site("kinds")
    site.open()
    site.answer(desk.MARY, "#take", T0 + 60)
    site.once(desk.iso(T0 + 70))
    handled = site.rows("handled")
    tap.ok([r["state"] for r in handled] == ["waiting"]
           and [r["state"] for r in site.rows("confirmation")] == ["sent"],
           "an order's line to the client waits, its transcript does not",
           *site.json("outbox", "--all"))
    site.once(desk.iso(T0 + 200))
    site.answer(desk.MARY, "#resolve\n\nThe cable was replaced.", T0 + 300)
    site.once(desk.iso(T0 + 310))
    tap.ok([r["state"] for r in site.rows("resolution")] == ["waiting"]
           and [r["state"] for r in site.rows("handled")] == ["sent"],
           "a resolution waits", *site.json("outbox", "--all"))
    now = int(time.time())
    site.call("reply", "1", "Encore un mot.")
    row = site.rows("reply")[0]
    tap.ok(row["state"] == "waiting"
           and now + 60 <= desk.instant(row["next"]) < now + 180,
           "and so do words of the command line", row)


def test_none():
    site = Site("none", "0")
    site.open()
    site.answer(desk.ANNE, "C'est réparé.", T0 + 60)
    got = site.once(desk.iso(T0 + 70))
    tap.ok(len(site.to(desk.JEANNE, "réparé")) == 1
           and "answers-wait" not in got.stderr,
           "answers_wait: 0 waits for nothing", got.stderr)


def test_killed():
    """A desk that is killed while an answer waits sends it, in time."""
    site = Site("killed", "4s")
    site.open(int(time.time()) - 60)
    site.answer(desk.ANNE, "C'est réparé.", int(time.time()) - 30)
    run = desk.Running(site)
    waiting = desk.wait_for(lambda: [
        r for r in site.rows("reply") if r["state"] in ("waiting", "sent")])
    run.stop(signal.SIGKILL)
    due = desk.instant(waiting[0]["next"]) if waiting else 0
    run = desk.Running(site)
    sent = desk.wait_for(lambda: site.to(desk.JEANNE, "réparé"), 30)
    tap.ok(waiting and len(sent) == 1 and os.stat(sent[0].path).st_mtime >= due,
           "killed and started again, it leaves at its instant and once",
           waiting, sent, run.log())
    run.stop()


for test in (test_waits, test_each_kind, test_none, test_killed):
    test()
shutil.rmtree(top, ignore_errors=True)
tap.end()
