#!/usr/bin/python3
"""
The command line on a store that a few mails have made: list, show, search,
why, parse, explain, deadline, dump and rebuild, and a manager's orders with
and without a running desk.
"""

import email
import email.policy
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live_lib as desk
import terminal_lib
import wire_lib as wire

tap = wire.Tap()
top = tempfile.mkdtemp(prefix="guichet-cli-")
T0 = desk.instant("2026-11-20T10:00:00+01:00")
AT = "2026-11-20T12:00:00+01:00"
LIST_KEYS = ["number", "state", "kind", "severity", "contract", "plan",
             "subject", "opened", "intake", "next_due", "next_milestone",
             "next", "next_at", "next_of", "spoke", "assigned", "messages",
             "host", "service", "tags", "ahead"]
PARSE_KEYS = ["file", "message_id", "in_reply_to", "references", "date",
              "from", "reply_to", "sent_by", "to", "cc", "subject", "identity",
              "identity_defect", "text", "new_text", "has_html",
              "attachments", "robot", "robot_signals", "bounce", "alert",
              "defects"]
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


def with_attachment(n):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = f"Jeanne Morel <{desk.JEANNE}>"
    message["To"] = desk.DESK
    message["Cc"] = f"Karim Benali <{desk.KARIM}>, {desk.ANNE}"
    message["Subject"] = "Écran figé à l'accueil"
    message["Date"] = desk.rfc_date(T0 + n)
    message["Message-ID"] = f"<cli.{n}@acier-vosges.example>"
    message["In-Reply-To"] = "<before@acier-vosges.example>"
    message["References"] = "<first@acier-vosges.example> " \
                            "<before@acier-vosges.example>"
    message.set_content("Bonjour,\n\nVoici une photo du zinc cassé.\n")
    message.add_attachment(PNG, maintype="image", subtype="png",
                           filename="écran ../figé.png")
    return f"Return-Path: <{desk.JEANNE}>\r\n".encode() + bytes(message)


def stranger(n):
    return desk.mail("promo@soldes.example", "Absent du bureau",
                     "Je suis absent jusqu'au 30 novembre.\n", T0 + n,
                     message_id=f"<cli.{n}@soldes.example>",
                     headers=["Auto-Submitted: auto-replied"])


site = desk.Site(os.path.join(top, "site"))
MAILS = [
    desk.mail(desk.JEANNE, "Panne bloquante de l'ERP",
              "Bonjour,\n\nPlus personne ne peut se connecter.\n", T0,
              message_id="<cli.0@acier-vosges.example>",
              name="Jeanne Morel"),
    with_attachment(60),
    desk.mail("s.lemaire@clinique-alize.example", "Question sur les droits",
              "Comment ajouter un utilisateur au module Fusion ?\n", T0 + 120,
              message_id="<cli.120@clinique-alize.example>",
              name="Sophie Lemaire"),
    stranger(180),
]


def drain():
    for n, data in enumerate(MAILS):
        site.deliver(data, T0 + 60 * n, str(n))
    got = site.once(AT)
    tap.ok(got.returncode == 0 and not os.listdir(
        os.path.join(site.box, "new")), "the mails are drained", got.stderr)


def numbers_by_subject():
    return {row["subject"]: row["number"]
            for row in site.json("list", "--all")}


# ---- list, show, search, why ----

def test_list():
    rows = site.json("list", "--at", AT)
    tap.ok(len(rows) == 3 and all(list(row) == LIST_KEYS for row in rows),
           "list --json: the keys, in order", rows)
    first = rows[0]
    tap.ok(first["subject"] == "Panne bloquante de l'ERP"
           and first["state"] == "new" and first["kind"] == "incident"
           and first["severity"] == 1 and first["contract"] == "acier-vosges"
           and first["plan"] == "sos24"
           and first["opened"] == "2026-11-20T09:00:00Z"
           and first["intake"] == "2026-11-20T09:00:00Z"
           and first["next_due"] == "2026-11-21T09:00:00Z"
           and first["next_milestone"] == "response"
           and first["messages"] == 1 and isinstance(first["tags"], list),
           "list --json: what is due first comes first", first)
    due = [row["next_due"] for row in rows if row["next_due"]]
    tap.ok(due == sorted(due), "list: ordered by what is due next", rows)
    got = site.call("list", "--at", AT)
    tap.ok(got.returncode == 0 and "\033" not in got.stdout
           and "in 22 h" in got.stdout and len(got.stdout.splitlines()) == 4,
           "list: no colours off a terminal, and what is left", got.stdout)
    numbers = {word: [row["number"] for row in site.json(
        "list", *word.split(), "--at", "2026-11-21T11:00:00+01:00")]
        for word in ("late", "today", "waiting", "acier-vosges",
                     "--assigned=nobody")}
    everything = [row["number"] for row in rows]
    tap.ok(numbers["late"] and set(numbers["late"]) <= set(numbers["today"])
           and not numbers["waiting"] and not numbers["--assigned=nobody"]
           and 0 < len(numbers["acier-vosges"]) < len(everything),
           "list: late, today, waiting, a contract's, somebody's", numbers)
    chosen = {words: [row["number"] for row in site.json(
        "list", *words.split(), "--at", AT)]
        for words in ("--state=new", "--state=open,waiting-customer",
                      "--severity=1", "--severity=1,2,3,4", "--since=1h",
                      "--since=2026-11-20", "--since=2026-11-21",
                      "--since=2026-11-20T09:00:01Z", "--since=30d late")}
    severe = [row["number"] for row in rows if row["severity"] == 1]
    tap.ok(chosen["--state=new"] == [r["number"] for r in rows
                                     if r["state"] == "new"]
           and chosen["--state=open,waiting-customer"] == [
               r["number"] for r in rows
               if r["state"] in ("open", "waiting-customer")]
           and chosen["--severity=1"] == severe != everything
           and chosen["--since=2026-11-20"] == everything
           and chosen["--since=2026-11-21"] == []
           and 1 not in chosen["--since=2026-11-20T09:00:01Z"]
           and chosen["--since=30d late"] == [], "list: by state, by severity, "
           "by when it came; filters add up", chosen)
    for words, wanted in [("--state=done", "'done' is no state; write new"),
                          ("--severity=0", "'0' is no severity"),
                          ("--since=lately", "--since takes a day")]:
        got = site.call("list", words)
        tap.ok(got.returncode == 2 and wanted in got.stderr,
               f"list: {words} is told", got.stderr)
    got = site.call("list", "acier-vosge")
    tap.ok(got.returncode == 2 and "mine, late, today" in got.stderr,
           "list: a word that is no filter is told", got.stderr)
    tap.ok(all(row["next"] and row["next_at"] and row["next_of"]
               for row in rows), "list: what is next, and for whom", rows)
    late = site.call("list", "--at", "2026-11-21T11:00:00+01:00")
    tap.ok("late by 1 h" in late.stdout, "list: what is late says so",
           late.stdout)
    got = site.call("list", env={"TZ": "America/New_York",
                                 "LC_ALL": "fr_FR.UTF-8"})
    again = site.call("list", env={"TZ": "Asia/Tokyo", "LC_ALL": "C"})
    drop = re.compile(r"\t(in|late by) [^\t]*")
    tap.ok(drop.sub("", got.stdout) == drop.sub("", again.stdout),
           "list: TZ and locale change nothing", got.stdout, again.stdout)


def test_narrow():
    """In 80 columns no line is wider, and dates are not broken off."""
    shown = terminal_lib.lines(site.command("list", "--at", AT))
    tap.ok(len(shown) == 4 and max(map(len, shown)) <= 80
           and "in 22 h" in shown[1] and "Panne bloquante" in shown[1],
           "list: 80 columns are enough for what matters", shown)


def test_show():
    number = str(numbers_by_subject()["Écran figé à l'accueil"])
    whole = site.json("show", number)
    keys = list(whole[0]) if whole else []
    tap.ok(len(whole) == 1 and keys[:len(LIST_KEYS)] == LIST_KEYS
           and {"entries", "clocks"} <= set(keys),
           "show --json: one ticket, the keys of list and more", keys)
    entries = [e for e in whole[0]["entries"] if e["author"] == "client"]
    tap.ok(len(entries) == 1
           and list(entries[0])[:4] == ["message_id", "author", "visibility",
                                        "text"]
           and entries[0]["message_id"].strip("<>")
           == "cli.60@acier-vosges.example"
           and entries[0]["visibility"] == "public"
           and "photo du zinc cassé" in entries[0]["text"],
           "show --json: entries[] {message_id, author, visibility, text}",
           whole)
    tap.ok(all({"milestone", "commitment", "state", "due"} <= set(c)
               for c in whole[0]["clocks"]), "show --json: clocks[]",
           whole[0]["clocks"])
    got = site.call("show", "#" + number)
    tap.ok(got.returncode == 0 and "photo du zinc cassé" in got.stdout
           and "Écran figé" in got.stdout, "show: for people, #N too",
           got.stdout, got.stderr)
    folder = os.path.join(top, "saved")
    got = site.call("show", number, "--save", folder)
    files = {name: open(os.path.join(folder, name), "rb").read()
             for name in os.listdir(folder)}
    tap.ok(got.returncode == 0 and MAILS[1] in files.values()
           and PNG in files.values() and len(files) == 2
           and all(re.fullmatch(r"[\w.-]+", name) and ".." not in
                   name.replace("..", "", 0).split("/") for name in files)
           and sorted(os.path.abspath(p) for p in got.stdout.splitlines())
           == sorted(os.path.join(folder, n) for n in files),
           "show --save: the raw mail and its attachment, as they came",
           got.stdout, got.stderr, list(files))
    os.chmod(folder, 0o755)
    for umask, again in ((0o022, False), (0o000, False), (0o022, True)):
        for name in files if not again else ():
            os.chmod(os.path.join(folder, name), 0o644)
        for name in () if again else os.listdir(folder):
            os.remove(os.path.join(folder, name))
        before = os.umask(umask)
        site.call("show", number, "--save", folder)
        os.umask(before)
        modes = [oct(os.stat(os.path.join(folder, name)).st_mode & 0o777)
                 for name in os.listdir(folder)]
        tap.ok(modes == ["0o600"] * 2, f"for nobody else, umask {umask:o}"
               + ", over what was there" * again, modes)
    got = site.call("show", "99")
    tap.ok(got.returncode == 1 and "99" in got.stderr and got.stdout == "",
           "show: a ticket that is not there", got.stderr)


def test_search():
    numbers = numbers_by_subject()
    rows = [("zinc casse", "Écran figé à l'accueil"),
            ("ZINC", "Écran figé à l'accueil"),
            ("module Fusion", "Question sur les droits"),
            ("lemaire", "Question sur les droits"),
            ("bloquante ERP", "Panne bloquante de l'ERP")]
    for words, subject in rows:
        found = [r["number"] for r in site.json("search", *words.split())]
        tap.ok(found == [numbers[subject]], f"search {words}", found)
    for words in (["introuvable"], ["zinc", "Fusion"], ['"'], ["zinc OR"],
                  ["*"], ["NEAR("], ["subject:zinc"], ["zinc NOT photo"]):
        got = site.call("search", "--", *words)
        tap.ok(got.returncode == 0 and got.stdout == "",
               f"search {' '.join(words)}: nothing, and no error",
               got.stdout, got.stderr)


def test_why():
    got = site.call("why", "<cli.0@acier-vosges.example>")
    number = re.match(r"mail (\d+): ", got.stdout)
    tap.ok(got.returncode == 0 and number is not None
           and re.search(r"^on ticket #1$", got.stdout, re.M)
           and "acier-vosges" in got.stdout
           and re.search(r"severity.*1", got.stdout)
           and "panne-bloquante" in got.stdout,
           "why: by Message-ID, with the rule that set each value",
           got.stdout, got.stderr)
    again = site.call("why", number.group(1))
    tap.ok(again.stdout == got.stdout, "why: by number", again.stdout)
    got = site.call("why", "<cli.180@soldes.example>")
    tap.ok(got.returncode == 0 and "on no ticket" in got.stdout
           and "auto" in got.stdout, "why: a mail that made no ticket",
           got.stdout)
    got = site.call("why", "<none@nowhere.example>")
    tap.ok(got.returncode == 1 and "none@nowhere.example" in got.stderr,
           "why: a mail that is not there", got.stderr)


# ---- parse, explain, deadline ----

def test_parse():
    files = []
    for n, data in enumerate(MAILS + [b"", b"\0\xff not a mail"]):
        files.append(os.path.join(top, f"{n}.eml"))
        with open(files[-1], "wb") as f:
            f.write(data)
    got = site.call("parse", *files)
    rows = [json.loads(line) for line in got.stdout.splitlines()]
    tap.ok(got.returncode == 0 and len(rows) == 6
           and [row["file"] for row in rows] == files,
           "parse: one object a file and line, in order", got.stderr)
    tap.ok(all(list(row) == PARSE_KEYS for row in rows),
           "parse: exactly these keys, in order",
           [list(row) for row in rows if list(row) != PARSE_KEYS][:1])
    row = rows[1]
    tap.ok(row["message_id"].strip("<>") == "cli.60@acier-vosges.example"
           and [i.strip("<>") for i in row["in_reply_to"]]
           == ["before@acier-vosges.example"]
           and [i.strip("<>") for i in row["references"]]
           == ["first@acier-vosges.example", "before@acier-vosges.example"]
           and desk.instant(row["date"]) == T0 + 60
           and row["from"] == [{"name": "Jeanne Morel",
                                "address": desk.JEANNE}]
           and row["reply_to"] == []
           and [m["address"] for m in row["cc"]] == [desk.KARIM, desk.ANNE]
           and row["subject"] == "Écran figé à l'accueil"
           and row["identity"] == desk.JEANNE and not row["identity_defect"]
           and row["has_html"] is False and row["bounce"] is None
           and row["alert"] is None,
           "parse: the values of a mail", row)
    part = row["attachments"][0]
    tap.ok(list(part) == ["name", "type", "size", "sha256", "inline"]
           and part["type"] == "image/png" and part["size"] == len(PNG)
           and part["sha256"] == hashlib.sha256(PNG).hexdigest()
           and part["inline"] is False and "figé.png" in part["name"]
           and "/" not in part["name"],
           "parse: an attachment, with a name that is no path", part)
    tap.ok(rows[3]["robot"] == "autoreply" and rows[3]["robot_signals"]
           and rows[0]["robot"] == "human", "parse: robot and its signals",
           rows[3]["robot"], rows[3]["robot_signals"], rows[0]["robot"])
    tap.ok(not rows[4]["identity"] and not rows[5]["identity"]
           and rows[5]["defects"] is not None, "parse: what is no mail, too",
           rows[4:])
    got = site.call("parse", files[0], os.path.join(top, "none.eml"))
    tap.ok(got.returncode == 1 and len(got.stdout.splitlines()) == 1
           and "none.eml" in got.stderr,
           "parse: a file that is not there does not hide the others",
           got.stderr)


def test_explain():
    file = os.path.join(top, "explain.eml")
    with open(file, "wb") as f:
        f.write(desk.mail(desk.KARIM, "Panne bloquante de l'ERP",
                          "Bonjour,\n\nL'ERP est bloqué.\n", T0 + 7200,
                          name="Karim Benali"))
    before = site.dump()
    digest = store_rows()
    got = site.call("explain", file)
    tap.ok(got.returncode == 0 and "acier-vosges" in got.stdout
           and "human" in got.stdout and "sos24" in got.stdout
           and re.search(r"acknowledgment to karim\.benali@", got.stdout)
           and "24 h" in got.stdout,
           "explain: robot, contract, clocks, answers", got.stdout,
           got.stderr)
    tap.ok(site.dump() == before and store_rows() == digest
           and len(site.sent()) == site.count,
           "explain: stores nothing and sends nothing")


def store_rows():
    """How many rows each table has."""
    store = sqlite3.connect(f"file:{site.store}?mode=ro", uri=True)
    tables = [row[0] for row in store.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name")]
    rows = {t: store.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0]
            for t in tables}
    store.close()
    return rows


# plan, severity, received, options; intake and due, in local time.
DEADLINES = [
    ("sos24 1 2026-11-20T17:00:00+01:00", "2026-11-20T16:00:00Z",
     "response=2026-11-21T16:00:00Z"),
    ("sos24 1 2026-11-20T17:59:59+01:00", "2026-11-20T16:59:59Z",
     "response=2026-11-21T16:59:59Z"),
    ("sos24 1 2026-11-20T18:00:00+01:00", "2026-11-23T08:00:00Z",
     "response=2026-11-24T08:00:00Z"),
    ("sos24 1 2026-11-23T08:59:59+01:00", "2026-11-23T08:00:00Z",
     "response=2026-11-24T08:00:00Z"),
    ("sos24 1 2026-11-25T03:12:00+01:00", "2026-11-25T02:12:00Z",
     "response=2026-11-26T02:12:00Z"),
    ("sos24 1 2026-03-28T10:00:00+01:00", "2026-03-30T07:00:00Z",
     "response=2026-03-31T07:00:00Z"),
    ("semarchy 3 2026-11-20T16:30:00+01:00", "2026-11-20T15:30:00Z",
     "response=2026-11-23T09:30:00Z"),
    ("semarchy 3 2026-12-24T17:00:00+01:00", "2026-12-24T16:00:00Z",
     "response=2026-12-28T10:00:00Z"),
    ("semarchy 4 2026-12-31T12:45:00+01:00", "2026-12-31T11:45:00Z",
     "response=2027-01-04T09:45:00Z"),
    ("semarchy 3 2026-12-24T17:00:00+01:00", "2026-12-24T16:00:00Z",
     "workaround=2027-01-04T16:00:00Z"),
    ("semarchy 3 2026-11-20T16:30:00+01:00", "2026-11-20T15:30:00Z",
     "resolution=2026-12-11T15:30:00Z"),
    ("semarchy 1 2026-12-25T03:00:00+01:00", "2026-12-25T02:00:00Z",
     "workaround=2026-12-25T02:30:00Z"),
    ("semarchy 4 2026-12-31T12:45:00+01:00 holidays=none",
     "2026-12-31T11:45:00Z", "response=2027-01-01T09:45:00Z"),
    ("semarchy 3 2026-11-20T16:30:00+00:00 zone=Europe/London",
     "2026-11-20T16:30:00Z", "response=2026-11-23T10:30:00Z"),
    ("semarchy 3 2026-11-20T16:30:00Z zone=Europe/London kind=question",
     "2026-11-20T16:30:00Z", "response=2026-11-23T10:30:00Z"),
]


def test_deadline():
    lines = "".join(row[0].replace(" ", "\t") + "\n" for row in DEADLINES)
    got = site.call("deadline", "--batch", text=lines)
    answers = got.stdout.splitlines()
    tap.ok(got.returncode == 0 and len(answers) == len(DEADLINES),
           "deadline --batch: a line each", got.stdout, got.stderr)
    for (question, intake, due), answer in zip(DEADLINES, answers):
        fields = answer.split("\t")
        tap.ok(fields[0] == "intake=" + intake and due in fields[1:]
               and all(re.fullmatch(r"[a-z]+=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                                    f) for f in fields),
               "deadline: " + question, answer, f"intake={intake} {due}")
    got = site.call("deadline", "--batch", text=(
        "sos24\t1\t2026-11-20T17:00:00+01:00\tcomponent=excluded\n"
        "sos24\t3\t2026-11-20T17:00:00+01:00\n"))
    tap.ok(got.returncode == 0 and got.stdout.count("response=") == 0
           and len(got.stdout.splitlines()) == 2,
           "deadline: what SOS24 does not cover has no guaranteed term",
           got.stdout, got.stderr)
    got = site.call("deadline", "--batch", text=(
        "nothing\t1\t2026-11-20T17:00:00+01:00\n"
        "sos24\t1\t2026-11-20T17:00:00\n"
        "sos24\t1\t2026-11-20T17:00:00+01:00\tcolour=red\n"
        "sos24\t1\t2026-11-20T17:00:00+01:00\n"))
    lines = got.stdout.splitlines()
    tap.ok(got.returncode == 1 and len(lines) == 4
           and all(line.startswith("error=") for line in lines[:3])
           and lines[3].startswith("intake="),
           "deadline --batch: a bad line is answered and stops nothing",
           got.stdout, got.stderr)
    got = site.call("deadline", "sos24", "5", "2026-11-20T18:00:00+01:00")
    tap.ok(got.returncode == 2 and not got.stdout
           and "plan sos24 has no severity 5; it has 1 (blocking failure), 2"
           in got.stderr, "deadline: a severity that the plan lacks",
           got.stdout, got.stderr)
    got = site.call("deadline", "sos24", "1", "2026-11-20T18:00:00+01:00",
                    "--explain")
    tap.ok(got.returncode == 0 and "24 h" in got.stdout,
           "deadline --explain shows the arithmetic", got.stdout)


# ---- what a manager does ----

def test_orders(running):
    """Each order, by the desk if one runs, else by the command itself."""
    how = "with a desk" if running else "without a desk"
    numbers = numbers_by_subject()
    first = str(numbers["Panne bloquante de l'ERP"])
    third = str(numbers["Question sur les droits"])
    got = site.call("severity", third, "2" if running else "4")
    row = [r for r in site.json("list", "--all")
           if r["number"] == int(third)][0]
    tap.ok(got.returncode == 0
           and row["severity"] == (2 if running else 4),
           f"severity, {how}", got.stdout, got.stderr, row)
    who = "Mary Collins" if running else desk.ANNE
    got = site.call("assign", third, who)
    shown = site.call("show", third).stdout
    tap.ok(got.returncode == 0 and re.search(
        r"assigned +" + ("Mary Collins" if running else "Anne Martin"),
        shown), f"assign, {how}", got.stdout, got.stderr)
    text = f"Rappelé le client, {how}."
    got = site.call("note", third, text=text + "\nDeuxième ligne.\n")
    entries = site.json("show", third)[0]["entries"]
    tap.ok(got.returncode == 0 and any(
        text in e["text"] and "Deuxième ligne." in e["text"]
        and e["visibility"] == "internal" for e in entries),
        f"note from standard input, {how}", got.stdout, got.stderr)
    for words, why in [
            (["severity", third, "12"], "severity"),
            (["assign", third, "Quelqu'un"], "Quelqu'un"),
            (["resolve", "77"], "77"), (["note", third, "  "], "empty")]:
        got = site.call(*words)
        tap.ok(got.returncode == 1 and why in got.stderr
               and got.stdout == "" and got.stderr.count("\n") == 1,
               f"refused, {how}: {' '.join(words)}", got.stdout, got.stderr)
    return first, third


def state_of(number):
    return [r["state"] for r in site.json("list", "--all")
            if r["number"] == int(number)][0]


def test_without_desk():
    _, third = test_orders(None)
    before = len(site.sent())
    got = site.call("resolve", third)
    tap.ok(got.returncode == 0 and state_of(third) == "resolved",
           "resolve, without a desk", got.stdout, got.stderr)
    tap.ok(len(site.sent()) == before and any(
        row["what"] == "resolution" for row in site.json("outbox")),
        "its resolution waits in the outbox for the next run")
    again = site.call("resolve", third)
    tap.ok(again.returncode == 1 and "already" in again.stderr,
           "resolved once is enough", again.stderr)
    site.once()
    new = [s for s in site.sent()[before:]
           if s.to == "s.lemaire@clinique-alize.example"]
    tap.ok(len(new) == 1 and not new[0].is_automatic
           and new[0]["In-Reply-To"] == "<cli.120@clinique-alize.example>",
           "and leaves with it, on the client's thread", *new)


def test_with_desk():
    running = desk.Running(site)
    desk.wait_for(lambda: "sending-up" in running.log())
    try:
        second = desk.wait_for(lambda: subprocess.run(
            site.command("run"), stderr=subprocess.PIPE,
            stdout=subprocess.PIPE, encoding="utf-8", timeout=30))
        tap.ok(second.returncode == 1 and second.stderr.count("\n") == 1
               and site.store in second.stderr
               and running.process.poll() is None,
               "a second `guichet run` on the store is refused at once",
               second.returncode, second.stderr)
        got = site.call("run", "--once")
        tap.ok(got.returncode == 1 and site.store in got.stderr,
               "and so is `run --once`", got.stderr)
        first, third = test_orders(running)
        def to_client():
            return [s for s in site.sent() if s.to == desk.JEANNE]

        before = len(to_client())
        got = site.call("resolve", "#" + first)
        desk.wait_for(lambda: len(to_client()) > before)
        new = to_client()[before:]
        tap.ok(got.returncode == 0 and state_of(first) == "resolved"
               and len(new) == 1 and not new[0].is_automatic,
               "resolve, with a desk: the client is told", got.stdout,
               got.stderr, *new)
        got = site.call("close", first)
        tap.ok(got.returncode == 0 and state_of(first) == "closed"
               and len(to_client()) == before + 1,
               "close, with a desk: nobody is told", got.stdout, got.stderr)
        running.process.kill()  # its socket stays behind
        running.process.wait()
        got = site.call("note", first, "après l'arrêt brutal")
        tap.ok(got.returncode == 0 and "après l'arrêt brutal" in
               site.call("show", first).stdout,
               "a desk that was killed is not waited for", got.stderr)
    finally:
        running.stop()
    got = site.call("close", third)
    tap.ok(got.returncode == 0 and state_of(third) == "closed",
           "close, without a desk", got.stdout, got.stderr)


def test_quarantine():
    waiting = site.json("quarantine")
    tap.ok(len(waiting) == 1 and waiting[0]["lane"], "quarantine lists it",
           waiting)
    mail = str(waiting[0]["mail"])
    before = len(site.sent())
    got = site.call("quarantine", "release", mail)
    made = numbers_by_subject().get("Absent du bureau")
    tap.ok(got.returncode == 0 and made is not None
           and f"#{made}" in got.stdout and not site.json("quarantine"),
           "quarantine release makes a ticket of it", got.stdout, got.stderr)
    again = site.call("quarantine", "release", mail)
    tap.ok(again.returncode == 1 and f"#{made}" in again.stderr,
           "once", again.stderr)
    site.once()
    tap.ok(not [s for s in site.sent()[before:]
                if s.to == "promo@soldes.example"],
           "and nothing is sent to who wrote it")
    got = site.call("quarantine", "release", "4711")
    tap.ok(got.returncode == 1 and "4711" in got.stderr,
           "quarantine: a mail that is not there", got.stderr)


def test_rebuild():
    before = site.dump()
    rows = site.json("list", "--all")
    got = site.call("rebuild")
    tap.ok(got.returncode == 0 and site.dump() == before
           and site.json("list", "--all") == rows and "\r" not in got.stderr
           and str(len(rows)) in got.stdout,
           "rebuild leaves the dump and the queue as they are", got.stdout,
           got.stderr, before, site.dump())
    store = sqlite3.connect(site.store)
    store.execute("DELETE FROM clock")
    store.commit()
    store.close()
    broken = site.dump()
    got = site.call("rebuild")
    tap.ok(broken != before and got.returncode == 0
           and site.dump() == before,
           "and makes lost projections again from the events", got.stderr)
    running = desk.Running(site)
    desk.wait_for(lambda: "sending-up" in running.log())
    got = site.call("rebuild")
    tap.ok(got.returncode == 1 and site.store in got.stderr,
           "rebuild beside a running desk is refused", got.stderr)
    running.stop()


def main():
    drain()
    site.count = len(site.sent())
    for part in (test_list, test_narrow, test_show, test_search, test_why,
                 test_parse, test_explain, test_deadline, test_without_desk,
                 test_with_desk, test_quarantine, test_rebuild):
        try:
            part()
        except Exception as e:  # the next part may still say something
            tap.ok(False, "no surprise", repr(e),
                   f"line {e.__traceback__.tb_next.tb_lineno}")


main()
if tap.failed == 0:
    shutil.rmtree(top, ignore_errors=True)
tap.end()
