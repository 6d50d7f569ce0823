/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records in chunks: the last chunk of a stream in memory, older ones in an unlinked file once memory is short. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { CHUNK_BYTES = 16 * 1024, CHUNK_BYTES_MANY = 2 * 1024, MANY_STREAMS = 256, IN_MEMORY = -1 };

typedef struct chunk {
    char *records;  /* NULL when in the file */
    int64_t offset; /* in the file, or IN_MEMORY */
} chunk;

typedef struct stream {
    chunk *chunks;
    size_t n_chunks, room;
    uint64_t n_records;
} stream;

struct emgp_spill {
    size_t n_streams, record_size, per_chunk;
    size_t budget;
    stream *streams;
    char *directory;
    pthread_mutex_t lock; /* guards what follows */
    bool has_lock;
    size_t held; /* bytes in memory */
    int file;
    int64_t file_end;
};

emg_status emgp_spill_new(emgp_spill **out, size_t n_streams, size_t record_size, size_t budget, const char *directory,
                          emg_error *err)
{
    if (!directory)
        directory = getenv("TMPDIR");
    if (!directory || !*directory)
        directory = "/tmp";
    emgp_spill *spill = emgp_alloc(1, sizeof *spill);
    if (!spill)
        return emgp_fail_memory(err);
    spill->file = -1;
    spill->n_streams = n_streams;
    spill->record_size = record_size;
    size_t bytes = n_streams > MANY_STREAMS ? CHUNK_BYTES_MANY : CHUNK_BYTES;
    spill->per_chunk = record_size < bytes ? bytes / record_size : 1;
    spill->budget = budget;
    spill->streams = emgp_alloc(n_streams, sizeof *spill->streams);
    spill->directory = emgp_copy_text(directory, strlen(directory));
    spill->has_lock = pthread_mutex_init(&spill->lock, NULL) == 0;
    if (!spill->streams || !spill->directory || !spill->has_lock) {
        emgp_spill_free(spill);
        return emgp_fail_memory(err);
    }
    *out = spill;
    return EMG_OK;
}

void emgp_spill_free(emgp_spill *spill)
{
    if (!spill)
        return;
    for (size_t s = 0; spill->streams && s < spill->n_streams; s++) {
        for (size_t c = 0; c < spill->streams[s].n_chunks; c++)
            emgp_free(spill->streams[s].chunks[c].records);
        emgp_free(spill->streams[s].chunks);
    }
    if (spill->file >= 0)
        close(spill->file);
    if (spill->has_lock)
        (void)pthread_mutex_destroy(&spill->lock);
    emgp_free(spill->streams);
    emgp_free(spill->directory);
    emgp_free(spill);
}

static emg_status open_file(emgp_spill *spill, emg_error *err)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/.myogram-XXXXXX", spill->directory);
    if (n < 0 || (size_t)n >= sizeof path)
        return emgp_fail(err, EMG_EIO, "the name of the temporary folder is too long");
    spill->file = mkstemp(path);
    if (spill->file < 0)
        return emgp_fail(err, EMG_EIO, "cannot make a temporary file in %s: %s; set TMPDIR to a folder with room",
                         spill->directory, strerror(errno));
    unlink(path);
    return EMG_OK;
}

static emg_status write_out(emgp_spill *spill, chunk *c, emg_error *err)
{
    if (spill->file < 0 && open_file(spill, err))
        return EMG_EIO;
    size_t bytes = spill->per_chunk * spill->record_size;
    for (size_t done = 0; done < bytes;) {
        ssize_t n = pwrite(spill->file, c->records + done, bytes - done, (off_t)(spill->file_end + (int64_t)done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return emgp_fail(err, EMG_EIO, "cannot write a temporary file in %s: %s; set TMPDIR to a folder with room",
                             spill->directory, n < 0 ? strerror(errno) : "no room");
        done += (size_t)n;
    }
    c->offset = spill->file_end;
    spill->file_end += (int64_t)bytes;
    emgp_free(c->records);
    c->records = NULL;
    spill->held -= bytes;
    return EMG_OK;
}

/* With the lock held. */
static emg_status add_chunk(emgp_spill *spill, stream *s, emg_error *err)
{
    if (s->n_chunks > 0 && spill->held > spill->budget && write_out(spill, &s->chunks[s->n_chunks - 1], err))
        return EMG_EIO;
    void *chunks = s->chunks;
    if (!emgp_reserve(&chunks, &s->room, s->n_chunks, s->n_chunks + 1, sizeof *s->chunks))
        return emgp_fail_memory(err);
    s->chunks = chunks;
    char *records = emgp_alloc(spill->per_chunk, spill->record_size);
    if (!records)
        return emgp_fail_memory(err);
    s->chunks[s->n_chunks++] = (chunk){ records, IN_MEMORY };
    spill->held += spill->per_chunk * spill->record_size;
    return EMG_OK;
}

static emg_status new_chunk(emgp_spill *spill, stream *s, emg_error *err)
{
    pthread_mutex_lock(&spill->lock);
    const emg_status status = add_chunk(spill, s, err);
    pthread_mutex_unlock(&spill->lock);
    return status;
}

emg_status emgp_spill_push(emgp_spill *spill, size_t stream_index, const void *record, emg_error *err)
{
    stream *s = &spill->streams[stream_index];
    size_t at = (size_t)(s->n_records % spill->per_chunk);
    if (at == 0) {
        emg_status status = new_chunk(spill, s, err);
        if (status)
            return status;
    }
    memcpy(s->chunks[s->n_chunks - 1].records + at * spill->record_size, record, spill->record_size);
    s->n_records++;
    return EMG_OK;
}

void emgp_spill_start(emgp_spill_cursor *cursor, const emgp_spill *spill, size_t stream_index)
{
    *cursor = (emgp_spill_cursor){ spill, stream_index, 0, 0, NULL, 0 };
}

static emg_status load(emgp_spill_cursor *cursor, const chunk *c, emg_error *err)
{
    const emgp_spill *spill = cursor->spill;
    size_t bytes = spill->per_chunk * spill->record_size;
    if (cursor->loaded && cursor->loaded_chunk == cursor->chunk)
        return EMG_OK;
    if (!cursor->loaded)
        cursor->loaded = emgp_alloc(1, bytes);
    if (!cursor->loaded)
        return emgp_fail_memory(err);
    cursor->loaded_chunk = SIZE_MAX; /* until it is whole */
    for (size_t done = 0; done < bytes;) {
        ssize_t n = pread(spill->file, cursor->loaded + done, bytes - done, (off_t)(c->offset + (int64_t)done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return emgp_fail(err, EMG_EIO, "cannot read a temporary file in %s back: %s", spill->directory,
                             n < 0 ? strerror(errno) : "it is shorter than it was");
        done += (size_t)n;
    }
    cursor->loaded_chunk = cursor->chunk;
    return EMG_OK;
}

emg_status emgp_spill_next(emgp_spill_cursor *cursor, const void **record, emg_error *err)
{
    const emgp_spill *spill = cursor->spill;
    const stream *s = &spill->streams[cursor->stream];
    if (cursor->at == spill->per_chunk) {
        cursor->chunk++;
        cursor->at = 0;
    }
    if ((uint64_t)cursor->chunk * spill->per_chunk + cursor->at >= s->n_records) {
        *record = NULL;
        return EMG_OK;
    }
    const chunk *c = &s->chunks[cursor->chunk];
    const char *records = c->records;
    if (!records) {
        emg_status status = load(cursor, c, err);
        if (status)
            return status;
        records = cursor->loaded;
    }
    *record = records + cursor->at++ * spill->record_size;
    return EMG_OK;
}

emg_status emgp_spill_copy(emgp_spill_cursor *cursor, void *to, size_t size, bool *there, emg_error *err)
{
    const void *record;
    emg_status status = emgp_spill_next(cursor, &record, err);
    *there = status == EMG_OK && record;
    if (*there)
        memcpy(to, record, size);
    return status;
}

emg_status emgp_spill_append(emgp_spill *to, size_t to_stream, const emgp_spill *from, size_t from_stream,
                             emg_error *err)
{
    emgp_spill_cursor cursor;
    const void *record = NULL;
    emg_status status = EMG_OK;
    emgp_spill_start(&cursor, from, from_stream);
    while (status == EMG_OK && (status = emgp_spill_next(&cursor, &record, err)) == EMG_OK && record)
        status = emgp_spill_push(to, to_stream, record, err);
    emgp_spill_stop(&cursor);
    return status;
}

emg_status emgp_spill_seek(emgp_spill_cursor *cursor, double from, emg_error *err)
{
    const emgp_spill *spill = cursor->spill;
    uint64_t low = 0, high = spill->streams[cursor->stream].n_records;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const void *record = NULL;
        double time;
        cursor->chunk = (size_t)(middle / spill->per_chunk);
        cursor->at = (size_t)(middle % spill->per_chunk);
        emg_status status = emgp_spill_next(cursor, &record, err);
        if (status)
            return status;
        memcpy(&time, record, sizeof time);
        if (time < from)
            low = middle + 1;
        else
            high = middle;
    }
    cursor->chunk = (size_t)(low / spill->per_chunk);
    cursor->at = (size_t)(low % spill->per_chunk);
    return EMG_OK;
}

void emgp_spill_stop(emgp_spill_cursor *cursor)
{
    emgp_free(cursor->loaded);
    cursor->loaded = NULL;
}
