#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Not a test: nanoseconds per sample of features by the library and by NumPy and SciPy, on the same windows in one run.

  features.py BUILD/lib/libmyogram.so

What both compute is first compared. Turns, which NumPy cannot count without a loop, are left out.
"""
import ctypes
import os
import sys
import time

import numpy as np
from scipy import signal, stats

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "analysis", "features"))
import oracle_features as oracle  # noqa: E402

VOID, SIZE, REAL = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_double
MEMBERS = ("iemg mav rms var ssi wl aac zc ssc wamp turns_per_s turn_amplitude tkeo kurtosis crest snr_db sampen mnf mdf "
           "pkf ttp mnp sm1 sm2 sm3 vcf bandwidth skewness spread_kurtosis sef95 finsm1 finsm2 finsm3 finsm4 finsm5 "
           "entropy flatness dp_ratio ohm_ratio sm_ratio").split()
RATE, N, WINDOWS = 2048.0, 2048, 200
lib = ctypes.CDLL(sys.argv[1])
lib.emg_features_time.argtypes = [VOID, SIZE, REAL, VOID, VOID, VOID]
lib.emg_features_spectral.argtypes = [VOID, SIZE, REAL, VOID, VOID, VOID]
lib.emg_features_sample_entropy.argtypes = [VOID, SIZE, SIZE, REAL, VOID, VOID]
lib.emg_features_slope.argtypes = [VOID, VOID, SIZE, VOID, VOID, VOID]
x = 50 * np.random.default_rng(3).standard_normal((WINDOWS, N))
f, p = signal.welch(x, RATE, nperseg=N)
p = np.ascontiguousarray(p)
values, levels, bands = np.zeros(len(MEMBERS)), np.array([10, np.nan, 100.0]), np.array([20, 450, 8, 500.0])


def of_samples(w):
    assert lib.emg_features_time(x[w].ctypes.data, N, RATE, levels.ctypes.data, values.ctypes.data, None) == 0
    return values


def of_density(w):
    assert lib.emg_features_spectral(p[w].ctypes.data, N // 2 + 1, RATE / N, bands.ctypes.data, values.ctypes.data,
                                     None) == 0
    return values


def numpy_of_samples(w):
    """As oracle.time_features() has it, without turns and sample entropy."""
    y, d = x[w], np.diff(x[w])
    back, forth, size, power = d[:-1], -d[1:], np.abs(d), np.mean(x[w] ** 2)
    return dict(
        iemg=np.sum(np.abs(y)), mav=np.mean(np.abs(y)), rms=np.sqrt(power), var=np.sum(y ** 2) / (N - 1),
        ssi=np.sum(y ** 2), wl=size.sum(), aac=size.sum() / N, zc=np.sum((y[:-1] * y[1:] < 0) & (size >= 10)),
        ssc=np.sum((back * forth > 0) & (np.maximum(np.abs(back), np.abs(forth)) >= 10)), wamp=np.sum(size >= 10),
        tkeo=np.mean(y[1:-1] ** 2 - y[:-2] * y[2:]), kurtosis=stats.kurtosis(y, fisher=False),
        crest=np.max(np.abs(y)) / np.sqrt(power), snr_db=10 * np.log10(power / 100 - 1))


def seconds(work, times=5):
    """The quickest of a few runs over all windows."""
    best = np.inf
    for _ in range(times):
        start = time.perf_counter()
        for w in range(WINDOWS):
            work(w)
        best = min(best, time.perf_counter() - start)
    return best


def show(what, ours, theirs, n):
    print(f"{what:28} {ours / n * 1e9:9.2f} {theirs / n * 1e9:9.2f} {theirs / ours:7.1f}")


def compare(what, ours, theirs):
    found, expected = dict(zip(MEMBERS, ours(0))), theirs(0)
    for key, value in expected.items():
        assert np.isnan(value) or abs(found[key] - value) <= 1e-8 * abs(value), (what, key, found[key], value)
    show(what, seconds(ours), seconds(theirs), N * WINDOWS)


print(f"{'ns per sample':28} {'library':>9} {'SciPy':>9} {'ratio':>7}")
compare("samples: 14 features", of_samples, numpy_of_samples)
compare("density: 23 features", of_density, lambda w: oracle.spectral_features(f, p[w], 20, 450))

entropy, y = REAL(), np.ascontiguousarray(x[0, :1024])
start = time.perf_counter()
assert lib.emg_features_sample_entropy(y.ctypes.data, 1024, 2, 0.2, ctypes.byref(entropy), None) == 0
middle = time.perf_counter()
expected = oracle.sample_entropy(y, 2, 0.2 * np.std(y))
end = time.perf_counter()
assert abs(entropy.value - expected) < 1e-8
show("sample entropy of 1024", middle - start, end - middle, 1024)

t, z, line = np.arange(1000.0), 100 + np.random.default_rng(5).standard_normal(1000), np.zeros((2, 4))
start = time.perf_counter()
assert lib.emg_features_slope(t.ctypes.data, z.ctypes.data, 1000, line[0].ctypes.data, line[1].ctypes.data, None) == 0
middle = time.perf_counter()
expected = stats.theilslopes(z, t)[0]
end = time.perf_counter()
assert abs(line[1, 2] - expected) < 1e-12
show("slopes through 1000 points", middle - start, end - middle, 1000)
