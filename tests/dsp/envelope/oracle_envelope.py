#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/dsp/envelope/oracle_envelope.h: what NumPy and SciPy give for envelopes.

  oracle_envelope.py > tests/dsp/envelope/oracle_envelope.h

The test signal is 3000 samples of a sine wave of 80 Hz at 2000 Hz that swells from 0 to 40, a rough part made of whole
numbers, and a constant of 100; test_envelopes.c makes the same. For the Hilbert transform, waves of whole periods.
"""
import os
import sys
from fractions import Fraction

import numpy as np
import scipy
from scipy import signal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from seeded import write

RATE, N = 2000, 3000
HILBERT_WAVES = ((21, 1.5), (80, 4.0), (301, 2.5), (977, 0.5))  # Hz, amplitude


def signal_of_test():
    n = np.arange(N)
    rough = (n * n * 7919 + n * 104729) % 1009 / 100.0
    return rough + 40 * n / N * np.sin(2 * np.pi * 80 * n / RATE) + 100


def exact_mean(values, at, window):
    """The mean over the window around `at`, of the samples that there are, in whole numbers."""
    inside = values[max(0, at - window // 2):at + (window - 1) // 2 + 1]
    return float(sum(map(Fraction, map(float, inside))) / len(inside))


def table(name, pairs):
    print(f"static const oracle_sample {name}[] = {{")
    for at, value in pairs:
        print(f"    {{ {at}, {float(value)!r} }},")
    print("};\n")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print(f"/* Written by tests/dsp/envelope/oracle_envelope.py with SciPy {scipy.__version__} and NumPy {np.__version__}. */")
    print("#ifndef DSP_ORACLE_ENVELOPE_H\n#define DSP_ORACLE_ENVELOPE_H\n\n#include <stddef.h>\n\n/* clang-format off */")
    print(f"enum {{ ORACLE_N = {N}, ORACLE_RATE = {RATE} }};")
    print("typedef struct oracle_sample { size_t at; double value; } oracle_sample;\n")
    x = signal_of_test()
    at = sorted({0, 1, 2, 24, 25, 26, 49, 50, 51, 99, 100, 101, 1234, 2000, N - 52, N - 26, N - 25, N - 2, N - 1})
    for window in (1, 50, 51, 4001, 7000):
        table(f"oracle_rms_{window}", [(i, np.sqrt(exact_mean(x * x, i, window))) for i in at])
        table(f"oracle_average_{window}", [(i, exact_mean(np.abs(x), i, window)) for i in at])
    psi = x[1:-1] ** 2 - x[:-2] * x[2:]
    psi = np.concatenate([psi[:1], psi, psi[-1:]])
    n = np.arange(4 * N)
    waves = sum(a * np.sin(2 * np.pi * f * n / RATE + a) for f, a in HILBERT_WAVES)
    amplitude = np.abs(signal.hilbert(waves))
    table("oracle_hilbert", [(i, amplitude[i]) for i in range(1000, 4 * N - 1000, 531)])
    magnitude = np.abs(waves)
    for corner, order in ((10, 4), (50, 2)):
        sos = signal.butter(order, corner, "low", fs=RATE, output="sos")
        smooth = signal.sosfiltfilt(sos, magnitude, padtype="even", padlen=N)
        table(f"oracle_low_pass_{corner}", [(i, smooth[i]) for i in range(5000, 7000, 137)])
        smooth = signal.sosfilt(sos, magnitude)
        table(f"oracle_forward_{corner}", [(i, smooth[i]) for i in range(5000, 4 * N, 397)])
    table("oracle_teager", [(i, psi[i]) for i in at])
    print("#endif")


write(main)
