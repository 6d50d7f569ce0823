/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders and files of a test's own: counted, made, removed. */
#include "support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

char folder[32] = "/tmp/test-folder-XXXXXX";

int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

int folder_drop(void **state)
{
    (void)state;
    return folder_remove(folder);
}

size_t folder_entries(const char *path)
{
    size_t n = 0;
    DIR *list = opendir(path);
    if (!list)
        return 0;
    for (struct dirent *e; (e = readdir(list));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(list);
    return n;
}

int folder_remove(const char *path)
{
    char command[512];
    int n = snprintf(command, sizeof command, "rm -rf '%s'", path);
    return n > 0 && (size_t)n < sizeof command ? system(command) : -1;
}

void file_put(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

void file_put_text(const char *path, const char *text)
{
    file_put(path, text, strlen(text));
}
