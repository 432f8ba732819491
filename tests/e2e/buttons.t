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
    def __init__(self, site=None):
        super().__init__(site=site)
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
    tap.ok(not links(acknowledged), "no client's mail has one",
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


for test in (offered, pressed, not_good, unseeded, never_instead):
    test()
sys.exit(tap.end())
