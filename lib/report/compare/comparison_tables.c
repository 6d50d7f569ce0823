/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons as a table and as JSON: one row of numbers per pair, muscle and figure; then each muscle over all pairs. */
#include <emg/comparison_tables.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include <emg/version.h>

#include "report/report.h"

/* The columns behind target_muscle, quantity and units, each with what it is. */
static const struct {
    const char *name, *description;
} columns[] = {
    { "a", "figure of the first recording" },
    { "a_low", "lower end of its 95 % interval" },
    { "a_high", "upper end of it" },
    { "b", "figure of the second recording" },
    { "b_low", "lower end of its 95 % interval" },
    { "b_high", "upper end of it" },
    { "difference", "b - a" },
    { "difference_low", "lower end of its 95 % interval" },
    { "difference_high", "upper end of it" },
    { "ratio", "b / a" },
    { "ratio_low", "lower end of its 95 % interval" },
    { "ratio_high", "upper end of it" },
};

enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void numbers_of(const emg_compared_figure *f, double out[N_COLUMNS])
{
    const emg_interval all[] = { f->a, f->b, f->difference, f->ratio };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        out[3 * i] = all[i].value;
        out[3 * i + 1] = all[i].low;
        out[3 * i + 2] = all[i].high;
    }
}

/* A muscle over all pairs as one more figure. */
static emg_compared_figure figure_over_pairs(const emg_pooled_rates *p)
{
    const emg_interval none = { NAN, NAN, NAN };
    emg_compared_figure f = { .quantity = "fasciculation_ratio_over_pairs",
                              .units = "",
                              .a = none,
                              .b = none,
                              .difference = none,
                              .ratio = p->ratio,
                              .tested = p->tested,
                              .differs = p->differ };
    memcpy(f.remark, p->remark, sizeof f.remark);
    return f;
}

static const char *differs_word(const emg_compared_figure *f)
{
    return !f->tested ? NULL : f->differs ? "yes" : "no";
}

static void put_row(emgp_sink *sink, const char *const recordings[2], const char *muscle, const emg_compared_figure *f)
{
    double numbers[N_COLUMNS];
    numbers_of(f, numbers);
    emgp_row_text(sink, recordings[0]);
    emgp_row_text(sink, recordings[1]);
    emgp_row_text(sink, muscle);
    emgp_row_text(sink, f->quantity);
    emgp_row_text(sink, f->units);
    for (size_t i = 0; i < N_COLUMNS; i++)
        emgp_row_number(sink, numbers[i]);
    emgp_row_text(sink, differs_word(f));
    emgp_row_text(sink, f->remark);
    emgp_row_end(sink);
}

static void put_header(emgp_sink *sink)
{
    emgp_row_text(sink, "recording_a");
    emgp_row_text(sink, "recording_b");
    emgp_row_text(sink, "target_muscle");
    emgp_row_text(sink, "quantity");
    emgp_row_text(sink, "units");
    for (size_t i = 0; i < N_COLUMNS; i++)
        emgp_row_text(sink, columns[i].name);
    emgp_row_text(sink, "differs");
    emgp_row_text(sink, "remark");
    emgp_row_end(sink);
}

static void put_rows(emgp_sink *sink, const emg_comparison *c)
{
    const char *const recordings[] = { emg_comparison_name(c, 0), emg_comparison_name(c, 1) };
    emg_compared_figure figure;
    for (size_t m = 0; m < emg_comparison_n_muscles(c); m++)
        for (size_t i = 0; emg_comparison_figure(c, m, i, &figure); i++)
            put_row(sink, recordings, emg_comparison_muscle(c, m)->name, &figure);
}

emg_status emg_report_comparisons(const emg_comparisons *comparisons, emg_write *write, void *context, emg_error *err)
{
    static const char *const all[] = { "all", "all" };
    if (!comparisons || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_comparisons needs comparisons and a function that takes the text");
    emgp_sink sink;
    emg_pooled_rates pooled;
    emgp_sink_init(&sink, write, context, err);
    put_header(&sink);
    for (size_t i = 0; i < emg_comparisons_n(comparisons); i++)
        put_rows(&sink, emg_comparisons_at(comparisons, i));
    for (size_t m = 0; !emg_comparisons_is_one(comparisons) && emg_comparisons_pooled(comparisons, m, &pooled); m++) {
        const emg_compared_figure figure = figure_over_pairs(&pooled);
        put_row(&sink, all, pooled.muscle, &figure);
    }
    return emgp_sink_flush(&sink);
}

static json_t *text_or_null(const char *text)
{
    return text && *text ? emgp_json_text(text) : json_null();
}

static json_t *figure_object(const emg_compared_figure *f)
{
    json_t *object = json_object();
    double numbers[N_COLUMNS];
    numbers_of(f, numbers);
    emgp_json_set(&object, "units", text_or_null(f->units));
    for (size_t i = 0; i < N_COLUMNS; i++)
        emgp_json_set(&object, columns[i].name, emgp_json_real(numbers[i]));
    emgp_json_set(&object, "differs", f->tested ? json_boolean(f->differs) : json_null());
    emgp_json_set(&object, "remark", text_or_null(f->remark));
    return object;
}

static json_t *minutes_array(const emg_compared_side *side)
{
    json_t *array = json_array();
    for (size_t i = 0; i < side->n_minutes; i++)
        emgp_json_append(&array, emgp_json_count(side->minutes[i]));
    return array;
}

/* What the rates rest on. */
static json_t *counting_object(const emg_compared_muscle *m)
{
    json_t *object = json_object();
    emgp_json_set(&object, "counted_from", emgp_json_real(m->counted_from));
    emgp_json_set(&object, "widened_by", emgp_json_real(m->rates.widened_by));
    emgp_json_set(&object, "degrees_of_freedom",
                  m->rates.freedom > 0 ? emgp_json_count(m->rates.freedom) : json_null());
    emgp_json_set(&object, "a_minutes", minutes_array(&m->side[0]));
    emgp_json_set(&object, "b_minutes", minutes_array(&m->side[1]));
    return object;
}

static json_t *muscle_object(const emg_comparison *comparison, size_t index)
{
    const emg_compared_muscle *m = emg_comparison_muscle(comparison, index);
    json_t *object = json_object(), *all = json_object();
    emg_compared_figure figure;
    for (size_t i = 0; emg_comparison_figure(comparison, index, i, &figure); i++)
        emgp_json_set(&all, figure.quantity, figure_object(&figure));
    emgp_json_set(&object, "target_muscle", emgp_json_text(m->name));
    emgp_json_set(&object, "fasciculations", counting_object(m));
    emgp_json_set(&object, "figures", all);
    return object;
}

static json_t *recording_object(const emg_comparison *comparison, size_t side)
{
    json_t *object = json_object(), *only = json_array();
    const char *muscle;
    for (size_t i = 0; (muscle = emg_comparison_unmatched(comparison, side, i)); i++)
        emgp_json_append(&only, emgp_json_text(muscle));
    emgp_json_set(&object, "recording", emgp_json_text(emg_comparison_name(comparison, side)));
    emgp_json_set(&object, "muscles_only_here", only);
    return object;
}

static json_t *column_meanings(void)
{
    json_t *meanings = json_object();
    for (size_t i = 0; i < N_COLUMNS; i++)
        emgp_json_set(&meanings, columns[i].name, emgp_json_text(columns[i].description));
    return meanings;
}

static json_t *quantity_meanings(const emg_comparison *comparison)
{
    json_t *quantities = json_object();
    emg_compared_figure figure;
    for (size_t i = 0; emg_comparison_figure(comparison, 0, i, &figure); i++)
        emgp_json_set(&quantities, figure.quantity, emgp_json_text(figure.description));
    return quantities;
}

/* A comparison as a document of its own, or as a part of one; its muscles are its array. */
static json_t *comparison_object(const emg_comparison *comparison)
{
    json_t *object = json_object(), *muscles = json_array();
    for (size_t m = 0; m < emg_comparison_n_muscles(comparison); m++)
        emgp_json_append(&muscles, muscle_object(comparison, m));
    emgp_json_set(&object, "schema", emgp_json_text("myogram-comparison"));
    emgp_json_set(&object, "schema_version", json_integer(1));
    emgp_json_set(&object, "version", emgp_json_text(emg_version()));
    emgp_json_set(&object, "disclaimer", emgp_json_text(EMG_DISCLAIMER));
    emgp_json_set(&object, "a", recording_object(comparison, 0));
    emgp_json_set(&object, "b", recording_object(comparison, 1));
    emgp_json_set(&object, "muscles", muscles);
    emgp_json_set(&object, "columns", column_meanings());
    emgp_json_set(&object, "quantities", quantity_meanings(comparison));
    return object;
}

static void put_one(emgp_document *doc, const emg_comparison *comparison)
{
    json_t *object = comparison_object(comparison), *value;
    const char *key;
    doc->failed = doc->failed || !object;
    json_object_foreach(object, key, value)
    {
        if (!json_is_array(value)) {
            emgp_document_member(doc, key, json_incref(value));
            continue;
        }
        emgp_document_array(doc, key);
        for (size_t i = 0; i < json_array_size(value); i++)
            emgp_document_element(doc, json_incref(json_array_get(value, i)));
        emgp_document_array_end(doc);
    }
    json_decref(object);
}

static json_t *failures_array(const emg_comparisons *comparisons)
{
    json_t *array = json_array();
    const char *pair, *why;
    for (size_t i = 0; (pair = emg_comparisons_failed(comparisons, i, &why)); i++) {
        json_t *object = json_object();
        emgp_json_set(&object, "pair", emgp_json_text(pair));
        emgp_json_set(&object, "message", emgp_json_text(why));
        emgp_json_append(&array, object);
    }
    return array;
}

static json_t *unpaired_array(const emg_comparisons *comparisons, size_t side)
{
    json_t *array = json_array();
    const char *name;
    for (size_t i = 0; (name = emg_comparisons_unpaired(comparisons, side, i)); i++)
        emgp_json_append(&array, emgp_json_text(name));
    return array;
}

static json_t *pooled_array(const emg_comparisons *comparisons)
{
    json_t *array = json_array();
    emg_pooled_rates pooled;
    for (size_t i = 0; emg_comparisons_pooled(comparisons, i, &pooled); i++) {
        json_t *object = json_object();
        emgp_json_set(&object, "target_muscle", emgp_json_text(pooled.muscle));
        emgp_json_set(&object, "pairs", emgp_json_count(pooled.n_pairs));
        emgp_json_set(&object, "pairs_left_out", emgp_json_count(pooled.n_left_out));
        emgp_json_set(&object, "pairs_corrected", emgp_json_count(pooled.n_corrected));
        emgp_json_set(&object, "ratio", emgp_json_real(pooled.ratio.value));
        emgp_json_set(&object, "ratio_low", emgp_json_real(pooled.ratio.low));
        emgp_json_set(&object, "ratio_high", emgp_json_real(pooled.ratio.high));
        emgp_json_set(&object, "differs", pooled.tested ? json_boolean(pooled.differ) : json_null());
        emgp_json_set(&object, "remark", text_or_null(pooled.remark));
        emgp_json_append(&array, object);
    }
    return array;
}

/* Objects as put_one() writes them, one a line, and what is said of all. */
static void put_several(emgp_document *doc, const emg_comparisons *comparisons)
{
    emgp_document_member(doc, "schema", emgp_json_text("myogram-comparisons"));
    emgp_document_member(doc, "schema_version", json_integer(1));
    emgp_document_member(doc, "version", emgp_json_text(emg_version()));
    emgp_document_member(doc, "disclaimer", emgp_json_text(EMG_DISCLAIMER));
    emgp_document_member(doc, "recordings_only_in_a", unpaired_array(comparisons, 0));
    emgp_document_member(doc, "recordings_only_in_b", unpaired_array(comparisons, 1));
    emgp_document_member(doc, "failed", failures_array(comparisons));
    emgp_document_member(doc, "all", pooled_array(comparisons));
    emgp_document_array(doc, "comparisons");
    for (size_t i = 0; i < emg_comparisons_n(comparisons); i++)
        emgp_document_element(doc, comparison_object(emg_comparisons_at(comparisons, i)));
    emgp_document_array_end(doc);
}

emg_status emg_report_comparisons_json(const emg_comparisons *comparisons, emg_write *write, void *context,
                                       emg_error *err)
{
    if (!comparisons || !write)
        return emgp_fail(err, EMG_EARG,
                         "emg_report_comparisons_json needs comparisons and a function that takes the text");
    emgp_document doc;
    emgp_document_start(&doc, write, context, err);
    if (emg_comparisons_is_one(comparisons))
        put_one(&doc, emg_comparisons_at(comparisons, 0));
    else
        put_several(&doc, comparisons);
    return emgp_document_end(&doc, err);
}
