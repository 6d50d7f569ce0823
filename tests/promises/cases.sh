# SPDX-License-Identifier: GPL-3.0-or-later
# Recordings as people have them, one of each kind: line by line of their table, read, repaired or refused as promised, with
# what was found, and nothing of who was recorded, when, or what was annotated.
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

rows() { # CLASS FILE [OPTIONS...]: how many events of the class emg-rhythm finds
    class=$1
    file=$2
    shift 2
    "$rhythm" "$@" "$cases/$file" 2>"$work/err" | awk -F '\t' -v class="$class" '$3 == class' | wc -l
}

cell() { # TABLE COLUMN LINE: a cell of a table with names in its first line
    awk -F '\t' -v name="$2" -v line="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } NR == line { print $at }' "$1"
}

is() { # WHAT FOUND DUE
    [ "$2" = "$3" ] || wrong "$1: $2 instead of $3"
}

truth_250hz="3.1 7.4 9.9 14.2 21.7 26.3 33.8 41.0 44.9 52.2"
at_truth() { # FILE SLACK_S: an event begins, or goes on, within that time of each true discharge, and few others
    "$rhythm" "$cases/$1" >"$work/out" 2>"$work/err"
    for t in $truth_250hz; do
        awk -F '\t' -v t="$t" -v slack="$2" 'NR > 1 && $1 - slack <= t && $1 + $2 + slack >= t { n++ } END { exit !n }' "$work/out" ||
            wrong "$1: nothing at $t s"
    done
}

check_annex_pointer() {
    refused annex_pointer.edf "a pointer of git-annex instead of the data" "git annex get"
}

check_version_is_date() {
    json version_is_date.edf 'len(c) == 2 and r["duration_s"] == 30 and all(x["rate_hz"] == 256 for x in c)'
    prints '"code": "W_VERSION"'
    prints "holds a date"
    exits 3 "$info" --strict "$cases/version_is_date.edf"
}

check_openbci_ff_lost() {
    refused openbci_ff_lost.bdf "byte 0: version field 'BIOSEMI' lacks the byte 0xFF before it" "put it back: printf"
}

check_openbci_style_wallclock() {
    exits 0 "$info" "$cases/openbci_style_wallclock.edf"
    prints "record time '1 gap'"
}

check_number_dot() {
    for name in number_dot number_plus; do
        json $name.edf 'r["deviations"] == [] and c[0]["physical_min"] == -0.5 and c[0]["physical_max"] == 0.5'
    done
}

check_number_plus() {
    check_number_dot
}

check_bad_startdate_tal1() {
    exits 0 "$info" "$cases/bad_startdate_tal1.edf"
    prints "W_START_CLOCK  byte 5024: record time '3.734 s': the first record begins that much after the start time"
}

check_labels_digits() {
    json labels_digits.edf '[x["label"] for x in c] == ["1", "1 Impedance", "1-2", "1-2 (Imp)", "1-F"] and [x["is_muscle"] for x in c] == [True, False, True, False, True]'
}

check_iom_german_labels() {
    json iom_german_labels.edf 'len(c) == 6 and all(x["is_muscle"] for x in c)'
    exits 0 "$rhythm" "$cases/iom_german_labels.edf"
    silent
    for channel in 'Orb oris re' 'Abd hall re' 'L bicep'; do
        n=$(awk -F '\t' -v channel="$channel" '$4 == channel { n += $11 } END { print n + 0 }' "$work/out")
        is "events in $channel" "$n" 10
    done
}

check_emg_two_same_label() {
    json emg_two_same_label.edf '[x["muscle"] for x in c] == ["EMG #1", "EMG #2"]'
    prints '"code": "W_LABEL_DUPLICATE"'
    exits 0 "$rhythm" "$cases/emg_two_same_label.edf"
    for muscle in 'EMG #1' 'EMG #2'; do
        n=$(awk -F '\t' -v muscle="$muscle" '$3 == "fasciculation" && $5 == muscle' "$work/out" | wc -l)
        is "fasciculations in $muscle" "$n" 10
    done
}

check_opensignals_blank_unit() {
    json opensignals_blank_unit.edf '[x["muscle"] for x in c] == ["RAW #1", "RAW #2"]'
    exits 2 "$rhythm" --unit kg "$cases/opensignals_blank_unit.edf"
    says "--unit 'kg' is none of nV, uV, mV and V"
    exits 0 "$rhythm" --unit mV "$cases/opensignals_blank_unit.edf"
    is "a declared unit" "$(sed -n 2p "$work/out" | cut -f 7,8)" "$(printf '150.73\tn/a')"
    printf 'name\ttype\tunits\nRAW #1\tEMG\tmV\n' >"$work/units.tsv"
    exits 0 "$rhythm" --muscles "$work/units.tsv" "$cases/opensignals_blank_unit.edf"
    is "a table's unit" "$(sed -n 2p "$work/out" | cut -f 7,8)" "$(printf '150.73\tn/a')"
    exits 0 "$rhythm" --unit mV "$cases/rectified_bts.edf" --all-channels
    is "the file's unit, which none overrides" "$(sed -n 2p "$work/out" | cut -f 7)" 82.2086
}

check_ann_at_channel() {
    exits 0 "$report" -q --without 'Movement*' "$cases/ann_at_channel.edf" -o "$work/at"
    exits 0 "$report" -q --without Movement "$cases/ann_at_channel.edf" -o "$work/before"
    cmp "$work/at/muscles.tsv" "$work/before/muscles.tsv" || wrong "what stands before the channel is no text of the mark"
    for line in 2 3; do is "analysed of channel $line" "$(cell "$work/at/muscles.tsv" analysed_s $line)" 55.000000; done
    awk -F '\t' 'NR > 1 && ($4 == "EMG TA L" && $1 >= 20 && $1 < 25 || $4 == "EMG TA R" && $1 >= 40 && $1 < 45)' \
        "$work/at/ann_at_channel_events.tsv" >"$work/out"
    [ ! -s "$work/out" ] || wrong "an event where the channel was left out"
    for there in "EMG TA R 21.7" "EMG TA L 41.0" "EMG TA L 44.9"; do
        awk -F '\t' -v there="$there" '$1 > 1 && there == $4 " " sprintf("%.1f", $1) { n++ } END { exit !n }' \
            "$work/at/ann_at_channel_events.tsv" || wrong "what is marked for the other channel is gone: $there"
    done
    exits 0 "$tools/emg-filter" -q --without Movement "$cases/ann_at_channel.edf" -o "$work/at.edf"
    json_of "$work/at.edf" '[x["start_s"] for x in r["segments"]] == [0, 25, 45]'
}

json_of() { # PATH EXPRESSION: as json, of any file
    exits 0 "$info" --json "$1"
    python3 -c 'import json, sys; r = json.load(sys.stdin); c = r["channels"]; sys.exit(not eval(sys.argv[1]))' "$2" \
        <"$work/out" || wrong "$1 is not: $2"
}

check_night_PSG() {
    exits 0 "$report" "$cases/night_PSG.edf" --marks "$cases/night_Hypnogram.edf" --within 'Sleep stage R' -o "$work/night"
    says "marks are aligned by start time"
    for line in 2 3; do is "analysed of REM sleep" "$(cell "$work/night/muscles.tsv" analysed_s $line)" 20.000000; done
    awk -F '\t' 'NR > 1 && ($1 < 20 || $1 > 40)' "$work/night/night_PSG_events.tsv" >"$work/out"
    [ ! -s "$work/out" ] || wrong "events outside the stage"
    [ "$(wc -l <"$work/night/night_PSG_events.tsv")" -gt 4 ] || wrong "few events within the stage"
}

check_night_Hypnogram() {
    exits 0 "$report" "$cases/night_Hypnogram.edf" -o "$work/stages"
    says "holds annotations only"
    says "--marks"
}

check_plain_two_columns() {
    json plain_two_columns.csv 'len(c) == 1 and c[0]["rate_hz"] == 1000 and r["format"] == "table"'
    exits 0 "$rhythm" "$cases/plain_two_columns.csv"
    is "the amplitude without a unit" "$(sed -n 2p "$work/out" | cut -f 7)" n/a
    exits 0 "$rhythm" --unit mV "$cases/plain_two_columns.csv"
    is "the relative amplitude with one" "$(sed -n 2p "$work/out" | cut -f 8)" n/a
}

check_biphasic_250hz() {
    at_truth biphasic_250hz.edf 0.06
    is "events" "$(($(wc -l <"$work/out") - 1))" 10
    is "events of another word" "$(awk -F '\t' 'NR > 1 && $3 != "fasciculation" && $3 != "myoclonus"' "$work/out" | wc -l)" 0
}

check_triphasic_250hz() {
    at_truth triphasic_250hz.edf 0.06
    is "events" "$(($(wc -l <"$work/out") - 1))" 10
    is "events that are no single discharge or jerk" \
        "$(awk -F '\t' 'NR > 1 && $3 != "fasciculation" && $3 != "myoclonus"' "$work/out" | wc -l)" 0
    exits 0 "$report" "$cases/triphasic_250hz.edf" -o "$work/slow"
    prints "fasciculations and short jerks are not told apart by their length"
}

# They last 50 ms in the analysis band, as jerks do: their shape repeats.
check_slow_biphasic_1000hz() {
    at_truth slow_biphasic_1000hz.edf 0.06
    is "events" "$(($(wc -l <"$work/out") - 1))" 10
    is "fasciculations" "$(awk -F '\t' '$3 == "fasciculation"' "$work/out" | wc -l)" 10
}

check_plm_series_200hz() {
    exits 0 "$rhythm" "$cases/plm_series_200hz.edf"
    for due in "LAT 12" "RAT 6"; do
        set -- $due
        is "movements of $1" "$(awk -F '\t' -v c="$1" '$3 == "tonic" && $4 == c' "$work/out" | wc -l)" "$2"
    done
    is "other words in the quiet" "$(awk -F '\t' 'NR > 1 && $3 != "tonic"' "$work/out" | wc -l)" 0
}

check_mep_sweeps() {
    exits 0 "$rhythm" "$cases/mep_sweeps.edf"
    says "left out: 0.9 s in stretches shorter than 1 s; --set episode.segment_least_s=SECONDS takes shorter ones"
    exits 0 "$report" -q "$cases/mep_sweeps.edf" -o "$work/mep"
    grep -q W_STRETCH_SHORT "$work/mep/mep_sweeps_report.json" || wrong "the report does not name what was too short"
    exits 0 "$report" --replace --set episode.segment_least_s=0.1 "$cases/mep_sweeps.edf" -o "$work/mep"
    silent
    prints "Fasciculations: 6 in 0.9 s at rest, from"
    cut -f 16-18 "$work/mep/mep_sweeps_muscles.tsv" >"$work/rates"
    is "a rate of 0.9 s" "$(sed -n 2p "$work/rates")" "$(printf 'n/a\tn/a\tn/a')"
}

check_rectified_bts() {
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
}

check_envelope_myoware() {
    exits 0 "$rhythm" "$cases/envelope_myoware.edf"
    says "not analysed, as rectified or an envelope"
}

check_rail_part() {
    exits 0 "$report" -q "$cases/rail_part.bdf" -o "$work/rail"
    awk -F '\t' 'NR > 1 && ($1 < 1.9 || $1 + $2 > 4.1)' "$work/rail/rail_part_events.tsv" >"$work/out"
    [ ! -s "$work/out" ] || wrong "an event at the rail"
    awk "BEGIN { exit !($(cell "$work/rail/muscles.tsv" analysed_s 2) > 1.7 && $(cell "$work/rail/muscles.tsv" analysed_s 2) <= 2.1) }" ||
        wrong "analysed for another time than the signal's"
}

check_flat_after_zero() {
    exits 0 "$report" "$cases/flat_after_zero.bdf" -o "$work/flat"
    prints "No signal: railed, constant or unplugged throughout"
    is "analysed" "$(cell "$work/flat/muscles.tsv" analysed_s 2)" 0.000000
    is "events" "$(wc -l <"$work/flat/flat_after_zero_events.tsv")" 1
}

check_electrode_off_10s_rail() {
    exits 0 "$report" "$cases/electrode_off_10s_rail.edf" -o "$work/off"
    prints "No signal in 10.1 s"
    is "events after it" "$(awk -F '\t' 'NR > 1 && $1 > 10.1' "$work/off/electrode_off_10s_rail_events.tsv" | wc -l)" 10
    is "events in all" "$(wc -l <"$work/off/electrode_off_10s_rail_events.tsv")" 11
}

check_two64() {
    exits 0 "$rhythm" "$cases/two64.edf"
    says "left out, as too slow for the analysis band: channel 'EMG Leg'"
    exits 0 "$report" "$cases/two64.edf" -o "$work/two"
    prints "Sampling rate '64 Hz' of signal 2: "
    prints "(W_RATE_TOO_LOW)"
}

check_h200k_64() {
    exits 0 "$report" "$cases/h200k_64.edf" -o "$work/fast"
    says "left out: 0.0001 s in stretches shorter than 1 s"
    if ! grep -q '^MYOGRAM_SANITIZE:STRING=.' "$EMG_BUILD/CMakeCache.txt"; then # sanitizers have a memory of their own
        kib=$(python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$report" --replace "$cases/h200k_64.edf" -o "$work/fast")
        [ "$kib" -le 65536 ] || wrong "19 kB take $kib KiB"
    fi
}

# Each line of the table has its check, and nothing is there without a line.
n_lines=0
for file in $(tail -n +2 "$cases/EXPECT.tsv" | cut -f 1); do
    name=${file%.*}
    [ -f "$cases/$file" ] || wrong "$file is not there"
    if command -v "check_$name" >/dev/null; then
        before=$n_failed
        "check_$name"
        [ "$n_failed" -eq "$before" ] || echo "$file is not as listed"
        n_lines=$((n_lines + 1))
    else
        wrong "$file is listed and nothing checks it"
    fi
done
echo "$n_lines lines"
[ "$n_lines" -ge 27 ] || wrong "the table has lost lines"

# Everything that is written about all of them: no name, no date, no clock, no text of an annotation.
"$report" "$cases" -o "$work/all" >"$work/all.out" 2>"$work/all.err"
[ $? -eq 1 ] || wrong "not some but all or none of the recordings were refused"
"$info" "$cases"/*.[eb]df >>"$work/all.out" 2>>"$work/all.err"
"$info" --validate "$cases"/*.[eb]df >>"$work/all.out" 2>>"$work/all.err"
for secret in 02-MAR 02-MRZ 02.03.24 10.11.12 10:11 20160817 -2024 2024- ' tech' Movement 'Sleep stage'; do
    grep -rqF -- "$secret" "$work/all" "$work/all.out" "$work/all.err" && wrong "'$secret' is told unasked"
done
finish
