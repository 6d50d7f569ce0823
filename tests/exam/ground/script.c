/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing scenarios: numbers drawn from the ranges of a split, sections that several parts share. */
#include "ground/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void exam_put(exam_script *s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(s->text + s->n, EXAM_SCENARIO_ROOM - s->n, format, list);
    va_end(list);
    if (n > 0)
        s->n = s->n + (size_t)n < EXAM_SCENARIO_ROOM ? s->n + (size_t)n : EXAM_SCENARIO_ROOM - 1;
}

static uint64_t bits(exam_script *s)
{
    uint64_t z = s->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

double exam_between(exam_script *s, double low, double high)
{
    return low + (high - low) * ((double)(bits(s) >> 11) * 0x1p-53);
}

size_t exam_below(exam_script *s, size_t n)
{
    return (size_t)((bits(s) >> 32) * n >> 32);
}

bool exam_is_training(const exam_script *s)
{
    return s->split <= EXAM_DEVELOPMENT;
}

void exam_draw(exam_script *s, const char *key, double low, double high, double locked_low, double locked_high)
{
    bool training = exam_is_training(s);
    exam_put(s, "%s = %.3f\n", key, exam_between(s, training ? low : locked_low, training ? high : locked_high));
}

void exam_put_remark(exam_script *s, exam_told told, exam_context context)
{
    exam_put(s, "# class: %s, context: %s\n", exam_told_name(told), exam_context_name(context));
}

exam_told exam_scenario_told(const char *scenario)
{
    return strstr(scenario, "# class: untold")   ? EXAM_UNTOLD
           : strstr(scenario, "# class: hinted") ? EXAM_HINTED
                                                 : EXAM_TOLD;
}

exam_context exam_scenario_context(const char *scenario)
{
    for (int c = EXAM_SITE; c < EXAM_N_CONTEXTS; c++) {
        char remark[32];
        snprintf(remark, sizeof remark, ", context: %s\n", exam_context_name((exam_context)c));
        if (strstr(scenario, remark))
            return (exam_context)c;
    }
    return EXAM_ALONE;
}

const char *exam_burst_shape(exam_script *s)
{
    size_t second = exam_below(s, 2);
    if (s->split == EXAM_SHIFTED)
        return second ? "cosine" : "early";
    return second ? "flat" : "triangle";
}

void exam_put_recording(exam_script *s, double rate_hz, double seconds)
{
    exam_put(s, "[recording]\nrate_hz = %.0f\nduration_s = %.0f\n", rate_hz, seconds);
}

void exam_put_channel(exam_script *s, const char *label, bool pool)
{
    exam_put(s, "[channel %s]\n", label);
    exam_draw(s, "noise_uv", 2, 6, 1.5, 8);
    exam_draw(s, "drift_db", 0.5, 2, 0, 4);
    if (s->split == EXAM_SHIFTED) {
        exam_put(s, "noise_fall = brown\nmuap = fibre\n");
        exam_draw(s, "pink_share", 0, 0, 0.3, 0.7);
        exam_draw(s, "spacing_mm", 0, 0, 10, 30);
        exam_draw(s, "offset_mm", 0, 0, 20, 45);
        exam_draw(s, "depth_mm", 0, 0, 8, 16);
    } else {
        exam_draw(s, "pink_share", 0.3, 0.5, 0.2, 0.7);
    }
    if (pool)
        exam_put(s, "units = %zu\n", 25 + exam_below(s, s->split == EXAM_LOCKED ? 40 : 20));
}

double exam_sigma_uv(const exam_script *s)
{
    static const char key[] = "noise_uv = ";
    const char *line = NULL;
    double value = 4;
    for (const char *next = s->text; (next = strstr(next, key)) != NULL; next++)
        line = next;
    if (line)
        sscanf(line + sizeof key - 1, "%lf", &value);
    return value;
}

void exam_put_twitches(exam_script *s, double snr_db, double per_min)
{
    exam_put(s, "[fasciculation]\nsnr_db = %.1f\nper_min = %.1f\nunits = %zu\n", snr_db, per_min,
             1 + exam_below(s, exam_is_training(s) ? 4 : 8));
    exam_draw(s, "jitter", 0.05, 0.10, 0.05, 0.15);
    exam_draw(s, "doublet_share", 0.03, 0.06, 0.03, 0.08);
    if (s->split == EXAM_SHIFTED)
        exam_put(s, "timing = %s\n", exam_below(s, 2) ? "gamma" : "clusters");
}

void exam_put_pops(exam_script *s)
{
    double size_uv = exam_sigma_uv(s) * exam_between(s, 50, 200), per_min = exam_between(s, 2, 8);
    exam_put(s, "[pops]\nper_min = %.1f\nsize_uv = %.1f\n", per_min, size_uv);
}
