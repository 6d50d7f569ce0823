/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A JSON document written member by member, each value on a line of its own, so that memory does not grow with it. */
#ifndef EMGP_DOCUMENT_H
#define EMGP_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include <emg/report.h>

#include "base/sink.h"

/* Values that could not be built (memory) are NULL and fail the document. */
typedef struct emgp_document {
    emgp_sink sink;
    bool first, failed;
} emgp_document;

void emgp_document_start(emgp_document *doc, emg_write *write, void *context, emg_error *err);
/* EMG_ENOMEM, or what the writing answered. */
emg_status emgp_document_end(emgp_document *doc, emg_error *err);

/* Values are taken over, whatever happens. */
void emgp_document_member(emgp_document *doc, const char *name, json_t *value);
/* An array with one element a line: array, element..., array_end. */
void emgp_document_array(emgp_document *doc, const char *name);
void emgp_document_element(emgp_document *doc, json_t *value);
void emgp_document_array_end(emgp_document *doc);

/* The number that the tables print, 6 significant digits; null for "not applicable". */
json_t *emgp_json_real(double value);
/* Seconds with 6 decimals. */
json_t *emgp_json_seconds(double value);
json_t *emgp_json_count(uint64_t value);
/* Exactly the text; made printable when it is not UTF-8. null for NULL. */
json_t *emgp_json_text(const char *value);
/* The number that a text says, else null. */
json_t *emgp_json_printed(const char *text, size_t n);

/* Adds to an object or array; the failure of any member is remembered by its becoming NULL. */
void emgp_json_set(json_t **object, const char *name, json_t *value);
void emgp_json_append(json_t **array, json_t *value);

#endif
