/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The muscle table: names by their first letters in six languages, and the abbreviations that laboratories use.
 * Nothing is ever expanded or renamed: the table only answers whether a label names a muscle, on which side, and
 * whether a tendon stretch there usually brings a reflex (the usual sites of clonus). */
#include "reading/channels/channels.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef enum site { NO_MUSCLE, REGION, MUSCLE, REFLEX_SITE } site;

/* First letters of a word: "gastr" is gastrocnemius, gastroc, gastrocnemien. First those of the usual reflex sites
 * (triceps surae, quadriceps, masseter), then all others. */
static const char *const reflex_stems[] = {
    "soleus soleaire soleo gastr jumeau gemelo gemelli gemello surae calf wade mollet pantorrilla polpaccio kuit",
    "quadr cuadr vastus vasti vaste vasto masset maset kaumusk kauwspier",
};

static const char *const stems[] = {
    /* lower leg */
    "tibial jambier peron fibularis plantar poplite fussheb fusheb fussstreck scheenbeen",
    /* thigh and hip */
    "hamstr ischio isquio semiten semimem sartor couturier gracil glute glutaeus fessier gesass gesas bilspier",
    "iliopsoas ileopsoas psoas iliacus piriform adduct addukt addutt aduct femoris femoral beinbeug beinstreck",
    /* what several muscles are called by */
    "flex fless flech exten estens beuger strecker abduct abdukt abdutt tensor levator releveur elevador",
    "depressor opponens oponente hallucis digitorum pollicis indicis sphinct sfinter rectus recto retto",
    /* arm and hand */
    "bicep bizeps bicipit tricep trizeps tricipit brachi braqui ancon coraco pronat supinat palmar carpi",
    "interos lumbric thenar hypothenar forearm armbeug armstreck handbeug handstreck fingerbeug fingerstreck",
    /* shoulder and trunk */
    "delto trapez trapec latissim pector pettoral serrat infraspin supraspin subscap rhomb teres multifid erector",
    "spinae paraspin paravert longissim iliocost obliqu abdominis intercost diaphrag diafrag zwerchfell ruckenstreck",
    /* neck and head */
    "sternocl sternom esternocl kopfwender spleni scalen mylohy digastr genio temporalis frontalis corrug orbic cricoth",
    "zygo zigom cigom mentalis subment nasalis platysma risori buccin vocal laryng",
    "thyroary hypogloss parastern cremast",
};

/* Whole words; two letters only count in capitals. A side may be grown on ("RAT", "LTA", "BBR"). */
static const char *const reflex_abbreviations[] = {
    "sol gas gast gc gn mg lg gm gl gam gal ts rf vl vm vmo vlo vi vast quad quads rectfem mas mass",
};

static const char *const abbreviations[] = {
    /* lower leg and foot */
    "ta at tib tibant tibpost rect tp pl pb per edl ehl fdl fhl edb ehb fhb ah abh hall",
    /* thigh and hip */
    "bf bfl bflh bfs bfsh st sm ham hams gmax gmed gmin glut tfl sart gra grac add ql",
    /* arm and hand */
    "bb bic tb tri tric br brd brad brrad ecr ecrl ecrb ecu ed edc ecd eip edm epl epb apl fcr fcu fds fdp fpl fpb pt",
    "pq apb adp adm adq fdm opp fdi fdio sdi",
    /* shoulder, trunk, head */
    "delt del trap ut utrap ltrap scm ld lats dorsi pec pecs es erec mf eo io obl tra eas diaph ssp isp oo ooc oor orb",
    "oris zyg zm gg cric",
};

/* Parts of the body where one electrode pair stands for all muscles below it. */
static const char *const regions[] = {
    "arm arms leg legs chin neck thigh shin jaw shoulder tongue upperarm tibia plm",                 /* English */
    "bein beine unterarm oberarm unterschenkel oberschenkel kinn nacken hals kiefer schulter zunge", /* German */
    "bras avantbras jambe jambes cuisse menton nuque cou machoire epaule langue",                    /* French */
    "brazo antebrazo pierna piernas muslo barbilla cuello nuca mandibula hombro lengua",             /* Spanish */
    "braccio avambraccio gamba gambe coscia mento collo mascella spalla lingua",                     /* Italian */
    "been benen onderarm bovenarm onderbeen bovenbeen dij kin nek kaak schouder tong",               /* Dutch */
};

/* "Wrist Ext", "Abd hall", "LexDIG1": what is done and where, each of which alone names no muscle. */
static const char *const deeds[] = { "ext ex exo fle fl abd add opp lev dep" };
static const char *const parts[] = {
    "wrist handgelenk poignet muneca polso pols finger fingers thumb toe toes knee kn elbow ankle hip hal poll pol",
    "dig digit digiti carp cubiti",
};

/* Words that end so are muscles, whatever comes before: "Kaumuskel", "dijspier". */
static const char *const endings[] = { "muskel", "muskeln", "spier", "spieren" };

/* Where a word must stand to mean a side: some mean other things elsewhere ("droit" is a muscle, too). */
typedef enum place { ANYWHERE, FIRST_OR_LAST, LAST } place;

typedef struct side_word {
    const char *text;
    emg_side side;
    place place;
} side_word;

static const side_word sides[] = {
    { "l", EMG_SIDE_LEFT, ANYWHERE },
    { "lt", EMG_SIDE_LEFT, FIRST_OR_LAST },
    { "left", EMG_SIDE_LEFT, ANYWHERE },
    { "li", EMG_SIDE_LEFT, FIRST_OR_LAST },
    { "lks", EMG_SIDE_LEFT, FIRST_OR_LAST },
    { "links", EMG_SIDE_LEFT, ANYWHERE },
    { "linke", EMG_SIDE_LEFT, ANYWHERE },
    { "linker", EMG_SIDE_LEFT, ANYWHERE },
    { "linkes", EMG_SIDE_LEFT, ANYWHERE },
    { "g", EMG_SIDE_LEFT, LAST },
    { "gche", EMG_SIDE_LEFT, ANYWHERE },
    { "gauche", EMG_SIDE_LEFT, ANYWHERE },
    { "izq", EMG_SIDE_LEFT, ANYWHERE },
    { "izquierdo", EMG_SIDE_LEFT, ANYWHERE },
    { "izquierda", EMG_SIDE_LEFT, ANYWHERE },
    { "sin", EMG_SIDE_LEFT, FIRST_OR_LAST },
    { "sx", EMG_SIDE_LEFT, FIRST_OR_LAST },
    { "sinister", EMG_SIDE_LEFT, ANYWHERE },
    { "sinistra", EMG_SIDE_LEFT, ANYWHERE },
    { "sinistro", EMG_SIDE_LEFT, ANYWHERE },
    { "esq", EMG_SIDE_LEFT, FIRST_OR_LAST },
    { "esquerdo", EMG_SIDE_LEFT, ANYWHERE },
    { "esquerda", EMG_SIDE_LEFT, ANYWHERE },
    { "r", EMG_SIDE_RIGHT, ANYWHERE },
    { "rt", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "right", EMG_SIDE_RIGHT, ANYWHERE },
    { "re", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "rts", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "rechts", EMG_SIDE_RIGHT, ANYWHERE },
    { "rechte", EMG_SIDE_RIGHT, ANYWHERE },
    { "rechter", EMG_SIDE_RIGHT, ANYWHERE },
    { "rechtes", EMG_SIDE_RIGHT, ANYWHERE },
    { "d", EMG_SIDE_RIGHT, LAST },
    { "dt", EMG_SIDE_RIGHT, LAST },
    { "droit", EMG_SIDE_RIGHT, LAST },
    { "droite", EMG_SIDE_RIGHT, ANYWHERE },
    { "der", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "derecho", EMG_SIDE_RIGHT, ANYWHERE },
    { "derecha", EMG_SIDE_RIGHT, ANYWHERE },
    { "dx", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "dex", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "dext", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "dexter", EMG_SIDE_RIGHT, ANYWHERE },
    { "destra", EMG_SIDE_RIGHT, ANYWHERE },
    { "destro", EMG_SIDE_RIGHT, ANYWHERE },
    { "dir", EMG_SIDE_RIGHT, FIRST_OR_LAST },
    { "direito", EMG_SIDE_RIGHT, ANYWHERE },
    { "direita", EMG_SIDE_RIGHT, ANYWHERE },
};

/* Words that say nothing about which muscle it is. */
static const char *const fillers[] = {
    "musc muscle musculus muskel ch chan channel kanal raw surf bip emg semg",
};

static emg_side side_of(const emgp_words *words, size_t i)
{
    place here = i + 1 == words->n ? LAST : i == 0 ? FIRST_OR_LAST : ANYWHERE;
    for (size_t k = 0; k < COUNT(sides); k++)
        if (strcmp(words->word[i], sides[k].text) == 0)
            return sides[k].place <= here ? sides[k].side : EMG_SIDE_UNKNOWN;
    return EMG_SIDE_UNKNOWN;
}

/* Whether a word (or, for stems, its first letters) is among words that spaces separate. */
static bool listed(const char *word, size_t length, bool stem, const char *const *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (const char *at = lines[i]; *at; at += strspn(at, " ")) {
            size_t here = strcspn(at, " ");
            if ((here == length || (stem && here < length)) && memcmp(word, at, here) == 0)
                return true;
            at += here;
        }
    }
    return false;
}

/* Whether a word ends so, after something else. */
static bool ends(const char *word, const char *ending)
{
    size_t n = strlen(word), m = strlen(ending);
    return n > m && strcmp(word + n - m, ending) == 0;
}

static site find_stem(const char *word)
{
    if (listed(word, strlen(word), true, reflex_stems, COUNT(reflex_stems)))
        return REFLEX_SITE;
    for (size_t i = 0; i < COUNT(endings); i++)
        if (ends(word, endings[i]))
            return MUSCLE;
    return listed(word, strlen(word), true, stems, COUNT(stems)) ? MUSCLE : NO_MUSCLE;
}

/* capitals: how many of the word's first letters were written as such. */
static site find_abbreviation(const char *word, size_t n, size_t capitals)
{
    if (n < 2 || (n == 2 && capitals < 2))
        return NO_MUSCLE;
    if (listed(word, n, false, reflex_abbreviations, COUNT(reflex_abbreviations)))
        return REFLEX_SITE;
    if (listed(word, n, false, abbreviations, COUNT(abbreviations)))
        return MUSCLE;
    return listed(word, n, false, regions, COUNT(regions)) ? REGION : NO_MUSCLE;
}

/* An abbreviation with a side grown on: "RAT", "LTA", "BBR", "TAli". */
static site find_with_side(const char *word, size_t capitals, emg_side *side)
{
    static const struct {
        const char *text;
        emg_side side;
    } grown[] = { { "l", EMG_SIDE_LEFT }, { "r", EMG_SIDE_RIGHT }, { "li", EMG_SIDE_LEFT }, { "re", EMG_SIDE_RIGHT } };
    size_t n = strlen(word);
    for (size_t i = 0; i < COUNT(grown); i++) {
        size_t g = strlen(grown[i].text);
        site found = NO_MUSCLE;
        if (n > g && g == 1 && memcmp(word, grown[i].text, g) == 0)
            found = find_abbreviation(word + g, n - g, capitals < g ? 0 : capitals - g);
        if (n > g && !found && memcmp(word + n - g, grown[i].text, g) == 0)
            found = find_abbreviation(word, n - g, capitals);
        if (found) {
            *side = grown[i].side;
            return found;
        }
    }
    return NO_MUSCLE;
}

/* The same of a name: "Lgastroc". */
static site find_stem_with_side(const char *word, emg_side *side)
{
    if ((word[0] != 'l' && word[0] != 'r') || !word[1])
        return NO_MUSCLE;
    site found = find_stem(word + 1);
    if (found)
        *side = word[0] == 'l' ? EMG_SIDE_LEFT : EMG_SIDE_RIGHT;
    return found;
}

static bool is_filler(const char *word)
{
    return (word[0] >= '0' && word[0] <= '9') || listed(word, strlen(word), false, fillers, COUNT(fillers));
}

/* "LLEGEMG" is a leg: what stands before "EMG" counts. */
static void cut_emg(char *word)
{
    if (ends(word, "emg"))
        word[strlen(word) - strlen("emg")] = '\0';
}

static bool has_stem(const emgp_words *words, const char *stem)
{
    for (size_t i = 0; i < words->n; i++)
        if (strncmp(words->word[i], stem, strlen(stem)) == 0)
            return true;
    return false;
}

/* "ES L3", "Multifidus R L5": a muscle of the back beside a lumbar vertebra, which is no left side. */
static bool is_vertebra(const emgp_words *words, size_t i)
{
    static const char *const backs[] = { "es", "erec", "mf", "multif", "spin", "longis", "iliocost", "parav", "paras" };
    bool of_the_back = false;
    if (strcmp(words->word[i], "l") != 0 || i + 1 >= words->n || words->word[i + 1][0] < '1' ||
        words->word[i + 1][0] > '5' || words->word[i + 1][1] != '\0')
        return false;
    for (size_t k = 0; k < COUNT(backs); k++)
        of_the_back = of_the_back || has_stem(words, backs[k]);
    return of_the_back;
}

/* "sEMG": the letter alone, as words are cut where capitals begin. */
static bool is_of_semg(const emgp_words *words, size_t i)
{
    return strcmp(words->word[i], "s") == 0 && i + 1 < words->n && strcmp(words->word[i + 1], "emg") == 0;
}

/* The words that remain when sides, fillers and numbers are left out. */
static void essential(const emgp_words *words, emgp_words *out, emg_side *side)
{
    out->n = 0;
    for (size_t i = 0; i < words->n; i++) {
        emg_side here = side_of(words, i);
        if (is_vertebra(words, i))
            continue;
        if (here != EMG_SIDE_UNKNOWN && words->n > 1) {
            *side = here;
        } else if (!is_filler(words->word[i]) && !is_of_semg(words, i)) {
            memcpy(out->word[out->n], words->word[i], EMGP_WORD_ROOM);
            cut_emg(out->word[out->n]);
            out->capitals[out->n++] = words->capitals[i];
        }
    }
}

/* Pairs of words whose meaning is not that of either: the rectus of the thigh and of the belly, both tricipites. */
static bool is_reflex_pair(const emgp_words *words)
{
    bool rectus = has_stem(words, "rect") || has_stem(words, "rett") || has_stem(words, "droit");
    return (rectus && (has_stem(words, "fem") || has_stem(words, "cuisse"))) ||
           (has_stem(words, "tric") && has_stem(words, "sura"));
}

static site find_joined(const emgp_words *words, emg_side *side)
{
    char joined[EMGP_WORD_ROOM] = "";
    size_t capitals = 0;
    for (size_t i = 0; i < words->n; i++) {
        if (strlen(joined) + strlen(words->word[i]) + 1 > sizeof joined)
            return NO_MUSCLE;
        if (capitals == strlen(joined))
            capitals += words->capitals[i];
        strcat(joined, words->word[i]);
    }
    site found = find_abbreviation(joined, strlen(joined), capitals);
    return found ? found : find_with_side(joined, capitals, side);
}

/* A deed, perhaps with a side grown on ("Lex"), and a part of the body. */
static bool is_deed_and_part(const emgp_words *words, emg_side *side)
{
    bool deed = false, part = false;
    for (size_t i = 0; i < words->n; i++) {
        const char *word = words->word[i];
        size_t n = strlen(word);
        part = part || listed(word, n, false, parts, COUNT(parts));
        if (listed(word, n, false, deeds, COUNT(deeds))) {
            deed = true;
        } else if ((word[0] == 'l' || word[0] == 'r') && listed(word + 1, n - 1, false, deeds, COUNT(deeds))) {
            deed = true;
            *side = word[0] == 'l' ? EMG_SIDE_LEFT : EMG_SIDE_RIGHT;
        }
    }
    return deed && part;
}

/* What a muscle does, by first letters of a word and by abbreviations. Which muscle of the arm or leg a word with two
 * meanings is, its other words tell (pair_action). */
static const struct {
    emg_action action;
    const char *stems, *abbreviations;
} actions[] = {
    { EMG_ANKLE_FLEXION, "tibial jambier tibant scheenbeen", "ta at tib tibant" },
    { EMG_ANKLE_EXTENSION,
      "soleus soleaire soleo gastr jumeau gemelo gemelli surae calf wade mollet pantorrilla polpaccio",
      "sol gas gast gc gn mg lg gm gl gam gal ts tp tibpost" },
    { EMG_KNEE_FLEXION, "hamstr ischio isquio semiten semimem", "bf bfl bflh bfs bfsh st sm ham hams" },
    { EMG_KNEE_EXTENSION, "quadr cuadr vastus vasti vaste vasto vast", "rf vl vm vmo vlo vi quad quads rectfem" },
    { EMG_ELBOW_FLEXION, "bicep bizeps bicipit brachior", "bb bic brd brad" },
    { EMG_ELBOW_EXTENSION, "tricep trizeps tricipit ancon", "tb tri tric" },
    { EMG_WRIST_FLEXION, "", "fcr fcu" },
    { EMG_WRIST_EXTENSION, "", "ecr ecrl ecrb ecu" },
    { EMG_FACE, "frontalis corrug orbic orb zygo zigom cigom mentalis nasalis platysma risori buccin",
      "oo ooc oor orb oris zyg zm" },
};

/* Words that together mean another muscle than each alone. */
static emg_action pair_action(const emgp_words *words)
{
    static const char *const wrists[] = { "wrist handgelenk poignet muneca polso pols carpi carp" };
    const bool flexes = has_stem(words, "fle") || has_stem(words, "beug");
    const bool extends = has_stem(words, "ext") || has_stem(words, "est") || has_stem(words, "streck");
    bool wrist = false;
    for (size_t i = 0; i < words->n; i++)
        wrist = wrist || listed(words->word[i], strlen(words->word[i]), true, wrists, COUNT(wrists));
    if (wrist && flexes != extends)
        return flexes ? EMG_WRIST_FLEXION : EMG_WRIST_EXTENSION;
    if (is_reflex_pair(words))
        return has_stem(words, "sura") ? EMG_ANKLE_EXTENSION : EMG_KNEE_EXTENSION;
    if (has_stem(words, "post") && (has_stem(words, "tib") || has_stem(words, "jambier")))
        return EMG_ANKLE_EXTENSION;
    if (has_stem(words, "bi") && has_stem(words, "fem"))
        return EMG_KNEE_FLEXION;
    return EMG_ACTION_NONE;
}

static emg_action word_action(const char *word)
{
    const size_t n = strlen(word);
    for (size_t i = 0; i < COUNT(actions); i++)
        if (listed(word, n, true, &actions[i].stems, 1) || listed(word, n, false, &actions[i].abbreviations, 1))
            return actions[i].action;
    return EMG_ACTION_NONE;
}

/* "RAT", "TAli": an abbreviation with a side grown on. */
static emg_action grown_action(const char *word)
{
    const size_t n = strlen(word);
    for (size_t i = 0; i < COUNT(actions); i++) {
        const bool before =
            (word[0] == 'l' || word[0] == 'r') && n > 2 && listed(word + 1, n - 1, false, &actions[i].abbreviations, 1);
        const bool after = n > 2 && (listed(word, n - 1, false, &actions[i].abbreviations, 1) ||
                                     (n > 3 && listed(word, n - 2, false, &actions[i].abbreviations, 1)));
        if (before || after)
            return actions[i].action;
    }
    return EMG_ACTION_NONE;
}

static emg_action find_action(const emgp_words *words)
{
    emg_action action = pair_action(words);
    for (size_t i = 0; action == EMG_ACTION_NONE && i < words->n; i++)
        action = word_action(words->word[i]);
    for (size_t i = 0; action == EMG_ACTION_NONE && i < words->n; i++)
        action = grown_action(words->word[i]);
    return action;
}

static emgp_muscle_facts read_names(const emgp_words *words)
{
    emgp_muscle_facts facts = { .side = EMG_SIDE_UNKNOWN };
    emgp_words rest;
    essential(words, &rest, &facts.side);
    for (size_t i = 0; i < rest.n; i++) {
        site found = find_stem(rest.word[i]);
        if (!found && facts.side == EMG_SIDE_UNKNOWN)
            found = find_stem_with_side(rest.word[i], &facts.side);
        facts.named = facts.named || found;
        facts.reflex_site = facts.reflex_site || found == REFLEX_SITE;
    }
    if (is_reflex_pair(&rest))
        facts.named = facts.reflex_site = true;
    if (facts.named)
        return facts;
    emg_side grown = EMG_SIDE_UNKNOWN;
    site found = rest.n > 0 ? find_joined(&rest, &grown) : NO_MUSCLE;
    for (size_t i = 0; !found && rest.n > 1 && i < rest.n; i++) /* "TA prox", "BIC long" */
        found = find_abbreviation(rest.word[i], strlen(rest.word[i]), rest.capitals[i]);
    if (!found && is_deed_and_part(&rest, &grown))
        found = REGION;
    if (found) {
        facts.named = true;
        facts.region = found == REGION;
        facts.reflex_site = found == REFLEX_SITE;
        if (facts.side == EMG_SIDE_UNKNOWN)
            facts.side = grown;
    }
    return facts;
}

emgp_muscle_facts emgp_muscle_read(const emgp_words *words)
{
    emgp_muscle_facts facts = read_names(words);
    emg_side side = EMG_SIDE_UNKNOWN;
    emgp_words rest;
    essential(words, &rest, &side);
    facts.action =
        find_action(&rest); /* "Vast Lat" names none for certain, but is an EMG by what else its label says */
    return facts;
}
