#!/usr/bin/env python3
"""A technician's mail that names its ticket as people do; and a client's that raises a severity."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import desk as e2e
from day_lib import ANNE, Day, HUGO, of

tap = e2e.Tap()
JEANNE = "jeanne.morel@acier-vosges.example"
day = Day("2026-11-24T10:00:00+01:00")
day.mail(JEANNE, "Lenteur", "Le portail est lent, mais nous pouvons travailler.")
for number, subject in enumerate(("Ticket 1", "Re: ticket n° 1 : lenteur", "#1 Lenteur", "1", "TR: Dossier #1")):
    sent = day.mail(ANNE, subject, f"#note\n#resoudre\n\nDe la page {number}.", f"10:{10 + number}")
    tap.ok([m.row["ticket"] for m in sent if m.what in ("challenge", "refusal")] == [1] and not of(sent, "notice", HUGO),
           f"'{subject}': parked on the ticket, and nobody's new one", [(m.what, m.to, m.row["ticket"], m.body()) for m in sent])
tap.ok("#2" not in day.order("list", "--all").stdout, "no second ticket")
sent = day.mail(ANNE, "Commande de 3 écrans", "#note\n#resoudre\n\nDe la page.", "10:30")
tap.ok("#2" in day.order("list", "--all").stdout, "a number among words names nothing", [(m.what, m.to) for m in sent])
day.mail(ANNE, "Ticket 1", "Une nouvelle demande sans ordre.", "10:40")
tap.ok("#3" in day.order("list", "--all").stdout, "nor does a mail without orders")
# A client's own words.
day = Day("2026-11-24T10:00:00+01:00")
day.mail(JEANNE, "Lenteur", "Le portail est lent.")
before = day.show(1)["severity"]
sent = day.mail(JEANNE, "Re: [#1] Lenteur", "Maintenant tout est bloqué, plus personne ne peut travailler.", "10:30",
                head="In-Reply-To: <day1@test.example>\n")
after = day.show(1)["severity"]
notice = of(sent, "notice")[0].body()
tap.ok(after < before and f"GRAVITÉ RELEVÉE : {before} -> {after} (" in notice and "par les mots du client" in notice,
       "from, to and why", (before, after, notice))
# What is so already does not undo what stands beside it.
day = Day("2026-11-24T10:00:00+01:00")
day.mail(JEANNE, "Question", "Comment imprimer ?")
day.answer(ANNE, 1, "#nature demande\n#etiqueter impression\n#attendre tiers", "10:05")
sent = of(day.answer(ANNE, 1, "#estimer 6h\n#nature demande\n#etiqueter impression\n#attendre tiers", "10:10"), "confirmation", ANNE)
shown = day.show(1)
tap.ok(len(sent) == 1 and sent[0].body().count("c'était déjà le cas") == 3 and shown["estimate_minutes"] == 360,
       "orders that change nothing are done, with what stands beside them", ([m.body() for m in sent], shown["estimate_minutes"]))
got = day.desk.run("tag", "1", "impression", "--at", day.now.isoformat(), check=False)
tap.ok(got.returncode == 1 and "already" in got.stderr, "a command alone is told so", got.stderr)
sys.exit(tap.end())
