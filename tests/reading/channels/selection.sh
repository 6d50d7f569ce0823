# SPDX-License-Identifier: GPL-3.0-or-later
# Selections and derivations are the same in every tool: channels, windows by clock and by marks, sums, polarity.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample mixed) || exit 1
info=$tools/emg-info
raw="$tools/emg-spectrum --raw"

names() { # the second line on of the first column, in one line
    sed 1d "$work/out" | cut -f 1 | tr '\n' ','
}

exits 0 $raw -c '#1' -c 'type:ecg' -c 'L Tra*' "$good"
[ "$(names)" = 'EMG L Biceps,EMG L Trapezius,ECG,' ] || wrong "other channels than asked for"
exits 0 $raw -c '!#1' -c '!*Vast*' "$good"
[ "$(names)" = 'EMG L Soleus,EMG L Trapezius,' ] || wrong "other channels than those not left out"
for tool in emg-info emg-spikes emg-rhythm emg-spectrum; do
    exits 3 "$tools/$tool" -c 'L Bizeps' "$good"
    says "no channel is called 'L Bizeps': nearest"
    exits 3 "$tools/$tool" --derive 'X = Biceps' "$good"
    says "no channel is called 'Biceps': nearest"
    exits 3 "$tools/$tool" --within 'no such text' "$good"
    says "no stretch to read within"
    exits 2 "$tools/$tool" --from @24:00:00 "$good"
    exits 2 "$tools/$tool" --to @10 "$good"
    exits 2 "$tools/$tool" --derive Biceps "$good"
    says 'NAME = A - B'
    exits 0 "$tools/$tool" --help
    for option in --derive --invert --within --without; do
        prints "$option"
    done
done

exits 0 $raw --derive 'Half = #1 - 0.5*#1' --derive 'Turned = -EMG L Biceps' -c '#1' "$good"
[ "$(names)" = 'EMG L Biceps,Half,Turned,' ] || wrong "derived channels are not there"
awk -F '\t' 'NR > 1 { rms[NR] = $4 }
    END { exit !(rms[2] > 1 && rms[3] / rms[2] - 0.5 < 1e-5 && 0.5 - rms[3] / rms[2] < 1e-5 && rms[4] == rms[2]) }' \
    "$work/out" || wrong "derived samples are not what the formula says"
exits 0 $raw --derive 'Nil = #1 + #2 - #1 - #2' --derive 'Turned = #1 + #2' --invert '*Biceps' "$good"
[ "$(names)" = 'EMG L Trapezius,EMG R Vast Lat,Nil,Turned,' ] || wrong "sources are still there"
exits 0 "$info" --json --derive 'X = #1 - #2' --invert '#3' "$good"
[ "$(grep -c '"derived": true' "$work/out")" -eq 1 ] || wrong "not one derived channel"
[ "$(grep -c '"inverted": true' "$work/out")" -eq 1 ] || wrong "not one inverted channel"

# The simulated recording starts at midnight.
exits 0 "$info" --from @00:00:05 --to @00:00:07.5 "$good"
prints "selected     2.500000 s"
exits 0 $raw -c '#1' --from 5 --to 7.5 "$good"
mv "$work/out" "$work/seconds"
exits 0 $raw -c '#1' --from @00:00:05 --to @00:00:07.5 "$good"
cmp -s "$work/out" "$work/seconds" || wrong "the clock and the seconds take other samples"
exits 3 "$info" --from @12:00 "$good"
says "after the recording has ended"

# Stretches are annotated in the simulated recording: what lies in them and what does not is the whole.
selected() { # OPTION...: seconds
    "$info" --json "$@" "$good" | sed -n 's/.*"selected_s": \([0-9.]*\).*/\1/p'
}
inside=$(selected --within stretch) outside=$(selected --without stretch) all=$(selected)
awk -v a="$inside" -v b="$outside" -v c="$all" \
    'BEGIN { d = a + b - c; exit !(a > 0.1 && b > 0.1 && d < 3e-6 && d > -3e-6) }' || wrong "$inside + $outside is not $all"
exits 0 "$tools/emg-spikes" --without 'stretch' "$good"
[ "$(wc -l <"$work/out")" -gt 1 ] || wrong "no discharges outside the stretches"
exits 0 "$tools/emg-report" --without stretch -o "$work/reports" "$good"
grep -q "\"selected_s\": ${outside%0*}" "$work"/reports/*_report.json || wrong "the report does not tell what was selected"
exits 0 "$info" --without 'no such text' "$good"
prints "W_MARK_NONE"
exits 0 "$tools/emg-rhythm" --from 1:00:00 "$good"
says "nothing of the recording lies in what is chosen: it lasts 20 s"
printf 'onset,duration,text\n500,5,later\n' >"$work/later.csv"
exits 0 "$tools/emg-rhythm" --marks "$work/later.csv" --within later "$good"
says "nothing of the recording lies in what is chosen: it lasts 20 s"
exits 0 "$tools/emg-rhythm" --from 10 "$good"
silent
finish
