# SPDX-License-Identifier: GPL-3.0-or-later
# What no muscle makes has no muscle's word: a square wave through a coupling capacitor beats as a tremor would.
. "$EMG_SOURCE/tests/support/shell.sh"

awk 'BEGIN {
    srand(3)
    print "EMG"
    for (i = 0; i < 40000; i++) {
        step = int(3.5 * i / 2000)
        for (j = noise = 0; j < 12; j++) noise += rand()
        printf "%.2f\n", (step % 2 ? -600 : 600) * exp(-(i / 2000 - step / 3.5) / 0.1) + 4 * (noise - 6)
    }
}' >"$work/square.csv"
exits 0 "$tools/emg-rhythm" --rate 2000 --unit uV "$work/square.csv"
awk -F'\t' 'NR > 1 && $3 != "artifact" && $3 != "indeterminate"' "$work/out" >"$work/words"
[ ! -s "$work/words" ] || wrong "a square wave is told as $(cut -f 3 "$work/words" | sort -u | tr '\n' ' ')"
awk -F'\t' '$3 == "artifact" { s += $2 } END { exit s < 15 }' "$work/out" || wrong "a square wave of 20 s is hardly an artefact"
finish
