/*
 * Whether the From domain, or the technician, really sent a mail, judged from
 * what the border wrote.
 */
#include "guichet/trust/auth.h"

#include "border_private.h"
#include "guichet/base/names.h"
#include "guichet/base/text.h"
#include "guichet/mail/prescan.h"
#include "stamp_private.h"

#include <string.h>

/* What all stamps that count say together. */
typedef struct {
	const AuthConfig *config;
	const char *domain; /* the sender's */

	bool pass, fail, temperror, broken;
	bool hop_fail; /* only where the mail came in */
	bool aligned;  /* dkim or spf passed for the sender's organisation */
	guint stamps, dmarc;
	char *other;   /* a domain that passed and is not the sender's */
	char *login;   /* who logged in where the mail came in */
	bool logins;   /* more than one */
	bool in_hop;   /* the stamp being read is of that server */
	bool by_login; /* whose Received says so, too */
} Findings;

static void
findings_clear(Findings *findings)
{
	g_free(findings->other);
	g_free(findings->login);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Findings, findings_clear)

#define AUTH_VERDICT_NAMES(X) \
 X(AUTH_NONE, "none")         \
 X(AUTH_PASS, "pass")         \
 X(AUTH_FAIL, "fail")         \
 X(AUTH_TEMPERROR, "temperror")
NAME_TABLE(verdicts, AUTH_VERDICT_NAMES, AUTH_VERDICT_COUNT);

const char *
auth_verdict_name(AuthVerdict verdict)
{
	return names_word(&verdicts, verdict);
}

void
auth_report_clear(AuthReport *report)
{
	g_free(report->why);
	g_free(report->host);
	g_free(report->login);
	g_free(report->misplaced);
	g_free(report->misplaced_id);
	g_free(report->obstacle);
	memset(report, 0, sizeof *report);
}

/* ---- what the stamps say ---- */

static void
note_dmarc(const Finding *finding, Findings *findings)
{
	findings->dmarc++;
	if (strcmp(finding->result, "fail") == 0) {
		if (findings->in_hop)
			findings->hop_fail = true;
		else
			findings->fail = true;
	} else if (strcmp(finding->result, "temperror") == 0) {
		findings->temperror = true;
	} else if (strcmp(finding->result, "pass") == 0) {
		if (g_strcmp0(finding->from, findings->domain) == 0) {
			findings->pass = true;
		} else if (findings->other == NULL) {
			findings->other = g_strdup(
			    finding->from != NULL ? finding->from : "nobody");
		}
	}
}

static void
note_login(const char *login, Findings *findings)
{
	if (login == NULL)
		return;
	if (findings->login != NULL &&
	    g_ascii_strcasecmp(findings->login, login) != 0)
		findings->logins = true;
	if (findings->login == NULL)
		findings->login = g_ascii_strdown(login, -1);
}

static void
note_finding(void *data, const Finding *finding)
{
	Findings *findings = data;
	bool passes = strcmp(finding->result, "pass") == 0;
	const char *signer = finding->signer != NULL ? finding->signer
						     : finding->agent;

	if (!finding->known)
		return;
	if (strcmp(finding->method, "dmarc") == 0)
		note_dmarc(finding, findings);
	else if (passes && strcmp(finding->method, "dkim") == 0)
		findings->aligned |= signer != NULL &&
		    auth_same_organisation(signer, findings->domain);
	else if (passes && strcmp(finding->method, "spf") == 0)
		findings->aligned |= finding->mailfrom != NULL &&
		    auth_same_organisation(finding->mailfrom, findings->domain);
	else if (passes && findings->in_hop && findings->by_login &&
	    strcmp(finding->method, "auth") == 0)
		note_login(finding->login, findings);
}

/* One stamp of ours; all others are not even looked at. */
static void
read_stamp(const char *raw, Findings *findings)
{
	g_autofree char *id = stamp_id(raw);
	bool exchange = findings->config->exchange_online;

	if (exchange ? *id != '\0' : !border_is_id(findings->config, id))
		return;
	findings->stamps++;
	if (!stamp_read(raw, !exchange, note_finding, findings))
		findings->broken = true;
}

/* All stamps of the border; in the mode for Exchange Online the first of the
 * mail, if it is in the block and below a Received of theirs. */
static void
read_stamps(const Message *message, const Border *border, Findings *findings)
{
	bool exchange = findings->config->exchange_online;
	bool received = false;

	for (guint i = border->from; i < border->to; i++) {
		const Header *header = message->headers->pdata[i];

		if (g_ascii_strcasecmp(header->name, "Received") == 0)
			received = true;
		if (g_ascii_strcasecmp(header->name, STAMP) != 0)
			continue;
		if (exchange && !received)
			return;
		findings->in_hop = border->entry.by != NULL &&
		    i >= border->hop_from && i < border->hop_to;
		findings->by_login = received_is_login(&border->entry);
		read_stamp(header->raw, findings);
		if (exchange)
			return;
	}
}

/* ---- who logged in ---- */

typedef enum {
	LOGIN_NONE,    /* nobody */
	LOGIN_UNKNOWN, /* somebody who is no technician */
	LOGIN_SENDER,  /* the technician of From */
	LOGIN_OTHER,   /* another technician, or two names */
} LoginVerdict;

static bool
is_login_of(const AuthLogin *one, const char *login)
{
	return g_ascii_strcasecmp(one->address, login) == 0 ||
	    (one->login != NULL && g_ascii_strcasecmp(one->login, login) == 0);
}

static LoginVerdict
judge_login(const Findings *findings, const char *sender)
{
	const AuthConfig *config = findings->config;
	bool is_technician = false, is_others = false;

	if (findings->login == NULL)
		return LOGIN_NONE;
	if (findings->logins)
		return LOGIN_OTHER;
	for (gsize i = 0; i < config->login_count; i++) {
		const AuthLogin *one = &config->logins[i];
		bool is_sender = strcmp(one->address, sender) == 0;
		bool fits = is_login_of(one, findings->login);

		if (is_sender && fits)
			return LOGIN_SENDER;
		is_technician = is_technician || is_sender;
		is_others = is_others || fits;
	}
	/* A login that is an address is somebody's, if not the sender's. */
	is_others = is_others || strchr(findings->login, '@') != NULL;
	return is_technician && is_others ? LOGIN_OTHER : LOGIN_UNKNOWN;
}

/* ---- the judgment ---- */

/* More of them than the border makes: some are the writer's. */
static bool
has_too_many(const Findings *findings)
{
	const AuthConfig *config = findings->config;

	return !config->exchange_online && config->stamps == STAMPS_BELOW &&
	    (findings->stamps > MAX(config->fields, 1) || findings->dmarc > 1);
}

static AuthVerdict say(AuthReport *report, AuthVerdict verdict,
    const char *format, ...) G_GNUC_PRINTF(3, 4);

static AuthVerdict
say(AuthReport *report, AuthVerdict verdict, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report->why = g_strdup_vprintf(format, args);
	va_end(args);
	return verdict;
}

/* Nothing that counts vouches for the sender: what comes nearest to it. */
static AuthVerdict
judge_absence(const Findings *findings, AuthReport *report)
{
	if (findings->temperror)
		return say(report, AUTH_TEMPERROR,
		    "the border says dmarc=temperror");
	if (findings->other != NULL)
		return say(report, AUTH_NONE, "dmarc=pass is for %.80s, not %s",
		    findings->other, findings->domain);
	if (findings->stamps > 0)
		return say(report, AUTH_NONE,
		    "the border says nothing of dmarc");
	if (report->misplaced != NULL)
		return say(report, AUTH_NONE, "%s", report->misplaced);
	if (report->obstacle != NULL)
		return say(report, AUTH_NONE,
		    "no stamp of the border; %.80s, which delivered it, is not "
		    "among its hosts",
		    report->obstacle);
	return say(report, AUTH_NONE, "no stamp of the border");
}

static AuthVerdict
judge_stamps(const Findings *findings, LoginVerdict login, AuthReport *report)
{
	bool by_parts = findings->config->without_dmarc &&
	    findings->dmarc == 0 && findings->aligned;

	if (!findings->pass && !by_parts)
		return judge_absence(findings, report);
	if (login == LOGIN_OTHER)
		return say(report, AUTH_NONE,
		    "%.80s logged in at the border, who is not the sender",
		    findings->login);
	/* Who strips nothing may have believed the writer's own. */
	if (findings->config->stamps == STAMPS_ABOVE &&
	    !findings->config->exchange_online && report->misplaced != NULL)
		return say(report, AUTH_NONE,
		    "the border strips no forged stamps of %.80s: its own "
		    "prove nothing",
		    report->misplaced_id);
	return findings->pass
	    ? say(report, AUTH_PASS, "the border says dmarc=pass for %s",
		  findings->domain)
	    : say(report, AUTH_PASS,
		  "the border says dkim=pass or spf=pass for %s",
		  findings->domain);
}

static AuthVerdict
judge(const Findings *findings, LoginVerdict login, AuthReport *report)
{
	if (findings->fail)
		return say(report, AUTH_FAIL, "the border says dmarc=fail");
	if (login == LOGIN_SENDER && !findings->broken &&
	    !has_too_many(findings)) {
		report->by_login = true;
		return say(report, AUTH_PASS, "%.80s logged in at the border",
		    findings->login);
	}
	if (findings->hop_fail)
		return say(report, AUTH_FAIL, "the border says dmarc=fail");
	if (findings->broken)
		return say(report, AUTH_NONE,
		    "a stamp of the border cannot be read");
	if (has_too_many(findings))
		return say(report, AUTH_NONE,
		    "more stamps than the border makes: some are forged");
	return judge_stamps(findings, login, report);
}

/* What of the report does not depend on the sender. */
static void
describe(const Border *border, const Findings *findings, AuthReport *ret)
{
	const Received *entry = &border->entry;

	ret->obstacle = g_strdup(border->obstacle);
	ret->host = g_strdup(entry->by);
	ret->login = g_strdup(findings->login);
	ret->stamped = findings->stamps > 0 && !has_too_many(findings);
	ret->from_outside = entry->by != NULL && !received_is_login(entry) &&
	    received_place(entry) == PEER_PUBLIC;
}

/* What is not here may hold a stamp that somebody believed. */
static bool
is_head_cut(const Message *message)
{
	const char *const *defects = (const char *const *)message->defects;

	return defects != NULL &&
	    (g_strv_contains(defects, DEFECT_HEADER_BLOCK) ||
		g_strv_contains(defects, DEFECT_HEADER_FIELDS) ||
		g_strv_contains(defects, DEFECT_HEADER_FIELD));
}

void
auth_examine(const Message *message, const AuthConfig *config, AuthReport *ret)
{
	const char *sender = message->identity != NULL ? message->identity : "";
	g_autofree char *domain = *sender != '\0'
	    ? g_ascii_strdown(text_address_domain(sender), -1)
	    : g_strdup("");
	g_auto(Findings) findings = { .config = config, .domain = domain };
	g_auto(Border) border = { 0 };

	memset(ret, 0, sizeof *ret);
	border_find(message, config, &border);
	read_stamps(message, &border, &findings);
	findings.broken |= is_head_cut(message);
	if (received_is_login(&border.entry))
		note_login(border.entry.login, &findings);
	ret->misplaced = border_misplaced(message, config, &border,
	    &ret->misplaced_id);
	describe(&border, &findings, ret);
	if (*sender == '\0')
		ret->verdict = say(ret, AUTH_NONE,
		    "the sender has no identity");
	else if (findings.login == NULL && !config->exchange_online &&
	    (config->authserv_ids == NULL || config->authserv_ids[0] == NULL))
		ret->verdict = say(ret, AUTH_NONE,
		    "no authserv_id is configured");
	else
		ret->verdict = judge(&findings, judge_login(&findings, sender),
		    ret);
}

AuthVerdict
auth_check(const Message *message, const AuthConfig *config, char **ret_why)
{
	g_auto(AuthReport) report = { 0 };

	auth_examine(message, config, &report);
	*ret_why = g_steal_pointer(&report.why);
	return report.verdict;
}

Instant
auth_border_received(const Message *message, const AuthConfig *config)
{
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];
		g_auto(Received) received = { 0 };

		if (g_ascii_strcasecmp(header->name, "Received") != 0) {
			if (border_is_writers(header->name))
				break;
			continue;
		}
		received_read(header->raw, &received);
		return border_is_host(config, received.by)
		    ? received_date(header->raw)
		    : INSTANT_NONE;
	}
	return INSTANT_NONE;
}

void
auth_border_peer(const Message *message, const AuthConfig *config,
    char **ret_ip, char **ret_name)
{
	g_auto(Border) border = { 0 };

	border_find(message, config, &border);
	*ret_ip = g_steal_pointer(&border.entry.ip);
	*ret_name = g_steal_pointer(&border.entry.name);
}
