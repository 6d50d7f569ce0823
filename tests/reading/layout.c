/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields by the tables of the format's text; sound files only, so that nothing needs repair. */
#include "layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double number(const unsigned char *field, size_t width)
{
    char text[32] = "";
    memcpy(text, field, width);
    return strtod(text, NULL);
}

static bool read_whole(layout *out, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    fseek(file, 0, SEEK_END);
    long n = ftell(file);
    out->n_bytes = n > 0 ? (size_t)n : 0;
    out->bytes = calloc(out->n_bytes + 1, 1);
    rewind(file);
    bool whole = out->bytes && fread(out->bytes, 1, out->n_bytes, file) == out->n_bytes;
    return fclose(file) == 0 && whole && n > 256;
}

static bool read_signals(layout *out)
{
    size_t ns = out->n_signals;
    out->signals = calloc(ns + 1, sizeof *out->signals);
    for (size_t i = 0; out->signals && i < ns; i++) {
        layout_signal *s = &out->signals[i];
        memcpy(s->label, out->bytes + 256 + 16 * i, 16);
        double n = number(out->bytes + 256 + 216 * ns + 8 * i, 8);
        if (!(n >= 0 && n < 1e8))
            return false;
        s->n = (size_t)n;
        s->offset = out->record_bytes;
        out->record_bytes += s->n * out->sample_bytes;
    }
    return out->record_bytes > 0;
}

static bool parse(layout *out)
{
    out->sample_bytes = out->bytes[0] == 0xFF ? 3 : 2;
    out->discontinuous = memcmp(out->bytes + 193, "DF+D", 4) == 0;
    out->record_duration_s = number(out->bytes + 244, 8);
    double ns = number(out->bytes + 252, 4), stated = number(out->bytes + 236, 8);
    if (!(ns >= 1) || 256 * (ns + 1) > (double)out->n_bytes)
        return false;
    out->n_signals = (size_t)ns;
    out->header_bytes = 256 * (out->n_signals + 1);
    if (!read_signals(out))
        return false;
    out->n_records = (out->n_bytes - out->header_bytes) / out->record_bytes;
    if (stated >= 0 && stated < (double)out->n_records)
        out->n_records = (size_t)stated;
    return out->n_records > 0;
}

bool layout_read(layout *out, const char *path)
{
    *out = (layout){ 0 };
    return read_whole(out, path) && parse(out);
}

bool layout_copy(layout *out, const void *bytes, size_t n)
{
    *out = (layout){ .bytes = calloc(n + 1, 1), .n_bytes = n };
    if (!out->bytes || n <= 256)
        return false;
    memcpy(out->bytes, bytes, n);
    return parse(out);
}

void layout_free(layout *l)
{
    free(l->bytes);
    free(l->signals);
    *l = (layout){ 0 };
}

const unsigned char *layout_at(const layout *l, size_t record, size_t signal)
{
    return l->bytes + l->header_bytes + record * l->record_bytes + l->signals[signal].offset;
}

long layout_sample(const layout *l, size_t signal, size_t index)
{
    size_t n = l->signals[signal].n;
    const unsigned char *p = layout_at(l, index / n, signal) + index % n * l->sample_bytes;
    long value = p[0] + 256L * p[1] + (l->sample_bytes == 3 ? 65536L * p[2] : 0);
    long half = l->sample_bytes == 3 ? 8388608 : 32768;
    return value < half ? value : value - 2 * half;
}

size_t layout_annotations(const layout *l)
{
    size_t i = 0;
    while (i < l->n_signals && strncmp(l->signals[i].label + 1, "DF Annotations", 14) != 0)
        i++;
    return i;
}
