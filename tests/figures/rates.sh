# SPDX-License-Identifier: GPL-3.0-or-later
# Discharges at every sampling rate: how many of them are counted at 15 dB, and how many noise alone seems to hold:
# name<TAB>value. All sizes count (fasciculation.least_amplitude_uv=0), whatever word they get.
#
#   sh rates.sh         few rates and shapes, for the table of figures
#   sh rates.sh long    12 rates x 4 shapes, noise of two hours at eight rates; a table for each and an exit code of 1
#                       where a figure is out of bounds
set -eu
tools=$EMG_BUILD/cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
length=${1:-short}
if [ "$length" = long ]; then
    rates="200 250 256 400 500 512 1000 1024 2000 2048 4000 5000" shapes="hermite near fibre far" seconds=180
    noises="200 250 256 500 1000 2000 5000 20000" minutes=120
else
    rates="200 256 500 2048" shapes="hermite far" seconds=90
    noises="200 500" minutes=60
fi

scenario() { # CHANNEL_LINE [FASCICULATION_LINES]
    printf '[recording]\nname = rates\nsentence = rates\nduration_s = %d\n[channel EMG]\nnoise_uv = 5\n%b\n' "$seconds" "$1"
    [ $# -lt 2 ] || printf '[fasciculation]\nunits = 3\nper_min = 40\nsnr_db = 15\ndoublet_share = 0\n'
}

channel_of() { # SHAPE
    case $1 in
    hermite) echo 'muap = hermite' ;;
    near) echo 'muap = fibre\ndepth_mm = 4\nspacing_mm = 10' ;;
    fibre) echo 'muap = fibre' ;;
    far) echo 'muap = fibre\ndepth_mm = 15\noffset_mm = 50' ;;
    esac
}

count() { # FOLDER STEM: rows of single events of any word
    awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["count"] > 0 && $column["trial_type"] != "artifact" { n += $column["count"] }
        END { print n + 0 }' "$1/$2_events.tsv"
}

report() { # FOLDER OUTPUT
    "$tools/emg-report" -q --formats tsv --set fasciculation.least_amplitude_uv=0 "$1" -o "$2"
}

for shape in $shapes; do
    scenario "$(channel_of "$shape")" discharges >"$work/$shape.txt"
    mkdir -p "$work/$shape"
    for rate in $rates; do
        "$tools/emg-simulate" "$work/$shape.txt" --rate "$rate" --seed 7 -o "$work/$shape/$rate.edf" >/dev/null
    done
    report "$work/$shape" "$work/$shape-found"
    for rate in $rates; do
        truth=$(($(wc -l <"$work/$shape/${rate}_events.tsv") - 1))
        printf '%s\t%s\t%s\t%s\n' "$shape" "$rate" "$truth" "$(count "$work/$shape-found" "$rate")"
    done
    rm -r "$work/$shape"
done >"$work/counts"

seconds=$((minutes * 60))
scenario 'drift_db = 1' >"$work/noise.txt"
for rate in $noises; do
    mkdir "$work/noise"
    "$tools/emg-simulate" "$work/noise.txt" --rate "$rate" --seed 7 -o "$work/noise/$rate.edf" >/dev/null
    report "$work/noise" "$work/noise-found"
    printf '%s\t%s\t%s\n' "$rate" "$minutes" "$(awk -F'\t' '
        NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
        $column["trial_type"] ~ /^(fasciculation|myoclonus)$/ { n++ }
        END { print n + 0 }' "$work/noise-found/${rate}_events.tsv")"
    rm -r "$work/noise"
done >"$work/false"

if [ "$length" = long ]; then
    printf 'shape\trate\ttrue\tcounted\n'
    cat "$work/counts"
    printf 'rate\tminutes\tfalse\n'
    cat "$work/false"
fi
awk -F'\t' -v long="$length" '
    NR == FNR {
        share = $4 / $3
        where = $2 < 500 ? "below" : "above"
        if (!(where in least) || share < least[where]) least[where] = share
        if (share > most[where]) most[where] = share
        next
    }
    { where = $1 < 500 ? "below" : "above"; found[where] += $3; time[where] += $2 }
    END {
        printf "rates_least_share_500_hz_up\t%.3f\nrates_most_share_500_hz_up\t%.3f\n", least["above"], most["above"]
        printf "rates_least_share_below\t%.3f\nrates_most_share_below\t%.3f\n", least["below"], most["below"]
        printf "rates_false_per_min_500_hz_up\t%.4f\nrates_false_per_min_below\t%.4f\n",
            found["above"] / time["above"], found["below"] / time["below"]
        exit long == "long" && (least["above"] < 0.9 || most["above"] > 1.1 || least["below"] < 0.8 ||
            most["below"] > 1.2 || found["above"] / time["above"] > 0.05 || found["below"] / time["below"] > 0.05)
    }' "$work/counts" "$work/false"
