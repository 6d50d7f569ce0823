/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes of deviations, looked up in the one table that holds them. */
#ifndef EMGP_CODE_H
#define EMGP_CODE_H

#include <emg/code.h>

/* The row of a deviation's code; NULL: there is no such code. */
const emg_code *emgp_code_find(const char *code);

#endif
