/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes by offset from a file or memory, every read whole or failed, with a hash taken along the way. */
#ifndef EMGP_IO_H
#define EMGP_IO_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

/* Where bytes come from. Whoever makes one owns its context until emgp_io_new takes it over. */
typedef struct emgp_source {
    /* Up to n bytes at offset into out, *got of them; *got = 0 only at the end. */
    emg_status (*read_at)(void *context, uint64_t offset, void *out, size_t n, size_t *got, emg_error *err);
    emg_status (*size)(void *context, uint64_t *out, emg_error *err);
    void (*close)(void *context); /* NULL: nothing to release */
    void *context;
} emgp_source;

/* A regular file. EMG_EIO: cannot be opened, or is a folder, a pipe or a device. */
emg_status emgp_source_file(emgp_source *out, const char *path, emg_error *err);

/* n borrowed bytes. */
emg_status emgp_source_memory(emgp_source *out, const void *bytes, size_t n, emg_error *err);

typedef struct emgp_io emgp_io;

/* Takes the source over, also when it fails. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_io_new(emgp_io **out, emgp_source source, emg_error *err);
void emgp_io_free(emgp_io *io);

/* Bytes when it was opened. */
uint64_t emgp_io_size(const emgp_io *io);

/* Bytes now: differs when something writes to the file. EMG_EIO. */
emg_status emgp_io_size_now(const emgp_io *io, uint64_t *out, emg_error *err);

/* All n bytes at offset, or EMG_EIO with the byte at which it stopped. */
emg_status emgp_io_read(emgp_io *io, uint64_t offset, void *out, size_t n, emg_error *err);

/* XXH3-128 over all bytes as 32 hexadecimal digits: reads on from where in-order reading has stopped. */
emg_status emgp_io_hash(emgp_io *io, char out[33], emg_error *err);

#endif
