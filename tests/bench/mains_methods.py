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
import itertools
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


class EcgPlan(ctypes.Structure):
    _fields_ = [("mode", ctypes.c_int), ("ecg_channel", ctypes.c_int), ("before_s", ctypes.c_double),
                ("after_s", ctypes.c_double), ("gate_s", ctypes.c_double), ("qrs", ctypes.c_void_p),
                ("qrs_context", ctypes.c_void_p)]


class FilterPlan(ctypes.Structure):
    _fields_ = [("family", ctypes.c_int), ("kind", ctypes.c_int), ("order", ctypes.c_int)] + [
        (name, ctypes.c_double) for name in
        ("low_hz", "high_hz", "q", "transition_hz", "attenuation_db", "rate_hz")] + [("padding", ctypes.c_int)]


class Myogram:
    """The library's stages, each a function of samples (of channels side by side); called itself it takes hum off."""

    def __init__(self, path):
        self.lib = ctypes.CDLL(path)
        self.lib.emg_powerline_defaults.restype = Plan
        self.lib.emg_ecg_defaults.restype = EcgPlan
        pointer = ctypes.c_void_p
        for stage in ("powerline", "ecg", "filter"):
            self.entry(stage, "push").argtypes = [pointer, pointer, ctypes.c_size_t, pointer]
            self.entry(stage, "finish").argtypes = [pointer, pointer]
            self.entry(stage, "free").argtypes = [pointer]
        for stage in ("powerline", "ecg"):
            self.entry(stage, "new").argtypes = [pointer, pointer, ctypes.c_double, ctypes.c_size_t, TAKE, pointer,
                                                 pointer]
        self.lib.emg_filter_stream_new.argtypes = [pointer, pointer, ctypes.c_int, ctypes.c_size_t, TAKE, pointer,
                                                   pointer]
        self.filter = pointer()
        plan = FilterPlan(family=0, kind=2, order=4, low_hz=20, high_hz=450, rate_hz=RATE)
        self.check(self.lib.emg_filter_design(ctypes.byref(self.filter), ctypes.byref(plan), None))

    def entry(self, stage, verb):
        return getattr(self.lib, f"emg_{stage}_stream_{verb}")

    @staticmethod
    def check(status):
        if status:
            sys.exit(f"mains_methods.py: the library answers {status}")

    def run(self, stage, x, *arguments):
        x = np.ascontiguousarray(x)
        n, pieces, stream = x.size // len(x), [], ctypes.c_void_p()

        def take(_context, y, n_frames, _err):
            pieces.append(np.ctypeslib.as_array(y, (n_frames * n,)).copy())
            return 0

        callback = TAKE(take)
        self.check(self.entry(stage, "new")(ctypes.byref(stream), *arguments, n, callback, None, None))
        self.check(self.entry(stage, "push")(stream, x.ctypes.data, len(x), None))
        self.check(self.entry(stage, "finish")(stream, None))
        self.entry(stage, "free")(stream)
        return np.concatenate(pieces).reshape(x.shape)

    def __call__(self, x):
        return self.run("powerline", x, ctypes.byref(self.lib.emg_powerline_defaults()), RATE)

    def band(self, x):
        return self.run("filter", x, self.filter, 1)

    def ecg(self, x, lead=None):
        plan = self.lib.emg_ecg_defaults()
        if lead is None:
            return self.run("ecg", x, ctypes.byref(plan), RATE)
        plan.ecg_channel = 1
        return self.run("ecg", np.column_stack([x, lead]), ctypes.byref(plan), RATE)[:, 0]


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


def methods(myogram):
    rows = [("Myogram", myogram), ("notch Q 30, filtfilt", notch(signal.filtfilt)),
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


def heart(rng, peak):
    """A lead of P, QRS and T waves, 60 to 84 beats a minute, and what of it lies in the muscle's channel."""
    at = np.cumsum(rng.normal(60 / 72, 0.03, 2 * SECONDS))
    lead = np.zeros(len(TIMES))
    for beat in at[at < SECONDS - 0.5]:
        for after, width, part in ((-0.16, 0.02, 0.15), (-0.025, 0.008, -0.1), (0, 0.011, 1), (0.03, 0.01, -0.25),
                                   (0.25, 0.04, 0.3)):
            lead += part * np.exp(-0.5 * ((TIMES - beat - after) / width) ** 2)
    return lead, peak * lead


def motion(rng):
    """Electrodes that move: noise below 15 Hz, of 5 sigma."""
    x = signal.sosfiltfilt(signal.butter(2, [1, 15], "bandpass", fs=RATE, output="sos"),
                           rng.standard_normal(len(TIMES)))
    return 5 * x / x.std()


ORDERS = "power line, band, ECG", "band, power line, ECG", "power line, ECG, band"


def ordered(myogram, order, x, lead):
    stages = {"power line": myogram, "band": myogram.band, "ECG": lambda y: myogram.ecg(y, lead)}
    for stage in order.split(", "):
        x = stages[stage](x)
    return x


def orders(myogram):
    """Each order of the three stages over samples as an amplifier gives them, against the band alone over the same
    muscle without hum, heart and motion."""
    print("\n# orders of the stages, six seeds each; motion: noise of 5 sigma below 15 Hz; ends: RMS of the difference in sigma within 0.5 s of the ends;"
          " of the rest as above")
    print("motion\thum\theart\torder\tends\tleft_db\te10\te30\ttail\tdoublets")
    hums = ("none", 0, 0), ("8 sigma", 8, 0.2), ("40 sigma", 40, 0.2)
    hearts = ("none", 0, False), ("8 sigma", 8, False), ("8 sigma, lead", 8, True), ("60 sigma, lead", 60, True)
    for moves in (0, 1):
        for (hum_name, size, swing), (heart_name, peak, led) in itertools.product(hums, hearts):
            for order in ORDERS:
                ends, rows = [], []
                for seed in range(1, 7):
                    rng = np.random.default_rng(seed)
                    muscle, at, peaks = quiet(rng)
                    muscle += moves * motion(rng)
                    lead, ecg = heart(rng, peak)
                    sway = 300 + 40 * np.sin(2 * np.pi * 0.3 * TIMES + seed)
                    clean = myogram.band(muscle)
                    x = muscle + ecg + size / 8 * hum(0.1 * seed - 0.3, swing) + sway
                    y = ordered(myogram, order, x, lead if led else None)
                    end = RATE // 2
                    ends.append(rms(np.r_[(y - clean)[:end], (y - clean)[-end:]]))
                    rows.append(figures(clean, at, peaks, y))
                print("yes" if moves else "no", hum_name, heart_name, order, "%.2f" % np.median(ends), *middle(rows), sep="\t")


def middle(rows):
    """Medians over seeds of each column; of "median|worst" pairs and of counts: median|worst, sum."""
    columns = []
    for column in list(zip(*rows))[:-1]:
        pairs = np.array([[float(v) for v in cell.split("|")] for cell in column])
        columns.append("|".join("%.2f" % v for v in np.median(pairs, axis=0)))
    return columns + [str(sum(int(cell) for cell in list(zip(*rows))[-1]))]


def main():
    if len(sys.argv) != 2:
        sys.exit("mains_methods.py LIBMYOGRAM.SO")
    myogram = Myogram(sys.argv[1])
    rows, version = methods(myogram)
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
    orders(myogram)


if __name__ == "__main__":
    main()
