/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How rhythmic the envelope is around a moment: the first peak of its autocorrelation. */
#ifndef EMGP_RHYTHMICITY_H
#define EMGP_RHYTHMICITY_H

#include "analysis/detect/page.h"

typedef struct emgp_rhythmicity {
    float height; /* of the first peak after the first trough, 1 = perfectly periodic; 0 when there is none */
    float lag_s;  /* where it is; NaN when there is none */
} emgp_rhythmicity;

/* Over 3 s around bin `bin` of the page (0 = its first, margin left out). */
emgp_rhythmicity emgp_rhythmicity_at(const emgp_page *page, size_t bin);

#endif
