/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Episodes of two recordings compared: bounds against SciPy, what has no bounds, how often equal episodes differ. */
#include "support/test.h"

#include <math.h>
#include <string.h>

#include <emg/comparison.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/draws.h"

static const emg_segment whole[] = { { 0, 36000 } };

static emg_summary muscle(bool calibrated)
{
    emg_summary s;
    memset(&s, 0, sizeof s);
    s.name = s.muscle = "m";
    s.calibrated = calibrated;
    s.rate_hz = 2000;
    s.signal.analysed_s = 36000;
    s.signal.rest_s = 300;
    return s;
}

enum { MOST = 64 };

static size_t episodes(emg_event *out, emg_class trial_type, const double *hz, const double *s, size_t n)
{
    memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        out[i].trial_type = trial_type;
        out[i].onset_s = 400 * (double)i;
        out[i].frequency_hz = hz ? hz[i] : NAN;
        out[i].duration_s = s ? s[i] : 1;
        out[i].amplitude = s ? 10 * s[i] : NAN;
    }
    return n;
}

static emg_comparison *compared(const emg_event *a, size_t n_a, const emg_event *b, size_t n_b, bool b_calibrated)
{
    const emg_summary left = muscle(true), right = muscle(b_calibrated);
    const emg_visit one = { "a", &left, 1, a, n_a, whole, 1, 50 }, other = { "b", &right, 1, b, n_b, whole, 1, 50 };
    emg_comparison *c = NULL;
    assert_int_equal(emg_comparison_new(&c, &one, &other, NULL), EMG_OK);
    return c;
}

static emg_compared_figure figure(const emg_comparison *c, const char *quantity)
{
    emg_compared_figure f;
    for (size_t i = 0; emg_comparison_figure(c, 0, i, &f); i++)
        if (strcmp(f.quantity, quantity) == 0)
            return f;
    fail_msg("no figure %s", quantity);
    return f;
}

static void assert_interval(emg_interval is, double value, double low, double high)
{
    const double all[] = { is.value, is.low, is.high }, wanted[] = { value, low, high };
    for (size_t i = 0; i < 3; i++)
        if (isnan(wanted[i]) ? !isnan(all[i]) : !(fabs(all[i] - wanted[i]) <= 1e-9 * fmax(1, fabs(wanted[i]))))
            fail_msg("%.15g instead of %.15g", all[i], wanted[i]);
}

static const double a_hz[] = { 5.1, 5.4, 4.9, 5.2, 5.6, 5.0, 5.3 }, b_hz[] = { 6.2, 5.8, 6.9, 5.5, 6.4 },
                    a_s[] = { 2, 3.5, 8, 1.2, 20, 4 }, b_s[] = { 9, 14, 3, 40, 6.5 };

/* SciPy 1.17.1: ttest_ind(b, a, equal_var=False) and ttest_1samp, each with confidence_interval(0.95). */
static void frequencies_are_compared_by_welch(void **state)
{
    (void)state;
    emg_event a[MOST], b[MOST];
    const size_t n_a = episodes(a, EMG_CLONUS, a_hz, NULL, 7), n_b = episodes(b, EMG_CLONUS, b_hz, NULL, 5);
    emg_comparison *c = compared(a, n_a, b, n_b, true);
    const emg_compared_figure f = figure(c, "clonus_episode_hz"), none = figure(c, "tremor_episode_hz");
    assert_interval(f.a, 5.214285714285714, 4.991370571026265, 5.437200857545164);
    assert_interval(f.b, 6.16, 5.487893803822967, 6.8321061961770315);
    assert_interval(f.difference, 0.9457142857142848, 0.28641207929358237, 1.6050164921349874);
    assert_true(isnan(f.ratio.low) && f.ratio.value > 1);
    assert_true(f.tested && f.differs);
    assert_string_equal(f.remark,
                        "Welch's t of 7 and 5 episodes, as if independent: they are of one recording each, not of "
                        "several people");
    assert_true(!none.tested && isnan(none.a.value) && !*none.remark);
    emg_comparison_free(c);
}

static void lengths_and_amplitudes_are_compared_by_their_ratio(void **state)
{
    (void)state;
    emg_event a[MOST], b[MOST];
    const size_t n_a = episodes(a, EMG_TONIC, NULL, a_s, 6), n_b = episodes(b, EMG_TONIC, NULL, b_s, 5);
    emg_comparison *c = compared(a, n_a, b, n_b, true);
    const emg_compared_figure f = figure(c, "tonic_episode_s"), amplitude = figure(c, "tonic_episode_amplitude");
    assert_interval(f.a, 4.185460137135648, 1.4645162884947773, 11.961680929856065);
    assert_interval(f.b, 9.965360855748022, 3.0281753385165815, 32.79480409279185);
    assert_interval(f.ratio, 2.380947501406116, 0.6200741010509817, 9.142312176631187);
    assert_interval(amplitude.ratio, 2.380947501406116, 0.6200741010509817, 9.142312176631187);
    assert_true(fabs(amplitude.a.value - 10 * f.a.value) < 1e-9);
    assert_true(isnan(f.difference.low) && f.tested && !f.differs);
    assert_non_null(strstr(f.remark, "of the logarithms of 6 and 5 episodes"));
    emg_comparison_free(c);
    c = compared(a, n_a, b, n_b, false);
    const emg_compared_figure apart = figure(c, "tonic_episode_amplitude");
    assert_true(!apart.tested && isnan(apart.ratio.value) && isnan(apart.a.low) && apart.a.value > 0);
    assert_string_equal(apart.remark, "one is calibrated, the other not");
    assert_true(figure(c, "tonic_episode_s").tested);
    emg_comparison_free(c);
}

static void the_order_of_events_changes_nothing(void **state)
{
    (void)state;
    static const double apart[] = {
        5.1, 0.3, 123456.7, 1.0 / 3, 8765.4, 0.007, 19.9
    }; /* whose sum depends on the order */
    emg_event a[MOST], b[MOST], turned[MOST];
    const size_t n_a = episodes(a, EMG_CLONUS, apart, NULL, 7), n_b = episodes(b, EMG_CLONUS, b_hz, NULL, 5);
    for (size_t i = 0; i < n_a; i++)
        turned[i] = a[n_a - 1 - i];
    emg_comparison *c = compared(a, n_a, b, n_b, true), *d = compared(turned, n_a, b, n_b, true);
    const emg_compared_figure f = figure(c, "clonus_episode_hz"), g = figure(d, "clonus_episode_hz");
    assert_true(f.difference.low >= g.difference.low && f.difference.low <= g.difference.low);
    assert_true(f.a.value >= g.a.value && f.a.value <= g.a.value);
    emg_comparison_free(c);
    emg_comparison_free(d);
}

static void few_or_equal_episodes_have_no_interval(void **state)
{
    (void)state;
    static const double same[] = { 5.1, 5.1, 5.1, 5.1, 5.1, 5.1 };
    emg_event a[MOST], b[MOST];
    size_t n_a = episodes(a, EMG_CLONUS, a_hz, NULL, 7), n_b = episodes(b, EMG_CLONUS, b_hz, NULL, 4);
    emg_comparison *c = compared(a, n_a, b, n_b, true);
    emg_compared_figure f = figure(c, "clonus_episode_hz");
    assert_true(!f.tested && !f.differs && isnan(f.difference.low) && isnan(f.a.low) && f.difference.value > 0);
    assert_string_equal(f.remark, "of 7 and 4 episodes: an interval needs 5 in each");
    emg_comparison_free(c);
    b[3].frequency_hz = NAN; /* what is not known does not count */
    c = compared(a, n_a, b, n_b, true);
    assert_string_equal(figure(c, "clonus_episode_hz").remark, "of 7 and 3 episodes: an interval needs 5 in each");
    emg_comparison_free(c);
    n_a = episodes(a, EMG_CLONUS, same, NULL, 6);
    n_b = episodes(b, EMG_CLONUS, same, NULL, 5);
    c = compared(a, n_a, b, n_b, true);
    f = figure(c, "clonus_episode_hz");
    assert_true(!f.tested && isnan(f.difference.low) && fabs(f.difference.value) <= 0);
    assert_non_null(strstr(f.remark, "all alike"));
    emg_comparison_free(c);
}

/* ---- how often equal episodes differ ---- */

enum { PAIRS = 4000 };

/* Share of pairs that differ: lengths with a standard deviation of 0.8 and 0.4 in logarithms, b longer by a factor. */
static double share_that_differs(size_t n_a, size_t n_b, double factor)
{
    uint64_t state = 20261130;
    unsigned n = 0;
    for (int i = 0; i < PAIRS; i++) {
        double a[MOST], b[MOST];
        for (size_t k = 0; k < n_a; k++)
            a[k] = 0.8 * normal(&state);
        for (size_t k = 0; k < n_b; k++)
            b[k] = log(factor) + 0.4 * normal(&state);
        n += emgp_means_compare(a, n_a, b, n_b).differ;
    }
    return (double)n / PAIRS;
}

/* Two standard errors of a share of 4000 at 0.05 are 0.007, and a step more for four tries. */
static void equal_episodes_differ_in_one_of_twenty(void **state)
{
    (void)state;
    static const size_t n[][2] = { { 5, 5 }, { 5, 20 }, { 20, 5 }, { 30, 30 } };
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        const double share = share_that_differs(n[i][0], n[i][1], 1);
        print_message("%zu and %zu episodes: %.4f differ\n", n[i][0], n[i][1], share);
        assert_true(share > 0.038 && share < 0.062);
    }
    assert_true(share_that_differs(20, 20, 2) > 0.85);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frequencies_are_compared_by_welch),
        cmocka_unit_test(lengths_and_amplitudes_are_compared_by_their_ratio),
        cmocka_unit_test(the_order_of_events_changes_nothing),
        cmocka_unit_test(few_or_equal_episodes_have_no_interval),
        cmocka_unit_test(equal_episodes_differ_in_one_of_twenty),
    };
    return cmocka_run_group_tests_name("episodes of two recordings compared", tests, NULL, NULL);
}
