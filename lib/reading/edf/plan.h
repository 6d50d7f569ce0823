/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a writer must choose before it can write EDF: how long records are, and what range a signal's numbers span. */
#ifndef EMGP_EDF_PLAN_H
#define EMGP_EDF_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Samples of a signal in a candidate record, and the greatest common divisor of its segments' lengths. */
typedef struct emgp_edf_course {
    uint64_t per_record;
    uint64_t divisor; /* 0: no constraint */
} emgp_edf_course;

/* Chooses a record that all segments of all signals fill, that holds whole numbers of samples of each and whose duration
 * a header can say: the longest from 10 ms to most_s, else the shortest above that up to longest_s. With none such, the
 * shortest of 10 ms or more that only does the latter two, and *fills is false. The candidate (*record_s and per_record)
 * is what the others are parts or multiples of, and the last resort. */
void emgp_edf_plan_record(double *record_s, emgp_edf_course *courses, size_t n, double most_s, double longest_s,
                          bool *fills);

/* How numbers stand for values. */
typedef struct emgp_edf_range {
    double physical_min, physical_max;
    int32_t digital_min, digital_max;
} emgp_edf_range;

/* Whether a header can say the range, and its digital limits are of 16 (24) bits. */
bool emgp_edf_range_sayable(const emgp_edf_range *range, bool bdf);

/* Whether values from low to high lie in it. */
bool emgp_edf_range_holds(const emgp_edf_range *range, double low, double high);

/* The same steps, over all that 16 (24) bits can hold; false when a header cannot say that. */
bool emgp_edf_range_widen(emgp_edf_range *range, bool bdf);

/* As many steps for one, a power of two, as 16 (24) bits have room for; whether that is more than one. */
bool emgp_edf_range_refine(emgp_edf_range *range, bool bdf);

/* A range with 0 in its middle that holds values of such a magnitude, in steps as small as a header allows. False:
 * beyond 9999999, which a header cannot say. */
bool emgp_edf_range_round(emgp_edf_range *range, double magnitude, bool bdf);

#endif
