/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF headers: what is read, what is tolerated with which code, what is refused at which byte. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "reading/bytes.h"
#include "reading/edf/edf.h"

static const edf_signal two[] = {
    { "EMG RAT", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
    { "EMG LAT", "uV", "-3276.8", "3276.7", "-32768", "32767", 50 },
};
static const edf_plan plain = { 2, "", "1", two, 2, 3, NULL, NULL };
static const edf_signal marked[] = {
    { "EMG RAT", "uV", "-3276.8", "3276.7", "-32768", "32767", 100 },
    { "EDF Annotations", "", "-1", "1", "-32768", "32767", 10 },
};
static const char *const clocks[] = { "+0\x14\x14", "+1\x14\x14", "+2\x14\x14" };
static const edf_plan plus = { 2, "EDF+C", "1", marked, 2, 3, clocks, NULL };

typedef struct parsed {
    emg_status status;
    emg_error error;
    emgp_edf_header header;
    emgp_deviations deviations;
} parsed;

static parsed parse(const bytes *b, bool strict)
{
    parsed p = { .error = EMG_ERROR_NONE, .deviations = { .strict = strict } };
    size_t length = 0;
    p.status = emgp_edf_header_length(b->at, b->n < 256 ? b->n : 256, b->n, &length, &p.error);
    if (p.status == EMG_OK)
        p.status = emgp_edf_header_parse(b->at, length, b->n, &p.deviations, &p.header, &p.error);
    return p;
}

static void release(parsed *p)
{
    emgp_edf_header_free(&p->header);
    emgp_deviations_free(&p->deviations);
}

static const emg_deviation *find(const parsed *p, const char *code)
{
    for (size_t i = 0; i < p->deviations.n; i++)
        if (strcmp(p->deviations.list[i].code, code) == 0)
            return &p->deviations.list[i];
    return NULL;
}

static void a_sound_header_is_read_without_remarks(void **state)
{
    (void)state;
    bytes b = edf_build(&plain);
    parsed p = parse(&b, true);
    assert_int_equal(p.status, EMG_OK);
    assert_int_equal(p.deviations.n, 0);
    assert_int_equal(p.header.facts.format, EMG_FORMAT_EDF);
    assert_int_equal(p.header.facts.n_records, 3);
    assert_int_equal(p.header.facts.n_channels, 2);
    assert_int_equal(p.header.record_bytes, 300);
    assert_int_equal(p.header.signals[1].offset, 200);
    assert_string_equal(p.header.channels[1].label, "EMG LAT");
    assert_true(fabs(p.header.channels[1].rate_hz - 50) < 1e-12);
    assert_int_equal(p.header.channels[1].n_samples, 150);
    assert_true(p.header.facts.start_known);
    assert_int_equal(p.header.facts.start_year, 2020);
    assert_int_equal(p.header.facts.start_hour, 10);
    release(&p);
    bytes_free(&b);
}

/* One field replaced: the deviation it must give at byte `at`, and that strict reading refuses it. */
static void tolerate_at(const edf_plan *plan, size_t offset, const char *text, size_t width, size_t at,
                        const char *code, const char *value)
{
    bytes b = edf_build(plan);
    bytes_patch(&b, offset, text, width);
    parsed p = parse(&b, false);
    assert_int_equal(p.status, EMG_OK);
    const emg_deviation *d = find(&p, code);
    assert_non_null(d);
    assert_int_equal(d->offset, at);
    assert_string_equal(d->value, value);
    assert_true(d->field[0] && d->action[0]);
    release(&p);
    p = parse(&b, true);
    assert_int_equal(p.status, EMG_EFORMAT);
    assert_true(p.error.offset >= 0);
    assert_non_null(strstr(p.error.text, "strict"));
    release(&p);
    bytes_free(&b);
}

static void tolerate(const edf_plan *plan, size_t offset, const char *text, size_t width, const char *code,
                     const char *value)
{
    tolerate_at(plan, offset, text, width, offset, code, value);
}

static void refuse(const edf_plan *plan, size_t offset, const char *text, size_t width)
{
    bytes b = edf_build(plan);
    bytes_patch(&b, offset, text, width);
    parsed p = parse(&b, false);
    assert_int_equal(p.status, EMG_EFORMAT);
    assert_int_equal(p.error.offset, offset);
    assert_non_null(strstr(p.error.text, "byte "));
    assert_null(p.header.signals);
    release(&p);
    bytes_free(&b);
}

static void slips_in_numbers_are_tolerated_and_named(void **state)
{
    (void)state;
    size_t pmin = edf_field(&plain, 104, 8, 1), samples = edf_field(&plain, 216, 8, 0);
    tolerate(&plain, 244, "1,0", 8, "W_DECIMAL_COMMA", "1,0");
    tolerate(&plain, 244, "1e0", 8, "W_EXPONENT", "1e0");
    tolerate(&plain, 236, "  3", 8, "W_LEFT_PADDING", "3");
    tolerate(&plain, pmin, "-3e3", 8, "W_EXPONENT", "-3e3");
    tolerate(&plain, samples, " 100", 8, "W_LEFT_PADDING", "100");
}

/* Spellings of a physical limit: those that are numbers, with the one code that there is about them, and those that are not. */
static void numbers_in_any_spelling(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
        const char *code; /* "": nothing to say; NULL: no number */
    } cases[] = { { "-.5", -0.5, "" },
                  { "+.5", 0.5, "" },
                  { ".5", 0.5, "" },
                  { "-0.5", -0.5, "" },
                  { "+1", 1, "" },
                  { "5.", 5, "" },
                  { "-5.", -5, "" },
                  { "007", 7, "" },
                  { "-.32E+4", -3200, "W_EXPONENT" },
                  { "1e3", 1000, "W_EXPONENT" },
                  { "1.5e-2", 0.015, "W_EXPONENT" },
                  { "+.5E1", 5, "W_EXPONENT" },
                  { "-,5", -0.5, "W_DECIMAL_COMMA" },
                  { "1,25", 1.25, "W_DECIMAL_COMMA" },
                  { " -.5", -0.5, "W_LEFT_PADDING" },
                  { "-.", 0, NULL },
                  { "+", 0, NULL },
                  { "..5", 0, NULL },
                  { "-.e1", 0, NULL },
                  { "1.5.", 0, NULL },
                  { "0x10", 0, NULL },
                  { "1e", 0, NULL },
                  { "- .5", 0, NULL } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = edf_build(&plain);
        bytes_patch(&b, edf_field(&plain, 104, 8, 0), cases[i].text, 8);
        parsed p = parse(&b, false);
        assert_int_equal(p.status, EMG_OK);
        assert_int_equal(p.header.channels[0].usable, cases[i].code != NULL);
        if (cases[i].code) {
            assert_true(fabs(p.header.channels[0].physical_min - cases[i].value) < 1e-12);
            assert_int_equal(p.deviations.n, cases[i].code[0] ? 1 : 0);
            assert_true(!cases[i].code[0] || find(&p, cases[i].code));
        }
        release(&p);
        bytes_free(&b);
    }
    tolerate(&plain, edf_field(&plain, 120, 8, 0), "-32768.", 8, "W_DIGITAL_FORM", "-32768.");
    tolerate(&plain, edf_field(&plain, 128, 8, 1), "32767.0", 8, "W_DIGITAL_FORM", "32767.0");
}

/* A date or another text where the version should be; what it is is not repeated. */
static void a_sound_header_behind_a_wrong_version_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *version, *reserved, *says;
        emg_format format; /* of the reserved field */
    } cases[] = { { "20160817", "", "holds a date", EMG_FORMAT_EDF },
                  { "17.08.16", "", "holds a date", EMG_FORMAT_EDF },
                  { "Miller", "", "holds another text", EMG_FORMAT_EDF },
                  { "", "", "holds nothing", EMG_FORMAT_EDF },
                  { " BIOSEMI", "24BIT", "BDF, as the reserved field says", EMG_FORMAT_BDF } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        edf_plan plan = plain;
        plan.sample_bytes = cases[i].format == EMG_FORMAT_BDF ? 3 : 2;
        plan.reserved = cases[i].reserved;
        bytes b = edf_build(&plan);
        bytes_patch(&b, 0, cases[i].version, 8);
        assert_true(emgp_edf_sniff(b.at, b.n < 520 ? b.n : 520));
        assert_false(emgp_edf_sniff(b.at, 255));
        parsed p = parse(&b, false);
        assert_int_equal(p.status, EMG_OK);
        assert_int_equal(p.header.facts.format, cases[i].format);
        assert_int_equal(p.deviations.n, 1);
        const emg_deviation *d = find(&p, "W_VERSION");
        assert_true(d && d->offset == 0 && !d->value[0]);
        assert_non_null(strstr(d->action, cases[i].says));
        release(&p);
        p = parse(&b, true);
        assert_int_equal(p.status, EMG_EFORMAT);
        assert_true(!cases[i].version[0] || !strstr(p.error.text, cases[i].version));
        release(&p);
        static const struct {
            size_t at;
            const char *text;
        } second[] = { { 252, "x" }, { 184, "770" }, { 236, "many" }, { 244, "one" }, { 100, "\x80" } };
        for (size_t k = 0; k < sizeof second / sizeof *second; k++) { /* with another fault it is no sound header */
            bytes worse = { 0 };
            bytes_add(&worse, b.at, b.n);
            bytes_patch(&worse, second[k].at, second[k].text, 4);
            assert_false(emgp_edf_sniff(worse.at, worse.n < 520 ? worse.n : 520));
            bytes_free(&worse);
        }
        bytes_free(&b);
    }
}

static void numbers_that_decide_the_layout_are_refused_when_unreadable(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "nan", "inf", "0x64", "100x", "-1", "1 0", "1,234.5", "", ".", "+", "--1", "1e"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        refuse(&plain, edf_field(&plain, 216, 8, 0), bad[i], 8);
        refuse(&plain, 244, bad[i], 8);
        refuse(&plain, 252, strlen(bad[i]) <= 4 ? bad[i] : "x", 4);
    }
    refuse(&plain, 244, "0", 8);
    refuse(&plain, 244, "9e99", 8);
    refuse(&plain, 236, "-2", 8);
    refuse(&plain, 236, "3.5", 8);
    refuse(&plain, 252, "0", 4);
    refuse(&plain, 252, "9999", 4);
}

static void a_calibration_fault_spoils_one_signal_only(void **state)
{
    (void)state;
    static const struct {
        size_t column;
        const char *text;
    } faults[] = { { 104, "nan" },   { 104, "" },      { 104, "3276.7" },     { 112, "inf" }, { 112, "9e99" },
                   { 112, "1.2.3" }, { 120, "32767" }, { 120, "32768" },      { 120, "x" },   { 128, "-32768" },
                   { 128, "1.5" },   { 128, "" },      { 128, "99999999999" } };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        bytes b = edf_build(&plain);
        char text[9] = "";
        strncpy(text, faults[i].text, 8);
        bytes_patch(&b, edf_field(&plain, faults[i].column, 8, 0), text, 8);
        parsed p = parse(&b, false);
        assert_int_equal(p.status, EMG_OK);
        if (strlen(faults[i].text) <= 8) {
            assert_false(p.header.channels[0].usable);
            assert_non_null(find(&p, "W_CALIBRATION"));
            assert_int_equal(find(&p, "W_CALIBRATION")->channel, 1);
        }
        assert_true(p.header.channels[1].usable);
        release(&p);
        bytes_free(&b);
    }
}

static void the_record_count_yields_to_the_size_of_the_file(void **state)
{
    (void)state;
    tolerate(&plain, 236, "-1", 8, "W_NREC_UNKNOWN", "-1");
    tolerate(&plain, 236, "", 8, "W_NREC_UNKNOWN", "");
    tolerate(&plain, 236, "99999999", 8, "W_NREC_HIGH", "99999999");
    tolerate(&plain, 236, "2", 8, "W_TRAILING_BYTES", "2");
    tolerate(&plain, 236, "0", 8, "W_NO_RECORDS", "0");
    tolerate(&plain, 184, "256", 8, "W_HEADER_BYTES", "256");
    for (size_t cut = 0; cut <= 900; cut++) {
        bytes b = edf_build(&plain);
        b.n -= cut;
        parsed p = parse(&b, false);
        if (cut > 600 && cut < 900) { /* inside the first record */
            assert_int_equal(p.status, EMG_EFORMAT);
            assert_int_equal(p.error.offset, b.n);
        } else {
            assert_int_equal(p.status, EMG_OK);
            assert_int_equal(p.header.facts.n_records, (900 - cut) / 300);
            assert_int_equal(find(&p, "W_NREC_HIGH") != NULL, cut > 0);
            assert_int_equal(find(&p, "W_TRUNCATED_RECORD") != NULL, cut % 300 != 0);
            assert_int_equal(find(&p, "W_NO_RECORDS") != NULL, cut == 900);
        }
        release(&p);
        bytes_free(&b);
    }
}

static void a_header_length_is_believed_only_when_the_size_proves_it(void **state)
{
    (void)state;
    tolerate(&plain, 184, "1024", 8, "W_HEADER_BYTES", "1024");
    bytes b = edf_build(&plain);
    bytes_patch(&b, 184, "1024", 8);
    bytes_add(&b, "x", 1);
    parsed p = parse(&b, false);
    assert_int_equal(p.status, EMG_EFORMAT);
    assert_int_equal(p.error.offset, 184);
    release(&p);
    bytes_free(&b);
}

static void every_cut_inside_the_header_is_refused(void **state)
{
    (void)state;
    bytes b = edf_build(&plain);
    for (size_t n = 0; n < 768; n++) {
        bytes cut = { 0 };
        bytes_add(&cut, b.at, n);
        parsed p = parse(&cut, false);
        assert_int_equal(p.status, EMG_EFORMAT);
        assert_true(p.error.offset >= 0 && p.error.text[0]);
        release(&p);
        bytes_free(&cut);
    }
    bytes_free(&b);
}

static void kinds_are_told_by_content(void **state)
{
    (void)state;
    bytes b = edf_build(&plus);
    parsed p = parse(&b, true);
    assert_int_equal(p.status, EMG_OK);
    assert_int_equal(p.header.facts.format, EMG_FORMAT_EDF_C);
    assert_int_equal(p.header.facts.n_annotation_signals, 1);
    assert_int_equal(p.header.facts.n_channels, 1);
    release(&p);
    bytes_free(&b);
    tolerate_at(&plus, 192, "", 44, 272, "W_ANNOTATION_IN_PLAIN", "EDF Annotations");
    tolerate(&plus, 192, "something", 44, "W_RESERVED", "something");
    tolerate(&plus, 272, "edf annotations", 16, "W_ANNOTATION_LABEL", "edf annotations");
    tolerate(&plain, 192, "EDF+C", 44, "W_NO_ANNOTATION_SIGNAL", "EDF+C");
    refuse(&plain, 192, "EDF+D", 44);
}

static void identity_stays_out_of_deviations(void **state)
{
    (void)state;
    bytes b = edf_build(&plus);
    bytes_patch(&b, 8, "Haagse \x1b[2J born 2 May", 80);
    bytes_patch(&b, 88, "somebody else", 80);
    bytes_patch(&b, 168, "31.02.51", 8);
    bytes_patch(&b, 176, "25.61.99", 8);
    parsed p = parse(&b, false);
    assert_int_equal(p.status, EMG_OK);
    assert_non_null(find(&p, "W_PATIENT_FIELDS"));
    assert_non_null(find(&p, "W_RECORDING_FIELDS"));
    assert_non_null(find(&p, "W_DATE"));
    assert_non_null(find(&p, "W_TIME"));
    for (size_t i = 0; i < p.deviations.n; i++)
        assert_string_equal(p.deviations.list[i].value, "");
    assert_false(p.header.facts.start_known);
    assert_non_null(strstr(p.header.facts.patient, "\\x1b[2J"));
    release(&p);
    bytes_free(&b);
}

static void dates_follow_the_clipping_rule(void **state)
{
    (void)state;
    static const struct {
        const char *date, *startdate;
        int year; /* 0: unknown */
    } cases[] = { { "01.01.85", "X", 1985 },           { "31.12.84", "X", 2084 },
                  { "29.02.00", "X", 2000 },           { "29.02.01", "X", 0 },
                  { "01.01.yy", "01-JAN-2090", 2090 }, { "01.01.yy", "X", 0 },
                  { "02.08.20", "02-AUG-1920", 1920 }, { "02/08/20", "X", 2020 },
                  { " 2. 8.20", "X", 2020 },           { "00.00.00", "X", 0 },
                  { "02.08.20", "03-AUG-2020", 2020 }, { "2.08.20", "X", 0 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = edf_build(&plus);
        char recording[80] = "Startdate ";
        strcat(strcat(recording, cases[i].startdate), " X X X");
        bytes_patch(&b, 168, cases[i].date, 8);
        bytes_patch(&b, 88, recording, 80);
        parsed p = parse(&b, false);
        assert_int_equal(p.status, EMG_OK);
        assert_int_equal(p.header.facts.start_known, cases[i].year != 0);
        if (cases[i].year)
            assert_int_equal(p.header.facts.start_year, cases[i].year);
        release(&p);
        bytes_free(&b);
    }
}

static void units_become_microvolts_only_when_they_are_voltages(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double to_uv;
        const char *code; /* NULL: none */
    } cases[] = { { "uV", 1, NULL },
                  { "mV", 1e3, NULL },
                  { "V", 1e6, NULL },
                  { "nV", 1e-3, NULL },
                  { "\xB5V", 1, "W_UNIT_SPELLING" },
                  { "\xC2\xB5V", 1, "W_UNIT_SPELLING" },
                  { "\xCE\xBCV", 1, "W_UNIT_SPELLING" },
                  { "uv", 1, "W_UNIT_SPELLING" },
                  { "[uV]", 1, "W_UNIT_SPELLING" },
                  { "(mV)", 1e3, "W_UNIT_SPELLING" },
                  { "Microvol", 1, "W_UNIT_SPELLING" },
                  { "uVolt", 1, "W_UNIT_SPELLING" },
                  { "(MV)", 0, "W_UNIT_UNKNOWN" },
                  { "[]", 0, "W_UNIT_UNKNOWN" },
                  { "MV", 0, "W_UNIT_UNKNOWN" },
                  { "?V", 0, "W_UNIT_UNKNOWN" },
                  { "furlong", 0, "W_UNIT_UNKNOWN" },
                  { "", 0, "W_UNIT_BLANK" },
                  { "kgf", 0, NULL },
                  { "%", 0, NULL } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = edf_build(&plain);
        bytes_patch(&b, edf_field(&plain, 96, 8, 0), cases[i].text, 8);
        parsed p = parse(&b, false);
        assert_int_equal(p.status, EMG_OK);
        assert_true(fabs(p.header.channels[0].to_uv - cases[i].to_uv) < 1e-15);
        assert_int_equal(p.deviations.n, cases[i].code ? 1 : 0);
        if (cases[i].code)
            assert_string_equal(p.deviations.list[0].code, cases[i].code);
        release(&p);
        bytes_free(&b);
    }
}

static void a_flood_of_deviations_is_counted(void **state)
{
    (void)state;
    emgp_deviations list = { .most = 5 };
    emgp_finding finding = { .code = "W_TEXT", .field = "field", .offset = 1 };
    for (int i = 0; i < 12; i++)
        assert_int_equal(emgp_deviate(&list, &finding, NULL), EMG_OK);
    assert_int_equal(list.n, 5);
    assert_string_equal(list.list[3].code, "W_TEXT");
    assert_string_equal(list.list[4].code, "W_MORE");
    assert_string_equal(list.list[4].value, "8 deviations");
    emgp_deviations_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_header_is_read_without_remarks),
        cmocka_unit_test(slips_in_numbers_are_tolerated_and_named),
        cmocka_unit_test(numbers_in_any_spelling),
        cmocka_unit_test(a_sound_header_behind_a_wrong_version_is_read),
        cmocka_unit_test(numbers_that_decide_the_layout_are_refused_when_unreadable),
        cmocka_unit_test(a_calibration_fault_spoils_one_signal_only),
        cmocka_unit_test(the_record_count_yields_to_the_size_of_the_file),
        cmocka_unit_test(a_header_length_is_believed_only_when_the_size_proves_it),
        cmocka_unit_test(every_cut_inside_the_header_is_refused),
        cmocka_unit_test(kinds_are_told_by_content),
        cmocka_unit_test(identity_stays_out_of_deviations),
        cmocka_unit_test(dates_follow_the_clipping_rule),
        cmocka_unit_test(a_flood_of_deviations_is_counted),
        cmocka_unit_test(units_become_microvolts_only_when_they_are_voltages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
