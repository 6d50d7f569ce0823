/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Envelopes are told from raw EMG, and never analysed. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include <emg/recording.h>

#include "reading/bytes.h"
#include "reading/channels/channels.h"

typedef struct sign_row {
    const char *label, *prefilter, *transducer, *unit;
    double rate_hz;
    const char *sign; /* NULL: raw */
} sign_row;

static const sign_row rows[] = {
    { "EMG TA", "HP:10Hz LP:500Hz", "electrode", "uV", 1000, NULL },
    { "EMG TA", "HP:10Hz LP:1kHz N:50Hz", "", "uV", 2000, NULL },
    { "EMG Forearms", "HP:20", "armsleeve", "uV", 1000, NULL },
    { "EMG iEMG 3", "LP:0.5kHz", "", "uV", 1000, NULL },
    { "EMG Chin", "", "", "uV", 1, NULL },
    { "EMG TA", "HP:20Hz LP:5Hz", "", "uV", 1000, "prefilter" },
    { "EMG TA", "HP:20Hz;LP:10", "", "uV", 1000, "prefilter" },
    { "EMG TA", "Rectified", "", "uV", 1000, "prefilter" },
    { "EMG TA", "RMS 50 ms", "", "uV", 1000, "prefilter" },
    { "EMG TA", "", "linear envelope detector", "uV", 1000, "transducer" },
    { "EMG submental RMS", "", "", "uV", 200, "label" },
    { "EMG TA", "", "", "uVrms", 1000, "unit" },
};

static void signs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        emg_channel c = { .rate_hz = rows[i].rate_hz };
        snprintf(c.label, sizeof c.label, "%s", rows[i].label);
        snprintf(c.prefilter, sizeof c.prefilter, "%s", rows[i].prefilter);
        snprintf(c.transducer, sizeof c.transducer, "%s", rows[i].transducer);
        snprintf(c.unit, sizeof c.unit, "%s", rows[i].unit);
        const char *shows = NULL, *sign = emgp_envelope_sign(&c, &shows);
        if (!rows[i].sign != !sign || (sign && strcmp(sign, rows[i].sign) != 0))
            fail_msg("%s | %s: %s", rows[i].label, rows[i].prefilter, sign ? sign : "raw");
        assert_true(!sign || (shows && *shows));
    }
}

static void envelopes_are_not_selected(void **state)
{
    (void)state;
    const edf_signal signals[] = { { "EMG TA", "uV", "-100", "100", "-100", "100", 1000 },
                                   { "EMG Chin RMS", "uV", "-100", "100", "-100", "100", 200 } };
    edf_plan plan = {
        .sample_bytes = 2, .reserved = "", .duration = "1", .signals = signals, .n_signals = 2, .n_records = 3
    };
    bytes file = edf_build(&plan);
    emg_recording *rec = NULL;
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = reading.raw_only = true;
    assert_int_equal(emg_recording_open_memory(&rec, file.at, file.n, "memory", &reading, NULL), EMG_OK);
    assert_true(emg_recording_channel(rec, 0)->selected && emg_recording_channel(rec, 0)->is_muscle);
    assert_true(emg_recording_channel(rec, 1)->envelope && !emg_recording_channel(rec, 1)->selected);
    bool told = false;
    for (size_t i = 0; i < emg_recording_n_deviations(rec); i++)
        told = told || strcmp(emg_recording_deviation(rec, i)->code, "W_ENVELOPE") == 0;
    assert_true(told);
    emg_recording_close(rec);
    const char *named[] = { "EMG Chin*" };
    reading.channels = named;
    reading.n_channels = 1;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open_memory(&rec, file.at, file.n, "memory", &reading, &err), EMG_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "envelope"));
    reading.raw_only = false; /* to be looked at it may be read */
    assert_int_equal(emg_recording_open_memory(&rec, file.at, file.n, "memory", &reading, NULL), EMG_OK);
    assert_true(emg_recording_channel(rec, 1)->selected);
    emg_recording_close(rec);
    bytes_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(signs), cmocka_unit_test(envelopes_are_not_selected) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
