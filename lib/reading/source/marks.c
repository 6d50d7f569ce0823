/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks from beside the file follow those that it holds itself: kept small, since a table may have a million rows. */
#include "reading/source/source.h"

#include <string.h>

#include "base/base.h"

enum { MOST_MARKS = 1 << 19 };

struct emgp_added_mark {
    double onset_s, duration_s;
    size_t text; /* where it begins among the texts */
};

emg_status emgp_added_take(emgp_added *added, const emg_annotation *mark, emg_error *err)
{
    if (added->n == MOST_MARKS)
        return emgp_fail(err, EMG_EUNSUPPORTED, "more than %d marks: leave out what is not needed", MOST_MARKS);
    size_t n_text = strlen(mark->text) + 1;
    void *list = added->list, *texts = added->texts;
    bool room = emgp_reserve(&list, &added->room, added->n, added->n + 1, sizeof *added->list);
    added->list = list;
    room = room && emgp_reserve(&texts, &added->texts_room, added->n_texts, added->n_texts + n_text, 1);
    added->texts = texts;
    if (!room)
        return emgp_fail_memory(err);
    memcpy(added->texts + added->n_texts, mark->text, n_text);
    added->list[added->n++] = (emgp_added_mark){ mark->onset_s, mark->duration_s, added->n_texts };
    added->n_texts += n_text;
    return EMG_OK;
}

void emgp_added_free(emgp_added *added)
{
    emgp_free(added->list);
    emgp_free(added->texts);
    *added = (emgp_added){ .n = 0 };
}

emg_status emgp_annotations_each(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err)
{
    emg_status status = rec->reader->annotations ? rec->reader->annotations(rec, take, context, err) : EMG_OK;
    for (size_t i = 0; i < rec->added.n && status == EMG_OK; i++) {
        const emgp_added_mark *mark = &rec->added.list[i];
        emg_annotation a = { .onset_s = mark->onset_s, .duration_s = mark->duration_s };
        emgp_text_copy(a.text, sizeof a.text, rec->added.texts + mark->text);
        if (!take(context, &a))
            status = emgp_fail(err, EMG_ECANCELLED, "stopped on request");
    }
    return status;
}
