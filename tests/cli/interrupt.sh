# SPDX-License-Identifier: GPL-3.0-or-later
# Ctrl-C during a batch: exit 130, no half-written file.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample fasciculation) || exit 1
mkdir "$work/in"
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
    ln "$good" "$work/in/$i.edf" 2>/dev/null || cp "$good" "$work/in/$i.edf"
done
can "Ctrl-C" command -v python3 || exit 77
python3 - "$tools/emg-report" "$work/in" "$work/o" >"$work/out" 2>"$work/err" <<'PYTHON'
import signal, subprocess, sys
job = subprocess.Popen(sys.argv[1:3] + ["-o", sys.argv[3]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
job.stdout.readline()  # the first summary has begun
job.send_signal(signal.SIGINT)
job.stdout.read()
print("exit", job.wait(timeout=60))
PYTHON
prints "exit 130"
for file in $(find "$work/o" -type f ! -path '*/.myogram/*'); do
    case $file in
    *_events.tsv | *_events.json | *_muscles.tsv | *_channels.tsv | *_report.json | *_report.html | */muscles.tsv | */batch.tsv) ;;
    *) wrong "left behind: $file" ;;
    esac
done

# Within one recording that two workers share.
"$tools/emg-simulate" -q long --duration 120 --no-truth -o "$work/long.edf" || exit 1
python3 - "$tools/emg-report" "$work/long.edf" "$work/shared" >"$work/out" 2>"$work/err" <<'PYTHON'
import os, signal, subprocess, sys, time
for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGXCPU):
    signal.signal(stop, signal.SIG_DFL)  # whoever runs the test may ignore it
    job = subprocess.Popen(sys.argv[1:3] + ["-j", "2", "-o", sys.argv[3] + stop.name])
    while job.poll() is None and not os.path.exists(sys.argv[3] + stop.name + "/.myogram/journal"):
        time.sleep(0.001)
    time.sleep(0.05)
    job.send_signal(stop)
    print(stop.name, job.wait(timeout=60))
PYTHON
for signal in SIGINT SIGTERM SIGHUP SIGXCPU; do
    prints "$signal 130"
    [ ! -e "$work/shared$signal/long_events.tsv" ] || wrong "a recording stopped by $signal has a table"
done
[ ! -e "$work/o/30_events.tsv" ] || echo "the batch was faster than the signal"
finish
