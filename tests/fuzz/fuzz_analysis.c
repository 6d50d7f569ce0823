/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as samples: the analysis takes them in whatever blocks, and its report is whole. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

#include "fuzz.h"

enum { HEAD = 4, N_CHANNELS = 2, MOST_FRAMES = 20000 };

static emg_status count_bytes(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)bytes;
    (void)err;
    *(size_t *)context += n;
    return EMG_OK;
}

/* 16-bit samples from two bytes each, scaled by the head; frames that repeat make a minute of a few bytes. */
static void fill(double *x, size_t n, const uint8_t *data, size_t size, double scale)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = i * 2 % (size - 1);
        x[i] = scale * (int16_t)(uint16_t)(data[at] | data[at + 1] << 8);
    }
}

static void push_all(emg_analysis *analysis, const double *x, size_t n_frames, double rate_hz, size_t cut)
{
    static const size_t channels[N_CHANNELS] = { 0, 1 };
    for (size_t at = 0; at < n_frames; at += cut) {
        size_t n = n_frames - at < cut ? n_frames - at : cut;
        bool gap = at == 0 || at / cut % 5 == 4;
        emg_block block = { .n_channels = N_CHANNELS,
                            .n_frames = n,
                            .x = x + at * N_CHANNELS,
                            .channel = channels,
                            .rate_hz = rate_hz,
                            .start_s = (double)at / rate_hz + (double)(at / cut / 5),
                            .new_segment = gap };
        if (emg_analysis_push(analysis, &block, NULL) != EMG_OK)
            abort();
    }
}

static void report(emg_analysis *analysis)
{
    emg_result *result = NULL;
    size_t n_bytes = 0;
    if (emg_analysis_finish(analysis, &result, NULL) != EMG_OK ||
        emg_report_events(result, count_bytes, &n_bytes, NULL) != EMG_OK ||
        emg_report_discharges(result, count_bytes, &n_bytes, NULL) != EMG_OK)
        abort();
    emg_result_rewind(result);
    double last = -INFINITY;
    for (bool found = true; found;) {
        emg_event event;
        if (emg_result_next(result, &event, &found, NULL) != EMG_OK)
            abort();
        if (found && (!(event.onset_s >= last) || !(event.duration_s >= 0)))
            abort(); /* by onset, and no event ends before it begins */
        last = found ? event.onset_s : last;
    }
    emg_result_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD + 2)
        return 0;
    static const double rates[] = { 500, 1000, 2048, 10000 };
    double rate_hz = rates[data[0] & 3], scale = pow(10, (double)(data[1] & 15) - 8);
    size_t cut = 1 + (size_t)data[2] * 16, n_frames = 64 + (size_t)data[3] * (MOST_FRAMES / 256);
    double *x = malloc(n_frames * N_CHANNELS * sizeof *x);
    if (!x)
        return 0;
    fill(x, n_frames * N_CHANNELS, data + HEAD, size - HEAD, scale);
    emg_source sources[N_CHANNELS] = {
        { .name = "a",
          .muscle = "a",
          .rate_hz = rate_hz,
          .calibrated = true,
          .clip_low = -INFINITY,
          .clip_high = INFINITY },
        { .name = "b", .muscle = "b", .rate_hz = rate_hz, .clip_low = -1000 * scale, .clip_high = 1000 * scale },
    };
    emg_config config = emg_config_defaults(size % 2 ? EMG_PRESET_NEEDLE : EMG_PRESET_SURFACE);
    emg_analysis *analysis = NULL;
    if (emg_analysis_new(&analysis, sources, N_CHANNELS, NULL, 0, &config, NULL, NULL) == EMG_OK) {
        push_all(analysis, x, n_frames, rate_hz, cut);
        report(analysis);
    }
    emg_analysis_free(analysis);
    free(x);
    return 0;
}
