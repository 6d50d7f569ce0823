# SPDX-License-Identifier: GPL-3.0-or-later
# A unit that fires regularly has a row of its own, whatever else the channel does, and what else it does keeps its word.
. "$EMG_SOURCE/tests/support/shell.sh"

# Makes and analyses a minute of one channel; the sections come from standard input.
analyse() { # FAMILY
    { printf '[recording]\nduration_s = 60\n[channel EMG TA]\nnoise_uv = 5\nmuap = %s\n' "$1" && cat; } >"$work/one.txt"
    exits 0 "$tools/emg-simulate" "$work/one.txt" -o "$work/one.edf"
    exits 0 "$tools/emg-rhythm" "$work/one.edf"
    cp "$work/out" "$work/rows"
}

# Rows of motor_unit at a rate, nearly as long as the unit fires.
unit_at() { # LOW HIGH
    n=$(awk -F'\t' -v low="$1" -v high="$2" '$3 == "motor_unit" && $10 > low && $10 < high && $2 > 50' "$work/rows" | wc -l)
    [ "$n" -eq 1 ] || wrong "$n units of $1 to $2 Hz"
}

count() { # WORD
    awk -F'\t' -v word="$1" '$3 == word' "$work/rows" | wc -l
}

for family in hermite fibre; do
    analyse $family <<'END'
[motor_unit]
rhythm_hz = 10
cv = 0.12
snr_db = 20
from_s = 3
to_s = -3
[fasciculation]
per_min = 60
snr_db = 28
END
    unit_at 9.5 10.5
    [ "$(count motor_unit)" -eq 1 ] || wrong "more units than one ($family)"
    [ "$(count fasciculation)" -ge 50 ] || wrong "only $(count fasciculation) of 61 discharges beside the unit ($family)"
    analyse $family <<'END'
[motor_unit]
rhythm_hz = 7
cv = 0.12
snr_db = 20
from_s = 3
to_s = -3
[motor_unit]
rhythm_hz = 11
cv = 0.12
snr_db = 24
from_s = 3
to_s = -3
END
    unit_at 6.6 7.4
    unit_at 10.5 11.5
    [ "$(count motor_unit)" -eq 2 ] || wrong "more units than two ($family)"
    [ "$(count fasciculation)" -le 3 ] || wrong "$(count fasciculation) of their discharges are fasciculations ($family)"

    # Near the noise: a discharge alone would not be told, the unit's are, and those of others still stand alone.
    analyse $family <<'END'
[motor_unit]
rhythm_hz = 9
cv = 0.12
snr_db = 13
from_s = 3
to_s = -3
[fasciculation]
per_min = 60
snr_db = 26
END
    unit_at 8.6 9.4
    [ "$(count fasciculation)" -ge 50 ] || wrong "only $(count fasciculation) of 61 discharges beside a weak unit ($family)"
    exits 0 "$tools/emg-spikes" "$work/one.edf"
    n=$(wc -l <"$work/out")
    [ "$n" -gt 450 ] && [ "$n" -lt 570 ] || wrong "$n of 546 discharges of a weak unit and others ($family)"
done
finish
