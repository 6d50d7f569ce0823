/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stimuli that annotations mark, in order of time: conditioning bridges their artefacts wherever it is done. */
#include "run/run.h"

#include <stdlib.h>

#include "base/base.h"

static int by_time(const void *a, const void *b)
{
    const emgp_stimulus *x = a, *y = b;
    if (x->at_s < y->at_s || x->at_s > y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return x->channel < y->channel ? -1 : x->channel > y->channel;
}

emg_status emgp_stimuli_read(emgp_told_stimuli *out, emg_recording *recording, const char *const *globs, size_t n_globs,
                             emg_error *err)
{
    if (n_globs == 0)
        return EMG_OK;
    emg_run_config config = emg_run_defaults();
    emgp_marks marks = { 0 };
    config.stimulus_globs = globs;
    config.n_stimulus_globs = n_globs;
    emg_status status = emgp_marks_read(&marks, recording, &config, err);
    out->stimulus = status ? NULL : emgp_alloc(marks.n, sizeof *out->stimulus);
    if (status == EMG_OK && !out->stimulus)
        status = emgp_fail_memory(err);
    for (size_t i = 0; status == EMG_OK && i < marks.n; i++) {
        const emg_mark *mark = &marks.mark[i];
        out->stimulus[out->n++] =
            (emgp_stimulus){ mark->onset_s, mark->channel > 0 ? mark->channel - 1 : EMGP_EVERY_CHANNEL };
    }
    if (out->n > 1)
        qsort(out->stimulus, out->n, sizeof *out->stimulus, by_time);
    emgp_free(marks.mark);
    return status;
}

void emgp_stimuli_forget(emgp_told_stimuli *told)
{
    emgp_free(told->stimulus);
    *told = (emgp_told_stimuli){ 0 };
}
