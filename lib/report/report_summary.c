/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page that a person reads: per muscle when, where, how often, how long, with what rhythm. */
#include <emg/report.h>
#include <emg/report_summary.h>
#include <emg/result.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "report/report.h"

static void put_channel_names(emgp_sink *sink, const emg_result *result, size_t muscle)
{
    size_t n = 0;
    for (size_t c = 0; c < emg_result_n_channels(result); c++) {
        if (emg_result_muscle_of(result, c) != muscle)
            continue;
        emgp_sink_text(sink, n++ == 0 ? " [" : ", ");
        emgp_sink_cell(sink, emg_result_channel(result, c)->name, false);
    }
    emgp_sink_text(sink, n > 0 ? "]" : "");
}

static void put_muscle(emgp_sink *sink, const emg_result *result, size_t index, const emg_config *config,
                       const emgp_occurrence *when)
{
    const emg_summary *summary = emg_result_muscle(result, index);
    emgp_sink_cell(sink, summary->name, false);
    put_channel_names(sink, result, index);
    if (summary->signal.analysed_s > 0) {
        emgp_sink_text(sink, ", noise ");
        emgp_words_amplitude(sink, summary, summary->signal.noise);
    }
    emgp_sink_text(sink, "\n");
    emgp_words_muscle(sink, summary, config, when);
}

static void put_heading(emgp_sink *sink, const emg_report_input *input, size_t n_muscles)
{
    emgp_sink_cell(sink, input->recording, false);
    emgp_sink_text(sink, " (");
    emgp_sink_text(sink, input->format ? input->format : "n/a");
    emgp_sink_text(sink, "): ");
    emgp_words_span(sink, input->duration_s);
    if (input->n_segments > 1) {
        emgp_sink_text(sink, " in ");
        emgp_sink_count(sink, input->n_segments);
        emgp_sink_text(sink, " pieces");
    }
    emgp_sink_text(sink, ", ");
    emgp_sink_count(sink, n_muscles);
    emgp_sink_text(sink, n_muscles == 1 ? " muscle\n" : " muscles\n");
    emgp_words_deviations(sink, input, "Deviations and remarks:\n");
}

static void put_page(emgp_sink *sink, const emg_result *result, const emg_report_input *input,
                     const emgp_occurrence *all)
{
    size_t n_muscles = result ? emg_result_n_muscles(result) : 0;
    put_heading(sink, input, n_muscles);
    emgp_words_time_locked(sink, result, "\n");
    if (n_muscles == 0)
        emgp_sink_text(sink, "No muscle channel with samples: nothing was analysed.\n");
    for (size_t m = 0; m < n_muscles; m++)
        put_muscle(sink, result, m, input->config, all + m * EMG_N_CLASSES);
    emgp_sink_text(sink, EMG_DISCLAIMER "\n");
}

emg_status emg_report_summary(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                              emg_error *err)
{
    if (!input || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_summary needs an input and a function that takes the text");
    emgp_occurrence *all = NULL;
    emg_status status = emgp_occurrences(&all, result, input->every_onset, err);
    if (status == EMG_OK) {
        emgp_sink sink;
        emgp_sink_init(&sink, write, context, err);
        put_page(&sink, result, input, all);
        status = emgp_sink_flush(&sink);
    }
    emgp_occurrences_free(all, result);
    return status;
}
