/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints when, where and what: the events of a recording. The README shows this file. */
#include <stdio.h>

#include <emg/emg.h>

int main(int argc, char **argv)
{
    emg_run_config config = emg_run_defaults();
    emg_run run = { 0 };
    emg_error err = EMG_ERROR_NONE;
    if (argc != 2 || emg_run_file(argv[1], &config, &run, &err) != EMG_OK) {
        fprintf(stderr, "%s\n", argc != 2 ? "usage: quickstart RECORDING" : err.text);
        emg_run_free(&run);
        return 1;
    }
    bool found = run.result != NULL; /* NULL: the recording holds no muscle */
    while (found) {
        emg_event event;
        if (emg_result_next(run.result, &event, &found, &err) != EMG_OK || !found)
            break;
        printf("%9.3f s  %-14s %s\n", event.onset_s, emg_class_name(event.trial_type),
               emg_result_muscle(run.result, event.muscle)->name);
    }
    emg_run_free(&run);
    return err.status == EMG_OK ? 0 : 1;
}
