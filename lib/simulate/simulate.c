/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a timeline to samples: background, interference and firings added up, the same however they are asked for. */
#include <emg/simulate.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "simulate/patterns/patterns.h"
#include "simulate/scenario/scenario.h"
#include "simulate/plan/plan.h"
#include "simulate/simulate.h"
#include "base/base.h"

/* The strength of the background changes every DRIFT_FRAMES frames, counted from the first. Loops of prepared noise
 * have lengths without a common factor, so that their sum repeats only after their product (a month at 2 kHz). */
enum { DRIFT_FRAMES = 256, LOOP_A = 98299, LOOP_B = 65521 };

/* One channel while its samples are made. */
typedef struct performer {
    emgp_noise noise;
    emgp_drift drift;
    double level;       /* strength of the background in these DRIFT_FRAMES */
    size_t at_a, at_b;  /* places in the loops */
    emgp_firings queue; /* without end: what was made and has not ended */
    size_t next;        /* the first firing that may not have ended */
    size_t artefact;    /* the same of artefacts */
} performer;

struct emg_simulation {
    emgp_timeline timeline;
    performer performer[EMGP_SCENE_CHANNELS];
    int64_t frame, n_frames;
    float *loop_a, *loop_b; /* of strength 1; NULL unless the timeline is without end */
    int64_t window_played;  /* seconds whose discharges are in the queues */
    size_t event;           /* place in the truth, of the timeline or of the window */
    emg_truth *window_truths;
    size_t n_window_truths;
    int64_t window_told; /* seconds whose truth was made */
};

const char *emg_simulation_preset(size_t index, const char **sentence)
{
    const emgp_simulation_preset *row = emgp_simulation_preset_row(index);
    if (row && sentence)
        *sentence = row->sentence;
    return row ? row->name : NULL;
}

/* The seed of a timeline also depends on the preset's name (FNV-1a), so that presets do not repeat each other. */
static uint64_t timeline_seed(uint64_t seed, const char *name)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(1099511628211);
    return seed ^ hash;
}

static emg_status check_number(const char *who, const char *what, const char *unit, double value, double least,
                               double most, emg_error *err)
{
    char shown[EMGP_NUMBER_ROOM], low[EMGP_NUMBER_ROOM], high[EMGP_NUMBER_ROOM];
    if (value >= least && value <= most && value <= floor(value))
        return EMG_OK;
    emgp_number_print(shown, value);
    emgp_number_print(low, least);
    emgp_number_print(high, most);
    return emgp_fail(err, EMG_ERANGE, "%s %s %s is not a whole number from %s to %s, which %s allows", what, shown,
                     unit, low, high, who);
}

static void fill_loop(float *loop, size_t n, emgp_noise *noise)
{
    for (size_t i = 0; i < n; i++)
        loop[i] = (float)(emgp_noise_next(noise) * 0.70710678118654752440); /* two loops add to strength 1 */
}

static emgp_colour colour_of(const emgp_timeline_channel *channel)
{
    return (emgp_colour){ channel->plan.pink_share, channel->plan.noise_fall > 0.5 };
}

static bool start_loops(emg_simulation *s)
{
    emgp_noise noise;
    emgp_timeline *timeline = &s->timeline;
    emgp_colour colour = colour_of(&timeline->channel[0]);
    s->loop_a = emgp_alloc(LOOP_A, sizeof *s->loop_a);
    s->loop_b = emgp_alloc(LOOP_B, sizeof *s->loop_b);
    s->window_truths = emgp_alloc(EMGP_SCENE_CHANNELS * EMGP_WINDOW_ROOM, sizeof *s->window_truths);
    if (!s->loop_a || !s->loop_b || !s->window_truths ||
        !emgp_noise_start(&noise, emgp_timeline_random(timeline, 0, EMGP_FOR_NOISE), &timeline->channel[0].band,
                          timeline->rate_hz, &colour))
        return false;
    fill_loop(s->loop_a, LOOP_A, &noise);
    fill_loop(s->loop_b, LOOP_B, &noise);
    for (size_t c = 0; c < timeline->n_channels; c++) {
        s->performer[c].at_a = (c * 31 + 7) * 197 % LOOP_A; /* channels are three seconds or more apart */
        s->performer[c].at_b = (c * 53 + 3) * 149 % LOOP_B;
        s->performer[c].queue.firing = emgp_alloc(3 * EMGP_WINDOW_ROOM, sizeof *s->performer[c].queue.firing);
        if (!s->performer[c].queue.firing)
            return false;
    }
    return true;
}

static bool start_performers(emg_simulation *s)
{
    emgp_timeline *timeline = &s->timeline;
    for (size_t c = 0; c < timeline->n_channels; c++) {
        const emgp_timeline_channel *channel = &timeline->channel[c];
        emgp_random r = emgp_timeline_random(timeline, c, EMGP_FOR_DRIFT);
        emgp_colour colour = colour_of(channel);
        emgp_drift_start(&s->performer[c].drift, &r, channel->plan.drift_db);
        if (!(timeline->endless_hz > 0) &&
            !emgp_noise_start(&s->performer[c].noise, emgp_timeline_random(timeline, c, EMGP_FOR_NOISE), &channel->band,
                              timeline->rate_hz, &colour))
            return false;
    }
    return !(timeline->endless_hz > 0) || start_loops(s);
}

/* What a recording may be. */
typedef struct limits {
    const char *who; /* allows it, for a sentence */
    double least_hz, most_hz, least_s, most_s;
} limits;

static double given(double value, double own)
{
    return value > 0 || value < 0 || isnan(value) ? value : own;
}

/* Why a timeline could not be made. */
static emg_status fail_timeline(const emgp_timeline *timeline, const char *who, emg_error *err)
{
    if (timeline->status == EMG_ERANGE)
        return emgp_fail(err, EMG_ERANGE,
                         "%s holds more than a simulation can: shorten it, or take fewer channels, units or firings",
                         who);
    return emgp_fail_memory(err);
}

static emg_status make(emg_simulation **out, const emgp_scenario *scenario, const limits *allowed, uint64_t seed,
                       double duration_s, double rate_hz, emg_error *err)
{
    const emgp_recording_plan *plan = &scenario->section[0].plan.recording;
    double duration = given(duration_s, plan->duration_s), rate = given(rate_hz, plan->rate_hz);
    emg_status status = check_number(allowed->who, "duration", "s", duration, allowed->least_s, allowed->most_s, err);
    if (status == EMG_OK)
        status = check_number(allowed->who, "sampling rate", "Hz", rate, allowed->least_hz, allowed->most_hz, err);
    if (status != EMG_OK)
        return status;
    emg_simulation *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->timeline.seed = timeline_seed(seed, scenario->name);
    s->timeline.rate_hz = rate;
    s->timeline.duration_s = duration;
    s->n_frames = (int64_t)(duration * rate);
    emgp_build(&s->timeline, scenario);
    emgp_timeline_cut_at_gaps(&s->timeline);
    emgp_timeline_settle(&s->timeline);
    if (s->timeline.status != EMG_OK || !start_performers(s)) {
        status = fail_timeline(&s->timeline, allowed->who, err);
        emg_simulation_free(s);
        return status;
    }
    *out = s;
    return EMG_OK;
}

emg_status emg_simulation_new(emg_simulation **out, const char *preset, uint64_t seed, double duration_s,
                              double rate_hz, emg_error *err)
{
    char who[64];
    const emgp_simulation_preset *row;
    emgp_scenario scenario;
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_simulation_new needs a place for the simulation");
    *out = NULL;
    emg_status status = emgp_simulation_preset_read(preset, &row, &scenario, err);
    if (status != EMG_OK)
        return status;
    snprintf(who, sizeof who, "preset '%s'", row->name);
    limits allowed = { who, row->least_hz, row->most_hz, row->least_s, row->most_s };
    status = make(out, &scenario, &allowed, seed, duration_s, rate_hz, err);
    emgp_scenario_free(&scenario);
    return status;
}

emg_status emg_simulation_read(emg_simulation **out, const char *text, size_t n_bytes, const char *name, uint64_t seed,
                               double duration_s, double rate_hz, emg_error *err)
{
    emgp_scenario scenario;
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_simulation_read needs a place for the simulation");
    *out = NULL;
    name = name ? name : "scenario";
    emg_status status = text || n_bytes == 0 ? emgp_scenario_read(&scenario, text ? text : "", n_bytes, name, err)
                                             : emgp_fail(err, EMG_EARG, "there is no scenario");
    if (status != EMG_OK)
        return status;
    const emg_setting *rows = emgp_kind_of(EMGP_RECORDING)->keys;
    bool endless = false;
    for (size_t i = 0; i < scenario.n; i++)
        endless = endless || scenario.section[i].kind == EMGP_LOAD;
    limits allowed = { "the scenario", rows[0].least, rows[0].most, rows[1].least, endless ? rows[1].most : 86400 };
    for (size_t i = 0; i < scenario.n && endless && status == EMG_OK; i++)
        if (scenario.section[i].kind > EMGP_POWERLINE && scenario.section[i].kind != EMGP_LOAD)
            status = emgp_fail(err, EMG_EARG, "line %zu: no other activity can stand beside [load]",
                               scenario.section[i].line);
    if (status == EMG_OK)
        status = make(out, &scenario, &allowed, seed, duration_s, rate_hz, err);
    emgp_scenario_free(&scenario);
    return status;
}

emg_status emg_simulation_scenario(char **out, const char *preset, emg_error *err)
{
    const emgp_simulation_preset *row;
    emgp_scenario scenario;
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_simulation_scenario needs a place for the text");
    *out = NULL;
    emg_status status = emgp_simulation_preset_read(preset, &row, &scenario, err);
    if (status != EMG_OK)
        return status;
    *out = emgp_scenario_print(&scenario);
    emgp_scenario_free(&scenario);
    return *out ? EMG_OK : emgp_fail_memory(err);
}

void emg_simulation_scenario_free(char *text)
{
    emgp_free(text);
}

void emg_simulation_free(emg_simulation *s)
{
    if (!s)
        return;
    for (size_t c = 0; c < s->timeline.n_channels; c++)
        emgp_free(s->performer[c].queue.firing);
    emgp_timeline_free(&s->timeline);
    emgp_free(s->loop_a);
    emgp_free(s->loop_b);
    emgp_free(s->window_truths);
    emgp_free(s);
}

double emg_simulation_rate_hz(const emg_simulation *s)
{
    return s ? s->timeline.rate_hz : NAN;
}

double emg_simulation_duration_s(const emg_simulation *s)
{
    return s ? s->timeline.duration_s : NAN;
}

size_t emg_simulation_n_channels(const emg_simulation *s)
{
    return s ? s->timeline.n_channels : 0;
}

const emg_simulated_channel *emg_simulation_channel(const emg_simulation *s, size_t index)
{
    return s && index < s->timeline.n_channels ? &s->timeline.channel[index].facts : NULL;
}

size_t emg_simulation_n_annotations(const emg_simulation *s)
{
    return s ? s->timeline.n_annotations : 0;
}

const emg_simulated_annotation *emg_simulation_annotation(const emg_simulation *s, size_t index)
{
    return s && index < s->timeline.n_annotations ? &s->timeline.annotations[index] : NULL;
}

size_t emg_simulation_n_gaps(const emg_simulation *s)
{
    return s ? s->timeline.n_gaps : 0;
}

const emg_simulated_gap *emg_simulation_gap(const emg_simulation *s, size_t index)
{
    return s && index < s->timeline.n_gaps ? &s->timeline.gaps[index] : NULL;
}

size_t emg_simulation_n_firings(const emg_simulation *s, size_t channel)
{
    return s && channel < s->timeline.n_channels ? s->timeline.channel[channel].firings.n : 0;
}

emg_simulated_firing emg_simulation_firing(const emg_simulation *s, size_t channel, size_t index)
{
    if (index >= emg_simulation_n_firings(s, channel))
        return (emg_simulated_firing){ NAN, 0 };
    const emgp_firing *f = &s->timeline.channel[channel].firings.firing[index];
    return (emg_simulated_firing){ emgp_firing_time(&s->timeline, channel, f), (uint32_t)f->unit + 1 };
}

size_t emg_simulation_n_events(const emg_simulation *s)
{
    return s ? s->timeline.n_truths : 0;
}

const emg_truth *emg_simulation_event(const emg_simulation *s, size_t index)
{
    return s && index < s->timeline.n_truths ? &s->timeline.truths[index] : NULL;
}

/* The truth of the next second of a timeline without end. */
static void tell_window(emg_simulation *s)
{
    emgp_firing firings[EMGP_WINDOW_ROOM];
    s->event = s->n_window_truths = 0;
    for (size_t c = 0; c < s->timeline.n_channels; c++)
        s->n_window_truths +=
            emgp_window_discharges(&s->timeline, c, s->window_told, firings, s->window_truths + s->n_window_truths);
    emgp_truths_sort(s->window_truths, s->n_window_truths);
    s->window_told++;
}

emg_status emg_simulation_next_event(emg_simulation *s, emg_truth *truth, bool *found, emg_error *err)
{
    if (!s || !truth || !found)
        return emgp_fail(err, EMG_EARG,
                         "emg_simulation_next_event needs a simulation, and places for event and answer");
    const emg_truth *truths = s->timeline.truths;
    size_t n = s->timeline.n_truths;
    if (s->timeline.endless_hz > 0) {
        while (s->event >= s->n_window_truths && (double)s->window_told < s->timeline.duration_s)
            tell_window(s);
        truths = s->window_truths;
        n = s->n_window_truths;
    }
    *found = s->event < n;
    if (*found)
        *truth = truths[s->event++];
    return EMG_OK;
}

/* Drops what has ended from the queues and adds the discharges of the second that begins. */
static void play_window(emg_simulation *s)
{
    for (size_t c = 0; c < s->timeline.n_channels; c++) {
        performer *p = &s->performer[c];
        p->queue.n -= p->next;
        memmove(p->queue.firing, p->queue.firing + p->next, p->queue.n * sizeof *p->queue.firing);
        p->next = 0;
        assert(p->queue.n <= 2 * EMGP_WINDOW_ROOM); /* a shape is shorter than a second */
        p->queue.n += emgp_window_discharges(&s->timeline, c, s->window_played, p->queue.firing + p->queue.n, NULL);
    }
    s->window_played++;
}

static void add_firings(const emgp_timeline_channel *channel, const emgp_firings *list, size_t *next, int64_t from,
                        double *x, size_t n, size_t stride)
{
    for (size_t i = *next; i < list->n && list->firing[i].start < from + (int64_t)n; i++) {
        const emgp_firing *f = &list->firing[i];
        const emgp_unit *unit = &channel->units[f->unit];
        if (f->start + (int64_t)unit->length > from)
            emgp_unit_add(unit, f->start, f->row, (double)f->gain, from, x, n, stride);
        else if (i == *next)
            (*next)++;
    }
}

static void play_loops(emg_simulation *s, performer *p, double *x, size_t n, size_t stride)
{
    while (n > 0) {
        size_t piece = n < LOOP_A - p->at_a ? n : LOOP_A - p->at_a;
        piece = piece < LOOP_B - p->at_b ? piece : LOOP_B - p->at_b;
        const float *a = s->loop_a + p->at_a, *b = s->loop_b + p->at_b;
        for (size_t i = 0; i < piece; i++)
            x[i * stride] = p->level * ((double)a[i] + (double)b[i]);
        p->at_a = (p->at_a + piece) % LOOP_A;
        p->at_b = (p->at_b + piece) % LOOP_B;
        x += piece * stride;
        n -= piece;
    }
}

static void play_channel(emg_simulation *s, size_t c, double *x, size_t n)
{
    emgp_timeline *timeline = &s->timeline;
    emgp_timeline_channel *channel = &timeline->channel[c];
    performer *p = &s->performer[c];
    size_t stride = timeline->n_channels;
    bool endless = timeline->endless_hz > 0;
    if (s->frame % DRIFT_FRAMES == 0)
        p->level = channel->sigma_uv * emgp_drift_gain(&p->drift, (double)s->frame / timeline->rate_hz);
    if (endless) {
        play_loops(s, p, x, n, stride);
    } else {
        for (size_t i = 0; i < n; i++)
            x[i * stride] = p->level * emgp_noise_next(&p->noise);
    }
    add_firings(channel, endless ? &p->queue : &channel->firings, &p->next, s->frame, x, n, stride);
    emgp_play_added(channel, timeline->rate_hz, &p->artefact, s->frame, x, n, stride);
}

/* Fundamental, third and fifth harmonic from one sine and cosine a frame. */
static void play_hum(const emg_simulation *s, double *x, size_t n)
{
    const emgp_hum *hum = &s->timeline.hum;
    size_t n_channels = s->timeline.n_channels;
    double cosine[EMGP_SCENE_CHANNELS], sine[EMGP_SCENE_CHANNELS];
    for (size_t c = 0; c < n_channels; c++)
        emgp_fixed_sincos(s->timeline.channel[c].hum_phase, &sine[c], &cosine[c]);
    for (size_t i = 0; i < n; i++) {
        double t = (double)(s->frame + (int64_t)i) / s->timeline.rate_hz, slow, s1, c1;
        emgp_fixed_sincos(t / hum->period_s + hum->phase, &slow, &c1);
        /* The integral of hz + swing * sin(2 pi (t / period + phase)). */
        emgp_fixed_sincos(hum->hz * t - hum->swing_hz * hum->period_s * c1 * 0.15915494309189533577, &s1, &c1);
        double s3 = s1 * (3 - 4 * s1 * s1), s5 = s1 * (5 + s1 * s1 * (16 * s1 * s1 - 20));
        for (size_t c = 0; c < n_channels; c++)
            x[i * n_channels + c] += s->timeline.channel[c].hum_uv *
                                     (cosine[c] * s1 + sine[c] * c1 + hum->third_share * s3 + hum->fifth_share * s5);
    }
}

/* A stretch within which neither the background's strength nor the second changes. */
static size_t stretch(const emg_simulation *s, size_t n_frames)
{
    size_t n = DRIFT_FRAMES - (size_t)(s->frame % DRIFT_FRAMES);
    if (s->timeline.endless_hz > 0) {
        int64_t rate = (int64_t)s->timeline.rate_hz, left = rate - s->frame % rate;
        n = n < (size_t)left ? n : (size_t)left;
    }
    return n < n_frames ? n : n_frames;
}

emg_status emg_simulation_next(emg_simulation *s, double *x, size_t n_frames, emg_error *err)
{
    if (!s || (!x && n_frames > 0))
        return emgp_fail(err, EMG_EARG, "emg_simulation_next needs a simulation and room for the samples");
    if (n_frames > (uint64_t)(s->n_frames - s->frame))
        return emgp_fail(err, EMG_EARG, "more frames asked for than the simulation has left");
    while (n_frames > 0) {
        size_t n = stretch(s, n_frames);
        if (s->timeline.endless_hz > 0 && s->frame % (int64_t)s->timeline.rate_hz == 0)
            play_window(s);
        for (size_t c = 0; c < s->timeline.n_channels; c++)
            play_channel(s, c, x + c, n);
        if (s->timeline.hum.hz > 0)
            play_hum(s, x, n);
        for (size_t c = 0; c < s->timeline.n_channels; c++)
            emgp_play_limits(&s->timeline.channel[c], s->performer[c].artefact, s->frame, x + c, n,
                             s->timeline.n_channels);
        s->frame += (int64_t)n;
        x += n * s->timeline.n_channels;
        n_frames -= n;
    }
    return EMG_OK;
}
