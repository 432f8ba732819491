#!/usr/bin/python3
"""Cases from the field through the real guichet: what came of each, beside
what is right.

    make cases CASES=DIR [ONLY="mail 44 K1"]

DIR holds mail/ and mail.tsv, mail-new/, alerts/ and alerts.tsv, clocks/ and
clocks.tsv, border/, each as its README says; what is missing is passed over.
ONLY takes words: a folder, or what a case's name begins with. Each row begins
with what a program could judge of the right outcome: `right`, `WRONG` with
what is amiss, or `look` where only a person can tell. Nothing of it is part of
the project.
"""
import csv
import email.utils
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
from desk import GUICHET, PROJECT, TECHNICIANS, Desk, Failed  # noqa: E402

BEGIN = datetime(2026, 11, 20, 16, 0, tzinfo=timezone.utc)
STEP = timedelta(minutes=5)
# Contracts of people that the cases speak of and the project does not know.
CONTRACT = """client: {name}
language: fr
domains: [{domain}]
versions:
- from: 2026-01-01
  plans: [nuxit-pro]
"""
EXTRA = {"client-x": "client.example"}
# The plan of the clocks' own client, as their cases count it.
DESK = """title: {fr: Bureau, en: Desk}
zone: Europe/Paris
holidays: [fr]
intake: always
severities: {1: {fr: bloquant, en: blocking}, 2: {fr: gênant, en: hindering}}
default: {severity: 2, kind: incident}
targets:
- {milestone: response, commitment: guaranteed, within: 1h, clock: nuxit, when: {severity: 1}}
- {milestone: resolution, commitment: guaranteed, within: 2h, clock: always, when: {severity: 1}}
- {milestone: response, commitment: guaranteed, within: 4h, clock: nuxit}
- {milestone: resolution, commitment: guaranteed, within: 8h, clock: nuxit}
warnings: {shares: [75], hours: always}
"""


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


class Case:
    """A desk of its own, what is delivered to it, and what it shows."""

    def __init__(self, site=None):
        self.desk = Desk(site)
        self.now = BEGIN
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.desk.dir, ignore_errors=True)

    def newest(self, what):
        kinds = {"ack": "acknowledgment"}
        mails = [m for m in self.desk.sent() if m.what == kinds.get(what, what)
                 and (what != "notice" or m.to == TECHNICIANS[0])]
        if not mails:
            raise Failed(f"no {what} was sent")
        return mails[-1]

    def fill(self, raw):
        def place(match):
            mail = self.newest(match[1].decode())
            return {"reply_to": lambda: mail.reply_to or "help@desk.example",
                    "subject": lambda: str(mail.message["Subject"]),
                    "message_id": lambda: mail.message_id}[match[2].decode()]().encode()
        return re.sub(rb"\{\{(\w+)\.(\w+)\}\}", place, raw)

    def deliver(self, raw, mailbox="support", at=None):
        self.now = at or self.now + STEP
        self.count += 1
        self.desk.deliver(f"{int(self.now.timestamp())}.{self.count:02}.case",
                          self.fill(raw), mailbox)

    def drain(self):
        self.desk.drain(stamp(self.now + timedelta(seconds=30)))

    def show(self):
        return self.desk.dump()


class Seen:
    """What a dump says, in pieces that can be judged."""

    def __init__(self, dump):
        self.dump = dump
        self.tickets = re.findall(r"^ticket (\d+): (\S+) (.*)", dump, re.M)
        self.lanes = re.findall(r"^mail in \S+ \S+ lane (\S+)", dump, re.M)
        self.told = [what for what in re.findall(r"^  (acknowledgment|reply|resolution|notice|information) to ", dump, re.M)]
        self.messages = len(re.findall(r"^  mail ", dump, re.M))

    def state(self):
        return [state for _, state, _ in self.tickets]

    def lines(self):
        """The tickets, who was told, what is on none: events left out."""
        for line in self.dump.splitlines():
            if re.match(r"ticket |mail |alert |  (clock|subject|mail|acknowledgment|reply|resolution|information|held) ", line):
                yield line[:170]
            elif line.startswith("  notice to " + TECHNICIANS[0]):
                yield line[:170]


# Sentences of a right outcome and what they ask of what was seen. Each is a
# pattern, what it means, and whether it holds.
ASKED = [
    (r"\b(no ticket|opens? no ticket)", "a ticket", lambda s: not s.tickets),
    (r"^(One|1) ticket|joins ticket #1|One ticket", "not one ticket", lambda s: len(s.tickets) == 1),
    (r"^A ticket|\bA ticket (is made|with|,|;)|Kept on the ticket|^It is a new mail", "no ticket",
     lambda s: len(s.tickets) >= 1),
    (r"^Both are kept", "not two messages", lambda s: s.messages == 2),
    (r"(?<!not )[Aa] bounce", "not in the lane of bounces", lambda s: s.lanes == ["bounce"]),
    (r"[Aa]utomatic reply", "not in the lane of automatic replies", lambda s: s.lanes == ["auto"]),
    (r"[Nn]o acknowledgment|[Nn]othing answered|[Nn]o answer", "was acknowledged",
     lambda s: "acknowledgment" not in s.told),
    (r"one acknowledgment", "not one acknowledgment", lambda s: s.told.count("acknowledgment") == 1),
    (r"technician (is )?told|told\.$|gets something to read", "no technician told", lambda s: "notice" in s.told),
    (r"does not reopen", "reopened", lambda s: s.state() and s.state()[0] in ("resolved", "closed")),
    (r"severity 1", "not severity 1", lambda s: "severity 1 " in s.dump),
    (r"like any mail of that person", "not acknowledged", lambda s: "acknowledgment" in s.told),
    (r"contact is known", "no contract", lambda s: " contract " in s.dump),
]


def judge_words(right, seen):
    asked = [(what, holds(seen)) for pattern, what, holds in ASKED if re.search(pattern, right)]
    if not asked:
        return "look", ""
    amiss = "; ".join(what for what, good in asked if not good)
    return ("WRONG", amiss) if amiss else ("right", "")


class Report:
    def __init__(self, only):
        self.only = only
        self.counts = {}
        self.failed = {}

    def wants(self, folder, case):
        return not self.only or folder in self.only or any(case.startswith(w) for w in self.only)

    def say(self, folder, case, verdict, why, right, lines, kind=""):
        count = self.counts.setdefault(folder, {"right": 0, "WRONG": 0, "look": 0})
        count[verdict] += 1
        if verdict == "WRONG":
            self.failed.setdefault(folder, []).append(case)
        print(f"{verdict:5} {folder}/{case}{' [' + kind + ']' if kind else ''}{': ' + why if why else ''}")
        print(f"      right outcome: {right}")
        for line in lines:
            print(f"        {line}")
        sys.stdout.flush()

    def end(self):
        for folder, count in self.counts.items():
            print(f"{folder:10} " + "  ".join(f"{word} {number}" for word, number in count.items()))
            if folder in self.failed:
                print(f"{'':10} wrong: {' '.join(self.failed[folder])}")


def table(path):
    if not path.exists():
        return []
    with path.open(newline="") as rows:
        return list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


def parse(conf, file):
    done = subprocess.run([GUICHET, "parse", "-c", str(conf), str(file)], capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[0]) if done.stdout else {}


def new_words(case, file):
    words = parse(case.desk.conf, file).get("new_text") or ""
    return "new words: " + " / ".join(words.split("\n"))[:300]


def run_mails(folder, report):
    for row in table(folder / "mail.tsv"):
        where = folder / "mail" / row["id"]
        mails = sorted(where.glob("*.eml"))
        if not report.wants("mail", row["id"]):
            continue
        if not mails:
            report.say("mail", row["id"], "look", "dialogues of a server: tests/e2e/wire_lib.py runs such",
                       row["right outcome"], [], row["failing kind"] or "")
            continue
        steps = where / "steps.txt"
        boxes = dict(re.findall(r"^mail (\S+)(?: mailbox=(\w+))?", steps.read_text(), re.M)) if steps.exists() else {}
        with Case() as case:
            lines = []
            try:
                for mail in mails:
                    case.deliver(mail.read_bytes(), boxes.get(mail.name) or "support")
                    case.drain()
                    lines.append(new_words(case, mail))
                seen = Seen(case.show())
                verdict, why = judge_words(row["right outcome"], seen)
            except Failed as failed:
                seen, verdict, why = Seen(""), "WRONG", str(failed)
            report.say("mail", row["id"], verdict, why, row["right outcome"], lines + list(seen.lines()),
                       row["failing kind"] or "")


def example_site(desk):
    """The project's rules with the contracts of people whom cases name."""
    rules = desk.dir / "rules"
    shutil.copytree(PROJECT / "rules", rules)
    for name, domain in EXTRA.items():
        (rules / "contracts" / f"{name}.yaml").write_text(CONTRACT.format(name=name, domain=domain))
    (rules / "plans" / "desk.yaml").write_text(DESK)
    (rules / "contracts" / "atelier.yaml").write_text(
        CONTRACT.format(name="atelier", domain="atelier.example").replace("nuxit-pro", "desk"))
    site = desk.conf.read_text().replace(f"rules: {PROJECT / 'rules'}", f"rules: {rules}")
    desk.conf.write_text(site)


def run_new(folder, report):
    for mail in sorted((folder / "mail-new").glob("*.eml")):
        if not report.wants("mail-new", mail.stem):
            continue
        with Case() as case:
            example_site(case.desk)
            case.deliver(mail.read_bytes())
            try:
                case.drain()
                lines = [new_words(case, mail), *Seen(case.show()).lines()]
                verdict = "look"
            except Failed as failed:
                lines, verdict = [str(failed)], "WRONG"
            report.say("mail-new", mail.stem, verdict, "", "as the faults from the field say", lines)


# ---- alerts ----

def read_alerts(case, files):
    done = case.desk.run("alert", "test", "--json", *map(str, files), check=False)
    return [json.loads(line).get("alert") or {} for line in done.stdout.splitlines()]


def one_alert_right(want, got):
    if want == "no alert": # by no recogniser: what its words made of it the tickets tell
        return True
    kind, host, service, state = (want.split("/") + ["*"] * 4)[:4]
    names = {"type": kind, "host": host, "service": service, "state": state}
    return all(value == "*" or (got.get(key) or "").lower() == value.lower() for key, value in names.items())


def judge_alerts(right, alerts, seen):
    row = re.match(r"(.*?) -> (\d+) ticket\(s\), (\w+)", right)
    if not row:
        return "look", ""
    wrong = [f"{want} read as {'/'.join(str(got.get(k) or '') for k in ('type', 'host', 'service', 'state'))}"
             for want, got in zip(row[1].split("; "), alerts) if got and not one_alert_right(want, got)]
    if len(seen.tickets) != int(row[2]):
        wrong.append(f"{len(seen.tickets)} tickets")
    done = [state in ("resolved", "closed") for state in seen.state()]
    if row[3] == "resolved" and not all(done) or row[3] == "open" and any(done):
        wrong.append(f"state {' '.join(seen.state())}")
    return ("WRONG", "; ".join(wrong)) if wrong else ("right", "")


def judge_fields(right, alert):
    want = json.loads(right)
    if "p" in want:
        return "look", ""
    wrong = [f"{key} {alert.get(key)!r}" for key, value in want.items() if (alert.get(key) or "") != value]
    return ("WRONG", "; ".join(wrong)) if wrong else ("right", "")


def eml_of_text(text):
    """The mails of a case that is told as text."""
    return re.findall(r"^--- deliver at (\S+):\n(.*?)(?=^(?:--- deliver|# tick|\$ guichet|RIGHT:|GOT:|VERDICT:))",
                      text, re.M | re.S)


def run_alerts(folder, report):
    where = folder / "alerts"
    for row in table(folder / "alerts.tsv"):
        name, right = row["id"], row["right outcome"]
        if not report.wants("alerts", name):
            continue
        files = sorted(where.glob(f"{name}-*.eml")) or list(where.glob(f"{name}.eml"))
        kind = row["failing kind"] or ""
        with Case() as case:
            example_site(case.desk)
            try:
                mails = [f.read_bytes() for f in files]
                if not mails and (where / f"{name}.txt").exists():
                    mails = [m.encode() for _, m in eml_of_text((where / f"{name}.txt").read_text())]
                    for i, mail in enumerate(mails):
                        files.append(case.desk.dir / f"{i}.eml")
                        files[-1].write_bytes(mail)
                if not mails:
                    report.say("alerts", name, "look", "no mail of it in the folder", right, [], kind)
                    continue
                alerts = read_alerts(case, files)
                for mail in mails:
                    case.deliver(mail)
                    case.drain()
                seen = Seen(case.show())
                verdict, why = (judge_fields(right, alerts[0]) if right.startswith("{")
                                else judge_alerts(right, alerts, seen))
            except Failed as failed:
                seen, alerts, verdict, why = Seen(""), [], "WRONG", str(failed)
            lines = ["read: " + json.dumps(a, ensure_ascii=False) for a in alerts]
            report.say("alerts", name, verdict, why, right, lines + list(seen.lines()), kind)


# ---- clocks ----

def run_words(name, folder, row, report):
    with Case() as case:
        case.deliver((folder / "clocks" / f"{name}.eml").read_bytes())
        case.drain()
        seen = Seen(case.show())
        good = "incident" in seen.dump and re.search(r"clock response guaranteed", seen.dump)
        report.say("clocks", name, "right" if good else "WRONG",
                   "" if good else "no guaranteed response, or no incident", row["right outcome"],
                   seen.lines(), row["failing kind"] or "")


def answering(case, mail):
    """A case's mail with the ids of the desk that wrote it then, as they are
    here: those of the last mail that its writer got."""
    writer = email.utils.parseaddr(re.search(r"^From: (.*)", mail, re.M)[1])[1]
    got = [m.message_id for m in case.desk.sent() if m.to == writer]
    return re.sub(r"<k1\.[^@>\s]+@desk\.example>", got[-1], mail) if got else mail


def alarms(case):
    """What the first technician was warned of so far."""
    return [str(m.message["Subject"]) for m in case.desk.sent()
            if m.what == "alarm" and m.to == TECHNICIANS[0]]


def clock_lines(case):
    return [line.strip()[:170] for line in case.show().splitlines() if line.startswith("  clock ")]


def replay(case, text):
    """Delivers, ticks and orders as the case tells them, in its order."""
    said = []
    mails = {when: mail for when, mail in eml_of_text(text)}
    for line in text.splitlines():
        deliver = re.match(r"--- deliver at (\S+):", line)
        tick = re.match(r"# tick (\S+): ", line)
        order = re.match(r"\$ guichet (.*?) -> ", line)
        if deliver:
            when = datetime.fromisoformat(deliver[1].replace("Z", "+00:00"))
            case.deliver(answering(case, mails[deliver[1]]).encode(), at=when)
            case.drain()
            said += [f"{deliver[1]} delivered", *("  " + line for line in clock_lines(case))]
        elif tick:
            told = len(alarms(case))
            case.desk.drain(tick[1])
            said.append(f"# tick {tick[1]}: {alarms(case)[told:]}")
        elif order:
            words = [w.strip('"') for w in re.findall(r'"[^"]*"|\S+', order[1])]
            done = case.desk.run(*words, check=False)
            said.append(f"$ guichet {order[1]} -> {done.returncode} {(done.stdout + done.stderr).strip()[:120]}")
    return said


def judge_reopened(case, text):
    """Whose ticket was opened again: it runs, owes an answer from then on, and
    nothing that is late at the end was left unsaid."""
    seen, last = Seen(case.show()), re.findall(r"^--- deliver at (\S+):", text, re.M)[-1]
    clocks = re.findall(r"^  clock (\w+) \S+ (\S+) intake (\S+) due (\S+)", seen.dump, re.M)
    amiss = []
    if seen.state()[:1] != ["open"]: # duties' tickets come behind it
        amiss.append("tickets " + " ".join(seen.state()))
    if not any(name == "response" and intake == last for name, _, intake, _ in clocks):
        amiss.append("no response is owed from the reopening on")
    amiss += [f"{name} due {due}, before it was reopened"
              for name, state, _, due in clocks if state in ("running", "late") and due < last]
    late = [name for name, state, _, _ in clocks if state == "late"]
    breaches = [a for a in alarms(case) if "DÉPASSÉE" in a]
    if len(breaches) != len(late):
        amiss.append(f"late: {late}, told: {breaches}")
    return ("WRONG", "; ".join(amiss)) if amiss else ("right", "")


def run_clocks(folder, report):
    for row in table(folder / "clocks.tsv"):
        name, kind = row["id"], row["failing kind"] or ""
        if not report.wants("clocks", name):
            continue
        text = folder / "clocks" / f"{name}.txt"
        if (folder / "clocks" / f"{name}.eml").exists():
            run_words(name, folder, row, report)
        elif not text.exists() or "--- deliver" not in text.read_text():
            report.say("clocks", name, "look", f"only the table tells it: {row['kind']}", row["right outcome"], [],
                       kind)
        else:
            with Case() as case:
                example_site(case.desk)
                try:
                    lines = replay(case, text.read_text()) + list(Seen(case.show()).lines())
                    verdict, why = ("look", "under a plan of this program's: the folder does not hold the case's own")
                    if row["right outcome"].startswith("reopened"):
                        verdict, why = judge_reopened(case, text.read_text())
                except Failed as failed:
                    verdict, why, lines = "WRONG", str(failed), []
                report.say("clocks", name, verdict, why, row["right outcome"], lines, kind)


# ---- the border ----

def border_site(folder, base, forged):
    shutil.copytree(PROJECT / "rules", base / "rules")
    for sub in ("in", "sent"):
        for box in ("new", "cur", "tmp"):
            (base / "desk" / sub / box).mkdir(parents=True)
    site = (folder / "border" / "desk-guichet.yaml").read_text()
    site = site.replace("rules: rules", f"rules: {base / 'rules'}").replace("SITE", str(base))
    if forged:
        site = re.sub(r"border: \{.*\}", "border: {authserv_id: mx2.desk.test, hosts: [mx2.desk.test, mx.desk.test]}",
                      site)
    (base / "guichet.yaml").write_text(site)


def run_border(folder, report):
    rights = [("t3", "forged: never authentic", lambda verdict: verdict != "pass"),
              ("t1-", "submitted by Anne through the same server, whose Received names no login", None),
              ("t10", "submitted by Anne through the same server, mx5", None)]
    for mail in sorted((folder / "border").glob("*.eml")):
        if not report.wants("border", mail.stem):
            continue
        with Case() as case:
            base = case.desk.dir / "border"
            base.mkdir()
            border_site(folder, base, "rspamd" in mail.stem)
            done = subprocess.run([GUICHET, "explain", "-c", str(base / "guichet.yaml"), str(mail)],
                                  capture_output=True, text=True)
            auth = re.search(r"authentic: (\w+)", done.stdout)
            row = next((r for r in rights if mail.stem.startswith(r[0])), None)
            verdict = "look"
            if row and row[2]:
                verdict = "right" if auth and row[2](auth[1]) else "WRONG"
            report.say("border", mail.stem, verdict, "", row[1] if row else "as the faults of the border say",
                       [new_words(case, mail), *done.stdout.splitlines()[:12], *done.stderr.splitlines()[:3]])


def main(argv):
    if "--help" in argv:
        sys.exit(__doc__.strip())
    if len(argv) < 2 or not Path(argv[1]).is_dir():
        sys.exit("usage: make cases CASES=DIR [ONLY=WORDS]: a folder that holds mail/ and mail.tsv, mail-new/, "
                 "alerts/ and alerts.tsv, clocks/ and clocks.tsv, border/")
    folder, report = Path(argv[1]).resolve(), Report(argv[2:])
    for run in (run_mails, run_new, run_alerts, run_clocks, run_border):
        run(folder, report)
    report.end()


if __name__ == "__main__":
    main(sys.argv)
