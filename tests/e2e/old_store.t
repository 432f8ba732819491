#!/usr/bin/python3
"""
A store that a released guichet left (tests/stores/), opened by this one: no
mail, ticket or event is lost, nothing is sent twice though its mailbox shows
every mail anew, `rebuild` gives the same, and answers to its notices and
acknowledgments find their tickets and act.
"""

import email
import email.policy
import lzma
import os
import re
import shutil
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import desk as fixture
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-old-store-")
STORES = os.path.join(desk.ROOT, "tests", "stores")
NAME = "d255858"
LAST = desk.instant("2026-12-20T10:00:00+01:00")
HUGO = "hugo.vidal@desk.example"
PEOPLE = (desk.ANNE, desk.MARY, HUGO)

site = desk.Site(os.path.join(top, NAME), mailboxes=[
    {"name": n, "maildir": desk.maildir(os.path.join(top, n))}
    for n in ("support", "alertes")])
BOX = os.path.join(top, "support")
with open(site.conf, encoding="utf-8") as f:
    text = f.read()
with open(site.conf, "w", encoding="utf-8") as f:
    # Hugo stands between the two of live_lib, and the place is in the tokens.
    f.write(text.replace("- {name: Mary", f"- {{name: Hugo Vidal, address: "
                         f"{HUGO}}}\n- {{name: Mary"))
os.close(os.open(site.tokens, os.O_WRONLY | os.O_CREAT, 0o600))
with open(site.tokens, "w", encoding="utf-8") as f:
    f.write(fixture.TOKEN_KEYS)
with open(site.store, "wb") as out:
    out.write(lzma.open(os.path.join(STORES, NAME + ".sqlite.xz")).read())
os.chmod(site.store, 0o600)


def ask(query, *values):
    db = sqlite3.connect(site.store)
    try:
        return db.execute(query, values).fetchall()
    finally:
        db.close()


def run(at):
    got = site.once(desk.iso(at), timeout=120)
    tap.ok(got.returncode == 0, f"a run at {desk.iso(at)}",
           got.stderr[-2000:])


COLUMNS = {
    "mail": "id, mailbox, name, received, trusted, sha256, state, ticket",
    "event": "seq, ticket, at, recorded, type, actor, mail, data",
    "outbox": "id, ticket, mail, what, sender, recipient, message_id, bytes",
    "content": "mail, message_id, subject, text, author, visibility",
    "raw": "id, sha256, bytes",
    "attachment": "mail, place, name, sha256",
}
before = {table: set(ask(f"SELECT {columns} FROM {table}"))
          for table, columns in COLUMNS.items()}
sent = [m for m, in ask("SELECT message_id FROM outbox WHERE state = 'sent'")]
waiting = dict(ask("SELECT message_id, state FROM outbox "
                   "WHERE state NOT IN ('sent', 'dropped')"))
tap.ok(len(sent) > 1000 and "dot" in waiting.values()
       and "ready" in waiting.values(), "the store is what it should be",
       len(sent), waiting)

# Its mails, as if no mark were on them.
for name, raw in ask("SELECT name, bytes FROM mail JOIN raw ON raw.id = "
                     "mail.raw WHERE mailbox = 'support' AND name <> ''"):
    with open(os.path.join(BOX, "new", name), "wb") as f:
        f.write(raw)

run(LAST + 60)
lost = {t: len(rows - set(ask(f"SELECT {COLUMNS[t]} FROM {t}")))
        for t, rows in before.items()}
tap.ok(not any(lost.values()), "nothing is lost", lost)
tap.ok(ask("SELECT life, length(identity), mark FROM life") == [(1, 32, None)],
       "it has an identity now, and was not restored",
       ask("SELECT * FROM life"))
again = [m["Message-ID"].strip("<>") for m in site.sent()]
tap.ok(not set(again) & set(sent), "nothing that was sent is sent again",
       set(again) & set(sent))
tap.ok(len(again) == len(set(again)) and
       {m for m, s in waiting.items() if s == "ready"} <= set(again),
       "what waited is sent, once", again)
tap.ok(not [m for m, in ask("SELECT message_id FROM outbox WHERE state = "
                            "'sent' AND uncertain = 0 AND message_id IN "
                            "(SELECT value FROM json_each(?))",
                            __import__("json").dumps(
                                [m for m, s in waiting.items()
                                 if s == "dot"]))],
       "what stood at its final dot is never sent as if nothing had been")
tap.ok(not os.listdir(os.path.join(BOX, "new"))
       and ask("SELECT count(*) FROM mail WHERE name <> ''")[0][0]
       == len([r for r in before["mail"] if r[2]]),
       "no mail is taken twice")

# Whether an open clock is late is said as of the last time it was looked at.
def settled(dump):
    return re.sub(r"(?m)^(  clock \S+ \S+) (?:running|late) ", r"\1 open ", dump)


# A recovery met the response of its ticket then; by today's rule nobody had
# answered, and the clock has ended, or is missed where its term had passed.
def ruled(dump):
    blocks = re.split(r"(?m)^(?=ticket )", dump)
    for place, block in enumerate(blocks):
        for at in re.findall(r"(?m)^  (\S+) state by \S+ by=alert state=resolved$",
                             block):
            # Nothing is met before it was received.
            at = max(at, re.search(r"(?m)^  (\S+) opened by", block)[1])
            if not re.search(r"(?m)^  \S+ met by .*milestone=response$", block):
                blocks[place] = block = re.sub(
                    r"(?m)^(  clock response \S+) (met|missed) (.*) met "
                    + at + "$", lambda m: m[1] + " "
                    + {"met": "ended"}.get(m[2], m[2]) + " " + m[3], block)
    return "".join(blocks)


dump = settled(site.dump())
tap.ok(ruled(dump) != dump, "it holds recoveries that nobody answered")
dump = ruled(dump)
got = site.call("rebuild", "--at", desk.iso(LAST + 60))
rebuilt = settled(site.dump())
tap.ok(got.returncode == 0 and rebuilt == dump, "rebuild gives the same",
       got.stderr, [a + " / " + b for a, b in
                    zip(dump.splitlines(), rebuilt.splitlines())
                    if a != b][:5])

# ---- old answers ----

tokens = dict(ask("SELECT id, token FROM outbox WHERE token <> ''"))
heads = {}
for row, data in ask("SELECT id, bytes FROM outbox"):
    field = email.message_from_bytes(
        data, policy=email.policy.default)["Reply-To"]
    if field and "+" in str(field):
        heads[row] = str(field).partition("+")[2].partition("@")[0]
tap.ok(heads and {k: tokens.get(k) for k in heads} == heads
       and set(tokens) == set(heads),
       "the words that were signed before are known from what was sent",
       len(tokens), len(heads))


def newest(what, to, state=("open", "new")):
    """The newest mail of a kind to somebody that was sent before, on an open
    ticket whose epoch it still is."""
    for row, ticket, data in ask(
            "SELECT outbox.id, outbox.ticket, outbox.bytes FROM outbox JOIN "
            "ticket ON ticket.number = outbox.ticket WHERE outbox.what = ? "
            "AND recipient = ? AND outbox.state = 'sent' AND created > ? AND "
            "ticket.state IN (SELECT value FROM json_each(?)) AND outbox.id "
            "<= ? ORDER BY outbox.id DESC", what, to, LAST - 25 * 86400,
            __import__("json").dumps(state), max(r[0] for r in
                                                 before["outbox"])):
        if "jeanne" in str(ask("SELECT max(recipient) FROM outbox WHERE "
                               "ticket = ? AND what = 'acknowledgment'",
                               ticket)):
            return ticket, desk.Sent(data)
    raise SystemExit(f"no {what} to {to}")


ticket, notice = newest("notice", desk.ANNE)
at = LAST + 600
put = [0]


def answer(sender, mail, text, **more):
    put[0] += 1
    when = at + put[0]
    site.deliver(desk.mail(sender, "Re: " + mail["Subject"], text, when,
                           message_id=f"<late{put[0]}@{sender}>".replace(
                               f"@{sender}", "@" + sender.split("@")[1]),
                           reply_to=mail["Message-ID"], **more),
                 when, f"late{put[0]}", BOX)


answer(desk.ANNE, notice, "Réponse à un ancien avis.",
       to=notice["Reply-To"])
run(at + 60)
tap.ok([m.to for m in site.sent() if "ancien avis" in m.text]
       == [desk.JEANNE], "a technician answers an old notice by its address",
       ticket, site.sent()[-3:])
by_id = [t for t, in ask("SELECT DISTINCT ticket FROM outbox WHERE what = "
                         "'notice'") if t != ticket]
answer(desk.ANNE, notice, "Encore, par la référence.")
run(at + 120)
tap.ok([m.to for m in site.sent() if "par la référence" in m.text]
       == [desk.JEANNE], "and by its Message-ID alone", site.sent()[-3:])
ticket, ack = newest("acknowledgment", desk.JEANNE)
answer(desk.JEANNE, ack, "Merci pour l'accusé.", to=ack["Reply-To"])
run(at + 180)
tap.ok(ask("SELECT ticket FROM mail ORDER BY id DESC LIMIT 1")
       == [(ticket,)], "a client answers an old acknowledgment", ticket)
answer(desk.MARY, notice, "Pas à moi.", to=notice["Reply-To"])
run(at + 240)
tap.ok(not [m for m in site.sent() if "Pas à moi" in m.text
            and m.to not in PEOPLE], "but nobody answers another's")
highest = max(r[1] for r in before["event"])
site.deliver(desk.mail(desk.KARIM, "Du neuf", "Bonjour.", at + 300), at + 300,
             "new", BOX)
run(at + 360)
tap.ok(ask("SELECT max(ticket) FROM event")[0][0] > highest,
       "numbers go on", highest)
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
