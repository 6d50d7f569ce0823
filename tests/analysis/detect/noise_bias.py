#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes lib/analysis/detect/noise_table.h, the bias of quantiles of block medians, or checks it against simulated noise.

  noise_bias.py > lib/analysis/detect/noise_table.h     write the table
  noise_bias.py --check                     compare it with band-passed white noise of several rates and bands

Theory. Let m be the median of |x| of a standard Gaussian (0.6745). A block's median is below v when more than half
of its samples have |x| < v, so what counts is how the indicators 1(|x| < m) of neighbouring samples correlate. For
samples with correlation r that is c(r) = 4 P(|x| < m, |y| < m) - 1. A block of n samples is worth
nu = n / (1 + 2 sum_{j=1}^{n-1} (1 - j/n) c(r_j)) independent ones. The median of nu independent values of
distribution F is F^-1(B) with B ~ Beta((nu+1)/2, (nu+1)/2): its quantile p is F^-1 of the Beta quantile.
"""
import sys
import numpy as np
import scipy
from scipy import integrate, signal, stats

MEDIAN = stats.norm.ppf(0.75)
NU = [2, 3, 4, 6, 8, 11, 16, 22, 32, 45, 64, 90, 128, 256, 512, 2048]
P = [0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
N_CORRELATION = 65


def indicator_correlation(r):
    """c(r) for a correlation r of 0 to 1."""
    if r >= 1:
        return 1.0
    s = np.sqrt(1 - r * r)

    def both(x):
        return stats.norm.pdf(x) * (stats.norm.cdf((MEDIAN - r * x) / s) - stats.norm.cdf((-MEDIAN - r * x) / s))

    return 4 * (integrate.quad(both, -MEDIAN, MEDIAN, epsabs=1e-12)[0] - 0.25)


def quantile(p, nu):
    b = stats.beta.ppf(p, (nu + 1) / 2, (nu + 1) / 2)
    return stats.norm.ppf((1 + b) / 2)


def worth(n, rate, low, high):
    """nu of n samples of noise that is flat from low to high."""
    j = np.arange(1, n)
    w = 2 * np.pi * j / rate
    r = (np.sin(high * w) - np.sin(low * w)) / ((high - low) * w)
    grid = np.linspace(0, 1, 401)
    c = np.interp(np.abs(r), grid, [indicator_correlation(g) for g in grid])
    return n / (1 + 2 * np.sum((1 - j / n) * c))


def rows(values, per_line=8):
    lines = [", ".join(f"{v:.6f}" for v in values[i:i + per_line]) for i in range(0, len(values), per_line)]
    return ",\n      ".join(lines)


def write():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Quantiles of the median of |x| of a block of standard Gaussian noise: written by tests/analysis/detect/noise_bias.py")
    print(f" * (SciPy {scipy.__version__}, NumPy {np.__version__}), which tells the theory. */")
    print("#ifndef EMGP_NOISE_TABLE_H\n#define EMGP_NOISE_TABLE_H\n\n/* clang-format off */")
    print(f"enum {{ N_NU = {len(NU)}, N_P = {len(P)}, N_CORRELATION = {N_CORRELATION} }};\n")
    print("/* How much a block is worth in independent samples: the rows. */")
    print(f"static const double table_nu[N_NU] = {{ {', '.join(map(str, NU))} }};\n")
    print("/* Which quantile over blocks: the columns. */")
    print(f"static const double table_p[N_P] = {{\n      {rows(P)}\n}};\n")
    print("static const double table_quantile[N_NU][N_P] = {")
    for nu in NU:
        print(f"    {{ {rows([quantile(p, nu) for p in P])} }},")
    print("};\n")
    print("/* Correlation of the indicators |x| < median of two samples of correlation i / (N_CORRELATION - 1). */")
    values = [indicator_correlation(r) for r in np.linspace(0, 1, N_CORRELATION)]
    print(f"static const double table_correlation[N_CORRELATION] = {{\n      {rows(values)}\n}};\n")
    print("#endif")


def check():
    rng = np.random.default_rng(1)
    worst = 0
    print("rate_hz low_hz high_hz block_s nu  error in % of the quantiles .05 .12 .25 .5")
    for rate, low, high, block in [(500, 20, 225, .025), (1000, 20, 450, .025), (2048, 20, 450, .025),
                                   (5000, 20, 450, .025), (20000, 20, 450, .025), (20000, 200, 3000, .025),
                                   (2048, 20, 450, .05), (2048, 20, 450, .1)]:
        n = round(block * rate) | 1
        m = 30000
        x = rng.standard_normal(n * m + 20 * rate)
        sos = signal.butter(4, [low, high], "bandpass", fs=rate, output="sos")
        y = signal.sosfiltfilt(sos, x)[10 * rate:10 * rate + n * m]
        found = np.quantile(np.median(np.abs(y.reshape(m, n)), axis=1) / y.std(), [.05, .12, .25, .5])
        nu = worth(n, rate, low, high)
        error = 100 * (np.array([quantile(p, nu) for p in [.05, .12, .25, .5]]) / found - 1)
        worst = max(worst, np.abs(error).max())
        print(rate, low, high, block, f"{nu:.1f} ", " ".join(f"{e:+.2f}" for e in error))
    print(f"largest error {worst:.2f} %")
    return 0 if worst < 1.5 else 1


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(check())
    write()
