/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine over settings tables: defaults, checked assignment, printing. */
#ifndef EMGP_SETTING_H
#define EMGP_SETTING_H

#include <stdbool.h>

#include <emg/setting.h>

#include "base/number.h"

/* The value of `row` within the struct at `values`. */
double emgp_setting_get(const emg_setting *row, const void *values);

/* Stores every row's default (of the needle preset when asked) into the struct at `values`. */
void emgp_setting_defaults(const emg_setting *rows, size_t n, bool needle, void *values);

/* Parses text as a value of row and stores it. EMG_ERANGE outside the range, EMG_EARG for what is no number or
 * no word of the row; the sentence names key, value and what is allowed. */
emg_status emgp_setting_assign(const emg_setting *row, const char *text, void *values, emg_error *err);

/* Prints the value as it could be assigned again; returns its length. */
size_t emgp_setting_print(const emg_setting *row, const void *values, char out[EMGP_NUMBER_ROOM]);

/* EMG_ERANGE with a sentence for the first value that lies outside its row's range (or is NaN). */
emg_status emgp_setting_check(const emg_setting *rows, size_t n, const void *values, emg_error *err);

#endif
