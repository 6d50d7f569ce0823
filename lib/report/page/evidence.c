/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the labels: each reason code in words, what was measured and what the settings asked; and the episodes. */
#include "report/page/page.h"
#include "report/report.h"

#include <math.h>
#include <stdlib.h>

/* What of the events a reason is about, and which setting limits it. */
typedef struct evidence_row {
    int range; /* -1: no number of the events */
    const char *before, *key, *after;
} evidence_row;

enum { NOTHING = -1 };

static const evidence_row rows[EMG_N_REASONS] = {
    [EMG_R_RCV] = { EMGP_OF_RCV, "at most ", "rhythm.rcv", "" },
    [EMG_R_FOLD] = { NOTHING, "at least ", "rhythm.fold", " of the intervals" },
    [EMG_R_N] = { EMGP_OF_COUNT, "at least ", "rhythm.least_bursts", " bursts" },
    [EMG_R_ACF] = { NOTHING, "first peak at least ", "rhythm.acf", "" },
    [EMG_R_IRREG] = { EMGP_OF_RCV, "", NULL, "chance gives 1, a rhythm below 0.3" },
    [EMG_R_SEMI] = { EMGP_OF_RCV, "", NULL, "" },
    [EMG_F_HI] = { EMGP_OF_RATE, "", NULL, "above 12 Hz" },
    [EMG_F_MID] = { EMGP_OF_RATE, "above ", "rhythm.clonus_high_hz", " Hz" },
    [EMG_F_BAND] = { EMGP_OF_RATE, "up to ", "rhythm.clonus_high_hz", " Hz" },
    [EMG_F_LO] = { EMGP_OF_RATE, "below ", "rhythm.clonus_low_hz", " Hz" },
    [EMG_C_EPIS] = { EMGP_OF_DURATION, "", NULL, "short against the observation" },
    [EMG_D_SPIKE] = { EMGP_OF_DURATION, "", NULL, "as short as one potential" },
    [EMG_D_BURST] = { EMGP_OF_DURATION, "", NULL, "longer than one potential" },
    [EMG_D_LONG] = { EMGP_OF_DURATION, "", NULL, "seconds" },
    [EMG_D_TONIC] = { EMGP_OF_DURATION, "", NULL, "longer than a burst" },
    [EMG_S_LOCAL] = { EMGP_OF_MUSCLES, "", NULL, "this muscle alone" },
    [EMG_S_SYNC] = { EMGP_OF_MUSCLES, "within ", "across.synchrony_s", " s" },
    [EMG_S_FOCAL] = { EMGP_OF_MUSCLES, "", NULL, "the others quiet" },
    [EMG_Q_LOWSNR] = { EMGP_OF_SNR, "", NULL, "" },
};

static const char *const units[EMGP_N_RANGES] = { "", "", " Hz", "", "", " dB" };

/* Prints a setting's value; false: there is none of that name. */
static void put_setting(emgp_sink *sink, const emg_config *config, const char *key)
{
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char value[32];
        if (!emgp_text_same(row.key, key))
            continue;
        emg_config_print(config, i, value);
        emgp_sink_text(sink, value);
        return;
    }
}

static void put_value(emgp_sink *sink, int range, double value)
{
    if (range == EMGP_OF_DURATION)
        emgp_html_seconds(sink, value);
    else
        emgp_html_number(sink, value);
}

static void put_measured(emgp_sink *sink, const emgp_lane *lane, const evidence_row *row, bool known)
{
    const emgp_range *range = known && row->range != NOTHING ? &lane->ranges[row->range] : NULL;
    if (!range || range->n == 0) {
        emgp_sink_text(sink, "\xE2\x80\x93");
        return;
    }
    put_value(sink, row->range, range->sum / (double)range->n);
    if (range->n > 1 && range->most > range->least) {
        emgp_sink_text(sink, " (");
        put_value(sink, row->range, range->least);
        emgp_sink_text(sink, " to ");
        put_value(sink, row->range, range->most);
        emgp_sink_text(sink, ")");
    }
    emgp_sink_text(sink, units[row->range]);
}

static bool is_caution(emg_reason reason)
{
    return reason == EMG_X_AMBIG || reason == EMG_X_FEW || reason == EMG_Q_LOWSNR || reason == EMG_Q_NOREST ||
           reason == EMG_B_EDGE;
}

static void put_reason(emgp_view *view, const emgp_lane *lane, emg_reason reason)
{
    emgp_sink *sink = view->sink;
    const evidence_row *row = &rows[reason];
    const bool known = row->before;
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
    put_measured(sink, lane, row, known);
    emgp_sink_text(sink, "</td><td>");
    if (known) {
        emgp_sink_text(sink, row->before);
        if (row->key && view->input->config)
            put_setting(sink, view->input->config, row->key);
        emgp_sink_text(sink, row->after);
    }
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
