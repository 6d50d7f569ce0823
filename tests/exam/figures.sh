# SPDX-License-Identifier: GPL-3.0-or-later
# Figures of the own detector on a small part of the development ground, for tests/figures.tsv: lines name<TAB>value.
set -eu
exam=$EMG_BUILD/tests/exam/exam
part="--split development --own --folder $WORK/exam -q"
# shellcheck disable=SC2086
{
    $exam run $part --records 3 --part rhythm --part quiet --part rows
    for cells in rate040_plain snr12_rate010 snr20_weakfloor; do
        $exam run $part --records 6 --part detection --cells $cells
    done
} >/dev/null
$exam figures --own --folder "$WORK/exam" 2>/dev/null | sed 's/^development\.myogram\./exam_/'
