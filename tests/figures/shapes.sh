# SPDX-License-Identifier: GPL-3.0-or-later
# Rhythms and units with shapes of the fibre model, over noise of the skin: share of recordings whose summary begins with their
# word, a word a line: name<TAB>value. Training scenarios of the examination with other shapes and noise; its limits were set
# while looking at such.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in"
for cell in clonus_snr10_n10 clonus_snr15_n30 tremor_snr15_n10 tremor_snr15_n30 motor_unit_snr10_n10 motor_unit_snr15_n30 \
    myokymia_snr10_n10 myokymia_snr15_n30; do
    for n in 0 1 2 3 4; do
        "$EMG_BUILD/tests/exam/exam" scenario $cell $n --split training >"$work/given.txt"
        word=$(sed -n 's/^told_as = //p' "$work/given.txt" | head -n 1)
        awk '/^(pink_share|drift_db)/ { next } { print } /^noise_uv/ { print "muap = fibre\nnoise_fall = brown\npink_share = 0.6\ndrift_db = 3" }' \
            "$work/given.txt" >"$work/s.txt"
        "$tools/emg-simulate" "$work/s.txt" -o "$work/in/${word:-${cell%%_snr*}}-$cell-$n.edf" --seed $((300 + n)) --no-truth -q
    done
done
"$tools/emg-report" -q --formats tsv --stretch 'stretch*' "$work/in" -o "$work/out"
awk -F '\t' '
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    ($column["recording"] in seen) { next }
    { seen[$column["recording"]] = 1; split($column["recording"], part, "-"); split(part[2], cell, "_snr")
      n[cell[1]]++; right[cell[1]] += part[1] == $column["pattern"] }
    END { for (c in n) printf "shapes_%s_right\t%.2f\n", c, right[c] / n[c] }' "$work/out/muscles.tsv" | sort
