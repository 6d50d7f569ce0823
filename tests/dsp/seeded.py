# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts that write oracles share: noise from a seed, as tests/dsp/signal.h makes it, and numbers as C text."""
import numpy as np

MASK = (1 << 64) - 1


def noise(seed, n):
    """n values of sum of 12 uniforms - 6, as signal_noise() of signal.h."""
    state, out = seed, np.empty(n)
    for i in range(n):
        total = 0.0
        for _ in range(12):
            state = (state * 6364136223846793005 + 1442695040888963407) & MASK
            total += (state >> 11) * 2.0 ** -53
        out[i] = total - 6
    return out


def number(v):
    return repr(float(v))


def rows(values, indent=8, per_line=4):
    """The values between braces, a few to a line."""
    values = [number(v) for v in values]
    lines = [", ".join(values[i:i + per_line]) for i in range(0, len(values), per_line)]
    return (",\n" + " " * indent).join(lines)
