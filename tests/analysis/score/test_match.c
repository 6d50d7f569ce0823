/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best matching in order, against one that tries everything. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/score/score.h"

enum { MOST = 7 };

typedef struct rows {
    double one[MOST], other[MOST], tolerance;
    size_t n, m;
} rows;

static bool near(const void *context, size_t i, size_t j, double *distance)
{
    const rows *r = context;
    *distance = fabs(r->one[i] - r->other[j]);
    return *distance <= r->tolerance;
}

static void find_ranges(const rows *r, emgp_match_range *range)
{
    for (size_t i = 0; i < r->n; i++) {
        size_t from = 0, to = 0;
        while (from < r->m && r->other[from] < r->one[i] - r->tolerance)
            from++;
        while (to < r->m && r->other[to] <= r->one[i] + r->tolerance)
            to++;
        range[i] = (emgp_match_range){ from, to > from ? to : from };
    }
}

typedef struct best {
    size_t pairs;
    double distance;
} best;

/* Every matching whatever its order: each i takes none or any free j. */
static best try_all(const rows *r, size_t i, unsigned taken)
{
    if (i == r->n)
        return (best){ 0, 0 };
    best most = try_all(r, i + 1, taken);
    for (size_t j = 0; j < r->m; j++) {
        double distance;
        if (taken >> j & 1 || !near(r, i, j, &distance))
            continue;
        best with = try_all(r, i + 1, taken | 1u << j);
        with.pairs++;
        with.distance += distance;
        if (with.pairs > most.pairs || (with.pairs == most.pairs && with.distance < most.distance))
            most = with;
    }
    return most;
}

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static uint64_t state = 5;

static double uniform(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(state >> 11) * 0x1p-53;
}

static void draw(rows *r)
{
    r->n = (size_t)(uniform() * (MOST + 1));
    r->m = (size_t)(uniform() * (MOST + 1));
    r->tolerance = 2 * uniform();
    for (size_t i = 0; i < r->n; i++)
        r->one[i] = floor(40 * uniform()) / 8; /* equal times happen */
    for (size_t j = 0; j < r->m; j++)
        r->other[j] = floor(40 * uniform()) / 8;
    qsort(r->one, r->n, sizeof *r->one, ascending);
    qsort(r->other, r->m, sizeof *r->other, ascending);
}

static void none_is_better(void **unused)
{
    (void)unused;
    size_t n_pairs = 0;
    for (int round = 0; round < 3000; round++) {
        rows r;
        draw(&r);
        emgp_match_range range[MOST];
        ptrdiff_t partner[MOST], before = -1;
        find_ranges(&r, range);
        assert_int_equal(emgp_match(r.n, range, near, &r, partner, NULL), EMG_OK);
        best here = { 0, 0 }, most = try_all(&r, 0, 0);
        for (size_t i = 0; i < r.n; i++) {
            double distance;
            if (partner[i] == EMGP_UNMATCHED)
                continue;
            assert_true(partner[i] > before);
            assert_true(near(&r, i, (size_t)partner[i], &distance));
            before = partner[i];
            here.pairs++;
            here.distance += distance;
        }
        assert_int_equal(here.pairs, most.pairs);
        assert_true(fabs(here.distance - most.distance) < 1e-12);
        n_pairs += here.pairs;
    }
    assert_true(n_pairs > 2000);
}

static void nothing_matches_nothing(void **unused)
{
    (void)unused;
    emgp_match_range range[2] = { { 0, 0 }, { 0, 0 } };
    ptrdiff_t partner[2] = { 7, 7 };
    rows r = { .n = 2 };
    assert_int_equal(emgp_match(0, NULL, near, &r, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_match(2, range, near, &r, partner, NULL), EMG_OK);
    assert_int_equal(partner[0], EMGP_UNMATCHED);
    assert_int_equal(partner[1], EMGP_UNMATCHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_is_better),
        cmocka_unit_test(nothing_matches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
