#!/usr/bin/python3
"""Robots wired to each other over SMTP come to rest: two gateways as services
run them, an out-of-office robot, a domain that returns all mail, a technician
who is away and whose mail is refused, without a field that says so. Each mail
really goes through an SMTP server on the loopback, which hands it on. At rest
is what has nothing more to read and nothing more to send, on both sides; a
loop never is."""
import email.utils
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from pathlib import Path

import live_lib as live

MAILS = 80  # far more than any of these needs
SECONDS = 120  # a limit, not a measure
ROBOT_FIELDS = rb"(?im)^(auto-submitted|x-auto-response-suppress|precedence|x-guichet-loop|x-ms-reactions):.*\r?\n"


class Gateway:
    """A service of its own domain, whose smarthost is the exchange."""

    def __init__(self, path, domain, other, exchange):
        rules = path / "rules"
        shutil.copytree(Path(live.ROOT) / "rules", rules)
        (rules / "contracts" / "voisin.yaml").write_text(
            f"client: Voisin\nlanguage: fr\ndomains: [{other}, client.example, broken.example]\n"
            "versions:\n- {from: 2026-01-01, plans: [nuxit-pro]}\n")
        self.domain, self.given, self.technician = domain, 0, f"anne.martin@{domain}"
        self.site = live.Site(str(path), rules=str(rules), send={
            "smtp": {"host": "localhost", "port": exchange.server.port, "tls": "none"}})
        conf = Path(self.site.conf)
        conf.write_text(conf.read_text().replace("desk.example", domain))
        self.running = None

    def start(self):
        self.running = live.Running(self.site)

    def give(self, raw, envelope, to, verdict="pass"):
        self.given += 1
        sender = email.utils.parseaddr(field(raw, "From"))[1].split("@")[-1]
        now = int(time.time())
        stamps = (f"Return-Path: <{envelope}>\nDelivered-To: {to}\n"
                  f"Authentication-Results: mx.{self.domain}; dmarc={verdict} header.from={sender}\n"
                  f"Received: from mail.test (mail.test [192.0.2.3])\n\tby mx.{self.domain} with ESMTPS id 1;\n"
                  f"\t{email.utils.formatdate(now)}\n").encode()
        self.site.deliver(stamps + raw.replace(b"\r\n", b"\n"), now, f"{self.given:04}")

    def is_at_rest(self):
        """All that was given is decided, and nothing waits to leave."""
        if not os.path.exists(self.site.store):
            return False
        store = sqlite3.connect(f"file:{self.site.store}?mode=ro", uri=True, timeout=10)
        try:
            done = store.execute("SELECT count(*) FROM mail WHERE state = 'done'").fetchone()[0]
            waits = store.execute("SELECT count(*) FROM outbox WHERE state IN "
                                  "('ready', 'sending', 'dot', 'retry')").fetchone()[0]
        except sqlite3.OperationalError:
            return False
        finally:
            store.close()
        return done == self.given and waits == 0


class Exchange:
    """The world between them: what it takes by SMTP it hands on before it says
    so, and so nothing is ever on the way when both sides are at rest."""

    def __init__(self, strips=False):
        self.server = live.SmtpServer()
        self.server.on_body = self.carry
        self.gateways, self.robots, self.lock = {}, {}, threading.Lock()
        self.strips, self.carried = strips, 0

    def carry(self, sent):
        with self.lock:
            self.carried += 1
            to, raw = sent.envelope_to, sent.bytes
            if self.carried > MAILS: # it is lost, and the test with it
                return None
            domain = to.split("@")[1]
            robot = self.robots.get(to) or self.robots.get(domain)
            if robot is not None:
                for envelope, back, answer in robot(sent.envelope_from, to, raw):
                    self.give(answer, envelope, back)
            else:
                self.give(raw, sent.envelope_from, to)
        return None

    def give(self, raw, envelope, to):
        gateway = self.gateways.get(to.split("@")[1])
        if self.strips:
            raw = re.sub(ROBOT_FIELDS, b"", raw)
        # A technician's mailbox is no gateway's.
        if gateway is not None and not to.startswith(("anne.martin@", "mary.collins@")):
            gateway.give(raw, envelope, to)

    def rests(self):
        def calm():
            with self.lock: # nothing is between two of its hands
                return self.carried > MAILS or all(g.is_at_rest() for g in self.gateways.values())
        return live.wait_for(calm, SECONDS) and self.carried <= MAILS


def field(raw, name):
    found = re.search(rb"(?im)^" + name.encode() + rb": ((?:.*)(?:\r?\n[ \t].*)*)", raw)
    return found[1].decode().strip() if found else ""


def away(words, subject):
    """Answers each mail to Reply-To, and no field says what it is."""
    sent = [0]

    def answer(envelope, to, raw):
        sent[0] += 1
        back = email.utils.parseaddr(field(raw, "Reply-To") or field(raw, "From"))[1]
        yield to, back, (f"From: {to}\nTo: {back}\nSubject: {subject}{field(raw, 'Subject')}\n"
                         f"Message-ID: <away{sent[0]}@{to.split('@')[1]}>\n"
                         f"In-Reply-To: {field(raw, 'Message-ID')}\nMIME-Version: 1.0\n"
                         f"Content-Type: text/plain; charset=utf-8\n\n{words}\n").encode()
    return answer


def returning(envelope, to, raw):
    """Returns all that has a way back."""
    if envelope:
        head = raw.replace(b"\r\n", b"\n").split(b"\n\n")[0]
        yield "", envelope, (f"From: MAILER-DAEMON@{to.split('@')[1]}\nTo: {envelope}\nSubject: failure notice\n"
                             f"Message-ID: <d{abs(hash(raw))}@{to.split('@')[1]}>\n\nIt could not be delivered:\n"
                             f"<{to}>\n550 5.1.1 no\n\n--- Below this line is a copy of the message.\n\n").encode() \
            + head + b"\n"


def silent(*_):
    return ()


def request(sender, to, words="Rien ne va plus.", ident="r1"):
    return (f"From: {sender}\nTo: {to}\nSubject: Panne\nDate: {email.utils.formatdate()}\n"
            f"Message-ID: <{ident}@{sender.split('@')[1]}>\n\n{words}\n").encode()


def trial(tap, name, robots, firsts, least, strips=False):
    """Both gateways, the robots between them, and the mails that begin it: at
    least so many come to the gateways before all is at rest."""
    path = Path(tempfile.mkdtemp(prefix="guichet-loops-"))
    exchange = Exchange(strips)
    one = Gateway(path / "one", "desk.example", "other.example", exchange)
    two = Gateway(path / "two", "other.example", "desk.example", exchange)
    exchange.gateways = {g.domain: g for g in (one, two)}
    for gateway in (one, two):
        for person in ("anne.martin", "mary.collins"):
            exchange.robots[f"{person}@{gateway.domain}"] = silent
    exchange.robots.update(robots)
    for gateway in (one, two):
        gateway.start()
    try:
        with exchange.lock:
            for raw, sender, to in firsts:
                exchange.give(raw, sender, to)
        rest = exchange.rests()
        given = sum(g.given for g in (one, two))
        tap.ok(rest and given >= least, name,
               f"carried {exchange.carried}, at rest {[g.is_at_rest() for g in (one, two)]}",
               f"given {[g.given for g in (one, two)]}",
               one.running.log()[-1500:], two.running.log()[-1500:])
    finally:
        for gateway in (one, two):
            gateway.running.stop()
        exchange.server.close()
        shutil.rmtree(path, ignore_errors=True)


def main():
    tap = live_tap()
    desk, other, anne = "help@desk.example", "help@other.example", "anne.martin@desk.example"
    trial(tap, "two gateways", {}, [(request(other, desk), other, desk)], 2)
    trial(tap, "two gateways, the robots' marks lost on the way", {},
          [(request(other, desk), other, desk)], 2, strips=True)
    trial(tap, "all of them at once", {
        "jeanne@client.example": away("Je suis absente jusqu'au 3 décembre.", "Absente : "),
        "paul@client.example": away("xyzzy", ""),
        "broken.example": returning,
        anne: away("Je suis absente jusqu'au 3 décembre.", "Absence : "),
    }, [(request(other, desk, ident="r1"), other, desk),
        (request("jeanne@client.example", desk, ident="r2"), "jeanne@client.example", desk),
        (request("paul@client.example", other, ident="r3"), "paul@client.example", other),
        (request("luc@broken.example", desk, ident="r4"), "luc@broken.example", desk),
        (request(anne, desk, "#nonsense\nune commande", "r5"), anne, desk)], 12)
    return tap.end()


def live_tap():
    import wire_lib
    return wire_lib.Tap()


sys.exit(main())
