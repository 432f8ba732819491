/*
 * desk_silence: what follows where nobody says a word, a part of desk_tick().
 *
 * Pure. When each of it is due is awaits.h's to say.
 */
#ifndef GUICHET_DESK_SILENCE_H
#define GUICHET_DESK_SILENCE_H

#include "guichet/desk/desk_unasked.h"
#include "guichet/judgment/judgment.h"

/* Adds what is due by now to the decision. */
void desk_silence(Judgment *j, const TickCase *c);

/* Whether the alarm wants a look, and presses nobody: such of several tickets are
 * one mail. */
bool desk_alarm_is_quiet(const Effect *effect, const Ticket *ticket);

#endif
