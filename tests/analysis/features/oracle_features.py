#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/analysis/features/oracle_features.h: features of test signals from their definitions, by NumPy and SciPy.

  oracle_features.py > tests/analysis/features/oracle_features.h

Signals come of the integer generator of tests/dsp/signal.h, so that no samples need to be stored. `check` (used by
tests/dsp/spectrum_rows.py) takes the same functions over samples of a file.
"""
import os
import sys

import numpy as np
import scipy
from scipy import signal, stats

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../dsp"))
from seeded import noise, write  # noqa: E402


def turns(x, threshold):
    """Turning points of a zigzag whose every leg is at least the threshold: list of values, the origin first."""
    points, direction, extreme = [], 0, None
    running_min = running_max = x[0]
    for v in x[1:]:
        if direction == 0:
            running_min, running_max = min(running_min, v), max(running_max, v)
            if running_max - v >= threshold:
                points.append(running_max)
                direction, extreme = -1, v
            elif v - running_min >= threshold:
                points.append(running_min)
                direction, extreme = 1, v
        elif direction > 0:
            if v > extreme:
                extreme = v
            elif extreme - v >= threshold:
                points.append(extreme)
                direction, extreme = -1, v
        else:
            if v < extreme:
                extreme = v
            elif v - extreme >= threshold:
                points.append(extreme)
                direction, extreme = 1, v
    return np.array(points)


def sample_entropy(x, m, r):
    n = len(x)
    count = []
    for length in (m, m + 1):
        t = np.array([x[i:i + length] for i in range(n - m)])
        d = np.array([(np.abs(t - row).max(axis=1) <= r).sum() - 1 for row in t])
        count.append(d.sum())
    return -np.log(count[1] / count[0])


def time_features(x, rate, threshold, turn_threshold, rest_power):
    n, d = len(x), np.diff(x)
    back, forth = d[:-1], -d[1:]  # x_i - x_{i-1}, x_i - x_{i+1}
    t = turns(x, turn_threshold)
    legs = np.abs(np.diff(t))
    power = np.mean(x ** 2)
    return dict(
        iemg=np.sum(np.abs(x)), mav=np.mean(np.abs(x)), rms=np.sqrt(power), var=np.sum(x ** 2) / (n - 1),
        ssi=np.sum(x ** 2), wl=np.sum(np.abs(d)), aac=np.sum(np.abs(d)) / n,
        zc=np.sum((x[:-1] * x[1:] < 0) & (np.abs(d) >= threshold)),
        ssc=np.sum((back * forth > 0) & (np.maximum(np.abs(back), np.abs(forth)) >= threshold)),
        wamp=np.sum(np.abs(d) >= threshold),
        turns_per_s=max(len(t) - 1, 0) / (n / rate), turn_amplitude=legs.mean() if len(legs) else np.nan,
        tkeo=np.mean(x[1:-1] ** 2 - x[:-2] * x[2:]), kurtosis=stats.kurtosis(x, fisher=False),
        crest=np.max(np.abs(x)) / np.sqrt(power), snr_db=10 * np.log10(power / rest_power - 1),
        sampen=sample_entropy(x, 2, 0.2 * np.std(x)))


def quantile_hz(f, p, share):
    """Each bin's power spread evenly over its width: linear interpolation of the running sum over the bins' edges."""
    step = f[1] - f[0]
    edges = np.append(f - step / 2, f[-1] + step / 2)
    running = np.append(0, np.cumsum(p))
    return np.interp(share * running[-1], running, edges)


def spectral_features(f, p, low, high, fatigue=(8, 500)):
    step = f[1] - f[0]
    band = (f >= low) & (f <= high)
    g, q = f[band], p[band]
    moment = lambda k: np.sum(g ** float(k) * q) * step
    m0, mnf = moment(0), moment(1) / moment(0)
    vcf = moment(2) / m0 - mnf ** 2
    share = q / q.sum()
    inner = band & (f >= fatigue[0]) & (f <= fatigue[1]) & (f > 0)
    finsm = [np.sum(p[inner] / f[inner]) / np.sum(p[inner] * f[inner] ** k) for k in range(1, 6)]
    drop = band & (f >= 35) & (f <= 600)
    enough, slow = drop.sum() >= 13, band & (f <= 20)
    means = np.convolve(p[drop], np.ones(13) / 13, "valid") if enough else np.array([np.nan])
    at = np.convolve(f[drop], np.ones(13) / 13, "valid")[means.argmax()] if enough else np.nan
    motion = np.sum(np.maximum(p[slow] - means.max() * f[slow] / at, 0)) * step if low < 20 and slow.any() else np.nan
    out = dict(
        mnf=mnf, mdf=quantile_hz(g, q, 0.5), pkf=g[q.argmax()], ttp=m0, mnp=m0 / len(q), sm1=moment(1), sm2=moment(2),
        sm3=moment(3), vcf=vcf, bandwidth=np.sqrt(vcf), skewness=np.sum(share * (g - mnf) ** 3) / vcf ** 1.5,
        spread_kurtosis=np.sum(share * (g - mnf) ** 4) / vcf ** 2, sef95=quantile_hz(g, q, 0.95),
        entropy=-np.sum(share * np.log2(share)) / np.log2(len(q)), flatness=stats.gmean(q) / q.mean(),
        dp_ratio=means.max() / means.min(), ohm_ratio=np.sqrt(moment(2) / m0) / mnf,
        sm_ratio=np.sum(p[band & (f <= 600)]) * step / motion if motion > 0 else np.nan)
    out.update({f"finsm{k}": finsm[k - 1] for k in range(1, 6)})
    return out


def lines(t, y):
    """Slope, value at 0 and percent a minute: least squares, then Theil and Sen."""
    ls = stats.linregress(t, y)
    robust = stats.theilslopes(y, t)[0]
    at = np.median(y - robust * t)
    return [ls.slope, ls.intercept, 6000 * ls.slope / ls.intercept, robust, at, 6000 * robust / at]


def number(v):
    return "NAN" if np.isnan(v) else repr(float(v))


CASES = [  # name, seed, n, rate, low, high, threshold, turn threshold, rest power
    ("surface", 3, 1024, 1000, 20, 450, 10, 100, 120.0),
    ("needle", 5, 1500, 20000, 200, 3000, 25, 100, 900.0),
    ("wide", 9, 2048, 2048, 1, 900, 0, 40, 10.0),
]


def sample(seed, n, rate):
    """Noise of changing strength, a slow swing and a line, in microvolts."""
    t = np.arange(n) / rate
    return 40 * noise(seed, n) * (1 + np.sin(2 * np.pi * 3 * t) ** 2) + 60 * np.sin(2 * np.pi * 7 * t) + \
        25 * np.sin(2 * np.pi * 83 * t)


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print(f"/* Written by tests/analysis/features/oracle_features.py with SciPy {scipy.__version__} and NumPy {np.__version__}. */")
    print("#ifndef ANALYSIS_ORACLE_FEATURES_H\n#define ANALYSIS_ORACLE_FEATURES_H\n\n#include <math.h>\n#include <stdint.h>\n")
    print("#include <emg/features.h>\n\n/* clang-format off */")
    print("typedef struct oracle_case {\n    uint64_t seed;\n    size_t n, window;\n"
          "    double rate_hz, low_hz, high_hz, threshold, turn_threshold, rest_power;\n    emg_features expected;\n} oracle_case;\n")
    print("static const oracle_case oracle_cases[] = {")
    for name, seed, n, rate, low, high, threshold, turn, rest in CASES:
        x, window = sample(seed, n, rate), 512
        f, p = signal.welch(x, rate, window="hann", nperseg=window, noverlap=window // 2, detrend="constant")
        values = {**time_features(x, rate, threshold, turn, rest), **spectral_features(f, p, low, high)}
        print(f"    {{ {seed}, {n}, {window}, {rate}, {low}, {high}, {threshold}, {turn}, {rest}, {{ /* {name} */")
        for key, value in values.items():
            print(f"        .{key} = {number(value)},")
        print("    } },")
    print("};\n")
    t = np.arange(40) * 1.5 + 0.25
    y = 110 - 0.4 * t + 3 * noise(21, 40)
    y[7], y[30] = 300, 10
    print("/* 110 - 0.4 t + 3 noise(21) at t = 0.25 + 1.5 i, values 7 and 30 set to 300 and 10. */")
    print(f"static const double oracle_lines[6] = {{ {', '.join(map(number, lines(t, y)))} }};")
    print("\n#endif")


if __name__ == "__main__":
    write(main)
