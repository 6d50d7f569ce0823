# SPDX-License-Identifier: GPL-3.0-or-later
"""Real ground: runs the tools over the shared recordings, scores them, and writes figures, pictures and a table.

  real.py BUILD DATA OUT [--figures] [--no-loo]     --figures: only print name<TAB>value lines, without pictures"""
import fnmatch
import os
import sys

import agree
import loo
import tell
from measure import Evidence, measure
from run import run_all
from score import score_channel, total
from truth import Mark, number, read_expectations, read_folder, read_marks, read_rows, read_truth, rows_of, table

HERE = os.path.dirname(os.path.abspath(__file__))


def lengths(data):
    """Name of a recording -> seconds, from the two indexes."""
    found = {}
    for path, folder in (('INDEX.tsv', ''), (os.path.join('labelled', 'INDEX.tsv'), 'labelled/')):
        for line in table(os.path.join(data, path)):
            seconds = number(line.get('duration_s'))
            if seconds:
                found[folder + os.path.splitext(line['path'])[0]] = seconds
    return found


def marks_of(data, name):
    """Marks of the source; of the readers' discharges where they listed them."""
    folder, stem = name.split('/')
    marks = read_marks(os.path.join(data, folder, stem + '_truth.tsv'))
    for line in table(os.path.join(data, 'real', 'DISCHARGES.tsv')):
        if line['recording'] == stem:
            marks.append(Mark(float(line['time_s']), float(line['time_s']), 'discharge', line['channel'], line['unit']))
    return marks


def gather(data, out, paths, truths):
    """Name of a recording -> its evidence."""
    found, seconds, evidence = read_folder(os.path.join(out, 'events')), lengths(data), {}
    for name in paths:
        stem = name.split('/')[1]
        rows = rows_of(found, stem) or []
        spikes = os.path.join(out, 'spikes', stem + '_events.tsv')
        scores = {channel: score_channel([t for t in truths if (t.recording, t.channel) == (stem, channel)],
                                         [row for row in rows if row.channel == channel])
                  for channel in dict.fromkeys(t.channel for t in truths if t.recording == stem)}
        evidence[name] = Evidence(seconds[name], rows, read_rows(spikes) if os.path.exists(spikes) else [],
                                  marks_of(data, name), scores)
    return evidence


def expected(evidence):
    """(expectation, figure) for each line of expect.tsv; figures of several recordings are summed."""
    results = []
    for wanted in read_expectations(os.path.join(HERE, 'expect.tsv')):
        parts = [measure(evidence[name].on(wanted.channel), wanted.what) for name in sorted(evidence)
                 if fnmatch.fnmatch(name, wanted.file)]
        if not parts:
            sys.exit('expect.tsv: no recording is called %s' % wanted.file)
        results.append((wanted, None if None in parts else sum(parts)))
    return results


def draw_all(paths, evidence, truths, folder):
    """A picture of each recording, where Matplotlib is there."""
    try:
        import draw
    except ImportError as missing:
        print('SKIPPED: no pictures: %s' % missing, file=sys.stderr)
        return
    os.makedirs(folder, exist_ok=True)
    for name, path in paths.items():
        known = evidence[name]
        told = [(sentence, channel, span) for channel, score in known.scores.items() for sentence, span in score.told]
        needle = 'needle' in name or name.startswith('real/emgdb')
        true = [t for t in truths if t.recording == name.split('/')[1]]
        draw.draw(draw.Picture(name, path, known.rows, true, known.marks, told, needle), folder)


def main(build, data, out, brief, with_loo):
    tools = os.path.join(build, 'cli')
    truths = read_truth(os.path.join(data, 'real', 'TRUTH.tsv'))
    paths, notes, differing = run_all(tools, data, out, HERE)
    evidence = gather(data, out, paths, truths)
    scores = {(name.split('/')[1], channel): score
              for name in paths for channel, score in evidence[name].scores.items()}
    unlike = agree.check(data, out, scores)
    results = expected(evidence)
    figures = tell.figures(scores, results, differing, unlike)
    tell.write_figures(os.path.join(out, 'figures.tsv'), figures)
    if brief:
        tell.print_figures(figures)
    else:
        compared = loo.compare(tools, data, out, os.path.join(HERE, 'grid.txt')) if with_loo else None
        draw_all(paths, evidence, truths, os.path.join(out, 'pictures'))
        tell.write_page(os.path.join(out, 'RESULTS.md'), scores, results, notes, compared, tell.version(tools, HERE))
        print('Table: %s/RESULTS.md   Figures: %s/figures.tsv   Pictures: %s/pictures' % (out, out, out))
    for sentence in notes + ['emg-rhythm differs from emg-report: %s' % name for name in differing] + (unlike or []):
        print(sentence, file=sys.stderr)
    return 1 if not brief and (unlike or differing) else 0  # in brief they are figures themselves


if __name__ == '__main__':
    flags = [word for word in sys.argv[1:] if word.startswith('--')]
    words = [word for word in sys.argv[1:] if not word.startswith('--')]
    if len(words) != 3 or set(flags) - {'--figures', '--no-loo'}:
        sys.exit(__doc__)
    sys.exit(main(*words, '--figures' in flags, '--no-loo' not in flags))
