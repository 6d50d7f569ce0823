/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence before a set of rules: which of them hold, by what margin, and what they add up to. */
#include "analysis/decide/decide.h"

#include <math.h>
#include <string.h>

enum { MOST_MARGIN, MOST_CONFIDENCE };

static const emgp_rule numbers[] = {
    [MOST_MARGIN] = EMGP_NUMBER("confidence.margin", "margin of a rule", EMGP_AT_MOST, EMGP_LIMIT(2), EMGP_OURS,
                                "a margin counts as no more than this on either side, so that no rule alone decides; "
                                "what is not known counts as this much against"),
    [MOST_CONFIDENCE] =
        EMGP_NUMBER("confidence.most", "confidence", EMGP_AT_MOST, EMGP_LIMIT(0.99), EMGP_OURS, "no label is certain"),
};

emgp_rules emgp_judge_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static double double_at(const void *values, size_t offset)
{
    double value;
    memcpy(&value, (const char *)values + offset, sizeof value);
    return value;
}

double emgp_rule_limit(const emgp_rule *rule, const emg_config *config)
{
    return rule->setting ? rule->factor * double_at(config, rule->setting_at) + rule->limit : rule->limit;
}

/* False for what is not known, but that it is no set flag. */
static bool holds(emgp_test test, double value, double limit)
{
    switch (test) {
    case EMGP_IS:
        return value > 0;
    case EMGP_IS_NOT:
        return !(value > 0);
    case EMGP_AT_LEAST:
        return value >= limit;
    case EMGP_ABOVE:
        return value > limit;
    case EMGP_AT_MOST:
        return value <= limit;
    case EMGP_BELOW:
        return value < limit;
    case EMGP_ALWAYS:
    case EMGP_N_TESTS:
        break;
    }
    return true;
}

static double margin(const emgp_rule *rule, double value, double limit)
{
    const double most = numbers[MOST_MARGIN].limit;
    if (!(rule->spread > 0))
        return 1;
    bool upper = rule->test == EMGP_AT_MOST || rule->test == EMGP_BELOW;
    double m = (upper ? limit - value : value - limit) / rule->spread;
    if (isnan(m))
        return -most;
    return m > most ? most : m < -most ? -most : m;
}

emgp_rule_reading emgp_rule_read(const emgp_rule *rule, const emgp_evidence *evidence, const emg_config *config)
{
    emgp_rule_reading r = { .value = double_at(evidence, rule->evidence_at), .limit = emgp_rule_limit(rule, config) };
    r.margin = margin(rule, r.value, r.limit);
    r.holds = r.together = holds(rule->test, r.value, r.limit);
    return r;
}

/* The row after a rule and the `and` rows that go on with it. */
static size_t end_of(emgp_rules rules, size_t at)
{
    for (at++; at < rules.n && rules.rows[at].effect == EMGP_AND; at++)
        ;
    return at;
}

static void pool(emgp_verdict *verdict, const emgp_rule *rule, double rule_margin)
{
    verdict->score += rule->weight * rule_margin;
    if (rule->reason != EMGP_NO_REASON)
        verdict->reasons |= UINT64_C(1) << rule->reason;
}

emgp_verdict emgp_judge(emgp_rules rules, const emgp_evidence *evidence, const emg_config *config)
{
    return emgp_judge_telling(rules, evidence, config, NULL, NULL);
}

emgp_verdict emgp_judge_telling(emgp_rules rules, const emgp_evidence *evidence, const emg_config *config,
                                emgp_judge_tell *tell, void *context)
{
    emgp_verdict verdict = { .fits = true };
    bool choice = false, chosen = false;
    /* who does not fit and is told to nobody is judged no further: nothing else of such a verdict is asked for */
    for (size_t i = 0, end; i < rules.n && (verdict.fits || tell); i = end) {
        emgp_effect effect = rules.rows[i].effect;
        bool hold = true;
        end = end_of(rules, i);
        for (size_t k = i; k < end; k++)
            hold = hold && emgp_rule_read(&rules.rows[k], evidence, config).holds;
        verdict.fits = verdict.fits && !(effect == EMGP_NEEDS && !hold) && !(effect == EMGP_REFUSES && hold);
        choice = choice || effect == EMGP_ONE_OF;
        chosen = chosen || (effect == EMGP_ONE_OF && hold);
        const bool counts = effect == EMGP_WEIGHS || (hold && effect != EMGP_REFUSES);
        for (size_t k = i; k < end && (counts || tell); k++) {
            emgp_rule_reading reading = emgp_rule_read(&rules.rows[k], evidence, config);
            reading.together = hold;
            if (counts)
                pool(&verdict, &rules.rows[k], reading.margin);
            if (tell)
                tell(context, k, &reading, counts);
        }
    }
    verdict.fits = verdict.fits && (!choice || chosen);
    return verdict;
}

double emgp_confidence_of(double score)
{
    double confidence = 1 / (1 + exp(-score)), most = numbers[MOST_CONFIDENCE].limit;
    return confidence > most ? most : confidence;
}
