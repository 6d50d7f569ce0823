# SPDX-License-Identifier: GPL-3.0-or-later
# A program outside the tree builds against the installed library, through pkg-config and through CMake, shared and
# static, and gives the output that the README shows.
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
