/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and units to channel types: a name decides where there is one, else a type is assumed last. */
#include "reading/channels/channels.h"

#include <string.h>

#include "base/base.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const emg_words[] = { "emg", "semg", "iemg", "hdemg", "hdsemg", "myogram" };
static const char *const trigger_words[] = { "status", "trig",  "trigger", "triggers", "stim",    "stimulus", "sti",
                                             "sync",   "synch", "marker",  "markers",  "mark",    "event",    "events",
                                             "dig",    "dtrig", "ttl",     "button",   "ereignis" };
static const char *const ecg_words[] = { "ecg", "ekg", "elektrokardiogramm" };
static const char *const eog_words[] = { "eog", "veog", "heog", "reog", "leog", "loc", "roc" };
static const char *const eeg_words[] = { "eeg", "ieeg", "seeg", "ecog", "meg" };
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
    if (label[n] != '-' && label[n] != ':')
        return false;
    const char *rest = label + n + 1;
    size_t m = electrode(rest);
    static const char *const references[] = { "Ref", "A1", "A2", "M1", "M2", "Av", "AVG", "LE", "REF", "Cz" };
    for (size_t i = 0; i < COUNT(references); i++)
        if (emgp_text_same(rest, references[i]))
            return true;
    return m > 0 && rest[m] == '\0';
}

static bool begins_with_emg(const emgp_words *words)
{
    return words->n > 0 && strncmp(words->word[0], "emg", 3) == 0;
}

static bool have(const emgp_words *words, const char *const *wanted, size_t n)
{
    return emgp_words_have(words, wanted, n);
}

emg_channel_type emgp_type_of(const char *label, const char *unit)
{
    emgp_words words;
    double to_uv;
    emgp_words_cut(&words, label);
    emgp_unit_kind kind = emgp_unit_read(unit, strlen(unit), &to_uv);
    if (begins_with_emg(&words))
        return EMG_TYPE_EMG;
    if (have(&words, trigger_words, COUNT(trigger_words)))
        return EMG_TYPE_TRIGGER;
    if (have(&words, ecg_words, COUNT(ecg_words)))
        return EMG_TYPE_ECG;
    if (have(&words, eog_words, COUNT(eog_words)))
        return EMG_TYPE_EOG;
    if (have(&words, eeg_words, COUNT(eeg_words)) || is_electrode_label(label))
        return EMG_TYPE_EEG;
    if (kind == EMGP_UNIT_MECHANICAL || have(&words, force_words, COUNT(force_words)))
        return EMG_TYPE_FORCE;
    if (have(&words, emg_words, COUNT(emg_words)))
        return EMG_TYPE_EMG;
    if (kind == EMGP_UNIT_OTHER)
        return EMG_TYPE_OTHER;
    if (emgp_muscle_read(&words).named)
        return EMG_TYPE_EMG;
    return have(&words, other_words, COUNT(other_words)) ? EMG_TYPE_OTHER : EMG_TYPE_UNKNOWN;
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

/* A channel that nothing names, but that could hold a muscle's signal. */
static bool could_be_muscle(const emg_channel *c)
{
    double to_uv;
    emgp_unit_kind kind = emgp_unit_read(c->unit, strlen(c->unit), &to_uv);
    return c->type == EMG_TYPE_UNKNOWN && c->usable && !c->bad && c->rate_hz >= EMGP_LEAST_ASSUMED_HZ &&
           (to_uv > 0 || kind == EMGP_UNIT_BLANK || kind == EMGP_UNIT_LOST_MICRO);
}

void emgp_types_describe(emg_channel *c)
{
    if (c->type == EMG_TYPE_UNKNOWN)
        c->type = c->muscle[0] ? EMG_TYPE_EMG : emgp_type_of(c->label, c->unit);
    if (!c->muscle[0])
        name_muscle(c);
    emgp_words words;
    emgp_words_cut(&words, c->muscle);
    emgp_muscle_facts facts = emgp_muscle_read(&words);
    if (facts.side == EMG_SIDE_UNKNOWN) { /* "EMG1" whose muscle a sidecar gives may still say left in its label */
        emgp_words_cut(&words, c->label);
        facts.side = emgp_muscle_read(&words).side;
    }
    c->side = facts.side;
    c->reflex_site = facts.reflex_site;
    c->envelope = c->type == EMG_TYPE_EMG && emgp_envelope_sign(c);
    c->is_muscle = c->type == EMG_TYPE_EMG && !c->bad && !c->envelope;
}

size_t emgp_types_assign(emg_channel *channels, size_t n)
{
    bool any = false;
    size_t n_assumed = 0;
    for (size_t i = 0; i < n; i++) {
        emgp_types_describe(&channels[i]);
        any = any || channels[i].type == EMG_TYPE_EMG;
    }
    for (size_t i = 0; i < n && !any; i++) {
        if (!could_be_muscle(&channels[i]))
            continue;
        channels[i].is_muscle = channels[i].type_assumed = true;
        n_assumed++;
    }
    return n_assumed;
}
