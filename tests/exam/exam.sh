# SPDX-License-Identifier: GPL-3.0-or-later
# A small part of the examination: the ground is what was locked, runs go on where they were, results are told.
. "$EMG_SOURCE/tests/support/shell.sh"
exam=$EMG_BUILD/tests/exam/exam
here=$EMG_SOURCE/tests/exam

for split in training development locked shifted; do
    "$exam" fingerprint --split $split
done >"$work/out" 2>"$work/err"
cmp -s "$work/out" "$here/LOCKED" || wrong "the ground is not the one in tests/exam/LOCKED"

# Two records of a few cells, with everything.
small="--split development --records 2 --folder $work/results -q"
exits 0 "$exam" run $small --cells snr20_rate080_plain
exits 0 "$exam" run $small --cells tremor_snr20_n30
exits 0 "$exam" run $small --part quiet --cells noise_ecg
exits 0 "$exam" run $small --part quiet --cells small
exits 0 "$exam" run $small --records 1 --cells mixed
cell=$work/results/development/detection/snr20_rate080_plain.tsv
for detector in myogram fixed_uv mad_4 mad_5 spiqe_like hodges modified_hodges bonato tkeo known_template_bound; do
    cut -f 2 "$cell" | grep -qx $detector || wrong "no row of $detector"
done
for rule in myogram cv_only psd_rule mummidisetty_like; do
    [ "$(cut -f 2 "$work/results/development/rhythm/tremor_snr20_n30.tsv" | grep -cx $rule)" = 2 ] ||
        wrong "not two verdicts of $rule"
done
grep -q '^mixed	myogram	macro	' "$work/results/development/rows/mixed.tsv" || wrong "no rows of a mixed record"
grep -q '^small	myogram	' "$work/results/development/quiet/small.tsv" || wrong "no row of small discharges"
awk -F'\t' '$2 == "myogram" && $12 < 0.5 { bad = 1 } $2 ~ /bound/ && $12 < 0.9 { bad = 1 } END { exit bad }' "$cell" ||
    wrong "at 20 dB the detector is below 0.5 or the bound below 0.9"

# What is done is not done again; what is of another number of records is.
touch -d '2001-01-01' "$cell"
exits 0 "$exam" run $small --cells snr20_rate080_plain
[ "$(date -r "$cell" +%Y)" = 2001 ] || wrong "a finished cell was run again"
exits 0 "$exam" run $small --records 1 --cells snr20_rate080_plain
[ "$(date -r "$cell" +%Y)" != 2001 ] || wrong "a cell of other records was taken over"

# The same bytes in one process or two; the own detector alone is a run of its own.
exits 0 "$exam" run --split development --records 1 --folder "$work/one" -q -j 1 --part quiet --own
exits 0 "$exam" run --split development --records 1 --folder "$work/two" -q -j 2 --part quiet --own
[ "$(grep -c . "$work/one/development/quiet/noise.tsv")" = 3 ] || wrong "--own runs others too"
holds "results depend on the number of processes" diff -r "$work/one" "$work/two"

# History is of whole splits of this program: not of two records a cell, nor of results that are old.
exits 0 "$exam" run --split locked --records 1 --folder "$work/old" -q --cells noise
exits 0 "$exam" tell --folder "$work/old" --table "$work/table.md"
exits 1 "$exam" tell --folder "$work/old" --table "$work/table.md" --history "$work/history.tsv"
says "run it whole"
[ ! -s "$work/history.tsv" ] || wrong "a part was told as history"

exits 0 "$exam" tell --folder "$work/results" --table "$work/table.md" --page "$work/page.html"
grep -q '| myogram |' "$work/table.md" || wrong "the table lacks the detector"
grep -q 'Simulated' "$work/table.md" || wrong "the table does not say that all is simulated"
grep -q '</html>' "$work/page.html" || wrong "the page is not whole"
exits 1 "$exam" tell --folder "$work/none"
says "no results"
exits 2 "$exam" run --split moon
says "no such split"
exits 0 "$exam" scenario snr12_rate040_plain 3 --split locked
prints "[fasciculation]"

# Figures by name; records as files that are what the scenario beside them gives.
exits 0 "$exam" figures --folder "$work/results"
grep -q '^development.myogram.rows.mixed.macro.f1	' "$work/out" || wrong "no figure of mixed rows"
grep -q '^development.known_template_bound.f1.snr20_rate080_plain	' "$work/out" || wrong "no figure of the bound"
exits 0 "$exam" write training spasm_snr20 1 -o "$work/record.edf"
grep -q 'spasm\|tonic' "$work/record_events.tsv" || wrong "a record without its truth"
seed=$("$exam" scenario spasm_snr20 1 --split training | sed -n '1s/.*seed //p')
exits 0 "$EMG_BUILD/cli/emg-simulate" "$work/record.txt" -q --seed "$seed" -o "$work/again.edf"
cmp -s "$work/record.edf" "$work/again.edf" || wrong "the scenario beside a record gives another"
exits 1 "$exam" write training nothing 1 -o "$work/record.edf"
finish
