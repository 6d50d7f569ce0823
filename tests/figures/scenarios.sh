# SPDX-License-Identifier: GPL-3.0-or-later
# How well the shared scenarios (long holds, short gaps, tremor) are found, two seeds each: name<TAB>value.
set -eu
tools=$EMG_BUILD/cli
folder=${EMG_SHARED:-$EMG_SOURCE/../shared}/data/scenarios
[ -d "$folder" ] || { echo "SKIPPED: scenarios: there is no $folder" >&2; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for scenario in "$folder"/*.txt; do
    name=$(basename "$scenario" .txt)
    mkdir -p "$work/$name"
    for seed in 1 2; do
        "$tools/emg-simulate" "$scenario" -o "$work/$name/$seed.edf" --seed $seed >/dev/null
    done
    "$tools/emg-report" -q --formats tsv "$work/$name" -o "$work/$name-found"
    "$tools/emg-score" "$work/$name" "$work/$name-found" --resamples 10 |
        awk -F'\t' -v name="$name" 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
            $1 == "all" { print "scenario_" name "_f1\t" $column["f1"] }'
done
