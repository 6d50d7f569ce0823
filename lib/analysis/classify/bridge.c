/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two trains of one rhythm with nothing but a contraction between them are one: its bursts were lost there, not its activity. */
#include "analysis/classify/classify.h"

#include <math.h>
#include <string.h>

enum { TOUCH, SHARE };

static const emgp_rule numbers[] = {
    [TOUCH] = EMGP_NUMBER("bridge.touch_s", "pause between a contraction and the train before or after it",
                          EMGP_AT_MOST, EMGP_LIMIT(0.5), EMGP_OURS, "it lies between two trains of one class and rate"),
    [SHARE] = EMGP_NUMBER("bridge.share", "time between the trains / duration of both", EMGP_AT_MOST, EMGP_LIMIT(0.5),
                          EMGP_OURS, "and the rhythm goes on through it, since most of it was seen"),
};

emgp_rules emgp_bridge_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { EPISODES, CONTRACTIONS, CLAIMS, N_HELD, MOST_BETWEEN = 16, HELD_BUDGET = 1 << 18 };

static const emgp_stream streams[N_HELD] = { EMGP_EPISODES, EMGP_CONTRACTIONS, EMGP_CLAIMS };

struct emgp_bridge {
    emgp_event_take *take;
    void *context;
    emgp_spill *held;
    emg_event train, between[MOST_BETWEEN]; /* a train with the contractions that follow it */
    emgp_stream stream;                     /* of the train */
    bool open;
    size_t n_between;
};

emg_status emgp_bridge_new(emgp_bridge **out, const char *directory, emgp_event_take *take, void *context,
                           emg_error *err)
{
    emgp_bridge *b = emgp_alloc(1, sizeof *b);
    if (!b)
        return emgp_fail_memory(err);
    b->take = take;
    b->context = context;
    emg_status status = emgp_spill_new(&b->held, N_HELD, sizeof(emg_event), HELD_BUDGET, directory, err);
    if (status) {
        emgp_free(b);
        return status;
    }
    *out = b;
    return EMG_OK;
}

void emgp_bridge_free(emgp_bridge *b)
{
    if (!b)
        return;
    emgp_spill_free(b->held);
    emgp_free(b);
}

emg_status emgp_bridge_take(void *context, emgp_stream stream, const emg_event *event, emg_error *err)
{
    emgp_bridge *b = context;
    for (size_t i = 0; i < N_HELD; i++)
        if (stream == streams[i])
            return emgp_spill_push(b->held, i, event, err);
    return b->take(b->context, stream, event, err);
}

static double end_of(const emg_event *event)
{
    return event->onset_s + event->duration_s;
}

/* Where what is held ends. */
static double reach_of(const emgp_bridge *b)
{
    double end = end_of(&b->train);
    for (size_t i = 0; i < b->n_between; i++)
        end = fmax(end, end_of(&b->between[i]));
    return end;
}

static emg_status let_go(emgp_bridge *b, emg_error *err)
{
    emg_status status = b->open ? b->take(b->context, b->stream, &b->train, err) : EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < b->n_between; i++)
        status = b->take(b->context, EMGP_CONTRACTIONS, &b->between[i], err);
    b->open = false;
    b->n_between = 0;
    return status;
}

static bool is_bridged(const emgp_bridge *b, const emg_event *next)
{
    const double gap_s = next->onset_s - end_of(&b->train);
    return b->open && b->n_between > 0 && emgp_joiner_alike(&b->train, next) &&
           next->onset_s <= reach_of(b) + numbers[TOUCH].limit &&
           gap_s <= numbers[SHARE].limit * (b->train.duration_s + next->duration_s);
}

/* The cycles between are told by the rate. */
static void join(emgp_bridge *b, const emg_event *next)
{
    const double cycles = round((next->onset_s - end_of(&b->train)) * b->train.frequency_hz) - 1;
    emgp_joiner_join(&b->train, next);
    b->train.count += (uint64_t)fmax(0, cycles);
    b->n_between = 0;
}

static emg_status take_episode(emgp_bridge *b, emgp_stream stream, const emg_event *event, emg_error *err)
{
    if (is_bridged(b, event)) {
        join(b, event);
        return EMG_OK;
    }
    emg_status status = let_go(b, err);
    const bool train =
        event->trial_type == EMG_CLONUS || event->trial_type == EMG_TREMOR || event->trial_type == EMG_RHYTHMIC;
    if (status || !train)
        return status ? status : b->take(b->context, stream, event, err);
    b->train = *event;
    b->stream = stream;
    b->open = true;
    return EMG_OK;
}

static emg_status take_contraction(emgp_bridge *b, const emg_event *event, emg_error *err)
{
    if (b->open && b->n_between < MOST_BETWEEN && event->onset_s <= reach_of(b) + numbers[TOUCH].limit) {
        b->between[b->n_between++] = *event;
        return EMG_OK;
    }
    emg_status status = let_go(b, err);
    return status ? status : b->take(b->context, EMGP_CONTRACTIONS, event, err);
}

emg_status emgp_bridge_finish(emgp_bridge *b, emg_error *err)
{
    emgp_merge *merge = NULL;
    const void *record = NULL;
    size_t stream = 0;
    emg_status status = emgp_merge_new(&merge, b->held, 0, N_HELD, err);
    while (status == EMG_OK && (status = emgp_merge_next(merge, &stream, &record, err)) == EMG_OK && record) {
        emg_event event;
        memcpy(&event, record, sizeof event);
        status =
            stream == CONTRACTIONS ? take_contraction(b, &event, err) : take_episode(b, streams[stream], &event, err);
    }
    emgp_merge_free(merge);
    return status ? status : let_go(b, err);
}
