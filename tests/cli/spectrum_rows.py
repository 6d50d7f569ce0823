#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recomputes the rows of emg-spectrum from the recording, by NumPy and SciPy alone.

  spectrum_rows.py EMG_SPECTRUM RECORDING.edf

The recording must be EDF with one record duration and no gaps. Exit 1 with a sentence for each value that differs.
"""
import csv
import io
import os
import subprocess
import sys

import numpy as np
from scipy import signal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "analysis", "features"))
import oracle_features as oracle  # noqa: E402

NAMES = {  # columns that are not the oracle's key with a unit behind it
    "mean_frequency_hz": "mnf", "median_frequency_hz": "mdf", "peak_frequency_hz": "pkf", "total_power_uv2": "ttp",
    "mean_power_uv2": "mnp", "moment1_uv2_hz": "sm1", "moment2_uv2_hz2": "sm2", "moment3_uv2_hz3": "sm3",
    "frequency_variance_hz2": "vcf", "bandwidth_hz": "bandwidth", "spectral_skewness": "skewness",
    "spectral_kurtosis": "spread_kurtosis", "edge_frequency_hz": "sef95", "spectral_entropy": "entropy",
    "spectral_flatness": "flatness", "crest_factor": "crest", "sample_entropy": "sampen", "turns_per_s": "turns_per_s",
    "turn_amplitude_uv": "turn_amplitude", "snr_db": "snr_db", "dp_ratio": "dp_ratio", "ohm_ratio": "ohm_ratio",
    "kurtosis": "kurtosis", "zc": "zc", "ssc": "ssc", "wamp": "wamp"}
COUNTS = {"zc", "ssc", "wamp"}


def key_of(column):
    if column in NAMES:
        return NAMES[column]
    if column.startswith("finsm"):
        return column.split("_")[0]
    stem, _, unit = column.rpartition("_")
    return stem if unit in ("uv", "uv2") and not stem.startswith(("noise", "threshold", "turn_threshold", "band")) else None


def read_edf(path):
    """Signals in physical units: {label: (rate, unit, samples)}."""
    with open(path, "rb") as file:
        head = file.read(256)
        n = int(head[252:256])
        n_records, duration = int(head[236:244]), float(head[244:252])
        widths = [16, 80, 8, 8, 8, 8, 8, 80, 8, 32]
        fields = [[file.read(w).decode("latin-1").strip() for _ in range(n)] for w in widths]
        per_record = [int(v) for v in fields[8]]
        raw = np.frombuffer(file.read(), "<i2")[:n_records * sum(per_record)].reshape(n_records, -1)
    out, at = {}, 0
    for i, label in enumerate(fields[0]):
        digital = raw[:, at:at + per_record[i]].ravel().astype(float)
        at += per_record[i]
        if label.startswith("EDF Annotations"):
            continue
        pmin, pmax, dmin, dmax = (float(fields[k][i]) for k in (3, 4, 5, 6))
        out[label] = per_record[i] / duration, fields[2][i], (digital - dmin) * (pmax - pmin) / (dmax - dmin) + pmin
    return out


def main(tool, path):
    window_s, to_s = 0.5, 6
    np.seterr(invalid="ignore")  # the ratio to noise of a quiet window is not defined
    text = subprocess.run([tool, "--mains", "off", "--features", "all", "--bands", "20-80,80-250", "--window",
                           str(window_s), "--to", str(to_s), path], check=True, capture_output=True, text=True).stdout
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    signals, conditioned, n_compared, wrong = read_edf(path), {}, 0, []
    for row in rows:
        rate, unit, x = signals[row["channel"]]
        x = x[:int(to_s * rate)]
        assert unit == "uV", unit
        if row["channel"] not in conditioned:
            sos = signal.butter(4, [20, 450], "bandpass", fs=rate, output="sos")
            conditioned[row["channel"]] = signal.sosfiltfilt(sos, x, padtype="constant", padlen=min(len(x) - 1, 4000))
        n, first = int(round(window_s * rate)), int(round(float(row["onset"]) * rate))
        y = conditioned[row["channel"]][first:first + n]
        f, p = signal.welch(y, rate, window="hann", nperseg=n, noverlap=n // 2, detrend="constant")
        expected = oracle.time_features(y, rate, float(row["threshold_uv"]), float(row["turn_threshold_uv"]),
                                        float(row["noise_uv"]) ** 2)
        expected.update(oracle.spectral_features(f, p, float(row["band_low_hz"]), float(row["band_high_hz"])))
        for column, cell in row.items():
            key = key_of(column)
            if key is None or key not in expected or key in ("sm_ratio",):
                continue
            found, wanted = float("nan") if cell == "n/a" else float(cell), float(expected[key])
            allowed = 1 if key in COUNTS else 0.02 if key in ("turns_per_s", "turn_amplitude", "sampen") else 5e-4
            scale = 1 if key in COUNTS else max(abs(wanted), 1e-3 if key == "skewness" else 0, 1 if key == "snr_db" else 0)
            if np.isnan(wanted) != np.isnan(found) or abs(found - wanted) > allowed * scale:
                wrong.append(f"{row['channel']} at {row['onset']}: {column} is {cell}, expected {wanted:.6g}")
            n_compared += 1
        band = sum(float(row[f"band_{b}_uv2"]) for b in ("20_80", "80_250"))
        share = sum(float(row[f"band_{b}_share"]) for b in ("20_80", "80_250"))
        inside = (f >= 20 - f[1]) & (f <= 250 + f[1])
        if not 0 < band <= p[inside].sum() * f[1] * 1.001 or not 0 < share <= 1:
            wrong.append(f"{row['channel']} at {row['onset']}: band powers {band}, shares {share}")
    print(f"{n_compared} values of {len(rows)} rows compared")
    for line in wrong[:10]:
        print(line)
    return 1 if wrong or n_compared < 1000 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
