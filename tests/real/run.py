# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tools: emg-report into OUT/events, emg-spikes into OUT/spikes, emg-rhythm compared with the report."""
import fnmatch
import glob
import os
import shutil
import subprocess

from truth import table

ENDINGS = ('.edf', '.bdf', '.wav')


def recordings(data):
    """Name under the data folder, without ending -> path, for the folders real and labelled."""
    found = {}
    for folder in ('real', 'labelled'):
        for path in sorted(glob.glob(os.path.join(data, folder, '*'))):
            stem, ending = os.path.splitext(path)
            if ending in ENDINGS:
                found[folder + '/' + os.path.basename(stem)] = path
    return found


def known_options(tool, options, notes):
    """The options of one line of options.tsv, without those that the tool's help does not name."""
    text = subprocess.run([tool, '--help'], capture_output=True, text=True, check=True).stdout
    kept, words = [], options.split()
    for i in range(0, len(words), 2):
        if ' %s ' % words[i] in text:
            kept += words[i:i + 2]
        else:
            notes.append('%s does not know %s: left out' % (os.path.basename(tool), words[i]))
    return kept


def options_for(names, tool, lines, notes):
    """Name of a recording -> its options, as a tuple."""
    chosen = {name: () for name in names}
    for line in (line for line in lines if line['tool'] == os.path.basename(tool)):
        kept = tuple(known_options(tool, line['options'], notes))
        chosen.update({name: kept for name in names if fnmatch.fnmatch(name, line['files'])})
    return chosen


def report(tools, paths, options, folder, extra=()):
    """One emg-report for each set of options; fails when a recording is not read."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for i, chosen in enumerate(sorted(set(options.values()))):
        files = [paths[name] for name in paths if options[name] == chosen]
        subprocess.run([os.path.join(tools, 'emg-report'), '-q', '--formats', 'tsv', '-o', os.path.join(folder, str(i)),
                        *chosen, *extra, *files], check=True)


def spikes(tools, paths, options, folder):
    os.makedirs(folder, exist_ok=True)
    for name, path in paths.items():
        if options[name]:
            with open(os.path.join(folder, os.path.basename(name) + '_events.tsv'), 'w', encoding='utf-8') as out:
                subprocess.run([os.path.join(tools, 'emg-spikes'), *options[name], path], stdout=out, check=True)


def rhythm_differs(tools, paths, options, folder):
    """Recordings of which emg-rhythm prints other rows than emg-report writes."""
    written = {os.path.basename(path)[:-len('_events.tsv')]: path
               for path in glob.glob(os.path.join(folder, '*', '*_events.tsv'))}
    differing = []
    for name, path in paths.items():
        printed = subprocess.run([os.path.join(tools, 'emg-rhythm'), *options[name], path], stdout=subprocess.PIPE,
                                 check=True)
        with open(written[os.path.basename(name)], 'rb') as table_file:
            if table_file.read() != printed.stdout:
                differing.append(name)
    return differing


def run_all(tools, data, out, here):
    """Runs everything; returns the recordings, sentences about what was left out, and where emg-rhythm differs."""
    paths, notes = recordings(data), []
    lines = table(os.path.join(here, 'options.tsv'))
    report_options = options_for(paths, os.path.join(tools, 'emg-report'), lines, notes)
    spike_options = options_for(paths, os.path.join(tools, 'emg-spikes'), lines, notes)
    report(tools, paths, report_options, os.path.join(out, 'events'))
    spikes(tools, paths, spike_options, os.path.join(out, 'spikes'))
    differing = rhythm_differs(tools, paths, report_options, os.path.join(out, 'events'))
    return paths, sorted(set(notes)), differing
