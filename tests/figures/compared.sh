# SPDX-License-Identifier: GPL-3.0-or-later
# The table of figures itself: what got worse fails, what cannot run here is skipped, renewing writes values only.
. "$EMG_SOURCE/tests/support/shell.sh"
EMG_FIGURES=$work/table
export EMG_FIGURES
figures=$EMG_SOURCE/tests/figures.sh

line() { # COMMAND FIGURE WORST [SHARED]: one more line of the table
    printf '%s\t%s\t0\t%s\t%s\n' "$1" "$2" "$3" "${4:-no}" >>"$EMG_FIGURES"
}

new() {
    printf '# remark\ncommand\tfigure\tvalue\tworst\tshared\n' >"$EMG_FIGURES"
}

verdict() { # FIGURE WORD
    awk -v figure="$1" '$1 == figure { $1 = ""; print }' "$work/out" | grep -q "$2\$" || wrong "$1 is not $2"
}

three='printf "a\t0.5\nb\t3\nc\t-2e-3\n"'
new
line "$three" a '>= 0.5'
line "$three" b '<= 3'
line "$three" c '-0.01..0.01'
line "echo; printf 'd\t7\n'" d '= 7'
line "printf 'e\tn/a\n'" e '-'
exits 0 sh "$figures" "$EMG_BUILD"
for figure in a b c d e; do verdict $figure ok; done

for worse in 'a >= 0.51' 'b <= 2.9' 'b = 2' 'c 0..1' 'missing >= 0'; do
    new
    line "$three" a '>= 0'
    line "$three" "${worse%% *}" "${worse#* }"
    exits 1 sh "$figures" "$EMG_BUILD"
    grep -q FAIL "$work/out" || wrong "nothing failed: $worse"
done
new
line "printf 'e\tn/a\n'" e '>= 0'
line "printf 'f\t1\n'; exit 3" f '>= 0'
exits 1 sh "$figures" "$EMG_BUILD"
verdict e FAIL
says "FAILED with 3"

new
line "exit 77" a '>= 1'
line "$three" b '<= 3'
line "touch $work/ran; $three" c '<= 3' yes
EMG_SHARED=$work/none exits 77 sh "$figures" "$EMG_BUILD"
verdict a skipped
verdict b ok
verdict c skipped
[ ! -e "$work/ran" ] || wrong "what needs shared recordings was run without them"
says "SKIPPED: exit 77"

exits 0 sh "$figures" "$EMG_BUILD" --renew
grep -qxF "$(printf '%s\tb\t3\t<= 3\tno' "$three")" "$EMG_FIGURES" || wrong "the value was not renewed"
grep -qxF "$(printf 'exit 77\ta\t0\t>= 1\tno')" "$EMG_FIGURES" || wrong "a value that was not found was changed"
finish
