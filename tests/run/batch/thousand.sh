# SPDX-License-Identifier: GPL-3.0-or-later
# A thousand recordings, ten of them broken, one unreadable, one that vanishes: 988 reports, and the same bytes however they are
# made: by one worker or two, in four slices, backwards, or killed at twenty moments and gone on with.
. "$EMG_SOURCE/tests/support/shell.sh"
report=$tools/emg-report
can "a thousand recordings" command -v python3 || exit 77
cd "$work" || exit 1
mkdir in seeds
for i in $(seq 1 20); do
    exits 0 "$tools/emg-simulate" fasciculation -o "seeds/$i.edf" --seed "$i" --duration 5
done
for i in $(seq 1 1000); do
    cp "seeds/$((i % 20 + 1)).edf" "in/$(printf %04d "$i").edf"
done
for i in $(seq 100 100 1000); do
    echo "no recording $i" >"in/$(printf %04d "$i").edf"
done
chmod 0 in/0555.edf
[ "$(id -u)" -ne 0 ] || { # a superuser reads everything: a folder that is no file stands in for what cannot be read
    rm -f in/0555.edf
    ln -s /proc/self/mem in/0555.edf
}
find in -name '*.edf' | sort >list
ln -s nowhere vanished.edf
echo vanished.edf >>list
sed 's/^/x/' list | sort -r | sed 's/^x//' >backwards
total=$(wc -l <list)

same() { # FOLDER FOLDER: equal but for what is remembered
    diff -r -x .myogram "$1" "$2" >"$work/out" || wrong "$1 and $2 differ"
}

exits 1 "$report" -q @list -o whole
[ "$(grep -c '^emg-report: .*: ' err)" -ge 12 ] || wrong "not every failure has its line"
says "12 of $total inputs failed"
[ "$(awk -F '\t' '$3 == "done"' whole/batch.tsv | wc -l)" -eq $((total - 12)) ] || wrong "not all others are done"
[ "$(ls whole/*_report.json | wc -l)" -eq $((total - 12)) ] || wrong "not all others have a report"
exits 1 "$report" -q -j 2 @list -o two
same whole two
for i in 4 2 3 1; do
    run "$report" -q --slice "$i/4" @list -o slices
    [ "$code" -le 1 ] || wrong "exit $code of a slice"
done
exits 1 "$report" -q --collect slices
same whole slices
exits 1 "$report" -q -j 2 @backwards -o backwards_reports
for name in $(ls whole); do
    case $name in
    index.html) continue ;; # in the order of the list
    muscles.tsv | batch.tsv) sort "whole/$name" >a && sort "backwards_reports/$name" >b ;;
    *) cp "whole/$name" a && cp "backwards_reports/$name" b ;;
    esac
    cmp -s a b || wrong "$name differs when the list is turned round"
done
holds "a batch that is killed at twenty moments" python3 - "$report" <<'PYTHON'
import random, subprocess, sys, time
command = [sys.argv[1], "-q", "-j", "2", "--resume", "@list", "-o", "killed"]
random.seed(1)
for _ in range(20):
    job = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(random.uniform(0.05, 1.5))
    job.kill()
    job.wait()
PYTHON
exits 1 "$report" -q -j 2 --resume @list -o killed
same whole killed
[ "$(ls -A killed/.myogram)" = journal ] || wrong "something stays behind after kills"
finish
