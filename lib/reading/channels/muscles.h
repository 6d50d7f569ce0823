/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a label tells of a muscle: whether it names one, on which side, and whether a stretch reflex is usual there. */
#ifndef EMGP_MUSCLES_H
#define EMGP_MUSCLES_H

#include <emg/recording.h>

#include "reading/channels/words.h"

typedef struct emgp_muscle_facts {
    bool named; /* the text names a muscle */
    bool reflex_site;
    emg_side side;
} emgp_muscle_facts;

/* Reads the words of a label or muscle name. */
emgp_muscle_facts emgp_muscle_read(const emgp_words *words);

#endif
