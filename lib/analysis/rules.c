/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All rules as one list, stage by stage, as they are shown. */
#include <emg/rules.h>

#include <math.h>
#include <string.h>

#include "analysis/classify/classify.h"

typedef emgp_rules rules_of_stage(void);

static rules_of_stage *const stages[] = {
    emgp_across_rules,  emgp_channel_rules,    emgp_intervals_rules, emgp_train_rules,     emgp_measure_rules,
    emgp_episode_rules, emgp_partition_rules,  emgp_sustained_rules, emgp_marked_rules,    emgp_decision_rules,
    emgp_judge_rules,   emgp_joiner_rules,     emgp_locked_rules,    emgp_owned_rules,     emgp_bridge_rules,
    emgp_groups_rules,  emgp_kin_rules,        emgp_likeness_rules,  emgp_repeats_rules,   emgp_unit_match_rules,
    emgp_unit_rules,    emgp_unit_train_rules, emgp_rescue_rules,    emgp_satellite_rules, emgp_claims_rules,
    emgp_course_rules,  emgp_beneath_rules,    emgp_period_rules,    emgp_cycles_rules,    emgp_trains_rules,
    emgp_hold_rules,    emgp_around_rules,     emgp_used_rules,      emgp_shared_rules,    emgp_heart_rules
};

enum { N_STAGES = sizeof stages / sizeof *stages };

static const char *const effects[EMGP_N_EFFECTS] = {
    [EMGP_NEEDS] = "needs",   [EMGP_REFUSES] = "refuses", [EMGP_ONE_OF] = "one of", [EMGP_ADDS] = "adds",
    [EMGP_WEIGHS] = "weighs", [EMGP_AND] = "and",         [EMGP_SETS] = "sets",
};

static const char *const tests[EMGP_N_TESTS] = {
    [EMGP_ALWAYS] = "", [EMGP_IS] = "is",      [EMGP_IS_NOT] = "is not", [EMGP_AT_LEAST] = ">=",
    [EMGP_ABOVE] = ">", [EMGP_AT_MOST] = "<=", [EMGP_BELOW] = "<",
};

/* The sets of the decision (emgp_rule_number() counts on their being first), then the numbers of the stages. */
static const emgp_rule *find(size_t index)
{
    for (size_t i = 0; i < EMGP_N_SETS + N_STAGES; i++) {
        emgp_rules rules = i < EMGP_N_SETS ? emgp_set_at((emgp_rule_set)i)->rules : stages[i - EMGP_N_SETS]();
        if (index < rules.n)
            return rules.rows + index;
        index -= rules.n;
    }
    return NULL;
}

/* The unit that the end of a quantity's name tells. */
static const char *unit_of(const char *evidence)
{
    static const struct {
        const char *end, *unit;
    } units[] = { { "_s", "s" }, { "_hz", "Hz" }, { "_db", "dB" } };
    const size_t length = strlen(evidence);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const size_t n = strlen(units[i].end);
        if (length > n && strcmp(evidence + length - n, units[i].end) == 0)
            return units[i].unit;
    }
    return "";
}

static bool has_limit(const emgp_rule *rule)
{
    return rule->effect == EMGP_SETS ||
           (rule->test != EMGP_ALWAYS && rule->test != EMGP_IS && rule->test != EMGP_IS_NOT);
}

/* What no number says is no number. */
static double or_nan(double value)
{
    return value > 0 || value < 0 ? value : NAN;
}

bool emg_rule_at(size_t index, const emg_config *config, emg_rule *row)
{
    const emgp_rule *rule = find(index);
    if (!rule || !config || !row)
        return false;
    *row = (emg_rule){ .name = rule->name,
                       .effect = effects[rule->effect],
                       .evidence = rule->evidence,
                       .unit = unit_of(rule->effect == EMGP_SETS ? rule->name : rule->evidence),
                       .test = tests[rule->test],
                       .limit = has_limit(rule) ? emgp_rule_limit(rule, config) : NAN,
                       .setting = rule->setting,
                       .factor = rule->setting ? rule->factor : NAN,
                       .plus = rule->setting ? rule->limit : NAN,
                       .spread = or_nan(rule->spread),
                       .weight = or_nan(rule->weight),
                       .reason = rule->reason,
                       .source = rule->source,
                       .sentence = rule->sentence };
    return true;
}
