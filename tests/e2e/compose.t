#!/usr/bin/env python3
"""Our mails as another parser reads them (doc/security.md T20, inject_matrix).

Run from the project's folder; BUILD names the build, build/plain by default.
"""
import email
import email.header
import email.policy
import email.utils
import os
import re
import subprocess
import sys
from pathlib import Path

DRIVER = Path(os.environ.get("BUILD", "build/plain")) / "tests/tools/compose_driver"

FIELDS = ["From", "To", "Subject", "Date", "Message-Id", "Auto-Submitted",
          "X-Auto-Response-Suppress", "X-MS-Reactions", "Precedence", "MIME-Version",
          "Content-Type"]
# Beside these, one more where a case asks for it.
count = 0
failed = 0


def ok(good, name, why=""):
    global count, failed
    count += 1
    print(("ok" if good else "not ok"), count, "-", name)
    if not good:
        failed += 1
        if why:
            print("\n".join("# " + line for line in str(why).splitlines()))


def compose(**fields):
    """(bytes, None) or (None, what was said)."""
    arguments = [str(DRIVER), "kind=" + b"replied".hex()]
    for name, value in fields.items():
        values = value if isinstance(value, list) else [value]
        for one in values:
            raw = one if isinstance(one, bytes) else one.encode()
            arguments.append(f"{name}={raw.hex()}")
    done = subprocess.run(arguments, capture_output=True, timeout=60)
    if done.returncode == 0:
        return done.stdout, None
    if done.returncode == 1:
        return None, done.stderr.decode()
    raise SystemExit(f"Bail out! {DRIVER}: {done.returncode} {done.stderr}")


def form_fault(raw):
    """What is wrong with the bytes as bytes, or None."""
    if not raw.endswith(b"\r\n"):
        return "does not end with CR LF"
    if re.search(rb"[^\x09\x0d\x0a\x20-\x7e]", raw):
        return "a byte that is no printable ASCII"
    if re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        return "CR or LF alone"
    for line in raw.split(b"\r\n"):
        if len(line) > 998:
            return "a line of %d" % len(line)
    return None


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def fault(raw, extra=()):
    """What is wrong with a whole mail, or None."""
    bad = form_fault(raw)
    if bad:
        return bad
    message = parse(raw)
    names = sorted(name for name in message.keys()
                   if name != "Content-Transfer-Encoding")
    wanted = sorted(FIELDS + list(extra))
    if names != wanted:
        return f"fields {names}, not {wanted}"
    people = [(m.username, m.domain) for m in message["To"].addresses]
    if len(people) != 1 or len(message["From"].addresses) != 1:
        return f"recipients {people}"
    for part in message.walk():
        if part.defects:
            return f"defects {part.defects}"
        for name, value in part.items():
            if re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", str(value)):
                return f"a control in {name}: {value!r}"
    return None


# ---- the matrix ----

INJECTIONS = {
    "CR": b"x\rBcc: v@evil.test",
    "LF": b"x\nBcc: v@evil.test",
    "CRLF": b"x\r\nBcc: v@evil.test",
    "%0d%0a": b"x%0d%0aBcc:v@evil.test",
    "encoded-word": b"=?utf-8?q?x=0D=0ABcc:_v=40evil.test?=",
    "NUL": b"x\x00Bcc: v@evil.test",
    "U+2028": "x\u2028Bcc: v@evil.test".encode(),
    "U+0085": "x\u0085Bcc: v@evil.test".encode(),
}
# Where the string goes, and how the good one reads with it inside.
PLACES = {
    "subject": lambda s: {"subject": b"Re: " + s},
    "name": lambda s: {"to_name": b"Jean " + s},
    "local part": lambda s: {"to_address": s + b"@client.example"},
    "domain": lambda s: {"to_address": b"jean@client.example" + s},
    "Message-ID": lambda s: {"message_id": b"k1." + s + b"@desk.example"},
    "References": lambda s: {"reference": [b"a@client.example", b"b" + s]},
    "filename": lambda s: {"attach": b"contenu", "name": b"f" + s,
                           "type": b"application/pdf"},
    "ticket title": lambda s: {"title": s},
    "command argument": lambda s: {"argument": s},
}
# These must come out, changed at most: a client's words cannot stop a mail.
MUST_PASS = {"ticket title", "command argument"}
# Harmless text: it must pass where any text may stand.
TEXTS = {"%0d%0a", "encoded-word"}
# C strings end at the NUL, and before it there is nothing wrong.
ENDED = {"NUL"}

cases = 0
for place, fields in PLACES.items():
    for kind, string in INJECTIONS.items():
        cases += 1
        raw, said = compose(**fields(string))
        name = f"inject {kind} into {place}"
        free = place in ("subject", "name", "filename")
        if raw is None:
            ok(place not in MUST_PASS and
               not (free and kind in TEXTS | ENDED) and
               "evil" not in said, name, said)
            continue
        if place not in MUST_PASS and kind not in TEXTS | ENDED:
            ok(False, name, "was not refused:\n" +
               raw.decode("ascii", "replace"))
            continue
        extra = ["References"] if place == "References" else []
        bad = fault(raw, extra)
        if not bad and place in ("subject", "name", "filename"):
            # Read back, it is still text and still not decoded again.
            message = parse(raw)
            seen = str(message["Subject"]) + str(message["To"]) + "".join(
                part.get_filename() or "" for part in message.walk())
            if kind == "encoded-word" and "0D" not in seen:
                bad = f"decoded twice: {seen!r}"
        ok(not bad, name, f"{bad}\n{raw.decode('ascii', 'replace')}")
ok(cases == 72, "the matrix has 72 cases", cases)

# ---- what is written is read back ----

TEXT = ("Bonjour,\n\n.\n..\n.\r\nFrom ici\nMAIL FROM:<x@evil.test>\n"
        "-- \nété = 5 €, 100 %, \U0001f600\n" + "long " * 400 + "\n"
        + "x" * 3000 + "\n--=_boundary\n\ttab\nfin sans fin de ligne")
JAPANESE = "障害が発生しました。\n" * 40
BINARY = bytes(range(256)) * 7 + b"\n\r\r\n\x00."
MAIL = (b"From: a@client.example\nSubject: dedans\n\n--=_x\n.\nDot\n")
NAMES = ["Jean", "Durand, Jean \"JD\" (paie)", "Zoë Müller-Łukasz " * 6,
         "日本 太郎", "a@b.example", "=?utf-8?q?x?=", "J\\", ""]
SUBJECTS = ["Panne", "Été à Liège : l'imprimante «Zébra» ne répond plus [#12]",
            "x" * 900, "é" * 400, "a" + " b" * 300, "=?x", "=?=?utf-8?q?=20?=",
            "障害 " * 40, "[#12] ", "a  b"]


def lines(text):
    return re.sub(r"\r\n|\r|\n", "\n", text)


for text in (TEXT, JAPANESE, "", "a", "é"):
    raw, said = compose(text=text, html=f"<p>{text}</p>")
    bad = fault(raw)
    ok(not bad, "form of a text", bad)
    if not raw:
        continue
    message = parse(raw)
    plain = lines(message.get_body(("plain",)).get_content())
    html = lines(message.get_body(("html",)).get_content())
    ok(plain == lines(text) + ("" if text.endswith("\n") else "\n"),
       "plain text comes back", repr(plain))
    ok(html == f"<p>{lines(text)}</p>\n", "HTML comes back", repr(html))
    ok(message.get_content_type() == "multipart/alternative", "alternative")

for name in NAMES:
    raw, said = compose(to_name=name, from_name=name)
    # The newer policy puts a blank between the encoded words of a name.
    field = str(email.header.make_header(email.header.decode_header(
        email.message_from_bytes(raw)["To"])))
    seen = email.utils.parseaddr(field)
    wanted = name.replace("=?", "= ?").strip()
    ok(not fault(raw) and (seen == (wanted, "jean@client.example") or
       (not name.isascii() and field == f"{wanted} <jean@client.example>")),
       f"name {name[:20]!r}", f"{fault(raw)} {field!r} {wanted!r}")

for subject in SUBJECTS:
    raw, said = compose(subject=subject)
    seen = str(parse(raw)["Subject"])
    wanted = subject.replace("=?", "= ?")
    ok(not fault(raw) and seen.split() == wanted.split(),
       f"subject {subject[:20]!r}", f"{fault(raw)} {seen!r}")
    longest = max(len(line) for line in raw.split(b"\r\n"))
    ok(longest <= 78 or " " not in subject, f"lines of {subject[:20]!r}",
       longest)

raw, said = compose(
    text="Voir les pièces.\n", html="<p>Voir.</p>",
    attach=[BINARY], name="données brutes – été.bin",
    type="application/x-thing")
message = parse(raw)
files = list(message.iter_attachments())
ok(not fault(raw), "form of a mail with a file", fault(raw))
ok(message.get_content_type() == "multipart/mixed", "mixed")
ok([f.get_filename() for f in files] == ["données brutes – été.bin"],
   "file name in RFC 2231", [f.get_filename() for f in files])
ok(files[0].get_content() == BINARY, "bytes of a file come back")
ok(files[0]["Content-Transfer-Encoding"] == "base64", "files are base64")
ok(files[0].get_content_disposition() == "attachment", "files are attached")

raw, said = compose(attach=[MAIL], name="transféré", type="message/rfc822")
message = parse(raw)
files = list(message.iter_attachments())
ok(not fault(raw), "form of a mail in a mail", fault(raw))
ok(len(files) == 1 and files[0].get_content_type() == "message/rfc822",
   "a 7-bit mail stays a mail")
ok(files[0].get_filename() == "transféré.eml", "and is named as one",
   files[0].get_filename())
inner = files[0].get_content()
ok(inner["Subject"] == "dedans" and
   lines(inner.get_content()) == "--=_x\n.\nDot\n", "its text comes back",
   inner.get_content())

raw, said = compose(attach=[MAIL + "é".encode()], name="a.eml",
                    type="message/rfc822")
files = list(parse(raw).iter_attachments())
ok(not fault(raw) and files[0].get_content() == MAIL + "é".encode() and
   files[0].get_content_type() == "application/octet-stream",
   "an 8-bit mail is a file")

BOMBS = [b"Content-Type: message/rfc822\n\n" * 30 + b"dot\n",
         b"Content-Type: multipart/mixed; boundary=b\n\n"
         + b"--b\n\nx\n" * 600]
for bomb in BOMBS:
    raw, said = compose(attach=[bomb], name="b.eml", type="message/rfc822")
    files = list(parse(raw).iter_attachments())
    ok(not fault(raw) and files[0].get_content() == bomb and
       files[0].get_content_type() == "application/octet-stream",
       "a mail of too many parts is a file", files[0].get_content_type())

ids = [f"{i:03d}.{'x' * 190}@client.example" for i in range(38)]
raw, said = compose(reference=ids, in_reply_to=ids[-1],
                    reply_to="help+k1@desk.example", loop="k1.abc",
                    language="fr")
message = parse(raw)
ok(not fault(raw, ["References", "In-Reply-To", "Reply-To", "X-Guichet-Loop",
                   "Content-Language"]), "all fields at once",
   fault(raw, ["References", "In-Reply-To", "Reply-To", "X-Guichet-Loop",
               "Content-Language"]))
ok(re.findall(r"<([^>]*)>", message["References"]) == ids,
   "long References come back")
ok(message["In-Reply-To"].strip() == f"<{ids[-1]}>", "In-Reply-To comes back")
ok(message["Date"].datetime.isoformat() == "2026-11-20T17:00:00+01:00",
   "the date with its offset", message["Date"])
first, _ = compose(text=TEXT)
second, _ = compose(text=TEXT)
ok(first == second, "the same letter gives the same bytes")

print(f"1..{count}")
sys.exit(1 if failed else 0)
