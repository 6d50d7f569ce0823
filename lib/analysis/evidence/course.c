/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A span of a channel's levels: its power over the noise, and the way of its logarithm without what is slow. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <string.h>

enum { ENVELOPE, SLOW, SILENCE };

static const emgp_rule numbers[] = {
    [ENVELOPE] = EMGP_NUMBER("course.envelope_s", "SD of what smooths the power of levels", EMGP_ALWAYS,
                             EMGP_LIMIT(0.01), EMGP_OURS, "its logarithm is the course of a span"),
    [SLOW] = EMGP_NUMBER("course.slow_s", "SD of what smooths the course", EMGP_ALWAYS, EMGP_LIMIT(0.2), EMGP_OURS,
                         "that is taken away from the course: a period is sought in the rest"),
    [SILENCE] = EMGP_NUMBER("course.silence", "power over that of the noise", EMGP_BELOW, EMGP_LIMIT(1.5), EMGP_OURS,
                            "counts as so much: how deep silence is says nothing"),
};

emgp_rules emgp_course_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

emg_status emgp_course_start(emgp_course *c, const emgp_spill *levels, size_t stream, double step_s, emg_error *err)
{
    bool there;
    c->step_s = step_s;
    emgp_spill_start(&c->cursor, levels, stream);
    emg_status status = emgp_spill_copy(&c->cursor, &c->held[0], sizeof c->held[0], &there, err);
    c->n_held = there;
    return status;
}

void emgp_course_stop(emgp_course *c)
{
    emgp_spill_stop(&c->cursor);
}

/* Levels of a record that lie within the span, as power over the noise's. */
static void place(emgp_course *c, const emgp_level_record *record, double noise)
{
    const double first = round((record->start_s - c->from_s) / c->step_s);
    for (size_t i = 0; i < record->n; i++) {
        const double at = first + (double)i, level = (double)emgp_level_amplitude(record->level[i]);
        if (at >= 0 && at < (double)c->n)
            c->power[(size_t)at] = level * level / (noise * noise);
    }
}

emg_status emgp_course_load(emgp_course *c, double from_s, double to_s, double noise, emg_error *err)
{
    c->from_s = from_s;
    c->n = (size_t)fmin(fmax(ceil((to_s - from_s) / c->step_s), 0), EMGP_SPAN);
    memset(c->power, 0, c->n * sizeof *c->power);
    for (size_t i = 0; i < c->n_held; i++)
        place(c, &c->held[i], noise);
    emg_status status = EMG_OK;
    while (status == EMG_OK && c->n_held > 0) {
        const emgp_level_record *last = &c->held[c->n_held - 1];
        const void *record = NULL;
        if (last->start_s + c->step_s * (double)last->n >= to_s)
            break;
        status = emgp_spill_next(&c->cursor, &record, err);
        if (status || !record)
            break;
        c->held[0] = *last;
        memcpy(&c->held[1], record, sizeof c->held[1]);
        c->n_held = 2;
        place(c, &c->held[1], noise);
    }
    emgp_course_smooth(c, c->power, c->envelope, c->n, numbers[ENVELOPE].limit);
    return status;
}

/* The mean around a place, from the sum around the one before. */
static double mean_at(const double *x, size_t n, size_t half, size_t i, double *sum)
{
    const size_t from = i > half ? i - half : 0, end = i + half < n ? i + half + 1 : n;
    *sum += i + half < n ? x[i + half] : 0;
    *sum -= from > 0 ? x[from - 1] : 0;
    return *sum / (double)(end - from);
}

/* Mean over up to `half` values on either side, as far as there are any. */
static void moving_mean(const double *x, double *out, size_t n, size_t half)
{
    double sum = 0;
    size_t i = 0;
    for (; i < n && i < half; i++)
        sum += x[i];
    for (i = 0; i < n && i <= half; i++)
        out[i] = mean_at(x, n, half, i, &sum);
    for (; i + half < n; i++) { /* all of them are there */
        sum += x[i + half];
        sum -= x[i - half - 1];
        out[i] = sum / (double)(2 * half + 1);
    }
    for (; i < n; i++)
        out[i] = mean_at(x, n, half, i, &sum);
}

void emgp_course_smooth(emgp_course *c, const double *x, double *out, size_t n, double sd_s)
{
    /* three means over 2 h + 1 values have about the SD h + 1/2 */
    const size_t half = (size_t)fmax(round(sd_s / c->step_s - 1.0 / 2), 1);
    moving_mean(x, out, n, half);
    moving_mean(out, c->work, n, half);
    moving_mean(c->work, out, n, half);
}

size_t emgp_course_of(emgp_course *c, double from_s, double to_s, double *out)
{
    const size_t from = (size_t)fmin(fmax(round((from_s - c->from_s) / c->step_s), 0), (double)c->n);
    const size_t end = (size_t)fmin(fmax(round((to_s - c->from_s) / c->step_s), (double)from), (double)c->n);
    const size_t n = end - from;
    for (size_t i = 0; i < n; i++)
        c->log[i] = log2(fmax(c->envelope[from + i], numbers[SILENCE].limit));
    emgp_course_smooth(c, c->log, out, n, numbers[SLOW].limit);
    for (size_t i = 0; i < n; i++)
        out[i] = c->log[i] - out[i];
    return n;
}
