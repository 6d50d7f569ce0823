# SPDX-License-Identifier: GPL-3.0-or-later
# A preset of emg-simulate gives its own word: it leads in every muscle that holds the pattern.
. "$EMG_SOURCE/tests/support/shell.sh"

leads() { # PRESET WORD MUSCLES [OPTION...]: how many muscles the word leads in
    preset=$1 word=$2 n=$3
    shift 3
    exits 0 "$tools/emg-simulate" "$preset" --seed 1 -q -o "$work/$preset.edf"
    exits 0 "$tools/emg-report" -q "$work/$preset.edf" "$@" -o "$work/of-$preset"
    exits 0 "$tools/emg-report" "$work/$preset.edf" "$@" -o "$work/said-$preset" # in the summary it stands first
    awk '/^[^ ].*, noise / { begins = 1; next } begins && /^  Leading pattern: / { lead[$0]++ } { begins = 0 }
        END { for (line in lead) if (lead[line] > most) { most = lead[line]; first = line } print first ": " most + 0 }' "$work/out" >"$work/first"
    grep -q "^  Leading pattern: .*: $n\$" "$work/first" || wrong "$preset: $(cat "$work/first"), not $n muscles"
    awk -F '\t' -v word="$word" -v n="$n" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "pattern") at = i; next }
        $at == word { found++ } END { print found + 0, "of", NR - 1; exit found != n }' \
        "$work/of-$preset/${preset}_muscles.tsv" >"$work/out" || wrong "$preset: $word does not lead in $n muscles"
}
leads fasciculation fasciculation 2
leads ankle-clonus clonus 3
leads tremor tremor 2
leads voluntary tonic 2
leads needle fasciculation 1 --preset needle
leads regular-unit motor_unit 2
leads myoclonus myoclonus 3
leads myokymia myokymia 1
leads cramp spasm 1
leads neuromyotonia neuromyotonia 2 --preset needle
finish
