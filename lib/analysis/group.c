/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning, pages, bursts and figures of a group of channels, segment by segment. */
#include "analysis/analysis.h"

#include <math.h>
#include <string.h>

#include "analysis/detect/detect.h"
#include "condition/condition.h"
#include "analysis/features/features.h"
#include "analysis/quality/quality.h"
#include "analysis/sketch/sketch.h"
#include "base/base.h"

/* Length of a discharge's recorded shape: that of a surface or of a needle potential, told by the band. */
static const double surface_shape_s = 0.02, needle_shape_s = 0.0064, needle_low_hz = 100;
/* What removal leaves of a QRS complex lies so near to it. */
static const double beat_reach_s = 0.08;

struct emgp_group {
    emgp_group_setup setup;
    double rate_hz;
    size_t *index;
    double *shape_s, *high_hz; /* per channel: length of a shape, upper end of the band */
    bool *calibrated;
    emgp_quality *windows;
    emgp_polarity *polarity;
    emg_quality_sums *quality,
        *segment_quality; /* per channel: so far, and of the segment that is not yet known to count */
    emgp_condition *condition;
    emgp_pages *pages;
    emgp_figures *figures;
    emgp_burst_state *bursts;
    emgp_live *lives;       /* per channel */
    emgp_sketch **sketches; /* per channel, until they are taken; NULL: nobody draws */
    emgp_finder *finder;
    bool in_segment;
    double segment_start_s;
    uint64_t segment_first;              /* frames of all segments before */
    double *sigma_sum, *lost_s, *dead_s; /* per channel */
    uint64_t *n_pages;
    double analysed_s, excluded_s;
};

static emg_status take_frames(void *context, const float *x, size_t n_frames, emg_error *err)
{
    emgp_group *g = context;
    emgp_figures_push(g->figures, x, n_frames);
    return emgp_pages_push(g->pages, x, n_frames, err);
}

static emg_status take_qrs(void *context, const emg_ecg_qrs *qrs, emg_error *err)
{
    emgp_group *g = context;
    const double frame = qrs->frame - (double)g->segment_first, at_s = g->segment_start_s + frame / g->rate_hz;
    const emgp_stretch beat = { at_s - beat_reach_s, at_s + beat_reach_s };
    emgp_pages_qrs(g->pages, qrs->channel, frame);
    return emgp_spill_push(g->setup.beats, g->index[qrs->channel], &beat, err);
}

static emg_status take_bin(void *context, const emgp_bin *bin, emg_error *err)
{
    emgp_group *g = context;
    emgp_pages_push_bin(g->pages, bin);
    return emgp_quality_bin(g->windows, bin, err);
}

static emg_status take_dead(void *context, size_t channel, uint64_t from, uint64_t end, emg_error *err)
{
    emgp_group *g = context;
    (void)err;
    emgp_pages_dead(g->pages, channel, from, end);
    return EMG_OK;
}

static emg_status take_window(void *context, size_t channel, const emg_quality_window *window, emg_error *err)
{
    emgp_group *g = context;
    emg_quality_add(&g->segment_quality[channel], window);
    if ((window->flags & ~(1u << EMG_QUALITY_POWERLINE)) == 0)
        return EMG_OK;
    const double from_s = g->segment_start_s + window->start_s;
    if (g->sketches[channel])
        emgp_sketch_flag(g->sketches[channel], from_s, from_s + window->duration_s, window->flags);
    return emgp_restless_note(g->setup.restless, EMGP_RESTLESS_FLAGGED(g->index[channel]), from_s,
                              from_s + window->duration_s, err);
}

static emg_status take_discharge(void *context, size_t channel, const emgp_discharge *discharge, emg_error *err)
{
    emgp_group *g = context;
    return emgp_spill_push(g->setup.discharges, g->index[channel], discharge, err);
}

static emg_status take_burst(void *context, size_t channel, const emgp_burst *burst, emg_error *err)
{
    emgp_group *g = context;
    if (g->sketches[channel])
        emgp_sketch_burst(g->sketches[channel], burst);
    return emgp_spill_push(g->setup.bursts, g->index[channel], burst, err);
}

static double seconds_of(const emgp_page *page, size_t n_bins)
{
    return fmin((double)(n_bins * page->bin), (double)page->n_frames) / page->rate_hz;
}

/* Adds the seconds of a page in which nothing can be found: dead, constant but for a few samples, or at the limit. */
static void add_lost_time(emgp_group *g, size_t channel, const emgp_page *page)
{
    const size_t first = page->margin / page->bin, n = (page->n_frames + page->bin - 1) / page->bin;
    size_t bad = 0, dead = 0;
    for (size_t b = first; b < first + n; b++) {
        bad += page->clipped[b] || page->dead[b];
        dead += page->dead[b];
    }
    g->lost_s[channel] += seconds_of(page, page->sigma > 0 ? bad : n);
    g->dead_s[channel] += seconds_of(page, dead);
}

/* Needle potentials are too short for the bank's shapes: a threshold finds them. */
static bool is_needle(const emgp_group *g, size_t channel)
{
    return g->shape_s[channel] <= needle_shape_s;
}

/* How many sigmas a discharge needs. */
static double least_sigma(const emgp_group *g, size_t channel)
{
    const emg_detect_config *detect = &g->setup.config->detect;
    return is_needle(g, channel) ? detect->threshold_sigma
                                 : emgp_false_alarm_size(detect->false_per_min, g->high_hz[channel]);
}

/* Whether a fasciculation of the least size exceeds the threshold of a page. */
static bool is_quiet(const emgp_group *g, size_t channel, const emgp_page *page)
{
    const double least_uv = g->setup.config->fasciculation.least_amplitude_uv;
    const double threshold = least_sigma(g, channel) * page->sigma;
    return threshold > 0 && (!g->calibrated[channel] || !(least_uv > 0) || least_uv >= threshold);
}

static emg_status take_page(void *context, size_t channel, const emgp_page *page, emg_error *err)
{
    emgp_group *g = context;
    emgp_burst_sink sink = { g, channel, take_discharge, take_burst };
    const double dead_s = g->dead_s[channel];
    add_lost_time(g, channel, page);
    emgp_figures_page(g->figures, channel, page->x + page->margin, page->n_frames,
                      (size_t)lround((g->dead_s[channel] - dead_s) * g->rate_hz));
    if (page->sigma > 0) {
        g->sigma_sum[channel] += page->sigma;
        g->n_pages[channel]++;
    }
    emg_status status = emgp_restless_page(g->setup.restless, g->index[channel], page, is_quiet(g, channel, page), err);
    if (status == EMG_OK)
        status = emgp_live_page(&g->lives[channel], page, err);
    if (status)
        return status;
    status = emgp_burst_page(&g->bursts[channel], &g->setup.config->detect, page, g->calibrated[channel],
                             g->shape_s[channel], is_needle(g, channel) ? NULL : g->finder, &sink, err);
    return status || !g->sketches[channel] ? status : emgp_sketch_page(g->sketches[channel], page, err);
}

typedef struct band {
    double low_hz, high_hz;
} band;

/* Where conditioning leaves a side of the band open, what the recording states of a channel closes it. */
static band band_of(const emgp_group *g, size_t index, const band *conditioned)
{
    const emg_source *source = &g->setup.sources[index];
    const bool open_above = conditioned->high_hz >= g->rate_hz / 2 && source->high_hz > 0;
    const band closed = { conditioned->low_hz > 0 ? conditioned->low_hz : source->low_hz,
                          open_above ? fmin(source->high_hz, conditioned->high_hz) : conditioned->high_hz };
    return closed.low_hz < closed.high_hz ? closed : *conditioned;
}

/* Gives the band that holds those of all channels that come together. */
static band set_bands(emgp_group *g, const band *conditioned)
{
    band all = { INFINITY, 0 };
    for (size_t i = 0; i < g->setup.n_channels; i++) {
        const band b = band_of(g, g->index[i], conditioned);
        g->shape_s[i] = b.low_hz >= needle_low_hz ? needle_shape_s : surface_shape_s;
        g->high_hz[i] = fmin(b.high_hz, g->rate_hz / 2);
        if (b.low_hz > conditioned->low_hz || b.high_hz < conditioned->high_hz)
            emgp_pages_band(g->pages, i, b.low_hz, b.high_hz);
    }
    for (size_t i = 0; i < g->setup.n_company; i++) {
        const band b = band_of(g, g->setup.company[i], conditioned);
        all = (band){ fmin(all.low_hz, b.low_hz), fmax(all.high_hz, fmin(b.high_hz, g->rate_hz / 2)) };
    }
    return all;
}

static emg_status make_pages(emgp_group *g, const band *conditioned, emg_error *err)
{
    emgp_pages_setup setup = { .rate_hz = g->rate_hz,
                               .low_hz = conditioned->low_hz,
                               .high_hz = conditioned->high_hz,
                               .lead = emgp_condition_latency(g->condition),
                               .n_channels = g->setup.n_channels,
                               .least_segment_s = g->setup.config->episode.segment_least_s,
                               .noise = &g->setup.config->noise,
                               .take = take_page,
                               .context = g };
    emg_status status = emgp_pages_new(&g->pages, &setup, err);
    if (status)
        return status;
    const band all = set_bands(g, conditioned);
    return emgp_finder_new(&g->finder, g->rate_hz, all.low_hz, all.high_hz, emgp_pages_room(g->pages), err);
}

static emg_status make_quality(emgp_group *g, emg_error *err)
{
    const emgp_group_setup *s = &g->setup;
    emg_quality_channel channels[EMGP_MOST_CHANNELS];
    for (size_t i = 0; i < s->n_channels; i++) {
        const emg_source *source = &s->sources[g->index[i]];
        channels[i] = (emg_quality_channel){ source->calibrated, source->clip_low, source->clip_high };
        emgp_condition_limits(g->condition, i, source->clip_low, source->clip_high);
    }
    return emgp_quality_new(&g->windows, &s->config->quality, channels, s->n_channels, g->rate_hz, take_window, g, err);
}

static emg_status make_levels(emgp_group *g, const band *conditioned, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < g->setup.n_channels; i++) {
        const band b = band_of(g, g->index[i], conditioned);
        status =
            emgp_levels_new(&g->lives[i].levels, g->rate_hz, b.low_hz, b.high_hz, g->setup.levels, g->index[i], err);
    }
    return status;
}

static emg_status make_sketches(emgp_group *g, emg_error *err)
{
    emg_status status = EMG_OK;
    g->sketches = emgp_alloc(g->setup.n_channels, sizeof *g->sketches);
    if (!g->sketches)
        return emgp_fail_memory(err);
    for (size_t i = 0; status == EMG_OK && !g->setup.no_sketches && i < g->setup.n_channels; i++)
        status = emgp_sketch_new(&g->sketches[i], g->rate_hz, g->shape_s[i], err);
    return status;
}

/* The place of a mark's channel among the group's; EMGP_EVERY_CHANNEL: it is about all. False: about none of them. */
/* Where no filter rings artefacts stay as they are. */
static emg_status tell_stimuli(emgp_group *g, emg_error *err)
{
    const emgp_marks_told *marks = g->setup.marks;
    const emg_config *config = g->setup.config;
    emg_filter_plan plan;
    if (marks->n_stimuli == 0 || !emgp_condition_filter(&config->condition, g->rate_hz, &plan))
        return EMG_OK;
    emgp_stimulus *stimuli = emgp_alloc(marks->n_stimuli, sizeof *stimuli);
    if (!stimuli)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < marks->n_stimuli; i++) {
        const emg_mark *mark = &marks->stimuli[i];
        stimuli[i] = (emgp_stimulus){ mark->onset_s, mark->channel > 0 ? mark->channel - 1 : EMGP_EVERY_CHANNEL };
    }
    const emg_status status =
        emgp_condition_stimuli(g->condition, stimuli, marks->n_stimuli, g->index, config->marks.artefact_s, err);
    emgp_free(stimuli);
    return status;
}

static emg_status make(emgp_group *g, emg_error *err)
{
    const emgp_group_setup *s = &g->setup;
    g->index = emgp_alloc(s->n_channels, sizeof *g->index);
    g->calibrated = emgp_alloc(s->n_channels, sizeof *g->calibrated);
    g->shape_s = emgp_alloc(s->n_channels, sizeof *g->shape_s);
    g->high_hz = emgp_alloc(s->n_channels, sizeof *g->high_hz);
    g->bursts = emgp_alloc(s->n_channels, sizeof *g->bursts);
    g->lives = emgp_alloc(s->n_channels, sizeof *g->lives);
    g->sigma_sum = emgp_alloc(s->n_channels, sizeof *g->sigma_sum);
    g->lost_s = emgp_alloc(s->n_channels, sizeof *g->lost_s);
    g->dead_s = emgp_alloc(s->n_channels, sizeof *g->dead_s);
    g->n_pages = emgp_alloc(s->n_channels, sizeof *g->n_pages);
    g->quality = emgp_alloc(s->n_channels, sizeof *g->quality);
    g->segment_quality = emgp_alloc(s->n_channels, sizeof *g->segment_quality);
    if (!g->index || !g->calibrated || !g->shape_s || !g->high_hz || !g->bursts || !g->lives || !g->sigma_sum ||
        !g->lost_s || !g->dead_s || !g->n_pages || !g->quality || !g->segment_quality)
        return emgp_fail_memory(err);
    memcpy(g->index, s->channels, s->n_channels * sizeof *g->index);
    g->rate_hz = s->sources[g->index[0]].rate_hz;
    for (size_t i = 0; i < s->n_channels; i++)
        g->calibrated[i] = s->sources[g->index[i]].calibrated;
    band conditioned;
    (void)emgp_condition_band(&s->config->condition, g->rate_hz, &conditioned.low_hz, &conditioned.high_hz);
    const emgp_condition_taker taker = {
        .floats = take_frames, .qrs = take_qrs, .bin = take_bin, .dead = take_dead, .context = g
    };
    emg_status status = emgp_condition_new(&g->condition, &s->config->condition, g->rate_hz, s->n_channels,
                                           s->sources[g->index[0]].power_line_hz, &taker, err);
    if (status == EMG_OK)
        status = tell_stimuli(g, err);
    if (status == EMG_OK)
        status = emgp_figures_new(&g->figures, &s->config->features, g->rate_hz, s->n_channels, conditioned.low_hz,
                                  conditioned.high_hz, err);
    if (status == EMG_OK)
        status = make_pages(g, &conditioned, err);
    if (status == EMG_OK)
        status = make_levels(g, &conditioned, err);
    if (status == EMG_OK)
        status = make_sketches(g, err);
    if (status == EMG_OK)
        status = emgp_polarity_new(&g->polarity, s->n_channels, g->rate_hz, err);
    return status ? status : make_quality(g, err);
}

emg_status emgp_group_new(emgp_group **out, const emgp_group_setup *setup, emg_error *err)
{
    emgp_group *g = emgp_alloc(1, sizeof *g);
    if (!g)
        return emgp_fail_memory(err);
    g->setup = *setup;
    emg_status status = make(g, err);
    if (status) {
        emgp_group_free(g);
        return status;
    }
    *out = g;
    return EMG_OK;
}

void emgp_group_free(emgp_group *g)
{
    if (!g)
        return;
    for (size_t i = 0; g->lives && i < g->setup.n_channels; i++)
        emgp_live_free(&g->lives[i]);
    emgp_free(g->lives);
    for (size_t i = 0; g->sketches && i < g->setup.n_channels; i++)
        emgp_sketch_free(g->sketches[i]);
    emgp_free(g->sketches);
    emgp_quality_free(g->windows);
    emgp_polarity_free(g->polarity);
    emgp_condition_free(g->condition);
    emgp_pages_free(g->pages);
    emgp_figures_free(g->figures);
    emgp_finder_free(g->finder);
    emgp_free(g->index);
    emgp_free(g->calibrated);
    emgp_free(g->shape_s);
    emgp_free(g->high_hz);
    emgp_free(g->bursts);
    emgp_free(g->sigma_sum);
    emgp_free(g->lost_s);
    emgp_free(g->dead_s);
    emgp_free(g->n_pages);
    emgp_free(g->quality);
    emgp_free(g->segment_quality);
    emgp_free(g);
}

static emg_status end_segment(emgp_group *g, emg_error *err)
{
    uint64_t frames = 0;
    bool dropped = false;
    emg_status status = emgp_condition_finish(g->condition, err);
    if (status == EMG_OK)
        status = emgp_quality_finish(g->windows, err);
    if (status == EMG_OK)
        status = emgp_pages_finish(g->pages, &frames, &dropped, err);
    emgp_figures_gap(g->figures);
    emgp_polarity_gap(g->polarity);
    double seconds = (double)frames / g->rate_hz;
    g->segment_first += frames;
    *(dropped ? &g->excluded_s : &g->analysed_s) += seconds;
    for (size_t i = 0; i < g->setup.n_channels; i++) {
        if (!dropped)
            emg_quality_merge(&g->quality[i], &g->segment_quality[i]);
        g->segment_quality[i] = (emg_quality_sums){ .n_windows = 0 };
    }
    emgp_burst marker = { .onset_s = g->segment_start_s + seconds, .flags = EMGP_SEGMENT_END };
    for (size_t i = 0; status == EMG_OK && i < g->setup.n_channels; i++) {
        marker.peak_s = dropped ? marker.onset_s : g->bursts[i].live_s;
        status = take_burst(g, i, &marker, err);
    }
    for (size_t i = 0; status == EMG_OK && dropped && i < g->setup.n_channels; i++)
        status = emgp_restless_note(g->setup.restless, EMGP_RESTLESS_NOISY(g->index[i]), g->segment_start_s,
                                    marker.onset_s, err);
    g->in_segment = false;
    return status;
}

static bool begin_segment(emgp_group *g, double start_s)
{
    for (size_t i = 0; g->analysed_s + g->excluded_s > 0 && i < g->setup.n_channels; i++)
        if (!emgp_live_gap(&g->lives[i], start_s))
            return false;
    g->in_segment = true;
    g->segment_start_s = start_s;
    emgp_condition_start(g->condition, g->setup.qrs, start_s);
    emgp_pages_start(g->pages, start_s);
    return true;
}

emg_status emgp_group_push(emgp_group *g, const double *x, size_t n_frames, double start_s, bool new_segment,
                           emg_error *err)
{
    if (n_frames == 0)
        return EMG_OK;
    if (g->in_segment && new_segment) {
        emg_status status = end_segment(g, err);
        if (status)
            return status;
    }
    if (!g->in_segment && !begin_segment(g, start_s))
        return emgp_fail_memory(err);
    emgp_polarity_push(g->polarity, x, n_frames);
    size_t most = emgp_pages_most(g->pages) / 2 + 1;
    for (size_t done = 0; done < n_frames;) {
        size_t n = n_frames - done < most ? n_frames - done : most;
        const double *from = x + done * g->setup.n_channels;
        emg_status status = emgp_condition_push(g->condition, from, n, err);
        if (status)
            return status;
        done += n;
    }
    return EMG_OK;
}

emg_status emgp_group_finish(emgp_group *g, emg_error *err)
{
    return g->in_segment ? end_segment(g, err) : EMG_OK;
}

const double *emgp_group_gaps(const emgp_group *g, size_t channel, size_t *n)
{
    *n = g->lives[channel].n_gaps;
    return g->lives[channel].gap_s;
}

static emg_removed_ecg removed_ecg(const emgp_group *g, size_t channel)
{
    emg_ecg_found found = emgp_condition_ecg(g->condition, channel);
    emg_removed_ecg ecg = { .n_qrs = found.n_qrs,
                            .per_min = found.rate_per_min,
                            .interval_cv = found.interval_cv,
                            .amplitude = found.amplitude,
                            .removed_s = found.removed_s,
                            .n_led = found.n_led };
    emgp_ecg_draw(&found, g->rate_hz, -0.12, 0.002, EMG_ECG_POINTS, ecg.wave);
    return ecg;
}

emgp_channel_sums emgp_group_sums(const emgp_group *g, size_t channel)
{
    double lost = g->lost_s[channel] < 1e-9 ? 0 : g->lost_s[channel];
    emgp_channel_sums sums = { .analysed_s = g->analysed_s - lost,
                               .excluded_s = g->excluded_s + lost,
                               .dead_s = g->dead_s[channel],
                               .noise = NAN,
                               .high_hz = g->high_hz[channel],
                               .least_sigma = least_sigma(g, channel),
                               .kind = g->setup.sources[g->index[channel]].whatever
                                           ? EMG_SIGNAL_RAW
                                           : emgp_polarity_judge(g->polarity, channel),
                               .quality = g->quality[channel],
                               .ecg = removed_ecg(g, channel) };
    if (g->n_pages[channel] > 0)
        sums.noise = g->sigma_sum[channel] / (double)g->n_pages[channel];
    return sums;
}

const emgp_levels *emgp_group_levels(const emgp_group *g, size_t channel)
{
    return g->lives[channel].levels;
}

emgp_sketch *emgp_group_sketch(emgp_group *g, size_t channel)
{
    emgp_sketch *sketch = g->sketches[channel];
    const emg_powerline_found found = emgp_condition_powerline(g->condition, channel);
    if (sketch)
        emgp_sketch_line(sketch, found.amplitude > 0 ? found.frequency_hz : 0);
    g->sketches[channel] = NULL;
    return sketch;
}

double emgp_group_short(const emgp_group *g)
{
    return g->excluded_s;
}

emg_status emgp_group_figures(const emgp_group *g, size_t channel, emg_summary_signal *signal, emg_error *err)
{
    return emgp_figures_channel(g->figures, channel, signal, err);
}
