/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenario texts: what they mean, how they are refused, that they cannot take a machine down. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/simulate.h>

#include "base/base.h"

#define HEAD "[recording]\nrate_hz = 1000\nduration_s = 20\n[channel EMG A]\n"

static emg_status try_text(const char *text, emg_simulation **s, emg_error *err)
{
    return emg_simulation_read(s, text, strlen(text), "a.txt", 1, 0, 0, err);
}

static emg_simulation *make(const char *text)
{
    emg_simulation *s = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (try_text(text, &s, &err) != EMG_OK)
        fail_msg("%s", err.text);
    return s;
}

static void refusals_name_line_key_value_and_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
        emg_status status;
    } cases[] = {
        { "", "a.txt: line 0: the scenario has no [channel LABEL]", EMG_EARG },
        { "rate_hz = 3",
          "a.txt: line 1: key 'rate_hz' stands above the first section; a scenario begins with [recording]", EMG_EARG },
        { "[channel EMG A]", "a.txt: line 1: a scenario begins with [recording], and has one", EMG_EARG },
        { "[recording]\n[recording]", "a.txt: line 2: a scenario begins with [recording], and has one", EMG_EARG },
        { "[recording]\n[clonus]", "a.txt: line 2: an activity stands below a [channel LABEL]", EMG_EARG },
        { "[recording]\n[channel]", "a.txt: line 2: a channel needs a label: [channel LABEL]", EMG_EARG },
        { "[recording]\n[channel a,b]", "a.txt: line 2: label 'a,b' has a comma or is 'all'", EMG_EARG },
        { "[recording]\n[channel all]", "a.txt: line 2: label 'all' has a comma or is 'all'", EMG_EARG },
        { "[recording]\n[channel EMG of far too long a name]",
          "a.txt: line 2: 'EMG of far too long a name' is too long or not plain ASCII", EMG_EARG },
        { HEAD "[channel EMG A]", "a.txt: line 5: channel 'EMG A' stands above already", EMG_EARG },
        { HEAD "[clonsu]", "a.txt: line 5: there is no section ['clonsu']; 'emg-simulate --list-keys' shows them",
          EMG_EARG },
        { HEAD "[clonus x]", "a.txt: line 5: only [channel LABEL] has a label, not ['clonus']", EMG_EARG },
        { HEAD "[clonus", "a.txt: line 5: '[clonus' lacks its closing bracket", EMG_EARG },
        { HEAD "noise", "a.txt: line 5: 'noise' is neither 'key = value' nor '[section]' nor '# comment'", EMG_EARG },
        { HEAD "nosie_uv = 3", "a.txt: line 5: [channel] has no key 'nosie_uv'; 'emg-simulate --list-keys' shows them",
          EMG_EARG },
        { HEAD "noise_uv = 3\nnoise_uv = 4", "a.txt: line 6: key 'noise_uv' is given twice in this section", EMG_EARG },
        { HEAD "noise_uv = 3,5", "a.txt: line 5: setting noise_uv: '3,5' is not a number", EMG_EARG },
        { HEAD "noise_uv = none", "a.txt: line 5: setting noise_uv: 'none' is not a number", EMG_EARG },
        { HEAD "noise_uv = 99", "a.txt: line 5: setting noise_uv: 99 is outside 0.2 to 50 uV", EMG_ERANGE },
        { HEAD "muap = fiber", "a.txt: line 5: setting muap: 'fiber' is none of hermite|fibre", EMG_EARG },
        { HEAD "[clonus]\non = EMG B",
          "a.txt: line 6: no channel 'EMG B' stands above; channels begin with [channel LABEL]", EMG_EARG },
        { HEAD "[clonus]\non = EMG A, EMG A", "a.txt: line 6: channel 'EMG A' is named twice", EMG_EARG },
        { HEAD "[mains]\n[mains]", "a.txt: line 6: there is one [mains]", EMG_EARG },
        { HEAD "[mains]\non = EMG A", "a.txt: line 6: [mains] has no key 'on'; 'emg-simulate --list-keys' shows them",
          EMG_EARG },
        { HEAD "[clonus]\nmark = a\x01", "a.txt: line 6: 'a\\x01' is too long or not plain ASCII", EMG_EARG },
        { HEAD "[load]\n[clonus]", "line 6: no other activity can stand beside [load]", EMG_EARG },
        { "[recording]\nduration_s = 100000\n[channel EMG A]",
          "duration 100000 s is not a whole number from 1 to 86400, which the scenario allows", EMG_ERANGE },
        { "[recording]\nrate_hz = 2048.5\n[channel EMG A]",
          "sampling rate 2048.5 Hz is not a whole number from 200 to 100000, which the scenario allows", EMG_ERANGE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_simulation *s = NULL;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(try_text(cases[i].text, &s, &err), cases[i].status);
        assert_null(s);
        assert_string_equal(err.text, cases[i].sentence);
    }
}

/* Spaces, tabs, carriage returns, remarks, a missing last line end, "all". */
static void layout_does_not_matter(void **state)
{
    (void)state;
    emg_simulation *a =
        make("[recording]\nname = x\nrate_hz = 1000\nduration_s = 20\n[channel EMG A]\n[channel EMG B]\n"
             "[clonus]\non = EMG A, EMG B\ndelay_ms = 0, 3\n");
    emg_simulation *b = make("# remark\r\n\r\n [recording] \r\n\tname =x\r\nrate_hz=1e3\r\nduration_s= 20.0\r\n"
                             "[channel \t EMG A]\n  # more\n[channel EMG B]\n[clonus]\non = all\ndelay_ms =0 ,3");
    double x[2000], y[2000];
    assert_int_equal(emg_simulation_next(a, x, 1000, NULL), EMG_OK);
    assert_int_equal(emg_simulation_next(b, y, 1000, NULL), EMG_OK);
    assert_memory_equal(x, y, sizeof x);
    assert_int_equal(emg_simulation_n_events(a), emg_simulation_n_events(b));
    emg_simulation_free(a);
    emg_simulation_free(b);
}

/* A preset printed and read again is the preset: samples and truth; and what was printed prints the same again. */
static void presets_are_scenarios(void **state)
{
    (void)state;
    const char *name;
    for (size_t i = 0; (name = emg_simulation_preset(i, NULL)) != NULL; i++) {
        char *text = NULL;
        emg_simulation *a = NULL, *b = NULL;
        assert_int_equal(emg_simulation_scenario(&text, name, NULL), EMG_OK);
        assert_int_equal(emg_simulation_new(&a, name, 7, 30, 0, NULL), EMG_OK);
        assert_int_equal(emg_simulation_read(&b, text, strlen(text), NULL, 7, 30, 0, NULL), EMG_OK);
        size_t n = emg_simulation_n_channels(a) * 3000;
        double *x = calloc(n, sizeof *x), *y = calloc(n, sizeof *y);
        assert_true(x && y);
        assert_int_equal(emg_simulation_next(a, x, 3000, NULL), EMG_OK);
        assert_int_equal(emg_simulation_next(b, y, 3000, NULL), EMG_OK);
        assert_memory_equal(x, y, n * sizeof *x);
        assert_int_equal(emg_simulation_n_events(a), emg_simulation_n_events(b));
        free(x);
        free(y);
        emg_simulation_free(a);
        emg_simulation_free(b);
        emg_simulation_scenario_free(text);
    }
    char *text = NULL;
    assert_int_equal(emg_simulation_scenario(&text, "needle:snr_db=12,hum_hz=60", NULL), EMG_OK);
    assert_non_null(strstr(text, "snr_db = 12\n"));
    assert_non_null(strstr(text, "size_uv = none\n")); /* would overrule it */
    assert_non_null(strstr(text, "[mains]\nhum_hz = 60\n"));
    emg_simulation_scenario_free(text);
    assert_int_equal(emg_simulation_scenario(&text, "none", NULL), EMG_EARG);
    assert_null(text);
}

/* Gaps: what lies in them is no event, episodes end and begin anew at them, each part with its own beats and rate. */
static void gaps_cut_the_truth(void **state)
{
    (void)state;
    static const char timeline[] = HEAD "[tremor]\nfrom_s = 1\nrhythm_hz = 5\nrun_least_s = 15\nrun_most_s = 15\n"
                                        "[fasciculation]\nper_min = 300\n";
    static const char gaps[] = HEAD "[tremor]\nfrom_s = 1\nrhythm_hz = 5\nrun_least_s = 15\nrun_most_s = 15\n"
                                    "[fasciculation]\nper_min = 300\n[gap]\nat_s = 4\nlength_s = 2\n"
                                    "[gap]\nat_s = 10\nlength_s = 1\n[gap]\nat_s = 11\nlength_s = 2\n";
    emg_simulation *whole = make(timeline), *cut = make(gaps);
    assert_int_equal(emg_simulation_n_gaps(cut), 2); /* two that touch are one */
    assert_true(emg_simulation_gap(cut, 1)->to_s > 12.9);
    size_t n_tremor = 0, beats = 0, twitches = 0, whole_beats = 0, inside = 0;
    for (size_t i = 0; i < emg_simulation_n_events(whole); i++) {
        const emg_truth *t = emg_simulation_event(whole, i);
        for (size_t k = 0; t->trial_type == EMG_TREMOR && k < t->count; k++)
            whole_beats += !((t->times[k] >= 4 && t->times[k] < 6) || (t->times[k] >= 10 && t->times[k] < 13));
        inside += t->trial_type == EMG_FASCICULATION &&
                  !((t->peak_s >= 4 && t->peak_s < 6) || (t->peak_s >= 10 && t->peak_s < 13));
    }
    for (size_t i = 0; i < emg_simulation_n_events(cut); i++) {
        const emg_truth *t = emg_simulation_event(cut, i);
        double end = t->onset_s + t->duration_s;
        for (size_t g = 0; g < 2; g++)
            assert_true(end <= emg_simulation_gap(cut, g)->from_s || t->onset_s >= emg_simulation_gap(cut, g)->to_s);
        twitches += t->trial_type == EMG_FASCICULATION;
        if (t->trial_type != EMG_TREMOR)
            continue;
        n_tremor++;
        beats += t->count;
        assert_true(fabs(t->frequency_hz - 5) < 0.7 && t->times[0] >= t->onset_s && t->times[t->count - 1] <= end);
    }
    assert_int_equal(n_tremor, 3);
    assert_int_equal(beats, whole_beats);
    assert_true(twitches <= inside && twitches + 4 >= inside); /* those whose peak the cut took */
    emg_simulation_free(whole);
    emg_simulation_free(cut);
}

/* No text may ask for more than a machine has; each is refused, and soon. */
static void too_much_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[recording]\nduration_s = 86400\n[channel EMG A]\n[motor_unit]\nrhythm_hz = 40\n[motor_unit]\nrhythm_hz = 40\n"
        "[motor_unit]\nrhythm_hz = 40\n",
        "[recording]\nduration_s = 86400\nrate_hz = 100000\n[channel EMG A]\nunits = 300\n[spasm]\nlength_s = 3600\n",
        "[recording]\nrate_hz = 100000\n[channel EMG A]\nmuap = fibre\nshape_jitter_us = 30\nunits = 300\n"
        "velocity_m_s = 1\nlength_mm = 400\n[clonus]\n",
        "[recording]\nduration_s = 86400\n[channel EMG A]\nunits = 300\n[tonic]\nup_least_s = 60\nup_most_s = 60\n"
        "least_s = 0.1\nmost_s = 0.1\nrest_least_s = 0\nrest_most_s = 0\ncommon_share = 0.1\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        emg_simulation *s = NULL;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(try_text(texts[i], &s, &err), EMG_ERANGE);
        assert_non_null(strstr(err.text, "holds more than a simulation can"));
    }
}

/* Every row of every table has a sentence, a unit, and a default that it allows itself. */
static void tables_are_sound(void **state)
{
    (void)state;
    const char *kind, *sentence;
    const emg_setting *row;
    size_t n = 0;
    for (size_t i = 0; (kind = emg_simulation_kind(i, &sentence)) != NULL; i++) {
        assert_true(*sentence);
        for (size_t k = 0; (row = emg_simulation_key(kind, k)) != NULL; k++, n++) {
            assert_true(k < 64 && *row->sentence && row->least <= row->most);
            assert_true(isnan(row->fallback) || (row->fallback >= row->least && row->fallback <= row->most));
            for (size_t j = 0; j < k; j++)
                assert_string_not_equal(row->key, emg_simulation_key(kind, j)->key);
        }
    }
    assert_true(n > 150);
    assert_null(emg_simulation_key("none", 0));
    assert_null(emg_simulation_key(NULL, 0));
}

static void memory_that_runs_out_is_said(void **state)
{
    (void)state;
    static const char text[] = HEAD "muap = fibre\nshape_jitter_us = 30\nunits = 3\n[clonus]\nburst_snr_db = 6\n"
                                    "[pops]\nper_min = 30\n[floor]\nunits = 2\n[tonic]\ncommon_share = 0.1\n"
                                    "[neuromyotonia]\n[gap]\nat_s = 5\nlength_s = 2\n";
    emg_simulation *s = NULL;
    emgp_fault_arm(0, false);
    assert_int_equal(try_text(text, &s, NULL), EMG_OK);
    emg_simulation_free(s);
    long n = emgp_fault_count(), step = n / 60 + 1;
    for (long at = 1; at <= n; at += at < 40 ? 1 : step)
        for (int persistent = 0; persistent < 2; persistent++) {
            emg_error err = EMG_ERROR_NONE;
            emgp_fault_arm(at, persistent);
            assert_int_equal(try_text(text, &s, &err), EMG_ENOMEM);
            emgp_fault_arm(0, false);
            assert_null(s);
        }
    for (long at = 1;; at++) {
        char *printed = NULL;
        emgp_fault_arm(at, true);
        emg_status status = emg_simulation_scenario(&printed, "mixed", NULL);
        emgp_fault_arm(0, false);
        emg_simulation_scenario_free(printed);
        if (status == EMG_OK)
            break;
        assert_int_equal(status, EMG_ENOMEM);
        assert_null(printed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_name_line_key_value_and_remedy),
        cmocka_unit_test(layout_does_not_matter),
        cmocka_unit_test(presets_are_scenarios),
        cmocka_unit_test(gaps_cut_the_truth),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test(memory_that_runs_out_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
