/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditioned frames into pages: a page goes out when the two after it are there, so that its noise is known. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include "base/base.h"

static const emg_setting noise_rows[] = {
    { "noise.block_s", "s", 0.01, 0.1, 0.025, 0.025, NULL, offsetof(emg_noise_config, block_s),
      "length of the blocks whose median absolute deviation is taken" },
    { "noise.quantile", "", 0.02, 0.5, 0.12, 0.12, NULL, offsetof(emg_noise_config, quantile),
      "which low quantile of the blocks' deviations is the noise" },
};

emgp_settings emgp_noise_table(void)
{
    return EMGP_SETTINGS(noise_rows, noise);
}

/* A page goes out once AHEAD later ones are complete; SLOTS hold them, the one before for its envelope and tail. */
enum { BINS_PER_STEP = 4, AHEAD = 2, SLOTS = AHEAD + 2, NOISE_PAGES = 2 * AHEAD + 1 };
static const double page_s = 4, margin_s = 0.11;
/* The floor over 20 s lags behind noise that drifts. A page's own estimate takes its place while it exceeds the floor by no
 * more than this; beyond, it is activity that exceeds it. */
static const double drift_ratio = 1.3;
/* QRS, ST and T of the raw signal lie so near to a beat. */
static const double beat_reach_s = 0.2;
enum { BEATS = 9 };

typedef struct beats {
    size_t n;
    double swing[BEATS]; /* of the raw mean round the last beats, in a ring */
} beats;

struct emgp_pages {
    emgp_pages_setup setup;
    size_t bin, margin, length; /* frames */
    size_t channel_room;        /* floats of a channel's slot: margin + length + margin */
    size_t n_steps;             /* envelope steps in a page */
    emgp_noise *noise;          /* over NOISE_PAGES pages */
    double *page_sigma;         /* [SLOTS][n_channels]: over that page alone */
    float *x;                   /* [SLOTS][n_channels][channel_room] */
    size_t written[SLOTS];      /* frames of a slot that may hold anything but zeros, margins aside */
    float *envelope;            /* [SLOTS][n_channels][n_steps] */
    float *energy;              /* of one channel's page and margins */
    float *window;              /* envelope of three pages */
    float *slow_window, *beat_window;
    uint8_t *clip_window, *dead_window;
    /* raw baseline, bin by bin, in a ring of raw_room bins */
    float *slow;      /* [n_channels][raw_room] */
    float *beat;      /* [n_channels][raw_room]: usual swing of a beat that is near, 0 */
    uint8_t *clipped; /* [n_channels][raw_room] */
    beats *beats;     /* [n_channels] */
    uint8_t *dead;    /* [n_channels][dead_room] */
    size_t raw_room, dead_room;
    uint64_t dead_end; /* bin after the last dead one of all channels */
    uint64_t raw_bins;
    /* the segment */
    double start_s;
    uint64_t n_pages; /* complete pages */
    uint64_t n_out;   /* pages handed out */
    size_t filled;    /* frames in the page being filled */
};

static void *lanes_of(const emgp_pages *p, size_t each, size_t size)
{
    size_t n;
    return emgp_multiply(p->setup.n_channels, each, &n) ? emgp_alloc(n, size) : NULL;
}

static bool allocate(emgp_pages *p)
{
    size_t n_bins = p->channel_room / p->bin + 1;
    p->page_sigma = lanes_of(p, SLOTS, sizeof(double));
    p->x = lanes_of(p, SLOTS * p->channel_room, sizeof(float));
    p->envelope = lanes_of(p, SLOTS * p->n_steps, sizeof(float));
    p->energy = emgp_alloc(n_bins, sizeof(float));
    p->window = emgp_alloc(3 * p->n_steps, sizeof(float));
    p->slow_window = emgp_alloc(n_bins, sizeof(float));
    p->beat_window = emgp_alloc(n_bins, sizeof(float));
    p->clip_window = emgp_alloc(n_bins, 1);
    p->dead_window = emgp_alloc(n_bins, 1);
    p->dead = lanes_of(p, p->dead_room, 1);
    p->slow = lanes_of(p, p->raw_room, sizeof(float));
    p->beat = lanes_of(p, p->raw_room, sizeof(float));
    p->clipped = lanes_of(p, p->raw_room, 1);
    p->beats = lanes_of(p, 1, sizeof *p->beats);
    return p->page_sigma && p->x && p->envelope && p->energy && p->window && p->slow_window && p->beat_window &&
           p->clip_window && p->dead_window && p->dead && p->slow && p->beat && p->clipped && p->beats;
}

static size_t blocks_in(const emgp_pages *p, size_t n_pages)
{
    double blocks = (double)(n_pages * p->length) / (p->setup.noise->block_s * p->setup.rate_hz);
    return blocks < 1 ? 1 : (size_t)blocks;
}

static emg_status make_noise(emgp_pages *p, emg_error *err)
{
    const emgp_pages_setup *setup = &p->setup;
    return emgp_noise_new(&p->noise, setup->noise->block_s, setup->noise->quantile, blocks_in(p, NOISE_PAGES),
                          setup->rate_hz, setup->low_hz, setup->high_hz, setup->n_channels, err);
}

emg_status emgp_pages_new(emgp_pages **out, const emgp_pages_setup *setup, emg_error *err)
{
    emgp_pages *p = emgp_alloc(1, sizeof *p);
    if (!p)
        return emgp_fail_memory(err);
    p->setup = *setup;
    p->bin = emgp_bins_frames(setup->rate_hz);
    size_t step = p->bin * BINS_PER_STEP;
    p->n_steps = (size_t)(page_s * setup->rate_hz / (double)step);
    if (p->n_steps == 0)
        p->n_steps = 1;
    p->length = p->n_steps * step;
    p->margin = ((size_t)(margin_s * setup->rate_hz) / step + 1) * step;
    if (p->margin > p->length)
        p->margin = p->length;
    p->channel_room = 2 * p->margin + p->length;
    p->raw_room = (SLOTS + 1 + setup->lead / p->length + 1) * (p->length / p->bin);
    p->dead_room = p->raw_room + p->length / p->bin;
    emg_status status = allocate(p) ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = make_noise(p, err);
    if (status) {
        emgp_pages_free(p);
        return status;
    }
    *out = p;
    return EMG_OK;
}

void emgp_pages_free(emgp_pages *p)
{
    if (!p)
        return;
    void *arrays[] = { p->x,    p->envelope, p->energy,  p->window, p->slow_window, p->beat_window, p->clip_window,
                       p->slow, p->beat,     p->clipped, p->beats,  p->dead_window, p->dead };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        emgp_free(arrays[i]);
    emgp_free(p->page_sigma);
    emgp_noise_free(p->noise);
    emgp_free(p);
}

void emgp_pages_band(emgp_pages *p, size_t channel, double low_hz, double high_hz)
{
    emgp_noise_band(p->noise, channel, low_hz, high_hz);
}

void emgp_pages_start(emgp_pages *p, double start_s)
{
    p->start_s = start_s;
    if (p->dead_end > 0)
        memset(p->dead, 0, p->setup.n_channels * p->dead_room);
    p->n_pages = p->n_out = p->raw_bins = p->dead_end = 0;
    p->filled = 0;
    for (size_t channel = 0; channel < p->setup.n_channels; channel++)
        p->beats[channel].n = 0;
    emgp_noise_reset(p->noise);
}

size_t emgp_pages_most(const emgp_pages *p)
{
    return p->length;
}

size_t emgp_pages_room(const emgp_pages *p)
{
    return p->channel_room;
}

void emgp_pages_push_bin(emgp_pages *p, const emgp_bin *bin)
{
    size_t at = (size_t)(p->raw_bins % p->raw_room);
    for (size_t channel = 0; channel < p->setup.n_channels; channel++) {
        p->slow[channel * p->raw_room + at] = (float)bin->mean[channel];
        p->beat[channel * p->raw_room + at] = 0;
        p->clipped[channel * p->raw_room + at] = bin->at_limit[channel] > 0;
    }
    p->raw_bins++;
}

void emgp_pages_dead(emgp_pages *p, size_t channel, uint64_t from, uint64_t end)
{
    const uint64_t first = from / p->bin, last = (end + p->bin - 1) / p->bin;
    for (uint64_t b = first; b < last; b++)
        p->dead[channel * p->dead_room + (size_t)(b % p->dead_room)] = 1;
    p->dead_end = last > p->dead_end ? last : p->dead_end;
}

static bool is_dead(const emgp_pages *p, size_t channel, uint64_t bin)
{
    return bin < p->dead_end && p->dead[channel * p->dead_room + (size_t)(bin % p->dead_room)];
}

/* What lies before the page that comes next is not asked for any more. */
static void forget_dead(emgp_pages *p)
{
    const size_t n = p->length / p->bin;
    if (p->dead_end == 0 || p->n_out < 2)
        return;
    for (size_t channel = 0; channel < p->setup.n_channels; channel++)
        for (size_t b = 0; b < n; b++)
            p->dead[channel * p->dead_room + (size_t)(((p->n_out - 2) * n + b) % p->dead_room)] = 0;
}

static double usual_swing(beats *b, double swing)
{
    double held[BEATS];
    b->swing[b->n++ % BEATS] = swing;
    const size_t n = b->n < BEATS ? b->n : BEATS;
    memcpy(held, b->swing, n * sizeof *held);
    return gsl_stats_median(held, 1, n);
}

void emgp_pages_qrs(emgp_pages *p, size_t channel, double frame)
{
    const double reach = beat_reach_s * p->setup.rate_hz, held = (double)(p->raw_room * p->bin);
    const double first_held = (double)(p->raw_bins * p->bin) - held;
    const double from = fmax(fmax(frame - reach, first_held), 0), to = frame + reach;
    const uint64_t first = (uint64_t)ceil(from / (double)p->bin);
    uint64_t end = (uint64_t)fmax(to / (double)p->bin, 0);
    end = end < p->raw_bins ? end : p->raw_bins;
    if (first >= end)
        return;
    const float *slow = p->slow + channel * p->raw_room;
    float *beat = p->beat + channel * p->raw_room, low = INFINITY, high = -INFINITY;
    for (uint64_t b = first; b < end; b++) {
        low = fminf(low, slow[b % p->raw_room]);
        high = fmaxf(high, slow[b % p->raw_room]);
    }
    const float usual = (float)usual_swing(&p->beats[channel], (double)high - (double)low);
    for (uint64_t b = first; b < end; b++)
        beat[b % p->raw_room] = usual;
}

static float *slot_of(const emgp_pages *p, uint64_t page, size_t channel)
{
    return p->x + ((size_t)(page % SLOTS) * p->setup.n_channels + channel) * p->channel_room;
}

static float *envelope_of(const emgp_pages *p, uint64_t page, size_t channel)
{
    return p->envelope + ((size_t)(page % SLOTS) * p->setup.n_channels + channel) * p->n_steps;
}

static float sum_of_squares(const float *x, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

static double *page_sigma_of(const emgp_pages *p, uint64_t page)
{
    return p->page_sigma + (size_t)(page % SLOTS) * p->setup.n_channels;
}

static double sigma_of(const emgp_pages *p, uint64_t page, size_t channel)
{
    double floor_sigma = emgp_noise_sigma(p->noise, channel), own = page_sigma_of(p, page)[channel];
    return own <= drift_ratio * floor_sigma ? own : floor_sigma;
}

/* Nothing is left of what conditioning made of dead bins. */
static void silence_dead(const emgp_pages *p, size_t channel, float *x)
{
    const uint64_t n = p->length / p->bin, first = p->n_pages * n;
    for (uint64_t b = 0; b < n && first + b < p->dead_end; b++)
        if (is_dead(p, channel, first + b))
            memset(x + b * p->bin, 0, p->bin * sizeof *x);
}

/* The envelope of a page that has just been filled; frames beyond its end count as zeros. */
static void close_page(emgp_pages *p)
{
    size_t step = p->bin * BINS_PER_STEP, *written = &p->written[p->n_pages % SLOTS];
    const size_t left_over = *written > p->filled ? *written - p->filled : 0;
    *written = p->filled;
    for (size_t channel = 0; channel < p->setup.n_channels; channel++) {
        float *x = slot_of(p, p->n_pages, channel) + p->margin;
        memset(x + p->filled, 0, left_over * sizeof *x);
        silence_dead(p, channel, x);
        float *envelope = envelope_of(p, p->n_pages, channel);
        for (size_t i = 0; i < p->n_steps; i++)
            envelope[i] = sum_of_squares(x + i * step, step) / (float)step;
        page_sigma_of(p, p->n_pages)[channel] = emgp_noise_sigma_recent(p->noise, channel, blocks_in(p, 1));
    }
    p->n_pages++;
}

/* Fills the margins of a channel's page from its neighbours, zeros where there is none. */
static void fill_margins(const emgp_pages *p, uint64_t page, size_t channel)
{
    float *x = slot_of(p, page, channel);
    float *right = x + p->margin + p->length;
    if (page > 0)
        memcpy(x, slot_of(p, page - 1, channel) + p->length, p->margin * sizeof *x);
    else
        memset(x, 0, p->margin * sizeof *x);
    if (page + 1 < p->n_pages)
        memcpy(right, slot_of(p, page + 1, channel) + p->margin, p->margin * sizeof *x);
    else
        memset(right, 0, p->margin * sizeof *x);
}

static void fill_window(const emgp_pages *p, uint64_t page, size_t channel)
{
    for (uint64_t k = 0; k < 3; k++) {
        float *to = p->window + k * p->n_steps;
        bool there = page + k >= 1 && page + k - 1 < p->n_pages;
        if (there)
            memcpy(to, envelope_of(p, page + k - 1, channel), p->n_steps * sizeof *to);
        else
            memset(to, 0, p->n_steps * sizeof *to);
    }
}

/* Copies the raw baseline of the page's bins and margins; beyond the segment the nearest bin stands. */
static void fill_slow(const emgp_pages *p, uint64_t page, size_t channel)
{
    size_t n = p->channel_room / p->bin;
    int64_t first = (int64_t)(page * (p->length / p->bin)) - (int64_t)(p->margin / p->bin);
    for (size_t i = 0; i < n; i++) {
        int64_t bin = first + (int64_t)i;
        p->dead_window[i] = bin >= 0 && is_dead(p, channel, (uint64_t)bin);
        if (bin < 0)
            bin = 0;
        if ((uint64_t)bin >= p->raw_bins)
            bin = p->raw_bins > 0 ? (int64_t)p->raw_bins - 1 : 0;
        size_t at = channel * p->raw_room + (size_t)((uint64_t)bin % p->raw_room);
        p->slow_window[i] = p->raw_bins > 0 ? p->slow[at] : 0;
        p->beat_window[i] = p->raw_bins > 0 ? p->beat[at] : 0;
        p->clip_window[i] = (uint8_t)(p->raw_bins > 0 && p->clipped[at]);
    }
}

static emg_status hand_out(emgp_pages *p, size_t n_frames, bool last, emg_error *err)
{
    for (size_t channel = 0; channel < p->setup.n_channels; channel++) {
        uint64_t page = p->n_out;
        fill_margins(p, page, channel);
        fill_window(p, page, channel);
        fill_slow(p, page, channel);
        const float *x = slot_of(p, page, channel);
        for (size_t b = 0; b < p->channel_room / p->bin; b++)
            p->energy[b] = sum_of_squares(x + b * p->bin, p->bin);
        emgp_page facts = {
            .x = x,
            .energy = p->energy,
            .envelope = p->window,
            .slow = p->slow_window,
            .beat = p->beat_window,
            .clipped = p->clip_window,
            .dead = p->dead_window,
            .margin = p->margin,
            .n_frames = n_frames,
            .bin = p->bin,
            .n_envelope = 3 * p->n_steps,
            .envelope_first = p->n_steps,
            .first = page * p->length,
            .segment_start_s = p->start_s,
            .rate_hz = p->setup.rate_hz,
            .sigma = sigma_of(p, page, channel),
            .starts_segment = page == 0,
            .ends_segment = last,
        };
        emg_status status = p->setup.take(p->setup.context, channel, &facts, err);
        if (status)
            return status;
    }
    p->n_out++;
    forget_dead(p);
    return EMG_OK;
}

/* Frames for the noise, bin by bin where some are dead. */
static void push_noise(emgp_pages *p, const float *x, size_t n_frames)
{
    uint64_t frame = p->n_pages * p->length + p->filled;
    while (n_frames > 0 && frame / p->bin < p->dead_end) {
        const size_t left = p->bin - (size_t)(frame % p->bin), n = n_frames < left ? n_frames : left;
        bool dead[EMGP_MOST_CHANNELS];
        for (size_t channel = 0; channel < p->setup.n_channels; channel++)
            dead[channel] = is_dead(p, channel, frame / p->bin);
        emgp_noise_push_dead(p->noise, x, n, dead);
        x += n * p->setup.n_channels;
        n_frames -= n;
        frame += n;
    }
    emgp_noise_push(p->noise, x, n_frames);
}

/* Interleaved frames into the channels' slots. */
static void scatter(emgp_pages *p, const float *x, size_t n_frames)
{
    size_t n = p->setup.n_channels;
    for (size_t channel = 0; channel < n; channel++) {
        float *to = slot_of(p, p->n_pages, channel) + p->margin + p->filled;
        for (size_t i = 0; i < n_frames; i++)
            to[i] = x[i * n + channel];
    }
    push_noise(p, x, n_frames);
    p->filled += n_frames;
}

emg_status emgp_pages_push(emgp_pages *p, const float *x, size_t n_frames, emg_error *err)
{
    while (n_frames > 0) {
        size_t room = p->length - p->filled, n = n_frames < room ? n_frames : room;
        scatter(p, x, n);
        x += n * p->setup.n_channels;
        n_frames -= n;
        if (p->filled < p->length)
            return EMG_OK;
        close_page(p);
        p->filled = 0;
        if (p->n_pages - p->n_out > AHEAD) {
            emg_status status = hand_out(p, p->length, false, err);
            if (status)
                return status;
        }
    }
    return EMG_OK;
}

emg_status emgp_pages_finish(emgp_pages *p, uint64_t *frames, bool *dropped, emg_error *err)
{
    *frames = p->n_pages * p->length + p->filled;
    *dropped = (double)*frames < p->setup.least_segment_s * p->setup.rate_hz;
    size_t tail = p->filled ? p->filled : p->length;
    if (p->filled > 0)
        close_page(p);
    p->filled = 0;
    emg_status status = EMG_OK;
    while (status == EMG_OK && !*dropped && p->n_out < p->n_pages) {
        bool last = p->n_out + 1 == p->n_pages;
        status = hand_out(p, last ? tail : p->length, last, err);
    }
    return status;
}
