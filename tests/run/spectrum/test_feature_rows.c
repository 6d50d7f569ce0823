/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Features of recordings as calls: the same rows however the reading is cut, maxima, slopes, gaps, stops, no memory. */
#include "support/test.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/emg.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "support/folder.h"

static char recording[96], short_one[96], marked[96];

/* 20 records of a second, 5 s missing after the tenth; rest over 0 to 4 s, held from 4 to 9 s and from 17 to 21 s. */
static void write_marked(const char *path)
{
    enum { N = 20 };
    static char texts[N][96];
    static const char *annotations[N];
    static size_t lengths[N];
    static const edf_signal signals[] = { { "EMG TA", "uV", "-1000", "1000", "-32768", "32767", 1000 },
                                          { "EMG GL", "uV", "-1000", "1000", "-32768", "32767", 500 },
                                          { "EDF Annotations", "", "-1", "1", "-32768", "32767", 48 } };
    for (int i = 0; i < N; i++) {
        int onset = i < 10 ? i : i + 5;
        static const char rest[] = "+0\x15"
                                   "4\x14rest\x14\0",
                          hold[] = "+4\x15"
                                   "5\x14hold\x14\0+17\x15"
                                   "4\x14hold\x14\0";
        int n = snprintf(texts[i], sizeof texts[i], "+%d\x14\x14", onset) + 1;
        const char *mark = i == 0 ? rest : hold;
        size_t more = i == 0 ? sizeof rest - 1 : i == 1 ? sizeof hold - 1 : 0;
        memcpy(texts[i] + n, mark, more);
        n += (int)more;
        annotations[i] = texts[i];
        lengths[i] = (size_t)n;
    }
    const edf_plan plan = { 2, "EDF+D", "1", signals, 3, N, annotations, lengths };
    bytes b = edf_build(&plan);
    file_put(path, b.at, b.n);
    bytes_free(&b);
}

static int prepare(void **state)
{
    if (folder_make(state))
        return 1;
    snprintf(recording, sizeof recording, "%s/mixed.edf", folder);
    snprintf(short_one, sizeof short_one, "%s/short.edf", folder);
    snprintf(marked, sizeof marked, "%s/marked.edf", folder);
    write_marked(marked);
    emg_error err = EMG_ERROR_NONE;
    return emg_run_simulation("mixed", 3, 20, 0, recording, &err) ||
           emg_run_simulation("fasciculation", 3, 5, 0, short_one, &err);
}

/* Rows as bytes: whatever differs shows. */
typedef struct heap {
    char *bytes;
    size_t n, room, n_rows, stop_after;
    double highest_rms;
} heap;

static void put(heap *h, const void *from, size_t n)
{
    if (h->n + n > h->room) {
        h->room = 2 * (h->n + n);
        h->bytes = realloc(h->bytes, h->room);
        assert_non_null(h->bytes);
    }
    memcpy(h->bytes + h->n, from, n);
    h->n += n;
}

static bool take_row(void *context, const emg_feature_window *row)
{
    heap *h = context;
    const double times[] = { row->onset_s, row->duration_s, (double)row->index, row->noise,
                             row->levels.count_threshold };
    put(h, times, sizeof times);
    put(h, &row->features, sizeof row->features);
    put(h, row->band_power, 2 * sizeof *row->band_power);
    if (row->density)
        put(h, row->density, row->n_bins * sizeof *row->density);
    h->highest_rms = fmax(h->highest_rms, row->features.rms);
    return ++h->n_rows != h->stop_after;
}

static const emg_band bands[] = { { 20, 80 }, { 80, 250 } };

static emg_feature_plan plan_of(const char *features)
{
    emg_feature_plan plan = emg_feature_plan_defaults();
    plan.window_s = 0.75;
    plan.step_s = 0.3;
    plan.bands = bands;
    plan.n_bands = 2;
    plan.densities = true;
    assert_int_equal(emg_feature_choice_read(&plan.features, features, NULL), EMG_OK);
    return plan;
}

static heap rows_of(const char *path, const emg_run_config *config, const emg_feature_plan *plan)
{
    heap h = { 0 };
    emg_error err = EMG_ERROR_NONE;
    size_t n = 0;
    if (emg_run_features(path, config, plan, take_row, &h, &n, &err))
        fail_msg("%s", err.text);
    assert_true(n > 0 && h.n_rows > 0);
    return h;
}

static void rows_do_not_depend_on_how_the_reading_is_cut(void **state)
{
    (void)state;
    static const size_t groups[] = { 1, 3, 64 }, blocks[] = { 0, 17, 4000 };
    const emg_feature_plan plan = plan_of("default,quality");
    emg_run_config config = emg_run_defaults();
    heap first = rows_of(recording, &config, &plan);
    for (size_t i = 0; i < 9; i++) {
        config.reading.group_size = groups[i % 3];
        config.reading.block_frames = blocks[i / 3];
        heap other = rows_of(recording, &config, &plan);
        assert_int_equal(other.n_rows, first.n_rows);
        assert_int_equal(other.n, first.n);
        assert_memory_equal(other.bytes, first.bytes, first.n);
        free(other.bytes);
    }
    free(first.bytes);
}

static void choosing_less_changes_nothing_of_the_rest(void **state)
{
    (void)state;
    const emg_feature_plan all = plan_of("time,frequency"), some = plan_of("mnf,zc");
    const emg_run_config config = emg_run_defaults();
    heap a = rows_of(recording, &config, &all), b = rows_of(recording, &config, &some);
    size_t width = a.n / a.n_rows;
    assert_int_equal(a.n, b.n);
    for (size_t i = 0; i < a.n_rows; i++) {
        emg_features x, y;
        memcpy(&x, a.bytes + i * width + 5 * sizeof(double), sizeof x);
        memcpy(&y, b.bytes + i * width + 5 * sizeof(double), sizeof y);
        assert_memory_equal(&x.mnf, &y.mnf, sizeof x.mnf);
        assert_memory_equal(&x.zc, &y.zc, sizeof x.zc);
        assert_true(isnan(y.rms) && isnan(y.mdf) && isfinite(x.rms));
    }
    free(a.bytes);
    free(b.bytes);
}

static bool take_maximum(void *context, const emg_feature_window *row)
{
    double *most = context;
    assert_true(row->mvc > 0);
    assert_true(fabs(row->mvc_percent - 100 * row->features.rms / row->mvc) <= 1e-9 * row->mvc_percent);
    most[row->index] = fmax(most[row->index], row->mvc_percent);
    return true;
}

/* Windows as long as the moving RMS never exceed its highest value; at a step of one sample one of them reaches it. */
static void the_highest_moving_rms_is_a_hundred_percent(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    emg_feature_plan plan = emg_feature_plan_defaults();
    double most[2] = { 0, 0 };
    emg_error err = EMG_ERROR_NONE;
    plan.window_s = config.analysis.features.mvc_window_s;
    plan.step_s = 1e-6; /* below a sample */
    plan.mvc_path = marked;
    assert_int_equal(emg_feature_choice_read(&plan.features, "rms", NULL), EMG_OK);
    assert_int_equal(emg_run_features(marked, &config, &plan, take_maximum, most, NULL, &err), EMG_ERANGE);
    plan.step_s = 0.001; /* a sample of either channel */
    emg_error_clear(&err);
    if (emg_run_features(marked, &config, &plan, take_maximum, most, NULL, &err))
        fail_msg("%s", err.text);
    assert_true(fabs(most[0] - 100) < 1e-9 && fabs(most[1] - 100) < 1e-9);
}

static bool take_slope(void *context, const emg_slope_row *row)
{
    size_t *n = context;
    assert_true(row->n_windows == 20 && row->least_squares.n == 20);
    assert_true(isfinite(row->least_squares.per_s) && isfinite(row->robust.percent_per_min));
    assert_string_equal(row->feature->column, *n % 2 ? "median_frequency_hz" : "mean_frequency_hz");
    ++*n;
    return true;
}

static void slopes_are_two_rows_a_channel(void **state)
{
    (void)state;
    const emg_run_config config = emg_run_defaults();
    const emg_feature_plan plan = emg_feature_plan_defaults();
    size_t n = 0, n_channels = 0;
    assert_int_equal(emg_run_slopes(recording, &config, &plan, take_slope, &n, &n_channels, NULL), EMG_OK);
    assert_int_equal(n, 2 * n_channels);
}

/* What rows of the marked recording say of it. */
typedef struct marked_rows {
    size_t n;
    double before_s, rest_sum, rest_power; /* of channel 0 */
    size_t n_rest;
} marked_rows;

static bool take_marked(void *context, const emg_feature_window *row)
{
    marked_rows *m = context;
    double end_s = row->onset_s + row->duration_s;
    assert_true(end_s <= 10 + 1e-9 || (row->onset_s >= 15 - 1e-9 && end_s <= 25 + 1e-9)); /* nothing spans the gap */
    assert_true(row->onset_s >= m->before_s);
    m->before_s = row->onset_s;
    m->n++;
    if (row->index == 0)
        m->rest_power = row->levels.rest_power;
    if (row->index == 0 && end_s <= 4 + 1e-9) {
        m->rest_sum += row->features.rms * row->features.rms;
        m->n_rest++;
    }
    double over = row->features.rms * row->features.rms / row->levels.rest_power - 1;
    assert_true(over > 0 ? fabs(row->features.snr_db - 10 * log10(over)) < 1e-9 : isnan(row->features.snr_db));
    return true;
}

static void windows_stay_within_stretches_and_rest_is_what_is_marked(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    emg_feature_plan plan = emg_feature_plan_defaults();
    config.rest_glob = "rest";
    assert_int_equal(emg_feature_choice_read(&plan.features, "rms,snr", NULL), EMG_OK);
    for (size_t group = 1; group <= 64; group += 63) {
        marked_rows m = { 0 };
        emg_error err = EMG_ERROR_NONE;
        config.reading.group_size = group;
        if (emg_run_features(marked, &config, &plan, take_marked, &m, NULL, &err))
            fail_msg("%s", err.text);
        assert_int_equal(m.n, 40);
        assert_int_equal(m.n_rest, 4);
        assert_true(fabs(m.rest_sum / 4 / m.rest_power - 1) < 1e-9);
    }
}

static bool take_later(void *context, const emg_feature_window *row)
{
    return row->onset_s < 15 - 1e-9 || take_row(context, row);
}

/* What follows a gap is what it would be alone. */
static void nothing_is_carried_over_a_gap(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    const emg_feature_plan plan = plan_of("rms,mnf,turns,sampen");
    heap both = { 0 }, later = { 0 };
    assert_int_equal(emg_run_features(marked, &config, &plan, take_later, &both, NULL, NULL), EMG_OK);
    config.reading.from_s = 15;
    assert_int_equal(emg_run_features(marked, &config, &plan, take_later, &later, NULL, NULL), EMG_OK);
    assert_int_equal(both.n_rows, 62); /* 31 windows of 0.75 s, 0.3 s apart, fit into 10 s */
    assert_int_equal(both.n, later.n);
    assert_memory_equal(both.bytes, later.bytes, both.n);
    free(both.bytes);
    free(later.bytes);
}

typedef struct marked_slopes {
    size_t n;
} marked_slopes;

static bool take_marked_slope(void *context, const emg_slope_row *row)
{
    static const double onsets[] = { 4, 4, 4, 4, 17, 17, 17, 17 }, lengths[] = { 5, 5, 5, 5, 4, 4, 4, 4 };
    marked_slopes *m = context;
    assert_true(m->n < 8);
    assert_true(fabs(row->onset_s - onsets[m->n]) < 1e-9 && fabs(row->duration_s - lengths[m->n]) < 1e-9);
    assert_int_equal(row->n_windows, (size_t)lengths[m->n]);
    assert_int_equal(row->index, m->n / 2 % 2);
    m->n++;
    return true;
}

static void slopes_are_of_the_marked_stretches(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    const emg_feature_plan plan = emg_feature_plan_defaults();
    marked_slopes m = { 0 };
    config.task_glob = "HOLD*";
    assert_int_equal(emg_run_slopes(marked, &config, &plan, take_marked_slope, &m, NULL, NULL), EMG_OK);
    assert_int_equal(m.n, 8);
}

static bool take_dense_slope(void *context, const emg_slope_row *row)
{
    emg_slope *first = context;
    assert_int_equal(row->n_windows, 2497); /* of 1024 samples, 16 apart, in 40960 */
    assert_int_equal(row->least_squares.n, 625);
    assert_true(fabs(row->least_squares.initial / row->robust.initial - 1) < 0.1);
    *first = row->least_squares;
    return true;
}

static bool take_last_slope(void *context, const emg_slope_row *row)
{
    *(emg_slope *)context = row->least_squares;
    assert_int_equal(row->n_windows, row->least_squares.n);
    return true;
}

/* More windows than a slope takes: neighbours are averaged, the line stays. */
static void many_windows_make_the_same_line(void **state)
{
    (void)state;
    const emg_run_config config = emg_run_defaults();
    emg_feature_plan plan = emg_feature_plan_defaults();
    emg_slope dense = { 0 }, sparse = { 0 };
    plan.window_s = 0.5;
    plan.step_s = 16 / 2048.0;
    assert_int_equal(emg_run_slopes(recording, &config, &plan, take_dense_slope, &dense, NULL, NULL), EMG_OK);
    plan.step_s = 64 / 2048.0; /* each of these stands for four of the others */
    assert_int_equal(emg_run_slopes(recording, &config, &plan, take_last_slope, &sparse, NULL, NULL), EMG_OK);
    assert_true(fabs(dense.initial / sparse.initial - 1) < 0.01);
    assert_true(fabs(dense.per_s - sparse.per_s) < 0.002 * sparse.initial);
}

static bool no_more(void *context)
{
    return --*(int *)context > 0;
}

static void a_run_can_be_stopped(void **state)
{
    (void)state;
    emg_run_config config = emg_run_defaults();
    const emg_feature_plan plan = plan_of("default");
    heap h = { .stop_after = 3 };
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_run_features(recording, &config, &plan, take_row, &h, NULL, &err), EMG_ECANCELLED);
    assert_int_equal(h.n_rows, 3);
    free(h.bytes);
    int left = 2;
    emg_spectrogram_view *view;
    config.go_on = no_more;
    config.go_on_context = &left;
    assert_int_equal(emg_run_spectrogram(&view, recording, &config, NULL, NULL), EMG_ECANCELLED);
    assert_null(view);
}

static bool take_density(void *context, const emg_density_row *row)
{
    double *sum = context;
    for (size_t i = 0; i < row->n_bins; i++)
        *sum += row->density[i] * row->step_hz;
    return true;
}

static bool count_slope(void *context, const emg_slope_row *row)
{
    *(size_t *)context += row->n_windows;
    return true;
}

/* Whatever allocation fails: a clean refusal, nothing held (the sanitizers look), no half-written picture. */
static emg_status everything(const char *picture, emg_error *err)
{
    emg_run_config config = emg_run_defaults();
    emg_feature_plan plan = plan_of("default,multitaper");
    heap h = { 0 };
    double sum = 0;
    size_t n = 0;
    config.rest_glob = "nothing";
    plan.mvc_path = short_one;
    emg_spectrogram_view *view = NULL;
    emg_status status = emg_run_features(short_one, &config, &plan, take_row, &h, NULL, err);
    free(h.bytes);
    if (status == EMG_OK)
        status = emg_run_densities(short_one, &config, take_density, &sum, NULL, err);
    if (status == EMG_OK)
        status = emg_run_slopes(short_one, &config, &plan, count_slope, &n, NULL, err);
    if (status == EMG_OK)
        status = emg_run_spectrogram(&view, short_one, &config, NULL, err);
    if (status == EMG_OK)
        status = emg_run_spectrogram_file(view, picture, err);
    emg_spectrogram_view_free(view);
    return status;
}

static void memory_that_runs_out_is_refused(void **state)
{
    (void)state;
    char picture[128];
    snprintf(picture, sizeof picture, "%s/picture.svg", folder);
    emgp_fault_arm(0, false);
    assert_int_equal(everything(picture, NULL), EMG_OK);
    assert_int_equal(access(picture, F_OK), 0);
    long n = emgp_fault_count();
    assert_true(n > 50);
    for (long at = 1; at <= n; at += at < 150 ? 1 : 1 + n / 100) {
        emg_error err = EMG_ERROR_NONE;
        emgp_fault_arm(at, false);
        emg_status status = everything(picture, &err);
        emgp_fault_arm(0, false);
        if (status != EMG_ENOMEM && status != EMG_OK)
            fail_msg("allocation %ld of %ld: status %d, %s", at, n, (int)status, err.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_do_not_depend_on_how_the_reading_is_cut),
        cmocka_unit_test(choosing_less_changes_nothing_of_the_rest),
        cmocka_unit_test(the_highest_moving_rms_is_a_hundred_percent),
        cmocka_unit_test(slopes_are_two_rows_a_channel),
        cmocka_unit_test(windows_stay_within_stretches_and_rest_is_what_is_marked),
        cmocka_unit_test(nothing_is_carried_over_a_gap),
        cmocka_unit_test(slopes_are_of_the_marked_stretches),
        cmocka_unit_test(many_windows_make_the_same_line),
        cmocka_unit_test(a_run_can_be_stopped),
        cmocka_unit_test(memory_that_runs_out_is_refused),
    };
    return cmocka_run_group_tests(tests, prepare, folder_drop);
}
