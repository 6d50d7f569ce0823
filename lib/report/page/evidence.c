/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the labels: each reason code in words, what was measured and what the settings asked; and the episodes. */
#include "report/page/page.h"
#include "report/report.h"

#include <math.h>
#include <stdlib.h>

static const char dash[] = "\xE2\x80\x93";

static void put_value(emgp_sink *sink, const emg_rule *rule, double value)
{
    if (emgp_rule_is_flag(rule))
        emgp_sink_text(sink, value > 0 ? "yes" : "no");
    else
        emgp_html_number(sink, value);
}

/* Mean and range of what one rule compared. */
static void put_measured(emgp_sink *sink, const emgp_pooled *pooled, const emg_rule *rule)
{
    if (pooled->n_known == 0) {
        emgp_sink_text(sink, dash);
        return;
    }
    put_value(sink, rule, pooled->sum / (double)pooled->n_known);
    if (pooled->most > pooled->least && !emgp_rule_is_flag(rule)) {
        emgp_sink_text(sink, " (");
        put_value(sink, rule, pooled->least);
        emgp_sink_text(sink, " to ");
        put_value(sink, rule, pooled->most);
        emgp_sink_text(sink, ")");
    }
    emgp_sink_text(sink, *rule->unit ? " " : "");
    emgp_sink_text(sink, rule->unit);
    emgp_sink_text(sink, " <span class=\"code\">");
    emgp_sink_text(sink, rule->evidence);
    emgp_sink_text(sink, "</span>");
}

/* A line for each rule that gave the reason: what it measured, or what it asked for. */
static void put_compared(emgp_view *view, const emgp_lane *lane, emg_reason reason, bool asked)
{
    emg_rule rule;
    size_t n = 0;
    for (size_t i = 0; view->input->config && i < lane->pool.n; i++) {
        const emgp_pooled *pooled = &lane->pool.rows[i];
        if (!emg_rule_at(pooled->first.rule, view->input->config, &rule) || rule.reason != reason)
            continue;
        emgp_sink_text(view->sink, n++ > 0 ? "<br>" : "");
        if (asked)
            emgp_words_asked(view->sink, &rule, (double)pooled->first.limit);
        else
            put_measured(view->sink, pooled, &rule);
    }
    emgp_sink_text(view->sink, n == 0 ? dash : "");
}

static bool is_caution(emg_reason reason)
{
    return reason == EMG_X_AMBIG || reason == EMG_X_FEW || reason == EMG_Q_LOWSNR || reason == EMG_Q_NOREST ||
           reason == EMG_B_EDGE;
}

static void put_reason(emgp_view *view, const emgp_lane *lane, emg_reason reason)
{
    emgp_sink *sink = view->sink;
    emgp_sink_text(sink, "<td>");
    if (is_caution(reason))
        emgp_sink_text(sink, "<b class=\"con\">caution:</b> ");
    emgp_sink_text(sink, emg_reason_sentence(reason));
    emgp_sink_text(sink, " <span class=\"code\">");
    emgp_sink_text(sink, emg_reason_code(reason));
    emgp_sink_text(sink, "</span></td><td class=\"n\">");
    emgp_sink_count(sink, lane->n_reasons[reason]);
    emgp_sink_text(sink, " of ");
    emgp_sink_count(sink, lane->n);
    emgp_sink_text(sink, "</td><td>");
    put_compared(view, lane, reason, false);
    emgp_sink_text(sink, "</td><td>");
    put_compared(view, lane, reason, true);
    emgp_sink_text(sink, "</td></tr>");
}

static void put_class(emgp_view *view, const emgp_lane *lane, emg_class c)
{
    size_t n = 0;
    for (size_t r = 0; r < EMG_N_REASONS; r++)
        n += lane->n_reasons[r] > 0;
    for (size_t r = 0, k = 0; r < EMG_N_REASONS; r++) {
        if (lane->n_reasons[r] == 0)
            continue;
        emgp_sink_text(view->sink, k ? "<tr>" : "<tr class=\"first\"><th scope=\"rowgroup\" rowspan=\"");
        if (k++ == 0) {
            emgp_sink_count(view->sink, n);
            emgp_sink_text(view->sink, "\"><span class=\"sp\">");
            emgp_put_swatch(view->sink, c);
            emgp_sink_text(view->sink, "<span>");
            emgp_sink_text(view->sink, emgp_words_class(c));
            emgp_sink_text(view->sink, "</span></span></th>");
        }
        put_reason(view, lane, (emg_reason)r);
    }
}

void emgp_put_evidence(emgp_view *view, size_t muscle)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    bool any = false;
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++)
        any = any || m->lanes[c];
    if (!any)
        return;
    emgp_sink_text(view->sink, "<div class=\"scroll keep\" tabindex=\"0\" role=\"group\" aria-label=\"Evidence, ");
    emgp_html_text(view->sink, m->summary->name);
    emgp_sink_text(
        view->sink,
        "\"><table class=\"ev\"><caption>Why these labels: what holds, what was measured and what was asked"
        "</caption><thead><tr><th scope=\"col\">Pattern</th><th scope=\"col\">Evidence</th><th scope=\"col\" "
        "class=\"n\">Holds for</th><th scope=\"col\">Measured over the pattern, mean (range)</th><th "
        "scope=\"col\">Asked for</th></tr></thead><tbody>");
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++)
        if (m->lanes[emgp_class_at(i)])
            put_class(view, m->lanes[emgp_class_at(i)], emgp_class_at(i));
    emgp_sink_text(view->sink, "</tbody></table></div>");
}

/* ---- episodes ---- */

static void put_episode(emgp_view *view, const emgp_shown_muscle *m, const emg_event *e)
{
    emgp_sink *sink = view->sink;
    (void)m;
    emgp_sink_text(sink, "<tr><td class=\"n\">");
    emgp_html_clock(sink, e->onset_s, view->span_s);
    emgp_sink_text(sink, "</td><td class=\"n\">");
    emgp_html_seconds(sink, e->duration_s);
    emgp_sink_text(sink, "</td><td>");
    emgp_put_swatch(sink, e->trial_type);
    emgp_sink_text(sink, emgp_words_class(e->trial_type));
    const double values[] = { e->frequency_hz, e->count > 0 ? (double)e->count : NAN, e->amplitude,
                              rint(e->confidence * 100) / 100 };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        emgp_sink_text(sink, "</td><td class=\"n\">");
        emgp_html_number(sink, values[i]);
    }
    emgp_sink_text(sink, "</td></tr>");
}

static int by_onset(const void *a, const void *b)
{
    const emg_event *x = a, *y = b;
    return (x->onset_s > y->onset_s) - (x->onset_s < y->onset_s);
}

void emgp_put_episodes(emgp_view *view, size_t muscle)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    uint64_t n = 0, shown = 0;
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++) {
        n += m->lanes[c] && !emgp_is_point((emg_class)c) ? m->lanes[c]->n : 0;
        shown += m->lanes[c] ? m->lanes[c]->n_longest : 0;
    }
    if (n == 0)
        return;
    emgp_sink_text(view->sink, "<details><summary>");
    emgp_sink_text(view->sink, shown < n ? "The longest of " : "Episodes: ");
    emgp_sink_count(view->sink, n);
    emgp_sink_text(view->sink, shown < n ? " episodes" : "");
    emgp_sink_text(view->sink, "</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Episodes, ");
    emgp_html_text(view->sink, m->summary->name);
    emgp_sink_text(view->sink,
                   "\"><table class=\"ep\"><thead><tr><th scope=\"col\" class=\"n\">Onset</th><th scope=\"col\" "
                   "class=\"n\">Lasts</th><th scope=\"col\">Pattern</th><th scope=\"col\" class=\"n\">Hz</th><th "
                   "scope=\"col\" class=\"n\">Bursts</th><th scope=\"col\" class=\"n\">Size, ");
    emgp_sink_text(view->sink, emgp_html_unit(m->summary));
    emgp_sink_text(view->sink, "</th><th scope=\"col\" class=\"n\">Confidence</th></tr></thead><tbody>");
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++) {
        emgp_lane *lane = m->lanes[emgp_class_at(i)];
        if (!lane)
            continue;
        qsort(lane->longest, lane->n_longest, sizeof *lane->longest, by_onset);
        for (size_t k = 0; k < lane->n_longest; k++)
            put_episode(view, m, &lane->longest[k]);
    }
    emgp_sink_text(view->sink, "</tbody></table></div></details>");
}
