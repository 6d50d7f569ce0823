/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several pairs on a page: what was paired, what was not, each muscle over all pairs, and a table that sorts. */
#include <math.h>
#include <string.h>

#include "report/compare/compare.h"
#include "report/page/page.h"

static void put(emgp_sink *sink, const char *text)
{
    emgp_sink_text(sink, text);
}

void emgp_put_pair(emgp_sink *sink, const emg_comparison *c)
{
    const char *const a = emg_comparison_name(c, 0), *const b = emg_comparison_name(c, 1);
    emgp_html_text(sink, a);
    if (strcmp(a, b) == 0)
        return;
    put(sink, " / ");
    emgp_html_text(sink, b);
}

/* ---- head ---- */

static const char *unpaired(const void *of, size_t side, size_t index)
{
    return emg_comparisons_unpaired(of, side, index);
}

static void put_failures(emgp_sink *sink, const emg_comparisons *all)
{
    const char *pair, *why;
    for (size_t i = 0; (pair = emg_comparisons_failed(all, i, &why)); i++) {
        put(sink, i > 0
                      ? "<li><b class=\"code\">"
                      : "<section aria-labelledby=\"fail\" class=\"fail\"><h2 id=\"fail\">Not compared</h2><ul><li><b "
                        "class=\"code\">");
        emgp_html_text(sink, pair);
        put(sink, "</b> ");
        emgp_html_text(sink, why);
        put(sink, "</li>");
    }
    put(sink, emg_comparisons_failed(all, 0, NULL) ? "</ul></section>" : "");
}

static void put_head(emgp_sink *sink, const emg_comparisons *all)
{
    emgp_page_head(sink, "Recordings compared pair by pair", "comparisons");
    put(sink, "<dl class=\"facts\"><div><dt>Pairs</dt><dd>");
    emgp_sink_count(sink, emg_comparisons_n(all));
    put(sink, "</dd></div>");
    emgp_put_unmatched(sink, unpaired, all, 0);
    emgp_put_unmatched(sink, unpaired, all, 1);
    put(sink, "</dl></header><main id=\"main\">");
}

/* ---- each muscle over all pairs ---- */

static const char *tell(const void *of, size_t index, emgp_rate_verdict *verdict)
{
    emg_pooled_rates p;
    if (!emg_comparisons_pooled(of, index, &p))
        return NULL;
    *verdict = !p.tested ? EMGP_NOTHING : !p.differ ? EMGP_SAME : p.ratio.value > 1 ? EMGP_MORE : EMGP_LESS;
    return p.muscle;
}

static void put_heads(emgp_sink *sink, const char *const *heads, size_t n, size_t n_words)
{
    for (size_t i = 0; i < n; i++) {
        put(sink, i < n_words ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        put(sink, heads[i]);
        put(sink, "</th>");
    }
    put(sink, "</tr></thead><tbody>");
}

static void put_differs(emgp_sink *sink, bool tested, bool differs)
{
    put(sink, !tested ? "<td>\xE2\x80\x93</td>" : differs ? "<td><b>yes</b></td>" : "<td>no</td>");
}

static void put_over_pairs(emgp_sink *sink, const emg_comparisons *all)
{
    static const char *const words[] = { "over all pairs more fasciculations a minute in B: ",
                                         "over all pairs fewer fasciculations a minute in B: ",
                                         "over all pairs no difference beyond the scatter between pairs: ",
                                         "nothing can be said over all pairs of: " },
                             *const heads[] = { "Muscle", "B / A, 95 %", "Differs", "Rests on" };
    emg_pooled_rates p;
    emgp_put_lead(sink, words, tell, all);
    put(sink, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Over all pairs, scrolls "
              "sideways\"><table class=\"coh\"><caption>Fasciculations a minute over all pairs</caption><thead><tr>");
    put_heads(sink, heads, sizeof heads / sizeof *heads, sizeof heads / sizeof *heads);
    for (size_t i = 0; emg_comparisons_pooled(all, i, &p); i++) {
        put(sink, "<tr><th scope=\"row\" class=\"nw\">");
        emgp_html_text(sink, p.muscle);
        put(sink, "</th><td class=\"nw\">");
        emgp_put_interval(sink, p.ratio);
        put(sink, "</td>");
        put_differs(sink, p.tested, p.differ);
        put(sink, "<td>");
        emgp_html_text(sink, p.remark);
        put(sink, "</td></tr>");
    }
    put(sink, "</tbody></table></div>");
}

/* ---- every muscle of every pair ---- */

/* A cell whose number sorts; without one it stays last. */
static void put_cell(emgp_sink *sink, double value)
{
    put(sink, "<td class=\"n\" data-v=\"");
    if (isfinite(value))
        emgp_sink_number(sink, value);
    put(sink, "\">");
    emgp_html_number(sink, value);
    put(sink, "</td>");
}

static void put_row(emgp_sink *sink, const emg_comparison *c, size_t muscle, size_t number)
{
    const emg_compared_figure rate = emgp_figure_named(c, muscle, "fasciculation_per_min");
    const double numbers[] = { rate.a.value, rate.b.value, rate.ratio.value, rate.ratio.low, rate.ratio.high };
    put(sink, "<tr><th scope=\"row\" class=\"nw\"><a href=\"#m");
    emgp_sink_count(sink, number);
    put(sink, "\">");
    emgp_put_pair(sink, c);
    put(sink, "</a></th><td class=\"nw\">");
    emgp_html_text(sink, emg_comparison_muscle(c, muscle)->name);
    put(sink, "</td>");
    put_differs(sink, rate.tested, rate.differs);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        put_cell(sink, numbers[i]);
    put(sink, "</tr>");
}

static void put_table(emgp_sink *sink, const emg_comparisons *all)
{
    static const char *const heads[] = { "Pair",       "Muscle", "Differs",   "A, per min",
                                         "B, per min", "B / A",  "95 % from", "95 % to" };
    const emg_comparison *c;
    size_t number = 0;
    put(sink, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"All pairs, scrolls sideways\"><table "
              "class=\"coh sortable\"><caption>Fasciculations a minute, pair by pair</caption><thead><tr>");
    put_heads(sink, heads, sizeof heads / sizeof *heads, 3);
    for (size_t k = 0; (c = emg_comparisons_at(all, k)); k++)
        for (size_t i = 0; i < emg_comparison_n_muscles(c); i++)
            put_row(sink, c, i, ++number);
    put(sink, "</tbody></table></div>");
}

void emgp_put_pairs(emgp_sink *sink, const emg_comparisons *all)
{
    emg_pooled_rates p;
    put_head(sink, all);
    put_failures(sink, all);
    put(sink, "<section aria-labelledby=\"ov\"><h2 id=\"ov\">At a glance</h2>");
    if (emg_comparisons_pooled(all, 0, &p)) {
        put_over_pairs(sink, all);
        put_table(sink, all);
    } else {
        put(sink, "<p class=\"lead\">No muscle is in both.</p>");
    }
    put(sink, "</section>");
}
