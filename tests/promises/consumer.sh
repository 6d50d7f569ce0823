# SPDX-License-Identifier: GPL-3.0-or-later
# A program outside the tree builds against the installed library, through pkg-config and through CMake, shared and
# static, and gives the output that the README shows; so do the examples.
. "$EMG_SOURCE/tests/support/shell.sh"
good=$(sample fasciculation) || exit 1
prefix=$work/prefix
cmake --install "$EMG_BUILD" --prefix "$prefix" >"$work/out" 2>"$work/err" || { wrong "installation"; finish; }
mv "$prefix" "$work/moved" # an installed tree may be moved
prefix=$work/moved
pc=$(find "$prefix" -name myogram.pc)
libdir=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$libdir/pkgconfig
LD_LIBRARY_PATH=$libdir
export PKG_CONFIG_PATH LD_LIBRARY_PATH
: "${CC:=cc}"
sanitize=$(sed -n 's/^MYOGRAM_SANITIZE:[A-Z]*=//p' "$EMG_BUILD/CMakeCache.txt")
flags=${sanitize:+-fsanitize=$sanitize}
cp "$EMG_SOURCE/examples/quickstart.c" "$work/quickstart.c"
cd "$work" || exit 1

# shellcheck disable=SC2046,SC2086
holds "build through pkg-config" $CC -std=c11 -Wall -Wextra -Werror $flags quickstart.c -o by-pkg-config $(pkg-config --cflags --libs myogram)
exits 0 ./by-pkg-config "$good"
cp "$work/out" expected
[ -s expected ] || wrong "the example prints nothing"
[ "$(readelf -d by-pkg-config | grep -c 'libmyogram.so.0')" -eq 1 ] || wrong "not linked to libmyogram.so.0"
# shellcheck disable=SC2046,SC2086
holds "static build through pkg-config" $CC $flags quickstart.c -o by-archive $(pkg-config --cflags myogram) \
    "$libdir/libmyogram.a" $(pkg-config --libs $(sed -n 's/^Requires.private: //p' "$pc")) -lm
exits 0 ./by-archive "$good"
cmp -s "$work/out" expected || wrong "the static program prints something else"

mkdir project
cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(consumer LANGUAGES C)
find_package(Myogram 0.1 REQUIRED)
add_executable(by-cmake ../quickstart.c)
target_link_libraries(by-cmake PRIVATE Myogram::myogram)
add_executable(by-cmake-static ../quickstart.c)
target_link_libraries(by-cmake-static PRIVATE Myogram::myogram_static)
CMAKE
holds "configure a CMake project" cmake -S project -B project/build -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="$flags"
holds "build a CMake project" cmake --build project/build
for program in by-cmake by-cmake-static; do
    exits 0 "project/build/$program" "$good"
    cmp -s "$work/out" expected || wrong "$program prints something else"
done

# Every example builds in the same way, says how it is used, and does what its page says.
cp "$EMG_SOURCE"/examples/*.c "$EMG_SOURCE"/examples/*.h .
for path in "$EMG_SOURCE"/examples/*.c; do
    name=$(basename "$path" .c)
    grep -q "($name.c)" "$EMG_SOURCE/examples/README.md" || wrong "examples/README.md does not list $name.c"
    # shellcheck disable=SC2046,SC2086
    holds "build of $name.c" $CC -std=c11 -Wall -Wextra -Werror $flags "$name.c" -o "$name" $(pkg-config --cflags --libs myogram) -lm
    [ "$name" = quickstart ] || exits 2 "./$name"
done
mixed=$(sample mixed) || exit 1
# Two channels of noise, the second 5 ms behind the first.
printf 'RIFF\244\76\0\0WAVEfmt \20\0\0\0\1\0\2\0\350\3\0\0\320\7\0\0\2\0\10\0data\200\76\0\0' >late.wav
awk 'BEGIN { s = 1; for (i = 0; i < 8005; i++) { s = (s * 16807) % 2147483647; x[i] = 33 + s % 90 }
     for (i = 5; i < 8005; i++) printf "%c%c", x[i], x[i - 5] }' >>late.wav
exits 0 ./delay late.wav '#1' '#2'
prints "the second channel lags by 5.00 ms"
exits 0 ./coherence late.wav '#1' '#2'
prints "frequency_hz	coherence	gain	phase_rad	chance"
awk -F '\t' 'NR > 2 && NR < 500 && ($2 < 0.9 || $3 < 0.9 || $3 > 1.1) { bad = 1 } END { exit bad || NR != 514 }' "$work/out" ||
    wrong "a delayed channel is not wholly coherent"
exits 0 ./filter "$mixed" '*Biceps'
prints "b0	b1	b2	a0	a1	a2"
prints "at 20 Hz a sine keeps 0.5000 of its size"
prints "the envelope is highest at"
exits 0 ./rates 3,9,1,14,2,7,0,12 11,4,22,9,1,18
prints "ratio           1.806  (0.705 to 4.844)"
exits 0 ./rhythm "$mixed" '*Soleus'
prints "autocorrelation: 5.5"
prints "spectrum:        5.4"
exits 0 ./spectrum "$mixed"
prints "40960 samples"
./quality "$mixed" - <"$mixed" >quality.txt 2>"$work/err" || wrong "quality fails"
[ "$(grep -c "mains        EMG L Biceps" quality.txt)" -eq 40 ] || wrong "hum of 20 s, told twice, is not 40 lines"
./quality "$work/none.edf" "$mixed" >"$work/out" 2>"$work/err" && wrong "a file that is not there is no failure"
says "none.edf"
prints "mains"
holds "simulated samples" sh -c './simulate fasciculation:snr_db=18 >samples.txt 2>truth.txt'
[ "$(wc -l <samples.txt)" -eq 20000 ] && grep -q fires truth.txt || wrong "20 s are not 20000 samples with their truth"
./samples 1000 <samples.txt >"$work/out" 2>"$work/err" || wrong "samples fails"
prints "fasciculation"
./live 1000 <samples.txt >"$work/out" 2>"$work/err" || wrong "live fails"
[ "$(wc -l <"$work/out")" -eq 200 ] || wrong "20 s are not 200 values of an envelope"
says "at most 3.769 s late"
says "hum of 0 in 0 % of the time, 0 beats of a heart"

# Installed tools run from where they were moved, and their manual pages are readable.
unset LD_LIBRARY_PATH
for path in "$prefix"/bin/emg-*; do
    tool=$(basename "$path")
    exits 0 "$path" --version
    page=$(find "$prefix" -name "$tool.1")
    [ -s "$page" ] || wrong "$tool has no manual page"
    if can "pages set by groff" command -v groff; then
        groff -man -Tutf8 -ww "$page" >"$work/page" 2>"$work/err"
        [ ! -s "$work/err" ] || wrong "groff complains of $tool.1"
    fi
done
finish
