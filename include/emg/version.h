/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which version of Myogram this is: that of the headers, for the compiler, and that of the library, at run time. */
#ifndef EMG_VERSION_H
#define EMG_VERSION_H

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Semantic versioning; while the first number is 0, the second one rises when programs must change. */
#define EMG_VERSION_MAJOR 0
#define EMG_VERSION_MINOR 1
#define EMG_VERSION_PATCH 0
#define EMG_VERSION "0.1.0"

/* EMG_VERSION of the library that is linked; never NULL. It may differ from that of the headers. */
EMG_API const char *emg_version(void);

#ifdef __cplusplus
}
#endif
#endif
