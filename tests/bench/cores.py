#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What further workers of emg-report gain, on many recordings and on one, and what memory they take.

  cores.py BUILD [ROUNDS [FILES MINUTES LONG-MINUTES]]      (5 rounds; 16 files of 10 minutes, one of 60)

The recordings are simulated, 16 channels at 2048 Hz. In each round every number of workers (1, 2, and 4 and 8 where there are so many
processors) has its turn, so that what else the machine does falls on all alike. Printed are medians over the rounds, and the
median of the rounds' ratios. That all workers give the same bytes is checked. The wall clock means something on an idle machine
only; "busy" tells how many processors the run had (CPU seconds a second): with two workers it is about 2 when they had
them.
"""
import filecmp
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

build = sys.argv[1]
rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
n_files, minutes, long_minutes = [float(a) for a in sys.argv[3:6]] if len(sys.argv) > 5 else [16, 10, 60]
report, simulate = (os.path.join(build, "cli", name) for name in ("emg-report", "emg-simulate"))
workers = [1, 2] + [n for n in (4, 8) if n <= (os.cpu_count() or 1)]


def make(path, seconds, seed):
    subprocess.run([simulate, "long", "--duration", str(int(seconds)), "--rate", "2048", "--seed", str(seed),
                    "--no-truth", "-q", "-o", path], check=True)


def run(inputs, output, n):
    """Wall and CPU seconds, and the most memory in MiB."""
    shutil.rmtree(output, ignore_errors=True)
    start = time.monotonic()
    job = subprocess.Popen([report, "-q", "-j", str(n), *inputs, "-o", output])
    _, status, usage = os.wait4(job.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"emg-report -j {n} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def files_of(folder):
    found = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return sorted(os.path.relpath(path, folder) for path in found if ".myogram" not in path)


def measure(title, inputs, work):
    seen = {n: [] for n in workers}
    for _ in range(rounds):
        for n in workers:
            seen[n].append(run(inputs, os.path.join(work, f"j{n}"), n))
    names = files_of(os.path.join(work, "j1"))
    print(title)
    print("  workers   wall s    CPU s   busy   MiB   times one worker")
    for n in workers:
        other = os.path.join(work, f"j{n}")
        same = names == files_of(other) and not any(
            filecmp.cmpfiles(os.path.join(work, "j1"), other, names, shallow=False)[1:])
        wall, cpu, memory = (statistics.median(column) for column in zip(*seen[n]))
        ratio = statistics.median(one[0] / this[0] for one, this in zip(seen[1], seen[n]))
        print(f"  {n:7} {wall:8.2f} {cpu:8.2f} {cpu / wall:6.2f} {memory:5.0f} {ratio:8.2f}"
              f"   {'same bytes' if same else 'OTHER BYTES'}")


with tempfile.TemporaryDirectory() as work:
    many = [os.path.join(work, f"{i:02}.edf") for i in range(int(n_files))]
    one = os.path.join(work, "long.edf")
    for i, path in enumerate(many):
        make(path, minutes * 60, i + 1)
    make(one, long_minutes * 60, 99)
    with open("/proc/loadavg", encoding="ascii") as load:
        print(f"load before: {re.split(' ', load.read())[0]}, processors: {os.cpu_count()}")
    measure(f"{int(n_files)} recordings of {minutes:g} minutes", many, work)
    measure(f"one recording of {long_minutes:g} minutes", [one], work)
