# SPDX-License-Identifier: GPL-3.0-or-later
# The page on scenario files shows the tables as they are, and its example and every printed preset can be played.
. "$EMG_SOURCE/tests/support/shell.sh"
page=$EMG_SOURCE/lib/simulate/SCENARIOS.md

exits 0 "$tools/emg-simulate" --list-keys
cp "$work/out" "$work/keys"
sed -n '/^## Sections and keys/,$p' "$page" | sed -n '/^```$/,/^```$/p' | grep -v '^```$' >"$work/told"
cmp -s "$work/keys" "$work/told" || wrong "SCENARIOS.md does not show what --list-keys prints"

sed -n '/^```$/,/^```$/p' "$page" | sed '1d;/^```$/,$d' >"$work/example.txt"
exits 0 "$tools/emg-simulate" "$work/example.txt" -q --duration 30 -o "$work/example.edf"
grep -q clonus "$work/example_events.tsv" || wrong "the example holds no clonus"

exits 0 "$tools/emg-simulate" --print-scenario fasciculation:snr_db=12
cp "$work/out" "$work/printed.txt"
exits 0 "$tools/emg-simulate" "$work/printed.txt" -q --seed 4 --duration 20 -o "$work/a.edf"
exits 0 "$tools/emg-simulate" fasciculation:snr_db=12 -q --seed 4 --duration 20 -o "$work/b.edf"
cmp -s "$work/a.edf" "$work/b.edf" || wrong "a printed preset gives other samples"
cmp -s "$work/a_events.tsv" "$work/b_events.tsv" || wrong "a printed preset gives another truth"

printf '[recording]\n[channel EMG A]\n[clonus]\nleast_beats = few\n' >"$work/bad.txt"
exits 3 "$tools/emg-simulate" "$work/bad.txt" -o "$work/bad.edf"
grep -qF "bad.txt: line 4: setting least_beats: 'few' is not a number" "$work/err" || wrong "the sentence of a bad scenario"
exits 3 "$tools/emg-simulate" "$work/none.txt" -o "$work/bad.edf"
exits 2 "$tools/emg-simulate" --print-scenario nothing
exits 2 "$tools/emg-simulate" nothing -o "$work/bad.edf"
[ ! -e "$work/bad.edf" ] || wrong "a refused scenario left a file"
finish
