/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ECG in a muscle's signal: found by its QRS complexes, subtracted as a learned wave or gated, and described. */
#ifndef EMG_ECG_H
#define EMG_ECG_H

#include <stddef.h>
#include <stdint.h>

#include <emg/block.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* When the ECG is looked for, and how it is removed. */
typedef enum emg_ecg_mode {
    EMG_ECG_AUTO = 0, /* subtracted where it is found beyond doubt: a slow wave 40 to 180 times a minute, as uneven
                           as breathing makes it. Clock-regular trains (a stimulator) and sharp waves (a motor unit's)
                           stay, and so does a paced heart's ECG. */
    EMG_ECG_SUBTRACT, /* the caller knows that there is one: subtracted also when sharp or clock-regular */
    EMG_ECG_GATE,     /* the same, and then each QRS complex is replaced by its surroundings (see emg_ecg_stream) */
    EMG_ECG_OFF
} emg_ecg_mode;

/* One QRS complex found on a channel: its peak in frames from the stream's first (over all segments, with fraction),
 * and the factor by which its wave was larger than the template. */
typedef struct emg_ecg_qrs {
    size_t channel;
    double frame; /* frames from the stream's first, with fraction */
    double gain;  /* a factor */
} emg_ecg_qrs;

/* Called for every QRS complex of every channel, in time order per channel, before its samples are handed on. */
typedef emg_status emg_ecg_take_qrs(void *context, const emg_ecg_qrs *qrs, emg_error *err);

typedef struct emg_ecg_plan {
    emg_ecg_mode mode;
    int ecg_channel; /* channel (from 0) that is an ECG: its QRS complexes are looked for in all others, and itself it
                                passes unchanged; -1: every channel is judged by itself alone */
    double before_s; /* the wave that is learned and subtracted begins so long before the peak; 0.05 to 0.5 */
    double after_s;  /* and ends so long after it; 0.05 to 0.6. Its outermost 20 ms are tapered to zero. */
    double gate_s;   /* gating: so long to either side of the peak is replaced; 0.01 to 0.2 */
    emg_ecg_take_qrs *qrs; /* NULL: they are only counted */
    void *qrs_context;
} emg_ecg_plan;

/* auto, no ECG channel, 0.12 s before, 0.16 s after (a QRS of 80-120 ms and the tails that a 20 Hz high-pass gives it),
 * 60 ms gated to either side, no callback. For P and T waves of an unfiltered channel take 0.25 and 0.45 s. */
EMG_API emg_ecg_plan emg_ecg_defaults(void);

/* What was found on a channel so far. Amplitudes are in the samples' unit. */
typedef struct emg_ecg_found {
    uint64_t n_qrs;           /* QRS complexes removed (on the ECG channel: counted) */
    double rate_per_min;      /* from the median interval of successive ones; NaN below 2 */
    double interval_cv;       /* of these intervals, missed ones left out; NaN below 3 */
    double amplitude;         /* peak to peak of what was removed, mean; 0 when none */
    double first_s, last_s;   /* first and last QRS, seconds from the stream's first frame; NaN when none */
    double removed_s;         /* time that lies under removed waves */
    const double *wave;       /* the template as it is now: n_wave samples; belongs to the stream; NULL when none yet */
    size_t n_wave, wave_peak; /* wave[wave_peak] is at the time of the QRS */
    uint64_t n_led;           /* of n_qrs, those known from an ECG channel */
} emg_ecg_found;

/* Removes the ECG from a group of channels, each judged by itself (or by the ECG channel's QRS complexes), and hands
 * every frame on, in order. Samples beside the waves, and channels without ECG, are unchanged to the bit. Detection
 * works up to about 100 Hz on 16 s held back; best after a band-pass and after removal of the power line (hum of the
 * ECG's size hides it). The wave subtracted is the running clipped mean of those before (at first the median), moved to
 * its QRS by parts of a sample, scaled by a fit that discharges on top of it do not bend, within a quarter of its usual
 * size. Gated stretches are filled by their mirrored surroundings, faded into each other at constant power and clipped
 * at two standard deviations of the noise: the noise goes on, but nothing that counts as a discharge is made. */
typedef struct emg_ecg_stream emg_ecg_stream;

/* rate_hz: > 0 to 200 kHz; below 100 Hz nothing is looked for. n_channels 1 to 64. Results do not depend on how the
 * samples are cut or, without an ECG channel, on the other channels. EMG_ERANGE: a number outside its range, an
 * ecg_channel that is none; EMG_EARG: no such mode, or `take` is NULL; EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_ecg_stream_new(emg_ecg_stream **out, const emg_ecg_plan *plan, double rate_hz,
                                                   size_t n_channels, emg_take_frames *take, void *context,
                                                   emg_error *err);

/* Takes n_frames x n_channels interleaved samples. EMG_EARG: one is not finite (none of them is taken then); else what
 * `take` or `qrs` answers, after which the stream may only be freed. */
EMG_API EMG_MUST_USE emg_status emg_ecg_stream_push(emg_ecg_stream *stream, const double *x, size_t n_frames,
                                                    emg_error *err);

/* Ends the segment (a gap, or the end): hands on what is held. The next segment is learned anew; what was found is
 * counted on. A segment with less than 8 QRS complexes is unchanged. */
EMG_API EMG_MUST_USE emg_status emg_ecg_stream_finish(emg_ecg_stream *stream, emg_error *err);

/* The most frames ever held back: 16 s of them, or none when nothing is looked for. */
EMG_API size_t emg_ecg_stream_latency(const emg_ecg_stream *stream);

/* What was found on a channel (from 0). EMG_EARG: no such channel; *out is untouched then. */
EMG_API EMG_MUST_USE emg_status emg_ecg_stream_found(const emg_ecg_stream *stream, size_t channel, emg_ecg_found *out,
                                                     emg_error *err);

/* NULL is allowed. */
EMG_API void emg_ecg_stream_free(emg_ecg_stream *stream);

#ifdef __cplusplus
}
#endif
#endif
