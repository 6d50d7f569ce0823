/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Channel tables to channel facts: type, unit, muscle and badness, by the channel's name. */
#include "reading/channels/channels.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/base.h"
#include "reading/source/source.h"

/* The columns of a channels.tsv that matter here. */
typedef struct columns {
    size_t name, type, units, muscle, status;
} columns;

static const struct {
    const char *text;
    emg_channel_type type;
} types[] = {
    { "EMG", EMG_TYPE_EMG },        { "EEG", EMG_TYPE_EEG },      { "ECOG", EMG_TYPE_EEG },
    { "SEEG", EMG_TYPE_EEG },       { "DBS", EMG_TYPE_EEG },      { "ECG", EMG_TYPE_ECG },
    { "EKG", EMG_TYPE_ECG },        { "EOG", EMG_TYPE_EOG },      { "VEOG", EMG_TYPE_EOG },
    { "HEOG", EMG_TYPE_EOG },       { "TRIG", EMG_TYPE_TRIGGER }, { "STIM", EMG_TYPE_TRIGGER },
    { "ACCEL", EMG_TYPE_FORCE },    { "GYRO", EMG_TYPE_FORCE },   { "MAGN", EMG_TYPE_FORCE },
    { "ANGACCEL", EMG_TYPE_FORCE }, { "JNTANG", EMG_TYPE_FORCE }, { "ORNT", EMG_TYPE_FORCE },
    { "POS", EMG_TYPE_FORCE },      { "VEL", EMG_TYPE_FORCE },    { "FORCE", EMG_TYPE_FORCE },
    { "TORQUE", EMG_TYPE_FORCE },
};

static bool is_type(const char *text, emg_channel_type *type)
{
    *type = EMG_TYPE_OTHER;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!emgp_text_same(text, types[i].text))
            continue;
        *type = types[i].type;
        return true;
    }
    return emgp_text_same(text, "MISC") || emgp_text_same(text, "OTHER");
}

/* Audio files have no place for a unit: their full scale says it. */
static bool has_unit_field(emg_format format)
{
    return !emgp_format_is_audio(format);
}

/* Whether a table's unit is a voltage, and another than that of the recording. */
static bool is_other_voltage(const emg_channel *c, const char *text)
{
    double to_uv;
    (void)emgp_unit_read(text, strlen(text), &to_uv);
    return to_uv > 0 && c->to_uv > 0 && (to_uv < c->to_uv || to_uv > c->to_uv);
}

/* A unit is used where the recording states none; it never overrides what the recording says. */
static void apply_unit(const emg_recording *rec, emg_channel *c, const char *text)
{
    double to_uv;
    emgp_unit_kind kind = emgp_unit_read(c->unit, strlen(c->unit), &to_uv);
    bool lost = kind == EMGP_UNIT_BLANK || kind == EMGP_UNIT_LOST_MICRO;
    if (!*text || !lost || c->to_uv > 0 || !has_unit_field(rec->facts.format))
        return;
    emgp_unit_read(text, strlen(text), &c->to_uv);
    emgp_text_printable_string(c->unit, sizeof c->unit, text);
}

static void apply_row(const emg_recording *rec, emg_channel *c, const emgp_table *table, const columns *at)
{
    const char *type = emgp_table_cell(table, at->type), *muscle = emgp_table_cell(table, at->muscle);
    emg_channel_type told;
    if (at->type == EMGP_TABLE_COLUMNS && is_type(muscle, &told)) { /* two columns: a type where the muscle would be */
        type = muscle;
        muscle = "";
    }
    emg_channel_type stated;
    if (*type && c->type == EMG_TYPE_UNKNOWN && !c->muscle[0]) {
        (void)is_type(type, &stated);
        c->type = stated;
    }
    if (*muscle && !c->muscle[0])
        emgp_text_printable_string(c->muscle, sizeof c->muscle, muscle);
    if (emgp_text_same(emgp_table_cell(table, at->status), "bad"))
        c->bad = true;
    apply_unit(rec, c, emgp_table_cell(table, at->units));
}

/* Rows that name no channel, and those whose unit is not the recording's. */
typedef struct unmatched {
    size_t n, n_units;
    char first[96]; /* the name in the first that names none */
} unmatched;

/* Applies the rows from the one that has been read, or from the next. */
static unmatched apply_rows(emg_recording *rec, emgp_table *table, const columns *at, bool is_row)
{
    unmatched none = { 0 };
    size_t likely = 0;
    for (; is_row || emgp_table_next(table); is_row = false) {
        char name[96];
        bool found = false;
        emgp_text_printable_string(name, sizeof name, emgp_table_cell(table, at->name));
        for (size_t k = 0; k < rec->facts.n_channels; k++) {
            size_t i = (likely + k) % rec->facts.n_channels; /* rows mostly come in the order of the channels */
            if (!*name || !(emgp_name_is(&rec->channels[i], name) || emgp_select_is_number(&rec->channels[i], name)))
                continue;
            none.n_units += is_other_voltage(&rec->channels[i], emgp_table_cell(table, at->units));
            apply_row(rec, &rec->channels[i], table, at);
            if (!found)
                likely = i + 1;
            found = true;
        }
        if (!found && none.n++ == 0)
            emgp_text_copy(none.first, sizeof none.first, name);
    }
    return none;
}

static columns find_columns(const emgp_table *table)
{
    return (columns){ emgp_table_column(table, "name"), emgp_table_column(table, "type"),
                      emgp_table_column(table, "units"), emgp_table_column(table, "target_muscle"),
                      emgp_table_column(table, "status") };
}

/* --- the unit that the user declares --------------------------------------------------------------------------- */

emg_status emgp_sidecar_unit(emg_recording *rec, const char *unit, emg_error *err)
{
    double to_uv;
    (void)emgp_unit_read(unit, strlen(unit), &to_uv);
    if (!(to_uv > 0))
        return emgp_fail(err, EMG_EARG, "'%.40s' is no unit of a voltage, such as uV, mV or V", unit);
    for (size_t i = 0; i < rec->facts.n_channels; i++)
        if (rec->channels[i].type != EMG_TYPE_TRIGGER)
            apply_unit(rec, &rec->channels[i], unit);
    for (size_t i = 0; i < rec->deviations.n; i++)
        if (strcmp(rec->deviations.list[i].code, "W_UNIT_BLANK") == 0)
            emgp_text_copy(rec->deviations.list[i].action, sizeof rec->deviations.list[i].action, "taken as declared");
    return EMG_OK;
}

/* --- the user's map ------------------------------------------------------------------------------------------ */

emg_status emgp_sidecar_map(emg_recording *rec, const char *path, emg_error *err)
{
    emgp_table table;
    emg_error reason = EMG_ERROR_NONE;
    emg_status status = emgp_table_read(&table, path, EMGP_TABLE_BYTES, &reason);
    if (status == EMG_ENOMEM)
        return emgp_fail_memory(err);
    if (status != EMG_OK)
        return emgp_fail(err, status, "the muscle map cannot be read: %s", reason.text);
    bool any = emgp_table_next(&table);
    columns at = find_columns(&table);
    unmatched none = { 0 };
    bool headed = at.muscle < EMGP_TABLE_COLUMNS || at.type < EMGP_TABLE_COLUMNS;
    if (any && at.name < EMGP_TABLE_COLUMNS && headed) {
        none = apply_rows(rec, &table, &at, false);
    } else if (any && table.n_cells == 2) {
        at = (columns){ 0, EMGP_TABLE_COLUMNS, EMGP_TABLE_COLUMNS, 1, EMGP_TABLE_COLUMNS };
        bool header = emgp_text_same(table.cell[0], "channel") || emgp_text_same(table.cell[0], "name");
        none = apply_rows(rec, &table, &at, !header);
    } else {
        status = emgp_fail(err, EMG_EFORMAT,
                           "the muscle map has neither columns name and target_muscle or type nor two columns channel "
                           "and muscle, separated by tabs");
    }
    emgp_table_free(&table);
    return status == EMG_OK && none.n > 0 ? emgp_notices_map(rec, none.first, none.n, err) : status;
}

/* --- BIDS files beside the recording -------------------------------------------------------------------------- */

/* Noted, and said: names of muscles and what is bad may be lost. */
static emg_status note(emg_recording *rec, const char *field, const char *action, size_t count, emg_error *err)
{
    emgp_finding finding = { .code = "W_SIDECAR", .field = field, .offset = -1, .action = action, .things = "row" };
    char sentence[256];
    snprintf(sentence, sizeof sentence, "%s: %s", field, action);
    emgp_notice(rec, sentence);
    return count > 0 ? emgp_deviate_count(&rec->deviations, &finding, count, err)
                     : emgp_deviate(&rec->deviations, &finding, err);
}

static emg_status note_units(emg_recording *rec, size_t count, emg_error *err)
{
    char value[40];
    snprintf(value, sizeof value, "%zu row%s", count, count == 1 ? "" : "s");
    emgp_finding finding = { .code = "W_SIDECAR",
                             .field = "units in channels.tsv",
                             .offset = -1,
                             .value = value,
                             .n_value = strlen(value),
                             .action = "differ from those of the recording, which hold" };
    emgp_notice(rec, "units in channels.tsv: differ from those of the recording, which hold");
    return emgp_deviate(&rec->deviations, &finding, err);
}

/* What is there must be read: a channel marked bad would be analysed, names of muscles be lost. */
static emg_status read_beside(emgp_table *out, const char *path, const char *what, emg_error *err)
{
    emg_error reason = EMG_ERROR_NONE;
    emg_status status = emgp_table_read(out, path, EMGP_TABLE_BYTES, &reason);
    if (status == EMG_OK)
        return EMG_OK;
    return status == EMG_ENOMEM ? emgp_fail_memory(err) : emgp_beside_refuse(what, reason.text, status, err);
}

static emg_status apply_channels(emg_recording *rec, const char *path, emg_error *err)
{
    static const char field[] = "channels.tsv";
    emgp_table table;
    emg_status status = read_beside(&table, path, field, err);
    if (status != EMG_OK)
        return status;
    bool any = emgp_table_next(&table);
    columns at = find_columns(&table);
    /* Reports of this library's own are named alike and may lie beside the recording. */
    bool ours = any && emgp_table_column(&table, "recording") == 0;
    if (any && at.name < EMGP_TABLE_COLUMNS) {
        unmatched none = apply_rows(rec, &table, &at, false);
        if (none.n > 0)
            status = note(rec, field, "rows name channels that the recording does not have: ignored", none.n, err);
        if (status == EMG_OK && none.n_units > 0)
            status = note_units(rec, none.n_units, err);
    } else if (!ours) {
        status = note(rec, field, "the file beside the recording has no column 'name': ignored", 0, err);
    }
    emgp_table_free(&table);
    return status;
}

/* *stated: the file states the power line frequency (or that there is none). */
static emg_status apply_json(emg_recording *rec, const char *path, bool *stated, emg_error *err)
{
    emgp_table text;
    emg_status status = read_beside(&text, path, "emg.json", err);
    if (status != EMG_OK)
        return status;
    json_t *root = json_loadb(text.bytes + text.at, text.n - text.at, 0, NULL);
    emgp_table_free(&text);
    if (!json_is_object(root)) {
        json_decref(root);
        return note(rec, "emg.json", "the file beside the recording is not a JSON object: ignored", 0, err);
    }
    const json_t *value = json_object_get(root, "PowerLineFrequency");
    *stated = value != NULL;
    double hz = json_number_value(value);
    bool sound = !value || json_is_string(value) || (json_is_number(value) && hz >= 0 && hz <= 1000);
    if (json_is_number(value) && sound)
        rec->facts.power_line_hz = hz;
    json_decref(root);
    return sound ? EMG_OK : note(rec, "PowerLineFrequency", "no frequency in hertz: ignored", 0, err);
}

emg_status emgp_sidecar_find(emg_recording *rec, const char *path, emg_error *err)
{
    emgp_beside beside;
    emg_status status = emgp_beside_open(&beside, path, err);
    if (status != EMG_OK)
        return status;
    char *found = NULL;
    bool stated = false;
    status = emgp_beside_next(&beside, "channels.tsv", &found, err);
    if (status == EMG_OK && found)
        status = apply_channels(rec, found, err);
    emgp_free(found);
    emgp_beside_rewind(&beside);
    while (status == EMG_OK && !stated) {
        status = emgp_beside_next(&beside, "emg.json", &found, err);
        if (status != EMG_OK || !found)
            break;
        status = apply_json(rec, found, &stated, err);
        emgp_free(found);
    }
    emgp_beside_close(&beside);
    return status;
}
