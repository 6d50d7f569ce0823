/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results as one page: F1 over SNR of every detector beside what is possible, and macro-F1 over SNR. */
#include <math.h>
#include <string.h>

#include "report/picture/picture.h"
#include "tell/table.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Examination</title><style>"
    ":root{color-scheme:light dark}body{font-family:system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
    "color:#1c2430;background:#fff}.plots{display:flex;flex-wrap:wrap;gap:1em}"
    "@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#151a21}}</style>\n";

static const double snrs[] = { 6, 9, 12, 15, 20, 26 }, rhythm_snrs[] = { 3, 6, 10, 15, 20 };
enum { N_SNRS = 6, N_RHYTHM_SNRS = 5 };

static emg_status to_file(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)err;
    return fwrite(bytes, 1, n, context) == n ? EMG_OK : EMG_EIO;
}

/* The project's own in colour and strong, the bound dashed, baselines in the other colours. */
static const char *classes_of(const char *detector, size_t index)
{
    static const char *const others[] = { "b", "c", "d" };
    if (strcmp(detector, "myogram") == 0)
        return "a";
    if (strstr(detector, "bound"))
        return "dashed";
    return others[index % 3];
}

typedef double figure(const exam_table *t, exam_split split, const char *detector, double snr_db, const char *extra);

static double f1_at(const exam_table *t, exam_split split, const char *detector, double snr_db, const char *extra)
{
    char cell[64];
    snprintf(cell, sizeof cell, "snr%02.0f_rate040_%s", snr_db, extra);
    const exam_row *row = exam_table_find(t, split, cell, detector);
    return row ? row->value[EXAM_F1] : NAN;
}

/* At one SNR alone: counts of it and above less those above are not needed, since figures are of that SNR or more. */
static double macro_at(const exam_table *t, exam_split split, const char *detector, double snr_db, const char *extra)
{
    (void)extra;
    return exam_table_rhythm(t, split, detector, snr_db, 6).macro_f1;
}

/* Curves of all detectors of a part, each named at its right end, names kept apart. */
static void put_curves(emgp_sink *sink, const exam_table *t, exam_split split, exam_part part, const double *snr,
                       size_t n_snrs, figure *of, const char *extra, const char *title)
{
    const char *names[24];
    size_t n = exam_table_detectors(t, part, names);
    double place[24];
    emgp_plot plot = { sink, 60, 34, 330, 300, { snr[0], snr[n_snrs - 1], false, "SNR, dB" }, { 0, 1, false, "F1" } };
    emgp_svg_open(sink, 590, 390, title, false);
    emgp_svg_text(sink, 60, 20, "strong", title);
    emgp_plot_frame(&plot);
    for (size_t i = 0; i < n; i++) {
        double y[8];
        for (size_t k = 0; k < n_snrs; k++)
            y[k] = of(t, split, names[i], snr[k], extra);
        emgp_plot_line(&plot, snr, y, n_snrs, classes_of(names[i], i));
        place[i] = isfinite(y[n_snrs - 1]) ? emgp_plot_y(&plot, y[n_snrs - 1]) : NAN;
    }
    for (double lowest = -INFINITY;;) { /* from the top down, no two closer than a line of text */
        size_t next = n;
        for (size_t i = 0; i < n; i++)
            if (isfinite(place[i]) && (next == n || place[i] < place[next]))
                next = i;
        if (next == n)
            break;
        lowest = fmax(place[next], lowest + 14);
        emgp_svg_line(sink, 392, place[next], 402, lowest, "faint");
        emgp_svg_text(sink, 405, lowest + 4, strcmp(names[next], "myogram") == 0 ? "strong" : "small", names[next]);
        place[next] = NAN;
    }
    emgp_svg_close(sink);
}

bool exam_tell_page(const exam_table *t, FILE *file)
{
    static emgp_sink sink;
    emg_error err = EMG_ERROR_NONE;
    emgp_sink_init(&sink, to_file, file, &err);
    emgp_sink_text(&sink, head);
    emgp_svg_style(&sink);
    emgp_sink_text(&sink, "</head><body>\n<h1>Examination</h1>\n<p>Simulated recordings, all of them: nothing here is "
                          "clinical performance. F1 of single discharges at 40 a minute within 10 ms; macro-F1 of one "
                          "class a record at an SNR or more, 6 beats or more.</p>\n");
    for (int split = EXAM_N_SPLITS - 1; split >= 0; split--) {
        size_t at = 0, rhythm_at = 0;
        bool detection = exam_table_next(t, &at, (exam_split)split, EXAM_DETECTION) != NULL;
        bool rhythm = exam_table_next(t, &rhythm_at, (exam_split)split, EXAM_RHYTHM) != NULL;
        if (!detection && !rhythm)
            continue;
        emgp_sink_text(&sink, "<h2>");
        emgp_sink_text(&sink, exam_split_name((exam_split)split));
        emgp_sink_text(&sink, " ground</h2>\n<div class=\"plots\">\n");
        if (detection) {
            put_curves(&sink, t, (exam_split)split, EXAM_DETECTION, snrs, N_SNRS, f1_at, "plain", "Discharges, plain");
            put_curves(&sink, t, (exam_split)split, EXAM_DETECTION, snrs, N_SNRS, f1_at, "mains",
                       "Discharges under hum");
        }
        if (rhythm)
            put_curves(&sink, t, (exam_split)split, EXAM_RHYTHM, rhythm_snrs, N_RHYTHM_SNRS, macro_at, "",
                       "Rhythm classes");
        emgp_sink_text(&sink, "</div>\n");
    }
    emgp_sink_text(&sink, "</body></html>\n");
    return emgp_sink_flush(&sink) == EMG_OK;
}
