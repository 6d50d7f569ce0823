/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name of a preset with settings behind a colon, as in "fasciculation:snr_db=12,per_min=10". */
#include <emg/simulate.h>

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "simulate/presets.h"
#include "base/setting.h"
#include "base/status.h"
#include "base/text.h"

enum { WORD_ROOM = 48 };

#define ROW(key, unit, least, most, sentence)                                                                          \
    {                                                                                                                  \
#key, unit, least, most, NAN, NAN, NULL, offsetof(emgp_scene_settings, key), sentence                          \
    }

/* Defaults are the preset's own, hence NaN. */
static const emg_setting rows[] = {
    ROW(snr_db, "dB", 0, 50,
        "peak-SNR of the discharges: peak over the noise's standard deviation, in the analysis band"),
    ROW(per_min, "/min", 0.1, 1800, "discharges or jerks a minute and muscle"),
    ROW(rhythm_hz, "Hz", 1, 20, "beats of tremor, or firings of the regular unit, a second"),
    ROW(burst_ms, "ms", 15, 120, "mean length of a jerk"),
    ROW(noise_uv, "uV", 0.2, 50, "standard deviation of the background in the analysis band"),
    ROW(hum_uv, "uV", 0, 500, "peak of the mains hum's fundamental"),
    ROW(hum_hz, "Hz", 45, 65, "frequency of the mains hum"),
};

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

static const emg_setting *row_of(const char *key)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].key, key) == 0)
            return &rows[i];
    return NULL;
}

/* Setting `index` of a preset. */
static const emg_setting *setting_of(const emgp_simulation_preset *preset, size_t index)
{
    char word[WORD_ROOM];
    const char *keys = preset->keys;
    for (size_t i = 0; take_word(&keys, ' ', word); i++)
        if (i == index)
            return row_of(word);
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
    return row ? setting_of(row, index) : NULL;
}

/* Applies one "key=value". */
static emg_status apply(const emgp_simulation_preset *preset, char *word, emgp_scene_settings *settings, emg_error *err)
{
    char *equals = strchr(word, '='), shown[2 * WORD_ROOM];
    const emg_setting *row = NULL;
    if (equals)
        *equals = '\0';
    for (size_t i = 0; equals && (row = setting_of(preset, i)) != NULL; i++)
        if (strcmp(row->key, word) == 0)
            return emgp_setting_assign(row, equals + 1, settings, err);
    emgp_text_printable_string(shown, sizeof shown, word);
    return emgp_fail(err, EMG_EARG, "preset '%s' takes no setting '%s'; it takes: %s", preset->name, shown,
                     preset->keys);
}

emg_status emgp_simulation_preset_parse(const char *text, const emgp_simulation_preset **row,
                                        emgp_scene_settings *settings, emg_error *err)
{
    char word[WORD_ROOM], shown[WORD_ROOM];
    size_t n = text ? strcspn(text, ":") : 0;
    *row = text ? find_preset(text, n) : NULL;
    if (!*row) {
        emgp_text_printable(shown, sizeof shown, text ? text : "", n);
        return emgp_fail(err, EMG_EARG, "there is no such preset as '%s'; 'emg-simulate --list' shows them", shown);
    }
    emgp_setting_defaults(rows, sizeof rows / sizeof *rows, false, settings);
    if (!text[n])
        return EMG_OK;
    emg_status status = EMG_OK;
    const char *list = text + n + 1;
    do {
        if (!take_word(&list, ',', word))
            return emgp_fail(err, EMG_EARG, "the settings of preset '%s' are not key=value,key=value", (*row)->name);
        status = apply(*row, word, settings, err);
    } while (status == EMG_OK && *list);
    return status;
}
