/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings joined from all stages: presets, checked assignment, files. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/config.h>

static char path[] = "/tmp/test-config-XXXXXX";

static void write_config(const char *text)
{
    strcpy(path, "/tmp/test-config-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}

static emg_status read_text(emg_config *config, const char *text, emg_error *err)
{
    write_config(text);
    emg_status status = emg_config_read(config, path, err);
    unlink(path);
    return status;
}

static void every_setting_prints_and_reads_back(void **state)
{
    (void)state;
    for (int preset = 0; preset < 2; preset++) {
        emg_config config = emg_config_defaults((emg_preset)preset), copy = emg_config_defaults((emg_preset)!preset);
        emg_setting row;
        size_t n = 0;
        for (; emg_config_setting(n, &row); n++) {
            char text[32];
            emg_config_print(&config, n, text);
            assert_int_equal(emg_config_set(&copy, row.key, text, NULL), EMG_OK);
            assert_true(row.offset + sizeof(double) <= sizeof config);
            assert_true(row.least <= row.fallback && row.fallback <= row.most);
            assert_true(row.least <= row.needle && row.needle <= row.most);
            assert_true(strlen(row.sentence) > 10);
        }
        assert_int_equal(n * sizeof(double), sizeof config); /* no member without a row */
        assert_memory_equal(&config, &copy, sizeof config);
        assert_int_equal(emg_config_check(&config, NULL), EMG_OK);
    }
}

static void wrong_values_are_named(void **state)
{
    (void)state;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE), before = config;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_config_set(&config, "detect.treshold_sigma", "5", &err), EMG_EARG);
    assert_non_null(strstr(err.text, "detect.treshold_sigma"));
    emg_error_clear(&err);
    assert_int_equal(emg_config_set(&config, "detect.threshold_sigma", "2,5", &err), EMG_EARG);
    emg_error_clear(&err);
    assert_int_equal(emg_config_set(&config, "detect.threshold_sigma", "nan", &err), EMG_EARG);
    emg_error_clear(&err);
    assert_int_equal(emg_config_set(&config, "detect.threshold_sigma", "500", &err), EMG_ERANGE);
    assert_non_null(strstr(err.text, "3 to 20"));
    emg_error_clear(&err);
    assert_int_equal(emg_config_set(&config, "condition.powerline", "55", &err), EMG_EARG);
    assert_non_null(strstr(err.text, "auto|50|60|off"));
    assert_memory_equal(&config, &before, sizeof config);
    config.condition.low_hz = 500;
    assert_int_equal(emg_config_check(&config, NULL), EMG_ERANGE);
}

static void files(void **state)
{
    (void)state;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE), before = config;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(read_text(&config, "# mine\n\ncondition.low_hz = 30 # Hz\r\n condition.powerline=60", &err),
                     EMG_OK);
    assert_true(config.condition.low_hz == 30 && config.condition.powerline == EMG_POWERLINE_60);
    config = before;
    assert_int_equal(read_text(&config, "condition.low_hz = 30\nwhat?\n", &err), EMG_EFORMAT);
    assert_non_null(strstr(err.text, "line 2"));
    assert_memory_equal(&config, &before, sizeof config); /* nothing of a bad file is taken */
    emg_error_clear(&err);
    char long_line[2000];
    memset(long_line, 'x', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    assert_int_equal(read_text(&config, long_line, &err), EMG_EFORMAT);
    emg_error_clear(&err);
    assert_int_equal(emg_config_read(&config, "/nonexistent/file", &err), EMG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_setting_prints_and_reads_back),
        cmocka_unit_test(wrong_values_are_named),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
