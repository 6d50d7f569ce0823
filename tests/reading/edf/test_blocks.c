/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF and BDF samples through blocks: exact values, whatever the cut, with true times and honest gaps. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading/bytes.h"
#include "reading/gather.h"

static gathered read_all(const bytes *b, const emg_reading *reading)
{
    emg_recording *rec = open_built(b, reading);
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    emg_recording_close(rec);
    return all;
}

/* The value that the format's own formula gives, in double. */
static double physical(const edf_plan *plan, int signal, uint64_t index, double to_uv)
{
    const edf_signal *s = &plan->signals[signal];
    double pmin = strtod(s->physical_min, NULL), pmax = strtod(s->physical_max, NULL);
    double dmin = strtod(s->digital_min, NULL), dmax = strtod(s->digital_max, NULL);
    return ((edf_digital(plan->sample_bytes, signal, index) - dmin) * (pmax - pmin) / (dmax - dmin) + pmin) * to_uv;
}

static void compare(const gathered *all, size_t channel, const edf_plan *plan, int signal, uint64_t first, uint64_t n,
                    double to_uv)
{
    const gathered_channel *c = &all->channel[channel];
    const edf_signal *s = &plan->signals[signal];
    double size = fabs(strtod(s->physical_max, NULL)) * to_uv + fabs(strtod(s->physical_min, NULL)) * to_uv;
    assert_int_equal(c->n, n);
    for (uint64_t i = 0; i < n; i++)
        assert_true(fabs(c->x[i] - physical(plan, signal, first + i, to_uv)) <= 1e-14 * size);
}

static const edf_signal mixed[] = {
    { "EMG TA", "uV", "-3276.8", "3276.7", "-32768", "32767", 200 },
    { "EMG SOL", "mV", "5", "-5", "-32768", "32767", 200 },
    { "Force", "N", "0", "100", "-32768", "32767", 10 },
    { "EMG BB", "V", "-0.1", "0.1", "-30000", "30000", 77 },
    { "EMG VL", "", "-1", "1", "-32768", "32767", 200 },
    { "EMG VM", "nV", "-1000", "1000", "-32768", "32767", 200 },
    { "EMG RF", "uV", "-1000", "1000", "-32768", "32767", 200 },
};

static void values_are_exact_in_both_widths(void **state)
{
    (void)state;
    static const double to_uv[] = { 1, 1e3, 1, 1e6, 1, 1e-3, 1 };
    edf_signal wide[7];
    memcpy(wide, mixed, sizeof wide);
    for (int i = 0; i < 7; i++) {
        wide[i].digital_min = "-8388608";
        wide[i].digital_max = "8388607";
    }
    edf_plan plans[] = { { 2, "", "0.1", mixed, 7, 40, NULL, NULL }, { 3, "24BIT", "0.1", wide, 7, 40, NULL, NULL } };
    for (size_t p = 0; p < 2; p++) {
        emg_reading reading = emg_reading_defaults();
        reading.all_channels = true;
        bytes b = edf_build(&plans[p]);
        gathered all = read_all(&b, &reading);
        for (int i = 0; i < 7; i++)
            compare(&all, (size_t)i, &plans[p], i, 0, (uint64_t)plans[p].signals[i].n * 40, to_uv[i]);
        gathered_free(&all);
        bytes_free(&b);
    }
}

static void same_samples(const gathered *a, const gathered *b)
{
    assert_int_equal(a->n_channels, b->n_channels);
    for (size_t i = 0; i < a->n_channels; i++) {
        assert_int_equal(a->channel[i].n, b->channel[i].n);
        assert_int_equal(a->channel[i].n_starts, b->channel[i].n_starts);
        if (a->channel[i].n == 0)
            continue;
        assert_memory_equal(a->channel[i].x, b->channel[i].x, a->channel[i].n * sizeof(double));
        for (size_t k = 0; k < a->channel[i].n; k++)
            assert_true(fabs(a->channel[i].time_s[k] - b->channel[i].time_s[k]) < 1e-9);
    }
}

/* Bytes read whole, then again with every cut that a caller may ask for. */
static void every_cut_agrees(const bytes *b, double from_s, double to_s)
{
    static const size_t frames[] = { 1, 7, 1000, 0 }, groups[] = { 1, 4, 16, 64 };
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    reading.from_s = from_s;
    reading.to_s = to_s;
    gathered whole = read_all(b, &reading);
    for (size_t f = 0; f < 4; f++) {
        for (size_t g = 0; g < 4; g++) {
            reading.block_frames = frames[f];
            reading.group_size = groups[g];
            gathered cut = read_all(b, &reading);
            same_samples(&whole, &cut);
            assert_true(frames[f] == 0 || cut.most_frames <= frames[f]);
            assert_true(cut.most_channels <= groups[g]);
            gathered_free(&cut);
        }
    }
    gathered_free(&whole);
}

static const edf_signal gapped[] = {
    { "EMG TA", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
    { "EDF Annotations", "", "-1", "1", "-32768", "32767", 12 },
    { "EMG SOL", "uV", "-3276.8", "3276.7", "-32768", "32767", 33 },
    { "EMG LG", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
};
static const char *const gap_clocks[] = { "+0.25\x14\x14",  "+1.25\x14\x14",  "+61.75\x14\x14",
                                          "+62.75\x14\x14", "+63.75\x14\x14", "+100\x14\x14" };
static const edf_plan gap_plan = { 2, "EDF+D", "1", gapped, 4, 6, gap_clocks, NULL };

static void blocks_are_the_same_whatever_the_cut(void **state)
{
    (void)state;
    edf_plan plain = { 2, "", "0.1", mixed, 7, 40, NULL, NULL };
    bytes b = edf_build(&plain), g = edf_build(&gap_plan);
    every_cut_agrees(&b, 0, INFINITY);
    every_cut_agrees(&b, 0.333, 2.718);
    every_cut_agrees(&g, 0, INFINITY);
    every_cut_agrees(&g, 1.5, 62.2);
    bytes_free(&b);
    bytes_free(&g);
}

static void gaps_are_segments_and_times_stay_true(void **state)
{
    (void)state;
    bytes b = edf_build(&gap_plan);
    emg_recording *rec = open_built(&b, NULL);
    static const double starts[] = { 0, 61.5, 99.75 }, lengths[] = { 2, 3, 1 };
    assert_int_equal(emg_recording_n_segments(rec), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(fabs(emg_recording_segment(rec, i)->start_s - starts[i]) < 1e-9);
        assert_true(fabs(emg_recording_segment(rec, i)->duration_s - lengths[i]) < 1e-9);
    }
    assert_null(emg_recording_segment(rec, 3));
    const emg_recording_facts *facts = emg_recording_get_facts(rec);
    assert_true(fabs(facts->duration_s - 6) < 1e-9 && fabs(facts->span_s - 100.75) < 1e-9);
    assert_true(fabs(facts->start_second - 12.25) < 1e-9); /* a start within a second is no offset */
    assert_int_equal(emg_recording_n_deviations(rec), 0);
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    assert_int_equal(all.channel[0].n_starts, 3);
    assert_true(fabs(all.channel[0].time_s[200] - 61.5) < 1e-9);
    assert_true(fabs(all.channel[1].time_s[66] - 61.5) < 1e-9);
    compare(&all, 0, &gap_plan, 0, 0, 600, 1);
    compare(&all, 1, &gap_plan, 2, 0, 198, 1);
    gathered_free(&all);
    emg_recording_close(rec);
    bytes_free(&b);
}

static void a_time_window_takes_exactly_its_samples(void **state)
{
    (void)state;
    bytes b = edf_build(&gap_plan);
    static const struct {
        double from, to;
        size_t first, n; /* of the 100 Hz signal */
    } cases[] = { { 0, 0.01, 0, 1 },        { 0.01, 0.02, 1, 1 },   { 0.005, 0.02, 1, 1 },  { 1.99, 61.5, 199, 1 },
                  { 1.99, 61.51, 199, 2 },  { 2, 61, 200, 0 },      { 63, 1000, 350, 250 }, { 0.5, 64, 50, 400 },
                  { 99.75, 99.76, 500, 1 }, { 100.75, 200, 600, 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_reading reading = emg_reading_defaults();
        reading.from_s = cases[i].from;
        reading.to_s = cases[i].to;
        gathered all = read_all(&b, &reading);
        compare(&all, 0, &gap_plan, 0, cases[i].first, cases[i].n, 1);
        for (size_t k = 0; k < all.channel[0].n; k++)
            assert_true(all.channel[0].time_s[k] >= cases[i].from - 1e-9 && all.channel[0].time_s[k] < cases[i].to);
        gathered_free(&all);
    }
    bytes_free(&b);
}

/* One record that is the whole file, larger than anything that is read at once. */
static void a_record_may_be_the_whole_file(void **state)
{
    (void)state;
    enum { SAMPLES = 700001 };
    edf_signal large[] = { mixed[0], mixed[2], mixed[1] };
    large[0].n = large[2].n = SAMPLES;
    large[1].n = 13;
    edf_plan plan = { 2, "", "350", large, 3, 2, NULL, NULL };
    bytes b = edf_build(&plan);
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    gathered all = read_all(&b, &reading);
    compare(&all, 0, &plan, 0, 0, 2 * SAMPLES, 1);
    compare(&all, 1, &plan, 1, 0, 26, 1);
    compare(&all, 2, &plan, 2, 0, 2 * SAMPLES, 1e3);
    gathered_free(&all);
    reading.from_s = 349.9;
    reading.to_s = 350.1;
    reading.group_size = 1;
    all = read_all(&b, &reading);
    double rate = SAMPLES / 350.0;
    uint64_t first = (uint64_t)ceil(349.9 * rate), end = (uint64_t)ceil(350.1 * rate);
    compare(&all, 0, &plan, 0, first, end - first, 1);
    assert_int_equal(all.channel[0].n_starts, 1);
    gathered_free(&all);
    bytes_free(&b);
}

static void samples_outside_the_digital_limits_are_counted_not_clipped(void **state)
{
    (void)state;
    edf_signal narrow[] = { { "EMG TA", "uV", "-100", "100", "-1000", "1000", 500 } };
    edf_plan plan = { 2, "", "1", narrow, 1, 4, NULL, NULL };
    bytes b = edf_build(&plan);
    uint64_t outside = 0;
    for (uint64_t i = 0; i < 2000; i++)
        outside += abs(edf_digital(2, 0, i)) > 1000;
    emg_recording *rec = open_built(&b, NULL);
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    compare(&all, 0, &plan, 0, 0, 2000, 1);
    assert_int_equal(emg_recording_n_deviations(rec), 1);
    assert_string_equal(emg_recording_deviation(rec, 0)->code, "W_SAMPLE_RANGE");
    assert_int_equal(strtoul(emg_recording_deviation(rec, 0)->value, NULL, 10), outside);
    gathered_free(&all);
    emg_recording_close(rec);
    emg_reading strict = emg_reading_defaults();
    strict.strict = true;
    rec = open_built(&b, &strict);
    assert_int_equal(gather(&all, rec, NULL), EMG_EFORMAT);
    gathered_free(&all);
    emg_recording_close(rec);
    bytes_free(&b);
}

static void record_times_out_of_order(void **state)
{
    (void)state;
    static const struct {
        const char *reserved, *clocks[4];
        emg_status status;
        size_t n_segments;
        const char *code;
    } cases[] = {
        { "EDF+D", { "+0\x14\x14", "+1\x14\x14", "+2\x14\x14", "+3\x14\x14" }, EMG_OK, 1, NULL },
        { "EDF+D", { "+0\x14\x14", "+1.001\x14\x14", "+2.002\x14\x14", "+3\x14\x14" }, EMG_OK, 1, NULL },
        { "EDF+D", { "+0\x14\x14", "+2\x14\x14", "+4\x14\x14", "+6\x14\x14" }, EMG_OK, 4, NULL },
        { "EDF+D", { "+0\x14\x14", "+0.5\x14\x14", "+1.5\x14\x14", "+9\x14\x14" }, EMG_OK, 3, "W_OVERLAP" },
        { "EDF+D", { "+5\x14\x14", "+6\x14\x14", "+5.5\x14\x14", "+7\x14\x14" }, EMG_EFORMAT, 0, NULL },
        { "EDF+D", { "+0\x14\x14", "+1\x14\x14", "lost", "+3\x14\x14" }, EMG_EFORMAT, 0, NULL },
        { "EDF+C", { "+0\x14\x14", "+1\x14\x14", "lost", "+3\x14\x14" }, EMG_OK, 1, "W_RECORD_TIME_MISSING" },
        { "EDF+C", { "+0\x14\x14", "+1\x14\x14", "+7\x14\x14", "+8\x14\x14" }, EMG_OK, 2, "W_GAP" },
        { "EDF+C", { "+0\x14\x14", "+1\x14\x14", "+0\x14\x14", "+3\x14\x14" }, EMG_OK, 1, "W_OVERLAP" },
        { "EDF+C", { "+7\x14\x14", "+8\x14\x14", "+9\x14\x14", "+10\x14\x14" }, EMG_OK, 1, "W_START_CLOCK" },
        { "EDF+C", { "0\x14\x14", "1\x14\x14", "2\x14\x14", "3\x14\x14" }, EMG_OK, 1, "W_RECORD_TIME_FORM" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        edf_plan plan = gap_plan;
        plan.reserved = cases[i].reserved;
        plan.n_records = 4;
        plan.annotations = cases[i].clocks;
        bytes b = edf_build(&plan);
        emg_recording *rec = NULL;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", NULL, &err), cases[i].status);
        if (cases[i].status != EMG_OK) {
            assert_null(rec);
            assert_true(err.offset > 0 && strstr(err.text, "record"));
            bytes_free(&b);
            continue;
        }
        assert_int_equal(emg_recording_n_segments(rec), cases[i].n_segments);
        assert_int_equal(emg_recording_n_deviations(rec), cases[i].code ? 1 : 0);
        if (cases[i].code)
            assert_string_equal(emg_recording_deviation(rec, 0)->code, cases[i].code);
        gathered all;
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        assert_int_equal(all.channel[0].n, 400);
        assert_int_equal(all.channel[0].n_starts, cases[i].n_segments);
        gathered_free(&all);
        emg_recording_close(rec);
        bytes_free(&b);
    }
}

/* How late the first record is, but no time of day. */
static void a_late_start_is_told_in_seconds(void **state)
{
    (void)state;
    static const struct {
        const char *clock, *value;
    } cases[] = { { "+3.734\x14\x14", "3.734 s" },
                  { "-2\x14\x14", "-2 s" },
                  { "+59.5\x14\x14", "59.5 s" },
                  { "+43512\x14\x14", "" },
                  { "+1700000000\x14\x14", "" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *clock[] = { cases[i].clock };
        edf_plan plan = gap_plan;
        plan.reserved = "EDF+C";
        plan.n_records = 1;
        plan.annotations = clock;
        bytes b = edf_build(&plan);
        emg_recording *rec = NULL;
        assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", NULL, NULL), EMG_OK);
        assert_int_equal(emg_recording_n_deviations(rec), 1);
        const emg_deviation *d = emg_recording_deviation(rec, 0);
        assert_string_equal(d->code, "W_START_CLOCK");
        assert_string_equal(d->value, cases[i].value);
        assert_true(cases[i].value[0] || !strpbrk(d->action, "123456789"));
        emg_recording_close(rec);
        bytes_free(&b);
    }
}

static void a_missing_time_does_not_hide_a_gap(void **state)
{
    (void)state;
    static const char *const times[] = { "lost", "+1\x14\x14", "+7\x14\x14", "+8\x14\x14" };
    edf_plan plan = gap_plan;
    plan.reserved = "EDF+C";
    plan.n_records = 4;
    plan.annotations = times;
    bytes b = edf_build(&plan);
    emg_recording *rec = open_built(&b, NULL);
    assert_int_equal(emg_recording_n_segments(rec), 2);
    assert_int_equal(emg_recording_n_deviations(rec), 2);
    emg_recording_close(rec);
    bytes_free(&b);
}

/* Clocks that are printed in milliseconds are off by more than half a sample at 30 kHz: that is no gap. */
static void rounded_clocks_are_no_gaps(void **state)
{
    (void)state;
    static const char *const times[] = { "+0.000\x14\x14", "+0.333\x14\x14", "+0.667\x14\x14", "+1.000\x14\x14" };
    edf_signal fast[] = { gapped[0], gapped[1] };
    fast[0].n = 10000;
    edf_plan plan = { 2, "EDF+D", "0.333333", fast, 2, 4, times, NULL };
    bytes b = edf_build(&plan);
    emg_recording *rec = open_built(&b, NULL);
    assert_int_equal(emg_recording_n_segments(rec), 1);
    emg_recording_close(rec);
    bytes_free(&b);
}

static void a_discontinuous_file_needs_room_for_its_times(void **state)
{
    (void)state;
    edf_signal empty[] = { gapped[0], gapped[1] };
    empty[1].n = 0;
    static const char *const none[] = { "", "" };
    edf_plan plan = { 2, "EDF+D", "1", empty, 2, 2, none, NULL };
    bytes b = edf_build(&plan);
    emg_recording *rec = NULL;
    assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", NULL, NULL), EMG_EFORMAT);
    assert_null(rec);
    bytes_free(&b);
}

/* The first record's clock moves the start, over midnight and the end of the year. */
static void the_start_is_that_of_the_first_record(void **state)
{
    (void)state;
    static const struct {
        const char *clock, *date, *time;
        int year, month, day, hour, minute;
        double second;
    } cases[] = { { "+0.25\x14\x14", "02.08.20", "10.11.12", 2020, 8, 2, 10, 11, 12.25 },
                  { "+2.5\x14\x14", "31.12.20", "23.59.59", 2021, 1, 1, 0, 0, 1.5 },
                  { "+172800\x14\x14", "28.02.20", "12.00.00", 2020, 3, 1, 12, 0, 0 },
                  { "-2\x14\x14", "01.03.21", "00.00.01", 2021, 2, 28, 23, 59, 59 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        edf_plan plan = gap_plan;
        plan.reserved = "EDF+C";
        plan.n_records = 1;
        plan.annotations = &cases[i].clock;
        bytes b = edf_build(&plan);
        bytes_patch(&b, 168, cases[i].date, 8);
        bytes_patch(&b, 176, cases[i].time, 8);
        bytes_patch(&b, 88, "Startdate X X X X", 80);
        emg_recording *rec = open_built(&b, NULL);
        const emg_recording_facts *f = emg_recording_get_facts(rec);
        assert_true(f->start_known);
        assert_int_equal(f->start_year, cases[i].year);
        assert_int_equal(f->start_month, cases[i].month);
        assert_int_equal(f->start_day, cases[i].day);
        assert_int_equal(f->start_hour, cases[i].hour);
        assert_int_equal(f->start_minute, cases[i].minute);
        assert_true(fabs(f->start_second - cases[i].second) < 1e-9);
        emg_recording_close(rec);
        bytes_free(&b);
    }
}

/* A file of many short records; record `odd` and, with `gap`, all after it start 5 s late. */
static bytes build_long(int n, int odd, bool gap, const edf_plan *like)
{
    char(*text)[16] = malloc((size_t)n * sizeof *text);
    const char **times = malloc((size_t)n * sizeof *times);
    assert_true(text && times);
    for (int i = 0; i < n; i++) {
        snprintf(text[i], sizeof text[i], "+%d\x14\x14", i == odd || (gap && i > odd) ? i + 5 : i);
        times[i] = text[i];
    }
    edf_plan plan = *like;
    plan.n_records = n;
    plan.annotations = times;
    bytes b = edf_build(&plan);
    free(times);
    free(text);
    return b;
}

/* A long contiguous file has only a sample of its clocks read when it is opened: a gap shows there, and a single wrong
 * clock is found while reading. */
static void clocks_of_a_long_file(void **state)
{
    (void)state;
    enum { RECORDS = 9000 };
    static const edf_signal pair[] = { { "EMG TA", "uV", "-1", "1", "-32768", "32767", 4 },
                                       { "EDF Annotations", "", "-1", "1", "-32768", "32767", 8 } };
    static const edf_plan plan = { 2, "EDF+C", "1", pair, 2, RECORDS, NULL, NULL };
    static const struct {
        int odd;
        bool gap;
        size_t n_segments;
        const char *code;
    } cases[] = { { -1, false, 1, NULL },
                  { 4499, false, 1, "W_RECORD_TIME_WRONG" },
                  { 8998, false, 1, "W_RECORD_TIME_WRONG" },
                  { 1, true, 2, "W_GAP" },
                  { 4500, true, 2, "W_GAP" },
                  { 8999, true, 2, "W_GAP" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = build_long(RECORDS, cases[i].odd, cases[i].gap, &plan);
        emg_recording *rec = open_built(&b, NULL);
        gathered all;
        assert_int_equal(emg_recording_n_segments(rec), cases[i].n_segments);
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        assert_int_equal(all.channel[0].n, 4 * RECORDS);
        assert_int_equal(all.channel[0].n_starts, cases[i].n_segments);
        assert_int_equal(emg_recording_n_deviations(rec), cases[i].code != NULL);
        if (cases[i].code)
            assert_string_equal(emg_recording_deviation(rec, 0)->code, cases[i].code);
        gathered_free(&all);
        emg_recording_close(rec);
        bytes_free(&b);
    }
}

static void choosing_channels(void **state)
{
    (void)state;
    edf_plan plan = { 2, "", "0.1", mixed, 7, 4, NULL, NULL };
    bytes b = edf_build(&plan);
    emg_recording *rec = open_built(&b, NULL);
    for (size_t i = 0; i < 7; i++) /* the muscles, not the force */
        assert_int_equal(emg_recording_channel(rec, i)->selected, i != 2);
    emg_recording_close(rec);
    static const char *const globs[] = { "*sol", "EMG V?", "Force" };
    emg_reading reading = emg_reading_defaults();
    reading.channels = globs;
    reading.n_channels = 3;
    rec = open_built(&b, &reading);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(emg_recording_channel(rec, i)->selected, i == 1 || i == 2 || i == 4 || i == 5);
    emg_recording_close(rec);
    static const char *const none[] = { "EMG TA", "no such" };
    reading.channels = none;
    reading.n_channels = 2;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", &reading, &err), EMG_EARG);
    assert_non_null(strstr(err.text, "no such"));
    assert_null(rec);
    bytes_free(&b);
}

static void the_hash_does_not_depend_on_what_was_read(void **state)
{
    (void)state;
    edf_signal large[] = { mixed[0] };
    large[0].n = 900000;
    edf_plan plans[] = { { 2, "", "0.1", mixed, 7, 40, NULL, NULL },
                         { 2, "", "450", large, 1, 1, NULL, NULL },
                         gap_plan };
    for (size_t p = 0; p < 3; p++) {
        bytes b = edf_build(&plans[p]);
        char first[33], second[33], third[33];
        emg_recording *rec = open_built(&b, NULL);
        assert_int_equal(emg_recording_hash(rec, first, NULL), EMG_OK);
        gathered all;
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        gathered_free(&all);
        emg_recording_close(rec);
        rec = open_built(&b, NULL);
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        gathered_free(&all);
        assert_int_equal(emg_recording_hash(rec, second, NULL), EMG_OK);
        emg_recording_close(rec);
        assert_string_equal(first, second);
        assert_int_equal(strlen(first), 32);
        b.at[b.n - 1] ^= 1;
        rec = open_built(&b, NULL);
        assert_int_equal(emg_recording_hash(rec, third, NULL), EMG_OK);
        assert_string_not_equal(first, third);
        emg_recording_close(rec);
        bytes_free(&b);
    }
}

static void arguments_are_checked(void **state)
{
    (void)state;
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open(NULL, "x", NULL, &err), EMG_EARG);
    assert_int_equal(emg_recording_open(&rec, "/nonexistent/file.edf", NULL, NULL), EMG_EIO);
    assert_int_equal(emg_recording_open(&rec, "/", NULL, NULL), EMG_EIO);
    assert_int_equal(emg_recording_next(NULL, NULL, NULL), EMG_EARG);
    edf_plan plan = { 2, "", "0.1", mixed, 7, 4, NULL, NULL };
    bytes b = edf_build(&plan);
    static const struct {
        size_t group;
        double from, to, scale;
    } bad[] = { { 0, 0, 1, 0 },   { 65, 0, 1, 0 },  { 1, -1, 1, 0 }, { 1, 1, 1, 0 },
                { 1, NAN, 1, 0 }, { 1, 0, NAN, 0 }, { 1, 0, 1, -1 }, { 1, 0, 1, NAN } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        emg_reading reading = emg_reading_defaults();
        reading.group_size = bad[i].group;
        reading.from_s = bad[i].from;
        reading.to_s = bad[i].to;
        reading.full_scale_uv = bad[i].scale;
        assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", &reading, NULL), EMG_EARG);
        assert_null(rec);
    }
    emg_recording_close(NULL);
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_exact_in_both_widths),
        cmocka_unit_test(blocks_are_the_same_whatever_the_cut),
        cmocka_unit_test(gaps_are_segments_and_times_stay_true),
        cmocka_unit_test(a_time_window_takes_exactly_its_samples),
        cmocka_unit_test(a_record_may_be_the_whole_file),
        cmocka_unit_test(samples_outside_the_digital_limits_are_counted_not_clipped),
        cmocka_unit_test(record_times_out_of_order),
        cmocka_unit_test(a_late_start_is_told_in_seconds),
        cmocka_unit_test(a_missing_time_does_not_hide_a_gap),
        cmocka_unit_test(rounded_clocks_are_no_gaps),
        cmocka_unit_test(a_discontinuous_file_needs_room_for_its_times),
        cmocka_unit_test(the_start_is_that_of_the_first_record),
        cmocka_unit_test(clocks_of_a_long_file),
        cmocka_unit_test(choosing_channels),
        cmocka_unit_test(the_hash_does_not_depend_on_what_was_read),
        cmocka_unit_test(arguments_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
