# SPDX-License-Identifier: GPL-3.0-or-later
# emg-score over tables, annotated recordings and folders; what it says of what it cannot read.
. "$EMG_SOURCE/tests/support/shell.sh"
score=$tools/emg-score
header='onset\tduration\ttrial_type\tchannel\ttarget_muscle\tfrequency_hz\tcount\tconfidence'
mkdir -p "$work/t/deep" "$work/f/deep"

table() { # FILE ROW...: writes an events table; columns separated by commas
    file=$1
    shift
    printf "$header\n" >"$file"
    for row in "$@"; do echo "$row" | tr , '\t' >>"$file"; done
}

cell() { # ROW COLUMN: of the table that was printed last
    awk -F'\t' -v row="$1" -v column="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i }
        $1 == row { print $at }' "$work/out"
}

is() { # ROW COLUMN VALUE
    [ "$(cell "$1" "$2")" = "$3" ] || wrong "$1 $2 is $(cell "$1" "$2"), not $3"
}

table "$work/t/a_events.tsv" 1,0.01,fasciculation,c,m,n/a,1,n/a 2,0.01,fasciculation,c,m,n/a,1,n/a \
    10,5,clonus,c,m,5,25,n/a 40,1,stimulus,c,m,n/a,n/a,n/a
table "$work/f/a_events.tsv" 1.002,0.01,fasciculation,c2,m,n/a,1,0.9 1.004,0.01,fasciculation,c2,m,n/a,1,0.8 \
    10.5,5,clonus,c2,m,5.1,26,0.7
exits 0 "$score" "$work/t/a_events.tsv" "$work/f/a_events.tsv"
says "a_events.tsv: 1 rows or annotations are of no class of events and were left out"
is fasciculation n_truth 2
is fasciculation n_found 2
is fasciculation n_matched 1
is fasciculation precision 0.5
is fasciculation onset_bias_s 0.002
is clonus overlap 0.818182
is clonus frequency_error_hz 0.1
is clonus count_bias 1
is all f1 0.666667
is all false_per_hour n/a
exits 0 "$score" -q "$work/t/a_events.tsv" "$work/f/a_events.tsv" --by channel --duration 60
silent
is all n_matched 0
is all false_per_hour 90
exits 0 "$score" "$work/t/a_events.tsv" "$work/f/a_events.tsv" --by channel
says "a_events.tsv: nothing can match: the true events are of 'c' and others, the found ones of 'c2' and others"
exits 0 "$score" "$work/t/a_events.tsv" "$work/f/a_events.tsv" --by muscle
grep -q 'nothing can match' "$work/err" && wrong "muscles that are on both sides are said not to be"
exits 0 "$score" -q "$work/t/a_events.tsv" "$work/f/a_events.tsv" --tolerance 1 --overlap 0.9 --confidence 0.85
is all n_found 1
is all n_matched 0

# Folders: by name, in depth; a report's tables beside the found events say how long was observed.
cp "$work/t/a_events.tsv" "$work/t/deep/sub-1_task-x_events.tsv"
cp "$work/f/a_events.tsv" "$work/f/deep/sub-1_task-x_desc-myogram_events.tsv"
printf 'recording\ttarget_muscle\tanalysed_s\na\tm\t1800.0\n' >"$work/f/a_muscles.tsv"
exits 0 "$score" -q "$work/t" "$work/f" --json "$work/s.json" --html "$work/s.html"
is all n_truth 6
can "the JSON read back" command -v python3 && holds "the JSON is no JSON" python3 -c "
import json, sys
d = json.load(open('$work/s.json'))
assert d['n_recordings'] == 2 and d['schema'] == 'myogram-score'
rows = {r['trial_type']: r for r in d['rows']}
assert rows['clonus']['n_matched'] == 2 and rows['all']['f1_low'] == rows['all']['f1']
assert sum(d['onset_error_histogram']) == 2
assert [l for l in d['labels'] if l['truth'] == 'clonus'][0]['found'] == {'clonus': 2}"
grep -q '</html>' "$work/s.html" || wrong "the page is not whole"
grep -qE 'https?://|src=' "$work/s.html" && wrong "the page asks for something from outside"
table "$work/t/lone_events.tsv" 1,0.01,fasciculation,c,m,n/a,1,n/a
table "$work/f/stray_events.tsv" 1,0.01,fasciculation,c,m,n/a,1,n/a
exits 1 "$score" "$work/t" "$work/f"
says "lone_events.tsv: nothing was found for it"
says "stray_events.tsv: left out: no truth of that name"
is all n_truth 6

# The truth of a simulation against the report on it, and against itself as annotations of a recording.
"$tools/emg-simulate" fasciculation -o "$work/twitch.edf" --seed 9 --duration 30 || exit 1
"$tools/emg-report" "$work/twitch.edf" -o "$work/reports" -q || exit 1
exits 0 "$score" "$work/twitch_events.tsv" "$work/reports/twitch_events.tsv"
silent
[ "$(cell fasciculation f1 | cut -c1-3)" = 0.9 ] || [ "$(cell fasciculation f1)" = 1 ] || wrong "a report scores badly"
exits 0 "$score" "$work/twitch_events.tsv" "$work/twitch_events.tsv"
is all f1 1
exits 0 "$score" "$work/twitch.edf" "$work/twitch.edf" # no annotation of ours: nothing true, nothing found
is all n_truth 0

# A detector broken on purpose scores worse in the way it should.
truth=$work/twitch_events.tsv
n=$(($(wc -l <"$truth") - 1))
worse() { # AWK-PROGRAM: over the truth's rows; scores what comes of it
    awk -F'\t' -v OFS='\t' -v CONVFMT=%.6f "NR == 1 { print; next } $1" "$truth" >"$work/worse_events.tsv"
    exits 0 "$score" -q "$truth" "$work/worse_events.tsv"
}
worse 'NR % 2 { print }' # every other one lost: precision stays, recall halves
is all precision 1
is all n_matched $((n / 2))
worse '{ print; $1 += 0.005; print }' # each told twice: recall stays, precision halves
is all recall 1
is all precision 0.5
worse '{ $1 += 0.008; print }' # late: all matched, and the bias says by how much
is all f1 1
is all onset_bias_s 0.008
worse '{ $1 += 0.012; print }' # too late
is all n_matched 0
worse '{ $3 = "myoclonus"; print }' # misnamed: detection stays, labels are wrong
is any f1 1
is all n_matched 0
worse '{ print; $1 += 500; print }' # what is false raises no recall
is all n_found $((2 * n))
is all recall 1

# What cannot be scored.
exits 2 "$score" "$work/t" "$work/f/a_events.tsv"
says "give two files or two folders"
exits 2 "$score" "$work/t"
exits 2 "$score" a b --tolerance -1
says "a number of milliseconds"
exits 2 "$score" a b --by foot
exits 3 "$score" "$work/none_events.tsv" "$work/f/a_events.tsv"
says "none_events.tsv"
printf 'time\tlabel\n1\tx\n' >"$work/other.tsv"
exits 3 "$score" "$work/other.tsv" "$work/f/a_events.tsv"
says "the header line names no column 'onset'"
table "$work/bad.tsv" 1,0.01,fasciculation,c,m,n/a,1,n/a x,0.01,fasciculation,c,m,n/a,1,n/a
exits 3 "$score" "$work/bad.tsv" "$work/f/a_events.tsv"
says "row 2 of the table: 'onset' is not a number"
: >"$work/empty.tsv"
exits 3 "$score" "$work/empty.tsv" "$work/f/a_events.tsv"
says "an empty file"
cp "$work/f/a_events.tsv" "$work/f/z_events.tsv"
mkdir "$work/f/z_muscles.tsv" # what tells how long was observed is there and cannot be read
exits 3 "$score" "$work/t/a_events.tsv" "$work/f/z_events.tsv"
says "the table muscles.tsv beside it cannot be read"
exits 4 "$score" -q "$work/t/a_events.tsv" "$work/f/a_events.tsv" --json "$work/no/such/folder.json"
exits 4 sh -c "'$score' -q '$work/t/a_events.tsv' '$work/f/a_events.tsv' >/dev/full"
exits 0 sh -c "'$score' -q '$work/t/a_events.tsv' '$work/f/a_events.tsv' | true"
finish
