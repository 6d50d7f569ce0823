# SPDX-License-Identifier: GPL-3.0-or-later
# File systems of 200 sizes, on which a batch replaces reports of other settings: exit 4 where there is no room, whatever there is
# whole, and nothing left behind once there is room.
. "$EMG_SOURCE/tests/support/shell.sh"
can "a full file system" command -v python3 || exit 77
can "a full file system of its own" unshare -m mount -t tmpfs -o size=64k none "$work" || exit 77
mkdir "$work/in"
for i in 1 2 3; do
    exits 0 "$tools/emg-simulate" mixed -o "$work/in/$i.edf" --seed "$i" --duration 20
done
holds "what a full disk leaves" unshare -m python3 "$EMG_SOURCE/tests/run/batch/full.py" "$tools/emg-report" "$work" 200
cat "$work/out"
finish
