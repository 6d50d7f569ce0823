/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of equal records that live in memory while they are few and in an unlinked file when they are many. */
#ifndef EMGP_SPILL_H
#define EMGP_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

/* Any number of append-only streams of one record size that share one temporary file. Once all streams together
 * hold more than `budget` bytes, full chunks go to the file, which has no name (it is unlinked at once, so that
 * nothing is left behind however the program ends). */
typedef struct emgp_spill emgp_spill;

/* directory: where the file is made when one is needed; NULL: $TMPDIR, else /tmp. */
emg_status emgp_spill_new(emgp_spill **out, size_t n_streams, size_t record_size, size_t budget, const char *directory,
                          emg_error *err);
void emgp_spill_free(emgp_spill *spill);

/* Appends a record. EMG_ENOMEM; EMG_EIO when the file cannot be made or written (its sentence names the folder). */
emg_status emgp_spill_push(emgp_spill *spill, size_t stream, const void *record, emg_error *err);

/* Records pushed to a stream so far. */
uint64_t emgp_spill_count(const emgp_spill *spill, size_t stream);

/* A place in a stream. Start it with emgp_spill_start. Reading and pushing may alternate; each cursor holds one
 * chunk, freed by emgp_spill_stop. */
typedef struct emgp_spill_cursor {
    const emgp_spill *spill;
    size_t stream, chunk, at;
    char *loaded; /* the chunk's records, when it came from the file */
    size_t loaded_chunk;
} emgp_spill_cursor;

void emgp_spill_start(emgp_spill_cursor *cursor, const emgp_spill *spill, size_t stream);

/* The next record, valid until the next call with this cursor or a push to this stream; NULL in *record at the end.
 * EMG_ENOMEM, EMG_EIO. */
emg_status emgp_spill_next(emgp_spill_cursor *cursor, const void **record, emg_error *err);
void emgp_spill_stop(emgp_spill_cursor *cursor);

#endif
