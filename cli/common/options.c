/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments read: options in the order typed, settings in the order of their strength. */
#include "common/common.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LONG = 256, MOST_OPTIONS = 64 };

/* All options of a tool in the order of --help. */
typedef struct option_list {
    const cli_option *rows[MOST_OPTIONS];
    struct option longs[MOST_OPTIONS + 1];
    char shorts[2 + 2 * MOST_OPTIONS];
    size_t n;
} option_list;

static void list_options(option_list *list, const cli_tool *tool)
{
    memset(list, 0, sizeof *list);
    size_t s = 0;
    list->shorts[s++] = ':';
    for (; list->n < MOST_OPTIONS && (list->rows[list->n] = cli_option_row(tool, list->n)); list->n++) {
        const cli_option *row = list->rows[list->n];
        int has = !row->argument ? no_argument : row->argument[0] == '[' ? optional_argument : required_argument;
        list->longs[list->n] = (struct option){ row->name, has, NULL, FIRST_LONG + (int)list->n };
        if (row->letter) {
            list->shorts[s++] = (char)row->letter;
            if (has == required_argument)
                list->shorts[s++] = ':';
        }
    }
}

static const cli_option *option_of(const option_list *list, int code)
{
    if (code >= FIRST_LONG && (size_t)(code - FIRST_LONG) < list->n)
        return list->rows[code - FIRST_LONG];
    for (size_t i = 0; i < list->n; i++)
        if (code != 0 && list->rows[i]->letter == code)
            return list->rows[i];
    return NULL;
}

/* Levenshtein's distance between two short words. */
static size_t distance(const char *a, size_t n_a, const char *b)
{
    size_t row[64];
    size_t n_b = strlen(b);
    if (n_b >= sizeof row / sizeof *row)
        return n_b;
    for (size_t j = 0; j <= n_b; j++)
        row[j] = j;
    for (size_t i = 1; i <= n_a; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < shorter ? change : shorter;
        }
    }
    return row[n_b];
}

/* The option whose name is nearest to a typed one, or NULL when none is near. */
static const char *nearest(const option_list *list, const char *typed)
{
    size_t n = strcspn(typed, "="), best = n / 3 + 2;
    const char *name = NULL;
    for (size_t i = 0; i < list->n; i++) {
        size_t d = distance(typed, n, list->rows[i]->name);
        if (d < best) {
            best = d;
            name = list->rows[i]->name;
        }
    }
    return name;
}

/* How many options begin with the n characters typed. */
static size_t n_beginnings(const option_list *list, const char *typed, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < list->n; i++)
        found += strncmp(list->rows[i]->name, typed, n) == 0;
    return found;
}

static bool refuse_unknown(cli_options *o, const option_list *list, const char *typed, int letter)
{
    const cli_option *known = option_of(list, letter);
    if (known)
        return cli_refuse(o, "option --%s takes no argument", known->name);
    if (letter != 0)
        return cli_refuse(o, "unknown option '-%c'", isprint(letter) ? letter : '?');
    int shown = (int)strcspn(typed, "=");
    if (n_beginnings(list, typed + 2, (size_t)shown - 2) > 1)
        return cli_refuse(o, "option '%.*s' is the beginning of several", shown < 60 ? shown : 60, typed);
    const char *name = nearest(list, typed + 2);
    if (name)
        return cli_refuse(o, "unknown option '%.*s', the nearest is --%s", shown < 60 ? shown : 60, typed, name);
    return cli_refuse(o, "unknown option '%.*s'", shown < 60 ? shown : 60, typed);
}

/* Takes all options in the order typed; settings are only noted. */
static bool take_options(cli_options *o, const option_list *list, int argc, char **argv)
{
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, list->shorts, list->longs, NULL);
        if (code == -1)
            return true;
        if (code == '?')
            return refuse_unknown(o, list, argv[optind - 1], optopt);
        const cli_option *row = option_of(list, code == ':' ? optopt : code);
        if (code == ':')
            return cli_refuse(o, "option --%s needs an argument: %s", row->name, row->argument);
        if (!row->take(o, optarg))
            return false;
        if (o->help != CLI_HELP_NONE)
            return true;
    }
}

static bool apply_settings(cli_options *o)
{
    emg_error err = EMG_ERROR_NONE;
    o->run.analysis = emg_config_defaults(o->preset);
    emg_status status = o->config_path ? emg_config_read(&o->run.analysis, o->config_path, &err) : EMG_OK;
    for (size_t i = 0; i < o->n_settings && status == EMG_OK; i++)
        status = emg_config_set(&o->run.analysis, o->settings[i].key, o->settings[i].text, &err);
    if (status == EMG_OK)
        status = emg_config_check(&o->run.analysis, &err);
    return status == EMG_OK || cli_refuse(o, "%s", err.text);
}

static bool check_inputs(cli_options *o)
{
    const cli_tool *tool = o->tool;
    if (o->n_inputs < tool->least_inputs && !o->needs_no_input)
        return cli_refuse(o, "no input given; usage: %s %s", tool->name, tool->usage);
    if (o->n_inputs > tool->most_inputs)
        return cli_refuse(o, "takes %zu input, %zu given", tool->most_inputs, o->n_inputs);
    return true;
}

static int refuse(const cli_options *o)
{
    char sentence[sizeof o->refusal + 64];
    snprintf(sentence, sizeof sentence, "%s; try '%s --help'", o->refusal, o->tool->name);
    cli_complain(o->tool->name, NULL, sentence);
    return CLI_USAGE;
}

/* Room for every argument in every list; the library sees them through its own pointers. */
static bool prepare_lists(cli_options *o, size_t n)
{
    const char **room = calloc(CLI_LISTS * n, sizeof *room);
    for (size_t i = 0; room && i < CLI_LISTS; i++)
        o->texts_of[i] = room + i * n;
    o->run.reading.channels = o->texts_of[CLI_CHANNEL];
    o->run.reading.within = o->texts_of[CLI_WITHIN];
    o->run.reading.without = o->texts_of[CLI_WITHOUT];
    o->run.reading.derive = o->texts_of[CLI_DERIVE];
    o->run.reading.invert = o->texts_of[CLI_INVERT];
    o->run.stimulus_globs = o->texts_of[CLI_STIMULUS];
    return room != NULL;
}

/* Sentences of the library about what was left out; a progress bar gives way. */
static void take_notice(void *context, const char *name, const char *sentence)
{
    const cli_options *o = context;
    cli_progress_clear(true);
    cli_complain(o->tool->name, name, sentence);
}

int cli_options_read(cli_options *o, const cli_tool *tool, void *own, int argc, char **argv)
{
    memset(o, 0, sizeof *o);
    cli_output_prepare();
    o->tool = tool;
    o->own = own;
    o->run = emg_run_defaults();
    option_list list;
    list_options(&list, tool);
    if (!prepare_lists(o, (size_t)argc)) {
        cli_complain(tool->name, NULL, emg_status_phrase(EMG_ENOMEM));
        return CLI_NONE_DONE;
    }
    if (!take_options(o, &list, argc, argv))
        return refuse(o);
    if (o->help != CLI_HELP_NONE)
        return cli_help_show(tool, o->help);
    if (!o->quiet && (tool->groups & (CLI_CONDITIONS | CLI_ANALYSES))) {
        o->run.reading.notice = take_notice;
        o->run.reading.notice_context = o;
    }
    o->inputs = argv + optind;
    o->n_inputs = (size_t)(argc - optind);
    if ((tool->groups & (CLI_CONDITIONS | CLI_ANALYSES)) && !o->needs_no_settings && !apply_settings(o))
        return refuse(o);
    if (o->print_config)
        return cli_config_show(tool->name, &o->run.analysis);
    if (o->print_rules)
        return cli_rules_show(tool->name, &o->run.analysis);
    const emg_reading *r = &o->run.reading;
    if (!r->from_clock && !r->to_clock && !(r->from_s < r->to_s))
        cli_refuse(o, "--from must lie before --to");
    else if (check_inputs(o) && (!(tool->groups & CLI_READS) || cli_stdin_take(o)))
        return CLI_GO_ON;
    return refuse(o);
}

void cli_options_free(cli_options *o)
{
    cli_stdin_drop(o);
    free(o->texts_of[0]);
    memset(o->texts_of, 0, sizeof o->texts_of);
}
