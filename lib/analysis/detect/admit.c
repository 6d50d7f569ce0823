/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which weak discharges are told: those whose size is commoner among discharges, as the channel shows them, than in noise. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

enum { BINS = 80, SIZES = 10, SMALL = 2, TAILS = 2, PARTS = SIZES + TAILS, ROUNDS = 60, CROWD = 10 };

/* Sizes from EMGP_LEAST_SIZE on, in bins; larger ones are beyond doubt. */
static const double bin_width = 0.05;
/* Discharges have sizes of LEAST times STEP^j, each scattered by the noise and by so much of itself. */
static const double least_grid = 3.6, grid_step = 1.1, jitter = 0.1;
/* Noise that is no Gaussian one has more of large sizes: they fall off by e in so much. */
static const double tail_size[TAILS] = { 0.7, 1.3 };
static const double least_tail = 0.5;
/* One threshold for each stretch, from it and its neighbours. */
static const double stretch_s = 60;
/* Told when a discharge is likelier than noise; at half the F1 that is to be expected, which makes it largest (Lipton
 * 2014), when that is lower, within these. */
static const double least_posterior = 0.3, posterior = 0.5;
/* Beyond that, what a fit gains by its freedom alone (1 for each of about four parameters; Akaike 1974). */
static const double freedom = 4;
/* Sustained activity is no place for single weak ones: bursts so long, and so much around them; so many discharges of
 * that size within a second. */
static const double long_s = 0.2, longer_s = 0.35, around_long_s = 0.05, around_longer_s = 0.7;
/* There a discharge must be so large. */
static const double beside_size = 9;
static const double crowd_s = 1, around_crowd_s = 0.1;
static const float crowd_size = 4.2f;
enum { ZONE_BUDGET = 1 << 18 };

typedef struct zone {
    double from_s, to_s;
} zone;

/* What a stretch shows. */
typedef struct stretch {
    double minutes; /* outside zones */
    float count[BINS];
    double large;     /* discharges beyond the bins */
    double threshold; /* least size that is told */
} stretch;

typedef struct admission {
    const emgp_admit_setup *setup;
    double clear;
    stretch *stretches;
    size_t n, room;
    emgp_spill *zones;
    double share[BINS][PARTS]; /* of the discharges of a size that falls into a bin */
    double noise[BINS];        /* false alarms a minute in a bin */
    emg_error *err;
} admission;

typedef struct readers {
    emgp_spill_cursor discharges, bursts, zones;
    zone before, next; /* the zones on either side of now */
} readers;

static void start(readers *r, const admission *a)
{
    emgp_spill_start(&r->discharges, a->setup->discharges, a->setup->stream);
    emgp_spill_start(&r->bursts, a->setup->bursts, a->setup->stream);
    emgp_spill_start(&r->zones, a->zones, 0);
    r->before = r->next = (zone){ -INFINITY, -INFINITY };
}

static void stop(readers *r)
{
    emgp_spill_stop(&r->discharges);
    emgp_spill_stop(&r->bursts);
    emgp_spill_stop(&r->zones);
}

/* ---- zones */

typedef struct zone_maker {
    zone open;
    double recent[CROWD]; /* times of the last discharges that count for a crowd, in a ring */
    size_t n_recent;
} zone_maker;

static emg_status add_zone(admission *a, zone_maker *m, double from_s, double to_s)
{
    emg_status status = EMG_OK;
    if (from_s > m->open.to_s) {
        if (m->open.to_s > -INFINITY)
            status = emgp_spill_push(a->zones, 0, &m->open, a->err);
        m->open = (zone){ from_s, to_s };
    } else {
        m->open.from_s = fmin(m->open.from_s, from_s);
        m->open.to_s = fmax(m->open.to_s, to_s);
    }
    return status;
}

static emg_status look_for_crowd(admission *a, zone_maker *m, const emgp_discharge *d)
{
    if (!(d->size > crowd_size))
        return EMG_OK;
    m->recent[m->n_recent++ % CROWD] = d->peak_s;
    const double first = m->recent[m->n_recent % CROWD];
    return m->n_recent >= CROWD && d->peak_s - first <= crowd_s
               ? add_zone(a, m, first - around_crowd_s, d->peak_s + around_crowd_s)
               : EMG_OK;
}

static emg_status look_for_long(admission *a, zone_maker *m, const emgp_burst *b)
{
    const double length = b->end_s - b->onset_s, around = length >= longer_s ? around_longer_s : around_long_s;
    return length >= long_s && !(b->flags & EMGP_WEAK) ? add_zone(a, m, b->onset_s - around, b->end_s + around)
                                                       : EMG_OK;
}

static emg_status find_zones(admission *a)
{
    zone_maker m = { .open = { -INFINITY, -INFINITY } };
    readers r;
    emgp_burst burst;
    bool there = true;
    start(&r, a);
    emg_status status = emgp_spill_copy(&r.bursts, &burst, sizeof burst, &there, a->err);
    while (status == EMG_OK && there) {
        for (uint32_t i = 0; status == EMG_OK && i < burst.n_discharges; i++) {
            emgp_discharge d;
            status = emgp_spill_copy(&r.discharges, &d, sizeof d, &there, a->err);
            if (status == EMG_OK && there)
                status = look_for_crowd(a, &m, &d);
        }
        if (status == EMG_OK && !(burst.flags & EMGP_SEGMENT_END))
            status = look_for_long(a, &m, &burst);
        if (status == EMG_OK)
            status = emgp_spill_copy(&r.bursts, &burst, sizeof burst, &there, a->err);
    }
    stop(&r);
    return status == EMG_OK && m.open.to_s > -INFINITY ? emgp_spill_push(a->zones, 0, &m.open, a->err) : status;
}

/* Whether a moment lies in a zone; moments must come in order. */
static emg_status in_zone(readers *r, double now_s, bool *inside, emg_error *err)
{
    bool there = r->next.to_s < INFINITY;
    while (there && r->next.to_s < now_s) {
        emg_status status = emgp_spill_copy(&r->zones, &r->next, sizeof r->next, &there, err);
        if (status)
            return status;
        if (!there)
            r->next = (zone){ INFINITY, INFINITY };
    }
    *inside = now_s >= r->next.from_s && now_s <= r->next.to_s;
    return EMG_OK;
}

/* ---- stretches */

static stretch *stretch_at(admission *a, double now_s)
{
    const size_t i = now_s > 0 ? (size_t)(now_s / stretch_s) : 0;
    void *stretches = a->stretches;
    if (!emgp_reserve(&stretches, &a->room, a->n, i + 1, sizeof *a->stretches))
        return NULL;
    a->stretches = stretches;
    if (i >= a->n) {
        memset(a->stretches + a->n, 0, (i + 1 - a->n) * sizeof *a->stretches);
        a->n = i + 1;
    }
    return &a->stretches[i];
}

/* Adds a time to the stretches that it lies in; sign: -1 takes it off. */
static emg_status add_time(admission *a, double from_s, double to_s, double sign)
{
    from_s = fmax(from_s, 0);
    while (from_s < to_s) {
        const double end = fmin(to_s, (floor(from_s / stretch_s) + 1) * stretch_s);
        stretch *s = stretch_at(a, from_s);
        if (!s)
            return emgp_fail_memory(a->err);
        s->minutes += sign * (end - from_s) / 60;
        from_s = end;
    }
    return EMG_OK;
}

static emg_status count_discharge(admission *a, const emgp_discharge *d)
{
    stretch *s = stretch_at(a, d->peak_s);
    if (!s)
        return emgp_fail_memory(a->err);
    const double bin = ((double)d->size - EMGP_LEAST_SIZE) / bin_width;
    if (bin >= 0 && bin < BINS)
        s->count[(size_t)bin]++;
    else
        s->large += bin >= BINS;
    return EMG_OK;
}

static emg_status count_burst(admission *a, readers *r, emgp_burst *burst)
{
    emg_status status = EMG_OK;
    if (burst->flags & EMGP_SEGMENT_END)
        return add_time(a, burst->peak_s, burst->onset_s, 1);
    for (uint32_t i = 0; status == EMG_OK && i < burst->n_discharges; i++) {
        emgp_discharge d;
        bool there, inside = false;
        status = emgp_spill_copy(&r->discharges, &d, sizeof d, &there, a->err);
        if (status || !there)
            break;
        status = in_zone(r, d.peak_s, &inside, a->err);
        if (status == EMG_OK && !inside)
            status = count_discharge(a, &d);
    }
    return status;
}

typedef emg_status take_burst(admission *a, readers *r, emgp_burst *burst);

/* Every burst to `take`, which reads the burst's discharges. */
static emg_status walk(admission *a, take_burst *take)
{
    readers r;
    start(&r, a);
    emg_status status = EMG_OK;
    for (bool there = true; status == EMG_OK;) {
        emgp_burst burst;
        status = emgp_spill_copy(&r.bursts, &burst, sizeof burst, &there, a->err);
        if (status || !there)
            break;
        status = take(a, &r, &burst);
    }
    stop(&r);
    return status;
}

/* Discharges and live time, the time beside sustained activity taken off. */
static emg_status count_all(admission *a)
{
    emgp_spill_cursor zones;
    emg_status status = walk(a, count_burst);
    emgp_spill_start(&zones, a->zones, 0);
    for (bool there = true; status == EMG_OK;) {
        zone z;
        status = emgp_spill_copy(&zones, &z, sizeof z, &there, a->err);
        if (status || !there)
            break;
        status = add_time(a, z.from_s, z.to_s, -1);
    }
    emgp_spill_stop(&zones);
    return status;
}

/* ---- thresholds */

static void draw_model(admission *a)
{
    for (size_t b = 0; b < BINS; b++) {
        const double low = EMGP_LEAST_SIZE + (double)b * bin_width;
        a->noise[b] = emgp_false_alarms(low, a->setup->high_hz) - emgp_false_alarms(low + bin_width, a->setup->high_hz);
        for (size_t j = 0; j < SIZES; j++) {
            const double d = least_grid * pow(grid_step, (double)j), spread = hypot(1, jitter * d);
            const double z = (low + bin_width / 2 - d) / spread;
            a->share[b][j] = exp(-z * z / 2) / (spread * sqrt(2 * PI)) * bin_width;
        }
        for (size_t t = 0; t < TAILS; t++)
            a->share[b][SIZES + t] =
                exp(-(low + bin_width / 2 - EMGP_LEAST_SIZE) / tail_size[t]) * bin_width / tail_size[t];
    }
}

/* What a stretch's sizes are made of, in each bin. */
typedef struct mixture {
    double noise[BINS], discharges[BINS];
    double likelihood;  /* of the sizes, its logarithm but for a constant */
    double gain;        /* of that over noise of the model alone */
    double tail[TAILS]; /* of the noise, beyond the model, a minute */
} mixture;

/* Discharges of each bin, by maximum likelihood: the noise's rate is known, those of the sizes are not, nor whether the noise
 * has a tail beyond the model (a Poisson mixture by expectation and maximisation, Kiefer and Wolfowitz 1956). */
static void fit(const admission *a, const stretch *s, size_t tails, mixture *m)
{
    double rate[PARTS], seen[PARTS] = { 0 }, all = 0;
    for (size_t b = 0; b < BINS; b++)
        all += (double)s->count[b];
    for (size_t j = 0; j < PARTS; j++) {
        const bool used = j >= SIZES ? j - SIZES < tails : tails == 0 || j >= SMALL;
        rate[j] = used ? fmax(all, 1) / PARTS : 0;
        for (size_t b = 0; b < BINS; b++)
            seen[j] += a->share[b][j];
    }
    for (int round = 0; round <= ROUNDS; round++) {
        double sum[PARTS] = { 0 };
        for (size_t b = 0; b < BINS; b++) {
            m->discharges[b] = 0;
            m->noise[b] = a->noise[b] * s->minutes + 1e-300;
            for (size_t j = 0; j < SIZES; j++)
                m->discharges[b] += a->share[b][j] * rate[j];
            for (size_t j = SIZES; j < PARTS; j++)
                m->noise[b] += a->share[b][j] * rate[j];
            const double weight = (double)s->count[b] / (m->discharges[b] + m->noise[b]);
            for (size_t j = 0; s->count[b] > 0 && j < PARTS; j++)
                sum[j] += a->share[b][j] * rate[j] * weight;
        }
        for (size_t j = 0; round < ROUNDS && j < PARTS; j++)
            rate[j] = sum[j] / seen[j];
    }
    m->gain = m->likelihood = 0;
    for (size_t b = 0; b < BINS; b++) {
        const double due = m->noise[b] + m->discharges[b];
        m->gain += (double)s->count[b] * log1p(m->discharges[b] / m->noise[b]) - m->discharges[b];
        m->likelihood += (double)s->count[b] * log(due) - due;
    }
    for (size_t t = 0; t < TAILS; t++)
        m->tail[t] = rate[SIZES + t] / s->minutes;
}

/* The least posterior that is told: half the F1 that is to be expected of the best choice. */
static double least_told(const stretch *s, const double p[BINS])
{
    struct {
        double sum, n; /* of posteriors; how many */
    } told = { s->large, s->large };
    double all = s->large, best = 0;
    for (size_t b = 0; b < BINS; b++)
        all += (double)s->count[b] * p[b];
    for (size_t b = BINS; b-- > 0;) {
        told.sum += (double)s->count[b] * p[b];
        told.n += (double)s->count[b];
        best = told.n > 0 ? fmax(best, 2 * told.sum / (told.n + all)) : best;
    }
    return fmin(fmax(best / 2, least_posterior), posterior);
}

/* The least size of which the noise, with its tail, makes no more than false_per_min. */
static double clear_of(const admission *a, const mixture *m)
{
    double size = a->clear;
    for (size_t t = 0; t < TAILS; t++) {
        const double excess = m->tail[t] / a->setup->config->false_per_min;
        size = fmax(size, excess > 1 ? EMGP_LEAST_SIZE + tail_size[t] * log(excess) : 0);
    }
    return size;
}

/* A tail is the noise's where it holds as much as the model; where it holds half as much, when it reaches beyond the bins or
 * explains the sizes as well as weak discharges do: these have a size of their own, a tail has none. */
static bool is_tailed(const admission *a, const stretch *s, const mixture *plain, const mixture *tailed)
{
    const double due = emgp_false_alarms(EMGP_LEAST_SIZE, a->setup->high_hz), tail = tailed->tail[0];
    return tail >= due || (tail >= least_tail * due && (s->large > 0 || tailed->likelihood >= plain->likelihood));
}

static void fit_best(const admission *a, const stretch *s, mixture *m)
{
    mixture tailed;
    fit(a, s, 0, m);
    fit(a, s, 1, &tailed);
    if (is_tailed(a, s, m, &tailed))
        fit(a, s, TAILS, m);
}

static double threshold_of(const admission *a, const stretch *s)
{
    double p[BINS];
    mixture m;
    if (!(s->minutes > 0))
        return a->clear;
    fit_best(a, s, &m);
    const double clear = clear_of(a, &m);
    if (m.gain < freedom - log(fmin(a->setup->config->false_per_min * s->minutes, 1)))
        return clear;
    for (size_t b = 0; b < BINS; b++)
        p[b] = m.discharges[b] / (m.discharges[b] + m.noise[b]);
    const double told = least_told(s, p);
    size_t b = BINS;
    while (b > 0 && p[b - 1] >= told)
        b--;
    return b < BINS ? fmin(EMGP_LEAST_SIZE + (double)b * bin_width, clear) : clear;
}

static void find_thresholds(admission *a)
{
    for (size_t i = 0; i < a->n; i++) {
        stretch three = a->stretches[i];
        for (size_t k = i > 0 ? i - 1 : i + 1; k <= i + 1 && k < a->n; k += 2) {
            three.minutes += a->stretches[k].minutes;
            three.large += a->stretches[k].large;
            for (size_t b = 0; b < BINS; b++)
                three.count[b] += a->stretches[k].count[b];
        }
        a->stretches[i].threshold = threshold_of(a, &three);
    }
}

/* ---- what is told */

static emg_status is_told(admission *a, readers *r, const emgp_discharge *d, bool *told)
{
    const size_t i = d->peak_s > 0 ? (size_t)(d->peak_s / stretch_s) : 0;
    bool inside = false;
    emg_status status = in_zone(r, d->peak_s, &inside, a->err);
    const double least = i < a->n && !inside ? a->stretches[i].threshold : fmax(a->clear, beside_size);
    *told = !(d->size > 0) || (double)d->size >= least;
    return status;
}

static emg_status tell_burst(admission *a, readers *r, emgp_burst *burst)
{
    const uint32_t n = burst->n_discharges;
    emg_status status = EMG_OK;
    burst->n_discharges = 0;
    for (uint32_t i = 0; status == EMG_OK && i < n; i++) {
        emgp_discharge d;
        bool there, told = false;
        status = emgp_spill_copy(&r->discharges, &d, sizeof d, &there, a->err);
        if (status || !there)
            break;
        status = is_told(a, r, &d, &told);
        d.flags &= ~(uint32_t)EMGP_WEAK;
        burst->n_discharges += told;
        if (status == EMG_OK && told)
            status = emgp_spill_push(a->setup->told_discharges, a->setup->stream, &d, a->err);
    }
    const bool nothing = burst->flags & EMGP_WEAK && burst->n_discharges == 0;
    burst->flags &= ~(uint32_t)EMGP_WEAK;
    return status || nothing ? status : emgp_spill_push(a->setup->told_bursts, a->setup->stream, burst, a->err);
}

emg_status emgp_admit(const emgp_admit_setup *setup, emg_error *err)
{
    admission *a = emgp_alloc(1, sizeof *a);
    if (!a)
        return emgp_fail_memory(err);
    *a = (admission){ .setup = setup,
                      .clear = emgp_false_alarm_size(setup->config->false_per_min, setup->high_hz),
                      .err = err };
    draw_model(a);
    emg_status status = emgp_spill_new(&a->zones, 1, sizeof(zone), ZONE_BUDGET, setup->directory, err);
    if (status == EMG_OK)
        status = find_zones(a);
    if (status == EMG_OK)
        status = count_all(a);
    if (status == EMG_OK)
        find_thresholds(a);
    if (status == EMG_OK)
        status = walk(a, tell_burst);
    emgp_spill_free(a->zones);
    emgp_free(a->stretches);
    emgp_free(a);
    return status;
}
