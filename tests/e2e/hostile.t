#!/usr/bin/env python3
"""The bad inputs of doc/security.md 5, all in one mailbox with good mails among
them. Whatever they are: each is on a ticket with its bytes as they came, none
is somebody, none is answered, and the good mails fare as if alone.

Left to their own tests: 9, 29 to 32, 35 to 37.
"""
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
BEGIN = 1795190400  # Fri 2026-11-20 17:00 in Paris
AT = "2026-11-20T17:50:00+01:00"
JEANNE = "jeanne.morel@acier-vosges.example"
ANNE = "anne.martin@desk.example"
GOOD = {
    "karim": "karim.benali@acier-vosges.example",
    "luc": "luc@brasserie-lambic.example",
    "sophie": "s.lemaire@clinique-alize.example",
    "priya": "priya.shah@halcyon-data.example",
    "claire": "claire@maison-tissier.example",
    "yann": "yann.legoff@phare-ouest.example",
}


def stamps(domain, to="help@desk.example", path="x", verdict="pass",
           received="Fri, 20 Nov 2026 17:00:00 +0100"):
    return (f"Return-Path: <{path}@{domain}>\n"
            f"Delivered-To: {to}\n"
            f"Authentication-Results: mx.desk.example; dmarc={verdict} "
            f"header.from={domain}\n"
            f"Received: from mail.{domain} (mail.{domain} [192.0.2.66])\n"
            f"\tby mx.desk.example with ESMTPS id X; {received}\n").encode()


def mail(sender, subject, body="Bonjour\n", head="", to="help@desk.example",
         domain=None, **kw):
    domain = domain or sender.rsplit("@", 1)[-1].strip("<>;\" ")
    return stamps(domain, to, **kw) + (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\n{head}\n"
        f"{body}").encode()


def evil(head, body="x\n", domain="evil.test"):
    """With a head of its own, From and all."""
    head = head if isinstance(head, bytes) else head.encode()
    body = body if isinstance(body, bytes) else body.encode()
    return stamps(domain) + head + b"\n" + body


def nested(depth):
    return evil("From: " + "a:" * depth + ";" * depth + "\nSubject: groups\n")


def parameters(text):
    return evil(f"From: e@evil.test\nSubject: parameters\n"
                f"Content-Type: text/plain{text}\n")


def multiparts(depth):
    head = "From: e@evil.test\nSubject: depth\nMIME-Version: 1.0\n" \
           "Content-Type: multipart/mixed; boundary=b0\n"
    body = "".join(f"--b{i}\nContent-Type: multipart/mixed; boundary=b{i + 1}"
                   "\n\n" for i in range(depth))
    return evil(head, body + f"--b{depth}\n\n#resolve\n")


def chain(depth):
    head = "From: e@evil.test\nSubject: chain\nMIME-Version: 1.0\n" \
           "Content-Type: message/rfc822\n"
    return evil(head, "Content-Type: message/rfc822\n\n" * (depth - 1)
                + "Subject: inner\n\n#resolve\n")


NAMES = ("From: e@evil.test\nSubject: names\nMIME-Version: 1.0\n"
         "Content-Type: multipart/mixed; boundary=n\n")
NAMES_BODY = "".join(
    f"--n\nContent-Type: application/octet-stream{kind}\n"
    f"Content-Disposition: attachment{name}\n\nx\n" for kind, name in [
        ("", "; filename*=utf-8''..%2F..%2F%00x%0d%0aEvil:1"),
        ("; name=\"=?utf-8?q?=2E=2E/..=2Fcron?=\"", ""),
        ("", "; filename*=utf-8''%E2%80%8B.htaccess"),
        ("", "; filename=\"x." + "e" * 300 + "\""),
        ("", "; filename=\"/etc/cron.d/x\""),
        ("", "; filename=\"C:\\\\Windows\\\\x.dll\""),
    ]) + "--n--\n"

LONG = "l" * 255
# Each with what doc/security.md 5 wants of it: who wrote it ("" nobody), and
# whether it is read at all (None: the number of its table row says it all).
CASES = [
    ("1 empty", b"", ""),
    ("2 crlf-only", b"\r\n", ""),
    ("3 garbage-first-line", b"no colon here\r\nFrom: " + JEANNE.encode()
     + b"\r\nSubject: garbage first\r\n\r\nx\r\n", ""),
    ("4 mbox-from", b"From x Mon Jan  1 00:00:00 2026\n"
     + mail(f"Jeanne Morel <{JEANNE}>", "mbox line", domain="acier-vosges.example"),
     JEANNE),
    ("5 garbage-mid-header", evil(
        f"From: {JEANNE}\ngarbage\nAuto-Submitted: auto-replied\n"
        "Subject: garbage amid\n", domain="acier-vosges.example"), ""),
    ("6 dup-from", evil(f"From: attacker@evil.test\nFrom: {JEANNE}\n"
                        "Subject: twice\n"), ""),
    ("7 two-mailboxes", evil(f"From: {ANNE}, attacker@evil.test\n"
                             "Subject: two\n", "#resolve\n"), ""),
    ("8 group-from", evil(f"From: Team: {ANNE};\nSubject: group\n",
                          "#resolve\n", "desk.example"), ""),
    ("10 space-colon", evil(f"From : {ANNE}\nFrom: {JEANNE}\n"
                            "Subject: space\n", "#resolve\n"), ""),
    ("11 encoded-addr", evil(
        "From: =?utf-8?q?anne.martin=40desk.example?=\nSubject: encoded\n",
        "#resolve\n", "desk.example"), ""),
    ("12 name-is-addr", evil(
        f"From: \"{ANNE}\" <attacker@evil.test>\nSubject: name\n",
        "#resolve\n"), "attacker@evil.test"),
    ("13 two-angle", evil(f"From: <{ANNE}> <attacker@evil.test>\n"
                          "Subject: angles\n", "#resolve\n"), ""),
    ("14 nested-groups-50k", nested(50000), ""),
    ("15 nested-groups-1000", nested(1000), ""),
    ("16 comment-1M", evil("From: " + "(" * 1000000
                           + f" {JEANNE}\nSubject: comments\n"), ""),
    ("17 to-500k", evil("From: e@evil.test\n" + "To: a@b.test\n" * 500000
                        + "Subject: to\n"), None),
    ("18 params-100k", parameters("".join(
        f"; p{i}=a" for i in range(100000))), None),
    ("19 rfc2231-16k", parameters("".join(
        f"; n{i}*0=a; n{i}*1=b" for i in range(16000))), None),
    ("20 param-name-71", evil(
        "From: e@evil.test\nSubject: name of 71\nContent-Type: text/plain; "
        + "n" * 71 + "*=utf-8''x\n"), "e@evil.test"),
    ("21 nest-20000", multiparts(20000), "e@evil.test"),
    ("22 parts-1M", evil(
        "From: e@evil.test\nSubject: parts\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n",
        b"--b\r\n\r\nx\r\n" * 1000000), "e@evil.test"),
    ("23 rfc822-chain", chain(1500), "e@evil.test"),
    ("24 subject-crlf", mail(
        f"Jeanne Morel <{JEANNE}>",
        "=?utf-8?q?x=0D=0ABcc:_v=40t=0D=0A=0D=0Ahi?=",
        head="Message-ID: <sujet@acier-vosges.example>\n"), JEANNE),
    ("25 msgid-crlf", mail(
        "Inès Garnier <ines@studio-orme.example>", "id", domain="studio-orme.example",
        head="Message-ID: <a\rBcc: v@t.test\r@b>\n"), None),
    ("25 msgid-8000", mail(
        "ines@studio-orme.example", "long id",
        head="Message-ID: <" + "i" * 8000 + "@b.example>\n"),
     "ines@studio-orme.example"),
    ("25 msgid-encoded", mail(
        "ines.garnier.orme@mail.example", "encoded id",
        head="Message-ID: =?utf-8?q?=3Ca=0D=0ABcc:_v=40t.test=3E?=\n"),
     "ines.garnier.orme@mail.example"),
    ("26 rcpt-inject", evil(
        b"From: \"x\r\n RCPT TO:<v@t.test>\"@evil.test\nSubject: rcpt\n"), ""),
    ("27 smuggle-body", evil(
        "From: tom.ashworth@halcyon-data.example\nSubject: dots\n",
        b"first\n.\nMAIL FROM:<a@b.test>\r\nRCPT TO:<v@t.test>\r\n\r.\rDATA\n"
        b"\n.\r\nlast\n", "halcyon-data.example"),
     "tom.ashworth@halcyon-data.example"),
    ("28 fname-traversal", evil(NAMES, NAMES_BODY), "e@evil.test"),
    ("38 dedupe-poison", evil(
        "From: attacker@evil.test\nMessage-ID: <alert.1@probe.test>\n"
        "Subject: first\n"), "attacker@evil.test"),
    ("38 the alert", evil(
        "From: nagios@brasserie-lambic.example\n"
        "Message-ID: <alert.1@probe.test>\nSubject: ** PROBLEM **\n"
        "Auto-Submitted: auto-generated\n", domain="brasserie-lambic.example"),
     "luc@brasserie-lambic.example"),  # no answer goes to his monitoring
    ("38 long id, one", evil(
        f"From: e@evil.test\nMessage-ID: <{LONG}1@probe.test>\n"
        "Subject: long id\n"), "e@evil.test"),
    ("38 long id, two", evil(
        f"From: e@evil.test\nMessage-ID: <{LONG}2@probe.test>\n"
        "Subject: long id\n"), "e@evil.test"),
    ("40 date-9999", evil(
        "From: d1@evil.test\nDate: Fri, 31 Dec 9999 23:59:59 +9999\n"
        "Subject: date\n"), "d1@evil.test"),
    ("40 date-absent", evil("From: d2@evil.test\nSubject: no date\n"),
     "d2@evil.test"),
]

# On ticket 1, by a technician who may act and by a robot who has his address.
REPLY = ("In-Reply-To: <{{message-id notice %s}}>\n"
         "References: <{{message-id notice %s}}>\n") % (ANNE, ANNE)
TO = "{{reply-to notice %s}}" % ANNE
ON_TICKET_1 = [
    ("33 quoted-cmd", mail(
        f"Anne Martin <{ANNE}>", "Re: [#1]", "> #resolve\n\n"
        "-----Original Message-----\n#resolve\n", REPLY, TO,
        domain="desk.example")),
    ("33 quoted-cmd below words", mail(
        f"Anne Martin <{ANNE}>", "Re: [#1] vu", "Nous regardons.\n\n"
        "> #resolve\n", REPLY, TO, domain="desk.example")),
    ("34 html-hidden", mail(
        f"Anne Martin <{ANNE}>", "Re: [#1] html", "--h\nContent-Type: "
        "text/plain\n\nhello\n--h\nContent-Type: text/html\n\n<p>hello</p>"
        "<div style=display:none>#resolve</div>\n--h--\n", REPLY +
        "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=h\n",
        TO, domain="desk.example")),
    ("34 html-only", mail(
        f"Anne Martin <{ANNE}>", "Re: [#1] html seul",
        "<p>#resolve</p>\n", REPLY +
        "MIME-Version: 1.0\nContent-Type: text/html\n",
        TO, domain="desk.example")),
    ("39 ticket-trick", mail(
        "no-reply@slack.test", "Confirm your e-mail",
        "Hello, your code is 493 022\n",
        to="{{reply-to acknowledgment %s}}" % JEANNE)),
]


class Ticket:
    """One as `show` tells it, with the SHA-256 of the raw mails on it."""

    def __init__(self, desk, number):
        self.number = number
        self.json = json.loads(desk.run("show", str(number), "--json").stdout)
        folder = desk.dir / "saved" / str(number)
        desk.run("show", str(number), "--save", str(folder))
        self.raw = {hashlib.sha256(path.read_bytes()).hexdigest()
                    for path in folder.iterdir()
                    if re.fullmatch(r"[0-9]+\.eml", path.name)}
        self.files = sorted(folder.iterdir())


def tickets_of(desk):
    listed = desk.run("list", "--all", "--json").stdout.splitlines()
    return sorted((Ticket(desk, json.loads(line)["number"])
                   for line in listed), key=lambda t: t.number)


def deliver(desk):
    """The bad ones, a good one after every sixth. Returns raw bytes by name."""
    good = iter(GOOD.items())
    given = {}
    for i, (name, raw, _) in enumerate(CASES):
        raw = desk.fill(raw)
        given[name] = raw
        desk.deliver(f"{BEGIN + i * 10}.{i:03d}.hostile", raw)
        if i % 6 == 5 or i == len(CASES) - 1:
            for who, address in [next(good, (None, None))]:
                if who is None:
                    continue
                raw = mail(address, f"Bon mail de {who}",
                           head=f"Message-ID: <bon.{who}@good.test>\n")
                given[who] = raw
                desk.deliver(f"{BEGIN + i * 10 + 5}.{i:03d}.good", raw)
    for i, (name, raw) in enumerate(ON_TICKET_1):
        raw = desk.fill(raw)
        given[name] = raw
        desk.deliver(f"{BEGIN + 1000 + i * 60}.{i:03d}.hostile", raw)
    return given


def check_cases(tickets, given):
    where = {}
    for ticket in tickets:
        for digest in ticket.raw:
            where.setdefault(digest, []).append(ticket)
    for name, _, sender in CASES:
        found = where.get(hashlib.sha256(given[name]).hexdigest(), [])
        why = ""
        if len(found) != 1:
            why = f"its bytes are on {len(found)} tickets"
        elif found[0].json["state"] != "new":
            why = f"it made a ticket {found[0].json['state']}"
        elif sender is not None and found[0].json["requester"] != sender:
            why = f"taken for '{found[0].json['requester']}'"
        elif len(found[0].raw) != 1:
            why = f"{len(found[0].raw)} mails on its ticket"
        tap.ok(not why, name, why)
    for who, address in GOOD.items():
        found = where.get(hashlib.sha256(given[who]).hexdigest(), [])
        tap.ok(len(found) == 1 and found[0].json["requester"] == address,
               f"good mail of {who}", [t.json for t in found])
    for name, _ in ON_TICKET_1:
        found = where.get(hashlib.sha256(given[name]).hexdigest(), [])
        tap.ok([t.number for t in found] == [1], f"{name}: on ticket 1",
               [t.number for t in found])
    return {name: where.get(hashlib.sha256(raw).hexdigest(), [None])[0]
            for name, raw in given.items()}


def check_words(desk, by_name, sent):
    one = by_name["33 quoted-cmd"].json
    authors = [(e["author"], e["visibility"]) for e in one["entries"]
               if e["what"] == "mail"]
    tap.ok(one["state"] == "open" and authors[1:] == [
        ("technician", "internal"), ("technician", "public"),
        ("technician", "public"), ("technician", "internal"),
        ("robot", "internal")], "33, 34, 39: what is public on ticket 1",
           f"{one['state']} {authors}")
    tap.ok(by_name["24 subject-crlf"].json["subject"] == "x Bcc: v@t hi",
           "24: the title in one line", by_name["24 subject-crlf"].json)
    names = [a["name"] for e in by_name["28 fname-traversal"].json["entries"]
             for a in e["attachments"]]
    bad = [n for n in names if len(n.encode()) > 120 or "/" in n or "\\" in n
           or not n.isprintable() or n.startswith(".")]
    tap.ok(len(names) == 6 and not bad, "28: names are labels", names)
    saved = by_name["28 fname-traversal"].files
    tap.ok(len(saved) == 7 and all(p.is_file() for p in saved),
           "28: saved as plain files", saved)
    entry = by_name["12 name-is-addr"].json["entries"][0]
    tap.ok(entry["from"] == "attacker@evil.test", "12: shown by its address",
           entry["from"])
    public = [m for m in sent if m.to not in e2e.TECHNICIANS]
    tap.ok(not any("493 022" in m.everything() for m in public),
           "39: the code stays inside")


def check_answers(sent):
    faults = e2e.check_sent(sent, threads=False)
    tap.ok(not faults, "every mail that left is well made", "\n".join(faults))
    own = {JEANNE, "ines@studio-orme.example", "ines.garnier.orme@mail.example",
           "tom.ashworth@halcyon-data.example", *GOOD.values()}
    others = {m.to for m in sent} - own - set(e2e.TECHNICIANS)
    tap.ok(not others, "nobody else is answered", others)
    thanked = [m.to for m in sent if m.what == "acknowledgment"]
    tap.ok(all(thanked.count(a) == 1 for a in GOOD.values()),
           "each good mail is answered once", thanked)
    tap.ok(all(a not in thanked for a in (ANNE, "attacker@evil.test",
                                          "nagios@brasserie-lambic.example")),
           "no acknowledgment to a stranger, robot or technician", thanked)
    echoed = [m.message["In-Reply-To"] for m in sent
              if m.to.startswith("ines") and m.what == "acknowledgment"]
    tap.ok(len(echoed) == 3 or len(echoed) == 2, "25: still answered", echoed)
    tap.ok(not any(echoed), "25: ids that cannot be used are not echoed",
           echoed)
    dots = [m for m in sent if "MAIL FROM:<a@b.test>" in m.body()]
    tap.ok(len(dots) == 3, "27: passed on as words", [m.to for m in dots])
    fields = [k.lower() for m in sent for k in m.message.keys()]
    tap.ok("bcc" not in fields and "evil" not in fields,
           "no field of theirs on a mail of ours")


def dates():
    """40: on the night of the spring change the receipt counts, not Date."""
    folder = tempfile.mkdtemp(prefix="guichet-e2e.")
    desk = e2e.Desk(folder)
    night = 1806195600  # 2027-03-28T01:00:00Z, the change itself
    for i, (after, stamp, date) in enumerate([
        (-1, "Sun, 28 Mar 2027 01:59:59 +0100",
         "Date: Thu, 1 Jan 1970 00:00:00 +0000\n"),
        (0, "Sun, 28 Mar 2027 03:00:00 +0200", ""),
        (1800, "Sun, 28 Mar 2027 02:30:00 +0100",
         "Date: Fri, 31 Dec 9999 23:59:59 +9999\n"),
    ]):
        desk.deliver(f"{night + after + 2}.{i}.x", mail(
            GOOD["yann"], f"Arrêt total {i}", head=date, received=stamp,
            domain="phare-ouest.example"))
    desk.drain("2027-03-28T01:35:00Z")
    for ticket, due in zip(tickets_of(desk), [
            "2027-03-28T01:14:59Z", "2027-03-28T01:15:00Z",
            "2027-03-28T01:45:00Z"]):
        clocks = {c["milestone"]: c["due"] for c in ticket.json["clocks"]}
        tap.ok(clocks.get("response") == due,
               f"40: due {due} by the receipt", clocks)
    shutil.rmtree(folder)


def main():
    folder = tempfile.mkdtemp(prefix="guichet-e2e.")
    desk = e2e.Desk(folder, readers=2)
    desk.deliver(f"{BEGIN - 600}.0.good", mail(
        f"Jeanne Morel <{JEANNE}>", "Panne bloquante",
        head="Message-ID: <premier@acier-vosges.example>\n",
        domain="acier-vosges.example",
        received="Fri, 20 Nov 2026 16:50:00 +0100"))
    desk.drain("2026-11-20T16:52:00+01:00")
    given = deliver(desk)
    desk.drain(AT, timeout=300)
    tap.ok(True, "the desk takes all of it and lives")
    tickets = tickets_of(desk)
    by_name = check_cases(tickets, given)
    sent = desk.sent()
    check_words(desk, by_name, sent)
    check_answers(sent)
    before = desk.dump()
    desk.run("rebuild", "--at", AT)
    tap.ok(desk.dump() == before, "rebuild leaves the dump as it was")
    if os.environ.get("KEEP"):
        print(f"# {folder}")
    else:
        shutil.rmtree(folder)
    dates()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
