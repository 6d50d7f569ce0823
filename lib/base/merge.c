/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging sorted streams with a heap of their heads. */
#include "base/base.h"

#include <stdbool.h>
#include <string.h>

typedef struct head {
    double time;
    uint32_t tie;
    size_t stream;
    const void *record;
} head;

struct emgp_merge {
    emgp_spill_cursor *cursors;
    size_t n_cursors;
    head *heap;
    size_t n;
    bool tied; /* equal times are ordered by the number at tie_offset */
    size_t tie_offset;
    bool started, taken; /* taken: the record at the top has been given out */
};

emg_status emgp_merge_new(emgp_merge **out, const emgp_spill *spill, size_t first, size_t n, emg_error *err)
{
    emgp_merge *merge = emgp_alloc(1, sizeof *merge);
    if (!merge)
        return emgp_fail_memory(err);
    merge->cursors = emgp_alloc(n, sizeof *merge->cursors);
    merge->heap = emgp_alloc(n, sizeof *merge->heap);
    if (!merge->cursors || !merge->heap) {
        emgp_merge_free(merge);
        return emgp_fail_memory(err);
    }
    merge->n_cursors = n;
    for (size_t i = 0; i < n; i++)
        emgp_spill_start(&merge->cursors[i], spill, first + i);
    *out = merge;
    return EMG_OK;
}

void emgp_merge_free(emgp_merge *merge)
{
    if (!merge)
        return;
    for (size_t i = 0; i < merge->n_cursors; i++)
        emgp_spill_stop(&merge->cursors[i]);
    emgp_free(merge->cursors);
    emgp_free(merge->heap);
    emgp_free(merge);
}

void emgp_merge_order_by(emgp_merge *merge, size_t offset)
{
    merge->tied = true;
    merge->tie_offset = offset;
}

static bool before(const head *a, const head *b)
{
    if (a->time < b->time || b->time < a->time)
        return a->time < b->time;
    return a->tie != b->tie ? a->tie < b->tie : a->stream < b->stream;
}

static void sink_down(emgp_merge *merge, size_t i)
{
    for (;;) {
        size_t least = i, left = 2 * i + 1, right = left + 1;
        if (left < merge->n && before(&merge->heap[left], &merge->heap[least]))
            least = left;
        if (right < merge->n && before(&merge->heap[right], &merge->heap[least]))
            least = right;
        if (least == i)
            return;
        head swap = merge->heap[i];
        merge->heap[i] = merge->heap[least];
        merge->heap[least] = swap;
        i = least;
    }
}

static emg_status refill(emgp_merge *merge, size_t stream, head *to, emg_error *err)
{
    emg_status status = emgp_spill_next(&merge->cursors[stream], &to->record, err);
    to->stream = stream;
    if (status == EMG_OK && to->record)
        memcpy(&to->time, to->record, sizeof to->time);
    to->tie = 0;
    if (status == EMG_OK && to->record && merge->tied)
        memcpy(&to->tie, (const char *)to->record + merge->tie_offset, sizeof to->tie);
    return status;
}

static emg_status start(emgp_merge *merge, emg_error *err)
{
    for (size_t i = 0; i < merge->n_cursors; i++) {
        emg_status status = refill(merge, i, &merge->heap[merge->n], err);
        if (status)
            return status;
        if (merge->heap[merge->n].record)
            merge->n++;
    }
    for (size_t i = merge->n / 2; i-- > 0;)
        sink_down(merge, i);
    merge->started = true;
    return EMG_OK;
}

emg_status emgp_merge_seek(emgp_merge *merge, double from, emg_error *err)
{
    merge->n = 0;
    merge->started = merge->taken = false;
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < merge->n_cursors; i++)
        status = emgp_spill_seek(&merge->cursors[i], from, err);
    return status;
}

emg_status emgp_merge_next(emgp_merge *merge, size_t *stream, const void **record, emg_error *err)
{
    emg_status status = merge->started ? EMG_OK : start(merge, err);
    if (status == EMG_OK && merge->taken && merge->n > 0) {
        status = refill(merge, merge->heap[0].stream, &merge->heap[0], err);
        if (status == EMG_OK && !merge->heap[0].record)
            merge->heap[0] = merge->heap[--merge->n];
        sink_down(merge, 0);
    }
    merge->taken = true;
    *record = status == EMG_OK && merge->n > 0 ? merge->heap[0].record : NULL;
    *stream = *record ? merge->heap[0].stream : 0;
    return status;
}
