# SPDX-License-Identifier: GPL-3.0-or-later
# The scorer of the real ground on cases computed by hand; needs Python alone, no recordings.
. "$EMG_SOURCE/tests/support/shell.sh"
can "the scorer" python3 -c 'import collections; collections.Counter.total' || exit 77
run python3 -B "$EMG_SOURCE/tests/real/test_score.py"
[ "$code" -eq 0 ] || { cat "$work/err" && wrong "the scorer counts otherwise than by hand"; }
finish
