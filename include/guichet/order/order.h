/*
 * order: what people may order of the desk, as one table.
 *
 * A row is an order: its names, its arguments, who may give it and through
 * which doors, and the pure function that judges it (order_case.h). All doors
 * read the same rows: the command line, the control socket of a running desk,
 * and the first lines of a technician's mail (command.h). So do help texts,
 * refusals and the tests, which try every row through each of its doors.
 *
 * To add one: a member of OrderKind, and in the file of its family
 * (order_state.c and so on) a row with its judge and its words, named in
 * ORDER_ROWS (order_private.h); test_orders.c runs the row's example by itself.
 */
#ifndef GUICHET_ORDER_H
#define GUICHET_ORDER_H

#include "guichet/judgment/maintenance_order.h"
#include "guichet/rules/contract.h"
#include "guichet/rules/plan.h"
#include "guichet/ticket/event_words.h"
#include "guichet/ticket/ticket.h"

typedef enum {
	ORDER_RESOLVE,
	ORDER_CLOSE,
	ORDER_ASSIGN,
	ORDER_NOTE,
	ORDER_WAIT,
	ORDER_RESUME,
	ORDER_REOPEN,
	ORDER_TAKE,
	ORDER_ACK,
	ORDER_TAG,
	ORDER_UNTAG,
	ORDER_TIME,
	ORDER_ESTIMATE,
	ORDER_RPO,
	ORDER_DEBRIEF,
	ORDER_CALL,
	ORDER_REPLY, /* words to the client, at the command line */
	ORDER_EXCLUDE,
	ORDER_SEVERITY,
	ORDER_KIND,
	ORDER_COMPONENT,
	ORDER_CONTRACT,
	ORDER_ANSWERED, /* the response was given, by telephone say */
	ORDER_WORKAROUND,
	ORDER_RESOLVE_TOLD, /* the client knows it already */
	ORDER_MAINTENANCE,
	ORDER_MAINTENANCE_END,
	ORDER_OUTBOX_RETRY,
	ORDER_OUTBOX_DROP,
	ORDER_MAIL_RELEASE,
	ORDER_MAIL_DROP,
	ORDER_LIST, /* of no ticket: what is read, and what is said of it */
	ORDER_SHOW,
	ORDER_SEARCH,
	ORDER_HELP,
	ORDER_SECRET,
	ORDER_LINK, /* two tickets */
	ORDER_MERGE,
	ORDER_SAVED, /* an answer that is kept ready */
	ORDER_NEW,   /* a ticket, from a call */
	ORDER_NEXT,  /* news, promised to the client */
	ORDER_NOANSWER,
	ORDER_LATER,  /* somebody of the desk looks again */
	ORDER_STOP,   /* what has not left yet */
	ORDER_UNDO,   /* or the last order */
	ORDER_SEND,   /* what was held, for a colleague had answered */
	ORDER_NOTICE, /* given of a contract */
	ORDER_LEDGER_CREDIT,
	ORDER_LEDGER_REVERSE,
	ORDER_COUNT,
} OrderKind;

typedef enum {
	ORDER_BY_MAIL = 1 << 0,    /* '#' and its name, in an answer to us */
	ORDER_BY_COMMAND = 1 << 1, /* `guichet ...`, where no desk runs */
	ORDER_BY_CONTROL = 1 << 2, /* the same words, over the desk's socket */
} OrderDoors;

/* Who may give it. Reaching the command line is being the manager; a mail acts
 * only if all of doc/security.md 2.3 proves its technician. */
typedef enum {
	ORDER_MAY_MANAGER = 1 << 0,
	ORDER_MAY_TECHNICIAN = 1 << 1,
} OrderMay;

/* What the number in front of its arguments names. */
typedef enum {
	ORDER_ON_TICKET,
	ORDER_ON_MAINTENANCE, /* no number: its arguments say which */
	ORDER_ON_OUTBOX,
	ORDER_ON_MAIL,
	ORDER_ON_CONTRACT, /* no number: its arguments name it */
	ORDER_ON_DESK,     /* no ticket: its arguments say what it reads */
} OrderAbout;

/* What the words below it in a mail are. */
typedef enum {
	ORDER_WORDS_OUT,    /* an answer to the client */
	ORDER_WORDS_INSIDE, /* kept for the desk */
	ORDER_WORDS_ASIDE,  /* nothing: it is about no ticket */
	ORDER_WORDS_TICKET, /* the text of the ticket that it opens */
	ORDER_WORDS_NOTE,   /* likewise, whatever other orders stand there */
} OrderWords;

/* To whom a ticket is given. */
typedef enum {
	ORDER_WHOM_NAMED, /* in its text */
	ORDER_WHOM_ME,    /* who gives the order */
	ORDER_WHOM_NOBODY,
} OrderWhom;

struct Judgment;
struct OrderCase;
struct Decision;

/* One order, read. */
typedef struct Order {
	OrderKind kind;
	gint64 number;  /* what it is about, 0: none */
	gint64 other;   /* a second ticket, 0: none */
	char *contact;  /* ORDER_NEW: canonical address, "" nobody's */
	gint64 row;     /* ORDER_LEDGER_REVERSE */
	char *title;    /* ORDER_NEW: "" none; ORDER_LEDGER_CREDIT: what it
			 * stands on */
	Instant called; /* ORDER_NEW: when; INSTANT_NONE: with the order */
	int line;       /* of the mail, 0: no mail */
	char *name;     /* as it was written there */
	Instant at;     /* when it happened: --at; INSTANT_NONE: now */
	int severity;
	bool from_now; /* the severity: it became so, and was not all along */
	TicketKind ticket_kind;
	TicketState state; /* ORDER_WAIT */
	OrderWhom whom;    /* ORDER_ASSIGN */
	ExclusionReason reason;
	int minutes;
	Instant until; /* ORDER_NEXT, ORDER_LATER */
	bool
	    is_given; /* ORDER_NOTICE: on `date`, by `party`; else it was none */
	Date date;
	ContractParty party;
	char *text; /* a name, a note; "" */
	MaintenanceOrder *maintenance;
} Order;

void order_free(Order *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Order, order_free)

/* Against what arguments are read. */
typedef struct {
	const Zone *zone;
	Instant written, now;
	const char *language; /* of what is said to be wrong */
} OrderReading;

typedef struct OrderRow {
	guint doors, may; /* OrderDoors, OrderMay */
	OrderAbout about;
	OrderWords words;
	bool repeats; /* may stand in a mail more than once */
	bool
	    is_text; /* its arguments end in words for people, of any letters */

	/* Words of the mail's door, NULL without it: its name behind '#', ASCII
	 * letters alone, in either language of whoever writes; a second word
	 * may tell apart orders of one name. Then how its arguments are
	 * written, "" for none. */
	const char *name, *name_fr;
	const char *usage, *usage_fr;

	/* Words of the command's doors, NULL without them: "event N pause", N
	 * or ID for the number; another way to write the same, or NULL; its
	 * arguments, and how many words they are. */
	const char *command, *command_too;
	const char *arguments;
	guint min, max;
	const char *wants; /* what they are, in words; NULL: they say it */

	const char *summary;    /* one line of help */
	const char *summary_fr; /* for who reads French; NULL without a mail */
	const char *example;    /* of its arguments, "" for none */

	/* Takes the arguments in: `line` is the whole of what stands behind a
	 * mail's command, NULL at the command line. */
	bool (*read)(Order *order, char *const *words, const char *line,
	    const OrderReading *reading, GError **error);
	/* Whether the ticket is as a mail's line wants it already: it is done
	 * then, and said so, and what stands beside it is done, too. NULL:
	 * never. */
	bool (*is_so)(const struct OrderCase *c);
	/* What follows: events and effects, or why nothing does. */
	bool (*judge)(struct Judgment *j, const struct OrderCase *c,
	    GError **error);
	/* What is said of it once it is done, a line or more. The caller
	 * frees. */
	char *(*report)(const struct OrderCase *c,
	    const struct Decision *decision);
} OrderRow;

const OrderRow *order_row(OrderKind kind);

/* The name of a mail's order that a mistyped one is nearest to, in the same
 * language if it can be told; NULL if none is near. */
const char *order_nearest(const char *name);

/* The order that a mail's line gives by this name (without '#', in any case)
 * and what stands behind it; ORDER_COUNT for none. */
OrderKind order_named(const char *name, const char *argument);
/* Whether anything may stand behind its name. */
bool order_takes_arguments(OrderKind kind);
/* Whether any order of a mail bears the name, and whether that one has
 * arguments. */
bool order_is_name(const char *name, bool *ret_has_arguments);

/* What one order may record of time: a month, which no day's work and no loss
 * that can be told in minutes reaches. */
#define ORDER_MINUTES_MAX (31 * 24 * 60)

/* Of how many tickets a command may be at once. */
#define ORDER_TICKETS_MAX 100

/*
 * A command of several tickets, "close 12 13" or "note 12,13 TEXT", as one of
 * each: char **. Where its words are free text the numbers are parted by commas
 * alone, as the text may begin with one. NULL with GUICHET_ERROR_PERMANENT.
 */
GPtrArray *order_each(char *const *argv, GError **error);

/*
 * The order that the words of a command give: "resolve", "12", and
 * "--at", INSTANT behind them where it may be said. ORDER_COUNT with
 * GUICHET_ERROR_PERMANENT, which says how it is written. The words of the
 * arguments are left in *ret_words, borrowed, *ret_count of them.
 */
OrderKind order_match(char *const *argv, gint64 *ret_number,
    char *const **ret_words, gsize *ret_count, GError **error);

/* Reads a command's words, or a line of a mail. NULL with
 * GUICHET_ERROR_PERMANENT, which says in the reader's language what is wrong. */
Order *order_read_command(char *const *argv, const OrderReading *reading,
    GError **error);
Order *order_read_line(OrderKind kind, const char *argument,
    const OrderReading *reading, GError **error);

/* "usage: guichet close N", of all that begin with that word. */
char *order_usage(const char *command);

/* The mail's line that gives it: "#resolve", or "#maintenance HOST FROM TO".
 * NULL if no mail can. The caller frees. */
char *order_mail_usage(OrderKind kind, const char *language);

#endif
