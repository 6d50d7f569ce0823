/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Silent periods behind responses to stimuli: found where a contraction falls silent, and only there. */
#include "support/test.h"

#include <math.h>

#include "analysis/contraction/contraction.h"
#include "dsp/signal.h"

static const double STEP_S = 0.005;
enum { SECONDS = 8, STEPS = 200 * SECONDS, MOST = 8 };

typedef struct rows {
    size_t n;
    emgp_contraction row[MOST];
} rows;

static emg_status take(void *context, const emgp_contraction *row, emg_error *err)
{
    (void)err;
    rows *r = context;
    assert_true(r->n < MOST);
    r->row[r->n++] = *row;
    return EMG_OK;
}

/* What follows a stimulus: seconds of response, of its ringing, of silence. */
typedef struct after {
    double at_s, response, response_s, ringing_s, silence_s;
} after;

/* A contraction of about 100 from 1 s to 7 s over a floor of 5; every 0.5 s it pauses for pause_s. */
static void fill(float level[STEPS], double pause_s, const after *a, size_t n)
{
    uint64_t seed = 3;
    for (size_t i = 0; i < STEPS; i++) {
        const double t = (double)i * STEP_S, pause = fmod(t, 0.5);
        level[i] = t >= 1 && t < 7 && pause >= pause_s ? (float)(70 + 60 * signal_uniform(&seed)) : 5;
        for (size_t k = 0; k < n; k++) {
            const double since = t - a[k].at_s - 0.02, rung = since - a[k].response_s;
            if (since >= 0 && rung < a[k].ringing_s + a[k].silence_s)
                level[i] = rung < -1e-9 ? (float)a[k].response : rung < a[k].ringing_s - 1e-9 ? 60 : 5;
        }
    }
}

static rows split(const float level[STEPS], const emg_mark *marks, size_t n, const double (*spans)[2], size_t n_spans)
{
    emgp_spill *spill = NULL;
    emgp_silent silent = { .stimuli = marks, .n = n };
    rows r = { .n = 0 };
    assert_int_equal(emgp_spill_new(&spill, 1, sizeof(emgp_level_record), 1 << 16, NULL, NULL), EMG_OK);
    for (size_t from = 0; from < STEPS; from += EMGP_LEVELS) {
        emgp_level_record record = { .start_s = (double)from * STEP_S };
        for (; record.n < EMGP_LEVELS && from + record.n < STEPS; record.n++)
            record.level[record.n] = emgp_level_code(level[from + record.n]);
        assert_int_equal(emgp_spill_push(spill, 0, &record, NULL), EMG_OK);
    }
    emgp_silent_start(&silent, spill, 0, STEP_S);
    for (size_t i = 0; i < n_spans; i++) {
        const emgp_contraction row = { .onset_s = spans[i][0], .end_s = spans[i][1], .level = 100, .floor = 5 };
        assert_int_equal(emgp_silent_split(&silent, &row, take, &r, NULL), EMG_OK);
    }
    emgp_silent_stop(&silent);
    emgp_spill_free(spill);
    return r;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 0.006;
}

static emg_mark mark(double at_s)
{
    return (emg_mark){ .onset_s = at_s, .kind = EMG_MARK_STIMULUS };
}

/* It ends with the response, whatever the filters make of that, and begins with its next activity. */
static void two_silent_periods(void **state)
{
    (void)state;
    static float level[STEPS];
    const after a[] = { { 3, 2000, 0.02, 0.04, 0.08 }, { 5, 1500, 0.02, 0, 0.15 } };
    const emg_mark marks[] = { mark(0.2), mark(3), mark(4), mark(5), mark(7.9) };
    const double spans[][2] = { { 1, 7 } };
    fill(level, 0, a, 2);
    const rows r = split(level, marks, 5, spans, 1);
    assert_int_equal(r.n, 3);
    assert_true(near(r.row[0].onset_s, 1) && near(r.row[0].end_s, 3.04));
    assert_true(near(r.row[1].onset_s, 3.16) && near(r.row[1].end_s, 5.04));
    assert_true(near(r.row[2].onset_s, 5.19) && near(r.row[2].end_s, 7));
}

/* Parted already, but by levels that blur: the ends move to where silence begins and ends. */
static void blurred_ends_are_moved(void **state)
{
    (void)state;
    static float level[STEPS];
    const after a = { 3, 2000, 0.02, 0.04, 0.08 };
    const emg_mark marks[] = { mark(3) };
    const double spans[][2] = { { 1, 3.09 }, { 3.13, 7 } };
    fill(level, 0, &a, 1);
    const rows r = split(level, marks, 1, spans, 2);
    assert_int_equal(r.n, 2);
    assert_true(near(r.row[0].end_s, 3.04) && near(r.row[1].onset_s, 3.16));
}

/* No response, silence that is short, late, or no longer than the pauses before, none at all, no stimulus: one row as it was. */
static void what_is_no_silent_period(void **state)
{
    (void)state;
    static const struct {
        after a;
        double pause_s;
        bool marked;
    } cases[] = { { { 3, 100, 0.02, 0, 0.1 }, 0, true },    { { 3, 2000, 0.02, 0, 0.03 }, 0, true },
                  { { 3, 2000, 0.02, 0.1, 0.1 }, 0, true }, { { 3.2, 2000, 0.02, 0, 0.1 }, 0.09, true },
                  { { 3, 2000, 0.02, 0, 0 }, 0, true },     { { 3, 2000, 0.02, 0.04, 0.08 }, 0, false } };
    const double spans[][2] = { { 1, 7 } };
    static float level[STEPS];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const emg_mark marks[] = { mark(cases[i].a.at_s) };
        fill(level, cases[i].pause_s, &cases[i].a, 1);
        const rows r = split(level, marks, cases[i].marked, spans, 1);
        if (r.n != 1 || r.row[0].onset_s > 1 || r.row[0].end_s < 7)
            fail_msg("case %zu: %zu rows", i, r.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_silent_periods),
        cmocka_unit_test(blurred_ends_are_moved),
        cmocka_unit_test(what_is_no_silent_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
