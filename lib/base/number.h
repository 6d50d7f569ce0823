/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text to number and back, whatever the locale. */
#ifndef EMGP_NUMBER_H
#define EMGP_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room that every printer here needs at most, the final NUL included. */
enum { EMGP_NUMBER_ROOM = 32 };

/* Reads the whole of text[0..n): [+-]? digits [. digits] [e[+-]digits]; a leading dot is allowed, nothing else is
 * (no spaces, no "nan", no "0x1", no comma). Correctly rounded for up to 15 digits and exponents within +-22.
 * False leaves *out alone; also false when the value is not finite. */
bool emgp_number_parse(const char *text, size_t n, double *out);

/* Reads the whole of text[0..n) as a decimal integer; false on anything else or overflow. */
bool emgp_integer_parse(const char *text, size_t n, int64_t *out);

/* Prints with 6 significant digits as "%.6g" does in the C locale; NaN and infinities as "n/a", -0 as 0.
 * Writes a NUL; returns the length. */
size_t emgp_number_print(char *out, double value);

/* Prints with 6 decimals, as times are; not finite as "n/a". |value| below 9e12. */
size_t emgp_time_print(char *out, double value);

/* Prints an unsigned integer. */
size_t emgp_count_print(char *out, uint64_t value);

#endif
