/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A simulation into files: of a preset or a scenario file, with its truth as a table of events. */
#include <emg/simulate.h>
#include <emg/simulation.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/simulate/simulate.h"

#include "base/base.h"

enum { MOST_SCENARIO_BYTES = 1 << 20 };

static const char HEADER[] =
    "onset\tduration\ttrial_type\tchannel\ttarget_muscle\tn_channels\tamplitude_uv\tamplitude_rel\t"
    "snr_db\tfrequency_hz\tcount\tinterval_cv\tinterval_rcv\tunit\tconfidence\treasons\tpeak\n";

/* "PATH" without its ending plus "_events.tsv"; NULL when memory is out. */
static char *truth_path(const char *path)
{
    static const char ending[] = "_events.tsv";
    size_t n = (size_t)(strrchr(path, '.') - path);
    char *out = emgp_alloc(n + sizeof ending, 1);
    if (out) {
        memcpy(out, path, n);
        memcpy(out + n, ending, sizeof ending);
    }
    return out;
}

/* The codes of an artefact's reasons. */
static void put_reasons(emgp_sink *sink, uint64_t reasons)
{
    bool any = false;
    emgp_row_cell(sink);
    for (int r = 0; r < EMG_N_REASONS; r++)
        if (reasons >> r & 1) {
            emgp_sink_text(sink, any ? ";" : "");
            emgp_sink_text(sink, emg_reason_code((emg_reason)r));
            any = true;
        }
    emgp_sink_text(sink, any ? "" : "n/a");
}

/* Of an episode only its beginning is known. */
static bool has_peak(emg_class trial_type)
{
    return trial_type == EMG_FASCICULATION || trial_type == EMG_MYOCLONUS || trial_type == EMG_UNCLASSIFIED;
}

static void put_row(emgp_sink *sink, const emg_simulation *simulation, const emg_truth *truth)
{
    const emg_simulated_channel *channel = emg_simulation_channel(simulation, truth->channel);
    emgp_row_time(sink, truth->onset_s);
    emgp_row_time(sink, truth->duration_s);
    emgp_row_text(sink, emg_class_name(truth->trial_type));
    emgp_row_text(sink, channel->label);
    emgp_row_text(sink, channel->muscle);
    emgp_row_text(sink, NULL);
    emgp_row_number(sink, truth->amplitude_uv);
    emgp_row_text(sink, NULL);
    emgp_row_text(sink, NULL);
    emgp_row_number(sink, truth->frequency_hz);
    emgp_row_count(sink, truth->count);
    emgp_row_text(sink, NULL);
    emgp_row_text(sink, NULL);
    if (truth->unit > 0)
        emgp_row_count(sink, truth->unit);
    else
        emgp_row_text(sink, NULL);
    emgp_row_text(sink, NULL);
    put_reasons(sink, truth->reasons);
    emgp_row_time(sink, has_peak(truth->trial_type) ? truth->peak_s : NAN);
    emgp_row_end(sink);
}

static emg_status write_truth(emg_simulation *simulation, emgp_newfile *file, emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_newfile_sink, file, err);
    emgp_sink_text(sink, HEADER);
    emg_status status = EMG_OK;
    for (bool found = true; found && status == EMG_OK;) {
        emg_truth truth;
        status = emg_simulation_next_event(simulation, &truth, &found, err);
        if (status == EMG_OK && found)
            put_row(sink, simulation, &truth);
        if (status == EMG_OK)
            status = sink->status;
    }
    if (status == EMG_OK)
        status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
}

/* The truth is written first but put in place last: where it stands, the recording is whole. */
static emg_status write_both(emg_simulation *simulation, const emg_simulation_job *job, emgp_simulation_format format,
                             emg_error *err)
{
    emgp_simulation_file *file = NULL;
    emgp_newfile *truth = NULL;
    char *name = truth_path(job->path);
    emg_status status =
        name ? emgp_simulation_file_open(&file, simulation, job->path, format, err) : emgp_fail_memory(err);
    if (status == EMG_OK && !job->without_truth)
        status = emgp_newfile_open(&truth, name, err);
    if (truth)
        status = write_truth(simulation, truth, err);
    if (status == EMG_OK)
        status = emgp_simulation_file_write(file, simulation, job, err);
    if (status == EMG_OK && truth)
        status = emgp_newfile_commit(truth, err);
    emgp_newfile_free(truth);
    emgp_simulation_file_free(file);
    emgp_free(name);
    return status;
}

static emg_status fill_text(char *text, size_t *n, const char *path, emg_error *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return emgp_fail(err, EMG_EFORMAT, "%s: %s", path, strerror(errno));
    emg_status status = EMG_OK;
    *n = fread(text, 1, MOST_SCENARIO_BYTES + 1, file);
    if (ferror(file))
        status = emgp_fail(err, EMG_EFORMAT, "%s: %s", path, strerror(errno));
    else if (*n > MOST_SCENARIO_BYTES)
        status = emgp_fail(err, EMG_EFORMAT, "%s: a scenario is a text of at most 1 MiB", path);
    fclose(file);
    return status;
}

/* The whole of a scenario file; its failures are those of the input, EMG_EFORMAT. */
static emg_status read_text(char **out, size_t *n, const char *path, emg_error *err)
{
    char *text = emgp_alloc(MOST_SCENARIO_BYTES + 1, 1);
    emg_status status = text ? fill_text(text, n, path, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        *out = text;
    else
        emgp_free(text);
    return status;
}

static emg_status start_scenario(emg_simulation **out, const emg_simulation_job *job, emg_error *err)
{
    char *text = NULL;
    size_t n = 0;
    emg_error inner = EMG_ERROR_NONE;
    emg_status status = read_text(&text, &n, job->scenario, err);
    if (status != EMG_OK)
        return status;
    const char *slash = strrchr(job->scenario, '/');
    status = emg_simulation_read(out, text, n, slash ? slash + 1 : job->scenario, job->seed, job->duration_s,
                                 job->rate_hz, &inner);
    emgp_free(text);
    if (status == EMG_OK || status == EMG_ENOMEM)
        return status == EMG_OK ? EMG_OK : emgp_fail_memory(err);
    return emgp_name_failure(err, job->scenario, emgp_fail(err, EMG_EFORMAT, "%s", inner.text));
}

emg_status emg_run_simulation_job(const emg_simulation_job *job, emg_error *err)
{
    emgp_simulation_format format = EMGP_SIMULATION_EDF;
    emg_simulation *simulation = NULL;
    if (!job || !job->path || (!job->preset && !job->scenario))
        return emgp_fail(err, EMG_EARG, "a simulation needs a preset or a scenario, and a path");
    err = emgp_fresh(err);
    emg_status status = emgp_name_failure(err, job->path, emgp_simulation_format_of(job->path, &format, err));
    if (status == EMG_OK)
        status = job->scenario
                     ? start_scenario(&simulation, job, err)
                     : emg_simulation_new(&simulation, job->preset, job->seed, job->duration_s, job->rate_hz, err);
    if (status == EMG_OK)
        status = emgp_name_failure(err, job->path, write_both(simulation, job, format, err));
    emg_simulation_free(simulation);
    return status;
}

emg_status emg_run_simulation(const char *preset, uint64_t seed, double duration_s, double rate_hz, const char *path,
                              emg_error *err)
{
    emg_simulation_job job = {
        .preset = preset, .path = path, .seed = seed, .duration_s = duration_s, .rate_hz = rate_hz
    };
    return emg_run_simulation_job(&job, err);
}
