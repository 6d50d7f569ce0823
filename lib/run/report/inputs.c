/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking folders for recordings, in an order that does not depend on the file system, and naming their outputs. */
#include "run/report/report.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/base.h"

static const char *const endings[] = { ".edf", ".bdf", ".wav", ".wave", ".rf64", ".w64", ".flac" };
static const char own_ending[] = "_events.edf"; /* written by reports, never read by them */
enum { MOST_DEPTH = 64 };

typedef bool is_wanted(const char *name);

typedef struct walk {
    emgp_inputs *inputs;
    is_wanted *wanted;
    struct stat output;
    bool has_output;
    emg_error *err;
} walk;

static void free_input(emgp_input *input)
{
    emgp_free(input->path);
    emgp_free(input->relative);
    emgp_free(input->stem);
    *input = (emgp_input){ NULL, NULL, NULL };
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n >= m && strcasecmp(text + n - m, ending) == 0;
}

static bool is_recording_name(const char *name)
{
    bool known = false;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        known = known || ends_with(name, endings[i]);
    return known && !ends_with(name, own_ending) && name[0] != '.';
}

static bool is_events_name(const char *name)
{
    bool own = ends_with(name, "_events.tsv") || ends_with(name, own_ending);
    return name[0] != '.' && (own || ends_with(name, ".edf") || ends_with(name, ".bdf"));
}

static char *joined(const char *folder, const char *name)
{
    size_t n = strlen(folder), m = strlen(name);
    bool slash = n > 0 && folder[n - 1] != '/';
    char *path = emgp_alloc(n + m + 2, 1);
    if (!path)
        return NULL;
    memcpy(path, folder, n);
    if (slash)
        path[n++] = '/';
    memcpy(path + n, name, m);
    return path;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static emg_status add(walk *w, const char *path, const char *relative)
{
    emgp_inputs *inputs = w->inputs;
    void *list = inputs->list;
    if (!emgp_reserve(&list, &inputs->room, inputs->n, inputs->n + 1, sizeof *inputs->list))
        return emgp_fail_memory(w->err);
    inputs->list = list;
    emgp_input input = { emgp_copy_text(path, strlen(path)), emgp_copy_text(relative, strlen(relative)), NULL };
    inputs->list[inputs->n++] = input;
    return input.path && input.relative ? EMG_OK : emgp_fail_memory(w->err);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        emgp_free(names[i]);
    emgp_free(names);
}

/* The names in a folder, sorted by bytes; none when it cannot be listed. */
static emg_status names_in(walk *w, const char *folder, const char *relative, char ***out, size_t *n)
{
    *out = NULL;
    *n = 0;
    DIR *dir = opendir(folder);
    if (!dir) /* an input like any other that cannot be opened: it is named, the others go on */
        return add(w, folder, *relative ? relative : base_name(folder));
    void *names = NULL;
    size_t room = 0;
    emg_status status = EMG_OK;
    for (struct dirent *entry; status == EMG_OK && (entry = readdir(dir));) {
        char *name = entry->d_name[0] == '.' ? NULL : emgp_copy_text(entry->d_name, strlen(entry->d_name));
        if (entry->d_name[0] == '.')
            continue;
        if (!name || !emgp_reserve(&names, &room, *n, *n + 1, sizeof(char *))) {
            emgp_free(name);
            status = emgp_fail_memory(w->err);
            break;
        }
        ((char **)names)[(*n)++] = name;
    }
    closedir(dir);
    if (*n > 1)
        qsort(names, *n, sizeof(char *), by_bytes);
    *out = names;
    return status;
}

static emg_status walk_folder(walk *w, const char *folder, const char *relative, int depth);

static emg_status visit(walk *w, const char *folder, const char *relative, const char *name, int depth)
{
    char *path = joined(folder, name), *below = *relative ? joined(relative, name) : joined("", name);
    emg_status status = path && below ? EMG_OK : emgp_fail_memory(w->err);
    struct stat info;
    /* Links to folders are not followed: they can make a circle. */
    if (status == EMG_OK && lstat(path, &info) == 0) {
        bool is_output = w->has_output && info.st_dev == w->output.st_dev && info.st_ino == w->output.st_ino;
        if (S_ISDIR(info.st_mode) && !is_output && depth < MOST_DEPTH)
            status = walk_folder(w, path, below, depth + 1);
        else if ((S_ISREG(info.st_mode) || S_ISLNK(info.st_mode)) && w->wanted(name))
            status = add(w, path, below);
    }
    emgp_free(path);
    emgp_free(below);
    return status;
}

static emg_status walk_folder(walk *w, const char *folder, const char *relative, int depth)
{
    char **names = NULL;
    size_t n = 0;
    emg_status status = names_in(w, folder, relative, &names, &n);
    for (size_t i = 0; status == EMG_OK && i < n; i++)
        status = visit(w, folder, relative, names[i], depth);
    free_names(names, n);
    return status;
}

static const char *ending_of(const char *relative)
{
    const char *base = base_name(relative), *dot = strrchr(base, '.');
    return dot && dot != base ? dot : relative + strlen(relative);
}

static char *stem_of(const char *relative, int level, const char *path)
{
    const char *ending = ending_of(relative);
    size_t n = (size_t)(ending - relative), room = strlen(relative) + 16;
    char *stem = emgp_alloc(room, 1);
    if (!stem)
        return NULL;
    memcpy(stem, relative, n);
    if (level >= 1 && *ending)
        n += (size_t)snprintf(stem + n, room - n, "_%s", ending + 1);
    if (level >= 2) { /* FNV-1a of the path: short, and the same everywhere */
        uint32_t hash = 2166136261u;
        for (const char *c = path; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 16777619u;
        snprintf(stem + n, room - n, "_%08x", (unsigned)hash);
    }
    return stem;
}

typedef struct named {
    const char *stem;
    size_t index;
} named;

static int by_stem(const void *a, const void *b)
{
    return strcmp(((const named *)a)->stem, ((const named *)b)->stem);
}

/* Gives every input whose stem is another's too a longer one; *clash: whether there were any. */
static emg_status lengthen(emgp_inputs *inputs, int level, bool *clash, emg_error *err)
{
    named *all = emgp_alloc(inputs->n, sizeof *all);
    bool *again = emgp_alloc(inputs->n, sizeof *again);
    emg_status status = all && again ? EMG_OK : emgp_fail_memory(err);
    *clash = false;
    for (size_t i = 0; status == EMG_OK && i < inputs->n; i++)
        all[i] = (named){ inputs->list[i].stem, i };
    if (status == EMG_OK)
        qsort(all, inputs->n, sizeof *all, by_stem);
    for (size_t i = 1; status == EMG_OK && i < inputs->n; i++)
        if (by_stem(&all[i - 1], &all[i]) == 0)
            again[all[i - 1].index] = again[all[i].index] = *clash = true;
    for (size_t i = 0; status == EMG_OK && i < inputs->n; i++) {
        if (!again[i])
            continue;
        char *stem = stem_of(inputs->list[i].relative, level, inputs->list[i].path);
        if (!stem)
            status = emgp_fail_memory(err);
        emgp_free(inputs->list[i].stem);
        inputs->list[i].stem = stem;
    }
    emgp_free(all);
    emgp_free(again);
    return status;
}

typedef struct placed {
    const char *path;
    size_t index;
} placed;

static int by_path(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* What is named twice (a file, and the folder that it is in) is one input, where it came first. */
static emg_status drop_repeated(emgp_inputs *inputs, emg_error *err)
{
    placed *all = emgp_alloc(inputs->n, sizeof *all);
    if (!all)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < inputs->n; i++)
        all[i] = (placed){ inputs->list[i].path, i };
    qsort(all, inputs->n, sizeof *all, by_path);
    for (size_t i = inputs->n; i-- > 1;) /* from the end: what is freed was compared already */
        if (strcmp(all[i - 1].path, all[i].path) == 0)
            free_input(&inputs->list[all[i].index]);
    emgp_free(all);
    size_t kept = 0;
    for (size_t i = 0; i < inputs->n; i++)
        if (inputs->list[i].path)
            inputs->list[kept++] = inputs->list[i];
    inputs->n = kept;
    return EMG_OK;
}

static emg_status name_stems(emgp_inputs *inputs, emg_error *err)
{
    for (size_t i = 0; i < inputs->n; i++)
        if (!(inputs->list[i].stem = stem_of(inputs->list[i].relative, 0, "")))
            return emgp_fail_memory(err);
    bool clash = true;
    for (int level = 1; level <= 2 && clash; level++) {
        emg_status status = lengthen(inputs, level, &clash, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

static emg_status list(walk *w, const char *const *paths, size_t n)
{
    emg_status status = EMG_OK;
    *w->inputs = (emgp_inputs){ NULL, 0, 0 };
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        struct stat info;
        if (stat(paths[i], &info) == 0 && S_ISDIR(info.st_mode))
            status = walk_folder(w, paths[i], "", 0);
        else
            status = add(w, paths[i], base_name(paths[i]));
    }
    return status;
}

emg_status emgp_inputs_list(emgp_inputs *inputs, const char *const *paths, size_t n, const char *output, emg_error *err)
{
    walk w = { .inputs = inputs, .wanted = is_recording_name, .err = err };
    w.has_output = output && stat(output, &w.output) == 0;
    emg_status status = list(&w, paths, n);
    if (status == EMG_OK)
        status = drop_repeated(inputs, err);
    return status ? status : name_stems(inputs, err);
}

emg_status emgp_inputs_events(emgp_inputs *inputs, const char *path, emg_error *err)
{
    walk w = { .inputs = inputs, .wanted = is_events_name, .err = err };
    emg_status status = list(&w, &path, 1);
    for (size_t i = 0; status == EMG_OK && i < inputs->n; i++)
        if (!(inputs->list[i].stem = stem_of(inputs->list[i].relative, 0, "")))
            status = emgp_fail_memory(err);
    return status;
}

void emgp_inputs_free(emgp_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n; i++)
        free_input(&inputs->list[i]);
    emgp_free(inputs->list);
    *inputs = (emgp_inputs){ NULL, 0, 0 };
}
