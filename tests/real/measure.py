# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures that a recording's description asks for: evoked responses, silent periods, bursts after a cue, discharges.

Each is a rule over rows and marks, named by the first word of `what` in expect.tsv; what follows are its arguments."""
from dataclasses import dataclass, field

from score import covered, shared
from truth import DISEASE, SUSTAINED, Span

EVOKED_S = 0.1      # an evoked response begins within this time after its stimulus
AHEAD_S = (0.05, 0.25)  # muscle activity begins so long before its force
EDGE_S = 0.1        # activity reaches a silent period when it comes so near
APART_S = 0.5       # margin round a contraction outside of which a muscle was passive
N_SHIFTS = 20       # chance: the mean over so many circular shifts of what was found


@dataclass
class Evidence:
    """All that is known of one recording. spikes: rows of single discharges; scores: by channel."""
    seconds: float
    rows: list
    spikes: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    scores: dict = field(default_factory=dict)

    def on(self, channel):
        """The part that lies on one channel; '*' is all of it. Marks of channel 'all' belong to each."""
        if channel == '*':
            return self
        return Evidence(self.seconds, [r for r in self.rows if r.channel == channel],
                        [r for r in self.spikes if r.channel == channel],
                        [m for m in self.marks if m.channel in (channel, 'all')],
                        {name: s for name, s in self.scores.items() if name == channel})

    def marked(self, word):
        return [m for m in self.marks if m.word == word]


def words_of(text):
    return set(text.split('|'))


def follows(row, mark):
    return 0 <= row.start - mark.start <= EVOKED_S


def rows(evidence, words):
    """How many rows of these words."""
    return sum(row.word in words_of(words) for row in evidence.rows)


def per_min(evidence, words):
    return rows(evidence, words) / (evidence.seconds / 60)


def evoked(evidence, word):
    """How many marks are followed by a row `evoked`."""
    found = [row for row in evidence.rows if row.word == 'evoked']
    return sum(any(follows(row, mark) for row in found) for mark in evidence.marked(word))


def alarmed(evidence, word):
    """How many rows of a word of disease begin where a stimulus evoked them."""
    marks = evidence.marked(word)
    return sum(row.word in DISEASE and any(follows(row, mark) for mark in marks) for row in evidence.rows)


def elsewhere(evidence, word):
    """How many rows claim something away from every stimulus."""
    return sum(row.claims and not any(follows(row, mark) for mark in evidence.marked(word)) for row in evidence.rows)


def open_periods(evidence, word):
    """How many silent periods are left open: no more than half covered by sustained activity."""
    sustained = [row for row in evidence.rows if row.word in SUSTAINED]
    return sum(covered(mark, sustained) <= 0.5 for mark in evidence.marked(word))


def broken(evidence, word):
    """How many silent periods break a contraction: left open, with activity that reaches both of their edges."""
    active = [row for row in evidence.rows if row.word in SUSTAINED or row.word == 'evoked']
    count = 0
    for mark in evidence.marked(word):
        before = any(row.start < mark.start and row.end >= mark.start - EDGE_S for row in active)
        after = any(row.start <= mark.end + EDGE_S and row.end > mark.end for row in active)
        count += before and after and covered(mark, active) <= 0.5
    return count


def begun(evidence, word):
    """Within how many marks a row of sustained activity begins on the mark's own channel."""
    return sum(any(row.word in SUSTAINED and row.channel == mark.channel and mark.start <= row.start <= mark.end
                   for row in evidence.rows) for mark in evidence.marked(word))


def ahead(evidence, word):
    """How many marks of force are preceded, by 50 to 250 ms, by the onset of the row that overlaps them most."""
    count = 0
    for mark in evidence.marked(word):
        sustained = [row for row in evidence.rows if row.word in SUSTAINED and shared(row, mark) > 0]
        if sustained:
            lead = mark.start - max(sustained, key=lambda row: shared(row, mark)).start
            count += AHEAD_S[0] <= lead <= AHEAD_S[1]
    return count


def passive(evidence, word):
    """Claiming rows a minute that lie wholly outside the marks and their margins."""
    marks = evidence.marked(word)
    outside = evidence.seconds - sum(mark.length + 2 * APART_S for mark in marks)
    wider = [Span(mark.start - APART_S, mark.end + APART_S) for mark in marks]
    count = sum(row.claims and not any(row.start < span.end and row.end > span.start for span in wider)
                for row in evidence.rows)
    return count / (outside / 60)


def cycles(evidence, word):
    """Share of cycles (from mark to mark), over all channels, in which exactly one row of sustained activity begins."""
    marks = evidence.marked(word)
    channels = sorted({row.channel for row in evidence.rows})
    single = sum(sum(row.word in SUSTAINED and row.channel == channel and this.start <= row.start < after.start
                     for row in evidence.rows) == 1
                 for channel in channels for this, after in zip(marks, marks[1:]))
    whole = len(channels) * (len(marks) - 1)
    return single / whole if whole > 0 else None


def frequency(evidence, word):
    """Frequency of the longest row of a word."""
    fitting = [row for row in evidence.rows if row.word == word and row.frequency]
    return max(fitting, key=lambda row: row.length).frequency if fitting else None


def pair_times(true, found, tolerance):
    """The largest number of pairs, one to one, of ordered times no further apart than the tolerance."""
    i = j = count = 0
    while i < len(true) and j < len(found):
        if abs(true[i] - found[j]) <= tolerance:
            i, j, count = i + 1, j + 1, count + 1
        elif true[i] < found[j]:
            i += 1
        else:
            j += 1
    return count


def times(evidence):
    """True and found times of discharges, in order."""
    return sorted(mark.start for mark in evidence.marked('discharge')), sorted(row.instant for row in evidence.spikes)


def recall(evidence, ms):
    true, found = times(evidence)
    return pair_times(true, found, float(ms) / 1000) / len(true) if true else None


def precision(evidence, ms):
    true, found = times(evidence)
    return pair_times(true, found, float(ms) / 1000) / len(found) if found else None


def shifted(evidence, ms, share):
    """A share's mean when what was found is shifted round the recording: what chance alone would bring."""
    values = []
    for k in range(1, N_SHIFTS + 1):
        shift = evidence.seconds * k / (N_SHIFTS + 1)
        moved = [type(row)((row.instant + shift) % evidence.seconds, 0, row.word) for row in evidence.spikes]
        values.append(share(Evidence(evidence.seconds, [], moved, evidence.marks), ms))
    return None if None in values else sum(values) / len(values)


def chance_recall(evidence, ms):
    return shifted(evidence, ms, recall)


def chance_precision(evidence, ms):
    return shifted(evidence, ms, precision)


def onset_within(evidence, ms):
    """Share of the contractions asked for that are found with an onset so near the readers'."""
    onsets = [onset for score in evidence.scores.values() for onset in score.onsets]
    return sum(abs(onset) <= float(ms) / 1000 for onset in onsets) / len(onsets) if onsets else None


def onsets_timed(evidence):
    """How many onsets the share above is of."""
    return sum(len(score.onsets) for score in evidence.scores.values())


def units(evidence):
    return sum(score.units for score in evidence.scores.values())


RULES = {rule.__name__: rule for rule in (
    rows, per_min, evoked, alarmed, elsewhere, open_periods, broken, begun, ahead, passive, cycles, frequency, recall,
    precision, chance_recall, chance_precision, onset_within, onsets_timed, units)}


def measure(evidence, what):
    """One figure, or None where there is nothing to measure."""
    name, *arguments = what.split()
    return RULES[name](evidence, *arguments)
