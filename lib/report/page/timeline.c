/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole recording on one time axis: envelope, threshold, events by class, quality. */
#include "report/page/page.h"
#include "report/report.h"

#include <math.h>
#include <stdio.h>

#include <emg/quality.h>

enum { STRIP_MARKS = 80, COLUMNS = 800, TRACE_HEIGHT = 200, THRESHOLDS = 640, TRACKS = 3 };

/* Height of the second stroke of a bar as a share of the first; 0: none. */
static const double second_stroke[EMG_N_CLASSES] = {
    [EMG_TREMOR] = 0.36, [EMG_RHYTHMIC] = 1, [EMG_SPASM] = 0.16, [EMG_MOTOR_UNIT] = 0.2
};

static void put_style(emgp_sink *sink, const char *prefix, emg_class trial_type)
{
    emgp_sink_text(sink, prefix);
    emgp_sink_text(sink, emg_class_name(trial_type));
}

static void put_stroke(emgp_sink *sink, const char *prefix, emg_class trial_type, const char *x1, double x2, double y,
                       double width)
{
    emgp_sink_text(sink, "<line class=\"");
    put_style(sink, prefix, trial_type);
    emgp_sink_text(sink, "\" x1=\"");
    emgp_sink_text(sink, x1);
    emgp_sink_text(sink, "\" x2=\"");
    emgp_html_place(sink, x2);
    emgp_sink_text(sink, *x1 == '0' && !x1[1] ? "\" y1=\"" : "%\" y1=\"");
    emgp_html_place(sink, y);
    emgp_sink_text(sink, "\" y2=\"");
    emgp_html_place(sink, y);
    emgp_sink_text(sink, "\" stroke-width=\"");
    emgp_html_place(sink, width);
    emgp_sink_text(sink, "\"/>");
}

/* An episode: a thick line whose dashes tell the class. x1 "0" stands for units, else per cent. */
static void put_bar(emgp_sink *sink, emg_class trial_type, const char *x1, double x2, double y, double height)
{
    put_stroke(sink, "b-", trial_type, x1, x2, y, trial_type == EMG_MYOKYMIA ? 0.62 * height : height);
    if (second_stroke[trial_type] > 0)
        put_stroke(sink, "b2-", trial_type, x1, x2, y, second_stroke[trial_type] * height);
}

void emgp_put_swatch(emgp_sink *sink, emg_class trial_type)
{
    put_style(sink, "<svg class=\"sw\" aria-hidden=\"true\" width=\"18\" height=\"12\"><use href=\"#k-", trial_type);
    emgp_sink_text(sink, "\"/></svg>");
}

void emgp_put_sprite(emgp_sink *sink)
{
    emgp_sink_text(sink, "<svg width=\"0\" height=\"0\" class=\"vh\" aria-hidden=\"true\" focusable=\"false\">");
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++) {
        const emg_class c = emgp_class_at(i);
        put_style(sink, "<symbol id=\"k-", c);
        emgp_sink_text(sink, "\" viewBox=\"0 0 18 12\">");
        if (c == EMG_FASCICULATION || c == EMG_EVOKED)
            emgp_sink_text(sink, c == EMG_EVOKED
                                     ? "<path class=\"s-evoked\" d=\"M2 11l3-10 3 10zM11 11l3-10 3 10z\"/>"
                                     : "<path class=\"s-fasciculation\" d=\"M3 1h1.6v10H3zM8 1h1.6v10H8zM14 "
                                       "1h1.6v10H14z\"/>");
        else if (c == EMG_MYOCLONUS)
            emgp_sink_text(sink, "<path class=\"s-myoclonus\" d=\"M1 1h7L4.5 11zM10 1h7l-3.5 10z\"/>");
        else if (c == EMG_INDETERMINATE)
            emgp_sink_text(sink, "<rect class=\"b-indeterminate\" x=\".5\" y=\".5\" width=\"17\" height=\"11\"/>");
        else
            put_bar(sink, c, "0", 18, 6, 12);
        emgp_sink_text(sink, "</symbol>");
    }
    emgp_sink_text(sink, "</svg>");
}

/* More events than can be told apart: columns as high as what they hold. */
static void put_columns(emgp_figure *f, const emgp_lane *lane, emg_class trial_type, double y, double height)
{
    double most = 0;
    char style[40];
    emgp_path path;
    for (size_t b = 0; b < EMGP_LANE_BINS; b++)
        most = fmax(most, (double)lane->bins[b]);
    snprintf(style, sizeof style, "s-%s", emg_class_name(trial_type));
    emgp_figure_plot(f, y, height, 10 * EMGP_LANE_BINS, 100);
    emgp_path_open(&path, f->sink, style);
    for (size_t b = 0; b < EMGP_LANE_BINS; b++) {
        if (!(lane->bins[b] > 0))
            continue;
        const double x = 10 * (double)b, top = 100 - fmax(9, 100 * (double)lane->bins[b] / most);
        emgp_path_to(&path, x, 100);
        emgp_path_to(&path, x, top);
        emgp_path_to(&path, x + 10, top);
        emgp_path_to(&path, x + 10, 100);
        emgp_path_shut(&path);
    }
    emgp_path_close(&path);
    emgp_figure_plot_end(f);
}

static void put_triangle(emgp_figure *f, double at, double y, double height, emg_class trial_type)
{
    emgp_sink_text(f->sink, "<svg class=\"o\" x=\"");
    emgp_html_place(f->sink, emgp_figure_x(f, at));
    emgp_sink_text(f->sink, "%\" y=\"");
    emgp_html_place(f->sink, y);
    put_style(f->sink, "\"><path class=\"s-", trial_type);
    emgp_sink_text(f->sink, trial_type == EMG_EVOKED ? "\" d=\"M-3 " : "\" d=\"M-3 0h6l-3 ");
    emgp_html_place(f->sink, height);
    emgp_sink_text(f->sink, trial_type == EMG_EVOKED ? "h6l-3-8z\"/></svg>" : "z\"/></svg>");
}

static void put_mark(emgp_figure *f, const emgp_lane_mark *mark, emg_class trial_type, double y, double height)
{
    static const double narrow = 0.008;
    char style[40], x1[EMGP_NUMBER_ROOM + 1];
    const double from = (double)mark->from_s, to = fmin(f->x1, (double)mark->to_s);
    if (trial_type == EMG_MYOCLONUS || trial_type == EMG_EVOKED) {
        put_triangle(f, from, y, height, trial_type);
        return;
    }
    if (trial_type == EMG_FASCICULATION) {
        emgp_figure_upright(f, from, y, y + height, "k-fasciculation");
        return;
    }
    const bool plain = to - from < narrow * (f->x1 - f->x0);
    if (plain || trial_type == EMG_INDETERMINATE) {
        snprintf(style, sizeof style, "%s-%s", plain ? "s" : "b", emg_class_name(trial_type));
        emgp_figure_box(f, from, to, y, height, style);
        return;
    }
    const size_t n = emgp_number_print(x1, rint(100 * emgp_figure_x(f, fmax(from, f->x0))) / 100);
    snprintf(x1 + n, sizeof x1 - n, "%%");
    put_bar(f->sink, trial_type, x1, emgp_figure_x(f, to), y + height / 2, height);
}

/* Which track of the lane each mark has, so that two units that fire at once lie one above the other: the first that is free.
 * Returns how many tracks there are. */
static size_t lay_tracks(const emgp_lane *lane, unsigned char *track)
{
    float reach[TRACKS] = { 0 };
    size_t n = 1;
    for (size_t i = 0; i < lane->n_marks; i++) {
        size_t t = 0;
        while (t + 1 < TRACKS && lane->marks[i].from_s < reach[t])
            t++;
        track[i] = (unsigned char)t;
        reach[t] = lane->marks[i].to_s;
        n = t + 1 > n ? t + 1 : n;
    }
    return n;
}

void emgp_put_lane(emgp_figure *f, const emgp_lane *lane, emg_class trial_type, double y, double height)
{
    unsigned char track[EMGP_MARKS];
    if (lane->n > EMGP_MARKS) {
        put_columns(f, lane, trial_type, y, height);
        return;
    }
    const size_t n = emgp_is_point(trial_type) ? 1 : lay_tracks(lane, track);
    for (size_t i = 0; i < lane->n_marks; i++) {
        const double share = height / (double)n;
        put_mark(f, &lane->marks[i], trial_type, n > 1 ? y + share * track[i] : y, n > 1 ? share - 1 : height);
    }
}

void emgp_put_strip(emgp_figure *f, const emgp_lane *lane, emg_class trial_type, double y, double height)
{
    if (lane->n > STRIP_MARKS)
        put_columns(f, lane, trial_type, y, height);
    else
        emgp_put_lane(f, lane, trial_type, y, height);
}

/* The columns of a sketch that one drawn column holds; false: nothing was analysed there. */
static bool drawn_column(const emgp_view *view, const emg_sketch *s, size_t i, size_t n, double *low, double *high)
{
    const double width_s = view->span_s / (double)n;
    const size_t from = (size_t)((double)i * width_s / s->column_s + 1e-9);
    size_t to = (size_t)((double)(i + 1) * width_s / s->column_s + 1e-9);
    bool any = false;
    to = to > from ? to : from + 1;
    for (size_t c = from; c < to && c < s->n_columns; c++) {
        if (s->columns[c].low > s->columns[c].high)
            continue;
        *low = any ? fmin(*low, (double)s->columns[c].low) : (double)s->columns[c].low;
        *high = any ? fmax(*high, (double)s->columns[c].high) : (double)s->columns[c].high;
        any = true;
    }
    return any;
}

static double level(double value, double scale)
{
    const double half = TRACE_HEIGHT / 2.0;
    return half - half * fmax(-1, fmin(1, value / scale));
}

/* The area between least and largest sample, piece by piece between gaps. */
static void put_envelope(const emgp_view *view, emgp_sink *sink, const emgp_shown_muscle *m, size_t n)
{
    double low[COLUMNS] = { 0 }, high[COLUMNS] = { 0 };
    bool there[COLUMNS];
    emgp_path path;
    for (size_t i = 0; i < n; i++)
        there[i] = drawn_column(view, m->sketch, i, n, &low[i], &high[i]);
    emgp_path_open(&path, sink, "env");
    for (size_t from = 0, to; from < n; from = to + 1) {
        for (to = from; to < n && there[to]; to++)
            emgp_path_to(&path, (double)to, level(high[to], m->scale));
        if (to == from)
            continue;
        emgp_path_to(&path, (double)to, level(high[to - 1], m->scale));
        emgp_path_to(&path, (double)to, level(low[to - 1], m->scale) + 1);
        for (size_t i = to; i-- > from;)
            emgp_path_to(&path, (double)i, level(low[i], m->scale) + 1);
        emgp_path_shut(&path);
    }
    emgp_path_close(&path);
}

static size_t drawn_columns(const emgp_view *view, const emg_sketch *s)
{
    const double n = floor(view->span_s / s->column_s);
    return n < 1 ? 1 : n > COLUMNS ? COLUMNS : (size_t)n;
}

static void put_gaps(const emgp_view *view, emgp_figure *f, double height)
{
    static const double least_s = 0.02;
    const emg_segment *segments = view->input->segments;
    double end_s = 0;
    for (size_t i = 0; i <= view->input->n_segments && view->input->n_segments > 0; i++) {
        const bool last = i == view->input->n_segments;
        const double start_s = last ? view->span_s : segments[i].start_s;
        if (start_s - end_s > least_s)
            emgp_figure_box(f, end_s, start_s, 0, height, "gap");
        if (!last)
            end_s = segments[i].start_s + segments[i].duration_s;
    }
}

static bool analysed(const emgp_shown_muscle *m)
{
    return m->summary->signal.analysed_s > 0 && m->sketch;
}

void emgp_put_row(emgp_view *view, size_t muscle, bool compact)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    const double trace = compact ? 20 : 34, band = compact ? 7 : 10, height = trace + band + (compact ? 4 : 8);
    emgp_figure f =
        emgp_figure_open(view->sink, height, "row", m->summary->name,
                         "the signal over the whole recording, and its events by class below", 0, view->span_s);
    put_gaps(view, &f, height);
    if (!analysed(m)) {
        emgp_figure_box(&f, 0, view->span_s, 4, trace + band - 2, "gap");
        emgp_figure_text(&f, 50, (trace + band) / 2 + 5, "t h", "middle", "not analysed");
        emgp_figure_close(&f);
        return;
    }
    const size_t n = drawn_columns(view, m->sketch);
    emgp_figure_plot(&f, 2, trace, (int)n, TRACE_HEIGHT);
    put_envelope(view, f.sink, m, n);
    emgp_figure_plot_end(&f);
    emgp_figure_level(&f, trace + 4 + band / 2, "base");
    for (size_t i = EMG_UNCLASSIFIED; i-- > 0;) {
        const emg_class c = emgp_class_at(i);
        if (m->lanes[c] && compact)
            emgp_put_strip(&f, m->lanes[c], c, trace + 4, band);
        else if (m->lanes[c])
            emgp_put_lane(&f, m->lanes[c], c, trace + 4, band);
    }
    emgp_figure_close(&f);
}

/* The detection threshold as the noise goes, on one side of zero; a line for each piece, however short. */
static void put_threshold(const emgp_view *view, emgp_path *path, const emgp_shown_muscle *m, double sigmas, int sign)
{
    static const double seen = 0.01; /* of what is drawn already, a change that is seen */
    const emg_sketch *s = m->sketch;
    double drawn = 0, before = 0;
    emgp_path_lift(path);
    for (size_t i = 0; i <= THRESHOLDS; i++) {
        const size_t at = (size_t)((double)i * view->span_s / THRESHOLDS / s->column_s);
        const double noise = i < THRESHOLDS && at < s->n_columns ? (double)s->columns[at].noise : 0;
        if (before > 0 && !(noise > 0)) {
            emgp_path_to(path, (double)i, 500 + sign * 500 * fmin(1, sigmas * before / m->scale));
            emgp_path_lift(path);
        }
        if (noise > 0 && (!(before > 0) || fabs(noise - drawn) > seen * drawn)) {
            emgp_path_to(path, (double)i, 500 + sign * 500 * fmin(1, sigmas * noise / m->scale));
            drawn = noise;
        }
        before = noise;
    }
}

static void put_thresholds(const emgp_view *view, emgp_figure *f, const emgp_shown_muscle *m, double height)
{
    const emg_summary_signal *signal = &m->summary->signal;
    const double sigmas = signal->noise > 0 ? signal->threshold / signal->noise : 0;
    emgp_path path;
    if (!(sigmas > 0))
        return;
    emgp_figure_plot(f, 0, height, THRESHOLDS, 1000);
    emgp_path_open(&path, f->sink, "thr ln thin");
    for (int sign = -1; sign <= 1; sign += 2)
        put_threshold(view, &path, m, sigmas, sign);
    emgp_path_close(&path);
    emgp_figure_plot_end(f);
}

/* Runs of columns with a flag. */
static void put_flags(emgp_figure *f, const emg_sketch *s, uint32_t flag, double y)
{
    for (size_t i = 0, from; i < s->n_columns; i++) {
        for (from = i; i < s->n_columns && s->columns[i].flags & flag; i++)
            ;
        if (i > from)
            emgp_figure_box(f, (double)from * s->column_s, (double)i * s->column_s, y, 10,
                            flag == EMG_SKETCH_EXCLUDED || flag == 1u << EMG_QUALITY_FLAT ? "q-flat" : "q-flag");
    }
}

static void put_quality(emgp_figure *f, const emgp_shown_muscle *m, double y)
{
    const emg_quality_sums *windows = &m->summary->signal.windows;
    bool any = false;
    emgp_figure_text_open(f, 0, y + 9, "t lab h", "start");
    emgp_sink_text(f->sink, "quality");
    for (unsigned k = 0; k < EMG_QUALITY_KINDS; k++) {
        if (windows->n_flagged[k] == 0)
            continue;
        any = true;
        emgp_sink_text(f->sink, " \xC2\xB7 ");
        emgp_sink_text(f->sink, k == EMG_QUALITY_POWERLINE ? "mains hum" : emg_quality_name((emg_quality_kind)k));
        emgp_sink_text(f->sink, " ");
        emgp_html_seconds(f->sink, windows->flagged_s[k]);
    }
    if (!any)
        emgp_sink_text(f->sink, " \xC2\xB7 nothing flagged");
    emgp_figure_text_close(f);
    emgp_figure_level(f, y + 24.5, "base");
    for (unsigned k = 0; k < EMG_QUALITY_KINDS; k++)
        if (k != EMG_QUALITY_POWERLINE)
            put_flags(f, m->sketch, 1u << k, y + 14);
    put_flags(f, m->sketch, EMG_SKETCH_EXCLUDED, y + 14);
}

static void put_labels(emgp_figure *f, const emgp_shown_muscle *m)
{
    emgp_figure_text_open(f, 0, 11, "t h", "start");
    emgp_sink_text(f->sink, "\xC2\xB1");
    emgp_html_number(f->sink, m->scale);
    emgp_sink_text(f->sink, " ");
    emgp_sink_text(f->sink, emgp_html_unit(m->summary));
    emgp_sink_text(f->sink, m->cut ? ", higher peaks cut" : "");
    emgp_figure_text_close(f);
    if (!(m->summary->signal.threshold > 0))
        return;
    emgp_figure_text_open(f, 100, 11, "t h thr-t", "end");
    emgp_sink_text(f->sink, "threshold \xC2\xB1");
    emgp_html_number(f->sink, m->summary->signal.threshold);
    emgp_figure_text_close(f);
}

static void put_lanes(emgp_figure *f, const emgp_shown_muscle *m, double *y)
{
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++) {
        const emg_class c = emgp_class_at(i);
        const emgp_lane *lane = m->lanes[c];
        if (!lane)
            continue;
        emgp_figure_text_open(f, 0, *y + 9, "t lab h", "start");
        emgp_sink_text(f->sink, emgp_words_class(c));
        emgp_sink_text(f->sink, " \xC2\xB7 ");
        emgp_sink_count(f->sink, lane->n);
        if (lane->n > EMGP_MARKS)
            emgp_sink_text(f->sink, emgp_is_point(c) ? ", height: number" : ", height: time");
        emgp_figure_text_close(f);
        emgp_figure_level(f, *y + 24.5, "base");
        emgp_put_lane(f, lane, c, *y + 13, 11);
        *y += 29;
    }
}

void emgp_put_timeline(emgp_view *view, size_t muscle)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    const double trace = 104;
    size_t n_lanes = 0;
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++)
        n_lanes += m->lanes[c] != NULL;
    const double bottom = trace + 8 + 29 * (double)(n_lanes + 1);
    emgp_sink_text(view->sink, "<figure class=\"wide\"><figcaption><b>Whole recording</b> least and largest sample of "
                               "the conditioned signal, time in ");
    emgp_sink_text(view->sink, view->span_s < 60 ? "s" : view->span_s < 3600 ? "min:s" : "h:min");
    emgp_sink_text(view->sink, "</figcaption>");
    emgp_figure f = emgp_figure_open(
        view->sink, bottom + 24, "tl", m->summary->name,
        "the signal, its detection threshold, events by class and signal quality over time", 0, view->span_s);
    emgp_figure_times(&f, bottom, 0, 8, view->span_s);
    put_gaps(view, &f, bottom);
    const size_t width = drawn_columns(view, m->sketch);
    emgp_figure_plot(&f, 0, trace, (int)width, TRACE_HEIGHT);
    put_envelope(view, f.sink, m, width);
    emgp_figure_plot_end(&f);
    put_thresholds(view, &f, m, trace);
    put_labels(&f, m);
    double y = trace + 8;
    put_lanes(&f, m, &y);
    put_quality(&f, m, y);
    emgp_figure_close(&f);
    emgp_sink_text(view->sink, "</figure>");
}
