# SPDX-License-Identifier: GPL-3.0-or-later
# emg-rhythm --why: the event at a time with its evidence and every rule in order, or the quiet and what is nearest.
. "$EMG_SOURCE/tests/support/shell.sh"
rhythm=$tools/emg-rhythm
clonus=$(sample ankle-clonus)

exits 0 "$rhythm" "$clonus"
onset=$(awk -F'\t' '$3 == "clonus" { print $1; exit }' "$work/out")
channel=$(awk -F'\t' '$3 == "clonus" { print $4; exit }' "$work/out")
muscle=$(awk -F'\t' '$3 == "clonus" { print $5; exit }' "$work/out")
during=$(awk "BEGIN { printf \"%.1f\", $onset + 0.3 }")
exits 0 "$rhythm" --why "$during" "$clonus"
silent
prints "$muscle at $during s: clonus from $(awk "BEGIN { printf \"%.6g\", int($onset * 1000 + 0.5) / 1000 }") s to "
prints "Evidence of its reasons:"
prints "R_RCV  intervals.rcv = "
prints ", asked for at most 0.3: "
prints "F_BAND  rate_hz = "
prints " Hz, asked for at least 3 Hz: "
prints "Rules in order, for what was judged from "
prints "  found, rules slow: does not fit"
prints "    failed  needs  rate_hz = "
prints "  clonus, rules clonus: fits"
prints "refused if above 0.5: "
grep -q '^  tremor, rules tremor' "$work/out" && wrong "goes on after the word that fits"
cp "$work/out" "$work/all"
[ "$(grep -c "^[^ ].* at $during s: " "$work/all")" -ge 3 ] || wrong "a muscle is left out"

exits 0 "$rhythm" --why "$during" --channel "$channel" "$clonus"
[ "$(grep -c "^[^ ].* at $during s: " "$work/out")" -eq 1 ] || wrong "--channel leaves more than one"
exits 0 "$rhythm" --set rhythm.rcv=0.25 --why "$during" "$clonus"
prints ", asked for at most 0.25: "

exits 0 "$rhythm" --why 0:00.1 --channel "$channel" "$clonus"
prints "$muscle at 0.1 s: no event; noise "
prints "; the nearest is "
prints "cannot be seen"
exits 3 "$rhythm" --why 9999 --channel "$channel" "$clonus"
says "there is no recording at 9999 s: it has "
[ ! -s "$work/out" ] || wrong "something is told of a time that was not recorded"

exits 2 "$rhythm" --why soon "$clonus"
says "--why 'soon' is not a time"
exits 2 "$rhythm" --why -1 "$clonus"
exits 0 "$rhythm" --help
prints "--why TIME"
finish
