/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames held for 16 s, so that an ECG is learned before its first QRS complexes are passed on; judged every 4 s. */
#include "condition/ecg/ecg.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

static const double BIN_S = 0.004, HOP_S = 4, TAPER_S = 0.02, SMOOTH_S = 0.0025;
static const double SOONEST_S = 0.27; /* given QRS complexes faster than 222 a minute are dropped: room is limited */
static const double LEAST_RATE_HZ = 100, MOST_RATE_HZ = 2e5;
enum { HOPS = 4, SEARCH_EACH = 2 };

struct emgp_ecg {
    emg_ecg_plan plan;
    emgp_ecg_ends ends;
    double rate_hz;
    size_t n_channels;
    bool looking;           /* false: everything passes */
    uint64_t n_hops, total; /* hops judged in this segment; frames of the segments before */
    emgp_qrs_times told;
    size_t next_told;
    double start_s; /* of this segment, by the clock of the QRS complexes given */
    emgp_ecg_ring ring;
    emgp_ecg_common common;
    emgp_ecg_search *channels;
};

static emg_status check_time(const char *name, double value, double least, double most, emg_error *err)
{
    return value >= least && value <= most
               ? EMG_OK
               : emgp_fail(err, EMG_ERANGE, "%s of %g s is not within %g to %g s", name, value, least, most);
}

static emg_status check(const emg_ecg_plan *plan, double rate_hz, size_t n_channels, emg_error *err)
{
    if (plan->mode < EMG_ECG_AUTO || plan->mode > EMG_ECG_OFF)
        return emgp_fail(err, EMG_EARG, "there is no way number %d to remove the heart", (int)plan->mode);
    if (emgp_check_channels(n_channels, err))
        return EMG_ERANGE;
    if (!(rate_hz > 0) || rate_hz > MOST_RATE_HZ)
        return emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not above 0 and at most %g Hz", rate_hz,
                         MOST_RATE_HZ);
    if (plan->ecg_channel < -1 || plan->ecg_channel >= (int)n_channels)
        return emgp_fail(err, EMG_ERANGE, "the ECG lead %d is none of %zu channels", plan->ecg_channel, n_channels);
    emg_status status = check_time("a beat's wave before its peak", plan->before_s, 0.05, 0.5, err);
    if (status == EMG_OK)
        status = check_time("a beat's wave after its peak", plan->after_s, 0.05, 0.6, err);
    return status ? status : check_time("a gate's half width", plan->gate_s, 0.01, 0.2, err);
}

static bool allocate(emgp_ecg *h)
{
    emgp_ecg_common *c = &h->common;
    size_t bin = (size_t)fmax(1, floor(BIN_S * h->rate_hz + 0.5));
    size_t hop = (size_t)(HOP_S * h->rate_hz / (double)bin) * bin;
    *c = (emgp_ecg_common){ .plan = &h->plan,
                            .rate_hz = h->rate_hz,
                            .bins_per_s = h->rate_hz / (double)bin,
                            .before = (size_t)(h->plan.before_s * h->rate_hz),
                            .after = (size_t)(h->plan.after_s * h->rate_hz),
                            .taper = (size_t)fmax(1, TAPER_S * h->rate_hz),
                            .smooth = (size_t)(SMOOTH_S * h->rate_hz),
                            .gate = (size_t)(h->plan.gate_s * h->rate_hz),
                            .high_passed = h->ends.high_passed,
                            .ring = &h->ring };
    size_t n = c->before + 1 + c->after, room = n > 2 * c->gate + 1 ? n : 2 * c->gate + 1;
    if (!emgp_ecg_ring_make(&h->ring, bin, hop, HOPS, h->n_channels) || !emgp_ecg_scratch_make(&c->scratch, room))
        return false;
    c->x = emgp_alloc(n, sizeof *c->x);
    c->bins = emgp_alloc(h->ring.room_bins, sizeof *c->bins);
    c->ecg_channel = emgp_alloc(EMGP_ECG_MOST, sizeof *c->ecg_channel);
    h->channels = emgp_alloc(h->n_channels, sizeof *h->channels);
    if (!c->x || !c->bins || !c->ecg_channel || !h->channels)
        return false;
    for (size_t i = 0; i < h->n_channels; i++) {
        h->channels[i].channel = i;
        emgp_ecg_search_reset(&h->channels[i]);
        h->channels[i].wave.x = emgp_alloc(n, sizeof(double));
        h->channels[i].wave.mean = emgp_alloc(n, sizeof(double));
        if (!h->channels[i].wave.x || !h->channels[i].wave.mean)
            return false;
    }
    return true;
}

emg_status emgp_ecg_new(emgp_ecg **out, const emg_ecg_plan *plan, double rate_hz, size_t n_channels,
                        const emgp_ecg_ends *ends, emg_error *err)
{
    *out = NULL;
    emg_status status = check(plan, rate_hz, n_channels, err);
    if (status)
        return status;
    emgp_ecg *h = emgp_alloc(1, sizeof *h);
    if (!h)
        return emgp_fail_memory(err);
    h->plan = *plan;
    h->ends = *ends;
    h->rate_hz = rate_hz;
    h->n_channels = n_channels;
    h->looking = plan->mode != EMG_ECG_OFF && rate_hz >= LEAST_RATE_HZ;
    if (h->looking && !allocate(h)) {
        emgp_ecg_free(h);
        return emgp_fail_memory(err);
    }
    *out = h;
    return EMG_OK;
}

void emgp_ecg_free(emgp_ecg *h)
{
    if (!h)
        return;
    for (size_t i = 0; h->channels && i < h->n_channels; i++) {
        emgp_free(h->channels[i].wave.x);
        emgp_free(h->channels[i].wave.mean);
    }
    emgp_free(h->channels);
    emgp_ecg_ring_free(&h->ring);
    emgp_ecg_scratch_free(&h->common.scratch);
    emgp_free(h->common.x);
    emgp_free(h->common.bins);
    emgp_free(h->common.ecg_channel);
    emgp_free(h);
}

size_t emgp_ecg_latency(const emgp_ecg *h)
{
    return h->ring.room;
}

static emg_status hand_on(const emgp_ecg *h, const double *x, size_t n, emg_error *err)
{
    return n > 0 ? h->ends.take(h->ends.context, x, n, err) : EMG_OK;
}

/* Drops the ECG channel's QRS complexes whose wave lies before what is held. */
static void forget_ecg_channel(emgp_ecg_common *c)
{
    size_t gone = 0;
    while (gone < c->n_ecg_channel && c->ecg_channel[gone] + (double)c->after < (double)c->ring->out)
        gone++;
    c->n_ecg_channel -= gone;
    memmove(c->ecg_channel, c->ecg_channel + gone, c->n_ecg_channel * sizeof *c->ecg_channel);
}

/* Adds the given QRS complexes whose waves lie wholly in what is held, or partly when the segment ends. */
static void take_told(emgp_ecg *h, bool last)
{
    emgp_ecg_common *c = &h->common;
    size_t guard = last ? 0 : c->after + (EMGP_ECG_REACH + 2) * h->ring.bin;
    for (; h->next_told < h->told.n; h->next_told++) {
        double frame = (h->told.at_s[h->next_told] - h->start_s) * h->rate_hz;
        if (!(frame + (double)guard < (double)h->ring.filled))
            return;
        bool soon = c->n_ecg_channel > 0 && frame - c->ecg_channel[c->n_ecg_channel - 1] < SOONEST_S * h->rate_hz;
        if (!soon && c->n_ecg_channel < EMGP_ECG_MOST)
            c->ecg_channel[c->n_ecg_channel++] = frame;
    }
}

/* Judges what is held, channel by channel, the ECG channel first. */
static emg_status judge(emgp_ecg *h, bool last, emg_error *err)
{
    bool search = last || h->n_hops % SEARCH_EACH == 0;
    emg_status status = EMG_OK;
    h->n_hops++;
    h->common.first_frame = h->total;
    forget_ecg_channel(&h->common);
    if (h->common.told)
        take_told(h, last);
    if (h->plan.ecg_channel >= 0) {
        status = emgp_ecg_search_step(&h->channels[h->plan.ecg_channel], &h->common, search, last, err);
    }
    for (size_t i = 0; status == EMG_OK && i < h->n_channels; i++)
        if ((int)i != h->plan.ecg_channel)
            status = emgp_ecg_search_step(&h->channels[i], &h->common, search, last, err);
    return status;
}

static emg_status drop_oldest(emgp_ecg *h, emg_error *err)
{
    size_t n;
    const double *oldest = emgp_ecg_ring_oldest(&h->ring, &n);
    emg_status status = hand_on(h, oldest, n, err);
    emgp_ecg_ring_drop(&h->ring, n);
    return status;
}

void emgp_ecg_tell(emgp_ecg *h, const emgp_qrs_times *qrs, double start_s)
{
    size_t low = 0, high = qrs->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (qrs->at_s[middle] < start_s)
            low = middle + 1;
        else
            high = middle;
    }
    h->told = *qrs;
    h->next_told = low;
    h->start_s = start_s;
    h->common.told = qrs->n > 0 && h->plan.ecg_channel < 0;
}

emg_status emgp_ecg_push(emgp_ecg *h, const double *x, size_t n_frames, emg_error *err)
{
    if (!h->looking)
        return hand_on(h, x, n_frames, err);
    while (n_frames > 0) {
        size_t n = emgp_ecg_ring_push(&h->ring, x, n_frames);
        x += n * h->n_channels;
        n_frames -= n;
        if (h->ring.filled - h->ring.out < h->ring.room)
            continue;
        emg_status status = judge(h, false, err);
        if (status == EMG_OK)
            status = drop_oldest(h, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_status emgp_ecg_finish(emgp_ecg *h, emg_error *err)
{
    if (!h->looking)
        return EMG_OK;
    emg_status status = judge(h, true, err);
    while (status == EMG_OK && h->ring.out < h->ring.filled)
        status = drop_oldest(h, err);
    h->total += h->ring.filled;
    h->n_hops = 0;
    h->common.n_ecg_channel = 0;
    emgp_ecg_ring_reset(&h->ring);
    for (size_t i = 0; i < h->n_channels; i++)
        emgp_ecg_search_reset(&h->channels[i]);
    return status;
}

emg_ecg_found emgp_ecg_found(const emgp_ecg *h, size_t channel)
{
    static const emg_ecg_found nothing = { .rate_per_min = NAN, .interval_cv = NAN, .first_s = NAN, .last_s = NAN };
    return h->looking ? emgp_ecg_search_found(&h->channels[channel], h->rate_hz) : nothing;
}

void emgp_ecg_draw(const emg_ecg_found *found, double rate_hz, double first_s, double step_s, size_t n, double *to)
{
    for (size_t i = 0; i < n; i++) {
        const double at = (first_s + (double)i * step_s) * rate_hz + (double)found->wave_peak, before = floor(at);
        to[i] = 0;
        if (!found->wave || before < 0 || before + 1 >= (double)found->n_wave)
            continue;
        const double *pair = found->wave + (size_t)before;
        to[i] = pair[0] + (at - before) * (pair[1] - pair[0]);
    }
}
