#!/usr/bin/env python3
"""What clients do by mail, from a mail in a Maildir to the bytes that leave:
each with what nothing proves, and with what is another's."""
import datetime
import json
import re
import sys
from html import unescape
from urllib.parse import parse_qs, unquote, urlsplit
from email.utils import format_datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
ANNE = "anne.martin@desk.example"
JEANNE = "jeanne.morel@acier-vosges.example"
LUC = "luc@brasserie-lambic.example"
KARIM = "karim.benali@acier-vosges.example"
START = datetime.datetime.fromisoformat("2026-11-24T10:00:00+01:00")


class Site:
    """A desk and its clock. `rules`: what of its rule files is written
    otherwise, by file: (old, new)."""

    def __init__(self, rules=None):
        self.desk = e2e.Desk()
        self.now, self.count = START, 0
        for name, (old, new) in (rules or {}).items():
            whole = e2e.PROJECT / "rules" / name
            own = self.desk.dir / "own" / name
            own.parent.mkdir(parents=True, exist_ok=True)
            if old not in whole.read_text():
                raise e2e.Failed(f"{name} has no {old!r}")
            own.write_text(whole.read_text().replace(old, new))
        self.desk.own_rules(self.desk.dir / "own")

    def wait(self, **much):
        self.now += datetime.timedelta(**much)

    def mail(self, sender, body, to="help@desk.example", subject="Re: [#1] Panne", dmarc="pass", more=""):
        """Puts one into the mailbox; `dmarc` None: the border stamped nothing."""
        self.count += 1
        self.now += datetime.timedelta(seconds=1)
        when = format_datetime(self.now)
        stamp = (f"Authentication-Results: mx.desk.example; dmarc={dmarc} header.from={sender.split('@')[1]}\n"
                 if dmarc else "")
        raw = (f"Return-Path: <{sender}>\nDelivered-To: {to}\n{stamp}"
               f"Received: from mail.test (mail.test [192.0.2.3])\n"
               f"\tby mx.desk.example (Postfix) with ESMTPS id A1 for <{to}>;\n\t{when}\n"
               f"From: <{sender}>\nTo: <{to}>\nSubject: {subject}\nDate: {when}\n"
               f"Message-ID: <c{self.count}@test.example>\n{more}"
               + ("" if "Content-Type:" in more else
                  "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n")
               + f"\n{body}\n")
        self.desk.deliver(f"{int(self.now.timestamp())}.{self.count:03}.client", raw.encode())

    def drain(self):
        self.now += datetime.timedelta(seconds=9)
        self.desk.drain(self.now.isoformat())

    def say(self, *words, **more):
        """One mail, and what left because of it."""
        before = len(self.desk.sent())
        self.mail(*words, **more)
        self.drain()
        return self.desk.sent()[before:]

    def sent(self, what, to=None):
        return [m for m in self.desk.sent() if m.what == what and to in (None, m.to)]

    def to(self, what, who):
        """Where the newest of that kind to them is answered."""
        return self.sent(what, who)[-1].reply_to

    def show(self, number=1):
        return json.loads(self.desk.run("show", str(number), "--json").stdout)

    def state(self, number=1):
        return self.show(number)["state"]

    def check(self, name):
        faults = e2e.check_sent(self.desk.sent(), threads=False)
        tap.ok(not faults, f"{name}: each mail is a proper one", "\n".join(faults))


def opened():
    site = Site()
    site.say(JEANNE, "La production ne tourne plus.", subject="Panne")
    return site


def test_settled():
    """The client's own word closes what is theirs; a forger's is only told."""
    site = opened()
    out = site.say(JEANNE, "C'est réglé, vous pouvez fermer.", dmarc=None)
    tap.ok(site.state() == "new" and {m.what for m in out} == {"notice"}
           and "#resoudre" in out[0].body(), "settled: unproven, told to technicians only", site.state())
    site.say(JEANNE, "Est-ce réglé ?")
    site.say(JEANNE, "Ce n'est pas réglé.")
    tap.ok(site.state() == "new", "settled: a question and a negation close nothing", site.state())
    out = site.say(KARIM, "Bonjour,\n\nC'est réglé, vous pouvez clôturer.\nMerci beaucoup.\n\nKarim Benali")
    tap.ok(site.state() == "resolved" and {m.what for m in out} == {"notice", "closing"}
           and "ticket résolu" in [m for m in out if m.what == "notice"][0].body(), "settled: proven, it is resolved", site.state())
    clocks = {c["milestone"]: c["state"] for c in site.show()["clocks"]}
    tap.ok(clocks["response"] == "ended", "settled: nobody has answered, and nobody is owed an answer", clocks)
    out = site.say(JEANNE, "Merci !")
    tap.ok(site.state() == "resolved", "settled: thanks behind it reopen nothing", site.state())
    site.say(JEANNE, "La panne est revenue.")
    tap.ok(site.state() == "open", "settled: what comes back reopens it", site.state())
    site.check("settled")
    # That all works again says as much; what is done stays done by it.
    site.say(JEANNE, "Ça ne marche toujours pas, merci.")
    site.say(JEANNE, "Tout fonctionne sauf l'imprimante, merci.")
    tap.ok(site.state() == "open", "settled: not while something fails", site.state())
    out = site.say(JEANNE, "Merci beaucoup, tout fonctionne maintenant !")
    notice = [m for m in out if m.what == "notice"][0].body()
    tap.ok(site.state() == "resolved" and "ticket résolu" in notice, "settled: that all works", notice)
    clocks = [c["state"] for c in site.show()["clocks"] if c["milestone"] == "response"]
    tap.ok("running" not in clocks and "late" not in clocks, "settled: and no response is owed any more", clocks)
    for words in ("Merci, c'est bon pour nous.", "Bedankt, alles werkt weer!", "Hartelijk dank, prima opgelost",
                  "Thanks, that solved it. You can close the ticket.", "All good now, please close."):
        site.say(KARIM, words)
        tap.ok(site.state() == "resolved", f"settled: {words!r} reopens nothing", site.state())


def test_late_at_once():
    """What is late the very moment a ticket is reopened, as nobody looked when
    it became so, is told once: then, and never again."""
    priya = "priya.shah@halcyon-data.example"
    site = Site()
    site.say(priya, "Everything is down, nobody can work.", subject="Outage")
    site.desk.run("resolve", "1", "Restarted.", "--at", (site.now + datetime.timedelta(hours=3)).isoformat())
    site.wait(hours=20)
    told = lambda: [m for m in site.sent("alarm", ANNE) if m.body().startswith("Résolution (")]
    tap.ok(not told(), "late at once: nobody looked while it was open", [m.body() for m in told()])
    site.say(priya, "It is down again.", subject="Re: Outage [#1]")
    late = {c["milestone"] for c in site.show()["clocks"] if c["state"] == "late"}
    tap.ok(site.state() == "open" and "resolution" in late, "late at once: reopened, and late", site.show()["clocks"])
    site.wait(minutes=5)
    site.drain()
    first = len(told())
    for _ in range(6):
        site.wait(hours=9)
        site.drain()
    tap.ok(first == 1 and len(told()) == 1, "late at once: told then, and once", [m.body() for m in told()])


def test_too_late():
    """Within the plan's limit a mail reopens; later it opens a new ticket, and
    each names the other; what comes after it joins the new one."""
    site = opened()
    first = site.sent("acknowledgment", JEANNE)[0]
    old = f"In-Reply-To: <{first.message_id}>\n"
    site.desk.run("resolve", "1", "Disque remplacé.", "--at", (site.now + datetime.timedelta(hours=1)).isoformat())
    site.wait(days=170)
    site.say(JEANNE, "La panne est revenue.", to=first.reply_to, more=old)
    tap.ok(site.state() == "open", "too late: in time, it is reopened", site.state())
    site.desk.run("resolve", "1", "Refait.", "--at", (site.now + datetime.timedelta(hours=1)).isoformat())
    site.wait(days=181)
    site.say(JEANNE, "Merci beaucoup !", to=first.reply_to, more=old)
    tap.ok(site.state() == "resolved" and len(site.sent("acknowledgment")) == 2, "too late: thanks open nothing")
    out = site.say(JEANNE, "Encore la panne.", to=first.reply_to, more=old)
    ack = [m for m in out if m.what == "acknowledgment"]
    notice = [m for m in out if m.what == "notice"]
    new = ack[0].row["ticket"] if ack else 0
    tap.ok(site.state() == "resolved" and new > 1 and "[#1]" in ack[0].body() and "trop longtemps" in ack[0].body(),
           "too late: a new ticket, and the client reads why", [m.body() for m in ack])
    tap.ok(notice and "[#1]" in notice[0].body(), "too late: technicians read it, too")
    shown = [site.desk.run("show", str(n)).stdout for n in (1, new)]
    tap.ok(f"#{new}" in shown[0] and "#1" in shown[1], "too late: each names the other", "\n".join(shown))
    site.say(JEANNE, "Voici le journal.", to=first.reply_to, more=old)
    tap.ok(len(site.sent("acknowledgment")) == 3 and any("journal" in e["text"] for e in site.show(new)["entries"]),
           "too late: the next mail on the old thread joins the new ticket")
    site.check("too late")


PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA0b6\n-----END PGP MESSAGE-----"
MIME = ('MIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary="b";\n'
        '\tprotocol="application/pgp-encrypted"\n')
PARTS = ("--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n\n--b\n"
         f"Content-Type: application/octet-stream\n\n{PGP}\n--b--\n")


def test_encrypted():
    """What nobody here can read is kept, told to technicians, and to a proven
    contact once a ticket."""
    site = Site()
    out = site.say(JEANNE, PARTS, subject="Panne", more=MIME)
    ack = [m for m in out if m.what == "acknowledgment"]
    notice = [m for m in out if m.what == "notice"]
    tap.ok(len(ack) == 1 and "chiffré" in ack[0].body() and "CHIFFRÉ" in notice[0].body(),
           "encrypted: the ticket opens, both are told", [m.body() for m in out])
    out = site.say(KARIM, PGP)
    tap.ok({m.what for m in out} == {"notice"} and "CHIFFRÉ" in out[0].body(), "encrypted: its client is told once")
    site.say(JEANNE, "La production ne tourne plus.", subject="Autre panne")
    out = site.say(JEANNE, PGP, subject="Re: [#2] Autre panne", dmarc=None)
    tap.ok({m.what for m in out} == {"notice"} and "CHIFFRÉ" in out[0].body(),
           "encrypted: who is not proven is told nothing", [m.what for m in out])
    out = site.say(KARIM, PGP, subject="Re: [#2] Autre panne")
    told = [m for m in out if m.what == "remark"]
    tap.ok([m.to for m in told] == [KARIM] and "sans chiffrement" in told[0].body(),
           "encrypted: on a ticket that is there, by a mail of its own", [m.what for m in out])
    tap.ok(not any("hQEMA0b6" in m.body() for m in told + ack), "encrypted: nothing of it goes back")
    kept = site.desk.dir / "kept"
    site.desk.run("show", "1", f"--save={kept}")
    tap.ok(any(b"hQEMA0b6" in p.read_bytes() for p in kept.rglob("*") if p.is_file()), "encrypted: the original is kept")
    site.check("encrypted")


def test_reads():
    """Lists and histories: of the contract's own, without a word from inside,
    to who is proven, an hour's measure."""
    site = opened()
    site.say(KARIM, "Le portail est lent.", subject="Portail")
    site.say(LUC, "La brasserie est en panne.", subject="Brasserie")
    site.desk.run("resolve", "2", "Cache vidé.", "--at", site.now.isoformat())
    site.say(ANNE, "#note\n\nCANARI le mot de passe est Tournesol9!", to=site.to("notice", ANNE))
    site.say(ANNE, "Nous regardons.", to=[m for m in site.sent("notice", ANNE) if m.row["ticket"] == 1][0].reply_to)
    site.desk.run("tag", "1", "canari", "--at", site.now.isoformat())
    site.wait(minutes=2)  # what a person says waits a little
    site.drain()

    def ask(sender, subject, **more):
        out = site.say(sender, more.pop("body", ""), subject=subject, **more)
        return out, "\n".join(m.everything() for m in out if m.to == sender)

    out, text = ask(JEANNE, "Liste de mes tickets")
    tap.ok([(m.what, m.to) for m in out] == [("reading", JEANNE)] and "#1 Panne" in text
           and "Portail" not in text and "Brasserie" not in text, "reads: her contract's open tickets", text)
    out, text = ask(KARIM, "closed tickets", body="Thanks,\nKarim")
    tap.ok([m.what for m in out] == ["reading"] and "#2 Portail" in text and "Panne" not in text,
           "reads: what is done, to a colleague", text)
    out, text = ask(KARIM, "Historique du ticket 1")
    tap.ok([m.what for m in out] == ["reading"] and "ne tourne plus" in text and "Nous regardons" in text
           and "canari" not in text.lower() and "Tournesol" not in text, "reads: one's history, without a note", text)
    out, text = ask(JEANNE, "history of [#3]")
    out2, other = ask(JEANNE, "history of [#99]")
    tap.ok([m.what for m in out] == ["reading"] and "rasserie" not in text
           and "Aucune demande" in text and "Aucune demande" in other,
           "reads: another's ticket is as one that is not there", text)
    before = len(site.sent("reading"))
    for dmarc in (None, "fail"):
        ask(JEANNE, "mes tickets", dmarc=dmarc)
    ask("paul@elsewhere.test", "mes tickets")
    site.say(JEANNE, "", subject="mes demandes", to=site.sent("acknowledgment", JEANNE)[0].reply_to, dmarc=None)
    tap.ok(len(site.sent("reading")) == before, "reads: nobody else reads, whatever token they hold")
    for n in range(20):
        site.wait(minutes=1)
        out, text = ask(KARIM, "historique [#1]")
    tap.ok("une heure permet" in text and "tourne" not in text, "reads: an hour's measure", text)
    site.wait(hours=1)
    tap.ok("tourne plus" in ask(KARIM, "historique [#1]")[1], "reads: and the next hour's")
    site.check("reads")
    tap.ok(not any("CANARI" in m.everything() for m in site.desk.sent() if m.to not in e2e.TECHNICIANS),
           "reads: note_never_out")


def test_reads_dutch():
    """The same in the client's language."""
    site = Site({"contracts/brasserie-lambic.yaml": ("language: fr", "language: nl")})
    site.say(LUC, "De webwinkel ligt plat.", subject="Storing")

    def ask(subject):
        return "\n".join(m.everything() for m in site.say(LUC, "", subject=subject) if m.to == LUC)

    text = ask("mijn open tickets")
    tap.ok(all(w in text for w in ("Uw lopende aanvragen: 1", "#1 Storing", "nieuw, ernst 1", "geschiedenis NUMMER")),
           "reads, Dutch: a list", text)
    text = ask("geschiedenis 1")
    tap.ok("Geschiedenis van de aanvraag 1" in text and "ligt plat" in text and "dinsdag 24 november" in text,
           "reads, Dutch: a history", text)
    text = ask("geschiedenis 9")
    tap.ok("Geen aanvraag van uw contract draagt dat nummer." in text, "reads, Dutch: one that is not there", text)
    text = ask("gesloten tickets")
    tap.ok("Uw afgehandelde aanvragen: 0" in text, "reads, Dutch: none", text)


def test_thanks():
    """Thanks alone neither resume what waits for the client, nor ask for an
    answer; anything beside them does."""
    site = opened()
    site.say(ANNE, "#wait customer\n\nQuel est le message exact ?", to=site.to("notice", ANNE))
    tap.ok(site.state() == "waiting-customer", "thanks: it waits for the client", site.state())

    def unanswered():
        """What is next on the ticket, by the desk's own promise."""
        row = json.loads(site.desk.run("list", "--json", "--at", site.now.isoformat()).stdout.splitlines()[0])
        return row["next"], row["next_at"]

    before = unanswered()
    out = site.say(JEANNE, "Merci beaucoup !\n\nJeanne Morel")
    tap.ok(site.state() == "waiting-customer" and {m.to for m in out} <= set(e2e.TECHNICIANS)
           and unanswered() == before, "thanks: they neither resume nor ask for an answer", (site.state(), unanswered()))
    site.say(JEANNE, "Merci. Le message est ORA-600.")
    tap.ok(site.state() == "open" and unanswered()[0] == "answer", "thanks: with words they do both", unanswered())


NAGIOS = "nagios@brasserie-lambic.example"
ALERT = """***** Nagios *****

Notification Type: PROBLEM

Service: HTTP shop
Host: web1.brasserie-lambic
State: CRITICAL

Date/Time: Tue Nov 24 10:00:05 CET 2026

Additional Info:

CRITICAL - Socket timeout after 10 seconds
"""


def test_host():
    """An alert and a client's mail about one host name each other, inside:
    whichever came first, and no other client's."""
    alert = {"subject": "** PROBLEM Service Alert: web1.brasserie-lambic/HTTP shop is CRITICAL **",
             "more": "Auto-Submitted: auto-generated\n"}
    words = "Depuis ce matin web1.brasserie-lambic ne répond plus."
    for first in ("alert", "mail"):
        site = Site()
        for turn in (first, "mail" if first == "alert" else "alert"):
            if turn == "alert":
                site.say(NAGIOS, ALERT, **alert)
            else:
                site.say(LUC, words, subject="Boutique en panne")
        named = [[e for e in site.desk.run("show", str(n)).stdout.splitlines() if f"#{3 - n}" in e] for n in (1, 2)]
        tap.ok(all(named), f"host: the {first} first, each names the other", named)
        told = [m for m in site.desk.sent() if m.to == LUC and m.row["ticket"] == 1 and "[#2]" in m.everything()]
        tap.ok(not told, "host: inside alone", [m.body() for m in told])
        site.say(JEANNE, words, subject="Panne")
        shown = site.desk.run("show", "3").stdout
        tap.ok("#1" not in shown and "#2" not in shown, "host: another client's mail names neither", shown)


MARC = "marc@brasserie-lambic.example"
TWO = {"contracts/brasserie-lambic.yaml": ("- {name: Luc Peeters, address: luc@brasserie-lambic.example}", f"""\
- {{name: Luc Peeters, address: luc@brasserie-lambic.example}}
- {{name: Marc, address: {MARC}}}""")}


def estimated(order="#estimate 2h\n\nNous remplaçons le serveur.", sender=LUC):
    """Two hours, over the six quarters that the brewery's contract lets pass."""
    site = Site(TWO)
    site.say(sender, "Merci de remplacer le serveur web.", subject="Serveur", dmarc="pass")
    out = site.say(ANNE, order, to=site.to("notice", ANNE))
    site.wait(minutes=2)
    site.drain()
    return site, site.sent("estimate"), out


def reply(site, mail, sender, body, **more):
    """Answers that mail of ours."""
    return site.say(sender, body, to=mail.reply_to, subject="Re: [#1] Serveur",
                    more=f"In-Reply-To: <{mail.message_id}>\n", **more)


def approval(site):
    shown = site.show()
    return shown["approval"], shown["state"]


def test_estimate():
    """What costs money is asked of who may agree, acts on the estimate that it
    answers, and needs a proof or the answer to a question."""
    site, asked, _ = estimated()
    body = asked[0].body() if asked else ""
    tap.ok([m.to for m in asked] == [LUC] and "2 h" in body and "Nous remplaçons le serveur." in body
           and "D'accord pour le devis." in body and not site.sent("reply"),
           "estimate: one mail, with the technician's words", [m.everything() for m in asked])
    tap.ok(approval(site) == ("asked", "waiting-approval"), "estimate: the ticket waits", approval(site))
    response = [c for c in site.show()["clocks"] if c["milestone"] == "response"]
    tap.ok(response[0]["state"] == "met", "estimate: a technician's public word", response)
    out = reply(site, asked[0], LUC, "D'accord.\n\nLuc")
    tap.ok(approval(site) == ("agreed", "open") and {m.what for m in out} == {"notice"}
           and "DEVIS ACCEPTÉ" in out[0].body(), "estimate: agreed to, with DMARC pass", [m.body() for m in out])
    reply(site, asked[0], LUC, "Non, finalement.")
    tap.ok(approval(site)[0] == "agreed", "estimate: once", approval(site))
    site.check("estimate")
    # A no that becomes a yes, and a colleague's word that ends no wait.
    site, asked, _ = estimated()
    site.say(MARC, "Akkoord.", subject="Re: [#1] Serveur", dmarc="pass",
             more=f"In-Reply-To: <{asked[0].message_id}>\n")
    tap.ok(approval(site) == ("asked", "waiting-approval"),
           "estimate: who was not asked ends no wait", approval(site))
    reply(site, asked[0], LUC, "Non.")
    refused = approval(site)
    reply(site, asked[0], LUC, "Finalement, d'accord.")
    later = approval(site)
    reply(site, asked[0], LUC, "D'accord.")
    tap.ok((refused[0], later[0], approval(site)[0]) == ("refused", "refused", "agreed"),
           "estimate: a no may become a yes", (refused, later, approval(site)))
    # Under the threshold, and where no plan asks, it is only recorded.
    site, asked, _ = estimated("#estimate 1:30")
    tap.ok(not asked and approval(site)[0] == "" and site.show()["estimate_minutes"] == 90,
           "estimate: six quarters wait for nobody", approval(site))


def test_estimate_words():
    """First words, in each language; what is no plain answer a person reads."""
    rows = [("ok", "agreed"), ("OK merci", "agreed"), ("Bonjour,\n\nAccord.\n\nCordialement", "agreed"),
            ("Yes, go ahead", "agreed"), ("Ja, akkoord", "agreed"), ("Akkoord met de raming.", "agreed"),
            ("Non, c'est trop cher", "refused"), ("Refus.", "refused"), ("no", "refused"), ("Nee", "refused"),
            ("pas d'accord", "refused"), ("Non, pas de problème, allez-y", "asked"), ("No problem", "asked"),
            ("OK mais pas avant lundi", "asked"), ("Ok ?", "asked"), ("Oui, mais combien ?", "asked"),
            ("Je valide le devis.", "agreed"), ("C'est d'accord, vous pouvez y aller.", "agreed"),
            ("Approved, go ahead", "agreed"), ("I approve the quote", "agreed"), ("Akkoord, doe maar", "agreed"),
            ("Ik keur de offerte goed", "agreed"), ("D'accord, mais pas avant lundi prochain svp.", "asked"),
            ("Je valide le devis si c'est avant lundi.", "asked"), ("Je ne valide pas le devis.", "asked"),
            ("Akkoord, maar niet voor maandag", "asked"), ("Ik keur de offerte niet goed", "asked"),
            ("Oku est d'accord", "asked"), ("Quand venez-vous ?", "asked"), ("Merci !", "asked"),
            ("Je suis d'accord sur le fond", "asked"), ("ok\nmais seulement le matin", "asked")]
    for words, state in rows:
        site, asked, _ = estimated()
        out = reply(site, asked[0], LUC, words)
        tap.ok(approval(site)[0] == state, f"estimate: {words!r}: {state}", approval(site))
        unclear = [m for m in out if m.what == "notice" and "sans oui ni non clair" in " ".join(m.body().split())]
        tap.ok(bool(unclear) == (state == "asked"), f"estimate: {words!r}: is the technician told that nothing is agreed",
               [m.body() for m in out])


def test_estimate_links():
    """A link agrees as words do; the mail's own proof is asked all the same."""
    for what, state in (("D'accord pour le devis.", "agreed"), ("Non, je refuse le devis.", "refused")):
        site, asked, _ = estimated()
        hrefs = [unescape(h) for h in re.findall(r'href="(mailto:[^"]*)"', asked[0].body("html"))]
        href = urlsplit([h for h in hrefs if parse_qs(urlsplit(h).query)["body"][0].strip() == what][0])
        site.say(LUC, what, to=unquote(href.path), subject="[#1]")
        tap.ok(approval(site)[0] == state, f"estimate: the link: {state}", approval(site))
        site.check("estimate: links")
    site, asked, _ = estimated()
    out = site.say(LUC, what, to=unquote(href.path), subject="[#1]", dmarc=None)
    tap.ok(approval(site)[0] != "refused", "estimate: another store's link is none", approval(site))


def test_estimate_unproven():
    """Without DMARC pass a question goes to the stored address, once; what
    answers it proves the first."""
    for answer, state in (("Oui, c'était moi.", "agreed"), ("Non.", "asked")):
        site, asked, _ = estimated()
        out = reply(site, asked[0], LUC, "D'accord.", dmarc=None)
        question = [m for m in out if m.what == "question"]
        tap.ok([m.to for m in question] == [LUC] and "accepte" in question[0].body() and approval(site)[0] == "unproven"
               and any("rien ne prouve" in m.body() for m in out if m.what == "notice"),
               "unproven: asked at the stored address, the desk told", [m.body() for m in out])
        out = reply(site, asked[0], LUC, "Oui, d'accord.", dmarc=None)
        tap.ok(not [m for m in out if m.what == "question"], "unproven: one question")
        # Who saw the estimate alone answers no question.
        reply(site, asked[0], LUC, "Ok.", dmarc=None)
        tap.ok(approval(site)[0] == "unproven", "unproven: the estimate's own token answers no question", approval(site))
        out = reply(site, question[0], LUC, answer, dmarc=None)
        tap.ok(approval(site)[0] == state, f"unproven: {answer}: {state}", (approval(site), [m.body() for m in out]))
        out = reply(site, question[0], LUC, "Oui.", dmarc=None)
        tap.ok(approval(site)[0] == state, "unproven: the question is answered once", approval(site))
        site.check("unproven")
    site, asked, _ = estimated()
    out = reply(site, asked[0], LUC, "D'accord.", dmarc="fail")
    tap.ok(approval(site) == ("asked", "waiting-approval") and not [m for m in out if m.to == LUC],
           "unproven: what the domain disowns is kept inside", approval(site))
    site, asked, _ = estimated()
    question = [m for m in reply(site, asked[0], LUC, "D'accord.", dmarc=None) if m.what == "question"][0]
    site.wait(days=8)
    reply(site, question, LUC, "Oui.", dmarc=None)
    tap.ok(approval(site)[0] == "unproven", "unproven: a week", approval(site))


def test_estimate_whose():
    """It is the named contact's to answer, whoever asked for the work; a later
    estimate voids the first, and so does the end."""
    site, asked, _ = estimated(sender=MARC)
    tap.ok([m.to for m in asked] == [LUC] and [m.to for m in site.sent("reply")] == [MARC],
           "whose: asked of who may, the words go to who asked", [(m.what, m.to) for m in site.desk.sent()])
    for sender in (MARC, JEANNE):
        out = reply(site, asked[0], sender, "D'accord.")
        tap.ok(approval(site)[0] == "asked", f"whose: not {sender}'s", approval(site))
    site, asked, _ = estimated()
    site.say(ANNE, "#estimate 3h", to=site.to("notice", ANNE))
    site.wait(minutes=2)
    site.drain()
    out = reply(site, asked[0], LUC, "D'accord.")
    tap.ok(approval(site)[0] == "asked" and any("n'est plus valable" in m.body() for m in out),
           "whose: the first is void", [m.body() for m in out])
    tap.ok([m.to for m in out if m.what == "remark" and "Rien n'est convenu : répondez à notre dernier devis" in m.body()] == [LUC],
           "whose: and who answered it reads that", [(m.what, m.to) for m in out])
    reply(site, site.sent("estimate")[-1], LUC, "D'accord.")
    tap.ok(approval(site)[0] == "agreed", "whose: the second is agreed to", approval(site))
    # An answer of ours in between asks of no estimate.
    site, asked, _ = estimated()
    site.say(ANNE, "Préférez-vous lundi ?", to=site.to("notice", ANNE))
    site.wait(minutes=2)
    site.drain()
    reply(site, site.sent("reply")[-1], LUC, "Ok.")
    tap.ok(approval(site)[0] == "asked", "whose: 'ok' to another mail agrees to nothing", approval(site))
    site, asked, _ = estimated()
    site.wait(days=9)
    site.drain()
    nudge = site.sent("nudge", LUC)
    tap.ok(nudge and "accord" in nudge[-1].body() and "D'accord pour le devis." in nudge[-1].body(),
           "whose: they are asked again", [m.body() for m in nudge])
    reply(site, nudge[-1], LUC, "Accord")
    tap.ok(approval(site)[0] == "agreed", "whose: the reminder is answered as the estimate", approval(site))
    site, asked, _ = estimated()
    site.desk.run("close", "1", "--at", (site.now + datetime.timedelta(hours=1)).isoformat())
    site.wait(hours=2)
    reply(site, asked[0], LUC, "D'accord.")
    tap.ok(approval(site)[0] == "", "whose: it lapses with the ticket's end", approval(site))


CLAIRE = "claire@maison-tissier.example"
TEAM = "deploiement@desk.example"


def test_over_size():
    """What is more than the plan does goes to the other team, and its client
    reads so; what is not waits for them, as each estimate of that plan."""
    for order, minutes in (("#estimate 5h", 300), ("#estimate 4h", 240)):
        site = Site()
        site.say(CLAIRE, "Il nous faudrait un module CRM.", subject="Module CRM")
        site.say(ANNE, f"{order}\n\nLe module est à installer.", to=site.to("notice", ANNE))
        site.wait(minutes=2)
        site.drain()
        passed, team = site.sent("passed"), site.sent("alarm", TEAM)
        shown = site.show()
        if minutes == 300:
            tap.ok([m.to for m in passed] == [CLAIRE] and "l'équipe de déploiement" in passed[0].body()
                   and "5 h" in passed[0].body() and "4 h" in passed[0].body()
                   and "Le module est à installer." in passed[0].body() and not site.sent("reply"),
                   "over size: the client reads who goes on", [m.everything() for m in passed])
            tap.ok(len(team) == 1 and CLAIRE in team[0].body() and "Module CRM" in team[0].body()
                   and "Il nous faudrait un module CRM." in team[0].body()
                   and "Maison Tissier" in team[0].body() and "Le module est à installer." in team[0].body()
                   and not team[0].reply_to and "help+" not in team[0].everything(),
                   "over size: the team reads whose it is", [m.everything() for m in team])
            tap.ok(shown["state"] == "open" and shown["tags"] == ["over-size"] and shown["approval"] == "",
                   "over size: nothing waits for the client", (shown["state"], shown["tags"]))
        else:
            tap.ok(not passed and not team and [m.to for m in site.sent("estimate")] == [CLAIRE]
                   and shown["approval"] == "asked", "over size: four hours are the plan's own", shown["approval"])
        site.check("over size")


def test_over_size_stopped():
    """What the other team reads leaves no sooner than what the client does, and is
    taken back with it."""
    site = Site()
    conf = re.sub(r"(?m)^answers_wait:.*\n", "", site.desk.conf.read_text())
    site.desk.conf.write_text(conf + "answers_wait: 60s\n")
    site.say(CLAIRE, "Il nous faudrait un module CRM.", subject="Module CRM")
    site.say(ANNE, "#estimate 5h\n\nLe module est à installer.", to=site.to("notice", ANNE))
    site.drain()
    tap.ok(not site.sent("passed") and not site.sent("alarm", TEAM), "over size: neither leaves at once")
    site.say(ANNE, "#stop", to=site.to("confirmation", ANNE))
    site.wait(minutes=5)
    site.drain()
    tap.ok(not site.sent("passed") and not site.sent("alarm", TEAM), "over size: #stop takes back both",
           [m.everything() for m in site.sent("alarm", TEAM)])


def main():
    test_over_size_stopped()
    test_settled()
    test_late_at_once()
    test_too_late()
    test_encrypted()
    test_reads()
    test_reads_dutch()
    test_thanks()
    test_host()
    test_estimate()
    test_estimate_words()
    test_estimate_links()
    test_estimate_unproven()
    test_estimate_whose()
    test_over_size()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
