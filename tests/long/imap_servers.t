#!/usr/bin/python3
"""The IMAP source against Cyrus and Courier: what Dovecot does otherwise.

Debian's packages conflict with each other, so they are unpacked into a folder
of their own (tests/lint/unpack) and run from there, without TLS on loopback;
in front of each stands TLS of the test's."""

import hashlib
import imaplib
import os
import pwd
import re
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "e2e"))
import wire_lib as wire

tap = wire.Tap()
path = wire.folder()
pki = wire.Pki(path)
ROOT = os.path.join(wire.ROOT, "build", "servers")
LIBRARIES = ":".join([f"{ROOT}/usr/lib/cyrus",
                      f"{ROOT}/usr/lib/x86_64-linux-gnu", f"{ROOT}/usr/lib"])
ENVIRONMENT = dict(os.environ, LD_LIBRARY_PATH=LIBRARIES)


def copy(source, target):
    """Bytes from one to the other, until the end."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except (OSError, ssl.SSLError, ValueError):
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Front:
    """TLS, then whatever `connect` gives for a connection."""

    def __init__(self, connect):
        self.connect = connect
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        context = pki.context("good")
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(context, plain),
                             daemon=True).start()

    def talk(self, context, plain):
        try:
            client = context.wrap_socket(plain, server_side=True)
            server = self.connect(client)
        except (OSError, ssl.SSLError):
            return
        if server is None:
            return
        # One thread may read and one write; Python locks the TLS itself.
        threading.Thread(target=copy, args=(server, client),
                         daemon=True).start()
        copy(client, server)

    def close(self):
        self.listener.close()


class Server:
    """What both have: a front, and a person's program in front of it."""

    prefix = "INBOX."

    def session(self):
        context = ssl._create_unverified_context()
        client = imaplib.IMAP4_SSL("127.0.0.1", self.front.port,
                                   ssl_context=context)
        client.login("anne", "secret")
        return client

    def append(self, folder, n):
        client = self.session()
        client.append(folder, None, "\"20-Nov-2026 17:00:%02d +0100\"" % n,
                      mail(n))
        client.logout()

    def stop(self):
        self.front.close()


class Cyrus(Server):
    name = "Cyrus"

    def __init__(self, top):
        os.makedirs(top)
        self.port = wire.free_port()
        for name in ("conf", "spool"):
            os.makedirs(os.path.join(top, name))
        nobody = pwd.getpwnam("nobody") if os.getuid() == 0 \
            else pwd.getpwuid(os.getuid())
        conf, services = (os.path.join(top, name)
                          for name in ("imapd.conf", "cyrus.conf"))
        with open(conf, "w", encoding="ascii") as f:
            f.write(f"""configdirectory: {top}/conf
partition-default: {top}/spool
defaultpartition: default
admins: cyrus
allowplaintext: yes
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN LOGIN
unixhierarchysep: no
altnamespace: no
cyrus_user: {nobody.pw_name}
""")
        with open(services, "w", encoding="ascii") as f:
            f.write(f"""START {{
}}
SERVICES {{
  imap cmd="{ROOT}/usr/lib/cyrus/bin/imapd -C {conf}" \
listen="127.0.0.1:{self.port}" prefork=0
}}
EVENTS {{
}}
""")
        for base, _, names in os.walk(top):
            for name in [base] + [os.path.join(base, n) for n in names]:
                os.chown(name, nobody.pw_uid, nobody.pw_gid)
        self.process = subprocess.Popen(
            [f"{ROOT}/usr/lib/cyrus/bin/master", "-C", conf, "-M", services,
             "-p", f"{top}/master.pid"], env=ENVIRONMENT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                admin = imaplib.IMAP4("127.0.0.1", self.port)
                break
            except OSError:
                time.sleep(0.05)
        admin.login("cyrus", "secret")
        admin.create("user.anne")
        admin.setacl("user.anne", "anne", "lrswipkxtecda")
        admin.logout()
        self.front = Front(lambda _: socket.create_connection(
            ("127.0.0.1", self.port)))

    def stop(self):
        super().stop()
        self.process.terminate()
        self.process.wait()


class Courier(Server):
    """Its imapd alone: login is played by the front."""

    name = "Courier"

    def __init__(self, top):
        self.maildir = os.path.join(top, "Maildir")
        for name in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.maildir, name))
        self.processes = []
        self.front = Front(self.login)

    def login(self, client):
        stream = client.makefile("rwb", buffering=0)
        stream.write(b"* OK ready\r\n")
        while True:
            line = stream.readline().decode()
            tag, _, words = line.rstrip().partition(" ")
            if words.upper().startswith("CAPABILITY"):
                stream.write(b"* CAPABILITY IMAP4rev1\r\n%b OK done\r\n"
                             % tag.encode())
            elif words.upper().startswith("LOGIN"):
                stream.write(b"%b OK LOGIN Ok.\r\n" % tag.encode())
                break
            else:
                return None
        ours, theirs = socket.socketpair()
        self.processes.append(subprocess.Popen(
            [f"{ROOT}/usr/bin/imapd", self.maildir], stdin=theirs,
            stdout=theirs, stderr=subprocess.DEVNULL, env=dict(
                ENVIRONMENT, AUTHENTICATED="anne", IMAP_USELOCKS="0",
                IMAP_KEYWORDS="1", IMAP_ENHANCEDIDLE="0",
                IMAP_CAPABILITY="IMAP4rev1 UIDPLUS NAMESPACE")))
        theirs.close()
        greeting = ours.makefile("rb", buffering=0)
        while not greeting.readline().startswith(b"* PREAUTH"):
            pass
        return ours

    def stop(self):
        super().stop()
        for process in self.processes:
            process.terminate()
            process.wait()


def mail(n):
    return (b"From: Jean Dupont <jean@client.example>\r\n"
            b"To: support@desk.example\r\nSubject: Panne %d\r\n"
            b"Message-ID: <%d@client.example>\r\n\r\nBonjour,\r\n" % (n, n)
            + b"ligne %d\r\n" % n * (n * 500))


def digest(n):
    return hashlib.sha256(mail(n)).hexdigest()


def lines_of(lines, word):
    return [line.split() for line in lines if line.split(" ")[0] == word]


def source(server, *args):
    return wire.drive("source", f"port={server.front.port}", "user=anne",
                      "password=secret", "ca=" + pki.file("ca.pem"), *args)


def test_fetch(server):
    for n in (1, 2, 3):
        server.append("INBOX", n)
    lines = source(server, "look", "look")
    mails = lines_of(lines, "mail")
    tap.ok([m[6:8] for m in mails]
           == [["whole", digest(n)] for n in (1, 2, 3)]
           and mails[1][3] == "2026-11-20T16:00:02Z",
           f"{server.name}: every mail once, its bytes and its date", *lines)
    lines = source(server, f"cursor={mails[1][1]}:{mails[1][2]}", "look")
    tap.ok(len(lines_of(lines, "mail")) == 1, f"{server.name}: the cursor",
           *lines)
    lines = source(server, "cursor=1:2", "since=now",
                   "first_look=2026-11-20T16:00:03Z", "look")
    tap.ok([m[7] for m in lines_of(lines, "mail")] == [digest(3)],
           f"{server.name}: another UIDVALIDITY", *lines)


def test_done(server):
    lines = source(server, "done=keyword", "name=$Guichet", "look", "done")
    client = server.session()
    client.select("INBOX")
    flags = str(client.uid("FETCH", "1:*", "(FLAGS)")[1])
    tap.ok(flags.count("$Guichet") == 3 and "Seen" not in flags,
           f"{server.name}: keyword", flags, *lines)
    lines = source(server, "done=move", "name=Done", "look")
    tap.ok(any(re.match(r"warning .*INBOX\.Done", line) for line in lines),
           f"{server.name}: 'Done' stands below the prefix", *lines)
    client.create("INBOX.Done")
    client.logout()
    lines = source(server, "done=move", "name=Done", "look")
    tap.ok(any(re.match(r"warning .*did you mean 'INBOX\.Done'", line)
               for line in lines),
           f"{server.name}: did you mean 'INBOX.Done'", *lines)
    lines = source(server, "done=move", "name=INBOX.Done", "look", "done",
                   "look")
    tap.ok(len(lines_of(lines, "done")) == 3
           and not lines_of(lines, "error")
           and not lines_of(lines, "warning"), f"{server.name}: moved",
           *lines)
    lines = source(server, "folder=Done", "look")
    tap.ok(lines[0].startswith("error CONFIG")
           and "INBOX.Done" in lines[0],
           f"{server.name}: no such folder, and which is meant", *lines)


def test_made_anew(server):
    """The folder is deleted and made again while it is selected (R4)."""
    client = server.session()
    client.create("INBOX.Box")
    server.append("INBOX.Box", 4)
    process = subprocess.Popen(
        [wire.DRIVER, "source", f"port={server.front.port}", "user=anne",
         "password=secret", "ca=" + pki.file("ca.pem"), "folder=INBOX.Box",
         "look", "wait:60", "look"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    first = [process.stdout.readline() for _ in range(3)]
    now = int(time.time())
    while int(time.time()) <= now:  # UIDVALIDITY is a time
        time.sleep(0.05)
    client.delete("INBOX.Box")
    client.create("INBOX.Box")
    server.append("INBOX.Box", 5)
    process.stdin.write("x")
    process.stdin.close()
    rest = process.stdout.read()
    process.wait()
    client.logout()
    tap.ok(digest(4) in first[1] and digest(5) in rest,
           f"{server.name}: deleted and made anew under us", *first, rest)


def test_many(server):
    """A batch and its end; and what was expunged meanwhile."""
    client = server.session()
    client.create("INBOX.Many")
    for n in range(1, 61):
        client.append("INBOX.Many", None, None, mail(1))
    client.select("INBOX.Many")
    client.uid("STORE", "5:20", "+FLAGS", "(\\Deleted)")
    client.expunge()
    client.logout()
    lines = source(server, "folder=INBOX.Many", "look")
    tap.ok(len(lines_of(lines, "mail")) == 44
           and not lines_of(lines, "error"),
           f"{server.name}: a folder with gaps", *lines[-3:])


if not os.path.exists(os.path.join(ROOT, "complete")):
    tap.skip("Cyrus and Courier", "make deps-long unpacks them")
    tap.end()
for kind in (Cyrus, Courier):
    try:
        server = kind(os.path.join(path, kind.__name__))
    except Exception as e:
        tap.ok(False, kind.__name__ + " starts", repr(e))
        continue
    try:
        for test in (test_fetch, test_done, test_made_anew, test_many):
            test(server)
    except Exception as e:
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
    finally:
        server.stop()
wire.remove(path)
tap.end()
