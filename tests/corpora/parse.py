#!/usr/bin/python3
"""What is in a mail: `guichet parse` beside what collections of odd mails
expect of a parser.

    parse.py FOLDER [-v]

FOLDER holds parse-mime4j, parse-mail-parser and parse-enmime, as their
projects publish them; what is missing is passed over. parse-enmime has no
expectations beside its mails: Python's email stands in for them. Compared are
subject, sender, the words of each text, and each file by its bytes; README
says where we read a mail otherwise, and why.
"""
import email
import email.policy
import hashlib
import json
import pathlib

import sys
import xml.etree.ElementTree as xml

import corpus


class Wanted:
    """What a collection says of one mail; None where it says nothing."""

    def __init__(self, raw):
        self.raw, self.subject, self.sender = raw, None, None
        self.texts = []  # (bytes that it may be as a file, words)
        self.files = []  # bytes


def in_charsets(text):
    """The bytes of which a collection shows only the text."""
    return [text.encode(c, "replace") for c in ("utf-8", "iso-8859-1", "windows-1252")]


def amiss(want, got):
    """How the mail was read otherwise, in words."""
    faults = []
    if want.subject is not None and corpus.words(want.subject) != corpus.words(got["subject"]):
        faults.append(f"subject {got['subject']!r} for {want.subject!r}")
    senders = [m["address"] for m in got["from"]]
    if want.sender is not None and want.sender not in senders:
        faults.append(f"from {senders} for {want.sender!r}")
    hashes = {a["sha256"] for a in got["attachments"]}
    shown = corpus.words(got["text"])
    for content, words in want.texts:
        missing = [w for w in words.split() if w not in shown]
        if missing and not {hashlib.sha256(c).hexdigest() for c in content} & hashes:
            faults.append(f"without {' '.join(missing[:12])!r}")
    for content in want.files:
        if hashlib.sha256(content).hexdigest() not in hashes:
            faults.append(f"without a file of {len(content)} bytes")
    return faults


def text_words(content, charset, is_html):
    """As browsers decode it: who says iso-8859-1 means windows-1252."""
    try:
        text = content.decode("windows-1252" if charset in ("iso-8859-1", "us-ascii") else charset or "utf-8")
    except (UnicodeDecodeError, LookupError):
        text = content.decode("windows-1252", "replace")
    return corpus.page_words(text) if is_html else corpus.words(text)


# ---- mime4j: a tree in XML, its decoded leaves in files beside it ----

def mime4j_header(root, name):
    for field in root.findall("header/field"):
        head, _, value = (field.text or "").strip().partition(":")
        if head.strip().lower() == name:
            return str(email.message_from_string(f"{name}: {value.strip()}\n\n",
                                                 policy=email.policy.default)[name] or "")
    return None


def mime4j_type(node):
    return email.message_from_string(
        "Content-Type: " + (mime4j_header(node, "content-type") or "text/plain") + "\n\n")


def mime4j_leaves(node, folder, want):
    """The leaves of the mail itself; an attached mail is one file."""
    children = list(node)
    parts = [p for m in node.findall("multipart") for p in m.findall("body-part")]
    if mime4j_type(node).get_content_type() == "multipart/alternative" and parts:
        plain = [p for p in parts if mime4j_type(p).get_content_type() == "text/plain"]
        children = plain or parts
    for child in children:
        if child.tag == "message" and node.tag != "root":
            continue
        if child.tag in ("text-body", "binary-body") and child.get("name"):
            content = (folder / child.get("name")).read_bytes()
            if child.tag == "binary-body":
                want.files.append(content)
            else:
                kind = mime4j_type(node)
                want.texts.append(([content], text_words(content, kind.get_content_charset(),
                                                         kind.get_content_type() == "text/html")))
        else:
            mime4j_leaves(child, folder, want)


def mime4j(folder):
    for mail in sorted(folder.glob("*.msg")):
        want = Wanted(mail.read_bytes())
        root = xml.fromstring((folder / (mail.stem + "_decoded.xml")).read_bytes())
        want.subject = mime4j_header(root, "subject")
        mime4j_leaves(root, folder, want)
        yield mail.stem, want


# ---- mail-parser: parts in JSON ----

def header_of(part, name):
    for header in part["headers"]:
        if header["name"] == name and isinstance(header["value"], dict):
            return header["value"]
    return {}


def mail_parser(folder):
    for mail in sorted(folder.glob("*/*.eml")):
        want = Wanted(mail.read_bytes())
        said = json.loads(mail.with_suffix(".json").read_text())
        parts = said["parts"]
        want.subject = header_of(parts[0], "subject").get("Text")
        listed = header_of(parts[0], "from").get("Address", {}).get("List") or [{}]
        want.sender = listed[0].get("address")
        for at in dict.fromkeys(said["text_body"] + said["html_body"] + said["attachments"]):
            kind, body = next(iter(parts[at]["body"].items()))
            if kind == "Text":
                want.texts.append((in_charsets(body), corpus.words(body)))
            elif kind == "Html" and at not in said["text_body"] and said["text_body"]:
                continue
            elif kind == "Html":
                want.texts.append((in_charsets(body), corpus.page_words(body)))
            elif kind in ("Binary", "InlineBinary"):
                want.files.append(bytes(body))
        yield f"{mail.parent.name}/{mail.stem}", want


# ---- enmime: mails alone, and Python's email ----

def python_leaves(part, want):
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return
    if part.is_multipart():
        children = list(part.iter_parts())
        if kind == "multipart/alternative":
            plain = [c for c in children if c.get_content_type() == "text/plain"]
            children = plain or children
        for child in children:
            python_leaves(child, want)
        return
    content = part.get_payload(decode=True) or b""
    if kind in ("text/plain", "text/html") or kind.startswith("multipart/"):
        want.texts.append(([content], text_words(content, part.get_content_charset(), kind == "text/html")))
    elif content:
        want.files.append(content)


def enmime(folder):
    for mail in sorted(folder.glob("*.raw")):
        want = Wanted(mail.read_bytes())
        message = email.message_from_bytes(want.raw, policy=email.policy.default)
        want.subject = str(message["Subject"] or "")
        python_leaves(message, want)
        yield mail.stem, want


def main():
    folder = pathlib.Path(sys.argv[1])
    table = corpus.Table()
    for name, read in (("parse-mime4j", mime4j), ("parse-mail-parser", mail_parser), ("parse-enmime", enmime)):
        if not (folder / name).is_dir():
            continue
        rows = list(read(folder / name))
        for (case, want), got in zip(rows, corpus.parse([w.raw for _, w in rows])):
            faults = amiss(want, got)
            table.add(name, case, not faults, "\n".join(faults))
    table.show("-v" in sys.argv[2:])


if __name__ == "__main__":
    main()
