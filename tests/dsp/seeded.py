# SPDX-License-Identifier: GPL-3.0-or-later
"""What scripts that write oracles share: noise from a seed, as tests/dsp/signal.h makes it, and numbers as compact C text."""
import contextlib
import io
import re
import textwrap

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


def rows(values):
    return ", ".join(map(number, values))


def filled(text):
    """C text with its tables filled: as many numbers to a line as 118 columns hold."""
    def fill(table):
        inside = textwrap.fill(" ".join(table[2].split()), 118, initial_indent="    ", subsequent_indent="    ",
                               break_on_hyphens=False, break_long_words=False)
        return f"{table[1]}\n{inside}\n}};"
    return re.sub(r"^(static const .*? = \{)([^;]*)\};", fill, text, flags=re.M)


def write(main):
    """Prints what main() prints, filled."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main()
    print(filled(printed.getvalue()), end="")
