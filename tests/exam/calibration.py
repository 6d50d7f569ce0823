# SPDX-License-Identifier: GPL-3.0-or-later
"""How far confidence can be believed, and whether a map fitted on training ground would make it better.

    exam run --split training    --own --part rhythm --folder DIR
    exam run --split development --own --part rhythm --folder DIR
    python3 tests/exam/calibration.py DIR

Fits p = logistic(a + b logit(confidence)) to the training records by maximum likelihood and tells, for both grounds, the expected
calibration error over ten bins (Guo 2017), the Brier score and the mean log loss, as they are and mapped.
"""
import csv
import glob
import math
import os
import sys

LEAST_DB, LEAST_BEATS = 10, 6  # as in the figures that are told
HONEST = {"clonus": "rhythmic", "tremor": "rhythmic", "rhythmic": "rhythmic", "spasm": "tonic"}


def counts(cell, everything):
    """Whether a cell such as clonus_snr10_n06 counts; those under deep electrodes are impossible."""
    parts = cell.split("_")
    level = [int(p[3:]) for p in parts if p.startswith("snr")]
    beats = [int(p[1:]) for p in parts if p[0] == "n" and p[1:].isdigit()]
    possible = not cell.startswith("deep_")
    return possible and (everything or (min(level + [99]) >= LEAST_DB and min(beats + [99]) >= LEAST_BEATS))


def claims(folder, split, everything):
    """Confidence of each leading pattern, and whether it is right."""
    out = []
    for path in sorted(glob.glob(os.path.join(folder, split, "rhythm", "*.tsv"))):
        with open(path, encoding="utf-8") as file:
            for row in csv.DictReader((line for line in file if line[0] != "#"), delimiter="\t"):
                if row["detector"] != "myogram" or row["found"] in ("none", "indeterminate", "unclassified"):
                    continue
                if not counts(row["cell"], everything) or row["confidence"] == "n/a":
                    continue
                hinted = row["told"] == "hinted" and row["found"] == HONEST.get(row["truth"], row["truth"])
                out.append((float(row["confidence"]), row["found"] == row["truth"] or hinted))
    return out


def logit(p):
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))


def fit(pairs):
    """Maximum likelihood by Newton's method, with a faint prior (SD 10) that keeps it finite; and standard errors."""
    a, b = 0.0, 1.0
    for _ in range(100):
        ga, gb, haa, hab, hbb = -a / 100, -(b - 1) / 100, 0.01, 0.0, 0.01
        for confidence, right in pairs:
            x = logit(confidence)
            p = 1 / (1 + math.exp(-(a + b * x)))
            ga += right - p
            gb += (right - p) * x
            haa += p * (1 - p)
            hab += p * (1 - p) * x
            hbb += p * (1 - p) * x * x
        det = haa * hbb - hab * hab
        step_a, step_b = (hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det
        shorten = max(1, abs(step_a), abs(step_b))  # a step of at most 1: the first ones may go far beyond
        a, b = a + step_a / shorten, b + step_b / shorten
    return a, b, math.sqrt(hbb / det), math.sqrt(haa / det)


def tell(name, pairs):
    bins = [[0, 0.0, 0] for _ in range(10)]
    brier = loss = 0.0
    for p, right in pairs:
        k = min(int(p * 10), 9)
        bins[k] = [bins[k][0] + 1, bins[k][1] + p, bins[k][2] + right]
        brier += (right - p) ** 2
        loss -= math.log(p if right else 1 - p)
    n = len(pairs)
    error = sum(abs(right - sure) for _, sure, right in bins) / n
    print(f"{name}\t{n}\t{sum(r for _, r in pairs) / n:.4f}\t{sum(p for p, _ in pairs) / n:.4f}\t{error:.4f}\t{brier / n:.4f}"
          f"\t{loss / n:.4f}")


def main():
    folder = sys.argv[1]
    print("ground\tclaims\tright\tmean confidence\tcalibration error\tBrier score\tlog loss")
    for everything in (False, True):
        which = "all cells" if everything else f"{LEAST_DB} dB, {LEAST_BEATS} bursts and more"
        training = claims(folder, "training", everything)
        a, b, error_a, error_b = fit(training)
        print(f"# {which}: a = {a:.3f} (SE {error_a:.3f}), b = {b:.3f} (SE {error_b:.3f})")
        for split in ("training", "development"):
            pairs = claims(folder, split, everything)
            if pairs:
                tell(split, pairs)
                tell(split + ", mapped", [(1 / (1 + math.exp(-(a + b * logit(p)))), right) for p, right in pairs])


if __name__ == "__main__":
    main()
