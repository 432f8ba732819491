"""What the tests of the wire share: TAP, a small PKI, a private Dovecot, and
servers that follow a written dialogue."""

import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build", "plain"))
DRIVER = os.path.join(BUILD, "tests", "tools", "wire_driver")
PASSWORD = 'p"a\\ss word-s3cret'


class Tap:
    """Counts and prints; exit code 1 if anything failed."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, *notes):
        self.count += 1
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good:
            self.failed += 1
            for note in notes:
                for line in str(note).splitlines() or [""]:
                    print(f"# {line}")
        sys.stdout.flush()
        return good

    def skip(self, name, why):
        self.count += 1
        print(f"ok {self.count} - {name} # SKIP {why}")

    def end(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def folder():
    path = tempfile.mkdtemp(prefix="guichet-wire-")
    os.chmod(path, 0o755)
    return path


def remove(path):
    shutil.rmtree(path, ignore_errors=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Pki:
    """A test authority, and certificates good and bad for `localhost`."""

    def __init__(self, path):
        self.path = path
        self.authority("ca")
        self.authority("foreign")
        self.certificate("good", "DNS:localhost,IP:127.0.0.1", "ca", 2)
        self.certificate("wronghost", "DNS:mail.example.net", "ca", 2)
        self.certificate("expired", "DNS:localhost", "ca", -1)
        self.certificate("unknown", "DNS:localhost", "foreign", 2)
        self.authority("selfsigned", "localhost")

    def file(self, name):
        return os.path.join(self.path, name)

    def openssl(self, *args):
        subprocess.run(("openssl",) + args, check=True, cwd=self.path,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def authority(self, name, common="Test authority"):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes",
                     "-keyout", name + ".key", "-out", name + ".pem",
                     "-subj", "/CN=" + common, "-days", "2", "-addext",
                     "subjectAltName=DNS:localhost")

    def certificate(self, name, names, by, days):
        with open(self.file(name + ".ext"), "w") as f:
            f.write("subjectAltName=" + names + "\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout",
                     name + ".key", "-out", name + ".csr", "-subj",
                     "/CN=test")
        self.openssl("x509", "-req", "-in", name + ".csr", "-CA",
                     by + ".pem", "-CAkey", by + ".key", "-CAcreateserial",
                     "-days", str(days), "-extfile", name + ".ext", "-out",
                     name + ".pem")

    def context(self, name, version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if version is not None:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
        context.load_cert_chain(self.file(name + ".pem"),
                                self.file(name + ".key"))
        return context


def drive(*args, timeout=120, **popen):
    """Runs the driver; its lines. A crash is a line too."""
    env = dict(os.environ, G_DEBUG="fatal-criticals",
               ASAN_OPTIONS="detect_leaks=0")
    got = subprocess.run((DRIVER,) + args, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, timeout=timeout, env=env,
                         stdin=subprocess.PIPE, **popen)
    lines = got.stdout.decode("utf-8", "replace").splitlines()
    if got.returncode != 0:
        lines.append(f"crash {got.returncode} "
                     + got.stderr.decode("utf-8", "replace")[-2000:])
    return lines


class Dovecot:
    """A private one on loopback, run by whoever runs the test."""

    def __init__(self, path, pki):
        self.path = path
        self.imap, self.imaps = free_port(), free_port()
        self.maildir = os.path.join(path, "mail", "anne")
        os.makedirs(self.maildir)
        root = os.getuid() == 0
        me = pwd.getpwuid(os.getuid()).pw_name
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.getuid())
        self.owner = owner
        with open(os.path.join(path, "passwd"), "w") as f:
            f.write("anne:{PLAIN}" + PASSWORD + "\n")
        self.config = os.path.join(path, "dovecot.conf")
        with open(self.config, "w") as f:
            f.write(f"""
protocols = imap
listen = 127.0.0.1
base_dir = {path}/run
state_dir = {path}/run
log_path = {path}/log
instance_name = guichet-test
default_internal_user = {"dovecot" if root else me}
default_internal_group = {"dovecot" if root else
                          __import__("grp").getgrgid(os.getgid()).gr_name}
default_login_user = {"dovenull" if root else me}
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <{pki.file("good.pem")}
ssl_key = <{pki.file("good.key")}
ssl_min_protocol = TLSv1.2
mail_location = maildir:{path}/mail/%u
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = {path}/passwd
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={path}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = {self.imaps}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
""")
        self.give()
        self.start()

    def start(self):
        self.process = subprocess.Popen(["dovecot", "-F", "-c", self.config],
                                        stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.imaps), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("dovecot does not start: " + self.log())

    def give(self):
        """Mail belongs to the user that Dovecot reads it as."""
        for base, _, names in os.walk(os.path.join(self.path, "mail")):
            for name in [base] + [os.path.join(base, n) for n in names]:
                os.chown(name, self.owner.pw_uid, self.owner.pw_gid)

    def log(self):
        try:
            with open(os.path.join(self.path, "log")) as f:
                return f.read()
        except OSError:
            return ""

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def deliver(self, count, body=b"Bonjour,\n", first=1, when=1795190400):
        """Mails into new/, as an MDA does."""
        for name in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.maildir, name), exist_ok=True)
        for n in range(first, first + count):
            path = os.path.join(self.maildir, "new",
                                f"{when + n}.M{n}P1.test")
            with open(path, "wb") as f:
                f.write(b"From: Jean Dupont <jean@client.example>\n"
                        b"To: support@desk.example\n"
                        b"Subject: Panne %d\n"
                        b"Message-ID: <%d@client.example>\n\n" % (n, n)
                        + body)
            os.utime(path, (when + n, when + n))
        self.give()

    def session(self):
        """Python's own client, to look at what we did."""
        import imaplib
        context = ssl._create_unverified_context()
        client = imaplib.IMAP4_SSL("127.0.0.1", self.imaps,
                                   ssl_context=context)
        client.login("anne", PASSWORD)
        return client


class Dialogue:
    """
    A server that follows a file: settings `key: value`, a line `---`, then

      S: text      sends a line; $ is the tag of the client's last command
      S~ text      sends without a line end; \\r \\n \\0 as in C
      C: regex     the client's next line must match, behind its tag
      BODY         takes an SMTP body up to its end
      TLS cert     the handshake, with that certificate
      LOGIN caps   the usual way to be let in, with those capabilities
      SELECT v n   the usual answer: UIDVALIDITY v, UIDNEXT n
      FILL n text  sends the text n times
      DELAY s      says nothing for so long
      DROP         closes the connection
      ACCEPT       waits for another connection
    """

    def __init__(self, file, pki):
        self.pki, self.name = pki, os.path.basename(file)
        self.settings, self.steps = {"expect": []}, []
        self.received, self.problem = b"", None
        with open(file, encoding="utf-8") as f:
            head, _, script = f.read().partition("\n---\n")
        for line in head.splitlines():
            if line.strip() and not line.startswith("#"):
                key, _, value = line.partition(":")
                if key == "expect":
                    self.settings["expect"].append(value.strip())
                else:
                    self.settings[key] = value.strip()
        self.steps = [line for line in script.splitlines()
                      if line.strip() and not line.startswith("#")]
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def accept(self):
        self.listener.settimeout(20)
        self.socket, _ = self.listener.accept()
        self.socket.settimeout(20)
        self.buffer, self.tag = b"", "*"
        if self.settings.get("tls", "none") != "none":
            self.handshake(self.settings["tls"])

    def handshake(self, name):
        name, _, version = name.partition(" ")
        versions = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1}
        context = self.pki.context(name, versions.get(version))
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def run(self):
        try:
            self.accept()
            for step in self.steps:
                self.step(step)
            self.drain()
        except (OSError, ssl.SSLError) as e:
            if self.problem is None and not self.settings.get("refused"):
                self.problem = f"{type(e).__name__}: {e}"
        except AssertionError as e:
            self.problem = str(e)
        finally:
            self.listener.close()
            if hasattr(self, "socket"):
                self.socket.close()

    def drain(self):
        try:
            while True:
                data = self.socket.recv(65536)
                if not data:
                    return
                self.received += data
                if b" LOGOUT\r\n" in data:
                    self.send(b"* BYE\r\n" + data.split()[0] + b" OK\r\n")
        except (OSError, ssl.SSLError):
            return

    def line(self):
        while b"\n" not in self.buffer:
            data = self.socket.recv(65536)
            if not data:
                raise AssertionError("the client closed early")
            self.received += data
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")

    def send(self, data):
        self.socket.sendall(data)

    def say(self, text):
        self.send(text.replace("$", self.tag).encode("utf-8") + b"\r\n")

    def hear(self, pattern):
        line = self.line()
        if self.settings.get("protocol") == "smtp":
            rest = line
        else:
            self.tag, _, rest = line.partition(" ")
            if line == "DONE":
                rest = line
                self.tag = "idle"
        if re.fullmatch(pattern, rest, re.I) is None:
            raise AssertionError(f"wanted {pattern!r}, got {line!r}")

    def step(self, step):
        verb, _, rest = step.partition(" ")
        if verb == "S:":
            self.say(rest)
        elif verb == "S~":
            self.send(rest.replace("$", self.tag).encode()
                      .decode("unicode_escape").encode("latin-1"))
        elif verb == "C:":
            self.hear(rest)
        elif verb == "BODY":
            while self.line() != ".":
                pass
        elif verb == "TLS":
            self.handshake(rest)
        elif verb == "LOGIN":
            self.hear("CAPABILITY")
            self.say("* CAPABILITY " + rest)
            self.say("$ OK done")
            self.hear("LOGIN .*")
            self.say("$ OK welcome")
            self.hear("CAPABILITY")
            self.say("* CAPABILITY " + rest)
            self.say("$ OK done")
        elif verb == "SELECT":
            validity, following = rest.split()
            self.hear('SELECT "?INBOX"?')
            self.say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen)")
            self.say("* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] limited")
            self.say("* 3 EXISTS")
            self.say(f"* OK [UIDVALIDITY {validity}] valid")
            self.say(f"* OK [UIDNEXT {following}] next")
            self.say("$ OK [READ-WRITE] selected")
        elif verb == "FILL":
            count, _, text = rest.partition(" ")
            block = text.encode() * 1000
            try:
                for _ in range(int(count) // 1000):
                    self.send(block)
            except OSError:
                pass  # the client has had enough, which is right
        elif verb == "DELAY":
            time.sleep(float(rest))
        elif verb == "DROP":
            self.socket.close()
        elif verb == "ACCEPT":
            self.accept()
        else:
            raise AssertionError("no such step: " + step)

    def wait(self):
        self.thread.join(30)


def play(tap, file, pki, path, name=None):
    """One dialogue: what the driver said, and what the server heard."""
    dialogue = Dialogue(file, pki)
    dialogue.name = name or dialogue.name
    settings = dialogue.settings
    if settings.get("skip-without") and not eval_version(pki, settings):
        tap.skip(dialogue.name, "this OpenSSL does not offer that version")
        return
    began = time.time()
    args = settings["client"].format(mail=os.path.join(path, "mail")).split()
    try:
        lines = drive(args[0], "host=" + settings.get("host", "localhost"),
                      f"port={dialogue.port}",
                      "ca=" + pki.file("ca.pem"), "user=anne",
                      "password=" + PASSWORD, *args[1:], timeout=60)
    except subprocess.TimeoutExpired:
        lines = ["hangs"]
    dialogue.wait()
    text = "\n".join(lines)
    good = dialogue.problem is None and "crash" not in text
    for expect in settings["expect"]:
        good = good and re.search(expect, text, re.M) is not None
    if "reject" in settings:
        good = good and re.search(settings["reject"], text, re.M) is None
    if settings.get("refused"):
        good = good and b"s3cret" not in dialogue.received \
            and b"LOGIN" not in dialogue.received \
            and b"AUTH" not in dialogue.received
    if "heard" in settings:
        good = good and re.search(settings["heard"].encode(),
                                  dialogue.received) is not None
    if "unheard" in settings:
        good = good and re.search(settings["unheard"].encode(),
                                  dialogue.received) is None
    tap.ok(good, dialogue.name, dialogue.problem, text,
           dialogue.received[-2000:])
    if time.time() - began > 3:
        print(f"# took {time.time() - began:.1f} s")


def eval_version(pki, settings):
    name, _, version = settings["tls"].partition(" ")
    versions = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1}
    try:
        pki.context(name, versions[version])
        return True
    except (ssl.SSLError, ValueError):
        return False
