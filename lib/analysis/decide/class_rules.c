/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of every class (clonus, tremor, fasciculation ...), read from top to bottom. */
#include "analysis/decide/decide.h"

#include "analysis/decide/columns.inc"

/* What no muscle made. */
static const emgp_rule artifact[] = {
    { "artifact.prior", ADDS, WHATEVER, 0, 2.19722457733622, EMGP_NO_REASON, OURS,
      "a mark of an artefact is right in nine of ten (log odds of 0.9)" },
    { "artifact.common", ONE_OF, IS(common), 0, 0, EMG_A_COMMON, OURS, "nearly all muscles at once" },
    { "artifact.common_short", AND, OF(burst_s), BELOW, LIMIT(0.1), NO_WEIGHT, OURS, "and short" },
    { "artifact.ecg", ONE_OF, IS(ecg), 0, 0, EMG_A_ECG, OURS, "a unit that fires as QRS complexes do" },
    { "artifact.ecg_train", ONE_OF, OF(shape_share), AT_LEAST, LIMIT(0.4), 0, 0, EMG_A_ECG, OURS,
      "or a train of one shape" },
    { "artifact.ecg_train_several", AND, IS_NOT(alone), NO_WEIGHT, OURS, "and not one burst by itself" },
    { "artifact.ecg_train_bursts", AND, IS_NOT(sustained), NO_WEIGHT, OURS, "and not sustained" },
    { "artifact.ecg_train_length", AND, OF(n), AT_LEAST, LIMIT(8), NO_WEIGHT, OURS, "and long enough" },
    { "artifact.ecg_train_low", AND, OF(rate_hz), AT_LEAST, LIMIT(0.7), NO_WEIGHT, OURS,
      "and not slower than a heart" },
    { "artifact.ecg_train_high", AND, OF(rate_hz), AT_MOST, LIMIT(2.5), NO_WEIGHT, OURS,
      "and not faster than a heart" },
    { "artifact.ecg_train_rcv", AND, OF(intervals.rcv), BELOW, LIMIT(0.15), NO_WEIGHT, OURS,
      "and as regular as a heart" },
    { "artifact.ecg_train_short", AND, OF(burst_s), BELOW, LIMIT(0.13), NO_WEIGHT, OURS,
      "and about as short as a QRS complex (80-120 ms)" },
    { "artifact.ecg_rate", ONE_OF, OF(heart_ratio), AT_LEAST, LIMIT(0.8), 0, 0, EMG_A_ECG, OURS,
      "or a train at the rate of the heart that was removed elsewhere in the channel" },
    { "artifact.ecg_rate_high", AND, OF(heart_ratio), AT_MOST, LIMIT(1.25), NO_WEIGHT, OURS, "and no faster" },
    { "artifact.ecg_rate_several", AND, IS_NOT(alone), NO_WEIGHT, OURS, "and not one burst by itself" },
    { "artifact.ecg_rate_bursts", AND, IS_NOT(sustained), NO_WEIGHT, OURS, "and not sustained" },
    { "artifact.ecg_rate_short", AND, OF(burst_s), BELOW, LIMIT(0.13), NO_WEIGHT, OURS,
      "and about as short as a QRS complex" },
    { "artifact.pop", ONE_OF, IS(pop), 0, 0, EMG_A_POP, OURS, "the baseline steps" },
    { "artifact.motion", ONE_OF, IS(motion), 0, 0, EMG_A_MOTION, OURS, "the baseline swings" },
    { "artifact.edge", ONE_OF, IS(cut), 0, -1, EMG_B_EDGE, OURS,
      "a gap, a dead stretch or an end of the recording cuts it: filters and the removal of the power line settle there" },
    { "artifact.edge_alone", AND, IS(alone), NO_WEIGHT, OURS, "and it is one burst" },
    { "artifact.edge_short", AND, IS_NOT(sustained), NO_WEIGHT, OURS, "and short" },
    { "artifact.edge_core", AND, OF(core_s), ABOVE, SETTING(rhythm.spike_core_s), NO_WEIGHT, OURS,
      "but longer than a single potential" },
    { "artifact.edge_faint", AND, OF(snr_db), BELOW, LIMIT(24), NO_WEIGHT, OURS,
      "and no stronger than what filters leave (at most 22 dB in 40 recordings of the preset artefacts)" },
    { "artifact.stimulus", ONE_OF, IS(stimulus_artefact), 0, 0, EMG_A_STIM, OURS, "it begins with a marked stimulus" },
    { "artifact.stimulus_alone", AND, IS(alone), NO_WEIGHT, OURS, "and is one burst: a rhythm may begin with a tap" },
    { "artifact.stimulus_short", AND, IS_NOT(sustained), NO_WEIGHT, OURS, "and short, as no contraction is" },
};

/* Before all else that is said of short events: their cause is known. */
static const emgp_rule evoked[] = {
    { "evoked.prior", ADDS, WHATEVER, 0, 2.19722457733622, EMGP_NO_REASON, OURS,
      "what follows a stimulus was evoked in nine of ten (log odds of 0.9)" },
    { "evoked.stimulus", NEEDS, IS(at_stimulus), NO_WEIGHT, OURS, "it begins after a marked stimulus" },
    { "evoked.artefact", REFUSES, IS(stimulus_artefact), NO_WEIGHT, OURS, "and not with it" },
    { "evoked.alone", NEEDS, IS(alone), NO_WEIGHT, OURS, "one burst: a rhythm keeps its word" },
    { "evoked.short", NEEDS, IS_NOT(sustained), NO_WEIGHT, OURS, "and short: a contraction keeps its word" },
};

/* Bursts whose waveform repeats faster than any unit fires by will. */
static const emgp_rule neuromyotonia[] = {
    { "neuromyotonia.prior", ADDS, WHATEVER, 0, 1.5, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "neuromyotonia.bursts", NEEDS, OF(n_repeating), AT_LEAST, LIMIT(5), NO_WEIGHT, OURS,
      "enough bursts were looked at together" },
    { "neuromyotonia.repeat", NEEDS, OF(repeat), AT_LEAST, LIMIT(0.48), 0.06, 0.7, EMG_I_HF, OURS,
      "their waveform repeats 105 to 350 times a second" },
    { "neuromyotonia.sure", NEEDS, OF(repeat_sure), AT_LEAST, LIMIT(0.42), NO_WEIGHT, OURS,
      "and that is no chance of a few" },
    { "neuromyotonia.tone", REFUSES, OF(tone), ABOVE, LIMIT(0.9), NO_WEIGHT, OURS,
      "a tone repeats too, but no muscle made it" },
    { "neuromyotonia.regular", REFUSES, OF(intervals.rcv), BELOW, LIMIT(0.25), NO_WEIGHT, OURS,
      "bursts that come regularly are a rhythm" },
    { "neuromyotonia.stimuli", REFUSES, OF(stimulus_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "nor do bursts that come with marked stimuli count" },
    { "neuromyotonia.task", REFUSES, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "in a marked task units fire by will" },
};

/* One unit in groups of even intervals, with pauses between them. */
static const emgp_rule myokymia[] = {
    { "myokymia.prior", ADDS, WHATEVER, 0, 1.5, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "myokymia.groups", NEEDS, OF(n_groups), AT_LEAST, LIMIT(3), NO_WEIGHT, OURS, "several groups" },
    { "myokymia.grouped", NEEDS, OF(grouped_share), AT_LEAST, LIMIT(0.5), 0.15, 0.5, EMG_I_GROUP, OURS,
      "most discharges are in groups of three and more" },
    { "myokymia.even", NEEDS, OF(inner_rcv), BELOW, LIMIT(0.3), 0.08, 0.5, EMG_R_SEMI, OURS,
      "the intervals within groups are even" },
    { "myokymia.alike", ONE_OF, OF(like_next), ABOVE, LIMIT(0.88), 0.04, 0.5, EMGP_NO_REASON, OURS,
      "neighbours look alike: one unit, no interference" },
    { "myokymia.alike_best", ONE_OF, OF(like_best), ABOVE, LIMIT(0.98), NO_WEIGHT, OURS,
      "or each looks like one of those beside it: noise decides which phase of a long potential is its largest" },
    { "myokymia.alike_groups", AND, OF(n_groups), AT_LEAST, LIMIT(5), NO_WEIGHT, OURS,
      "and there are many: in a few of a contraction chance finds such" },
    { "myokymia.fast", NEEDS, OF(inner_s), AT_MOST, LIMIT(0.065), NO_WEIGHT, OURS,
      "groups fire as fast as those of myokymia" },
    { "myokymia.slow", NEEDS, OF(inner_s), AT_LEAST, LIMIT(0.015), NO_WEIGHT, OURS, "and no faster than it (60 Hz)" },
    { "myokymia.rate", NEEDS, OF(rate_hz), BELOW, SETTING(rhythm.clonus_low_hz), NO_WEIGHT, OURS,
      "and the groups come slower than the bursts of clonus" },
    { "myokymia.stimuli", REFUSES, OF(stimulus_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "and not with marked stimuli" },
    { "myokymia.repeat", REFUSES, OF(claimed), ABOVE, LIMIT(0), NO_WEIGHT, OURS,
      "and their waveform does not repeat as that of neuromyotonia does" },
    { "myokymia.brief", NEEDS, OF(in_group), AT_MOST, LIMIT(30), NO_WEIGHT, OURS, "and are brief" },
    { "myokymia.task", REFUSES, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "in a marked task units fire by will" },
};

/* One unit that fires on and nothing else, by the envelope: its bursts repeat shape and size, however long they are. */
static const emgp_rule lone[] = {
    { "lone.prior", ADDS, WHATEVER, 0, 1, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "lone.cycles", NEEDS, OF(cycles), AT_LEAST, SETTING(rhythm.least_bursts), NO_WEIGHT, OURS,
      "the envelope shows a train of several bursts" },
    { "lone.shape", NEEDS, OF(shape_share), AT_LEAST, LIMIT(0.8), 0.1, 0.5, EMG_U_SINGLE, OURS,
      "nearly all repeat a shape" },
    { "lone.size", NEEDS, OF(size_scatter), BELOW, LIMIT(0.15), 0.05, 0.5, EMGP_NO_REASON, OURS,
      "and its size: those of many units differ more" },
    { "lone.one", NEEDS, OF(cycle_discharges), AT_LEAST, LIMIT(0.7), NO_WEIGHT, OURS, "each is one discharge" },
    { "lone.one_most", NEEDS, OF(cycle_discharges), AT_MOST, LIMIT(1.3), NO_WEIGHT, OURS, "and no more" },
    { "lone.width", NEEDS, OF(width_s), AT_MOST, LIMIT(0.013), NO_WEIGHT, OURS, "and as short as one" },
    { "lone.height", NEEDS, OF(acf_height), AT_LEAST, LIMIT(0.5), NO_WEIGHT, OURS, "the envelope is periodic" },
    { "lone.contrast", NEEDS, OF(contrast), AT_LEAST, LIMIT(0.8), NO_WEIGHT, OURS, "and falls clearly between" },
    { "lone.rcv", NEEDS, OF(intervals.rcv), AT_MOST, LIMIT(0.2), 0.1, 0.5, EMG_R_RCV, OURS,
      "the more regular, the surer" },
    { "lone.clock", REFUSES, OF(intervals.cv), BELOW, LIMIT(0.01), NO_WEIGHT, OURS, "no unit is as even as a clock" },
    { "lone.low", NEEDS, OF(rate_hz), AT_LEAST, SETTING(rhythm.clonus_low_hz), NO_WEIGHT, OURS,
      "as fast as units fire evenly" },
    { "lone.high", NEEDS, OF(rate_hz), AT_MOST, LIMIT(18), NO_WEIGHT, OURS, "and no faster than the envelope tells" },
    { "lone.kindred", REFUSES, IS(kindred), NO_WEIGHT, OURS, "no few alike bursts of what is a rhythm elsewhere" },
    { "lone.chance", REFUSES, OF(chance_per_hour), ABOVE, LIMIT(0.003), NO_WEIGHT, OURS,
      "nor what discharges at random of the rate around would make" },
    { "lone.stimuli", REFUSES, OF(stimulus_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "nor what comes with marked stimuli" },
    { "lone.artifacts", REFUSES, OF(artifact_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "or with the baseline's steps and swings" },
    { "lone.claimed", REFUSES, IS(claimed), NO_WEIGHT, OURS, "nor what has a word already" },
    { "lone.task", REFUSES, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "in a marked task units fire by will" },
};

/* One unit that fires on, whatever else the channel does. */
static const emgp_rule unit_train[] = {
    { "unit_train.prior", ADDS, WHATEVER, 0, 1, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "unit_train.firing", NEEDS, IS(firing), 0, 0, EMG_U_SINGLE, OURS, "discharges of one unit that fires regularly" },
    { "unit_train.share", ONE_OF, OF(trains_share), AT_LEAST, LIMIT(0.6), 0.2, 0.5, EMGP_NO_REASON, OURS,
      "what is there is mostly such trains: in the interference of a contraction they are a part of it" },
    { "unit_train.others", ONE_OF, OF(others_hz), AT_MOST, SETTING(rhythm.fasciculation_rate_hz), NO_WEIGHT, OURS,
      "or what is there besides is no faster than discharges that stand alone may be" },
    { "unit_train.even", WEIGHS, OF(beyond_chance), AT_LEAST, LIMIT(5), 3, 0.5, EMG_R_RCV, OURS,
      "the more even intervals, the surer" },
    { "unit_train.beneath", REFUSES, OF(beneath_share), ABOVE, LIMIT(0.1), NO_WEIGHT, OURS,
      "so much of the power over the floor is between discharges: units too small to be found fire with it in a contraction" },
    { "unit_train.beneath_level", AND, OF(beneath_db), ABOVE, LIMIT(1.8), NO_WEIGHT, OURS,
      "which raises the level between them," },
    { "unit_train.beneath_long", AND, OF(duration_s), AT_LEAST, LIMIT(5), NO_WEIGHT, OURS,
      "for longer than the noise drifts" },
    { "unit_train.claimed", REFUSES, IS(claimed), NO_WEIGHT, OURS, "and no groups or bursts that have a word already" },
    { "unit_train.stimuli", REFUSES, OF(stimulus_share), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "nor do discharges that come with marked stimuli count" },
    { "unit_train.task", REFUSES, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "in a marked task units fire by will" },
};

/* A train of bursts by its envelope; the rate and the course then name the rhythm. */
static const emgp_rule cyclic[] = {
    { "cyclic.prior", ADDS, WHATEVER, 0, 1, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "cyclic.train", NEEDS, IS(train), NO_WEIGHT, OURS, "the envelope shows a train" },
    { "cyclic.length", WEIGHS, OF(cycles), AT_LEAST, SETTING(rhythm.least_bursts), 6, 0.5, EMG_R_N, OURS,
      "the longer, the surer" },
    { "cyclic.rcv", ADDS, OF(intervals.rcv), AT_MOST, SETTING(rhythm.rcv), 0.1, 0.5, EMG_R_RCV, OURS,
      "the more regular, the surer" },
    { "cyclic.height", ADDS, OF(acf_height), AT_LEAST, LIMIT(0.4), 0.15, 0.5, EMG_R_ACF, OURS,
      "the clearer in the envelope, the surer" },
};

static const emgp_rule swift[] = {
    { "swift.rate", NEEDS, OF(rate_hz), ABOVE, SETTING(rhythm.clonus_high_hz), NO_WEIGHT, OURS,
      "faster than clonus: tremor" },
    { "swift.high", ADDS, OF(rate_hz), ABOVE, LIMIT(12), 0, 0, EMG_F_HI, OURS, "well above clonus" },
    { "swift.middle", ADDS, OF(rate_hz), AT_MOST, LIMIT(12), 0, 0, EMG_F_MID, OURS, "just above clonus" },
};

/* Before any rule of frequency: a regular train of one shape is one motor unit even at a tremor's rate. */
static const emgp_rule motor_unit[] = {
    { "motor_unit.prior", ADDS, WHATEVER, 0, 1, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "motor_unit.several", NEEDS, IS_NOT(alone), NO_WEIGHT, OURS, "a train" },
    { "motor_unit.bursts", NEEDS, IS_NOT(sustained), NO_WEIGHT, OURS, "of bursts to count" },
    { "motor_unit.regular", NEEDS, IS(regular), NO_WEIGHT, "Posa 2020",
      "regular: such a train is spontaneous continuous discharge of a unit, whatever its rate" },
    { "motor_unit.rate", NEEDS, IS_NOT(slow), NO_WEIGHT, OURS, "as fast as units fire" },
    { "motor_unit.busy", REFUSES, OF(background_hz), ABOVE, LIMIT(2), NO_WEIGHT, OURS,
      "in a busy channel chance makes such trains of bursts: there a unit's own discharges must be one (unit_train)" },
    { "motor_unit.rcv", NEEDS, OF(intervals.rcv), AT_MOST, SETTING(rhythm.rcv), 0.1, 1, EMG_R_RCV, OURS,
      "the more regular, the surer" },
    { "motor_unit.single", NEEDS, OF(single_share), AT_LEAST, LIMIT(0.8), 0.1, 1, EMG_U_SINGLE, OURS,
      "nearly all its bursts are one discharge of one unit" },
    { "motor_unit.short", NEEDS, OF(core_s), AT_MOST, SETTING(rhythm.spike_core_s), 0, 0, EMG_D_SPIKE, OURS,
      "as short as a single potential" },
};

/* Regular bursts; the rate and the course then name the rhythm. */
static const emgp_rule rhythmic[] = {
    { "rhythmic.prior", ADDS, WHATEVER, 0, 0.5, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "rhythmic.cycles", REFUSES, OF(cycles), ABOVE, LIMIT(0), NO_WEIGHT, OURS,
      "what is measured by its envelope has rules of its own (train)" },
    { "rhythmic.fast", REFUSES, OF(rate_hz), ABOVE, LIMIT(6), NO_WEIGHT, OURS,
      "nor is what is as fast as units fire told by its bursts alone (train)" },
    { "rhythmic.fast_stimulus", AND, IS_NOT(at_stimulus), NO_WEIGHT, OURS,
      "unless it begins with a marked stimulus: units do not begin to fire at a tap" },
    { "rhythmic.by_bursts", ONE_OF, IS(bursts), NO_WEIGHT, OURS, "either the bursts are a rhythm" },
    { "rhythmic.by_envelope", ONE_OF, IS(sustained), NO_WEIGHT, OURS, "or activity without silence" },
    { "rhythmic.by_envelope_height", AND, OF(acf_height), AT_LEAST, SETTING(rhythm.acf), NO_WEIGHT, OURS,
      "has a periodic envelope" },
    { "rhythmic.by_envelope_cycles", AND, OF(n), AT_LEAST, TIMES(2, rhythm.least_bursts), NO_WEIGHT, OURS,
      "of enough cycles: for a second or two several units make a rhythm by chance" },
    { "rhythmic.one_shape", REFUSES, OF(shape_share), AT_LEAST, LIMIT(0.4), NO_WEIGHT, OURS,
      "bursts of many units differ in shape; where one shape leads, it is that unit's own firing" },
    { "rhythmic.one_shape_bursts", AND, OF(n), AT_LEAST, LIMIT(10), NO_WEIGHT, OURS, "and there are enough to say so" },
    { "rhythmic.one_shape_rate", AND, IS_NOT(slow), NO_WEIGHT, OURS, "and they come as fast as units fire" },
    { "rhythmic.one_shape_stimulus", AND, IS_NOT(at_stimulus), NO_WEIGHT, OURS,
      "and no marked stimulus began it: the units of a reflex fire together" },
    { "rhythmic.unclear", REFUSES, IS(sustained), NO_WEIGHT, OURS, "activity without silence is no rhythm" },
    { "rhythmic.unclear_rate", AND, OF(rate_hz), ABOVE, SETTING(rhythm.clonus_high_hz), NO_WEIGHT, OURS,
      "at rates at which contractions make false ones" },
    { "rhythmic.unclear_envelope", AND, IS_NOT(clear), NO_WEIGHT, OURS, "and the envelope is not clearly periodic" },
    { "rhythmic.length", WEIGHS, OF(n), AT_LEAST, SETTING(rhythm.least_bursts), 6, 0.5, EMG_R_N, OURS,
      "the longer, the surer" },
    { "rhythmic.rcv", ADDS, OF(intervals.rcv), AT_MOST, SETTING(rhythm.rcv), 0.1, 0.7, EMG_R_RCV, OURS,
      "the more regular, the surer" },
    { "rhythmic.rcv_bursts", AND, IS(bursts), NO_WEIGHT, OURS, "where bursts were counted" },
    { "rhythmic.fold", ADDS, OF(intervals.fold), AT_LEAST, SETTING(rhythm.fold), 0.15, 0.5, EMG_R_FOLD, OURS,
      "the fewer intervals of odd length, the surer" },
    { "rhythmic.fold_bursts", AND, IS(bursts), NO_WEIGHT, OURS, "where bursts were counted" },
    { "rhythmic.acf", ADDS, OF(acf_height), AT_LEAST, SETTING(rhythm.acf), 0.15, 0.5, EMG_R_ACF, OURS,
      "the clearer in the envelope, the surer" },
};

static const emgp_rule fast[] = {
    { "fast.rate", NEEDS, OF(rate_hz), ABOVE, SETTING(rhythm.clonus_high_hz), NO_WEIGHT, OURS,
      "faster than clonus: tremor" },
    { "fast.high", ADDS, OF(rate_hz), ABOVE, LIMIT(12), 0, 0, EMG_F_HI, OURS, "well above clonus" },
    { "fast.middle", ADDS, OF(rate_hz), AT_MOST, LIMIT(12), 0, 0, EMG_F_MID, OURS, "just above clonus" },
    { "fast.doubt", ADDS, IS_NOT(clear), 0, -8, EMGP_NO_REASON, OURS,
      "contractions make false rhythms up there: what is not clear is no tremor" },
};

static const emgp_rule clonus[] = {
    { "clonus.rate", NEEDS, IS_NOT(slow), NO_WEIGHT, OURS, "within the band of clonus and tremor" },
    { "clonus.votes", NEEDS, OF(clonus_score), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS, "the votes are for clonus" },
};

static const emgp_rule tremor[] = {
    { "tremor.rate", NEEDS, IS_NOT(slow), NO_WEIGHT, OURS, "within the band of clonus and tremor" },
    { "tremor.votes", NEEDS, OF(clonus_score), BELOW, LIMIT(-0.2), NO_WEIGHT, OURS, "the votes are for tremor" },
};

static const emgp_rule unresolved[] = {
    { "unresolved.rate", NEEDS, OF(rate_hz), AT_LEAST, SETTING(rhythm.clonus_low_hz), 0, 0, EMG_X_AMBIG, OURS,
      "within the band, and the votes for clonus and for tremor are about even" },
};

static const emgp_rule jerks[] = {
    { "jerks.rate", NEEDS, OF(rate_hz), BELOW, SETTING(rhythm.clonus_low_hz), 0, 0, EMG_F_LO, OURS,
      "slower than clonus: rhythmic jerks" },
    { "jerks.discharges", NEEDS, OF(discharge_hz), ABOVE, LIMIT(0.1), NO_WEIGHT, OURS,
      "and discharges are in them: swells of the noise are none" },
    { "jerks.core", REFUSES, OF(core_s), BELOW, LIMIT(0.005), NO_WEIGHT, OURS,
      "nor are single potentials: chance makes slow trains of fasciculations" },
    { "jerks.lasting", REFUSES, OF(cycle_s), ABOVE, LIMIT(0.1), NO_WEIGHT, "Hallett 1979, Latorre 2018",
      "jerks are hardly longer: they may as well be movements (repeated)" },
    { "jerks.lasting_rest", AND, IS_NOT(at_rest), NO_WEIGHT, OURS, "where no rest is marked" },
    { "jerks.task", REFUSES, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "in a marked task they are movements, unless jerks are asked for there (--within-task)" },
};

/* Slow and longer than jerks: movements, reflexes or something periodic. */
static const emgp_rule repeated[] = {
    { "repeated.rate", NEEDS, OF(rate_hz), BELOW, SETTING(rhythm.clonus_low_hz), 0, 0, EMG_F_LO, OURS,
      "slower than clonus: voluntary, reflex or periodic: EMG alone does not tell" },
    { "repeated.discharges", NEEDS, OF(discharge_hz), ABOVE, LIMIT(0.1), NO_WEIGHT, OURS,
      "and discharges are in them: swells of the noise are none" },
    { "repeated.lasting", NEEDS, OF(cycle_s), ABOVE, LIMIT(0.1), 0, 0, EMG_D_SHORT, OURS, "longer than jerks" },
    { "repeated.task", REFUSES, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "in a marked task they belong to it" },
};

/* Long activity that nobody willed: only a mark tells it from a contraction. */
static const emgp_rule spasm[] = {
    { "spasm.prior", ADDS, WHATEVER, 0, 1, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "spasm.sustained", NEEDS, IS(sustained), NO_WEIGHT, OURS, "activity without silence" },
    { "spasm.duration", NEEDS, OF(duration_s), AT_LEAST, LIMIT(1), 2, 0.5, EMG_D_LONG, OURS, "of some length" },
    { "spasm.rest", ONE_OF, IS(at_rest), 0, 0, EMG_M_REST, OURS, "rest is marked there" },
    { "spasm.cramp", ONE_OF, OF(duration_s), AT_LEAST, LIMIT(5), NO_WEIGHT, "Minetto 2009",
      "or it is as long as a cramp" },
    { "spasm.abrupt", AND, OF(rise_s), BELOW, LIMIT(0.3), NO_WEIGHT, OURS, "and begins at once" },
    { "spasm.steady", AND, OF(steady_db), BELOW, LIMIT(1.4), NO_WEIGHT, OURS, "and is steady" },
    { "spasm.waning", AND, OF(wane_db), ABOVE, LIMIT(1), NO_WEIGHT, OURS, "and wanes" },
    { "spasm.votes", AND, OF(cramp_score), ABOVE, LIMIT(0.5), NO_WEIGHT, OURS,
      "and how much it does and how irregularly its units fire together speak for a cramp" },
    { "spasm.others", AND, IS(others_quiet), NO_WEIGHT, OURS, "and no other muscle of several is active in it" },
    { "spasm.task", REFUSES, IS(at_task), NO_WEIGHT, OURS, "and no task" },
    { "spasm.no_rest", REFUSES, IS(no_rest), NO_WEIGHT, OURS, "and the muscle does rest" },
    { "spasm.snr", WEIGHS, OF(snr_db), AT_LEAST, LIMIT(9), 6, 0.5, EMGP_NO_REASON, OURS, "the stronger, the surer" },
};

/* Long activity without a rhythm. */
static const emgp_rule tonic[] = {
    { "tonic.prior", ADDS, WHATEVER, 0, 1, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "tonic.sustained", NEEDS, IS(sustained), NO_WEIGHT, OURS, "activity without silence" },
    { "tonic.duration", WEIGHS, OF(duration_s), AT_LEAST, LIMIT(0.3), 0.5, 1, EMG_D_TONIC, OURS,
      "the longer, the surer" },
    { "tonic.snr", WEIGHS, OF(snr_db), AT_LEAST, LIMIT(9), 6, 0.5, EMGP_NO_REASON, OURS, "the stronger, the surer" },
    { "tonic.rest", ADDS, IS(at_rest), 0, 0, EMG_M_REST, OURS, "rest is marked there" },
};

/* Units fire one by one where a voluntary contraction begins and ends: such bursts make no row. */
static const emgp_rule task[] = {
    { "task.marked", NEEDS, OF(at_task), ABOVE, SETTING(marks.within_task), NO_WEIGHT, OURS,
      "a task is marked there, and what stands alone in it is not asked for (--within-task)" },
    { "task.alone", NEEDS, IS(alone), NO_WEIGHT, OURS, "one burst" },
};

/* Short, irregular, local, isolated as often as chance would have it. */
static const emgp_rule fasciculation[] = {
    { "fasciculation.alone", NEEDS, IS(alone), NO_WEIGHT, OURS, "one burst" },
    { "fasciculation.whole", NEEDS, IS_NOT(cut), NO_WEIGHT, OURS, "half a potential cannot be judged" },
    { "fasciculation.muscles", NEEDS, OF(n_muscles), AT_MOST, LIMIT(2), NO_WEIGHT, OURS,
      "at most one other muscle with it" },
    { "fasciculation.isolated", NEEDS, OF(isolation_excess), AT_LEAST, LIMIT(0), 0, 0, EMG_Z_ISO, OURS,
      "it and its neighbours stand alone as often as a Poisson train of their rate leaves them alone" },
    { "fasciculation.family", ONE_OF, IS(family), 0, 1, EMGP_NO_REASON, OURS, "its shape repeats" },
    { "fasciculation.short", ONE_OF, OF(core_s), AT_MOST, SETTING(rhythm.spike_core_s), 0.003, 0.6, EMG_D_SPIKE, OURS,
      "or it is as short as a single potential" },
    { "fasciculation.short_kin", AND, IS_NOT(jerking), NO_WEIGHT, OURS, "among others that may be, too" },
    { "fasciculation.snr", WEIGHS, OF(snr_db), AT_LEAST, LIMIT(10), 2, 0.8, EMGP_NO_REASON, OURS,
      "the stronger, the surer" },
    { "fasciculation.rate", NEEDS, OF(rate_hz), AT_MOST, SETTING(rhythm.fasciculation_rate_hz), 2, 0.3, EMGP_NO_REASON,
      OURS, "faster irregular trains are several motor units at work" },
    { "fasciculation.around", REFUSES, OF(around_hz), ABOVE, SETTING(rhythm.fasciculation_rate_hz), NO_WEIGHT, OURS,
      "nor does it stand alone among so many discharges" },
    { "fasciculation.moving", REFUSES, OF(busy_share), ABOVE, LIMIT(0.05), NO_WEIGHT, OURS,
      "and not in a muscle that is moved again and again" },
    { "fasciculation.together", ADDS, OF(n_muscles), ABOVE, LIMIT(1), 0, -0.8, EMG_S_SYNC, OURS,
      "another muscle at the same instant speaks for a jerk" },
    { "fasciculation.local", ADDS, OF(n_muscles), AT_MOST, LIMIT(1), 0, 0, EMG_S_LOCAL, OURS, "in this muscle only" },
    { "fasciculation.irregular", ADDS, OF(intervals.rcv), ABOVE, SETTING(rhythm.rcv), 0, 0, EMG_R_IRREG, OURS,
      "and irregular" },
};

/* A jerk: longer than one potential, or in several muscles at once. */
static const emgp_rule myoclonus[] = {
    { "myoclonus.prior", ADDS, WHATEVER, 0, 0.3, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "myoclonus.alone", NEEDS, IS(alone), NO_WEIGHT, OURS, "one burst" },
    { "myoclonus.whole", NEEDS, IS_NOT(cut), NO_WEIGHT, OURS, "half a burst cannot be judged" },
    { "myoclonus.rest", NEEDS, IS_NOT(no_rest), NO_WEIGHT, OURS, "there is silence to stand out of" },
    { "myoclonus.unused", NEEDS, IS_NOT(used), NO_WEIGHT, OURS, "the muscle is not being used" },
    { "myoclonus.pulling", NEEDS, IS_NOT(pulling), NO_WEIGHT, OURS, "nor pulled shortly again and again" },
    { "myoclonus.moving", REFUSES, OF(busy_share), ABOVE, LIMIT(0.05), NO_WEIGHT, OURS,
      "nor is it moved again and again: there is rest to stand out of" },
    { "myoclonus.lasting", REFUSES, OF(duration_s), ABOVE, LIMIT(0.1), NO_WEIGHT, "Hallett 1979, Latorre 2018",
      "jerks are hardly longer: it may as well be a short movement" },
    { "myoclonus.lasting_rest", AND, IS_NOT(at_rest), NO_WEIGHT, OURS, "where no rest is marked" },
    { "myoclonus.lasting_alone", AND, OF(n_muscles), BELOW, LIMIT(2), NO_WEIGHT, OURS,
      "and no other muscle does the same at the same instant" },
    { "myoclonus.rate", NEEDS, OF(rate_hz), AT_MOST, SETTING(rhythm.fasciculation_rate_hz), NO_WEIGHT, OURS,
      "faster irregular trains are several motor units at work" },
    { "myoclonus.long", ONE_OF, OF(core_s), ABOVE, SETTING(rhythm.spike_core_s), 0, 0, EMG_D_BURST, OURS,
      "longer than a single potential" },
    { "myoclonus.jerking", ONE_OF, IS(jerking), 0, 0, EMG_D_BURST, OURS,
      "or among bursts that are, and that do not repeat a shape" },
    { "myoclonus.synchronous", ONE_OF, OF(n_muscles), AT_LEAST, LIMIT(2), 0, 0, EMG_S_SYNC, OURS,
      "or in several muscles at the same instant" },
    { "myoclonus.core", WEIGHS, OF(core_s), ABOVE, SETTING(rhythm.spike_core_s), 0.004, 0.5, EMGP_NO_REASON, OURS,
      "the longer, the surer" },
    { "myoclonus.snr", WEIGHS, OF(snr_db), AT_LEAST, LIMIT(13), 3, 0.4, EMGP_NO_REASON, OURS,
      "the stronger, the surer" },
    { "myoclonus.together", ADDS, OF(n_muscles), AT_LEAST, LIMIT(2), 0, 0.8, EMGP_NO_REASON, OURS,
      "several muscles at once are the surer sign" },
    { "myoclonus.short", ADDS, OF(core_s), AT_MOST, SETTING(rhythm.spike_core_s), 0, 0, EMG_D_SPIKE, OURS,
      "as short as a single potential" },
    { "myoclonus.local", ADDS, OF(n_muscles), BELOW, LIMIT(2), 0, 0, EMG_S_LOCAL, OURS, "in this muscle only" },
    { "myoclonus.irregular", ADDS, OF(intervals.rcv), ABOVE, SETTING(rhythm.rcv), 0, 0, EMG_R_IRREG, OURS,
      "and irregular" },
};

/* What is longer than a jerk and no discharge, and shorter than sustained activity. */
static const emgp_rule brief[] = {
    { "brief.prior", ADDS, WHATEVER, 0, 0.3, EMGP_NO_REASON, OURS, "log odds when each limit is just met" },
    { "brief.alone", NEEDS, IS(alone), NO_WEIGHT, OURS, "one burst" },
    { "brief.whole", NEEDS, IS_NOT(cut), NO_WEIGHT, OURS, "half a burst cannot be judged" },
    { "brief.rate", NEEDS, OF(rate_hz), AT_MOST, SETTING(rhythm.fasciculation_rate_hz), NO_WEIGHT, OURS,
      "faster irregular trains are several motor units at work" },
    { "brief.rest", NEEDS, IS_NOT(no_rest), NO_WEIGHT, OURS, "there is silence to stand out of" },
    { "brief.unused", NEEDS, IS_NOT(used), NO_WEIGHT, OURS, "and no contraction that it could be a part of" },
    { "brief.duration", ONE_OF, OF(duration_s), ABOVE, LIMIT(0.1), 0, 0, EMG_D_SHORT, OURS, "longer than a jerk" },
    { "brief.moving", ONE_OF, OF(busy_share), ABOVE, LIMIT(0.05), 0, 0, EMG_D_SHORT, OURS,
      "or one more movement of a muscle that is moved again and again" },
    { "brief.moving_duration", AND, OF(duration_s), AT_LEAST, LIMIT(0.05), NO_WEIGHT, OURS, "and no twitch" },
    { "brief.core", REFUSES, OF(core_s), AT_MOST, SETTING(rhythm.spike_core_s), NO_WEIGHT, OURS,
      "a single potential is none" },
    { "brief.core_moving", AND, OF(busy_share), AT_MOST, LIMIT(0.05), NO_WEIGHT, OURS,
      "unless it leads a movement among others" },
    { "brief.spike", REFUSES, OF(core_s), AT_MOST, SETTING(rhythm.spike_core_s), NO_WEIGHT, OURS, "nor is one then" },
    { "brief.spike_duration", AND, OF(duration_s), AT_MOST, LIMIT(0.1), NO_WEIGHT, OURS,
      "when it is as short as a jerk" },
    { "brief.snr", WEIGHS, OF(snr_db), AT_LEAST, LIMIT(13), 3, 0.4, EMGP_NO_REASON, OURS, "the stronger, the surer" },
};

/* --- what is said of each --------------------------------------------------------------------------------------- */

static const emgp_rule undecided[] = {
    { "undecided.few", ADDS, OF(n), BELOW, LIMIT(4), 0, 0, EMG_X_FEW, OURS, "no word fits: too few bursts" },
    { "undecided.ambiguous", ADDS, OF(n), AT_LEAST, LIMIT(4), 0, 0, EMG_X_AMBIG, OURS, "no word fits" },
};

static const emgp_rule doubt[] = {
    { "doubt.confidence", NEEDS, OF(confidence), BELOW, SETTING(rhythm.least_confidence), 0, 0, EMG_X_AMBIG, OURS,
      "too unsure for a word: indeterminate" },
};

static const emgp_rule marks[] = {
    { "marks.task", ADDS, IS(at_task), 0, 0, EMG_M_TASK, OURS, "a task is marked there" },
    { "marks.stimulus", ADDS, IS(at_stimulus), 0, 0, EMG_M_STIM, OURS, "it begins with a marked stimulus or after it" },
    { "marks.no_rest", ADDS, IS(no_rest), 0, 0, EMG_Q_NOREST, OURS, "the muscle never rests" },
    { "marks.clipped", ADDS, IS(clipped), 0, 0, EMG_A_CLIP, OURS, "samples at the recorder's limits" },
    { "marks.cut", ADDS, IS(cut), 0, 0, EMG_B_EDGE, OURS, "cut by a gap or an end of the recording" },
    { "marks.cocontraction", ADDS, OF(antagonist_share), AT_LEAST, LIMIT(0.5), 0, 0, EMG_S_COCON, OURS,
      "a named antagonist works along for so much of its time" },
    { "marks.face", ADDS, OF(facial_share), AT_LEAST, LIMIT(0.5), 0, 0, EMG_S_FACE, OURS,
      "so many of its bursts begin with those of another facial muscle" },
    { "marks.weak", ADDS, OF(snr_db), BELOW, LIMIT(13), 0, 0, EMG_Q_LOWSNR, OURS, "weak against the noise" },
};

static const emgp_set sets[EMGP_N_SETS] = {
    [EMGP_SET_ARTIFACT] = PLAIN(artifact),
    [EMGP_SET_EVOKED] = PLAIN(evoked),
    [EMGP_SET_NEUROMYOTONIA] = PLAIN(neuromyotonia),
    [EMGP_SET_MYOKYMIA] = PLAIN(myokymia),
    [EMGP_SET_CYCLIC] = PLAIN(cyclic),
    [EMGP_SET_SWIFT] = PLAIN(swift),
    [EMGP_SET_LONE] = PLAIN(lone),
    [EMGP_SET_UNIT_TRAIN] = PLAIN(unit_train),
    [EMGP_SET_MOTOR_UNIT] = PLAIN(motor_unit),
    [EMGP_SET_RHYTHMIC] = PLAIN(rhythmic),
    [EMGP_SET_FAST] = PLAIN(fast),
    [EMGP_SET_CLONUS] = PLAIN(clonus),
    [EMGP_SET_TREMOR] = PLAIN(tremor),
    [EMGP_SET_UNRESOLVED] = PLAIN(unresolved),
    [EMGP_SET_JERKS] = PLAIN(jerks),
    [EMGP_SET_REPEATED] = PLAIN(repeated),
    [EMGP_SET_SPASM] = PLAIN(spasm),
    [EMGP_SET_TONIC] = PLAIN(tonic),
    [EMGP_SET_TASK] = PLAIN(task),
    [EMGP_SET_FASCICULATION] = PLAIN(fasciculation),
    [EMGP_SET_MYOCLONUS] = PLAIN(myoclonus),
    [EMGP_SET_BRIEF] = PLAIN(brief),
    [EMGP_SET_UNDECIDED] = PLAIN(undecided),
    [EMGP_SET_DOUBT] = PLAIN(doubt),
    [EMGP_SET_MARKS] = PLAIN(marks),
};

const emgp_set *emgp_set_at(emgp_rule_set set)
{
    const emgp_set *fact = emgp_fact_set_at(set);
    return fact ? fact : &sets[set];
}

uint16_t emgp_rule_number(emgp_rule_set set, size_t row)
{
    for (size_t i = 0; i < (size_t)set; i++)
        row += emgp_set_at((emgp_rule_set)i)->rules.n;
    return (uint16_t)row;
}
