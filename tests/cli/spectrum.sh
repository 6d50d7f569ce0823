# SPDX-License-Identifier: GPL-3.0-or-later
# emg-spectrum on the conditioned signal: rows, columns, thresholds, spectra, fatigue, maxima, pictures, wrong usage.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample mixed) || exit 1
tool=$tools/emg-spectrum

cell() { # COLUMN: its cells of the last output, one a line
    awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; next } { print at ? $at : "no such column" }' "$work/out"
}
same_width() {
    awk -F '\t' 'NR == 1 { n = NF } NF != n { bad = 1 } END { exit bad || NR < 2 }' "$work/out"
}

exits 0 "$tool" "$good"
silent
same_width || wrong "rows are not as wide as the header"
prints "onset	duration	channel	target_muscle	sampling_frequency	noise_uv	noise_rel	threshold_uv	threshold_rel	turn_threshold_uv	band_low_hz	band_high_hz	iemg_uv	iemg_rel	mav_uv	mav_rel	rms_uv	rms_rel"
channels=$(cell channel | sort -u | wc -l)
[ "$(wc -l <"$work/out")" -eq $((20 * channels + 1)) ] || wrong "20 s are not 20 rows a channel"
cell onset | sort -cn || wrong "rows are not in order of time"
cell rms_rel | grep -qvx n/a && wrong "a calibrated channel has relative amplitudes"
cp "$work/out" "$work/first"

# The noise is that of a report; what counts is the larger of 10 uV and three times it.
"$tools/emg-report" "$good" -o "$work/report" --formats tsv >/dev/null 2>&1 || "$tools/emg-report" "$good" -o "$work/report" >/dev/null
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at["channels"] "\t" $at["noise_uv"] }' \
    "$work/report/mixed_channels.tsv" | sort -u >"$work/expected"
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at["channel"] "\t" $at["noise_uv"] }' \
    "$work/first" | sort -u >"$work/found"
cmp -s "$work/expected" "$work/found" || wrong "noise_uv is not that of a report"
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { t = 3 * $at["noise_uv"]; if (t < 10) t = 10; d = t / $at["threshold_uv"] - 1; if (d * d > 1e-10) bad = 1 } END { exit bad }' \
    "$work/first" || wrong "threshold_uv is not the larger of 10 uV and three sigma"
exits 0 "$tool" --set features.count_uv=50 --set features.count_sigma=0 --features zc "$good"
[ "$(cell threshold_uv | sort -u)" = 50 ] || wrong "--set features.count_uv is not the threshold"

# Steps: overlapping windows, and windows with a pause between them. The rows that lie at the same place are the same.
exits 0 "$tool" --step 0.5 "$good"
[ "$(wc -l <"$work/out")" -eq $((39 * channels + 1)) ] || wrong "a step of half a second does not make 39 rows"
grep -Fxvf "$work/out" "$work/first" >"$work/missing"
[ ! -s "$work/missing" ] || wrong "overlapping windows differ from the others at the same place"
exits 0 "$tool" --step 2 "$good"
[ "$(wc -l <"$work/out")" -eq $((10 * channels + 1)) ] || wrong "a step of two seconds does not make 10 rows"

# Choices.
exits 0 "$tool" --features mnf,time,mnf "$good"
cell mean_frequency_hz | grep -q "^[0-9]" || wrong "mnf was chosen and is not there"
[ "$(cell median_frequency_hz | sort -u)" = "no such column" ] || wrong "mdf was not chosen and is there"
exits 0 "$tool" --features sampen --to 2 "$good"
cell sample_entropy | grep -q "^[0-9]" || wrong "sample entropy was chosen and is not there"
exits 0 "$tool" --features multitaper,mnf "$good"
[ "$(cell mean_frequency_hz | head -1)" != "$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "mean_frequency_hz") at = i; next } { print $at; exit }' "$work/first")" ] ||
    wrong "multitaper changes nothing"
exits 0 "$tool" --features rms --bands 20-100,100-450 "$good"
prints "band_20_100_uv2	band_20_100_rel	band_20_100_share	band_100_450_uv2"
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { d = $at["band_20_100_share"] + $at["band_100_450_share"] - 1; if (d * d > 1e-9) bad = 1 } END { exit bad }' "$work/out" ||
    wrong "shares of bands that fill the pass band do not add up to 1"
exits 2 "$tool" --features mnf,frobs "$good"
says "there is no feature 'frobs'"
exits 2 "$tool" --bands 80-20 "$good"
exits 2 "$tool" --bands 20-80, "$good"

# Conditioning: hum and band.
exits 0 "$tool" --band 100-300 --features mnf "$good"
[ "$(cell band_low_hz | sort -u)" = 100 ] || wrong "--band is not the band"
cell mean_frequency_hz | awk '$1 < 100 || $1 > 300 { bad = 1 } END { exit bad }' || wrong "a mean frequency lies outside the band"
"$tool" --print-config --band 30-300 | grep -q "^condition.low_hz = 30$" || wrong "--print-config does not show --band"
exits 2 "$tool" --band 300-30 "$good"
says "LOW-HIGH"
exits 0 "$tool" --to 0.5 "$good"
says "no rows: no stretch without a gap is as long as a window"
exits 3 "$tool" --window 0.0001 "$good"
says "windows of"

# Densities: their sum over the band is the power of the rows.
exits 0 "$tool" --psd --window 1 "$good"
prints "onset	duration	channel	target_muscle	frequency_hz	density_uv2_per_hz	density_rel_per_hz"
awk -F '\t' 'NR > 1 && $5 >= 20 && $5 <= 450 { s[$1 "\t" $3] += $6 } END { for (k in s) print k "\t" s[k] }' "$work/out" | sort >"$work/sums"
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $1 "\t" $3 "\t" $at["total_power_uv2"] }' "$work/first" | sort >"$work/powers"
paste "$work/sums" "$work/powers" | awk -F '\t' '{ d = $3 / $6 - 1; if ($1 != $4 || $2 != $5 || d * d > 1e-8) bad = 1 } END { exit bad || NR == 0 }' ||
    wrong "densities do not add up to the rows' power"
exits 0 "$tool" --psd "$good"
[ "$(cell duration | sort -u)" = 20.000000 ] || wrong "the density of the whole is not of 20 s"

exits 0 "$tool" --raw --psd --window 500 "$good"
[ "$(wc -l <"$work/out")" -eq $((251 * channels + 1)) ] || wrong "500 samples are not 251 bins a channel"
cp "$work/out" "$work/densities"
"$tool" --raw --window 500 --band 0-5000 "$good" >"$work/raw"
awk -F '\t' 'NR > 1 { if (!($3 in best) || $6 > best[$3]) { best[$3] = $6; at[$3] = $5 } } END { for (c in at) print c "\t" at[c] }' \
    "$work/densities" | sort >"$work/found"
awk -F '\t' 'NR > 1 { print $1 "\t" $12 }' "$work/raw" | sort >"$work/expected"
cmp -s "$work/found" "$work/expected" || wrong "the highest density as recorded is not at the peak frequency"

# Fatigue and maxima.
exits 0 "$tool" --slope "$good"
[ "$(wc -l <"$work/out")" -eq $((2 * channels + 1)) ] || wrong "--slope is not two rows a channel"
[ "$(cell n_windows | sort -u)" = 20 ] || wrong "a slope over 20 s is not of 20 windows"
exits 0 "$tool" --slope --task 'no such text' "$good"
[ "$(wc -l <"$work/out")" -eq 1 ] || wrong "without a marked stretch there is a slope"
exits 0 "$tool" --mvc "$good" --features rms "$good"
cell rms_mvc | awk '$1 > 0 { n++ } END { exit n != NR }' || wrong "no percentages of a maximum"
exits 3 "$tool" --mvc "$work/none.edf" "$good"
other=$(sample fasciculation) || exit 1
exits 3 "$tool" -c '*Soleus*' --mvc "$other" "$good"
says "no channel of the recording has its name or its muscle in"

# Pictures.
exits 0 "$tool" --spectrogram "$work/picture.svg" "$good"
silent
[ ! -s "$work/out" ] || wrong "a picture prints rows"
[ "$(grep -c 'data:image/png;base64,' "$work/picture.svg")" -eq $((2 * channels)) ] || wrong "not a picture and a bar for each channel"
if can "pictures read back" command -v python3; then
    holds "a picture is not what its format says" python3 "$EMG_SOURCE/tests/cli/pictures.py" "$work/picture.svg"
fi
"$tools/emg-simulate" long --quiet --seed 1 --duration 3 -o "$work/many.edf" # 16 channels
exits 0 "$tool" --spectrogram "$work/many.svg" "$work/many.edf"
grep -q 'viewBox="0 0 1800 1756"' "$work/many.svg" || wrong "16 pictures do not stand in two columns of eight"
exits 2 "$tool" --spectrogram "$work/picture.png" "$good"
exits 4 "$tool" --spectrogram "$work/none/picture.svg" "$good"
exits 2 "$tool" --spectrogram "$work/p.svg" --psd "$good"
exits 2 "$tool" --raw --step 1 "$good"

# Uncalibrated channels never say microvolts.
printf 'RIFF\144\76\0\0WAVEfmt \20\0\0\0\1\0\1\0\320\7\0\0\240\17\0\0\2\0\20\0data\100\76\0\0' >"$work/audio.wav"
awk 'BEGIN { for (i = 0; i < 7968; i++) printf "%c", 33 + (i * 7919 + i * i * 31) % 90 }' >>"$work/audio.wav"
exits 0 "$tool" --all-channels --features all "$work/audio.wav"
head -1 "$work/out" | tr '\t' '\n' | grep -n "_uv\|uv2" | cut -d : -f 1 >"$work/columns"
while read -r at; do
    [ "$(cut -f "$at" "$work/out" | tail -n +2 | sort -u)" = n/a ] || wrong "column $at of an uncalibrated channel is in microvolts"
done <"$work/columns"
cell rms_rel | grep -q "^[0-9]" || wrong "an uncalibrated channel has no relative amplitude"
cell turns_per_s | grep -qvx n/a && wrong "turns of 100 uV on a channel without microvolts"

# Streams.
"$tool" --psd --window 0.1 "$good" 2>"$work/err" | head -n 1 >"$work/out"
silent
"$tool" --psd "$good" >/dev/full 2>"$work/err"
[ $? -eq 4 ] || wrong "a full device does not end with 4"

# By NumPy and SciPy from the same file.
if can "rows recomputed by SciPy" /usr/bin/python3 -c 'import numpy, scipy'; then
    holds "rows differ from what SciPy makes of the recording" \
        /usr/bin/python3 "$EMG_SOURCE/tests/cli/spectrum_rows.py" "$tool" "$good"
fi
finish
