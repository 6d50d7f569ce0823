/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small figures: intervals, rate over rest, frequency of the bursts, spectrum; and the numbers. */
#include "report/page/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { Y0 = 10, Y1 = 150, SMALL = 184, LOG_BINS = 32, RATE_BINS = 24 };

static void open_small(emgp_view *view, const char *title, const char *note)
{
    emgp_sink_text(view->sink, "<figure><figcaption><b>");
    emgp_sink_text(view->sink, title);
    emgp_sink_text(view->sink, "</b> ");
    emgp_sink_text(view->sink, note);
    emgp_sink_text(view->sink, "</figcaption>");
}

static void close_small(emgp_view *view, emgp_figure *f, const char *axis)
{
    emgp_figure_text(f, 50, Y1 + 32, "t", "middle", axis);
    emgp_figure_close(f);
    emgp_sink_text(view->sink, "</figure>");
}

/* Intervals from 10 ms to 100 s, eight bins a decade. */
typedef struct intervals {
    double n, mean_s; /* mean_s: of a Poisson process of the same rate */
    double bin[LOG_BINS];
    emg_class trial_type;
} intervals;

static double edge_s(size_t bin)
{
    return pow(10, -2 + (double)bin / 8);
}

static double by_chance(const intervals *v, size_t bin)
{
    return v->n * (exp(-edge_s(bin) / v->mean_s) - exp(-edge_s(bin + 1) / v->mean_s));
}

static void put_interval_axis(emgp_figure *f)
{
    static const char *const names[] = { "10 ms", "100 ms", "1 s", "10 s", "100 s" };
    for (int i = 0; i < 5; i++) {
        const double at = -2 + (double)i, percent = emgp_figure_x(f, at);
        if (at < f->x0 - 1e-9 || at > f->x1 + 1e-9)
            continue;
        emgp_figure_upright(f, at, Y1, Y1 + 4, "base");
        emgp_figure_text(f, percent, Y1 + 17, "t", percent < 5 ? "start" : percent > 93 ? "end" : "middle", names[i]);
    }
}

static void put_intervals(emgp_view *view, const intervals *v, const char *title)
{
    size_t from = 0, to = LOG_BINS;
    double most = 1;
    char style[48];
    emgp_path path;
    while (from + 8 < LOG_BINS && v->bin[from + 7] + v->bin[from + 6] + v->bin[from + 5] + v->bin[from + 4] +
                                          v->bin[from + 3] + v->bin[from + 2] + v->bin[from + 1] + v->bin[from] <=
                                      0)
        from += 8;
    while (to > from + 8 && v->bin[to - 1] + v->bin[to - 2] + v->bin[to - 3] + v->bin[to - 4] + v->bin[to - 5] +
                                    v->bin[to - 6] + v->bin[to - 7] + v->bin[to - 8] <=
                                0)
        to -= 8;
    for (size_t b = from; b < to; b++)
        most = fmax(most, fmax(v->bin[b], by_chance(v, b)));
    most = emgp_round_up(most * 1.05);
    open_small(view, title, "number per bin; dashed: what chance (Poisson) gives");
    emgp_figure f = emgp_figure_open(view->sink, SMALL, "sm", title, "histogram on a logarithmic axis",
                                     log10(edge_s(from)), log10(edge_s(to)));
    emgp_figure_values(&f, 0, most, Y0, Y1, 2);
    snprintf(style, sizeof style, "s-%s bar", emg_class_name(v->trial_type));
    for (size_t b = from; b < to; b++)
        if (v->bin[b] > 0)
            emgp_figure_box(&f, log10(edge_s(b)), log10(edge_s(b + 1)), Y1 - (Y1 - Y0) * v->bin[b] / most,
                            (Y1 - Y0) * v->bin[b] / most, style);
    emgp_figure_plot(&f, Y0, Y1 - Y0, 1000, 1000);
    emgp_path_open(&path, f.sink, "exp");
    for (size_t b = from; b < to; b++)
        emgp_path_to(&path, 1000 * ((double)(b - from) + 0.5) / (double)(to - from),
                     1000 - 1000 * by_chance(v, b) / most);
    emgp_path_close(&path);
    emgp_figure_plot_end(&f);
    put_interval_axis(&f);
    close_small(view, &f, "interval to the next one");
}

static void put_fasciculation_intervals(emgp_view *view, const emgp_shown_muscle *m)
{
    const emg_summary_counts *counts = &m->summary->counts;
    intervals v = { .trial_type = EMG_FASCICULATION };
    for (size_t i = 0; i < EMG_HISTOGRAM_BINS; i++) {
        v.bin[i / 2] += (double)counts->interval_histogram[i];
        v.n += (double)counts->interval_histogram[i];
    }
    const double rest_s = m->summary->signal.rest_s > 0 ? m->summary->signal.rest_s : m->summary->signal.analysed_s;
    v.mean_s = rest_s / fmax(1, (double)counts->fasciculation_count);
    if (v.n >= 3)
        put_intervals(view, &v, "Intervals between fasciculations");
}

/* ---- rate ---- */

/* Seconds of rest, or without rest of analysis, in each bin of the recording. */
static void rest_of_bins(const emgp_view *view, const emg_sketch *s, double seconds[RATE_BINS])
{
    for (size_t i = 0; i < s->n_columns; i++) {
        const double at = ((double)i + 0.5) * s->column_s / view->span_s * RATE_BINS;
        const emg_sketch_column *c = &s->columns[i];
        if (at < RATE_BINS)
            seconds[(size_t)at] += fmax(0, (double)c->analysed_s - (double)c->restless_s);
    }
}

static void put_rate_lines(emgp_figure *f, const double *count, const double *seconds, double most)
{
    double low[RATE_BINS], high[RATE_BINS];
    emgp_path path;
    for (size_t b = 0; b < RATE_BINS; b++)
        emgp_poisson_interval(count[b], &low[b], &high[b]);
    emgp_figure_plot(f, Y0, Y1 - Y0, 10 * RATE_BINS, 1000);
    emgp_path_open(&path, f->sink, "band w-fasciculation");
    for (size_t b = 0; b < RATE_BINS; b++) {
        if (!(seconds[b] > 0))
            continue;
        const double x = 10 * (double)b, unit = 60 / seconds[b] / most * 1000;
        emgp_path_to(&path, x, 1000 - fmin(1000, high[b] * unit));
        emgp_path_to(&path, x + 10, 1000 - fmin(1000, high[b] * unit));
        emgp_path_to(&path, x + 10, 1000 - fmin(1000, low[b] * unit));
        emgp_path_to(&path, x, 1000 - fmin(1000, low[b] * unit));
        emgp_path_shut(&path);
    }
    emgp_path_close(&path);
    emgp_path_open(&path, f->sink, "ln l-fasciculation");
    for (size_t b = 0; b < RATE_BINS; b++) {
        if (!(seconds[b] > 0)) {
            emgp_path_lift(&path);
            continue;
        }
        const double y = 1000 - fmin(1000, 60 * count[b] / seconds[b] / most * 1000);
        emgp_path_to(&path, 10 * (double)b, y);
        emgp_path_to(&path, 10 * (double)b + 10, y);
    }
    emgp_path_close(&path);
    emgp_figure_plot_end(f);
}

static void put_rate(emgp_view *view, const emgp_shown_muscle *m)
{
    static const double least_share = 0.25; /* of a bin at rest: with less a rate says nothing */
    const emgp_lane *lane = m->lanes[EMG_FASCICULATION];
    double count[RATE_BINS] = { 0 }, seconds[RATE_BINS] = { 0 }, most = 1;
    rest_of_bins(view, m->sketch, seconds);
    for (size_t b = 0; b < EMGP_LANE_BINS; b++)
        count[b * RATE_BINS / EMGP_LANE_BINS] += (double)lane->bins[b];
    for (size_t b = 0; b < RATE_BINS; b++) {
        if (seconds[b] < least_share * view->span_s / RATE_BINS)
            seconds[b] = 0;
        if (seconds[b] > 0)
            most = fmax(most, 75 * count[b] / seconds[b]);
    }
    most = emgp_round_up(most);
    open_small(view, "Fasciculation rate", "per minute of rest, 95 % band (exact Poisson); dashed: mean");
    emgp_figure f = emgp_figure_open(view->sink, SMALL, "sm", m->summary->name,
                                     "fasciculations a minute of rest over time", 0, view->span_s);
    emgp_figure_values(&f, 0, most, Y0, Y1, 2);
    put_rate_lines(&f, count, seconds, most);
    if (isfinite(m->summary->counts.fasciculation_per_min))
        emgp_figure_level(&f, Y1 - (Y1 - Y0) * fmin(1, m->summary->counts.fasciculation_per_min / most), "ref");
    emgp_figure_times(&f, Y1, Y1, 5, view->span_s);
    close_small(view, &f, "time");
}

/* ---- bursts ---- */

static emg_class rhythm_of(const emgp_shown_muscle *m)
{
    static const emg_class rhythms[] = { EMG_CLONUS, EMG_TREMOR, EMG_RHYTHMIC, EMG_MYOKYMIA, EMG_MOTOR_UNIT };
    emg_class best = EMG_UNCLASSIFIED;
    for (size_t i = 0; i < sizeof rhythms / sizeof *rhythms; i++)
        if (m->lanes[rhythms[i]] && (best == EMG_UNCLASSIFIED || m->lanes[rhythms[i]]->ranges[EMGP_OF_DURATION].sum >
                                                                     m->lanes[best]->ranges[EMGP_OF_DURATION].sum))
            best = rhythms[i];
    return best;
}

/* Whether two bursts that follow each other are of one episode: a missed burst does not part them. */
static bool follows(const emg_sketch *s, size_t i, double slowest_hz)
{
    return i > 0 && s->burst_s[i] - s->burst_s[i - 1] < 2.5 / slowest_hz;
}

static void put_frequency(emgp_view *view, const emgp_shown_muscle *m, emg_class c)
{
    const emg_sketch *s = m->sketch;
    const emg_rhythm_config *rhythm = &view->input->config->rhythm;
    const emgp_range *rate = &m->lanes[c]->ranges[EMGP_OF_RATE];
    if (s->n_bursts < 4 || !(rate->most > 0))
        return;
    const double most = emgp_round_up(fmax(10, 1.4 * rate->most)), last_s = s->burst_s[s->n_bursts - 1];
    char style[48];
    emgp_path path;
    open_small(view, "Frequency of the bursts", "Hz, from each interval; shaded: where clonus and tremor meet");
    emgp_figure f =
        emgp_figure_open(view->sink, SMALL, "sm", m->summary->name, "frequency from burst to burst over time",
                         fmax(0, s->burst_s[0] - 0.2), last_s + 0.2);
    emgp_figure_box(&f, f.x0, f.x1, Y1 - (Y1 - Y0) * rhythm->clonus_high_hz / most,
                    (Y1 - Y0) * (rhythm->clonus_high_hz - rhythm->clonus_low_hz) / most, "zone");
    emgp_figure_values(&f, 0, most, Y0, Y1, 2);
    snprintf(style, sizeof style, "ln l-%s", emg_class_name(c));
    emgp_figure_plot(&f, Y0, Y1 - Y0, 4000, 1000);
    emgp_path_open(&path, f.sink, style);
    for (size_t i = 1; i < s->n_bursts; i++) {
        const double middle = (s->burst_s[i] + s->burst_s[i - 1]) / 2;
        if (follows(s, i, rate->least))
            emgp_path_to(&path, 40 * emgp_figure_x(&f, middle),
                         1000 - 1000 * fmin(1, 1 / (s->burst_s[i] - s->burst_s[i - 1]) / most));
        else
            emgp_path_lift(&path);
    }
    emgp_path_close(&path);
    emgp_figure_plot_end(&f);
    emgp_figure_times(&f, Y1, Y1, 5, view->span_s);
    close_small(view, &f, "time");
}

static void put_burst_intervals(emgp_view *view, const emgp_shown_muscle *m, emg_class c)
{
    const emg_sketch *s = m->sketch;
    intervals v = { .trial_type = c };
    for (size_t i = 1; i < s->n_bursts; i++) {
        const double interval = s->burst_s[i] - s->burst_s[i - 1], bin = 8 * (log10(interval) + 2);
        if (!follows(s, i, m->lanes[c]->ranges[EMGP_OF_RATE].least) || !(bin >= 0) || bin >= LOG_BINS)
            continue;
        v.bin[(size_t)bin]++;
        v.n++;
        v.mean_s += interval;
    }
    if (v.n < 4)
        return;
    v.mean_s /= v.n;
    put_intervals(view, &v, "Intervals between bursts");
}

/* ---- spectrum ---- */

static void put_spectrum_marks(emgp_view *view, emgp_figure *f, const emgp_shown_muscle *m)
{
    const emg_summary_signal *signal = &m->summary->signal;
    (void)view;
    for (double h = m->sketch->line_hz; h > 0 && h < f->x1; h += m->sketch->line_hz)
        emgp_figure_upright(f, h, Y1 - 9, Y1, "mains");
    if (!isfinite(signal->mean_frequency_hz) || !isfinite(signal->median_frequency_hz))
        return;
    emgp_figure_upright(f, signal->mean_frequency_hz, Y0, Y1, "ref");
    emgp_figure_upright(f, signal->median_frequency_hz, Y0, Y1, "ref dot");
    emgp_figure_text_open(f, 99, Y0 + 12, "t h", "end");
    emgp_sink_text(f->sink, "mean ");
    emgp_html_number(f->sink, signal->mean_frequency_hz);
    emgp_sink_text(f->sink, " Hz (dashed)");
    emgp_figure_text_close(f);
    emgp_figure_text_open(f, 99, Y0 + 27, "t h", "end");
    emgp_sink_text(f->sink, "median ");
    emgp_html_number(f->sink, signal->median_frequency_hz);
    emgp_sink_text(f->sink, " Hz (dotted)");
    emgp_figure_text_close(f);
}

static void put_spectrum_axis(emgp_figure *f)
{
    const double step = f->x1 > 2500 ? 1000 : f->x1 > 1200 ? 500 : f->x1 > 900 ? 250 : f->x1 > 250 ? 100 : 50;
    for (double hz = 0; hz <= f->x1; hz += step) {
        const double percent = emgp_figure_x(f, hz);
        emgp_figure_upright(f, hz, Y1, Y1 + 4, "base");
        emgp_figure_text_open(f, percent, Y1 + 17, "t", percent < 5 ? "start" : percent > 93 ? "end" : "middle");
        emgp_sink_number(f->sink, hz);
        emgp_figure_text_close(f);
    }
}

static void put_spectrum(emgp_view *view, const emgp_shown_muscle *m)
{
    const emg_summary_signal *signal = &m->summary->signal;
    const double corner_hz = fmin(view->input->config->condition.high_hz, 0.45 * m->summary->rate_hz);
    const double most_hz = fmin((EMG_PSD_BINS - 1) * signal->psd_step_hz, 1.15 * corner_hz);
    double most_db = -INFINITY;
    emgp_path path;
    for (size_t i = 1; i < EMG_PSD_BINS && (double)i * signal->psd_step_hz <= most_hz; i++)
        most_db = fmax(most_db, 10 * log10(fmax(signal->psd[i], 1e-30)));
    if (!isfinite(most_db) || !(most_hz > 0))
        return;
    const double top = 10 * ceil(most_db / 10) + 10, low = top - 50; /* room for the text above the trace */
    open_small(view, "Power spectrum",
               m->summary->calibrated ? "dB re 1 \xC2\xB5V\xC2\xB2/Hz" : "dB re 1 rel.\xC2\xB2/Hz");
    emgp_figure f = emgp_figure_open(view->sink, SMALL, "sm", m->summary->name,
                                     "power density of the conditioned signal", 0, most_hz);
    emgp_figure_values(&f, low, top, Y0, Y1, 5);
    emgp_figure_plot(&f, Y0, Y1 - Y0, 1000, 1000);
    emgp_path_open(&path, f.sink, "ln ink");
    for (size_t i = 0; i < EMG_PSD_BINS && (double)i * signal->psd_step_hz <= most_hz; i++) {
        const double db = 10 * log10(fmax(signal->psd[i], 1e-30));
        emgp_path_to(&path, 1000 * (double)i * signal->psd_step_hz / most_hz,
                     1000 - 1000 * fmax(0, fmin(1, (db - low) / (top - low))));
    }
    emgp_path_close(&path);
    emgp_figure_plot_end(&f);
    put_spectrum_marks(view, &f, m);
    put_spectrum_axis(&f);
    close_small(view, &f, m->sketch->line_hz > 0 ? "Hz; ticks: mains removed" : "frequency, Hz");
}

/* ---- numbers ---- */

static void put_fact(emgp_sink *sink, const char *name, double value, const char *unit)
{
    emgp_sink_text(sink, "<div><dt>");
    emgp_sink_text(sink, name);
    emgp_sink_text(sink, "</dt><dd>");
    if (*unit == 's' && !unit[1]) {
        emgp_html_seconds(sink, value);
    } else {
        emgp_html_number(sink, value);
        emgp_sink_text(sink, " ");
        emgp_sink_text(sink, unit);
    }
    emgp_sink_text(sink, "</dd></div>");
}

static void put_numbers(emgp_view *view, const emgp_shown_muscle *m)
{
    const emg_summary_signal *signal = &m->summary->signal;
    const char *unit = emgp_html_unit(m->summary);
    emgp_sink_text(view->sink, "<div class=\"nums\"><h3>Numbers</h3><dl class=\"facts\">");
    put_fact(view->sink, "Analysed", signal->analysed_s, "s");
    put_fact(view->sink, "Left out", signal->excluded_s, "s");
    put_fact(view->sink, "At rest", signal->rest_s, "s");
    put_fact(view->sink, "Without a flag", 100 * signal->quality, "%");
    put_fact(view->sink, "Noise (SD)", signal->noise, unit);
    put_fact(view->sink, "Threshold", signal->threshold, unit);
    put_fact(view->sink, "RMS", signal->rms, unit);
    put_fact(view->sink, "Sampled at", m->summary->rate_hz, "Hz");
    emgp_sink_text(view->sink, "</dl></div>");
}

void emgp_put_small(emgp_view *view, size_t muscle)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    const emg_class rhythm = rhythm_of(m);
    emgp_sink_text(view->sink, "<div class=\"small\">");
    if (m->lanes[EMG_FASCICULATION] && m->lanes[EMG_FASCICULATION]->n >= 4) {
        put_fasciculation_intervals(view, m);
        put_rate(view, m);
    }
    if (rhythm != EMG_UNCLASSIFIED && view->input->config) {
        put_frequency(view, m, rhythm);
        put_burst_intervals(view, m, rhythm);
    }
    if (view->input->config)
        put_spectrum(view, m);
    put_numbers(view, m);
    emgp_sink_text(view->sink, "</div>");
}
