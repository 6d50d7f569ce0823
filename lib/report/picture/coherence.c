/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a coherence: its curve with the chance level, and the phase wherever the curve lies above that. */
#include "report/picture/picture.h"

#include <math.h>
#include <stdio.h>

#include "base/base.h"

enum { many = 200 }; /* bins: dots are smaller then */
static const double width = 760, left = 64, right = 24, head = 62, foot = 46, gap = 26;
static const double coherence_height = 220, phase_height = 130;
static const double legend_left = 570;
static const double quarter_turn = 90, degrees = 180;

/* A number of three digits. */
static void short_number(double value, char out[EMGP_NUMBER_ROOM])
{
    double scale = value > 0 && isfinite(value) ? pow(10, 2 - floor(log10(value))) : 1;
    emgp_number_print(out, rint(value * scale) / scale);
}

static void put_heading(emgp_sink *sink, const emgp_coherence_picture *p)
{
    char text[512], window[EMGP_NUMBER_ROOM], worth[EMGP_NUMBER_ROOM], chance[EMGP_NUMBER_ROOM];
    short_number(p->window_s, window);
    short_number(p->n_independent, worth);
    short_number(p->chance_95, chance);
    snprintf(text, sizeof text, "%s and %s", p->first, p->second);
    emgp_svg_text(sink, left, 20, "strong", text);
    snprintf(text, sizeof text, "%s; %llu segments of %s s, worth %s disjoint ones",
             p->raw ? "as recorded" : "conditioned", (unsigned long long)p->n_segments, window, worth);
    emgp_svg_text(sink, left, 38, "small", text);
    snprintf(text, sizeof text, "95 %% chance level %s", chance);
    emgp_svg_line(sink, legend_left, head - 12, legend_left + 22, head - 12, "b dashed");
    emgp_svg_text(sink, legend_left + 28, head - 8, "small", text);
}

/* 0 to a round number above all that is shown, at most 1. */
static emgp_axis coherence_axis(const emgp_coherence_picture *p, double *step)
{
    double top = p->chance_95;
    for (size_t i = 0; i < p->n; i++)
        top = fmax(top, p->coherence[i]); /* of a NaN the other one */
    *step = emgp_plot_step(fmax(top, 1e-6), 4);
    return (emgp_axis){ .low = 0, .high = fmin(*step * ceil(1.02 * top / *step), 1), .label = "coherence" };
}

/* A dot for each bin above the chance level: below it the phase is anyone's guess. */
static void put_phases(const emgp_plot *plot, const emgp_coherence_picture *p)
{
    const double dot = p->n > many ? 3 : 5;
    for (size_t i = 0; i < p->n; i++) {
        if (p->coherence[i] > p->chance_95)
            emgp_svg_box(plot->sink, emgp_plot_x(plot, p->frequency_hz[i]) - dot / 2,
                         emgp_plot_y(plot, p->phase_rad[i] * degrees / PI) - dot / 2, dot, dot, "c");
    }
}

static void put_plots(emgp_sink *sink, const emgp_coherence_picture *p)
{
    double step, last = p->frequency_hz[p->n - 1];
    emgp_plot plot = { .sink = sink,
                       .left = left,
                       .top = head,
                       .width = width - left - right,
                       .height = coherence_height,
                       .x = { .low = p->frequency_hz[0], .high = p->n > 1 ? last : last + 1 },
                       .y = coherence_axis(p, &step) };
    const double chance_y = emgp_plot_y(&plot, p->chance_95);
    emgp_plot_frame_with(&plot, step);
    emgp_plot_line(&plot, p->frequency_hz, p->coherence, p->n, "a");
    emgp_svg_line(sink, left, chance_y, left + plot.width, chance_y, "b dashed");
    plot.top += coherence_height + gap;
    plot.height = phase_height;
    plot.x.label = "frequency (Hz)";
    plot.y = (emgp_axis){ .low = -degrees, .high = degrees, .label = "phase (degrees)" };
    emgp_plot_frame_with(&plot, quarter_turn);
    put_phases(&plot, p);
}

emg_status emgp_coherence_write(const emgp_coherence_picture *picture, emg_write *write, void *context, emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, write, context, err);
    emgp_svg_open(sink, width, head + coherence_height + gap + phase_height + foot, "Coherence of two channels", true);
    put_heading(sink, picture);
    put_plots(sink, picture);
    emgp_svg_close(sink);
    emg_status status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
}
