/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bursts are as wide as they say, cramps join and leave as told, responses follow their stimuli, presets twitch visibly. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/simulate.h>

enum { ROOM = 200000 };

static emg_simulation *simulation_of(const char *activity, double seconds)
{
    char text[1024];
    emg_simulation *s = NULL;
    emg_error err = EMG_ERROR_NONE;
    int n = snprintf(text, sizeof text,
                     "[recording]\nrate_hz = 2000\nduration_s = %g\n[channel EMG A]\nnoise_uv = 1\ndrift_db = 0\n%s",
                     seconds, activity);
    if (emg_simulation_read(&s, text, (size_t)n, NULL, 3, 0, 0, &err) != EMG_OK)
        fail_msg("%s", err.text);
    return s;
}

/* How far firings lie from the middle of their beat, in seconds, over all true episodes. */
static size_t offsets_of(const emg_simulation *s, double *offset)
{
    size_t n = 0;
    for (size_t i = 0; i < emg_simulation_n_firings(s, 0) && n < ROOM; i++) {
        double t = emg_simulation_firing(s, 0, i).time_s, best = INFINITY;
        for (size_t k = 0; k < emg_simulation_n_events(s); k++) {
            const emg_truth *e = emg_simulation_event(s, k);
            for (size_t b = 0; b < e->count; b++)
                best = fabs(t - e->times[b]) < fabs(best) ? t - e->times[b] : best;
        }
        offset[n++] = best;
    }
    return n;
}

/* Width of the distribution of firings at half of its height about the middle, in steps of `step`. */
static double width_of(const double *offset, size_t n, double step)
{
    double count[400] = { 0 }, most = 0, wide = 0;
    for (size_t i = 0; i < n; i++) {
        double bin = floor(offset[i] / step + 0.5) + 200;
        if (bin >= 0 && bin < 400)
            count[(size_t)bin]++;
    }
    for (size_t b = 195; b <= 205; b++)
        most += count[b] / 11;
    for (size_t b = 0; b < 400; b++)
        wide += count[b] > most / 2;
    return wide * step;
}

/* Whatever its shape, a burst of a duty fills that share of the period at half its height. */
static void tremor_bursts_fill_their_duty(void **state)
{
    (void)state;
    static double offset[ROOM];
    static const char *const shapes[] = { "flat", "triangle", "cosine" };
    for (size_t i = 0; i < 3; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "units = 60\n[tremor]\nburst_shape = %s\nduty = 0.4\nrhythm_hz = 4\nbeat_cv = 0\nwander = 0\n"
                 "twice_share = 0\nskip_share = 0\n",
                 shapes[i]);
        emg_simulation *s = simulation_of(text, 120);
        double width = width_of(offset, offsets_of(s, offset), 0.002);
        if (fabs(width * 4 - 0.4) > 0.04)
            fail_msg("%s: fills %g of the period", shapes[i], width * 4);
        emg_simulation_free(s);
    }
}

/* All shapes but the normal one end at twice the spread; the word can be rhythmic. */
static void clonus_bursts_end_where_told(void **state)
{
    (void)state;
    static double offset[ROOM];
    emg_simulation *s = simulation_of("units = 60\n[clonus]\ntold_as = rhythmic\nburst_shape = flat\nspread_ms = 20\n"
                                      "rhythm_hz = 4\ntwice_share = 0\n",
                                      120);
    size_t n = offsets_of(s, offset);
    double most = 0;
    assert_true(n > 1000);
    assert_int_equal(emg_simulation_event(s, 0)->trial_type, EMG_RHYTHMIC);
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(offset[i]));
    assert_true(most > 0.038 && most < 0.0401);
    emg_simulation_free(s);
}

/* Share of a cramp's firings that lie in its first second, and in its last fifth against the fifth before. */
static void cramp_shares(const char *keys, emg_class word, double *first, double *last)
{
    char text[256];
    double in_first = 0, in_last = 0, before = 0;
    snprintf(text, sizeof text,
             "units = 60\n[spasm]\nlength_s = 10\nlength_sd_s = 0\nrest_least_s = 600\nrest_most_s = 600\n%s", keys);
    emg_simulation *s = simulation_of(text, 60);
    const emg_truth *e = emg_simulation_event(s, 0);
    assert_int_equal(e->trial_type, word);
    for (size_t i = 0; i < e->count; i++) {
        double share = (e->times[i] - e->onset_s) / e->duration_s;
        in_first += share < 0.1;
        in_last += share > 0.8;
        before += share > 0.6 && share <= 0.8;
    }
    *first = in_first / (double)e->count;
    *last = in_last / before;
    emg_simulation_free(s);
}

static void cramps_join_and_leave_as_told(void **state)
{
    (void)state;
    double first, last;
    cramp_shares("", EMG_SPASM, &first, &last);
    assert_true(first > 0.09 && last > 0.4 && last < 0.65);
    cramp_shares("told_as = tonic\njoin_s = 4\nleave_share = 0\n", EMG_TONIC, &first, &last);
    assert_true(first < 0.03 && last > 0.9);
}

/* Responses come a latency behind their annotations, in their share; the artefact lies on the stimulus at its height. */
static void responses_follow_their_stimuli(void **state)
{
    (void)state;
    static double x[2000 * 240];
    emg_simulation *s = simulation_of("[evoked]\ninterval_s = 2\nlatency_ms = 30\nlatency_sd_ms = 1\nspread_ms = 2\n"
                                      "response_share = 0.8\nartefact_uv = 900\nburst_snr_db = 30\n",
                                      240);
    assert_int_equal(emg_simulation_next(s, x, 2000 * 240, NULL), EMG_OK);
    double n_responses = 0, n_artefacts = 0, latency = 0, n_marks = (double)emg_simulation_n_annotations(s);
    assert_true(n_marks > 105 && n_marks < 130);
    for (size_t i = 0, mark = 0; i < emg_simulation_n_events(s); i++) {
        const emg_truth *t = emg_simulation_event(s, i);
        while (mark + 1 < emg_simulation_n_annotations(s) &&
               emg_simulation_annotation(s, mark + 1)->onset_s <= t->onset_s + 0.001)
            mark++;
        const emg_simulated_annotation *a = emg_simulation_annotation(s, mark);
        assert_string_equal(a->text, "stimulus");
        if (t->trial_type == EMG_ARTIFACT) {
            assert_true(fabs(t->onset_s - a->onset_s) < 0.0006 && fabs(t->amplitude_uv - 900) < 1e-9);
            assert_true(fabs(x[(size_t)(t->onset_s * 2000 + 0.5)] - 900) < 60);
            n_artefacts++;
        } else {
            assert_int_equal(t->trial_type, EMG_EVOKED);
            assert_true(t->peak_s - a->onset_s > 0.02 && t->peak_s - a->onset_s < 0.045 && t->amplitude_uv > 20);
            latency += t->peak_s - a->onset_s;
            n_responses++;
        }
    }
    assert_true(fabs(n_artefacts - n_marks) < 0.5);
    assert_true(fabs(n_responses / n_marks - 0.8) < 0.1);
    assert_true(fabs(latency / n_responses - 0.030) < 0.003);
    emg_simulation_free(s);
}

/* Fasciculations of presets are of 80 uV and more, so that they are called so whatever the least amplitude asked for. */
static void fasciculations_of_presets_are_seen(void **state)
{
    (void)state;
    const char *name;
    for (size_t i = 0; (name = emg_simulation_preset(i, NULL)) != NULL; i++) {
        emg_simulation *s = NULL;
        emg_truth t;
        bool found = true;
        if (strcmp(name, "long") == 0) /* a load, no picture of a muscle */
            continue;
        for (uint64_t seed = 1; seed <= 3; seed++) {
            assert_int_equal(emg_simulation_new(&s, name, seed, 60, 0, NULL), EMG_OK);
            while (emg_simulation_next_event(s, &t, &found, NULL) == EMG_OK && found)
                if (t.trial_type == EMG_FASCICULATION && t.amplitude_uv < 80)
                    fail_msg("%s, seed %d: %g uV", name, (int)seed, t.amplitude_uv);
            emg_simulation_free(s);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tremor_bursts_fill_their_duty),      cmocka_unit_test(clonus_bursts_end_where_told),
        cmocka_unit_test(cramps_join_and_leave_as_told),      cmocka_unit_test(responses_follow_their_stimuli),
        cmocka_unit_test(fasciculations_of_presets_are_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
