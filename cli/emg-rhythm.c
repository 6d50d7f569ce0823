/* SPDX-License-Identifier: GPL-3.0-or-later */
/* emg-rhythm: episodes and single events of a recording with their class and its evidence as a table. */
#include "common/common.h"

/* As far from the time that is asked for may lie what is told of it. */
static const double near_s = 0.05;

static bool take_why(cli_options *o, const char *argument)
{
    double at_s;
    if (!cli_time(argument, &at_s) || at_s < 0)
        return cli_refuse(o, "--why '%.40s' is not a time: seconds, mm:ss or hh:mm:ss", argument);
    o->run.ask = true;
    o->run.ask_from_s = at_s - near_s;
    o->run.ask_to_s = at_s + near_s;
    return true;
}

static bool take_bursts(cli_options *o, const char *argument)
{
    (void)argument;
    o->bursts = true;
    return true;
}

static const cli_option own_options[] = {
    { "bursts", 0, NULL,
      "instead of the events, print a row for each burst of each event with a rate: where it begins and how long it lasts "
      "(at half its height), the word, channel, muscle and unit of its event, where that begins, the burst's time (at) that "
      "the rate is taken from, and the interval since the burst before; in seconds",
      take_bursts },
    { "why", 0, "TIME",
      "instead of the table, say of each muscle what is at this time of the recording (or within 0.05 s of it): the event with the evidence of its "
      "reasons, and every rule in order, passed or failed, with value and limit; or that there is none, and which is "
      "nearest",
      take_why },
};

static const cli_example examples[] = {
    { "emg-rhythm ankle.edf", "Every episode with class, frequency, regularity, confidence and reasons." },
    { "emg-rhythm --why 12.3 --channel '*TA*' ankle.edf", "Why the event at 12.3 s got its word." },
    { "emg-rhythm --bursts ankle.edf", "When each burst of every rhythm was." },
    { "emg-rhythm ankle.edf | awk -F'\\t' '$3 == \"clonus\"'", "Only clonus." },
};

static const cli_tool tool = {
    .name = "emg-rhythm",
    .usage = "INPUT [options]",
    .purpose = "prints the events of a recording with class, frequency, regularity, confidence and reasons",
    .description =
        "One tab-separated row per episode of a rhythm, and one per single fasciculation or jerk, on standard output, by "
        "onset, then channel. The columns are those of STEM_events.tsv of emg-report. Words are signal patterns: where a named "
        "antagonist works along (S_COCON) or facial muscles begin together (S_FACE), that is told as evidence, but EMG alone "
        "proves no tic, no dystonia and no hemifacial spasm.",
    .examples = examples,
    .n_examples = sizeof examples / sizeof *examples,
    .own = own_options,
    .n_own = sizeof own_options / sizeof *own_options,
    .groups = CLI_READS | CLI_ANALYSES | CLI_NAMES | CLI_TALKS,
    .least_inputs = 1,
    .most_inputs = 1,
};

int main(int argc, char **argv)
{
    return cli_print_events(&tool, emg_report_events, argc, argv);
}
