/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a configuration file: taken or refused with a sentence; what is taken passes the check or is named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emg/config.h>

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[] = "/tmp/fuzz-config-XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0)
        return 0;
    ssize_t written = write(fd, data, size);
    close(fd);
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_error err = EMG_ERROR_NONE;
    if (written == (ssize_t)size && emg_config_read(&config, path, &err) != EMG_OK && !*err.text)
        abort();
    unlink(path);
    return 0;
}
