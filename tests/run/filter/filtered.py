# SPDX-License-Identifier: GPL-3.0-or-later
# What emg-filter writes, against SciPy's filters over the same samples and MNE's reading of both files.
# Usage: filtered.py make FOLDER | check TOOL FOLDER
import subprocess
import sys
import warnings

import mne
import numpy as np
import scipy.io.wavfile
import scipy.signal as sp

warnings.simplefilter("ignore")


def field(text, width):
    return str(text).ljust(width).encode()


def write_edf(path, signals, record_s, starts, bdf=False, notes=()):
    """Signals: (label, unit, pmin, pmax, dmin, dmax, digital samples). Starts: of each record, in seconds."""
    width, kind = (3, "BDF") if bdf else (2, "EDF")
    n_records, jumps = len(starts), any(abs(s - i * record_s) > 1e-9 for i, s in enumerate(starts))
    note_bytes = 120
    limits = (-8388608, 8388607) if bdf else (-32768, 32767)
    all_signals = list(signals) + [(kind + " Annotations", "", -1, 1, *limits, None)]
    per = [len(s[6]) // n_records if s[6] is not None else note_bytes // width for s in all_signals]
    head = (b"\xffBIOSEMI" if bdf else field("0", 8)) + field("P-17 F 02-AUG-1951 Haagse_Harry", 80)
    head += field("Startdate 02-AUG-2020 X X X", 80) + b"02.08.2023.59.58" + field(256 * (len(all_signals) + 1), 8)
    head += field(kind + ("+D" if jumps else "+C"), 44) + field(n_records, 8) + field("%g" % record_s, 8)
    head += field(len(all_signals), 4)
    columns = [
        [(s[0], 16) for s in all_signals], [("AgAgCl", 80)] * len(all_signals), [(s[1], 8) for s in all_signals],
        [(s[2], 8) for s in all_signals], [(s[3], 8) for s in all_signals], [(s[4], 8) for s in all_signals],
        [(s[5], 8) for s in all_signals], [("HP:1Hz", 80)] * len(all_signals), [(n, 8) for n in per],
        [("", 32)] * len(all_signals)]
    data = head + b"".join(field(t, w) for column in columns for t, w in column)
    for r, start in enumerate(starts):
        for s, n in zip(all_signals, per):
            if s[6] is None:
                text = b"+%s\x14\x14\0" % (b"%.6f" % start).rstrip(b"0").rstrip(b".")
                if r == 0:
                    text += b"".join(b"+%g\x15%g\x14%s\x14\0" % (a, b, t.encode()) for a, b, t in notes)
                data += text.ljust(note_bytes, b"\0")
            else:
                x = s[6][r * n:(r + 1) * n].astype("<i4")
                data += x.astype("<i2").tobytes() if not bdf else x.view("u1").reshape(-1, 4)[:, :3].tobytes()
    open(path, "wb").write(data)


def noise(n, seed, sigma):
    return np.round(np.random.default_rng(seed).normal(0, sigma, n)).astype(int)


FS, SECONDS = 2000, 12
GAPS = [0, 1, 2, 3, 10.25, 11.25, 12.25, 13.25, 14.25, 20.5, 21.5, 22.5]


def recordings(folder):
    t = np.arange(FS * SECONDS) / FS
    hum = np.round(400 * np.sin(2 * np.pi * 50.03 * t) + 100 * np.sin(2 * np.pi * 150.09 * t)).astype(int)
    edf = (-3276.8, 3276.7, -32768, 32767)
    clean = [("EMG TA", "uV", *edf, noise(FS * SECONDS, 1, 300)), ("EMG SOL", "mV", -5, 5, -2048, 2047, noise(FS * SECONDS, 2, 200))]
    write_edf(folder + "/clean.edf", clean, 1, range(SECONDS), notes=[(1.5, 0.25, "stretch"), (11, 2, "Dehnung")])
    write_edf(folder + "/hum.edf", [("EMG TA", "uV", *edf, noise(FS * SECONDS, 3, 60) + hum)], 1, range(SECONDS))
    write_edf(folder + "/gaps.edf", clean, 1, GAPS)
    mixed = clean[:1] + [("EMG SOL", "uV", *edf, noise(1000 * SECONDS, 4, 300)), ("ECG", "uV", *edf, noise(250 * SECONDS, 5, 300)),
                         ("Force", "N", 0, 1000, 0, 4095, noise(100 * SECONDS, 6, 50) + 2000)]
    write_edf(folder + "/mixed.edf", mixed, 1, range(SECONDS))
    wide = [("EMG TA", "uV", -262144, 262143, -8388608, 8388607, noise(FS * SECONDS, 7, 3000) * 7 + 1000000)]
    write_edf(folder + "/wide.bdf", wide, 1, range(SECONDS), bdf=True)
    rng = np.random.default_rng(8)
    scipy.io.wavfile.write(folder + "/relative.wav", 44100, (0.05 * rng.normal(size=(44100 * 3 + 101, 2))).astype("<f4"))


def volts(path):
    if path.endswith(".wav"):
        fs, x = scipy.io.wavfile.read(path)
        return fs, np.atleast_2d(x.astype(float).T), []
    read = mne.io.read_raw_bdf if path.endswith(".bdf") else mne.io.read_raw_edf
    raw = read(path, preload=True, verbose="error")
    return raw.info["sfreq"], raw.get_data() * 1e6, raw.annotations


def header(path):
    data = open(path, "rb").read()
    n = int(data[252:256])
    column = lambda at, w: [data[256 + at * n + w * i:][:w].decode().strip() for i in range(n)]
    return {"patient": data[8:88].decode().strip(), "recording": data[88:168].decode().strip(),
            "start": data[168:184].decode(), "kind": data[192:197].decode(), "records": int(data[236:244]),
            "record_s": float(data[244:252]), "label": column(0, 16), "unit": column(96, 8),
            "pmin": column(104, 8), "pmax": column(112, 8), "dmin": column(120, 8), "dmax": column(128, 8),
            "prefilter": column(136, 80), "per": [int(v) for v in column(216, 8)], "data": data[256 * (n + 1):]}


def digital(path):
    """Digital samples of each signal, and each record's time."""
    h = header(path)
    width = 3 if h["kind"].startswith("BDF") else 2
    size = sum(h["per"]) * width
    records = [h["data"][i * size:(i + 1) * size] for i in range(h["records"])]
    assert len(h["data"]) == size * h["records"]
    out, at = [], 0
    for n in h["per"][:-1]:
        raw = b"".join(r[at * width:(at + n) * width] for r in records)
        if width == 2:
            out.append(np.frombuffer(raw, "<i2").astype(int))
        else:
            b = np.frombuffer(raw, "u1").reshape(-1, 3).astype(int)
            v = b[:, 0] | b[:, 1] << 8 | b[:, 2] << 16
            out.append(np.where(v >= 1 << 23, v - (1 << 24), v))
        at += n
    times = [float(r[at * width:].split(b"\x14")[0]) for r in records]
    return h, out, times


def zero_phase(x, fs, order=4, band=(20, 450)):
    """The segment continued by its end values, as long as the filter rings."""
    sos = sp.butter(order, band, "bandpass", fs=fs, output="sos")
    return sp.sosfiltfilt(sos, x, padtype="constant", padlen=min(len(x) - 1, int(2 * fs)))


class Checks:
    def __init__(self, tool, folder):
        self.tool, self.folder, self.n = tool, folder, 0

    def run(self, source, out, *options):
        out = self.folder + "/" + out
        subprocess.run([self.tool, self.folder + "/" + source, "-o", out, "-q", *options], check=True)
        self.n += 1
        return out

    def same_digits(self):
        for name in ("clean.edf", "gaps.edf", "wide.bdf"):
            out = self.run(name, "same" + name[-4:], "--band", "off", "--mains", "auto")
            old, x, t = digital(self.folder + "/" + name)
            new, y, u = digital(out)
            for k in ("label", "unit", "pmin", "pmax", "dmin", "dmax", "per", "records", "record_s", "kind"):
                if name == "wide.bdf" or k not in ("per",):
                    assert new[k][:len(x)] == old[k][:len(x)] if isinstance(new[k], list) else new[k] == old[k], (name, k)
            assert all(np.array_equal(a, b) for a, b in zip(x, y)), name
            assert np.allclose(t, u, atol=1e-9), name
            assert new["patient"] == "X X X X" and new["recording"] == "Startdate X X X X", new["patient"]
            assert b"stretch" not in open(out, "rb").read() and "HP:1Hz mains:auto ECG:auto" == new["prefilter"][0]

    def filtered(self):
        for name, out in (("clean.edf", "f.edf"), ("clean.edf", "f.bdf"), ("wide.bdf", "w.bdf"), ("wide.bdf", "w.edf"),
                          ("clean.edf", "f.wav")):
            made = self.run(name, out, "--mains", "off")
            fs, x, _ = volts(self.folder + "/" + name)
            fs_out, y, _ = volts(made)
            assert fs == fs_out and x.shape == y.shape, (x.shape, y.shape)
            for i in range(len(x)):
                true = zero_phase(x[i], fs)
                if out.endswith(".wav"):
                    worst, step = np.abs(y[i] * 5000 - true).max(), 5e-4
                else:
                    h = header(made)
                    scale = {"uV": 1, "mV": 1e3}[h["unit"][i]]
                    step = scale * (float(h["pmax"][i]) - float(h["pmin"][i])) / (int(h["dmax"][i]) - int(h["dmin"][i]))
                    worst = np.abs(y[i] - true).max()
                assert worst <= 0.5 * step * 1.001 + 1e-6, (name, out, i, worst, step)
                print("filtered", name, out, i, "largest error %.3g uV of %.3g allowed" % (worst, step / 2))

    def causal(self):
        made = self.run("clean.edf", "c.bdf", "--mains", "off", "--ecg", "off", "--forward", "--band", "20-", "--order", "3", "--stop", "95-105",
                        "--notch", "250:20")
        fs, x, _ = volts(self.folder + "/clean.edf")
        _, y, _ = volts(made)
        for i in range(len(x)):
            true = x[i]
            for sos in (sp.butter(3, 20, "highpass", fs=fs, output="sos"), sp.butter(3, (95, 105), "bandstop", fs=fs, output="sos"),
                        sp.tf2sos(*sp.iirnotch(250, 20, fs))):
                true, _ = sp.sosfilt(sos, true, zi=sp.sosfilt_zi(sos) * true[0])
            assert np.abs(y[i] - true).max() < 0.003 * (1 + i * 2), np.abs(y[i] - true).max()
        assert header(made)["prefilter"][0] == "HP:1Hz HP:20Hz BS:95-105Hz N:250Hz", header(made)["prefilter"]

    def gaps(self):
        made = self.run("gaps.edf", "g.edf", "--mains", "off")
        old, x, t = digital(self.folder + "/gaps.edf")
        new, y, u = digital(made)
        assert new["kind"] == "EDF+D" and np.allclose(t, u, atol=1e-9), (new["kind"], u)
        bounds = [0, 4, 9, 12]
        for a, b in zip(bounds, bounds[1:]):
            true = zero_phase(x[0][a * FS:b * FS] / 10.0, FS)
            got = y[0][a * FS:b * FS] / 10.0
            assert np.abs(got - true).max() <= 0.05001, (a, np.abs(got - true).max())

    def rates(self):
        made = self.run("mixed.edf", "m.edf", "--all-channels", "--mains", "off", "--ecg", "off")
        old, x, t = digital(self.folder + "/mixed.edf")
        new, y, u = digital(made)
        assert new["label"][:4] == ["EMG TA", "EMG SOL", "ECG", "Force"] and new["per"][:4] == [2000, 1000, 250, 100]
        assert np.array_equal(x[2], y[2]) and np.array_equal(x[3], y[3])
        for i, fs in ((0, 2000), (1, 1000)):
            assert np.abs(y[i] / 10.0 - zero_phase(x[i] / 10.0, fs, band=(20, 450))).max() <= 0.05001
        assert new["prefilter"][2] == "HP:1Hz" and new["prefilter"][1] == "HP:1Hz HP:20Hz LP:450Hz", new["prefilter"]
        only = self.run("mixed.edf", "o.edf")
        assert header(only)["label"][:-1] == ["EMG TA", "EMG SOL"]

    def hum(self):
        made = self.run("hum.edf", "h.bdf", "--band", "off", "--removed", self.folder + "/removed.tsv")
        _, x, _ = volts(self.folder + "/hum.edf")
        _, y, _ = volts(made)
        t = np.arange(x.shape[1]) / FS
        true = noise(FS * SECONDS, 3, 60) / 10.0
        residue = np.abs(np.mean((y[0] - true) * np.exp(-2j * np.pi * 50.03 * t))) * 2
        assert residue < 1, residue
        row = dict(zip(*[line.rstrip("\n").split("\t") for line in open(self.folder + "/removed.tsv")]))
        assert abs(float(row["mains_hz"]) - 50.03) < 0.01 and abs(float(row["mains_amplitude"]) - np.hypot(40, 10)) < 1, row

    def identity(self):
        made = self.run("clean.edf", "i.edf", "--include-identity", "--include-annotations", "--from", "2.5")
        h = header(made)
        assert h["patient"] == "P-17 F 02-AUG-1951 Haagse_Harry", h["patient"]
        assert h["recording"] == "Startdate 03-AUG-2020 X X X" and h["start"] == "03.08.2000.00.00", (h["recording"], h["start"])
        _, _, times = digital(made)
        assert abs(times[0] - 0.5) < 1e-9 and h["kind"] == "EDF+C", times[:3]
        notes = [(round(a["onset"], 6), round(a["duration"], 6), a["description"]) for a in volts(made)[2]]
        assert [n[2] for n in notes] == ["Dehnung"] and abs(notes[0][0] - 8.5) < 1e-6, notes

    def odd_lengths(self):
        made = self.run("relative.wav", "r.edf", "--band", "off", "--mains", "off")
        h, y, _ = digital(made)
        fs, x = scipy.io.wavfile.read(self.folder + "/relative.wav")
        step = (float(h["pmax"][0]) - float(h["pmin"][0])) / (int(h["dmax"][0]) - int(h["dmin"][0]))
        got = y[0] * step
        assert len(y[0]) >= len(x) and np.abs(got[:len(x)] - x[:, 0]).max() <= step * 0.501
        assert len(y[0]) - len(x) < 0.02 * fs and np.all(y[0][len(x):] == y[0][len(x) - 1])
        notes = [(a["onset"], a["duration"], a["description"]) for a in volts(made)[2]]
        assert len(y[0]) == len(x) or [n[2] for n in notes] == ["BAD_padding"], notes
        assert len(y[0]) == len(x) or abs(notes[0][0] - len(x) / fs) < 1e-5
        cut = self.run("clean.edf", "k.edf", "--from", "1.234", "--to", "5.001", "--mains", "off", "--band", "off")
        h, y, t = digital(cut)
        old = digital(self.folder + "/clean.edf")[1]
        assert np.array_equal(y[0], old[0][2468:10002]) and h["kind"] == "EDF+C" and t[0] == 0, (len(y[0]), t[:3])


if sys.argv[1] == "make":
    recordings(sys.argv[2])
else:
    checks = Checks(sys.argv[2], sys.argv[3])
    for check in ("same_digits", "filtered", "causal", "gaps", "rates", "hum", "identity", "odd_lengths"):
        getattr(checks, check)()
        print(check, "agrees")
