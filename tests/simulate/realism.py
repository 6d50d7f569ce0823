#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated recordings beside real ones: figures as PNG files and the numbers that lib/simulate/REALISM.md quotes.

Usage: realism.py LIBMYOGRAM_SO REAL_DATA_FOLDER OUTPUT_FOLDER
The real recordings are those named in REALISM.md; the simulated ones are made in memory through the library.
"""
import ctypes
import os
import sys

import matplotlib
import numpy as np
from scipy import signal

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


class Firing(ctypes.Structure):
    _fields_ = [("time_s", ctypes.c_double), ("unit", ctypes.c_uint32)]


class Library:
    """The few calls of emg/simulate.h that are needed here."""

    def __init__(self, path):
        self.c = ctypes.CDLL(path)
        self.c.emg_simulation_rate_hz.restype = ctypes.c_double
        self.c.emg_simulation_duration_s.restype = ctypes.c_double
        self.c.emg_simulation_n_channels.restype = ctypes.c_size_t
        self.c.emg_simulation_n_firings.restype = ctypes.c_size_t
        self.c.emg_simulation_firing.restype = Firing
        self.c.emg_simulation_firing.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t]
        self.c.emg_simulation_next.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p]
        for name in ("rate_hz", "duration_s", "n_channels", "free"):
            getattr(self.c, "emg_simulation_" + name).argtypes = [ctypes.c_void_p]
        self.c.emg_simulation_n_firings.argtypes = [ctypes.c_void_p, ctypes.c_size_t]

    def run(self, text, seed=1):
        """(rate, samples[channel, frame], firings per channel as (time, unit) rows) of a scenario's text."""
        handle, error = ctypes.c_void_p(), ctypes.create_string_buffer(512)
        data = text.encode()
        status = self.c.emg_simulation_read(
            ctypes.byref(handle), data, ctypes.c_size_t(len(data)), b"realism", ctypes.c_uint64(seed),
            ctypes.c_double(0), ctypes.c_double(0), error)
        if status:
            raise SystemExit("the scenario is refused: " + repr(error.raw[:220]))
        rate = self.c.emg_simulation_rate_hz(handle)
        n = int(rate * self.c.emg_simulation_duration_s(handle))
        channels = self.c.emg_simulation_n_channels(handle)
        x = np.empty((n, channels))
        assert self.c.emg_simulation_next(handle, x.ctypes.data, n, None) == 0
        firings = []
        for c in range(channels):
            rows = [self.c.emg_simulation_firing(handle, c, i)
                    for i in range(self.c.emg_simulation_n_firings(handle, c))]
            firings.append(np.array([(f.time_s, f.unit) for f in rows]).reshape(-1, 2))
        self.c.emg_simulation_free(handle)
        return rate, x.T.copy(), firings


def read_edf(path):
    """{label: (rate, samples in physical units)} of a continuous EDF file."""
    with open(path, "rb") as file:
        raw = file.read()
    n_records, record_s, n = int(raw[236:244]), float(raw[244:252]), int(raw[252:256])

    def fields(offset, width):
        at = 256 + offset * n
        return [raw[at + i * width:at + (i + 1) * width].decode("latin-1").strip() for i in range(n)]

    labels = fields(0, 16)
    low, high, dlow, dhigh = ([float(v) for v in fields(o, 8)] for o in (104, 112, 120, 128))
    per = [int(v) for v in fields(216, 8)]
    data = np.frombuffer(raw[256 * (n + 1):], "<i2")
    n_records = n_records if n_records > 0 else len(data) // sum(per)
    data = data[:n_records * sum(per)].reshape(n_records, sum(per))
    out, at = {}, 0
    for i in range(n):
        if "Annotations" not in labels[i]:
            x = data[:, at:at + per[i]].reshape(-1).astype(float)
            scale = (high[i] - low[i]) / (dhigh[i] - dlow[i])
            out[labels[i]] = (per[i] / record_s, (x - dlow[i]) * scale + low[i])
        at += per[i]
    return out


def psd(x, rate, seconds=0.5):
    return signal.welch(x, rate, nperseg=int(rate * seconds), detrend="constant")


def frequencies(x, rate, low=20, high=1500):
    """Mean and median frequency over low..high (or half the rate)."""
    f, p = psd(x, rate)
    keep = (f >= low) & (f <= min(high, rate / 2))
    f, p = f[keep], p[keep]
    total = np.cumsum(p)
    return (f * p).sum() / p.sum(), f[np.searchsorted(total, total[-1] / 2)]


def scenario(channel, activity, rate=2048, seconds=20):
    return "[recording]\nrate_hz = %d\nduration_s = %d\n[channel EMG X]\n%s\n%s\n" % (rate, seconds, channel, activity)


TONIC = ("[tonic]\nfrom_s = 1\nleast_s = 17\nmost_s = 17.5\ndrive_least = %g\ndrive_most = %g\npeak_hz = 35\n"
         "intervals = gamma\nup_least_s = 1\nup_most_s = 1.5\n")
SURFACE = "noise_uv = 4\nunits = 100\nunit_uv = 60\n"
NEEDLE = "electrode = needle\nnoise_uv = 6\nunit_uv = 400\n"


def trace(axis, x, rate, start, seconds, title):
    part = x[int(start * rate):int((start + seconds) * rate)]
    axis.plot(np.arange(len(part)) / rate, part - np.median(part), lw=0.5)
    axis.set_title(title, fontsize=8)
    axis.tick_params(labelsize=6)


def surface_figure(lib, real, out):
    """Contractions under surface electrodes: traces and spectra."""
    recordings = [("real: elderly VL (VL task)", *read_edf(real + "/elderly_ID1_task_VL.edf")["EMG VL"], 4),
                  ("real: elderly TA (TA task)", *read_edf(real + "/elderly_ID1_task_TA.edf")["EMG TA"], 4),
                  ("real: FDI contraction", *read_edf(real + "/psyc9080_FDI-1.edf")["EMG FDI R"], 3),
                  ("real: adductor pollicis 16 bit", *read_edf(real + "/plux_8_16_bits.edf")["EMG ADP 16bit"], 12.1)]
    for name, extra in (("hermite", ""), ("fibre", "muap = fibre\n"),
                        ("fibre, 10 mm spacing", "muap = fibre\nspacing_mm = 10\n")):
        rate, x, _ = lib.run(scenario(SURFACE + extra, TONIC % (0.4, 0.4)))
        recordings.append(("simulated: " + name, rate, x[0], 8))
    figure, axes = plt.subplots(len(recordings), 3, figsize=(15, 2 * len(recordings)))
    for row, (name, rate, x, start) in zip(axes, recordings):
        trace(row[0], x, rate, start, 1, name + ", 1 s")
        trace(row[1], x, rate, start, 0.15, "150 ms")
        part = x[int(start * rate):int((start + 3) * rate)]
        f, p = psd(part, rate)
        row[2].semilogy(f, p / p[(f > 20)].max(), lw=0.8)
        row[2].set_xlim(0, 500)
        row[2].set_ylim(1e-4, 2)
        mnf, mdf = frequencies(part, rate)
        row[2].set_title("MNF %.0f MDF %.0f Hz" % (mnf, mdf), fontsize=8)
        print("surface\t%s\tMNF %.0f\tMDF %.0f\tkurtosis %.1f" % (name, mnf, mdf, kurtosis(part, rate)))
    finish(figure, out + "/surface.png")


def kurtosis(x, rate):
    b = signal.butter(4, [20, min(450, 0.45 * rate)], "bandpass", fs=rate, output="sos")
    y = signal.sosfiltfilt(b, x)
    return np.mean((y - y.mean()) ** 4) / np.var(y) ** 2


def needle_figure(lib, real, out):
    """A needle in a weak contraction: traces, single potentials, spectra."""
    recordings = [("real: TA, gentle (healthy)", *read_edf(real + "/emgdb_healthy.edf")["EMG TA"], 4, 1000),
                  ("real: TA, neuropathy", *read_edf(real + "/emgdb_neuropathy.edf")["EMG TA"], 10, 1000)]
    for name, extra in (("hermite", "units = 16\n"), ("fibre", "units = 30\nmuap = fibre\nshape_jitter_us = 30\n"),
                        ("fibre, 12 mm scatter (remodelled)", "muap = fibre\nscatter_mm = 12\nunits = 8\n")):
        rate, x, _ = lib.run(scenario(NEEDLE + extra, TONIC % (0.25, 0.25), 10000))
        recordings.append(("simulated: " + name, rate, x[0], 8, 1))
    figure, axes = plt.subplots(len(recordings), 4, figsize=(18, 2.4 * len(recordings)))
    for row, (name, rate, x, start, gain) in zip(axes, recordings):
        x = x * gain
        trace(row[0], x, rate, start, 1, name + ", 1 s")
        part = x[int(start * rate):int((start + 6) * rate)]
        peaks = largest_peaks(part, rate, 12)
        for at in peaks:
            piece = part[at - int(0.01 * rate):at + int(0.015 * rate)]
            row[1].plot(np.arange(len(piece)) / rate * 1000 - 10, piece, lw=0.5)
        row[1].set_title("12 largest potentials, ms", fontsize=8)
        trace(row[2], part, rate, peaks[0] / rate - 0.03, 0.06, "60 ms")
        f, p = psd(part, rate)
        row[3].loglog(f[1:], p[1:] / p.max(), lw=0.8)
        row[3].set_xlim(10, 5000)
        row[3].set_ylim(1e-6, 2)
        mnf, mdf = frequencies(part, rate)
        row[3].set_title("MNF %.0f MDF %.0f Hz" % (mnf, mdf), fontsize=8)
        print("needle\t%s\tMNF %.0f\tMDF %.0f\tkurtosis %.1f" % (name, mnf, mdf, kurtosis(part, rate)))
    finish(figure, out + "/needle.png")


def largest_peaks(x, rate, n):
    order, taken = np.argsort(-np.abs(x)), []
    margin = int(0.02 * rate)
    for at in order:
        if margin < at < len(x) - margin and all(abs(at - t) > margin for t in taken):
            taken.append(at)
        if len(taken) == n:
            break
    return taken


def noise_figure(lib, real, out):
    """Rest: the colour of the background."""
    figure, axis = plt.subplots(figsize=(9, 6))
    fdi = read_edf(real + "/psyc9080_FDI-1.edf")["EMG FDI R"]
    rest = [("real: biosppy, nearly silent", *read_edf(real + "/biosppy_emg.edf")["EMG 1"], 5, 60),
            ("real: FDI at rest", *fdi, 8.2, 1.7),
            ("real: BF while TA works", *read_edf(real + "/elderly_ID1_task_TA.edf")["EMG BF"], 1, 8),
            ("real: OpenBCI at rest", *read_edf(real + "/openbci_S02_S1REST.edf")["EMG 1"], 2, 28),
            ("real: biceps before exercise", *read_edf(real + "/plux_fatigue.edf")["EMG BIC"], 0.2, 0.7)]
    for name, extra in (("pink 0.4", ""), ("brown 0.4", "noise_fall = brown\n"), ("brown 0.8", "noise_fall = brown\npink_share = 0.8\n")):
        rate, x, _ = lib.run(scenario("noise_uv = 4\n" + extra, ""))
        rest.append(("simulated: " + name, rate, x[0], 0, 20))
    for name, rate, x, start, seconds in rest:
        part = x[int(start * rate):int((start + seconds) * rate)]
        f, p = psd(part, rate, min(0.5, seconds / 3))
        keep = (f >= 15) & (f <= 0.45 * rate)
        slope = np.polyfit(np.log10(f[keep & (f < 120)]), np.log10(p[keep & (f < 120)]), 1)[0]
        axis.loglog(f[keep], p[keep] / np.median(p[keep]), lw=0.8, ls="-" if "real" in name else "--", label=name)
        print("rest\t%s\tslope of power 15-120 Hz %.2f\tMDF %.0f" % (name, slope, frequencies(part, rate)[1]))
    axis.legend(fontsize=7)
    finish(figure, out + "/noise.png")


def unit_statistics(rows, longest_s=0.4):
    """Per unit: mean rate, CV, LV, CV about the running median, skewness, first serial correlation of the intervals."""
    found = []
    for unit in np.unique(rows[:, 1]):
        gaps = np.diff(np.sort(rows[rows[:, 1] == unit, 0]))
        gaps = gaps[gaps < longest_s]
        if len(gaps) < 50:
            continue
        mean, sd = gaps.mean(), gaps.std()
        slow = signal.medfilt(gaps, 11)
        steady = np.std(gaps / slow)
        local = 3 * np.mean(((gaps[1:] - gaps[:-1]) / (gaps[1:] + gaps[:-1])) ** 2)
        found.append((1 / mean, sd / mean, local, steady, np.mean((gaps - mean) ** 3) / sd ** 3,
                      np.corrcoef(gaps[1:], gaps[:-1])[0, 1]))
    return np.array(found)


def firing_figure(lib, real, out):
    """Intervals of motor units in a steady contraction."""
    sets = []
    for name, start, end in (("caillet_TA_35_D", 10, 19), ("caillet_TA_35_H", 10, 19), ("caillet_GM_30", 8, 26)):
        rows = np.loadtxt(real + "/" + name + "_discharges.tsv", skiprows=1)[:, ::-1]
        rows = rows[(rows[:, 0] > start) & (rows[:, 0] < end)]
        sets.append(("real: " + name, rows))
    for name, extra in (("gaussian", "intervals = gaussian\n"), ("gamma", "intervals = gamma\n"),
                        ("gaussian, CV 0.1-0.18, unsteady onset, common drive",
                         "intervals = gaussian\ncommon_share = 0.1\ncv_least = 0.1\ncv_most = 0.18\nonset_cv = 0.25\n")):
        text = scenario(SURFACE, (TONIC % (0.35, 0.35)).replace("intervals = gamma\n", "") + extra)
        _, _, firings = lib.run(text)
        rows = firings[0]
        sets.append(("simulated: " + name, rows[(rows[:, 0] > 4) & (rows[:, 0] < 16)]))
    figure, axes = plt.subplots(len(sets), 3, figsize=(13, 2.2 * len(sets)))
    for row, (name, rows) in zip(axes, sets):
        s = unit_statistics(rows)
        row[0].plot(s[:, 0], s[:, 1], "o", ms=3)
        row[0].set_xlim(0, 35)
        row[0].set_ylim(0, 0.6)
        row[0].set_title(name + ": CV against rate", fontsize=8)
        for unit in np.unique(rows[:, 1])[::4]:
            t = rows[rows[:, 1] == unit, 0]
            row[1].plot(t, np.full_like(t, unit), "|", ms=3)
        row[1].set_title("firings", fontsize=8)
        ratio = []
        for unit in np.unique(rows[:, 1]):
            gaps = np.diff(np.sort(rows[rows[:, 1] == unit, 0]))
            gaps = gaps[gaps < 0.4]
            if len(gaps) > 20:
                ratio.extend(gaps / gaps.mean())
        row[2].hist(ratio, np.arange(0, 2.5, 0.05), density=True)
        row[2].set_title("interval / unit's mean", fontsize=8)
        print("firings\t%s\tunits %d\trate %.1f (%.1f-%.1f)\tCV %.2f (%.2f-%.2f)\tLV %.2f\tCV about running median %.2f\tskew %.2f\tserial %.2f" % (
            name, len(s), np.median(s[:, 0]), s[:, 0].min(), s[:, 0].max(), np.median(s[:, 1]), s[:, 1].min(),
            s[:, 1].max(), np.median(s[:, 2]), np.median(s[:, 3]), np.median(s[:, 4]), np.median(s[:, 5])))
    finish(figure, out + "/firings.png")


def shape_figure(lib, real, out):
    """Single potentials: averages of real ones by their size, and drawn ones."""
    figure, axes = plt.subplots(4, 8, figsize=(18, 9))
    rate, x = read_edf(real + "/kkapre_example2.edf")["EMG 1"]
    sos = signal.butter(4, [20, 450], "bandpass", fs=rate, output="sos")
    y = signal.sosfiltfilt(sos, x)
    for axis, at in zip(axes[0], largest_peaks(y, rate, 8)):
        axis.plot((np.arange(80) - 40) / rate * 1000, y[at - 40:at + 40], lw=0.8)
        axis.set_title("real, kkapre 1, ms", fontsize=7)
    for row, (name, channel) in zip(axes[1:], (("hermite surface", ""), ("fibre surface", "muap = fibre\n"),
                                               ("fibre needle", "muap = fibre\nelectrode = needle\n"))):
        spread = 20 if "surface" in name else 10
        text = scenario(channel + "noise_uv = 0.2\ndrift_db = 0\n",
                        "[fasciculation]\nunits = 8\nsnr_db = 50\nper_min = 400\nrate_swing = 0\ndoublet_share = 0\n",
                        10000)
        rate, x, firings = lib.run(text, 3)
        for axis, unit in zip(row, range(1, 9)):
            times = firings[0][firings[0][:, 1] == unit, 0]
            others = firings[0][firings[0][:, 1] != unit, 0]
            clear = [t for t in times if len(others) == 0 or np.min(np.abs(others - t)) > 0.04]
            half = int(spread / 1000 * rate)
            if clear and int(clear[0] * rate) > half:
                at = int(round(clear[0] * rate))
                axis.plot((np.arange(2 * half) - half) / rate * 1000, x[0][at - half:at + half], lw=0.8)
            axis.set_title(name + ", ms", fontsize=7)
    finish(figure, out + "/shapes.png")


def finish(figure, path):
    figure.tight_layout()
    figure.savefig(path, dpi=70)
    plt.close(figure)


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    lib, real, out = Library(sys.argv[1]), sys.argv[2], sys.argv[3]
    os.makedirs(out, exist_ok=True)
    surface_figure(lib, real, out)
    needle_figure(lib, real, out)
    noise_figure(lib, real, out)
    firing_figure(lib, real, out)
    shape_figure(lib, real, out)


main()
