#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A batch in slices with GNU parallel: sh parallel.sh RECORDINGS REPORTS [SLICES [PARALLEL-OPTIONS]]
# With PARALLEL-OPTIONS such as "--sshloginfile hosts" the slices run on other machines that see the same folders.
set -eu
recordings=$1
reports=$2
slices=${3:-$(nproc)}
options=${4:-}

# Exit codes 1 and 3 of a slice mean that some or all of its inputs failed, which the tables tell; what is worse stops here.
one_slice='emg-report -q --resume --slice {}/'$slices' "$recordings" -o "$reports" || case $? in 1 | 3) ;; *) exit 4 ;; esac'
export recordings reports
# shellcheck disable=SC2086 # several options in one text
seq 1 "$slices" | parallel $options --halt soon,fail=1 "$one_slice"
exec emg-report -q --collect "$reports"
