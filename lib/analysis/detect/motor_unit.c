/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates learned online: a discharge joins the best-correlated one of like amplitude or founds its own. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const emg_setting unit_rows[] = {
    { "unit.least_correlation", "", 0.5, 0.99, 0.85, 0.85, NULL, offsetof(emg_unit_config, least_correlation),
      "least correlation of a discharge with its unit's shape" },
};

emgp_settings emgp_unit_table(void)
{
    return EMGP_SETTINGS(unit_rows, unit);
}

static const double most_amplitude_ratio = 2; /* of a discharge to its unit's mean */
static const double ecg_low_s = 0.4, ecg_high_s = 1.43, ecg_spread = 0.15, ecg_share = 0.7;
enum { ECG_BEATS = 8, MEMORY = 50 /* discharges over which a template's shape is averaged */ };

typedef struct template_shape {
    float shape[EMGP_SHAPE], norm;
    double peak_to_peak, last_s;
    uint64_t n;
    bool ecg; /* known once settled */
    emgp_histogram intervals;
} template_shape;

struct emgp_units {
    double least_correlation;
    unsigned n;
    template_shape unit[EMGP_MOST_UNITS];
};

emg_status emgp_units_new(emgp_units **out, const emg_unit_config *config, emg_error *err)
{
    emgp_units *units = emgp_alloc(1, sizeof *units);
    if (!units)
        return emgp_fail_memory(err);
    units->least_correlation = config->least_correlation;
    *out = units;
    return EMG_OK;
}

void emgp_units_free(emgp_units *units)
{
    emgp_free(units);
}

void emgp_units_reset(emgp_units *units)
{
    units->n = 0;
}

void emgp_units_gap(emgp_units *units)
{
    for (unsigned u = 0; u < units->n; u++)
        units->unit[u].last_s = NAN;
}

static float norm_of(const float *x)
{
    float sum = 0;
    for (int i = 0; i < EMGP_SHAPE; i++)
        sum += x[i] * x[i];
    return sqrtf(sum);
}

/* The best correlation of x with the template over shifts of one point either way. */
static float correlation(const template_shape *unit, const float *x, float norm)
{
    float best = 0;
    for (int shift = -1; shift <= 1; shift++) {
        float sum = 0;
        for (int i = 1; i + 1 < EMGP_SHAPE; i++)
            sum += x[i] * unit->shape[i + shift];
        best = sum > best ? sum : best;
    }
    float scale = norm * unit->norm;
    return scale > 0 ? best / scale : 0;
}

static void learn(template_shape *unit, const float *x, const emgp_discharge *discharge)
{
    unit->n++;
    double weight = 1.0 / (double)(unit->n < MEMORY ? unit->n : MEMORY);
    for (int i = 0; i < EMGP_SHAPE; i++)
        unit->shape[i] += (x[i] - unit->shape[i]) * (float)weight;
    unit->norm = norm_of(unit->shape);
    unit->peak_to_peak += ((double)discharge->peak_to_peak - unit->peak_to_peak) * weight;
    if (unit->n > 1 && isfinite(unit->last_s))
        emgp_histogram_add(&unit->intervals, discharge->peak_s - unit->last_s);
    unit->last_s = discharge->peak_s;
}

unsigned emgp_units_assign(emgp_units *units, const emgp_discharge *discharge)
{
    float x[EMGP_SHAPE];
    for (int i = 0; i < EMGP_SHAPE; i++)
        x[i] = discharge->shape[i];
    float norm = norm_of(x), best = (float)units->least_correlation;
    unsigned found = 0;
    for (unsigned u = 0; u < units->n; u++) {
        double ratio = (double)discharge->peak_to_peak / units->unit[u].peak_to_peak;
        float r = correlation(&units->unit[u], x, norm);
        if (r >= best && ratio < most_amplitude_ratio && ratio > 1 / most_amplitude_ratio) {
            best = r;
            found = u + 1;
        }
    }
    if (!found && units->n < EMGP_MOST_UNITS) {
        memset(&units->unit[units->n], 0, sizeof units->unit[0]);
        found = ++units->n;
    }
    if (found)
        learn(&units->unit[found - 1], x, discharge);
    return found;
}

static bool beats_like_a_ecg(const emgp_histogram *h)
{
    double median = emgp_histogram_quantile(h, 0.5);
    if (h->n + 1 < ECG_BEATS || !(median >= ecg_low_s && median <= ecg_high_s))
        return false;
    double half = ecg_share / 2;
    return emgp_histogram_quantile(h, 0.5 - half) > median * (1 - ecg_spread) &&
           emgp_histogram_quantile(h, 0.5 + half) < median * (1 + ecg_spread);
}

void emgp_units_settle(emgp_units *units)
{
    for (unsigned u = 0; u < units->n; u++)
        units->unit[u].ecg = beats_like_a_ecg(&units->unit[u].intervals);
}

bool emgp_units_is_ecg(const emgp_units *units, unsigned unit)
{
    return unit > 0 && unit <= units->n && units->unit[unit - 1].ecg;
}
