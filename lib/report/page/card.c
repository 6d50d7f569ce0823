/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an index shows of a recording: a card with a strip a muscle, and a row a muscle; every page holds its own. */
#include <math.h>

#include "report/page/page.h"
#include "report/report.h"

enum { STRIPS = 16, FEW = 8 };

static void put(emgp_view *view, const char *text)
{
    emgp_sink_text(view->sink, text);
}

/* The recording's name as an address: bytes that an address may not hold are coded. */
static void put_address(emgp_sink *sink, const char *stem)
{
    static const char hex[] = "0123456789ABCDEF";
    for (const unsigned char *c = (const unsigned char *)stem; *c; c++) {
        const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                           *c == '.' || *c == '_' || *c == '-' || *c == '/';
        const char coded[] = { '%', hex[*c >> 4], hex[*c & 15] };
        emgp_sink_bytes(sink, plain ? (const char *)c : coded, plain ? 1 : sizeof coded);
    }
    emgp_sink_text(sink, "_report.html");
}

static void put_link(emgp_view *view, const char *fragment, size_t number)
{
    put(view, "<a href=\"");
    put_address(view->sink, view->input->recording);
    if (fragment) {
        put(view, fragment);
        emgp_sink_count(view->sink, number);
    }
    put(view, "\">");
    emgp_html_text(view->sink, view->input->recording);
    put(view, "</a>");
}

static void put_strips(emgp_view *view)
{
    const size_t n = view->n < STRIPS ? view->n : STRIPS;
    const double height = n > FEW ? 7 : 11;
    emgp_figure f = emgp_figure_open(view->sink, (double)n * height, "row", view->input->recording,
                                     "a strip a muscle, its events by class over time", 0, view->span_s);
    for (size_t i = 0; i < n; i++) {
        const emgp_shown_muscle *m = &view->muscles[i];
        const double y = (double)i * height + 1;
        const bool dead = !(m->summary->signal.analysed_s > 0);
        emgp_figure_box(&f, 0, view->span_s, y, height - 2, dead ? "dead" : "bg");
        for (size_t k = EMG_UNCLASSIFIED; k-- > 0;)
            if (m->lanes[emgp_class_at(k)])
                emgp_put_strip(&f, m->lanes[emgp_class_at(k)], emgp_class_at(k), y, height - 2);
    }
    emgp_figure_close(&f);
}

void emgp_page_card(emgp_view *view)
{
    const size_t n_deviations = view->input->n_deviations + view->input->n_notes;
    put(view, "<template id=\"card\"><li class=\"card\"><h3>");
    put_link(view, NULL, 0);
    put(view, "</h3><p class=\"meta\">");
    emgp_html_text(view->sink, view->input->format ? view->input->format : "n/a");
    put(view, " \xC2\xB7 ");
    emgp_html_seconds(view->sink, view->input->duration_s);
    put(view, " \xC2\xB7 ");
    emgp_sink_count(view->sink, view->n);
    put(view, view->n == 1 ? " muscle" : " muscles");
    if (n_deviations > 0) {
        put(view, " \xC2\xB7 ");
        emgp_sink_count(view->sink, n_deviations);
        put(view, n_deviations == 1 ? " remark" : " remarks");
    }
    put(view, "</p>");
    if (view->n > 0)
        put_strips(view);
    put(view, "<p class=\"says1\">");
    emgp_page_lead(view);
    put(view, "</p></li></template>");
}

/* A cell whose number sorts; empty when it is not applicable. */
static void put_cell(emgp_view *view, double value, const char *unit)
{
    put(view, "<td class=\"n\" data-v=\"");
    if (isfinite(value))
        emgp_sink_number(view->sink, value);
    put(view, "\">");
    emgp_html_number(view->sink, value);
    put(view, isfinite(value) ? unit : "");
    put(view, "</td>");
}

static void put_row(emgp_view *view, size_t i)
{
    const emg_summary *s = view->muscles[i].summary;
    const emg_summary_counts *c = &s->counts;
    const bool dead = !(s->signal.analysed_s > 0);
    put(view, "<tr><th scope=\"row\">");
    put_link(view, "#m", i + 1);
    put(view, "</th><td>");
    emgp_html_text(view->sink, s->name);
    put(view, "</td><td><span class=\"nw\">");
    if (!dead && c->pattern != EMG_UNCLASSIFIED)
        emgp_put_swatch(view->sink, c->pattern);
    put(view, dead ? "not analysed" : emgp_words_class(c->pattern));
    put(view, "</span></td>");
    put_cell(view, c->pattern != EMG_UNCLASSIFIED ? rint(100 * c->pattern_confidence) / 100 : NAN, "");
    put_cell(view, dead ? NAN : c->fasciculation_per_min, "");
    put_cell(view, dead ? NAN : c->fasciculation_per_min_low, "");
    put_cell(view, dead ? NAN : c->fasciculation_per_min_high, "");
    put_cell(view, c->clonus_hz, "");
    put_cell(view, c->clonus_total_s > 0 ? c->clonus_total_s : NAN, "");
    put_cell(view, c->tremor_hz, "");
    put_cell(view, c->tonic_total_s > 0 ? c->tonic_total_s : NAN, "");
    put_cell(view, dead ? NAN : s->signal.noise, s->calibrated ? " \xC2\xB5V" : " rel.");
    put_cell(view, dead ? NAN : s->signal.rest_s, "");
    put(view, "</tr>");
}

void emgp_page_rows(emgp_view *view)
{
    put(view, "<template id=\"rows\"><table><tbody>");
    for (size_t i = 0; i < view->n; i++)
        put_row(view, i);
    put(view, "</tbody></table></template>");
}
