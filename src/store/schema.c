/*
 * schema: the tables, as a row of migrations that are never edited once they
 * were released; the last statement of each sets user_version.
 *
 * Personal text stands in raw, content, mention, attachment, trace, words,
 * address and outbox only. All of it can be emptied without touching a ticket:
 * `mail` keeps identity of delivery and hash, so that an erased mail is not
 * taken in again, and events name mails and addresses by id.
 */
#include "store_private.h"

#include "guichet/base/error.h"
#include "guichet/base/limits.h"

#define APPLICATION_ID 0x67756963 /* "guic" */

static const char version_1[] =
    /* Bytes as they came, once for all equal ones; NULL when erased. */
    "CREATE TABLE raw (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  sha256 TEXT NOT NULL UNIQUE,\n"
    "  size INTEGER NOT NULL,\n"
    "  bytes BLOB\n"
    ") STRICT;\n"

    "CREATE TABLE mail (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  mailbox TEXT NOT NULL,\n"
    "  uidvalidity INTEGER NOT NULL,\n"
    "  uid INTEGER NOT NULL,\n"
    "  name TEXT NOT NULL,\n"
    "  received INTEGER NOT NULL,\n"
    "  trusted INTEGER NOT NULL,\n"
    "  truncated INTEGER NOT NULL CHECK (truncated IN (0, 1)),\n"
    "  size INTEGER NOT NULL,\n"
    "  sha256 TEXT NOT NULL,\n"
    "  raw INTEGER REFERENCES raw (id),\n"
    "  state TEXT NOT NULL CHECK (state IN\n"
    "    ('raw', 'reading', 'done', 'unreadable')),\n"
    "  attempts INTEGER NOT NULL DEFAULT 0,\n"
    "  lane TEXT NOT NULL DEFAULT '',\n"
    "  ticket INTEGER CHECK (ticket > 0),\n"
    "  also_seen INTEGER REFERENCES mail (id),\n"
    "  marked INTEGER NOT NULL DEFAULT 0 CHECK (marked IN (0, 1))\n"
    ") STRICT;\n"
    "CREATE UNIQUE INDEX mail_uid ON mail (mailbox, uidvalidity, uid)\n"
    "  WHERE uid > 0;\n"
    "CREATE UNIQUE INDEX mail_name ON mail (mailbox, name)\n"
    "  WHERE name <> '';\n"
    "CREATE INDEX mail_hash ON mail (sha256, mailbox);\n"
    "CREATE INDEX mail_raw ON mail (raw);\n"
    "CREATE INDEX mail_ticket ON mail (ticket) WHERE ticket IS NOT NULL;\n"
    "CREATE INDEX mail_lane ON mail (id) WHERE lane <> '';\n"
    "CREATE INDEX mail_also ON mail (also_seen)\n"
    "  WHERE also_seen IS NOT NULL;\n"
    "CREATE INDEX mail_unread ON mail (received, uid) WHERE state = 'raw';\n"
    "CREATE INDEX mail_reading ON mail (received, uid)\n"
    "  WHERE state = 'reading';\n"
    "CREATE INDEX mail_unmarked ON mail (mailbox, id)\n"
    "  WHERE marked = 0 AND state IN ('done', 'unreadable');\n"

    "CREATE TABLE address (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  address TEXT NOT NULL UNIQUE\n"
    ") STRICT;\n"

    /* What was understood of a mail. `sender` is its identity, `shown` what
     * its From field claims. */
    "CREATE TABLE content (\n"
    "  mail INTEGER PRIMARY KEY REFERENCES mail (id),\n"
    "  message_id TEXT,\n"
    "  sender INTEGER REFERENCES address (id),\n"
    "  display TEXT NOT NULL,\n"
    "  shown TEXT NOT NULL,\n"
    "  subject TEXT NOT NULL,\n"
    "  subject_key TEXT NOT NULL,\n"
    "  text TEXT NOT NULL,\n"
    "  new_text TEXT NOT NULL,\n"
    "  content_sha256 TEXT NOT NULL,\n"
    "  author TEXT NOT NULL,\n"
    "  visibility TEXT NOT NULL,\n"
    "  date INTEGER,\n"
    "  received INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX content_message_id ON content (message_id)\n"
    "  WHERE message_id IS NOT NULL;\n"
    "CREATE INDEX content_hash ON content (content_sha256, sender)\n"
    "  WHERE content_sha256 <> '';\n"
    "CREATE INDEX content_subject\n"
    "  ON content (sender, subject_key, received);\n"

    /* Ids that a mail names: what it answers, and what it refers to. */
    "CREATE TABLE mention (\n"
    "  mail INTEGER NOT NULL REFERENCES mail (id),\n"
    "  kind TEXT NOT NULL CHECK (kind IN ('reply', 'reference')),\n"
    "  place INTEGER NOT NULL,\n"
    "  message_id TEXT NOT NULL,\n"
    "  PRIMARY KEY (mail, kind, place)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE INDEX mention_id ON mention (message_id);\n"

    "CREATE TABLE attachment (\n"
    "  mail INTEGER NOT NULL REFERENCES mail (id),\n"
    "  place INTEGER NOT NULL,\n"
    "  name TEXT NOT NULL,\n"
    "  type TEXT NOT NULL,\n"
    "  size INTEGER NOT NULL,\n"
    "  sha256 TEXT NOT NULL,\n"
    "  is_inline INTEGER NOT NULL,\n"
    "  PRIMARY KEY (mail, place)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE trace (\n"
    "  mail INTEGER PRIMARY KEY REFERENCES mail (id),\n"
    "  lines TEXT NOT NULL\n"
    ") STRICT;\n"

    "CREATE VIRTUAL TABLE words USING fts5 (\n"
    "  subject, sender, text, tokenize = 'unicode61 remove_diacritics 2'\n"
    ");\n"

    "CREATE TABLE cursor (\n"
    "  mailbox TEXT PRIMARY KEY,\n"
    "  uidvalidity INTEGER NOT NULL,\n"
    "  uid INTEGER NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"

    /* The truth. */
    "CREATE TABLE event (\n"
    "  seq INTEGER PRIMARY KEY,\n"
    "  ticket INTEGER NOT NULL CHECK (ticket > 0),\n"
    "  at INTEGER NOT NULL,\n"
    "  recorded INTEGER NOT NULL,\n"
    "  type TEXT NOT NULL,\n"
    "  actor TEXT NOT NULL,\n"
    "  mail INTEGER REFERENCES mail (id),\n"
    "  data TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX event_ticket ON event (ticket);\n"
    "CREATE INDEX event_mail ON event (mail) WHERE mail IS NOT NULL;\n"
    "CREATE UNIQUE INDEX event_opening ON event (ticket)\n"
    "  WHERE type = 'opened';\n"
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN\n"
    "  SELECT RAISE (ABORT, 'events are never changed');\n"
    "END;\n"
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN\n"
    "  SELECT RAISE (ABORT, 'events are never deleted');\n"
    "END;\n"

    /* Projections: made again from the events at any time. The two keys put
     * tickets without a due instant or a severity last. */
    "CREATE TABLE ticket (\n"
    "  number INTEGER PRIMARY KEY,\n"
    "  state TEXT NOT NULL,\n"
    "  done INTEGER NOT NULL,\n"
    "  kind TEXT NOT NULL,\n"
    "  severity INTEGER NOT NULL,\n"
    "  contract TEXT NOT NULL,\n"
    "  plan TEXT NOT NULL,\n"
    "  host TEXT NOT NULL,\n"
    "  service TEXT NOT NULL,\n"
    "  alert_key TEXT NOT NULL,\n"
    "  assigned TEXT NOT NULL,\n"
    "  received INTEGER NOT NULL,\n"
    "  opened INTEGER NOT NULL,\n"
    "  changed INTEGER NOT NULL,\n"
    "  messages INTEGER NOT NULL,\n"
    "  tags TEXT NOT NULL,\n"
    "  intake INTEGER,\n"
    "  next_due INTEGER,\n"
    "  next_milestone TEXT NOT NULL,\n"
    "  next_commitment TEXT NOT NULL,\n"
    "  due_key INTEGER NOT NULL,\n"
    "  severity_key INTEGER NOT NULL,\n"
    "  wake INTEGER\n"
    ") STRICT;\n"
    "CREATE INDEX ticket_wake ON ticket (wake) WHERE wake IS NOT NULL;\n"
    "CREATE INDEX ticket_queue ON ticket (due_key, severity_key)\n"
    "  WHERE done = 0;\n"
    "CREATE INDEX ticket_alert ON ticket (alert_key, done)\n"
    "  WHERE alert_key <> '';\n"

    "CREATE TABLE clock (\n"
    "  ticket INTEGER NOT NULL REFERENCES ticket (number),\n"
    "  milestone TEXT NOT NULL,\n"
    "  commitment TEXT NOT NULL,\n"
    "  state TEXT NOT NULL,\n"
    "  intake INTEGER,\n"
    "  due INTEGER,\n"
    "  met INTEGER,\n"
    "  PRIMARY KEY (ticket, milestone)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE outbox (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  ticket INTEGER,\n"
    "  mail INTEGER REFERENCES mail (id),\n"
    "  what TEXT NOT NULL,\n"
    "  sender TEXT NOT NULL,\n"
    "  recipient TEXT NOT NULL,\n"
    "  domain TEXT NOT NULL,\n"
    "  message_id TEXT NOT NULL,\n"
    "  subject TEXT NOT NULL,\n"
    "  text TEXT NOT NULL,\n"
    "  bytes BLOB,\n"
    "  state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'dot',\n"
    "    'sent', 'retry', 'failed', 'maybe', 'dropped')),\n"
    "  repeatable INTEGER NOT NULL CHECK (repeatable IN (0, 1)),\n"
    "  uncertain INTEGER NOT NULL DEFAULT 0 CHECK (uncertain IN (0, 1)),\n"
    "  attempts INTEGER NOT NULL DEFAULT 0,\n"
    "  code INTEGER NOT NULL DEFAULT 0,\n"
    "  reply TEXT NOT NULL DEFAULT '',\n"
    "  created INTEGER NOT NULL,\n"
    "  next INTEGER NOT NULL,\n"
    "  first_try INTEGER\n"
    ") STRICT;\n"
    "CREATE UNIQUE INDEX outbox_message_id ON outbox (message_id)\n"
    "  WHERE message_id <> '';\n"
    "CREATE INDEX outbox_ticket ON outbox (ticket);\n"
    "CREATE INDEX outbox_mail ON outbox (mail) WHERE mail IS NOT NULL;\n"
    "CREATE INDEX outbox_next ON outbox (next)\n"
    "  WHERE state IN ('ready', 'retry');\n"
    "CREATE INDEX outbox_open ON outbox (id)\n"
    "  WHERE state NOT IN ('sent', 'dropped');\n"
    "CREATE INDEX outbox_to ON outbox (recipient, what, created);\n"
    "CREATE INDEX outbox_acks ON outbox (created, recipient, domain)\n"
    "  WHERE what = 'acknowledgment'\n"
    "    AND state NOT IN ('failed', 'dropped');\n"

    /* Every set of rules that was ever in force; equal files are shared. */
    "CREATE TABLE rule_bytes (\n"
    "  sha256 TEXT PRIMARY KEY,\n"
    "  bytes BLOB NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE rule_set (\n"
    "  hash TEXT PRIMARY KEY\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE rule_file (\n"
    "  hash TEXT NOT NULL REFERENCES rule_set (hash),\n"
    "  name TEXT NOT NULL,\n"
    "  sha256 TEXT NOT NULL REFERENCES rule_bytes (sha256),\n"
    "  PRIMARY KEY (hash, name)\n"
    ") STRICT, WITHOUT ROWID;\n"

    "CREATE TABLE setting (\n"
    "  key TEXT PRIMARY KEY,\n"
    "  value TEXT NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"

    "PRAGMA application_id = 0x67756963;\n"
    "PRAGMA user_version = 1;\n";

/* What is known of alerts: see alert_case.h. A mail that stands behind the
 * others (`behind`) is an alert's by its head: clients' come first. */
static const char version_2[] =
    "CREATE TABLE alert (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  source TEXT NOT NULL,\n"
    "  system TEXT NOT NULL,\n"
    "  key TEXT NOT NULL,\n"
    "  alias TEXT NOT NULL,\n"
    "  host TEXT NOT NULL,\n"
    "  service TEXT NOT NULL,\n"
    "  contract TEXT NOT NULL,\n"
    "  ticket INTEGER,\n"
    "  mail INTEGER,\n"
    "  firing INTEGER NOT NULL,\n"
    "  flapping INTEGER NOT NULL,\n"
    "  silenced INTEGER NOT NULL,\n"
    "  level INTEGER NOT NULL,\n"
    "  count INTEGER NOT NULL,\n"
    "  active INTEGER NOT NULL,\n"
    "  members TEXT NOT NULL,\n"
    "  first INTEGER,\n"
    "  last INTEGER,\n"
    "  opened INTEGER,\n"
    "  turned INTEGER,\n"
    "  wake INTEGER,\n"
    "  UNIQUE (source, system, key)\n"
    ") STRICT;\n"
    "CREATE INDEX alert_alias ON alert (source, system, alias, last)\n"
    "  WHERE alias <> '';\n"
    "CREATE INDEX alert_key ON alert (system, key);\n"
    "CREATE INDEX alert_opened ON alert (source, opened);\n"
    "CREATE INDEX alert_ticket ON alert (ticket) WHERE ticket IS NOT NULL;\n"
    "CREATE INDEX alert_wake ON alert (wake) WHERE wake IS NOT NULL;\n"

    "CREATE TABLE alert_turn (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  alert INTEGER NOT NULL REFERENCES alert (id),\n"
    "  at INTEGER NOT NULL,\n"
    "  firing INTEGER NOT NULL,\n"
    "  level INTEGER NOT NULL,\n"
    "  silenced INTEGER NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX alert_turn_at ON alert_turn (alert, at);\n"

    "CREATE TABLE maintenance (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  host TEXT NOT NULL,\n"
    "  service TEXT NOT NULL,\n"
    "  begins INTEGER NOT NULL,\n"
    "  ends INTEGER NOT NULL,\n"
    "  by TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX maintenance_end ON maintenance (ends);\n"

    "ALTER TABLE mail ADD COLUMN behind INTEGER NOT NULL DEFAULT 0\n"
    "  CHECK (behind IN (0, 1));\n"
    "CREATE INDEX mail_unread_first ON mail (received, uid)\n"
    "  WHERE state = 'raw' AND behind = 0;\n"
    "PRAGMA user_version = 2;\n";

/* What availability is counted from, a month and some edited files later: whose
 * an alert was and on which ticket, also where neither began nor ended it
 * (`flip` 0); when a maintenance was ordered (NULL: nobody knows any more);
 * since when which rules were in force. Of older turns the ticket is known if
 * it is the alert's last. */
static const char version_3[] =
    "ALTER TABLE alert_turn ADD COLUMN ticket INTEGER;\n"
    "ALTER TABLE alert_turn ADD COLUMN contract TEXT NOT NULL DEFAULT '';\n"
    "ALTER TABLE alert_turn ADD COLUMN flip INTEGER NOT NULL DEFAULT 1\n"
    "  CHECK (flip IN (0, 1));\n"
    "UPDATE alert_turn SET contract = alert.contract, ticket = (\n"
    "    SELECT ticket.number FROM ticket WHERE ticket.number = alert.ticket\n"
    "      AND ticket.received <= alert_turn.at)\n"
    "  FROM alert WHERE alert.id = alert_turn.alert;\n"

    "ALTER TABLE maintenance ADD COLUMN announced INTEGER;\n"

    "CREATE TABLE rule_since (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  at INTEGER NOT NULL,\n"
    "  hash TEXT NOT NULL REFERENCES rule_set (hash)\n"
    ") STRICT;\n"
    "CREATE INDEX rule_since_at ON rule_since (at);\n"
    "PRAGMA user_version = 3;\n";

/* Indexes that nothing is looked up by, or nothing need be: their keys lie
 * anywhere, so that each mail wrote pages all over the file. */
static const char version_4[] =
    "DROP INDEX mail_hash;\n"
    "DROP INDEX ticket_alert;\n"
    "DROP INDEX content_hash;\n"
    "CREATE INDEX content_hash ON content (content_sha256)\n"
    "  WHERE content_sha256 <> '' AND author <> 'alert';\n"
    "DROP INDEX content_subject;\n"
    "CREATE INDEX content_subject\n"
    "  ON content (sender, subject_key, received)\n"
    "  WHERE author <> 'alert';\n"
    "PRAGMA user_version = 4;\n";

/* Whose the store is and which life it lives: store_life.h. What was sent before
 * knows its Reply-To's signed word from its own head, above the first empty
 * line; no field of a head is folded behind its name there. */
static const char version_5[] =
    "CREATE TABLE life (\n"
    "  one INTEGER PRIMARY KEY CHECK (one = 1),\n"
    "  identity TEXT NOT NULL,\n"
    "  life INTEGER NOT NULL,\n"
    "  site TEXT NOT NULL,\n"
    "  pulse INTEGER NOT NULL,\n"
    "  number INTEGER NOT NULL,\n"
    "  mark INTEGER\n"
    ") STRICT;\n"
    "INSERT INTO life VALUES (1, '', 0, '', 0, 0, NULL);\n"

    "ALTER TABLE outbox ADD COLUMN token TEXT NOT NULL DEFAULT '';\n"
    "WITH head AS (SELECT id, char(10) || substr(text, 1, CASE\n"
    "    WHEN instr(text, char(13, 10, 13, 10)) > 0\n"
    "    THEN instr(text, char(13, 10, 13, 10)) + 1\n"
    "    ELSE instr(text, char(10, 10)) END) AS text\n"
    "    FROM (SELECT id, CAST(substr(bytes, 1, 65536) AS TEXT) AS text\n"
    "      FROM outbox WHERE bytes IS NOT NULL)),\n"
    "  field AS (SELECT id, substr(text, instr(text, char(10) ||\n"
    "      'Reply-To: ') + 11) AS text FROM head\n"
    "    WHERE instr(text, char(10) || 'Reply-To: ') > 0),\n"
    "  line AS (SELECT id, substr(text, 1, instr(text, char(10)) - 1)\n"
    "    AS text FROM field),\n"
    "  local AS (SELECT id, substr(text, 1, instr(text, '@') - 1) AS text\n"
    "    FROM line WHERE instr(text, '+') BETWEEN 1 AND instr(text, '@'))\n"
    "UPDATE outbox SET token = substr(local.text, 1 + length(rtrim(\n"
    "    local.text, 'abcdefghijklmnopqrstuvwxyz234567.')))\n"
    "  FROM local WHERE local.id = outbox.id;\n"
    "CREATE INDEX outbox_token ON outbox (token) WHERE token <> '';\n"
    "PRAGMA user_version = 5;\n";

/* Mails that a mailbox cannot have: store_unfetched.h. Nothing of them was
 * read, so nothing here is personal but maybe a server's words. */
static const char version_6[] =
    "CREATE TABLE unfetched (\n"
    "  mailbox TEXT NOT NULL,\n"
    "  uidvalidity INTEGER NOT NULL,\n"
    "  uid INTEGER NOT NULL,\n"
    "  name TEXT NOT NULL,\n"
    "  received INTEGER,\n"
    "  size INTEGER NOT NULL,\n"
    "  why TEXT NOT NULL,\n"
    "  first INTEGER NOT NULL,\n"
    "  last INTEGER NOT NULL,\n"
    "  tries INTEGER NOT NULL,\n"
    "  PRIMARY KEY (mailbox, uidvalidity, uid, name)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "PRAGMA user_version = 6;\n";

/* What each mail proves of its sender, since nothing is counted across that; of
 * a technician's, which words it has and whether they acted. Of older mails the
 * trace tells it, and an erased one proves nothing. */
static const char version_7[] =
    "ALTER TABLE content ADD COLUMN proof TEXT NOT NULL DEFAULT 'none'\n"
    "  CHECK (proof IN ('fail', 'none', 'pass'));\n"
    "ALTER TABLE content ADD COLUMN words_sha256 TEXT NOT NULL DEFAULT '';\n"
    "UPDATE content SET proof = CASE\n"
    "    WHEN instr(char(10) || trace.lines,\n"
    "      char(10) || 'authentic: pass:') > 0 THEN 'pass'\n"
    "    WHEN instr(char(10) || trace.lines,\n"
    "      char(10) || 'authentic: fail:') > 0 THEN 'fail'\n"
    "    WHEN instr(char(10) || trace.lines, char(10) || 'source: ') > 0\n"
    "      AND instr(char(10) || trace.lines,\n"
    "        char(10) || 'source: not a trusted source:') = 0 THEN 'pass'\n"
    "    ELSE 'none' END\n"
    "  FROM trace WHERE trace.mail = content.mail;\n"
    "DROP INDEX content_hash;\n"
    "DROP INDEX content_subject;\n"
    "CREATE INDEX content_subject\n"
    "  ON content (sender, subject_key, proof, received)\n"
    "  WHERE author <> 'alert';\n"
    "CREATE INDEX content_technician ON content (sender, date)\n"
    "  WHERE author = 'technician';\n"
    "CREATE INDEX content_words ON content (words_sha256)\n"
    "  WHERE words_sha256 <> '';\n"

    "ALTER TABLE outbox ADD COLUMN proof TEXT NOT NULL DEFAULT 'none'\n"
    "  CHECK (proof IN ('fail', 'none', 'pass'));\n"
    "UPDATE outbox SET proof = content.proof FROM content\n"
    "  WHERE content.mail = outbox.mail;\n"
    "DROP INDEX outbox_acks;\n"
    "CREATE INDEX outbox_acks ON outbox (proof, created, recipient, domain)\n"
    "  WHERE what = 'acknowledgment'\n"
    "    AND state NOT IN ('failed', 'dropped');\n"
    "PRAGMA user_version = 7;\n";

/* Whom a mail names beside its writer, for people to see: "" if nobody. */
static const char version_8[] =
    "ALTER TABLE content ADD COLUMN reply_to TEXT NOT NULL DEFAULT '';\n"
    "ALTER TABLE content ADD COLUMN sent_by TEXT NOT NULL DEFAULT '';\n"
    "PRAGMA user_version = 8;\n";

/* What a ticket awaits, when, and who spoke last. Those that are there are looked at once. */
static const char version_9[] =
    "ALTER TABLE ticket ADD COLUMN awaits TEXT NOT NULL DEFAULT '';\n"
    "ALTER TABLE ticket ADD COLUMN awaits_at INTEGER;\n"
    "ALTER TABLE ticket ADD COLUMN spoke TEXT NOT NULL DEFAULT '';\n"
    "UPDATE ticket SET wake = 0 WHERE done = 0;\n"
    "PRAGMA user_version = 9;\n";

/* What one mail or order did, so that it can be taken back: of older events nobody
 * knows any more. */
static const char version_10[] =
    "ALTER TABLE event ADD COLUMN batch INTEGER;\n"
    "ALTER TABLE outbox ADD COLUMN batch INTEGER;\n"
    "PRAGMA user_version = 10;\n";

/* migrations[n] leads from version n to n + 1. */
static const char *const migrations[] = { version_1, version_2, version_3,
	version_4, version_5, version_6, version_7, version_8, version_9,
	version_10, schema_version_11, schema_version_12 };

bool
store_execute(Store *store, const char *sql, GError **error)
{
	int rc = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return store_fail(store, rc, sqlite3_errmsg(store->db), error);
	return true;
}

static bool
refuse(const Store *store, const char *why, GError **error)
{
	g_set_error(error, GUICHET_ERROR, GUICHET_ERROR_CONFIG, "store '%s' %s",
	    store->path, why);
	return false;
}

static bool
read_number(Store *store, const char *sql, gint64 *ret_value, GError **error)
{
	g_auto(Stmt) q = stmt_read(store, sql);

	return stmt_one(&q, 0, ret_value, error);
}

/* Whose file it is, before anything is written to it: the journal mode alone
 * would change a stranger's database for good. */
static bool
check_owner(Store *store, gint64 *ret_version, GError **error)
{
	gint64 application, version, objects;

	if (!read_number(store, "PRAGMA application_id", &application, error) ||
	    !read_number(store, "PRAGMA user_version", &version, error) ||
	    !read_number(store, "SELECT count(*) FROM sqlite_schema", &objects,
		error))
		return false;

	if (application == 0 && version == 0 && objects == 0) {
		if (store->mode == STORE_READ)
			return refuse(store,
			    "is empty; put a copy back with 'guichet restore "
			    "FILE', or move it away and begin anew with "
			    "'guichet init'",
			    error);
	} else if (application != APPLICATION_ID) {
		return refuse(store,
		    "is a database of another program; name another file",
		    error);
	}
	if (version > (gint64)G_N_ELEMENTS(migrations))
		return refuse(store,
		    "was made by a newer guichet; install that one", error);
	*ret_version = version;
	return true;
}

static bool
migrate(Store *store, gint64 version, GError **error)
{
	bool ok;

	if (version == (gint64)G_N_ELEMENTS(migrations))
		return true;
	if (store->mode == STORE_READ)
		return refuse(store,
		    "was made by an older guichet; start 'guichet run' once",
		    error);

	store_before_change();
	ok = store_execute(store, "BEGIN IMMEDIATE", error);
	for (gsize i = (gsize)version; ok && i < G_N_ELEMENTS(migrations);
	     i++) {
		store_before_change();
		ok = store_execute(store, migrations[i], error);
	}
	if (ok) {
		store_before_change();
		ok = store_execute(store, "COMMIT", error);
	}
	if (!ok && !sqlite3_get_autocommit(store->db))
		store_execute(store, "ROLLBACK", NULL);
	return ok;
}

static bool
configure(Store *store, GError **error)
{
	/* recursive_triggers: else REPLACE deletes without a trigger. */
	static const char common[] = "PRAGMA foreign_keys = ON;"
				     "PRAGMA trusted_schema = OFF;"
				     "PRAGMA recursive_triggers = ON;"
				     "PRAGMA temp_store = MEMORY;";
	static const char writer[] =
	    "PRAGMA journal_mode = WAL;"
	    "PRAGMA synchronous = FULL;"
	    "PRAGMA secure_delete = ON;"
	    "PRAGMA cache_size = -" G_STRINGIFY(
		LIMIT_STORE_CACHE_KIB) ";"
				       "PRAGMA wal_autocheckpoint = " G_STRINGIFY(
					   LIMIT_STORE_WAL_PAGES) ";"
								  "PRAGMA journal_size_limit = 67108864;";

	if (!store_execute(store, common, error))
		return false;
	if (store->mode == STORE_READ)
		return store_execute(store, "PRAGMA query_only = ON", error);
	return store_execute(store, writer, error);
}

bool
schema_prepare(Store *store, GError **error)
{
	gint64 version = 0;

	return check_owner(store, &version, error) && configure(store, error) &&
	    migrate(store, version, error);
}
