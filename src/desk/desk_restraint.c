/* How much a client is written that no person said or ordered. */
#include "guichet/desk/desk_restraint.h"

#include "guichet/judgment/horizon.h"

static bool
is_proven_acknowledgment(const RestraintMail *mail)
{
	return mail->send == SEND_ACKNOWLEDGMENT && mail->proof == PROOF_PASS;
}

bool
desk_restraint_counts(const RestraintMail *mail)
{
	return send_kind_is_automatic(mail->send) &&
	    !is_proven_acknowledgment(mail);
}

/* Whether the two are of one kind on one ticket, and too near. */
static bool
is_too_near(const RestraintMail *a, const RestraintMail *b)
{
	return !b->is_summed && a->ticket != 0 && a->ticket == b->ticket &&
	    a->send == b->send &&
	    ABS(a->leaves - b->leaves) < HORIZON_SAME_KIND_SECONDS;
}

/* Behind each of its kind that is too near; each step is behind one more. */
static void
stand_back(RestraintMail *mail, const GArray *others)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (guint i = 0; i < others->len; i++) {
			const RestraintMail *one = &g_array_index(others,
			    RestraintMail, i);

			if (!is_too_near(mail, one))
				continue;
			mail->leaves = one->leaves + HORIZON_SAME_KIND_SECONDS;
			moved = true;
		}
	}
}

/* Mails of the hour that it would be in, or to come. */
static int
count_beside(const RestraintMail *mail, const GArray *others)
{
	int count = 0;

	for (guint i = 0; i < others->len; i++) {
		const RestraintMail *one = &g_array_index(others, RestraintMail,
		    i);

		if (!one->is_summed && desk_restraint_counts(one) &&
		    one->leaves > mail->leaves - HORIZON_AUTOMATIC_SECONDS)
			count++;
	}
	return count;
}

/* The same of acknowledgments that are not counted. */
static int
count_proven(const RestraintMail *mail, const GArray *others)
{
	int count = 0;

	for (guint i = 0; i < others->len; i++) {
		const RestraintMail *one = &g_array_index(others, RestraintMail,
		    i);

		if (!one->is_summed && is_proven_acknowledgment(one) &&
		    one->leaves > mail->leaves - HORIZON_AUTOMATIC_SECONDS)
			count++;
	}
	return count;
}

static bool
is_too_much(const RestraintMail *mail, const GArray *others, int most)
{
	return is_proven_acknowledgment(mail)
	    ? count_proven(mail, others) >= HORIZON_PROVEN_ACKS_HOUR
	    : count_beside(mail, others) >= most;
}

/* The sum that is to come, else one an hour from now. */
static Instant
sum_at(const RestraintMail *mail, const GArray *others)
{
	for (guint i = 0; i < others->len; i++) {
		const RestraintMail *one = &g_array_index(others, RestraintMail,
		    i);

		if (one->is_summed && one->leaves > mail->leaves)
			return one->leaves;
	}
	return mail->leaves + HORIZON_AUTOMATIC_SECONDS;
}

RestraintMail
desk_restrain(const RestraintMail *mail, const GArray *others, int most)
{
	RestraintMail then = *mail;

	if (!send_kind_is_automatic(mail->send))
		return then;
	if (desk_restraint_counts(mail))
		stand_back(&then, others);
	if (!is_too_much(&then, others, most))
		return then;
	then.is_summed = true;
	then.leaves = sum_at(mail, others);
	return then;
}
