/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What figures need of a channel: a recording of any length in a few fixed columns, and pieces of it. */
#ifndef EMG_SKETCH_H
#define EMG_SKETCH_H

#include <stddef.h>
#include <stdint.h>

#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    EMG_SKETCH_COLUMNS = 2048,     /* most columns of a recording */
    EMG_SKETCH_POINTS = 32,        /* of a discharge's shape */
    EMG_SKETCH_WAVES = 16,         /* most single discharges kept of a shape */
    EMG_SKETCH_ZOOMS = 12,         /* most pieces kept at full resolution */
    EMG_SKETCH_BURSTS = 4096,      /* most bursts kept */
    EMG_SKETCH_EXCLUDED = 1 << 16, /* a bit of flags beside those of emg_quality_kind: nothing was recorded there */
    EMG_SKETCH_ZOOM_LEVELS = 127   /* a zoom's numbers go from -127 to 127 */
};

/* A column of the recording's time. Amplitudes: microvolts when calibrated, else the recording's own unit. */
typedef struct emg_sketch_column {
    float low, high;  /* least and largest conditioned sample; low > high: none was analysed */
    float noise;      /* its standard deviation; 0: not known */
    float analysed_s; /* seconds in which something was recorded and read */
    float restless_s; /* seconds that are no rest (see rest_s of emg_summary_signal) */
    uint32_t flags;   /* bit k: some window of it has emg_quality_kind k; EMG_SKETCH_EXCLUDED */
} emg_sketch_column;

/* A piece of the conditioned signal around strong activity: least and largest sample of each step. */
typedef struct emg_sketch_zoom {
    double start_s, step_s;
    size_t n;                 /* steps */
    double scale;             /* amplitude of one level */
    const int8_t *low, *high; /* n each, in levels */
} emg_sketch_zoom;

/* Discharges of one unit, aligned at the largest deflection, in the middle of EMG_SKETCH_POINTS points over shape_s. */
typedef struct emg_sketch_shape {
    uint32_t unit; /* from 1, as in emg_event */
    uint64_t n;    /* discharges */
    float mean[EMG_SKETCH_POINTS];
    float median[EMG_SKETCH_POINTS], low[EMG_SKETCH_POINTS], high[EMG_SKETCH_POINTS]; /* of waves: 50, 10 and 90 % */
    size_t n_waves;
    float waves[EMG_SKETCH_WAVES][EMG_SKETCH_POINTS]; /* some of them, evenly chosen in order of time */
} emg_sketch_shape;

/* All of one channel; belongs to the result. Its size depends on what was found, not on the recording's length. */
typedef struct emg_sketch {
    double column_s; /* column i holds [i, i + 1) times column_s, from the recording's first sample */
    size_t n_columns;
    const emg_sketch_column *columns;
    size_t n_zooms;
    emg_sketch_zoom zooms[EMG_SKETCH_ZOOMS];
    double shape_s; /* length of a shape; 0: none */
    size_t n_shapes;
    const emg_sketch_shape *const *shapes; /* by unit */
    size_t n_bursts;
    const double
        *burst_s;   /* at_s (see emg_burst) of the bursts of episodes, ascending; only the first EMG_SKETCH_BURSTS, and
                              of units' trains only those of the unit that fires longest */
    double line_hz; /* power line that conditioning removed; 0: none */
} emg_sketch;

/* The sketch of a channel, borrowed; NULL beyond the last channel, when nothing of it was
 * analysed, or after emg_analysis_no_sketches(). */
EMG_API const emg_sketch *emg_result_sketch(const emg_result *result, size_t channel);

#ifdef __cplusplus
}
#endif
#endif
