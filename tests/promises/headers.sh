# SPDX-License-Identifier: GPL-3.0-or-later
# Every public header stands alone, in C11 and in C++, without a warning.
. "$EMG_SOURCE/tests/support/shell.sh"
: "${CC:=cc}" "${CXX:=c++}"
cxx=false
can "headers in C++" command -v "$CXX" && cxx=true
for path in "$EMG_SOURCE"/include/emg/*.h; do
    echo "#include <emg/$(basename "$path")>
int main(void) { return 0; }" >"$work/one.c"
    cp "$work/one.c" "$work/one.cc"
    holds "$path does not stand alone in C11" \
        "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$EMG_SOURCE/include" -fsyntax-only "$work/one.c"
    if $cxx; then
        holds "$path does not stand alone in C++" \
            "$CXX" -std=c++11 -Wall -Wextra -Wpedantic -Werror -I"$EMG_SOURCE/include" -fsyntax-only "$work/one.cc"
    fi
    [ "$(basename "$path")" = emg.h ] || grep -q "<emg/$(basename "$path")>" "$EMG_SOURCE/include/emg/emg.h" || wrong "emg.h leaves out $path"
done
echo "#include <emg/emg.h>
int main(void) { emg_run_config c = emg_run_defaults(); (void)c; return 0; }" >"$work/one.c"
holds "emg.h does not compile" "$CC" -std=c11 -Wall -Werror -I"$EMG_SOURCE/include" -fsyntax-only "$work/one.c"
awk -f "$EMG_SOURCE/tests/promises/units.awk" "$EMG_SOURCE"/include/emg/*.h >"$work/out"
[ ! -s "$work/out" ] || wrong "members without a unit"
version=$(sed -n 's/^#define EMG_VERSION "\(.*\)"/\1/p' "$EMG_SOURCE/include/emg/version.h")
grep -qxF "version: $version" "$EMG_SOURCE/CITATION.cff" || wrong "CITATION.cff names another version than $version"
finish
