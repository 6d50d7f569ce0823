/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons as a page: all muscles at a glance, then each with its rates, minutes, spectra and figures. */
#include <emg/comparison_page.h>

#include <math.h>
#include <string.h>

#include "report/compare/compare.h"
#include "report/page/page.h"

enum { OPEN_UP_TO = 12, DRAWN_UP_TO = 64 }; /* sections */

static const char *const sides[] = { "A", "B" };

static void put(emgp_sink *sink, const char *text)
{
    emgp_sink_text(sink, text);
}

/* ---- facts ---- */

static void put_fact(emgp_sink *sink, const char *name, const char *text)
{
    put(sink, "<div><dt>");
    put(sink, name);
    put(sink, "</dt><dd>");
    emgp_html_text(sink, text);
    put(sink, "</dd></div>");
}

static const char *unmatched(const void *of, size_t side, size_t index)
{
    return emg_comparison_unmatched(of, side, index);
}

static void put_head(emgp_sink *sink, const emg_comparison *c)
{
    emgp_page_head(sink, "Two recordings compared", "comparison");
    put(sink, "<dl class=\"facts\">");
    for (size_t s = 0; s < 2; s++)
        put_fact(sink, sides[s], emg_comparison_name(c, s));
    put(sink, "<div><dt>Muscles in both</dt><dd>");
    emgp_sink_count(sink, emg_comparison_n_muscles(c));
    put(sink, "</dd></div>");
    emgp_put_unmatched(sink, unmatched, c, 0);
    emgp_put_unmatched(sink, unmatched, c, 1);
    put(sink, "</dl></header><main id=\"main\">");
}

/* ---- at a glance ---- */

static const char *tell(const void *of, size_t index, emgp_rate_verdict *verdict)
{
    const emg_compared_muscle *m = emg_comparison_muscle(of, index);
    if (!m)
        return NULL;
    *verdict = m->lack                         ? EMGP_NOTHING
               : !m->rates.differ              ? EMGP_SAME
               : m->rates.difference.value > 0 ? EMGP_MORE
                                               : EMGP_LESS;
    return m->name;
}

static void put_lead(emgp_sink *sink, const emg_comparison *c)
{
    static const char *const words[] = { "more fasciculations a minute in B: ", "fewer fasciculations a minute in B: ",
                                         "no difference beyond the scatter of the counts: ", "rates not compared: " };
    emgp_put_lead(sink, words, tell, c);
}

static void put_glance_row(emgp_sink *sink, const emg_comparison *c, size_t i)
{
    static const char *const pairs[] = { "clonus_hz", "tonic_per_min", "median_frequency_hz" };
    const emg_compared_figure rate = emgp_figure_named(c, i, "fasciculation_per_min");
    put(sink, "<tr><th scope=\"row\"><a href=\"#m");
    emgp_sink_count(sink, i + 1);
    put(sink, "\">");
    emgp_html_text(sink, emg_comparison_muscle(c, i)->name);
    put(sink, "</a></th>");
    emgp_put_number_cell(sink, rate.a.value);
    emgp_put_number_cell(sink, rate.b.value);
    put(sink, "<td class=\"n\">");
    put(sink, rate.differs ? "<b>" : "");
    emgp_put_interval(sink, rate.ratio);
    put(sink, rate.differs ? "</b></td>" : "</td>");
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        const emg_compared_figure f = emgp_figure_named(c, i, pairs[k]);
        emgp_put_number_cell(sink, f.a.value);
        emgp_put_number_cell(sink, f.b.value);
    }
    put(sink, "</tr>");
}

static void put_glance(emgp_sink *sink, const emg_comparison *c)
{
    static const char *const heads[] = {
        "Fasciculations/min, A",   "B", "B / A, 95 %", "Clonus, Hz, A", "B", "Contractions/min, A", "B",
        "Median frequency, Hz, A", "B"
    };
    put(sink, "<section aria-labelledby=\"ov\"><h2 id=\"ov\">At a glance</h2>");
    put_lead(sink, c);
    if (emg_comparison_n_muscles(c) > 0) {
        put(sink, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"All muscles, scrolls sideways\">"
                  "<table class=\"coh\"><caption class=\"vh\">All muscles</caption><thead><tr><th "
                  "scope=\"col\">Muscle</th>");
        for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
            put(sink, "<th scope=\"col\" class=\"n\">");
            put(sink, heads[i]);
            put(sink, "</th>");
        }
        put(sink, "</tr></thead><tbody>");
        for (size_t i = 0; i < emg_comparison_n_muscles(c); i++)
            put_glance_row(sink, c, i);
        put(sink, "</tbody></table></div>");
    }
    put(sink, "</section>");
}

/* ---- muscles ---- */

static void put_figure_row(emgp_sink *sink, const emg_compared_figure *f)
{
    put(sink, f->differs ? "<tr class=\"chg\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
    emgp_html_text(sink, f->description);
    put(sink, " <span class=\"code\">");
    put(sink, f->quantity);
    put(sink, "</span></th>");
    emgp_put_number_cell(sink, f->a.value);
    emgp_put_number_cell(sink, f->b.value);
    put(sink, "<td>");
    put(sink, f->units);
    put(sink, "</td><td class=\"n\">");
    emgp_put_interval(sink, f->difference);
    put(sink, "</td><td class=\"n\">");
    emgp_put_interval(sink, f->ratio);
    put(sink, "</td><td>");
    emgp_html_text(sink, f->remark);
    put(sink, "</td></tr>");
}

/* All figures but those that neither recording has. */
static void put_figures(emgp_sink *sink, const emg_comparison *c, size_t index)
{
    emg_compared_figure f;
    put(sink, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Figures, scrolls sideways\"><table "
              "class=\"set\"><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\" class=\"n\">A</th><th "
              "scope=\"col\" class=\"n\">B</th><th scope=\"col\">Unit</th><th scope=\"col\" class=\"n\">B - A</th><th "
              "scope=\"col\" class=\"n\">B / A</th><th scope=\"col\">Remark</th></tr></thead><tbody>");
    for (size_t i = 0; emg_comparison_figure(c, index, i, &f); i++)
        if (f.a.value > 0 || f.b.value > 0 || *f.remark)
            put_figure_row(sink, &f);
    put(sink, "</tbody></table></div>");
}

static void put_sentence(emgp_sink *sink, const emg_compared_figure *rate)
{
    put(sink, "<div class=\"says\"><p class=\"bare\">Fasciculations: ");
    emgp_html_number(sink, rate->a.value);
    put(sink, " a minute in A, ");
    emgp_html_number(sink, rate->b.value);
    put(sink, " in B");
    if (rate->tested && isfinite(rate->ratio.value)) {
        put(sink, ", ");
        emgp_put_interval(sink, rate->ratio);
        put(sink, " times as many");
    }
    put(sink, !rate->tested ? " (" : rate->differs ? ": they differ (" : ": no difference can be told (");
    emgp_html_text(sink, rate->remark);
    put(sink, ").</p></div>");
}

/* Section `number` of `n`. */
static void put_muscle(emgp_sink *sink, const emg_comparison *c, size_t i, size_t number, size_t n, bool several)
{
    const emg_compared_muscle *m = emg_comparison_muscle(c, i);
    const emg_compared_figure rate = emgp_figure_named(c, i, "fasciculation_per_min");
    put(sink, "<section class=\"m still\" id=\"m");
    emgp_sink_count(sink, number);
    put(sink, "\" aria-labelledby=\"h");
    emgp_sink_count(sink, number);
    put(sink, "\"><header class=\"mh\"><h2 id=\"h");
    emgp_sink_count(sink, number);
    put(sink, "\">");
    if (several)
        emgp_put_pair(sink, c);
    put(sink, several ? ": " : "");
    emgp_html_text(sink, m->name);
    put(sink, "</h2><a class=\"up\" href=\"#top\">overview</a></header>");
    put_sentence(sink, &rate);
    if (n <= DRAWN_UP_TO)
        emgp_put_drawings(sink, m, &rate);
    put(sink, n > OPEN_UP_TO ? "<details><summary>All figures</summary>" : "");
    put_figures(sink, c, i);
    put(sink, n > OPEN_UP_TO ? "</details></section>" : "</section>");
}

/* All muscles of all pairs, numbered through. */
static void put_muscles(emgp_sink *sink, const emg_comparisons *all)
{
    size_t n = 0, number = 0;
    const emg_comparison *c;
    for (size_t k = 0; (c = emg_comparisons_at(all, k)); k++)
        n += emg_comparison_n_muscles(c);
    for (size_t k = 0; (c = emg_comparisons_at(all, k)); k++)
        for (size_t i = 0; i < emg_comparison_n_muscles(c); i++)
            put_muscle(sink, c, i, ++number, n, !emg_comparisons_is_one(all));
}

static void put_how(emgp_sink *sink, bool several)
{
    put(sink,
        "<section class=\"how\" aria-labelledby=\"how\"><h2 id=\"how\">How this was done</h2><p>Both were analysed with the "
        "same settings and version. Fasciculations are counted from the amplitude on that could be seen in both, per "
        "minute at rest. They cluster, so that their counts scatter more than chance alone would; the 95 % intervals of "
        "rates, difference and ratio are widened by what the counts a minute of both recordings scatter (quasi-Poisson, "
        "Student's t of the degrees of freedom). An interval speaks of these two recordings: what differs from day to "
        "day, or with the place of the electrodes, it cannot know. Means over five episodes or more in each are compared "
        "by Welch's t, lengths and amplitudes by their logarithms, as if episodes were independent of each other. Other "
        "figures have one value a recording and no interval.</p>");
    if (several)
        put(sink,
            "<p>Over all pairs stands the geometric mean of the ratios of rates, each pair counted once, with "
            "Student's t of the scatter of their logarithms between pairs, from three pairs on. This is the paired "
            "comparison across recordings; it holds what changes from day to day, and takes the pairs as "
            "independent people.</p>");
    put(sink, "</section>");
}

emg_status emg_report_comparisons_page(const emg_comparisons *comparisons, emg_write *write, void *context,
                                       emg_error *err)
{
    if (!comparisons || !write)
        return emgp_fail(err, EMG_EARG,
                         "emg_report_comparisons_page needs comparisons and a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    if (emg_comparisons_is_one(comparisons)) {
        put_head(&sink, emg_comparisons_at(comparisons, 0));
        put_glance(&sink, emg_comparisons_at(comparisons, 0));
    } else {
        emgp_put_pairs(&sink, comparisons);
    }
    put_muscles(&sink, comparisons);
    put_how(&sink, !emg_comparisons_is_one(comparisons));
    emgp_page_foot(&sink);
    return emgp_sink_flush(&sink);
}
