/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios of single discharges under one disturbance each, and of records in which nothing is to be found. */
#include <math.h>

#include "ground/script.h"

/* Hum whose fundamental is 4 to 12 times the noise. */
static void put_powerline(exam_script *s, bool drifts)
{
    double hum_uv = exam_sigma_uv(s) * exam_between(s, 4, 12);
    int hum_hz = exam_below(s, 2) ? 60 : 50;
    exam_put(s, "[mains]\nhum_hz = %d\nhum_uv = %.2f\nswing_hz = %.2f\n", hum_hz, hum_uv, drifts ? 0.5 : 0.05);
    if (drifts)
        exam_put(s, "period_s = %.1f\n", exam_between(s, 30, 90));
}

static void put_ecg(exam_script *s)
{
    double size_uv = exam_sigma_uv(s) * exam_between(s, 20, 50), per_min = exam_between(s, 55, 95);
    exam_put(s, "[heart]\nper_min = %.1f\nsize_uv = %.1f\n", per_min, size_uv);
}

static void put_wander(exam_script *s)
{
    double period_s = exam_between(s, 1, 6), size_uv = exam_sigma_uv(s) * exam_between(s, 20, 100);
    exam_put(s, "[wander]\nsize_uv = %.1f\nperiod_s = %.2f\n", size_uv, period_s);
}

static void put_floor(exam_script *s, double low, double high, size_t least_units, size_t more_units, const char *rest)
{
    size_t units = least_units + exam_below(s, more_units);
    double level = exam_between(s, low, high);
    exam_put(s, "[floor]\nlevel_sigma = %.2f\nunits = %zu\n%s", level, units, rest);
}

void exam_write_detection(exam_script *s, const exam_cell *c)
{
    bool all = c->extra == EXAM_EVERYTHING;
    exam_put_recording(s, c->rate_hz, EXAM_SECONDS);
    exam_put_channel(s, "EMG L Muscle", false);
    exam_put_twitches(s, c->snr_db, c->per_min); /* first: a record has the same ones whatever lies over them */
    if (c->extra == EXAM_PAIRS)
        exam_put(s, "pair_share = 0.5\npair_ms = 4.5\n");
    if (c->extra == EXAM_FLOOR)
        put_floor(s, 2, 4, 3, 4, "");
    if (c->extra == EXAM_WEAK_FLOOR)
        put_floor(s, 0.35 * 2, 0.35 * 4, 3, 4, "");
    if (c->extra == EXAM_ECG || all)
        put_ecg(s);
    if (c->extra == EXAM_POPS || all)
        exam_put_pops(s);
    if (c->extra == EXAM_WANDER || all)
        put_wander(s);
    if (c->extra == EXAM_POWERLINE || c->extra == EXAM_POWERLINE_DRIFT || all)
        put_powerline(s, c->extra != EXAM_POWERLINE);
}

/* Peaks of 16 to 19 uV, which with their other phase are 20 to 40 uV, over noise that hides none of them. */
static void put_small(exam_script *s)
{
    double peak_uv = exam_between(s, 16, 19), sigma_uv = exam_between(s, 1.2, 1.8);
    exam_put(s, "[channel EMG L Muscle]\nnoise_uv = %.3f\n%s[fasciculation]\nsnr_db = %.1f\njitter = 0.05\n", sigma_uv,
             s->split == EXAM_SHIFTED ? "muap = fibre\n" : "", 20 * log10(peak_uv / sigma_uv));
    exam_draw(s, "per_min", 15, 60, 10, 90);
}

static void put_stimuli(exam_script *s)
{
    exam_put(s, "[evoked]\nresponse_share = 0\n");
    exam_draw(s, "interval_s", 2, 6, 1, 8);
    exam_draw(s, "artefact_ms", 0.2, 0.8, 0.2, 1);
    exam_put(s, "artefact_uv = %.1f\n", exam_sigma_uv(s) * exam_between(s, 50, 400));
}

void exam_write_quiet(exam_script *s, const exam_cell *c)
{
    exam_put_recording(s, 2048, EXAM_SECONDS);
    if (c->quiet == EXAM_Q_SMALL) {
        put_small(s);
        return;
    }
    exam_put_channel(s, "EMG L Muscle", true);
    switch (c->quiet) {
    case EXAM_Q_POWERLINE:
        put_powerline(s, true);
        break;
    case EXAM_Q_ECG:
        put_ecg(s);
        break;
    case EXAM_Q_VOLUNTARY:
        exam_put(s, "[tonic]\nburst_snr_db = %.1f\nleast_s = 1.5\nmost_s = 6\nrest_least_s = 3\nrest_most_s = 8\n",
                 exam_between(s, 6, 20));
        break;
    case EXAM_Q_UNITS:
        put_floor(s, 1.5, 5, 1, 6, "told = yes\n");
        break;
    case EXAM_Q_DEAD:
        exam_draw(s, "[dropout]\nper_min", 2, 6, 2, 6);
        exam_draw(s, "[saturation]\nper_min", 2, 6, 2, 6);
        break;
    case EXAM_Q_STIMULI:
        put_stimuli(s);
        break;
    default:
        break;
    }
}
