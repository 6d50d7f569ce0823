/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames held back for half a second, so that a value that is held too long is told, and bridged, before it goes on. */
#include "condition/condition.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/*  frames, newest on the right:
 *
 *   gone <-|<- grow ->|<------------- look ------------->|
 *                     ^ a value is held from here: now it is decided whether that is chance
 *
 * Noise of few levels holds its values too. What it does before and after says how often; a recorder that is off does
 * not last so long by chance (held.c). */

static const double limit_s = 0.015;   /* of a value at the recorder's limit, or zero, */
static const double other_s = 0.06;    /* and of any other */
static const double near_share = 1e-3; /* of the range: amplifiers stick a little before the last value, too */
static const double look_s = 0.4;      /* a longer one is decided by what came before alone */
static const double before_s = 0.5;
static const double grow_s = 0.1; /* what the filters behind make of either end lies within */
/* Nothing is known before the first frame: as if one sample in two were repeated. */
static const double unknown_share = 0.5;
enum { PIECE = 256, MOST_WAITING = 64 };

/* A value held so long that it may be dead. */
typedef struct stretch {
    uint64_t first, end; /* bins; end: UINT64_MAX while it lasts */
    double value, share; /* share: of repeats before it; NaN: not yet looked up */
    bool at_limit;
} stretch;

typedef struct lane {
    emgp_held held;
    stretch waiting[MOST_WAITING]; /* not yet decided, in order; only the last may still last */
    size_t n_waiting;
    uint64_t live_from; /* bin at which the last dead stretch ended */
    bool dead;          /* the value now held is */
    uint64_t from;      /* frame at which its bridge begins */
    double before;      /* the sample before that, */
    bool begun;         /* where there was one; else the value held */
    uint64_t told;      /* frame up to which dead time has been told */
    double low, high;   /* below, above: at the limit, or nearly */
} lane;

struct emgp_dead {
    emgp_dead_setup setup;
    emgp_bins *bins;
    size_t bin, n, room, delay, past;           /* room, delay: frames; past: bins */
    size_t at_limit, other, look, before, grow; /* bins */
    double *ring;                               /* room frames */
    uint32_t *repeats;                          /* [n][past]: of all bins up to one, at its number % past */
    lane *lanes;
    uint64_t n_in, n_out, binned; /* frames of the segment; binned: those of whole bins, or all at its end */
    uint64_t n_bins;
};

static size_t bins_in(const emgp_dead *d, double seconds)
{
    return (size_t)fmax(1, ceil(seconds * d->setup.rate_hz / (double)d->bin - 1e-9));
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static uint64_t gone(const emgp_dead *d)
{
    return less(d->binned, d->delay);
}

static double *sample(emgp_dead *d, size_t channel, uint64_t frame)
{
    return d->ring + (size_t)(frame % d->room) * d->n + channel;
}

/* --- what is dead --- */

/* Samples that repeated the one before, in the bins before this one. */
static uint32_t repeats_before(const emgp_dead *d, size_t channel, uint64_t bin)
{
    return bin > 0 ? d->repeats[channel * d->past + (size_t)((bin - 1) % d->past)] : 0;
}

static double share_of(const emgp_dead *d, size_t channel, uint64_t first, uint64_t end)
{
    if (first >= end)
        return unknown_share;
    const uint32_t repeats = repeats_before(d, channel, end) - repeats_before(d, channel, first);
    return emgp_held_share((double)repeats, (double)((end - first) * d->bin));
}

static bool is_dead(const emgp_dead *d, size_t channel, stretch *s)
{
    const lane *l = &d->lanes[channel];
    const bool lasts = s->end == UINT64_MAX;
    const uint64_t now = d->n_bins, end = lasts ? now : s->end;
    if (isnan(s->share))
        s->share = share_of(d, channel, later(less(s->first, d->before), l->live_from), s->first);
    double share = s->share;
    if (!lasts && end < now)
        share = fmax(share, share_of(d, channel, end, now));
    return !emgp_held_by_chance((double)((end - s->first) * d->bin), s->at_limit, share);
}

/* Lays a smooth way from the sample before the bridge to the one after it, over what is still here. */
static void lay_bridge(emgp_dead *d, size_t channel, uint64_t end)
{
    const lane *l = &d->lanes[channel];
    const uint64_t from = later(l->from, gone(d));
    if (!d->setup.bridge || from + 1 >= end)
        return;
    const double after = *sample(d, channel, end - 1), before = l->begun || l->from < from ? l->before : after;
    for (uint64_t f = from; f + 1 < end; f++) {
        const double t = (double)(f - from + 1) / (double)(end - from);
        *sample(d, channel, f) = before + (after - before) * t * t * (3 - 2 * t);
    }
}

/* Lays the sample before the bridge, where the value is still held. */
static void lay_level(emgp_dead *d, size_t channel, uint64_t from)
{
    const lane *l = &d->lanes[channel];
    for (uint64_t f = from; d->setup.bridge && l->begun && f < d->binned; f++)
        *sample(d, channel, f) = l->before;
}

static emg_status tell(emgp_dead *d, size_t channel, uint64_t from, uint64_t end, emg_error *err)
{
    lane *l = &d->lanes[channel];
    from = later(from, l->told);
    if (!d->setup.told || from >= end)
        return EMG_OK;
    l->told = end;
    return d->setup.told(d->setup.context, channel, from, end, err);
}

/* A bin more at either end: the value begins and ends within it. */
static void begin_bridge(emgp_dead *d, size_t channel, const stretch *s)
{
    lane *l = &d->lanes[channel];
    const uint64_t from = less(s->first, 1) * d->bin, here = gone(d);
    l->from = later(from, here);
    l->begun = from > 0;
    l->before = from > here ? *sample(d, channel, from - 1) : s->value;
}

static emg_status declare(emgp_dead *d, size_t channel, const stretch *s, emg_error *err)
{
    lane *l = &d->lanes[channel];
    const bool lasts = s->end == UINT64_MAX;
    const uint64_t grow = d->grow * d->bin, end = lasts ? d->binned : (s->end + 1) * d->bin;
    begin_bridge(d, channel, s);
    l->dead = lasts;
    if (lasts) {
        lay_level(d, channel, l->from);
    } else {
        l->live_from = s->end;
        lay_bridge(d, channel, earlier(end, d->binned));
    }
    return tell(d, channel, later(less(s->first * d->bin, grow), gone(d)), end + grow, err);
}

/* Decides what waits and need not wait longer. */
static emg_status decide(emgp_dead *d, size_t channel, bool all, emg_error *err)
{
    lane *l = &d->lanes[channel];
    emg_status status = EMG_OK;
    while (status == EMG_OK && l->n_waiting > 0) {
        stretch *s = &l->waiting[0];
        if (!all && d->n_bins < s->first + d->look && l->n_waiting < MOST_WAITING)
            break;
        const stretch one = *s;
        const bool dead = is_dead(d, channel, s);
        if (!dead && one.end == UINT64_MAX && !all)
            break; /* it may get too long yet */
        l->n_waiting--;
        memmove(l->waiting, l->waiting + 1, l->n_waiting * sizeof *s);
        status = dead ? declare(d, channel, &one, err) : EMG_OK;
    }
    return status;
}

/* The value that was held is no longer. */
static emg_status end_held(emgp_dead *d, size_t channel, uint64_t bin, emg_error *err)
{
    lane *l = &d->lanes[channel];
    if (l->n_waiting > 0 && l->waiting[l->n_waiting - 1].end == UINT64_MAX)
        l->waiting[l->n_waiting - 1].end = bin;
    if (!l->dead)
        return EMG_OK;
    l->dead = false;
    l->live_from = bin;
    lay_bridge(d, channel, d->binned);
    return tell(d, channel, 0, d->binned + d->grow * d->bin, err);
}

static emg_status follow(emgp_dead *d, size_t channel, const emgp_bin *bin, emg_error *err)
{
    lane *l = &d->lanes[channel];
    const uint64_t now = d->n_bins - 1;
    const bool held = l->held.n_bins > 0, constant = emgp_held_add(&l->held, bin, channel);
    emg_status status = held && l->held.n_bins <= 1 ? end_held(d, channel, now, err) : EMG_OK;
    if (status || !constant)
        return status;
    if (l->dead) {
        lay_level(d, channel, d->binned - bin->n_frames);
        return tell(d, channel, 0, d->binned + d->grow * d->bin, err);
    }
    const bool soon = !(fabs(l->held.value) > 0) || l->held.value <= l->low || l->held.value >= l->high;
    if (l->held.n_bins == (soon ? d->at_limit : d->other))
        l->waiting[l->n_waiting++] =
            (stretch){ now + 1 - l->held.n_bins, UINT64_MAX, l->held.value, NAN, l->held.at_limit };
    return EMG_OK;
}

static emg_status take_bin(void *context, const emgp_bin *bin, emg_error *err)
{
    emgp_dead *d = context;
    emg_status status = d->setup.bin ? d->setup.bin(d->setup.context, bin, err) : EMG_OK;
    d->n_bins++;
    d->binned += bin->n_frames;
    for (size_t channel = 0; status == EMG_OK && channel < d->n; channel++) {
        const uint32_t before = repeats_before(d, channel, d->n_bins - 1);
        d->repeats[channel * d->past + (size_t)((d->n_bins - 1) % d->past)] = before + (uint32_t)bin->repeats[channel];
        status = follow(d, channel, bin, err);
        if (status == EMG_OK && d->lanes[channel].n_waiting > 0)
            status = decide(d, channel, false, err);
    }
    return status;
}

/* --- the stream --- */

static void start(emgp_dead *d)
{
    d->n_in = d->n_out = d->binned = d->n_bins = 0;
    for (size_t i = 0; i < d->n; i++) {
        lane *l = &d->lanes[i];
        l->held = (emgp_held){ .n_bins = 0 };
        l->n_waiting = 0;
        l->live_from = l->told = 0;
        l->dead = false;
    }
}

static void measure(emgp_dead *d, const emgp_dead_setup *setup)
{
    d->setup = *setup;
    d->n = setup->n_channels;
    d->bin = emgp_bins_frames(setup->rate_hz);
    d->at_limit = bins_in(d, limit_s);
    d->other = bins_in(d, other_s);
    d->look = bins_in(d, look_s);
    d->before = bins_in(d, before_s);
    d->grow = bins_in(d, grow_s);
    d->delay = (d->look + d->grow + 1) * d->bin;
    d->past = d->before + d->look + d->grow + 2;
    d->room = d->delay + d->bin + PIECE;
}

static bool allocate(emgp_dead *d)
{
    size_t values = 0;
    if (emgp_multiply(d->room, d->n, &values))
        d->ring = emgp_alloc(values, sizeof *d->ring);
    d->repeats = emgp_alloc(d->n * d->past, sizeof *d->repeats);
    d->lanes = emgp_alloc(d->n, sizeof *d->lanes);
    if (!d->ring || !d->repeats || !d->lanes)
        return false;
    for (size_t i = 0; i < d->n; i++) {
        d->lanes[i].low = -INFINITY;
        d->lanes[i].high = INFINITY;
    }
    start(d);
    return true;
}

emg_status emgp_dead_new(emgp_dead **out, const emgp_dead_setup *setup, emg_error *err)
{
    *out = NULL;
    double low[EMGP_MOST_CHANNELS], high[EMGP_MOST_CHANNELS];
    for (size_t i = 0; i < setup->n_channels; i++) {
        low[i] = -INFINITY;
        high[i] = INFINITY;
    }
    emgp_dead *d = emgp_alloc(1, sizeof *d);
    if (!d)
        return emgp_fail_memory(err);
    measure(d, setup);
    emg_status status = allocate(d) ? emgp_bins_new(&d->bins, setup->rate_hz, d->n, low, high, take_bin, d, err)
                                    : emgp_fail_memory(err);
    if (status) {
        emgp_dead_free(d);
        return status;
    }
    *out = d;
    return EMG_OK;
}

void emgp_dead_free(emgp_dead *d)
{
    if (!d)
        return;
    emgp_bins_free(d->bins);
    emgp_free(d->ring);
    emgp_free(d->repeats);
    emgp_free(d->lanes);
    emgp_free(d);
}

void emgp_dead_limits(emgp_dead *d, size_t channel, double low, double high)
{
    const double near = near_share * (high - low);
    emgp_bins_limits(d->bins, channel, low, high);
    d->lanes[channel].low = isfinite(near) ? low + near : -INFINITY;
    d->lanes[channel].high = isfinite(near) ? high - near : INFINITY;
}

/* Hands on the frames before this one. */
static emg_status hand_on(emgp_dead *d, uint64_t end, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && d->n_out < end) {
        const size_t at = (size_t)(d->n_out % d->room);
        const size_t n = (size_t)earlier(end - d->n_out, d->room - at);
        status = d->setup.take(d->setup.taker, d->ring + at * d->n, n, err);
        d->n_out += n;
    }
    return status;
}

emg_status emgp_dead_push(emgp_dead *d, const double *x, size_t n_frames, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && n_frames > 0) {
        const size_t at = (size_t)(d->n_in % d->room), most = d->room - at < PIECE ? d->room - at : PIECE;
        const size_t n = n_frames < most ? n_frames : most;
        memcpy(d->ring + at * d->n, x, n * d->n * sizeof *x);
        d->n_in += n;
        status = emgp_bins_push(d->bins, x, n, err);
        if (status == EMG_OK)
            status = hand_on(d, gone(d), err);
        x += n * d->n;
        n_frames -= n;
    }
    return status;
}

emg_status emgp_dead_finish(emgp_dead *d, emg_error *err)
{
    emg_status status = emgp_bins_finish(d->bins, err);
    for (size_t channel = 0; status == EMG_OK && channel < d->n; channel++)
        status = decide(d, channel, true, err);
    if (status == EMG_OK)
        status = hand_on(d, d->n_in, err);
    start(d);
    return status;
}

size_t emgp_dead_latency(const emgp_dead *d)
{
    return d->delay + d->bin;
}
