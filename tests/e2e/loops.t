#!/usr/bin/python3
"""Robots wired to each other come to rest: two gateways, one of which loses
our marks on the way, an out-of-office robot, a domain that returns all mail,
and a technician who is away, without a field that says so, and whose mail is
refused. Real processes on real Maildirs: what one sends is what the next gets."""
import email.utils
import re
import shutil
import sys
from datetime import datetime, timedelta, timezone

import desk
from desk import Desk, Tap

BEGIN = datetime(2026, 11, 20, 16, 0, tzinfo=timezone.utc)
ROUNDS = 12
BORDER = (b"Authentication-Results: mx.%s; dmarc=pass header.from=%s\n"
          b"Received: from mail.test (mail.test [192.0.2.3])\n\tby mx.%s with ESMTPS id 1;\n"
          b"\tFri, 20 Nov 2026 17:00:00 +0100\n")
ROBOT_FIELDS = rb"(?im)^(auto-submitted|x-auto-response-suppress|precedence|x-guichet-loop|x-ms-reactions):.*\n"


class Gateway(Desk):
    """A site of its own domain, with contacts in the other's."""

    def __init__(self, domain, contacts):
        super().__init__()
        self.domain, self.taken = domain, set()
        rules = self.dir / "rules"
        shutil.copytree(desk.PROJECT / "rules", rules)
        (rules / "contracts" / "voisin.yaml").write_text(
            f"client: Voisin\nlanguage: fr\ndomains: [{', '.join(contacts)}]\n"
            "versions:\n- from: 2026-01-01\n  plans: [nuxit-pro]\n")
        site = self.conf.read_text().replace("desk.example", domain)
        self.conf.write_text(site.replace(f"rules: {desk.PROJECT / 'rules'}", f"rules: {rules}"))

    def fresh(self):
        """What left since the last look: (envelope, recipient, bytes)."""
        folder = self.dir / "sent" / "new"
        for path in sorted(folder.iterdir()) if folder.exists() else []:
            if path.name in self.taken:
                continue
            self.taken.add(path.name)
            head = re.match(rb"Return-Path: <(.*)>\nDelivered-To: (.*)\n", path.read_bytes())
            yield head[1].decode(), head[2].decode(), path.read_bytes()[head.end():]


class Wire:
    """Carries mails between gateways and robots, a round a minute."""

    def __init__(self, *gateways):
        self.gateways = {g.domain: g for g in gateways}
        self.robots, self.now, self.count, self.rounds = {}, BEGIN, 0, []

    def give(self, to, raw, path, sender):
        domain = to.split("@")[1]
        self.count += 1
        mx, of = domain.encode(), sender.split("@")[1].encode()
        stamps = f"Return-Path: <{path}>\nDelivered-To: {to}\n".encode() + BORDER % (mx, of, mx)
        self.gateways[domain].deliver(f"{int(self.now.timestamp())}.{self.count:05}.wire", stamps + raw)

    def carry(self, envelope, to, raw):
        domain = to.split("@")[1]
        sender = email.utils.parseaddr(re.search(rb"(?im)^from: (.*)$", raw)[1].decode())[1]
        if to in self.robots or domain in self.robots:
            for path, back, answer in self.robots.get(to, self.robots.get(domain))(envelope, to, raw):
                self.give(back, answer, path, to)
        elif domain in self.gateways:
            self.give(to, raw, envelope, sender)

    def turn(self, minutes=1):
        self.now += timedelta(minutes=minutes)
        for gateway in self.gateways.values():
            gateway.drain(self.now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        moved = 0
        for gateway in self.gateways.values():
            for mail in gateway.fresh():
                moved += mail[1].split("@")[1] in self.gateways or mail[1] in self.robots \
                    or mail[1].split("@")[1] in self.robots
                self.carry(*mail)
        self.rounds.append(moved)
        return moved

    def rests(self):
        """Whether nothing moves any more, before the rounds are over."""
        for _ in range(ROUNDS):
            if self.turn() == 0 and self.turn() == 0:
                return True
        return False

    def end(self):
        for gateway in self.gateways.values():
            shutil.rmtree(gateway.dir, ignore_errors=True)


def field(raw, name):
    found = re.search(rb"(?im)^" + name.encode() + rb": ((?:.*)(?:\n[ \t].*)*)", raw)
    return found[1].decode() if found else ""


def away(words, subject="Absente : ", path=None):
    """Answers each mail, as the worst of them do: to Reply-To, and no field
    that says what it is."""
    sent = [0]

    def answer(envelope, to, raw):
        sent[0] += 1
        back = email.utils.parseaddr(field(raw, "Reply-To") or field(raw, "From"))[1]
        mail = (f"From: {to}\nTo: {back}\nSubject: {subject}{field(raw, 'Subject')}\n"
                f"Message-ID: <away{sent[0]}@{to.split('@')[1]}>\nIn-Reply-To: {field(raw, 'Message-ID')}\n"
                "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n" + words + "\n")
        yield (to if path is None else path), back, mail.encode()
    return answer


def parrot():
    """Says something new each time, to From, and names no mail: nothing tells
    that it answers."""
    sent = [0]

    def answer(envelope, to, raw):
        sent[0] += 1
        back = email.utils.parseaddr(field(raw, "From"))[1]
        mail = (f"From: {to}\nTo: {back}\nSubject: Re: {field(raw, 'Subject')}\n"
                f"Message-ID: <parrot{sent[0]}@{to.split('@')[1]}>\n\nReceived, number {sent[0]}.\n")
        yield to, back, mail.encode()
    return answer


def bouncing(envelope, to, raw):
    """Returns all that has a way back."""
    if envelope:
        head = raw.split(b"\n\n")[0]
        yield "", envelope, (f"From: MAILER-DAEMON@{to.split('@')[1]}\nTo: {envelope}\nSubject: failure notice\n"
                             f"Message-ID: <d{hash(raw)}@{to.split('@')[1]}>\n\nIt could not be delivered:\n<{to}>\n"
                             "550 5.1.1 no\n\n--- Below this line is a copy of the message.\n\n").encode() + head + b"\n"


def request(sender, words="Rien ne va plus.", ident="r1"):
    return (f"From: {sender}\nTo: help@desk.example\nSubject: Panne\n"
            f"Message-ID: <{ident}@{sender.split('@')[1]}>\n\n{words}\n").encode()


def technicians(gateway):
    return [f"{name}@{gateway.domain}" for name in ("anne.martin", "hugo.vidal", "mary.collins")]


def gateways(tap, name, strips):
    """A first mail of the one's own address starts both."""
    one = Gateway("desk.example", ["other.example"])
    two = Gateway("other.example", ["desk.example"])
    wire = Wire(one, two)
    if strips:
        deliver = two.deliver
        two.deliver = lambda file, raw: deliver(file, re.sub(ROBOT_FIELDS, b"", raw))
    # Technicians have no mailbox here.
    for gateway in (one, two):
        for person in technicians(gateway):
            wire.robots[person] = lambda *_: ()
    wire.give("help@desk.example", request("help@other.example"), "help@other.example", "help@other.example")
    tap.ok(wire.rests(), name, f"mails a round: {wire.rounds}")
    wire.end()


def robot(tap, name, robots, sender="jeanne@client.example", first=None):
    one = Gateway("desk.example", ["client.example", "broken.example"])
    wire = Wire(one)
    wire.robots.update(robots)
    for person in technicians(one):
        wire.robots.setdefault(person, lambda *_: ())
    wire.give("help@desk.example", first or request(sender), sender, sender)
    tap.ok(wire.rests(), name, f"mails a round: {wire.rounds}")
    wire.end()


def parrots(tap, name):
    """Of a technician, whose mails are refused: minutes first, then the hours
    in which refusals are listed, and another day."""
    one = Gateway("desk.example", ["client.example"])
    wire = Wire(one)
    for person in technicians(one):
        wire.robots[person] = lambda *_: ()
    anne = technicians(one)[0]
    wire.robots[anne] = parrot()
    wire.give("help@desk.example", request(anne, "#nonsense\nune commande", "r3"), anne, anne)
    for minutes in ([1] * 13 + [61]) * 3 + [61] * 6:
        wire.turn(minutes)
    tap.ok(not any(wire.rounds[-3:]), name, f"mails a round: {wire.rounds}")
    wire.end()


def main():
    tap = Tap()
    parrots(tap, "a technician's robot with new words each time")
    gateways(tap, "two gateways", False)
    gateways(tap, "two gateways, the robots' marks lost on the way", True)
    robot(tap, "an out-of-office robot without a field",
          {"jeanne@client.example": away("Je suis absente jusqu'au 3 décembre.")})
    robot(tap, "one that no words tell", {"jeanne@client.example": away("xyzzy", "")})
    robot(tap, "a domain that returns all mail", {"broken.example": bouncing}, "paul@broken.example")
    robot(tap, "technicians who are away, without a field", {
        "anne.martin@desk.example": away("Je suis absente jusqu'au 3 décembre.", "Absence : "),
        "hugo.vidal@desk.example": away("Ich bin bis Montag im Urlaub.", "Abwesend: ")})
    robot(tap, "and one whose own mail is refused", {
        "anne.martin@desk.example": away("Parti.", "Auto : ")}, "anne.martin@desk.example",
        request("anne.martin@desk.example", "#nonsense\nune commande", "r2"))
    return tap.end()


sys.exit(main())
