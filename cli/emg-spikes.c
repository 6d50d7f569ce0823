/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-spikes: the single discharges of a recording as a table. */
#include "common/common.h"

static const cli_example examples[] = {
    { "emg-spikes knee.edf > spikes.tsv", "All discharges of all muscles." },
    { "emg-spikes knee.edf | cut -f 1,4,7 | head", "Onset, channel and amplitude of the first ones." },
};

static const cli_tool tool = {
    .name = "emg-spikes",
    .usage = "INPUT [options]",
    .purpose = "prints the single discharges of a recording",
    .description =
        "One tab-separated row per discharge (single potential) on standard output, by onset, then channel. The columns are "
        "those of STEM_events.tsv of emg-report; trial_type is n/a, since a plain discharge is not judged.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_ANALYSES | CLI_TALKS,
    .least_inputs = 1,
    .most_inputs = 1,
};

int main(int argc, char **argv)
{
    return cli_print_events(&tool, emg_report_discharges, argc, argv);
}
