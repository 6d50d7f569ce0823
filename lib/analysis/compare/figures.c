/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of a compared muscle, one table: what each is, its unit, where it comes from, what limits it. */
#include <emg/comparison.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "base/base.h"

/* Where a figure comes from. */
typedef enum source {
    OF_SUMMARY, /* a double of emg_summary */
    COUNT_OF_SUMMARY,
    CHANNELS,
    SHARE_OF_TIME, /* seconds over analysed seconds */
    PER_MINUTE,    /* a count over analysed minutes */
    MEAN_LENGTH,   /* seconds over a count */
    EPISODES,      /* a mean over episodes; count_offset says which */
    RATE,          /* what follows: of fasciculations */
    COUNTED,
    AMPLITUDE,
    LEAST_SEEN,
    DISPERSION
} source;

/* What limits a figure. */
typedef enum limit { FREE, BY_CALIBRATION, BY_SAMPLING } limit;

typedef struct figure {
    const char *quantity, *units; /* units "uV": "relative" of an uncalibrated channel */
    const char *description;
    source source;
    limit limit;
    size_t offset, count_offset; /* within emg_summary; of EPISODES: unused, and an emg_episode_figure */
} figure;

#define AT(member) offsetof(emg_summary, member)

static const figure figures[] = {
    { "fasciculation_per_min", "1/min", "fasciculations a minute at rest, from one amplitude on in both", RATE, FREE, 0,
      0 },
    { "fasciculation_count", "", "those fasciculations", COUNTED, FREE, 0, 0 },
    { "fasciculation_amplitude", "uV", "their median amplitude, peak to peak", AMPLITUDE, BY_CALIBRATION, 0, 0 },
    { "fasciculation_least_seen", "uV", "smallest amplitude that could be seen and has the word", LEAST_SEEN,
      BY_CALIBRATION, 0, 0 },
    { "fasciculation_dispersion", "", "variance over mean of their counts a minute at rest", DISPERSION, FREE, 0, 0 },
    { "rest_s", "s", "time at rest", OF_SUMMARY, FREE, AT(signal.rest_s), 0 },
    { "analysed_s", "s", "time that was analysed", OF_SUMMARY, FREE, AT(signal.analysed_s), 0 },
    { "myoclonus_per_min", "1/min", "jerks a minute analysed", OF_SUMMARY, FREE, AT(counts.myoclonus_per_min), 0 },
    { "clonus_hz", "Hz", "repetition rate of clonus", OF_SUMMARY, FREE, AT(counts.clonus_hz), 0 },
    { "clonus_episodes", "", "episodes of clonus", COUNT_OF_SUMMARY, FREE, AT(counts.clonus_episodes), 0 },
    { "clonus_total_s", "s", "time in clonus", OF_SUMMARY, FREE, AT(counts.clonus_total_s), 0 },
    { "clonus_share", "", "share of the analysed time in clonus", SHARE_OF_TIME, FREE, AT(counts.clonus_total_s), 0 },
    { "clonus_mean_s", "s", "mean length of an episode of clonus", MEAN_LENGTH, FREE, AT(counts.clonus_total_s),
      AT(counts.clonus_episodes) },
    { "clonus_episode_hz", "Hz", "mean repetition rate of the episodes of clonus", EPISODES, FREE, 0,
      EMG_EPISODE_CLONUS_HZ },
    { "clonus_episode_s", "s", "geometric mean of the lengths of the episodes of clonus", EPISODES, FREE, 0,
      EMG_EPISODE_CLONUS_S },
    { "clonus_longest_s", "s", "longest episode of clonus", OF_SUMMARY, FREE, AT(counts.clonus_longest_s), 0 },
    { "tremor_hz", "Hz", "repetition rate of tremor", OF_SUMMARY, FREE, AT(counts.tremor_hz), 0 },
    { "tremor_episode_hz", "Hz", "mean repetition rate of the episodes of tremor", EPISODES, FREE, 0,
      EMG_EPISODE_TREMOR_HZ },
    { "tremor_total_s", "s", "time in tremor", OF_SUMMARY, FREE, AT(counts.tremor_total_s), 0 },
    { "tremor_share", "", "share of the analysed time in tremor", SHARE_OF_TIME, FREE, AT(counts.tremor_total_s), 0 },
    { "rhythmic_hz", "Hz", "repetition rate of what is clonus or tremor", OF_SUMMARY, FREE, AT(counts.rhythmic_hz), 0 },
    { "rhythmic_total_s", "s", "time in what is clonus or tremor", OF_SUMMARY, FREE, AT(counts.rhythmic_total_s), 0 },
    { "spasm_episodes", "", "cramps or spasms", COUNT_OF_SUMMARY, FREE, AT(counts.spasm_episodes), 0 },
    { "spasm_total_s", "s", "time in them", OF_SUMMARY, FREE, AT(counts.spasm_total_s), 0 },
    { "tonic_episodes", "", "contractions: tonic, spastic or voluntary", COUNT_OF_SUMMARY, FREE,
      AT(counts.tonic_episodes), 0 },
    { "tonic_per_min", "1/min", "contractions a minute analysed", PER_MINUTE, FREE, 0, AT(counts.tonic_episodes) },
    { "tonic_total_s", "s", "time in contractions", OF_SUMMARY, FREE, AT(counts.tonic_total_s), 0 },
    { "tonic_share", "", "share of the analysed time in contractions", SHARE_OF_TIME, FREE, AT(counts.tonic_total_s),
      0 },
    { "tonic_mean_s", "s", "mean length of a contraction", MEAN_LENGTH, FREE, AT(counts.tonic_total_s),
      AT(counts.tonic_episodes) },
    { "tonic_episode_s", "s", "geometric mean of the lengths of contractions", EPISODES, FREE, 0, EMG_EPISODE_TONIC_S },
    { "tonic_episode_amplitude", "uV", "geometric mean of the amplitudes of contractions, peak to peak", EPISODES,
      BY_CALIBRATION, 0, EMG_EPISODE_TONIC_AMPLITUDE },
    { "tonic_longest_s", "s", "longest contraction", OF_SUMMARY, FREE, AT(counts.tonic_longest_s), 0 },
    { "rms", "uV", "root mean square of the conditioned signal", OF_SUMMARY, BY_CALIBRATION, AT(signal.rms), 0 },
    { "noise", "uV", "standard deviation of the noise", OF_SUMMARY, BY_CALIBRATION, AT(signal.noise), 0 },
    { "mean_frequency_hz", "Hz", "mean frequency of the power spectrum", OF_SUMMARY, BY_SAMPLING,
      AT(signal.mean_frequency_hz), 0 },
    { "median_frequency_hz", "Hz", "frequency that halves the power", OF_SUMMARY, BY_SAMPLING,
      AT(signal.median_frequency_hz), 0 },
    { "peak_frequency_hz", "Hz", "frequency of the largest density", OF_SUMMARY, BY_SAMPLING,
      AT(signal.peak_frequency_hz), 0 },
    { "spectral_entropy", "", "0 (a line) to 1 (flat)", OF_SUMMARY, BY_SAMPLING, AT(signal.spectral_entropy), 0 },
    { "sampling_frequency", "Hz", "samples a second", OF_SUMMARY, FREE, AT(rate_hz), 0 },
    { "channels", "", "channels on this muscle", CHANNELS, FREE, 0, 0 },
    { "quality", "", "0 (unusable) to 1 (no objection)", OF_SUMMARY, FREE, AT(signal.quality), 0 },
};

static double real_at(const emg_summary *s, size_t offset)
{
    double value;
    memcpy(&value, (const char *)s + offset, sizeof value);
    return value;
}

static double count_at(const emg_summary *s, size_t offset)
{
    uint64_t value;
    memcpy(&value, (const char *)s + offset, sizeof value);
    return value == EMG_NO_COUNT ? NAN : (double)value;
}

static double over(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static double value_of(const figure *f, const emg_compared_muscle *m, size_t s)
{
    const emg_compared_side *side = &m->side[s];
    const emg_summary *summary = side->summary;
    switch (f->source) {
    case OF_SUMMARY:
        return real_at(summary, f->offset);
    case COUNT_OF_SUMMARY:
        return count_at(summary, f->offset);
    case CHANNELS:
        return (double)summary->n_channels;
    case SHARE_OF_TIME:
        return over(real_at(summary, f->offset), summary->signal.analysed_s);
    case PER_MINUTE:
        return over(count_at(summary, f->count_offset), summary->signal.analysed_s / 60);
    case MEAN_LENGTH:
        return over(real_at(summary, f->offset), count_at(summary, f->count_offset));
    case EPISODES:
        return m->episodes[f->count_offset].mean[s].value;
    case RATE:
        return side->n_minutes > 0 ? (double)side->n_counted / (summary->signal.rest_s / 60) : NAN;
    case COUNTED:
        return side->n_counted == EMG_NO_COUNT ? NAN : (double)side->n_counted;
    case AMPLITUDE:
        return side->median_amplitude;
    case LEAST_SEEN:
        return side->least_seen;
    case DISPERSION:
        return m->rates.dispersion[s];
    }
    return NAN;
}

static const char *unit_of(const emg_compared_muscle *m)
{
    return m->side[0].summary->calibrated ? "uV" : "relative";
}

static emg_interval alone(double value)
{
    return (emg_interval){ value, NAN, NAN };
}

static void remark_number(emg_compared_figure *out, const char *before, double value, const char *after)
{
    char text[EMGP_NUMBER_ROOM];
    const size_t n = strlen(out->remark);
    emgp_number_print(text, value);
    snprintf(out->remark + n, sizeof out->remark - n, "%s%s%s", before, text, after);
}

static void remark_text(emg_compared_figure *out, const char *text)
{
    const size_t n = strlen(out->remark);
    snprintf(out->remark + n, sizeof out->remark - n, "%s", text);
}

static double rounded(double value)
{
    return isfinite(value) && value > 0
               ? round(value * pow(10, 2 - floor(log10(value)))) * pow(10, floor(log10(value)) - 2)
               : value;
}

/* Which of the two never rests, and what could have been seen there. */
static void remark_no_rest(emg_compared_figure *out, const emg_compared_muscle *m)
{
    bool first = true;
    for (size_t s = 0; s < 2; s++) {
        const emg_compared_side *side = &m->side[s];
        const emg_summary_signal *signal = &side->summary->signal;
        if (side->n_minutes > 0)
            continue;
        remark_text(out, first ? "" : "; ");
        remark_text(out, s == 0 ? "A " : "B ");
        first = false;
        if (!(signal->analysed_s > 0)) {
            remark_text(out, "was not analysed");
            continue;
        }
        remark_text(out, signal->rest_s > 0 ? "rests for less than 10 s" : "never rests");
        if (signal->threshold > 0) {
            remark_number(out, ": below ", rounded(signal->threshold),
                          side->summary->calibrated ? " uV" : " (relative)");
            remark_text(out, " nothing can be seen");
        }
    }
}

static void remark_rates(emg_compared_figure *out, const emg_compared_muscle *m)
{
    switch (m->lack) {
    case EMG_RATES_NO_REST:
        remark_no_rest(out, m);
        return;
    case EMG_RATES_NO_AMPLITUDE:
        remark_text(out, "one is calibrated, the other not: no amplitude in common");
        return;
    case EMG_RATES_NO_EVENTS:
    case EMG_RATES_FEW_MINUTES:
    case EMG_RATES_GIVEN:
        remark_number(out, "from ", rounded(m->counted_from), " ");
        remark_text(out, unit_of(m));
        remark_text(out, " on in both");
        break;
    }
    if (m->lack == EMG_RATES_NO_EVENTS)
        remark_text(out, "; none in either");
    else if (m->lack == EMG_RATES_FEW_MINUTES)
        remark_text(out, "; too few minutes at rest to tell how the counts scatter");
    else if (m->rates.widened_by > 1)
        remark_number(out, "; counts scatter ", rounded(m->rates.widened_by), " times as much as by chance");
    else
        remark_text(out, "; counts scatter no more than by chance");
}

/* What a mean over episodes rests on. */
static void remark_episodes(emg_compared_figure *out, const emg_means *means)
{
    if (means->n[0] + means->n[1] == 0)
        return;
    if (out->tested)
        remark_text(out, means->geometric ? "Welch's t of the logarithms of " : "Welch's t of ");
    else
        remark_text(out, "of ");
    remark_number(out, "", (double)means->n[0], " and ");
    remark_number(out, "", (double)means->n[1], " episodes");
    if (out->tested)
        remark_text(out, ", as if independent: they are of one recording each, not of several people");
    else if (means->n[0] < EMGP_LEAST_EPISODES || means->n[1] < EMGP_LEAST_EPISODES)
        remark_number(out, ": an interval needs ", EMGP_LEAST_EPISODES, " in each");
    else
        remark_text(out, ": they are all alike, which gives no interval");
}

/* Intervals of a mean over episodes. */
static void take_means(emg_compared_figure *out, const emg_means *means)
{
    out->tested = !isnan(means->freedom);
    if (!out->tested)
        return;
    out->a = means->mean[0];
    out->b = means->mean[1];
    *(means->geometric ? &out->ratio : &out->difference) = means->change;
    out->differs = means->differ;
}

static void remark_limit(const figure *f, emg_compared_figure *out, const emg_compared_muscle *m)
{
    const emg_summary *a = m->side[0].summary, *b = m->side[1].summary;
    if (f->source == RATE) {
        remark_rates(out, m);
    } else if (f->limit == BY_CALIBRATION && a->calibrated != b->calibrated) {
        remark_text(out, "one is calibrated, the other not");
        out->a = alone(out->a.value);
        out->b = alone(out->b.value);
        out->difference = out->ratio = alone(NAN);
        out->tested = out->differs = false;
        out->units = "";
    } else if (f->source == EPISODES) {
        remark_episodes(out, &m->episodes[f->count_offset]);
    } else if (f->limit == BY_SAMPLING && (a->rate_hz < b->rate_hz || a->rate_hz > b->rate_hz)) {
        remark_number(out, "sampled at ", a->rate_hz, " and ");
        remark_number(out, "", b->rate_hz, " Hz: the bands may differ");
    }
}

bool emg_comparison_figure(const emg_comparison *comparison, size_t muscle, size_t index, emg_compared_figure *out)
{
    const emg_compared_muscle *m = emg_comparison_muscle(comparison, muscle);
    if (!m || !out || index >= sizeof figures / sizeof *figures)
        return false;
    const figure *f = &figures[index];
    const double a = value_of(f, m, 0), b = value_of(f, m, 1);
    *out = (emg_compared_figure){ .quantity = f->quantity,
                                  .units = strcmp(f->units, "uV") == 0 ? unit_of(m) : f->units,
                                  .description = f->description,
                                  .a = alone(a),
                                  .b = alone(b),
                                  .difference = alone(b - a),
                                  .ratio = alone(over(b, a)) };
    if (f->source == RATE && m->lack == EMG_RATES_GIVEN) {
        out->a = m->rates.a;
        out->b = m->rates.b;
        out->difference = m->rates.difference;
        out->ratio = m->rates.ratio;
        out->tested = true;
        out->differs = m->rates.differ;
    }
    if (f->source == EPISODES)
        take_means(out, &m->episodes[f->count_offset]);
    remark_limit(f, out, m);
    return true;
}
