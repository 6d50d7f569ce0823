/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables as recordings: every spelling of the same numbers, time with gaps, what is refused with line and column, out of memory. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/recording.h>

#include "reading/gather.h"

enum { ROWS = 40 };

/* A table: a header, then rows made of "%T" (time in units of a row) and "%V" (value). */
static char text[64 * 1024];

static void make_table(const char *header, const char *row, double unit, char mark)
{
    size_t n = (size_t)snprintf(text, sizeof text, "%s", header);
    for (int i = 0; i < ROWS; i++) {
        char line[128];
        snprintf(line, sizeof line, row, i * unit, (double)(i % 7) - 2.5, (double)(i % 3));
        for (char *c = line; mark != '.' && *c; c++)
            *c = *c == '.' ? mark : *c;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", line);
    }
}

static emg_status open_text(emg_recording **rec, const emg_reading *reading, emg_error *err)
{
    return emg_recording_open_memory(rec, text, strlen(text), "table.csv", reading, err);
}

static void the_same_numbers_in_every_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *header, *row;
        double unit;
        char mark;
        double rate_hz;
        size_t n_channels;
    } spellings[] = {
        { "", "%.3f,%.1f\n", 0.001, '.', 1000, 1 },
        { "", "%.3f,%.1f,%g\n", 0.001, '.', 1000, 2 },
        { "time,EMG (mV)\n", "%.4f,%.1f\r\n", 0.0005, '.', 2000, 1 },
        { "\xEF\xBB\xBFtime [ms]\tEMG TA\tForce\n", "%.1f\t%.1f\t%g\t\n", 0.5, '.', 2000, 2 },
        { "# a comment\n% another\nZeit;EMG\n", "%.6f;%.1f\n", 1.0 / 2048, ',', 2048, 1 },
        { "Device 7\nby: nobody, 2001\n\n\"time (s)\",\"EMG, left\"\n", "%.3f,%.1f\n", 0.001, '.', 1000, 1 },
        { "", "  %.3f   %.1f  %g\n", 0.01, '.', 100, 2 },
        { "", "%.3f  %.1f\n", 0.01, ',', 100, 1 },
        { "EMG\ttime_ms\n", "%3$g\t%1$.1f\n", 1, '.', 1000, 1 },
        { "t,EMG\n", "%.3f,%.1f\n", 1.0 / 2000, '.', 2000, 1 }, /* times coarser than the rate */
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        make_table(spellings[i].header, spellings[i].row, spellings[i].unit, spellings[i].mark);
        emg_reading reading = emg_reading_defaults();
        reading.all_channels = true;
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        if (open_text(&rec, &reading, &err) != EMG_OK)
            fail_msg("spelling %zu: %s", i, err.text);
        const emg_recording_facts *facts = emg_recording_get_facts(rec);
        assert_int_equal(facts->n_channels, spellings[i].n_channels);
        if (fabs(emg_recording_channel(rec, 0)->rate_hz - spellings[i].rate_hz) > 0.03 * spellings[i].rate_hz)
            fail_msg("spelling %zu: %g Hz", i, emg_recording_channel(rec, 0)->rate_hz);
        gathered all;
        assert_int_equal(gather(&all, rec, &err), EMG_OK);
        assert_int_equal(all.channel[0].n, ROWS);
        bool swapped = strstr(spellings[i].row, "%3$") != NULL;
        double unit = emg_recording_channel(rec, 0)->to_uv > 0 ? emg_recording_channel(rec, 0)->to_uv : 1;
        for (int k = 0; k < ROWS; k++)
            assert_float_equal(all.channel[0].x[k], (swapped ? k % 3 : k % 7 - 2.5) * unit, 1e-9);
        gathered_free(&all);
        emg_recording_close(rec);
    }
}

static void options_choose_rate_columns_and_scale(void **state)
{
    (void)state;
    make_table("a,b,c\n", "%.0f,%.1f,%g\n", 1, '.');
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_text(&rec, &reading, &err), EMG_EFORMAT);
    assert_non_null(strstr(err.text, "--rate"));
    reading.rate_hz = 500;
    reading.columns = "3,2";
    reading.scale = -2;
    err = (emg_error)EMG_ERROR_NONE;
    assert_int_equal(open_text(&rec, &reading, &err), EMG_OK);
    assert_int_equal(emg_recording_get_facts(rec)->n_channels, 2);
    assert_string_equal(emg_recording_channel(rec, 0)->label, "b");
    assert_float_equal(emg_recording_get_facts(rec)->duration_s, ROWS / 500.0, 1e-12);
    gathered all;
    assert_int_equal(gather(&all, rec, &err), EMG_OK);
    assert_float_equal(all.channel[0].x[0], 5, 1e-12);
    gathered_free(&all);
    emg_recording_close(rec);
    static const char *const wrong[] = { "", "0", "4", "2-", "3-2", "a", "1,,2" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        reading.columns = wrong[i];
        assert_int_equal(open_text(&rec, &reading, NULL), EMG_EARG);
    }
}

static void gaps_in_time_and_blank_cells_are_gaps(void **state)
{
    (void)state;
    size_t n = (size_t)snprintf(text, sizeof text, "time,EMG\n");
    for (int i = 0; i < 30; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%.2f,%s\n", (i + (i >= 10 ? 5 : 0)) * 0.01,
                              i == 20 ? "" : "1.5");
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_text(&rec, NULL, &err), EMG_OK);
    assert_string_equal(emg_recording_deviation(rec, 0)->code, "W_TABLE_GAP");
    emg_reading all = emg_reading_defaults();
    all.all_channels = true;
    emg_recording_close(rec);
    assert_int_equal(open_text(&rec, &all, &err), EMG_OK);
    gathered got;
    assert_int_equal(gather(&got, rec, &err), EMG_OK);
    assert_int_equal(got.channel[0].n, 29);
    gathered_free(&got);
    assert_int_equal(emg_recording_n_segments(rec), 3);
    assert_float_equal(emg_recording_segment(rec, 1)->start_s, 0.15, 1e-9);
    assert_float_equal(emg_recording_segment(rec, 2)->start_s, 0.26, 1e-9);
    assert_float_equal(emg_recording_get_facts(rec)->duration_s, 0.29, 1e-9);
    emg_recording_close(rec);
}

static void what_cannot_be_read_is_refused_by_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        { "hello\nworld\n", "without rows of numbers" },
        { "time,EMG\n0,1\n0.001,x7\n0.002,3\n", "line 3, column 2: 'x7' is no number" },
        { "time,EMG\n0,1\n0.001,1,5\n0.002,3\n", "line 3: 3 cells, not 2" },
        { "time,EMG\n0,1\n0.001,2\n0.0005,3\n", "line 4, column 1: the time goes back" },
        { "time,EMG\n0,1\n,2\n0.002,3\n", "the time is missing" },
        { "time,EMG\n0,1\n1,2\n2,3\n", "which would be 1 Hz" },
        { "time,EMG\n0,1\n0,2\n0,3\n", "does not advance" },
        { "time,EMG\n0,1\n0.001,2\n0.002,2\n1e12,3\n", "the gaps are too long" },
        { "time\n0\n0.001\n0.002\n", "nothing is a signal" },
        { "EMG\n1\n2\n", "give the sampling rate with --rate" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        snprintf(text, sizeof text, "%s", wrong[i].text);
        emg_status status = open_text(&rec, NULL, &err);
        if (status == EMG_OK || !strstr(err.text, wrong[i].sentence))
            fail_msg("table %zu: %d %s", i, (int)status, err.text);
    }
}

static void a_last_row_that_is_cut_is_left_out(void **state)
{
    (void)state;
    make_table("time,EMG,F\n", "%.3f,%.1f,%g\n", 0.001, '.');
    strcat(text, "0.040,1.");
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_text(&rec, NULL, &err), EMG_OK);
    assert_float_equal(emg_recording_get_facts(rec)->duration_s, 0.040, 1e-12);
    assert_string_equal(emg_recording_deviation(rec, 0)->code, "W_TABLE_CUT");
    emg_recording_close(rec);
}

/* Every byte of a sound table changed to what breaks tables: read or refused, never more. */
static void a_changed_byte_does_no_harm(void **state)
{
    (void)state;
    static const char changes[] = ",;\t\n\"-e9#. ";
    make_table("time,EMG (mV)\n", "%.3f,%.1f\n", 0.001, '.');
    size_t n = strlen(text);
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    for (size_t i = 0; i < n; i++) {
        char was = text[i];
        for (const char *c = changes; *c; c++) {
            text[i] = *c;
            emg_recording *rec = NULL;
            if (open_text(&rec, &reading, NULL) != EMG_OK)
                continue;
            emg_block block;
            while (emg_recording_next(rec, &block, NULL) == EMG_OK && block.n_frames > 0)
                assert_true(isfinite(block.x[0]));
            emg_recording_close(rec);
        }
        text[i] = was;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_numbers_in_every_spelling),
        cmocka_unit_test(options_choose_rate_columns_and_scale),
        cmocka_unit_test(gaps_in_time_and_blank_cells_are_gaps),
        cmocka_unit_test(what_cannot_be_read_is_refused_by_line_and_column),
        cmocka_unit_test(a_last_row_that_is_cut_is_left_out),
        cmocka_unit_test(a_changed_byte_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
