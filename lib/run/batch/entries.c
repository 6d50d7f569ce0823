/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of each input, found by where it lies. */
#include "run/batch/batch.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_SLOTS = 64 };

static const char *const words[EMGP_FATES] = { "done", "no_muscles", "failed", "not_written", "skipped", "planned" };

uint64_t emgp_fnv(uint64_t before, const void *bytes, size_t n)
{
    const unsigned char *c = bytes;
    for (size_t i = 0; i < n; i++)
        before = (before ^ c[i]) * 1099511628211u;
    return before;
}

const char *emgp_fate_word(emgp_fate fate)
{
    return words[fate];
}

emgp_fate emgp_fate_of(const char *word, size_t n)
{
    int fate = 0;
    while (fate < EMGP_FATES && (strlen(words[fate]) != n || memcmp(words[fate], word, n) != 0))
        fate++;
    return (emgp_fate)fate;
}

bool emgp_entry_is_done(const emgp_entry *entry)
{
    return entry->fate == EMGP_FATE_DONE || entry->fate == EMGP_FATE_NO_MUSCLES;
}

void emgp_entry_free(emgp_entry *entry)
{
    emgp_free(entry->input);
    emgp_free(entry->stem);
    emgp_free(entry->message);
    entry->input = entry->stem = entry->message = NULL;
}

/* The slot of a key, or the empty one where it would be. */
static size_t slot_of(const emgp_entries *entries, uint64_t key)
{
    size_t slot = (size_t)key & (entries->n_slots - 1);
    while (entries->slots[slot] && entries->list[entries->slots[slot] - 1].key != key)
        slot = (slot + 1) & (entries->n_slots - 1);
    return slot;
}

emgp_entry *emgp_entries_find(const emgp_entries *entries, uint64_t key)
{
    size_t index = entries->n_slots > 0 ? entries->slots[slot_of(entries, key)] : 0;
    return index > 0 ? &entries->list[index - 1] : NULL;
}

/* Keeps at least half of the slots empty. */
static bool widen(emgp_entries *entries)
{
    if (2 * (entries->n + 1) <= entries->n_slots)
        return true;
    size_t n_slots = entries->n_slots > 0 ? 2 * entries->n_slots : LEAST_SLOTS;
    size_t *slots = emgp_alloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    emgp_free(entries->slots);
    entries->slots = slots;
    entries->n_slots = n_slots;
    for (size_t i = 0; i < entries->n; i++)
        slots[slot_of(entries, entries->list[i].key)] = i + 1;
    return true;
}

emg_status emgp_entries_put(emgp_entries *entries, emgp_entry *entry, emg_error *err)
{
    emgp_entry *old = emgp_entries_find(entries, entry->key);
    if (old) {
        emgp_entry_free(old);
        *old = *entry;
        return EMG_OK;
    }
    void *list = entries->list;
    if (!emgp_reserve(&list, &entries->room, entries->n, entries->n + 1, sizeof *entries->list)) {
        emgp_entry_free(entry);
        return emgp_fail_memory(err);
    }
    entries->list = list;
    if (!widen(entries)) {
        emgp_entry_free(entry);
        return emgp_fail_memory(err);
    }
    entries->slots[slot_of(entries, entry->key)] = entries->n + 1;
    entries->list[entries->n++] = *entry;
    return EMG_OK;
}

void emgp_entries_free(emgp_entries *entries)
{
    for (size_t i = 0; i < entries->n; i++)
        emgp_entry_free(&entries->list[i]);
    emgp_free(entries->list);
    emgp_free(entries->slots);
    *entries = (emgp_entries){ .n = 0 };
}

uint64_t emgp_entries_places(const emgp_entries *entries)
{
    uint64_t next = 0;
    for (size_t i = 0; i < entries->n; i++)
        if (entries->list[i].place >= next)
            next = entries->list[i].place + 1;
    return next;
}

typedef struct ordered {
    bool skipped;
    uint64_t place;
    size_t index;
} ordered;

static int by_place(const void *a, const void *b)
{
    const ordered *x = a, *y = b;
    if (x->skipped != y->skipped)
        return x->skipped - y->skipped;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

emg_status emgp_entries_order(const emgp_entries *entries, size_t **order, emg_error *err)
{
    ordered *all = emgp_alloc(entries->n, sizeof *all);
    *order = emgp_alloc(entries->n, sizeof **order);
    if (!all || !*order) {
        emgp_free(all);
        return emgp_fail_memory(err);
    }
    for (size_t i = 0; i < entries->n; i++)
        all[i] = (ordered){ entries->list[i].fate == EMGP_FATE_SKIPPED, entries->list[i].place, i };
    if (entries->n > 1)
        qsort(all, entries->n, sizeof *all, by_place);
    for (size_t i = 0; i < entries->n; i++)
        (*order)[i] = all[i].index;
    emgp_free(all);
    return EMG_OK;
}
