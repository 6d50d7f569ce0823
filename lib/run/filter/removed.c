/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row per channel written: filters, hum, heart, range and step. */
#include "run/filter/filter.h"

#include "base/base.h"
#include "run/report/report.h"

#include <math.h>

static const char HEADER[] =
    "channel\ttarget_muscle\tconditioned\tunit\tprefilter\tlow_hz\thigh_hz\ttransient_s\tmains_hz\t"
    "mains_drift_hz\tmains_amplitude\tmains_share\theart_beats\theart_rate_per_min\t"
    "heart_amplitude\theart_removed_s\tleast\tmost\tstep\n";

static void put_number(emgp_sink *sink, double value)
{
    emgp_sink_text(sink, "\t");
    emgp_sink_number(sink, value);
}

static bool put_text(emgp_sink *sink, const char *text)
{
    emgp_sink_text(sink, "\t");
    return emgp_outputs_cell(sink, text);
}

static bool put_row(emgp_sink *sink, const emgp_conditioned *c, const emgp_written_channel *o)
{
    const emg_run_filtered *report = o->report;
    bool hum = report->conditioned && c->config->powerline.mode != EMG_POWERLINE_OFF;
    bool ecg = report->conditioned && c->config->ecg.mode != EMG_ECG_OFF;
    bool whole = emgp_outputs_cell(sink, o->channel->name) &&
                 put_text(sink, o->channel->is_muscle ? o->channel->muscle : "") &&
                 put_text(sink, report->conditioned ? "yes" : "no") &&
                 put_text(sink, report->calibrated ? "uV" : o->channel->unit) && put_text(sink, report->prefilter);
    put_number(sink, report->low_hz);
    put_number(sink, report->high_hz);
    put_number(sink, report->conditioned ? report->transient_s : NAN);
    put_number(sink, hum ? report->powerline.frequency_hz : NAN);
    put_number(sink, hum ? report->powerline.drift_hz : NAN);
    put_number(sink, hum ? report->powerline.amplitude : NAN);
    put_number(sink, hum ? report->powerline.share : NAN);
    put_number(sink, ecg ? (double)report->ecg.n_qrs : NAN);
    put_number(sink, ecg ? report->ecg.rate_per_min : NAN);
    put_number(sink, ecg ? report->ecg.amplitude : NAN);
    put_number(sink, ecg ? report->ecg.removed_s : NAN);
    put_number(sink, report->least);
    put_number(sink, report->most);
    put_number(sink, report->step > 0 ? report->step : NAN);
    emgp_sink_text(sink, "\n");
    return whole;
}

static emg_status write_rows(const emgp_conditioned *c, emgp_newfile *file, emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_newfile_sink, file, err);
    emgp_sink_text(sink, HEADER);
    bool whole = true;
    for (size_t i = 0; i < c->n_written; i++)
        whole = put_row(sink, c, &c->written[i]) && whole;
    emg_status status = emgp_sink_flush(sink);
    emgp_free(sink);
    return whole ? status : emgp_fail_memory(err);
}

emg_status emgp_removed_write(const emgp_conditioned *c, emg_error *err)
{
    emgp_newfile *file;
    emg_status status = emgp_newfile_open(&file, c->config->removed_path, err);
    if (status == EMG_OK)
        status = write_rows(c, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    return status;
}
