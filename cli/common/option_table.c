/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The common options, one table a group. */
#include "common/common.h"

#include <float.h>
#include <string.h>

static bool take_channel(cli_options *o, const char *argument)
{
    o->texts_of[CLI_CHANNEL][o->run.reading.n_channels++] = argument;
    return true;
}

static bool take_within(cli_options *o, const char *argument)
{
    o->texts_of[CLI_WITHIN][o->run.reading.n_within++] = argument;
    return true;
}

static bool take_without(cli_options *o, const char *argument)
{
    o->texts_of[CLI_WITHOUT][o->run.reading.n_without++] = argument;
    return true;
}

static bool take_derive(cli_options *o, const char *argument)
{
    o->texts_of[CLI_DERIVE][o->run.reading.n_derive++] = argument;
    return strchr(argument, '=') || cli_refuse(o, "--derive '%.60s' is not of the form \"NAME = A - B\"", argument);
}

static bool take_invert(cli_options *o, const char *argument)
{
    o->texts_of[CLI_INVERT][o->run.reading.n_invert++] = argument;
    return true;
}

static bool take_muscles(cli_options *o, const char *argument)
{
    o->run.reading.muscles_path = argument;
    return true;
}

static bool take_marks(cli_options *o, const char *argument)
{
    o->run.reading.marks_path = argument;
    return *argument || cli_refuse(o, "--marks needs the name of a file");
}

static bool take_stem(cli_options *o, const char *argument)
{
    o->stem = argument;
    bool sound = *argument && *argument != '.' && strlen(argument) < 200 && !strchr(argument, '/');
    return sound || cli_refuse(o, "--stem '%.40s' is not the name of a file", argument);
}

static bool take_rate(cli_options *o, const char *argument)
{
    return (cli_number(argument, &o->run.reading.rate_hz) && o->run.reading.rate_hz > 0) ||
           cli_refuse(o, "--rate '%.40s' is not a positive number of hertz", argument);
}

static bool take_columns(cli_options *o, const char *argument)
{
    o->run.reading.columns = argument;
    return true;
}

static bool take_scale(cli_options *o, const char *argument)
{
    double *scale = &o->run.reading.scale;
    return (cli_number(argument, scale) && (*scale > 0 || *scale < 0)) ||
           cli_refuse(o, "--scale '%.40s' is not a number other than 0", argument);
}

/* One end of the time window, by the recording's clock when a @ says so. */
static bool take_time(cli_options *o, const char *name, const char *argument, double *out, bool *by_clock)
{
    *by_clock = argument[0] == '@';
    return (*by_clock ? cli_clock(argument, out) : cli_time(argument, out)) ||
           cli_refuse(o, "--%s '%.40s' is neither seconds nor hh:mm:ss nor a clock time such as @23:05:00", name,
                      argument);
}

static bool take_from(cli_options *o, const char *argument)
{
    return take_time(o, "from", argument, &o->run.reading.from_s, &o->run.reading.from_clock);
}

static bool take_to(cli_options *o, const char *argument)
{
    return take_time(o, "to", argument, &o->run.reading.to_s, &o->run.reading.to_clock);
}

static bool take_strict(cli_options *o, const char *argument)
{
    (void)argument;
    o->run.reading.strict = true;
    return true;
}

static bool take_all_channels(cli_options *o, const char *argument)
{
    (void)argument;
    o->run.reading.all_channels = true;
    return true;
}

static bool take_no_sidecar(cli_options *o, const char *argument)
{
    (void)argument;
    o->run.reading.no_sidecar = true;
    return true;
}

static bool take_unit(cli_options *o, const char *argument)
{
    static const char *const units[] = { "nV", "uV", "mV", "V" };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(argument, units[i]) == 0) {
            o->run.reading.unit = units[i];
            return true;
        }
    return cli_refuse(o, "--unit '%.40s' is none of nV, uV, mV and V", argument);
}

/* "5mV", "200uV", "0.01V": a number and its unit without a space. */
static bool take_full_scale(cli_options *o, const char *argument)
{
    static const struct {
        const char *unit;
        double uv;
    } units[] = { { "uV", 1 }, { "mV", 1e3 }, { "V", 1e6 } };
    size_t n = strlen(argument);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n_unit = strlen(units[i].unit);
        char copy[32];
        double value;
        if (n <= n_unit || n - n_unit >= sizeof copy || strcmp(argument + n - n_unit, units[i].unit) != 0)
            continue;
        memcpy(copy, argument, n - n_unit);
        copy[n - n_unit] = '\0';
        if (cli_number(copy, &value) && value > 0) {
            o->run.reading.full_scale_uv = value * units[i].uv;
            return true;
        }
    }
    return cli_refuse(o, "--full-scale '%.40s' is not a positive number with uV, mV or V, such as 5mV", argument);
}

static bool take_raw(cli_options *o, const char *argument)
{
    o->run.reading.raw = argument;
    return *argument || cli_refuse(o, "--raw needs what the samples are, such as f32le,4ch,2000Hz");
}

static const cli_option reading_options[] = {
    { "channel", 'c', "PATTERN",
      "only channels whose label, name or muscle matches the glob PATTERN; #N is signal N, type:WORD a type (emg, ecg, "
      "eog, eeg, force, trigger, other, unknown); !PATTERN leaves out what matches; repeatable",
      take_channel },
    { "derive", 0, "FORMULA",
      "another channel, such as \"TA R = EMG1 - EMG2\" or \"M = 0.5*A + 0.5*B\", instead of those it is made of, unless "
      "-c names them; repeatable",
      take_derive },
    { "invert", 0, "PATTERN", "invert the polarity of these channels of the file; repeatable", take_invert },
    { "muscles", 0, "FILE",
      "table that names the muscles: a BIDS channels.tsv, or per line a channel (label or #N) and its muscle or type",
      take_muscles },
    { "marks", 0, "FILE",
      "annotations of one recording in a file of their own: EDF+ (a hypnogram), or a table of onset, duration and text; a BIDS "
      "events.tsv beside the recording is read without it",
      take_marks },
    { "from", 'f', "TIME",
      "start here: seconds or hh:mm:ss after the first sample, or @hh:mm:ss by the recording's own clock", take_from },
    { "to", 't', "TIME", "stop here; a clock time may be on the next day", take_to },
    { "within", 0, "GLOB",
      "only inside stretches marked by annotations with such a text; \"text@@channel\" is about that channel; repeatable",
      take_within },
    { "without", 0, "GLOB", "only outside stretches marked by annotations with such a text; repeatable", take_without },
    { "unit", 0, "UNIT", "unit of channels whose unit the file leaves blank: nV, uV, mV or V", take_unit },
    { "full-scale", 0, "VOLTAGE", "what full scale of an audio file means, such as 5mV", take_full_scale },
    { "stem", 0, "NAME", "what the recording on standard input ('-' as input) is called (default: stdin)", take_stem },
    { "rate", 0, "HZ", "sampling rate of a table (CSV, TSV, text) without a column of time", take_rate },
    { "columns", 0, "LIST", "columns of a table that are channels, such as 2,4-6; the others may hold text",
      take_columns },
    { "scale", 0, "NUMBER", "what the numbers of a table, or raw samples, are multiplied with", take_scale },
    { "raw", 0, "KIND",
      "samples without a header, such as f32le,4ch,2000Hz: kind (s8, u8, s16le, s24le, s32le, f32le, f64le; be for le), "
      "channels, rate",
      take_raw },
    { "all-channels", 0, NULL, "take every readable channel, not only muscles", take_all_channels },
    { "no-sidecar", 0, NULL, "do not read BIDS files beside the recording", take_no_sidecar },
    { "strict", 0, NULL, "refuse what deviates from the format", take_strict },
};

bool cli_assign(cli_options *o, size_t offset, const char *text, size_t n)
{
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        if (row.offset != offset)
            continue;
        if (o->n_settings == CLI_MOST_SETTINGS || o->n_texts == CLI_MOST_SETTINGS || n >= sizeof o->texts[0])
            return cli_refuse(o, "too many settings, or one too long");
        char *copy = o->texts[o->n_texts++];
        memcpy(copy, text, n);
        copy[n] = '\0';
        o->settings[o->n_settings].key = row.key;
        o->settings[o->n_settings++].text = copy;
        return true;
    }
    return cli_refuse(o, "this build has no such setting");
}

/* Notes one of the words "a|b|c" for a setting. */
static bool assign_word(cli_options *o, const char *name, size_t offset, const char *words, const char *argument)
{
    const size_t n = strlen(argument);
    for (const char *word = words;; word++) {
        const size_t here = strcspn(word, "|");
        if (here == n && memcmp(word, argument, n) == 0)
            return cli_assign(o, offset, argument, n);
        word += here;
        if (!*word)
            return cli_refuse(o, "--%s '%.40s' is not one of %s", name, argument, words);
    }
}

static bool take_powerline(cli_options *o, const char *argument)
{
    return assign_word(o, "mains", offsetof(emg_config, condition.powerline), "auto|50|60|off", argument);
}

static bool take_ecg(cli_options *o, const char *argument)
{
    return assign_word(o, "ecg", offsetof(emg_config, condition.ecg), "auto|subtract|gate|off", argument);
}

static bool take_ecg_lead(cli_options *o, const char *argument)
{
    o->run.ecg_channel = argument;
    return true;
}

/* The n characters of a corner, at least so high; none: 0. */
static bool read_corner(const char *text, size_t n, double least, double *out)
{
    char copy[32];
    *out = 0;
    if (n == 0)
        return true;
    if (n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return cli_number(copy, out) && *out >= least;
}

bool cli_read_band(cli_options *o, const char *argument, double *low_hz, double *high_hz)
{
    const char *dash = strchr(argument, '-');
    *low_hz = *high_hz = 0;
    if (strcmp(argument, "off") == 0)
        return true;
    bool sound = dash && read_corner(argument, (size_t)(dash - argument), 0, low_hz) &&
                 read_corner(dash + 1, strlen(dash + 1), DBL_MIN, high_hz);
    return (sound && (*high_hz > 0 ? *low_hz < *high_hz : *low_hz > 0)) ||
           cli_refuse(
               o,
               "--band '%.40s' is neither off nor LOW-HIGH in Hz, such as 20-450, nor one end of it, such as 20- "
               "or -450",
               argument);
}

bool cli_assign_band(cli_options *o, const char *argument)
{
    double low, high;
    if (!cli_read_band(o, argument, &low, &high))
        return false;
    const char *dash = strchr(argument, '-'), *above = high > 0 ? dash + 1 : "0";
    return cli_assign(o, offsetof(emg_config, condition.low_hz), low > 0 ? argument : "0",
                      low > 0 ? (size_t)(dash - argument) : 1) &&
           cli_assign(o, offsetof(emg_config, condition.high_hz), above, strlen(above));
}

static bool take_preset(cli_options *o, const char *argument)
{
    if (strcmp(argument, "surface") == 0)
        o->preset = EMG_PRESET_SURFACE;
    else if (strcmp(argument, "needle") == 0)
        o->preset = EMG_PRESET_NEEDLE;
    else
        return cli_refuse(o, "--preset '%.40s' is neither surface nor needle", argument);
    return true;
}

static bool take_rest(cli_options *o, const char *argument)
{
    o->run.rest_glob = argument;
    return true;
}

static bool take_task(cli_options *o, const char *argument)
{
    o->run.task_glob = argument;
    return true;
}

static bool take_stretch(cli_options *o, const char *argument)
{
    o->run.stretch_glob = argument;
    return true;
}

static bool take_stimulus(cli_options *o, const char *argument)
{
    o->texts_of[CLI_STIMULUS][o->run.n_stimulus_globs++] = argument;
    return true;
}

static bool take_within_task(cli_options *o, const char *argument)
{
    (void)argument;
    return cli_assign(o, offsetof(emg_config, marks.within_task), "yes", strlen("yes"));
}

static bool take_config(cli_options *o, const char *argument)
{
    o->config_path = argument;
    return true;
}

static bool take_set(cli_options *o, const char *argument)
{
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument)
        return cli_refuse(o, "--set '%.60s' is not key=value; --print-config lists the keys", argument);
    size_t n = (size_t)(equals - argument);
    if (o->n_settings == CLI_MOST_SETTINGS || o->n_texts == CLI_MOST_SETTINGS || n >= sizeof o->texts[0])
        return cli_refuse(o, "too many settings, or a key too long");
    char *key = o->texts[o->n_texts++];
    memcpy(key, argument, n);
    key[n] = '\0';
    o->settings[o->n_settings].key = key;
    o->settings[o->n_settings++].text = equals + 1;
    return true;
}

static bool take_print_config(cli_options *o, const char *argument)
{
    (void)argument;
    o->print_config = true;
    return true;
}

static const cli_option conditioning_options[] = {
    { "preset", 0, "NAME", "surface or needle electrodes (default surface)", take_preset },
    { "band", 0, "LOW-HIGH",
      "pass band in Hz (default 20-450, needle 200-3000); 20- is a high-pass, -450 a low-pass, off none; the upper corner "
      "is clipped to 0.45 of the sampling rate",
      cli_assign_band },
    { "mains", 0, "WHICH", "power line interference to remove: auto (default: only where there is some), 50, 60 or off",
      take_powerline },
    { "ecg", 0, "HOW",
      "ECG to remove: auto (default, needle off: only where found beyond doubt), subtract, gate or off", take_ecg },
    { "ecg-lead", 0, "PATTERN",
      "the channel that is an ECG lead (default: the first of type ECG that shows QRS complexes)", take_ecg_lead },
    { "stimulus", 0, "GLOB",
      "annotation texts that mark a stimulus: its artefact is bridged ahead of the filters, and what follows at once is "
      "evoked; repeatable",
      take_stimulus },
    { "config", 0, "FILE", "settings, one 'key = value' a line", take_config },
    { "set", 0, "KEY=VALUE", "one setting; repeatable, stronger than --config", take_set },
    { "print-config", 0, NULL, "print the resolved settings as a configuration file and stop", take_print_config },
};

static const cli_option analysis_options[] = {
    { "rest", 0, "GLOB", "annotation texts that mark rest", take_rest },
    { "task", 0, "GLOB", "annotation texts that mark a voluntary task", take_task },
    { "stretch", 0, "GLOB", "annotation texts that mark a stretch of the muscle", take_stretch },
    { "within-task", 0, NULL, "look for fasciculations and jerks within marked tasks too", take_within_task },
};

static bool take_print_rules(cli_options *o, const char *argument)
{
    (void)argument;
    o->print_rules = true;
    return true;
}

static const cli_option naming_options[] = {
    { "print-rules", 0, NULL,
      "print the rules that name events, with their limits under these settings, as a tab-separated table and stop",
      take_print_rules },
};

static bool take_quiet(cli_options *o, const char *argument)
{
    (void)argument;
    o->quiet = true;
    return true;
}

static bool take_verbose(cli_options *o, const char *argument)
{
    (void)argument;
    o->verbose = true;
    return true;
}

static const cli_option talk_options[] = {
    { "quiet", 'q', NULL, "print failures only", take_quiet },
    { "verbose", 'v', NULL, "say more", take_verbose },
};

static bool take_version(cli_options *o, const char *argument)
{
    (void)argument;
    o->help = CLI_HELP_VERSION;
    return true;
}

static bool take_help(cli_options *o, const char *argument)
{
    if (argument && strcmp(argument, "man") != 0)
        return cli_refuse(o, "--help=%.40s: only --help and --help=man exist", argument);
    o->help = argument ? CLI_HELP_MAN : CLI_HELP_TEXT;
    return true;
}

static const cli_option general_options[] = {
    { "version", 0, NULL, "show the version and stop", take_version },
    { "help", 'h', "[=man]", "show this help, or the manual page's source, and stop", take_help },
};

typedef struct option_group {
    unsigned group; /* bits of cli_tool.groups, of which a tool needs one; 0: every tool has it */
    const cli_option *rows;
    size_t n;
} option_group;

#define GROUP(group, rows)                                                                                             \
    {                                                                                                                  \
        (group), (rows), sizeof(rows) / sizeof *(rows)                                                                 \
    }

static const option_group groups[] = {
    GROUP(CLI_READS, reading_options),     GROUP(CLI_CONDITIONS | CLI_ANALYSES, conditioning_options),
    GROUP(CLI_ANALYSES, analysis_options), GROUP(CLI_NAMES, naming_options),
    GROUP(CLI_TALKS, talk_options),        GROUP(0, general_options),
};

/* Whether the tool has an option of that name itself, which then stands for the common one. */
static bool owned(const cli_tool *tool, const char *name)
{
    for (size_t i = 0; i < tool->n_own; i++) {
        if (strcmp(tool->own[i].name, name) == 0)
            return true;
    }
    return false;
}

const cli_option *cli_option_row(const cli_tool *tool, size_t index)
{
    if (index < tool->n_own)
        return &tool->own[index];
    index -= tool->n_own;
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        if (groups[g].group && !(tool->groups & groups[g].group))
            continue;
        for (size_t i = 0; i < groups[g].n; i++) {
            if (!owned(tool, groups[g].rows[i].name) && index-- == 0)
                return &groups[g].rows[i];
        }
    }
    return NULL;
}
