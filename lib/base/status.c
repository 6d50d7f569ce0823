/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status codes as phrases, and failures whose first sentence wins. */
#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    vsnprintf(err->text, sizeof err->text, format, args);
    /* A sentence cut in the middle of a UTF-8 sequence would not be UTF-8 any more. */
    size_t n = strlen(err->text);
    if (n == sizeof err->text - 1) {
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

emg_status emgp_fail_memory(emg_error *err)
{
    return emgp_fail(err, EMG_ENOMEM, "out of memory");
}
