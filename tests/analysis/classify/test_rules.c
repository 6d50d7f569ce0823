/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of rules as it is shown: complete rows, no two alike, limits that follow the settings. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/rules.h>

#include "analysis/classify/classify.h"

static bool among(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static bool same_set(const char *a, const char *b)
{
    size_t n = strcspn(a, ".");
    return n == strcspn(b, ".") && memcmp(a, b, n) == 0;
}

static void rows_are_complete(void **state)
{
    (void)state;
    static const char *const effects[] = { "needs", "refuses", "one of", "adds", "weighs", "and", "sets" };
    static const char *const tests[] = { "", "is", "is not", ">=", ">", "<=", "<" };
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_rule row, other, before = { .name = "", .effect = "sets" };
    size_t n = 0;
    for (; emg_rule_at(n, &config, &row); before = row, n++) {
        assert_true(strchr(row.name, '.') && strlen(row.source) > 2 && strlen(row.sentence) > 5);
        assert_true(among(row.effect, effects, sizeof effects / sizeof *effects));
        assert_true(among(row.test, tests, sizeof tests / sizeof *tests));
        if (strcmp(row.effect, "and") == 0) /* there is a rule to go on with */
            assert_true(strcmp(before.effect, "sets") != 0 && same_set(before.name, row.name));
        assert_true(isnan(row.spread) || !isnan(row.weight)); /* a margin of something */
        assert_true(isnan(row.spread) || *row.test == '>' || *row.test == '<');
        assert_true(!isnan(row.limit) || *row.test == '\0' || *row.test == 'i'); /* a number to compare with */
        assert_true(*row.evidence || *row.test == '\0');
        assert_true(row.reason <= EMG_N_REASONS);
        for (size_t i = 0; i < n; i++)
            assert_true(emg_rule_at(i, &config, &other) && strcmp(other.name, row.name) != 0);
    }
    assert_true(n > 150);
}

static double value_of(const emg_config *config, const char *key)
{
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char text[32];
        emg_config_print(config, i, text);
        if (strcmp(row.key, key) == 0)
            return strtod(text, NULL);
    }
    fail_msg("there is no setting %s", key);
    return NAN;
}

static void limits_follow_settings(void **state)
{
    (void)state;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    config.rhythm.acf = 0.625;
    config.episode.gap_s = 7;
    emg_rule row;
    size_t n_made = 0;
    for (size_t i = 0; emg_rule_at(i, &config, &row); i++) {
        if (!row.setting) {
            assert_true(isnan(row.factor) && isnan(row.plus));
            continue;
        }
        n_made++;
        assert_true(fabs(row.factor * value_of(&config, row.setting) + row.plus - row.limit) < 1e-12);
    }
    assert_true(n_made > 20);
}

static void beyond_the_last_and_null(void **state)
{
    (void)state;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_rule row = { .name = "untouched" };
    assert_false(emg_rule_at(100000, &config, &row));
    assert_false(emg_rule_at(SIZE_MAX, &config, &row));
    assert_false(emg_rule_at(0, NULL, &row));
    assert_false(emg_rule_at(0, &config, NULL));
    assert_string_equal(row.name, "untouched");
}

/* Each set is asked for by a word, found as evidence before the words, or said of every decision. */
static void no_set_is_left_over(void **state)
{
    (void)state;
    bool used[EMGP_N_SETS] = { [EMGP_SET_UNDECIDED] = true, [EMGP_SET_DOUBT] = true, [EMGP_SET_MARKS] = true };
    const emgp_word *word;
    for (size_t i = 0; (word = emgp_word_at(i)) != NULL; i++)
        for (size_t k = 0; k < EMGP_SETS_OF_WORD; k++)
            used[word->sets[k]] = true;
    for (size_t i = EMGP_SET_NONE + 1; i < EMGP_N_SETS; i++) {
        const emgp_set *set = emgp_set_at((emgp_rule_set)i);
        assert_true(set->rules.n > 0 && (used[i] || set->finding != EMGP_FINDS_NOTHING));
        for (size_t k = 1; k < set->rules.n; k++)
            assert_true(same_set(set->rules.rows[0].name, set->rules.rows[k].name));
        assert_true(set->rules.rows[0].effect != EMGP_AND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(limits_follow_settings),
        cmocka_unit_test(beyond_the_last_and_null),
        cmocka_unit_test(no_set_is_left_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
