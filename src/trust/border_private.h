/*
 * border_private: which of a mail's fields are the border's own, for auth.c and recipients.c.
 */
#ifndef GUICHET_BORDER_PRIVATE_H
#define GUICHET_BORDER_PRIVATE_H

#include "guichet/trust/auth.h"
#include "guichet/trust/received.h"

typedef struct {
	/* Positions in message->headers. Stamps count from `from` up to, and
	 * not with, `to`. */
	guint from, to;
	/* The same of those that the server wrote that took the mail in. */
	guint hop_from, hop_to;
	Received entry; /* which took it in; all NULL: none is the border's */
	/* The foreign host that gave it to the border itself or stands above
	 * all of it: likely one that `hosts` lacks. Else NULL. */
	char *obstacle;
} Border;

void border_find(const Message *message, const AuthConfig *config, Border *ret);
void border_clear(Border *border);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Border, border_clear)

/*
 * Fields that the writer's own program makes. Whoever receives a mail puts their
 * trace above all of them, so that nothing below the first is the border's.
 */
bool border_is_writers(const char *name);

bool border_is_host(const AuthConfig *config, const char *host);
bool border_is_id(const AuthConfig *config, const char *id);

/* Where a stamp stands that bears one of our names and does not count, or who
 * stands in the way, for the trace, and the name; NULL: there is none. */
char *border_misplaced(const Message *message, const AuthConfig *config,
    const Border *border, char **ret_id);

#endif
