/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the samples of a wave file lie and what they are: RIFF, RF64 and Wave64 by their chunks. */
#ifndef EMGP_WAVE_HEADER_H
#define EMGP_WAVE_HEADER_H

#include <emg/recording.h>

#include "reading/source/deviation.h"
#include "reading/source/io.h"

typedef struct emgp_wave {
    emg_format format;
    bool is_float;
    unsigned sample_bytes; /* of one channel: 1 to 4, or 8 for float */
    bool low_bytes;        /* 24-bit samples stand in the low three of their four bytes, not in the high three */
    unsigned n_channels;
    uint32_t rate_hz;
    uint64_t data_offset, n_frames; /* frames that are really in the file */
} emgp_wave;

/* Wave files have at most this many channels, and a rate in this range. */
enum { EMGP_WAVE_MOST_CHANNELS = 1024, EMGP_WAVE_LEAST_HZ = 100, EMGP_WAVE_MOST_HZ = 10000000 };

/* Whether n bytes (12 suffice) begin such a file. */
bool emgp_wave_sniff(const unsigned char *head, size_t n);

/* EMG_EFORMAT: broken; EMG_EUNSUPPORTED: neither PCM nor float; EMG_EIO, EMG_ENOMEM. */
emg_status emgp_wave_read(emgp_io *io, emgp_deviations *deviations, emgp_wave *out, emg_error *err);

#endif
