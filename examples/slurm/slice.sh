#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=emg-slice
#SBATCH --cpus-per-task=1
#SBATCH --mem=256M
#SBATCH --requeue
# One task of the array: slice.sh SLICES RECORDINGS REPORTS. A task that is started again goes on where it was.
# Exit code 1 means that some inputs failed, which the tables tell; the array has done its work all the same.
emg-report -q --resume --slice "$SLURM_ARRAY_TASK_ID/$1" "$2" -o "$3" || [ $? -le 1 ]
