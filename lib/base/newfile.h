/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file that is whole or absent: written under another name in the same folder, renamed when complete. */
#ifndef EMGP_NEWFILE_H
#define EMGP_NEWFILE_H

#include <stddef.h>
#include <stdint.h>

#include <emg/status.h>

typedef struct emgp_newfile emgp_newfile;

/* Begins a file that will be at `path`. What stands there stays until the commit, and must be a plain file.
 * EMG_EIO, EMG_ENOMEM; sentences name the path. */
emg_status emgp_newfile_open(emgp_newfile **out, const char *path, emg_error *err);

/* Appends n bytes; every failure of the system is seen (EMG_EIO). */
emg_status emgp_newfile_write(emgp_newfile *file, const void *bytes, size_t n, emg_error *err);

/* Overwrites n bytes at an offset that was written before. */
emg_status emgp_newfile_patch(emgp_newfile *file, uint64_t offset, const void *bytes, size_t n, emg_error *err);

/* Makes the file appear under its name, safely on the disk. Nothing may be written afterwards. */
emg_status emgp_newfile_commit(emgp_newfile *file, emg_error *err);

/* Frees; a file that was not committed disappears. NULL is allowed. */
void emgp_newfile_free(emgp_newfile *file);

/* emgp_newfile_write for an emgp_sink; context is the emgp_newfile. */
emg_status emgp_newfile_sink(void *context, const char *bytes, size_t n, emg_error *err);

#endif
