/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile bytes to printable UTF-8, here and nowhere else. */
#ifndef EMGP_TEXT_H
#define EMGP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Turns n arbitrary bytes into printable, NUL-terminated UTF-8 of at most room - 1 bytes: valid UTF-8 stays, when the
 * whole is not valid UTF-8 bytes A0..FF are read as Latin-1, and controls (C0, DEL, C1) become \xNN. A text
 * that does not fit is cut at a character. Returns true when nothing had to be changed or cut. room >= 5. */
bool emgp_text_printable(char *out, size_t room, const void *bytes, size_t n);

/* The same over a C string. */
bool emgp_text_printable_string(char *out, size_t room, const char *text);

/* Narrows [*from, *to) to leave out spaces and NULs on both sides. */
void emgp_text_trim(const char *bytes, size_t *from, size_t *to);

/* Whether the n bytes are valid UTF-8 (no overlong forms, no surrogates). */
bool emgp_text_is_utf8(const void *bytes, size_t n);

/* Copies a C string, cut at a character to fit. */
void emgp_text_copy(char *out, size_t room, const char *text);

/* Whether text matches a glob of '*', '?' and literals; ASCII letters match in either case. Linear in practice:
 * one star of backtracking at a time. */
bool emgp_text_glob(const char *glob, const char *text);

/* Whether two texts are equal but for the case of ASCII letters. */
bool emgp_text_same(const char *a, const char *b);

#endif
