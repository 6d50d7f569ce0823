/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All settings as one list: the stages' tables joined, presets, "key = value" files. */
#include <emg/config.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/classify/classify.h"
#include "analysis/detect/detect.h"
#include "analysis/features/features.h"
#include "analysis/quality/quality.h"
#include "base/base.h"
#include "condition/condition.h"

typedef emgp_settings table_of_stage(void);

static table_of_stage *const stages[] = { emgp_condition_table, emgp_noise_table,         emgp_detect_table,
                                          emgp_across_table,    emgp_unit_table,          emgp_episode_table,
                                          emgp_rhythm_table,    emgp_fasciculation_table, emgp_marks_table,
                                          emgp_features_table,  emgp_quality_table };
enum { N_STAGES = sizeof stages / sizeof *stages };

bool emg_config_setting(size_t index, emg_setting *row)
{
    for (size_t s = 0; row && s < N_STAGES; s++) {
        emgp_settings table = stages[s]();
        if (index < table.n) {
            *row = table.rows[index];
            row->offset += table.offset;
            return true;
        }
        index -= table.n;
    }
    return false;
}

emg_config emg_config_defaults(emg_preset preset)
{
    emg_config config;
    memset(&config, 0, sizeof config);
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++)
        emgp_setting_defaults(&row, 1, preset == EMG_PRESET_NEEDLE, &config);
    return config;
}

void emg_config_print(const emg_config *config, size_t index, char out[32])
{
    emg_setting row;
    if (!out)
        return;
    out[0] = '\0';
    if (config && emg_config_setting(index, &row))
        emgp_setting_print(&row, config, out);
}

emg_status emg_config_set(emg_config *config, const char *key, const char *text, emg_error *err)
{
    if (!config || !key || !text)
        return emgp_fail(err, EMG_EARG, "emg_config_set needs a configuration, a key and a value");
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++)
        if (strcmp(row.key, key) == 0)
            return emgp_setting_assign(&row, text, config, err);
    char shown[80];
    emgp_text_printable_string(shown, sizeof shown, key);
    return emgp_fail(err, EMG_EARG, "there is no setting '%s'; --print-config lists them", shown);
}

emg_status emg_config_check(const emg_config *config, emg_error *err)
{
    if (!config)
        return emgp_fail(err, EMG_EARG, "emg_config_check needs a configuration");
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++)
        if (emgp_setting_check(&row, 1, config, err))
            return EMG_ERANGE;
    const double counts[] = { config->condition.order, config->condition.powerline_harmonics,
                              config->condition.powerline, config->condition.ecg, config->marks.within_task };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i] < floor(counts[i]) || counts[i] > floor(counts[i]))
            return emgp_fail(err, EMG_ERANGE,
                             "settings condition.order, condition.powerline_harmonics and those of words must be "
                             "whole numbers");
    if (config->condition.high_hz > 0 && !(config->condition.low_hz < config->condition.high_hz))
        return emgp_fail(err, EMG_ERANGE, "setting condition.low_hz must be below condition.high_hz");
    if (!(config->features.fatigue_low_hz < config->features.fatigue_high_hz))
        return emgp_fail(err, EMG_ERANGE, "setting features.fatigue_low_hz must be below features.fatigue_high_hz");
    if (!(config->marks.artefact_s < config->marks.evoked_s))
        return emgp_fail(err, EMG_ERANGE, "setting marks.artefact_s must be below marks.evoked_s");
    return EMG_OK;
}

/* Takes spaces off both ends of a line's part, in place. */
static char *trimmed(char *text)
{
    while (*text == ' ' || *text == '\t')
        text++;
    size_t n = strlen(text);
    while (n > 0 && strchr(" \t\r\n", text[n - 1]))
        text[--n] = '\0';
    return text;
}

static emg_status apply_line(emg_config *config, char *line, emg_error *err)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    if (strncmp(line, byte_order_mark, 3) == 0)
        line += 3;
    char *comment = strchr(line, '#');
    if (comment)
        *comment = '\0';
    char *text = trimmed(line);
    if (!*text)
        return EMG_OK;
    char *equals = strchr(text, '=');
    if (!equals)
        return emgp_fail(err, EMG_EFORMAT, "a line must read 'key = value'");
    *equals = '\0';
    return emg_config_set(config, trimmed(text), trimmed(equals + 1), err);
}

emg_status emg_config_read(emg_config *config, const char *path, emg_error *err)
{
    if (!config || !path)
        return emgp_fail(err, EMG_EARG, "emg_config_read needs a configuration and a path");
    FILE *file = fopen(path, "re");
    if (!file)
        return emgp_fail(err, EMG_EIO, "%s: %s", path, strerror(errno));
    emg_config changed = *config;
    char line[512];
    emg_status status = EMG_OK;
    for (long number = 1; status == EMG_OK && fgets(line, sizeof line, file); number++) {
        emg_error inner = EMG_ERROR_NONE;
        status = strchr(line, '\n') || feof(file) ? apply_line(&changed, line, &inner)
                                                  : emgp_fail(&inner, EMG_EFORMAT, "the line is too long");
        if (status)
            emgp_fail(err, status, "%s: line %ld: %s", path, number, inner.text);
    }
    if (status == EMG_OK && ferror(file))
        status = emgp_fail(err, EMG_EIO, "%s: %s", path, strerror(errno));
    fclose(file);
    if (status == EMG_OK)
        *config = changed;
    return status;
}
