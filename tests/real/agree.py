# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this scorer and the one that came with the readers' truth say the same of the same rows."""
import os
import re
import subprocess
import sys

from score import median_ms, ninety_ms, spread_ms, total


def text(value, places):
    return 'n/a' if value is None else '%.*f' % (places, value)


def fields(score):
    """A score in the words of the other scorer."""
    return {'contraction_f1': text(score.f1, 3), 'found': '%d/%d' % (score.found, score.asked),
            'false': '%d' % score.false,
            'onset_sd_ms': text(spread_ms(score.onsets), 0), 'onset_median_ms': text(median_ms(score.onsets), 0),
            'onset_p90_ms': text(ninety_ms(score.onsets), 0), 'offset_sd_ms': text(spread_ms(score.offsets), 0),
            'offset_median_ms': text(median_ms(score.offsets), 0), 'offset_p90_ms': text(ninety_ms(score.offsets), 0),
            'units_found': '%d/%d' % (score.units, score.units_asked), 'forbidden': '%d' % score.forbidden.total(),
            'forbidden_per_min': text(score.forbidden_per_min, 2), 'false_quiet_per_min': text(score.quiet_per_min, 2),
            'rhythms': '%d/%d' % (score.rhythms, score.rhythms_asked)}


def differences(script, truth, folder, scores):
    """Sentences, one for each field that differs. scores: (recording, channel) -> score."""
    printed = subprocess.run([sys.executable, '-B', script, truth, folder], capture_output=True, text=True, check=True)
    theirs = {}
    for line in printed.stdout.splitlines():
        found = dict(re.findall(r'(\w+)=(\S+)', line))
        key = tuple(line.split('\t')[:2]) if '\t' in line else line.split()[0]
        theirs[key] = found
    ours = {key: fields(score) for key, score in scores.items()}
    ours['OVERALL'] = fields(total(scores.values()))
    return ['%s: %s is %s here and %s there' % (key, name, value, theirs.get(key, {}).get(name, 'nothing'))
            for key, found in ours.items() for name, value in found.items() if theirs.get(key, {}).get(name) != value]


def check(data, out, scores):
    script = os.path.join(data, 'check_real.py')
    if not os.path.exists(script):
        return None
    return differences(script, os.path.join(data, 'real', 'TRUTH.tsv'), os.path.join(out, 'events'), scores)
