/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a filter's response: gain, phase and group delay over the logarithm of frequency. */
#include <emg/report.h>
#include <emg/response_picture.h>

#include <math.h>
#include <stdio.h>

#include "base/base.h"
#include "report/picture/picture.h"

enum { N_ROWS = 1200, LINES_SHOWN = 6, LABELS_SHOWN = 32 };
enum { GAIN, PHASE, DELAY, N_CURVES };
static const double width = 760, left = 76, right = 24, line_height = 17, gap = 38, label_room = 58;
static const double heights[N_CURVES] = { 220, 130, 130 };
static const double lowest_db = -100, most_degrees = 2160;

/* What is drawn: the chain and its table, column by column. */
typedef struct drawing {
    emgp_sink sink;
    const emg_filter *const *filters;
    size_t n_filters;
    emg_filter_direction direction;
    emg_filter_row rows[N_ROWS];
    double f_hz[N_ROWS], y[N_CURVES][N_ROWS]; /* dB, degrees or turns, milliseconds or seconds */
    emgp_axis axis[N_CURVES];
    double step[N_CURVES]; /* between ticks */
} drawing;

static void range_of(const double *y, double *low, double *high)
{
    *low = *high = y[0];
    for (size_t i = 1; i < N_ROWS; i++) {
        *low = fmin(*low, y[i]);
        *high = fmax(*high, y[i]);
    }
}

/* Decibels down to `lowest_db`; what lies deeper is left out, but for the line towards it. */
static void fill_gain(drawing *d)
{
    double *y = d->y[GAIN], low, high;
    for (size_t i = 0; i < N_ROWS; i++)
        y[i] = fmax(20 * log10(d->rows[i].response.gain), lowest_db);
    range_of(y, &low, &high);
    d->axis[GAIN] =
        (emgp_axis){ .low = fmin(20 * floor(low / 20), -40), .high = 10 * ceil((high + 5) / 10), .label = "gain (dB)" };
    d->step[GAIN] = 20;
    for (size_t i = 1, before = y[0] <= lowest_db; i + 1 < N_ROWS; i++) {
        bool deep = y[i] <= lowest_db;
        if (deep && before && y[i + 1] <= lowest_db)
            y[i] = NAN;
        before = deep;
    }
}

/* Degrees, with ticks at quarter turns and their multiples; turns where there are many. */
static void fill_phase(drawing *d)
{
    double *y = d->y[PHASE], low, high, step = 90;
    for (size_t i = 0; i < N_ROWS; i++)
        y[i] = d->rows[i].response.phase_rad * 180 / PI;
    range_of(y, &low, &high);
    double unit = high - low > most_degrees ? 360 : 1;
    for (size_t i = 0; i < N_ROWS; i++)
        y[i] /= unit;
    low /= unit;
    high /= unit;
    if (unit > 1)
        step = emgp_plot_step(high - low, 4);
    while ((high - low) / step > 5)
        step *= 2;
    d->axis[PHASE] = (emgp_axis){ .low = step * fmin(floor(low / step), -1),
                                  .high = step * fmax(ceil(high / step), 1),
                                  .label = unit > 1 ? "phase (turns)" : "phase (degrees)" };
    d->step[PHASE] = step;
}

static void fill_delay(drawing *d)
{
    double *y = d->y[DELAY], low, high;
    for (size_t i = 0; i < N_ROWS; i++)
        y[i] = d->rows[i].response.group_delay_s;
    range_of(y, &low, &high);
    bool seconds = high > 2;
    double scale = seconds ? 1 : 1000, step;
    for (size_t i = 0; i < N_ROWS; i++)
        y[i] *= scale;
    low = fmin(low * scale, 0);
    high = fmax(high * scale, 0);
    step = emgp_plot_step(high > low ? high - low : 1, 4);
    d->axis[DELAY] = (emgp_axis){ .low = step * floor(low / step),
                                  .high = step * fmax(ceil(high * 1.02 / step), 1),
                                  .label = seconds ? "group delay (s)" : "group delay (ms)" };
    d->step[DELAY] = step;
}

static void fill(drawing *d)
{
    for (size_t i = 0; i < N_ROWS; i++)
        d->f_hz[i] = d->rows[i].frequency_hz;
    fill_gain(d);
    fill_phase(d);
    fill_delay(d);
}

/* "Butterworth band-pass of order 4, 20 to 450 Hz" */
static void describe(const emg_filter *filter, char *out, size_t room)
{
    static const char *const kinds[] = { "low-pass", "high-pass", "band-pass", "band-stop" };
    const emg_filter_plan *plan = emg_filter_plan_of(filter);
    char first[EMGP_NUMBER_ROOM], second[EMGP_NUMBER_ROOM] = "", number[EMGP_NUMBER_ROOM];
    double corner[2];
    const double *taps;
    size_t n = emg_filter_corners(filter, corner);
    emgp_number_print(first, corner[0]);
    if (n > 1)
        emgp_number_print(second, corner[1]);
    const char *to = n > 1 ? " to " : "";
    switch (plan->family) {
    case EMG_FILTER_BUTTERWORTH:
        snprintf(out, room, "Butterworth %s of order %d, %s%s%s Hz", kinds[plan->kind], plan->order, first, to, second);
        break;
    case EMG_FILTER_NOTCH:
        emgp_number_print(number, plan->q);
        snprintf(out, room, "Notch at %s Hz, quality %s", first, number);
        break;
    default:
        emgp_number_print(number, plan->attenuation_db);
        snprintf(out, room, "Linear-phase %s of %zu taps, %s%s%s Hz, %s dB", kinds[plan->kind],
                 emg_filter_taps(filter, &taps), first, to, second, number);
        break;
    }
}

static size_t lines_shown(const drawing *d)
{
    return d->n_filters < LINES_SHOWN ? d->n_filters : (size_t)LINES_SHOWN;
}

/* One line a filter, then what holds for all of them. */
static void put_heading(drawing *d)
{
    char text[160], rate[EMGP_NUMBER_ROOM], settles[EMGP_NUMBER_ROOM];
    double y = 24, longest = 0, rate_hz = emg_filter_plan_of(d->filters[0])->rate_hz;
    for (size_t i = 0; i < lines_shown(d); i++, y += line_height) {
        if (i + 1 == LINES_SHOWN && d->n_filters > LINES_SHOWN)
            snprintf(text, sizeof text, "and %zu more filters", d->n_filters - i);
        else
            describe(d->filters[i], text, sizeof text);
        emgp_svg_text(&d->sink, left, y, "strong", text);
    }
    for (size_t i = 0; i < d->n_filters; i++)
        longest += (double)emg_filter_transient(d->filters[i], d->direction) / rate_hz;
    emgp_number_print(rate, rate_hz);
    double digits = longest > 0 ? pow(10, 2 - floor(log10(longest))) : 1;
    emgp_number_print(settles, rint(longest * digits) / digits);
    snprintf(text, sizeof text, "%s, at %s samples per second; settles within %s s%s",
             d->direction == EMG_FILTER_FORWARD ? "forward" : "zero phase", rate, settles,
             d->direction == EMG_FILTER_FORWARD ? "" : " at either end");
    emgp_svg_text(&d->sink, left, y, "small", text);
}

/* Labels placed along a line, so that no two lie on each other. */
typedef struct labels {
    double from[LABELS_SHOWN], to[LABELS_SHOWN];
    size_t n;
} labels;

static bool has_room(labels *all, double from, double to)
{
    if (all->n == LABELS_SHOWN || from < left || to > width)
        return false;
    for (size_t i = 0; i < all->n; i++)
        if (from < all->to[i] && to > all->from[i])
            return false;
    all->from[all->n] = from;
    all->to[all->n++] = to;
    return true;
}

/* A corner's frequency over its line, to the side away from the corner that belongs to it. */
static void put_label(const emgp_plot *plot, labels *all, double corner_hz, bool before)
{
    char number[EMGP_NUMBER_ROOM], text[EMGP_NUMBER_ROOM + 8];
    double x = emgp_plot_x(plot, corner_hz);
    if (!has_room(all, before ? x - label_room : x, before ? x : x + label_room))
        return;
    emgp_number_print(number, corner_hz);
    snprintf(text, sizeof text, "%s Hz", number);
    emgp_svg_text(plot->sink, before ? x + 3 : x - 3, plot->top - 6, before ? "small end" : "small", text);
}

/* The gain at a corner, as the table has it. */
static void put_dot(const drawing *d, const emgp_plot *plot, double corner_hz)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (d->f_hz[i] == corner_hz && d->y[GAIN][i] > lowest_db)
            emgp_plot_dot(plot, corner_hz, d->y[GAIN][i], "b");
}

/* A dashed line at each corner; on the gain its frequency and a dot. */
static void put_corners(const drawing *d, const emgp_plot *plot, bool gain)
{
    labels all = { .n = 0 };
    for (size_t i = 0; i < d->n_filters; i++) {
        double corner[2];
        size_t n = emg_filter_corners(d->filters[i], corner);
        for (size_t c = 0; c < n; c++) {
            double x = emgp_plot_x(plot, corner[c]);
            emgp_svg_line(plot->sink, x, plot->top, x, plot->top + plot->height, "frame dashed");
            if (!gain)
                continue;
            put_label(plot, &all, corner[c], n == 2 && c == 0);
            put_dot(d, plot, corner[c]);
        }
    }
}

static void put_curves(drawing *d, double top)
{
    static const char *const classes[N_CURVES] = { "a", "c", "d" };
    for (size_t c = 0; c < N_CURVES; c++) {
        emgp_plot plot = { .sink = &d->sink,
                           .left = left,
                           .top = top,
                           .width = width - left - right,
                           .height = heights[c],
                           .x = { .low = d->f_hz[0],
                                  .high = d->f_hz[N_ROWS - 1],
                                  .logarithmic = true,
                                  .label = c + 1 == N_CURVES ? "frequency (Hz)" : NULL },
                           .y = d->axis[c] };
        emgp_plot_frame_with(&plot, d->step[c]);
        emgp_plot_line(&plot, d->f_hz, d->y[c], N_ROWS, classes[c]);
        put_corners(d, &plot, c == GAIN);
        top += heights[c] + gap;
    }
}

emg_status emg_report_response(const emg_filter *const *filters, size_t n_filters, emg_filter_direction direction,
                               emg_write *write, void *context, emg_error *err)
{
    if (!write)
        return emgp_fail(err, EMG_EARG, "emg_report_response needs a function that takes the text");
    drawing *d = emgp_alloc(1, sizeof *d);
    if (!d)
        return emgp_fail_memory(err);
    *d = (drawing){ .filters = filters, .n_filters = n_filters, .direction = direction };
    emg_status status = emg_filter_table(filters, n_filters, direction, d->rows, N_ROWS, err);
    if (status == EMG_OK) {
        double head = 24 + line_height * (double)lines_shown(d) + 28, height = head + 46;
        for (size_t c = 0; c < N_CURVES; c++)
            height += heights[c] + (c > 0 ? gap : 0);
        fill(d);
        emgp_sink_init(&d->sink, write, context, err);
        emgp_svg_open(&d->sink, width, height, "Response of a filter", true);
        put_heading(d);
        put_curves(d, head);
        emgp_svg_close(&d->sink);
        status = emgp_sink_flush(&d->sink);
    }
    emgp_free(d);
    return status;
}
