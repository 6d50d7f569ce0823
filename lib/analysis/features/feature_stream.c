/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows filled from a stream, each turned into the features that are wanted.
 *
 *     segment   |<------------------------------- frames ------------------------------->|
 *     windows   [--- window ---]                     step < window: what the next one needs stays held
 *                   [--- window ---]
 *               |step|
 */
#include "analysis/features/features.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <emg/multitaper.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

static const emg_setting features_rows[] = {
    { "features.window_s", "s", 0.1, 10, 1, 1, NULL, offsetof(emg_features_config, window_s),
      "length of the Hann windows of the spectrum, half overlapping" },
    { "features.count_uv", "uV", 0, 1e5, 10, 10, NULL, offsetof(emg_features_config, count_uv),
      "least step that counts as a zero crossing, slope sign change or Willison step; only of calibrated channels" },
    { "features.count_sigma", "", 0, 100, 3, 3, NULL, offsetof(emg_features_config, count_sigma),
      "the same in standard deviations of the channel's noise; the larger of the two holds" },
    { "features.turn_uv", "uV", 1e-3, 1e5, 100, 100, NULL, offsetof(emg_features_config, turn_uv),
      "least swing between two turns (Willison 1964); only of calibrated channels" },
    { "features.fatigue_low_hz", "Hz", 0, 5000, 8, 8, NULL, offsetof(emg_features_config, fatigue_low_hz),
      "lower end of Dimitrov's indices of fatigue, within the pass band" },
    { "features.fatigue_high_hz", "Hz", 1, 20000, 500, 500, NULL, offsetof(emg_features_config, fatigue_high_hz),
      "upper end of Dimitrov's indices of fatigue, within the pass band" },
    { "features.mvc_window_s", "s", 0.01, 10, 0.5, 0.5, NULL, offsetof(emg_features_config, mvc_window_s),
      "length of the moving RMS whose highest value is the maximum of a contraction" },
};

emgp_settings emgp_features_table(void)
{
    return EMGP_SETTINGS(features_rows, features);
}

enum { MOST_FRAMES = 1 << 24, LEAST_HALF_SEGMENT = 8 };

/* Sample entropy as it is usually stated. */
static const double entropy_tolerance = 0.2;
enum { ENTROPY_TEMPLATE = 2 };

struct emgp_feature_stream {
    emgp_feature_setup setup;
    emg_feature_levels *levels;
    bool needs_time, needs_spectrum, needs_entropy;
    emg_welch *welch; /* one of the two, when a spectrum is needed */
    emg_multitaper *multitaper;
    double *held;                 /* [n_channels][window] */
    double *density, *band_power; /* powers, then shares */
    size_t segment;               /* samples of a spectral window */
    size_t n_bins, n_held;
    size_t skip; /* frames to leave out before the next window: step > window */
    uint64_t next;
};

size_t emgp_feature_segment(const emg_features_config *config, double rate_hz)
{
    size_t half = (size_t)(config->window_s * rate_hz / 2);
    return 2 * (half < LEAST_HALF_SEGMENT ? LEAST_HALF_SEGMENT : half);
}

emg_feature_levels emgp_feature_levels(const emg_features_config *config, bool calibrated, double sigma)
{
    double of_noise = config->count_sigma * sigma; /* fmax leaves out what is not known */
    return (emg_feature_levels){ .count_threshold = calibrated ? fmax(config->count_uv, of_noise) : of_noise,
                                 .turn_threshold = calibrated ? config->turn_uv : NAN,
                                 .rest_power = sigma * sigma };
}

static bool wants(const emgp_feature_stream *w, emg_feature_group group)
{
    const emg_feature *row;
    for (size_t i = 0; (row = emg_feature_row(i)); i++) {
        if (row->group == group && w->setup.choice.rows >> i & 1)
            return true;
    }
    return false;
}

static emg_status make(emgp_feature_stream *w, emg_error *err)
{
    const emgp_feature_setup *s = &w->setup;
    size_t segment = emgp_feature_segment(s->config, s->rate_hz), room;
    bool quality = wants(w, EMG_FEATURES_QUALITY);
    if (s->choice.multitaper || segment > s->window)
        segment = s->window; /* tapers make a steady estimate of one window; Welch's segments are averaged */
    w->needs_time = quality || wants(w, EMG_FEATURES_TIME);
    w->needs_entropy = wants(w, EMG_FEATURES_ENTROPY);
    w->needs_spectrum = quality || wants(w, EMG_FEATURES_FREQUENCY) || s->n_bands > 0 || s->densities;
    w->segment = segment;
    w->n_bins = segment / 2 + 1;
    w->levels = emgp_alloc(s->n_channels, sizeof *w->levels);
    w->held = emgp_multiply(s->n_channels, s->window, &room) ? emgp_alloc(room, sizeof *w->held) : NULL;
    w->density = emgp_alloc(w->n_bins, sizeof *w->density);
    w->band_power = emgp_alloc(2 * s->n_bands, sizeof *w->band_power);
    if (!w->levels || !w->held || !w->density || !w->band_power)
        return emgp_fail_memory(err);
    memcpy(w->levels, s->levels, s->n_channels * sizeof *w->levels);
    if (!w->needs_spectrum)
        return EMG_OK;
    if (!s->choice.multitaper) {
        const emg_welch_plan welch = emg_welch_defaults(s->rate_hz, segment);
        return emg_welch_new(&w->welch, &welch, 1, NULL, 0, err);
    }
    const emg_multitaper_plan plan = emg_multitaper_defaults(s->rate_hz, segment);
    return emg_multitaper_new(&w->multitaper, &plan, err);
}

emg_status emgp_feature_stream_new(emgp_feature_stream **out, const emgp_feature_setup *setup, emg_error *err)
{
    *out = NULL;
    if (setup->window < 2 || setup->window > MOST_FRAMES || setup->step < 1 || setup->step > MOST_FRAMES)
        return emgp_fail(err, EMG_ERANGE,
                         "windows of %zu samples every %zu are not within 2 to %d samples, 1 to %d apart",
                         setup->window, setup->step, MOST_FRAMES, MOST_FRAMES);
    emg_status status = emgp_check_held("a window of features", setup->window, setup->n_channels, err);
    if (status)
        return status;
    emgp_feature_stream *w = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    w->setup = *setup;
    status = make(w, err);
    if (status) {
        emgp_feature_stream_free(w);
        return status;
    }
    *out = w;
    return EMG_OK;
}

void emgp_feature_stream_free(emgp_feature_stream *w)
{
    if (!w)
        return;
    emg_welch_free(w->welch);
    emg_multitaper_free(w->multitaper);
    emgp_free(w->levels);
    emgp_free(w->held);
    emgp_free(w->density);
    emgp_free(w->band_power);
    emgp_free(w);
}

static bool all_finite(const double *x, size_t n)
{
    int bad = 0;
    for (size_t i = 0; i < n; i++)
        bad |= !(fabs(x[i]) <= DBL_MAX);
    return !bad;
}

/* The density of a window into w->density; false when it overflows. */
static bool transform(emgp_feature_stream *w, const double *x)
{
    if (w->multitaper)
        return emg_multitaper_psd(w->multitaper, x, w->density, NULL) == EMG_OK && all_finite(w->density, w->n_bins);
    emg_welch_reset(w->welch);
    emgp_welch_push_double(w->welch, x, w->setup.window);
    emg_welch_finish(w->welch);
    return emg_welch_psd(w->welch, 0, w->density, NULL) == EMG_OK && all_finite(w->density, w->n_bins);
}

static emg_status measure_bands(emgp_feature_stream *w, double step_hz, emg_error *err)
{
    const emgp_feature_setup *s = &w->setup;
    double all = NAN;
    emg_status status = EMG_OK;
    if (s->n_bands > 0)
        status = emg_features_band_power(w->density, w->n_bins, step_hz, s->low_hz, s->high_hz, &all, err);
    for (size_t i = 0; status == EMG_OK && i < s->n_bands; i++) {
        double *power = &w->band_power[i];
        status = emg_features_band_power(w->density, w->n_bins, step_hz, s->bands[i].low_hz, s->bands[i].high_hz, power,
                                         err);
        w->band_power[s->n_bands + i] = all > 0 ? *power / all : NAN;
    }
    return status;
}

static emg_status describe_spectrum(emgp_feature_stream *w, const double *x, emg_features *values, emg_error *err)
{
    const emgp_feature_setup *s = &w->setup;
    if (!transform(w, x))
        return EMG_OK;
    double step_hz = s->rate_hz / (double)w->segment;
    const emg_feature_bands bands = { s->low_hz, s->high_hz, s->config->fatigue_low_hz, s->config->fatigue_high_hz };
    emg_status status = emg_features_spectral(w->density, w->n_bins, step_hz, &bands, values, err);
    return status ? status : measure_bands(w, step_hz, err);
}

/* NaN for what was not asked for. */
static void keep_chosen(emg_feature_choice choice, emg_features *values)
{
    const emg_feature *row;
    for (size_t i = 0; (row = emg_feature_row(i)); i++) {
        if (!(choice.rows >> i & 1))
            memcpy((char *)values + row->offset, &(const double){ NAN }, sizeof(double));
    }
}

static emg_status describe(emgp_feature_stream *w, size_t channel, emg_error *err)
{
    const emgp_feature_setup *s = &w->setup;
    const double *x = w->held + channel * s->window;
    emg_features values = emg_features_none();
    for (size_t i = 0; i < 2 * s->n_bands; i++)
        w->band_power[i] = NAN;
    for (size_t i = 0; i < w->n_bins; i++)
        w->density[i] = NAN;
    emg_status status = EMG_OK;
    if (all_finite(x, s->window)) {
        if (w->needs_time)
            status = emg_features_time(x, s->window, s->rate_hz, &w->levels[channel], &values, err);
        if (status == EMG_OK && w->needs_entropy)
            status =
                emg_features_sample_entropy(x, s->window, ENTROPY_TEMPLATE, entropy_tolerance, &values.sampen, err);
        if (status == EMG_OK && w->needs_spectrum)
            status = describe_spectrum(w, x, &values, err);
    }
    if (status)
        return status;
    keep_chosen(s->choice, &values);
    const emgp_feature_window window = { .first = w->next,
                                         .values = &values,
                                         .band_power = w->band_power,
                                         .density = w->needs_spectrum ? w->density : NULL,
                                         .n_bins = w->n_bins,
                                         .step_hz = s->rate_hz / (double)w->segment };
    return s->take(s->context, channel, &window, err);
}

/* Hands out a full window and keeps of it what the next one needs. */
static emg_status hand_out(emgp_feature_stream *w, emg_error *err)
{
    const emgp_feature_setup *s = &w->setup;
    emg_status status = EMG_OK;
    for (size_t channel = 0; status == EMG_OK && channel < s->n_channels; channel++)
        status = describe(w, channel, err);
    size_t keep = s->step < s->window ? s->window - s->step : 0;
    for (size_t channel = 0; channel < s->n_channels; channel++) {
        double *held = w->held + channel * s->window;
        memmove(held, held + s->window - keep, keep * sizeof *held);
    }
    w->n_held = keep;
    w->skip = s->step > s->window ? s->step - s->window : 0;
    w->next += s->step;
    return status;
}

emg_status emgp_feature_stream_push(emgp_feature_stream *w, const float *x, size_t n_frames, emg_error *err)
{
    const emgp_feature_setup *s = &w->setup;
    emg_status status = EMG_OK;
    while (status == EMG_OK && n_frames > 0) {
        size_t room = w->skip > 0 ? w->skip : s->window - w->n_held, n = n_frames < room ? n_frames : room;
        if (w->skip > 0) {
            w->skip -= n;
        } else {
            for (size_t channel = 0; channel < s->n_channels; channel++) {
                double *to = w->held + channel * s->window + w->n_held;
                for (size_t i = 0; i < n; i++)
                    to[i] = (double)x[i * s->n_channels + channel];
            }
            w->n_held += n;
        }
        x += n * s->n_channels;
        n_frames -= n;
        if (w->n_held == s->window)
            status = hand_out(w, err);
    }
    return status;
}

void emgp_feature_stream_finish(emgp_feature_stream *w)
{
    w->n_held = w->skip = 0;
    w->next = 0;
}

uint64_t emgp_feature_stream_next(const emgp_feature_stream *w)
{
    return w->next;
}
