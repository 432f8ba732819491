"""What the tests of the whole desk share: a site of one's own in a folder,
mails as the border delivers them, and the program itself."""

import base64
import datetime
import email
import email.policy
import email.utils
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
GUICHET = os.environ.get("GUICHET", os.path.join(ROOT, "guichet"))

DESK = "help@desk.example"
ANNE = "anne.martin@desk.example"
MARY = "mary.collins@desk.example"
JEANNE = "jeanne.morel@acier-vosges.example"
KARIM = "karim.benali@acier-vosges.example"


def instant(text):
    """Seconds of an ISO 8601 instant."""
    return int(datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp())


def rfc_date(when):
    return email.utils.formatdate(when)


def iso(when):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when))


def wait_for(what, seconds=120.0, every=0.05):
    """The first true answer, or the last one. Not a measure of time: a limit
    for what would never come."""
    end = time.monotonic() + seconds
    while True:
        got = what()
        if got or time.monotonic() > end:
            return got
        time.sleep(every)


def mail(sender, subject, text, when, to=DESK, message_id=None, reply_to=None,
         references=(), name=None, auth="pass", headers=()):
    """A mail as the border hands it over, stamps and all."""
    domain = sender.partition("@")[2]
    if message_id is None:
        message_id = f"<{when}.{abs(hash(subject)) % 10**8}@{domain}>"
    lines = [f"Return-Path: <{sender}>",
             f"Received: from mail.{domain} (mail.{domain} [192.0.2.7])",
             "\tby mx.desk.example (Postfix) with ESMTPS id 4XyzAb",
             f"\tfor <{to}>; {rfc_date(when)}"]
    if auth:
        lines.insert(1, f"Authentication-Results: mx.desk.example;"
                     f" dkim=pass header.d={domain};\r\n"
                     f"\tspf=pass smtp.mailfrom={domain};"
                     f" dmarc={auth} header.from={domain}")
    lines += [f"From: {name} <{sender}>" if name else f"From: {sender}",
              f"To: {to}", f"Subject: {subject}",
              f"Date: {rfc_date(when)}", f"Message-ID: {message_id}"]
    if reply_to:
        lines.append(f"In-Reply-To: {reply_to}")
    if references or reply_to:
        lines.append("References: " + " ".join(references or [reply_to]))
    lines += list(headers)
    lines += ["MIME-Version: 1.0",
              "Content-Type: text/plain; charset=utf-8",
              "Content-Transfer-Encoding: 8bit", ""]
    body = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return ("\r\n".join(lines) + "\r\n" + body).encode("utf-8")


def maildir(path):
    for name in ("tmp", "new", "cur"):
        os.makedirs(os.path.join(path, name), exist_ok=True)
    return path


def put(path, data, when, name):
    """A mail into new/, as a delivery agent does."""
    maildir(path)
    base = f"{when}.M{name}P1.test"
    tmp = os.path.join(path, "tmp", base)
    with open(tmp, "wb") as f:
        f.write(data)
    os.utime(tmp, (when, when))
    os.rename(tmp, os.path.join(path, "new", base))


class Sent:
    """One of our mails, as Python's own parser sees it."""

    def __init__(self, data, path=None, to=None):
        self.bytes, self.path, self.envelope_to = data, path, to
        self.message = email.message_from_bytes(
            data, policy=email.policy.default)

    def __getitem__(self, name):
        value = self.message[name]
        return None if value is None else str(value)

    @property
    def to(self):
        return self.message["To"].addresses[0].addr_spec

    @property
    def text(self):
        part = self.message.get_body(("plain",))
        return part.get_content() if part is not None else ""

    @property
    def html(self):
        part = self.message.get_body(("html",))
        return part.get_content() if part is not None else ""

    @property
    def ids(self):
        return (self["References"] or "").split()

    @property
    def is_automatic(self):
        return (self["Auto-Submitted"] or "no") != "no"

    def __repr__(self):
        return (f"to {self.to}: {self['Subject']!r} "
                f"{self['Message-ID']} {self.text[:60]!r}")


def read_maildir(path):
    """What was sent, oldest first."""
    found = []
    for name in ("new", "cur"):
        folder = os.path.join(path, name)
        for file in os.listdir(folder) if os.path.isdir(folder) else []:
            full = os.path.join(folder, file)
            with open(full, "rb") as f:
                found.append((os.stat(full).st_mtime_ns, file, f.read(),
                              full))
    return [Sent(data, full) for _, _, data, full in sorted(found)]


class Site:
    """A configuration of its own, and the commands on it."""

    def __init__(self, path, mailboxes=None, send=None, strangers="no",
                 rules=None, extra="", answers_wait="0"):
        self.path = path
        os.makedirs(path, exist_ok=True)
        self.box = os.path.join(path, "mail")
        self.out = os.path.join(path, "sent")
        self.store = os.path.join(path, "store", "guichet.sqlite")
        os.makedirs(os.path.dirname(self.store), exist_ok=True)
        self.conf = os.path.join(path, "guichet.yaml")
        self.tokens = os.path.join(path, "tokens")
        if mailboxes is None:
            maildir(self.box)
            mailboxes = [{"name": "help", "maildir": self.box}]
        self.mailboxes = mailboxes
        self.send = send or {"maildir": self.out}
        self.strangers, self.extra = strangers, extra
        self.answers_wait = answers_wait
        self.rules = rules or os.path.join(ROOT, "rules")
        self.write()

    def write(self):
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f"""site:
  name: Assistance Desk Exemple
  address: {DESK}
  addresses: [sos24@desk.example]
  plus_addresses: yes
  language: fr
  zone: Europe/Paris
store: {self.store}
rules: {self.rules}
readers: 1
tokens: {self.tokens}
answers_wait: {self.answers_wait}
silence: {{remind: 365, give_up: 365, third_party: 365, review: 365}}
border:
  authserv_id: mx.desk.example
  hosts: [mx.desk.example]
  strips: verified
mailboxes: {json.dumps(self.mailboxes)}
send: {json.dumps(self.send)}
manager: {{name: Paule Gestion, address: paule@desk.example}}
technicians:
- {{name: Anne Martin, address: {ANNE}}}
- {{name: Mary Collins, address: {MARY}, language: en}}
acknowledge: {{strangers: {self.strangers}, within: 24h}}
{self.extra}
""")

    def secret(self, name, text):
        path = os.path.join(self.path, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, 0o600)
        return path

    def command(self, *args):
        return [GUICHET, args[0], "-c", self.conf, *args[1:]]

    def call(self, *args, text=None, timeout=60, env=None):
        """One subcommand, to its end; bytes are read as UTF-8."""
        return subprocess.run(
            self.command(*args), input=text, timeout=timeout,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            errors="replace", env=dict(os.environ, **(env or {})))

    def once(self, at=None, *more, timeout=60):
        words = ["run", "--once", *(["--at", at] if at else []), *more]
        return self.call(*words, timeout=timeout)

    def dump(self):
        got = self.call("dump")
        return got.stdout if got.returncode == 0 else (
            f"dump failed: {got.returncode} {got.stderr}")

    def json(self, *args):
        got = self.call(*args, "--json")
        return [json.loads(line, object_pairs_hook=dict)
                for line in got.stdout.splitlines()]

    def deliver(self, data, when, name="1", box=None):
        put(box or self.box, data, when, name)

    def sent(self):
        return read_maildir(self.out)


class Running:
    """`guichet run`, as a service starts it."""

    def __init__(self, site, *args):
        self.site = site
        self.log_path = os.path.join(site.path, "log")
        self.log_file = open(self.log_path, "wb")
        self.process = subprocess.Popen(
            site.command("run", *args), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self.log_file)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait_log(self, text, times=1, seconds=30):
        return wait_for(lambda: self.log().count(text) >= times
                        or self.process.poll() is not None, seconds) \
            and self.log().count(text) >= times

    def children(self, role):
        """Process ids of this desk's children of a role."""
        found = []
        try:
            with open(f"/proc/{self.process.pid}/task/"
                      f"{self.process.pid}/children") as f:
                pids = f.read().split()
        except OSError:
            return found
        for pid in pids:
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    words = f.read().split(b"\0")
            except OSError:
                continue
            if words[1:3] == [b"--child", role.encode()]:
                found.append(int(pid))
        return found

    def stop(self, signal_number=signal.SIGTERM, seconds=30):
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.log_file.close()
        return code


class SmtpServer:
    """
    Takes mail as a smarthost does, and keeps it. `context` with `implicit`
    is TLS from the first byte, without it STARTTLS is asked for first;
    without a context everything is plain. `login` is (user, password).
    Decisions are the test's: on_rcpt(address) and on_body(taken) return the
    answer's line, or None for the usual one; "drop" closes the connection.
    """

    def __init__(self, context=None, implicit=True, login=None, port=0):
        self.context, self.implicit, self.login = context, implicit, login
        self.taken = []     # Sent, in the order they came
        self.commands = []  # every verb, to see what was said before TLS
        self.on_rcpt = self.on_body = lambda what: None
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.closed = False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while not self.closed:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,),
                             daemon=True).start()

    def close(self):
        self.closed = True
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def serve(self, client):
        try:
            client.settimeout(60)
            if self.context is not None and self.implicit:
                client = self.context.wrap_socket(client, server_side=True)
            self.talk(client)
        except (OSError, ssl.SSLError, ValueError):
            pass
        finally:
            client.close()

    def talk(self, client):
        secure = self.context is None or self.implicit
        known = self.login is None
        sender, recipients = None, []
        stream = client.makefile("rb")
        client.sendall(b"220 smtp.desk.example ESMTP\r\n")
        while True:
            line = stream.readline()
            if not line:
                return
            words = line.decode("latin-1").rstrip("\r\n")
            verb = words.split(" ")[0].upper()
            with self.lock:
                self.commands.append((secure, verb))
            answer = "250 2.0.0 Ok"
            if verb == "EHLO":
                answer = "250-smtp.desk.example\r\n250-8BITMIME\r\n"
                if not secure:
                    answer += "250-STARTTLS\r\n"
                elif self.login is not None:
                    answer += "250-AUTH PLAIN\r\n"
                answer += "250 ENHANCEDSTATUSCODES"
            elif verb == "STARTTLS" and not secure:
                client.sendall(b"220 2.0.0 Ready\r\n")
                client = self.context.wrap_socket(client, server_side=True)
                stream, secure = client.makefile("rb"), True
                continue
            elif verb == "AUTH" and secure:
                known, answer = self.authenticate(client, stream, words)
            elif not secure or (not known and verb in ("MAIL", "RCPT")):
                answer = "530 5.7.0 Not like this"
            elif verb == "MAIL":
                sender = re.search(r"<(.*?)>", words).group(1)
                recipients = []
            elif verb == "RCPT":
                address = re.search(r"<(.*?)>", words).group(1)
                answer = self.on_rcpt(address) or answer
                if answer.startswith("250"):
                    recipients.append(address)
            elif verb == "DATA" and not recipients:
                answer = "554 5.5.1 No valid recipients"
            elif verb == "DATA":
                answer = self.take(client, stream, sender, recipients)
            elif verb == "QUIT":
                client.sendall(b"221 2.0.0 Bye\r\n")
                return
            if answer == "drop":
                return
            client.sendall(answer.encode() + b"\r\n")

    def authenticate(self, client, stream, words):
        parts = words.split(" ")
        if len(parts) < 3:
            client.sendall(b"334 \r\n")
            parts.append(stream.readline().decode("latin-1").strip())
        given = base64.b64decode(parts[2]).split(b"\0")[1:]
        if given == [part.encode() for part in self.login]:
            return True, "235 2.7.0 Welcome"
        return False, "535 5.7.8 Wrong user or password"

    def take(self, client, stream, sender, recipients):
        client.sendall(b"354 Go on\r\n")
        lines = []
        while True:
            line = stream.readline()
            if not line:
                return "drop"
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        sent = Sent(b"".join(lines), to=recipients[0])
        sent.envelope_from = sender
        answer = self.on_body(sent) or "250 2.0.0 Taken"
        if answer.startswith("250"):
            with self.lock:
                self.taken.append(sent)
        return answer

    def to(self, address):
        with self.lock:
            return [sent for sent in self.taken if sent.envelope_to == address]


def timeless_rules(path):
    """The example rules, with a contract that is in force whenever the test
    is run."""
    shutil.copytree(os.path.join(ROOT, "rules"), path)
    with open(os.path.join(path, "contracts", "acier-vosges.yaml"), "w",
              encoding="utf-8") as f:
        f.write(f"""client: Aciéries des Vosges
language: fr
contacts:
- {{name: Jeanne Morel, address: {JEANNE}}}
- {{name: Karim Benali, address: {KARIM}}}
domains: [acier-vosges.example]
versions:
- from: 2000-01-01
  plans: [sos24, ald]
  fields: {{fusion: no, gateways: yes, users: 80, erp_monitoring: yes}}
""")
    return path


def small_rules(path):
    """Those without what takes long to load and these tests never meet: they
    start the desk some hundred times."""
    timeless_rules(path)
    shutil.rmtree(os.path.join(path, "alerts"), ignore_errors=True)
    keep = {"match": ["00-mots.yaml", "10-panne.yaml"], "contracts": ["acier-vosges.yaml"],
            "plans": ["sos24.yaml", "ald.yaml"],
            "calendars": ["sos24.yaml", "always.yaml"]}
    for folder, files in keep.items():
        for name in os.listdir(os.path.join(path, folder)):
            if name not in files:
                os.remove(os.path.join(path, folder, name))
    with open(os.path.join(path, "robots.yaml"), "w") as f:
        f.write("""
- {class: self, name: own-message-id, test: own-message-id}
- {class: self, name: own-mark, test: own-mark}
- class: autoreply
  name: auto-replied
  test: auto-submitted
  value: '^auto[-_]?repl(y|ied)$'
""")
    return path
