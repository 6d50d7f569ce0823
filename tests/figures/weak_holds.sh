# SPDX-License-Identifier: GPL-3.0-or-later
# Holds of minutes, strong and weak, with shapes of the fibre model: F1 of all rows of six recordings: name<TAB>value.
# Simulated, on training ground; none was looked at while limits were set.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/truth"
for record in 120 121 122 123 124 125; do
    "$EMG_BUILD/tests/exam/exam" scenario holds $record --split training |
        awk '{ print } /^noise_uv/ { print "muap = fibre" }' >"$work/scenario.txt"
    "$tools/emg-simulate" "$work/scenario.txt" -o "$work/truth/$record.edf" --seed $record --quiet >/dev/null
done
"$tools/emg-report" -q --formats tsv --set fasciculation.least_amplitude_uv=0 "$work/truth" -o "$work/found"
"$tools/emg-score" -q "$work/truth" "$work/found" --resamples 10 |
    awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i } $1 == "all" { print "weak_holds_f1\t" $column["f1"] }'
