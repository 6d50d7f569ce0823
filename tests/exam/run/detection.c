/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Discharges: every detector over the same records, scored as single events. */
#include <math.h>

#include "methods/bound.h"
#include "methods/myogram.h"
#include "run/parts.h"

/* Detectors of the detection part: the project's own, its plain discharges, the baselines, and the bound. */
enum { OWN = 0, SPIKES, FIRST_BASELINE, MOST_DETECTORS = 16 };
static const double TOLERANCE_S = 0.010;

typedef struct entry {
    const char *name;
    emg_score *score;
    double amplitude_error, n_amplitudes; /* sums over matched ones */
} entry;

static void put_detection_header(FILE *file)
{
    fputs("cell\tdetector\tn_truth\tn_found\tn_matched\tprecision\tprecision_low\tprecision_high\trecall\trecall_low\t"
          "recall_high\tf1\tf1_low\tf1_high\tonset_bias_ms\tonset_sd_ms\trate_error\tamplitude_error\tfalse_per_min\n",
          file);
}

static void put_detection_row(FILE *file, const exam_cell *cell, const entry *e)
{
    emg_score_row r = emg_score_of_class(e->score, EMG_FASCICULATION);
    fprintf(file, "%s\t%s\t%llu\t%llu\t%llu", cell->name, e->name, (unsigned long long)r.n_truth,
            (unsigned long long)r.n_found, (unsigned long long)r.n_matched);
    const double values[] = { r.precision.value,
                              r.precision.low,
                              r.precision.high,
                              r.recall.value,
                              r.recall.low,
                              r.recall.high,
                              r.f1.value,
                              r.f1.low,
                              r.f1.high,
                              1000 * r.onset_bias_s,
                              1000 * r.onset_sd_s,
                              (double)r.n_found / (double)r.n_truth - 1,
                              NAN,
                              r.false_per_hour / 60 };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        exam_put_number(file, i + 2 == sizeof values / sizeof *values && e->n_amplitudes > 0
                                  ? e->amplitude_error / e->n_amplitudes
                                  : values[i]);
    fputc('\n', file);
}

/* Size of found discharges against true ones within 10 ms. */
static void compare_amplitudes(entry *e, const exam_events *truth, const exam_events *found)
{
    for (size_t i = 0, j = 0; i < truth->n; i++) {
        const emg_event *t = &truth->event[i];
        while (j < found->n && found->event[j].peak_s < t->peak_s - 0.010)
            j++;
        if (j == found->n || found->event[j].peak_s > t->peak_s + 0.010 || t->trial_type != EMG_FASCICULATION ||
            !(t->amplitude > 0) || !isfinite(found->event[j].amplitude))
            continue;
        e->amplitude_error += found->event[j].amplitude / t->amplitude - 1;
        e->n_amplitudes++;
    }
}

static emg_status add(entry *e, const exam_events *truth, const exam_events *found, emg_error *err)
{
    return emg_score_add(e->score, truth->event, truth->n, found->event, found->n, EXAM_SECONDS, err);
}

static emg_status run_own(entry entries[], const exam_record *r, emg_error *err)
{
    exam_answer answer;
    emg_status status = exam_myogram(r, true, &answer, err);
    if (status == EMG_OK)
        status = add(&entries[OWN], &r->truth, &answer.events, err);
    if (status == EMG_OK)
        status = add(&entries[SPIKES], &r->truth, &answer.spikes, err);
    if (status == EMG_OK && !r->uncalibrated)
        compare_amplitudes(&entries[OWN], &r->truth, &answer.events);
    exam_answer_free(&answer);
    return status;
}

static emg_status run_baselines(exam_cell_run *c, entry entries[], const exam_record *r)
{
    exam_events found = { 0 };
    emg_status status = EMG_OK;
    const exam_detector *d;
    for (size_t k = 0; status == EMG_OK && (d = exam_baseline(k)); k++) {
        double p[EXAM_PARAMETERS];
        const exam_signal s = exam_record_signal(r, 0);
        exam_tuned_get(c->tuned, d->name, d->parameter, d->n_parameters, p);
        exam_events_clear(&found);
        status = d->detect(&s, p, &found, &c->err);
        if (status == EMG_OK)
            status = add(&entries[FIRST_BASELINE + k], &r->truth, &found, &c->err);
    }
    exam_events_free(&found);
    return status;
}

/* The candidates above a threshold. */
static bool keep_above(const exam_events *candidates, double threshold, exam_events *kept)
{
    exam_events_clear(kept);
    for (size_t i = 0; i < candidates->n; i++) {
        if (!(candidates->event[i].confidence > threshold))
            continue;
        if (!exam_events_add(kept, &candidates->event[i]))
            return false;
        kept->event[kept->n - 1].confidence = NAN; /* a likelihood ratio is none */
    }
    return true;
}

static emg_status f1_of(const exam_events *truth, const exam_events *found, double *f1, emg_error *err)
{
    emg_score *score = exam_new_score(TOLERANCE_S, false, err);
    emg_status status = score ? EMG_OK : EMG_ENOMEM;
    if (status == EMG_OK)
        status = emg_score_add(score, truth->event, truth->n, found->event, found->n, EXAM_SECONDS, err);
    if (status == EMG_OK)
        *f1 = emg_score_of_class(score, EMG_FASCICULATION).f1.value;
    emg_score_free(score);
    return status;
}

/* Adds a record's candidates above the threshold that is best for it: of equally good ones the highest, and none at all where
 * none is better than that. */
static emg_status add_best(entry *e, const exam_events *truth, const exam_events *candidates, emg_error *err)
{
    double best = 0, best_threshold = INFINITY;
    exam_events kept = { 0 };
    emg_status status = EMG_OK;
    for (double threshold = 0; status == EMG_OK && threshold <= 1e5; threshold += 0.5 + threshold / 8) {
        double f1 = NAN;
        status = keep_above(candidates, threshold, &kept) ? f1_of(truth, &kept, &f1, err) : exam_no_memory(err);
        if (f1 > 0 && f1 >= best) {
            best = f1;
            best_threshold = threshold;
        }
    }
    if (status == EMG_OK)
        status = keep_above(candidates, best_threshold, &kept) ? add(e, truth, &kept, err) : exam_no_memory(err);
    exam_events_free(&kept);
    return status;
}

/* The bound, which sees the discharges in noise alone: that is the record itself where nothing lies over
 * them. */
static emg_status run_bound(exam_cell_run *c, entry *e, const exam_record *r, size_t record)
{
    exam_record bare = { 0 }, loud = { 0 };
    exam_events candidates = { 0 };
    bool is_bare = c->cell->extra == EXAM_PLAIN || c->cell->extra == EXAM_PAIRS;
    emg_status status = is_bare ? EMG_OK : exam_record_make_bare(&bare, c->job->split, c->cell, record, &c->err);
    if (status == EMG_OK)
        status = exam_record_make_loud(&loud, c->job->split, c->cell, record, &c->err);
    if (status == EMG_OK)
        status = exam_bound_candidates(is_bare ? r : &bare, &loud, pow(10, (50 - c->cell->snr_db) / 20), &candidates,
                                       &c->err);
    if (status == EMG_OK)
        status = add_best(e, &r->truth, &candidates, &c->err);
    exam_events_free(&candidates);
    exam_record_free(&bare);
    exam_record_free(&loud);
    return status;
}

static emg_status detect_record(exam_cell_run *c, entry entries[], entry *bound, size_t record)
{
    exam_record r;
    emg_status status = exam_record_make(&r, c->job->split, c->cell, record, &c->err);
    if (status == EMG_OK)
        status = run_own(entries, &r, &c->err);
    if (status == EMG_OK && !c->job->own_only)
        status = run_baselines(c, entries, &r);
    if (status == EMG_OK && !c->job->own_only)
        status = run_bound(c, bound, &r, record);
    exam_record_free(&r);
    return status;
}

emg_status exam_run_detection(exam_cell_run *c, FILE *file)
{
    entry entries[MOST_DETECTORS] = { { .name = "myogram" }, { .name = "myogram_discharges" } };
    size_t n = FIRST_BASELINE;
    emg_status status = EMG_OK;
    for (; !c->job->own_only && exam_baseline(n - FIRST_BASELINE) && n + 1 < MOST_DETECTORS; n++)
        entries[n].name = exam_baseline(n - FIRST_BASELINE)->name;
    if (!c->job->own_only)
        entries[n++].name = "known_template_bound";
    for (size_t i = 0; i < n; i++)
        if (!(entries[i].score = exam_new_score(TOLERANCE_S, true, &c->err)))
            status = EMG_ENOMEM;
    for (size_t k = 0; status == EMG_OK && k < c->job->n_records; k++)
        status = detect_record(c, entries, &entries[n - 1], k);
    put_detection_header(file);
    for (size_t i = 0; i < n; i++) {
        if (status == EMG_OK)
            put_detection_row(file, c->cell, &entries[i]);
        emg_score_free(entries[i].score);
    }
    return status;
}
