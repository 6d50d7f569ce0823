/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices of EDF records in, blocks of physical values out.
 *
 *     records      |  r0  |  r1  |  r2  |  r3  |        whole records that fit a slice are read in one go,
 *     slice        [------------]                       larger ones in parts, each signal's part by itself
 *     blocks       group 1, group 1, group 2, ...       each at most block_frames long
 */
#include "reading/edf/edf.h"

#include <math.h>

#include "base/base.h"
#include "reading/channels/channels.h"
#include "reading/source/source.h"

enum {
    BLOCK_SAMPLES = 32 * 1024, /* in a block by default: 256 KiB of doubles stay in the second-level cache */
    LEAST_FRAMES = 256
};

/* --- preparing to read samples ------------------------------------------------------------------------------- */

static const emgp_edf_signal *signal_of(const emg_recording *rec, const emgp_edf *e, size_t decoder)
{
    return &e->header.signals[rec->channels[e->terms[decoder].channel].number - 1];
}

/* Samples of a signal of n per record that lie in part `part` of a record. */
static uint64_t part_start(const emgp_edf *e, uint32_t n, uint64_t part)
{
    return n * part / e->n_parts;
}

/* Chooses how records are sliced and how many bytes a slice may need. */
static size_t plan_slices(const emg_recording *rec, emgp_edf *e)
{
    uint64_t size = e->header.record_bytes, selected = 0, n = 0;
    e->n_at_once = e->n_parts = 1;
    e->whole = size <= EMGP_SLICE_BYTES;
    if (e->whole) {
        e->n_at_once = EMGP_SLICE_BYTES / size;
        if (e->n_at_once > (uint64_t)rec->facts.n_records)
            e->n_at_once = (uint64_t)rec->facts.n_records;
        return (size_t)(e->n_at_once * size);
    }
    for (size_t i = 0; i < e->n_decoders; i++)
        selected += (uint64_t)signal_of(rec, e, i)->n * e->header.sample_bytes;
    e->n_parts = (selected + EMGP_SLICE_BYTES - 1) / EMGP_SLICE_BYTES;
    for (size_t i = 0; i < e->n_decoders; i++) /* a part may be one sample longer than the average */
        n += signal_of(rec, e, i)->n / e->n_parts + 1;
    return (size_t)n * e->header.sample_bytes;
}

static void calibrate(const emg_recording *rec, emgp_edf *e)
{
    for (size_t i = 0; i < e->n_decoders; i++) {
        const emg_channel *c = &rec->channels[e->terms[i].channel];
        const emgp_edf_signal *s = signal_of(rec, e, i);
        emgp_edf_decoder_calibrate(&e->decoders[i], e->header.sample_bytes, s->digital_min, s->digital_max,
                                   c->physical_min, c->physical_max, c->to_uv > 0 ? c->to_uv : 1.0);
        e->decoders[i].at = e->raw + s->offset;
    }
}

/* Which signals make up which decoder. */
static emg_status plan_decoders(const emg_recording *rec, emgp_edf *e, emg_error *err)
{
    size_t n = rec->groups.n_channels, most = n + rec->derivations.n_terms;
    e->decoders = emgp_alloc(most, sizeof *e->decoders);
    e->terms = emgp_alloc(most, sizeof *e->terms);
    e->sums = emgp_alloc(rec->derivations.n, sizeof *e->sums);
    if (!e->decoders || !e->terms || !e->sums)
        return emgp_fail_memory(err);
    e->n_decoders = n;
    e->margin_s = 0;
    for (size_t i = 0; i < n; i++) {
        size_t channel = rec->groups.channel[i], n_terms = emgp_terms_count(&rec->derivations, channel);
        e->terms[i] = emgp_terms_at(&rec->derivations, channel, 0);
        e->margin_s = fmax(e->margin_s, 1.0 / rec->channels[channel].rate_hz);
        if (!rec->channels[channel].derived)
            continue;
        e->sums[e->n_sums++] = (emgp_edf_sum){ i, e->n_decoders, n_terms - 1 };
        for (size_t k = 1; k < n_terms; k++)
            e->terms[e->n_decoders++] = emgp_terms_at(&rec->derivations, channel, k);
    }
    return EMG_OK;
}

static emg_status prepare(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emg_status status = plan_decoders(rec, e, err);
    if (status != EMG_OK)
        return status;
    size_t bytes = plan_slices(rec, e), widest = rec->groups.widest;
    e->block_frames = rec->reading.block_frames;
    if (e->block_frames == 0)
        e->block_frames = BLOCK_SAMPLES / widest > LEAST_FRAMES ? BLOCK_SAMPLES / widest : LEAST_FRAMES;
    if (e->block_frames > bytes) /* a slice never holds more frames than bytes */
        e->block_frames = bytes;
    size_t samples;
    if (!emgp_multiply(e->block_frames, widest, &samples))
        return emgp_fail_memory(err);
    e->raw = emgp_alloc(bytes, 1);
    e->x = emgp_alloc(samples, sizeof *e->x);
    e->term = emgp_alloc(e->n_sums > 0 ? e->block_frames : 0, sizeof *e->term);
    if (!e->raw || !e->x || !e->term)
        return emgp_fail_memory(err);
    calibrate(rec, e);
    return EMG_OK;
}

/* --- slices -------------------------------------------------------------------------------------------------- */

static uint64_t records_of(const emg_recording *rec, const emgp_edf *e, size_t segment)
{
    uint64_t end = segment + 1 < rec->facts.n_segments ? e->first_record[segment + 1] : (uint64_t)rec->facts.n_records;
    return end - e->first_record[segment];
}

/* When a part of a record begins; records and times count from the segment's start. */
static double part_time(const emg_recording *rec, const emgp_edf *e, uint64_t record, uint64_t part)
{
    return ((double)record + (double)part / (double)e->n_parts) * rec->facts.record_duration_s;
}

/* Skips what ends before the window that is due; false when no window is due in the segment any more. */
static bool reach_window(const emg_recording *rec, emgp_edf *e)
{
    emgp_edf_cursor *at = &e->at;
    const emgp_windows *w = &rec->windows;
    uint64_t first = e->first_record[at->segment], n = at->record_end - first;
    double start = rec->segments[at->segment].start_s;
    double now = start + part_time(rec, e, at->record - first, at->part) - e->margin_s;
    while (at->window < w->n && w->list[at->window].to_s <= now)
        at->window++;
    if (at->window == w->n)
        return false;
    double due = (w->list[at->window].from_s - e->margin_s - start) / rec->facts.record_duration_s;
    if (due >= (double)n)
        return false;
    uint64_t record = due > 0 ? (uint64_t)due : 0;
    uint64_t part = due > 0 ? (uint64_t)((due - (double)record) * (double)e->n_parts) : 0;
    if (part >= e->n_parts)
        part = e->n_parts - 1;
    if (first + record > at->record || (first + record == at->record && part > at->part)) {
        at->record = first + record;
        at->part = part;
    }
    return true;
}

/* Moves the cursor to the next slice; false at the end. */
static bool advance(const emg_recording *rec, emgp_edf *e)
{
    emgp_edf_cursor *at = &e->at;
    for (; at->segment < rec->facts.n_segments; at->segment++, at->in_segment = false) {
        if (!at->in_segment) {
            at->record = e->first_record[at->segment];
            at->record_end = at->record + records_of(rec, e, at->segment);
            at->part = 0;
            at->in_segment = true;
        }
        if (at->record < at->record_end && reach_window(rec, e))
            return true;
    }
    return false;
}

/* Of the records that would fit the slice, those up to the end of the last window that begins in them. */
static uint64_t records_due(const emg_recording *rec, const emgp_edf *e)
{
    const emgp_edf_cursor *at = &e->at;
    const emgp_windows *w = &rec->windows;
    uint64_t left = at->record_end - at->record, n = left < e->n_at_once ? left : e->n_at_once;
    double start = rec->segments[at->segment].start_s + part_time(rec, e, at->record - e->first_record[at->segment], 0);
    double end = start + part_time(rec, e, n, 0) + e->margin_s, last = start;
    for (size_t i = at->window; i < w->n && w->list[i].from_s < end; i++)
        last = w->list[i].to_s;
    double due = ceil((last + e->margin_s - start) / rec->facts.record_duration_s);
    return due < 1 ? 1 : due < (double)n ? (uint64_t)due : n;
}

/* A record clock that does not fit, in a file whose clocks were only sampled when it was opened. */
static void check_clocks(emgp_edf *e, const emgp_edf_cursor *at)
{
    if (e->clocks_known || !e->keeper)
        return;
    size_t n = (size_t)e->keeper->n * e->header.sample_bytes;
    for (uint64_t i = 0; i < at->n_records; i++) {
        emgp_clock clock = { 0.0, 0 };
        uint64_t record = at->first + i, in_slice = i * e->header.record_bytes + e->keeper->offset;
        emgp_clock_state state =
            emgp_clock_read(e->raw + in_slice, n < EMGP_CLOCK_BYTES ? n : EMGP_CLOCK_BYTES, &clock);
        double elapsed = (double)record * e->header.facts.record_duration_s;
        double tolerance = emgp_edf_times_tolerance(e->half_sample_s, clock.decimals) + EMGP_CLOCK_DRIFT * elapsed;
        if (state != EMGP_CLOCK_NONE && fabs(clock.start_s - e->origin_s - elapsed) <= tolerance)
            continue;
        if (e->wrong_clocks++ == 0)
            e->wrong_clock_at = (int64_t)(e->header.header_bytes + record * e->header.record_bytes + e->keeper->offset);
    }
}

static emg_status load_whole(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emgp_edf_cursor *at = &e->at;
    at->first = at->record;
    at->n_records = records_due(rec, e);
    at->record += at->n_records;
    uint64_t offset = e->header.header_bytes + at->first * e->header.record_bytes;
    emg_status status = emgp_io_read(rec->io, offset, e->raw, (size_t)(at->n_records * e->header.record_bytes), err);
    if (status == EMG_OK)
        check_clocks(e, at);
    return status;
}

static emg_status load_part(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emgp_edf_cursor *at = &e->at;
    size_t filled = 0;
    at->first = at->record;
    at->n_records = 1;
    at->loaded_part = at->part;
    for (size_t i = 0; i < e->n_decoders; i++) {
        const emgp_edf_signal *s = signal_of(rec, e, i);
        uint64_t from = part_start(e, s->n, at->part), to = part_start(e, s->n, at->part + 1);
        size_t n = (size_t)(to - from) * e->header.sample_bytes;
        uint64_t offset =
            e->header.header_bytes + at->record * e->header.record_bytes + s->offset + from * e->header.sample_bytes;
        emg_status status = emgp_io_read(rec->io, offset, e->raw + filled, n, err);
        if (status != EMG_OK)
            return status;
        e->decoders[i].at = e->raw + filled;
        filled += n;
    }
    if (++at->part == e->n_parts) {
        at->part = 0;
        at->record++;
    }
    return EMG_OK;
}

/* The current group's frames that lie in the slice and in the next window; false when there are none. */
static bool enter_window(const emg_recording *rec, emgp_edf *e)
{
    emgp_edf_cursor *at = &e->at;
    const emgp_window *window = &rec->windows.list[at->next_window];
    if (at->next_window >= rec->windows.n || window->from_s >= at->slice_end_s + e->margin_s)
        return false;
    const emgp_group *group = &rec->groups.group[at->group];
    uint32_t n = signal_of(rec, e, group->first)->n;
    uint64_t record = at->first - e->first_record[at->segment], total = records_of(rec, e, at->segment) * n;
    double start = rec->segments[at->segment].start_s;
    uint64_t from = record * n, to = from + (e->whole ? at->n_records * n : part_start(e, n, at->loaded_part + 1));
    if (!e->whole)
        from += part_start(e, n, at->loaded_part);
    at->window_frame = emgp_frame_at(start, group->rate_hz, total, window->from_s);
    at->frame_end = emgp_frame_at(start, group->rate_hz, total, window->to_s);
    at->frame = at->window_frame > from ? at->window_frame : from;
    if (at->frame_end > to)
        at->frame_end = to;
    at->next_window++;
    return true;
}

/* Whether the current group has frames in the slice that are still due. */
static bool frames_due(const emg_recording *rec, emgp_edf *e)
{
    while (e->at.frame >= e->at.frame_end)
        if (!enter_window(rec, e))
            return false;
    return true;
}

static void enter_group(emgp_edf_cursor *at, size_t group)
{
    at->group = group;
    at->next_window = at->window;
    at->frame = at->frame_end = 0;
}

static emg_status load(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emgp_edf_cursor *at = &e->at;
    emg_status status = e->whole ? load_whole(rec, e, err) : load_part(rec, e, err);
    if (status != EMG_OK)
        return status;
    at->slice_end_s =
        rec->segments[at->segment].start_s + part_time(rec, e, at->record - e->first_record[at->segment], at->part);
    at->loaded = true;
    enter_group(at, 0);
    return EMG_OK;
}

/* --- blocks -------------------------------------------------------------------------------------------------- */

/* Turns the first terms of the derived decoders of a group into sums; frames as emgp_samples_decode took them. */
static void add_terms(emgp_edf *e, const emgp_group *group, double *x, size_t shift, size_t n)
{
    for (size_t s = 0; s < e->n_sums; s++) {
        const emgp_edf_sum *sum = &e->sums[s];
        if (sum->decoder < group->first || sum->decoder >= group->first + group->n)
            continue;
        double *out = x + (sum->decoder - group->first), weight = e->terms[sum->decoder].weight;
        for (size_t i = 0; i < n; i++)
            out[i * group->n] *= weight;
        for (size_t k = sum->first; k < sum->first + sum->n; k++) {
            emgp_samples_decode(e->term, &e->decoders[k], 1, e->header.sample_bytes, shift, n);
            weight = e->terms[k].weight;
            for (size_t i = 0; i < n; i++)
                out[i * group->n] += weight * e->term[i];
        }
    }
}

static void emit(emg_recording *rec, emgp_edf *e, emg_block *block)
{
    emgp_edf_cursor *at = &e->at;
    const emgp_group *group = &rec->groups.group[at->group];
    uint32_t per_record = signal_of(rec, e, group->first)->n;
    uint64_t left = at->frame_end - at->frame;
    size_t n = left < e->block_frames ? (size_t)left : e->block_frames, done = 0;
    *block = (emg_block){ .n_channels = group->n,
                          .n_frames = n,
                          .x = e->x,
                          .channel = rec->groups.channel + group->first,
                          .rate_hz = group->rate_hz,
                          .start_s = rec->segments[at->segment].start_s + (double)at->frame / group->rate_hz,
                          .new_segment = at->frame == at->window_frame };
    while (done < n) {
        uint64_t record = e->first_record[at->segment] + at->frame / per_record, sample = at->frame % per_record;
        uint64_t run = per_record - sample;
        size_t take = run < n - done ? (size_t)run : n - done;
        uint64_t before = e->whole ? 0 : part_start(e, per_record, at->loaded_part);
        size_t shift =
            (size_t)((record - at->first) * e->header.record_bytes + (sample - before) * e->header.sample_bytes);
        emgp_samples_decode(e->x + done * group->n, e->decoders + group->first, group->n, e->header.sample_bytes, shift,
                            take);
        add_terms(e, group, e->x + done * group->n, shift, take);
        done += take;
        at->frame += take;
    }
}

/* Samples outside the digital limits of the header are kept (never clipped) and counted. */
static emg_status note_samples(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < e->n_decoders && status == EMG_OK; i++) {
        emgp_finding finding = { .code = "W_SAMPLE_RANGE",
                                 .field = "samples",
                                 .offset = -1,
                                 .channel = (int64_t)rec->channels[e->terms[i].channel].number,
                                 .action = "samples outside the digital limits are kept as they are",
                                 .things = "sample" };
        if (e->decoders[i].outside > 0)
            status = emgp_deviate_count(&rec->deviations, &finding, e->decoders[i].outside, err);
    }
    emgp_finding clocks = { .code = "W_RECORD_TIME_WRONG",
                            .field = "record time",
                            .offset = e->wrong_clock_at,
                            .action = "record times that do not fit are ignored: the records are taken as contiguous",
                            .things = "record" };
    if (status == EMG_OK && e->wrong_clocks > 0)
        status = emgp_deviate_count(&rec->deviations, &clocks, e->wrong_clocks, err);
    return status;
}

emg_status emgp_edf_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    emgp_edf *e = rec->state;
    if (rec->groups.n == 0 || rec->facts.n_records == 0)
        return EMG_OK;
    if (!e->x) {
        emg_status status = prepare(rec, e, err);
        if (status != EMG_OK)
            return status;
    }
    for (;;) {
        for (; e->at.loaded && e->at.group < rec->groups.n; enter_group(&e->at, e->at.group + 1)) {
            if (frames_due(rec, e)) {
                emit(rec, e, block);
                return EMG_OK;
            }
        }
        bool strict_check = e->at.loaded && rec->deviations.strict;
        e->at.loaded = false;
        emg_status status = strict_check ? note_samples(rec, e, err) : EMG_OK;
        if (status != EMG_OK)
            return status;
        if (!advance(rec, e))
            return note_samples(rec, e, err);
        status = load(rec, e, err);
        if (status != EMG_OK)
            return status;
    }
}
