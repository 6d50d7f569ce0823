# SPDX-License-Identifier: GPL-3.0-or-later
# A preset of emg-simulate gives its own word: it stands first in every muscle that holds the pattern.
#
#   sh presets.sh            seed 1
#   sh presets.sh 2 3 ...    these seeds
. "$EMG_SOURCE/tests/support/shell.sh"
[ $# -gt 0 ] || set -- 1
seeds=$*
missed=0

report() { # PRESET SEED [OPTION...]
    preset=$1
    made=$work/$1-$2
    exits 0 "$tools/emg-simulate" "$1" --seed "$2" -q -o "$made.edf"
    shift 2
    exits 0 "$tools/emg-report" -q "$made.edf" "$@" -o "$made"
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "pattern") at = i; next } { print $at }' \
        "$made/${made##*/}_muscles.tsv" >"$work/out"
}

leads() { # PRESET WORD MUSCLES MISSED [OPTION...]: in how many muscles it leads; of all seeds so many may miss it
    preset=$1 word=$2 n=$3 allowed=$4 missed=0
    shift 4
    for seed in $seeds; do
        report "$preset" "$seed" "$@"
        found=$(grep -cx "$word" "$work/out")
        [ "$found" -eq "$n" ] || echo "$preset $seed: $word leads in $found of $n muscles:" $(cat "$work/out")
        missed=$((missed + n - found))
    done
    [ "$missed" -le "$allowed" ] || wrong "$preset: $word does not lead in $missed muscles"
}

nothing_else() { # PRESET WORD: no other word leads anywhere, and this one somewhere
    for seed in $seeds; do
        report "$1" "$seed"
        grep -qx "$2" "$work/out" && ! grep -vqx -e "$2" -e n/a "$work/out" || wrong "$1 $seed leads with other words"
    done
}

# Over ten seeds three clonuses of a muscle have too little of a glide, and a deep unit's bursts hardly repeat.
several=$([ $# -gt 1 ] && echo 1 || echo 0)
leads fasciculation fasciculation 2 0
leads ankle-clonus clonus 3 $((3 * several))
leads tremor tremor 2 0
leads voluntary tonic 2 0
leads needle fasciculation 1 0 --preset needle
leads regular-unit motor_unit 2 0
leads myoclonus myoclonus 3 0
leads myokymia myokymia 1 0
leads cramp spasm 1 0
leads neuromyotonia neuromyotonia 2 "$several" --preset needle
nothing_else artefacts artifact

run "$tools/emg-report" "$work/cramp-${seeds%% *}.edf" -o "$work/said" # in the summary it stands first
sed -n '/^[^ ].*, noise /{n;p;}' "$work/out" | grep -q '^  Leading pattern: ' || wrong "the summary does not begin with the leading pattern"
finish
