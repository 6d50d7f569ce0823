/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dense stages hand to the sparse ones: discharges and bursts, as they are spilled. */
#ifndef EMGP_RECORDS_H
#define EMGP_RECORDS_H

#include <stdint.h>

enum {
    EMGP_SHAPE = 32,           /* points of a discharge's shape */
    EMGP_CUT_BY_GAP = 1u << 0, /* touches the start or the end of a segment */
    EMGP_CLIPPED = 1u << 1,    /* holds samples at the recorder's limit */
    EMGP_POP = 1u << 2,        /* sits on a step of the baseline */
    EMGP_MOTION = 1u << 3,     /* sits on a large slow deflection */
    EMGP_NO_REST = 1u << 4,    /* the noise itself is as large as activity: the channel did not rest around it */
    EMGP_SEGMENT_END = 1u << 5 /* no burst: marks the end of a segment (bursts only) */
};

/* One discharge: a motor unit potential with all its phases. */
typedef struct emgp_discharge {
    double peak_s;            /* largest deflection, seconds from the recording's first sample */
    float before_s, after_s;  /* peak - onset, end - peak */
    float peak, peak_to_peak; /* in the channel's unit */
    float sigma;              /* of the noise there */
    uint32_t flags;
    int8_t shape[EMGP_SHAPE]; /* 20 ms around the peak (needle: 6.4 ms), largest value +-127 */
} emgp_discharge;

/* One burst: a stretch of activity with one or more discharges in it. */
typedef struct emgp_burst {
    double onset_s, end_s, peak_s;
    float core_s;                /* time from 25 % to 75 % of the energy above the noise; NaN when longer than 1 s */
    float peak, peak_to_peak;    /* in the channel's unit */
    float rms, sigma;            /* of the burst, of the noise */
    float acf_height, acf_lag_s; /* first peak of the autocorrelation of the log envelope around the peak; NaN: none */
    uint32_t n_discharges;       /* how many of the channel's discharges it holds, in order */
    uint32_t flags;
} emgp_burst;

#endif
