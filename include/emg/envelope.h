/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Envelopes: how strong a signal is from instant to instant, as streams and as single calls. */
#ifndef EMG_ENVELOPE_H
#define EMG_ENVELOPE_H

#include <stddef.h>

#include <emg/block.h>
#include <emg/filter.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emg_envelope_kind {
    EMG_ENVELOPE_RMS = 0,           /* sqrt of the mean square over a centred window */
    EMG_ENVELOPE_AVERAGE = 1,       /* mean magnitude over a centred window (average rectified value) */
    EMG_ENVELOPE_TEAGER_KAISER = 2, /* x[n]^2 - x[n-1] x[n+1] (Kaiser 1990), in squared units; may be negative */
    EMG_ENVELOPE_HILBERT = 3,       /* amplitude of the analytic signal, sqrt(x^2 + H(x)^2) */
    EMG_ENVELOPE_LOW_PASS = 4       /* |x| through a Butterworth low-pass (linear envelope); may dip below 0 */
} emg_envelope_kind;

/* Which envelope. What a kind does not name is not read. None removes a mean or a drift: filter before.
 *
 * RMS, AVERAGE: a window of w samples around sample n is n - w / 2 .. n + (w - 1) / 2 (whole division), so that an odd
 * window is symmetric. At a segment's ends the mean is taken over the samples that there are. Each value is made of the
 * samples in its window and of nothing else: no running difference that would keep the roundings of louder times. Its
 * relative error is below window x 1.2e-16. Usual: 25 to 50 ms.
 *
 * TEAGER_KAISER: at a segment's first and last sample, which have no neighbour, the value next to it stands; a segment of
 * one or two samples gives zeros.
 *
 * HILBERT: a filter of odd symmetry, 8.3 / lowest_hz seconds long, with a gain within 1e-6 of 1 from lowest_hz to
 * rate_hz / 2 - lowest_hz turns every wave there by a quarter; what lies outside is turned but weakened. The segment goes on
 * for ever with its first and last value. Further than 4.2 / lowest_hz seconds from the ends, waves within are what
 * scipy.signal.hilbert makes of whole periods of them, but for 1e-6 x the sum of their amplitudes; SciPy joins the
 * end of a segment to its start. Usual: a tenth of the lower corner that the signal was filtered with.
 *
 * LOW_PASS: the corner is the -3 dB point of one pass (zero phase: -6 dB); the segment is mirrored at its ends. Usual
 * (textbook values): order 2 to 4, zero phase, 5 to 10 Hz to look at, 20 to 50 Hz for bursts. */
typedef struct emg_envelope_plan {
    emg_envelope_kind kind;
    size_t window;                  /* RMS, AVERAGE: samples, 1 to 2^24 */
    double lowest_hz;               /* HILBERT: above 0, below rate_hz / 4 */
    int order;                      /* LOW_PASS: 1 to 12 */
    double corner_hz;               /* LOW_PASS: above 0, below rate_hz / 2 */
    emg_filter_direction direction; /* LOW_PASS */
} emg_envelope_plan;

typedef struct emg_envelope emg_envelope;

/* Makes a stream for 1 to 64 interleaved channels that hands as many frames to `take` as it gets, in order.
 * EMG_EARG: no such kind or direction, no `take`; EMG_ERANGE: a number of the plan, rate_hz or
 * n_channels, or more than 2^27 samples held of all channels together; EMG_ENOMEM. *out is NULL on
 * failure and freed by emg_envelope_free(). */
EMG_API EMG_MUST_USE emg_status emg_envelope_new(emg_envelope **out, const emg_envelope_plan *plan, double rate_hz,
                                                 size_t n_channels, emg_take_frames *take, void *context,
                                                 emg_error *err);

/* Takes n_frames x n_channels samples; the result does not depend on how they are cut. EMG_EARG: a sample that is not
 * finite or beyond 1e150 in magnitude, whose square would have no room (nothing of the push is taken then); else fails
 * only as `take` does. */
EMG_API EMG_MUST_USE emg_status emg_envelope_push(emg_envelope *envelope, const double *x, size_t n_frames,
                                                  emg_error *err);

/* Ends the segment: hands on what is still held. The next push begins a new one that knows nothing of it. */
EMG_API EMG_MUST_USE emg_status emg_envelope_finish(emg_envelope *envelope, emg_error *err);

/* The most frames ever held back. */
EMG_API size_t emg_envelope_latency(const emg_envelope *envelope);

/* NULL is allowed. */
EMG_API void emg_envelope_free(emg_envelope *envelope);

/* The envelope of n samples of one channel as one segment, into y (n samples, not x). Fails as the calls above do; y may be
 * partly written then. */
EMG_API EMG_MUST_USE emg_status emg_envelope_apply(const emg_envelope_plan *plan, double rate_hz, const double *x,
                                                   size_t n, double *y, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
