/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The floor: how low a channel falls, from how often each level occurred in all of its segments. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/* Shares and decibels; METHOD "Contractions" unless marked ours. */
static const double floor_share = 0.05; /* of levels of 0.2 s below the floor */
static const double rest_share = 0.01;  /* of levels of 0.4 s at least at rest, */
static const double rest_s = 2;         /* and less of a long recording: so much rest is enough (ours) */
static const double rest_depth_db = 6;  /* rest so far below the floor is the floor, */
static const double rest_rise_db = 1;   /* its lowest levels so far below its usual ones */
static const double dropout_db = 20;    /* so far below the lowest tenth nothing was recorded */
static const double jitter_most_db = 2.2;
static const double never_middle_db = 6; /* from the 10 % to the 90 % quantile, in a muscle that never rests */
static const double never_all_db = 11;   /* from 2 % to 98 % */
static const double muscle_flatness = 0.7, muscle_kurtosis = 2; /* below, or above: no noise of an amplifier */
/* Noise of the skin, or of a filter, is no flatter than a muscle, but its spectrum falls from 35 to 80 Hz (white noise of
 * the band 1.3 to 2 dB, pink 0, brown -3; muscles that never rest 2.8 to 7; fitted on real recordings, ours). */
static const double muscle_rise_db = 2.3;
/* A muscle that rests for a few seconds among holds of minutes has them in its quietest tenth, but among much else: where the
 * quietest of all are enough records to judge by they must be muscle, too (ours). */
static const double quiet_share = 0.1, quietest_share = 0.03, quietest_records = 8;

static double quantile_db(const emgp_histogram *h, double q)
{
    return 20 * log10(emgp_histogram_quantile(h, q));
}

/* The q-quantile of the levels above the dropouts. */
static double live_quantile_db(const emgp_histogram *h, double dropout_share, double q)
{
    return quantile_db(h, dropout_share + q * (1 - dropout_share));
}

/* Share of a histogram below a level in decibels. */
static double share_below(const emgp_histogram *h, double level_db)
{
    double low = 0, high = 1;
    for (int i = 0; i < 30; i++) {
        const double middle = (low + high) / 2;
        *(quantile_db(h, middle) < level_db ? &low : &high) = middle;
    }
    return low < 1e-6 ? 0 : low;
}

typedef struct quiet {
    emgp_histogram levels, kurtosis, rise;
    double most, flatness, n;
} quiet;

static double level_of(const emgp_level_record *record)
{
    double sum = 0;
    for (size_t i = 0; i < record->n; i++)
        sum += (double)emgp_level_amplitude(record->level[i]);
    return sum / fmax(record->n, 1);
}

static void add_level(quiet *q, const emgp_level_record *record)
{
    emgp_histogram_add(&q->levels, level_of(record));
}

static void add_quiet(quiet *q, const emgp_level_record *record)
{
    if (level_of(record) > q->most || record->n < EMGP_LEVELS)
        return;
    q->flatness += record->flatness / 255.0;
    q->n++;
    emgp_histogram_add(&q->kurtosis, 1 + record->kurtosis / 20.0);
    emgp_histogram_add(&q->rise, pow(10, emgp_level_rise_db(record) / 20));
}

static emg_status each_record(const emgp_levels *l, void (*take)(quiet *, const emgp_level_record *), quiet *q,
                              emg_error *err)
{
    emgp_spill_cursor cursor;
    emgp_spill_start(&cursor, l->spill, l->stream);
    const void *record = NULL;
    emg_status status;
    while ((status = emgp_spill_next(&cursor, &record, err)) == EMG_OK && record)
        take(q, record);
    emgp_spill_stop(&cursor);
    return status;
}

static bool is_muscle(const quiet *q)
{
    const double flatness = q->n > 0 ? q->flatness / q->n : 1,
                 kurtosis = emgp_histogram_quantile(&q->kurtosis, 0.5) - 1;
    return (flatness < muscle_flatness && quantile_db(&q->rise, 0.5) > muscle_rise_db) || kurtosis > muscle_kurtosis;
}

/* Sums over the quietest records, so large a share of all. */
static emg_status find_quiet(const emgp_levels *l, quiet *q, double share, emg_error *err)
{
    memset(q, 0, sizeof *q);
    emg_status status = each_record(l, add_level, q, err);
    q->most = emgp_histogram_quantile(&q->levels, share) * 1.02; /* a bin's width */
    return status ? status : each_record(l, add_quiet, q, err);
}

/* Whether the quietest records have the spectrum or the peaks of a muscle. */
static emg_status quiet_is_muscle(const emgp_levels *l, bool *is, emg_error *err)
{
    quiet *q = emgp_alloc(1, sizeof *q);
    if (!q)
        return emgp_fail_memory(err);
    emg_status status = find_quiet(l, q, quiet_share, err);
    *is = is_muscle(q);
    if (status == EMG_OK && *is)
        status = find_quiet(l, q, quietest_share, err);
    *is = *is && (q->n < quietest_records || is_muscle(q));
    emgp_free(q);
    return status;
}

/* The RMS of Gaussian noise of B Hz over T s scatters by 1 / (2 sqrt(B T)) of itself (Bendat and Piersol 2010). */
static double noise_db(const emgp_levels *l)
{
    return 20 / log(10) / (2 * sqrt(l->band_hz * emgp_scale_rows[0].width_s));
}

emg_status emgp_floor_settle(const emgp_levels *l, emgp_floor *out, emg_error *err)
{
    *out = (emgp_floor){ .level_db = NAN, .noise_db = noise_db(l) };
    const emgp_histogram *h = &l->short_levels;
    if (h->n == 0)
        return EMG_OK;
    const double dropouts = share_below(h, quantile_db(h, 0.05) - dropout_db);
    const double long_s = (double)l->long_levels.n * EMGP_BLOCK_STEPS * emgp_levels_step_s(l);
    const double share = fmin(rest_share, rest_s / long_s);
    const double usual = live_quantile_db(h, dropouts, floor_share);
    const double rest = l->long_levels.n ? live_quantile_db(&l->long_levels, dropouts, share) : usual;
    out->level_db = usual - rest < rest_depth_db ? usual : rest + rest_rise_db;
    const double change_db = l->changes.n ? quantile_db(&l->changes, 0.5) : 0;
    out->jitter_db = fmin(change_db / 0.6745 / sqrt(2), jitter_most_db);
    const double middle = live_quantile_db(h, dropouts, 0.9) - live_quantile_db(h, dropouts, 0.1);
    const double all = live_quantile_db(h, dropouts, 0.98) - live_quantile_db(h, dropouts, 0.02);
    if (middle < never_middle_db && all < never_all_db)
        return quiet_is_muscle(l, &out->never_rests, err);
    return EMG_OK;
}
