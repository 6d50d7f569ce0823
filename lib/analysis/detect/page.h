/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioned frames gathered into pages of four seconds, lane by lane, with noise, envelope and baseline ready. */
#ifndef EMGP_PAGE_H
#define EMGP_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <emg/config.h>

#include "dsp/envelope/bins.h"

/* A page of one lane, with a margin of the neighbouring pages on both sides (zeros beyond the segment):
 *
 *        |<- margin ->|<----------- n_frames ----------->|<- margin ->|
 *   x -> ^            x + margin = frame `first` of the segment
 */
typedef struct emgp_page {
    const float *x;        /* margin + n_frames + margin samples */
    const float *energy;   /* sum of squares of each bin of the same stretch */
    const float *envelope; /* mean squares in steps of 4 bins, from the page before to the page after */
    const float
        *slow; /* raw mean of each bin of the page and its margins, unfiltered, relative to the segment's start */
    const float *beat; /* of the same bins: usual swing of the raw mean round a beat of the heart that is near; 0 */
    const uint8_t *clipped;  /* of the same bins: 1 when a sample is at the recorder's limit */
    size_t margin, n_frames; /* frames; margin is a multiple of bin, n_frames of a segment's last page may not be */
    size_t bin;              /* frames in a bin (2.5 ms): emgp_bins_frames() */
    size_t n_envelope;       /* values in envelope */
    size_t envelope_first;   /* index in envelope of the page's first step */
    uint64_t first;          /* frame of the segment at which the page starts */
    double segment_start_s;  /* time of the segment's first frame */
    double rate_hz;
    double sigma; /* of the noise in this page; 0: the lane is constant */
    bool starts_segment, ends_segment;
} emgp_page;

typedef struct emgp_pages emgp_pages;

/* Called for every lane of every page, pages in time order, lanes in order within a page. */
typedef emg_status emgp_page_take(void *context, size_t lane, const emgp_page *page, emg_error *err);

typedef struct emgp_pages_setup {
    double rate_hz, low_hz, high_hz; /* the band after conditioning: the noise estimate's bias depends on it */
    size_t n_lanes;
    double least_segment_s; /* shorter segments are dropped */
    const emg_noise_config *noise;
    emgp_page_take *take;
    void *context;
} emgp_pages_setup;

emg_status emgp_pages_new(emgp_pages **out, const emgp_pages_setup *setup, emg_error *err);
void emgp_pages_free(emgp_pages *pages);

/* Starts a segment whose first frame is at start_s. */
void emgp_pages_start(emgp_pages *pages, double start_s);

/* A bin of raw frames, before conditioning; at most emgp_pages_most() frames at once, ahead of the conditioned ones by
 * less than seven pages. */
void emgp_pages_push_bin(emgp_pages *pages, const emgp_bin *bin);
size_t emgp_pages_most(const emgp_pages *pages);

/* A beat of the heart at a frame of the segment, on a lane: told before its conditioned frames are. */
void emgp_pages_beat(emgp_pages *pages, size_t lane, double frame);

/* Conditioned frames (interleaved). */
emg_status emgp_pages_push(emgp_pages *pages, const float *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands out the pages still held. *frames = the segment's frames, *dropped = whether it was too short. */
emg_status emgp_pages_finish(emgp_pages *pages, uint64_t *frames, bool *dropped, emg_error *err);

#endif
