# SPDX-License-Identifier: GPL-3.0-or-later
"""Scores the rows of a channel against the readers' truth: contractions, trains of units, rhythms, forbidden claims.

A contraction is found when one row of a word that it accepts overlaps it by at least half of the longer of the two, one
to one. Of several readings of a stretch the one that fits best counts. What may be claimed is neither asked for nor
wrong."""
import math
from collections import Counter
from dataclasses import dataclass, field

from truth import SILENT, SUSTAINED

OVERLAP = 0.5           # of the longer of a row and a contraction
UNIT_FREQUENCY = 0.05   # relative error of a unit's rate
UNIT_COVER = 0.8        # share of a unit's train that rows cover
RHYTHM_FREQUENCY = 0.1
RHYTHM_COVER = 0.7
RHYTHM_BURSTS = 3       # from so many bursts on a rhythmic row stands for the contractions under it


@dataclass
class Score:
    """Counts of one channel, or their sum over several. onsets, offsets: found less true, in seconds."""
    found: int = 0
    missed: int = 0
    false: int = 0
    onsets: list = field(default_factory=list)
    offsets: list = field(default_factory=list)
    units: int = 0
    units_asked: int = 0
    rhythms: int = 0
    rhythms_asked: int = 0
    forbidden: Counter = field(default_factory=Counter)  # by word
    forbidden_min: float = 0.0
    quiet: Counter = field(default_factory=Counter)      # by word
    quiet_min: float = 0.0
    told: list = field(default_factory=list)             # (sentence, span) of each disagreement

    @property
    def asked(self):
        return self.found + self.missed

    @property
    def f1(self):
        whole = 2 * self.found + self.missed + self.false
        return 2 * self.found / whole if whole else None

    @property
    def quiet_per_min(self):
        return self.quiet.total() / self.quiet_min if self.quiet_min else None

    @property
    def forbidden_per_min(self):
        return self.forbidden.total() / self.forbidden_min if self.forbidden_min else None

    def tell(self, sentence, span):
        self.told.append((sentence, span))

    def __add__(self, other):
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def shared(a, b):
    return max(0.0, min(a.end, b.end) - max(a.start, b.start))


def likeness(truth, row):
    """Share of the longer of the two that both have."""
    return shared(truth, row) / max(truth.length, row.length, 1e-9)


def covered(span, rows):
    """Share of a span under the union of rows."""
    total, reached = 0.0, span.start
    for row in sorted(rows, key=lambda row: row.start):
        low, high = max(row.start, reached), min(row.end, span.end)
        if high > low:
            total += high - low
            reached = high
    return total / max(span.length, 1e-9)


def mostly_inside(row, span):
    if row.length > 0:
        return shared(row, span) >= 0.5 * row.length
    return span.start <= row.start <= span.end


def pairs(truths, rows):
    """Index of a truth -> index of its row: the most alike first, each once; of equals the later."""
    candidates = [(likeness(truth, row), i, j) for i, truth in enumerate(truths) for j, row in enumerate(rows)
                  if truth.accepts(row) and likeness(truth, row) >= OVERLAP]
    matched, taken = {}, set()
    for _, i, j in sorted(candidates, reverse=True):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


def near(frequency, wanted, tolerance):
    return bool(frequency and wanted) and abs(frequency / wanted - 1) <= tolerance


def best_readings(truths, rows):
    """Of each group of readings (Aa, Ab: group A) the contractions of the reading that rows fit best."""
    names = sorted({t.reading for t in truths if t.reading and t.must})
    chosen = []
    for group in sorted({name[:-1] for name in names}):
        best_fit, best = None, []
        for name in (name for name in names if name[:-1] == group):
            reading = [t for t in truths if t.reading == name]
            matched = pairs(reading, rows)
            alike = sum(likeness(reading[i], rows[j]) for i, j in matched.items())
            fit = (len(matched) / len(reading), alike / len(reading))
            if best_fit is None or fit > best_fit:
                best_fit, best = fit, reading
        chosen += best
    return chosen


def score_rhythms(score, truths, rows):
    """Rhythms that were asked for; returns the rows that stand for the contractions under them."""
    standing = []
    for truth in (t for t in truths if t.kind == 'rhythm'):
        fitting = [row for row in rows if truth.accepts(row) and near(row.frequency, truth.value, RHYTHM_FREQUENCY)
                   and shared(row, truth) > 0]
        if truth.must:
            score.rhythms_asked += 1
            if covered(truth, fitting) >= RHYTHM_COVER:
                score.rhythms += 1
            else:
                score.tell('rhythm not found', truth)
        standing += [row for row in fitting if row not in standing and row.length * row.frequency >= RHYTHM_BURSTS]
    return standing


def score_units(score, truths, rows):
    for truth in (t for t in truths if t.kind == 'unit_train' and t.must):
        fitting = [row for row in rows if truth.accepts(row) and near(row.frequency, truth.value, UNIT_FREQUENCY)]
        score.units_asked += 1
        if covered(truth, fitting) >= UNIT_COVER:
            score.units += 1
        else:
            score.tell('unit not found', truth)


def score_contractions(score, truths, rows, standing):
    """Contractions found, missed and false. standing: rhythmic rows that stand for contractions."""
    contractions = [t for t in truths if t.kind == 'contraction']
    optional = [t for t in contractions if not t.must]
    free = [row for row in rows if row not in standing]
    fixed = [t for t in contractions if t.must and not t.reading] + best_readings(contractions, free)
    fixed.sort(key=lambda t: t.start)
    stood_for = [t for t in fixed if any(row.start <= (t.start + t.end) / 2 <= row.end for row in standing)]
    asked = [t for t in fixed if t not in stood_for]
    matched = pairs(asked, free)
    score.found += len(matched) + len(stood_for)
    for i, truth in enumerate(asked):
        if i not in matched:
            score.missed += 1
            score.tell('missed contraction', truth)
            continue
        row = free[matched[i]]
        if 'on' not in truth.soft and truth.start > 0:
            score.onsets.append(row.start - truth.start)
        if 'off' not in truth.soft:
            score.offsets.append(row.end - truth.end)
    excuses = optional + [t for t in truths if t.kind in ('discharge', 'artefact')]
    rhythms = [t for t in truths if t.kind == 'rhythm']
    for j, row in enumerate(free):
        if j in matched.values() or row.word not in SUSTAINED or any(t.accepts(row) and likeness(t, row) >= OVERLAP
                                                                     for t in optional):
            continue
        swallows = any(shared(row, t) >= 0.5 * t.length for t in fixed)
        beside = excuses + [t for t in rhythms if t.accepts(row)]
        if not swallows and covered(row, beside) >= 0.5:
            continue
        score.false += 1
        score.tell('false %s' % row.word, row)


def score_claims(score, truths, rows):
    """Rows that nobody may claim, and rows in quiet stretches."""
    forbidden = [t for t in truths if t.kind == 'forbidden' and t.must]
    quiet = [t for t in truths if t.kind == 'quiet' and t.must]
    score.forbidden_min += sum(t.length for t in forbidden) / 60
    score.quiet_min += sum(t.length for t in quiet) / 60
    for row in rows:
        if any(('any' in t.words or t.accepts(row)) and mostly_inside(row, t) for t in forbidden):
            score.forbidden[row.word] += 1
            score.tell('forbidden %s' % row.word, row)
        if any(mostly_inside(row, t) or shared(row, t) >= 0.5 * t.length for t in quiet):
            score.quiet[row.word] += 1
            score.tell('%s in a quiet stretch' % row.word, row)


def score_channel(truths, rows):
    """One channel's score. Rows that claim nothing (artifact, indeterminate) are never found and never false."""
    score = Score()
    claims = [row for row in rows if row.word not in SILENT]
    standing = score_rhythms(score, truths, claims)
    score_units(score, truths, claims)
    score_contractions(score, truths, claims, standing)
    score_claims(score, truths, claims)
    return score


def total(scores):
    return sum(scores, Score())


def spread_ms(errors):
    """Standard deviation in ms, None of nothing."""
    if not errors:
        return None
    mean = sum(errors) / len(errors)
    return 1000 * math.sqrt(sum((error - mean) ** 2 for error in errors) / len(errors))


def median_ms(errors):
    if not errors:
        return None
    ordered, middle = sorted(errors), len(errors) // 2
    return 1000 * (ordered[middle] if len(errors) % 2 else (ordered[middle - 1] + ordered[middle]) / 2)


def ninety_ms(errors):
    """What nine in ten errors stay below, in ms."""
    ordered = sorted(abs(error) for error in errors)
    return 1000 * ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))] if ordered else None
