/*
 * guichet check: every mistake of the files at once, then each server tried,
 * before a mail is touched.
 */
#include "guichet/print/border_survey.h"
#include "guichet/print/site_check.h"

#include "guichet/base/child.h"
#include "guichet/base/frame.h"
#include "guichet/base/limits.h"
#include "guichet/base/text.h"
#include "guichet/cmd/app.h"
#include "guichet/cmd/context.h"
#include "guichet/daemon/read_sync.h"
#include "guichet/trust/auth_trial.h"
#include "guichet/trust/token.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define PROBE_SECONDS 60

/* The head of a recent mail, if it is one. */
static void
keep_head(GPtrArray *heads, const Frame *frame)
{
	GBytes *head;

	if (heads == NULL || heads->len >= LIMIT_RECENT_MAILS)
		return;
	head = frame_map(frame->fd, LIMIT_MAIL_PARTIAL_BYTES, NULL);
	if (head != NULL)
		g_ptr_array_add(heads, head);
}

/* A server that is being tried. */
typedef struct {
	char *what;
	bool strict;      /* a warning of it is a mistake */
	GPtrArray *heads; /* of its newest mails; NULL: none are wanted */
	Child *child;
} Probe;

static bool
say_verdict(const Probe *probe, const Frame *frame)
{
	bool ok = frame_bool(frame, "ok");
	const char *warning = frame_string(frame, "warning");

	printf("%s: %s%s%s\n", probe->what, ok ? "ok" : "",
	    ok && *frame_string(frame, "text") ? ", " : "",
	    frame_string(frame, "text"));
	if (*warning != '\0')
		printf("%s: %s%s\n", probe->what,
		    probe->strict ? "" : "warning: ", warning);
	return ok && (*warning == '\0' || !probe->strict);
}

/* Waits for the child's verdict, printed as it came. Heads of mails come before
 * it. */
static bool
hear_verdict(const Probe *probe, gint64 end, GError **error)
{
	for (;;) {
		gint64 left = MAX(end - g_get_monotonic_time(), 0);
		struct pollfd wait = { probe->child->socket, POLLIN, 0 };
		g_autoptr(Frame) frame = NULL;
		int got;

		do
			got = poll(&wait, 1, (int)(left / 1000));
		while (got < 0 && errno == EINTR);
		if (got == 0) {
			printf("%s: no answer within %d seconds\n", probe->what,
			    PROBE_SECONDS);
			return false;
		}
		if (!frame_receive(probe->child->socket, &frame, error))
			return false;
		if (frame == NULL) {
			printf("%s: the process ended without a word\n",
			    probe->what);
			return false;
		}
		if (strcmp(frame->verb, "head") == 0)
			keep_head(probe->heads, frame);
		if (strcmp(frame->verb, "state") == 0)
			return say_verdict(probe, frame);
	}
}

/* Has it connect, authenticate, select; it touches nothing. With `heads` it is a
 * mailbox, whose newest mails are looked at, too. */
static void
begin_probe(GArray *probes, const char *role, const char *name, char *what,
    GPtrArray *heads, GVariant *config)
{
	g_autoptr(GError) error = NULL;
	Probe probe = { what, false, heads, child_spawn(role, name, &error) };
	GVariantDict args;

	g_variant_dict_init(&args, NULL);
	g_variant_dict_insert_value(&args, "config", config);
	g_variant_dict_insert(&args, "probe", "b", TRUE);
	if (heads != NULL)
		g_variant_dict_insert(&args, "recent", "u", LIMIT_RECENT_MAILS);
	if (probe.child == NULL ||
	    !frame_send(probe.child->socket, "start", g_variant_dict_end(&args),
		-1, &error)) {
		printf("%s: %s\n", what, error->message);
		child_stop(&probe.child, 0);
	}
	g_array_append_val(probes, probe);
}

/* What the border writes on them, read in the sandbox as any mail; NULL: no
 * mail was looked for. */
static void
survey_border(const Conf *conf, const GPtrArray *heads)
{
	g_autoptr(ReadSync) reader = read_sync_new();
	g_autoptr(BorderSurvey) survey = border_survey_new(conf);
	g_autoptr(GPtrArray) lines = NULL;

	for (guint i = 0; heads != NULL && i < heads->len; i++) {
		g_autoptr(Message) message = read_sync(reader, heads->pdata[i],
		    true, NULL);

		if (message != NULL)
			border_survey_add(survey, message);
	}
	lines = border_survey_lines(survey, heads != NULL);
	for (guint i = 0; i < lines->len; i++) {
		g_autofree char *line = text_showable(lines->pdata[i]);

		printf("border: %s\n", line);
	}
}

/* ---- check --auth ---- */

#define TRIAL_DAYS 7 /* that a forgery may take to be sent and looked for */

static gint32
today(void)
{
	return (gint32)(g_get_real_time() / G_USEC_PER_SEC / 86400);
}

/* Whether the border did as it must. */
static bool
say_trial(const AuthTrial *trial)
{
	const AuthReport *report = &trial->report;
	g_autofree char *why = text_showable(report->why);

	printf("auth: the forgery has arrived: %s: %s\n",
	    auth_verdict_name(report->verdict), why);
	if (!report->from_outside) {
		printf("auth: it did not come from outside through one of "
		       "'hosts', so that it tells nothing: send it from "
		       "elsewhere\n");
		return false;
	}
	if (trial->is_kept || report->verdict == AUTH_PASS) {
		printf("auth: its forged stamp is %s: do not write 'strips: "
		       "verified'; have the border take away every "
		       "Authentication-Results that bears its name: "
		       "guichet.yaml(5), THE BORDER\n",
		    report->verdict == AUTH_PASS ? "believed" : "still in it");
		return false;
	}
	printf(
	    "auth: the forged stamp was taken away; write into guichet.yaml: "
	    "border: {strips: verified}\n");
	return true;
}

static void
say_forgery(const Conf *conf, const char *word)
{
	const char *from = "";
	g_autofree char *mail = NULL;

	for (guint i = conf->technicians->len; i-- > 0;) {
		const Technician *one = conf->technicians->pdata[i];

		from = one->active ? one->address : from;
	}
	mail = auth_trial_mail(&conf->auth, from, conf->address, word);
	printf("auth: no forgery has arrived yet. Put these lines into a file, "
	       "send it from outside, from another provider's network, as by "
	       "'curl smtp://YOUR.MX --mail-from you@elsewhere.example "
	       "--mail-rcpt %s --crlf -T FILE', and run this again within %d "
	       "days:\n\n%s\n"
	       "auth: if your server refuses it, it does so by DMARC: leave "
	       "From to an address of your own elsewhere.\n",
	    conf->address, TRIAL_DAYS, mail);
}

/* What arrived of the forgeries of these days. */
static bool
try_border(const Conf *conf, const GPtrArray *heads)
{
	g_autoptr(ReadSync) reader = read_sync_new();
	g_autofree char *word = token_keys_word(conf->tokens, today());
	guint found = 0;
	bool ok = true;

	for (guint i = 0; i < heads->len; i++) {
		g_autoptr(Message) message = read_sync(reader, heads->pdata[i],
		    true, NULL);

		for (gint32 day = 0; message != NULL && day < TRIAL_DAYS;
		     day++) {
			g_autofree char *then = token_keys_word(conf->tokens,
			    today() - day);
			g_auto(AuthTrial) trial = { 0 };

			if (!auth_trial_read(message, &conf->auth, then,
				&trial))
				continue;
			found++;
			ok = say_trial(&trial) && ok;
		}
	}
	if (found == 0)
		say_forgery(conf, word);
	return ok;
}

static bool
end_probe(Probe *probe, gint64 end, GPtrArray *all)
{
	g_autoptr(GError) error = NULL;
	bool ok = probe->child != NULL && hear_verdict(probe, end, &error);

	if (error != NULL)
		printf("%s: %s\n", probe->what, error->message);
	child_stop(&probe->child, ok ? 1000 : 0);
	g_free(probe->what);
	if (probe->heads == NULL)
		return ok;
	for (guint i = 0; i < probe->heads->len; i++)
		g_ptr_array_add(all, probe->heads->pdata[i]);
	g_ptr_array_unref(probe->heads);
	return ok;
}

/* All at once: one that says nothing delays no other. */
static bool
probe_servers(const Conf *conf, bool tries_border)
{
	gint64 end = g_get_monotonic_time() + PROBE_SECONDS * G_USEC_PER_SEC;
	g_autoptr(GArray) probes = g_array_new(FALSE, FALSE, sizeof(Probe));
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_bytes_unref);
	bool ok = true;

	for (guint i = 0; i < conf->mailboxes->len; i++) {
		const SourceConf *mailbox = conf->mailboxes->pdata[i];

		begin_probe(probes, "fetch", mailbox->name,
		    g_strdup_printf("mailbox %s", mailbox->name),
		    g_ptr_array_new(), source_conf_to_variant(mailbox));
		g_array_index(probes, Probe, i).strict = strcmp(mailbox->kind,
							     "imap") == 0;
	}
	begin_probe(probes, "send", "out", g_strdup("way out"), NULL,
	    sink_conf_to_variant(conf->sink));
	for (guint i = 0; i < probes->len; i++)
		ok &= end_probe(&g_array_index(probes, Probe, i), end, all);
	if (tries_border)
		return try_border(conf, all) && ok;
	survey_border(conf, all);
	return ok;
}

#define HOLIDAYS_AHEAD 60 /* days for which they should be known */

/* A feed of one year has run out before anybody notices. */
static void
tell_holidays(const Context *context)
{
	g_autofree const char **names = ruleset_holiday_names(context->ruleset);
	Date today = (Date)(g_get_real_time() / G_USEC_PER_SEC / 86400);

	for (const char **name = names; *name != NULL; name++) {
		Date last;
		g_autofree char *shown = NULL;

		if (!holidays_last(ruleset_holidays(context->ruleset, *name),
			&last) ||
		    last >= today + HOLIDAYS_AHEAD)
			continue;
		shown = date_format(last);
		fprintf(stderr,
		    "guichet: warning: the holidays '%s' end on %s: after it "
		    "each day counts as a working day; bring calendars/%s.ics "
		    "up to date\n",
		    *name, shown, *name);
	}
}

/* What is believed of technicians' mails, where that is not the usual. */
static void
tell_trust(const Conf *conf)
{
	if (conf_awaits_strips(conf))
		fprintf(stderr,
		    "guichet: warning: nobody has tried that the border takes "
		    "forged stamps away: each technician's mail has to be "
		    "confirmed until you have run 'guichet check --auth' and "
		    "written 'border: {strips: verified}'\n");
	if (conf->tech_auth == TECH_AUTH_TOKEN_LOGIN)
		fprintf(stderr,
		    "guichet: warning: tech_auth: token+login: whoever can log "
		    "in at the border as a technician and has a mail of ours "
		    "acts as theirs, without DMARC\n");
}

/* Prints all that is wrong between the files; false if any of it is. */
static bool
check_files(const Context *context)
{
	g_autoptr(Problems) mistakes = problems_new();
	g_autoptr(Problems) warnings = problems_new();
	g_autofree char *wrong = NULL, *odd = NULL;
	guint count;

	site_check(context->conf, context->ruleset, mistakes, warnings);
	site_files_check(context->conf, mistakes);
	context_tell_passed_over(context);
	tell_holidays(context);
	tell_trust(context->conf);
	wrong = problems_format(mistakes);
	odd = problems_format(warnings);
	fputs(wrong, stderr);
	fputs(odd, stderr);
	count = problems_count(mistakes);
	if (count > 0)
		fprintf(stderr, "guichet: %u mistake%s in the configuration\n",
		    count, count == 1 ? "" : "s");
	return count == 0;
}

/* What it takes to try it. */
static bool
may_try_border(const Conf *conf, bool offline)
{
	const char *lacks = offline ? "--auth looks into the mailboxes: leave "
				      "--offline out"
	    : !conf->has_border     ? "guichet.yaml has no 'border' to try"
	    : conf->tokens == NULL
	    ? "there are no token keys yet, which the word of the trial is "
	      "made from: 'guichet run' makes them"
	    : NULL;

	if (lacks != NULL)
		fprintf(stderr, "guichet: %s\n", lacks);
	return lacks == NULL;
}

static int
check_run(int argc, char **argv)
{
	g_autofree char *config = NULL;
	gboolean offline = FALSE, tries_border = FALSE;
	const GOptionEntry entries[] = {
		{ "offline", 0, 0, G_OPTION_ARG_NONE, &offline,
		    "Only the files; try no server", NULL },
		{ "auth", 0, 0, G_OPTION_ARG_NONE, &tries_border,
		    "Try that the border takes forged stamps away", NULL },
		{ NULL, 0, 0, 0, NULL, NULL, NULL },
	};
	g_autoptr(Context) context = NULL;
	guint plans, contracts;

	if (!app_options(&cmd_check, &argc, &argv, &config, entries,
		(WordCount){ 0, 0 }))
		return APP_USAGE;
	context = context_open(config,
	    CONTEXT_RULES | CONTEXT_SECRETS | CONTEXT_WHOLE);
	if (context == NULL)
		return APP_FAILED;
	if (context->became != NULL)
		printf("user: %s, to whom the store belongs\n",
		    context->became);
	if (!check_files(context))
		return APP_FAILED;
	printf("configuration: ok, %s\n", context->conf->file);
	plans = ruleset_plans(context->ruleset)->len;
	contracts = ruleset_contracts(context->ruleset)->len;
	printf("rules: ok, %u plan%s, %u contract%s\n", plans,
	    plans == 1 ? "" : "s", contracts, contracts == 1 ? "" : "s");
	if (context->conf->tokens == NULL)
		printf("tokens: none yet; 'guichet run' makes %s\n",
		    context->conf->token_file);
	if (offline && !context->conf->has_border)
		survey_border(context->conf, NULL);
	if (tries_border && !may_try_border(context->conf, offline))
		return APP_FAILED;
	if (!offline && !probe_servers(context->conf, tries_border))
		return APP_FAILED;
	return APP_DONE;
}

const Subcommand cmd_check = { "check", "",
	"Find every mistake of the files, and try each server", check_run };
