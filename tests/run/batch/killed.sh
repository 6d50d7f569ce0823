# SPDX-License-Identifier: GPL-3.0-or-later
# A batch stopped at sixty moments by SIGKILL, SIGTERM and SIGHUP leaves nothing mixed, nothing torn and nothing behind.
. "$EMG_SOURCE/tests/support/shell.sh"
can "a stopped batch" command -v python3 || exit 77
mkdir "$work/in"
for i in 1 2 3 4 5 6 7 8; do
    exits 0 "$tools/emg-simulate" mixed -o "$work/in/$i.edf" --seed "$i" --duration 40
done
holds "what a stopped batch leaves" python3 "$EMG_SOURCE/tests/run/batch/killed.py" "$tools/emg-report" "$work" 60
cat "$work/out"
finish
