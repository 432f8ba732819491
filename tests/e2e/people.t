#!/usr/bin/env python3
"""Several people of one client on one ticket: who is answered, who reads along,
and who never gets a word; from mails in a Maildir to the bytes that leave."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib

tap = e2e.Tap()
ANNE = "anne.martin@desk.example"
HUGO = "hugo.vidal@desk.example"
JEANNE = "jeanne.morel@acier-vosges.example"
KARIM = "karim.benali@acier-vosges.example"
LUC = "luc@brasserie-lambic.example"
RIVAL = "rival@b.test"
DAY = "2026-11-24T"


def at(clock):
    return f"{DAY}{clock}:00+01:00"


class Site(talk_lib.Desk):
    def say(self, clock, sender, text, ticket=1, **more):
        """A mail and what left by it; about nothing that is there, the first."""
        if any(m.to == sender for m in self.mails) and "subject" not in more:
            self.answer(at(clock), sender, ticket, text, **more)
        else:
            self.mail(at(clock), sender, more.pop("subject", "Panne"), text, **more)
        return self.drain(at(clock))

    def answer(self, at, sender, ticket, text, to=None, cc="", of=None, **more):
        last = of or self.newest(sender, ticket)
        self.mail(at, sender, f"Re: [#{ticket}] Panne", text, to or last.reply_to,
                  f"In-Reply-To: <{last.message_id}>\n" + (f"Cc: {cc}\n" if cc else ""), **more)

    def notice(self, reader=ANNE):
        return [m for m in self.mails if m.what == "notice" and m.to == reader][-1]

    def outside(self):
        return {m.to for m in self.mails if not m.to.endswith("@desk.example")}

    def faults(self):
        # The ids of the mails that were written here, for the threads.
        known = [f"{n}@{d}" for n in range(1, self.number + 1)
                 for d in ("acier-vosges.example", "desk.example", "brasserie-lambic.example")]
        return e2e.check_sent(self.sent(), known)


def words(mails):
    """(to, first words) of what went to clients."""
    return sorted((m.to.split(".")[0], m.body().strip().split(".")[0]) for m in mails
                  if m.to not in e2e.TECHNICIANS)


def people(mail, field):
    return [a.addr_spec for a in mail.message[field].addresses] if mail.message[field] else []


def opened(cc=""):
    site = Site()
    site.say("10:00", JEANNE, "La production ne tourne plus.", more=f"Cc: {cc}\n" if cc else "")
    return site


def test_copies():
    """A colleague in Cc is added and left out again by the client's own proven
    mails; nobody else ever is."""
    site = opened(f"Karim <{KARIM}>, {RIVAL}")
    body = site.notice().body()
    tap.ok(f"{JEANNE}), en copie à {KARIM}" in body and f"Aussi à  : {RIVAL}, d'après" in body,
           "copies: the technician reads who reads along, and who does not", body)
    tap.ok(site.outside() == {JEANNE}, "copies: the acknowledgment is its writer's alone", site.outside())
    out = site.say("10:10", ANNE, "Nous cherchons.", to=site.notice().reply_to)
    sent = [m for m in out if m.what == "reply"]
    tap.ok([m.to for m in sent] == [JEANNE, KARIM], "copies: both get the answer", words(out))
    tap.ok(all(people(m, "To") == [JEANNE] and people(m, "Cc") == [KARIM] for m in sent),
           "copies: each reads who else has it", [(people(m, "To"), people(m, "Cc")) for m in sent])
    tap.ok(len({m.reply_to for m in sent}) == 2 and len({m.message_id for m in sent}) == 2
           and not any(b.reply_to in a.everything() for a in sent for b in sent if a is not b),
           "copies: each holds its own reader's address and no other", [m.reply_to for m in sent])
    tap.ok(all("1@acier-vosges.example" in (m.message["References"] or "") for m in sent),
           "copies: both stand below the mail that both have", [m.message["References"] for m in sent])

    out = site.say("10:20", KARIM, "Il y a aussi le site de Metz.")
    tap.ok(f"client ({KARIM}), en copie à {JEANNE}" in site.notice().body(), "copies: who writes now is answered",
           site.notice().body())
    site.say("10:30", JEANNE, "Juste entre nous : quand ?")
    out = site.say("10:40", ANNE, "Demain.", to=site.notice().reply_to)
    tap.ok(words(out) == [("jeanne", "Demain")], "copies: left out of Cc, he reads no more", words(out))

    site.say("10:50", JEANNE, "Et Karim ?", to="help@desk.example", cc=KARIM, dmarc="none")
    site.say("10:51", JEANNE, "Et Karim, encore ?", to="help@desk.example", cc=KARIM, dmarc="fail")
    out = site.say("11:00", HUGO, "Apres-demain.", to=site.notice(HUGO).reply_to)
    tap.ok(KARIM not in {m.to for m in out}, "copies: what nothing proves adds nobody", words(out))
    site.say("11:10", JEANNE, "Karim en copie.", cc=KARIM)
    out = site.say("11:20", HUGO, "#resolve\n\nRepare.", to=site.notice(HUGO).reply_to)
    tap.ok({(m.to, m.what) for m in out if m.to not in e2e.TECHNICIANS} ==
           {(JEANNE, "resolution"), (KARIM, "resolution")}, "copies: a proven mail does", words(out))
    tap.ok(not site.faults(), "copies: all are proper mails, one conversation a reader", "\n".join(site.faults()))
    tap.ok(site.outside() == {JEANNE, KARIM}, "copies: nobody else got a word", site.outside())


def test_third_party():
    """cc_thirdparty: whoever else stands in To or Cc."""
    many = ", ".join(f"m{n}@b.test" for n in range(60))
    site = opened(f"{RIVAL}, {LUC}, {ANNE}, help@desk.example, "
                  f"\"{KARIM}\" <x@b.test>, <karim.benali@acier-vosges.example.b.test>")
    tap.ok(RIVAL in site.notice().body() and LUC in site.notice().body(),
           "cc_thirdparty: each is named to the technician", site.notice().body())
    site.say("10:05", JEANNE, "Encore.", cc=many)
    site.say("10:06", RIVAL, "Et moi ?", to=site.newest(JEANNE, 1).reply_to, subject="Re: [#1] Panne")
    site.say("10:10", ANNE, "Nous cherchons.", to=site.notice().reply_to)
    site.order("resolve", "1", "C'est repare.")
    site.order("reopen", "1")
    tap.ok(site.outside() == {JEANNE}, "cc_thirdparty: no outbound but to who asked", site.outside())
    tap.ok(not any(people(m, "Cc") for m in site.mails), "cc_thirdparty: and nobody in Cc of it")


def test_asker():
    """A second contact's question is answered to who asked."""
    site = opened()
    out = site.say("10:05", KARIM, "Et chez nous, est-ce lie ?", subject="Re: [#1] Panne")
    asked = site.notice()
    tap.ok(asked.row["ticket"] == 1, "asker: it is on the ticket", asked.row)
    out = site.say("10:10", ANNE, "Oui, c'est lie.", to=asked.reply_to)
    sent = [m for m in out if m.what == "reply"]
    tap.ok([m.to for m in sent] == [KARIM, JEANNE] and people(sent[0], "To") == [KARIM] == people(sent[1], "To"),
           "asker: who asked is answered, the other reads along", words(out))
    tap.ok("2@acier-vosges.example" in sent[0].message["In-Reply-To"]
           and "1@acier-vosges.example" in sent[1].message["In-Reply-To"], "asker: each below their own mail",
           [m.message["In-Reply-To"] for m in sent])
    site.say("10:20", KARIM, "Pour quand ?", cc=JEANNE)
    asked = site.notice()
    site.say("10:21", JEANNE, "Et la compta ?", cc=KARIM)
    out = site.say("10:30", ANNE, "Pour midi.", of=asked)
    sent = [m for m in out if m.what == "reply"]
    tap.ok([people(m, "To") for m in sent] == [[KARIM], [KARIM]], "asker: what is answered says whose question it is",
           words(out))
    out = site.say("10:40", KARIM, "Merci !", cc=JEANNE)
    out = site.say("10:50", ANNE, "La compta aussi.")
    tap.ok([people(m, "To")[0] for m in out if m.what == "reply"] == [JEANNE, JEANNE],
           "asker: thanks turn no answer round", words(out))
    tap.ok(not site.faults(), "asker: all are proper mails", "\n".join(site.faults()))


def test_settled():
    """What one contact calls settled, the other is told."""
    site = opened()
    site.say("10:05", ANNE, "Nous regardons.", to=site.notice().reply_to)
    site.say("10:06", KARIM, "Chez moi cela remarche.", subject="Re: [#1] Panne")
    site.say("10:07", ANNE, "Tres bien.", to=site.notice().reply_to)
    out = site.say("10:10", KARIM, "C'est réglé, vous pouvez fermer.")
    told = [m for m in out if m.to not in e2e.TECHNICIANS]
    tap.ok([(m.to, m.what) for m in told] == [(JEANNE, "closing")]
           and "Karim Benali nous dit que votre demande [#1] est réglée" in told[0].body(),
           "settled: the other contact is told, by whom", [(m.to, m.what, m.body()) for m in told])
    site.say("10:20", JEANNE, "Non, chez moi toujours pas.", cc=KARIM)
    tap.ok(site.ticket(1, at("10:30"))["state"] == "open", "settled: and reopens it",
           site.ticket(1, at("10:30"))["state"])
    out = site.say("10:40", JEANNE, "C'est réglé, vous pouvez fermer.")
    tap.ok([m.to for m in out if m.what == "closing"] == [KARIM], "settled: whichever of them says it", words(out))
    alone = opened()
    out = alone.say("10:10", JEANNE, "C'est réglé, vous pouvez fermer.")
    tap.ok(not words(out) and alone.ticket(1, at("10:30"))["state"] == "resolved", "settled: alone, nobody is told",
           words(out))
    tap.ok(not site.faults(), "settled: all are proper mails", "\n".join(site.faults()))


def test_direct():
    """What a technician writes to the client, the desk in copy or the other way
    round, the client has once."""
    for to, cc in (("client", "desk"), ("desk", "client")):
        site = opened(KARIM)
        desk = site.notice().reply_to
        head = {"client": JEANNE, "desk": desk}
        out = site.say("10:10", ANNE, "Redemarrez le serveur.", to=head[to], cc=head[cc])
        sent = [m for m in out if m.what == "reply"]
        tap.ok([m.to for m in sent] == [KARIM], f"direct, to the {to}: who has it is not sent it again", words(out))
        told = [m.body() for m in out if m.to == ANNE and m.what == "confirmation"]
        tap.ok(len(told) == 1 and "pas renvoyé" in told[0], f"direct, to the {to}: they are told", told)
        clocks = {c["milestone"]: c for c in site.ticket(1, at("10:20"))["clocks"]}
        tap.ok(clocks["response"].get("met"), f"direct, to the {to}: it is the answer", clocks["response"])
        out = site.say("10:30", ANNE, "#resolve\n\nLe serveur tourne.", to=head[to], cc=head[cc])
        told = {m.to: m.body() for m in out if m.what == "resolution"}
        tap.ok(set(told) == {JEANNE, KARIM} and "tourne" not in told[JEANNE] and "tourne" in told[KARIM],
               f"direct, to the {to}: a resolution says what is new alone", told)

        parked = opened()
        parked.mail(at("10:10"), ANNE, "Re: [#1] Panne", "Redemarrez.", "help@desk.example" if to == "desk" else JEANNE,
                    f"Cc: {'help@desk.example' if cc == 'desk' else JEANNE}\n")
        parked.drain(at("10:10"))
        asked = [m for m in parked.mails if m.what == "challenge"]
        out = parked.say("10:20", ANNE, "OK", to=asked[0].reply_to) if asked else []
        tap.ok(len(asked) == 1 and not words(out), f"direct, to the {to}: nor once it is confirmed",
               [(m.to, m.what) for m in parked.mails])


def test_speaker():
    """A technician's name and signature, in what they say to clients alone."""
    site = Site(site={"name: Hugo Vidal, ": 'name: Hugo Vidal, display: "Hugo V., support",'
                      ' signature: "Hugo Vidal\\nligne directe 01 02 03 04 05", '})
    site.say("10:00", JEANNE, "La production ne tourne plus.")

    def said(mails):
        return {m.what: (m.message["From"].addresses[0].display_name, "ligne directe" in m.body(),
                         "ligne directe" in m.body("html")) for m in mails if m.to == JEANNE}

    name = site.newest(JEANNE, 1).message["From"].addresses[0].display_name
    out = site.say("10:10", ANNE, "Nous cherchons.", to=site.notice().reply_to)
    tap.ok(said(out) == {"reply": (f"Anne Martin - {name}", False, False)}, "speaker: by name and desk", said(out))
    site.say("10:15", JEANNE, "Et la compta ?", subject="Compta", to="help@desk.example")
    out = site.say("10:20", HUGO, "#resolve\n\nTrouve.", ticket=2, to=site.notice(HUGO).reply_to)
    tap.ok(said(out) == {"resolution": ("Hugo V., support", True, True)}, "speaker: as the site's file says", said(out))
    out = site.say("10:30", JEANNE, "Non, encore en panne.", ticket=2)
    tap.ok({m.message["From"].addresses[0].display_name for m in out} == {name},
           "speaker: what no person says is the desk's", [str(m.message["From"]) for m in out])
    site.say("10:35", JEANNE, "Et les stocks ?", subject="Stocks", to="help@desk.example")
    out = site.say("10:40", HUGO, "#take", ticket=3, to=site.notice(HUGO).reply_to)
    tap.ok(all(v == ("Hugo V., support", False, False) for k, v in said(out).items()) and said(out),
           "speaker: a signature stands below words alone", said(out))
    for wrong in ('display: ""', 'display: "a\\nBcc: v@evil.test"', f'signature: "{"x" * 1001}"'):
        bad = Site(site={"name: Hugo Vidal, ": f"name: Hugo Vidal, {wrong}, "})
        done = bad.run("run", "--once", check=False)
        line = next(n for n, text in enumerate(bad.conf.read_text().splitlines(), 1) if wrong in text)
        tap.ok(done.returncode != 0 and f"guichet.yaml:{line}:" in done.stderr, f"speaker: {wrong[:20]} is refused",
               done.stderr)


def main():
    test_copies()
    test_third_party()
    test_asker()
    test_settled()
    test_direct()
    test_speaker()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
