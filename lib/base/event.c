/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for classes and the codes for reasons. */
#include <emg/event.h>

#include <stddef.h>

static const char *const class_names[EMG_N_CLASSES] = {
    [EMG_INDETERMINATE] = "indeterminate",
    [EMG_FASCICULATION] = "fasciculation",
    [EMG_MYOCLONUS] = "myoclonus",
    [EMG_EVOKED] = "evoked",
    [EMG_CLONUS] = "clonus",
    [EMG_TREMOR] = "tremor",
    [EMG_RHYTHMIC] = "rhythmic",
    [EMG_MYOKYMIA] = "myokymia",
    [EMG_NEUROMYOTONIA] = "neuromyotonia",
    [EMG_SPASM] = "spasm",
    [EMG_TONIC] = "tonic",
    [EMG_MOTOR_UNIT] = "motor_unit",
    [EMG_ARTIFACT] = "artifact",
    [EMG_UNCLASSIFIED] = "n/a",
};

const char *emg_class_name(emg_class trial_type)
{
    size_t i = (size_t)trial_type;
    return i < EMG_N_CLASSES ? class_names[i] : "n/a";
}

typedef struct reason_row {
    const char *code, *sentence;
} reason_row;

static const reason_row reasons[EMG_N_REASONS] = {
    [EMG_R_RCV] = { "R_RCV", "the intervals between beats are regular (small robust coefficient of variation)" },
    [EMG_R_FOLD] = { "R_FOLD", "most intervals lie near one, two or three times the median interval" },
    [EMG_R_N] = { "R_N", "there are enough beats for a statement about rhythm" },
    [EMG_R_ACF] = { "R_ACF", "the autocorrelation of the envelope has a clear first peak" },
    [EMG_R_IRREG] = { "R_IRREG", "the intervals are irregular" },
    [EMG_R_SEMI] = { "R_SEMI", "groups recur semi-rhythmically" },
    [EMG_F_HI] = { "F_HI", "the rate is above 12 Hz" },
    [EMG_F_MID] = { "F_MID", "the rate is between the clonus band and 12 Hz" },
    [EMG_F_BAND] = { "F_BAND", "the rate lies in the band that clonus and tremor share" },
    [EMG_F_LO] = { "F_LO",
                   "the rate is below the clonus band: voluntary, reflex or periodic, EMG alone does not tell" },
    [EMG_W_NARROW] = { "W_NARROW", "the spectral peak of the envelope is narrow" },
    [EMG_C_GLIDE] = { "C_GLIDE", "the rate glides within the episode as clonus does" },
    [EMG_C_EPIS] = { "C_EPIS", "the episode is short against the observation" },
    [EMG_C_SITE] = { "C_SITE", "the muscle is one in which a stretch reflex is usual" },
    [EMG_C_MARK] = { "C_MARK", "an annotation marks a stretch at the start of the episode" },
    [EMG_T_ALT] = { "T_ALT", "bursts alternate with those of another muscle" },
    [EMG_T_CONT] = { "T_CONT", "the rhythm goes on for most of the observation" },
    [EMG_U_SINGLE] = { "U_SINGLE", "every beat has the shape of one motor unit" },
    [EMG_D_SPIKE] = { "D_SPIKE", "short as a single motor unit potential" },
    [EMG_D_BURST] = { "D_BURST", "longer than a single motor unit potential" },
    [EMG_D_LONG] = { "D_LONG", "sustained for seconds" },
    [EMG_D_TONIC] = { "D_TONIC", "longer than a burst, without a rhythm" },
    [EMG_D_SHORT] = { "D_SHORT", "longer than a jerk, shorter than sustained activity" },
    [EMG_G_RAMP] = { "G_RAMP", "the amplitude rises and falls gradually" },
    [EMG_M_TASK] = { "M_TASK", "an annotation marks a voluntary task" },
    [EMG_M_REST] = { "M_REST", "an annotation marks rest" },
    [EMG_M_STIM] = { "M_STIM", "an annotation marks a stimulus at its start or just before" },
    [EMG_S_LOCAL] = { "S_LOCAL", "no other muscle was active at the same instant" },
    [EMG_S_SYNC] = { "S_SYNC", "other muscles were active at the same instant" },
    [EMG_S_FOCAL] = { "S_FOCAL", "the other muscles were quiet" },
    [EMG_S_COCON] = { "S_COCON", "a named antagonist is active with it most of the time: no proof of dystonia" },
    [EMG_S_FACE] = { "S_FACE", "facial muscles begin together: no proof of hemifacial spasm or a tic" },
    [EMG_Z_ISO] = { "Z_ISO", "isolated: silence of 250 ms before and after in most cases, as chance would have it" },
    [EMG_I_GROUP] = { "I_GROUP", "discharges of one shape come in groups" },
    [EMG_I_HF] = { "I_HF", "discharges follow each other at 100 per second or more" },
    [EMG_I_ISI_UP] = { "I_ISI_UP", "intervals lengthen within each group" },
    [EMG_A_COMMON] = { "A_COMMON", "at the same instant in nearly all muscles: a common artefact" },
    [EMG_A_ECG] = { "A_ECG", "one shape at the rate and regularity of a heart" },
    [EMG_A_POWERLINE] = { "A_MAINS", "a line spectrum of the mains" },
    [EMG_A_POP] = { "A_POP", "a step of the baseline: electrode pop" },
    [EMG_A_MOTION] = { "A_MOTION", "a large slow deflection: motion of cable or electrode" },
    [EMG_A_CLIP] = { "A_CLIP", "samples at the limit of the recorder" },
    [EMG_A_STIM] = { "A_STIM", "begins with a marked stimulus: its artefact" },
    [EMG_B_EDGE] = { "B_EDGE", "cut by a gap or an end of the recording" },
    [EMG_Q_LOWSNR] = { "Q_LOWSNR", "barely above the noise" },
    [EMG_Q_NOREST] = { "Q_NOREST", "the muscle never rests: the noise cannot be told from activity" },
    [EMG_X_AMBIG] = { "X_AMBIG", "two patterns fit about equally" },
    [EMG_X_FEW] = { "X_FEW", "too few beats for a statement" },
};

const char *emg_reason_code(emg_reason reason)
{
    size_t i = (size_t)reason;
    return i < EMG_N_REASONS ? reasons[i].code : "";
}

const char *emg_reason_sentence(emg_reason reason)
{
    size_t i = (size_t)reason;
    return i < EMG_N_REASONS ? reasons[i].sentence : "";
}
