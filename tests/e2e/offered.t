#!/usr/bin/env python3
"""What a notice offers where no client can be answered: the orders that work all the same."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
from day_lib import ANNE, Day, of

tap = e2e.Tap()
SUPERVISION = "help+k3v9q2w8x7t5m4n6p1rz@desk.example"


def alert(day, host):
    return day.mail("nagios@monitor.example", f"** PROBLEM Service Alert: {host}/HTTP is CRITICAL **",
                    f"***** Nagios *****\n\nNotification Type: PROBLEM\n\nService: HTTP\nHost: {host}\nAddress: 192.0.2.80\n"
                    "State: CRITICAL\n\nDate/Time: Tue Nov 24 10:00:05 CET 2026\n\nAdditional Info:\n\nCRITICAL - timeout", to=SUPERVISION)


day = Day("2026-11-24T10:00:00+01:00")
notice = of(alert(day, "nowhere7"), "notice", ANNE)[0]
text = notice.body()
tap.ok("Personne ne lit de réponse" in text and "#prendre" in text and "#resoudre" in text and "adresse sûre" not in text,
       "nobody can be answered: its orders are offered", text)
tap.ok('mailto:' in notice.body("html") and ">Je prends<" in notice.body("html"), "in HTML as links", notice.body("html"))
line = '- {host: "nowhere7", contract: NAME}'
tap.ok("#contrat NOM" in text and line in text, "an alert of nobody's host: how to map it", text)
tap.ok(line in day.order("show", "1").stdout, "the same line as show has")
sent = day.answer(ANNE, 1, "#contrat acier-vosges", "10:10")
tap.ok(of(sent, "confirmation", ANNE) and day.show(1)["contract"] == "acier-vosges", "#contrat works from there", [m.body() for m in sent])
notice = of(alert(day, "nowhere8"), "notice", ANNE)[0]
sent = day.answer(ANNE, 2, "#resoudre", "10:20")
done = of(sent, "confirmation", ANNE)
tap.ok(day.show(2)["state"] == "resolved" and len(done) == 1 and "personne n'est averti" in done[0].body(),
       "#resoudre that nobody is told of is answered", [(m.what, m.body()) for m in sent])
sys.exit(tap.end())
