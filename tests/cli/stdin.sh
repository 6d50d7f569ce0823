# SPDX-License-Identifier: GPL-3.0-or-later
# Pipes: standard input gives what the file gives, byte for byte, and leaves nothing behind; tables become BDF and come back.
. "$EMG_SOURCE/tests/support/shell.sh"
mkdir -p "$work/kept" "$work/a"
TMPDIR=$work/kept
export TMPDIR
recording=$EMG_SHARED/cases/ann_at_channel.edf
if can "a recording on standard input" test -f "$recording"; then
    cp "$recording" "$work/x.edf"
    exits 0 "$tools/emg-report" "$work/x.edf" -o "$work/a"
    cat "$work/x.edf" | "$tools/emg-report" - --stem x.edf -o "$work/b" >"$work/out" 2>"$work/err" || wrong "a pipe is not read"
    diff -r -x .myogram -x batch.tsv "$work/a" "$work/b" >"$work/out" || wrong "a pipe gives other bytes than the file"
    [ "$(cut -f 1,2 "$work/b/batch.tsv" | tail -n 1)" = "$(printf "'-\\tx")" ] || wrong "standard input is called otherwise"
    cp "$work/b/batch.tsv" "$work/once"
    for how in -q --resume; do
        cat "$work/x.edf" | "$tools/emg-report" $how -v - --stem x.edf -o "$work/b" >"$work/out" 2>"$work/err"
        cmp "$work/b/batch.tsv" "$work/once" || wrong "what came again on standard input has no row of its own"
        grep -q "done before" "$work/err" && wrong "what came on standard input was taken for what had come before"
    done
    exits 2 "$tools/emg-report" --slice 1/2 - -o "$work/c" <"$work/x.edf"
    for made in a b; do cut -f 2- "$work/$made/batch.tsv" >"$work/$made.list"; done # the first column is where it was
    cmp "$work/a.list" "$work/b.list" || wrong "a pipe is listed otherwise than the file"
    cat "$work/x.edf" | "$tools/emg-spikes" - >"$work/piped.tsv" || wrong "a pipe is not read"
    "$tools/emg-spikes" "$work/x.edf" | cmp - "$work/piped.tsv" || wrong "a pipe gives other events than the file"
    [ -z "$(ls -A "$work/kept")" ] || wrong "something is left behind"
    exits 0 "$tools/emg-info" - <"$work/x.edf"
    sed 1d "$work/out" >"$work/piped"
    grep -q myogram "$work/out" && wrong "a page names where standard input was kept"
    exits 0 "$tools/emg-info" "$work/x.edf"
    sed 1d "$work/out" | cmp - "$work/piped" || wrong "a pipe has other facts than the file"
    exits 0 "$tools/emg-info" --json - <"$work/x.edf"
    prints '"file": "-"'
    exits 2 "$tools/emg-info" - - <"$work/x.edf"
    says "name it once"
    exits 2 "$tools/emg-info" --stem a/b - <"$work/x.edf"
    exits 2 "$tools/emg-info" --stem a "$work/x.edf"
    says "give '-' as the input"
    exits 3 "$tools/emg-info" - </dev/null
    says "the file is empty"
    TMPDIR=$work/nowhere exits 2 "$tools/emg-info" - <"$work/x.edf"
    says "set TMPDIR to a folder with room"
    [ -z "$(ls -A "$work/kept")" ] || wrong "something is left behind by a refusal"
fi

# A table to BDF: what is measured on one is measured on the other.
awk 'BEGIN { print "time (s),EMG TA (uV)"; srand(7); for (i = 0; i < 4000; i++) printf "%.4f,%.5f\n", i / 2000, 400 * (rand() - 0.5) }' \
    >"$work/in.csv"
exits 0 "$tools/emg-filter" "$work/in.csv" -o "$work/out.bdf" --band off --mains off --ecg off
exits 0 "$tools/emg-info" "$work/out.bdf"
prints "2000  uV"
exits 0 "$tools/emg-spectrum" --raw "$work/in.csv"
cut -f 3- "$work/out" >"$work/before"
exits 0 "$tools/emg-spectrum" --raw "$work/out.bdf"
cut -f 3- "$work/out" >"$work/after"
paste "$work/before" "$work/after" | awk -F '\t' 'NR > 1 { for (i = 1; i <= NF / 2; i++) { n++
    a = $i; b = $(i + NF / 2); if (a + 0 == a && (a - b) ^ 2 > (1e-4 * a) ^ 2) bad = 1 } } END { exit bad || n < 5 }' ||
    wrong "the table and what it became differ"
exits 0 "$tools/emg-rhythm" - <"$work/in.csv"
printf 'a,b\n1,2\n' | "$tools/emg-rhythm" - 2>"$work/err"
grep -q '^emg-rhythm: -: no column' "$work/err" || wrong "standard input is called $(cat "$work/err")"

# A wave file whose writer did not know how long it would be, as programs write it into a pipe; and a program that does so.
if can "wave files of unknown length" command -v python3; then
    python3 -c 'import random, struct, sys
random.seed(3)
x = [int(random.gauss(0, 3000 if i // 4000 % 2 else 60)) for i in range(40000)]
data = b"".join(struct.pack("<h", v) for v in x)
for name, riff, n in (("whole", 36 + len(data), len(data)), ("sox", 0x7ffff024, 0x7ffff000), ("ffmpeg", 0xffffffff, 0xffffffff), ("zero", 0, 0)):
    head = b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 2000, 4000, 2, 16)
    open(sys.argv[1] + "/" + name + ".wav", "wb").write(head + b"data" + struct.pack("<I", n) + data)' "$work" || wrong "no wave files"
    exits 0 "$tools/emg-rhythm" "$work/whole.wav"
    mv "$work/out" "$work/due"
    [ "$(wc -l <"$work/due")" -gt 2 ] || wrong "the wave file holds nothing"
    for name in whole sox ffmpeg zero; do
        exits 0 "$tools/emg-rhythm" - <"$work/$name.wav"
        cmp "$work/out" "$work/due" || wrong "a pipe of unknown length ($name) gives other events"
    done
    if can "sox" command -v sox; then
        sox "$work/whole.wav" -t wav - | "$tools/emg-rhythm" - >"$work/out" 2>"$work/err" || wrong "what sox writes is not read"
        cmp "$work/out" "$work/due" || wrong "what sox writes gives other events"
        sox "$work/whole.wav" -t wav - | cat | sox --ignore-length -t wav - -t wav - 2>"$work/err" | "$tools/emg-rhythm" - >"$work/out"
        cmp "$work/out" "$work/due" || wrong "what sox passes on gives other events"
    fi
fi

# Samples without a header, through a pipe too.
if can "raw samples" command -v python3; then
    python3 -c 'import sys, struct
rows = [line.split(",")[1] for line in open(sys.argv[1])][1:]
open(sys.argv[2], "wb").write(b"".join(struct.pack(">d", float(x)) for x in rows))' "$work/in.csv" "$work/in.f64"
    exits 0 "$tools/emg-filter" --raw f64be,1ch,2000Hz --unit uV "$work/in.f64" -o "$work/raw.bdf" --band off --mains off --ecg off
    exits 0 "$tools/emg-spectrum" --raw "$work/raw.bdf"
    cut -f 3- "$work/out" | cmp - "$work/after" || wrong "raw samples and the table of them differ"
    exits 0 "$tools/emg-rhythm" --raw f64be,1ch,2000Hz - <"$work/in.f64"
    exits 3 "$tools/emg-rhythm" --raw f64be "$work/in.f64"
    says "such as f32le,4ch,2000Hz"
fi
finish
