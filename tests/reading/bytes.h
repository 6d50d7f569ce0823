/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings built byte by byte in memory, sound unless a test breaks them. */
#ifndef TEST_BYTES_H
#define TEST_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* A growing run of bytes; free with bytes_free. */
typedef struct bytes {
    unsigned char *at;
    size_t n, room;
} bytes;

void bytes_add(bytes *b, const void *from, size_t n);
void bytes_text(bytes *b, const char *text, size_t width); /* left-justified, padded with spaces */
void bytes_little(bytes *b, uint64_t value, size_t width);
void bytes_free(bytes *b);

/* Overwrites a text field at an offset, padded with spaces. */
void bytes_patch(bytes *b, size_t offset, const char *text, size_t width);

/* One signal of an EDF file. */
typedef struct edf_signal {
    const char *label, *unit;
    const char *physical_min, *physical_max, *digital_min, *digital_max;
    int n; /* samples per record */
} edf_signal;

typedef struct edf_plan {
    int sample_bytes;     /* 2 or 3 */
    const char *reserved; /* "", "EDF+C", ... */
    const char *duration; /* of a record */
    const edf_signal *signals;
    int n_signals, n_records;
    /* annotation bytes of a record of an EDF+ file; NULL: none */
    const char *const *annotations;
    const size_t *annotation_lengths; /* NULL: up to their first NUL */
} edf_plan;

/* The digital value of sample `index` (in the whole signal) of a signal: a known pattern over the whole range. */
int edf_digital(int sample_bytes, int signal, uint64_t index);

/* A whole file; signals labelled "EDF Annotations" or "BDF Annotations" take the plan's annotations. */
bytes edf_build(const edf_plan *plan);

/* Offset of a field of signal i: where its column begins (16 transducer, 96 unit, 104 physical minimum, ...). */
size_t edf_field(const edf_plan *plan, size_t column, size_t width, size_t i);

/* A RIFF wave file: format tag, channels, rate, bits, and n bytes of samples. */
bytes wave_build(unsigned tag, unsigned n_channels, uint32_t rate, unsigned bits, const void *samples, size_t n);

#endif
