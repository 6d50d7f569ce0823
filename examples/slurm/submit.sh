#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A batch as a Slurm job array, one slice a task, and a job that collects once all have ended:
#     sh submit.sh RECORDINGS REPORTS SLICES [SBATCH-OPTIONS...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
recordings=$1
reports=$2
slices=$3
shift 3
array=$(sbatch --parsable --array="1-$slices" "$@" "$here/slice.sh" "$slices" "$recordings" "$reports")
sbatch --parsable --dependency="afterok:${array%%;*}" "$@" "$here/collect.sh" "$reports"
