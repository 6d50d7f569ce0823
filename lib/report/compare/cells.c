/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a page of comparisons share: numbers with intervals, the sentence that leads, names that one side lacks. */
#include <math.h>
#include <string.h>

#include "report/compare/compare.h"
#include "report/page/page.h"

enum { NAMED = 4 };

static void put(emgp_sink *sink, const char *text)
{
    emgp_sink_text(sink, text);
}

emg_compared_figure emgp_figure_named(const emg_comparison *c, size_t muscle, const char *quantity)
{
    emg_compared_figure f = { .quantity = NULL };
    for (size_t i = 0; emg_comparison_figure(c, muscle, i, &f); i++)
        if (strcmp(f.quantity, quantity) == 0)
            break;
    return f;
}

void emgp_put_number_cell(emgp_sink *sink, double value)
{
    put(sink, "<td class=\"n\">");
    emgp_html_number(sink, value);
    put(sink, "</td>");
}

void emgp_put_interval(emgp_sink *sink, emg_interval i)
{
    emgp_html_number(sink, i.value);
    if (isnan(i.low))
        return;
    put(sink, " <small class=\"nw\">");
    emgp_html_number(sink, i.low);
    if (isfinite(i.high)) {
        put(sink, " to ");
        emgp_html_number(sink, i.high);
    } else {
        put(sink, " and more");
    }
    put(sink, "</small>");
}

void emgp_put_lead(emgp_sink *sink, const char *const words[EMGP_N_VERDICTS], emgp_tell *tell, const void *of)
{
    bool any = false;
    put(sink, "<p class=\"lead\">");
    for (int v = 0; v < EMGP_N_VERDICTS; v++) {
        const char *name;
        emgp_rate_verdict verdict;
        size_t n = 0;
        for (size_t i = 0; (name = tell(of, i, &verdict)); i++) {
            if (verdict != (emgp_rate_verdict)v || n++ >= NAMED)
                continue;
            put(sink, n > 1 ? ", " : any ? "; " : "");
            put(sink, n > 1 ? "" : words[v]);
            emgp_html_short(sink, name);
            any = true;
        }
        if (n > NAMED) {
            put(sink, " and ");
            emgp_sink_count(sink, n - NAMED);
            put(sink, " more");
        }
    }
    put(sink, any ? ".</p>" : "No muscle is in both.</p>");
}

void emgp_put_unmatched(emgp_sink *sink, emgp_unmatched *unmatched, const void *of, size_t side)
{
    const char *name;
    for (size_t i = 0; (name = unmatched(of, side, i)); i++) {
        put(sink, i > 0 ? ", " : side == 0 ? "<div><dt>Only in A</dt><dd>" : "<div><dt>Only in B</dt><dd>");
        emgp_html_text(sink, name);
    }
    put(sink, unmatched(of, side, 0) ? "</dd></div>" : "");
}
