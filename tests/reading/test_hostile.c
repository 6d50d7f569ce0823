/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hostile files: each is read, read with a named deviation, or refused, as its line says. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"

/* What a deviation or a reading must look like beyond its line's first word. */
static const struct {
    const char *file, *code;
    unsigned long long n_samples;
} details[] = {
    { "nrec_too_many.edf", "W_NREC_HIGH", 600 },
    { "nrec_huge.edf", "W_NREC_HIGH", 600 },
    { "nrec_blank.edf", "W_NREC_UNKNOWN", 600 },
    { "trunc_mid_sample.edf", "W_TRUNCATED_RECORD", 400 },
    { "trailing_bytes.edf", "W_TRAILING_BYTES", 600 },
    { "dur_comma.edf", "W_DECIMAL_COMMA", 600 },
    { "phys_equal.edf", "W_CALIBRATION", 300 },
    { "dig_reversed.edf", "W_CALIBRATION", 300 },
    { "phys_overflow.edf", "W_CALIBRATION", 300 },
    { "sample_outside_digital.edf", "W_SAMPLE_RANGE", 600 },
    { "label_terminal_escape.edf", "W_TEXT", 600 },
    { "label_duplicate.edf", "W_LABEL_DUPLICATE", 900 },
    { "label_nul_padded.edf", "W_NUL_PADDING", 600 },
    { "date_feb30.edf", "W_DATE", 600 },
    { "unit_question.edf", "W_UNIT_UNKNOWN", 600 },
    { "unit_blank.edf", "W_UNIT_BLANK", 600 },
    { "plus_no_annot_signal.edf", "W_NO_ANNOTATION_SIGNAL", 600 },
    { "tal_no_0x14.edf", "W_RECORD_TIME_MISSING", 300 },
    { "tal_gap_in_c.edf", "W_GAP", 300 },
    { "tal_bad_utf8.edf", "W_ANNOTATION_TEXT", 300 },
    { "tal_huge_onset.edf", "W_ANNOTATION_ONSET", 300 },
    { "annot_in_plain_edf.edf", "W_ANNOTATION_IN_PLAIN", 300 },
    { "data_size_ffffffff.wav", "W_DATA_SIZE", 900 },
    { "data_size_too_big.wav", "W_DATA_SIZE", 900 },
    { "rf64_lies.wav", "W_DATA_SIZE", 900 },
    { "float_nan.wav", "W_NOT_FINITE", 891 },
    { "float_huge.wav", "W_SAMPLE_HUGE", 0 },
    { "hdr_no_data.edf", "W_NO_RECORDS", 0 },
    { "tal_flood.edf", NULL, 300 },
    { "ok_700ch.edf", NULL, 5600 },
    { "ok_mixed_rates.edf", NULL, 3621 },
};

static void check_details(const char *file, const corpus_result *result)
{
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        if (strcmp(file, details[i].file) != 0)
            continue;
        if (details[i].code)
            assert_true(corpus_has(result, details[i].code));
        assert_int_equal(result->n_samples, details[i].n_samples);
    }
}

static void check_row(const corpus_row *row, void *context)
{
    char path[256];
    assert_true(row->n >= 3);
    snprintf(path, sizeof path, "hostile/%s", row->cell[0]);
    corpus_result result = corpus_read(path, false), strict = corpus_read(path, true);
    const char *due = row->cell[2];
    bool reject = strncmp(due, "REJECT", 6) == 0, ok = strncmp(due, "OK", 2) == 0;
    bool right = reject ? result.status != EMG_OK && !result.recording && result.error.offset >= 0
                 : ok   ? result.status == EMG_OK && strict.status == EMG_OK && result.n_deviations == 0
                        : result.status == EMG_OK && strict.status == EMG_EFORMAT && result.n_deviations > 0;
    if (!right)
        fail_msg("%s (%s): status %d, strict %d, %zu deviations: %s%s", row->cell[0], due, (int)result.status,
                 (int)strict.status, result.n_deviations, result.error.text, strict.error.text);
    if (!reject)
        check_details(row->cell[0], &result);
    corpus_close(&result);
    corpus_close(&strict);
    ++*(size_t *)context;
}

static void hostile_files_come_out_as_listed(void **state)
{
    (void)state;
    size_t n = 0;
    if (!corpus_each("hostile/EXPECT.tsv", check_row, &n))
        skip();
    print_message("%zu hostile files\n", n);
    assert_true(n > 0);
}

/* The first sample of a file, or NaN. */
static double first_sample(const char *path, unsigned long long skip_samples)
{
    char full[1024];
    emg_recording *rec;
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = true;
    snprintf(full, sizeof full, "%s/%s", EMG_SHARED_DIR, path);
    if (emg_recording_open(&rec, full, &reading, NULL) != EMG_OK)
        return NAN;
    emg_block block;
    double value = NAN;
    if (emg_recording_next(rec, &block, NULL) == EMG_OK && block.n_frames > skip_samples)
        value = block.x[skip_samples * block.n_channels];
    emg_recording_close(rec);
    return value;
}

static void values_of_hostile_files(void **state)
{
    (void)state;
    if (isnan(first_sample("hostile/ok_min.edf", 0)))
        skip();
    for (unsigned i = 0; i < 100; i++) {
        double uv = first_sample("hostile/unit_uV.edf", i);
        assert_true(fabs(first_sample("hostile/unit_mV.edf", i) - uv * 1e3) <= 1e-9 * (1 + fabs(uv * 1e3)));
        assert_true(fabs(first_sample("hostile/unit_nV.edf", i) - uv / 1e3) <= 1e-9 * (1 + fabs(uv)));
        assert_true(fabs(first_sample("hostile/phys_comma.edf", i) - uv) <= 0);
        assert_true(fabs(first_sample("hostile/ok_24.wav", i) - first_sample("hostile/ok_16.wav", i)) <= 0);
        assert_true(fabs(first_sample("hostile/ok_float.wav", i) - first_sample("hostile/ok_16.wav", i)) <= 1e-7);
    }
    bool seen = false;
    for (unsigned i = 0; i < 300; i++) {
        double x = first_sample("hostile/ok_bdf_extremes.bdf", i);
        seen = seen || !(fabs(x + 262144) > 0);
    }
    assert_true(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_files_come_out_as_listed),
        cmocka_unit_test(values_of_hostile_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
