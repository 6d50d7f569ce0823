/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found, followed back to its samples: shapes of fasciculations and units, bursts of rhythmic episodes. */
#include "analysis/sketch/sketch.h"

#include <math.h>
#include <string.h>

enum { MOST_EPISODES = 1024 };
static const double same_s = 1e-6;

typedef struct episode {
    double from_s, to_s;
    unsigned unit; /* whose train it is; 0: none's */
} episode;

struct emgp_tracer {
    emgp_found_shapes *found;
    emgp_sketch_streams streams;
    emgp_spill_cursor cursor;
    emgp_discharge discharge;
    bool there;
    episode episodes[MOST_EPISODES];
    size_t n_episodes;
};

static emg_status advance(emgp_tracer *t, emg_error *err)
{
    return emgp_spill_copy(&t->cursor, &t->discharge, sizeof t->discharge, &t->there, err);
}

emg_status emgp_tracer_new(emgp_tracer **out, emgp_sketch *sketch, const emgp_sketch_streams *streams, emg_error *err)
{
    emgp_tracer *t = emgp_alloc(1, sizeof *t);
    if (!t)
        return emgp_fail_memory(err);
    t->found = emgp_sketch_found(sketch);
    t->streams = *streams;
    emgp_spill_start(&t->cursor, streams->discharges, streams->stream);
    emg_status status = advance(t, err);
    if (status) {
        emgp_tracer_free(t);
        return status;
    }
    *out = t;
    return EMG_OK;
}

void emgp_tracer_free(emgp_tracer *t)
{
    if (!t)
        return;
    emgp_spill_stop(&t->cursor);
    emgp_free(t);
}

/* Every so many discharges; when there is no room, every other one goes. */
static void keep_wave(emg_sketch_shape *s, uint64_t *stride, const float wave[EMG_SKETCH_POINTS])
{
    if (s->n % *stride != 0)
        return;
    if (s->n_waves == EMG_SKETCH_WAVES) {
        for (size_t i = 0; i < EMG_SKETCH_WAVES / 2; i++)
            memcpy(s->waves[i], s->waves[2 * i], sizeof s->waves[i]);
        s->n_waves = EMG_SKETCH_WAVES / 2;
        *stride *= 2;
    }
    memcpy(s->waves[s->n_waves++], wave, sizeof s->waves[0]);
}

static emg_status add_shape(emgp_found_shapes *f, unsigned unit, const emgp_discharge *d, emg_error *err)
{
    emg_sketch_shape **place = &f->shape[unit - 1];
    float wave[EMG_SKETCH_POINTS];
    if (!*place) {
        *place = emgp_alloc(1, sizeof **place);
        if (!*place)
            return emgp_fail_memory(err);
        (*place)->unit = unit;
        f->stride[unit - 1] = 1;
    }
    emg_sketch_shape *s = *place;
    for (size_t i = 0; i < EMG_SKETCH_POINTS; i++)
        wave[i] = d->peak * (float)d->shape[i] / 127;
    keep_wave(s, &f->stride[unit - 1], wave);
    s->n++;
    for (size_t i = 0; i < EMG_SKETCH_POINTS; i++)
        s->mean[i] += (wave[i] - s->mean[i]) / (float)s->n;
    return EMG_OK;
}

emg_status emgp_tracer_event(emgp_tracer *t, const emg_event *event, emg_error *err)
{
    emg_status status = EMG_OK;
    if (event->frequency_hz > 0 && event->count > 1 && t->n_episodes < MOST_EPISODES)
        t->episodes[t->n_episodes++] = (episode){ event->onset_s, event->onset_s + event->duration_s,
                                                  event->trial_type == EMG_MOTOR_UNIT ? event->unit : 0 };
    if (event->trial_type != EMG_FASCICULATION || event->unit < 1 || event->unit > EMGP_SKETCH_UNITS)
        return EMG_OK;
    while (status == EMG_OK && t->there && t->discharge.peak_s < event->peak_s - same_s)
        status = advance(t, err);
    if (status == EMG_OK && t->there && fabs(t->discharge.peak_s - event->peak_s) <= same_s)
        status = add_shape(t->found, event->unit, &t->discharge, err);
    return status;
}

static bool add_burst(emgp_found_shapes *f, double at_s)
{
    void *times = f->burst_s;
    if (!emgp_reserve(&times, &f->bursts_room, f->n_bursts, f->n_bursts + 1, sizeof *f->burst_s))
        return false;
    f->burst_s = times;
    f->burst_s[f->n_bursts++] = at_s;
    return true;
}

/* Of several units that fire at a time the one whose trains are longest is drawn. */
static unsigned leading_unit(const emgp_tracer *t)
{
    double sum_s[EMGP_SKETCH_UNITS + 1] = { 0 };
    unsigned best = 0;
    for (size_t i = 0; i < t->n_episodes; i++)
        if (t->episodes[i].unit > 0 && t->episodes[i].unit <= EMGP_SKETCH_UNITS)
            sum_s[t->episodes[i].unit] += t->episodes[i].to_s - t->episodes[i].from_s;
    for (unsigned u = 1; u <= EMGP_SKETCH_UNITS; u++)
        best = sum_s[u] > sum_s[best] ? u : best;
    return best;
}

/* Whether a moment lies in an episode of the unit (0: of none); episodes of several classes may come out of order. */
static bool is_in_episode(const emgp_tracer *t, unsigned unit, double at_s)
{
    for (size_t i = 0; i < t->n_episodes; i++)
        if (t->episodes[i].unit == unit && at_s >= t->episodes[i].from_s - same_s &&
            at_s <= t->episodes[i].to_s + same_s)
            return true;
    return false;
}

/* Whether a unit's train goes on at a moment. */
static bool is_of_train(const emgp_tracer *t, unsigned unit, double at_s)
{
    for (size_t i = 0; i < t->n_episodes; i++)
        if (t->episodes[i].unit == unit && at_s >= t->episodes[i].from_s && at_s <= t->episodes[i].to_s)
            return true;
    return false;
}

/* Walks all discharges with their units, since trains of several units overlap. */
static emg_status trace_trains(emgp_tracer *t, emg_error *err)
{
    emgp_spill_cursor discharges, units;
    uint8_t of[2]; /* its unit; one whose discharge lies over it */
    emgp_discharge d;
    bool there;
    emg_status status = EMG_OK;
    emgp_spill_start(&discharges, t->streams.discharges, t->streams.stream);
    emgp_spill_start(&units, t->streams.unit_of, 0);
    while (status == EMG_OK && (status = emgp_spill_copy(&discharges, &d, sizeof d, &there, err)) == EMG_OK && there &&
           (status = emgp_spill_copy(&units, of, sizeof of, &there, err)) == EMG_OK && there) {
        const unsigned unit = of[1] > 0 ? 0 : of[0];
        if (unit > 0 && unit <= EMGP_SKETCH_UNITS && is_of_train(t, unit, d.peak_s))
            status = add_shape(t->found, unit, &d, err);
    }
    emgp_spill_stop(&discharges);
    emgp_spill_stop(&units);
    return status;
}

/* Times of bursts in order, as the result tells them. */
static emg_status keep_bursts(emgp_tracer *t, emg_error *err)
{
    const unsigned leading = leading_unit(t);
    emgp_merge *merge = NULL;
    const void *record = NULL;
    size_t stream;
    emg_status status = emgp_merge_new(&merge, t->streams.times, t->streams.stream * EMGP_N_TIMES, EMGP_N_TIMES, err);
    while (status == EMG_OK && t->found->n_bursts < EMG_SKETCH_BURSTS &&
           (status = emgp_merge_next(merge, &stream, &record, err)) == EMG_OK && record) {
        emgp_burst_time time;
        memcpy(&time, record, sizeof time);
        if ((time.unit == 0 || time.unit == leading) && is_in_episode(t, time.unit, time.at_s) &&
            !add_burst(t->found, time.at_s))
            status = emgp_fail_memory(err);
    }
    emgp_merge_free(merge);
    return status;
}

emg_status emgp_tracer_finish(emgp_tracer *t, emg_error *err)
{
    emg_status status = EMG_OK;
    bool trains = false;
    for (size_t i = 0; i < t->n_episodes; i++)
        trains = trains || t->episodes[i].unit > 0;
    if (trains)
        status = trace_trains(t, err);
    return status || t->n_episodes == 0 ? status : keep_bursts(t, err);
}
