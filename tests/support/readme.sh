# SPDX-License-Identifier: GPL-3.0-or-later
# Renews what the README shows: its C listing from examples/quickstart.c and the output of its console block. BUILD folder.
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
tools=$(cd "$1/cli" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed 1,2d "$source/examples/quickstart.c" >"$work/listing"
awk '/^```console$/ { inside = 1; next } /^```$/ { if (inside) exit } inside && /^\$ /' "$source/README.md" >"$work/console"
sed 's/^\$ //' "$work/console" >"$work/commands"
(cd "$work" && PATH=$tools:$PATH sh -e commands) >>"$work/console"
awk -v work="$work" '
    function show(file) { while ((getline line < file) > 0) print line }
    inside && /^```$/ { inside = 0 }
    inside { next }
    { print }
    /^```c$/ { inside = 1; show(work "/listing") }
    /^```console$/ { inside = 1; show(work "/console") }' "$source/README.md" >"$work/readme"
cat "$work/readme" >"$source/README.md"
