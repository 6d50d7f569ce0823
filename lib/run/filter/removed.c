/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row per channel written: filters, power line interference, ECG, range and step. */
#include "run/filter/filter.h"

#include "base/base.h"

#include <math.h>

static const char HEADER[] =
    "channel\ttarget_muscle\tconditioned\tunit\tprefilter\tlow_hz\thigh_hz\ttransient_s\tmains_hz\t"
    "mains_drift_hz\tmains_amplitude\tmains_share\theart_beats\theart_rate_per_min\t"
    "heart_amplitude\theart_removed_s\tleast\tmost\tstep\n";

static void put_row(emgp_sink *sink, const emgp_conditioned *c, const emgp_written_channel *o)
{
    const emg_run_filtered *report = o->report;
    bool hum = report->conditioned && (emg_powerline)c->config->condition.powerline != EMG_POWERLINE_OFF;
    bool ecg = report->conditioned && (emg_ecg_mode)c->config->condition.ecg != EMG_ECG_OFF;
    const double numbers[] = { report->low_hz,
                               report->high_hz,
                               report->conditioned ? report->transient_s : NAN,
                               hum ? report->powerline.frequency_hz : NAN,
                               hum ? report->powerline.drift_hz : NAN,
                               hum ? report->powerline.amplitude : NAN,
                               hum ? report->powerline.share : NAN,
                               ecg ? (double)report->ecg.n_qrs : NAN,
                               ecg ? report->ecg.rate_per_min : NAN,
                               ecg ? report->ecg.amplitude : NAN,
                               ecg ? report->ecg.removed_s : NAN,
                               report->least,
                               report->most,
                               report->step > 0 ? report->step : NAN };
    emgp_row_text(sink, o->channel->name);
    emgp_row_text(sink, o->channel->is_muscle ? o->channel->muscle : "");
    emgp_row_text(sink, report->conditioned ? "yes" : "no");
    emgp_row_text(sink, report->calibrated ? "uV" : o->channel->unit);
    emgp_row_text(sink, report->prefilter);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        emgp_row_number(sink, numbers[i]);
    emgp_row_end(sink);
}

static emg_status write_rows(const emgp_conditioned *c, emgp_newfile *file, emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_newfile_sink, file, err);
    emgp_sink_text(sink, HEADER);
    for (size_t i = 0; i < c->n_written; i++)
        put_row(sink, c, &c->written[i]);
    emg_status status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
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
