/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples without a header: every kind to the last bit, what is cut, and what does not say what they are. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reading/bytes.h"
#include "reading/gather.h"

enum { CHANNELS = 3, FRAMES = 500 };

static void add_turned(bytes *b, const unsigned char *at, size_t n, bool big)
{
    for (size_t i = 0; i < n; i++)
        bytes_add(b, &at[big ? n - 1 - i : i], 1);
}

/* Samples of a kind such as "s24be", and what they are. */
static bytes samples(const char *kind, double *value)
{
    bytes b = { 0 };
    const bool big = strstr(kind, "be") != NULL;
    int bits = 0;
    assert_int_equal(sscanf(kind + 1, "%d", &bits), 1);
    for (size_t i = 0; i < (size_t)CHANNELS * FRAMES; i++) {
        const int64_t most = INT64_C(1) << (bits < 32 ? bits - 1 : 31),
                      v = (int64_t)(i * 2654435761u) % most - most / 2;
        const float f = (float)v / 7.0f;
        const double d = (double)v / 7.0;
        unsigned char at[8];
        memcpy(at, &v, 8);
        if (*kind == 'f' && bits == 32)
            memcpy(at, &f, 4);
        else if (*kind == 'f')
            memcpy(at, &d, 8);
        else if (*kind == 'u')
            at[0] = (unsigned char)(v + 128);
        add_turned(&b, at, (size_t)bits / 8, big);
        value[i] = *kind != 'f' ? (double)v : bits == 32 ? (double)f : d;
    }
    return b;
}

static void every_kind_is_read_to_the_last_bit(void **state)
{
    (void)state;
    static const char *const kinds[] = { "s8",    "u8",    "s16le", "s16be", "s24le", "s24be",
                                         "s32le", "s32be", "f32le", "f32be", "f64le", "f64be" };
    static double value[CHANNELS * FRAMES];
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        char what[40];
        bytes b = samples(kinds[k], value);
        snprintf(what, sizeof what, "%s,%dch,1000.5Hz", kinds[k], CHANNELS);
        for (int scaled = 0; scaled < 2; scaled++) {
            emg_reading reading = emg_reading_defaults();
            reading.raw = what;
            reading.unit = scaled ? "mV" : NULL;
            reading.scale = scaled ? 0.25 : 1;
            emg_recording *rec = open_built(&b, &reading);
            gathered all;
            assert_int_equal(emg_recording_get_facts(rec)->format, EMG_FORMAT_RAW);
            assert_true(fabs(emg_recording_channel(rec, 0)->rate_hz - 1000.5) < 1e-9);
            assert_int_equal(gather(&all, rec, NULL), EMG_OK);
            assert_int_equal(all.n_channels, CHANNELS);
            for (size_t c = 0; c < CHANNELS; c++) {
                assert_int_equal(all.channel[c].n, FRAMES);
                for (size_t i = 0; i < FRAMES; i++)
                    assert_true(all.channel[c].x[i] == value[i * CHANNELS + c] * (scaled ? 250 : 1));
            }
            gathered_free(&all);
            emg_recording_close(rec);
        }
        bytes_free(&b);
    }
}

static void a_frame_that_is_cut_is_left_out_and_said(void **state)
{
    (void)state;
    static double value[CHANNELS * FRAMES];
    bytes b = samples("s16le", value);
    emg_reading reading = emg_reading_defaults();
    reading.raw = "2000HZ,3CH,S16LE"; /* in any order, any letters */
    b.n -= 3;
    emg_recording *rec = open_built(&b, &reading);
    assert_int_equal(emg_recording_channel(rec, 0)->n_samples, FRAMES - 1);
    assert_string_equal(emg_recording_deviation(rec, 0)->code, "W_PARTIAL_FRAME");
    emg_recording_close(rec);
    reading.strict = true;
    assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "test", &reading, NULL), EMG_EFORMAT);
    reading.strict = false;
    assert_int_equal(emg_recording_open_memory(&rec, b.at, 5, "test", &reading, NULL), EMG_EFORMAT);
    bytes_free(&b);
}

static void what_does_not_say_what_they_are_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "",
                                         "f32le",
                                         "f32le,2ch",
                                         "2ch,1000Hz",
                                         "f32le,0ch,1000Hz",
                                         "f32le,1.5ch,1000Hz",
                                         "f32le,2ch,0Hz",
                                         "f32le,2ch,nanHz",
                                         "f32le,2ch,1000",
                                         "f31le,2ch,1000Hz",
                                         "f32le,2ch,1000Hz,",
                                         "f32le 2ch 1000Hz",
                                         "f32le,2ch,1e9Hz",
                                         "f32le,99999999999ch,1000Hz",
                                         "f32le,2ch,0000000000000000000000000000001000Hz" };
    unsigned char zeros[64] = { 0 };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        emg_reading reading = emg_reading_defaults();
        reading.raw = texts[i];
        assert_int_equal(emg_recording_open_memory(&rec, zeros, sizeof zeros, "test", &reading, &err), EMG_EARG);
        assert_non_null(strstr(err.text, "such as f32le,4ch,2000Hz"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_to_the_last_bit),
        cmocka_unit_test(a_frame_that_is_cut_is_left_out_and_said),
        cmocka_unit_test(what_does_not_say_what_they_are_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
