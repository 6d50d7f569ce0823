/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a muscle is being used: from contraction to contraction, where a solid one is among them. What it does minutes away is
 * judged as in a muscle at rest. */
#include "analysis/evidence/evidence.h"

#include <math.h>

enum { SOLID, LASTING, AROUND, PULL, PULL_GAP, PULLS };

static const emgp_rule numbers[] = {
    [SOLID] = EMGP_NUMBER("used.solid_s", "duration of a contraction", EMGP_AT_LEAST, EMGP_LIMIT(1), EMGP_OURS,
                          "it is solid: the muscle is being used, and what is short near it is a contraction too"),
    [LASTING] = EMGP_NUMBER("used.lasting_s", "duration of a contraction", EMGP_AT_LEAST, EMGP_LIMIT(0.3), EMGP_OURS,
                            "one near a solid one goes on with the use of the muscle"),
    [AROUND] = EMGP_NUMBER("used.around_s", "time to such a contraction", EMGP_AT_MOST, EMGP_LIMIT(30), EMGP_OURS,
                           "the muscle is being used"),
    [PULL] = EMGP_NUMBER("used.pull_s", "duration of a contraction", EMGP_AT_LEAST, EMGP_LIMIT(0.12), EMGP_OURS,
                         "longer than a jerk: it may be one of a run of pulls"),
    [PULL_GAP] = EMGP_NUMBER("used.pull_gap_s", "time from pull to pull, and before and after a run", EMGP_AT_MOST,
                             EMGP_LIMIT(15), EMGP_OURS, "the run goes on: what is shorter there is no jerk"),
    [PULLS] = EMGP_NUMBER("used.pulls", "pulls of a run", EMGP_AT_LEAST, EMGP_LIMIT(6), EMGP_OURS, "they are a run"),
};

emgp_rules emgp_used_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

bool emgp_used_is_solid(const emgp_contraction *contraction)
{
    return contraction->end_s - contraction->onset_s >= numbers[SOLID].limit;
}

/* The latest run begins anew where it is too far away, in the place of one that is none. */
static emg_status add_pull(emgp_used *used, const emgp_contraction *c, emg_error *err)
{
    emgp_stretch *last = used->n_runs > 0 ? &used->run[used->n_runs - 1] : NULL;
    if (c->end_s - c->onset_s < numbers[PULL].limit)
        return EMG_OK;
    if (last && c->onset_s - last->to_s <= numbers[PULL_GAP].limit) {
        last->to_s = fmax(last->to_s, c->end_s);
        used->pulls++;
        return EMG_OK;
    }
    used->n_runs -= last && used->pulls < numbers[PULLS].limit;
    if (!emgp_reserve((void **)&used->run, &used->run_room, used->n_runs, used->n_runs + 1, sizeof *used->run))
        return emgp_fail_memory(err);
    used->run[used->n_runs++] = (emgp_stretch){ c->onset_s, c->end_s };
    used->pulls = 1;
    return EMG_OK;
}

emg_status emgp_used_add(emgp_used *used, const emgp_contraction *c, emg_error *err)
{
    emgp_stretch *last = used->n > 0 ? &used->span[used->n - 1] : NULL;
    emg_status status = add_pull(used, c, err);
    if (status || c->end_s - c->onset_s < numbers[LASTING].limit)
        return status;
    if (last && c->onset_s - last->to_s <= numbers[AROUND].limit) {
        last->to_s = fmax(last->to_s, c->end_s);
        used->solid = used->solid || emgp_used_is_solid(c);
        return EMG_OK;
    }
    used->n -= last && !used->solid;
    if (!emgp_reserve((void **)&used->span, &used->room, used->n, used->n + 1, sizeof *used->span))
        return emgp_fail_memory(err);
    used->span[used->n++] = (emgp_stretch){ c->onset_s, c->end_s };
    used->solid = emgp_used_is_solid(c);
    return EMG_OK;
}

/* Whether a time lies so near to one of n stretches, which are in order. */
static bool is_near(const emgp_stretch *stretch, size_t n, double around_s, double at_s)
{
    size_t low = 0, high = n; /* the first that ends later lies among them */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (stretch[middle].to_s + around_s < at_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && stretch[low].from_s - around_s <= at_s;
}

bool emgp_used_at(const emgp_used *used, double at_s)
{
    const size_t n = used && used->n > 0 ? used->n - !used->solid : 0;
    return n > 0 && is_near(used->span, n, numbers[AROUND].limit, at_s);
}

bool emgp_used_pulling(const emgp_used *used, double at_s)
{
    const size_t n = used && used->n_runs > 0 ? used->n_runs - (used->pulls < numbers[PULLS].limit) : 0;
    return n > 0 && is_near(used->run, n, numbers[PULL_GAP].limit, at_s);
}

void emgp_used_free(emgp_used *used)
{
    emgp_free(used->span);
    emgp_free(used->run);
    *used = (emgp_used){ 0 };
}
