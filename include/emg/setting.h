/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One setting: its key, unit, range, default and the sentence that explains it. */
#ifndef EMG_SETTING_H
#define EMG_SETTING_H

#include <stddef.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a settings table. Defaults, range checks, --help, --print-config and configuration files are all read
 * from such rows, so that none of them can differ. The value is a double at byte `offset` of the settings' struct;
 * with `words` ("auto|50|60|off") the value is the index of the chosen word, from 0. */
typedef struct emg_setting {
    const char *key;      /* e.g. "detect.threshold_sigma" */
    const char *unit;     /* "s", "Hz", "uV", "" for a ratio or a count */
    double least, most;   /* inclusive range */
    double fallback;      /* default of the preset "surface" */
    double needle;        /* default of the preset "needle" */
    const char *words;    /* the words allowed, joined by '|', or NULL for a number */
    size_t offset;        /* where the value lies in its struct */
    const char *sentence; /* what it does, one sentence */
} emg_setting;

#ifdef __cplusplus
}
#endif
#endif
