#!/usr/bin/python3
"""
The gateway at work while everything around it breaks: 0 lost, 0 doubled, no
acknowledgment twice (doc/security.md 4.3, P1 to P4).

Clients write, technicians answer their notices, probes send alerts and their
ends, over a real Dovecot with TLS and an SMTP server that records. For SECONDS
(150) processes are killed and stopped, connections cut, the disk filled, the
store made read-only, Dovecot restarted and its UIDVALIDITY changed; then all is
put right, and what arrived is held against what was sent. SEED repeats the
order of the faults, not their very moments.
"""

import collections
import glob
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
import live_lib as desk
import wire_lib as wire

SECONDS = float(os.environ.get("SECONDS", "150"))
SETTLE = 420  # seconds, at most, for what is left to be done afterwards
SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
DISK = 192 * 1024 * 1024
SECRET = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"
LOGIN = ("help@desk.example", "s3cret du smtp")
STATES = {"alert": "CRITICAL", "end": "OK"}

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-chaos-")
os.chmod(top, 0o755)  # Dovecot reads mail as another user


class Proxy:
    """Passes connections on to a port, until they are cut."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = set()
        self.lock = threading.Lock()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(
                    ("127.0.0.1", self.target), 5)
            except OSError:
                if self.listener.fileno() < 0:
                    return
                client.close()
                continue
            server.settimeout(None)
            with self.lock:
                self.open |= {client, server}
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.carry, args=(a, b),
                                 daemon=True).start()

    def carry(self, source, target):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                target.sendall(data)
        except OSError:
            pass
        self.end(source, target)

    def end(self, *sockets):
        with self.lock:
            self.open -= set(sockets)
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def cut(self):
        with self.lock:
            now = list(self.open)
        self.end(*now)


class Disk:
    """The store's own small disk, where one may be mounted."""

    def __init__(self, path):
        self.path = path
        os.makedirs(path)
        got = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=700", "tmpfs",
             path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", check=False)
        self.mounted = got.returncode == 0
        self.why = got.stdout.strip()

    def fill(self):
        """To its last byte: what is there can be changed, nothing grows."""
        try:
            with open(os.path.join(self.path, "filler"), "wb",
                      buffering=0) as f:
                while f.write(bytes(1 << 20)):
                    pass
        except OSError:
            pass

    def free(self):
        try:
            os.remove(os.path.join(self.path, "filler"))
        except FileNotFoundError:
            pass

    def read_only(self, on):
        """False where somebody writes at this moment, as the kernel says."""
        return subprocess.run(
            ["mount", "-o", "remount," + ("ro" if on else "rw"), self.path],
            stderr=subprocess.DEVNULL, check=False).returncode == 0

    def remove(self):
        if self.mounted:
            subprocess.run(["umount", "-l", self.path], check=False)


class Gateway:
    """`guichet run`, and who starts it again."""

    def __init__(self, site):
        self.site, self.running, self.logs = site, None, []
        self.starts = 0

    def start(self):
        self.running = desk.Running(self.site)
        self.starts += 1

    def is_up(self):
        return self.running is not None and self.running.process.poll() is None

    def keep_up(self):
        """As systemd does."""
        if not self.is_up():
            self.end(signal.SIGKILL)
            self.start()

    def end(self, number):
        if self.running is not None:
            self.running.stop(number, seconds=40)
            self.logs.append(self.running.log())
            self.running = None

    def pids(self):
        """The desk and its hands, by role."""
        if not self.is_up():
            return []
        return [("desk", self.running.process.pid)] + [
            (role, pid) for role in ("fetch", "read", "send")
            for pid in self.running.children(role)]


class World:
    """All who write to the desk, and what they have written."""

    def __init__(self):
        self.pki = wire.Pki(top)
        self.rules = rules()
        path = os.path.join(top, "box")
        os.makedirs(path)
        os.chmod(path, 0o755)
        self.box = wire.Dovecot(path, self.pki)
        self.smtp = desk.SmtpServer(self.pki.context("good"), True, LOGIN)
        self.imap_proxy = Proxy(self.box.imaps)
        self.smtp_proxy = Proxy(self.smtp.port)
        self.disk = Disk(os.path.join(top, "site", "store"))
        self.site = self.new_site()
        self.gateway = Gateway(self.site)
        self.requests, self.answers, self.alerts = {}, {}, {}
        self.answered, self.number = set(), 0
        self.over = threading.Event()

    def new_site(self):
        path = os.path.join(top, "site")
        with open(os.path.join(path, "secret"), "w", encoding="utf-8") as f:
            f.write(wire.PASSWORD)
        with open(os.path.join(path, "smtp"), "w", encoding="utf-8") as f:
            f.write(LOGIN[1])
        for name in ("secret", "smtp"):
            os.chmod(os.path.join(path, name), 0o600)
        ca = self.pki.file("ca.pem")
        return desk.Site(
            path, rules=self.rules,
            mailboxes=[{"name": "help", "imap": {
                "host": "localhost", "port": self.imap_proxy.port,
                "user": "anne", "password_file": "secret", "ca_file": ca,
                "since": "all", "poll": "10s",
                "done": {"keyword": "guichet"}}}],
            send={"smtp": {"host": "localhost", "port": self.smtp_proxy.port,
                           "user": LOGIN[0], "password_file": "smtp",
                           "ca_file": ca, "connections": 2}},
            extra="alert_sources: [{name: mon, address: " + SECRET
            + ", require: token}]")

    def deliver(self, data):
        desk.put(self.box.maildir, data, int(time.time()), f"{self.number}")
        self.box.give()

    def next(self, domain):
        self.number += 1
        return self.number, f"<chaos.{self.number}@{domain}>"

    def request(self, rand):
        n, name = self.next("acier-vosges.example")
        sender = f"u{n}@acier-vosges.example"
        self.requests[name] = sender
        self.deliver(desk.mail(
            sender, f"Question {n} de l'atelier", "Bonjour,\n\n"
            f"Demande numéro {n}.\n" + "x" * rand.randrange(2000) + "\n",
            int(time.time()), message_id=name))

    def alert(self, kind, host):
        _, name = self.next("supervision.example")
        when = int(time.time())
        self.alerts[name] = (kind, host)
        word = {"alert": "PROBLEM", "end": "RECOVERY"}[kind]
        state = STATES[kind]
        self.deliver(desk.mail(
            "nagios@supervision.example",
            f"** {word} Service Alert: {host}/HTTP is {state} **",
            f"***** Nagios *****\n\nNotification Type: {word}\n\n"
            f"Service: HTTP\nHost: {host}\nAddress: 192.0.2.80\n"
            f"State: {state}\n\nDate/Time: {desk.iso(when)}\n\n"
            f"Additional Info:\n\n{state} - probe\n", when, to=SECRET,
            message_id=name))

    def answer(self):
        """Anne answers the next notice about a client's request."""
        with self.smtp.lock:
            taken = list(self.smtp.taken)
        for sent in taken:
            name = sent["Message-ID"]
            client = re.search(r"u\d+@acier-vosges\.example", sent.text)
            if (sent.envelope_to != desk.ANNE or name in self.answered
                    or client is None or "Demande numéro" not in sent.text):
                continue
            self.answered.add(name)
            n, own = self.next("desk.example")
            text = f"Réponse {n} à votre demande"
            self.answers[own] = (client.group(), text)
            self.deliver(desk.mail(
                desk.ANNE, "Re: " + sent["Subject"], text + ".\n\nAnne\n",
                int(time.time()), name="Anne Martin", reply_to=name,
                to=sent["Reply-To"] or desk.DESK, message_id=own))
            return

    def live(self):
        """Something every now and then, until it is over."""
        rand, hosts, firing = random.Random(SEED + 1), 0, []
        while not self.over.wait(rand.uniform(0.1, 0.7)):
            what = rand.random()
            if what < 0.45:
                self.request(rand)
            elif what < 0.75:
                self.answer()
            elif what < 0.9 or not firing:
                hosts += 1
                firing.append(f"web{hosts}")
                self.alert("alert", firing[-1])
            else:
                self.alert("end", firing.pop(0))


def rules():
    path = desk.small_rules(os.path.join(top, "rules"))
    folder = os.path.join(path, "alerts")
    os.makedirs(folder)
    for name in ("nagios.yaml", "words.yaml"):
        shutil.copy(os.path.join(desk.ROOT, "rules", "alerts", name), folder)
    with open(os.path.join(folder, "hosts.yaml"), "w", encoding="utf-8") as f:
        f.write("severities: {down: 1, critical: 2, warning: 3}\n"
                "hosts: [{host: '*', contract: acier-vosges}]\n")
    return path


# ---- what breaks ----

def restart_dovecot(world, anew):
    world.box.stop()
    world.imap_proxy.cut()
    if anew:
        for file in glob.glob(world.box.maildir + "/dovecot*"):
            os.remove(file)
        time.sleep(1.1)  # UIDVALIDITY is a time in seconds
    world.box.start()


def kill(world, rand):
    found = world.gateway.pids()
    if found:
        role = rand.choice(sorted({role for role, _ in found}))
        pid = rand.choice([p for r, p in found if r == role])
        os.kill(pid, signal.SIGKILL)


def stop(world, rand):
    found = world.gateway.pids()
    if not found:
        return
    _, pid = rand.choice(found)
    try:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(rand.uniform(0.5, 3))
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass


def end_and_start(world, rand):
    world.gateway.end(rand.choice([signal.SIGTERM, signal.SIGINT,
                                   signal.SIGKILL]))
    world.gateway.start()


def full_disk(world, rand):
    world.disk.fill()
    time.sleep(rand.uniform(1, 4))
    world.disk.free()


def read_only(world, rand):
    if not world.disk.read_only(True):
        # Whoever has it open for writing keeps it so: stopped, it does not.
        world.gateway.end(signal.SIGKILL)
        world.disk.read_only(True)
        world.gateway.start()
    time.sleep(rand.uniform(1, 3))
    world.disk.read_only(False)


FAULTS = {
    "a process killed": kill,
    "a process stopped for a while": stop,
    "the gateway ended and started": end_and_start,
    "IMAP connections cut": lambda world, rand: world.imap_proxy.cut(),
    "SMTP connections cut": lambda world, rand: world.smtp_proxy.cut(),
    "Dovecot started anew": lambda world, rand: restart_dovecot(world, False),
    "a new UIDVALIDITY": lambda world, rand: restart_dovecot(world, True),
    "a full disk": full_disk,
    "a store that is read-only": read_only,
}
OFTEN = {"a process killed": 6, "SMTP connections cut": 3,
         "IMAP connections cut": 3}


def break_all(world):
    """One thing after the other; each kind as often as OFTEN says."""
    rand, count = random.Random(SEED), collections.Counter()
    kinds = dict(FAULTS)
    if not world.disk.mounted:
        for kind in ("a full disk", "a store that is read-only"):
            del kinds[kind]
            tap.skip(kind, "no disk may be mounted: " + world.disk.why)
    names = [name for name in kinds for _ in range(OFTEN.get(name, 1))]
    first = rand.sample(sorted(kinds), len(kinds))
    end = time.monotonic() + SECONDS
    while first or time.monotonic() < end:
        time.sleep(rand.uniform(0.2, 1.5))
        name = first.pop() if first else rand.choice(names)
        kinds[name](world, rand)
        count[name] += 1
        time.sleep(0.2)
        world.gateway.keep_up()
    tap.ok(set(count) == set(kinds), f"{sum(count.values())} faults: "
           + ", ".join(f"{name} {n}" for name, n in sorted(count.items())),
           "never: " + ", ".join(set(kinds) - set(count)))


# ---- what is left afterwards ----

def rows(world, sql, *args):
    store = sqlite3.connect(world.site.store, timeout=10)
    try:
        return store.execute(sql, args).fetchall()
    finally:
        store.close()


def unmarked(world):
    client = world.box.session()
    try:
        client.select("INBOX", readonly=True)
        return client.uid("SEARCH", "UNKEYWORD", "guichet")[1][0].split()
    finally:
        client.logout()


def is_settled(world):
    """All taken and marked, nothing left to send."""
    world.gateway.keep_up()
    for (row,) in rows(world, "SELECT id FROM outbox WHERE "
                       "state IN ('retry', 'ready') AND next > ?",
                       int(time.time()) + 10):
        world.site.call("outbox", "retry", str(row))
    return not unmarked(world) and not rows(
        world, "SELECT id FROM outbox WHERE state IN "
        "('ready', 'sending', 'dot', 'retry')") and not rows(
        world, "SELECT id FROM mail WHERE state IN ('raw', 'reading')")


def settle(world):
    world.gateway.end(signal.SIGTERM)
    world.gateway.start()
    good = desk.wait_for(lambda: is_settled(world), SETTLE, 1)
    return tap.ok(good, "afterwards all is taken, marked and sent",
                  f"unmarked: {unmarked(world)}", rows(
                      world, "SELECT id, state, what, recipient, reply FROM "
                      "outbox WHERE state <> 'sent'"), rows(
                      world, "SELECT id, state FROM mail WHERE "
                      "state <> 'done'"), world.gateway.running.log()[-3000:])


def mails_once(world):
    """Each mail is there once, done; each request has a ticket of its own."""
    sent = set(world.requests) | set(world.answers) | set(world.alerts)
    found = collections.defaultdict(list)
    for name, ticket, state in rows(
            world, "SELECT message_id, ticket, state FROM mail "
            "JOIN content ON content.mail = mail.id WHERE mailbox = 'help'"):
        found["<" + name + ">"].append((ticket, state))
    tap.ok(sent == set(found), f"{len(sent)} mails, 0 lost",
           "lost: ", *sorted(sent - set(found)), "of nobody: ",
           *sorted(set(found) - sent))
    twice = [name for name, all_of in found.items() if len(all_of) > 1]
    bad = [f"{n}: {all_of}" for n, all_of in found.items()
           if any(state != "done" for _, state in all_of)]
    tap.ok(not twice and not bad, "each once, decided", *twice, *bad)
    tickets = [found[name][0][0] for name in world.requests if name in found]
    tap.ok(len(set(tickets)) == len(tickets) and all(tickets),
           f"{len(tickets)} requests, a ticket of its own each",
           [t for t, n in collections.Counter(tickets).items() if n > 1])
    wrong = [f"{name} {host}" for name, (kind, host) in world.alerts.items()
             if len({found[n][0][0] for n, (_, h) in world.alerts.items()
                     if h == host and n in found}) != 1]
    tap.ok(not wrong, f"{len(world.alerts)} alerts and ends: one ticket a "
           "host", *wrong)


def answers_once(world):
    automatic, acks = collections.Counter(), collections.Counter()
    got = collections.defaultdict(list)
    for sent in world.smtp.taken:
        if sent.is_automatic:
            automatic[sent["Message-ID"]] += 1
            if sent.envelope_to in world.requests.values():
                acks[sent["In-Reply-To"]] += 1
        for own, (client, text) in world.answers.items():
            if sent.envelope_to == client and text + "." in sent.text:
                got[own].append(sent["Message-ID"])
    twice = [name for name, n in (automatic + acks).items() if n > 1]
    tap.ok(not twice, f"{sum(automatic.values())} notices and "
           f"{sum(acks.values())} acknowledgments, none twice", *twice)
    missing = [f"{own}: {world.answers[own]}" for own in world.answers
               if own not in got]
    tap.ok(not missing, f"{len(world.answers)} answers reached their client",
           *missing)
    tap.ok(all(len(set(ids)) == 1 for ids in got.values()),
           f"{sum(len(ids) - 1 for ids in got.values())} again, under the "
           "same Message-ID", *got.items())
    maybe = rows(world, "SELECT what, message_id FROM outbox WHERE "
                 "state IN ('maybe', 'failed')")
    unsent = [row for row in maybe if row[0] in ("reply", "resolution")]
    tap.ok(not unsent, f"{len(maybe)} acknowledgments and notices may not "
           "have gone out, no answer", *unsent)


def store_whole(world):
    world.gateway.end(signal.SIGTERM)
    dump = world.site.dump()
    rebuilt = world.site.call("rebuild")
    sound = rows(world, "PRAGMA integrity_check")
    tap.ok(sound == [("ok",)] and rebuilt.returncode == 0
           and world.site.dump() == dump,
           "the store is sound, and rebuilt the same", sound, rebuilt.stderr)


def main():
    print(f"# SEED={SEED}, {SECONDS:.0f} s", flush=True)
    world = World()
    try:
        world.gateway.start()
        tap.ok(world.gateway.running.wait_log("mailbox-up"), "the desk is up",
               world.gateway.running.log())
        writers = threading.Thread(target=world.live, daemon=True)
        writers.start()
        break_all(world)
        world.over.set()
        writers.join()
        if settle(world):
            mails_once(world)
            answers_once(world)
            store_whole(world)
    finally:
        world.over.set()
        world.gateway.end(signal.SIGKILL)
        world.box.stop()
        world.smtp.close()
        if tap.failed:
            for n, log in enumerate(world.gateway.logs):
                with open(os.path.join(top, f"log-{n}"), "w",
                          encoding="utf-8") as f:
                    f.write(log)
        world.disk.remove()


try:
    main()
except Exception as e:  # what it is belongs into the report
    tap.ok(False, "no surprise", repr(e), e.__traceback__.tb_next.tb_lineno)
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
