# SPDX-License-Identifier: GPL-3.0-or-later
# Renews the tables of lib/analysis/classify/RULES.md from what `emg-rhythm --print-rules` prints, and the order of the words
# from words.c. BUILD folder [OUTPUT].
set -eu
folder=$(cd "$(dirname "$0")/../.." && pwd)/lib/analysis/classify
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1/cli/emg-rhythm" --print-rules >"$work/rules"
sed -n 's/^    { EMG_\([A-Z_]*\), { \(EMGP_SET_.*\) } },$/\1\t\2/p' "$folder/../decide/words.c" | sed 's/EMGP_SET_//g' | tr A-Z a-z >"$work/words"
awk -F '\t' -v rules="$work/rules" -v words="$work/words" '
    function cell(text) { return text == "n/a" ? "" : text " " }
    function order(   line, row) {
        print "| word | sets |\n|---|---|"
        while ((getline line < words) > 0) {
            split(line, row, "\t")
            gsub(/, /, "`, `", row[2])
            print "| `" row[1] "` | `" row[2] "` |"
        }
        print "| `indeterminate` | |"
    }
    function sets(numbers,   line, row, set, last, i) { # numbers: of the rows that set a number, else of the others
        while ((getline line < rules) > 0) {
            split(line, row, "\t")
            if (row[1] == "rule" || (row[2] == "sets") != numbers) continue
            set = row[1]
            sub(/\..*/, "", set)
            if (set != last) {
                print (last == "" ? "" : "\n") "### `" set "`\n"
                print "| rule | effect | evidence | limit | setting | spread | weight | reason | source | sentence |"
                print "|---|---|---|---|---|---|---|---|---|---|"
            }
            last = set
            line = "| `" row[1] "` | " row[2] " | " cell(row[3]) "| " cell(row[4]) cell(row[5])
            for (i = 6; i <= 11; i++) line = line "| " cell(row[i])
            print line "|"
        }
        close(rules)
    }
    function tables() {
        if (kind == "") return
        if (kind == "order") order()
        else sets(kind == "numbers")
    }
    /^\|/ || /^### / { next }
    /^## / { if (kind != "") { tables(); print "" } kind = tolower($0); sub(/^## /, "", kind) }
    { if (kind == "" || $0 != "" || last != "") print; last = $0 }
    END { tables() }' "$folder/RULES.md" >"$work/page"
cat "$work/page" >"${2:-$folder/RULES.md}"
