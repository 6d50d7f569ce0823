/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations whose texts match a glob become marks. */
#include "run/run.h"

#include "base/base.h"

typedef struct search {
    emgp_marks *out;
    const emg_run_config *config;
} search;

static bool take_annotation(void *context, const emg_annotation *annotation)
{
    const search *s = context;
    const char *globs[] = { [EMG_MARK_REST] = s->config->rest_glob,
                            [EMG_MARK_TASK] = s->config->task_glob,
                            [EMG_MARK_STRETCH] = s->config->stretch_glob };
    for (size_t kind = 0; kind < sizeof globs / sizeof *globs; kind++) {
        if (!globs[kind] || !emgp_text_glob(globs[kind], annotation->text))
            continue;
        void *marks = s->out->mark;
        if (!emgp_reserve(&marks, &s->out->room, s->out->n, s->out->n + 1, sizeof *s->out->mark))
            return false;
        s->out->mark = marks;
        s->out->mark[s->out->n++] = (emg_mark){ annotation->onset_s, annotation->duration_s, (emg_mark_kind)kind };
    }
    return true;
}

emg_status emgp_marks_read(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err)
{
    if (!config->rest_glob && !config->task_glob && !config->stretch_glob)
        return EMG_OK;
    search s = { out, config };
    emg_status status = emg_recording_annotations(recording, take_annotation, &s, err);
    return status == EMG_ECANCELLED ? emgp_fail_memory(err) : status;
}
