#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The examination in one command: builds, runs every cell that is not done yet, writes a table and a page with plots.
#
#   sh tests/exam/examine.sh                        development ground
#   sh tests/exam/examine.sh training locked shifted
#   sh tests/exam/examine.sh --part detection --cells snr12 --records 10
#   sh tests/exam/examine.sh --own                  without baselines and bound
#   sh tests/exam/examine.sh --publish locked ...   also renews BASELINES.md and adds to history.tsv in tests/exam;
#                                                   with --own RESULTS.md instead: baselines change only with the ground
#   sh tests/exam/examine.sh --tune                 finds the baselines' parameters on the training ground again
#
# Results are kept in build/exam, a file a cell; a run that was stopped goes on where it was. Training, locked and shifted ground
# with every baseline take some minutes of processor time each.
set -eu
cd "$(dirname "$0")/../.."
splits= publish= tune= options= part= own=
while [ $# -gt 0 ]; do
    case $1 in
    training | development | locked | shifted) splits="$splits $1" ;;
    --publish) publish=yes ;;
    --tune) tune=yes ;;
    --own) own=--own ;;
    --records | --part | --cells | -j)
        [ $# -ge 2 ] || { echo "examine.sh: $1 needs an argument" >&2; exit 2; }
        options="$options $1 $2"
        [ "$1" = -j ] || part=yes
        shift
        ;;
    *)
        sed -n '4,12s/^#//p' "$0" >&2
        exit 2
        ;;
    esac
    shift
done
[ -z "$publish" ] || [ -z "$part" ] || {
    echo "examine.sh: only whole splits are published: leave out --records, --part and --cells" >&2
    exit 2
}

[ -f build/plain/CMakeCache.txt ] || cmake -S . -B build/plain -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/plain -j "$(nproc)" --target exam >/dev/null
exam=build/plain/tests/exam/exam
[ -z "$tune" ] || $exam tune
mkdir -p build/exam
[ -n "$splits" ] || [ -z "$tune" ] || exit 0
for split in ${splits:-development}; do
    # shellcheck disable=SC2086
    $exam run --split "$split" --folder build/exam -j "$(nproc)" $own $options
done
$exam figures --folder build/exam $own >build/exam/figures.tsv
$exam tell --folder build/exam $own --table build/exam/RESULTS.md --page build/exam/exam.html
if [ -n "$publish" ]; then
    $exam tell --folder build/exam $own --table /dev/null --history tests/exam/history.tsv # fails where results are old
    cp build/exam/RESULTS.md "tests/exam/$([ -n "$own" ] && echo RESULTS || echo BASELINES).md"
fi
echo "Table: build/exam/RESULTS.md   Page: build/exam/exam.html   Figures: build/exam/figures.tsv"
