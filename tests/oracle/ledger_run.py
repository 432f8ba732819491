#!/usr/bin/python3
"""Compares the program's ledger with a second implementation.

usage: ledger_run.py DRIVER [MONTHS [SEED]]

Makes random months of work and packages, gives them to DRIVER
(ledger_driver.c), and counts them here minute by minute, each minute looking
for what pays it. Prints TAP. SEED repeats a run, as the variable does.
"""
import collections
import datetime
import os
import random
import subprocess
import sys
import tempfile
import zoneinfo

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
Credit = collections.namedtuple("Credit", "order at until minutes cents")
Work = collections.namedtuple(
    "Work", "ticket event at minutes slice included prepaid price minimum word")


def text(at):
    return datetime.datetime.fromtimestamp(
        at, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def line(one):
    if isinstance(one, Credit):
        until = "-" if one.until is None else text(one.until)
        return f"c {one.order} {text(one.at)} {until} {one.minutes} {one.cents}\n"
    price = "-" if one.price is None else one.price
    return (f"w {one.ticket} {one.event} {text(one.at)} {one.minutes} "
            f"{one.slice},{one.included},{int(one.prepaid)},{price},"
            f"{one.minimum}{' ' + one.word if one.word else ''}\n")


def started(minutes, size):
    """Slices, a started one counted: one by one."""
    count = 0
    while count * size < minutes:
        count += 1
    return count


class Ledger:
    """Minute by minute. `sums` has counted, balance and amount by entry (or
    package, negative), rule and package."""

    def __init__(self):
        self.sums = collections.defaultdict(lambda: [0, 0, 0])
        self.left = {}     # Credit: minutes
        self.owed = []     # an entry for each minute below zero
        self.paid = collections.Counter()   # by ticket
        self.total = collections.Counter()  # minutes of a ticket that count
        self.month = collections.Counter()

    def add(self, whose, rule, package, counted, balance, amount=0):
        for i, value in enumerate((counted, balance, amount)):
            self.sums[whose, rule, package][i] += value

    def credit(self, one):
        self.add(-one.order, "credit", one.order, 0, one.minutes, one.cents)
        if one.until is not None and one.until <= one.at:
            self.add(-one.order, "lapsed", one.order, 0, -one.minutes)
            return
        self.left[one] = one.minutes
        while self.owed and self.left[one]:
            event = self.owed.pop(0)
            self.left[one] -= 1
            self.add(event, "settled", 0, 0, 1)
            self.add(event, "settled", one.order, 0, -1)

    def lapse(self, now):
        """All packages that have ended by then."""
        for one in [c for c in self.left
                    if c.until is not None and c.until <= now]:
            if self.left[one]:
                self.add(-one.order, "lapsed", one.order, 0, -self.left[one])
            del self.left[one]

    def package(self):
        """The package that pays the next minute, if any."""
        able = [c for c in self.left if self.left[c]]
        return min(able, default=None, key=lambda c: (
            c.until is None, c.until or 0, c.order))

    def minute(self, work, month):
        """What pays one minute: False where nothing that is there does."""
        if self.paid[work.ticket]:
            self.paid[work.ticket] -= 1
            self.add(work.event, "paid", 0, 1, 0)
            return True
        self.total[work.ticket] += 1
        if self.month[month] < work.included:
            self.month[month] += 1
            self.add(work.event, "included", 0, 1, 0)
            return True
        package = self.package() if work.prepaid else None
        if package is None:
            return False
        self.left[package] -= 1
        self.add(work.event, "package", package.order, 1, -1)
        return True

    def bill(self, work, rest):
        """The rest of an entry: started slices, then the ticket's minimum."""
        slices = started(rest, work.slice)
        self.add(work.event, "billed", 0, rest, 0, slices * work.price)
        beyond = slices * work.slice - rest
        missing = work.minimum - self.total[work.ticket] - beyond
        more = started(missing, work.slice)
        if more:
            self.add(work.event, "minimum", 0, 0, 0, more * work.price)
        beyond += more * work.slice
        self.paid[work.ticket] += beyond
        self.total[work.ticket] += beyond

    def work(self, work):
        if work.word:
            self.add(work.event, work.word, 0, 0, 0)
            return
        local = datetime.datetime.fromtimestamp(work.at, PARIS)
        minutes = started(work.minutes, work.slice) * work.slice
        # Nothing comes back within an entry: what is unpaid is its end.
        rest = sum(not self.minute(work, (local.year, local.month))
                   for _ in range(minutes))
        if rest and work.price is not None:
            self.bill(work, rest)
        elif rest and work.prepaid:
            self.add(work.event, "overdrawn", 0, rest, -rest)
            self.owed += [work.event] * rest
        elif rest:
            self.add(work.event, "not-debited", 0, 0, 0)


def answer(facts, now):
    ledger = Ledger()
    for one in sorted(facts, key=lambda f: (
            f.at, isinstance(f, Work),
            f.event if isinstance(f, Work) else f.order)):
        ledger.lapse(one.at)
        if isinstance(one, Work):
            ledger.work(one)
        else:
            ledger.credit(one)
    ledger.lapse(now)
    return {key: tuple(value) for key, value in ledger.sums.items()}


REGIMES = (  # slice, included, prepaid, price, minimum
    (15, 0, True, None, 0), (30, 0, True, None, 0), (30, 90, True, None, 0),
    (15, 30, False, 2000, 0), (15, 60, False, 3500, 30),
    (15, 0, False, 3500, 30), (20, 60, True, 4000, 60), (20, 0, True, 1250, 0),
)


def random_month(rng):
    # Around a month's end, and a change of clocks.
    start = rng.choice((1793480400, 1795993200, 1806361200)) \
        - rng.randrange(0, 20 * 86400)
    regimes = rng.sample(REGIMES, rng.choice((1, 1, 2, 3)))
    instants = [start + rng.randrange(0, 31 * 86400)
                for _ in range(rng.randrange(1, 12))]
    facts = []
    for number in range(1, rng.randrange(2, 18)):
        at = rng.choice(instants)
        if rng.random() < 0.3:
            until = rng.choice((None, rng.choice(instants),
                                at + rng.randrange(0, 20 * 86400)))
            facts.append(Credit(number, at, until,
                                rng.choice((30, 60, 65, 180, 600)),
                                rng.choice((0, 16900))))
        else:
            word = rng.choice(("",) * 9 + ("waived", "not-debited",
                                           "not-handled"))
            regime = rng.choice(regimes)
            if rng.random() < 0.2:
                regime = (rng.choice((1, 7, 15, 60)), rng.choice((0, 50)),
                          rng.random() < 0.5, rng.choice((None, 1, 999)),
                          rng.choice((0, 45)))
            facts.append(Work(rng.randrange(1, 5), number, at,
                              rng.choice((1, 5, 15, 16, 25, 30, 47, 60, 185)),
                              *regime, word))
    rng.shuffle(facts)
    return facts, start + rng.randrange(0, 62 * 86400) + 31 * 86400


def read_answers(output):
    answers, rows = [], collections.defaultdict(lambda: [0, 0, 0])
    for words in map(str.split, output.splitlines()):
        if words[0] == "=":
            sums = tuple(map(sum, zip(*rows.values()))) if rows else (0, 0, 0)
            counted, balance, amount = sums
            told = tuple(map(int, words[1:]))
            answers.append(({k: tuple(v) for k, v in rows.items()},
                            told == (balance, counted, amount)))
            rows.clear()
            continue
        for i, value in enumerate(words[3:]):
            rows[int(words[0]), words[1], int(words[2])][i] += int(value)
    return answers


def main():
    driver = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    seed = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("SEED")
               or random.SystemRandom().randrange(1 << 32))
    print(f"# SEED={seed}", flush=True)
    rng = random.Random(seed)
    months = [random_month(rng) for _ in range(count)]
    with tempfile.TemporaryFile("w+") as file:
        for facts, now in months:
            file.writelines(map(line, facts))
            file.write(f"= {text(now)}\n")
        file.flush()
        file.seek(0)
        done = subprocess.run([driver], stdin=file, stdout=subprocess.PIPE,
                              text=True, check=False)
    got = read_answers(done.stdout)
    wrong, rules = [], collections.Counter()
    for i, (facts, now) in enumerate(months):
        wanted = answer(facts, now)
        rules.update(rule for _, rule, _ in wanted)
        if i >= len(got) or got[i] != (wanted, True):
            wrong.append(i)
            if len(wrong) <= 5:
                print("# " + "# ".join(map(line, months[i][0])), end="")
                print("# now    ", text(now))
                print("# wanted ", sorted(wanted.items()))
                print("# got    ", sorted(got[i][0].items())
                      if i < len(got) else "nothing")
    good = not wrong and done.returncode == 0 and len(got) == count
    seen = " ".join(f"{rule}={rules[rule]}" for rule in sorted(rules))
    print("1..2")
    print("ok" if good else "not ok",
          f"1 - {count} months agree with the second implementation"
          if good else f"1 - {len(wrong)} of {count} months differ")
    print("ok" if len(rules) == 12 else "not ok", f"2 - all rules: {seen}")
    return 0 if good and len(rules) == 12 else 1


sys.exit(main())
