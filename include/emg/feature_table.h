/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of features: what each is called, in which unit, after which formula; and which of them are wanted. */
#ifndef EMG_FEATURE_TABLE_H
#define EMG_FEATURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/features.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum emg_feature_group {
    EMG_FEATURES_TIME = 0,  /* of the samples */
    EMG_FEATURES_FREQUENCY, /* of the power density */
    EMG_FEATURES_QUALITY,   /* how far the signal stands out of what is not muscle */
    EMG_FEATURES_ENTROPY    /* of the samples, in time that grows with the square of their number */
} emg_feature_group;

/* A row of the table of features. Names, columns, help and the methods page are all read from it. */
typedef struct emg_feature {
    const char *name;     /* as a choice of features has it: "mnf" */
    const char *column;   /* in tables: "mean_frequency_hz"; of an amplitude the one in microvolts: "rms_uv" */
    const char *relative; /* the column that takes its place where there are no microvolts: "rms_rel"; else NULL */
    const char *unit;     /* "uV", "uV^2 Hz", "Hz", ...; "" for a ratio or a count */
    emg_feature_group group;
    bool by_default;      /* chosen when nothing is */
    size_t offset;        /* of its double within emg_features */
    const char *sentence; /* what it is */
    const char *formula;
    const char *source;
} emg_feature;

/* Row `index`, in the order of columns; NULL beyond the last. There are fewer than 64. */
EMG_API const emg_feature *emg_feature_row(size_t index);

/* The value that belongs to a row. */
EMG_API double emg_feature_value(const emg_feature *row, const emg_features *features);

/* Which features are wanted: bit i stands for row i. */
typedef struct emg_feature_choice {
    uint64_t rows;
    bool multitaper; /* spectra after Thomson instead of Welch */
} emg_feature_choice;

/* The rows chosen by default. */
EMG_API emg_feature_choice emg_feature_choice_defaults(void);

/* A choice from names and groups joined by commas: "mnf,mdf", "time", "frequency", "quality", "entropy", "default",
 * "all", and "multitaper", which names no feature but how spectra are made. EMG_EARG with the word that is none. */
EMG_API EMG_MUST_USE emg_status emg_feature_choice_read(emg_feature_choice *choice, const char *list, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
