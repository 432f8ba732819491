/*
 * What guichet.yaml and the rules say of each other. Each is loaded without the
 * other, so that neither loader can see it.
 */
#include "guichet/print/site_check.h"

#include "guichet/alert/alert_map.h"
#include "guichet/site/alert_origin.h"

#include <string.h>

#define SECRET_LETTERS  16 /* fewer can be tried */
#define SECRET_DISTINCT 8  /* of them; fewer is a pattern */
#define SECRET_OWN      12 /* letters beside words that anybody tries */

/* rules/guichet.yaml, which anybody can read. */
#define EXAMPLE_SECRET "k3v9q2w8x7t5m4n6p1rz"

typedef struct {
	const Conf *conf;
	const Ruleset *ruleset;
	Problems *mistakes, *warnings;
} Check;

static void say(Problems *list, const YamlPlace *place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void
say(Problems *list, const YamlPlace *place, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	problems_add(list, place->file, place->line, place->column, "%s", text);
}

/* ---- names ---- */

static void
check_name(const Check *check, const YamlPlace *place, const char *what,
    const char *name, const GPtrArray *known)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new();
	const char *nearest;
	g_autofree char *all = NULL;

	if (name == NULL)
		return;
	for (guint i = 0; i < known->len; i++) {
		if (strcmp(known->pdata[i], name) == 0)
			return;
		g_ptr_array_add(words, known->pdata[i]);
	}
	g_ptr_array_add(words, NULL);
	nearest = yaml_nearest(name, (const char *const *)words->pdata);
	all = g_strjoinv(", ", (char **)words->pdata);
	if (nearest != NULL)
		say(check->mistakes, place,
		    "there is no %s '%s'; did you mean '%s'?", what, name,
		    nearest);
	else
		say(check->mistakes, place, "there is no %s '%s'; known: %s",
		    what, name, *all != '\0' ? all : "none");
}

static void
check_names(const Check *check)
{
	const GPtrArray *origins = check->conf->alert_origins;
	const GPtrArray *contracts = ruleset_contracts(check->ruleset);
	const AlertMap *map = ruleset_alert_map(check->ruleset);
	g_autoptr(GPtrArray) sources = g_ptr_array_new();
	g_autoptr(GPtrArray) clients = g_ptr_array_new();

	for (guint i = 0; i < origins->len; i++)
		g_ptr_array_add(sources,
		    ((AlertOrigin *)origins->pdata[i])->name);
	for (guint i = 0; i < contracts->len; i++)
		g_ptr_array_add(clients,
		    ((Contract *)contracts->pdata[i])->name);
	for (guint i = 0; i < origins->len; i++) {
		const AlertOrigin *origin = origins->pdata[i];

		check_name(check, &origin->contract_at, "contract",
		    origin->contract, clients);
	}
	for (guint i = 0; i < map->hosts->len; i++) {
		const AlertHost *line = map->hosts->pdata[i];

		check_name(check, &line->source_at,
		    "alert source in guichet.yaml called", line->source,
		    sources);
	}
	for (guint i = 0; i < map->expected->len; i++) {
		const AlertExpected *expected = map->expected->pdata[i];

		check_name(check, &expected->source_at,
		    "alert source in guichet.yaml called", expected->source,
		    sources);
	}
}

static void
check_people(const Check *check)
{
	const GPtrArray *contracts = ruleset_contracts(check->ruleset);
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < check->conf->technicians->len; i++)
		g_ptr_array_add(names,
		    ((Technician *)check->conf->technicians->pdata[i])->name);
	for (guint i = 0; i < contracts->len; i++) {
		const Contract *contract = contracts->pdata[i];
		const ContractTechnician *one = contract->referent;

		if (one != NULL)
			check_name(check, &one->at,
			    "technician in guichet.yaml called", one->name,
			    names);
		for (guint k = 0; k < contract->team->len; k++) {
			one = contract->team->pdata[k];
			check_name(check, &one->at,
			    "technician in guichet.yaml called", one->name,
			    names);
		}
	}
}

/* Somebody must read of the days that come. */
static void
check_manager(const Check *check)
{
	const GPtrArray *contracts = ruleset_contracts(check->ruleset);

	for (guint i = 0; check->conf->manager == NULL && i < contracts->len;
	     i++) {
		const Contract *contract = contracts->pdata[i];

		if (!contract->has_until)
			continue;
		say(check->mistakes, &contract->term_at,
		    "a term, and nobody who is told before it ends: write "
		    "manager: {name: NAME, address: ADDRESS} in guichet.yaml");
		return;
	}
}

/* ---- secrets ---- */

/* What stands behind the '+', else the whole of the local part. */
static char *
secret_of(const char *address)
{
	const char *at = strchr(address, '@');
	g_autofree char *local = g_strndup(address,
	    at != NULL ? (gsize)(at - address) : strlen(address));
	const char *plus = strchr(local, '+');

	return g_strdup(plus != NULL ? plus + 1 : local);
}

static guint
distinct_letters(const char *word)
{
	bool seen[256] = { false };
	guint count = 0;

	for (const guchar *p = (const guchar *)word; *p != '\0'; p++) {
		count += !seen[*p];
		seen[*p] = true;
	}
	return count;
}

/* "aaaa", "abcd", "4321": how many letters follow from the one before. */
static guint
foreseeable_letters(const char *word)
{
	guint count = 0;

	for (; word[0] != '\0' && word[1] != '\0'; word++)
		count += ABS(word[1] - word[0]) <= 1;
	return count;
}

/* The letters that are left of it without the words that are tried first. */
static gsize
own_letters(const char *word, const char *name)
{
	static const char *const tried[] = { "supervision", "monitoring",
		"alertmanager", "prometheus", "password", "secret", "alertes",
		"alerts", "alert", "nagios", "icinga", "zabbix", "grafana",
		"support", "help", "desk", "token" };
	g_autoptr(GString) left = g_string_new(word);
	g_autofree char *source = g_ascii_strdown(name, -1);

	if (*source != '\0')
		g_string_replace(left, source, "", 0);
	for (gsize i = 0; i < G_N_ELEMENTS(tried); i++)
		g_string_replace(left, tried[i], "", 0);
	return left->len;
}

static bool
is_guessable(const char *word, const char *name)
{
	gsize length = strlen(word);

	return length < SECRET_LETTERS ||
	    distinct_letters(word) < SECRET_DISTINCT ||
	    foreseeable_letters(word) > length / 2 ||
	    own_letters(word, name) < SECRET_OWN;
}

/* Who knows the address opens and closes tickets. */
static void
check_secret(const Check *check, const AlertOrigin *origin)
{
	g_autofree char *word = NULL;

	if (origin->require != ORIGIN_TOKEN || origin->address == NULL)
		return;
	word = secret_of(origin->address);
	if (g_strv_contains((const char *const *)check->conf->own_addresses,
		origin->address))
		say(check->warnings, &origin->address_at,
		    "warning: '%s' is an address of the desk that everybody "
		    "knows: anybody opens and closes the tickets of '%s'; "
		    "give it one of its own",
		    origin->address, origin->name);
	else if (strcmp(word, EXAMPLE_SECRET) == 0)
		say(check->warnings, &origin->address_at,
		    "warning: this is the secret of the example that comes "
		    "with guichet: anybody can read it; put 20 random letters "
		    "and digits in its place");
	else if (is_guessable(word, origin->name))
		say(check->warnings, &origin->address_at,
		    "warning: '%s' can be guessed, and who knows the address "
		    "opens and closes the tickets of '%s'; use 20 random "
		    "letters and digits",
		    word, origin->name);
}

/* Who else has an account there sends from the same domain, with DMARC pass,
 * by the same servers (doc/security.md T3). */
static void
check_shared(const Check *check, const AlertOrigin *origin)
{
	const AlertMap *map = ruleset_alert_map(check->ruleset);
	const char *at = origin->from != NULL ? strchr(origin->from, '@')
					      : NULL;
	const char *domain = at != NULL ? at + 1 : origin->from;

	if (origin->address != NULL)
		return;
	if (domain == NULL || !alert_map_is_shared(map, domain))
		domain = origin->host;
	if (domain != NULL && alert_map_is_shared(map, domain))
		say(check->mistakes, &origin->place,
		    "whoever has an account there sends from '%s' "
		    "(alerts/shared-senders.yaml), and could close the tickets "
		    "of '%s': give it a secret 'address' of its own, and let "
		    "the service send there",
		    domain, origin->name);
}

/* ---- hosts ---- */

static gunichar *
letters_of(const char *pattern, glong *ret_count)
{
	g_autofree char *low = g_utf8_casefold(pattern, -1);

	return g_utf8_to_ucs4_fast(low, -1, ret_count);
}

/* Whether some name fits both patterns. From the end, what is left of the one
 * against what is left of the other. */
static bool
may_be_one(const char *one, const char *other)
{
	glong n, m;
	g_autofree gunichar *a = letters_of(one, &n);
	g_autofree gunichar *b = letters_of(other, &m);
	g_autofree bool *meet = g_new0(bool, (gsize)(n + 2) * (gsize)(m + 2));
	glong row = m + 2;

	for (glong i = n; i >= 0; i--) {
		for (glong k = m; k >= 0; k--) {
			bool *here = &meet[i * row + k];

			if (i == n && k == m)
				*here = true;
			else if (i < n && a[i] == '*')
				*here = here[row] || (k < m && here[1]);
			else if (k < m && b[k] == '*')
				*here = here[1] || (i < n && here[row]);
			else if (i < n && k < m)
				*here = (a[i] == b[k] || a[i] == '?' ||
					    b[k] == '?') &&
				    here[row + 1];
		}
	}
	return meet[0];
}

static bool
is_one_clients(const Check *check, const char *source)
{
	const GPtrArray *origins = check->conf->alert_origins;

	for (guint i = 0; source != NULL && i < origins->len; i++) {
		const AlertOrigin *origin = origins->pdata[i];

		if (strcmp(origin->name, source) == 0)
			return origin->contract != NULL;
	}
	return false;
}

static bool
is_mapped(const Check *check, const AlertExpected *expected)
{
	const AlertMap *map = ruleset_alert_map(check->ruleset);

	if (expected->contract != NULL ||
	    is_one_clients(check, expected->source))
		return true;
	for (guint i = 0; i < map->hosts->len; i++) {
		const AlertHost *line = map->hosts->pdata[i];

		if ((line->source == NULL || expected->source == NULL ||
			strcmp(line->source, expected->source) == 0) &&
		    may_be_one(line->host, expected->host))
			return true;
	}
	return false;
}

static void
check_expected(const Check *check, const AlertExpected *expected)
{
	if (expected->host != NULL && !is_mapped(check, expected))
		say(check->warnings, &expected->host_at,
		    "warning: no line maps the host '%s': the ticket of '%s' "
		    "would be nobody's; write the host as the mail does, map "
		    "it, or name a 'contract'",
		    expected->host, expected->name);
}

/* The desk's hours, which guichet.yaml names and the rules have. */
static void
check_hours(const Check *check)
{
	const SilenceRules *silence = &check->conf->silence;
	const char **names = ruleset_holiday_names(check->ruleset);
	g_autoptr(GPtrArray) known = g_ptr_array_new();

	for (gsize i = 0; names[i] != NULL; i++)
		g_ptr_array_add(known, (gpointer)names[i]);
	for (gsize i = 0;
	     silence->holidays != NULL && silence->holidays[i] != NULL; i++)
		check_name(check, &silence->holidays_at, "set of holidays",
		    silence->holidays[i], known);
	if (silence->calendar != NULL &&
	    ruleset_calendar(check->ruleset, silence->calendar,
		zone_get(check->conf->zone, NULL), NULL) == NULL)
		say(check->mistakes, &silence->calendar_at,
		    "there is no calendar '%s': write the name of a file in "
		    "calendars/, without .yaml",
		    silence->calendar);
	g_free(names);
}

void
site_check(const Conf *conf, const Ruleset *ruleset, Problems *mistakes,
    Problems *warnings)
{
	const Check check = { conf, ruleset, mistakes, warnings };
	const AlertMap *map = ruleset_alert_map(ruleset);

	check_names(&check);
	check_people(&check);
	check_manager(&check);
	check_hours(&check);
	for (guint i = 0; i < conf->alert_origins->len; i++) {
		check_secret(&check, conf->alert_origins->pdata[i]);
		check_shared(&check, conf->alert_origins->pdata[i]);
	}
	for (guint i = 0; i < map->expected->len; i++)
		check_expected(&check, map->expected->pdata[i]);
}
