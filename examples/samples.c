/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events of samples that come from no file: one channel in microvolts, a number a line, to the analysis. */
#include <stdio.h>
#include <stdlib.h>

#include <emg/emg.h>

enum { FRAMES = 4096 };

static emg_status push_all(emg_analysis *analysis, double rate_hz, emg_error *err)
{
    static double x[FRAMES];
    static const size_t first_channel = 0;
    emg_block block = { .n_channels = 1, .x = x, .channel = &first_channel, .rate_hz = rate_hz, .new_segment = true };
    emg_status status = EMG_OK;
    for (size_t all = 0; status == EMG_OK; all += block.n_frames, block.new_segment = false) {
        block.n_frames = 0;
        block.start_s = (double)all / rate_hz;
        while (block.n_frames < FRAMES && scanf("%lf", &x[block.n_frames]) == 1)
            block.n_frames++;
        if (block.n_frames == 0)
            break;
        status = emg_analysis_push(analysis, &block, err);
    }
    return status;
}

int main(int argc, char **argv)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_source source = emg_source_defaults();
    emg_error err = EMG_ERROR_NONE;
    emg_analysis *analysis = NULL;
    emg_result *result = NULL;
    emg_event event;
    source.name = source.muscle = "muscle";
    source.calibrated = true;
    if (argc != 2 || sscanf(argv[1], "%lf", &source.rate_hz) != 1)
        return fputs("usage: samples RATE_HZ < MICROVOLTS\n", stderr), 2;
    emg_status status = emg_analysis_new(&analysis, &source, 1, NULL, 0, &config, NULL, &err);
    if (status == EMG_OK)
        status = push_all(analysis, source.rate_hz, &err);
    if (status == EMG_OK)
        status = emg_analysis_finish(analysis, &result, &err);
    for (bool found = true; status == EMG_OK;) {
        status = emg_result_next(result, &event, &found, &err);
        if (status != EMG_OK || !found)
            break;
        printf("%9.3f s  %-14s %.4g uV\n", event.onset_s, emg_class_name(event.trial_type), event.amplitude);
    }
    if (status != EMG_OK)
        fprintf(stderr, "%s\n", err.text);
    emg_result_free(result);
    emg_analysis_free(analysis);
    return status != EMG_OK;
}
