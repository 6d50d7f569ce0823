/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes WAV files: one rate, one scale for all channels, the same bytes each run, whole or not at all. */
#ifndef EMGP_WAV_WRITE_H
#define EMGP_WAV_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

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
