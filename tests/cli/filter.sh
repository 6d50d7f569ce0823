# SPDX-License-Identifier: GPL-3.0-or-later
# emg-filter: what it says, what it refuses, and that its outputs are whole or absent.
. "$EMG_SOURCE/tests/support/shell.sh"
filter=$tools/emg-filter
good=$(sample fasciculation) || exit 1
cd "$work" || exit 1
cp "$good" in.edf
"$tools/emg-info" in.edf >info 2>/dev/null

# Success: a sentence, no table on standard output; -q says nothing.
exits 0 "$filter" in.edf -o out.edf
[ ! -s out ] || wrong "standard output is not empty"
says "channels conditioned, rounded to"
says ": out.edf"
exits 0 "$tools/emg-info" --validate out.edf
exits 0 "$filter" in.edf -o quiet.edf -q
silent
cmp -s out.edf quiet.edf || wrong "the same call gives other bytes"
exits 0 "$filter" in.edf -o loud.bdf -v
says "HP:20Hz LP:450Hz mains:auto ECG:auto"
says "ends of stretches are uncertain for"
exits 0 "$filter" in.edf -o pass.edf --band off --mains off --ecg off
says "passed through unchanged (nothing was to be done)"
[ "$(tail -n 1 err)" = "emg-filter: in.edf: 0 of 2 channels conditioned: pass.edf" ] || wrong "the last sentence"
exits 0 "$filter" in.edf -o out.wav
says "read it with --full-scale"
exits 0 "$tools/emg-info" --validate out.wav

# Filters beyond a channel's rate (2048 Hz here) are left out, and that is said.
exits 0 "$filter" in.edf -o beyond.edf --notch 5000 --stop 3000-4000
says "; 2 of 3 filters lie beyond its rate"
exits 0 "$filter" in.edf -o beyond.edf --band off --mains off --ecg off --notch 5000
says "passed through unchanged (every filter lies beyond its rate)"

exits 0 "$filter" in.edf -o narrow.edf --band 49.5-50.5 --mains off -v
says "HP:49.5Hz LP:50.5Hz"

exits 4 "$filter" in.edf -o energy.wav --envelope teager-kaiser
says "not of their squares"
exits 0 "$filter" in.edf -o energy.edf --envelope teager-kaiser
for kind in rms rms:0.05 average low-pass:6 low-pass hilbert hilbert:5; do
    exits 0 "$filter" in.edf -o envelope.edf --envelope $kind
    exits 0 "$tools/emg-info" envelope.edf
    prints "W_ENVELOPE"
done
exits 3 "$filter" in.edf -o envelope.edf --envelope hilbert:900

# The table of what was removed.
exits 0 "$filter" in.edf -o out.edf --removed removed.tsv --ecg auto
head -n 1 removed.tsv | grep -q "^channel	target_muscle	conditioned	unit	prefilter	low_hz	" || wrong "header of removed.tsv"
[ "$(wc -l <removed.tsv)" -eq "$(($(grep -c 'EMG' info) + 1))" ] || wrong "rows of removed.tsv"

# The response: a table of the filters at a rate, without an input.
exits 0 "$filter" --show-response --rate 2000 --band 20-450 --notch 50:10
silent
[ "$(head -n 1 out)" = "frequency_hz	gain	gain_db	phase_deg	group_delay_s" ] || wrong "header of the response"
awk -F '\t' 'NR > 1 && $1 >= 49.999 && $1 <= 50.001 && $3 < -60 { notch = 1 }
    NR > 1 && $1 == 20 && $3 < -6.01 && $3 > -6.6 { low = 1 }
    NR > 1 && ($4 != 0 || $5 != 0) { phase = 1 } END { exit !(notch && low && !phase) }' out ||
    wrong "response of 20-450 Hz with a notch"
exits 0 "$filter" --show-response --rate 2000 --forward --band -450
awk -F '\t' 'NR > 1 && $1 == 450 && $3 < -3.009 && $3 > -3.012 && $4 < -100 && $5 > 0 { found = 1 } END { exit !found }' out ||
    wrong "response of a causal low-pass"
exits 0 "$filter" in.edf --show-response --fir
exits 2 "$filter" --show-response --rate 2000 --band off
says "no filter acts"

exits 0 "$filter" --response-svg response.svg --rate 2000 --notch 50
[ ! -s out ] || wrong "a picture alone prints a table"
grep -q "</svg>" response.svg || wrong "the picture is not whole"
exits 4 "$filter" --response-svg none/response.svg --rate 2000
says "none/response.svg"

# Wrong usage.
exits 2 "$filter" in.edf
says "no output file given with -o FILE"
exits 2 "$filter" -o x.edf
says "no input given"
exits 2 "$filter" -o x.edf --rate 100 --show-response
says "no input given"
exits 2 "$filter" in.edf -o x.edf --rate 1000
says "--rate is for --show-response"
exits 2 "$filter" in.edf in.edf -o x.edf
exits 2 "$filter" in.edf --outptu x.edf
says "the nearest is --output"
exits 2 "$filter" in.edf -o -
says "cannot go to standard output"
exits 2 "$filter" in.edf -o ""
exits 2 "$filter" in.edf -o x.txt
says "must end in .edf, .bdf or .wav"
exits 2 "$filter" in.edf -o in.edf
says "never overwritten"
ln in.edf same.edf
exits 2 "$filter" in.edf -o ./same.edf
says "never overwritten"
for band in 20 450-20 - x-450 20-y 0- -0 20-450- nan-450; do
    exits 2 "$filter" in.edf -o x.edf --band "$band"
    says "--band '$band'"
done
for wrong_use in "--order 0" "--order 13" "--order 2.5" "--stop 50" "--stop 52-48" "--stop 48-" "--notch x" "--notch 50:0" \
    "--notch -50" "--transition 0" "--attenuation 200" "--mains 55" "--ecg yes" "--envelope loud" "--envelope rms:0" \
    "--envelope teager-kaiser:1" "--envelope rms:61" "--envelope r" "--envelope :1" "--wav-samples 8" "--preset skin" "--rate 0"; do
    # shellcheck disable=SC2086
    exits 2 "$filter" in.edf -o x.edf $wrong_use
    says "${wrong_use%% *} '"
done

# Inputs that cannot be read, outputs that cannot be written.
exits 3 "$filter" none.edf -o x.edf
says "emg-filter: none.edf: "
exits 3 "$filter" . -o x.edf
says "not a regular file"
exits 3 "$filter" in.edf -o x.edf -c nothing
says "nothing"
exits 4 "$filter" in.edf -o none/x.edf
says "none/x.edf"
exits 4 "$filter" in.edf -o x.edf --removed none/r.tsv
says "none/r.tsv"
mkdir folder.edf
exits 4 "$filter" in.edf -o folder.edf
says "cannot be replaced"
exits 3 "$filter" in.edf -o x.edf --band 20-450 --stop 600-1200 # sampled at 2000 Hz
says "1200"
(
    ulimit -f 20
    "$filter" in.edf -o x.edf 2>err
    echo $? >code
)
[ "$(cat code)" -eq 4 ] || wrong "a full disk: exit $(cat code)"
says "cannot be written"
[ ! -e x.edf ] || wrong "a refused output was left"
[ "$(find . -name '*.tmp' | wc -l)" -eq 0 ] || wrong "an unfinished file was left"

# Streams.
"$filter" --show-response --rate 2000 >/dev/full 2>err
[ $? -eq 4 ] || wrong "a response into a full device does not end with 4"
{ sleep 0.3; "$filter" --show-response --rate 2000; echo $? >code; } 2>err | true
[ "$(cat code)" -eq 0 ] || wrong "a response without a reader: exit $(cat code)"
"$filter" in.edf -o closed.edf <&- >&- 2>&- || wrong "all standard streams closed"
cmp -s out.edf closed.edf || wrong "closed streams change the output"

# Ctrl-C: exit 130, and neither output nor unfinished file.
exits 0 "$tools/emg-simulate" long --duration 0:02:00 --no-truth -o long.edf
if can "Ctrl-C" command -v python3; then
    python3 - "$filter" >out 2>err <<'PYTHON'
import glob, signal, subprocess, sys, time
job = subprocess.Popen([sys.argv[1], "long.edf", "-o", "stopped.edf", "--ecg", "auto", "--order", "12", "-q"])
while not glob.glob(".stopped.edf.*.tmp") and job.poll() is None:
    time.sleep(0.002)
job.send_signal(signal.SIGINT)
print("exit", job.wait(timeout=60))
PYTHON
    prints "exit 130"
    [ -z "$(find . -name "*stopped.edf*")" ] || wrong "an interrupted run left $(find . -name "*stopped.edf*")"
fi
rm long.edf

# Identity and annotations stay out unless asked for.
exits 0 "$filter" in.edf -o with.edf --include-annotations --include-identity
exits 0 "$tools/emg-info" with.edf
finish
