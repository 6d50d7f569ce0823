# SPDX-License-Identifier: GPL-3.0-or-later
# One table of codes: the page beside the reader is made from it, the sources use each of its codes and no other, and
# every refusal met in the shared files is one that it lists.
. "$EMG_SOURCE/tests/support/shell.sh"
info=$tools/emg-info
exits 0 "$info" --codes
silent
cp "$work/out" "$work/codes"
cut -f 2 "$work/codes" | grep '^W_' | sort >"$work/listed"
[ "$(wc -l <"$work/listed")" -gt 50 ] || wrong "few codes are listed"
[ -z "$(uniq -d "$work/listed")" ] || wrong "listed twice: $(uniq -d "$work/listed")"
awk -F '\t' 'NF != 4 || $2 == "" || $3 == "" || $4 == "" { print NR }' "$work/codes" >"$work/out"
[ ! -s "$work/out" ] || wrong "lines that are not kind, code, found and done"

holds "the page cannot be made" sh "$EMG_SOURCE/tests/support/deviations.sh" "$EMG_BUILD" "$work/page"
diff "$EMG_SOURCE/lib/reading/DEVIATIONS.md" "$work/page" >"$work/out" ||
    wrong "DEVIATIONS.md is not what the table says; 'sh tests/support/deviations.sh BUILD' renews it"

# Deviations: what reading and the run of an analysis note, against the table, both ways.
cd "$EMG_SOURCE" || exit 1
find lib/reading lib/run -name '*.[ch]' ! -path lib/reading/source/code.c | xargs cat >"$work/sources"
grep -o '"W_[A-Z0-9_]*"' "$work/sources" | tr -d '"' | sort -u >"$work/used"
comm -13 "$work/listed" "$work/used" >"$work/out"
[ ! -s "$work/out" ] || wrong "codes that the table does not list"
comm -23 "$work/listed" "$work/used" >"$work/out"
[ ! -s "$work/out" ] || wrong "codes that nothing uses"

# Refusals: the words that the table promises stand in the sources, strings that go over lines joined.
tr '\n' ' ' <"$work/sources" | sed 's/"  *"//g' >"$work/joined"
awk -F '\t' '$1 == "refused" { print $4 }' "$work/codes" >"$work/words"
while IFS= read -r words; do
    grep -qF -- "$words" "$work/joined" || wrong "no refusal says: $words"
done <"$work/words"
for name in $(awk -F '\t' '$1 == "read" { print $2 }' "$work/codes"); do
    grep -qF "\"$name\"" "$work/sources" || wrong "no format is called $name"
done

find "$EMG_SHARED/hostile" "$EMG_SHARED/data" -type f \( -iname '*.edf' -o -iname '*.bdf' -o -iname '*.wav' -o -iname '*.gdf' \) \
    2>/dev/null | sort >"$work/files"
[ -s "$work/files" ] || echo "SKIPPED: no recordings at $EMG_SHARED; the refusals they meet are not looked up"
n=0
while IFS= read -r file; do
    run "$info" -q "$file"
    [ "$code" -ne 0 ] || continue
    n=$((n + 1))
    grep -qF -f "$work/words" "$work/err" || wrong "the table lacks this refusal"
    run "$info" -q --strict "$file"
    grep -qF -f "$work/words" "$work/err" || wrong "the table lacks this strict refusal"
done <"$work/files"
echo "$(wc -l <"$work/listed") deviations, $(wc -l <"$work/words") refusals, $n refused files looked up"
finish
