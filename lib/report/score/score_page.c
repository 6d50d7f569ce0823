/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score as a page of its own: the figures, then what the numbers look like. */
#include <emg/report.h>
#include <emg/score_page.h>

#include <math.h>
#include <stdio.h>

#include "base/base.h"
#include "report/picture/picture.h"
#include "report/score/score.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
    "content=\"width=device-width\"><title>Score</title>\n<style>"
    ":root{color-scheme:light dark}body{font-family:system-ui,sans-serif;margin:2em auto;max-width:80em;padding:0 1em;"
    "color:#1c2430;background:#fff}h1{font-size:1.5em}h2{font-size:1.1em;margin-top:2em}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9em}"
    "th,td{padding:.25em .7em;text-align:right;border-bottom:1px solid #dfe4ea}th:first-child,td:first-child{text-align:left}"
    "small{opacity:.7;white-space:nowrap}p{max-width:46em}.wide{overflow-x:auto}.plots{display:flex;flex-wrap:wrap;gap:1em}"
    "@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#151a21}th,td{border-color:#36404d}}"
    "@media print{body{margin:0;max-width:none}}</style>\n";

static void put_estimate(emgp_sink *sink, emg_estimate e)
{
    emgp_sink_text(sink, "<td>");
    emgp_sink_number(sink, round(e.value * 1e3) / 1e3);
    if (!isnan(e.low)) {
        emgp_sink_text(sink, "<br><small>");
        emgp_sink_number(sink, round(e.low * 1e3) / 1e3);
        emgp_sink_text(sink, " to ");
        emgp_sink_number(sink, round(e.high * 1e3) / 1e3);
        emgp_sink_text(sink, "</small>");
    }
    emgp_sink_text(sink, "</td>");
}

static void put_cell(emgp_sink *sink, double value)
{
    emgp_sink_text(sink, "<td>");
    emgp_sink_number(sink, fabs(value) >= 100 ? round(value) : round(value * 1e3) / 1e3);
    emgp_sink_text(sink, "</td>");
}

static void put_row(emgp_sink *sink, const char *name, const emg_score_row *row)
{
    emgp_sink_text(sink, "<tr><td>");
    emgp_sink_text(sink, name);
    emgp_sink_text(sink, "</td>");
    const uint64_t counts[] = { row->n_truth, row->n_found, row->n_matched, row->n_truth - row->n_matched,
                                row->n_found - row->n_matched };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        put_cell(sink, (double)counts[i]);
    put_estimate(sink, row->precision);
    put_estimate(sink, row->recall);
    put_estimate(sink, row->f1);
    put_cell(sink, row->onset_bias_s * 1e3);
    put_cell(sink, row->onset_sd_s * 1e3);
    put_cell(sink, row->frequency_error_hz);
    put_cell(sink, row->false_per_hour);
    emgp_sink_text(sink, "</tr>\n");
}

static void put_figures(emgp_sink *sink, const emg_score *score)
{
    const char *name;
    emg_score_row row;
    emgp_sink_text(
        sink,
        "<div class=\"wide\"><table><thead><tr><th>class</th><th>true</th><th>found</th><th>matched</th><th>missed</th><th>false</th>"
        "<th>precision</th><th>recall</th><th>F1</th><th>onset bias, ms</th><th>SD, ms</th>"
        "<th>frequency error, Hz</th><th>false an hour</th></tr></thead><tbody>\n");
    for (size_t place = 0; (name = emgp_score_next_row(score, &place, &row));)
        put_row(sink, name, &row);
    emgp_sink_text(sink, "</tbody></table></div>\n<p>missed: true events without a partner; false: found events "
                         "without one, wherever they lie. all: labels must agree; any: labels ignored; macro: mean "
                         "over the classes that the truth holds. Intervals: 95 %, recordings resampled.</p>\n");
}

static double row_sum(const emg_score *score, size_t row)
{
    double sum = 0;
    for (size_t c = 0; c < EMG_SCORE_LABELS; c++)
        sum += (double)emg_score_label(score, row, c);
    return sum;
}

static double column_sum(const emg_score *score, size_t column)
{
    double sum = 0;
    for (size_t r = 0; r < EMG_SCORE_LABELS; r++)
        sum += (double)emg_score_label(score, r, column);
    return sum;
}

/* A cell of the matrix, the darker the larger its share of the row. */
static void put_label(emgp_sink *sink, double x, double y, double here, double share)
{
    char text[EMGP_NUMBER_ROOM];
    if (!(here > 0))
        return;
    emgp_sink_text(sink, "<g style=\"opacity:");
    emgp_svg_number(sink, 0.15 + 0.85 * share);
    emgp_sink_text(sink, "\">\n");
    emgp_svg_box(sink, x, y, 54, 28, "soft");
    emgp_sink_text(sink, "</g>\n");
    emgp_count_print(text, (uint64_t)here);
    emgp_svg_text(sink, x + 27, y + 19, "middle", text);
}

static void put_labels(emgp_sink *sink, const emg_score *score)
{
    size_t rows[EMG_SCORE_LABELS], columns[EMG_SCORE_LABELS], n_rows = 0, n_columns = 0;
    for (size_t i = 0; i < EMG_SCORE_LABELS; i++) {
        if (row_sum(score, i) > 0)
            rows[n_rows++] = i;
        if (column_sum(score, i) > 0)
            columns[n_columns++] = i;
    }
    const double width = 56, height = 30, left = 120, top = 116;
    emgp_sink_text(sink,
                   "<h2>Labels</h2>\n<p>Rows: what is true; columns: what it was called. Matched by time "
                   "alone. Row nothing: found where nothing true is near; what was found without a partner within "
                   "something true is false in the table above and has no row of its own here.</p>\n");
    emgp_svg_open(sink, left + width * (double)n_columns + 10, top + height * (double)n_rows + 10, "Label matrix",
                  false);
    for (size_t c = 0; c < n_columns; c++)
        emgp_svg_text_up(sink, left + width * ((double)c + 0.5) + 4, top - 8, "",
                         emgp_score_label_name(columns[c], "missed"));
    for (size_t r = 0; r < n_rows; r++) {
        double y = top + height * (double)r, sum = row_sum(score, rows[r]);
        emgp_svg_text(sink, left - 8, y + 19, "end", emgp_score_label_name(rows[r], "nothing"));
        emgp_svg_line(sink, left, y - 1, left + width * (double)n_columns, y - 1, "faint");
        for (size_t c = 0; c < n_columns; c++) {
            double here = (double)emg_score_label(score, rows[r], columns[c]);
            put_label(sink, left + width * (double)c, y, here, here / sum);
        }
    }
    emgp_svg_close(sink);
}

static void put_errors(emgp_sink *sink, const emg_score *score, double tolerance_s)
{
    double most = 1;
    for (size_t i = 0; i < EMG_SCORE_ERROR_BINS; i++)
        most = fmax(most, (double)emg_score_errors(score, i));
    double end = fmax(tolerance_s, 1e-6) * 1e3;
    emgp_plot plot = {
        sink, 60, 14, 380, 200, { -end, end, false, "found minus true, ms" }, { 0, most * 1.05, false, "events" }
    };
    emgp_svg_open(sink, 460, 260, "Errors of single events", false);
    emgp_plot_frame(&plot);
    for (size_t i = 0; i < EMG_SCORE_ERROR_BINS; i++) {
        double from = -end + 2 * end * (double)i / EMG_SCORE_ERROR_BINS;
        emgp_plot_bar(&plot, from, from + 2 * end / EMG_SCORE_ERROR_BINS, (double)emg_score_errors(score, i), "a");
    }
    emgp_svg_close(sink);
}

static void put_reliability(emgp_sink *sink, const emg_score *score)
{
    const double corner[] = { 0, 1 };
    emgp_plot plot = { sink, 60, 14, 240, 200, { 0, 1, false, "confidence" }, { 0, 1, false, "share that is right" } };
    emgp_svg_open(sink, 320, 260, "Reliability of the confidence", false);
    emgp_plot_frame(&plot);
    emgp_plot_line(&plot, corner, corner, 2, "dashed");
    for (size_t i = 0; i < EMG_SCORE_BINS; i++) {
        emg_score_bin b = emg_score_reliability(score, i);
        if (b.n > 0)
            emgp_plot_dot(&plot, b.confidence, b.correct, "b");
    }
    emgp_svg_close(sink);
}

static void put_coverage(emgp_sink *sink, const emg_score *score)
{
    double coverage[101], correct[101];
    for (size_t i = 0; i <= 100; i++) {
        emg_score_coverage at = emg_score_covered(score, (double)i / 100);
        coverage[i] = at.coverage;
        correct[i] = at.correct;
    }
    emgp_plot plot = {
        sink, 60, 14, 240, 200, { 0, 1, false, "share of the claims kept" }, { 0, 1, false, "share that is right" }
    };
    emgp_svg_open(sink, 320, 260, "Right when only the surer claims are kept", false);
    emgp_plot_frame(&plot);
    emgp_plot_line(&plot, coverage, correct, 101, "c");
    emgp_svg_close(sink);
}

emg_status emg_report_score_page(const emg_score *score, emg_write *write, void *context, emg_error *err)
{
    if (!score || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_score_page needs a score and a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    emgp_sink_text(&sink, head);
    emgp_svg_style(&sink);
    emgp_sink_text(&sink, "</head><body>\n<h1>Score</h1>\n<p>");
    emgp_sink_count(&sink, emg_score_n_recordings(score));
    emgp_sink_text(&sink, emg_score_n_recordings(score) == 1 ? " recording, " : " recordings, ");
    emgp_sink_number(&sink, emg_score_observed_s(score));
    emgp_sink_text(&sink, " s observed: events that were found, against those that are true. A pair lies within ");
    emgp_sink_number(&sink, emg_score_settings(score)->tolerance_s);
    emgp_sink_text(&sink, " s, or overlaps, as episodes do.</p>\n");
    put_figures(&sink, score);
    put_labels(&sink, score);
    emgp_sink_text(&sink, "<h2>Instants and confidence</h2>\n<div class=\"plots\">\n");
    put_errors(&sink, score, emg_score_settings(score)->tolerance_s);
    if (!isnan(emg_score_calibration_error(score))) {
        put_reliability(&sink, score);
        put_coverage(&sink, score);
        emgp_sink_text(&sink, "</div>\n<p>Expected calibration error ");
        emgp_sink_number(&sink, emg_score_calibration_error(score));
        emgp_sink_text(&sink, ".</p>\n");
    } else {
        emgp_sink_text(&sink, "</div>\n<p>The found events state no confidence.</p>\n");
    }
    emgp_sink_text(&sink, "<p>" EMG_DISCLAIMER "</p>\n</body></html>\n");
    return emgp_sink_flush(&sink);
}
