/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two recordings of the same muscles compared: rates of fasciculations, rhythms, contractions, spectra. */
#ifndef EMG_COMPARISON_H
#define EMG_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/channel.h>
#include <emg/event.h>
#include <emg/rates.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One recording with what was found in it. All is borrowed for the call that takes it. */
typedef struct emg_visit {
    const char *name;
    const emg_summary *muscles; /* as emg_result_muscle() gives them */
    size_t n_muscles;
    const emg_event *events; /* in any order; emg_event.muscle is an index of `muscles` */
    size_t n_events;
    const emg_segment *segments; /* what was recorded, ascending */
    size_t n_segments;
    double least_amplitude_uv; /* the setting fasciculation.least_amplitude_uv of its analysis */
} emg_visit;

/* Why there is no interval of the rates of fasciculations. */
typedef enum emg_rates_lack {
    EMG_RATES_GIVEN = 0,
    EMG_RATES_NO_REST,      /* one of the two never rests, or not for 10 s: nobody knows how many there were */
    EMG_RATES_NO_AMPLITUDE, /* one of the two is calibrated, the other not: they have no amplitude in common */
    EMG_RATES_NO_EVENTS,    /* neither has any of this amplitude */
    EMG_RATES_FEW_MINUTES   /* too few minutes at rest to know how much the counts scatter */
} emg_rates_lack;

/* One muscle in one of the recordings. Amplitudes: microvolts when calibrated, else the recording's own unit. */
typedef struct emg_compared_side {
    const emg_summary *summary;
    double least_seen;       /* smallest amplitude that could be seen and counts as a fasciculation */
    uint64_t n_counted;      /* fasciculations of the amplitude that could be seen in both; EMG_NO_COUNT: not counted */
    double median_amplitude; /* of those */
    const uint64_t *minutes; /* their counts in n_minutes equal stretches of the time at rest */
    size_t n_minutes;        /* the minutes at rest to the nearest, at least 1; 0: no rest */
} emg_compared_side;

/* What every episode has: its means in both recordings are compared. */
typedef enum emg_episode_figure {
    EMG_EPISODE_CLONUS_HZ = 0,
    EMG_EPISODE_CLONUS_S,
    EMG_EPISODE_TREMOR_HZ,
    EMG_EPISODE_TONIC_S,
    EMG_EPISODE_TONIC_AMPLITUDE,
    EMG_N_EPISODE_FIGURES
} emg_episode_figure;

/* Means over episodes, as if these were independent of each other, in the unit of what each episode has. The means have
 * bounds by Student's t, their change by Welch's (Welch 1947) with the degrees of freedom of Satterthwaite (1946), at 95 %,
 * where both recordings have 5 episodes or more. Lengths and amplitudes are skewed: theirs are geometric means, compared by their
 * ratio. NaN: none. */
typedef struct emg_means {
    emg_interval mean[2]; /* in the unit of the figure */
    emg_interval change;  /* b - a; of geometric means b / a, a ratio */
    size_t n[2];          /* episodes in which it is known */
    double freedom;       /* degrees of freedom of the change; NaN: it has no bounds */
    bool geometric, differ;
} emg_means;

/* One muscle that both recordings have. */
typedef struct emg_compared_muscle {
    const char *name;
    emg_compared_side side[2];
    double counted_from; /* the larger of the two amplitudes that could be seen; NaN: none in common */
    emg_rates rates;     /* of fasciculations; all NaN unless `lack` lets them be */
    emg_rates_lack lack;
    emg_means episodes[EMG_N_EPISODE_FIGURES];
} emg_compared_muscle;

/* One figure of a muscle. Texts are constants but the remark. */
typedef struct emg_compared_figure {
    const char *quantity, *units, *description;
    emg_interval a, b, difference, ratio; /* b - a, b / a; without bounds unless `tested` */
    bool tested, differs;                 /* whether an interval was found, and whether it leaves out no change */
    char remark[160];                     /* what limits the figure; "" */
} emg_compared_figure;

typedef struct emg_comparison emg_comparison;

/* Compares muscles of equal names, in the order of a. What is needed of a and b is copied. Fasciculations are counted from
 * the larger of the two amplitudes on that could be seen, and cut into minutes at rest: what lies outside episodes and
 * contractions; noisy and flagged time, whose place a summary does not tell, is taken as spread evenly.
 * *out is freed by emg_comparison_free(). EMG_EARG: NULL, an event of no muscle, two muscles of one name; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_comparison_new(emg_comparison **out, const emg_visit *a, const emg_visit *b,
                                                   emg_error *err);
EMG_API void emg_comparison_free(emg_comparison *comparison);

/* The name of recording 0 (a) or 1 (b); NULL for another. */
EMG_API const char *emg_comparison_name(const emg_comparison *comparison, size_t side);

/* Muscles that both have; borrowed, NULL beyond the last. */
EMG_API size_t emg_comparison_n_muscles(const emg_comparison *comparison);
EMG_API const emg_compared_muscle *emg_comparison_muscle(const emg_comparison *comparison, size_t index);

/* Names of the muscles that only this recording has; NULL beyond the last. */
EMG_API const char *emg_comparison_unmatched(const emg_comparison *comparison, size_t side, size_t index);

/* Figure `index` of a muscle; false beyond the last. Every muscle has the same figures in the same order. */
EMG_API bool emg_comparison_figure(const emg_comparison *comparison, size_t muscle, size_t index,
                                   emg_compared_figure *out);

#ifdef __cplusplus
}
#endif
#endif
