"""A small IMAP server over TLS for the tests, which does as it is told: what
it refuses, what it ends over, and when it says nothing at all."""

import re
import socket
import ssl
import threading


class ImapServer:
    """`mails`: {uid: bytes}. `refuse`: UIDs answered NO. `end`: UIDs over
    which the connection ends. `no_login`: what LOGIN is answered, or "" to
    hang up. `silent`: it takes connections and says nothing."""

    def __init__(self, context, mails=None, silent=False):
        self.context, self.mails, self.silent = context, mails or {}, silent
        self.refuse, self.end, self.no_login = set(), set(), None
        self.validity, self.logins, self.flags = 7, 0, {}
        self.open = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(client)
            if not self.silent:
                threading.Thread(target=self.talk, args=(client,),
                                 daemon=True).start()

    def close(self):
        self.listener.close()
        for client in self.open:
            client.close()

    def talk(self, client):
        try:
            with self.context.wrap_socket(client, server_side=True) as secure:
                stream = secure.makefile("rwb")
                self.say(stream, "* OK ready")
                for line in stream:
                    tag, _, words = line.decode().rstrip().partition(" ")
                    if not self.answer(stream, tag, words):
                        return
        except (OSError, ssl.SSLError, ValueError):
            return

    def say(self, stream, text):
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    def answer(self, stream, tag, words):
        verb = words.upper()
        done = "OK done"
        if verb.startswith("CAPABILITY"):
            self.say(stream, "* CAPABILITY IMAP4rev1 UIDPLUS MOVE")
        elif verb.startswith("LOGIN"):
            self.logins += 1
            if self.no_login == "":
                return False
            done = self.no_login or done
        elif verb.startswith("SELECT"):
            self.say(stream, "* OK [PERMANENTFLAGS (\\*)] kept")
            self.say(stream, f"* OK [UIDVALIDITY {self.validity}] valid")
            self.say(stream, f"* OK [UIDNEXT {max(self.mails, default=0) + 1}"
                             "] next")
            done = "OK [READ-WRITE] selected"
        elif verb.startswith("UID SEARCH"):
            first, last = re.search(r"(\d+):(\d+|\*)", words).groups()
            last = 1 << 40 if last == "*" else int(last)
            self.say(stream, "* SEARCH " + " ".join(
                str(uid) for uid in sorted(self.mails)
                if int(first) <= uid <= last))
        elif verb.startswith("UID FETCH"):
            return self.fetch(stream, tag, words)
        elif verb.startswith("UID STORE"):
            for uid in self.set_of(words.split()[2]):
                self.flags[uid] = words.split("(")[1].rstrip(")")
        elif verb.startswith("LOGOUT"):
            self.say(stream, "* BYE")
        self.say(stream, f"{tag} {done}")
        return not verb.startswith("LOGOUT")

    def set_of(self, text):
        found = []
        for part in text.split(","):
            first, _, last = part.partition(":")
            found += [uid for uid in sorted(self.mails)
                      if int(first) <= uid <= int(last or first)]
        return found

    def fetch(self, stream, tag, words):
        uids = self.set_of(words.split()[2])
        body = "BODY" in words
        for uid in uids:
            data = self.mails[uid]
            if body and uid in self.end:
                return False
            if body and uid in self.refuse:
                self.say(stream, f"{tag} NO [SERVERBUG] cannot read it")
                return True
            if body:
                stream.write(b"* %d FETCH (UID %d BODY[] {%d}\r\n%b)\r\n"
                             % (uid, uid, len(data), data))
            else:
                self.say(stream, f"* {uid} FETCH (UID {uid} RFC822.SIZE "
                         f"{len(data)} INTERNALDATE "
                         '"20-Nov-2026 09:00:00 +0100")')
        self.say(stream, f"{tag} OK done")
        return True
