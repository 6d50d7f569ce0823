/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning: which filters, and the chain of them. */
#include "condition/condition.h"

#include "base/base.h"
#include "dsp/filter/filter.h"
#include "condition/ecg/ecg.h"
#include "condition/powerline/powerline.h"

/* 20-450 Hz: SENIAM and ISEK corners for surface EMG. Needle: the sharp part of near potentials, which finds far more
 * firings than the surface band does. */
static const emg_setting condition_rows[] = {
    { "condition.low_hz", "Hz", 1, 5000, 20, 200, NULL, offsetof(emg_condition_config, low_hz),
      "lower -3 dB corner of the band-pass (one pass of the two)" },
    { "condition.high_hz", "Hz", 20, 20000, 450, 3000, NULL, offsetof(emg_condition_config, high_hz),
      "upper -3 dB corner; clipped to 0.45 of the sampling rate" },
    { "condition.order", "", 1, 12, 4, 4, NULL, offsetof(emg_condition_config, order),
      "order of the Butterworth band-pass, run forward and backward" },
    { "condition.powerline", "", 0, 3, EMG_POWERLINE_AUTO, EMG_POWERLINE_AUTO, "auto|50|60|off",
      offsetof(emg_condition_config, powerline), "line frequency to remove; auto decides from sidecar and data" },
    { "condition.powerline_harmonics", "", 1, EMG_POWERLINE_MOST_HARMONICS, 9, 9, NULL,
      offsetof(emg_condition_config, powerline_harmonics),
      "how many multiples of the line frequency are removed with it" },
    { "condition.powerline_keep_db", "dB", 0, 60, 9, 9, NULL, offsetof(emg_condition_config, powerline_keep_db),
      "hum is left alone where the signal exceeds it by this (CleanEMG 2011)" },
    { "condition.ecg", "", 0, 3, EMG_ECG_AUTO, EMG_ECG_OFF, "auto|subtract|gate|off",
      offsetof(emg_condition_config, ecg),
      "the heart's beats, known from an ECG channel or found in each channel by itself: auto subtracts where a channel shows "
      "them beyond doubt, subtract and gate also where they are sharp or even as a pacemaker's without an ECG channel; "
      "there is none in the needle's band" },
};

emgp_settings emgp_condition_table(void)
{
    return EMGP_SETTINGS(condition_rows, condition);
}

static const double highest_share = 0.45;         /* of the sampling rate */
static const double single_precision_ratio = 250; /* rate / lowest corner up to which floats hold */

static const double ecg_low_hz = 60;     /* lower corner above which nothing of a QRS is left */
static const double no_baseline_hz = 15; /* lower corner from which on bins need no baseline taken off */

struct emgp_condition {
    emgp_zerophase *band;
    emgp_powerline *powerline;
    emgp_ecg *ecg;
};

bool emgp_condition_band(const emg_condition_config *config, double rate_hz, double *low_hz, double *high_hz)
{
    double most = highest_share * rate_hz;
    *low_hz = config->low_hz;
    *high_hz = config->high_hz < most ? config->high_hz : most;
    return *high_hz > 1.05 * *low_hz;
}

bool emgp_condition_seeks_ecg(const emg_condition_config *config)
{
    return (emg_ecg_mode)config->ecg != EMG_ECG_OFF && config->low_hz <= ecg_low_hz;
}

static emg_status to_powerline(void *context, const float *x, size_t n_frames, emg_error *err)
{
    emgp_condition *condition = context;
    return emgp_powerline_push(condition->powerline, x, n_frames, err);
}

static emg_status to_ecg(void *context, const float *x, size_t n_frames, emg_error *err)
{
    emgp_condition *condition = context;
    return emgp_ecg_push(condition->ecg, x, n_frames, err);
}

static emg_status make_ecg(emgp_condition *c, const emg_condition_config *config, double rate_hz, size_t n_channels,
                           emgp_frames *next, emg_ecg_take_qrs *qrs, void *context, emg_error *err)
{
    emg_ecg_plan plan = emg_ecg_defaults();
    plan.qrs = qrs;
    plan.qrs_context = context;
    plan.mode = emgp_condition_seeks_ecg(config) ? (emg_ecg_mode)config->ecg : EMG_ECG_OFF;
    emgp_ecg_ends ends = {
        .single = true, .high_passed = config->low_hz >= no_baseline_hz, .next = next, .context = context
    };
    return emgp_ecg_new(&c->ecg, &plan, rate_hz, n_channels, &ends, err);
}

static emg_status make(emgp_condition *c, const emg_condition_config *config, double rate_hz, size_t n_channels,
                       double powerline_hint_hz, emgp_frames *next, emg_ecg_take_qrs *qrs, void *context,
                       emg_error *err)
{
    double low, high;
    if (!emgp_condition_band(config, rate_hz, &low, &high))
        return emgp_fail(err, EMG_ERANGE, "%g samples per second are too few for a band that begins at %g Hz", rate_hz,
                         low);
    emgp_section sections[EMGP_MOST_ORDER];
    size_t n_sections = 0;
    emg_status status =
        emgp_butterworth(sections, &n_sections, EMGP_BAND_PASS, (int)config->order, low, high, rate_hz, err);
    emgp_powerline_setting powerline = { .mode = (emg_powerline)config->powerline,
                                         .harmonics = (size_t)config->powerline_harmonics,
                                         .keep_db = config->powerline_keep_db,
                                         .hint_hz = powerline_hint_hz,
                                         .through = sections,
                                         .n_through = n_sections,
                                         .through_single = rate_hz / low <= single_precision_ratio };
    if (status == EMG_OK)
        status = make_ecg(c, config, rate_hz, n_channels, next, qrs, context, err);
    if (status == EMG_OK)
        status = emgp_powerline_new(&c->powerline, &powerline, rate_hz, high, n_channels, to_ecg, c, err);
    if (status == EMG_OK)
        status = emgp_zerophase_new(&c->band, sections, n_sections, rate_hz, n_channels, powerline.through_single,
                                    to_powerline, c, err);
    return status;
}

emg_status emgp_condition_new(emgp_condition **out, const emg_condition_config *config, double rate_hz,
                              size_t n_channels, double powerline_hint_hz, emgp_frames *next, emg_ecg_take_qrs *qrs,
                              void *context, emg_error *err)
{
    emgp_condition *c = emgp_alloc(1, sizeof *c);
    if (!c)
        return emgp_fail_memory(err);
    emg_status status = make(c, config, rate_hz, n_channels, powerline_hint_hz, next, qrs, context, err);
    if (status) {
        emgp_condition_free(c);
        return status;
    }
    *out = c;
    return EMG_OK;
}

void emgp_condition_free(emgp_condition *c)
{
    if (!c)
        return;
    emgp_zerophase_free(c->band);
    emgp_powerline_free(c->powerline);
    emgp_ecg_free(c->ecg);
    emgp_free(c);
}

void emgp_condition_start(emgp_condition *c, const emgp_qrs_times *qrs, double start_s)
{
    emgp_ecg_tell(c->ecg, qrs, start_s);
}

emg_status emgp_condition_push(emgp_condition *c, const double *x, size_t n_frames, emg_error *err)
{
    return emgp_zerophase_push(c->band, x, n_frames, err);
}

emg_status emgp_condition_finish(emgp_condition *c, emg_error *err)
{
    emg_status status = emgp_zerophase_finish(c->band, err);
    if (status == EMG_OK)
        status = emgp_powerline_finish(c->powerline, err);
    return status ? status : emgp_ecg_finish(c->ecg, err);
}

emg_ecg_found emgp_condition_ecg(const emgp_condition *c, size_t channel)
{
    return emgp_ecg_found(c->ecg, channel);
}
