/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios whose rows count: muscles that do several things in ten minutes, long holds, short gaps, stimuli. */
#include "ground/script.h"

enum { MIXED_SECONDS = 600, WINDOW_SECONDS = 120, N_MIXED = 10 };

static const char *const muscles[] = { "EMG A", "EMG B", "EMG C" }; /* names that hint at nothing */

/* What a muscle does in one window; words of a truth that nothing tells apart are the honest ones. */
typedef void put_pattern(exam_script *s);

static void put_twitching(exam_script *s)
{
    double snr_db = exam_between(s, 18, 28);
    exam_put_twitches(s, snr_db, exam_between(s, 10, 40));
}

static void put_jerks(exam_script *s)
{
    exam_put(s, "[myoclonus]\nburst_snr_db = %.1f\n", exam_between(s, 12, 20));
    exam_draw(s, "per_min", 8, 25, 8, 30);
    exam_draw(s, "burst_ms", 31, 57, 27, 60);
}

static void put_clonus(exam_script *s)
{
    bool marked = exam_below(s, 2) == 0, glides = exam_below(s, 2) == 0;
    exam_put(s, "[clonus]\nburst_snr_db = %.1f\nleast_beats = 6\nmost_beats = 30\n%s", exam_between(s, 10, 20),
             glides ? "" : "glide = 0\nslowing = 0\n");
    exam_put(s, "told_as = %s\nmark = %s\n", marked || glides ? "clonus" : "rhythmic", marked ? "stretch" : "none");
    exam_put(s, "rhythm_hz = %.2f\n", exam_between(s, 4, 7));
    exam_draw(s, "spread_ms", 8, 15, 6, 20);
}

static void put_tremor(exam_script *s)
{
    bool fast = exam_below(s, 2) == 0;
    exam_put(s, "[tremor]\nburst_snr_db = %.1f\nrun_least_s = 8\nrun_most_s = 30\nrest_least_s = 6\nrest_most_s = 12\n",
             exam_between(s, 10, 20));
    exam_put(s, "told_as = %s\nburst_shape = %s\n", fast ? "tremor" : "rhythmic", exam_burst_shape(s));
    exam_put(s, "rhythm_hz = %.2f\n", fast ? exam_between(s, 9.5, 12) : exam_between(s, 4, 8));
    exam_draw(s, "duty", 0.3, 0.45, 0.25, 0.5);
}

static void put_groups(exam_script *s)
{
    exam_put(s, "[myokymia]\nsnr_db = %.1f\n", exam_between(s, 20, 28));
    exam_draw(s, "group_s", 0.5, 1.2, 0.4, 1.5);
}

static void put_unit(exam_script *s)
{
    exam_put(s, "[motor_unit]\nrhythm_hz = %.2f\n", exam_between(s, 5, 12));
    exam_put(s, "snr_db = %.1f\n", exam_between(s, 20, 28));
    exam_draw(s, "cv", 0.02, 0.08, 0.02, 0.10);
}

static void put_cramps(exam_script *s, bool marked)
{
    exam_put(s, "[spasm]\nlength_s = %.1f\nlength_sd_s = 3\nrest_least_s = 12\n", exam_between(s, 8, 22));
    exam_put(s, "burst_snr_db = %.1f\n", exam_between(s, 12, 22));
    exam_put(s, "told_as = %s\nmark = %s\n", marked ? "spasm" : "tonic", marked ? "rest" : "none");
}

static void put_contractions(exam_script *s, bool marked)
{
    exam_put(s, "[tonic]\nburst_snr_db = %.1f\nleast_s = 0.8\nmost_s = 8\nrest_least_s = 1.5\nrest_most_s = 6\n",
             exam_between(s, 10, 24));
    exam_put(s, "mark = %s\n", marked ? "task: hold" : "none");
}

/* A mark holds for every muscle; where others rest or contract at the same time there is none. */
static void put_unmarked_cramps(exam_script *s)
{
    put_cramps(s, false);
}

static void put_unmarked_contractions(exam_script *s)
{
    put_contractions(s, false);
}

static void put_hold(exam_script *s)
{
    exam_put(s, "[tonic]\nburst_snr_db = %.1f\nleast_s = 60\nmost_s = 100\nrest_least_s = 3\nrest_most_s = 8\n",
             exam_between(s, 10, 24));
    exam_put(s, "common_share = 0.1\nmark = none\n");
}

static void put_responses(exam_script *s)
{
    exam_put(s, "[evoked]\nlatency_ms = %.1f\n", exam_between(s, 28, 45));
    exam_put(s, "burst_snr_db = %.1f\n", exam_between(s, 14, 24));
    exam_draw(s, "interval_s", 3, 6, 2, 8);
    exam_draw(s, "response_share", 0.6, 1, 0.5, 1);
    exam_put(s, "artefact_uv = %.1f\n", exam_sigma_uv(s) * exam_between(s, 30, 200));
}

/* The patterns of a muscle in an order of its own; the first five are played, two minutes each. */
static void shuffle(exam_script *s, size_t order[N_MIXED])
{
    for (size_t i = 0; i < N_MIXED; i++)
        order[i] = i;
    for (size_t i = N_MIXED - 1; i > 0; i--) {
        size_t k = exam_below(s, i + 1), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

/* Several patterns a channel; each has its own two minutes, so that the truth never claims what a louder one hides. One
 * muscle also has pops throughout. */
static void write_mixed(exam_script *s)
{
    static put_pattern *const patterns[N_MIXED] = {
        put_twitching, put_jerks,    put_clonus,          put_tremor,
        put_groups,    put_unit,     put_unmarked_cramps, put_unmarked_contractions,
        put_hold,      put_responses
    };
    exam_put_recording(s, 2048, MIXED_SECONDS);
    for (size_t m = 0; m < sizeof muscles / sizeof *muscles; m++) {
        size_t order[N_MIXED];
        exam_put_channel(s, muscles[m], true);
        shuffle(s, order);
        for (size_t w = 0; w < MIXED_SECONDS / WINDOW_SECONDS; w++) {
            patterns[order[w]](s);
            exam_put(s, "from_s = %zu\nto_s = %zu\n", w * WINDOW_SECONDS + 4, (w + 1) * WINDOW_SECONDS - 4);
        }
        if (m == 0)
            exam_put_pops(s);
    }
}

static void write_holds(exam_script *s)
{
    exam_put_recording(s, 2048, 420);
    for (size_t m = 0; m < 2; m++) {
        exam_put_channel(s, m ? "EMG Weak" : "EMG Hold", false);
        exam_put(s, "units = %d\nunit_uv = %.1f\n", m ? 25 : 50, m ? exam_between(s, 25, 35) : exam_between(s, 30, 50));
        exam_put(s,
                 "[tonic]\nleast_s = 60\nmost_s = 120\nrest_least_s = 3\nrest_most_s = 8\ncommon_share = 0.1\n"
                 "mark = none\ndrive_least = 0.1\ndrive_most = %s\n",
                 m ? "0.25" : "0.5");
    }
}

static void write_gaps(exam_script *s)
{
    exam_put_recording(s, 2048, 90);
    exam_put_channel(s, "EMG Quiet", false);
    exam_put(s,
             "units = 60\nunit_uv = 45\n[tonic]\nleast_s = 0.3\nmost_s = 1.2\nrest_least_s = 0.25\nrest_most_s = 0.8\n"
             "up_least_s = 0.05\nup_most_s = 0.2\ndown_least_s = 0.05\ndown_most_s = 0.2\ndrive_least = 0.2\n"
             "drive_most = 0.6\nmark = none\n");
    exam_put_channel(s, "EMG Floor", false);
    exam_put(s, "units = 60\nunit_uv = 45\n[floor]\nunits = 8\nlevel_sigma = 3\n[tonic]\nleast_s = 0.3\nmost_s = 1.5\n"
                "rest_least_s = 0.4\nrest_most_s = 1\ndrive_least = 0.3\ndrive_most = 0.7\nmark = none\n");
}

/* Responses of a leg muscle (reflex, behind 28 to 45 ms) and of a hand muscle (direct, behind 6 to 12 ms) to the same
 * stimuli, among fasciculations of either and pops of one. */
static void write_evoked(exam_script *s)
{
    exam_put_recording(s, 2048, 120);
    exam_put_channel(s, "EMG L Soleus", true);
    put_twitching(s);
    exam_put_channel(s, "EMG L FDI", true);
    put_twitching(s);
    exam_put_pops(s);
    exam_put(s, "[evoked]\non = all\nburst_snr_db = %.1f\n", exam_between(s, 16, 28));
    exam_put(s, "latency_ms = %.1f", exam_between(s, 28, 45));
    exam_put(s, ", %.1f\n", exam_between(s, 6, 12));
    exam_draw(s, "interval_s", 3, 6, 2, 8);
    exam_draw(s, "response_share", 0.6, 1, 0.5, 1);
    exam_put(s, "artefact_uv = %.1f\n", exam_sigma_uv(s) * exam_between(s, 30, 200));
}

/* Clonus whose first beat answers a marked stimulus. */
static void write_taps(exam_script *s)
{
    exam_put_recording(s, 2048, 120);
    exam_put_channel(s, "EMG L Soleus", true);
    exam_put(s, "[clonus]\nmark = stimulus\nburst_snr_db = %.1f\nleast_beats = 6\nmost_beats = 30\n",
             exam_between(s, 10, 20));
    exam_draw(s, "glide", 0.15, 0.3, 0.15, 0.35);
    exam_draw(s, "spread_ms", 8, 15, 6, 20);
}

/* Cramps in marked rest, then contractions in marked tasks. */
static void write_marked(exam_script *s)
{
    exam_put_recording(s, 2048, 300);
    exam_put_channel(s, "EMG L Gastroc", true);
    put_cramps(s, true);
    exam_put(s, "from_s = 4\nto_s = 150\n");
    put_contractions(s, true);
    exam_put(s, "from_s = 156\nto_s = 296\n");
}

void exam_write_rows(exam_script *s, const exam_cell *c)
{
    static void (*const write[EXAM_N_ROWS])(exam_script *) = { write_mixed,  write_holds, write_gaps,
                                                               write_evoked, write_taps,  write_marked };
    write[c->rows](s);
}
