/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of what is read, repaired and refused, each with its code. */
#ifndef EMG_CODE_H
#define EMG_CODE_H

#include <stddef.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emg_code_kind {
    EMG_CODE_READ,     /* a format; code: its name, as emg_recording_facts.format_name has it */
    EMG_CODE_REPAIRED, /* a deviation that is tolerated; code: that of emg_deviation, stable from version to version */
    EMG_CODE_REFUSED   /* code: the name of the emg_status that opening or reading answers */
} emg_code_kind;

typedef struct emg_code {
    emg_code_kind kind;
    const char *code;
    const char *found; /* what stands in the file */
    const char *done;  /* what is done about it; of a refusal: words that its sentence holds */
} emg_code;

/* Row `index` of the table, from 0; NULL beyond the last. */
EMG_API const emg_code *emg_code_at(size_t index);

/* "read", "repaired" or "refused"; never NULL. */
EMG_API const char *emg_code_kind_name(emg_code_kind kind);

#ifdef __cplusplus
}
#endif
#endif
