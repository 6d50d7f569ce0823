/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why: the decisions about a moment that was asked for, gone through again rule by rule. */
#include <emg/why.h>

#include <math.h>

#include "analysis/analysis.h"
#include "base/base.h"

emg_status emg_analysis_ask(emg_analysis *a, double from_s, double to_s, emg_error *err)
{
    if (!a || !a->result || a->finished)
        return emgp_fail(err, EMG_EARG, "emg_analysis_ask needs an analysis that is not finished");
    if (!isfinite(from_s) || !isfinite(to_s) || from_s > to_s)
        return emgp_fail(err, EMG_EARG, "the time that is asked for is not one, or ends before it begins");
    if (!a->result->watch)
        a->result->watch = emgp_alloc(1, sizeof *a->result->watch);
    if (!a->result->watch)
        return emgp_fail_memory(err);
    a->result->watch->from_s = from_s;
    a->result->watch->to_s = to_s;
    a->result->watch->config = a->config;
    return EMG_OK;
}

static const emgp_watched *watched(const emg_result *r, size_t index)
{
    return r && r->watch && index < r->watch->n ? &r->watch->list[index] : NULL;
}

bool emg_result_decision(const emg_result *r, size_t index, emg_decision *out)
{
    const emgp_watched *w = watched(r, index);
    if (!w || !out)
        return false;
    *out = (emg_decision){ w->channel, w->onset_s, w->duration_s, w->trial_type, w->confidence };
    return true;
}

typedef struct teller {
    const emg_config *config;
    emg_step_take *take;
    void *context;
    bool goes_on;
} teller;

static void tell(void *context, const emgp_step *step)
{
    teller *t = context;
    emg_step out = { .word = step->word ? emg_class_name(step->word->trial_type) : "",
                     .set_fits = step->fits,
                     .holds = step->reading.holds,
                     .together = step->reading.together,
                     .counts = step->counts,
                     .value = step->reading.value };
    if (!t->goes_on || !emg_rule_at(emgp_rule_number(step->set, step->row), t->config, &out.rule))
        return;
    if (!*out.rule.evidence)
        out.value = NAN;
    t->goes_on = t->take(t->context, &out);
}

void emg_result_why(const emg_result *r, size_t decision, emg_step_take *take, void *context)
{
    const emgp_watched *w = watched(r, decision);
    if (!w || !take)
        return;
    teller t = { &r->watch->config, take, context, true };
    emgp_rhythm_retrace(&w->evidence, &r->watch->config, tell, &t);
}
