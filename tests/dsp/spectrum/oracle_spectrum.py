#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/dsp/spectrum/oracle_spectrum.h: what SciPy gives for windows, Welch spectra, coherence, short-time spectra,
tapers and autocorrelations, and formulas written out in NumPy for multitaper spectra (checked here against MNE).

  oracle_spectrum.py > tests/dsp/spectrum/oracle_spectrum.h

The test signals are made by the same integer generator as tests/dsp/signal.h, so that no samples need to be stored.
"""
import os
import sys

import numpy as np
import scipy
from scipy import signal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from seeded import noise, number, rows, write

RATE, N = 1000, 3001
T = np.arange(N)
X = noise(21, N) + 2 * np.sin(2 * np.pi * 80 * T / RATE) + 5 + 0.001 * T
Y = 0.5 * noise(22, N) - 3
Y[4:] += 0.8 * X[:-4]  # four samples late
WINDOWS = ["boxcar", "hann", "hamming", "blackman", "blackmanharris", "flattop", ("kaiser", 8.6)]
DETREND = {"none": False, "constant": "constant", "linear": "linear"}
#        window index, segment, overlap, n_fft, detrend, scaling, average
PLANS = [(w, 256, 128, 256, d, s, "mean") for w in range(7) for d in DETREND for s in ("density", "spectrum")] + [
    (1, 255, 127, 255, "constant", "density", "mean"), (1, 255, 100, 300, "linear", "density", "mean"),
    (3, 200, 150, 512, "constant", "spectrum", "mean"), (6, 128, 0, 129, "none", "density", "mean"),
    (1, 256, 255, 256, "constant", "density", "mean"), (1, 256, 128, 256, "constant", "density", "median"),
    (4, 255, 128, 301, "linear", "spectrum", "median"), (1, 1500, 750, 1500, "constant", "density", "median"),
    (1, 1600, 0, 1600, "constant", "density", "median"), (1, 3001, 0, 3001, "constant", "density", "mean"),
    (0, 1, 0, 1, "none", "density", "mean"), (1, 2, 1, 2, "constant", "density", "mean"),
    (1, 3, 1, 4, "constant", "density", "mean"), (2, 7, 6, 7, "linear", "density", "median")]
AT = [0.0, 0.003, 0.02, 0.1, 0.159, 0.16, 0.3, 0.5, 0.77, 0.995, 1.0]  # bins, as fractions of the last


def some(values):
    return [values[int(f * (len(values) - 1) + 0.5)] for f in AT]


def windows():
    print("/* Of each window, 16 and 15 values long, periodic and symmetric. */")
    print("static const double oracle_windows[7][2][2][16] = {")
    for w in WINDOWS:
        print("    {")
        for n in (16, 15):
            for fftbins, end in ((True, "{ {"), (False, "{")):
                print(f"      {end} {rows(signal.get_window(w, n, fftbins))} }}" + (" }," if end == "{" else ","))
        print("    },")
    print("};\n")


def choice(name, which):
    return f"EMG_{name}_{which.upper()}"


def spectra():
    print("typedef struct oracle_plan {\n    emg_welch_plan plan;\n    double psd[ORACLE_N_AT];")
    print("    double csd[2 * ORACLE_N_AT]; /* real and imaginary part by turns */")
    print("    double coherence[ORACLE_N_AT]; /* of means; -1 with medians and where a trend left only rounding */")
    print("} oracle_plan;\n")
    print("static const oracle_plan oracle_plans[] = {")
    for w, segment, overlap, n_fft, detrend, scaling, average in PLANS:
        how = dict(fs=RATE, window=WINDOWS[w], nperseg=segment, noverlap=overlap, nfft=n_fft, detrend=DETREND[detrend])
        psd = signal.welch(X, scaling=scaling, average=average, **how)[1]
        csd = signal.csd(X, Y, scaling=scaling, average=average, **how)[1]
        both = [v for c in some(csd) for v in (c.real, c.imag)]
        coherence = np.full(len(psd), -1.0)
        if average == "mean":
            floor = [signal.welch(v, **how)[1] for v in (X, Y)]
            held = np.logical_and(*(p > 1e-20 * p.max() for p in floor))
            coherence[held] = signal.coherence(X, Y, **how)[1][held]
        name = WINDOWS[w] if isinstance(WINDOWS[w], str) else "kaiser"
        print(f"    {{ {{ {RATE}, {segment}, {overlap}, {n_fft}, {choice('WINDOW', name)}, 8.6,")
        print(f"        {choice('DETREND', detrend)}, {choice('SCALING', scaling)}, {choice('AVERAGE', average)} }},")
        for values in (some(psd), both, some(coherence)):
            print(f"      {{ {rows(values)} }},")
        print("    },")
    print("};\n")


def short_time():
    """First columns and the last: power, then real and imaginary parts by turns."""
    print("typedef struct oracle_column {\n    size_t at;\n    double centre_s;\n    double value[2 * ORACLE_N_AT];")
    print("} oracle_column;\n")
    f, t, s = signal.spectrogram(X, RATE, window="hann", nperseg=200, noverlap=150, nfft=256, detrend="constant",
                                 scaling="density", mode="psd")
    print("/* spectrogram(X): Hann, 200 samples, 150 overlap, transform of 256, mean removed. */")
    print(f"enum {{ ORACLE_N_SPECTROGRAM = {len(t)} }};")
    print("static const oracle_column oracle_spectrogram[] = {")
    for i in (0, 3, len(t) - 1):
        print(f"    {{ {i}, {number(t[i])},\n      {{ {rows(some(s[:, i]))} }} }},")
    print("};\n")
    for name, n, segment, overlap in (("even", N, 256, 128), ("odd", 1000, 255, 170), ("short", 20, 64, 32)):
        zeros = np.zeros(segment // 2)  # put on by hand: SciPy would shorten segments to a short signal
        f, t, s = signal.stft(np.concatenate([zeros, X[:n], zeros]), RATE, window="hann", nperseg=segment,
                              noverlap=overlap, boundary=None, padded=True)
        if n >= segment:
            assert np.array_equal(s, signal.stft(X[:n], RATE, window="hann", nperseg=segment, noverlap=overlap)[2])
        print(f"/* stft(X[:{n}]): Hann, {segment} samples, {overlap} overlap, zeros at the ends. */")
        print(f"enum {{ ORACLE_N_STFT_{name.upper()} = {len(t)} }};")
        print(f"static const oracle_column oracle_stft_{name}[] = {{")
        for i in sorted({0, min(3, len(t) - 1), len(t) - 1}):
            centre = ((segment - overlap) * i - segment // 2 + segment / 2) / RATE
            both = [v for c in some(s[:, i]) for v in (c.real, c.imag)]
            print(f"    {{ {i}, {number(centre)},\n      {{ {rows(both)} }} }},")
        print("};\n")


TAPERS = [(64, 4, 8, True), (64, 4, 7, False), (63, 2.5, 5, True), (63, 2.5, 4, False), (512, 4, 7, False),
          (1000, 8, 16, True), (2000, 3, 6, False), (5, 1.5, 5, True),
          (3, 0.2, 2, False), (257, 60, 130, False)]


def tapers():
    print("typedef struct oracle_taper {\n    size_t n;\n    double half_bandwidth;\n    size_t k;")
    print("    emg_window_ends ends;")
    print("    /* of the first, the second and the last taper; then their ratios */")
    print("    double values[3 * ORACLE_N_AT];\n    double ratios[3];\n} oracle_taper;\n")
    print("static const oracle_taper oracle_tapers[] = {")
    for n, nw, k, sym in TAPERS:
        v, r = signal.windows.dpss(n, nw, k, sym=sym, norm=2, return_ratios=True)
        which = [0, min(1, k - 1), k - 1]
        print(f"    {{ {n}, {nw}, {k}, EMG_WINDOW_{'SYMMETRIC' if sym else 'PERIODIC'},")
        print(f"      {{ {rows([x for i in which for x in some(v[i])])} }},")
        print(f"      {{ {rows([r[i] for i in which])} }} }},")
    print("};\n")


MULTITAPERS = [(512, 4, 7, 512), (500, 4, 8, 1024), (255, 2.5, 4, 255), (2000, 4, 8, 2000), (64, 1, 1, 64)]


def multitaper_reference(x, nw, k, n_fft, adaptive, share=1):
    """Percival and Walden 1993, eq. 368a to 370a, two-sided until the end."""
    n = len(x)
    v, ratios = signal.windows.dpss(n, nw, k, sym=False, norm=2, return_ratios=True)
    x = x - x.mean()
    s_k = np.abs(np.fft.rfft(v * x, n_fft, axis=1)) ** 2
    ratios = np.clip(ratios, 0, 1)
    s = (ratios[:, None] * s_k).sum(0) / ratios.sum()
    if adaptive:
        variance = share * np.mean(x ** 2)
        first = slice(0, min(2, k))
        s = (ratios[first, None] * s_k[first]).sum(0) / ratios[first].sum()
        for _ in range(5000):
            b = s / (ratios[:, None] * s + (1 - ratios[:, None]) * variance)
            weight = ratios[:, None] * b ** 2
            following = (weight * s_k).sum(0) / weight.sum(0)
            done = np.max(np.abs(following / s - 1)) < 1e-14
            s = following
            if done:
                break
    s = s / RATE
    s[1:(n_fft + 1) // 2] *= 2
    return s


def check_against_mne(x):
    """Fixed weights are the same. MNE's adaptive weights set one-sided power against the variance, where the formula
    means two-sided power: half of the variance gives its figures, but that it stops earlier."""
    from mne.time_frequency import psd_array_multitaper
    for adaptive, share, tolerance in ((False, 1, 1e-10), (True, 0.5, 5e-3)):
        mne, _ = psd_array_multitaper(x, RATE, bandwidth=2 * 4 * RATE / len(x), adaptive=adaptive, low_bias=False,
                                      normalization="full", verbose="error")
        ours = multitaper_reference(x, 4, 8, len(x), adaptive, share)
        worst = np.max(np.abs(ours / mne - 1)[1:-1])
        assert worst < tolerance, (adaptive, worst)


def multitaper():
    print("typedef struct oracle_multitaper {\n    size_t n;\n    double half_bandwidth;\n    size_t k, n_fft;")
    print("    emg_taper_weights weights;\n    double psd[ORACLE_N_AT];\n} oracle_multitaper;\n")
    print("static const oracle_multitaper oracle_multitapers[] = {")
    for n, nw, k, n_fft in MULTITAPERS:
        for adaptive in (False, True):
            s = multitaper_reference(X[:n], nw, k, n_fft, adaptive)
            print(f"    {{ {n}, {nw}, {k}, {n_fft}, EMG_TAPERS_{'ADAPTIVE' if adaptive else 'EIGENVALUE'},")
            print(f"      {{ {rows(some(s))} }} }},")
    print("};\n")
    check_against_mne(X[:1000])


def correlations():
    lags = [0, 1, 2, 12, 13, 100, 500, 999]
    print("static const size_t oracle_lags[] = { " + ", ".join(map(str, lags)) + " };")
    print("/* Of the first 1000 samples: mean removed, then none, then line removed; sums over products. */")
    print("static const double oracle_lag_sums[3][8] = {")
    for x in (signal.detrend(X[:1000], type="constant"), X[:1000], signal.detrend(X[:1000])):
        r = np.correlate(x, x, "full")[999:]
        print(f"    {{ {rows(r[lags])} }},")
    print("};\n")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Written by tests/dsp/spectrum/oracle_spectrum.py with SciPy "
          f"{scipy.__version__} and NumPy {np.__version__}. */")
    print("#ifndef DSP_ORACLE_SPECTRUM_H\n#define DSP_ORACLE_SPECTRUM_H\n\n#include <stddef.h>\n")
    print("#include <emg/multitaper.h>\n#include <emg/welch.h>\n#include <emg/window.h>\n\n/* clang-format off */")
    print(f"enum {{ ORACLE_N_AT = {len(AT)}, ORACLE_N = {N}, ORACLE_RATE = {RATE} }};\n")
    print("/* The bins (or samples) of which values are kept, as fractions of the last, rounded. */")
    print(f"static const double oracle_at[ORACLE_N_AT] = {{ {', '.join(map(number, AT))} }};\n")
    windows()
    spectra()
    short_time()
    tapers()
    multitaper()
    correlations()
    print("#endif")


write(main)
