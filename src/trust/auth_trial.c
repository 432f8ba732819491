/* What a border leaves of a forged stamp that was sent to try it. */
#include "guichet/trust/auth_trial.h"

#include "stamp_private.h"

#include <string.h>

bool
auth_trial_read(const Message *message, const AuthConfig *config,
    const char *word, AuthTrial *ret)
{
	memset(ret, 0, sizeof *ret);
	if (message->subject == NULL || strstr(message->subject, word) == NULL)
		return false;
	for (guint i = 0; i < message->headers->len; i++) {
		const Header *header = message->headers->pdata[i];

		/* By whatever name and at whatever place: who strips one name
		 * and leaves another has let it in. */
		if (g_ascii_strcasecmp(header->name, STAMP) == 0 &&
		    strstr(header->raw, word) != NULL)
			ret->is_kept = true;
	}
	auth_examine(message, config, &ret->report);
	return true;
}

void
auth_trial_clear(AuthTrial *trial)
{
	auth_report_clear(&trial->report);
}

char *
auth_trial_mail(const AuthConfig *config, const char *from, const char *to,
    const char *word)
{
	const char *at = strrchr(from, '@');
	bool named = !config->exchange_online && config->authserv_ids != NULL &&
	    config->authserv_ids[0] != NULL;

	return g_strdup_printf(STAMP ": %s%sdmarc=pass reason=%s "
				     "header.from=%s\n"
				     "From: <%s>\n"
				     "To: <%s>\n"
				     "Subject: guichet %s\n"
				     "\n"
				     "A forgery, to try the border.\n",
	    named ? config->authserv_ids[0] : "", named ? "; " : "", word,
	    at != NULL ? at + 1 : from, from, to, word);
}
