/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an argument says: numbers and times, the whole text or nothing; and the sentence of a refusal. */
#include "common/common.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool cli_number(const char *text, double *out)
{
    if (!*text || text[strspn(text, "+-.0123456789eE")])
        return false; /* strtod() would also take spaces, "nan", "inf" and hexadecimal */
    char *end;
    double value = strtod(text, &end);
    if (*end || !isfinite(value))
        return false;
    *out = value;
    return true;
}

bool cli_time(const char *text, double *out)
{
    double total = 0;
    for (int part = 0; part < 3; part++) {
        const char *colon = strchr(text, ':');
        size_t n = colon ? (size_t)(colon - text) : strlen(text);
        char copy[32];
        double value;
        if (n >= sizeof copy)
            return false;
        memcpy(copy, text, n);
        copy[n] = '\0';
        if (!cli_number(copy, &value) || value < 0 || (part > 0 && value >= 60))
            return false;
        total = total * 60 + value;
        if (!colon) {
            *out = total;
            return true;
        }
        text = colon + 1;
    }
    return false;
}

bool cli_clock(const char *text, double *out)
{
    double total = 0, unit = 3600;
    if (*text != '@')
        return false;
    for (text++; unit >= 1; unit /= 60) {
        size_t n = strcspn(text, ":");
        char copy[32] = "";
        double value;
        if (n > 0 && n < sizeof copy && n == strspn(text, "0123456789."))
            memcpy(copy, text, n);
        bool whole = text[n] == ':' || unit > 1;
        if (!cli_number(copy, &value) || value < 0 || value >= (unit > 60 ? 24 : 60) || (whole && value != (int)value))
            return false;
        total += value * unit;
        text += n;
        if (!*text) {
            *out = total;
            return unit <= 60;
        }
        text++;
    }
    return false;
}

bool cli_refuse(cli_options *options, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(options->refusal, sizeof options->refusal, format, list);
    va_end(list);
    return false;
}
