# SPDX-License-Identifier: GPL-3.0-or-later
# A few programs under valgrind: no invalid access, no use of what was never set, nothing left behind. BUILD folder.
set -eu
build=$1
check() {
    valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 "$@" >/dev/null
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$build/cli/emg-simulate" mixed -o "$work/mixed.edf" --seed 3 --duration 20 >/dev/null
check "$build/cli/emg-report" "$work/mixed.edf" -o "$work/reports"
check "$build/cli/emg-spikes" "$work/mixed.edf"
check "$build/cli/emg-filter" "$work/mixed.edf" -o "$work/conditioned.edf"
check "$build/cli/emg-spectrum" "$work/mixed.edf"
check "$build/cli/emg-simulate" ankle-clonus -o "$work/clonus.edf" --seed 3 --duration 10
for name in test_text test_setting test_memory test_sink test_report_tables test_report_summary test_hostile; do
    program=$(find "$build/tests" -type f -name "$name" | head -n 1)
    [ -n "$program" ]
    check "$program"
done
