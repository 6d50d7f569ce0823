/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stretches of bursts, with how much the waveform in them repeats. */
#include "analysis/evidence/evidence.h"

#include <math.h>

enum { SILENCE, SHARE, CHANCE, MEDIAN_ERROR, SCATTER };

static const emgp_rule numbers[] = {
    [SILENCE] = EMGP_NUMBER("repeats.silence_s", "silence between bursts", EMGP_ABOVE, EMGP_LIMIT(5), EMGP_OURS,
                            "what came before is looked at by itself"),
    [SHARE] = EMGP_NUMBER("repeats.size", "peak of a burst / largest of the stretch", EMGP_AT_LEAST, EMGP_LIMIT(0.25),
                          EMGP_OURS, "the waveform round it is looked at (repeat)"),
    [CHANCE] = EMGP_NUMBER("repeats.chance", "standard errors of the median", EMGP_AT_MOST, EMGP_LIMIT(1.64),
                           "one-sided 5 % point of the normal distribution", "chance adds so much (repeat_sure)"),
    [MEDIAN_ERROR] = EMGP_NUMBER("repeats.median_error", "SD / root of how many", EMGP_ALWAYS, EMGP_LIMIT(1.2533),
                                 "normal distribution", "standard error of a median: root of pi / 2"),
    [SCATTER] = EMGP_NUMBER("repeats.scatter", "SD of single bursts of any kind", EMGP_ALWAYS, EMGP_LIMIT(0.2),
                            EMGP_OURS, "a few tell no SD of their own"),
};

emgp_rules emgp_repeats_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { MOST = 4096, DECIBELS = 20 };

/* What is read of a channel, and the bursts since the last silence. */
typedef struct reader {
    emgp_spill_cursor bursts, levels;
    emgp_level_record level;
    bool level_there;
    double step_s;
    emgp_stretch_found found;
    size_t n, n_repeats, n_bursts;
    double repeat[MOST], tone[MOST], size[MOST], snr_db[MOST], interval_s[MOST], before_s;
    double counted_s; /* start of the record whose repeat was taken last */
} reader;

static emg_status next_level(reader *r, emg_error *err)
{
    return emgp_spill_copy(&r->levels, &r->level, sizeof r->level, &r->level_there, err);
}

/* The repeat of the record in which the burst peaks, once. */
static emg_status note_repeat(reader *r, const emgp_burst *burst, emg_error *err)
{
    emg_status status = EMG_OK;
    while (status == EMG_OK && r->level_there && r->level.start_s + r->step_s * (double)r->level.n <= burst->peak_s)
        status = next_level(r, err);
    if (status || !r->level_there || r->level.start_s > burst->peak_s || !(r->level.start_s > r->counted_s))
        return status;
    r->counted_s = r->level.start_s;
    if (r->n_repeats < MOST) {
        r->tone[r->n_repeats] = (double)r->level.tone / UINT8_MAX;
        r->repeat[r->n_repeats++] = (double)r->level.repeat / UINT8_MAX;
    }
    return EMG_OK;
}

static void add(reader *r, const emgp_burst *burst)
{
    emgp_stretch_found *f = &r->found;
    if (r->n_bursts == 0)
        *f = (emgp_stretch_found){ .onset_s = burst->onset_s };
    f->end_s = fmax(f->end_s, burst->end_s);
    if ((double)burst->peak > f->peak) {
        f->peak = (double)burst->peak;
        f->peak_s = burst->peak_s;
    }
    if (r->n < MOST) {
        r->size[r->n] = (double)burst->peak_to_peak;
        r->snr_db[r->n++] = DECIBELS * log10((double)burst->peak / (double)burst->sigma);
    }
    if (r->n_bursts > 0 && r->n_bursts <= MOST)
        r->interval_s[r->n_bursts - 1] = burst->onset_s - r->before_s;
    r->before_s = burst->onset_s;
    r->n_bursts++;
}

/* A median less what chance adds to one of so few. */
static double sure_of(double median, size_t n)
{
    const double error = numbers[MEDIAN_ERROR].limit * numbers[SCATTER].limit / sqrt((double)n);
    return median - numbers[CHANCE].limit * error;
}

static emg_status close_stretch(reader *r, emgp_stretch_take *take, void *context, emg_error *err)
{
    emgp_evidence *e = &r->found.evidence;
    emg_status status = EMG_OK;
    if (r->n_repeats > 0) {
        e->n = (double)r->n_bursts;
        e->n_repeating = (double)r->n_repeats;
        e->intervals = emgp_intervals_of(r->interval_s, r->n_bursts - 1 < MOST ? r->n_bursts - 1 : MOST);
        e->repeat = emgp_median(r->repeat, r->n_repeats);
        e->repeat_sure = sure_of(e->repeat, r->n_repeats);
        e->tone = emgp_median(r->tone, r->n_repeats);
        e->snr_db = emgp_median(r->snr_db, r->n);
        e->duration_s = r->found.end_s - r->found.onset_s;
        r->found.amplitude = emgp_median(r->size, r->n);
        status = take(context, &r->found, err);
    }
    r->n = r->n_repeats = r->n_bursts = 0;
    return status;
}

static emg_status take_burst(reader *r, const emgp_burst *burst, emgp_stretch_take *take, void *context, emg_error *err)
{
    emg_status status = EMG_OK;
    const bool end = burst->flags & EMGP_SEGMENT_END;
    if (r->n_bursts > 0 && (end || burst->onset_s - r->found.end_s > numbers[SILENCE].limit))
        status = close_stretch(r, take, context, err);
    if (status || end || burst->n_discharges == 0)
        return status;
    add(r, burst);
    return (double)burst->peak >= numbers[SHARE].limit * r->found.peak ? note_repeat(r, burst, err) : EMG_OK;
}

emg_status emgp_repeats_find(const emgp_spill *bursts, const emgp_spill *levels, size_t stream, double level_step_s,
                             emgp_stretch_take *take, void *context, emg_error *err)
{
    reader *r = emgp_alloc(1, sizeof *r);
    if (!r)
        return emgp_fail_memory(err);
    r->step_s = level_step_s;
    r->counted_s = -INFINITY;
    emgp_spill_start(&r->bursts, bursts, stream);
    emgp_spill_start(&r->levels, levels, stream);
    emgp_burst burst;
    bool there;
    emg_status status = next_level(r, err);
    while (status == EMG_OK && (status = emgp_spill_copy(&r->bursts, &burst, sizeof burst, &there, err)) == EMG_OK &&
           there)
        status = take_burst(r, &burst, take, context, err);
    if (status == EMG_OK && r->n_bursts > 0)
        status = close_stretch(r, take, context, err);
    emgp_spill_stop(&r->bursts);
    emgp_spill_stop(&r->levels);
    emgp_free(r);
    return status;
}
