# SPDX-License-Identifier: GPL-3.0-or-later
# Discharges of 15 dB under hum of 100 uV whose frequency wanders by +-1 Hz: F1 with the power line fitted, with three
# notches in its place, and without hum: name<TAB>value. Two minutes each of two seeds; all sizes count.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

scenario() { # HUM_UV
    printf '[recording]\nname = hum\nsentence = hum\nrate_hz = 2048\nduration_s = 120\n[channel EMG]\nnoise_uv = 5\n'
    printf '[mains]\nhum_uv = %s\nswing_hz = 1\nperiod_s = 60\n' "$1"
    printf '[fasciculation]\nper_min = 40\nsnr_db = 15\n'
}

f1() { # NAME TRUTH RECORDINGS MAINS
    "$tools/emg-report" -q --formats tsv --set fasciculation.least_amplitude_uv=0 --mains "$4" "$3" -o "$3-found"
    "$tools/emg-score" "$2" "$3-found" --resamples 10 2>/dev/null |
        awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
            $1 == "all" { print "hum_f1_" name "\t" $column["f1"] }'
}

scenario 100 >"$work/hum.txt"
scenario 0 >"$work/clean.txt"
mkdir "$work/hum" "$work/clean" "$work/notched"
for seed in 1 2; do
    for name in hum clean; do
        "$tools/emg-simulate" "$work/$name.txt" --seed $seed -o "$work/$name/$seed.edf" >/dev/null
    done
    "$tools/emg-filter" -q "$work/hum/$seed.edf" --band 20-450 --mains off --ecg off --notch 50 --notch 150 --notch 250 \
        -o "$work/notched/$seed.edf"
done
f1 fitted "$work/hum" "$work/hum" auto
f1 notched "$work/hum" "$work/notched" off
f1 without "$work/clean" "$work/clean" auto
