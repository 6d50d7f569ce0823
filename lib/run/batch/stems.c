/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which input of this run is which of the folder's, and a stem for each new one that nobody else has. */
#define _XOPEN_SOURCE 700 /* realpath() */
#include "run/batch/batch.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SUFFIX = 32 };

/* The folder of the last path that was followed, so that thousands of one folder are followed once. */
typedef struct followed {
    char *folder;  /* as it was given */
    uint64_t hash; /* of where it leads */
} followed;

/* Of a folder's place with its links followed; as it is given where it cannot be. */
static uint64_t folder_hash(const char *folder)
{
    char real[PATH_MAX];
    const char *place = realpath(folder, real) ? real : folder;
    return emgp_fnv(EMGP_FNV, place, strlen(place));
}

/* A link in place of the recording itself is not followed: sidecars lie beside the link. */
static emg_status key_of(const char *path, followed *last, uint64_t *key, emg_error *err)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *folder = slash ? emgp_copy_text(path, (size_t)(slash - path) + 1) : emgp_copy_text(".", 1);
    if (!folder)
        return emgp_fail_memory(err);
    bool again = last->folder && strcmp(folder, last->folder) == 0;
    uint64_t hash = again ? last->hash : folder_hash(folder);
    emgp_free(last->folder);
    *last = (followed){ folder, hash };
    *key = emgp_fnv(emgp_fnv(hash, "/", 1), name, strlen(name));
    return EMG_OK;
}

emg_status emgp_path_key(const char *path, uint64_t *key, emg_error *err)
{
    followed last = { .folder = NULL };
    emg_status status = key_of(path, &last, key, err);
    emgp_free(last.folder);
    return status;
}

/* ---- stems that are taken ---- */

/* A set of texts that others own. */
typedef struct stem_set {
    const char **slots;
    size_t n_slots;
} stem_set;

static bool set_make(stem_set *set, size_t n)
{
    set->n_slots = 64;
    while (set->n_slots < 2 * n + 2)
        set->n_slots *= 2;
    set->slots = emgp_alloc(set->n_slots, sizeof *set->slots);
    return set->slots != NULL;
}

static size_t set_slot(const stem_set *set, const char *stem)
{
    size_t slot = (size_t)emgp_fnv(EMGP_FNV, stem, strlen(stem)) & (set->n_slots - 1);
    while (set->slots[slot] && strcmp(set->slots[slot], stem) != 0)
        slot = (slot + 1) & (set->n_slots - 1);
    return slot;
}

static bool set_has(const stem_set *set, const char *stem)
{
    return set->slots[set_slot(set, stem)] != NULL;
}

static void set_add(stem_set *set, const char *stem)
{
    set->slots[set_slot(set, stem)] = stem;
}

/* A stem that is free: as it is, else with the hash of the input's place, as often as it takes. */
static char *free_stem(const stem_set *taken, const char *stem, uint64_t key)
{
    size_t room = strlen(stem) + SUFFIX;
    char *out = emgp_alloc(room, 1);
    if (!out)
        return NULL;
    snprintf(out, room, "%s", stem);
    for (unsigned again = 0; set_has(taken, out); again++) {
        if (again == 0)
            snprintf(out, room, "%s_%08x", stem, (unsigned)(key >> 32));
        else
            snprintf(out, room, "%s_%08x-%u", stem, (unsigned)(key >> 32), again);
    }
    return out;
}

/* Stems and places that the folder knows. */
static emg_status give_known(emgp_task *tasks, size_t n, const emgp_entries *known, stem_set *taken, emg_error *err)
{
    for (size_t i = 0; i < known->n; i++)
        if (known->list[i].fate != EMGP_FATE_SKIPPED)
            set_add(taken, known->list[i].stem);
    for (size_t i = 0; i < n; i++) {
        const emgp_entry *old = emgp_entries_find(known, tasks[i].key);
        if (!old || old->fate == EMGP_FATE_SKIPPED)
            continue;
        tasks[i].place = old->place;
        if (!(tasks[i].stem = emgp_copy_text(old->stem, strlen(old->stem))))
            return emgp_fail_memory(err);
    }
    return EMG_OK;
}

static emg_status give_new(emgp_task *tasks, size_t n, uint64_t next_place, stem_set *taken, emg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (tasks[i].stem)
            continue;
        tasks[i].place = next_place++;
        if (!(tasks[i].stem = free_stem(taken, tasks[i].input->stem, tasks[i].key)))
            return emgp_fail_memory(err);
        set_add(taken, tasks[i].stem);
    }
    return EMG_OK;
}

static int by_key(const void *a, const void *b)
{
    const emgp_task *x = *(emgp_task *const *)a, *y = *(emgp_task *const *)b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x > y) - (x < y);
}

static emg_status refuse_twice(const emgp_input *input, emg_error *err)
{
    char shown[200];
    emgp_text_printable_string(shown, sizeof shown, input->path);
    return emgp_fail(err, EMG_EARG,
                     "%s is named twice, with other muscles, marks or times beside it: a recording has one report in a "
                     "folder; give the second run a folder of its own",
                     shown);
}

/* What is named twice, by two paths that lead to one place, is one task, where it came first. EMG_EARG: two that differ. */
static emg_status drop_repeated(emgp_task *tasks, size_t *n, emg_error *err)
{
    emg_status status = EMG_OK;
    emgp_task **all = emgp_alloc(*n, sizeof *all);
    if (!all)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < *n; i++)
        all[i] = &tasks[i];
    if (*n > 1)
        qsort(all, *n, sizeof *all, by_key);
    for (size_t i = 1, first = 0; i < *n && status == EMG_OK; i++) {
        if (all[first]->key != all[i]->key)
            first = i;
        else if (emgp_inputs_alike(all[first]->input, all[i]->input))
            all[i]->input = NULL;
        else
            status = refuse_twice(all[i]->input, err);
    }
    emgp_free(all);
    if (status)
        return status;
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (tasks[i].input)
            tasks[kept++] = tasks[i];
    *n = kept;
    return EMG_OK;
}

emg_status emgp_tasks_make(emgp_task **out, size_t *n, const emgp_inputs *inputs, const emgp_entries *known,
                           emg_error *err)
{
    stem_set taken = { .n_slots = 0 };
    emgp_task *tasks = *out = emgp_alloc(inputs->n, sizeof *tasks);
    *n = tasks ? inputs->n : 0;
    if (!tasks || !set_make(&taken, inputs->n + known->n))
        return emgp_fail_memory(err);
    followed last = { .folder = NULL };
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < inputs->n; i++) {
        tasks[i].input = &inputs->list[i];
        const emgp_input *input = &inputs->list[i];
        if (input->opened != input->path) /* standard input has no place but its stem */
            tasks[i].key = emgp_fnv(EMGP_FNV, input->stem, strlen(input->stem));
        else
            status = key_of(input->path, &last, &tasks[i].key, err);
    }
    emgp_free(last.folder);
    if (status == EMG_OK)
        status = drop_repeated(tasks, n, err);
    if (status == EMG_OK)
        status = give_known(tasks, *n, known, &taken, err);
    if (status == EMG_OK)
        status = give_new(tasks, *n, emgp_entries_places(known), &taken, err);
    emgp_free(taken.slots);
    return status;
}

void emgp_tasks_free(emgp_task *tasks, size_t n)
{
    for (size_t i = 0; tasks && i < n; i++)
        emgp_free(tasks[i].stem);
    emgp_free(tasks);
}
