/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words in order, each with the sets of rules it asks for: the first that fits decides. */
#include "analysis/decide/decide.h"

static const emgp_word words[] = {
    { EMG_EVOKED, { EMGP_SET_EVOKED } },
    { EMG_ARTIFACT, { EMGP_SET_ARTIFACT } },
    { EMG_NEUROMYOTONIA, { EMGP_SET_NEUROMYOTONIA } },
    { EMG_MYOKYMIA, { EMGP_SET_MYOKYMIA } },
    { EMG_TREMOR, { EMGP_SET_CYCLIC, EMGP_SET_SWIFT } },
    { EMG_CLONUS, { EMGP_SET_CYCLIC, EMGP_SET_BAND, EMGP_SET_CLONUS } },
    { EMG_TREMOR, { EMGP_SET_CYCLIC, EMGP_SET_BAND, EMGP_SET_TREMOR } },
    { EMG_RHYTHMIC, { EMGP_SET_CYCLIC, EMGP_SET_BAND, EMGP_SET_UNRESOLVED } },
    { EMG_MOTOR_UNIT, { EMGP_SET_LONE } },
    { EMG_MOTOR_UNIT, { EMGP_SET_UNIT_TRAIN } },
    { EMG_MOTOR_UNIT, { EMGP_SET_MOTOR_UNIT } },
    { EMG_TREMOR, { EMGP_SET_RHYTHMIC, EMGP_SET_FAST } },
    { EMG_CLONUS, { EMGP_SET_RHYTHMIC, EMGP_SET_BAND, EMGP_SET_CLONUS } },
    { EMG_TREMOR, { EMGP_SET_RHYTHMIC, EMGP_SET_BAND, EMGP_SET_TREMOR } },
    { EMG_RHYTHMIC, { EMGP_SET_RHYTHMIC, EMGP_SET_BAND, EMGP_SET_UNRESOLVED } },
    { EMG_MYOCLONUS, { EMGP_SET_RHYTHMIC, EMGP_SET_JERKS } },
    { EMG_TONIC, { EMGP_SET_RHYTHMIC, EMGP_SET_REPEATED } },
    { EMG_SPASM, { EMGP_SET_SPASM } },
    { EMG_TONIC, { EMGP_SET_TONIC } },
    { EMG_UNCLASSIFIED, { EMGP_SET_TASK } },
    { EMG_FASCICULATION, { EMGP_SET_FASCICULATION } },
    { EMG_MYOCLONUS, { EMGP_SET_MYOCLONUS } },
    { EMG_TONIC, { EMGP_SET_BRIEF } },
};

const emgp_word *emgp_word_at(size_t index)
{
    return index < sizeof words / sizeof *words ? &words[index] : NULL;
}
