/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching, learning and following a channel's QRS complexes. */
#include "condition/ecg/ecg.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

enum { REACH = EMGP_ECG_REACH, LEAST_BEATS = 7, TREND = 25, SIGMA_SAMPLES = 512 };
/* Root mean square frequency in bins: QRS complexes of 80-120 ms after a 20 Hz high-pass 18 to 29 Hz, surface potentials of
 * motor units 52 to 95 Hz (simulated; 4 ms bins end at 125 Hz). */
static const double SHARP_HZ = 40, SHARP_PEAK_HZ = 50; /* of the learned wave; of one peak with its noise */
static const double CLOCK_CV = 0.004, WILD_CV = 0.12;  /* an ECG varies with breathing: 0.02 to 0.08 */
static const double LEAST_EXPLAINED = 0.7;
static const double LIKE = 0.4;                   /* share of a perfect match's score that makes a QRS */
static const double SOONEST = 0.55, WITHIN = 0.4; /* periods: the next QRS; the choice of the best */
static const double LOST_S = 16, LOST_SHARE = 0.4, EVEN_SHARE = 0.5;
static const double LEAD_SIGMA = 6, CONTROL = 2;
static const double MEDIAN_SPREAD = 1.253; /* of a median of n against a mean of n, Gaussian noise */

static bool known(const emgp_ecg_common *c)
{
    return c->plan->mode != EMG_ECG_AUTO;
}

/* The channel's bins, their baseline (the mean over 0.2 s) taken off unless samples have none. */
static const float *bins_of(const emgp_ecg_common *c, size_t channel)
{
    const emgp_ecg_ring *ring = c->ring;
    const float *x = ring->coarse + channel * ring->room_bins;
    if (c->high_passed)
        return x;
    double sum = 0;
    size_t n = ring->n_bins, from = 0, end = 0;
    for (size_t i = 0; i < n; i++) {
        for (; end < n && end <= i + TREND; end++)
            sum += (double)x[end];
        for (; from + TREND < i; from++)
            sum -= (double)x[from];
        c->bins[i] = (float)((double)x[i] - sum / (double)(end - from));
    }
    return c->bins;
}

/* Robust standard deviation of the channel's samples about their baseline. */
static double sigma_of(const emgp_ecg_common *c, size_t channel, const float *bins)
{
    const emgp_ecg_ring *ring = c->ring;
    double magnitude[SIGMA_SAMPLES];
    size_t held = ring->n_bins * ring->bin, step = held / SIGMA_SAMPLES + 1, n = 0;
    for (size_t i = 0; i < held && n < SIGMA_SAMPLES; i += step) {
        double x, trend = (double)ring->coarse[channel * ring->room_bins + i / ring->bin] - (double)bins[i / ring->bin];
        emgp_ecg_ring_get(ring, channel, (int64_t)(ring->out + i), 1, &x);
        magnitude[n++] = fabs(c->high_passed ? x : x - trend);
    }
    return n ? gsl_stats_median(magnitude, 1, n) / 0.6745 : 0;
}

/* The wave's window narrows where QRS complexes come fast, so that no wave reaches into the next QRS. */
static void set_window(emgp_ecg_search *l, const emgp_ecg_common *c)
{
    size_t before = (size_t)(0.4 * l->period), after = (size_t)(0.6 * l->period);
    l->wave.peak = before < c->before ? before : c->before;
    l->wave.n = l->wave.peak + 1 + (after < c->after ? after : c->after);
    l->wave.taper = c->taper;
    l->wave.smooth = c->smooth;
}

/* The wave as bins round its peak, as the ring makes them. */
static void bin_wave(emgp_ecg_search *l, const emgp_ecg_common *c)
{
    long bin = (long)c->ring->bin, peak = (long)l->wave.peak, n = (long)l->wave.n;
    for (long k = 0; k < EMGP_ECG_SHAPE; k++) {
        long first = peak + (k - REACH) * bin - bin / 2;
        double sum = 0;
        for (long i = first; i < first + bin; i++)
            sum += i >= 0 && i < n ? l->wave.x[i] : 0;
        l->shape[k] = sum / (double)bin;
    }
}

/* Gives the usual gain to the wave, which would else drift away from the size of the QRS complexes. */
static void settle_gain(emgp_ecg_search *l)
{
    emgp_ecg_scale(&l->wave, l->gain);
    l->gain = 1;
}

/* Fetches the rows of some of the QRS complexes (frames) and learns the wave from them; their times become exact.
 * Returns how many rows there were. */
static size_t learn(emgp_ecg_search *l, emgp_ecg_common *c, const double *qrs, size_t n, double sigma, double *at,
                    double *likeness)
{
    emgp_ecg_fit fits[EMGP_ECG_ROWS];
    size_t step = (n + EMGP_ECG_ROWS - 1) / EMGP_ECG_ROWS, rows = 0;
    for (size_t i = 0; i < n && rows < EMGP_ECG_ROWS; i += step) {
        int64_t first = (int64_t)floor(qrs[i] + 0.5) - (int64_t)l->wave.peak;
        if (first < (int64_t)c->ring->out || first + (int64_t)l->wave.n > (int64_t)c->ring->filled)
            continue;
        emgp_ecg_fetch(c, l->channel, first, l->wave.n, c->scratch.rows + rows * c->scratch.n);
        at[rows++] = (double)(first + (int64_t)l->wave.peak);
    }
    if (rows < LEAST_BEATS - 2)
        return 0;
    emgp_ecg_learn(&l->wave, rows, sigma, &c->scratch, fits);
    double gain[EMGP_ECG_ROWS];
    for (size_t r = 0; r < rows; r++) {
        at[r] += fits[r].shift;
        likeness[r] = fits[r].explained;
        gain[r] = fits[r].gain;
    }
    l->gain = gsl_stats_median(gain, 1, rows);
    settle_gain(l);
    return rows;
}

/* Whether what repeats is an ECG and not a motor unit, a stimulator or repeated jerks. */
static bool is_ecg(const emgp_ecg_search *l, const emgp_ecg_common *c, double *at, double *likeness, size_t n)
{
    if (gsl_stats_median(likeness, 1, n) < LEAST_EXPLAINED)
        return false;
    if (known(c))
        return true;
    emgp_ecg_evenness e = emgp_ecg_evenness_of(at, n);
    return emgp_ecg_frequency(l->shape, c->bins_per_s) <= SHARP_HZ && e.cv >= CLOCK_CV && e.cv <= WILD_CV;
}

static void search(emgp_ecg_search *l, emgp_ecg_common *c, const float *bins)
{
    emgp_ecg_train train;
    double qrs[EMGP_ECG_MOST], at[EMGP_ECG_ROWS], likeness[EMGP_ECG_ROWS];
    const emgp_ecg_ring *ring = c->ring;
    if (!emgp_ecg_find(bins, ring->n_bins, c->bins_per_s, emgp_ecg_sigma(bins, ring->n_bins),
                       known(c) ? INFINITY : SHARP_PEAK_HZ, &train))
        return;
    for (size_t i = 0; i < train.n; i++)
        qrs[i] = (double)ring->out + (train.at[i] + 0.5) * (double)ring->bin - 0.5;
    l->period = train.period * (double)ring->bin;
    set_window(l, c);
    size_t rows = learn(l, c, qrs, train.n, sigma_of(c, l->channel, bins), at, likeness);
    if (rows == 0)
        return;
    bin_wave(l, c);
    if (!is_ecg(l, c, at, likeness, rows))
        return;
    l->beating = true;
    l->n_recent = 0;
    l->next_bin = ring->out / ring->bin;
}

/* Notes a QRS complex that was removed: its interval, and whether the train is still one. */
static void note(emgp_ecg_search *l, const emgp_ecg_common *c, double frame, double gain)
{
    double gap = frame - l->last_in_segment;
    if (gap > 0.6 * l->period && gap < 1.5 * l->period) {
        l->period += 0.15 * (gap - l->period);
        l->n_intervals++;
        l->sum += gap;
        l->squares += gap * gap;
    }
    l->last_in_segment = frame;
    l->last = (double)c->first_frame + frame;
    l->n_led += l->led;
    if (l->n_qrs++ == 0)
        l->first = l->last;
    l->amplitude += gain * (l->wave.highest - l->wave.lowest);
    l->gain += 0.15 * (gain - l->gain);
    if (l->n_recent == EMGP_ECG_RECENT) {
        memmove(l->recent, l->recent + 1, (EMGP_ECG_RECENT - 1) * sizeof *l->recent);
        l->n_recent--;
    }
    l->recent[l->n_recent++] = frame;
}

static emg_status tell(const emgp_ecg_search *l, const emgp_ecg_common *c, double frame, double gain, emg_error *err)
{
    emg_ecg_qrs qrs = { l->channel, (double)c->first_frame + frame, gain };
    return c->plan->qrs ? c->plan->qrs(c->plan->qrs_context, &qrs, err) : EMG_OK;
}

/* A QRS complex about a frame: fitted, removed, learned from. */
static emg_status take_qrs(emgp_ecg_search *l, emgp_ecg_common *c, double about, double most_shift, double sigma,
                           emg_error *err)
{
    int64_t first = (int64_t)floor(about + 0.5) - (int64_t)l->wave.peak;
    emgp_ecg_fetch(c, l->channel, first, l->wave.n, c->x);
    emgp_ecg_fit fit = emgp_ecg_fit_to(&l->wave, c->x, l->gain, most_shift, sigma, &c->scratch);
    double frame = (double)(first + (int64_t)l->wave.peak) + fit.shift;
    if ((int)l->channel != c->plan->ecg_channel) {
        emgp_ecg_remove(c, l, first, &fit, sigma);
        l->removed += (double)l->wave.n;
    } else if (c->n_ecg_channel < EMGP_ECG_MOST) {
        c->ecg_channel[c->n_ecg_channel++] = frame;
    }
    if (first >= (int64_t)c->ring->out && first + (int64_t)l->wave.n <= (int64_t)c->ring->filled)
        emgp_ecg_keep(&l->wave, c->x, &fit, sigma, &c->scratch);
    note(l, c, frame, fit.gain);
    return tell(l, c, frame, fit.gain, err);
}

/* Whether QRS complexes still come, and evenly. */
static bool goes_on(const emgp_ecg_search *l, const emgp_ecg_common *c, bool even)
{
    double now = (double)c->ring->filled, span = fmin(LOST_S * c->rate_hz, (double)(c->ring->filled - c->ring->out));
    size_t n = 0;
    for (size_t i = 0; i < l->n_recent; i++)
        n += l->recent[i] > now - span;
    if ((double)n < LOST_SHARE * fmin(span / l->period, EMGP_ECG_RECENT))
        return false;
    return !even || l->n_recent < LEAST_BEATS || emgp_ecg_evenness_of(l->recent, l->n_recent).share >= EVEN_SHARE;
}

static emg_status follow(emgp_ecg_search *l, emgp_ecg_common *c, const float *bins, bool last, emg_error *err)
{
    const emgp_ecg_ring *ring = c->ring;
    double sigma = sigma_of(c, l->channel, bins);
    emgp_ecg_matcher m = emgp_ecg_matcher_of(l->shape, emgp_ecg_sigma(bins, ring->n_bins));
    size_t first = (size_t)(ring->out / ring->bin), n = ring->n_bins;
    size_t ahead = (size_t)(WITHIN * l->period / (double)ring->bin) + 1;
    size_t guard = (l->wave.n - l->wave.peak) / ring->bin + REACH + 2;
    size_t end = last ? n : n > guard + ahead ? n - guard - ahead : 0;
    size_t at = l->next_bin > first ? (size_t)(l->next_bin - first) : 0;
    emg_status status = EMG_OK;
    while (status == EMG_OK && emgp_ecg_match(&m, bins, n, end, ahead, LIKE, &at)) {
        double about = (double)ring->out + ((double)at + 0.5) * (double)ring->bin - 0.5;
        status = take_qrs(l, c, about, 2 * (double)ring->bin, sigma, err);
        at += (size_t)(SOONEST * l->period / (double)ring->bin) + 1;
    }
    l->next_bin = first + at;
    settle_gain(l);
    bin_wave(l, c);
    l->beating = l->beating && goes_on(l, c, !known(c));
    return status;
}

/* How far medians of a channel's bins lie from zero, the largest over some places: in units of what noise of sigma would leave,
 * and of what the values themselves would where they scatter more. */
typedef struct standing {
    double out, surely;
} standing;

/* value is used up. */
static void stand(standing *most, double *value, size_t n, double sigma)
{
    double middle = gsl_stats_median(value, 1, n), out = fabs(middle) * sqrt((double)n) / (MEDIAN_SPREAD * sigma);
    most->out = fmax(most->out, out);
    if (out <= most->surely)
        return;
    for (size_t i = 0; i < n; i++)
        value[i] = fabs(value[i] - middle);
    double scatter = gsl_stats_median(value, 1, n) / 0.6745;
    most->surely = fmax(most->surely, out * sigma / fmax(sigma, scatter));
}

/* Over the ECG channel's QRS complexes, at every other place of a wave round each, or round the middle between it and
 * the next. */
static standing standing_of(const emgp_ecg_common *c, const float *bins, double sigma, bool between)
{
    double value[EMGP_ECG_MOST];
    standing most = { 0, 0 };
    const emgp_ecg_ring *ring = c->ring;
    for (long k = -REACH; k <= REACH; k += 2) {
        size_t n = 0;
        for (size_t i = 0; i + between < c->n_ecg_channel; i++) {
            double frame = between ? 0.5 * (c->ecg_channel[i] + c->ecg_channel[i + 1]) : c->ecg_channel[i];
            long at = (long)floor((frame - (double)ring->out) / (double)ring->bin) + k;
            if (at >= 0 && at < (long)ring->n_bins)
                value[n++] = (double)bins[at];
        }
        if (n + between >= LEAST_BEATS)
            stand(&most, value, n, sigma);
    }
    return most;
}

/* Whether the channel's bins repeat with the ECG channel's QRS complexes: their median stands out of the noise, and of
 * what the same channel shows between them, so that neither activity nor what comes at a multiple of the ECG's rate is
 * taken for an ECG. */
static bool repeats(const emgp_ecg_common *c, const float *bins, double sigma)
{
    if (!(sigma > 0))
        return false;
    standing at_qrs = standing_of(c, bins, sigma, false);
    return at_qrs.surely > LEAD_SIGMA && at_qrs.out > CONTROL * standing_of(c, bins, sigma, true).out;
}

static void search_with_ecg_channel(emgp_ecg_search *l, emgp_ecg_common *c, const float *bins)
{
    double at[EMGP_ECG_ROWS], likeness[EMGP_ECG_ROWS];
    if (c->n_ecg_channel < LEAST_BEATS || !repeats(c, bins, emgp_ecg_sigma(bins, c->ring->n_bins)))
        return;
    l->period = emgp_ecg_evenness_of(c->ecg_channel, c->n_ecg_channel).period;
    set_window(l, c);
    if (learn(l, c, c->ecg_channel, c->n_ecg_channel, sigma_of(c, l->channel, bins), at, likeness) == 0)
        return;
    l->beating = true;
    l->next_frame = fmax(l->next_frame, l->last_in_segment + 1);
    l->n_recent = 0;
}

static emg_status follow_ecg_channel(emgp_ecg_search *l, emgp_ecg_common *c, const float *bins, emg_error *err)
{
    double sigma = sigma_of(c, l->channel, bins);
    emg_status status = EMG_OK;
    for (size_t i = 0; i < c->n_ecg_channel && status == EMG_OK; i++) {
        if (c->ecg_channel[i] < l->next_frame)
            continue;
        l->next_frame = c->ecg_channel[i] + 1;
        status = take_qrs(l, c, c->ecg_channel[i], 2 * (double)c->ring->bin, sigma, err);
    }
    settle_gain(l);
    bin_wave(l, c);
    l->beating = goes_on(l, c, false);
    return status;
}

/* A channel that shows the ECG channel's QRS complexes follows them. One that does not is judged by itself when they
 * were given by the caller, so that an ECG channel never hides what a channel shows alone. */
static void look_for(emgp_ecg_search *l, emgp_ecg_common *c, const float *bins)
{
    bool in_group = c->plan->ecg_channel >= 0 && (int)l->channel != c->plan->ecg_channel;
    l->led = in_group || c->told;
    if (l->led)
        search_with_ecg_channel(l, c, bins);
    if (l->beating || in_group)
        return;
    l->led = false;
    search(l, c, bins);
}

emg_status emgp_ecg_search_step(emgp_ecg_search *l, emgp_ecg_common *c, bool look, bool last, emg_error *err)
{
    if (!l->beating && !look)
        return EMG_OK;
    const float *bins = bins_of(c, l->channel);
    if (!l->beating)
        look_for(l, c, bins);
    if (!l->beating)
        return EMG_OK;
    return l->led ? follow_ecg_channel(l, c, bins, err) : follow(l, c, bins, last, err);
}

void emgp_ecg_search_reset(emgp_ecg_search *l)
{
    l->beating = false;
    l->n_recent = 0;
    l->next_bin = 0;
    l->next_frame = 0;
    l->last_in_segment = -INFINITY;
}

emg_ecg_found emgp_ecg_search_found(const emgp_ecg_search *l, double rate_hz)
{
    emg_ecg_found found = { .n_qrs = l->n_qrs,
                            .rate_per_min = NAN,
                            .interval_cv = NAN,
                            .first_s = NAN,
                            .last_s = NAN,
                            .removed_s = l->removed / rate_hz,
                            .n_led = l->n_led };
    double n = (double)l->n_intervals, mean = l->sum / n;
    if (l->n_intervals >= 1)
        found.rate_per_min = 60 * rate_hz / mean;
    if (l->n_intervals >= 2)
        found.interval_cv = sqrt(fmax(l->squares / n - mean * mean, 0)) / mean;
    if (l->n_qrs > 0) {
        found.amplitude = l->amplitude / (double)l->n_qrs;
        found.first_s = l->first / rate_hz;
        found.last_s = l->last / rate_hz;
        found.wave = l->wave.x;
        found.n_wave = l->wave.n;
        found.wave_peak = l->wave.peak;
    }
    return found;
}
