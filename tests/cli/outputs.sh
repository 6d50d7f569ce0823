# SPDX-License-Identifier: GPL-3.0-or-later
# What emg-report leaves behind: the files of the contract, whole or absent, the same bytes each time.
. "$EMG_SOURCE/tests/support/shell.sh"
report=$tools/emg-report
good=$(sample mixed) || exit 1
header="onset	duration	trial_type	channel	target_muscle	n_channels	amplitude_uv	amplitude_rel	snr_db	frequency_hz	count	interval_cv	interval_rcv	unit	confidence	reasons	peak"

exits 0 "$report" "$good" -o "$work/a"
silent
prints "mixed (EDF+C): 20 s"
prints "Research use only."
[ "$(tail -n 1 "$work/out")" = "Reports: $work/a" ] || wrong "the last line does not say where the reports are"
for name in mixed_events.tsv mixed_events.json mixed_muscles.tsv mixed_channels.tsv mixed_report.json muscles.tsv batch.tsv; do
    [ -s "$work/a/$name" ] || wrong "there is no $name"
done
[ "$(head -n 1 "$work/a/mixed_events.tsv")" = "$header" ] || wrong "the header of the events differs"
[ "$(head -n 1 "$work/a/muscles.tsv")" = "$(head -n 1 "$work/a/mixed_muscles.tsv")" ] || wrong "the muscle headers differ"
for name in "$work"/a/*.tsv; do
    awk -F '\t' 'NR == 1 { n = NF } NF != n { exit 1 }' "$name" || wrong "$name is not rectangular"
    tail -c 1 "$name" | od -An -c | grep -q '\\n' || wrong "$name does not end with a line feed"
done
awk -F '\t' 'NR > 2 && $1 + 0 < last { exit 1 } { last = $1 + 0 }' "$work/a/mixed_events.tsv" || wrong "events are not sorted"
grep -rqF --exclude-dir=.myogram --exclude=batch.tsv "$work" "$work/a" && wrong "a path of this machine is in the outputs"

exits 0 env TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$report" "$good" -o "$work/b"
diff -r -x .myogram "$work/a" "$work/b" >"$work/err" || wrong "a second run gives other bytes"

exits 0 "$report" --formats tsv -q "$good" -o "$work/c"
[ ! -s "$work/out" ] || wrong "-q prints"
[ -s "$work/c/mixed_events.tsv" ] || wrong "--formats tsv wrote no table"
[ ! -e "$work/c/mixed_report.json" ] || wrong "--formats tsv wrote JSON"
exits 0 "$report" --formats json "$good" -o "$work/d"
[ -s "$work/d/mixed_report.json" ] || wrong "--formats json wrote none"
[ ! -e "$work/d/mixed_muscles.tsv" ] || wrong "--formats json wrote a table"

# The tools for pipelines print the same columns and, for emg-rhythm, the same rows.
exits 0 "$tools/emg-rhythm" "$good"
cmp -s "$work/out" "$work/a/mixed_events.tsv" || wrong "emg-rhythm differs from the events of emg-report"
exits 0 "$tools/emg-spikes" "$good"
[ "$(head -n 1 "$work/out")" = "$header" ] || wrong "emg-spikes has another header"
awk -F '\t' 'NR > 1 && $3 != "n/a" { exit 1 }' "$work/out" || wrong "emg-spikes judges discharges"
[ "$(wc -l <"$work/out")" -gt 10 ] || wrong "emg-spikes found next to nothing"

# Two recordings of one name in two folders, given as a folder: mirrored.
mkdir -p "$work/in/x" "$work/in/y"
cp "$good" "$work/in/x/r.edf"
cp "$good" "$work/in/y/r.edf"
exits 0 "$report" -q "$work/in" -o "$work/e"
[ -s "$work/e/x/r_events.tsv" ] && [ -s "$work/e/y/r_events.tsv" ] || wrong "folders are not mirrored"
[ "$(wc -l <"$work/e/batch.tsv")" -eq 3 ] || wrong "batch.tsv has not one line per input"

# Who was recorded, and when, stays out of every output.
cp "$good" "$work/named.edf"
printf 'X F 01-APR-1950 Jane_Secretperson' | dd of="$work/named.edf" bs=1 seek=8 conv=notrunc 2>/dev/null
printf 'Startdate 02-MAR-2024 Secretclinic Secretdoctor' | dd of="$work/named.edf" bs=1 seek=88 conv=notrunc 2>/dev/null
printf '02.03.24' | dd of="$work/named.edf" bs=1 seek=168 conv=notrunc 2>/dev/null
exits 0 "$report" -v "$work/named.edf" -o "$work/n"
grep -qiE 'secret|02\.03\.24|MAR-2024|2024-03-02|APR-1950' "$work/out" "$work/err" && wrong "the streams tell who was recorded or when"
grep -rqiE 'secret|02\.03\.24|MAR-2024|2024-03-02|APR-1950' "$work/n" && wrong "a report tells who was recorded or when"

# Outputs that cannot be written.
exits 4 "$report" "$good" -o /dev/null/x
says "/dev/null: cannot make the output folder"
exits 4 "$report" "$good" -o "$good"
if command -v setpriv >/dev/null && [ "$(id -u)" -eq 0 ]; then
    mkdir "$work/locked"
    chmod 755 "$work"
    chmod 555 "$work/locked"
    cp "$good" "$work/readable.edf"
    chmod 644 "$work/readable.edf"
    if setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$report"; then
        exits 4 setpriv --reuid=65534 --regid=65534 --clear-groups "$report" "$work/readable.edf" -o "$work/locked/out"
        says "locked"
    fi
fi

# A disk that is full in the middle of a file: exit 4, and no half of a file stays.
(
    ulimit -f 2
    "$report" "$good" -o "$work/full" >"$work/out" 2>"$work/err"
    echo $? >"$work/code"
)
[ "$(cat "$work/code")" -eq 4 ] || wrong "exit $(cat "$work/code") instead of 4 when files may not grow"
says "cannot be written"
[ -z "$(find "$work/full" -name '*.tmp' -o -name 'mixed_report.json')" ] || wrong "half a report stays on a full disk"
finish
