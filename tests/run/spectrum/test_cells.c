/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns over time: means stay means when columns fold, empty time stays empty, memory that runs out is refused. */
#include "support/test.h"

#include <math.h>

#include "base/base.h"
#include "run/spectrum/spectrum.h"
#include "dsp/signal.h"

static void folded_columns_hold_the_mean_of_their_time(void **state)
{
    (void)state;
    enum { N = 1000, MOST = 16, ROWS = 3 };
    static double value[N][ROWS];
    emgp_cells cells;
    uint64_t seed = 5;
    assert_int_equal(emgp_cells_make(&cells, ROWS, MOST - 1, 0.125, NULL), EMG_OK); /* made even */
    for (size_t i = 0; i < N; i++) {
        for (size_t row = 0; row < ROWS; row++)
            value[i][row] = signal_uniform(&seed);
        emgp_cells_add(&cells, 0.125 * (double)i, value[i]);
        assert_true(cells.n_columns <= MOST);
    }
    assert_int_equal(cells.n_columns, 16); /* 125 s in columns of 8 s */
    assert_near(cells.column_s, 8, 0);
    for (size_t c = 0; c < cells.n_columns; c++) {
        for (size_t row = 0; row < ROWS; row++) {
            double sum = 0;
            size_t n = 0;
            for (size_t i = 64 * c; i < 64 * (c + 1) && i < N; i++, n++)
                sum += value[i][row];
            assert_near(emgp_cells_mean(&cells, c, row), sum / (double)n, 1e-12);
        }
    }
    emgp_cells_clear(&cells);
    emgp_cells_clear(&cells);
}

static void time_without_values_stays_empty(void **state)
{
    (void)state;
    const double one[1] = { 7 };
    emgp_cells cells;
    assert_int_equal(emgp_cells_make(&cells, 1, 8, 1, NULL), EMG_OK);
    emgp_cells_add(&cells, 0.5, one);
    emgp_cells_add(&cells, 100, one); /* folds four times: columns of 16 s */
    assert_int_equal(cells.n_columns, 7);
    for (size_t c = 0; c < 7; c++)
        assert_true(c == 0 || c == 6 ? fabs(emgp_cells_mean(&cells, c, 0) - 7) < 1e-15
                                     : isnan(emgp_cells_mean(&cells, c, 0)));
    emgp_cells_clear(&cells);
}

static void memory_that_runs_out_is_refused(void **state)
{
    (void)state;
    for (long at = 1; at <= 2; at++) {
        emgp_cells cells;
        emgp_fault_arm(at, false);
        assert_int_equal(emgp_cells_make(&cells, 3, 8, 1, NULL), EMG_ENOMEM);
        emgp_fault_arm(0, false);
        assert_null(cells.sum);
    }
    emgp_cells cells;
    assert_int_equal(emgp_cells_make(&cells, SIZE_MAX / 2, 8, 1, NULL), EMG_ENOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(folded_columns_hold_the_mean_of_their_time),
                                        cmocka_unit_test(time_without_values_stays_empty),
                                        cmocka_unit_test(memory_that_runs_out_is_refused) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
