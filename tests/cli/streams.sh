# SPDX-License-Identifier: GPL-3.0-or-later
# Standard output that is closed, cut off or full; data never mixes with sentences.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample fasciculation) || exit 1

for tool in emg-spikes emg-rhythm; do
    "$tools/$tool" "$good" 2>"$work/err" | head -n 1 >"$work/out"
    silent
    { sleep 0.3; "$tools/$tool" "$good"; echo $? >"$work/code"; } 2>"$work/err" | true # the reader is gone by then
    [ "$(cat "$work/code")" -eq 0 ] || wrong "$tool without a reader: exit $(cat "$work/code")"
    silent
    "$tools/$tool" "$good" >&- 2>"$work/err" || wrong "$tool with a closed standard output"
    silent
    "$tools/$tool" "$good" >/dev/full 2>"$work/err"
    [ $? -eq 4 ] || wrong "$tool into a full device does not end with 4"
    says "No space left on device"
    "$tools/$tool" "$good" 2>/dev/null >"$work/a"
    "$tools/$tool" -v "$good" 2>&- >"$work/b" || wrong "$tool with a closed standard error"
    cmp -s "$work/a" "$work/b" || wrong "$tool: standard output depends on standard error"
done
"$tools/emg-report" --help >/dev/full 2>/dev/null
[ $? -eq 4 ] || wrong "help into a full device does not end with 4"

# A reader that has had enough does not stop the reports.
cp "$good" "$work/copy.edf"
{ sleep 0.3; "$tools/emg-report" "$good" "$work/copy.edf" -o "$work/o"; echo $? >"$work/code"; } 2>"$work/err" | true
[ "$(cat "$work/code")" -eq 0 ] || wrong "emg-report without a reader: exit $(cat "$work/code")"
silent
[ -s "$work/o/batch.tsv" ] || wrong "a closed pipe stopped the batch"
exits 0 "$tools/emg-report" -q "$good" -o "$work/p" </dev/null
"$tools/emg-report" "$good" -o "$work/q" <&- >&- 2>&- || wrong "emg-report with all standard streams closed"
cmp -s "$work/p/fasciculation_events.tsv" "$work/q/fasciculation_events.tsv" || wrong "closed streams change the events"
finish
