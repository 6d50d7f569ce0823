# SPDX-License-Identifier: GPL-3.0-or-later
# Who may use whom: each folder itself and those named for it, no circle between folders or files, each foreign library
# in its room; and whether a name leads to its file: few files a folder, one private header, headers named like sources.
. "$EMG_SOURCE/tests/support/shell.sh"
cd "$EMG_SOURCE" || exit 1

# --- arrows: "from to what" for each use of one file by another ---------------------------------------------------

# Private headers: a header belongs to its folder, so that the arrow goes to the header itself.
find lib cli -name '*.[ch]' -o -name '*.inc' | LC_ALL=C sort | while read -r file; do
    root=${file%%/*}
    sed -n 's/^#include "\(.*\)"/\1/p' "$file" | while read -r name; do
        [ -f "$root/$name" ] || echo "$file includes \"$name\", which is not in $root" >>"$work/lost"
        echo "$file $root/$name #include"
    done
done >"$work/includes"
mv "$work/lost" "$work/out" 2>/dev/null && wrong "a header of another part, or of nobody"

# Symbols: what an object of the build asks for, and the object that has it. Objects without a source are of older builds.
nm_works=false
can "arrows between files, circles, names of headers" nm --version && nm_works=true
if $nm_works; then
    find "$EMG_BUILD/lib" "$EMG_BUILD/cli" -path '*.dir/*' -name '*.c.o' | while read -r object; do
        source=$(echo "${object#"$EMG_BUILD"/}" | sed 's/CMakeFiles\/[^/]*\.dir\///; s/\.o$//')
        [ ! -f "$source" ] || echo "$object"
    done >"$work/objects"
    xargs nm -A -P -g <"$work/objects" | sed "s|^$EMG_BUILD/||; s|CMakeFiles/[^/]*\.dir/||; s|\.o: | |" >"$work/symbols"
    awk '$3 ~ /^[TDRB]$/ { home[$2] = $1 } $3 == "U" { use[++n] = $1 " " $2 }
         END { for (i = 1; i <= n; i++) { split(use[i], u, " ")
                   if (u[2] in home && home[u[2]] != u[1]) print u[1], home[u[2]], u[2] } }' \
        "$work/symbols" | sort -u >"$work/calls"
    [ "$(wc -l <"$work/calls")" -gt 500 ] || wrong "hardly any arrow was found among the objects"
else
    : >"$work/calls"
fi

folder_arrows() { # the arrows between folders, each "from to file: what"
    cat "$work/includes" "$work/calls" | awk '
        { from = $1; to = $2; sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to)
          if (from != to) print from, to, $1 ": " ($3 == "#include" ? $2 : $3) }'
}
folder_arrows | sort -u >"$work/folders"

# --- floors -------------------------------------------------------------------------------------------------------

may() { # FOLDER ALLOWED...: folders of lib that it may use besides itself; ROOM/* stands for all below a room
    folder=$1
    shift
    case " $known " in
    *" $folder "*) ;;
    *) known="$known $folder" ;;
    esac
    awk -v folder="lib/$folder" -v allowed="$*" '
        BEGIN { n = split(allowed, name, " ") }
        $1 == folder {
            for (i = 1; i <= n; i++) {
                room = name[i]
                if ($2 == "lib/" room || (sub(/\/\*$/, "/", room) && index($2, "lib/" room) == 1)) next
            }
            print folder " uses " $2 " (" $3, $4 ")"
        }' "$work/folders" >"$work/out"
    [ ! -s "$work/out" ] || wrong "lib/$folder uses what lies beside or above it"
}

known=
may base
may reading/source base
may reading/channels reading/source base
may reading/edf reading/channels reading/source base
may reading/interleaved reading/channels reading/source base
may reading/delimited reading/interleaved reading/channels reading/source base
may reading/wav reading/interleaved reading/source base
may reading reading/* base
may dsp/kernels base
may dsp/spectrum dsp/kernels base
may dsp/filter dsp/spectrum dsp/kernels base
may dsp/envelope dsp/filter dsp/spectrum dsp/kernels base
may condition/powerline dsp/filter dsp/kernels base
may condition/ecg dsp/filter dsp/kernels base
may condition condition/* dsp/* base
may simulate/plan base
may simulate/patterns simulate/plan base
may simulate/scenario simulate/plan base
may simulate simulate/* base
may analysis/detect dsp/* base
may analysis/contraction dsp/kernels base
may analysis/classify analysis/decide analysis/detect analysis/contraction analysis/evidence analysis/heart analysis/units base
may analysis/heart analysis/decide analysis/detect analysis/contraction base
may analysis/evidence analysis/decide analysis/detect analysis/contraction dsp/kernels base
may analysis/decide base
may analysis/units analysis/decide analysis/detect dsp/kernels base
may analysis/features analysis/detect dsp/* base
may analysis/quality dsp/* base
may analysis/sketch analysis/detect analysis/evidence analysis/units base
may analysis/score base
may analysis/compare base
may analysis analysis/* condition condition/* dsp/* base
may report/picture dsp/filter base
may report analysis analysis/quality base
may report/page report analysis analysis/quality base
may report/compare report report/page analysis/compare base
may report/score report report/picture analysis/score base
may run reading reading/channels reading/source analysis condition condition/* base
may run/report run report report/page reading analysis condition base
may run/batch run run/report analysis base
may run/filter run reading reading/edf reading/wav report/picture analysis condition condition/* dsp/* base
may run/spectrum run reading reading/channels report/picture analysis analysis/features condition condition/* dsp/* base
may run/score run/report run reading reading/source report/score analysis/score base
may run/compare run/report run/score run reading reading/source report report/compare analysis analysis/compare base
may run/simulate reading/edf reading/wav simulate base
for folder in $(find lib -name '*.c' | sed 's/^lib\///; s/\/[^\/]*$//' | sort -u); do
    case " $known " in
    *" $folder "*) ;;
    *) wrong "nobody says whom lib/$folder may use" ;;
    esac
done

awk '$1 ~ /^cli/ && $2 ~ /^lib/ && $3 ~ /^emgp_/' "$work/calls" >"$work/out"
[ ! -s "$work/out" ] || wrong "cli calls what is private"
grep -l 'emg/recording.h\|emg/run.h' -r lib/base lib/analysis lib/condition lib/dsp lib/report >"$work/out"
[ ! -s "$work/out" ] || wrong "a room of numbers knows of files"

# --- circles ------------------------------------------------------------------------------------------------------

circles() { # "from to what" lines: those that lie on a circle or between two, when there is one
    awk '
        $1 != $2 { edge[++n] = $0; from[n] = $1; to[n] = $2 }
        END {
            do { # whoever uses nobody that is left, or whom nobody left uses, is on no circle
                gone = 0
                for (k in out) delete out[k]
                for (k in into) delete into[k]
                for (i = 1; i <= n; i++) if (!dead[i]) { out[from[i]] = 1; into[to[i]] = 1 }
                for (i = 1; i <= n; i++) if (!dead[i] && (!(to[i] in out) || !(from[i] in into))) { dead[i] = 1; gone = 1 }
            } while (gone)
            for (i = 1; i <= n; i++) if (!dead[i]) print edge[i]
        }'
}
circles <"$work/calls" >"$work/out"
[ ! -s "$work/out" ] || wrong "a circle between files"
circles <"$work/folders" >"$work/out"
[ ! -s "$work/out" ] || wrong "a circle between folders"

# --- names lead to files ------------------------------------------------------------------------------------------

for folder in $(find lib cli -type d); do
    n=$(find "$folder" -maxdepth 1 -type f ! -name CMakeLists.txt ! -name '*.md' | wc -l)
    [ "$n" -le 15 ] || {
        ls "$folder" >"$work/out"
        wrong "$folder holds $n files, more than 15"
    }
    # A folder has one private header; besides, what is made for each instruction set and a table that a script writes.
    find "$folder" -maxdepth 1 -name '*.h' ! -name '*_sets.h' ! -name noise_table.h >"$work/out"
    [ "$(wc -l <"$work/out")" -le 1 ] || wrong "$folder has more than one private header"
done

if $nm_works; then
    for header in include/emg/*.h; do # each public function with its header
        echo "#include <emg/$(basename "$header")>" | "${CC:-cc}" -E -Iinclude -x c - |
            awk -v header="$header" '/^# [0-9]+ "/ { here = index($0, "\"" header "\"") } here && !/^#/' | tr '\n' ' ' |
            tr ';' '\n' | sed -n 's/.*__attribute__.*[ *]\(emg_[a-z0-9_]*\)(.*/\1/p' |
            sed "s|^|$(basename "$header" .h) |"
    done | sort -u >"$work/declared"
    awk 'NR == FNR { if ($3 == "T") home[$2] = $1; next }
         { file = home[$2]; sub(/.*\//, "", file); sub(/\.c$/, "", file); n++; if (file == $1) named++
           else print "    " $2 " of <emg/" $1 ".h> is in " home[$2]; if (file == "") lost++ }
         END { printf "public functions: %d, in the file named like their header: %d (%.1f %%)\n", n, named, 100 * named / n
               exit !(n > 100 && named >= 0.9 * n && !lost) }' "$work/symbols" "$work/declared" >"$work/named" ||
        wrong "fewer than 90 % of the public functions are in the file named like their header"
    cat "$work/named"

    echo "files and arrows between them, a folder; arrows between folders, a room"
    for folder in $(find lib cli -name '*.c' | sed 's/\/[^\/]*$//' | sort -u); do
        awk -v folder="$folder" -v files="$(find "$folder" -maxdepth 1 -name '*.c' | wc -l)" '
            { from = $1; to = $2; sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to) }
            from == folder && to == folder && !seen[$1 " " $2]++ { n++ }
            END { printf "    %-22s %3d files %4d arrows\n", folder, files, n }' "$work/calls"
    done
    awk 'function room_of(folder) { sub(/^lib\//, "", folder); sub(/\/.*/, "", folder); return folder }
         { room = room_of($1); other = room_of($2); if (!place[$1]++) folders[room]++; if (!place[$2]++) folders[other]++
           if (room == other && !seen[$1 " " $2]++) n[room]++ }
         END { for (room in folders) printf "    %-22s %3d folders %2d arrows\n", room, folders[room], n[room] }' \
        "$work/folders" | sort
fi

# --- foreign libraries --------------------------------------------------------------------------------------------

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
only sndfile.h lib/reading/wav/raw.c lib/reading/wav/wav.c lib/reading/wav/write.c
only jansson.h lib/report/document.c lib/report/report_episodes.c lib/report/report_json.c lib/report/score/score_tables.c lib/report/compare/comparison_tables.c lib/run/compare/report_file.c lib/reading/channels/sidecar.c
only xxhash.h lib/reading/source/io.c

# --- lines --------------------------------------------------------------------------------------------------------

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
