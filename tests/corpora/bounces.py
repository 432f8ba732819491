#!/usr/bin/python3
"""Bounces: recognised, permanent or not, whose, beside a collection's table.

    bounces.py FOLDER [-v]

FOLDER holds bounce-sisimai, whose expected.tsv has a row a recipient. It names
no address: one is right if the mail itself names it in a field made for it,
or as whom the mail that came back was for, and if there are as many as rows.
"""
import collections
import csv
import email
import email.policy
import email.utils
import json
import pathlib
import re
import subprocess
import sys

import corpus

CLASSES = {"vacation": "autoreply", "feedback": "feedback"}


def parse(files):
    done = subprocess.run([corpus.GUICHET, "parse", "-c", corpus.RULES, *map(str, files)],
                          stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def likely(raw):
    """Addresses that are named as who did not get it, in lower case."""
    text = raw.decode("latin-1")
    message = email.message_from_bytes(raw)
    text += "".join((part.get_payload(decode=True) or b"").decode("latin-1")
                    for part in message.walk() if not part.is_multipart())
    named = re.findall(r"(?im)^(?:>\s*)?(?:final-recipient|original-recipient|x-failed-recipients|x-actual-recipient|"
                       r"rcpt to|to|for|x-original-to|delivered-to)\s*:(.*(?:\n[ \t].*)*)", text)
    found = set()
    named += re.findall(r"(?i)(?:rcpt to:\s*|for )(<\S+>)", text)
    named += re.findall(r"(?m)^[^\w\n]*([^\s@]+@\S+)", text) + re.findall(r'emailAddress\W+([^"\\]+)', text)
    for value in named + re.findall(r"(?i)(?:undeliverable to|attempts:) (\S+@\S+)", text):
        found |= {a.lower().rstrip(".") for a in re.findall(r"[^\s<>;,:()\"']+@[^\s<>;,:()\"']+", value)}
    return found


def check(name, rows, mail, raw, table):
    want = CLASSES.get(rows[0]["reason"], "bounce")
    table.add("bounce-sisimai: recognised", name, mail["robot"] == want, f"{mail['robot']} {mail['robot_signals']}")
    if want != "bounce":
        return
    got = mail["bounce"]["recipients"] if mail["bounce"] else []
    got.sort(key=lambda one: one["permanent"])
    for i, row in enumerate(sorted(rows, key=lambda one: one["dsn_status"])):
        permanent = got[i]["permanent"] if i < len(got) else None
        table.add("bounce-sisimai: permanent or not", name, permanent == row["dsn_status"].startswith("5"),
                  f"{row['dsn_status']} {row['reason']}: {got}")
        address = got[i]["address"].lower() if i < len(got) else ""
        table.add("bounce-sisimai: recipient", name, len(got) == len(rows) and address in likely(raw), f"{got}")


def main(argv):
    folder = pathlib.Path(argv[1]) / "bounce-sisimai" if len(argv) > 1 else None
    if folder is None or not folder.is_dir():
        print("no bounce-sisimai")
        return
    rows = collections.OrderedDict()
    with (folder / "expected.tsv").open(newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            rows.setdefault(row["file"], []).append(row)
    table = corpus.Table()
    for (name, wanted), mail in zip(rows.items(), parse([folder / name for name in rows])):
        check(name, wanted, mail, (folder / name).read_bytes(), table)
    table.show("-v" in argv)


main(sys.argv)
