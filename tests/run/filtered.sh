# SPDX-License-Identifier: GPL-3.0-or-later
# Conditioned recordings as other programs see them: MNE reads them, SciPy filters the same samples to the same values.
. "$EMG_SOURCE/tests/support/shell.sh"
if ! /usr/bin/python3 -c 'import mne, scipy.signal' 2>/dev/null; then
    echo "SKIPPED: MNE and SciPy (python3-mne, python3-scipy) are not installed" >&2
    exit 77
fi
holds "recordings cannot be made" /usr/bin/python3 "$EMG_SOURCE/tests/run/filtered.py" make "$work"
holds "what is written is not what SciPy makes of it" \
    /usr/bin/python3 "$EMG_SOURCE/tests/run/filtered.py" check "$tools/emg-filter" "$work"
cat "$work/out"
finish
