# SPDX-License-Identifier: GPL-3.0-or-later
# A batch killed at any moment leaves reports that are whole or absent, and a second run gives what the first would have.
. "$EMG_SOURCE/tests/support/shell.sh"
can "a killed batch" command -v python3 || exit 77
good=$(sample mixed) || exit 1
mkdir "$work/in"
for i in 1 2 3 4 5 6 7 8 9; do
    cp "$good" "$work/in/$i.edf"
done
exits 0 "$tools/emg-report" -q "$work/in" -o "$work/whole"
python3 - "$tools/emg-report" "$work" >"$work/out" 2>"$work/err" <<'PYTHON' || wrong "a killed batch left something half-written"
import filecmp, os, shutil, subprocess, sys, time
tool, work = sys.argv[1:]
start = time.monotonic()
subprocess.run([tool, "-q", work + "/in", "-o", work + "/timed"], check=True)
span = time.monotonic() - start
n_files = 0
for attempt in range(40):
    shutil.rmtree(work + "/part", ignore_errors=True)
    job = subprocess.Popen([tool, "-q", work + "/in", "-o", work + "/part"])
    time.sleep(span * attempt / 40)
    job.kill()
    job.wait()
    for name in os.listdir(work + "/part") if os.path.isdir(work + "/part") else []:
        if name == ".myogram":
            continue
        n_files += 1
        if not filecmp.cmp(work + "/part/" + name, work + "/whole/" + name, shallow=False):
            sys.exit(name + " differs after a kill")
if n_files < 40:
    sys.exit("too few files were seen")
PYTHON
exits 0 "$tools/emg-report" -q "$work/in" -o "$work/part"
for name in $(ls "$work/whole"); do
    cmp -s "$work/whole/$name" "$work/part/$name" || wrong "$name differs after a second run"
done
finish
