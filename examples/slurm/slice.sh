#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=emg-slice
#SBATCH --cpus-per-task=1
#SBATCH --mem=256M
#SBATCH --requeue
# One task of the array: slice.sh SLICES RECORDINGS REPORTS. A task that is started again goes on where it was.
# Exit codes 1 and 3 mean that some or all inputs failed, which the tables tell; the array has done its work all the same.
emg-report -q --resume --slice "$SLURM_ARRAY_TASK_ID/$1" "$2" -o "$3" || case $? in 1 | 3) ;; *) exit 4 ;; esac
