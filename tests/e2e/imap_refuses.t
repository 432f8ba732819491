#!/usr/bin/python3
"""What an IMAP server refuses, and what it says that no parser should meet:
tables of answers, each played as a dialogue against the source. A sample of
the rows; all of them with LONG=1."""

import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wire_lib as wire

tap = wire.Tap()
path = wire.folder()
pki = wire.Pki(path)
GREET = "S: * OK ready\n"
IN = GREET + "LOGIN IMAP4rev1 UIDPLUS MOVE IDLE\n"
DATE = "20-Nov-2026 17:00:00 +0100"


rows = []


def play(name, head, script):
    rows.append((name, head, script))


def play_row(name, head, script):
    file = os.path.join(path, "row.dialogue")
    with open(file, "w", encoding="utf-8") as f:
        f.write("client: source look\ntls: good\n" if "client:" not in head
                else "tls: good\n")
        f.write(head + "\n---\n" + script)
    wire.play(tap, file, pki, path, name)


# ---- what is passing, and what a person must mend ----

PASSING = [
    "NO [UNAVAILABLE] the database is down",
    "NO [INUSE] another session has it",
    "NO [LIMIT] enough for now",
    "NO [SERVERBUG] internal error",
    "NO [THROTTLED] slowly",
    "NO [ALERT] Too many simultaneous connections. (Failure)",
    "NO Too many connections from your IP",
    "NO Maximum number of connections from user+IP exceeded",
    "NO mailbox is locked by another process",
    "NO Temporary authentication failure",
    "BAD temporarily unavailable, try again later",
    "BAD User is authenticated but not connected.",
]
LASTING = [
    "NO [AUTHENTICATIONFAILED] wrong, try again later",
    "NO [EXPIRED] temporarily your password",
    "NO [PRIVACYREQUIRED] not so",
    "NO LOGIN failed.",
    "NO Too many login failures",
    "BAD what",
]


def test_troubles():
    for answer in PASSING + LASTING:
        kind = "TEMPORARY" if answer in PASSING else "CONFIG"
        play(f"LOGIN answered '{answer}' is {kind}",
             f"expect: ^error {kind} ",
             GREET + "C: CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: $ OK done\n"
             f"C: LOGIN .*\nS: $ {answer}\n")
        if answer.startswith("BAD") and answer in LASTING:
            continue
        play(f"SELECT answered '{answer}' is {kind}",
             f"expect: ^error {kind} .*INBOX",
             IN + f"C: SELECT .*\nS: $ {answer}\n"
             + ("" if kind == "TEMPORARY" else
                'C: LIST "" "INBOX"\nS: * LIST () "/" INBOX\nS: $ OK done\n'))
    for name, end in (("closes", ""), ("says BYE", "S: * BYE go away\n"),
                      ("says BYE for too many tries",
                       "S: * BYE Too many login failures\n")):
        play(f"over LOGIN the server {name}: a refusal",
             "expect: ^error CONFIG .*password",
             GREET + "C: CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: $ OK done\n"
             f"C: LOGIN .*\n{end}DROP\n")
    play("over LOGIN the server has too many connections: passing",
         "expect: ^error TEMPORARY ",
         GREET + "C: CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: $ OK done\n"
         "C: LOGIN .*\nS: * BYE Too many connections from you\nDROP\n")


# ---- a server whose patience is at its end ----

def test_tired():
    for answer in ("BAD Request is throttled. Suggested Backoff Time: 1787 milliseconds",
                   "NO [THROTTLED] slowly", "NO [LIMIT] enough for now",
                   "BAD User is authenticated but not connected."):
        play(f"SEARCH answered '{answer}' is tried again later",
             "expect: ^error TEMPORARY .*SEARCH",
             IN + "SELECT 7 40\nC: NOOP\nS: $ OK done\n"
             f"C: UID SEARCH UID 1:\\*\nS: $ {answer}\n")
        play(f"a FETCH answered '{answer}' sets no mail aside",
             "expect: ^error TEMPORARY .*FETCH\nreject: ^refused",
             found(11, 12) + "C: UID FETCH 11:12 .*\n" + metas(11, 12)
             + "S: $ OK done\n" + ask("11,12", f"S: $ {answer}\n"))


# ---- mails that are refused ----

def metas(*uids):
    return "".join(f'S: * {uid} FETCH (UID {uid} RFC822.SIZE 5 INTERNALDATE '
                   f'"{DATE}")\n' for uid in uids)


def body(uid):
    return f"S: * {uid} FETCH (UID {uid} BODY[] {{5}}\nS~ hello)\\r\\n\n"


def found(*uids):
    return (IN + "SELECT 7 40\nC: NOOP\nS: $ OK done\n"
            "C: UID SEARCH UID 1:\\*\nS: * SEARCH "
            + " ".join(map(str, uids)) + "\nS: $ OK done\n")


def ask(uid, answer):
    return f"C: UID FETCH {uid} \\(UID BODY.PEEK\\[\\]\\)\n{answer}"


def test_refused():
    for no in ("NO [SERVERBUG] cannot read it", "NO Server Unavailable. 15",
               "BAD Command Error. 12",
               "NO [UNAVAILABLE] Server error while fetching messages"):
        for bad in (11, 12, 13):
            came = [uid for uid in (11, 12, 13) if uid < bad]
            rest = [uid for uid in (11, 12, 13) if uid >= bad]
            play(f"'{no}' for {bad} of three: set aside alone",
                 f"expect: ^refused 7 {bad} .*{no.split()[-1]}\n"
                 + "".join(f"expect: ^mail 7 {uid} .* whole\n"
                           for uid in (11, 12, 13) if uid != bad)
                 + "expect: ^cursor 7 13$",
                 found(11, 12, 13) + "C: UID FETCH 11:13 .*RFC822.SIZE.*\n"
                 + metas(11, 12, 13) + "S: $ OK done\n"
                 + ask("11,12,13", "".join(map(body, came)) + f"S: $ {no}\n")
                 + "".join(ask(uid, f"S: $ {no}\n" if uid == bad
                               else body(uid) + "S: $ OK done\n")
                           for uid in rest))
    play("what was expunged is gone, and no refusal",
         "reject: ^refused\nexpect: ^cursor 7 12$",
         found(11, 12) + "C: UID FETCH 11:12 .*\n" + metas(11, 12)
         + "S: $ OK done\n"
         + ask("11,12", body(11) + "S: $ NO [EXPUNGEISSUED] some are gone\n")
         + ask("12", "S: $ NO [EXPUNGEISSUED] gone\n"))
    play("one whose size and date are refused: its body may come",
         "expect: ^mail 7 11 .* whole\nexpect: ^mail 7 12 .* whole\n"
         "expect: ^cursor 7 12$",
         found(11, 12) + "C: UID FETCH 11:12 .*\nS: $ NO broken index\n"
         "C: UID FETCH 11:11 .*\n" + metas(11) + "S: $ OK done\n"
         "C: UID FETCH 12:12 .*\nS: $ NO broken index\n"
         + ask("11,12", body(11) + body(12) + "S: $ OK done\n"))
    play("a server that refuses all is in trouble itself",
         "expect: ^error TEMPORARY .*one mail after the other\n"
         "reject: ^refused 7 16",
         found(*range(11, 21)) + "C: UID FETCH 11:20 .*\n"
         + metas(*range(11, 21)) + "S: $ OK done\n"
         + ask(".*", "S: $ NO no\n")
         + "".join(ask(uid, "S: $ NO no\n") for uid in range(11, 17)))
    play("up to `alone` one by one",
         "client: source alone=12 look\nexpect: ^cursor 7 14$",
         found(11, 12, 13, 14)
         + "".join(f"C: UID FETCH {uid}:{uid} .*\n" + metas(uid)
                   + "S: $ OK done\n" + ask(uid, body(uid) + "S: $ OK done\n")
                   for uid in (11, 12))
         + "C: UID FETCH 13:14 .*\n" + metas(13, 14) + "S: $ OK done\n"
         + ask("13,14", body(13) + body(14) + "S: $ OK done\n"))
    play("asked for again: it comes, is refused, or has gone",
         "client: source cursor=7:39 look again:7:11 again:7:12 again:7:13 "
         "again:6:14\n"
         "expect: ^mail 7 11 .* whole\nexpect: ^refused 7 12 .*no\n"
         "expect: ^gone 7 13\nexpect: ^gone 6 14",
         IN + "SELECT 7 40\nC: NOOP\nS: $ OK done\n"
         "C: UID SEARCH UID 40:\\*\nS: * SEARCH 13\nS: $ OK done\n"
         "C: UID FETCH 11:11 .*\n" + metas(11) + "S: $ OK done\n"
         + ask(11, body(11) + "S: $ OK done\n")
         + "C: UID FETCH 12:12 .*\nS: $ NO no\n" + ask(12, "S: $ NO no\n")
         + "C: UID FETCH 13:13 .*\nS: $ OK done\n")


# ---- dates that make no sense ----

def test_dates():
    for date in ('"00-Nov-2026 17:00:00 +0100"',
                 '"99-Foo-2026 17:00:00 +0100"', '"20-Nov-2026"', '""', "NIL",
                 '"Fri, 20 Nov 2026 17:00:00 +0100"',
                 '"20-Nov-2026 27:61:00 +0100"',
                 '"20-Nov-20260 17:00:00 +0100"',
                 '"20-Nov-2026 17:00:00 CET"',
                 '"20-Nov-9999 17:00:00 +0100"',
                 '"01-Jan-1970 00:00:00 +0000"'):
        play(f"INTERNALDATE {date}: that mail alone is undated",
             "expect: ^mail 7 11 2026-11-20T16:00:00Z 5 5 whole\n"
             "expect: ^mail 7 12 never 5 5 whole\n"
             "expect: ^cursor 7 12$",
             found(11, 12) + "C: UID FETCH 11:12 .*\n" + metas(11)
             + "S: * 2 FETCH (UID 12 INTERNALDATE " + date
             + " RFC822.SIZE 5)\nS: $ OK done\n"
             + ask("11,12", body(11) + body(12) + "S: $ OK done\n"))


# ---- what nobody asked for ----

NESTED = {
    "BODYSTRUCTURE": ("* 1 FETCH (BODYSTRUCTURE ", "("),
    "BODY": ("* 1 FETCH (BODY ", "("),
    "a message in a message": ("* 1 FETCH (BODYSTRUCTURE ",
                               '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 9 '
                               '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) '),
    "ENVELOPE": ("* 1 FETCH (ENVELOPE ", "("),
    "an extension": ('* 1 FETCH (BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL '
                     '"7BIT" 1 1 NIL NIL NIL NIL ', "("),
    "THREAD": ("* THREAD ", "("),
    "NAMESPACE": ("* NAMESPACE ", "("),
    "LIST": ("* LIST ", "("),
    "FLAGS": ("* FLAGS ", "("),
    "a lone quotation mark before it": ('* 1 FETCH (BODYSTRUCTURE " ', "("),
    "literals between": ("* NAMESPACE ", "({1}\r\na"),
    "literals in a FETCH": ("* 1 FETCH (BODYSTRUCTURE ", "({1}\r\na"),
    "a code": ("* OK [X ", "("),
}


def test_nested():
    for name, (before, unit) in NESTED.items():
        text = before + unit * (20000 if unit == "(" else 1000)
        text = text.replace("\\", "\\\\").replace("\r\n", "\\r\\n")
        play("nested without an end: " + name,
             "expect: ^error TEMPORARY .*(parenthes|no sense)",
             IN + "SELECT 7 40\nC: NOOP\nS~ " + text + "\\r\\n\n"
             "S: $ OK done\n")
    play("a literal of 4 GiB and some", "expect: ^error TEMPORARY",
         IN + "SELECT 7 40\nC: NOOP\nS: * 1 FETCH (BODY[] {4294967301}\n"
         "S: $ OK done\n")
    play("what is nested as answers are goes through",
         "expect: ^cursor 7 0$",
         IN + "SELECT 7 40\nC: NOOP\n"
         "S: * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (12))\n"
         'S: * NAMESPACE (("" "/")("a" "/")) NIL (("b" "/"))\n'
         "S: * OK well (((((((( done\n"
         + "S: $ OK done\nC: UID SEARCH UID 1:\\*\nS: * SEARCH\nS: $ OK done\n")


# ---- a folder that is another one by now ----

def test_selected_anew():
    play("deleted and made anew under us: all of it is new",
         "client: source look look\nexpect: ^cursor 7 39\n"
         "expect: ^mail 8 1 .* whole\nexpect: ^cursor 8 1$",
         IN + "SELECT 7 40\nC: NOOP\nS: $ OK done\n"
         "C: UID SEARCH UID 1:\\*\nS: * SEARCH 39\nS: $ OK done\n"
         "C: UID FETCH 39:39 .*\n" + metas(39) + "S: $ OK done\n"
         + ask(39, body(39) + "S: $ OK done\n") + "SELECT 8 2\n"
         "C: UID SEARCH UID 1:\\*\nS: * SEARCH 1\nS: $ OK done\n"
         "C: UID FETCH 1:1 .*\n" + metas(1) + "S: $ OK done\n"
         + ask(1, body(1) + "S: $ OK done\n"))
    play("deleted under us: that is told",
         "client: source look look\nexpect: ^error CONFIG .*INBOX",
         IN + "SELECT 7 1\nC: NOOP\nS: $ OK done\nC: UID SEARCH .*\nS: $ OK done\n"
         "C: SELECT .*\nS: $ NO [NONEXISTENT] no such mailbox\n"
         'C: LIST "" "INBOX"\nS: $ OK done\nC: LIST "" "\\*"\nS: $ OK done\n')


# ---- folders that are called otherwise ----

def test_folders():
    caps = GREET + "LOGIN IMAP4rev1 MOVE NAMESPACE\nSELECT 7 1\n"
    space = 'C: NAMESPACE\nS: * NAMESPACE (("INBOX." ".")) NIL NIL\nS: $ OK done\n'
    client = "client: source done=move name=Done\n"
    play("INBOX.Done is meant", client
         + "expect: ^warning .*'Done'; did you mean 'INBOX.Done'",
         caps + 'C: LIST "" "Done"\nS: $ OK done\n' + space
         + 'C: LIST "" "INBOX.Done"\nS: * LIST () "." INBOX.Done\nS: $ OK done\n')
    play("folders stand below INBOX.", client
         + "expect: ^warning .*write 'INBOX.Done'",
         caps + 'C: LIST "" "Done"\nS: $ OK done\n' + space
         + 'C: LIST "" "INBOX.Done"\nS: $ OK done\n')
    for near in ("done", "Archive/Done", "Dome"):
        play(f"{near} is meant", client
             + f"expect: ^warning .*did you mean '{near}'",
             GREET + "LOGIN IMAP4rev1 MOVE\nSELECT 7 1\n"
             'C: LIST "" "Done"\nS: $ OK done\nC: LIST "" "\\*"\n'
             f'S: * LIST () "/" INBOX\nS: * LIST () "/" {near}\nS: $ OK done\n')
    for there in ("Done", '"Done"'):
        play(f"it is there as {there}", client
             + "reject: ^warning\nexpect: ^open",
             caps + f'C: LIST "" "Done"\nS: * LIST () "." {there}\nS: $ OK done\n')


for make in (test_troubles, test_tired, test_refused, test_dates, test_nested,
             test_selected_anew, test_folders):
    began = len(rows)
    make()
    if not os.environ.get("LONG"):
        seed = os.environ.get("SEED", str(int(time.time())))
        print(f"# {make.__name__}: SEED={seed}")
        rows[began:] = random.Random(seed).sample(
            rows[began:], min(4, len(rows) - began))
try:
    for row in rows:
        play_row(*row)
finally:
    wire.remove(path)
tap.end()
