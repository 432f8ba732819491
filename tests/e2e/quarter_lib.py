"""Plays tests/e2e/quarter/story on a desk whose clock goes as a real one's: it
ticks at each instant at which it would wake. Tells all that came in and went
out as one text, client by client in order of time."""
import collections
import contextlib
import datetime
import email
import email.policy
import hashlib
import json
import os
import re
import shutil
import sqlite3
import textwrap
from email.header import Header
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import desk as e2e

FOLDER = Path(__file__).resolve().parent / "quarter"
PARIS = ZoneInfo("Europe/Paris")
PEOPLE = {
    "anne": "anne.martin@desk.example", "hugo": "hugo.vidal@desk.example", "mary": "mary.collins@desk.example",
    "jeanne": "jeanne.morel@acier-vosges.example", "karim": "karim.benali@acier-vosges.example",
    "luc": "luc@brasserie-lambic.example", "sophie": "s.lemaire@clinique-alize.example",
    "astreinte": "astreinte@si.clinique-alize.example", "priya": "priya.shah@halcyon-data.example",
    "tom": "tom.ashworth@halcyon-data.example", "intern": "intern@halcyon-data.example",
    "ines": "ines@studio-orme.example",
}
NAMES = {"anne": "Anne Martin", "hugo": "Hugo Vidal", "mary": "Mary Collins", "jeanne": "Jeanne Morel",
         "karim": "Karim Benali", "luc": "Luc Peeters", "sophie": "Sophie Lemaire", "astreinte": "Astreinte SI",
         "priya": "Priya Shah", "tom": "Tom Ashworth", "intern": "New Starter", "ines": "Inès Garnier"}
BOXES = {"help": "help@desk.example", "sos24": "sos24@desk.example"}
MONITOR = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"
ALERTS = ["nagios", "words", "unknown", "maintenance", "shared-senders", "hosts", "expected"]
INSIDE = ("notice", "alarm", "confirmation", "morning")
GONE = ["maison-tissier", "phare-ouest"]
MORE = "morning: {at: 08:00, days: [Mon-Fri]}\nanswer: {within: 8h, severity_1: 1h}\n"

Came = collections.namedtuple("Came", "at sender to subject text ticket")


class Quarter:
    def __init__(self):
        self.desk = e2e.Desk()
        rules = self.desk.dir / "rules"
        shutil.copytree(e2e.PROJECT / "rules", rules)
        for name in GONE:
            (rules / f"contracts/{name}.yaml").unlink()
        # Other monitoring systems than theirs would only be read each time.
        for path in (rules / "alerts").iterdir():
            if path.stem not in ALERTS:
                path.unlink()
        contract = rules / "contracts/acier-vosges.yaml"
        contract.write_text(contract.read_text().replace("notice: 1mo}", "notice: 1mo, tell_client: yes}"))
        site = self.desk.conf.read_text()
        self.desk.conf.write_text(site.replace(f"rules: {e2e.PROJECT / 'rules'}", f"rules: {rules}") + MORE)
        self.numbers, self.count = {}, 0
        self.came, self.sent, self.rows = [], {}, []
        self.now = None

    # ---- time ----

    def ask(self, sql, *args):
        with contextlib.closing(sqlite3.connect(f"file:{self.desk.dir}/guichet.sqlite?mode=ro", uri=True)) as store:
            return store.execute(sql, args).fetchall()

    def wake(self):
        """When the desk would wake by itself: a ticket, an alert, a mail, the hour of the morning."""
        rows = self.ask("SELECT min(wake) FROM ticket UNION ALL SELECT min(wake) FROM alert "
                        "UNION ALL SELECT min(next) FROM outbox WHERE state IN ('ready', 'retry')")
        ways = [row[0] for row in rows if row[0] is not None]
        wall = self.now.astimezone(PARIS)
        # The morning; and where a month begins, duties at an opening.
        for hour in (8, 9) if wall.day < 5 else (8,):
            then = wall.replace(hour=hour, minute=0, second=0)
            if then <= wall:
                then = (wall.replace(tzinfo=None, hour=hour, minute=0, second=0)
                        + datetime.timedelta(days=1)).replace(tzinfo=PARIS)
            ways.append(int(then.timestamp()))
        return max(min(ways), int(self.now.timestamp()) + 1)

    def go(self, until):
        while self.now is not None:
            wake = self.wake()
            if wake >= until.timestamp():
                break
            self.drain(datetime.datetime.fromtimestamp(wake, PARIS))
        self.now = until

    def drain(self, at):
        self.now = at
        self.desk.drain(at.isoformat())

    # ---- what was sent ----

    def look(self):
        """Takes in what left since; all rows of the outbox."""
        self.rows = [json.loads(line) for line in
                     self.desk.run("outbox", "--all", "--json").stdout.splitlines()]
        folder = self.desk.dir / "sent/new"
        for path in folder.iterdir() if folder.exists() else []:
            number = int(path.name.split(".")[1])
            if number not in self.sent:
                raw = path.read_bytes().split(b"\n", 2)[2]
                self.sent[number] = email.message_from_bytes(raw, policy=email.policy.default)

    def last(self, to, ticket=None):
        """The last mail that they got, of the ticket."""
        self.look()
        rows = [r for r in self.rows if r["to"] == to and r["id"] in self.sent and
                (ticket is None or r["ticket"] == ticket)]
        if not rows:
            raise e2e.Failed(f"{to} got no mail of ticket {ticket} by {self.now}")
        return rows[-1], self.sent[rows[-1]["id"]]

    # ---- the story ----

    def deliver(self, who, to, subject, text, more="", mailbox="support", ticket=None):
        self.count += 1
        sender = PEOPLE.get(who, "nagios@desk.example")
        domain = sender.split("@")[1]
        stamp = format_datetime(self.now)
        name = str(Header(NAMES.get(who, "Nagios"), "utf-8"))
        raw = (f"Return-Path: <{sender}>\nDelivered-To: {to}\n"
               f"Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}\n"
               f"Received: from mail.{domain} (mail.{domain} [192.0.2.3])\n"
               f"\tby mx.desk.example (Postfix) with ESMTPS id A1 for <{to}>;\n\t{stamp}\n"
               f"From: {name} <{sender}>\nTo: <{to}>\nSubject: {Header(subject, 'utf-8').encode()}\nDate: {stamp}\n{more}"
               f"Message-ID: <quarter{self.count}@{domain}>\nMIME-Version: 1.0\n"
               f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n")
        self.desk.deliver(f"{int(self.now.timestamp())}.{self.count:04}.quarter", raw.encode(), mailbox)
        self.drain(self.now)
        self.came.append(Came(self.now, sender, to, subject, text, ticket or self.newest()))

    def newest(self):
        row = self.ask("SELECT mail.ticket FROM mail ORDER BY mail.id DESC LIMIT 1")
        return row[0][0] if row else None

    def duties(self):
        """duty1, duty2...: the tickets of duties in their order."""
        rows = self.ask("SELECT number FROM ticket WHERE kind = 'duty' ORDER BY number")
        for i, (number,) in enumerate(rows):
            self.numbers[f"duty{i + 1}"] = number

    def alert(self, host, service, level):
        state = "RECOVERY" if level == "OK" else "PROBLEM"
        when = self.now.astimezone(PARIS).strftime("%a %b %-d %H:%M:%S %Z %Y")
        self.deliver("nagios", MONITOR, f"** {state} Service Alert: {host}/{service} is {level} **",
                     f"***** Nagios *****\n\nNotification Type: {state}\n\nService: {service}\nHost: {host}\n"
                     f"Address: 192.0.2.80\nState: {level}\n\nDate/Time: {when}\n\nAdditional Info:\n\n{level} - timeout",
                     mailbox="alertes")

    def away(self, who):
        row, mail = self.last(PEOPLE[who])
        self.deliver(who, mail["Reply-To"].addresses[0].addr_spec, f"Réponse automatique : {row['subject']}",
                     "Je suis absent jusqu'au 30 octobre.", "Auto-Submitted: auto-replied\n"
                     f"In-Reply-To: {mail['Message-ID']}\n", ticket=row["ticket"])

    def answer(self, who, ticket, text, to=None):
        # Orders stand above all words.
        lines = text.splitlines()
        orders = [line for line in lines if line.startswith("#")]
        words = "\n".join(line for line in lines if line not in orders).strip()
        text = "\n\n".join(filter(None, ["\n".join(orders), words]))
        row, mail = self.last(PEOPLE[who], ticket)
        field = mail["Reply-To"] or mail["From"]
        subject = mail["Subject"]
        self.deliver(who, to or field.addresses[0].addr_spec,
                     subject if subject.startswith("Re:") else f"Re: {subject}", text,
                     f"In-Reply-To: {mail['Message-ID']}\nReferences: {mail['Message-ID']}\n", ticket=ticket)

    def step(self, label, when, rest):
        self.go(datetime.datetime.fromisoformat(when).replace(tzinfo=PARIS))
        words, *parts = [part.strip() for part in rest.split("|")]
        who, *words = words.split()
        lines = ["\n".join(line.strip() for line in part.split(" /")) for part in parts]
        if who == "order":
            self.desk.run(*words, "--at", self.now.isoformat())
            self.drain(self.now)
            return
        if who == "tick":
            self.drain(self.now)
            return
        if who == "away":
            self.away(words[0])
        elif who == "nagios":
            self.alert(*words)
        elif words[0] in BOXES:
            self.deliver(who, BOXES[words[0]], *lines)
        else:
            self.duties()
            to = BOXES[lines[1].split()[1]] if len(lines) > 1 else None
            self.answer(who, self.numbers[words[0]], lines[0], to)
        if label:
            self.numbers[label] = self.newest()

    def play(self):
        for line in (FOLDER / "story").read_text().splitlines():
            found = re.fullmatch(r"\s*(?:([\w-]+):)?\s+(20\S+)\s+(.*)", line)
            if found:
                self.step(*found.groups())
            elif line.strip() and not line.startswith("#"):
                raise e2e.Failed(f"story: what is '{line}'?")
        self.look()

    # ---- as one text ----

    def clients(self):
        """Ticket to the client's name, "" of nobody's."""
        names = {}
        for number, contract in self.ask("SELECT number, contract FROM ticket"):
            names[number] = contract
        return names

    def contract_of(self, address):
        for path in sorted((self.desk.dir / "rules/contracts").iterdir()):
            if address in path.read_text():
                return path.stem
        return "desk"

    def entries(self):
        """(client, instant, place in it, text), one of equal mails to several."""
        clients = self.clients()
        same = {}
        for came in self.came:
            key = clients.get(came.ticket, "") or self.contract_of(came.sender)
            to = re.sub(r"\+[a-z2-7.]+@", "+…@", came.to)
            yield key, came.at, 0, f"<- {came.sender} to {to}", came.subject, came.text
        for row in self.rows:
            message = self.sent.get(row["id"])
            body = message.get_body(("plain",)).get_content() if message else "(not sent)"
            key = clients.get(row["ticket"], "") or self.contract_of(row["to"])
            at = datetime.datetime.fromisoformat(row["created"].replace("Z", "+00:00")).astimezone(PARIS)
            same.setdefault((key, at, row["what"], row["subject"], body.rstrip()), []).append(row)
        for (key, at, what, subject, body), rows in same.items():
            to = ", ".join(row["to"] for row in rows)
            state = "" if all(row["state"] == "sent" for row in rows) else f" ({rows[0]['state']})"
            yield key, at, rows[0]["id"], f"-> {what} to {to}{state}", subject, body

    def shorten(self, head, body):
        """What the desk tells its own, but for a manager's morning: how it begins, and a
        digest that differs with any letter of it. WHOLE=1: all of it."""
        kind = re.match(r"-> (\S+) to (\S+)", head)
        if not kind or os.environ.get("WHOLE") == "1" or kind[1] not in INSIDE or (
                kind[1] == "morning" and kind[2].startswith("paule")):
            return body
        digest = hashlib.sha256(body.encode()).hexdigest()[:16]
        first = next((line for line in body.splitlines() if line.strip()), "")
        return f"{first}\n({len(body.splitlines())} lines, {digest})"

    def tell(self):
        text = []
        entries = sorted(self.entries(), key=lambda e: (e[0], e[1], e[2]))
        client = None
        for key, at, _, head, subject, body in entries:
            if key != client:
                client = key
                text += ["", "=" * 78, client, "=" * 78]
            text += ["", f"[{at.astimezone(PARIS):%a %d %b %Y %H:%M}] {head}", f"    Subject: {subject}",
                     textwrap.indent(self.shorten(head, body), "    ", lambda line: line.strip())]
        return re.sub(r"[ \t]+\n", "\n", "\n".join(text).strip() + "\n")
