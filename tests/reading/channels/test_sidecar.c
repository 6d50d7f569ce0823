/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside a recording: BIDS tables by inheritance, maps of the user's, tables that are not to be used. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <emg/recording.h>

#include "reading/bytes.h"
#include "support/folder.h"

static const edf_signal signals[] = {
    { "EMG1", "uV", "-1", "1", "-32768", "32767", 100 }, { "EMG2", "", "-1", "1", "-32768", "32767", 100 },
    { "X3", "", "-1", "1", "-32768", "32767", 100 },     { "EMG4", "uV", "-1", "1", "-32768", "32767", 100 },
    { "EMG5", "?V", "-1", "1", "-32768", "32767", 100 },
};
static const edf_plan plan = { 2, "", "0.1", signals, 5, 3, NULL, NULL };

static void write_file(const char *name, const void *text, size_t n)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file_put(path, text, n);
}

static void write_text(const char *name, const char *text)
{
    write_file(name, text, strlen(text));
}

static void remove_file(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(unlink(path), 0);
}

static void make_folder(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(mkdir(path, 0777), 0);
}

static int set_up(void **state)
{
    if (folder_make(state))
        return -1;
    make_folder("sub-01");
    make_folder("sub-01/emg");
    bytes b = edf_build(&plan);
    write_file("sub-01/emg/sub-01_task-rest_run-2_emg.edf", b.at, b.n);
    write_file("knee.edf", b.at, b.n);
    write_file("knee_emg.edf", b.at, b.n);
    bytes_free(&b);
    return 0;
}

static emg_status open_file(emg_recording **rec, const char *name, const emg_reading *reading, emg_error *err)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return emg_recording_open(rec, path, reading, err);
}

static emg_recording *open_bids(const emg_reading *reading)
{
    emg_recording *rec;
    assert_int_equal(open_file(&rec, "sub-01/emg/sub-01_task-rest_run-2_emg.edf", reading, NULL), EMG_OK);
    return rec;
}

static size_t count_code(const emg_recording *rec, const char *code)
{
    size_t n = 0;
    for (size_t i = 0; i < emg_recording_n_deviations(rec); i++)
        n += strcmp(emg_recording_deviation(rec, i)->code, code) == 0;
    return n;
}

static const char table[] = "\xEF\xBB\xBFname\ttype\tunits\ttarget_muscle\tstatus\r\n"
                            "EMG1\tEMG\tV\tleft soleus\tgood\r\n"
                            "EMG2\tEMG\tmV\tn/a\tbad\r\n"
                            "X3\tEMG\tn/a\tTibialis anterior\tn/a\r\n"
                            "\r\n"
                            "EMG4\tACCEL\tuV\t\t\r\n"
                            "EMG5\tEMG\tuV\tVastus\x1b[2J\tgood\r\n";

static void a_channel_table_tells_type_muscle_unit_and_badness(void **state)
{
    (void)state;
    write_text("sub-01/emg/sub-01_task-rest_run-2_channels.tsv", table);
    write_text("sub-01/emg/sub-01_task-rest_run-2_emg.json", "{\"PowerLineFrequency\": 60}");
    emg_recording *rec = open_bids(NULL);
    const emg_channel *c[5];
    for (size_t i = 0; i < 5; i++)
        c[i] = emg_recording_channel(rec, i);
    assert_string_equal(c[0]->muscle, "left soleus");
    assert_true(c[0]->is_muscle && c[0]->reflex_site && c[0]->side == EMG_SIDE_LEFT);
    assert_string_equal(c[0]->unit, "uV"); /* the file's own unit stands */
    assert_true(fabs(c[0]->to_uv - 1) <= 0);
    assert_true(c[1]->bad && !c[1]->is_muscle && !c[1]->selected);
    assert_string_equal(c[1]->unit, "mV"); /* the file states none */
    assert_true(fabs(c[1]->to_uv - 1e3) <= 0);
    assert_true(c[2]->is_muscle && c[2]->to_uv <= 0);
    assert_int_equal(c[3]->type, EMG_TYPE_FORCE);
    assert_false(c[3]->is_muscle);
    assert_string_equal(c[4]->muscle, "Vastus\\x1b[2J");
    assert_true(fabs(c[4]->to_uv - 1) <= 0);
    assert_true(fabs(emg_recording_get_facts(rec)->power_line_hz - 60) <= 0);
    assert_int_equal(count_code(rec, "W_SIDECAR"), 1); /* the unit of the first is another than the file's */
    emg_recording_close(rec);
    emg_reading none = emg_reading_defaults();
    none.no_sidecar = true;
    rec = open_bids(&none);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "EMG1");
    assert_true(emg_recording_get_facts(rec)->power_line_hz <= 0);
    emg_recording_close(rec);
    remove_file("sub-01/emg/sub-01_task-rest_run-2_channels.tsv");
    remove_file("sub-01/emg/sub-01_task-rest_run-2_emg.json");
}

static void muscle_of_first(const char *due)
{
    emg_recording *rec = open_bids(NULL);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, due);
    emg_recording_close(rec);
}

static void line_frequency(double due)
{
    emg_recording *rec = open_bids(NULL);
    assert_true(fabs(emg_recording_get_facts(rec)->power_line_hz - due) <= 0);
    emg_recording_close(rec);
}

static void the_nearest_and_most_specific_file_is_taken(void **state)
{
    (void)state;
    muscle_of_first("EMG1");
    write_text("channels.tsv", "name\ttarget_muscle\nEMG1\tfrom the top\n");
    muscle_of_first("from the top");
    write_text("sub-01/emg/task-other_channels.tsv", "name\ttarget_muscle\nEMG1\tof another task\n");
    muscle_of_first("from the top");
    write_text("sub-01/sub-01_channels.tsv", "name\ttarget_muscle\nEMG1\tof the subject\n");
    muscle_of_first("of the subject");
    write_text("sub-01/emg/sub-01_channels.tsv", "name\ttarget_muscle\nEMG1\tin the folder\n");
    muscle_of_first("in the folder");
    write_text("sub-01/emg/sub-01_task-rest_channels.tsv", "name\ttarget_muscle\nEMG1\tof the task\n");
    muscle_of_first("of the task");
    write_text("task-rest_emg.json", "{\"PowerLineFrequency\": 50.0}");
    line_frequency(50);
    write_text("sub-01/emg/sub-01_task-rest_emg.json", "{\"EMGReference\": \"knee\"}"); /* says nothing of it */
    line_frequency(50);
    write_text("sub-01/emg/sub-01_task-rest_run-2_emg.json", "{\"PowerLineFrequency\": \"n/a\"}");
    line_frequency(0);
    static const char *const all[] = { "channels.tsv",
                                       "sub-01/emg/task-other_channels.tsv",
                                       "sub-01/sub-01_channels.tsv",
                                       "sub-01/emg/sub-01_channels.tsv",
                                       "sub-01/emg/sub-01_task-rest_channels.tsv",
                                       "task-rest_emg.json",
                                       "sub-01/emg/sub-01_task-rest_emg.json",
                                       "sub-01/emg/sub-01_task-rest_run-2_emg.json" };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        remove_file(all[i]);
}

static void the_data_set_is_where_the_search_ends(void **state)
{
    (void)state;
    write_text("channels.tsv", "name\ttarget_muscle\nEMG1\tof another data set\n");
    write_text("sub-01/dataset_description.json", "{}");
    muscle_of_first("EMG1");
    remove_file("channels.tsv");
    remove_file("sub-01/dataset_description.json");
}

static void count_sidecar_sentence(void *context, const char *name, const char *sentence)
{
    (void)name;
    *(size_t *)context += strncmp(sentence, "channels.tsv: ", 14) == 0 || strncmp(sentence, "emg.json: ", 10) == 0 ||
                          strncmp(sentence, "PowerLineFrequency: ", 20) == 0 ||
                          strncmp(sentence, "units in channels.tsv: ", 23) == 0;
}

static void sidecars_that_cannot_be_used_are_deviations(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        size_t n;
    } cases[] = {
        { "sub-01_task-rest_run-2_channels.tsv", "label\tmuscle\nEMG1\tx\n", 1 },
        { "sub-01_task-rest_run-2_channels.tsv", "", 1 },
        { "sub-01_task-rest_run-2_channels.tsv", "name\tunits\nEMG1\tmV\nEMG5\tuV\n", 1 },
        { "sub-01_task-rest_run-2_channels.tsv", "name\tunits\nEMG1\tmV\nno such\tuV\n", 2 },
        { "sub-01_task-rest_run-2_channels.tsv", "name\tunits\nEMG1\tmicroV\nEMG5\tn/a\n", 0 },
        { "sub-01_task-rest_run-2_channels.tsv", "name\ttarget_muscle\nno such\tx\nneither\ty\n", 1 },
        { "sub-01_task-rest_run-2_channels.tsv", "recording\ttarget_muscle\tchannels\nknee\tx\ty\n",
          0 }, /* a report of ours */
        { "sub-01_task-rest_run-2_emg.json", "{\"PowerLineFrequency\": 50", 1 },
        { "sub-01_task-rest_run-2_emg.json", "[50]", 1 },
        { "sub-01_task-rest_run-2_emg.json", "{\"PowerLineFrequency\": -50}", 1 },
        { "sub-01_task-rest_run-2_emg.json", "{\"PowerLineFrequency\": [50]}", 1 },
        { "sub-01_task-rest_run-2_emg.json", "{}", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[128];
        snprintf(name, sizeof name, "sub-01/emg/%s", cases[i].name);
        write_text(name, cases[i].text);
        size_t n_said = 0;
        emg_reading reading = emg_reading_defaults();
        reading.notice = count_sidecar_sentence;
        reading.notice_context = &n_said;
        emg_recording *rec = open_bids(&reading);
        assert_int_equal(count_code(rec, "W_SIDECAR"), cases[i].n);
        assert_int_equal(n_said, cases[i].n);
        assert_string_equal(emg_recording_channel(rec, 0)->muscle, "EMG1");
        emg_recording_close(rec);
        remove_file(name);
    }
}

/* What is there and cannot be read is no sidecar that is absent. */
static void sidecars_that_cannot_be_read_refuse_the_recording(void **state)
{
    (void)state;
    static const char *const names[] = { "sub-01_task-rest_run-2_channels.tsv", "sub-01_task-rest_run-2_emg.json" };
    emg_recording *rec;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (int kind = 0; kind < 3; kind++) {
            char path[512], inside[640];
            snprintf(path, sizeof path, "%s/sub-01/emg/%s", folder, names[i]);
            snprintf(inside, sizeof inside, "%s/x", path);
            if (kind == 0)
                assert_int_equal(mkdir(path, 0777), 0);
            else if (kind == 1)
                assert_int_equal(symlink("nowhere", path), 0);
            else
                assert_int_equal(symlink(names[i], path), 0); /* to itself */
            emg_error err = EMG_ERROR_NONE;
            static const char recording[] = "sub-01/emg/sub-01_task-rest_run-2_emg.edf";
            assert_int_equal(open_file(&rec, recording, NULL, &err), EMG_EIO);
            assert_non_null(strstr(err.text, "beside the recording cannot be read"));
            assert_non_null(strstr(err.text, "--no-sidecar"));
            emg_reading alone = emg_reading_defaults();
            alone.no_sidecar = true;
            assert_int_equal(open_file(&rec, recording, &alone, NULL), EMG_OK);
            emg_recording_close(rec);
            assert_int_equal(kind == 0 ? rmdir(path) : unlink(path), 0);
        }
    }
    char name[256];
    memset(name, 'x', sizeof name); /* a sidecar's name would be longer than names can be */
    memcpy(name + 250, ".edf", 5);
    bytes b = edf_build(&plan);
    write_file(name, b.at, b.n);
    bytes_free(&b);
    assert_int_equal(open_file(&rec, name, NULL, NULL), EMG_OK);
    emg_recording_close(rec);
    remove_file(name);
}

static void a_name_that_is_no_bids_name_has_its_own_sidecar_only(void **state)
{
    (void)state;
    emg_recording *rec;
    write_text("channels.tsv", "name\ttarget_muscle\nEMG1\tof the folder\n");
    assert_int_equal(open_file(&rec, "knee.edf", NULL, NULL), EMG_OK);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "EMG1");
    emg_recording_close(rec);
    write_text("knee_channels.tsv", "name\ttarget_muscle\nEMG1\tof the knee\n");
    assert_int_equal(open_file(&rec, "knee.edf", NULL, NULL), EMG_OK);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "of the knee");
    emg_recording_close(rec);
    assert_int_equal(open_file(&rec, "knee_emg.edf", NULL, NULL), EMG_OK); /* "_emg" is no part of a name */
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "of the knee");
    emg_recording_close(rec);
    remove_file("channels.tsv");
    remove_file("knee_channels.tsv");
}

/* "#N" and types in a map; channels that it calls alike and that differ in unit stay apart. */
static void a_map_takes_numbers_and_types(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/map.tsv", folder);
    emg_reading reading = emg_reading_defaults();
    reading.muscles_path = path;
    emg_recording *rec;
    write_text("map.tsv", "#1\tSoleus\n#3\tECG\nEMG4\tSoleus\nEMG2\tSoleus\nEMG5\tMISC\n#9\tTA\n");
    assert_int_equal(open_file(&rec, "knee.edf", &reading, NULL), EMG_OK);
    assert_int_equal(emg_recording_channel(rec, 2)->type, EMG_TYPE_ECG);
    assert_int_equal(emg_recording_channel(rec, 4)->type, EMG_TYPE_OTHER);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "Soleus");
    assert_string_equal(emg_recording_channel(rec, 3)->muscle, "Soleus");
    assert_string_equal(emg_recording_channel(rec, 1)->muscle, "Soleus #2"); /* has no unit */
    assert_int_equal(count_code(rec, "W_UNITS_DIFFER"), 1);
    assert_int_equal(count_code(rec, "W_MAP_ROW"), 1);
    emg_recording_close(rec);
    write_text("map.tsv", "name\ttype\n#1\tACCEL\nX3\tEMG\n");
    assert_int_equal(open_file(&rec, "knee.edf", &reading, NULL), EMG_OK);
    assert_int_equal(emg_recording_channel(rec, 0)->type, EMG_TYPE_FORCE);
    assert_true(emg_recording_channel(rec, 2)->is_muscle);
    emg_recording_close(rec);
    write_text("map.tsv", "#1\tSoleus\n#4\tSoleus\n");
    assert_int_equal(open_file(&rec, "knee.edf", &reading, NULL), EMG_OK);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "Soleus"); /* both in uV */
    assert_string_equal(emg_recording_channel(rec, 3)->muscle, "Soleus");
    emg_recording_close(rec);
    remove_file("map.tsv");
}

static void a_map_names_muscles(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/map.tsv", folder);
    emg_reading reading = emg_reading_defaults();
    reading.muscles_path = path;
    static const char *const maps[] = { "emg1\tsoleus\nX3\tTA\n", "channel\tmuscle\r\nEMG1\tsoleus\r\nX3\tTA",
                                        "name\tgroup\ttarget_muscle\nEMG1\tg\tsoleus\nX3\tg\tTA\nEMG4\tg\tn/a\n" };
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        write_text("map.tsv", maps[i]);
        emg_recording *rec;
        assert_int_equal(open_file(&rec, "knee.edf", &reading, NULL), EMG_OK);
        assert_string_equal(emg_recording_channel(rec, 0)->muscle, "soleus");
        assert_string_equal(emg_recording_channel(rec, 2)->muscle, "TA");
        assert_true(emg_recording_channel(rec, 2)->is_muscle);
        assert_string_equal(emg_recording_channel(rec, 3)->muscle, "EMG4");
        emg_recording_close(rec);
    }
    write_text("map.tsv", "1\tnot by number\n");
    emg_recording *labelled;
    assert_int_equal(open_file(&labelled, "knee.edf", &reading, NULL), EMG_OK);
    assert_string_equal(emg_recording_channel(labelled, 0)->muscle, "EMG1");
    emg_recording_close(labelled);
    static const char *const bad[] = { "", "one column\n", "a\tb\tc\nEMG1\tx\ty\n" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_text("map.tsv", bad[i]);
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(open_file(&rec, "knee.edf", &reading, &err), EMG_EFORMAT);
        assert_non_null(strstr(err.text, "muscle map"));
    }
    remove_file("map.tsv");
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_file(&rec, "knee.edf", &reading, &err), EMG_EIO);
    assert_non_null(strstr(err.text, "muscle map"));
}

/* Audio channels have no labels: their number is what they are called. */
static void channels_without_labels_go_by_number(void **state)
{
    (void)state;
    static const char samples[4000];
    bytes b = wave_build(1, 2, 1000, 16, samples, sizeof samples);
    write_file("sound.wav", b.at, b.n);
    write_text("map.tsv", "2\tSoleus\n");
    char path[512];
    snprintf(path, sizeof path, "%s/map.tsv", folder);
    static const char *const second[] = { "2" };
    emg_reading reading = emg_reading_defaults();
    reading.muscles_path = path;
    reading.channels = second;
    reading.n_channels = 1;
    emg_recording *rec;
    assert_int_equal(open_file(&rec, "sound.wav", &reading, NULL), EMG_OK);
    assert_string_equal(emg_recording_channel(rec, 0)->muscle, "#1");
    assert_string_equal(emg_recording_channel(rec, 1)->muscle, "Soleus");
    assert_true(!emg_recording_channel(rec, 0)->selected && emg_recording_channel(rec, 1)->selected);
    emg_recording_close(rec);
    remove_file("map.tsv");
    bytes_free(&b);
}

static void what_is_no_file_is_not_waited_for(void **state)
{
    (void)state;
    char path[512];
    snprintf(path, sizeof path, "%s/pipe.edf", folder);
    assert_int_equal(mkfifo(path, 0666), 0);
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open(&rec, path, NULL, &err), EMG_EIO);
    assert_non_null(strstr(err.text, "regular file"));
    err = (emg_error)EMG_ERROR_NONE;
    assert_int_equal(emg_recording_open(&rec, folder, NULL, &err), EMG_EIO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_channel_table_tells_type_muscle_unit_and_badness),
        cmocka_unit_test(the_nearest_and_most_specific_file_is_taken),
        cmocka_unit_test(the_data_set_is_where_the_search_ends),
        cmocka_unit_test(sidecars_that_cannot_be_used_are_deviations),
        cmocka_unit_test(sidecars_that_cannot_be_read_refuse_the_recording),
        cmocka_unit_test(a_name_that_is_no_bids_name_has_its_own_sidecar_only),
        cmocka_unit_test(a_map_takes_numbers_and_types),
        cmocka_unit_test(a_map_names_muscles),
        cmocka_unit_test(channels_without_labels_go_by_number),
        cmocka_unit_test(what_is_no_file_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, set_up, folder_drop);
}
