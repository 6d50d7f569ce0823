/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inline SVG that fits any width: x in per cent, y in pixels; only traces stretch, in nested parts of their own. */
#include "report/page/page.h"

#include <math.h>
#include <stdio.h>

emgp_figure emgp_figure_open(emgp_sink *sink, double height, const char *kind, const char *subject, const char *label,
                             double x0, double x1)
{
    emgp_sink_text(sink, "<svg class=\"f ");
    emgp_sink_text(sink, kind);
    emgp_sink_text(sink, "\" role=\"img\" style=\"height:");
    emgp_html_place(sink, height);
    emgp_sink_text(sink, "px\" aria-label=\"");
    emgp_html_text(sink, subject);
    emgp_sink_text(sink, ": ");
    emgp_sink_text(sink, label);
    emgp_sink_text(sink, "\">");
    return (emgp_figure){ sink, x0, x1 > x0 ? x1 : x0 + 1 };
}

void emgp_figure_close(emgp_figure *figure)
{
    emgp_sink_text(figure->sink, "</svg>");
}

double emgp_figure_x(const emgp_figure *f, double at)
{
    return 100 * (at - f->x0) / (f->x1 - f->x0);
}

static void put_attribute(emgp_sink *sink, const char *name, double value, const char *after)
{
    emgp_sink_text(sink, name);
    emgp_html_place(sink, value);
    emgp_sink_text(sink, after);
}

void emgp_figure_upright(emgp_figure *f, double at, double y0, double y1, const char *style)
{
    const double x = emgp_figure_x(f, at);
    emgp_sink_text(f->sink, "<line class=\"");
    emgp_sink_text(f->sink, style);
    put_attribute(f->sink, "\" x1=\"", x, "%");
    put_attribute(f->sink, "\" x2=\"", x, "%");
    put_attribute(f->sink, "\" y1=\"", y0, "");
    put_attribute(f->sink, "\" y2=\"", y1, "\"/>");
}

void emgp_figure_level(emgp_figure *f, double y, const char *style)
{
    emgp_sink_text(f->sink, "<line class=\"");
    emgp_sink_text(f->sink, style);
    put_attribute(f->sink, "\" x1=\"0\" x2=\"100%\" y1=\"", y, "");
    put_attribute(f->sink, "\" y2=\"", y, "\"/>");
}

void emgp_figure_box(emgp_figure *f, double from, double to, double y, double height, const char *style)
{
    static const double least_percent = 0.12;
    from = fmax(from, f->x0);
    to = fmin(to, f->x1);
    if (to < from)
        return;
    emgp_sink_text(f->sink, "<rect class=\"");
    emgp_sink_text(f->sink, style);
    put_attribute(f->sink, "\" x=\"", emgp_figure_x(f, from), "%");
    put_attribute(f->sink, "\" width=\"", fmax(least_percent, emgp_figure_x(f, to) - emgp_figure_x(f, from)), "%");
    put_attribute(f->sink, "\" y=\"", y, "");
    put_attribute(f->sink, "\" height=\"", height, "\"/>");
}

void emgp_figure_text_open(emgp_figure *f, double percent, double y, const char *style, const char *anchor)
{
    put_attribute(f->sink, "<text x=\"", percent, "%");
    put_attribute(f->sink, "\" y=\"", y, "\" class=\"");
    emgp_sink_text(f->sink, style);
    emgp_sink_text(f->sink, "\" text-anchor=\"");
    emgp_sink_text(f->sink, anchor);
    emgp_sink_text(f->sink, "\">");
}

void emgp_figure_text_close(emgp_figure *f)
{
    emgp_sink_text(f->sink, "</text>");
}

void emgp_figure_text(emgp_figure *f, double percent, double y, const char *style, const char *anchor, const char *text)
{
    emgp_figure_text_open(f, percent, y, style, anchor);
    emgp_sink_text(f->sink, text);
    emgp_figure_text_close(f);
}

static const char *anchor_at(double percent)
{
    return percent < 4 ? "start" : percent > 95 ? "end" : "middle";
}

/* A label of the time axis: seconds in short recordings, else minutes and seconds, or hours. */
static void put_tick(emgp_sink *sink, double at_s, double step_s, double span_s)
{
    char text[32];
    const double minutes = floor(at_s / 60 + 1e-9), rest = fmax(0, at_s - 60 * minutes);
    if (span_s < 60) {
        emgp_sink_number(sink, rint(at_s * 1000) / 1000);
        return;
    }
    const double hours = span_s >= 3600 ? floor(minutes / 60) : 0;
    if (span_s >= 3600)
        snprintf(text, sizeof text, step_s >= 60 ? "%.0f:%02.0f" : "%.0f:%02.0f:", hours, minutes - 60 * hours);
    else
        snprintf(text, sizeof text, "%.0f:", minutes);
    emgp_sink_text(sink, text);
    if (span_s >= 3600 && step_s >= 60)
        return;
    if (rest < 9.9995)
        emgp_sink_text(sink, "0");
    emgp_sink_number(sink, rint(rest * 1000) / 1000);
}

void emgp_figure_times(emgp_figure *f, double y, double top, unsigned most, double span_s)
{
    static const double steps[] = { 0.001, 0.002, 0.005, 0.01, 0.02, 0.05,  0.1,   0.2,   0.5,
                                    1,     2,     5,     10,   15,   30,    60,    120,   300,
                                    600,   900,   1800,  3600, 7200, 14400, 21600, 43200, 86400 };
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && (f->x1 - f->x0) / steps[i] > most)
        i++;
    unsigned number = 0;
    for (double k = ceil(f->x0 / steps[i] - 1e-9); k * steps[i] <= f->x1 + 1e-9; k++, number++) {
        const double at = k * steps[i], percent = emgp_figure_x(f, at);
        emgp_figure_upright(f, at, top, y + 4, "grid");
        emgp_figure_text_open(f, percent, y + 16, number % 2 ? "t t2" : "t", anchor_at(percent));
        put_tick(f->sink, at, steps[i], span_s);
        emgp_figure_text_close(f);
    }
}

void emgp_figure_values(emgp_figure *f, double low, double high, double y0, double y1, unsigned parts)
{
    for (unsigned i = 0; i <= parts; i++) {
        const double share = (double)i / parts, y = y1 - share * (y1 - y0);
        emgp_figure_level(f, y, i ? "grid" : "base");
        put_attribute(f->sink, "<text x=\"-6\" y=\"", y + 4, "\" class=\"t\" text-anchor=\"end\">");
        emgp_html_number(f->sink, low + share * (high - low));
        emgp_figure_text_close(f);
    }
}

void emgp_figure_plot(emgp_figure *f, double y, double pixels, int width, int height)
{
    put_attribute(f->sink, "<svg x=\"0\" y=\"", y, "\" width=\"100%\"");
    put_attribute(f->sink, " height=\"", pixels, "\" viewBox=\"0 0 ");
    emgp_html_place(f->sink, width);
    put_attribute(f->sink, " ", height, "\" preserveAspectRatio=\"none\">");
}

void emgp_figure_plot_end(emgp_figure *f)
{
    emgp_sink_text(f->sink, "</svg>");
}

void emgp_path_open(emgp_path *p, emgp_sink *sink, const char *style)
{
    *p = (emgp_path){ .sink = sink };
    emgp_sink_text(sink, "<path class=\"");
    emgp_sink_text(sink, style);
    emgp_sink_text(sink, "\" d=\"");
}

/* A minus sign separates by itself. */
static void put_whole(emgp_path *p, int value)
{
    char text[16];
    snprintf(text, sizeof text, p->after_number && value >= 0 ? " %d" : "%d", value);
    emgp_sink_text(p->sink, text);
    p->after_number = true;
}

void emgp_path_to(emgp_path *p, double x, double y)
{
    const int to_x = (int)lround(x), to_y = (int)lround(y);
    if (!p->begun) {
        emgp_sink_text(p->sink, "M");
        p->after_number = false;
        put_whole(p, to_x);
        put_whole(p, to_y);
        emgp_sink_text(p->sink, "l");
        p->after_number = false;
        p->begun = true;
        put_whole(p, 0);
        put_whole(p, 0);
    } else {
        put_whole(p, to_x - p->x);
        put_whole(p, to_y - p->y);
    }
    p->x = to_x;
    p->y = to_y;
}

void emgp_path_lift(emgp_path *p)
{
    p->begun = false;
}

void emgp_path_shut(emgp_path *p)
{
    if (p->begun)
        emgp_sink_text(p->sink, "z");
    p->begun = false;
}

void emgp_path_close(emgp_path *p)
{
    emgp_sink_text(p->sink, "\"/>");
}

double emgp_round_up(double value)
{
    static const double steps[] = { 1, 1.5, 2, 3, 4, 5, 6, 8, 10 };
    if (!(value > 0) || !isfinite(value))
        return 1;
    const double power = pow(10, floor(log10(value)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= value * 0.999)
            return steps[i] * power;
    return 10 * power;
}
