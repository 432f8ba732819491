/*
 * cleanup: g_autoptr() and g_auto() for the types of libraries that lack them.
 * Each library's part is compiled only where its header came first.
 */
#ifndef GUICHET_CLEANUP_H
#define GUICHET_CLEANUP_H

#include <glib.h>
#include <unistd.h>

/* `g_auto(Descriptor) fd = open(...)`: closed at the end of the scope; -1 is
 * empty. descriptor_steal() takes it out. */
typedef int Descriptor;

static inline void
descriptor_close(Descriptor *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline int
descriptor_steal(Descriptor *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Descriptor, descriptor_close)

#ifdef JANSSON_H
G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)
#endif

#ifdef __GMIME_H__
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimePart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeTextPart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMultipart, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeDataWrapper, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParserOptions, g_mime_parser_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeFormatOptions, g_mime_format_options_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeReferences, g_mime_references_free)
#endif

#endif
