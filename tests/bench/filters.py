#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters against SciPy doing the same work on as many samples, one thread, in one run: filters.py BENCH_FILTER [CHANNELS [SECONDS]]"""
import subprocess
import sys
import time

import numpy as np
from scipy import signal

RATE = 2048
n_channels = int(sys.argv[2]) if len(sys.argv) > 2 else 16
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60
x = np.random.default_rng(1).standard_normal((n_channels, int(seconds * RATE)))
sos = signal.butter(4, [20, 450], "bandpass", fs=RATE, output="sos")
notch = np.array([[*np.concatenate(signal.iirnotch(50, 30, RATE))]])
n, beta = signal.kaiserord(60, 15 / (RATE / 2))
taps = signal.firwin(n | 1, [20, 450], window=("kaiser", beta), pass_zero="bandpass", fs=RATE)
peer = {
    "butterworth_forward": lambda: signal.sosfilt(sos, x, axis=-1),
    "butterworth_zero_phase": lambda: signal.sosfiltfilt(sos, x, axis=-1),
    "notch_zero_phase": lambda: signal.sosfiltfilt(notch, x, axis=-1),
    "fir_zero_phase": lambda: signal.oaconvolve(x, taps[None, :], "same", axes=-1),
}


def best_ns(work):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1e9 * min(times) / x.size


ours = subprocess.run([sys.argv[1], str(n_channels), str(seconds)], check=True, capture_output=True, text=True).stdout
print("filter\tns_per_sample\tscipy_ns_per_sample\tratio")
for line in ours.splitlines()[1:]:
    name, ns = line.split("\t")[:2]
    scipy_ns = best_ns(peer[name])
    print(f"{name}\t{ns}\t{scipy_ns:.2f}\t{scipy_ns / float(ns):.2f}")
