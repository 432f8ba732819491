#!/usr/bin/env python3
"""The morning mail: who reads what, when, and how often."""
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
from day_lib import ANNE, HUGO, MANAGER, MARY, MORNING, Day, of

tap = e2e.Tap()
LEA = "lea.petit@acier-vosges.example"
PRIYA = "priya.shah@halcyon-data.example"
LUC = "luc@brasserie-lambic.example"
PAULE = "paule@desk.example"


def blocks(text):
    """Title to its lines, as they stand."""
    found, title = {}, None
    for line in text.splitlines():
        if line.endswith(")") and not line.startswith(" "):
            title = line.rsplit(" (", 1)[0]
            found[title] = []
        elif line.startswith("  ") and title:
            found[title].append(line.strip())
        else:
            title = None
    return found


def test_who_reads_what():
    day = Day("2026-11-23T07:00:00+01:00")
    day.mail(LEA, "Panne ERP", "Panne bloquante, tout est arrêté.", to="sos24@desk.example")
    day.mail(PRIYA, "Severity 3: the import page is slow " + "x" * 90, "It is slow.")
    first = day.drain("2026-11-23T08:00:00+01:00")
    tap.ok([m.to for m in first] == [ANNE, HUGO, MARY, PAULE] and {m.what for m in first} == {"morning"},
           "at the hour: each technician, then the manager", [(m.what, m.to) for m in first])
    tap.ok(e2e.check_sent(first, {"day1@test.example"}) in (None, []), "well made, each of them",
           e2e.check_sent(first, {"day1@test.example"}))
    for mail in first:
        long = [line for line in mail.body().splitlines() if len(line) > 80]
        tap.ok(not long, f"80 columns, {mail.to}", long)
    mine = blocks(first[0].body())
    tap.ok(list(mine) == ["Pour aujourd'hui", "À nous, plus tard"] and
           "réponse : aujourd'hui à 13:00" in mine["Pour aujourd'hui"] and
           "Halcyon Data, gravité 3, à prendre" in mine["Pour aujourd'hui"] and
           "réponse : mar. 24 nov. 09:00" in mine["À nous, plus tard"], "what nobody has is everybody's", mine)
    tap.ok("Due today (1)" in first[2].body() and "response: today at 13:00" in first[2].body(),
           "in the technician's language", first[2].body())
    all_of_it = blocks(first[3].body())
    tap.ok(list(all_of_it) == ["Aciéries des Vosges", "Halcyon Data", "Contrats : dates à venir"] and "2 en cours, aucun en retard" in first[3].body()
           and first[3].reply_to == "", "the manager: client by client", first[3].body())
    tap.ok('<h2>Aciéries des Vosges (1)</h2>' in first[3].body("html"), "in HTML, too")
    day.answer(MARY, 2, "#take", when="09:00")
    day.answer(MARY, 2, "#wait customer\n\nWhich browser?", when="09:30")
    second = day.drain("2026-11-24T09:30:00+01:00")
    texts = {m.to: m.body() for m in of(second, "morning")}
    tap.ok(list(blocks(texts[ANNE])) == ["En retard"] and "réponse : en retard de 30 min (mar. 24 nov. 09:00)" in texts[ANNE]
           and "#2" not in texts[ANNE], "a colleague's ticket stands in theirs alone; late comes first", texts[ANNE])
    tap.ok(list(blocks(texts[MARY])) == ["Late", "Waiting for the client"] and "will be reminded: Mon 30 Nov 09:30" in texts[MARY],
           "waiting for the client", texts[MARY])
    tap.ok("dont 1 en retard" in texts[PAULE] and "gravité 3, Mary Collins" in texts[PAULE], "the manager reads who has it", texts[PAULE])
    got = [m for m in day.answer(MARY, None, "#list late", when="10:00") if m.to == MARY]
    tap.ok(len(got) == 1 and "#1 Panne ERP" in got[0].body(), "an answer to it reads more", [m.body() for m in got])
    day.order("resolve", "1", when="11:00")
    day.order("resolve", "2")
    left = of(day.drain("2026-11-25T08:00:00+01:00"), "morning")
    tap.ok([m.to for m in left] == [PAULE] and
           blocks(left[0].body())["Garanties non tenues"][0].startswith("#1 Aciéries des Vosges") and
           "mar. 24 nov. 09:00\n      7 h créditées" in left[0].body(),
           "a missed guarantee, and what it brings, is the manager's to read", [m.body() for m in left])
    left = of(day.drain("2026-11-26T08:00:00+01:00"), "morning")
    tap.ok(left == [], "nothing in it: no mail", [m.body() for m in left])
    day.order("exclude", "1", "third-party", when="18:00")
    left = of(day.drain("2026-11-27T08:00:00+01:00"), "morning")
    tap.ok([m.to for m in left] == [PAULE] and "#1 Aciéries des Vosges : ce n'en était pas une, 7 h repris" in left[0].body(),
           "and that it was none", [m.body() for m in left])


def missed_of(day, when):
    left = of(day.drain(when), "morning", PAULE)
    return "\n".join(line for line in left[0].body().splitlines() if line.startswith(("  #", "      "))) if left else ""


def test_missed_once_a_month():
    """What the manager reads comes to what the ledger says."""
    day = Day("2026-11-23T10:00:00+01:00")
    day.mail(LUC, "Panne", "Le site ne répond plus.")
    day.mail(LUC, "Panne", "La caisse ne répond plus.", when="11:00")
    day.drain("2026-11-23T16:00:00+01:00")
    got = missed_of(day, "2026-11-24T08:00:00+01:00")
    tap.ok(got.count("280.00 EUR remboursés") == 1 and "déjà compté ce mois-ci avec #1" in got,
           "two tickets of a month bring it once", got)
    day.order("reply", "2", "Nous regardons.", when="09:00")
    day.order("resolve", "2", when="09:30")
    day.answer(LUC, 2, "Le problème persiste, rien ne va.", when="10:00")
    day.drain("2026-11-24T16:00:00+01:00")
    day.order("exclude", "1", "third-party", when="18:00")
    got = missed_of(day, "2026-11-25T08:00:00+01:00")
    tap.ok("#1 Brasserie Lambic : ce n'en était pas une, 280.00 EUR repris ;\n      #2 en tient lieu" in got,
           "one is taken back, and the next of the month has its place: both are said", got)
    tap.ok("nov. 14:00\n      déjà compté ce mois-ci avec #2" in got and "remboursés" not in got,
           "the second breach of that one brings nothing more", got)


def test_when():
    day = Day("2026-11-06T17:00:00+01:00")  # a Friday
    day.mail(LEA, "Une gêne")
    sent = day.drain("2026-11-07T08:00:00+01:00") + day.drain("2026-11-08T12:00:00+01:00")
    tap.ok(of(sent, "morning") == [], "not on Saturday and Sunday")
    tap.ok(of(day.drain("2026-11-09T07:59:59+01:00"), "morning") == [], "not before the hour")
    tap.ok(len(of(day.drain("2026-11-09T15:00:00+01:00"), "morning")) == 4, "a desk that comes back later that day tells it late")
    tap.ok(of(day.drain("2026-11-09T16:00:00+01:00"), "morning") == [], "once a day")
    tap.ok(of(day.drain("2026-11-11T12:00:00+01:00"), "morning") == [],
           "a day that was missed is not told the next one, a holiday")
    day.mail(LEA, "Une autre", when="2026-11-12T07:00:00+01:00")
    shutil.copy(day.desk.dir / "guichet.sqlite", day.desk.dir / "copy.sqlite")
    known = set((day.desk.dir / "sent/new").iterdir())
    tap.ok(len(of(day.drain("2026-11-12T08:00:30+01:00"), "morning")) == 4, "Thursday")
    day.order("restore", str(day.desk.dir / "copy.sqlite"), when="10:00")
    for path in set((day.desk.dir / "sent/new").iterdir()) - known:  # of the life that ended
        path.unlink()
    day.seen = len(day.desk.sent())
    again = day.drain("2026-11-12T10:30:00+01:00")
    tap.ok(of(again, "morning") == [], "a store that was put back after the hour tells that day no second time",
           [(m.what, m.to) for m in again])
    tap.ok(len(of(day.drain("2026-11-13T08:00:00+01:00"), "morning")) == 4, "and the next day as ever")


def test_other_hours():
    day = Day("2026-11-21T05:00:00+01:00", more=MANAGER + "morning: {at: 06:30, days: [Sat, Mon]}\n")
    day.mail(LEA, "Une gêne")
    tap.ok(len(of(day.drain("2026-11-21T06:30:00+01:00"), "morning")) == 4, "the site's own day and hour")
    tap.ok(of(day.drain("2026-11-24T12:00:00+01:00"), "morning") == [], "and no other")


def file_one(day):
    return day.mail(LEA, "Réponse automatique : absente", "Je suis absente.", head="Auto-Submitted: auto-replied\n")


def test_filed():
    day = Day("2026-11-23T10:00:00+01:00")
    file_one(day)
    sent = day.drain("2026-11-24T08:00:00+01:00")
    tap.ok([(m.what, m.to) for m in sent] == [("morning", PAULE)], "what became no ticket is the manager's, and no mail apart",
           [(m.what, m.to) for m in sent])
    text = sent[0].body()
    tap.ok("Mails sans ticket ni réponse (1)" in text and f"lun. 23 nov. 10:00, {LEA}\n      Réponse automatique : absente\n      auto: guichet" in text
           and "rien en cours" in text and "quarantine release 1\n" in text, "with the command that makes a ticket of it", text)
    tap.ok(day.drain("2026-11-25T08:00:00+01:00") == [], "told once")
    day = Day("2026-11-23T10:00:00+01:00", more=MORNING)
    file_one(day)
    sent = day.drain("2026-11-24T08:00:00+01:00")
    tap.ok([(m.what, m.to) for m in sent] == [("morning", t) for t in (ANNE, HUGO, MARY)],
           "everybody's where there is no manager", [(m.what, m.to) for m in sent])
    day = Day("2026-11-23T10:00:00+01:00", more=MANAGER)
    file_one(day)
    sent = day.drain("2026-11-24T08:00:00+01:00")
    tap.ok([(m.what, m.to) for m in sent] == [("notice", t) for t in (ANNE, HUGO, MARY)],
           "without a morning mail the technicians', apart", [(m.what, m.to) for m in sent])


def test_wrong():
    day = Day("2026-11-23T09:00:00+01:00")
    day.mail(LEA, "Une gêne")
    day.answer(ANNE, 1, "#frobnicate\n\nBonjour.", when="10:00")
    text = of(day.drain("2026-11-24T08:00:00+01:00"), "morning", PAULE)[0].body()
    tap.ok("Mails de techniciens qui n'ont rien fait (1)" in text and "lun. 23 nov. 10:00, anne.martin@desk.example" in text,
           "the manager reads of refusals", text)
    text = of(day.drain("2026-11-25T08:00:00+01:00"), "morning", PAULE)[0].body()
    tap.ok("rien fait" not in text, "once", text)


def test_command():
    day = Day("2026-11-23T07:00:00+01:00")
    day.mail(PRIYA, "Severity 3: slow", "It is slow.")
    said = day.order("morning", "mary.collins", when="07:30").stdout
    sent = of(day.drain("2026-11-23T08:00:00+01:00"), "morning", MARY)[0]
    tap.ok(said.startswith(f"To: {MARY}\nSubject: {sent.message['Subject']}\n\n") and
           said.split("\n\n", 1)[1].strip() == sent.body().strip(), "says what will be sent", said)
    all_of_it = day.order("morning", when="12:00").stdout
    tap.ok(all_of_it.count("\nSubject: ") == 4, "to all of them", all_of_it)
    tap.ok(day.order("morning", "manager").stdout.startswith(f"To: {PAULE}\n"), "the manager's")
    got = day.desk.run("morning", "somebody", check=False)
    tap.ok(got.returncode == 1 and "nobody who reads it" in got.stderr, "nobody of that name", got.stderr)
    day.edit(MORNING, "")
    got = day.order("morning", "manager")
    tap.ok("It is not sent" in got.stderr, "says so where it is not sent", got.stderr)


def test_mistakes():
    for line, wanted in [("morning: {at: 25:00}\n", "a time of day is expected here"),
                         ("morning: {days: [Mon-Fry]}\n", "no day; write [Mon-Fri]"),
                         ("morning: {days: []}\n", "days are expected here"),
                         ("morning: {hour: 8}\n", "hour")]:
        day = Day("2026-11-23T07:00:00+01:00", more=line)
        got = day.desk.run("check", check=False)
        tap.ok(got.returncode == 1 and wanted in got.stdout + got.stderr, f"a mistake: {line.strip()}", got.stdout + got.stderr)


for test in (test_who_reads_what, test_missed_once_a_month, test_when, test_other_hours, test_filed, test_wrong, test_command, test_mistakes):
    test()
sys.exit(tap.end())
