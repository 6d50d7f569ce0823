/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locale-free numbers: a strict parser and a printer with a fixed number of digits. */
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
enum { EXACT_POWER = 22, DIGITS = 6 };

/* The scaled value of six_digits() is off by less than this (a few roundings of numbers below 1e6). */
static const double tie_margin = 1e-6;

/* mantissa * 10^exponent; exact while both fit a double (Clinger 1990, section 3). */
static double scaled(uint64_t mantissa, int exponent)
{
    if (mantissa < (UINT64_C(1) << 53) && exponent >= -EXACT_POWER && exponent <= EXACT_POWER)
        return exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
    long double value = (long double)mantissa;
    for (; exponent > 0 && value < 1e400L; exponent--)
        value *= 10.0L;
    for (; exponent < 0 && value > 1e-400L; exponent++)
        value /= 10.0L;
    return (double)value;
}

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool is_digit(const cursor *c)
{
    return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

static bool take_sign(cursor *c)
{
    bool negative = c->at < c->end && *c->at == '-';
    if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
        c->at++;
    return negative;
}

/* Digits into the mantissa; beyond 18 they only count. Returns how many digits there were. */
static size_t take_digits(cursor *c, uint64_t *mantissa, int *dropped)
{
    size_t n = 0;
    for (; is_digit(c); c->at++, n++) {
        if (*mantissa < UINT64_C(100000000000000000))
            *mantissa = *mantissa * 10 + (uint64_t)(*c->at - '0');
        else
            (*dropped)++;
    }
    return n;
}

static bool take_exponent(cursor *c, int *exponent)
{
    if (c->at >= c->end)
        return true;
    if (*c->at != 'e' && *c->at != 'E')
        return false;
    c->at++;
    bool negative = take_sign(c);
    int e = 0;
    size_t n = 0;
    for (; is_digit(c); c->at++, n++)
        e = e < 10000 ? e * 10 + (*c->at - '0') : e;
    *exponent += negative ? -e : e;
    return n > 0 && c->at == c->end;
}

bool emgp_number_parse(const char *text, size_t n, double *out)
{
    cursor c = { text, text + n };
    bool negative = take_sign(&c);
    uint64_t mantissa = 0;
    int dropped = 0, dropped_fraction = 0;
    size_t whole = take_digits(&c, &mantissa, &dropped), fraction = 0;
    if (c.at < c.end && *c.at == '.') {
        c.at++;
        fraction = take_digits(&c, &mantissa, &dropped_fraction);
    }
    if (whole + fraction == 0 || whole + fraction > 400)
        return false;
    int exponent = dropped - ((int)fraction - dropped_fraction);
    if (!take_exponent(&c, &exponent) || c.at != c.end)
        return false;
    double value = scaled(mantissa, exponent);
    if (!isfinite(value))
        return false;
    *out = negative ? -value : value;
    return true;
}

bool emgp_integer_parse(const char *text, size_t n, int64_t *out)
{
    cursor c = { text, text + n };
    bool negative = take_sign(&c);
    if (!is_digit(&c))
        return false;
    int64_t value = 0;
    for (; is_digit(&c); c.at++) {
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *c.at - '0', &value))
            return false;
    }
    if (c.at != c.end)
        return false;
    *out = negative ? -value : value;
    return true;
}

size_t emgp_count_print(char *out, uint64_t value)
{
    char reversed[24];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    out[n] = '\0';
    return n;
}

static size_t print_missing(char *out)
{
    memcpy(out, "n/a", 4);
    return 3;
}

/* The same as six_digits() through the C library, whatever its decimal mark: slower, and exact where the rounding of a
 * product would decide. */
static int six_digits_exactly(double value, uint32_t *digits)
{
    char text[EMGP_NUMBER_ROOM];
    snprintf(text, sizeof text, "%.*e", DIGITS - 1, value);
    *digits = 0;
    const char *c = text;
    for (; *c != 'e'; c++)
        if (*c >= '0' && *c <= '9')
            *digits = *digits * 10 + (uint32_t)(*c - '0');
    int64_t e = 0;
    emgp_integer_parse(c + 1, strlen(c + 1), &e);
    return (int)e;
}

/* The decimal exponent of value > 0 and its six digits as an integer 100000..999999. */
static int six_digits(double value, uint32_t *digits)
{
    int e = (int)floor(log10(value));
    for (int round = 0; round < 3; round++) {
        int shift = DIGITS - 1 - e;
        double v = value;
        for (; shift > EXACT_POWER; shift -= EXACT_POWER)
            v *= powers[EXACT_POWER];
        for (; shift < -EXACT_POWER; shift += EXACT_POWER)
            v /= powers[EXACT_POWER];
        v = shift >= 0 ? v * powers[shift] : v / powers[-shift];
        double r = rint(v);
        if (fabs(v - floor(v) - 0.5) < tie_margin)
            return six_digits_exactly(value, digits);
        if (r >= 1e6) {
            e++;
        } else if (r < 1e5) {
            e--;
        } else {
            *digits = (uint32_t)r;
            return e;
        }
    }
    *digits = 100000;
    return e;
}

static size_t print_scientific(char *out, const char *d, int n_digits, int e)
{
    size_t n = 0;
    out[n++] = d[0];
    if (n_digits > 1) {
        out[n++] = '.';
        memcpy(out + n, d + 1, (size_t)n_digits - 1);
        n += (size_t)n_digits - 1;
    }
    out[n++] = 'e';
    out[n++] = e < 0 ? '-' : '+';
    unsigned magnitude = (unsigned)(e < 0 ? -e : e);
    if (magnitude < 10)
        out[n++] = '0';
    return n + emgp_count_print(out + n, magnitude);
}

static size_t print_plain(char *out, const char *d, int n_digits, int e)
{
    size_t n = 0;
    if (e < 0) {
        out[n++] = '0';
        out[n++] = '.';
        for (int i = -1; i > e; i--)
            out[n++] = '0';
    }
    for (int i = 0; i < n_digits || i <= e; i++) {
        if (e >= 0 && i == e + 1)
            out[n++] = '.';
        out[n++] = i < n_digits ? d[i] : '0';
    }
    out[n] = '\0';
    return n;
}

size_t emgp_number_print(char *out, double value)
{
    if (!isfinite(value))
        return print_missing(out);
    size_t sign = 0;
    if (value < 0) {
        out[sign++] = '-';
        value = -value;
    }
    if (!(value > 0)) {
        memcpy(out, "0", 2);
        return 1;
    }
    uint32_t digits;
    int e = six_digits(value, &digits);
    char d[DIGITS];
    for (int i = DIGITS - 1; i >= 0; i--, digits /= 10)
        d[i] = (char)('0' + digits % 10);
    int n_digits = DIGITS;
    while (n_digits > 1 && d[n_digits - 1] == '0')
        n_digits--;
    if (e < -4 || e >= DIGITS)
        return sign + print_scientific(out + sign, d, n_digits, e);
    return sign + print_plain(out + sign, d, n_digits, e);
}

size_t emgp_time_print(char *out, double value)
{
    if (!isfinite(value) || fabs(value) >= 9e12)
        return print_missing(out);
    int64_t micro = llround(value * 1e6);
    size_t n = 0;
    if (micro < 0) {
        out[n++] = '-';
        micro = -micro;
    }
    n += emgp_count_print(out + n, (uint64_t)micro / 1000000);
    out[n++] = '.';
    uint32_t rest = (uint32_t)((uint64_t)micro % 1000000);
    for (uint32_t unit = 100000; unit; unit /= 10)
        out[n++] = (char)('0' + rest / unit % 10);
    out[n] = '\0';
    return n;
}
