#!/usr/bin/python3
"""A ticket that became worse, and one that was misjudged: what its promises
count from (doc/domain.md 4)."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
import talk_lib as talk

tap = e2e.Tap()
PRIYA = "priya.shah@halcyon-data.example"
JEANNE = "jeanne.morel@acier-vosges.example"
ANNE = e2e.TECHNICIANS[0]


def at(time, day=24):
    return f"2026-11-{day}T{time}:00+01:00"


def clocks(desk, when, number=1):
    """milestone: (state, due in London's hours)"""
    return {c["milestone"]: (c["state"], c["due"][5:16])
            for c in desk.ticket(number, when)["clocks"]}


def order(desk, when, words):
    """What the technician reads of it."""
    desk.answer(at(when), ANNE, 1, words)
    left = desk.drain(at(when))
    return [m for m in left if m.to == ANNE][0].body()


def begin():
    desk = talk.Desk()
    desk.mail(at("10:00"), PRIYA, "The report is slow", "It takes an hour.")
    desk.drain(at("10:01"))
    return desk


desk = begin()
first = clocks(desk, at("10:02"))
tap.ok(first == {"response": ("running", "11-24T13:00"),
                 "workaround": ("running", "12-01T09:00"),
                 "resolution": ("running", "12-15T09:00")},
       "severity 3, from receipt", first)
said = order(desk, "11:30", "#severity 1 now")
worse = clocks(desk, at("11:31"))
tap.ok(worse == {"response": ("running", "11-24T11:30"),
                 "workaround": ("running", "11-24T11:00"),
                 "resolution": ("running", "11-24T11:30"),
                 "restore": ("running", "11-25T10:30")} and
       "est devenu de gravité 1" in said,
       "became 1: from then on, so that nothing was late before it was owed",
       (worse, said))
told = [m for m in desk.drain(at("11:45")) if m.what == "correction"]
tap.ok(len(told) == 1 and "Now:    1 (" in told[0].body() and
       "24 November 2026, 11:30\n" in told[0].body(),
       "which the client is told", [m.body() for m in told])
shown = desk.run("show", "1", "--at", at("11:46")).stdout
tap.ok("De gravité 1 depuis le mardi 24 novembre 2026 à 10:30" in shown,
       "and the arithmetic says since when", shown)
tap.ok("received  mardi 24 novembre 2026 à 10:00 (mar. 24 nov. 09:00 Europe/London)\n" in shown and
       "running, due mardi 24 novembre 2026 à 12:30 (mar. 24 nov. 11:30 Europe/London)\n" in shown and
       "--- mardi 24 novembre 2026 à 10:00, client" in shown,
       "on the desk's own clock, with the client's beside it", shown)
said = order(desk, "11:50", "#severity 3 maintenant")
tap.ok("n.a pas été exécuté" in said.replace("'", ".") and
       "maintenant est pour ce qui est devenu plus grave" in said and
       clocks(desk, at("11:31")) == worse,
       "what is no worse does not become so", said)
said = order(desk, "12:00", "#severity 1")
right = clocks(desk, at("12:01"))
tap.ok(right["response"] == ("late", "11-24T10:00") and
       right["restore"] == ("running", "11-25T09:00"),
       "a correction: it was 1 all along", right)
said = order(desk, "12:05", "#undo")
tap.ok(clocks(desk, at("12:06"))["response"] == ("running", "11-24T11:30"),
       "and undone, it became 1 at 11:30 again", clocks(desk, at("12:06")))

# ---- what was promised before ----

desk = begin()
said = order(desk, "13:30", "#severity 2 now")
two = clocks(desk, at("13:31"))
tap.ok(two["response"][1] <= first["response"][1],
       "what was due earlier by the same commitment stays due then", two)
late = clocks(desk, at("15:00"))
said = order(desk, "15:00", "#severity 1 now")
missed = clocks(desk, at("15:01"))
tap.ok(late["response"][0] == "late" and
       missed["response"] == late["response"],
       "and what was missed stays missed", (late, missed))

desk = begin()
order(desk, "11:00", "#ack")
met = clocks(desk, at("11:01"))["response"]
order(desk, "16:00", "#severity 1 now")
now = clocks(desk, at("16:01"))
tap.ok(met == ("met", "11-24T13:00") and
       now["response"] == now["resolution"] == ("running", "11-24T16:00"),
       "a response was met in 4 h: one within 1 h is owed anew", (met, now))
order(desk, "16:10", "#ack")
tap.ok(clocks(desk, at("16:11"))["response"][0] == "met", "and met")


def dump():
    """Without what the day of the test itself makes of clocks that run."""
    return re.sub(" (running|late) ", " ", desk.run("dump").stdout)


before = dump()
desk.run("rebuild")
tap.ok(dump() == before, "made again, it is the same")
said = desk.run("severity", "1", "1", "now", "--at", at("16:02"),
                check=False)
tap.ok(said.returncode == 1 and "has severity 1: now is for" in said.stderr,
       "severity 1 1 now: one ticket, and its severity", said.stderr)
tap.ok(desk.run("severity", "1", "1", "then", check=False).returncode == 1,
       "at the command line, a word that it is not")

# ---- a mail of the client's says that it became worse ----


def slow(words, to="sos24@desk.example", day=27, time="16:00", dmarc="pass",
         before=None):
    """A ticket of severity 3, answered; then those words of its client."""
    desk = talk.Desk()
    desk.mail(at("10:00"), JEANNE, "Lenteurs de l'ERP",
              "Bonjour, l'ERP est un peu lent depuis hier, rien de bloquant.")
    desk.drain(at("10:01"))
    desk.answer(at("11:00"), ANNE, 1, before or "Nous regardons.")
    desk.drain(at("11:02"))
    desk.answer(at(time, day), JEANNE, 1, words, to, dmarc=dmarc)
    desk.drain(at(time, day))
    return desk


STOPPED = "Panne bloquante : plus rien ne fonctionne, la production est arrêtée !"
desk = slow(STOPPED)
ticket = desk.ticket(1, at("16:01", 27))
due = [c["due"] for c in ticket["clocks"] if c["milestone"] == "response"]
tap.ok((ticket["severity"], ticket["plan"]) == (1, "sos24") and
       due and due[0].startswith("2026-11-28T15:00"),
       "to the alert address, three days later: SOS24, 24 h from then",
       (ticket["severity"], ticket["plan"], due))
told = [m for m in desk.drain(at("16:15", 27)) if m.what == "correction"]
tap.ok(len(told) == 1 and told[0].to == JEANNE and "SOS24" in told[0].body() and
       "vous nous avez écrit depuis" in told[0].body(),
       "which the client is told, and why", [m.body() for m in told])
desk = slow(STOPPED, day=28, time="10:00")
due = [c["due"] for c in desk.ticket(1, at("10:01", 28))["clocks"]]
tap.ok(any(d.startswith("2026-12-01T08:00") for d in due),
       "at the week-end: from the next opening", due)
tap.ok(slow(STOPPED, to=None).ticket(1, at("16:01", 27))["severity"] == 1,
       "the same words on the thread alone")
for words, to, dmarc, before, what in [
        ("Merci beaucoup !", "sos24@desk.example", "pass", None, "thanks alone"),
        ("La lenteur continue.", None, "pass", None, "no graver words"),
        (STOPPED, "sos24@desk.example", "pass", "#severity 4\n\nNous regardons.",
         "what a technician has weighed")]:
    found = slow(words, to, dmarc=dmarc, before=before).ticket(1, at("16:01", 27))
    tap.ok(found["severity"] in (3, 4) and found["plan"] == "ald",
           f"worsens nothing: {what}", (found["severity"], found["plan"]))
sys.exit(tap.end())
