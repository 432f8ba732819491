#!/usr/bin/python3
"""
What the way out refuses: a 5xx is shown on the ticket and told to the
technicians, a 4xx is tried again with growing pauses up to five days, and
`guichet outbox` retries and drops. The clock is the test's own (--at).
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-outbox-")
rules = desk.small_rules(os.path.join(top, "rules"))
T0 = desk.instant("2026-11-20T10:00:00+01:00")


def new_site(name, server):
    """Plain SMTP to loopback, which is the one place where it is allowed."""
    return desk.Site(os.path.join(top, name), rules=rules, send={"smtp": {
        "host": "127.0.0.1", "port": server.port, "tls": "none"}})


def request(site, n=0, sender=desk.JEANNE, name="Jeanne Morel"):
    site.deliver(desk.mail(
        sender, "Panne bloquante de l'ERP",
        "Bonjour,\n\nPlus personne ne peut se connecter.\n", T0 + n,
        message_id=f"<out.{n}@acier-vosges.example>", name=name),
        T0 + n, str(n))


def row_to(site, address, what=None):
    """The last row of the outbox to an address."""
    rows = [row for row in site.json("outbox", "--all")
            if row["to"] == address and what in (None, row["what"])]
    return rows[-1] if rows else {}


def answer(site, notice, text, when):
    site.deliver(desk.mail(
        desk.ANNE, "Re: " + notice["Subject"], text + "\n", when,
        name="Anne Martin", reply_to=notice["Message-ID"],
        message_id=f"<out.{when}@desk.example>"), when, str(when))


def test_refused():
    """A technician's answer that the server refuses for good."""
    server = desk.SmtpServer()
    site = new_site("refused", server)
    request(site)
    site.once(desk.iso(T0 + 60))
    notice = server.to(desk.ANNE)[0]
    server.on_rcpt = lambda a: ("550 5.1.1 <jeanne> no such user here"
                                if a == desk.JEANNE else None)
    answer(site, notice, "C'est réparé.", T0 + 120)
    site.once(desk.iso(T0 + 180))
    site.once(desk.iso(T0 + 240))
    row = row_to(site, desk.JEANNE, "reply")
    tap.ok(row.get("state") == "failed" and row.get("code") == 550
           and "no such user here" in row.get("reply", "")
           and row.get("attempts") == 1,
           "5xx: failed at once, with the server's words", row)
    waiting = site.call("outbox")
    tap.ok("no such user here" in waiting.stdout and "550" in waiting.stdout,
           "5xx: `guichet outbox` shows it", waiting.stdout)
    shown = site.call("show", "1").stdout
    tap.ok(re.search(r"To: jeanne\.morel\S+ \(failed: .*no such user here\)",
                     shown), "5xx: and so does the ticket", shown)
    whole = site.call("show", "1", "--json").stdout
    tap.ok("help+" not in shown and "help+" not in whole
           and '"to":"jeanne.morel@' in whole,
           "and no envelope with a token in it is shown", whole)
    told = {a: [s for s in server.to(a) if "no such user" in s.text]
            for a in (desk.ANNE, desk.MARY)}
    tap.ok(all(len(mails) == (a == desk.ANNE) and
               all("jeanne.morel@" in m.text and m.is_automatic
                   for m in mails) for a, mails in told.items()),
           "5xx: who has the ticket is told, once",
           *server.to(desk.ANNE), *server.to(desk.MARY))
    got = site.once(desk.iso(T0 + 86400))
    tap.ok(len([s for s in server.to(desk.ANNE)
                if "no such user" in s.text]) == 1
           and row_to(site, desk.JEANNE, "reply")["attempts"] == 1,
           "5xx: it is not tried again by itself, nor told twice", got.stderr)
    return server, site, str(row.get("id"))


def test_retry_and_drop(server, site, number):
    got = site.call("outbox", "retry", number)
    tap.ok(got.returncode == 0 and row_to(site, desk.JEANNE, "reply")["state"]
           == "ready", "outbox retry", got.stdout, got.stderr)
    server.on_rcpt = lambda a: None
    before = len(server.to(desk.JEANNE))
    got = site.call("run", "--once")
    new = server.to(desk.JEANNE)[before:]
    tap.ok(got.returncode == 0 and len(
        [s for s in new if "C'est réparé." in s.text]) == 1
        and row_to(site, desk.JEANNE, "reply")["state"] == "sent",
        "and it leaves", got.stderr, *new)
    again = site.call("outbox", "retry", number)
    tap.ok(again.returncode == 1 and "sent already" in again.stderr,
           "outbox retry: what was sent is not sent again", again.stderr)
    again = site.call("outbox", "drop", "4711")
    tap.ok(again.returncode == 1 and "4711" in again.stderr,
           "outbox drop: a mail that is not there", again.stderr)
    server.close()


def test_later():
    """A server that has no time: pauses grow, and end after five days."""
    server = desk.SmtpServer()
    server.on_rcpt = lambda a: ("451 4.3.0 try again later"
                                if a == desk.JEANNE else None)
    site = new_site("later", server)
    request(site)
    now = T0 + 60
    got = site.once(desk.iso(now))
    row = row_to(site, desk.JEANNE, "acknowledgment")
    tap.ok(got.returncode == 0 and row["state"] == "retry"
           and row["code"] == 451 and "try again later" in row["reply"]
           and len(server.to(desk.ANNE)) == 1,
           "4xx: it waits, and holds nobody else up", row, got.stderr)
    pauses = []
    for _ in range(7):
        due = desk.instant(row["next"])
        pauses.append(due - now)
        site.once(desk.iso(due - 1))
        early = row_to(site, desk.JEANNE, "acknowledgment")
        early = early["attempts"] - row["attempts"]
        site.once(desk.iso(due))
        now, row = due, row_to(site, desk.JEANNE, "acknowledgment")
        if early:
            tap.ok(False, "4xx: tried before its time", row)
    tap.ok(pauses == sorted(pauses) and pauses[0] < pauses[-1]
           and row["attempts"] == 8 and row["state"] == "retry",
           f"4xx: the pauses grow: {pauses}", row)
    told = len(server.to(desk.ANNE))
    site.once(desk.iso(T0 + 60 + 4 * 86400))
    late = row_to(site, desk.JEANNE, "acknowledgment")
    site.once(desk.iso(T0 + 60 + 5 * 86400 + 7200))
    row = row_to(site, desk.JEANNE, "acknowledgment")
    tap.ok(late["state"] == "retry" and row["state"] == "failed",
           "4xx: after five days it has failed", late, row)
    site.once(desk.iso(T0 + 60 + 5 * 86400 + 7300))
    tap.ok([s for s in server.to(desk.ANNE)[told:]
            if "try again later" in s.text],
           "4xx: and then the technicians are told",
           *server.to(desk.ANNE)[told:])
    got = site.call("outbox", "drop", str(row["id"]))
    tap.ok(got.returncode == 0
           and row_to(site, desk.JEANNE, "acknowledgment")["state"] == "dropped"
           and row["id"] not in [r["id"] for r in site.json("outbox")],
           "outbox drop", got.stderr)
    got = site.call("outbox", "retry", str(row["id"]))
    tap.ok(got.returncode == 1 and "dropped already" in got.stderr,
           "outbox retry: what was dropped stays so", got.stderr)
    server.on_rcpt = lambda a: None
    site.once(desk.iso(T0 + 6 * 86400))
    # That a guarantee was missed is told by a mail of its own.
    state = row_to(site, desk.JEANNE, "acknowledgment")["state"]
    tap.ok(len(server.to(desk.JEANNE)) == 1 and state == "dropped"
           and row_to(site, desk.JEANNE, "missed")["state"] == "sent",
           "and is never sent", *server.to(desk.JEANNE))
    server.close()


def test_slow_server():
    """One mail that takes its time holds up its own ticket, no other."""
    server = desk.SmtpServer()
    other = threading.Event()
    waited = []

    def on_rcpt(address):
        if address == desk.JEANNE and not waited:
            waited.append(False)
            waited[0] = other.wait(20)
        return None

    def on_body(sent):
        if "[#2]" in sent["Subject"]:
            other.set()

    server.on_rcpt, server.on_body = on_rcpt, on_body
    site = new_site("slow", server)
    request(site)
    request(site, 1, desk.KARIM, "Karim Benali")
    site.once(desk.iso(T0 + 60))
    order = [re.search(r"#\d", s["Subject"]).group() for s in server.taken]
    first = [s.envelope_to for s in server.taken if "[#1]" in s["Subject"]]
    tap.ok(waited == [True] and not site.json("outbox"),
           "slow: the other ticket's answers go meanwhile", waited, order)
    tap.ok(first and first[0] == desk.JEANNE,
           "slow: those of its ticket wait for it", first)
    server.close()


def test_recovers():
    """4xx once, then the server has time."""
    server = desk.SmtpServer()
    server.on_rcpt = lambda a: "450 4.2.1 busy"
    site = new_site("recovers", server)
    request(site)
    site.once(desk.iso(T0 + 60))
    server.on_rcpt = lambda a: None
    site.once(desk.iso(T0 + 3600))
    tap.ok(len(server.to(desk.JEANNE)) == 1 and len(server.to(desk.ANNE))
           == 1 and not site.json("outbox"),
           "4xx: sent at the next try, once", site.json("outbox"))
    server.close()


def test_sink():
    """The same refusals from Postfix's own test server."""
    for flag, state, low in (("-f", "failed", 500), ("-r", "retry", 400)):
        port = wire.free_port()
        user = ["-u", "nobody"] if os.getuid() == 0 else []
        process = subprocess.Popen(
            ["/usr/sbin/smtp-sink", *user, flag, "RCPT", "-h",
             "sink.example", f"127.0.0.1:{port}", "10"],
            stderr=subprocess.DEVNULL)
        try:
            desk.wait_for(lambda: listens(port))
            server = type("Port", (), {"port": port})
            site = new_site("sink" + flag, server)
            request(site)
            site.once(desk.iso(T0 + 60))
            row = row_to(site, desk.JEANNE)
            tap.ok(row.get("state") == state
                   and low <= row.get("code", 0) < low + 100,
                   f"smtp-sink {flag} RCPT: {state}", row)
        finally:
            process.terminate()
            process.wait()


def test_nobody():
    """No server at all: everything waits, nothing is lost."""
    port = type("Port", (), {"port": wire.free_port()})
    site = new_site("nobody", port)
    request(site)
    got = site.once(desk.iso(T0 + 60))
    rows = site.json("outbox")
    tap.ok(len(rows) == 3 and all(r["state"] in ("ready", "retry")
                                  for r in rows)
           and not os.listdir(os.path.join(site.box, "new")),
           "no server: the mail is taken in, its answers wait", rows,
           got.stderr)
    server = desk.SmtpServer(port=port.port)
    site.once(desk.iso(T0 + 7200))
    tap.ok(len(server.taken) == 3 and not site.json("outbox"),
           "and they leave when it is back", *server.taken)
    server.close()


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def test_all_wait():
    """--once tells by its exit code when nothing at all can be sent."""
    server = desk.SmtpServer()
    server.on_rcpt = lambda a: "451 4.3.0 try again later"
    site = new_site("all-wait", server)
    request(site)
    tried = site.once(desk.iso(T0 + 60))
    early = site.once(desk.iso(T0 + 70))
    rows = site.json("outbox", "--all")
    tap.ok(tried.returncode == 1 and early.returncode == 1 and rows
           and all(row["state"] == "retry" for row in rows),
           "4xx to all: --once has failed, and so has one before they are due",
           tried.returncode, early.returncode, rows)
    server.on_rcpt = lambda a: None
    got = site.once(desk.iso(T0 + 3600))
    after = site.once(desk.iso(T0 + 3700))
    tap.ok(got.returncode == 0 and after.returncode == 0
           and len(server.taken) == len(rows),
           "4xx to all: not once they are sent", got.stderr, after.stderr)
    server.close()


for part in (lambda: test_retry_and_drop(*test_refused()), test_later,
             test_all_wait,
             test_slow_server, test_recovers, test_sink, test_nobody):
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
