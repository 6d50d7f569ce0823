/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows of time by clock and by marks: exactly the samples inside, a new segment after each cut, whatever the cut. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "reading/gather.h"
#include "reading/source/source.h"

static void refuses(const bytes *b, const emg_reading *reading, const char *says)
{
    emg_recording *rec = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open_memory(&rec, b->at, b->n, "test", reading, &err), EMG_EARG);
    assert_null(rec);
    if (!strstr(err.text, says))
        fail_msg("'%s' is not in: %s", says, err.text);
}

static gathered read_all(const bytes *b, const emg_reading *reading)
{
    emg_recording *rec = open_built(b, reading);
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    emg_recording_close(rec);
    return all;
}

/* --- windows by hand ----------------------------------------------------------------------------------------- */

typedef struct span {
    double from_s, to_s;
} span;

/* The window that holds a time (from 1); 0: none. Times are multiples of a sample: a nanosecond is rounding. */
static size_t window_of(const span *windows, size_t n, double time_s)
{
    for (size_t i = 0; i < n; i++)
        if (time_s >= windows[i].from_s - 1e-9 && time_s < windows[i].to_s - 1e-9)
            return i + 1;
    return 0;
}

/* `part` has those samples of `whole` that lie in the windows, and starts anew in each window and after each gap. */
static void is_the_part(const gathered *whole, const gathered *part, const span *windows, size_t n)
{
    for (size_t c = 0; c < whole->n_channels; c++) {
        const gathered_channel *w = &whole->channel[c], *p = &part->channel[c];
        double step = w->n > 1 ? w->time_s[1] - w->time_s[0] : 1;
        size_t at = 0, n_starts = 0, before = 0, last = 0;
        for (size_t i = 0; i < w->n; i++) {
            size_t window = window_of(windows, n, w->time_s[i]);
            if (window == 0)
                continue;
            bool gap = i > 0 && w->time_s[i] - w->time_s[i - 1] > 1.5 * step;
            n_starts += window != before || (gap && last + 1 == i);
            before = window;
            last = i;
            assert_true(at < p->n);
            assert_memory_equal(&p->x[at], &w->x[i], sizeof(double));
            assert_true(fabs(p->time_s[at] - w->time_s[i]) < 1e-9);
            at++;
        }
        assert_int_equal(p->n, at);
        assert_int_equal(p->n_starts, n_starts);
    }
}

/* Reads with every size of blocks and groups; `reading` tells the windows. */
static void every_cut_is_the_part(const bytes *b, emg_reading reading, const span *windows, size_t n)
{
    static const size_t frames[] = { 1, 7, 1000, 0 }, groups[] = { 1, 2, 16, 64 };
    emg_reading plain = emg_reading_defaults();
    plain.all_channels = reading.all_channels = true;
    gathered whole = read_all(b, &plain);
    for (size_t f = 0; f < 4; f++) {
        for (size_t g = 0; g < 4; g++) {
            reading.block_frames = frames[f];
            reading.group_size = groups[g];
            gathered part = read_all(b, &reading);
            is_the_part(&whole, &part, windows, n);
            gathered_free(&part);
        }
    }
    gathered_free(&whole);
}

static double selected(const bytes *b, const emg_reading *reading)
{
    emg_recording *rec = open_built(b, reading);
    double selected_s = emg_recording_get_facts(rec)->selected_s;
    emg_recording_close(rec);
    return selected_s;
}

/* --- the clock ----------------------------------------------------------------------------------------------- */

static const edf_signal gapped[] = {
    { "EMG TA", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
    { "EDF Annotations", "", "-1", "1", "-32768", "32767", 64 },
    { "EMG SOL", "uV", "-3276.8", "3276.7", "-32768", "32767", 33 },
    { "EMG LG", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
};
static const char *const gap_clocks[] = { "+0.25\x14\x14",  "+1.25\x14\x14",  "+61.75\x14\x14",
                                          "+62.75\x14\x14", "+63.75\x14\x14", "+100\x14\x14" };
static const edf_plan gap_plan = { 2, "EDF+D", "1", gapped, 4, 6, gap_clocks, NULL };

enum { START_TIME = 176 }; /* byte of the header's start time; the first sample is taken 0.25 s later */

static double clock_s(int hours, int minutes, double seconds)
{
    return hours * 3600 + minutes * 60 + seconds;
}

static void clock_times_are_the_recordings_own(void **state)
{
    (void)state;
    const double late = clock_s(23, 59, 50.25), ten = clock_s(10, 11, 12.25);
    const struct {
        const char *start;
        double from, to; /* by the clock */
        span window;
    } cases[] = {
        { "10.11.12", ten, ten + 1, { 0, 1 } },
        { "10.11.12", ten + 0.01, ten + 0.02, { 0.01, 0.02 } },
        { "10.11.12", ten + 1.5, ten + 62, { 1.5, 62 } },
        { "10.11.12", clock_s(10, 0, 0), ten + 1, { 0, 1 } },     /* shortly before the start */
        { "10.11.12", ten - 0.25, ten + 99.75, { 0, 99.75 } },    /* the header's own time, before the sample */
        { "10.11.12", ten + 60, clock_s(11, 0, 0), { 60, 101 } }, /* shortly after the end */
        { "23.59.50", late, clock_s(0, 0, 10), { 0, 19.75 } },    /* over midnight */
        { "23.59.50", clock_s(0, 0, 52), clock_s(0, 0, 53.5), { 61.75, 63.25 } },
        { "23.59.50", clock_s(23, 0, 0), clock_s(0, 0, 53), { 0, 62.75 } },
        { "00.00.00", clock_s(23, 59, 59), clock_s(0, 0, 1.25), { 0, 1 } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = edf_build(&gap_plan);
        bytes_patch(&b, START_TIME, cases[i].start, 8);
        emg_reading reading = emg_reading_defaults();
        reading.from_s = cases[i].from;
        reading.to_s = cases[i].to;
        reading.from_clock = reading.to_clock = true;
        every_cut_is_the_part(&b, reading, &cases[i].window, 1);
        bytes_free(&b);
    }
}

static void a_clock_end_may_follow_a_start_in_seconds_and_the_other_way_round(void **state)
{
    (void)state;
    static const span window = { 61.7, 62.75 };
    bytes b = edf_build(&gap_plan);
    emg_reading reading = emg_reading_defaults();
    reading.from_s = 61.7;
    reading.to_s = clock_s(10, 12, 15);
    reading.to_clock = true;
    every_cut_is_the_part(&b, reading, &window, 1);
    reading.from_s = clock_s(10, 12, 13.95);
    reading.to_s = 62.75;
    reading.from_clock = true;
    reading.to_clock = false;
    every_cut_is_the_part(&b, reading, &window, 1);
    bytes_free(&b);
}

/* 60 h from 22:00: a time of day that has passed once more is the next day's, when the window has begun by then. */
static void days_are_counted_from_the_windows_begin(void **state)
{
    (void)state;
    static const edf_signal slow[] = { { "EMG TA", "uV", "-3276.8", "3276.7", "-32768", "32767", 1 } };
    const edf_plan plan = { 2, "", "60", slow, 1, 60 * 60, NULL, NULL };
    bytes b = edf_build(&plan);
    bytes_patch(&b, START_TIME, "22.00.00", 8);
    emg_reading reading = emg_reading_defaults();
    reading.from_s = 25 * 3600;
    reading.to_s = clock_s(3, 0, 0);
    reading.to_clock = true;
    static const span second = { 25 * 3600, 29 * 3600 };
    every_cut_is_the_part(&b, reading, &second, 1);
    reading.from_s = 50 * 3600;
    static const span third = { 50 * 3600, 53 * 3600 };
    every_cut_is_the_part(&b, reading, &third, 1);
    reading.from_s = clock_s(23, 0, 0);
    reading.from_clock = true;
    static const span first = { 3600, 5 * 3600 };
    every_cut_is_the_part(&b, reading, &first, 1);
    bytes_free(&b);
}

static void clock_times_that_cannot_be_are_refused(void **state)
{
    (void)state;
    const double ten = clock_s(10, 11, 12.25);
    const struct {
        const char *start;
        double from, to;
        bool from_clock, to_clock;
        const char *says;
    } cases[] = {
        { "xx.xx.xx", ten, INFINITY, true, false, "does not tell when it began" },
        { "xx.xx.xx", 0, ten, false, true, "does not tell when it began" },
        { "10.11.12", clock_s(11, 0, 0), INFINITY, true, false, "after the recording has ended" },
        { "10.11.12", 0, clock_s(10, 0, 0), false, true, "before the recording begins" },
        { "10.11.12", ten + 60, ten + 30, true, true, "ends before it begins" },
        { "10.11.12", ten + 60, 30, true, false, "ends before it begins" },
        { "10.11.12", 86400, INFINITY, true, false, "less than 24 h" },
        { "10.11.12", 0, 86400, false, true, "less than 24 h" },
        { "10.11.12", -1, INFINITY, true, false, "0 s or later" },
        { "10.11.12", 0, NAN, false, true, "0 s or later" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = edf_build(&gap_plan);
        bytes_patch(&b, START_TIME, cases[i].start, 8);
        emg_reading reading = emg_reading_defaults();
        reading.from_s = cases[i].from;
        reading.to_s = cases[i].to;
        reading.from_clock = cases[i].from_clock;
        reading.to_clock = cases[i].to_clock;
        refuses(&b, &reading, cases[i].says);
        bytes_free(&b);
    }
}

/* --- marks --------------------------------------------------------------------------------------------------- */

/* Clocks are 0.25 s ahead of the time since the first sample. */
static const char r0[] = "+0.25\x14\x14\0+0.75\x15"
                         "0.75\x14Rest eyes open\x14\0+1.25\x15"
                         "0.1\x14move\x14";
static const char r1[] = "+1.25\x14\x14\0+1.5\x15"
                         "0.25\x14rest\x14\0+30\x15"
                         "5\x14rest in the gap\x14";
static const char r2[] = "+61.75\x14\x14\0+61.45\x14rest\x14\0+62.25\x15"
                         "0.5\x14move\x14";
static const char r3[] = "+62.75\x14\x14\0+61.75\x15"
                         "1.2\x14rest\x14\0+62.75\x15"
                         "0.01\x14one\x14";
static const char r4[] = "+63.75\x14\x14\0+0.251\x15"
                         "0.003\x14short\x14\0+1.95\x15"
                         "98.06\x14long\x14";
static const char r5[] = "+100\x14\x14\0+100\x15"
                         "500\x14rest\x14";
static const char *const marked_texts[] = { r0, r1, r2, r3, r4, r5 };
static const size_t marked_lengths[] = { sizeof r0 - 1, sizeof r1 - 1, sizeof r2 - 1,
                                         sizeof r3 - 1, sizeof r4 - 1, sizeof r5 - 1 };
static const edf_plan marked = { 2, "EDF+D", "1", gapped, 4, 6, marked_texts, marked_lengths };

/* NULL-terminated lists to those of a reading. */
static emg_reading marks(const char *const *within, const char *const *without)
{
    emg_reading reading = emg_reading_defaults();
    reading.within = within;
    reading.without = without;
    while (within && within[reading.n_within])
        reading.n_within++;
    while (without && without[reading.n_without])
        reading.n_without++;
    return reading;
}

static void marked_stretches_are_cut_out(void **state)
{
    (void)state;
    static const struct {
        const char *within[3], *without[3];
        double from_s, to_s;
        size_t n;
        span windows[6];
        double selected_s;
    } cases[] = {
        { { "rest*" }, { NULL }, 0, INFINITY, 3, { { 0.5, 1.5 }, { 61.5, 62.7 }, { 99.75, 101 } }, 3.2 },
        { { "rest" }, { NULL }, 0, INFINITY, 3, { { 1.25, 1.5 }, { 61.5, 62.7 }, { 99.75, 101 } }, 2.45 },
        { { "REST", "move" },
          { NULL },
          0,
          INFINITY,
          4,
          { { 1.0, 1.1 }, { 1.25, 1.5 }, { 61.5, 62.7 }, { 99.75, 101 } },
          2.55 },
        { { "rest*" },
          { "move" },
          0,
          INFINITY,
          5,
          { { 0.5, 1 }, { 1.1, 1.5 }, { 61.5, 62 }, { 62.5, 62.7 }, { 99.75, 101 } },
          2.6 },
        { { "rest*" }, { "move" }, 0.6, 62.6, 4, { { 0.6, 1 }, { 1.1, 1.5 }, { 61.5, 62 }, { 62.5, 62.6 } }, 1.4 },
        { { NULL }, { "rest*" }, 0, INFINITY, 3, { { 0, 0.5 }, { 1.5, 29.75 }, { 62.7, 99.75 } }, 2.8 },
        { { NULL }, { "rest*", "move" }, 0.25, 1.75, 2, { { 0.25, 0.5 }, { 1.5, 1.75 } }, 0.5 },
        { { "one" }, { NULL }, 0, INFINITY, 1, { { 62.5, 62.51 } }, 0.01 }, /* a single sample of the faster ones */
        { { NULL }, { "one" }, 0, INFINITY, 2, { { 0, 62.5 }, { 62.51, 101 } }, 5.99 },
        { { "short" }, { NULL }, 0, INFINITY, 0, { { 0, 0 } }, 0.003 }, /* between two samples */
        { { "rest" }, { "rest*" }, 0, INFINITY, 0, { { 0, 0 } }, 0 },
        { { "long" }, { NULL }, 0, INFINITY, 1, { { 1.7, 99.76 } }, 3.31 }, /* over gaps, which still part it */
        { { "rest in the gap" }, { NULL }, 0, INFINITY, 0, { { 0, 0 } }, 0 },
    };
    bytes b = edf_build(&marked);
    assert_true(fabs(selected(&b, NULL) - 6) <= 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_reading reading = marks(cases[i].within, cases[i].without);
        reading.from_s = cases[i].from_s;
        reading.to_s = cases[i].to_s;
        every_cut_is_the_part(&b, reading, cases[i].windows, cases[i].n);
        if (!(fabs(selected(&b, &reading) - cases[i].selected_s) < 1e-6))
            fail_msg("case %zu: %.9f s selected", i, selected(&b, &reading));
    }
    bytes_free(&b);
}

/* --- marks of one channel ------------------------------------------------------------------------------------ */

/* TA has stretches of its own, LG all that are marked for all; one name stands for no channel, so that it is about all. */
static const char o0[] = "+0.25\x14\x14\0+0.75\x15"
                         "0.5\x14move@@EMG TA\x14\0+1\x15"
                         "0.1\x14move\x14\0+0.25\x15"
                         "0.1\x14move@@emg sol\x14";
static const char o2[] = "+61.75\x14\x14\0+61.75\x15"
                         "0.5\x14move@@nobody\x14\0+62.35\x15"
                         "1\x14move@@me@@EMG TA\x14";
static const char *const own_texts[] = { o0, "+1.25\x14\x14", o2, "+62.75\x14\x14", "+63.75\x14\x14", "+100\x14\x14" };
static const size_t own_lengths[] = { sizeof o0 - 1, 7, sizeof o2 - 1, 8, 8, 6 };

/* The samples of one channel are those of the windows, whatever the cut. */
static void channel_is_the_part(const bytes *b, emg_reading reading, size_t channel, const span *windows, size_t n)
{
    static const size_t frames[] = { 1, 7, 1000, 0 }, groups[] = { 1, 2, 64 };
    emg_reading plain = emg_reading_defaults();
    plain.all_channels = reading.all_channels = true;
    gathered whole = read_all(b, &plain);
    for (size_t i = 0; i < 12; i++) {
        reading.block_frames = frames[i % 4];
        reading.group_size = groups[i / 4];
        gathered part = read_all(b, &reading);
        const gathered one = { .channel = &whole.channel[channel], .n_channels = 1 },
                       of_part = { .channel = &part.channel[channel], .n_channels = 1 };
        is_the_part(&one, &of_part, windows, n);
        gathered_free(&part);
    }
    gathered_free(&whole);
}

static void a_mark_of_one_channel_is_its_own(void **state)
{
    (void)state;
    edf_signal wide[4];
    memcpy(wide, gapped, sizeof wide);
    wide[1].n = 90;
    const edf_plan plan = { 2, "EDF+D", "1", wide, 4, 6, own_texts, own_lengths };
    static const char *const move[] = { "move", "move@@me", "*nobody", NULL }, *const own[] = { "move@@EMG TA", NULL };
    static const span without_ta[] = { { 0, 0.5 }, { 1, 61.5 }, { 62, 62.1 }, { 63.1, 101 } },
                      without_sol[] = { { 0.1, 0.75 }, { 0.85, 61.5 }, { 62, 101 } },
                      without_lg[] = { { 0, 0.75 }, { 0.85, 61.5 }, { 62, 101 } },
                      within_ta[] = { { 0.5, 1 }, { 61.5, 62 }, { 62.1, 63.1 } },
                      within_lg[] = { { 0.75, 0.85 }, { 61.5, 62 } }, only_ta[] = { { 0.5, 1 } },
                      of_all[] = { { 0.1, 0.5 }, { 1, 61.5 }, { 62, 62.1 }, { 63.1, 101 } };
    bytes b = edf_build(&plan);
    emg_reading reading = marks(NULL, move);
    channel_is_the_part(&b, reading, 0, without_ta, 4);
    channel_is_the_part(&b, reading, 1, without_sol, 3);
    channel_is_the_part(&b, reading, 2, without_lg, 3);
    reading.from_s = 0.75;
    reading.to_s = 62.05;
    static const span clipped[] = { { 1, 61.5 }, { 62, 62.05 } };
    channel_is_the_part(&b, reading, 0, clipped, 2);
    reading = marks(move, NULL);
    channel_is_the_part(&b, reading, 0, within_ta, 3);
    channel_is_the_part(&b, reading, 2, within_lg, 2);
    reading = marks(own, NULL);
    channel_is_the_part(&b, reading, 0, only_ta, 1);
    channel_is_the_part(&b, reading, 2, NULL, 0);
    static const char *const sum[] = { "both = EMG TA - EMG LG" };
    reading = marks(NULL, move);
    reading.derive = sum;
    reading.n_derive = 1;
    emg_recording *rec = open_built(&b, &reading);
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    assert_int_equal(all.channel[3].n, 150 + 3 * 100 - 50); /* what is derived of TA lacks what TA lacks */
    gathered_free(&all);
    emg_recording_close(rec);
    reading = marks(NULL, move);
    reading.one_course = true;
    every_cut_is_the_part(&b, reading, of_all, 4);
    bytes_free(&b);
}

static void has_one_deviation(const bytes *b, const emg_reading *reading, const char *code, const char *value)
{
    emg_recording *rec = open_built(b, reading);
    assert_int_equal(emg_recording_n_deviations(rec), code != NULL);
    if (code) {
        assert_string_equal(emg_recording_deviation(rec, 0)->code, code);
        assert_string_equal(emg_recording_deviation(rec, 0)->value, value);
    }
    emg_recording_close(rec);
}

/* What the caller asked for in vain is told, and refused only when nothing would be left: also in strict reading. */
static void marks_in_vain_are_told(void **state)
{
    (void)state;
    static const char *const rest[] = { "rest", NULL }, *const one[] = { "one", NULL }, *const none[] = { "x", NULL };
    bytes b = edf_build(&marked), plain = edf_build(&gap_plan);
    for (int strict = 0; strict < 2; strict++) {
        emg_reading reading = marks(rest, NULL);
        reading.strict = strict;
        has_one_deviation(&b, &reading, "W_MARK_POINT", "1 annotation");
        reading = marks(NULL, rest);
        reading.strict = strict;
        has_one_deviation(&b, &reading, "W_MARK_POINT", "1 annotation");
        reading = marks(one, NULL);
        reading.strict = strict;
        has_one_deviation(&b, &reading, NULL, NULL);
        reading = marks(NULL, none);
        reading.strict = strict;
        has_one_deviation(&b, &reading, "W_MARK_NONE", "");
        has_one_deviation(&plain, &reading, "W_MARK_NONE", "");
    }
    emg_reading reading = marks(none, NULL);
    refuses(&b, &reading, "no stretch to read within: of ");
    refuses(&plain, &reading, "no stretch to read within");
    unsigned char samples[64] = { 0 };
    bytes wave = wave_build(1, 1, 1000, 16, samples, sizeof samples);
    refuses(&wave, &reading, "no stretch to read within");
    reading = marks(NULL, none);
    has_one_deviation(&wave, &reading, "W_MARK_NONE", "");
    assert_true(fabs(selected(&wave, &reading) - 0.032) < 1e-12);
    bytes_free(&wave);
    bytes_free(&plain);
    bytes_free(&b);
}

/* Onset plus duration is not the next onset to the last bit; the order in the file is any. */
static void stretches_that_touch_are_one(void **state)
{
    (void)state;
    static const char texts[2][64] = { "+0\x14\x14\0+0.7\x15"
                                       "0.1\x14m\x14\0+0.8\x15"
                                       "0.1\x14m\x14",
                                       "+0\x14\x14\0+0.8\x15"
                                       "0.1\x14m\x14\0+0.7\x15"
                                       "0.1\x14m\x14" };
    static const char *const m[] = { "m", NULL };
    static const span window = { 0.7, 0.9 };
    static const size_t length = sizeof texts[0];
    for (size_t i = 0; i < 2; i++) {
        const char *text = texts[i];
        edf_plan plan = { 2, "EDF+C", "1", gapped, 4, 1, &text, &length };
        bytes b = edf_build(&plan);
        every_cut_is_the_part(&b, marks(m, NULL), &window, 1);
        bytes_free(&b);
    }
}

/* Rounding of ends and starts must not make less of the whole. */
static void without_a_window_all_is_selected(void **state)
{
    (void)state;
    static const char *const times[] = { "+0.1\x14\x14", "+1.7\x14\x14", "+2.9\x14\x14", "+77.7\x14\x14" };
    edf_plan plan = { 2, "EDF+D", "0.3", gapped, 4, 4, times, NULL };
    bytes b = edf_build(&plan);
    emg_recording *rec = open_built(&b, NULL);
    const emg_recording_facts *facts = emg_recording_get_facts(rec);
    assert_int_equal(facts->n_segments, 4);
    assert_memory_equal(&facts->selected_s, &facts->duration_s, sizeof(double));
    emg_recording_close(rec);
    bytes_free(&b);
}

static void only_points_leave_nothing_to_read_within(void **state)
{
    (void)state;
    static const char point[] = "+0.25\x14\x14\0+0.5\x14go\x14\0+1.5\x15"
                                "0\x14go\x14";
    static const char *const go[] = { "go", NULL };
    size_t length = sizeof point - 1;
    const char *text = point;
    edf_plan plan = { 2, "EDF+D", "1", gapped, 4, 1, &text, &length };
    bytes b = edf_build(&plan);
    emg_reading reading = marks(go, NULL);
    refuses(&b, &reading, "of 2 annotations of 1 kinds 2 match, none with a duration");
    bytes_free(&b);
}

/* --- large records, many marks ------------------------------------------------------------------------------- */

/* Two records larger than what is read at once, with signals of every speed down to one sample in them. */
static void windows_in_large_records(void **state)
{
    (void)state;
    enum { SAMPLES = 700001 };
    static const char first[] = "+0\x14\x14\0+0.5\x15"
                                "0.25\x14in\x14\0+100\x15"
                                "0.001\x14in\x14\0+349.9\x15"
                                "0.2\x14in\x14\0+149\x15"
                                "2\x14in\x14";
    static const char second[] = "+350\x14\x14\0+699.99\x15"
                                 "1\x14in\x14\0+360\x15"
                                 "30\x14in\x14\0+365\x15"
                                 "0.5\x14out\x14";
    static const char *const texts[] = { first, second };
    static const size_t lengths[] = { sizeof first - 1, sizeof second - 1 };
    static const char *const in[] = { "in", NULL }, *const out[] = { "out", NULL };
    edf_signal large[] = { gapped[0], gapped[1], gapped[2], gapped[3], gapped[2] };
    large[0].n = large[3].n = SAMPLES;
    large[2].n = 13;
    large[4].n = 1;
    edf_plan plan = { 2, "EDF+C", "350", large, 5, 2, texts, lengths };
    static const span windows[] = { { 0.5, 0.75 }, { 100, 100.001 }, { 149, 151 },   { 349.9, 350.1 },
                                    { 360, 365 },  { 365.5, 390 },   { 699.99, 701 } };
    bytes b = edf_build(&plan);
    emg_reading reading = marks(in, out), plain = emg_reading_defaults();
    plain.all_channels = reading.all_channels = true;
    gathered whole = read_all(&b, &plain);
    for (size_t group_size = 1; group_size <= 16; group_size += 15) {
        for (size_t frames = 0; frames <= 1000; frames += 1000) {
            reading.group_size = group_size;
            reading.block_frames = frames;
            gathered part = read_all(&b, &reading);
            is_the_part(&whole, &part, windows, 7);
            gathered_free(&part);
        }
    }
    assert_true(fabs(selected(&b, &reading) - 31.961) < 1e-6);
    gathered_free(&whole);
    bytes_free(&b);
}

/* n stretches of half a sample each, one every two samples, the last ones first; each marked `times` times. */
static bytes build_many(size_t n, size_t times)
{
    bytes text = { 0 };
    bytes_add(&text, "+0\x14\x14", 5); /* with its NUL */
    for (size_t k = 0; k < times; k++) {
        for (size_t i = n; i-- > 0;) {
            char mark[64];
            int length = snprintf(mark, sizeof mark, "+%.2f\x15%.3f\x14m\x14", 0.02 * (double)i, 0.005);
            bytes_add(&text, mark, (size_t)length + 1);
        }
    }
    edf_signal signals[] = { gapped[0], gapped[1] };
    const char *at = (const char *)text.at;
    signals[0].n = 2 * (int)n;
    signals[1].n = (int)(text.n / 2 + 1);
    char duration[16];
    snprintf(duration, sizeof duration, "%.2f", 0.02 * (double)n);
    edf_plan plan = { 2, "EDF+C", duration, signals, 2, 1, &at, &text.n };
    bytes b = edf_build(&plan);
    bytes_free(&text);
    return b;
}

static void many_marks_are_kept_up_to_a_bound(void **state)
{
    (void)state;
    static const char *const m[] = { "m", NULL };
    emg_reading reading = marks(m, NULL), rest = marks(NULL, m);
    bytes b = build_many(65536, 3);
    gathered all = read_all(&b, &reading);
    assert_int_equal(all.channel[0].n, 65536);
    assert_int_equal(all.channel[0].n_starts, 65536);
    for (size_t i = 0; i < 65536; i++)
        assert_true(fabs(all.channel[0].time_s[i] - 0.02 * (double)i) < 1e-6);
    gathered_free(&all);
    all = read_all(&b, &rest);
    assert_int_equal(all.channel[0].n, 65536);
    gathered_free(&all);
    bytes_free(&b);
    b = build_many(65537, 1);
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", &reading, &err), EMG_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "more than 65536 stretches"));
    bytes_free(&b);
}

/* --- what is read for a window --------------------------------------------------------------------------------- */

/* A header, then as many zeros as are asked for. */
typedef struct sparse {
    const bytes *header;
    uint64_t size, n_read;
} sparse;

static emg_status sparse_read(void *context, uint64_t offset, void *out, size_t n, size_t *got, emg_error *err)
{
    (void)err;
    sparse *s = context;
    memset(out, 0, n);
    for (size_t i = 0; i < n && offset + i < s->header->n; i++)
        ((unsigned char *)out)[i] = s->header->at[offset + i];
    *got = offset < s->size ? s->size - offset < n ? (size_t)(s->size - offset) : n : 0;
    s->n_read += *got;
    return EMG_OK;
}

static emg_status sparse_size(void *context, uint64_t *out, emg_error *err)
{
    (void)err;
    *out = ((sparse *)context)->size;
    return EMG_OK;
}

/* A second of up to 10 GB: in small records, in large ones, in one. */
static void only_the_window_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *duration;
        int n, n_records;
        uint64_t most; /* bytes: the records that the window touches and their neighbours, or a part or two */
    } shapes[] = { { "1", 50000, 100000, 500000 },
                   { "10000000", 99999999, 50, 3000000 },
                   { "10000000", 99999999, 1, 3000000 } };
    for (size_t i = 0; i < 3; i++) {
        edf_signal signal = gapped[0];
        signal.n = shapes[i].n;
        edf_plan plan = { 2, "", shapes[i].duration, &signal, 1, 0, NULL, NULL };
        bytes header = edf_build(&plan);
        char records[16];
        snprintf(records, sizeof records, "%d", shapes[i].n_records);
        bytes_patch(&header, 236, records, 8);
        uint64_t samples = (uint64_t)shapes[i].n * (uint64_t)shapes[i].n_records;
        sparse s = { &header, 512 + 2 * samples, 0 };
        emgp_source source = { sparse_read, sparse_size, NULL, &s, NULL };
        emg_reading reading = emg_reading_defaults();
        reading.from_s = 0.777 * atof(shapes[i].duration) * shapes[i].n_records;
        reading.to_s = reading.from_s + 1;
        emg_recording *rec;
        assert_int_equal(emgp_recording_open_source(&rec, source, NULL, NULL, &reading, NULL), EMG_OK);
        gathered all;
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        assert_true(fabs((double)all.channel[0].n - shapes[i].n / atof(shapes[i].duration)) <= 1);
        assert_true(s.n_read < shapes[i].most);
        gathered_free(&all);
        emg_recording_close(rec);
        bytes_free(&header);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock_times_are_the_recordings_own),
        cmocka_unit_test(a_clock_end_may_follow_a_start_in_seconds_and_the_other_way_round),
        cmocka_unit_test(days_are_counted_from_the_windows_begin),
        cmocka_unit_test(clock_times_that_cannot_be_are_refused),
        cmocka_unit_test(marked_stretches_are_cut_out),
        cmocka_unit_test(a_mark_of_one_channel_is_its_own),
        cmocka_unit_test(marks_in_vain_are_told),
        cmocka_unit_test(stretches_that_touch_are_one),
        cmocka_unit_test(without_a_window_all_is_selected),
        cmocka_unit_test(only_points_leave_nothing_to_read_within),
        cmocka_unit_test(windows_in_large_records),
        cmocka_unit_test(many_marks_are_kept_up_to_a_bound),
        cmocka_unit_test(only_the_window_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
