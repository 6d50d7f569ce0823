/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The muscle table: names by their first letters in five languages, and the abbreviations that laboratories use.
 * Nothing is ever expanded or renamed: the table only answers whether a label names a muscle, on which side, and
 * whether a tendon stretch there usually brings a reflex (the usual sites of clonus). */
#include "reading/muscles.h"

#include <string.h>

typedef struct entry {
    const char *text;
    bool reflex_site;
} entry;

/* First letters of a word: "gastr" is gastrocnemius, gastroc, gastrocnemien. The first that fits is taken. */
static const entry stems[] = {
    /* lower leg */
    { "soleus", true },     { "soleaire", true },   { "soleo", true },      { "gastr", true },     { "jumeau", true },
    { "gemelo", true },     { "gemelli", true },    { "surae", true },      { "calf", true },      { "wade", true },
    { "mollet", true },     { "pantorrilla", true }, { "polpaccio", true }, { "tibial", false },   { "jambier", false },
    { "peron", false },     { "fibularis", false }, { "plantar", false },   { "poplite", false },
    /* thigh and hip */
    { "quadr", true },      { "cuadr", true },      { "vastus", true },     { "vasti", true },     { "vaste", true },
    { "vasto", true },      { "hamstr", false },    { "ischio", false },    { "isquio", false },   { "semitend", false },
    { "semimem", false },   { "sartor", false },    { "couturier", false }, { "gracil", false },   { "glute", false },
    { "glutaeus", false },  { "fessier", false },   { "gesass", false },    { "iliopsoas", false }, { "psoas", false },
    { "iliacus", false },   { "piriform", false },  { "adduct", false },    { "addukt", false },   { "aduct", false },
    { "adductor", false },  { "femoris", false },   { "femoral", false },
    /* what several muscles are called by */
    { "flex", false },      { "exten", false },     { "beuger", false },    { "strecker", false }, { "abduct", false },
    { "abdukt", false },    { "tensor", false },    { "levator", false },   { "releveur", false }, { "elevador", false },
    { "depressor", false }, { "opponens", false },  { "oponente", false },  { "hallucis", false }, { "digitorum", false },
    { "pollicis", false },  { "indicis", false },   { "sphinct", false },   { "sfinter", false },
    /* arm and hand */
    { "biceps", false },    { "bizeps", false },    { "bicipit", false },   { "triceps", false },  { "trizeps", false },
    { "tricipit", false },  { "brachi", false },    { "braqui", false },    { "ancon", false },    { "coraco", false },
    { "pronat", false },    { "supinat", false },   { "palmar", false },    { "carpi", false },    { "interos", false },
    { "lumbric", false },   { "thenar", false },    { "hypothenar", false }, { "forearm", false },
    /* shoulder and trunk */
    { "delto", false },     { "trapez", false },    { "trapec", false },    { "latissim", false }, { "pector", false },
    { "serrat", false },    { "infraspin", false }, { "supraspin", false }, { "subscap", false },
    { "rhomb", false },     { "teres", false },     { "multifid", false },  { "erector", false },  { "spinae", false },
    { "paraspin", false },  { "paravert", false },  { "longissim", false }, { "iliocost", false }, { "obliqu", false },
    { "abdominis", false }, { "intercost", false }, { "diaphrag", false },  { "diafrag", false },  { "zwerchfell", false },
    /* neck and head */
    { "sternocl", false },  { "sternom", false },   { "kopfwender", false }, { "spleni", false },  { "scalen", false },
    { "mylohy", false },    { "digastr", false },   { "geniogl", false },   { "masset", true },    { "maset", true },
    { "temporalis", false }, { "frontalis", false }, { "corrug", false },   { "orbicul", false },  { "zygom", false },
    { "mentalis", false },  { "submental", false }, { "nasalis", false },   { "platysma", false }, { "risori", false },
    { "buccin", false },    { "cricothy", false },  { "vocalis", false },   { "thyroary", false },
};

/* Whole words; two letters only count in capitals. A side may be grown on ("RAT", "LTA", "BBR"). */
static const entry abbreviations[] = {
    /* lower leg and foot */
    { "ta", false },   { "at", false },   { "tib", false },  { "tibant", false }, { "tibpost", false }, { "tp", false },
    { "sol", true },   { "gas", true },   { "gast", true },  { "gc", true },    { "gn", true },     { "mg", true },
    { "lg", true },    { "gm", true },    { "gl", true },    { "gam", true },   { "gal", true },    { "ts", true },
    { "pl", false },   { "pb", false },   { "per", false },  { "edl", false },  { "ehl", false },   { "fdl", false },
    { "fhl", false },  { "edb", false },  { "ehb", false },  { "fhb", false },  { "ah", false },    { "abh", false },
    { "leg", false },
    /* thigh and hip */
    { "rf", true },    { "vl", true },    { "vm", true },    { "vmo", true },   { "vlo", true },    { "vi", true },
    { "quad", true },  { "quads", true }, { "rectfem", true }, { "bf", false }, { "bfl", false },   { "bfs", false },
    { "st", false },   { "sm", false },   { "ham", false },  { "hams", false }, { "gmax", false },  { "gmed", false },
    { "gmin", false }, { "glut", false }, { "tfl", false },  { "sart", false }, { "gra", false },   { "add", false },
    /* arm and hand */
    { "bb", false },   { "bic", false },  { "tb", false },   { "tri", false },  { "tric", false },  { "br", false },
    { "brd", false },  { "brad", false }, { "ecr", false },  { "ecrl", false }, { "ecrb", false },  { "ecu", false },
    { "ed", false },   { "edc", false },  { "ecd", false },  { "eip", false },  { "edm", false },   { "epl", false },
    { "epb", false },  { "apl", false },  { "fcr", false },  { "fcu", false },  { "fds", false },   { "fdp", false },
    { "fpl", false },  { "fpb", false },  { "pt", false },   { "pq", false },   { "apb", false },   { "adp", false },
    { "adm", false },  { "fdm", false },  { "opp", false },  { "fdi", false },  { "sdi", false },
    /* shoulder, trunk, head */
    { "delt", false }, { "del", false },  { "trap", false }, { "utrap", false }, { "ltrap", false }, { "scm", false },
    { "ld", false },   { "lats", false }, { "pec", false },  { "pecs", false }, { "es", false },    { "mf", false },
    { "eo", false },   { "io", false },   { "ssp", false },  { "isp", false },  { "mas", true },    { "mass", true },
    { "oo", false },   { "ooc", false },  { "oor", false },  { "zyg", false },  { "zm", false },    { "chin", false },
    { "kinn", false }, { "menton", false },
};

typedef struct side_word {
    const char *text;
    emg_side side;
    bool at_the_edge; /* only as the first or last word: elsewhere it means other things */
} side_word;

static const side_word sides[] = {
    { "l", EMG_SIDE_LEFT, false },        { "lt", EMG_SIDE_LEFT, true },        { "left", EMG_SIDE_LEFT, false },
    { "li", EMG_SIDE_LEFT, true },        { "lks", EMG_SIDE_LEFT, true },       { "links", EMG_SIDE_LEFT, false },
    { "linke", EMG_SIDE_LEFT, false },    { "linker", EMG_SIDE_LEFT, false },   { "linkes", EMG_SIDE_LEFT, false },
    { "g", EMG_SIDE_LEFT, true },         { "gche", EMG_SIDE_LEFT, false },     { "gauche", EMG_SIDE_LEFT, false },
    { "izq", EMG_SIDE_LEFT, false },      { "izquierdo", EMG_SIDE_LEFT, false }, { "izquierda", EMG_SIDE_LEFT, false },
    { "sin", EMG_SIDE_LEFT, true },       { "sx", EMG_SIDE_LEFT, true },        { "sinister", EMG_SIDE_LEFT, false },
    { "sinistra", EMG_SIDE_LEFT, false }, { "sinistro", EMG_SIDE_LEFT, false }, { "r", EMG_SIDE_RIGHT, false },
    { "rt", EMG_SIDE_RIGHT, true },       { "right", EMG_SIDE_RIGHT, false },   { "re", EMG_SIDE_RIGHT, true },
    { "rts", EMG_SIDE_RIGHT, true },      { "rechts", EMG_SIDE_RIGHT, false },  { "rechte", EMG_SIDE_RIGHT, false },
    { "rechter", EMG_SIDE_RIGHT, false }, { "rechtes", EMG_SIDE_RIGHT, false }, { "d", EMG_SIDE_RIGHT, true },
    { "dt", EMG_SIDE_RIGHT, true },       { "droite", EMG_SIDE_RIGHT, false },  { "der", EMG_SIDE_RIGHT, true },
    { "derecho", EMG_SIDE_RIGHT, false }, { "derecha", EMG_SIDE_RIGHT, false }, { "dx", EMG_SIDE_RIGHT, true },
    { "dex", EMG_SIDE_RIGHT, true },      { "dext", EMG_SIDE_RIGHT, true },     { "dexter", EMG_SIDE_RIGHT, false },
    { "destra", EMG_SIDE_RIGHT, false },  { "destro", EMG_SIDE_RIGHT, false },
};

/* Words that say nothing about which muscle it is. */
static const char *const fillers[] = { "emg", "semg", "iemg", "hdemg", "m", "mm", "musc", "muscle", "musculus",
                                       "muskel", "ch", "chan", "channel", "kanal", "raw", "surf", "bip" };

static emg_side side_of(const emgp_words *words, size_t i)
{
    bool edge = i == 0 || i + 1 == words->n;
    for (size_t k = 0; k < sizeof sides / sizeof *sides; k++)
        if (strcmp(words->word[i], sides[k].text) == 0 && (edge || !sides[k].at_the_edge))
            return sides[k].side;
    return EMG_SIDE_UNKNOWN;
}

static const entry *find_stem(const char *word)
{
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++)
        if (strncmp(word, stems[i].text, strlen(stems[i].text)) == 0)
            return &stems[i];
    return NULL;
}

static const entry *find_abbreviation(const char *word, size_t n, bool capitals)
{
    if (n < 2 || (n == 2 && !capitals))
        return NULL;
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++)
        if (strlen(abbreviations[i].text) == n && memcmp(word, abbreviations[i].text, n) == 0)
            return &abbreviations[i];
    return NULL;
}

/* An abbreviation with a side grown on: "RAT", "LTA", "BBR", "TALI". */
static const entry *find_with_side(const char *word, bool capitals, emg_side *side)
{
    static const struct {
        const char *text;
        emg_side side;
    } grown[] = { { "l", EMG_SIDE_LEFT }, { "r", EMG_SIDE_RIGHT }, { "li", EMG_SIDE_LEFT }, { "re", EMG_SIDE_RIGHT } };
    size_t n = strlen(word);
    for (size_t i = 0; i < sizeof grown / sizeof *grown; i++) {
        size_t g = strlen(grown[i].text);
        if (n <= g)
            continue;
        const entry *found = NULL;
        if (g == 1 && memcmp(word, grown[i].text, g) == 0)
            found = find_abbreviation(word + g, n - g, capitals);
        if (!found && memcmp(word + n - g, grown[i].text, g) == 0)
            found = find_abbreviation(word, n - g, capitals);
        if (found) {
            *side = grown[i].side;
            return found;
        }
    }
    return NULL;
}

static bool is_filler(const char *word)
{
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (strcmp(word, fillers[i]) == 0)
            return true;
    return word[0] >= '0' && word[0] <= '9';
}

/* The words that remain when sides, fillers and numbers are left out. */
static void essential(const emgp_words *words, emgp_words *out, emg_side *side)
{
    out->n = 0;
    for (size_t i = 0; i < words->n; i++) {
        emg_side here = side_of(words, i);
        if (here != EMG_SIDE_UNKNOWN && words->n > 1) {
            *side = here;
        } else if (!is_filler(words->word[i])) {
            memcpy(out->word[out->n], words->word[i], EMGP_WORD_ROOM);
            out->capitals[out->n++] = words->capitals[i];
        }
    }
}

static bool has_stem(const emgp_words *words, const char *stem)
{
    for (size_t i = 0; i < words->n; i++)
        if (strncmp(words->word[i], stem, strlen(stem)) == 0)
            return true;
    return false;
}

/* Pairs of words whose meaning is not that of either: the rectus of the thigh and of the belly, both tricipites. */
static bool is_reflex_pair(const emgp_words *words)
{
    bool rectus = has_stem(words, "rect") || has_stem(words, "droit");
    return (rectus && (has_stem(words, "fem") || has_stem(words, "cuisse"))) ||
           (has_stem(words, "tric") && has_stem(words, "sura"));
}

static const entry *find_joined(const emgp_words *words, emg_side *side)
{
    char joined[EMGP_WORD_ROOM] = "";
    bool capitals = true;
    for (size_t i = 0; i < words->n; i++) {
        if (strlen(joined) + strlen(words->word[i]) + 1 > sizeof joined)
            return NULL;
        strcat(joined, words->word[i]);
        capitals = capitals && words->capitals[i];
    }
    const entry *found = find_abbreviation(joined, strlen(joined), capitals);
    return found ? found : find_with_side(joined, capitals, side);
}

emgp_muscle_facts emgp_muscle_read(const emgp_words *words)
{
    emgp_muscle_facts facts = { false, false, EMG_SIDE_UNKNOWN };
    emgp_words rest;
    essential(words, &rest, &facts.side);
    for (size_t i = 0; i < rest.n; i++) {
        const entry *found = find_stem(rest.word[i]);
        if (!found)
            continue;
        facts.named = true;
        facts.reflex_site = facts.reflex_site || found->reflex_site;
    }
    if (facts.named) {
        facts.reflex_site = facts.reflex_site || is_reflex_pair(&rest);
        return facts;
    }
    emg_side grown = EMG_SIDE_UNKNOWN;
    const entry *found = rest.n > 0 ? find_joined(&rest, &grown) : NULL;
    for (size_t i = 0; !found && rest.n > 1 && i < rest.n; i++) /* "TA prox", "BIC long" */
        found = find_abbreviation(rest.word[i], strlen(rest.word[i]), rest.capitals[i]);
    if (found) {
        facts.named = true;
        facts.reflex_site = found->reflex_site;
        if (facts.side == EMG_SIDE_UNKNOWN)
            facts.side = grown;
    }
    return facts;
}
