/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tuning by trying everything: detectors by pooled F1 of discharges, rules by macro-F1 of classes. */
#include "methods/tuned.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/score.h>

#include "ground/record.h"

enum { DETECTION_RECORDS = 6, RHYTHM_RECORDS = 3, MOST_RECORDS = 1200 };

typedef struct ground {
    exam_record *record;
    emg_class *class;
    size_t n;
} ground;

static void free_ground(ground *g)
{
    for (size_t i = 0; i < g->n; i++)
        exam_record_free(&g->record[i]);
    free(g->record);
    free(g->class);
    *g = (ground){ 0 };
}

/* Detection: every SNR at 10, 40 and 80 a minute, plain and with hum. Rhythm: every cell that is possible. */
static bool is_for_tuning(const exam_cell *c)
{
    bool rate = c->per_min > 5 && c->per_min < 100, full = strstr(c->name, "_rate") != NULL;
    return c->part == EXAM_RHYTHM ? !c->impossible : full && rate;
}

static bool make_ground(ground *g, exam_part part, size_t n_records)
{
    exam_cell cell;
    g->record = calloc(MOST_RECORDS, sizeof *g->record);
    g->class = calloc(MOST_RECORDS, sizeof *g->class);
    for (size_t i = 0; g->record && g->class && exam_cell_at(part, i, &cell); i++) {
        for (size_t k = 0; is_for_tuning(&cell) && k < n_records && g->n < MOST_RECORDS; k++) {
            emg_error err = EMG_ERROR_NONE;
            if (exam_record_make(&g->record[g->n], EXAM_TRAINING, &cell, k, &err)) {
                fprintf(stderr, "exam: %s: %s\n", cell.name, err.text);
                return false;
            }
            g->class[g->n] = cell.class;
            if (g->record[g->n].told == EXAM_TOLD)
                g->n++;
            else
                exam_record_free(&g->record[g->n]); /* no rule can be tuned where nothing tells */
        }
    }
    return g->record && g->class;
}

/* Combination `index` of the values; false beyond the last. */
static bool combination(const exam_parameter *p, size_t n, size_t index, double out[EXAM_PARAMETERS])
{
    for (size_t k = 0; k < n; k++) {
        out[k] = p[k].value[index % p[k].n];
        index /= p[k].n;
    }
    return index == 0;
}

static double detection_score(const exam_detector *d, const double *p, const ground *g)
{
    emg_score_config config = emg_score_defaults();
    config.fiducial = EMG_FIDUCIAL_PEAK;
    config.n_resamples = 0;
    emg_score *score = NULL;
    exam_events found = { 0 };
    emg_status status = emg_score_new(&score, &config, NULL);
    for (size_t i = 0; status == EMG_OK && i < g->n; i++) {
        const exam_signal s = exam_record_signal(&g->record[i], 0);
        const exam_events *truth = &g->record[i].truth;
        exam_events_clear(&found);
        status = d->detect(&s, p, &found, NULL);
        if (status == EMG_OK)
            status = emg_score_add(score, truth->event, truth->n, found.event, found.n, EXAM_SECONDS, NULL);
    }
    double f1 = status == EMG_OK ? emg_score_of_class(score, EMG_FASCICULATION).f1.value : NAN;
    emg_score_free(score);
    exam_events_free(&found);
    return f1;
}

double exam_macro_f1(size_t n[EMG_N_CLASSES][EMG_N_CLASSES])
{
    double sum = 0, classes = 0;
    for (size_t c = 0; c < EMG_N_CLASSES; c++) {
        double truth = 0, found = 0;
        for (size_t other = 0; other < EMG_N_CLASSES; other++) {
            truth += (double)n[c][other];
            found += (double)n[other][c];
        }
        if (truth > 0) {
            sum += 2 * (double)n[c][c] / (truth + found);
            classes++;
        }
    }
    return classes > 0 ? sum / classes : NAN;
}

static double rule_score(const exam_rule *rule, const double *p, const ground *g)
{
    size_t n[EMG_N_CLASSES][EMG_N_CLASSES] = { { 0 } };
    for (size_t i = 0; i < g->n; i++) {
        const exam_signal s = exam_record_signal(&g->record[i], 0);
        exam_verdict v;
        if (rule->judge(&s, p, &v, NULL))
            return NAN;
        n[g->class[i]][v.trial_type]++;
    }
    return exam_macro_f1(n);
}

static void put_best(FILE *file, const char *name, const exam_parameter *parameters, size_t n, const double *best,
                     double score)
{
    fprintf(file, "%s\t%.4f", name, score);
    for (size_t k = 0; k < n; k++)
        fprintf(file, "\t%s=%g", parameters[k].name, best[k]);
    fputc('\n', file);
    fflush(file);
    fprintf(stderr, "%s: %.4f\n", name, score);
}

/* A row as an earlier tuning left it: its part of the ground may be tuned alone. */
static void keep(FILE *file, const exam_tuned *before, const char *name, const exam_parameter *parameters, size_t n)
{
    for (size_t i = 0; i < before->n; i++)
        if (strcmp(before->name[i], name) == 0)
            put_best(file, name, parameters, n, before->value[i], before->score[i]);
}

static void tune_detectors(const ground *g, FILE *file)
{
    const exam_detector *d;
    for (size_t i = 0; (d = exam_baseline(i)); i++) {
        double p[EXAM_PARAMETERS] = { 0 }, best[EXAM_PARAMETERS] = { 0 }, most = -1;
        for (size_t k = 0; combination(d->parameter, d->n_parameters, k, p); k++) {
            double score = detection_score(d, p, g);
            if (score > most) {
                most = score;
                memcpy(best, p, sizeof best);
            }
        }
        put_best(file, d->name, d->parameter, d->n_parameters, best, most);
    }
}

static void tune_rules(const ground *g, FILE *file)
{
    const exam_rule *rule;
    for (size_t i = 0; (rule = exam_rhythm_rule(i)); i++) {
        double p[EXAM_PARAMETERS] = { 0 }, best[EXAM_PARAMETERS] = { 0 }, most = -1;
        for (size_t k = 0; combination(rule->parameter, rule->n_parameters, k, p); k++) {
            double score = rule_score(rule, p, g);
            if (score > most) {
                most = score;
                memcpy(best, p, sizeof best);
            }
        }
        put_best(file, rule->name, rule->parameter, rule->n_parameters, best, most);
    }
}

bool exam_tune(const exam_job *job)
{
    ground g = { 0 };
    exam_tuned before;
    (void)exam_tuned_read(&before, job->tuned);
    FILE *file = fopen(job->tuned, "w");
    if (!file) {
        fprintf(stderr, "exam: %s: %s\n", job->tuned, strerror(errno));
        return false;
    }
    fprintf(file,
            "# Written by `exam tune`: the best of every combination on the training split (fingerprint %016llx).\n",
            (unsigned long long)exam_fingerprint(EXAM_TRAINING));
    bool made = true;
    if (job->parts[EXAM_DETECTION]) {
        made = make_ground(&g, EXAM_DETECTION, DETECTION_RECORDS);
        if (made)
            tune_detectors(&g, file);
        free_ground(&g);
    }
    for (size_t i = 0; !job->parts[EXAM_DETECTION] && exam_baseline(i); i++)
        keep(file, &before, exam_baseline(i)->name, exam_baseline(i)->parameter, exam_baseline(i)->n_parameters);
    if (job->parts[EXAM_RHYTHM]) {
        made = made && make_ground(&g, EXAM_RHYTHM, RHYTHM_RECORDS);
        if (made)
            tune_rules(&g, file);
        free_ground(&g);
    }
    for (size_t i = 0; !job->parts[EXAM_RHYTHM] && exam_rhythm_rule(i); i++)
        keep(file, &before, exam_rhythm_rule(i)->name, exam_rhythm_rule(i)->parameter,
             exam_rhythm_rule(i)->n_parameters);
    return fclose(file) == 0 && made;
}

/* Says what the file lacks: it is run all the same, with its first values. */
static void say_untuned(const exam_tuned *tuned, const char *name)
{
    for (size_t i = 0; i < tuned->n; i++)
        if (strcmp(tuned->name[i], name) == 0)
            return;
    fprintf(stderr, "exam: %s was never tuned: its first values are taken\n", name);
}

bool exam_tuned_read(exam_tuned *out, const char *path)
{
    char line[512];
    FILE *file = fopen(path, "r");
    *out = (exam_tuned){ .n = 0 };
    if (!file) {
        fprintf(stderr, "exam: %s: %s; `exam tune` makes it\n", path, strerror(errno));
        return false;
    }
    while (fgets(line, sizeof line, file) && out->n < EXAM_MOST_TUNED) {
        size_t i = out->n, k = 0;
        if (line[0] == '#' || sscanf(line, "%31s\t%lf", out->name[i], &out->score[i]) != 2)
            continue;
        for (char *at = strchr(line, '='); at && k < EXAM_PARAMETERS; at = strchr(at + 1, '='))
            out->value[i][k++] = strtod(at + 1, NULL);
        out->n++;
    }
    fclose(file);
    for (size_t i = 0; exam_baseline(i); i++)
        say_untuned(out, exam_baseline(i)->name);
    for (size_t i = 0; exam_rhythm_rule(i); i++)
        say_untuned(out, exam_rhythm_rule(i)->name);
    return true;
}

void exam_tuned_get(const exam_tuned *tuned, const char *name, const exam_parameter *parameters, size_t n,
                    double out[EXAM_PARAMETERS])
{
    for (size_t k = 0; k < EXAM_PARAMETERS; k++)
        out[k] = k < n ? parameters[k].value[0] : 0;
    for (size_t i = 0; i < tuned->n; i++)
        if (strcmp(tuned->name[i], name) == 0)
            memcpy(out, tuned->value[i], n * sizeof *out);
}
