/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules by which bursts become episodes and episodes get their word, one row each. */
#ifndef EMG_RULES_H
#define EMG_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/config.h>
#include <emg/event.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A rule tests one piece of evidence against a limit. The part of its name before the dot is its set; the rules of a set give
 * one verdict, by their effects:
 *
 * "needs"    the set fits only when the rule holds;
 * "refuses"  the set does not fit when the rule holds;
 * "one of"   the set fits only when one of its rules with this effect holds;
 * "adds"     the rule's weight and reason count when it holds;
 * "weighs"   its margin counts on either side of the limit, and its reason always;
 * "and"      goes on with the rule above: both hold together or not at all;
 * "sets"     a number that a step of the analysis uses as the sentence says; no verdict hangs on it.
 *
 * The sum of a set counts of each rule that holds (or weighs) weight times margin; a margin is how far the evidence lies beyond
 * the limit, in spreads, bounded on either side. Of a word's sets the sum is log odds: the confidence is
 * 1 / (1 + exp(-sum)). What a set finds (a flag, a sum) is evidence for the sets after it, under the set's name. */
typedef struct emg_rule {
    const char *name;     /* "set.rule", no two alike */
    const char *effect;   /* see above */
    const char *evidence; /* what is tested; quantities end in their unit (_s, _hz, _db); "" when nothing is */
    const char *unit;     /* of evidence and limit: "s", "Hz", "dB", or "" for shares, counts and flags */
    const char *test;     /* ">=", ">", "<=", "<", "is", "is not", or "" */
    double limit;         /* in the unit of the evidence; NaN: none */
    const char *setting;  /* key of the setting that the limit is made of, NULL: none; then */
    double factor, plus;  /* limit = factor times the setting, plus this */
    double spread;        /* so far beyond the limit the margin is 1, in the unit of the evidence; NaN: no margin */
    double weight;        /* log odds of a margin of 1, or without a margin of the rule itself; NaN: none */
    emg_reason reason;    /* given when the rule holds; EMG_N_REASONS: none */
    const char *source;   /* where the limit comes from; "ours": chosen for this project */
    const char *sentence; /* what holds then, or what the number is for */
} emg_rule;

/* Row `index` of all rules, from 0, first those of the decision in its order, then the numbers of the steps before it, with limits as `config` sets them. False
 * beyond the last row, and when config or row is NULL; *row is then untouched. The texts are constant. */
EMG_API bool emg_rule_at(size_t index, const emg_config *config, emg_rule *row);

#ifdef __cplusplus
}
#endif
#endif
