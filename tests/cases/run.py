#!/usr/bin/python3
"""Cases from the field through the real guichet: what came of each, beside
what is right.

    make cases CASES=DIR [ONLY="mail 44 K1"]

DIR holds mail/ and mail.tsv, mail-new/, alerts/ and alerts.tsv, clocks/ and
clocks.tsv, border/, each as its README says; what is missing is passed over.
ONLY takes words: a folder, or what a case's name begins with. Each row begins
with what a program could judge of the right outcome: `right`, `WRONG` with
what is amiss, or `look` where only a person can tell. facts.txt, beside this
file, says of a case what there is to see; where it says nothing, sentences of
the right outcome are understood. Nothing of the cases is part of the project.
"""
import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import facts
from cases_lib import PROJECT, Case, Failed, Report, Seen, eml_of_text, example_site, table
from clocks import run_clocks
from desk import GUICHET

FACTS = facts.load(Path(__file__).with_name("facts.txt"))

# Sentences of a right outcome and what they ask of what was seen. Each is a
# pattern, what it means, and whether it holds.
ASKED = [
    (r"\b(no ticket|opens? no ticket)", "a ticket", lambda s: not s.tickets),
    (r"^(One|1) ticket|joins ticket #1|One ticket", "not one ticket", lambda s: len(s.tickets) == 1),
    (r"^A ticket|\bA ticket (is made|with|,|;)|Kept on the ticket|^It is a new mail", "no ticket",
     lambda s: len(s.tickets) >= 1),
    (r"^Both are kept", "not two messages", lambda s: s.messages == 2),
    (r"(?<!not )[Aa] bounce", "not in the lane of bounces", lambda s: s.lanes == ["bounce"]),
    (r"[Aa]utomatic reply", "not in the lane of automatic replies", lambda s: s.lanes == ["auto"]),
    (r"[Nn]o acknowledgment|[Nn]othing answered|[Nn]o answer", "was acknowledged",
     lambda s: "acknowledgment" not in s.told),
    (r"one acknowledgment", "not one acknowledgment", lambda s: s.told.count("acknowledgment") == 1),
    (r"technician (is )?told|told\.$|gets something to read", "no technician told", lambda s: "notice" in s.told),
    (r"does not reopen", "reopened", lambda s: s.state() and s.state()[0] in ("resolved", "closed")),
    (r"severity 1", "not severity 1", lambda s: "severity 1 " in s.dump),
    (r"like any mail of that person", "not acknowledged", lambda s: "acknowledgment" in s.told),
    (r"contact is known", "no contract", lambda s: " contract " in s.dump),
]


def judge_words(right, seen):
    asked = [(what, holds(seen)) for pattern, what, holds in ASKED if re.search(pattern, right)]
    if not asked:
        return "look", ""
    amiss = "; ".join(what for what, good in asked if not good)
    return ("WRONG", amiss) if amiss else ("right", "")


def parse(conf, file):
    done = subprocess.run([GUICHET, "parse", "-c", str(conf), str(file)], capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[0]) if done.stdout else {}


def words_of(parsed):
    words = parsed.get("new_text") or ""
    files = [a.get("name") or "" for a in parsed.get("attachments") or []]
    return "new words: " + " / ".join(words.split("\n"))[:300] + (f"\n        files: {files}" if files else "")


def new_words(case, file):
    return words_of(parse(case.desk.conf, file))


def judge_mail(name, case, mails, seen, otherwise):
    """By its facts, and if it has none as `otherwise` judges."""
    if name not in FACTS:
        return otherwise()
    looked = facts.Looked(seen, parse(case.desk.conf, mails[-1]), mails[-1].read_bytes())
    return facts.judge(FACTS[name], looked)


# What a server of the cases is asked beyond its script: the mail that it refused
# among others, alone.
ASKED_ALONE = {"c-one-mail-cannot-be-fetched": r"C: UID FETCH 11 \(.*" "\nS: $ NO no\n"}


def run_dialogues(where, row, report):
    """Scripts of an IMAP server, as tests/e2e/imap.t plays its own."""
    import wire_lib as wire
    path, tap, said = wire.folder(), wire.Tap(), io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            pki = wire.Pki(path)
            for file in sorted(where.glob("*.dialogue")):
                script = Path(path) / file.name
                script.write_text(file.read_text() + ASKED_ALONE.get(file.stem, ""))
                wire.play(tap, str(script), pki, path)
    finally:
        wire.remove(path)
    lines = [line for line in said.getvalue().splitlines() if re.match(r"ok|not ok", line)]
    report.say("mail", row["id"], "WRONG" if tap.failed else "right",
               f"{tap.failed} of {tap.count} dialogues" if tap.failed else "",
               row["right outcome"], lines, row["failing kind"] or "")


def run_mails(folder, report):
    for row in table(folder / "mail.tsv"):
        where = folder / "mail" / row["id"]
        mails = sorted(where.glob("*.eml"))
        if not report.wants("mail", row["id"]):
            continue
        if not mails:
            run_dialogues(where, row, report)
            continue
        steps = where / "steps.txt"
        boxes = dict(re.findall(r"^mail (\S+)(?: mailbox=(\w+))?", steps.read_text(), re.M)) if steps.exists() else {}
        with Case() as case:
            lines = []
            try:
                for mail in mails:
                    case.deliver(mail.read_bytes(), boxes.get(mail.name) or "support")
                    case.drain()
                    lines.append(new_words(case, mail))
                seen = Seen(case.show())
                verdict, why = judge_mail(f"mail/{row['id']}", case, mails, seen,
                                          lambda: judge_words(row["right outcome"], seen))
            except Failed as failed:
                seen, verdict, why = Seen(""), "WRONG", str(failed)
            report.say("mail", row["id"], verdict, why, row["right outcome"], lines + list(seen.lines()),
                       row["failing kind"] or "")


def run_new(folder, report):
    for mail in sorted((folder / "mail-new").glob("*.eml")):
        if not report.wants("mail-new", mail.stem):
            continue
        with Case() as case:
            example_site(case.desk)
            case.deliver(mail.read_bytes())
            try:
                case.drain()
                seen = Seen(case.show())
                lines = [new_words(case, mail), *seen.lines()]
                verdict, why = judge_mail(f"mail-new/{mail.stem}", case, [mail], seen,
                                          lambda: ("look", ""))
            except Failed as failed:
                lines, verdict, why = [], "WRONG", str(failed)
            report.say("mail-new", mail.stem, verdict, why, "as the faults from the field say", lines)


# ---- alerts ----

def read_alerts(case, files):
    done = case.desk.run("alert", "test", "--json", *map(str, files), check=False)
    return [json.loads(line).get("alert") or {} for line in done.stdout.splitlines()]


def one_alert_right(want, got):
    if want == "no alert": # by no recogniser: what its words made of it the tickets tell
        return True
    kind, host, service, state = (want.split("/") + ["*"] * 4)[:4]
    names = {"type": kind, "host": host, "service": service, "state": state}
    return all(value == "*" or (got.get(key) or "").lower() == value.lower() for key, value in names.items())


def judge_alerts(right, alerts, seen):
    row = re.match(r"(.*?) -> (\d+) ticket\(s\), (\w+)", right)
    if not row:
        return "look", ""
    wrong = [f"{want} read as {'/'.join(str(got.get(k) or '') for k in ('type', 'host', 'service', 'state'))}"
             for want, got in zip(row[1].split("; "), alerts) if got and not one_alert_right(want, got)]
    if len(seen.tickets) != int(row[2]):
        wrong.append(f"{len(seen.tickets)} tickets")
    done = [state in ("resolved", "closed") for state in seen.state()]
    if row[3] == "resolved" and not all(done) or row[3] == "open" and any(done):
        wrong.append(f"state {' '.join(seen.state())}")
    return ("WRONG", "; ".join(wrong)) if wrong else ("right", "")


def judge_fields(right, alert):
    want = json.loads(right)
    wrong = [f"{key} {alert.get(key)!r}" for key, value in want.items() if (alert.get(key) or "") != value]
    return ("WRONG", "; ".join(wrong)) if wrong else ("right", "")


# The card's mail as APC writes it, for the events that only the table tells.
EVENT = """From: ups@client.example
To: help+k3v9q2w8x7t5m4n6p1rz@desk.example
Subject: {event}
Date: {date}
Message-ID: <{code}.event@client.example>

Name     : ups-b
Location : baie 2
Code     : 0x{code}

{severity} - {event}
"""


def event_mails(right):
    """An event and its end under another code."""
    told = json.loads(right) if right.startswith("{") else {}
    if "p" not in told:
        return []
    rows = [("p", "0A01", "Warning", "10:00"), ("r", "0A02", "Informational", "10:20")]
    return [EVENT.format(event=told[key], code=code, severity=severity,
                         date=f"Fri, 20 Nov 2026 {at}:00 +0100").encode() for key, code, severity, at in rows]


def judge_event(alerts, seen):
    wrong = [f"read as {alert.get('type')}" for alert, kind in zip(alerts, ("problem", "recovery"))
             if alert.get("type") != kind]
    if [state in ("resolved", "closed") for state in seen.state()] != [True]:
        wrong.append(f"tickets {' '.join(seen.state()) or 'none'}")
    return ("WRONG", "; ".join(wrong)) if wrong else ("right", "")


STALE = """From: Nagios <nagios@client.example>
To: help+k3v9q2w8x7t5m4n6p1rz@desk.example
Subject: ** {kind} Service Alert: web9/HTTP is {state} **
Date: {date}
Message-ID: <{kind}.order@client.example>

***** Nagios *****

Notification Type: {kind}

Service: HTTP
Host: web9
Address: 192.0.2.7
State: {state}

Date/Time: Fri Nov 20 17:00:00 CET 2026

Additional Info:

none
"""


def other_order(name):
    """The mails of a case whose twin's came in the other order, both there when
    the gateway looks."""
    return [STALE.format(kind=kind, state=state, date=f"Fri, 20 Nov 2026 17:0{minute}:00 +0100").encode()
            for kind, state, minute in (("RECOVERY", "OK", 4), ("PROBLEM", "CRITICAL", 1))] if name == "A66" else []


def run_alerts(folder, report):
    where = folder / "alerts"
    for row in table(folder / "alerts.tsv"):
        name, right = row["id"], row["right outcome"]
        if not report.wants("alerts", name):
            continue
        files = sorted(where.glob(f"{name}-*.eml")) or list(where.glob(f"{name}.eml"))
        kind = row["failing kind"] or ""
        with Case() as case:
            example_site(case.desk)
            try:
                mails = [f.read_bytes() for f in files]
                told = where / f"{name}.txt"
                if not mails:
                    mails = [m.encode() for _, m in eml_of_text(told.read_text() if told.exists() else "")]
                    mails = mails or event_mails(right) or other_order(name)
                    for i, mail in enumerate(mails):
                        files.append(case.desk.dir / f"{i}.eml")
                        files[-1].write_bytes(mail)
                if not mails:
                    report.say("alerts", name, "look", "no mail of it in the folder", right, [], kind)
                    continue
                alerts = read_alerts(case, files)
                for mail in mails:
                    case.deliver(mail)
                    if not other_order(name):
                        case.drain()
                case.drain()
                seen = Seen(case.show())
                if f"alerts/{name}" in FACTS:
                    verdict, why = facts.judge(FACTS[f"alerts/{name}"], facts.Looked(seen, alert=alerts[0]))
                elif event_mails(right):
                    verdict, why = judge_event(alerts, seen)
                elif right.startswith("{"):
                    verdict, why = judge_fields(right, alerts[0])
                else:
                    verdict, why = judge_alerts(right, alerts, seen)
            except Failed as failed:
                seen, alerts, verdict, why = Seen(""), [], "WRONG", str(failed)
            lines = ["read: " + json.dumps(a, ensure_ascii=False) for a in alerts]
            report.say("alerts", name, verdict, why, right, lines + list(seen.lines()), kind)


# ---- the border ----

# Which border a mail came by, where it is not the folder's own.
BORDERS = {"rspamd": "{authserv_id: mx2.desk.test, hosts: [mx2.desk.test, mx.desk.test]}",
           "exim": "{authserv_id: mx5.desk.test, hosts: [mx5.desk.test], without_dmarc: yes}"}


def border_site(folder, base, stem):
    shutil.copytree(PROJECT / "rules", base / "rules")
    for sub in ("in", "sent"):
        for box in ("new", "cur", "tmp"):
            (base / "desk" / sub / box).mkdir(parents=True)
    site = (folder / "border" / "desk-guichet.yaml").read_text()
    site = site.replace("rules: rules", f"rules: {base / 'rules'}").replace("SITE", str(base))
    for word, border in BORDERS.items():
        if word in stem:
            site = re.sub(r"border: \{.*\}", f"border: {border}", site)
    site = site.replace("address: anne@desk.test}", "address: anne@desk.test, login: anne}")
    (base / "guichet.yaml").write_text(site)


def run_border(folder, report):
    rights = [("t3", "forged: never authentic", lambda verdict: verdict != "pass"),
              ("t1-", "submitted by Anne through the same server, whose Received names no login: not authentic",
               lambda verdict: verdict != "pass"),
              ("t10", "submitted by Anne through the same server, under her login: authentic",
               lambda verdict: verdict == "pass")]
    for mail in sorted((folder / "border").glob("*.eml")):
        if not report.wants("border", mail.stem):
            continue
        with Case() as case:
            base = case.desk.dir / "border"
            base.mkdir()
            border_site(folder, base, mail.stem)
            done = subprocess.run([GUICHET, "explain", "-c", str(base / "guichet.yaml"), str(mail)],
                                  capture_output=True, text=True)
            auth = re.search(r"authentic: (\w+)", done.stdout)
            row = next((r for r in rights if mail.stem.startswith(r[0])), None)
            verdict, why = "look", ""
            if row:
                verdict = "right" if auth and row[2](auth[1]) else "WRONG"
            elif f"border/{mail.stem}" in FACTS:
                looked = facts.Looked(Seen(""), parse(base / "guichet.yaml", mail), mail.read_bytes(),
                                      authentic=auth and auth[1])
                verdict, why = facts.judge(FACTS[f"border/{mail.stem}"], looked)
            report.say("border", mail.stem, verdict, why, row[1] if row else "as the faults of the border say",
                       [new_words(case, mail), *done.stdout.splitlines()[:12], *done.stderr.splitlines()[:3]])


def main(argv):
    if "--help" in argv:
        sys.exit(__doc__.strip())
    if len(argv) < 2 or not Path(argv[1]).is_dir():
        sys.exit("usage: make cases CASES=DIR [ONLY=WORDS]: a folder that holds mail/ and mail.tsv, mail-new/, "
                 "alerts/ and alerts.tsv, clocks/ and clocks.tsv, border/")
    folder, report = Path(argv[1]).resolve(), Report(argv[2:])
    for run in (run_mails, run_new, run_alerts, run_clocks, run_border):
        run(folder, report)
    report.end()


if __name__ == "__main__":
    main(sys.argv)
