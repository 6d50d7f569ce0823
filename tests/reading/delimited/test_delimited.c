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

/* How rows are written: time, value, and a second value unless it is left out. */
typedef struct spelling {
    const char *header, *separator, *end;
    int decimals; /* of the time; -1: the second value comes first, then the time, and no first value */
    double unit;  /* of the time, between rows */
    char mark;    /* decimal */
    bool second;
} spelling;

static char text[64 * 1024];

static void make_table(const spelling *s)
{
    size_t n = (size_t)snprintf(text, sizeof text, "%s", s->header);
    for (int i = 0; i < ROWS; i++) {
        char line[128], time[40], value[40], second[40];
        snprintf(time, sizeof time, "%.*f", s->decimals < 0 ? 0 : s->decimals, i * s->unit);
        snprintf(value, sizeof value, "%.1f", (double)(i % 7) - 2.5);
        snprintf(second, sizeof second, "%s%d", s->second ? s->separator : "", i % 3);
        if (s->decimals < 0)
            snprintf(line, sizeof line, "%s%s%s%s", second + strlen(s->separator), s->separator, time, s->end);
        else
            snprintf(line, sizeof line, "%s%s%s%s%s", time, s->separator, value, s->second ? second : "", s->end);
        for (char *c = line; *c; c++)
            *c = *c == '.' ? s->mark : *c;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", line);
    }
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static emg_status open_text(emg_recording **rec, const emg_reading *reading, emg_error *err)
{
    return emg_recording_open_memory(rec, text, strlen(text), "table.csv", reading, err);
}

static void the_same_numbers_in_every_spelling(void **state)
{
    (void)state;
    static const struct {
        spelling spelling;
        double rate_hz;
        size_t n_channels;
    } tables[] = {
        { { "", ",", "\n", 3, 0.001, '.', false }, 1000, 1 },
        { { "", ",", "\n", 3, 0.001, '.', true }, 1000, 2 },
        { { "time,EMG (mV)\n", ",", "\r\n", 4, 0.0005, '.', false }, 2000, 1 },
        { { "\xEF\xBB\xBFtime [ms]\tEMG TA\tForce\n", "\t", "\t\n", 1, 0.5, '.', true }, 2000, 2 },
        { { "# a comment\n% another\nZeit;EMG\n", ";", "\n", 6, 1.0 / 2048, ',', false }, 2048, 1 },
        { { "Device 7\nby: nobody, 2001\n\n\"time (s)\",\"EMG, left\"\n", ",", "\n", 3, 0.001, '.', false }, 1000, 1 },
        { { "", "   ", "\n", 3, 0.01, '.', true }, 100, 2 },
        { { "", "  ", "\n", 3, 0.01, ',', false }, 100, 1 },
        { { "EMG\ttime_ms\n", "\t", "\n", -1, 1, '.', true }, 1000, 1 },
        { { "t,EMG\n", ",", "\n", 3, 1.0 / 2000, '.', false }, 2000, 1 }, /* times coarser than the rate */
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        make_table(&tables[i].spelling);
        emg_reading reading = emg_reading_defaults();
        reading.all_channels = true;
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        if (open_text(&rec, &reading, &err) != EMG_OK)
            fail_msg("spelling %zu: %s", i, err.text);
        const emg_recording_facts *facts = emg_recording_get_facts(rec);
        assert_int_equal(facts->n_channels, tables[i].n_channels);
        if (fabs(emg_recording_channel(rec, 0)->rate_hz - tables[i].rate_hz) > 0.03 * tables[i].rate_hz)
            fail_msg("spelling %zu: %g Hz", i, emg_recording_channel(rec, 0)->rate_hz);
        gathered all;
        assert_int_equal(gather(&all, rec, &err), EMG_OK);
        assert_int_equal(all.channel[0].n, ROWS);
        bool swapped = tables[i].spelling.decimals < 0;
        double unit = emg_recording_channel(rec, 0)->to_uv > 0 ? emg_recording_channel(rec, 0)->to_uv : 1;
        for (int k = 0; k < ROWS; k++)
            assert_true(near(all.channel[0].x[k], (swapped ? k % 3 : k % 7 - 2.5) * unit));
        gathered_free(&all);
        emg_recording_close(rec);
    }
}

static void options_choose_rate_columns_and_scale(void **state)
{
    (void)state;
    make_table(&(spelling){ "a,b,c\n", ",", "\n", 0, 1, '.', true });
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
    assert_true(near(emg_recording_get_facts(rec)->duration_s, ROWS / 500.0));
    gathered all;
    assert_int_equal(gather(&all, rec, &err), EMG_OK);
    assert_true(near(all.channel[0].x[0], 5));
    gathered_free(&all);
    emg_recording_close(rec);
    static const char *const wrong[] = { "", "0", "4", "2-", "3-2", "a", "1,,2" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        reading.columns = wrong[i];
        assert_int_equal(open_text(&rec, &reading, NULL), EMG_EARG);
    }
}

/* Columns that are no numbers are no hindrance where others are asked for; nor are lines that carriage returns end. */
static void tables_of_other_programs(void **state)
{
    (void)state;
    static const struct {
        const char *header, *before, *separator, *end, *columns; /* a row: before, time, separator, value, end */
        double step, rate_hz;                                    /* the rate that is given */
        const char *label, *unit;
    } tables[] = {
        { "time,EMG TA,label\n", "", ",", ",rest\n", "2", 0.001, 0, "EMG TA", "" },
        { "clock;TA (mV)\n", "10:00:", ";", "\n", "2", 0.001, 1000, "TA", "mV" },
        { "time,EMG TA\r", "", ",", "\r", NULL, 0.001, 0, "EMG TA", "" },
        { "\"Time, s\",\"LT TIB.ANT., uV\"\r\n", "", ",", "\r\n", NULL, 0.001, 0, "LT TIB.ANT.", "uV" },
        { "time_us\tTA_mV\n", "", "\t", "\n", NULL, 1000, 0, "TA", "mV" },
        { "time,EMG TA \xC2\xB5V\n", "", ",", "\n", NULL, 0.001, 0, "EMG TA", "\xC2\xB5V" },
        { "time,EMG V\n", "", ",", "\n", NULL, 0.001, 0, "EMG V", "" },
        { "time;EMG, V\n", "", ";", "\n", NULL, 0.001, 0, "EMG", "V" },
        { "time,uV\n", "", ",", "\n", NULL, 0.001, 0, "uV", "" },
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        size_t n = (size_t)snprintf(text, sizeof text, "%s", tables[i].header);
        for (int row = 0; row < ROWS; row++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%.3f%s%d%s", tables[i].before, row * tables[i].step,
                                  tables[i].separator, row % 7, tables[i].end);
        emg_reading reading = emg_reading_defaults();
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        reading.all_channels = true;
        reading.columns = tables[i].columns;
        reading.rate_hz = tables[i].rate_hz;
        if (open_text(&rec, &reading, &err) != EMG_OK)
            fail_msg("table %zu: %s", i, err.text);
        assert_int_equal(emg_recording_get_facts(rec)->n_channels, 1);
        assert_string_equal(emg_recording_channel(rec, 0)->label, tables[i].label);
        assert_string_equal(emg_recording_channel(rec, 0)->unit, tables[i].unit);
        assert_true(near(emg_recording_channel(rec, 0)->rate_hz, 1000));
        assert_true(near(emg_recording_get_facts(rec)->duration_s, ROWS / 1000.0));
        emg_recording_close(rec);
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
    assert_true(near(emg_recording_segment(rec, 1)->start_s, 0.15));
    assert_true(near(emg_recording_segment(rec, 2)->start_s, 0.26));
    assert_true(near(emg_recording_get_facts(rec)->duration_s, 0.29));
    emg_recording_close(rec);
}

static void what_cannot_be_read_is_refused_by_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        { "hello\nworld\n", "without rows of numbers in its first 1000 lines" },
        { "time,EMG,phase\n0,1,rest\n0.001,2,rest\n", "choose the others with --columns" },
        { "time,EMG\n10:00:00.000,1\n10:00:00.001,2\n", "and give --rate" },
        { "time,EMG\n0,1\n0.001,x7\n0.002,3\n", "line 3, column 2: 'x7' is no number" },
        { "time,EMG\n0,1\n0.001,1,5\n0.002,3\n", "line 3: 3 cells, not 2" },
        { "time,EMG\n0,1\n0.001,2\n0.0005,3\n", "line 4, column 1: the time goes back" },
        { "time,EMG\n0,1\n,2\n0.002,3\n", "the time is missing" },
        { "time,EMG\n0,1\n1,2\n2,3\n", "which would be 1 Hz" },
        { "time,EMG\n0,1\n0,2\n0,3\n", "does not advance" },
        { "time,EMG\n0,1\n0.001,2\n0.002,2\n1e12,3\n", "the gaps are too long" },
        { "time\n0\n0.001\n0.002\n", "nothing is a signal" },
        { "time,EMG\n0,000,1,5\n0,001,2,5\n", "write the table with semicolons" },
        { "time;EMG\n0;1\n1:00;2\n", "unless the rate is given with --rate" },
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
    make_table(&(spelling){ "time,EMG,F\n", ",", "\n", 3, 0.001, '.', true });
    strcat(text, "0.040,1.");
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_text(&rec, NULL, &err), EMG_OK);
    assert_true(near(emg_recording_get_facts(rec)->duration_s, 0.040));
    assert_string_equal(emg_recording_deviation(rec, 0)->code, "W_TABLE_CUT");
    emg_recording_close(rec);
}

/* Every byte of a sound table changed to what breaks tables: read or refused, never more. */
static void a_changed_byte_does_no_harm(void **state)
{
    (void)state;
    static const char changes[] = ",;\t\n\"-e9#. ";
    make_table(&(spelling){ "time,EMG (mV)\n", ",", "\n", 3, 0.001, '.', false });
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
        cmocka_unit_test(tables_of_other_programs),
        cmocka_unit_test(gaps_in_time_and_blank_cells_are_gaps),
        cmocka_unit_test(what_cannot_be_read_is_refused_by_line_and_column),
        cmocka_unit_test(a_last_row_that_is_cut_is_left_out),
        cmocka_unit_test(a_changed_byte_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
