/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of annotations that short events follow: how many, never what they say. */
#include "report/report.h"

void emgp_words_time_locked(emgp_sink *sink, const emg_result *result, const char *after)
{
    emg_time_locked locked = { 0, 0 };
    if (result)
        locked = emg_result_time_locked(result);
    if (locked.n_kinds == 0)
        return;
    emgp_sink_text(sink, "Short events follow ");
    emgp_sink_count(sink, locked.n_marks);
    emgp_sink_text(sink, " annotations of ");
    emgp_sink_count(sink, locked.n_kinds);
    emgp_sink_text(sink, locked.n_kinds == 1 ? " kind" : " kinds");
    emgp_sink_text(sink, " beyond chance: where those mark stimuli, say so with --stimulus, and what they evoke is no "
                         "activity of the muscle's own.");
    emgp_sink_text(sink, after);
}
