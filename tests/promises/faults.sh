# SPDX-License-Identifier: GPL-3.0-or-later
# Each call of the system for a recording, what lies beside it and its folders fails once: the right bytes, or a failure that is
# said; never other numbers with exit 0.
. "$EMG_SOURCE/tests/support/shell.sh"
preload=$EMG_BUILD/tests/promises/libfault_preload.so
can "calls that fail" test -f "$preload" || finish
good=$(sample mixed) || exit 1
data=$work/data
mkdir -p "$data/sub-01/emg/more"
cp "$good" "$data/sub-01/emg/sub-01_task-rest_emg.edf"
cp "$good" "$data/sub-01/emg/more/knee.edf"
echo '{}' >"$data/dataset_description.json"
label=$("$tools/emg-info" --json "$good" | sed -n 's/.*"label": "\(EMG[^"]*\)".*/\1/p' | head -1)
printf 'name\ttype\tunits\ttarget_muscle\tstatus\n%s\tEMG\tuV\tLeft soleus\tgood\n' "$label" >"$data/sub-01_channels.tsv"
echo '{"PowerLineFrequency": 60}' >"$data/task-rest_emg.json"
printf '%s\tR soleus\n' "$label" >"$data/map.tsv"
# Marks beside a recording, in a table and in an EDF+ of their own; a table and raw samples as recordings. The folder begins
# with the same path, so that calls there fail too, and is none of the folder's that is gone through.
more=$work/data-more
mkdir -p "$more"
cp "$good" "$more/knee.edf"
printf 'onset\tduration\ttrial_type\n2\t3\trest\n9.5\t4\trest\n' >"$more/marks.tsv"
cp "$more/marks.tsv" "$data/sub-01/emg/sub-01_task-rest_events.tsv"
"$tools/emg-simulate" voluntary --seed 3 --duration 20 -o "$more/marks.edf" >/dev/null || wrong "no annotations"
awk 'BEGIN { srand(5); print "time (s),EMG TA (uV)"
    for (i = 0; i < 30000; i++) printf "%.4f,%.3f\n", i / 1000, 40 * (rand() - 0.5) + (i % 2500 < 8 ? 300 * (i % 2 ? 1 : -1) : 0) }' \
    >"$more/table.csv"
cut -d , -f 2 "$more/table.csv" | awk 'NR > 1 { n = int($1 * 10); if (n < 0) n += 65536; printf "%c%c", n % 256 == 0 ? 1 : n % 256, int(n / 256) == 0 ? 1 : int(n / 256) }' \
    >"$more/samples.raw"

sweep() { # WHAT LEAST COMMAND...: the command under each failing call
    what=$1
    least=$2
    shift 2
    rm -rf "$work/out.d"
    "$@" >"$work/due" 2>/dev/null || wrong "$what fails without a fault"
    (cd "$work/out.d" 2>/dev/null && cat -- *.tsv */*.tsv) >>"$work/due" 2>/dev/null
    n=0
    n_refused=0
    while :; do
        n=$((n + 1))
        rm -rf "$work/mark" "$work/out.d"
        LD_PRELOAD=$preload EMG_FAULT_UNDER=$data EMG_FAULT_AT=$n EMG_FAULT_MARK=$work/mark "$@" >"$work/out" 2>"$work/err"
        code=$?
        [ -e "$work/mark" ] || break
        (cd "$work/out.d" 2>/dev/null && cat -- *.tsv */*.tsv) >>"$work/out" 2>/dev/null
        if [ "$code" -eq 0 ]; then
            cmp -s "$work/due" "$work/out" || wrong "$what: call $n failed and other numbers came with exit 0"
        else
            n_refused=$((n_refused + 1))
            [ -s "$work/err" ] || wrong "$what: call $n failed and nothing is said"
        fi
        [ "$n" -lt 400 ] || { wrong "$what: no end of calls" && break; }
    done
    echo "$what: $((n - 1)) calls, $n_refused refused"
    [ "$n_refused" -ge "$least" ] || wrong "$what: only $n_refused of $((n - 1)) failing calls were refused"
}
bids=$data/sub-01/emg/sub-01_task-rest_emg.edf
sweep "sidecars" 15 "$tools/emg-rhythm" --ecg off "$bids"
sweep "a map" 6 "$tools/emg-spikes" --muscles "$data/map.tsv" --no-sidecar "$data/sub-01/emg/more/knee.edf"
sweep "marks in a table" 6 "$tools/emg-rhythm" --ecg off --no-sidecar --marks "$more/marks.tsv" --within rest "$more/knee.edf"
sweep "marks of an annotation file" 8 "$tools/emg-rhythm" --ecg off --no-sidecar --marks "$more/marks.edf" --task '*' "$more/knee.edf"
sweep "marks beside" 20 "$tools/emg-rhythm" --ecg off --within rest "$bids"
sweep "a table" 5 "$tools/emg-rhythm" "$more/table.csv"
sweep "raw samples" 4 "$tools/emg-rhythm" --raw s16le,1ch,1000Hz --unit uV "$more/samples.raw"
"$tools/emg-report" -q --formats tsv,json "$good" -o "$data/report" || exit 1
sweep "reports compared" 3 "$tools/emg-compare" -q "$data/report" "$data/report"
rm -rf "$data/report"
sweep "a folder" 15 "$tools/emg-report" -q "$data" -o "$work/out.d"
finish
