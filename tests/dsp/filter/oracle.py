#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/dsp/filter/oracle.h: what SciPy gives for filters, zero-phase filtering and spectra.

  oracle.py > tests/dsp/filter/oracle.h

The test signal is made by the same integer generator as tests/dsp/signal.h, so that no samples need to be stored.
"""
import os
import sys

import numpy as np
import scipy
from scipy import signal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from seeded import noise, number, rows, write

GAINS = [  # kind, order, low, high, rate
    ("low", 1, 0, 10, 2048), ("low", 2, 0, 10, 2048), ("low", 4, 0, 50, 1000), ("low", 7, 0, 450, 2048),
    ("low", 12, 0, 900, 2048), ("high", 1, 20, 0, 2048), ("high", 4, 20, 0, 2048), ("high", 5, 150, 0, 1000),
    ("high", 12, 300, 0, 20000), ("pass", 1, 20, 450, 2048), ("pass", 2, 20, 450, 1000), ("pass", 3, 20, 450, 2048),
    ("pass", 4, 20, 450, 2048), ("pass", 4, 20, 450, 20000), ("pass", 4, 200, 3000, 20000), ("pass", 5, 48, 52, 1000),
    ("pass", 12, 100, 400, 2048), ("stop", 1, 49, 51, 1000), ("stop", 2, 45, 55, 2048), ("stop", 3, 45, 55, 2048),
    ("stop", 12, 100, 400, 2048)]
FRACTIONS = [0.0, 0.003, 0.01, 0.04, 0.1, 0.2, 0.45, 0.7, 0.95, 1.0]  # of half the rate


def corners(kind, low, high):
    return low if kind == "high" else high if kind == "low" else [low, high]


BTYPE = {"low": "lowpass", "high": "highpass", "pass": "bandpass", "stop": "bandstop"}


def gains():
    print("static const oracle_gain oracle_gains[] = {")
    for kind, order, low, high, rate in GAINS:
        sos = signal.butter(order, corners(kind, low, high), BTYPE[kind], fs=rate, output="sos")
        f = np.array(FRACTIONS) * rate / 2
        h = np.abs(signal.sosfreqz(sos, worN=f, fs=rate)[1])
        print(f"    {{ EMGP_BAND_{kind.upper()}, {order}, {low}, {high}, {rate},")
        print(f"      {{ {rows(h)} }} }},")
    print("};\n")


def zerophase():
    """A step, drift and noise through 20-450 Hz; constant continuation long enough to be for ever."""
    rate, n = 2048, 9000
    x = 3 * noise(7, n) + 1000 + 0.01 * np.arange(n)
    x[5000:] += 50
    print("typedef struct oracle_sample { size_t at; double value; } oracle_sample;\n")
    for name, sos in [("pass", signal.butter(4, [20, 450], "bandpass", fs=rate, output="sos")),
                      ("low", signal.butter(2, 10, "lowpass", fs=rate, output="sos"))]:
        y = signal.sosfiltfilt(sos, x, padtype="constant", padlen=8000)
        at = sorted(set(list(range(0, 40, 3)) + list(range(4990, 5012, 2)) + list(range(100, n, 487)) +
                        list(range(n - 30, n, 3)) + [n - 1]))
        print(f"static const oracle_sample oracle_zerophase_{name}[] = {{")
        for i in at:
            print(f"    {{ {i}, {number(y[i])} }},")
        print("};\n")


def spectra():
    rate, n, window = 1000, 5000, 512
    x = noise(11, n) + 3 * np.sin(2 * np.pi * 80 * np.arange(n) / rate) + 100
    f, p = signal.welch(x, rate, window="hann", nperseg=window, noverlap=window // 2, detrend="constant")
    print("static const oracle_sample oracle_welch[] = {")
    for i in [0, 1, 2, 3, 10, 40, 41, 42, 100, 200, 255, 256]:
        print(f"    {{ {i}, {number(p[i])} }},")
    print("};")
    f, p = signal.welch(x, rate, window="hann", nperseg=255, detrend="constant")
    print("static const oracle_sample oracle_welch_odd[] = {")
    for i in [0, 1, 20, 21, 126, 127]:
        print(f"    {{ {i}, {number(p[i])} }},")
    print("};")
    f, p = signal.welch(x, rate, window="hann", nperseg=window, noverlap=window // 2, detrend="constant")
    band = (f >= 20) & (f <= 450)
    q, g = p[band], f[band]
    running = np.cumsum(q)
    i = int(np.argmax(running >= running[-1] / 2))
    step = f[1]
    inside = (running[-1] / 2 - (running[i] - q[i])) / q[i]
    share = q / q.sum()
    print("/* Over 20 to 450 Hz: power, mean, median, its first bin, peak frequency, entropy. */")
    print("static const double oracle_moments[6] = {\n        " + rows([
        q.sum() * step, (g * q).sum() / q.sum(), g[i] + (inside - 0.5) * step, g[i], g[np.argmax(q)],
        -(share * np.log2(share)).sum() / np.log2(len(q))]) + "\n};")
    print("static const double oracle_rms[2] = { " + rows([np.sqrt(np.mean(x ** 2)), x.std()]) + " };\n")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print(f"/* Written by tests/dsp/filter/oracle.py with SciPy {scipy.__version__} and NumPy {np.__version__}. */")
    print("#ifndef DSP_ORACLE_H\n#define DSP_ORACLE_H\n\n#include <stddef.h>\n")
    print("#include \"dsp/filter/filter.h\"\n\n/* clang-format off */")
    print(f"enum {{ ORACLE_N_F = {len(FRACTIONS)} }};\n")
    print("/* Where the gains are taken, as fractions of half the rate. */")
    print(f"static const double oracle_fractions[ORACLE_N_F] = {{ {', '.join(map(number, FRACTIONS))} }};\n")
    print("typedef struct oracle_gain {\n    emgp_band kind;\n    int order;\n    double low_hz, high_hz, rate_hz;")
    print("    double gain[ORACLE_N_F];\n} oracle_gain;\n")
    gains()
    zerophase()
    spectra()
    print("#endif")


write(main)
