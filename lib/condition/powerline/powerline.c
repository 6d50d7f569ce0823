/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line taken off samples in double: it is fitted to a copy without offset and drift. */
#include <math.h>
#include <string.h>

#include <emg/powerline.h>

#include "base/base.h"
#include "condition/powerline/powerline.h"
#include "dsp/filter/filter.h"

/*  samples in double:  |<---- held ---------------------------->|
 *  copy, in its band:   in emgp_powerline | in emgp_zerophase        |   both without delay: row for row
 *  the line, in float:  comes out at the front; the oldest samples less the line are handed on
 *
 * Each harmonic of the line is that of the copy divided by the filter's gain at its frequency. */

static const double HIGH_PASS_HZ = 20; /* as the surface band: drift and motion lie below, and the line above */
static const double MOST_RATE_HZ = 2e5;
static const double LOW_PASS_SHARE = 0.45;        /* of the rate: a top above it limits nothing */
static const double SINGLE_PRECISION_RATIO = 250; /* rate / corner up to which the copy's filter runs in float */
enum { COPY_ORDER = 4, PIECE = 4096 };

struct emg_powerline_stream {
    emgp_zerophase *copy; /* NULL: no line is looked for */
    emgp_powerline *powerline;
    emgp_section sections[EMGP_MOST_ORDER];
    size_t n_channels;
    double
        *held; /* a ring of `room` rows, `rows` of them in use from `first` on: samples whose line is not known yet */
    size_t room, first, rows;
    emg_take_frames *take;
    void *context;
};

emg_powerline_plan emg_powerline_defaults(void)
{
    emg_powerline_plan plan = { EMG_POWERLINE_AUTO, 16, 9, 0, HUGE_VAL };
    return plan;
}

static emg_status copy_ready(void *context, const float *x, size_t n_frames, emg_error *err)
{
    emg_powerline_stream *stream = context;
    return emgp_powerline_push(stream->powerline, x, n_frames, err);
}

/* Of n rows from a row of the ring on, those before its end. */
static size_t before_end(const emg_powerline_stream *stream, size_t row, size_t n)
{
    return n < stream->room - row ? n : stream->room - row;
}

static emg_status line_ready(void *context, const float *line, size_t n_frames, emg_error *err)
{
    emg_powerline_stream *stream = context;
    emg_status status = EMG_OK;
    while (n_frames > 0 && status == EMG_OK) {
        const size_t rows = before_end(stream, stream->first, n_frames), n = rows * stream->n_channels;
        double *x = stream->held + stream->first * stream->n_channels;
        for (size_t i = 0; i < n; i++)
            x[i] -= (double)line[i];
        stream->first = (stream->first + rows) % stream->room;
        stream->rows -= rows;
        status = stream->take(stream->context, x, rows, err);
        line += n;
        n_frames -= rows;
    }
    return status;
}

static emg_status check(const emg_powerline_plan *plan, double rate_hz, emg_take_frames *take, emg_error *err)
{
    if (!plan || !take)
        return emgp_fail(err, EMG_EARG, "emg_powerline_stream_new needs a plan and a taker of frames");
    if (plan->mode < EMG_POWERLINE_AUTO || plan->mode > EMG_POWERLINE_OFF)
        return emgp_fail(err, EMG_EARG, "%d is no way to look for a mains line", (int)plan->mode);
    if (!(rate_hz > 0) || !(rate_hz <= MOST_RATE_HZ))
        return emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not above 0 and up to %g", rate_hz, MOST_RATE_HZ);
    if (!(plan->keep_db >= 0) || !(plan->keep_db <= 60))
        return emgp_fail(err, EMG_ERANGE, "a line kept above %g dB is not within 0 to 60", plan->keep_db);
    if (!(plan->top_hz > 0))
        return emgp_fail(err, EMG_ERANGE, "the highest mains harmonic, %g Hz, is not above 0", plan->top_hz);
    return isfinite(plan->stated_hz) && plan->stated_hz >= 0
               ? EMG_OK
               : emgp_fail(err, EMG_ERANGE, "the line frequency stated, %g Hz, is not 0 or above", plan->stated_hz);
}

/* The copy goes through its band, then to the fit. */
static emg_status make(emg_powerline_stream *stream, const emg_powerline_plan *plan, double rate_hz, emg_error *err)
{
    size_t n_sections;
    const emgp_band band = plan->top_hz <= LOW_PASS_SHARE * rate_hz ? EMGP_BAND_PASS : EMGP_BAND_HIGH;
    emg_status status =
        emgp_butterworth(stream->sections, &n_sections, band, COPY_ORDER, HIGH_PASS_HZ, plan->top_hz, rate_hz, err);
    emgp_powerline_setting setting = { .mode = plan->mode,
                                       .harmonics = plan->harmonics,
                                       .keep_db = plan->keep_db,
                                       .hint_hz = plan->stated_hz,
                                       .through = stream->sections,
                                       .n_through = n_sections };
    if (status == EMG_OK)
        status = emgp_powerline_new(&stream->powerline, &setting, rate_hz, plan->top_hz, stream->n_channels, line_ready,
                                    stream, err);
    if (status == EMG_OK)
        status = emgp_zerophase_new(&stream->copy, stream->sections, n_sections, rate_hz, stream->n_channels,
                                    rate_hz / HIGH_PASS_HZ <= SINGLE_PRECISION_RATIO, copy_ready, stream, err);
    if (status)
        return status;
    stream->room = emg_powerline_stream_latency(stream) + PIECE;
    stream->held = emgp_alloc(stream->room * stream->n_channels, sizeof *stream->held);
    return stream->held ? EMG_OK : emgp_fail_memory(err);
}

emg_status emg_powerline_stream_new(emg_powerline_stream **out, const emg_powerline_plan *plan, double rate_hz,
                                    size_t n_channels, emg_take_frames *take, void *context, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_powerline_stream_new needs a place for the stream");
    *out = NULL;
    emg_status status = check(plan, rate_hz, take, err);
    if (status)
        return status;
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    if (plan->harmonics < 1 || plan->harmonics > EMG_POWERLINE_MOST_HARMONICS)
        return emgp_fail(err, EMG_ERANGE, "%zu mains harmonics is not within 1 to %d", plan->harmonics,
                         EMG_POWERLINE_MOST_HARMONICS);
    emg_powerline_stream *stream = emgp_alloc(1, sizeof *stream);
    if (!stream)
        return emgp_fail_memory(err);
    stream->n_channels = n_channels;
    stream->take = take;
    stream->context = context;
    if (emgp_powerline_wanted(plan->mode, rate_hz, plan->top_hz))
        status = make(stream, plan, rate_hz, err);
    if (status) {
        emg_powerline_stream_free(stream);
        return status;
    }
    *out = stream;
    return EMG_OK;
}

void emg_powerline_stream_free(emg_powerline_stream *stream)
{
    if (!stream)
        return;
    emgp_zerophase_free(stream->copy);
    emgp_powerline_free(stream->powerline);
    emgp_free(stream->held);
    emgp_free(stream);
}

size_t emg_powerline_stream_latency(const emg_powerline_stream *stream)
{
    return stream && stream->copy ? emgp_zerophase_latency(stream->copy) + emgp_powerline_latency(stream->powerline)
                                  : 0;
}

static void hold(emg_powerline_stream *stream, const double *x, size_t n)
{
    const size_t at = (stream->first + stream->rows) % stream->room, rows = before_end(stream, at, n);
    const size_t row = stream->n_channels;
    memcpy(stream->held + at * row, x, rows * row * sizeof *x);
    memcpy(stream->held, x + rows * row, (n - rows) * row * sizeof *x);
    stream->rows += n;
}

emg_status emg_powerline_stream_push(emg_powerline_stream *stream, const double *x, size_t n_frames, emg_error *err)
{
    if (!stream || !emgp_samples_given(x, n_frames, stream->n_channels))
        return emgp_fail(err, EMG_EARG, "emg_powerline_stream_push needs a stream and samples");
    const size_t n = stream->n_channels;
    for (size_t i = 0; i < n_frames * n; i++) {
        if (!isfinite(x[i]))
            return emgp_fail(err, EMG_EARG, "a sample of channel %zu of the group is not finite", i % n + 1);
    }
    return emgp_powerline_stream_push(stream, x, n_frames, err);
}

emg_status emgp_powerline_stream_push(emg_powerline_stream *stream, const double *x, size_t n_frames, emg_error *err)
{
    const size_t n = stream->n_channels;
    if (!stream->copy)
        return n_frames > 0 ? stream->take(stream->context, x, n_frames, err) : EMG_OK;
    while (n_frames > 0) {
        size_t piece = n_frames < PIECE ? n_frames : PIECE;
        hold(stream, x, piece);
        emg_status status = emgp_zerophase_push(stream->copy, x, piece, err);
        if (status)
            return status;
        x += piece * n;
        n_frames -= piece;
    }
    return EMG_OK;
}

emg_status emg_powerline_stream_finish(emg_powerline_stream *stream, emg_error *err)
{
    if (!stream)
        return emgp_fail(err, EMG_EARG, "emg_powerline_stream_finish needs a stream");
    if (!stream->copy)
        return EMG_OK;
    emg_status status = emgp_zerophase_finish(stream->copy, err);
    return status ? status : emgp_powerline_finish(stream->powerline, err);
}

emg_powerline_found emgp_powerline_stream_found(const emg_powerline_stream *stream, size_t channel)
{
    return stream->powerline ? emgp_powerline_found(stream->powerline, channel)
                             : (emg_powerline_found){ NAN, NAN, NAN, 0, NAN };
}

emg_status emg_powerline_stream_found(const emg_powerline_stream *stream, size_t channel, emg_powerline_found *out,
                                      emg_error *err)
{
    if (!stream || !out)
        return emgp_fail(err, EMG_EARG, "emg_powerline_stream_found needs a stream and a place for what was found");
    if (channel >= stream->n_channels)
        return emgp_fail(err, EMG_EARG, "the group has %zu channels, none at %zu", stream->n_channels, channel);
    *out = emgp_powerline_stream_found(stream, channel);
    return EMG_OK;
}
