# SPDX-License-Identifier: GPL-3.0-or-later
# Reading takes 16 MiB and 8 KiB per signal, whatever the file's length, record size and header; 20 GB open in
# milliseconds and are read at any place; a hostile file takes under a second and 64 MiB.
. "$EMG_SOURCE/tests/support/shell.sh"
info=$tools/emg-info
[ -x /usr/bin/time ] || { echo "SKIPPED: /usr/bin/time is not there"; exit 77; }
if grep -q '^MYOGRAM_SANITIZE:STRING=.' "$EMG_BUILD/CMakeCache.txt"; then
    echo "SKIPPED: sanitizers have a memory of their own"
    exit 77
fi

edf() { # PATH SIGNALS RECORDS SAMPLES: a sparse file of zeros, records of a second, 16 bits
    awk -v ns="$2" -v records="$3" -v n="$4" '
        function column(width, text,   i) { for (i = 0; i < ns; i++) printf "%-" width "s", text }
        BEGIN {
            printf "%-8s%-80s%-80s%-8s%-8s%-8d%-44s%-8d%-8s%-4d", 0, "", "", "01.01.85", "00.00.00", 256 * (ns + 1), "",
                records, 1, ns
            column(16, "EMG TA"); column(80, ""); column(8, "uV"); column(8, "-3276.8"); column(8, "3276.7")
            column(8, "-32768"); column(8, "32767"); column(80, ""); column(8, n); column(32, "")
        }' >"$1"
    truncate -s $((256 * ($2 + 1) + $2 * $3 * $4 * 2)) "$1" || { echo "SKIPPED: no room for sparse files"; exit 77; }
}

measure() { # COMMAND...: runs it; its peak memory in $kib, its time in $seconds and in hundredths in $hundredths
    run /usr/bin/time -o "$work/used" -f '%M %e' "$@"
    read -r kib seconds <<USED
$(tail -n 1 "$work/used")
USED
    hundredths=$(echo "$seconds" | awk '{ printf "%d", 100 * $1 }')
}

within() { # NAME SIGNALS: the last measured command stayed within the promise, above a program that does nothing
    above=$((kib - idle))
    echo "$1: $above KiB above the idle program, $seconds s"
    [ "$code" -eq 0 ] || wrong "$1: exit $code"
    [ "$above" -le $((16 * 1024 + 8 * $2)) ] || wrong "$1: more than 16 MiB and 8 KiB for each of $2 signals"
}

measure "$info" --version
idle=$kib

# 20 GB: opened at once; a record near its end, beyond 4 GiB, holds what was written there.
records=305000
edf "$work/long.edf" 16 $records 2048
measure "$info" "$work/long.edf"
prints "records      $records of 1 s"
within "20 GB, header" 16
[ "$hundredths" -le 20 ] || wrong "opening 20 GB takes $seconds s"
awk 'BEGIN { for (i = 0; i < 16 * 2048; i++) printf "%c%c", 100, 1 }' >"$work/record" # 356 = 0x0164: 35.6 uV
[ "$(wc -c <"$work/record")" -eq 65536 ] || wrong "the record is not one"
dd if="$work/record" of="$work/long.edf" bs=65536 seek=$((4352 + 304000 * 65536)) oflag=seek_bytes conv=notrunc 2>/dev/null
measure "$tools/emg-spectrum" --raw -f 304000 -t 304001 "$work/long.edf"
within "20 GB, a second near the end" 16
[ "$hundredths" -le 50 ] || wrong "reading a second of 20 GB takes $seconds s"
[ "$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "rms_uv" || $i == "rms") c = i }
    NR > 1 && $c == 35.6 { n++ } END { print n + 0 }' "$work/out")" -eq 16 ] || wrong "not the values written at 20 GB"
measure "$tools/emg-spectrum" --raw -f 303999 -t 304000 "$work/long.edf"
[ "$(awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "rms_uv" || $i == "rms") c = i }
    NR > 1 && $c == 0 { n++ } END { print n + 0 }' "$work/out")" -eq 16 ] || wrong "not zeros in the second before"
rm -f "$work/long.edf"

# Read to the end: more than 2 GiB, the same in one record, many signals.
edf "$work/two.edf" 16 34000 2048
measure "$info" --validate "$work/two.edf"
within "2.2 GB of short records, read to the end" 16
rm -f "$work/two.edf"
edf "$work/one.edf" 16 1 7372800
measure "$info" --validate "$work/one.edf"
within "an hour of 2048 Hz in one record" 16
rm -f "$work/one.edf"
edf "$work/many.edf" 9999 2 200
measure "$info" -q --json "$work/many.edf"
within "9999 signals, header" 9999
measure "$info" -q --validate "$work/many.edf"
within "9999 signals, read to the end" 9999
rm -f "$work/many.edf"

# A header that promises far more than the file holds.
edf "$work/lie.edf" 100 2 99999999
truncate -s 200000 "$work/lie.edf"
run "$info" "$work/lie.edf"
[ "$code" -eq 3 ] || wrong "a record of 20 GB in 200 kB is not refused"
measure "$info" "$work/lie.edf"
[ $((kib - idle)) -le $((16 * 1024 + 800)) ] || wrong "memory follows the header"

n=0
most=0
for file in "$EMG_SHARED"/hostile/*.edf "$EMG_SHARED"/hostile/*.bdf "$EMG_SHARED"/hostile/*.wav; do
    [ -f "$file" ] || continue
    n=$((n + 1))
    measure "$info" --validate "$file"
    [ "$kib" -le 65536 ] || wrong "$kib KiB for $file"
    [ "$hundredths" -le 100 ] || wrong "$seconds s for $file"
    [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || wrong "exit $code for $file"
    [ "$kib" -le "$most" ] || most=$kib
done
echo "$n hostile files, at most $most KiB"
[ "$n" -gt 0 ] || echo "SKIPPED: no hostile files at $EMG_SHARED/hostile"
finish
