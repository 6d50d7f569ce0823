/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision: evidence completed, the words tried in order (words.c), confidence from the margins of the first that fits. */
#include "analysis/decide/decide.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const emg_setting rhythm_rows[] = {
    { "rhythm.least_bursts", "", 4, 100, 6, 6, NULL, offsetof(emg_rhythm_config, least_bursts),
      "least number of bursts of a rhythm; 8 when the background rate exceeds 2 per second" },
    { "rhythm.rcv", "", 0.05, 0.6, 0.30, 0.30, NULL, offsetof(emg_rhythm_config, rcv),
      "largest robust coefficient of variation of a rhythm's intervals" },
    { "rhythm.fold", "", 0.3, 1, 0.70, 0.70, NULL, offsetof(emg_rhythm_config, fold),
      "least share of intervals near one, two or three medians" },
    { "rhythm.acf", "", 0, 1, 0.5, 0.5, NULL, offsetof(emg_rhythm_config, acf),
      "least height of the first peak of the envelope's autocorrelation" },
    { "rhythm.clonus_low_hz", "Hz", 1, 6, 3, 3, NULL, offsetof(emg_rhythm_config, clonus_low_hz),
      "lower end of the band in which clonus and tremor meet" },
    { "rhythm.clonus_high_hz", "Hz", 6, 12, 9, 9, NULL, offsetof(emg_rhythm_config, clonus_high_hz),
      "upper end of that band: faster is tremor" },
    { "rhythm.spike_core_s", "s", 0.001, 0.05, 0.008, 0.008, NULL, offsetof(emg_rhythm_config, spike_core_s),
      "longest time from 25 % to 75 % of its energy of a single motor unit potential (about 21 ms in all)" },
    { "rhythm.isolation_s", "s", 0.05, 2, 0.25, 0.25, NULL, offsetof(emg_rhythm_config, isolation_s),
      "silence before and after an isolated discharge (Sleutjes 2016)" },
    { "rhythm.fasciculation_rate_hz", "Hz", 0.5, 20, 5, 5, NULL, offsetof(emg_rhythm_config, fasciculation_rate_hz),
      "highest local rate of fasciculations: faster irregular trains are several motor units at work" },
    { "rhythm.least_confidence", "", 0, 1, 0.5, 0.5, NULL, offsetof(emg_rhythm_config, least_confidence),
      "below this confidence the label is indeterminate" },
};

emgp_settings emgp_rhythm_table(void)
{
    return EMGP_SETTINGS(rhythm_rows, rhythm);
}

enum { HOUR_S = 3600 };

enum { ISOLATION, ISOLATION_SHARE, ISOLATION_CHANCE, ISOLATION_FEW, CHANCE_FEW, CHANCE_OFF };

static const emgp_rule numbers[] = {
    [ISOLATION] = EMGP_NUMBER("isolation.silence_s", "silence on either side of a burst", EMGP_ABOVE,
                              EMGP_SETTING(rhythm.isolation_s), "Sleutjes 2016",
                              "the silence of an isolated burst, for what chance leaves isolated"),
    [ISOLATION_SHARE] = EMGP_NUMBER("isolation.share", "silent_share / share that a Poisson train has", EMGP_AT_LEAST,
                                    EMGP_LIMIT(0.84), EMGP_OURS, "what has less silence is no chance train"),
    [ISOLATION_CHANCE] =
        EMGP_NUMBER("isolation.chance", "standard errors of that share", EMGP_AT_MOST, EMGP_LIMIT(3.09),
                    "one-sided 0.1 % point of the normal distribution", "unless chance lets it be that much lower"),
    [ISOLATION_FEW] = EMGP_NUMBER("isolation.few", "gaps", EMGP_BELOW, EMGP_LIMIT(3), EMGP_OURS,
                                  "too few to tell: a doublet alone is none against it"),
    [CHANCE_FEW] = EMGP_NUMBER("chance.few", "bursts of a train", EMGP_AT_LEAST, EMGP_LIMIT(4), EMGP_OURS,
                               "what bursts at random would make of the kind is reckoned (chance_per_hour)"),
    [CHANCE_OFF] = EMGP_NUMBER("chance.off", "scatter of its intervals / median", EMGP_AT_LEAST, EMGP_LIMIT(0.1),
                               EMGP_OURS, "few intervals are as even by chance: less counts as this"),
};

emgp_rules emgp_decision_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

/* The share of gaps that are silence enough, less the least that chance leaves: between bursts of a Poisson train it is
 * exp(-silence rate), each gap by itself. */
static double isolation_excess(const emgp_evidence *e, const emg_config *config)
{
    double expected = exp(-emgp_rule_limit(&numbers[ISOLATION], config) * e->rate_hz);
    double chance = numbers[ISOLATION_CHANCE].limit * sqrt(expected * (1 - expected) / e->n_gaps);
    if (e->n_gaps < numbers[ISOLATION_FEW].limit)
        return 0;
    return e->silent_share - (numbers[ISOLATION_SHARE].limit * expected - chance);
}

/* How many trains of so many bursts, as even as this, bursts at random of the rate around it would make in an hour: as many
 * as there are bursts to begin with, times the likelihood of each interval under an exponential distribution over that under
 * a normal one about the median, at its expected value. */
static double chance_per_hour(const emgp_evidence *e)
{
    const double rate = e->crowd_hz, off = fmax(e->intervals.off, numbers[CHANCE_OFF].limit);
    const double usual = rate * e->intervals.median_s; /* bursts to expect in a median interval */
    if (!(e->n >= numbers[CHANCE_FEW].limit) || !(usual > 0) || !isfinite(off))
        return 0;
    const double each = usual - log(usual) - log(off * sqrt(2 * PI * exp(1)));
    return HOUR_S * rate * exp(-(e->n - 1) * fmax(each, 0));
}

/* Fills in what follows from what was measured: ratios first, then what the sets of rules find. */
static void find(emgp_evidence *e, const emg_config *config)
{
    e->duty = e->burst_s * e->rate_hz;
    e->rhythmic_share = e->rhythmic_s / e->observation_s;
    e->duration_share = e->duration_s / e->observation_s;
    e->isolation_excess = isolation_excess(e, config);
    e->chance_per_hour = chance_per_hour(e);
    for (size_t i = 0; i < EMGP_N_SETS; i++) {
        const emgp_set *set = emgp_set_at((emgp_rule_set)i);
        if (set->finding == EMGP_FINDS_NOTHING)
            continue;
        emgp_verdict verdict = emgp_judge(set->rules, e, config);
        double found = set->finding == EMGP_FINDS_SUM ? verdict.score : verdict.fits;
        memcpy((char *)e + set->finding_at, &found, sizeof found);
    }
}

bool emgp_rhythm_is_regular(const emgp_evidence *evidence, const emg_config *config)
{
    emgp_evidence e = *evidence;
    find(&e, config);
    return e.regular > 0;
}

bool emgp_rhythm_is_firing(const emgp_evidence *evidence, const emg_config *config)
{
    return emgp_judge(emgp_set_at(EMGP_SET_FIRING)->rules, evidence, config).fits;
}

static emgp_verdict judge_set(emgp_rule_set set, const emgp_evidence *e, const emg_config *config)
{
    return emgp_judge(emgp_set_at(set)->rules, e, config);
}

/* A decision whose reasons are being proved by one of its sets. */
typedef struct proving {
    emgp_decision *decision;
    emgp_rule_set set;
} proving;

static bool is_flag(const emgp_rule *rule)
{
    return rule->test == EMGP_IS || rule->test == EMGP_IS_NOT;
}

static void prove(void *context, size_t row, const emgp_rule_reading *reading, bool counts)
{
    const proving *p = context;
    const emgp_rule *rule = &emgp_set_at(p->set)->rules.rows[row];
    if (!counts || rule->reason == EMGP_NO_REASON || rule->test == EMGP_ALWAYS ||
        p->decision->n_proofs == EMG_EVENT_EVIDENCE)
        return;
    p->decision->proof[p->decision->n_proofs++] =
        (emgp_proof){ p->set, (uint16_t)row, (float)reading->value, is_flag(rule) ? NAN : (float)reading->limit };
}

/* Adds a set's reasons with what its rules compared. */
static void add_reasons(emgp_decision *d, emgp_rule_set set, const emgp_evidence *e, const emg_config *config)
{
    proving p = { d, set };
    d->reasons |= emgp_judge_telling(emgp_set_at(set)->rules, e, config, prove, &p).reasons;
}

/* All sets of a word together. */
static emgp_verdict judge_word(const emgp_word *word, const emgp_evidence *e, const emg_config *config)
{
    emgp_verdict all = { .fits = true };
    for (size_t i = 0; all.fits && i < EMGP_SETS_OF_WORD && word->sets[i] != EMGP_SET_NONE; i++) {
        emgp_verdict one = judge_set(word->sets[i], e, config);
        all.fits = all.fits && one.fits;
        all.score += emgp_set_at(word->sets[i])->finding == EMGP_FINDS_NOTHING ? one.score : 0;
    }
    return all;
}

static emgp_decision first_word(const emgp_evidence *e, const emg_config *config)
{
    const emgp_word *word;
    for (size_t i = 0; (word = emgp_word_at(i)) != NULL; i++) {
        emgp_verdict verdict = judge_word(word, e, config);
        if (!verdict.fits)
            continue;
        emgp_decision d = { .trial_type = word->trial_type, .confidence = emgp_confidence_of(verdict.score) };
        for (size_t k = 0; k < EMGP_SETS_OF_WORD && word->sets[k] != EMGP_SET_NONE; k++)
            add_reasons(&d, word->sets[k], e, config);
        return d;
    }
    emgp_decision none = { .trial_type = EMG_INDETERMINATE };
    add_reasons(&none, EMGP_SET_UNDECIDED, e, config);
    return none;
}

emgp_decision emgp_rhythm_decide(const emgp_evidence *evidence, const emg_config *config)
{
    emgp_evidence e = *evidence;
    find(&e, config);
    emgp_decision d = first_word(&e, config);
    e.confidence = d.confidence;
    add_reasons(&d, EMGP_SET_MARKS, &e, config);
    emgp_verdict doubt = judge_set(EMGP_SET_DOUBT, &e, config);
    if (doubt.fits && d.trial_type != EMG_INDETERMINATE && d.trial_type != EMG_UNCLASSIFIED) {
        d.trial_type = EMG_INDETERMINATE;
        add_reasons(&d, EMGP_SET_DOUBT, &e, config);
    }
    return d;
}

/* Whom the rows of a set are retraced for. */
typedef struct retracing {
    emgp_step step;
    emgp_step_take *take;
    void *context;
} retracing;

static void retrace_row(void *context, size_t row, const emgp_rule_reading *reading, bool counts)
{
    retracing *r = context;
    r->step.row = row;
    r->step.reading = *reading;
    r->step.counts = counts;
    r->take(r->context, &r->step);
}

/* Whether the set fits. */
static bool retrace_set(retracing *r, const emgp_word *word, emgp_rule_set set, const emgp_evidence *e,
                        const emg_config *config)
{
    r->step.word = word;
    r->step.set = set;
    r->step.fits = judge_set(set, e, config).fits;
    emgp_judge_telling(emgp_set_at(set)->rules, e, config, retrace_row, r);
    return r->step.fits;
}

/* Whether the word fits: up to the first of its sets that does not. */
static bool retrace_word(retracing *r, const emgp_word *word, const emgp_evidence *e, const emg_config *config)
{
    for (size_t k = 0; k < EMGP_SETS_OF_WORD && word->sets[k] != EMGP_SET_NONE; k++)
        if (!retrace_set(r, word, word->sets[k], e, config))
            return false;
    return true;
}

void emgp_rhythm_retrace(const emgp_evidence *evidence, const emg_config *config, emgp_step_take *take, void *context)
{
    emgp_evidence e = *evidence;
    retracing r = { .take = take, .context = context };
    const emgp_word *word = NULL;
    bool fits = false;
    find(&e, config);
    for (size_t i = 0; i < EMGP_N_SETS; i++)
        if (emgp_set_at((emgp_rule_set)i)->finding != EMGP_FINDS_NOTHING)
            retrace_set(&r, NULL, (emgp_rule_set)i, &e, config);
    for (size_t i = 0; !fits && (word = emgp_word_at(i)) != NULL; i++)
        fits = retrace_word(&r, word, &e, config);
    if (!fits)
        retrace_set(&r, NULL, EMGP_SET_UNDECIDED, &e, config);
    e.confidence = first_word(&e, config).confidence;
    retrace_set(&r, NULL, EMGP_SET_DOUBT, &e, config);
    retrace_set(&r, NULL, EMGP_SET_MARKS, &e, config);
}
