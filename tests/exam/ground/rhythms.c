/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios of one class a record; classes that look alike differ by what the remark names, or by nothing. */
#include <math.h>

#include "ground/script.h"

/* Classes of single units are given a peak-SNR 10 dB above the burst-SNR of the others: about what the peak of a
 * potential lies above the RMS of a burst of them. */
static const double PEAK_OVER_BURST_DB = 10;

/* Bursts of clonus and slow tremor fill the same share of the period and last 30 to 100 ms at half their height, so that
 * their width decides nothing. */
static double draw_duty(exam_script *s, double f_hz)
{
    double low = fmax(0.2, 0.030 * f_hz), high = fmin(0.5, 0.100 * f_hz);
    return exam_between(s, low, fmax(low, high));
}

static void put_muscle(exam_script *s, const char *label)
{
    exam_put_recording(s, 2048, EXAM_SECONDS);
    exam_put_channel(s, label, true);
}

/* The spread (a quarter of the length between the ends, or an SD) of a burst that fills a duty at half its height. */
static void put_clonus_width(exam_script *s, double f_hz)
{
    double length_s = draw_duty(s, f_hz) / f_hz;
    const char *shape = exam_below(s, 3) ? exam_burst_shape(s) : "normal";
    double spread_s = shape[0] == 'n' ? length_s / 2.355 : shape[0] == 'f' ? length_s / 4 : length_s / 2;
    exam_put(s, "burst_shape = %s\nspread_ms = %.2f\n", shape, fmin(1000 * spread_s, 50));
}

/* Half of the records glide, which tells clonus; a stretch mark does too. A muscle in which stretch reflexes are usual (nine
 * in ten) and a second one in step with it are hints. */
static void write_clonus(exam_script *s, const exam_cell *c)
{
    static const exam_context drawn[] = { EXAM_ALONE, EXAM_ALONE, EXAM_SITE, EXAM_MARK, EXAM_SECOND };
    exam_context context = drawn[exam_below(s, 5)];
    bool glides = exam_below(s, 2) == 0, reflex = exam_below(s, 10) > 0;
    double f_hz = exam_is_training(s) ? exam_between(s, 4, 7) : exam_between(s, 3.5, 8);
    const char *label = context == EXAM_SECOND ? "EMG L Soleus"
                        : context != EXAM_SITE ? "EMG L Muscle"
                        : reflex               ? "EMG L Soleus"
                                               : "EMG L Tib Ant";
    exam_told told = glides || context == EXAM_MARK                               ? EXAM_TOLD
                     : context == EXAM_SECOND || (context == EXAM_SITE && reflex) ? EXAM_HINTED
                                                                                  : EXAM_UNTOLD;
    put_muscle(s, label);
    if (context == EXAM_SECOND)
        exam_put_channel(s, "EMG L Gastroc", true);
    exam_put_remark(s, told, context);
    exam_put(s, "[clonus]\nleast_beats = %zu\nmost_beats = %zu\nburst_snr_db = %.1f\nrhythm_hz = %.2f\n", c->beats,
             c->beats, c->snr_db, f_hz);
    exam_put(s, "told_as = %s\nmark = %s\n%s", told == EXAM_UNTOLD ? "rhythmic" : "clonus",
             context == EXAM_MARK ? "stretch" : "none",
             context == EXAM_SECOND ? "on = EMG L Soleus, EMG L Gastroc\ndelay_ms = 0, 2\n" : "");
    exam_put(s, "rest_least_s = 4\nrest_most_s = 9\n");
    exam_draw(s, "beat_cv", 0.03, 0.08, 0.03, 0.12);
    put_clonus_width(s, f_hz);
    if (glides)
        exam_draw(s, "glide", 0.15, 0.3, 0.15, 0.35);
    else
        exam_put(s, "glide = 0\nslowing = 0\n");
}

/* A third is faster than clonus ever is, which tells tremor; an antagonist that alternates does too. A muscle without a usual
 * stretch reflex (seven in ten) is a hint. Runs of 4 and 6 beats are short of what a clinician calls a tremor. */
static void write_tremor(exam_script *s, const exam_cell *c)
{
    static const exam_context drawn[] = { EXAM_ALONE, EXAM_ALONE, EXAM_SITE, EXAM_SECOND };
    exam_context context = drawn[exam_below(s, 4)];
    bool fast = exam_below(s, 3) == 0, reflex = exam_below(s, 10) < 3;
    double low = exam_is_training(s) ? 4 : 3.5, high = exam_is_training(s) ? 11 : 15;
    double f_hz = fast ? exam_between(s, 9.5, high) : exam_between(s, low, 8);
    double run_s = fmax(1, (double)c->beats / f_hz);
    const char *label = context == EXAM_SECOND ? "EMG R Wrist Flex"
                        : context != EXAM_SITE ? "EMG L Muscle"
                        : reflex               ? "EMG L Soleus"
                                               : "EMG L Tib Ant";
    exam_told told = fast || context == EXAM_SECOND    ? EXAM_TOLD
                     : context == EXAM_SITE && !reflex ? EXAM_HINTED
                                                       : EXAM_UNTOLD;
    put_muscle(s, label);
    if (context == EXAM_SECOND)
        exam_put_channel(s, "EMG R Wrist Ext", true);
    exam_put_remark(s, told, context);
    exam_put(s, "[tremor]\nrhythm_hz = %.2f\nrun_least_s = %.2f\nrun_most_s = %.2f\nburst_snr_db = %.1f\n", f_hz, run_s,
             run_s + 0.01, c->snr_db);
    exam_put(s, "told_as = %s\nrest_least_s = 4\nrest_most_s = 9\n%s", told == EXAM_UNTOLD ? "rhythmic" : "tremor",
             context == EXAM_SECOND ? "on = EMG R Wrist Flex, EMG R Wrist Ext\nphase = 0, 0.5\n" : "");
    exam_put(s, "burst_shape = %s\n", exam_burst_shape(s));
    exam_put(s, "duty = %.3f\n", fast ? exam_between(s, 0.3, 0.5) : draw_duty(s, f_hz));
    exam_draw(s, "beat_cv", 0.03, 0.08, 0.02, 0.10);
    exam_draw(s, "twice_share", 0, 0.5, 0, 0.5);
    exam_draw(s, "skip_share", 0.02, 0.12, 0.01, 0.15);
}

/* A cramp, or a spasm of seconds. Two in five are marked as rest, which tells it; an antagonist at rest is a hint; else
 * nothing tells it from a willed contraction. */
static void write_spasm(exam_script *s, const exam_cell *c)
{
    static const exam_context drawn[] = { EXAM_ALONE, EXAM_ALONE, EXAM_MARK, EXAM_MARK, EXAM_SECOND };
    static const exam_told tells[EXAM_N_CONTEXTS] = { EXAM_UNTOLD, EXAM_UNTOLD, EXAM_TOLD, EXAM_HINTED };
    exam_context context = drawn[exam_below(s, 5)];
    bool is_short = exam_below(s, 2) == 0;
    double length_s = is_short ? exam_between(s, 2, 5) : exam_between(s, 8, 24);
    put_muscle(s, "EMG L Muscle");
    if (context == EXAM_SECOND)
        exam_put_channel(s, "EMG L Other", true);
    exam_put_remark(s, tells[context], context);
    exam_put(s, "[spasm]\non = EMG L Muscle\nburst_snr_db = %.1f\nlength_s = %.1f\nlength_sd_s = %.2f\nfrom_s = 4\n",
             c->snr_db, length_s, 0.3 * length_s);
    exam_put(s, "told_as = %s\nmark = %s\n", tells[context] == EXAM_UNTOLD ? "tonic" : "spasm",
             context == EXAM_MARK ? "rest" : "none");
    exam_put(s, "rest_least_s = %d\nrest_most_s = %d\n", is_short ? 4 : 10, is_short ? 12 : 25);
    exam_draw(s, "join_s", 0.05, 0.7, 0.03, 0.9);
    exam_draw(s, "leave_share", 0.02, 0.3, 0.01, 0.4);
}

/* Willed contractions of 1.2 to 6 and of 6 to 20 s; two in five are marked as tasks. Unmarked ones are tonic all the same. */
static void write_tonic(exam_script *s, const exam_cell *c)
{
    static const exam_context drawn[] = { EXAM_ALONE, EXAM_ALONE, EXAM_MARK, EXAM_MARK, EXAM_SECOND };
    exam_context context = drawn[exam_below(s, 5)];
    bool is_short = exam_below(s, 2) == 0;
    put_muscle(s, "EMG L Muscle");
    if (context == EXAM_SECOND)
        exam_put_channel(s, "EMG L Other", true);
    exam_put_remark(s, context == EXAM_MARK ? EXAM_TOLD : EXAM_UNTOLD, context);
    exam_put(s, "[tonic]\non = EMG L Muscle%s\nburst_snr_db = %.1f\nmark = %s\n",
             context == EXAM_SECOND ? ", EMG L Other" : "", c->snr_db, context == EXAM_MARK ? "task: hold" : "none");
    exam_put(s, "least_s = %s\nmost_s = %s\nrest_least_s = 3\nrest_most_s = 8\n", is_short ? "1.2" : "6",
             is_short ? "6" : "20");
    exam_put(s, "up_least_s = 0.05\nup_most_s = 0.7\ndown_least_s = 0.05\ndown_most_s = %s\n", is_short ? "0.5" : "3");
    exam_draw(s, "common_share", 0, 0.1, 0, 0.15);
    if (s->split == EXAM_SHIFTED)
        exam_put(s, "intervals = gamma\nramp = cosine\n");
}

/* Firings 3 to 7 ms apart: by needle, or close under electrodes that lie close together; deep, they run into one another. */
static void write_neuromyotonia(exam_script *s, const exam_cell *c)
{
    bool needle = !c->impossible && exam_below(s, 2) == 0;
    exam_put_recording(s, needle ? 10000 : 4096, EXAM_SECONDS);
    exam_put(s, "[channel EMG L Muscle]\n");
    if (needle) {
        exam_put(s, "electrode = needle\n%s", s->split == EXAM_SHIFTED ? "muap = fibre\nnoise_fall = brown\n" : "");
        exam_draw(s, "noise_uv", 5, 12, 4, 15);
    } else {
        exam_put(s, "muap = fibre\n%s", s->split == EXAM_SHIFTED ? "noise_fall = brown\n" : "");
        exam_draw(s, "noise_uv", 2, 6, 1.5, 8);
        exam_put(s, "depth_mm = %.2f\n", c->impossible ? exam_between(s, 8, 16) : exam_between(s, 1, 2.5));
        exam_put(s, "spacing_mm = %.1f\n", c->impossible ? exam_between(s, 15, 30) : exam_between(s, 4, 8));
        exam_put(s, "scatter_mm = 1\n");
    }
    exam_draw(s, "drift_db", 0.5, 2, 0, 4);
    exam_put(s, "[neuromyotonia]\nsnr_db = %.1f\n", c->snr_db + PEAK_OVER_BURST_DB);
}

static void write_unit_classes(exam_script *s, const exam_cell *c)
{
    double snr_db = c->snr_db + PEAK_OVER_BURST_DB, f_hz, cv;
    switch (c->class) {
    case EMG_MYOKYMIA:
        cv = exam_between(s, 0.15, 0.35);
        exam_put(s, "[myokymia]\nsnr_db = %.1f\ngroup_s = %.2f\ngroup_cv = %.2f\n", snr_db, exam_between(s, 0.4, 1.5),
                 cv);
        exam_put(s, "to_s = %.1f\n", 4 + fmax(1, (double)c->beats * 0.9));
        break;
    case EMG_MOTOR_UNIT:
        f_hz = exam_is_training(s) ? exam_between(s, 5, 11) : exam_between(s, 4, 14);
        exam_put(s, "[motor_unit]\nsnr_db = %.1f\nrhythm_hz = %.2f\ncv = %.3f\nto_s = %.2f\n", snr_db, f_hz,
                 exam_between(s, 0.02, 0.08), 5 + fmax(1, (double)c->beats / f_hz));
        break;
    default:
        exam_put_twitches(s, snr_db, exam_is_training(s) ? exam_between(s, 15, 60) : exam_between(s, 10, 90));
        break;
    }
}

/* What stays on the recording; a heart is taken out and dead time is excluded, both reported so: they are no events and
 * belong to the quiet part. */
static void write_artefact(exam_script *s, const exam_cell *c)
{
    double size_uv = exam_sigma_uv(s) * pow(10, (c->snr_db + PEAK_OVER_BURST_DB + 10) / 20);
    bool pops = exam_below(s, 2) == 0;
    exam_put(s, "[%s]\nper_min = %.1f\nsize_uv = %.1f\n", pops ? "pops" : "motion", exam_between(s, 4, 12),
             pops ? size_uv : 2 * size_uv);
}

static void write_myoclonus(exam_script *s, const exam_cell *c)
{
    const char *shape = exam_burst_shape(s);
    double burst_ms = exam_is_training(s) ? exam_between(s, 31, 57) : exam_between(s, 27, 70),
           per_min = exam_between(s, 8, 40);
    exam_put(s, "[myoclonus]\nburst_snr_db = %.1f\nper_min = %.1f\nburst_ms = %.1f\nburst_shape = %s\n", c->snr_db,
             per_min, burst_ms, shape);
}

void exam_write_rhythm(exam_script *s, const exam_cell *c)
{
    switch (c->class) {
    case EMG_CLONUS:
        write_clonus(s, c);
        return;
    case EMG_TREMOR:
        write_tremor(s, c);
        return;
    case EMG_SPASM:
        write_spasm(s, c);
        return;
    case EMG_TONIC:
        write_tonic(s, c);
        return;
    case EMG_NEUROMYOTONIA:
        write_neuromyotonia(s, c);
        return;
    default:
        break;
    }
    put_muscle(s, "EMG L Muscle");
    if (c->class == EMG_MYOCLONUS)
        write_myoclonus(s, c);
    else if (c->class == EMG_ARTIFACT)
        write_artefact(s, c);
    else
        write_unit_classes(s, c);
}
