/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDFlib in a child: what it reads comes back through an unnamed temporary file. */
#include "support/test.h"

#include "edflib_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_S = 60, AT_ONCE = 65536 };

/* Child's exit codes beside 0. */
enum { CANNOT_WRITE = 9 };

static void put(FILE *to, const void *bytes, size_t size, size_t n)
{
    if (fwrite(bytes, size, n, to) != n)
        _exit(CANNOT_WRITE);
}

static int put_samples(FILE *to, const struct edf_hdr_struct *header)
{
    static int digital[AT_ONCE];
    for (int i = 0; i < header->edfsignals; i++) {
        for (long long left = header->signalparam[i].smp_in_file; left > 0;) {
            int n = left < AT_ONCE ? (int)left : AT_ONCE;
            if (edfread_digital_samples(header->handle, i, n, digital) != n)
                return 0;
            put(to, digital, sizeof *digital, (size_t)n);
            left -= n;
        }
    }
    return 1;
}

static void child(FILE *to, const char *path)
{
    static struct edf_hdr_struct header;
    alarm(LONGEST_S);
    int opened = edfopen_file_readonly(path, &header, EDFLIB_READ_ALL_ANNOTATIONS) == 0, whole = opened;
    put(to, &opened, sizeof opened, 1);
    put(to, &header, sizeof header, 1);
    for (int i = 0; opened && i < (int)header.annotations_in_file; i++) {
        struct edf_annotation_struct annotation;
        if (edf_get_annotation(header.handle, i, &annotation) != 0)
            _exit(CANNOT_WRITE);
        put(to, &annotation, sizeof annotation, 1);
    }
    whole = whole && put_samples(to, &header);
    put(to, &whole, sizeof whole, 1);
    _exit(fflush(to) == 0 ? 0 : CANNOT_WRITE);
}

static void take(FILE *from, void *bytes, size_t size, size_t n)
{
    assert_int_equal(fread(bytes, size, n, from), n);
}

static void take_all(edflib_view *view, FILE *from)
{
    int opened, whole;
    take(from, &opened, sizeof opened, 1);
    take(from, &view->header, sizeof view->header, 1);
    view->answer = opened ? EDFLIB_OPENED : EDFLIB_REFUSED;
    if (!opened)
        return;
    size_t n = (size_t)view->header.annotations_in_file;
    view->annotations = calloc(n + 1, sizeof *view->annotations);
    assert_non_null(view->annotations);
    take(from, view->annotations, sizeof *view->annotations, n);
    /* The child's last word is whether all samples came before it. */
    long at = ftell(from);
    assert_int_equal(fseek(from, -(long)sizeof whole, SEEK_END), 0);
    take(from, &whole, sizeof whole, 1);
    assert_int_equal(fseek(from, at, SEEK_SET), 0);
    view->samples_failed = !whole;
    for (int i = 0; whole && i < view->header.edfsignals; i++) {
        n = (size_t)view->header.signalparam[i].smp_in_file;
        view->digital[i] = calloc(n + 1, sizeof **view->digital);
        assert_non_null(view->digital[i]);
        take(from, view->digital[i], sizeof **view->digital, n);
    }
}

void edflib_look(edflib_view *view, const char *path)
{
    FILE *between = tmpfile();
    assert_non_null(between);
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(between, path);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == CANNOT_WRITE);
    view->answer = EDFLIB_FELL;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        rewind(between);
        take_all(view, between);
    }
    fclose(between);
}

void edflib_view_free(edflib_view *view)
{
    free(view->annotations);
    for (int i = 0; i < EDFLIB_MAXSIGNALS; i++)
        free(view->digital[i]);
    *view = (edflib_view){ 0 };
}
