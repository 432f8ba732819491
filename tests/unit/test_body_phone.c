#include "guichet/words/body.h"

#include "guichet/base/base.h"

static void
test_phone(void)
{
	static const struct {
		const char *signature, *phone;
	} cases[] = {
		{ "Jeanne Morel\nDSI\n03 29 11 22 33", "03 29 11 22 33" },
		{ "Tél. : +33 (0)3 29 11 22 33 - Fax 03 29 00 00 00",
		    "+33 (0)3 29 11 22 33" },
		{ "T:+44.20.7946.0018", "+44.20.7946.0018" },
		{ "Karim | 06-12-34-56-78 | Acier", "06-12-34-56-78" },
		{ "88000 Epinal\n1 rue du Pont, depuis 1998", "" },
		{ "commande 0123", "" },
		{ "https://a.example/0612345678901234567", "" },
		{ "0612345678@a.example", "" },
		{ "ref0612345678", "" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *phone = body_phone(cases[i].signature);

		g_assert_cmpstr(phone, ==, cases[i].phone);
	}
}

static void
test_signature(void)
{
	static const struct {
		const char *text, *signature;
	} cases[] = {
		{ "Bonjour,\nCela revient.\n-- \nJeanne Morel\n"
		  "03 29 11 22 33\n",
		    "Jeanne Morel\n03 29 11 22 33" },
		{ "Merci.\n-- \nJeanne\n\nLe 3 mars 2026 a écrit :\n"
		  "> -- \n> Anne, 01 02 03 04 05\n",
		    "Jeanne" },
		{ "> cité\n> -- \n> Anne\n\nOui.\n", "" },
		{ "Rien dessous.\n", "" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *signature = body_signature(cases[i].text);

		g_assert_cmpstr(signature, ==, cases[i].signature);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/body/phone", test_phone);
	g_test_add_func("/body/signature", test_signature);
	return g_test_run();
}
