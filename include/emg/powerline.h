/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power line interference (hum): how strong, at which frequency, and the samples without it. */
#ifndef EMG_POWERLINE_H
#define EMG_POWERLINE_H

#include <stddef.h>

#include <emg/block.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which line is looked for. */
typedef enum emg_powerline {
    EMG_POWERLINE_AUTO = 0, /* 50 or 60 Hz, whichever stands out, per channel and window */
    EMG_POWERLINE_50,
    EMG_POWERLINE_60,
    EMG_POWERLINE_OFF
} emg_powerline;

/* The most multiples of the line frequency that are ever removed, the fundamental counted. */
enum { EMG_POWERLINE_MOST_HARMONICS = 32 };

typedef struct emg_powerline_plan {
    emg_powerline mode;
    size_t harmonics; /* at most so many multiples of the line frequency, the fundamental counted: 1 to 32 */
    double keep_db;   /* the line stays in windows in which the signal without it is stronger than it by more than this;
                         0 to 60 dB; the signal is all from 20 Hz to top_hz */
    double
        stated_hz; /* line frequency that the recording states: within 45 to 65 Hz `auto` looks there only; 0: none */
    double top_hz; /* no harmonic above it, > 0; 0.48 times the sampling rate limits it too */
} emg_powerline_plan;

/* auto, 16 harmonics, 9 dB (CleanEMG, Fraser et al. 2011: removal by interpolation does more harm than the hum where the
 * signal exceeds it by more), nothing stated, no other limit than the sampling rate. */
EMG_API emg_powerline_plan emg_powerline_defaults(void);

/* What was found on a channel so far, in windows of 2 s, half overlapping. */
typedef struct emg_powerline_found {
    double nominal_hz;   /* 50, 60 or what was stated: the one removed in most windows; NaN where none was removed */
    double frequency_hz; /* mean over the windows in which the line was removed, weighed by power; NaN: none was */
    double drift_hz;     /* highest less lowest frequency of these windows, shorter last ones left out; NaN: none was */
    double amplitude; /* mean over them of sqrt(sum of squared amplitudes of all harmonics), in the samples' unit; 0 */
    double share;     /* of all windows, those in which it was removed; NaN when no window was long enough */
} emg_powerline_found;

/* Subtracts the line from samples, in double, and nothing else: where no line is judged worth removing samples are
 * unchanged to the bit. It is fitted as sine waves to a copy without offset and drift, so samples may be raw (offset
 * of any size, drift, DC-coupled) or filtered already; nothing rings, since nothing is filtered. Remove hum ahead of
 * filters of your own: a filter that begins or ends within hum rings there, and the ringing is no line. */
typedef struct emg_powerline_stream emg_powerline_stream;

/* rate_hz: > 0 to 200 kHz; below 105 Hz there is no room for a line and samples pass. n_channels 1 to 64. The stream
 * hands every frame on to `take`, in order. Results do not depend on how the samples are cut or on the other
 * channels. EMG_ERANGE: a number outside its range; EMG_EARG: no such mode, or `take` is NULL; EMG_ENOMEM. *out is NULL
 * on failure. */
EMG_API EMG_MUST_USE emg_status emg_powerline_stream_new(emg_powerline_stream **out, const emg_powerline_plan *plan,
                                                         double rate_hz, size_t n_channels, emg_take_frames *take,
                                                         void *context, emg_error *err);

/* Takes n_frames x n_channels interleaved samples. EMG_EARG: one is not finite (none of them is taken then); else what
 * `take` answers, after which the stream may only be freed. */
EMG_API EMG_MUST_USE emg_status emg_powerline_stream_push(emg_powerline_stream *stream, const double *x,
                                                          size_t n_frames, emg_error *err);

/* Ends the segment (a gap, or the end): hands on what is held. The stream is ready for the next segment, of which it
 * knows nothing from this one; what was found is counted on. A segment below 0.5 s passes unchanged. */
EMG_API EMG_MUST_USE emg_status emg_powerline_stream_finish(emg_powerline_stream *stream, emg_error *err);

/* The most frames ever held back. */
EMG_API size_t emg_powerline_stream_latency(const emg_powerline_stream *stream);

/* What was found on a channel (from 0) in all windows so far. EMG_EARG: no such channel; *out is untouched then. */
EMG_API EMG_MUST_USE emg_status emg_powerline_stream_found(const emg_powerline_stream *stream, size_t channel,
                                                           emg_powerline_found *out, emg_error *err);

/* NULL is allowed. */
EMG_API void emg_powerline_stream_free(emg_powerline_stream *stream);

#ifdef __cplusplus
}
#endif
#endif
