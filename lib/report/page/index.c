/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a batch: failures, a card a recording, and all muscles in one table that sorts. */
#include <emg/report.h>

#include "report/page/page.h"

void emgp_index_open(emgp_sink *sink, size_t n_done, size_t n_failed)
{
    const size_t counts[] = { n_done + n_failed, n_done, n_failed };
    static const char *const names[] = { "Recordings", "Done", "Refused" };
    emgp_page_head(sink, "Recordings", "index of reports");
    emgp_sink_text(sink, "<dl class=\"facts\">");
    for (size_t i = 0; i < 3; i++) {
        emgp_sink_text(sink, "<div><dt>");
        emgp_sink_text(sink, names[i]);
        emgp_sink_text(sink, "</dt><dd>");
        emgp_sink_count(sink, counts[i]);
        emgp_sink_text(sink, "</dd></div>");
    }
    emgp_sink_text(sink, "</dl></header><main id=\"main\">");
    if (n_failed > 0)
        emgp_sink_text(sink, "<section aria-labelledby=\"fail\" class=\"fail\"><h2 id=\"fail\">Not reported</h2><ul>");
}

void emgp_index_failure(emgp_sink *sink, const char *input, const char *message)
{
    emgp_sink_text(sink, "<li><b class=\"code\">");
    emgp_html_text(sink, input);
    emgp_sink_text(sink, "</b> ");
    emgp_html_text(sink, message);
    emgp_sink_text(sink, "</li>");
}

void emgp_index_cards(emgp_sink *sink, bool failures)
{
    emgp_sink_text(sink, failures ? "</ul></section>" : "");
    emgp_sink_text(sink,
                   "<section aria-labelledby=\"recs\"><h2 id=\"recs\">Recordings</h2><p class=\"note\">A strip per "
                   "muscle over the whole recording, colour and pattern by class; each recording on its own time "
                   "axis.</p><ul class=\"cards\">");
}

void emgp_index_rows(emgp_sink *sink)
{
    static const char *const columns[] = { "Recording",    "Muscle",  "Pattern",    "Confidence", "Fasciculations/min",
                                           "95 % from",    "95 % to", "Clonus, Hz", "Clonus, s",  "Tremor, Hz",
                                           "Sustained, s", "Noise",   "At rest, s" };
    bool used[EMG_N_CLASSES];
    for (size_t c = 0; c < EMG_N_CLASSES; c++)
        used[c] = c < EMG_UNCLASSIFIED;
    emgp_sink_text(sink, "</ul>");
    emgp_page_legend(sink, used);
    emgp_sink_text(sink,
                   "</section><section aria-labelledby=\"coh\"><h2 id=\"coh\">All muscles</h2><div class=\"scroll\" "
                   "tabindex=\"0\" role=\"group\" aria-label=\"All muscles, scrolls sideways\"><table class=\"coh "
                   "sortable\"><caption class=\"vh\">All muscles of all recordings</caption><thead><tr>");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        emgp_sink_text(sink, i < 3 ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"n\">");
        emgp_sink_text(sink, columns[i]);
        emgp_sink_text(sink, "</th>");
    }
    emgp_sink_text(sink, "</tr></thead><tbody>");
}

void emgp_index_close(emgp_sink *sink)
{
    emgp_sink_text(sink, "</tbody></table></div></section>");
    emgp_page_foot(sink);
}
