/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading in blocks: each is preceded by the question whether the run shall go on. */
#include "run/run.h"

#include <math.h>

#include "base/base.h"
#include "reading/channels/channels.h"

bool emgp_blocks_next(emg_recording *recording, emg_run_go_on *go_on, void *go_on_context, emg_block *block,
                      emg_status *status, emg_error *err)
{
    *status = emg_recording_next(recording, block, err);
    if (*status || block->n_frames == 0)
        return false;
    if (go_on && !go_on(go_on_context))
        *status = emgp_fail(err, EMG_ECANCELLED, "stopped on request");
    return *status == EMG_OK;
}

bool emgp_blocks_fit(const emg_channel *channel, const emg_run_config *config)
{
    double low, high;
    return channel->selected && channel->usable && channel->n_samples > 0 &&
           emgp_condition_band(&config->analysis.condition, channel->rate_hz, &low, &high);
}

void emgp_blocks_limits(const emg_channel *channel, double *low, double *high)
{
    const double scale = channel->to_uv > 0 ? channel->to_uv : 1;
    *low = fmin(channel->physical_min, channel->physical_max) * scale;
    *high = fmax(channel->physical_min, channel->physical_max) * scale;
    if (*low < *high)
        return;
    *low = -INFINITY;
    *high = INFINITY;
}

emg_status emgp_notice_slow(const emg_recording *recording, const bool *slow, emg_error *err)
{
    return emgp_notice_channels(recording, slow, "left out, as too slow for the analysis band", "", err);
}
