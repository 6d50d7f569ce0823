/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact reads over a small vtable; a running XXH3-128 follows every byte that is read in order. */
#include "reading/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Inline, so that the size of the hash state cannot differ from that of another version of the shared library. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/base.h"

enum { HASH_SLICE = 256 * 1024 };

struct emgp_io {
    XXH3_state_t hash; /* asks for 64-byte alignment, which emgp_alloc gives */
    uint64_t hashed;   /* bytes 0..hashed-1 are in the hash */
    emgp_stamp opened;
    emgp_source source;
};

static emg_status fail_errno(const char *what, int number, emg_error *err)
{
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return emgp_fail(err, EMG_EIO, "%s: %s", what, reason);
}

/* --- a file: the descriptor is the context ------------------------------------------------------------------- */

typedef struct file_source {
    int descriptor;
} file_source;

static emg_status file_read(void *context, uint64_t offset, void *out, size_t n, size_t *got, emg_error *err)
{
    const file_source *file = context;
    if (offset > INT64_MAX - n)
        return emgp_fail(err, EMG_EIO, "cannot read beyond byte %lld", (long long)INT64_MAX);
    ssize_t taken;
    do {
        taken = pread(file->descriptor, out, n, (off_t)offset);
    } while (taken < 0 && errno == EINTR);
    if (taken < 0)
        return fail_errno("cannot be read", errno, err);
    *got = (size_t)taken;
    return EMG_OK;
}

static emg_status file_size(void *context, uint64_t *out, emg_error *err)
{
    const file_source *file = context;
    struct stat facts;
    if (fstat(file->descriptor, &facts) != 0)
        return fail_errno("cannot be examined", errno, err);
    *out = facts.st_size > 0 ? (uint64_t)facts.st_size : 0;
    return EMG_OK;
}

static emg_status file_written_at(void *context, int64_t *out, emg_error *err)
{
    const file_source *file = context;
    struct stat facts;
    if (fstat(file->descriptor, &facts) != 0)
        return fail_errno("cannot be examined", errno, err);
    *out = (int64_t)facts.st_mtim.tv_sec * 1000000000 + (int64_t)facts.st_mtim.tv_nsec;
    return EMG_OK;
}

static void file_close(void *context)
{
    file_source *file = context;
    close(file->descriptor);
    emgp_free(file);
}

emg_status emgp_source_file(emgp_source *out, const char *path, emg_error *err)
{
    file_source *file = emgp_alloc(1, sizeof *file);
    if (!file)
        return emgp_fail_memory(err);
    /* Without O_NONBLOCK, opening a pipe without a writer would wait for ever. */
    do {
        file->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    } while (file->descriptor < 0 && errno == EINTR);
    if (file->descriptor < 0) {
        int number = errno;
        emgp_free(file);
        emg_status status = emgp_foreign_absent(path, number, err);
        return status ? status : fail_errno("cannot be opened", number, err);
    }
    struct stat facts;
    if (fstat(file->descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        file_close(file);
        return emgp_fail(
            err, EMG_EIO,
            "not a regular file: give the path of a recording (emg-report takes folders), or - and the recording on standard input");
    }
    *out = (emgp_source){ file_read, file_size, file_close, file, file_written_at };
    return EMG_OK;
}

emg_status emgp_source_exists(const char *path, bool *exists, emg_error *err)
{
    struct stat facts;
    *exists = lstat(path, &facts) == 0; /* a link that leads nowhere is there */
    if (*exists || errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
        return EMG_OK;
    return fail_errno("cannot be examined", errno, err);
}

/* --- memory -------------------------------------------------------------------------------------------------- */

typedef struct memory_source {
    const unsigned char *bytes;
    size_t n;
} memory_source;

static emg_status memory_read(void *context, uint64_t offset, void *out, size_t n, size_t *got, emg_error *err)
{
    (void)err;
    const memory_source *memory = context;
    size_t left = offset < memory->n ? memory->n - (size_t)offset : 0;
    *got = n < left ? n : left;
    if (*got)
        memcpy(out, memory->bytes + offset, *got);
    return EMG_OK;
}

static emg_status memory_size(void *context, uint64_t *out, emg_error *err)
{
    (void)err;
    *out = ((const memory_source *)context)->n;
    return EMG_OK;
}

emg_status emgp_source_memory(emgp_source *out, const void *bytes, size_t n, emg_error *err)
{
    memory_source *memory = emgp_alloc(1, sizeof *memory);
    if (!memory)
        return emgp_fail_memory(err);
    *memory = (memory_source){ bytes, n };
    *out = (emgp_source){ memory_read, memory_size, emgp_free, memory, NULL };
    return EMG_OK;
}

/* --- exact reads --------------------------------------------------------------------------------------------- */

static emg_status take_stamp(const emgp_source *source, emgp_stamp *out, emg_error *err)
{
    *out = (emgp_stamp){ 0, 0 };
    emg_status status = source->size(source->context, &out->bytes, err);
    if (status == EMG_OK && source->written_at)
        status = source->written_at(source->context, &out->written_ns, err);
    return status;
}

emg_status emgp_io_new(emgp_io **out, emgp_source source, emg_error *err)
{
    emgp_io *io = emgp_alloc(1, sizeof *io);
    emg_status status = io ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = take_stamp(&source, &io->opened, err);
    if (status != EMG_OK) {
        emgp_free(io);
        if (source.close)
            source.close(source.context);
        return status;
    }
    io->source = source;
    XXH3_128bits_reset(&io->hash);
    *out = io;
    return EMG_OK;
}

void emgp_io_free(emgp_io *io)
{
    if (!io)
        return;
    if (io->source.close)
        io->source.close(io->source.context);
    emgp_free(io);
}

uint64_t emgp_io_size(const emgp_io *io)
{
    return io->opened.bytes;
}

emgp_stamp emgp_io_stamp(const emgp_io *io)
{
    return io->opened;
}

emg_status emgp_io_stamp_now(const emgp_io *io, emgp_stamp *out, emg_error *err)
{
    return take_stamp(&io->source, out, err);
}

/* The part of a read that continues the hash goes into it; a read elsewhere leaves it alone. */
static void hash_along(emgp_io *io, uint64_t offset, const unsigned char *bytes, size_t n)
{
    if (offset > io->hashed || offset + n <= io->hashed)
        return;
    size_t known = (size_t)(io->hashed - offset);
    XXH3_128bits_update(&io->hash, bytes + known, n - known);
    io->hashed += n - known;
}

emg_status emgp_io_read(emgp_io *io, uint64_t offset, void *out, size_t n, emg_error *err)
{
    unsigned char *to = out;
    size_t done = 0;
    while (done < n) {
        size_t got = 0;
        emg_status status = io->source.read_at(io->source.context, offset + done, to + done, n - done, &got, err);
        if (status != EMG_OK)
            return status;
        if (got == 0)
            return emgp_fail_at(err, EMG_EIO, (int64_t)(offset + done), -1,
                                "ends at byte %llu though it had %llu bytes when opened: it is being written to; copy "
                                "it and read the copy",
                                (unsigned long long)(offset + done), (unsigned long long)io->opened.bytes);
        done += got;
    }
    hash_along(io, offset, out, n);
    return EMG_OK;
}

emg_status emgp_io_hash(emgp_io *io, char out[33], emg_error *err)
{
    void *slice = emgp_alloc(HASH_SLICE, 1);
    if (!slice)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    while (status == EMG_OK && io->hashed < io->opened.bytes) {
        uint64_t left = io->opened.bytes - io->hashed;
        status = emgp_io_read(io, io->hashed, slice, left < HASH_SLICE ? (size_t)left : HASH_SLICE, err);
    }
    emgp_free(slice);
    if (status != EMG_OK)
        return status;
    XXH128_hash_t hash = XXH3_128bits_digest(&io->hash);
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)hash.high64, (unsigned long long)hash.low64);
    return EMG_OK;
}
