/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status codes as phrases, and failures whose first sentence wins. */
#include "base/base.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Of emg_error.text; what is left is for the name of a file. */
enum { SENTENCE_ROOM = 256, NAME_ROOM = sizeof((emg_error *)0)->text - SENTENCE_ROOM };

static const char *const phrases[] = {
    "done",          "out of memory", "wrong argument",  "input or output failed", "malformed input",
    "not supported", "out of range",  "too little data", "stopped on request",
};

const char *emg_status_phrase(emg_status status)
{
    size_t i = (size_t)status;
    return i < sizeof phrases / sizeof *phrases ? phrases[i] : "unknown status";
}

void emg_error_clear(emg_error *err)
{
    if (err)
        *err = (emg_error)EMG_ERROR_NONE;
}

EMGP_PRINTF(5, 0)
static void fill(emg_error *err, emg_status status, int64_t offset, int64_t channel, const char *format, va_list args)
{
    if (!err || err->status != EMG_OK)
        return;
    err->status = status;
    err->offset = offset;
    err->channel = channel;
    err->n_name = 0;
    vsnprintf(err->text, SENTENCE_ROOM, format, args);
    /* A sentence cut in the middle of a UTF-8 sequence would not be UTF-8 any more. */
    size_t n = strlen(err->text);
    if (n == SENTENCE_ROOM - 1) {
        while (n > 0 && ((unsigned char)err->text[n - 1] & 0xC0) == 0x80)
            n--;
        if (n > 0 && (unsigned char)err->text[n - 1] >= 0xC0)
            n--;
        err->text[n] = '\0';
    }
}

emg_status emgp_fail(emg_error *err, emg_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, status, -1, -1, format, args);
    va_end(args);
    return status;
}

emg_status emgp_fail_at(emg_error *err, emg_status status, int64_t offset, int64_t channel, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, status, offset, channel, format, args);
    va_end(args);
    return status;
}

emg_error *emgp_fresh(emg_error *err)
{
    return err && err->status == EMG_OK ? err : NULL;
}

/* "PATH: ", of a long path "...END: " with as much of its end as there is room for. */
static void print_name(char out[NAME_ROOM], const char *path)
{
    enum { MOST = NAME_ROOM - sizeof "...: " };
    size_t n = strlen(path);
    bool whole = n <= MOST;
    const char *from = whole ? path : path + n - MOST;
    while (!whole && ((unsigned char)*from & 0xC0) == 0x80) /* not from the middle of a character */
        from++;
    char shown[NAME_ROOM - 5];
    emgp_text_printable_string(shown, sizeof shown, from);
    snprintf(out, NAME_ROOM, "%s%s: ", whole ? "" : "...", shown);
}

/* Whether a sentence begins with "PATH:", or with the last part of it. */
static bool names_already(const char *text, const char *path)
{
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    size_t n = strlen(path), m = strlen(last);
    return (strncmp(text, path, n) == 0 && text[n] == ':') || (m > 0 && strncmp(text, last, m) == 0 && text[m] == ':');
}

emg_status emgp_name_failure(emg_error *err, const char *path, emg_status status)
{
    if (!err || !path || status == EMG_OK || status == EMG_ENOMEM || status == EMG_ECANCELLED || err->n_name > 0 ||
        names_already(err->text, path))
        return status;
    char name[NAME_ROOM];
    print_name(name, path);
    err->n_name = strlen(name);
    memmove(err->text + err->n_name, err->text, strlen(err->text) + 1);
    memcpy(err->text, name, err->n_name);
    return status;
}

emg_status emgp_fail_memory(emg_error *err)
{
    return emgp_fail(err, EMG_ENOMEM, "out of memory");
}

emg_status emgp_check_rate(double rate_hz, emg_error *err)
{
    return rate_hz > 0 && isfinite(rate_hz) ? EMG_OK
                                            : emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not above 0", rate_hz);
}

emg_status emgp_check_channels(size_t n_channels, emg_error *err)
{
    return n_channels >= 1 && n_channels <= EMGP_MOST_CHANNELS
               ? EMG_OK
               : emgp_fail(err, EMG_ERANGE, "%zu channels in a group is not within 1 to %d", n_channels,
                           EMGP_MOST_CHANNELS);
}
