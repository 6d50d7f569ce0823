/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings whose frames hold all channels at one rate: audio files, raw samples, tables of numbers. */
#ifndef EMGP_READING_INTERLEAVED_INTERLEAVED_H
#define EMGP_READING_INTERLEAVED_INTERLEAVED_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reading/source/source.h"

/* ---- interleaved.c: Frames given out as blocks: by stretches of time, around what is not finite, group by group. ---- */

#define EMGP_NO_FRAME (-INFINITY)

/* Where frames come from: forwards only. */
typedef struct emgp_frame_source {
    /* Goes to a frame beyond those that were read. */
    emg_status (*skip)(void *context, uint64_t frame, emg_error *err);
    /* n frames from `frame` on, which is where reading stopped or skipping led; *got < n: the file ends there. */
    emg_status (*read)(void *context, uint64_t frame, double *out, size_t n, size_t *got, emg_error *err);
    void *context;
} emgp_frame_source;

/* The reader fills what stands before `begun`, the rest is zero. */
typedef struct emgp_interleaved {
    emgp_frame_source source;
    size_t n_channels; /* of the file */
    uint64_t n_frames;
    bool checked;    /* samples may be not finite, or too large */
    bool marks_gaps; /* frames of EMGP_NO_FRAME are missing in the file: no faults of channels */
    bool begun;
    /* frames in memory, all channels interleaved */
    double *slice, *x;
    size_t slice_frames, block_frames;
    uint64_t slice_start, slice_end; /* frames of the file */
    size_t window;                   /* the next of rec->windows */
    uint64_t end;                    /* of the window that is read */
    size_t *used, n_used;            /* channels of the file that blocks are made of */
    /* the stretch of finite frames being given out, group after group */
    uint64_t run_start, run_end, frame;
    size_t group;
    bool fresh;                  /* the run does not follow the one before */
    bool in_gap;                 /* the frame before the next one to be examined was left out */
    uint64_t *not_finite, *huge; /* per channel */
} emgp_interleaved;

/* The next block of the selected channels, as emgp_reader.next. The channels' `to_uv`, 0 for none, and `inverted` scale
 * what the source gives. */
emg_status emgp_interleaved_next(emg_recording *rec, emgp_interleaved *w, emg_block *block, emg_error *err);
void emgp_interleaved_free(emgp_interleaved *w);

#endif
