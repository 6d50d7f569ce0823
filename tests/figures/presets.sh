# SPDX-License-Identifier: GPL-3.0-or-later
# How well the quick start's presets are found, three seeds each, and edges of contractions: name<TAB>value lines.
# Simulated by the same house that detects: a guard against getting worse, not evidence of being good.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for preset in fasciculation ankle-clonus tremor voluntary quiet mixed; do
    mkdir -p "$work/$preset"
    for seed in 1 2 3; do
        "$tools/emg-simulate" "$preset" -o "$work/$preset/$seed.edf" --seed $seed >/dev/null
    done
    "$tools/emg-report" -q --formats tsv "$work/$preset" -o "$work/$preset-found"
    "$tools/emg-score" "$work/$preset" "$work/$preset-found" --resamples 10 >"$work/$preset.tsv"
    name=$(echo "$preset" | tr - _)
    awk -F'\t' -v name="$name" '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
        $1 == "all" && $2 > 0 { print "preset_" name "_f1\t" $column["f1"] }
        $1 == "all" { print "preset_" name "_false\t" $column["n_found"] - $column["n_matched"] }
        $1 == "macro" && $2 > 0 { print "preset_" name "_macro_f1\t" $column["f1"] }
        $1 == "tonic" && name == "voluntary" { print "preset_voluntary_onset_sd_ms\t" 1000 * $column["onset_sd_s"] }
        ' "$work/$preset.tsv"
done
