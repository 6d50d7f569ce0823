/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Antagonists by their names: two muscles of one joint and one side that pull against each other, and how much of a stretch
 * the other is active. */
#include "analysis/classify/classify.h"

#include <math.h>

typedef struct reader {
    emgp_spill_cursor cursor;
    emgp_burst burst; /* the next one */
    bool there;
} reader;

struct emgp_antagonists {
    size_t n;
    reader list[];
};

/* Actions come in pairs that oppose each other, but for that of the face. */
static bool oppose(const emg_source *a, const emg_source *b)
{
    static const emg_action against[EMG_N_ACTIONS] = {
        [EMG_ANKLE_FLEXION] = EMG_ANKLE_EXTENSION, [EMG_ANKLE_EXTENSION] = EMG_ANKLE_FLEXION,
        [EMG_KNEE_FLEXION] = EMG_KNEE_EXTENSION,   [EMG_KNEE_EXTENSION] = EMG_KNEE_FLEXION,
        [EMG_ELBOW_FLEXION] = EMG_ELBOW_EXTENSION, [EMG_ELBOW_EXTENSION] = EMG_ELBOW_FLEXION,
        [EMG_WRIST_FLEXION] = EMG_WRIST_EXTENSION, [EMG_WRIST_EXTENSION] = EMG_WRIST_FLEXION,
    };
    return a->side == b->side && a->action != EMG_ACTION_NONE && against[a->action] == b->action;
}

/* The next burst; marks of an end are passed over. */
static emg_status next(reader *r, emg_error *err)
{
    emg_status status;
    do
        status = emgp_spill_copy(&r->cursor, &r->burst, sizeof r->burst, &r->there, err);
    while (r->there && (r->burst.flags & EMGP_SEGMENT_END));
    return status;
}

emg_status emgp_antagonists_new(emgp_antagonists **out, const emg_source *sources, size_t n, size_t channel,
                                const emgp_spill *bursts, emg_error *err)
{
    size_t found = 0;
    *out = NULL;
    for (size_t i = 0; sources && i < n; i++)
        found += oppose(&sources[channel], &sources[i]);
    if (found == 0)
        return EMG_OK;
    emgp_antagonists *a = emgp_alloc(1, sizeof *a + found * sizeof *a->list);
    if (!a)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    for (size_t i = 0; i < n && status == EMG_OK; i++) {
        if (!oppose(&sources[channel], &sources[i]))
            continue;
        emgp_spill_start(&a->list[a->n].cursor, bursts, i);
        status = next(&a->list[a->n++], err);
    }
    if (status) {
        emgp_antagonists_free(a);
        return status;
    }
    *out = a;
    return EMG_OK;
}

void emgp_antagonists_free(emgp_antagonists *a)
{
    for (size_t i = 0; a && i < a->n; i++)
        emgp_spill_stop(&a->list[i].cursor);
    emgp_free(a);
}

/* Seconds of a stretch that bursts take up; the last one may go on into the next stretch. */
static emg_status time_within(reader *r, double from_s, double to_s, double *within_s, emg_error *err)
{
    emg_status status = EMG_OK;
    *within_s = 0;
    while (status == EMG_OK && r->there && r->burst.onset_s < to_s) {
        *within_s += fmax(0, fmin(r->burst.end_s, to_s) - fmax(r->burst.onset_s, from_s));
        if (r->burst.end_s > to_s)
            break;
        status = next(r, err);
    }
    return status;
}

emg_status emgp_antagonists_share(emgp_antagonists *a, double from_s, double to_s, double *share, emg_error *err)
{
    emg_status status = EMG_OK;
    *share = a ? 0 : NAN;
    for (size_t i = 0; a && i < a->n && status == EMG_OK; i++) {
        double within_s;
        status = time_within(&a->list[i], from_s, to_s, &within_s, err);
        *share = fmax(*share, within_s / (to_s - from_s));
    }
    return status;
}
