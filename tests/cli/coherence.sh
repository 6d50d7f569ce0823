# SPDX-License-Identifier: GPL-3.0-or-later
# emg-spectrum --coherence: the table, the band, the picture, what it refuses, and SciPy on the same samples.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample mixed) || exit 1
tool=$tools/emg-spectrum
rows() { [ "$(wc -l <"$work/out")" -eq $(($1 + 1)) ] || wrong "$(($(wc -l <"$work/out") - 1)) rows, not $1"; }
spans() { # FIRST LAST: frequencies of the first and the last row
    [ "$(sed -n 2p "$work/out" | cut -f 1) $(tail -n 1 "$work/out" | cut -f 1)" = "$1 $2" ] || wrong "not from $1 to $2 Hz"
}

exits 0 "$tool" --coherence '*Biceps,L Soleus' --svg "$work/picture.svg" "$good"
silent
prints "frequency_hz	coherence	phase_rad	chance_95	segments"
rows 431
spans 20 450
awk -F '\t' 'NF != 5 || (NR > 1 && ($2 < 0 || $2 > 1 || $3 * $3 > 9.8697 || $4 <= 0 || $4 >= 1 || $5 < 30 || $5 > 39)) { bad = 1 }
    END { exit bad }' "$work/out" || wrong "a cell is not within its range"
grep -q "95 % chance level" "$work/picture.svg" && grep -q "EMG L Biceps and EMG L Soleus" "$work/picture.svg" || wrong "the picture says nothing"
if can "pictures read back" command -v python3; then
    holds "the picture is no XML" python3 -c "from xml.dom import minidom; import sys; minidom.parse(sys.argv[1])" "$work/picture.svg"
fi
exits 0 "$tool" --coherence '#1,#2' --window 0.25 --band 30-400 --from 2 --to 12 "$good"
rows 93
spans 32 400
exits 0 "$tool" --coherence '#1,#5' --raw "$good"
rows 1025
spans 0 1024
exits 0 "$tool" --coherence '#1,#5' --raw --band 2-40 --window 2 "$good"
rows 77
exits 0 "$tool" --coherence '#1,#2' --window 15 "$good"
says "one segment only: every coherence is 1"
exits 0 "$tool" -q --coherence '#1,#2' --window 15 "$good"
silent

exits 3 "$tool" --coherence '#1,#2' --window 21 "$good"
says "no stretch without a gap is as long as a segment of 21 s"
exits 3 "$tool" --coherence 'EMG*,#5' "$good"
says "names 4 channels"
exits 3 "$tool" --coherence '#1,nobody' "$good"
says "no channel is called 'nobody'"
for pair in '#1' '#1,' ',#1' '#1,#2,#3' ''; do
    exits 2 "$tool" --coherence "$pair" "$good"
done
says "two channels joined by a comma"
for more in --psd --slope '--step 1' '--bands 20-50' '-c #1' '--spectrogram s.svg'; do
    # shellcheck disable=SC2086
    exits 2 "$tool" --coherence '#1,#2' $more "$good"
done
exits 2 "$tool" --svg "$work/p.svg" "$good"
says "--svg draws what --coherence prints"
exits 2 "$tool" --coherence '#1,#2' --svg "$work/p.png" "$good"
exits 4 "$tool" --coherence '#1,#2' --svg "$work/none/p.svg" "$good"
"$tool" --coherence '#1,#2' "$good" >/dev/full 2>"$work/err"
[ $? -eq 4 ] || wrong "a full device does not end with 4"

if can "coherence by SciPy" /usr/bin/python3 -c 'import numpy, scipy'; then
    holds "the table differs from what SciPy makes of the recording" \
        /usr/bin/python3 "$EMG_SOURCE/tests/cli/coherence_rows.py" "$tool" "$good"
fi
finish
