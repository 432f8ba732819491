"""What the runners of tests/corpora share: mails made of a corpus' texts, read
by `guichet parse`, and a table of the outcomes."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
from html.parser import HTMLParser

GUICHET = os.environ.get("GUICHET", "./guichet")
RULES = os.environ.get("RULES", "rules/guichet.yaml")


def answer(body, kind="text/plain"):
    """A mail that answers another one, with that body."""
    head = ("From: Anna <anna@client.example>\nTo: help@desk.example\nSubject: Re: Printer\n"
            "Date: Mon, 2 Mar 2026 10:00:00 +0100\nMessage-ID: <a1@client.example>\n"
            "In-Reply-To: <q1@desk.example>\nMIME-Version: 1.0\n"
            f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")
    return head.encode() + (body if isinstance(body, bytes) else body.encode())


def as_answer(mail):
    """The mail as it stands, said to answer another one."""
    return b"In-Reply-To: <q1@desk.example>\n" + mail


def parse(mails):
    """Each mail as `guichet parse` reads it."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, mail in enumerate(mails):
            files.append(os.path.join(folder, f"{i:06}.eml"))
            with open(files[-1], "wb") as out:
                out.write(mail)
        found = []
        for at in range(0, len(files), 500):
            run = subprocess.run([GUICHET, "parse", "-c", RULES, *files[at:at + 500]],
                                 stdout=subprocess.PIPE, check=True)
            found += [json.loads(line) for line in run.stdout.decode().splitlines()]
        return found


def words(text):
    """As texts are compared: what blanks and lines there are is no difference."""
    return " ".join(text.split())


class Words(HTMLParser):
    """The words of a page, as html.parser finds them."""

    def __init__(self):
        super().__init__()
        self.text, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("style", "script", "title")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "script", "title")

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


def page_words(html):
    page = Words()
    page.feed(html)
    return words(" ".join(page.text))


def plain_links(text):
    """Without the addresses that stand behind a link's words."""
    return re.sub(r"\s*<(?:https?|mailto):[^>]*>", "", text)


def argued():
    """The cases of README's table that we read otherwise on purpose."""
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", (pathlib.Path(__file__).parent / "README.md").read_text(), re.M)
    return {tuple(row) for row in rows}


class Table:
    def __init__(self):
        self.rows = {}
        self.wrong = []
        self.argued = argued()

    def add(self, corpus, case, right, why=""):
        good, all_, known = self.rows.get(corpus, (0, 0, 0))
        is_known = not right and (corpus, case) in self.argued
        self.rows[corpus] = (good + bool(right), all_ + 1, known + is_known)
        if not right:
            self.wrong.append((corpus, case, why))

    def show(self, verbose):
        for corpus, case, why in self.wrong:
            print(f"{'argued' if (corpus, case) in self.argued else 'wrong'}: {corpus} {case}")
            if verbose:
                print("    " + why.replace("\n", "\n    "))
        for corpus, (good, all_, known) in sorted(self.rows.items()):
            print(f"{corpus:40} {good:5} of {all_}" + (f", {known} argued" if known else ""))
