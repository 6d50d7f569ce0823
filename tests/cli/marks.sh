# SPDX-License-Identifier: GPL-3.0-or-later
# Marked stimuli: what follows them is evoked; where nobody says so the report tells it, and never what the annotations say.
. "$EMG_SOURCE/tests/support/shell.sh"
recording=$EMG_SHARED/data/labelled/tms_sici.edf # 30 stimuli marked "TMS"
report=$tools/emg-report
rhythm=$tools/emg-rhythm

rows() { # WORD: rows of the last command's table with it
    awk -F'\t' -v word="$1" '$3 == word' "$work/out" | wc -l | tr -d ' '
}

exits 0 "$report" --print-config
prints "marks.within_task = no"
exits 0 "$report" --within-task --print-config
prints "marks.within_task = yes"
exits 0 "$report" --set marks.within_task=no --within-task --print-config
prints "marks.within_task = yes"
exits 2 "$report" --set marks.evoked_s=0.02 --set marks.artefact_s=0.02 --print-config
says "marks.artefact_s must be below marks.evoked_s"
exits 2 "$rhythm" "$recording" --stimulus
says "option --stimulus needs an argument"

if [ ! -f "$recording" ]; then
    echo "SKIPPED: no recordings in $EMG_SHARED/data" >&2
    [ "$n_failed" -eq 0 ] && exit 77
    finish
fi
exits 0 "$rhythm" "$recording"
[ "$(rows evoked)" -eq 0 ] || wrong "evoked without a marked stimulus"
exits 0 "$rhythm" --stimulus Nobody --stimulus 't*s' "$recording"
[ "$(rows evoked)" -eq 30 ] || wrong "$(rows evoked) evoked rows after 30 stimuli"
exits 0 "$rhythm" --task TMS "$recording"
[ "$(rows evoked)" -eq 0 ] || wrong "a task evokes nothing"

exits 0 "$report" "$recording" -o "$work/blind"
prints "Short events follow 30 annotations of 1 kind beyond chance"
prints "--stimulus"
grep -q '"time_locked": {"kinds": 1, "marks": 30}' "$work/blind/tms_sici_report.json" || wrong "JSON lacks time_locked"
grep -q TMS "$work/out" "$work/blind"/* && wrong "an annotation's text is in the outputs"
exits 0 "$report" --stimulus TMS "$recording" -o "$work/told"
prints "Evoked responses: 30"
grep -q "Short events follow" "$work/out" && wrong "what is said need not be told"
grep -q '"time_locked": {"kinds": 0, "marks": 0}' "$work/told/tms_sici_report.json" || wrong "JSON tells what was said"
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "evoked_count") column = i } NR == 2 { print $column }' \
    "$work/told/tms_sici_muscles.tsv" >"$work/count"
[ "$(cat "$work/count")" = 30 ] || wrong "evoked_count is $(cat "$work/count")"
finish
