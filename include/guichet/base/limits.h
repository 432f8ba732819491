/*
 * limits: every bound on what a stranger can make the program do.
 *
 * Over a limit never means "dropped": the mail is kept raw, becomes a ticket
 * and carries a defect that names the limit. Only broken or over-limit address
 * headers cost a mail its identity.
 */
#ifndef GUICHET_LIMITS_H
#define GUICHET_LIMITS_H

/* One mail, before GMime sees it (prescan.h). */
#define LIMIT_MAIL_BYTES           (25 * 1024 * 1024)
#define LIMIT_MAIL_PARTIAL_BYTES   (64 * 1024) /* of the text, over the limit */
#define LIMIT_HEADER_BLOCK_BYTES   (256 * 1024)
#define LIMIT_HEADER_FIELDS        1000
#define LIMIT_HEADER_FIELD_BYTES   (64 * 1024)
#define LIMIT_ADDRESS_FIELD_BYTES  (16 * 1024)
#define LIMIT_ADDRESS_COMMAS       500
#define LIMIT_ADDRESS_COLONS       32
#define LIMIT_ADDRESS_NESTING      32 /* '(' or '<' outside quotes */
#define LIMIT_PARAMETERS           64 /* ';' of one Content-* field */
#define LIMIT_PARAMETER_NAME_BYTES 60
#define LIMIT_BOUNDARY_LINES       20000 /* lines that start with "--" */
#define LIMIT_MIME_DEPTH           20
#define LIMIT_MIME_PARTS           500

/* One HTML tag; what is over them is left out of it. */
#define LIMIT_TAG_ATTRIBUTES 100
#define LIMIT_TAG_BREAKS     1000 /* blanks, quotes and slashes in it */
#define LIMIT_TAG_BYTES      (1024 * 1024)

/* Lines of an answer that are looked at for marks; a longer one is kept. */
#define LIMIT_ANSWER_LINES 10000

/* What is taken out of a mail. */
#define LIMIT_MESSAGE_ID_BYTES     250
#define LIMIT_REFERENCES           40                /* in a mail of ours */
#define LIMIT_REFERENCES_READ      200               /* of a mail */
#define LIMIT_TEXT_BYTES           (1024 * 1024)     /* text kept of one mail */
#define LIMIT_ENCLOSED_MAILS       40                /* mails within one */
#define LIMIT_ENCLOSED_DEPTH       3                 /* of them in each other */
#define LIMIT_ENCLOSED_BYTES       (2 * 1024 * 1024) /* raw, of all of them */
#define LIMIT_ENCLOSED_FIELDS      100               /* fields kept of each */
#define LIMIT_ENCLOSED_TEXT_BYTES  (64 * 1024)       /* text kept of each */
#define LIMIT_RULE_TEXT_BYTES      (64 * 1024) /* text offered to one rule */
#define LIMIT_NOTE_BYTES           (64 * 1024) /* one note of a manager */
#define LIMIT_ORDER_SENTENCE_BYTES 500         /* a line for a client */
#define LIMIT_ORDER_NAME_BYTES     64          /* a name in an order */
#define LIMIT_COMMAND_BYTES        (8 * 1024)  /* top text read for commands */
#define LIMIT_MAILBOXES            1000        /* of one kind of field */
#define LIMIT_FILE_NAME_BYTES      120
#define LIMIT_SUBJECT_BYTES        1000
#define LIMIT_HEADER_VALUE_BYTES   (8 * 1024) /* kept of one decoded header */

/* The reader process (doc/design.md 1). */
#define LIMIT_READER_MEMORY_BYTES (512L * 1024 * 1024)
#define LIMIT_READER_CPU_SECONDS  5
#define LIMIT_READER_WALL_SECONDS 10
#define LIMIT_READER_STACK_BYTES  (8L * 1024 * 1024)
#define LIMIT_READER_MAILS        300 /* then it is replaced */
#define LIMIT_READ_ATTEMPTS       2   /* then "unreadable mail" */
#define LIMIT_READ_REPLY_BYTES    (64L * 1024 * 1024)

/* The store's writer. What a mail touches must be in memory, however many
 * tickets are open; and a page written again and again goes from the journal
 * to its place only once. */
#define LIMIT_STORE_CACHE_KIB 131072
#define LIMIT_STORE_WAL_PAGES 4000

/* The desk. */
#define LIMIT_FREE_DISK_BYTES    (64L * 1024 * 1024) /* less: no new mail */
#define LIMIT_IN_FLIGHT_BYTES    (64L * 1024 * 1024) /* raw, being read */
#define LIMIT_CONTROL_BYTES      (4 * 1024 * 1024)   /* one request or answer */
#define LIMIT_CONTROL_CALLERS    16
#define LIMIT_CONTROL_SECONDS    10
#define LIMIT_STOP_SECONDS       20 /* a clean stop takes no longer */
#define LIMIT_STANDSTILL_SECONDS 60 /* without a decision though mail waits */
/* Longer than a hand connects, which is all it does without a sign of life. */
#define LIMIT_BEAT_SECONDS    30 /* between two signs of a hand: beat.h */
#define LIMIT_BEATS_MISSED    8  /* then it hangs, and is started anew */
#define LIMIT_LOG_VALUE_BYTES 256

/* A store and what is kept beside it (store_life.h). */
#define LIMIT_LIVES        100 /* earlier ones whose signatures are known */
#define LIMIT_NUMBER_BLOCK 50  /* ticket numbers reserved at once */
#define LIMIT_RESTORE_SECONDS \
 300                          /* after its last sign, a life may have gone on */
#define LIMIT_WEIGHED_MAILS 8 /* looked at for being ahead, a mailbox */
#define LIMIT_WEIGH_SECONDS 20 /* so long may old answers wait for it */

/* Regular expressions (PCRE2). */
#define LIMIT_PATTERN_BYTES        4096
#define LIMIT_PATTERN_MATCHES      100000
#define LIMIT_PATTERN_DEPTH        10000
#define LIMIT_PATTERN_HEAP_KIB     20000
#define LIMIT_PATTERN_STEPS        4000000 /* of pattern.c's meter, one search */
#define LIMIT_PATTERN_MILLISECONDS 500 /* of processor, where no meter sees */
#define LIMIT_RULES_STEPS          40000000 /* all rules over one mail: about 200 ms */
#define LIMIT_WEIGHED_BYTES        (32 * 1024) /* of a mail's words (weights.h) */

/* Rule and configuration files. */
#define LIMIT_RULE_FILE_BYTES (4L * 1024 * 1024)
#define LIMIT_YAML_DEPTH      16
#define LIMIT_YAML_NODES      200000
#define LIMIT_TEMPLATE_DEPTH  16 /* sections within sections */

/* Servers. */
#define LIMIT_FRAME_BYTES            (64 * 1024)
#define LIMIT_IMAP_BATCH_MAILS       50
#define LIMIT_IMAP_BATCH_BYTES       (4 * 1024 * 1024)
#define LIMIT_IMAP_UIDS_A_COMMAND    1000
#define LIMIT_RECENT_MAILS           40 /* whose heads `check` looks at, a mailbox */
#define LIMIT_IMAP_PARENTHESES       500 /* of one answer: a long NAMESPACE */
#define LIMIT_IMAP_NESTING           8   /* of them; NAMESPACE has 3 */
#define LIMIT_IMAP_REFUSALS          5   /* mails in a row: it is the server */
#define LIMIT_MARKS                  200 /* mails marked by one command */
#define LIMIT_IMAP_SMALL_BYTES       (1024 * 1024) /* larger ones come alone */
#define LIMIT_IMAP_SEARCH_WIDTH      (1u << 20) /* UIDs that one search covers */
#define LIMIT_CONNECT_SECONDS        30
#define LIMIT_COMMAND_SECONDS        120
#define LIMIT_SERVER_SILENCE_SECONDS 60
#define LIMIT_IDLE_SECONDS           600  /* a NAT forgets us after that */
#define LIMIT_SLOWEST_BYTES          8192 /* a second, of a mail that comes */
#define LIMIT_KNOWN_BYTES            (64 * 1024 * 1024) /* names of a Maildir's mails */
#define LIMIT_FLIGHT_MAILS           64 /* handed over, not yet stored */
#define LIMIT_FLIGHT_BYTES           (32L * 1024 * 1024)
#define LIMIT_REPLY_SECONDS          600  /* RFC 5321, 4.5.3.2 */
#define LIMIT_BLOCK_SECONDS          180  /* without a byte of the body sent */
#define LIMIT_MAIL_SECONDS           3600 /* one transaction in all */
#define LIMIT_GO_SECONDS             60 /* the desk's leave to finish a mail */
#define LIMIT_SEND_RETRY_SECONDS     (5L * 24 * 3600)
#define LIMIT_SEND_PROCESSES         4 /* mails under way at once */
#define LIMIT_SEND_BYTES             (64L * 1024 * 1024) /* one mail of ours */
#define LIMIT_COPIED                 40 /* of To and Cc that are kept, of a mail */
#define LIMIT_RECEIVED_FIELDS        50 /* more is a loop: never answered */
#define LIMIT_BORDER_STAMPED_AGAIN   5  /* mails in a row: border_watch.h */
#define LIMIT_AUTOMATIC_PER_HOUR     12 /* to one client, that no person said */
#define LIMIT_NOTICES_PER_HOUR       60 /* to one technician */
#define LIMIT_STORM_ALERTS           10 /* tickets of a client's alerts ... */
#define LIMIT_STORM_SECONDS          300 /* ... within so long: one parent */
#define LIMIT_NOTICE_SUMMARY_SECONDS 600 /* then one is told of those held */
#define LIMIT_REFUSALS_LISTED        200 /* that wait to be told together */
#define LIMIT_FORWARD_BYTES          (10L * 1024 * 1024) /* attachments sent on */

/* Our own mails. */
#define LIMIT_LETTER_SUBJECT_CHARS    200
#define LIMIT_LETTER_TEXT_BYTES       (2 * 1024 * 1024) /* each kind of text */
#define LIMIT_READING_BYTES           (24 * 1024) /* of a ticket, on a telephone */
#define LIMIT_READING_ENTRY_BYTES     (4 * 1024) /* of one thing on it */
#define LIMIT_DISPLAY_BYTES           120 /* of a technician's name for clients */
#define LIMIT_SIGNATURE_BYTES         1000
#define LIMIT_SECRETS_SAID            200 /* texts that somebody named */
#define LIMIT_SECRET_BYTES            200 /* one of them */
#define LIMIT_LETTER_REFERENCES_BYTES (8 * 1024)

#define SEVERITY_MAX 9 /* of a plan: 1 is the worst; 0 means none was given */

#endif
