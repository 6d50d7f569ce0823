/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Myogram was built with. */
#ifndef EMG_SOFTWARE_H
#define EMG_SOFTWARE_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Name and version of Myogram (index 0) and of each library that it was built with; false beyond the last. */
EMG_API bool emg_report_software(size_t index, const char **name, const char **version);

#ifdef __cplusplus
}
#endif
#endif
