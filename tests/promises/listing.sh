# SPDX-License-Identifier: GPL-3.0-or-later
# What the README shows is true: its C listing is examples/quickstart.c but for the first two lines, its output is what
# the tools print, its tools and files exist.
. "$EMG_SOURCE/tests/support/shell.sh"
awk '/^```c$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' "$EMG_SOURCE/README.md" >"$work/listing"
sed 1,2d "$EMG_SOURCE/examples/quickstart.c" >"$work/example"
[ -s "$work/listing" ] || wrong "the README has no C listing"
diff "$work/listing" "$work/example" >"$work/out" || wrong "the listing differs from examples/quickstart.c"

# The console block: its commands, run here, print exactly what it shows.
awk '/^```console$/ { inside = 1; next } /^```$/ { if (inside) exit } inside' "$EMG_SOURCE/README.md" >"$work/console"
sed -n 's/^\$ //p' "$work/console" >"$work/commands"
grep -v '^\$ ' "$work/console" >"$work/shown"
[ -s "$work/commands" ] && [ -s "$work/shown" ] || wrong "the README shows no output"
(cd "$work" && PATH=$tools:$PATH sh -e commands) >"$work/printed" 2>"$work/err" || wrong "the README's commands fail"
diff "$work/shown" "$work/printed" >"$work/out" ||
    wrong "the README shows another output; 'sh tests/support/readme.sh BUILD' renews it"

for word in $(grep -o '`emg-[a-z]*`' "$EMG_SOURCE/README.md" | tr -d '\140' | sort -u); do
    [ -x "$tools/$word" ] || wrong "the README names $word, which is not built"
done
for path in $(grep -o '](\([a-zA-Z][^)#:]*\))' "$EMG_SOURCE/README.md" | sed 's/](\(.*\))/\1/'); do
    [ -e "$EMG_SOURCE/$path" ] || wrong "the README links to $path, which is not there"
done
finish
