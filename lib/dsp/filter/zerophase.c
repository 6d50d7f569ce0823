/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forward over everything once; backward over overlapping blocks, each begun so far ahead that it forgets how. */
#include "dsp/filter/filter.h"

#include <string.h>

#include "base/base.h"
#include "dsp/kernels/kernels.h"

/*  rows, forward-filtered:   |<-------- chunk -------->|<--- ahead --->|
 *  backward:                  <=== handed on ========== <-- warms up --  from zero state
 *
 * `ahead` is, unless asked otherwise, the time in which the filter's impulse response falls to DECAYED of its peak: what
 * the backward pass does not know of the future is worth no more than that. The chunk is four times as long, so the
 * warm-up costs a quarter of a pass. All is counted from the segment's first frame, hence the same however the input is
 * cut. Without `ahead` there is no backward pass, and every piece is handed on at once. */

static const double DECAYED = 1e-8;
enum { MOST_AHEAD = 1 << 20, CHUNK_PER_AHEAD = 4, FLUSH_FRAMES = 256, OUT_FRAMES = 1024, LEAST_AHEAD = 64 };

struct emgp_zerophase {
    const emgp_lanes *set;
    size_t n_sections, n_channels, stride, chunk, ahead;
    bool single;
    emgp_section sections[EMGP_MOST_ORDER];
    emgp_frames *next;            /* takes floats, */
    emg_take_frames *next_double; /* or doubles; the other one is NULL */
    void *context;
    double dc_gain; /* of both passes */
    double *first;  /* the segment's first value of each channel, taken off before the passes */
    double *last;   /* the latest value of each channel */
    void *rows;     /* chunk + ahead of them, filtered forward; what is handed on is filtered backward in its place */
    void *piece;    /* FLUSH_FRAMES rows that the backward pass warms up through */
    void *state;    /* of the forward pass */
    void *back_state;
    void *out;     /* OUT_FRAMES frames, interleaved without padding, float or double */
    size_t n_rows; /* rows in use */
    size_t phase;  /* frames since the states were last looked over for tiny values */
    bool begun;    /* the segment has a first frame */
};

static size_t element(const emgp_zerophase *z)
{
    return z->single ? sizeof(float) : sizeof(double);
}

static bool allocate(emgp_zerophase *z)
{
    size_t n = 0, states = 2 * z->n_sections * z->stride;
    if (!emgp_multiply(z->chunk + z->ahead, z->stride, &n))
        return false;
    z->first = emgp_alloc(z->n_channels, sizeof *z->first);
    z->last = emgp_alloc(z->n_channels, sizeof *z->last);
    z->rows = emgp_alloc(n, element(z));
    z->piece = emgp_alloc(FLUSH_FRAMES * z->stride, element(z));
    z->state = emgp_alloc(states, element(z));
    z->back_state = emgp_alloc(states, element(z));
    z->out = emgp_alloc(OUT_FRAMES * z->n_channels, z->next_double ? sizeof(double) : sizeof(float));
    return z->first && z->last && z->rows && z->piece && z->state && z->back_state && z->out;
}

/* Makes it from what `like` says: ahead, chunk, single and where to hand on; the rest is filled in. */
static emg_status make(emgp_zerophase **out, const emgp_zerophase *like, const emgp_section *sections,
                       size_t n_sections, size_t n_channels, emg_error *err)
{
    emgp_zerophase *z = emgp_alloc(1, sizeof *z);
    if (!z)
        return emgp_fail_memory(err);
    *z = *like;
    z->set = emgp_lanes_for(n_channels);
    z->n_sections = n_sections;
    z->n_channels = n_channels;
    z->stride = emgp_lanes_stride(z->set, n_channels, element(z));
    memcpy(z->sections, sections, n_sections * sizeof *sections);
    double gain = emgp_sections_dc_gain(sections, n_sections);
    z->dc_gain = z->ahead > 0 ? gain * gain : gain;
    if (!allocate(z)) {
        emgp_zerophase_free(z);
        return emgp_fail_memory(err);
    }
    *out = z;
    return EMG_OK;
}

static emg_status check(size_t n_sections, size_t n_channels, emg_error *err)
{
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    if (n_sections < 1 || n_sections > EMGP_MOST_ORDER)
        return emgp_fail(err, EMG_ERANGE, "%zu filter sections is not within 1 to %d", n_sections, EMGP_MOST_ORDER);
    return EMG_OK;
}

emg_status emgp_zerophase_new(emgp_zerophase **out, const emgp_section *sections, size_t n_sections, double rate_hz,
                              size_t n_channels, bool single_precision, emgp_frames *next, void *context,
                              emg_error *err)
{
    *out = NULL;
    emg_status status = check(n_sections, n_channels, err);
    if (status)
        return status;
    size_t ahead = emgp_sections_decay(sections, n_sections, DECAYED, MOST_AHEAD);
    if (ahead == 0)
        return emgp_fail(err, EMG_ERANGE, "a filter corner is too low for the sampling rate %g Hz", rate_hz);
    if (ahead < LEAST_AHEAD)
        ahead = LEAST_AHEAD;
    const emgp_zerophase like = {
        .single = single_precision, .ahead = ahead, .chunk = CHUNK_PER_AHEAD * ahead, .next = next, .context = context
    };
    return make(out, &like, sections, n_sections, n_channels, err);
}

emg_status emgp_zerophase_new_double(emgp_zerophase **out, const emgp_section *sections, size_t n_sections,
                                     size_t ahead, size_t chunk, size_t n_channels, emg_take_frames *next,
                                     void *context, emg_error *err)
{
    *out = NULL;
    emg_status status = check(n_sections, n_channels, err);
    if (status)
        return status;
    const emgp_zerophase like = { .ahead = ahead, .chunk = chunk, .next_double = next, .context = context };
    return make(out, &like, sections, n_sections, n_channels, err);
}

void emgp_zerophase_free(emgp_zerophase *z)
{
    if (!z)
        return;
    emgp_free(z->first);
    emgp_free(z->last);
    emgp_free(z->rows);
    emgp_free(z->piece);
    emgp_free(z->state);
    emgp_free(z->back_state);
    emgp_free(z->out);
    emgp_free(z);
}

size_t emgp_zerophase_latency(const emgp_zerophase *z)
{
    return z->ahead > 0 ? z->chunk + z->ahead : 0;
}

static void run(const emgp_zerophase *z, void *state, const void *in, size_t in_row, void *out, size_t out_row,
                size_t n, int step, bool flush)
{
    size_t from = in_row * z->stride, to = out_row * z->stride;
    if (z->single)
        z->set->sections_float(z->sections, z->n_sections, state, (const float *)in + from, (float *)out + to, n,
                               z->n_channels, z->stride, step, flush);
    else
        z->set->sections_double(z->sections, z->n_sections, state, (const double *)in + from, (double *)out + to, n,
                                z->n_channels, z->stride, step, flush);
}

/* Stores n frames less the first value after the last row; x advances by x_step a frame (0 repeats). */
static void load(emgp_zerophase *z, const double *x, size_t x_step, size_t n)
{
    size_t at = z->n_rows * z->stride;
    if (z->single)
        z->set->load_float(x, x_step, z->first, n, z->n_channels, z->stride, (float *)z->rows + at);
    else
        z->set->load_double(x, x_step, z->first, n, z->n_channels, z->stride, (double *)z->rows + at);
}

/* Copies n rows, from the given one, without padding into `out`, each with what the filter makes of the constant that
 * was taken off. */
static void to_floats(const emgp_zerophase *z, size_t row, const double *constant, size_t n)
{
    float *to = z->out;
    const float *from = (const float *)z->rows + row * z->stride;
    const double *exact = (const double *)z->rows + row * z->stride;
    for (size_t t = 0; t < n; t++, to += z->n_channels) {
        for (size_t channel = 0; channel < z->n_channels && z->single; channel++)
            to[channel] = (float)(from[t * z->stride + channel] + constant[channel]);
        for (size_t channel = 0; channel < z->n_channels && !z->single; channel++)
            to[channel] = (float)(exact[t * z->stride + channel] + constant[channel]);
    }
}

static void to_doubles(const emgp_zerophase *z, size_t row, const double *constant, size_t n)
{
    double *to = z->out;
    const double *from = (const double *)z->rows + row * z->stride;
    for (size_t t = 0; t < n; t++, to += z->n_channels)
        for (size_t channel = 0; channel < z->n_channels; channel++)
            to[channel] = from[t * z->stride + channel] + constant[channel];
}

static emg_status give(emgp_zerophase *z, const void *frames, size_t n, emg_error *err)
{
    return z->next_double ? z->next_double(z->context, frames, n, err) : z->next(z->context, frames, n, err);
}

/* Hands on the first n rows; as they are where nothing has to be copied. */
static emg_status hand_on(emgp_zerophase *z, size_t n, emg_error *err)
{
    if (z->stride == z->n_channels && z->dc_gain == 0 && z->single == !z->next_double)
        return give(z, z->rows, n, err);
    double constant[EMGP_MOST_CHANNELS];
    for (size_t channel = 0; channel < z->n_channels; channel++)
        constant[channel] = z->first[channel] * z->dc_gain;
    emg_status status = EMG_OK;
    for (size_t row = 0; status == EMG_OK && row < n; row += OUT_FRAMES) {
        size_t piece = n - row < OUT_FRAMES ? n - row : OUT_FRAMES;
        if (z->next_double)
            to_doubles(z, row, constant, piece);
        else
            to_floats(z, row, constant, piece);
        status = give(z, z->out, piece, err);
    }
    return status;
}

/* Filters all rows in use backward from zero state and hands on the first n; the others stay as they are. */
static emg_status run_backward(emgp_zerophase *z, size_t n, emg_error *err)
{
    size_t row = z->stride * element(z);
    memset(z->back_state, 0, 2 * z->n_sections * row);
    for (size_t end = z->n_rows; end > 0;) {
        size_t piece = end < FLUSH_FRAMES ? end : FLUSH_FRAMES;
        end -= piece;
        if (end + piece <= n) {
            run(z, z->back_state, z->rows, end, z->rows, end, piece, -1, true);
            continue;
        }
        run(z, z->back_state, z->rows, end, z->piece, 0, piece, -1, true);
        if (end < n)
            memcpy((char *)z->rows + end * row, z->piece, (n - end) * row);
    }
    return hand_on(z, n, err);
}

/* Takes n frames through the forward pass, and the backward pass each time enough are held. */
static emg_status advance(emgp_zerophase *z, const double *x, size_t x_step, size_t n, emg_error *err)
{
    size_t room = z->chunk + z->ahead;
    while (n > 0) {
        size_t piece = room - z->n_rows;
        if (piece > FLUSH_FRAMES - z->phase)
            piece = FLUSH_FRAMES - z->phase;
        if (piece > n)
            piece = n;
        load(z, x, x_step, piece);
        z->phase = (z->phase + piece) % FLUSH_FRAMES;
        run(z, z->state, z->rows, z->n_rows, z->rows, z->n_rows, piece, 1, z->phase == 0);
        z->n_rows += piece;
        x += piece * x_step;
        n -= piece;
        if (z->ahead > 0 && z->n_rows < room)
            continue;
        emg_status status = z->ahead > 0 ? run_backward(z, z->chunk, err) : hand_on(z, piece, err);
        if (status)
            return status;
        size_t row = z->stride * element(z);
        memmove(z->rows, (char *)z->rows + z->chunk * row, z->ahead * row);
        z->n_rows = z->ahead; /* forward alone: none */
    }
    return EMG_OK;
}

emg_status emgp_zerophase_push(emgp_zerophase *z, const double *x, size_t n_frames, emg_error *err)
{
    if (n_frames == 0)
        return EMG_OK;
    if (!z->begun) {
        /* Less its first value the segment starts at 0: zero states are the steady state of what went before. */
        memcpy(z->first, x, z->n_channels * sizeof *x);
        memset(z->state, 0, 2 * z->n_sections * z->stride * element(z));
        z->begun = true;
    }
    memcpy(z->last, x + (n_frames - 1) * z->n_channels, z->n_channels * sizeof *x);
    return advance(z, x, z->n_channels, n_frames, err);
}

emg_status emgp_zerophase_finish(emgp_zerophase *z, emg_error *err)
{
    if (!z->begun)
        return EMG_OK;
    emg_status status = advance(z, z->last, 0, z->ahead, err);
    if (status == EMG_OK && z->n_rows > z->ahead)
        status = run_backward(z, z->n_rows - z->ahead, err);
    z->n_rows = z->phase = 0;
    z->begun = false;
    return status;
}
