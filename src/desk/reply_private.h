/* What the files that put answers into values share. */
#ifndef GUICHET_REPLY_PRIVATE_H
#define GUICHET_REPLY_PRIVATE_H

#include "guichet/desk/reply.h"

/* (reply_clock.c) A clock's words; for a technician, with what is left of it. */
void
reply_set_clock(Values *values, const ReplyClock *clock, const char *language);
void reply_set_technician_clock(Values *values, const ReplyClock *clock,
    const char *language);

/* {{awaits}}, {{awaits_at}}, {{awaits_left}} or {{awaits_late}}: what no clock
 * says. */
void reply_set_awaits(Values *values, const ReplyInternal *facts,
    const char *language);

/* (reply_alarm.c) {{reason}}, and the flag of it. */
void reply_set_reason(Values *values, Reason reason);
/* {{alarms}}: what an alarm is about, and what else of the same instant. */
void reply_add_alarms(Values *values, const ReplyInternal *facts,
    const char *language);

#endif
