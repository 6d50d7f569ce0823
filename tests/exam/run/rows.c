/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the report against true rows, over all channels of records that hold several patterns. */
#include <math.h>

#include "methods/myogram.h"
#include "run/parts.h"

/* Jerks and responses of many units have their largest deflection somewhere within their burst. */
static const double TOLERANCE_S = 0.020;

/* Artefacts are neither rows to be found nor false: what is scored is muscle. What an artefact is mistaken for counts. */
static void drop_artefacts(exam_events *events)
{
    size_t kept = 0;
    for (size_t i = 0; i < events->n; i++)
        if (events->event[i].trial_type != EMG_ARTIFACT)
            events->event[kept++] = events->event[i];
    events->n = kept;
}

static emg_status cv_rows(exam_cell_run *c, const exam_record *r, exam_events *out)
{
    const exam_rule *rule = exam_rhythm_rule(0);
    emg_status status = EMG_OK;
    double p[EXAM_PARAMETERS];
    exam_tuned_get(c->tuned, rule->name, rule->parameter, rule->n_parameters, p);
    for (size_t ch = 0; status == EMG_OK && ch < r->n_channels; ch++) {
        const exam_signal s = exam_record_signal(r, ch);
        size_t first = out->n;
        status = exam_rows_by_cv(&s, p, out, &c->err);
        for (size_t i = first; i < out->n; i++)
            out->event[i].channel = (uint32_t)ch;
    }
    return status;
}

static emg_status add(emg_score *score, const exam_record *r, exam_events *found, emg_error *err)
{
    drop_artefacts(found);
    return emg_score_add(score, r->truth.event, r->truth.n, found->event, found->n,
                         (double)(r->n * r->n_channels) / r->rate_hz, err);
}

static emg_status score_record(exam_cell_run *c, size_t record, emg_score *own, emg_score *by_cv)
{
    exam_record r;
    exam_answer answer = { 0 };
    exam_events rows = { 0 };
    emg_status status = exam_record_make(&r, c->job->split, c->cell, record, &c->err);
    drop_artefacts(&r.truth);
    if (status == EMG_OK)
        status = exam_myogram(&r, true, &answer, &c->err);
    if (status == EMG_OK)
        status = add(own, &r, &answer.events, &c->err);
    if (status == EMG_OK && !c->job->own_only)
        status = cv_rows(c, &r, &rows);
    if (status == EMG_OK && !c->job->own_only)
        status = add(by_cv, &r, &rows, &c->err);
    exam_events_free(&rows);
    exam_answer_free(&answer);
    exam_record_free(&r);
    return status;
}

static void put_row(FILE *file, const exam_cell *cell, const char *name, const char *word, const emg_score_row *r,
                    double calibration)
{
    fprintf(file, "%s\t%s\t%s\t%llu\t%llu\t%llu", cell->name, name, word, (unsigned long long)r->n_truth,
            (unsigned long long)r->n_found, (unsigned long long)r->n_matched);
    const double values[] = { r->precision.value,   r->recall.value,        r->f1.value, 1000 * r->onset_bias_s,
                              1000 * r->onset_sd_s, 1000 * r->end_sd_s,     r->overlap,  r->duration_icc,
                              r->frequency_icc,     r->false_per_hour / 60, calibration };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        exam_put_number(file, values[i]);
    fputc('\n', file);
}

/* A row for each class that is true or found, then all, any and macro. */
static void put_score(FILE *file, const exam_cell *cell, const char *name, const emg_score *score)
{
    static const char *const kinds[] = { "all", "any", "macro" };
    for (int k = 0; k < EMG_N_CLASSES; k++) {
        emg_score_row row = emg_score_of_class(score, (emg_class)k);
        if (row.n_truth + row.n_found > 0)
            put_row(file, cell, name, emg_class_name((emg_class)k), &row, NAN);
    }
    for (int k = EMG_SCORE_ALL; k <= EMG_SCORE_MACRO; k++) {
        emg_score_row row = emg_score_of(score, (emg_score_kind)k);
        put_row(file, cell, name, kinds[k], &row, k == EMG_SCORE_ALL ? emg_score_calibration_error(score) : NAN);
    }
}

emg_status exam_run_rows(exam_cell_run *c, FILE *file)
{
    emg_score *own = exam_new_score(TOLERANCE_S, false, &c->err), *by_cv = exam_new_score(TOLERANCE_S, false, &c->err);
    emg_status status = own && by_cv ? EMG_OK : EMG_ENOMEM;
    fputs("cell\tdetector\tclass\tn_truth\tn_found\tn_matched\tprecision\trecall\tf1\tonset_bias_ms\tonset_sd_ms\t"
          "end_sd_ms\toverlap\tduration_icc\tfrequency_icc\tfalse_per_min\tcalibration_error\n",
          file);
    for (size_t k = 0; status == EMG_OK && k < c->job->n_records; k++)
        status = score_record(c, k, own, by_cv);
    if (status == EMG_OK)
        put_score(file, c->cell, "myogram", own);
    if (status == EMG_OK && !c->job->own_only)
        put_score(file, c->cell, "cv_only", by_cv);
    emg_score_free(own);
    emg_score_free(by_cv);
    return status;
}
