# SPDX-License-Identifier: GPL-3.0-or-later
# Conditioned recordings as other programs see them: MNE reads them, SciPy filters the same samples to the same values.
. "$EMG_SOURCE/tests/support/shell.sh"
can "MNE and SciPy on what is written" /usr/bin/python3 -c 'import mne, scipy.signal' || exit 77
holds "recordings cannot be made" /usr/bin/python3 "$EMG_SOURCE/tests/run/filter/filtered.py" make "$work"
holds "what is written is not what SciPy makes of it" \
    /usr/bin/python3 "$EMG_SOURCE/tests/run/filter/filtered.py" check "$tools/emg-filter" "$work"
cat "$work/out"
finish
