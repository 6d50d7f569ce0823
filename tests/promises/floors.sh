# SPDX-License-Identifier: GPL-3.0-or-later
# Who may include whom: each room its own and those of the floors below, each foreign library in its room.
. "$EMG_SOURCE/tests/support/shell.sh"
cd "$EMG_SOURCE" || exit 1

rooms() { # ROOM: the rooms that it includes from, besides itself
    grep -rhE '^#include "' lib/"$1" | sed -n 's/#include "\([a-z]*\)\/.*/\1/p' | grep -vx "$1" | sort -u
}

may() { # ROOM ALLOWED...
    room=$1
    shift
    for other in $(rooms "$room"); do
        case " $* " in
        *" $other "*) ;;
        *) wrong "lib/$room includes lib/$other" ;;
        esac
    done
}

may base
may reading base
may dsp base
may condition dsp base
may simulate base
may analysis condition dsp base
may report analysis base
may run report reading analysis simulate condition dsp base

grep -lE '#include "(base|reading|dsp|condition|simulate|analysis|report|run)/' cli/*.[ch] >"$work/out"
[ ! -s "$work/out" ] || wrong "cli includes a private header"
grep -hoE '#include "[^"]*"' cli/*.[ch] | sort -u | sed 's/#include "\(.*\)"/\1/' | while read -r name; do
    [ -f "cli/$name" ] || echo "$name"
done >"$work/out"
[ ! -s "$work/out" ] || wrong "cli includes a header that is not its own"
grep -l 'emg/recording.h\|emg/run.h' -r lib/analysis lib/condition lib/dsp lib/report >"$work/out"
[ ! -s "$work/out" ] || wrong "a room of numbers knows of files"

only() { # HEADER FILE...: the only files that may include it
    header=$1
    shift
    for file in $(grep -lr "#include <$header>" lib include); do
        case " $* " in
        *" $file "*) ;;
        *) wrong "$file includes <$header>" ;;
        esac
    done
}
only fftw3.h lib/dsp/spectrum/fft.c
only sndfile.h lib/reading/wav/wav.c lib/reading/wav/write.c
only jansson.h lib/report/document.c lib/report/report_json.c lib/report/score/score_tables.c lib/reading/channels/sidecar.c
only xxhash.h lib/reading/source/io.c

# First line licence, second line the idea; no line that only a machine or a person of today could understand.
for file in $(find lib include cli -name '*.[ch]'); do
    sed -n 1p "$file" | grep -qxF '/* SPDX-License-Identifier: GPL-3.0-or-later */' || wrong "$file: first line"
    sed -n 2p "$file" | grep -q '^/\* .' || wrong "$file: second line is not its idea"
done
grep -rnE '\<(TODO|FIXME|XXX)\>|/home/|/root/' lib include cli >"$work/out"
[ ! -s "$work/out" ] || wrong "notes to oneself in the sources"
grep -rnwE --include='*.[ch]' 'atoi|atof|strtok|sprintf|gets' lib cli >"$work/out"
[ ! -s "$work/out" ] || wrong "functions that cannot report an error"
grep -rnwE --include='*.[ch]' 'malloc|calloc|realloc|aligned_alloc|strdup' lib | grep -v '^lib/base/memory.c' >"$work/out"
[ ! -s "$work/out" ] || wrong "allocation outside lib/base/memory.c"
finish
