/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of several rates and delays, cut into rounds: the same stretch of time of all of them. */
#ifndef EMGP_ROUNDS_H
#define EMGP_ROUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

/* One stream: n_channels interleaved, per_round frames of it in a round. */
typedef struct emgp_round_source {
    size_t n_channels, per_round;
    double rate_hz;
} emgp_round_source;

/* A stretch of time. All arrays are indexed by source and valid during the call only. */
typedef struct emgp_round {
    double segment_s;         /* when its segment began: that of the source that begins first */
    bool begins;              /* the first round of a segment */
    const double *const *x;   /* n_frames[source] frames of each source */
    const size_t *n_frames;   /* per_round, but in a segment's last round perhaps less, also 0 */
    bool partial;             /* such a round: a source has less */
    double next_s;            /* of a partial round: when the next segment begins; INFINITY after the last */
    const double *const *end; /* the segment's newest frame of each source, or NULL when it has none */
} emgp_round;

typedef emg_status emgp_take_round(void *context, const emgp_round *round, emg_error *err);

typedef struct emgp_rounds emgp_rounds;

/* `sources` are copied. EMG_ENOMEM. */
emg_status emgp_rounds_new(emgp_rounds **out, const emgp_round_source *sources, size_t n_sources, emgp_take_round *take,
                           void *context, emg_error *err);

/* A source's next segment begins; its frames follow with pushes, in any mixture with other sources'. Rounds are handed
 * on as they fill in all sources. EMG_EUNSUPPORTED: the sources' segments do not begin within one sample of each other
 * (a segment is too short for a sample of some); EMG_ENOMEM, and what `take` answers. */
emg_status emgp_rounds_begin(emgp_rounds *rounds, size_t source, double start_s, emg_error *err);
emg_status emgp_rounds_push(emgp_rounds *rounds, size_t source, const double *x, size_t n_frames, emg_error *err);

/* All sources have ended. */
emg_status emgp_rounds_end(emgp_rounds *rounds, emg_error *err);

/* Segments so far, and the greatest common divisor of a source's segments in frames (0 before the first ends). */
size_t emgp_rounds_n_segments(const emgp_rounds *rounds);
uint64_t emgp_rounds_divisor(const emgp_rounds *rounds, size_t source);

/* NULL is allowed. */
void emgp_rounds_free(emgp_rounds *rounds);

#endif
