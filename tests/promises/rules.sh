# SPDX-License-Identifier: GPL-3.0-or-later
# Every number of a decision is a row of a table that the tools show: no function of lib/analysis/classify or decide holds one, and the page
# beside them is made from the same tables.
. "$EMG_SOURCE/tests/support/shell.sh"
rhythm=$tools/emg-rhythm
folder=$EMG_SOURCE/lib/analysis/classify

exits 0 "$rhythm" --print-rules
silent
cp "$work/out" "$work/rules"
[ "$(head -n 1 "$work/rules" | tr '\t' ' ')" = "rule effect evidence test limit setting spread weight reason source sentence" ] ||
    wrong "the header line is another"
awk -F '\t' 'NF != 11 { print NR } { for (i = 1; i <= NF; i++) if ($i == "") print NR ": " i }' "$work/rules" >"$work/out"
[ ! -s "$work/out" ] || wrong "lines that do not have eleven cells"
exits 0 "$tools/emg-report" --print-rules
cmp -s "$work/out" "$work/rules" || wrong "emg-report shows other rules"
exits 0 "$rhythm" --set rhythm.acf=0.6 --print-rules no-such-file
grep -q "^envelope.high	one of	acf_height	>=	0.6	rhythm.acf	" "$work/out" || wrong "a limit does not follow its setting"
grep -q "^clear.envelope	needs	acf_height	>=	0.75	rhythm.acf + 0.15	" "$work/out" || wrong "nor one that is made of it"
exits 2 "$rhythm" --set rhythm.acf=2 --print-rules
exits 2 "$tools/emg-spikes" --print-rules
for tool in emg-rhythm emg-report; do
    exits 0 "$tools/$tool" --help
    prints "--print-rules"
done

holds "the page cannot be made" sh "$EMG_SOURCE/tests/support/rules.sh" "$EMG_BUILD" "$work/page"
diff "$folder/RULES.md" "$work/page" >"$work/out" ||
    wrong "RULES.md is not what the tables say; 'sh tests/support/rules.sh BUILD' renews it"

# Literals: none in the folder, and the search finds those that are put there.
literals() { # FILE...
    awk -f "$EMG_SOURCE/tests/support/literals.awk" "$@"
}
literals "$folder"/*.[ch] "$folder"/../decide/*.[ch] >"$work/out"
[ ! -s "$work/out" ] || wrong "numbers outside the tables"
n_found=$(sed 's/numbers\[PLAIN_PAUSE\]\.limit/0.5/' "$folder/joiner.c" >"$work/one.c" && literals "$work/one.c" | wc -l)
[ "$n_found" -eq 1 ] || wrong "a number in a function is not found"
cat >"$work/two.c" <<'END'
/* 3 and 4 in a comment */
enum { ROOM = 8 };
static const emgp_rule rows[] = {
    { "a.a", 5, "7" },
};
static const double island = 6.5;
#define HIDDEN 9
static double f(double x)
{
    return 0.5f * x + 1e3 * x + x1 + 2.0 * x + 'a' + 0x10; /* 11 */
}
END
literals "$work/two.c" | sed 's/.*: //' | tr '\n' ' ' >"$work/out"
[ "$(cat "$work/out")" = "6.5 9 0.5f 1e3 0x10 " ] || wrong "the search finds other numbers than it should"
echo "$(grep -c '	sets	' "$work/rules") numbers and $(grep -vc '	sets	\|^rule	' "$work/rules") rules"
finish
