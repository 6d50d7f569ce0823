# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the figures of the real ground: a table for programs, name and value lines, a page for readers."""
import os
import subprocess

from loo import mean_f1
from score import median_ms, ninety_ms, spread_ms, total
from truth import DISEASE, SUSTAINED

CLAIMS = sorted(SUSTAINED | DISEASE | {'evoked', 'motor_unit'})


def text(value, places=3):
    if value is None:
        return 'n/a'
    return '%d' % value if float(value).is_integer() else '%.*f' % (places, value)


def by_recording(scores):
    """Recording -> sum of its channels' scores."""
    parts = {}
    for (name, _), score in scores.items():
        parts.setdefault(name, []).append(score)
    return {name: total(some) for name, some in parts.items()}


def score_figures(score):
    """The figures of one score, by name."""
    return {'contraction_f1': score.f1, 'contractions_asked': score.asked, 'contractions_found': score.found,
            'contractions_false': score.false, 'onset_median_ms': median_ms(score.onsets),
            'onset_sd_ms': spread_ms(score.onsets), 'onset_p90_ms': ninety_ms(score.onsets),
            'offset_median_ms': median_ms(score.offsets),
            'offset_sd_ms': spread_ms(score.offsets), 'offset_p90_ms': ninety_ms(score.offsets), 'units': score.units,
            'units_asked': score.units_asked, 'forbidden': score.forbidden.total(),
            'forbidden_per_min': score.forbidden_per_min, 'quiet_rows': score.quiet.total(),
            'quiet_per_min': score.quiet_per_min}


def slug(wanted):
    """A name for what was expected: recording, channel, rule."""
    file = wanted.file.replace('/', '_') if '*' in wanted.file else wanted.file.split('/', 1)[1]
    parts = [file, wanted.channel, wanted.what]
    return '.'.join(part.replace(' ', '_').replace('|', '+') for part in parts if part != '*')


def figures(scores, results, differing, unlike):
    """(recording, channel, figure, value) of everything; recording 'all' is the sum over all."""
    lines = [(name, channel, figure, value) for (name, channel), score in scores.items()
             for figure, value in score_figures(score).items()]
    recordings = by_recording(scores)
    whole = total(scores.values())
    values = {'real_' + name: value for name, value in score_figures(whole).items()}
    values['real_contraction_f1_mean'] = mean_f1(recordings)
    values['real_recordings_below_half'] = sum(score.f1 < 0.5 for score in recordings.values() if score.asked)
    for word in CLAIMS:
        values['real_forbidden_' + word] = whole.forbidden[word]
        values['real_quiet_%s_per_min' % word] = whole.quiet[word] / whole.quiet_min
    judged = [wanted.met(figure) for wanted, figure in results]
    values['expectations_asked'] = sum(met is not None for met in judged)
    values['expectations_met'] = sum(met is True for met in judged)
    values['rhythm_differs'] = len(differing)
    values['scorers_disagree'] = None if unlike is None else len(unlike)
    values.update({slug(wanted): figure for wanted, figure in results})
    return lines + [('all', '*', name, value) for name, value in values.items()]


def exact(value):
    return 'n/a' if value is None else '%.6g' % value


def write_figures(path, lines):
    with open(path, 'w', encoding='utf-8') as out:
        out.write('recording\tchannel\tfigure\tvalue\n')
        out.writelines('%s\t%s\t%s\t%s\n' % (*place, exact(value)) for *place, value in lines)


def print_figures(lines):
    for name, _, figure, value in lines:
        if name == 'all':
            print('%s\t%s' % (figure, exact(value)))


def version(tools, source):
    """The program's version and, in a checkout, the last commit that changed it."""
    tool = os.path.join(tools, 'emg-report')
    said = subprocess.run([tool, '--version'], stdout=subprocess.PIPE, text=True, check=True)
    commit = subprocess.run(['git', '-C', source, 'log', '-1', '--format=%h', '--', '../../lib', '../../cli'],
                            capture_output=True, text=True).stdout.strip()
    return said.stdout.splitlines()[0] + (', commit ' + commit if commit else '')


def counted(words):
    return ', '.join('%d %s' % (n, word) for word, n in sorted(words.items())) or '0'


def row(*cells):
    return '| ' + ' | '.join(cell.replace('|', ' or ') for cell in cells) + ' |'


def heading(*cells):
    return [row(*cells), '|' + '---|' * len(cells)]


def whole_lines(scores):
    whole, recordings = total(scores.values()), by_recording(scores)
    yield from heading('all recordings of `real`', 'value')
    yield row('contractions: F1 over all',
              '%s (%d of %d found, %d false)' % (text(whole.f1), whole.found, whole.asked, whole.false))
    yield row('contractions: F1, mean over recordings', '%s (%d below one half)' % (
        text(mean_f1(recordings)), sum(score.f1 < 0.5 for score in recordings.values() if score.asked)))
    yield row('onsets, ms', 'median %s, SD %s, nine in ten within %s' % tuple(
        text(of(whole.onsets), 0) for of in (median_ms, spread_ms, ninety_ms)))
    yield row('ends, ms', 'median %s, SD %s, nine in ten within %s' % tuple(
        text(of(whole.offsets), 0) for of in (median_ms, spread_ms, ninety_ms)))
    yield row('rows that nobody may claim', '%d: %s' % (whole.forbidden.total(), counted(whole.forbidden)))
    yield row('rows in quiet stretches', '%s a minute: %s' % (text(whole.quiet_per_min, 2), counted(whole.quiet)))
    yield row('trains of one unit', '%d of %d' % (whole.units, whole.units_asked))


def recording_lines(scores):
    yield from heading('recording', 'F1', 'found', 'false', 'onset median, SD (ms)', 'not to be claimed', 'in quiet')
    for name, score in by_recording(scores).items():
        timed = '%s, %s' % (text(median_ms(score.onsets), 0), text(spread_ms(score.onsets), 0)) if score.onsets else ''
        yield row(name, text(score.f1), '%d of %d' % (score.found, score.asked), text(score.false), timed,
                  counted(score.forbidden), counted(score.quiet) if score.quiet_min else '')


def expectation_lines(results):
    yield from heading('recording', 'channel', 'what', 'found', 'asked', 'met', 'source')
    asked = {'least': 'at least %s', 'most': 'at most %s', 'told': '', '0': '%s'}
    for wanted, figure in results:
        sentence = asked.get(wanted.tolerance, '%s within ' + wanted.tolerance)
        met = {None: '', True: 'yes', False: 'no'}[wanted.met(figure)]
        yield row(wanted.file, wanted.channel, wanted.what, text(figure),
                  sentence % text(wanted.value) if '%' in sentence else '', met, wanted.source)


def loo_lines(compared):
    lines, told = compared
    yield from heading('settings', 'F1 over all', 'F1, mean', 'not to be claimed', 'in quiet, a minute')
    for label, f1, mean, forbidden, quiet in lines:
        yield row(label, text(f1), text(mean), text(forbidden), text(quiet, 2))
    yield ''
    yield from told


def write_page(path, scores, results, notes, compared, made_with):
    asked = [wanted.met(figure) for wanted, figure in results if wanted.tolerance != 'told']
    lines = ['# Real recordings', '',
             'Made by `sh tests/real/real.sh` with %s.' % made_with, '',
             'All of this is ground that may be fitted: whoever changes the program sees these recordings and this '
             'truth, so the figures flatter. What choosing alone brings is shown by leaving out recordings, below. '
             'The truth is what careful readings agree on (`real`) and what the sources marked (`labelled`); the '
             'recordings are not part of the project.', '']
    lines += ['* ' + note for note in notes] + ([''] if notes else [])
    lines += [*whole_lines(scores), '', '## Recording by recording', '', *recording_lines(scores), '',
              '## What the description of a recording asks', '', '%d of %d are met.' % (sum(asked), len(asked)), '',
              *expectation_lines(results)]
    if compared:
        lines += ['', '## Fitted, and with recordings left out', '',
                  'Settings of `tests/real/grid.txt`, chosen by F1 over all contractions of the recordings kept.', '',
                  *loo_lines(compared)]
    with open(path, 'w', encoding='utf-8') as out:
        out.write('\n'.join(lines) + '\n')
