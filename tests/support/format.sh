# SPDX-License-Identifier: GPL-3.0-or-later
# The layout of .clang-format in every source, except in tables that a script has written: their first comment says so.
set -eu
find include lib cli tests examples -name '*.[ch]' | while read -r file; do
    sed -n 2,3p "$file" | grep -Eqi 'written by [a-z_/]+\.py' || echo "$file"
done | xargs clang-format --dry-run -Werror
