# SPDX-License-Identifier: GPL-3.0-or-later
# What a page costs: bytes of that of half an hour of 16 channels, the worst there is for it (ten discharges a second on each),
# and the instructions that making it adds to a report without one, in percent. Instructions are counted, nothing is timed.
set -eu
tools=$EMG_BUILD/cli
"$tools/emg-simulate" long --quiet --no-truth --duration 1800 -o "$WORK/half.edf"
"$tools/emg-report" -q "$WORK/half.edf" -o "$WORK/half" >/dev/null
printf 'page_bytes_30min_16ch\t%s\n' "$(wc -c <"$WORK/half/half_report.html" | tr -d ' ')"
command -v valgrind >/dev/null || exit 77
"$tools/emg-simulate" long --quiet --no-truth --duration 60 -o "$WORK/minute.edf"
count() { # FORMATS: instructions of a report in these
    rm -rf "$WORK/minute"
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$tools/emg-report" -q --formats "$1" "$WORK/minute.edf" \
        -o "$WORK/minute" 2>&1 | sed -n 's/.*Collected : //p'
}
without=$(count tsv,json)
with=$(count tsv,json,html)
awk -v a="$without" -v b="$with" 'BEGIN { printf "page_instructions_percent\t%.2f\n", 100 * (b - a) / a }'
