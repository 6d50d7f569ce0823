# SPDX-License-Identifier: GPL-3.0-or-later
# Memory does not grow with length: an hour of 16 channels, ten discharges a second on each, takes at most 64 MiB, and
# at most 8 MiB more than ten minutes.
. "$EMG_SOURCE/tests/support/shell.sh"
can "the memory in use" command -v python3 || exit 77
exits 0 "$tools/emg-simulate" long --duration 600 --no-truth -o "$work/short.edf"
exits 0 "$tools/emg-simulate" long --duration 3600 --no-truth -o "$work/long.edf"

peak_of() { # TOOL ARGUMENT...: peak memory in KiB
    python3 - "$@" <<'PYTHON'
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if done.returncode == 0 else -1)
PYTHON
}

peak() { # NAME: peak memory in KiB of a report on it
    peak_of "$tools/emg-report" -q --formats tsv,json "$work/$1.edf" -o "$work/$1"
}

short=$(peak short)
long=$(peak long)
echo "peak memory: $short KiB for 10 min, $long KiB for 1 h"
[ "$short" -gt 0 ] && [ "$long" -gt 0 ] || wrong "a report failed"
[ "$long" -le 65536 ] || wrong "more than 64 MiB"
[ $((long - short)) -le 8192 ] || wrong "memory grows with length"
[ "$("$tools/emg-spikes" "$work/long.edf" | wc -l)" -gt 400000 ] || wrong "few discharges: the load is not what it should be"

# Memory follows the data: 16 MiB, 16 KiB a signal for what is known of it and, where stretches are long enough to be analysed,
# 2 MiB and 350 bytes for each hertz of the sampling rate a channel.
edf() { # NAME SIGNALS RATE RECORD_S RECORDS: zeros
    awk -v ns="$2" -v n="$(awk -v a="$3" -v b="$4" 'BEGIN { printf "%.0f", a * b }')" -v s="$4" -v records="$5" '
        function column(width, text,   i) { for (i = 0; i < ns; i++) printf "%-" width "s", text }
        BEGIN {
            printf "%-8s%-80s%-80s%-8s%-8s%-8d%-44s%-8d%-8s%-4d", 0, "", "", "01.01.85", "00.00.00", 256 * (ns + 1), "",
                records, s, ns
            column(16, "EMG TA"); column(80, ""); column(8, "uV"); column(8, "-3276.8"); column(8, "3276.7")
            column(8, "-32768"); column(8, "32767"); column(80, ""); column(8, n); column(32, "")
            for (i = 0; i < n * ns * records; i++) printf "%c%c", 1 + i % 3, 1
        }' >"$work/$1.edf"
}
edf claims 64 200000 0.0001 1
edf crowd 9999 200 0.02 1
edf fast 8 44100 0.5 4
within() { # WHAT KIB MOST
    echo "$1: $2 KiB of $3"
    [ "$2" -gt 0 ] && [ "$2" -le "$3" ] || wrong "$1 takes $2 KiB, more than $3"
}
bounded() { # NAME MOST
    within "$1" "$(peak "$1")" "$2"
}
bounded claims $((16384 + 64 * 16))
bounded crowd $((16384 + 9999 * 16))
bounded fast $((16384 + 8 * (16 + 2048 + 44100 * 350 / 1024)))
# A filter looks ahead however short a stretch is: 6 bytes for each hertz of the sampling rate a channel, one group's end after
# the other's. Rows of a spectrum need a window: without one nothing is read.
within "claims filtered" "$(peak_of "$tools/emg-filter" -q "$work/claims.edf" -o "$work/filtered.edf")" $((16384 + 64 * 200000 * 6 / 1024))
within "claims' spectrum" "$(peak_of "$tools/emg-spectrum" -q "$work/claims.edf")" $((16384 + 64 * 16))

# A table of 94 MB that is made while it is read, on standard input.
rows() { # N
    awk -v n="$1" 'BEGIN { print "time (s),EMG TA (uV),EMG SOL (uV)"
        srand(7); for (k = 0; k < 4096; k++) x[k] = sprintf("%.3f,%.3f", 40 * (rand() - 0.5), 60 * (rand() - 0.5))
        for (i = 0; i < n; i++) printf "%.4f,%s\n", i / 2000, x[(i * 7 + int(i / 4096)) % 4096] }'
}
kib=$(rows 4000000 | TMPDIR=$work python3 -c 'import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if done.returncode == 0 else -1)' "$tools/emg-report" -q - -o "$work/table")
within "a table through a pipe" "$kib" 65536
awk -F '\t' 'NR > 1 && $5 + $6 > 1999.9 { n++ } END { exit n != 2 }' "$work/table/muscles.tsv" || wrong "the table is not read to its end"
finish
