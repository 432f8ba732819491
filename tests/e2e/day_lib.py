"""A desk with a clock of its own: mails come in, technicians answer, orders are
given, time passes; what left is kept in order."""
import datetime
import json
import shutil
from email.utils import format_datetime

import desk as e2e

ANNE, HUGO, MARY = e2e.TECHNICIANS
MANAGER = "manager: {name: Paule Gestion, address: paule@desk.example}\n"
THEIRS = "manager: {name: Paule Gestion, address: paule.gestion@desk.example}\n"
MORNING = "morning: {at: 08:00, days: [Mon-Fri]}\n"


class Day:
    """Starts at an instant; `files` are laid over the project's rules, `more`
    behind the site's own file. `alone`: with their contracts and no other."""

    def __init__(self, start, files=None, more=MANAGER + MORNING, alone=False):
        self.desk = e2e.Desk()
        self.rules = self.desk.dir / "rules"
        shutil.copytree(e2e.PROJECT / "rules", self.rules)
        if alone:
            for path in (self.rules / "contracts").iterdir():
                path.unlink()
            for name in ("hosts", "expected"):
                (self.rules / f"alerts/{name}.yaml").unlink()
        for name, text in (files or {}).items():
            (self.rules / name).write_text(text)
        self.edit(THEIRS, "")
        self.edit(f"rules: {e2e.PROJECT / 'rules'}", f"rules: {self.rules}")
        self.desk.conf.write_text(self.desk.conf.read_text() + more)
        self.now = datetime.datetime.fromisoformat(start)
        self.count = 0
        self.seen = 0

    def edit(self, before, after):
        site = self.desk.conf.read_text()
        if before not in site:
            raise e2e.Failed(f"guichet.yaml has no '{before}'")
        self.desk.conf.write_text(site.replace(before, after))

    def at(self, when):
        """An instant, or the next wall time of the present offset."""
        if isinstance(when, datetime.timedelta):
            self.now += when
        elif isinstance(when, str) and len(when) > 5:
            self.now = datetime.datetime.fromisoformat(when)
        elif when is not None:
            hour, minute = map(int, when.split(":"))
            then = self.now.replace(hour=hour, minute=minute, second=0)
            self.now = then if then > self.now else then + datetime.timedelta(days=1)
        return self.now

    def drain(self, when=None):
        """What left by then."""
        self.at(when)
        self.desk.drain(self.now.isoformat())
        sent = self.desk.sent()
        new, self.seen = sent[self.seen:], len(sent)
        return new

    def mail(self, sender, subject, text="Bonjour, une gêne.", when=None, to="help@desk.example",
             proof="pass", head=""):
        self.at(when)
        self.count += 1
        domain = sender.split("@")[1]
        stamp = format_datetime(self.now)
        raw = (f"Return-Path: <{sender}>\nDelivered-To: {to}\n"
               f"Authentication-Results: mx.desk.example; dmarc={proof} header.from={domain}\n"
               f"Received: from mail.{domain} (mail.{domain} [192.0.2.3])\n"
               f"\tby mx.desk.example (Postfix) with ESMTPS id A1 for <{to}>;\n\t{stamp}\n"
               f"From: <{sender}>\nTo: <{to}>\nSubject: {subject}\nDate: {stamp}\n{head}"
               f"Message-ID: <day{self.count}@test.example>\nMIME-Version: 1.0\n"
               f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n")
        self.desk.deliver(f"{int(self.now.timestamp())}.{self.count:04}.day", raw.encode())
        return self.drain()

    def answer(self, who, ticket, text, when=None):
        """To the last mail that they got of the ticket (None: of none)."""
        last = [m for m in self.desk.sent() if m.to == who and
                (m.row["ticket"] or None) == ticket and m.reply_to][-1]
        tag = f"[#{ticket}] " if ticket else ""
        return self.mail(who, f"Re: {tag}{last.row['subject']}", text, when, last.reply_to,
                         head=f"In-Reply-To: <{last.message_id}>\n")

    def order(self, *words, when=None):
        self.at(when)
        return self.desk.run(*words, "--at", self.now.isoformat())

    def show(self, number):
        return json.loads(self.desk.run("show", str(number), "--json", "--at", self.now.isoformat()).stdout)


def of(sent, what, to=None):
    return [m for m in sent if m.what == what and to in (None, m.to)]
