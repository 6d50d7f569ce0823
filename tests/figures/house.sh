# SPDX-License-Identifier: GPL-3.0-or-later
# The house: public functions, the share that stands in the file named like its header, lengths: name<TAB>value.
set -eu
cd "$EMG_SOURCE"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm -A --defined-only "$EMG_BUILD/lib/libmyogram.a" 2>/dev/null |
    awk '$(NF - 1) == "T" && $NF ~ /^emg_/ {
        split($1, part, ":"); sub(/\.c\.o$/, "", part[2]); print part[2] "\t" $NF }' |
    sort -u >"$work/functions"
while IFS='	' read -r source name; do
    grep -qw "$name" "include/emg/$source.h" 2>/dev/null && echo "$name"
done <"$work/functions" >"$work/alike"
all=$(wc -l <"$work/functions")
awk -v all="$all" -v alike="$(wc -l <"$work/alike")" 'BEGIN {
    printf "public_functions\t%d\npublic_function_in_file_of_its_header\t%.3f\n", all, alike / all }'
find lib cli include -name '*.[ch]' -exec wc -l {} + | awk '
    $2 != "total" { if ($1 > longest) longest = $1; lines += $1 }
    END { printf "longest_file\t%d\nproduct_lines\t%d\n", longest, lines }'
find lib -name '*.[ch]' | sed 's#/[^/]*$##' | sort | uniq -c | awk '
    $1 > most { most = $1 }
    END { printf "files_in_fullest_folder\t%d\n", most }'
