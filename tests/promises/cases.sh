# SPDX-License-Identifier: GPL-3.0-or-later
# Recordings as people have them, one of each kind: read, repaired or refused as promised, with what was found, and nothing of
# who was recorded, when, or what was annotated.
. "$EMG_SOURCE/tests/support/shell.sh"
cases=$EMG_SHARED/cases
if [ ! -d "$cases" ]; then
    echo "SKIPPED: no recordings at $cases" >&2
    exit 77
fi
info=$tools/emg-info
rhythm=$tools/emg-rhythm
report=$tools/emg-report

refused() { # FILE SENTENCE...: refused, with each of the sentences
    exits 3 "$info" "$cases/$1"
    shift
    for sentence in "$@"; do says "$sentence"; done
}

json() { # FILE EXPRESSION: the facts of a recording, r, must fulfil the expression
    exits 0 "$info" --json "$cases/$1"
    python3 -c 'import json, sys; r = json.load(sys.stdin); c = r["channels"]; sys.exit(not eval(sys.argv[1]))' "$2" \
        <"$work/out" || wrong "$1 is not: $2"
}
can "facts read back" command -v python3 || finish

refused annex_pointer.edf "a pointer of git-annex instead of the data" "git annex get"
refused openbci_ff_lost.bdf "byte 0: version field 'BIOSEMI' lacks the byte 0xFF before it" "put it back: printf"

json version_is_date.edf 'len(c) == 2 and r["duration_s"] == 30 and all(x["rate_hz"] == 256 for x in c)'
prints '"code": "W_VERSION"'
prints "holds a date"
exits 3 "$info" --strict "$cases/version_is_date.edf"
for name in number_dot number_plus; do
    json $name.edf 'r["deviations"] == [] and c[0]["physical_min"] == -0.5 and c[0]["physical_max"] == 0.5'
done
exits 0 "$info" "$cases/bad_startdate_tal1.edf"
prints "W_START_CLOCK  byte 5024: record time '3.734 s': the first record begins that much after the start time"
exits 0 "$info" "$cases/openbci_style_wallclock.edf"
prints "record time '1 gap'"

json labels_digits.edf '[x["label"] for x in c] == ["1", "1 Impedance", "1-2", "1-2 (Imp)", "1-F"] and [x["is_muscle"] for x in c] == [True, False, True, False, True]'
json iom_german_labels.edf 'len(c) == 6 and all(x["is_muscle"] for x in c)'
exits 0 "$rhythm" "$cases/iom_german_labels.edf"
silent
for channel in 'Orb oris re' 'Abd hall re' 'L bicep'; do
    n=$(awk -F '\t' -v channel="$channel" '$4 == channel { n += $11 } END { print n + 0 }' "$work/out")
    [ "$n" -eq 10 ] || wrong "$n events in $channel instead of 10"
done

json emg_two_same_label.edf '[x["muscle"] for x in c] == ["EMG #1", "EMG #2"]'
prints '"code": "W_LABEL_DUPLICATE"'
exits 0 "$rhythm" "$cases/emg_two_same_label.edf"
for muscle in 'EMG #1' 'EMG #2'; do
    n=$(awk -F '\t' -v muscle="$muscle" '$3 == "fasciculation" && $5 == muscle' "$work/out" | wc -l)
    [ "$n" -eq 10 ] || wrong "$n fasciculations in $muscle instead of 10"
done
json opensignals_blank_unit.edf '[x["muscle"] for x in c] == ["RAW #1", "RAW #2"]'
exits 2 "$rhythm" --unit kg "$cases/opensignals_blank_unit.edf"
says "--unit 'kg' is none of nV, uV, mV and V"
exits 0 "$rhythm" --unit mV "$cases/opensignals_blank_unit.edf"
[ "$(sed -n 2p "$work/out" | cut -f 7,8)" = "$(printf '150.73\tn/a')" ] || wrong "a declared unit does not calibrate"
printf 'name\ttype\tunits\nRAW #1\tEMG\tmV\n' >"$work/units.tsv"
exits 0 "$rhythm" --muscles "$work/units.tsv" "$cases/opensignals_blank_unit.edf"
[ "$(sed -n 2p "$work/out" | cut -f 7,8)" = "$(printf '150.73\tn/a')" ] || wrong "a table's unit does not calibrate"
exits 0 "$rhythm" --unit mV "$cases/rectified_bts.edf" --all-channels
[ "$(sed -n 2p "$work/out" | cut -f 7)" = 82.2086 ] || wrong "a declared unit overrides the file's"

exits 0 "$rhythm" "$cases/two64.edf"
says "left out, as too slow for the analysis band: channel 'EMG Leg'"
exits 0 "$report" "$cases/two64.edf" -o "$work/two"
prints "W_RATE_TOO_LOW sampling rate '64 Hz' of signal 2"

for name in rectified_bts envelope_myoware; do
    exits 0 "$rhythm" "$cases/$name.edf"
    says "not analysed, as rectified or an envelope by its samples: 1 channel; --all-channels takes such signals"
    [ "$(wc -l <"$work/out")" -eq 1 ] || wrong "events in $name"
    exits 0 "$rhythm" --all-channels "$cases/$name.edf"
    silent
    [ "$(wc -l <"$work/out")" -gt 3 ] || wrong "--all-channels takes nothing of $name"
done
exits 0 "$report" "$cases/rectified_bts.edf" -o "$work/rectified"
prints "Not analysed: rectified, no value lies below zero"

exits 0 "$rhythm" "$cases/mep_sweeps.edf"
says "left out: 0.9 s in stretches shorter than 1 s; --set episode.segment_least_s=SECONDS takes shorter ones"
exits 0 "$report" -q "$cases/mep_sweeps.edf" -o "$work/mep"
grep -q W_STRETCH_SHORT "$work/mep/mep_sweeps_report.json" || wrong "the report does not name what was too short"
exits 0 "$report" --replace --set episode.segment_least_s=0.1 "$cases/mep_sweeps.edf" -o "$work/mep"
silent
prints "Fasciculations: 6 in 0.9 s at rest, from"
cut -f 16-18 "$work/mep/mep_sweeps_muscles.tsv" >"$work/rates"
[ "$(sed -n 2p "$work/rates")" = "$(printf 'n/a\tn/a\tn/a')" ] || wrong "0.9 s make a rate: $(cat "$work/rates")"

# Everything that is written about all of them: no name, no date, no clock, no text of an annotation.
"$report" "$cases" -o "$work/all" >"$work/all.out" 2>"$work/all.err"
[ $? -eq 1 ] || wrong "not some but all or none of the recordings were refused"
"$info" "$cases"/*.[eb]df >>"$work/all.out" 2>>"$work/all.err"
"$info" --validate "$cases"/*.[eb]df >>"$work/all.out" 2>>"$work/all.err"
for secret in 02-MAR 02-MRZ 02.03.24 10.11.12 10:11 20160817 -2024 2024- ' tech' Movement 'Sleep stage'; do
    grep -rqF -- "$secret" "$work/all" "$work/all.out" "$work/all.err" && wrong "'$secret' is told unasked"
done
finish
