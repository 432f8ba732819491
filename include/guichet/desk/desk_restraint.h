/*
 * desk_restraint: how much a client is written that no person said or ordered
 * (doc/domain.md 6). Of one ticket at most one mail of a kind in ten minutes; in
 * an hour at most as many as the site says, and then one that sums up the rest.
 * Acknowledgments of proven requests are not counted, whoever writes is owed
 * one; but where there are very many, they are summed up, too.
 *
 * Pure. Nothing is left out: what is too much leaves later, by itself or in
 * that sum.
 */
#ifndef GUICHET_DESK_RESTRAINT_H
#define GUICHET_DESK_RESTRAINT_H

#include "guichet/judgment/proof.h"
#include "guichet/ticket/send_kind.h"

/* A mail to one reader. */
typedef struct {
	SendKind send;
	gint64 ticket; /* 0: none */
	Proof proof;   /* of what it answers */
	Instant leaves;
	bool is_summed; /* it leaves in the sum of `leaves` */
} RestraintMail;

/* Whether it is counted among those. */
bool desk_restraint_counts(const RestraintMail *mail);

/*
 * When a mail leaves, whose `leaves` is now, and whether in a sum, so that with
 * `others`, what the same reader got since HORIZON_AUTOMATIC_SECONDS before or
 * is to get (RestraintMail), no hour has more than `most` and one sum. What a
 * person said or ordered is given back as it is.
 */
RestraintMail
desk_restrain(const RestraintMail *mail, const GArray *others, int most);

#endif
