# SPDX-License-Identifier: GPL-3.0-or-later
# Each fuzz target for half a minute, started from scenarios, tables and marks, and from hostile files and cases when there are any. BUILD folder of a
# fuzzing build.
set -eu
corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT
cp tests/fuzz/scenarios/* tests/fuzz/tables/* tests/fuzz/marks/* "$corpus"
cp ../shared/hostile/* ../shared/cases/* "$corpus" 2>/dev/null || true
for target in "$1"/tests/fuzz/fuzz_*; do
    if [ -x "$target" ] && [ -f "$target" ]; then
        mkdir -p "$corpus/$(basename "$target")"
        "$target" -max_total_time=30 -max_len=65536 -rss_limit_mb=1024 -timeout=20 -artifact_prefix="$1/" \
            "$corpus/$(basename "$target")" "$corpus"
    fi
done
