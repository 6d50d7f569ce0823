# SPDX-License-Identifier: GPL-3.0-or-later
# Figures that must not get worse: runs the commands of figures.tsv, compares, fails when one got worse.
#
#   sh tests/figures.sh BUILD             prints name, value, worst allowed, ok, FAIL or skipped
#   sh tests/figures.sh BUILD --renew     writes the values found into the table's value column, and nothing else
#
# Columns of figures.tsv: command, figure, value (when last renewed), worst allowed, shared (yes: needs ../shared).
# Worst allowed is ">= 0.5", "<= 3", "= 7", "5.9..6.1", or "-": only shown. A command prints lines name<TAB>value, so
# that one run gives several figures. It is run in the project's folder with EMG_SOURCE, EMG_BUILD, EMG_SHARED and WORK,
# a folder of its own, and exits with 77 where it cannot run. New figures are appended; the worst allowed is tightened,
# or loosened with a reason.
set -eu
EMG_SOURCE=$(cd "$(dirname "$0")/.." && pwd)
EMG_BUILD=$(cd "${1:-${EMG_BUILD:?a build folder is wanted}}" && pwd)
EMG_SHARED=${EMG_SHARED:-$EMG_SOURCE/../shared}
table=${EMG_FIGURES:-$EMG_SOURCE/tests/figures.tsv} # another one: for its own test
WORK=$(mktemp -d)
export EMG_SOURCE EMG_BUILD EMG_SHARED WORK
trap 'rm -rf "$WORK"' EXIT
cd "$EMG_SOURCE"

grep -v '^#' "$table" | tail -n +2 | cut -f 1,5 | sort -u >"$WORK/commands"
while IFS='	' read -r command shared; do
    state=ran
    if [ "$shared" = yes ] && [ ! -d "$EMG_SHARED/data" ]; then
        state=skipped
    else
        code=0
        sh -c "$command" >"$WORK/out" 2>"$WORK/err" </dev/null || code=$?
        case $code in
        0) ;;
        77) state=skipped ;;
        *)
            state=failed
            printf 'FAILED with %s: %s\n' "$code" "$command" >&2
            tail -n 5 "$WORK/err" >&2
            ;;
        esac
    fi
    [ $state != skipped ] || printf 'SKIPPED: %s\n' "$command" >&2
    [ $state != ran ] ||
        command=$command awk -F'\t' 'NF == 2 { print "figure\t" ENVIRON["command"] "\t" $0 }' "$WORK/out"
    printf 'state\t%s\t%s\n' "$command" "$state"
done <"$WORK/commands" >"$WORK/found"

if [ "${2:-}" = --renew ]; then
    awk -F'\t' -v OFS='\t' '
        NR == FNR { if ($1 == "figure") value[$2, $3] = $4; next }
        ($1, $2) in value { $3 = value[$1, $2] }
        { print }' "$WORK/found" "$table" >"$WORK/table"
    cat "$WORK/table" >"$table"
    exit 0
fi

awk -F'\t' '
    function worse(value, limit, part, range) {
        split(limit, part, " ")
        if (part[1] == "-") return 0
        if (value !~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/) return 1
        if (part[1] == ">=") return value + 0 < part[2] + 0
        if (part[1] == "<=") return value + 0 > part[2] + 0
        if (split(limit, range, "[.][.]") == 2) return value + 0 < range[1] + 0 || value + 0 > range[2] + 0
        return part[1] != "=" || value + 0 != part[2] + 0
    }
    NR == FNR { if ($1 == "figure") value[$2, $3] = $4; else state[$2] = $3; next }
    /^#/ || $1 == "command" { next }
    !printed++ { printf "%-70s %12s %14s  %s\n", "figure", "value", "worst", "" }
    {
        verdict = "ok"
        if (state[$1] == "skipped") { verdict = "skipped"; skipped++ }
        else if (!(($1, $2) in value)) { verdict = "FAIL: not printed"; failed++ }
        else if (worse(value[$1, $2], $4)) { verdict = "FAIL"; failed++ }
        printf "%-70s %12s %14s  %s\n", $2, ($1, $2) in value ? value[$1, $2] : "", $4, verdict
    }
    END {
        if (failed) print failed " figures got worse"
        exit failed ? 1 : skipped ? 77 : 0
    }' "$WORK/found" "$table"
