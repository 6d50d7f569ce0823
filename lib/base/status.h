/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting a failure: the first one wins. */
#ifndef EMGP_STATUS_H
#define EMGP_STATUS_H

#include <emg/status.h>

#if defined(__GNUC__)
#define EMGP_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define EMGP_PRINTF(f, a)
#endif

/* Writes status and sentence into err unless it holds a failure already; returns status. The sentence must hold
 * only text that is printable (hostile bytes pass emgp_text_printable first). */
emg_status emgp_fail(emg_error *err, emg_status status, const char *format, ...) EMGP_PRINTF(3, 4);

/* The same with the byte offset and the signal number (from 1) it speaks of, -1 for none. */
emg_status emgp_fail_at(emg_error *err, emg_status status, int64_t offset, int64_t channel, const char *format, ...)
    EMGP_PRINTF(5, 6);

/* EMG_ENOMEM with its one sentence. */
emg_status emgp_fail_memory(emg_error *err);

#endif
