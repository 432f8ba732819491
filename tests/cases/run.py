#!/usr/bin/python3
"""Cases from the field through the real guichet: what came of each, beside
what is right.

    make cases CASES=DIR [ONLY="mail 44 K1"]

DIR holds mail/ and mail.tsv, mail-new/, alerts/ and alerts.tsv, clocks/ and
clocks.tsv, border/, each as its README says; what is missing is passed over.
ONLY takes words: a folder, or what a case's name begins with. Each row begins
with what a program could judge of the right outcome: `right`, `WRONG` with
what is amiss, or `look` where only a person can tell. Nothing of it is part of
the project.
"""
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from cases_lib import PROJECT, Case, Failed, Report, Seen, eml_of_text, example_site, table
from clocks import run_clocks
from desk import GUICHET

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


def new_words(case, file):
    parsed = parse(case.desk.conf, file)
    words = parsed.get("new_text") or ""
    files = [a.get("name") or "" for a in parsed.get("attachments") or []]
    return "new words: " + " / ".join(words.split("\n"))[:300] + (f"\n        files: {files}" if files else "")


def run_mails(folder, report):
    for row in table(folder / "mail.tsv"):
        where = folder / "mail" / row["id"]
        mails = sorted(where.glob("*.eml"))
        if not report.wants("mail", row["id"]):
            continue
        if not mails:
            report.say("mail", row["id"], "look", "dialogues of a server: tests/e2e/wire_lib.py runs such",
                       row["right outcome"], [], row["failing kind"] or "")
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
                verdict, why = judge_words(row["right outcome"], seen)
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
                lines = [new_words(case, mail), *Seen(case.show()).lines()]
                verdict = "look"
            except Failed as failed:
                lines, verdict = [str(failed)], "WRONG"
            report.say("mail-new", mail.stem, verdict, "", "as the faults from the field say", lines)


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
    if "p" in want:
        return "look", ""
    wrong = [f"{key} {alert.get(key)!r}" for key, value in want.items() if (alert.get(key) or "") != value]
    return ("WRONG", "; ".join(wrong)) if wrong else ("right", "")


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
                if not mails and (where / f"{name}.txt").exists():
                    mails = [m.encode() for _, m in eml_of_text((where / f"{name}.txt").read_text())]
                    for i, mail in enumerate(mails):
                        files.append(case.desk.dir / f"{i}.eml")
                        files[-1].write_bytes(mail)
                if not mails:
                    report.say("alerts", name, "look", "no mail of it in the folder", right, [], kind)
                    continue
                alerts = read_alerts(case, files)
                for mail in mails:
                    case.deliver(mail)
                    case.drain()
                seen = Seen(case.show())
                verdict, why = (judge_fields(right, alerts[0]) if right.startswith("{")
                                else judge_alerts(right, alerts, seen))
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
            verdict = "look"
            if row and row[2]:
                verdict = "right" if auth and row[2](auth[1]) else "WRONG"
            report.say("border", mail.stem, verdict, "", row[1] if row else "as the faults of the border say",
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
