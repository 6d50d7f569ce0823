/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 16- and 24-bit samples of an EDF or BDF record to interleaved physical values. */
#ifndef EMGP_EDF_SAMPLES_H
#define EMGP_EDF_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One signal of a block: physical = (digital - low) * scale + least, all in double. */
typedef struct emgp_lane {
    const unsigned char *at; /* its first sample */
    double scale, least;
    int32_t low;
    uint32_t span;    /* digital maximum - digital minimum */
    bool check;       /* some sample values lie outside the digital limits: count them */
    uint64_t outside; /* how many have been seen so far */
} emgp_lane;

/* Fills the scale of a lane; to_unit multiplies physical values (1, or microvolts per unit). */
void emgp_lane_calibrate(emgp_lane *lane, unsigned sample_bytes, int32_t digital_min, int32_t digital_max,
                         double physical_min, double physical_max, double to_unit);

/* Decodes n frames of n_lanes signals to out[frame * n_lanes + lane], from `shift` bytes after each lane's `at`. */
void emgp_samples_decode(double *out, emgp_lane *lanes, size_t n_lanes, unsigned sample_bytes, size_t shift, size_t n);

#endif
