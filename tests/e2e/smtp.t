#!/usr/bin/python3
"""The SMTP sink against Postfix's smtp-sink and servers that fail at each
stage; what goes over the wire is looked at as bytes."""

import glob
import os
import re
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire_lib as wire

tap = wire.Tap()
path = wire.folder()
pki = wire.Pki(path)
MAIL = (b"From: desk@desk.example\r\nTo: jean@client.example\r\n"
        b"Subject: Re: Panne\r\nMessage-ID: <1@desk.example>\r\n\r\n"
        b"Bonjour,\r\n.\r\n..deux\r\n.trois\r\nfin\r\n")
with open(os.path.join(path, "mail"), "wb") as f:
    f.write(MAIL)


class Capture:
    """Takes one mail and keeps every byte behind DATA."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.bytes = b""
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        client, _ = self.listener.accept()
        client.settimeout(10)
        stream = client.makefile("rb")
        client.sendall(b"220 ready\r\n")
        self.commands = []
        for _ in range(4):
            self.commands.append(stream.readline())
            verb = self.commands[-1][:4].upper()
            client.sendall(b"354 go\r\n" if verb == b"DATA" else b"250 ok\r\n")
        try:
            while not self.bytes.endswith(b"\r\n.\r\n") \
                    and self.bytes != b".\r\n":
                data = client.recv(65536) if not stream.peek() \
                    else stream.read1()
                if not data:
                    break
                self.bytes += data
            time.sleep(0.1)
            client.sendall(b"250 taken\r\n")
            self.rest = stream.readline()
        except OSError:
            pass
        client.close()


def captured(body, to="jean@client.example"):
    file = os.path.join(path, "body")
    with open(file, "wb") as f:
        f.write(body)
    server = Capture()
    lines = wire.drive("sink", "plain=1", "host=127.0.0.1",
                       f"port={server.port}",
                       f"{file}:desk@desk.example:{to}")
    server.thread.join(10)
    return lines, server.bytes, server.commands


def test_bytes():
    rows = {
        "LF . LF": b"a\n.\nb", "CR . CR": b"a\r.\rb",
        "LF . CR LF": b"a\n.\r\nb", "CR LF . LF": b"a\r\n.\nb",
        "CR LF . CR": b"a\r\n.\rb", "LF . CR": b"a\n.\rb",
        "commands": b"a\n.\nMAIL FROM:<x@y.example>\r\nRCPT TO:<z@y.example>"
                    b"\nDATA\n.\n",
        "ends in CR": b"a\r", "ends in dot": b"a\r\n.", "empty": b"",
        "starts with dot": b".a\r\n", "no last line end": b"a",
        "many dots": b".\r\n" * 40000,
        "dots at a buffer's edge": b"x" * 65533 + b"\r\n.\r\n.\r\nend\r\n",
        "large": b"0123456789" * 7 + b"\r\n" + b"y" * 3000000,
    }
    for name, body in rows.items():
        lines, got, _ = captured(body)
        text = re.sub(rb"\r\n|\r|\n", b"\r\n", body)
        if text and not text.endswith(b"\r\n"):
            text += b"\r\n"
        want = re.sub(rb"(?m)^\.", b"..", text.replace(b"\r\n", b"\n"))
        want = want.replace(b"\n", b"\r\n") + b".\r\n"
        bare = re.search(rb"\r(?!\n)|(?<!\r)\n", got)
        tap.ok(got == want and bare is None
               and got.count(b"\r\n.\r\n") + got.startswith(b".\r\n") == 1
               and lines == ["dot", "sent 250 taken"],
               "on the wire: " + name, lines, got[:300], want[:300])


def test_dots():
    """RFC 5321, 4.1.2: what is no dot-string goes in quotes."""
    for to, want in (("taro.@carrier.example", b'"taro."@carrier.example'),
                     ("a..b@carrier.example", b'"a..b"@carrier.example'),
                     ("a.b@carrier.example", b"a.b@carrier.example")):
        lines, _, commands = captured(b"a", to)
        tap.ok(b"RCPT TO:<" + want + b">\r\n" in commands
               and lines == ["dot", "sent 250 taken"],
               "on the wire: to " + to, lines, commands)


def test_postfix():
    port = wire.free_port()
    dump = os.path.join(path, "dump")
    os.makedirs(dump)
    os.chmod(dump, 0o777)
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    process = subprocess.Popen(
        ["/usr/sbin/smtp-sink", *user, "-d", dump + "/mail.", "-h",
         "sink.example", f"127.0.0.1:{port}", "10"],
        stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        mail = os.path.join(path, "mail")
        lines = wire.drive("sink", "plain=1", "host=127.0.0.1",
                           f"port={port}", "probe",
                           f"{mail}:bounce@desk.example:jean@client.example",
                           f"{mail}::anne@client.example")
        sent = [line for line in lines if line.startswith("sent 250")]
        tap.ok(lines[0] == "probed" and len(sent) == 2,
               "smtp-sink takes two mails", *lines)
        time.sleep(0.2)
        got = b""
        for file in sorted(glob.glob(dump + "/mail.*")):
            with open(file, "rb") as f:
                got += f.read()
        tap.ok(got.count(b"Bonjour,") == 2 and b"\n..deux" in got
               and b"bounce@desk.example" in got
               and b"anne@client.example" in got,
               "and has them as they were", got)
    finally:
        process.terminate()
        process.wait()


def test_plain():
    for host in ("mail.example.com", "192.0.2.1", "10.0.0.1"):
        lines = wire.drive("sink", "plain=1", "host=" + host, "port=25",
                           "probe")
        tap.ok(lines and lines[0].startswith("error CONFIG"),
               "no plain SMTP to " + host, *lines)
    lines = wire.drive("sink", "host=a/b", "probe")
    tap.ok(lines and lines[0].startswith("error CONFIG"),
           "a host is no path", *lines)
    port = wire.free_port()
    lines = wire.drive("sink", "plain=1", "host=127.0.0.1", f"port={port}",
                       os.path.join(path, "mail") + ":a@b.example:c@d.example",
                       "probe")
    tap.ok(lines[0].startswith("later 0")
           and lines[1].startswith("error TEMPORARY"),
           "nobody listens: later", *lines)


try:
    test_bytes()
    test_dots()
    test_postfix()
    test_plain()
except Exception as e:
    tap.ok(False, "no surprise", repr(e))
for file in sorted(glob.glob(os.path.join(
        wire.ROOT, "tests", "dialogues", "smtp-*.dialogue"))):
    wire.play(tap, file, pki, path)
wire.remove(path)
tap.end()
