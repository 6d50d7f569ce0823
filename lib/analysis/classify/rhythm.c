/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rhythm decision: an ordered table of tests over evidence; each adds its reasons and the margin it was passed by. */
#include "analysis/classify/classify.h"

#include <math.h>

#include "base/base.h"

static const emg_setting rhythm_rows[] = {
    { "rhythm.least_bursts", "", 4, 100, 6, 6, NULL, offsetof(emg_rhythm_config, least_bursts),
      "least number of beats of a rhythm; 8 when the background rate exceeds 2 per second" },
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

typedef const emg_rhythm_config *settings;

static void because(emgp_decision *d, emg_reason reason)
{
    d->reasons |= UINT64_C(1) << reason;
}

/* A margin in units of its own spread, kept within -2..2 so that no single test rules alone. */
static double margin(double value, double limit, double spread)
{
    double m = (value - limit) / spread;
    if (isnan(m)) /* what is not known speaks against */
        return -2;
    return m > 2 ? 2 : m < -2 ? -2 : m;
}

static double logistic(double margins)
{
    return 1 / (1 + exp(-margins));
}

/* Whether the envelope repeats with the beats, at their period: clearly around each of them; or less clearly but at the same period throughout
 * a long run, which chance does not do; or faintly in a run of true bursts out of silence, where there is nothing that
 * chance could pick beats from. */
static bool envelope_agrees(const emgp_evidence *e, settings s)
{
    if (e->lag_share < 0.6)
        return false;
    bool clear = e->acf_height >= s->acf;
    bool lasting = e->acf_height >= 0.7 * s->acf && e->lag_share >= 0.8 && (double)e->n >= 3 * s->least_bursts &&
                   e->intervals.rcv <= 0.6 * s->rcv;
    bool lonely = e->acf_height >= 0.5 * s->acf && !e->embedded && e->background_hz < 1 && e->burst_s >= 0.03;
    return clear || lasting || lonely;
}

bool emgp_rhythm_is_regular(const emgp_evidence *e, settings s)
{
    /* By simulation of Poisson trains: 6 beats below 1 event per second, 8 when the background exceeds 2, else chance makes rhythms;
     * slow trains need more beats too, since the envelope's 3 s window holds too few of them to back them. */
    double least = e->background_hz > 2 && !envelope_agrees(e, s) ? 8 : s->least_bursts;
    if (e->rate_hz < s->clonus_low_hz)
        least = e->intervals.rcv <= 0.15 ? 8 : 12;
    /* The fragments of an irregular contraction differ in length; the beats of a rhythm do not, unless it goes on so long
     * that the beats themselves leave no doubt. */
    if (e->n < 30 && e->burst_rcv > 0.5)
        return false;
    if (e->rate_hz < s->clonus_low_hz && e->rate_hz >= 1 && e->acf_height < s->acf)
        return false;
    /* Beats picked out of a crowd are not its rhythm. */
    if (e->extra_share > (e->rate_hz < s->clonus_low_hz ? 0.25 : 0.5))
        return false;
    return (double)e->n >= least && e->intervals.rcv <= s->rcv && e->intervals.fold >= s->fold;
}

/* Row 1: what no muscle made. */
static bool artifact(const emgp_evidence *e, settings s, emgp_decision *d)
{
    (void)s;
    /* A train of one shape at a heart's rate and regularity, as short as a QRS complex (80-120 ms). */
    bool ecg_train = !e->alone && !e->sustained && e->n >= 8 && e->rate_hz >= 0.7 && e->rate_hz <= 2.5 &&
                     e->intervals.rcv < 0.15 && e->burst_s < 0.13 && e->shape_share >= 0.4;
    bool ecg = e->ecg || ecg_train;
    bool short_common = e->common && e->burst_s < 0.1;
    if (!short_common && !ecg && !e->pop && !e->motion)
        return false;
    if (short_common)
        because(d, EMG_A_COMMON);
    if (ecg)
        because(d, EMG_A_ECG);
    if (e->pop)
        because(d, EMG_A_POP);
    if (e->motion)
        because(d, EMG_A_MOTION);
    d->trial_type = EMG_ARTIFACT;
    d->confidence = 0.9;
    return true;
}

/* Before any frequency rule: a regular train of one shape is one motor unit even at a tremor's rate (spontaneous
 * continuous discharge: Posa 2020). */
static bool motor_unit(const emgp_evidence *e, settings s, emgp_decision *d)
{
    if (e->alone || e->sustained || e->single_share < 0.8 || e->core_s > s->spike_core_s ||
        !emgp_rhythm_is_regular(e, s) || e->rate_hz < s->clonus_low_hz)
        return false;
    because(d, EMG_U_SINGLE);
    because(d, EMG_R_RCV);
    because(d, EMG_D_SPIKE);
    d->trial_type = EMG_MOTOR_UNIT;
    d->confidence = logistic(1 + margin(s->rcv, e->intervals.rcv, 0.1) + margin(e->single_share, 0.8, 0.1));
    return true;
}

/* Which of clonus, tremor and rhythmic: above 0.5 clonus, below -0.2 tremor (weights chosen, lib/METHODS.md). An episodic course alone
 * decides nothing, and the site weighs little without it. */
static double clonus_score(const emgp_evidence *e, settings s, emgp_decision *d)
{
    bool continuous = e->rhythmic_s >= 0.6 * e->observation_s || e->duration_s >= 0.75 * e->observation_s;
    double score = continuous ? -0.5 : 0.4;
    because(d, continuous ? EMG_T_CONT : EMG_C_EPIS);
    if (e->glide_hz >= 0.5) {
        because(d, EMG_C_GLIDE);
        score += 1;
    }
    if (e->reflex_site) {
        because(d, EMG_C_SITE);
        score += continuous ? 0.3 : 0.8;
    }
    if (e->at_stretch) {
        because(d, EMG_C_MARK);
        score += 0.5;
    }
    if (e->alternating_share >= 0.6) {
        because(d, EMG_T_ALT);
        score -= 1;
    }
    if (e->rate_hz > s->clonus_high_hz - 1)
        score -= 1;
    return score;
}

static void name_by_band(const emgp_evidence *e, settings s, emgp_decision *d, double margins)
{
    double doubt = 0;
    if (e->rate_hz > s->clonus_high_hz) {
        because(d, e->rate_hz > 12 ? EMG_F_HI : EMG_F_MID);
        d->trial_type = EMG_TREMOR;
        /* Contractions make false 10-22 Hz rhythms, units being driven at such rates, unless long, very
         * regular and clear in the envelope. */
        if (e->n < 20 || !(e->intervals.rcv <= 0.18 || e->sustained) || e->acf_height < s->acf + 0.15)
            doubt = 8;
    } else if (e->rate_hz >= s->clonus_low_hz) {
        because(d, EMG_F_BAND);
        double score = clonus_score(e, s, d);
        d->trial_type = score > 0.5 ? EMG_CLONUS : score < -0.2 ? EMG_TREMOR : EMG_RHYTHMIC;
        if (d->trial_type == EMG_RHYTHMIC)
            because(d, EMG_X_AMBIG);
    } else {
        because(d, EMG_F_LO);
        d->trial_type = EMG_MYOCLONUS; /* rhythmic myoclonus-like */
    }
    d->confidence = logistic(margins - doubt);
}

/* Rows 6 and 7: regular beats. */
static bool rhythmic(const emgp_evidence *e, settings s, emgp_decision *d)
{
    bool by_envelope = e->sustained && e->acf_height >= s->acf && (double)e->n >= s->least_bursts;
    bool by_bursts = !e->sustained && emgp_rhythm_is_regular(e, s);
    /* Bursts of many units differ in shape; where one shape leads, it is that unit's own rhythm. */
    if (e->n >= 10 && e->shape_share >= 0.4 && e->rate_hz >= s->clonus_low_hz)
        return false;
    /* Beat picking alone calls several regular units a tremor: the envelope must agree wherever its
     * 3 s window holds enough beats. */
    if (by_bursts && e->rate_hz >= s->clonus_low_hz && !envelope_agrees(e, s))
        return false;
    if (e->alone || e->burst_s * e->rate_hz > 0.8)
        by_bursts = false;
    /* A contraction holds chance rhythms of several units for a second or two. */
    if (e->embedded && (e->n < 20 || !(e->acf_height >= s->acf)))
        by_bursts = false;
    if (!by_envelope && !by_bursts)
        return false;
    double margins = 0.5 + margin((double)e->n, s->least_bursts, 6) * 0.5;
    if (by_bursts) {
        because(d, EMG_R_RCV);
        because(d, EMG_R_FOLD);
        margins += margin(s->rcv, e->intervals.rcv, 0.1) * 0.7 + margin(e->intervals.fold, s->fold, 0.15) * 0.5;
    }
    if (e->acf_height >= s->acf) {
        because(d, EMG_R_ACF);
        margins += margin(e->acf_height, s->acf, 0.15) * 0.5;
    }
    because(d, EMG_R_N);
    name_by_band(e, s, d, margins);
    return true;
}

/* Row 5: long activity without a rhythm. */
static bool tonic(const emgp_evidence *e, settings s, emgp_decision *d)
{
    (void)s;
    /* Muscle activity at twice the noise has peaks of five sigmas several times a second; hum and drift have none. */
    if (!e->sustained || e->discharge_hz < 2)
        return false;
    because(d, EMG_D_TONIC);
    if (e->at_task)
        because(d, EMG_M_TASK);
    if (e->at_rest)
        because(d, EMG_M_REST);
    d->trial_type = EMG_TONIC;
    d->confidence = logistic(1 + margin(e->duration_s, 0.3, 0.5) + margin(e->snr_db, 9, 6) * 0.5);
    return true;
}

/* Row 8: short, irregular, local, isolated as often as chance would have it. */
static bool fasciculation(const emgp_evidence *e, settings s, emgp_decision *d)
{
    /* A Poisson train has silence of isolation_s on both sides with this probability; what is isolated less often than
     * 0.7 of it, by more than a one-sided 5 % chance, is no chance train. */
    double n = (double)e->n, expected = exp(-2 * s->isolation_s * e->rate_hz);
    double chance = 1.64 * sqrt(expected * (1 - expected) / n);
    bool isolated = e->isolated_share >= 0.7 * expected - chance;
    if (!e->alone || e->cut || e->no_rest || !(e->core_s <= s->spike_core_s) || e->rate_hz > s->fasciculation_rate_hz ||
        !isolated || e->n_muscles > 2)
        return false;
    because(d, EMG_D_SPIKE);
    if (e->intervals.rcv > s->rcv)
        because(d, EMG_R_IRREG);
    because(d, e->n_muscles > 1 ? EMG_S_SYNC : EMG_S_LOCAL);
    if (isolated)
        because(d, EMG_Z_ISO);
    double margins = margin(s->spike_core_s, e->core_s, 0.003) * 0.6 + margin(e->snr_db, 16, 2) * 0.8 +
                     margin(s->fasciculation_rate_hz, e->rate_hz, 2) * 0.3 - (e->n_muscles > 1 ? 0.8 : 0);
    d->trial_type = EMG_FASCICULATION;
    d->confidence = logistic(margins);
    return true;
}

/* Row 9: a jerk: longer than one potential, or in several muscles at once. */
static bool myoclonus(const emgp_evidence *e, settings s, emgp_decision *d)
{
    bool synchronous = e->n_muscles >= 2, isolated = e->rate_hz <= s->fasciculation_rate_hz;
    if (!e->alone || e->cut || e->no_rest || !isolated || (!(e->core_s > s->spike_core_s) && !synchronous))
        return false;
    because(d, e->core_s > s->spike_core_s ? EMG_D_BURST : EMG_D_SPIKE);
    because(d, synchronous ? EMG_S_SYNC : EMG_S_LOCAL);
    if (e->intervals.rcv > s->rcv)
        because(d, EMG_R_IRREG);
    d->trial_type = EMG_MYOCLONUS;
    d->confidence = logistic(0.3 + margin(e->core_s, s->spike_core_s, 0.004) * 0.5 + margin(e->snr_db, 13, 3) * 0.4 +
                             (synchronous ? 0.8 : 0));
    return true;
}

typedef bool row_test(const emgp_evidence *e, settings s, emgp_decision *d);

/* The flow of lib/METHODS.md from top to bottom. Neuromyotonia (2), myokymia (3) and spasm (4) stand between artifact and tonic. */
static row_test *const rows[] = { artifact, motor_unit, rhythmic, tonic, fasciculation, myoclonus };

emgp_decision emgp_rhythm_decide(const emgp_evidence *e, settings s)
{
    emgp_decision d = { EMG_INDETERMINATE, 0, 0 };
    size_t n_rows = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < n_rows && !rows[i](e, s, &d); i++)
        d = (emgp_decision){ EMG_INDETERMINATE, 0, 0 };
    if (d.trial_type == EMG_INDETERMINATE)
        because(&d, e->n < 4 ? EMG_X_FEW : EMG_X_AMBIG);
    if (e->no_rest)
        because(&d, EMG_Q_NOREST);
    if (e->clipped)
        because(&d, EMG_A_CLIP);
    if (e->cut)
        because(&d, EMG_B_EDGE);
    if (e->snr_db < 13)
        because(&d, EMG_Q_LOWSNR);
    d.confidence = d.confidence > 0.99 ? 0.99 : d.confidence;
    if (d.confidence < s->least_confidence && d.trial_type != EMG_INDETERMINATE) {
        d.trial_type = EMG_INDETERMINATE;
        because(&d, EMG_X_AMBIG);
    }
    return d;
}
