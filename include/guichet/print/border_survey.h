/* border_survey: what recent mails show of the border, against what
 * guichet.yaml says of it (doc/security.md 2.4). */
#ifndef GUICHET_BORDER_SURVEY_H
#define GUICHET_BORDER_SURVEY_H

#include "guichet/site/conf.h"

typedef struct BorderSurvey BorderSurvey;

BorderSurvey *border_survey_new(const Conf *conf);
void border_survey_free(BorderSurvey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BorderSurvey, border_survey_free)

void border_survey_add(BorderSurvey *survey, const Message *message);

/* Lines for `guichet check`, char *; those with something to do begin with
 * "warning: ". `looked`: mails were looked for, if only none was there. */
GPtrArray *border_survey_lines(const BorderSurvey *survey, bool looked);

#endif
