# SPDX-License-Identifier: GPL-3.0-or-later
# Counts and seconds of a class are the same in the rows, the muscles table, the JSON and the sentences of a report, and no
# class lasts longer than what was analysed; each episode of a rhythm has as many burst times as it counts;
# on every preset, several channels a muscle too, and on shared recordings.
. "$EMG_SOURCE/tests/support/shell.sh"
report=$tools/emg-report

compare() { # FOLDER: of reports
    for events in "$1"/*_events.tsv; do
        stem=${events%_events.tsv}
        awk -F'\t' -v stem="$stem" -v name="$(basename "$stem")" '
            function near(a, b) { return a - b < 0.002 + 0.0005 * b && b - a < 0.002 + 0.0005 * b }
            function known(text) { return text == "n/a" || text == "null" ? 0 : text + 0 }
            function in_json(line, key) {
                return match(line, "\"" key "\": [^,}]*") ? substr(line, RSTART + length(key) + 4, RLENGTH - length(key) - 4) : "none"
            }
            function check(muscle, class, what, a, b) {
                n_checked++
                if (!near(a, b)) print name ", " muscle ", " class ": " what " " a " and not " b
            }
            BEGIN {
                n = split("clonus tremor rhythmic spasm tonic myokymia neuromyotonia motor_unit indeterminate artifact", lasting, " ")
                split("fasciculation evoked myoclonus clonus tremor rhythmic spasm tonic", counted, " ")
                for (i = 1; i <= 8; i++) column_of[counted[i]] = counted[i] (i <= 3 ? "_count" : "_episodes")
                title["Clonus"] = "clonus"; title["Tremor"] = "tremor"; title["Artefact"] = "artifact"; title["Myokymia"] = "myokymia"
                title["Neuromyotonia"] = "neuromyotonia"; title["Cramp or spasm"] = "spasm"; title["Indeterminate activity"] = "indeterminate"
                title["Tonic or voluntary activity"] = "tonic"; title["Regular single motor unit"] = "motor_unit"
                title["Rhythmic bursts (clonus or tremor, unresolved)"] = "rhythmic"; title["Fasciculations"] = "fasciculation"
                title["Myoclonic jerks"] = "myoclonus"; title["Evoked responses"] = "evoked"
            }
            FNR == 1 { file++; for (i = 1; i <= NF; i++) at[file, $i] = i; if (file < 3) next }
            file == 1 { # rows, by onset
                m = $at[1, "target_muscle"]; c = $at[1, "trial_type"]; from = $1; to = $1 + $2
                rows[m, c]++
                all[m]++
                if (!((m, c) in end) || from > end[m, c]) { seconds[m, c] += $2; end[m, c] = to }
                else if (to > end[m, c]) { seconds[m, c] += to - end[m, c]; end[m, c] = to }
            }
            file == 2 { # muscles
                m = $at[2, "target_muscle"]
                for (i = 1; i <= n; i++) {
                    c = lasting[i]; table = known($at[2, c "_total_s"]); total[m, c] = table
                    check(m, c, "seconds of the rows", seconds[m, c] + 0, table)
                    if (table > $at[2, "analysed_s"] + 0.01) print name ", " m ", " c ": " table " s of " $at[2, "analysed_s"] " s"
                }
                for (c in column_of) check(m, c, "rows", rows[m, c] + 0, known($at[2, column_of[c]]))
            }
            file == 3 && /"n_events"/ && !/"heart"/ { # a muscle of the JSON
                m = in_json($0, "target_muscle")
                gsub(/"/, "", m)
                for (i = 1; i <= n; i++) check(m, lasting[i], "seconds of the JSON", known(in_json($0, lasting[i] "_total_s")), total[m, lasting[i]])
                for (c in column_of) check(m, c, "count of the JSON", known(in_json($0, column_of[c])), rows[m, c] + 0)
                check(m, "events", "count of the JSON", in_json($0, "n_events"), all[m] + 0)
                text = $0
                sub(/.*"sentences": \[/, "", text)
                k = split(text, sentence, /", "|"\]/)
                for (i = 1; i <= k; i++) {
                    sub(/^"/, "", sentence[i])
                    colon = index(sentence[i], ": ")
                    head = substr(sentence[i], 1, colon - 1)
                    if (!(head in title)) continue
                    told[m, title[head]] = 1
                    said = substr(sentence[i], colon + 2)
                    check(m, title[head], "count of the sentence", said + 0, rows[m, title[head]] + 0)
                    if (match(said, /[0-9.]+ s in all/)) {
                        s = substr(said, RSTART) + 0
                        if (s < 0.99 * total[m, title[head]] || s > 1.01 * total[m, title[head]]) print name ", " m ": the sentence says " s " s"
                    }
                }
            }
            file == 3 && /"bursts_left_out"/ { # an episode: bursts that a contraction hides have no times
                n_episodes++
                n_times = $0
                sub(/.*"at": \[/, "", n_times)
                sub(/\].*/, "", n_times)
                n_times = (n_times == "" ? 0 : split(n_times, times, ",")) + in_json($0, "bursts_left_out")
                if (n_times > in_json($0, "count") + 0 || n_times < 0.8 * in_json($0, "count"))
                    print name ": an episode of " in_json($0, "count") " bursts has " n_times " times"
            }
            END {
                for (key in rows) if (rows[key] > 0 && !(key in told)) { split(key, part, SUBSEP); print name ", " part[1] ": no sentence of " part[2] }
                if (n_checked < 37) print name ": nothing was compared"
            }' "$events" "${stem}_muscles.tsv" "${stem}_report.json" >>"$work/breaks"
    done
}

: >"$work/breaks"
presets=$("$tools/emg-simulate" --list | sed -n 's/^\([a-z][a-z-]*\)\t.*/\1/p' | grep -vx 'long\|cramp')
samples=$EMG_BUILD/tests/samples
exits 0 "$tools/emg-simulate" cramp --seed 7 --duration 60 -o "$work/cramp.edf" # needs more than the 20 s of samples
set -- "$work/cramp.edf"
for preset in $presets; do
    set -- "$@" "$(sample "$preset")"
done
[ $# -gt 12 ] || wrong "only $# presets"
exits 0 "$report" -q -j 2 --formats tsv,json "$@" -o "$work/simulated"
compare "$work/simulated"
# one muscle of all channels: their rows overlap
for preset in ankle-clonus tremor voluntary; do
    printf 'EMG L Soleus\tCalf\nEMG L Gastroc\tCalf\nEMG L Tib Ant\tCalf\nEMG R Wrist Flex\tCalf\nEMG R Wrist Ext\tCalf\nEMG R Biceps\tCalf\nEMG R Triceps\tCalf\n' >"$work/map.tsv"
    exits 0 "$report" -q --formats tsv,json --muscles "$work/map.tsv" "$samples/$preset.edf" -o "$work/joined"
done
compare "$work/joined"
ls "$work/joined"/*_events.tsv >"$work/out"
[ "$(wc -l <"$work/out")" -eq 3 ] || wrong "not three reports of one muscle"
if [ -d "$EMG_SHARED/data/labelled" ]; then
    run nice "$report" -q -j 2 --formats tsv,json "$EMG_SHARED"/data/labelled/*.edf "$EMG_SHARED"/data/real/*.edf -o "$work/shared"
    compare "$work/shared"
else
    echo "SKIPPED: no recordings in $EMG_SHARED/data" >&2
    n_left_out=1
fi
if [ -s "$work/breaks" ]; then
    cp "$work/breaks" "$work/out"
    wrong "$(wc -l <"$work/breaks" | tr -d ' ') disagreements, the first: $(head -1 "$work/breaks")"
fi
finish
