# SPDX-License-Identifier: GPL-3.0-or-later
# Settings apply in the order defaults < preset < file < flags, whatever the order typed; a printed file reads back.
. "$EMG_SOURCE/tests/support/shell.sh"
report=$tools/emg-report

value() { # KEY: of the configuration in $work/out
    sed -n "s/^$1 = //p" "$work/out"
}

expect() { # KEY VALUE
    [ "$(value "$1")" = "$2" ] || wrong "$1 is '$(value "$1")' instead of '$2'"
}

exits 0 "$report" --print-config
silent
low=$(value condition.low_hz)
cp "$work/out" "$work/defaults"
exits 0 "$report" --preset needle --print-config
cmp -s "$work/out" "$work/defaults" && wrong "the needle preset changes nothing"

echo "condition.low_hz = 33 # a comment" >"$work/config"
exits 0 "$report" --config "$work/config" --preset needle --print-config
expect condition.low_hz 33
exits 0 "$report" --set condition.low_hz=44 --config "$work/config" --preset needle --print-config
expect condition.low_hz 44
exits 0 "$report" --print-config --band 55-400 --preset surface --config "$work/config"
expect condition.low_hz 55
expect condition.high_hz 400
exits 0 "$report" --print-config --band 55-400 --set condition.low_hz=66
expect condition.low_hz 66
exits 0 "$report" --print-config --set condition.low_hz=66 --band 55-400
expect condition.low_hz 55
exits 0 "$report" --mains 60 --print-config
expect condition.powerline 60

# What --print-config prints is a configuration file that says the same.
for preset in surface needle; do
    exits 0 "$report" --preset $preset --set condition.low_hz=21.5 --print-config
    cp "$work/out" "$work/printed"
    exits 0 "$report" --config "$work/printed" --print-config
    cmp -s "$work/out" "$work/printed" || wrong "the printed settings of $preset do not read back"
done

echo "condition.low_hz = abc" >"$work/config"
exits 2 "$report" --config "$work/config" --print-config
says "config: line 1: setting condition.low_hz"
printf 'condition.low_hz = 20\nno such line\n' >"$work/config"
exits 2 "$report" --config "$work/config" --print-config
says "config: line 2:"
[ -n "$low" ] || wrong "there is no setting condition.low_hz"
# The least amplitude decides the word of jerks, too.
exits 0 "$tools/emg-simulate" --print-scenario myoclonus
sed 's/unit_uv.*/unit_uv = 3/; s/noise_uv.*/noise_uv = 1/; s/duration_s.*/duration_s = 60/' "$work/out" >"$work/small.txt"
exits 0 "$tools/emg-simulate" "$work/small.txt" --seed 2 -o "$work/small.edf"
jerks() { awk -F'\t' '$3 == "myoclonus"' "$work/out" | wc -l; }
exits 0 "$tools/emg-rhythm" --no-sidecar "$work/small.edf" --set fasciculation.least_amplitude_uv=0
[ "$(jerks)" -gt 30 ] || wrong "$(jerks) jerks of any size instead of more than 30"
exits 0 "$tools/emg-rhythm" --no-sidecar "$work/small.edf"
[ "$(jerks)" -eq 0 ] || wrong "$(jerks) jerks below 50 uV"

finish
