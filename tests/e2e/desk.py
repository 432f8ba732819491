"""A desk in a folder of its own, for the tests: its site, its Maildirs, what
it decided (`guichet dump`) and what it sent, read by Python's email."""
import contextlib
import email
import email.policy
import hashlib
import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
from fnmatch import fnmatch
from pathlib import Path

import jwz

PROJECT = Path(__file__).resolve().parents[2]
FIXTURES = PROJECT / "maildir-fixtures"
GUICHET = os.environ.get("GUICHET", str(PROJECT / "guichet"))
MAILBOXES = ["support", "alertes"]
TECHNICIANS = ["anne.martin@desk.example", "hugo.vidal@desk.example",
               "mary.collins@desk.example"]
# Fixed, so that a run can be repeated; it opens nothing anywhere.
TOKEN_KEYS = "a:Z3VpY2hldCBmaXh0dXJlczogbm8gc2VjcmV0LCAzMiBieXRlcys=\n"
CANARY = "CANARI"

# What each kind of mail of ours has on its head; `?` where it may be missing.
HEAD = ["From", "To", "Subject", "Date", "Message-Id", "X-Guichet-Loop", "X-MS-Reactions",
        "Content-Language", "MIME-Version", "Content-Type", "Reply-To?",
        "In-Reply-To?", "References?", "Content-Transfer-Encoding?"]
# What a person says to the client goes to those of theirs who take part.
COPIED = {"reply", "resolution", "handled", "news", "passed"}
ROBOT = ["Auto-Submitted", "X-Auto-Response-Suppress", "Precedence"]
MARKS = {"acknowledgment": "auto-replied", "missed": "auto-generated",
         "refusal": "auto-replied",
         "confirmation": "auto-replied", "remark": "auto-replied",
         "reading": "auto-replied", "challenge": "auto-replied",
         "notice": "auto-generated", "alarm": "auto-generated",
         "information": "auto-generated", "handled": "auto-generated",
         "correction": "auto-generated", "morning": "auto-generated",
         "terms": "auto-generated", "ending": "auto-generated", "duties": "auto-generated",
         "summary": "auto-generated",
         "question": "auto-replied",
         "nudge": "auto-generated", "closing": "auto-generated", "news": "auto-generated",
         "reply": None, "resolution": None, "estimate": None, "passed": None}


class Failed(Exception):
    """What a test has to say."""


class Rules:
    """What a store knows of rule files that were loaded whole once, given to
    the next store of the same: trying each pattern anew is most of a first
    start, and none of what these tests are about."""
    TABLES = ["rule_set", "rule_bytes", "rule_file"]  # each after what it names
    known = {}

    def __init__(self, conf):
        site = conf.read_text()
        self.store, folder = (Path(re.search(rf"^{key}: (.*)$", site, re.M)[1])
                              for key in ("store", "rules"))
        digest = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(folder)}\0".encode())
                digest.update(path.read_bytes() + b"\0")
        self.digest = digest.digest()

    def give(self):
        rows = self.known.get(self.digest, {})
        with contextlib.closing(sqlite3.connect(self.store)) as store, store:
            store.execute("PRAGMA synchronous = OFF")
            for table, found in rows.items():
                marks = ", ".join("?" * len(found[0]))
                store.executemany(f"INSERT OR IGNORE INTO {table} VALUES "
                                  f"({marks})", found)

    def take(self):
        if self.digest in self.known:
            return
        with contextlib.closing(sqlite3.connect(self.store)) as store:
            self.known[self.digest] = {
                table: store.execute(f"SELECT * FROM {table}").fetchall()
                for table in self.TABLES}


class Sent:
    """One mail that left: the outbox row, the bytes, and what they say."""

    def __init__(self, row, path):
        self.row, self.path = row, path
        self.what, self.to = row["what"], row["to"]
        stamped = path.read_bytes()
        # The Maildir's own two lines stand above the bytes that were sent.
        head = re.match(rb"Return-Path: <(.*)>\nDelivered-To: (.*)\n", stamped)
        if head is None:
            raise Failed(f"{path.name}: no Return-Path and Delivered-To")
        self.envelope = head[1].decode()
        self.delivered = head[2].decode()
        self.raw = stamped[head.end():]
        try:
            self.message = email.message_from_bytes(
                self.raw, policy=email.policy.default)
        except RecursionError:
            raise Failed(f"{self.what} to {self.to}: nested too deep to read")

    @property
    def message_id(self):
        return self.message["Message-ID"].strip()[1:-1]

    @property
    def reply_to(self):
        field = self.message["Reply-To"]
        return field.addresses[0].addr_spec if field else ""

    def parts(self, part=None):
        """Its own parts: what is inside an attached mail is not ours."""
        part = part or self.message
        yield part
        if part.get_content_maintype() == "multipart":
            for inner in part.iter_parts():
                yield from self.parts(inner)

    def body(self, kind="plain"):
        part = self.message.get_body((kind,))
        return part.get_content() if part is not None else ""

    def everything(self):
        """All that a reader could see, decoded: head, texts, attachments."""
        words = [f"{k}: {v}" for k, v in self.message.items()]
        for part in self.message.walk():
            if part.get_content_maintype() == "text":
                words.append(part.get_content())
            elif not part.is_multipart():
                data = part.get_payload(decode=True) or b""
                words.append(data.decode("utf-8", "replace"))
            words.append(str(part.get_filename() or ""))
        return "\n".join(words)


class Desk:
    made = {}  # what `init` leaves, which is the same each time

    def __init__(self, folder=None, readers=1):
        self.keep = folder is not None
        self.dir = Path(folder or tempfile.mkdtemp(prefix="guichet-e2e."))
        self.conf = self.dir / "guichet.yaml"
        site = (FIXTURES / "site/guichet.yaml").read_text()
        for word, value in [("DIR", self.dir), ("RULES", PROJECT / "rules"),
                            ("READERS", readers)]:
            site = site.replace(f"@{word}@", str(value))
        self.conf.write_text(site)
        for name in MAILBOXES:
            for sub in ("new", "cur", "tmp"):
                (self.dir / "mail" / name / sub).mkdir(parents=True)
        # Before the keys: else it is one that was lost.
        if not Desk.made:
            self.run("init", "--seed", "1")
            Desk.made = {name: (self.dir / name).read_bytes()
                         for name in ("guichet.sqlite", "tokens.life")}
        for name, data in [*Desk.made.items(),
                           ("tokens", TOKEN_KEYS.encode())]:
            with open(self.dir / name, "wb", opener=lambda path, flags: os.open(
                    path, flags, 0o600)) as f:
                f.write(data)
        self.started = False

    # ---- what it is told ----

    def run(self, *words, check=True, timeout=120, text=True, env=None,
            stdin=None):
        # Who gives the orders is not who runs the tests.
        env = {**os.environ, "SUDO_USER": "daemon", **(env or {})}
        done = subprocess.run([GUICHET, words[0], "-c", str(self.conf),
                               *words[1:]], capture_output=True, text=text,
                              timeout=timeout, env=env, input=stdin)
        if check and done.returncode != 0:
            said = done.stderr if text else done.stderr.decode()
            raise Failed(f"guichet {' '.join(words)}: exit "
                         f"{done.returncode}\n{said}")
        return done

    def drain(self, at, timeout=120):
        rules = None if self.started else Rules(self.conf)
        if rules is not None:
            rules.give()
        done = self.run("run", "--once", "--at", at, "--seed", "1",
                        timeout=timeout)
        if rules is not None:
            rules.take()
        self.started = True
        left = [p.name for name in MAILBOXES
                for p in (self.dir / "mail" / name / "new").iterdir()]
        if left:
            raise Failed(f"still in new/ after a drain: {left}\n{done.stderr}")
        return done

    def deliver(self, name, raw, mailbox="support"):
        path = self.dir / "mail" / mailbox
        (path / "tmp" / name).write_bytes(self.fill(raw))
        (path / "tmp" / name).rename(path / "new" / name)

    def dump(self):
        return self.run("dump").stdout

    # ---- what it sent ----

    def sent(self):
        """All mails that left, in the order of the outbox."""
        rows = [json.loads(line) for line in self.run(
            "outbox", "--all", "--json").stdout.splitlines()]
        files = {}
        folder = self.dir / "sent" / "new"
        for path in folder.iterdir() if folder.exists() else []:
            files[int(path.name.split(".")[1])] = path
        mails = [Sent(row, files.pop(row["id"])) for row in
                 sorted(rows, key=lambda row: row["id"])
                 if row["state"] == "sent"]
        if files:
            raise Failed(f"sent, but not in the outbox: {list(files.values())}")
        return mails

    def fill(self, raw):
        """
        Puts what only a run can know in place of the words in braces:
        message-id, reply-to or envelope of the newest mail of a kind to an
        address (or, with a number, of the first, the second...); and filler.
        """
        def place(match):
            words = match[1].decode().split()
            if words[0] == "fill":
                line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo" * 2 + b"abcd\n"
                return line * (int(words[1]) // len(line))
            mails = [m for m in self.sent()
                     if m.what == words[1] and m.to == words[2]]
            which = int(words[3]) - 1 if len(words) > 3 else -1
            if not mails or which >= len(mails):
                raise Failed(f"no such mail was sent: {match[0].decode()}")
            value = {"message-id": lambda m: m.message_id,
                     "reply-to": lambda m: m.reply_to,
                     "envelope": lambda m: m.envelope}[words[0]](mails[which])
            return value.encode()
        return re.sub(rb"\{\{((?:message-id|reply-to|envelope|fill) [^}]*)\}\}",
                      place, raw)

    # ---- a scenario ----

    def own_rules(self, folder):
        """Lays a scenario's own rule files over the project's."""
        if not folder.exists():
            return
        rules = self.dir / "rules"
        shutil.copytree(PROJECT / "rules", rules)
        shutil.copytree(folder, rules, dirs_exist_ok=True)
        site = self.conf.read_text()
        self.conf.write_text(site.replace(
            f"rules: {PROJECT / 'rules'}", f"rules: {rules}"))

    def play(self, scenario):
        """Does what the scenario's `about` says."""
        self.own_rules(scenario / "rules")
        pending = {}
        for mailbox, folder in [("support", scenario / "new"),
                                ("alertes", scenario / "alertes/new")]:
            for path in folder.iterdir() if folder.exists() else []:
                pending[path.name] = (mailbox, path)
        for line in (scenario / "about").read_text().splitlines()[1:]:
            verb, _, rest = line.partition(": ")
            at, _, rest = rest.partition(" ")
            if verb == "do":
                self.run(*shlex.split(rest), "--at", at)
                continue
            if verb not in ("at", "step"):
                raise Failed(f"about: what is '{line}'?")
            names = sorted(n for n in pending
                           if verb == "at" or fnmatch(n, rest))
            if verb == "step" and not names:
                raise Failed(f"about: no mail is called '{rest}'")
            for name in names:
                mailbox, path = pending.pop(name)
                self.deliver(name, path.read_bytes(), mailbox)
            self.drain(at)
        if pending:
            raise Failed(f"never delivered: {sorted(pending)}")


# ---- what every mail of ours must be ----

def head_fault(mail):
    """What is wrong with the head of a mail, or None."""
    message = mail.message
    wanted = HEAD + (ROBOT if MARKS[mail.what] else []) + (["Cc?"] if mail.what in COPIED else [])
    needed = {n.lower() for n in wanted if not n.endswith("?")}
    allowed = {n.rstrip("?").lower() for n in wanted}
    names = [n.lower() for n in message.keys()]
    if len(names) != len(set(names)):
        return f"a field twice: {names}"
    if needed - set(names) or set(names) - allowed:
        return (f"missing {sorted(needed - set(names))}, "
                f"not expected {sorted(set(names) - allowed)}")
    people = [a.addr_spec for field in ("To", "Cc") if message[field]
              for a in message[field].addresses]
    if mail.to not in people or mail.delivered != mail.to or len(message["To"].addresses) != 1:
        return f"To {people}, delivered to {mail.delivered}, for {mail.to}"
    if [a.addr_spec for a in message["From"].addresses] != ["help@desk.example"]:
        return f"From {message['From']}"
    if str(message["Auto-Submitted"] or "") != (MARKS[mail.what] or ""):
        return f"Auto-Submitted {message['Auto-Submitted']} on a {mail.what}"
    if (mail.envelope == "") != (MARKS[mail.what] is not None):
        return f"envelope <{mail.envelope}> on a {mail.what}"
    return None


def bytes_fault(mail):
    if re.search(rb"[^\t\n\x20-\x7e]", mail.raw):
        return "a byte that is no printable ASCII, or a CR"
    if any(len(line) > 998 for line in mail.raw.split(b"\n")):
        return "a line of more than 998 bytes"
    for part in mail.parts():
        if part.defects:
            return f"defects {part.defects}"
        for name, value in part.items():
            if re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]",
                         str(value)):
                return f"a control in {name}: {value!r}"
    return None


def token_fault(mail):
    """token_not_yours: an address of our own form, its reader's own aside."""
    own = mail.reply_to
    held = {found for text in [mail.everything(), mail.raw.decode("latin-1")]
            for found in re.findall(
                r"(?i)\bhelp(?:\+|%2b|&#43;)[a-z0-9.]{12,}(?:@|%40)[a-z.]+",
                text)} - {own}
    # Its own buttons have all of its own address but the number and the MAC,
    # and stand nowhere but behind links.
    head, _, last = own.partition("@")[0].rpartition(".")
    held -= set(re.findall(r'href="mailto:(' + re.escape(
        head.replace("+", "%2B")) + r"\.[b-z]\." + last[:4] +
        r'[a-z2-7]{20}@[a-z.]+)\?', mail.body("html"))) if last else set()
    real = [h for h in held if not re.match(r"(?i)help.*?x{12,}(@|%40)", h)]
    return f"holds {sorted(real)}, its own is {own}" if real else None


def thread_fault(mail, known):
    """In-Reply-To is the last of References, and a mail that there was."""
    answered = re.findall(r"<([^<>]*)>", mail.message["In-Reply-To"] or "")
    chain = re.findall(r"<([^<>]*)>", mail.message["References"] or "")
    if len(answered) > 1:
        return f"In-Reply-To {answered}"
    if answered and (not chain or chain[-1] != answered[0]):
        return f"In-Reply-To {answered}, References {chain}"
    if answered and answered[0] not in known:
        return f"answers <{answered[0]}>, which never came"
    if len(chain) != len(set(chain)):
        return f"References twice: {chain}"
    if mail.what in ("acknowledgment", "reply") and known and not answered \
            and mail.row["ticket"]:
        return "an answer on no thread"
    return None


def conversation_faults(mails):
    """Who reads one ticket's mails in more than one conversation; or is named
    a mail of ours that somebody else got."""
    faults = []
    boxes = {}
    got_by = {mail.message_id: mail.to for mail in mails}
    for mail in mails:
        boxes.setdefault((mail.to, mail.row["ticket"]), []).append(mail)
        # What answers a mail of theirs names what they named.
        unasked = mail.what in ("notice", "alarm", "information")
        for named in jwz.ids_of(mail.message["References"]):
            if unasked and got_by.get(named, mail.to) != mail.to:
                faults.append(f"{mail.what} to {mail.to} names the mail "
                              f"<{named}> of {got_by[named]}")
    for (to, ticket), held in boxes.items():
        threads = jwz.Threads([mail.message for mail in held]).all()
        if ticket and len(threads) != 1:
            faults.append(f"{to} reads ticket {ticket} in {len(threads)} "
                          f"conversations: {[mail.what for mail in held]}")
    return faults


REOPENED = ("est rouvert.", "is open again.", "is heropend.")


def check_sent(mails, known=(), threads=True):
    """Faults of all mails that left, as a list of lines."""
    faults = []
    thanked = set()
    ids = set()
    for mail in mails:
        name = f"{mail.what} to {mail.to}"
        found = [head_fault(mail), bytes_fault(mail), token_fault(mail)]
        if threads:
            found.append(thread_fault(mail, set(known) | ids))
        if mail.to not in TECHNICIANS and CANARY in mail.everything():
            found.append("an internal word went to a client")
        if mail.what == "acknowledgment":
            # But for a reopening, which owes an answer anew.
            again = any(w in mail.body() for w in REOPENED)
            if (mail.to, mail.row["ticket"]) in thanked and not again:
                found.append("a second acknowledgment for one ticket")
            thanked.add((mail.to, mail.row["ticket"]))
        if mail.message_id in ids:
            found.append("a Message-ID that was used before")
        ids.add(mail.message_id)
        faults += [f"{name}: {fault}" for fault in found if fault]
    return faults + (conversation_faults(mails) if threads else [])


class Tap:
    """The Test Anything Protocol, with what went wrong as comments."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, why=""):
        self.count += 1
        print(("ok" if good else "not ok"), self.count, "-", name, flush=True)
        if not good:
            self.failed += 1
            for line in str(why).splitlines():
                print("#", line)

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0
