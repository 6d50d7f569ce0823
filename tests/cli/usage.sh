# SPDX-License-Identifier: GPL-3.0-or-later
# Help, version and wrong usage, the same in every tool that takes the common options.
. "$EMG_SOURCE/tests/support/shell.sh"

for tool in emg-report emg-spikes emg-rhythm; do
    exits 0 "$tools/$tool" --help
    silent
    prints "Usage: $tool"
    prints "Examples:"
    prints "  130   interrupted"
    prints "  Z_ISO "
    prints "Research use only. Not a medical device."
    exits 0 "$tools/$tool" --version
    silent
    prints "$tool (Myogram)"
    prints "Research use only. Not a medical device."
    exits 2 "$tools/$tool"
    says "try '$tool --help'"
    exits 2 "$tools/$tool" --chanel x
    says "the nearest is --channel"
    exits 2 "$tools/$tool" --frobnicate x
    says "unknown option '--frobnicate'"
    exits 2 "$tools/$tool" -Z x
    says "unknown option '-Z'"
    exits 2 "$tools/$tool" x --from
    says "--from needs an argument: TIME"
    exits 2 "$tools/$tool" --strict=yes x
    says "--strict takes no argument"
    exits 2 "$tools/$tool" --from 1:75 x
    says "neither seconds nor hh:mm:ss"
    exits 2 "$tools/$tool" --from nan x
    exits 2 "$tools/$tool" --from -1 x
    exits 2 "$tools/$tool" -f 10 -t 0:05 x
    says "--from must lie before --to"
    exits 2 "$tools/$tool" --full-scale 5 x
    says "such as 5mV"
    exits 2 "$tools/$tool" --full-scale -5mV x
    exits 2 "$tools/$tool" --preset skin x
    exits 2 "$tools/$tool" --mains 55 x
    says "auto|50|60|off"
    exits 2 "$tools/$tool" --band 20 x
    says "LOW-HIGH"
    exits 2 "$tools/$tool" --band 450-20 x
    exits 2 "$tools/$tool" --set nonsense x
    says "key=value"
    exits 2 "$tools/$tool" --set no.such.key=1 x
    says "no setting 'no.such.key'"
    exits 2 "$tools/$tool" --config /dev/null/none x
    [ ! -s "$work/out" ] || wrong "wrong usage printed to standard output"
done
exits 0 "$tools/emg-rhythm" --help=man
prints '\(aq$3 == \(dqclonus\(dq\(aq' # marks as they can be copied; a bare one would end the request's argument
exits 2 "$tools/emg-spikes" a b
exits 2 "$tools/emg-report" x
says "-o DIR"
exits 2 "$tools/emg-report" x -o "$work/o" --formats pdf
says "the formats are tsv, json and html"
exits 2 "$tools/emg-report" x -o ""
exits 2 "$tools/emg-report" -o "$work/o"
says "no input"
[ ! -e "$work/o" ] || wrong "wrong usage left a folder behind"

# Every tool there is: help and version on standard output with exit 0, an unknown option exit 2.
for path in "$tools"/emg-*; do
    [ -f "$path" ] && [ -x "$path" ] || continue
    exits 0 "$path" --help
    silent
    exits 0 "$path" --version
    silent
    prints "Research use only."
    exits 2 "$path" --frobnicate
    says "--help"
done
finish
