/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A conditioned recording in the making: what its parts share. */
#ifndef EMGP_CONDITIONED_H
#define EMGP_CONDITIONED_H

#include <stdbool.h>

#include <emg/conditioned.h>

#include "run/filter/chain.h"
#include "run/filter/rounds.h"

/* A channel of the output. */
typedef struct emgp_outlet {
    const emg_channel *channel; /* the recording's */
    size_t source, lane;        /* where the rounds bring it */
    double to_unit;             /* from what they bring to the output's unit */
    char unit[44];
    double low, high; /* of what was brought so far, in that unit; low > high: nothing yet */
    emg_run_filtered *told;
} emgp_outlet;

/* Channels that come in the same blocks: some go through the chain, some pass. */
typedef struct emgp_feed {
    size_t first; /* the first channel, by which a block is known */
    size_t n_chained, n_passed;
    size_t *chained, *passed;         /* lanes of the block */
    bool has_lead;                    /* the last of the chained lanes is an ECG lead */
    size_t chain_source, pass_source; /* of the rounds */
    double rate_hz;
    emgp_chain *chain;
    emgp_rounds *rounds;
    double *x;
    size_t room;
} emgp_feed;

typedef struct emgp_target emgp_target;

typedef struct emgp_conditioned {
    const emg_run_filter_config *config;
    const char *path, *out_path;
    emg_run_filtering *out;
    emg_recording *recording;
    const emg_channel *lead; /* NULL: none */
    emgp_outlet *outlets;
    size_t n_outlets, n_selected; /* written; read */
    emgp_feed *feeds;
    size_t n_feeds;
    emgp_round_source *sources; /* per_round is the target's to say */
    size_t n_sources;
    uint64_t *divisors; /* of each source's segments in frames; known after the first attempt */
    size_t n_segments;
    bool known;     /* all was seen once: outlets' low and high, divisors, n_segments */
    bool measuring; /* nothing is written in this attempt */
    const emgp_target *target;
    void *state; /* the target's */
} emgp_conditioned;

/* A kind of output file. */
struct emgp_target {
    /* Plans records and ranges from what is known, fills sources' per_round, and begins the file unless it has to
     * measure first. */
    emg_status (*begin)(emgp_conditioned *c, emg_error *err);
    emg_status (*take)(emgp_conditioned *c, const emgp_round *round, emg_error *err);
    /* Whether the plan suits what came. Else there is another attempt, with all known. */
    bool (*suits)(const emgp_conditioned *c);
    /* The file appears. */
    emg_status (*finish)(emgp_conditioned *c, emg_error *err);
    /* Frees the state; an unfinished file disappears. */
    void (*free)(emgp_conditioned *c);
};

extern const emgp_target emgp_edf_target, emgp_bdf_target, emgp_wav_target;

/* The largest magnitude of what an outlet brought; 0 when nothing did. */
double emgp_outlet_peak(const emgp_outlet *outlet);

#endif
