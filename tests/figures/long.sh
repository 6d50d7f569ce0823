# SPDX-License-Identifier: GPL-3.0-or-later
# Long potentials, of units deep under the skin, and jerks of the same muscles: F1 of discharges whatever their word, of the
# word fasciculation, and the share of jerks that are called fasciculations: name<TAB>value. Two minutes each; all sizes count.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

scenario() { # DEPTH_MM VELOCITY_M_S LINES
    printf '[recording]\nname = long\nsentence = long\nrate_hz = 2048\nduration_s = 120\n[channel EMG]\nnoise_uv = 5\nmuap = fibre\n'
    printf 'depth_mm = %s\nvelocity_m_s = %s\nscatter_mm = 6\nspacing_mm = 25\n%b\n' "$@"
}

for where in "6 3" "10 4" "14 3.5" "18 4"; do
    for snr in 12 15 20; do
        mkdir -p "$work/$snr"
        # shellcheck disable=SC2086
        scenario $where "[fasciculation]\nunits = 3\nper_min = 40\nsnr_db = $snr\ndoublet_share = 0.03" >"$work/scenario.txt"
        "$tools/emg-simulate" "$work/scenario.txt" --seed 11 -o "$work/$snr/${where% *}.edf" >/dev/null
    done
    mkdir -p "$work/jerks"
    # shellcheck disable=SC2086
    scenario $where "[myoclonus]\nper_min = 20\nburst_ms = 40\nburst_snr_db = 12" >"$work/scenario.txt"
    "$tools/emg-simulate" "$work/scenario.txt" --seed 12 -o "$work/jerks/${where% *}.edf" >/dev/null
done

for snr in 12 15 20; do
    "$tools/emg-report" -q --formats tsv --set fasciculation.least_amplitude_uv=0 "$work/$snr" -o "$work/$snr-found"
    "$tools/emg-score" "$work/$snr" "$work/$snr-found" --resamples 10 2>/dev/null |
        awk -F'\t' -v snr="$snr" 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
            $1 == "any" { print "long_discharges_f1_" snr "\t" $column["f1"] }
            $1 == "all" { print "long_word_f1_" snr "\t" $column["f1"] }'
done
"$tools/emg-report" -q --formats tsv --set fasciculation.least_amplitude_uv=0 "$work/jerks" -o "$work/jerks-found"
awk -F'\t' '$3 == "myoclonus" && FILENAME !~ /found/ { true++ }
    $3 == "fasciculation" && FILENAME ~ /found/ { n++ } END { printf "long_jerks_mistaken\t%.3f\n", n / true }' \
    "$work"/jerks/*_events.tsv "$work"/jerks-found/*_events.tsv
