/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drawings of a compared muscle: its rates, its counts minute by minute, its spectra. */
#include <math.h>

#include "report/compare/compare.h"
#include "report/page/page.h"

enum { Y0 = 10, Y1 = 150, SMALL = 184 };

/* The two recordings are told apart by these: A in the colour of the text, B in another. */
static const char *const sides[] = { "A", "B" }, *const lines[] = { "ln ink", "ln lb" },
                         *const bars[] = { "own", "s-fasciculation" };

static void put(emgp_sink *sink, const char *text)
{
    emgp_sink_text(sink, text);
}

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

void emgp_put_drawings(emgp_sink *sink, const emg_compared_muscle *m, const emg_compared_figure *rate)
{
    put(sink, "<div class=\"small\">");
    put_rates(sink, m, rate);
    put_minutes(sink, m);
    put_spectra(sink, m);
    put(sink, "</div>");
}
