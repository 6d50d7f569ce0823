#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library and SciPy (or NumPy) at the same work on the same samples, stage by stage, in one run and one thread each.

  against_scipy.py BUILD [CHANNELS [SECONDS]]      (16 channels, 30 s)

A stage's two results are compared first, away from the ends, where padding differs; then both are timed in turn, and
medians of seven rounds are printed: nanoseconds per channel-sample, and how many times longer SciPy takes. The library gets
frames (time by channel), SciPy rows (channel by time), as suits each. Rows marked * do different work: sine waves fitted
against a chain of notches. Only ratios of one run mean anything.
"""
import ctypes
import os
import sys
import time

os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})
import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy import ndimage, signal  # noqa: E402

VOID, SIZE, REAL, INT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_double, ctypes.c_int
RATE, ROUNDS, SEGMENT = 2048.0, 7, 1024


def structure(name, fields):
    return type(name, (ctypes.Structure,), {"_fields_": [(f, kind) for kind, names in fields for f in names.split()]})


FilterPlan = structure("FilterPlan", [(INT, "family kind order"), (REAL, "low_hz high_hz q transition_hz"),
                                      (REAL, "attenuation_db rate_hz"), (INT, "padding")])
MainsPlan = structure("MainsPlan", [(INT, "mode"), (SIZE, "harmonics"), (REAL, "keep_db stated_hz top_hz")])
EnvelopePlan = structure("EnvelopePlan", [(INT, "kind"), (SIZE, "window"), (REAL, "lowest_hz"), (INT, "order"),
                                          (REAL, "corner_hz"), (INT, "direction")])
WelchPlan = structure("WelchPlan", [(REAL, "rate_hz"), (SIZE, "segment overlap n_fft"), (INT, "window"), (REAL, "beta"),
                                    (INT, "detrend scaling average")])
MultitaperPlan = structure("MultitaperPlan", [(REAL, "rate_hz"), (SIZE, "n"), (REAL, "half_bandwidth"),
                                              (SIZE, "n_tapers n_fft"), (INT, "detrend weights")])
Levels = structure("Levels", [(REAL, "count_threshold turn_threshold rest_power")])
Bands = structure("Bands", [(REAL, "low_hz high_hz fatigue_low_hz fatigue_high_hz")])
Features = structure("Features", [
    (REAL, "iemg mav rms var ssi wl aac zc ssc wamp turns_per_s turn_amplitude tkeo kurtosis crest snr_db sampen"),
    (REAL, "mnf mdf pkf ttp mnp sm1 sm2 sm3 vcf bandwidth skewness spread_kurtosis sef95"),
    (REAL, "finsm1 finsm2 finsm3 finsm4 finsm5 entropy flatness dp_ratio ohm_ratio sm_ratio")])
Sink = structure("Sink", [(VOID, "to"), (SIZE, "n_channels")])

build = sys.argv[1]
n_channels = int(sys.argv[2]) if len(sys.argv) > 2 else 16
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 30
lib = ctypes.CDLL(os.path.join(build, "lib", "libmyogram.so"))
take = ctypes.cast(ctypes.CDLL(os.path.join(build, "tests", "bench", "libbench_sink.so")).bench_sink_take, VOID)


def call(name, *arguments):
    """A call that must succeed; numbers are sizes unless they are REALs already."""
    wrapped = [SIZE(a) if isinstance(a, int) else a for a in arguments]
    if getattr(lib, name)(*wrapped, None) != 0:
        sys.exit(f"{name} failed")


n = int(seconds * RATE)
rng = np.random.default_rng(1)
rows = signal.sosfilt(signal.butter(2, [20, 400], "bandpass", fs=RATE, output="sos"),
                      rng.standard_normal((n_channels, n)) * 20, axis=-1)
frames = np.ascontiguousarray(rows.T)
out = np.empty_like(frames)


def stream(kind, *before):
    """What a stream makes of all frames, handed over in blocks of 2048."""
    handle, sink = VOID(), Sink(out.ctypes.data, n_channels)
    call(f"emg_{kind}_new", ctypes.byref(handle), *before, n_channels, take, ctypes.byref(sink))
    for at in range(0, n, 2048):
        call(f"emg_{kind}_push", handle, VOID(frames[at:].ctypes.data), min(2048, n - at))
    call(f"emg_{kind}_finish", handle)
    free = getattr(lib, f"emg_{kind}_free")
    free.argtypes = [VOID]
    free(handle)
    return out.T


def filter_stage(direction=1, **plan):
    design = VOID()
    call("emg_filter_design", ctypes.byref(design), ctypes.byref(FilterPlan(rate_hz=RATE, **plan)))
    return lambda: stream("filter_stream", design, INT(direction))


def chain_of(stages):
    """Streams one after the other over the whole array."""
    def run():
        global frames
        kept = frames
        for stage in stages:
            frames = np.ascontiguousarray(stage().T)
        frames = kept
        return out.T
    return run


def envelope_stage(**plan):
    return lambda: stream("envelope", ctypes.byref(EnvelopePlan(**plan)), REAL(RATE))


def mains_stage():
    lib.emg_mains_defaults.restype = MainsPlan
    return stream("mains_stream", ctypes.byref(lib.emg_mains_defaults()), REAL(RATE))


sos = signal.butter(4, [20, 450], "bandpass", fs=RATE, output="sos")
smooth = signal.butter(4, 10, fs=RATE, output="sos")
notches = np.array([[*np.concatenate(signal.iirnotch(f, 30, RATE))] for f in (50, 100, 150)])
length, beta = signal.kaiserord(60, 15 / (RATE / 2))
taps = signal.firwin(length | 1, [20, 450], window=("kaiser", beta), pass_zero="bandpass", fs=RATE)


def teager():
    y = np.empty_like(rows)
    y[:, 1:-1] = rows[:, 1:-1] ** 2 - rows[:, :-2] * rows[:, 2:]
    y[:, 0], y[:, -1] = y[:, 1], y[:, -2]
    return y


lib.emg_welch_defaults.restype, lib.emg_welch_defaults.argtypes = WelchPlan, [REAL, SIZE]
lib.emg_multitaper_defaults.restype, lib.emg_multitaper_defaults.argtypes = MultitaperPlan, [REAL, SIZE]
welch_plan, density = lib.emg_welch_defaults(RATE, SEGMENT), np.empty((n_channels, SEGMENT // 2 + 1))
phase = np.empty(SEGMENT // 2 + 1)


def welch(average):
    welch_plan.average = average
    for x, y in zip(rows, density):
        call("emg_psd", ctypes.byref(welch_plan), VOID(x.ctypes.data), n, VOID(y.ctypes.data), None)
    return density


def coherence():
    welch_plan.average = 0
    for i in range(n_channels):
        a, b = rows[i], rows[i - 1]
        call("emg_coherence", ctypes.byref(welch_plan), VOID(a.ctypes.data), VOID(b.ctypes.data), n,
             VOID(density[i].ctypes.data), VOID(phase.ctypes.data), None)
    return density


pieces = [x[at:at + SEGMENT] for x in rows for at in range(0, n - SEGMENT + 1, SEGMENT)]
tapers_plan, tapers_handle = lib.emg_multitaper_defaults(RATE, SEGMENT), VOID()
call("emg_multitaper_new", ctypes.byref(tapers_handle), ctypes.byref(tapers_plan))
tapered = np.empty((len(pieces), SEGMENT // 2 + 1))
tapers, ratios = signal.windows.dpss(SEGMENT, 4, 7, sym=False, norm=2, return_ratios=True)


def multitaper():
    for x, y in zip(pieces, tapered):
        call("emg_multitaper_psd", tapers_handle, VOID(x.ctypes.data), VOID(y.ctypes.data))
    return tapered


def multitaper_numpy():
    result = np.empty((len(pieces), SEGMENT // 2 + 1))
    for x, y in zip(pieces, result):
        s = np.abs(np.fft.rfft(tapers * (x - x.mean()))) ** 2
        y[:] = (ratios[:, None] * s).sum(0) / ratios.sum() / RATE
    result[:, 1:-1] *= 2
    return result


window = VOID()
call("emg_welch_new", ctypes.byref(window), ctypes.byref(welch_plan), 1, None, 0)
for name in ("emg_welch_finish", "emg_welch_reset"):
    getattr(lib, name).argtypes = [VOID]
levels, bands = Levels(10, 50, np.nan), Bands(20, 450, 20, 450)
NAMES = "iemg mav rms var wl zc ssc wamp kurtosis mnf ttp vcf entropy".split()


def features():
    result, found, y = np.empty((len(pieces), len(NAMES))), Features(), density[0]
    for x, row in zip(pieces, result):
        call("emg_features_time", VOID(x.ctypes.data), SEGMENT, REAL(RATE), ctypes.byref(levels), ctypes.byref(found))
        lib.emg_welch_reset(window)
        call("emg_welch_push", window, VOID(x.ctypes.data), SEGMENT)
        lib.emg_welch_finish(window)
        call("emg_welch_psd", window, 0, VOID(y.ctypes.data))
        call("emg_features_spectral", VOID(y.ctypes.data), len(y), REAL(RATE / SEGMENT), ctypes.byref(bands),
             ctypes.byref(found))
        row[:] = [getattr(found, name) for name in NAMES]
    return result


def features_numpy():
    """The same thirteen; the library takes some twenty more along."""
    result = np.empty((len(pieces), len(NAMES)))
    for x, row in zip(pieces, result):
        size, d = np.abs(x), np.diff(x)
        f, p = signal.welch(x, RATE, nperseg=SEGMENT)
        band = (f >= 20) & (f <= 450)
        f, p = f[band], p[band]
        total, c = p.sum(), x - x.mean()
        m, q = (f * p).sum() / total, p / total
        turns = (d[:-1] * d[1:] < 0) & (np.maximum(np.abs(d[:-1]), np.abs(d[1:])) >= 10)
        row[:] = (size.sum(), size.mean(), np.sqrt((x * x).mean()), (x * x).sum() / (len(x) - 1), np.abs(d).sum(),
                  ((x[1:] * x[:-1] < 0) & (np.abs(d) >= 10)).sum(), turns.sum(), (np.abs(d) >= 10).sum(),
                  (c ** 4).mean() / (c ** 2).mean() ** 2, m, total * RATE / SEGMENT, (f * f * p).sum() / total - m * m,
                  -(q[q > 0] * np.log2(q[q > 0])).sum() / np.log2(len(q)))
    return result


def filtfilt(sections, x):
    return signal.sosfiltfilt(sections, x, axis=-1)


def moving(x, window):
    return ndimage.uniform_filter1d(x, window, axis=-1)


# Name, the library, SciPy, greatest difference as a share of the greatest value; None: other work, not compared.
BUTTERWORTH, NOTCH, FIR, PASS = 0, 1, 2, 2
STAGES = [
    ("Butterworth 20-450 Hz, forward",
     filter_stage(0, family=BUTTERWORTH, kind=PASS, order=4, low_hz=20, high_hz=450),
     lambda: signal.sosfilt(sos, rows, axis=-1), 1e-9),
    ("Butterworth 20-450 Hz, zero phase", filter_stage(family=BUTTERWORTH, kind=PASS, order=4, low_hz=20, high_hz=450),
     lambda: filtfilt(sos, rows), 1e-9),
    ("FIR 20-450 Hz", filter_stage(family=FIR, kind=PASS, low_hz=20, high_hz=450, transition_hz=15, attenuation_db=60),
     lambda: signal.oaconvolve(rows, taps[None, :], "same", axes=-1), 1e-9),
    ("notches 50, 100, 150 Hz, zero phase", chain_of([filter_stage(family=NOTCH, low_hz=f, q=30) for f in (50, 100, 150)]),
     lambda: filtfilt(notches, rows), 1e-9),
    ("* mains by sine waves : notch chain", mains_stage, lambda: filtfilt(notches, rows), None),
    ("linear envelope, 10 Hz", envelope_stage(kind=4, order=4, corner_hz=10, direction=1),
     lambda: filtfilt(smooth, np.abs(rows)), 1e-9),
    ("moving RMS, 51 samples", envelope_stage(kind=0, window=51), lambda: np.sqrt(moving(rows * rows, 51)), 1e-9),
    ("moving average of |x|, 51", envelope_stage(kind=1, window=51), lambda: moving(np.abs(rows), 51), 1e-9),
    ("Teager-Kaiser energy", envelope_stage(kind=2), teager, 1e-12),
    ("Hilbert amplitude", envelope_stage(kind=3, lowest_hz=4), lambda: np.abs(signal.hilbert(rows, axis=-1)), 1e-3),
    ("Welch, 1024", lambda: welch(0), lambda: signal.welch(rows, RATE, nperseg=SEGMENT)[1], 1e-10),
    ("Welch, median of segments", lambda: welch(1),
     lambda: signal.welch(rows, RATE, nperseg=SEGMENT, average="median")[1], 1e-10),
    ("coherence (library: and phase)", coherence,
     lambda: signal.coherence(rows, np.roll(rows, 1, 0), RATE, nperseg=SEGMENT)[1], 1e-9),
    ("multitaper, 1024, 7 tapers", multitaper, multitaper_numpy, 1e-6),
    ("features of 1024 samples", features, features_numpy, 1e-9),
]


def difference(a, b):
    """Largest, over what is further than 8 s from the ends of a signal, as a share of the largest value there."""
    if a.shape[-1] == n:
        a, b = a[:, 8 * int(RATE):-8 * int(RATE)], b[:, 8 * int(RATE):-8 * int(RATE)]
    scale = np.abs(b).max(axis=0) if b.shape[-1] == len(NAMES) else np.abs(b).max()
    return (np.abs(a - b) / scale).max()


def clock(work):
    start = time.perf_counter()
    work()
    return 1e9 * (time.perf_counter() - start) / rows.size


def main():
    print(f"SciPy {scipy.__version__}, NumPy {np.__version__}; {n_channels} channels, {seconds:g} s at {RATE:g} Hz")
    print(f"{'ns per channel-sample':38} {'library':>8} {'SciPy':>8} {'ratio':>6} {'differ by':>10}")
    wrong = []
    for name, ours, theirs, tolerance in STAGES:
        apart = None if tolerance is None else difference(np.array(ours()), theirs())
        times = [(clock(ours), clock(theirs)) for _ in range(ROUNDS)]
        a, b = np.median(times, axis=0)
        print(f"{name:38} {a:8.2f} {b:8.2f} {b / a:6.1f} {'-' if apart is None else f'{apart:.1e}':>10}", flush=True)
        if apart is not None and not apart <= tolerance:
            wrong.append(f"{name}: differs by {apart:.3g}, {tolerance:g} is allowed")
    sys.exit("\n".join(wrong) or 0)


main()
