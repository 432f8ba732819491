#!/usr/bin/python3
"""
Two at once: what a technician says to a client waits before it leaves. From
mails in a Maildir to the bytes that left; the clock is the test's own, but for
the one desk that is killed.
"""

import json
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


def rows_of(site, what):
    return [r["state"] for r in site.rows(what)]


def show(site, at):
    got = site.call("show", "1", "--json", "--at", desk.iso(at))
    ticket = json.loads(got.stdout)
    return {key: ticket[key] for key in ("state", "assigned", "clocks")}


def test_stop():
    """#stop, in answer to a notice or a transcript, by the writer or not."""
    site = Site("stop")
    site.open()
    before = show(site, T0 + 500)
    notice = site.to(desk.ANNE)[0]
    site.answer(desk.ANNE, "#resolve\n\nC'est réparé, CANARI.", T0 + 60)
    site.once(desk.iso(T0 + 70))
    resolved = show(site, T0 + 70)
    site.answer(desk.ANNE, "#stop", T0 + 80, notice)
    got = site.once(desk.iso(T0 + 90))
    after = show(site, T0 + 500)
    tap.ok(rows_of(site, "resolution") == ["dropped"]
           and resolved["state"] == "resolved" and after == before,
           "#stop in answer to a notice: the resolution is taken back, and "
           "state, holder and clocks are as before", got.stderr, resolved,
           before, after)
    told = site.to(desk.ANNE, "n'est pas partie")
    tap.ok(len(told) == 1 and "résolu" in told[0].text,
           "and its writer reads what was taken back", *site.to(desk.ANNE))
    site.answer(desk.ANNE, "Un instant, CANARI.", T0 + 600)
    site.once(desk.iso(T0 + 610))
    site.answer(desk.MARY, "#stop", T0 + 620)
    site.once(desk.iso(T0 + 630))
    site.once(desk.iso(T0 + 3600))
    tap.ok(rows_of(site, "reply") == ["dropped"]
           and show(site, T0 + 500) == before,
           "a colleague may stop an answer, too", show(site, T0 + 500))
    tap.ok(len([s for s in site.to(desk.ANNE, "Mary Collins a agi")
                if "n'est pas partie" in s.text]) == 1
           and len(site.to(desk.MARY, "has not left")) == 1,
           "and its writer reads who did", *site.to(desk.ANNE),
           *site.to(desk.MARY))
    tap.ok(not site.to(desk.JEANNE, "CANARI"),
           "the client has read nothing of either", *site.to(desk.JEANNE))
    site.answer(desk.MARY, "#stop", T0 + 4000)
    site.once(desk.iso(T0 + 4010))
    tap.ok(len(site.to(desk.MARY, "nothing waits to leave")) == 1,
           "where nothing waits, it says so", *site.to(desk.MARY))
    site.call("rebuild", "--at", desk.iso(T0 + 500))
    tap.ok(show(site, T0 + 500) == before, "rebuild makes the same of it")


def test_too_late():
    site = Site("late")
    site.open()
    site.answer(desk.ANNE, "C'est réparé.", T0 + 60)
    site.once(desk.iso(T0 + 70))
    site.once(desk.iso(T0 + 200))
    before = show(site, T0 + 500)
    site.answer(desk.ANNE, "#arreter", T0 + 210)
    site.once(desk.iso(T0 + 220))
    tap.ok(len(site.to(desk.ANNE, "est déjà parti")) == 1
           and rows_of(site, "reply") == ["sent"]
           and show(site, T0 + 500) == before,
           "what has left stays so, and nothing is done", *site.to(desk.ANNE))
    got = site.call("undo", "1")
    tap.ok(got.returncode == 1 and "has left already" in got.stderr
           and show(site, T0 + 500) == before,
           "and the command line says the same", got.stderr)


def test_undo():
    """At the command line: the answer that waits, else the last order."""
    site = Site("undo")
    site.open(int(time.time()) - 600)
    now = int(time.time())
    before = show(site, now + 5)
    site.call("resolve", "1", "C'est réparé.")
    got = site.call("undo", "1")
    tap.ok(got.returncode == 0 and "has not left" in got.stdout
           and rows_of(site, "resolution") == ["dropped"]
           and show(site, now + 5) == before,
           "undo takes back the answer that waits, and all it did",
           got.stdout, got.stderr)
    site.call("severity", "1", "3")
    changed = show(site, now + 5)
    site.call("time", "1", "0:25", "Le câble.")
    for _ in range(2):
        got = site.call("undo", "1")
    tap.ok(changed != before and show(site, now + 5) == before
           and "severity 3" in got.stdout,
           "then order by order, the last first", got.stdout, got.stderr,
           before, changed)
    shown = site.call("show", "1").stdout
    tap.ok("0:25" not in shown, "no minute of it is counted", shown)
    got = site.call("undo", "1")
    tap.ok(got.returncode == 1 and "no order to take back" in got.stderr,
           "until there is none left", got.stdout, got.stderr)


def test_undo_refused():
    """What was built upon an order, and what has no inverse, stays."""
    site = Site("refused", "0")
    when = int(time.time()) - 7200
    site.open(when)
    site.call("close", "1", "--at", desk.iso(when + 600))
    site.write_mail(desk.JEANNE, "Non, toujours en panne.", when + 1200,
                    reply_to=site.to(desk.JEANNE)[0]["Message-ID"],
                    subject="Re: Panne bloquante de l'ERP")
    site.once(desk.iso(when + 1210))
    before = show(site, when + 3000)
    got = site.call("undo", "1")
    tap.ok(before["state"] == "open" and got.returncode == 1
           and "the state 'open'" in got.stderr and "came after it"
           in got.stderr and show(site, when + 3000) == before,
           "a later event of the same field is named", before, got.stdout,
           got.stderr)
    site.open(when + 2000)
    site.call("link", "1", "2")
    got = site.call("undo", "1")
    tap.ok(got.returncode == 1 and "cannot be taken back" in got.stderr,
           "what ties two tickets has no inverse", got.stdout, got.stderr)


def test_stranger():
    """Another's token, or none, stops nothing."""
    site = Site("stranger")
    site.open()
    hers = site.to(desk.MARY)[0]
    site.answer(desk.ANNE, "C'est réparé.", T0 + 60)
    site.once(desk.iso(T0 + 70))
    site.answer(desk.JEANNE, "#stop", T0 + 80)
    site.answer(desk.ANNE, "#stop", T0 + 81, hers)
    site.write_mail(desk.ANNE, "#stop", T0 + 82)
    site.once(desk.iso(T0 + 90))
    tap.ok(rows_of(site, "reply") == ["waiting"],
           "a client, another's token and none stop nothing",
           *site.json("outbox", "--all"))


def test_alone():
    site = Site("alone")
    site.open()
    site.answer(desk.ANNE, "C'est réparé.", T0 + 60)
    site.once(desk.iso(T0 + 70))
    site.answer(desk.ANNE, "#stop\n#close", T0 + 80)
    site.answer(desk.MARY, "#stop\n\nMy own words.", T0 + 81)
    site.once(desk.iso(T0 + 90))
    tap.ok(rows_of(site, "reply") == ["waiting"]
           and len(site.to(desk.ANNE, "seul dans son mail")) == 1
           and len(site.to(desk.MARY, "stands alone")) == 1,
           "it stands alone in its mail", *site.sent())


def crossed(name):
    """Anne answers; Mary, who has not read of it, answers what she had."""
    site = Site(name)
    site.open()
    hers = site.to(desk.MARY)[0]
    site.answer(desk.ANNE, "C'est réparé, CANARI.", T0 + 60)
    site.once(desk.iso(T0 + 70))
    site.answer(desk.MARY, "We look into it, WREN.", T0 + 80, hers)
    got = site.once(desk.iso(T0 + 90))
    return site, got


def test_crossed():
    """An answer to a notice older than a colleague's answer is held; both read
    both; #send sends it."""
    site, got = crossed("crossed")
    held = site.to(desk.MARY, "WREN")
    tap.ok(rows_of(site, "reply") == ["waiting"] and len(held) == 1
           and "CANARI" in held[0].text and "Anne Martin" in held[0].text
           and "#send" in held[0].text,
           "an answer to a notice older than a colleague's is held, and its "
           "writer reads both", got.stderr, *site.to(desk.MARY))
    told = site.to(desk.ANNE, "WREN")
    tap.ok(len(told) == 1 and "Mary Collins" in told[0].text
           and "croise" in told[0].text,
           "and so does the colleague", *site.to(desk.ANNE))
    site.once(desk.iso(T0 + 3000))
    shown = site.call("show", "1").stdout
    tap.ok(len(site.to(desk.JEANNE, "CANARI")) == 1
           and not site.to(desk.JEANNE, "WREN") and "WREN" in shown,
           "the client reads the first, the second is kept inside", shown)
    site.answer(desk.MARY, "#send", T0 + 3100, held[0])
    got = site.once(desk.iso(T0 + 3110))
    waiting = rows_of(site, "reply")
    site.once(desk.iso(T0 + 3300))
    sent = site.to(desk.JEANNE, "WREN")
    tap.ok(waiting == ["sent", "waiting"] and len(sent) == 1
           and "#send" not in sent[0].text
           and show(site, T0 + 3300)["assigned"] == "Anne Martin",
           "#send sends it, as its writer's, and nothing else of it changes",
           got.stderr, waiting, *sent)
    site.answer(desk.MARY, "#send", T0 + 3400, held[0])
    site.once(desk.iso(T0 + 3500))
    tap.ok(len(site.to(desk.JEANNE, "WREN")) == 1, "once")
    before = show(site, T0 + 3600)
    site.call("rebuild", "--at", desk.iso(T0 + 3600))
    tap.ok(show(site, T0 + 3600) == before, "rebuild makes the same of it")


def test_crossed_again():
    """What crosses once more between the question and #send is held once more."""
    site, _ = crossed("again")
    held = site.to(desk.MARY, "WREN")
    first = site.to(desk.ANNE, "WREN")[0]
    site.answer(desk.ANNE, "Et le site aussi, HERON.", T0 + 100, first)
    site.once(desk.iso(T0 + 110))
    site.answer(desk.MARY, "#send", T0 + 200, held[0])
    got = site.once(desk.iso(T0 + 210))
    again = [m for m in site.to(desk.MARY, "WREN") if "HERON" in m.text]
    site.once(desk.iso(T0 + 400))
    tap.ok(len(again) == 1 and "#send" in again[0].text
           and not site.to(desk.JEANNE, "WREN"),
           "an answer that crosses again before #send is held again, and its "
           "writer reads that one, too", got.stderr, *site.to(desk.MARY, "WREN"))
    before = len(site.to(desk.ANNE, "WREN"))
    site.answer(desk.MARY, "#send", T0 + 500, again[0])
    site.once(desk.iso(T0 + 510))
    site.once(desk.iso(T0 + 700))
    tap.ok(len(site.to(desk.JEANNE, "WREN")) == 1, "the next #send sends it",
           *site.to(desk.MARY)[-2:])
    told = site.to(desk.ANNE, "WREN")[before:]
    tap.ok(told and not any("Retenu" in m.text for m in told),
           "and the notice of what went out does not say that it is held", *told)


def test_crossed_doors():
    """Whose it is may send it from any notice, the command line any."""
    site, _ = crossed("doors")
    site.answer(desk.ANNE, "#envoyer", T0 + 100, site.to(desk.ANNE, "WREN")[0])
    site.once(desk.iso(T0 + 110))
    tap.ok(len(site.to(desk.ANNE, "aucune réponse")) == 1
           and rows_of(site, "reply") == ["waiting"],
           "a colleague does not send by mail what is not theirs",
           *site.to(desk.ANNE))
    got = site.call("send", "1")
    site.once(desk.iso(int(time.time()) + 5))
    site.once(desk.iso(int(time.time()) + 200))
    again = site.call("send", "1")
    tap.ok(got.returncode == 0 and len(site.to(desk.JEANNE, "WREN")) == 1
           and again.returncode == 1 and "no answer is held" in again.stderr,
           "`guichet send` does, once", got.stdout, got.stderr, again.stderr)
    site, _ = crossed("notice")
    site.answer(desk.MARY, "#send", T0 + 100, site.to(desk.MARY, "CANARI")[0])
    site.once(desk.iso(T0 + 110))
    site.once(desk.iso(T0 + 300))
    tap.ok(len(site.to(desk.JEANNE, "WREN")) == 1,
           "and so does #send in answer to a notice", *site.to(desk.MARY))


def test_crossed_undone():
    """What was held and sent can be taken back; what was held can, too."""
    site, _ = crossed("crossed-undone")
    before = show(site, T0 + 500)
    site.answer(desk.MARY, "#send", T0 + 100, site.to(desk.MARY, "WREN")[0])
    site.once(desk.iso(T0 + 110))
    site.once(desk.iso(T0 + 130))
    site.answer(desk.MARY, "#undo", T0 + 140, site.to(desk.MARY)[-1])
    got = site.once(desk.iso(T0 + 145))
    site.once(desk.iso(T0 + 400))
    tap.ok(rows_of(site, "reply") == ["sent", "dropped"]
           and not site.to(desk.JEANNE, "WREN")
           and show(site, T0 + 500) == before,
           "#undo takes back what #send sent, while it waits", got.stderr,
           rows_of(site, "reply"), *site.to(desk.MARY))
    site, _ = crossed("held-undone")
    site.answer(desk.MARY, "#undo", T0 + 100, site.to(desk.MARY, "CANARI")[0])
    site.once(desk.iso(T0 + 110))
    tap.ok(rows_of(site, "reply") == ["dropped"],
           "what waits is taken back before what is held", site.sent())


def test_not_crossed():
    """Who has read of it answers; a colleague's order is no answer; a colleague
    who resolved crosses; what was taken back crosses nothing."""
    site = Site("read")
    site.open()
    site.answer(desk.MARY, "#take", T0 + 30)
    site.once(desk.iso(T0 + 40))
    site.answer(desk.ANNE, "Premier mot.", T0 + 60, site.to(desk.ANNE)[0])
    site.once(desk.iso(T0 + 70))
    tap.ok(rows_of(site, "reply") == ["waiting"],
           "a colleague's #take crosses nothing", *site.to(desk.ANNE))
    site.answer(desk.MARY, "I add a word.", T0 + 80,
                site.to(desk.MARY, "Premier mot")[0])
    site.once(desk.iso(T0 + 90))
    tap.ok(rows_of(site, "reply") == ["waiting", "waiting"],
           "who answers what tells of it is not held", *site.to(desk.MARY))
    site = Site("resolved")
    site.open()
    hers = site.to(desk.MARY)[0]
    site.answer(desk.ANNE, "#resolve", T0 + 60)
    site.once(desk.iso(T0 + 70))
    site.answer(desk.MARY, "We look into it, WREN.", T0 + 80, hers)
    site.once(desk.iso(T0 + 90))
    site.once(desk.iso(T0 + 300))
    tap.ok(not site.to(desk.JEANNE, "WREN")
           and len(site.to(desk.MARY, "WREN")) == 1,
           "a colleague who resolved meanwhile is read of first",
           *site.to(desk.MARY))
    site = Site("taken-back")
    site.open()
    hers = site.to(desk.MARY)[0]
    site.answer(desk.ANNE, "C'est réparé.", T0 + 60)
    site.once(desk.iso(T0 + 70))
    site.answer(desk.ANNE, "#stop", T0 + 75)
    site.once(desk.iso(T0 + 78))
    site.answer(desk.MARY, "We look into it, WREN.", T0 + 80, hers)
    site.once(desk.iso(T0 + 90))
    site.once(desk.iso(T0 + 300))
    tap.ok(len(site.to(desk.JEANNE, "WREN")) == 1,
           "what was taken back crosses nothing", *site.to(desk.MARY))


for test in (test_crossed, test_crossed_again, test_crossed_doors, test_crossed_undone,
             test_not_crossed, test_waits, test_each_kind, test_none, test_killed,
             test_stop, test_too_late, test_undo, test_undo_refused,
             test_stranger, test_alone):
    test()
shutil.rmtree(top, ignore_errors=True)
tap.end()
