# SPDX-License-Identifier: GPL-3.0-or-later
# Every recording there is, sound or hostile, is written in each format so that it reads back, or refused with a sentence.
. "$EMG_SOURCE/tests/support/shell.sh"
if [ ! -d "$EMG_SHARED/hostile" ]; then
    echo "SKIPPED: no $EMG_SHARED/hostile" >&2
    exit 77
fi
n=0
n_written=0
find "$EMG_SHARED/hostile" "$EMG_SHARED/data" -type f \( -name '*.edf' -o -name '*.bdf' -o -name '*.wav' -o -name '*.flac' \) |
    sort >"$work/list"
while read -r file; do
    for kind in edf bdf wav; do
        for choice in "" "--all-channels --include-annotations --include-identity --ecg auto"; do
            [ -z "$choice" ] || [ $kind = edf ] || continue
            n=$((n + 1))
            made=$work/made.$kind
            rm -f "$made"
            run "$tools/emg-filter" "$file" -o "$made" $choice </dev/null
            if [ "$code" -eq 0 ]; then
                n_written=$((n_written + 1))
                "$tools/emg-info" "$made" >"$work/out" 2>"$work/err" || wrong "$file as .$kind $choice does not read back"
            else
                case $code in
                3 | 4) [ -s "$work/err" ] || wrong "$file as .$kind $choice: exit $code without a sentence" ;;
                *) wrong "$file as .$kind $choice: exit $code" ;;
                esac
                [ ! -e "$made" ] || wrong "$file as .$kind $choice: a refused output was left"
            fi
        done
    done
done <"$work/list"
echo "$n outputs asked for, $n_written written"
[ "$n_written" -gt 400 ] || wrong "only $n_written were written"
[ "$(find "$work" -name '*.tmp' | wc -l)" -eq 0 ] || wrong "unfinished files were left"
finish
