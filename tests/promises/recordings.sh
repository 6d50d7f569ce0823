# SPDX-License-Identifier: GPL-3.0-or-later
# Real recordings and odd files of many writers: each is reported with exactly the promised header lines, or refused with a
# sentence that names it.
. "$EMG_SOURCE/tests/support/shell.sh"
shared=$EMG_SHARED
if [ ! -d "$shared/data/real" ]; then
    echo "SKIPPED: no recordings in $shared/data" >&2
    exit 77
fi
report=$tools/emg-report

tabs() { tr ' ' '\t'; }
tabs >"$work/events_header" <<'TEXT'
onset duration trial_type channel target_muscle n_channels amplitude_uv amplitude_rel snr_db frequency_hz count interval_cv interval_rcv unit confidence reasons peak
TEXT
tr '\n' ' ' <<'TEXT' | sed 's/ $//' | tabs >"$work/muscles_header"
recording target_muscle channels sampling_frequency analysed_s excluded_s rest_s noise_uv noise_rel threshold_uv threshold_rel quality pattern pattern_confidence
fasciculation_count fasciculation_per_min fasciculation_per_min_low fasciculation_per_min_high fasciculation_amplitude_uv fasciculation_amplitude_rel fasciculation_interval_median_s fasciculation_interval_cv fasciculation_isolated_share fasciculation_doublet_share fasciculation_units fasciculation_first_s fasciculation_last_s small_potential_count small_potential_per_min evoked_count
myoclonus_count myoclonus_per_min clonus_episodes clonus_beats clonus_total_s clonus_longest_s clonus_hz tremor_episodes tremor_total_s tremor_longest_s tremor_hz rhythmic_episodes rhythmic_total_s rhythmic_hz myokymia_total_s neuromyotonia_total_s spasm_episodes spasm_total_s spasm_longest_s tonic_episodes tonic_total_s tonic_longest_s motor_unit_total_s motor_unit_hz indeterminate_total_s artifact_total_s
rms_uv rms_rel mav_uv mav_rel mean_frequency_hz median_frequency_hz peak_frequency_hz spectral_entropy
TEXT
echo >>"$work/muscles_header"
printf 'input\tstem\tstatus\tmessage\tcontent_hash\n' >"$work/batch_header"

# Every recording done has all its files, their first line is the promised one byte for byte, every line has as many cells,
# and the JSON is JSON.
cat >"$work/check.py" <<'PYTHON'
import json, os, sys

work, folder = sys.argv[1:]
headers = {name: open(os.path.join(work, name + "_header"), "rb").read() for name in ("events", "muscles", "batch")}
wrong = 0

def complain(sentence):
    global wrong
    wrong += 1
    print(sentence)

def check_table(path, header):
    lines = open(path, "rb").read().split(b"\n")
    if lines[0] + b"\n" != headers[header]:
        complain(path + ": the header line is not the promised one")
    if lines[-1] != b"" or {line.count(b"\t") for line in lines[:-1]} != {headers[header].count(b"\t")}:
        complain(path + ": a line has another number of cells")

check_table(os.path.join(folder, "muscles.tsv"), "muscles")
check_table(os.path.join(folder, "batch.tsv"), "batch")
rows = [line.split("\t") for line in open(os.path.join(folder, "batch.tsv"), encoding="utf-8").read().split("\n")[1:-1]]
for name, stem, status, message, _ in rows:
    base = os.path.join(folder, stem)
    if status == "failed" and message == "n/a":
        complain(name + ": refused without a reason")
    if status not in ("done", "no_muscles"):
        continue
    if not os.path.exists(base + "_events.tsv"):
        complain(name + ": no report")
        continue
    check_table(base + "_events.tsv", "events")
    check_table(base + "_muscles.tsv", "muscles")
    check_table(base + "_channels.tsv", "muscles")
    for ending in ("_events.json", "_report.json"):
        json.load(open(base + ending, encoding="utf-8"))
print(os.path.basename(folder) + ": %d recordings, %d refused" % (len(rows), sum(row[2] == "failed" for row in rows)))
sys.exit(wrong > 0)
PYTHON
can "reports read back" command -v python3 || exit 77

check() { # FOLDER-OF-REPORTS
    python3 "$work/check.py" "$work" "$1" || wrong "reports of $1 are not as promised"
}

exits 0 "$report" -q "$shared/data/real" -o "$work/real"
check "$work/real"
[ "$(wc -l <"$work/real/batch.tsv")" -ge 25 ] || wrong "recordings are missing from the batch"

refused() { # FOLDER-OF-REPORTS: each refused file is named once on stderr, with a reason
    awk -F '\t' '$3 == "failed" { print $1 }' "$1/batch.tsv" >"$work/refused"
    while read -r name; do
        [ "$(grep -cF "$name: " "$work/err")" -eq 1 ] || wrong "$name is refused without one sentence"
    done <"$work/refused"
}

for corpus in data/edf data/wav data/bids hostile; do
    [ -d "$shared/$corpus" ] || continue
    out=$work/$(echo "$corpus" | tr / -)
    "$report" -q "$shared/$corpus" -o "$out" >"$work/out" 2>"$work/err"
    code=$?
    [ "$code" -le 1 ] || wrong "$corpus: exit code $code"
    check "$out"
    refused "$out"
done
finish
