/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of the signal at full resolution: the strongest of each class, and the shapes of discharges. */
#include "report/page/page.h"
#include "report/report.h"

#include <math.h>

enum {
    HEIGHT = 104,
    TOP = 14,
    MOST_ZOOMS = 4,
    MOST_ZOOMS_OF_MANY = 2,
    MANY_MUSCLES = 8,
    MOST_SHAPES = 6,
    LEAST_SHAPE = 3
};
static const double point_half_s = 0.25, pad_s = 0.3;

/* The time that is drawn: the event with something around it, as far as the piece goes. */
static void window_of(const emg_sketch_zoom *z, const emg_event *e, double *from_s, double *to_s)
{
    const bool point = emgp_is_point(e->trial_type);
    *from_s = point ? e->peak_s - point_half_s : e->onset_s - pad_s;
    *to_s = point ? e->peak_s + point_half_s : e->onset_s + e->duration_s + pad_s;
    *from_s = fmax(fmax(*from_s, z->start_s), 0);
    *to_s = fmin(*to_s, z->start_s + (double)z->n * z->step_s);
}

static void put_trace(emgp_figure *f, const emg_sketch_zoom *z, double scale)
{
    const size_t from = (size_t)fmax(0, floor((f->x0 - z->start_s) / z->step_s + 1e-9));
    const size_t to = (size_t)fmin((double)z->n, ceil((f->x1 - z->start_s) / z->step_s - 1e-9));
    size_t group = 1;
    while ((to - from) / group > 1100)
        group++;
    emgp_path path;
    emgp_figure_plot(f, TOP, HEIGHT, (int)(to - from), 200);
    emgp_path_open(&path, f->sink, "env own one");
    for (size_t i = from; i < to; i += group) {
        double low = z->low[i], high = z->high[i];
        for (size_t k = i; k < i + group && k < to; k++) {
            low = fmin(low, z->low[k]);
            high = fmax(high, z->high[k]);
        }
        const double x = (double)(i - from), unit = 100 * z->scale / scale;
        emgp_path_to(&path, x, 100 - high * unit);
        if (high > low)
            emgp_path_to(&path, x, 100 - low * unit);
    }
    emgp_path_close(&path);
    emgp_figure_plot_end(f);
}

static double peak_of(const emg_sketch_zoom *z, double from_s, double to_s)
{
    double most = 0;
    for (size_t i = 0; i < z->n; i++) {
        const double at_s = z->start_s + (double)i * z->step_s;
        if (at_s >= from_s && at_s <= to_s)
            most = fmax(most, fmax(fabs((double)z->low[i]), fabs((double)z->high[i])));
    }
    return most * z->scale;
}

static emg_status put_bursts(emgp_view *view, emgp_figure *f, const emg_event *e, emg_error *err)
{
    bool found = e->frequency_hz > 0;
    emg_burst burst;
    emg_status status = emg_result_rewind_bursts(view->result, e, err);
    while (status == EMG_OK && found && (status = emg_result_next_burst(view->result, &burst, &found, err)) == EMG_OK) {
        const double at = burst.at_s;
        if (found && at > f->x1)
            break;
        if (!found || at < f->x0)
            continue;
        emgp_figure_upright(f, at, 4, TOP + HEIGHT, "beat");
        emgp_sink_text(f->sink, "<svg class=\"o\" x=\"");
        emgp_html_place(f->sink, emgp_figure_x(f, at));
        emgp_sink_text(f->sink, "%\" y=\"2\"><path class=\"s-");
        emgp_sink_text(f->sink, emg_class_name(e->trial_type));
        emgp_sink_text(f->sink, "\" d=\"M-4 0h8l-4 8z\"/></svg>");
    }
    return status;
}

static void put_caption(const emgp_view *view, const emg_event *e, double from_s, double to_s)
{
    emgp_sink *sink = view->sink;
    emgp_sink_text(sink, "<figure class=\"wide\"><figcaption><b>The strongest: ");
    emgp_sink_text(sink, emgp_words_class(e->trial_type));
    emgp_sink_text(sink, "</b> at ");
    emgp_html_clock(sink, e->onset_s, view->span_s);
    emgp_sink_text(sink, ", ");
    emgp_html_seconds(sink, e->duration_s);
    if (e->frequency_hz > 0) {
        emgp_sink_text(sink, ", ");
        emgp_html_number(sink, e->frequency_hz);
        emgp_sink_text(sink, " Hz; triangles mark the bursts");
    }
    if (!emgp_is_point(e->trial_type) && to_s - from_s < e->duration_s - 0.1) {
        emgp_sink_text(sink, "; ");
        emgp_html_seconds(sink, to_s - from_s);
        emgp_sink_text(sink, " of it shown");
    }
    emgp_sink_text(sink, "</figcaption>");
}

static emg_status put_zoom(emgp_view *view, const emgp_shown_muscle *m, const emgp_lane *lane, emg_error *err)
{
    const emg_sketch *s = emg_result_sketch(view->result, lane->zoom_channel);
    const emg_sketch_zoom *z = &s->zooms[lane->zoom];
    const emg_event *e = &lane->strongest;
    double from_s, to_s;
    window_of(z, e, &from_s, &to_s);
    if (!(to_s - from_s > 4 * z->step_s))
        return EMG_OK;
    put_caption(view, e, from_s, to_s);
    emgp_figure f = emgp_figure_open(view->sink, TOP + HEIGHT + 24, "tl", m->summary->name,
                                     "the signal around the strongest event of a class", from_s, to_s);
    if (!emgp_is_point(e->trial_type))
        emgp_figure_box(&f, e->onset_s, e->onset_s + e->duration_s, TOP, HEIGHT, "zone");
    emgp_figure_times(&f, TOP + HEIGHT, TOP, 6, view->span_s);
    const emg_status status = put_bursts(view, &f, e, err);
    const double scale = emgp_round_up(peak_of(z, from_s, to_s));
    put_trace(&f, z, scale);
    emgp_figure_text_open(&f, 0, TOP + 12, "t h", "start");
    emgp_sink_text(f.sink, "\xC2\xB1");
    emgp_html_number(f.sink, scale);
    emgp_sink_text(f.sink, " ");
    emgp_sink_text(f.sink, emgp_html_unit(m->summary));
    emgp_figure_text_close(&f);
    emgp_figure_close(&f);
    emgp_sink_text(view->sink, "</figure>");
    return status;
}

emg_status emgp_put_zooms(emgp_view *view, size_t muscle, emg_error *err)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    const size_t most = view->n > MANY_MUSCLES ? MOST_ZOOMS_OF_MANY : MOST_ZOOMS;
    emg_status status = EMG_OK;
    for (size_t i = 0, n = 0; status == EMG_OK && emgp_class_at(i) != EMG_UNCLASSIFIED && n < most; i++) {
        const emg_class c = emgp_class_at(i);
        const bool doubtful = c == EMG_INDETERMINATE || c == EMG_ARTIFACT;
        if (!m->lanes[c] || !(m->lanes[c]->strength > 0) || (doubtful && n > 0))
            continue;
        status = put_zoom(view, m, m->lanes[c], err);
        n++;
    }
    return status;
}

/* ---- shapes ---- */

static void put_wave(emgp_path *path, const float wave[EMG_SKETCH_POINTS], double scale)
{
    emgp_path_lift(path);
    for (size_t i = 0; i < EMG_SKETCH_POINTS; i++)
        emgp_path_to(path, 480 * (double)i / (EMG_SKETCH_POINTS - 1),
                     200 - 200 * fmax(-1, fmin(1, (double)wave[i] / scale)));
}

static void put_shape(emgp_view *view, const emgp_shown_muscle *m, const emg_sketch_shape *shape, double scale)
{
    const double height = 118;
    emgp_path path;
    emgp_sink_text(view->sink, "<div class=\"shape\">");
    emgp_figure f = emgp_figure_open(view->sink, height, "sh", m->summary->name,
                                     "discharges of one shape laid over each other, and their mean", 0, 1);
    emgp_figure_level(&f, height / 2, "base");
    emgp_figure_plot(&f, 2, height - 4, 480, 400);
    emgp_path_open(&path, f.sink, "wave");
    for (size_t i = 0; i < shape->n_waves; i++)
        put_wave(&path, shape->waves[i], scale);
    emgp_path_close(&path);
    emgp_path_open(&path, f.sink, "med");
    put_wave(&path, shape->mean, scale);
    emgp_path_close(&path);
    emgp_figure_plot_end(&f);
    emgp_figure_close(&f);
    emgp_sink_text(view->sink, "<p>shape ");
    emgp_sink_count(view->sink, shape->unit);
    emgp_sink_text(view->sink, " \xC2\xB7 ");
    emgp_sink_count(view->sink, shape->n);
    emgp_sink_text(view->sink, "</p></div>");
}

/* The next commonest shape after one of n discharges and a number; NULL: none of at least LEAST_SHAPE. */
static const emg_sketch_shape *commonest(const emg_sketch *s, const emg_sketch_shape *after)
{
    const emg_sketch_shape *best = NULL;
    for (size_t i = 0; i < s->n_shapes; i++) {
        const emg_sketch_shape *shape = s->shapes[i];
        const bool left = !after || shape->n < after->n || (shape->n == after->n && shape->unit > after->unit);
        if (left && shape->n >= LEAST_SHAPE && (!best || shape->n > best->n))
            best = shape;
    }
    return best;
}

void emgp_put_shapes(emgp_view *view, size_t muscle)
{
    const emgp_shown_muscle *m = &view->muscles[muscle];
    const emg_sketch_shape *shape = commonest(m->sketch, NULL);
    double most = 0;
    if (!shape)
        return;
    const emg_sketch_shape *first = shape;
    for (size_t k = 0; shape && k < MOST_SHAPES; k++, shape = commonest(m->sketch, shape))
        for (size_t w = 0; w < shape->n_waves; w++)
            for (size_t i = 0; i < EMG_SKETCH_POINTS; i++)
                most = fmax(most, fabs((double)shape->waves[w][i]));
    const double scale = emgp_round_up(most);
    emgp_sink_text(
        view->sink,
        "<figure class=\"wide\"><figcaption><b>Shapes of fasciculations and regular units</b> aligned at the "
        "largest deflection, mean bold; each \xC2\xB1");
    emgp_html_number(view->sink, scale);
    emgp_sink_text(view->sink, " ");
    emgp_sink_text(view->sink, emgp_html_unit(m->summary));
    emgp_sink_text(view->sink, ", ");
    emgp_html_seconds(view->sink, m->sketch->shape_s);
    emgp_sink_text(view->sink, " wide; the number is how often</figcaption><div class=\"shapes\">");
    shape = first;
    for (size_t k = 0; shape && k < MOST_SHAPES; k++, shape = commonest(m->sketch, shape))
        put_shape(view, m, shape, scale);
    emgp_sink_text(view->sink, "</div></figure>");
}
