/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tools share: their options and help, standard output, tables and sentences. */
#ifndef EMG_CLI_COMMON_COMMON_H
#define EMG_CLI_COMMON_COMMON_H

#include <stdbool.h>
#include <stddef.h>

#include <emg/emg.h>

/* ---- output.c: Standard output and standard error of the tools: a reader that goes away is no failure, hostile names stay text. ---- */

/* What every tool's exit code means. */
enum cli_exit {
    CLI_DONE = 0,
    CLI_SOME_FAILED = 1,
    CLI_USAGE = 2,
    CLI_NONE_DONE = 3,
    CLI_NOT_WRITTEN = 4,
    CLI_INTERRUPTED = 130
};

/* Standard output. Start it zeroed. */
typedef struct cli_output {
    int error; /* errno of the first failed write; nothing is written after it */
    size_t n;
    char buffer[8192];
} cli_output;

/* Call first: opens the standard descriptors that the caller closed on /dev/null, so that no file of ours takes
 * their place, and makes a closed pipe and a file that grows too large errors of write() instead of signals. */
void cli_output_prepare(void);

void cli_output_bytes(cli_output *out, const char *bytes, size_t n);
void cli_output_text(cli_output *out, const char *text);

/* A text as a cell of a table: control bytes as \xNN, a ' before what a spreadsheet would take for a formula. */
void cli_output_cell(cli_output *out, const char *text);

/* An emg_write function; context is the cli_output. */
emg_status cli_output_write(void *context, const char *bytes, size_t n, emg_error *err);

/* Hands on what is buffered. CLI_DONE when all was taken or the reader went away, else CLI_NOT_WRITTEN after a
 * sentence on standard error. */
int cli_output_end(cli_output *out, const char *tool);

/* Whether the reader went away (head, a closed pager). */
bool cli_output_closed(const cli_output *out);

/* "TOOL: FILE: SENTENCE" on standard error; file may be NULL. Control bytes of a file name print as \xNN. */
void cli_complain(const char *tool, const char *file, const char *sentence);

/* The file of this path, where standard input is kept, is called "-" from now on; NULL: none is. The text must last. */
void cli_complain_as_stdin(const char *path);

/* What a file is called: "-" where standard input is kept, else its path. */
const char *cli_name_of(const char *path);

/* The same of a failure of the library's, whose own name of the file is left out. */
void cli_complain_of(const char *tool, const char *file, const emg_error *err);

/* ---- progress.c: What a person at a terminal sees of a long run, and how it is stopped. ---- */

/* From now on Ctrl-C, SIGTERM, SIGHUP and SIGXCPU ask for an orderly stop, unless they were ignored; a second one ends the
 * process at once. */
void cli_interrupt_catch(void);
bool cli_interrupted(void);

typedef struct cli_progress {
    size_t n_done, n, n_failed;
    size_t n_before;         /* of those done: what took no time */
    double under_way;        /* of those begun: the sum of the shares that are done */
    double recorded_s;       /* seconds of recordings gone through; 0: nobody counts */
    double start_s, shown_s; /* this and what follows: progress.c's own */
    size_t n_shown;
} cli_progress;

/* Time is counted from here. */
void cli_progress_start(cli_progress *progress);

/* Shows "[=====    ] 3 of 12, 1 failed, 850 times real time, 2:10 left", or "[==   ] 20 %, ..." of one, on standard error
 * when it is a terminal and `wanted`, else nothing; ten times a second at most unless one more is done. */
void cli_progress_show(bool wanted, cli_progress *progress);
/* Takes the bar away, so that text can follow. */
void cli_progress_clear(bool wanted);

/* ---- options: What a tool is, and what its arguments said. ---- */

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
    CLI_READS = 1,      /* how a recording is read */
    CLI_CONDITIONS = 2, /* settings of conditioning */
    CLI_ANALYSES = 4,   /* these and all settings of the analysis */
    CLI_TALKS = 8,      /* -q, -v */
    CLI_NAMES = 16      /* rules by which events get their word */
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
typedef enum cli_list {
    CLI_CHANNEL,
    CLI_WITHIN,
    CLI_WITHOUT,
    CLI_DERIVE,
    CLI_INVERT,
    CLI_STIMULUS,
    CLI_LISTS
} cli_list;

enum { CLI_MOST_SETTINGS = 256 };

/* What the arguments said. Texts point into argv. */
struct cli_options {
    const cli_tool *tool;
    void *own;          /* the tool's, for its own options */
    bool bursts;        /* emg-rhythm: a row for each burst of a rhythm */
    emg_run_config run; /* resolved: defaults < preset < config file < --set and flags */
    char **inputs;
    size_t n_inputs;
    bool quiet, verbose;
    char refusal[256];                /* one sentence, set by cli_refuse() */
    const char **texts_of[CLI_LISTS]; /* arguments of the repeatable options; room for argc of each */
    emg_preset preset;
    const char *config_path;
    bool print_config, print_rules;
    bool needs_no_input;    /* set by an option that shows something of the tool's own */
    bool needs_no_settings; /* set by an option under which no analysis runs: settings are not looked at */
    cli_help help;
    struct {
        const char *key, *text;
    } settings[CLI_MOST_SETTINGS]; /* assignments in the order typed */
    size_t n_settings;
    char texts[CLI_MOST_SETTINGS][64]; /* copies of keys and of parts of arguments */
    size_t n_texts;
    const char *stem; /* of what comes on standard input; NULL: "stdin" */
    int kept_file;    /* where that is kept, and under which name */
    char kept_folder[256], kept_path[512];
};

/* ---- arguments.c: What an argument says, or why it is refused. ---- */

/* Numbers of arguments: the whole text, finite. */
bool cli_number(const char *text, double *out);
/* Seconds, or hh:mm:ss, or mm:ss, each with a fraction. */
bool cli_time(const char *text, double *out);
/* "@hh:mm:ss" or "@hh:mm", with a fraction: seconds after midnight. */
bool cli_clock(const char *text, double *out);

/* Sets the sentence of a refusal; returns false. */
bool cli_refuse(cli_options *options, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- option_table.c: The common options, one table a group. ---- */

/* Option `index` of a tool: its own, then the common ones of its groups; NULL beyond the last. */
const cli_option *cli_option_row(const cli_tool *tool, size_t index);

/* Notes n characters of text as the value of the setting that lies at `offset` of emg_config. False after cli_refuse(). */
bool cli_assign(cli_options *options, size_t offset, const char *text, size_t n);

/* Reads "LOW-HIGH", "LOW-", "-HIGH" or "off"; 0, which may be said for LOW, too: no corner there. False after
 * cli_refuse(). */
bool cli_read_band(cli_options *options, const char *argument, double *low_hz, double *high_hz);

/* Notes the pass band, as --band does; a tool with a --band of its own calls it from there. */
bool cli_assign_band(cli_options *options, const char *argument);

/* ---- help.c: --help, --version, --print-config, --print-rules and the manual page, all written from the tables. ---- */

/* Shows what was asked for on standard output; returns the exit code. */
int cli_help_show(const cli_tool *tool, cli_help what);

/* Prints settings as a valid configuration file; returns the exit code. */
int cli_config_show(const char *tool, const emg_config *config);

/* Prints the rules under these settings as a tab-separated table; returns the exit code. */
int cli_rules_show(const char *tool, const emg_config *config);

/* ---- stdin.c: Standard input as a recording, which is kept in a temporary file. ---- */

/* Takes standard input for the input "-", if there is one. False after cli_refuse(). */
bool cli_stdin_take(cli_options *options);
void cli_stdin_drop(cli_options *options);

/* ---- options.c: Arguments read: options in the order typed, settings in the order of their strength. ---- */

enum { CLI_GO_ON = -1 };

/* Reads the arguments. CLI_GO_ON: the tool may work; anything else: the exit code (help was shown, usage refused).
 * cli_options_free() in either case. */
int cli_options_read(cli_options *options, const cli_tool *tool, void *own, int argc, char **argv);
void cli_options_free(cli_options *options);

/* ---- events.c: The common shape of the tools that print the events of one recording as a table. ---- */

typedef emg_status cli_event_table(emg_result *result, emg_write *write, void *context, emg_error *err);

/* Reads the arguments, analyses the one input and prints the table; returns the exit code. */
int cli_print_events(const cli_tool *tool, cli_event_table *table, int argc, char **argv);

/* ---- filtering.c: What emg-filter says: sentences about what was removed, and the table of a filter's response. ---- */

/* What was written and what it lost, on standard error; `verbose` says it of every channel, and names deviations. */
void cli_filtering_report(const char *tool, const char *path, const char *out_path, const emg_run_filter_config *config,
                          const emg_run_filtering *done, bool verbose);

/* The filters at a sampling rate: a table on standard output, a picture into svg_path unless it is NULL. Returns the
 * exit code. */
int cli_filtering_response(const char *tool, const emg_run_filter_config *config, double rate_hz, bool table,
                           const char *svg_path);

/* ---- spectrum_table.c: The tables of emg-spectrum: header lines and rows, with the columns that were asked for. ---- */

/* What is printed where, and with which columns. */
typedef struct spectrum_table {
    cli_output *out;
    const emg_feature_plan *plan;
    bool *any; /* becomes true with the first row */
} spectrum_table;

/* Header lines. */
void spectrum_raw_header(const spectrum_table *table);
void spectrum_window_header(const spectrum_table *table);
void spectrum_density_header(const spectrum_table *table);
void spectrum_slope_header(const spectrum_table *table);

/* Takers of rows; context is the spectrum_table. They ask for no more once the output is gone or a stop is wanted. */
bool spectrum_raw_row(void *context, const emg_raw_row *row);
bool spectrum_window_row(void *context, const emg_feature_window *row);
bool spectrum_raw_density_row(void *context, const emg_raw_row *row);
bool spectrum_density_row(void *context, const emg_density_row *row);
bool spectrum_window_density_row(void *context, const emg_feature_window *row);
bool spectrum_slope_row(void *context, const emg_slope_row *row);

/* The whole table of a coherence. */
void spectrum_coherence_table(const spectrum_table *table, const emg_coherence_result *result);

#endif
