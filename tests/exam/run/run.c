/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One cell after another, in as many processes as asked for; what a cell gives does not depend on the others. */
#include "run/run.h"

#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/parts.h"

void exam_put_number(FILE *file, double value)
{
    if (isfinite(value))
        fprintf(file, "\t%.6g", value);
    else
        fputs("\tn/a", file);
}

emg_score *exam_new_score(double tolerance_s, bool resampled, emg_error *err)
{
    emg_score_config config = emg_score_defaults();
    config.fiducial = EMG_FIDUCIAL_PEAK;
    config.tolerance_s = tolerance_s;
    if (!resampled)
        config.n_resamples = 0;
    emg_score *score = NULL;
    return emg_score_new(&score, &config, err) ? NULL : score;
}

static bool run_cell(const exam_job *asked, const exam_tuned *tuned, const exam_cell *cell)
{
    char path[EXAM_PATH];
    static emg_status (*const run_part[EXAM_N_PARTS])(exam_cell_run *, FILE *) = { exam_run_detection, exam_run_rhythm,
                                                                                   exam_run_quiet, exam_run_rows };
    const exam_job own = exam_job_of(asked, cell), *job = &own;
    exam_cell_run c = { job, tuned, cell, EMG_ERROR_NONE };
    if (!exam_results_path(job, cell, path))
        return false;
    if (exam_results_done(job, cell->part, path))
        return true;
    FILE *file = exam_results_open(job, cell->part, path);
    if (!file)
        return false;
    emg_status status = run_part[cell->part](&c, file);
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
