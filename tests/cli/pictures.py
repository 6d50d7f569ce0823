#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every picture within an SVG file as its format says: check sums, sizes, colours. Prints how many there are."""
import base64
import re
import struct
import sys
import zlib
from xml.dom import minidom


def read_png(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        n, name = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + n]
        assert zlib.crc32(name + body) == struct.unpack(">I", data[at + 8 + n:at + 12 + n])[0], name
        chunks[name] = body
        at += 12 + n
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, kind, len(chunks[b"PLTE"])) == (8, 3, 768)
    lines = zlib.decompress(chunks[b"IDAT"])
    assert len(lines) == height * (width + 1) and not any(lines[::width + 1])
    return width, height, chunks[b"PLTE"], lines


def main(path):
    minidom.parse(path)
    with open(path, encoding="utf-8") as file:
        texts = re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]*)", file.read())
    for text in texts:
        width, height, palette, lines = read_png(base64.b64decode(text, validate=True))
        assert 1 <= width <= 480 and 1 <= height <= 128 and len(set(lines)) > 10
        greys = [sum(palette[3 * i:3 * i + 3]) for i in range(1, 256)]
        assert all(a <= b for a, b in zip(greys, greys[1:])), "a louder cell is darker"
    print(len(texts))


main(sys.argv[1])
