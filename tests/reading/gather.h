/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All samples of a recording, channel by channel, with the promises of blocks checked on the way. */
#ifndef TEST_GATHER_H
#define TEST_GATHER_H

#include <emg/recording.h>

#include "reading/bytes.h"

typedef struct gathered_channel {
    double *x, *time_s; /* n samples and when each was taken */
    size_t n, room;
    size_t n_starts; /* blocks that began a new segment */
} gathered_channel;

typedef struct gathered {
    gathered_channel *channel; /* one per channel of the recording */
    size_t n_channels, n_blocks, most_frames, most_channels;
} gathered;

/* A recording built in memory, opened. Fails the test when it cannot be. */
emg_recording *open_built(const bytes *b, const emg_reading *reading);

/* Reads blocks to the end. Fails the test when a block breaks what block.h says; returns the reading's status. */
emg_status gather(gathered *out, emg_recording *rec, emg_error *err);
void gathered_free(gathered *all);

#endif
