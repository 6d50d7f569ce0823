/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: which muscles, what they do, and over which background. */
#include "simulate/presets.h"

#include <math.h>

#include "simulate/patterns.h"

/* What was asked for, else the preset's own. */
static double given(double setting, double own)
{
    return isnan(setting) ? own : setting;
}

static size_t muscle(emgp_scene *scene, const char *label, double sigma_uv, double drift_db)
{
    return emgp_scene_add_channel(scene, label, &emgp_band_surface, given(scene->settings.noise_uv, sigma_uv),
                                  drift_db);
}

/* Hum of a strength between the two in every channel; its frequency wanders by a tenth of a hertz. */
static void add_hum(emgp_scene *scene, double least_uv, double most_uv)
{
    emgp_random r = emgp_scene_random(scene, 0, EMGP_FOR_COURSE);
    scene->hum = (emgp_hum){
        .hz = given(scene->settings.hum_hz, 50), .swing_hz = 0.1, .period_s = 90, .phase = emgp_random_uniform(&r)
    };
    for (size_t c = 0; c < scene->n_channels; c++) {
        scene->channel[c].hum_uv = emgp_random_between(&r, least_uv, most_uv);
        scene->channel[c].hum_phase = emgp_random_uniform(&r);
    }
}

void emgp_simulation_preset_build(const emgp_simulation_preset *row, emgp_scene *scene)
{
    row->build(scene);
    double hum_uv = given(scene->settings.hum_uv, 20);
    if (!(scene->hum.hz > 0) && (!isnan(scene->settings.hum_uv) || !isnan(scene->settings.hum_hz)))
        add_hum(scene, hum_uv, hum_uv);
}

static void build_quiet(emgp_scene *scene)
{
    muscle(scene, "EMG L Gastroc", 2.5, 2);
    muscle(scene, "EMG R Gastroc", 4, 3);
    muscle(scene, "EMG L Biceps", 2, 2);
    muscle(scene, "EMG R Biceps", 6, 3);
}

static void build_fasciculation(emgp_scene *scene)
{
    emgp_fasciculation plan = { .n_units = 3,
                                .per_min = given(scene->settings.per_min, 40),
                                .snr_db = given(scene->settings.snr_db, 20),
                                .doublet_share = 0.05,
                                .jitter = 0.07,
                                .span = { 0, scene->duration_s } };
    emgp_add_fasciculation(scene, muscle(scene, "EMG L Gastroc", 5, 0.5), &plan);
    plan.n_units = 5;
    emgp_add_fasciculation(scene, muscle(scene, "EMG L Biceps", 4, 0.5), &plan);
}

static void build_ankle_clonus(emgp_scene *scene)
{
    size_t soleus = muscle(scene, "EMG L Soleus", 4, 1), calf = muscle(scene, "EMG L Gastroc", 4, 1);
    size_t shin = muscle(scene, "EMG L Tib Ant", 3, 1);
    emgp_pool pools[] = { emgp_add_pool(scene, soleus, 40, 40), emgp_add_pool(scene, calf, 35, 30),
                          emgp_add_pool(scene, shin, 20, 15) };
    const double delay_s[] = { 0, 0.002, 0.006 }, presence[] = { 1, 1, 0.5 };
    emgp_clonus plan = { .least_beats = 6,
                         .most_beats = 60,
                         .rest_least_s = 4,
                         .rest_most_s = 9,
                         .pools = pools,
                         .delay_s = delay_s,
                         .presence = presence,
                         .n_pools = 3,
                         .span = { 2, scene->duration_s } };
    emgp_add_clonus(scene, &plan);
}

static void build_tremor(emgp_scene *scene)
{
    size_t flexor = muscle(scene, "EMG R Wrist Flex", 4, 1), extensor = muscle(scene, "EMG R Wrist Ext", 4, 1);
    emgp_pool pools[] = { emgp_add_pool(scene, flexor, 25, 25), emgp_add_pool(scene, extensor, 25, 22) };
    const double phase[] = { 0, 0.5 };
    emgp_random r = emgp_scene_random(scene, flexor, EMGP_FOR_COURSE);
    double rate_hz = given(scene->settings.rhythm_hz, emgp_random_within(&r, 5, 0.5, 4, 6.5));
    for (double from = 4; from + 10 < scene->duration_s && scene->status == EMG_OK;) {
        double to = fmin(from + emgp_random_between(&r, 40, 60), scene->duration_s - 2);
        emgp_tremor plan = {
            .rate_hz = rate_hz, .duty = 0.4, .pools = pools, .phase = phase, .n_pools = 2, .span = { from, to }
        };
        emgp_add_tremor(scene, &plan);
        from = to + emgp_random_between(&r, 5, 10);
    }
}

static void build_voluntary(emgp_scene *scene)
{
    size_t biceps = muscle(scene, "EMG R Biceps", 3, 1), triceps = muscle(scene, "EMG R Triceps", 3, 1);
    emgp_pool pools[] = { emgp_add_pool(scene, biceps, 60, 45), emgp_add_pool(scene, triceps, 40, 35) };
    emgp_voluntary plan = { .least_s = 1.2,
                            .most_s = 5,
                            .rest_least_s = 2.5,
                            .rest_most_s = 6,
                            .drive_least = 0.2,
                            .drive_most = 0.7,
                            .pools = pools,
                            .n_pools = 2,
                            .coactivation = 0.25,
                            .annotation = "task: contraction",
                            .span = { 2.5, scene->duration_s } };
    emgp_add_voluntary(scene, &plan);
}

/* 50 Hz on everything, a heart in the chest lead and in the trapezius, fasciculations, clonus and contractions. */
static void build_mixed(emgp_scene *scene)
{
    size_t biceps = muscle(scene, "EMG L Biceps", 4, 2), soleus = muscle(scene, "EMG L Soleus", 5, 2);
    size_t trapezius = muscle(scene, "EMG L Trapezius", 4, 2), quadriceps = muscle(scene, "EMG R Vast Lat", 4, 2);
    size_t heart = emgp_scene_add_channel(scene, "ECG", &emgp_band_surface, 6, 2);
    if (isnan(scene->settings.hum_uv))
        add_hum(scene, 8, 40);
    emgp_fasciculation twitches = { .n_units = 4,
                                    .per_min = given(scene->settings.per_min, 40),
                                    .snr_db = given(scene->settings.snr_db, 18),
                                    .snr_spread_db = 3,
                                    .doublet_share = 0.05,
                                    .jitter = 0.08,
                                    .span = { 0, scene->duration_s } };
    emgp_add_fasciculation(scene, biceps, &twitches);
    emgp_pool calf = emgp_add_pool(scene, soleus, 40, 40), thigh = emgp_add_pool(scene, quadriceps, 50, 45);
    const double none[] = { 0 }, always[] = { 1 };
    emgp_clonus clonus = { .least_beats = 6,
                           .most_beats = 50,
                           .rest_least_s = 5,
                           .rest_most_s = 12,
                           .pools = &calf,
                           .delay_s = none,
                           .presence = always,
                           .n_pools = 1,
                           .span = { 4, scene->duration_s } };
    emgp_add_clonus(scene, &clonus);
    emgp_voluntary push = { .least_s = 1.5,
                            .most_s = 5,
                            .rest_least_s = 8,
                            .rest_most_s = 15,
                            .drive_least = 0.2,
                            .drive_most = 0.6,
                            .pools = &thigh,
                            .n_pools = 1,
                            .annotation = "task: contraction",
                            .span = { 6, scene->duration_s } };
    emgp_add_voluntary(scene, &push);
    const size_t beating[] = { heart, trapezius };
    const double size_uv[] = { 1400, 160 };
    emgp_add_heart(scene, beating, size_uv, 2, 72);
}

/* A concentric needle: fasciculations of 0.56 mV (de Carvalho and Swash), over 8 uV of noise to 5 kHz. */
static void build_needle(emgp_scene *scene)
{
    size_t needle =
        emgp_scene_add_channel(scene, "EMG R Tib Ant", &emgp_band_needle, given(scene->settings.noise_uv, 8), 1);
    emgp_fasciculation plan = { .n_units = 4,
                                .per_min = given(scene->settings.per_min, 40),
                                .peak_to_peak_uv = 560,
                                .snr_db = scene->settings.snr_db,
                                .doublet_share = 0.05,
                                .jitter = 0.06,
                                .span = { 0, scene->duration_s } };
    if (!isnan(scene->settings.snr_db))
        plan.peak_to_peak_uv = 0;
    emgp_add_fasciculation(scene, needle, &plan);
}

/* Two rates: Posa's mean of 6.3 in one muscle, and 13 in the other, where a rule by frequency would say tremor. */
static void build_regular_unit(emgp_scene *scene)
{
    static const char *const labels[] = { "EMG L FDI", "EMG R FDI" };
    static const double rates[] = { 6.3, 13 };
    for (size_t i = 0; i < 2; i++) {
        size_t channel = muscle(scene, labels[i], 4, 1);
        emgp_regular plan = { .rate_hz = given(scene->settings.rhythm_hz, rates[i]),
                              .cv = 0.035,
                              .snr_db = given(scene->settings.snr_db, 22),
                              .span = { 5, fmax(scene->duration_s - 5, 6) } };
        emgp_add_regular(scene, channel, &plan);
    }
}

static void build_myoclonus(emgp_scene *scene)
{
    static const char *const labels[] = { "EMG R Deltoid", "EMG R Biceps", "EMG R Triceps" };
    emgp_pool pools[3];
    for (size_t i = 0; i < 3; i++) {
        size_t channel = muscle(scene, labels[i], 4, 1);
        pools[i] = emgp_add_pool(scene, channel, 30, 40);
    }
    emgp_myoclonus plan = { .per_min = given(scene->settings.per_min, 30),
                            .burst_s = given(scene->settings.burst_ms, 31) / 1000,
                            .burst_sd_s = 0.007,
                            .pools = pools,
                            .n_pools = 3,
                            .span = { 0.5, scene->duration_s } };
    emgp_add_myoclonus(scene, &plan);
}

static void build_myokymia(emgp_scene *scene)
{
    size_t face = muscle(scene, "EMG L Orb Oculi", 4, 1);
    emgp_myokymia plan = { .group_s = 0.6,
                           .group_cv = 0.2,
                           .snr_db = given(scene->settings.snr_db, 22),
                           .span = { 4, fmax(scene->duration_s - 5, 5) } };
    emgp_add_myokymia(scene, face, &plan);
}

static void build_cramp(emgp_scene *scene)
{
    size_t calf = muscle(scene, "EMG L Gastroc", 4, 1);
    muscle(scene, "EMG L Tib Ant", 4, 1);
    emgp_pool pool = emgp_add_pool(scene, calf, 30, 45);
    emgp_random r = emgp_scene_random(scene, calf, EMGP_FOR_COURSE);
    for (double from = 8; from + 12 < scene->duration_s && scene->status == EMG_OK;) {
        double to = from + emgp_random_within(&r, 23.6, 8, 10, 45);
        emgp_add_cramp(scene, pool, (emgp_span){ from, fmin(to, scene->duration_s - 1) });
        from = to + emgp_random_between(&r, 15, 40);
    }
}

static void build_long(emgp_scene *scene)
{
    static const char *const labels[EMGP_SCENE_CHANNELS] = {
        "EMG L Gastroc",  "EMG R Gastroc",  "EMG L Soleus", "EMG R Soleus", "EMG L Tib Ant", "EMG R Tib Ant",
        "EMG L Vast Lat", "EMG R Vast Lat", "EMG L Biceps", "EMG R Biceps", "EMG L Triceps", "EMG R Triceps",
        "EMG L Deltoid",  "EMG R Deltoid",  "EMG L FDI",    "EMG R FDI"
    };
    scene->endless_hz = given(scene->settings.per_min, 600) / 60;
    for (size_t i = 0; i < EMGP_SCENE_CHANNELS; i++)
        emgp_add_endless(scene, muscle(scene, labels[i], 3 + 0.2 * (double)i, 2), 4, given(scene->settings.snr_db, 20));
}

#define SURFACE 2048, 1000, 20000
#define BACKGROUND "noise_uv hum_uv hum_hz"

static const emgp_simulation_preset presets[] = {
    { "quiet", "four relaxed muscles: background noise only", SURFACE, 60, 1, 3600, BACKGROUND, build_quiet },
    { "fasciculation", "two muscles with about 40 fasciculations a minute at 20 dB peak-SNR", SURFACE, 120, 5, 3600,
      "snr_db per_min " BACKGROUND, build_fasciculation },
    { "ankle-clonus", "soleus and gastrocnemius clonus of 6 to 60 beats after stretches, tibialis anterior at times",
      SURFACE, 120, 10, 3600, BACKGROUND, build_ankle_clonus },
    { "tremor", "forearm flexor and extensor alternating at 4 to 6.5 Hz in long runs", SURFACE, 120, 20, 3600,
      "rhythm_hz " BACKGROUND, build_tremor },
    { "voluntary", "elbow flexor and extensor in ramped contractions of 1 to 5 s, marked as tasks", SURFACE, 120, 10,
      3600, BACKGROUND, build_voluntary },
    { "mixed",
      "fasciculations, clonus and contractions in different muscles, 50 Hz hum on all, an ECG channel and ECG in the "
      "trapezius",
      SURFACE, 120, 20, 3600, "snr_db per_min " BACKGROUND, build_mixed },
    { "needle", "a concentric needle with about 40 fasciculations a minute", 10000, 10000, 50000, 60, 5, 600,
      "snr_db per_min " BACKGROUND, build_needle },
    { "regular-unit", "a single motor unit firing like a clock, at 6.3 Hz in one muscle and 13 Hz in another", SURFACE,
      60, 12, 3600, "snr_db rhythm_hz " BACKGROUND, build_regular_unit },
    { "myoclonus", "jerks of 31 ms in three muscles at once, 30 a minute at random", SURFACE, 120, 5, 3600,
      "per_min burst_ms " BACKGROUND, build_myoclonus },
    { "myokymia", "one unit in semi-rhythmic groups of 3 to 8 spikes at 30 to 36 Hz", SURFACE, 60, 12, 3600,
      "snr_db " BACKGROUND, build_myokymia },
    { "cramp", "calf cramps of about 24 s, the antagonist at rest", SURFACE, 120, 25, 3600, BACKGROUND, build_cramp },
    { "long", "16 muscles with ten discharges a second each, for load tests of any length up to a week", 2000, 1000,
      20000, 600, 1, 604800, "snr_db per_min " BACKGROUND, build_long },
};

const emgp_simulation_preset *emgp_simulation_preset_row(size_t index)
{
    return index < sizeof presets / sizeof *presets ? &presets[index] : NULL;
}
