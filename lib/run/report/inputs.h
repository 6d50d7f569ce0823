/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of inputs of a batch: files as named, recordings found in folders, and the stems of their outputs. */
#ifndef EMGP_INPUTS_H
#define EMGP_INPUTS_H

#include <stddef.h>

#include <emg/status.h>

typedef struct emgp_input {
    char *path;     /* to open */
    char *relative; /* to the folder argument, else the base name: what tables print */
    char *stem;     /* of its outputs: relative without its ending, made unique */
} emgp_input;

typedef struct emgp_inputs {
    emgp_input *list;
    size_t n, room;
} emgp_inputs;

/* Files stay in the order given (a missing one too: opening it will say so); a folder gives the recordings in it and in
 * the folders below it, in byte order of their paths. The folder `output` and event files of Myogram's own are left out.
 * A folder that cannot be listed is an input itself: opening it will say why. What is named twice is one input.
 * EMG_ENOMEM. Free with emgp_inputs_free() in any case. */
emg_status emgp_inputs_list(emgp_inputs *inputs, const char *const *paths, size_t n, const char *output,
                            emg_error *err);
/* The same over one path for files of events: tables ending in _events.tsv, and recordings, whose annotations may be
 * events. Two files of one stem stay two. */
emg_status emgp_inputs_events(emgp_inputs *inputs, const char *path, emg_error *err);
void emgp_inputs_free(emgp_inputs *inputs);

#endif
