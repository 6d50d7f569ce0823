/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cell after another, in as many processes as asked for; what a cell gives does not depend on the others. */
#include "run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <emg/score.h>

#include "bound.h"
#include "myogram.h"

/* Detectors of the detection part: the project's own, its plain discharges, the baselines, and the bound. */
enum { OWN = 0, SPIKES, FIRST_BASELINE, MOST_DETECTORS = 16 };

typedef struct entry {
    const char *name;
    emg_score *score;
    double amplitude_error, n_amplitudes; /* sums over matched ones */
} entry;

typedef struct cell_run {
    const exam_job *job;
    const exam_tuned *tuned;
    const exam_cell *cell;
    emg_error err;
} cell_run;

static void put_number(FILE *file, double value)
{
    if (isfinite(value))
        fprintf(file, "\t%.6g", value);
    else
        fputs("\tn/a", file);
}

static emg_score *new_score(emg_error *err)
{
    emg_score_config config = emg_score_defaults();
    config.fiducial = EMG_FIDUCIAL_PEAK;
    emg_score *score = NULL;
    return emg_score_new(&score, &config, err) ? NULL : score;
}

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
        put_number(file, i + 2 == sizeof values / sizeof *values && e->n_amplitudes > 0
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
    emg_status status = exam_myogram(r, &answer, err);
    if (status == EMG_OK)
        status = add(&entries[OWN], &r->truth, &answer.events, err);
    if (status == EMG_OK)
        status = add(&entries[SPIKES], &r->truth, &answer.spikes, err);
    if (status == EMG_OK && !r->uncalibrated)
        compare_amplitudes(&entries[OWN], &r->truth, &answer.events);
    exam_answer_free(&answer);
    return status;
}

static emg_status run_baselines(cell_run *c, entry entries[], const exam_record *r)
{
    exam_events found = { 0 };
    emg_status status = EMG_OK;
    const exam_detector *d;
    for (size_t k = 0; status == EMG_OK && (d = exam_baseline(k)); k++) {
        double p[EXAM_PARAMETERS];
        const exam_signal s = exam_record_signal(r);
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
    emg_score_config config = emg_score_defaults();
    config.fiducial = EMG_FIDUCIAL_PEAK;
    config.n_resamples = 0;
    emg_score *score = NULL;
    emg_status status = emg_score_new(&score, &config, err);
    if (status == EMG_OK)
        status = emg_score_add(score, truth->event, truth->n, found->event, found->n, EXAM_SECONDS, err);
    if (status == EMG_OK)
        *f1 = emg_score_of_class(score, EMG_FASCICULATION).f1.value;
    emg_score_free(score);
    return status;
}

/* Adds a record's candidates above the threshold that is best for it. */
static emg_status add_best(entry *e, const exam_events *truth, const exam_events *candidates, emg_error *err)
{
    double best = -1, best_threshold = 0;
    exam_events kept = { 0 };
    emg_status status = EMG_OK;
    for (double threshold = 0; status == EMG_OK && threshold <= 1e5; threshold += 1 + threshold / 4) {
        double f1 = -1;
        status = keep_above(candidates, threshold, &kept) ? f1_of(truth, &kept, &f1, err) : exam_no_memory(err);
        if (f1 > best) {
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
static emg_status run_bound(cell_run *c, entry *e, const exam_record *r, size_t record)
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

static emg_status detect_record(cell_run *c, entry entries[], entry *bound, size_t record)
{
    exam_record r;
    emg_status status = exam_record_make(&r, c->job->split, c->cell, record, &c->err);
    if (status == EMG_OK)
        status = run_own(entries, &r, &c->err);
    if (status == EMG_OK)
        status = run_baselines(c, entries, &r);
    if (status == EMG_OK)
        status = run_bound(c, bound, &r, record);
    exam_record_free(&r);
    return status;
}

static emg_status run_detection(cell_run *c, FILE *file)
{
    entry entries[MOST_DETECTORS] = { { .name = "myogram" }, { .name = "myogram_discharges" } };
    size_t n = FIRST_BASELINE;
    emg_status status = EMG_OK;
    for (; exam_baseline(n - FIRST_BASELINE) && n + 1 < MOST_DETECTORS; n++)
        entries[n].name = exam_baseline(n - FIRST_BASELINE)->name;
    entries[n].name = "known_template_bound";
    for (size_t i = 0; i <= n; i++)
        if (!(entries[i].score = new_score(&c->err)))
            status = EMG_ENOMEM;
    for (size_t k = 0; status == EMG_OK && k < c->job->n_records; k++)
        status = detect_record(c, entries, &entries[n], k);
    put_detection_header(file);
    for (size_t i = 0; i <= n; i++) {
        if (status == EMG_OK)
            put_detection_row(file, c->cell, &entries[i]);
        emg_score_free(entries[i].score);
    }
    return status;
}

/* The true class's course in a record: rate and time of its episodes together. */
static exam_verdict true_course(const exam_record *r, emg_class class)
{
    exam_verdict v = { class, NAN, NAN, 0, 0, 0 };
    double weight = 0, rate = 0;
    for (size_t i = 0; i < r->truth.n; i++) {
        const emg_event *e = &r->truth.event[i];
        if (e->trial_type != class)
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

static void put_verdict(FILE *file, const exam_cell *cell, const char *name, size_t record, const exam_verdict *truth,
                        const exam_verdict *found)
{
    fprintf(file, "%s\t%s\t%zu\t%s\t%s", cell->name, name, record, emg_class_name(truth->trial_type),
            found->trial_type == EMG_UNCLASSIFIED ? "none" : emg_class_name(found->trial_type));
    put_number(file, found->confidence);
    put_number(file, truth->frequency_hz);
    put_number(file, found->frequency_hz);
    put_number(file, truth->to_s - truth->from_s);
    put_number(file, found->to_s - found->from_s);
    put_number(file, truth->beats);
    put_number(file, found->beats);
    fputc('\n', file);
}

static emg_status judge_record(cell_run *c, const exam_record *r, size_t record, FILE *file)
{
    exam_verdict truth = true_course(r, c->cell->class), found;
    exam_answer answer;
    emg_status status = exam_myogram(r, &answer, &c->err);
    if (status == EMG_OK)
        put_verdict(file, c->cell, "myogram", record, &truth, &answer.verdict);
    exam_answer_free(&answer);
    const exam_rule *rule;
    for (size_t i = 0; status == EMG_OK && (rule = exam_rhythm_rule(i)); i++) {
        double p[EXAM_PARAMETERS];
        const exam_signal s = exam_record_signal(r);
        exam_tuned_get(c->tuned, rule->name, rule->parameter, rule->n_parameters, p);
        status = rule->judge(&s, p, &found, &c->err);
        if (status == EMG_OK)
            put_verdict(file, c->cell, rule->name, record, &truth, &found);
    }
    return status;
}

static emg_status run_rhythm(cell_run *c, FILE *file)
{
    emg_status status = EMG_OK;
    fputs(
        "cell\tdetector\trecord\ttruth\tfound\tconfidence\ttrue_hz\tfound_hz\ttrue_s\tfound_s\ttrue_beats\tfound_beats\n",
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

/* Events that nothing true explains: fasciculations and jerks, and episodes of a rhythm. */
static void count_false(const exam_events *events, double *single, double *rhythm)
{
    for (size_t i = 0; i < events->n; i++) {
        emg_class class = events->event[i].trial_type;
        *single += class == EMG_FASCICULATION || class == EMG_MYOCLONUS;
        *rhythm += class == EMG_CLONUS || class == EMG_TREMOR || class == EMG_RHYTHMIC || class == EMG_MYOKYMIA;
    }
}

static void put_quiet_row(FILE *file, const cell_run *c, const char *name, double single, double rhythm)
{
    double minutes = (double)c->job->n_records * EXAM_SECONDS / 60;
    fprintf(file, "%s\t%s\t%.6g\t%.6g\t%.6g\n", c->cell->name, name, minutes, single / minutes, 60 * rhythm / minutes);
}

static emg_status run_quiet(cell_run *c, FILE *file)
{
    double single[MOST_DETECTORS] = { 0 }, rhythm[MOST_DETECTORS] = { 0 };
    emg_status status = EMG_OK;
    const exam_detector *d;
    fputs("cell\tdetector\tminutes\tfalse_single_per_min\tfalse_rhythm_per_hour\n", file);
    for (size_t k = 0; status == EMG_OK && k < c->job->n_records; k++) {
        exam_record r;
        exam_answer answer = { 0 };
        exam_events found = { 0 };
        status = exam_record_make(&r, c->job->split, c->cell, k, &c->err);
        if (status == EMG_OK)
            status = exam_myogram(&r, &answer, &c->err);
        count_false(&answer.events, &single[OWN], &rhythm[OWN]);
        for (size_t i = 0; status == EMG_OK && (d = exam_baseline(i)); i++) {
            double p[EXAM_PARAMETERS];
            const exam_signal s = exam_record_signal(&r);
            exam_tuned_get(c->tuned, d->name, d->parameter, d->n_parameters, p);
            exam_events_clear(&found);
            status = d->detect(&s, p, &found, &c->err);
            count_false(&found, &single[i + 1], &rhythm[i + 1]);
        }
        exam_events_free(&found);
        exam_answer_free(&answer);
        exam_record_free(&r);
    }
    if (status == EMG_OK)
        put_quiet_row(file, c, "myogram", single[OWN], rhythm[OWN]);
    for (size_t i = 0; status == EMG_OK && (d = exam_baseline(i)); i++)
        put_quiet_row(file, c, d->name, single[i + 1], rhythm[i + 1]);
    return status;
}

static bool run_cell(const exam_job *asked, const exam_tuned *tuned, const exam_cell *cell)
{
    char path[EXAM_PATH];
    const exam_job own = exam_job_of(asked, cell), *job = &own;
    cell_run c = { job, tuned, cell, EMG_ERROR_NONE };
    if (!exam_results_path(job, cell, path))
        return false;
    if (exam_results_done(job, path))
        return true;
    FILE *file = exam_results_open(job, path);
    if (!file)
        return false;
    emg_status status = cell->part == EXAM_DETECTION ? run_detection(&c, file)
                        : cell->part == EXAM_RHYTHM  ? run_rhythm(&c, file)
                                                     : run_quiet(&c, file);
    if (status) {
        fprintf(stderr, "exam: %s: %s\n", cell->name, c.err.text);
        fclose(file);
        return false;
    }
    if (!job->quiet)
        fprintf(stderr, "%s %s\n", exam_split_name(job->split), cell->name);
    return exam_results_close(file, path);
}

/* Every n_workers-th cell that the job takes, from the first-th on. */
static bool run_share(const exam_job *job, const exam_tuned *tuned, size_t first)
{
    bool good = true;
    size_t taken = 0;
    for (int part = 0; part < EXAM_N_PARTS; part++) {
        exam_cell cell;
        for (size_t i = 0; exam_cell_at((exam_part)part, i, &cell); i++)
            if (exam_job_takes(job, &cell) && taken++ % job->n_workers == first)
                good = run_cell(job, tuned, &cell) && good;
    }
    return good;
}

bool exam_run(const exam_job *job, const exam_tuned *tuned)
{
    bool good = true;
    if (job->n_workers < 2)
        return run_share(job, tuned, 0);
    for (size_t k = 0; k < job->n_workers; k++) {
        pid_t child = fork();
        if (child == 0)
            _exit(run_share(job, tuned, k) ? 0 : 1);
        good = good && child > 0;
    }
    for (size_t k = 0; k < job->n_workers; k++) {
        int status = 1;
        good = wait(&status) > 0 && status == 0 && good;
    }
    return good;
}
