/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison: muscles paired by name, their fasciculations counted above one amplitude, the rates compared. */
#include <emg/comparison.h>

#include <math.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "base/base.h"

typedef struct kept {
    char *name;
    size_t n; /* muscles */
    char **muscle;
    emg_summary *summary;
    bool *matched;
} kept;

struct emg_comparison {
    kept side[2];
    emg_compared_muscle *muscles;
    uint64_t *(*minutes)[2]; /* of each muscle, owned */
    size_t n;
};

static void drop(kept *k)
{
    for (size_t i = 0; k->muscle && i < k->n; i++)
        emgp_free(k->muscle[i]);
    emgp_free(k->muscle);
    emgp_free(k->summary);
    emgp_free(k->matched);
    emgp_free(k->name);
}

void emg_comparison_free(emg_comparison *c)
{
    if (!c)
        return;
    for (size_t i = 0; c->minutes && i < c->n; i++) {
        emgp_free(c->minutes[i][0]);
        emgp_free(c->minutes[i][1]);
    }
    emgp_free(c->minutes);
    emgp_free(c->muscles);
    drop(&c->side[0]);
    drop(&c->side[1]);
    emgp_free(c);
}

static size_t find(char *const *names, size_t n, const char *name)
{
    size_t i = 0;
    while (i < n && strcmp(names[i], name) != 0)
        i++;
    return i;
}

static emg_status check_events(const emg_visit *v, emg_error *err)
{
    for (size_t i = 0; i < v->n_events; i++)
        if (v->events[i].muscle >= v->n_muscles)
            return emgp_fail(err, EMG_EARG, "an event names muscle %lu of a recording with %zu",
                             (unsigned long)v->events[i].muscle, v->n_muscles);
    return EMG_OK;
}

static emg_status keep(kept *k, const emg_visit *v, emg_error *err)
{
    k->name = emgp_copy_text(v->name, strlen(v->name));
    k->muscle = emgp_alloc(v->n_muscles, sizeof *k->muscle);
    k->summary = emgp_alloc(v->n_muscles, sizeof *k->summary);
    k->matched = emgp_alloc(v->n_muscles, sizeof *k->matched);
    if (!k->name || !k->muscle || !k->summary || !k->matched)
        return emgp_fail_memory(err);
    for (; k->n < v->n_muscles; k->n++) {
        const char *name = v->muscles[k->n].name;
        if (!name || find(k->muscle, k->n, name) < k->n)
            return emgp_fail(err, EMG_EARG, "muscle %zu of a recording has no name of its own", k->n + 1);
        k->muscle[k->n] = emgp_copy_text(name, strlen(name));
        if (!k->muscle[k->n])
            return emgp_fail_memory(err);
        k->summary[k->n] = v->muscles[k->n];
        k->summary[k->n].name = k->summary[k->n].muscle = k->muscle[k->n];
    }
    return check_events(v, err);
}

/* What could be seen and has the word: the threshold, or the least amplitude of a fasciculation where that is larger. */
static double least_seen(const emg_summary *s, double least_uv)
{
    return s->calibrated ? fmax(s->signal.threshold, least_uv) : s->signal.threshold;
}

/* The rates, or why there are none. */
static emg_status compare_rates(emg_compared_muscle *m, emg_error *err)
{
    emg_minutes counts[2];
    m->rates = (emg_rates){
        { NAN, NAN, NAN }, { NAN, NAN, NAN }, { NAN, NAN, NAN }, { NAN, NAN, NAN }, { NAN, NAN }, NAN, 0, false
    };
    if (m->side[0].summary->calibrated != m->side[1].summary->calibrated)
        m->lack = EMG_RATES_NO_AMPLITUDE;
    else if (m->side[0].n_minutes == 0 || m->side[1].n_minutes == 0)
        m->lack = EMG_RATES_NO_REST;
    if (m->lack)
        return EMG_OK;
    for (size_t s = 0; s < 2; s++)
        counts[s] = (emg_minutes){ m->side[s].minutes, m->side[s].n_minutes, m->side[s].summary->signal.rest_s };
    if (m->side[0].n_counted + m->side[1].n_counted == 0)
        m->lack = EMG_RATES_NO_EVENTS;
    emg_status status = emg_rates_compare(&counts[0], &counts[1], &m->rates, err);
    if (status == EMG_OK && !m->lack && m->rates.freedom == 0)
        m->lack = EMG_RATES_FEW_MINUTES;
    return status;
}

/* Compares muscle i of a with muscle j of b. */
static emg_status add_pair(emg_comparison *c, const emg_visit *const visit[2], const size_t muscle[2], emg_error *err)
{
    const size_t at = c->n++;
    emg_compared_muscle *m = &c->muscles[at];
    m->name = c->side[0].muscle[muscle[0]];
    for (size_t s = 0; s < 2; s++) {
        c->side[s].matched[muscle[s]] = true;
        m->side[s].summary = &c->side[s].summary[muscle[s]];
        m->side[s].least_seen = least_seen(m->side[s].summary, visit[s]->least_amplitude_uv);
    }
    m->counted_from = m->side[0].summary->calibrated == m->side[1].summary->calibrated
                          ? fmax(m->side[0].least_seen, m->side[1].least_seen)
                          : NAN;
    emg_status status = EMG_OK;
    for (size_t s = 0; s < 2 && status == EMG_OK; s++) {
        const emgp_counting counting = { visit[s], muscle[s], m->counted_from };
        status = emgp_minutes_count(&counting, &m->side[s], &c->minutes[at][s], err);
    }
    if (status == EMG_OK)
        status = emgp_episodes_compare(visit, muscle, m->episodes, err);
    return status ? status : compare_rates(m, err);
}

static emg_status compare(emg_comparison *c, const emg_visit *a, const emg_visit *b, emg_error *err)
{
    const emg_visit *const visit[2] = { a, b };
    emg_status status = keep(&c->side[0], a, err);
    if (status == EMG_OK)
        status = keep(&c->side[1], b, err);
    if (status)
        return status;
    c->muscles = emgp_alloc(a->n_muscles, sizeof *c->muscles);
    c->minutes = emgp_alloc(a->n_muscles, sizeof *c->minutes);
    if (!c->muscles || !c->minutes)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < a->n_muscles && status == EMG_OK; i++) {
        const size_t j = find(c->side[1].muscle, c->side[1].n, c->side[0].muscle[i]);
        if (j < c->side[1].n)
            status = add_pair(c, visit, (const size_t[2]){ i, j }, err);
    }
    return status;
}

static bool is_given(const emg_visit *v)
{
    return v && v->name && (v->muscles || v->n_muscles == 0) && (v->events || v->n_events == 0) &&
           (v->segments || v->n_segments == 0);
}

emg_status emg_comparison_new(emg_comparison **out, const emg_visit *a, const emg_visit *b, emg_error *err)
{
    if (!out || !is_given(a) || !is_given(b))
        return emgp_fail(err, EMG_EARG, "a comparison needs two recordings and a place to go");
    *out = NULL;
    emg_comparison *c = emgp_alloc(1, sizeof *c);
    emg_status status = c ? compare(c, a, b, err) : emgp_fail_memory(err);
    if (status) {
        emg_comparison_free(c);
        return status;
    }
    *out = c;
    return EMG_OK;
}

const char *emg_comparison_name(const emg_comparison *c, size_t side)
{
    return c && side < 2 ? c->side[side].name : NULL;
}

size_t emg_comparison_n_muscles(const emg_comparison *c)
{
    return c ? c->n : 0;
}

const emg_compared_muscle *emg_comparison_muscle(const emg_comparison *c, size_t index)
{
    return c && index < c->n ? &c->muscles[index] : NULL;
}

const char *emg_comparison_unmatched(const emg_comparison *c, size_t side, size_t index)
{
    if (!c || side > 1)
        return NULL;
    const kept *k = &c->side[side];
    for (size_t i = 0; i < k->n; i++)
        if (!k->matched[i] && index-- == 0)
            return k->muscle[i];
    return NULL;
}
