#!/usr/bin/env python3
"""The links of a notice that write an order ready: what they write, whose they
are, and how long each is good."""
import re
import sys
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib as talk

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
ANNE, HUGO, MARY = e2e.TECHNICIANS


def at(time, day=24):
    return f"2026-11-{day}T{time}:00+01:00"


def links(mail):
    """What each writes: order -> (address, subject)."""
    found = {}
    for href in re.findall(r'href="(mailto:[^"]*)"', mail.body("html")):
        parts = urlsplit(unescape(href))
        asked = parse_qs(parts.query)
        found[asked["body"][0].strip()] = (unquote(parts.path),
                                           asked["subject"][0])
    return found


class Desk(talk.Desk):
    def __init__(self, site=None, language="fr"):
        super().__init__(site=site, contracts={
            "acier-vosges": ("language: fr", f"language: {language}")}
            if language != "fr" else None)
        self.mail(at("10:00"), JEANNE, 'Panne "href=mailto:button-1?',
                  'Voir href="mailto:button-1?subject=x">ici</a>.')
        self.drain(at("10:01"))

    def press(self, when, who, link, text=None, dmarc="pass"):
        """As a mail program does with it; `text`: what he made of it."""
        order, (address, subject) = link
        self.mail(when, who, "Re: " + subject, order + "\n" if text is None else text,
                  address, dmarc=dmarc)

    def button(self, reader, order, ticket=1):
        return order, links(self.newest(reader, ticket))[order]


def what(mails):
    return [(m.what, m.to, m.body()) for m in mails]


def offered():
    desk = Desk()
    notice = desk.newest(HUGO, 1)
    found = links(notice)
    tap.ok(list(found) == ["#prendre", "#attendre client", "#resoudre",
                           "#temps 0:15", "#attribuer moi"] and
           len({a for a, _ in found.values()}) == 5 and
           all(s == "[#1]" for _, s in found.values()) and
           all(re.fullmatch(r"help\+[a-z0-9.]+@desk\.example", a)
               for a, _ in found.values()),
           "five orders, each with an address of its own", found)
    tap.ok("help+" not in notice.body() and all(
        order in notice.body() for order in found),
           "the text names the words, and holds no address", notice.body())
    page = notice.body("html")
    tap.ok(page.count("mailto:button-1?") >= 1 and
           not re.search(r'href="mailto:button', page),
           "what people wrote is no place of one", page)
    acknowledged = [m for m in desk.mails if m.to == JEANNE][0]
    tap.ok(not links(acknowledged), "a client's mail that asks nothing has none",
           links(acknowledged))
    faults = [f for m in desk.mails if (f := e2e.token_fault(m))]
    tap.ok(not faults, "and each reader only his own", faults)


def pressed():
    desk = Desk()
    time = desk.button(HUGO, "#temps 0:15")
    desk.press(at("10:10"), HUGO, time)
    left = desk.drain(at("10:11"))
    ticket = desk.ticket(1, at("10:11"))
    tap.ok(ticket["worked"] == {"Hugo Vidal": 15} and
           [m.what for m in left] == ["confirmation"], "+15 min",
           (ticket, what(left)))
    desk.press(at("10:20"), HUGO, time)
    left = desk.drain(at("10:21"))
    tap.ok(desk.ticket(1, at("10:21"))["minutes"] == 15 and
           [m.what for m in left] == ["challenge"],
           "once; the second time he is asked", what(left))
    desk.press(at("10:30"), HUGO, ("#resoudre", links(
        desk.mails[[m.to for m in desk.mails].index(HUGO)])["#resoudre"]),
               "#resoudre\n\nLe câble est changé.\n")
    left = desk.drain(at("10:31"))
    tap.ok(desk.ticket(1, at("10:31"))["state"] == "resolved" and
           "Le câble est changé." in [m for m in left if m.to == JEANNE][0]
           .body(), "words below it are the client's", what(left))


def not_good():
    """Everything that is not that one order of that one person, proven."""
    rows = [("another order by the same address", HUGO, "#close\n", "pass",
             at("10:10")),
            ("two orders", HUGO, "#prendre\n#close\n", "pass", at("10:10")),
            ("not proven", HUGO, None, "fail", at("10:10")),
            ("a colleague's", ANNE, None, "pass", at("10:10")),
            ("a client's", JEANNE, None, "pass", at("10:10")),
            ("after eight days", HUGO, None, "pass",
             "2026-12-02T10:10:00+01:00")]
    for name, who, text, dmarc, when in rows:
        desk = Desk()
        desk.press(when, who, desk.button(HUGO, "#prendre"), text, dmarc)
        left = desk.drain(when.replace("10:10", "10:11"))
        ticket = desk.ticket(1, when.replace("10:10", "10:11"))
        tap.ok(ticket["assigned"] == "" and ticket["state"] in ("new", "open")
               and not [m for m in left if m.what == "confirmation"],
               name, (ticket["assigned"], what(left)))
    desk = Desk()
    button = desk.button(HUGO, "#prendre")
    desk.answer(at("10:10"), HUGO, 1, "#close")
    desk.drain(at("10:11"))
    desk.answer(at("10:12"), HUGO, 1, "#reopen")
    desk.drain(at("10:13"))
    desk.press(at("10:20"), HUGO, button)
    left = desk.drain(at("10:21"))
    tap.ok(desk.ticket(1, at("10:21"))["assigned"] == "" and
           not [m for m in left if m.what == "confirmation"],
           "gone with the ticket's epoch", what(left))


def unseeded():
    """The salts of a real desk are by chance, of a rehearsal not."""
    desk = Desk()
    desk.mail(at("10:05"), JEANNE, "Autre panne", "Rien ne va plus.")
    desk.run("run", "--once", "--at", at("10:06"))
    desk.mails = desk.sent()
    desk.press(at("10:10"), HUGO, desk.button(HUGO, "#prendre", 2))
    desk.run("run", "--once", "--at", at("10:11"))
    tap.ok(desk.ticket(2, at("10:11"))["assigned"] == "Hugo Vidal",
           "a real desk's", what(desk.sent()))


def never_instead():
    """It stands for no proof of the sender that the site asks for."""
    desk = Desk({"strips: verified": "strips: unverified"})
    desk.press(at("10:10"), HUGO, desk.button(HUGO, "#prendre"))
    left = desk.drain(at("10:11"))
    tap.ok(desk.ticket(1, at("10:11"))["assigned"] == "" and
           "challenge" in [m.what for m in left], "each mail is confirmed",
           what(left))
    desk = Desk({"plus_addresses: yes": "plus_addresses: no"})
    tap.ok(not links(desk.newest(HUGO, 1)), "without plus addresses: none",
           links(desk.newest(HUGO, 1)))


SETTLED = {"fr": ("C'est réglé, vous pouvez fermer.", "Le problème persiste."),
           "en": ("It is solved, you can close it.", "The problem persists."),
           "nl": ("Het is opgelost, u mag afsluiten.", "Het probleem blijft.")}


def resolved(language="fr"):
    """A ticket that Hugo resolved, and the mail that told its client."""
    desk = Desk(language=language)
    desk.answer(at("10:10"), HUGO, 1, "#resolve\n\nCâble changé.")
    left = desk.drain(at("10:11"))
    return desk, [m for m in left if m.to == JEANNE][0]


AGAIN = {"fr": "- Réponse d'un technicien\n", "en": "- Answer by a technician\n", "nl": "- Antwoord van een technicus\n"}
FIRST = {"fr": "Première réponse", "en": "First answer", "nl": "Eerste antwoord"}


def clients():
    """A client's mail that asks a choice carries it, in their language; each
    writes what rules/match know, and is worth an answer to our mail, once."""
    for language, words in SETTLED.items():
        desk, mail = resolved(language)
        found = links(mail)
        tap.ok(tuple(found) == words and len({a for a, _ in found.values()}) == 2
               and all(w in mail.body() for w in words) and
               mail.body().count("help+") == 0 and not e2e.token_fault(mail),
               f"{language}: two answers, with an address each", found)
        # The mail of their domain bears no stamp: the link alone proves it.
        desk.press(at("10:20"), JEANNE, (words[1], found[words[1]]), dmarc="none")
        left = desk.drain(at("10:21"))
        tap.ok(desk.ticket(1, at("10:21"))["state"] == "open" and
               {m.what for m in left} == {"acknowledgment", "notice"},
               f"{language}: still not: it is reopened", what(left))
        told = [m.body() for m in left if m.what == "acknowledgment"]
        tap.ok(told and e2e.REOPENED[("fr", "en", "nl").index(language)] in told[0]
               and AGAIN[language] in told[0] and "10:20" in told[0]
               and FIRST[language] not in told[0],
               f"{language}: and the client reads until when they are answered", told)
    desk, mail = resolved()
    desk.run("reopen", "1", "--at", at("10:15"))
    desk.drain(at("10:16"))
    desk.press(at("10:20"), JEANNE, (SETTLED["fr"][0], links(mail)[SETTLED["fr"][0]]))
    desk.drain(at("10:21"))
    tap.ok(desk.ticket(1, at("10:21"))["state"] == "resolved",
           "solved: proven, it closes by its words", "")


def clients_not_good():
    """A link is no proof for another mail, another person, another day."""
    fr = SETTLED["fr"]
    rows = [("other words", JEANNE, "La panne est revenue, et le portail aussi.", "none", at("10:20"), "resolved"),
            ("the other answer's words", JEANNE, fr[0], "none", at("10:20"), "resolved"),
            ("not theirs, by the domain", JEANNE, None, "fail", at("10:20"), "resolved"),
            ("a colleague's", "karim.benali@acier-vosges.example", None, "none", at("10:20"), "resolved"),
            ("a stranger's", "eve@elsewhere.test", None, "pass", at("10:20"), "resolved"),
            ("after eight days", JEANNE, None, "none", "2026-12-02T10:20:00+01:00", "resolved"),
            ("good", JEANNE, None, "none", at("10:20"), "open")]
    for name, who, text, dmarc, when, state in rows:
        desk, mail = resolved()
        desk.press(when, who, (fr[1], links(mail)[fr[1]]), text, dmarc)
        left = desk.drain(when.replace("10:20", "10:21"))
        ticket = desk.ticket(1, when.replace("10:20", "10:21"))
        tap.ok(ticket["state"] == state and not [m for m in left if m.to == who and m.what != ("acknowledgment" if state == "open" else "notice")],
               f"a choice: {name}", (ticket["state"], what(left)))
    desk, mail = resolved()
    again = (fr[1], links(mail)[fr[1]])
    desk.press(at("10:20"), JEANNE, again, dmarc="none")
    desk.drain(at("10:21"))
    desk.run("resolve", "1", "Refait.", "--at", at("10:30"))
    desk.drain(at("10:31"))
    desk.press(at("10:40"), JEANNE, again, dmarc="none")
    desk.drain(at("10:41"))
    tap.ok(desk.ticket(1, at("10:41"))["state"] == "resolved", "a choice: once, and gone with the epoch",
           desk.ticket(1, at("10:41"))["state"])
    desk, mail = resolved()
    technician = links(desk.newest(HUGO, 1))
    desk.press(at("10:20"), HUGO, ("#reouvrir", links(mail)[fr[1]]), "#reopen\n")
    left = desk.drain(at("10:21"))
    tap.ok(desk.ticket(1, at("10:21"))["state"] == "resolved" and
           "confirmation" not in [m.what for m in left], "a choice: no technician's token", what(left))
    desk.press(at("10:30"), JEANNE, ("", list(technician.values())[0]), fr[1], dmarc="none")
    desk.drain(at("10:31"))
    tap.ok(desk.ticket(1, at("10:31"))["state"] == "resolved", "nor a button a client's", "")
    desk = Desk({"plus_addresses: yes": "plus_addresses: no"})
    mail = [m for m in desk.order("resolve", "1", "Fait.") if m.what == "resolution"][0]
    tap.ok(not links(mail) and fr[0] in mail.body(), "a choice: without plus addresses, words alone", mail.body())


for test in (offered, pressed, not_good, unseeded, never_instead,
             clients, clients_not_good):
    test()
sys.exit(tap.end())
