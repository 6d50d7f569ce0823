/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a recording from top to bottom: facts, all muscles at a glance, each muscle, how it was done. */
#include <emg/report_page.h>

#include <math.h>
#include <string.h>

#include <emg/software.h>

#include "report/page/page.h"
#include "report/report.h"

enum { COMPACT = 12, LEFT_OUT_SHOWN = 8, FIGURES_UP_TO = 64 };

static void put(emgp_view *view, const char *text)
{
    emgp_sink_text(view->sink, text);
}

/* ---- facts ---- */

static void open_fact(emgp_view *view, const char *name)
{
    put(view, "<div><dt>");
    put(view, name);
    put(view, "</dt><dd>");
}

static void close_fact(emgp_view *view)
{
    put(view, "</dd></div>");
}

static void put_facts(emgp_view *view)
{
    const emg_report_input *in = view->input;
    put(view, "<dl class=\"facts\">");
    open_fact(view, "Format");
    emgp_html_text(view->sink, in->format ? in->format : "n/a");
    close_fact(view);
    open_fact(view, "Length");
    emgp_html_seconds(view->sink, in->duration_s);
    if (in->n_segments > 1) {
        put(view, " <small>in ");
        emgp_sink_count(view->sink, in->n_segments);
        put(view, " pieces over <span class=\"nw\">");
        emgp_html_seconds(view->sink, view->span_s);
        put(view, "</span></small>");
    }
    close_fact(view);
    open_fact(view, "Muscles");
    emgp_sink_count(view->sink, view->n);
    put(view, " <small>of ");
    emgp_sink_count(view->sink, in->n_channels);
    put(view, in->n_channels == 1 ? " channel</small>" : " channels</small>");
    close_fact(view);
    open_fact(view, "Content");
    put(view, "<span class=\"code\">");
    emgp_html_short(view->sink, in->content_hash);
    put(view, "</span>");
    close_fact(view);
    put(view, "</dl>");
}

/* Whether a setting differs from its default; the printed values go to value and usual. */
static bool differs(const emg_config *config, const emg_config *defaults, size_t i, char value[32], char usual[32])
{
    emg_config_print(config, i, value);
    emg_config_print(defaults, i, usual);
    return strcmp(value, usual) != 0;
}

static void put_settings(emgp_view *view)
{
    const emg_config defaults = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_setting row;
    size_t n = 0;
    open_fact(view, "Settings");
    for (size_t i = 0; view->input->config && emg_config_setting(i, &row); i++) {
        char value[32], usual[32];
        if (!differs(view->input->config, &defaults, i, value, usual))
            continue;
        put(view, n++ ? "; <span class=\"code\">" : "<span class=\"code\">");
        put(view, row.key);
        put(view, " = ");
        put(view, value);
        put(view, "</span> <small>(default ");
        put(view, usual);
        put(view, ")</small>");
    }
    put(view, n ? "" : "all at their defaults");
    close_fact(view);
}

/* Sentences, a line each after two spaces, as paragraphs or with line breaks between. */
static void put_lines(emgp_view *view, char *text, const char *before, const char *between, const char *after)
{
    bool first = true;
    for (char *line = text, *end; line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        line += strspn(line, " ");
        if (!*line)
            continue;
        put(view, first ? before : between);
        emgp_html_text(view->sink, line);
        first = false;
    }
    if (!first)
        put(view, after);
}

static emg_status put_deviations(emgp_view *view, emg_error *err)
{
    emgp_collected text = { .n = 0 };
    emgp_sink sink;
    emgp_sink_init(&sink, emgp_collect, &text, err);
    emgp_words_deviations(&sink, view->input, "");
    emg_status status = emgp_sink_flush(&sink);
    open_fact(view, "File");
    if (status == EMG_OK && text.n > 0)
        put_lines(view, text.bytes, "", "<br>", "");
    else
        put(view, "conforms to its format");
    close_fact(view);
    emgp_free(text.bytes);
    return status;
}

static void put_left_out(emgp_view *view)
{
    size_t n = 0;
    for (size_t i = 0; i < view->input->n_channels; i++) {
        const emg_channel *c = &view->input->channels[i];
        if ((c->selected && c->usable) || n++ >= LEFT_OUT_SHOWN)
            continue;
        if (n == 1)
            open_fact(view, "Left out");
        else
            put(view, ", ");
        emgp_html_text(view->sink, c->name);
        put(view, " (");
        emgp_html_text(view->sink, emg_channel_type_name(c->type));
        put(view, ")");
    }
    if (n > LEFT_OUT_SHOWN) {
        put(view, " and ");
        emgp_sink_count(view->sink, n - LEFT_OUT_SHOWN);
        put(view, " more");
    }
    if (n > 0)
        close_fact(view);
}

static void put_locked(emgp_view *view)
{
    if (!view->result || emg_result_time_locked(view->result).n_kinds == 0)
        return;
    open_fact(view, "Marks");
    emgp_words_time_locked(view->sink, view->result, "");
    close_fact(view);
}

static emg_status put_notes(emgp_view *view, emg_error *err)
{
    put(view, "<dl class=\"notes\">");
    put_settings(view);
    emg_status status = put_deviations(view, err);
    put_left_out(view);
    put_locked(view);
    put(view, "</dl></header><main id=\"main\">");
    return status;
}

/* ---- at a glance ---- */

static bool is_dead(const emgp_shown_muscle *m)
{
    return !(m->summary->signal.analysed_s > 0);
}

static void put_pattern(emgp_view *view, const emgp_shown_muscle *m)
{
    const emg_class pattern = m->summary->counts.pattern;
    bool any = false;
    if (is_dead(m)) {
        put(view, "<span class=\"none\">not analysed</span>");
        return;
    }
    if (pattern != EMG_UNCLASSIFIED)
        emgp_put_swatch(view->sink, pattern);
    put(view, emgp_words_class(pattern));
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++) {
        const emg_class c = emgp_class_at(i);
        if (!m->lanes[c] || c == pattern)
            continue;
        put(view, any ? ", " : "<small class=\"also\">also ");
        emgp_sink_count(view->sink, m->lanes[c]->n);
        put(view, " ");
        put(view, emgp_words_class(c));
        any = true;
    }
    put(view, any ? "</small>" : "");
    if (!(m->summary->signal.dead_s > 0))
        return;
    put(view, " <small class=\"also\">no signal in ");
    emgp_html_number(view->sink, m->summary->signal.dead_s);
    put(view, " s</small>");
}

static void put_rate(emgp_view *view, const emg_summary_counts *counts)
{
    const emg_class p = counts->pattern;
    const bool per_min = p == EMG_FASCICULATION || p == EMG_MYOCLONUS;
    const double value = p == EMG_FASCICULATION ? counts->fasciculation_per_min
                         : p == EMG_MYOCLONUS   ? counts->myoclonus_per_min
                         : p == EMG_CLONUS      ? counts->clonus_hz
                         : p == EMG_TREMOR      ? counts->tremor_hz
                         : p == EMG_RHYTHMIC    ? counts->rhythmic_hz
                         : p == EMG_MOTOR_UNIT  ? counts->motor_unit_hz
                                                : NAN;
    emgp_html_number(view->sink, value);
    put(view, !isfinite(value) ? "" : per_min ? "<small>/min</small>" : "<small> Hz</small>");
}

static void put_time(emgp_view *view, const emgp_shown_muscle *m)
{
    const emg_class p = m->summary->counts.pattern;
    const double total_s = emgp_words_total(m->summary, p);
    emgp_html_seconds(view->sink, total_s);
    if (!isfinite(total_s))
        return;
    put(view, " <small class=\"blk\">");
    emgp_html_share(view->sink, fmin(1, total_s / m->summary->signal.analysed_s));
    put(view, "</small>");
}

static void put_glance_row(emgp_view *view, size_t i, bool compact)
{
    const emgp_shown_muscle *m = &view->muscles[i];
    const emg_summary_counts *counts = &m->summary->counts;
    put(view, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"#m");
    emgp_sink_count(view->sink, i + 1);
    put(view, "\">");
    emgp_html_text(view->sink, m->summary->name);
    put(view, "</a></th><td role=\"cell\" class=\"tlc\">");
    emgp_put_row(view, i, compact);
    put(view, "</td><td role=\"cell\" class=\"pat\">");
    put_pattern(view, m);
    put(view, "</td><td role=\"cell\" class=\"n\" data-k=\"rate\">");
    put_rate(view, counts);
    put(view, "</td><td role=\"cell\" class=\"n\" data-k=\"for\">");
    put_time(view, m);
    put(view, "</td><td role=\"cell\" class=\"n\" data-k=\"confidence\">");
    if (counts->pattern != EMG_UNCLASSIFIED && isfinite(counts->pattern_confidence))
        emgp_sink_number(view->sink, rint(counts->pattern_confidence * 100) / 100);
    else
        put(view, "\xE2\x80\x93");
    put(view, "</td></tr>");
}

static void put_glance(emgp_view *view)
{
    const bool compact = view->n > COMPACT;
    bool used[EMG_N_CLASSES] = { false };
    put(view, "<section aria-labelledby=\"ov\"><h2 id=\"ov\">At a glance</h2><p class=\"lead\">");
    emgp_page_lead(view);
    put(view, "</p>");
    if (view->n > 0) {
        put(view, compact ? "<table class=\"ov compact\"" : "<table class=\"ov\"");
        put(view, " role=\"table\" data-t=\"");
        emgp_sink_number(view->sink, view->span_s);
        put(view,
            "\"><caption class=\"vh\">Muscles, whole recording, one time axis</caption><colgroup><col "
            "class=\"c1\"><col><col class=\"c3\"><col class=\"c4\"><col class=\"c5\"><col class=\"c6\"></colgroup>"
            "<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" role=\"columnheader\">Muscle</th><th "
            "scope=\"col\" role=\"columnheader\" class=\"tlh\"><span class=\"vh\">Time</span>");
        emgp_figure f = emgp_figure_open(view->sink, 20, "row", "Time axis", "of all rows", 0, view->span_s);
        emgp_figure_times(&f, 0, 0, 8, view->span_s);
        emgp_figure_close(&f);
        put(view, "</th><th scope=\"col\" role=\"columnheader\">Pattern</th><th scope=\"col\" role=\"columnheader\" "
                  "class=\"n\">Rate</th><th scope=\"col\" role=\"columnheader\" class=\"n\">Time in pattern</th><th "
                  "scope=\"col\" role=\"columnheader\" class=\"n\">Confidence</th></tr></thead><tbody "
                  "role=\"rowgroup\">");
        for (size_t i = 0; i < view->n; i++) {
            put_glance_row(view, i, compact);
            for (size_t c = 0; c < EMG_UNCLASSIFIED; c++)
                used[c] = used[c] || view->muscles[i].lanes[c];
        }
        put(view, "</tbody></table>");
        emgp_page_legend(view->sink, used);
        put(view, "<p class=\"note\">Grey: least and largest value of the conditioned signal, each muscle on its own "
                  "scale. Time runs from the first sample.</p>");
    }
    put(view, "</section>");
}

/* ---- muscles ---- */

static emg_status put_sentences(emgp_view *view, const emgp_shown_muscle *m, emg_error *err)
{
    emgp_occurrence when[EMG_N_CLASSES] = { { .n = 0 } };
    double onsets_s[EMG_N_CLASSES][EMGP_ONSETS_SHOWN];
    emgp_collected text = { .n = 0 };
    emgp_sink sink;
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++) {
        const emgp_lane *lane = m->lanes[c];
        when[c].n = lane ? lane->n : 0;
        when[c].onset_s = onsets_s[c];
        for (size_t i = 0; lane && i < lane->n_marks && i < EMGP_ONSETS_SHOWN; i++)
            onsets_s[c][when[c].n_kept++] = (double)lane->marks[i].from_s;
    }
    emgp_sink_init(&sink, emgp_collect, &text, err);
    emgp_words_muscle(&sink, m->summary, view->input->config, when);
    emg_status status = emgp_sink_flush(&sink);
    put(view, "<div class=\"says\">");
    if (status == EMG_OK && text.n > 0)
        put_lines(view, text.bytes, "<p class=\"bare\">", "</p><p class=\"bare\">", "</p>");
    put(view, "</div>");
    emgp_free(text.bytes);
    return status;
}

static emg_status put_figures(emgp_view *view, size_t i, emg_error *err)
{
    const emgp_shown_muscle *m = &view->muscles[i];
    const bool fold = view->n > COMPACT && m->summary->counts.n_events == 0;
    put(view, fold ? "<details><summary>Signal, spectrum and numbers</summary>" : "");
    emgp_put_timeline(view, i);
    const emg_status status = emgp_put_zooms(view, i, err);
    emgp_put_shapes(view, i);
    emgp_put_small(view, i);
    emgp_put_evidence(view, i);
    emgp_put_episodes(view, i);
    put(view, fold ? "</details>" : "");
    return status;
}

static emg_status put_muscle(emgp_view *view, size_t i, emg_error *err)
{
    const emgp_shown_muscle *m = &view->muscles[i];
    put(view,
        m->summary->counts.n_events > 0 ? "<section class=\"m found\" id=\"m" : "<section class=\"m still\" id=\"m");
    emgp_sink_count(view->sink, i + 1);
    put(view, "\" aria-labelledby=\"h");
    emgp_sink_count(view->sink, i + 1);
    put(view, "\"><header class=\"mh\"><h2 id=\"h");
    emgp_sink_count(view->sink, i + 1);
    put(view, "\">");
    emgp_html_text(view->sink, m->summary->name);
    put(view, "</h2><a class=\"up\" href=\"#top\">overview</a></header>");
    emg_status status = put_sentences(view, m, err);
    if (status == EMG_OK && !is_dead(m) && m->sketch && view->n <= FIGURES_UP_TO)
        status = put_figures(view, i, err);
    put(view, "</section>");
    return status;
}

/* ---- how ---- */

static void put_all_settings(emgp_view *view)
{
    const emg_config defaults = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_setting row;
    put(view, "<details><summary>All settings</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" "
              "aria-label=\"All settings\"><table class=\"set\"><thead><tr><th scope=\"col\">Setting</th><th "
              "scope=\"col\" class=\"n\">Value</th><th scope=\"col\">Meaning</th></tr></thead><tbody>");
    for (size_t i = 0; view->input->config && emg_config_setting(i, &row); i++) {
        char value[32], usual[32];
        put(view, differs(view->input->config, &defaults, i, value, usual) ? "<tr class=\"chg\">" : "<tr>");
        put(view, "<th scope=\"row\" class=\"code\">");
        put(view, row.key);
        put(view, "</th><td class=\"n\">");
        put(view, value);
        put(view, *row.unit ? " " : "");
        emgp_html_text(view->sink, row.unit);
        put(view, "</td><td>");
        emgp_html_text(view->sink, row.sentence);
        put(view, "</td></tr>");
    }
    put(view, "</tbody></table></div></details>");
}

static void put_how(emgp_view *view)
{
    const char *name, *version;
    put(view,
        "<section class=\"how\" aria-labelledby=\"how\"><h2 id=\"how\">How this was done</h2><p>Each channel keeps "
        "its own rate. It is filtered to the band of the settings, mains hum and heart beats are fitted and "
        "subtracted, and the noise is learned from its quiet stretches. What stands out of the noise is compared "
        "across muscles and judged by rules; a label needs a confidence of at least one half. Rates of "
        "fasciculations are of time at rest, with exact Poisson 95 % intervals.</p><dl class=\"facts\">");
    for (size_t i = 0; emg_report_software(i, &name, &version); i++) {
        open_fact(view, name);
        put(view, version);
        close_fact(view);
    }
    open_fact(view, "Content hash");
    put(view, "<span class=\"code brk\">");
    emgp_html_text(view->sink, view->input->content_hash);
    put(view, "</span>");
    close_fact(view);
    put(view, "</dl>");
    put_all_settings(view);
    put(view, "</section>");
}

static emg_status put_page(emgp_view *view, emg_error *err)
{
    emgp_page_head(view->sink, view->input->recording, "muscle activity report");
    put_facts(view);
    emg_status status = put_notes(view, err);
    put_glance(view);
    for (size_t i = 0; status == EMG_OK && i < view->n; i++)
        status = put_muscle(view, i, err);
    put_how(view);
    emgp_page_card(view);
    emgp_page_rows(view);
    emgp_page_foot(view->sink);
    return status;
}

emg_status emg_report_page(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                           emg_error *err)
{
    if (!input || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_page needs an input and a function that takes the text");
    emgp_sink sink;
    const double span_s = input->span_s > 0 ? input->span_s : input->duration_s;
    emgp_view view = { .sink = &sink, .result = result, .input = input, .span_s = span_s > 0 ? span_s : 1 };
    emgp_sink_init(&sink, write, context, err);
    emg_status status = emgp_view_gather(&view, err);
    if (status == EMG_OK)
        status = put_page(&view, err);
    emgp_view_free(&view);
    const emg_status written = emgp_sink_flush(&sink);
    return status ? status : written;
}
