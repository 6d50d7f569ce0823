/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walking folders for recordings, in an order that does not depend on the file system, and naming their outputs. */
#include "run/report/report.h"

#include <dirent.h>
#include <errno.h>
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
static const char hidden[] = "hidden: its name begins with a dot", deep[] = "a folder below 64 others: name it itself",
                  linked[] = "a link to a folder, which is not followed: name it itself",
                  special[] = "not a regular file";
enum { MOST_DEPTH = 64 };

typedef bool is_wanted(const char *name);

typedef struct walk {
    emgp_inputs *inputs;
    is_wanted *wanted;
    bool lists_skipped;
    struct stat output;
    bool has_output;
    const emgp_sample *sample;  /* what is walked for */
    const char *standard_input; /* where "-" is kept; NULL: it is a file */
    emg_error *err;
} walk;

static void free_input(emgp_input *input)
{
    emgp_free(input->path);
    emgp_free(input->relative);
    emgp_free(input->stem);
    emgp_free(input->muscles);
    emgp_free(input->marks);
    emgp_free(input->failure);
    *input = (emgp_input){ .path = NULL };
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
    emgp_input input = { .path = emgp_copy_text(path, strlen(path)),
                         .relative = emgp_copy_text(relative, strlen(relative)),
                         .has_range = w->sample->has_range,
                         .from_s = w->sample->from_s,
                         .to_s = w->sample->to_s };
    const char *muscles = w->sample->muscles, *marks = w->sample->marks;
    if (muscles)
        input.muscles = emgp_copy_text(muscles, strlen(muscles));
    if (marks)
        input.marks = emgp_copy_text(marks, strlen(marks));
    input.opened = input.path;
    inputs->list[inputs->n++] = input;
    return input.path && input.relative && (input.muscles || !muscles) && (input.marks || !marks)
               ? EMG_OK
               : emgp_fail_memory(w->err);
}

static emg_status skip(walk *w, const char *path, const char *relative, const char *reason)
{
    return w->lists_skipped && reason ? emgp_skipped_add(w->inputs, path, relative, reason, w->err) : EMG_OK;
}

/* An input like any other that cannot be read: it is named, the others go on. Events have no such inputs. */
static emg_status add_failure(walk *w, const char *path, const char *relative, const char *what, int number)
{
    char reason[128], failure[192];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    snprintf(failure, sizeof failure, "%s: %s", what, reason);
    if (!w->lists_skipped)
        return emgp_fail(w->err, EMG_EIO, "%.160s: %s", path, failure);
    emg_status status = add(w, path, *relative ? relative : base_name(path));
    if (status == EMG_OK && !(w->inputs->list[w->inputs->n - 1].failure = emgp_copy_text(failure, strlen(failure))))
        status = emgp_fail_memory(w->err);
    return status;
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

/* The next name in a folder but "." and ".."; NULL at the end, or after a failure, which errno then holds. */
static const char *next_name(DIR *dir)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry)
            return NULL;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return entry->d_name;
    }
}

/* The names in a folder, sorted by bytes; *failed: why it cannot be listed, or not to its end, else 0. */
static emg_status names_in(walk *w, const char *folder, char ***out, size_t *n, int *failed)
{
    *out = NULL;
    *n = 0;
    DIR *dir = opendir(folder);
    *failed = dir ? 0 : errno;
    void *names = NULL;
    size_t room = 0;
    emg_status status = EMG_OK;
    for (const char *entry; dir && status == EMG_OK && (entry = next_name(dir));) {
        char *name = emgp_copy_text(entry, strlen(entry));
        if (!name || !emgp_reserve(&names, &room, *n, *n + 1, sizeof(char *))) {
            emgp_free(name);
            status = emgp_fail_memory(w->err);
            break;
        }
        ((char **)names)[(*n)++] = name;
    }
    if (dir && status == EMG_OK)
        *failed = errno;
    if (dir)
        closedir(dir);
    if (*n > 1)
        qsort(names, *n, sizeof(char *), by_bytes);
    *out = names;
    return status;
}

static emg_status walk_folder(walk *w, const char *folder, const char *relative, int depth);

/* A file, by its kind and name. */
static emg_status visit_file(walk *w, const char *path, const char *below, const char *name, mode_t mode)
{
    struct stat target;
    bool wanted = w->wanted(name), link = S_ISLNK(mode);
    if (link && stat(path, &target) == 0 && S_ISDIR(target.st_mode))
        return skip(w, path, below, linked);
    if (!link && !S_ISREG(mode))
        return skip(w, path, below, wanted ? special : NULL);
    if (wanted)
        return add(w, path, below);
    if (name[0] == '.')
        return skip(w, path, below, w->wanted(name + 1) ? hidden : NULL);
    return skip(w, path, below, emgp_skipped_reason(name));
}

/* Links to folders are not followed: they can make a circle. Hidden folders are nobody's recordings. */
static emg_status visit(walk *w, const char *folder, const char *relative, const char *name, int depth)
{
    char *path = joined(folder, name), *below = *relative ? joined(relative, name) : joined("", name);
    emg_status status = path && below ? EMG_OK : emgp_fail_memory(w->err);
    struct stat info;
    if (status == EMG_OK && lstat(path, &info) != 0) {
        status = add_failure(w, path, below, "cannot be examined", errno);
    } else if (status == EMG_OK && S_ISDIR(info.st_mode)) {
        bool is_output = w->has_output && info.st_dev == w->output.st_dev && info.st_ino == w->output.st_ino;
        if (depth >= MOST_DEPTH)
            status = skip(w, path, below, deep);
        else if (!is_output && name[0] != '.')
            status = walk_folder(w, path, below, depth + 1);
    } else if (status == EMG_OK) {
        status = visit_file(w, path, below, name, info.st_mode);
    }
    emgp_free(path);
    emgp_free(below);
    return status;
}

static emg_status walk_folder(walk *w, const char *folder, const char *relative, int depth)
{
    char **names = NULL;
    size_t n = 0;
    int failed = 0;
    emg_status status = names_in(w, folder, &names, &n, &failed);
    if (status == EMG_OK && failed)
        status = add_failure(w, folder, relative, "the folder cannot be listed", failed);
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

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : !a && !b;
}

static bool same_time(double a, double b)
{
    return !(a < b) && !(a > b);
}

bool emgp_inputs_alike(const emgp_input *a, const emgp_input *b)
{
    return same_text(a->muscles, b->muscles) && same_text(a->marks, b->marks) && a->has_range == b->has_range &&
           (!a->has_range || (same_time(a->from_s, b->from_s) && same_time(a->to_s, b->to_s)));
}

/* What is named twice (a file, and the folder that it is in) is one input, where it came first. What stands beside it in
 * a list and differs is not lost here, but refused when tasks are made. */
static emg_status drop_repeated(emgp_inputs *inputs, emg_error *err)
{
    placed *all = emgp_alloc(inputs->n, sizeof *all);
    if (!all)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < inputs->n; i++)
        all[i] = (placed){ inputs->list[i].path, i };
    qsort(all, inputs->n, sizeof *all, by_path);
    for (size_t i = inputs->n; i-- > 1;) /* from the end: what is freed was compared already */
        if (strcmp(all[i - 1].path, all[i].path) == 0 &&
            emgp_inputs_alike(&inputs->list[all[i - 1].index], &inputs->list[all[i].index]))
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

static emg_status list(walk *w, const emgp_samples *samples)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < samples->n; i++) {
        struct stat info;
        const char *path = samples->list[i].path;
        w->sample = &samples->list[i];
        const bool stream = w->standard_input && strcmp(path, "-") == 0;
        if (!stream && stat(path, &info) == 0 && S_ISDIR(info.st_mode))
            status = walk_folder(w, path, "", 0);
        else
            status = add(w, path, base_name(stream ? w->standard_input : path));
        if (stream && status == EMG_OK)
            w->inputs->list[w->inputs->n - 1].opened = w->standard_input;
    }
    return status;
}

emg_status emgp_inputs_list(emgp_inputs *inputs, const char *const *paths, size_t n, const char *output,
                            const char *standard_input, emg_error *err)
{
    walk w = { .inputs = inputs,
               .wanted = is_recording_name,
               .lists_skipped = true,
               .standard_input = standard_input,
               .err = err };
    w.has_output = output && stat(output, &w.output) == 0;
    emgp_samples samples = { .n = 0 };
    emg_status status = EMG_OK;
    *inputs = (emgp_inputs){ .n = 0 };
    for (size_t i = 0; status == EMG_OK && i < n; i++)
        status = emgp_samples_read(&samples, paths[i], err);
    if (status == EMG_OK)
        status = list(&w, &samples);
    emgp_samples_free(&samples);
    if (status == EMG_OK)
        status = drop_repeated(inputs, err);
    if (status == EMG_OK)
        status = emgp_skipped_settle(inputs, err);
    return status ? status : name_stems(inputs, err);
}

emg_status emgp_inputs_events(emgp_inputs *inputs, const char *path, emg_error *err)
{
    walk w = { .inputs = inputs, .wanted = is_events_name, .err = err };
    emgp_sample sample = { .path = (char *)path };
    const emgp_samples samples = { .list = &sample, .n = 1 };
    *inputs = (emgp_inputs){ .n = 0 };
    emg_status status = list(&w, &samples);
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
    emgp_skipped_free(inputs);
    *inputs = (emgp_inputs){ .n = 0 };
}
