#!/usr/bin/python3
"""Who wrote (doc/security.md T22): From in all its shapes, what each must give,
and Python's email as a second opinion: wherever we say who it was, it names
the same address and no other. LONG: many more of the random ones."""
import email
import email.policy
import email.utils
import itertools
import os
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "corpora")]
import corpus
import wire_lib

tap = wire_lib.Tap()
SEED = int(os.environ.get("SEED", "26"))

# Addresses as they stand bare or in <>, and the identity they give.
SOUND = {"ann@client.example": "ann@client.example", "Ann@Client.EXAMPLE": "ann@client.example",
         "ann+x@client.example": "ann+x@client.example", "o'neil@client.example": "o'neil@client.example",
         "taro.@carrier.example": "taro.@carrier.example", "a..b@carrier.example": "a..b@carrier.example",
         ".a@carrier.example": ".a@carrier.example", '"ann.b"@client.example': "ann.b@client.example",
         '"taro."@carrier.example': "taro.@carrier.example", "root@web1": "root@web1"}
DOUBTFUL = ["ann@client.example@evil.example", '"ann b"@client.example', '"a@client.example"@evil.example',
            "@evil.example:ann@client.example", "ann(x)@client.example", "ann@(x)client.example",
            "ann@client..example", "ann@client.example.", "ann@[192.0.2.1]", "=?utf-8?q?ann?=@client.example",
            "=?utf-8?q?ann=40client.example?=", "änn@client.example", "ann@clïent.example", "ann",
            "ann @client.example", '"an\\n"@client.example', "ann@client.example\\", "..@client.example"]
# Shapes: {a} is an address, {b} another one.
TAKEN = ["{a}", "<{a}>", "Ann <{a}>", '"Ann, B" <{a}>', '"{b}" <{a}>', "=?utf-8?q?R=C3=A9?= <{a}>", "< {a} >",
         "Ann\r\n <{a}>", "Ann B. <{a}>", "Ann (Support) <{a}>", "{a} (Ann)", "{a} (Ann \"B\" C.)", "{a}\t(Ann)  ",
         "{a} (=?utf-8?b?UsOp?=)", "{a} ()", "{a} <{a}>", "{a}<{a}>", "{a}, {a}", "Ann <{a}>, {a}", "{a} (Ann),{a} (B)",
         "{a},", "Ann <{a}> , ", "{a} (Ann) ,", "<{a}>, <{a}>,"]
REFUSED = ["{a}, {b}", "Ann <{a}>, <{b}>", "{a} <{b}>", "<{b}> <{a}>", "<{a}> {b}", "{a} {b}", "T: {a};", "T: {a}, {b};",
           "{a}; {b}", "{a} (Ann) (B)", "{a} (A, B)", "{a} ({b})", "{a} (x) <{b}>", "{a} (x) {b}", "(x) {a}", "({b}) <{a}>",
           "{a} (x\\)", "{a} (x", "<{a}> (x)", "Ann <{a}", "Ann {a}", "Ann, B <{a}>", "<<{a}>>", "\"Ann <{a}>", "{a} (x:y)",
           "{a} (<{b}>)", "Ann <{a}> x", ", {a}", "{a},, {b}", "<>", "", ",", "'{a}' <{a}>"]


def mail(value):
    return (b"From: " + value.encode("utf-8", "surrogateescape") +
            b"\r\nTo: help@desk.example\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\nSubject: x\r\n\r\nx\r\n")


def opinion(raw):
    """Each address that Python sees in From, lower-case."""
    try:
        head = email.message_from_bytes(raw, policy=email.policy.default)["From"]
        return {a.addr_spec.lower() for a in head.addresses}
    except Exception:  # its newer parser falls over ", .a@b"
        values = email.message_from_bytes(raw).get_all("From")
        return {a.lower() for _, a in email.utils.getaddresses([str(v) for v in values])}


def unquoted(spec):
    local, _, domain = spec.rpartition("@")
    return (local[1:-1] if len(local) > 2 and local[0] == local[-1] == '"' else local) + "@" + domain


def compare(name, rows):
    """rows: (value, identity or None, or ... where only Python is asked)."""
    mails = [mail(value) for value, _ in rows]
    wrong, apart, taken = [], [], 0
    for (value, want), raw, read in zip(rows, mails, corpus.parse(mails)):
        got = read["identity"]
        if want is not ... and got != want:
            wrong.append(f"{value!r}: {got} for {want}")
        if got is not None:
            taken += 1
            said = {unquoted(s) for s in opinion(raw)}
            if said != {got}:
                apart.append(f"{value!r}: {got}, Python {said}")
    tap.ok(not wrong, f"{name}: {len(rows)} shapes give what they must", *wrong[:20])
    tap.ok(not apart, f"{name}: Python names the same in all {taken} that are taken", *apart[:20])
    return taken


def test_table():
    other = "boss@client.example"
    rows = [(shape.format(a=a, b=other), who) for shape in TAKEN for a, who in SOUND.items()]
    rows += [(shape.format(a=a, b=other), None) for shape in REFUSED for a in SOUND]
    # In quotes it is a name, and a name may be anything.
    rows += [(shape.format(a=a, b=other), None) for shape in TAKEN if "{a}" in shape for a in DOUBTFUL]
    compare("table", rows)


def test_random():
    rng = random.Random(SEED)
    pieces = ["ann@client.example", "boss@client.example", "ann", "client.example", "@", "<", ">", "(", ")", ",", ";",
              ":", '"', "\\", " ", "\t", "\r\n ", ".", "=?utf-8?q?x?=", "=?utf-8?q?a=40b?=", "é", "'", "[", "]", "Ann",
              " <ann@client.example>", "(Ann)", "<ann@client.example>"]
    count = 60000 if os.environ.get("LONG") else 400
    rows = [("".join(rng.choice(pieces) for _ in range(rng.randrange(1, 9))), ...) for _ in range(count)]
    # Sound ones with one thing put in or taken out.
    whole = [s.format(a=a, b="boss@client.example") for s, a in itertools.product(TAKEN, SOUND)]
    for _ in range(count):
        value = rng.choice(whole)
        at = rng.randrange(len(value) + 1)
        rows.append((value[:at] + rng.choice(pieces) + value[at + rng.randrange(2):], ...))
    # A NUL or a bare line end would end the field, or the mail.
    taken = compare(f"random (SEED={SEED})", rows)
    tap.ok(taken > count // 10, "and enough of them are taken to say something", taken)


test_table()
test_random()
tap.end()
