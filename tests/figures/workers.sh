# SPDX-License-Identifier: GPL-3.0-or-later
# What further workers take and whether the reports show how many they were: name<TAB>value.
set -eu
tools=$EMG_BUILD/cli
command time -f %M true 2>/dev/null || exit 77
cd "$WORK"
mkdir workers
for i in 1 2 3; do
    "$tools/emg-simulate" -q long --duration 180 --seed $i --no-truth -o workers/$i.edf
done

peak() { # WORKERS INPUT OUTPUT: KiB of memory at most
    command time -f %M "$tools/emg-report" -q -j "$1" "$2" -o "$3" 2>&1
}

alone=$(peak 1 workers workers_1)
three=$(peak 3 workers workers_3)
one=$(peak 1 workers/1.edf one_1)
four=$(peak 4 workers/1.edf one_4)
others=0
for pair in 'workers_1 workers_3' 'one_1 one_4'; do
    # shellcheck disable=SC2086 # two folders
    others=$((others + $(diff -rq -x .myogram $pair | wc -l)))
done
awk -v alone="$alone" -v three="$three" -v one="$one" -v four="$four" -v others="$others" 'BEGIN {
    printf "worker_mib\t%.1f\n", (three - alone) / 2 / 1024
    printf "worker_of_one_recording_mib\t%.1f\n", (four - one) / 3 / 1024
    printf "worker_other_bytes\t%d\n", others }'
