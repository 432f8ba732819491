#!/usr/bin/python3
"""The manual pages are true: their examples load, their lists of commands,
options, keys, words and variables are those of the program."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk import Desk, FIXTURES, GUICHET, PROJECT  # noqa: E402
from wire_lib import Tap  # noqa: E402

PAGES = {name: (PROJECT / "src" / name).read_text()
         for name in ("guichet.1", "guichet.yaml.5", "guichet-rules.5")}
SITE = """\
site: {name: Support, address: support@example.com, zone: Europe/Paris}
store: store
rules: .
tokens: tokens
mailboxes: [{name: support, maildir: mail}]
send: {maildir: sent}
technicians: [{name: Anne Martin, address: anne@example.com}]
"""
TABLE = "".join(f.read_text() for f in
                sorted((PROJECT / "src/order").glob("order_*.c")))
ORDERS = {command.split()[0] for command in
          re.findall(r'\.command(?:_too)? = "(\w+ N\b[\w ]*)"', TABLE)}
tap = Tap()


def guichet(*words, conf=None, **more):
    env = dict(os.environ)
    if conf is not None:
        env["GUICHET_CONFIG"] = str(conf)
    return subprocess.run([GUICHET, *words], capture_output=True, text=True,
                          env=env, **more)


def plain(line):
    """One line of a literal display as it is read."""
    for mark, char in [(r"\(aq", "'"), (r"\(ga", "`"), (r"\(ha", "^"),
                       (r"\(ti", "~"), (r"\-", "-"), (r"\&", ""),
                       (r"\e", "\\")]:
        line = line.replace(mark, char)
    return line + "\n"


def examples(page):
    """Each literal display that names a file: (name, text)."""
    for block in re.findall(r'^\.\\" example: (.*\n(?:.*\n)*?)\.Ed$',
                            PAGES[page], re.M):
        name, *lines = block.splitlines()
        yield name, "".join(plain(line) for line in lines)


def folder():
    return Path(tempfile.mkdtemp(prefix="guichet-manual."))


def secrets(path):
    (path / "secrets").mkdir(mode=0o700)
    for name in ("imap", "smtp", "help", "ca.pem"):
        fd = os.open(path / "secrets" / name, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(fd, b"secret\n")
        os.close(fd)


def check_site(text, name, edit=lambda where: None):
    """Loads a guichet.yaml beside the project's rules."""
    where = folder()
    shutil.copytree(PROJECT / "rules", where, dirs_exist_ok=True)
    edit(where)
    secrets(where)
    for each in ("var", "demo"):
        (where / each).mkdir()
    text = text.replace("/var/lib/guichet", str(where / "var"))
    (where / "guichet.yaml").write_text(text)
    done = guichet("check", "--offline", "-c", str(where / "guichet.yaml"))
    tap.ok(done.returncode == 0, name, done.stdout, done.stderr)
    shutil.rmtree(where)


def section(page, start, end=r"^\.S[hs] "):
    """The lines below a heading, up to the next one."""
    found = re.search(rf"^\.S[hs] {start}$\n(.*?)(?={end}|\Z)", PAGES[page],
                      re.M | re.S)
    return found[1]


def names(text, macro):
    """What stands behind a macro, parenthesised notes left out."""
    text = re.sub(r"^\.Po$.*?^\.Pc.*?$", "", text, flags=re.M | re.S)
    text = re.sub(r"^\.Pq .*$", "", text, flags=re.M)
    return [word for line in re.findall(rf"^\.{macro} (.*)$", text, re.M)
            for word in re.findall(r"[a-z_0-9]+", line)]


# ---- examples ----

EXAMPLES_OF_HOSTS = {"alerts/hosts.yaml": "hosts",
                     "alerts/maintenance.yaml": "maintenance"}


def without_examples(where):
    for path in (where / "contracts").iterdir():
        path.unlink()
    for name, key in EXAMPLES_OF_HOSTS.items():
        (where / name).write_text(f"{key}: []\n")


def test_sites():
    sites = [text for _, text in examples("guichet.yaml.5")]
    tap.ok(len(sites) == 2, "guichet.yaml(5) has two examples")
    for i, text in enumerate(sites):
        check_site(text, f"example {i + 1} of guichet.yaml(5) loads")
    readme = (PROJECT / "README.md").read_text()
    block = re.search(r"^ *```yaml\n(.*?)^ *```", readme, re.M | re.S)[1]
    block = re.sub(r"^   ", "", block, flags=re.M)
    check_site(block, "the site of the README loads")
    check_site(block, "also without the examples it names", without_examples)
    named = re.findall(r"`(alerts/\w+\.yaml)`", readme)
    tap.ok(set(EXAMPLES_OF_HOSTS) <= set(named),
           "the README names every file that names example hosts", named)


def test_example_site():
    """rules/guichet.yaml with its commented servers in place of Maildirs."""
    text = (PROJECT / "rules/guichet.yaml").read_text()
    text = re.sub(r"^(mailboxes|send):\n(?:[- ] ?.*\n)+", "", text,
                  flags=re.M)
    text = re.sub(r"^# (?=(?:mailboxes|send):|- |  )", "", text, flags=re.M)
    tap.ok("\nmailboxes:\n- name: help\n  imap:" in text
           and "\nsend:\n  smtp:" in text, "the example site shows servers",
           text)
    text = text.replace("../build/demo/", "demo/")
    check_site(text, "the example site loads with its servers")
    text = re.sub(r"^( +)# (?=\w+: )", r"\1", text, flags=re.M)
    text = text.replace("exchange_online", "# exchange_online")
    tap.ok("\n    ca_file: ca.pem" in text, "and has more keys to uncomment")
    text = text.replace("ca.pem", "secrets/ca.pem")
    check_site(text, "the example site loads with all its keys")


def test_rules():
    where = folder()
    shutil.copytree(PROJECT / "rules/replies", where / "replies")
    (where / "guichet.yaml").write_text(SITE)
    shown = list(examples("guichet-rules.5"))
    for name, text in shown:
        (where / name).parent.mkdir(parents=True, exist_ok=True)
        (where / name).write_text(text)
    kinds = {name.split("/")[0] for name, _ in shown}
    tap.ok(kinds == {"calendars", "plans", "contracts", "match", "robots.yaml",
                     "quotes.yaml", "secrets.yaml", "away.yaml", "answers",
                     "alerts", "replies"}, "each kind of rule file has an example",
           kinds)
    conf = where / "guichet.yaml"
    done = guichet("check", "--offline", conf=conf)
    tap.ok(done.returncode == 0 and "1 plan, 1 contract\n" in done.stdout,
           "the examples of guichet-rules(5) load", done.stdout, done.stderr)
    done = guichet("deadline", "atelier", "1", "2026-11-20T18:00:00+01:00",
                   conf=conf)
    tap.ok(done.stdout == "intake=2026-11-23T08:00:00Z"
           "\tresponse=2026-11-23T09:00:00Z"
           "\tresolution=2026-11-25T08:00:00Z\n",
           "and promise what they say", done.stdout, done.stderr)
    mail = where / "mail.eml"
    mail.write_text("From: luc.petit@client.example\nTo: support@example.com\n"
                    "Subject: Panne ERP\nMessage-ID: <1@client.example>\n"
                    "Date: Fri, 20 Nov 2026 10:00:00 +0100\n\nBonjour\n")
    done = guichet("explain", str(mail), "--at", "2026-11-20T10:00:00+01:00",
                   conf=conf)
    tap.ok("contract: fonderie, plan atelier, severity 1, incident"
           in done.stdout and "rule: composant" in done.stdout
           and "Votre demande est enregistrée" in done.stdout,
           "and match and answer a mail", done.stdout, done.stderr)
    mail.write_text("From: Sonde <sonde@example.com>\nTo: support@example.com\n"
                    "Subject: [sonde] web1 PANNE\nX-Mailer: sonde 2\n"
                    "Message-ID: <2@example.com>\n"
                    "Date: Fri, 20 Nov 2026 10:00:00 +0100\n\nService: http\n")
    done = guichet("alert", "test", str(mail), "--json", conf=conf)
    tap.ok('"type":"problem"' in done.stdout
           and '"key":"web1/http"' in done.stdout,
           "and recognise an alert", done.stdout, done.stderr)
    shutil.rmtree(where)


def test_unit():
    shown = [text for name, text in examples("guichet.1") if name == "unit"]
    unit = (PROJECT / "src/guichet.service").read_text()
    tap.ok(shown == [unit], "guichet(1) shows the unit that is installed")


# ---- what the program has ----

def test_help():
    shown = guichet("--help").stdout
    wide = [line for line in shown.splitlines() if len(line) > 80]
    tap.ok(not wide, "--help fits into 80 columns", *wide)
    commands = re.findall(r"^  ([a-z]+)", shown, re.M)
    tap.ok(len(commands) >= 19 and "run" in commands, "--help has commands",
           shown)
    for command in commands:
        said = guichet(command, "--help").stdout
        wide = [line for line in said.splitlines() if len(line) > 80]
        tap.ok(said and not wide, f"{command} --help fits, too", *wide)
        options = set(re.findall(r"--([a-z-]+)", said)) - {"help", "config"}
        if command == "run":
            options |= {"seed", "kill-at", "count-writes"}
        text = "".join(re.findall(
            rf"^\.It Ic {command}\b.*\n(?:(?!\.It Ic |\.S[sh] ).*\n)*",
            PAGES["guichet.1"], re.M))
        if command in ORDERS:
            text += section("guichet.1", "Orders")
        told = set(re.findall(r"Fl -([a-z-]+)", text))
        tap.ok(text and options <= told, f"guichet(1) tells of {command}",
               f"not told: {options - told}")


def test_orders():
    """Each order that a mail may give, in either language."""
    told = " ".join(section("guichet.1", start) for start in
                    ("Refusals", "Reading by mail",
                     "Maintenance by mail"))
    names = re.findall(r'\.name(?:_fr)? = "([a-z ]+)"', TABLE)
    tap.ok(len(names) >= 8 and all(f"#{name}" in told for name in names),
           "guichet(1) tells every order of a mail", names)


def test_keys():
    """Each key that guichet.yaml can have, as the program lists them."""
    told = set(names(PAGES["guichet.yaml.5"], "It Va"))
    found = set()
    for name in ("conf.c", "conf_wire.c"):
        source = (PROJECT / "src/site" / name).read_text()
        for keys in re.findall(r"\bkeys\[\] = \{(.*?)NULL", source, re.S):
            found |= set(re.findall(r'"(\w+)"', keys))
    found -= {"password", "keyword", "move"}
    tap.ok(len(found) > 40 and found <= told,
           "guichet.yaml(5) explains every key", found - told)
    shown = set(re.findall(r"\b(\w+):(?: |$)", "\n".join(
        text for _, text in examples("guichet.yaml.5")), re.M))
    tap.ok(found <= shown, "and its examples show it", found - shown)
    told = set(names(PAGES["guichet-rules.5"], "Va")
               + names(PAGES["guichet-rules.5"], "It Va"))
    found = set()
    for path in [*(PROJECT / "src/rules").glob("*.c"),
                 *(PROJECT / "src/alert").glob("*.c")]:
        for keys in re.findall(r"keys\[\] = \{(.*?)NULL", path.read_text(),
                               re.S):
            found |= set(re.findall(r'"(\w+)"', keys))
    told |= set(re.findall(r"\w+", " ".join(re.findall(
        r"^\.Pq (Va .*)$", PAGES["guichet-rules.5"], re.M))))
    tap.ok(len(found) > 60 and found - told <= {"fr", "en"},
           "guichet-rules(5) explains every key", found - told)


def test_variables():
    source = (PROJECT / "src/compose/reply_variables.c").read_text()
    source = source[:source.index("#define ANSWERS")]
    found = set(re.findall(r'"([a-z_]+)"', source))
    told = set(names(section("guichet-rules.5", "REPLIES", r"^\.Sh "),
                     "(?:It )?Va"))
    tap.ok(len(found) > 70 and found <= told,
           "guichet-rules(5) explains every variable", found - told)
    source = (PROJECT / "src/rules/robot_tests.c").read_text()
    found = set(re.findall(r'\{ "([a-z-]+)", read_', source))
    told = set(re.findall(r"^\.It Cm ([a-z-]+)$",
                          section("guichet-rules.5", "ROBOTS"), re.M))
    tap.ok(len(found) > 15 and found <= told,
           "guichet-rules(5) lists every test of robots", found - told)


def test_words():
    """Words that the desk gives as reasons."""
    source = (PROJECT / "src/ticket/event_words.c").read_text()
    held = set(re.findall(r'X\(HELD_\w+, "([a-z-]+)"\)', source))
    held -= {"list", "restored"}  # none of an acknowledgment's
    reasons = dict(re.findall(r'X\((REASON_\w+), "([a-z-]*)"\)', (
        PROJECT / "src/judgment/reason.c").read_text()))
    refused = set()
    for name, start in [("decide_parked", "sender_obstacle"),
                        ("decide_parked", "decide_parked_obstacle"),
                        ("decide_parked", "decide_parked_refusal"),
                        ("decide_parked", "answer_obstacle"),
                        ("decide_technician", "text_obstacle")]:
        source = (PROJECT / f"src/desk/{name}.c").read_text()
        body = source[source.index(f"\n{start}("):]
        refused |= {reasons[name] for name in re.findall(
            r"[?:n] (REASON_[A-Z_]+)", body[:body.index("\n}")])
            if name != "REASON_NONE"}
    for title, words in [("Answers that are held", held),
                         ("Refusals", refused)]:
        told = set(re.findall(r"^\.It Cm ([a-z-]+)$",
                              section("guichet.1", title), re.M))
        tap.ok(len(words) > 5 and words <= told,
               f"guichet(1): {title.lower()}", words - told)


# ---- JSON ----

def keys_of(title):
    return names(section("guichet.1", title), "Va")


def test_json():
    desk = Desk()
    scenario = FIXTURES / "attachments/new"
    for path in scenario.iterdir():
        desk.deliver(path.name, path.read_bytes())
    desk.drain("2026-11-20T12:00:00+01:00")

    def told(title, *words):
        lines = desk.run(*words, "--json").stdout.splitlines()
        tap.ok(lines and list(json.loads(lines[0])) == keys_of(title),
               f"the keys of {title} are those of guichet(1)",
               keys_of(title), *lines[:1])
        return json.loads(lines[0])

    ticket = told("list and search", "list")
    number = str(ticket["number"])
    shown = json.loads(desk.run("show", number, "--json").stdout)
    tap.ok(list(shown) == keys_of("list and search") + keys_of("show"),
           "the keys of show are those of guichet(1)", list(shown))
    for part in ("entries", "clocks"):
        keys = keys_of(f"{part} of show")
        tap.ok(shown[part] and list(shown[part][0]) == keys,
               f"the keys of {part} are those of guichet(1)", keys, shown[part])
    told("outbox", "outbox", "--all")
    mail = next(scenario.iterdir())
    parsed = json.loads(desk.run("parse", str(mail)).stdout)
    tap.ok(list(parsed) == keys_of("parse"),
           "the keys of parse are those of guichet(1)", list(parsed))
    for _ in range(2):
        desk.deliver("1795190400.09.again", mail.read_bytes())
    report = FIXTURES / "bounce/new/1795192200.04.ailleurs"
    desk.deliver(report.name, report.read_bytes())
    desk.drain("2026-11-20T19:00:00+01:00")
    told("quarantine", "quarantine")


def test_nesting():
    """What mandoc takes in silence: a command below another one, a literal
    within a literal."""
    for page, text in PAGES.items():
        depth, wrong = 0, []
        for line in text.splitlines():
            depth += line.startswith(".Bl ") - (line == ".El")
            if line.startswith(".It Ic ") and depth > 1 \
                    or re.match(r"\.(?:Ql|Pq)\b.*\bQl .*\bQl\b", line) \
                    or re.match(r"\.Ql\b.* Ql\b", line):
                wrong.append(line)
        tap.ok(not wrong, f"{page}: nothing stands within its like", *wrong)


def test_lint():
    if shutil.which("mandoc") is None:
        tap.skip("mandoc finds nothing to say", "no mandoc")
        return
    for page in PAGES:
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning",
                               str(PROJECT / "src" / page)],
                              capture_output=True, text=True)
        tap.ok(done.returncode == 0, f"mandoc has nothing to say of {page}",
               done.stdout, done.stderr)


test_sites()
test_example_site()
test_rules()
test_unit()
test_help()
test_orders()
test_keys()
test_variables()
test_words()
test_json()
test_nesting()
test_lint()
tap.end()
