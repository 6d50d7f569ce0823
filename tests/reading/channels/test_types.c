/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels: which name muscles, on which side, with a stretch reflex or not, and which name something else. */
#include "support/test.h"

#include <stdio.h>
#include <string.h>

#include "reading/channels/channels.h"

typedef struct muscle_case {
    const char *label;
    emg_side side;
    bool reflex_site;
} muscle_case;

#define L EMG_SIDE_LEFT
#define R EMG_SIDE_RIGHT
#define U EMG_SIDE_UNKNOWN

static const muscle_case muscles[] = {
    { "RAT", R, false },
    { "Vast lat", U, true },
    { "Lgastroc", L, true },
    { "Rsoleus", R, true },
    { "sEMG RVM", R, true },
    { "LArm EMG", L, false },
    { "ES L3", U, false },
    { "ES R L3", R, false },
    { "MF L L5", L, false },
    { "Multifidus L5", U, false },
    { "Add mag", U, false },
    { "Adductor mag L", L, false },
    { "PLM li", L, false },
    { "Tibia re", R, false },
    { "Subment", U, false },
    { "BFlh R", R, false },
    { "Semiten", U, false },
    { "Diaph", U, false },
    { "Laryngeus", U, false },
    { "Parasternal", U, false },
    { "Gemello med", U, true },
    { "QL", U, false },
    { "Kn Ext", U, false },
    { "LAT", L, false },
    { "L_Biceps_Bra", L, false },
    { "TA li", L, false },
    { "TA re", R, false },
    { "TAli", L, false },
    { "TA_L", L, false },
    { "RTA", R, false },
    { "BicepsR", R, false },
    { "EMG L Gastrocnemius", L, true },
    { "Soleus", U, true },
    { "SOL", U, true },
    { "LSOL", L, true },
    { "MG", U, true },
    { "R MG", R, true },
    { "GM", U, true },
    { "gastroc med", U, true },
    { "M. gastrocnemius lateralis re.", R, true },
    { "jumeau interne gauche", L, true },
    { "gemelo izq", L, true },
    { "Soleo der", R, true },
    { "Wadenmuskel links", L, true },
    { "triceps surae", U, true },
    { "Rectus femoris", U, true },
    { "recto femoral", U, true },
    { "droit ant\xC3\xA9rieur de la cuisse", U, true },
    { "tibial ant\xC3\xA9rieur droit", R, false },
    { "Quadr\xC3\xAD"
      "ceps D",
      R, true },
    { "RF", U, true },
    { "VL", U, true },
    { "VM", U, true },
    { "vasto lateral", U, true },
    { "Vastus Lateralis L", L, true },
    { "BF", U, false },
    { "Biceps femoris", U, false },
    { "biceps brachii", U, false },
    { "Bizeps rechts", R, false },
    { "Rectus abdominis", U, false },
    { "TA", U, false },
    { "Tibialis Anterior", U, false },
    { "right tibialis anterior", R, false },
    { "jambier ant\xC3\xA9rieur", U, false },
    { "Tib Ant", U, false },
    { "FDI R", R, false },
    { "First Dorsal Interosseous", U, false },
    { "left abductor digiti minimi", L, false },
    { "ADM", U, false },
    { "APB l", L, false },
    { "ECR", U, false },
    { "forearm flexors", U, false },
    { "Flexor carpi radialis", U, false },
    { "Deltoideus dx", R, false },
    { "Trapezius sin", L, false },
    { "UTrap", U, false },
    { "Masseter L", L, true },
    { "Chin", U, false },
    { "submental", U, false },
    { "orbicularis oris", U, false },
    { "Zwerchfell", U, false },
    { "SCM", U, false },
    { "RLEG", R, false },
    { "Leg L", L, false },
    { "BB", U, false },
    { "biceps1", U, false },
    { "TA prox", U, false },
    { "GLUTEUS MAX RT", R, false },
    /* what sleep, intra-operative and sports laboratories write: English */
    { "LLEGEMG", L, false },
    { "RARMEMG", R, false },
    { "CHINEMG", U, false },
    { "Chin1-Chin2", U, false },
    { "L bicep", L, false },
    { "R tricep", R, false },
    { "L Quad", L, true },
    { "R Ham", R, false },
    { "Left Neck", L, false },
    { "Arm/R", R, false },
    { "Wrist Ext", U, false },
    { "LexDIG1", L, false },
    { "Genioglossus", U, false },
    { "genio", U, false },
    { "Zygo L", L, false },
    { "L vocalis", L, false },
    { "Rect abd R", R, false },
    { "Jaw left", L, false },
    { "L Lat Dorsi", L, false },
    { "Ext Dig R", R, false },
    /* German */
    { "Orb oris re", R, false },
    { "Orb occ li", L, false },
    { "Abd hall re", R, false },
    { "Tib ant re", R, false },
    { "Ileopsoas li", L, false },
    { "Unterarm rechts", R, false },
    { "Bein li", L, false },
    { "Oberschenkel links", L, false },
    { "Nacken", U, false },
    { "Kaumuskel re", R, true },
    { "Kinn", U, false },
    { "Ges\xC3\xA4\xC3\x9Fmuskel li", L, false },
    /* French */
    { "jambe gauche", L, false },
    { "bras droit", R, false },
    { "avant-bras D", R, false },
    { "cuisse g", L, false },
    { "m\xC3\xA2"
      "choire",
      U, false },
    { "Fl\xC3\xA9"
      "chisseurs doigts",
      U, false },
    { "p\xC3\xA9ronier gauche", L, false },
    { "trap\xC3\xA8ze sup", U, false },
    /* Spanish */
    { "pierna izq", L, false },
    { "brazo derecho", R, false },
    { "antebrazo der", R, false },
    { "muslo izq", L, false },
    { "cuello", U, false },
    { "Esternocleido izq", L, false },
    { "recto femoral", U, true },
    { "cu\xC3\xA1"
      "driceps der",
      R, true },
    /* Italian */
    { "gamba dx", R, false },
    { "avambraccio sx", L, false },
    { "retto femorale dx", R, true },
    { "flessori polso", U, false },
    { "estensori dita sx", L, false },
    { "mento", U, false },
    { "coscia sx", L, false },
    { "Massetere dx", R, true },
    /* Dutch */
    { "been rechts", R, false },
    { "Onderarm li", L, false },
    { "bovenbeen links", L, false },
    { "kuit rechts", R, true },
    { "kin", U, false },
    { "nek", U, false },
    { "kauwspier links", L, true },
    { "scheenbeenspier", U, false },
};

static void muscles_are_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof muscles / sizeof *muscles; i++) {
        emgp_words words;
        emgp_words_cut(&words, muscles[i].label);
        emgp_muscle_facts facts = emgp_muscle_read(&words);
        if (!facts.named || facts.side != muscles[i].side || facts.reflex_site != muscles[i].reflex_site)
            print_message("%s: named %d side %d reflex %d\n", muscles[i].label, facts.named, (int)facts.side,
                          facts.reflex_site);
        assert_true(facts.named);
        assert_int_equal(facts.side, muscles[i].side);
        assert_int_equal(facts.reflex_site, muscles[i].reflex_site);
        assert_int_equal(emgp_type_of(muscles[i].label, "uV"), EMG_TYPE_EMG);
    }
}

/* Which muscles pull against each other, and which are of the face. */
static void actions_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        emg_action action;
    } cases[] = {
        { "L Tib Ant", EMG_ANKLE_FLEXION },
        { "RTA", EMG_ANKLE_FLEXION },
        { "TAli", EMG_ANKLE_FLEXION },
        { "EMG L Gastroc", EMG_ANKLE_EXTENSION },
        { "SOL", EMG_ANKLE_EXTENSION },
        { "triceps surae", EMG_ANKLE_EXTENSION },
        { "Tibialis posterior", EMG_ANKLE_EXTENSION },
        { "BF", EMG_KNEE_FLEXION },
        { "Biceps femoris", EMG_KNEE_FLEXION },
        { "Rectus femoris", EMG_KNEE_EXTENSION },
        { "R Vast Lat", EMG_KNEE_EXTENSION },
        { "Biceps brachii", EMG_ELBOW_FLEXION },
        { "BicepsR", EMG_ELBOW_FLEXION },
        { "R Triceps", EMG_ELBOW_EXTENSION },
        { "R Wrist Flex", EMG_WRIST_FLEXION },
        { "Wrist Ext", EMG_WRIST_EXTENSION },
        { "Extensor carpi radialis", EMG_WRIST_EXTENSION },
        { "ECR", EMG_WRIST_EXTENSION },
        { "FCU", EMG_WRIST_FLEXION },
        { "L Orb Oculi", EMG_FACE },
        { "Zygomaticus", EMG_FACE },
        { "FDI", EMG_ACTION_NONE },
        { "Rectus abdominis", EMG_ACTION_NONE },
        { "Trapezius", EMG_ACTION_NONE },
        { "chin", EMG_ACTION_NONE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emgp_words words;
        emgp_words_cut(&words, cases[i].label);
        const emg_action action = emgp_muscle_read(&words).action;
        if (action != cases[i].action)
            print_message("%s: %d\n", cases[i].label, (int)action);
        assert_int_equal(action, cases[i].action);
    }
}

static const struct {
    const char *label, *unit;
    emg_channel_type type;
} labels[] = {
    { "EMG", "uV", EMG_TYPE_EMG },
    { "EMG1", "", EMG_TYPE_EMG },
    { "emg ch 4", "mV", EMG_TYPE_EMG },
    { "sEMG 1", "uV", EMG_TYPE_EMG },
    { "EMGdiaph", "uV", EMG_TYPE_EMG },
    { "EMG Force", "N", EMG_TYPE_EMG },
    { "Force", "", EMG_TYPE_FORCE },
    { "ECGL", "uV", EMG_TYPE_ECG },
    { "EKGR", "uV", EMG_TYPE_ECG },
    { "ECG II", "mV", EMG_TYPE_ECG },
    { "E1-M2", "uV", EMG_TYPE_EOG },
    { "E2:A1", "uV", EMG_TYPE_EOG },
    { "EOGV", "uV", EMG_TYPE_EOG },
    { "E1", "uV", EMG_TYPE_UNKNOWN },
    { "E1-E2", "uV", EMG_TYPE_UNKNOWN },
    { "EEGC3", "uV", EMG_TYPE_EEG },
    { "DIG1", "uV", EMG_TYPE_TRIGGER },
    { "Digital In 2", "", EMG_TYPE_TRIGGER },
    { "1 Impedance", "uV", EMG_TYPE_OTHER },
    { "EMG TA Impedance", "uV", EMG_TYPE_OTHER },
    { "1-2 (Imp)", "uV", EMG_TYPE_OTHER },
    { "1-2", "uV", EMG_TYPE_UNKNOWN },
    { "1-F", "uV", EMG_TYPE_UNKNOWN },
    { "Leg position", "", EMG_TYPE_OTHER },
    { "Abd", "uV", EMG_TYPE_UNKNOWN },
    { "Ext 1", "uV", EMG_TYPE_UNKNOWN },
    { "Wrist", "uV", EMG_TYPE_UNKNOWN },
    { "ECG", "mV", EMG_TYPE_ECG },
    { "EKG1", "uV", EMG_TYPE_ECG },
    { "EOG(L)", "uV", EMG_TYPE_EOG },
    { "LOC", "uV", EMG_TYPE_EOG },
    { "EEG Fp1-Ref", "uV", EMG_TYPE_EEG },
    { "EEG(sec)", "uV", EMG_TYPE_EEG },
    { "Fp1", "uV", EMG_TYPE_EEG },
    { "Fc5.", "uV", EMG_TYPE_EEG },
    { "Cz", "uV", EMG_TYPE_EEG },
    { "Fp2-F4", "uV", EMG_TYPE_EEG },
    { "C3-A2", "uV", EMG_TYPE_EEG },
    { "T3", "uV", EMG_TYPE_EEG },
    { "PO7", "uV", EMG_TYPE_EEG },
    { "Status", "Boolean", EMG_TYPE_TRIGGER },
    { "stAtUs", "uV", EMG_TYPE_TRIGGER },
    { "tRigGer", "", EMG_TYPE_TRIGGER },
    { "Event marker", "", EMG_TYPE_TRIGGER },
    { "DIG DTRIG", "uV", EMG_TYPE_TRIGGER },
    { "Force BF", "kgf", EMG_TYPE_FORCE },
    { "Torque", "", EMG_TYPE_FORCE },
    { "Goniometer elbow", "", EMG_TYPE_FORCE },
    { "X", "m/s^2", EMG_TYPE_FORCE },
    { "Biceps", "N", EMG_TYPE_FORCE },
    { "SaO2", "%", EMG_TYPE_OTHER },
    { "Crc16", "", EMG_TYPE_OTHER },
    { "Flow.40ms", "L/s", EMG_TYPE_OTHER },
    { "Resp oro-nasal", "", EMG_TYPE_OTHER },
    { "Temp rectal", "DegC", EMG_TYPE_OTHER },
    { "3-4", "mV", EMG_TYPE_UNKNOWN },
    { "AUX 3", "", EMG_TYPE_UNKNOWN },
    { "RAW", "", EMG_TYPE_UNKNOWN },
    { "A1", "uV", EMG_TYPE_UNKNOWN },
    { "sine 1 Hz", "uV", EMG_TYPE_UNKNOWN },
    { "", "uV", EMG_TYPE_UNKNOWN },
    { "ta", "uV", EMG_TYPE_UNKNOWN },
    { "Signal1", "mm", EMG_TYPE_FORCE },
    { "noise", "uV", EMG_TYPE_UNKNOWN },
};

static void labels_and_units_tell_the_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        emg_channel_type type = emgp_type_of(labels[i].label, labels[i].unit);
        if (type != labels[i].type)
            print_message("'%s' is taken as %s\n", labels[i].label, emg_channel_type_name(type));
        assert_int_equal(type, labels[i].type);
    }
}

static emg_channel channel(const char *label, const char *unit, double to_uv, double rate_hz)
{
    emg_channel c = { .rate_hz = rate_hz, .to_uv = to_uv, .usable = true };
    snprintf(c.label, sizeof c.label, "%s", label);
    snprintf(c.name, sizeof c.name, "%s", label);
    snprintf(c.unit, sizeof c.unit, "%s", unit);
    return c;
}

static void muscles_are_assumed_only_when_none_is_named(void **state)
{
    (void)state;
    emg_channel c[] = { channel("RAW", "", 0, 1000), channel("A1", "uV", 1, 149), channel("A2", "uV", 1, 150),
                        channel("flow", "uV", 1, 1000), channel("A3", "furlong", 0, 1000) };
    assert_int_equal(emgp_types_assign(c, 5), 2);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(c[i].is_muscle, i == 0 || i == 2);
        assert_int_equal(c[i].type_assumed, i == 0 || i == 2);
    }
    emg_channel d[] = { channel("RAW", "", 0, 1000), channel("EMG TA", "uV", 1, 50) };
    assert_int_equal(emgp_types_assign(d, 2), 0);
    assert_false(d[0].is_muscle);
    assert_true(d[1].is_muscle);
}

/* A cap's grid, or one channel of EEG: then nothing is assumed. Seven electrodes of a grid may be a muscle's. */
static void nothing_is_assumed_beside_the_head(void **state)
{
    (void)state;
    emg_channel c[32], few[8], eeg[] = { channel("Fz", "uV", 1, 500), channel("AUX", "uV", 1, 500) };
    char label[16];
    for (int i = 0; i < 32; i++) {
        snprintf(label, sizeof label, "A%d", i + 1);
        c[i] = channel(label, "uV", 1, 2048);
        if (i < 8)
            few[i] = c[i];
    }
    assert_int_equal(emgp_types_assign(c, 32), 0);
    assert_int_equal(c[0].type, EMG_TYPE_UNKNOWN);
    assert_int_equal(emgp_types_assign(few, 8), 8);
    assert_int_equal(emgp_types_assign(eeg, 2), 0);
    assert_true(emgp_types_unrecognised(&eeg[1], EMGP_LEAST_SAID_HZ));
    assert_false(emgp_types_unrecognised(&eeg[0], EMGP_LEAST_SAID_HZ));
}

static void muscle_names_are_as_found(void **state)
{
    (void)state;
    static const struct {
        const char *label, *muscle;
    } names[] = { { "EMG RAT", "RAT" },   { "EMG TA li", "TA li" },
                  { "EMG 1", "EMG 1" },   { "EMG1", "EMG1" },
                  { "EMG", "EMG" },       { "EMG-VL", "VL" },
                  { "Soleus", "Soleus" }, { "EMG_m\xC3\xBAsculo", "m\xC3\xBAsculo" } };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        emg_channel c = channel(names[i].label, "uV", 1, 1000);
        emgp_types_assign(&c, 1);
        assert_string_equal(c.muscle, names[i].muscle);
        assert_true(c.is_muscle);
    }
}

/* Two channels of one label are two muscles; sixteen are a grid over one. What a sidecar says stands. */
static void one_label_is_no_muscle_of_its_own(void **state)
{
    (void)state;
    emg_channel two[] = { channel("EMG", "uV", 1, 1000), channel("EMG", "uV", 1, 1000),
                          channel("EMG TA", "uV", 1, 1000), channel("EMG TA", "uV", 1, 1000) },
                grid[16];
    for (size_t i = 0; i < 4; i++) {
        two[i].number = i + 1;
        snprintf(two[i].name, sizeof two[i].name, "%s #%zu", two[i].label, two[i].number);
    }
    strcpy(two[2].muscle, "Tibialis");
    strcpy(two[3].muscle, "Tibialis");
    emgp_types_assign(two, 4);
    assert_string_equal(two[0].muscle, "EMG #1");
    assert_string_equal(two[1].muscle, "EMG #2");
    assert_string_equal(two[2].muscle, "Tibialis");
    assert_string_equal(two[3].muscle, "Tibialis");
    for (size_t n = 15; n <= 16; n++) {
        for (size_t i = 0; i < n; i++) {
            grid[i] = channel("EMG SOL", "uV", 1, 2048);
            grid[i].number = i + 1;
            snprintf(grid[i].name, sizeof grid[i].name, "EMG SOL #%zu", i + 1);
        }
        emgp_types_assign(grid, n);
        assert_string_equal(grid[14].muscle, n < 16 ? "SOL #15" : "SOL");
    }
}

static void what_is_known_already_stands(void **state)
{
    (void)state;
    emg_channel c[] = { channel("ECG", "uV", 1, 1000), channel("EMG TA", "uV", 1, 1000), channel("X1", "uV", 1, 1000),
                        channel("EMG SOL", "uV", 1, 1000) };
    c[0].type = EMG_TYPE_EMG;
    c[1].type = EMG_TYPE_OTHER;
    strcpy(c[2].muscle, "Right soleus");
    c[3].bad = true;
    emgp_types_assign(c, 4);
    assert_true(c[0].is_muscle);
    assert_false(c[1].is_muscle);
    assert_true(c[2].is_muscle && c[2].reflex_site && c[2].side == EMG_SIDE_RIGHT);
    assert_string_equal(c[2].muscle, "Right soleus");
    assert_false(c[3].is_muscle);
}

static void words_are_cut_where_a_reader_would(void **state)
{
    (void)state;
    emgp_words w;
    static const char *const due[] = { "l", "biceps", "bra", "2", "musculo", "emg" };
    emgp_words_cut(&w, "L_BicepsBra2-m\xC3\xBAsculo EMG");
    assert_int_equal(w.n, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(w.word[i], due[i]);
    assert_true(w.capitals[0] == 1 && w.capitals[1] == 1 && w.capitals[5] == 3);
    char many[4096];
    memset(many, 0, sizeof many);
    for (size_t i = 0; i + 2 < sizeof many; i += 2)
        memcpy(many + i, "a ", 2);
    emgp_words_cut(&w, many);
    assert_int_equal(w.n, EMGP_MOST_WORDS);
    memset(many, 'a', sizeof many - 1);
    emgp_words_cut(&w, many);
    assert_int_equal(w.n, 1);
    assert_int_equal(strlen(w.word[0]), EMGP_WORD_ROOM - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(muscles_are_known),
        cmocka_unit_test(actions_are_known),
        cmocka_unit_test(labels_and_units_tell_the_type),
        cmocka_unit_test(muscles_are_assumed_only_when_none_is_named),
        cmocka_unit_test(nothing_is_assumed_beside_the_head),
        cmocka_unit_test(muscle_names_are_as_found),
        cmocka_unit_test(one_label_is_no_muscle_of_its_own),
        cmocka_unit_test(what_is_known_already_stands),
        cmocka_unit_test(words_are_cut_where_a_reader_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
