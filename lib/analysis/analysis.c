/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An analysis as its caller drives it: blocks to their groups, and in the end the sparse stages. */
#include <emg/analysis.h>
#include <emg/result.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detect/detect.h"
#include "analysis/analysis.h"
#include "base/base.h"
#include "condition/condition.h"

emg_source emg_source_defaults(void)
{
    return (emg_source){ .clip_low = -INFINITY, .clip_high = INFINITY };
}

bool emg_analysis_fits(const emg_config *config, double rate_hz)
{
    double low, high;
    return config && emgp_condition_band(&config->condition, rate_hz, &low, &high) &&
           !emgp_noise_too_slow(config->noise.block_s, rate_hz);
}

static emg_status check_source(const emg_source *source, size_t number, emg_error *err)
{
    if (!source->name || !*source->name || !source->muscle || !*source->muscle)
        return emgp_fail_at(err, EMG_EARG, -1, (int64_t)number, "channel %zu has no name or no muscle", number);
    if (!(source->rate_hz > 0) || !isfinite(source->rate_hz))
        return emgp_fail_at(err, EMG_EARG, -1, (int64_t)number, "channel %s has no sampling rate above 0",
                            source->name);
    return EMG_OK;
}

static emg_status check_mark(const emg_mark *mark, size_t number, size_t n_channels, emg_error *err)
{
    if (mark->channel > n_channels)
        return emgp_fail(err, EMG_EARG, "mark %zu is about channel %zu of %zu", number, mark->channel, n_channels);
    if (!isfinite(mark->onset_s))
        return emgp_fail(err, EMG_EARG, "mark %zu does not begin at a finite time", number);
    if ((unsigned)mark->kind > EMG_MARK_UNKNOWN || (mark->kind == EMG_MARK_UNKNOWN && mark->text >= EMG_MARK_TEXTS))
        return emgp_fail(err, EMG_EARG, "mark %zu is of no kind, or has the text %u of at most %d", number, mark->text,
                         EMG_MARK_TEXTS);
    return EMG_OK;
}

static emg_status check(const emg_source *sources, size_t n, const emg_mark *marks, size_t n_marks,
                        const emg_config *config, emg_error *err)
{
    if (n == 0 || !sources || !config)
        return emgp_fail(err, EMG_EARG, "an analysis needs at least one channel and a configuration");
    if (n_marks > 0 && !marks)
        return emgp_fail(err, EMG_EARG, "no marks where %zu were announced", n_marks);
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < n_marks; i++)
        status = check_mark(&marks[i], i + 1, n, err);
    for (size_t i = 0; status == EMG_OK && i < n; i++)
        status = check_source(&sources[i], i + 1, err);
    return status ? status : emg_config_check(config, err);
}

/* Limits that enclose nothing, as those of a zeroed source, are not known. */
static void settle_limits(emg_source *source)
{
    if (source->clip_low < source->clip_high)
        return;
    source->clip_low = -INFINITY;
    source->clip_high = INFINITY;
}

/* 0: stretches, 1: stimuli, 2: unknown. */
static int use_of(const emg_mark *mark)
{
    return mark->kind == EMG_MARK_UNKNOWN ? 2 : mark->kind == EMG_MARK_STIMULUS;
}

static int by_use(const void *a, const void *b)
{
    const emg_mark *x = a, *y = b;
    if (use_of(x) != use_of(y))
        return use_of(x) - use_of(y);
    return (x->onset_s > y->onset_s) - (x->onset_s < y->onset_s);
}

static void take_marks(emg_analysis *a, const emg_mark *marks, size_t n)
{
    size_t of_use[3] = { 0 };
    if (n == 0)
        return;
    memcpy(a->marks, marks, n * sizeof *marks);
    qsort(a->marks, n, sizeof *marks, by_use);
    for (size_t i = 0; i < n; i++)
        of_use[use_of(&marks[i])]++;
    a->told = (emgp_marks_told){ a->marks, of_use[0], a->marks + of_use[0], of_use[1] };
    a->locked = (emgp_locked){ .marks = a->marks + of_use[0] + of_use[1], .n = of_use[2] };
}

static emg_status allocate(emg_analysis *a, const emg_source *sources, size_t n, const emg_mark *marks, size_t n_marks,
                           const char *directory, emg_error *err)
{
    a->n = n;
    a->sources = emgp_alloc(n, sizeof *a->sources);
    a->groups = emgp_alloc(n, sizeof *a->groups);
    a->waiting = emgp_alloc(n, sizeof *a->waiting);
    a->group_of = emgp_alloc(n, sizeof *a->group_of);
    a->channel_of = emgp_alloc(n, sizeof *a->channel_of);
    a->clocks = emgp_alloc(n, sizeof *a->clocks);
    a->cuts = emgp_alloc(n, sizeof *a->cuts);
    a->parts = emgp_alloc(n, sizeof *a->parts);
    a->marks = emgp_alloc(n_marks, sizeof *a->marks);
    a->directory = directory ? emgp_copy_text(directory, strlen(directory)) : NULL;
    if (!a->sources || !a->groups || !a->waiting || !a->group_of || !a->channel_of || !a->clocks || !a->cuts ||
        !a->parts || !a->marks || (directory && !a->directory))
        return emgp_fail_memory(err);
    memcpy(a->sources, sources, n * sizeof *sources);
    take_marks(a, marks, n_marks);
    emg_status status = emgp_result_new(&a->result, sources, n, err);
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        a->group_of[i] = n;
        a->sources[i].name = a->result->names[i];
        a->sources[i].muscle = a->result->muscle_names[a->result->muscle_of[i]];
        settle_limits(&a->sources[i]);
    }
    if (status == EMG_OK)
        status = emgp_spill_new(&a->discharges, n, sizeof(emgp_discharge), EMGP_SPILL_BUDGET, a->directory, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&a->bursts, n, sizeof(emgp_burst), EMGP_SPILL_BUDGET, a->directory, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&a->levels, n, sizeof(emgp_level_record), EMGP_SPILL_BUDGET, a->directory, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&a->beats, n, sizeof(emgp_stretch), EMGP_SPILL_BUDGET, a->directory, err);
    if (status == EMG_OK)
        status = emgp_spill_new(&a->restless, 2 * n, sizeof(emgp_stretch), EMGP_SPILL_BUDGET, a->directory, err);
    return status;
}

emg_status emg_analysis_new(emg_analysis **out, const emg_source *sources, size_t n, const emg_mark *marks,
                            size_t n_marks, const emg_config *config, const char *spill_directory, emg_error *err)
{
    if (!out)
        return emgp_fail(err, EMG_EARG, "emg_analysis_new needs a place for the analysis");
    *out = NULL;
    emg_status status = check(sources, n, marks, n_marks, config, err);
    if (status)
        return status;
    emg_analysis *a = emgp_alloc(1, sizeof *a);
    if (!a)
        return emgp_fail_memory(err);
    a->config = *config;
    status = allocate(a, sources, n, marks, n_marks, spill_directory, err);
    if (status) {
        emg_analysis_free(a);
        return status;
    }
    *out = a;
    return EMG_OK;
}

void emg_analysis_free(emg_analysis *a)
{
    if (!a)
        return;
    for (size_t g = 0; g < a->n_groups; g++) {
        emgp_group_free(a->groups[g]);
        emgp_waiting_free(&a->waiting[g]);
        emgp_free(a->cuts[g].x);
    }
    emgp_team_free(a->team);
    emgp_spill_free(a->discharges);
    emgp_spill_free(a->bursts);
    emgp_spill_free(a->levels);
    emgp_spill_free(a->beats);
    emgp_spill_free(a->restless);
    emg_result_free(a->result);
    emgp_free(a->sources);
    emgp_free(a->groups);
    emgp_free(a->waiting);
    emgp_free(a->group_of);
    emgp_free(a->channel_of);
    emgp_free(a->clocks);
    emgp_free(a->cuts);
    emgp_free(a->parts);
    emgp_free(a->marks);
    emgp_free(a->qrs_s);
    emgp_free(a->directory);
    emgp_free(a);
}

emg_status emg_analysis_workers(emg_analysis *a, size_t n, emg_error *err)
{
    if (!a || n == 0)
        return emgp_fail(err, EMG_EARG, "no analysis or no worker was given");
    if (a->n_groups > 0)
        return emgp_fail(err, EMG_EARG, "how many work must be said before the first block");
    emgp_team_free(a->team);
    a->team = NULL;
    return n > 1 ? emgp_team_new(&a->team, n, err) : EMG_OK;
}

emg_status emg_analysis_no_sketches(emg_analysis *a, emg_error *err)
{
    if (!a || a->n_groups > 0)
        return emgp_fail(err, EMG_EARG, "that nothing is drawn must be said of an analysis before its first block");
    a->no_sketches = true;
    return EMG_OK;
}

emg_status emg_analysis_qrs(emg_analysis *a, const double *qrs_s, size_t n, emg_error *err)
{
    if (!a || (!qrs_s && n > 0))
        return emgp_fail(err, EMG_EARG, "no analysis or no beats were given");
    if (a->n_groups > 0)
        return emgp_fail(err, EMG_EARG, "the heart's beats must be told before the first block");
    for (size_t i = 0; i < n; i++)
        if (!(fabs(qrs_s[i]) <= DBL_MAX) || (i > 0 && qrs_s[i] < qrs_s[i - 1]))
            return emgp_fail(err, EMG_EARG, "the heart's beats do not ascend at number %zu", i + 1);
    double *copy = emgp_alloc(n, sizeof *copy);
    if (!copy)
        return emgp_fail_memory(err);
    if (n > 0)
        memcpy(copy, qrs_s, n * sizeof *copy);
    emgp_free(a->qrs_s);
    a->qrs_s = copy;
    a->qrs = (emgp_qrs_times){ copy, n };
    return EMG_OK;
}

/* Whether the channels are channels of one rate that no group has yet. */
static bool fit_for_a_group(const emg_analysis *a, const emg_block *block)
{
    for (size_t i = 0; i < block->n_channels; i++) {
        size_t c = block->channel[i];
        if (c >= a->n || a->group_of[c] != a->n || fabs(a->sources[c].rate_hz - block->rate_hz) > 0)
            return false;
    }
    return block->n_channels > 0;
}

static emg_status make_group(emg_analysis *a, size_t group, const emg_block *block, const emg_block *whole,
                             emg_error *err)
{
    emgp_group_setup setup = { .config = &a->config,
                               .sources = a->sources,
                               .channels = block->channel,
                               .n_channels = block->n_channels,
                               .company = whole->channel,
                               .n_company = whole->n_channels,
                               .qrs = &a->qrs,
                               .marks = &a->told,
                               .discharges = a->discharges,
                               .bursts = a->bursts,
                               .levels = a->levels,
                               .beats = a->beats,
                               .restless = a->restless,
                               .no_sketches = a->no_sketches };
    return emgp_group_new(&a->groups[group], &setup, err);
}

/* The block's channels become groups, one a part, which are made when they bring enough for it. What can never be made is
 * refused at once. */
static emg_status begin_group(emg_analysis *a, const emg_block *block, emg_error *err)
{
    if (!fit_for_a_group(a, block))
        return emgp_fail(err, EMG_EARG, "a block's channels changed their rate or their company");
    if (!emg_analysis_fits(&a->config, block->rate_hz)) {
        emg_status status = make_group(a, a->n_groups, block, block, err);
        if (status)
            return status;
    }
    const emgp_parts parts = emgp_parts_of(block->n_channels, emgp_team_size(a->team));
    a->parts[a->n_groups] = parts;
    for (size_t k = 0; k < parts.n; k++, a->n_groups++)
        for (size_t start = emgp_parts_start(&parts, k), i = start; i < emgp_parts_start(&parts, k + 1); i++) {
            a->group_of[block->channel[i]] = a->n_groups;
            a->channel_of[block->channel[i]] = i - start;
        }
    return EMG_OK;
}

/* Whether the block's channels are exactly those that came with its first one before. */
static bool same_companions(const emg_analysis *a, const emg_block *block)
{
    const size_t first = a->group_of[block->channel[0]];
    const emgp_parts *parts = &a->parts[first];
    if (parts->n_channels != block->n_channels)
        return false;
    for (size_t k = 0; k < parts->n; k++)
        for (size_t start = emgp_parts_start(parts, k), i = start; i < emgp_parts_start(parts, k + 1); i++) {
            const size_t c = block->channel[i];
            if (c >= a->n || a->group_of[c] != first + k || a->channel_of[c] != i - start ||
                fabs(a->sources[c].rate_hz - block->rate_hz) > 0)
                return false;
        }
    return true;
}

static bool all_finite(const emg_block *block)
{
    int bad = 0;
    for (size_t i = 0; i < block->n_frames * block->n_channels; i++)
        bad |= !(fabs(block->x[i]) <= DBL_MAX);
    return !bad;
}

static bool names_one_twice(const emg_block *block)
{
    for (size_t i = 0; i < block->n_channels; i++)
        for (size_t k = 0; k < i; k++)
            if (block->channel[i] == block->channel[k])
                return true;
    return false;
}

/* What can be said of a block by itself. */
static emg_status check_block(const emg_analysis *a, const emg_block *block, emg_error *err)
{
    if (!block->x || !block->channel || block->n_channels == 0)
        return emgp_fail(err, EMG_EARG, "a block has no channels or no samples");
    if (block->n_channels > EMGP_MOST_CHANNELS)
        return emgp_fail(err, EMG_ERANGE, "%zu channels in a block are more than %d", block->n_channels,
                         EMGP_MOST_CHANNELS);
    if (!emgp_samples_given(block->x, block->n_frames, block->n_channels))
        return emgp_fail(err, EMG_EARG, "a block of %zu frames is larger than memory", block->n_frames);
    for (size_t i = 0; i < block->n_channels; i++)
        if (block->channel[i] >= a->n)
            return emgp_fail(err, EMG_EARG, "a block names channel %zu, the analysis has %zu", block->channel[i], a->n);
    if (names_one_twice(block))
        return emgp_fail(err, EMG_EARG, "a block names a channel twice");
    if (!isfinite(block->start_s))
        return emgp_fail(err, EMG_EARG, "a block does not start at a finite time");
    if (!all_finite(block))
        return emgp_fail(err, EMG_EARG,
                         "a block holds a sample that is not finite: such stretches must be left out as gaps");
    return EMG_OK;
}

/* Whether a block starts where its group's time has been already. A frame of rounding is allowed between segments. */
static bool goes_back(const emgp_clock *clock, const emg_block *block)
{
    if (clock->n_frames == 0)
        return false;
    double end_s = clock->segment_s + (double)clock->n_frames / block->rate_hz;
    return block->start_s < (block->new_segment ? end_s - 1 / block->rate_hz : clock->start_s);
}

static void advance(emgp_clock *clock, const emg_block *block)
{
    if (block->new_segment || clock->n_frames == 0)
        *clock = (emgp_clock){ .first_s = clock->n_frames == 0 ? block->start_s : clock->first_s,
                               .segment_s = block->start_s };
    clock->start_s = block->start_s;
    clock->n_frames += block->n_frames;
}

/* The first block that makes a segment long enough makes the group. */
static emg_status push_group(emg_analysis *a, size_t group, const emg_block *block, const emg_block *whole,
                             emg_error *err)
{
    emgp_waiting *waiting = &a->waiting[group];
    bool enough = true, first = false;
    emg_status status = EMG_OK;
    if (!a->groups[group]) {
        status = emgp_waiting_take(waiting, &a->config, block, &enough, err);
        if (status || !enough)
            return status;
        status = make_group(a, group, block, whole, err);
        first = status == EMG_OK && waiting->n_frames > 0;
        if (first)
            status = emgp_group_push(a->groups[group], waiting->x, waiting->n_frames, waiting->start_s, true, err);
        emgp_waiting_free(waiting);
    }
    return status ? status
                  : emgp_group_push(a->groups[group], block->x, block->n_frames, block->start_s,
                                    block->new_segment && !first, err);
}

typedef struct pushed {
    emg_analysis *a;
    const emg_block *block;
    size_t first; /* group of its first part */
} pushed;

static emg_status push_part(void *context, size_t part, size_t worker, emg_error *err)
{
    const pushed *p = context;
    emg_analysis *a = p->a;
    const emgp_parts *parts = &a->parts[p->first];
    const size_t group = p->first + part;
    emg_block cut = *p->block;
    (void)worker;
    emg_status status = parts->n == 1 ? EMG_OK : emgp_parts_cut(parts, part, p->block, &a->cuts[group], &cut, err);
    return status ? status : push_group(a, group, &cut, p->block, err);
}

emg_status emg_analysis_push(emg_analysis *a, const emg_block *block, emg_error *err)
{
    if (!a || !block)
        return emgp_fail(err, EMG_EARG, "no analysis or no block was given");
    if (!a->result || a->finished)
        return emgp_fail(err, EMG_EARG, "an analysis that was finished takes no more blocks");
    if (block->n_frames == 0)
        return EMG_OK;
    emg_status status = check_block(a, block, err);
    if (status)
        return status;
    if (a->group_of[block->channel[0]] == a->n)
        status = begin_group(a, block, err);
    else if (!same_companions(a, block))
        status = emgp_fail(err, EMG_EARG, "a block's channels changed their rate or their company");
    if (status)
        return status;
    pushed p = { a, block, a->group_of[block->channel[0]] };
    if (goes_back(&a->clocks[p.first], block))
        return emgp_fail(err, EMG_EARG, "a block starts at %.6f s, before the end of what came before it",
                         block->start_s);
    const size_t n_parts = a->parts[p.first].n;
    for (size_t k = 0; k < n_parts; k++)
        advance(&a->clocks[p.first + k], block);
    return emgp_team_do(a->team, n_parts, push_part, &p, err);
}

static emg_status finish_group(void *context, size_t group, size_t worker, emg_error *err)
{
    emg_analysis *a = context;
    (void)worker;
    return a->groups[group] ? emgp_group_finish(a->groups[group], err) : EMG_OK;
}

emg_status emg_analysis_finish(emg_analysis *a, emg_result **out, emg_error *err)
{
    if (out)
        *out = NULL;
    if (!a || !out)
        return emgp_fail(err, EMG_EARG, "emg_analysis_finish needs an analysis and a place for the result");
    if (!a->result || a->finished)
        return emgp_fail(err, EMG_EARG, "an analysis can be finished once");
    a->finished = true;
    for (size_t i = 0; i < a->n; i++)
        if (a->group_of[i] != a->n)
            emgp_waiting_finish(&a->waiting[a->group_of[i]], a->sources[i].rate_hz);
    emg_status status = emgp_team_do(a->team, a->n_groups, finish_group, a, err);
    if (status == EMG_OK)
        status = emgp_route_sparse(a, err);
    if (status)
        return status;
    a->result->discharges = a->discharges;
    a->discharges = NULL;
    *out = a->result;
    a->result = NULL;
    return EMG_OK;
}
