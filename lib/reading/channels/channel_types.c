/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and units to channel types: a name decides where there is one, else a type is assumed last. */
#include "reading/channels/channels.h"

#include <string.h>

#include "base/base.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { GRID_ROW = 32 }; /* places with one letter: A1 to A32 */

static const char *const emg_words[] = { "emg", "semg", "iemg", "hdemg", "hdsemg", "myogram" };
static const char *const trigger_words[] = { "status", "trig",   "trigger", "triggers", "stim",    "stimulus",
                                             "sti",    "sync",   "synch",   "marker",   "markers", "mark",
                                             "event",  "events", "dtrig",   "ttl",      "button",  "ereignis" };
/* "DIG 1", "Dig In 2" are inputs, where nothing else is said: "dig" is also what fingers are called. */
static const char *const input_words[] = { "dig", "digital", "in", "input", "io", "ch", "chan", "channel", "port" };
static const char *const impedance_words[] = { "impedance", "imp",        "impedanz", "impedancia",
                                               "impedenza", "impedantie", "zcheck" };
static const char *const ecg_words[] = { "ecg", "ekg", "elektrokardiogramm" };
static const char *const eog_words[] = { "eog", "veog", "heog", "reog", "leog", "loc", "roc" };
static const char *const eeg_words[] = { "eeg", "ieeg", "seeg", "ecog", "meg" };
/* Parts of words that say as much: "ECGL", "EOGV", "EEGC3", "LLEGEMG". */
static const char *const ecg_parts[] = { "ecg", "ekg" }, *const eog_parts[] = { "eog" }, *const eeg_parts[] = { "eeg" },
                         *const emg_parts[] = { "emg" };
static const char *const force_words[] = {
    "force",     "torque", "angle",  "gonio",  "goniometer", "acc",          "accel",    "accelerometer", "gyro",
    "gyroscope", "imu",    "moment", "load",   "strain",     "kraft",        "winkel",   "drehmoment",    "fuerza",
    "angulo",    "couple", "forza",  "dynamo", "mvc",        "displacement", "velocity", "mag",           "magn"
};
static const char *const other_words[] = {
    "resp", "respiration", "airflow",     "flow",    "press", "pressure", "sao",  "spo",     "oxy", "ox",       "pleth",
    "ppg",  "temp",        "temperature", "snore",   "thor",  "thorax",   "abdo", "abdomen", "pos", "position", "light",
    "crc",  "eda",         "gsr",         "scl",     "hr",    "pulse",    "bpm",  "leak",    "co",  "sound",    "audio",
    "mic",  "microphone",  "battery",     "counter", "date",  "time",     "ref",  "gnd"
};

/* An electrode of the 10-20 system: a region, then z or one or two digits. Returns its length, 0 for none. */
static size_t electrode(const char *text)
{
    static const char *const regions[] = { "Fp", "AF", "FT", "FC", "TP", "CP", "PO", "F", "T", "C", "P", "O", "I" };
    for (size_t i = 0; i < COUNT(regions); i++) {
        size_t n = strlen(regions[i]), digits = 0;
        char head[3] = { text[0], text[0] ? text[1] : '\0', '\0' };
        if (n == 1)
            head[1] = '\0';
        if (!emgp_text_same(head, regions[i]))
            continue;
        if (text[n] == 'z' || text[n] == 'Z')
            return n + 1;
        while (digits < 2 && text[n + digits] >= '0' && text[n + digits] <= '9')
            digits++;
        if (digits > 0)
            return n + digits;
    }
    return 0;
}

/* "Ref", "M1", "C4": what an electrode of the head is measured against. */
static bool is_reference(const char *text)
{
    static const char *const references[] = { "Ref", "A1", "A2", "M1", "M2", "Av", "AVG", "LE", "Cz", "Fpz" };
    for (size_t i = 0; i < COUNT(references); i++)
        if (emgp_text_same(text, references[i]))
            return true;
    size_t m = electrode(text);
    return m > 0 && text[m] == '\0';
}

/* "Fp1", "FC5.", "C3-Ref", "Fp2-F4", "C4-A1": an electrode alone or against a reference. */
static bool is_electrode_label(const char *label)
{
    size_t n = electrode(label);
    if (n == 0)
        return false;
    while (label[n] == '.')
        n++;
    if (label[n] == '\0')
        return true;
    return (label[n] == '-' || label[n] == ':') && is_reference(label + n + 1);
}

/* "E1-M2", "E2:A1": the eyes' electrodes of sleep laboratories, which are only known by their references. */
static bool is_eye_label(const char *label)
{
    bool eye = (label[0] == 'E' || label[0] == 'e') && (label[1] == '1' || label[1] == '2');
    return eye && (label[2] == '-' || label[2] == ':' || label[2] == '/') && is_reference(label + 3);
}

static bool is_input_label(const emgp_words *words)
{
    bool digital = false;
    for (size_t i = 0; i < words->n; i++) {
        const char *word = words->word[i];
        bool known = word[0] >= '0' && word[0] <= '9';
        for (size_t k = 0; k < COUNT(input_words); k++)
            known = known || strcmp(word, input_words[k]) == 0;
        if (!known)
            return false;
        digital = digital || strncmp(word, "dig", 3) == 0;
    }
    return digital;
}

static bool have(const emgp_words *words, const char *const *wanted, size_t n)
{
    return emgp_words_have(words, wanted, n);
}

/* "Add mag": the great adductor is no magnetometer. */
static bool is_adductor(const emgp_words *words)
{
    static const char *const adductors[] = { "add", "adduct", "adductor" };
    return have(words, adductors, COUNT(adductors));
}

static bool begins_with_emg(const emgp_words *words)
{
    return words->n > 0 && strncmp(words->word[0], "emg", 3) == 0;
}

emg_channel_type emgp_type_of(const char *label, const char *unit)
{
    emgp_words words;
    double to_uv;
    emgp_words_cut(&words, label);
    emgp_unit_kind kind = emgp_unit_read(unit, strlen(unit), &to_uv);
    if (have(&words, impedance_words, COUNT(impedance_words)))
        return EMG_TYPE_OTHER;
    if (begins_with_emg(&words))
        return EMG_TYPE_EMG;
    if (have(&words, trigger_words, COUNT(trigger_words)) || is_input_label(&words))
        return EMG_TYPE_TRIGGER;
    if (have(&words, ecg_words, COUNT(ecg_words)) || emgp_words_hold(&words, ecg_parts, COUNT(ecg_parts)))
        return EMG_TYPE_ECG;
    if (have(&words, eog_words, COUNT(eog_words)) || emgp_words_hold(&words, eog_parts, COUNT(eog_parts)) ||
        is_eye_label(label))
        return EMG_TYPE_EOG;
    if (have(&words, eeg_words, COUNT(eeg_words)) || emgp_words_hold(&words, eeg_parts, COUNT(eeg_parts)) ||
        is_electrode_label(label))
        return EMG_TYPE_EEG;
    if (kind == EMGP_UNIT_MECHANICAL || (have(&words, force_words, COUNT(force_words)) && !is_adductor(&words)))
        return EMG_TYPE_FORCE;
    if (have(&words, emg_words, COUNT(emg_words)) || emgp_words_hold(&words, emg_parts, COUNT(emg_parts)))
        return EMG_TYPE_EMG;
    if (kind == EMGP_UNIT_OTHER)
        return EMG_TYPE_OTHER;
    emgp_muscle_facts muscle = emgp_muscle_read(&words);
    bool other = have(&words, other_words, COUNT(other_words));
    if (muscle.named && !(muscle.region && other))
        return EMG_TYPE_EMG;
    return other ? EMG_TYPE_OTHER : EMG_TYPE_UNKNOWN;
}

/* The muscle's name as found: the label, without a leading "EMG" when a name follows. */
static void name_muscle(emg_channel *c)
{
    const char *rest = c->label;
    if (strlen(rest) > 3 && (memcmp(rest, "EMG", 3) == 0 || memcmp(rest, "emg", 3) == 0)) {
        rest += 3;
        size_t separators = strspn(rest, " _-:.");
        rest += separators;
        bool letter = false;
        for (const char *p = rest; *p; p++)
            letter = letter || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || (unsigned char)*p >= 0x80;
        if (separators == 0 || !letter) /* "EMG1" and "EMG 1" say more than "1" */
            rest = c->label;
    }
    emgp_text_copy(c->muscle, sizeof c->muscle, *rest ? rest : c->name);
}

bool emgp_types_unrecognised(const emg_channel *c, double least_hz)
{
    double to_uv;
    emgp_unit_kind kind = emgp_unit_read(c->unit, strlen(c->unit), &to_uv);
    return c->type == EMG_TYPE_UNKNOWN && c->usable && !c->bad && c->rate_hz >= least_hz &&
           (to_uv > 0 || kind == EMGP_UNIT_BLANK || kind == EMGP_UNIT_LOST_MICRO);
}

/* "A1" to "A32", "B1", ...: a place in the grid of a cap. */
static bool is_grid_label(const char *label)
{
    size_t digits = strspn(label + (label[0] != '\0'), "0123456789");
    int64_t number;
    return label[0] >= 'A' && label[0] <= 'H' && digits > 0 && digits <= 2 && label[1 + digits] == '\0' &&
           emgp_integer_parse(label + 1, digits, &number) && number >= 1 && number <= GRID_ROW;
}

/* Whether channels lie on the head: one says so, or there is half a row of a cap's grid. */
static bool is_of_the_head(const emg_channel *channels, size_t n)
{
    size_t n_grid = 0;
    for (size_t i = 0; i < n; i++) {
        n_grid += is_grid_label(channels[i].label);
        if (channels[i].type == EMG_TYPE_EEG)
            return true;
    }
    return n_grid >= GRID_ROW / 2;
}

void emgp_types_describe(emg_channel *c)
{
    if (c->type == EMG_TYPE_UNKNOWN)
        c->type = c->muscle[0] ? EMG_TYPE_EMG : emgp_type_of(c->label, c->unit);
    if (!c->muscle[0])
        name_muscle(c);
    emgp_words words;
    const char *shows;
    emgp_words_cut(&words, c->muscle);
    emgp_muscle_facts facts = emgp_muscle_read(&words);
    if (facts.side == EMG_SIDE_UNKNOWN) { /* "EMG1" whose muscle a sidecar gives may still say left in its label */
        emgp_words_cut(&words, c->label);
        facts.side = emgp_muscle_read(&words).side;
    }
    c->side = facts.side;
    c->reflex_site = facts.reflex_site;
    c->action = facts.action;
    c->envelope = c->type == EMG_TYPE_EMG && emgp_envelope_sign(c, &shows);
    c->is_muscle = c->type == EMG_TYPE_EMG && !c->bad && !c->envelope;
}

size_t emgp_types_assign(emg_channel *channels, size_t n)
{
    bool any = false;
    size_t n_assumed = 0;
    for (size_t i = 0; i < n; i++) {
        bool named = channels[i].muscle[0];
        emgp_types_describe(&channels[i]);
        if (!named)
            emgp_same_label(channels, n, i);
        any = any || channels[i].type == EMG_TYPE_EMG;
    }
    any = any || is_of_the_head(channels, n);
    for (size_t i = 0; i < n && !any; i++) {
        if (!emgp_types_unrecognised(&channels[i], EMGP_LEAST_ASSUMED_HZ))
            continue;
        channels[i].is_muscle = channels[i].type_assumed = true;
        n_assumed++;
    }
    return n_assumed;
}
