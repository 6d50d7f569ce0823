/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to words: the only place that knows of capitals, accents and punctuation in labels. */
#include "reading/channels/channels.h"

#include <string.h>

typedef enum kind { KIND_OTHER, KIND_SMALL, KIND_CAPITAL, KIND_DIGIT } kind;

/* Letters of the Latin-1 supplement (U+00C0..U+00FF) without their accents. */
static const char folded[] = "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo*ouuuuyty";

/* The next character as an ASCII letter or digit; *used = bytes taken. */
static kind next(const char *text, size_t *used, char *out)
{
    unsigned char c = (unsigned char)text[0], d = (unsigned char)text[1];
    *used = 1;
    if (c == 0xC3 && d >= 0x80 && d <= 0xBF) {
        *used = 2;
        *out = folded[d - 0x80];
        return *out == '*' ? KIND_OTHER : d < 0xA0 ? KIND_CAPITAL : KIND_SMALL;
    }
    *out = (char)c;
    if (c >= '0' && c <= '9')
        return KIND_DIGIT;
    if (c >= 'a' && c <= 'z')
        return KIND_SMALL;
    if (c < 'A' || c > 'Z')
        return KIND_OTHER;
    *out = (char)(c - 'A' + 'a');
    return KIND_CAPITAL;
}

static bool cuts(kind before, kind now)
{
    if (before == KIND_OTHER || now == KIND_OTHER)
        return true;
    return (before == KIND_SMALL && now == KIND_CAPITAL) || ((before == KIND_DIGIT) != (now == KIND_DIGIT));
}

void emgp_words_cut(emgp_words *out, const char *text)
{
    kind before = KIND_OTHER;
    size_t length = 0, n_all = 0, used;
    *out = (emgp_words){ 0 };
    for (size_t i = 0; text[i]; i += used) {
        char c;
        kind now = next(text + i, &used, &c);
        if (now != KIND_OTHER && cuts(before, now)) {
            if (out->n == EMGP_MOST_WORDS)
                return;
            out->n++;
            length = 0;
        }
        if (now != KIND_OTHER && length + 1 < EMGP_WORD_ROOM) {
            if (now == KIND_CAPITAL && out->capitals[out->n - 1] == length)
                out->capitals[out->n - 1]++;
            out->word[out->n - 1][length++] = c;
        }
        if (now != KIND_OTHER && n_all + 1 < EMGP_WORD_ROOM)
            out->all[n_all++] = c;
        before = now;
    }
}

bool emgp_words_have(const emgp_words *words, const char *const *wanted, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (strcmp(words->all, wanted[k]) == 0)
            return true;
        for (size_t i = 0; i < words->n; i++)
            if (strcmp(words->word[i], wanted[k]) == 0)
                return true;
    }
    return false;
}

bool emgp_words_hold(const emgp_words *words, const char *const *wanted, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t m = strlen(wanted[k]);
        for (size_t i = 0; i < words->n; i++) {
            size_t length = strlen(words->word[i]);
            if (length > m &&
                (memcmp(words->word[i], wanted[k], m) == 0 || memcmp(words->word[i] + length - m, wanted[k], m) == 0))
                return true;
        }
    }
    return false;
}
