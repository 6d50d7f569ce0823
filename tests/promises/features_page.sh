# SPDX-License-Identifier: GPL-3.0-or-later
# The methods page has each feature of the table with its formula and source, and emg-spectrum's help lists the same.
. "$EMG_SOURCE/tests/support/shell.sh"
"$tools/emg-spectrum" --help=man >"$work/man" || exit 1
awk '/^\.SH Features/ { on = 1; next } /^\.SH/ { on = 0 } on && /^\.B / { sub(/^\.B /, ""); gsub(/\\/, ""); print }' "$work/man" >"$work/names"
[ "$(wc -l <"$work/names")" -gt 30 ] || wrong "the manual lists too few features"
"$EMG_BUILD/tests/promises/print_features" >"$work/rows" || exit 1
cut -d '|' -f 2 "$work/rows" | tr -d ' `' >"$work/table"
cmp -s "$work/names" "$work/table" || wrong "help and table name different features"
grep -Fxvf "$EMG_SOURCE/lib/METHODS.md" "$work/rows" >"$work/out"
[ ! -s "$work/out" ] || wrong "rows that lib/METHODS.md lacks or tells otherwise (print_features writes them)"
[ "$(grep '^| `[a-z0-9_]*` | `' "$EMG_SOURCE/lib/METHODS.md" | wc -l)" -eq "$(wc -l <"$work/rows")" ] ||
    wrong "lib/METHODS.md has features that the table lacks"
finish
