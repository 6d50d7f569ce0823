/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stretches of time that a recording's annotations mark as rest, task or stretch. */
#ifndef EMGP_MARKS_H
#define EMGP_MARKS_H

#include <emg/run.h>

typedef struct emgp_marks {
    emg_mark *mark; /* freed by emgp_free() */
    size_t n, room;
} emgp_marks;

/* Those whose texts match the configuration's globs, in file order; none when it has no globs. Start `out` zeroed.
 * Fails as emg_recording_annotations() does, EMG_ENOMEM. */
emg_status emgp_marks_read(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err);

#endif
