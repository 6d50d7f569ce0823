/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SVG by hand: a few shapes, one style sheet, and axes whose ticks are round numbers. */
#include "report/picture/picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

static const char style[] =
    "<style>"
    "svg{--ink:#1c2430;--soft:#5b6675;--grid:#dfe4ea;--paper:#fff;--a:#1f6fb2;--b:#c2551b;--c:#2f8f5b;--d:#7a4fb0;"
    "font-family:system-ui,sans-serif;font-size:12px;background:var(--paper)}"
    "@media(prefers-color-scheme:dark){svg{--ink:#e6eaf0;--soft:#9aa6b5;--grid:#36404d;--paper:#151a21;--a:#5fb0f0;"
    "--b:#f0955c;--c:#62c98f;--d:#b794ea}}"
    "@media print{svg{--ink:#000;--soft:#333;--grid:#ccc;--paper:#fff}}"
    "svg text{fill:var(--ink)}svg .small{font-size:11px;fill:var(--soft)}svg .strong{font-weight:600;font-size:13px}"
    "svg .end{text-anchor:end}svg .middle{text-anchor:middle}"
    "svg line,svg polyline{fill:none;stroke:var(--ink);stroke-width:1}"
    "svg .faint{stroke:var(--grid)}svg .frame{fill:none;stroke:var(--soft)}"
    "svg polyline.a,svg line.a{stroke:var(--a);stroke-width:1.6}svg polyline.b,svg line.b{stroke:var(--b);stroke-width:1.6}"
    "svg polyline.c,svg line.c{stroke:var(--c);stroke-width:1.6}svg polyline.d,svg line.d{stroke:var(--d);stroke-width:1.6}"
    "svg rect.a,svg circle.a{fill:var(--a)}svg rect.b,svg circle.b{fill:var(--b)}svg rect.c,svg circle.c{fill:var(--c)}"
    "svg rect.d,svg circle.d{fill:var(--d)}svg rect.soft{fill:var(--a);opacity:.45}"
    "svg .dashed{stroke-dasharray:4 3}"
    "</style>";

void emgp_svg_style(emgp_sink *sink)
{
    emgp_sink_text(sink, style);
}

void emgp_svg_number(emgp_sink *sink, double value)
{
    emgp_sink_number(sink, isfinite(value) ? round(value * 100) / 100 : 0);
}

void emgp_svg_escaped(emgp_sink *sink, const char *text)
{
    static const struct {
        char byte;
        const char *entity;
    } escapes[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" } };
    char printable[512];
    emgp_text_printable_string(printable, sizeof printable, text);
    for (const char *c = printable; *c; c++) {
        const char *entity = NULL;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
            entity = escapes[i].byte == *c ? escapes[i].entity : entity;
        if (entity)
            emgp_sink_text(sink, entity);
        else
            emgp_sink_bytes(sink, c, 1);
    }
}

/* name="value" with a space before it. */
static void attribute(emgp_sink *sink, const char *name, double value)
{
    emgp_sink_text(sink, " ");
    emgp_sink_text(sink, name);
    emgp_sink_text(sink, "=\"");
    emgp_svg_number(sink, value);
    emgp_sink_text(sink, "\"");
}

static void class_of(emgp_sink *sink, const char *classes)
{
    emgp_sink_text(sink, " class=\"");
    emgp_sink_text(sink, classes);
    emgp_sink_text(sink, "\"");
}

void emgp_svg_open(emgp_sink *sink, double width, double height, const char *title, bool alone)
{
    emgp_sink_text(sink, "<svg");
    if (alone)
        emgp_sink_text(sink, " xmlns=\"http://www.w3.org/2000/svg\"");
    attribute(sink, "width", width);
    attribute(sink, "height", height);
    emgp_sink_text(sink, " viewBox=\"0 0 ");
    emgp_svg_number(sink, width);
    emgp_sink_text(sink, " ");
    emgp_svg_number(sink, height);
    emgp_sink_text(sink, "\" role=\"img\"><title>");
    emgp_svg_escaped(sink, title);
    emgp_sink_text(sink, "</title>\n");
    if (alone)
        emgp_svg_style(sink);
}

void emgp_svg_close(emgp_sink *sink)
{
    emgp_sink_text(sink, "</svg>\n");
}

void emgp_svg_text(emgp_sink *sink, double x, double y, const char *classes, const char *text)
{
    emgp_sink_text(sink, "<text");
    attribute(sink, "x", x);
    attribute(sink, "y", y);
    class_of(sink, classes);
    emgp_sink_text(sink, ">");
    emgp_svg_escaped(sink, text);
    emgp_sink_text(sink, "</text>\n");
}

void emgp_svg_text_up(emgp_sink *sink, double x, double y, const char *classes, const char *text)
{
    emgp_sink_text(sink, "<text transform=\"translate(");
    emgp_svg_number(sink, x);
    emgp_sink_text(sink, " ");
    emgp_svg_number(sink, y);
    emgp_sink_text(sink, ") rotate(-90)\"");
    class_of(sink, classes);
    emgp_sink_text(sink, ">");
    emgp_svg_escaped(sink, text);
    emgp_sink_text(sink, "</text>\n");
}

void emgp_svg_line(emgp_sink *sink, double x1, double y1, double x2, double y2, const char *classes)
{
    emgp_sink_text(sink, "<line");
    attribute(sink, "x1", x1);
    attribute(sink, "y1", y1);
    attribute(sink, "x2", x2);
    attribute(sink, "y2", y2);
    class_of(sink, classes);
    emgp_sink_text(sink, "/>\n");
}

void emgp_svg_box(emgp_sink *sink, double x, double y, double width, double height, const char *classes)
{
    emgp_sink_text(sink, "<rect");
    attribute(sink, "x", x);
    attribute(sink, "y", y);
    attribute(sink, "width", fmax(width, 0));
    attribute(sink, "height", fmax(height, 0));
    class_of(sink, classes);
    emgp_sink_text(sink, "/>\n");
}

/* 0 at the lower end of an axis, 1 at the upper. */
static double share_of(const emgp_axis *axis, double value)
{
    double share = axis->logarithmic ? log(fmax(value, axis->low) / axis->low) / log(axis->high / axis->low)
                                     : (value - axis->low) / (axis->high - axis->low);
    return fmin(fmax(share, 0), 1);
}

double emgp_plot_x(const emgp_plot *plot, double value)
{
    return plot->left + share_of(&plot->x, value) * plot->width;
}

double emgp_plot_y(const emgp_plot *plot, double value)
{
    return plot->top + (1 - share_of(&plot->y, value)) * plot->height;
}

double emgp_plot_step(double range, double n)
{
    double power = pow(10, floor(log10(range / n))), digit = range / n / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

/* The tick after `at` (NaN: the first one); NaN when there is none. Logarithmic axes have 1, 2 and 5 of each decade. */
static double next_tick(const emgp_axis *axis, double at, double step)
{
    const double slack = 1e-9 * (axis->high - axis->low);
    double next;
    if (!axis->logarithmic) {
        next = isnan(at) ? ceil((axis->low - slack) / step) * step : round(at / step + 1) * step;
        return next <= axis->high + slack ? next : NAN;
    }
    next = isnan(at) ? pow(10, floor(log10(axis->low))) : at;
    do {
        if (!isnan(at) || next < axis->low * (1 - 1e-9)) {
            double decade = pow(10, floor(log10(next) + 1e-9)), digit = round(next / decade);
            next = decade * (digit < 2 ? 2 : digit < 5 ? 5 : 10);
        }
        at = next;
    } while (next < axis->low * (1 - 1e-9));
    return next <= axis->high * (1 + 1e-9) ? next : NAN;
}

static void tick_text(char out[EMGP_NUMBER_ROOM], double tick, double step)
{
    emgp_number_print(out, fabs(tick) < step * 1e-6 ? 0 : tick);
}

/* Whether a tick has room for its number: where decades are narrow, only the powers of ten have. */
static bool numbered(const emgp_plot *plot, double tick)
{
    const double decade_room = 110;
    if (!plot->x.logarithmic || plot->width / log10(plot->x.high / plot->x.low) >= decade_room)
        return true;
    return fabs(log10(tick) - round(log10(tick))) < 1e-6;
}

static void x_ticks(const emgp_plot *plot)
{
    double step = emgp_plot_step(plot->x.high - plot->x.low, fmax(plot->width / 80, 2));
    for (double t = NAN; !isnan(t = next_tick(&plot->x, t, step));) {
        char text[EMGP_NUMBER_ROOM];
        double x = emgp_plot_x(plot, t);
        tick_text(text, t, step);
        emgp_svg_line(plot->sink, x, plot->top, x, plot->top + plot->height, "faint");
        if (numbered(plot, t))
            emgp_svg_text(plot->sink, x, plot->top + plot->height + 15, "small middle", text);
    }
}

static void y_ticks(const emgp_plot *plot, double step)
{
    for (double t = NAN; !isnan(t = next_tick(&plot->y, t, step));) {
        char text[EMGP_NUMBER_ROOM];
        double y = emgp_plot_y(plot, t);
        tick_text(text, t, step);
        emgp_svg_line(plot->sink, plot->left, y, plot->left + plot->width, y, "faint");
        emgp_svg_text(plot->sink, plot->left - 6, y + 4, "small end", text);
    }
}

void emgp_plot_frame(const emgp_plot *plot)
{
    emgp_plot_frame_with(plot, emgp_plot_step(plot->y.high - plot->y.low, fmax(plot->height / 35, 2)));
}

void emgp_plot_frame_with(const emgp_plot *plot, double y_step)
{
    x_ticks(plot);
    y_ticks(plot, y_step);
    emgp_svg_box(plot->sink, plot->left, plot->top, plot->width, plot->height, "frame");
    if (plot->x.label)
        emgp_svg_text(plot->sink, plot->left + plot->width / 2, plot->top + plot->height + 32, "middle", plot->x.label);
    if (plot->y.label)
        emgp_svg_text_up(plot->sink, plot->left - 42, plot->top + plot->height / 2, "middle", plot->y.label);
}

static void open_polyline(emgp_sink *sink, const char *classes)
{
    emgp_sink_text(sink, "<polyline");
    class_of(sink, classes);
    emgp_sink_text(sink, " points=\"");
}

void emgp_plot_line(const emgp_plot *plot, const double *x, const double *y, size_t n, const char *classes)
{
    bool open = false;
    for (size_t i = 0; i < n; i++) {
        bool there = isfinite(x[i]) && isfinite(y[i]);
        if (there && !open)
            open_polyline(plot->sink, classes);
        else if (!there && open)
            emgp_sink_text(plot->sink, "\"/>\n");
        open = there;
        if (!there)
            continue;
        emgp_svg_number(plot->sink, emgp_plot_x(plot, x[i]));
        emgp_sink_text(plot->sink, ",");
        emgp_svg_number(plot->sink, emgp_plot_y(plot, y[i]));
        emgp_sink_text(plot->sink, " ");
    }
    if (open)
        emgp_sink_text(plot->sink, "\"/>\n");
}

void emgp_plot_dot(const emgp_plot *plot, double x, double y, const char *classes)
{
    emgp_sink_text(plot->sink, "<circle");
    attribute(plot->sink, "cx", emgp_plot_x(plot, x));
    attribute(plot->sink, "cy", emgp_plot_y(plot, y));
    attribute(plot->sink, "r", 3.5);
    class_of(plot->sink, classes);
    emgp_sink_text(plot->sink, "/>\n");
}

void emgp_plot_bar(const emgp_plot *plot, double x_from, double x_to, double y, const char *classes)
{
    double left = emgp_plot_x(plot, x_from), top = emgp_plot_y(plot, y);
    emgp_svg_box(plot->sink, left, top, emgp_plot_x(plot, x_to) - left, plot->top + plot->height - top, classes);
}
