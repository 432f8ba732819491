#!/usr/bin/python3
"""Compares the program's clocks with a second implementation.

usage: run.py DRIVER [CASES [SEED]]

Makes random cases, gives them to DRIVER (driver.c) and to oracle.py, and
prints TAP. Every nineteenth case is also counted second by second or minute by
minute, where no change of clocks is near. SEED repeats a run, too.
"""
import datetime
import os
import random
import subprocess
import sys
import tempfile

import oracle

DAY = oracle.DAY
ZONES = """Europe/Paris Europe/Brussels Europe/Dublin Europe/Lisbon
Europe/London Europe/Athens Europe/Moscow Europe/Istanbul Europe/Chisinau
Africa/Casablanca Africa/Cairo Africa/Lagos Africa/Johannesburg
America/New_York America/Los_Angeles America/St_Johns America/Havana
America/Santiago America/Asuncion America/Sao_Paulo America/Nuuk
America/Scoresbysund America/Mexico_City Atlantic/Azores Asia/Beirut Asia/Gaza
Asia/Jerusalem Asia/Tehran Asia/Kolkata Asia/Kathmandu Asia/Tokyo
Asia/Shanghai Australia/Lord_Howe Australia/Sydney Australia/Adelaide
Pacific/Auckland Pacific/Chatham Pacific/Apia Antarctica/Troll
UTC""".split()

# Where a change of clocks repeats or skips midnight itself.
MIDNIGHT = """Atlantic/Azores America/Havana America/Scoresbysund Asia/Beirut
America/Santiago Africa/Cairo""".split()


def week_spans(rng):
    """Some of the shapes that contracts have, and some that none has."""
    minute = lambda low, high: 60 * rng.randrange(low, high)
    kind = rng.choice((0, 1, 2, 3, 4, 5, 5, 5, 6, 7, 8))
    if kind == 0:
        return None
    if kind == 1:  # office hours
        opening, closing = minute(420, 600), minute(960, 1200)
        return [(d * DAY + opening, d * DAY + closing) for d in range(5)]
    if kind == 2:  # with a lunch break
        return [(d * DAY + a * 1800, d * DAY + b * 1800)
                for d in range(5) for a, b in ((18, 25), (27, 34))]
    if kind == 3:  # one window of days
        opening = minute(0, 7 * 1440)
        return [(opening, opening + minute(1440, 6 * 1440))]
    if kind == 4:  # nights, over midnight
        opening, length = minute(1200, 1430), minute(60, 600)
        return [(d * DAY + opening, d * DAY + opening + length)
                for d in range(7)]
    if kind == 5:  # around the hours at which clocks change
        opening = 900 * rng.randrange(-8, 12)
        length = 900 * rng.randrange(1, 12)
        return [(d * DAY + opening % DAY, d * DAY + opening % DAY + length)
                for d in range(7)]
    if kind == 6:  # whole days that touch
        return [(d * DAY, (d + 1) * DAY) for d in rng.sample(range(7), 5)]
    if kind == 7:  # evenings that end at midnight
        return [(d * DAY + a * 3600, d * DAY + b * 3600)
                for d in range(6) for a, b in ((9, 12), (18, 24))]
    spans = []
    for _ in range(rng.randrange(1, 9)):
        opening = minute(0, 7 * 1440)
        spans.append((opening, opening + minute(1, 2000)))
    return spans


def change_days(zone, known={}):
    """The local dates of 2015 to 2040 on which the zone's clocks change."""
    if zone not in known:
        calendar = oracle.Calendar(zone, None, set())
        offsets = [calendar.wall(day * DAY) - day * DAY
                   for day in range(16436, 25568)]
        known[zone] = [16436 + i for i in range(1, len(offsets))
                       if offsets[i] != offsets[i - 1]]
    return known[zone]


def around(rng, zone):
    """A day between 2015 and 2040, mostly that of a change of clocks."""
    days = change_days(zone)
    if not days or rng.random() < 0.3:
        return rng.randrange(16436, 25567)
    return rng.choice(days) - rng.randrange(2)


def random_duration(rng):
    unit = rng.choice(("s", "s", "s", "d", "bd", "bd", "mo"))
    if unit == "s":
        seconds = rng.choice((1800, 3600, 14400, 28800, 86400,
                              rng.randrange(1, 40000),
                              rng.randrange(1, 400000)))
        return f"{seconds // 3600}h{seconds // 60 % 60}m{seconds % 60}s"
    return str(rng.randrange(1, {"d": 31, "bd": 16, "mo": 25}[unit])) + unit


def random_pauses(rng, received):
    pauses = []
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        start = received + rng.randrange(-DAY, rng.choice((1, 5, 20)) * DAY)
        pauses.append((start, start + rng.choice(
            (0, 60, 3600, rng.randrange(1, 3 * DAY)))))
    return pauses


def groups(rng, count):
    """Calendars, each with some cases of the same weeks."""
    while count > 0:
        zone = rng.choice(MIDNIGHT if rng.random() < 0.1 else ZONES)
        spans = week_spans(rng)
        day = around(rng, zone)
        holidays = {day + rng.randrange(-10, 40)
                    for _ in range(rng.choice((0, 1, 3, 6)))}
        if rng.random() < (0.7 if zone in MIDNIGHT else 0.2):
            holidays |= set(rng.sample(range(day - 1, day + 3), 2))
        cases = []
        for _ in range(min(count, 25)):
            received = (day - 2) * DAY + rng.randrange(4 * DAY)
            if rng.random() < 0.3:  # on the stroke
                received -= received % 1800
            cases.append((rng.random() < 0.3, received, random_duration(rng),
                          random_pauses(rng, received)))
        count -= len(cases)
        yield zone, spans, holidays, cases


def tick_cases(rng, calendar, cases):
    """Shorter ones, on whole minutes or of a few seconds."""
    for always, received, _, pauses in cases:
        if not oracle.is_quiet(calendar, received, received + 12 * DAY):
            continue
        step = rng.choice((60, 60, 60, 60, 1))
        received -= received % 60
        if step == 60:
            duration = f"{rng.randrange(1, 300)}m"
            pauses = [(a - a % 60, a - a % 60 + (b - a) // 600 * 60)
                      for a, b in pauses]
        else:
            if not calendar.is_open(received):
                continue
            always = True
            duration = f"{rng.randrange(1, 900)}s"
            pauses = [(received + a, received + a + rng.randrange(0, 900))
                      for a in rng.sample(range(1200), 2)]
        yield always, received, duration, pauses, step


def ticket_case(rng, case):
    """The same as a ticket, whose severity changes and which may be met."""
    always, received, duration, pauses = case
    durations = [random_duration(rng), duration, random_duration(rng)]
    rng.shuffle(durations)
    moments = []
    for start, end in oracle.joined(pauses, received):
        moments += [(start, rng.choice("ppx"), None), (end, "r", None)]
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        moments.append((received + rng.randrange(1, 6 * DAY), "s",
                        rng.randrange(1, 4)))
    if rng.random() < 0.6:
        moments.append((received + rng.randrange(
            rng.choice((4000, DAY, 20 * DAY))), "m", None))
    # No two at the same second: their order would be anybody's guess.
    moments = sorted({at: (at, what, value)
                      for at, what, value in moments}.values())
    events, waiting = [("o", received, rng.randrange(1, 4))], False
    for at, what, value in moments:
        if what in "pxr":
            if (what != "r") == waiting:
                continue
            waiting = what != "r"
        events.append((what, at, value))
    if waiting:
        events.append(("r", moments[-1][0] + 1, None))
    return always, received, durations, events


def event_text(what, at, value):
    return f"{what}{at}" if value is None else f"{what}{at}:{value}"


def case_line(zone, spans, holidays, case, events=()):
    always, received, duration, pauses = case
    return "\t".join((
        zone,
        "always" if spans is None else
        ",".join(f"{a}-{b}" for a, b in spans),
        ",".join((oracle.EPOCH_DAY + datetime.timedelta(d)).isoformat()
                 for d in sorted(holidays)) or "-",
        "always" if always else "clock",
        duration, str(received),
        ",".join(f"{a}-{b}" for a, b in pauses) or "-",
        ",".join(event_text(*e) for e in events) or "-")) + "\n"


def show(answer):
    return "\t".join("never" if at is None else str(at) for at in answer)


def main():
    driver = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40000
    seed = int(sys.argv[3] if len(sys.argv) > 3 else os.environ.get("SEED")
               or random.SystemRandom().randrange(1 << 32))
    print(f"# SEED={seed}", flush=True)
    rng = random.Random(seed)
    lines, wanted, ticks, tick_share, tickets = [], [], 0, 0.0, 0

    for zone, spans, holidays, cases in groups(rng, count):
        calendar = oracle.Calendar(zone, spans, holidays)
        for case in cases:
            if rng.random() < 0.3:
                tickets += 1
                always, received, durations, events = ticket_case(rng, case)
                lines.append(case_line(
                    zone, spans, holidays,
                    (always, received, ";".join(durations), []), events))
                wanted.append(show(oracle.answer_ticket(
                    calendar, always, received, durations, events)))
                continue
            lines.append(case_line(zone, spans, holidays, case))
            wanted.append(show(oracle.answer(calendar, *case)))
        tick_share += len(cases) / 19
        for *case, step in tick_cases(rng, calendar, cases):
            if tick_share < 1:
                break
            answer = oracle.tick_down(calendar, *case, step)
            # Fifteen minutes a night may last until the clocks change.
            if not oracle.is_quiet(calendar, case[1], answer[1]):
                continue
            tick_share -= 1
            ticks += 1
            lines.append(case_line(zone, spans, holidays, case))
            wanted.append(show(answer))

    with tempfile.TemporaryFile("w+") as file:
        file.writelines(lines)
        file.flush()
        file.seek(0)
        done = subprocess.run([driver], stdin=file, stdout=subprocess.PIPE,
                              text=True, check=False)
    got = done.stdout.splitlines()
    wrong = [i for i in range(len(lines))
             if i >= len(got) or got[i] != wanted[i]]
    for i in wrong[:20]:
        print("# case   ", lines[i].rstrip())
        print("# wanted ", wanted[i])
        print("# got    ", got[i] if i < len(got) else "nothing")
    good = not wrong and done.returncode == 0 and len(got) == len(lines)
    print("1..1")
    print("ok" if good else "not ok",
          f"1 - {len(lines)} clocks agree with the second implementation,"
          f" {ticks} of them tick by tick, {tickets} with changes of severity"
          if good else f"1 - {len(wrong)} of {len(lines)} clocks differ")
    return 0 if good else 1


sys.exit(main())
