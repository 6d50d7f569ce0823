/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: which muscles, what they do, and over which background. */
#include "simulate/scenario/scenario.h"

#define RECORDING(rate, duration) "[recording]\nrate_hz = " rate "\nduration_s = " duration "\n"

static const char quiet[] = RECORDING("2048", "60") "[channel EMG L Gastroc]\nnoise_uv = 2.5\ndrift_db = 2\n"
                                                    "[channel EMG R Gastroc]\nnoise_uv = 4\ndrift_db = 3\n"
                                                    "[channel EMG L Biceps]\nnoise_uv = 2\ndrift_db = 2\n"
                                                    "[channel EMG R Biceps]\nnoise_uv = 6\ndrift_db = 3\n";

static const char fasciculation[] =
    RECORDING("2048", "120") "[channel EMG L Gastroc]\nnoise_uv = 7\ndrift_db = 0.5\n"
                             "[fasciculation]\nunits = 3\nper_min = 40\nsnr_db = 20\ndoublet_share = 0.05\n"
                             "[channel EMG L Biceps]\nnoise_uv = 7\ndrift_db = 0.5\n"
                             "[fasciculation]\nunits = 5\nper_min = 40\nsnr_db = 20\ndoublet_share = 0.05\n";

static const char ankle_clonus[] = RECORDING(
    "2048", "120") "[channel EMG L Soleus]\nnoise_uv = 4\nunits = 40\nunit_uv = 40\n"
                   "[channel EMG L Gastroc]\nnoise_uv = 4\nunits = 35\nunit_uv = 30\n"
                   "[channel EMG L Tib Ant]\nnoise_uv = 3\nunits = 20\nunit_uv = 15\n"
                   "[clonus]\non = EMG L Soleus, EMG L Gastroc, EMG L Tib Ant\nleast_beats = 6\nmost_beats = 60\n"
                   "rest_least_s = 4\nrest_most_s = 9\ndelay_ms = 0, 2, 6\npresence = 1, 1, 0.5\nfrom_s = 2\n";

static const char tremor[] =
    RECORDING("2048", "120") "[channel EMG R Wrist Flex]\nnoise_uv = 4\nunits = 25\nunit_uv = 25\n"
                             "[channel EMG R Wrist Ext]\nnoise_uv = 4\nunits = 25\nunit_uv = 22\n"
                             "[tremor]\non = EMG R Wrist Flex, EMG R Wrist Ext\nduty = 0.4\nburst_shape = triangle\n"
                             "phase = 0, 0.5\n";

static const char voluntary[] =
    RECORDING("2048", "120") "[channel EMG R Biceps]\nnoise_uv = 3\nunits = 60\nunit_uv = 45\n"
                             "[channel EMG R Triceps]\nnoise_uv = 3\nunits = 40\nunit_uv = 35\n"
                             "[tonic]\non = EMG R Biceps, EMG R Triceps\nleast_s = 1.2\nmost_s = 5\n"
                             "drive_least = 0.2\ndrive_most = 0.7\ncoactivation = 0.25\n";

/* 50 Hz on everything, an ECG in the chest lead and in the trapezius. */
static const char mixed[] = RECORDING(
    "2048",
    "120") "[channel EMG L Biceps]\nnoise_uv = 6\ndrift_db = 2\n"
           "[channel EMG L Soleus]\nnoise_uv = 5\ndrift_db = 2\nunits = 40\nunit_uv = 40\n"
           "[channel EMG L Trapezius]\nnoise_uv = 4\ndrift_db = 2\n"
           "[channel EMG R Vast Lat]\nnoise_uv = 4\ndrift_db = 2\nunits = 50\nunit_uv = 45\n"
           "[channel ECG]\nnoise_uv = 6\ndrift_db = 2\n"
           "[mains]\nhum_uv = 8\nhum_most_uv = 40\n"
           "[fasciculation]\non = EMG L Biceps\nunits = 4\nper_min = 40\nsnr_db = 24\nsnr_spread_db = 3\njitter = 0.08\n"
           "[clonus]\non = EMG L Soleus\nleast_beats = 6\nmost_beats = 50\nrest_least_s = 5\nrest_most_s = 12\nfrom_s = 4\n"
           "[tonic]\non = EMG R Vast Lat\nleast_s = 1.5\nmost_s = 5\nrest_least_s = 8\nrest_most_s = 15\ndrive_most = 0.6\n"
           "from_s = 6\n"
           "[heart]\non = ECG, EMG L Trapezius\nper_min = 72\nsize_uv = 1400, 160\n";

/* A concentric needle: fasciculations of 0.56 mV (de Carvalho and Swash), over 8 uV of noise to 5 kHz. */
static const char needle[] =
    RECORDING("10000", "60") "[channel EMG R Tib Ant]\nelectrode = needle\nnoise_uv = 8\n"
                             "[fasciculation]\nunits = 4\nper_min = 40\nsize_uv = 560\njitter = 0.06\n";

/* Two rates: Posa's mean of 6.3 in one muscle, and 13 in the other, where a rule by frequency would say tremor. */
static const char regular_unit[] =
    RECORDING("2048", "60") "[channel EMG L FDI]\nnoise_uv = 4\n[motor_unit]\nrhythm_hz = 6.3\nsnr_db = 22\n"
                            "[channel EMG R FDI]\nnoise_uv = 4\n[motor_unit]\nrhythm_hz = 13\nsnr_db = 22\n";

static const char myoclonus[] = RECORDING(
    "2048", "120") "[channel EMG R Deltoid]\nnoise_uv = 4\nunits = 30\nunit_uv = 40\n"
                   "[channel EMG R Biceps]\nnoise_uv = 4\nunits = 30\nunit_uv = 40\n"
                   "[channel EMG R Triceps]\nnoise_uv = 4\nunits = 30\nunit_uv = 40\n"
                   "[myoclonus]\non = EMG R Deltoid, EMG R Biceps, EMG R Triceps\nper_min = 30\nburst_ms = 31\n";

static const char myokymia[] = RECORDING("2048", "60") "[channel EMG L Orb Oculi]\nnoise_uv = 4\n"
                                                       "[myokymia]\ngroup_s = 0.6\ngroup_cv = 0.2\nsnr_db = 22\n";

static const char cramp[] = RECORDING("2048", "120") "[channel EMG L Gastroc]\nnoise_uv = 4\nunits = 30\nunit_uv = 45\n"
                                                     "[channel EMG L Tib Ant]\nnoise_uv = 4\n"
                                                     "[spasm]\non = EMG L Gastroc\n";

#define LONG_CHANNEL(label, noise) "[channel EMG " label "]\nnoise_uv = " noise "\ndrift_db = 2\n"
static const char load[] = RECORDING("2000", "600") LONG_CHANNEL("L Gastroc", "3") LONG_CHANNEL("R Gastroc", "3.2")
    LONG_CHANNEL("L Soleus", "3.4") LONG_CHANNEL("R Soleus", "3.6") LONG_CHANNEL("L Tib Ant", "3.8")
        LONG_CHANNEL("R Tib Ant", "4") LONG_CHANNEL("L Vast Lat", "4.2") LONG_CHANNEL("R Vast Lat", "4.4")
            LONG_CHANNEL("L Biceps", "4.6") LONG_CHANNEL("R Biceps", "4.8") LONG_CHANNEL("L Triceps", "5")
                LONG_CHANNEL("R Triceps", "5.2") LONG_CHANNEL("L Deltoid", "5.4") LONG_CHANNEL("R Deltoid", "5.6")
                    LONG_CHANNEL("L FDI", "5.800000000000001")
                        LONG_CHANNEL("R FDI", "6") "[load]\nper_min = 600\nsnr_db = 20\n";

static const char neuromyotonia[] =
    RECORDING("10000", "60") "[channel EMG L Tib Ant]\nelectrode = needle\nnoise_uv = 8\n"
                             "[neuromyotonia]\nsnr_db = 26\n"
                             "[channel EMG L Gastroc]\nnoise_uv = 4\n"
                             "[neuromyotonia]\nsnr_db = 20\n";

static const char artefacts[] =
    RECORDING("2048", "120") "[channel EMG L Gastroc]\nnoise_uv = 4\n[pops]\nper_min = 4\n"
                             "[channel EMG R Gastroc]\nnoise_uv = 4\n[motion]\nper_min = 4\n[wander]\nsize_uv = 60\n"
                             "[channel EMG L Biceps]\nnoise_uv = 4\nclip_uv = 3000\n[saturation]\nper_min = 3\n"
                             "[channel EMG R Biceps]\nnoise_uv = 4\n[dropout]\nper_min = 3\n"
                             "[channel EMG L Trapezius]\nnoise_uv = 4\n[heart]\nper_min = 70\n"
                             "[mains]\nhum_uv = 10\nhum_most_uv = 80\nswing_hz = 0.5\n";

/* What is hard: discharges over a steady voluntary floor, discharges under 5 ms apart, clonus over a contraction,
 * tremor with discharges of a unit of its own, an ECG at the rate at which a muscle twitches. */
static const char overlaps[] =
    RECORDING("2048", "120") "[channel EMG L Biceps]\nnoise_uv = 4.5\n[floor]\nlevel_sigma = 3\ntold = yes\n"
                             "[fasciculation]\nsnr_db = 24\n"
                             "[channel EMG R Biceps]\nnoise_uv = 7\n[fasciculation]\nunits = 4\npair_share = 0.4\n"
                             "[channel EMG L Soleus]\nnoise_uv = 4\n[clonus]\n[tonic]\nfrom_s = 3\n"
                             "[channel EMG R Wrist Flex]\nnoise_uv = 4\nunits = 25\nunit_uv = 25\n[tremor]\n"
                             "[fasciculation]\nsnr_db = 26\nper_min = 30\n"
                             "[channel EMG L Trapezius]\nnoise_uv = 7\n[heart]\nper_min = 70\n"
                             "[fasciculation]\nper_min = 70\n";

static const char fibre_surface[] =
    RECORDING("2048", "60") "[channel EMG L Tib Ant]\nnoise_uv = 3\npink_share = 0.2\nmuap = fibre\nunits = 100\n"
                            "unit_uv = 70\n[tonic]\nleast_s = 4\nmost_s = 8\npeak_hz = 35\nramp = cosine\n"
                            "common_share = 0.1\ncv_least = 0.1\ncv_most = 0.18\nonset_cv = 0.25\n"
                            "[channel EMG R Tib Ant]\nnoise_uv = 4\npink_share = 0.2\nmuap = fibre\n"
                            "[fasciculation]\nunits = 5\ntiming = gamma\nsnr_db = 28\nsnr_spread_db = 6\n";

static const char fibre_needle[] =
    RECORDING("10000", "60") "[channel EMG R Tib Ant]\nelectrode = needle\nnoise_uv = 8\nmuap = fibre\n"
                             "shape_jitter_us = 30\nunits = 20\nunit_uv = 300\n[tonic]\nleast_s = 4\nmost_s = 8\n"
                             "drive_least = 0.08\ndrive_most = 0.25\n[fasciculation]\nsize_uv = 560\n";

#define SURFACE 1000, 20000
#define NEEDLE 10000, 50000
#define BACKGROUND "channel.noise_uv mains.hum_uv mains.hum_hz"

static const emgp_simulation_preset presets[] = {
    { "quiet", "four relaxed muscles: background noise only", SURFACE, 1, 3600, BACKGROUND, quiet },
    { "fasciculation", "two muscles with about 40 fasciculations a minute at 20 dB peak-SNR", SURFACE, 5, 3600,
      "fasciculation.snr_db fasciculation.per_min " BACKGROUND, fasciculation },
    { "ankle-clonus", "soleus and gastrocnemius clonus of 6 to 60 bursts after stretches, tibialis anterior at times",
      SURFACE, 10, 3600, BACKGROUND, ankle_clonus },
    { "tremor", "forearm flexor and extensor alternating at 4 to 6.5 Hz in long runs", SURFACE, 20, 3600,
      "tremor.rhythm_hz " BACKGROUND, tremor },
    { "voluntary", "elbow flexor and extensor in ramped contractions of 1 to 5 s, marked as tasks", SURFACE, 10, 3600,
      BACKGROUND, voluntary },
    { "mixed",
      "fasciculations, clonus and contractions in different muscles, 50 Hz hum on all, an ECG channel and ECG in the "
      "trapezius",
      SURFACE, 20, 3600, "fasciculation.snr_db fasciculation.per_min " BACKGROUND, mixed },
    { "needle", "a concentric needle with about 40 fasciculations a minute", NEEDLE, 5, 600,
      "fasciculation.snr_db fasciculation.per_min " BACKGROUND, needle },
    { "regular-unit", "a single motor unit firing like a clock, at 6.3 Hz in one muscle and 13 Hz in another", SURFACE,
      12, 3600, "motor_unit.snr_db motor_unit.rhythm_hz " BACKGROUND, regular_unit },
    { "myoclonus", "jerks of 31 ms in three muscles at once, 30 a minute at random", SURFACE, 5, 3600,
      "myoclonus.per_min myoclonus.burst_ms " BACKGROUND, myoclonus },
    { "myokymia", "one unit in semi-rhythmic groups of 3 to 8 spikes at 30 to 36 Hz", SURFACE, 12, 3600,
      "myokymia.snr_db " BACKGROUND, myokymia },
    { "cramp", "calf cramps of about 24 s, the antagonist at rest", SURFACE, 25, 3600, BACKGROUND, cramp },
    { "long", "16 muscles with ten discharges a second each, for load tests of any length up to a week", SURFACE, 1,
      604800, "load.snr_db load.per_min " BACKGROUND, load },
    { "neuromyotonia", "groups at 150 to 300 Hz that slow down and wane, by needle and by surface electrode", NEEDLE,
      12, 600, "neuromyotonia.snr_db " BACKGROUND, neuromyotonia },
    { "artefacts", "pops, motion, saturation, dropouts and ECG, each on a muscle at rest, with drifting hum", SURFACE,
      20, 3600, BACKGROUND, artefacts },
    { "overlaps", "what is hard to tell apart: each muscle does two things at once", SURFACE, 20, 3600, BACKGROUND,
      overlaps },
    { "fibre-surface", "contractions and fasciculations with shapes from a model of muscle fibres", SURFACE, 10, 3600,
      BACKGROUND, fibre_surface },
    { "fibre-needle", "a needle in a weak contraction, shapes from a model of muscle fibres", NEEDLE, 10, 600,
      BACKGROUND, fibre_needle },
};

const emgp_simulation_preset *emgp_simulation_preset_row(size_t index)
{
    return index < sizeof presets / sizeof *presets ? &presets[index] : NULL;
}
