/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders and files of a test's own. */
#ifndef EMG_FOLDER_H
#define EMG_FOLDER_H

#include <stddef.h>

/* One that is there while a group of tests runs: what a group's setup and teardown may be. */
extern char folder[32];
int folder_make(void **state);
int folder_drop(void **state);

/* Entries of a folder, hidden ones too; 0 when there is no such folder. */
size_t folder_entries(const char *path);

/* Removes a folder and all that is in it; 0 when that is done. The path holds no quotation mark. */
int folder_remove(const char *path);

/* Makes a file of n bytes, or of a text. Fails the test when it cannot. */
void file_put(const char *path, const void *bytes, size_t n);
void file_put_text(const char *path, const char *text);

#endif
