#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#SBATCH --job-name=emg-collect
#SBATCH --cpus-per-task=1
#SBATCH --mem=512M
# The job after the array: collect.sh REPORTS.
emg-report -q --collect "$1" || case $? in 1 | 3) ;; *) exit 4 ;; esac
