/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A channel's signal in a few fixed columns and pieces, for those who draw it. */
#ifndef EMGP_ANALYSIS_SKETCH_SKETCH_H
#define EMGP_ANALYSIS_SKETCH_SKETCH_H

#include <emg/event.h>
#include <emg/sketch.h>

#include "analysis/detect/detect.h"
#include "analysis/evidence/evidence.h"
#include "analysis/units/units.h"
#include "base/base.h"

typedef struct emgp_sketch emgp_sketch;

/* ---- sketch.c: All that is kept of a channel, and its public face. ---- */

/* shape_s: length of a discharge's shape. EMG_ENOMEM. */
emg_status emgp_sketch_new(emgp_sketch **out, double rate_hz, double shape_s, emg_error *err);
void emgp_sketch_free(emgp_sketch *sketch);

/* Pages in order of time. EMG_ENOMEM. */
emg_status emgp_sketch_page(emgp_sketch *sketch, const emgp_page *page, emg_error *err);

/* A burst that closed in the page that comes next: where it is worth a piece. */
void emgp_sketch_burst(emgp_sketch *sketch, const emgp_burst *burst);

/* A stretch whose windows have these flags, and one that is no rest. */
void emgp_sketch_flag(emgp_sketch *sketch, double from_s, double to_s, uint32_t flags);
void emgp_sketch_restless(emgp_sketch *sketch, double from_s, double to_s);
void emgp_sketch_line(emgp_sketch *sketch, double line_hz);

/* What the public struct says of it; borrowed. */
const emg_sketch *emgp_sketch_view(emgp_sketch *sketch);

/* ---- columns.c: Columns of time that become twice as wide when they are too few. ---- */

typedef struct emgp_columns {
    double width_s;
    size_t n;
    emg_sketch_column column[EMG_SKETCH_COLUMNS];
} emgp_columns;

void emgp_columns_start(emgp_columns *columns, double rate_hz);
void emgp_columns_page(emgp_columns *columns, const emgp_page *page);

/* Flags, and restless seconds when `restless`, of a stretch; what lies beyond the last column is left out. */
void emgp_columns_flag(emgp_columns *columns, double from_s, double to_s, uint32_t flags);
void emgp_columns_restless(emgp_columns *columns, double from_s, double to_s);

/* ---- zooms.c: Pieces of the signal around what is strongest of each kind. ---- */

enum { EMGP_ZOOM_KINDS = 4, EMGP_ZOOMS_A_KIND = EMG_SKETCH_ZOOMS / EMGP_ZOOM_KINDS };

typedef struct emgp_zooms {
    double strength[EMGP_ZOOM_KINDS]; /* of the strongest burst of each kind in the page at hand; 0: none */
    double kept[EMG_SKETCH_ZOOMS];    /* strengths, kind by kind */
    emg_sketch_zoom zoom[EMG_SKETCH_ZOOMS];
    int8_t *levels[EMG_SKETCH_ZOOMS]; /* NULL: not used yet */
    size_t room[EMG_SKETCH_ZOOMS];    /* steps */
} emgp_zooms;

void emgp_zooms_burst(emgp_zooms *zooms, const emgp_burst *burst);
emg_status emgp_zooms_page(emgp_zooms *zooms, const emgp_page *page, emg_error *err);
void emgp_zooms_free(emgp_zooms *zooms);

/* ---- found.c: Shapes of fasciculations and of units' trains, and bursts of the episodes that were found. ---- */

typedef struct emgp_sketch_streams {
    const emgp_spill *discharges;
    const emgp_spill *times; /* EMGP_N_TIMES streams a channel, of its bursts; complete when the tracer is finished */
    const emgp_spill *
        unit_of; /* of one stream: the unit of each discharge, and one that lies over it, a byte each; known when the tracer is finished */
    size_t stream;
} emgp_sketch_streams;

typedef struct emgp_tracer emgp_tracer;

/* Follows a channel's events, each kind in order, through its discharges. EMG_ENOMEM. */
emg_status emgp_tracer_new(emgp_tracer **out, emgp_sketch *sketch, const emgp_sketch_streams *streams, emg_error *err);
void emgp_tracer_free(emgp_tracer *tracer);
emg_status emgp_tracer_event(emgp_tracer *tracer, const emg_event *event, emg_error *err);

/* After the last event: the bursts of rhythmic episodes, and the discharges of units' trains. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_tracer_finish(emgp_tracer *tracer, emg_error *err);

/* What it adds to. */
enum { EMGP_SKETCH_UNITS = EMGP_MOST_UNITS };
typedef struct emgp_found_shapes {
    emg_sketch_shape *shape[EMGP_SKETCH_UNITS]; /* by number of the unit; NULL: not seen */
    uint64_t stride[EMGP_SKETCH_UNITS];         /* every so many of its discharges is kept */
    double *burst_s;
    size_t n_bursts, bursts_room;
} emgp_found_shapes;
emgp_found_shapes *emgp_sketch_found(emgp_sketch *sketch);

#endif
