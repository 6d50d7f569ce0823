#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A day of 16 channels with ten discharges a second on each is reported within 64 MiB; the recording is made and removed.
set -eu
work=$(mktemp -d "$EMG_BUILD/long-XXXXXX")
trap 'rm -rf "$work"' EXIT
[ -x /usr/bin/time ] || { echo "skipped: /usr/bin/time is not installed" >&2; exit 77; }
room=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
[ "$room" -gt 12000000 ] || { echo "skipped: less than 12 GB free in $EMG_BUILD" >&2; exit 77; }
"$EMG_BUILD/cli/emg-simulate" long -o "$work/day.edf" --duration 86400 --no-truth
TMPDIR=$work /usr/bin/time -f '%M %e' -o "$work/used" "$EMG_BUILD/cli/emg-report" -q "$work/day.edf" -o "$work/reports"
read -r kib seconds <"$work/used"
echo "24 h x 16 channels: $kib KiB, $seconds s, $(wc -l <"$work/reports/day_events.tsv") event rows"
[ "$kib" -le 65536 ] || { echo "more than 64 MiB" >&2; exit 1; }
awk -F '\t' 'NR > 1 && $5 != 86400 { exit 1 }' "$work/reports/day_muscles.tsv" || { echo "not the whole day" >&2; exit 1; }
