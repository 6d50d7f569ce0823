/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions about one moment, kept with all their evidence so that it can be said why. */
#include "analysis/decide/decide.h"

void emgp_watch_note(emgp_watch *watch, uint32_t channel, double onset_s, const emgp_evidence *evidence,
                     const emgp_decision *decision)
{
    if (!watch || watch->n == EMGP_WATCHED || onset_s > watch->to_s || onset_s + evidence->duration_s < watch->from_s)
        return;
    watch->list[watch->n++] = (emgp_watched){ .channel = channel,
                                              .onset_s = onset_s,
                                              .duration_s = evidence->duration_s,
                                              .trial_type = decision->trial_type,
                                              .confidence = decision->confidence,
                                              .evidence = *evidence };
}
