/*
 * prescan: one linear scan of a mail's raw bytes, before any library sees it.
 *
 * It finds the header fields, as they came, and judges them against limits.h;
 * and it makes the bytes that GMime may see. GMime is only asked where the
 * parts of a mail begin and end: it is shown a header of nothing but the
 * Content-Type, and a body in which every part's Content-Type is reduced to
 * type and boundary, and other Content-* fields are blank. Attached mails,
 * parts of digests and multiparts below LIMIT_MIME_DEPTH get another type, so
 * that they are leaves: no address, date or identifier of theirs is ever
 * parsed (doc/security.md L1). A part's header over the field limits is ended.
 * The masked body is as long as the real one, byte for byte: contents are
 * taken from the real bytes by offset, so that no mask ever shows.
 *
 * Over LIMIT_BOUNDARY_LINES or LIMIT_MAIL_BYTES, GMime is shown nothing.
 */
#ifndef GUICHET_PRESCAN_H
#define GUICHET_PRESCAN_H

#include "guichet/base/base.h"

/*
 * All defects of a Message, the whole vocabulary. [id] marks those that cost
 * it its identity: two parsers may then see two senders.
 */
#define DEFECT_EMPTY          "empty"             /* nothing but blanks [id] */
#define DEFECT_NO_HEADER      "no-header"         /* not one field [id] */
#define DEFECT_GARBAGE        "garbage-in-header" /* lines of no field [id] */
#define DEFECT_NUL            "nul-in-header"     /* [id] */
#define DEFECT_CONTROL        "control-in-header" /* C0, bare CR [id] */
#define DEFECT_HEADER_BLOCK   "header-block-size" /* the rest is not kept */
#define DEFECT_HEADER_FIELDS  "header-fields"     /* too many, likewise */
#define DEFECT_HEADER_CUT     "header-cut"        /* its end is not here [id] */
#define DEFECT_HEADER_FIELD   "header-field-size" /* one too long */
#define DEFECT_ADDRESS_FIELD  "address-field"     /* over a limit [id] */
#define DEFECT_DUPLICATE_FROM "duplicate-from"    /* [id] */
#define DEFECT_MESSAGE_ID     "message-id"        /* repeated or unusable */
#define DEFECT_DATE           "date" /* absent, unreadable, unbelievable */
#define DEFECT_PARAMETERS     "parameters" /* of a Content-* field */
#define DEFECT_BOUNDARIES     "boundary-lines"
#define DEFECT_MAIL_SIZE      "mail-size"
#define DEFECT_MIME_DEPTH     "mime-depth"
#define DEFECT_MIME_PARTS     "mime-parts"
#define DEFECT_PART_HEADER    "part-header" /* fields of parts, too many */
#define DEFECT_MIME           "mime"        /* a multipart without parts */
#define DEFECT_TRUNCATED      "truncated"   /* a multipart that never ends */
#define DEFECT_PARTIAL        "partial"     /* only its head is here */
#define DEFECT_BAD_CHARSET    "bad-charset"
#define DEFECT_BAD_ENCODING   "bad-encoding"
#define DEFECT_BAD_BASE64     "bad-base64"
#define DEFECT_ENCLOSED       "enclosed-mails" /* not all of them are read */
#define DEFECT_TEXT_SIZE      "text-size" /* text cut at LIMIT_TEXT_BYTES */

/* One header field, borrowed from the mail's bytes. */
typedef struct {
	const char *name; /* without blanks before the colon */
	gsize name_length;
	const char *value; /* behind the colon, folded as it came */
	gsize value_length;
	bool over; /* over a limit: not for structured parsers */
} RawField;

typedef struct {
	const char *bytes; /* borrowed */
	gsize length;
	GArray *fields;     /* RawField, at most LIMIT_HEADER_FIELDS */
	gsize body;         /* where the body begins */
	guint from_count;   /* From fields, those over the limits included */
	GByteArray *shown;  /* for GMime; NULL: do not call it */
	gsize shown_body;   /* where the body begins in `shown` */
	GPtrArray *defects; /* const char *: the words above, once each */
} Prescan;

/* The bytes must outlive the result. Cannot fail. */
Prescan *prescan_run(const guint8 *bytes, gsize length, bool partial);
void prescan_free(Prescan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Prescan, prescan_free)

/* The first field of that name, or NULL. */
const RawField *prescan_field(const Prescan *scan, const char *name);
bool raw_field_is(const RawField *field, const char *name);

/* The field on one line: line ends gone, NUL and controls blanks. */
char *raw_field_unfold(const RawField *field, gsize max, gsize *ret_length);

void prescan_add_defect(Prescan *scan, const char *word);
bool prescan_has_defect(const Prescan *scan, const char *word);

/* The first defect that costs the mail its identity, or NULL. */
const char *prescan_identity_defect(const Prescan *scan);

#endif
