/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options that tools share, read from one table that also writes --help and the manual page. */
#ifndef EMG_CLI_OPTIONS_H
#define EMG_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/emg.h>

#include "output.h"

typedef struct cli_options cli_options;

/* Takes an option's argument (NULL for an option without). False after cli_refuse(). */
typedef bool cli_take(cli_options *options, const char *argument);

typedef struct cli_option {
    const char *name;     /* long name */
    int letter;           /* 0: none */
    const char *argument; /* as --help shows it, NULL: takes none */
    const char *sentence; /* what it does */
    cli_take *take;
} cli_option;

/* Which of the common options a tool has; --version and --help always. */
enum {
    CLI_READS = 1,    /* how a recording is read */
    CLI_ANALYSES = 2, /* settings of the analysis */
    CLI_TALKS = 4     /* -q, -v */
};

typedef struct cli_example {
    const char *command, *sentence;
} cli_example;

enum { CLI_LIST_HEAD = 64, CLI_LIST_TEXT = 512 };

/* Row `index` of a list that the help shows after the options; false beyond the last. */
typedef bool cli_list_row(size_t index, char head[CLI_LIST_HEAD], char text[CLI_LIST_TEXT]);

/* One tool: what --help, the manual page and the reading of its arguments need. */
typedef struct cli_tool {
    const char *name, *usage, *purpose, *description;
    const cli_example *examples;
    size_t n_examples;
    unsigned groups;
    const cli_option *own; /* its own options */
    size_t n_own;
    size_t least_inputs, most_inputs;
    const char *list_title; /* a list of the tool's own for the help; NULL: none */
    cli_list_row *list;
} cli_tool;

/* What is shown instead of working. */
typedef enum cli_help { CLI_HELP_NONE = 0, CLI_HELP_TEXT, CLI_HELP_MAN, CLI_HELP_VERSION } cli_help;

/* Repeatable options whose texts the library takes as lists. */
typedef enum cli_list { CLI_CHANNEL, CLI_WITHIN, CLI_WITHOUT, CLI_DERIVE, CLI_INVERT, CLI_LISTS } cli_list;

enum { CLI_MOST_SETTINGS = 256 };

/* What the arguments said. Texts point into argv. */
struct cli_options {
    const cli_tool *tool;
    void *own;          /* the tool's, for its own options */
    emg_run_config run; /* resolved: defaults < preset < config file < --set and flags */
    char **inputs;
    size_t n_inputs;
    bool quiet, verbose;
    char refusal[256];                /* one sentence, set by cli_refuse() */
    const char **texts_of[CLI_LISTS]; /* arguments of the repeatable options; room for argc of each */
    emg_preset preset;
    const char *config_path;
    bool print_config;
    bool needs_no_input;    /* set by an option that shows something of the tool's own */
    bool needs_no_settings; /* set by an option under which no analysis runs: settings are not looked at */
    cli_help help;
    struct {
        const char *key, *text;
    } settings[CLI_MOST_SETTINGS]; /* assignments in the order typed */
    size_t n_settings;
    char texts[CLI_MOST_SETTINGS][64]; /* copies of keys and of parts of arguments */
    size_t n_texts;
};

enum { CLI_GO_ON = -1 };

/* Reads the arguments. CLI_GO_ON: the tool may work; anything else: the exit code (help was shown, usage refused).
 * cli_options_free() in either case. */
int cli_options_read(cli_options *options, const cli_tool *tool, void *own, int argc, char **argv);
void cli_options_free(cli_options *options);

/* Sets the sentence of a refusal; returns false. */
bool cli_refuse(cli_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Notes the pass band "LOW-HIGH", as --band does; a tool with a --band of its own calls it from there. */
bool cli_assign_band(cli_options *options, const char *argument);

/* Numbers of arguments: the whole text, finite. */
bool cli_number(const char *text, double *out);
/* Seconds, or hh:mm:ss, or mm:ss, each with a fraction. */
bool cli_time(const char *text, double *out);
/* "@hh:mm:ss" or "@hh:mm", with a fraction: seconds after midnight. */
bool cli_clock(const char *text, double *out);

#endif
