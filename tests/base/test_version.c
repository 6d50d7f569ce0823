/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The version is the same everywhere: in the headers, in the library, in the build, in reports. */
#include "support/test.h"

#include <stdio.h>

#include <emg/software.h>
#include <emg/version.h>

static void the_version_is_one(void **state)
{
    (void)state;
    char joined[64];
    snprintf(joined, sizeof joined, "%d.%d.%d", EMG_VERSION_MAJOR, EMG_VERSION_MINOR, EMG_VERSION_PATCH);
    assert_string_equal(EMG_VERSION, joined);
    assert_string_equal(EMG_VERSION, EMG_PROJECT_VERSION); /* that of CMakeLists.txt */
    assert_string_equal(emg_version(), EMG_VERSION);
    const char *name, *version;
    assert_true(emg_report_software(0, &name, &version));
    assert_string_equal(name, "Myogram");
    assert_string_equal(version, EMG_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_version_is_one) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
