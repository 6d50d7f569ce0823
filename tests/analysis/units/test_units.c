/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units are told apart by their shapes and carried along, and a train of one is regular or none, whatever else is there. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include "analysis/units/units.h"
#include "dsp/signal.h"

/* Shapes in points from their middle; TWIN has two deflections of one size, NEARLY is hardly another than HUMP. */
enum { HUMP, WAVELET, BIPHASIC, TWIN, NEARLY };

static double shape_at(int kind, double i)
{
    const double u = i / 3, v = u - 1.5;
    switch (kind) {
    case HUMP:
        return exp(-u * u);
    case WAVELET:
        return exp(-u * u) * (1 - 2 * u * u);
    case BIPHASIC:
        return exp(-u * u) - exp(-v * v);
    case TWIN:
        return exp(-(u + 1) * (u + 1)) - exp(-(u - 1) * (u - 1));
    default:
        return exp(-u * u) + 0.3 * exp(-v * v);
    }
}

/* What the noise and one or two potentials (NaN: one) of those sizes are, as a discharge; shift: points by which the second
 * is later. Its shape is laid round its largest deflection. */
static emgp_discharge overlap(double peak_s, int kind, double size, int second, double second_size, int shift,
                              uint64_t *seed)
{
    enum { MIDDLE = 2 * EMGP_SHAPE, ALL = 2 * MIDDLE };
    emgp_discharge d = { .peak_s = peak_s, .before_s = 0.004F, .after_s = 0.004F, .sigma = 1 };
    double x[ALL];
    int at = MIDDLE;
    for (int i = 0; i < ALL; i++)
        x[i] = size * shape_at(kind, i - MIDDLE) + second_size * shape_at(second, i - MIDDLE - shift) +
               signal_gaussian(seed);
    for (int i = MIDDLE - EMGP_SHAPE / 2; i < MIDDLE + EMGP_SHAPE / 2; i++)
        at = fabs(x[i]) > fabs(x[at]) ? i : at;
    d.peak = (float)fabs(x[at]);
    d.peak_to_peak = 2 * d.peak;
    for (int i = 0; i < EMGP_SHAPE; i++)
        d.shape[i] = (int8_t)lround(INT8_MAX * x[at - EMGP_SHAPE / 2 + i] / (double)d.peak);
    return d;
}

/* A potential of its kind, with some of the noise on it. */
static emgp_discharge potential(double peak_s, int kind, float peak, uint64_t *seed)
{
    return overlap(peak_s, kind, (double)peak, kind, 0, 0, seed);
}

/* Spills as the analysis makes them: discharges, a burst for each, and their units. */
typedef struct channel {
    emgp_spill *discharges, *bursts, *unit_of;
    emgp_units *units;
    emg_config config;
} channel;

static channel new_channel(void)
{
    channel c = { .config = emg_config_defaults(EMG_PRESET_SURFACE) };
    assert_int_equal(emgp_spill_new(&c.discharges, 1, sizeof(emgp_discharge), 1 << 20, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_spill_new(&c.bursts, 1, sizeof(emgp_burst), 1 << 20, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_spill_new(&c.unit_of, 1, sizeof(emgp_unit_of), 1 << 20, NULL, NULL), EMG_OK);
    assert_int_equal(emgp_units_new(&c.units, &c.config.unit, NULL), EMG_OK);
    emgp_units_start(c.units, c.unit_of);
    return c;
}

static void free_channel(channel *c)
{
    emgp_spill_free(c->discharges);
    emgp_spill_free(c->bursts);
    emgp_spill_free(c->unit_of);
    emgp_units_free(c->units);
}

static void push(channel *c, const emgp_discharge *d)
{
    const emgp_burst b = { .onset_s = d->peak_s, .end_s = d->peak_s, .peak_s = d->peak_s, .n_discharges = 1 };
    assert_int_equal(emgp_spill_push(c->discharges, 0, d, NULL), EMG_OK);
    assert_int_equal(emgp_spill_push(c->bursts, 0, &b, NULL), EMG_OK);
    assert_int_equal(emgp_units_push(c->units, d, true, NULL), EMG_OK);
}

static void push_gap(channel *c, double at_s)
{
    const emgp_burst b = { .onset_s = at_s, .peak_s = 0, .flags = EMGP_SEGMENT_END };
    assert_int_equal(emgp_spill_push(c->bursts, 0, &b, NULL), EMG_OK);
    emgp_units_gap(c->units);
}

static void settle(channel *c)
{
    assert_int_equal(emgp_units_settle(c->units, NULL), EMG_OK);
}

static size_t read_units(const channel *c, uint8_t *unit, size_t room)
{
    emgp_spill_cursor cursor;
    const void *record = NULL;
    size_t n = 0;
    emgp_spill_start(&cursor, c->unit_of, 0);
    while (emgp_spill_next(&cursor, &record, NULL) == EMG_OK && record && n < room)
        unit[n++] = ((const emgp_unit_of *)record)->unit;
    emgp_spill_stop(&cursor);
    return n;
}

enum { MOST = 2048 };

/* Three shapes in turn over several blocks, one of them ever smaller: each keeps its number, and what is unlike all has none. */
static void shapes_are_told_apart(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    for (int i = 0; i < 900; i++) {
        const float peak = i % 3 == 0 ? 100 * powf(0.9995F, (float)i) : 80;
        const emgp_discharge d = potential(0.1 * i, i % 3, peak, &seed);
        push(&c, &d);
    }
    emgp_discharge odd = potential(100, 0, 100, &seed);
    for (int i = 0; i < EMGP_SHAPE; i++)
        odd.shape[i] = (int8_t)(60 * signal_gaussian(&seed));
    push(&c, &odd);
    settle(&c);
    assert_int_equal(read_units(&c, unit, MOST), 901);
    for (int i = 3; i < 900; i++) {
        assert_int_not_equal(unit[i], 0);
        assert_int_equal(unit[i], unit[i % 3]);
    }
    assert_int_not_equal(unit[0], unit[1]);
    assert_int_not_equal(unit[1], unit[2]);
    assert_int_not_equal(unit[0], unit[2]);
    assert_int_equal(unit[900], 0);
    free_channel(&c);
}

/* Discharges near the noise are one unit's by what the noise leaves of them, though they hardly correlate. */
static void weak_discharges_belong_to_their_unit(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    size_t known = 0;
    for (int i = 0; i < 200; i++) {
        const emgp_discharge d = potential(0.1 * i, 1, i < 50 ? 8 : 5, &seed);
        push(&c, &d);
    }
    settle(&c);
    assert_int_equal(read_units(&c, unit, MOST), 200);
    for (int i = 50; i < 200; i++)
        known += unit[i] == unit[0] && unit[i] > 0;
    assert_true(known > 130);
    free_channel(&c);
}

/* Nothing is founded on discharges that the noise could have made, however many are alike. */
static void noise_founds_no_unit(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    for (int i = 0; i < 300; i++) {
        const emgp_discharge d = potential(0.1 * i, 1, 2, &seed);
        push(&c, &d);
    }
    settle(&c);
    assert_int_equal(read_units(&c, unit, MOST), 300);
    for (int i = 0; i < 300; i++)
        assert_int_equal(unit[i], 0);
    free_channel(&c);
}

/* Now one, now the other of two deflections is the largest, and the shape is laid round that: it is one unit's all the same. */
static void either_deflection_may_be_the_largest(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    size_t n_positive = 0;
    for (int i = 0; i < 300; i++) {
        const emgp_discharge d = potential(0.1 * i, TWIN, 20, &seed);
        n_positive += d.shape[EMGP_SHAPE / 2] > 0;
        push(&c, &d);
    }
    assert_in_range(n_positive, 100, 200);
    settle(&c);
    assert_int_equal(read_units(&c, unit, MOST), 300);
    for (int i = 0; i < 300; i++)
        assert_int_equal(unit[i], 1);
    free_channel(&c);
}

/* Two units whose shapes are so alike that either's discharges could be the other's are two, though one begins late; those of
 * one that varies as much are one. */
static void alike_units_are_two(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    for (int i = 0; i < 900; i++) {
        const int kind = i >= 300 && i % 2 ? NEARLY : HUMP;
        const emgp_discharge d = potential(0.1 * i, kind, 40, &seed);
        push(&c, &d);
    }
    settle(&c);
    assert_int_equal(read_units(&c, unit, MOST), 900);
    size_t wrong = 0;
    for (int i = 512; i < 900; i++)
        wrong += unit[i] != (i % 2 ? 2 : 1);
    assert_true(wrong < 4);
    free_channel(&c);

    c = new_channel();
    for (int i = 0; i < 600; i++) {
        const double more = 12 * signal_uniform(&seed);
        const emgp_discharge d = overlap(0.1 * i, HUMP, 40, HUMP, more, 4, &seed);
        push(&c, &d);
    }
    settle(&c);
    assert_int_equal(read_units(&c, unit, MOST), 600);
    for (int i = 0; i < 600; i++)
        assert_int_equal(unit[i], 1);
    free_channel(&c);
}

/* Where the potentials of two units lie over each other the discharge is both units', and they found no third. */
static void overlapping_discharges_are_both_units(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    size_t n = 0, n_both = 0;
    for (int i = 0; i < 600; i++) {
        const bool both = i % 5 == 4;
        const emgp_discharge d =
            overlap(0.1 * i, i % 2 ? WAVELET : HUMP, 60, i % 2 ? HUMP : WAVELET, both ? 50 : 0, 3 + i % 3, &seed);
        push(&c, &d);
    }
    settle(&c);
    emgp_spill_cursor cursor;
    const void *record = NULL;
    emgp_spill_start(&cursor, c.unit_of, 0);
    for (int i = 0; emgp_spill_next(&cursor, &record, NULL) == EMG_OK && record; i++) {
        const emgp_unit_of *of = record;
        assert_true(of->unit <= 2);
        n += i % 5 == 4;
        n_both += i % 5 == 4 && of->other > 0 && of->unit != of->other;
        assert_true(i % 5 == 4 || of->other == 0);
    }
    emgp_spill_stop(&cursor);
    assert_true(10 * n_both > 9 * n);
    free_channel(&c);
}

/* A distorted discharge at the time at which a steady unit's is expected is its own; another between two of them is nobody's. */
static void a_steady_unit_is_expected(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    size_t n_own = 0, n_other = 0;
    for (int i = 0; i < 300; i++) {
        for (int half = 0; half < 2; half++) {
            const bool distorted = i % 30 == 15 || (i > 0 && i < 20 && half == 0);
            emgp_discharge d = potential(0.1 * i + 0.05 * half + 0.003 * signal_gaussian(&seed), HUMP, 100, &seed);
            for (int k = 0; distorted && k < EMGP_SHAPE; k++)
                d.shape[k] = (int8_t)fmax(-INT8_MAX, fmin(INT8_MAX, d.shape[k] + 24 * signal_gaussian(&seed)));
            if (half == 0 || i % 30 == 15)
                push(&c, &d);
        }
    }
    settle(&c);
    const size_t n = read_units(&c, unit, MOST);
    size_t at = 0;
    for (int i = 0; i < 300; i++) {
        n_own += unit[at++] == unit[0] && unit[0] > 0;
        if (i % 30 == 15)
            n_other += unit[at++] > 0;
    }
    assert_int_equal(at, n);
    assert_true(n_own >= 298);
    assert_true(n_other <= 1);
    free_channel(&c);
}

static void a_heart_is_told(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    uint8_t unit[MOST];
    for (int i = 0; i < 12; i++) {
        const emgp_discharge beat = potential(0.8 * i, 0, 100, &seed),
                             other = potential(0.8 * i + 0.05 * i, 1, 100, &seed);
        push(&c, &beat);
        push(&c, &other);
    }
    settle(&c);
    read_units(&c, unit, MOST);
    assert_true(emgp_units_is_ecg(c.units, unit[0]));
    assert_false(emgp_units_is_ecg(c.units, 0));
    free_channel(&c);
}

typedef struct found {
    size_t n;
    emgp_unit_train train[8];
} found;

static emg_status take(void *context, const emgp_unit_train *train, emg_error *err)
{
    (void)err;
    found *f = context;
    assert_true(f->n < 8);
    f->train[f->n++] = *train;
    return EMG_OK;
}

static found trains_of(channel *c)
{
    found f = { .n = 0 };
    settle(c);
    const emgp_unit_trains_setup setup = {
        .discharges = c->discharges, .bursts = c->bursts, .unit_of = c->unit_of, .config = &c->config
    };
    assert_int_equal(emgp_unit_trains_find(&setup, take, &f, NULL), EMG_OK);
    return f;
}

/* A unit at 10 Hz, every ninth discharge missed, and one at 7 Hz that begins later: two trains, and nothing besides them. */
static void trains_of_two_units(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    double a_s = 1, b_s = 4.03;
    for (int i = 0; a_s < 60; i++) {
        const bool first = a_s < b_s;
        const emgp_discharge d = potential(first ? a_s : b_s, first ? 0 : 1, first ? 100 : 60, &seed);
        *(first ? &a_s : &b_s) += (first ? 0.1 : 0.143) * (1 + 0.08 * signal_gaussian(&seed));
        if (i % 9 != 0)
            push(&c, &d);
    }
    const found f = trains_of(&c);
    assert_int_equal(f.n, 2);
    assert_near(f.train[0].onset_s, 1, 0.3);
    assert_near(f.train[1].onset_s, 4, 0.5);
    assert_near(f.train[0].end_s, 60, 0.5);
    assert_near(f.train[0].evidence.rate_hz, 10, 0.3);
    assert_near(f.train[1].evidence.rate_hz, 7, 0.3);
    assert_near(f.train[0].evidence.intervals.cv, 0.08, 0.02);
    assert_near(f.train[0].amplitude, 200, 10);
    assert_near(f.train[0].evidence.trains_share, 1, 0.01);
    assert_true(f.train[0].evidence.filled > 0.8);
    free_channel(&c);
}

/* Where two of five discharges are missed by chance, as under other potentials, the rate is still the unit's. */
static void missed_discharges_leave_the_rate(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    double at_s = 1;
    for (int i = 0; i < 600; i++) {
        const emgp_discharge d = potential(at_s, HUMP, 100, &seed);
        at_s += 0.1 * (1 + 0.1 * signal_gaussian(&seed));
        if (signal_uniform(&seed) > 0.4)
            push(&c, &d);
    }
    const found f = trains_of(&c);
    assert_int_equal(f.n, 1);
    assert_near(f.train[0].evidence.rate_hz, 10, 0.3);
    assert_near(f.train[0].evidence.even_share, 0.6, 0.08);
    free_channel(&c);
}

/* What is as fast but comes at random, in groups, or seldom is no train; nor does one span a gap or a pause. */
static void what_is_no_train(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    double at_s = 0;
    for (int i = 0; i < 400; i++) { /* a Poisson train of 10 a second */
        at_s += -0.1 * log(signal_uniform(&seed));
        const emgp_discharge d = potential(at_s, 0, 100, &seed);
        push(&c, &d);
    }
    for (int i = 0; i < 200; i++) { /* groups of five, 30 ms apart */
        const emgp_discharge d = potential(100 + i / 5 + 0.03 * (i % 5), 1, 100, &seed);
        push(&c, &d);
    }
    for (int i = 0; i < 50; i++) { /* a slow one */
        const emgp_discharge d = potential(200 + 0.5 * i, 2, 100, &seed);
        push(&c, &d);
    }
    assert_int_equal(trains_of(&c).n, 0);
    free_channel(&c);
}

static void trains_end_at_pauses_and_gaps(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    for (int i = 0; i < 900; i++) {
        const double at_s = 0.1 * i + (i < 300 ? 0 : 2) + 0.005 * signal_gaussian(&seed);
        const emgp_discharge d = potential(at_s, 0, 100, &seed);
        if (i == 600)
            push_gap(&c, at_s - 0.05);
        push(&c, &d);
    }
    const found f = trains_of(&c);
    assert_int_equal(f.n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_near(f.train[i].evidence.n, 300, 3);
        assert_near(f.train[i].end_s - f.train[i].onset_s, 29.9, 0.3);
    }
    free_channel(&c);
}

/* Random discharges of other shapes around it: the train is there, and how little of all that it is. */
static void a_train_among_others(void **state)
{
    (void)state;
    channel c = new_channel();
    uint64_t seed = 1;
    for (int i = 0; i < 300; i++) {
        emgp_discharge d = potential(0.1 * i + 0.005 * signal_gaussian(&seed), 0, 100, &seed);
        push(&c, &d);
        for (int k = 0; k < 3; k++) {
            d.peak_s += 0.02;
            for (int j = 0; j < EMGP_SHAPE; j++)
                d.shape[j] = (int8_t)(40 * signal_gaussian(&seed));
            push(&c, &d);
        }
    }
    const found f = trains_of(&c);
    assert_int_equal(f.n, 1);
    assert_near(f.train[0].evidence.trains_share, 0.25, 0.02);
    assert_near(f.train[0].evidence.others_hz, 30, 1);
    free_channel(&c);
}

/* What of all that was found is told, and then rescued. */
typedef struct rescued {
    channel *c;
    emgp_spill *told_discharges, *told_bursts, *discharges, *bursts;
} rescued;

static rescued new_rescued(channel *c)
{
    rescued r = { .c = c };
    emgp_spill **all[] = { &r.told_discharges, &r.told_bursts, &r.discharges, &r.bursts };
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            emgp_spill_new(all[i], 1, i % 2 ? sizeof(emgp_burst) : sizeof(emgp_discharge), 1 << 20, NULL, NULL),
            EMG_OK);
    return r;
}

static void free_rescued(rescued *r)
{
    emgp_spill_free(r->told_discharges);
    emgp_spill_free(r->told_bursts);
    emgp_spill_free(r->discharges);
    emgp_spill_free(r->bursts);
    free_channel(r->c);
}

/* A discharge that was found, in a burst of its own that is there for its sake. */
static void find_one(rescued *r, emgp_discharge d, bool told)
{
    emgp_burst b = { .onset_s = d.peak_s, .end_s = d.peak_s, .n_discharges = 1, .flags = EMGP_WEAK };
    d.flags = EMGP_WEAK;
    assert_int_equal(emgp_spill_push(r->c->discharges, 0, &d, NULL), EMG_OK);
    assert_int_equal(emgp_spill_push(r->c->bursts, 0, &b, NULL), EMG_OK);
    if (!told)
        return;
    d.flags = b.flags = 0;
    assert_int_equal(emgp_spill_push(r->told_discharges, 0, &d, NULL), EMG_OK);
    assert_int_equal(emgp_spill_push(r->told_bursts, 0, &b, NULL), EMG_OK);
}

static emg_status rescue(rescued *r, bool stimulated)
{
    const emgp_rescue_setup setup = { .discharges = r->c->discharges,
                                      .bursts = r->c->bursts,
                                      .told_discharges = r->told_discharges,
                                      .told_bursts = r->told_bursts,
                                      .out_discharges = r->discharges,
                                      .out_bursts = r->bursts,
                                      .stimulated = stimulated,
                                      .config = &r->c->config };
    return emgp_rescue(&setup, NULL);
}

/* Of a unit at 10 Hz few discharges are told, those of the noise between them not: then all of the first are, once, in order and
 * marked, with their bursts, and none of the second; what was told stays, whosever it is; a gap stays where it is. */
static void weak_discharges_of_a_train_are_rescued(void **state)
{
    (void)state;
    channel c = new_channel();
    rescued r = new_rescued(&c);
    uint64_t seed = 1;
    const emgp_burst gap = { .onset_s = 30, .flags = EMGP_SEGMENT_END };
    size_t n[2] = { 0, 0 }, n_odd = 0, n_bursts = 0, n_gaps = 0;
    for (int i = 0; i < 600; i++) {
        const double at_s = 0.1 * i + 0.008 * signal_gaussian(&seed);
        emgp_discharge d = potential(at_s, BIPHASIC, 9, &seed);
        find_one(&r, d, i % 5 == 0);
        if (i == 299) {
            assert_int_equal(emgp_spill_push(c.bursts, 0, &gap, NULL), EMG_OK);
            assert_int_equal(emgp_spill_push(r.told_bursts, 0, &gap, NULL), EMG_OK);
        }
        d = potential(at_s + 0.05, WAVELET, 4, &seed);
        for (int k = 0; k < EMGP_SHAPE; k++)
            d.shape[k] = (int8_t)(50 * signal_gaussian(&seed));
        d.after_s = 0.001F; /* its mark */
        if (i % 20 == 0)
            find_one(&r, d, i % 40 == 0);
    }
    assert_int_equal(rescue(&r, false), EMG_OK);
    emgp_spill_cursor cursor;
    const void *record = NULL;
    double before_s = -1;
    emgp_spill_start(&cursor, r.discharges, 0);
    while (emgp_spill_next(&cursor, &record, NULL) == EMG_OK && record) {
        const emgp_discharge *d = record;
        assert_true(d->peak_s > before_s);
        before_s = d->peak_s;
        assert_false(d->flags & EMGP_WEAK);
        n[d->flags & EMGP_FIRING ? 1 : 0]++;
        n_odd += d->after_s < 0.002F;
    }
    emgp_spill_stop(&cursor);
    emgp_spill_start(&cursor, r.bursts, 0);
    while (emgp_spill_next(&cursor, &record, NULL) == EMG_OK && record) {
        const emgp_burst *b = record;
        assert_false(b->flags & EMGP_WEAK);
        assert_int_equal(b->n_discharges, b->flags & EMGP_SEGMENT_END ? 0 : 1);
        n_bursts += b->n_discharges;
        n_gaps += (b->flags & EMGP_SEGMENT_END) != 0;
    }
    emgp_spill_stop(&cursor);
    assert_int_equal(n_gaps, 1);
    assert_int_equal(n_bursts, n[0] + n[1]);
    assert_in_range(n[1], 580, 600);
    assert_in_range(n_odd, 15, 16); /* the told ones; by chance one lies where it fits */
    free_rescued(&r);
}

/* Smaller discharges 25 ms behind those of a unit are a part of its potential, and what is left of its bursts ends before them;
 * those at other lags, of its own size, or where stimuli are marked stay. */
static void satellites_count_with_their_discharge(void **state)
{
    (void)state;
    for (int stimulated = 0; stimulated < 2; stimulated++) {
        channel c = new_channel();
        rescued r = new_rescued(&c);
        uint64_t seed = 1;
        size_t n = 0;
        for (int i = 0; i < 100; i++) {
            const double at_s = i + 0.3 * signal_uniform(&seed);
            const emgp_discharge main = potential(at_s, HUMP, 100, &seed);
            const emgp_discharge late = potential(at_s + 0.025 + 0.0005 * signal_gaussian(&seed), WAVELET, 40, &seed);
            const emgp_discharge other = potential(at_s + 0.005 + 0.035 * signal_uniform(&seed), WAVELET, 40, &seed);
            const emgp_discharge twin = potential(at_s + 0.035, HUMP, 90, &seed);
            const emgp_burst b = { .onset_s = at_s - 0.01, .end_s = at_s + 0.05, .core_s = 0.02F, .n_discharges = 2 };
            const emgp_discharge *second = i % 4 < 2 ? &late : i % 4 == 2 ? &other : &twin;
            assert_int_equal(emgp_spill_push(c.discharges, 0, &main, NULL), EMG_OK);
            assert_int_equal(emgp_spill_push(c.discharges, 0, second, NULL), EMG_OK);
            assert_int_equal(emgp_spill_push(c.bursts, 0, &b, NULL), EMG_OK);
            assert_int_equal(emgp_spill_push(r.told_discharges, 0, &main, NULL), EMG_OK);
            assert_int_equal(emgp_spill_push(r.told_discharges, 0, second, NULL), EMG_OK);
            assert_int_equal(emgp_spill_push(r.told_bursts, 0, &b, NULL), EMG_OK);
        }
        assert_int_equal(rescue(&r, stimulated), EMG_OK);
        emgp_spill_cursor cursor;
        const void *record = NULL;
        emgp_spill_start(&cursor, r.bursts, 0);
        for (int i = 0; emgp_spill_next(&cursor, &record, NULL) == EMG_OK && record; i++) {
            const emgp_burst *b = record;
            const bool late = i % 4 < 2 && !stimulated;
            n += b->n_discharges;
            assert_true(late ? b->n_discharges == 1 : b->n_discharges > 0);
            assert_true(!late || (b->end_s - b->onset_s < 0.0081 && b->core_s < 0.0032F));
            assert_true(i % 4 != 3 || (b->n_discharges == 2 && b->core_s > 0.019F));
        }
        emgp_spill_stop(&cursor);
        if (stimulated)
            assert_int_equal(n, 200);
        else
            assert_in_range(n, 140, 150); /* of the others some lie there by chance */
        free_rescued(&r);
    }
}

/* Nothing is rescued of what fires at random, however alike it is. */
static void random_discharges_are_not_rescued(void **state)
{
    (void)state;
    channel c = new_channel();
    rescued r = new_rescued(&c);
    uint64_t seed = 1;
    double at_s = 0;
    for (int i = 0; i < 600; i++) {
        at_s += -0.1 * log(signal_uniform(&seed));
        const emgp_discharge d = potential(at_s, BIPHASIC, 9, &seed);
        find_one(&r, d, i % 5 == 0);
    }
    assert_int_equal(rescue(&r, false), EMG_OK);
    emgp_spill_cursor cursor;
    const void *record = NULL;
    size_t n = 0;
    emgp_spill_start(&cursor, r.discharges, 0);
    while (emgp_spill_next(&cursor, &record, NULL) == EMG_OK && record)
        n++;
    emgp_spill_stop(&cursor);
    assert_int_equal(n, 120);
    free_rescued(&r);
}

static void rescue_runs_out_of_memory(void **state)
{
    (void)state;
    uint64_t seed = 1;
    emg_status status = EMG_ENOMEM;
    for (long n = 1; status != EMG_OK && n < 100; n++) {
        channel one = new_channel();
        rescued r = new_rescued(&one);
        for (int i = 0; i < 50; i++)
            find_one(&r, potential(0.1 * i, BIPHASIC, 9, &seed), i % 5 == 0);
        emgp_fault_arm(n, true);
        status = rescue(&r, false);
        emgp_fault_arm(0, false);
        assert_true(status == EMG_OK || status == EMG_ENOMEM);
        free_rescued(&r);
    }
    assert_int_equal(status, EMG_OK);
}

/* However little memory is there, it fails cleanly. */
static void memory_runs_out(void **state)
{
    (void)state;
    uint64_t seed = 1;
    channel c = new_channel();
    for (int i = 0; i < 100; i++) {
        const emgp_discharge d = potential(0.1 * i, 0, 100, &seed);
        push(&c, &d);
    }
    settle(&c);
    const emgp_unit_trains_setup setup = {
        .discharges = c.discharges, .bursts = c.bursts, .unit_of = c.unit_of, .config = &c.config
    };
    emg_status status = EMG_ENOMEM;
    for (long n = 1; status != EMG_OK && n < 100; n++) {
        found f = { .n = 0 };
        emgp_fault_arm(n, true);
        status = emgp_unit_trains_find(&setup, take, &f, NULL);
        emgp_fault_arm(0, false);
        assert_true(status == EMG_OK || status == EMG_ENOMEM);
    }
    assert_int_equal(status, EMG_OK);
    free_channel(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_told_apart),
        cmocka_unit_test(weak_discharges_belong_to_their_unit),
        cmocka_unit_test(noise_founds_no_unit),
        cmocka_unit_test(either_deflection_may_be_the_largest),
        cmocka_unit_test(alike_units_are_two),
        cmocka_unit_test(overlapping_discharges_are_both_units),
        cmocka_unit_test(a_steady_unit_is_expected),
        cmocka_unit_test(a_heart_is_told),
        cmocka_unit_test(trains_of_two_units),
        cmocka_unit_test(missed_discharges_leave_the_rate),
        cmocka_unit_test(what_is_no_train),
        cmocka_unit_test(trains_end_at_pauses_and_gaps),
        cmocka_unit_test(a_train_among_others),
        cmocka_unit_test(weak_discharges_of_a_train_are_rescued),
        cmocka_unit_test(satellites_count_with_their_discharge),
        cmocka_unit_test(random_discharges_are_not_rescued),
        cmocka_unit_test(rescue_runs_out_of_memory),
        cmocka_unit_test(memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
