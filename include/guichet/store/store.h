/*
 * store: everything durable, behind one interface.
 *
 * store_sqlite.c is the first implementation (WAL, synchronous=FULL, STRICT
 * tables, BEGIN IMMEDIATE, user_version migrations). The event log is the
 * truth; `tickets` and `clocks` are projections, written by store_project()
 * and dropped and made again by `guichet rebuild`.
 *
 * One process writes: store_open(STORE_WRITE) locks the file and refuses at once
 * if another holds it, by whatever name. An empty file is refused; and once it
 * is not the file any more that was opened, nothing is committed. Readers may
 * open at any time.
 *
 * A StoreTx is a write transaction; freeing it uncommitted rolls back.
 * Functions that take a Store read; inside a transaction they see it. Errors
 * are GUICHET_ERROR_TEMPORARY (disk, lock), _CONFIG (not our file, damaged, a
 * newer version) or _PERMANENT (a row that is not there or may not become what
 * is asked: this mail or request will never work; the rest may go on).
 *
 * Once SQLite has rolled back by itself, as it does on a full disk, everything
 * more on that StoreTx fails, the commit included.
 *
 * After an I/O error, a failed fsync above all, nobody knows which bytes the
 * disk has: the store is in doubt, and store_begin() fails until it has been
 * opened again. So it is when memory ran out, since SQLite's own picture of the
 * file may be wrong then. (A full disk leaves no doubt: nothing was committed.)
 *
 * Mail states (doc/security.md 4.2): raw -> reading -> done | unreadable; then
 * `marked` is set once the server's copy is. Outbox states: ready -> sending
 * -> dot -> sent | retry | failed | maybe; a person may make it `dropped`.
 *
 * All strings that come back are the caller's and never NULL unless said.
 */
#ifndef GUICHET_STORE_H
#define GUICHET_STORE_H

#include "guichet/desk/decide.h"
#include "guichet/ticket/awaits.h"
#include "guichet/ticket/sla.h"
#include "guichet/ticket/ticket_view.h"
#include "guichet/time/spans.h"

typedef struct Store Store;
typedef struct StoreTx StoreTx;

typedef enum {
	STORE_READ,
	STORE_WRITE, /* migrates; exclusive among writers */
	STORE_MAKE, /* the same; one that is not there is made (store_life.h) */
} StoreMode;

Store *store_open(const char *path, StoreMode mode, GError **error);
void store_free(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)

/*
 * Whether it is in doubt; and the way out: closed, opened, looked through for
 * damage, the writer's lock held all the while. The last transaction may be
 * there though its commit failed, so that whatever is known of the store has to
 * be read anew. On failure it stays in doubt: GUICHET_ERROR_CONFIG says that
 * it is damaged.
 */
bool store_is_in_doubt(const Store *store);
bool store_reopen(Store *store, GError **error);

StoreTx *store_begin(Store *store, GError **error);
/* The store that it changes. */
Store *store_of(const StoreTx *tx);
/* Sets *tx to NULL in any case; on failure nothing of it was kept. */
bool store_commit(StoreTx **tx, GError **error);
void store_tx_free(StoreTx *tx);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTx, store_tx_free)

/* Savepoints, so that one mail can fail inside a batch. Not nested; ended by
 * store_release() or store_rollback_to() before the commit. */
bool store_savepoint(StoreTx *tx, GError **error);
bool store_release(StoreTx *tx, GError **error);
bool store_rollback_to(StoreTx *tx, GError **error);

/*
 * For the kill test: called before each change reaches the file; NULL for
 * none. Counting and killing there reaches every durable step.
 */
void store_set_write_hook(void (*hook)(void *data), void *data);

/* ---- mail ---- */

typedef struct {
	gint64 id;
	char *mailbox;
	guint32 uidvalidity, uid;
	char *name;       /* of the Maildir file, "" for IMAP */
	Instant received; /* INTERNALDATE or delivery time */
	Instant trusted;  /* the clocks' start, once read; else `received` */
	bool truncated;
	gint64 size;
	char *sha256;
	char *state; /* stored_state_name() */
	int attempts;
	char *lane;       /* "", or why it is on no ticket */
	gint64 ticket;    /* 0: none */
	gint64 also_seen; /* 0, or the mail that this one repeats */
	bool marked;
	bool behind; /* by its head an alert's: others are read before it */
} StoredMail;

void stored_mail_free(StoredMail *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoredMail, stored_mail_free)

/*
 * S2: keeps the raw bytes, once for all equal ones. Of `row` it takes mailbox,
 * uidvalidity, uid, name, received, truncated, size, behind and sha256 (NULL: it is
 * computed). If (mailbox, uidvalidity, uid) or (mailbox, name) is known,
 * *ret_known is true and *ret_id that mail's. So it is if the mailbox holds a
 * mail of the same bytes and `received` under another uidvalidity: the server
 * has numbered its mails anew, and the row takes the new numbers.
 */
bool store_add_mail(StoreTx *tx, const StoredMail *row, GBytes *raw,
    gint64 *ret_id, bool *ret_known, GError **error);
/* Whether it ever had the mail: by its number or name in that mailbox, or, where
 * sha256 is not NULL, the same bytes from anywhere. */
bool store_knows_mail(Store *store, const StoredMail *row, bool *ret_knows,
    GError **error);
/* The highest UID that it has of the mailbox; 0 for none. */
bool store_last_uid(Store *store, const char *mailbox, guint32 uidvalidity,
    guint32 *ret_uid, GError **error);
/* Words that came by no mail: what a person typed at the command line, or what
 * the desk says by itself. */
typedef struct {
	gint64 ticket; /* 0: not known yet */
	Instant at;
	const char *author;
	const char *subject; /* "" for a note */
	const char *text;
	const char *from; /* who said it: canonical address; NULL: nobody */
} OwnWords;

/* A mail row of mailbox "cli", already done, with them, internal. */
bool store_add_words(StoreTx *tx, const OwnWords *words, gint64 *ret_id,
    GError **error);

/* Mails still to be read, "raw" ones, in order of (received, uid), at most
 * `limit`: StoredMail *. */
GPtrArray *store_unread_mails(Store *store, guint limit, GError **error);
/* The same without those that stand behind the others. */
GPtrArray *store_unread_first(Store *store, guint limit, GError **error);
/* Those in "reading": at start, what an unclean stop has left. */
GPtrArray *store_interrupted_mails(Store *store, guint limit, GError **error);
bool store_mail(Store *store, gint64 id, StoredMail **ret_row, GError **error);
/* The raw bytes, or *ret_raw NULL if they were erased. */
bool store_raw(Store *store, gint64 id, GBytes **ret_raw, GError **error);
/* S3, committed before the reader gets it. */
bool store_mail_reading(StoreTx *tx, gint64 id, GError **error);
/* What was understood of a mail, and where it went. All borrowed. */
typedef struct {
	gint64 id;
	const Message *message; /* NULL: unreadable */
	Instant trusted;
	gint64 ticket, also_seen; /* 0: none */
	const char *author, *visibility;
	const Decision *decision; /* its trace, lane and proof, or NULL */
	char *const *copied; /* whom it was written to beside us, canonical, of
			      * a client's mail; NULL: nobody */
} MailDone;

/* A mail that is done is read and judged again, as if it were new. */
bool store_mail_again(StoreTx *tx, gint64 id, GError **error);
/* Whether it was never judged but to be parked (store_parked.c). */
bool
store_is_parked(Store *store, gint64 mail, bool *ret_parked, GError **error);

/* S4: kept for search, threading and duplicates. On a mail that was done
 * before, all of it is replaced. */
bool store_mail_done(StoreTx *tx, const MailDone *done, GError **error);
bool store_mail_marked(StoreTx *tx, gint64 id, GError **error);
/* Done or unreadable, but not yet marked on the server: StoredMail *. */
GPtrArray *store_unmarked_mails(Store *store, const char *mailbox, guint limit,
    GError **error);
/* Those in a lane, the latest first: StoredMail *. */
GPtrArray *store_filed_mails(Store *store, guint limit, GError **error);
/* What the mail row keeps beside the events. */
typedef struct {
	gint64 ticket; /* the one it went to, 0 for none */
	MailLane lane; /* of one without a ticket */
	const char *author, *visibility;
} Filed;

/* Puts a mail of a lane on a ticket, or into another lane. */
bool
store_mail_assign(StoreTx *tx, gint64 id, const Filed *filed, GError **error);
/* Its words were taken back: they stay on the ticket, inside. */
bool store_mail_inside(StoreTx *tx, gint64 id, GError **error);
/* The trace of a mail: char *. */
GPtrArray *store_trace(Store *store, gint64 id, GError **error);
/* By id, or by Message-ID without <>: 0 if there is none. */
bool
store_find_mail(Store *store, const char *word, gint64 *ret_id, GError **error);

/* Mails of equal Message-ID and From, and of equal content: the bytes, or what
 * is said (words/same.h) with no other files. */
typedef struct {
	gint64 mail;               /* the first; 0: there is none */
	Proof proof;               /* the best that any of them had */
	gint64 ticket;             /* the one they went to, or 0 */
	bool opened, acknowledged; /* by, and for, the one that went there */
	bool adds_files;           /* to those of all that say the same */
} StoredCopy;
/* A mail without Message-ID repeats nothing. */
bool store_find_repeat(Store *store, const Message *message, gint64 not_this,
    StoredCopy *ret_copy, GError **error);
/* A technician's words, and the ticket that they would act on. */
typedef struct {
	const Message *message;
	gint64 mail; /* its own, which is left out */
	gint64 ticket;
	const char *words; /* SHA-256, "" for none */
} ActedQuery;

/* Whether a mail of this technician and this Date acted on the ticket already,
 * with the same words, content or Message-ID (doc/security.md T10). */
bool store_has_acted(Store *store, const ActedQuery *query, bool *ret_has,
    GError **error);
/* How many proven mails of these words did nothing: received in that span, its
 * end left out. */
bool store_count_refused(Store *store, const char *address, const char *words,
    Span received, int *ret_count, GError **error);

/* Mails of this proof from this address with this subject (reply prefixes off)
 * since, but for those that joined an alert's ticket: no answer makes them
 * turn. */
typedef struct {
	const char *address, *subject;
	Proof proof;
	Instant since;
} SubjectQuery;

bool store_count_subject(Store *store, const SubjectQuery *query,
    int *ret_count, GError **error);
/* The ticket of the first of them; 0 if there is none. */
bool store_ticket_of_subject(Store *store, const SubjectQuery *query,
    gint64 *ret_ticket, GError **error);

/* The cursor of a mailbox: last UID whose raw bytes are kept. */
bool store_cursor(Store *store, const char *mailbox, guint32 *ret_uidvalidity,
    guint32 *ret_uid, GError **error);
bool store_set_cursor(StoreTx *tx, const char *mailbox, guint32 uidvalidity,
    guint32 uid, GError **error);

/* ---- tickets ---- */

/* Appends; sets seq. An EVENT_OPENED with ticket 0 gets the next number, and
 * the event's `ticket` is set. */
bool store_append(StoreTx *tx, Event *event, GError **error);
/*
 * Who keeps tickets in mind: told of each event as it is appended, and that
 * some of those were taken back, by a savepoint or a transaction that failed.
 * One at a time; NULL: nobody. The one that is there: store_listener().
 */
typedef struct {
	void (*appended)(void *data, const Event *event);
	void (*undone)(void *data);
} StoreListener;

void store_listen(Store *store, const StoreListener *listener, void *data);
void *store_listener(const Store *store);
/* What is appended and put in the outbox from here on, until the end, was done by
 * one mail or order: its events and rows have one `batch`. */
bool store_batch_begin(StoreTx *tx, GError **error);
void store_batch_end(StoreTx *tx);
/* All events of a ticket in order: Event *. Empty if there is none. Not to be
 * changed: others may hold the same list. */
GPtrArray *store_events(Store *store, gint64 ticket, GError **error);
/* The ticket folded from its events; NULL if there is none. */
bool
store_ticket(Store *store, gint64 number, Ticket **ret_ticket, GError **error);
/* Writes the ticket's projection: its row and clocks (SlaClock *), what it
 * awaits, and when the tick must look at it next (INSTANT_NONE: never). */
bool store_project(StoreTx *tx, const Ticket *ticket, const GPtrArray *clocks,
    const TicketNext *coming, GError **error);
/* Ahead in the queue: before all others that are due at its instant and, where
 * none of its plan's clocks runs, as if what is awaited were due in half the
 * time, so that a promise with a term stays first. Behind store_project(). */
bool store_project_ahead(StoreTx *tx, gint64 ticket, GError **error);
bool store_clear_projections(StoreTx *tx, GError **error);
/* The highest number given; 0 for none. */
bool store_last_ticket(Store *store, gint64 *ret_number, GError **error);
/* Numbers (gint64) of all tickets above `after`, ascending, at most limit. */
GArray *
store_ticket_numbers(Store *store, gint64 after, guint limit, GError **error);
/* Tickets whose wake is due: numbers, the earliest first; costs by how many
 * are due, not by how many are open. */
GArray *store_due(Store *store, Instant now, guint limit, GError **error);
/* The earliest wake of a ticket or an alert; INSTANT_NONE. */
bool store_next_wake(Store *store, Instant *ret_at, GError **error);

/* One line of the queue. */
typedef struct {
	gint64 number;
	char *state, *kind, *contract, *plan, *subject, *host, *service,
	    *assigned;
	char *next_milestone; /* "" */
	char *next_commitment;
	int severity;
	Instant received, opened;
	Instant intake, next_due; /* INSTANT_NONE if none */
	int messages;
	bool ahead; /* its client's plan puts it first */
	char **tags;
	char *awaits;      /* awaits_name(), "" once it is done */
	Instant awaits_at; /* INSTANT_NONE */
	char *spoke;       /* last: awaits_of_name() */
} QueueRow;
void queue_row_free(QueueRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QueueRow, queue_row_free)
/* QueueRow *, by what is next, then severity, then number. `done` includes
 * resolved and closed ones. */
GPtrArray *store_queue(Store *store, bool done, GError **error);
/* QueueRow *, by number: those that are of the contract now and may have had a
 * part in that span. */
GPtrArray *store_queue_of_contract(Store *store, const char *contract,
    Span within, GError **error);
/* QueueRow * whose mails and notes hold all the words, the latest changed
 * first; the last word may be the beginning of one, case and accents do not
 * matter, and any text is a safe query. */
GPtrArray *
store_search(Store *store, const char *words, guint limit, GError **error);

/* One entry of a ticket: a mail, a note, an answer of ours. */
typedef struct {
	gint64 mail, outbox; /* one of the two */
	Instant at;
	char *message_id, *author, *visibility, *subject;
	char *from; /* of a mail: who, as identified or as shown */
	char *reply_to, *sent_by; /* of a mail: message_answers_to() and
				     message_sent_by(), "" if nobody else */
	char *to;   /* of an answer; its envelope sender may hold a token */
	char *text; /* what it adds; all of it where that is nothing */
	guint lines_cut; /* those that it has besides */
	char *what;      /* "mail", "note", or the SendKind's name */
	char *state;     /* of an answer: the outbox's */
	char *reply;     /* of an answer: what the server said last */
	bool verified;
	GPtrArray *attachments; /* Attachment *, without content */
	/* Copies of a mail that hold files which none before them had: gint64,
	 * mails; their files end the list, from there on. */
	GArray *copies;
	guint own_attachments;
} Entry;
void entry_free(Entry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Entry, entry_free)
/* Entry *, by `at`. A mail that repeats another is none. */
GPtrArray *store_entries(Store *store, gint64 ticket, GError **error);
/* Who wrote on it; all empty if there is no such ticket. */
bool store_ticket_people(Store *store, gint64 ticket, TicketPeople **ret_people,
    GError **error);
/* Who of the client's wrote that mail on it, if they read it there and it asks
 * for something; NULL: nobody. */
bool store_client_wrote(Store *store, gint64 ticket, gint64 mail,
    char **ret_address, GError **error);
/* References and Message-ID of a stored mail, as far as compose needs them:
 * a Message with those fields, from, subject and date only. */
bool store_message_head(Store *store, gint64 mail, Message **ret_message,
    GError **error);
/* What a mail adds, or all of it where that is nothing; NULL: it is kept inside,
 * or not here. */
bool
store_mail_words(Store *store, gint64 mail, char **ret_words, GError **error);
/* Whether an earlier mail of the ticket holds the text. */
bool store_ticket_said(Store *store, gint64 ticket, gint64 before,
    const char *text, bool *ret_said, GError **error);

/* Threading: the ticket of the mail with that Message-ID, ours or theirs; 0. */
bool store_ticket_of_id(Store *store, const char *message_id,
    gint64 *ret_ticket, GError **error);
/* The same of a mail of this very id and sender that is proven as much, or for
 * good; `address` NULL: 0. */
bool store_ticket_of_equal_id(Store *store, const char *message_id,
    const char *address, Proof proof, gint64 *ret_ticket, GError **error);
/* Whether the ticket names the other one. */
bool store_is_linked(Store *store, gint64 ticket, gint64 other, bool *ret_is,
    GError **error);
/* The ticket of a mail that merely named that id; 0. */
bool store_ticket_of_seen_id(Store *store, const char *message_id,
    gint64 *ret_ticket, GError **error);
/* Whether the address opened or was verified on the ticket. */
bool store_is_participant(Store *store, gint64 ticket, const char *address,
    bool *ret_is, GError **error);
/* Whether an acknowledgment was held back because the opening mail failed its
 * proof, and nothing was acknowledged or answered since. */
bool store_is_owed(Store *store, gint64 ticket, bool *ret_is, GError **error);
/* Whether no mail of ours about the ticket has left, or may have. */
bool store_is_untold(Store *store, gint64 ticket, bool *ret_is, GError **error);
/* The number that stands for a canonical address; made if need be. */
bool store_address_id(StoreTx *tx, const char *address, gint64 *ret_id,
    GError **error);

/* An open ticket that may be about a host. */
typedef struct {
	gint64 number;
	char *host; /* of an alert's; of a mail's "" */
	char *text; /* subject and words of the mail that opened it */
} HostTicket;

void host_ticket_free(HostTicket *ticket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostTicket, host_ticket_free)

/* Which of them, under the contract and received since, of the `latest` mails
 * that hold the words of `host`: those of alerts, or those of mails. */
typedef struct {
	const char *contract, *host;
	bool of_alerts;
	Instant since;
	int latest;
} HostQuery;

/* HostTicket *, the newest first. */
GPtrArray *
store_host_tickets(Store *store, const HostQuery *query, GError **error);

/* ---- outbox ---- */

typedef struct {
	gint64 id, ticket, mail; /* mail: the one answered, 0 */
	char *what;              /* send_kind_name() */
	char *from, *to;         /* envelope; from "" is <> */
	char *message_id, *subject;
	char *text;    /* for `show`; the bytes are what is sent */
	GBytes *bytes; /* NULL in listings */
	char *state;
	int attempts, code;
	Instant created, next, first_try;
	char *reply;     /* the server's last words */
	bool repeatable; /* send_kind_is_repeatable(), when it was added */
	bool uncertain;  /* sent again: the first may have arrived */
	char *token;     /* the signed word of its Reply-To, "" */
	Proof proof;     /* of the mail answered; of none: PROOF_NONE */
	gint64 batch;    /* of the events it was made with, 0 */
} OutboxRow;
void outbox_row_free(OutboxRow *row);
/* It was not tried yet, and is not to be before `next`. */
bool outbox_row_waits(const OutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxRow, outbox_row_free)

/* The next id, so that it can be in the Message-ID. */
bool store_next_outbox(StoreTx *tx, gint64 *ret_id, GError **error);
/* A "ready" row (or "maybe", if it says so), due at once unless `next` is later. With id 0 it gets the
 * next. */
bool store_add_outbox(StoreTx *tx, const OutboxRow *row, GError **error);
/* Ready or due for a retry, oldest first, with bytes: OutboxRow *. Of `busy`,
 * LIMIT_SEND_PROCESSES tickets (0: none), none is taken; nor is a row up to
 * `after`. */
GPtrArray *store_outbox_due_beside(Store *store, Instant now,
    const gint64 *busy, gint64 after, guint limit, GError **error);
GPtrArray *
store_outbox_due(Store *store, Instant now, guint limit, GError **error);
bool store_outbox_next(Store *store, Instant *ret_at, GError **error);
bool
store_outbox_row(Store *store, gint64 id, OutboxRow **ret_row, GError **error);
/* Without `all`, those that wait, failed or may not have arrived. */
GPtrArray *store_outbox_list(Store *store, bool all, GError **error);
/* Those of a kind that were made since, the oldest first. */
GPtrArray *
store_outbox_since(Store *store, SendKind what, Instant since, GError **error);
/* All of one ticket, the oldest first. */
GPtrArray *store_outbox_of(Store *store, gint64 ticket, GError **error);
/* What an attempt to send came to. */
typedef struct {
	OutboxState state;
	Instant next; /* INSTANT_NONE keeps the last */
	int code;
	const char *reply; /* NULL keeps the last */
	Instant now;
} OutboxTurn;

/* "sending" counts an attempt. From "dot", "ready" and "maybe" mean that the end
 * was unclear and mark it uncertain. A person may set a failed, dropped or maybe
 * one to "ready" again; a sent one stays sent. */
bool store_outbox_state(StoreTx *tx, gint64 id, const OutboxTurn *turn,
    GError **error);
/* A person wants it sent: "ready" at once, and the days until it is given up
 * count anew. */
bool store_outbox_again(StoreTx *tx, gint64 id, Instant now, GError **error);
/* doc/security.md 4.2, at start: sending -> ready; dot -> ready for repeatable
 * kinds (marked uncertain), else maybe. */
bool store_outbox_recover(StoreTx *tx, Instant now, GError **error);
/* The answer with that Message-ID; NULL if there is none. */
bool store_outbox_by_message_id(Store *store, const char *message_id,
    OutboxRow **ret_row, GError **error);
/* The same of the one whose Reply-To bears the word. */
bool store_outbox_by_token(Store *store, const char *word, OutboxRow **ret_row,
    GError **error);
/* What began the conversation with one reader about one ticket. */
typedef struct {
	char *message_id; /* of our first mail to them on it; NULL: none yet */
	gint64 mail;      /* which that one answered, 0 */
} OutboxFirst;

bool store_outbox_first(Store *store, gint64 ticket, const char *to,
    OutboxFirst *ret_first, GError **error);
/* Whether our last words to the ticket's client went out; true where none were
 * mailed. */
bool
store_word_is_out(Store *store, gint64 ticket, bool *ret_out, GError **error);
/* The text of our last reply to the ticket's client that left; NULL: none did. */
bool
store_last_reply(Store *store, gint64 ticket, char **ret_text, GError **error);
/* Whom that answer was for, and those who got the same with it: char *. */
GPtrArray *store_outbox_readers(Store *store, gint64 id, GError **error);
/* Answers of one kind to one address since. Refusals: on a ticket, 0: none; others
 * are counted up to `most`. */
typedef struct {
	SendKind what;
	const char *to;
	gint64 ticket;
	Instant since;
	int most;
} OutboxQuery;

bool store_count_outbox(Store *store, const OutboxQuery *query, int *ret_count,
    GError **error);

/* How many challenges to them since wait for an answer (store_parked.c). */
bool store_count_challenges(Store *store, const char *to, Instant since,
    int *ret_count, GError **error);

typedef struct {
	int all, here; /* on all tickets, and on the one asked for */
	int lists;     /* and about none */
} RefusalCounts;

/* Refusals since, of proven or of other mails. */
bool store_count_refusals(Store *store, const OutboxQuery *query,
    bool is_proven, RefusalCounts *ret_counts, GError **error);
/* When the last list of refusals was written; INSTANT_NONE. */
bool store_last_refusal_list(Store *store, const char *to, Instant *ret_at,
    GError **error);
/* Acknowledgments of mails of this proof, queued or sent since. */
typedef struct {
	int address, domain, all; /* to the address, its domain, anybody */
} AckCounts;

bool store_count_acks(Store *store, const char *address, Proof proof,
    Instant since, AckCounts *ret_counts, GError **error);

/* ---- rules, settings ---- */

bool store_keep_rules(StoreTx *tx, const RuleFiles *files, GError **error);
/* Whether these are kept: they were loaded whole, without a mistake. */
bool store_knows_rules(Store *store, const char *hash, bool *ret_knows,
    GError **error);
bool store_rules(Store *store, const char *hash, RuleFiles **ret_files,
    GError **error);
/* Small facts of the program's own ("unclean", "token-warned"). NULL: none. */
bool
store_setting(Store *store, const char *key, char **ret_value, GError **error);
bool store_set_setting(StoreTx *tx, const char *key, const char *value,
    GError **error);

/*
 * Everything that a run decided, as text that two runs can be compared by:
 * tickets, events, entries, outbox, lanes; no row ids, no random. The caller
 * frees.
 */
char *store_dump(Store *store, GError **error);

#endif
