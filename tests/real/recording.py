# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a recording for drawing only: EDF, EDF+C, EDF+D, BDF and PCM wave files into stretches of samples."""
import re
import wave
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfiltfilt


@dataclass
class Channel:
    """label as tables show it; stretches: (start in seconds, samples), one for each part between gaps."""
    label: str
    unit: str
    rate: float
    stretches: list

    @property
    def end(self):
        start, samples = self.stretches[-1]
        return start + len(samples) / self.rate

    def passed(self, low, high):
        """The stretches through a zero-phase band-pass."""
        sections = butter(4, [low, min(high, 0.45 * self.rate)], 'bandpass', fs=self.rate, output='sos')
        return [(start, sosfiltfilt(sections, x - np.median(x)) if len(x) > 200 else x - np.median(x))
                for start, x in self.stretches]


def read(path):
    return read_wave(path) if path.endswith('.wav') else read_edf(path)


def read_wave(path):
    with wave.open(path) as sound:
        width, rate, n_channels = sound.getsampwidth(), sound.getframerate(), sound.getnchannels()
        raw = sound.readframes(sound.getnframes())
    samples = np.frombuffer(raw, {1: 'u1', 2: '<i2', 4: '<i4'}[width]).astype(float).reshape(-1, n_channels)
    samples = (samples - (128 if width == 1 else 0)) / 2 ** (8 * width - 1)
    return [Channel('#%d' % (i + 1), '', rate, [(0.0, samples[:, i])]) for i in range(n_channels)]


def columns_of(header, n):
    """The fields of an EDF header's signals, by name."""
    at, fields = 256, {}
    for name, width in (('label', 16), ('transducer', 80), ('unit', 8), ('low', 8), ('high', 8), ('dlow', 8),
                        ('dhigh', 8), ('prefilter', 80), ('samples', 8)):
        fields[name] = [header[at + i * width:at + (i + 1) * width].decode('latin1').strip() for i in range(n)]
        at += n * width
    return fields


def integers(block, width):
    """Little-endian integers of 2 or 3 bytes, record by record."""
    if width == 2:
        return np.ascontiguousarray(block).view('<i2').astype(float)
    low, middle, high = block[:, 0::3], block[:, 1::3], block[:, 2::3].view('i1')
    return (low + 256.0 * middle + 65536.0 * high).astype(float)


def read_edf(path):
    with open(path, 'rb') as file:
        raw = file.read()
    n, width = int(raw[252:256]), 3 if raw[0] == 255 else 2
    fields, record_s = columns_of(raw, n), float(raw[244:252])
    counts = [int(text) for text in fields['samples']]
    size, body = sum(counts) * width, raw[256 * (n + 1):]
    records = np.frombuffer(body[:len(body) // size * size], 'u1').reshape(-1, size)
    edges = np.cumsum([0] + counts) * width
    blocks = [records[:, edges[i]:edges[i + 1]] for i in range(n)]
    notes = [i for i in range(n) if 'Annotations' in fields['label'][i]]
    starts = record_starts(blocks[notes[0]] if notes else None, len(records), record_s)
    cuts = [0] + [k for k in range(1, len(records)) if starts[k] - starts[k - 1] > record_s * 1.001] + [len(records)]
    channels = []
    for i in range(n):
        if i in notes:
            continue
        low, high, dlow, dhigh = (float(fields[name][i]) for name in ('low', 'high', 'dlow', 'dhigh'))
        values = (integers(blocks[i], width) - dlow) * (high - low) / (dhigh - dlow) + low
        channels.append(Channel(fields['label'][i], fields['unit'][i], counts[i] / record_s,
                                [(starts[a], values[a:b].ravel()) for a, b in zip(cuts, cuts[1:])]))
    return channels


def record_starts(notes, n_records, record_s):
    """When each record begins, from the first annotation in it; the recording's first sample is time 0."""
    if notes is None:
        return [k * record_s for k in range(n_records)]
    found = [re.match(rb'[+-][0-9.]+', record.tobytes()) for record in notes]
    starts = [float(match[0]) if match else k * record_s for k, match in enumerate(found)]
    return [start - starts[0] for start in starts]
