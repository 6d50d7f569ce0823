# SPDX-License-Identifier: GPL-3.0-or-later
# The bar of a long run: on a terminal only, for a batch and within one recording, and it leaves nothing behind.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample fasciculation) || exit 1
mkdir "$work/in"
cp "$good" "$work/in/a.edf"
cp "$good" "$work/in/b.edf"
echo rubbish >"$work/in/c.edf"
cd "$work" || exit 1
can "a terminal" python3 -c 'import pty' || exit 77

on_terminal() { # COMMAND...: standard error is a terminal; what it shows goes to $work/shown, a line a bar
    python3 - "$@" >"$work/shown" <<'PYTHON'
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
job = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=theirs)
os.close(theirs)
shown = b""
try:
    while more := os.read(ours, 65536):
        shown += more
except OSError:  # the other end is closed
    pass
job.wait()
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
PYTHON
}

shows() { # PATTERN: a line of what the terminal was shown
    grep -q "$1" "$work/shown" || wrong "not shown: $1 ($(head -c 2000 "$work/shown"))"
}

on_terminal "$tools/emg-report" -j 2 in -o batch
shows '\[=* *\] 0 of 3'
shows '\[=* *\] 2 of 3'
shows '\[========================================\] 3 of 3, 1 failed'
shows '1 of 3 inputs failed'
on_terminal "$tools/emg-report" -q in -o batch
if grep -q '\[' "$work/shown"; then wrong "a bar though -q was said"; fi
for tool in emg-report emg-spikes emg-rhythm; do
    output=
    [ $tool != emg-report ] || output="-o one"
    # shellcheck disable=SC2086 # two words
    on_terminal "$tools/$tool" in/a.edf $output
    shows '\[=* *\] [0-9]* %'
    [ "$(tail -n 1 "$work/shown" | tr -d '\033[K')" = "" ] || wrong "$tool leaves its bar behind"
done
on_terminal "$tools/emg-simulate" fasciculation --no-truth -o x.edf
shows '\[=* *\] [0-9]* %'

# Without a terminal there is no bar; -v tells of each recording.
exits 1 "$tools/emg-report" -v in -o verbose
says "in/a.edf: a"
says "1 of 3 inputs failed"
if grep -q '\[=' "$work/err"; then wrong "a bar without a terminal"; fi
finish
