/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures as SVG and PNG. */
#ifndef EMGP_REPORT_PICTURE_PICTURE_H
#define EMGP_REPORT_PICTURE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/report.h>

#include "base/base.h"

/* ---- plot.c: Plots as SVG: axes with round ticks, lines, bars, marks and text, readable in print and in dark mode. */

/* Classes of the style sheet below, for shapes and texts: "a" to "d" are the colours of series, "soft" a pale filling
 * of series a, "faint" a guide line, "small" and "strong" kinds of text, "end" and "middle" its anchors. */

/* The style that every picture needs once: within the picture when it stands alone, once in a page otherwise. */
void emgp_svg_style(emgp_sink *sink);

/* Begins a picture of width x height units. `alone`: a file of its own, with its style; else inline in a page. */
void emgp_svg_open(emgp_sink *sink, double width, double height, const char *title, bool alone);
void emgp_svg_close(emgp_sink *sink);

void emgp_svg_text(emgp_sink *sink, double x, double y, const char *classes, const char *text);
/* A text that runs upwards, as beside a vertical axis. */
void emgp_svg_text_up(emgp_sink *sink, double x, double y, const char *classes, const char *text);
void emgp_svg_line(emgp_sink *sink, double x1, double y1, double x2, double y2, const char *classes);
void emgp_svg_box(emgp_sink *sink, double x, double y, double width, double height, const char *classes);
/* A coordinate or size: at most two decimals. */
void emgp_svg_number(emgp_sink *sink, double value);
/* Text with what is markup escaped; control bytes as \xNN. */
void emgp_svg_escaped(emgp_sink *sink, const char *text);

typedef struct emgp_axis {
    double low, high; /* low < high; of a logarithmic axis above 0 */
    bool logarithmic;
    const char *label; /* with its unit; NULL: none */
} emgp_axis;

/* A plot's place within a picture, and its axes. */
typedef struct emgp_plot {
    emgp_sink *sink;
    double left, top, width, height;
    emgp_axis x, y;
} emgp_plot;

/* Where values lie in the picture; beyond the axes they stay at the edge. */
double emgp_plot_x(const emgp_plot *plot, double value);
double emgp_plot_y(const emgp_plot *plot, double value);

/* Frame, guide lines, ticks with their numbers, and labels. */
void emgp_plot_frame(const emgp_plot *plot);
/* The same with a step between the ticks of the y axis that suits its unit, as 90 does degrees. */
void emgp_plot_frame_with(const emgp_plot *plot, double y_step);
/* A line through n points; a point that is not finite breaks it. */
void emgp_plot_line(const emgp_plot *plot, const double *x, const double *y, size_t n, const char *classes);
void emgp_plot_dot(const emgp_plot *plot, double x, double y, const char *classes);
/* A bar from the lower end of the y axis up to y. */
void emgp_plot_bar(const emgp_plot *plot, double x_from, double x_to, double y, const char *classes);

/* A round step that divides a range into about n parts: 1, 2 or 5 times a power of ten. */
double emgp_plot_step(double range, double n);

/* ---- png.c: A small picture of palette colours as text that HTML and SVG can hold: "data:image/png;base64,...". */

enum { EMGP_PNG_COLOURS = 256 };

/* Writes width x height pixels, row after row from the top, each an index of the palette (red, green, blue). Index 0 is
 * transparent. Width 1 to 65534, height 1 or more. Not compressed: W3C PNG 1.2 with stored deflate blocks (RFC 1951). */
void emgp_png_write(emgp_sink *sink, const uint8_t *pixels, uint16_t width, uint16_t height,
                    uint8_t palette[EMGP_PNG_COLOURS][3]);

/* ---- coherence.c: A picture of two channels' coherence over frequency, and of their phase where coherence exceeds
 * chance. */

typedef struct emgp_coherence_picture {
    const char *first, *second; /* names of the channels */
    bool raw;                   /* as they were recorded, else conditioned */
    double window_s;            /* of a segment */
    uint64_t n_segments;
    double n_independent, chance_95;
    size_t n; /* bins, ascending */
    const double *frequency_hz, *coherence, *phase_rad;
} emgp_coherence_picture;

/* A whole SVG file. EMG_ENOMEM, or what `write` answered. */
emg_status emgp_coherence_write(const emgp_coherence_picture *picture, emg_write *write, void *context, emg_error *err);

/* ---- spectrogram.c: Pictures of power over time and frequency, one below the other. ---- */

/* One channel's picture. */
typedef struct emgp_spectrogram_panel {
    const char *channel, *muscle; /* muscle "": none */
    bool calibrated;              /* power in uV^2 / Hz, else in the recording's own unit */
    double start_s, column_s;     /* time of the first column's begin, width of a column */
    double high_hz;               /* rows lie evenly from 0 to here */
    size_t n_columns, n_rows;
    const double *power; /* [column][row] mean density; NaN where there is no signal */
} emgp_spectrogram_panel;

/* A whole SVG file. EMG_ENOMEM, or what `write` answered. */
emg_status emgp_spectrogram_write(const emgp_spectrogram_panel *panels, size_t n, emg_write *write, void *context,
                                  emg_error *err);

#endif
