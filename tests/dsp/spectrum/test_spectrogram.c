/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short-time spectra: SciPy's columns and times, ends of stretches, any cut, a taker that stops. */
#include "support/test.h"

#include <stdbool.h>

#include <emg/spectrogram.h>

#include "oracle_spectrum.h"
#include "dsp/signal.h"
#include "spectra.h"

enum { MOST_COLUMNS = 400, MOST_VALUES = 300 };

typedef struct columns {
    size_t n, wanted_channel, n_all, stop_at;
    emg_spectrogram_column column[MOST_COLUMNS];
    double value[MOST_COLUMNS][MOST_VALUES];
} columns;

/* Keeps the columns of the channel wanted. An emg_take_column function. */
static emg_status keep(void *context, const emg_spectrogram_column *column, emg_error *err)
{
    columns *k = context;
    (void)err;
    if (++k->n_all == k->stop_at)
        return EMG_ECANCELLED;
    if (column->channel != k->wanted_channel)
        return EMG_OK;
    assert_true(k->n < MOST_COLUMNS && column->n_bins * 2 <= MOST_VALUES);
    k->column[k->n] = *column;
    memcpy(k->value[k->n++], column->value, column->n_bins * sizeof *column->value);
    return EMG_OK;
}

/* The same with complex columns. */
static emg_status keep_complex(void *context, const emg_spectrogram_column *column, emg_error *err)
{
    columns *k = context;
    emg_status status = keep(context, column, err);
    memcpy(k->value[k->n - 1], column->value, 2 * column->n_bins * sizeof *column->value);
    return status;
}

static columns *columns_new(size_t wanted_channel)
{
    columns *k = calloc(1, sizeof *k);
    if (!k)
        abort();
    k->wanted_channel = wanted_channel;
    return k;
}

static const emg_welch_plan PLAN = {
    ORACLE_RATE, 200, 150, 256, EMG_WINDOW_HANN, 0, EMG_DETREND_CONSTANT, EMG_SCALING_DENSITY, EMG_AVERAGE_MEAN
};

static void compare(const columns *k, const oracle_column *oracle, size_t n, size_t parts)
{
    for (size_t i = 0; i < n; i++) {
        const emg_spectrogram_column *column = &k->column[oracle[i].at];
        assert_near(column->centre_s, oracle[i].centre_s, 1e-12);
        spectra_compare("column", oracle[i].at, k->value[oracle[i].at], column->n_bins, parts, oracle[i].value,
                        ORACLE_N_AT, 1e-8);
    }
}

static void agrees_with_scipy_spectrogram(void **state)
{
    (void)state;
    double *x = spectra_x(ORACLE_N);
    columns *k = columns_new(0);
    emg_spectrogram *s;
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1, keep, k, NULL),
                     EMG_OK);
    assert_int_equal(emg_spectrogram_push(s, x, ORACLE_N, NULL), EMG_OK);
    assert_int_equal(k->n, ORACLE_N_SPECTROGRAM); /* handed on without waiting for the end */
    assert_int_equal(emg_spectrogram_finish(s, NULL), EMG_OK);
    assert_int_equal(k->n, ORACLE_N_SPECTROGRAM);
    compare(k, oracle_spectrogram, sizeof oracle_spectrogram / sizeof *oracle_spectrogram, 1);
    emg_spectrogram_free(s);
    free(k);
    free(x);
}

static void check_stft(size_t n, size_t segment, size_t overlap, size_t n_columns, const oracle_column *oracle,
                       size_t n_oracle)
{
    emg_welch_plan plan = emg_welch_defaults(ORACLE_RATE, segment);
    plan.overlap = overlap;
    plan.detrend = EMG_DETREND_NONE;
    plan.scaling = EMG_SCALING_SPECTRUM;
    double *x = spectra_x(n);
    columns *k = columns_new(0);
    emg_spectrogram *s;
    assert_int_equal(
        emg_spectrogram_new(&s, &plan, EMG_SPECTROGRAM_COMPLEX, EMG_SPECTROGRAM_ZEROS, 1, keep_complex, k, NULL),
        EMG_OK);
    for (size_t at = 0; at < n; at += 17)
        assert_int_equal(emg_spectrogram_push(s, x + at, n - at < 17 ? n - at : 17, NULL), EMG_OK);
    assert_int_equal(emg_spectrogram_finish(s, NULL), EMG_OK);
    assert_int_equal(k->n, n_columns);
    assert_int_equal(k->column[0].first, -(int)(segment / 2));
    compare(k, oracle, n_oracle, 2);
    emg_spectrogram_free(s);
    free(k);
    free(x);
}

static void agrees_with_scipy_stft(void **state)
{
    (void)state;
    check_stft(ORACLE_N, 256, 128, ORACLE_N_STFT_EVEN, oracle_stft_even,
               sizeof oracle_stft_even / sizeof(oracle_column));
    check_stft(1000, 255, 170, ORACLE_N_STFT_ODD, oracle_stft_odd, sizeof oracle_stft_odd / sizeof(oracle_column));
    check_stft(20, 64, 32, ORACLE_N_STFT_SHORT, oracle_stft_short, sizeof oracle_stft_short / sizeof(oracle_column));
}

/* Two stretches of x in channel `at` of n_channels, cut as told. */
static columns *streamed(const double *x, size_t n_channels, size_t at, size_t cut, emg_spectrogram_edge edge)
{
    static const size_t stretch[2] = { 1000, 700 };
    columns *k = columns_new(at);
    emg_spectrogram *s;
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, edge, n_channels, keep, k, NULL), EMG_OK);
    for (size_t i = 0, from = 0; i < 2; from += stretch[i++]) {
        double *group = signal_new(stretch[i] * n_channels);
        uint64_t seed = 5;
        for (size_t j = 0; j < stretch[i] * n_channels; j++)
            group[j] = j % n_channels == at ? x[from + j / n_channels] : 1e6 * signal_noise(&seed);
        for (size_t t = 0; t < stretch[i]; t += cut) {
            size_t n = stretch[i] - t < cut ? stretch[i] - t : cut;
            assert_int_equal(emg_spectrogram_push(s, group + t * n_channels, n, NULL), EMG_OK);
        }
        assert_int_equal(emg_spectrogram_finish(s, NULL), EMG_OK);
        free(group);
    }
    emg_spectrogram_free(s);
    return k;
}

static void bytes_do_not_depend_on_cut_or_company(void **state)
{
    (void)state;
    double *x = spectra_x(1700);
    for (int edge = 0; edge < 2; edge++) {
        columns *first = streamed(x, 1, 0, 1700, (emg_spectrogram_edge)edge);
        assert_int_equal(first->n, edge == EMG_SPECTROGRAM_WHOLE ? 17 + 11 : 21 + 15);
        for (size_t cut = 1; cut < 1000; cut = cut * 4 + 1) {
            columns *other = streamed(x, 3, 1, cut, (emg_spectrogram_edge)edge);
            assert_int_equal(first->n, other->n);
            assert_memory_equal(first->value, other->value, sizeof first->value);
            for (size_t i = 0; i < first->n; i++) {
                assert_int_equal(first->column[i].first, other->column[i].first);
                assert_int_equal(first->column[i].stretch, other->column[i].stretch);
            }
            free(other);
        }
        free(first);
    }
    free(x);
}

/* The second stretch's columns are those of its samples alone. */
static void nothing_spans_a_gap(void **state)
{
    (void)state;
    double *x = spectra_x(1700);
    columns *both = streamed(x, 1, 0, 100, EMG_SPECTROGRAM_WHOLE), *alone = columns_new(0);
    emg_spectrogram *s;
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1, keep, alone, NULL),
                     EMG_OK);
    assert_int_equal(emg_spectrogram_push(s, x + 1000, 700, NULL), EMG_OK);
    assert_memory_equal(both->value[17], alone->value, 11 * sizeof *both->value);
    assert_int_equal(both->column[17].stretch, 1);
    assert_int_equal(both->column[17].first, 0);
    emg_spectrogram_free(s);
    free(both);
    free(alone);
    free(x);
}

static void an_empty_stretch_has_no_columns(void **state)
{
    (void)state;
    const double x[2] = { 1, 2 };
    columns *k = columns_new(0);
    emg_spectrogram *s;
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_ZEROS, 1, keep, k, NULL),
                     EMG_OK);
    assert_int_equal(emg_spectrogram_finish(s, NULL), EMG_OK);
    assert_int_equal(k->n, 0);
    assert_int_equal(emg_spectrogram_push(s, x, 1, NULL), EMG_OK);
    assert_int_equal(emg_spectrogram_finish(s, NULL), EMG_OK);
    assert_int_equal(k->n, 2); /* zeros of a segment and one sample */
    emg_spectrogram_free(s);
    free(k);
}

static void refuses_and_stops(void **state)
{
    (void)state;
    double *x = spectra_x(1000);
    const double bad[1] = { NAN };
    columns *k = columns_new(0);
    emg_welch_plan wrong = PLAN;
    wrong.overlap = 200;
    emg_spectrogram *s;
    assert_int_equal(emg_spectrogram_new(&s, &wrong, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1, keep, k, NULL),
                     EMG_ERANGE);
    assert_null(s);
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, (emg_spectrogram_value)2, EMG_SPECTROGRAM_WHOLE, 1, keep, k, NULL),
                     EMG_ERANGE);
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, (emg_spectrogram_edge)2, 1, keep, k, NULL),
                     EMG_ERANGE);
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 65, keep, k, NULL),
                     EMG_ERANGE);
    assert_int_equal(emg_spectrogram_new(&s, NULL, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1, keep, k, NULL),
                     EMG_EARG);
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1, NULL, k, NULL),
                     EMG_EARG);
    k->stop_at = 3;
    assert_int_equal(emg_spectrogram_new(&s, &PLAN, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE, 1, keep, k, NULL),
                     EMG_OK);
    assert_int_equal(emg_spectrogram_push(s, bad, 1, NULL), EMG_EARG);
    assert_int_equal(emg_spectrogram_push(s, x, 1000, NULL), EMG_ECANCELLED);
    assert_int_equal(k->n, 2);
    emg_spectrogram_free(s);
    emg_spectrogram_free(NULL);
    assert_int_equal(emg_spectrogram_push(NULL, x, 1, NULL), EMG_EARG);
    assert_int_equal(emg_spectrogram_finish(NULL, NULL), EMG_EARG);
    free(k);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_scipy_spectrogram),         cmocka_unit_test(agrees_with_scipy_stft),
        cmocka_unit_test(bytes_do_not_depend_on_cut_or_company), cmocka_unit_test(nothing_spans_a_gap),
        cmocka_unit_test(an_empty_stretch_has_no_columns),       cmocka_unit_test(refuses_and_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
