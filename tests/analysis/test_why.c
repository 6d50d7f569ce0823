/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reasons come with what was compared, and a moment that is asked for tells how it was decided. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/rules.h>
#include <emg/why.h>

#include "support/drive.h"

static emg_result *analyse(const char *preset, double from_s, double to_s)
{
    drive_signal signal = drive_simulation(preset, 5, 40);
    const drive_plan plan = { .block = signal.n_frames,
                              .group = signal.n_channels,
                              .reflex_site = true,
                              .ask_from_s = from_s,
                              .ask_to_s = to_s };
    emg_result *result = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(drive_analyse(&signal, &plan, &result, &err), EMG_OK);
    drive_free(&signal);
    return result;
}

static bool agrees(const emg_rule *rule, const emg_evidence *e)
{
    const double value = (double)e->value, limit = (double)e->limit;
    if (strcmp(rule->effect, "weighs") == 0)
        return true;
    if (strcmp(rule->test, "is") == 0)
        return value > 0 && isnan(limit);
    if (strcmp(rule->test, "is not") == 0)
        return !(value > 0) && isnan(limit);
    return strcmp(rule->test, ">=") == 0   ? value >= limit
           : strcmp(rule->test, ">") == 0  ? value > limit
           : strcmp(rule->test, "<=") == 0 ? value <= limit
                                           : value < limit;
}

/* Every value stands on its side of the limit, behind a reason that the event has. */
static void reasons_come_with_value_and_limit(void **state)
{
    (void)state;
    static const char *const presets[] = { "ankle-clonus", "fasciculation", "tremor", "voluntary", "myoclonus" };
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    for (size_t p = 0; p < sizeof presets / sizeof *presets; p++) {
        emg_result *result = analyse(presets[p], 0, 0);
        size_t n_events = 0;
        bool found = true;
        for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n_events++) {
            assert_in_range(e.n_evidence, 1, EMG_EVENT_EVIDENCE);
            for (uint32_t i = 0; i < e.n_evidence; i++) {
                emg_rule rule;
                assert_true(emg_rule_at(e.evidence[i].rule, &config, &rule));
                assert_true(rule.reason < EMG_N_REASONS && e.reasons >> rule.reason & 1);
                assert_true(agrees(&rule, &e.evidence[i]));
                assert_true(isnan(rule.limit) || fabs(rule.limit - (double)e.evidence[i].limit) < 1e-6);
            }
        }
        assert_true(n_events > 0);
        emg_result_free(result);
    }
}

/* The rate that a clonus was told with is the one that its evidence says. */
static void a_value_is_the_measured_one(void **state)
{
    (void)state;
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_result *result = analyse("ankle-clonus", 0, 0);
    size_t n = 0;
    bool found = true;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        for (uint32_t i = 0; e.trial_type == EMG_CLONUS && i < e.n_evidence; i++) {
            emg_rule rule;
            assert_true(emg_rule_at(e.evidence[i].rule, &config, &rule));
            if (strcmp(rule.evidence, "rate_hz") != 0)
                continue;
            assert_string_equal(rule.unit, "Hz");
            assert_true(fabs((double)e.evidence[i].value - e.frequency_hz) < 0.05);
            n++;
        }
    }
    assert_true(n > 0);
    emg_result_free(result);
}

typedef struct walk {
    size_t n, n_fitting, n_words;
    char last_word[32];
    char fitting[32]; /* the last word of which a set fits */
    uint64_t reasons;
    size_t stop_after;
} walk;

static bool step(void *context, const emg_step *s)
{
    walk *w = context;
    w->n++;
    w->n_words += *s->word && strcmp(s->word, w->last_word) != 0;
    strncpy(w->last_word, s->word, sizeof w->last_word - 1);
    if (*s->word && s->set_fits)
        strncpy(w->fitting, s->word, sizeof w->fitting - 1);
    if (s->counts && s->rule.reason < EMG_N_REASONS)
        w->reasons |= UINT64_C(1) << s->rule.reason;
    assert_true(!s->together || s->holds || strcmp(s->rule.effect, "and") != 0);
    return w->n != w->stop_after;
}

static emg_event first_of(emg_result *result, emg_class trial_type)
{
    emg_event e = { .trial_type = EMG_N_CLASSES };
    bool found = true;
    emg_result_rewind(result);
    while (emg_result_next(result, &e, &found, NULL) == EMG_OK && found && e.trial_type != trial_type)
        ;
    assert_true(found);
    return e;
}

static void a_moment_tells_how_it_was_decided(void **state)
{
    (void)state;
    emg_result *unasked = analyse("ankle-clonus", 0, 0);
    const emg_event e = first_of(unasked, EMG_CLONUS);
    emg_decision d = { 0 };
    assert_false(emg_result_decision(unasked, 0, &d));
    emg_result *asked = analyse("ankle-clonus", e.onset_s + 0.5, e.onset_s + 0.6);
    char *before = drive_events(unasked), *after = drive_events(asked);
    assert_string_equal(before, after);
    size_t n = 0, i = 0;
    for (; emg_result_decision(asked, n, &d); n++) {
        assert_true(d.onset_s <= e.onset_s + 0.6 && d.onset_s + d.duration_s >= e.onset_s + 0.5);
        i = d.trial_type == EMG_CLONUS && d.channel == e.channel ? n : i;
    }
    assert_true(n > 0 && emg_result_decision(asked, i, &d) && d.trial_type == EMG_CLONUS);
    walk w = { .n = 0 };
    emg_result_why(asked, i, step, &w);
    assert_true(w.n > 60 && w.n_words > 4);
    assert_string_equal(w.fitting, "clonus");
    assert_true((w.reasons & e.reasons & (UINT64_C(1) << EMG_R_N | UINT64_C(1) << EMG_F_BAND)) ==
                (UINT64_C(1) << EMG_R_N | UINT64_C(1) << EMG_F_BAND));
    walk some = { .stop_after = 3 };
    emg_result_why(asked, i, step, &some);
    assert_int_equal(some.n, 3);
    walk none = { .n = 0 };
    emg_result_why(asked, n, step, &none);
    assert_int_equal(none.n, 0);
    free(before);
    free(after);
    emg_result_free(asked);
    emg_result_free(unasked);
}

static void what_cannot_be_asked_is_refused(void **state)
{
    (void)state;
    emg_source source = emg_source_defaults();
    source.name = source.muscle = "TA";
    source.rate_hz = 1000;
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_analysis *analysis = NULL;
    emg_result *result = NULL;
    assert_int_equal(emg_analysis_new(&analysis, &source, 1, NULL, 0, &config, NULL, NULL), EMG_OK);
    assert_int_equal(emg_analysis_ask(analysis, NAN, 1, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_ask(analysis, 0, INFINITY, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_ask(analysis, 2, 1, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_ask(NULL, 1, 2, NULL), EMG_EARG);
    assert_int_equal(emg_analysis_ask(analysis, 1, 2, NULL), EMG_OK);
    assert_int_equal(emg_analysis_ask(analysis, 3, 3, NULL), EMG_OK);
    assert_int_equal(emg_analysis_finish(analysis, &result, NULL), EMG_OK);
    assert_int_equal(emg_analysis_ask(analysis, 1, 2, NULL), EMG_EARG);
    emg_result_free(result);
    emg_analysis_free(analysis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_come_with_value_and_limit),
        cmocka_unit_test(a_value_is_the_measured_one),
        cmocka_unit_test(a_moment_tells_how_it_was_decided),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
