/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rhythm: what each rule calls a record of one class, and the rate and length of what it found. */
#include <math.h>

#include "methods/myogram.h"
#include "run/parts.h"

/* The word that is right: the cell's, unless nothing in the record tells it from the one that looks like it. */
static emg_class right_word(const exam_record *r, emg_class class)
{
    if (r->told != EXAM_UNTOLD)
        return class;
    return class == EMG_CLONUS || class == EMG_TREMOR ? EMG_RHYTHMIC : EMG_TONIC;
}

/* The course of a class in the first channel of a record: rate and time of its episodes together. */
static exam_verdict true_course(const exam_record *r, emg_class class)
{
    exam_verdict v = { class, NAN, NAN, 0, 0, 0 };
    double weight = 0, rate = 0;
    for (size_t i = 0; i < r->truth.n; i++) {
        const emg_event *e = &r->truth.event[i];
        if (e->trial_type != class || e->channel > 0)
            continue;
        v.to_s += e->duration_s;
        v.beats += (double)e->count;
        if (isfinite(e->frequency_hz)) {
            rate += e->frequency_hz * e->duration_s;
            weight += e->duration_s;
        }
    }
    v.frequency_hz = weight > 0 ? rate / weight : NAN;
    return v;
}

/* The record as its rows tell it. */
typedef struct judged {
    const exam_cell *cell;
    size_t number;
    exam_told told;
    exam_context context;
    exam_verdict truth;
} judged;

static void put_verdict(FILE *file, const judged *j, const char *name, const exam_verdict *found)
{
    fprintf(file, "%s\t%s\t%zu\t%s\t%s\t%s\t%s\t%s", j->cell->name, name, j->number, emg_class_name(j->cell->class),
            exam_told_name(j->told), exam_context_name(j->context), emg_class_name(j->truth.trial_type),
            found->trial_type == EMG_UNCLASSIFIED ? "none" : emg_class_name(found->trial_type));
    const double values[] = {
        found->confidence,           j->truth.frequency_hz, found->frequency_hz, j->truth.to_s - j->truth.from_s,
        found->to_s - found->from_s, j->truth.beats,        found->beats
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        exam_put_number(file, values[i]);
    fputc('\n', file);
}

static emg_status judge_record(exam_cell_run *c, const exam_record *r, size_t record, FILE *file)
{
    judged j = { c->cell, record, r->told, r->context, true_course(r, right_word(r, c->cell->class)) };
    exam_verdict found;
    exam_answer answer;
    j.truth.from_s = 0;
    emg_status status = exam_myogram(r, true, &answer, &c->err);
    if (status == EMG_OK)
        put_verdict(file, &j, "myogram", &answer.verdict);
    exam_answer_free(&answer);
    const exam_rule *rule;
    for (size_t i = 0; status == EMG_OK && !c->job->own_only && (rule = exam_rhythm_rule(i)); i++) {
        double p[EXAM_PARAMETERS];
        const exam_signal s = exam_record_signal(r, 0);
        exam_tuned_get(c->tuned, rule->name, rule->parameter, rule->n_parameters, p);
        status = rule->judge(&s, p, &found, &c->err);
        if (status == EMG_OK)
            put_verdict(file, &j, rule->name, &found);
    }
    return status;
}

emg_status exam_run_rhythm(exam_cell_run *c, FILE *file)
{
    emg_status status = EMG_OK;
    fputs("cell\tdetector\trecord\tclass\ttold\tcontext\ttruth\tfound\tconfidence\ttrue_hz\tfound_hz\ttrue_s\tfound_s\t"
          "true_beats\tfound_beats\n",
          file);
    for (size_t k = 0; status == EMG_OK && k < c->job->n_records; k++) {
        exam_record r;
        status = exam_record_make(&r, c->job->split, c->cell, k, &c->err);
        if (status == EMG_OK)
            status = judge_record(c, &r, k, file);
        exam_record_free(&r);
    }
    return status;
}
