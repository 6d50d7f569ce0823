/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written text gathered in memory, for tests that compare it. */
#ifndef EMG_COLLECT_H
#define EMG_COLLECT_H

#include <stddef.h>

#include <emg/report.h>

typedef struct collected {
    char *text; /* NUL-terminated; freed by collected_free() */
    size_t n, room;
    size_t fail_after; /* bytes after which writing fails; 0: never */
} collected;

/* An emg_write function; context is a zeroed `collected`. */
emg_status collect(void *context, const char *bytes, size_t n, emg_error *err);
void collected_free(collected *all);

#endif
