/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives a fuzz target every file of the folders named, and each cut in two, for builds without a fuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { MOST_BYTES = 4 << 20 };

static void replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    uint8_t *bytes = malloc(MOST_BYTES);
    size_t n = bytes ? fread(bytes, 1, MOST_BYTES, file) : 0;
    fclose(file);
    for (int part = 0; part < 2; part++, n /= 2) {
        uint8_t *exact = malloc(n > 0 ? n : 1); /* exactly as long, so that a sanitizer sees a step beyond */
        if (exact && bytes) {
            memcpy(exact, bytes, n);
            LLVMFuzzerTestOneInput(exact, n);
        }
        free(exact);
    }
    free(bytes);
}

int main(int argc, char **argv)
{
    size_t n_files = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder)
            continue;
        for (struct dirent *entry; (entry = readdir(folder));) {
            char path[4096];
            struct stat info;
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
                replay_file(path);
                n_files++;
            }
        }
        closedir(folder);
    }
    printf("replayed %zu files\n", n_files);
    return n_files > 0 ? 0 : 77; /* 77: nothing to replay, skipped */
}
