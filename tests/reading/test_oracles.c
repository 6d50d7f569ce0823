/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readings against what others say of the same files: record times parsed apart, dumps of edfReader and of edfio. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "bytes.h"
#include "gather.h"
#include "layout.h"
#include "walk.h"

/* --- record times -------------------------------------------------------------------------------------------- */

/* The start of a record by its time-keeping bytes, "+t 0x14 0x14 0x00"; NaN when they do not stand there. */
static double record_start(const layout *l, size_t record)
{
    size_t keeper = layout_annotations(l), n = keeper < l->n_signals ? l->signals[keeper].n * l->sample_bytes : 0,
           i = 0;
    const unsigned char *at = n ? layout_at(l, record, keeper) : NULL;
    char text[32] = "";
    while (i < n && i + 1 < sizeof text && strchr("+-.0123456789", at[i]) && at[i])
        i++;
    if (i < 2 || i + 2 >= n || (at[0] != '+' && at[0] != '-') || memcmp(at + i, "\x14\x14", 3) != 0)
        return NAN;
    memcpy(text, at, i);
    return strtod(text, NULL);
}

/* Whether every record has a time, and none begins before the one before it. */
static bool sound_times(const layout *l)
{
    for (size_t r = 0; r < l->n_records; r++)
        if (isnan(record_start(l, r)) || (r > 0 && record_start(l, r) < record_start(l, r - 1)))
            return false;
    return true;
}

static double half_sample(const layout *l)
{
    size_t most = 1;
    for (size_t i = 0; i < l->n_signals; i++)
        if (i != layout_annotations(l) && l->signals[i].n > most)
            most = l->signals[i].n;
    return 0.5 * l->record_duration_s / (double)most;
}

static size_t count_segments(const layout *l)
{
    size_t n = 1;
    for (size_t r = 1; r < l->n_records; r++)
        n += record_start(l, r) - record_start(l, r - 1) - l->record_duration_s > 1.001 * half_sample(l);
    return n;
}

/* Every sample stands where its record's time puts it, to half a sample, and each gap begins a segment. */
static void compare_times(const char *name, emg_recording *rec, const layout *l)
{
    gathered all;
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    size_t n_segments = count_segments(l);
    if (emg_recording_n_segments(rec) != n_segments)
        fail_msg("%s: %zu segments, not %zu", name, emg_recording_n_segments(rec), n_segments);
    double first = record_start(l, 0), start = 0, half = 1.001 * half_sample(l);
    for (size_t c = 0; c < all.n_channels; c++) {
        const layout_signal *s = &l->signals[emg_recording_channel(rec, c)->number - 1];
        assert_int_equal(all.channel[c].n, l->n_records * s->n);
        assert_int_equal(all.channel[c].n_starts, s->n > 0 ? n_segments : 0);
        for (size_t i = 0; i < all.channel[c].n; i++) {
            if (i % s->n == 0)
                start = record_start(l, i / s->n) - first;
            double due = start + (double)(i % s->n) * l->record_duration_s / (double)s->n;
            if (!(fabs(all.channel[c].time_s[i] - due) <= half))
                fail_msg("%s: sample %zu at %.9g s, not %.9g s", name, i, all.channel[c].time_s[i], due);
        }
    }
    gathered_free(&all);
}

typedef struct count {
    size_t timed, discontinuous, gaps;
} count;

static emg_recording *open_all(const char *path)
{
    emg_recording *rec;
    emg_reading reading = emg_reading_defaults();
    reading.all_channels = reading.no_sidecar = true;
    return emg_recording_open(&rec, path, &reading, NULL) == EMG_OK ? rec : NULL;
}

static void compare_file(const char *path, void *context)
{
    count *n = context;
    layout l;
    emg_recording *rec = open_all(path);
    bool any = layout_read(&l, path);
    if (rec && any && l.record_duration_s > 0 && sound_times(&l)) {
        compare_times(path, rec, &l);
        n->timed++;
        n->discontinuous += l.discontinuous;
        n->gaps += count_segments(&l) - 1;
    }
    layout_free(&l);
    emg_recording_close(rec);
}

static void record_times_of_files(void **state)
{
    (void)state;
    count n = { 0 };
    char path[1024];
    snprintf(path, sizeof path, "%s/data", EMG_SHARED_DIR);
    walk(path, compare_file, &n);
    snprintf(path, sizeof path, "%s/hostile", EMG_SHARED_DIR);
    walk(path, compare_file, &n);
    print_message("%zu files with record times, %zu of them EDF+D or BDF+D, %zu gaps\n", n.timed, n.discontinuous,
                  n.gaps);
    if (n.timed == 0)
        skip();
    assert_true(n.timed > 20 && n.discontinuous > 0 && n.gaps > 0);
}

enum { RECORDS = 400 };

/* Records of 0.1 s at 1000 and 300 Hz: every seventh is late by something between a sample and a day. */
static void record_times_of_many_gaps(void **state)
{
    (void)state;
    static char text[RECORDS][40];
    static const char *texts[RECORDS];
    for (int bytes_each = 2; bytes_each <= 3; bytes_each++) {
        double start_s = 0.25;
        for (int r = 0; r < RECORDS; r++) {
            static const double gaps_s[] = { 0.002, 0.0375, 1, 59.5, 86400 };
            if (r > 0)
                start_s += 0.1 + (r % 7 == 0 ? gaps_s[r / 7 % 5] : 0);
            snprintf(text[r], sizeof text[r], "+%.4f\x14\x14", start_s);
            texts[r] = text[r];
        }
        edf_signal signals[] = { { "EMG RAT", "uV", "-500", "500", "-2048", "2047", 100 },
                                 { "EDF Annotations", "", "-1", "1", "-32768", "32767", 20 },
                                 { "EMG LAT", "uV", "-500", "500", "-2048", "2047", 30 } };
        if (bytes_each == 3)
            signals[1].label = "BDF Annotations";
        edf_plan plan = { bytes_each, bytes_each == 3 ? "BDF+D" : "EDF+D", "0.1", signals, 3, RECORDS, texts, NULL };
        bytes b = edf_build(&plan);
        layout l;
        emg_recording *rec;
        emg_reading reading = emg_reading_defaults();
        reading.all_channels = true;
        assert_true(layout_copy(&l, b.at, b.n));
        assert_true(sound_times(&l));
        assert_int_equal(count_segments(&l), 1 + (RECORDS - 1) / 7);
        assert_int_equal(emg_recording_open_memory(&rec, b.at, b.n, "built", &reading, NULL), EMG_OK);
        compare_times("built", rec, &l);
        emg_recording_close(rec);
        layout_free(&l);
        bytes_free(&b);
    }
}

/* --- edfReader's dumps --------------------------------------------------------------------------------------- */

enum { CELLS = 11 };

/* The lines of a dump after the first, cut at commas, blanks around cells left out; false at the end. */
static bool next_line(FILE *file, char *line, size_t room, char *cell[CELLS])
{
    if (!fgets(line, (int)room, file))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    char *at = line;
    for (size_t i = 0; i < CELLS; i++) {
        cell[i] = at;
        char *comma = strchr(at, ',');
        char *end = comma ? comma : at + strlen(at);
        at = comma ? comma + 1 : end;
        while (end > cell[i] && end[-1] == ' ')
            end--;
        *end = '\0';
    }
    return line[0] != '\0';
}

static FILE *open_dump(const char *stem, const char *what)
{
    char path[1024], line[1024];
    snprintf(path, sizeof path, "%s/data/edf/edfReader/%s_%s.txt", EMG_SHARED_DIR, stem, what);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    return file;
}

static bool equals(double a, const char *text)
{
    return fabs(a - strtod(text, NULL)) <= 0;
}

static void compare_header(const char *stem, const emg_recording_facts *f)
{
    char line[1024], date[16], time[16], *cell[CELLS];
    FILE *file = open_dump(stem, "header");
    assert_true(next_line(file, line, sizeof line, cell));
    snprintf(date, sizeof date, "%02d.%02d.%02d", f->start_day, f->start_month, f->start_year % 100);
    snprintf(time, sizeof time, "%02d.%02d.%02d", f->start_hour, f->start_minute, (int)f->start_second);
    assert_string_equal(f->patient, cell[1]);
    assert_string_equal(f->recording, cell[2]);
    assert_string_equal(date, cell[3]);
    assert_string_equal(time, cell[4]);
    assert_true(equals(256 * (double)(1 + f->n_channels + f->n_annotation_signals), cell[5]));
    assert_string_equal(f->format_name, cell[6]);
    assert_true(equals((double)f->n_records, cell[7]));
    assert_true(equals(f->record_duration_s, cell[8]));
    assert_true(equals((double)f->n_channels, cell[9])); /* it does not count annotation signals, but in the bytes */
    fclose(file);
}

static void compare_signals(const char *stem, const emg_recording *rec)
{
    char line[1024], *cell[CELLS];
    const emg_channel *c;
    FILE *file = open_dump(stem, "signals");
    size_t n = 0;
    for (; (c = emg_recording_channel(rec, n)) != NULL; n++) {
        assert_true(next_line(file, line, sizeof line, cell));
        assert_true(equals((double)c->number, cell[0]));
        assert_string_equal(c->label, cell[1]);
        assert_string_equal(c->transducer, cell[2]);
        assert_string_equal(c->unit, cell[3]);
        assert_true(equals(c->physical_min, cell[4]) && equals(c->physical_max, cell[5]));
        assert_true(equals(c->digital_min, cell[6]) && equals(c->digital_max, cell[7]));
        assert_string_equal(c->prefilter, cell[8]);
        assert_true(equals(c->rate_hz * emg_recording_get_facts(rec)->record_duration_s, cell[9]));
    }
    assert_false(next_line(file, line, sizeof line, cell));
    assert_int_equal(n, 11);
    fclose(file);
}

static bool take_dumped(void *context, const emg_annotation *a)
{
    char line[1024], *cell[CELLS];
    assert_true(next_line(context, line, sizeof line, cell));
    assert_true(equals(a->onset_s, cell[0]));
    assert_true(cell[1][0] ? equals(a->duration_s, cell[1]) : isnan(a->duration_s));
    assert_string_equal(a->text, cell[2]);
    return true;
}

static void compare_reading(const char *stem, const char *ending)
{
    char path[1024], line[1024], *cell[CELLS];
    snprintf(path, sizeof path, "%s/data/edf/edfReader/%s.%s", EMG_SHARED_DIR, stem, ending);
    emg_recording *rec = open_all(path);
    if (!rec)
        skip();
    compare_header(stem, emg_recording_get_facts(rec));
    compare_signals(stem, rec);
    FILE *file = open_dump(stem, "annotations");
    assert_int_equal(emg_recording_annotations(rec, take_dumped, file, NULL), EMG_OK);
    assert_false(next_line(file, line, sizeof line, cell));
    fclose(file);
    emg_recording_close(rec);
}

static void facts_are_those_of_edfreader(void **state)
{
    (void)state;
    compare_reading("edfPlusC", "edf");
    compare_reading("bdfPlusC", "bdf");
}

/* --- edfio's header ------------------------------------------------------------------------------------------ */

static bool equals_json(double x, const json_t *signal, const char *key)
{
    const json_t *due = json_object_get(signal, key);
    assert_true(json_is_number(due));
    return fabs(x - json_number_value(due)) <= 0;
}

static void assert_text(const char *text, const json_t *signal, const char *key)
{
    assert_string_equal(text, json_string_value(json_object_get(signal, key)));
}

static void facts_are_those_of_edfio(void **state)
{
    (void)state;
    char path[1024];
    snprintf(path, sizeof path, "%s/data/edf/edfio/short_psg_header_reference.json", EMG_SHARED_DIR);
    json_t *root = json_load_file(path, 0, NULL);
    snprintf(path, sizeof path, "%s/data/edf/edfio/short_psg.edf", EMG_SHARED_DIR);
    emg_recording *rec = open_all(path);
    if (!root || !rec)
        skip();
    assert_int_equal(json_array_size(root), emg_recording_get_facts(rec)->n_channels);
    assert_true(json_array_size(root) > 0);
    for (size_t i = 0; i < json_array_size(root); i++) {
        const json_t *due = json_array_get(root, i);
        const emg_channel *c = emg_recording_channel(rec, i);
        assert_text(c->label, due, "label");
        assert_text(c->transducer, due, "transducer_type");
        assert_text(c->unit, due, "physical_dimension");
        assert_text(c->prefilter, due, "prefiltering");
        assert_true(equals_json(c->physical_min, due, "physical_min"));
        assert_true(equals_json(c->physical_max, due, "physical_max"));
        assert_true(equals_json(c->digital_min, due, "digital_min"));
        assert_true(equals_json(c->digital_max, due, "digital_max"));
        assert_true(equals_json(c->rate_hz, due, "sampling_frequency"));
        assert_true(
            equals_json(c->rate_hz * emg_recording_get_facts(rec)->record_duration_s, due, "samples_per_data_record"));
    }
    json_decref(root);
    emg_recording_close(rec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record_times_of_files),
        cmocka_unit_test(record_times_of_many_gaps),
        cmocka_unit_test(facts_are_those_of_edfreader),
        cmocka_unit_test(facts_are_those_of_edfio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
