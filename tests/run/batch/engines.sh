# SPDX-License-Identifier: GPL-3.0-or-later
# The examples for GNU parallel, Snakemake and Slurm give the bytes of a plain run; each where it is installed.
. "$EMG_SOURCE/tests/support/shell.sh"
PATH=$tools:$PATH
export PATH
one=$(sample fasciculation) && two=$(sample mixed) || exit 1
cd "$work" || exit 1
mkdir in
for i in 1 2 3 4 5; do
    cp "$one" in/$i.edf
    cp "$two" in/b$i.edf
done
echo rubbish >in/c.edf
exits 1 emg-report -q in -o plain

same() { # FOLDER
    diff -r -x .myogram plain "$1" >"$work/out" || wrong "$1 and the plain run differ"
    [ "$(ls -A "$1/.myogram")" = journal ] || wrong "slices stay in $1"
}

if can "GNU parallel" parallel --version; then
    exits 1 sh "$EMG_SOURCE/examples/parallel.sh" in by_parallel 3
    same by_parallel
fi
if can "Snakemake" snakemake --version; then
    exits 0 snakemake -q -s "$EMG_SOURCE/examples/Snakefile" --cores 2 --config recordings=in reports=by_snakemake slices=3
    same by_snakemake
fi

# A Slurm of one node on loopback, with a configuration and state of its own.
slurm_starts() {
    mkdir -p "$work/slurm/state" "$work/slurm/spool" /run/munge && chown munge /run/munge || return 1
    pgrep -x munged >/dev/null || {
        runuser -u munge -- munged --pid-file=/run/munge/emg-test.pid || return 1
    }
    cat >"$work/slurm/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=$work/slurm/state
SlurmdSpoolDir=$work/slurm/spool
SlurmctldPidFile=$work/slurm/ctld.pid
SlurmdPidFile=$work/slurm/d.pid
SlurmctldLogFile=$work/slurm/ctld.log
SlurmdLogFile=$work/slurm/d.log
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(free -m | awk "/^Mem:/ { print int(\$2 / 2) }") State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    SLURM_CONF=$work/slurm/slurm.conf
    export SLURM_CONF
    slurmctld && slurmd || return 1
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        sinfo -h -t idle | grep -q idle && return 0
        sleep 1
    done
    return 1
}

slurm_stops() {
    for daemon in d ctld; do
        [ ! -s "$work/slurm/$daemon.pid" ] || kill "$(cat "$work/slurm/$daemon.pid")"
    done
    [ ! -s /run/munge/emg-test.pid ] || kill "$(cat /run/munge/emg-test.pid)"
    sleep 2
}

if can "Slurm" slurmctld -V && can "a Slurm of one node" slurm_starts; then
    exits 0 sh "$EMG_SOURCE/examples/slurm/submit.sh" in "$work/by_slurm" 3 --export=ALL --output="$work/slurm/%x-%j.log"
    for _ in $(seq 60); do
        [ -n "$(squeue -h)" ] || break
        sleep 1
    done
    cat "$work"/slurm/*.log >"$work/out"
    same by_slurm
fi
[ ! -d "$work/slurm" ] || slurm_stops
finish
