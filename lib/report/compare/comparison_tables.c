/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as a table and as JSON: one row of numbers per muscle and figure. */
#include <emg/comparison_tables.h>

#include <jansson.h>
#include <math.h>

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

static const char *differs_word(const emg_compared_figure *f)
{
    return !f->tested ? NULL : f->differs ? "yes" : "no";
}

static void put_row(emgp_sink *sink, const char *muscle, const emg_compared_figure *f)
{
    double numbers[N_COLUMNS];
    numbers_of(f, numbers);
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
    emgp_row_text(sink, "target_muscle");
    emgp_row_text(sink, "quantity");
    emgp_row_text(sink, "units");
    for (size_t i = 0; i < N_COLUMNS; i++)
        emgp_row_text(sink, columns[i].name);
    emgp_row_text(sink, "differs");
    emgp_row_text(sink, "remark");
    emgp_row_end(sink);
}

emg_status emg_report_comparison(const emg_comparison *comparison, emg_write *write, void *context, emg_error *err)
{
    if (!comparison || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_comparison needs a comparison and a function that takes the text");
    emgp_sink sink;
    emg_compared_figure figure;
    emgp_sink_init(&sink, write, context, err);
    put_header(&sink);
    for (size_t m = 0; m < emg_comparison_n_muscles(comparison); m++)
        for (size_t i = 0; emg_comparison_figure(comparison, m, i, &figure); i++)
            put_row(&sink, emg_comparison_muscle(comparison, m)->name, &figure);
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

static void put_recordings(emgp_document *doc, const emg_comparison *comparison)
{
    static const char *const names[] = { "a", "b" };
    for (size_t s = 0; s < 2; s++) {
        json_t *object = json_object(), *only = json_array();
        const char *muscle;
        for (size_t i = 0; (muscle = emg_comparison_unmatched(comparison, s, i)); i++)
            emgp_json_append(&only, emgp_json_text(muscle));
        emgp_json_set(&object, "recording", emgp_json_text(emg_comparison_name(comparison, s)));
        emgp_json_set(&object, "muscles_only_here", only);
        emgp_document_member(doc, names[s], object);
    }
}

static void put_meanings(emgp_document *doc, const emg_comparison *comparison)
{
    json_t *meanings = json_object(), *quantities = json_object();
    emg_compared_figure figure;
    for (size_t i = 0; i < N_COLUMNS; i++)
        emgp_json_set(&meanings, columns[i].name, emgp_json_text(columns[i].description));
    for (size_t i = 0; emg_comparison_figure(comparison, 0, i, &figure); i++)
        emgp_json_set(&quantities, figure.quantity, emgp_json_text(figure.description));
    emgp_document_member(doc, "columns", meanings);
    emgp_document_member(doc, "quantities", quantities);
}

emg_status emg_report_comparison_json(const emg_comparison *comparison, emg_write *write, void *context, emg_error *err)
{
    if (!comparison || !write)
        return emgp_fail(err, EMG_EARG,
                         "emg_report_comparison_json needs a comparison and a function that takes the text");
    emgp_document doc;
    emgp_document_start(&doc, write, context, err);
    emgp_document_member(&doc, "schema", emgp_json_text("myogram-comparison"));
    emgp_document_member(&doc, "schema_version", json_integer(1));
    emgp_document_member(&doc, "version", emgp_json_text(emg_version()));
    emgp_document_member(&doc, "disclaimer", emgp_json_text(EMG_DISCLAIMER));
    put_recordings(&doc, comparison);
    emgp_document_array(&doc, "muscles");
    for (size_t m = 0; m < emg_comparison_n_muscles(comparison); m++)
        emgp_document_element(&doc, muscle_object(comparison, m));
    emgp_document_array_end(&doc);
    put_meanings(&doc, comparison);
    return emgp_document_end(&doc, err);
}
