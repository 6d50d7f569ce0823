/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG chunks and base64, written as they come. */
#include "report/picture/picture.h"

#include <string.h>

/* Bytes become text in threes; the check sum of the chunk runs along. */
typedef struct stream {
    emgp_sink *sink;
    uint8_t held[3];
    size_t n_held;
    uint32_t crc;
} stream;

static void put_three(stream *s)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint32_t bits = (uint32_t)s->held[0] << 16 | (uint32_t)s->held[1] << 8 | s->held[2];
    char text[4];
    for (size_t i = 0; i < 4; i++)
        text[i] = i <= s->n_held ? digits[bits >> (18 - 6 * i) & 63] : '=';
    emgp_sink_bytes(s->sink, text, sizeof text);
    s->n_held = 0;
    memset(s->held, 0, sizeof s->held);
}

static void put_byte(stream *s, uint8_t byte)
{
    s->crc ^= byte; /* CRC-32 of ISO 3309, bit by bit */
    for (int bit = 0; bit < 8; bit++)
        s->crc = s->crc >> 1 ^ (s->crc & 1 ? 0xEDB88320U : 0);
    s->held[s->n_held++] = byte;
    if (s->n_held == 3)
        put_three(s);
}

static void put_bytes(stream *s, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    for (size_t i = 0; i < n; i++)
        put_byte(s, from[i]);
}

static void put_long(stream *s, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        put_byte(s, (uint8_t)(value >> shift));
}

static void begin_chunk(stream *s, const char name[4], uint32_t n)
{
    put_long(s, n);
    s->crc = 0xFFFFFFFFU;
    put_bytes(s, name, 4);
}

static void end_chunk(stream *s)
{
    put_long(s, s->crc ^ 0xFFFFFFFFU);
}

/* The lines of pixels as a zlib stream (RFC 1950) of one stored block per line: filter byte, then the pixels. */
static void put_pixels(stream *s, const uint8_t *pixels, uint16_t width, uint16_t height)
{
    uint32_t a = 1, b = 0; /* Adler-32 */
    uint16_t n = (uint16_t)(width + 1);
    begin_chunk(s, "IDAT", 2 + (uint32_t)height * (5U + n) + 4);
    put_bytes(s, "\x78\x01", 2);
    for (uint16_t y = 0; y < height; y++) {
        const uint8_t head[5] = { y + 1 == height, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n, (uint8_t)(~n >> 8) };
        put_bytes(s, head, sizeof head);
        put_byte(s, 0);
        b = (b + a) % 65521;
        for (uint16_t x = 0; x < width; x++) {
            uint8_t pixel = pixels[(size_t)y * width + x];
            put_byte(s, pixel);
            a = (a + pixel) % 65521;
            b = (b + a) % 65521;
        }
    }
    put_long(s, b << 16 | a);
    end_chunk(s);
}

void emgp_png_write(emgp_sink *sink, const uint8_t *pixels, uint16_t width, uint16_t height,
                    uint8_t palette[EMGP_PNG_COLOURS][3])
{
    stream s = { .sink = sink };
    emgp_sink_text(sink, "data:image/png;base64,");
    put_bytes(&s, "\x89PNG\r\n\x1a\n", 8);
    begin_chunk(&s, "IHDR", 13);
    put_long(&s, width);
    put_long(&s, height);
    put_bytes(&s, "\x08\x03\0\0\0", 5); /* 8 bits, palette */
    end_chunk(&s);
    begin_chunk(&s, "PLTE", 3 * EMGP_PNG_COLOURS);
    put_bytes(&s, palette, 3 * (size_t)EMGP_PNG_COLOURS);
    end_chunk(&s);
    begin_chunk(&s, "tRNS", 1);
    put_byte(&s, 0);
    end_chunk(&s);
    put_pixels(&s, pixels, width, height);
    begin_chunk(&s, "IEND", 0);
    end_chunk(&s);
    if (s.n_held > 0)
        put_three(&s);
}
