# SPDX-License-Identifier: GPL-3.0-or-later
# emg-spectrum --raw: one row a channel of what was recorded, wrong usage, standard output that is gone or full.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample fasciculation) || exit 1
tool=$tools/emg-spectrum
columns() { awk -F '\t' -v n="$1" 'NF != n { bad = 1 } END { exit bad }' "$work/out"; }

exits 0 "$tool" --raw --window 1024 --band 20-450 "$good"
silent
columns 13 || wrong "a row of --raw has not 13 cells"
channels=$(($(wc -l <"$work/out") - 1))
[ "$channels" -ge 1 ] || wrong "no channel came out"
prints "channel	target_muscle	sampling_frequency	rms	rms_mean_removed	unit	rms_uv	rms_mean_removed_uv	mean_frequency_hz"

# Eight bits of audio, all at 0.75 of full scale: an offset is part of rms, not of rms_mean_removed.
printf 'RIFF\144\0\0\0WAVEfmt \20\0\0\0\1\0\1\0\350\3\0\0\350\3\0\0\1\0\10\0data\100\0\0\0' >"$work/offset.wav"
for i in 1 2 3 4 5 6 7 8; do printf '\340\340\340\340\340\340\340\340' >>"$work/offset.wav"; done
exits 0 "$tool" --raw --window 16 --all-channels "$work/offset.wav"
prints "	1000	0.75	0	full scale	n/a	n/a	n/a	n/a"
exits 0 "$tool" --raw --window 16 --all-channels --full-scale 2mV "$work/offset.wav"
prints "	0.75	0	full scale	1500	0	n/a	n/a"

exits 2 "$tool" --raw --window 1 "$good"
says "whole number of samples"
exits 2 "$tool" --window 10.5 --raw "$good"
exits 2 "$tool" --window -1 "$good"
exits 2 "$tool" --band 450-20 "$good"
says "LOW-HIGH"
exits 2 "$tool" "$good" "$good"
exits 3 "$tool" "$work/none.edf"
says "emg-spectrum: $work/none.edf: "
exits 3 "$tool" --window 1e9 "$good"
says "windows of"
exits 2 "$tool" -c NoSuchChannel* --frobnicate "$good"

"$tool" --raw "$good" 2>"$work/err" | head -n 1 >"$work/out"
silent
"$tool" --raw "$good" >/dev/full 2>"$work/err"
[ $? -eq 4 ] || wrong "a full device does not end with 4"
finish
