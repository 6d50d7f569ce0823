/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A designed filter from within. */
#ifndef EMGP_FILTER_H
#define EMGP_FILTER_H

#include <emg/filter.h>

#include "dsp/filter/butterworth.h"

/* Either sections or taps. */
struct emg_filter {
    emg_filter_plan plan;
    size_t n_sections, n_taps;
    emg_filter_section sections[EMGP_MOST_ORDER];
    double *taps;
    size_t transient; /* of the sections */
};

#endif
