/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cell files: a first line that says what they are of, then a table; put in place whole. */
#include "run/results.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "methods/myogram.h"

static unsigned long long hash_file(const char *path, unsigned long long hash)
{
    FILE *file = fopen(path, "rb");
    for (int c; file && (c = fgetc(file)) != EOF;)
        hash = (hash ^ (unsigned char)c) * 1099511628211ULL;
    if (file)
        fclose(file);
    return hash;
}

static bool is_rule(const char *line)
{
    const exam_rule *rule;
    for (size_t i = 0; (rule = exam_rhythm_rule(i)) != NULL; i++)
        if (strncmp(line, rule->name, strlen(rule->name)) == 0)
            return true;
    return false;
}

/* The rows of the tuned file that concern a part: rules of rhythm, or detectors of discharges. */
static unsigned long long hash_tuned(const char *path, exam_part part, unsigned long long hash)
{
    const bool rules = part == EXAM_RHYTHM || part == EXAM_ROWS;
    char line[512];
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        for (const char *c = line; line[0] != '#' && is_rule(line) == rules && *c; c++)
            hash = (hash ^ (unsigned char)*c) * 1099511628211ULL;
    if (file)
        fclose(file);
    return hash;
}

void exam_job_identify(exam_job *job)
{
    unsigned long long program = hash_file("/proc/self/exe", 14695981039346656037ULL);
    unsigned long long ground = exam_fingerprint(job->split) ^ exam_settings_fingerprint();
    for (int part = 0; part < EXAM_N_PARTS; part++)
        job->identity[part] = hash_tuned(job->tuned, (exam_part)part, program) ^ ground;
}

bool exam_job_takes(const exam_job *job, const exam_cell *cell)
{
    return job->parts[cell->part] && (!job->cells || strstr(cell->name, job->cells));
}

exam_job exam_job_of(const exam_job *job, const exam_cell *cell)
{
    exam_job of = *job;
    if (of.n_records == 0)
        of.n_records = exam_records(cell);
    return of;
}

static bool make_folder(const char *path)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "exam: %s: %s\n", path, strerror(errno));
    return false;
}

bool exam_results_path(const exam_job *job, const exam_cell *cell, char out[EXAM_PATH])
{
    snprintf(out, EXAM_PATH, "%s/%s", job->folder, exam_split_name(job->split));
    if (!make_folder(job->folder) || !make_folder(out))
        return false;
    size_t n = strlen(out);
    snprintf(out + n, EXAM_PATH - n, "/%s", exam_part_name(cell->part));
    if (!make_folder(out))
        return false;
    n = strlen(out);
    snprintf(out + n, EXAM_PATH - n, "/%s.tsv", cell->name);
    return true;
}

static void first_line(const exam_job *job, exam_part part, char out[128])
{
    snprintf(out, 128, "# identity %016llx, %zu records, %s", job->identity[part], job->n_records,
             job->own_only ? "own detector alone" : "all detectors");
}

bool exam_results_done(const exam_job *job, exam_part part, const char *path)
{
    char wanted[128], line[128] = "";
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    first_line(job, part, wanted);
    bool same = fgets(line, sizeof line, file) && strncmp(line, wanted, strlen(wanted)) == 0;
    fclose(file);
    return same;
}

FILE *exam_results_open(const exam_job *job, exam_part part, const char *path)
{
    char unfinished[EXAM_PATH + 8], line[128];
    snprintf(unfinished, sizeof unfinished, "%s.part", path);
    FILE *file = fopen(unfinished, "w");
    if (!file) {
        fprintf(stderr, "exam: %s: %s\n", unfinished, strerror(errno));
        return NULL;
    }
    first_line(job, part, line);
    fprintf(file, "%s\n", line);
    return file;
}

bool exam_results_close(FILE *file, const char *path)
{
    char part[EXAM_PATH + 8];
    snprintf(part, sizeof part, "%s.part", path);
    bool whole = !ferror(file) && fflush(file) == 0 && fsync(fileno(file)) == 0;
    whole = fclose(file) == 0 && whole && rename(part, path) == 0;
    if (!whole)
        fprintf(stderr, "exam: %s cannot be written\n", path);
    return whole;
}
