/*
 * button: the links of a mail's HTML that write an order ready (reply.h), or a
 * client's answer (reply_choices.h).
 *
 * Each goes to an address of its own, signed for one order, one ticket, one
 * person, HORIZON_BUTTON_DAYS days and the ticket's epoch; an event on the ticket
 * spends it. It proves that the mail was seen, not by whom: what proves a sender
 * is asked all the same (decide_parked_obstacle()); a client's is worth what an
 * answer to that mail of ours is worth, and that once.
 */
#ifndef GUICHET_BUTTON_H
#define GUICHET_BUTTON_H

#include "guichet/work/work.h"

/* A mail to a button's address: what is known of it. *ret_carrier is the word of
 * the mail that offered it; NULL: of an earlier life, or of a key that is gone.
 * Then it is as one that has expired. */
bool button_find(Gathered *gathered, Intake *in, const char *word,
    const Token *token, char **ret_carrier, GError **error);

#endif
