/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs compared: the comparisons kept, and the ratios of their rates gathered muscle by muscle. */
#include <emg/comparisons.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "base/base.h"

enum { LEAST_PAIRS = 3 };

/* Texts, owned. */
typedef struct texts {
    char **list;
    size_t n, room;
} texts;

/* A muscle over the pairs. */
typedef struct pooled {
    const char *name;  /* of the first comparison that has it */
    double *log_ratio; /* of each pair that has one */
    size_t n, room, n_left_out, n_corrected;
} pooled;

struct emg_comparisons {
    emg_comparison **list;
    size_t n, room;
    pooled *muscles;
    size_t n_muscles, muscles_room;
    texts failed, why, unpaired[2];
};

static emg_status add_text(texts *t, const char *text, emg_error *err)
{
    void *list = t->list;
    if (!emgp_reserve(&list, &t->room, t->n, t->n + 1, sizeof *t->list))
        return emgp_fail_memory(err);
    t->list = list;
    t->list[t->n] = emgp_copy_text(text, strlen(text));
    if (!t->list[t->n])
        return emgp_fail_memory(err);
    t->n++;
    return EMG_OK;
}

static void free_texts(texts *t)
{
    for (size_t i = 0; i < t->n; i++)
        emgp_free(t->list[i]);
    emgp_free(t->list);
}

emg_status emg_comparisons_new(emg_comparisons **out, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_comparisons_new needs a place for the result");
    *out = emgp_alloc(1, sizeof **out);
    return *out ? EMG_OK : emgp_fail_memory(err);
}

void emg_comparisons_free(emg_comparisons *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n; i++)
        emg_comparison_free(c->list[i]);
    for (size_t i = 0; i < c->n_muscles; i++)
        emgp_free(c->muscles[i].log_ratio);
    emgp_free(c->list);
    emgp_free(c->muscles);
    free_texts(&c->failed);
    free_texts(&c->why);
    free_texts(&c->unpaired[0]);
    free_texts(&c->unpaired[1]);
    emgp_free(c);
}

/* ---- over pairs ---- */

static pooled *muscle_named(emg_comparisons *c, const char *name)
{
    for (size_t i = 0; i < c->n_muscles; i++)
        if (strcmp(c->muscles[i].name, name) == 0)
            return &c->muscles[i];
    void *list = c->muscles;
    if (!emgp_reserve(&list, &c->muscles_room, c->n_muscles, c->n_muscles + 1, sizeof *c->muscles))
        return NULL;
    c->muscles = list;
    c->muscles[c->n_muscles] = (pooled){ .name = name };
    return &c->muscles[c->n_muscles++];
}

/* The logarithm of the ratio of rates; half an event more in both where one has none. */
static double log_ratio_of(const emg_compared_muscle *m, bool *corrected)
{
    double per_s[2];
    *corrected = m->side[0].n_counted == 0 || m->side[1].n_counted == 0;
    for (size_t s = 0; s < 2; s++)
        per_s[s] = ((double)m->side[s].n_counted + (*corrected ? 0.5 : 0)) / m->side[s].summary->signal.rest_s;
    return log(per_s[1] / per_s[0]);
}

static bool pool(emg_comparisons *c, const emg_compared_muscle *m)
{
    pooled *p = muscle_named(c, m->name);
    bool corrected;
    if (!p)
        return false;
    if (m->lack != EMG_RATES_GIVEN && m->lack != EMG_RATES_FEW_MINUTES) {
        p->n_left_out++;
        return true;
    }
    if (!emgp_reserve((void **)&p->log_ratio, &p->room, p->n, p->n + 1, sizeof *p->log_ratio))
        return false;
    p->log_ratio[p->n++] = log_ratio_of(m, &corrected);
    p->n_corrected += corrected;
    return true;
}

/* What the ratio rests on. */
static void remark(emg_pooled_rates *out)
{
    char *const text = out->remark;
    const size_t room = sizeof out->remark;
    int n = snprintf(text, room, "%zu of %zu pairs", out->n_pairs, out->n_pairs + out->n_left_out);
    if (out->n_pairs < LEAST_PAIRS)
        n += snprintf(text + n, room - (size_t)n, ": an interval needs %d", LEAST_PAIRS);
    else if (out->tested)
        n += snprintf(text + n, room - (size_t)n, ", Student's t of the logarithms, as if pairs were independent");
    else
        n += snprintf(text + n, room - (size_t)n, ": they are all alike, which gives no interval");
    if (out->n_corrected > 0)
        snprintf(text + n, room - (size_t)n, "; half an event added in %zu without any in one", out->n_corrected);
}

bool emg_comparisons_pooled(const emg_comparisons *c, size_t index, emg_pooled_rates *out)
{
    if (!c || !out || index >= c->n_muscles)
        return false;
    const pooled *p = &c->muscles[index];
    const emg_interval logs = emgp_mean(p->log_ratio, p->n);
    *out = (emg_pooled_rates){ .muscle = p->name,
                               .ratio = { exp(logs.value), NAN, NAN },
                               .n_pairs = p->n,
                               .n_left_out = p->n_left_out,
                               .n_corrected = p->n_corrected,
                               .tested = p->n >= LEAST_PAIRS && !isnan(logs.low) };
    if (out->tested) {
        out->ratio = (emg_interval){ exp(logs.value), exp(logs.low), exp(logs.high) };
        out->differ = out->ratio.low > 1 || out->ratio.high < 1;
    }
    remark(out);
    return true;
}

/* ---- pairs ---- */

emg_status emg_comparisons_add(emg_comparisons *c, const emg_visit *a, const emg_visit *b, emg_error *err)
{
    emg_comparison *added = NULL;
    if (!c)
        return emgp_fail(err, EMG_EARG, "emg_comparisons_add needs a set of comparisons");
    emg_status status = emg_comparison_new(&added, a, b, err);
    if (status)
        return status;
    void *list = c->list;
    if (!emgp_reserve(&list, &c->room, c->n, c->n + 1, sizeof *c->list)) {
        emg_comparison_free(added);
        return emgp_fail_memory(err);
    }
    c->list = list;
    c->list[c->n++] = added;
    for (size_t i = 0; i < emg_comparison_n_muscles(added); i++)
        if (!pool(c, emg_comparison_muscle(added, i)))
            return emgp_fail_memory(err);
    return EMG_OK;
}

emg_status emg_comparisons_add_failed(emg_comparisons *c, const char *pair, const char *why, emg_error *err)
{
    if (!c || !pair || !why)
        return emgp_fail(err, EMG_EARG, "emg_comparisons_add_failed needs a set, the name of a pair and a reason");
    emg_status status = add_text(&c->why, why, err);
    return status ? status : add_text(&c->failed, pair, err);
}

emg_status emg_comparisons_add_unpaired(emg_comparisons *c, size_t side, const char *name, emg_error *err)
{
    if (!c || side > 1 || !name)
        return emgp_fail(err, EMG_EARG, "emg_comparisons_add_unpaired needs a set, side 0 or 1 and a name");
    return add_text(&c->unpaired[side], name, err);
}

size_t emg_comparisons_n(const emg_comparisons *c)
{
    return c ? c->n : 0;
}

const emg_comparison *emg_comparisons_at(const emg_comparisons *c, size_t index)
{
    return c && index < c->n ? c->list[index] : NULL;
}

const char *emg_comparisons_failed(const emg_comparisons *c, size_t index, const char **why)
{
    if (!c || index >= c->failed.n)
        return NULL;
    if (why)
        *why = c->why.list[index];
    return c->failed.list[index];
}

const char *emg_comparisons_unpaired(const emg_comparisons *c, size_t side, size_t index)
{
    return c && side < 2 && index < c->unpaired[side].n ? c->unpaired[side].list[index] : NULL;
}

bool emg_comparisons_is_one(const emg_comparisons *c)
{
    return c && c->n == 1 && c->failed.n + c->unpaired[0].n + c->unpaired[1].n == 0;
}
