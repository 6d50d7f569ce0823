/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels: the RMS of 5 ms after 5 ms, kept in 16 bits; of 50 ms, 0.2 s and 0.4 s only how often each occurred. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/* The spectrum is looked at over the loudest quarter of a second of a record. */
enum { LOOK_STEPS = 50 };
/* A tone is like itself so much later; it is looked for where the spectrum is no flatter than this (ours). */
static const double tone_s = 0.075, tone_flatness = 0.1;
/* Whether the waveform repeats is asked of so many samples a second, where a level is so many times another (ours). */
static const double dense_hz = 4000, stands_out = 4;
/* A muscle's spectrum rises from the one to the other; that of coloured noise falls (ours). */
static const double low_side_hz = 35, hump_hz = 80;

/* Prediction error over power: near 1 for white noise, near 0 for a tone; and the filter `a` that predicts (Levinson 1947). */
static double flatness_of(const double r[EMGP_LAGS + 1], double a[EMGP_LAGS + 1])
{
    double error = r[0] * (1 + 1e-6);
    memset(a, 0, (EMGP_LAGS + 1) * sizeof *a);
    a[0] = 1;
    for (size_t k = 1; k <= EMGP_LAGS; k++) {
        double sum = r[k], b[EMGP_LAGS + 1];
        for (size_t j = 1; j < k; j++)
            sum += a[j] * r[k - j];
        const double reflection = -sum / error;
        memcpy(b, a, sizeof b);
        for (size_t j = 1; j < k; j++)
            a[j] = b[j] + reflection * b[k - j];
        a[k] = reflection;
        error *= 1 - reflection * reflection;
    }
    return fmax(error, 0) / r[0];
}

/* Gain of the prediction filter at w radians a lag, squared: the inverse of the spectrum that it stands for. */
static double gain_at(const double a[EMGP_LAGS + 1], double w)
{
    double re = 0, im = 0;
    for (size_t k = 0; k <= EMGP_LAGS; k++) {
        re += a[k] * cos((double)k * w);
        im -= a[k] * sin((double)k * w);
    }
    return re * re + im * im;
}

/* Flatness of white noise between two frequencies, seen at that lag. */
static double white_flatness(double low_hz, double high_hz, double lag_s)
{
    double r[EMGP_LAGS + 1] = { 1 }, a[EMGP_LAGS + 1];
    for (size_t k = 1; k <= EMGP_LAGS; k++) {
        const double w = 2 * PI * (double)k * lag_s;
        r[k] = (sin(high_hz * w) - sin(low_hz * w)) / ((high_hz - low_hz) * w);
    }
    return flatness_of(r, a);
}

emg_status emgp_levels_new(emgp_levels **out, double rate_hz, double low_hz, double high_hz, emgp_spill *spill,
                           size_t stream, emg_error *err)
{
    emgp_levels *l = emgp_alloc(1, sizeof *l);
    if (!l)
        return emgp_fail_memory(err);
    l->spill = spill;
    l->stream = stream;
    l->rate_hz = rate_hz;
    l->step = (size_t)fmax(1, round(0.005 * rate_hz));
    l->stride = (size_t)fmax(1, floor(rate_hz / (4 * high_hz)));
    l->lag = (size_t)fmax(1, floor(rate_hz / (2 * high_hz * (double)l->stride)));
    l->white = white_flatness(low_hz, fmin(high_hz, rate_hz / 2), (double)(l->lag * l->stride) / rate_hz);
    l->band_hz = fmax(fmin(high_hz, rate_hz / 2) - low_hz, 1);
    l->held = emgp_alloc(l->step * EMGP_LEVELS, sizeof *l->held);
    l->thin = emgp_alloc(l->step * LOOK_STEPS / l->stride + 1, sizeof *l->thin);
    l->pace = (size_t)fmax(1, floor(rate_hz / dense_hz));
    l->dense = emgp_alloc(l->step * LOOK_STEPS / l->pace + 1, sizeof *l->dense);
    l->room = emgp_alloc(l->step * LOOK_STEPS / l->pace + 1, sizeof *l->room);
    if (!l->held || !l->thin || !l->dense || !l->room) {
        emgp_levels_free(l);
        return emgp_fail_memory(err);
    }
    *out = l;
    return EMG_OK;
}

void emgp_levels_free(emgp_levels *l)
{
    if (!l)
        return;
    emgp_free(l->held);
    emgp_free(l->thin);
    emgp_free(l->dense);
    emgp_free(l->room);
    emgp_free(l);
}

double emgp_levels_step_s(const emgp_levels *l)
{
    return (double)l->step / l->rate_hz;
}

void emgp_levels_start(emgp_levels *l, double start_s)
{
    l->start_s = start_s;
    l->steps = 0;
    l->n_held = l->in_block = l->n_blocks = 0;
    l->block = 0;
    l->record = (emgp_level_record){ .start_s = start_s, .flags = EMGP_LEVELS_START };
}

/* Correlation of a window with itself `shift` points later, 1 at most. */
static double correlation(const float *x, size_t n, size_t shift)
{
    const double before = emgp_product(x, x, n - shift), after = emgp_product(x + shift, x + shift, n - shift);
    return before > 0 && after > 0 ? emgp_product(x, x + shift, n - shift) / sqrt(before * after) : 0;
}

/* How like itself the window is some periods of its leading frequency later: 1 for a tone, a muscle's is below 0.9. The
 * correlation is a cosine of the shift there; two points a quarter of a period apart give its height. */
static double tone_likeness(const emgp_levels *l, const float *x, size_t n)
{
    const size_t shift = (size_t)(tone_s * l->rate_hz / (double)l->stride);
    size_t crossings = 0;
    for (size_t i = 1; i < n; i++)
        crossings += (x[i] < 0) != (x[i - 1] < 0);
    if (crossings == 0)
        return 0;
    const double turn = PI * (double)crossings / (double)n;
    const size_t quarter = (size_t)fmax(1, round(PI / 2 / turn));
    if (shift < 1 || 2 * (shift + quarter) > n)
        return 0;
    const double a = correlation(x, n, shift), b = correlation(x, n, shift + quarter), c = cos((double)quarter * turn);
    return sqrt(fmax(a * a + b * b - 2 * a * b * c, 0) / (1 - c * c));
}

/* How far the spectrum is higher at the hump than at its low side. */
static int8_t rise_of(const emgp_levels *l, const double a[EMGP_LAGS + 1])
{
    const double turn = 2 * PI * (double)(l->lag * l->stride) / l->rate_hz;
    const double db = 10 * log10(gain_at(a, low_side_hz * turn) / gain_at(a, hump_hz * turn));
    return (int8_t)lround(fmax(INT8_MIN, fmin(INT8_MAX, EMGP_RISE_STEPS * db)));
}

/* The loudest LOOK_STEPS of the record: its first step. */
static size_t loudest(const emgp_level_record *record)
{
    float sum = 0, most = 0;
    size_t at = 0;
    for (size_t i = 0; i < record->n; i++) {
        sum += emgp_level_amplitude(record->level[i]);
        sum -= i >= LOOK_STEPS ? emgp_level_amplitude(record->level[i - LOOK_STEPS]) : 0;
        if (i + 1 >= LOOK_STEPS && sum > most) {
            most = sum;
            at = i + 1 - LOOK_STEPS;
        }
    }
    return at;
}

/* One sample in `stride` of the record's loudest part. */
static size_t take_thin(emgp_levels *l, size_t at)
{
    const float *x = l->held + at * l->step;
    size_t n = 0;
    for (size_t i = 0; i < LOOK_STEPS * l->step; i += l->stride)
        l->thin[n++] = x[i];
    return n;
}

/* Whether the waveform repeats, where the record's loudest level stands out of its lowest. */
static double repeat_at(const emgp_levels *l, size_t at)
{
    const emgp_level_record *record = &l->record;
    float low = INFINITY, high = 0;
    for (size_t i = 0; i < record->n; i++) {
        const float level = emgp_level_amplitude(record->level[i]);
        low = level < low ? level : low;
        high = level > high ? level : high;
    }
    if (!((double)high > stands_out * (double)low))
        return 0;
    size_t n = 0;
    for (const float *x = l->held + at * l->step, *end = x + LOOK_STEPS * l->step; x + l->pace <= end; x += l->pace) {
        float sum = 0;
        for (size_t k = 0; k < l->pace; k++)
            sum += x[k];
        l->dense[n++] = sum;
    }
    return emgp_repeat_of(l->dense, l->room, n, l->rate_hz / (double)l->pace);
}

/* What the record's loudest part is like, into the record. */
static void look(emgp_levels *l)
{
    if (l->record.n < LOOK_STEPS)
        return;
    const size_t at = loudest(&l->record), n = take_thin(l, at);
    const float *x = l->thin;
    l->record.repeat = (uint8_t)lround(255 * fmin(1, repeat_at(l, at)));
    double r[EMGP_LAGS + 1] = { 0 };
    for (size_t k = 0; k <= EMGP_LAGS && k * l->lag < n; k++)
        r[k] = emgp_product(x, x + k * l->lag, n - k * l->lag);
    if (!(r[0] > 0))
        return;
    double fourth = 0;
    for (size_t i = 0; i < n; i++) {
        const double square = (double)x[i] * (double)x[i];
        fourth += square * square;
    }
    double a[EMGP_LAGS + 1];
    const double flatness = flatness_of(r, a);
    l->rise = rise_of(l, a);
    l->flatness = (uint8_t)lround(255 * fmin(1, flatness / l->white));
    l->kurtosis = (uint8_t)fmin(255, fmax(0, round(20 * ((double)n * fourth / (r[0] * r[0]) - 3))));
    l->tone = flatness < tone_flatness ? (uint8_t)lround(255 * fmin(1, tone_likeness(l, x, n))) : 0;
}

/* A block of 50 ms: the levels that end with it, each counted. */
static void close_block(emgp_levels *l)
{
    const double block = l->block / EMGP_BLOCK_STEPS;
    if (l->n_blocks > 0) {
        const double before = l->blocks[(l->n_blocks - 1) % EMGP_BLOCKS];
        if (before > 0 && block > 0)
            emgp_histogram_add(&l->changes, block > before ? block / before : before / block);
    }
    l->blocks[l->n_blocks++ % EMGP_BLOCKS] = block;
    double sum = 0;
    for (size_t i = 1; i <= EMGP_BLOCKS && i <= l->n_blocks; i++) {
        sum += l->blocks[(l->n_blocks - i) % EMGP_BLOCKS];
        if (i == EMGP_SHORT_BLOCKS)
            emgp_histogram_add(&l->short_levels, sum / EMGP_SHORT_BLOCKS);
        if (i == EMGP_BLOCKS)
            emgp_histogram_add(&l->long_levels, sum / EMGP_BLOCKS);
    }
    l->block = 0;
    l->in_block = 0;
}

static void add_level(emgp_levels *l, const float *x)
{
    const double level = sqrt(emgp_product(x, x, l->step) / (double)l->step);
    l->record.level[l->record.n++] = emgp_level_code((float)level);
    l->block += level;
    if (++l->in_block == EMGP_BLOCK_STEPS)
        close_block(l);
}

/* The levels of what is held, and their record. */
static emg_status close_record(emgp_levels *l, uint16_t flags, emg_error *err)
{
    for (size_t i = 0; i + l->step <= l->n_held; i += l->step)
        add_level(l, l->held + i);
    look(l);
    l->record.flags = (uint16_t)(l->record.flags | flags);
    l->record.flatness = l->flatness;
    l->record.kurtosis = l->kurtosis;
    l->record.tone = l->tone;
    l->record.rise = l->rise;
    l->steps += l->record.n;
    l->n_held = 0;
    emg_status status = emgp_spill_push(l->spill, l->stream, &l->record, err);
    l->record = (emgp_level_record){ .start_s = l->start_s + (double)l->steps * emgp_levels_step_s(l) };
    return status;
}

emg_status emgp_levels_push(emgp_levels *l, const float *x, size_t n, emg_error *err)
{
    emg_status status = EMG_OK;
    while (n > 0 && status == EMG_OK) {
        const size_t room = l->step * EMGP_LEVELS - l->n_held, piece = n < room ? n : room;
        memcpy(l->held + l->n_held, x, piece * sizeof *x);
        l->n_held += piece;
        x += piece;
        n -= piece;
        if (piece == room)
            status = close_record(l, 0, err);
    }
    return status;
}

emg_status emgp_levels_end(emgp_levels *l, emg_error *err)
{
    return close_record(l, EMGP_LEVELS_END, err);
}
