# SPDX-License-Identifier: GPL-3.0-or-later
# Rhythms told where there are none, an hour of recording and channel: name<TAB>value. Rows of clonus, tremor, rhythmic activity,
# myokymia, neuromyotonia and regular units count, and slow cycles once a run; so do those of any confidence.
#
#   sh false_rhythms.sh         noise, twitches at random and voluntary movement, three hours of each
#   sh false_rhythms.sh long    fifteen hours of each; an exit code of 1 where there are more than 0.2 an hour,
#                               0.4 in contractions: a few units of a weak one may fire together for a second or two
#
# EMG_SEED: the first seed, to look at others than those that are held.
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
length=${1:-short}
[ "$length" = long ] && times=15 || times=3
seed=${EMG_SEED:-1}

# Each file is a quarter of an hour of four channels that differ: an hour.
head_of() { printf '[recording]\nname = %s\nsentence = %s\nduration_s = 900\n' "$1" "$1"; }
noise() {
    head_of noise
    for each in 'A pink_share 0' 'B pink_share 0.4' 'C noise_fall brown' 'D drift_db 4'; do
        # shellcheck disable=SC2086
        set -- $each
        printf '[channel EMG %s]\nnoise_uv = 4\n%s = %s\n' "$1" "$2" "$3"
    done
}
twitches() { # the rates of sparse and of dense fasciculations, a few units and many
    head_of twitches
    for rate in 10 40 90 180; do
        printf '[channel EMG M%d]\nnoise_uv = 4\n[fasciculation]\nper_min = %d\nsnr_db = 20\nsnr_spread_db = 4\nunits = %d\n' \
            "$rate" "$rate" $((2 + rate / 20))
    done
}
voluntary() { # short and long, weak and strong, with and without an antagonist
    head_of voluntary
    for each in 'A 0.3 1.5 0.3 2' 'B 1.2 5 2 6' 'C 5 20 3 8'; do
        # shellcheck disable=SC2086
        set -- $each
        printf '[channel EMG %s]\nnoise_uv = 3\nunits = 60\nunit_uv = 45\n[tonic]\nleast_s = %s\nmost_s = %s\nrest_least_s = %s\nrest_most_s = %s\nmark = none\n' \
            "$1" "$2" "$3" "$4" "$5"
    done
    printf '[channel EMG D]\nnoise_uv = 3\nunits = 40\nunit_uv = 35\n[tonic]\ndrive_least = 0.05\ndrive_most = 0.2\nmark = none\n'
}

for kind in noise twitches voluntary; do
    $kind >"$work/$kind.txt"
    k=0
    while [ $k -lt $times ]; do
        "$tools/emg-simulate" "$work/$kind.txt" --seed $((seed + k)) --no-truth -q -o "$work/$kind-$k.edf"
        "$tools/emg-report" -q --formats tsv "$work/$kind-$k.edf" -o "$work/found"
        [ -z "${EMG_KEEP:-}" ] || cp "$work/found/$kind-${k}_events.tsv" "$EMG_KEEP/"
        awk -F '\t' -v kind=$kind '
            NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
            { word = $column["trial_type"]; hz = $column["frequency_hz"]; ch = $column["channel"]; at = $column["onset"] }
            word ~ /^(clonus|tremor|rhythmic|myokymia|neuromyotonia|motor_unit)$/ { print kind "\t" word }
            word ~ /^(myoclonus|tonic)$/ && hz != "n/a" {
                if (!(ch in last) || at - last[ch] > 3 / hz) print kind "\tcycles"
                last[ch] = at
            }' "$work/found/$kind-${k}_events.tsv"
        rm -r "$work/found" "$work/$kind-$k.edf"
        k=$((k + 1))
    done
done >"$work/rows"
awk -F '\t' -v hours=$times -v long=$length '
    { n[$1]++; m[$1 "\t" $2]++ }
    END {
        split("noise twitches voluntary", kinds, " ")
        for (i = 1; i <= 3; i++) {
            printf "false_rhythms_%s_per_hour\t%.3f\n", kinds[i], n[kinds[i]] / hours
            bad += n[kinds[i]] / hours > (kinds[i] == "voluntary" ? 0.4 : 0.2)
        }
        if (long == "long") for (k in m) print "# " k "\t" m[k]
        exit long == "long" && bad
    }' "$work/rows"
