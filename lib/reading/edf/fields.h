/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One strict parser for every field of an EDF or BDF header. */
#ifndef EMGP_EDF_FIELDS_H
#define EMGP_EDF_FIELDS_H

#include <stdbool.h>

#include "reading/source/deviation.h"

/* Header bytes being read. The first failure (strict reading, memory) stays in `status`; every reader then answers
 * as for a blank field. */
typedef struct emgp_fields {
    const unsigned char *bytes;
    emgp_deviations *deviations;
    emg_error *err;
    emg_status status;
} emgp_fields;

/* One field: where it stands. */
typedef struct emgp_field {
    const char *name;
    size_t offset, width;
    int64_t channel; /* signal number from 1; 0: of the whole file */
    bool identity;   /* may name a person: its bytes stay out of deviations and sentences */
} emgp_field;

/* Notes a deviation at a field with its bytes as the value. action NULL: what the table of codes says. */
void emgp_field_deviate(emgp_fields *fields, const emgp_field *field, const char *code, const char *action);

/* The field without spaces and NULs around it: first byte and length. */
const char *emgp_field_trim(const emgp_fields *fields, const emgp_field *field, size_t *n);

/* The field as printable UTF-8, noting bytes that the format does not allow. */
void emgp_field_text(emgp_fields *fields, const emgp_field *field, char *out, size_t room);

typedef enum emgp_number_state { EMGP_NUMBER_OK, EMGP_NUMBER_BLANK, EMGP_NUMBER_BAD } emgp_number_state;

/* A decimal number, tolerating (and noting) padding on the left, NUL padding, one decimal comma and an exponent. */
emgp_number_state emgp_field_number(emgp_fields *fields, const emgp_field *field, double *out);

/* The same for a whole number. */
emgp_number_state emgp_field_integer(emgp_fields *fields, const emgp_field *field, int64_t *out);

/* EMG_EFORMAT: "<name> at byte N is 'value': <remedy>". */
emg_status emgp_field_refuse(const emgp_fields *fields, const emgp_field *field, const char *remedy);

#endif
