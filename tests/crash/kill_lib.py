"""The desk killed at every write to its store, and started again: what the
tests of it share. A scenario is what lies in a folder already, mails that come
on top, and the instant of the run that is killed.

Every write is many: a usual run takes one by chance of each so many in a row,
so that no stretch is left out. KILLS says of how many; LONG takes each; a
sanitized program, which is slow, five times fewer. SEED repeats a run.
"""

import collections
import concurrent.futures
import os
import pathlib
import random
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
SEED = "20261120"
CHANCE = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))

SECRET = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"
SOURCES = ("alert_sources: [{name: mon, address: " + SECRET +
           ", require: token}]")


class Scenario:
    """`mails` are (instant, bytes). `base` is the site of a run before it,
    which is laid down first."""

    def __init__(self, name, at, mails, rules, base=None, extra=""):
        self.name, self.at, self.mails = name, at, mails
        self.rules, self.base, self.extra = rules, base, extra
        self.kept = len(mails)
        if base is not None:
            self.kept += len(os.listdir(os.path.join(base.box, "cur")))


def lay_down(source, path):
    """A copy, for copytree(): nothing writes into a mail that is there, so it
    may be the same file."""
    mail = os.path.basename(os.path.dirname(source)) in ("cur", "new")
    return (os.link if mail else shutil.copy2)(source, path)


class Trial:
    """One site with its mails, to be run once or twice."""

    def __init__(self, scenario, suffix=""):
        self.scenario = scenario
        path = os.path.join(top, scenario.name + suffix)
        base = scenario.base
        if base is not None:
            shutil.copytree(base.path, path, copy_function=lay_down)
        self.site = desk.Site(path, rules=scenario.rules,
                              extra=scenario.extra)
        if base is None:
            made = self.site.call("init", "--seed", SEED)
            if made.returncode != 0:
                tap.ok(False, "a store is made", made.stderr)
            shutil.copy(os.path.join(top, "tokens"), self.site.tokens)
        for n, (when, data) in enumerate(scenario.mails):
            self.site.deliver(data, when, str(n + 1))

    def run(self, *more):
        return self.site.once(self.scenario.at, "--seed", SEED, *more)

    def remove(self):
        shutil.rmtree(self.site.path)


def tokens(rules):
    """Makes the keys that all sites share; a site without a mail, and the
    writes of a run on it.
    (The first start, which makes them, is killed in tests/e2e/restore.t.)"""
    blank = desk.Site(os.path.join(top, "blank"), rules=rules)
    blank.once("2026-11-20T08:00:00+01:00", "--seed", SEED)
    made = blank.once("2026-11-20T08:00:00+01:00", "--seed", SEED,
                      "--count-writes")
    writes = int((re.findall(r"^writes=(\d+)$", made.stdout, re.M)
                  or [0])[0])
    tap.ok(made.returncode == 0 and writes > 0, "an empty store is opened",
           made.stderr)
    shutil.copy(blank.tokens, os.path.join(top, "tokens"))
    return blank, writes


def alert_rules(rules):
    """The smallest that know one system, one client and one backup."""
    folder = os.path.join(rules, "alerts")
    os.makedirs(folder)
    for name in ("nagios.yaml", "words.yaml"):
        shutil.copy(os.path.join(desk.ROOT, "rules", "alerts", name), folder)
    for name, text in [
            ("hosts.yaml",
             "severities: {down: 1, critical: 2, warning: 3}\n"
             "hosts: [{host: '*', contract: acier-vosges}]\n"),
            ("expected.yaml",
             "expected: [{name: backup, source: mon, subject: '^backup ok', "
             "by: '12:00', within: 6h, zone: Europe/Paris}]\n")]:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)


def alert(time, host, service, state, number=[0]):
    """A probe's mail of that day: (instant, bytes)."""
    number[0] += 1
    text = "2026-11-20T" + time + "+01:00"
    when = desk.instant(text)
    kind = "RECOVERY" if state == "OK" else "PROBLEM"
    return when, desk.mail(
        "nagios@supervision.example",
        f"** {kind} Service Alert: {host}/{service} is {state} **",
        f"***** Nagios *****\n\nNotification Type: {kind}\n\n"
        f"Service: {service}\nHost: {host}\nAddress: 192.0.2.80\n"
        f"State: {state}\n\nDate/Time: {text}\n\nAdditional Info:\n\n"
        f"{state} - probe\n", when, to=SECRET,
        message_id=f"<{number[0]}.{when}@supervision.example>")


def settled(dump):
    """"maybe" counts as sent: which of them may be is checked by itself."""
    return re.sub(r"^(  (?:acknowledgment|notice|information)\b.*Z) maybe\b", r"\1 sent",
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
                             "WHERE state = 'done' AND raw IS NOT NULL"
                             ).fetchone()
        if rows != (count, count):
            problems.append(f"store: {rows[0]} mails done, {rows[1]} raw")
        sound = store.execute("PRAGMA integrity_check").fetchone()[0]
        if sound != "ok":
            problems.append("store: " + sound)
    finally:
        store.close()
    return problems


known_ids = {}


def message_id(data):
    """Of an answer's bytes: nearly all are the same after each kill."""
    if data not in known_ids:
        known_ids[data] = desk.Sent(data)["Message-ID"]
    return known_ids[data]


def answers_sent(site, wanted, dump):
    """Problems with what went out, against an undisturbed run's answers."""
    got = collections.Counter(
        message_id(path.read_bytes())
        for path in pathlib.Path(site.out).glob("[nc][eu][wr]/*"))
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


def unmarked(site):
    """Names of mails that are decided and committed, but of which the store
    does not know that they are marked where they came from."""
    if not os.path.exists(site.store):
        return []
    store = sqlite3.connect(site.store)
    try:
        return [name for name, in store.execute(
            "SELECT name FROM mail WHERE state = 'done' AND marked = 0 "
            "AND name <> ''")]
    except sqlite3.OperationalError:  # killed before it was made
        return []
    finally:
        store.close()


def take_back(site, names):
    """As if the mails' own process had been killed, too, before it marked
    them: whether it was quicker is chance."""
    for file in os.listdir(os.path.join(site.box, "cur")):
        name = file.partition(":")[0]
        if name in names:
            os.rename(os.path.join(site.box, "cur", file),
                      os.path.join(site.box, "new", name))


def one_kill(scenario, n, again, undisturbed, wanted):
    """(reached, between commit and mark, problems) of a kill at write `n`;
    with `again` the restart is killed, too, at that write of its own."""
    trial = Trial(scenario, f"-{n}-{again or 0}")
    first = trial.run("--kill-at", str(n))
    reached = first.returncode == -signal.SIGKILL
    between = unmarked(trial.site)
    if n % 2:
        take_back(trial.site, between)
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
    problems += mails_kept(trial.site, scenario.kept)
    kills = 2 if again else 1
    problems += [p for p in answers_sent(trial.site, wanted, dump)
                 if not (kills == 2 and p.endswith("after one kill"))]
    if not problems:
        trial.remove()
    return reached, bool(between), problems


def reference(scenario):
    """An undisturbed run: its site, dump, answers and number of writes."""
    name = scenario.name
    trial = Trial(scenario)
    got = trial.run("--count-writes")
    match = re.search(r"^writes=(\d+)$", got.stdout, re.M)
    tap.ok(got.returncode == 0 and match is not None, name + ": undisturbed",
           got.returncode, got.stdout, got.stderr)
    sent = trial.site.sent()
    dump = trial.site.dump()
    tap.ok(not mails_kept(trial.site, scenario.kept)
           and not answers_sent(trial.site, sent, dump),
           name + ": all mails are kept, all answers are sent",
           *mails_kept(trial.site, scenario.kept))
    again = trial.run()
    tap.ok(again.returncode == 0 and trial.site.dump() == dump
           and len(trial.site.sent()) == len(sent),
           name + ": a second run changes nothing", again.stderr)
    return trial.site, dump, sent, int(match.group(1)) if match else 0


def step_of(usual):
    """Of how many writes in a row a run takes one."""
    if os.environ.get("KILLS"):
        return int(os.environ["KILLS"])
    if os.environ.get("LONG"):
        return 1
    return usual * 5 if os.environ.get("SAN") else usual


def sample(first, writes, step):
    """One by chance of each `step` writes from `first` on."""
    chance = random.Random(CHANCE)
    return [chance.randrange(n, min(n + step, writes + 1))
            for n in range(first, writes + 1, step)]


def kill_everywhere(scenario, points, undisturbed, wanted, twice=0):
    """Each point, two at a time; `twice`: every so many also kill the
    restart."""
    name = scenario.name
    print(f"# {name}: SEED={CHANCE}", flush=True)
    jobs = [(n, None) for n in points]
    if twice:
        jobs += [(n, 2 + n % 11) for n in points[::twice]]
    bad, reached, between = [], 0, 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        futures = {pool.submit(one_kill, scenario, n, again, undisturbed,
                               wanted): (n, again) for n, again in jobs}
        for future, (n, again) in futures.items():
            did, did_between, problems = future.result()
            reached += did
            between += did_between
            if problems:
                bad.append((n, again, problems))
    notes = [f"write {n}{f' and {again}' if again else ''}: {problem}"
             for n, again, problems in bad[:8] for problem in problems[:6]]
    tap.ok(not bad, f"{name}: {len(jobs)} kills, {len(bad)} with another end",
           *notes)
    # A run may bundle its writes otherwise, and so have some less.
    tap.ok(reached >= len(jobs) * 9 // 10,
           f"{name}: {reached} of {len(jobs)} points were reached")
    return between


def end(run):
    """Runs the test, and ends it."""
    try:
        run()
    except Exception as e:  # what it is belongs into the report
        tap.ok(False, "no surprise", repr(e))
    if tap.failed == 0:
        shutil.rmtree(top, ignore_errors=True)
    tap.end()
