/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help, manual page, version and settings, printed from the same tables that are obeyed. */
#include "common/common.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int code;
    const char *sentence;
} exits[] = {
    { CLI_DONE, "all inputs done (deviations from the format are allowed unless --strict)" },
    { CLI_SOME_FAILED, "some inputs failed, the others are done" },
    { CLI_USAGE, "wrong usage" },
    { CLI_NONE_DONE, "no input could be processed" },
    { CLI_NOT_WRITTEN, "an output could not be written" },
    { CLI_INTERRUPTED, "interrupted" },
};

static const char licence[] = "Licence GPL-3.0-or-later: free software, without any warranty.";

/* Text left-adjusted in a column, the words after it wrapped and indented. */
static void put_wrapped(cli_output *out, const char *head, size_t indent, const char *words)
{
    enum { WIDTH = 92 };
    size_t at = strlen(head);
    cli_output_text(out, head);
    if (at > 0 && at + 1 > indent) {
        cli_output_text(out, "\n");
        at = 0;
    }
    for (; at < indent; at++)
        cli_output_text(out, " ");
    for (bool first = true; *words; first = false) {
        size_t n = strcspn(words, " ");
        if (!first && at + 1 + n > WIDTH) {
            cli_output_text(out, "\n");
            for (at = 0; at < indent; at++)
                cli_output_text(out, " ");
        } else if (!first) {
            cli_output_text(out, " ");
            at++;
        }
        cli_output_bytes(out, words, n);
        at += n;
        words += n + (words[n] == ' ');
    }
    cli_output_text(out, "\n");
}

/* "-c, --channel GLOB" */
static void option_head(char *head, size_t room, const cli_option *row)
{
    char letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    const char *gap = row->argument && row->argument[0] != '[' ? " " : "";
    snprintf(head, room, "  %s--%s%s%s", letter, row->name, gap, row->argument ? row->argument : "");
}

/* What a setting does, what it may be, and where the needle preset differs. */
static void describe_setting(char *text, size_t room, const emg_setting *row)
{
    int n = snprintf(text, room, "%s (", row->sentence);
    if (row->words)
        n += snprintf(text + n, room - (size_t)n, "%s)", row->words);
    else
        n += snprintf(text + n, room - (size_t)n, "%.6g to %.6g%s%s)", row->least, row->most, *row->unit ? " " : "",
                      row->unit);
    if (row->needle < row->fallback || row->needle > row->fallback)
        snprintf(text + n, room - (size_t)n, "; needle: %.6g", row->needle);
}

typedef void put_setting(cli_output *out, const char *head, const char *text);

/* Every setting that a tool has a use for, with its default, as --set takes it. */
static void put_settings(cli_output *out, const cli_tool *tool, put_setting *put)
{
    static const char conditioning[] = "condition.";
    const bool all = tool->groups & CLI_ANALYSES;
    const emg_config defaults = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char head[96], text[400], value[32];
        if (!all && strncmp(row.key, conditioning, sizeof conditioning - 1) != 0)
            continue;
        emg_config_print(&defaults, i, value);
        snprintf(head, sizeof head, "%s=%s", row.key, value);
        describe_setting(text, sizeof text, &row);
        put(out, head, text);
    }
}

/* The list of the tool's own. */
static void put_list(cli_output *out, const cli_tool *tool, put_setting *put)
{
    char head[CLI_LIST_HEAD], text[CLI_LIST_TEXT];
    for (size_t i = 0; tool->list(i, head, text); i++)
        put(out, head, text);
}

static void put_setting_help(cli_output *out, const char *head, const char *text)
{
    char indented[100];
    snprintf(indented, sizeof indented, "  %s", head);
    put_wrapped(out, indented, 30, text);
}

/* What every code of the reasons column means, from the table that the JSON and the page have, too. */
static void put_reasons(cli_output *out, put_setting *put)
{
    for (int r = 0; r < EMG_N_REASONS; r++)
        put(out, emg_reason_code((emg_reason)r), emg_reason_sentence((emg_reason)r));
}

static void put_help(cli_output *out, const cli_tool *tool)
{
    char head[96], line[256];
    cli_output_text(out, "Usage: ");
    cli_output_text(out, tool->name);
    cli_output_text(out, " ");
    cli_output_text(out, tool->usage);
    cli_output_text(out, "\n");
    snprintf(line, sizeof line, "%s %s.", tool->name, tool->purpose);
    put_wrapped(out, "", 0, line);
    cli_output_text(out, "\nExamples:\n");
    for (size_t i = 0; i < tool->n_examples; i++) {
        snprintf(head, sizeof head, "  %s", tool->examples[i].command);
        put_wrapped(out, head, 6, tool->examples[i].sentence);
    }
    cli_output_text(out, "\n");
    put_wrapped(out, "", 0, tool->description);
    cli_output_text(out, "\nOptions:\n");
    const cli_option *row;
    for (size_t i = 0; (row = cli_option_row(tool, i)); i++) {
        option_head(head, sizeof head, row);
        put_wrapped(out, head, 30, row->sentence);
    }
    if (tool->list) {
        snprintf(line, sizeof line, "\n%s:\n", tool->list_title);
        cli_output_text(out, line);
        put_list(out, tool, put_setting_help);
    }
    if (tool->groups & (CLI_CONDITIONS | CLI_ANALYSES)) {
        cli_output_text(out, "\nSettings (--set KEY=VALUE, or lines of a --config file), with their defaults:\n");
        put_settings(out, tool, put_setting_help);
    }
    if (tool->groups & CLI_ANALYSES) {
        cli_output_text(out, "\nReason codes (column reasons):\n");
        put_reasons(out, put_setting_help);
    }
    cli_output_text(out, "\nExit codes:\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
        snprintf(head, sizeof head, "  %d", exits[i].code);
        put_wrapped(out, head, 8, exits[i].sentence);
    }
    cli_output_text(out, "\n" EMG_DISCLAIMER "\n");
}

/* Text as troff takes it: hyphens that can be copied, no line that starts a request. */
static void put_troff(cli_output *out, const char *text)
{
    if (*text == '.')
        cli_output_text(out, "\\&");
    for (; *text; text++) {
        if (*text == '-')
            cli_output_text(out, "\\-");
        else if (*text == '\\')
            cli_output_text(out, "\\e");
        else if (*text == '"' || *text == '\'') /* would end an argument, become a curly one */
            cli_output_text(out, *text == '"' ? "\\(dq" : "\\(aq");
        else
            cli_output_bytes(out, text, 1);
    }
}

static void put_paragraph(cli_output *out, const char *request, const char *text)
{
    cli_output_text(out, request);
    put_troff(out, text);
    cli_output_text(out, "\n");
}

static void put_setting_manual(cli_output *out, const char *head, const char *text)
{
    put_paragraph(out, ".TP\n.B ", head);
    put_paragraph(out, "", text);
}

static void put_manual_head(cli_output *out, const cli_tool *tool, const char *version)
{
    char line[160];
    snprintf(line, sizeof line, ".TH %s 1 \"\" \"Myogram %s\" \"Myogram\"\n.SH NAME\n", tool->name, version);
    cli_output_text(out, line);
    put_troff(out, tool->name);
    cli_output_text(out, " \\- ");
    put_troff(out, tool->purpose);
    cli_output_text(out, "\n.SH SYNOPSIS\n.B ");
    put_troff(out, tool->name);
    cli_output_text(out, "\n");
    put_troff(out, tool->usage);
    cli_output_text(out, "\n");
}

static void put_manual(cli_output *out, const cli_tool *tool)
{
    char head[96];
    const char *name, *version = "";
    emg_report_software(0, &name, &version);
    put_manual_head(out, tool, version);
    put_paragraph(out, ".SH DESCRIPTION\n", tool->description);
    cli_output_text(out, ".SH EXAMPLES\n");
    for (size_t i = 0; i < tool->n_examples; i++) {
        put_paragraph(out, ".TP\n.B ", tool->examples[i].command);
        put_paragraph(out, "", tool->examples[i].sentence);
    }
    cli_output_text(out, ".SH OPTIONS\n");
    const cli_option *row;
    for (size_t i = 0; (row = cli_option_row(tool, i)); i++) {
        option_head(head, sizeof head, row);
        put_paragraph(out, ".TP\n.B ", head + strspn(head, " "));
        put_paragraph(out, "", row->sentence);
    }
    if (tool->list) {
        put_paragraph(out, ".SH ", tool->list_title);
        put_list(out, tool, put_setting_manual);
    }
    if (tool->groups & (CLI_CONDITIONS | CLI_ANALYSES)) {
        cli_output_text(out, ".SH SETTINGS\n");
        put_settings(out, tool, put_setting_manual);
    }
    if (tool->groups & CLI_ANALYSES) {
        cli_output_text(out, ".SH REASON CODES\n");
        put_reasons(out, put_setting_manual);
    }
    cli_output_text(out, ".SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++) {
        snprintf(head, sizeof head, ".TP\n.B %d\n", exits[i].code);
        put_paragraph(out, head, exits[i].sentence);
    }
    put_paragraph(out, ".SH NOTES\n", EMG_DISCLAIMER);
    put_paragraph(out, ".PP\n", licence);
}

static void put_version(cli_output *out, const cli_tool *tool)
{
    const char *name, *version;
    for (size_t i = 0; emg_report_software(i, &name, &version); i++) {
        cli_output_text(out, i == 0 ? tool->name : i == 1 ? "\nbuilt with " : ", ");
        cli_output_text(out, i == 0 ? " (" : "");
        cli_output_text(out, name);
        cli_output_text(out, i == 0 ? ") " : " ");
        cli_output_text(out, version);
    }
    cli_output_text(out, "\n");
    cli_output_text(out, licence);
    cli_output_text(out, "\n" EMG_DISCLAIMER "\n");
}

int cli_help_show(const cli_tool *tool, cli_help what)
{
    cli_output out = { 0 };
    if (what == CLI_HELP_MAN)
        put_manual(&out, tool);
    else if (what == CLI_HELP_VERSION)
        put_version(&out, tool);
    else
        put_help(&out, tool);
    return cli_output_end(&out, tool->name);
}

int cli_config_show(const char *tool, const emg_config *config)
{
    cli_output out = { 0 };
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char line[512], value[32];
        emg_config_print(config, i, value);
        snprintf(line, sizeof line, "# %s%s%s%s\n%s = %s\n", row.sentence, *row.unit ? " [" : "", row.unit,
                 *row.unit ? "]" : "", row.key, value);
        cli_output_text(&out, line);
    }
    return cli_output_end(&out, tool);
}

/* A cell and the tab or end of line after it; n/a for NaN. */
static void put_number(cli_output *out, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.6g\t", value);
    cli_output_text(out, isnan(value) ? "n/a\t" : text);
}

static void put_text(cli_output *out, const char *text, const char *after)
{
    cli_output_text(out, text && *text ? text : "n/a");
    cli_output_text(out, after);
}

/* "0.7 rhythm.acf", "rhythm.acf + 0.15" */
static void put_limit_setting(cli_output *out, const emg_rule *row)
{
    char factor[32] = "", plus[32] = "";
    if (row->setting && (row->factor < 1 || row->factor > 1))
        snprintf(factor, sizeof factor, "%.6g ", row->factor);
    if (row->setting && (row->plus < 0 || row->plus > 0))
        snprintf(plus, sizeof plus, " %c %.6g", row->plus < 0 ? '-' : '+', fabs(row->plus));
    cli_output_text(out, factor);
    put_text(out, row->setting, plus);
    cli_output_text(out, "\t");
}

int cli_rules_show(const char *tool, const emg_config *config)
{
    cli_output out = { 0 };
    emg_rule row;
    cli_output_text(&out, "rule\teffect\tevidence\ttest\tlimit\tsetting\tspread\tweight\treason\tsource\tsentence\n");
    for (size_t i = 0; emg_rule_at(i, config, &row); i++) {
        put_text(&out, row.name, "\t");
        put_text(&out, row.effect, "\t");
        put_text(&out, row.evidence, "\t");
        put_text(&out, row.test, "\t");
        put_number(&out, row.limit);
        put_limit_setting(&out, &row);
        put_number(&out, row.spread);
        put_number(&out, row.weight);
        put_text(&out, emg_reason_code(row.reason), "\t");
        put_text(&out, row.source, "\t");
        put_text(&out, row.sentence, "\n");
    }
    return cli_output_end(&out, tool);
}
