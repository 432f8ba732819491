"""Threads as mail programs make them: JWZ's algorithm (jwz.org/doc/threading),
by Message-ID, References and In-Reply-To; never by subject."""
import re


def ids_of(field):
    return re.findall(r"<([^<>\s]+)>", str(field or ""))


class Threads:
    def __init__(self, messages):
        """`messages` as Python's email reads them."""
        self.parent = {}
        self.held = set()
        for message in messages:
            self.add(message)

    def root(self, name):
        while self.parent.get(name):
            name = self.parent[name]
        return name

    def link(self, parent, child, anew=False):
        """Never where it would make a circle; a real parent takes the place
        of a guessed one."""
        self.parent.setdefault(parent, None)
        self.parent.setdefault(child, None)
        if self.parent[child] and not anew:
            return
        above = parent
        while above:
            if above == child:
                return
            above = self.parent[above]
        self.parent[child] = parent

    def add(self, message):
        own = ids_of(message["Message-ID"])[0]
        chain = ids_of(message["References"]) \
            or ids_of(message["In-Reply-To"])[:1]
        self.held.add(own)
        self.parent.setdefault(own, None)
        for parent, child in zip(chain, chain[1:]):
            self.link(parent, child)
        if chain:
            self.link(chain[-1], own, anew=True)

    def all(self):
        """Each thread as the set of the ids of its mails that are there."""
        threads = {}
        for name in self.held:
            threads.setdefault(self.root(name), set()).add(name)
        return list(threads.values())
