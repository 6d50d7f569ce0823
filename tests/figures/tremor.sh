# SPDX-License-Identifier: GPL-3.0-or-later
# Tremor of long potentials (shapes of the fibre model, 6 to 11.5 Hz): recordings of twelve whose rows are tremor for nine
# tenths of their seconds: name<TAB>value.
# Simulated; its limits were set while looking at these.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for hz in 6 8 10 11.5; do
    for seed in 1 2 3; do
        {
            printf '[recording]\nname = fibres\nrate_hz = 2048\nduration_s = 60\n'
            printf '[channel EMG A]\nmuap = fibre\nnoise_uv = 4\nunits = 25\nunit_uv = 25\n'
            printf '[tremor]\nburst_snr_db = 12\nrhythm_hz = %s\nduty = 0.4\n' $hz
        } >"$work/scenario.txt"
        "$tools/emg-simulate" "$work/scenario.txt" -o "$work/$hz-$seed.edf" --seed $seed --no-truth --quiet >/dev/null
        "$tools/emg-rhythm" -q "$work/$hz-$seed.edf" |
            awk -F'\t' 'NR > 1 { s += $2; if ($3 == "tremor") tremor += $2 } END { print (s > 0 && tremor >= 0.9 * s) }'
    done
done | awk '{ n += $1 } END { printf "tremor_of_fibres\t%d\n", n }'
