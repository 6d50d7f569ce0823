# SPDX-License-Identifier: GPL-3.0-or-later
# A folder that several runs report into: what is added, replaced, refused, gone on with, and done in slices or by workers.
. "$EMG_SOURCE/tests/support/shell.sh"
report=$tools/emg-report
one=$(sample fasciculation) && two=$(sample mixed) || exit 1
mkdir -p "$work/in/deep" "$work/p1" "$work/p2"
cp "$one" "$work/in/a.edf"
cp "$two" "$work/in/b.edf"
cp "$one" "$work/in/deep/a.edf"
cp "$two" "$work/in/deep/z.edf"
echo rubbish >"$work/in/c.edf"
echo packed >"$work/in/d.edf.gz"
cp "$one" "$work/p1/emg.edf"
cp "$two" "$work/p2/emg.edf"
cd "$work" || exit 1

same() { # FOLDER FOLDER: equal but for what is remembered
    diff -r -x .myogram "$1" "$2" >"$work/out" || wrong "$1 and $2 differ"
}

statuses() { # FOLDER: stems and statuses of batch.tsv
    cut -f 2,3 "$1/batch.tsv" | tail -n +2 | tr '\t\n' '= '
}

exits 1 "$report" in -o whole
cp "$work/out" one_worker
[ "$(statuses whole)" = "a=done b=done c=failed deep/a=done deep/z=done n/a=skipped " ] || wrong "batch.tsv: $(statuses whole)"
[ "$(head -n 1 whole/batch.tsv)" = "input	stem	status	message	content_hash" ] || wrong "the header of batch.tsv differs"
[ "$(sed -n 2p whole/batch.tsv | cut -f 1)" = in/a.edf ] || wrong "inputs are not as found"
[ "$(ls -A whole/.myogram)" = journal ] || wrong "more than the journal is remembered"

# Workers, slices, and what is gone on with give the same bytes, standard output included.
exits 1 "$report" -j 3 in -o workers
sed 's/: workers/: whole/' "$work/out" | cmp -s - one_worker || wrong "summaries of several workers differ"
same whole workers
exits 0 "$report" in/b.edf -o alone
cp "$work/out" one_worker
for n in 2 9; do # more workers than recordings: its channels are shared
    exits 0 "$report" -j $n in/b.edf -o shared_$n
    sed "s/: shared_$n/: alone/" "$work/out" | cmp -s - one_worker || wrong "the summary that $n workers share differs"
    same alone shared_$n
done
for i in 3 1 2; do
    "$report" -q --slice $i/3 in -o slices 2>/dev/null
    [ ! -e slices/batch.tsv ] || wrong "a slice wrote the tables of all"
done
exits 1 "$report" --collect slices
same whole slices
exits 1 "$report" --collect slices
same whole slices
exits 1 "$report" -q --slice 1/2 in -o half
exits 1 "$report" --collect half
says "1 of 2 slices are not at their end, the first of them is 2"
exits 0 "$report" -q --slice 2/2 in -o half
exits 1 "$report" --collect half
same whole half
touch -d 2001-01-01 in/b.edf
rm whole/deep/a_events.tsv
exits 1 "$report" -v --resume in -o whole
says "in/a.edf: done before"
says "in/b.edf: b"
says "in/deep/a.edf: deep/a"
says "2 of 5 had been done before"
same whole workers

# A second run adds; what is there keeps its place, and the files of two recordings of one name are told apart.
(cd p1 && exits 0 "$report" -q emg.edf -o ../both)
cp both/emg_events.tsv first_events
(cd p2 && exits 0 "$report" -q emg.edf -o ../both)
cmp -s both/emg_events.tsv first_events || wrong "the second emg.edf took the files of the first"
[ "$(statuses both | sed 's/_[0-9a-f]*=/_HASH=/')" = "emg=done emg_HASH=done " ] || wrong "batch.tsv: $(statuses both)"
cp both/batch.tsv both/muscles.tsv .
(cd p1 && exits 0 "$report" -q ./emg.edf -o ../both)
sed 's|^./||' both/batch.tsv | cmp -s - batch.tsv || wrong "a repeated recording changed its row or its place"
cmp -s both/muscles.tsv muscles.tsv || wrong "a repeated recording changed the cohort"
cp both/batch.tsv .

# Other settings are refused, and may take over: then the tables hold theirs only.
exits 2 "$report" -q in/a.edf -o both --set detect.false_per_min=1
says "detect.false_per_min is 1 here and"
says "--replace"
cmp -s both/batch.tsv batch.tsv || wrong "a refused run changed the tables"
exits 0 "$report" -q p1/emg.edf -o both --set detect.false_per_min=1 --replace
[ "$(statuses both)" = "emg=done " ] || wrong "tables of two settings: $(statuses both)"
rm -r both/.myogram
exits 2 "$report" -q in/a.edf -o both
says "whose journal is gone"

# A dry run writes nothing; a run in which all fail leaves no table of muscles.
exits 0 "$report" --dry-run in -o nowhere
prints "in/deep/a.edf	deep/a	to_do"
[ ! -e nowhere ] || wrong "a dry run made the folder"
exits 0 "$report" --dry-run --resume in -o whole
prints "in/a.edf	a	done_before"
exits 3 "$report" -q in/c.edf -o failed
[ ! -e failed/muscles.tsv ] || wrong "a table of nothing"
[ "$(statuses failed)" = "c=failed " ] || wrong "batch.tsv: $(statuses failed)"

# Lists: as a file, with what holds for one alone, and from standard input.
printf 'path\tmuscles\tmarks\trange\n# all\nin/a.edf\nin/b.edf\tn/a\t\t5-15\nin/deep/a.edf\tmap.tsv\n' >list
printf 'channel\tmuscle\n#1\tcalf\n' >map.tsv
exits 0 "$report" -q @list -o listed
[ "$(awk -F '\t' '$3 == "done"' listed/batch.tsv | wc -l)" -eq 3 ] || wrong "a list: $(statuses listed)"
exits 0 "$report" -q -f 5 -t 15 in/b.edf -o ranged
cmp -s listed/b_events.tsv ranged/b_events.tsv || wrong "a time range in a list is not --from and --to"
grep -q calf listed/muscles.tsv || wrong "a table of muscles in a list is not used"

# Rows that a damaged journal holds are not believed: that recording is to be done again.
exits 0 "$report" --dry-run --resume @list -o listed
[ "$(grep -c done_before "$work/out")" -eq 3 ] || wrong "not all of a list are done"
grep -q calf listed/.myogram/journal || wrong "the journal does not hold the rows of muscles"
LC_ALL=C sed 's/calf/half/' listed/.myogram/journal >damaged
cp damaged listed/.myogram/journal
exits 0 "$report" --dry-run --resume @list -o listed
prints "in/deep/a.edf	a_"
[ "$(grep -c done_before "$work/out")" -lt 3 ] || wrong "damaged rows are believed"
printf 'in/a.edf\nin/b.edf\n' >paths
exits 0 "$report" -q @- -o piped <paths
[ "$(wc -l <piped/batch.tsv)" -eq 3 ] || wrong "a list from standard input"
exits 2 "$report" @nowhere -o o
says "nowhere: the list cannot be read"
printf 'in/a.edf\tn/a\tn/a\tlater\n' >bad_list
exits 2 "$report" @bad_list -o o
says "bad_list: line 1: the fourth cell is no time range"
printf '\357\273\277in/a.edf\nin/b.edf\n' >marked_list
exits 0 "$report" -q @marked_list -o marked
[ "$(statuses marked)" = "a=done b=done " ] || wrong "a list with a byte-order mark: $(statuses marked)"
for second in 'in/b.edf\t\t\t15-20' 'in/../in/b.edf\tmap.tsv\t\t5-15' 'in/b.edf'; do
    # shellcheck disable=SC2059
    printf "in/a.edf\nin/b.edf\t\t\t5-15\n$second\n" >twice
    exits 2 "$report" @twice -o twice_out
    says "b.edf is named twice, with other muscles, marks or times beside it"
    [ ! -e twice_out/batch.tsv ] || wrong "a list that is refused leaves a table"
done
printf 'in/b.edf\t\t\t5-15\nin/../in/b.edf\t\t\t5-15\nin/b.edf\t\t\t5-15\n' >twice
exits 0 "$report" -q @twice -o twice_out

# One run at a time; arguments that make no sense.
exits 2 "$report" --slice 3/2 in -o o
exits 2 "$report" -j -1 in -o o
exits 2 "$report" --collect whole in
exits 4 "$report" --collect nowhere
if can "a folder that another run has" command -v flock; then
    exits 4 flock whole/.myogram/journal "$report" -q in -o whole
    says "another run is writing into this folder"
fi
finish
