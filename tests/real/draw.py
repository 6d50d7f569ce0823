# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws a recording: the band-passed signal in rows of time, what was found by colour, what is true below it, and
zooms on disagreements."""
import math
import os

import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch

import recording
from truth import Span

COLOURS = {'tonic': 'tab:blue', 'spasm': 'navy', 'fasciculation': 'limegreen', 'myoclonus': 'red', 'clonus': 'magenta',
           'tremor': 'orange', 'rhythmic': 'saddlebrown', 'motor_unit': 'darkcyan', 'evoked': 'gold',
           'myokymia': 'purple', 'neuromyotonia': 'deeppink', 'indeterminate': 'gray', 'artifact': 'black'}
BELOW = {'contraction': 'black', 'may be claimed': 'silver', 'another reading': 'dimgray', 'quiet': 'palegreen',
         'unit_train': 'darkcyan', 'rhythm': 'saddlebrown', 'artefact': 'peru', 'mark': 'crimson'}
SURFACE, NEEDLE = (20, 450), (200, 3000)
LEAST_RATE_HZ = 150  # slower channels are no muscle
ROW_S = 5.0          # a row of time is no shorter, unless the recording is
MOST_STRIPS = 16     # strips of all channels together
MOST_ROWS = 8
N_POINTS = 1500      # columns of least and greatest value across a strip
N_ZOOMS = 3
STRIP_INCHES, GAP_INCHES, ZOOM_INCHES = 0.95, 0.05, 1.7


def envelope_of(samples):
    """Times (as sample numbers) and values with which a line shows every extreme of many samples."""
    step = max(1, len(samples) // N_POINTS)
    if step < 3:
        return np.arange(len(samples)), samples
    whole = samples[:len(samples) // step * step].reshape(-1, step)
    middle = np.repeat(np.arange(len(whole)) * step + step / 2, 2)
    return middle, np.column_stack([whole.min(1), whole.max(1)]).ravel()


def draw_signal(axes, channel, stretches, start, end):
    for at, samples in stretches:
        first, last = (round((moment - at) * channel.rate) for moment in (start, end))
        first, last = max(first, 0), min(last, len(samples))
        if last > first:
            index, values = envelope_of(samples[first:last])
            axes.plot(at + (first + index) / channel.rate, values, 'k', lw=0.4)


def bar(axes, span, low, high, colour, least, **style):
    """A bar in axes' height low..high, at least so long that it is seen."""
    axes.axvspan(span.start, max(span.end, span.start + least), low, high, color=colour, lw=0, **style)


def kind_below(truth):
    if truth.kind == 'contraction':
        return 'may be claimed' if not truth.must else 'another reading' if truth.reading else 'contraction'
    return truth.kind if truth.kind in BELOW else None


def draw_spans(axes, start, end, rows, truths, marks):
    least = (end - start) * 0.0015
    inside = [span for span in rows if span.start < end and span.end >= start]
    for row in inside:
        colour = COLOURS.get(row.word, 'pink')
        bar(axes, row, 0.13, 0.88, colour, least, alpha=0.25)
        bar(axes, row, 0.88, 1.0, colour, least)
    order = ('quiet', 'rhythm', 'artefact', 'unit_train', 'may be claimed', 'another reading', 'contraction')
    shown = [t for t in truths if kind_below(t) and t.start < end and t.end > start]
    for truth in sorted(shown, key=lambda t: order.index(kind_below(t))):
        kind = kind_below(truth)
        bar(axes, truth, 0.0, 0.05 if kind in ('quiet', 'rhythm', 'may be claimed') else 0.1, BELOW[kind], least)
    for mark in marks:
        if mark.start < end and mark.end >= start:
            bar(axes, mark, 0.0, 0.05 if mark.word == 'discharge' else 0.13, BELOW['mark'], least, alpha=0.8)


def strip(axes, channel, stretches, height, window, picture):
    """One channel over one stretch of time."""
    start, end = window
    draw_signal(axes, channel, stretches, start, end)
    draw_spans(axes, start, end, [r for r in picture.rows if r.channel == channel.label],
               [t for t in picture.truths if t.channel == channel.label],
               [m for m in picture.marks if m.channel in (channel.label, 'all')])
    axes.set_xlim(start, end)
    axes.set_ylim(-1.4 * height, 1.3 * height)
    axes.set_yticks([])
    axes.tick_params(labelsize=7, pad=1)
    axes.set_ylabel('%s\n+-%.3g %s' % (channel.label, height, channel.unit), fontsize=7)


class Picture:
    """What is drawn of one recording. told: disagreements (sentence, channel, span), for the zooms."""

    def __init__(self, name, path, rows, truths, marks, told, needle):
        self.name, self.path, self.rows, self.truths, self.marks, self.told = name, path, rows, truths, marks, told
        self.band = NEEDLE if needle else SURFACE

    def channels(self):
        known = {span.channel for span in self.rows + self.truths}
        return [c for c in recording.read(self.path)
                if c.rate >= LEAST_RATE_HZ and (c.label in known or c.label.startswith('EMG'))]

    def zooms(self):
        """One stretch for each kind of disagreement; where nothing is known, a typical row of each word."""
        chosen, wanted = {}, self.told
        for word in () if wanted else dict.fromkeys(row.word for row in self.rows):
            fitting = sorted((row for row in self.rows if row.word == word), key=lambda row: row.length)
            middle = fitting[len(fitting) // 2]
            chosen[word] = (middle.channel, middle)
        for sentence, channel, span in wanted:
            if span not in [seen for _, seen in chosen.values()]:
                chosen.setdefault(sentence, (channel, span))
        return [(sentence, channel, widened(span)) for sentence, (channel, span) in list(chosen.items())[:N_ZOOMS]]


def widened(span):
    length = min(max(span.length, 0.4), 4.0)
    return Span(max(0.0, span.start - 0.75 * length), span.start + 1.75 * length)


def height_of(channel, stretches, start=0.0, end=math.inf):
    """What nearly all values of a stretch of time stay within."""
    inside = [[0.0]]
    for at, samples in stretches:
        first, last = max(0, round((start - at) * channel.rate)), min((end - at) * channel.rate, len(samples))
        inside.append(np.abs(samples[first:max(first, int(last))]))
    values = np.concatenate(inside)
    return float(np.quantile(values, 0.9995)) * 1.1 or 1.0


def legend(figure, picture):
    words = [word for word in COLOURS if any(row.word == word for row in picture.rows)]
    kinds = [k for k in BELOW if any(kind_below(t) == k for t in picture.truths) or k == 'mark' and picture.marks]
    handles = [Patch(color=COLOURS[word], label='%s (%d)' % (word, sum(row.word == word for row in picture.rows)))
               for word in words]
    handles += [Patch(color=BELOW[kind], label='below: ' + kind) for kind in kinds]
    figure.legend(handles=handles, loc='upper right', fontsize=8, ncol=7, frameon=False)


def draw(picture, folder):
    """Writes FOLDER/NAME.png; a recording without channels to show is left out."""
    channels = picture.channels()
    if not channels:
        return
    passed = [channel.passed(*picture.band) for channel in channels]
    heights = [height_of(*pair) for pair in zip(channels, passed)]
    end = max(channel.end for channel in channels)
    n_rows = max(1, min(MOST_ROWS, MOST_STRIPS // len(channels), math.ceil(end / ROW_S)))
    zooms = picture.zooms()
    n_strips = n_rows * len(channels)
    inches = [STRIP_INCHES] * n_strips + ([GAP_INCHES, ZOOM_INCHES] if zooms else [])
    figure = plt.figure(figsize=(17, sum(inches) * 1.12 + 0.9))
    grid = figure.add_gridspec(len(inches), N_ZOOMS, height_ratios=inches, left=0.05, right=0.995,
                               wspace=0.12, hspace=0.28,
                               bottom=0.3 / figure.get_figheight(), top=1 - 0.45 / figure.get_figheight())
    for k in range(n_rows):
        window = (end * k / n_rows, end * (k + 1) / n_rows)
        for i, channel in enumerate(channels):
            strip(figure.add_subplot(grid[k * len(channels) + i, :]), channel, passed[i], heights[i], window, picture)
    for k, (sentence, label, span) in enumerate(zooms):
        i = next((i for i, channel in enumerate(channels) if channel.label == label), 0)
        axes = figure.add_subplot(grid[n_strips + 1, k])
        height = height_of(channels[i], passed[i], span.start, span.end)
        strip(axes, channels[i], passed[i], height, (span.start, span.end), picture)
        axes.set_title('%s: %s' % (label, sentence), fontsize=8, pad=2)
    figure.text(0.005, 1 - 0.25 / figure.get_figheight(), picture.name, fontsize=12, va='center')
    legend(figure, picture)
    figure.savefig(os.path.join(folder, os.path.basename(picture.name) + '.png'), dpi=70)
    plt.close(figure)
