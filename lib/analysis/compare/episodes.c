/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frequencies, lengths and amplitudes of episodes, each compared between two recordings by its mean over episodes. */
#include "analysis/compare/compare.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* One a figure, in the order of emg_episode_figure. Lengths and amplitudes are skewed and scatter in proportion to their size. */
static const struct {
    size_t offset; /* of a double of emg_event */
    emg_class trial_type;
    bool geometric;
} figures[EMG_N_EPISODE_FIGURES] = {
    { offsetof(emg_event, frequency_hz), EMG_CLONUS, false }, { offsetof(emg_event, duration_s), EMG_CLONUS, true },
    { offsetof(emg_event, frequency_hz), EMG_TREMOR, false }, { offsetof(emg_event, duration_s), EMG_TONIC, true },
    { offsetof(emg_event, amplitude), EMG_TONIC, true },
};

/* What is known of the episodes of a muscle, sorted, so that no order of events changes a sum. */
static emg_status gather(const emg_visit *visit, size_t muscle, size_t figure, double **out, size_t *n, emg_error *err)
{
    size_t room = 0;
    for (size_t i = 0; i < visit->n_events; i++) {
        const emg_event *e = &visit->events[i];
        double value;
        if (e->muscle != muscle || e->trial_type != figures[figure].trial_type)
            continue;
        memcpy(&value, (const char *)e + figures[figure].offset, sizeof value);
        if (!isfinite(value) || !(value > 0))
            continue;
        if (!emgp_reserve((void **)out, &room, *n, *n + 1, sizeof **out))
            return emgp_fail_memory(err);
        (*out)[(*n)++] = figures[figure].geometric ? log(value) : value;
    }
    emgp_sort(*out, *n);
    return EMG_OK;
}

static emg_interval exponential(emg_interval i)
{
    return (emg_interval){ exp(i.value), exp(i.low), exp(i.high) };
}

static void drop_bounds(emg_means *m)
{
    emg_interval *const all[] = { &m->mean[0], &m->mean[1], &m->change };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        *all[i] = (emg_interval){ all[i]->value, NAN, NAN };
    m->freedom = NAN;
    m->differ = false;
}

emg_status emgp_episodes_compare(const emg_visit *const visit[2], const size_t muscle[2], emg_means *out,
                                 emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t k = 0; status == EMG_OK && k < EMG_N_EPISODE_FIGURES; k++) {
        double *values[2] = { NULL, NULL };
        size_t n[2] = { 0, 0 };
        for (size_t s = 0; s < 2 && status == EMG_OK; s++)
            status = gather(visit[s], muscle[s], k, &values[s], &n[s], err);
        out[k] = emgp_means_compare(values[0], n[0], values[1], n[1]);
        out[k].geometric = figures[k].geometric;
        if (n[0] < EMGP_LEAST_EPISODES || n[1] < EMGP_LEAST_EPISODES || isnan(out[k].freedom))
            drop_bounds(&out[k]);
        for (size_t s = 0; s < 2; s++) {
            out[k].mean[s] = out[k].geometric ? exponential(out[k].mean[s]) : out[k].mean[s];
            emgp_free(values[s]);
        }
        out[k].change = out[k].geometric ? exponential(out[k].change) : out[k].change;
    }
    return status;
}
