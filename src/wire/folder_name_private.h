/*
 * folder_name_private: names of Maildir files as they cross to the desk. The caller
 * frees each.
 */
#ifndef GUICHET_FOLDER_NAME_PRIVATE_H
#define GUICHET_FOLDER_NAME_PRIVATE_H

/* Bytes that are not printable ASCII, and the escape itself, as %XX. */
char *folder_name_escape(const char *file);

/* And back. NULL for what folder_name_escape() cannot have made, or what would
 * leave the folder. */
char *folder_name_unescape(const char *name);

/* The escaped name that the desk knows a mail by, in whichever folder it is. */
char *folder_name_taken(const char *file);

#endif
