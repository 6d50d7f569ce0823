#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recomputes emg-spectrum --coherence --raw from the recording, by scipy.signal.coherence and csd.

  coherence_rows.py EMG_SPECTRUM RECORDING.edf

Exit 1 with a sentence for each value that differs. The phase is that of csd(A, B): negative where B lags.
"""
import csv
import io
import subprocess
import sys

import numpy as np
from scipy import signal

from spectrum_rows import read_edf


def main(tool, path):
    signals, wrong, n_compared = read_edf(path), [], 0
    names = list(signals)[:3]
    for a, b, window_s in ((0, 1, 1.0), (1, 0, 0.5), (0, 2, 0.333)):
        (rate, _, x), (_, _, y) = signals[names[a]], signals[names[b]]
        text = subprocess.run([tool, "--coherence", f"{names[a]},{names[b]}", "--raw", "--window", str(window_s), path],
                              check=True, capture_output=True, text=True).stdout
        rows = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
        n = int(round(window_s * rate))
        f, expected = signal.coherence(x, y, rate, nperseg=n)
        _, cross = signal.csd(x, y, rate, nperseg=n)
        if len(rows) != len(f):
            wrong.append(f"{len(rows)} rows, {len(f)} expected")
        for row, f_hz, c, z in zip(rows, f, expected, cross):
            found = float(row["coherence"])
            turn = abs(np.angle(np.exp(1j * (float(row["phase_rad"]) - np.angle(z)))))
            if abs(float(row["frequency_hz"]) / max(f_hz, 1e-9) - 1) > 1e-5 and f_hz > 0:
                wrong.append(f"{row['frequency_hz']} Hz, {f_hz} expected")
            if abs(found - c) > 1e-5 * max(c, 1e-3) or (c > 1e-4 and turn > 1e-4):
                wrong.append(f"{names[a]} and {names[b]} at {f_hz:g} Hz: {row}, expected {c:.6g}, {np.angle(z):.6g}")
            n_compared += 2
    print(f"{n_compared} values compared")
    for line in wrong[:10]:
        print(line)
    return 1 if wrong or n_compared < 1000 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
