#!/usr/bin/env python3
"""token_not_yours: no mail that leaves holds a signed address but its own
reader's, whatever is quoted, forwarded and attached."""
import base64
import quopri
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib as talk

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
ANNE, HUGO, MARY = e2e.TECHNICIANS
SECRET = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"


def at(time):
    return f"2026-11-24T{time}:00+01:00"


def with_files(text, *files):
    """A body with files: (type, encoding, bytes) each."""
    parts = [f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"]
    for i, (kind, coding, data) in enumerate(files):
        coded = {"base64": lambda d: base64.encodebytes(d),
                 "quoted-printable": lambda d: quopri.encodestring(d),
                 "8bit": lambda d: d}[coding](data).decode()
        parts.append(f"Content-Type: {kind}\nContent-Transfer-Encoding: "
                     f"{coding}\nContent-Disposition: attachment; "
                     f"filename=f{i}.txt\n\n{coded}\n")
    return ('Content-Type: multipart/mixed; boundary="b"\n\n' +
            "".join(f"--b\n{part}" for part in parts) + "--b--\n")


def faults(mails):
    return [f"{m.what} to {m.to}: {fault}" for m in mails
            if (fault := e2e.token_fault(m))]


desk = talk.Desk()
desk.mail(at("10:00"), JEANNE, "Panne bloquante",
          f"Tout est bloqué. L'alerte part vers {SECRET}.")
left = desk.drain(at("10:01"))
tap.ok(len(left) == 4 and not faults(left) and all(
    "help+xxxxxxxxxxxxxxxxxxxx@desk.example" in m.body() for m in left
    if m.what == "notice"), "the secret of a source, in a client's words",
    faults(left))
mine = desk.newest(HUGO, 1).reply_to
own = [m for m in left if m.to == JEANNE][0].reply_to

# What a technician pastes and attaches is the client's to read.
page = (f'<html><a href="mailto:{mine.replace("+", "%2B")}?body=%23resolve">'
        f"x</a> {mine}</html>").encode()
notes = f"Copié : {mine}\n".encode() * 4
inner = (b"Content-Transfer-Encoding: base64\n\n" +
         base64.encodebytes(notes)) * 2
desk.answer(at("10:10"), HUGO, 1, None, body=with_files(
    f"Bonjour,\n\nécrivez à {mine} ou à {mine.upper()} si besoin.\n\nHugo\n",
    ("text/html", "quoted-printable", page), ("text/plain", "base64", notes),
    ("text/plain", "base64", inner), ("text/plain", "8bit", notes)))
left = desk.drain(at("10:11"))
reply = [m for m in left if m.what == "reply"]
tap.ok(len(reply) == 1 and not faults(left) and "DESK.EXAMPLE si besoin" in
       reply[0].body() and "Copié : help+xxxx" in reply[0].everything(),
       "what a technician pastes and attaches", (faults(left), [
           m.body() for m in left]))
nested = [p.get_payload(decode=True) for p in
          reply[0].message.walk() if p.get_filename() == "f2.txt"][0]
plain = base64.b64decode(nested.split(b"\n\n", 1)[1].split(b"Content-")[0])
tap.ok(len(plain) == len(notes) and mine.split("+")[1].split("@")[0].encode()
       not in plain and "Copié".encode() in plain, "and in base64 within", plain)

# What a client quotes is his own, and no technician's.
desk.mail(at("10:20"), JEANNE, "Re: [#1] Panne bloquante",
          f"Je réponds à {own}, est-ce juste ?", own,
          f"In-Reply-To: <{desk.newest(JEANNE, 1).message_id}>\n",
          body=with_files(f"Je réponds à {own}, est-ce juste ?",
                          ("text/plain", "8bit", own.encode())))
left = desk.drain(at("10:21"))
tap.ok([m.to for m in left] == [HUGO] and not faults(left),
       "what a client quotes and attaches", faults(left))
desk.answer(at("10:30"), HUGO, 1, f"#note {mine} va à Hugo\n\n{mine}")
desk.answer(at("10:31"), HUGO, 1, f"#frobnicate {mine}")
left = desk.drain(at("10:32"))
tap.ok(left and not faults(left), "and orders that are told, or refused",
       faults(left))
tap.ok("help+xxxx" not in mine and not faults(desk.mails), "none at all",
       faults(desk.mails))
sys.exit(tap.end())
