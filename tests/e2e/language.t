#!/usr/bin/env python3
"""A language is a folder: one made by a script from English, each word of it in
wide letters, leaves no word of another in what a client reads. And Dutch."""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
ANNE = e2e.TECHNICIANS[0]
CLIENTS = sorted(p.stem for p in
                 (e2e.PROJECT / "rules/replies/nl").glob("*.txt"))
# What is data: names, subjects, addresses, the zone's offset, and the words of
# plans, which the files of plans have.
DATA = {"panne", "acier", "aciéries", "des", "vosges", "assistance", "exemple", "utc", "europe",
        "paris", "anne", "martin", "re", "h", "min", "s", "looking", "desk",
        "sos"}
MAIL = """\
Return-Path: <{sender}>
Authentication-Results: mx.desk.example; dmarc=pass header.from={domain}
Received: from mail.{domain} (mail.{domain} [192.0.2.30])
\tby mx.desk.example (Postfix) with ESMTPS id AA62BEDCBB
\tfor <{to}>; Tue, 24 Nov 2026 {time}:00 +0100
Message-ID: <{time}@{domain}>
Date: Tue, 24 Nov 2026 {time}:00 +0100
MIME-Version: 1.0
From: <{sender}>
To: {to}
{more}Subject: {subject}
Content-Type: text/plain; charset=utf-8

{text}
"""


def wide(text):
    """Each letter in its wide form; names of variables and formats as they
    are."""
    return re.sub(r"\{\{.*?\}\}|%[sdu]|<[^>]*>|[A-Za-z]+",
                  lambda m: m[0] if m[0][0] in "{%<" else
                  "".join(chr(ord(c) + 0xfee0) for c in m[0]), text)


def make(folder, rules):
    """The language qq from English, by the keys that French has."""
    folder.mkdir(parents=True)
    for name in CLIENTS:
        for part in ("subject", "txt", "html"):
            text = (rules / f"replies/en/{name}.{part}").read_text()
            head = text[:text.index("<body")] if part == "html" else ""
            (folder / f"{name}.{part}").write_text(
                head + wide(text[len(head):]))
    lines = []
    for line in (rules / "replies/fr/words.yaml").read_text().splitlines():
        if line.startswith("#"):
            continue
        key, _ = json.JSONDecoder().raw_decode(line)
        said = key.partition("|")[2] or key
        lines.append(f"{json.dumps(key)}: {json.dumps(wide(said))}\n")
    (folder / "words.yaml").write_text("".join(lines))


def write(desk, time, sender, subject, text, to="sos24@desk.example", more=""):
    hours, minutes = map(int, time.split(":"))
    raw = MAIL.format(sender=sender, domain=sender.split("@")[1], time=time,
                      to=to, subject=subject, text=text, more=more)
    desk.deliver(f"{1795474800 + 3600 * hours + 60 * minutes}.M1.mx",
                 raw.encode())
    desk.drain(f"2026-11-24T{time}:00+01:00")


def answer(desk, time, text):
    last = [m for m in desk.sent() if m.to == ANNE][-1]
    write(desk, time, ANNE, "Re: [#1] Panne", text, last.reply_to,
          f"In-Reply-To: <{last.message_id}>\n")


def life(language):
    """All that a client reads of a ticket's life, by kind."""
    desk = e2e.Desk()
    own = Path(desk.dir) / "own"
    (own / "contracts").mkdir(parents=True)
    contract = e2e.PROJECT / "rules/contracts/acier-vosges.yaml"
    (own / "contracts/acier-vosges.yaml").write_text(
        contract.read_text().replace("language: fr", f"language: {language}"))
    if language == "qq":
        make(own / "replies/qq", e2e.PROJECT / "rules")
    desk.own_rules(own)
    write(desk, "10:00", JEANNE, "Panne", "Plus rien ne marche.")
    answer(desk, "10:05", "#take")
    answer(desk, "10:10", "#severity 3")
    desk.drain("2026-11-24T10:30:00+01:00")
    answer(desk, "10:40", "#severity 1\n\nLooking.")
    answer(desk, "11:00", "#resolve")
    return {m.what: m for m in desk.sent() if m.to == JEANNE}


def test_made():
    said = life("qq")
    tap.ok(set(said) == {"acknowledgment", "handled", "correction", "reply",
                         "resolution"}, "a ticket's life", set(said))
    for what, mail in said.items():
        for kind in ("plain", "html"):
            body = mail.body(kind)
            if kind == "html":
                body = re.sub(r"(?s)<head>.*</head>|<[^>]*>", " ", body)
            words = set(re.findall(r"[a-zà-ÿ]+", body.lower())) - DATA
            words -= set(re.findall(r"[a-zà-ÿ0-9]+", PLANS))
            tap.ok(not words, f"{what}, {kind}: no word of another language",
                   f"{words}\n{body}")


def test_dutch():
    said = life("nl")
    text = said["acknowledgment"].body()
    for words in ("We hebben uw aanvraag goed ontvangen", "dinsdag 24 november "
                  "2026 om 10:00", "Gegarandeerd: binnen 24 u",
                  "Eerste antwoord van een technicus"):
        tap.ok(words in text, f"Dutch: {words}", text)
    tap.ok("klopt niet meer: een technicus heeft uw aanvraag bekeken" in
           said["correction"].body(), "Dutch: a correction",
           said["correction"].body())


# Titles of plans, names of calendars and of severities.
PLANS = " ".join(
    " ".join(re.findall(r"(?:title|fr|en|\\d): .*", p.read_text())).lower() +
    p.stem for folder in ("plans", "calendars")
    for p in (e2e.PROJECT / "rules" / folder).glob("*.yaml"))
test_made()
test_dutch()
sys.exit(tap.end())
