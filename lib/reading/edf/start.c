/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates without the time zone database: fields are read as they stand, at the patient's own clock. */
#include "reading/edf/edf.h"

#include <math.h>
#include <string.h>

static const emgp_field patient_field = { "patient identification", 8, 80, 0, true };
static const emgp_field recording_field = { "recording identification", 88, 80, 0, true };
static const emgp_field date_field = { "start date", 168, 8, 0, true };
static const emgp_field time_field = { "start time", 176, 8, 0, true };

enum { DAY_S = 86400, LONGEST_SHIFT_S = 1000 * DAY_S };

static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_date(int year, int month, int day)
{
    return year >= 1800 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/* Two digits, or a space and a digit; -1 for anything else. *odd is set for the space. */
static int pair(const char *text, bool *odd)
{
    if (text[1] < '0' || text[1] > '9')
        return -1;
    if (text[0] == ' ') {
        *odd = true;
        return text[1] - '0';
    }
    return text[0] < '0' || text[0] > '9' ? -1 : (text[0] - '0') * 10 + text[1] - '0';
}

/* Three pairs with separators, "02.08.20"; other separators than the dot are odd. Pair i is -1 when unreadable. */
static void triple(const char *text, int out[3], bool *odd)
{
    for (int i = 0; i < 3; i++) {
        out[i] = pair(text + 3 * i, odd);
        char separator = i < 2 ? text[3 * i + 2] : '.';
        if (separator == '/' || separator == '-' || separator == ':')
            *odd = true;
        else if (separator != '.')
            out[i] = -1;
    }
}

/* "dd-MMM-yyyy" with English month names, as EDF+ writes dates. */
static bool long_date(const char *text, size_t n, int date[3])
{
    bool odd = false;
    if (n != 11 || text[2] != '-' || text[6] != '-')
        return false;
    int day = pair(text, &odd), month = 0, high = pair(text + 7, &odd), low = pair(text + 9, &odd);
    for (int m = 0; m < 12; m++) {
        bool same = true;
        for (int i = 0; i < 3; i++)
            same = same && (text[3 + i] & ~0x20) == months[3 * m + i];
        if (same)
            month = m + 1;
    }
    if (odd || day < 0 || high < 0 || low < 0 || !is_date(high * 100 + low, month, day))
        return false;
    date[0] = high * 100 + low;
    date[1] = month;
    date[2] = day;
    return true;
}

/* Subfield `index` of a space-separated field; false when there is none. */
static bool subfield(const emgp_fields *fields, const emgp_field *field, int index, const char **out, size_t *n)
{
    size_t length, at = 0;
    const char *text = emgp_field_trim(fields, field, &length);
    for (int i = 0; at < length; i++) {
        size_t end = at;
        while (end < length && text[end] != ' ')
            end++;
        if (i == index) {
            *out = text + at;
            *n = end - at;
            return end > at;
        }
        at = end + 1;
    }
    return false;
}

static bool is_word(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* EDF+: "code sex birthdate name", X for unknown. */
static void check_patient(emgp_fields *fields)
{
    const char *sex, *birth, *name;
    size_t n_sex, n_birth, n_name;
    int date[3];
    bool sound = subfield(fields, &patient_field, 1, &sex, &n_sex) &&
                 subfield(fields, &patient_field, 2, &birth, &n_birth) &&
                 subfield(fields, &patient_field, 3, &name, &n_name) && n_sex == 1 && strchr("XMF", sex[0]) &&
                 (is_word(birth, n_birth, "X") || long_date(birth, n_birth, date));
    if (!sound)
        emgp_field_deviate(fields, &patient_field, "W_PATIENT_FIELDS", NULL);
}

/* EDF+: "Startdate dd-MMM-yyyy ..."; true when it holds a date. */
static bool startdate(emgp_fields *fields, int date[3])
{
    const char *word, *text;
    size_t n_word, n;
    if (!subfield(fields, &recording_field, 0, &word, &n_word) || !is_word(word, n_word, "Startdate") ||
        !subfield(fields, &recording_field, 1, &text, &n)) {
        emgp_field_deviate(fields, &recording_field, "W_RECORDING_FIELDS", NULL);
        return false;
    }
    if (long_date(text, n, date))
        return true;
    if (!is_word(text, n, "X"))
        emgp_field_deviate(fields, &recording_field, "W_RECORDING_FIELDS",
                           "its start date is not written as EDF+ asks, with an English month: left out of account");
    return false;
}

/* The date from the short field, its century and the time after 2084 from the long one. */
static bool read_date(emgp_fields *fields, bool plus, int date[3])
{
    const char *text = (const char *)fields->bytes + date_field.offset;
    int part[3], stated[3] = { 0 };
    bool odd = false, has_long = plus && startdate(fields, stated);
    triple(text, part, &odd);
    if (text[6] == 'y' && text[7] == 'y' && has_long && part[0] == stated[2] && part[1] == stated[1]) {
        memcpy(date, stated, sizeof stated);
        return true;
    }
    int year = part[2] < 85 ? 2000 + part[2] : 1900 + part[2]; /* the format's clipping date is 1985 */
    if (part[2] < 0 || !is_date(year, part[1], part[0])) {
        emgp_field_deviate(fields, &date_field, "W_DATE", NULL);
        return false;
    }
    if (odd)
        emgp_field_deviate(fields, &date_field, "W_DATE_FORMAT", NULL);
    if (has_long && (stated[0] % 100 != part[2] || stated[1] != part[1] || stated[2] != part[0]))
        emgp_field_deviate(fields, &date_field, "W_DATE_MISMATCH",
                           "differs from the date in the recording identification; this field is used");
    else if (has_long)
        year = stated[0];
    date[0] = year;
    date[1] = part[1];
    date[2] = part[0];
    return true;
}

static bool read_time(emgp_fields *fields, int time[3])
{
    bool odd = false;
    triple((const char *)fields->bytes + time_field.offset, time, &odd);
    if (time[0] < 0 || time[0] > 23 || time[1] < 0 || time[1] > 59 || time[2] < 0 || time[2] > 59) {
        emgp_field_deviate(fields, &time_field, "W_TIME", NULL);
        return false;
    }
    if (odd)
        emgp_field_deviate(fields, &time_field, "W_TIME_FORMAT", NULL);
    return true;
}

void emgp_edf_start(emgp_fields *fields, bool plus, emg_recording_facts *facts)
{
    int date[3] = { 0 }, time[3] = { 0 };
    emgp_field_text(fields, &patient_field, facts->patient, sizeof facts->patient);
    emgp_field_text(fields, &recording_field, facts->recording, sizeof facts->recording);
    if (plus)
        check_patient(fields);
    bool has_date = read_date(fields, plus, date), has_time = read_time(fields, time);
    facts->start_known = has_date && has_time;
    if (!facts->start_known)
        return;
    facts->start_year = date[0];
    facts->start_month = date[1];
    facts->start_day = date[2];
    facts->start_hour = time[0];
    facts->start_minute = time[1];
    facts->start_second = time[2];
}

static void next_day(emg_recording_facts *facts)
{
    if (++facts->start_day <= days_in_month(facts->start_year, facts->start_month))
        return;
    facts->start_day = 1;
    if (++facts->start_month <= 12)
        return;
    facts->start_month = 1;
    facts->start_year++;
}

static void previous_day(emg_recording_facts *facts)
{
    if (--facts->start_day >= 1)
        return;
    if (--facts->start_month < 1) {
        facts->start_month = 12;
        facts->start_year--;
    }
    facts->start_day = days_in_month(facts->start_year, facts->start_month);
}

void emgp_edf_start_shift(emg_recording_facts *facts, double seconds)
{
    if (!facts->start_known)
        return;
    if (!(fabs(seconds) <= LONGEST_SHIFT_S)) {
        facts->start_known = false;
        return;
    }
    double second = facts->start_hour * 3600.0 + facts->start_minute * 60.0 + facts->start_second + seconds;
    for (; second >= DAY_S; second -= DAY_S)
        next_day(facts);
    for (; second < 0; second += DAY_S)
        previous_day(facts);
    int whole = (int)second;
    facts->start_hour = whole / 3600;
    facts->start_minute = whole / 60 % 60;
    facts->start_second = second - whole / 60 * 60;
}
