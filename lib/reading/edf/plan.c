/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records that segments fill, ranges that headers can say exactly. */
#include "reading/edf/edf.h"

#include <math.h>

static const double least_record_s = 0.01; /* below, time stamps would outweigh the samples */
static const double range_slack = 0.499;   /* of a step: what rounds to a limit lies within it */

/* --- records --- */

/* Whether d samples of the first signal go with whole numbers of the others'. */
static bool whole(const emgp_edf_course *courses, size_t n, uint64_t d)
{
    for (size_t i = 1; i < n; i++)
        if (d * courses[i].per_record % courses[0].per_record != 0)
            return false;
    return true;
}

/* The same for all that follow from it: a duration that the header can hold; segments that such records fill. */
static bool sayable(double record_s, const emgp_edf_course *courses, uint64_t d, double *out_s)
{
    char field[9];
    *out_s = record_s * (double)d / (double)courses[0].per_record;
    return emgp_edf_field(field, *out_s);
}

static bool filled(const emgp_edf_course *courses, size_t n, uint64_t d)
{
    for (size_t i = 0; i < n; i++)
        if (courses[i].divisor % (d * courses[i].per_record / courses[0].per_record) != 0)
            return false;
    return true;
}

static void take(emgp_edf_course *courses, size_t n, uint64_t d)
{
    uint64_t before = courses[0].per_record;
    for (size_t i = 0; i < n; i++)
        courses[i].per_record = d * courses[i].per_record / before;
}

/* Whether all segments fill records of d samples of the first signal, which a header can say. */
static bool suits(double record_s, const emgp_edf_course *courses, size_t n, uint64_t d, double *out_s)
{
    return whole(courses, n, d) && filled(courses, n, d) && sayable(record_s, courses, d, out_s);
}

void emgp_edf_plan_record(double *record_s, emgp_edf_course *courses, size_t n, double most_s, double longest_s,
                          bool *fills)
{
    double candidate_s = *record_s, per_second = (double)courses[0].per_record / candidate_s;
    uint64_t most = (uint64_t)fmax(1, floor(most_s * per_second * (1 + 1e-12)));
    uint64_t longest = (uint64_t)floor(longest_s * per_second * (1 + 1e-12));
    uint64_t least = (uint64_t)fmax(1, ceil(least_record_s * per_second * (1 - 1e-12)));
    uint64_t chosen = 0;
    *fills = false;
    for (uint64_t d = most; d >= least && chosen == 0; d--)
        chosen = suits(candidate_s, courses, n, d, record_s) ? d : 0;
    for (uint64_t d = most + 1; d <= longest && chosen == 0; d++)
        chosen = suits(candidate_s, courses, n, d, record_s) ? d : 0;
    *fills = chosen > 0;
    for (uint64_t d = least; d < courses[0].per_record && chosen == 0; d++)
        chosen = whole(courses, n, d) && sayable(candidate_s, courses, d, record_s) ? d : 0;
    if (chosen > 0)
        take(courses, n, chosen);
    else
        *record_s = candidate_s;
}

/* --- ranges --- */

bool emgp_edf_range_sayable(const emgp_edf_range *r, bool bdf)
{
    char field[9];
    int32_t most = bdf ? 8388607 : 32767;
    return r->digital_min < r->digital_max && r->digital_min >= -most - 1 && r->digital_max <= most &&
           (r->physical_min < r->physical_max || r->physical_min > r->physical_max) &&
           emgp_edf_field(field, r->physical_min) && emgp_edf_field(field, r->physical_max);
}

static double step_of(const emgp_edf_range *r)
{
    return (r->physical_max - r->physical_min) / ((double)r->digital_max - r->digital_min);
}

bool emgp_edf_range_holds(const emgp_edf_range *r, double low, double high)
{
    double slack = range_slack * fabs(step_of(r));
    return low >= fmin(r->physical_min, r->physical_max) - slack &&
           high <= fmax(r->physical_min, r->physical_max) + slack;
}

/* The shortest decimal within a ten-millionth of a step, which is nothing beside the rounding of samples. */
static double decimal_near(double value, double step)
{
    double power = 1;
    for (int decimals = 0; decimals < 6; decimals++, power *= 10)
        if (fabs(rint(value * power) / power - value) <= 1e-7 * fabs(step))
            return rint(value * power) / power;
    return value;
}

bool emgp_edf_range_widen(emgp_edf_range *r, bool bdf)
{
    int32_t most = bdf ? 8388607 : 32767;
    double step = step_of(r), zero = r->physical_min - step * r->digital_min;
    double low = decimal_near(zero + step * (-most - 1.0), step), high = decimal_near(zero + step * most, step);
    emgp_edf_range wide = { low, high, -most - 1, most };
    if (!emgp_edf_range_sayable(&wide, bdf))
        return false;
    *r = wide;
    return true;
}

bool emgp_edf_range_refine(emgp_edf_range *r, bool bdf)
{
    int32_t most = bdf ? 8388607 : 32767;
    int32_t low = r->digital_min, high = r->digital_max;
    while (r->digital_min >= (-most - 1) / 2 && r->digital_max <= most / 2) {
        r->digital_min *= 2;
        r->digital_max *= 2;
    }
    return r->digital_min < low || r->digital_max > high;
}

bool emgp_edf_range_round(emgp_edf_range *r, double magnitude, bool bdf)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5 };
    int32_t most = bdf ? 8388607 : 32767;
    double limit = magnitude > 0 ? magnitude : 1;
    for (size_t decimals = sizeof powers / sizeof *powers; decimals-- > 0;) {
        double up = ceil(limit * powers[decimals]) / powers[decimals];
        *r = (emgp_edf_range){ -up, up, -most, most };
        if (emgp_edf_range_sayable(r, bdf))
            return true;
    }
    return false;
}
