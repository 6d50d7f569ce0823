# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of what is true and of what was found: readers' truth, marks of the sources, events, expectations."""
import csv
import math
import os
from dataclasses import dataclass

SILENT = {'artifact', 'indeterminate', 'n/a', ''}  # words that claim nothing of a muscle
# words that may be a contraction
SUSTAINED = {'tonic', 'spasm', 'rhythmic', 'tremor', 'clonus', 'myoclonus', 'myokymia', 'neuromyotonia'}
DISEASE = {'fasciculation', 'myoclonus', 'clonus', 'myokymia', 'neuromyotonia'}  # words that alarm a reader
SUFFIX = '_events.tsv'


@dataclass(eq=False)
class Span:
    """A stretch of one channel, in seconds."""
    start: float
    end: float

    @property
    def length(self):
        return self.end - self.start


@dataclass(eq=False)
class Row(Span):
    """An event that was found."""
    word: str = 'n/a'
    channel: str = ''
    frequency: float = None
    peak: float = None

    @property
    def instant(self):
        """When a single discharge was: its largest deflection where the table says it, else its onset."""
        return self.start if self.peak is None else self.peak

    @property
    def claims(self):
        return self.word not in SILENT


@dataclass(eq=False)
class Truth(Span):
    """A line of the readers' truth. soft: edges ('on', 'off') that are not timed; reading: which of several."""
    recording: str = ''
    channel: str = ''
    kind: str = ''
    words: frozenset = frozenset()
    value: float = None
    must: bool = True
    reading: str = None
    soft: frozenset = frozenset()

    def accepts(self, row):
        return row.word in self.words


@dataclass(eq=False)
class Mark(Span):
    """A line of a source's own truth: a stimulus, an evoked potential, a discharge, a phase of gait."""
    word: str = ''
    channel: str = ''
    unit: str = ''


@dataclass
class Expectation:
    """What a description asks of one figure. tolerance: 'least', 'most', a deviation, or 'told': nothing."""
    file: str
    channel: str
    what: str
    value: float
    tolerance: str
    source: str = ''

    def met(self, figure):
        if self.tolerance == 'told':
            return None
        if figure is None:
            return False
        if self.tolerance == 'least':
            return figure >= self.value
        if self.tolerance == 'most':
            return figure <= self.value
        return abs(figure - self.value) <= float(self.tolerance) + 1e-9


def number(text):
    """The finite number in a cell, or None."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def table(path):
    """A table's lines as dictionaries: tabs, a header line, no quoting; lines that begin with # are remarks."""
    with open(path, encoding='utf-8', newline='') as lines:
        kept = (line for line in lines if not line.startswith('#') or line.startswith('#\t'))
        return list(csv.DictReader(kept, delimiter='\t', quoting=csv.QUOTE_NONE))


def read_truth(path):
    """The readers' truth (TRUTH.tsv)."""
    return [truth_of(line) for line in table(path)]


def truth_of(line):
    start = float(line['onset'])
    value = number(line['value'])
    notes = {} if value is not None else dict(part.split('=', 1) for part in line['value'].split(';') if '=' in part)
    return Truth(start, start + float(line['duration']), line['recording'], line['channel'], line['kind'],
                 frozenset(line['trial_types'].split('|')), value, line['strength'] == 'must', notes.get('alt'),
                 frozenset(filter(None, notes.get('soft', '').split(','))))


def read_rows(path):
    """The rows of an events table; those without an onset are left out."""
    rows = []
    for line in table(path):
        start = number(line.get('onset'))
        if start is None or 'trial_type' not in line:
            continue
        rows.append(Row(start, start + (number(line.get('duration')) or 0.0), (line['trial_type'] or 'n/a').strip(),
                        line.get('channel', ''), number(line.get('frequency_hz')), number(line.get('peak'))))
    return rows


def read_folder(folder):
    """Stem of a recording -> its rows, from every events table in a folder and the folders in it."""
    found = {}
    for base, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(SUFFIX):
                found[name[:-len(SUFFIX)].replace('_desc-myogram', '')] = read_rows(os.path.join(base, name))
    return found


def rows_of(found, recording):
    """The rows of one recording, None when there is no table of it; stems that collided carry their ending."""
    for stem in (recording, recording + '_edf', recording + '_wav', recording + '_bdf'):
        if stem in found:
            return found[stem]
    return None


def read_marks(path):
    """The marks of a source (labelled/*_truth.tsv); none when there is no such table."""
    if not os.path.exists(path):
        return []
    return [Mark(float(line['onset']), float(line['onset']) + float(line['duration']), line['trial_type'],
                 line['channel'], line.get('unit') or '') for line in table(path)]


def read_expectations(path):
    return [Expectation(line['file'], line['channel'], line['what'], number(line['value']), line['tolerance'],
                        line['source']) for line in table(path)]
