/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison as a page: all muscles at a glance, then each with its rates, minutes, spectra and figures. */
#include <emg/comparison_page.h>

#include <math.h>
#include <string.h>

#include "report/page/page.h"
#include "report/report.h"

enum { Y0 = 10, Y1 = 150, SMALL = 184, MUSCLES_NAMED = 4 };

/* The two recordings are told apart by these: A in the colour of the text, B in another. */
static const char *const sides[] = { "A", "B" }, *const lines[] = { "ln ink", "ln lb" },
                         *const bars[] = { "own", "s-fasciculation" };

static void put(emgp_sink *sink, const char *text)
{
    emgp_sink_text(sink, text);
}

static emg_compared_figure figure_of(const emg_comparison *c, size_t muscle, const char *quantity)
{
    emg_compared_figure f = { .quantity = NULL };
    for (size_t i = 0; emg_comparison_figure(c, muscle, i, &f); i++)
        if (strcmp(f.quantity, quantity) == 0)
            break;
    return f;
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

static void put_unmatched(emgp_sink *sink, const emg_comparison *c, size_t side)
{
    const char *name;
    for (size_t i = 0; (name = emg_comparison_unmatched(c, side, i)); i++) {
        put(sink, i > 0 ? ", " : side == 0 ? "<div><dt>Only in A</dt><dd>" : "<div><dt>Only in B</dt><dd>");
        emgp_html_text(sink, name);
    }
    put(sink, emg_comparison_unmatched(c, side, 0) ? "</dd></div>" : "");
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
    put_unmatched(sink, c, 0);
    put_unmatched(sink, c, 1);
    put(sink, "</dl></header><main id=\"main\">");
}

/* ---- at a glance ---- */

/* What can be said of the rates of fasciculations of a muscle. */
typedef enum verdict { MORE, LESS, SAME, NOTHING } verdict;

static verdict verdict_of(const emg_compared_muscle *m)
{
    if (m->lack)
        return NOTHING;
    return !m->rates.differ ? SAME : m->rates.difference.value > 0 ? MORE : LESS;
}

static void put_lead(emgp_sink *sink, const emg_comparison *c)
{
    static const char *const words[] = { "more fasciculations a minute in B: ", "fewer fasciculations a minute in B: ",
                                         "no difference beyond the scatter of the counts: ", "rates not compared: " };
    bool any = false;
    put(sink, "<p class=\"lead\">");
    for (int v = MORE; v <= NOTHING; v++) {
        size_t n = 0;
        for (size_t i = 0; i < emg_comparison_n_muscles(c); i++) {
            const emg_compared_muscle *m = emg_comparison_muscle(c, i);
            if (verdict_of(m) != (verdict)v || n++ >= MUSCLES_NAMED)
                continue;
            put(sink, n > 1 ? ", " : any ? "; " : "");
            put(sink, n > 1 ? "" : words[v]);
            emgp_html_short(sink, m->name);
            any = true;
        }
        if (n > MUSCLES_NAMED) {
            put(sink, " and ");
            emgp_sink_count(sink, n - MUSCLES_NAMED);
            put(sink, " more");
        }
    }
    put(sink, any ? ".</p>" : "No muscle is in both.</p>");
}

static void put_number_cell(emgp_sink *sink, double value)
{
    put(sink, "<td class=\"n\">");
    emgp_html_number(sink, value);
    put(sink, "</td>");
}

static void put_interval(emgp_sink *sink, emg_interval i)
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

static void put_glance_row(emgp_sink *sink, const emg_comparison *c, size_t i)
{
    static const char *const pairs[] = { "clonus_hz", "tonic_per_min", "median_frequency_hz" };
    const emg_compared_figure rate = figure_of(c, i, "fasciculation_per_min");
    put(sink, "<tr><th scope=\"row\"><a href=\"#m");
    emgp_sink_count(sink, i + 1);
    put(sink, "\">");
    emgp_html_text(sink, emg_comparison_muscle(c, i)->name);
    put(sink, "</a></th>");
    put_number_cell(sink, rate.a.value);
    put_number_cell(sink, rate.b.value);
    put(sink, "<td class=\"n\">");
    put(sink, rate.differs ? "<b>" : "");
    put_interval(sink, rate.ratio);
    put(sink, rate.differs ? "</b></td>" : "</td>");
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        const emg_compared_figure f = figure_of(c, i, pairs[k]);
        put_number_cell(sink, f.a.value);
        put_number_cell(sink, f.b.value);
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

/* ---- small figures ---- */

static void open_small(emgp_sink *sink, const char *title, const char *note)
{
    put(sink, "<figure><figcaption><b>");
    put(sink, title);
    put(sink, "</b> ");
    put(sink, note);
    put(sink, "</figcaption>");
}

static void close_small(emgp_figure *f, const char *axis)
{
    emgp_figure_text(f, 50, Y1 + 32, "t", "middle", axis);
    emgp_figure_close(f);
    put(f->sink, "</figure>");
}

/* Round numbers below a figure. */
static void put_axis(emgp_figure *f, double step)
{
    for (double at = 0; at <= f->x1 * 1.0001; at += step) {
        const double percent = emgp_figure_x(f, at);
        emgp_figure_upright(f, at, Y1, Y1 + 4, "base");
        emgp_figure_text_open(f, percent, Y1 + 17, "t", percent < 5 ? "start" : percent > 93 ? "end" : "middle");
        emgp_sink_number(f->sink, at);
        emgp_figure_text_close(f);
    }
}

/* A bar a recording to the rate, a line over its interval. */
static void put_rates(emgp_sink *sink, const emg_compared_muscle *m, const emg_compared_figure *rate)
{
    const emg_interval both[] = { rate->a, rate->b };
    double most = 0;
    for (size_t s = 0; s < 2; s++)
        most = fmax(most, fmax(both[s].value, both[s].high));
    if (!(most > 0))
        return;
    most = emgp_round_up(most * 1.02);
    open_small(sink, "Fasciculations a minute", rate->tested ? "lines: 95 % interval" : "no interval");
    emgp_figure f = emgp_figure_open(sink, SMALL, "sm", m->name, "fasciculations a minute in A and B", 0, most);
    for (size_t s = 0; s < 2; s++) {
        const double y = s == 0 ? Y0 + 16 : Y0 + 86;
        emgp_figure_text(&f, 0, y - 4, "t lab", "start", sides[s]);
        emgp_figure_box(&f, 0, both[s].value, y, 24, bars[s]);
        if (isfinite(both[s].high))
            emgp_figure_box(&f, both[s].low, both[s].high, y + 32, 3, bars[s]);
    }
    put_axis(&f, most / 2);
    close_small(&f, "fasciculations a minute at rest");
}

/* Counts of each minute at rest: A above the middle line, B below it. */
static void put_minutes(emgp_sink *sink, const emg_compared_muscle *m)
{
    const double middle = (Y0 + Y1) / 2.0, height = (Y1 - Y0) / 2.0 - 18;
    double most = 0;
    size_t n = 0;
    for (size_t s = 0; s < 2; s++) {
        n = m->side[s].n_minutes > n ? m->side[s].n_minutes : n;
        for (size_t i = 0; i < m->side[s].n_minutes; i++)
            most = fmax(most, (double)m->side[s].minutes[i]);
    }
    if (!(most > 0))
        return;
    open_small(sink, "Minute by minute", "counts of each minute at rest, A upwards, B downwards");
    emgp_figure f = emgp_figure_open(sink, SMALL, "sm", m->name, "fasciculations in each minute at rest", 0, (double)n);
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < m->side[s].n_minutes; i++) {
            const double bar = height * (double)m->side[s].minutes[i] / most;
            if (bar > 0)
                emgp_figure_box(&f, (double)i, (double)i + 0.85, s == 0 ? middle - bar : middle, bar, bars[s]);
        }
        emgp_figure_text_open(&f, 0, s == 0 ? Y0 + 2 : Y1 - 2, "t h", "start");
        put(sink, sides[s]);
        put(sink, ", scale to ");
        emgp_html_number(sink, most);
        emgp_figure_text_close(&f);
    }
    emgp_figure_level(&f, middle, "base");
    put_axis(&f, fmax(1, floor((double)n / 2)));
    close_small(&f, "minutes at rest");
}

static double decibels(const emg_summary_signal *signal, size_t bin)
{
    return 10 * log10(fmax(signal->psd[bin], 1e-30));
}

/* The frequency up to which a spectrum is drawn: to where 99.9 % of both powers lie. */
static double highest_hz(const emg_compared_muscle *m)
{
    double highest = 0;
    for (size_t s = 0; s < 2; s++) {
        const emg_summary_signal *signal = &m->side[s].summary->signal;
        double all = 0, sum = 0;
        for (size_t i = 0; i < EMG_PSD_BINS; i++)
            all += isfinite(signal->psd[i]) ? signal->psd[i] : 0;
        size_t i = 0;
        for (; all > 0 && i < EMG_PSD_BINS && sum < 0.999 * all; i++)
            sum += isfinite(signal->psd[i]) ? signal->psd[i] : 0;
        if (isfinite(signal->psd_step_hz))
            highest = fmax(highest, (double)i * signal->psd_step_hz);
    }
    return highest;
}

static void put_spectra(emgp_sink *sink, const emg_compared_muscle *m)
{
    double most_db = -INFINITY;
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 1; i < EMG_PSD_BINS; i++)
            most_db = fmax(most_db, decibels(&m->side[s].summary->signal, i));
    const double most_hz = emgp_round_up(highest_hz(m) * 1.05);
    if (!(most_db > -290) || !(highest_hz(m) > 0) || m->side[0].summary->calibrated != m->side[1].summary->calibrated)
        return;
    const double top = 10 * ceil(most_db / 10) + 10, low = top - 50;
    open_small(sink, "Power spectra",
               m->side[0].summary->calibrated ? "dB re 1 \xC2\xB5V\xC2\xB2/Hz; A dark, B in colour"
                                              : "dB re 1 rel.\xC2\xB2/Hz; A dark, B in colour");
    emgp_figure f = emgp_figure_open(sink, SMALL, "sm", m->name, "power densities of A and B", 0, most_hz);
    emgp_figure_values(&f, low, top, Y0, Y1, 5);
    emgp_figure_plot(&f, Y0, Y1 - Y0, 1000, 1000);
    for (size_t s = 0; s < 2; s++) {
        const emg_summary_signal *signal = &m->side[s].summary->signal;
        emgp_path path;
        emgp_path_open(&path, f.sink, lines[s]);
        for (size_t i = 0; i < EMG_PSD_BINS && (double)i * signal->psd_step_hz <= most_hz; i++)
            emgp_path_to(&path, 1000 * (double)i * signal->psd_step_hz / most_hz,
                         1000 - 1000 * fmax(0, fmin(1, (decibels(signal, i) - low) / (top - low))));
        emgp_path_close(&path);
    }
    emgp_figure_plot_end(&f);
    put_axis(&f, most_hz / 2);
    close_small(&f, "frequency, Hz");
}

/* ---- muscles ---- */

static void put_figure_row(emgp_sink *sink, const emg_compared_figure *f)
{
    put(sink, f->differs ? "<tr class=\"chg\"><th scope=\"row\">" : "<tr><th scope=\"row\">");
    emgp_html_text(sink, f->description);
    put(sink, " <span class=\"code\">");
    put(sink, f->quantity);
    put(sink, "</span></th>");
    put_number_cell(sink, f->a.value);
    put_number_cell(sink, f->b.value);
    put(sink, "<td>");
    put(sink, f->units);
    put(sink, "</td><td class=\"n\">");
    put_interval(sink, f->difference);
    put(sink, "</td><td class=\"n\">");
    put_interval(sink, f->ratio);
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
        put_interval(sink, rate->ratio);
        put(sink, " times as many");
    }
    put(sink, !rate->tested ? " (" : rate->differs ? ": they differ (" : ": no difference can be told (");
    emgp_html_text(sink, rate->remark);
    put(sink, ").</p></div>");
}

static void put_muscle(emgp_sink *sink, const emg_comparison *c, size_t i)
{
    const emg_compared_muscle *m = emg_comparison_muscle(c, i);
    const emg_compared_figure rate = figure_of(c, i, "fasciculation_per_min");
    put(sink, "<section class=\"m still\" id=\"m");
    emgp_sink_count(sink, i + 1);
    put(sink, "\" aria-labelledby=\"h");
    emgp_sink_count(sink, i + 1);
    put(sink, "\"><header class=\"mh\"><h2 id=\"h");
    emgp_sink_count(sink, i + 1);
    put(sink, "\">");
    emgp_html_text(sink, m->name);
    put(sink, "</h2><a class=\"up\" href=\"#top\">overview</a></header>");
    put_sentence(sink, &rate);
    put(sink, "<div class=\"small\">");
    put_rates(sink, m, &rate);
    put_minutes(sink, m);
    put_spectra(sink, m);
    put(sink, "</div>");
    put_figures(sink, c, i);
    put(sink, "</section>");
}

static const char how[] =
    "<section class=\"how\" aria-labelledby=\"how\"><h2 id=\"how\">How this was done</h2><p>Both were analysed with the "
    "same settings and version. Fasciculations are counted from the amplitude on that could be seen in both, per minute "
    "at rest. They cluster, so that their counts scatter more than chance alone would; the 95 % intervals of rates, "
    "difference and ratio are widened by what the counts a minute of both recordings scatter (quasi-Poisson, Student's t "
    "of the degrees of freedom). An interval speaks of these two recordings: what differs from day to day, or with the "
    "place of the electrodes, it cannot know. Means over five episodes or more in each are compared by Welch's t, "
    "lengths and amplitudes by their logarithms, as if episodes were independent of each other. Other figures have one value a recording and no interval.</p></section>";

emg_status emg_report_comparison_page(const emg_comparison *comparison, emg_write *write, void *context, emg_error *err)
{
    if (!comparison || !write)
        return emgp_fail(err, EMG_EARG,
                         "emg_report_comparison_page needs a comparison and a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    put_head(&sink, comparison);
    put_glance(&sink, comparison);
    for (size_t i = 0; i < emg_comparison_n_muscles(comparison); i++)
        put_muscle(&sink, comparison, i);
    put(&sink, how);
    emgp_page_foot(&sink);
    return emgp_sink_flush(&sink);
}
