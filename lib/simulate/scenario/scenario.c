/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading scenarios: lines of "key = value" under headings in brackets, any bytes taken or refused with their line. */
#include "simulate/scenario/scenario.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

enum { LINE_ROOM = 1024, SHOWN_ROOM = 40 };

/* The text while it is read. */
typedef struct reader {
    emgp_scenario *scenario;
    const char *origin;
    size_t line, channel; /* number of the line; of channels begun */
    emg_error *err;
} reader;

static emg_status refuse(const reader *r, emg_status status, const char *sentence)
{
    return emgp_fail(r->err, status, "%s: line %zu: %s", r->origin, r->line, sentence);
}

/* A sentence with a part of the text in it. */
static emg_status refuse_text(const reader *r, const char *before, const char *text, const char *after)
{
    char shown[SHOWN_ROOM];
    emgp_text_printable_string(shown, sizeof shown, text);
    return emgp_fail(r->err, EMG_EARG, "%s: line %zu: %s'%s'%s", r->origin, r->line, before, shown, after);
}

static void start_section(emgp_scenario_section *s, emgp_kind kind, size_t line)
{
    const emgp_kind_row *row = emgp_kind_of(kind);
    *s = (emgp_scenario_section){ .kind = kind, .line = line };
    emgp_text_copy(s->mark, sizeof s->mark, row->mark);
    emgp_setting_defaults(row->keys, row->n_keys, false, &s->plan);
    for (size_t k = 0; k < row->n_keys; k++)
        for (size_t i = 1; emgp_key_is_list(&row->keys[k]) && i < EMGP_SCENE_CHANNELS; i++)
            memcpy((char *)&s->plan + row->keys[k].offset + i * sizeof(double), (char *)&s->plan + row->keys[k].offset,
                   sizeof(double));
}

static emgp_scenario_section *add_section(emgp_scenario *scenario, emgp_kind kind, size_t line)
{
    void *sections = scenario->section;
    if (!emgp_reserve(&sections, &scenario->room, scenario->n, scenario->n + 1, sizeof *scenario->section))
        return NULL;
    scenario->section = sections;
    emgp_scenario_section *s = &scenario->section[scenario->n++];
    start_section(s, kind, line);
    return s;
}

/* One value; "none" where the row's default is none. */
static emg_status assign_one(const emg_setting *key, const char *text, size_t place, emgp_plan *plan, emg_error *err)
{
    emg_setting row = *key;
    row.offset += place * sizeof(double);
    if (isnan(row.fallback) && strcmp(text, "none") == 0) {
        emgp_setting_defaults(&row, 1, false, plan);
        return EMG_OK;
    }
    return emgp_setting_assign(&row, text, plan, err);
}

/* Cuts the next part of a list off at its comma, trimmed; NULL at the end. */
static char *next_part(char **rest)
{
    if (!*rest)
        return NULL;
    char *part = *rest, *comma = strchr(part, ',');
    *rest = comma ? comma + 1 : NULL;
    if (comma)
        *comma = '\0';
    size_t from = 0, to = strlen(part);
    emgp_text_trim(part, &from, &to);
    part[to] = '\0';
    return part + from;
}

static emg_status assign_list(const emg_setting *key, char *text, emgp_plan *plan, emg_error *err)
{
    size_t n = 0;
    emg_status status = EMG_OK;
    for (char *part; status == EMG_OK && (part = next_part(&text)) != NULL; n++)
        status = n < EMGP_SCENE_CHANNELS
                     ? assign_one(key, part, n, plan, err)
                     : emgp_fail(err, EMG_EARG, "setting %s: more numbers than channels are possible", key->key);
    for (; status == EMG_OK && n < EMGP_SCENE_CHANNELS; n++) {
        char *x = (char *)plan + key->offset;
        memcpy(x + n * sizeof(double), x + (n - 1) * sizeof(double), sizeof(double));
    }
    return status;
}

static emg_status assign(emgp_scenario_section *s, size_t k, char *text, emg_error *err)
{
    const emg_setting *key = &emgp_kind_of(s->kind)->keys[k];
    s->given |= UINT64_C(1) << k;
    return emgp_key_is_list(key) ? assign_list(key, text, &s->plan, err) : assign_one(key, text, 0, &s->plan, err);
}

const char *emgp_scenario_label(const emgp_scenario *scenario, size_t channel)
{
    for (size_t i = 0; i < scenario->n; i++)
        if (scenario->section[i].kind == EMGP_CHANNEL && channel-- == 0)
            return scenario->section[i].label;
    return "";
}

static size_t find_label(const reader *r, const char *label)
{
    size_t i = 0;
    while (i < r->channel && strcmp(emgp_scenario_label(r->scenario, i), label) != 0)
        i++;
    return i;
}

/* "on = LABEL, LABEL" or "on = all". */
static emg_status read_on(const reader *r, emgp_scenario_section *s, char *text)
{
    s->n_on = 0;
    s->on_given = true;
    if (strcmp(text, "all") == 0) {
        for (size_t i = 0; i < r->channel; i++)
            s->on[s->n_on++] = i;
        return EMG_OK;
    }
    for (char *part; (part = next_part(&text)) != NULL;) {
        size_t channel = find_label(r, part);
        if (channel == r->channel)
            return refuse_text(r, "no channel ", part, " stands above; channels begin with [channel LABEL]");
        for (size_t i = 0; i < s->n_on; i++)
            if (s->on[i] == channel)
                return refuse_text(r, "channel ", part, " is named twice");
        s->on[s->n_on++] = channel;
    }
    return EMG_OK;
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7E)
            return false;
    return true;
}

static emg_status read_text(const reader *r, char *out, size_t room, const char *value)
{
    if (strlen(value) >= room || !is_plain(value))
        return refuse_text(r, "", value, " is too long or not plain ASCII");
    emgp_text_copy(out, room, value);
    return EMG_OK;
}

static emg_status read_number(const reader *r, emgp_scenario_section *s, const char *key, char *value)
{
    const emgp_kind_row *kind = emgp_kind_of(s->kind);
    emg_error inner = EMG_ERROR_NONE;
    size_t k = emgp_key_find(kind, key);
    if (k == kind->n_keys) {
        char shown[SHOWN_ROOM];
        emgp_text_printable_string(shown, sizeof shown, key);
        return emgp_fail(r->err, EMG_EARG, "%s: line %zu: [%s] has no key '%s'; 'emg-simulate --list-keys' shows them",
                         r->origin, r->line, kind->word, shown);
    }
    if (s->given >> k & 1)
        return refuse_text(r, "key ", key, " is given twice in this section");
    emg_status status = assign(s, k, value, &inner);
    return status == EMG_OK ? EMG_OK : refuse(r, status, inner.text);
}

static emg_status read_pair(const reader *r, char *key, char *value)
{
    emgp_scenario *scenario = r->scenario;
    emgp_scenario_section *s = scenario->n ? &scenario->section[scenario->n - 1] : NULL;
    if (!s)
        return refuse_text(r, "key ", key, " stands above the first section; a scenario begins with [recording]");
    const emgp_kind_row *kind = emgp_kind_of(s->kind);
    if (s->kind == EMGP_RECORDING && strcmp(key, "name") == 0)
        return read_text(r, scenario->name, sizeof scenario->name, value);
    if (s->kind == EMGP_RECORDING && strcmp(key, "sentence") == 0)
        return read_text(r, scenario->sentence, sizeof scenario->sentence, value);
    if (kind->has_channels && strcmp(key, "on") == 0)
        return read_on(r, s, value);
    if (kind->has_mark && strcmp(key, "mark") == 0) {
        s->mark_given = true;
        return read_text(r, s->mark, sizeof s->mark, strcmp(value, "none") == 0 ? "" : value);
    }
    return read_number(r, s, key, value);
}

/* Where this kind of section may stand. */
static emg_status check_place(const reader *r, emgp_kind kind)
{
    const emgp_scenario *scenario = r->scenario;
    if (scenario->n >= EMGP_SCENARIO_SECTIONS)
        return refuse(r, EMG_EARG, "more sections than the 256 that are possible");
    if ((kind == EMGP_RECORDING) != (scenario->n == 0))
        return refuse(r, EMG_EARG, "a scenario begins with [recording], and has one");
    if (kind == EMGP_CHANNEL && r->channel == EMGP_SCENE_CHANNELS)
        return refuse(r, EMG_EARG, "more than the 16 channels that are possible");
    if (kind > EMGP_CHANNEL && r->channel == 0)
        return refuse(r, EMG_EARG, "an activity stands below a [channel LABEL]");
    for (size_t i = 0; kind == EMGP_POWERLINE && i < scenario->n; i++)
        if (scenario->section[i].kind == EMGP_POWERLINE)
            return refuse(r, EMG_EARG, "there is one [mains]");
    return EMG_OK;
}

static emg_status begin_channel(reader *r, emgp_scenario_section *s, const char *label)
{
    emg_status status = *label ? EMG_OK : refuse(r, EMG_EARG, "a channel needs a label: [channel LABEL]");
    if (status == EMG_OK && (strchr(label, ',') || strcmp(label, "all") == 0))
        status = refuse_text(r, "label ", label, " has a comma or is 'all'");
    if (status == EMG_OK && find_label(r, label) < r->channel)
        status = refuse_text(r, "channel ", label, " stands above already");
    if (status == EMG_OK)
        status = read_text(r, s->label, sizeof s->label, label);
    r->channel++;
    return status;
}

/* "[KIND]" or "[channel LABEL]", without the brackets. */
static emg_status read_heading(reader *r, char *heading)
{
    char *label = heading + strcspn(heading, " \t");
    if (*label) {
        *label++ = '\0';
        label += strspn(label, " \t");
    }
    size_t kind = 0;
    while (kind < EMGP_N_KINDS && strcmp(emgp_kind_of((emgp_kind)kind)->word, heading) != 0)
        kind++;
    if (kind == EMGP_N_KINDS)
        return refuse_text(r, "there is no section [", heading, "]; 'emg-simulate --list-keys' shows them");
    if (*label && kind != EMGP_CHANNEL)
        return refuse_text(r, "only [channel LABEL] has a label, not [", heading, "]");
    emg_status status = check_place(r, (emgp_kind)kind);
    if (status != EMG_OK)
        return status;
    emgp_scenario_section *s = add_section(r->scenario, (emgp_kind)kind, r->line);
    if (!s)
        return emgp_fail_memory(r->err);
    if (kind == EMGP_CHANNEL)
        return begin_channel(r, s, label);
    s->on[0] = r->channel ? r->channel - 1 : 0; /* an activity is that of the channel above it */
    s->n_on = 1;
    return EMG_OK;
}

static emg_status read_line(reader *r, char *line)
{
    if (*line == '\0' || *line == '#')
        return EMG_OK;
    size_t n = strlen(line);
    if (*line == '[') {
        if (line[n - 1] != ']')
            return refuse_text(r, "", line, " lacks its closing bracket");
        line[n - 1] = '\0';
        return read_heading(r, line + 1);
    }
    char *equals = strchr(line, '=');
    if (!equals)
        return refuse_text(r, "", line, " is neither 'key = value' nor '[section]' nor '# comment'");
    size_t from = 0, to = (size_t)(equals - line);
    emgp_text_trim(line, &from, &to);
    line[to] = '\0';
    char *value = equals + 1 + strspn(equals + 1, " \t");
    return read_pair(r, line, value);
}

/* Copies the line at text[0..n) without its surrounding spaces; false when it is too long or holds a NUL. */
static bool take_line(const char *text, size_t n, char line[LINE_ROOM])
{
    while (n > 0 && strchr(" \t\r", text[n - 1]) && text[n - 1])
        n--;
    while (n > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        n--;
    }
    if (n >= LINE_ROOM || memchr(text, 0, n))
        return false;
    memcpy(line, text, n);
    line[n] = '\0';
    return true;
}

static emg_status read_all(reader *r, const char *text, size_t n)
{
    char line[LINE_ROOM];
    emg_status status = EMG_OK;
    for (size_t at = 0; at < n && status == EMG_OK;) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t length = end ? (size_t)(end - text) - at : n - at;
        r->line++;
        status = take_line(text + at, length, line) ? read_line(r, line)
                                                    : refuse(r, EMG_EARG, "the line is too long or holds a NUL byte");
        at += length + 1;
    }
    if (status == EMG_OK && r->channel == 0)
        status = refuse(r, EMG_EARG, "the scenario has no [channel LABEL]");
    return status;
}

emg_status emgp_scenario_read(emgp_scenario *out, const char *text, size_t n, const char *origin, emg_error *err)
{
    char shown[SHOWN_ROOM + 24];
    emgp_text_printable_string(shown, sizeof shown, origin);
    *out = (emgp_scenario){ .n = 0 };
    emgp_text_copy(out->name, sizeof out->name, "scenario");
    reader r = { .scenario = out, .origin = shown, .err = err };
    emg_status status = read_all(&r, text, n);
    out->n_channels = r.channel;
    if (status != EMG_OK)
        emgp_scenario_free(out);
    return status;
}

void emgp_scenario_free(emgp_scenario *scenario)
{
    emgp_free(scenario->section);
    *scenario = (emgp_scenario){ .n = 0 };
}

emg_status emgp_scenario_set(emgp_scenario *scenario, emgp_kind kind, const char *key, const char *text, bool add,
                             emg_error *err)
{
    size_t n_found = 0, k = emgp_key_find(emgp_kind_of(kind), key);
    for (size_t i = 0; i < scenario->n; i++)
        n_found += scenario->section[i].kind == kind;
    if (n_found == 0 && add && !add_section(scenario, kind, 0))
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    for (size_t i = 0; i < scenario->n && status == EMG_OK; i++) {
        char copy[LINE_ROOM];
        emgp_text_copy(copy, sizeof copy, text);
        if (scenario->section[i].kind == kind)
            status = assign(&scenario->section[i], k, copy, err);
    }
    return status;
}
