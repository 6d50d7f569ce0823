# SPDX-License-Identifier: GPL-3.0-or-later
# emg-info: page, table, JSON and validation of files that are sound, odd and broken; who was recorded stays unsaid.
. "$EMG_SOURCE/tests/support/shell.sh"
info=$tools/emg-info

# edf PATH PATIENT LABEL RECORDS: two records of one signal of 4 samples, the count as given
edf() {
    {
        printf '%-8s%-80s%-80s%-8s%-8s%-8s%-44s%-8s%-8s%-4s' 0 "$2" 'Hospital of Nowhere' 02.08.20 10.11.12 512 '' "$4" 1 1
        printf '%-16s%-80s%-8s%-8s%-8s%-8s%-8s%-80s%-8s%-32s' "$3" '' uV -3276.8 3276.7 -32768 32767 HP:10Hz 4 ''
        printf 'abcdefghABCDEFGH'
    } >"$1"
}
edf "$work/sound.edf" 'MCH-0234567 F 02-MAY-1951 Haagse_Harry' 'EMG L Soleus' 2
edf "$work/odd.edf" 'MCH-0234567' '=EMG TA' -1
edf "$work/broken.edf" 'MCH-0234567' 'EMG TA' x
printf '\033[2J' | dd of="$work/odd.edf" bs=1 seek=264 conv=notrunc 2>/dev/null

exits 0 "$info" "$work/sound.edf"
silent
prints "format       EDF, 528 bytes"
prints "duration     2.000000 s"
prints "L Soleus"
prints "left"
prints "-3276.8 to 3276.7"

exits 0 "$info" --json --validate "$work/sound.edf" "$work/odd.edf"
for secret in MCH-0234567 Haagse 1951 Nowhere 2020 10:11; do
    grep -q "$secret" "$work/out" && wrong "$secret is told unasked"
done
prints '"content_hash": "'
prints '"code": "W_NREC_UNKNOWN"'
prints '\\x1b[2J'
[ "$(tr -d '\040-\176\n' <"$work/out" | wc -c)" -eq 0 ] || wrong "a control byte is printed"

exits 0 "$info" --json --include-identity "$work/sound.edf"
prints '"patient": "MCH-0234567 F 02-MAY-1951 Haagse_Harry"'
prints '"start": "2020-08-02T10:11:12.000000"'

cp "$work/sound.edf" "$work/=formula.edf"
(cd "$work" && exits 0 "$info" sound.edf ./=formula.edf =formula.edf && [ "$n_failed" -eq 0 ]) || n_failed=1
[ "$(head -1 "$work/out" | cut -f 1,2,3)" = "$(printf 'file\tformat\tduration_s')" ] || wrong "not the table's header"
[ "$(sed -n 4p "$work/out" | cut -f 1)" = "'=formula.edf" ] || wrong "a file name is a formula"

exits 0 "$info" --validate "$work/sound.edf"
prints "sound.edf: sound"
exits 0 "$info" --validate "$work/odd.edf"
prints "W_NREC_UNKNOWN  byte 236: record count '-1': 2 records by the file's size"
exits 3 "$info" --validate --strict "$work/odd.edf"
says "W_"
exits 3 "$info" --validate "$work/broken.edf"
says "broken.edf: byte 236: record count 'x'"
[ ! -s "$work/out" ] || wrong "a refused file is shown"
exits 1 "$info" "$work/sound.edf" "$work/broken.edf"
exits 3 "$info" "$work/nowhere.edf"
says "nowhere.edf: cannot be opened"
exits 3 "$info" "$work"
exits 3 "$info" -c 'no such' "$work/sound.edf"
says "no channel is called 'no such'"
exits 2 "$info"
exits 2 "$info" --jsno "$work/sound.edf"
exits 0 "$info" --help
prints "--include-identity"
if [ -e /dev/full ]; then
    "$info" "$work/sound.edf" >/dev/full 2>"$work/err"
    [ $? -eq 4 ] || wrong "a full disk is not told of"
fi
finish
