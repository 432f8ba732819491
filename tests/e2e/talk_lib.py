"""A desk and people who write to it at any instant, with the border's stamp."""
import json
import shutil
import sys
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

HEAD = """\
Return-Path: <{sender}>
Delivered-To: {to}
Authentication-Results: mx.desk.example; dmarc={dmarc} header.from={domain}
Received: from mail.{domain} (mail.{domain} [192.0.2.30])
\tby mx.desk.example (Postfix) with ESMTPS id AA62BEDCBB
\tfor <{to}>; {date}
Message-ID: <{number}@{domain}>
Date: {date}
MIME-Version: 1.0
From: <{sender}>
To: {to}
{more}Subject: {subject}
"""
PLAIN = ("Content-Type: text/plain; charset=utf-8\n"
         "Content-Transfer-Encoding: 8bit\n\n{text}\n")


class Desk(e2e.Desk):
    def __init__(self, contracts=None, site=None):
        """`contracts`: lines that are put into a contract's file, by its name,
        or what is written otherwise there, and how;
        `site`: what of guichet.yaml is written otherwise."""
        super().__init__()
        self.number, self.mails = 0, []
        if contracts:
            rules = self.dir / "rules"
            shutil.copytree(e2e.PROJECT / "rules", rules)
            for name, lines in contracts.items():
                path = rules / "contracts" / f"{name}.yaml"
                old, new = (lines if isinstance(lines, tuple) else
                            ("\nversions:", f"\n{lines}\nversions:"))
                path.write_text(path.read_text().replace(old, new, 1))
            self.rewrite({f"rules: {e2e.PROJECT / 'rules'}": f"rules: {rules}"})
        self.rewrite(site or {})

    def rewrite(self, words):
        text = self.conf.read_text()
        for old, new in words.items():
            if old not in text:
                raise e2e.Failed(f"guichet.yaml has no '{old}'")
            text = text.replace(old, new)
        self.conf.write_text(text)

    def mail(self, at, sender, subject, text, to="help@desk.example", more="",
             dmarc="pass", body=None):
        """`body`: its Content-Type and what follows, in place of `text`."""
        self.number += 1
        when = datetime.fromisoformat(at)
        head = HEAD.format(sender=sender, domain=sender.split("@")[1], to=to,
                           date=format_datetime(when), number=self.number,
                           subject=subject, more=more, dmarc=dmarc)
        raw = head + (body or PLAIN.format(text=text))
        self.deliver(f"{int(when.timestamp())}.{self.number:03}.mail",
                     raw.encode())

    def newest(self, reader, ticket):
        return [m for m in self.mails if m.to == reader and
                m.row["ticket"] == ticket][-1]

    def answer(self, at, sender, ticket, text, to=None, **more):
        """To the newest mail about the ticket that he got himself."""
        last = self.newest(sender, ticket)
        self.mail(at, sender, f"Re: [#{ticket}] Panne", text,
                  to or last.reply_to,
                  f"In-Reply-To: <{last.message_id}>\n", **more)

    def drain(self, at, timeout=120):
        """Returns what left by it."""
        before = {m.row["id"] for m in self.mails}
        super().drain(at, timeout)
        self.mails = self.sent()
        return [m for m in self.mails if m.row["id"] not in before]

    def order(self, *words, **more):
        """At the command line: what is said by it leaves from now on."""
        self.run(*words, **more)
        later = datetime.now(timezone.utc) + timedelta(minutes=5)
        return self.drain(later.isoformat(timespec="seconds"))

    def ticket(self, number, at):
        return json.loads(self.run("show", str(number), "--json", "--at",
                                   at).stdout)
