#!/usr/bin/python3
"""What is in a mail, by Python's email and html.parser as a second opinion:
mails of random shapes (structure, encodings, charsets, headers, line ends,
small sins), printed with their SEED. LONG: many more of them."""
import base64
import email
import email.policy
import hashlib
import os
import pathlib
import quopri
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "corpora")]
import corpus
import wire_lib

tap = wire_lib.Tap()
SEED = int(os.environ.get("SEED", "11"))
rng = random.Random(SEED)

# Words that each charset can write.
WORDS = {
    "utf-8": "panne réseau Ünïcode сервер サーバー 服务器 שרת 🙂 naïve imprimante éteinte 5€".split(),
    "iso-8859-15": "coût œuvre réseau 5€ été".split(),
    "windows-1252": "“bonjour” réseau œuvre – 5€ ça".split(),
    "iso-8859-2": "žluťoučký kůň błąd sieć".split(),
    "windows-1251": "сервер не работает с утра".split(),
    "koi8-r": "сервер не работает с утра".split(),
    "windows-1255": "השרת אינו מגיב".split(),
    "iso-8859-7": "ο διακομιστής δεν".split(),
    "windows-1254": "sunucu çalışmıyor ığş".split(),
    "iso-2022-jp": "サーバー 停止 障害 メール".split(),
    "shift_jis": "サーバー 停止 障害 メール".split(),
    "euc-jp": "サーバー 停止 障害 メール".split(),
    "gb2312": "服务器 故障 网络 无法".split(),
    "gb18030": "服务器 故障 网络 无法".split(),
    "big5": "伺服器 故障 網路 無法".split(),
    "euc-kr": "서버 장애 응답 네트워크".split(),
    "us-ascii": "printer down since nine o'clock = 3 _ ? x=y".split(),
}
TAGS = [("<p>", "</p>"), ("<div>", "</div>"), ("<b>", "</b>"), ("<span style='color:red'>", "</span>"),
        ("<table><tr><td>", "</td></tr></table>"), ("<ul><li>", "</ul>"), ("<blockquote>", "</blockquote>"),
        ("<font size=2>", "</font>"), ("<!-- x > y --><p>", ""), ("<br>", "<br/>"), ("<h1>", "</h1>"), ("<p>", "")]


def some_words(charset, most=12):
    return [rng.choice(WORDS[charset]) for _ in range(rng.randrange(1, most))]


def plain(charset):
    lines = [" ".join(some_words(charset)) for _ in range(rng.randrange(1, 6))]
    return "\n".join(lines) + rng.choice(["", "\n", "\n\n"])


def page(charset, lines=None):
    """Of given lines, nothing but these: a page that says more than the plain
    text beside it is the one to read."""
    body = ""
    for line in lines or plain(charset).splitlines():
        opening, closing = rng.choice(TAGS)
        words = line.replace("&", "&amp;").replace("<", "&lt;")
        body += opening + words + rng.choice([""] if lines else ["", " &amp; &eacute;&#233;&#xe9;", "&nbsp;x"]) + closing + "\n"
    return rng.choice(["%s", "<html><body>%s</body></html>", "<html><head><title>t</title>"
                       "<style>p {color: red}</style></head><body>%s</body></html>", "<HTML><BODY bgcolor=white>%s"]) % body


def encoded(content, binary=False):
    """(Content-Transfer-Encoding, bytes), with what senders get wrong."""
    kind = rng.choice(["base64", "quoted-printable"] + ([] if binary else ["8bit", "8bit"]))
    if kind == "base64":
        width = rng.choice([57, 45, 30])
        lines = [base64.b64encode(content[i:i + width]) for i in range(0, len(content), width)]
        return rng.choice([kind, "BASE64", "Base64"]), rng.choice([b"\n", b"\n", b" \n"]).join(lines) + rng.choice([b"", b"\n"])
    if kind == "quoted-printable":
        data = quopri.encodestring(content, quotetabs=rng.random() < .3)
        if rng.random() < .3:
            data = b"".join(t.lower() if t[:1] == b"=" else t for t in split_escapes(data))
        return rng.choice([kind, "Quoted-Printable"]), data
    return kind, content


def split_escapes(data):
    at, out = 0, []
    while at < len(data):
        step = 3 if data[at:at + 1] == b"=" and data[at + 1:at + 2] != b"\n" else 1
        out.append(data[at:at + step])
        at += step
    return out


def text_part(kind, charset=None, lines=None):
    charset = charset or rng.choice(list(WORDS))
    text = page(charset, lines) if kind == "html" else "\n".join(lines) if lines else plain(charset)
    label = rng.choice([charset, charset.upper(), f'"{charset}"'])
    encoding, data = encoded(text.encode(charset, "xmlcharrefreplace" if kind == "html" else "replace"))
    return (f"Content-Type: text/{kind}; charset={label}\nContent-Transfer-Encoding: {encoding}\n\n").encode() + data


def file_part():
    content = bytes(rng.randrange(256) for _ in range(rng.randrange(0, 400)))
    encoding, data = encoded(content, binary=True)
    name = rng.choice(['filename="a b.pdf"', "filename=x.bin", "filename*=utf-8''caf%C3%A9.pdf",
                       'filename="=?utf-8?Q?caf=C3=A9.pdf?="', "filename*0=\"lo\"; filename*1=\"ng.txt\""])
    return (f"Content-Type: application/octet-stream\nContent-Disposition: attachment; {name}\n"
            f"Content-Transfer-Encoding: {encoding}\n\n").encode() + data


def multipart(kind, parts):
    edge = rng.choice(["b", "=_x-1", "----=_Part_1.2", "a b", "x'()+_,-./:=?"]) + str(rng.randrange(10 ** 6))
    out = f'Content-Type: multipart/{kind}; boundary="{edge}"\n\n'.encode() + rng.choice([b"", b"preamble\n"])
    for part in parts:
        out += b"--" + edge.encode() + rng.choice([b"", b"", b" "]) + b"\n" + part + b"\n"
    # Where it is never closed, nobody can tell whose the last line end is.
    return rng.choice([out + b"--" + edge.encode() + b"--\n", out + b"--" + edge.encode() + b"--", out.rstrip(b"\r\n")])


def body(depth=0):
    shape = rng.choice(["plain", "plain", "html", "alternative", "mixed", "related"])
    if shape in ("plain", "html") or depth > 2:
        return text_part("html" if shape == "html" else "plain")
    if shape == "alternative":
        charset = rng.choice(list(WORDS))
        lines = plain(charset).splitlines()
        return multipart(shape, [text_part("plain", charset, lines), text_part("html", charset, lines)])
    if shape == "related":
        return multipart(shape, [text_part("html"), file_part()])
    return multipart(shape, [body(depth + 1)] + [file_part() for _ in range(rng.randrange(3))])


def word(text, charset):
    raw = text.encode(charset)
    if rng.random() < .5:
        return f"=?{charset}?{rng.choice('bB')}?{base64.b64encode(raw).decode()}?="
    safe = "".join(chr(c) if chr(c).isalnum() and c < 128 else "_" if c == 32 else f"={c:02X}" for c in raw)
    return f"=?{charset}?{rng.choice('qQ')}?{safe}?="


def subject():
    charset = rng.choice(list(WORDS))
    words = some_words(charset, 5)
    if charset == "us-ascii":
        return " ".join(words)
    return rng.choice(["Re: ", ""]) + rng.choice([" ", "\n "]).join(word(w + " ", charset) for w in words)


def mail():
    head = (f"From: Ann <a@client.example>\nTo: help@desk.example\nSubject: {subject()}\n"
            "Date: Mon, 2 Mar 2026 10:00:00 +0100\nMIME-Version: 1.0\n").encode()
    whole = head + body()
    return whole if rng.random() < .5 else whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


# ---- Python's opinion ----

def decoded(part):
    return (part.get_payload(decode=True) or b"").decode(part.get_content_charset() or "utf-8", "replace")


def texts(part, out, files, in_related=False):
    kind = part.get_content_type()
    if part.is_multipart():
        children = list(part.iter_parts())
        if kind == "multipart/alternative":
            children = children[:1]  # the plain one, which is no stub here
        for i, child in enumerate(children):
            texts(child, out, files, kind == "multipart/related" and i > 0)
    elif part.get_content_disposition() == "attachment" or in_related:
        files.append((part.get_filename(), hashlib.sha256(part.get_payload(decode=True) or b"").hexdigest()))
    elif kind == "text/html":
        out.append(corpus.page_words(decoded(part)))
    else:
        out.append(corpus.words(decoded(part)))


def opinion(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    out, files = [], []
    texts(message, out, files)
    return corpus.words(str(message["Subject"])), " ".join(out), files


def plain_of(text):
    """Without blanks, and what html_to_text adds: list marks, rules of quotes."""
    return "".join(c for c in text if not c.isspace() and c not in "*-•>|\xa0")


count = 6000 if os.environ.get("LONG") else 500
mails = [mail() for _ in range(count)]
wrong = {"subject": [], "text": [], "files": []}
for at, (raw, got) in enumerate(zip(mails, corpus.parse(mails))):
    title, text, files = opinion(raw)
    if corpus.words(got["subject"]) != title:
        wrong["subject"].append((at, got["subject"], title))
    if plain_of(got["text"]) != plain_of(text):
        wrong["text"].append((at, got["text"], text))
    if sorted(files) != sorted((a["name"], a["sha256"]) for a in got["attachments"]):
        wrong["files"].append((at, [(a["name"], a["size"]) for a in got["attachments"]], files))
for what, rows in wrong.items():
    tap.ok(not rows, f"{count} mails, {what}: as Python reads it (SEED={SEED})",
           *(f"mail {at}: {got!r}\n  for {want!r}\n{mails[at].decode('latin-1')[:1500]}" for at, got, want in rows[:3]))
tap.end()
