# SPDX-License-Identifier: GPL-3.0-or-later
"""Leave one out: settings are chosen on all other recordings and scored on the one left out, beside the fitted figure.

  loo.py BUILD DATA OUT GRID     GRID has lines 'key value value ...'; every combination and the defaults are candidates

What is left out is one recording, then all recordings of one source (the name up to the first _): those of one source
share electrodes, person and task, so that the second figure is the harder and the more honest one."""
import itertools
import os
import subprocess
import sys

from run import recordings, report
from score import score_channel, total
from truth import read_folder, read_truth, rows_of

MOST_CANDIDATES = 400


def candidates(path):
    """Tuples of key=value; the first is empty: the defaults."""
    axes = []
    with open(path, encoding='utf-8') as lines:
        for line in lines:
            words = line.split('#')[0].split()
            if words:
                axes.append(['%s=%s' % (words[0], value) for value in words[1:]])
    found = [()] + (list(itertools.product(*axes)) if axes else [])
    if len(found) > MOST_CANDIDATES:
        sys.exit('loo.py: %s has %d combinations, more than %d' % (path, len(found), MOST_CANDIDATES))
    return found


def score_recordings(truths, folder):
    """Recording -> sum of its channels' scores."""
    found, scores = read_folder(folder), {}
    for name, channel in dict.fromkeys((t.recording, t.channel) for t in truths):
        rows = [row for row in rows_of(found, name) or [] if row.channel == channel]
        true = [t for t in truths if (t.recording, t.channel) == (name, channel)]
        scores.setdefault(name, []).append(score_channel(true, rows))
    return {name: total(parts) for name, parts in scores.items()}


def best(table, names):
    """The candidate with the largest F1 over these recordings; of equals the first."""
    return max(table, key=lambda candidate: total(table[candidate][name] for name in names).f1 or 0.0)


def left_out(table, group_of):
    """The score when each group's candidate is chosen on the other groups, and how often each candidate was chosen.
    table: candidate -> recording -> score."""
    names = list(next(iter(table.values())))
    parts, chosen = {}, {}
    for group in dict.fromkeys(map(group_of, names)):
        candidate = best(table, [name for name in names if group_of(name) != group])
        chosen[candidate] = chosen.get(candidate, 0) + 1
        parts.update({name: table[candidate][name] for name in names if group_of(name) == group})
    return parts, chosen


def mean_f1(scores):
    """Mean over the recordings that hold contractions."""
    values = [score.f1 for score in scores.values() if score.asked]
    return sum(values) / len(values) if values else None


def by_recording(name):
    return name


def by_source(name):
    return name.split('_')[0]


def line_of(label, scores):
    whole = total(scores.values())
    return [label, whole.f1, mean_f1(scores), whole.forbidden.total(), whole.quiet_per_min]


def compare(tools, data, out, grid):
    """Lines (label, F1, mean F1, forbidden rows, quiet rows a minute) and sentences about what was chosen."""
    truths = read_truth(os.path.join(data, 'real', 'TRUTH.tsv'))
    paths = {name: path for name, path in recordings(data).items() if name.startswith('real/')}
    table = {}
    for candidate in candidates(grid):
        sets = [word for setting in candidate for word in ('--set', setting)]
        folder = os.path.join(out, 'loo')
        report(tools, paths, {name: () for name in paths}, folder, sets)
        table[candidate] = score_recordings(truths, folder)
    fitted = best(table, list(table[()]))
    lines, told = [line_of('defaults', table[()]), line_of('fitted on all', table[fitted])], []
    told.append('%d candidates; fitted on all: %s.' % (len(table), ' '.join(fitted) or 'the defaults'))
    for label, group_of in (('one recording left out', by_recording), ('one source left out', by_source)):
        parts, chosen = left_out(table, group_of)
        lines.append(line_of(label, parts))
        told.append('%s: %s.' % (label.capitalize(), '; '.join(
            '%s chosen %d times' % (' '.join(c) or 'the defaults', n) for c, n in sorted(chosen.items()))))
    return lines, told


def main(build, data, out, grid):
    try:
        lines, told = compare(os.path.join(build, 'cli'), data, out, grid)
    except subprocess.CalledProcessError as failure:
        sys.exit('loo.py: emg-report ended with %d: %s' % (failure.returncode, ' '.join(failure.cmd[:12])))
    for label, *figures in lines:
        print('\t'.join([label] + ['n/a' if f is None else '%.4g' % f for f in figures]))
    print('\n'.join(told))


if __name__ == '__main__':
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
