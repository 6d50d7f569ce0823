/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Physical dimensions: which are voltages and by how much, which are mechanics, which are merely known. */
#include "reading/channels/channels.h"

#include <stdbool.h>
#include <string.h>

typedef struct unit {
    const char *text;
    emgp_unit_kind kind;
    double to_uv;
} unit;

/* EDF headers are ASCII, so "u" stands for micro. Case matters: mV is not MV. */
static const unit exact[] = {
    { "uV", EMGP_UNIT_VOLT, 1.0 },
    { "mV", EMGP_UNIT_VOLT, 1e3 },
    { "V", EMGP_UNIT_VOLT, 1e6 },
    { "nV", EMGP_UNIT_VOLT, 1e-3 },
    { "\xB5V", EMGP_UNIT_VOLT_ODD, 1.0 },     /* Latin-1 micro sign */
    { "\xC2\xB5V", EMGP_UNIT_VOLT_ODD, 1.0 }, /* the same as UTF-8 */
    { "\xCE\xBCV", EMGP_UNIT_VOLT_ODD, 1.0 }, /* the Greek letter */
    { "uv", EMGP_UNIT_VOLT_ODD, 1.0 },
    { "UV", EMGP_UNIT_VOLT_ODD, 1.0 },
    { "mv", EMGP_UNIT_VOLT_ODD, 1e3 },
    { "nv", EMGP_UNIT_VOLT_ODD, 1e-3 },
    { "v", EMGP_UNIT_VOLT_ODD, 1e6 },
    { "microV", EMGP_UNIT_VOLT_ODD, 1.0 },
    { "microvolt", EMGP_UNIT_VOLT_ODD, 1.0 },
    { "millivolt", EMGP_UNIT_VOLT_ODD, 1e3 },
    { "Microvol", EMGP_UNIT_VOLT_ODD, 1.0 }, /* a field of EDF has eight places */
    { "microvol", EMGP_UNIT_VOLT_ODD, 1.0 },
    { "Millivol", EMGP_UNIT_VOLT_ODD, 1e3 },
    { "millivol", EMGP_UNIT_VOLT_ODD, 1e3 },
    { "volt", EMGP_UNIT_VOLT_ODD, 1e6 },
    { "Volt", EMGP_UNIT_VOLT_ODD, 1e6 },
    { "volts", EMGP_UNIT_VOLT_ODD, 1e6 },
    { "Volts", EMGP_UNIT_VOLT_ODD, 1e6 },
    { "uVolt", EMGP_UNIT_VOLT_ODD, 1.0 },
    { "mVolt", EMGP_UNIT_VOLT_ODD, 1e3 },
    { "MV", EMGP_UNIT_MEGAVOLT, 0.0 },
    { "?V", EMGP_UNIT_LOST_MICRO, 0.0 },
    { "", EMGP_UNIT_BLANK, 0.0 },
};

static const char *const mechanical[] = {
    "N",     "mN",   "kN", "Nm",  "N.m",    "N*m",     "mNm",  "kgf",      "kg",    "g",    "mg",
    "G",     "lbf",  "lb", "deg", "degree", "degrees", "rad",  "mrad",     "deg/s", "dps",  "rad/s",
    "m/s^2", "m/s2", "mm", "cm",  "m",      "um",      "\xB0", "\xC2\xB0", "m/s",   "mm/s",
};

static const char *const other[] = {
    "%",    "Boolean", "bool",  "bpm",   "BPM",   "Hz", "kHz",   "s",    "ms",   "us",    "min",  "min.", "h",
    "hrs",  "L",       "L/s",   "L/min", "l/min", "ml", "cmH2O", "mmHg", "mbar", "Pa",    "kPa",  "hPa",  "degC",
    "DegC", "degF",    "K",     "S",     "uS",    "mS", "Ohm",   "ohm",  "kOhm", "kohm",  "MOhm", "mol",  "mmol/L",
    "mg/L", "T",       "uT",    "fT",    "pT",    "A",  "mA",    "uA",   "nA",   "dB",    "lux",  "lx",   "mW",
    "W",    "counts",  "count", "bit",   "bits",  "1",  "a.u.",  "au",   "TTL",  "1/min",
};

static bool same(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(text, word, n) == 0;
}

static bool among(const char *text, size_t n, const char *const *words, size_t n_words)
{
    for (size_t i = 0; i < n_words; i++)
        if (same(text, n, words[i]))
            return true;
    return false;
}

/* "[uV]" and "(uV)" are uV. */
static bool is_bracketed(const char *text, size_t n)
{
    return n > 2 && ((text[0] == '[' && text[n - 1] == ']') || (text[0] == '(' && text[n - 1] == ')'));
}

emgp_unit_kind emgp_unit_read(const char *text, size_t n, double *to_uv)
{
    *to_uv = 0.0;
    if (is_bracketed(text, n)) {
        emgp_unit_kind kind = emgp_unit_read(text + 1, n - 2, to_uv);
        return kind == EMGP_UNIT_VOLT ? EMGP_UNIT_VOLT_ODD : kind;
    }
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        if (same(text, n, exact[i].text)) {
            *to_uv = exact[i].to_uv;
            return exact[i].kind;
        }
    }
    if (among(text, n, mechanical, sizeof mechanical / sizeof *mechanical))
        return EMGP_UNIT_MECHANICAL;
    return among(text, n, other, sizeof other / sizeof *other) ? EMGP_UNIT_OTHER : EMGP_UNIT_UNKNOWN;
}
