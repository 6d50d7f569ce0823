/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things stand in an EDF or BDF file, taken from its header the plain way and without any code of the library. */
#ifndef TEST_LAYOUT_H
#define TEST_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct layout_signal {
    char label[17];
    size_t n, offset; /* samples in a record; bytes from its start */
} layout_signal;

/* A whole file in memory. */
typedef struct layout {
    unsigned char *bytes;
    size_t n_bytes, n_signals, header_bytes, record_bytes, n_records, sample_bytes;
    double record_duration_s;
    bool discontinuous;
    layout_signal *signals;
} layout;

/* False when there is no such file, or no record of samples in it. Free with layout_free in either case. */
bool layout_read(layout *out, const char *path);

/* The same of a copy of n bytes. */
bool layout_copy(layout *out, const void *bytes, size_t n);
void layout_free(layout *l);

/* The bytes of a signal's part of a record. */
const unsigned char *layout_at(const layout *l, size_t record, size_t signal);

/* Sample `index` of a signal, counted through all records. */
long layout_sample(const layout *l, size_t signal, size_t index);

/* The first annotation signal's number from 0; n_signals when there is none. */
size_t layout_annotations(const layout *l);

#endif
