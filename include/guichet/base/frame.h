/*
 * frame: what the processes say to each other.
 *
 * A frame is one packet of a SOCK_SEQPACKET socket pair: a verb, arguments (a
 * GVariant dictionary a{sv}, in normal form or refused) and at most one file
 * descriptor, which is always a sealed memfd with bulk bytes. A peer that
 * breaks any of this is treated as broken: its process is replaced.
 *
 * Who says what:
 *
 *   desk -> fetch  start   {config a{sv}, uidvalidity u, uid u, probe b}
 *                          + what is known of its mails (source.h), if any.
 *                          cursor: last UID stored; 0, 0 when there is none.
 *                          probe: say `state` and end, for `guichet check`;
 *                          recent u: before it, the heads of so many mails
 *                          beat x: give signs of life, milliseconds apart
 *   fetch -> desk  head    {} + bytes: the head of one of the newest mails
 *   fetch -> desk  mail    {uidvalidity u, uid u, received x, size t,
 *                          truncated b, undated b, name s} + bytes (name:
 *                          Maildir file; undated: received is now, since the
 *                          server gave no date that makes sense)
 *   fetch -> desk  ahead   {uidvalidity u, uid u, name s, received x, sha256 s,
 *                          count u}  bears the store's seal: source.h, weigh()
 *   fetch -> desk  weighed {}                 and that was all
 *   desk -> fetch  stored  {uidvalidity u, uid u, name s}  bytes are committed
 *   desk -> fetch  done    {uidvalidity u, uid u, name s}  mark it or move it
 *   fetch -> desk  cursor  {uidvalidity u, uid u}  nothing below is wanted
 *   fetch -> desk  asking  {uidvalidity u, uid u, last u, again b}  of which
 *                          mails the server is asked for now
 *   fetch -> desk  refused {uidvalidity u, uid u, name s, received x, size t,
 *                          text s}            this one cannot be had
 *   desk -> fetch  again   {uidvalidity u, uid u, name s}  try it once more
 *   fetch -> desk  gone    {uidvalidity u, uid u, name s}  it is not there
 *   fetch -> desk  idle    {}                 all that was there was handed over
 *   desk -> fetch  poll    {}                 look now
 *   fetch -> desk  marked  {uidvalidity u, uid u, name s}
 *   fetch -> desk  state   {ok b, text s, config b, warning s}   for the log
 *                          and `check`; no warning: none
 *
 *   fetch, send    beat    {}                 it lives (beat.h)
 *     -> desk
 *
 *   desk -> read   read    {id x, partial b} + raw mail
 *   read -> desk   message {id x} + message_to_variant() serialised
 *   read -> desk   ready   {sandbox b}
 *   read -> desk   state   {ok b, text s}   why it cannot work
 *
 *   desk -> send   start   {config a{sv}, probe b, beat x}
 *   desk -> send   send    {id x, from s, to s, notify b} + RFC 5322 bytes, CR
 *                          LF; without notify: NOTIFY=NEVER
 *   send -> desk   dot     {id x}     all but the last byte is with the server
 *   desk -> send   go      {id x}     committed: finish it
 *   send -> desk   result  {id x, outcome s (sent|later|never|unknown), code i,
 *                          text s}
 *   send -> desk   state   {ok b, text s, config b}
 *
 *   command line -> desk   ask     {} + argv, serialised as "as" (control.h)
 *   desk -> command line   answer  {code i, err s} + what to print
 */
#ifndef GUICHET_FRAME_H
#define GUICHET_FRAME_H

#include "guichet/base/base.h"

typedef struct {
	char *verb;
	GVariant *args; /* a{sv}, never NULL */
	int fd;         /* -1, or a sealed memfd that the frame owns */
} Frame;

void frame_free(Frame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Frame, frame_free)

/*
 * Sends one frame. `args` may be floating and may be NULL for none; `fd` is
 * -1 or stays the caller's. Never raises SIGPIPE. A full socket is
 * GUICHET_ERROR_TEMPORARY when the socket is non-blocking; what is longer than
 * LIMIT_FRAME_BYTES, or a peer that is gone, GUICHET_ERROR_PERMANENT.
 */
bool frame_send(int socket, const char *verb, GVariant *args, int fd,
    GError **error);

/*
 * Waits for one frame. The end of the stream is success with *ret_frame NULL.
 * A malformed frame is GUICHET_ERROR_PERMANENT, nothing to read on a
 * non-blocking socket GUICHET_ERROR_TEMPORARY.
 */
bool frame_receive(int socket, Frame **ret_frame, GError **error);

/* The arguments, with a default where the key is absent or of another type.
 * The string is the frame's. */
gint64 frame_int(const Frame *frame, const char *key, gint64 absent);
const char *frame_string(const Frame *frame, const char *key);
bool frame_bool(const Frame *frame, const char *key);

/* What names a mail to its mailbox, on the way there and back; `name` may be
 * NULL. */
GVariant *frame_mail_args(guint32 uidvalidity, guint32 uid, const char *name);

/* A sealed memfd with these bytes: the caller closes it. -1 on failure. */
int frame_memfd(const void *bytes, gsize length, GError **error);

/* The bytes of a memfd that must be sealed against change and no longer than
 * `max`; mapped, not copied. `fd` stays the caller's. */
GBytes *frame_map(int fd, gsize max, GError **error);

#endif
