/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public functions of all envelopes: checks, then the stream of the kind that was asked for. */
#include <emg/envelope.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/base.h"
#include "dsp/envelope/envelope.h"

enum { MOST_WINDOW = 1 << 24 };
static const double largest = 1e150; /* its square, times any window, is still a number */

struct emg_envelope {
    emg_envelope_plan plan;
    double rate_hz;
    size_t n_channels;
    emgp_moving *moving; /* one of these four */
    emgp_teager *teager;
    emgp_hilbert *hilbert;
    emgp_rectified *rectified;
};

static emg_status check(const emg_envelope_plan *plan, double rate_hz, size_t n_channels, emg_take_frames *take,
                        emg_error *err)
{
    if (!plan || !take)
        return emgp_fail(err, EMG_EARG, "an envelope needs a plan and a taker of its frames");
    if (emgp_check_rate(rate_hz, err))
        return EMG_ERANGE;
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    return EMG_OK;
}

static emg_status make_moving(emg_envelope *e, emgp_moving_kind kind, emg_take_frames *take, void *context,
                              emg_error *err)
{
    size_t window = e->plan.window;
    if (window < 1 || window > MOST_WINDOW)
        return emgp_fail(err, EMG_ERANGE, "a moving window of %zu samples is not within 1 to %d", window, MOST_WINDOW);
    emg_status status = emgp_check_held("a moving window", window, e->n_channels, err);
    return status ? status : emgp_moving_new(&e->moving, kind, window, e->n_channels, take, context, err);
}

static emg_status make(emg_envelope *e, emg_take_frames *take, void *context, emg_error *err)
{
    switch (e->plan.kind) {
    case EMG_ENVELOPE_RMS:
        return make_moving(e, EMGP_MOVING_RMS, take, context, err);
    case EMG_ENVELOPE_AVERAGE:
        return make_moving(e, EMGP_MOVING_MAGNITUDE, take, context, err);
    case EMG_ENVELOPE_TEAGER_KAISER:
        return emgp_teager_new(&e->teager, e->n_channels, take, context, err);
    case EMG_ENVELOPE_HILBERT:
        return emgp_hilbert_new(&e->hilbert, e->plan.lowest_hz, e->rate_hz, e->n_channels, take, context, err);
    case EMG_ENVELOPE_LOW_PASS:
        return emgp_rectified_new(&e->rectified, e->plan.order, e->plan.corner_hz, e->plan.direction, e->rate_hz,
                                  e->n_channels, take, context, err);
    }
    return emgp_fail(err, EMG_EARG, "there is no envelope of kind %d", (int)e->plan.kind);
}

emg_status emg_envelope_new(emg_envelope **out, const emg_envelope_plan *plan, double rate_hz, size_t n_channels,
                            emg_take_frames *take, void *context, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_envelope_new needs a place for the stream");
    *out = NULL;
    emg_status status = check(plan, rate_hz, n_channels, take, err);
    if (status)
        return status;
    emg_envelope *e = emgp_alloc(1, sizeof *e);
    if (!e)
        return emgp_fail_memory(err);
    e->plan = *plan;
    e->rate_hz = rate_hz;
    e->n_channels = n_channels;
    status = make(e, take, context, err);
    if (status) {
        emg_envelope_free(e);
        return status;
    }
    *out = e;
    return EMG_OK;
}

void emg_envelope_free(emg_envelope *e)
{
    if (!e)
        return;
    emgp_moving_free(e->moving);
    emgp_teager_free(e->teager);
    emgp_hilbert_free(e->hilbert);
    emgp_rectified_free(e->rectified);
    emgp_free(e);
}

static bool all_fit(const double *x, size_t n)
{
    int bad = 0;
    for (size_t i = 0; i < n; i++)
        bad |= !(fabs(x[i]) <= largest);
    return !bad;
}

emg_status emg_envelope_push(emg_envelope *e, const double *x, size_t n_frames, emg_error *err)
{
    if (!e || !emgp_samples_given(x, n_frames, e->n_channels))
        return emgp_fail(err, EMG_EARG, "no envelope or no samples were given");
    if (!all_fit(x, n_frames * e->n_channels))
        return emgp_fail(err, EMG_EARG, "a sample is not finite or beyond %g: such stretches must be left out as gaps",
                         largest);
    if (e->moving)
        return emgp_moving_push(e->moving, x, n_frames, err);
    if (e->teager)
        return emgp_teager_push(e->teager, x, n_frames, err);
    return e->hilbert ? emgp_hilbert_push(e->hilbert, x, n_frames, err)
                      : emgp_rectified_push(e->rectified, x, n_frames, err);
}

emg_status emg_envelope_finish(emg_envelope *e, emg_error *err)
{
    if (!e)
        return emgp_fail(err, EMG_EARG, "no envelope was given");
    if (e->moving)
        return emgp_moving_finish(e->moving, err);
    if (e->teager)
        return emgp_teager_finish(e->teager, err);
    return e->hilbert ? emgp_hilbert_finish(e->hilbert, err) : emgp_rectified_finish(e->rectified, err);
}

size_t emg_envelope_latency(const emg_envelope *e)
{
    if (!e)
        return 0;
    if (e->moving)
        return emgp_moving_latency(e->moving);
    if (e->teager)
        return emgp_teager_latency(e->teager);
    return e->hilbert ? emgp_hilbert_latency(e->hilbert) : emgp_rectified_latency(e->rectified);
}

static emg_status append(void *context, const double *x, size_t n_frames, emg_error *err)
{
    (void)err;
    double **to = context;
    memcpy(*to, x, n_frames * sizeof *x);
    *to += n_frames;
    return EMG_OK;
}

emg_status emg_envelope_apply(const emg_envelope_plan *plan, double rate_hz, const double *x, size_t n, double *y,
                              emg_error *err)
{
    if (!emgp_samples_given(x, n, 1) || !emgp_samples_given(y, n, 1))
        return emgp_fail(err, EMG_EARG, "no samples or no room for their envelope was given");
    emg_envelope *e;
    emg_status status = emg_envelope_new(&e, plan, rate_hz, 1, append, &y, err);
    if (status)
        return status;
    status = emg_envelope_push(e, x, n, err);
    if (status == EMG_OK)
        status = emg_envelope_finish(e, err);
    emg_envelope_free(e);
    return status;
}
