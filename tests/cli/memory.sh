# SPDX-License-Identifier: GPL-3.0-or-later
# Memory does not grow with length: an hour of 16 channels, ten discharges a second on each, takes at most 64 MiB, and
# at most 8 MiB more than ten minutes.
. "$EMG_SOURCE/tests/support/shell.sh"
can "the memory in use" command -v python3 || exit 77
exits 0 "$tools/emg-simulate" long --duration 600 --no-truth -o "$work/short.edf"
exits 0 "$tools/emg-simulate" long --duration 3600 --no-truth -o "$work/long.edf"

peak() { # NAME: peak memory in KiB of a report on it
    python3 - "$tools/emg-report" "$work/$1.edf" "$work/$1" <<'PYTHON'
import resource, subprocess, sys
done = subprocess.run([sys.argv[1], "-q", "--formats", "tsv,json", sys.argv[2], "-o", sys.argv[3]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if done.returncode == 0 else -1)
PYTHON
}

short=$(peak short)
long=$(peak long)
echo "peak memory: $short KiB for 10 min, $long KiB for 1 h"
[ "$short" -gt 0 ] && [ "$long" -gt 0 ] || wrong "a report failed"
[ "$long" -le 65536 ] || wrong "more than 64 MiB"
[ $((long - short)) -le 8192 ] || wrong "memory grows with length"
[ "$("$tools/emg-spikes" "$work/long.edf" | wc -l)" -gt 400000 ] || wrong "few discharges: the load is not what it should be"
finish
