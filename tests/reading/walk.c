/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over folders in the order of names, so that a failure comes at the same place in every run. */
#include "walk.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int is_recording(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (strcasecmp(dot, ".edf") == 0 || strcasecmp(dot, ".bdf") == 0);
}

void walk(const char *folder, void (*each)(const char *path, void *context), void *context)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (is_recording(path))
            each(path, context);
        else if (entries[i]->d_name[0] != '.')
            walk(path, each, context);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}
