/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corners out of a prefilter text such as "HP:0.1Hz LP:5Hz N:50Hz". */
#include "reading/channels/channels.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* The next corner of this kind from *at on, in Hz; 0 when there is none, or no number. */
static double next_corner(const char **at, const char *text, const char *kind)
{
    for (; **at; ++*at) {
        const char *here = *at;
        if (!emgp_text_glob(kind, here) || (here > text && here[-1] != ' ' && here[-1] != ';' && here[-1] != ','))
            continue;
        here += 2 + strspn(here + 2, ": =");
        *at += 2;
        double value;
        size_t n = strspn(here, "0123456789.");
        if (n > 0 && emgp_number_parse(here, n, &value))
            return emgp_text_glob("k*", here + n) ? 1000 * value : value;
        return 0;
    }
    return 0;
}

double emgp_prefilter_low(const char *text)
{
    double low = 0;
    for (const char *at = text; *at;)
        low = fmax(low, next_corner(&at, text, "hp*"));
    return low;
}

double emgp_prefilter_high(const char *text)
{
    double high = 0;
    for (const char *at = text; *at;) {
        const double corner = next_corner(&at, text, "lp*");
        if (corner > 0)
            high = high > 0 ? fmin(high, corner) : corner;
    }
    return high;
}
