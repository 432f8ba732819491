#!/usr/bin/python3
"""
The desk killed at every write to its store, and started again: the same dump
as without, no mail lost, no acknowledgment twice, every reply sent.

Two scenarios, each from nothing: one mail, at all its writes, those that make
the store included; and a whole conversation, at all that come after the store
was made. KILLS=n takes every n-th point only; a sanitized program, which is
slow, takes every fifth. Where the last step before a
mail is taken from us was killed, the "maybe sent" that remains counts as sent.
"""

import collections
import concurrent.futures
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-kill-")
rules = desk.small_rules(os.path.join(top, "rules"))
AT = "2026-11-20T15:00:00+01:00"
SEED = "20261120"
T0 = desk.instant("2026-11-20T10:00:00+01:00")

REQUEST = desk.mail(
    desk.JEANNE, "Panne bloquante de l'ERP",
    "Bonjour,\n\nPlus personne ne peut se connecter depuis 9 h 40.\n\n"
    "Jeanne Morel\n", T0, name="Jeanne Morel",
    message_id="<20261120.1@acier-vosges.example>")


class Trial:
    """One site with its mails, to be run once or twice."""

    def __init__(self, name, mails):
        self.mails = mails
        self.site = desk.Site(os.path.join(top, name), rules=rules)
        shutil.copy(os.path.join(top, "tokens"), self.site.tokens)
        for n, data in enumerate(mails):
            self.site.deliver(data, T0 + n * 3600, str(n + 1))

    def run(self, *more):
        return self.site.once(AT, "--seed", SEED, *more)

    def remove(self):
        shutil.rmtree(self.site.path)


def settled(dump):
    """"maybe" counts as sent: which of them may be is checked by itself."""
    return re.sub(r"^(  (?:acknowledgment|notice)\b.*Z) maybe\b", r"\1 sent",
                  dump, flags=re.M)


def difference(a, b):
    a, b = a.splitlines(), b.splitlines()
    return ([f"- {line}" for line in a if line not in b]
            + [f"+ {line}" for line in b if line not in a]
            or ["the order of lines"])


def mails_kept(site, count):
    """Problems with what came in: on the server still, or in the store."""
    cur = os.listdir(os.path.join(site.box, "cur"))
    new = os.listdir(os.path.join(site.box, "new"))
    problems = []
    if len(cur) != count or new:
        problems.append(f"Maildir: {len(cur)} in cur/, {len(new)} in new/")
    store = sqlite3.connect(site.store)
    try:
        rows = store.execute("SELECT count(*), count(DISTINCT raw) FROM mail "
                             "WHERE state = 'done'").fetchone()
        if rows != (count, count):
            problems.append(f"store: {rows[0]} mails done, {rows[1]} raw")
        sound = store.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            problems.append("store: " + sound)
    finally:
        store.close()
    return problems


def answers_sent(site, wanted, dump):
    """Problems with what went out, against an undisturbed run's answers."""
    got = collections.Counter(sent["Message-ID"] for sent in site.sent())
    maybe = len(re.findall(r"^  \S+ to \S+ \S+ maybe\b", dump, re.M))
    problems, missing = [], 0
    for sent in wanted:
        times = got.pop(sent["Message-ID"], 0)
        if times > 1 and sent.is_automatic:
            problems.append(f"{times} times: {sent}")
        if times == 0 and not sent.is_automatic:
            problems.append(f"a reply is missing: {sent}")
        missing += times == 0
    problems += [f"nobody asked for {name}" for name in got]
    if missing > maybe:
        problems.append(f"{missing} answers missing, {maybe} maybe sent")
    if maybe > 1:
        problems.append(f"{maybe} answers maybe sent after one kill")
    return problems


def one_kill(name, mails, n, again, undisturbed, wanted):
    """(reached, problems) of a kill at write `n`; with `again` the restart is
    killed, too, at that write of its own."""
    trial = Trial(f"{name}-{n}-{again or 0}", mails)
    first = trial.run("--kill-at", str(n))
    reached = first.returncode == -signal.SIGKILL
    problems = []
    if not reached and first.returncode != 0:
        problems.append(f"the first run: {first.returncode} {first.stderr}")
    if again:
        trial.run("--kill-at", str(again))
    last = trial.run()
    if last.returncode != 0:
        problems.append(f"the restart: {last.returncode} {last.stderr}")
    dump = trial.site.dump()
    if settled(dump) != undisturbed:
        problems += difference(undisturbed, settled(dump))
    problems += mails_kept(trial.site, len(mails))
    kills = 2 if again else 1
    problems += [p for p in answers_sent(trial.site, wanted, dump)
                 if not (kills == 2 and p.endswith("after one kill"))]
    if not problems:
        trial.remove()
    return reached, problems


def reference(name, mails):
    """An undisturbed run: its dump, answers and number of writes."""
    trial = Trial(name, mails)
    got = trial.run("--count-writes")
    match = re.search(r"^writes=(\d+)$", got.stdout, re.M)
    tap.ok(got.returncode == 0 and match is not None, name + ": undisturbed",
           got.returncode, got.stdout, got.stderr)
    sent = trial.site.sent()
    dump = trial.site.dump()
    tap.ok(not mails_kept(trial.site, len(mails))
           and not answers_sent(trial.site, sent, dump),
           name + ": all mails are kept, all answers are sent",
           *mails_kept(trial.site, len(mails)))
    again = trial.run()
    tap.ok(again.returncode == 0 and trial.site.dump() == dump
           and len(trial.site.sent()) == len(sent),
           name + ": a second run changes nothing", again.stderr)
    return dump, sent, int(match.group(1)) if match else 0


def kill_everywhere(name, mails, points, undisturbed, wanted, twice=0):
    """Each point, two at a time; `twice`: every so many also kill the
    restart."""
    jobs = [(n, None) for n in points]
    if twice:
        jobs += [(n, 2 + n % 11) for n in points[::twice]]
    bad, reached = [], 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        futures = {pool.submit(one_kill, name, mails, n, again, undisturbed,
                               wanted): (n, again) for n, again in jobs}
        for future, (n, again) in futures.items():
            did, problems = future.result()
            reached += did
            if problems:
                bad.append((n, again, problems))
    notes = [f"write {n}{f' and {again}' if again else ''}: {problem}"
             for n, again, problems in bad[:8] for problem in problems[:6]]
    tap.ok(not bad, f"{name}: {len(jobs)} kills, {len(bad)} with another end",
           *notes)
    # A run may bundle its writes otherwise, and so have some less.
    tap.ok(reached >= len(jobs) * 9 // 10,
           f"{name}: {reached} of {len(jobs)} points were reached")


def conversation(sent):
    """A request, its follow-up, the technician's answer and resolution."""
    acknowledgment = [s for s in sent if s.to == desk.JEANNE][0]
    notice = [s for s in sent if s.to == desk.ANNE][0]
    return [
        REQUEST,
        desk.mail(desk.JEANNE, "Re: " + acknowledgment["Subject"],
                  "Le message d'erreur est ORA-12541.\n", T0 + 3600,
                  name="Jeanne Morel",
                  reply_to=acknowledgment["Message-ID"],
                  message_id="<20261120.2@acier-vosges.example>"),
        desk.mail(desk.ANNE, "Re: " + notice["Subject"],
                  "Bonjour,\n\nL'écouteur Oracle est relancé, "
                  "pouvez-vous réessayer ?\n\nAnne\n", T0 + 7200,
                  name="Anne Martin", reply_to=notice["Message-ID"],
                  message_id="<20261120.3@desk.example>"),
        desk.mail(desk.ANNE, "Re: " + notice["Subject"], "#resolve\n",
                  T0 + 10800, name="Anne Martin",
                  reply_to=notice["Message-ID"],
                  message_id="<20261120.4@desk.example>"),
    ]


def main():
    step = int(os.environ.get("KILLS",
                              "5" if os.environ.get("SAN") else "1"))
    blank = desk.Site(os.path.join(top, "blank"), rules=rules)
    made = blank.once(AT, "--seed", SEED, "--count-writes")
    empty = int((re.findall(r"^writes=(\d+)$", made.stdout, re.M) or [0])[0])
    tap.ok(made.returncode == 0 and empty > 0, "an empty store is made",
           made.stderr)
    shutil.copy(blank.tokens, os.path.join(top, "tokens"))

    dump, sent, writes = reference("one mail", [REQUEST])
    tap.ok(len(sent) == 3 and writes > empty,
           "one mail: an acknowledgment and two notices", *sent)
    kill_everywhere("one mail", [REQUEST], range(1, writes + 1, step), dump,
                    sent)

    mails = conversation(sent)
    dump, sent, writes = reference("conversation", mails)
    to_client = [s for s in sent if s.to == desk.JEANNE]
    tap.ok("ticket 1: resolved" in dump and len(to_client) == 3
           and sum(not s.is_automatic for s in to_client) == 2,
           "conversation: acknowledgment, answer and resolution to the client",
           dump, *sent)
    kill_everywhere("conversation", mails, range(empty, writes + 1, step),
                    dump, sent, twice=8)


try:
    main()
except Exception as e:  # what it is belongs into the report
    tap.ok(False, "no surprise", repr(e))
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
