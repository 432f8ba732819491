#!/usr/bin/python3
"""
One mail's way with a process killed at a system call, and the desk started
again: the same dump as without, no mail lost, no acknowledgment twice, and
nobody had to do anything (doc/security.md 4.3, P5).

Each kind of mail on top of what an undisturbed run left; the desk, and by
themselves its hands: fetch, read and send. Calls that change nothing outside
their process are passed over, since a kill there is a kill at the next that
does (tools/kill_at.c). POINTS of them by chance, or "all", as the parts of
tests/long/ have it; SEED repeats a run, SCENARIO=a,b takes some, ROLE=name
those of one process.
"""

import concurrent.futures
import copy
import os
import random
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import kill_lib as kill
from kill_lib import desk, tap, top, wire

KILL_AT = os.path.join(wire.BUILD, "tests", "tools", "kill_at")
POINTS = os.environ.get("POINTS") or ("6" if os.environ.get("SAN") else "24")
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
ROLES = ("desk", "fetch", "read", "send")
DAY = "2026-11-20T"
rules = desk.small_rules(os.path.join(top, "rules"))
kill.alert_rules(rules)
# Where fetch was killed, nobody knows yet whether a mail has come that must
# come: it is looked for a minute later, so not in these runs of one instant.
os.remove(os.path.join(rules, "alerts", "expected.yaml"))


def at(time):
    return DAY + time + "+01:00"


def later(time):
    """Twenty minutes on: the third try of an answer comes fifteen after the
    second."""
    return time[:3] + f"{int(time[3:5]) + 20:02d}" + time[5:]


class Way:
    """A scenario, what an undisturbed run of it makes, and the number of
    calls of each role. `always` is a kill that is part of it."""

    def __init__(self, name, time, mails, base, always=()):
        self.name, self.always = name, list(always)
        self.scenario = kill.Scenario(name, at(time), mails, rules, base=base,
                                      extra=kill.SOURCES)
        self.scenario.later = at(later(time))
        trial = kill.Trial(self.scenario)
        got, report = run_traced(trial, self.always)
        self.site, self.sent = trial.site, trial.site.sent()
        self.dump = trial.site.dump()
        self.calls = {role: int(count) for role, count in
                      re.findall(r"^([a-z]+) (\d+)$", report, re.M)}
        again = trial.run()
        problems = kept(trial.site, self.scenario)
        self.later = self.look_later()
        tap.ok(got.returncode == 0 and again.returncode == 0 and not problems
               and trial.site.dump() == self.dump
               and all(self.calls.get(role) for role in ("desk", "fetch")),
               f"{name}: undisturbed, {self.calls}", got.stderr, report,
               *problems)

    def look_later(self):
        """Some minutes on, when what a killed hand left is tried again."""
        later = kill.Scenario(self.name + "-later", self.scenario.later, [],
                              rules, base=self.site, extra=kill.SOURCES)
        trial = kill.Trial(later)
        trial.run()
        return kill.settled(trial.site.dump()), trial.site.sent()

    def points(self):
        return [(self, role, n) for role in ROLES
                for n in range(1, self.calls.get(role, 0) + 1)
                if role not in "".join(self.always)]


def run_traced(trial, orders):
    """The run under kill_at: (process, report)."""
    path = os.path.join(trial.site.path, "report")
    scenario = trial.scenario
    got = subprocess.run(
        [KILL_AT, path, *orders, "--",
         *trial.site.command("run", "--once", "--at", scenario.at, "--seed",
                             kill.SEED)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=150,
        encoding="utf-8", errors="replace")
    with open(path, encoding="utf-8") as f:
        return got, f.read()


def kept(site, scenario):
    """As kill_lib has it; an unreadable mail is kept, too."""
    return [p for p in kill.mails_kept(site, scenario.kept)
            if not (scenario.name == "poison" and p.startswith("store: ")
                    and "mails done" in p)]


def ends_as(trial, way, wanted, sent):
    """What a run now leaves that is not as in the undisturbed one."""
    last = run_traced(trial, way.always)[0] if way.always else trial.run()
    dump = trial.site.dump()
    problems = kept(trial.site, way.scenario)
    if last.returncode != 0:
        problems.append(f"the restart: {last.returncode} {last.stderr}")
    if kill.settled(dump) != wanted:
        problems += kill.difference(wanted, kill.settled(dump))
    return problems + kill.answers_sent(trial.site, sent, dump)


def one_kill(way, role, n):
    """(killed, problems)"""
    trial = kill.Trial(copy.copy(way.scenario), f"-{role}-{n}")
    _, report = run_traced(trial, way.always + [f"{role}:{n}"])
    killed = f"killed {role} " in report
    problems = ends_as(trial, way, kill.settled(way.dump), way.sent)
    # What nobody took, or nobody knows whether it was, waits for its next try.
    if any(" retry " in line or " ready " in line for line in problems):
        trial.scenario.at = way.scenario.later
        problems = ends_as(trial, way, *way.later)
    if problems:
        problems.append(report.replace("\n", ", "))
    else:
        trial.remove()
    return killed, problems


def retried(base):
    """On top of `base` an answer that waits, since nobody took it."""
    path = os.path.join(top, "unsent")
    shutil.copytree(base.path, path)
    site = desk.Site(path, rules=rules, extra=kill.SOURCES, send={"smtp": {
        "host": "127.0.0.1", "port": wire.free_port(), "tls": "none"}})
    when = desk.instant(at("10:00:00"))
    site.deliver(REQUEST, when, "1")
    site.once(at("10:01:00"), "--seed", kill.SEED)
    return site


def from_jeanne(time, subject, text, number, **more):
    when = desk.instant(at(time))
    return when, desk.mail(desk.JEANNE, subject, text, when,
                           name="Jeanne Morel",
                           message_id=f"<{number}@acier-vosges.example>",
                           **more)


def from_anne(time, notice, text, number):
    when = desk.instant(at(time))
    return when, desk.mail(desk.ANNE, "Re: " + notice["Subject"], text, when,
                           name="Anne Martin", reply_to=notice["Message-ID"],
                           message_id=f"<{number}@desk.example>")


def report_on(time, answer):
    """A mail server's report that it could not deliver our answer."""
    when = desk.instant(at(time))
    text = (f"""Return-Path: <>
Received: from mail.acier-vosges.example (mail.acier-vosges.example [192.0.2.7])
\tby mx.desk.example (Postfix) with ESMTPS id 4XyzAb
\tfor <{desk.DESK}>; {desk.rfc_date(when)}
From: MAILER-DAEMON@acier-vosges.example
To: {desk.DESK}
Subject: Undelivered Mail Returned to Sender
Date: {desk.rfc_date(when)}
Message-ID: <bounce.1@acier-vosges.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.acier-vosges.example

Final-Recipient: rfc822; {desk.JEANNE}
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {answer["Message-ID"]}
Subject: x

--b--
""").replace("\n", "\r\n")
    return when, text.encode()


REQUEST = from_jeanne("10:00:00", "Panne bloquante de l'ERP",
                      "Bonjour,\n\nPlus personne ne peut se connecter.\n",
                      1)[1]


def ways():
    """Each on top of the one before it, or of the empty store."""
    kill.tokens(rules)
    blank = desk.Site(os.path.join(top, "blank"), rules=rules,
                      extra=kill.SOURCES)
    first = (desk.instant(at("10:00:00")), REQUEST)
    new = Way("new", "10:05:00", [first], blank)
    notice = [s for s in new.sent if s.to == desk.ANNE][0]
    told = [s for s in new.sent if s.to == desk.JEANNE][0]
    follow = Way("follow-up", "11:05:00", [from_jeanne(
        "11:00:00", "Re: " + told["Subject"], "Toujours rien.\n", 2,
        reply_to=told["Message-ID"])], new.site)
    reply = Way("answer", "11:35:00", [from_anne(
        "11:30:00", notice, "Bonjour,\n\nPouvez-vous réessayer ?\n", 3)],
        follow.site)
    resolve = Way("resolve", "12:05:00", [from_anne(
        "12:00:00", notice, "#resolve\n", 4)], reply.site)
    reopen = Way("reopen", "13:05:00", [from_jeanne(
        "13:00:00", "Re: " + told["Subject"], "C'est de nouveau en panne.\n",
        5, reply_to=told["Message-ID"])], resolve.site)
    answer = [s for s in reply.sent if not s.is_automatic][0]
    bounce = Way("bounce", "12:05:00", [report_on("12:00:00", answer)],
                 reply.site)
    opened = Way("alert", "10:05:00", [kill.alert(
        "10:00:00", "web1", "HTTP", "CRITICAL")], blank)
    closed = Way("recovery", "10:35:00", [kill.alert(
        "10:30:00", "web1", "HTTP", "OK")], opened.site)
    retry = Way("retry", "11:05:00", [], retried(blank))
    every = [new, follow, reply, resolve, reopen, bounce, opened, closed,
             retry]
    # The reader dies of the mail each time, as it would tell what it has read.
    every.append(Way("poison", "10:05:00", [first], blank, ["read:2+"]))
    return every


def main():
    print(f"# SEED={SEED}")
    try:
        probe = subprocess.run([KILL_AT, os.devnull, "--", "true"], timeout=60)
    except OSError as e:
        tap.ok(False, "kill_at is there", e)
        return
    if probe.returncode != 0:
        tap.skip("kills at system calls", "no process may be traced here")
        return
    wanted = os.environ.get("SCENARIO", "").split(",")
    role = os.environ.get("ROLE")
    points = [point for way in ways() if wanted == [""] or way.name in wanted
              for point in way.points() if role in (None, point[1])]
    rand = random.Random(SEED)
    rand.shuffle(points)
    if POINTS != "all":
        points = points[:int(POINTS)]
    bad, done = [], 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [(point, pool.submit(one_kill, *point)) for point in points]
        for (way, role, n), job in jobs:
            killed, problems = job.result()
            done += killed
            if problems:
                bad.append(f"{way.name}, {role} at call {n}: "
                           + "; ".join(problems[:6]))
    tap.ok(not bad, f"{len(points)} kills, {len(bad)} with another end",
           *bad[:10])
    # Time and the scheduler move some calls: a role may make fewer of them.
    tap.ok(done >= len(points) * 8 // 10,
           f"{done} of {len(points)} points were reached")


kill.end(main)
