/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sketches: the same for any cut of the input, all columns of any length, pieces and shapes of what was found. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/analysis.h>
#include <emg/sketch.h>

#include "support/drive.h"

static emg_result *analysed(const drive_signal *signal, size_t block, size_t group)
{
    emg_result *result = NULL;
    const drive_plan plan = { .block = block, .group = group };
    assert_int_equal(drive_analyse(signal, &plan, &result, NULL), EMG_OK);
    return result;
}

static void assert_same(const emg_sketch *a, const emg_sketch *b)
{
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t i = 0; i < a->n_columns; i++) {
        const emg_sketch_column *x = &a->columns[i], *y = &b->columns[i];
        assert_false(fabs((double)x->low - (double)y->low) > 0 || fabs((double)x->high - (double)y->high) > 0 ||
                     fabs((double)x->analysed_s - (double)y->analysed_s) > 0 || x->flags != y->flags);
    }
    assert_int_equal(a->n_zooms, b->n_zooms);
    for (size_t i = 0; i < a->n_zooms; i++) {
        assert_int_equal(a->zooms[i].n, b->zooms[i].n);
        assert_memory_equal(a->zooms[i].low, b->zooms[i].low, a->zooms[i].n);
        assert_memory_equal(a->zooms[i].high, b->zooms[i].high, a->zooms[i].n);
    }
    assert_int_equal(a->n_shapes, b->n_shapes);
    assert_int_equal(a->n_bursts, b->n_bursts);
}

static void the_same_for_any_cut(void **state)
{
    (void)state;
    drive_signal signal = drive_simulation("mixed", 4, 60);
    emg_result *whole = analysed(&signal, signal.n_frames, signal.n_channels);
    emg_result *cut = analysed(&signal, 777, 1);
    for (size_t c = 0; c < signal.n_channels; c++)
        assert_same(emg_result_sketch(whole, c), emg_result_sketch(cut, c));
    assert_null(emg_result_sketch(whole, signal.n_channels));
    assert_null(emg_result_sketch(NULL, 0));
    emg_result_free(whole);
    emg_result_free(cut);
    drive_free(&signal);
}

/* Who draws nothing gets no sketch, and the same events. */
static void none_where_nobody_draws(void **state)
{
    (void)state;
    drive_signal signal = drive_simulation("mixed", 4, 60);
    const drive_plan plan = { .block = 777, .group = signal.n_channels, .no_sketches = true };
    emg_result *drawn = analysed(&signal, 777, signal.n_channels), *plain = NULL;
    assert_int_equal(drive_analyse(&signal, &plan, &plain, NULL), EMG_OK);
    for (size_t c = 0; c < signal.n_channels; c++)
        assert_null(emg_result_sketch(plain, c));
    char *of_drawn = drive_events(drawn), *of_plain = drive_events(plain);
    assert_string_equal(of_drawn, of_plain);
    free(of_drawn);
    free(of_plain);
    emg_result_free(drawn);
    emg_result_free(plain);
    drive_free(&signal);
}

static void too_late_for_no_sketches(void **state)
{
    (void)state;
    emg_source source = emg_source_defaults();
    source.name = source.muscle = "TA";
    source.rate_hz = 1000;
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    static double x[1000];
    const size_t channel = 0;
    const emg_block block = { .x = x, .n_frames = 1000, .channel = &channel, .n_channels = 1, .rate_hz = 1000 };
    emg_analysis *analysis = NULL;
    assert_int_equal(emg_analysis_no_sketches(NULL, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_new(&analysis, &source, 1, NULL, 0, &config, NULL, NULL), EMG_OK);
    assert_int_equal(emg_analysis_no_sketches(analysis, NULL), EMG_OK);
    assert_int_equal(emg_analysis_push(analysis, &block, NULL), EMG_OK);
    assert_int_equal(emg_analysis_no_sketches(analysis, NULL), EMG_EARG);
    emg_analysis_free(analysis);
}

/* All of the time is in some column, and no column is too many. */
static void columns_hold_all_the_time(void **state)
{
    static const double lengths_s[] = { 2, 30, 301 };
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        drive_signal signal = drive_noise(1, 1000, lengths_s[k], 5, 3);
        emg_result *result = analysed(&signal, 4096, 1);
        const emg_sketch *s = emg_result_sketch(result, 0);
        double all_s = 0, highest = 0;
        for (size_t i = 0; i < s->n_columns; i++) {
            all_s += (double)s->columns[i].analysed_s;
            highest = fmax(highest, (double)s->columns[i].high);
        }
        assert_true(s->n_columns <= EMG_SKETCH_COLUMNS && (double)s->n_columns * s->column_s >= lengths_s[k]);
        assert_true(fabs(all_s - lengths_s[k]) < 0.01);
        assert_true(highest > 10 && highest < 40);
        emg_result_free(result);
        drive_free(&signal);
    }
}

/* A potential larger than all others is the largest of a piece that is kept. */
static void the_strongest_is_kept(void **state)
{
    (void)state;
    drive_signal signal = drive_noise(1, 2000, 60, 3, 9);
    for (int i = 1; i < 50; i++)
        drive_add_potential(&signal, 0, 1.1 * i,
                            i % 10 == 5 && i < 30 ? 700 - 15 * i : 100); /* three, in pages of their own */
    emg_result *result = analysed(&signal, 4096, 1);
    const emg_sketch *s = emg_result_sketch(result, 0);
    for (int strong = 5; strong < 30; strong += 10) {
        double most = 0;
        for (size_t i = 0; i < s->n_zooms; i++)
            for (size_t k = 0; k < s->zooms[i].n; k++)
                if (fabs(s->zooms[i].start_s + (double)k * s->zooms[i].step_s - 1.1 * strong) < 0.05)
                    most = fmax(most, s->zooms[i].scale * fmax(s->zooms[i].high[k], -s->zooms[i].low[k]));
        assert_true(most > 200);
    }
    emg_result_free(result);
    drive_free(&signal);
}

/* Every unit that fasciculations name has its shape, with its largest deflection in the middle. */
static void shapes_of_units(void **state)
{
    (void)state;
    drive_signal signal = drive_simulation("fasciculation", 2, 120);
    emg_result *result = analysed(&signal, 4096, signal.n_channels);
    const emg_sketch *s = emg_result_sketch(result, 0);
    uint64_t n = 0;
    assert_true(s->n_shapes >= 1 && s->shape_s > 0);
    for (size_t i = 0; i < s->n_shapes; i++) {
        const emg_sketch_shape *shape = s->shapes[i];
        size_t peak = 0;
        for (size_t k = 1; k < EMG_SKETCH_POINTS; k++)
            peak = fabsf(shape->mean[k]) > fabsf(shape->mean[peak]) ? k : peak;
        assert_in_range(peak, EMG_SKETCH_POINTS / 2 - 3, EMG_SKETCH_POINTS / 2 + 3);
        assert_in_range(shape->n_waves, 1, EMG_SKETCH_WAVES);
        n += shape->n;
    }
    assert_true(2 * n > emg_result_channel(result, 0)->counts.fasciculation_count);
    emg_result_free(result);
    drive_free(&signal);
}

/* The bursts of clonus come one a cycle. */
/* All discharges of a regular unit's train are of its shape, which hardly varies. */
static void shape_of_a_regular_unit(void **state)
{
    (void)state;
    drive_signal signal = drive_simulation("regular-unit", 3, 60);
    emg_result *result = analysed(&signal, 4096, signal.n_channels);
    for (size_t c = 0; c < signal.n_channels; c++) {
        const emg_sketch *s = emg_result_sketch(result, c);
        assert_int_equal(s->n_shapes, 1);
        const emg_sketch_shape *shape = s->shapes[0];
        assert_true(shape->n > 250 && shape->n_waves >= EMG_SKETCH_WAVES / 2);
        double most = 0, widest = 0;
        for (size_t i = 0; i < EMG_SKETCH_POINTS; i++) {
            assert_true(shape->low[i] <= shape->median[i] && shape->median[i] <= shape->high[i]);
            most = fmax(most, fabs((double)shape->median[i]));
            widest = fmax(widest, (double)(shape->high[i] - shape->low[i]));
        }
        assert_true(most > 20 && widest > 0 && widest < most);
    }
    emg_result_free(result);
    drive_free(&signal);
}

static void bursts_of_a_rhythm(void **state)
{
    (void)state;
    drive_signal signal = drive_simulation("mixed", 4, 60);
    emg_result *result = analysed(&signal, 4096, signal.n_channels);
    const emg_sketch *s = NULL;
    for (size_t c = 0; c < signal.n_channels; c++)
        if (emg_result_channel(result, c)->counts.clonus_episodes > 0)
            s = emg_result_sketch(result, c);
    assert_non_null(s);
    assert_true(s->n_bursts > 10);
    for (size_t i = 1; i < s->n_bursts; i++)
        assert_true(s->burst_s[i] - s->burst_s[i - 1] > 0.05);
    emg_result_free(result);
    drive_free(&signal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_for_any_cut),     cmocka_unit_test(none_where_nobody_draws),
        cmocka_unit_test(too_late_for_no_sketches), cmocka_unit_test(columns_hold_all_the_time),
        cmocka_unit_test(the_strongest_is_kept),    cmocka_unit_test(shapes_of_units),
        cmocka_unit_test(shape_of_a_regular_unit),  cmocka_unit_test(bursts_of_a_rhythm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
