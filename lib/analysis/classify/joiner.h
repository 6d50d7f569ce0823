/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Episodes of one class that follow each other closely are one episode. */
#ifndef EMGP_JOINER_H
#define EMGP_JOINER_H

#include <stdbool.h>

#include <emg/event.h>

/* Holds the last episode back until it is known that none joins it. Zeroed it is empty. */
typedef struct emgp_joiner {
    bool open;
    emg_event held;
} emgp_joiner;

/* Takes the next episode; *done is set and *out filled when the one held before is complete. */
void emgp_joiner_push(emgp_joiner *joiner, const emg_event *event, bool *done, emg_event *out);

/* The episode still held, if any. */
void emgp_joiner_finish(emgp_joiner *joiner, bool *done, emg_event *out);

#endif
