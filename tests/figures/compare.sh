# SPDX-License-Identifier: GPL-3.0-or-later
# How often emg-compare tells a difference between simulated visits, as name<TAB>value. Whole recordings are compared, not
# tables of counts: each visit is a recording of 16 muscles of 10 minutes at 1000 Hz whose fasciculations come in clusters
# (Neyman-Scott, 4 a cluster), each muscle with draws of its own. Seeds 1, 2, ... are the
# first visits, 1001, 1002, ... the second. COMPARE_VISITS: pairs of recordings with equal rates (14); half as many with twice
# the rate. 28 takes some minutes.
set -eu
folder=$WORK/compare
tools=$EMG_BUILD/cli
mkdir -p "$folder"

scenario() { # RATE: 16 muscles with so many fasciculations a minute
    printf '[recording]\nname = visit\nrate_hz = 1000\nduration_s = 600\n'
    for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16; do
        printf '\n[channel EMG M%s]\nnoise_uv = 5\n\n[fasciculation]\ntiming = clusters\nper_min = %s\nsnr_db = 26\n' $i "$1"
    done
}

visits() { # FIRST-RATE SECOND-RATE PAIRS: rows of the rates of all muscles, recordings deleted as they are compared
    scenario "$1" >"$folder/first.txt"
    scenario "$2" >"$folder/second.txt"
    for seed in $(seq 1 "$3"); do
        "$tools/emg-simulate" "$folder/first.txt" -o "$folder/first.edf" --seed "$seed" --no-truth -q
        "$tools/emg-simulate" "$folder/second.txt" -o "$folder/second.edf" --seed $((1000 + seed)) --no-truth -q
        "$tools/emg-compare" -q "$folder/first.edf" "$folder/second.edf" |
            awk -F'\t' '$4 == "fasciculation_per_min" || $4 == "fasciculation_count"'
    done
}

# Beside the widened interval stands what a plain Poisson test says: (b - a)^2 / (a + b) above 3.8415 for equal times.
figures() { # NAME: of the rows
    awk -F'\t' -v name="$1" '
        $4 == "fasciculation_count" { n++; if (($9 - $6) ^ 2 > 3.8415 * ($6 + $9)) poisson++ }
        $4 == "fasciculation_per_min" { differ += $18 == "yes"; lost += $18 == "n/a"; ratio += log($15) }
        END { printf "compare_%s_pairs\t%d\ncompare_%s_differ\t%.6g\n", name, n, name, differ / n
              printf "compare_%s_poisson_differ\t%.6g\ncompare_%s_untested\t%d\n", name, poisson / n, name, lost
              printf "compare_%s_ratio\t%.6g\n", name, exp(ratio / n) }'
}

n=${COMPARE_VISITS:-14}
visits 20 20 "$n" >"$folder/same.tsv"
figures same <"$folder/same.tsv"
visits 20 40 $((n / 2)) >"$folder/twice.tsv"
figures twice <"$folder/twice.tsv"
