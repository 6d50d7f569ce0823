/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields of EDF+: patient as found, or its name in the place that EDF+ has for it; the start moved on. */
#include "run/filter/filter.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { DAY_S = 86400 };

/* Days since 1 March of the year 0, and back: Gregorian years are counted from March, so that leap days come last. */
static long days_of(int year, int month, int day)
{
    long y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
}

static void date_of(long days, int date[3])
{
    long y = (10000 * days + 14780) / 3652425, rest = days - days_of((int)y, 3, 1);
    if (rest < 0)
        rest = days - days_of((int)--y, 3, 1);
    long m = (5 * rest + 2) / 153;
    date[2] = (int)(rest - (153 * m + 2) / 5 + 1);
    date[1] = (int)(m < 10 ? m + 3 : m - 9);
    date[0] = (int)(m < 10 ? y : y + 1);
}

static bool is_plus(emg_format format)
{
    return format == EMG_FORMAT_EDF_C || format == EMG_FORMAT_EDF_D || format == EMG_FORMAT_BDF_C ||
           format == EMG_FORMAT_BDF_D;
}

/* Plain EDF has free text: it goes, its spaces as underscores, after the leading subfields that are not known. */
static void put_free(char *out, size_t room, const char *unknown, const char *text)
{
    size_t n = (size_t)snprintf(out, room, "%s", unknown);
    emgp_text_copy(out + n, room - n, *text ? text : "X");
    for (char *c = out + n; *c; c++)
        *c = *c == ' ' ? '_' : *c;
}

void emgp_identity_of(emgp_identity *out, const emg_recording_facts *facts, double offset_s)
{
    static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    char start[48] = "Startdate X X X ";
    memset(out, 0, sizeof *out);
    if (facts->start_known) {
        int date[3];
        double seconds = 3600.0 * facts->start_hour + 60.0 * facts->start_minute + facts->start_second + offset_s;
        seconds = rint(seconds * 1e6) / 1e6;
        double whole = floor(seconds), days = floor(whole / DAY_S);
        int rest = (int)(whole - days * DAY_S);
        out->fraction_s = seconds - whole;
        date_of(days_of(facts->start_year, facts->start_month, facts->start_day) + (long)days, date);
        snprintf(out->date, sizeof out->date, "%02d.%02d.%02d", date[2] % 100, date[1] % 100, date[0] % 100);
        if (date[0] > 2084)
            snprintf(out->date, sizeof out->date, "%02d.%02d.yy", date[2] % 100, date[1] % 100);
        snprintf(out->time, sizeof out->time, "%02d.%02d.%02d", rest / 3600, rest / 60 % 60, rest % 60);
        snprintf(start, sizeof start, "Startdate %02d-%.3s-%04d X X ", date[2] % 100, months + 3 * (date[1] - 1),
                 date[0] % 10000);
    }
    if (is_plus(facts->format)) {
        const char *after =
            strncmp(facts->recording, "Startdate ", 10) == 0 ? strchr(facts->recording + 10, ' ') : NULL;
        emgp_text_copy(out->patient, sizeof out->patient, facts->patient);
        if (after && facts->start_known)
            snprintf(out->recording, sizeof out->recording, "%.21s%s", start, after);
        else
            emgp_text_copy(out->recording, sizeof out->recording, facts->recording);
    } else {
        put_free(out->patient, sizeof out->patient, "X X X ", facts->patient);
        put_free(out->recording, sizeof out->recording, start, facts->recording);
    }
}
