# SPDX-License-Identifier: GPL-3.0-or-later
# One conditioning: events of a recording are those of what emg-filter makes of it; its options are the same everywhere.
. "$EMG_SOURCE/tests/support/shell.sh"
cd "$work" || exit 1

# Flags, and with them artefacts, are judged on the samples as they are read: these rows aside, the events agree in
# recordings without artefacts. Rounding to 24 bits may move a border by a few samples and a peak by its last digits.
agree() { # DIRECT AFTER
    awk -F '\t' '
    function off(a, b) { return a > b ? a - b : b - a }
    FNR == 1 || $3 == "artifact" { next }
    FNR == NR { n++; row[n] = $0; next }
    { m++; split(row[m], was, "\t")
      if ($3 != was[3] || $4 != was[4] || $11 != was[11] || off($1, was[1]) > 0.003 || off($2, was[2]) > 0.006 ||
          off($7, was[7]) > 0.01 * $7) { print row[m]; print; bad = 1 } }
    END { if (n == 0 || m != n) print n " events, " m " after"; exit bad || n == 0 || m != n }' "$1" "$2"
}
# Stuck at the rail for 20 to 50 ms now and then: bridged alike, so that neither finds what a filter makes of the steps.
cat >rail.txt <<'END'
[recording]
duration_s = 40
rate_hz = 1000
[channel EMG TA]
noise_uv = 3
[fasciculation]
per_min = 12
snr_db = 26
[saturation]
per_min = 8
least_s = 0.02
most_s = 0.05
END
"$tools/emg-simulate" ./rail.txt -o rail.edf --seed 2 >out 2>err || wrong "no recording with rails"
for preset in rail fasciculation ankle-clonus tremor cramp voluntary neuromyotonia; do
    [ $preset = rail ] || exits 0 "$tools/emg-simulate" $preset -o $preset.edf --duration 40 --seed 3
    exits 0 "$tools/emg-rhythm" $preset.edf
    cp out direct.tsv
    exits 0 "$tools/emg-filter" $preset.edf -o conditioned.bdf -q
    exits 0 "$tools/emg-rhythm" conditioned.bdf --mains off --band off --ecg off
    cp out after.tsv
    agree direct.tsv after.tsv >out || wrong "$preset: other events after emg-filter"
done

# Artefacts of marked stimuli are bridged alike, so that the response 8 ms behind each is found in both; untold it is not.
cat >evoked.txt <<'END'
[recording]
duration_s = 40
rate_hz = 2000
[channel EMG TA]
noise_uv = 4
[fasciculation]
per_min = 12
snr_db = 26
[evoked]
interval_s = 3
artefact_ms = 1
artefact_uv = 3000
latency_ms = 8
END
exits 0 "$tools/emg-simulate" ./evoked.txt -o evoked.edf --seed 4
exits 0 "$tools/emg-rhythm" evoked.edf --stimulus '*'
cp out direct.tsv
grep -q '	evoked	' direct.tsv || wrong "no response was found"
raw="--mains off --band off --ecg off"
for way in "--stimulus *" ""; do
    set -f # shellcheck disable=SC2086
    exits 0 "$tools/emg-filter" evoked.edf -o conditioned.bdf -q --include-annotations $way
    set +f # shellcheck disable=SC2086
    exits 0 "$tools/emg-rhythm" conditioned.bdf $raw --stimulus '*'
    cp out after.tsv
    if [ "$way" ]; then
        agree direct.tsv after.tsv >out || wrong "other events after emg-filter $way"
    else
        agree direct.tsv after.tsv >out && wrong "artefacts were bridged although nobody told of stimuli"
    fi
done
exits 0 "$tools/emg-filter" evoked.edf -o conditioned.bdf -q --include-annotations --stimulus '*'
exits 0 "$tools/emg-info" conditioned.bdf
prints "stimuli:bridged"
loud() { # the root mean squares of the last call
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { print $at["rms_uv"] }' out
}
# shellcheck disable=SC2086
exits 0 "$tools/emg-spectrum" conditioned.bdf $raw --features time --window 0.1
loud >filtered
for way in "--stimulus *" ""; do
    set -f # shellcheck disable=SC2086
    exits 0 "$tools/emg-spectrum" evoked.edf --features time --window 0.1 $way
    set +f
    loud | paste - filtered | awk -v bridged="$way" '
        { n++; d = $1 - $2; far += d > 0.01 || d < -0.01 }
        END { exit !(n > 300 && (bridged ? far == 0 : far > 10)) }' || wrong "emg-spectrum $way bridges otherwise"
done

# The band of what was filtered before is known from its header: without that the noise is estimated otherwise.
exits 0 "$tools/emg-report" fasciculation.edf -o direct_report -q
exits 0 "$tools/emg-filter" fasciculation.edf -o f.bdf -q
exits 0 "$tools/emg-report" f.bdf -o after_report -q --mains off --band off --ecg off
noise() { awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } NR > 1 { print $at["channels"], $at["noise_uv"] }' "$1"; }
noise direct_report/fasciculation_channels.tsv >direct
noise after_report/f_channels.tsv >after
# Medians of the noise are counted on keys 0.1 to 0.2 % apart: rounding to 24 bits may move one by a key.
paste direct after | awk '{ d = $NF - $(NF / 2); if (d < 0) d = -d; if (d > 0.002 * $NF) bad = 1 } END { exit bad || NR < 2 }' ||
    wrong "the noise after emg-filter is another: $(paste direct after | head -n 3)"

# The same options, the same sentences.
for tool in emg-report emg-rhythm emg-spikes emg-spectrum emg-filter; do
    exits 0 "$tools/$tool" --help
    for option in preset band mains ecg ecg-lead config set print-config; do
        grep -q -e "--$option " -e "--$option\$" out || wrong "$tool lacks --$option"
    done
    output=
    case $tool in
    emg-report) output="-o reports --replace" ;;
    emg-filter) output="-o o.edf" ;;
    esac
    for band in 20-450 20- -450 off; do
        # shellcheck disable=SC2086
        exits 0 "$tools/$tool" fasciculation.edf $output -q --band $band --mains off --ecg gate
    done
    for wrong_use in "--band 450-20" "--band -" "--band 20" "--mains 55" "--ecg yes" "--preset skin"; do
        # shellcheck disable=SC2086
        exits 2 "$tools/$tool" fasciculation.edf $output $wrong_use
        says "${wrong_use%% *} '"
    done
    # shellcheck disable=SC2086
    exits 3 "$tools/$tool" fasciculation.edf $output --ecg-lead '*'
    says "it must be one"
    exits 0 "$tools/$tool" --print-config --band -450 --ecg subtract
    prints "condition.low_hz = 0"
    prints "condition.high_hz = 450"
    prints "condition.ecg = subtract"
done
exits 2 "$tools/emg-rhythm" fasciculation.edf --set condition.low_hz=-1
says "condition.low_hz"
exits 2 "$tools/emg-rhythm" fasciculation.edf --set condition.low_hz=500
says "condition.low_hz must be below condition.high_hz"
exits 0 "$tools/emg-rhythm" fasciculation.edf --set condition.low_hz=500 --set condition.high_hz=0
finish
