#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh checkout to event reports: installs what is missing, builds, simulates recordings and reports on them.
set -eu
cd "$(dirname "$0")/.."
sh examples/install.sh

mkdir -p build/samples
echo "Building in build/ ..."
{ cmake -S . -B build -DCMAKE_BUILD_TYPE=Release -DMYOGRAM_TESTS=OFF &&
    cmake --build build -j "$(nproc)"; } >build/build.log 2>&1 || {
    tail -n 40 build/build.log
    echo "The build failed; all of its output is in build/build.log." >&2
    exit 1
}

for preset in fasciculation ankle-clonus tremor voluntary quiet mixed; do
    sample=build/samples/$preset.edf
    [ "$sample" -nt build/cli/emg-simulate ] || build/cli/emg-simulate "$preset" -o "$sample" --seed 1
done
build/cli/emg-report build/samples -o build/reports
echo
echo "The recordings are in build/samples (with their true events), the reports in build/reports."
echo "Open $(pwd)/build/reports/index.html in a browser: a timeline of each recording, with its page a click away."
