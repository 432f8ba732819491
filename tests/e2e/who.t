#!/usr/bin/env python3
"""Nobody who only claims to be a technician: each attack by its name, from a
mail in a Maildir to the bytes that leave."""
import datetime
import json
import os
import re
import subprocess
import sys
import time
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
ANNE = "anne.martin@desk.example"
HUGO = "hugo.vidal@desk.example"
JEANNE = "jeanne.morel@acier-vosges.example"
START = datetime.datetime.fromisoformat("2026-11-20T16:00:00+01:00")


def stamps(domain, verdict="pass", more="", to="help@desk.example"):
    """What the border writes on what came from outside."""
    return (f"Authentication-Results: mx.desk.example;{more} dmarc={verdict} header.from={domain}\n"
            + received(to))


def received(to="help@desk.example", login=""):
    return (f"Received: from mail.test (mail.test [192.0.2.3])\n{login}"
            f"\tby mx.desk.example (Postfix) with ESMTPS{'A' if login else ''} id A1 for <{to}>;\n"
            "\t@NOW@\n")


class Site:
    """A desk, its clock and a ticket of Jeanne's."""

    def __init__(self, change=None):
        self.desk = e2e.Desk()
        if change is not None:
            site = self.desk.conf.read_text()
            changed = change(site)
            assert changed != site
            self.desk.conf.write_text(changed)
        self.now, self.count = START, 0

    def wait(self, **much):
        self.now += datetime.timedelta(**much)

    def mail(self, sender, body, to="help@desk.example", head=None, subject="Re: [#1] Panne", date=None, more="",
             written_to=None):
        """Puts one into the mailbox; `written_to`: who stands in To."""
        self.count += 1
        self.now += datetime.timedelta(seconds=1)
        head = stamps(sender.split("@")[1]) if head is None else head
        when = format_datetime(date or self.now)
        head = head.replace("@NOW@", format_datetime(self.now))
        raw = (f"Return-Path: <{sender}>\nDelivered-To: {to}\n{head}From: <{sender}>\nTo: {written_to or to}\n"
               f"Subject: {subject}\nDate: {when}\nMessage-ID: <who{self.count}@test.example>\n{more}"
               f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body}\n")
        return self.put(raw)

    def put(self, raw):
        """Bytes as they are, once more if need be. Returns them."""
        self.count += 1
        self.desk.deliver(f"{int(self.now.timestamp())}.{self.count:03}.who", raw.encode())
        return raw

    def drain(self):
        self.now += datetime.timedelta(seconds=9)
        self.desk.drain(self.now.isoformat())

    def say(self, *words, **more):
        self.mail(*words, **more)
        self.drain()

    def opens(self):
        self.say(JEANNE, "La production ne tourne plus.", subject="Panne")
        return self

    def sent(self, what, to=None):
        return [m for m in self.desk.sent() if m.what == what and to in (None, m.to)]

    def to(self, what, who):
        """Where the newest of that kind to them is answered."""
        return self.sent(what, who)[-1].reply_to

    def replies(self):
        return [m.body() for m in self.desk.sent() if m.what in ("reply", "resolution")]

    def show(self, number=1):
        return json.loads(self.desk.run("show", str(number), "--json").stdout)


def test_parked():
    """A pass without a token waits for her word, and goes out by it once."""
    site = Site().opens()
    site.say(ANNE, "Le disque est change.")
    asked = site.sent("challenge", ANNE)
    tap.ok(len(asked) == 1 and not site.replies() and "Le disque est change." in asked[0].body(),
           "parked: kept inside, and she is asked", [m.body() for m in asked])
    tap.ok(not e2e.check_sent(site.desk.sent(), threads=False), "parked: the challenge is a proper mail",
           e2e.check_sent(site.desk.sent(), threads=False))
    tap.ok([e["visibility"] for e in site.show()["entries"] if "disque" in e["text"]][:1] == ["internal"],
           "parked: the words are internal")
    to = asked[0].reply_to
    site.say(HUGO, "OK", to=to, subject="Re: confirmer")
    site.say(ANNE, "OK", to=to, head=stamps("desk.example", "none"), subject="Re: confirmer")
    tap.ok(not site.replies(), "parked: a colleague and a forger confirm nothing", site.replies())
    site.wait(hours=2)
    site.say(ANNE, "Ok.\n\nAnne Martin\n\n> Votre mail", to=to, subject="Re: confirmer")
    tap.ok(len(site.replies()) == 1 and "Le disque est change." in site.replies()[0]
           and "Ok" not in site.replies()[0], "parked: her word carries it out", site.replies())
    clocks = {c["milestone"]: c for c in site.show()["clocks"]}
    met = clocks["response"].get("met") or ""
    tap.ok(met.startswith("2026-11-20T17:0"), "parked: the response is met when it went out", clocks["response"])
    site.say(ANNE, "OK", to=to, subject="Re: encore")
    tap.ok(len(site.replies()) == 1, "parked: a word confirms once", site.replies())
    site.say(ANNE, "#resolve\n\nFini.", subject="Re: [#1] fini")
    site.wait(hours=25)
    site.say(ANNE, "oui", to=site.to("challenge", ANNE), subject="Re: tard")
    tap.ok(len(site.replies()) == 1 and "24 heures" in site.sent("refusal", ANNE)[-1].body(),
           "parked: a day later it is too late, and it is said")


def test_orders():
    """Orders are named in our words; what changed meanwhile is read again."""
    site = Site().opens()
    site.say(ANNE, "#resolve\n\nRepare.")
    asked = site.sent("challenge", ANNE)[-1]
    tap.ok("#resoudre" in asked.body() and "Repare." in asked.body(), "orders: the challenge names them", asked.body())
    site.say(ANNE, "#resolve\n\nRepare.", to=site.to("notice", ANNE))
    tap.ok(site.show()["state"] == "resolved", "orders: an answer to a notice needs no word")
    site.desk.run("close", "1", "--at", site.now.isoformat())
    site.say(ANNE, "OK", to=asked.reply_to, subject="Re: confirmer")
    tap.ok(len(site.replies()) == 1, "orders: a challenge of before the closing is void", site.replies())
    site = Site().opens()
    for n in range(7):
        site.wait(minutes=5)
        site.mail(ANNE, f"Mot {n}.", subject=f"Re: [#1] mot {n}")
    site.drain()
    tap.ok(len(site.sent("challenge", ANNE)) == 5, "orders: five wait at most", len(site.sent("challenge", ANNE)))
    site.wait(days=2)
    site.say(ANNE, "Vieux.", to=site.to("notice", ANNE), date=site.now - datetime.timedelta(days=4))
    tap.ok(len(site.sent("challenge", ANNE)) == 6 and not site.replies(), "orders: a Date of four days ago waits")


def test_levels():
    login = received(login=f"\t(Authenticated sender: {ANNE})\n")
    for level, acts in (("dmarc+token", "dl"), ("dmarc+confirm", ""), ("token+login", "l"), ("off", "")):
        site = Site(lambda text: f"{text}\ntech_auth: {level}\n").opens() if True else None
        to = site.to("notice", ANNE)
        site.mail(ANNE, "Par dmarc.", to=to)
        site.mail(ANNE, "Par login.", to=to, head=login)
        site.drain()
        got = "".join(c for c, word in (("d", "Par dmarc."), ("l", "Par login."))
                      if any(word in r for r in site.replies()))
        tap.ok(got == acts, f"levels: {level}", (got, acts, [m.body() for m in site.sent("refusal")]))


def test_untried():
    """Until forged stamps are known to be taken away, each mail is confirmed."""
    site = Site(lambda text: text.replace("  strips: verified\n", "")).opens()
    site.say(ANNE, "Bonjour.", to=site.to("notice", ANNE))
    tap.ok(not site.replies() and site.sent("challenge", ANNE), "untried: the token alone is not enough")
    site.say(ANNE, "OK", to=site.to("challenge", ANNE), subject="Re: confirmer")
    tap.ok(len(site.replies()) == 1, "untried: with her word it is", site.replies())

    def told():
        return len([m for m in site.sent("notice", ANNE) if "check --auth" in m.body()])
    first = told()
    site.wait(hours=25)
    site.drain()
    tap.ok((first, told()) == (1, 2), "untried: the desk is told once a day", (first, told()))
    said = site.desk.run("check", "--offline").stderr
    tap.ok("check --auth" in said and "confirmed" in said, "untried: check says it", said)


def arrives(site, raw):
    site.desk.deliver(f"{int(time.time())}.try{site.count}.mx", raw.encode())
    site.count += 1
    return site.desk.run("check", "--auth", check=False)


def test_check_auth():
    site = Site()
    first = site.desk.run("check", "--auth")
    forged = re.search(r"^Authentication-Results:.*?A forgery, .*?$", first.stdout, re.S | re.M)
    tap.ok(forged is not None, "check --auth: says what to send", first.stdout)
    forged = forged[0]
    tap.ok(f"From: <{ANNE}>" in forged and "mx.desk.example" in forged and "dmarc=pass" in forged,
           "check --auth: a technician's From, our name", forged)
    body = forged.split("\n", 1)[1]
    inside = arrives(site, "Received: from desk (localhost [127.0.0.1])\n\tby mx.desk.example with ESMTP id 1;\n"
                     "\tFri, 20 Nov 2026 16:00:00 +0100\n" + body + "\n")
    tap.ok(inside.returncode == 1 and "from elsewhere" in inside.stdout, "check --auth: from within it tells nothing",
           inside.stdout)
    for path in (site.desk.dir / "mail/support/new").iterdir():
        path.unlink()
    border = stamps("desk.example", "fail").replace("@NOW@", "Fri, 20 Nov 2026 16:00:00 +0100")
    stripped = arrives(site, border + body + "\n")
    tap.ok(stripped.returncode == 0 and "strips: verified" in stripped.stdout and "do not" not in stripped.stdout,
           "check --auth: taken away", stripped.stdout)
    kept = arrives(site, border + forged + "\n")
    tap.ok(kept.returncode == 1 and "do not write" in kept.stdout, "check --auth: still in it", kept.stdout)


def test_key():
    site = Site().opens()
    keys = site.desk.dir / "tokens"
    old_notice = site.to("notice", ANNE)
    site.desk.run("key", "rotate")
    lines = keys.read_text().split()
    tap.ok([line[0] for line in lines] == ["b", "a"] and keys.stat().st_mode & 0o777 == 0o600
           and not list(site.desk.dir.glob("tokens.new")), "key: two live, and nobody else reads them", lines)
    site.say(ANNE, "Bonjour.", to=old_notice)
    site.say(JEANNE, "Merci.", to=site.replies() and site.sent("reply")[-1].reply_to)
    tap.ok(len(site.replies()) == 1 and site.to("notice", ANNE).startswith("help+b"),
           "key: what the old one signed acts, the new one signs", site.to("notice", ANNE))
    again = site.desk.run("key", "rotate", check=False)
    tap.ok(again.returncode == 1 and "--now" in again.stderr and len(keys.read_text().split()) == 2,
           "key: a key that still acts is not dropped unasked", again.stderr)
    site.desk.run("key", "rotate", "--now")
    site.say(ANNE, "Perime.", to=old_notice, subject="Re: perime")
    tap.ok([line[0] for line in keys.read_text().split()] == ["c", "b"] and len(site.replies()) == 1,
           "key: dropped, it acts no more", site.replies())


# ---- attacks, by their names ----

def outcome(forms):
    """Which of the mails from Anne to her notice act: name -> whether."""
    site = Site().opens()
    to = site.to("notice", ANNE)
    for i, (name, head) in enumerate(forms):
        site.wait(minutes=1)
        site.mail(ANNE, f"Mot numero-{i}-.", to=to, head=head, subject=f"Re: [#1] mot {i}")
    site.drain()
    gone = "\n".join(site.replies())
    return {name: f"numero-{i}-" in gone for i, (name, _) in enumerate(forms)}


def form(value):
    return f"Authentication-Results: {value}\n{received()}"


def test_ar_forms():
    """How real borders write a pass."""
    good = [
        ("OpenDMARC", form("mx.desk.example; dmarc=pass (p=none dis=none) header.from=desk.example")),
        ("OpenDKIM beside", "Authentication-Results: mx.desk.example;\n\tdkim=pass (2048-bit key; unprotected) "
         "header.d=desk.example header.i=@desk.example header.b=\"Abc/+==\"\n"
         + form("mx.desk.example; dmarc=pass header.from=desk.example")),
        ("Gmail's shape", form("mx.desk.example;\n       dkim=pass header.i=@desk.example header.s=s header.b=ab/c;\n"
                               "       spf=pass (google.com: domain of x@desk.example designates 192.0.2.3 as permitted "
                               "sender) smtp.mailfrom=x@desk.example;\n       dmarc=pass (p=REJECT sp=NONE dis=NONE) "
                               "header.from=desk.example")),
        ("Fastmail's shape", form("mx.desk.example;\n    arc=none (no signatures found);\n    dkim=pass (2048-bit rsa "
                                  "key sha256) header.d=desk.example header.a=rsa-sha256 x-bits=2048;\n    dmarc=pass "
                                  "policy.published-domain-policy=none policy.applied-disposition=none "
                                  "policy.evaluated-disposition=none (p=none,d=none) policy.policy-from=p "
                                  "header.from=desk.example")),
        ("rspamd's shape", form("mx.desk.example;\n\tdkim=pass header.d=desk.example header.s=s header.b=x;\n"
                                "\tdmarc=pass (policy=quarantine) header.from=desk.example;\n"
                                "\tspf=pass (mx.desk.example: domain of a@desk.example designates 192.0.2.3 as permitted "
                                "sender) smtp.mailfrom=a@desk.example")),
        ("version and case", form("MX.Desk.Example 1; DMARC=Pass Header.From=Desk.Example")),
        ("folded", form("mx.desk.example;\n\tdmarc\n\t=\n\tpass\n\theader.from=desk.example")),
    ]
    got = outcome(good)
    tap.ok(all(got.values()), "ar_forms: each real shape is read", [n for n in got if not got[n]])


def test_ar_smuggle():
    """What only looks like a pass."""
    bad = [
        ("in a comment", form("mx.desk.example; dmarc=fail (dmarc=pass header.from=desk.example) header.from=desk.example")),
        ("in a quoted sender", form("mx.desk.example; spf=pass smtp.mailfrom=\"x; dmarc=pass header.from=desk.example\"@e.test")),
        ("a longer id", form("mx.desk.example.evil.test; dmarc=pass header.from=desk.example")),
        ("a shorter id", form("desk.example; dmarc=pass header.from=desk.example")),
        ("another version", form("mx.desk.example 2; dmarc=pass header.from=desk.example")),
        ("a second field that fails", "Authentication-Results: mx.desk.example; dmarc=fail header.from=desk.example\n"
         + form("mx.desk.example; dmarc=pass header.from=desk.example")),
        ("below the border", received() + "Authentication-Results: mx.desk.example; dmarc=pass header.from=desk.example\n"),
        ("under a forged Received", received() + "Authentication-Results: mx.desk.example; dmarc=pass "
         "header.from=desk.example\nReceived: from x (x [192.0.2.9])\n\tby mx.desk.example with ESMTP id 9;\n"
         "\tFri, 20 Nov 2026 15:59:00 +0100\n"),
        ("of another domain", form("mx.desk.example; dmarc=pass header.from=evil.test")),
        ("of two domains", form("mx.desk.example; dmarc=pass header.from=evil.test header.from=desk.example")),
        ("of none", form("mx.desk.example; dmarc=pass")),
        ("an open comment", form("mx.desk.example; (dmarc=fail; dmarc=pass header.from=desk.example")),
        ("ARC's", "ARC-Authentication-Results: i=1; mx.desk.example; dmarc=pass header.from=desk.example\n" + received()),
        ("an X- copy", "X-Authentication-Results: mx.desk.example; dmarc=pass header.from=desk.example\n" + received()),
        ("Exchange's without its mode", form("spf=pass smtp.mailfrom=desk.example; dmarc=pass action=none header.from=desk.example")),
        ("temperror", form("mx.desk.example; dmarc=temperror header.from=desk.example")),
    ]
    got = outcome(bad)
    tap.ok(not any(got.values()), "ar_smuggle: nothing of it acts", [n for n in got if got[n]])


def test_exchange():
    """Exchange Online's form, as a mode: no name, right below its own Received."""
    site = Site(lambda text: text.replace("  authserv_id: mx.desk.example\n  hosts: [mx.desk.example]\n",
                                          "  exchange_online: yes\n")).opens()
    to = site.to("notice", ANNE)
    ours = ("Received: from AM0.eurprd01.prod.outlook.com (2603::1) by VI1.eurprd01.prod.outlook.com with HTTPS; "
            "Fri, 20 Nov 2026 16:00:00 +0000\n")
    stamp = ("Authentication-Results: spf=pass (sender IP is 192.0.2.3) smtp.mailfrom=desk.example; dkim=pass "
             "header.d=desk.example;dmarc={} action=none header.from=desk.example;compauth=pass reason=100\n")
    heads = {"pass": ours + stamp.format("pass"), "fail": ours + stamp.format("fail"),
             "second": ours + stamp.format("none") + stamp.format("pass"), "no Received": stamp.format("pass")}
    for i, (name, head) in enumerate(heads.items()):
        site.wait(minutes=1)
        site.mail(ANNE, f"Mot {name}.", to=to, head=head, subject=f"Re: [#1] mot {i}")
    site.drain()
    gone = "\n".join(site.replies())
    got = [name for name in heads if f"Mot {name}." in gone]
    tap.ok(got == ["pass"], "exchange online: the first stamp below its own Received, and no other", got)


def test_token_bits():
    site = Site().opens()
    word = site.to("notice", ANNE)
    at = word.index("@")
    tried = 0
    # A part of them: test_token flips each bit of a thousand.
    for i in [i for i in range(len("help+"), at) if word[i] != "."][::3]:
        site.wait(seconds=7)
        site.mail(ANNE, "Faux.", to=word[:i] + ("a" if word[i] != "a" else "b") + word[i + 1:], subject=f"faux {i}")
        tried += 1
    site.drain()
    tap.ok(tried > 8 and not site.replies(), f"token_bits: none of {tried} that differ in a letter acts", site.replies())


def test_replay():
    """The same bytes again, by the same border."""
    site = Site().opens()
    to = site.to("notice", ANNE)
    when = site.now
    for days in (0, 0, 8):
        site.wait(minutes=1, days=days)
        site.say(ANNE, "#resolve\n\nRepare.", to=to, date=when)
        if len(site.replies()) == 1 and days == 0:
            continue
        site.say(JEANNE, "Encore en panne.", to=site.sent("resolution")[-1].reply_to) if days == 0 else None
    tap.ok(len(site.replies()) == 1, "replay: it acts once, before and after the ticket is reopened", site.replies())


def test_token_stolen():
    site = Site().opens()
    site.say(JEANNE, "#resolve\n\nVole-1.", to=site.to("notice", ANNE), subject="Re: vol")
    site.say(HUGO, "#resolve\n\nVole-2.", to=site.to("notice", ANNE), subject="Re: vol 2")
    site.say("eve@evil.test", "#resolve\n\nVole-3.", to=site.to("notice", ANNE), subject="Re: vol 3")
    tap.ok(not site.replies() and site.show()["state"] != "resolved"
           and not any("Vole" in m.everything() for m in site.desk.sent() if m.to not in e2e.TECHNICIANS),
           "token_stolen: a technician's token acts for nobody else", site.replies())


def test_outsiders():
    """tag_guess, cc_thirdparty, ack_relay, ticket_trick: what a stranger gets."""
    site = Site().opens()
    site.say(JEANNE, "Et en copie.", more="Cc: <rival@b.test>, <autre@c.test>\n", to=site.to("acknowledgment", JEANNE))
    before = len(site.desk.sent())
    for n in range(1, 7):
        site.wait(minutes=1)
        site.mail("eve@evil.test", "Bonjour CANARI.", subject=f"[#{n % 6 + 1}] Question {n}", head=received())
        site.mail(f"victim{n}@elsewhere.test", "Achetez https://evil.test CANARI", subject=f"Promo {n}", head=received())
    site.drain()
    outside = {m.to for m in site.desk.sent() if m.to not in e2e.TECHNICIANS}
    tap.ok(outside == {JEANNE}, "ack_relay, cc_thirdparty: nobody outside gets a mail but who asked", outside)
    entries = site.show()["entries"]
    tap.ok(not any("CANARI" in e["text"] for e in entries), "tag_guess: a guessed number puts nothing on a ticket")
    tap.ok(len(site.desk.sent()) > before, "tag_guess: technicians see a ticket of its own")
    site.wait(hours=1)
    site.say("no-reply@slack.test", "Your code is 493 022 CANARI", to=site.to("acknowledgment", JEANNE),
             subject="Confirm your e-mail")
    site.say(ANNE, "Nous regardons.", to=site.to("notice", ANNE))
    leaked = [m.to for m in site.desk.sent() if m.to not in e2e.TECHNICIANS and "493" in m.everything()]
    tap.ok(not leaked and len(site.replies()) == 1, "ticket_trick: a code mailed to a client's address stays inside", leaked)


def test_to_a_third_party():
    """cc_thirdparty: a technician's words to others, the desk in copy, in each form that names the notice."""
    site = Site().opens()
    notice = site.sent("notice", ANNE)[-1]
    named = f"In-Reply-To: <{notice.message_id.strip('<>')}>\n"
    for n, (to, copy) in enumerate([("Support <support@supplier.test>, hugo.vidal@desk.example", "help@desk.example"),
                                    ("support@supplier.test", notice.reply_to),
                                    (HUGO, f"support@supplier.test, {notice.reply_to}, {JEANNE}")]):
        site.wait(minutes=20)
        site.say(ANNE, f"CANARI-{n} : combien pour le client ?", written_to=to, more=f"Cc: {copy}\n{named}")
    outside = [m for m in site.desk.sent() if m.to not in e2e.TECHNICIANS and "CANARI" in m.everything()]
    told = [m.body() for m in site.sent("refusal", ANNE)]
    tap.ok(not outside and len(told) == 3 and all("le guichet en copie" in body for body in told),
           "cc_thirdparty: words to a third party go to no client, and their writer is told", (outside, told))
    tap.ok(not any(c.get("met") for c in site.show()["clocks"]), "cc_thirdparty: and they meet no response")
    site.wait(minutes=20)
    site.say(ANNE, "Nous cherchons.", to=notice.reply_to, more="Cc: <support@supplier.test>\n")
    site.say(ANNE, "Nous avons.", written_to=JEANNE, more=f"Cc: <{notice.reply_to}>\n{named}")
    went = [(m.to, m.body().split(".")[0]) for m in site.sent("reply")]
    tap.ok(went == [(JEANNE, "Nous cherchons")],
           "cc_thirdparty: an answer to the notice goes out whoever is in copy; what the client has, once", went)


def test_note_never_out():
    site = Site().opens()
    site.say(ANNE, "#note CANARI: le client ment", to=site.to("notice", ANNE))
    site.desk.run("note", "1", "CANARI par la console", "--at", site.now.isoformat())
    site.say(HUGO, "Nous cherchons.", to=site.to("notice", HUGO))
    site.say(JEANNE, "Alors ?", to=site.sent("reply")[-1].reply_to)
    site.say(HUGO, "#resolve\n\nTrouve.", to=site.to("notice", HUGO))
    leaked = [m.to for m in site.desk.sent() if m.to not in e2e.TECHNICIANS and "CANARI" in m.everything()]
    tap.ok(not leaked and len(site.replies()) >= 2, "note_never_out: no note leaves", (leaked, site.replies()))


def test_new_orders():
    """What takes back, promises and puts off acts for its technician alone."""
    for line in ("#next 2026-11-23 16:00", "#later 2026-11-25", "#noanswer", "#undo"):
        site = Site().opens()
        to = site.to("notice", ANNE)
        site.say(ANNE, "#tag cable", to=to)
        before = site.desk.dump().count(" by technician:")
        site.say(ANNE, line, to=to, head=stamps("desk.example", "none"), subject="Re: sans preuve")
        site.say(JEANNE, line, to=to, subject="Re: d'une cliente")
        site.say(HUGO, line, to=to, subject="Re: d'un collegue")
        site.say(ANNE, line, subject="Re: [#1] sans jeton")
        tap.ok(site.desk.dump().count(" by technician:") == before and len(site.sent("challenge", ANNE)) == 1
               and outsiders(site) == {JEANNE}, f"{line}: without all of its proof it does nothing",
               site.desk.dump())
        done = len(site.sent("confirmation", ANNE))
        site.say(ANNE, "OK", to=site.sent("challenge", ANNE)[-1].reply_to, subject="Re: confirmer")
        tap.ok(site.desk.dump().count(" by technician:") > before
               and len(site.sent("confirmation", ANNE)) == done + 1, f"{line}: with her word it is done",
               [m.body() for m in site.desk.sent()[-2:]])


def test_send():
    """An answer that was held goes out by a proven #send and no other."""
    site = Site().opens()
    old = site.to("notice", ANNE)
    site.say(HUGO, "Le cable est change.", to=site.to("notice", HUGO))
    site.say(ANNE, "Redemarrez, RETENU.", to=old)
    asked = site.sent("challenge", ANNE)[-1]
    tap.ok(len(site.replies()) == 1 and "RETENU" in asked.body(), "send: it is held, and she reads so", site.replies())
    site.say(ANNE, "#send", to=asked.reply_to, head=stamps("desk.example", "none"), subject="Re: sans preuve")
    site.say("eve@evil.test", "#send", to=asked.reply_to, subject="Re: vole")
    site.say(JEANNE, "#send", to=asked.reply_to, subject="Re: d'une cliente")
    site.say(HUGO, "#send", to=asked.reply_to, subject="Re: d'un collegue")
    tap.ok(not any("RETENU" in r for r in site.replies()), "send: nobody else sends it", site.replies())
    site.say(ANNE, "#send", to=asked.reply_to, subject="Re: retenu")
    tap.ok([r for r in site.replies() if "RETENU" in r] == site.replies()[1:] and len(site.replies()) == 2,
           "send: she does, once", site.replies())


# ---- bad inputs of doc/security.md that would act, by their numbers ----

def outsiders(site):
    return {m.to for m in site.desk.sent() if m.to not in e2e.TECHNICIANS}


def test_nul_from():
    """9 nul-from: what a parser in C would cut is nobody's mail."""
    site = Site().opens()
    site.say(f"{ANNE}\0@evil.test", "#resolve\n\nNUL.", to=site.to("notice", ANNE), head=stamps("evil.test"))
    tap.ok(site.show()["state"] == "new" and not site.replies() and outsiders(site) == {JEANNE}
           and not site.sent("refusal"), "9 nul-from: nothing acts, nobody is told", site.replies())


def test_forged_ar():
    """29 forged-ar, 30 ar-comment: a pass that no border of ours gave."""
    forged = "Authentication-Results: mx.desk.example; dmarc=pass header.from=desk.example\n"
    comment = form("mx.desk.example; dmarc=fail (dmarc=pass header.from=desk.example) header.from=desk.example; "
                   "spf=pass smtp.mailfrom=\"x; dmarc=pass\"@evil.test")
    for name, head, more in (("29 forged-ar", received(), forged), ("29 forged-ar, no border", "", forged),
                             ("30 ar-comment", comment, "")):
        site = Site().opens()
        site.say(ANNE, f"#resolve\n\nFAUX.", to=site.to("notice", ANNE), head=head, more=more)
        kept = [(e["author"], e["visibility"]) for e in site.show()["entries"] if "FAUX" in e["text"]]
        tap.ok(site.show()["state"] == "new" and not site.replies() and ("technician", "internal") in kept
               and not any("FAUX" in m.everything() for m in site.desk.sent() if m.to == ANNE),
               f"{name}: kept inside, not sent on, nothing done", (kept, site.replies()))


def test_stolen_token():
    """31 stolen-token: a proven client of another contract answers her notice."""
    site = Site().opens()
    luc = "luc@brasserie-lambic.example"
    site.say(luc, "#close\n\nVOLE.", to=site.to("notice", ANNE))
    entry = [e for e in site.show()["entries"] if "VOLE" in e["text"]]
    own = site.show(2)
    tap.ok(site.show()["state"] == "new" and not entry and own["requester"] == luc and not site.replies()
           and not any("VOLE" in m.everything() for m in site.desk.sent() if m.to not in e2e.TECHNICIANS),
           "31 stolen-token: it closes nothing and is on no ticket but its sender's own", (entry, own["requester"]))


def test_replayed_close():
    """32 replayed-close: the same bytes eight days later, the ticket open again."""
    site = Site().opens()
    to = site.to("notice", ANNE)
    raw = site.mail(ANNE, "#resolve\n\nRepare.", to=to)
    site.drain()
    site.wait(hours=1)
    site.say(JEANNE, "Encore en panne.", to=site.sent("resolution")[-1].reply_to)
    opened = site.show()["state"]
    site.wait(days=8)
    site.put(raw)
    site.drain()
    # As a border writes anew what comes again.
    site.put(raw.replace("id A1", "id A2"))
    site.drain()
    tap.ok(opened == "open" and site.show()["state"] == "open" and len(site.sent("resolution")) == 1,
           "32 replayed-close: it acted once", (opened, site.show()["state"]))


def test_homoglyph():
    """35 homoglyph: what looks like an order is refused, and its writer told."""
    for word in ("#сlose", "#close\u202e", "\u200b#close", "#ｃlose", "＃close"):
        site = Site().opens()
        site.say(ANNE, f"{word}\n\nMot.", to=site.to("notice", ANNE))
        tap.ok(site.show()["state"] == "new" and not site.replies() and len(site.sent("refusal", ANNE)) == 1,
               f"35 homoglyph: {word!a}", [m.body() for m in site.sent("refusal")])


if __name__ == "__main__":
    only = sys.argv[1:]
    for name, test in list(globals().items()):
        if name.startswith("test_") and (not only or name in only):
            test()
    sys.exit(tap.end())
