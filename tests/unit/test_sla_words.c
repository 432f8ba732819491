/* Clocks in words, as a client reads them. */
#include "sla-fixture.h"

static void
assert_text(char *take_text, const char *wanted)
{
	g_assert_cmpstr(take_text, ==, wanted);
	g_free(take_text);
}

static void
test_when(Fixture *f, gconstpointer data)
{
	const Zone *zone = zone_get("Europe/Paris", NULL);

	(void)data;
	(void)f;
	assert_text(sla_when(paris("2026-11-20 17:00"), "fr", zone),
	    "vendredi 20 novembre 2026 à 17:00");
	assert_text(sla_when(paris("2026-11-20 17:00"), "en", zone),
	    "Friday 20 November 2026, 17:00");
	assert_text(sla_when(paris("2026-08-01 09:05:07"), "fr", zone),
	    "samedi 1er août 2026 à 09:05");
	assert_text(sla_when(paris("2026-08-01 09:05"), "en",
			zone_get("America/St_Johns", NULL)),
	    "Saturday 1 August 2026, 04:35");
	/* An hour that the clocks show twice. */
	assert_text(sla_when(paris("2026-10-25 02:30"), "en", zone),
	    "Sunday 25 October 2026, 02:30 (UTC+02:00)");
	assert_text(sla_when(paris("2026-10-25 02:30") + 3600, "fr", zone),
	    "dimanche 25 octobre 2026 à 02:30 (UTC+01:00)");
	assert_text(sla_when(paris("2026-10-25 03:00"), "en", zone),
	    "Sunday 25 October 2026, 03:00");
	assert_text(sla_when(INSTANT_NONE, "fr", zone), "jamais");
}

/* Commands read a length without a language of the catalogues. */
static void
test_span(Fixture *f, gconstpointer data)
{
	(void)data;
	(void)f;
	assert_text(sla_span(0), "0 s");
	assert_text(sla_span(5400), "1 h 30 min");
	assert_text(sla_span(90061), "25 h 1 min 1 s");
}

/* The texts whole, as a client reads them. */
static void
test_explain(Fixture *f, gconstpointer data)
{
	const Zone *zone = zone_get("Europe/Paris", NULL);
	g_autoptr(GArray) none = read_pauses("");
	g_autoptr(GArray) wait = read_pauses(
	    "2026-12-28 16:00/2026-12-29 09:00");
	SlaInput in = input(f, "always", "24h", "2026-11-20 18:30", none,
	    "2026-11-20 18:31");
	g_autoptr(SlaClock) sos = NULL, fix = NULL, open = NULL;
	g_autoptr(SlaClock) inside = NULL;
	g_autofree char *inside_text = NULL;

	(void)data;
	in.milestone = MILESTONE_RESPONSE;
	in.intake_clock = f->sos;
	sos = sla_clock_make(&in);
	assert_text(sla_explain(sos, "fr", zone),
	    "Reçu le vendredi 20 novembre 2026 à 18:30 (UTC+01:00).\n"
	    "Pris en compte le lundi 23 novembre 2026 à 09:00 (UTC+01:00), "
	    "car reçu hors de la plage de prise en charge « sos24 », fermée "
	    "du ven. 20 nov. 18:00 au lun. 23 nov. 09:00.\n"
	    "Première réponse d'un technicien : délai garanti de 24 h, "
	    "calendrier « always » "
	    "(24 h sur 24, 7 jours sur 7).\n"
	    "Compté :\n"
	    "  lun. 23 nov. 09:00 → mar. 24 nov. 09:00 : 24 h\n"
	    "Échéance : mardi 24 novembre 2026 à 09:00 (UTC+01:00).\n"
	    "Heures de Europe/Paris.\n");
	assert_text(sla_explain_short(sos, "fr", zone),
	    "24 h à compter du lundi 23 novembre 2026 à "
	    "09:00. Reçu hors de la plage de prise en charge "
	    "« sos24 », le message compte à partir de son ouverture "
	    "suivante.");
	assert_text(sla_explain_short(sos, "en", zone),
	    "24 h counted from Monday 23 November 2026, 09:00"
	    ". Received outside the intake window \"sos24\", the "
	    "message counts from its next opening.");

	in.received = paris("2026-11-20 17:00");
	inside = sla_clock_make(&in);
	inside_text = sla_explain(inside, "en", zone);
	g_assert_nonnull(strstr(inside_text,
	    "the intake window \"sos24\" was open from Mon 16 Nov 09:00 to "
	    "Fri 20 Nov 18:00.\n"));

	/* Open time over Christmas, and a pause; steps worked out before. */
	in = input(f, "semarchy", "8h", "2026-12-24 17:00", wait, NULL);
	in.commitment = COMMITMENT_OBJECTIVE;
	in.met = paris("2026-12-29 08:30");
	open = sla_clock_make(&in);
	sla_steps(open);
	assert_text(sla_explain(open, "en", zone),
	    "Received Thursday 24 December 2026, 17:00 (UTC+01:00).\n"
	    "Counted from receipt, because the intake window \"always\" was "
	    "open.\n"
	    "Resolution: objective, aimed at and not guaranteed, of 8 h of "
	    "open time, calendar \"semarchy\".\n"
	    "Counted:\n"
	    "  Thu 24 Dec 17:00 → Thu 24 Dec 18:00: 1 h\n"
	    "  Thu 24 Dec 18:00 → Fri 25 Dec 00:00: closed, not counted\n"
	    "  Fri 25 Dec 00:00 → Sat 26 Dec 00:00: Noël, not counted\n"
	    "  Sat 26 Dec 00:00 → Mon 28 Dec 08:00: closed, not counted\n"
	    "  Mon 28 Dec 08:00 → Mon 28 Dec 15:00: 7 h (in all 8 h)\n"
	    "Due: Monday 28 December 2026, 15:00 (UTC+01:00).\n"
	    "Reached Tuesday 29 December 2026, 08:30 (UTC+01:00), late.\n"
	    "Times are those of Europe/Paris.\n");

	in = input(f, "semarchy", "5bd", "2026-12-24 17:00", wait, NULL);
	in.commitment = COMMITMENT_OBJECTIVE;
	in.milestone = MILESTONE_WORKAROUND;
	fix = sla_clock_make(&in);
	assert_text(sla_explain(fix, "fr", zone),
	    "Reçu le jeudi 24 décembre 2026 à 17:00 (UTC+01:00).\n"
	    "Pris en compte à la réception, car la plage de prise en charge "
	    "« always » était ouverte.\n"
	    "Solution de contournement : objectif, visé sans être garanti, de 5 jours "
	    "ouvrés, calendrier « semarchy ».\n"
	    "Jours ouvrés comptés après le jeu. 24 déc. : 1) lun. 28 déc., "
	    "2) mar. 29 déc., 3) mer. 30 déc., 4) jeu. 31 déc., 5) lun. 4 "
	    "janv. 2027 ; jours fermés : ven. 25 déc. (Noël), ven. 1er janv. "
	    "2027 (Jour de l'an) ; à la même heure, ou à la fermeture.\n"
	    "Suspendu : lun. 28 déc. 16:00 → mar. 29 déc. 09:00, en attente "
	    "de votre réponse ; l'échéance recule de 3 h d'ouverture.\n"
	    "Échéance : mardi 5 janvier 2027 à 10:00 (UTC+01:00).\n"
	    "L'échéance est dépassée.\n"
	    "Heures de Europe/Paris.\n");
}

/* The clocks change while it counts: said, or 24 h look like 25. */
static void
test_explain_change(Fixture *f, gconstpointer data)
{
	g_autoptr(GArray) none = read_pauses("");
	SlaInput in = input(f, "always", "24h", "2026-03-28 10:00", none,
	    "2026-03-28 11:00");
	g_autoptr(SlaClock) clock = sla_clock_make(&in);
	g_autofree char *text = sla_explain(clock, "fr",
	    zone_get("Europe/Paris", NULL));
	g_autofree char *far = sla_explain(clock, "en",
	    zone_get("Asia/Tokyo", NULL));

	(void)data;
	g_assert_nonnull(strstr(text,
	    "  sam. 28 mars 10:00 → dim. 29 mars 11:00 : 24 h\n"
	    "    (changement d'heure le dim. 29 mars : de UTC+01:00 à "
	    "UTC+02:00)\n"));
	g_assert_nonnull(strstr(far,
	    "calendar \"always\" (around the clock), "
	    "on the clocks of Europe/Paris.\n"));
	g_assert_nonnull(strstr(far,
	    "Due: Sunday 29 March 2026, 18:00 "
	    "(UTC+09:00).\n"));
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *path;
		void (*run)(Fixture *f, gconstpointer data);
	} tests[] = {
		{ "/sla/when", test_when },
		{ "/sla/span", test_span },
		{ "/sla/explain", test_explain },
		{ "/sla/explain-change", test_explain_change },
	};

	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
		g_test_add(tests[i].path, Fixture, NULL, setup, tests[i].run,
		    teardown);
	return g_test_run();
}
