# SPDX-License-Identifier: GPL-3.0-or-later
# Cases of railed, constant and unplugged channels: name<TAB>value.
set -eu
cd "$WORK"
for name in rail_part.bdf flat_after_zero.bdf electrode_off_10s_rail.edf; do
    "$EMG_BUILD/cli/emg-report" "$EMG_SHARED/cases/$name" -o "dead_$name" -q >/dev/null
    awk -F '\t' -v name="${name%.*}" '
    FNR == 1 { file++; for (i = 1; i <= NF; i++) at[file, $i] = i; next }
    file == 1 { analysed = $at[1, "analysed_s"]; noise = $at[1, "noise_uv"]; twitches = $at[1, "fasciculation_count"] }
    file == 2 { rows++ }
    END { printf "%s.analysed_s\t%s\n%s.noise_uv\t%s\n%s.fasciculations\t%s\n%s.rows\t%d\n",
              name, analysed, name, noise, name, twitches, name, rows }' \
        "dead_$name/${name%.*}_channels.tsv" "dead_$name/${name%.*}_events.tsv"
done
