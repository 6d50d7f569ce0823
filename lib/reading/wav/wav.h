/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WAV, RF64, W64, FLAC: read and written. */
#ifndef EMGP_READING_WAV_WAV_H
#define EMGP_READING_WAV_WAV_H

#include <stddef.h>
#include <stdint.h>

#include <emg/recording.h>
#include <emg/status.h>

#include "reading/source/source.h"

/* ---- header.c: Where the samples of a wave file lie and what they are: RIFF, RF64 and Wave64 by their chunks. */

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

/* ---- raw.c: What headerless samples are said to be. ---- */

typedef struct emgp_raw {
    int format; /* libsndfile's */
    unsigned sample_bytes, n_channels;
    double rate_hz;
} emgp_raw;

/* "f32le,4ch,2000Hz", in any order, small letters or capital. EMG_EARG: something else. */
emg_status emgp_raw_read(const char *text, emgp_raw *out, emg_error *err);

/* ---- write.c: Writes WAV files: one rate, one scale for all channels, the same bytes each run, whole or not at all. */

typedef enum emgp_wav_samples {
    EMGP_WAV_FLOAT = 0, /* 32-bit IEEE floats: keep 24 bits of any size, also beyond full scale */
    EMGP_WAV_PCM_16,
    EMGP_WAV_PCM_24
} emgp_wav_samples;

typedef struct emgp_wav_plan {
    double rate_hz;    /* a whole number from 1 to 2147483647: the header knows no other */
    size_t n_channels; /* 1 to 1024, and at most 65535 bytes a frame */
    emgp_wav_samples samples;
    double full_scale; /* what 1.0 in the file means, in the units of what is pushed; > 0 */
} emgp_wav_plan;

typedef struct emgp_wav_writer emgp_wav_writer;

/* Begins a file. EMG_ERANGE: a rate or a number of channels that the header cannot say; EMG_EARG: a full scale that is
 * not positive and finite; EMG_EIO, EMG_ENOMEM. Free in any case. */
emg_status emgp_wav_writer_open(emgp_wav_writer **out, const char *path, const emgp_wav_plan *plan, emg_error *err);

/* Appends n_frames x n_channels interleaved samples, each divided by the full scale. Integers are the nearest step,
 * 2^15 or 2^23 steps at full scale; what lies beyond is clipped and counted. Cuts do not matter. */
emg_status emgp_wav_writer_push(emgp_wav_writer *writer, const double *x, size_t n_frames, emg_error *err);

/* Completes the header and the file, which appears under its name: RIFF, or RF64 when 4 GiB do not hold it. */
emg_status emgp_wav_writer_finish(emgp_wav_writer *writer, emg_error *err);

/* Samples that were clipped; of floats, those that are not finite or too large for one, which became the largest. */
uint64_t emgp_wav_writer_n_clipped(const emgp_wav_writer *writer);

/* Frees; a file that was not finished disappears. NULL is allowed. */
void emgp_wav_writer_free(emgp_wav_writer *writer);

#endif
