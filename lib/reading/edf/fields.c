/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header fields to text and numbers: strict grammar, a short list of tolerated slips, each of them noted. */
#include "reading/edf/edf.h"

#include <string.h>

#include "base/base.h"

enum { WIDEST_NUMBER = 16 };

void emgp_field_deviate(emgp_fields *fields, const emgp_field *field, const char *code, const char *action)
{
    if (fields->status != EMG_OK)
        return;
    size_t n;
    const char *value = emgp_field_trim(fields, field, &n);
    emgp_finding finding = { .code = code,
                             .field = field->name,
                             .offset = (int64_t)field->offset,
                             .channel = field->channel,
                             .value = field->identity ? NULL : value,
                             .n_value = n,
                             .action = action };
    fields->status = emgp_deviate(fields->deviations, &finding, fields->err);
}

const char *emgp_field_trim(const emgp_fields *fields, const emgp_field *field, size_t *n)
{
    const char *bytes = (const char *)fields->bytes + field->offset;
    size_t from = 0, to = field->width;
    emgp_text_trim(bytes, &from, &to);
    *n = to - from;
    return bytes + from;
}

/* Notes NULs where spaces belong and text that does not begin at the left. */
static void check_padding(emgp_fields *fields, const emgp_field *field)
{
    size_t n;
    const char *text = emgp_field_trim(fields, field, &n), *bytes = (const char *)fields->bytes + field->offset;
    size_t left = (size_t)(text - bytes);
    if (memchr(bytes, '\0', left) || memchr(text + n, '\0', field->width - left - n))
        emgp_field_deviate(fields, field, "W_NUL_PADDING", NULL);
    else if (n > 0 && left > 0)
        emgp_field_deviate(fields, field, "W_LEFT_PADDING", NULL);
}

void emgp_field_text(emgp_fields *fields, const emgp_field *field, char *out, size_t room)
{
    size_t n;
    const char *text = emgp_field_trim(fields, field, &n);
    check_padding(fields, field);
    bool foreign = false;
    for (size_t i = 0; i < n; i++)
        foreign = foreign || (unsigned char)text[i] < 32 || (unsigned char)text[i] > 126;
    if (foreign)
        emgp_field_deviate(fields, field, "W_TEXT", NULL);
    emgp_text_printable(out, room, text, n);
}

/* The number's text with a dot for a comma; notes what is odd about it. False when it is too long. */
static bool tidy(emgp_fields *fields, const emgp_field *field, char *out, size_t *n)
{
    const char *text = emgp_field_trim(fields, field, n);
    if (*n > WIDEST_NUMBER)
        return false;
    memcpy(out, text, *n);
    char *comma = memchr(out, ',', *n);
    if (comma && !memchr(out, '.', *n))
        *comma = '.'; /* a second comma makes the number unreadable, as it should be */
    return true;
}

static void note_oddities(emgp_fields *fields, const emgp_field *field)
{
    size_t n;
    const char *text = emgp_field_trim(fields, field, &n);
    check_padding(fields, field);
    if (memchr(text, ',', n))
        emgp_field_deviate(fields, field, "W_DECIMAL_COMMA", NULL);
    if (memchr(text, 'e', n) || memchr(text, 'E', n))
        emgp_field_deviate(fields, field, "W_EXPONENT", NULL);
}

emgp_number_state emgp_field_number(emgp_fields *fields, const emgp_field *field, double *out)
{
    char text[WIDEST_NUMBER];
    size_t n;
    if (fields->status != EMG_OK)
        return EMGP_NUMBER_BLANK;
    if (!tidy(fields, field, text, &n))
        return EMGP_NUMBER_BAD;
    if (n == 0)
        return EMGP_NUMBER_BLANK;
    if (!emgp_number_parse(text, n, out))
        return EMGP_NUMBER_BAD;
    note_oddities(fields, field);
    return EMGP_NUMBER_OK;
}

emgp_number_state emgp_field_integer(emgp_fields *fields, const emgp_field *field, int64_t *out)
{
    size_t n;
    if (fields->status != EMG_OK)
        return EMGP_NUMBER_BLANK;
    const char *text = emgp_field_trim(fields, field, &n);
    if (n == 0)
        return EMGP_NUMBER_BLANK;
    if (!emgp_integer_parse(text, n, out))
        return EMGP_NUMBER_BAD;
    check_padding(fields, field);
    return EMGP_NUMBER_OK;
}

emg_status emgp_field_refuse(const emgp_fields *fields, const emgp_field *field, const char *remedy)
{
    size_t n;
    char value[64];
    const char *text = emgp_field_trim(fields, field, &n);
    emgp_text_printable(value, sizeof value, text, n);
    return emgp_fail_at(fields->err, EMG_EFORMAT, (int64_t)field->offset, field->channel > 0 ? field->channel : -1,
                        "byte %zu: %s '%s' %s", field->offset, field->name, value, remedy);
}
