#!/usr/bin/python3
"""
`guichet check`: every mistake of the files with its place and what to do,
all at once, and what the servers say; and how each subcommand answers to
words that it does not know.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-check-")
os.chmod(top, 0o755)
serial = [0]

COMMANDS = ["run", "check", "list", "show", "search", "why", "parse",
            "explain", "deadline", "resolve", "close", "assign", "severity",
            "note", "outbox", "quarantine", "rebuild", "dump"]


# The recognisers of alerts take most of the time of each check, and are none
# of this but where nothing is wrong at all.
RULES = os.path.join(top, "rules")
shutil.copytree(os.path.join(desk.ROOT, "rules"), RULES)
for file in os.listdir(os.path.join(RULES, "alerts")):
    if file not in ("expected.yaml", "hosts.yaml", "shared-senders.yaml",
                    "words.yaml"):
        os.remove(os.path.join(RULES, "alerts", file))


def new_site(**more):
    serial[0] += 1
    return desk.Site(os.path.join(top, f"site{serial[0]}"),
                     **{"rules": RULES, **more})


def line_of(path, text):
    """Line and column, from 1, of a text's first place in a file."""
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if text in line:
                return number, line.index(text) + 1
    raise ValueError(text + " is not in " + path)


def append(path, text):
    with open(path, "a", encoding="utf-8") as f:
        f.write(text)


def told(got, path, text, words):
    """Whether a mistake is told at the place of `text`, in those words."""
    line, column = line_of(path, text)
    want = re.escape(f"{path}:{line}:") + r"(\d+): .*" + words
    match = re.search(want, got.stderr)
    return match is not None and int(match.group(1)) >= column


# ---- mistakes in guichet.yaml and in what it names ----

CONF_ROWS = [
    # name, what is added to guichet.yaml, where it is told, in which words
    ("an unknown key", "colour: red\n", "colour", "colour"),
    ("a key that is nearly right", "technician: []\n", "technician:",
     "technician"),
    ("a repeated key", "readers: 3\n", "readers: 3", "readers"),
    ("a number that is none", "forward_bytes: lots\n", "lots", "lots|number"),
]


def test_conf_mistakes():
    for name, text, place, words in CONF_ROWS:
        site = new_site()
        append(site.conf, text)
        got = site.call("check")
        tap.ok(got.returncode == 1 and told(got, site.conf, place, words)
               and "1 mistake " in got.stderr and not os.listdir(
                   os.path.dirname(site.store)),
               "check: " + name, got.stdout, got.stderr)


def with_rules():
    serial[0] += 1
    rules = os.path.join(top, f"rules{serial[0]}")
    shutil.copytree(RULES, rules)
    return rules, new_site(rules=rules)


RULE_ROWS = [
    # name, file, what is added or (old, new), where, which words
    ("a pattern that does not compile", "match/10-panne.yaml",
     "\n- name: bad\n  when: {subject: '(panne'}\n  set: {severity: 1}\n",
     "'(panne'", r"parenthes|\)"),
    ("a condition that is none", "match/10-panne.yaml",
     "\n- name: bad\n  when: {subjct: 'panne'}\n  set: {severity: 1}\n",
     "subjct", "subjct"),
    ("an unknown calendar", "plans/sos24.yaml",
     ("within: 24h, clock: always}", "within: 24h, clock: lunaire}"),
     "lunaire", "lunaire"),
    ("an unknown plan", "contracts/studio-orme.yaml",
     ("plans: [nuxit-pro]", "plans: [nuxit-prof]"), "nuxit-prof",
     "nuxit-prof"),
    ("a key twice in a rule file", "plans/sos24.yaml",
     "\nintake: always\n", "intake: always", "intake"),
    ("an answer's part that is not there", "replies/fr/reply.html",
     ("{{> style}}", "{{> stile}}"), "{{> stile}}", "no part 'stile'"),
    ("a mistake in a part, once", "replies/parts/style.html",
     ("</style>", "{{nosuch}}</style>"), "{{nosuch}}", "nosuch"),
    ("a duration that is none", "plans/sos24.yaml",
     ("within: 24h, clock", "within: 24x, clock"), "24x", "24x"),
]


def change(path, what):
    if isinstance(what, str):
        append(path, what)
        return
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert what[0] in text, what[0]
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(what[0], what[1]))


def test_rule_mistakes():
    for name, file, what, place, words in RULE_ROWS:
        rules, site = with_rules()
        path = os.path.join(rules, file)
        change(path, what)
        got = site.call("check")
        tap.ok(got.returncode == 1 and told(got, path, place, words)
               and "1 mistake" in got.stderr, "check: " + name, got.stdout, got.stderr)


# ---- what the files say of each other ----

SECRET = "alertes+w7f2kq9zt4m8hx3vb6rd@desk.example"
SOURCE = ("\nalert_sources:\n"
          "- {name: mon, address: %s, require: token%s}\n")
HOSTS = "alerts/hosts.yaml"
LAMBIC = "contracts/brasserie-lambic.yaml"
EXPECTED = "alerts/expected.yaml"
WANTED = ("expected: []", "expected:\n- {name: save, %s, by: \"06:00\", "
          "zone: Europe/Paris%s}")


def expected(what, more=""):
    return WANTED[0], WANTED[1] % (what, more)


SITE_ROWS = [
    # name, the source, file, what is changed, where (None: the site), at
    # what text, in which words; the exit code
    ("a source's contract that is none", SOURCE % (SECRET,
     ", contract: brasserie-lambik"), None, None, None, "brasserie-lambik",
     "no contract 'brasserie-lambik'; did you mean 'brasserie-lambic'", 1),
    ("a shared sender by its From alone", "\nalert_sources:\n- {name: aws, "
     "from: no-reply@sns.amazonaws.com, require: authenticated}\n", None,
     None, None, "aws", "secret 'address'", 1),
    ("a domain below a shared one, pinned", "\nalert_sources:\n- {name: robot,"
     " from: mail.uptimerobot.com, host: 192.0.2.7, require: pinned}\n", None,
     None, None, "robot", "secret 'address'", 1),
    ("a shared server", "\nalert_sources:\n- {name: sesmon, "
     "host: a1.smtp-out.amazonses.com, require: pinned}\n", None,
     None, None, "sesmon", "secret 'address'", 1),
    ("a shared sender with a secret address", "\nalert_sources:\n- {name: aws,"
     " address: %s, from: sns.amazonaws.com, require: authenticated}\n"
     % SECRET, None, None, None, None, None, 0),
    ("a source's contract that is gone", SOURCE % (SECRET, ", contract: zzz"),
     None, None, None, "zzz}", "no contract 'zzz'; known: acier", 1),
    ("a host of no source", SOURCE % (SECRET, ""), HOSTS,
     ('service: backup,', 'service: backup, source: sonde,'), HOSTS,
     "sonde", "no alert source .*'sonde'; known: mon", 1),
    ("a host of no source, in a contract", SOURCE % (SECRET, ""), LAMBIC,
     "\nhosts: [{host: a, source: mom}]\n", LAMBIC, "mom",
     "no alert source .*'mom'; did you mean 'mon'", 1),
    ("an expected mail of no source", "", EXPECTED,
     expected("source: mon, subject: ok"), EXPECTED, "source: mon,",
     "no alert source .*'mon'; known: none", 1),
    ("a host and a mail of a source", SOURCE % (SECRET, ""), HOSTS,
     ('service: backup,', 'service: backup, source: mon,'), None, None, None,
     0),
    ("a source and its contract", SOURCE % (SECRET, ", contract: acier-vosges"),
     None, None, None, None, None, 0),
    ("two contracts with one host", "", LAMBIC,
     "\nhosts:\n- {host: \"*.Phare-Ouest\"}\n", "contracts/phare-ouest.yaml",
     "{host: \"*.phare-ouest\"}", "claimed by the contract "
     "'brasserie-lambic', too, on .*brasserie-lambic.yaml:\\d+;", 1),
    ("the example's secret", SOURCE % ("x+k3v9q2w8x7t5m4n6p1rz@desk.example",
     ""), None, None, None, "x+k3v", "warning: .*example", 0),
    ("a short secret", SOURCE % ("help+k3v9q2@desk.example", ""), None, None,
     None, "help+k3", "warning: 'k3v9q2' can be guessed", 0),
    ("a secret of one letter", SOURCE % ("help+" + 20 * "a"
     + "@desk.example", ""), None, None, None, "help+aa",
     "warning: 'a+' can be guessed", 0),
    ("a secret by the alphabet", SOURCE % (
        "help+abcdefghijklmnopqrst@desk.example", ""), None, None, None,
     "help+ab", "warning: 'abc.*' can be guessed", 0),
    ("a secret of words", SOURCE % (
        "help+mon-supervision-alerts-2026@desk.example", ""), None, None,
     None, "help+mon", "warning: 'mon-.*' can be guessed", 0),
    ("no secret at all", SOURCE % ("alertes@desk.example", ""), None, None,
     None, "alertes@", "warning: 'alertes' can be guessed", 0),
    ("the desk's own address", "\nalert_sources:\n"
     "- {name: mon, address: @ADDRESS@, require: token}\n", None, None, None,
     "{name: mon", "warning: .* that everybody knows", 0),
    ("a good secret", SOURCE % (SECRET, ""), None, None, None, None, None, 0),
    ("an expected host that nothing maps", SOURCE % (SECRET, ""), EXPECTED,
     expected("host: db1.nowhere"), EXPECTED, "db1.nowhere",
     "warning: no line maps the host 'db1.nowhere'", 0),
    ("an expected pattern that nothing maps", SOURCE % (SECRET, ""), EXPECTED,
     expected("host: \"*.nowhere\""), EXPECTED, '"*.nowhere"',
     "warning: no line maps the host '\\*.nowhere'", 0),
    ("an expected host that a line maps", SOURCE % (SECRET, ""), EXPECTED,
     expected("host: db1.halcyon"), None, None, None, 0),
    ("an expected host that a contract's file maps", SOURCE % (SECRET, ""),
     EXPECTED, expected("host: db1.phare-ouest"), None, None, None, 0),
    ("an expected pattern that a line may map", SOURCE % (SECRET, ""),
     EXPECTED, expected("host: \"erp-1.*\""), None, None, None, 0),
    ("an expected pattern that no line can map", SOURCE % (SECRET, ""),
     EXPECTED, expected("host: \"erp-??.clinique\""), EXPECTED,
     '"erp-??.clinique"',
     "warning: no line maps the host 'erp-.*clinique'", 0),
    ("an expected host with a contract", SOURCE % (SECRET, ""), EXPECTED,
     expected("host: db1.nowhere", ", contract: acier-vosges"), None, None,
     None, 0),
    ("an expected host of one client's source", SOURCE % (SECRET,
     ", contract: acier-vosges"), EXPECTED,
     expected("host: db1.nowhere, source: mon"), None, None, None, 0),
]


def test_cross_checks():
    for name, source, file, what, where, place, words, code in SITE_ROWS:
        rules, site = with_rules()
        with open(site.conf, encoding="utf-8") as f:
            address = re.search(r"address: ([^\s,}]+)", f.read())[1]
        append(site.conf, source.replace("@ADDRESS@", address))
        if what is not None:
            change(os.path.join(rules, file), what)
        got = site.call("check", "--offline")
        path = os.path.join(rules, where) if where else site.conf
        good = (got.stderr == "" if words is None
                else told(got, path, place, words)
                and got.stderr.count(": ") < 12)
        good = good and (code != 0 or "configuration: ok" in got.stdout)
        good = good and (code != 1 or "1 mistake in" in got.stderr)
        tap.ok(good and got.returncode == code, "check: " + name,
               got.stdout, got.stderr)


def test_example_is_warned_about():
    """The secret that is known to the program is that of rules/."""
    path = os.path.join(desk.ROOT, "rules", "guichet.yaml")
    with open(path, encoding="utf-8") as f:
        found = re.search(r"^- \{name: \w+, address: (\S+),", f.read(), re.M)
    site = new_site()
    append(site.conf, SOURCE % (found[1], ""))
    got = site.call("check", "--offline")
    tap.ok(got.returncode == 0 and re.search("warning: .*example", got.stderr),
           "check: the secret of rules/guichet.yaml is everybody's",
           got.stdout, got.stderr)


FEED = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:a@x
DTSTART;VALUE=DATE:%d1225
SUMMARY:Christmas
END:VEVENT
END:VCALENDAR
"""


def test_holidays_that_end():
    """A feed of one year is told when its year is over, or nearly."""
    year = time.gmtime().tm_year
    for last, warns in ((year - 1, True), (year + 1, False)):
        rules, site = with_rules()
        with open(os.path.join(rules, "calendars", "feed.ics"), "w",
                  encoding="utf-8") as f:
            f.write(FEED % last)
        got = site.call("check", "--offline")
        said = re.search(rf"warning: .*'feed' end on {last}-12-25", got.stderr)
        tap.ok(got.returncode == 0 and (said is not None) == warns,
               f"check: holidays that end in {last} of {year}", got.stderr)
    for day, warns in (("2030-05-06", False), ("2060-12-30", True)):
        got = site.call("deadline", "semarchy", "3", f"{day}T10:00:00+01:00")
        tap.ok(got.returncode == 0
               and ("no holidays are known after" in got.stderr) == warns,
               f"deadline: holidays beyond {day}", got.stdout, got.stderr)


def test_all_at_once():
    rules, site = with_rules()
    append(site.conf, "colour: red\n")
    places = [(site.conf, "colour")]
    for name, file, what, place, words in RULE_ROWS[:4]:
        path = os.path.join(rules, file)
        if not any(path == p for p, _ in places):
            change(path, what)
            places.append((path, place))
    got = site.call("check")
    tap.ok(got.returncode == 1
           and all(told(got, path, place, "") for path, place in places),
           f"check: {len(places)} mistakes in as many files, all told at once",
           got.stderr)
    got = site.call("run", "--once")
    tap.ok(got.returncode == 1 and "colour" in got.stderr
           and not os.path.exists(site.store),
           "and with mistakes `run` touches nothing", got.stderr)


# ---- secrets ----

def imap_site(**imap):
    site = new_site()
    conf = {"host": "localhost", "port": wire.free_port(), "user": "anne",
            "password_file": site.secret("secret", "word"), "since": "now"}
    conf.update(imap)
    site.mailboxes = [{"name": "help", "imap": conf}]
    site.write()
    return site


def test_secrets():
    site = imap_site()
    path = os.path.join(site.path, "secret")
    rows = [("others can read it", lambda: os.chmod(path, 0o644),
             "chmod 600 " + path),
            ("its group can read it", lambda: os.chmod(path, 0o640),
             "chmod 600 " + path),
            ("it is empty", lambda: (os.chmod(path, 0o600),
                                     open(path, "w").close()), "empty|line"),
            ("it is not there", lambda: os.remove(path), "chmod 600 ")]
    for name, make, words in rows:
        make()
        got = site.call("check")
        tap.ok(got.returncode == 1 and path in got.stderr
               and re.search(words, got.stderr) is not None
               and told(got, site.conf, "password_file", re.escape(path)),
               "check: a secret is refused: " + name, got.stderr)
    site = new_site()
    site.once()
    os.chmod(site.tokens, 0o604)
    got = site.call("check")
    tap.ok(got.returncode == 1 and site.tokens in got.stderr
           and "chmod 600 " + site.tokens in got.stderr,
           "check: token keys that others can read", got.stderr)
    text = ""
    site = imap_site(password="word")
    got = site.call("check")
    text = got.stderr
    tap.ok(got.returncode == 1 and "password_file" in text,
           "check: a password in guichet.yaml is refused, with the way to do "
           "it", text)


# ---- what the border really writes ----

def border_mail(n, received="mx.desk.example"):
    """As Postfix and Dovecot's LMTP deliver one."""
    data = desk.mail(desk.JEANNE, f"s{n}", "x\n", 1795190400 + n,
                     headers=["X-Filler: " + "y" * 70] * 200)
    return (f"Received: from mx.desk.example ([127.0.0.1])\r\n\tby {received}"
            " with LMTP id x\r\n").encode() + data


def tree(path):
    return sorted((folder, name, open(os.path.join(folder, name), "rb").read())
                  for folder, _, names in os.walk(path) for name in names
                  if not name.startswith("dovecot"))


def test_border():
    site = new_site()
    for n in range(3):
        site.deliver(border_mail(n), 1795190400 + n, str(n))
    before = tree(site.box)
    got = site.call("check")
    tap.ok(got.returncode == 0 and tree(site.box) == before
           and not os.path.exists(site.store)
           and "border: 3 recent mails, 3 from outside, the stamp counts on 3\n"
           in got.stdout and "border: warning" not in got.stdout,
           "check: recent mails of a Maildir show the border, and are left "
           "alone", got.stdout, got.stderr)
    site = new_site()
    for n in range(3):
        site.deliver(border_mail(n, "imap.desk.example"), 1795190400 + n,
                     str(n))
    got = site.call("check")
    tap.ok(got.returncode == 0
           and "border: warning: imap.desk.example writes a Received" in
           got.stdout, "check: LMTP's Received hides the stamp", got.stdout)
    site.once("2026-11-20T18:00:00Z")
    got = site.call("why", "1")
    tap.ok("the Received of imap.desk.example, which is not among the border's "
           "hosts, hides the stamp of mx.desk.example" in got.stdout,
           "why: LMTP's Received hides the stamp", got.stdout)
    site = new_site()
    with open(site.conf, encoding="utf-8") as f:
        text = f.read()
    with open(site.conf, "w", encoding="utf-8") as f:
        f.write(re.sub(r"border:\n(  .*\n)+", "", text))
    got = site.call("check")
    offline = site.call("check", "--offline")
    tap.ok(got.returncode == 0 and offline.returncode == 0 and
           all(one.stdout.count("border: warning: guichet.yaml has no 'border'")
               == 1 for one in (got, offline)),
           "check: no border is warned about", got.stdout, offline.stdout)


def test_border_imap():
    pki = wire.Pki(top)
    path = os.path.join(top, "dovecot")
    os.makedirs(path)
    server = wire.Dovecot(path, pki)
    for n in range(60):
        desk.put(server.maildir, border_mail(n), 1795190400 + n, str(n))
    server.give()
    site = new_site(mailboxes=[{"name": "help", "imap": {
        "host": "localhost", "port": server.imaps, "user": "anne",
        "since": "now", "password_file": "imap", "ca_file": pki.file("ca.pem")}}])
    site.secret("imap", wire.PASSWORD + "\n")
    got = site.call("check")
    flags = [name.partition(":2,")[2] for folder in ("new", "cur") for name in
             os.listdir(os.path.join(server.maildir, folder))]
    tap.ok(got.returncode == 0 and "border: 40 recent mails, 40 from outside, "
           "the stamp counts on 40\n" in got.stdout
           and len(flags) == 60 and set(flags) == {""},
           "check: recent mails of an IMAP folder, and none is marked seen",
           got.stdout, got.stderr, flags)
    server.stop()


# ---- servers ----

def test_servers():
    pki = wire.Pki(top)
    site = imap_site()
    got = site.call("check")
    tap.ok(got.returncode == 1
           and re.search(r"^mailbox help: .*refused", got.stdout, re.M)
           and re.search(r"^configuration: ok", got.stdout, re.M)
           and re.search(r"^way out: ok", got.stdout, re.M),
           "check: nobody listens; what is right is told, too", got.stdout,
           got.stderr)
    site = imap_site(host="no-such-host.invalid")
    got = site.call("check")
    tap.ok(got.returncode == 1
           and re.search(r"^mailbox help: .*no-such-host\.invalid",
                         got.stdout, re.M),
           "check: a host that does not exist", got.stdout, got.stderr)
    for name, words in {"wronghost": "name|identity|host",
                        "expired": "expired", "unknown": "authority|issuer",
                        "selfsigned": "authority|issuer|self"}.items():
        server = desk.SmtpServer(pki.context(name), True)
        site = new_site(send={"smtp": {
            "host": "localhost", "port": server.port,
            "ca_file": pki.file("ca.pem")}})
        got = site.call("check")
        line = re.search(r"^way out: (.*)$", got.stdout, re.M)
        tap.ok(got.returncode == 1 and line is not None
               and re.search(words, line.group(1), re.I) is not None
               and not server.commands,
               f"check: a certificate is refused: {name}", got.stdout,
               got.stderr, server.commands)
        server.close()
    for name, words in {"wronghost": "another host name",
                        "expired": "expired", "unknown": "ca_file"}.items():
        server = desk.SmtpServer(pki.context(name), True)
        site = imap_site(port=server.port, ca_file=pki.file("ca.pem"))
        got = site.call("check")
        line = re.search(r"^mailbox help: (.*)$", got.stdout, re.M)
        tap.ok(got.returncode == 1 and line is not None
               and words in line.group(1),
               f"check: a mailbox's certificate is refused: {name}",
               got.stdout, got.stderr)
        server.close()
    login = ("help@desk.example", "right")
    server = desk.SmtpServer(pki.context("good"), True, login)
    site = new_site(rules=None)
    conf = {"host": "localhost", "port": server.port, "user": login[0],
            "password_file": site.secret("smtp", "wrong"),
            "ca_file": pki.file("ca.pem")}
    site.send = {"smtp": conf}
    site.write()
    got = site.call("check")
    tap.ok(got.returncode == 1 and "wrong" not in
           got.stdout.split("way out:")[1].replace("Wrong user", "")
           and re.search(r"^way out: .*(5\.7\.8|535|denied)", got.stdout,
                         re.M),
           "check: a wrong password, in the server's words", got.stdout)
    site.secret("smtp", "right")
    now = desk.instant("2026-11-20T10:00:00+01:00")
    site.deliver(desk.mail(desk.JEANNE, "Panne", "Bonjour\n", now), now)
    got = site.call("check")
    tap.ok(got.returncode == 0 and got.stderr == ""
           and len(re.findall(r": ok", got.stdout)) == 4
           and len(os.listdir(os.path.join(site.box, "new"))) == 1
           and not server.taken and not os.path.exists(site.store),
           "check: all is well, and no mail was touched", got.stdout,
           got.stderr)
    server.close()


# ---- words ----

USAGE = [[], ["frobnicate"], ["lst"], ["show"], ["show", "x"], ["show", "0"],
         ["show", "-1"], ["list", "more"], ["list", "--frob"], ["search"],
         ["why"], ["parse"], ["explain"], ["resolve"],
         ["assign", "1"], ["severity", "1"], ["note"], ["outbox", "retry"],
         ["outbox", "retry", "x"], ["outbox", "send", "1"],
         ["quarantine", "release"], ["quarantine", "retry", "1"],
         ["quarantine", "drop", "0"], ["close", "#"], ["note", "x", "text"],
         ["run", "more"],
         ["run", "--at", "2026-11-20T10:00:00Z"],
         ["run", "--once", "--at", "yesterday"],
         ["list", "--at", "tomorrow"], ["deadline"],
         ["deadline", "sos24", "1"], ["deadline", "sos24", "1", "noon"],
         ["deadline", "no-such-plan", "1", "2026-11-20T10:00:00Z"],
         ["resolve", "one"], ["rebuild", "all"], ["dump", "all"],
         ["check", "me"]]


def test_usage():
    site = new_site()
    made = site.once()
    for words in USAGE:
        if words:
            command = [desk.GUICHET, words[0], "-c", site.conf, *words[1:]]
            if words[0] in ("frobnicate", "lst"):
                command = [desk.GUICHET, *words]
        else:
            command = [desk.GUICHET]
        got = subprocess.run(command, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             encoding="utf-8", timeout=60)
        tap.ok(made.returncode == 0 and got.returncode == 2
               and got.stdout == "" and got.stderr.count("\n") == 1
               and "guichet" in got.stderr,
               "usage: guichet " + " ".join(words), got.returncode,
               got.stdout, got.stderr)
    got = subprocess.run([desk.GUICHET, "lst"], stderr=subprocess.PIPE,
                         encoding="utf-8")
    tap.ok("'list'" in got.stderr, "usage: the nearest command is offered",
           got.stderr)


def test_help():
    got = subprocess.run([desk.GUICHET, "--help"], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, encoding="utf-8")
    tap.ok(got.returncode == 0 and got.stderr == ""
           and all(re.search(rf"^  {name}\b", got.stdout, re.M)
                   for name in COMMANDS),
           "--help lists every subcommand", got.stdout, got.stderr)
    options = {"run": ["--once", "--at"], "list": ["--json", "--all", "--at"],
               "show": ["--json", "--save"], "deadline": ["--batch"],
               "outbox": ["--json"], "check": ["--offline"]}
    for name in COMMANDS:
        got = subprocess.run([desk.GUICHET, name, "--help"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             encoding="utf-8",
                             env={"PATH": "/nowhere", "HOME": "/nowhere"})
        tap.ok(got.returncode == 0 and got.stderr == ""
               and "guichet " + name in got.stdout and "-c" in got.stdout
               and all(o in got.stdout for o in options.get(name, [])),
               f"{name} --help", got.returncode, got.stdout, got.stderr)
    got = subprocess.run([desk.GUICHET, "--version"], stdout=subprocess.PIPE,
                         encoding="utf-8")
    tap.ok(got.returncode == 0 and re.fullmatch(r"guichet \d\S*\n",
                                                got.stdout),
           "--version", got.stdout)


def test_missing_conf():
    got = subprocess.run([desk.GUICHET, "list", "-c", top + "/none.yaml"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         encoding="utf-8")
    tap.ok(got.returncode == 1 and top + "/none.yaml" in got.stderr,
           "a configuration that is not there", got.stderr)
    site = new_site()
    got = site.call("list")
    tap.ok(got.returncode == 1 and site.store in got.stderr
           and not os.path.exists(site.store),
           "a store that is not there is not made by looking", got.stderr)
    got = subprocess.run([desk.GUICHET, "check", "--offline"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         encoding="utf-8",
                         env=dict(os.environ, GUICHET_CONFIG=site.conf))
    tap.ok(got.returncode == 0 and site.conf in got.stdout,
           "$GUICHET_CONFIG names the configuration", got.stdout, got.stderr)


for part in (test_conf_mistakes, test_rule_mistakes, test_cross_checks,
             test_example_is_warned_about, test_holidays_that_end,
             test_all_at_once,
             test_secrets, test_border, test_border_imap, test_servers, test_usage, test_help,
             test_missing_conf):
    try:
        part()
    except Exception as e:  # the next part may still say something
        tap.ok(False, "no surprise", repr(e),
               f"line {e.__traceback__.tb_next.tb_lineno}")
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
