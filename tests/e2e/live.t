#!/usr/bin/python3
"""
From a client's mail to the client's inbox over real servers: Dovecot with TLS
and IDLE on one side, SMTP with TLS and a login on the other, `guichet run`
between them, and Python's email to read what arrives.
"""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-live-")
os.chmod(top, 0o755)  # Dovecot reads mail as another user
pki = wire.Pki(top)
rules = desk.timeless_rules(os.path.join(top, "rules"))
SMTP_LOGIN = ("help@desk.example", "s3cret du smtp")
counter = [0]


def next_name():
    counter[0] += 1
    return counter[0]


class Box:
    """A mailbox of Dovecot's, seen from outside."""

    def __init__(self, name):
        path = os.path.join(top, name)
        os.makedirs(path)
        os.chmod(path, 0o755)
        self.server = wire.Dovecot(path, pki)

    def deliver(self, data):
        """As an MDA does: into new/, which is what IDLE watches."""
        now = int(time.time())
        desk.put(self.server.maildir, data, now, str(next_name()))
        self.server.give()

    def append(self, data):
        """As a colleague does who moves a mail here."""
        client = self.server.session()
        client.append("INBOX", None, None, data)
        client.logout()

    def mails(self, folder="INBOX"):
        """[(flags, Message-ID)] of a folder."""
        client = self.server.session()
        found = []
        if client.select(folder, readonly=True)[0] == "OK":
            _, parts = client.uid(
                "FETCH", "1:*",
                "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
            for part in parts:
                if isinstance(part, tuple):
                    flags = re.search(rb"FLAGS \((.*?)\)", part[0])
                    found.append((flags.group(1).decode().split(),
                                  part[1].decode().split(":", 1)[1].strip()))
        client.logout()
        return found

    def start(self):
        """Starts again what stop() ended."""
        self.server.process = subprocess.Popen(
            ["dovecot", "-F", "-c", self.server.config],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        self.server.stop()


def imap(site_path, box, name="help", **other):
    """A mailbox of guichet.yaml."""
    secret = os.path.join(site_path, "secret-" + name)
    os.makedirs(site_path, exist_ok=True)
    with open(secret, "w", encoding="utf-8") as f:
        f.write(other.pop("password", wire.PASSWORD))
    os.chmod(secret, 0o600)
    conf = {"host": "localhost", "port": box.server.imaps, "user": "anne",
            "password_file": secret, "ca_file": pki.file("ca.pem"),
            "since": "all", "poll": "1h"}
    conf.update(other)
    return {"name": name, "imap": conf}


def smtp(site_path, server, **other):
    secret = os.path.join(site_path, "secret-smtp")
    os.makedirs(site_path, exist_ok=True)
    with open(secret, "w", encoding="utf-8") as f:
        f.write(SMTP_LOGIN[1])
    os.chmod(secret, 0o600)
    conf = {"host": "localhost", "port": server.port, "user": SMTP_LOGIN[0],
            "password_file": secret, "ca_file": pki.file("ca.pem")}
    conf.update(other)
    return {"smtp": conf}


def request(subject, n, sender=desk.JEANNE, name="Jeanne Morel"):
    return desk.mail(sender, subject,
                     "Bonjour,\n\nPlus personne ne peut se connecter à "
                     "l'ERP.\n\nCordialement,\n" + name + "\n",
                     int(time.time()), name=name,
                     message_id=f"<live.{n}@{sender.partition('@')[2]}>")


def answer(notice, text, n):
    """Anne's answer to her notice, as her mail program writes it."""
    quoted = "\n".join("> " + line for line in notice.text.splitlines())
    return desk.mail(desk.ANNE, "Re: " + notice["Subject"],
                     f"{text}\n\nLe 20/11/2026 10:05, {desk.DESK} a écrit :\n"
                     f"{quoted}\n", int(time.time()), name="Anne Martin",
                     reply_to=notice["Message-ID"],
                     references=notice.ids + [notice["Message-ID"]],
                     message_id=f"<live.{n}@desk.example>")


def of_thread(sent, *ids):
    """In-Reply-To and References name the client's own mail."""
    return (sent["In-Reply-To"] in ids and sent.ids
            and all(i.startswith("<") for i in sent.ids)
            and sent["In-Reply-To"] in sent.ids)


def test_conversation(box, server, site, sent_to):
    """One ticket's life over the wire."""
    running = desk.Running(site)
    tap.ok(running.wait_log("mailbox-up") and running.wait_log("sending-up"),
           "the desk is up", running.log())
    time.sleep(0.5)  # into IDLE, so that only IDLE can wake it
    box.deliver(request("Panne bloquante de l'ERP", 1))
    desk.wait_for(lambda: sent_to(desk.JEANNE))
    acks = sent_to(desk.JEANNE)
    tap.ok(len(acks) == 1 and acks[0].is_automatic
           and acks[0].envelope_from == ""
           and of_thread(acks[0], "<live.1@acier-vosges.example>")
           and acks[0]["Subject"] == "Re: Panne bloquante de l'ERP [#1]"
           and "gravité" in acks[0].text.lower()
           and "24 h" in acks[0].text and acks[0].html,
           "IDLE wakes the desk and the client gets his acknowledgment",
           *acks, running.log())
    desk.wait_for(lambda: sent_to(desk.ANNE) and sent_to(desk.MARY))
    notice = sent_to(desk.ANNE)[0]
    tap.ok(len(sent_to(desk.ANNE)) == len(sent_to(desk.MARY)) == 1
           and "Plus personne ne peut se connecter" in notice.text
           and sent_to(desk.MARY)[0]["Message-ID"] != notice["Message-ID"]
           and sent_to(desk.MARY)[0]["Reply-To"] != notice["Reply-To"],
           "each technician gets his notice, with a token of his own",
           *sent_to(desk.ANNE), *sent_to(desk.MARY))

    box.append(answer(notice, "Bonjour,\n\nL'écouteur Oracle est relancé, "
                      "pouvez-vous réessayer ?\n\nAnne", 2))
    desk.wait_for(lambda: len(sent_to(desk.JEANNE)) > 1)
    replies = sent_to(desk.JEANNE)[1:]
    tap.ok(len(replies) == 1 and not replies[0].is_automatic
           and replies[0]["From"].endswith(f"<{desk.DESK}>")
           and "L'écouteur Oracle est relancé" in replies[0].text
           and of_thread(replies[0], "<live.1@acier-vosges.example>")
           and desk.ANNE not in replies[0].bytes.decode("latin-1")
           and replies[0].envelope_from not in ("", desk.ANNE),
           "the technician's answer reaches the client on his thread",
           *replies, running.log())
    if not replies:
        return running
    tap.ok(notice["Message-ID"] not in replies[0].bytes.decode("latin-1")
           and "> " not in replies[0].text
           and notice["Reply-To"] not in replies[0].bytes.decode("latin-1"),
           "without the notice, its quotation or its token",
           replies[0].bytes.decode("latin-1"))

    box.deliver(desk.mail(
        desk.JEANNE, "Re: " + replies[0]["Subject"],
        "C'est bon, merci beaucoup !\n", int(time.time()),
        name="Jeanne Morel", reply_to=replies[0]["Message-ID"],
        references=replies[0].ids + [replies[0]["Message-ID"]],
        message_id="<live.3@acier-vosges.example>"))
    desk.wait_for(lambda: len(sent_to(desk.ANNE)) > 1)
    notices = sent_to(desk.ANNE)[1:]
    tap.ok(len(notices) == 1 and "C'est bon, merci" in notices[0].text
           and len(sent_to(desk.JEANNE)) == 2,
           "the client's next mail is a notice, and no second acknowledgment",
           *notices, *sent_to(desk.JEANNE))

    box.deliver(desk.mail(
        desk.ANNE, "Re: " + notice["Subject"], "#resolve\n",
        int(time.time()), name="Anne Martin", reply_to=notice["Message-ID"],
        message_id="<live.4@desk.example>"))
    desk.wait_for(lambda: len(sent_to(desk.JEANNE)) > 2)
    resolutions = sent_to(desk.JEANNE)[2:]
    tap.ok(len(resolutions) == 1 and not resolutions[0].is_automatic
           and "#resolve" not in resolutions[0].text
           and of_thread(resolutions[0], "<live.1@acier-vosges.example>",
                         "<live.3@acier-vosges.example>"),
           "#resolve alone sends the resolution", *resolutions,
           running.log())
    return running


def test_stop(running, name):
    code = running.stop()
    tap.ok(code == 0 and not running.children("fetch")
           and '"something was still in flight"' not in running.log(),
           name + ": SIGTERM ends it cleanly", code, running.log()[-2000:])


def test_marks(box, site, count, how):
    """After the commit, and never a deletion."""
    if how == "keyword":
        mails = desk.wait_for(lambda: [m for m in [box.mails()] if all(
            "$Guichet" in flags for flags, _ in m)])
        mails = mails[0] if mails else box.mails()
        good = all("$Guichet" in flags and "\\Deleted" not in flags
                   and "\\Seen" not in flags for flags, _ in mails)
    else:
        desk.wait_for(lambda: not box.mails())
        mails = box.mails("Fait")
        good = not box.mails()
    tap.ok(good and len(mails) == count,
           f"{how}: {count} mails are marked on the server, none is gone",
           *mails, box.mails())


def test_variant(name, how):
    """The way there and back with another configuration."""
    box = Box("box-" + name)
    path = os.path.join(top, "site-" + name)
    if how == "move":
        box.server.session().create("Fait")
        server = desk.SmtpServer(pki.context("good"), True, SMTP_LOGIN)
        site = desk.Site(path, [imap(path, box, done={"move": "Fait"})],
                         smtp(path, server, tls="implicit"), rules=rules)
    else:
        server = desk.SmtpServer(pki.context("good"), False, SMTP_LOGIN)
        site = desk.Site(path, [imap(path, box, port=box.server.imap,
                                     tls="starttls")],
                         smtp(path, server, tls="starttls"), rules=rules)
    try:
        running = test_conversation(box, server, site, server.to)
        test_marks(box, site, 4, "move" if how == "move" else "keyword")
        test_stop(running, name)
        state = site.json("list", "--all") or [{}]
        tap.ok(len(state) == 1 and state[0].get("state") == "resolved"
               and state[0].get("messages") == 4,
               name + ": one ticket, resolved, of four mails", state)
        if how == "starttls":
            plain = {verb for secure, verb in server.commands if not secure}
            tap.ok(plain == {"EHLO", "STARTTLS"},
                   "STARTTLS: nothing else is said in the clear", plain)
            test_validity(box, server, site)
        else:
            test_put_back(box, server, site)
    finally:
        server.close()
        box.stop()


def another_mail(name, box, server, site, dump):
    """A new mail is taken; of what was known nothing happens again."""
    sent = len(server.taken)
    box.deliver(request("Question sur la facturation", 5, desk.KARIM,
                        "Karim Benali"))
    running = desk.Running(site)
    desk.wait_for(lambda: len(server.taken) >= sent + 3)
    tap.ok(len(server.to(desk.KARIM)) == 1, name + ": what is new is taken",
           running.log())
    running.stop()
    after = site.dump()
    tap.ok(after.startswith(dump.rstrip("\n")) and "\nticket 2: " in after
           and "\nticket 3: " not in after and len(server.taken) == sent + 3
           and len(server.to(desk.JEANNE)) == 3,
           name + ": and what was known is not taken twice",
           f"{len(server.taken)} sent, {sent} before", dump, after)


def test_validity(box, server, site):
    """The server loses its index, or the mailbox is made anew: every mail is
    there again under another UID, and no mail is taken twice or passed by."""
    dump = site.dump()
    box.stop()
    for file in glob.glob(box.server.maildir + "/dovecot*"):
        os.remove(file)
    now = time.time()
    desk.wait_for(lambda: time.time() > now + 1.1)  # UIDVALIDITY is a time
    box.start()
    desk.wait_for(lambda: not server_silent(box))
    another_mail("a new UIDVALIDITY", box, server, site, dump)


def test_put_back(box, server, site):
    """Somebody moves what was done back into the folder."""
    client = box.server.session()
    client.select("Fait")
    client.uid("MOVE", "1:*", "INBOX")
    client.logout()
    tap.ok(len(box.mails()) == 4, "four mails are back", *box.mails())
    another_mail("mails that were put back", box, server, site, site.dump())
    tap.ok(len(box.mails("Fait")) == 5 and not box.mails(),
           "and they are moved away again", *box.mails())


def server_silent(box):
    try:
        box.server.session().logout()
        return False
    except OSError:
        return True


def test_two_mailboxes():
    """One mailbox refuses us and another is away: the third does not care,
    and the one that comes back is found again by itself."""
    good, away = Box("box-good"), Box("box-away")
    path = os.path.join(top, "site-two")
    server = desk.SmtpServer(pki.context("good"), True, SMTP_LOGIN)
    site = desk.Site(path, [
        imap(path, good, "wrong", password="not this one"),
        imap(path, away, "away"), imap(path, good, "good")],
        smtp(path, server), rules=rules)
    away.deliver(request("Panne de l'imprimante du quai 3", 11, desk.KARIM,
                         "Karim Benali"))
    away.stop()
    good.deliver(request("Panne bloquante de l'ERP", 10))
    running = desk.Running(site)
    try:
        desk.wait_for(lambda: server.to(desk.JEANNE))
        tap.ok(len(server.to(desk.JEANNE)) == 1,
               "a mailbox works while two others do not", running.log())
        tap.ok(running.wait_log("mailbox=wrong")
               and running.wait_log("mailbox=away")
               and re.search(r"mailbox=wrong .*(LOGIN|[Aa]uthenticat)",
                             running.log()) is not None,
               "each failure is told, with the server's words",
               running.log())
        pauses = desk.wait_for(
            lambda: len(re.findall(r"mailbox=away .*again=(\d+)",
                                   running.log())) >= 3)
        seen = [int(p) for p in re.findall(r"mailbox=away .*again=(\d+)",
                                           running.log())]
        tap.ok(pauses and seen == sorted(seen) and seen[0] < seen[-1],
               f"its pauses grow: {seen}", running.log())
        away.start()
        desk.wait_for(lambda: server.to(desk.KARIM), 90)
        tap.ok(len(server.to(desk.KARIM)) == 1
               and len(server.to(desk.JEANNE)) == 1,
               "and it recovers alone when its server is back",
               running.log())
        test_stop(running, "two mailboxes")
    finally:
        running.stop()
        server.close()
        good.stop()
        away.stop()


def test_mark_refused():
    """One of four mails cannot be marked: the others are, and the next start
    asks for that one again and nothing else happens to it."""
    site = desk.Site(os.path.join(top, "site-refused"), rules=rules)
    now = int(time.time()) - 60
    for n in range(4):
        site.deliver(request(f"Panne {n}", n), now + n, str(n))
    new, cur = (os.path.join(site.box, name) for name in ("new", "cur"))
    there = sorted(os.listdir(new))
    taken = os.path.join(cur, there[1] + ":2,")
    with open(taken, "w", encoding="ascii") as f:
        f.write("another mail of that name")
    got = site.once()
    tap.ok(os.listdir(new) == [there[1]]
           and sorted(os.listdir(cur)) == [name + ":2," for name in there],
           "one mail that cannot be marked hinders no other",
           got.stderr, os.listdir(new), os.listdir(cur))
    tap.ok(got.returncode == 1 and got.stderr.count("mark-refused") == 1
           and there[1] in got.stderr, "it is told", got.stderr)
    tap.ok(len(site.json("list")) == 4, "and it is a ticket all the same")
    os.remove(taken)
    got = site.once()
    tap.ok(os.listdir(new) == [] and got.returncode == 0
           and len(site.json("list")) == 4,
           "asked for again, without a second ticket", got.stderr)


def test_final_dot():
    """The desk dies while the server has the whole mail and has not answered:
    nobody knows. An acknowledgment is not sent again, a reply is, once."""
    path = os.path.join(top, "site-dot")
    server = desk.SmtpServer(pki.context("good"), True, SMTP_LOGIN)
    site = desk.Site(path, None, smtp(path, server), rules=rules)
    now = int(time.time())
    site.deliver(request("Panne bloquante de l'ERP", 20), now, "20")
    running = [None]
    kill_for = [desk.JEANNE]

    def on_body(sent):
        if sent.envelope_to == kill_for[0]:
            kill_for[0] = None
            running[0].process.kill()
            running[0].process.wait()
        return None

    server.on_body = on_body
    running[0] = desk.Running(site)
    desk.wait_for(lambda: running[0].process.poll() is not None)
    first = len(server.to(desk.JEANNE))
    got = site.once()
    tap.ok(first == 1 and got.returncode == 0
           and len(server.to(desk.JEANNE)) == 1
           and re.search(r"acknowledgment to \S+ \S+ maybe", site.dump())
           and len(server.to(desk.ANNE)) == 1,
           "killed at the acknowledgment's dot: maybe sent, never again",
           got.stderr, site.dump())
    notice = server.to(desk.ANNE)[0]
    site.deliver(answer(notice, "C'est réparé.\n\nAnne", 21), now + 1, "21")
    kill_for[0] = desk.JEANNE
    running[0] = desk.Running(site)
    desk.wait_for(lambda: running[0].process.poll() is not None)
    before = len(server.to(desk.JEANNE))
    got = site.once()
    ids = [sent["Message-ID"] for sent in server.to(desk.JEANNE)][1:]
    tap.ok(before == 2 and got.returncode == 0 and len(ids) == 2
           and len(set(ids)) == 1,
           "killed at a reply's dot: once more, with the same Message-ID",
           ids, got.stderr, site.dump())
    got = site.once()
    tap.ok(len(server.to(desk.JEANNE)) == 3, "and not a third time",
           got.stderr)
    server.close()


for part in (lambda: test_variant("move", "move"),
             lambda: test_variant("starttls", "starttls"),
             test_two_mailboxes, test_mark_refused, test_final_dot):
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
