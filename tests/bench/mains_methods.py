#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal of mains beside what users do with SciPy and MNE, on simulated recordings: mains_methods.py LIBMYOGRAM.SO

A minute at 2048 Hz: noise of 20 to 450 Hz and sigma 1, discharges of 5 ms (10, 30 and 300 sigma, 1.5 a second), hum of
eight sigma with five harmonics. Each method's output is compared with the same recording without hum. Columns:
left_db    RMS of the difference from the recording without hum, against the noise, where no discharge is near
e10, e30   median | worst change of the peak-to-peak amplitude of discharges of 10 and 30 sigma, in percent
tail       RMS of the difference, in sigma, 10 to 200 ms after the discharges of 300 sigma
doublets   instants above 5 sigma, 10 to 200 ms after a discharge, that were below 4.5 sigma without hum
unasked_db RMS of the change where there is no hum at all, against the noise (none: not one bit changes)
time       of the method, as a multiple of Myogram's
"""
import ctypes
import sys
import time

import numpy as np
import scipy
from scipy import signal

RATE, SECONDS, NOMINAL = 2048, 60, 50
TIMES = np.arange(RATE * SECONDS) / RATE
HARMONICS = NOMINAL * np.arange(1, 6)
TAKE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_double), ctypes.c_size_t,
                        ctypes.c_void_p)


class Plan(ctypes.Structure):
    _fields_ = [("mode", ctypes.c_int), ("harmonics", ctypes.c_size_t), ("keep_db", ctypes.c_double),
                ("stated_hz", ctypes.c_double), ("top_hz", ctypes.c_double)]


class Myogram:
    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        self.lib.emg_mains_defaults.restype = Plan
        for name in ("push", "finish", "free"):
            getattr(self.lib, "emg_mains_stream_" + name).argtypes = [ctypes.c_void_p] + {
                "push": [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p], "finish": [ctypes.c_void_p],
                "free": []}[name]
        self.lib.emg_mains_stream_new.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_double, ctypes.c_size_t,
                                                  TAKE, ctypes.c_void_p, ctypes.c_void_p]

    def __call__(self, x):
        pieces = []

        def take(_context, y, n, _err):
            pieces.append(np.ctypeslib.as_array(y, (n,)).copy())
            return 0

        callback, plan, stream = TAKE(take), self.lib.emg_mains_defaults(), ctypes.c_void_p()
        x = np.ascontiguousarray(x)
        status = self.lib.emg_mains_stream_new(ctypes.byref(stream), ctypes.byref(plan), RATE, 1, callback, None, None)
        status = status or self.lib.emg_mains_stream_push(stream, x.ctypes.data, len(x), None)
        status = status or self.lib.emg_mains_stream_finish(stream, None)
        self.lib.emg_mains_stream_free(stream)
        if status:
            sys.exit(f"mains_methods.py: the library answers {status}")
        return np.concatenate(pieces)


def notch(run):
    def method(x):
        for f in HARMONICS:
            x = run(*signal.iirnotch(f, 30, RATE), x)
        return x
    return method


def interpolated(x):
    """Amplitudes within 1 Hz of each harmonic replaced by the mean of the 2 Hz on either side (Mewett et al. 2001)."""
    spectrum, f = np.fft.rfft(x), np.fft.rfftfreq(len(x), 1 / RATE)
    for centre in HARMONICS:
        off = np.abs(f - centre)
        beside = np.abs(spectrum[(off > 1) & (off <= 3)]).mean()
        spectrum[off <= 1] = beside * np.exp(1j * np.angle(spectrum[off <= 1]))
    return np.fft.irfft(spectrum, len(x))


def methods(path):
    rows = [("Myogram", Myogram(path)), ("notch Q 30, filtfilt", notch(signal.filtfilt)),
            ("notch Q 30, lfilter", notch(signal.lfilter)), ("spectrum interpolation", interpolated)]
    try:
        import mne
    except ImportError:
        print("mains_methods.py: no MNE, its rows are left out", file=sys.stderr)
        return rows, "no MNE"
    mne.set_log_level("ERROR")
    rows.append(("MNE notch_filter", lambda x: mne.filter.notch_filter(x, RATE, HARMONICS)))
    rows.append(("MNE notch_filter, 3 Hz wide", lambda x: mne.filter.notch_filter(x, RATE, HARMONICS, notch_widths=3)))
    rows.append(("MNE spectrum_fit", lambda x: mne.filter.notch_filter(x, RATE, HARMONICS, method="spectrum_fit")))
    rows.append(("MNE spectrum_fit, lines found by it",
                 lambda x: mne.filter.notch_filter(x, RATE, None, method="spectrum_fit")))
    return rows, "MNE " + mne.__version__


def quiet(rng):
    """Noise and discharges; places and peaks of the discharges."""
    x = signal.sosfiltfilt(signal.butter(4, [20, 450], "bandpass", fs=RATE, output="sos"),
                           rng.standard_normal(len(TIMES)))
    x /= x.std()
    at = np.cumsum(0.25 + rng.exponential(1 / 1.5 - 0.25, 2 * SECONDS))
    at = at[(at > 0.5) & (at < SECONDS - 0.5)]
    peaks = np.resize([10, 30, 300], len(at))
    for place, peak in zip(at, peaks):
        u = (TIMES - place) / 0.0007
        x += np.where(np.abs(u) < 0.0025 / 0.0007, peak * (1 - u * u) * np.exp(-u * u / 2), 0)
    return x, at, peaks


def hum(offset, sweep):
    slow = 2 * np.pi / 60
    phase = 2 * np.pi * ((NOMINAL + offset) * TIMES + sweep * (1 - np.cos(slow * TIMES)) / slow)
    x = sum(a * np.sin(k * phase + k * k) for k, a in enumerate([1, 0.4, 0.7, 0.3, 0.5], 1))
    return 8 * x / x.std()


def near(at, least, most):
    mask = np.zeros(len(TIMES), bool)
    for place in at:
        mask[int((place + least) * RATE):int((place + most) * RATE)] = True
    return mask


def height(x, place):
    part = x[int((place - 0.003) * RATE):int((place + 0.003) * RATE) + 2]
    return part.max() - part.min()


def rms(x):
    return np.sqrt(np.mean(x * x))


def figures(clean, at, peaks, y):
    difference, row = y - clean, []
    row.append("%.1f" % (20 * np.log10(rms(difference[~near(at, -0.02, 0.25)]))))
    for peak in (10, 30):
        change = [100 * abs(height(y, p) / height(clean, p) - 1) for p in at[peaks == peak]]
        row.append("%.1f|%.1f" % (np.median(change), np.max(change)))
    row.append("%.2f" % rms(difference[near(at[peaks == 300], 0.01, 0.2)]))
    new = near(at, 0.01, 0.2) & ~near(at, -0.005, 0.01) & (np.abs(y) > 5) & (np.abs(clean) < 4.5)
    row.append(str(int((np.diff(new.astype(int)) > 0).sum())))
    return row


def timed(run, x):
    """What a method gives, and the least seconds of three runs."""
    least = np.inf
    for _ in range(3):
        start = time.perf_counter()
        y = run(x)
        least = min(least, time.perf_counter() - start)
    return y, least


def main():
    if len(sys.argv) != 2:
        sys.exit("mains_methods.py LIBMYOGRAM.SO")
    rows, version = methods(sys.argv[1])
    clean, at, peaks = quiet(np.random.default_rng(1))
    print(f"# simulated, seed 1; NumPy {np.__version__}, SciPy {scipy.__version__}, {version}")
    print("hum\tmethod\tleft_db\te10\te30\ttail\tdoublets\tunasked_db\ttime")
    for name, offset, sweep in (("at rest", 0, 0), ("0.5 Hz off", 0.5, 0), ("swings +-0.5 Hz", 0, 0.5)):
        x, first = clean + hum(offset, sweep), None
        for method, run in rows:
            unasked = rms(run(clean) - clean)
            y, took = timed(run, x)
            first = first or took
            print(name, method, *figures(clean, at, peaks, y), "%.1f" % (20 * np.log10(unasked)) if unasked else "none",
                  "%.1f" % (took / first), sep="\t")


if __name__ == "__main__":
    main()
