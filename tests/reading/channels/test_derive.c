/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Derived channels: sums exact to the bit in every shape of file, facts of their sources, and formulas refused. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "reading/gather.h"

enum { MOST = 4 };

static emg_status open_bytes(emg_recording **rec, const bytes *b, const emg_reading *reading, emg_error *err)
{
    *rec = NULL;
    return emg_recording_open_memory(rec, b->at, b->n, "test", reading, err);
}

static gathered read_all(const bytes *b, const emg_reading *reading)
{
    emg_recording *rec;
    gathered all;
    emg_error err = EMG_ERROR_NONE;
    if (open_bytes(&rec, b, reading, &err) != EMG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    emg_recording_close(rec);
    return all;
}

static size_t count(const char *const texts[MOST])
{
    size_t n = 0;
    while (n < MOST && texts[n])
        n++;
    return n;
}

static emg_reading derive(const char *const formulas[MOST])
{
    emg_reading reading = emg_reading_defaults();
    reading.derive = formulas;
    reading.n_derive = count(formulas);
    return reading;
}

/* Channels 0 to 7; signal 3 holds annotations. */
static const edf_signal signals[] = {
    { "EMG1", "uV", "-3276.8", "3276.7", "-32768", "32767", 200 },
    { "EMG2", "uV", "-1000", "1000", "-32768", "32767", 200 },
    { "EDF Annotations", "", "-1", "1", "-32768", "32767", 40 },
    { "Force", "N", "0", "100", "-32768", "32767", 10 },
    { "EMG1-EMG2", "uv", "-500", "500.5", "-32768", "32767", 200 },
    { "EMG 3 +", "mV", "5", "-5", "-32768", "32767", 200 },
    { "same", "uV", "-2", "2", "-32768", "32767", 200 },
    { "same", "uV", "-3", "3", "-30000", "30000", 200 },
    { "2*x", "uV", "-7", "7", "-32768", "32767", 200 },
};
enum { N_SIGNALS = sizeof signals / sizeof *signals, N_CHANNELS = N_SIGNALS - 1 };

static const char *const clocks[] = { "+0\x14\x14", "+1\x14\x14", "+5\x14\x14", "+6\x14\x14" };
static const edf_plan plan = { 2, "EDF+D", "1", signals, N_SIGNALS, 4, clocks, NULL };

/* What a signal's sample is in microvolts: the header's straight line, in double. */
static double sample(const edf_plan *p, int signal, uint64_t index, double to_uv)
{
    const edf_signal *s = &p->signals[signal];
    double pmin = strtod(s->physical_min, NULL), pmax = strtod(s->physical_max, NULL);
    double dmin = strtod(s->digital_min, NULL), dmax = strtod(s->digital_max, NULL);
    double scale = (pmax - pmin) * to_uv / (dmax - dmin);
    return (edf_digital(p->sample_bytes, signal, index) - dmin) * scale + pmin * to_uv;
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void sums_are_exact_in_both_widths(void **state)
{
    (void)state;
    static const char *const formulas[MOST] = { "D = EMG1 - EMG2", "W = 0.3*EMG1 - 0.7*EMG2 + 1.1*#7",
                                                "ONE = -2.5*#6" };
    edf_signal wide[N_SIGNALS];
    memcpy(wide, signals, sizeof wide);
    for (int i = 0; i < N_SIGNALS; i++) {
        wide[i].digital_min = "-8388608";
        wide[i].digital_max = "8388607";
    }
    const edf_plan plans[] = { plan, { 3, "BDF+D", "1", wide, N_SIGNALS, 4, clocks, NULL } };
    for (size_t p = 0; p < 2; p++) {
        bytes b = edf_build(&plans[p]);
        emg_reading reading = derive(formulas);
        gathered all = read_all(&b, &reading);
        const gathered_channel *d = &all.channel[N_CHANNELS];
        for (size_t c = 0; c < 3; c++) {
            assert_int_equal(d[c].n, 800);
            assert_int_equal(d[c].n_starts, 2);
        }
        for (uint64_t i = 0; i < 800; i++) {
            double a = sample(&plans[p], 0, i, 1), b2 = sample(&plans[p], 1, i, 1), c = sample(&plans[p], 6, i, 1);
            double sum = 0.3 * a;
            sum -= 0.7 * b2;
            sum += 1.1 * c;
            assert_true(same_bits(d[0].x[i], a - b2));
            assert_true(same_bits(d[1].x[i], sum));
            assert_true(same_bits(d[2].x[i], -2.5 * sample(&plans[p], 5, i, 1e3)));
        }
        gathered_free(&all);
        bytes_free(&b);
    }
}

static void every_way_to_write_a_formula(void **state)
{
    (void)state;
    static const struct {
        const char *formula, *name;
        double weight[N_CHANNELS];
    } cases[] = {
        { "TA R = EMG1 - EMG2", "TA R", { 1, -1 } },
        { "TA R=EMG1 -EMG2", "TA R", { 1, -1 } },
        { "\tx =\t#1+#2 ", "x", { 1, 1 } },
        { "x = EMG1-EMG2", "x", { [3] = 1 } }, /* the longest name that fits */
        { "x = EMG1- EMG2", "x", { 1, -1 } },
        { "x = 'EMG1'-EMG2", "x", { 1, -1 } },
        { "x = \"EMG1-EMG2\" - EMG1", "x", { -1, [3] = 1 } },
        { "x = emg2", "x", { [1] = 1 } },
        { "x = -EMG2", "x", { [1] = -1 } },
        { "x = +EMG2 + EMG2", "x", { [1] = 2 } },
        { "x = .5*EMG1 - 2 * EMG2", "x", { 0.5, -2 } },
        { "x = 1e-1*EMG1 + 1000*EMG2", "x", { 0.1, 1000 } },
        { "x = EMG1 + EMG1-EMG2", "x", { 1, [3] = 1 } },
        { "x = EMG 3 +", "x", { [4] = 1 } }, /* a name that ends like a sum */
        { "x = EMG 3 + - EMG 3 ++EMG 3 +", "x", { [4] = 1 } },
        { "x = same #7 - same #8", "x", { [5] = 1, [6] = -1 } }, /* names of those that share a label */
        { "x = #7 - '#8'", "x", { [5] = 1, [6] = -1 } },
        { "x = 2*x", "x", { [7] = 1 } }, /* a name with a star in it */
        { "x = 3*2*x", "x", { [7] = 3 } },
        { "Kn\xC3\xA4uel = #1", "Kn\xC3\xA4uel", { 1 } },
    };
    bytes b = edf_build(&plan);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *formulas[MOST] = { cases[i].formula };
        emg_reading reading = derive(formulas);
        reading.all_channels = true;
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        if (open_bytes(&rec, &b, &reading, &err) != EMG_OK)
            fail_msg("%s: %s", cases[i].formula, err.text);
        const emg_channel *c = emg_recording_channel(rec, N_CHANNELS);
        assert_string_equal(c->label, cases[i].name);
        assert_string_equal(c->label, c->name);
        gathered all;
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        for (size_t k = 0; k < 800; k++) {
            double sum = 0, size = 0;
            for (size_t s = 0; s < N_CHANNELS; s++) {
                double term = fabs(cases[i].weight[s]) > 0 ? cases[i].weight[s] * all.channel[s].x[k] : 0;
                sum += term;
                size += fabs(term);
            }
            assert_true(fabs(all.channel[N_CHANNELS].x[k] - sum) <= 1e-15 * 4 * size);
        }
        gathered_free(&all);
        emg_recording_close(rec);
    }
    bytes_free(&b);
}

static void formulas_that_cannot_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *formulas[MOST], *says;
    } cases[] = {
        { { "EMG1 - EMG2" }, "derivation 'EMG1 - EMG2': not of the form NAME = A - B" },
        { { " = EMG1" }, "not of the form" },
        { { "" }, "not of the form" },
        { { "x =" }, "a channel is missing" },
        { { "x = EMG1 -" }, "a channel is missing" },
        { { "x = 2*" }, "a channel is missing" },
        { { "x = EMG1 - EMGG2" }, "no channel is called 'EMGG2': nearest are 'EMG2', " },
        { { "x = EMG1 EMG2" }, "no channel is called 'EMG1 EMG2'" },
        { { "x = 0.5 EMG1" }, "no channel is called '0.5 EMG1'" },
        { { "x = - - EMG1" }, "no channel is called '- EMG1'" },
        { { "x = 'EMG1 - EMG2" }, "a quotation mark is missing" },
        { { "x = 'EMG1'EMG2" }, "channels are joined by + or -" },
        { { "x = ''" }, "no channel is called ''" },
        { { "x = 'EMG1 - EMG2'" }, "no channel is called 'EMG1 - EMG2'" },
        { { "x = #3" }, "no channel is called '#3'" }, /* the annotations */
        { { "x = #99" }, "no channel is called '#99'" },
        { { "x = same" }, "several channels are called so" },
        { { "x = 0*EMG1" }, "factors are numbers" },
        { { "x = 1001*EMG1" }, "factors are numbers" },
        { { "x = EMG1 - #4" }, "'x' cannot be derived: 'EMG1' and 'Force' differ in sampling rate" },
        { { "x = EMG1 - EMG 3 +" }, "'x' cannot be derived: 'EMG1' and 'EMG 3 +' differ in unit" },
        { { "emg2 = EMG1" }, "there is a channel of this name" },
        { { "same #8 = EMG1" }, "there is a channel of this name" },
        { { "x = EMG1", "X = EMG2" }, "there is a channel of this name" },
        { { "x = EMG1", "y = x" }, "no channel is called 'x'" }, /* only signals of the file are sources */
        { { "01234567890123456789012345678901234567890123456789012345678901234567890123456789 = EMG1" }, "too long" },
        { { "a\x1b = EMG1" }, "cannot be printed" },
    };
    bytes b = edf_build(&plan);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_reading reading = derive(cases[i].formulas);
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(open_bytes(&rec, &b, &reading, &err), EMG_EARG);
        assert_null(rec);
        if (!strstr(err.text, cases[i].says))
            fail_msg("case %zu: %s", i, err.text);
    }
    char sum[512] = "x = #1";
    for (int i = 1; i < 64; i++)
        strcat(sum, "+#1");
    const char *formulas[MOST] = { sum };
    emg_reading reading = derive(formulas);
    gathered all = read_all(&b, &reading);
    assert_true(all.channel[N_CHANNELS].n == 800);
    gathered_free(&all);
    strcat(sum, "+#1");
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_bytes(&rec, &b, &reading, &err), EMG_EARG);
    assert_non_null(strstr(err.text, "more than 64 terms"));
    bytes_free(&b);
}

static void a_source_that_cannot_be_read_gives_nothing(void **state)
{
    (void)state;
    static const char *const formulas[MOST] = { "x = EMG1 - EMG2" };
    bytes b = edf_build(&plan);
    bytes_patch(&b, edf_field(&plan, 104, 8, 1), "oops", 8); /* the physical minimum of EMG2 */
    emg_reading reading = derive(formulas);
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_bytes(&rec, &b, &reading, &err), EMG_EARG);
    assert_non_null(strstr(err.text, "'EMG2' cannot be read"));
    bytes_free(&b);
}

/* --- facts and selection ------------------------------------------------------------------------------------- */

static void derived_channels_are_what_their_sources_are(void **state)
{
    (void)state;
    static const char *const formulas[MOST] = { "EMG TA R = EMG1 - 0.5*EMG2", "pair = EMG1 + EMG1-EMG2",
                                                "ECG = EMG1 - EMG2", "mixed = EMG1 - #7" };
    bytes b = edf_build(&plan);
    emg_reading reading = derive(formulas);
    emg_recording *rec;
    assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
    assert_int_equal(emg_recording_get_facts(rec)->n_channels, N_CHANNELS + 4);
    const emg_channel *c[4];
    for (size_t i = 0; i < 4; i++) {
        c[i] = emg_recording_channel(rec, N_CHANNELS + i);
        assert_int_equal(c[i]->number, N_SIGNALS + 1 + i);
        assert_true(c[i]->derived && c[i]->usable && c[i]->selected && !c[i]->inverted);
        assert_true(fabs(c[i]->rate_hz - 200) <= 0 && c[i]->n_samples == 800);
        assert_string_equal(c[i]->unit, "uV");
        assert_string_equal(c[i]->prefilter, "HP:10Hz");
        assert_true(fabs(c[i]->to_uv - 1) <= 0);
    }
    assert_string_equal(c[0]->muscle, "TA R");
    assert_int_equal(c[0]->side, EMG_SIDE_RIGHT);
    assert_true(fabs(c[0]->physical_min + 3776.8) < 1e-9 && fabs(c[0]->physical_max - 3776.7) < 1e-9);
    assert_true(c[0]->is_muscle && c[0]->type == EMG_TYPE_EMG);
    assert_true(c[1]->is_muscle && c[1]->type == EMG_TYPE_EMG); /* nothing but its sources says so */
    assert_false(c[2]->is_muscle);
    assert_int_equal(c[2]->type, EMG_TYPE_ECG);
    assert_false(c[3]->is_muscle);
    assert_null(emg_recording_channel(rec, N_CHANNELS + 4));
    emg_recording_close(rec);
    bytes_free(&b);
}

static void sources_make_way_unless_they_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *formulas[MOST], *patterns[MOST];
        bool all;
        const char *taken; /* one digit per channel, the derived ones last */
    } cases[] = {
        { { NULL }, { NULL }, false, "11011000" },
        { { "TA = EMG1 - EMG2" }, { NULL }, false, "000110001" },
        { { "TA = EMG1 - EMG2" }, { NULL }, true, "111111111" },
        { { "TA = EMG1 - EMG2" }, { "EMG1" }, false, "100000001" },
        { { "TA = EMG1 - EMG2" }, { "Force" }, false, "001000001" },
        { { "TA = EMG1 - EMG2", "x = #7 - #8" }, { "!TA" }, false, "0001100001" },
        { { "TA = EMG1 - EMG2", "x = #7 - #8" }, { "!x", "#2" }, false, "0100000010" },
        { { "TA = EMG1 - EMG2" }, { "TA" }, false, "000000001" },
        { { "TA = EMG1 - EMG2" }, { "#10" }, false, "000000001" },
        { { "TA = EMG1 - EMG2" }, { "type:emg" }, false, "110110001" },
    };
    bytes b = edf_build(&plan);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_reading reading = derive(cases[i].formulas);
        reading.channels = cases[i].patterns;
        reading.n_channels = count(cases[i].patterns);
        reading.all_channels = cases[i].all;
        emg_recording *rec;
        assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
        char taken[16] = "";
        for (size_t k = 0; emg_recording_channel(rec, k); k++)
            taken[k] = emg_recording_channel(rec, k)->selected ? '1' : '0';
        if (strcmp(taken, cases[i].taken) != 0)
            fail_msg("case %zu: %s taken, %s due", i, taken, cases[i].taken);
        emg_recording_close(rec);
    }
    bytes_free(&b);
}

/* Where no channel is named as a muscle, a derivation named as one does not make the others strangers. */
static void a_name_for_a_derivation_says_nothing_of_others(void **state)
{
    (void)state;
    static const edf_signal nameless[] = { { "ch1", "uV", "-1", "1", "-32768", "32767", 200 },
                                           { "ch2", "uV", "-1", "1", "-32768", "32767", 200 },
                                           { "ch3", "uV", "-1", "1", "-32768", "32767", 200 } };
    static const char *const formulas[MOST] = { "EMG TA = ch1 - ch2", "x = ch1 + ch2" };
    edf_plan unknown = { 2, "", "1", nameless, 3, 1, NULL, NULL };
    bytes b = edf_build(&unknown);
    emg_reading reading = derive(formulas);
    emg_recording *rec;
    assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
    assert_true(emg_recording_channel(rec, 2)->selected && emg_recording_channel(rec, 2)->type_assumed);
    assert_false(emg_recording_channel(rec, 3)->type_assumed);
    assert_int_equal(emg_recording_channel(rec, 3)->type, EMG_TYPE_EMG);
    assert_true(emg_recording_channel(rec, 4)->type_assumed && emg_recording_channel(rec, 4)->is_muscle);
    assert_int_equal(emg_recording_channel(rec, 4)->type, EMG_TYPE_UNKNOWN);
    emg_recording_close(rec);
    bytes_free(&b);
}

/* Samples of sources outside their limits are told of, once and under their own number. */
static void sources_are_checked_like_any_signal(void **state)
{
    (void)state;
    static const char *const formulas[MOST] = { "x = same #7 - same #8", "y = 2*#8" };
    static const char *const patterns[] = { "#8" };
    bytes b = edf_build(&plan);
    for (size_t n = 0; n < 2; n++) {
        emg_reading reading = derive(formulas);
        reading.channels = patterns;
        reading.n_channels = n;
        reading.n_derive = 1 + n;
        emg_recording *rec;
        assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
        gathered all;
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        uint64_t outside = 0;
        for (uint64_t i = 0; i < 800; i++)
            outside += abs(edf_digital(2, 7, i)) > 30000;
        const emg_deviation *d = emg_recording_deviation(rec, emg_recording_n_deviations(rec) - 1);
        assert_string_equal(d->code, "W_SAMPLE_RANGE");
        assert_int_equal(d->channel, 8);
        assert_int_equal(strtoul(d->value, NULL, 10), outside);
        if (emg_recording_n_deviations(rec) > 1)
            assert_string_not_equal(emg_recording_deviation(rec, emg_recording_n_deviations(rec) - 2)->code, d->code);
        gathered_free(&all);
        emg_recording_close(rec);
    }
    bytes_free(&b);
}

/* What is made of an envelope is one, whatever it is called. */
static void envelopes_stay_envelopes(void **state)
{
    (void)state;
    static const char *const formulas[MOST] = { "EMG TA = EMG1 - EMG2" };
    bytes b = edf_build(&plan);
    bytes_patch(&b, edf_field(&plan, 136, 80, 1), "HP:1Hz LP:5Hz", 80);
    emg_reading reading = derive(formulas);
    emg_recording *rec;
    assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
    const emg_channel *c = emg_recording_channel(rec, N_CHANNELS);
    assert_true(c->envelope && c->selected && !c->is_muscle);
    assert_string_equal(c->prefilter, "");
    emg_recording_close(rec);
    emg_error err = EMG_ERROR_NONE;
    reading.raw_only = true;
    assert_int_equal(open_bytes(&rec, &b, &reading, &err), EMG_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "'EMG TA' is an envelope"));
    bytes_free(&b);
}

/* --- polarity ------------------------------------------------------------------------------------------------ */

static void inverted_channels_have_the_other_sign_everywhere(void **state)
{
    (void)state;
    static const char *const formulas[MOST] = { "x = EMG1 - EMG2", "y = EMG1 + #7" };
    static const char *const turned[] = { "EMG2", "#1", "emg?" }; /* twice the same is once */
    bytes b = edf_build(&plan);
    emg_reading reading = derive(formulas);
    reading.all_channels = true;
    gathered plain = read_all(&b, &reading);
    reading.invert = turned;
    reading.n_invert = 3;
    emg_recording *rec;
    assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
    const emg_channel *c = emg_recording_channel(rec, 0);
    assert_true(c->inverted && !emg_recording_channel(rec, 3)->inverted);
    assert_true(fabs(c->physical_min - 3276.8) <= 0 && fabs(c->physical_max + 3276.7) <= 0);
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    for (size_t i = 0; i < 800; i++) {
        for (size_t k = 0; k < 2; k++)
            assert_true(same_bits(all.channel[k].x[i], -plain.channel[k].x[i]));
        assert_true(same_bits(all.channel[3].x[i], plain.channel[3].x[i]));
        assert_true(same_bits(all.channel[N_CHANNELS].x[i], -plain.channel[N_CHANNELS].x[i]));
        assert_true(same_bits(all.channel[N_CHANNELS + 1].x[i], plain.channel[5].x[i] - plain.channel[0].x[i]));
    }
    gathered_free(&plain);
    gathered_free(&all);
    emg_recording_close(rec);
    bytes_free(&b);
}

static void only_channels_of_the_file_are_inverted(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *says;
    } cases[] = { { "EMG9", "no channel is called 'EMG9'" }, { "TA", "change the signs in their formula" } };
    static const char *const formulas[MOST] = { "TA = EMG1 - EMG2" };
    bytes b = edf_build(&plan);
    for (size_t i = 0; i < 2; i++) {
        emg_reading reading = derive(formulas);
        reading.invert = &cases[i].pattern;
        reading.n_invert = 1;
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(open_bytes(&rec, &b, &reading, &err), EMG_EARG);
        assert_non_null(strstr(err.text, cases[i].says));
    }
    bytes_free(&b);
}

/* --- shapes -------------------------------------------------------------------------------------------------- */

static void same_whatever_the_cut(const bytes *b, emg_reading reading)
{
    static const size_t frames[] = { 1, 7, 1000, 0 }, groups[] = { 1, 2, 3, 64 };
    gathered whole = read_all(b, &reading);
    for (size_t f = 0; f < 4; f++) {
        for (size_t g = 0; g < 4; g++) {
            reading.block_frames = frames[f];
            reading.group_size = groups[g];
            gathered cut = read_all(b, &reading);
            for (size_t c = 0; c < whole.n_channels; c++) {
                assert_int_equal(cut.channel[c].n, whole.channel[c].n);
                assert_int_equal(cut.channel[c].n_starts, whole.channel[c].n_starts);
                if (whole.channel[c].n > 0)
                    assert_memory_equal(cut.channel[c].x, whole.channel[c].x, whole.channel[c].n * sizeof(double));
            }
            gathered_free(&cut);
        }
    }
    gathered_free(&whole);
}

static const char *const some_sums[MOST] = { "a = EMG1 - EMG2", "b = 0.1*EMG1 + 0.2*EMG2 - 0.3*#7", "c = -#5" };

static void blocks_and_groups_make_no_difference(void **state)
{
    (void)state;
    static const char *const some[] = { "EMG1", "Force" };
    bytes b = edf_build(&plan);
    emg_reading reading = derive(some_sums);
    same_whatever_the_cut(&b, reading);
    reading.all_channels = true;
    same_whatever_the_cut(&b, reading);
    reading.from_s = 0.333;
    reading.to_s = 5.123;
    reading.channels = some;
    reading.n_channels = 2;
    same_whatever_the_cut(&b, reading);
    bytes_free(&b);
}

/* A record larger than what is read at once holds its signals one after the other. */
static void sums_within_large_records(void **state)
{
    (void)state;
    enum { SAMPLES = 600001 };
    static const char *const formulas[MOST] = { "x = EMG1 - EMG2" };
    edf_signal large[] = { signals[0], signals[1], signals[3] };
    large[0].n = large[1].n = SAMPLES;
    edf_plan one = { 2, "", "300", large, 3, 1, NULL, NULL };
    bytes b = edf_build(&one);
    emg_reading reading = derive(formulas);
    gathered all = read_all(&b, &reading);
    assert_int_equal(all.channel[3].n, SAMPLES);
    for (uint64_t i = 0; i < SAMPLES; i++)
        assert_true(same_bits(all.channel[3].x[i], sample(&one, 0, i, 1) - sample(&one, 1, i, 1)));
    gathered_free(&all);
    bytes_free(&b);
}

/* --- audio --------------------------------------------------------------------------------------------------- */

static void audio_is_derived_alike(void **state)
{
    (void)state;
    enum { FRAMES = 5000 };
    static const char *const formulas[MOST] = { "x = #1 - #2", "y = 0.3*#3 + 0.7*#1" };
    static const char *const turned[] = { "#1" };
    float samples[3 * FRAMES];
    for (int i = 0; i < 3 * FRAMES; i++)
        samples[i] = (float)sin(0.1 * i * i);
    bytes b = wave_build(3, 3, 1000, 32, samples, sizeof samples);
    for (int invert = 0; invert < 2; invert++) {
        emg_reading reading = derive(formulas);
        reading.full_scale_uv = 5000;
        reading.invert = turned;
        reading.n_invert = (size_t)invert;
        gathered all = read_all(&b, &reading);
        assert_int_equal(all.channel[0].n + all.channel[1].n + all.channel[2].n, 0);
        for (size_t i = 0; i < FRAMES; i++) {
            double a = (double)samples[3 * i] * (invert ? -5000.0 : 5000.0), c = (double)samples[3 * i + 2] * 5000.0;
            double sum = 0.3 * c;
            sum += 0.7 * a;
            assert_true(same_bits(all.channel[3].x[i], a - (double)samples[3 * i + 1] * 5000.0));
            assert_true(same_bits(all.channel[4].x[i], sum));
        }
        gathered_free(&all);
        same_whatever_the_cut(&b, reading);
        reading.all_channels = true;
        same_whatever_the_cut(&b, reading);
    }
    bytes_free(&b);
}

/* A sample that is no number spoils what is made of it, and nothing that is not. */
static void a_gap_in_a_source_is_a_gap(void **state)
{
    (void)state;
    enum { FRAMES = 4000 };
    static const char *const formulas[MOST] = { "x = #1 - #2" };
    float samples[3 * FRAMES] = { 0 };
    samples[3 * 1000 + 1] = NAN; /* channel 2, a source that is not selected */
    samples[3 * 2000 + 2] = NAN; /* channel 3, which nobody wants */
    bytes b = wave_build(3, 3, 1000, 32, samples, sizeof samples);
    static const char *const patterns[] = { "#1" };
    emg_reading reading = derive(formulas);
    reading.channels = patterns;
    reading.n_channels = 1;
    emg_recording *rec;
    gathered all;
    assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    assert_int_equal(all.channel[3].n, FRAMES - 1);
    assert_int_equal(all.channel[3].n_starts, 2);
    assert_int_equal(emg_recording_n_deviations(rec), 1);
    assert_string_equal(emg_recording_deviation(rec, 0)->code, "W_NOT_FINITE");
    assert_int_equal(emg_recording_deviation(rec, 0)->channel, 2);
    assert_true(fabs(emg_recording_get_facts(rec)->selected_s - 3.999) < 1e-9);
    gathered_free(&all);
    emg_recording_close(rec);
    bytes_free(&b);
}

/* --- memory -------------------------------------------------------------------------------------------------- */

static emg_status open_and_read(const bytes *b, const emg_reading *reading, gathered *all)
{
    emg_recording *rec;
    *all = (gathered){ 0 };
    emg_status status = open_bytes(&rec, b, reading, NULL);
    if (status != EMG_OK)
        return status;
    status = gather(all, rec, NULL);
    emg_recording_close(rec);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    static const char text[] = "+0\x14\x14\0+0.5\x15"
                               "0.2\x14go\x14\0+0.6\x15"
                               "0.05\x14stop\x14";
    static const char *const go[] = { "go" }, *const stop[] = { "stop" }, *const turned[] = { "EMG1" };
    const char *at = text;
    size_t length = sizeof text - 1;
    edf_plan one = plan;
    one.n_records = 1;
    one.annotations = &at;
    one.annotation_lengths = &length;
    bytes b = edf_build(&one);
    emg_reading reading = derive(some_sums);
    reading.within = go;
    reading.without = stop;
    reading.invert = turned;
    reading.n_within = reading.n_without = reading.n_invert = 1;
    for (int persistent = 0; persistent < 2; persistent++) {
        bool failed = true;
        for (long k = 1; failed; k++) {
            gathered all;
            assert_true(k < 1000);
            emgp_fault_arm(k, persistent);
            emg_status status = open_and_read(&b, &reading, &all);
            failed = emgp_fault_count() >= k;
            emgp_fault_arm(0, false);
            assert_int_equal(status, failed ? EMG_ENOMEM : EMG_OK);
            assert_true(failed || (k > 20 && all.channel[N_CHANNELS].n == 30));
            gathered_free(&all);
        }
    }
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_exact_in_both_widths),
        cmocka_unit_test(every_way_to_write_a_formula),
        cmocka_unit_test(formulas_that_cannot_be_are_refused),
        cmocka_unit_test(a_source_that_cannot_be_read_gives_nothing),
        cmocka_unit_test(derived_channels_are_what_their_sources_are),
        cmocka_unit_test(sources_make_way_unless_they_are_named),
        cmocka_unit_test(a_name_for_a_derivation_says_nothing_of_others),
        cmocka_unit_test(sources_are_checked_like_any_signal),
        cmocka_unit_test(envelopes_stay_envelopes),
        cmocka_unit_test(inverted_channels_have_the_other_sign_everywhere),
        cmocka_unit_test(only_channels_of_the_file_are_inverted),
        cmocka_unit_test(blocks_and_groups_make_no_difference),
        cmocka_unit_test(sums_within_large_records),
        cmocka_unit_test(audio_is_derived_alike),
        cmocka_unit_test(a_gap_in_a_source_is_a_gap),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
