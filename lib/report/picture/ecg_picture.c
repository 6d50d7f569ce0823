/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of the ECG that was removed: its wave, and its rate from one QRS complex to the next. */
#include <emg/ecg_picture.h>
#include <emg/report.h>

#include <math.h>
#include <stdio.h>

#include "base/base.h"
#include "report/picture/picture.h"

enum { DOTS = 600 };
static const double width = 760, head = 30, row_height = 214, plot_top = 36, plot_height = 126;
static const double wave_left = 64, wave_width = 232, rate_left = 372, rate_width = 364;
static const double missed = 1.6; /* usual intervals: a longer one spans a QRS complex that was not found, or a gap */

/* QRS complexes of a channel as points of the plot. */
typedef struct rates {
    double t[DOTS], per_min[DOTS];
    size_t n;
    double low, high;
} rates;

static emg_status check(const emg_report_qrs *channels, size_t n, double duration_s, emg_error *err)
{
    if (!channels || n == 0 || !(duration_s > 0))
        return emgp_fail(err, EMG_EARG, "a picture of hearts needs a channel and a duration above 0");
    for (size_t c = 0; c < n; c++) {
        const emg_report_qrs *b = &channels[c];
        if (!b->channel || !b->wave || b->n_wave < 2 || b->wave_peak >= b->n_wave || !(b->step_s > 0))
            return emgp_fail(err, EMG_EARG, "a removed heart without a wave cannot be drawn");
        for (size_t i = 1; b->qrs_s && i < b->n_qrs; i++)
            if (!(b->qrs_s[i] > b->qrs_s[i - 1]))
                return emgp_fail(err, EMG_EARG, "a heart's beats do not ascend");
    }
    return EMG_OK;
}

/* A number of three digits, no less than whole ones. */
static void short_number(double value, char out[EMGP_NUMBER_ROOM])
{
    double scale = fabs(value) > 0 && isfinite(value) ? pow(10, fmax(2 - floor(log10(fabs(value))), 0)) : 1;
    emgp_number_print(out, rint(value * scale) / scale);
}

static void put_title(emgp_sink *sink, const emg_report_qrs *b, double top)
{
    char text[256], rate[EMGP_NUMBER_ROOM], size[EMGP_NUMBER_ROOM], cv[EMGP_NUMBER_ROOM];
    short_number(b->rate_per_min, rate);
    short_number(b->amplitude, size);
    short_number(100 * b->interval_cv, cv);
    snprintf(text, sizeof text, "%zu beats removed, %s per minute, intervals vary by %s %%, %s%s peak to peak",
             b->n_qrs, rate, cv, size, b->calibrated ? " µV" : " (relative)");
    emgp_svg_text(sink, wave_left, top + 10, "strong", b->channel);
    emgp_svg_text(sink, wave_left, top + 26, "small", text);
}

/* A range widened to whole steps, about four of them. */
static emgp_axis axis_round(double low, double high, const char *label, double *step_out)
{
    double step = *step_out = emgp_plot_step(fmax(high - low, 1e-9), 4);
    emgp_axis axis = { .low = step * floor(low / step), .high = step * ceil(high / step), .label = label };
    if (!(axis.high > axis.low))
        axis.high = axis.low + step;
    return axis;
}

static emg_status put_wave(emgp_sink *sink, const emg_report_qrs *b, double top, emg_error *err)
{
    double *t = emgp_alloc(b->n_wave, sizeof *t), low = 0, high = 0, step;
    if (!t)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < b->n_wave; i++) {
        t[i] = 1000 * ((double)i - (double)b->wave_peak) * b->step_s;
        low = fmin(low, b->wave[i]);
        high = fmax(high, b->wave[i]);
    }
    emgp_plot plot = { .sink = sink,
                       .left = wave_left,
                       .top = top + plot_top,
                       .width = wave_width,
                       .height = plot_height,
                       .x = { .low = t[0], .high = t[b->n_wave - 1], .label = "time from the beat (ms)" },
                       .y = axis_round(low, high, b->calibrated ? "wave (µV)" : "wave (relative)", &step) };
    emgp_plot_frame_with(&plot, step);
    double zero = emgp_plot_y(&plot, 0), qrs = emgp_plot_x(&plot, 0);
    emgp_svg_line(sink, wave_left, zero, wave_left + wave_width, zero, "frame");
    emgp_svg_line(sink, qrs, plot.top, qrs, plot.top + plot_height, "frame dashed");
    emgp_plot_line(&plot, t, b->wave, b->n_wave, "b");
    emgp_free(t);
    return EMG_OK;
}

/* 60 / interval at the later QRS complex of each pair, missed ones left out; means of stretches above DOTS of them. */
static void find_rates(const emg_report_qrs *b, double duration_s, rates *r)
{
    double usual = 60 / b->rate_per_min, sum = 0, times = 0;
    size_t in_stretch = 0, stretch = 0;
    bool each = b->n_qrs <= DOTS;
    *r = (rates){ .low = INFINITY, .high = -INFINITY };
    for (size_t i = 1; i < b->n_qrs && r->n < DOTS; i++) {
        double interval = b->qrs_s[i] - b->qrs_s[i - 1];
        size_t now = (size_t)fmax(b->qrs_s[i] / duration_s * DOTS, 0);
        if (in_stretch > 0 && (each || now != stretch)) {
            r->t[r->n] = times / (double)in_stretch;
            r->per_min[r->n++] = 60 * (double)in_stretch / sum;
            sum = times = 0;
            in_stretch = 0;
        }
        stretch = now;
        if (interval > missed * usual)
            continue;
        sum += interval;
        times += b->qrs_s[i];
        in_stretch++;
    }
    if (in_stretch > 0 && r->n < DOTS) {
        r->t[r->n] = times / (double)in_stretch;
        r->per_min[r->n++] = 60 * (double)in_stretch / sum;
    }
    for (size_t i = 0; i < r->n; i++) {
        r->low = fmin(r->low, r->per_min[i]);
        r->high = fmax(r->high, r->per_min[i]);
    }
}

static void put_rates(emgp_sink *sink, const emg_report_qrs *b, double duration_s, double top, rates *r)
{
    find_rates(b, duration_s, r);
    if (r->n == 0)
        return;
    bool hours = duration_s > 3 * 3600, minutes = duration_s > 300;
    double unit = hours ? 3600 : minutes ? 60 : 1, step;
    emgp_plot plot = { .sink = sink,
                       .left = rate_left,
                       .top = top + plot_top,
                       .width = rate_width,
                       .height = plot_height,
                       .x = { .low = 0,
                              .high = duration_s / unit,
                              .label = hours     ? "time (h)"
                                       : minutes ? "time (min)"
                                                 : "time (s)" },
                       .y = axis_round(fmin(r->low, b->rate_per_min - 10), fmax(r->high, b->rate_per_min + 10),
                                       "beats per minute", &step) };
    emgp_plot_frame_with(&plot, step);
    double y = emgp_plot_y(&plot, b->rate_per_min);
    emgp_svg_line(sink, rate_left, y, rate_left + rate_width, y, "frame dashed");
    for (size_t i = 0; i < r->n; i++)
        emgp_plot_dot(&plot, r->t[i] / unit, r->per_min[i], "b");
}

emg_status emg_report_ecg(const emg_report_qrs *channels, size_t n, double duration_s, bool alone, emg_write *write,
                          void *context, emg_error *err)
{
    if (!write)
        return emgp_fail(err, EMG_EARG, "emg_report_ecg needs a function that takes the text");
    emg_status status = check(channels, n, duration_s, err);
    if (status)
        return status;
    rates *r = emgp_alloc(1, sizeof *r);
    if (!r)
        return emgp_fail_memory(err);
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    emgp_svg_open(&sink, width, head + row_height * (double)n, "Heart removed", alone);
    for (size_t c = 0; status == EMG_OK && c < n; c++) {
        double top = head / 2 + row_height * (double)c;
        put_title(&sink, &channels[c], top);
        status = put_wave(&sink, &channels[c], top, err);
        if (channels[c].qrs_s && channels[c].rate_per_min > 0)
            put_rates(&sink, &channels[c], duration_s, top, r);
    }
    emgp_svg_close(&sink);
    emgp_free(r);
    return status ? status : emgp_sink_flush(&sink);
}
