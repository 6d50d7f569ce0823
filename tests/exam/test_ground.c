/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground keeps its own word: what tells a record's class is in it, and its truth claims no more. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/simulate.h>

#include "ground/grid.h"

static const exam_split splits[] = { EXAM_TRAINING, EXAM_DEVELOPMENT, EXAM_LOCKED, EXAM_SHIFTED };
enum { N_SPLITS = 4, PER_SPLIT = 9 };

static emg_simulation *simulation_of(exam_split split, const exam_cell *cell, size_t record,
                                     char text[EXAM_SCENARIO_ROOM])
{
    uint64_t seed;
    emg_simulation *s = NULL;
    emg_error err = EMG_ERROR_NONE;
    exam_scenario(split, cell, record, text, &seed);
    if (emg_simulation_read(&s, text, strlen(text), cell->name, seed, 0, 0, &err) != EMG_OK)
        fail_msg("%s %s %zu: %s", exam_split_name(split), cell->name, record, err.text);
    return s;
}

static size_t count_of(const emg_simulation *s, emg_class class)
{
    size_t n = 0;
    for (size_t i = 0; i < emg_simulation_n_events(s); i++)
        n += emg_simulation_event(s, i)->trial_type == class;
    return n;
}

/* The first record of every cell can be made, in one split or another, and its name is nobody else's. */
static void every_cell_can_be_made(void **state)
{
    (void)state;
    char text[EXAM_SCENARIO_ROOM];
    exam_cell cell, same;
    for (int part = 0; part < EXAM_N_PARTS; part++)
        for (size_t i = 0; exam_cell_at((exam_part)part, i, &cell); i++) {
            assert_true(exam_cell_find(cell.name, &same) && same.part == cell.part);
            emg_simulation_free(simulation_of(splits[i % N_SPLITS], &cell, 0, text));
        }
}

/* Records of classes that look alike: the truth is the class where something tells it, else the honest word, and never both;
 * marks are there where the remark says so. */
static void truth_claims_what_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *mark;
        emg_class class, honest;
    } rows[] = { { "clonus_snr15_n10", "stretch", EMG_CLONUS, EMG_RHYTHMIC },
                 { "tremor_snr15_n10", "none", EMG_TREMOR, EMG_RHYTHMIC },
                 { "spasm_snr15", "rest", EMG_SPASM, EMG_TONIC },
                 { "tonic_snr15", "task: hold", EMG_TONIC, EMG_TONIC } };
    char text[EXAM_SCENARIO_ROOM];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        exam_cell cell;
        size_t n[3] = { 0 }, n_contexts[EXAM_N_CONTEXTS] = { 0 };
        assert_true(exam_cell_find(rows[i].cell, &cell));
        for (size_t k = 0; k < PER_SPLIT * N_SPLITS; k++) {
            emg_simulation *s = simulation_of(splits[k / PER_SPLIT], &cell, k % PER_SPLIT, text);
            exam_told told = exam_scenario_told(text);
            exam_context context = exam_scenario_context(text);
            emg_class right = told == EXAM_UNTOLD ? rows[i].honest : rows[i].class;
            assert_true(count_of(s, right) > 0);
            assert_int_equal(count_of(s, right), emg_simulation_n_events(s));
            assert_int_equal(emg_simulation_n_channels(s), context == EXAM_SECOND ? 2 : 1);
            assert_true((emg_simulation_n_annotations(s) > 0) == (context == EXAM_MARK));
            if (context == EXAM_MARK)
                assert_string_equal(emg_simulation_annotation(s, 0)->text, rows[i].mark);
            n[told]++;
            n_contexts[context]++;
            emg_simulation_free(s);
        }
        assert_true(n[EXAM_TOLD] > 8 && n[EXAM_UNTOLD] > 4);
        assert_true(n_contexts[EXAM_ALONE] > 8 && n_contexts[EXAM_SECOND] > 2);
    }
}

/* The number behind a key of a scenario's last section that has it. */
static double value_of(const char *text, const char *key)
{
    double value = NAN;
    for (const char *at = text; (at = strstr(at, key)) != NULL; at++)
        sscanf(at + strlen(key), " = %lf", &value);
    return value;
}

/* Width times rate of clonus and of slow tremor lie in the same range, and no class has a half of it for itself. */
static void width_decides_nothing(void **state)
{
    (void)state;
    char text[EXAM_SCENARIO_ROOM];
    exam_cell clonus, tremor;
    double sum[2] = { 0 }, n[2] = { 0 };
    assert_true(exam_cell_find("clonus_snr10_n30", &clonus) && exam_cell_find("tremor_snr10_n30", &tremor));
    for (size_t k = 0; k < 80; k++)
        for (size_t i = 0; i < 2; i++) {
            uint64_t seed;
            exam_scenario(EXAM_TRAINING, i ? &tremor : &clonus, k, text, &seed);
            double f_hz = value_of(text, "rhythm_hz"), spread_s = value_of(text, "spread_ms") / 1000;
            double length_s = strstr(text, "burst_shape = normal") ? 2.355 * spread_s
                              : strstr(text, "burst_shape = flat") ? 4 * spread_s
                                                                   : 2 * spread_s;
            double duty = i ? value_of(text, "\nduty") : length_s * f_hz;
            if (f_hz > 9)
                continue;
            assert_true(duty > 0.19 && duty < 0.51 && duty / f_hz > 0.029 && duty / f_hz < 0.101);
            sum[i] += duty;
            n[i]++;
        }
    assert_true(n[1] > 30 && fabs(sum[0] / n[0] - sum[1] / n[1]) < 0.04);
}

/* Too small for the word, large enough to be found. */
static void small_discharges_are_small(void **state)
{
    (void)state;
    char text[EXAM_SCENARIO_ROOM];
    exam_cell cell;
    assert_true(exam_cell_find("small", &cell));
    for (size_t k = 0; k < 20; k++) {
        emg_simulation *s = simulation_of(splits[k % N_SPLITS], &cell, k, text);
        for (size_t i = 0; i < emg_simulation_n_events(s); i++)
            assert_true(emg_simulation_event(s, i)->amplitude_uv > 19 && emg_simulation_event(s, i)->amplitude_uv < 45);
        emg_simulation_free(s);
    }
}

/* Ten minutes, three channels, five patterns each; over some records every class that rows are asked for. */
static void mixed_records_are_mixed(void **state)
{
    (void)state;
    char text[EXAM_SCENARIO_ROOM];
    exam_cell cell;
    size_t n[EMG_N_CLASSES] = { 0 };
    assert_true(exam_cell_find("mixed", &cell));
    for (size_t k = 0; k < 3; k++) {
        emg_simulation *s = simulation_of(EXAM_DEVELOPMENT, &cell, k, text);
        size_t classes = 0;
        assert_int_equal(emg_simulation_n_channels(s), 3);
        assert_true(fabs(emg_simulation_duration_s(s) - 600) < 1e-9);
        for (int c = 0; c < EMG_N_CLASSES; c++) {
            classes += count_of(s, (emg_class)c) > 0;
            n[c] += count_of(s, (emg_class)c);
        }
        assert_true(classes >= 6);
        emg_simulation_free(s);
    }
    static const emg_class wanted[] = { EMG_FASCICULATION, EMG_MYOCLONUS, EMG_EVOKED, EMG_CLONUS,    EMG_TREMOR,
                                        EMG_RHYTHMIC,      EMG_MYOKYMIA,  EMG_TONIC,  EMG_MOTOR_UNIT };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_true(n[wanted[i]] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_can_be_made),  cmocka_unit_test(truth_claims_what_is_told),
        cmocka_unit_test(width_decides_nothing),   cmocka_unit_test(small_discharges_are_small),
        cmocka_unit_test(mixed_records_are_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
