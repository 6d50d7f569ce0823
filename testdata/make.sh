#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the test recordings with the project's own simulator and checks that they are the same bytes as ever.
# Usage: sh testdata/make.sh EMG-SIMULATE FOLDER     e.g.  sh testdata/make.sh build/cli/emg-simulate build/testdata
#        sh testdata/make.sh --sums EMG-SIMULATE FOLDER   prints new checksums instead of checking
set -eu

check=yes
if [ "${1-}" = --sums ]; then
    check=no
    shift
fi
if [ $# -ne 2 ]; then
    echo "usage: sh testdata/make.sh [--sums] EMG-SIMULATE FOLDER" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
case $1 in
*/*) tool=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") ;;
*) tool=$1 ;;
esac
mkdir -p "$2"
cd "$2"

# file, preset with settings, seed, seconds
while read -r file preset seed seconds; do
    "$tool" "$preset" --quiet --seed "$seed" --duration "$seconds" -o "$file"
done <<'LIST'
quiet.edf quiet 1 60
fasciculation.edf fasciculation 1 120
fasciculation-12db.edf fasciculation:snr_db=12,per_min=20 1 120
ankle-clonus.edf ankle-clonus 1 120
tremor.edf tremor 1 120
voluntary.edf voluntary 1 120
mixed.edf mixed 1 120
needle.bdf needle 1 60
regular-unit.edf regular-unit 1 60
myoclonus.edf myoclonus 1 120
myokymia.edf myokymia 1 60
cramp.edf cramp 1 120
long.bdf long 1 20
LIST

if [ "$check" = yes ]; then
    sha256sum --quiet --check "$here/SHA256SUMS"
else
    sha256sum -- *.edf *.bdf *_events.tsv
fi
