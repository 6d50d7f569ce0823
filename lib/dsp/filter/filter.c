/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters designed from a plan, and what they answer of themselves. */
#include "dsp/filter/filter.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/base.h"

static const double settled = 1e-3; /* of the impulse response's absolute sum, for the transient */
static const double least_q = 0.1, most_q = 1e4;
enum { MOST_TRANSIENT = 1 << 24 };

static const emgp_band bands[] = { [EMG_FILTER_LOW] = EMGP_BAND_LOW,
                                   [EMG_FILTER_HIGH] = EMGP_BAND_HIGH,
                                   [EMG_FILTER_PASS] = EMGP_BAND_PASS,
                                   [EMG_FILTER_STOP] = EMGP_BAND_STOP };

/* Zeros on the circle at the centre, poles behind them; -3 dB where centre / (high - low) = Q. */
static emg_status design_notch(emg_filter *f, emg_error *err)
{
    const emg_filter_plan *plan = &f->plan;
    emg_status status = emgp_check_corners(EMGP_BAND_HIGH, plan->low_hz, 0, plan->rate_hz, err);
    if (status)
        return status;
    if (!(plan->q >= least_q && plan->q <= most_q))
        return emgp_fail(err, EMG_ERANGE, "quality %g of a notch is not within %g to %g", plan->q, least_q, most_q);
    double w = 2 * PI * plan->low_hz / plan->rate_hz;
    if (!(w / plan->q < PI))
        return emgp_fail(err, EMG_ERANGE,
                         "a notch at %g Hz with quality %g is wider than half the sampling rate, %g Hz", plan->low_hz,
                         plan->q, plan->rate_hz / 2);
    double gain = 1 / (1 + tan(w / plan->q / 2)), c = cos(w);
    f->sections[0] = (emg_filter_section){ gain, -2 * gain * c, gain, -2 * gain * c, 2 * gain - 1 };
    f->n_sections = 1;
    return EMG_OK;
}

static emg_status design(emg_filter *f, emg_error *err)
{
    const emg_filter_plan *plan = &f->plan;
    emg_status status = EMG_OK;
    switch (plan->family) {
    case EMG_FILTER_BUTTERWORTH:
        status = emgp_butterworth(f->sections, &f->n_sections, bands[plan->kind], plan->order, plan->low_hz,
                                  plan->high_hz, plan->rate_hz, err);
        break;
    case EMG_FILTER_NOTCH:
        status = design_notch(f, err);
        break;
    case EMG_FILTER_FIR:
        return emgp_kaiser(&f->taps, &f->n_taps, plan, err);
    }
    if (status)
        return status;
    f->transient = emgp_sections_settle(f->sections, f->n_sections, settled, MOST_TRANSIENT);
    if (f->transient == 0)
        return emgp_fail(
            err, EMG_ERANGE,
            "a corner is too low, or a band too narrow, for %g Hz: the filter needs more than %d frames to "
            "settle",
            plan->rate_hz, MOST_TRANSIENT);
    return EMG_OK;
}

emg_status emg_filter_design(emg_filter **out, const emg_filter_plan *plan, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "no place for the filter");
    *out = NULL;
    if (!plan || plan->family < EMG_FILTER_BUTTERWORTH || plan->family > EMG_FILTER_FIR)
        return emgp_fail(err, EMG_EARG, "no such family of filters");
    if (plan->kind < EMG_FILTER_LOW || plan->kind > EMG_FILTER_STOP)
        return emgp_fail(err, EMG_EARG, "no such kind of filter");
    if (plan->padding < EMG_FILTER_PAD_CONSTANT || plan->padding > EMG_FILTER_PAD_ZERO)
        return emgp_fail(err, EMG_EARG, "no such padding");
    emg_filter *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    f->plan = *plan;
    emg_status status = design(f, err);
    if (status) {
        emg_filter_free(f);
        return status;
    }
    *out = f;
    return EMG_OK;
}

void emg_filter_free(emg_filter *f)
{
    if (!f)
        return;
    emgp_free(f->taps);
    emgp_free(f);
}

const emg_filter_plan *emg_filter_plan_of(const emg_filter *f)
{
    return f ? &f->plan : NULL;
}

size_t emg_filter_sections(const emg_filter *f, const emg_filter_section **sections)
{
    size_t n = f ? f->n_sections : 0;
    if (sections)
        *sections = n > 0 ? f->sections : NULL;
    return n;
}

size_t emg_filter_taps(const emg_filter *f, const double **taps)
{
    if (taps)
        *taps = f ? f->taps : NULL;
    return f ? f->n_taps : 0;
}

size_t emg_filter_transient(const emg_filter *f, emg_filter_direction direction)
{
    if (!f)
        return 0;
    if (f->n_taps > 0)
        return direction == EMG_FILTER_ZERO_PHASE ? f->n_taps / 2 : f->n_taps - 1;
    return f->transient;
}

void emg_filter_response_at(const emg_filter *f, double f_hz, emg_filter_direction direction, emg_filter_response *out)
{
    if (!f || !out)
        return;
    double w = fmin(PI, fmax(0, 2 * PI * f_hz / f->plan.rate_hz));
    if (f->n_taps > 0)
        emgp_taps_response(f->taps, f->n_taps, w, out);
    else
        emgp_sections_response(f->sections, f->n_sections, w, out);
    out->group_delay_s /= f->plan.rate_hz;
    if (direction == EMG_FILTER_ZERO_PHASE) {
        bool turned = f->n_taps > 0 && cos(out->phase_rad + w * (double)(f->n_taps / 2)) < 0;
        out->gain *= f->n_taps > 0 ? 1 : out->gain;
        out->phase_rad = turned ? PI : 0;
        out->group_delay_s = 0;
    }
}

size_t emg_filter_corners(const emg_filter *f, double corner_hz[2])
{
    if (!f || !corner_hz)
        return 0;
    const emg_filter_plan *plan = &f->plan;
    bool notch = plan->family == EMG_FILTER_NOTCH;
    size_t n = 0;
    if (notch || plan->kind != EMG_FILTER_LOW)
        corner_hz[n++] = plan->low_hz;
    if (!notch && plan->kind != EMG_FILTER_HIGH)
        corner_hz[n++] = plan->high_hz;
    return n;
}

static double lowest_corner(const emg_filter *const *filters, size_t n)
{
    double lowest = INFINITY, corner[2];
    for (size_t i = 0; i < n; i++) {
        emg_filter_corners(filters[i], corner);
        lowest = fmin(lowest, corner[0]);
    }
    return lowest;
}

/* Moves the row next to a corner, ends excepted, onto it. */
static void mark(emg_filter_row *rows, size_t n, double corner_hz)
{
    size_t best = 0;
    for (size_t i = 1; i + 1 < n; i++)
        if (best == 0 || fabs(log(rows[i].frequency_hz / corner_hz)) < fabs(log(rows[best].frequency_hz / corner_hz)))
            best = i;
    if (best > 0)
        rows[best].frequency_hz = corner_hz;
}

static void respond(const emg_filter *const *filters, size_t n, emg_filter_direction direction, emg_filter_row *row)
{
    row->response = (emg_filter_response){ 1, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        emg_filter_response one;
        emg_filter_response_at(filters[i], row->frequency_hz, direction, &one);
        row->response.gain *= one.gain;
        row->response.phase_rad += one.phase_rad;
        row->response.group_delay_s += one.group_delay_s;
    }
}

emg_status emg_filter_table(const emg_filter *const *filters, size_t n_filters, emg_filter_direction direction,
                            emg_filter_row *rows, size_t n_rows, emg_error *err)
{
    if (!filters || !rows || n_filters < 1 || n_rows < 2)
        return emgp_fail(err, EMG_EARG, "a table of a response needs a filter and two rows");
    for (size_t i = 0; i < n_filters; i++)
        if (!filters[i])
            return emgp_fail(err, EMG_EARG, "filter %zu of a response is not there", i + 1);
    double rate_hz = filters[0]->plan.rate_hz, corner[2];
    for (size_t i = 1; i < n_filters; i++)
        if (filters[i]->plan.rate_hz != rate_hz)
            return emgp_fail(err, EMG_EARG, "filters for %g Hz and %g Hz do not follow each other", rate_hz,
                             filters[i]->plan.rate_hz);
    double from = lowest_corner(filters, n_filters) / 20, to = rate_hz / 2;
    for (size_t i = 0; i < n_rows; i++)
        rows[i].frequency_hz = from * pow(to / from, (double)i / (double)(n_rows - 1));
    rows[n_rows - 1].frequency_hz = to;
    for (size_t i = 0; i < n_filters; i++)
        for (size_t c = emg_filter_corners(filters[i], corner); c-- > 0;)
            mark(rows, n_rows, corner[c]);
    for (size_t i = 0; i < n_rows; i++)
        respond(filters, n_filters, direction, &rows[i]);
    return EMG_OK;
}
