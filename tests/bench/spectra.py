#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Not a test: nanoseconds per sample of spectra by the library and by SciPy (or NumPy), on the same samples in one run.

  spectra.py BUILD/lib/libmyogram.so
"""
import ctypes
import sys
import time

import numpy as np
from scipy import signal

VOID, SIZE, REAL, INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_double, ctypes.c_int


class WelchPlan(ctypes.Structure):
    """emg_welch_plan"""
    _fields_ = [("rate_hz", REAL), ("segment", SIZE), ("overlap", SIZE), ("n_fft", SIZE), ("window", INT),
                ("beta", REAL), ("detrend", INT), ("scaling", INT), ("average", INT)]


class MultitaperPlan(ctypes.Structure):
    """emg_multitaper_plan"""
    _fields_ = [("rate_hz", REAL), ("n", SIZE), ("half_bandwidth", REAL), ("n_tapers", SIZE), ("n_fft", SIZE),
                ("detrend", INT), ("weights", INT)]


def seconds(work, times=5):
    """The quickest of a few runs."""
    best = np.inf
    for _ in range(times):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def show(what, n, ours, theirs):
    assert np.allclose(ours[1](), theirs[1](), rtol=1e-6, atol=0), what
    a, b = seconds(ours[0]), seconds(theirs[0])
    print(f"{what:28} {a / n * 1e9:8.2f} {b / n * 1e9:8.2f} {b / a:6.1f}")


lib = ctypes.CDLL(sys.argv[1])
lib.emg_welch_defaults.restype = WelchPlan
lib.emg_welch_defaults.argtypes = [REAL, SIZE]
lib.emg_multitaper_defaults.restype = MultitaperPlan
lib.emg_multitaper_defaults.argtypes = [REAL, SIZE]
lib.emg_psd.argtypes = [VOID, VOID, SIZE, VOID, VOID, VOID]
lib.emg_coherence.argtypes = [VOID, VOID, VOID, SIZE, VOID, VOID, VOID, VOID]
lib.emg_multitaper_new.argtypes = [VOID, VOID, VOID]
lib.emg_multitaper_psd.argtypes = [VOID, VOID, VOID, VOID]
RATE, N, SEGMENT = 2048.0, 1 << 20, 1024
x, y = np.random.default_rng(1).standard_normal((2, N))
out, phase = np.zeros((2, SEGMENT // 2 + 1))
plan = lib.emg_welch_defaults(RATE, SEGMENT)


def psd():
    assert lib.emg_psd(ctypes.byref(plan), x.ctypes.data, N, out.ctypes.data, None, None) == 0
    return out


def coherence():
    assert lib.emg_coherence(ctypes.byref(plan), x.ctypes.data, y.ctypes.data, N, out.ctypes.data, phase.ctypes.data,
                             None, None) == 0
    return out


print(f"{'ns per sample':28} {'library':>8} {'SciPy':>8} {'ratio':>6}")
for name, average in (("Welch, mean", "mean"), ("Welch, median", "median")):
    plan.average = average == "median"
    theirs = lambda: signal.welch(x, RATE, nperseg=SEGMENT, average=average)[1]
    show(name, N, (psd, psd), (theirs, theirs))
plan.average = 0
theirs = lambda: signal.coherence(x, y, RATE, nperseg=SEGMENT)[1]
show("coherence and phase", N, (coherence, coherence), (theirs, theirs))

LENGTH = 2048
tapers_plan, handle, tapered = lib.emg_multitaper_defaults(RATE, LENGTH), VOID(), np.zeros(LENGTH // 2 + 1)
tapers, ratios = signal.windows.dpss(LENGTH, 4, 7, sym=False, norm=2, return_ratios=True)
assert lib.emg_multitaper_new(ctypes.byref(handle), ctypes.byref(tapers_plan), None) == 0


def multitaper():
    assert lib.emg_multitaper_psd(handle, x.ctypes.data, tapered.ctypes.data, None) == 0
    return tapered


def multitaper_numpy():
    s = np.abs(np.fft.rfft(tapers * (x[:LENGTH] - x[:LENGTH].mean()))) ** 2
    s = (ratios[:, None] * s).sum(0) / ratios.sum() / RATE
    s[1:-1] *= 2
    return s


show("multitaper, tapers at hand", LENGTH, (multitaper, multitaper), (multitaper_numpy, multitaper_numpy))
lib.emg_multitaper_free(handle)
