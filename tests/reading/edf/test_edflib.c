/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every EDF and BDF file that EDFlib opens, read by both: the same samples bit for bit, rates, lengths, annotations. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/simulation.h>

#include "base/base.h"
#include "reading/bytes.h"
#include "edflib_view.h"
#include "reading/gather.h"
#include "reading/layout.h"
#include "reading/walk.h"

/* Where the two differ on purpose, and what is then not compared. */
enum { OTHER_RATES = 1, OTHER_ANNOTATIONS = 2, LEFT_OUT = 4, REFUSED = 8 };
static const struct {
    const char *file;
    int what;
    const char *reason;
} known[] = {
    { "test_legacy.edf", OTHER_ANNOTATIONS, "an annotation signal in plain EDF: EDFlib takes its bytes for samples" },
    { "annot_in_plain_edf.edf", OTHER_ANNOTATIONS, "the same" },
    { "tal_huge_onset.edf", OTHER_ANNOTATIONS,
      "an onset of 1e22 s: EDFlib's 64-bit ticks overflow, here it is dropped" },
    { "dur_exp.edf", OTHER_RATES, "EDFlib reads the record duration 1e0 as 630 s" },
    { "dur_huge.edf", REFUSED, "EDFlib reads the record duration 9e99 as some other number" },
    { "phys_overflow.edf", LEFT_OUT, "limits of 9e307, whose difference no double holds" },
};

/* What has been compared in all. */
typedef struct tally {
    const char *path; /* of the file being compared */
    size_t opened, refused, fell, differing, wrong;
    unsigned long long samples, clipped, annotations;
} tally;

/* Notes a difference and goes on, so that one run shows all of them. */
__attribute__((format(printf, 2, 3))) static void wrong(tally *sum, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sum->wrong++;
    print_error("%s: ", sum->path);
    vprint_error(format, args);
    print_error("\n");
    va_end(args);
}

static int known_difference(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].file, name) == 0)
            return known[i].what;
    return 0;
}

static const double tick_s = 1e-7; /* EDFlib keeps times in whole ticks */

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* --- samples ------------------------------------------------------------------------------------------------- */

/* A signal as both know it. */
typedef struct pair {
    const emg_channel *channel;
    const gathered_channel *samples;
    const struct edf_param_struct *edflib;
    const int *digital;
} pair;

/* physical = (digital - low) * scale + least, the order in which the library computes; compared bit for bit. The
 * formula of the format's text differs from it by rounding only. */
static bool right_sample(const pair *s, double digital, double x)
{
    const emg_channel *c = s->channel;
    double to_unit = c->to_uv > 0 ? c->to_uv : 1.0, span = c->digital_max - c->digital_min;
    double scale = (c->physical_max - c->physical_min) * to_unit / span, least = c->physical_min * to_unit;
    double due = (digital - c->digital_min) * scale + least;
    double text =
        (c->physical_min + (c->physical_max - c->physical_min) * ((digital - c->digital_min) / span)) * to_unit;
    double size = (fabs(c->physical_min) + fabs(c->physical_max)) * to_unit + fabs(text);
    return same(x, due) && fabs(due - text) <= 1e-15 * size;
}

/* EDFlib gives the digital limit for a sample beyond it; here such samples stay as they are, and are counted. */
static void compare_signal(const pair *s, const layout *raw, tally *sum)
{
    const struct edf_param_struct *p = s->edflib;
    for (size_t i = 0; i < s->samples->n; i++) {
        long digital = layout_sample(raw, s->channel->number - 1, i);
        bool clipped = digital < p->dig_min || digital > p->dig_max;
        long seen = digital < p->dig_min ? p->dig_min : digital > p->dig_max ? p->dig_max : digital;
        if (seen != s->digital[i] || !right_sample(s, (double)digital, s->samples->x[i])) {
            wrong(sum, "signal %zu, sample %zu: %.17g, EDFlib has digital %d, the file %ld", s->channel->number, i,
                  s->samples->x[i], s->digital[i], digital);
            return;
        }
        sum->clipped += clipped;
    }
    sum->samples += s->samples->n;
}

/* EDFlib does not round the last digit of decimal numbers correctly. */
static bool same_limit(double here, double there)
{
    return fabs(here - there) <= 2.3e-16 * fabs(here);
}

static bool same_header(const pair *s, double duration_s, tally *sum)
{
    const emg_channel *c = s->channel;
    const struct edf_param_struct *p = s->edflib;
    bool same_rate = same(c->rate_hz, p->smp_in_datarecord / duration_s) || known_difference(sum->path) == OTHER_RATES;
    if (c->usable && same_rate && c->n_samples == (unsigned long long)p->smp_in_file && s->samples->n == c->n_samples &&
        same_limit(c->physical_min, p->phys_min) && same_limit(c->physical_max, p->phys_max) &&
        same(c->digital_min, p->dig_min) && same(c->digital_max, p->dig_max))
        return true;
    if (c->usable || known_difference(sum->path) != LEFT_OUT)
        wrong(sum,
              "signal %zu: %s, %.17g Hz, %llu samples, %.17g to %.17g; EDFlib has %d in %.17g s, %lld, %.17g to %.17g",
              c->number, c->usable ? "usable" : "left out", c->rate_hz, (unsigned long long)c->n_samples,
              c->physical_min, c->physical_max, p->smp_in_datarecord, duration_s, p->smp_in_file, p->phys_min,
              p->phys_max);
    return false;
}

/* The samples outside the digital limits that the reader has counted. */
static unsigned long long counted_outside(const emg_recording *rec)
{
    unsigned long long n = 0;
    for (size_t i = 0; i < emg_recording_n_deviations(rec); i++)
        if (strcmp(emg_recording_deviation(rec, i)->code, "W_SAMPLE_RANGE") == 0)
            n += strtoull(emg_recording_deviation(rec, i)->value, NULL, 10);
    return n;
}

/* EDFlib's number of the signal that follows `after` and is no annotation signal of a plain file; -1: none follows. */
static int next_signal(const edflib_view *view, int after)
{
    for (int i = after + 1; i < view->header.edfsignals; i++)
        if (strncmp(view->header.signalparam[i].label, "EDF Annotations", 15) != 0)
            return i;
    return -1;
}

static void compare_samples(emg_recording *rec, const edflib_view *view, tally *sum)
{
    gathered all;
    layout raw;
    int there = -1;
    double duration_s = (double)view->header.datarecord_duration / (double)EDFLIB_TIME_DIMENSION;
    unsigned long long clipped = sum->clipped;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    bool any = layout_read(&raw, sum->path);
    assert_false(view->samples_failed);
    for (size_t i = 0; i < all.n_channels; i++) {
        there = next_signal(view, there);
        if (there < 0 || !any) {
            wrong(sum, "%zu signals, EDFlib has %d", all.n_channels, view->header.edfsignals);
            break;
        }
        pair s = { emg_recording_channel(rec, i), &all.channel[i], &view->header.signalparam[there],
                   view->digital[there] };
        if (same_header(&s, duration_s, sum))
            compare_signal(&s, &raw, sum);
    }
    if (next_signal(view, there) >= 0)
        wrong(sum, "EDFlib has more than %zu signals", all.n_channels);
    if (sum->clipped - clipped != counted_outside(rec))
        wrong(sum, "%llu samples outside the digital limits, %llu are counted", sum->clipped - clipped,
              counted_outside(rec));
    layout_free(&raw);
    gathered_free(&all);
}

/* --- annotations --------------------------------------------------------------------------------------------- */

typedef struct comparison {
    const edflib_view *view;
    size_t n, n_wrong;
    tally *sum;
} comparison;

static bool compare_annotation(void *context, const emg_annotation *a)
{
    comparison *c = context;
    size_t n = c->n++;
    if (n >= (size_t)c->view->header.annotations_in_file)
        return true;
    const struct edf_annotation_struct *due = &c->view->annotations[n];
    char text[sizeof a->text];
    emgp_text_printable_string(text, sizeof text, due->annotation);
    double onset = (double)due->onset / (double)EDFLIB_TIME_DIMENSION;
    double duration = (double)due->duration_l / (double)EDFLIB_TIME_DIMENSION;
    bool same_duration = due->duration_l < 0 ? isnan(a->duration_s) : fabs(a->duration_s - duration) <= tick_s;
    bool right = fabs(a->onset_s - onset) <= tick_s && same_duration && strcmp(a->text, text) == 0;
    if (!right && c->n_wrong++ == 0)
        wrong(c->sum, "annotation %zu: %.9g %.9g '%s', EDFlib has %.9g %.9g '%s'", n + 1, a->onset_s, a->duration_s,
              a->text, onset, duration, text);
    return true;
}

static void compare_annotations(emg_recording *rec, const edflib_view *view, tally *sum)
{
    comparison c = { view, 0, 0, sum };
    assert_int_equal(emg_recording_annotations(rec, compare_annotation, &c, NULL), EMG_OK);
    if (c.n != (size_t)view->header.annotations_in_file)
        wrong(sum, "%zu annotations, EDFlib has %lld", c.n, view->header.annotations_in_file);
    sum->annotations += c.n;
}

/* --- files --------------------------------------------------------------------------------------------------- */

static void compare_opened(const edflib_view *view, tally *sum)
{
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = reading.no_sidecar = true;
    int difference = known_difference(sum->path);
    emg_status status = emg_recording_open(&rec, sum->path, &reading, &err);
    sum->differing += difference != 0;
    if (status != EMG_OK && difference != REFUSED)
        wrong(sum, "EDFlib opens it, refused here: %s", err.text);
    if (status != EMG_OK)
        return;
    compare_samples(rec, view, sum);
    if (difference != OTHER_ANNOTATIONS)
        compare_annotations(rec, view, sum);
    emg_recording_close(rec);
}

static void compare_file(const char *path, void *context)
{
    tally *sum = context;
    static edflib_view view;
    sum->path = path;
    edflib_look(&view, path);
    sum->opened += view.answer == EDFLIB_OPENED;
    sum->refused += view.answer == EDFLIB_REFUSED;
    sum->fell += view.answer == EDFLIB_FELL;
    if (view.answer == EDFLIB_OPENED)
        compare_opened(&view, sum);
    edflib_view_free(&view);
}

/* Files that need no shared folder: each kind, with rates, gains, limits and onsets that are no round numbers. */
static void same_as_edflib_on_built_files(void **state)
{
    (void)state;
    static const char *const times[] = { "+0.125\x14\x14\0+0.3\x15"
                                         "0.0375\x14"
                                         "caf\xC3\xA9\x14",
                                         "+0.458333\x14\x14\0-0.5\x14"
                                         "before\x14"
                                         "and\x14",
                                         "+0.791666\x14\x14" };
    static const size_t lengths[] = { 27, 28, 11 };
    static const char *const marks[] = { "", "EDF+C", "24BIT", "BDF+C" };
    tally sum = { 0 };
    for (int kind = 0; kind < 4; kind++) {
        bool plus = kind % 2, wide = kind > 1;
        edf_signal signals[] = { { "EMG RAT", "uV", "-3276.8", "3276.7", "-32768", "32767", 1000 },
                                 { "EMG LAT", "mV", "5.123457", "-4.98765", "-2048", "2047", 333 },
                                 { wide ? "BDF Annotations" : "EDF Annotations", "", "-1", "1",
                                   wide ? "-8388608" : "-32768", wide ? "8388607" : "32767", 40 },
                                 { "Force", "N", "0.1", "9999.999", wide ? "-8388608" : "-32768",
                                   wide ? "8388607" : "32767", 7 } };
        if (!plus)
            signals[2] = signals[3];
        edf_plan plan = { wide ? 3 : 2, marks[kind], "0.333333",          signals,
                          plus ? 4 : 3, 3,           plus ? times : NULL, plus ? lengths : NULL };
        bytes b = edf_build(&plan);
        if (plus) /* EDFlib refuses a prefilter on annotations */
            bytes_patch(&b, edf_field(&plan, 136, 80, 2), "", 80);
        char path[512];
        snprintf(path, sizeof path, "%s/test_edflib_%d", EMG_BUILD_DIR, kind);
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(b.at, 1, b.n, file), b.n);
        assert_int_equal(fclose(file), 0);
        compare_file(path, &sum);
        remove(path);
        bytes_free(&b);
    }
    assert_int_equal(sum.opened, 4);
    assert_int_equal(sum.samples, 2 * 3 * (1000 + 333 + 7) * 2);
    assert_int_equal(sum.annotations, 2 * 3);
    assert_true(sum.clipped > 0);
    assert_int_equal(sum.wrong, 0);
}

/* What this library writes, with annotations, EDFlib takes for sound and reads the same. */
static void same_as_edflib_on_written_files(void **state)
{
    (void)state;
    static const char *const endings[] = { "edf", "bdf" };
    tally sum = { 0 };
    for (int i = 0; i < 2; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/test_edflib_written.%s", EMG_BUILD_DIR, endings[i]);
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emg_run_simulation("ankle-clonus", 5, 20, 0, path, &err), EMG_OK);
        compare_file(path, &sum);
        remove(path);
        snprintf(path, sizeof path, "%s/test_edflib_written_events.tsv", EMG_BUILD_DIR);
        remove(path);
    }
    assert_int_equal(sum.opened, 2);
    assert_true(sum.samples >= 2 * 3 * 20 * 2000 && sum.annotations >= 2);
    assert_int_equal(sum.wrong, 0);
}

static void same_as_edflib(void **state)
{
    (void)state;
    tally sum = { 0 };
    static const char *const folders[] = { "data/edf", "data/real", "data/bids", "hostile" };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", EMG_SHARED_DIR, folders[i]);
        walk(path, compare_file, &sum);
    }
    print_message("EDFlib %d opened %zu files (%zu differ as listed), refused %zu, fell over %zu: %llu samples (%llu "
                  "outside the digital limits), %llu annotations\n",
                  edflib_version(), sum.opened, sum.differing, sum.refused, sum.fell, sum.samples, sum.clipped,
                  sum.annotations);
    if (sum.opened + sum.refused == 0)
        skip();
    assert_true(sum.opened > 30);
    assert_int_equal(sum.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(same_as_edflib_on_built_files),
                                        cmocka_unit_test(same_as_edflib_on_written_files),
                                        cmocka_unit_test(same_as_edflib) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
