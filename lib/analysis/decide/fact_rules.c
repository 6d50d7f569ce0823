/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of what is found first: flags and a sum that the words ask for. */
#include "analysis/decide/decide.h"

#include "analysis/decide/columns.inc"

/* A shape that repeats separates better than its duration: one unit's discharges, however long. */
static const emgp_rule family[] = {
    { "family.alike", NEEDS, OF(own_like), AT_LEAST, LIMIT(0.93), NO_WEIGHT, OURS, "its shape is that of others" },
    { "family.share", NEEDS, OF(kin_like), AT_LEAST, LIMIT(0.97), NO_WEIGHT, OURS,
      "and so it is with most short bursts around it" },
    { "family.unused", NEEDS, IS_NOT(used), NO_WEIGHT, OURS, "the muscle is not being used" },
    { "family.core", NEEDS, OF(core_s), AT_MOST, LIMIT(0.025), NO_WEIGHT, OURS,
      "and it is no longer than a deep unit's" },
};

static const emgp_rule jerking[] = {
    { "jerking.bursts", NEEDS, OF(kin_n), AT_LEAST, LIMIT(5), NO_WEIGHT, OURS, "there are several short bursts" },
    { "jerking.unlike", NEEDS, OF(kin_like), BELOW, LIMIT(0.965), NO_WEIGHT, OURS, "and they do not repeat a shape" },
    { "jerking.core", NEEDS, OF(kin_core_s), AT_LEAST, LIMIT(0.005), NO_WEIGHT, OURS,
      "and they are mostly longer than a superficial unit's" },
};

static const emgp_rule slow[] = {
    { "slow.rate", NEEDS, OF(rate_hz), BELOW, SETTING(rhythm.clonus_low_hz), NO_WEIGHT, OURS,
      "slower than clonus and tremor" },
};

/* The envelope repeats with the bursts, at their period. */
static const emgp_rule envelope[] = {
    { "envelope.period", NEEDS, OF(lag_share), AT_LEAST, LIMIT(0.6), NO_WEIGHT, OURS,
      "around most bursts the envelope has the train's own period" },
    { "envelope.high", ONE_OF, OF(acf_height), AT_LEAST, SETTING(rhythm.acf), NO_WEIGHT, OURS,
      "either the envelope is clearly periodic around each burst" },
    { "envelope.lasting", ONE_OF, OF(acf_height), AT_LEAST, TIMES(0.7, rhythm.acf), NO_WEIGHT, OURS,
      "or less clearly, but with the same period throughout a long train, which chance does not do" },
    { "envelope.lasting_period", AND, OF(lag_share), AT_LEAST, LIMIT(0.8), NO_WEIGHT, OURS,
      "and the period is that of nearly all bursts" },
    { "envelope.lasting_bursts", AND, OF(n), AT_LEAST, TIMES(3, rhythm.least_bursts), NO_WEIGHT, OURS,
      "and the train is long" },
    { "envelope.lasting_rcv", AND, OF(intervals.rcv), AT_MOST, TIMES(0.6, rhythm.rcv), NO_WEIGHT, OURS,
      "and very regular" },
    { "envelope.lonely", ONE_OF, OF(acf_height), AT_LEAST, TIMES(0.5, rhythm.acf), NO_WEIGHT, OURS,
      "or faintly, where silence leaves nothing that chance could pick bursts from" },
    { "envelope.lonely_train", AND, IS_NOT(embedded), NO_WEIGHT, OURS, "and the train stands alone" },
    { "envelope.lonely_background", AND, OF(background_hz), BELOW, LIMIT(1), NO_WEIGHT, OURS,
      "and few other bursts are near" },
    { "envelope.lonely_bursts", AND, OF(burst_s), AT_LEAST, LIMIT(0.03), NO_WEIGHT, OURS,
      "and its bursts are longer than single potentials" },
};

/* The intervals alone are those of a rhythm. */
static const emgp_rule regular[] = {
    { "regular.rcv", NEEDS, OF(intervals.rcv), AT_MOST, SETTING(rhythm.rcv), NO_WEIGHT, OURS,
      "the intervals vary little" },
    { "regular.fold", NEEDS, OF(intervals.fold), AT_LEAST, SETTING(rhythm.fold), NO_WEIGHT, OURS,
      "nearly all intervals are one, two or three medians long" },
    { "regular.calm", ONE_OF, OF(n), AT_LEAST, SETTING(rhythm.least_bursts), NO_WEIGHT, OURS,
      "enough bursts where little else is going on (6 by simulated Poisson trains below 1 event per second)" },
    { "regular.calm_rate", AND, IS_NOT(slow), NO_WEIGHT, OURS, "and the train is not slow" },
    { "regular.calm_background", AND, OF(background_hz), AT_MOST, LIMIT(2), NO_WEIGHT, OURS,
      "and the channel is not busy" },
    { "regular.backed", ONE_OF, OF(n), AT_LEAST, SETTING(rhythm.least_bursts), NO_WEIGHT, OURS,
      "or as many in a busy channel" },
    { "regular.backed_rate", AND, IS_NOT(slow), NO_WEIGHT, OURS, "and the train is not slow" },
    { "regular.backed_envelope", AND, IS(envelope), NO_WEIGHT, OURS, "and the envelope agrees" },
    { "regular.busy", ONE_OF, OF(n), AT_LEAST, LIMIT(8), NO_WEIGHT, OURS,
      "or more in a busy channel, where chance makes rhythms (by simulated Poisson trains)" },
    { "regular.busy_rate", AND, IS_NOT(slow), NO_WEIGHT, OURS, "and the train is not slow" },
    { "regular.busy_background", AND, OF(background_hz), ABOVE, LIMIT(2), NO_WEIGHT, OURS, "and the channel is busy" },
    { "regular.busy_envelope", AND, IS_NOT(envelope), NO_WEIGHT, OURS, "and the envelope does not help" },
    { "regular.slow", ONE_OF, OF(n), AT_LEAST, LIMIT(12), NO_WEIGHT, OURS,
      "or many in a slow train, of which the envelope's window of 3 s holds too few to help" },
    { "regular.slow_rate", AND, IS(slow), NO_WEIGHT, OURS, "and the train is slow" },
    { "regular.even", ONE_OF, OF(n), AT_LEAST, LIMIT(8), NO_WEIGHT, OURS, "or fewer in a slow train" },
    { "regular.even_rate", AND, IS(slow), NO_WEIGHT, OURS, "and the train is slow" },
    { "regular.even_rcv", AND, OF(intervals.rcv), AT_MOST, LIMIT(0.15), NO_WEIGHT, OURS, "and very regular" },
    { "regular.fragments", REFUSES, OF(burst_rcv), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "the fragments of an irregular contraction differ in length, the bursts of a rhythm do not" },
    { "regular.fragments_bursts", AND, OF(n), BELOW, LIMIT(30), NO_WEIGHT, OURS,
      "and the train is not so long that its bursts leave no doubt" },
    { "regular.unbacked", REFUSES, OF(acf_height), BELOW, SETTING(rhythm.acf), NO_WEIGHT, OURS,
      "the envelope does not show a slow train" },
    { "regular.unbacked_slow", AND, IS(slow), NO_WEIGHT, OURS, "and the train is slow" },
    { "regular.unbacked_rate", AND, OF(rate_hz), AT_LEAST, LIMIT(1), NO_WEIGHT, OURS,
      "and not so slow that the envelope's window of 3 s cannot show it" },
    { "regular.unbacked_chance", AND, OF(chance_per_hour), ABOVE, LIMIT(1e-9), NO_WEIGHT, OURS,
      "and not so long and even that chance is out of the question" },
    { "regular.crowd", REFUSES, OF(extra_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "bursts picked out of a crowd are not its rhythm" },
    { "regular.slow_crowd", REFUSES, OF(extra_share), ABOVE, LIMIT(0.25), NO_WEIGHT, OURS,
      "bursts picked out of a smaller crowd are none either" },
    { "regular.slow_crowd_rate", AND, IS(slow), NO_WEIGHT, OURS, "and the train is slow" },
    { "regular.chance", REFUSES, OF(chance_per_hour), ABOVE, LIMIT(0.0001), NO_WEIGHT, OURS,
      "bursts at random of the rate around would not make it; trains are picked out of many, so the limit is low" },
    { "regular.stimuli", REFUSES, OF(stimulus_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "what mostly follows marked stimuli has their rhythm, none of its own" },
};

/* The bursts of a train are a rhythm. */
static const emgp_rule bursts[] = {
    { "bursts.regular", NEEDS, IS(regular), NO_WEIGHT, OURS, "the intervals are those of a rhythm" },
    { "bursts.bursts", NEEDS, IS_NOT(sustained), NO_WEIGHT, OURS, "there are bursts to count" },
    { "bursts.several", NEEDS, IS_NOT(alone), NO_WEIGHT, OURS, "and not one by itself" },
    { "bursts.pauses", REFUSES, OF(duty), ABOVE, LIMIT(0.8), NO_WEIGHT, OURS, "bursts without pauses are sustained" },
    { "bursts.unseen", REFUSES, IS_NOT(envelope), NO_WEIGHT, OURS,
      "several regular units make regular bursts: the envelope must agree" },
    { "bursts.unseen_rate", AND, IS_NOT(slow), NO_WEIGHT, OURS, "and its window of 3 s holds enough bursts" },
    { "bursts.within_short", REFUSES, OF(n), BELOW, LIMIT(20), NO_WEIGHT, OURS,
      "a contraction holds chance rhythms of several units for a second or two" },
    { "bursts.within_short_cut", AND, IS(embedded), NO_WEIGHT, OURS, "and the train is cut out of other activity" },
    { "bursts.within_faint", REFUSES, OF(acf_height), BELOW, SETTING(rhythm.acf), NO_WEIGHT, OURS,
      "nor is a train a rhythm that the envelope does not show clearly" },
    { "bursts.within_faint_cut", AND, IS(embedded), NO_WEIGHT, OURS, "and that is cut out of other activity" },
};

static const emgp_rule continuous[] = {
    { "continuous.channel", ONE_OF, OF(rhythmic_share), AT_LEAST, LIMIT(0.6), NO_WEIGHT, OURS,
      "the channel is rhythmic for most of the recording" },
    { "continuous.train", ONE_OF, OF(duration_share), AT_LEAST, LIMIT(0.75), NO_WEIGHT, OURS,
      "or this train fills most of it" },
};

/* Contractions make false rhythms of 10-22 Hz, units being driven at such rates. */
static const emgp_rule clear[] = {
    { "clear.bursts", NEEDS, OF(n), AT_LEAST, LIMIT(20), NO_WEIGHT, OURS, "the train is long" },
    { "clear.envelope", NEEDS, OF(acf_height), AT_LEAST, PLUS(rhythm.acf, 0.15), NO_WEIGHT, OURS,
      "and the envelope clearly periodic" },
    { "clear.rcv", ONE_OF, OF(intervals.rcv), AT_MOST, LIMIT(0.18), NO_WEIGHT, OURS, "and it is very regular" },
    { "clear.sustained", ONE_OF, IS(sustained), NO_WEIGHT, OURS, "or sustained, without bursts to count" },
};

/* One unit's discharges go on as a unit's do that fires by itself or by a steady will. */
static const emgp_rule firing[] = {
    { "firing.unit", NEEDS, IS(of_unit), NO_WEIGHT, OURS, "discharges of one unit" },
    { "firing.discharges", NEEDS, OF(n), AT_LEAST, LIMIT(10), NO_WEIGHT, OURS, "several of them" },
    { "firing.rate", NEEDS, OF(intervals.median_s), BELOW, LIMIT(0.3), NO_WEIGHT, OURS,
      "as fast as units fire evenly: slower ones pause" },
    { "firing.even", NEEDS, OF(even_share), AT_LEAST, LIMIT(0.5), NO_WEIGHT, OURS,
      "half the intervals are within 35 % of the median: others were missed, or are another's" },
    { "firing.chance", NEEDS, OF(beyond_chance), AT_LEAST, LIMIT(5), NO_WEIGHT, OURS,
      "and so many are no chance: a Poisson train has a quarter" },
    { "firing.filled", NEEDS, OF(filled), AT_LEAST, LIMIT(0.5), NO_WEIGHT, OURS,
      "it goes on: groups with pauses are none" },
    { "firing.clock", REFUSES, OF(intervals.cv), BELOW, LIMIT(0.01), NO_WEIGHT, OURS, "no unit is as even as a clock" },
};

/* A train that the envelope shows: by itself, or less clearly where others of its rate do. */
static const emgp_rule train[] = {
    { "train.bursts", NEEDS, OF(cycles), AT_LEAST, LIMIT(4), NO_WEIGHT, OURS, "bursts, one a period of the envelope" },
    { "train.even", NEEDS, OF(intervals.fold), AT_LEAST, LIMIT(0.6), NO_WEIGHT, OURS,
      "nearly all intervals are one, two or three periods" },
    { "train.low", NEEDS, OF(rate_hz), AT_LEAST, SETTING(rhythm.clonus_low_hz), NO_WEIGHT, OURS,
      "as fast as clonus and tremor" },
    { "train.high", NEEDS, OF(rate_hz), AT_MOST, LIMIT(18), NO_WEIGHT, OURS, "and no faster" },
    { "train.deep", NEEDS, OF(depth_db), AT_LEAST, LIMIT(5.5), NO_WEIGHT, OURS,
      "its bursts stand out of what is between them" },
    { "train.wide", NEEDS, OF(width_s), AT_LEAST, LIMIT(0.008), NO_WEIGHT, OURS,
      "its bursts are longer than a unit's discharge" },
    { "train.own", ONE_OF, OF(cycles), AT_LEAST, PLUS(rhythm.least_bursts, -1), NO_WEIGHT, OURS, "either it is long" },
    { "train.own_height", AND, OF(acf_height), AT_LEAST, LIMIT(0.4), NO_WEIGHT, OURS, "and its envelope periodic" },
    { "train.own_contrast", AND, OF(contrast), AT_LEAST, LIMIT(0.6), NO_WEIGHT, OURS, "and clearly" },
    { "train.backed", ONE_OF, OF(n_sure), AT_LEAST, LIMIT(3), NO_WEIGHT, OURS,
      "or there are several clear ones of its rate" },
    { "train.backed_share", AND, OF(sure_share), AT_LEAST, LIMIT(0.4), NO_WEIGHT, OURS, "as many of them are" },
    { "train.backed_height", AND, OF(acf_height), AT_LEAST, LIMIT(0.2), NO_WEIGHT, OURS, "and it is like them" },
    { "train.backed_contrast", AND, OF(contrast), AT_LEAST, LIMIT(0.5), NO_WEIGHT, OURS, "in contrast, too" },
    { "train.backed_other", AND, OF(other_s), BELOW, LIMIT(3), NO_WEIGHT, OURS,
      "and the muscle does hardly anything else" },
    { "train.used", REFUSES, OF(cycles), BELOW, LIMIT(10), NO_WEIGHT, OURS,
      "a muscle that is used makes short trains" },
    { "train.used_other", AND, OF(other_s), AT_LEAST, LIMIT(3), NO_WEIGHT, OURS,
      "when it is active outside trains for so long" },
    { "train.fast", REFUSES, OF(rate_hz), ABOVE, LIMIT(7), NO_WEIGHT, OURS,
      "units that fire on make rhythms that are fast" },
    { "train.fast_short", AND, OF(cycles), BELOW, LIMIT(20), NO_WEIGHT, OURS, "and short" },
    { "train.fast_few", AND, OF(n_sure), BELOW, LIMIT(3), NO_WEIGHT, OURS, "and few" },
    { "train.mixed", REFUSES, OF(rate_hz), ABOVE, LIMIT(7), NO_WEIGHT, OURS, "or at such rates" },
    { "train.mixed_share", AND, OF(sure_share), BELOW, LIMIT(0.4), NO_WEIGHT, OURS, "hardly ever clear" },
    { "train.mixed_contrast", AND, OF(contrast), BELOW, LIMIT(0.9), NO_WEIGHT, OURS,
      "and this one is not clear by itself either, whatever contractions elsewhere look like" },
    { "train.mixed_short", REFUSES, OF(rate_hz), ABOVE, LIMIT(7), NO_WEIGHT, OURS, "nor those at such rates" },
    { "train.mixed_short_share", AND, OF(sure_share), BELOW, LIMIT(0.4), NO_WEIGHT, OURS, "hardly ever clear" },
    { "train.mixed_short_bursts", AND, OF(cycles), BELOW, LIMIT(20), NO_WEIGHT, OURS, "that are short" },
    { "train.swift", REFUSES, OF(rate_hz), ABOVE, SETTING(rhythm.clonus_high_hz), NO_WEIGHT, OURS,
      "contractions make false rhythms that are faster than clonus" },
    { "train.swift_other", AND, OF(other_s), AT_LEAST, LIMIT(3), NO_WEIGHT, OURS,
      "in a muscle that is active otherwise" },
    { "train.swift_clear", AND, IS_NOT(clear), NO_WEIGHT, OURS, "unless they are clear" },
    { "train.units", REFUSES, OF(shape_share), AT_LEAST, LIMIT(0.65), NO_WEIGHT, OURS,
      "bursts that repeat a shape are a unit's, or a stimulator's" },
    { "train.units_several", AND, OF(cycles), AT_LEAST, LIMIT(8), NO_WEIGHT, OURS, "when there are several" },
    { "train.brief", REFUSES, OF(shape_share), AT_LEAST, LIMIT(0.65), NO_WEIGHT, OURS, "where there are fewer," },
    { "train.brief_width", AND, OF(width_s), BELOW, LIMIT(0.013), NO_WEIGHT, OURS,
      "when they are as short as a unit's" },
    { "train.firing", REFUSES, OF(unit_like), AT_LEAST, LIMIT(0.9), NO_WEIGHT, OURS,
      "discharges that do are those of a few units that fire on" },
    { "train.firing_rate", AND, OF(rate_hz), AT_LEAST, LIMIT(6.5), NO_WEIGHT, OURS,
      "at a rate that is usual for units" },
    { "train.firing_several", AND, OF(cycle_discharges), AT_LEAST, LIMIT(1.2), NO_WEIGHT, OURS,
      "one beside the other: in the bursts of many units they fuse" },
    { "train.firing_sizes", AND, OF(size_scatter), AT_LEAST, LIMIT(0.47), NO_WEIGHT, OURS,
      "and each of its own size: bursts of many units differ less" },
    { "train.firing_one", REFUSES, OF(unit_like), AT_LEAST, LIMIT(0.975), NO_WEIGHT, OURS, "or those of one unit" },
    { "train.firing_one_rate", AND, OF(rate_hz), AT_LEAST, LIMIT(6.5), NO_WEIGHT, OURS, "at such a rate" },
    { "train.firing_dull", REFUSES, OF(unit_like), AT_LEAST, LIMIT(0.87), NO_WEIGHT, OURS, "so are those less alike" },
    { "train.firing_dull_rate", AND, OF(rate_hz), AT_LEAST, LIMIT(6.5), NO_WEIGHT, OURS, "at such a rate" },
    { "train.firing_dull_silence", AND, OF(contrast), BELOW, LIMIT(0.9), NO_WEIGHT, OURS,
      "where the envelope does not clearly fall between them" },
    { "train.chance", REFUSES, OF(chance_per_hour), ABOVE, LIMIT(0.003), NO_WEIGHT, OURS,
      "bursts at random of the rate around would not make it" },
    { "train.stimuli", REFUSES, OF(stimulus_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "what mostly follows marked stimuli has their rhythm" },
    { "train.artifacts", REFUSES, OF(artifact_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "nor is what mostly comes with the baseline's steps and swings a muscle's" },
    { "train.claimed", REFUSES, OF(claimed), ABOVE, LIMIT(0), NO_WEIGHT, OURS, "and it is nothing else as a whole" },
};

/* For clonus and against tremor, the sum of the votes. An episodic course alone decides nothing, and the site weighs little
 * without it. */
static const emgp_rule band[] = {
    { "band.rate", ADDS, OF(rate_hz), AT_LEAST, SETTING(rhythm.clonus_low_hz), 0, 0, EMG_F_BAND, OURS,
      "clonus and tremor meet at this rate" },
    { "band.continuous", ADDS, IS(continuous), 0, -0.5, EMG_T_CONT, OURS, "tremor goes on" },
    { "band.episodic", ADDS, IS_NOT(continuous), 0, 0.4, EMG_C_EPIS, OURS, "clonus comes and goes" },
    { "band.glide", ADDS, OF(glide_hz), AT_LEAST, LIMIT(0.5), 0, 1, EMG_C_GLIDE, OURS,
      "the rate of clonus changes within an episode" },
    { "band.gliding", ADDS, OF(gliding), AT_LEAST, LIMIT(0.1), 0, 1, EMG_C_GLIDE, OURS,
      "so it does in all episodes of this rate together" },
    { "band.gliding_errors", AND, OF(glide_errors), AT_LEAST, LIMIT(1.6), NO_WEIGHT, OURS, "beyond chance" },
    { "band.gliding_short", AND, OF(longest_s), BELOW, LIMIT(10), NO_WEIGHT, OURS, "and none of them is long" },
    { "band.site_continuous", ADDS, IS(reflex_site), 0, 0.3, EMG_C_SITE, OURS, "a stretch reflex is usual here" },
    { "band.site_continuous_course", AND, IS(continuous), NO_WEIGHT, OURS, "but the course is not that of clonus" },
    { "band.site", ADDS, IS(reflex_site), 0, 0.8, EMG_C_SITE, OURS, "a stretch reflex is usual here" },
    { "band.site_course", AND, IS_NOT(continuous), NO_WEIGHT, OURS, "and the course is episodic" },
    { "band.stretch", ADDS, IS(at_stretch), 0, 0.5, EMG_C_MARK, OURS, "a stretch of the muscle is marked there" },
    { "band.alternating", ADDS, OF(alternating_share), AT_LEAST, LIMIT(0.6), 0, -1, EMG_T_ALT, OURS,
      "tremor alternates with the antagonist" },
    { "band.upper_end", ADDS, OF(rate_hz), ABOVE, PLUS(rhythm.clonus_high_hz, -1), 0, -1, EMGP_NO_REASON, OURS,
      "clonus is rarely so fast" },
};

/* For a cramp and against a hold. */
static const emgp_rule cramping[] = {
    { "cramping.waning", WEIGHS, OF(wane_db), ABOVE, LIMIT(1), 1, 1, EMGP_NO_REASON, "Minetto 2009",
      "cramps wane before they end, as their units leave one by one" },
    { "cramping.pulsing", WEIGHS, OF(pulsing), BELOW, LIMIT(0.24), 0.12, 1, EMGP_NO_REASON, "Minetto 2009",
      "their units fire less regularly than those of a hold" },
};

static const emgp_set sets[EMGP_N_SETS] = {
    [EMGP_SET_FAMILY] = FLAG(family, family),
    [EMGP_SET_JERKING] = FLAG(jerking, jerking),
    [EMGP_SET_SLOW] = FLAG(slow, slow),
    [EMGP_SET_ENVELOPE] = FLAG(envelope, envelope),
    [EMGP_SET_REGULAR] = FLAG(regular, regular),
    [EMGP_SET_BURSTS] = FLAG(bursts, bursts),
    [EMGP_SET_CONTINUOUS] = FLAG(continuous, continuous),
    [EMGP_SET_CLEAR] = FLAG(clear, clear),
    [EMGP_SET_FIRING] = FLAG(firing, firing),
    [EMGP_SET_TRAIN] = FLAG(train, train),
    [EMGP_SET_BAND] = SUM(band, clonus_score),
    [EMGP_SET_CRAMPING] = SUM(cramping, cramp_score),
};

const emgp_set *emgp_fact_set_at(emgp_rule_set set)
{
    return sets[set].rules.n > 0 ? &sets[set] : NULL;
}
