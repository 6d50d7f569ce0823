/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations as they stand in the source, packed: times as bytes, then the text with its NUL. */
#include "run/filter/filter.h"

#include <string.h>

#include "base/base.h"

enum { TIMES = 2 * sizeof(double), LIST_BYTES = 48 /* of a list's times and marks */ };

static bool keep(void *context, const emg_annotation *annotation)
{
    emgp_notes *notes = context;
    double times[] = { annotation->onset_s, annotation->duration_s };
    size_t n = strlen(annotation->text) + 1;
    if (n == 1)
        return true;
    void *at = notes->at;
    if (!emgp_reserve(&at, &notes->room, notes->used, notes->used + TIMES + n, 1)) {
        notes->full = true;
        return false;
    }
    notes->at = at;
    memcpy(notes->at + notes->used, times, TIMES);
    memcpy(notes->at + notes->used + TIMES, annotation->text, n);
    notes->used += TIMES + n;
    notes->n++;
    notes->n_bytes += n + LIST_BYTES;
    if (n + LIST_BYTES > notes->longest)
        notes->longest = n + LIST_BYTES;
    return true;
}

emg_status emgp_notes_read(emgp_notes *notes, emg_recording *recording, emg_error *err)
{
    emg_error why = EMG_ERROR_NONE;
    emg_status status = emg_recording_annotations(recording, keep, notes, &why);
    if (notes->full)
        return emgp_fail_memory(err);
    return status == EMG_OK ? EMG_OK : emgp_fail_at(err, status, why.offset, why.channel, "%s", why.text + why.n_name);
}

emg_status emgp_notes_write(const emgp_notes *notes, emgp_edf_writer *writer, double shift_s, double from_s,
                            emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t at = 0; at < notes->used && status == EMG_OK;) {
        double times[2];
        const char *text = (const char *)notes->at + at + TIMES;
        memcpy(times, notes->at + at, TIMES);
        if (times[0] >= from_s)
            status = emgp_edf_writer_annotate(writer, times[0] + shift_s, times[1], text, err);
        at += TIMES + strlen(text) + 1;
    }
    return status;
}

void emgp_notes_free(emgp_notes *notes)
{
    emgp_free(notes->at);
    *notes = (emgp_notes){ 0 };
}
