# SPDX-License-Identifier: GPL-3.0-or-later
# Inputs that are missing, no recordings, or broken: each is named, the others go on, the exit code tells.
. "$EMG_SOURCE/tests/support/shell.sh"
report=$tools/emg-report
good=$(sample fasciculation) || exit 1

exits 3 "$report" "$work/nowhere.edf" -o "$work/o1"
says "nowhere.edf"
exits 3 "$tools/emg-spikes" "$work/nowhere.edf"
says "nowhere.edf"
[ ! -s "$work/out" ] || wrong "a missing file printed a table"

mkdir "$work/empty"
exits 3 "$report" "$work/empty" -o "$work/o2"
says "no recording"

echo "these are no samples" >"$work/text.edf"
exits 3 "$report" "$work/text.edf" -o "$work/o3"
says "text.edf"
exits 3 "$tools/emg-rhythm" "$work/text.edf"
says "text.edf"

: >"$work/zero.edf"
exits 3 "$report" "$work/zero.edf" -o "$work/o4"
says "zero.edf"

exits 1 "$report" "$good" "$work/text.edf" -o "$work/o5"
says "text.edf"
prints "fasciculation (EDF+C): 20 s"
[ -s "$work/o5/fasciculation_events.tsv" ] || wrong "the good recording has no events"
[ ! -e "$work/o5/text_events.tsv" ] || wrong "the refused file has a report"
exits 1 "$report" "$work/nowhere.edf" "$good" -o "$work/o6"

# Cut in the middle of a record: read as far as it goes, unless --strict.
size=$(wc -c <"$good")
head -c $((size * 2 / 3 + 7)) "$good" >"$work/cut.edf"
exits 0 "$report" "$work/cut.edf" -o "$work/o7"
prints "  Record count"
prints "(W_NREC_HIGH)."
prints "W_TRUNCATED_RECORD"
exits 3 "$report" --strict "$work/cut.edf" -o "$work/o8"
says "cut.edf"
[ ! -e "$work/o8/cut_events.tsv" ] || wrong "--strict reported a recording that deviates"

# Cut within the header: refused.
head -c 300 "$good" >"$work/header.edf"
exits 3 "$report" "$work/header.edf" -o "$work/o9"

# A name that would command a terminal stays text.
bad=$(printf '%s/x\033[31m.edf' "$work")
cp "$work/text.edf" "$bad"
exits 3 "$report" "$bad" -o "$work/o10"
says 'x\x1b[31m.edf'

# A channel that is not there is wrong for this recording; a glob that fits is fine.
exits 3 "$report" -c 'no such channel' "$good" -o "$work/o11"
exits 0 "$report" -c '*' "$good" -o "$work/o12"
finish
