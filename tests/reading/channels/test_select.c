/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns of channels: what each form takes, what it leaves out, and what is said when it matches nothing. */
#include "support/test.h"

#include <string.h>

#include "reading/bytes.h"
#include "reading/gather.h"

enum { MOST = 6 };

#define SIGNAL(label, unit, n)                                                                                         \
    {                                                                                                                  \
        (label), (unit), "-3276.8", "3276.7", "-32768", "32767", (n)                                                   \
    }

/* Channel indices 0 to 7; the annotations are signal 3, so that numbers and indices differ. */
static const edf_signal signals[] = { SIGNAL("EMG TA L", "uV", 50),
                                      SIGNAL("EMG SOL", "uV", 50),
                                      { "EDF Annotations", "", "-1", "1", "-32768", "32767", 12 },
                                      SIGNAL("Force", "N", 10),
                                      SIGNAL("ECG", "uV", 50),
                                      SIGNAL("EMG GM", "uV", 50),
                                      SIGNAL("EMG GM", "uV", 50),
                                      SIGNAL("", "uV", 50),
                                      SIGNAL("!odd", "uV", 50) };
static const char *const clocks[] = { "+0\x14\x14" };
static const edf_plan plan = { 2, "EDF+C", "0.1", signals, 9, 1, clocks, NULL };

static emg_status open_with(emg_recording **rec, const char *const patterns[MOST], bool all, emg_error *err)
{
    bytes b = edf_build(&plan);
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = all;
    reading.channels = patterns;
    while (reading.n_channels < MOST && patterns[reading.n_channels])
        reading.n_channels++;
    *rec = NULL;
    emg_status status = emg_recording_open_memory(rec, b.at, b.n, "test", &reading, err);
    if (status == EMG_OK) { /* what is selected is what is read */
        gathered samples;
        assert_int_equal(gather(&samples, *rec, NULL), EMG_OK);
        for (size_t i = 0; i < samples.n_channels; i++)
            assert_int_equal(samples.channel[i].n > 0, emg_recording_channel(*rec, i)->selected);
        gathered_free(&samples);
    }
    bytes_free(&b);
    return status;
}

static void each_form_takes_what_it_says(void **state)
{
    (void)state;
    static const struct {
        const char *patterns[MOST];
        bool all;
        const char *taken; /* one digit per channel index */
    } cases[] = {
        { { NULL }, false, "11001100" },
        { { NULL }, true, "11111111" },
        { { "EMG TA L" }, false, "10000000" },
        { { "emg ta l" }, false, "10000000" },
        { { "TA L" }, false, "10000000" }, /* the muscle */
        { { "SOL", "Force" }, false, "01100000" },
        { { "EMG*" }, false, "11001100" },
        { { "EMG ??" }, false, "00001100" },
        { { "EMG GM" }, false, "00001100" },    /* a label that two share */
        { { "EMG GM #6" }, false, "00001000" }, /* a name */
        { { "#6" }, false, "00001000" },
        { { "#1", "#4" }, false, "10100000" },
        { { "#8" }, false, "00000010" },   /* a blank label */
        { { "?odd" }, false, "00000001" }, /* a label that begins like an exclusion */
        { { "type:emg" }, false, "11001100" },
        { { "type:ECG" }, false, "00010000" },
        { { "type:force", "SOL" }, false, "01100000" },
        { { "type:unknown" }, false, "00000011" },
        { { "!SOL" }, false, "10001100" },
        { { "!#6", "!type:ecg" }, true, "11100111" },
        { { "!EMG*" }, true, "00110011" },
        { { "EMG*", "!*GM*" }, false, "11000000" },
        { { "!*GM*", "EMG*" }, false, "11000000" }, /* leaving out comes last */
        { { "!!odd" }, true, "11111110" },
        { { "!type:eeg" }, false, "11001100" }, /* leaving out a type needs none to be there */
        { { "*", "!type:unknown", "!#1" }, false, "01111100" },
        { { "*" }, false, "11111111" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        char taken[9] = "";
        assert_int_equal(open_with(&rec, cases[i].patterns, cases[i].all, &err), EMG_OK);
        for (size_t k = 0; k < 8; k++)
            taken[k] = emg_recording_channel(rec, k)->selected ? '1' : '0';
        if (strcmp(taken, cases[i].taken) != 0)
            fail_msg("case %zu: %s taken, %s due", i, taken, cases[i].taken);
        emg_recording_close(rec);
    }
}

static void what_matches_nothing_is_answered_with_what_is_near(void **state)
{
    (void)state;
    static const struct {
        const char *patterns[MOST];
        const char *says;
    } cases[] = {
        { { "EMG SOK" }, "no channel is called 'EMG SOK': nearest are 'EMG SOL', " },
        { { "forse" }, "nearest are 'Force', " },
        { { "EMG*", "tib*" }, "'tib*'" },
        { { "*GM*X" }, "nearest are 'EMG GM #6', 'EMG GM #7' and " },
        { { "!EMG SOK" }, "no channel is called 'EMG SOK'" },
        { { "#3" }, "no channel is signal #3: channels go from #1 to #9, annotations left out" },
        { { "#10" }, "signal #10" },
        { { "#99999999999999999999999" }, "signal #9999" },
        { { "type:eeg" }, "no channel is of the type 'eeg'" },
        { { "type:muscle" }, "the types of channels are emg, ecg, eog, eeg, force, trigger, other and unknown" },
        { { "!type:muscle" }, "the types of channels are" },
        { { "" }, "no channel is called ''" },
        { { "!" }, "no channel is called ''" },
        { { "\x1b[2J" }, "'\\x1b[2J'" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(open_with(&rec, cases[i].patterns, false, &err), EMG_EARG);
        assert_null(rec);
        if (!strstr(err.text, cases[i].says))
            fail_msg("case %zu: %s", i, err.text);
    }
}

/* The three nearest, best first: by how many letters must change, a star being free. */
static void the_nearest_come_first(void **state)
{
    (void)state;
    static const char *const patterns[MOST] = { "EMG*LL" };
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_with(&rec, patterns, false, &err), EMG_EARG);
    const char *sol = strstr(err.text, "'EMG SOL'"), *ta = strstr(err.text, "'EMG TA L'"), *gm = strstr(err.text, "GM");
    assert_true(sol && ta && gm && sol < gm && ta < gm);
    assert_null(strstr(err.text, "Force"));
}

/* Channels that may only be left out keep the usual choice, and what is said of it. */
static void leaving_out_is_no_choice(void **state)
{
    (void)state;
    static const edf_signal nameless[] = { SIGNAL("ch1", "uV", 50), SIGNAL("ch2", "uV", 50) };
    static const char *const off[] = { "!ch1" }, *const on[] = { "ch2" };
    edf_plan assumed = { 2, "", "0.1", nameless, 2, 1, NULL, NULL };
    bytes b = edf_build(&assumed);
    for (int named = 0; named < 2; named++) {
        emg_reading reading = emg_reading_defaults();
        reading.channels = named ? on : off;
        reading.n_channels = 1;
        emg_recording *rec = NULL;
        assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", &reading, NULL), EMG_OK);
        assert_false(emg_recording_channel(rec, 0)->selected);
        assert_true(emg_recording_channel(rec, 1)->selected);
        assert_int_equal(emg_recording_n_deviations(rec), !named); /* W_TYPE_ASSUMED */
        emg_recording_close(rec);
    }
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_takes_what_it_says),
        cmocka_unit_test(what_matches_nothing_is_answered_with_what_is_near),
        cmocka_unit_test(the_nearest_come_first),
        cmocka_unit_test(leaving_out_is_no_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
