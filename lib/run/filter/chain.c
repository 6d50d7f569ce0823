/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters, mains, heart, envelope: each stream pushes into the next. */
#include "run/filter/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/filter_stream.h>

#include "base/base.h"

static const double highest_share = 0.45; /* of the sampling rate, as the analysis' band */
enum { MOST_LINKS = EMG_RUN_MOST_FILTERS + 3 };

/* A stream, whichever it is. */
typedef struct link {
    void *stream;
    emg_status (*push)(void *stream, const double *x, size_t n_frames, emg_error *err);
    emg_status (*finish)(void *stream, emg_error *err);
    void (*free)(void *stream);
} link;

struct emgp_chain {
    link links[MOST_LINKS + 1]; /* in order; the last one is the taker */
    size_t n_links;
    emg_take_frames *take;
    void *context;
    double rate_hz;
    size_t transient; /* frames */
    emg_powerline_stream *powerline;
    emg_ecg_stream *ecg;
};

/* --- streams as links --- */

static emg_status push_filter(void *stream, const double *x, size_t n, emg_error *err)
{
    return emg_filter_stream_push(stream, x, n, err);
}

static emg_status finish_filter(void *stream, emg_error *err)
{
    return emg_filter_stream_finish(stream, err);
}

static void free_filter(void *stream)
{
    emg_filter_stream_free(stream);
}

static emg_status push_powerline(void *stream, const double *x, size_t n, emg_error *err)
{
    return emg_powerline_stream_push(stream, x, n, err);
}

static emg_status finish_powerline(void *stream, emg_error *err)
{
    return emg_powerline_stream_finish(stream, err);
}

static void free_powerline(void *stream)
{
    emg_powerline_stream_free(stream);
}

static emg_status push_ecg(void *stream, const double *x, size_t n, emg_error *err)
{
    return emg_ecg_stream_push(stream, x, n, err);
}

static emg_status finish_ecg(void *stream, emg_error *err)
{
    return emg_ecg_stream_finish(stream, err);
}

static void free_ecg(void *stream)
{
    emg_ecg_stream_free(stream);
}

static emg_status push_envelope(void *stream, const double *x, size_t n, emg_error *err)
{
    return emg_envelope_push(stream, x, n, err);
}

static emg_status finish_envelope(void *stream, emg_error *err)
{
    return emg_envelope_finish(stream, err);
}

static void free_envelope(void *stream)
{
    emg_envelope_free(stream);
}

static emg_status push_taker(void *stream, const double *x, size_t n, emg_error *err)
{
    const emgp_chain *chain = stream;
    return chain->take(chain->context, x, n, err);
}

/* What every stream hands its frames to: the link after it. */
static emg_status to_next(void *context, const double *x, size_t n, emg_error *err)
{
    const link *next = context;
    return next->push(next->stream, x, n, err);
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

bool emg_run_filter_plans(const emg_run_filter_config *config, double rate_hz, emg_filter_plan *plans, size_t *n)
{
    bool none = false;
    if (n)
        *n = 0;
    if (!config || !plans || !n)
        return false;
    for (size_t i = 0; i < config->n_filters; i++) {
        plans[*n] = config->filters[i];
        *n += fit_plan(&plans[*n], rate_hz, &none);
    }
    return !none;
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

void emgp_chain_text(const emg_run_filter_config *config, const emg_filter_plan *plans, size_t n, char *out,
                     size_t room)
{
    static const char *const powerline[] = {
        [EMG_POWERLINE_AUTO] = "mains:auto", [EMG_POWERLINE_50] = "mains:50Hz", [EMG_POWERLINE_60] = "mains:60Hz"
    };
    static const char *const ecgs[] = {
        [EMG_ECG_AUTO] = "ECG:auto", [EMG_ECG_SUBTRACT] = "ECG:subtract", [EMG_ECG_GATE] = "ECG:gate"
    };
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
    if (config->powerline.mode != EMG_POWERLINE_OFF)
        put_word(&t, powerline[config->powerline.mode]);
    if (config->ecg.mode != EMG_ECG_OFF)
        put_word(&t, ecgs[config->ecg.mode]);
    if (config->with_envelope)
        put_envelope(&t, config);
}

/* --- making --- */

static link *add(emgp_chain *chain, link made)
{
    link *here = &chain->links[chain->n_links++];
    *here = made;
    return here;
}

static emg_status add_filter(emgp_chain *chain, const emg_filter_plan *plan, emg_filter_direction direction,
                             size_t n_channels, emg_error *err)
{
    emg_filter *filter = NULL;
    emg_filter_stream *stream = NULL;
    emg_status status = emg_filter_design(&filter, plan, err);
    if (status == EMG_OK)
        status = emg_filter_stream_new(&stream, filter, direction, n_channels, to_next,
                                       &chain->links[chain->n_links + 1], err);
    if (status == EMG_OK) {
        chain->transient += emg_filter_transient(filter, direction);
        add(chain, (link){ stream, push_filter, finish_filter, free_filter });
    }
    emg_filter_free(filter);
    return status;
}

/* Nothing of the line is looked for above the lowest of the low-passes. */
static double top_of(const emg_filter_plan *plans, size_t n, double rate_hz)
{
    double top = rate_hz;
    for (size_t i = 0; i < n; i++)
        if (plans[i].family != EMG_FILTER_NOTCH &&
            (plans[i].kind == EMG_FILTER_LOW || plans[i].kind == EMG_FILTER_PASS))
            top = fmin(top, plans[i].high_hz);
    return top;
}

static emg_status add_powerline(emgp_chain *chain, emg_powerline_plan plan, size_t n_channels, emg_error *err)
{
    emg_status status = emg_powerline_stream_new(&chain->powerline, &plan, chain->rate_hz, n_channels, to_next,
                                                 &chain->links[chain->n_links + 1], err);
    if (status == EMG_OK)
        add(chain, (link){ chain->powerline, push_powerline, finish_powerline, free_powerline });
    return status;
}

static emg_status add_ecg(emgp_chain *chain, emg_ecg_plan plan, size_t n_channels, emg_error *err)
{
    emg_status status = emg_ecg_stream_new(&chain->ecg, &plan, chain->rate_hz, n_channels, to_next,
                                           &chain->links[chain->n_links + 1], err);
    if (status == EMG_OK)
        add(chain, (link){ chain->ecg, push_ecg, finish_ecg, free_ecg });
    return status;
}

static emg_status add_envelope(emgp_chain *chain, const emg_run_filter_config *config, size_t n_channels,
                               emg_error *err)
{
    double window = fmax(1, rint(config->envelope_s * chain->rate_hz));
    emg_envelope_plan plan = config->envelope;
    plan.window = window < 1e9 ? (size_t)window : 1000000000;
    plan.direction = config->direction;
    emg_envelope *stream;
    emg_status status =
        emg_envelope_new(&stream, &plan, chain->rate_hz, n_channels, to_next, &chain->links[chain->n_links + 1], err);
    if (status == EMG_OK)
        add(chain, (link){ stream, push_envelope, finish_envelope, free_envelope });
    return status;
}

static emg_status add_all(emgp_chain *chain, const emg_run_filter_config *config, size_t n_channels, int ecg_channel,
                          double stated_hz, emg_error *err)
{
    emg_filter_plan plans[EMG_RUN_MOST_FILTERS];
    size_t n_plans;
    emg_status status = EMG_OK;
    (void)emg_run_filter_plans(config, chain->rate_hz, plans, &n_plans);
    emg_powerline_plan powerline = config->powerline;
    powerline.stated_hz = stated_hz;
    powerline.top_hz = top_of(plans, n_plans, chain->rate_hz);
    if (powerline.mode != EMG_POWERLINE_OFF)
        status = add_powerline(chain, powerline, n_channels, err);
    for (size_t i = 0; i < n_plans && status == EMG_OK; i++)
        status = add_filter(chain, &plans[i], config->direction, n_channels, err);
    emg_ecg_plan ecg = config->ecg;
    ecg.ecg_channel = ecg_channel;
    ecg.qrs = NULL;
    if (status == EMG_OK && ecg.mode != EMG_ECG_OFF)
        status = add_ecg(chain, ecg, n_channels, err);
    if (status == EMG_OK && config->with_envelope)
        status = add_envelope(chain, config, n_channels, err);
    if (status == EMG_OK)
        chain->links[chain->n_links] = (link){ .stream = chain, .push = push_taker };
    return status;
}

emg_status emgp_chain_new(emgp_chain **out, const emg_run_filter_config *config, double rate_hz, size_t n_channels,
                          int ecg_channel, double stated_hz, emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    emgp_chain *chain = emgp_alloc(1, sizeof *chain);
    if (!chain)
        return emgp_fail_memory(err);
    chain->take = take;
    chain->context = context;
    chain->rate_hz = rate_hz;
    emg_status status = add_all(chain, config, n_channels, ecg_channel, stated_hz, err);
    if (status == EMG_OK)
        *out = chain;
    else
        emgp_chain_free(chain);
    return status;
}

void emgp_chain_free(emgp_chain *chain)
{
    if (!chain)
        return;
    for (size_t i = 0; i < chain->n_links; i++)
        chain->links[i].free(chain->links[i].stream);
    emgp_free(chain);
}

/* --- at work --- */

emg_status emgp_chain_push(emgp_chain *chain, const double *x, size_t n_frames, emg_error *err)
{
    return chain->links[0].push(chain->links[0].stream, x, n_frames, err);
}

emg_status emgp_chain_finish(emgp_chain *chain, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < chain->n_links && status == EMG_OK; i++)
        status = chain->links[i].finish(chain->links[i].stream, err);
    return status;
}

emg_status emgp_chain_found(const emgp_chain *chain, size_t channel, emg_run_filtered *out, emg_error *err)
{
    out->transient_s = (double)chain->transient / chain->rate_hz;
    emg_status status =
        chain->powerline ? emg_powerline_stream_found(chain->powerline, channel, &out->powerline, err) : EMG_OK;
    if (status == EMG_OK && chain->ecg)
        status = emg_ecg_stream_found(chain->ecg, channel, &out->ecg, err);
    out->ecg.wave = NULL; /* the stream's, which will not live on */
    return status;
}
