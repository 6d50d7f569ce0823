/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotation lists as a state machine over bytes: onset [0x15 duration] 0x14 text 0x14 text 0x14 ... NUL. */
#include "reading/edf/edf.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

enum { DURATION_MARK = 0x15, TEXT_MARK = 0x14 };

/* Onsets beyond this (three centuries) are not credible. */
static const double latest_s = 1e10;

/* "+12.5" and the like: a sign, digits, one dot. *form is set when it is understood but not so written. */
static bool read_time(const char *text, size_t n, bool sign_due, double *out, bool *form)
{
    char tidy[EMGP_TAL_NUMBER_ROOM];
    if (n == 0 || n > sizeof tidy)
        return false;
    memcpy(tidy, text, n);
    char *comma = memchr(tidy, ',', n);
    if (comma && !memchr(tidy, '.', n)) {
        *comma = '.';
        *form = true;
    }
    if (sign_due && tidy[0] != '+' && tidy[0] != '-')
        *form = true;
    for (size_t i = 0; i < n; i++)
        if (tidy[i] == 'e' || tidy[i] == 'E')
            return false;
    return emgp_number_parse(tidy, n, out) && fabs(*out) <= latest_s;
}

/* --- the clock of a record ---------------------------------------------------------------------------------- */

static size_t length_until(const unsigned char *bytes, size_t n, unsigned char mark)
{
    const unsigned char *end = memchr(bytes, mark, n);
    return end ? (size_t)(end - bytes) : n;
}

/* Reads the list at bytes[0..n) as a clock: its first text is empty. */
static bool clock_at(const unsigned char *bytes, size_t n, emgp_clock *out, bool *odd)
{
    size_t end = length_until(bytes, n, TEXT_MARK);
    if (end + 1 >= n || bytes[end + 1] != TEXT_MARK)
        return false;
    size_t digits = length_until(bytes, end, DURATION_MARK);
    if (digits != end)
        *odd = true; /* a record's start has no duration */
    if (!read_time((const char *)bytes, digits, true, &out->start_s, odd))
        return false;
    const unsigned char *dot = memchr(bytes, '.', digits);
    out->decimals = dot ? (int)(bytes + digits - dot) - 1 : 0;
    return true;
}

emgp_clock_state emgp_clock_read(const unsigned char *bytes, size_t n, emgp_clock *out)
{
    bool odd = false;
    size_t at = 0;
    while (at < n) {
        if (bytes[at] != '\0' && clock_at(bytes + at, n - at, out, &odd))
            return at > 0 || odd ? EMGP_CLOCK_ODD : EMGP_CLOCK_SOUND;
        at += length_until(bytes + at, n - at, '\0') + 1;
    }
    return EMGP_CLOCK_NONE;
}

/* --- the lists ----------------------------------------------------------------------------------------------- */

enum { IN_ONSET, IN_DURATION, IN_TEXT, IN_RUBBISH };

void emgp_tals_init(emgp_tals *tals, emg_annotation_take *take, void *context, double origin_s)
{
    *tals = (emgp_tals){ .take = take, .context = context, .origin_s = origin_s };
}

static void fault(emgp_tals *tals, emgp_tal_fault which, int64_t offset)
{
    if (tals->faults[which]++ == 0)
        tals->first_fault[which] = offset;
}

static void start_list(emgp_tals *tals)
{
    tals->state = IN_ONSET;
    tals->n_number[0] = tals->n_number[1] = tals->n_text = tals->n_texts = 0;
    tals->text_cut = tals->is_clock = tals->held = false;
}

static void give(emgp_tals *tals, double onset_s, double duration_s, const char *text, size_t n, int64_t offset)
{
    emg_annotation annotation = { .onset_s = onset_s - tals->origin_s, .duration_s = duration_s };
    bool sound = emgp_text_is_utf8(text, n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        sound = sound && (c >= 32 || c == '\t' || c == '\n' || c == '\r') && c != 127;
    }
    if (!sound)
        fault(tals, EMGP_TAL_TEXT, offset);
    emgp_text_printable(annotation.text, sizeof annotation.text, text, n);
    if (tals->take && !tals->take(tals->context, &annotation))
        tals->stopped = true;
}

/* Onset and duration are complete: the first text begins. */
static void end_numbers(emgp_tals *tals, int64_t offset)
{
    bool form = false, sound = read_time(tals->number[0], tals->n_number[0], true, &tals->onset_s, &form);
    tals->duration_s = NAN;
    if (sound && tals->n_number[1] > 0)
        sound = read_time(tals->number[1], tals->n_number[1], false, &tals->duration_s, &form) && tals->duration_s >= 0;
    if (!sound)
        fault(tals, EMGP_TAL_ONSET, offset);
    else if (form)
        fault(tals, EMGP_TAL_ONSET_FORM, offset);
    tals->state = sound ? IN_TEXT : IN_RUBBISH;
}

/* A text that was cut for room must not end inside a character, or all of it would no longer be UTF-8. */
static size_t whole_characters(const char *text, size_t n)
{
    size_t start = n;
    while (start > 0 && n - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start > 0 && (unsigned char)text[start - 1] >= 0xC0 && !emgp_text_is_utf8(text + start - 1, n - start + 1))
        return start - 1;
    return n;
}

/* After a clock, some recorders write the next onset without the NUL before it; it then looks like a text. */
static bool hold_as_onset(emgp_tals *tals)
{
    bool form = false;
    if (!tals->is_clock || tals->held || tals->n_text >= sizeof tals->held_text ||
        (tals->text[0] != '+' && tals->text[0] != '-') ||
        !read_time(tals->text, tals->n_text, true, &tals->held_s, &form))
        return false;
    memcpy(tals->held_text, tals->text, tals->n_text);
    tals->held_text[tals->n_text] = '\0';
    tals->held = true;
    return true;
}

static void end_text(emgp_tals *tals, int64_t offset)
{
    size_t n = tals->text_cut ? whole_characters(tals->text, tals->n_text) : tals->n_text;
    if (tals->n_texts++ == 0 && n == 0) {
        tals->is_clock = true;
    } else if (n > 0 && !hold_as_onset(tals)) {
        if (tals->held)
            fault(tals, EMGP_TAL_BRIDGED, offset);
        give(tals, tals->held ? tals->held_s : tals->onset_s, tals->held ? (double)NAN : tals->duration_s, tals->text,
             n, offset);
        tals->held = false;
    }
    tals->n_text = 0;
    tals->text_cut = false;
}

/* A NUL, or the end of the field: the list is over. */
static void end_list(emgp_tals *tals, int64_t offset)
{
    bool in_numbers = tals->state == IN_ONSET || tals->state == IN_DURATION;
    if (tals->held) /* no annotation followed: it was a text after all */
        give(tals, tals->onset_s, tals->duration_s, tals->held_text, strlen(tals->held_text), offset);
    if ((in_numbers && tals->n_number[0] > 0) || (tals->state == IN_TEXT && tals->n_text > 0))
        fault(tals, EMGP_TAL_UNTERMINATED, offset);
    start_list(tals);
}

static void number_byte(emgp_tals *tals, unsigned char byte, int64_t offset)
{
    int which = tals->state == IN_ONSET ? 0 : 1;
    if (byte == TEXT_MARK) {
        end_numbers(tals, offset);
    } else if (byte == DURATION_MARK && which == 0) {
        tals->state = IN_DURATION;
    } else if (tals->n_number[which] < EMGP_TAL_NUMBER_ROOM) {
        tals->number[which][tals->n_number[which]++] = (char)byte;
    } else {
        fault(tals, EMGP_TAL_ONSET, offset);
        tals->state = IN_RUBBISH;
    }
}

static void text_byte(emgp_tals *tals, unsigned char byte, int64_t offset)
{
    if (byte == TEXT_MARK)
        end_text(tals, offset);
    else if (tals->n_text < EMGP_TAL_TEXT_ROOM)
        tals->text[tals->n_text++] = (char)byte;
    else
        tals->text_cut = true;
}

void emgp_tals_push(emgp_tals *tals, const unsigned char *bytes, size_t n, int64_t offset)
{
    for (size_t i = 0; i < n && !tals->stopped; i++) {
        int64_t at = offset + (int64_t)i;
        if (bytes[i] == '\0') {
            end_list(tals, at);
            while (i + 1 < n && bytes[i + 1] == '\0') /* padding */
                i++;
        } else if (tals->state == IN_TEXT) {
            text_byte(tals, bytes[i], at);
        } else if (tals->state != IN_RUBBISH) {
            number_byte(tals, bytes[i], at);
        }
    }
}

void emgp_tals_end(emgp_tals *tals, int64_t offset)
{
    if (!tals->stopped)
        end_list(tals, offset);
}
