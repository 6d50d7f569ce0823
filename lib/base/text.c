/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hostile bytes to printable UTF-8, and the few comparisons of text that the library needs. */
#include "base/base.h"

#include <stdint.h>
#include <string.h>

/* Length of the valid UTF-8 sequence at p (1..4), or 0. */
static size_t sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    size_t length = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
    if (p[0] < 0xC2 || p[0] > 0xF4 || n < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return length;
}

bool emgp_text_is_utf8(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n;) {
        size_t length = sequence(p + i, n - i);
        if (length == 0)
            return false;
        i += length;
    }
    return true;
}

static size_t escape(char *out, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    out[0] = '\\';
    out[1] = 'x';
    out[2] = hex[byte >> 4];
    out[3] = hex[byte & 15];
    return 4;
}

size_t emgp_text_step(char out[8], const void *bytes, size_t n, bool utf8, size_t *used, bool *changed)
{
    const unsigned char *p = bytes;
    *used = 1;
    if (p[0] >= 0x20 && p[0] < 0x7F) {
        out[0] = (char)p[0];
        return 1;
    }
    if (p[0] < 0x80) {
        *changed = true;
        return escape(out, p[0]);
    }
    if (utf8) {
        size_t length = sequence(p, n);
        *used = length;
        if (length == 2 && p[0] == 0xC2 && p[1] < 0xA0) { /* C1 control */
            *changed = true;
            return escape(out, p[1]);
        }
        memcpy(out, p, length);
        return length;
    }
    *changed = true;
    if (p[0] < 0xA0)
        return escape(out, p[0]);
    out[0] = (char)(0xC0 | (p[0] >> 6)); /* Latin-1 */
    out[1] = (char)(0x80 | (p[0] & 0x3F));
    return 2;
}

bool emgp_text_printable(char *out, size_t room, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    bool utf8 = emgp_text_is_utf8(bytes, n), changed = false;
    size_t w = 0;
    for (size_t i = 0; i < n;) {
        char piece[8];
        size_t used, length = emgp_text_step(piece, p + i, n - i, utf8, &used, &changed);
        if (w + length >= room) {
            changed = true;
            break;
        }
        memcpy(out + w, piece, length);
        w += length;
        i += used;
    }
    out[w] = '\0';
    return !changed;
}

bool emgp_text_printable_string(char *out, size_t room, const char *text)
{
    return emgp_text_printable(out, room, text, strlen(text));
}

void emgp_text_trim(const char *bytes, size_t *from, size_t *to)
{
    while (*from < *to && (bytes[*from] == ' ' || bytes[*from] == '\0'))
        (*from)++;
    while (*to > *from && (bytes[*to - 1] == ' ' || bytes[*to - 1] == '\0'))
        (*to)--;
}

void emgp_text_copy(char *out, size_t room, const char *text)
{
    size_t n = strlen(text);
    if (n >= room) {
        n = room - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(out, text, n);
    out[n] = '\0';
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool emgp_text_glob(const char *glob, const char *text)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*glob == '*') {
            star = ++glob;
            resume = text;
        } else if (*glob == '?' || (*glob && lower(*glob) == lower(*text))) {
            glob++;
            text++;
        } else if (star) {
            glob = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}

bool emgp_text_same(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (lower(*a) != lower(*b))
            return false;
    return *a == *b;
}
