/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short-time spectra: one column per segment and channel, handed on as soon as its last sample is there. */
#ifndef EMG_SPECTROGRAM_H
#define EMG_SPECTROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>
#include <emg/welch.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a column holds. */
typedef enum emg_spectrogram_value {
    EMG_SPECTROGRAM_POWER = 0, /* one-sided power in the plan's scaling, as scipy.signal.spectrogram(mode = 'psd') */
    EMG_SPECTROGRAM_COMPLEX    /* the transform, times the root of that scale and not doubled, as scipy.signal.stft */
} emg_spectrogram_value;

/* What happens at the ends of a stretch.
 *
 *   WHOLE  |--------|                        only segments that lie wholly within it; what is left is not used
 *              |--------|                    (scipy.signal.spectrogram; stft with boundary = None, padded = False)
 *   ZEROS  0000|----                         half a segment of zeros before and behind, and more behind until a last
 *          00|------                         segment fits, so that every sample is in the middle of some segment
 *                                            (scipy.signal.stft as it is by default)
 */
typedef enum emg_spectrogram_edge { EMG_SPECTROGRAM_WHOLE = 0, EMG_SPECTROGRAM_ZEROS } emg_spectrogram_edge;

/* One segment's spectrum, valid during the call only. */
typedef struct emg_spectrogram_column {
    size_t channel;   /* from 0 */
    uint64_t stretch; /* from 0: counts the calls of _finish before it */
    int64_t first;    /* the segment's first sample, counted from the stretch's; negative where zeros lie before it */
    double centre_s;  /* (first + segment / 2) / rate_hz: from the stretch's first sample */
    size_t n_bins;    /* emg_welch_bins() */
    const double *value; /* n_bins powers, or n_bins complex numbers as real and imaginary part by turns */
} emg_spectrogram_column;

/* Takes a column; anything but EMG_OK ends the push with that answer. */
typedef emg_status emg_take_column(void *context, const emg_spectrogram_column *column, emg_error *err);

typedef struct emg_spectrogram emg_spectrogram;

/* A stream of 1 to 64 interleaved channels. Columns come in the order of time, at each time in that of channels, and
 * depend neither on how the stream is cut nor on the group. The plan's `average` is not read. EMG_EARG: no taker;
 * EMG_ERANGE: the plan, n_channels, n_fft times channels above 2^25 (memory); EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_spectrogram_new(emg_spectrogram **out, const emg_welch_plan *plan,
                                                    emg_spectrogram_value value, emg_spectrogram_edge edge,
                                                    size_t n_channels, emg_take_column *take, void *context,
                                                    emg_error *err);

/* Takes n_frames x n_channels samples. EMG_EARG: one is not finite; nothing of the call is taken then. The taker's
 * answer, when that is not EMG_OK: the stream can only be freed then. */
EMG_API EMG_MUST_USE emg_status emg_spectrogram_push(emg_spectrogram *spectrogram, const double *x, size_t n_frames,
                                                     emg_error *err);

/* Ends a stretch, with its last columns under EMG_SPECTROGRAM_ZEROS. Ready for the next. The taker's answer. */
EMG_API EMG_MUST_USE emg_status emg_spectrogram_finish(emg_spectrogram *spectrogram, emg_error *err);

EMG_API void emg_spectrogram_free(emg_spectrogram *spectrogram);

#ifdef __cplusplus
}
#endif
#endif
