/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records without anything to find: what is told of them all the same. */
#include "methods/myogram.h"
#include "run/parts.h"

enum { MOST_DETECTORS = 16 };

/* Rows that nothing true explains. */
typedef struct counts {
    double single, rhythm, sustained; /* fasciculations and jerks; episodes of a rhythm; contractions and cramps */
} counts;

static void count(const exam_events *events, counts *sum)
{
    for (size_t i = 0; i < events->n; i++) {
        emg_class class = events->event[i].trial_type;
        sum->single += class == EMG_FASCICULATION || class == EMG_MYOCLONUS || class == EMG_EVOKED;
        sum->rhythm += class == EMG_CLONUS || class == EMG_TREMOR || class == EMG_RHYTHMIC || class == EMG_MYOKYMIA ||
                       class == EMG_NEUROMYOTONIA;
        sum->sustained += class == EMG_TONIC || class == EMG_SPASM;
    }
}

static emg_status count_record(exam_cell_run *c, size_t record, counts *own, counts baselines[])
{
    exam_record r;
    exam_answer answer = { 0 };
    exam_events found = { 0 };
    const exam_detector *d;
    bool small = c->cell->quiet == EXAM_Q_SMALL; /* a matter of the word, which no baseline has */
    emg_status status = exam_record_make(&r, c->job->split, c->cell, record, &c->err);
    if (status == EMG_OK)
        status = exam_myogram(&r, !small, &answer, &c->err);
    count(&answer.events, own);
    for (size_t i = 0; status == EMG_OK && !small && !c->job->own_only && (d = exam_baseline(i)); i++) {
        double p[EXAM_PARAMETERS];
        const exam_signal s = exam_record_signal(&r, 0);
        exam_tuned_get(c->tuned, d->name, d->parameter, d->n_parameters, p);
        exam_events_clear(&found);
        status = d->detect(&s, p, &found, &c->err);
        count(&found, &baselines[i]);
    }
    exam_events_free(&found);
    exam_answer_free(&answer);
    exam_record_free(&r);
    return status;
}

static void put_row(FILE *file, const exam_cell_run *c, const char *name, const counts *sum)
{
    double minutes = (double)c->job->n_records * EXAM_SECONDS / 60;
    fprintf(file, "%s\t%s\t%.6g\t%.6g\t%.6g\t%.6g\n", c->cell->name, name, minutes, sum->single / minutes,
            60 * sum->rhythm / minutes, sum->sustained / minutes);
}

emg_status exam_run_quiet(exam_cell_run *c, FILE *file)
{
    counts own = { 0 }, baselines[MOST_DETECTORS] = { { 0 } };
    emg_status status = EMG_OK;
    const exam_detector *d;
    fputs("cell\tdetector\tminutes\tfalse_single_per_min\tfalse_rhythm_per_hour\tsustained_per_min\n", file);
    for (size_t k = 0; status == EMG_OK && k < c->job->n_records; k++)
        status = count_record(c, k, &own, baselines);
    if (status == EMG_OK)
        put_row(file, c, "myogram", &own);
    bool alone = c->job->own_only || c->cell->quiet == EXAM_Q_SMALL;
    for (size_t i = 0; status == EMG_OK && !alone && (d = exam_baseline(i)); i++)
        put_row(file, c, d->name, &baselines[i]);
    return status;
}
