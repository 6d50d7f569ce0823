/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new file is whole or absent, whatever happens between its opening and its commit. */
#include "support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "support/folder.h"

static char path[64];

static int make_folder(void **state)
{
    if (folder_make(state))
        return -1;
    snprintf(path, sizeof path, "%s/report.tsv", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder); /* fails when something is left in it */
}

static void assert_content(const char *expected)
{
    char text[64] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    assert_int_equal(n, strlen(expected));
    assert_memory_equal(text, expected, n);
}

static emgp_newfile *opened(void)
{
    emgp_newfile *file = NULL;
    assert_int_equal(emgp_newfile_open(&file, path, NULL), EMG_OK);
    return file;
}

static void appears_at_the_commit_only(void **state)
{
    (void)state;
    emgp_newfile *file = opened();
    assert_int_equal(emgp_newfile_write(file, "old", 3, NULL), EMG_OK);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(emgp_newfile_commit(file, NULL), EMG_OK);
    emgp_newfile_free(file);
    assert_content("old");
    assert_int_equal(folder_entries(folder), 1);
}

static void the_old_one_stays_until_then(void **state)
{
    (void)state;
    emgp_newfile *file = opened();
    assert_int_equal(emgp_newfile_sink(file, "new one", 7, NULL), EMG_OK);
    assert_int_equal(emgp_newfile_patch(file, 4, "two", 3, NULL), EMG_OK);
    assert_content("old");
    emgp_newfile_free(file); /* given up */
    assert_content("old");
    assert_int_equal(folder_entries(folder), 1);
    file = opened();
    assert_int_equal(emgp_newfile_write(file, "new one", 7, NULL), EMG_OK);
    assert_int_equal(emgp_newfile_patch(file, 4, "two", 3, NULL), EMG_OK);
    assert_int_equal(emgp_newfile_commit(file, NULL), EMG_OK);
    emgp_newfile_free(file);
    assert_content("new two");
}

static void two_at_once_do_not_mix(void **state)
{
    (void)state;
    emgp_newfile *first = opened(), *second = opened();
    assert_int_equal(emgp_newfile_write(first, "first", 5, NULL), EMG_OK);
    assert_int_equal(emgp_newfile_write(second, "second", 6, NULL), EMG_OK);
    assert_int_equal(emgp_newfile_commit(second, NULL), EMG_OK);
    assert_content("second");
    assert_int_equal(emgp_newfile_commit(first, NULL), EMG_OK);
    assert_content("first");
    emgp_newfile_free(first);
    emgp_newfile_free(second);
    assert_int_equal(folder_entries(folder), 1);
}

static void a_full_disk_is_seen(void **state)
{
    (void)state;
    static char bytes[200000];
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 100000;
    signal(SIGXFSZ, SIG_IGN);
    emgp_newfile *file = opened();
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    emg_status status = emgp_newfile_write(file, bytes, sizeof bytes, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(status, EMG_EIO);
    assert_non_null(strstr(err.text, "report.tsv"));
    emgp_newfile_free(file);
    assert_content("first");
    assert_int_equal(folder_entries(folder), 1);
}

static void places_that_will_not_do(void **state)
{
    (void)state;
    static const char *const paths[] = { "/dev/null/x", "/dev/null", "/tmp", "/nowhere/at/all/x" };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        emgp_newfile *file = NULL;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(emgp_newfile_open(&file, paths[i], &err), EMG_EIO);
        assert_null(file);
        assert_non_null(strstr(err.text, paths[i]));
    }
}

static void memory_faults(void **state)
{
    (void)state;
    bool done = false;
    for (long n = 1; !done; n++) {
        emgp_newfile *file = NULL;
        emgp_fault_arm(n, false);
        emg_status status = emgp_newfile_open(&file, path, NULL);
        done = emgp_fault_count() < n;
        emgp_fault_arm(0, false);
        assert_int_equal(status, done ? EMG_OK : EMG_ENOMEM);
        emgp_newfile_free(file);
        assert_int_equal(folder_entries(folder), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appears_at_the_commit_only), cmocka_unit_test(the_old_one_stays_until_then),
        cmocka_unit_test(two_at_once_do_not_mix),     cmocka_unit_test(a_full_disk_is_seen),
        cmocka_unit_test(places_that_will_not_do),    cmocka_unit_test(memory_faults),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
