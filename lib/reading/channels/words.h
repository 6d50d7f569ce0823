/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels as words: "L_Biceps_Bra", "TA li" and "BicepsR" cut where a reader would cut them. */
#ifndef EMGP_WORDS_H
#define EMGP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { EMGP_MOST_WORDS = 16, EMGP_WORD_ROOM = 32 };

/* Words in lower-case ASCII, accents folded, digits as words of their own. */
typedef struct emgp_words {
    size_t n;
    char word[EMGP_MOST_WORDS][EMGP_WORD_ROOM];
    size_t capitals[EMGP_MOST_WORDS]; /* how many of its first letters were capitals */
    char all[EMGP_WORD_ROOM];         /* every word without the cuts, as far as it fits: "stAtUs" is "status" */
} emgp_words;

/* Cuts printable UTF-8 at punctuation, between letters and digits, and where a small letter meets a capital. */
void emgp_words_cut(emgp_words *out, const char *text);

/* Whether one of the words, or all of them together, is one of the n given. */
bool emgp_words_have(const emgp_words *words, const char *const *wanted, size_t n);

#endif
