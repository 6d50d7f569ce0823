# SPDX-License-Identifier: GPL-3.0-or-later
# Pages in a browser: nothing cut, nothing over anything else, nothing fetched, on narrow and wide screens, light and dark;
# tables sort, the page prints, and every muscle is there. Without a browser only what the text shows is tested.
. "$EMG_SOURCE/tests/support/shell.sh"
tools=$EMG_BUILD/cli

mkdir "$work/in"
for made in "mixed mixed 4 60" "quiet quiet 1 40" "tremor tremor 2 60" "long long 1 20"; do
    set -- $made
    "$tools/emg-simulate" "$2" --quiet --seed "$3" --duration "$4" -o "$work/in/$1.edf" || wrong "emg-simulate $2"
done
echo "no recording" >"$work/in/broken.edf"
exits 1 "$tools/emg-report" -q "$work/in" -o "$work/o"
exits 1 "$tools/emg-report" -q "$work/in" -o "$work/again"
exits 0 "$tools/emg-compare" -q "$work/in/mixed.edf" "$work/o/mixed_report.json" --html "$work/o/compared.html"
exits 0 "$tools/emg-compare" -q "$work/again/mixed_report.json" "$work/in/mixed.edf" --html "$work/again/compared.html"
for half in o again; do
    exits 0 "$tools/emg-compare" -q "$work/o" "$work/again" --html "$work/$half/pairs.html"
done
for page in index mixed_report quiet_report tremor_report long_report compared pairs; do
    [ -s "$work/o/$page.html" ] || wrong "no $page.html"
    cmp -s "$work/o/$page.html" "$work/again/$page.html" || wrong "$page.html differs from run to run"
    grep -E 'https?:|src=|@import|url\(' "$work/o/$page.html" >"$work/out" && wrong "$page.html may fetch something"
done
grep -q ' Hz <span class="code">rate_hz</span>.*</td><td>at least 3 Hz' "$work/o/tremor_report.html" ||
    wrong "the evidence lacks value, unit or limit"
grep -q 'broken.edf</b> .*not a recording' "$work/o/index.html" || wrong "the index does not tell the failure"
for stem in mixed quiet tremor long; do
    tail -n +2 "$work/o/${stem}_muscles.tsv" | cut -f 2 | while read -r muscle; do
        grep -q ">$muscle</h2>" "$work/o/${stem}_report.html" || echo "$stem: no section of $muscle"
        grep -q "<td>$muscle</td>" "$work/o/index.html" || echo "the index lacks $muscle of $stem"
    done
done >"$work/out"
[ ! -s "$work/out" ] || wrong "a muscle is missing"
exits 0 "$tools/emg-report" -q --formats tsv,json "$work/in/quiet.edf" -o "$work/plain"
[ ! -e "$work/plain/index.html" ] || wrong "an index without pages"

exits 0 "$tools/emg-report" -q --formats tsv --svg "$work/in/mixed.edf" -o "$work/svg"
figures=$(find "$work/svg" -name 'mixed_figure_*.svg' | wc -l)
[ "$figures" -eq "$(grep -o '<svg class="f ' "$work/o/mixed_report.html" | wc -l)" ] || wrong "$figures figures as files"
grep -l 'var(' "$work/svg"/*.svg >"$work/out" && wrong "a figure has style that only a browser resolves"
if can "figures read back" command -v python3; then
    holds "a figure is not XML" python3 -c '
import sys, xml.dom.minidom
[xml.dom.minidom.parse(name) for name in sys.argv[1:]]' "$work/svg"/*.svg
fi

browser=
for name in chromium chromium-browser google-chrome; do
    [ -n "$browser" ] || ! command -v "$name" >/dev/null || browser=$name
done
can "looking at pages" [ -n "$browser" ] || finish
cp "$EMG_SOURCE/tests/support/page_check.js" "$work/o/check.js"
{
    echo '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>check</title></head><body>'
    for page in index mixed_report quiet_report tremor_report long_report compared pairs; do
        for width in 390 1280 1920; do
            echo "<iframe title=\"$page at $width\" width=\"$width\" height=\"900\" src=\"$page.html\"></iframe>"
        done
    done
    echo '<script src="check.js"></script></body></html>'
} >"$work/o/check.html"
look() { # OPTIONS...: the browser without a window, a profile, or a network
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --allow-file-access-from-files --no-first-run \
        --user-data-dir="$work/profile" --host-resolver-rules='MAP * ~NOTFOUND' --virtual-time-budget=20000 "$@" \
        2>"$work/err"
}
for scheme in 0 1; do
    look --blink-settings=preferredColorScheme=$scheme --enable-logging=stderr --dump-dom "file://$work/o/check.html" >"$work/out"
    [ "$(grep -c 'looked at' "$work/out")" = 21 ] || wrong "the pages were not all looked at"
    grep -q FOUND "$work/out" && wrong "a page is not sound"
    grep CONSOLE "$work/err" >"$work/out" && wrong "a page's script complains"
done
look --blink-settings=preferredColorScheme=0 --dump-dom "file://$work/o/check.html" >"$work/out"
grep -q 'looked at index at 390 dark' "$work/out" || wrong "no dark page where one is preferred"
look --no-pdf-header-footer --print-to-pdf="$work/mixed.pdf" "file://$work/o/mixed_report.html" >"$work/out"
[ -s "$work/mixed.pdf" ] || wrong "the page does not print"
finish
