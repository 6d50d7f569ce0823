/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a folder holds besides recordings that are read, as far as somebody may have meant it to be one, and why it is not. */
#include "run/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"

enum { NAMES_SHOWN = 5, NAME_ROOM = 96, MOST_REASONS = 16 };

/* Endings that spaces separate, and what files that end so are. The first row that fits counts. */
static const struct {
    const char *endings, *reason;
} kinds[] = {
    { "_channels.tsv _muscles.tsv _events.tsv _electrodes.tsv _scans.tsv _sessions.tsv _physio.tsv participants.tsv "
      "samples.tsv muscles.tsv batch.tsv readme.txt license.txt copying.txt changes.txt changelog.txt",
      NULL }, /* what tables beside recordings are called: nobody means them */
    { "_events.edf", "annotations that a report or a simulation wrote: no recording" },
    { ".rec", "may be EDF under another name: name the file itself to read it" },
    { ".gz .zip .bz2 .xz .zst .7z .rar .tar .tgz", "compressed: unpack it first" },
    { ".csv .tsv .txt", "a table or a text: name the file itself to read it" },
    { ".gdf .mat .h5 .hdf5 .nwb .set .vhdr .eeg .cnt .xdf .c3d .poly5 .tms32 .otb .otb+ .otb4 .smr .smrx .acq .abf .hpf "
      ".adicht .parquet .feather .npy .npz .pkl .xlsx .xls .ods .tdms .dat .bin .raw .asc .aif .aiff .ogg .mp3 .m4a .caf "
      ".au .ns2 .ns3 .ns4 .ns5 .ns6 .rhd .rhs .mff .egi .edfx",
      "no format that is read: convert it to EDF+ or BDF+" },
};

static bool ends_with(const char *text, size_t n, const char *ending, size_t m)
{
    return n >= m && strncasecmp(text + n - m, ending, m) == 0;
}

const char *emgp_skipped_reason(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        for (const char *at = kinds[i].endings; *at; at += strspn(at, " ")) {
            size_t m = strcspn(at, " ");
            if (ends_with(name, n, at, m))
                return kinds[i].reason;
            at += m;
        }
    }
    return NULL;
}

emg_status emgp_skipped_add(emgp_inputs *inputs, const char *path, const char *relative, const char *reason,
                            emg_error *err)
{
    void *list = inputs->skipped;
    if (!emgp_reserve(&list, &inputs->skipped_room, inputs->n_skipped, inputs->n_skipped + 1, sizeof *inputs->skipped))
        return emgp_fail_memory(err);
    inputs->skipped = list;
    emgp_skipped one = { emgp_copy_text(path, strlen(path)), emgp_copy_text(relative, strlen(relative)), reason };
    inputs->skipped[inputs->n_skipped++] = one;
    return one.path && one.relative ? EMG_OK : emgp_fail_memory(err);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const emgp_skipped *)a)->path, ((const emgp_skipped *)b)->path);
}

static void free_skipped(emgp_skipped *skipped)
{
    emgp_free(skipped->path);
    emgp_free(skipped->relative);
}

emg_status emgp_skipped_settle(emgp_inputs *inputs, emg_error *err)
{
    const char **paths = emgp_alloc(inputs->n, sizeof *paths);
    if (!paths)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < inputs->n; i++)
        paths[i] = inputs->list[i].path;
    if (inputs->n > 1)
        qsort(paths, inputs->n, sizeof *paths, by_text);
    if (inputs->n_skipped > 1)
        qsort(inputs->skipped, inputs->n_skipped, sizeof *inputs->skipped, by_path);
    size_t kept = 0;
    for (size_t i = 0; i < inputs->n_skipped; i++) {
        emgp_skipped *one = &inputs->skipped[i];
        bool twice = kept > 0 && by_path(&inputs->skipped[kept - 1], one) == 0;
        if (twice || bsearch(&one->path, paths, inputs->n, sizeof *paths, by_text))
            free_skipped(one);
        else
            inputs->skipped[kept++] = *one;
    }
    inputs->n_skipped = kept;
    emgp_free(paths);
    return EMG_OK;
}

/* Those of one reason, the first of them by name; what comes before `from` has other reasons. */
static void say_reason(const emgp_inputs *inputs, size_t from, const emg_reading *reading)
{
    char sentence[NAMES_SHOWN * (NAME_ROOM + 2) + 256] = "skipped", name[NAME_ROOM];
    const char *reason = inputs->skipped[from].reason;
    size_t n = 0, used = strlen(sentence);
    for (size_t i = from; i < inputs->n_skipped; i++) {
        if (inputs->skipped[i].reason != reason || ++n > NAMES_SHOWN)
            continue;
        emgp_text_printable_string(name, sizeof name, inputs->skipped[i].relative);
        used += (size_t)snprintf(sentence + used, sizeof sentence - used, "%s %s", n > 1 ? "," : "", name);
    }
    if (n > NAMES_SHOWN)
        used += (size_t)snprintf(sentence + used, sizeof sentence - used, " and %zu more", n - NAMES_SHOWN);
    snprintf(sentence + used, sizeof sentence - used, " (%s)", reason);
    reading->notice(reading->notice_context, NULL, sentence);
}

void emgp_skipped_say(const emgp_inputs *inputs, const emg_reading *reading)
{
    const char *said[MOST_REASONS];
    size_t n_said = 0;
    for (size_t i = 0; reading->notice && i < inputs->n_skipped && n_said < MOST_REASONS; i++) {
        bool again = false;
        for (size_t k = 0; k < n_said; k++)
            again = again || said[k] == inputs->skipped[i].reason;
        if (again)
            continue;
        said[n_said++] = inputs->skipped[i].reason;
        say_reason(inputs, i, reading);
    }
}

void emgp_skipped_free(emgp_inputs *inputs)
{
    for (size_t i = 0; i < inputs->n_skipped; i++)
        free_skipped(&inputs->skipped[i]);
    emgp_free(inputs->skipped);
    inputs->skipped = NULL;
    inputs->n_skipped = inputs->skipped_room = 0;
}
