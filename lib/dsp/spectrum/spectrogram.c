/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short-time spectra of a stream, a column at a time. */
#include <emg/spectrogram.h>

#include <math.h>

#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

struct emg_spectrogram {
    emgp_segment_maker maker;
    emgp_segments segments;
    emg_spectrogram_value kind;
    emg_spectrogram_edge edge;
    size_t n_bins;
    uint64_t stretch;
    bool begun;    /* this stretch has a sample */
    double *value; /* the column at hand */
    emg_take_column *take;
    void *context;
};

/* Zeros at each end of a stretch. */
static size_t margin(const emg_spectrogram *s)
{
    return s->edge == EMG_SPECTROGRAM_ZEROS ? s->segments.segment / 2 : 0;
}

static void fill_column(emg_spectrogram *s, const double *transform)
{
    if (s->kind == EMG_SPECTROGRAM_COMPLEX) {
        const double scale = sqrt(s->maker.scale);
        for (size_t i = 0; i < 2 * s->n_bins; i++)
            s->value[i] = transform[i] * scale;
        return;
    }
    for (size_t i = 0; i < s->n_bins; i++, transform += 2)
        s->value[i] = (transform[0] * transform[0] + transform[1] * transform[1]) * s->maker.scale *
                      emgp_sides(i, s->maker.plan.n_fft);
}

/* An emgp_take_segment function. */
static emg_status take(void *context, const double *const *x, uint64_t n, emg_error *err)
{
    emg_spectrogram *s = context;
    emg_status status = EMG_OK;
    for (size_t c = 0; status == EMG_OK && c < s->segments.n_channels; c++) {
        fill_column(s, emgp_segment_transform(&s->maker, x[c]));
        int64_t first = (int64_t)(n * s->segments.hop) - (int64_t)margin(s);
        double centre = (double)first + (double)s->segments.segment / 2;
        const emg_spectrogram_column column = { c,         s->stretch, first, centre / s->maker.plan.rate_hz,
                                                s->n_bins, s->value };
        status = s->take(s->context, &column, err);
    }
    return status;
}

emg_status emg_spectrogram_new(emg_spectrogram **out, const emg_welch_plan *plan, emg_spectrogram_value value,
                               emg_spectrogram_edge edge, size_t n_channels, emg_take_column *take_column,
                               void *context, emg_error *err)
{
    if (!out || !take_column)
        return emgp_fail(err, EMG_EARG, "no place for the spectrogram, or nobody to take its columns");
    *out = NULL;
    if ((int)value < EMG_SPECTROGRAM_POWER || value > EMG_SPECTROGRAM_COMPLEX || (int)edge < EMG_SPECTROGRAM_WHOLE ||
        edge > EMG_SPECTROGRAM_ZEROS)
        return emgp_fail(err, EMG_ERANGE, "no column or no edge has the number given");
    emg_status status = emgp_welch_check(plan, n_channels, 0, err);
    if (status)
        return status;
    emg_spectrogram *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    status = emgp_segment_maker_start(&s->maker, plan, err);
    if (status == EMG_OK)
        status = emgp_segments_start(&s->segments, plan, n_channels, take, s, err);
    if (status == EMG_OK) {
        s->kind = value;
        s->edge = edge;
        s->take = take_column;
        s->context = context;
        s->n_bins = emg_welch_bins(plan);
        s->value = emgp_alloc(s->n_bins, 2 * sizeof *s->value);
        if (!s->value)
            status = emgp_fail_memory(err);
    }
    if (status) {
        emg_spectrogram_free(s);
        return status;
    }
    *out = s;
    return EMG_OK;
}

void emg_spectrogram_free(emg_spectrogram *s)
{
    if (!s)
        return;
    emgp_segment_maker_stop(&s->maker);
    emgp_segments_stop(&s->segments);
    emgp_free(s->value);
    emgp_free(s);
}

emg_status emg_spectrogram_push(emg_spectrogram *s, const double *x, size_t n_frames, emg_error *err)
{
    if (!s)
        return emgp_fail(err, EMG_EARG, "no spectrogram");
    if (n_frames == 0)
        return EMG_OK;
    emg_status status = EMG_OK;
    if (!s->begun)
        status = emgp_segments_push_zeros(&s->segments, margin(s), err);
    s->begun = true;
    return status ? status : emgp_segments_push(&s->segments, x, n_frames, err);
}

emg_status emg_spectrogram_finish(emg_spectrogram *s, emg_error *err)
{
    if (!s)
        return emgp_fail(err, EMG_EARG, "no spectrogram");
    emg_status status = EMG_OK;
    if (s->begun && s->edge == EMG_SPECTROGRAM_ZEROS) {
        status = emgp_segments_push_zeros(&s->segments, margin(s), err);
        /* What the last segment taken left: its overlap. Any sample more wants a segment of its own. */
        size_t rest = s->segments.held, overlap = s->segments.segment - s->segments.hop;
        if (status == EMG_OK && (rest > overlap || s->segments.n == 0))
            status = emgp_segments_push_zeros(&s->segments, s->segments.segment - rest, err);
    }
    emgp_segments_restart(&s->segments);
    s->begun = false;
    s->stretch++;
    return status;
}
