# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over the library and the tools, with the checks of .clang-tidy. BUILD folder of a clang build.
set -eu
cmake -B "$1" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
find lib cli -name '*.c' ! -name 'lanes_avx*' -print0 | xargs -0 -n 4 -P "$(nproc)" clang-tidy --quiet -p "$1"
