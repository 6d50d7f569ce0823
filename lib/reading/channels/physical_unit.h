/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a physical dimension's text means. */
#ifndef EMGP_UNIT_H
#define EMGP_UNIT_H

#include <stddef.h>

typedef enum emgp_unit_kind {
    EMGP_UNIT_VOLT,       /* a voltage, spelled as the format asks */
    EMGP_UNIT_VOLT_ODD,   /* a voltage, spelled otherwise ("uv", a real micro sign, "microV") */
    EMGP_UNIT_MECHANICAL, /* force, torque, angle, acceleration */
    EMGP_UNIT_OTHER,      /* another known unit */
    EMGP_UNIT_BLANK,
    EMGP_UNIT_MEGAVOLT,   /* "MV": not credible in a recording of a body */
    EMGP_UNIT_LOST_MICRO, /* "?V": the character that said how many is lost */
    EMGP_UNIT_UNKNOWN
} emgp_unit_kind;

/* Reads n raw bytes without surrounding spaces. *to_uv: microvolts per unit, 0 when it is no voltage. */
emgp_unit_kind emgp_unit_read(const char *text, size_t n, double *to_uv);

#endif
