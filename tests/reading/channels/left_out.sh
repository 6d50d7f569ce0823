# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing vanishes in silence: channels that nothing names, rows and patterns that match nothing, files of a folder that are
# not read, each said once with the remedy; texts of annotations never.
. "$EMG_SOURCE/tests/support/shell.sh"
rhythm=$tools/emg-rhythm
report=$tools/emg-report

# edf FILE LABEL...: 20 s of 200 Hz, silence, a signal a label, all in uV.
edf() {
    file=$1
    shift
    n=$#
    {
        printf '%-8s%-80s%-80s%-8s%-8s%-8d%-44s%-8d%-8d%-4d' 0 'X Miller' 'X' 02.08.20 10.11.12 $((256 * (n + 1))) '' 20 1 "$n"
        for label in "$@"; do printf '%-16s' "$label"; done
        for field in '%-80s' '%-8suV' '%-8s-100' '%-8s100' '%-8s-32768' '%-8s32767' '%-80s' '%-8s200' '%-32s'; do
            for label in "$@"; do printf '%s' "$(printf '%s\n' "$field" | sed 's/^%-\([0-9]*\)s.*/\1/')|$(printf '%s\n' "$field" | sed 's/^%-[0-9]*s//')"; echo; done
        done | awk -F '|' '{ printf "%-" $1 "s", $2 }'
        head -c $((20 * 200 * 2 * n)) /dev/zero
    } >"$file"
}
edf "$work/some.edf" 'EMG TA L' 'Aux left' 'A1' 'A2' 'A3' 'Abd'

exits 0 "$rhythm" "$work/some.edf"
says "some.edf: left out, as nothing names them muscles: channels 'Aux left', 'A1' to 'A3', 'Abd'; take them with -c LABEL, --muscles FILE or --all-channels"
[ "$(wc -l <"$work/err")" -eq 1 ] || wrong "said more than once"
exits 0 "$rhythm" -q "$work/some.edf"
silent
exits 0 "$rhythm" -c 'EMG*' "$work/some.edf"
silent
exits 0 "$rhythm" --all-channels "$work/some.edf"
silent
exits 0 "$rhythm" -c '!Aux*' -c '!A?' "$work/some.edf"
says "nothing names them muscles: channel 'Abd'"
exits 0 "$rhythm" --strict "$work/some.edf"
says "left out"
for tool in "emg-spikes" "emg-spectrum" "emg-filter -o $work/f.bdf" "emg-spectrum --slope --task x"; do
    # shellcheck disable=SC2086
    exits 0 "$tools"/$tool "$work/some.edf"
    [ "$(grep -c 'left out, as' "$work/err")" -eq 1 ] || wrong "$tool does not say once what it leaves out"
done
exits 0 "$report" "$work/some.edf" -o "$work/o1"
says "left out, as nothing names them muscles"
prints "Label 'Aux left', 'A1', 'A2', 'A3', 'Abd' of signal 2, 3, 4, 5, 6: left out: take it with -c LABEL"
[ "$(grep -c W_UNRECOGNISED "$work/o1/some_report.json")" -eq 5 ] || wrong "the report does not list each channel"

# An EMG without a scale, and one that its label calls an envelope.
edf "$work/no.edf" 'EMG TA L' 'EMG TA R' 'EMG SOL RMS'
printf '100,0,0 ' | dd of="$work/no.edf" bs=1 seek=$((256 + 3 * 112)) conv=notrunc 2>/dev/null
exits 0 "$rhythm" "$work/no.edf"
says "no.edf: left out, as the limits in the header give no scale: channel 'EMG TA L'; mend the header"
says "no.edf: left out, as an envelope by what the header says: channel 'EMG SOL RMS'; --all-channels takes such signals"
exits 0 "$rhythm" -c 'EMG TA R' "$work/no.edf"
silent
exits 0 "$rhythm" --all-channels "$work/no.edf"
[ "$(grep -c 'left out' "$work/err")" -eq 1 ] || wrong "an envelope that is taken is said to be left out"

# Rows of a muscle map that name no channel.
printf 'channel\tmuscle\nAux left\tL Soleus\nEMG TA l\tL Tibialis\nSolus\tR Soleus\nAbdo\tAbdomen\n' >"$work/map.tsv"
exits 0 "$rhythm" --muscles "$work/map.tsv" "$work/some.edf"
says "rows of the muscle map (Solus and 1 more) ignored: no channel is called so; nearest to the first are"
printf 'Abdo\tAbdomen\n' >"$work/map.tsv"
exits 0 "$rhythm" --muscles "$work/map.tsv" "$work/some.edf"
says "a row of the muscle map (Abdo) ignored: no channel is called so; nearest to it are 'Abd', 'A1' and 'A2'"

# Marks that match nothing: how many annotations of how many kinds, never their texts.
marked=$EMG_SHARED/cases/ann_at_channel.edf
if can "marks in a recording with annotations" test -f "$marked"; then
    exits 0 "$report" --task 'Ruhe*' --stimulus 'Move*' --stimulus 'TMS*' --without 'none' "$marked" -o "$work/o2"
    says "ann_at_channel.edf: --task 'Ruhe*' matches no annotation: the recording has 2 of 2 kinds"
    says "--stimulus 'TMS*' matches no annotation"
    says "--without 'none' matches no annotation"
    grep -qF "Move*" "$work/err" && wrong "a pattern that matches is said not to"
    prints "Annotations: a pattern of --task matches no annotation: the recording has 2 of 2 kinds (W_MARK_UNMATCHED)."
    grep -rqi movement "$work/o2" "$work/err" "$work/out" && wrong "a text of an annotation is told"
fi
exits 0 "$rhythm" --stimulus 'TMS*' "$work/some.edf"
says "--stimulus 'TMS*' matches no annotation: the recording has none"

# Folders: what is there and is not read.
mkdir -p "$work/in/below" "$work/far"
mv "$work/some.edf" "$work/in/a.edf"
: >"$work/in/b.rec"
: >"$work/in/c.edf.gz"
: >"$work/in/below/d_events.edf"
: >"$work/in/e.csv"
: >"$work/in/f_channels.tsv"
: >"$work/in/g.mat"
: >"$work/in/.h.edf"
: >"$work/in/notes.md"
for i in 1 2 3 4 5 6; do : >"$work/in/z$i.zip"; done
ln -s ../far "$work/in/link"
mkfifo "$work/in/pipe.edf"
exits 0 "$report" "$work/in" -o "$work/o3"
says "emg-report: skipped b.rec (may be EDF under another name: name the file itself to read it)"
says "emg-report: skipped c.edf.gz, z1.zip, z2.zip, z3.zip, z4.zip and 2 more (compressed: unpack it first)"
says "skipped below/d_events.edf (annotations"
says "skipped e.csv (a table"
says "skipped g.mat (no format that is read"
says "skipped .h.edf (hidden"
says "skipped link (a link to a folder"
says "skipped pipe.edf (not a regular file)"
grep -q 'notes\|f_channels' "$work/err" && wrong "what nobody means is said"
[ "$(awk -F '\t' '$3 == "skipped"' "$work/o3/batch.tsv" | wc -l)" -eq 14 ] || wrong "batch.tsv does not list what was skipped"
exits 0 "$report" -q "$work/in" -o "$work/o3"
silent
exits 0 "$report" "$work/in" "$work/in/../in" "$work/in/a.edf" -o "$work/o4"
deep=$work/deep
for i in $(seq 1 66); do deep=$deep/d; done
mkdir -p "$deep"
exits 3 "$report" "$work/deep" -o "$work/o5"
says "(a folder below 64 others: name it itself)"

# Marks in a file of their own, by the clocks of both files: the same, later, earlier.
night=$EMG_SHARED/cases/night_PSG.edf
if can "marks in an annotation file" test -f "$night"; then
    stages=$EMG_SHARED/cases/night_Hypnogram.edf
    for clock in 11.12:20 11.47:5 10.42:10; do
        { head -c 179 "$stages"; printf '%s' "${clock%:*}"; tail -c +185 "$stages"; } >"$work/stages.edf"
        exits 0 "$tools/emg-info" --json --marks "$work/stages.edf" --within 'Sleep stage R' "$night"
        prints "\"selected_s\": ${clock#*:}.0"
    done
    prints "W_MARKS_ALIGNED"
    printf 'onset,duration,trial_type\n5,2.5,Movement Miller\n' >"$work/marks.csv"
    exits 0 "$tools/emg-info" --json --marks "$work/marks.csv" --within 'Move*' "$night"
    prints '"selected_s": 2.500000'
    exits 0 "$report" --marks "$work/marks.csv" "$night" -o "$work/o7"
    says "count from the recording's first sample"
    grep -rq 'Miller' "$work/o7" "$work/out" "$work/err" && wrong "the text of a mark is written"
    exits 3 "$report" --marks "$work/absent.csv" "$night" -o "$work/o8"
    says "the marks cannot be read"
fi
finish
