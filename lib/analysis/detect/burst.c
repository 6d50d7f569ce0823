/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts: a bin belongs to one when the RMS around it or a discharge in it stands out; short silences are bridged. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <string.h>

/* After a potential the baseline is where it was; after a pop it is not: by more than this share of the burst's size, and by
 * this many times more than it drifted before. A potential's slow part does not exceed it this many times. */
static const double baseline_s = 0.04, step_ratio = 0.5, drift_ratio = 4, swing_ratio = 4;
/* Hum is no swing: of a mean over a period of 50 Hz it leaves nothing, of 60 Hz a sixth. */
static const double hum_s = 0.02;
/* What a band filter makes of a step is over soon: the middle half of its energy comes within 6 to 7 ms. A muscle's burst
 * takes longer, however the baseline moves under it. */
static const double pop_core_s = 0.012;
/* A pop's step is there at once, and stays or comes back. A baseline that wanders has not come so far yet, or goes on: 80 ms
 * later it is further away by more than this (ours, both). */
static const double at_once = 0.7, goes_on = 1.25;
/* What moves a baseline slowly bends it little: by less than this share of how far it moved in the 40 ms
 * before (ours). */
static const double least_bend = 0.2;
/* A pop's step may decay: of its jump this share is left over the next 25 ms, and that one over the 25 ms after these. What a
 * muscle's potential does to the baseline has passed by then, or turned. */
static const double decay_s = 0.025, left_at_first = 0.4, left_later = 0.08;
/* A heart moves the raw baseline too: near its beats only what exceeds their usual swing so many times is told of it. */
static const double beat_ratio = 1.5;
/* What a band adds to a potential's core, root of squares, in periods of its upper end: measured .4 to .6 on shapes of surface
 * units, for ends of 90 to 225 Hz. */
static const double spread_periods = 0.6, whole_band_hz = 450;

typedef struct scan {
    emgp_burst_state *state;
    const emg_detect_config *config;
    const emgp_page *page;
    const emgp_burst_sink *sink;
    emgp_finder *finder; /* NULL: discharges are found by a threshold alone */
    double shape_s;
    size_t first_bin, end_bin, half, gap; /* bins, margin included */
    size_t n_bins, hum;                   /* of the page with its margins; half a period of hum */
    size_t bins_per_second;
    double bin_s, level; /* level: least sum of squares over the window */
    double window;       /* the moving sum */
    bool calibrated;
    emg_error *err;
} scan;

static double time_of_bin(const scan *s, double bin)
{
    const emgp_page *page = s->page;
    double frame = (double)page->first + bin * (double)page->bin - (double)page->margin;
    return page->segment_start_s + frame / page->rate_hz;
}

static void open_burst(scan *s, size_t bin)
{
    emgp_burst_state *state = s->state;
    memset(&state->burst, 0, sizeof state->burst);
    state->open = true;
    state->burst.onset_s = time_of_bin(s, (double)bin);
    state->burst.sigma = (float)s->page->sigma;
    state->burst.acf_height = state->burst.acf_lag_s = NAN;
    state->low = state->high = 0;
    state->energy = state->heights = 0;
    state->highest = 0;
    state->n_heights = 0;
    state->n_bins = state->quiet = 0;
    state->slow_low = INFINITY;
    state->slow_high = -INFINITY;
    state->beat = 0;
    state->shape_core_s = 0;
    if ((s->page->starts_segment && bin == s->first_bin) || s->page->dead[bin - 1])
        state->burst.flags |= EMGP_CUT_BY_GAP;
}

/* Time from 25 % to 75 % of the burst's energy above the noise. */
static float core_of(const emgp_burst_state *state, size_t n, double bin_s, double noise)
{
    if (n > EMGP_BURST_BINS)
        return NAN;
    double total = 0, sum = 0, from = 0;
    for (size_t i = 0; i < n; i++)
        total += fmax(0, (double)state->bins[i] - noise);
    bool begun = false;
    for (size_t i = 0; i < n; i++) {
        double e = fmax(0, (double)state->bins[i] - noise);
        if (!begun && sum + e >= 0.25 * total) {
            from = (double)i + (e > 0 ? (0.25 * total - sum) / e : 0);
            begun = true;
        }
        if (begun && sum + e >= 0.75 * total) {
            double to = (double)i + (e > 0 ? (0.75 * total - sum) / e : 0);
            return (float)((to - from) * bin_s);
        }
        sum += e;
    }
    return 0;
}

/* The same as a band up to 450 Hz shows it: a band that ends below draws a potential out. */
static float unspread(const scan *s, float core_s)
{
    const double here = s->finder ? spread_periods / s->finder->output.high_hz : 0,
                 usual = spread_periods / whole_band_hz;
    const double spread = fmax(here * here - usual * usual, 0);
    return spread > 0 && isfinite(core_s) ? (float)sqrt(fmax((double)core_s * (double)core_s - spread, 0)) : core_s;
}

/* Leaves out the bins at either end that only the width of the moving window made active. */
static void trim(emgp_burst_state *state, size_t *first, size_t *end, float level)
{
    while (*end - *first > 1 && state->bins[*first] < level)
        (*first)++;
    while (*end - *first > 1 && state->bins[*end - 1] < level)
        (*end)--;
}

static double slow_at(const scan *s, size_t bin)
{
    return (double)s->page->slow[bin < s->n_bins ? bin : s->n_bins - 1];
}

/* The baseline without hum. */
static double swing_at(const scan *s, size_t bin)
{
    const size_t from = bin > s->hum ? bin - s->hum : 0, n = 2 * s->hum;
    const float *slow = s->page->slow + from;
    double sum = 0;
    if (n == 0)
        return slow_at(s, bin);
    if (from + n <= s->n_bins)
        for (size_t i = 0; i < n; i++)
            sum += (double)slow[i];
    else
        for (size_t i = 0; i < n; i++)
            sum += slow_at(s, from + i);
    return sum / (double)n;
}

/* The last bin whose baseline is all of before this one. */
static size_t before_hum(const scan *s, size_t bin)
{
    return bin > s->hum + 1 ? bin - s->hum - 1 : 0;
}

/* How far the baseline moved in the 40 ms before a bin: drift. */
static double range_before(const scan *s, size_t bin)
{
    const size_t span = (size_t)(baseline_s / s->bin_s) + 1, end = before_hum(s, bin);
    double low = swing_at(s, end), high = low;
    for (size_t i = end > span ? end - span : 0; i < end; i++) {
        low = fmin(low, swing_at(s, i));
        high = fmax(high, swing_at(s, i));
    }
    return high - low;
}

/* Mean of the baseline over a stretch of bins, over where it was before the burst. */
static double mean_over(const scan *s, size_t from, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += slow_at(s, from + i) - s->state->slow_first;
    return sum / (double)n;
}

/* The largest jump of the baseline within a burst, when it decays as a pop's does; else 0. */
static double decaying_jump(const scan *s, size_t end_bin)
{
    const emgp_burst_state *state = s->state;
    const size_t first = end_bin > state->n_bins ? end_bin - state->n_bins : 0, n = (size_t)(decay_s / s->bin_s) + 1;
    size_t at = first;
    double jump = 0;
    for (size_t i = first; i < end_bin; i++) {
        const double here = slow_at(s, i) - state->slow_first;
        if (fabs(here) > fabs(jump)) {
            jump = here;
            at = i;
        }
    }
    const double first_left = mean_over(s, at + 1, n) / jump, later_left = mean_over(s, at + 1 + n, n) / jump;
    const bool decays = first_left >= left_at_first && later_left >= left_later && later_left <= goes_on;
    return fabs(jump) > 0 && decays ? fabs(jump) : 0;
}

/* How far the baseline is from where it was before the burst 40 ms after it, when it was there at once and does not go on
 * from there; else 0. */
static double lasting_step(const scan *s, size_t end_bin)
{
    const size_t around = (size_t)(baseline_s / s->bin_s), soon = end_bin - before_hum(s, end_bin);
    const double from = s->state->slow_first, step = swing_at(s, end_bin + around) - from, up = step > 0 ? 1 : -1;
    const bool lasts = up * (swing_at(s, end_bin + soon) - from) >= at_once * fabs(step) &&
                       up * (swing_at(s, end_bin + 2 * around) - from) <= goes_on * fabs(step);
    return lasts ? fabs(step) : 0;
}

/* How far the baseline swings within a burst: off the line from where it was before to where it is after, since a slow
 * swing carries a potential and is none of it; in a burst longer than what is held, in all. */
static double swing_within(const scan *s, size_t end_bin)
{
    const emgp_burst_state *state = s->state;
    const size_t n = state->n_bins, around = end_bin - before_hum(s, end_bin);
    if (n > s->first_bin || n > end_bin)
        return state->slow_high - state->slow_low;
    const double from = state->slow_first, slope = (swing_at(s, end_bin + around) - from) / (double)(n + 2 * around);
    double low = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        const double off = swing_at(s, end_bin - n + i) - from - slope * (double)(i + around);
        low = fmin(low, off);
        high = fmax(high, off);
    }
    return high - low;
}

/* Whether the unfiltered baseline tells an artefact: a step that is there 40 ms later still is a pop, a swing far beyond
 * the burst's size is motion. */
static uint32_t baseline_flag(const scan *s, size_t end_bin)
{
    const emgp_burst_state *state = s->state;
    const double size = (double)(state->high - state->low);
    const double step = fmax(lasting_step(s, end_bin), decaying_jump(s, end_bin));
    if (state->burst.flags & EMGP_CUT_BY_GAP) /* nothing is known of the baseline before, or after */
        return 0;
    const double swing = swing_within(s, end_bin), beat = beat_ratio * state->beat;
    const bool sudden = (double)state->burst.core_s <= pop_core_s;
    if (sudden && step > step_ratio * size && step > drift_ratio * state->slow_drift && step > beat)
        return EMGP_POP;
    return swing > swing_ratio * size && swing > least_bend * state->slow_drift && swing > beat ? EMGP_MOTION : 0;
}

static emg_status close_burst(scan *s, size_t bin, bool cut)
{
    emgp_burst_state *state = s->state;
    emgp_burst *burst = &state->burst;
    size_t n = state->n_bins - state->quiet, first = 0, end = n;
    double noise = s->page->sigma * s->page->sigma * (double)s->page->bin;
    burst->rms = (float)sqrt(state->energy / ((double)n * (double)s->page->bin));
    burst->core_s = unspread(s, state->shape_core_s > 0 ? state->shape_core_s : core_of(state, n, s->bin_s, noise));
    if (n <= EMGP_BURST_BINS)
        trim(state, &first, &end, (float)(4 * noise));
    burst->onset_s += (double)first * s->bin_s;
    burst->end_s = time_of_bin(s, (double)bin - (double)state->quiet - (double)(n - end));
    burst->peak_to_peak = state->high - state->low;
    if (s->page->dead[bin]) /* nor is anything known of the baseline after */
        burst->flags |= EMGP_CUT_BY_GAP;
    burst->flags |= baseline_flag(s, bin);
    if (cut)
        burst->flags |= EMGP_CUT_BY_GAP;
    state->open = false;
    return s->sink->burst(s->sink->context, s->sink->channel, burst, s->err);
}

/* Takes the bin's samples into the open burst. */
static void extend_burst(scan *s, size_t bin, bool active)
{
    emgp_burst_state *state = s->state;
    const emgp_page *page = s->page;
    const float *x = page->x + bin * page->bin;
    if (state->n_bins == 0) {
        state->slow_first = swing_at(s, before_hum(s, bin));
        state->slow_drift = range_before(s, bin);
    }
    if (state->n_bins < EMGP_BURST_BINS)
        state->bins[state->n_bins] = page->energy[bin];
    state->n_bins++;
    state->quiet = active ? 0 : state->quiet + 1;
    state->energy += (double)page->energy[bin];
    for (size_t i = 0; i < page->bin; i++) {
        state->low = x[i] < state->low ? x[i] : state->low;
        state->high = x[i] > state->high ? x[i] : state->high;
        if (fabsf(x[i]) > state->burst.peak) {
            state->burst.peak = fabsf(x[i]);
            state->burst.peak_s = time_of_bin(s, (double)bin + (double)i / (double)page->bin);
        }
    }
    const double swing = swing_at(s, bin);
    state->slow_low = fmin(state->slow_low, swing);
    state->slow_high = fmax(state->slow_high, swing);
    state->beat = fmax(state->beat, (double)page->beat[bin]);
    if (page->clipped[bin])
        state->burst.flags |= EMGP_CLIPPED;
}

/* The rhythmicity of the quarter of a second that the bin is in: it changes slowly, and bursts may come fast. */
static emgp_rhythmicity rhythmicity_around(scan *s, size_t bin)
{
    emgp_burst_state *state = s->state;
    size_t quarter = s->bins_per_second / 4 + 1, from_page = bin - s->first_bin;
    uint64_t now = s->page->first / s->page->bin + from_page;
    if (!state->known || state->known_at != now / quarter) {
        uint64_t middle = now / quarter * quarter + quarter / 2, page_start = now - from_page;
        state->rhythmicity = emgp_rhythmicity_at(s->page, middle > page_start ? (size_t)(middle - page_start) : 0);
        state->known_at = now / quarter;
        state->known = true;
    }
    return state->rhythmicity;
}

/* The rhythm of the envelope at a burst's onset, and every second while it lasts: the mean height counts, at the lag of
 * the highest. */
static void measure_rhythm(scan *s, size_t bin)
{
    emgp_burst_state *state = s->state;
    emgp_rhythmicity r = rhythmicity_around(s, bin);
    state->heights += (double)r.height;
    state->n_heights++;
    state->burst.acf_height = (float)(state->heights / (double)state->n_heights);
    if (state->n_heights == 1 || r.height > state->highest) {
        state->highest = r.height;
        state->burst.acf_lag_s = r.lag_s;
    }
}

static bool next_discharge(scan *s, emgp_found *next)
{
    return s->finder
               ? emgp_candidate_discharge(&s->state->search, s->finder, &s->state->track, s->page, s->shape_s, next)
               : emgp_discharge_next(&s->state->search, s->config, s->page, s->shape_s, next);
}

/* A discharge into the burst it is in, or a burst of its own. A weak one keeps alive only what is weak itself: whether
 * it is one is not known yet. */
static emg_status take_discharge(scan *s, size_t bin, const emgp_found *found)
{
    emgp_burst_state *state = s->state;
    const bool weak = found->record.flags & EMGP_WEAK;
    emg_status status = s->sink->discharge(s->sink->context, s->sink->channel, &found->record, s->err);
    if (status)
        return status;
    if (!state->open) {
        open_burst(s, bin);
        state->burst.flags |= EMGP_WEAK;
    }
    state->burst.n_discharges++;
    state->shape_core_s = state->burst.n_discharges == 1 ? found->core_s : 0;
    state->burst.size = fmaxf(state->burst.size, found->record.size);
    if (!weak)
        state->burst.flags &= ~(uint32_t)EMGP_WEAK;
    if (!weak || state->burst.flags & EMGP_WEAK)
        state->active_until = s->page->first + (found->last + 1 - s->page->margin);
    return EMG_OK;
}

/* Searches discharges that begin in the bin and hands them on; keeps the channel active up to their ends. */
static emg_status discharges_in(scan *s, size_t bin, emgp_found *next, bool *more)
{
    while (*more && next->first / s->page->bin <= bin) {
        bool large = !s->calibrated || (double)next->record.peak_to_peak >= s->config->least_amplitude_uv;
        emg_status status = large ? take_discharge(s, bin, next) : EMG_OK;
        if (status)
            return status;
        *more = next_discharge(s, next);
    }
    return EMG_OK;
}

static void slide(scan *s, size_t bin)
{
    if (bin + s->half < s->n_bins)
        s->window += (double)s->page->energy[bin + s->half];
    if (bin > s->half)
        s->window -= (double)s->page->energy[bin - s->half - 1];
}

/* A dead bin: what is open ends before it, and nothing spans it. */
static emg_status pass_dead(scan *s, size_t bin)
{
    emgp_burst_state *state = s->state;
    const emgp_burst marker = { .onset_s = time_of_bin(s, (double)bin),
                                .peak_s = state->live_s,
                                .flags = EMGP_SEGMENT_END };
    emg_status status = state->open ? close_burst(s, bin, true) : EMG_OK;
    state->active_until = 0;
    if (status || state->dead)
        return status;
    state->dead = true;
    state->live_s = INFINITY;
    return s->sink->burst(s->sink->context, s->sink->channel, &marker, s->err);
}

static emg_status scan_bin(scan *s, size_t bin, emgp_found *next, bool *more)
{
    emgp_burst_state *state = s->state;
    if (s->page->dead[bin])
        return pass_dead(s, bin);
    if (state->dead)
        state->live_s = time_of_bin(s, (double)bin);
    state->dead = false;
    emg_status status = discharges_in(s, bin, next, more);
    if (status)
        return status;
    uint64_t frame = s->page->first + (bin - s->first_bin) * s->page->bin;
    bool begun_here = state->open && state->n_bins == 0;
    const bool loud = s->window > s->level;
    bool active = begun_here || loud || frame < state->active_until;
    if (active && !state->open)
        open_burst(s, bin);
    if (!state->open)
        return EMG_OK;
    if (loud)
        state->burst.flags &= ~(uint32_t)EMGP_WEAK;
    if (state->n_bins % s->bins_per_second == 0)
        measure_rhythm(s, bin);
    extend_burst(s, bin, active);
    return state->quiet > s->gap ? close_burst(s, bin + 1, false) : EMG_OK;
}

/* Where the page's bins begin and end, the window and the gap of a burst in bins, and the sum before the first bin. */
static void measure_page(scan *s)
{
    const emgp_page *page = s->page;
    const emg_detect_config *config = s->config;
    s->n_bins = (2 * page->margin + page->n_frames) / page->bin;
    s->hum = (size_t)lround(hum_s / s->bin_s / 2);
    s->first_bin = page->margin / page->bin;
    s->end_bin = s->first_bin + (page->n_frames + page->bin - 1) / page->bin;
    s->half = (size_t)(config->burst_window_s / s->bin_s / 2);
    if (s->half > s->first_bin - 1)
        s->half = s->first_bin - 1;
    s->gap = (size_t)(config->burst_gap_s / s->bin_s);
    s->bins_per_second = (size_t)(1 / s->bin_s) + 1;
    double level = config->burst_sigma * page->sigma;
    s->level = page->sigma > 0 ? level * level * (double)((2 * s->half + 1) * page->bin) : INFINITY;
    for (size_t b = s->first_bin - s->half - 1; b < s->first_bin + s->half; b++)
        s->window += (double)page->energy[b];
}

emg_status emgp_burst_page(emgp_burst_state *state, const emg_detect_config *config, const emgp_page *page,
                           bool calibrated, double shape_s, emgp_finder *finder, const emgp_burst_sink *sink,
                           emg_error *err)
{
    if (page->starts_segment) {
        memset(state, 0, sizeof *state);
        state->live_s = page->segment_start_s;
    }
    scan s = { .state = state,
               .config = config,
               .page = page,
               .sink = sink,
               .finder = page->sigma > 0 ? finder : NULL,
               .shape_s = shape_s,
               .bin_s = (double)page->bin / page->rate_hz,
               .calibrated = calibrated,
               .err = err };
    measure_page(&s);
    state->search.floor = finder || !(page->sigma > 0) ? 0 : emgp_discharge_floor(page);
    if (s.finder) {
        finder->output = emgp_bank_page(finder->bank, &state->track, page);
        emgp_candidates_find(finder->candidates, &finder->output, page);
    }
    emgp_found next;
    bool more = next_discharge(&s, &next);
    emg_status status = EMG_OK;
    for (size_t bin = s.first_bin; bin < s.end_bin && status == EMG_OK; bin++) {
        slide(&s, bin);
        status = scan_bin(&s, bin, &next, &more);
    }
    if (s.finder && more) /* it begins in the next page */
        state->search.resume = page->first + next.peak;
    if (status == EMG_OK && page->ends_segment && state->open)
        status = close_burst(&s, s.end_bin, true);
    return status;
}
