/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-rhythm: episodes and single events of a recording with their class and its evidence as a table. */
#include "common/common.h"

static const cli_example examples[] = {
    { "emg-rhythm ankle.edf", "Every episode with class, frequency, regularity, confidence and reasons." },
    { "emg-rhythm ankle.edf | awk -F'\\t' '$3 == \"clonus\"'", "Only clonus." },
};

static const cli_tool tool = {
    .name = "emg-rhythm",
    .usage = "INPUT [options]",
    .purpose = "prints the events of a recording with class, frequency, regularity, confidence and reasons",
    .description =
        "One tab-separated row per episode of a rhythm, and one per single fasciculation or jerk, on standard output, by "
        "onset, then channel. The columns are those of STEM_events.tsv of emg-report.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .groups = CLI_READS | CLI_ANALYSES | CLI_NAMES | CLI_TALKS,
    .least_inputs = 1,
    .most_inputs = 1,
};

int main(int argc, char **argv)
{
    return cli_print_events(&tool, emg_report_events, argc, argv);
}
