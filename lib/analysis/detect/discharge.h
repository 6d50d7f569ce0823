/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single discharges of one lane: where the conditioned signal stands out of the noise, phase by phase. */
#ifndef EMGP_DISCHARGE_H
#define EMGP_DISCHARGE_H

#include "analysis/detect/page.h"
#include "analysis/detect/records.h"

/* What is carried from page to page. Zeroed at the start of a segment. */
typedef struct emgp_discharge_state {
    uint64_t resume; /* frame of the segment from which to search on */
} emgp_discharge_state;

/* A discharge with its frames in the page's numbering (margin included). */
typedef struct emgp_found {
    emgp_discharge record;
    size_t first, peak, last;
} emgp_found;

/* Finds the next discharge of the page at or after frame *from (page numbering, margin included) and moves *from
 * behind it. False when there is none that begins before the page's right margin. */
bool emgp_discharge_next(emgp_discharge_state *state, const emg_detect_config *config, const emgp_page *page,
                         double shape_s, emgp_found *out);

#endif
