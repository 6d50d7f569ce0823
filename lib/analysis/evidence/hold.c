/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a contraction begins, goes on and ends, and whether units fire regularly in it: what tells a cramp from a hold. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

enum { LEAST, PART, STEADY, FULL, FAST, SLOW };

static const emgp_rule numbers[] = {
    [LEAST] = EMGP_NUMBER("hold.least_s", "duration of a contraction", EMGP_AT_LEAST, EMGP_LIMIT(5), EMGP_OURS,
                          "its course is measured"),
    [PART] = EMGP_NUMBER("hold.part_s", "time of its levels", EMGP_AT_MOST, EMGP_LIMIT(20), EMGP_OURS,
                         "so much is looked at at a time"),
    [STEADY] = EMGP_NUMBER("hold.steady", "share of a contraction from its onset on", EMGP_AT_MOST, EMGP_LIMIT(0.7),
                           EMGP_OURS, "the levels of its seconds there tell how steady it is (steady_db)"),
    [FULL] = EMGP_NUMBER("hold.full_db", "level under the median of its seconds", EMGP_AT_MOST, EMGP_LIMIT(3),
                         EMGP_OURS, "it has risen (rise_s)"),
    [FAST] = EMGP_NUMBER("hold.fast_s", "lag", EMGP_AT_LEAST, EMGP_LIMIT(0.06), EMGP_OURS,
                         "a peak of the envelope's autocorrelation there is units that fire regularly (pulsing)"),
    [SLOW] = EMGP_NUMBER("hold.slow_s", "lag", EMGP_AT_MOST, EMGP_LIMIT(0.13), EMGP_OURS, "and up to this one"),
};

emgp_rules emgp_hold_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { MOST_SECONDS = 600, DECIBELS = 20 }; /* of a longer contraction its first ten minutes count */

typedef struct hold {
    double second_db[MOST_SECONDS], work[MOST_SECONDS], course[EMGP_SPAN];
    size_t n;
    emgp_lags lags;
} hold;

static double decibels(double power)
{
    return DECIBELS / 2 * log10(fmax(power, 1));
}

/* Whole seconds of the part that is loaded. */
static void add_seconds(hold *h, const emgp_course *c)
{
    const size_t each = (size_t)round(1 / c->step_s);
    for (size_t from = 0; from + each <= c->n && h->n < MOST_SECONDS; from += each) {
        double sum = 0;
        for (size_t i = from; i < from + each; i++)
            sum += c->power[i];
        h->second_db[h->n++] = decibels(sum / (double)each);
    }
}

/* The highest peak of the autocorrelation within the lags of firing units over the trough before it. */
static double firing_of(const emgp_lags *lags, double step_s)
{
    double trough = 1, most = 0;
    for (size_t k = 1; k < EMGP_COURSE_LAGS && (double)k * step_s <= numbers[SLOW].limit; k++) {
        const double r = lags->power[k] > 0 ? lags->product[k] / lags->power[k] : 0;
        if ((double)k * step_s >= numbers[FAST].limit)
            most = fmax(most, r - trough);
        trough = fmin(trough, r);
    }
    return most;
}

/* From the onset to where the level of 10 ms has come near that of the seconds. */
static double rise_of(const emgp_course *c, double full_db)
{
    size_t at = 0;
    while (at < c->n && decibels(c->envelope[at]) < full_db)
        at++;
    return (double)at * c->step_s;
}

/* The first part is loaded. */
static double median_of_first(hold *h)
{
    memcpy(h->work, h->second_db, h->n * sizeof *h->work);
    return emgp_median(h->work, h->n);
}

emg_status emgp_hold_measure(emgp_course *c, emgp_contraction *contraction, emg_error *err)
{
    const double onset_s = contraction->onset_s, end_s = contraction->end_s, part_s = numbers[PART].limit;
    contraction->rise_s = contraction->steady_db = contraction->wane_db = contraction->pulsing = NAN;
    if (end_s - onset_s < numbers[LEAST].limit)
        return EMG_OK;
    hold *h = emgp_alloc(1, sizeof *h);
    if (!h)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    for (double from_s = onset_s; status == EMG_OK && from_s < end_s; from_s += part_s) {
        const double to_s = fmin(from_s + part_s, end_s);
        status = emgp_course_load(c, from_s, to_s, contraction->floor, err);
        if (status)
            break;
        add_seconds(h, c);
        if (!(from_s > onset_s) && h->n > 0)
            contraction->rise_s = rise_of(c, median_of_first(h) - numbers[FULL].limit);
        emgp_lags_add(&h->lags, h->course, emgp_course_of(c, from_s, to_s, h->course));
    }
    const size_t steady = (size_t)(numbers[STEADY].limit * (double)h->n);
    if (status == EMG_OK && steady > 2) {
        contraction->steady_db = gsl_stats_sd(h->second_db + 1, 1, steady - 1);
        contraction->wane_db = median_of_first(h) - h->second_db[h->n - 1];
        contraction->pulsing = firing_of(&h->lags, c->step_s);
    }
    emgp_free(h);
    return status;
}
