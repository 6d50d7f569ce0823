/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where text goes: a buffered stream of bytes over a caller's function, with a sticky failure. */
#ifndef EMGP_SINK_H
#define EMGP_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

/* Takes n bytes; anything but EMG_OK stops the sink for good. */
typedef emg_status emgp_sink_write(void *context, const char *bytes, size_t n, emg_error *err);

enum { EMGP_SINK_ROOM = 32 * 1024 };

typedef struct emgp_sink {
    emgp_sink_write *write;
    void *context;
    emg_error *err; /* the caller's; NULL allowed */
    emg_status status;
    size_t n;
    char buffer[EMGP_SINK_ROOM];
} emgp_sink;

void emgp_sink_init(emgp_sink *sink, emgp_sink_write *write, void *context, emg_error *err);
void emgp_sink_bytes(emgp_sink *sink, const char *bytes, size_t n);
void emgp_sink_text(emgp_sink *sink, const char *text);
void emgp_sink_number(emgp_sink *sink, double value); /* 6 significant digits, n/a */
void emgp_sink_time(emgp_sink *sink, double value);   /* 6 decimals, n/a */
void emgp_sink_count(emgp_sink *sink, uint64_t value);

/* Hands on what is buffered; returns the first failure of all calls before. */
emg_status emgp_sink_flush(emgp_sink *sink);

#endif
