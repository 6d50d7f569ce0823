# SPDX-License-Identifier: GPL-3.0-or-later
# What a file says stays text, and who was recorded and when stays out: of everything that any tool writes, files and streams,
# about files whose every text is hostile or private. What stands in the files is looked for byte by byte.
. "$EMG_SOURCE/tests/support/shell.sh"
can "files with texts of every kind" command -v python3 || finish
mkdir -p "$work/in" "$work/out.d"

# Private texts in each field that can hold one, hostile ones in labels, muscles and annotations.
cat >"$work/make.py" <<'PYTHON'
import math, random, sys

def edf(path, labels, notes, patient, who):
    random.seed(len(path))
    rate, seconds, n = 500, 40, len(labels) + 1
    spr = [rate] * len(labels) + [120]
    def field(width, texts):
        return b"".join(t.encode("latin-1")[:width].ljust(width) for t in texts)
    head = field(8, ["0"]) + field(80, [patient]) + field(80, [who]) + field(8, ["13.02.87"]) + field(8, ["23.58.41"])
    head += field(8, [str(256 * (n + 1))]) + field(44, ["EDF+C"]) + field(8, [str(seconds)]) + field(8, ["1"]) + field(4, [str(n)])
    head += field(16, labels + ["EDF Annotations"]) + field(80, ["Secrettransducer"] * n) + field(8, ["uV"] * len(labels) + [""])
    head += field(8, ["-1000"] * len(labels) + ["-1"]) + field(8, ["1000"] * len(labels) + ["1"])
    head += field(8, ["-32768"] * n) + field(8, ["32767"] * n) + field(80, ["HP:10Hz"] * n) + field(8, [str(s) for s in spr])
    head += field(32, ["Secretreserved"] * n)
    body = b""
    for second in range(seconds):
        for k in range(len(labels)):
            for i in range(rate):
                near = (i - 200 - 7 * k) / 2.0
                x = random.gauss(0, 90) + (4000 * math.exp(-near * near) * (1 if second % 3 else -1) if second % 2 else 0)
                body += int(x).to_bytes(2, "little", signed=True)
        tal = b"+%d\x14\x14\0" % second
        if second % 4 == 1:
            tal += b"+%d.4\x150.5\x14" % second + notes[second // 4 % len(notes)].encode() + b"\x14\0"
        body += tal.ljust(240, b"\0")[:240]
    open(path, "wb").write(head + body)

hostile = ["EMG <b>x</b>", "EMG =1+1", "EMG \x1b[31mred", "EMG \"><img s=x>", "EMG %s%n%x"]
notes = ["Secrettext <script>", "Secrettext@@EMG =1+1", "=Secrettext", "\x1b]0;Secrettext\x07"]
folder = sys.argv[1]
edf(folder + "/private.edf", hostile, notes, "MCH-77 F 02-MAY-1951 Secretname", "Startdate 13-FEB-1987 Secretcode Secretdoctor Secretdevice")
edf(folder + "/plain.edf", ["EMG TA", "EMG SOL"], notes, "Secretname 1951", "Secretcode 13.02.1987")
open(folder + "/marks.tsv", "w").write("onset\tduration\ttrial_type\n3\t2\tSecrettext <i>\n9\t2\tSecrettext\n")
open(folder + "/muscles.tsv", "w").write("#1\t<script>alert(1)</script>\n#2\t@SUM(1)\n#3\t-2+3\n")
PYTHON
holds "no files are made" python3 "$work/make.py" "$work/in"

say() { # COMMAND...: what it writes is gathered, whatever comes of it
    "$@" >>"$work/out.d/streams" 2>>"$work/out.d/streams" </dev/null
    [ $? -le 4 ] || wrong "ended by a signal: $*"
}
number=0
everything() { # FILE: every tool, with what it says unasked
    number=$((number + 1))
    for options in "" "--strict" "--all-channels --within Secret* --rest *Secret* --task nothing" \
        "--without Secrettext --stimulus =Secret* --stimulus nothing" "--no-sidecar --marks $work/in/marks.tsv --within *i*" \
        "--muscles $work/in/muscles.tsv --derive E=#1-#2"; do
        set -f
        # shellcheck disable=SC2086
        set -- "$1" $options
        set +f
        file=$1
        shift
        say "$tools/emg-report" -v --svg "$file" --replace -o "$work/out.d/report$number" "$@"
        say "$tools/emg-rhythm" -v "$file" "$@"
        set -- "$file"
    done
    say "$tools/emg-spikes" -v "$1"
    say "$tools/emg-spectrum" -v "$1"
    say "$tools/emg-spectrum" -v --svg "$work/out.d/spectrum$number.svg" --coherence '#1,#2' "$1"
    say "$tools/emg-info" "$1"
    say "$tools/emg-info" --json "$1"
    say "$tools/emg-info" --validate "$1"
    for kind in edf bdf wav; do say "$tools/emg-filter" -v "$1" -o "$work/out.d/filtered$number.$kind"; done
    say "$tools/emg-score" "$1" "$1"
    say sh -c '"$1" - <"$2"' sh "$tools/emg-info" "$1"
}
for file in private plain; do everything "$work/in/$file.edf"; done
if [ -d "$EMG_SHARED/hostile" ]; then
    for file in "$EMG_SHARED"/hostile/label_*.edf "$EMG_SHARED"/hostile/patient_*.edf "$EMG_SHARED"/hostile/annot*.edf; do
        everything "$file"
    done
fi
echo "$number files, $(find "$work/out.d" -type f | wc -l) outputs, $(du -sk "$work/out.d" | cut -f 1) KiB"
[ -s "$work/out.d/report1/private_report.html" ] && [ -s "$work/out.d/report2/plain_events.tsv" ] || wrong "nothing is reported"

# The patterns that were typed are the caller's own words, in sentences and among the settings of a journal.
rm -rf "$work/out.d"/report*/.myogram
sed -i.bak 's/--[a-z]* .[^ ]*Secret[^ ]* matches/a pattern matches/' "$work/out.d/streams" && rm -f "$work/out.d/streams.bak"
for secret in Secretname Secrettext Secretcode Secretdoctor Secretdevice MCH-77 MAY-1951 FEB-1987 13.02.87 13.02.1987 13-FEB 23.58.41 23:58 \
    Haagse MCH-0234567 DrStrange Telemetry03 PSG-1234; do
    grep -rlaF -- "$secret" "$work/out.d" >"$work/found"
    [ ! -s "$work/found" ] || wrong "'$secret' is told unasked in $(head -3 "$work/found" | tr '\n' ' ')"
done

cat >"$work/check.py" <<'PYTHON'
import html.parser, os, re, sys, xml.dom.minidom

wrong = []
class Page(html.parser.HTMLParser):
    known = set("""html head meta title style script body header main section footer template div span p a b i small h1 h2 h3 ul li dl
        dt dd table caption colgroup col thead tbody tr th td figure figcaption details summary button svg g path line rect circle text
        symbol tspan title desc polygon polyline use defs pattern br strong em code""".split())
    def handle_starttag(self, tag, attributes):
        if tag not in self.known or any(name.startswith("on") for name, _ in attributes):
            wrong.append("%s: <%s %s>" % (path, tag, attributes))

for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        path = os.path.join(folder, name)
        data = open(path, "rb").read()
        if name.endswith((".edf", ".bdf", ".wav")):
            continue
        if re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", data):
            wrong.append(path + ": a control byte")
        text = data.decode("utf-8")
        if name.endswith(".html"):
            Page().feed(text)
            if text.count("<script") != 1 or "<img" in text:
                wrong.append(path + ": an element of a label's")
        if name.endswith(".svg"):
            xml.dom.minidom.parseString(data)
        if name.endswith(".tsv"):
            for cell in re.split("[\t\n]", text):
                if re.match("[=+@-]", cell) and not re.fullmatch(r"-?[0-9.]+(e[-+]?[0-9]+)?", cell):
                    wrong.append("%s: the cell %r may command a spreadsheet" % (path, cell))
print("\n".join(wrong[:20]))
sys.exit(len(wrong) > 0)
PYTHON
holds "a text became something else" python3 "$work/check.py" "$work/out.d"
finish
