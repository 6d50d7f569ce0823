/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON documents over a sink; built with jansson. */
#include "report/report.h"

#include <string.h>
#include <jansson.h>

#include "base/base.h"

void emgp_document_start(emgp_document *doc, emg_write *write, void *context, emg_error *err)
{
    emgp_sink_init(&doc->sink, write, context, err);
    doc->first = true;
    doc->failed = false;
    emgp_sink_text(&doc->sink, "{\n");
}

emg_status emgp_document_end(emgp_document *doc, emg_error *err)
{
    emgp_sink_text(&doc->sink, "\n}\n");
    if (doc->failed)
        return emgp_fail_memory(err);
    return emgp_sink_flush(&doc->sink);
}

static int take_piece(const char *bytes, size_t n, void *context)
{
    emgp_sink_bytes(context, bytes, n);
    return 0;
}

/* Reals are rounded to their printed digits beforehand (see emgp_json_real()); 15 digits give exactly those back. */
static void dump(emgp_document *doc, json_t *value)
{
    const size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(15);
    if (!value || json_dump_callback(value, take_piece, &doc->sink, flags))
        doc->failed = true;
    json_decref(value);
}

static void key(emgp_document *doc, const char *name)
{
    if (!doc->first)
        emgp_sink_text(&doc->sink, ",\n");
    doc->first = false;
    emgp_sink_text(&doc->sink, "  \"");
    emgp_sink_text(&doc->sink, name);
    emgp_sink_text(&doc->sink, "\": ");
}

void emgp_document_member(emgp_document *doc, const char *name, json_t *value)
{
    key(doc, name);
    dump(doc, value);
}

void emgp_document_array(emgp_document *doc, const char *name)
{
    key(doc, name);
    emgp_sink_text(&doc->sink, "[");
    doc->first = true;
}

void emgp_document_element(emgp_document *doc, json_t *value)
{
    emgp_sink_text(&doc->sink, doc->first ? "\n    " : ",\n    ");
    doc->first = false;
    dump(doc, value);
}

void emgp_document_array_end(emgp_document *doc)
{
    emgp_sink_text(&doc->sink, doc->first ? "]" : "\n  ]");
    doc->first = false;
}

json_t *emgp_json_printed(const char *text, size_t n)
{
    double value;
    return emgp_number_parse(text, n, &value) ? json_real(value) : json_null();
}

json_t *emgp_json_real(double value)
{
    char text[EMGP_NUMBER_ROOM];
    return emgp_json_printed(text, emgp_number_print(text, value));
}

json_t *emgp_json_seconds(double value)
{
    char text[EMGP_NUMBER_ROOM];
    return emgp_json_printed(text, emgp_time_print(text, value));
}

json_t *emgp_json_count(uint64_t value)
{
    return value <= INT64_MAX ? json_integer((json_int_t)value) : json_real((double)value);
}

json_t *emgp_json_text(const char *value)
{
    if (!value)
        return json_null();
    size_t n = strlen(value), room;
    if (emgp_text_is_utf8(value, n))
        return json_stringn(value, n);
    char *copy = emgp_multiply(n + 2, 4, &room) ? emgp_alloc(room, 1) : NULL;
    if (!copy)
        return NULL;
    emgp_text_printable(copy, room, value, n);
    json_t *string = json_string(copy);
    emgp_free(copy);
    return string;
}

void emgp_json_set(json_t **object, const char *name, json_t *value)
{
    if (json_object_set_new(*object, name, value)) {
        json_decref(*object);
        *object = NULL;
    }
}

void emgp_json_append(json_t **array, json_t *value)
{
    if (json_array_append_new(*array, value)) {
        json_decref(*array);
        *array = NULL;
    }
}
