/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spectrograms as SVG: a picture of colours for each channel between axes, and a bar that explains them. */
#include "report/picture/picture.h"

#include <math.h>
#include <stdio.h>

#include <gsl/gsl_sort.h>

#include "base/base.h"

static const double left = 64, plot_width = 720, plot_height = 150, panel_height = 214, picture_width = 900, head = 44;
static const double bar_left = 800, bar_width = 12;

/* Colours span from the quieter cells to the loudest, at least and at most so many decibels. */
static const double quiet_share = 0.2, least_range_db = 12, most_range_db = 60;

/* From dark to light, evenly brighter, so that grey prints keep the order. */
static const uint8_t anchors[][3] = { { 14, 12, 38 },  { 52, 28, 105 },  { 112, 34, 122 },  { 176, 48, 111 },
                                      { 228, 84, 78 }, { 247, 146, 64 }, { 252, 208, 106 }, { 254, 250, 214 } };

typedef struct scale {
    double low_db, high_db;
} scale;

static void make_palette(uint8_t palette[EMGP_PNG_COLOURS][3])
{
    const size_t last = sizeof anchors / sizeof *anchors - 1;
    for (size_t c = 0; c < 3; c++)
        palette[0][c] = 0;
    for (size_t i = 1; i < EMGP_PNG_COLOURS; i++) {
        double at = (double)(i - 1) / (EMGP_PNG_COLOURS - 2) * (double)last;
        size_t k = (size_t)at < last ? (size_t)at : last - 1;
        for (size_t c = 0; c < 3; c++)
            palette[i][c] = (uint8_t)lround(anchors[k][c] + (at - (double)k) * (anchors[k + 1][c] - anchors[k][c]));
    }
}

static double decibels(double power)
{
    return power > 0 ? 10 * log10(power) : NAN;
}

/* room: n_columns * n_rows values. */
static scale scale_of(const emgp_spectrogram_panel *p, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_columns * p->n_rows; i++) {
        double db = decibels(p->power[i]);
        if (isfinite(db))
            room[n++] = db;
    }
    if (n == 0)
        return (scale){ 0, least_range_db };
    gsl_sort(room, 1, n);
    double high = room[n - 1], low = room[(size_t)(quiet_share * (double)(n - 1))];
    return (scale){ fmin(fmax(low, high - most_range_db), high - least_range_db), high };
}

static uint8_t colour_of(const scale *s, double power)
{
    if (isnan(power))
        return 0;
    double share = (decibels(fmax(power, 1e-300)) - s->low_db) / (s->high_db - s->low_db);
    return (uint8_t)(1 + lround(fmin(fmax(share, 0), 1) * (EMGP_PNG_COLOURS - 2)));
}

static void put_image(emgp_sink *sink, double x, double y, double width, double height, const uint8_t *pixels,
                      size_t n_columns, size_t n_rows)
{
    uint8_t palette[EMGP_PNG_COLOURS][3];
    make_palette(palette);
    emgp_sink_text(sink, "<image x=\"");
    emgp_svg_number(sink, x);
    emgp_sink_text(sink, "\" y=\"");
    emgp_svg_number(sink, y);
    emgp_sink_text(sink, "\" width=\"");
    emgp_svg_number(sink, width);
    emgp_sink_text(sink, "\" height=\"");
    emgp_svg_number(sink, height);
    emgp_sink_text(sink, "\" preserveAspectRatio=\"none\" href=\"");
    emgp_png_write(sink, pixels, (uint16_t)n_columns, (uint16_t)n_rows, palette);
    emgp_sink_text(sink, "\"/>\n");
}

/* The bar beside a picture, with its ends in decibels. */
static void put_bar(emgp_sink *sink, const emgp_spectrogram_panel *p, const scale *s, double top)
{
    uint8_t pixels[64];
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(1 + (sizeof pixels - 1 - i) * (EMGP_PNG_COLOURS - 2) / (sizeof pixels - 1));
    put_image(sink, bar_left, top, bar_width, plot_height, pixels, 1, sizeof pixels);
    emgp_svg_box(sink, bar_left, top, bar_width, plot_height, "frame");
    double step = emgp_plot_step(s->high_db - s->low_db, 5);
    for (double db = ceil(s->low_db / step) * step; db <= s->high_db; db += step) {
        char text[32];
        snprintf(text, sizeof text, "%d", (int)lround(db));
        emgp_svg_text(sink, bar_left + bar_width + 5,
                      top + (1 - (db - s->low_db) / (s->high_db - s->low_db)) * plot_height + 4, "small", text);
    }
    emgp_svg_text_up(sink, bar_left + bar_width + 46, top + plot_height / 2, "small middle",
                     p->calibrated ? "dB re 1 \xC2\xB5V\xC2\xB2/Hz" : "dB, relative power/Hz");
}

/* The unit in which a span of time reads best. */
typedef struct clock {
    double seconds;
    const char *label;
} clock_unit;

static clock_unit unit_for(double span_s)
{
    return span_s > 3 * 3600 ? (clock_unit){ 3600, "time (h)" }
           : span_s > 600    ? (clock_unit){ 60, "time (min)" }
                             : (clock_unit){ 1, "time (s)" };
}

static emg_status put_panel(emgp_sink *sink, const emgp_spectrogram_panel *p, double from_s, double to_s, double top,
                            emg_error *err)
{
    size_t n = p->n_columns * p->n_rows;
    uint8_t *pixels = emgp_alloc(n, 1);
    double *room = emgp_alloc(n, sizeof *room);
    if (pixels && room) {
        const clock_unit unit = unit_for(to_s - from_s);
        const scale s = scale_of(p, room);
        for (size_t i = 0; i < n; i++) /* the lowest frequency is the last line */
            pixels[(p->n_rows - 1 - i % p->n_rows) * p->n_columns + i / p->n_rows] = colour_of(&s, p->power[i]);
        const emgp_plot plot = { sink,
                                 left,
                                 top,
                                 plot_width,
                                 plot_height,
                                 { from_s / unit.seconds, to_s / unit.seconds, false, unit.label },
                                 { 0, p->high_hz, false, "frequency (Hz)" } };
        char title[256];
        snprintf(title, sizeof title, "%s%s%s%s", p->channel, *p->muscle ? " (" : "", p->muscle, *p->muscle ? ")" : "");
        emgp_svg_text(sink, left, top - 9, "strong", title);
        emgp_plot_frame(&plot);
        double x = emgp_plot_x(&plot, p->start_s / unit.seconds);
        double width = (double)p->n_columns * p->column_s / (to_s - from_s) * plot_width;
        put_image(sink, x, top, fmin(width, left + plot_width - x), plot_height, pixels, p->n_columns, p->n_rows);
        emgp_svg_box(sink, left, top, plot_width, plot_height, "frame");
        put_bar(sink, p, &s, top);
    }
    emg_status status = pixels && room ? EMG_OK : emgp_fail_memory(err);
    emgp_free(pixels);
    emgp_free(room);
    return status;
}

/* How many panels stand beside each other: many make a picture about as wide as high, a few one column. */
static size_t panels_across(size_t n)
{
    const size_t few = 12;
    return n <= few ? 1 : (size_t)ceil(sqrt((double)n * panel_height / picture_width));
}

static emg_status put_panels(emgp_sink *sink, const emgp_spectrogram_panel *panels, size_t n, double from_s,
                             double to_s, emg_error *err)
{
    const size_t across = panels_across(n), down = (n + across - 1) / across;
    emg_status status = EMG_OK;
    emgp_svg_open(sink, picture_width * (double)across, head + panel_height * (double)down,
                  "Power over time and frequency", true);
    emgp_svg_text(sink, left, 20, "small", "Power density of the conditioned signal over time and frequency");
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        emgp_sink_text(sink, "<g transform=\"translate(");
        emgp_svg_number(sink, picture_width * (double)(i / down));
        emgp_sink_text(sink, " 0)\">\n");
        status = put_panel(sink, &panels[i], from_s, to_s, head + panel_height * (double)(i % down) + 12, err);
        emgp_sink_text(sink, "</g>\n");
    }
    emgp_svg_close(sink);
    return status;
}

emg_status emgp_spectrogram_write(const emgp_spectrogram_panel *panels, size_t n, emg_write *write, void *context,
                                  emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, write, context, err);
    double from_s = INFINITY, to_s = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        from_s = fmin(from_s, panels[i].start_s);
        to_s = fmax(to_s, panels[i].start_s + (double)panels[i].n_columns * panels[i].column_s);
    }
    emg_status status = put_panels(sink, panels, n, from_s, to_s, err);
    if (status == EMG_OK)
        status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
}
