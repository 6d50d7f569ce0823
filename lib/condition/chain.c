/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one chain of conditioning: stimuli, dead stretches, power line, band, ECG, each step pushing into the next. */
#include "condition/condition.h"

#include "base/base.h"
#include "condition/ecg/ecg.h"
#include "condition/powerline/powerline.h"
#include "dsp/filter/filter.h"

/*  samples -> artefacts of stimuli -> dead stretches -> power line -> band -> ECG -> taker
 *
 * Artefacts of stimuli that are marked, and dead stretches go first: a filter rings where a value jumps, and no line
 * is to be fitted to it. Without a band nothing rings, and dead stretches stay as they are. The line goes before the
 * band: a filter that begins within power line interference rings there. The ECG goes last: below the band lie P and T
 * waves, and motion, which hides the ECG or repeats as it does (tests/bench/mains_methods.py compares the orders). All
 * is in double, so that samples from which nothing is removed keep every bit. */

static const double no_baseline_hz = 15; /* lower corner from which on the ECG's search needs no baseline taken off */
enum { PIECE = 256 };

struct emgp_condition {
    emgp_stimuli *stimuli; /* NULL: none was told of */
    emgp_stimulus *told;   /* those of its channels */
    double rate_hz;
    emgp_dead *dead; /* NULL: nobody wants to know, and there is no band */
    emg_powerline_stream *powerline;
    emg_filter_stream *band; /* NULL: no corner */
    emgp_ecg *ecg;
    emgp_condition_taker taker;
    size_t n_channels, transient;
    float *narrow; /* PIECE frames for a taker of floats */
};

static emg_status to_ecg(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emgp_condition *c = context;
    return emgp_ecg_push(c->ecg, x, n_frames, err);
}

static emg_status to_band(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emgp_condition *c = context;
    return c->band ? emgp_filter_stream_push(c->band, x, n_frames, err) : to_ecg(c, x, n_frames, err);
}

static emg_status to_floats(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emgp_condition *c = context;
    emg_status status = EMG_OK;
    while (n_frames > 0 && status == EMG_OK) {
        const size_t frames = n_frames < PIECE ? n_frames : PIECE, n = frames * c->n_channels;
        for (size_t i = 0; i < n; i++)
            c->narrow[i] = (float)x[i];
        status = c->taker.floats(c->taker.context, c->narrow, frames, err);
        x += n;
        n_frames -= frames;
    }
    return status;
}

static emg_status make_ecg(emgp_condition *c, const emg_condition_config *config, double rate_hz, emg_error *err)
{
    emg_ecg_plan plan = emg_ecg_defaults();
    plan.qrs = c->taker.qrs;
    plan.qrs_context = c->taker.context;
    plan.mode = emgp_condition_seeks_ecg(config) ? (emg_ecg_mode)config->ecg : EMG_ECG_OFF;
    const emgp_ecg_ends ends = { .high_passed = config->low_hz >= no_baseline_hz,
                                 .take = c->taker.floats ? to_floats : c->taker.doubles,
                                 .context = c->taker.floats ? c : c->taker.context };
    return emgp_ecg_new(&c->ecg, &plan, rate_hz, c->n_channels, &ends, err);
}

static emg_status make_band(emgp_condition *c, const emg_condition_config *config, double rate_hz, emg_error *err)
{
    emg_filter_plan plan;
    emg_filter *filter = NULL;
    if (!emgp_condition_filter(config, rate_hz, &plan))
        return EMG_OK;
    emg_status status = emg_filter_design(&filter, &plan, err);
    if (status == EMG_OK)
        status = emg_filter_stream_new(&c->band, filter, EMG_FILTER_ZERO_PHASE, c->n_channels, to_ecg, c, err);
    if (status == EMG_OK)
        c->transient = emg_filter_transient(filter, EMG_FILTER_ZERO_PHASE);
    emg_filter_free(filter);
    return status;
}

static emg_status to_powerline(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emgp_condition *c = context;
    return emgp_powerline_stream_push(c->powerline, x, n_frames, err);
}

static emg_status make_dead(emgp_condition *c, double rate_hz, emg_error *err)
{
    const emgp_dead_setup setup = { .rate_hz = rate_hz,
                                    .n_channels = c->n_channels,
                                    .bridge = c->band != NULL,
                                    .bin = c->taker.bin,
                                    .told = c->taker.dead,
                                    .context = c->taker.context,
                                    .take = to_powerline,
                                    .taker = c };
    return setup.bridge || setup.bin || setup.told ? emgp_dead_new(&c->dead, &setup, err) : EMG_OK;
}

static emg_status make(emgp_condition *c, const emg_condition_config *config, double rate_hz, double stated_hz,
                       emg_error *err)
{
    double low, high;
    if (!emgp_condition_band(config, rate_hz, &low, &high))
        return emgp_fail(err, EMG_ERANGE, "%g samples per second are too few for a band that begins at %g Hz", rate_hz,
                         low);
    const emg_powerline_plan line = { .mode = (emg_powerline)config->powerline,
                                      .harmonics = (size_t)config->powerline_harmonics,
                                      .keep_db = config->powerline_keep_db,
                                      .stated_hz = stated_hz,
                                      .top_hz = high };
    c->narrow = emgp_alloc(PIECE * c->n_channels, sizeof *c->narrow);
    emg_status status = c->narrow ? make_ecg(c, config, rate_hz, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = make_band(c, config, rate_hz, err);
    if (status == EMG_OK)
        status = make_dead(c, rate_hz, err);
    return status ? status : emg_powerline_stream_new(&c->powerline, &line, rate_hz, c->n_channels, to_band, c, err);
}

emg_status emgp_condition_new(emgp_condition **out, const emg_condition_config *config, double rate_hz,
                              size_t n_channels, double stated_hz, const emgp_condition_taker *taker, emg_error *err)
{
    *out = NULL;
    emgp_condition *c = emgp_alloc(1, sizeof *c);
    if (!c)
        return emgp_fail_memory(err);
    c->taker = *taker;
    c->rate_hz = rate_hz;
    c->n_channels = n_channels;
    emg_status status = make(c, config, rate_hz, stated_hz, err);
    if (status) {
        emgp_condition_free(c);
        return status;
    }
    *out = c;
    return EMG_OK;
}

void emgp_condition_free(emgp_condition *c)
{
    if (!c)
        return;
    emgp_stimuli_free(c->stimuli);
    emgp_free(c->told);
    emgp_dead_free(c->dead);
    emg_powerline_stream_free(c->powerline);
    emg_filter_stream_free(c->band);
    emgp_ecg_free(c->ecg);
    emgp_free(c->narrow);
    emgp_free(c);
}

void emgp_condition_limits(emgp_condition *c, size_t channel, double low, double high)
{
    if (c->dead)
        emgp_dead_limits(c->dead, channel, low, high);
}

static emg_status to_dead(void *context, const double *x, size_t n_frames, emg_error *err)
{
    emgp_condition *c = context;
    return c->dead ? emgp_dead_push(c->dead, x, n_frames, err) : to_powerline(c, x, n_frames, err);
}

/* Whether a stimulus is about channels of the condition, and which. */
static bool is_about(const emgp_condition *c, const emgp_stimulus *stimulus, const size_t *numbers, size_t *place)
{
    *place = stimulus->channel;
    for (size_t i = 0; stimulus->channel != EMGP_EVERY_CHANNEL && i < c->n_channels; i++) {
        *place = i;
        if (numbers[i] == stimulus->channel)
            return true;
    }
    return stimulus->channel == EMGP_EVERY_CHANNEL;
}

emg_status emgp_condition_stimuli(emgp_condition *c, const emgp_stimulus *stimuli, size_t n, const size_t *numbers,
                                  double after_s, emg_error *err)
{
    size_t n_told = 0;
    c->told = emgp_alloc(n, sizeof *c->told);
    if (!c->told)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        c->told[n_told].at_s = stimuli[i].at_s;
        n_told += is_about(c, &stimuli[i], numbers, &c->told[n_told].channel);
    }
    const emgp_stimuli_setup setup = { .rate_hz = c->rate_hz,
                                       .n_channels = c->n_channels,
                                       .stimuli = c->told,
                                       .n = n_told,
                                       .after_s = after_s,
                                       .take = to_dead,
                                       .taker = c };
    return n_told > 0 ? emgp_stimuli_new(&c->stimuli, &setup, err) : EMG_OK;
}

void emgp_condition_start(emgp_condition *c, const emgp_qrs_times *qrs, double start_s)
{
    if (c->stimuli)
        emgp_stimuli_start(c->stimuli, start_s);
    emgp_ecg_tell(c->ecg, qrs, start_s);
}

emg_status emgp_condition_push(emgp_condition *c, const double *x, size_t n_frames, emg_error *err)
{
    return c->stimuli ? emgp_stimuli_push(c->stimuli, x, n_frames, err) : to_dead(c, x, n_frames, err);
}

emg_status emgp_condition_finish(emgp_condition *c, emg_error *err)
{
    emg_status status = c->stimuli ? emgp_stimuli_finish(c->stimuli, err) : EMG_OK;
    if (status == EMG_OK && c->dead)
        status = emgp_dead_finish(c->dead, err);
    if (status == EMG_OK)
        status = emg_powerline_stream_finish(c->powerline, err);
    if (status == EMG_OK && c->band)
        status = emg_filter_stream_finish(c->band, err);
    return status ? status : emgp_ecg_finish(c->ecg, err);
}

size_t emgp_condition_latency(const emgp_condition *c)
{
    return (c->stimuli ? emgp_stimuli_latency(c->stimuli) : 0) + (c->dead ? emgp_dead_latency(c->dead) : 0) +
           emg_powerline_stream_latency(c->powerline) + (c->band ? emg_filter_stream_latency(c->band) : 0) +
           emgp_ecg_latency(c->ecg);
}

size_t emgp_condition_transient(const emgp_condition *c)
{
    return c->transient;
}

emg_ecg_found emgp_condition_ecg(const emgp_condition *c, size_t channel)
{
    return emgp_ecg_found(c->ecg, channel);
}

emg_powerline_found emgp_condition_powerline(const emgp_condition *c, size_t channel)
{
    return emgp_powerline_stream_found(c->powerline, channel);
}
