#!/usr/bin/env python3
"""What is next of a ticket: queue, notice, alarm, and both ways to read it say the same."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
from day_lib import ANNE, Day, HUGO, of

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
PAUL = "paul@elsewhere.test"


def line(mail, start):
    return [text for text in mail.body().splitlines() if text.startswith(start)]


day = Day("2026-11-24T09:00:00+01:00")
notice = of(day.mail(PAUL, "Bonjour", "Une question.", "10:00"), "notice", ANNE)[0]
tap.ok(line(notice, "Ensuite") == ["Ensuite  : le client attend une réponse - mardi 24 novembre 2026 à 18:00 - reste 8 h 00 min"]
       and not line(notice, "Échéance"), "an answer is due: the notice says it, and not that nothing is promised", notice.body())
tap.ok("<b>le client attend une réponse</b>" in notice.body("html"), "in HTML, too", notice.body("html"))
row = day.order("list").stdout
tap.ok("\tanswer\t" in row, "the queue's word", row)
show = day.order("show", "1").stdout
tap.ok(re.search(r"next +answer, Tuesday 24 November 2026 18:00|next +answer, .*18:00", show), "show", show)
listed = of(day.answer(ANNE, 1, "#liste", "10:10"), "confirmation", ANNE)[0].body()
tap.ok("le client attend une réponse : dans 7 h 50 min" in listed, "#liste has what `list` has", listed)
shown = of(day.answer(ANNE, 1, "#voir 1", "10:20"), "confirmation", ANNE)[0].body()
tap.ok("le client attend une réponse : dans 7 h 40 min" in shown, "#voir, too", shown)
late = day.drain("2026-11-25T09:01:00+01:00")
alarm = of(late, "alarm", ANNE)[0]
tap.ok("nous devions lui écrire avant" in alarm.body() and "aucune promesse" not in alarm.body() and "EN RETARD de" in line(alarm, "Ensuite")[0],
       "the alarm does not contradict itself", alarm.body())
listed = of(day.answer(ANNE, 1, "#liste retard", "09:10"), "confirmation", ANNE)[0].body()
tap.ok("#1 " in listed and "en retard de" in listed, "an answer that is late is late in #liste retard", listed)
# Severity 1: the first answer is given, the client writes again.
day = Day("2026-11-24T13:00:00+01:00")
day.mail(JEANNE, "Panne bloquante", "Tout est bloqué.", "14:00")
day.answer(ANNE, 1, "Nous regardons.", "14:05")
day.drain("14:10")
again = of(day.mail(JEANNE, "Re: [#1] Panne bloquante", "Toujours rien !", "14:30", head="In-Reply-To: <day1@test.example>\n"), "notice")[0]
tap.ok("le client attend une réponse" in "".join(line(again, "Ensuite")) and "reste 1 h" in "".join(line(again, "Ensuite")),
       "beside kept promises, the answer that is due in an hour", again.body())
day.answer(ANNE, 1, "#next 16:00\nDes nouvelles bientôt.", "14:40")
day.drain("14:45")
alarm = [m for m in day.drain("15:40") + day.drain("16:01") if m.what == "alarm" and "nouvelles" in m.body()]
tap.ok(alarm and any("nouvelles promises" in text for m in alarm for text in line(m, "Ensuite")),
       "promised news", [(m.what, m.body()) for m in day.desk.sent()][-4:])
sys.exit(tap.end())
