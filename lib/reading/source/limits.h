/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds that keep hostile files from asking for more than they are worth. */
#ifndef EMGP_LIMITS_H
#define EMGP_LIMITS_H

/* Largest magnitude of a sample, in microvolts or in the file's own unit: a megavolt, or any integer counter, still
 * fits, and the square of a sum of such samples does not overflow single precision. */
#define EMGP_MOST_CREDIBLE 1e12

enum {
    EMGP_MOST_SEGMENTS = 131072,   /* gaps beyond this refuse the file: their list must stay small */
    EMGP_SLICE_BYTES = 1024 * 1024 /* what is read from a file at once */
};

#endif
