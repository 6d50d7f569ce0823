/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name of a preset with settings behind a colon, as in "fasciculation:snr_db=12,per_min=10". */
#include <emg/simulate.h>

#include <stddef.h>
#include <string.h>

#include "simulate/scenario/scenario.h"
#include "base/base.h"

enum { WORD_ROOM = 48 };

/* The first word of a list joined by `separator`, into a buffer; false when there is none left or it is too long. */
static bool take_word(const char **list, char separator, char word[WORD_ROOM])
{
    const char *end = strchr(*list, separator);
    size_t n = end ? (size_t)(end - *list) : strlen(*list);
    if (n == 0 || n >= WORD_ROOM)
        return false;
    memcpy(word, *list, n);
    word[n] = '\0';
    *list += n + (end != NULL);
    return true;
}

/* Setting `index` of a preset: its row, and the kind of section that it belongs to. */
static const emg_setting *setting_of(const emgp_simulation_preset *preset, size_t index, emgp_kind *kind)
{
    char word[WORD_ROOM];
    const char *keys = preset->keys;
    for (size_t i = 0; take_word(&keys, ' ', word); i++) {
        char *dot = strchr(word, '.');
        if (i != index || !dot)
            continue;
        *dot = '\0';
        for (*kind = EMGP_RECORDING; strcmp(emgp_kind_of(*kind)->word, word) != 0;)
            ++*kind;
        return &emgp_kind_of(*kind)->keys[emgp_key_find(emgp_kind_of(*kind), dot + 1)];
    }
    return NULL;
}

static const emgp_simulation_preset *find_preset(const char *name, size_t n)
{
    const emgp_simulation_preset *row;
    for (size_t i = 0; (row = emgp_simulation_preset_row(i)) != NULL; i++)
        if (strlen(row->name) == n && memcmp(row->name, name, n) == 0)
            return row;
    return NULL;
}

const emg_setting *emg_simulation_setting(const char *preset, size_t index)
{
    const emgp_simulation_preset *row = preset ? find_preset(preset, strcspn(preset, ":")) : NULL;
    emgp_kind kind;
    return row ? setting_of(row, index, &kind) : NULL;
}

/* Refuses a setting with the list of those that there are. */
static emg_status refuse(const emgp_simulation_preset *preset, const char *word, emg_error *err)
{
    char shown[2 * WORD_ROOM], list[128] = "";
    const emg_setting *row;
    emgp_kind kind;
    emgp_text_printable_string(shown, sizeof shown, word);
    for (size_t i = 0; (row = setting_of(preset, i, &kind)) != NULL; i++) {
        strncat(list, i ? " " : "", sizeof list - strlen(list) - 1);
        strncat(list, row->key, sizeof list - strlen(list) - 1);
    }
    return emgp_fail(err, EMG_EARG, "preset '%s' takes no setting '%s'; it takes: %s", preset->name, shown, list);
}

/* Keys that would overrule a setting, and are therefore set to none. */
static const struct {
    emgp_kind kind;
    const char *key, *gives_way;
} rivals[] = { { EMGP_FASCICULATION, "snr_db", "size_uv" }, { EMGP_POWERLINE, "hum_uv", "hum_most_uv" } };

static emg_status set(emgp_scenario *scenario, emgp_kind kind, const char *key, const char *text, emg_error *err)
{
    /* Power line interference may be added to a preset that has none. */
    emg_status status = emgp_scenario_set(scenario, kind, key, text, kind == EMGP_POWERLINE, err);
    for (size_t i = 0; i < sizeof rivals / sizeof *rivals && status == EMG_OK; i++)
        if (rivals[i].kind == kind && strcmp(rivals[i].key, key) == 0)
            status = emgp_scenario_set(scenario, kind, rivals[i].gives_way, "none", false, err);
    return status;
}

/* Applies one "key=value". */
static emg_status apply(const emgp_simulation_preset *preset, char *word, emgp_scenario *scenario, emg_error *err)
{
    char *equals = strchr(word, '=');
    const emg_setting *row = NULL;
    emgp_kind kind;
    if (equals)
        *equals = '\0';
    for (size_t i = 0; equals && (row = setting_of(preset, i, &kind)) != NULL; i++)
        if (strcmp(row->key, word) == 0)
            return set(scenario, kind, row->key, equals + 1, err);
    return refuse(preset, word, err);
}

static emg_status read_settings(const emgp_simulation_preset *preset, const char *list, emgp_scenario *scenario,
                                emg_error *err)
{
    char word[WORD_ROOM];
    emg_status status = EMG_OK;
    do {
        if (!take_word(&list, ',', word))
            return emgp_fail(err, EMG_EARG, "the settings of preset '%s' are not key=value,key=value", preset->name);
        status = apply(preset, word, scenario, err);
    } while (status == EMG_OK && *list);
    return status;
}

emg_status emgp_simulation_preset_read(const char *text, const emgp_simulation_preset **row, emgp_scenario *scenario,
                                       emg_error *err)
{
    char shown[WORD_ROOM];
    size_t n = text ? strcspn(text, ":") : 0;
    *scenario = (emgp_scenario){ .n = 0 };
    *row = text ? find_preset(text, n) : NULL;
    if (!*row) {
        emgp_text_printable(shown, sizeof shown, text ? text : "", n);
        return emgp_fail(err, EMG_EARG, "there is no such preset as '%s'; 'emg-simulate --list' shows them", shown);
    }
    emg_status status = emgp_scenario_read(scenario, (*row)->text, strlen((*row)->text), (*row)->name, err);
    emgp_text_copy(scenario->name, sizeof scenario->name, (*row)->name);
    emgp_text_copy(scenario->sentence, sizeof scenario->sentence, (*row)->sentence);
    if (status == EMG_OK && text[n])
        status = read_settings(*row, text + n + 1, scenario, err);
    if (status != EMG_OK)
        emgp_scenario_free(scenario);
    return status;
}
