# SPDX-License-Identifier: GPL-3.0-or-later
# emg-compare over recordings and reports; what it says of muscles that are not in both, and what it refuses.
. "$EMG_SOURCE/tests/support/shell.sh"
compare=$tools/emg-compare

cell() { # MUSCLE QUANTITY COLUMN: of the table that was printed last
    awk -F'\t' -v muscle="$1" -v quantity="$2" -v column="$3" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i }
        $3 == muscle && $4 == quantity { print $at }' "$work/out"
}

is() { # MUSCLE QUANTITY COLUMN VALUE
    [ "$(cell "$1" "$2" "$3")" = "$4" ] || wrong "$1 $2 $3 is $(cell "$1" "$2" "$3"), not $4"
}

simulate() { # NAME SCENARIO...: a recording in the folder
    "$tools/emg-simulate" "$2" -o "$work/$1.edf" --seed "$3" --duration "$4" >/dev/null || exit 1
}

simulate few fasciculation:per_min=10 5 300
simulate many fasciculation:per_min=30 6 300
simulate mixed mixed 7 120
exits 0 "$tools/emg-report" -q "$work/few.edf" -o "$work/r/few"
exits 0 "$tools/emg-report" -q "$work/many.edf" -o "$work/r/many"

same() { # whether the table that was printed last is the first one; holds() takes its place
    cmp "$work/1.tsv" "$work/last.tsv"
}

# Recordings, their reports, and one of each give the same bytes, run after run.
exits 0 "$compare" "$work/few.edf" "$work/many.edf" --json "$work/1.json" --html "$work/1.html"
silent
cp "$work/out" "$work/1.tsv"
is "L Biceps" fasciculation_per_min differs yes
is "L Biceps" fasciculation_count differs n/a
is "L Gastroc" fasciculation_least_seen a 50
is "L Gastroc" fasciculation_least_seen units uV
cell "L Biceps" fasciculation_per_min remark | grep -q '^from 50 uV on in both; counts scatter' ||
    wrong "nobody says from which amplitude on both are counted"
awk -F'\t' '$4 == "fasciculation_per_min" && !($15 > 1.5 && $16 < $15 && $17 > $15 && $17 < 6) { exit 1 }' "$work/1.tsv" ||
    wrong "three times the rate has another ratio"
awk -F'\t' 'NF != 19 { exit 1 }' "$work/1.tsv" || wrong "a row has not 19 cells"
exits 0 "$compare" "$work/r/few" "$work/r/many" --json "$work/2.json" --html "$work/2.html"
cp "$work/out" "$work/last.tsv"
holds "reports differ from their recordings" same
exits 0 "$compare" "$work/few.edf" "$work/r/many/many_report.json"
cp "$work/out" "$work/last.tsv"
holds "a recording and a report differ from two recordings" same
holds "JSON of reports and recordings differs" cmp "$work/1.json" "$work/2.json"
holds "pages of reports and recordings differ" cmp "$work/1.html" "$work/2.html"
exits 0 env LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$compare" "$work/r/few" "$work/r/many"
cp "$work/out" "$work/last.tsv"
holds "locale or time zone changes the table" same
exits 0 "$compare" "$work/few.edf" "$work/few.edf"
is "L Biceps" fasciculation_per_min ratio 1
is "L Biceps" fasciculation_per_min differs no
grep -q '</html>' "$work/1.html" || wrong "the page is not whole"
grep -qE 'https?://|src=' "$work/1.html" && wrong "the page asks for something from outside"
grep -q "Research use only" "$work/1.html" || wrong "the page has no disclaimer"
can "the JSON read back" command -v python3 && holds "the JSON is not what it should be" python3 -c "
import json
d = json.load(open('$work/1.json'))
assert d['schema'] == 'myogram-comparison' and d['a']['recording'] == 'few' and d['b']['recording'] == 'many'
m = d['muscles'][0]
f = m['fasciculations']
assert sum(f['a_minutes']) == m['figures']['fasciculation_count']['a'] and len(f['b_minutes']) == 5
assert f['widened_by'] >= 1 and f['degrees_of_freedom'] == 8 and f['counted_from'] == 50
assert m['figures']['fasciculation_per_min']['differs'] is True
assert m['figures']['clonus_hz']['a'] is None and set(d['quantities']) == set(m['figures'])
assert set(d['columns']) < set(m['figures']['rms'])"

# Muscles that only one has.
exits 0 "$compare" "$work/few.edf" "$work/mixed.edf"
says "few.edf: muscle 'L Gastroc' is not in the other recording: not compared"
says "mixed.edf: muscle 'L Soleus' is not in the other recording: not compared"
[ "$(cut -f 3 "$work/out" | sort -u | wc -l)" = 2 ] || wrong "what is not in both was compared"
exits 0 "$compare" -q "$work/few.edf" "$work/mixed.edf"
silent
printf '[recording]\nname = other\nduration_s = 20\n\n[channel EMG R Soleus]\n' >"$work/other.txt"
"$tools/emg-simulate" "$work/other.txt" -o "$work/other.edf" >/dev/null || exit 1
exits 0 "$compare" "$work/few.edf" "$work/other.edf"
says "no muscle is in both: nothing was compared"
[ "$(wc -l <"$work/out")" = 1 ] || wrong "an empty table has no header line"

# A muscle that is never at rest has no counts, and the reason is said.
printf '[recording]\nname = busy\nduration_s = 60\n\n[channel EMG L Biceps]\n\n[floor]\nunits = 12\nlevel_sigma = 20\nfiring_hz = 12\n' >"$work/busy.txt"
"$tools/emg-simulate" "$work/busy.txt" -o "$work/busy.edf" >/dev/null || exit 1
exits 0 "$compare" -q "$work/few.edf" "$work/busy.edf"
is "L Biceps" fasciculation_count b n/a
is "L Biceps" fasciculation_per_min ratio_low n/a
cell "L Biceps" fasciculation_per_min remark | grep -q '^B never rests: below [0-9.]* uV nothing can be seen$' ||
    wrong "nobody says that the muscle never rests: $(cell "L Biceps" fasciculation_per_min remark)"

# Episodes and contractions are compared where there are several, from recordings and reports alike.
printf '[recording]\nname = rhythms\nrate_hz = 1000\nduration_s = 200\n\n[channel EMG L Soleus]\n\n[clonus]\n\n[channel EMG L Biceps]\n\n[tonic]\n' \
    >"$work/rhythms.txt"
simulate first "$work/rhythms.txt" 1 200
simulate second "$work/rhythms.txt" 2 200
exits 0 "$tools/emg-report" -q "$work/first.edf" -o "$work/r/first"
exits 0 "$compare" "$work/first.edf" "$work/second.edf"
cp "$work/out" "$work/episodes.tsv"
exits 0 "$compare" "$work/r/first" "$work/second.edf"
cmp -s "$work/out" "$work/episodes.tsv" || wrong "episodes of a report differ from those of its recording"
for row in "L Soleus:clonus_episode_hz:difference" "L Soleus:clonus_episode_s:ratio" "L Biceps:tonic_episode_s:ratio" \
    "L Biceps:tonic_episode_amplitude:ratio"; do
    rest=${row#*:}
    quantity=${rest%:*}
    is "${row%%:*}" "$quantity" differs no
    [ "$(cell "${row%%:*}" "$quantity" "${row##*:}_low")" != n/a ] || wrong "$quantity has no interval"
    cell "${row%%:*}" "$quantity" remark | grep -q "^Welch's t of .* and .* episodes, as if independent" ||
        wrong "$quantity does not say what it rests on"
done
is "L Biceps" clonus_episode_hz differs n/a

# Settings and versions that differ are named.
exits 0 "$tools/emg-report" -q "$work/many.edf" -o "$work/r/other" --set fasciculation.least_amplitude_uv=30 --band 30-400
exits 2 "$compare" "$work/r/few" "$work/r/other"
says "fasciculation.least_amplitude_uv (50 and 30)"
says "condition.low_hz (20 and 30)"
[ ! -s "$work/out" ] || wrong "what cannot be compared printed a table"
exits 2 "$compare" "$work/few.edf" "$work/r/other"
exits 0 "$compare" "$work/few.edf" "$work/r/other" --set fasciculation.least_amplitude_uv=30 --band 30-400
exits 0 "$compare" "$work/r/few" "$work/r/many" --set fasciculation.least_amplitude_uv=30
says "the settings given are not used"
mkdir "$work/r/old"
sed 's/"version": "[^"]*"/"version": "0.0.9"/' "$work/r/many/many_report.json" >"$work/r/old/many_report.json"
cp "$work/r/many/many_events.tsv" "$work/r/old"
exits 2 "$compare" "$work/r/few" "$work/r/old"
says "version ("
says "and 0.0.9)"

# Folders of a study: reports of equal stems, pair by pair; what has no partner, and what fails, is said.
mkdir "$work/before" "$work/after" "$work/before/ward" "$work/after/ward"
for stem in p1 p2 ward/p1 ward/p4; do
    simulate "before/$stem" fasciculation:per_min=10 "1$(echo $stem | tr -dc 0-9)" 120
    simulate "after/$stem" fasciculation:per_min=30 "2$(echo $stem | tr -dc 0-9)" 120
done
mv "$work/before/ward/p4.edf" "$work/before/old.edf"
exits 0 "$tools/emg-report" -q "$work/before" -o "$work/s/before"
exits 0 "$tools/emg-report" -q "$work/after" -o "$work/s/after"
exits 0 "$compare" "$work/s/before" "$work/s/after" --json "$work/s.json" --html "$work/s.html"
says "before: 'old' has no report in the other folder: not compared"
says "after: 'ward/p4' has no report in the other folder: not compared"
cp "$work/out" "$work/s.tsv"
[ "$(cut -f 1,2 "$work/s.tsv" | uniq | tr '\t\n' '= ')" = "recording_a=recording_b p1=p1 p2=p2 ward/p1=ward/p1 all=all " ] ||
    wrong "the pairs are $(cut -f 1,2 "$work/s.tsv" | uniq)"
is "L Biceps" fasciculation_ratio_over_pairs differs yes
is "L Biceps" fasciculation_ratio_over_pairs a n/a
exits 0 "$compare" -q "$work/s/before/p2_report.json" "$work/s/after/p2_report.json"
silent
tail -n +2 "$work/out" >"$work/p2.tsv"
awk -F'\t' '$1 == "p2"' "$work/s.tsv" | cmp -s - "$work/p2.tsv" || wrong "a pair of several differs from itself alone"
exits 0 "$compare" "$work/s/before" "$work/s/after" --json "$work/s2.json" --html "$work/s2.html"
holds "JSON differs from run to run" cmp "$work/s.json" "$work/s2.json"
holds "pages differ from run to run" cmp "$work/s.html" "$work/s2.html"
grep -oE ' id="[^"]*"' "$work/s.html" | sort | uniq -d >"$work/ids"
[ ! -s "$work/ids" ] || wrong "the page has an id twice: $(cat "$work/ids")"
can "the JSON read back" command -v python3 && holds "the JSON of several is not what it should be" python3 -c "
import json
d = json.load(open('$work/s.json'))
assert d['schema'] == 'myogram-comparisons' and len(d['comparisons']) == 3 and d['failed'] == []
assert d['recordings_only_in_a'] == ['old'] and d['recordings_only_in_b'] == ['ward/p4']
c = d['comparisons'][1]
assert c['schema'] == 'myogram-comparison' and c['a']['recording'] == 'p2'
assert d['all'][0]['pairs'] == 3 and d['all'][0]['ratio_low'] > 1 and d['all'][0]['differs'] is True"
head -c 3000 "$work/s/after/p1_report.json" >"$work/cut" && mv "$work/cut" "$work/s/after/p1_report.json"
sed 's/"version": "[^"]*"/"version": "0.0.9"/' "$work/s/after/ward/p1_report.json" >"$work/cut" && mv "$work/cut" "$work/s/after/ward/p1_report.json"
exits 1 "$compare" -q "$work/s/before" "$work/s/after" --json "$work/f.json" --html "$work/f.html"
says "p1: $work/s/after/p1_report.json: line"
says "ward/p1: A and B were not made alike: version ("
[ "$(cut -f 1 "$work/out" | sort -u | tr '\n' ' ')" = "all p2 recording_a " ] || wrong "the pair that does not fail is not there"
is "L Biceps" fasciculation_ratio_over_pairs remark "1 of 1 pairs: an interval needs 3"
grep -q 'Not compared</h2><ul><li><b class="code">p1</b> .*: line' "$work/f.html" || wrong "the page does not tell a failure"
grep -q '"failed": \[{"pair": "p1", "message": ".*: line' "$work/f.json" || wrong "the JSON does not tell a failure"
rm "$work/s/after/p2_report.json"
exits 3 "$compare" "$work/s/before" "$work/s/after" --json "$work/none.json"
says "after: tables without STEM_report.json are not compared"
[ ! -s "$work/out" ] || wrong "without any comparison there is a table"
[ ! -e "$work/none.json" ] || wrong "without any comparison there is JSON"

# What cannot be compared.
exits 2 "$compare" "$work/few.edf"
exits 2 "$compare" a b c
exits 2 "$compare" a b --jsn x
says "the nearest is --json"
exits 2 "$compare" a b --html ''
exits 3 "$compare" "$work/few.edf" "$work/none.edf"
says "none.edf: cannot be opened"
exits 3 "$compare" "$work/none_report.json" "$work/few.edf"
says "none_report.json"
mkdir "$work/empty" "$work/r/tables"
exits 2 "$compare" "$work/r/few" "$work/empty"
says "holds no report"
cp "$work/r/many/many_events.tsv" "$work/r/tables"
exits 2 "$compare" "$work/r/few" "$work/r/tables"
says "make them with emg-report --formats tsv,json"
exits 2 "$compare" "$work/r" "$work/few.edf"
says "reports, and the other side is one: name one of them by its STEM_report.json"
exits 2 "$compare" "$work/r" "$work/r/few"
says "no report of A has the stem of one of B"
says "name two of them by their STEM_report.json"
mkdir "$work/bad"
cp "$work/r/many/"many_* "$work/bad"
head -c 3000 "$work/r/many/many_report.json" >"$work/bad/many_report.json"
exits 3 "$compare" "$work/r/few" "$work/bad"
says "many_report.json: line"
echo '{"schema": "myogram-score"}' >"$work/bad/many_report.json"
exits 3 "$compare" "$work/r/few" "$work/bad"
says "not a report of emg-report"
cp "$work/r/many/many_report.json" "$work/bad/many_report.json"
sed 's/L Biceps/Another/g' "$work/r/many/many_events.tsv" >"$work/bad/many_events.tsv"
exits 3 "$compare" "$work/r/few" "$work/bad"
says "many_events.tsv: its events are of a muscle"
awk -F'\t' -v OFS='\t' 'NR == 9 { $1 = "x" } { print }' "$work/r/many/many_events.tsv" >"$work/bad/many_events.tsv"
exits 3 "$compare" "$work/r/few" "$work/bad"
says "row 8 of the table: 'onset' is not a number"
rm "$work/bad/many_events.tsv"
exits 3 "$compare" "$work/r/few" "$work/bad/many_report.json"
says "many_events.tsv"
exits 4 "$compare" "$work/r/few" "$work/r/many" --json "$work/no/such/folder.json"
exits 4 sh -c "'$compare' '$work/r/few' '$work/r/many' >/dev/full"
exits 0 sh -c "'$compare' '$work/r/few' '$work/r/many' | true"
exits 0 sh -c "'$compare' '$work/r/few' '$work/r/many' >&-"
exits 0 "$compare" --help
prints "Usage: emg-compare A B"
silent

# Hostile names stay text, in a table, a page and JSON.
printf '[recording]\nname = h\nduration_s = 60\n\n[channel EMG =cmd<b>&]\n\n[fasciculation]\n' >"$work/hostile.txt"
"$tools/emg-simulate" "$work/hostile.txt" -o "$work/hostile.edf" >/dev/null || exit 1
exits 0 "$tools/emg-report" -q "$work/hostile.edf" -o "$work/r/hostile"
exits 0 "$compare" "$work/hostile.edf" "$work/r/hostile" --json "$work/h.json" --html "$work/h.html"
silent
is "'=cmd<b>&" fasciculation_per_min ratio 1
grep -q 'cmd<b>' "$work/h.html" && wrong "a name became markup"
grep -q 'cmd&#60;b&#62;&#38;' "$work/h.html" || wrong "a name is not on the page"
can "the JSON read back" command -v python3 && holds "an exact name is not in the JSON" python3 -c "
import json
assert json.load(open('$work/h.json'))['muscles'][0]['target_muscle'] == '=cmd<b>&'"
grep -qiE '\b(als|benign|healthy|disease|patient)\b' "$work/1.html" "$work/1.json" "$work/1.tsv" && wrong "a word of a diagnosis"
finish
