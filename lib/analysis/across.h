/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only stage that sees more than one channel: who was active together with whom. */
#ifndef EMGP_ACROSS_H
#define EMGP_ACROSS_H

#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>

#include "base/spill.h"

/* What across says of one burst. */
typedef struct emgp_company {
    float
        other_ended_s; /* time since the latest end of another muscle's bursts, negative while one lasts; NaN: none yet */
    uint16_t n_muscles; /* muscles whose bursts began within the synchrony window, its own included */
    uint16_t common;    /* 1 when they are nearly all muscles: a common artefact */
} emgp_company;

/* Reads the bursts of n_channels streams and writes a company for each into the same stream of `out`.
 * muscle_of[channel] < n_muscles: channels of one muscle count once. */
emg_status emgp_across(const emgp_spill *bursts, size_t n_channels, const uint32_t *muscle_of, size_t n_muscles,
                       const emg_across_config *config, emgp_spill *out, emg_error *err);

#endif
