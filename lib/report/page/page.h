/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTML page of a recording: what its parts share. */
#ifndef EMGP_REPORT_PAGE_PAGE_H
#define EMGP_REPORT_PAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/report.h>
#include <emg/result.h>
#include <emg/sketch.h>

#include "base/base.h"
#include "report/report.h"

/* Made from page.css and page.js by the build. */
extern const char emgp_page_css[], emgp_page_js[];

/* ---- text.c: Numbers, times and hostile text as the page shows them. ---- */

/* Text of a recording, made printable and harmless. */
void emgp_html_text(emgp_sink *sink, const char *text);

/* The longest that a text becomes for a title: cut with an ellipsis. */
void emgp_html_short(emgp_sink *sink, const char *text);

/* 3 significant digits; an en dash for "not applicable". */
void emgp_html_number(emgp_sink *sink, double value);

/* A place within a recording of span_s: 12.3 s, 1:02.3, 1:02:03. */
void emgp_html_clock(emgp_sink *sink, double at_s, double span_s);

/* A length of time: 12 ms, 3.4 s, 12 s, 3 min 5 s, 2 h 3 min. */
void emgp_html_seconds(emgp_sink *sink, double seconds);

/* A share as a percentage. */
void emgp_html_share(emgp_sink *sink, double share);

/* A number with 2 decimals at most, as coordinates are. */
void emgp_html_place(emgp_sink *sink, double value);

const char *emgp_html_unit(const emg_summary *summary);

/* ---- gather.c: One pass through the events: what the page shows of each muscle and class. ---- */

enum { EMGP_MARKS = 240, EMGP_LANE_BINS = 240, EMGP_EPISODES = 24 };

/* Least, greatest and sum of what was measured. */
typedef struct emgp_range {
    uint64_t n;
    double least, most, sum;
} emgp_range;

enum { EMGP_OF_RATE, EMGP_OF_DURATION, EMGP_N_RANGES };

typedef struct emgp_lane_mark {
    float from_s, to_s;
} emgp_lane_mark;

/* The events of one class in one muscle. */
typedef struct emgp_lane {
    uint64_t n;
    size_t n_marks;
    emgp_lane_mark marks[EMGP_MARKS]; /* the first */
    float bins[EMGP_LANE_BINS];       /* of the recording: events, or seconds of episodes */
    uint64_t n_reasons[EMG_N_REASONS];
    emgp_range ranges[EMGP_N_RANGES];
    emgp_pool pool;                   /* evidence of its reasons */
    emg_event longest[EMGP_EPISODES]; /* of episodes, in no order */
    size_t n_longest;
    emg_event strongest; /* of those of which a piece was kept */
    double strength;     /* 0: none */
    size_t zoom;         /* its piece */
    uint32_t zoom_channel;
} emgp_lane;

typedef struct emgp_shown_muscle {
    const emg_summary *summary;
    const emg_sketch *sketch;        /* of its strongest channel; NULL: none */
    emgp_lane *lanes[EMG_N_CLASSES]; /* NULL: no such event */
    double scale;                    /* half height of its envelope */
    bool cut;                        /* higher peaks are cut */
} emgp_shown_muscle;

/* A page being written. */
typedef struct emgp_view {
    emgp_sink *sink;
    emg_result *result;
    const emg_report_input *input;
    double span_s;
    size_t n;
    emgp_shown_muscle *muscles;
} emgp_view;

/* Whether a class is drawn as moments. */
bool emgp_is_point(emg_class trial_type);

/* The classes in the order in which the page lists them; EMG_UNCLASSIFIED beyond the last. */
emg_class emgp_class_at(size_t place);

/* EMG_ENOMEM, EMG_EARG, or what the result's events answer. Free it in any case. */
emg_status emgp_view_gather(emgp_view *view, emg_error *err);
void emgp_view_free(emgp_view *view);

/* ---- figure.c: Inline SVG: x in per cent of the width, y in pixels, so that texts keep their size. ---- */

typedef struct emgp_figure {
    emgp_sink *sink;
    double x0, x1; /* ends of the x axis */
} emgp_figure;

/* Begins an SVG of a height in pixels; the label says what it shows. */
emgp_figure emgp_figure_open(emgp_sink *sink, double height, const char *kind, const char *subject, const char *label,
                             double x0, double x1);
void emgp_figure_close(emgp_figure *figure);
double emgp_figure_x(const emgp_figure *figure, double at); /* per cent */

void emgp_figure_upright(emgp_figure *figure, double at, double y0, double y1, const char *style);
void emgp_figure_level(emgp_figure *figure, double y, const char *style);
void emgp_figure_box(emgp_figure *figure, double from, double to, double y, double height, const char *style);

/* Text at x per cent; anchor "start", "middle" or "end". What is written between these is its content. */
void emgp_figure_text_open(emgp_figure *figure, double percent, double y, const char *style, const char *anchor);
void emgp_figure_text_close(emgp_figure *figure);
void emgp_figure_text(emgp_figure *figure, double percent, double y, const char *style, const char *anchor,
                      const char *text);

/* A time axis at y with grid lines from y `top`; about `most` labels. */
void emgp_figure_times(emgp_figure *figure, double y, double top, unsigned most, double span_s);

/* The y axis of a small figure: labels at 0, 1/2 and 1 (with quarters: each) from low to high. */
void emgp_figure_values(emgp_figure *figure, double low, double high, double y0, double y1, unsigned parts);

/* A stretching part of the figure with coordinates of its own, 0 to width and 0 to height. */
void emgp_figure_plot(emgp_figure *figure, double y, double pixels, int width, int height);
void emgp_figure_plot_end(emgp_figure *figure);

/* A path in whole numbers; the first point begins it. */
typedef struct emgp_path {
    emgp_sink *sink;
    int x, y;
    bool begun, after_number;
} emgp_path;

void emgp_path_open(emgp_path *path, emgp_sink *sink, const char *style);
void emgp_path_to(emgp_path *path, double x, double y);
void emgp_path_lift(emgp_path *path); /* the next point begins a new line */
void emgp_path_shut(emgp_path *path); /* closes the line to its first point */
void emgp_path_close(emgp_path *path);

/* The next of 1 1.5 2 3 4 5 6 8 10 times a power of ten. */
double emgp_round_up(double value);

/* ---- frame.c: What a page and an index share. ---- */

void emgp_page_head(emgp_sink *sink, const char *title, const char *kind);
void emgp_page_foot(emgp_sink *sink);
void emgp_page_lead(emgp_view *view); /* one sentence: which pattern leads in which muscles */
void emgp_page_legend(emgp_sink *sink, const bool used[EMG_N_CLASSES]);

/* ---- card.c: What an index shows of a recording; every page holds its own, unseen. ---- */

void emgp_page_card(emgp_view *view);
void emgp_page_rows(emgp_view *view);

/* ---- index.c: The page of a batch, in this order; cards and rows are copied between. ---- */

void emgp_index_open(emgp_sink *sink, size_t n_done, size_t n_failed);
void emgp_index_failure(emgp_sink *sink, const char *input, const char *message);
void emgp_index_cards(emgp_sink *sink, bool failures); /* failures: there were some */
void emgp_index_rows(emgp_sink *sink);
void emgp_index_close(emgp_sink *sink);

/* ---- timeline.c: The whole recording: a row of the overview, and a muscle's large figure. ---- */

void emgp_put_swatch(emgp_sink *sink, emg_class trial_type);
void emgp_put_sprite(emgp_sink *sink);
void emgp_put_lane(emgp_figure *figure, const emgp_lane *lane, emg_class trial_type, double y, double height);
/* The same where single marks would be too many: at most 80. */
void emgp_put_strip(emgp_figure *figure, const emgp_lane *lane, emg_class trial_type, double y, double height);
void emgp_put_row(emgp_view *view, size_t muscle, bool compact);
void emgp_put_timeline(emgp_view *view, size_t muscle);

/* ---- zoom.c: Pieces of the signal: the strongest of each class, and the shapes of discharges. ---- */

emg_status emgp_put_zooms(emgp_view *view, size_t muscle, emg_error *err);
void emgp_put_shapes(emgp_view *view, size_t muscle);

/* ---- small.c: Intervals, rates, frequency of the bursts, spectrum and numbers. ---- */

void emgp_put_small(emgp_view *view, size_t muscle);

/* ---- evidence.c: Why the labels: reason codes with what was measured and what was asked; the episodes. ---- */

void emgp_put_evidence(emgp_view *view, size_t muscle);
void emgp_put_episodes(emgp_view *view, size_t muscle);

#endif
