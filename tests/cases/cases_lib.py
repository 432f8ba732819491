"""What every folder of cases is run with: a desk of its own a case, what is
seen of it, and how it is said."""
import csv
import re
import shutil
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
from desk import PROJECT, TECHNICIANS, Desk, Failed  # noqa: E402

BEGIN = datetime(2026, 11, 20, 16, 0, tzinfo=timezone.utc)
STEP = timedelta(minutes=5)
# Contracts of people that the cases speak of and the project does not know.
DESK_ALONE = "versions:\n- {from: 2026-01-01, plans: [desk]}\n"
EXTRA = {
    "client": "versions:\n- {from: 2026-01-01, plans: [nuxit-pro]}\n",
    "atelier": "hosts:\n- {host: esx1}\nversions:\n- from: 2026-01-01\n  plans: [desk]\n",
    "nuitclient": "",
    "fini": "term: {until: 2026-10-31}\n" + DESK_ALONE,
    "change": DESK_ALONE + "- {from: 2026-11-24, plans: [nuxit-pro]}\n",
}
# The plan of the clocks' own client, as their cases count it.
DESK = """title: {fr: Bureau, en: Desk}
zone: Europe/Paris
holidays: [fr]
intake: always
severities: {1: {fr: bloquant, en: blocking}, 2: {fr: gênant, en: hindering}, 3: {fr: mineur, en: minor}}
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


def eml_of_text(text):
    """The mails of a case that is told as text."""
    return re.findall(r"^--- deliver at (\S+):\n(.*?)(?=^(?:--- deliver|# tick|\$ guichet|RIGHT:|GOT:|VERDICT:))",
                      text, re.M | re.S)


def example_site(desk, plan=DESK, zone=""):
    """The project's rules with the contracts of people whom cases name."""
    rules = desk.dir / "rules"
    shutil.copytree(PROJECT / "rules", rules)
    (rules / "plans" / "desk.yaml").write_text(plan)
    for name, more in EXTRA.items():
        (rules / "contracts" / f"{name}.yaml").write_text(
            f"client: {name}\nlanguage: fr\ndomains: [{name}.example]\n{more or DESK_ALONE}")
    atelier = rules / "contracts" / "atelier.yaml"
    atelier.write_text(atelier.read_text() + zone)
    conf = desk.conf.read_text().replace(f"rules: {PROJECT / 'rules'}", f"rules: {rules}")
    desk.conf.write_text(conf)
