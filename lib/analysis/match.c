/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dynamic programming over a band: the first i of one side against the first j of the other. */
#include "analysis/match.h"

#include <stdint.h>

#include "base/memory.h"
#include "base/status.h"

/*  best(i, j): the best matching of the first i with the first j of the others. It is needed for from[i-1] <= j <=
 *  to[i-1] only: below, no pair of the last can be; above, nothing changes.
 *
 *      best(i, j) = best of  best(i - 1, j)                      i stays alone
 *                            best(i, j - 1)                      j stays alone
 *                            best(i - 1, j - 1) + pair(i, j)                                                        */

typedef struct value {
    size_t pairs;
    double distance;
} value;

enum { LEAVE_I = 0, LEAVE_J, PAIR };

static bool better(value a, value b)
{
    return a.pairs > b.pairs || (a.pairs == b.pairs && a.distance < b.distance);
}

typedef struct rows {
    value *before, *now;           /* of the row before and of this one, by j - from */
    emgp_match_range range_before; /* of the row before */
} rows;

/* best(i - 1, j): beyond its band the row before stays as it ended, and below it nothing is asked. */
static value value_before(const rows *r, size_t j)
{
    size_t last = r->range_before.to;
    return r->before[(j < last ? j : last) - r->range_before.from];
}

static void fill_row(rows *r, size_t i, emgp_match_range range, emgp_match_pair *pair, const void *context,
                     uint8_t *choice)
{
    for (size_t j = range.from; j <= range.to; j++) {
        value best = value_before(r, j);
        uint8_t chosen = LEAVE_I;
        double distance;
        if (j > range.from) {
            if (better(r->now[j - 1 - range.from], best)) {
                best = r->now[j - 1 - range.from];
                chosen = LEAVE_J;
            }
            if (pair(context, i, j - 1, &distance)) {
                value paired = value_before(r, j - 1);
                paired.pairs++;
                paired.distance += distance;
                if (better(paired, best)) {
                    best = paired;
                    chosen = PAIR;
                }
            }
        }
        r->now[j - range.from] = best;
        choice[j - range.from] = chosen;
    }
}

static void follow(size_t n, const emgp_match_range *range, const uint8_t *choice, size_t n_choices, ptrdiff_t *partner)
{
    size_t row = n_choices, j = n > 0 ? range[n - 1].to : 0;
    for (size_t i = n; i-- > 0;) {
        row -= range[i].to - range[i].from + 1;
        if (j > range[i].to)
            j = range[i].to;
        while (choice[row + j - range[i].from] == LEAVE_J)
            j--;
        partner[i] = EMGP_UNMATCHED;
        if (choice[row + j - range[i].from] == PAIR)
            partner[i] = (ptrdiff_t)--j;
    }
}

emg_status emgp_match(size_t n, const emgp_match_range *range, emgp_match_pair *pair, const void *context,
                      ptrdiff_t *partner, emg_error *err)
{
    size_t widest = 1, n_choices = 0;
    for (size_t i = 0; i < n; i++) {
        size_t width = range[i].to - range[i].from + 1;
        widest = width > widest ? width : widest;
        n_choices += width;
    }
    rows r = { emgp_alloc(widest, sizeof(value)), emgp_alloc(widest, sizeof(value)), { 0, 0 } };
    uint8_t *choice = emgp_alloc(n_choices, 1);
    bool ready = r.before && r.now && choice;
    if (ready && n > 0)
        r.range_before.from = r.range_before.to = range[0].from; /* nothing is matched before the first */
    for (size_t i = 0, at = 0; ready && i < n; i++) {
        fill_row(&r, i, range[i], pair, context, choice + at);
        at += range[i].to - range[i].from + 1;
        value *spare = r.before;
        r.before = r.now;
        r.now = spare;
        r.range_before = range[i];
    }
    if (ready)
        follow(n, range, choice, n_choices, partner);
    emgp_free(r.before);
    emgp_free(r.now);
    emgp_free(choice);
    return ready ? EMG_OK : emgp_fail_memory(err);
}
