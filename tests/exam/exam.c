/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The examination as one program: makes, runs and scores any part of the ground, and tells the results. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "methods/myogram.h"
#include "run/run.h"
#include "tell/table.h"

static const char usage[] =
    "Usage: exam tune | run | tell | figures | fingerprint  [options]\n"
    "       exam scenario CELL RECORD [--split NAME]             a record's scenario on standard output\n"
    "       exam write SPLIT CELL RECORD -o FILE                  a record as .edf, .bdf or .wav, its truth and scenario beside it\n"
    "  --split NAME     training, development (default), locked or shifted\n"
    "  --part NAME      detection, rhythm, quiet or rows; repeatable (default all)\n"
    "  --cells TEXT     only cells whose name holds TEXT\n"
    "  --records N      of each cell (default: 50, 20 or 12 as EXAM.md says)\n"
    "  -j N             processes side by side (default 2)\n"
    "  --folder DIR     of the results (default exam-results); a run goes on where one was stopped\n"
    "  --tuned FILE     parameters of the baselines\n"
    "  --history FILE   locked and shifted: a line for each run of every cell and record is added there\n"
    "  --table FILE     tell: the tables as Markdown\n"
    "  --page FILE      tell: the page with plots\n"
    "  --own            the project's own detector alone, without baselines and bound\n"
    "  -o FILE          write: the recording\n"
    "  -q               no line for each cell\n";

typedef struct arguments {
    exam_job job;
    const char *verb, *table, *page, *history, *output;
    const char *cell;
    size_t record;
    bool any_part, has_split;
} arguments;

static bool refuse(const char *what, const char *word)
{
    fprintf(stderr, "exam: %s '%s'\n%s", what, word, usage);
    return false;
}

static bool take_split(arguments *a, const char *word)
{
    for (int i = 0; i < EXAM_N_SPLITS; i++) {
        if (strcmp(word, exam_split_name((exam_split)i)) == 0) {
            a->job.split = (exam_split)i;
            return true;
        }
    }
    return refuse("no such split:", word);
}

static bool take_part(arguments *a, const char *word)
{
    for (int i = 0; i < EXAM_N_PARTS; i++) {
        if (strcmp(word, exam_part_name((exam_part)i)) == 0) {
            a->job.parts[i] = a->any_part = true;
            return true;
        }
    }
    return refuse("no such part:", word);
}

static bool take_count(const char *word, size_t most, size_t *out)
{
    char *end;
    unsigned long value = strtoul(word, &end, 10);
    *out = value;
    return (*word >= '0' && *word <= '9' && !*end && value >= 1 && value <= most) ||
           refuse("not a sound number:", word);
}

static bool take(arguments *a, const char *option, const char *word)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = { { "--cells", &a->job.cells }, { "--folder", &a->job.folder }, { "--tuned", &a->job.tuned },
                  { "--table", &a->table },     { "--page", &a->page },         { "--history", &a->history },
                  { "-o", &a->output } };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(option, texts[i].name) == 0) {
            *texts[i].text = word;
            return true;
        }
    }
    if (strcmp(option, "--split") == 0)
        return take_split(a, word);
    if (strcmp(option, "--part") == 0)
        return take_part(a, word);
    if (strcmp(option, "--records") == 0)
        return take_count(word, 10000, &a->job.n_records);
    if (strcmp(option, "-j") == 0)
        return take_count(word, 64, &a->job.n_workers);
    return refuse("unknown option", option);
}

static bool read_arguments(arguments *a, int argc, char **argv)
{
    *a = (arguments){
        .job = { .split = EXAM_DEVELOPMENT, .n_workers = 2, .folder = "exam-results", .tuned = EXAM_TUNED_FILE }
    };
    if (argc < 2)
        return refuse("no verb given", "");
    a->verb = argv[1];
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "-q") == 0)
            a->job.quiet = true;
        else if (strcmp(argv[i], "--own") == 0)
            a->job.own_only = true;
        else if (argv[i][0] != '-' && strcmp(a->verb, "write") == 0 && !a->has_split) {
            if (!take_split(a, argv[i]))
                return false;
            a->has_split = true;
        } else if (argv[i][0] != '-' && !a->cell)
            a->cell = argv[i];
        else if (argv[i][0] != '-')
            a->record = strtoul(argv[i], NULL, 10);
        else if (i + 1 >= argc)
            return refuse("no argument for", argv[i]);
        else if (!take(a, argv[i], argv[i + 1]))
            return false;
        else
            i++;
    }
    for (int i = 0; i < EXAM_N_PARTS && !a->any_part; i++)
        a->job.parts[i] = true;
    return true;
}

static bool show_scenario(const arguments *a)
{
    exam_cell cell;
    char text[EXAM_SCENARIO_ROOM];
    uint64_t seed;
    if (!a->cell || !exam_cell_find(a->cell, &cell))
        return refuse("no such cell:", a->cell ? a->cell : "");
    exam_scenario(a->job.split, &cell, a->record, text, &seed);
    printf("# %s %s record %zu, seed %llu\n%s", exam_split_name(a->job.split), cell.name, a->record,
           (unsigned long long)seed, text);
    return true;
}

static bool write_record(const arguments *a)
{
    exam_cell cell;
    emg_error err = EMG_ERROR_NONE;
    if (!a->cell || !exam_cell_find(a->cell, &cell))
        return refuse("no such cell:", a->cell ? a->cell : "");
    if (!a->output)
        return refuse("no argument for", "-o");
    if (exam_record_write(a->job.split, &cell, a->record, a->output, &err) == EMG_OK)
        return true;
    fprintf(stderr, "exam: %s: %s\n", a->output, err.text);
    return false;
}

static bool run(arguments *a)
{
    exam_tuned tuned;
    if (!exam_tuned_read(&tuned, a->job.tuned))
        return false;
    exam_job_identify(&a->job);
    return exam_run(&a->job, &tuned);
}

int main(int argc, char **argv)
{
    arguments a;
    if (!read_arguments(&a, argc, argv))
        return 2;
    bool good;
    if (strcmp(a.verb, "tune") == 0)
        good = exam_tune(&a.job);
    else if (strcmp(a.verb, "run") == 0)
        good = run(&a);
    else if (strcmp(a.verb, "tell") == 0)
        good = exam_tell(&a.job, a.table, a.page, a.history);
    else if (strcmp(a.verb, "fingerprint") == 0)
        good = printf("%s: scenarios %016llx, samples %016llx\n", exam_split_name(a.job.split),
                      (unsigned long long)exam_fingerprint(a.job.split),
                      (unsigned long long)exam_samples_fingerprint(a.job.split)) > 0;
    else if (strcmp(a.verb, "figures") == 0)
        good = exam_show_figures(&a.job);
    else if (strcmp(a.verb, "scenario") == 0)
        good = show_scenario(&a);
    else if (strcmp(a.verb, "write") == 0)
        good = write_record(&a);
    else
        return refuse("no such verb:", a.verb), 2;
    return good ? 0 : 1;
}
