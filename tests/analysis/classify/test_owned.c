/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What owns its time before contractions are sought, and which trains are one although a contraction lies between them. */
#include "support/test.h"

#include <math.h>

#include "analysis/classify/classify.h"

enum { MOST = 256, MEMORY = 1 << 16 };

static emg_event event_at(double onset_s, double duration_s, emg_class trial_type)
{
    return (emg_event){ .onset_s = onset_s,
                        .duration_s = duration_s,
                        .peak_s = onset_s,
                        .frequency_hz = NAN,
                        .count = 1,
                        .trial_type = trial_type };
}

/* --- owned.c ------------------------------------------------------------------------------------------------------ */

static void take(emgp_owned *owned, emgp_stream stream, emg_event event)
{
    assert_int_equal(emgp_owned_take(owned, stream, &event, NULL), EMG_OK);
}

/* The stretches of all streams; from_s of each, in time. */
static size_t finish(emgp_owned *owned, double *from_s)
{
    emgp_spill *beats = NULL;
    emgp_merge *merge = NULL;
    const void *record;
    size_t n = 0, stream;
    const emgp_stretch beat = { 500, 500.16 };
    assert_int_equal(emgp_spill_new(&beats, 2, sizeof beat, MEMORY, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_spill_push(beats, 1, &beat, NULL), EMG_OK);
    assert_int_equal(emgp_owned_finish(owned, beats, 1, NULL), EMG_OK);
    assert_int_equal(emgp_merge_new(&merge, owned->stretches, 0, EMGP_N_OWNED, NULL), EMG_OK);
    for (;; n++) {
        assert_true(n < MOST);
        assert_int_equal(emgp_merge_next(merge, &stream, &record, NULL), EMG_OK);
        if (!record)
            break;
        from_s[n] = ((const emgp_stretch *)record)->from_s;
    }
    emgp_merge_free(merge);
    emgp_spill_free(beats);
    emgp_owned_free(owned);
    return n;
}

static void assert_owned(emgp_owned *owned, const double *expected, size_t n)
{
    double from_s[MOST];
    assert_int_equal(finish(owned, from_s), n + 1); /* the beat comes last */
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(from_s[i] - expected[i]) < 0.02);
    assert_true(fabs(from_s[n] - 500) < 1e-9);
}

static emgp_owned *new_owned(void)
{
    emgp_owned *owned = NULL;
    assert_int_equal(emgp_owned_new(&owned, MEMORY, NULL, NULL), EMG_OK);
    return owned;
}

/* Four others within a quarter of a second are company, five are a crowd: only those at its edge stand alone. */
static void a_crowd_owns_nothing(void **state)
{
    (void)state;
    emgp_owned *owned = new_owned();
    const double lone[] = { 1, 2, 2.05, 2.1, 2.15, 2.2, 9 };
    for (size_t i = 0; i < 6; i++)
        take(owned, EMGP_POINTS, event_at(lone[i], 0.01, EMG_FASCICULATION));
    for (int k = 0; k < 100; k++)
        take(owned, EMGP_POINTS, event_at(4 + 0.04 * k, 0.01, k % 3 ? EMG_FASCICULATION : EMG_MYOCLONUS));
    take(owned, EMGP_POINTS, event_at(9, 0.01, EMG_UNCLASSIFIED)); /* a small potential */
    assert_owned(owned, lone, 7);
}

/* So many at once that no place is left for them are a crowd too. */
static void an_endless_crowd_owns_nothing(void **state)
{
    (void)state;
    emgp_owned *owned = new_owned();
    for (int k = 0; k < 5 * EMGP_OWNED_ROOM; k++)
        take(owned, EMGP_POINTS, event_at(1 + 0.001 * k, 0.001, EMG_FASCICULATION));
    const double alone[] = { 8 };
    take(owned, EMGP_POINTS, event_at(8, 0.01, EMG_FASCICULATION));
    assert_owned(owned, alone, 1);
}

static void each_kind_owns_what_is_its_own(void **state)
{
    (void)state;
    emgp_owned *owned = new_owned();
    emg_event joined = event_at(30, 5, EMG_ARTIFACT);
    joined.count = 3;
    take(owned, EMGP_EPISODES, event_at(1, 4, EMG_CLONUS));
    take(owned, EMGP_EPISODES, event_at(7, 0.05, EMG_INDETERMINATE));
    take(owned, EMGP_EPISODES, event_at(8, 0.5, EMG_INDETERMINATE));
    take(owned, EMGP_EPISODES, event_at(9, 3, EMG_TONIC));
    take(owned, EMGP_EPISODES, event_at(13, 3, EMG_MOTOR_UNIT));
    take(owned, EMGP_ARTIFACTS, event_at(20, 0.1, EMG_ARTIFACT));
    take(owned, EMGP_ARTIFACTS, joined);
    take(owned, EMGP_POINTS, event_at(40, 0.05, EMG_MYOCLONUS));
    for (int k = 0; k < 8; k++) /* responses are, in any crowd */
        take(owned, EMGP_POINTS, event_at(50 + 0.03 * k, 0.02, k == 4 ? EMG_EVOKED : EMG_MYOCLONUS));
    const double expected[] = { 1, 7, 13, 20, 50.12 };
    assert_owned(owned, expected, 5);
}

/* From 10 s on the level is 6 dB over the floor of 1: discharges there are a contraction's. */
static void nothing_stands_alone_over_activity(void **state)
{
    (void)state;
    emgp_spill *levels = NULL, *discharges = NULL;
    emgp_beneath beneath = { 0 };
    assert_int_equal(emgp_spill_new(&levels, 1, sizeof(emgp_level_record), MEMORY, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_spill_new(&discharges, 1, sizeof(emgp_discharge), MEMORY, NULL, NULL), EMG_OK);
    for (size_t k = 0; k < 32; k++) {
        emgp_level_record r = { .start_s = 0.64 * (double)k, .n = EMGP_LEVELS };
        for (size_t i = 0; i < r.n; i++)
            r.level[i] = emgp_level_code(r.start_s < 10 ? 1 : 2);
        assert_int_equal(emgp_spill_push(levels, 0, &r, NULL), EMG_OK);
    }
    assert_int_equal(emgp_beneath_new(&beneath, levels, discharges, 0, 0.005, NULL, NULL), EMG_OK);
    emgp_owned *owned = new_owned();
    emgp_owned_look_beneath(owned, &beneath, 0);
    const double alone[] = { 3, 17 };
    take(owned, EMGP_POINTS, event_at(3, 0.01, EMG_FASCICULATION));
    take(owned, EMGP_POINTS, event_at(15, 0.01, EMG_FASCICULATION));
    take(owned, EMGP_POINTS, event_at(17, 0.01, EMG_EVOKED));
    assert_owned(owned, alone, 2);
    emgp_beneath_free(&beneath);
    emgp_spill_free(levels);
    emgp_spill_free(discharges);
}

/* --- bridge.c ----------------------------------------------------------------------------------------------------- */

typedef struct given {
    emg_event event[EMGP_N_STREAMS][16];
    size_t n[EMGP_N_STREAMS];
} given;

static emg_status keep(void *context, emgp_stream stream, const emg_event *event, emg_error *err)
{
    given *g = context;
    (void)err;
    assert_true(g->n[stream] < 16);
    g->event[stream][g->n[stream]++] = *event;
    return EMG_OK;
}

static emg_event train(double onset_s, double end_s, double hz)
{
    emg_event e = event_at(onset_s, end_s - onset_s, EMG_TREMOR);
    e.frequency_hz = hz;
    e.count = (uint64_t)lround((end_s - onset_s) * hz);
    return e;
}

/* Two trains with contractions between them. */
static given bridged(emg_event first, emg_event second, const double between[][2], size_t n)
{
    given g = { .n = { 0 } };
    emgp_bridge *bridge = NULL;
    assert_int_equal(emgp_bridge_new(&bridge, NULL, keep, &g, NULL), EMG_OK);
    const emg_event point = event_at(12, 0.01, EMG_FASCICULATION);
    assert_int_equal(emgp_bridge_take(bridge, EMGP_POINTS, &point, NULL), EMG_OK);
    assert_int_equal(g.n[EMGP_POINTS], 1); /* at once */
    for (size_t i = 0; i < n; i++) {
        const emg_event e = event_at(between[i][0], between[i][1] - between[i][0], EMG_TONIC);
        assert_int_equal(emgp_bridge_take(bridge, EMGP_CONTRACTIONS, &e, NULL), EMG_OK);
    }
    assert_int_equal(emgp_bridge_take(bridge, EMGP_EPISODES, &first, NULL), EMG_OK);
    assert_int_equal(emgp_bridge_take(bridge, EMGP_EPISODES, &second, NULL), EMG_OK);
    assert_int_equal(emgp_bridge_finish(bridge, NULL), EMG_OK);
    emgp_bridge_free(bridge);
    return g;
}

static void what_lies_between_is_the_train_s(void **state)
{
    (void)state;
    static const double two[][2] = { { 20.1, 21.4 }, { 21.6, 23.9 } };
    const given g = bridged(train(10, 20, 5), train(24, 34, 5.2), two, 2);
    assert_int_equal(g.n[EMGP_EPISODES], 1);
    assert_int_equal(g.n[EMGP_CONTRACTIONS], 0);
    const emg_event *e = &g.event[EMGP_EPISODES][0];
    assert_true(fabs(e->onset_s - 10) < 1e-9 && fabs(e->duration_s - 24) < 1e-9);
    assert_int_equal(e->count, 50 + 19 + 52); /* the cycles of four seconds, but for the bursts at both ends */
}

static void other_trains_stay_apart(void **state)
{
    (void)state;
    static const double one[][2] = { { 20.1, 23.9 } }, far[][2] = { { 21, 23.9 } }, early[][2] = { { 20.1, 23.1 } };
    const struct {
        emg_event first, second;
        const double (*between)[2];
        size_t n;
    } apart[] = {
        { train(10, 20, 5), train(24, 34, 7), one, 1 },   /* of another rate */
        { train(10, 20, 5), train(24, 34, 5), far, 1 },   /* silence before what lies between */
        { train(10, 20, 5), train(24, 34, 5), early, 1 }, /* or after it */
        { train(10, 20, 5), train(24, 34, 5), one, 0 },   /* nothing between */
        { train(18, 20, 5), train(24, 26, 5), one, 1 },   /* most was not seen */
    };
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        const given g = bridged(apart[i].first, apart[i].second, apart[i].between, apart[i].n);
        assert_int_equal(g.n[EMGP_EPISODES], 2);
        assert_int_equal(g.n[EMGP_CONTRACTIONS], apart[i].n);
        assert_true(g.event[EMGP_EPISODES][0].onset_s < g.event[EMGP_EPISODES][1].onset_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crowd_owns_nothing),
        cmocka_unit_test(an_endless_crowd_owns_nothing),
        cmocka_unit_test(each_kind_owns_what_is_its_own),
        cmocka_unit_test(nothing_stands_alone_over_activity),
        cmocka_unit_test(what_lies_between_is_the_train_s),
        cmocka_unit_test(other_trains_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
