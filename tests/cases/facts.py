"""What is right of a case, as facts that a program can look at: facts.txt.

A case's name stands at the left, its facts below it, indented, a word and what
it takes each. A case with facts is judged by them and by nothing else.

    tickets N           so many tickets; 0: none at all
    ticket WORD...      each word stands in the first ticket's line
    open N              so many of them are not done
    lane NAME           the last mail is on no ticket but there
    guaranteed N        so many guaranteed clocks run
    acknowledged N      so many acknowledgments left
    told                a technician read of it
    verified, unverified    how the first mail stands on its ticket
    from ADDRESS        who wrote it, as its row says
    subject TEXT        of the first ticket
    words TEXT          the writer's words have it, white space folded
    cut TEXT            they have it not
    whole               they are all that Python's email reads as text
    lines TEXT          one of their lines is that, blanks before it too
    files NAME | NAME   the files, in order; `none`
    decoded TEXT        what stands in base64 is kept decoded, with that line
    authentic PROOF     what `guichet explain` says of it
    reads KEY VALUE     what the alert's reading says, `-`: nothing
"""
import base64
import email
import email.policy
import hashlib
import re
import unicodedata

from cases_lib import Failed

BARE = {"told", "verified", "unverified", "whole"}


def load(path):
    """The facts of each case by its name."""
    facts, name = {}, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not line[0].isspace():
            name = line.strip()
            if name in facts:
                raise Failed(f"{path.name}:{number}: {name} stands there twice")
            facts[name] = []
            continue
        word, _, rest = line.strip("\t").partition(" ")
        if word not in LOOKS or (rest == "") != (word in BARE):
            raise Failed(f"{path.name}:{number}: no such fact: {line.strip()}")
        facts[name].append((word, rest))
    return facts


def fold(text):
    return " ".join((text or "").split())


def second_opinion(raw):
    """All text of a mail as Python reads it: the plain parts, files left out."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return fold(" ".join(part.get_content() for part in mail.walk()
                         if part.get_content_type() == "text/plain" and not part.get_filename()))


class Looked:
    """A case as it was seen: its dump, and its last mail as it was read."""

    def __init__(self, seen, parsed=None, raw=b"", alert=None, authentic=None):
        self.seen, self.parsed, self.raw = seen, parsed or {}, raw
        self.alert, self.authentic = alert or {}, authentic
        self.words = fold(self.parsed.get("new_text"))
        self.files = [unicodedata.normalize("NFC", a.get("name") or "") for a in self.parsed.get("attachments") or []]
        self.rows = re.findall(r"^(?:  mail|mail in \S+) (.*)", seen.dump, re.M)


def first_ticket(looked):
    return " ".join(looked.seen.tickets[0]) if looked.seen.tickets else ""


def unlike(got, want):
    return None if got == want else f"{got!r}, not {want!r}"


def lacks(words, text):
    return None if fold(text) in words else f"{text!r} is not among them"


def look_ticket(looked, wanted):
    line = f" {first_ticket(looked)} "
    missing = [word for word in re.split(r",\s*", wanted) if f" {word} " not in line]
    return f"no {', '.join(missing)}" if missing else None


def look_lines(looked, wanted):
    lines = (looked.parsed.get("new_text") or "").split("\n")
    return None if wanted in (line.rstrip() for line in lines) else f"no line {wanted!r}"


def look_decoded(looked, wanted):
    """What is kept is what Python decodes of the longest base64 in the mail."""
    coded = max(re.findall(rb"(?:^[A-Za-z0-9+/=]{4,76}\r?\n)+", looked.raw, re.M), key=len)
    inner = base64.b64decode(coded)
    if f"{wanted}\r\n".encode() not in inner:
        return f"not even Python decodes {wanted!r}"
    kept = [a["sha256"] for a in looked.parsed.get("attachments") or []]
    return None if hashlib.sha256(inner).hexdigest() in kept else "something else is kept"


def look_whole(looked, _):
    return unlike(looked.words, second_opinion(looked.raw))


def look_reads(looked, wanted):
    key, _, value = wanted.partition(" ")
    return unlike(looked.alert.get(key) or "-", value)


def look_unverified(looked, _):
    return None if looked.rows and " unverified " in looked.rows[0] else "it counts as verified"


def look_verified(looked, _):
    return None if looked.rows and " unverified " not in looked.rows[0] else "it counts as unverified"


LOOKS = {
    "tickets": lambda l, want: unlike(len(l.seen.tickets), int(want)),
    "ticket": look_ticket,
    "lane": lambda l, want: unlike(l.seen.lanes[-1:], [want]),
    "open": lambda l, want: unlike(sum(s not in ("resolved", "closed") for s in l.seen.state()), int(want)),
    "guaranteed": lambda l, want: unlike(
        len(re.findall(r"^  clock \S+ guaranteed (?:running|late)", l.seen.dump, re.M)), int(want)),
    "acknowledged": lambda l, want: unlike(l.seen.told.count("acknowledgment"), int(want)),
    "told": lambda l, _: None if "notice" in l.seen.told else "nobody",
    "verified": look_verified,
    "unverified": look_unverified,
    "from": lambda l, want: None if l.rows and f" from {want} " in l.rows[0] else f"not {want}",
    "subject": lambda l, want: None if f'\n  subject "{want}"' in l.seen.dump else f"not {want!r}",
    "words": lambda l, want: lacks(l.words, want),
    "cut": lambda l, want: f"{want!r} is among them" if fold(want) in l.words else None,
    "whole": look_whole,
    "files": lambda l, want: unlike(" | ".join(l.files) or "none", want),
    "lines": look_lines,
    "decoded": look_decoded,
    "authentic": lambda l, want: unlike(l.authentic, want),
    "reads": look_reads,
}


def judge(facts, looked):
    """Whether all facts of a case hold, and which do not."""
    amiss = []
    for word, wanted in facts:
        what = LOOKS[word](looked, wanted)
        if what is not None:
            amiss.append(f"{word}: {what}")
    return ("WRONG", "; ".join(amiss)) if amiss else ("right", "")
