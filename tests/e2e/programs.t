#!/usr/bin/python3
"""
What technicians' mail programs make of an answer: a page without plain text,
words below the whole of what is answered. From mails in a Maildir to the bytes
that leave.
"""

import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-programs-")
rules = desk.small_rules(os.path.join(top, "rules"))
T0 = desk.instant("2026-11-20T10:00:00+01:00")
HTML = b"Content-Type: text/html"


class Site(desk.Site):
    """One ticket of a client's, and Anne's answers to her notice of it."""

    def __init__(self, name):
        super().__init__(os.path.join(top, name), rules=rules,
                         answers_wait="0")
        self.count = 0
        self.deliver(desk.mail(
            desk.JEANNE, "Panne bloquante de l'ERP",
            "Plus personne ne peut se connecter.\n", T0, name="Jeanne Morel",
            message_id="<first@acier-vosges.example>"), T0, "first")
        self.once(desk.iso(T0 + 10))
        self.notice = self.to(desk.ANNE)[0]

    def to(self, address, words=""):
        return [s for s in self.sent() if s.to == address and words in s.text]

    def answer(self, text, html=False):
        """What the client reads of it, and what Anne is told."""
        self.count += 1
        when = T0 + 60 * self.count
        before = len(self.sent())
        data = desk.mail(
            desk.ANNE, "Re: " + self.notice["Subject"], text, when,
            to=self.notice.message["Reply-To"].addresses[0].addr_spec,
            name="Anne Martin", reply_to=self.notice["Message-ID"],
            message_id=f"<programs.{self.count}@desk.example>")
        if html:
            data = data.replace(b"Content-Type: text/plain", HTML)
        self.deliver(data, when, str(self.count))
        self.once(desk.iso(when + 10))
        new = self.sent()[before:]
        return ([s.text for s in new if s.to == desk.JEANNE],
                [s.text for s in new if s.to == desk.ANNE])

    def state(self):
        return [r["state"] for r in self.json("list", "--all")]


def test_page():
    """Words may come from HTML, orders may not."""
    site = Site("page")
    out, told = site.answer("<p>C'est <b>réparé</b>, CANARI.</p>", html=True)
    tap.ok(len(out) == 1 and "C'est réparé, CANARI." in out[0] and not told,
           "a page without plain text answers", out, told)
    out, told = site.answer("<p>#resolve</p><p>Réparé.</p>", html=True)
    tap.ok(not out and len(told) == 1 and "texte brut" in told[0]
           and site.state() == ["open"],
           "but orders nothing, which is said", out, told)
    out, told = site.answer("<p><br></p>", html=True)
    tap.ok(not out and len(told) == 1, "an empty one answers nothing", out,
           told)
    page = "".join(f"{line}<br>" for line in site.notice.text.splitlines())
    out, told = site.answer(f"<p>Vu, MERLE.</p><blockquote>{page}"
                            "</blockquote>", html=True)
    tap.ok(len(out) == 1 and "MERLE" in out[0] and "Nouveau ticket" not in
           out[0], "and what it quotes stays behind", out, told)


def quoted(site, mark):
    return "".join(f"{mark}{line}".rstrip() + "\n"
                   for line in site.notice.text.splitlines())


def test_below():
    """All of it below one whole quotation of ours: it is the answer."""
    site = Site("below")
    for mark, head in ((">", ""), ("> ", "Le 20/11/2026 à 10:00, le Support "
                                   "a écrit :\n"),
                       (" |", "Support wrote in\n <a@desk.example>:\n")):
        out, told = site.answer(head + quoted(site, mark)
                                + f"\nC'est fait, MERLE {mark}.\n")
        tap.ok(len(out) == 1 and f"C'est fait, MERLE {mark}." in out[0]
               and "Nouveau ticket" not in out[0]
               and "Jeanne" not in out[0] and not told,
               f"below a quotation marked '{mark}'", out, told)
    lines = quoted(site, "> ").splitlines(keepends=True)
    for name, text in (
            ("words between quotations", "".join(lines[:3]) + "\nUn mot.\n\n"
             + "".join(lines[3:]) + "\nDeux mots.\n"),
            ("an order below it", quoted(site, "> ") + "\n#resolve\n\nVu.\n"),
            ("what is no mail of ours", "> Une autre phrase, de quelqu'un "
             "d'autre.\n> Encore une.\n\nVu, merci.\n"),
            ("a line of the notice below it", quoted(site, "> ") + "\n"
             + max(site.notice.text.splitlines(), key=len) + "\nVu.\n")):
        out, told = site.answer(text)
        tap.ok(not out and site.state() == ["open"],
               f"but nothing of {name}", out, told)


for test in (test_page, test_below):
    test()
shutil.rmtree(top, ignore_errors=True)
tap.end()
