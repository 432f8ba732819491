#!/usr/bin/env python3
"""Whose words: replies as forty languages' mail programs write them, forwards
under every prefix, first mails that look like answers, pages with each
program's marks. Without LONG a sample, whose seed is told."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import replies_lib as lib

tap = e2e.Tap()
LONG = bool(os.environ.get("LONG"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
REPLIES = 20000 if LONG else 2000
rng = random.Random(SEED)
print(f"# SEED={SEED}")


def mail(body, subject="Re: Panne", parent=True, kind="text/plain; charset=utf-8"):
    answers = "In-Reply-To: <q1@desk.example>\n" if parent else ""
    return (f"From: Jean <jean@client.example>\nTo: help@desk.example\nSubject: {subject}\n"
            f"Date: Fri, 20 Nov 2026 17:00:00 +0100\nMessage-ID: <r1@client.example>\n{answers}"
            f"MIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{body}\n").encode()


def read(mails, rules=None):
    found = []
    rules = rules or e2e.PROJECT / "rules"
    with tempfile.TemporaryDirectory() as folder:
        for at in range(0, len(mails), 1000):
            files = []
            for i, one in enumerate(mails[at:at + 1000]):
                files.append(os.path.join(folder, f"{i}.eml"))
                Path(files[-1]).write_bytes(one)
            run = subprocess.run([e2e.GUICHET, "parse", "-c", str(Path(rules) / "guichet.yaml"), *files],
                                 stdout=subprocess.PIPE, check=True)
            found += [json.loads(line) for line in run.stdout.decode().splitlines()]
    return found


def squeeze(text):
    return " ".join(text.split())


def lost(own, new_text):
    """Own lines that are not there."""
    kept = squeeze(new_text)
    return [line for line in own if squeeze(line) not in kept]


def left(above, new_text):
    """Lines of a head that are there."""
    lines = {squeeze(line) for line in new_text.split("\n")}
    return [line for line in above if squeeze(line) in lines]


def test_replies():
    cases = [lib.reply(rng) for _ in range(REPLIES)]
    short = heads = 0
    for (shape, language, text, own, above), got in zip(cases, read([mail(c[2]) for c in cases])):
        gone = lost(own, got["new_text"])
        there = left(above, got["new_text"])
        if gone:
            short += 1
        if there:
            heads += 1
        if (gone or there) and short + heads <= 12:
            print(f"# {shape} {language}: lost {gone!r}, left {there!r}\n#   {text!r}\n#   {got['new_text']!r}")
    print(f"# {REPLIES} replies: own words lost in {short}, a head left in {heads}")
    tap.ok(short * 2000 <= REPLIES, f"own words are lost in at most 1 of 2,000 replies ({short} of {REPLIES})")
    tap.ok(heads * 100 <= REPLIES, f"a head is left in at most 1 of 100 replies ({heads} of {REPLIES})")


def test_every_head():
    """Each language's heads alone, not by chance."""
    cases, above = [], []
    for forms in lib.ATTRIBUTIONS.values():
        for form in forms:
            for gap in ("\n", "\n\n"):
                above.append(form.format(who=lib.WHO, at=lib.AT))
                cases.append("Oui, merci.\n\n" + above[-1] + gap + "> Could you tell us?\n> Anna")
    for labels in lib.BLOCKS.values():
        values = [f"{lib.WHO} <{lib.AT}>", "20/11/2026 16:00", "Jean <jean@client.example>", "Re: Panne"]
        above.append("\n".join(f"{label} {value}" for label, value in zip(labels, values)))
        cases.append("Oui, merci.\n\n" + above[-1] + "\n\nCould you tell us?\nAnna")
    for forms in lib.SEPARATORS.values():
        for form in forms:
            above.append(form.format(who=lib.WHO))
            cases.append("Oui, merci.\n\n" + above[-1] + "\n\nCould you tell us?\nAnna")
    wrong = [a for a, got in zip(above, read([mail(c) for c in cases])) if got["new_text"] != "Oui, merci."]
    for line in wrong:
        print(f"# {line!r}")
    tap.ok(not wrong, f"each of {len(cases)} heads is known")


def test_first_mails():
    """What answers nothing loses nothing, whatever it looks like."""
    texts = [c[2] for c in (lib.reply(rng) for _ in range(REPLIES // 10))]
    texts += ["Bonjour,\n\n-- \nJean\n\nPS: rappelez-moi", "> npm ERR! code\n> npm ERR! errno 1",
              "Partie 1\n--\nPartie 2", "Ok\n\nEnvoyé de mon iPhone",
              "De : Jean\nDate : 20/11/2026\nÀ : Support\nObjet : Panne\n\nMessage :\nplus rien"]
    wrong = [(t, got["new_text"]) for t, got in
             zip(texts, read([mail(t, "Panne", parent=False) for t in texts]))
             if squeeze(t) != squeeze(got["new_text"])]
    for text, new_text in wrong[:5]:
        print(f"# {text!r}\n#   {new_text!r}")
    tap.ok(not wrong, f"{len(texts)} first mails lose nothing")


def test_forwards():
    mails, wants = [], []
    inner = "From: Vendor <info@vendor.example>\nSent: 20/11/2026 16:00\nTo: Jean\nSubject: Migration\n\n"
    for subject in lib.FORWARD_SUBJECTS:
        mails.append(mail("Pouvez-vous voir ?\n\n" + inner + "Your line moves on Tuesday.", subject))
        wants.append("Your line moves on Tuesday.")
    for form in lib.FORWARDS:
        mails.append(mail("Pouvez-vous voir ?\n\n" + form + "\n\n" + inner + "Your line moves on Tuesday."))
        wants.append("Your line moves on Tuesday.")
    # The same letters are a forward in Norway and an answer in Finland.
    mails.append(mail("Hei\n\nFra: A <a@vendor.example>\nSendt: 20.11.2026\nTil: B\nEmne: x\n\nYour line moves.", "VS: Panne"))
    wants.append("Your line moves.")
    found = read(mails)
    wrong = [i for i, (want, got) in enumerate(zip(wants, found)) if want not in got["new_text"]]
    tap.ok(not wrong, f"{len(mails)} forwards keep what they forward {wrong}")
    finnish = mail("Selvä, kiitos.\n\nLähettäjä: A <a@desk.example>\nLähetetty: 20.11.2026\nVastaanottaja: B\n"
                   "Aihe: x\n\nQuoted.", "VS: Panne")
    ours = mail("Merci.\n\nDe : A <a@desk.example>\nEnvoyé : 20/11/2026\nÀ : B\nObjet : x\n\nQuoted.",
                "RE: TR: Panne [#12]")
    tap.ok([m["new_text"] for m in read([finnish, ours])] == ["Selvä, kiitos.", "Merci."],
           "what only looks like a forward is an answer")


OUTLOOK = ('<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
           "<p><b>X1:</b> Anna<br><b>X2:</b> 20<br></p></div><p>QUOTED</p>")
PAGES = {
    "gmail": '<div>OWN</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">X 20 Anna:<br></div>'
             '<blockquote class="gmail_quote">QUOTED</blockquote></div>',
    "outlook": f'<div class="WordSection1"><p class="MsoNormal">OWN</p>{OUTLOOK}</div>',
    "outlook-web": '<div>OWN</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>X1:</b> Anna</div>'
                   "<div>QUOTED</div>",
    "outlook-new": '<div>OWN</div><div id="mail-editor-reference-message-container"><div>X1: Anna</div><p>QUOTED</p></div>',
    "outlook-phone": '<div>OWN</div><div class="ms-outlook-mobile-reference-message skipProofing">X1: A</div><p>QUOTED</p>',
    "outlook-mac": '<div>OWN</div><span id="OLK_SRC_BODY_SECTION"><div>X1: Anna</div><div>QUOTED</div></span>',
    "thunderbird": '<p>OWN</p><div class="moz-cite-prefix">X 20 Anna:<br></div><blockquote type="cite">QUOTED</blockquote>',
    "roundcube": '<p>OWN</p><p id="reply-intro">X 20 Anna:</p><blockquote type="cite">QUOTED</blockquote>',
    "apple": "<div>OWN</div><div><br><blockquote type=\"cite\"><div>X 20, Anna:</div><br><div>QUOTED</div></blockquote></div>",
    "yahoo": '<div class="ydp1">OWN</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>X 20</div><div>QUOTED</div></div>',
    "zimbra": '<div>OWN</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">X1: A</div>'
              '<div data-marker="__QUOTED_TEXT__">QUOTED</div>',
    "gmx": '<div>OWN</div><div name="quote"><div>X1: 20</div><div name="quoted-content">QUOTED</div></div>',
    "proton": '<div>OWN</div><div class="protonmail_quote">On Friday, November 20th, 2026 at 16:00, '
              'Anna &lt;a@desk.example&gt; wrote:<br><blockquote class="protonmail_quote">QUOTED</blockquote></div>',
    "samsung": "<div>OWN</div><div>-------- Message d'origine --------</div><div>De : Anna &lt;a@desk.example&gt;</div>"
               "<div>Date : 20/11/2026</div><div>À : Jean</div><div>Objet : x</div><div>QUOTED</div>",
    "notes": "<p>OWN</p><p>From:&nbsp;&nbsp;Anna/Desk &lt;a@desk.example&gt;<br>To:&nbsp;Jean<br>Date:&nbsp;20/11/2026 16:00"
             "<br>Subject: x</p><hr><p>QUOTED</p>",
    "orange": "<div>OWN</div><blockquote>&gt; Message du 20/11/26 16:00<br>&gt; De : Anna<br>&gt; QUOTED</blockquote>",
}


def test_pages():
    names = list(PAGES)
    found = read([mail(PAGES[n].replace("OWN", "Oui, merci."), kind="text/html; charset=utf-8") for n in names])
    wrong = [(n, got["new_text"]) for n, got in zip(names, found) if got["new_text"] != "Oui, merci."]
    for name, new_text in wrong:
        print(f"# {name}: {new_text!r}")
    tap.ok(not wrong, f"the marks of {len(names)} programs' pages are known")
    inline = ('<div class="gmail_quote"><div class="gmail_attr">On 20 Nov 2026, Anna &lt;a@desk.example&gt; wrote:</div>'
              "<blockquote>Which model?</blockquote><div>A Kyocera.</div><blockquote>Since when?</blockquote>"
              "<div>Tuesday.</div></div>")
    got = read([mail(inline, kind="text/html; charset=utf-8")])[0]["new_text"]
    tap.ok(squeeze(got) == "> Which model? A Kyocera. > Since when? Tuesday.", f"answers among blockquotes stay {got!r}")


def test_own_words():
    """A site's own quotes.yaml reaches the sandboxed reader."""
    text = mail("Bai, eskerrik asko.\n\nAnna Desk-ek idatzi du:\n> Could you tell us?")
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules"
        shutil.copytree(e2e.PROJECT / "rules", rules)
        before = read([text], rules)[0]["new_text"]
        with (rules / "quotes.yaml").open("a") as out:
            out.write("\n  eu:\n    wrote: [idatzi du]\n")
        after = read([text, text], rules)
        (rules / "quotes.yaml").unlink()
        without = read([text], rules)[0]["new_text"]
    tap.ok("idatzi" in before and without == before
           and [m["new_text"] for m in after] == ["Bai, eskerrik asko."] * 2,
           "a site's own words are known to the reader", repr((before, after[0]["new_text"], without)))


def run():
    for test in (test_every_head, test_replies, test_first_mails, test_forwards, test_pages, test_own_words):
        test()
    return tap.end()


sys.exit(run())
