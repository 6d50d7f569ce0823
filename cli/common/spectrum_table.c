/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of emg-spectrum as tab-separated cells. */
#include "common/common.h"

#include <math.h>
#include <stdio.h>

/* A number as a cell, with what goes before it. */
static void put_number(const spectrum_table *t, const char *before, double value)
{
    char text[64];
    if (isfinite(value))
        snprintf(text, sizeof text, "%s%.6g", before, value == 0 ? 0 : value);
    else
        snprintf(text, sizeof text, "%sn/a", before);
    cli_output_text(t->out, text);
}

/* An amplitude in microvolts or in the recording's own unit, and the other one as not applicable. */
static void put_pair(const spectrum_table *t, bool calibrated, double value)
{
    put_number(t, "\t", calibrated ? value : NAN);
    put_number(t, "\t", calibrated ? NAN : value);
}

static void put_text(const spectrum_table *t, const char *text)
{
    (void)emg_report_cell(text, cli_output_write, t->out, NULL); /* the output keeps its failure */
}

static void put_names(const spectrum_table *t, const emg_channel *c)
{
    *t->any = true;
    put_text(t, c->name);
    cli_output_text(t->out, "\t");
    put_text(t, c->is_muscle ? c->muscle : "");
}

static void put_times(const spectrum_table *t, double onset_s, double duration_s)
{
    char times[80];
    snprintf(times, sizeof times, "%.6f\t%.6f\t", onset_s, duration_s);
    cli_output_text(t->out, times);
}

static bool goes_on(const spectrum_table *t)
{
    return !t->out->error && !cli_interrupted();
}

/* --- channels as recorded ------------------------------------------------------------------------------------- */

void spectrum_raw_header(const spectrum_table *t)
{
    cli_output_text(t->out, "channel\ttarget_muscle\tsampling_frequency\trms\trms_mean_removed\tunit\trms_uv\t"
                            "rms_mean_removed_uv\tmean_frequency_hz\tmedian_frequency_hz\t"
                            "median_frequency_bin_hz\tpeak_frequency_hz\tspectral_entropy\n");
}

/* Samples of a channel with a voltage come in microvolts. */
bool spectrum_raw_row(void *context, const emg_raw_row *row)
{
    const spectrum_table *t = context;
    const emg_channel *c = row->channel;
    const emg_description *d = row->description;
    const emg_moments *m = &d->moments;
    double per_unit = c->to_uv > 0 ? c->to_uv : 1, uv = c->to_uv > 0 ? 1 : NAN;
    put_names(t, c);
    put_number(t, "\t", c->rate_hz);
    put_number(t, "\t", d->rms / per_unit);
    put_number(t, "\t", d->rms_mean_removed / per_unit);
    cli_output_text(t->out, "\t");
    put_text(t, c->unit[0] ? c->unit : row->audio ? "full scale" : "");
    put_number(t, "\t", d->rms * uv);
    put_number(t, "\t", d->rms_mean_removed * uv);
    put_number(t, "\t", m->mean_frequency_hz);
    put_number(t, "\t", m->median_frequency_hz);
    put_number(t, "\t", m->median_frequency_bin_hz);
    put_number(t, "\t", m->peak_frequency_hz);
    put_number(t, "\t", m->spectral_entropy);
    cli_output_text(t->out, "\n");
    return goes_on(t);
}

/* --- windows ---------------------------------------------------------------------------------------------------- */

/* Columns that say how the features came about, each wanted when one of the features of its list is chosen. */
typedef struct context_column {
    const char *features, *names;
    bool pair; /* microvolts and relative, else one cell */
} context_column;

enum { NOISE, COUNT_THRESHOLD, TURN_THRESHOLD, BAND_LOW, BAND_HIGH, N_CONTEXT };
static const context_column context_columns[N_CONTEXT] = {
    [NOISE] = { "zc,ssc,wamp,snr", "noise_uv\tnoise_rel", true },
    [COUNT_THRESHOLD] = { "zc,ssc,wamp", "threshold_uv\tthreshold_rel", true },
    [TURN_THRESHOLD] = { "turns,turn_amplitude", "turn_threshold_uv", false },
    [BAND_LOW] = { "frequency,quality", "band_low_hz", false },
    [BAND_HIGH] = { "frequency,quality", "band_high_hz", false },
};

static bool context_wanted(const spectrum_table *t, size_t column)
{
    emg_feature_choice needing;
    bool of_bands = t->plan->n_bands > 0 && (column == BAND_LOW || column == BAND_HIGH);
    return of_bands || (emg_feature_choice_read(&needing, context_columns[column].features, NULL) == EMG_OK &&
                        (needing.rows & t->plan->features.rows) != 0);
}

static const emg_feature *chosen(const spectrum_table *t, size_t *index)
{
    const emg_feature *row;
    while ((row = emg_feature_row((*index)++))) {
        if (t->plan->features.rows >> (*index - 1) & 1)
            return row;
    }
    return NULL;
}

static void put_band_names(const spectrum_table *t)
{
    for (size_t i = 0; i < t->plan->n_bands; i++) {
        char name[64], line[256];
        const emg_band *band = &t->plan->bands[i];
        snprintf(name, sizeof name, "band_%.6g_%.6g", band->low_hz, band->high_hz);
        snprintf(line, sizeof line, "\t%s_uv2\t%s_rel\t%s_share", name, name, name);
        cli_output_text(t->out, line);
    }
}

void spectrum_window_header(const spectrum_table *t)
{
    cli_output_text(t->out, "onset\tduration\tchannel\ttarget_muscle\tsampling_frequency");
    for (size_t i = 0; i < N_CONTEXT; i++) {
        if (!context_wanted(t, i))
            continue;
        cli_output_text(t->out, "\t");
        cli_output_text(t->out, context_columns[i].names);
    }
    size_t index = 0;
    for (const emg_feature *f = chosen(t, &index); f; f = chosen(t, &index)) {
        cli_output_text(t->out, "\t");
        cli_output_text(t->out, f->column);
        if (!f->relative)
            continue;
        cli_output_text(t->out, "\t");
        cli_output_text(t->out, f->relative);
    }
    put_band_names(t);
    cli_output_text(t->out, t->plan->mvc_path ? "\tmvc_uv\tmvc_rel\trms_mvc\n" : "\n");
}

static void put_context(const spectrum_table *t, const emg_feature_window *row)
{
    const double values[N_CONTEXT] = { [NOISE] = row->noise,
                                       [COUNT_THRESHOLD] = row->levels.count_threshold,
                                       [TURN_THRESHOLD] = row->levels.turn_threshold,
                                       [BAND_LOW] = row->low_hz,
                                       [BAND_HIGH] = row->high_hz };
    for (size_t i = 0; i < N_CONTEXT; i++) {
        if (!context_wanted(t, i))
            continue;
        if (context_columns[i].pair)
            put_pair(t, row->calibrated, values[i]);
        else
            put_number(t, "\t", values[i]);
    }
}

bool spectrum_window_row(void *context, const emg_feature_window *row)
{
    const spectrum_table *t = context;
    put_times(t, row->onset_s, row->duration_s);
    put_names(t, row->channel);
    put_number(t, "\t", row->channel->rate_hz);
    put_context(t, row);
    size_t index = 0;
    for (const emg_feature *f = chosen(t, &index); f; f = chosen(t, &index)) {
        if (f->relative)
            put_pair(t, row->calibrated, emg_feature_value(f, &row->features));
        else
            put_number(t, "\t", emg_feature_value(f, &row->features));
    }
    for (size_t i = 0; i < t->plan->n_bands; i++) {
        put_pair(t, row->calibrated, row->band_power[i]);
        put_number(t, "\t", row->band_share[i]);
    }
    if (t->plan->mvc_path) {
        put_pair(t, row->calibrated, row->mvc);
        put_number(t, "\t", row->mvc_percent);
    }
    cli_output_text(t->out, "\n");
    return goes_on(t);
}

/* --- densities -------------------------------------------------------------------------------------------------- */

void spectrum_density_header(const spectrum_table *t)
{
    cli_output_text(t->out, "onset\tduration\tchannel\ttarget_muscle\tfrequency_hz\tdensity_uv2_per_hz\t"
                            "density_rel_per_hz\n");
}

static bool put_density(const spectrum_table *t, const emg_density_row *row)
{
    for (size_t i = 0; i < row->n_bins && goes_on(t); i++) {
        put_times(t, row->onset_s, row->duration_s);
        put_names(t, row->channel);
        put_number(t, "\t", (double)i * row->step_hz);
        put_pair(t, row->calibrated, row->density[i]);
        cli_output_text(t->out, "\n");
    }
    return goes_on(t);
}

bool spectrum_raw_density_row(void *context, const emg_raw_row *row)
{
    const emg_density_row density = { .onset_s = row->onset_s,
                                      .duration_s = (double)row->description->n_samples / row->channel->rate_hz,
                                      .channel = row->channel,
                                      .calibrated = row->channel->to_uv > 0,
                                      .density = row->density,
                                      .n_bins = row->n_bins,
                                      .step_hz = row->step_hz };
    return put_density(context, &density);
}

bool spectrum_density_row(void *context, const emg_density_row *row)
{
    return put_density(context, row);
}

bool spectrum_window_density_row(void *context, const emg_feature_window *row)
{
    const emg_density_row density = { .onset_s = row->onset_s,
                                      .duration_s = row->duration_s,
                                      .channel = row->channel,
                                      .calibrated = row->calibrated,
                                      .density = row->density,
                                      .n_bins = row->n_bins,
                                      .step_hz = row->step_hz };
    return put_density(context, &density);
}

/* --- trends ------------------------------------------------------------------------------------------------------ */

void spectrum_slope_header(const spectrum_table *t)
{
    cli_output_text(t->out, "onset\tduration\tchannel\ttarget_muscle\tfeature\tn_windows\tinitial_hz\tslope_hz_per_s\t"
                            "slope_percent_per_min\trobust_initial_hz\trobust_slope_hz_per_s\t"
                            "robust_slope_percent_per_min\n");
}

bool spectrum_slope_row(void *context, const emg_slope_row *row)
{
    const spectrum_table *t = context;
    const emg_slope *lines[2] = { &row->least_squares, &row->robust };
    put_times(t, row->onset_s, row->duration_s);
    put_names(t, row->channel);
    cli_output_text(t->out, "\t");
    cli_output_text(t->out, row->feature->column);
    put_number(t, "\t", (double)row->n_windows);
    for (size_t i = 0; i < 2; i++) {
        put_number(t, "\t", lines[i]->initial);
        put_number(t, "\t", lines[i]->per_s);
        put_number(t, "\t", lines[i]->percent_per_min);
    }
    cli_output_text(t->out, "\n");
    return goes_on(t);
}

/* --- coherence ---------------------------------------------------------------------------------------------------- */

void spectrum_coherence_table(const spectrum_table *t, const emg_coherence_result *c)
{
    cli_output_text(t->out, "frequency_hz\tcoherence\tphase_rad\tchance_95\tsegments\n");
    for (size_t i = 0; i < c->n && goes_on(t); i++) {
        put_number(t, "", c->frequency_hz[i]);
        put_number(t, "\t", c->coherence[i]);
        put_number(t, "\t", c->phase_rad[i]);
        put_number(t, "\t", c->chance_95);
        put_number(t, "\t", c->count.n_independent);
        cli_output_text(t->out, "\n");
        *t->any = true;
    }
}
