/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artefacts of stimuli: what is bridged and what is not, cuts, gaps, ends, channels. */
#include "support/test.h"

#include "condition/condition.h"
#include "dsp/signal.h"

static const double RATE = 2000, AFTER_S = 0.003;
enum { N = 4000, AT = 1000, CHANNELS = 2 };

typedef struct taken {
    double x[N * CHANNELS];
    size_t n;
} taken;

static emg_status take(void *context, const double *x, size_t n_frames, emg_error *err)
{
    taken *t = context;
    (void)err;
    assert_true(t->n + n_frames <= N);
    memcpy(t->x + t->n * CHANNELS, x, n_frames * CHANNELS * sizeof *x);
    t->n += n_frames;
    return EMG_OK;
}

/* Noise of 3 on a slope, and a pulse of 1000 on both channels. */
static void fill(double *x, size_t pulse_at, size_t pulse_frames)
{
    uint64_t seed = 5;
    for (size_t i = 0; i < N * CHANNELS; i++) {
        const size_t frame = i / CHANNELS;
        const bool pulse = frame >= pulse_at && frame < pulse_at + pulse_frames;
        x[i] = 3 * signal_gaussian(&seed) + 0.01 * (double)frame + (pulse ? 1000 : 0);
    }
}

static void run(const double *x, const emgp_stimulus *stimuli, size_t n, size_t cut, double start_s, taken *out)
{
    const emgp_stimuli_setup setup = { .rate_hz = RATE,
                                       .n_channels = CHANNELS,
                                       .stimuli = stimuli,
                                       .n = n,
                                       .after_s = AFTER_S,
                                       .take = take,
                                       .taker = out };
    emgp_stimuli *s;
    out->n = 0;
    assert_int_equal(emgp_stimuli_new(&s, &setup, NULL), EMG_OK);
    emgp_stimuli_start(s, start_s);
    for (size_t at = 0; at < N; at += cut) {
        const size_t k = cut < N - at ? cut : N - at;
        assert_int_equal(emgp_stimuli_push(s, x + at * CHANNELS, k, NULL), EMG_OK);
        assert_true(at + k - out->n <= emgp_stimuli_latency(s));
    }
    assert_int_equal(emgp_stimuli_finish(s, NULL), EMG_OK);
    assert_int_equal(out->n, N);
    emgp_stimuli_free(s);
}

/* The furthest from the slope within a stretch. */
static double furthest(const taken *t, size_t channel, size_t from, size_t to)
{
    double most = 0;
    for (size_t i = from; i < to; i++)
        most = fmax(most, fabs(t->x[i * CHANNELS + channel] - 0.01 * (double)i));
    return most;
}

/* From 1 ms before the stimulus to 3 ms after it, whatever the cuts; all else to the bit. */
static void a_pulse_is_bridged(void **state)
{
    (void)state;
    static double x[N * CHANNELS];
    static taken first, t;
    const emgp_stimulus at = { 5 + AT / RATE, EMGP_EVERY_CHANNEL };
    static const size_t cuts[] = { 1, 7, 777, N };
    fill(x, AT, 3);
    for (size_t k = 0; k < sizeof cuts / sizeof *cuts; k++) {
        run(x, &at, 1, cuts[k], 5, &t);
        first = k == 0 ? t : first;
        assert_memory_equal(t.x, first.x, sizeof t.x);
    }
    assert_true(furthest(&t, 0, AT - 10, AT + 20) < 15 && furthest(&t, 1, AT - 10, AT + 20) < 15);
    for (size_t i = 0; i < N; i++)
        if (i < AT - 2 || i > AT + 6)
            assert_memory_equal(&t.x[i * CHANNELS], &x[i * CHANNELS], CHANNELS * sizeof *x);
}

/* Without an artefact, in another channel, or in what jumps as far all the time: nothing is done. */
static void what_is_none_stays(void **state)
{
    (void)state;
    static double x[N * CHANNELS];
    static taken t;
    const emgp_stimulus quiet = { 500 / RATE, EMGP_EVERY_CHANNEL }, second = { AT / RATE, 1 };
    fill(x, AT, 3);
    run(x, &quiet, 1, 333, 0, &t);
    assert_memory_equal(t.x, x, sizeof x);
    run(x, &second, 1, 333, 0, &t);
    assert_true(furthest(&t, 0, AT, AT + 3) > 900 && furthest(&t, 1, AT, AT + 3) < 15);
    for (size_t i = 0; i < N * CHANNELS; i++)
        x[i] += i / CHANNELS % 2 ? 500 : -500;
    run(x, &second, 1, 333, 0, &t);
    assert_memory_equal(t.x, x, sizeof x);
}

/* At either end of a segment the bridge is level; stimuli beyond it do nothing; two near each other are both bridged. */
static void at_the_ends(void **state)
{
    (void)state;
    static double x[N * CHANNELS];
    static taken t;
    const emgp_stimulus ends[] = { { -1, EMGP_EVERY_CHANNEL },
                                   { 0, EMGP_EVERY_CHANNEL },
                                   { 0.001, EMGP_EVERY_CHANNEL },
                                   { (N - 2) / RATE, EMGP_EVERY_CHANNEL },
                                   { N / RATE + 1, EMGP_EVERY_CHANNEL } };
    fill(x, 0, 4);
    for (size_t i = (N - 2) * CHANNELS; i < N * CHANNELS; i++)
        x[i] += 1000;
    run(x, ends, sizeof ends / sizeof *ends, 100, 0, &t);
    for (size_t c = 0; c < CHANNELS; c++)
        assert_true(furthest(&t, c, 0, N) < 20);
}

/* A condition knows its channels by the recording's numbers: what is about another one is nobody's. */
static void stimuli_are_about_channels(void **state)
{
    (void)state;
    static double x[N * CHANNELS];
    static taken t;
    static const size_t numbers[CHANNELS] = { 7, 3 };
    static const emgp_stimulus stimuli[] = { { AT / 2000.0, 0 }, { AT / 2000.0, 1 }, { AT / 2000.0, 3 } };
    emg_condition_config config = emg_config_defaults(EMG_PRESET_SURFACE).condition;
    config.low_hz = config.high_hz = 0;
    config.powerline = EMG_POWERLINE_OFF;
    config.ecg = EMG_ECG_OFF;
    const emgp_condition_taker taker = { .doubles = take, .context = &t };
    emgp_condition *c;
    fill(x, AT, 3);
    t.n = 0;
    assert_int_equal(emgp_condition_new(&c, &config, RATE, CHANNELS, 0, &taker, NULL), EMG_OK);
    assert_int_equal(emgp_condition_stimuli(c, stimuli, 3, numbers, AFTER_S, NULL), EMG_OK);
    emgp_condition_start(c, &(emgp_qrs_times){ NULL, 0 }, 0);
    assert_int_equal(emgp_condition_push(c, x, N, NULL), EMG_OK);
    assert_int_equal(emgp_condition_finish(c, NULL), EMG_OK);
    emgp_condition_free(c);
    assert_true(furthest(&t, 0, AT, AT + 3) > 900 && furthest(&t, 1, AT, AT + 3) < 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pulse_is_bridged),
        cmocka_unit_test(what_is_none_stays),
        cmocka_unit_test(at_the_ends),
        cmocka_unit_test(stimuli_are_about_channels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
