/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings tables: what a row says is what is checked, assigned and printed. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

double emgp_setting_get(const emg_setting *row, const void *values)
{
    double value;
    memcpy(&value, (const char *)values + row->offset, sizeof value);
    return value;
}

static void put(const emg_setting *row, double value, void *values)
{
    memcpy((char *)values + row->offset, &value, sizeof value);
}

void emgp_setting_defaults(const emg_setting *rows, size_t n, bool needle, void *values)
{
    for (size_t i = 0; i < n; i++)
        put(&rows[i], needle ? rows[i].needle : rows[i].fallback, values);
}

/* The index of text among "a|b|c", or -1. */
static int word_index(const char *words, const char *text)
{
    size_t length = strlen(text);
    for (int index = 0;; index++) {
        const char *end = strchr(words, '|');
        size_t n = end ? (size_t)(end - words) : strlen(words);
        if (n == length && memcmp(words, text, n) == 0)
            return index;
        if (!end)
            return -1;
        words = end + 1;
    }
}

emg_status emgp_setting_assign(const emg_setting *row, const char *text, void *values, emg_error *err)
{
    char shown[64];
    emgp_text_printable_string(shown, sizeof shown, text);
    if (row->words) {
        int index = word_index(row->words, text);
        if (index < 0)
            return emgp_fail(err, EMG_EARG, "setting %s: '%s' is none of %s", row->key, shown, row->words);
        put(row, index, values);
        return EMG_OK;
    }
    double value;
    if (!emgp_number_parse(text, strlen(text), &value))
        return emgp_fail(err, EMG_EARG, "setting %s: '%s' is not a number", row->key, shown);
    if (!(value >= row->least && value <= row->most)) {
        char least[EMGP_NUMBER_ROOM], most[EMGP_NUMBER_ROOM];
        emgp_number_print(least, row->least);
        emgp_number_print(most, row->most);
        return emgp_fail(err, EMG_ERANGE, "setting %s: %s is outside %s to %s%s%s", row->key, shown, least, most,
                         *row->unit ? " " : "", row->unit);
    }
    put(row, value, values);
    return EMG_OK;
}

/* Six digits when they say it all, else as many as it takes to read the same number back. */
static size_t print_exactly(char *out, double value)
{
    double back;
    size_t n = emgp_number_print(out, value);
    for (int digits = 7; digits <= 17; digits++) {
        if (emgp_number_parse(out, n, &back) && !(back < value) && !(back > value))
            return n;
        n = (size_t)snprintf(out, EMGP_NUMBER_ROOM, "%.*g", digits, value);
        char *comma = strchr(out, ','); /* the locale's */
        if (comma)
            *comma = '.';
    }
    return n;
}

size_t emgp_setting_print(const emg_setting *row, const void *values, char out[EMGP_NUMBER_ROOM])
{
    double value = emgp_setting_get(row, values);
    if (!row->words)
        return print_exactly(out, value);
    const char *word = row->words;
    for (int i = (int)value; i > 0 && strchr(word, '|'); i--)
        word = strchr(word, '|') + 1;
    const char *end = strchr(word, '|');
    size_t n = end ? (size_t)(end - word) : strlen(word);
    if (n >= EMGP_NUMBER_ROOM)
        n = EMGP_NUMBER_ROOM - 1;
    memcpy(out, word, n);
    out[n] = '\0';
    return n;
}

emg_status emgp_setting_check(const emg_setting *rows, size_t n, const void *values, emg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        double value = emgp_setting_get(&rows[i], values);
        if (!(value >= rows[i].least && value <= rows[i].most)) {
            char shown[EMGP_NUMBER_ROOM], least[EMGP_NUMBER_ROOM], most[EMGP_NUMBER_ROOM];
            emgp_number_print(shown, value);
            emgp_number_print(least, rows[i].least);
            emgp_number_print(most, rows[i].most);
            return emgp_fail(err, EMG_ERANGE, "setting %s: %s is outside %s to %s", rows[i].key, shown, least, most);
        }
    }
    return EMG_OK;
}
