# SPDX-License-Identifier: GPL-3.0-or-later
# What is written is read by another program (MNE) with the same digital samples, rates and annotations; record times of files
# with gaps by a parse of our own, since MNE joins the gaps.
. "$EMG_SOURCE/tests/support/shell.sh"
can "MNE on what is written" /usr/bin/python3 -c 'import mne' || exit 77
cat >"$work/check.py" <<'PYTHON'
import sys, warnings
import numpy as np
import mne

kind, gaps, path = sys.argv[1], sys.argv[2] == "gaps", sys.argv[3]
bdf = kind == "bdf"
full = (-8388608, 8388607) if bdf else (-32768, 32767)
signals = [("EMG TA", -3276.8, 3276.7, full), ("EMG Soleus", 1000.0, -1000.0, full), ("EMG VL", -0.5, 99.5, (-1000, 1000))]
n_records, per_record = 12, 200
warnings.simplefilter("ignore")
read = mne.io.read_raw_bdf if bdf else mne.io.read_raw_edf
raw = read(path, preload=True, verbose="error")
assert raw.info["sfreq"] == 1000.0, raw.info["sfreq"]
assert raw.ch_names == [s[0] for s in signals], raw.ch_names
i = np.arange(n_records * per_record, dtype=np.int64)
for s, (name, pmin, pmax, (low, high)) in enumerate(signals):
    true = low + (i * 7919 + s * 104729 + i * i % 101) % (high - low + 1)
    volts = raw.get_data(picks=[name])[0]
    digital = (volts * 1e6 - pmin) / ((pmax - pmin) / (high - low)) + low
    worst = np.abs(digital - true).max()
    assert worst < 0.01, (name, worst)
notes = [(round(a["onset"], 6), round(a["duration"], 6), a["description"]) for a in raw.annotations]
assert notes == [(0.5, 0.25, "stretch"), (1.125, 0.0, "Dehnung \u00fc")], notes

data = open(path, "rb").read()
assert data[8:88].rstrip() == b"X X X X" and data[88:168].rstrip() == b"Startdate X X X X"
assert data[192:197] == (b"BDF+" if bdf else b"EDF+") + (b"D" if gaps else b"C")
n = int(data[252:256])
width = 3 if bdf else 2
per = [int(data[256 + 216 * n + 8 * k:][:8]) for k in range(n)]
start, record = 256 * (n + 1), sum(per) * width
assert len(data) == start + n_records * record and int(data[236:244]) == n_records
for r in range(n_records):
    stamp = data[start + r * record + sum(per[:-1]) * width:][:per[-1] * width].split(b"\x14\x14\x00")[0]
    true = 0.2 * r + (7.25 if gaps and r >= 5 else 0)
    assert abs(float(stamp) - true) < 1e-9, (r, stamp, true)
print(kind, sys.argv[2], "agrees")
PYTHON
for kind in edf bdf; do
    for course in contiguous gaps; do
        holds "$kind $course cannot be written" "$EMG_BUILD/tests/reading/write_known" "$kind" "$course" "$work/$course.$kind"
        holds "$kind $course is read differently" /usr/bin/python3 "$work/check.py" "$kind" "$course" "$work/$course.$kind"
        cat "$work/out"
    done
done
finish
