/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins gathered to windows; a window is judged when half of the next is there, so that a short rest can join it. */
#include "analysis/quality/quality.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const emg_setting quality_rows[] = {
    { "quality.window_s", "s", 0.25, 60, 1, 1, NULL, offsetof(emg_quality_config, window_s),
      "length of the windows that are judged" },
    { "quality.flat_uv", "uV", 0, 10, 0.2, 0.2, NULL, offsetof(emg_quality_config, flat_uv),
      "a calibrated channel is flat below this standard deviation; a constant one always" },
    { "quality.clip_samples", "", 1, 1000, 2, 2, NULL, offsetof(emg_quality_config, clip_samples),
      "so many samples at the recorder's limits within a window are clipping" },
    { "quality.rail_s", "s", 0.005, 10, 0.05, 0.05, NULL, offsetof(emg_quality_config, rail_s),
      "a stretch at a limit of at least this length is saturation" },
    { "quality.dropout_s", "s", 0.01, 10, 0.025, 0.025, NULL, offsetof(emg_quality_config, dropout_s),
      "one value repeated for at least this long in a live signal is a dropout" },
    { "quality.pop_ratio", "", 2, 100, 6, 6, NULL, offsetof(emg_quality_config, pop_ratio),
      "a step of the baseline by so many times its scatter is an electrode pop" },
    { "quality.motion_db", "dB", -20, 60, 10, 10, NULL, offsetof(emg_quality_config, motion_db),
      "power from 2 to 20 Hz that exceeds the power above by this is motion" },
    { "quality.mains_db", "dB", -30, 60, -9, -9, NULL, offsetof(emg_quality_config, powerline_db),
      "a line at 50 or 60 Hz whose power over all other power reaches this is power line interference" },
};

emgp_settings emgp_quality_table(void)
{
    return EMGP_SETTINGS(quality_rows, quality);
}

const char *emg_quality_name(emg_quality_kind kind)
{
    static const char *const names[EMG_QUALITY_KINDS] = { "flat", "clipped", "saturated", "dropout",
                                                          "pop",  "motion",  "mains" };
    return (unsigned)kind < EMG_QUALITY_KINDS ? names[kind] : NULL;
}

void emg_quality_add(emg_quality_sums *sums, const emg_quality_window *window)
{
    if (!sums || !window)
        return;
    sums->n_windows++;
    sums->seconds += window->duration_s;
    if (!(window->flags & ~(1u << EMG_QUALITY_POWERLINE)))
        sums->usable_s += window->duration_s;
    for (unsigned k = 0; k < EMG_QUALITY_KINDS; k++)
        if (window->flags >> k & 1) {
            sums->n_flagged[k]++;
            sums->flagged_s[k] += window->duration_s;
        }
}

void emg_quality_merge(emg_quality_sums *into, const emg_quality_sums *from)
{
    if (!into || !from)
        return;
    into->n_windows += from->n_windows;
    into->seconds += from->seconds;
    into->usable_s += from->usable_s;
    for (size_t k = 0; k < EMG_QUALITY_KINDS; k++) {
        into->n_flagged[k] += from->n_flagged[k];
        into->flagged_s[k] += from->flagged_s[k];
    }
}

/* A run of samples is cut off, not a smooth peak, when the steps to and from it are so many of the finest steps. Where limits
 * are unknown, two such runs at one extreme of a window are clipping, or a long one. */
static const double steep_steps = 4, long_run = 5;
enum { LEAST_RUNS = 2, MOST_STRETCHES = 8 };
/* Below, too little lies above 20 Hz for motion to be told by it. */
static const double least_rate_hz = 80;

/* One value held over whole bins. */
typedef struct stretch {
    double value;
    size_t n_bins; /* in the window; its length from its beginning is `longest` */
    size_t longest;
    bool at_limit;
} stretch;

/* Runs at the window's highest or lowest value so far. */
typedef struct cut_off {
    double value, n_samples, longest;
    size_t n_runs;
} cut_off;

typedef struct sums {
    double n_frames, within, low, high, repeats, held_repeats, held_frames, at_limit;
    size_t n_bins, n_stretches;
    stretch stretch[MOST_STRETCHES];
    cut_off top, bottom;
} sums;

typedef struct channel {
    double least_step; /* of the segment so far */
    bool calibrated;
    emgp_held held;
    size_t told;         /* of its bins, those in a window's sums */
    double held_repeats; /* of its bins not yet there */
    sums window[2];      /* of the window being judged next, and of the one being filled; by its number */
} channel;

struct emgp_quality {
    emg_quality_config config;
    emg_take_quality *take;
    void *context;
    emgp_lowband *lowband;
    size_t n_channels, n_window, bin_frames, room;
    size_t ahead; /* bins of the next window that a window waits for */
    double rate_hz;
    channel *channels;
    double *slow;    /* [n_channels][room]: bin means, bin i of the segment at i % room */
    double *stretch; /* what one judgement looks at, in order */
    size_t n_bins;   /* of the segment */
    size_t n_judged; /* windows */
};

static void clear(sums *s)
{
    memset(s, 0, sizeof *s);
    s->low = s->bottom.value = INFINITY;
    s->high = s->top.value = -INFINITY;
}

static void begin(emgp_quality *q)
{
    q->n_bins = q->n_judged = 0;
    for (size_t i = 0; i < q->n_channels; i++) {
        channel *l = &q->channels[i];
        l->least_step = INFINITY;
        l->held = (emgp_held){ .n_bins = 0 };
        l->held_repeats = 0;
        clear(&l->window[0]);
        clear(&l->window[1]);
    }
}

emg_status emgp_quality_new(emgp_quality **out, const emg_quality_config *config, const emg_quality_channel *channels,
                            size_t n_channels, double rate_hz, emg_take_quality *take, void *context, emg_error *err)
{
    *out = NULL;
    emgp_quality *q = emgp_alloc(1, sizeof *q);
    if (!q)
        return emgp_fail_memory(err);
    const size_t frames = emgp_bins_frames(rate_hz);
    const double bin_hz = rate_hz / (double)frames;
    *q = (emgp_quality){ .config = *config,
                         .take = take,
                         .context = context,
                         .n_channels = n_channels,
                         .n_window = (size_t)fmax(2, round(config->window_s * bin_hz)),
                         .bin_frames = frames,
                         .rate_hz = rate_hz };
    q->ahead = q->n_window - q->n_window / 2;
    if (q->ahead < EMGP_POP_AFTER)
        q->ahead = q->n_window < EMGP_POP_AFTER ? q->n_window : EMGP_POP_AFTER;
    q->room = 3 * q->n_window + EMGP_POP_BEFORE + EMGP_POP_AFTER;
    q->channels = emgp_alloc(n_channels, sizeof *q->channels);
    q->slow = emgp_alloc(n_channels * q->room, sizeof *q->slow);
    q->stretch = emgp_alloc(q->room, sizeof *q->stretch);
    emg_status status = q->channels && q->slow && q->stretch ? emgp_lowband_new(&q->lowband, q->n_window, bin_hz, err)
                                                             : emgp_fail_memory(err);
    if (status) {
        emgp_quality_free(q);
        return status;
    }
    for (size_t i = 0; i < n_channels; i++)
        q->channels[i].calibrated = channels[i].calibrated;
    begin(q);
    *out = q;
    return EMG_OK;
}

void emgp_quality_free(emgp_quality *q)
{
    if (!q)
        return;
    emgp_lowband_free(q->lowband);
    emgp_free(q->channels);
    emgp_free(q->slow);
    emgp_free(q->stretch);
    emgp_free(q);
}

/* --- taking bins --- */

/* Counts a bin of one value to the stretch of the window that holds it. */
static void hold(const emgp_quality *q, channel *l, sums *s, const emgp_bin *bin, size_t at)
{
    const emgp_held *held = &l->held;
    if (!emgp_held_add(&l->held, bin, at))
        return;
    if (held->n_bins == 1) {
        l->told = 0;
        l->held_repeats = 0;
    }
    l->held_repeats += bin->repeats[at];
    /* A stretch has up to a bin more at each end. */
    const double seconds = (double)((held->n_bins + 1) * q->bin_frames) / q->rate_hz;
    if (seconds < fmin(q->config.dropout_s, q->config.rail_s))
        return;
    if (s->n_stretches == 0 || l->told == 0 || s->stretch[s->n_stretches - 1].longest != l->told) {
        if (s->n_stretches == MOST_STRETCHES)
            return;
        s->stretch[s->n_stretches++] = (stretch){ .value = held->value, .at_limit = held->at_limit };
    }
    stretch *told = &s->stretch[s->n_stretches - 1];
    const size_t fresh = l->told == 0 ? held->n_bins : 1;
    told->n_bins += fresh;
    told->longest = l->told = held->n_bins;
    s->held_frames += (double)(fresh * q->bin_frames);
    s->held_repeats += l->held_repeats;
    l->held_repeats = 0;
}

static void add_bin(const emgp_quality *q, channel *l, sums *s, const emgp_bin *bin, size_t at)
{
    const double n = (double)bin->n_frames;
    s->n_bins++;
    s->n_frames += n;
    s->within += n * bin->power[at];
    s->low = bin->low[at] < s->low ? bin->low[at] : s->low;
    s->high = bin->high[at] > s->high ? bin->high[at] : s->high;
    s->repeats += bin->repeats[at];
    s->at_limit += bin->at_limit[at];
    l->least_step = bin->least_step[at] < l->least_step ? bin->least_step[at] : l->least_step;
    hold(q, l, s, bin, at);
}

/* Runs at the more extreme of two values stand, those at the same value add up; up: 1 for the top, -1 for the bottom. */
static void add_runs(cut_off *to, const cut_off *from, double up)
{
    if (up * from->value < up * to->value)
        return;
    if (up * from->value > up * to->value)
        *to = (cut_off){ .value = from->value };
    to->n_samples += from->n_samples;
    to->longest = fmax(to->longest, from->longest);
    to->n_runs += from->n_runs;
}

static void add_plateau(const channel *l, sums *s, const emgp_plateau *p)
{
    if (!(fmin(p->jump_in, p->jump_out) >= steep_steps * l->least_step))
        return;
    const cut_off one = { p->value, (double)p->n_frames, (double)p->n_frames, 1 };
    add_runs(&s->top, &one, 1);
    add_runs(&s->bottom, &one, -1);
}

/* --- judging --- */

/* The bin means from `first` to `end` - 1 of a channel, in order. */
static void copy_out(const emgp_quality *q, size_t at, size_t first, size_t end)
{
    const double *ring = q->slow + at * q->room;
    for (size_t done = 0, n; first + done < end; done += n) {
        const size_t from = (first + done) % q->room;
        n = end - first - done < q->room - from ? end - first - done : q->room - from;
        memcpy(q->stretch + done, ring + from, n * sizeof *ring);
    }
}

static double variance(const double *x, size_t n)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return squares / (double)n;
}

static double decibels(double power, double over)
{
    return 10 * log10(power / over);
}

/* Samples of runs at an extreme, 0 when chance may have made them. */
static double cut_samples(const cut_off *c, double extreme)
{
    const bool there = !(fabs(c->value - extreme) > 0), sure = c->n_runs >= LEAST_RUNS || c->longest >= long_run;
    return there && sure ? c->n_samples : 0;
}

static void judge_clipping(const sums *s, double clip_samples, emg_quality_window *w)
{
    const double cut = cut_samples(&s->top, s->high) + cut_samples(&s->bottom, s->low);
    w->clipped_share = fmax(s->at_limit, cut) / s->n_frames;
    if (s->at_limit >= clip_samples || cut > 0)
        w->flags |= 1u << EMG_QUALITY_CLIPPED;
}

static void judge_stretches(const emgp_quality *q, const sums *s, emg_quality_window *w)
{
    const double bin_s = (double)q->bin_frames / q->rate_hz;
    const double repeating = emgp_held_share(s->repeats - s->held_repeats, s->n_frames - s->held_frames);
    for (size_t i = 0; i < s->n_stretches; i++) {
        const stretch *t = &s->stretch[i];
        const double seconds = (double)(t->longest + 1) * bin_s;
        const bool zero = !(fabs(t->value) > 0), extreme = t->value <= s->low || t->value >= s->high;
        if (emgp_held_by_chance((double)(t->longest * q->bin_frames), t->at_limit, repeating))
            continue;
        if (t->at_limit || (extreme && !zero))
            w->saturated_s += seconds >= q->config.rail_s ? (double)t->n_bins * bin_s : 0;
        else if (seconds >= q->config.dropout_s)
            w->dropout_s += (double)t->n_bins * bin_s;
    }
    w->flags |= (unsigned)(w->saturated_s > 0) << EMG_QUALITY_SATURATED;
    w->flags |= (unsigned)(w->dropout_s > 0) << EMG_QUALITY_DROPOUT;
}

/* slow: n bin means of the window, or all there are up to its end where it is shorter than the others. */
static void judge_powers(const emgp_quality *q, const double *slow, size_t n, double within, emg_quality_window *w)
{
    if (n < q->n_window)
        return;
    const emgp_powers p = emgp_lowband_powers(q->lowband, slow, within);
    w->motion_db = q->rate_hz >= least_rate_hz ? decibels(p.low, p.high) : NAN;
    w->powerline_db = p.line > 0 ? decibels(p.line, p.low + p.high) : -INFINITY;
    w->flags |= (unsigned)(w->motion_db >= q->config.motion_db) << EMG_QUALITY_MOTION;
    w->flags |= (unsigned)(w->powerline_db >= q->config.powerline_db) << EMG_QUALITY_POWERLINE;
}

/* The window of bins first to end - 1. Where the signal is flat, held or at a rail, there is no spectrum to judge, and its
 * edges are steps of their own. */
static emg_quality_window judge(const emgp_quality *q, size_t at, const sums *s, size_t first, size_t end)
{
    const channel *l = &q->channels[at];
    emg_quality_window w = { .start_s = (double)(first * q->bin_frames) / q->rate_hz,
                             .duration_s = s->n_frames / q->rate_hz,
                             .motion_db = NAN,
                             .powerline_db = NAN };
    const size_t from = first > EMGP_POP_BEFORE ? first - EMGP_POP_BEFORE : 0;
    const size_t to = end + EMGP_POP_AFTER < q->n_bins ? end + EMGP_POP_AFTER : q->n_bins;
    copy_out(q, at, from, to);
    w.sd = sqrt(variance(q->stretch + (first - from), end - first) + s->within / s->n_frames);
    if (!(s->high > s->low) || (l->calibrated && w.sd < q->config.flat_uv)) {
        w.flags = 1u << EMG_QUALITY_FLAT;
        return w;
    }
    judge_clipping(s, q->config.clip_samples, &w);
    judge_stretches(q, s, &w);
    if (w.saturated_s > 0 || w.dropout_s > 0)
        return w;
    w.step = emgp_baseline_pop(q->stretch, to - from, first - from, end - from, q->config.pop_ratio);
    w.flags |= (unsigned)(w.step > 0) << EMG_QUALITY_POP;
    const double *slow = q->stretch + (first - from);
    if (end - first < q->n_window && end >= q->n_window) { /* a short last window is seen with what comes before */
        first = end - q->n_window;
        copy_out(q, at, first, end);
        slow = q->stretch;
    }
    judge_powers(q, slow, end - first, s->within / s->n_frames, &w);
    return w;
}

static void merge(sums *into, const sums *from)
{
    into->n_bins += from->n_bins;
    into->n_frames += from->n_frames;
    into->within += from->within;
    into->low = fmin(into->low, from->low);
    into->high = fmax(into->high, from->high);
    into->repeats += from->repeats;
    into->held_repeats += from->held_repeats;
    into->held_frames += from->held_frames;
    into->at_limit += from->at_limit;
    for (size_t i = 0; i < from->n_stretches && into->n_stretches < MOST_STRETCHES; i++)
        into->stretch[into->n_stretches++] = from->stretch[i];
    add_runs(&into->top, &from->top, 1);
    add_runs(&into->bottom, &from->bottom, -1);
}

/* Hands out the window that comes next, which ends before bin `end`. */
static emg_status hand_out(emgp_quality *q, size_t end, emg_error *err)
{
    const size_t first = q->n_judged * q->n_window, parity = q->n_judged % 2;
    q->n_judged++;
    for (size_t i = 0; i < q->n_channels; i++) {
        sums *s = &q->channels[i].window[parity];
        if (end > first + q->n_window)
            merge(s, &q->channels[i].window[1 - parity]);
        const emg_quality_window w = judge(q, i, s, first, end);
        clear(s);
        emg_status status = q->take(q->context, i, &w, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_status emgp_quality_bin(emgp_quality *q, const emgp_bin *bin, emg_error *err)
{
    const size_t number = q->n_bins / q->n_window;
    for (size_t i = 0; i < q->n_channels; i++) {
        q->slow[i * q->room + q->n_bins % q->room] = bin->mean[i];
        add_bin(q, &q->channels[i], &q->channels[i].window[number % 2], bin, i);
    }
    for (size_t i = 0; i < bin->n_plateaus; i++) {
        channel *l = &q->channels[bin->plateau[i].channel];
        add_plateau(l, &l->window[number % 2], &bin->plateau[i]);
    }
    q->n_bins++;
    const size_t ready = (q->n_judged + 1) * q->n_window;
    return q->n_bins == ready + q->ahead ? hand_out(q, ready, err) : EMG_OK;
}

emg_status emgp_quality_finish(emgp_quality *q, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && q->n_judged * q->n_window < q->n_bins) {
        size_t end = (q->n_judged + 1) * q->n_window, left = q->n_bins > end ? q->n_bins - end : 0;
        bool joined = left < q->n_window / 2;
        status = hand_out(q, joined ? q->n_bins : end, err);
        if (joined)
            break;
    }
    begin(q);
    return status;
}
