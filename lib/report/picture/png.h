/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small picture of palette colours as text that HTML and SVG can hold: "data:image/png;base64,...". */
#ifndef EMGP_PNG_H
#define EMGP_PNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/sink.h"

enum { EMGP_PNG_COLOURS = 256 };

/* Writes width x height pixels, row after row from the top, each an index of the palette (red, green, blue). Index 0 is
 * transparent. Width 1 to 65534, height 1 or more. Not compressed: W3C PNG 1.2 with stored deflate blocks (RFC 1951). */
void emgp_png_write(emgp_sink *sink, const uint8_t *pixels, uint16_t width, uint16_t height,
                    uint8_t palette[EMGP_PNG_COLOURS][3]);

#endif
