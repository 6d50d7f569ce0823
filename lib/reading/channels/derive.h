/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channels that are sums of others, and the formulas that say so. */
#ifndef EMGP_DERIVE_H
#define EMGP_DERIVE_H

#include <emg/recording.h>

/* A signal of the file and its factor in a sum. */
typedef struct emgp_term {
    size_t channel; /* index, below `first` */
    double weight;
} emgp_term;

typedef struct emgp_derivation {
    size_t first, n; /* term[first .. first+n-1] */
} emgp_derivation;

/* Derived channels follow the file's: channel first + i is list[i]. */
typedef struct emgp_derivations {
    emgp_derivation *list;
    size_t n, first;
    emgp_term *term;
    size_t n_terms, room;
} emgp_derivations;

/* Appends rec->reading.derive to the channels, with labels, names and rates. EMG_EARG, EMG_ENOMEM. */
emg_status emgp_derive_parse(emg_recording *rec, emg_error *err);

/* Fills the rest of the derived channels, once units and types of their sources are settled. EMG_EARG: the units
 * differ, or a source cannot be read. */
emg_status emgp_derive_settle(emg_recording *rec, emg_error *err);
void emgp_derivations_free(emgp_derivations *derivations);

/* The terms whose sum a channel is: a signal of the file is itself, once. */
size_t emgp_terms_count(const emgp_derivations *derivations, size_t channel);
emgp_term emgp_terms_at(const emgp_derivations *derivations, size_t channel, size_t k);

#endif
