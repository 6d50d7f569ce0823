/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns to channels: what matches is selected or left out, what matches nothing is answered with what is near. */
#include "reading/channels/channels.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { NEAREST = 3, PATTERN_ROOM = 64, NAME_ROOM = sizeof(((emg_channel *)0)->name) };

static const char type_mark[] = "type:";

/* --- matching ------------------------------------------------------------------------------------------------ */

static bool is_type_pattern(const char *pattern)
{
    return strncmp(pattern, type_mark, sizeof type_mark - 1) == 0;
}

static const char *type_word(const char *pattern)
{
    return pattern + sizeof type_mark - 1;
}

static bool is_number_pattern(const char *pattern)
{
    return pattern[0] == '#' && pattern[1] && strspn(pattern + 1, "0123456789") == strlen(pattern + 1);
}

bool emgp_select_is_number(const emg_channel *c, const char *text)
{
    int64_t number;
    return is_number_pattern(text) && emgp_integer_parse(text + 1, strlen(text + 1), &number) &&
           (uint64_t)number == c->number;
}

bool emgp_select_matches(const emg_channel *c, const char *pattern)
{
    if (!*pattern)
        return false; /* not the channels without a label: an empty text is a slip of the pen */
    if (is_type_pattern(pattern))
        return emgp_text_same(emg_channel_type_name(c->type), type_word(pattern));
    if (is_number_pattern(pattern))
        return emgp_select_is_number(c, pattern);
    return emgp_text_glob(pattern, c->label) || emgp_text_glob(pattern, c->name) ||
           emgp_text_glob(pattern, c->muscle) || emgp_name_is(c, pattern);
}

/* --- what matches nothing ------------------------------------------------------------------------------------ */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many characters must be put in, left out or changed until a glob matches a text; a star costs nothing. */
static size_t distance(const char *glob, const char *text)
{
    size_t row[NAME_ROOM], n = strlen(text);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (; *glob; glob++) {
        size_t diagonal = row[0];
        bool star = *glob == '*';
        row[0] += !star;
        for (size_t j = 1; j <= n; j++) {
            size_t above = row[j], change = diagonal + (*glob != '?' && lower(*glob) != lower(text[j - 1]));
            diagonal = above;
            row[j] = star ? least(above, row[j - 1]) : least(change, least(above, row[j - 1]) + 1);
        }
    }
    return row[n];
}

/* The names of the channels that are nearest to a pattern, best first; of equals, the first in the file. */
static size_t find_nearest(const emg_recording *rec, const char *pattern, size_t out[NEAREST])
{
    size_t n = 0, far[NEAREST] = { 0 };
    for (size_t i = 0; i < rec->facts.n_channels; i++) {
        size_t d = distance(pattern, rec->channels[i].name), at = n;
        while (at > 0 && d < far[at - 1])
            at--;
        if (at == NEAREST)
            continue;
        n += n < NEAREST;
        for (size_t k = n - 1; k > at; k--) {
            far[k] = far[k - 1];
            out[k] = out[k - 1];
        }
        far[at] = d;
        out[at] = i;
    }
    return n;
}

void emgp_select_nearest(const emg_recording *rec, const char *pattern, char out[EMGP_NEAREST_ROOM])
{
    size_t nearest[NEAREST], n = find_nearest(rec, pattern, nearest);
    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        char name[PATTERN_ROOM];
        emgp_text_copy(name, sizeof name, rec->channels[nearest[i]].name);
        size_t used = strlen(out);
        const char *before = i > 0 ? (i + 1 < n ? ", " : " and ") : n > 1 ? "are " : "is ";
        snprintf(out + used, EMGP_NEAREST_ROOM - used, "%s'%s'", before, name);
    }
}

emg_status emgp_select_unknown(const emg_recording *rec, const char *pattern, emg_error *err)
{
    char shown[PATTERN_ROOM], nearest[EMGP_NEAREST_ROOM];
    emgp_text_printable_string(shown, sizeof shown, pattern);
    emgp_select_nearest(rec, pattern, nearest);
    if (!nearest[0])
        return emgp_fail(err, EMG_EARG, "no channel is called '%s': the recording has no channels", shown);
    return emgp_fail(err, EMG_EARG, "no channel is called '%s': nearest %s", shown, nearest);
}

static bool is_type_word(const char *word)
{
    for (int type = EMG_TYPE_UNKNOWN; type <= EMG_TYPE_OTHER; type++)
        if (emgp_text_same(emg_channel_type_name((emg_channel_type)type), word))
            return true;
    return false;
}

static emg_status refuse(const emg_recording *rec, const char *pattern, emg_error *err)
{
    char shown[PATTERN_ROOM];
    emgp_text_printable_string(shown, sizeof shown, pattern);
    size_t n = rec->facts.n_channels;
    if (is_number_pattern(pattern) && n > 0)
        return emgp_fail(err, EMG_EARG, "no channel is signal %s: channels go from #%zu to #%zu, annotations left out",
                         shown, rec->channels[0].number, rec->channels[n - 1].number);
    if (!is_type_pattern(pattern))
        return emgp_select_unknown(rec, pattern, err);
    if (is_type_word(type_word(pattern)))
        return emgp_fail(err, EMG_EARG, "no channel is of the type '%s'", type_word(shown));
    return emgp_fail(err, EMG_EARG,
                     "'%s': the types of channels are emg, ecg, eog, eeg, force, trigger, other and unknown", shown);
}

/* --- selecting ----------------------------------------------------------------------------------------------- */

static bool excludes(const char *pattern)
{
    return pattern[0] == '!';
}

bool emgp_select_named(const emg_reading *reading)
{
    for (size_t i = 0; i < reading->n_channels; i++)
        if (!excludes(reading->channels[i]))
            return true;
    return false;
}

static bool may_be_selected(const emg_recording *rec, const emg_channel *c)
{
    return c->usable && !(rec->reading.raw_only && c->envelope);
}

/* What is selected when nothing is named. A derivation stands for its sources. */
static void select_usual(emg_recording *rec)
{
    for (size_t i = 0; i < rec->facts.n_channels; i++) {
        emg_channel *c = &rec->channels[i];
        c->selected = may_be_selected(rec, c) && (rec->reading.all_channels || c->is_muscle);
    }
    for (size_t i = 0; i < rec->derivations.n_terms && !rec->reading.all_channels; i++)
        rec->channels[rec->derivations.term[i].channel].selected = false;
}

static emg_status refuse_envelope(const char *pattern, emg_error *err)
{
    char shown[80];
    emgp_text_printable_string(shown, sizeof shown, pattern);
    return emgp_fail(
        err, EMG_EUNSUPPORTED,
        "channel '%s' is an envelope, no raw EMG: discharges and spectra of it mean nothing; choose the raw "
        "channel",
        shown);
}

static emg_status apply(emg_recording *rec, const char *pattern, emg_error *err)
{
    bool found = false, raw = false, off = excludes(pattern);
    const char *rest = pattern + off;
    for (size_t i = 0; i < rec->facts.n_channels; i++) {
        emg_channel *c = &rec->channels[i];
        if (!emgp_select_matches(c, rest))
            continue;
        found = true;
        raw = raw || !rec->reading.raw_only || !c->envelope;
        c->selected = may_be_selected(rec, c) && !off;
    }
    if (found && !raw && !off)
        return refuse_envelope(rest, err);
    /* Leaving out a type needs none to be there: lists of files differ in that. */
    bool fine = found || (off && is_type_pattern(rest) && is_type_word(type_word(rest)));
    return fine ? EMG_OK : refuse(rec, rest, err);
}

emg_status emgp_select(emg_recording *rec, emg_error *err)
{
    const emg_reading *r = &rec->reading;
    emg_status status = EMG_OK;
    if (!emgp_select_named(r))
        select_usual(rec);
    for (size_t i = rec->derivations.first; i < rec->facts.n_channels && status == EMG_OK; i++) {
        rec->channels[i].selected = may_be_selected(rec, &rec->channels[i]);
        if (!rec->channels[i].selected)
            status = refuse_envelope(rec->channels[i].name, err);
    }
    for (int off = 0; off < 2; off++) /* whatever the order, leaving out comes last */
        for (size_t i = 0; i < r->n_channels && status == EMG_OK; i++)
            if (excludes(r->channels[i]) == off)
                status = apply(rec, r->channels[i], err);
    return status;
}

/* --- polarity ------------------------------------------------------------------------------------------------ */

static void turn(emg_channel *c)
{
    c->inverted = true;
    c->physical_min = 0 - c->physical_min; /* not -x: there is no negative zero to be printed */
    c->physical_max = 0 - c->physical_max;
}

emg_status emgp_select_invert(emg_recording *rec, emg_error *err)
{
    for (size_t p = 0; p < rec->reading.n_invert; p++) {
        const char *pattern = rec->reading.invert[p];
        bool found = false, derived = false;
        for (size_t i = 0; i < rec->facts.n_channels; i++) {
            emg_channel *c = &rec->channels[i];
            if (!emgp_select_matches(c, pattern))
                continue;
            found = found || !c->derived;
            derived = derived || c->derived;
            if (!c->inverted && !c->derived)
                turn(c);
        }
        if (!found && derived)
            return emgp_fail(err, EMG_EARG, "derived channels are not inverted: change the signs in their formula");
        if (!found)
            return refuse(rec, pattern, err);
    }
    return EMG_OK;
}
