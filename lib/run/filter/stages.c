/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning, filters, envelope: each stage pushes into the next. */
#include "run/filter/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/filter_stream.h>

#include "base/base.h"

static const double highest_share = 0.45;       /* of the sampling rate, as the band's */
enum { MOST_PLANS = EMG_RUN_MOST_FILTERS + 1 }; /* the band and the filters */

/*  samples -> condition -> filters[0] -> ... -> envelope -> taker */
struct emgp_stages {
    emgp_condition *condition;
    emg_filter_stream *filters[MOST_PLANS];
    size_t n_filters;
    emg_envelope *envelope;
    struct next {
        emgp_stages *stages;
        size_t filter; /* that comes next: n_filters and more are envelope or taker */
    } next[MOST_PLANS + 1];
    emg_take_frames *take;
    void *context;
    double rate_hz;
    size_t transient; /* frames */
};

/* What every stage passes its frames to. */
static emg_status to_next(void *context, const double *x, size_t n, emg_error *err)
{
    const struct next *next = context;
    const emgp_stages *s = next->stages;
    if (next->filter < s->n_filters)
        return emg_filter_stream_push(s->filters[next->filter], x, n, err);
    return s->envelope ? emg_envelope_push(s->envelope, x, n, err) : s->take(s->context, x, n, err);
}

/* --- plans --- */

/* One filter at a rate; false leaves it out. *none: its pass band lies beyond the rate. */
static bool fit_plan(emg_filter_plan *plan, double rate_hz, bool *none)
{
    double most = highest_share * rate_hz;
    bool low_pass = plan->family != EMG_FILTER_NOTCH && plan->kind == EMG_FILTER_LOW;
    bool band_pass = plan->family != EMG_FILTER_NOTCH && plan->kind == EMG_FILTER_PASS;
    bool high_pass = plan->family != EMG_FILTER_NOTCH && plan->kind == EMG_FILTER_HIGH;
    bool stop = plan->family != EMG_FILTER_NOTCH && plan->kind == EMG_FILTER_STOP;
    plan->rate_hz = rate_hz;
    if (plan->family == EMG_FILTER_NOTCH || (stop && plan->low_hz >= most))
        return plan->low_hz < most;
    if (low_pass)
        return plan->high_hz <= most;
    if (band_pass && plan->high_hz > most) {
        plan->high_hz = most;
        *none = *none || !(most > 1.05 * plan->low_hz); /* as it was asked for it may be as narrow as it likes */
    }
    if (high_pass && plan->low_hz >= most)
        *none = true;
    return true;
}

/* Whether the band runs after conditioning, as the filters do, instead of in it. */
static bool band_is_a_filter(const emg_run_filter_config *config)
{
    return config->direction == EMG_FILTER_FORWARD;
}

/* The filters that follow on conditioning. */
static bool plans_after(const emg_run_filter_config *config, double rate_hz, emg_filter_plan *plans, size_t *n)
{
    double low, high;
    bool none = !emgp_condition_band(&config->condition, rate_hz, &low, &high);
    *n = band_is_a_filter(config) && emgp_condition_filter(&config->condition, rate_hz, plans);
    for (size_t i = 0; i < config->n_filters; i++) {
        plans[*n] = config->filters[i];
        *n += fit_plan(&plans[*n], rate_hz, &none);
    }
    return !none;
}

bool emg_run_filter_plans(const emg_run_filter_config *config, double rate_hz, emg_filter_plan *plans, size_t *n)
{
    if (n)
        *n = 0;
    if (!config || !plans || !n)
        return false;
    size_t band = !band_is_a_filter(config) && emgp_condition_filter(&config->condition, rate_hz, plans);
    bool any = plans_after(config, rate_hz, plans + band, n);
    *n += band;
    return any;
}

/* Conditioning without the band where that is a filter. */
static emg_condition_config condition_of(const emg_run_filter_config *config)
{
    emg_condition_config condition = config->condition;
    if (!band_is_a_filter(config))
        return condition;
    if (!emgp_condition_seeks_ecg(&condition))
        condition.ecg = EMG_ECG_OFF; /* in the whole band there would be some */
    condition.low_hz = condition.high_hz = 0;
    return condition;
}

bool emgp_stages_idle(const emg_run_filter_config *config, double rate_hz)
{
    emg_filter_plan plans[MOST_PLANS];
    size_t n;
    const emg_condition_config condition = condition_of(config);
    (void)plans_after(config, rate_hz, plans, &n);
    return n == 0 && !config->with_envelope && emgp_condition_idle(&condition, rate_hz);
}

typedef struct text {
    char *out;
    size_t n, room;
} text;

static void put(text *t, const char *name, double value, const char *unit)
{
    char number[EMGP_NUMBER_ROOM];
    emgp_number_print(number, value);
    if (t->n < t->room)
        t->n += (size_t)snprintf(t->out + t->n, t->room - t->n, "%s%s%s%s", t->n > 0 ? " " : "", name, number, unit);
}

/* Without a space before it. */
static void put_joined(text *t, double value, const char *unit)
{
    char number[EMGP_NUMBER_ROOM];
    emgp_number_print(number, value);
    if (t->n < t->room)
        t->n += (size_t)snprintf(t->out + t->n, t->room - t->n, "%s%s", number, unit);
}

static void put_word(text *t, const char *word)
{
    if (t->n < t->room)
        t->n += (size_t)snprintf(t->out + t->n, t->room - t->n, "%s%s", t->n > 0 ? " " : "", word);
}

/* In words that readers know envelopes by. */
static void put_envelope(text *t, const emg_run_filter_config *config)
{
    switch (config->envelope.kind) {
    case EMG_ENVELOPE_RMS:
        put(t, "RMS:", config->envelope_s, "s");
        break;
    case EMG_ENVELOPE_AVERAGE:
        put(t, "rectified:", config->envelope_s, "s");
        break;
    case EMG_ENVELOPE_LOW_PASS:
        put(t, "rectified LP:", config->envelope.corner_hz, "Hz");
        break;
    case EMG_ENVELOPE_HILBERT:
        put_word(t, "Hilbert envelope");
        break;
    case EMG_ENVELOPE_TEAGER_KAISER:
        put_word(t, "TKEO envelope");
        break;
    }
}

void emgp_stages_text(const emg_run_filter_config *config, double rate_hz, char *out, size_t room)
{
    static const char *const powerline[] = {
        [EMG_POWERLINE_AUTO] = "mains:auto", [EMG_POWERLINE_50] = "mains:50Hz", [EMG_POWERLINE_60] = "mains:60Hz"
    };
    static const char *const ecgs[] = {
        [EMG_ECG_AUTO] = "ECG:auto", [EMG_ECG_SUBTRACT] = "ECG:subtract", [EMG_ECG_GATE] = "ECG:gate"
    };
    emg_filter_plan plans[MOST_PLANS];
    size_t n;
    const emg_condition_config condition = condition_of(config);
    (void)emg_run_filter_plans(config, rate_hz, plans, &n);
    text t = { out, 0, room };
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        const emg_filter_plan *p = &plans[i];
        if (p->family == EMG_FILTER_NOTCH) {
            put(&t, "N:", p->low_hz, "Hz");
            continue;
        }
        if (p->kind == EMG_FILTER_HIGH || p->kind == EMG_FILTER_PASS)
            put(&t, "HP:", p->low_hz, "Hz");
        if (p->kind == EMG_FILTER_LOW || p->kind == EMG_FILTER_PASS)
            put(&t, "LP:", p->high_hz, "Hz");
        if (p->kind == EMG_FILTER_STOP) {
            put(&t, "BS:", p->low_hz, "-");
            put_joined(&t, p->high_hz, "Hz");
        }
    }
    if (config->n_stimulus_globs > 0 && n > 0)
        put_word(&t, "stimuli:bridged");
    if ((emg_powerline)condition.powerline != EMG_POWERLINE_OFF)
        put_word(&t, powerline[(emg_powerline)condition.powerline]);
    if (emgp_condition_seeks_ecg(&condition))
        put_word(&t, ecgs[(emg_ecg_mode)condition.ecg]);
    if (config->with_envelope)
        put_envelope(&t, config);
}

/* --- making --- */

static emg_status add_filter(emgp_stages *s, const emg_filter_plan *plan, emg_filter_direction direction,
                             size_t n_channels, emg_error *err)
{
    emg_filter *filter = NULL;
    emg_status status = emg_filter_design(&filter, plan, err);
    if (status == EMG_OK)
        status = emg_filter_stream_new(&s->filters[s->n_filters], filter, direction, n_channels, to_next,
                                       &s->next[s->n_filters + 1], err);
    if (status == EMG_OK) {
        s->transient += emg_filter_transient(filter, direction);
        s->n_filters++;
    }
    emg_filter_free(filter);
    return status;
}

static emg_status add_envelope(emgp_stages *s, const emg_run_filter_config *config, size_t n_channels, emg_error *err)
{
    double window = fmax(1, rint(config->envelope_s * s->rate_hz));
    emg_envelope_plan plan = config->envelope;
    plan.window = window < 1e9 ? (size_t)window : 1000000000;
    plan.direction = config->direction;
    return emg_envelope_new(&s->envelope, &plan, s->rate_hz, n_channels, s->take, s->context, err);
}

static emg_status add_all(emgp_stages *s, const emg_run_filter_config *config, size_t n_channels, double stated_hz,
                          emg_error *err)
{
    emg_filter_plan plans[MOST_PLANS];
    size_t n_plans;
    const emg_condition_config condition = condition_of(config);
    const emgp_condition_taker taker = { .doubles = to_next, .context = &s->next[0] };
    emg_status status = emgp_condition_new(&s->condition, &condition, s->rate_hz, n_channels, stated_hz, &taker, err);
    if (status == EMG_OK)
        s->transient = emgp_condition_transient(s->condition);
    (void)plans_after(config, s->rate_hz, plans, &n_plans);
    for (size_t i = 0; i < n_plans && status == EMG_OK; i++)
        status = add_filter(s, &plans[i], config->direction, n_channels, err);
    if (status == EMG_OK && config->with_envelope)
        status = add_envelope(s, config, n_channels, err);
    return status;
}

emg_status emgp_stages_new(emgp_stages **out, const emg_run_filter_config *config, double rate_hz, size_t n_channels,
                           double stated_hz, emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    emgp_stages *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->take = take;
    s->context = context;
    s->rate_hz = rate_hz;
    for (size_t i = 0; i <= MOST_PLANS; i++)
        s->next[i] = (struct next){ s, i };
    emg_status status = add_all(s, config, n_channels, stated_hz, err);
    if (status == EMG_OK)
        *out = s;
    else
        emgp_stages_free(s);
    return status;
}

void emgp_stages_free(emgp_stages *s)
{
    if (!s)
        return;
    emgp_condition_free(s->condition);
    for (size_t i = 0; i < s->n_filters; i++)
        emg_filter_stream_free(s->filters[i]);
    emg_envelope_free(s->envelope);
    emgp_free(s);
}

/* --- at work --- */

void emgp_stages_limits(emgp_stages *s, size_t channel, double low, double high)
{
    emgp_condition_limits(s->condition, channel, low, high);
}

emg_status emgp_stages_stimuli(emgp_stages *s, const emgp_told_stimuli *stimuli, const size_t *numbers,
                               const emg_run_filter_config *config, emg_error *err)
{
    emg_filter_plan plans[MOST_PLANS];
    size_t n;
    if (!emg_run_filter_plans(config, s->rate_hz, plans, &n) || n == 0)
        return EMG_OK;
    return emgp_condition_stimuli(s->condition, stimuli->stimulus, stimuli->n, numbers, config->artefact_s, err);
}

void emgp_stages_start(emgp_stages *s, const emgp_qrs_times *qrs, double start_s)
{
    emgp_condition_start(s->condition, qrs, start_s);
}

emg_status emgp_stages_push(emgp_stages *s, const double *x, size_t n_frames, emg_error *err)
{
    return emgp_condition_push(s->condition, x, n_frames, err);
}

emg_status emgp_stages_finish(emgp_stages *s, emg_error *err)
{
    emg_status status = emgp_condition_finish(s->condition, err);
    for (size_t i = 0; i < s->n_filters && status == EMG_OK; i++)
        status = emg_filter_stream_finish(s->filters[i], err);
    return status == EMG_OK && s->envelope ? emg_envelope_finish(s->envelope, err) : status;
}

void emgp_stages_found(const emgp_stages *s, size_t channel, emg_run_filtered *out)
{
    out->transient_s = (double)s->transient / s->rate_hz;
    out->powerline = emgp_condition_powerline(s->condition, channel);
    out->ecg = emgp_condition_ecg(s->condition, channel);
    out->ecg.wave = NULL; /* the stage's own, which is freed */
}
