/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole route on signals of the test's own: nothing depends on cuts or groups, nothing spans a gap, faults are clean. */
#include "support/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "support/drive.h"

static char *events_of(const drive_signal *signal, size_t block, size_t group)
{
    drive_plan plan = { .block = block, .group = group };
    emg_result *result = NULL;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(drive_analyse(signal, &plan, &result, &err), EMG_OK);
    char *text = drive_events(result);
    emg_result_free(result);
    return text;
}

/* Potentials, a contraction and hum on 16 channels: every stage has something to do. */
static drive_signal busy_signal(void)
{
    drive_signal s = drive_noise(16, 1000, 14, 3, 7);
    for (size_t c = 0; c < 16; c++) {
        for (int k = 0; k < 9; k++)
            drive_add_potential(&s, c, 0.4 + 1.37 * k + 0.11 * (double)c, 60 + (double)c);
        for (int k = 0; k < 60; k++)
            drive_add_potential(&s, c, 9 + 0.021 * k + 0.003 * (k % 3), 40);
        for (size_t i = 0; i < s.n_frames; i++)
            s.x[i * 16 + c] += (c % 2 ? 12 : 0) * sin(6.283185307179586 * 50.1 * (double)i / 1000) + 100.0 * (double)c;
    }
    return s;
}

static void cuts_and_groups_do_not_matter(void **state)
{
    (void)state;
    drive_signal s = busy_signal();
    char *whole = events_of(&s, s.n_frames, 16);
    assert_true(strlen(whole) > 2000);
    const size_t cuts[][2] = { { 1, 16 }, { 7, 8 }, { 1000, 4 }, { s.n_frames, 1 }, { 333, 5 } };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char *other = events_of(&s, cuts[i][0], cuts[i][1]);
        assert_string_equal(whole, other);
        free(other);
    }
    free(whole);
    drive_free(&s);
}

static void nothing_spans_a_gap(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 1000, 20, 2, 3);
    for (int k = 0; k < 400; k++) /* a contraction right through the gap */
        drive_add_potential(&s, 0, 8 + 0.01 * k, 60);
    for (int k = 0; k < 5; k++)
        drive_add_potential(&s, 0, 13.5 + 0.9 * k + 0.2 * (k % 2), 50);
    s.gap_at = 10000;
    s.gap_s = 100;
    drive_plan plan = { .block = 512, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true;
    size_t before = 0, after = 0, tonic = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        bool early = e.onset_s < 10.0001;
        before += early;
        after += !early;
        tonic += e.trial_type == EMG_TONIC;
        assert_true(early ? e.onset_s + e.duration_s <= 10.0001 : e.onset_s >= 110);
    }
    assert_true(before >= 1 && after >= 5 && tonic == 2);
    assert_true(fabs(emg_result_channel(result, 0)->signal.analysed_s - 20) < 1e-9);
    emg_result_free(result);
    drive_free(&s);
}

/* Single potentials in a crowd that is no rhythm and no contraction: no word fits them, and they are no findings. */
static void scraps_are_counted_and_make_no_row(void **state)
{
    (void)state;
    static const double steps_s[] = { 0.09, 0.24, 0.13, 0.31, 0.07, 0.19, 0.28, 0.11 };
    drive_signal s = drive_noise(1, 2000, 30, 2, 3);
    double at_s = 10;
    for (size_t k = 0; k < 48; at_s += steps_s[k++ % 8])
        drive_add_potential(&s, 0, at_s, 22 + 7.0 * (double)(k % 3));
    drive_plan plan = { .block = 512, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    const emg_summary_counts *counts = &emg_result_muscle(result, 0)->counts;
    bool found = true;
    uint64_t n = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++)
        assert_true(e.trial_type != EMG_INDETERMINATE || e.duration_s >= 0.02);
    print_message("%lu scraps, %lu events\n", (unsigned long)counts->scrap_count, (unsigned long)n);
    assert_true(counts->scrap_count > 0);
    assert_int_equal(counts->n_events, n);
    emg_result_free(result);
    drive_free(&s);
}

static void short_segments_are_left_out_and_counted(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 1000, 5.5, 2, 3);
    drive_add_potential(&s, 0, 5.2, 80);
    drive_add_potential(&s, 0, 2.5, 80);
    s.gap_at = 5000;
    s.gap_s = 1;
    drive_plan plan = { .block = 5500, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    const emg_summary *m = emg_result_muscle(result, 0);
    assert_true(fabs(m->signal.analysed_s - 5) < 1e-9 && fabs(m->signal.excluded_s - 0.5) < 1e-9);
    assert_int_equal(m->counts.fasciculation_count, 1);
    emg_result_free(result);
    drive_free(&s);
}

static void channels_of_a_muscle_count_once(void **state)
{
    (void)state;
    drive_signal s = drive_noise(3, 2000, 30, 2, 5);
    const double onsets[] = { 3, 7.1, 12.4, 19.9, 26.2 };
    for (size_t k = 0; k < 5; k++) {
        drive_add_potential(&s, 0, onsets[k], 40);
        drive_add_potential(&s, 1, onsets[k] + 0.002, 80);
        drive_add_potential(&s, 2, onsets[k] + 1.5, 60);
    }
    const char *const muscles[] = { "TA", "TA", "Soleus" };
    drive_plan plan = { .block = 4096, .group = 3, .muscles = muscles };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    assert_int_equal(emg_result_n_muscles(result), 2);
    const emg_summary *ta = emg_result_muscle(result, 0), *soleus = emg_result_muscle(result, 1);
    assert_int_equal(ta->n_channels, 2);
    assert_int_equal(ta->counts.fasciculation_count, 5);
    assert_int_equal(soleus->counts.fasciculation_count, 5);
    assert_int_equal(emg_result_channel(result, 0)->counts.fasciculation_count, 5);
    bool found = true;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        assert_true(e.channel != 0);       /* the stronger channel speaks */
        assert_int_equal(e.n_channels, 1); /* muscles, not channels */
    }
    emg_result_free(result);
    drive_free(&s);
}

static void what_all_muscles_do_at_once_is_an_artifact(void **state)
{
    (void)state;
    drive_signal s = drive_noise(5, 1000, 30, 2, 11);
    for (size_t c = 0; c < 5; c++)
        for (int k = 0; k < 6; k++)
            drive_add_potential(&s, c, 2 + 4.3 * k + 0.3 * (k % 2), 60);
    drive_plan plan = { .block = 4096, .group = 5 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true;
    size_t n = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++) {
        assert_int_equal(e.trial_type, EMG_ARTIFACT);
        assert_true(e.reasons >> EMG_A_COMMON & 1);
    }
    assert_int_equal(n, 30);
    emg_result_free(result);
    drive_free(&s);
}

static void four_of_six_muscles_are_no_artifact(void **state)
{
    (void)state;
    drive_signal s = drive_noise(6, 1000, 20, 2, 12);
    for (size_t c = 0; c < 4; c++)
        drive_add_potential(&s, c, 7, 60);
    drive_plan plan = { .block = 4096, .group = 6 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true;
    size_t n = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++) {
        assert_int_equal(e.trial_type, EMG_MYOCLONUS);
        assert_int_equal(e.n_channels, 4);
    }
    assert_int_equal(n, 4);
    emg_result_free(result);
    drive_free(&s);
}

/* Pages of the inside end every 4 s: what lies on such a border is found once, as large as elsewhere. */
static void page_borders_do_not_show(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 30, 1, 31);
    for (int k = 1; k < 7; k++)
        drive_add_potential(&s, 0, 4.0 * k + 0.0005 * (k - 3), 60);
    drive_plan plan = { .block = 1111, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true;
    size_t n = 0;
    for (emg_event e; emg_result_next_discharge(result, &e, &found, NULL) == EMG_OK && found; n++) {
        assert_true(fabs(e.amplitude - 86.8) < 5);
        assert_true(e.duration_s > 0.004 && e.duration_s < 0.02 && e.onset_s < e.peak_s - 0.001);
    }
    assert_int_equal(n, 6);
    emg_result_free(result);
    drive_free(&s);
}

static void figures_of_a_sine_are_known(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 20, 0.01, 41);
    for (size_t i = 0; i < s.n_frames; i++)
        s.x[i] += 500 + 10 * sin(6.283185307179586 * 133 * (double)i / s.rate_hz);
    drive_plan plan = { .block = 5000, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    const emg_summary *m = emg_result_muscle(result, 0);
    assert_true(fabs(m->signal.rms - 10 / sqrt(2)) < 0.01);
    assert_true(fabs(m->signal.mav - 20 / 3.141592653589793) < 0.01);
    assert_true(fabs(m->signal.mean_frequency_hz - 133) < 0.2 && fabs(m->signal.median_frequency_hz - 133) < 1);
    assert_true(fabs(m->signal.peak_frequency_hz - 133) < 1.01 && m->signal.spectral_entropy < 0.3);
    emg_result_free(result);
    drive_free(&s);
}

/* Bursts at 5 Hz with a stray discharge between some of them: one episode, not an episode and its crumbs. */
static void crumbs_belong_to_their_rhythm(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 40, 2, 51);
    for (int beat = 0; beat < 30; beat++) {
        double onset = 10 + 0.2 * beat;
        for (int k = 0; k < 12; k++) { /* many units, no two bursts alike */
            unsigned draw = (unsigned)(beat * 12 + k + 1) * 2654435761u;
            double time = onset + 0.045 * (draw >> 16) / 65536.0, size = 20 + 40 * (draw & 1023) / 1024.0;
            drive_add_potential(&s, 0, time, draw >> 12 & 1 ? size : -size);
        }
        if (beat % 6 == 3)
            drive_add_potential(&s, 0, onset + 0.11, 35);
    }
    drive_plan plan = { .block = 4096, .group = 1, .reflex_site = true };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true;
    size_t n = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++) {
        assert_int_equal(e.trial_type, EMG_CLONUS);
        assert_true(fabs(e.frequency_hz - 5) < 0.1 && e.count >= 29 && e.count <= 31);
        assert_true(fabs(e.onset_s - 10) < 0.04 && fabs(e.duration_s - 5.85) < 0.1);
    }
    assert_int_equal(n, 1);
    emg_result_free(result);
    drive_free(&s);
}

/* A step of the electrode that decays over a second, and a swing of a cable at 3 Hz. */
static void pops_and_motion_are_artifacts(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 20, 2, 21);
    for (size_t i = 0; i < s.n_frames; i++) {
        double t = (double)i / s.rate_hz;
        s.x[i] += t >= 5 ? 3000 * exp(-(t - 5)) : 0;
        s.x[i] += t >= 12 && t < 12.2 ? 2500 * pow(sin(3.141592653589793 * (t - 12) / 0.2), 2) : 0;
    }
    drive_add_potential(&s, 0, 16, 60);
    drive_plan plan = { .block = 4096, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true, pop = false, motion = false, fasciculation = false;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found;) {
        pop = pop || (e.trial_type == EMG_ARTIFACT && fabs(e.onset_s - 5) < 0.15);
        motion = motion || (e.trial_type == EMG_ARTIFACT && fabs(e.onset_s - 12.1) < 0.2);
        fasciculation = fasciculation || (e.trial_type == EMG_FASCICULATION && fabs(e.onset_s - 16) < 0.01);
        assert_true(e.trial_type == EMG_ARTIFACT || fabs(e.onset_s - 16) < 0.01);
    }
    assert_true(pop && motion && fasciculation);
    emg_result_free(result);
    drive_free(&s);
}

/* Nor does it hide a pop: a step of a few times a discharge's size that decays. */
static void pops_show_under_hum(void **state)
{
    (void)state;
    drive_signal s = drive_noise(1, 2000, 40, 4, 23);
    for (size_t i = 0; i < s.n_frames; i++) {
        const double t = (double)i / s.rate_hz, since = fmod(t + 2, 7.3) - 5;
        s.x[i] += 80 * sin(2 * 3.141592653589793 * 50.1 * t) + (since >= 0 ? 350 * exp(-since / 0.12) : 0);
    }
    drive_plan plan = { .block = 4096, .group = 1 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    bool found = true;
    size_t n = 0;
    for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++)
        assert_int_equal(e.trial_type, EMG_ARTIFACT);
    assert_in_range(n, 1, 6);
    emg_result_free(result);
    drive_free(&s);
}

/* Hum swings the raw baseline by far more than a discharge does: no motion. */
static void hum_is_no_motion(void **state)
{
    (void)state;
    for (double hum_hz = 50; hum_hz <= 60; hum_hz += 10) {
        drive_signal s = drive_noise(1, 2000, 30, 5, 22);
        for (size_t i = 0; i < s.n_frames; i++)
            s.x[i] += 200 * sin(2 * 3.141592653589793 * hum_hz * (double)i / s.rate_hz);
        for (int k = 0; k < 10; k++)
            drive_add_potential(&s, 0, 3.1 + 2.4567 * k, 60);
        drive_plan plan = { .block = 4096, .group = 1 };
        emg_result *result = NULL;
        assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
        bool found = true;
        size_t n = 0;
        for (emg_event e; emg_result_next(result, &e, &found, NULL) == EMG_OK && found; n++)
            assert_int_not_equal(e.trial_type, EMG_ARTIFACT);
        assert_int_equal(n, 10);
        emg_result_free(result);
        drive_free(&s);
    }
}

static void dead_and_constant_channels_give_nothing(void **state)
{
    (void)state;
    drive_signal s = drive_noise(2, 1000, 10, 1, 2);
    for (size_t i = 0; i < s.n_frames; i++) {
        s.x[2 * i] = 0;
        s.x[2 * i + 1] = 12345.678;
    }
    drive_plan plan = { .block = 100, .group = 2 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    for (size_t m = 0; m < 2; m++) {
        const emg_summary *muscle = emg_result_muscle(result, m);
        assert_int_equal(muscle->counts.n_events, 0);
        assert_true(isnan(muscle->signal.noise) && muscle->signal.quality == 0);
        assert_int_equal(muscle->counts.pattern, EMG_UNCLASSIFIED);
    }
    emg_result_free(result);
    drive_free(&s);
}

/* A dropout, a gap with a short segment behind it, and muscles: the share of windows that are sound. */
static void quality_is_the_share_of_sound_windows(void **state)
{
    (void)state;
    drive_signal s = drive_noise(2, 1000, 12.5, 3, 4);
    for (size_t k = 0; k < 40; k++)
        drive_add_potential(&s, 0, 0.5 + 0.25 * (double)k, 900);
    for (size_t i = 3300; i < 3500; i++)
        s.x[2 * i + 1] = 0;
    s.gap_at = 12000; /* half a second is left, which is not analysed */
    s.gap_s = 3;
    drive_plan plan = { .block = 700, .group = 2 };
    emg_result *result = NULL;
    assert_int_equal(drive_analyse(&s, &plan, &result, NULL), EMG_OK);
    const emg_summary *loud = emg_result_channel(result, 0), *lost = emg_result_channel(result, 1);
    assert_int_equal(loud->signal.windows.n_windows, 12);
    assert_true(fabs(loud->signal.windows.usable_s - 12) < 1e-9 && fabs(loud->signal.quality - 12 / 12.5) < 1e-9);
    assert_int_equal(lost->signal.windows.n_flagged[EMG_QUALITY_DROPOUT], 1);
    assert_true(fabs(lost->signal.windows.flagged_s[EMG_QUALITY_DROPOUT] - 0.999) < 1e-9); /* 333 bins of 3 frames */
    assert_true(fabs(lost->signal.quality - (12 - 0.999) / 12.5) < 1e-9);
    assert_int_equal(emg_result_muscle(result, 1)->signal.windows.n_flagged[EMG_QUALITY_DROPOUT], 1);
    emg_result_free(result);
    drive_free(&s);
}

static void wrong_blocks_are_refused(void **state)
{
    (void)state;
    emg_source sources[2] = { { .name = "a", .muscle = "a", .rate_hz = 1000 },
                              { .name = "b", .muscle = "b", .rate_hz = 1000 } };
    for (int c = 0; c < 2; c++) {
        sources[c].clip_low = -INFINITY;
        sources[c].clip_high = INFINITY;
    }
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_analysis *a = NULL;
    assert_int_equal(emg_analysis_new(&a, sources, 0, NULL, 0, &config, NULL, NULL), EMG_EARG);
    assert_null(a);
    assert_int_equal(emg_analysis_new(&a, sources, 2, NULL, 0, &config, NULL, NULL), EMG_OK);
    double x[20] = { 0 };
    size_t pair[] = { 0, 1 }, other[] = { 1, 0 }, beyond[] = { 2 };
    emg_block block = {
        .n_channels = 2, .n_frames = 10, .x = x, .channel = pair, .rate_hz = 1000, .new_segment = true
    };
    assert_int_equal(emg_analysis_push(a, &block, NULL), EMG_OK);
    block.channel = other;
    assert_int_equal(emg_analysis_push(a, &block, NULL), EMG_EARG);
    block.channel = pair;
    block.n_channels = 1;
    assert_int_equal(emg_analysis_push(a, &block, NULL), EMG_EARG);
    block.channel = beyond;
    assert_int_equal(emg_analysis_push(a, &block, NULL), EMG_EARG);
    emg_result *result = NULL;
    assert_int_equal(emg_analysis_finish(a, &result, NULL), EMG_OK);
    emg_result_free(result);
    assert_int_equal(emg_analysis_finish(a, &result, NULL), EMG_EARG);
    emg_analysis_free(a);
}

/* The events of five potentials, 2 s apart from 1 s on, in channel "a" of muscle "a" with these limits or none. */
static char *events_of_source(const emg_source *known)
{
    drive_signal s = drive_noise(1, 1000, 12, 2, 11);
    for (int k = 0; k < 5; k++)
        drive_add_potential(&s, 0, 1 + 2 * k, 80);
    emg_source source = *known;
    source.name = source.muscle = "a";
    source.rate_hz = 1000;
    emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_analysis *a = NULL;
    emg_result *result = NULL;
    const size_t channel[] = { 0 };
    const emg_block block = {
        .n_channels = 1, .n_frames = s.n_frames, .x = s.x, .channel = channel, .rate_hz = 1000, .new_segment = true
    };
    assert_int_equal(emg_analysis_new(&a, &source, 1, NULL, 0, &config, NULL, NULL), EMG_OK);
    assert_int_equal(emg_analysis_push(a, &block, NULL), EMG_OK);
    assert_int_equal(emg_analysis_finish(a, &result, NULL), EMG_OK);
    const emg_summary *muscle = emg_result_muscle(result, 0);
    assert_int_equal(muscle->counts.fasciculation_count, 5);
    assert_true(fabs(muscle->signal.excluded_s) < 1e-9);
    bool found = true;
    for (int k = 0; k < 5; k++) {
        emg_event event;
        assert_int_equal(emg_result_next(result, &event, &found, NULL), EMG_OK);
        assert_true(found && fabs(event.peak_s - (1 + 2 * k)) < 0.01);
    }
    char *text = drive_events(result);
    emg_result_free(result);
    emg_analysis_free(a);
    drive_free(&s);
    return text;
}

static void limits_of_a_zeroed_source_are_unknown(void **state)
{
    (void)state;
    emg_source known;
    memset(&known, 0, sizeof known);
    char *zeroed = events_of_source(&known);
    known = emg_source_defaults();
    assert_true(known.clip_low < -1e300 && known.clip_high > 1e300);
    char *plain = events_of_source(&known);
    known.clip_low = -1e6;
    known.clip_high = 1e6;
    char *limited = events_of_source(&known);
    assert_string_equal(zeroed, plain);
    assert_string_equal(zeroed, limited);
    free(zeroed);
    free(plain);
    free(limited);
}

/* Lets every allocation fail in turn, once and for good: a clean refusal each time, and the same events in the end. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    drive_signal s = drive_noise(2, 500, 9, 2, 5);
    drive_add_potential(&s, 0, 3.3, 60);
    drive_add_potential(&s, 1, 6.1, 60);
    drive_plan plan = { .block = 900, .group = 2 };
    for (int persistent = 0; persistent < 2; persistent++) {
        emg_status status = EMG_ENOMEM;
        for (long k = 1; status == EMG_ENOMEM; k++) {
            emg_result *result = NULL;
            emg_error err = EMG_ERROR_NONE;
            emgp_fault_arm(k, persistent);
            status = drive_analyse(&s, &plan, &result, &err);
            emgp_fault_arm(0, false);
            assert_true(status == EMG_OK || (status == EMG_ENOMEM && !result && err.status == EMG_ENOMEM));
            if (status == EMG_OK)
                assert_int_equal(emg_result_muscle(result, 0)->counts.fasciculation_count, 1);
            emg_result_free(result);
            assert_true(k < 5000);
        }
        assert_int_equal(status, EMG_OK);
    }
    drive_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_and_groups_do_not_matter),
        cmocka_unit_test(nothing_spans_a_gap),
        cmocka_unit_test(scraps_are_counted_and_make_no_row),
        cmocka_unit_test(short_segments_are_left_out_and_counted),
        cmocka_unit_test(channels_of_a_muscle_count_once),
        cmocka_unit_test(what_all_muscles_do_at_once_is_an_artifact),
        cmocka_unit_test(four_of_six_muscles_are_no_artifact),
        cmocka_unit_test(page_borders_do_not_show),
        cmocka_unit_test(figures_of_a_sine_are_known),
        cmocka_unit_test(crumbs_belong_to_their_rhythm),
        cmocka_unit_test(pops_and_motion_are_artifacts),
        cmocka_unit_test(hum_is_no_motion),
        cmocka_unit_test(pops_show_under_hum),
        cmocka_unit_test(dead_and_constant_channels_give_nothing),
        cmocka_unit_test(quality_is_the_share_of_sound_windows),
        cmocka_unit_test(wrong_blocks_are_refused),
        cmocka_unit_test(limits_of_a_zeroed_source_are_unknown),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
