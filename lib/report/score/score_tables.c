/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score as a table and as JSON. */
#include <emg/report.h>
#include <emg/score_tables.h>

#include "report/report.h"

#include <jansson.h>
#include "report/score/score.h"

emg_status emg_report_score(const emg_score *score, emg_write *write, void *context, emg_error *err)
{
    if (!score || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_score needs a score and a function that takes the text");
    emgp_sink sink;
    const emgp_score_column *column;
    const char *name;
    emg_score_row row;
    emgp_sink_init(&sink, write, context, err);
    emgp_row_text(&sink, "trial_type");
    for (size_t i = 0; (column = emgp_score_columns(i)); i++)
        emgp_row_text(&sink, column->name);
    emgp_row_end(&sink);
    for (size_t place = 0; (name = emgp_score_next_row(score, &place, &row));) {
        emgp_row_text(&sink, name);
        for (size_t i = 0; (column = emgp_score_columns(i)); i++) {
            if (column->is_count)
                emgp_row_count(&sink, emgp_score_count(column, &row));
            else
                emgp_row_number(&sink, emgp_score_real(column, &row));
        }
        emgp_row_end(&sink);
    }
    return emgp_sink_flush(&sink);
}

static json_t *row_object(const char *name, const emg_score_row *row)
{
    json_t *object = json_object();
    const emgp_score_column *column;
    emgp_json_set(&object, "trial_type", emgp_json_text(name));
    for (size_t i = 0; (column = emgp_score_columns(i)); i++)
        emgp_json_set(&object, column->name,
                      column->is_count ? emgp_json_count(emgp_score_count(column, row))
                                       : emgp_json_real(emgp_score_real(column, row)));
    return object;
}

static void put_labels(emgp_document *doc, const emg_score *score)
{
    emgp_document_array(doc, "labels");
    for (size_t r = 0; r < EMG_SCORE_LABELS; r++) {
        json_t *object = json_object(), *found = json_object();
        uint64_t n = 0;
        for (size_t c = 0; c < EMG_SCORE_LABELS; c++) {
            uint64_t here = emg_score_label(score, r, c);
            n += here;
            if (here > 0)
                emgp_json_set(&found, emgp_score_label_name(c, "missed"), emgp_json_count(here));
        }
        emgp_json_set(&object, "truth", emgp_json_text(emgp_score_label_name(r, "nothing")));
        emgp_json_set(&object, "found", found);
        if (n > 0 || !object)
            emgp_document_element(doc, object);
        else
            json_decref(object);
    }
    emgp_document_array_end(doc);
}

static void put_confidence(emgp_document *doc, const emg_score *score)
{
    emgp_document_member(doc, "calibration_error", emgp_json_real(emg_score_calibration_error(score)));
    emgp_document_array(doc, "reliability");
    for (size_t bin = 0; bin < EMG_SCORE_BINS; bin++) {
        emg_score_bin b = emg_score_reliability(score, bin);
        json_t *object = json_object();
        emgp_json_set(&object, "n", emgp_json_count(b.n));
        emgp_json_set(&object, "confidence", emgp_json_real(b.confidence));
        emgp_json_set(&object, "correct", emgp_json_real(b.correct));
        emgp_document_element(doc, object);
    }
    emgp_document_array_end(doc);
    emgp_document_array(doc, "coverage");
    for (int i = 0; i <= 20; i++) {
        emg_score_coverage at = emg_score_covered(score, i / 20.0);
        json_t *object = json_object();
        emgp_json_set(&object, "least_confidence", emgp_json_real(at.least_confidence));
        emgp_json_set(&object, "coverage", emgp_json_real(at.coverage));
        emgp_json_set(&object, "correct", emgp_json_real(at.correct));
        emgp_document_element(doc, object);
    }
    emgp_document_array_end(doc);
}

static void put_columns(emgp_document *doc)
{
    json_t *columns = json_object();
    const emgp_score_column *column;
    for (size_t i = 0; (column = emgp_score_columns(i)); i++) {
        json_t *object = json_object();
        emgp_json_set(&object, "units", *column->units ? emgp_json_text(column->units) : json_null());
        emgp_json_set(&object, "description", emgp_json_text(column->description));
        emgp_json_set(&columns, column->name, object);
    }
    emgp_document_member(doc, "columns", columns);
}

emg_status emg_report_score_json(const emg_score *score, emg_write *write, void *context, emg_error *err)
{
    if (!score || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_score_json needs a score and a function that takes the text");
    emgp_document doc;
    const char *name;
    emg_score_row row;
    emgp_document_start(&doc, write, context, err);
    emgp_document_member(&doc, "schema", emgp_json_text("myogram-score"));
    emgp_document_member(&doc, "schema_version", json_integer(1));
    emgp_document_member(&doc, "disclaimer", emgp_json_text(EMG_DISCLAIMER));
    emgp_document_member(&doc, "n_recordings", emgp_json_count(emg_score_n_recordings(score)));
    emgp_document_member(&doc, "observed_s", emgp_json_seconds(emg_score_observed_s(score)));
    emgp_document_array(&doc, "rows");
    for (size_t place = 0; (name = emgp_score_next_row(score, &place, &row));)
        emgp_document_element(&doc, row_object(name, &row));
    emgp_document_array_end(&doc);
    put_labels(&doc, score);
    put_confidence(&doc, score);
    json_t *errors = json_array();
    for (size_t bin = 0; bin < EMG_SCORE_ERROR_BINS; bin++)
        emgp_json_append(&errors, emgp_json_count(emg_score_errors(score, bin)));
    emgp_document_member(&doc, "onset_error_histogram", errors);
    put_columns(&doc);
    return emgp_document_end(&doc, err);
}
