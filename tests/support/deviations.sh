# SPDX-License-Identifier: GPL-3.0-or-later
# Renews the tables of lib/reading/DEVIATIONS.md from what `emg-info --codes` prints. BUILD folder [OUTPUT].
set -eu
page=$(cd "$(dirname "$0")/../.." && pwd)/lib/reading/DEVIATIONS.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1/cli/emg-info" --codes >"$work/codes"
awk -F '\t' -v codes="$work/codes" '
    function table(   line, cell) {
        if (kind == "") return
        print "| code | found | " (kind == "refused" ? "the sentence says" : kind == "read" ? "what comes of it" : "what is done") " |"
        print "|---|---|---|"
        while ((getline line < codes) > 0) {
            split(line, cell, "\t")
            if (cell[1] == kind) print "| `" cell[2] "` | " cell[3] " | " cell[4] " |"
        }
        close(codes)
    }
    /^\|/ { next }
    /^## / { if (kind != "") { table(); print "" } kind = tolower($0); sub(/^## /, "", kind) }
    { if (kind == "" || $0 != "" || last != "") print; last = $0 }
    END { table() }' "$page" >"$work/page"
cat "$work/page" >"${2:-$page}"
