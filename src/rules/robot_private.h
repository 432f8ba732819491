/*
 * robot_private: what robots.yaml can name beside headers, for robot*.c alone.
 */
#ifndef GUICHET_ROBOT_PRIVATE_H
#define GUICHET_ROBOT_PRIVATE_H

#include "guichet/rules/robot.h"

/* Adds the values to look at, char *: none if there is nothing. A test of yes
 * or no adds one value or none. */
typedef void RobotRead(const Message *message, const RobotContext *context,
    GPtrArray *values);

typedef struct RobotTest {
	const char *name;
	RobotRead *read;
	bool knows; /* it asks the context, too, and no text by a pattern */
} RobotTest;

/* NULL if there is none of that name. */
const RobotTest *robot_test_find(const char *name);

#endif
