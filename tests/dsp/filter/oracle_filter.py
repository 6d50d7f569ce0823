#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/dsp/filter/oracle_filter.h: what SciPy gives for designs, responses and double-precision filtering.

  oracle_filter.py > tests/dsp/filter/oracle_filter.h

The test signal is made by the same integer generator as tests/dsp/signal.h, so that no samples need to be stored.
"""
import os
import sys

import numpy as np
import scipy
from scipy import signal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from seeded import noise, number, rows, write

N = 6000  # samples of the test signal
BTYPE = {"LOW": "lowpass", "HIGH": "highpass", "PASS": "bandpass", "STOP": "bandstop"}
FRACTIONS = [0.0007, 0.003, 0.01, 0.04, 0.1, 0.2, 0.45, 0.7, 0.95, 0.999]  # of half the rate
BUTTERWORTH = [(kind, order, 20 if kind != "LOW" else 0, 450 if kind != "HIGH" else 0, 2048)
               for kind in BTYPE for order in range(1, 13)] + [
    ("HIGH", 3, 1, 0, 2048), ("HIGH", 2, 0.5, 0, 1000), ("LOW", 4, 0, 5, 2000), ("PASS", 4, 200, 3000, 20000),
    ("PASS", 2, 48, 52, 1000), ("STOP", 2, 49, 51, 1000), ("HIGH", 5, 400, 0, 1000), ("LOW", 9, 0, 499, 1000)]
NOTCHES = [(50, 30, 2048), (60, 35, 1000), (50, 2, 4000), (400, 5, 1000), (50, 1000, 20000)]
FIRS = [("LOW", 0, 100, 20, 60, 1000), ("HIGH", 20, 0, 10, 50, 1000), ("PASS", 20, 450, 15, 60, 2048),
        ("STOP", 45, 55, 5, 40, 1000), ("PASS", 300, 1000, 200, 100, 10000), ("LOW", 0, 200, 400, 21, 1000)]


def test_signal():
    """Noise on a large offset that drifts and jumps; full scale is 2000."""
    x = 30 * noise(5, N) + 1000 + 0.02 * np.arange(N)
    x[2500:] += 400
    x[4000] -= 900
    return x


def corners(kind, low, high):
    return low if kind == "HIGH" else high if kind == "LOW" else [low, high]


def plan(family, kind="LOW", order=0, low=0, high=0, q=0, width=0, attenuation=0, rate=0):
    return f"PLAN({family}, {kind}, {order}, {low}, {high}, {q}, {width}, {attenuation}, {rate}, CONSTANT)"


def fir(kind, low, high, width, attenuation, rate):
    n, beta = signal.kaiserord(attenuation, width / (rate / 2))
    n |= 1
    taps = signal.firwin(n, corners(kind, low, high), window=("kaiser", beta), pass_zero=BTYPE[kind], fs=rate)
    return taps


def pole_response(kind, order, low, high, rate, w):
    """From SciPy's poles and zeros, in extended precision: polynomials lose digits close to z = 1 and z = -1."""
    z, p, k = signal.butter(order, corners(kind, low, high), BTYPE[kind], fs=rate, output="zpk")
    e = np.exp(1j * np.asarray(w, dtype=np.longdouble))
    h = np.full(len(e), k, dtype=np.clongdouble)
    for i in range(len(p)):
        h = h * ((e - z[i]) / (e - p[i]))
    return h.astype(complex)


def definition(order, corner, rate, f):
    """A Butterworth high-pass at s = i tan(w / 2), as it is defined: exact where poles lie close to z = 1."""
    s = np.tan(np.pi * corner / rate) / (1j * np.tan(np.pi * f / rate))
    k = np.arange(order)
    poles = np.exp(1j * np.pi * (2 * k + 1 + order) / (2 * order))
    return 1 / np.prod(s[:, None] - poles[None, :], axis=1)


def responses():
    print("static const oracle_response oracle_responses[] = {")
    cases = []
    for kind, order, low, high, rate in BUTTERWORTH:
        h = pole_response(kind, order, low, high, rate, np.pi * np.array(FRACTIONS))
        cases.append((plan("BUTTERWORTH", kind, order, low, high, rate=rate), h))
    for centre, q, rate in NOTCHES:
        h = signal.freqz(*signal.iirnotch(centre, q, rate), worN=np.array(FRACTIONS) * rate / 2, fs=rate)[1]
        cases.append((plan("NOTCH", low=centre, q=q, rate=rate), h))
    for kind, low, high, width, attenuation, rate in FIRS:
        h = signal.freqz(fir(kind, low, high, width, attenuation, rate), worN=np.array(FRACTIONS) * rate / 2,
                         fs=rate)[1]
        cases.append((plan("FIR", kind, 0, low, high, 0, width, attenuation, rate), h))
    for text, h in cases:
        print(f"    {{ {text},\n      {{ {rows(h.real)} }},\n      {{ {rows(h.imag)} }} }},")
    print("};\n")


def delays():
    """Group delay in samples by differences of the exact phase."""
    print("static const oracle_delay oracle_delays[] = {")
    for kind, order, low, high, rate in [("HIGH", 3, 20, 0, 2048), ("LOW", 4, 0, 100, 1000), ("PASS", 4, 20, 450, 2048),
                                         ("STOP", 2, 45, 55, 1000), ("LOW", 1, 0, 10, 1000)]:
        w = np.pi * np.array(FRACTIONS)
        z, p, k = signal.butter(order, corners(kind, low, high), BTYPE[kind], fs=rate, output="zpk")
        gd = np.zeros(len(w))
        e = np.exp(1j * w)
        for pole in p:
            gd += np.real(e / (e - pole)) - 1
        for zero in z:
            gd -= 0.5 - 1
        gd += len(p) - len(z)
        print(f"    {{ {plan('BUTTERWORTH', kind, order, low, high, rate=rate)},\n      {{ {rows(gd)} }} }},")
    print("};\n")


def low_corner():
    """0.1 Hz order 8 at 20 kHz."""
    f = np.array([0.01, 0.05, 0.09, 0.1, 0.12, 0.2, 1, 10, 1000, 9000])
    h = definition(8, 0.1, 20000, f)
    print(f"static const double oracle_low_corner_hz[ORACLE_N_RESPONSE] = {{ {rows(f)} }};")
    print(f"static const double oracle_low_corner_re[ORACLE_N_RESPONSE] = {{ {rows(h.real)} }};")
    print(f"static const double oracle_low_corner_im[ORACLE_N_RESPONSE] = {{ {rows(h.imag)} }};\n")


def taps():
    """Length of each design and some of its taps."""
    print("static const oracle_tap oracle_taps[] = {")
    for case in FIRS:
        h = fir(*case)
        kind, low, high, width, attenuation, rate = case
        at = sorted({0, 1, len(h) // 4, len(h) // 2 - 1, len(h) // 2})
        for i in at:
            print(f"    {{ {plan('FIR', kind, 0, low, high, 0, width, attenuation, rate)}, {len(h)}, {i}, {number(h[i])} }},")
    print("};\n")


def places():
    return sorted(set(list(range(0, 60, 6)) + list(range(2490, 2512, 3)) + list(range(3990, 4012, 3)) +
                      list(range(100, N, 293)) + list(range(N - 60, N, 6)) + [N - 1]))


def put_run(text, direction, padding, y):
    print(f"    {{ {text.replace('CONSTANT', padding)}, EMG_FILTER_{direction},")
    print(f"      {{ {rows(y[places()])} }} }},")


def mirrored(x, reach, padding):
    """x with `reach` samples more at either end."""
    if padding == "ODD":
        return np.concatenate([2 * x[0] - x[reach:0:-1], x, 2 * x[-1] - x[-2:-reach - 2:-1]])
    if padding == "EVEN":
        return np.concatenate([x[reach:0:-1], x, x[-2:-reach - 2:-1]])
    if padding == "ZERO":
        return np.concatenate([np.zeros(reach), x, np.zeros(reach)])
    return np.concatenate([np.full(reach, x[0]), x, np.full(reach, x[-1])])


def settle(sos):
    """Least n with the sum of |h| beyond n at most 1e-3 of the whole."""
    h = np.abs(signal.sosfilt(sos, signal.unit_impulse(60000)))
    beyond = np.cumsum(h[::-1])[::-1]
    return int(np.argmax(beyond <= 1e-3 * beyond[0]))


def runs():
    """Whole-signal filtering; constant padding long enough to be for ever."""
    x, far = test_signal(), 40000
    print("static const oracle_run oracle_runs[] = {")
    designs = [(plan("BUTTERWORTH", k, n, lo, hi, rate=r),
                signal.butter(n, corners(k, lo, hi), BTYPE[k], fs=r, output="sos"))
               for k, n, lo, hi, r in [("PASS", 4, 20, 450, 2048), ("HIGH", 3, 20, 0, 2048), ("LOW", 2, 0, 10, 2048),
                                       ("STOP", 3, 45, 55, 2048), ("HIGH", 2, 1, 0, 2048), ("LOW", 12, 0, 300, 2048),
                                       ("PASS", 12, 100, 400, 2048), ("LOW", 5, 0, 700, 2048)]]
    b, a = signal.iirnotch(50, 30, 2048)
    designs.append((plan("NOTCH", low=50, q=30, rate=2048), np.array([[*b, *a]])))
    for text, sos in designs:
        put_run(text, "FORWARD", "ZERO", signal.sosfilt(sos, x))
        put_run(text, "FORWARD", "CONSTANT", signal.sosfilt(sos, x, zi=signal.sosfilt_zi(sos) * x[0])[0])
        put_run(text, "ZERO_PHASE", "CONSTANT",
                signal.sosfiltfilt(sos, mirrored(x, far, "CONSTANT"), padtype=None, padlen=0)[far:-far])
        put_run(text, "ZERO_PHASE", "ZERO",
                signal.sosfiltfilt(sos, mirrored(x, far, "ZERO"), padtype=None, padlen=0)[far:-far])
    text, sos = designs[0]
    reach = settle(sos)
    for padding in ["ODD", "EVEN"]:
        y = signal.sosfiltfilt(sos, mirrored(mirrored(x, reach, padding), far, "CONSTANT"), padtype=None, padlen=0)
        put_run(text, "ZERO_PHASE", padding, y[far + reach:-far - reach])
        long = mirrored(x, reach, padding)
        put_run(text, "FORWARD", padding, signal.sosfilt(sos, long, zi=signal.sosfilt_zi(sos) * long[0])[0][reach:-reach])
    for case in [("PASS", 20, 450, 15, 60, 2048), ("LOW", 0, 30, 20, 50, 2048)]:
        kind, low, high, width, attenuation, rate = case
        text, h = plan("FIR", kind, 0, low, high, 0, width, attenuation, rate), fir(*case)
        put_run(text, "FORWARD", "ZERO", signal.lfilter(h, 1, x))
        for padding in ["CONSTANT", "ODD", "EVEN", "ZERO"]:
            m = len(h) // 2
            put_run(text, "ZERO_PHASE", padding, np.convolve(mirrored(x, m, padding), h, "valid"))
    print("};\n")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print(f"/* Written by tests/dsp/filter/oracle_filter.py with SciPy {scipy.__version__} and NumPy {np.__version__}. */")
    print("#ifndef DSP_ORACLE_FILTER_H\n#define DSP_ORACLE_FILTER_H\n\n#include <stddef.h>\n")
    print("#include <emg/filter.h>\n\n/* clang-format off */")
    print(f"enum {{ ORACLE_N_RESPONSE = {len(FRACTIONS)}, ORACLE_N_SAMPLES = {N}, ORACLE_N_PLACES = {len(places())} }};\n")
    print("/* Where responses are taken, as fractions of half the rate. */")
    print(f"static const double oracle_response_at[ORACLE_N_RESPONSE] = {{ {rows(FRACTIONS)} }};\n")
    print("#define PLAN(family, kind, order, low, high, q, width, attenuation, rate, padding) \\")
    print("    { EMG_FILTER_##family, EMG_FILTER_##kind, order, low, high, q, width, attenuation, rate, "
          "EMG_FILTER_PAD_##padding }\n")
    print("typedef struct oracle_response {\n    emg_filter_plan plan;\n    double re[ORACLE_N_RESPONSE], im[ORACLE_N_RESPONSE];")
    print("} oracle_response;\n")
    print("typedef struct oracle_delay {\n    emg_filter_plan plan;\n    double samples[ORACLE_N_RESPONSE];\n} oracle_delay;\n")
    print("typedef struct oracle_tap {\n    emg_filter_plan plan;\n    size_t n, at;\n    double value;\n} oracle_tap;\n")
    print("typedef struct oracle_run {\n    emg_filter_plan plan;\n    emg_filter_direction direction;")
    print("    double y[ORACLE_N_PLACES]; /* at oracle_places */\n} oracle_run;\n")
    print(f"static const size_t oracle_places[ORACLE_N_PLACES] = {{ {', '.join(map(str, places()))} }};\n")
    responses()
    delays()
    low_corner()
    taps()
    runs()
    print("#endif")


write(main)
