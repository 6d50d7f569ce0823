/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF and wave files written the plain way, by the formats' own tables and without any code of the library. */
#include "bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bytes_add(bytes *b, const void *from, size_t n)
{
    if (b->n + n > b->room) {
        b->room = (b->n + n) * 2;
        b->at = realloc(b->at, b->room);
        if (!b->at)
            abort();
    }
    if (n > 0)
        memcpy(b->at + b->n, from, n);
    b->n += n;
}

void bytes_text(bytes *b, const char *text, size_t width)
{
    char field[256];
    memset(field, ' ', sizeof field);
    memcpy(field, text, strlen(text) < width ? strlen(text) : width);
    bytes_add(b, field, width);
}

void bytes_little(bytes *b, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        unsigned char byte = (unsigned char)(value >> (8 * i));
        bytes_add(b, &byte, 1);
    }
}

void bytes_free(bytes *b)
{
    free(b->at);
    *b = (bytes){ 0 };
}

void bytes_patch(bytes *b, size_t offset, const char *text, size_t width)
{
    memset(b->at + offset, ' ', width);
    memcpy(b->at + offset, text, strlen(text));
}

int edf_digital(int sample_bytes, int signal, uint64_t index)
{
    uint32_t mixed = (uint32_t)(index * 2654435761u) ^ (uint32_t)(signal * 40503 + 12345);
    mixed ^= mixed >> 15;
    return sample_bytes == 3 ? (int)(mixed & 0xFFFFFF) - 0x800000 : (int)(mixed & 0xFFFF) - 0x8000;
}

static int is_annotation(const edf_signal *s)
{
    return strstr(s->label, "nnotations") != NULL;
}

static void add_header(bytes *b, const edf_plan *plan)
{
    char text[32];
    int plus = plan->reserved[0] && strchr(plan->reserved, '+');
    bytes_add(b,
              plan->sample_bytes == 3 ? "\xFF"
                                        "BIOSEMI"
                                      : "0       ",
              8);
    bytes_text(b, plus ? "X X X X" : "", 80);
    bytes_text(b, plus ? "Startdate 02-AUG-2020 X X X" : "", 80);
    bytes_text(b, "02.08.20", 8);
    bytes_text(b, "10.11.12", 8);
    snprintf(text, sizeof text, "%d", 256 * (plan->n_signals + 1));
    bytes_text(b, text, 8);
    bytes_text(b, plan->reserved, 44);
    snprintf(text, sizeof text, "%d", plan->n_records);
    bytes_text(b, text, 8);
    bytes_text(b, plan->duration, 8);
    snprintf(text, sizeof text, "%d", plan->n_signals);
    bytes_text(b, text, 4);
}

static void add_signals(bytes *b, const edf_plan *plan)
{
    static const size_t widths[] = { 16, 80, 8, 8, 8, 8, 8, 80, 8, 32 };
    for (size_t column = 0; column < sizeof widths / sizeof *widths; column++) {
        for (int i = 0; i < plan->n_signals; i++) {
            const edf_signal *s = &plan->signals[i];
            char samples[16];
            snprintf(samples, sizeof samples, "%d", s->n);
            const char *texts[] = {
                s->label,  "",      s->unit, s->physical_min, s->physical_max, s->digital_min, s->digital_max,
                "HP:10Hz", samples, ""
            };
            bytes_text(b, texts[column], widths[column]);
        }
    }
}

static void add_record(bytes *b, const edf_plan *plan, int record)
{
    for (int i = 0; i < plan->n_signals; i++) {
        const edf_signal *s = &plan->signals[i];
        if (is_annotation(s)) {
            size_t room = (size_t)(s->n * plan->sample_bytes), start = b->n;
            const char *text = plan->annotations[record];
            bytes_add(b, text, plan->annotation_lengths ? plan->annotation_lengths[record] : strlen(text));
            while (b->n < start + room)
                bytes_add(b, "", 1);
            continue;
        }
        for (int k = 0; k < s->n; k++) {
            int value = edf_digital(plan->sample_bytes, i, (uint64_t)record * (uint64_t)s->n + (uint64_t)k);
            bytes_little(b, (uint64_t)(int64_t)value, (size_t)plan->sample_bytes);
        }
    }
}

bytes edf_build(const edf_plan *plan)
{
    bytes b = { 0 };
    add_header(&b, plan);
    add_signals(&b, plan);
    for (int r = 0; r < plan->n_records; r++)
        add_record(&b, plan, r);
    return b;
}

size_t edf_field(const edf_plan *plan, size_t column, size_t width, size_t i)
{
    return 256 + (size_t)plan->n_signals * column + width * i;
}

bytes wave_build(unsigned tag, unsigned n_channels, uint32_t rate, unsigned bits, const void *samples, size_t n)
{
    bytes b = { 0 };
    unsigned align = n_channels * ((bits + 7) / 8);
    bytes_add(&b, "RIFF", 4);
    bytes_little(&b, 36 + n, 4);
    bytes_add(&b, "WAVEfmt ", 8);
    bytes_little(&b, 16, 4);
    bytes_little(&b, tag, 2);
    bytes_little(&b, n_channels, 2);
    bytes_little(&b, rate, 4);
    bytes_little(&b, rate * align, 4);
    bytes_little(&b, align, 2);
    bytes_little(&b, bits, 2);
    bytes_add(&b, "data", 4);
    bytes_little(&b, n, 4);
    bytes_add(&b, samples, n);
    return b;
}
