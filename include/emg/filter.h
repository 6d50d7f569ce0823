/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters in double: designed from corners, and asked for their response. */
#ifndef EMG_FILTER_H
#define EMG_FILTER_H

#include <stddef.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emg_filter_family {
    EMG_FILTER_BUTTERWORTH = 0, /* second-order sections, as scipy.signal.butter(output='sos') */
    EMG_FILTER_NOTCH,           /* one section with zeros at one frequency, as scipy.signal.iirnotch */
    EMG_FILTER_FIR              /* linear phase, Kaiser window, as scipy.signal.kaiserord and firwin; odd length */
} emg_filter_family;

typedef enum emg_filter_kind {
    EMG_FILTER_LOW = 0, /* passes below high_hz */
    EMG_FILTER_HIGH,    /* passes above low_hz */
    EMG_FILTER_PASS,    /* passes low_hz to high_hz */
    EMG_FILTER_STOP     /* stops low_hz to high_hz */
} emg_filter_kind;

typedef enum emg_filter_direction {
    EMG_FILTER_FORWARD = 0, /* causal, with the filter's phase and delay */
    EMG_FILTER_ZERO_PHASE   /* sections: forward, then backward (gain squared, -6 dB at the corners); taps: one pass,
                               its delay removed (gain as it is). Phase and delay are 0 either way. */
} emg_filter_direction;

/* How a segment is continued before its first and after its last sample (forward: before its first). Mirrored
 * paddings reach as far as emg_filter_transient() says, or as the segment has samples; beyond, the value they end
 * with goes on for ever. */
typedef enum emg_filter_padding {
    EMG_FILTER_PAD_CONSTANT = 0, /* the first, the last value for ever: forward starts in its steady state */
    EMG_FILTER_PAD_ODD,          /* turned about the end: 2 x[0] - x[k]; SciPy's padtype 'odd' */
    EMG_FILTER_PAD_EVEN,         /* mirrored at the end: x[k]; SciPy's padtype 'even' */
    EMG_FILTER_PAD_ZERO          /* zeros: forward starts with zero state, as scipy.signal.sosfilt without zi */
} emg_filter_padding;

/* What a filter is made from; members that its family and kind do not name are not looked at. */
typedef struct emg_filter_plan {
    emg_filter_family family;
    emg_filter_kind kind;   /* Butterworth, FIR */
    int order;              /* Butterworth: 1 to 12; a band filter has twice as many poles */
    double low_hz, high_hz; /* corners, > 0 and < rate_hz / 2. Butterworth: -3 dB of one pass; FIR: -6 dB; notch:
                                   low_hz is its centre */
    double q;               /* notch: centre / width at -3 dB, 0.1 to 1e4 */
    double transition_hz;   /* FIR: width of the steps, > 0; at most 2^20 taps come of it */
    double attenuation_db;  /* FIR: of the stopped band, 21 to 180; also 20 log10 of the ripple of the passed one */
    double rate_hz;         /* samples per second, > 0 */
    emg_filter_padding padding;
} emg_filter_plan;

/* One section, H(z) = (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2). */
typedef struct emg_filter_section {
    double b0, b1, b2, a1, a2; /* ratios */
} emg_filter_section;

/* A designed filter; it does not change, so that threads may share it. */
typedef struct emg_filter emg_filter;

/* Designs a filter. EMG_ERANGE, with a sentence that names the value and its range: a corner that is not between 0 and
 * half the sampling rate, corners in the wrong order, an order, q, attenuation or transition out of its range, or a
 * filter that needs more than 2^24 frames to settle (see emg_filter_transient). EMG_EARG: no such family, kind or
 * padding. EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_filter_design(emg_filter **out, const emg_filter_plan *plan, emg_error *err);
EMG_API void emg_filter_free(emg_filter *filter);

/* What the filter was made from. */
EMG_API const emg_filter_plan *emg_filter_plan_of(const emg_filter *filter);

/* The coefficients, valid as long as the filter: *sections in the order in which they run, or *taps, h[0] first. Each
 * returns how many there are, 0 (and NULL) for the family that has none. sections or taps may be NULL. */
EMG_API size_t emg_filter_sections(const emg_filter *filter, const emg_filter_section **sections);
EMG_API size_t emg_filter_taps(const emg_filter *filter, const double **taps);

/* Its corners in rising order (a notch: its centre) into corner_hz[0..1]; returns how many, 1 or 2. */
EMG_API size_t emg_filter_corners(const emg_filter *filter, double corner_hz[2]);

/* What the filter does to a steady sine wave. */
typedef struct emg_filter_response {
    double gain;      /* ratio of amplitudes, >= 0; 20 log10(gain) are its dB */
    double phase_rad; /* of output against input, > 0: ahead. Not wrapped: it runs on through all turns, and steps by
                             pi only where the gain passes 0 */
    double group_delay_s; /* - d phase / d (2 pi f): how much later an envelope leaves than it came */
} emg_filter_response;

/* The response at f_hz, 0 to rate_hz / 2 (what lies outside is taken as the nearer end). */
EMG_API void emg_filter_response_at(const emg_filter *filter, double f_hz, emg_filter_direction direction,
                                    emg_filter_response *out);

/* A row of a table of the response. */
typedef struct emg_filter_row {
    double frequency_hz;
    emg_filter_response response;
} emg_filter_row;

/* The response of n_filters (1 or more, one sampling rate) run one after the other, at n_rows (2 or more) frequencies:
 * evenly in log frequency from a twentieth of the lowest corner to half the rate, the row next to each corner moved
 * onto it. EMG_EARG: no filter, fewer rows, or rates that differ. */
EMG_API EMG_MUST_USE emg_status emg_filter_table(const emg_filter *const *filters, size_t n_filters,
                                                 emg_filter_direction direction, emg_filter_row *rows, size_t n_rows,
                                                 emg_error *err);

/* Frames at a segment's start (zero phase: at either end) that padding affects. Sections: least n for which the
 * impulse response h has sum of |h[k]| over k >= n at most 1e-3 of the sum over all k: whatever came before changes
 * the output by no more than 1e-3 of the most the filter can make of it (above some thousand frames rounded up, by less
 * than a hundredth). Taps: their number less one, zero phase half of that; exactly. */
EMG_API size_t emg_filter_transient(const emg_filter *filter, emg_filter_direction direction);

#ifdef __cplusplus
}
#endif
#endif
