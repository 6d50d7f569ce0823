#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Real ground in one command: runs the tools over the shared recordings, scores them with their truth, draws each one.
#
#   sh tests/real/real.sh BUILD [OUT]     writes OUT/RESULTS.md, OUT/figures.tsv, OUT/pictures (OUT: BUILD/real)
#   sh tests/real/real.sh BUILD [OUT] --publish   also renews tests/real/RESULTS.md
#   sh tests/real/real.sh BUILD [OUT] --figures   prints name<TAB>value lines only: no pictures, nothing left out
#
# The recordings (EMG_SHARED, or ../shared beside the project) are never copied; without them it ends with 77, skipped.
# To choose from other settings: /usr/bin/python3 tests/real/loo.py BUILD DATA OUT GRID, see grid.txt.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build= out= publish= figures=
for word in "$@"; do
    case $word in
    --publish) publish=yes ;;
    --figures) figures=--figures ;;
    -*) build= && break ;;
    *) if [ -z "$build" ]; then build=$word; else out=$word; fi ;;
    esac
done
[ -n "$build" ] || { sed -n '5,10s/^#//p' "$0" >&2; exit 2; }
data=${EMG_SHARED:-$here/../../../shared}/data
out=${out:-$build/real}
[ -f "$data/real/TRUTH.tsv" ] || { echo "SKIPPED: real recordings: there is no $data/real/TRUTH.tsv" >&2; exit 77; }
python=/usr/bin/python3 # the system's, since NumPy and Matplotlib are its packages
[ -x $python ] || python=python3
command -v $python >/dev/null || { echo "SKIPPED: real recordings: there is no python3" >&2; exit 77; }
mkdir -p "$out"
$python -B "$here/real.py" "$build" "$(cd "$data" && pwd)" "$out" $figures
[ -z "$publish" ] || cp "$out/RESULTS.md" "$here/RESULTS.md"
