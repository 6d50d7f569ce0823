/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much a muscle does around a train that is no train: what it does minutes away says nothing about this one. */
#include "analysis/evidence/evidence.h"

#include <math.h>

enum { STEP, NEAR };

static const emgp_rule numbers[] = {
    [STEP] = EMGP_NUMBER("around.step_s", "time", EMGP_ALWAYS, EMGP_LIMIT(10), EMGP_OURS,
                         "solid activity is added up in steps of so much"),
    [NEAR] = EMGP_NUMBER("around.near_s", "time between a train and other activity", EMGP_AT_MOST, EMGP_LIMIT(30),
                         EMGP_OURS, "what is active so near is around the train (other_s)"),
};

emgp_rules emgp_around_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static size_t step_of(double at_s)
{
    return (size_t)fmax(floor(at_s / numbers[STEP].limit), 0);
}

static emg_status reach(emgp_around *a, size_t last, emg_error *err)
{
    if (last < a->n)
        return EMG_OK;
    if (!emgp_reserve((void **)&a->step, &a->room, a->n, last + 1, sizeof *a->step))
        return emgp_fail_memory(err);
    for (; a->n <= last; a->n++)
        a->step[a->n] = (emgp_around_step){ .solid_s = 0 };
    return EMG_OK;
}

emg_status emgp_around_add(emgp_around *a, double from_s, double to_s, bool train, emg_error *err)
{
    const size_t last = step_of(to_s);
    const double step_s = numbers[STEP].limit;
    emg_status status = reach(a, last, err);
    for (size_t i = step_of(from_s); status == EMG_OK && i <= last; i++) {
        const double within_s = fmin(to_s, (double)(i + 1) * step_s) - fmax(from_s, (double)i * step_s);
        *(train ? &a->step[i].train_s : &a->step[i].solid_s) += fmax(within_s, 0);
    }
    return status;
}

emg_status emgp_around_count(emgp_around *a, double at_s, bool train, emg_error *err)
{
    const size_t step = step_of(at_s);
    emg_status status = reach(a, step, err);
    if (status == EMG_OK)
        *(train ? &a->step[step].n_train : &a->step[step].n_bursts) += 1;
    return status;
}

double emgp_around_crowd_hz(const emgp_around *a, double from_s, double to_s)
{
    double n = 0;
    const size_t first = step_of(from_s - numbers[NEAR].limit), last = step_of(to_s + numbers[NEAR].limit);
    for (size_t i = first; i <= last && i < a->n; i++)
        n += a->step[i].n_bursts - a->step[i].n_train;
    return fmax(n, 0) / ((double)(last + 1 - first) * numbers[STEP].limit);
}

double emgp_around_other_s(const emgp_around *a, double from_s, double to_s)
{
    double other_s = 0;
    const size_t last = step_of(to_s + numbers[NEAR].limit);
    for (size_t i = step_of(from_s - numbers[NEAR].limit); i <= last && i < a->n; i++)
        other_s += a->step[i].solid_s - a->step[i].train_s;
    return fmax(other_s, 0);
}

void emgp_around_free(emgp_around *a)
{
    emgp_free(a->step);
    *a = (emgp_around){ NULL, 0, 0 };
}
