/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library's own version. */
#include <emg/version.h>

const char *emg_version(void)
{
    return EMG_VERSION;
}
