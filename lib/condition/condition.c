/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioning: which filters there are, and what a sampling rate leaves of them. */
#include "condition/condition.h"

#include "base/base.h"

/* 20-450 Hz: SENIAM and ISEK corners for surface EMG. Needle: the sharp part of near potentials, which finds far more
 * firings than the surface band does. */
static const emg_setting condition_rows[] = {
    { "condition.low_hz", "Hz", 0, 20000, 20, 200, NULL, offsetof(emg_condition_config, low_hz),
      "lower -3 dB corner of the band-pass (one pass of the two); 0: none" },
    { "condition.high_hz", "Hz", 0, 100000, 450, 3000, NULL, offsetof(emg_condition_config, high_hz),
      "upper -3 dB corner, clipped to 0.45 of the sampling rate; 0: none" },
    { "condition.order", "", 1, 12, 4, 4, NULL, offsetof(emg_condition_config, order),
      "order of the Butterworth band-pass, run forward and backward" },
    { "condition.powerline", "", 0, 3, EMG_POWERLINE_AUTO, EMG_POWERLINE_AUTO, "auto|50|60|off",
      offsetof(emg_condition_config, powerline), "line frequency to remove; auto decides from sidecar and data" },
    { "condition.powerline_harmonics", "", 1, EMG_POWERLINE_MOST_HARMONICS, 9, 9, NULL,
      offsetof(emg_condition_config, powerline_harmonics),
      "how many multiples of the line frequency are removed with it" },
    { "condition.powerline_keep_db", "dB", 0, 60, 9, 9, NULL, offsetof(emg_condition_config, powerline_keep_db),
      "power line interference stays where the signal exceeds it by this (CleanEMG 2011)" },
    { "condition.ecg", "", 0, 3, EMG_ECG_AUTO, EMG_ECG_OFF, "auto|subtract|gate|off",
      offsetof(emg_condition_config, ecg),
      "removal of the ECG, known from an ECG channel or found in each channel by itself: auto subtracts it where a channel "
      "shows it beyond doubt; subtract and gate also act, without an ECG channel, on waves that are sharp or as even as a "
      "pacemaker's; the needle's band holds no ECG" },
};

emgp_settings emgp_condition_table(void)
{
    return EMGP_SETTINGS(condition_rows, condition);
}

static const double highest_share = 0.45; /* of the sampling rate */
static const double least_ratio = 1.05;   /* of the corners, when the rate clips the upper one */
static const double ecg_low_hz = 60;      /* lower corner above which nothing of a QRS is left */

bool emgp_condition_band(const emg_condition_config *config, double rate_hz, double *low_hz, double *high_hz)
{
    const double most = highest_share * rate_hz;
    const bool low = config->low_hz > 0, high = config->high_hz > 0 && (low || config->high_hz <= most);
    *low_hz = config->low_hz;
    *high_hz = !high ? rate_hz / 2 : config->high_hz < most ? config->high_hz : most;
    if (high && config->high_hz > most)
        return most > least_ratio * *low_hz;
    return *low_hz < most;
}

bool emgp_condition_filter(const emg_condition_config *config, double rate_hz, emg_filter_plan *plan)
{
    *plan = (emg_filter_plan){ .order = (int)config->order, .rate_hz = rate_hz };
    if (!emgp_condition_band(config, rate_hz, &plan->low_hz, &plan->high_hz))
        return false;
    const bool low = plan->low_hz > 0, high = plan->high_hz < rate_hz / 2;
    plan->kind = low && high ? EMG_FILTER_PASS : low ? EMG_FILTER_HIGH : EMG_FILTER_LOW;
    return low || high;
}

bool emgp_condition_seeks_ecg(const emg_condition_config *config)
{
    return (emg_ecg_mode)config->ecg != EMG_ECG_OFF && config->low_hz <= ecg_low_hz;
}

bool emgp_condition_idle(const emg_condition_config *config, double rate_hz)
{
    emg_filter_plan plan;
    return (emg_powerline)config->powerline == EMG_POWERLINE_OFF && !emgp_condition_seeks_ecg(config) &&
           !emgp_condition_filter(config, rate_hz, &plan);
}
