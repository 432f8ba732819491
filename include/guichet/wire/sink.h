/*
 * sink: where our mail goes. One ops struct a kind: sink_smtp.c (libcurl),
 * sink_maildir.c. Runs only inside a send process (daemon/send.c).
 */
#ifndef GUICHET_SINK_H
#define GUICHET_SINK_H

#include "guichet/base/base.h"

/* Crosses to the send process as a{sv}. */
typedef struct {
	char *kind; /* "smtp" or "maildir" */
	char *host;
	guint16 port;
	bool starttls;         /* 587; else implicit TLS, 465 */
	bool plain;            /* no TLS at all: only with a loopback address */
	char *user, *password; /* NULL: no AUTH */
	char *ca_file;
	char *helo;
	char *path;      /* maildir */
	int connections; /* how many processes; the desk's, not theirs */
	Seconds connect; /* to connect and shake hands; 0: as the limits say.
	                    Not among what crosses: for tests */
} SinkConf;

GVariant *sink_conf_to_variant(const SinkConf *conf); /* floating */
SinkConf *sink_conf_from_variant(GVariant *variant);
void sink_conf_free(SinkConf *conf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SinkConf, sink_conf_free)

typedef enum {
	SINK_SENT,
	SINK_LATER,   /* 4xx, network */
	SINK_NEVER,   /* 5xx */
	SINK_UNKNOWN, /* lost after the final dot */
	SINK_OUTCOME_COUNT,
} SinkOutcome;

/* Asked when all but the last byte is with the server: true to finish. */
typedef bool (*SinkDot)(void *data);

typedef struct {
	const char *from; /* "" for <> */
	const char *to;
	bool never_notify; /* RCPT ... NOTIFY=NEVER where DSN is offered */
	GBytes *bytes;     /* CR LF line ends; dot-stuffed by the sink */
	gint64 id;         /* the outbox row: names the Maildir file */
} SinkMail;

typedef struct Sink Sink;

typedef struct {
	const char *kind;
	Sink *(*open)(const SinkConf *conf, GError **error);
	/* One transaction, one recipient. *ret_text is the server's last words
	 * or the network's error, one line; the caller frees. */
	SinkOutcome (*send)(Sink *sink, const SinkMail *mail, SinkDot dot,
	    void *data, int *ret_code, char **ret_text);
	/* For `guichet check`: connects and authenticates, or sees whether the
	 * folder is there or can be made. Sends nothing, makes nothing. */
	bool (*probe)(const SinkConf *conf, GError **error);
	void (*close)(Sink *sink);
} SinkOps;

const SinkOps *sink_ops(const char *kind);

#endif
