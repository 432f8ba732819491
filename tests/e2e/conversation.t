#!/usr/bin/python3
"""
Forty mails between two clients, a colleague in Cc, two technicians and an
intruder, through a real Dovecot and SMTP with TLS. What lies in each mailbox
afterwards is read through IMAP by Python's email: each ticket is one thread
by JWZ's algorithm, and no inbox holds what it must not.
"""
import email
import email.policy
import email.utils
import os
import re
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import jwz
import live_lib as desk
import wire_lib as wire

YANN = "yann.legoff@phare-ouest.example"
THIEF = "luc@voisin.example"
NAMES = {desk.JEANNE: "Jeanne Morel", desk.KARIM: "Karim Benali",
         YANN: "Yann Le Goff", desk.ANNE: "Anne Martin",
         desk.MARY: "Mary Collins", THIEF: "Luc"}
STEEL, LIGHT = (desk.JEANNE, desk.KARIM), (YANN,)
STAFF = (desk.ANNE, desk.MARY)

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-forty-")
os.chmod(top, 0o755)  # Dovecot reads mail as another user
pki = wire.Pki(top)
server = wire.Dovecot(top, pki)
smtp = desk.SmtpServer(pki.context("good"))


def add_user(address):
    with open(os.path.join(top, "passwd"), "a") as f:
        f.write(f"{address}:{{PLAIN}}{wire.PASSWORD}\n")
    desk.maildir(os.path.join(top, "mail", address))


def rules():
    """The example rules, the two contracts in force whenever this runs."""
    path = desk.timeless_rules(os.path.join(top, "rules"))
    file = os.path.join(path, "contracts", "phare-ouest.yaml")
    with open(file) as f:
        text = f.read()
    with open(file, "w") as f:
        f.write(text.replace("from: 2026-01-01", "from: 2000-01-01"))
    return path


def site():
    path = os.path.join(top, "site")
    os.makedirs(path)
    made = desk.Site(path, rules=rules())
    secret = made.secret("secret", wire.PASSWORD)
    made.mailboxes = [{"name": "help", "imap": {
        "host": "localhost", "port": server.imaps, "user": "anne",
        "password_file": secret, "ca_file": pki.file("ca.pem"),
        "since": "all", "poll": "1h"}}]
    made.send = {"smtp": {"host": "localhost", "port": smtp.port,
                          "tls": "implicit", "ca_file": pki.file("ca.pem")}}
    made.write()
    return made


class Letter:
    """A mail as its reader's program holds it."""

    def __init__(self, raw):
        self.raw = raw
        self.message = email.message_from_bytes(raw,
                                                policy=email.policy.default)
        self.id = str(self.message["Message-ID"])
        self.subject = str(self.message["Subject"])
        self.chain = str(self.message["References"] or "").split() + [self.id]
        part = self.message.get_body(("plain",))
        self.text = part.get_content() if part else ""
        self.reply_to = (self.message["Reply-To"]
                         or self.message["From"]).addresses[0].addr_spec


class World:
    """Who writes what to whom: mails are numbered, and each is decided before
    the next one is written."""

    def __init__(self):
        self.count, self.at_desk = 0, 0
        self.about = {}     # of a mail somebody wrote: its ticket
        self.inbox = {address: [] for address in NAMES}
        smtp.on_body = self.take

    def put(self, address, raw):
        """As a delivery agent does, into a mailbox of this server's."""
        box = os.path.join(top, "mail", address)
        self.inbox[address].append(Letter(raw))
        desk.put(box, raw, int(time.time()), str(len(self.inbox[address])))

    def take(self, sent):
        if sent.envelope_to in self.inbox:
            self.put(sent.envelope_to, sent.bytes)

    def last(self, reader, *words):
        """The newest mail of that reader's that has these words; one of a
        ticket by its tag."""
        return [m for m in self.inbox[reader] if all(
            m.subject.startswith(w) if w.startswith("[#")
            else w in m.text for w in words)][-1]

    def write(self, sender, text, answers=None, subject=None, to=None, cc=(),
              auth="pass", ticket=None, headers=()):
        self.count += 1
        to = to or (answers.reply_to if answers else desk.DESK)
        name = f"<forty.{self.count}@{sender.partition('@')[2]}>"
        if answers:
            subject = subject or "Re: " + re.sub("^Re: ", "", answers.subject)
            text += ("\n\nLe ven. 20 nov. 2026 à 10:05, quelqu'un a écrit :\n"
                     + "".join("> " + line + "\n"
                               for line in answers.text.splitlines()))
        more = list(headers) + ([f"Cc: {', '.join(cc)}"] if cc else [])
        raw = desk.mail(sender, subject, text, int(time.time()), to=to,
                        message_id=name, name=NAMES[sender], auth=auth,
                        reply_to=answers.id if answers else None,
                        references=answers.chain if answers else (),
                        headers=more)
        self.about[name] = ticket
        for reader in [to, *cc]:
            if reader in self.inbox:
                self.put(reader, raw)
        if auth != "fail":  # a forger has no folder of the one he forges
            desk.put(os.path.join(top, "mail", sender, ".Sent"), raw,
                     int(time.time()), f"s{self.count}")
        if any(r not in self.inbox for r in [to, *cc]):
            self.to_desk(raw)
        return Letter(raw)

    def to_desk(self, raw):
        self.at_desk += 1
        desk.put(server.maildir, raw, int(time.time()), f"d{self.at_desk}")
        server.give()
        desk.wait_for(self.is_decided)

    def is_decided(self):
        """All mails are marked, and nothing of ours is on its way."""
        client.noop()
        marked = client.search(None, "KEYWORD", "$Guichet")[1][0].split()
        return len(marked) == self.at_desk and not any(
            row["state"] in ("waiting", "ready", "sending", "dot", "retry")
            for row in here.json("outbox"))


here = site()
running = desk.Running(here)
tap.ok(running.wait_log("mailbox-up") and running.wait_log("sending-up"),
       "the desk is up", running.log())
for name in NAMES:
    add_user(name)
server.give()
client = server.session()
client.select("INBOX")
world = World()
write, last = world.write, world.last

# ---- forty mails ----
# Words in capitals are looked for afterwards: OUTn goes to that ticket's
# client, INn stays inside, CLn is a client's.

first = write(desk.JEANNE, "Bonjour,\n\nPlus personne ne peut se connecter à "
              "l'ERP. CL1-PANNE\n\nCordialement,\nJeanne Morel",
              subject="Panne bloquante de l'ERP", cc=[desk.KARIM], ticket=1)
write(desk.ANNE, "Bonjour,\n\nNous regardons l'écouteur. OUT1-UN\n\nAnne",
      last(desk.ANNE, "CL1-PANNE"), ticket=1)
write(YANN, "Bonjour,\n\nNotre site de réservation ne répond plus, aucun "
      "client ne peut réserver. CL2-SITE\n\nYann",
      subject="Site de réservation indisponible", ticket=2)
write(desk.MARY, "#take", last(desk.MARY, "CL2-SITE"), ticket=2)
write(desk.MARY, "Bonjour,\n\nLe serveur redémarre. OUT2-UN\n\nMary",
      last(desk.MARY, "CL2-SITE"), ticket=2)
write(desk.JEANNE, "Cela touche aussi l'usine de Nancy. CL1-NANCY",
      last(desk.JEANNE, "OUT1-UN"), cc=[desk.KARIM], ticket=1)
write(desk.ANNE, "#take\n#note IN1-CLIENTE-PRESSEE\n",
      last(desk.ANNE, "CL1-NANCY"), ticket=1)
write(THIEF, "Fermez ce ticket, c'est réglé. VOL-UN",
      subject="Re: Panne bloquante de l'ERP [#1]")
write(desk.JEANNE, "C'est réglé, vous pouvez fermer.",
      last(desk.JEANNE, "OUT1-UN"), auth="fail")
write(desk.ANNE, "#wait customer\nPouvez-vous nous envoyer le journal d'hier ? "
      "OUT1-DEUX",
      last(desk.ANNE, "CL1-NANCY"), ticket=1)
write(desk.KARIM, "Le voici, écrit par Karim. CL1-JOURNAL",
      last(desk.KARIM, "CL1-NANCY"), to=desk.DESK, cc=[desk.JEANNE],
      ticket=1)
write(YANN, "Voici la page d'erreur : 502. CL2-PAGE",
      last(YANN, "OUT2-UN"), ticket=2)
stolen = last(desk.ANNE, "CL1-PANNE")
write(THIEF, "#close", stolen)
write(desk.ANNE, "#resolve Tout est réglé. VOL-DEUX", stolen, auth="fail")
write(desk.MARY, "#note IN2-DISQUE-PLEIN", last(desk.MARY, "CL2-PAGE"),
      ticket=2)
write(desk.ANNE, "#time 0:25 câble",
      last(desk.ANNE, "CL1-JOURNAL"), ticket=1)
write(desk.MARY, "Le disque était plein, la place est faite. OUT2-DEUX",
      last(desk.MARY, "CL2-PAGE"), ticket=2)
write(desk.ANNE, "L'écouteur est relancé, pouvez-vous réessayer ? OUT1-TROIS",
      last(desk.ANNE, "CL1-JOURNAL"), ticket=1)
write(desk.MARY, "#note IN1-VU-AVEC-LE-FOURNISSEUR",
      last(desk.MARY, "CL1-PANNE"), ticket=1)
write(desk.JEANNE, "Nancy ne peut toujours pas. CL1-TOUJOURS",
      last(desk.JEANNE, "OUT1-TROIS"), ticket=1)
write(THIEF, "Bonjour, où en est votre ticket 2 ? VOL-TROIS",
      subject="Re: Site de réservation indisponible [#2]")
write(desk.MARY, "#assign anne", last(desk.MARY, "[#1]"), ticket=1)
write(desk.ANNE, "#wait third-party\nLe fournisseur regarde. OUT1-QUATRE",
      last(desk.ANNE, "CL1-TOUJOURS"), ticket=1)
write(YANN, "Le site est lent depuis. CL2-LENT",
      last(YANN, "OUT2-DEUX"), ticket=2)
write(desk.MARY, "#resolve\nLe cache est vidé. OUT2-TROIS",
      last(desk.MARY, "CL2-LENT"), ticket=2)
write(YANN, "Cela recommence ! CL2-ENCORE", last(YANN, "OUT2-TROIS"),
      ticket=2)
write(desk.MARY, "Je suis absente jusqu'au 7. IN2-ABSENTE",
      last(desk.MARY, "CL2-ENCORE"), subject="Absence : Re: notice",
      headers=["Auto-Submitted: auto-replied"])
write(desk.KARIM, "Bonjour,\n\nMerci de nous lister nos tickets.",
      subject="Liste des tickets")
write(desk.ANNE, "#resume\nLe routeur de Nancy est remplacé. OUT1-CINQ",
      last(desk.ANNE, "CL1-TOUJOURS"), ticket=1)
write(desk.JEANNE, "#close", last(desk.JEANNE, "OUT1-CINQ"), ticket=1)
write(THIEF, "Bonjour, c'est Jeanne, mon adresse a changé. VOL-QUATRE",
      last(desk.JEANNE, "OUT1-CINQ"))
write(desk.ANNE, "#take\nJe reprends pour Mary, le cache est agrandi. "
      "OUT2-QUATRE", last(desk.ANNE, "[#2]"), ticket=2)
write(desk.ANNE, "#take\nJe reprends pour Mary, le cache est agrandi. "
      "OUT2-QUATRE", last(desk.ANNE, "[#2]"), ticket=2)
write(YANN, "C'est réglé, vous pouvez fermer.", last(YANN, "OUT2-QUATRE"),
      ticket=2)
write(desk.ANNE, "#show 2", last(desk.ANNE, "CL1-TOUJOURS"), ticket=1)
write(desk.JEANNE, "C'est bon à Nancy. CL1-BON",
      last(desk.JEANNE, "OUT1-CINQ"), ticket=1)
write(desk.ANNE, "#resolve\nParfait, je ferme. OUT1-SIX",
      last(desk.ANNE, "CL1-BON"), ticket=1)
write(desk.JEANNE, "Merci !", last(desk.JEANNE, "OUT1-SIX"), ticket=1)
write(desk.KARIM, "Nancy est de nouveau coupée. CL1-RETOUR",
      last(desk.KARIM, "CL1-NANCY"), to=desk.DESK, ticket=1)
write(desk.ANNE, "Nous y retournons. OUT1-SEPT",
      last(desk.ANNE, "CL1-RETOUR"), ticket=1)

# ---- what lies where ----


def box_of(address, folder="INBOX"):
    """A folder, through IMAP."""
    import imaplib
    import ssl
    session = imaplib.IMAP4_SSL(
        "127.0.0.1", server.imaps, ssl_context=ssl._create_unverified_context())
    session.login(address, wire.PASSWORD)
    mails = []
    if session.select(f'"{folder}"', readonly=True)[0] == "OK":
        _, parts = session.uid("FETCH", "1:*", "(BODY.PEEK[])")
        mails = [Letter(p[1]) for p in parts if isinstance(p, tuple)]
    session.logout()
    return mails


def ticket_of(letter):
    """Ours say it in the subject: to people inside first, to clients last."""
    if letter.id in world.about:
        return world.about[letter.id]
    tags = re.findall(r"\[#(\d+)\]", letter.subject)
    if not tags:
        return None
    return int(tags[0] if letter.subject.startswith("[#") else tags[-1])


def is_ours(letter):
    return letter.id not in world.about


def tokens(letter):
    """Every address of our own form that stands anywhere in a mail."""
    part = letter.message.get_body(("html",))
    words = letter.raw.decode("latin-1") + letter.text + (
        part.get_content() if part else "")
    return set(re.findall(r"help(?:\+|%2B)([a-z0-9.]{20,})(?:@|%40)", words,
                          re.I))


server.give()
boxes = {name: box_of(name) for name in NAMES}
sent = {name: box_of(name, "Sent") for name in NAMES}
tap.ok(world.count == 40 and sum(map(len, sent.values())) == 38,
       "forty mails, two of them forged", world.count)

for name in STEEL + LIGHT + STAFF:
    mails = boxes[name] + sent[name]
    threads = jwz.Threads([m.message for m in mails]).all()
    of = {m.id.strip("<>"): ticket_of(m) for m in mails}
    for number in (1, 2):
        spread = [t for t in threads if any(of[i] == number for i in t)]
        foreign = [i for t in spread for i in t
                   if of[i] not in (number, None)]
        tap.ok(len(spread) == any(n == number for n in of.values())
               and not foreign, f"{name}: #{number} is one thread",
               *[[(of[i], next(m.subject for m in mails if i in m.id))
                  for i in t] for t in spread])


def holds(name, words):
    """How many of our mails to him have these words as new text: what they
    quote of his own counts neither for nor against."""
    return sum(words in m.text for m in boxes[name] if is_ours(m))


PUBLIC = {1: ["UN", "DEUX", "TROIS", "QUATRE", "CINQ", "SIX", "SEPT"],
          2: ["UN", "DEUX", "TROIS", "QUATRE"]}
for number, readers in ((1, STEEL), (2, LIGHT)):
    for words in PUBLIC[number]:
        got = {n: holds(n, f"OUT{number}-{words}")
               for n in STEEL + LIGHT + (THIEF,)}
        tap.ok(got[readers[0]] == 1 and not any(
            count for n, count in got.items() if n not in readers),
            f"OUT{number}-{words} goes to its client alone, once", got)

for name in STEEL + LIGHT + (THIEF,):
    text = "\n".join(m.raw.decode("latin-1") + m.text for m in boxes[name])
    inside = re.findall(r"IN\d-[A-Z-]+|VOL-[A-Z]+|#take|#wait|(?<!\d)0:25|câble", text)
    staff = [a for a in STAFF if a in text]
    tap.ok(not inside and not staff, f"{name} reads nothing from inside",
           inside, staff)
for name, others in ((desk.JEANNE, "2"), (desk.KARIM, "2"), (YANN, "1")):
    text = "\n".join(m.text for m in boxes[name])
    tap.ok(f"CL{others}-" not in text and f"OUT{others}-" not in text
           and "Phare" not in text if others == "2" else "Vosges" not in text,
           f"{name} reads nothing of another client's", text)
tap.ok(not boxes[THIEF], "the intruder gets nothing at all",
       *[m.raw.decode("latin-1") for m in boxes[THIEF]])

seen = {}
for name in NAMES:
    for letter in boxes[name]:
        for token in tokens(letter) if is_ours(letter) else ():
            seen.setdefault(token, set()).add(name)
tap.ok(len(seen) > 40 and all(len(names) == 1 for names in seen.values()),
       "no token of ours is in two people's mailboxes", seen)

one, two = (here.json("show", str(n))[0] for n in (1, 2))
tap.ok(one["state"] == "open" and two["state"] == "resolved",
       "what forgers and strangers asked for was not done", one, two)
tap.ok(not re.search(r"critical|assert|refused by", running.log()),
       "the desk has nothing to complain about", running.log())
code = running.stop()
tap.ok(code == 0, "and ends cleanly", code)
smtp.close()
client.logout()
server.stop()
shutil.rmtree(top, ignore_errors=True)
tap.end()
