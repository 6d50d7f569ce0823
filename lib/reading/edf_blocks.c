/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices of EDF records in, blocks of physical values out.
 *
 *     records      |  r0  |  r1  |  r2  |  r3  |        whole records that fit a slice are read in one go,
 *     slice        [------------]                       larger ones in parts, each signal's part by itself
 *     blocks       group 1, group 1, group 2, ...       each at most block_frames long
 */
#include "reading/edf.h"

#include <math.h>

#include "base/memory.h"
#include "base/status.h"
#include "reading/edf_annotations.h"
#include "reading/edf_times.h"
#include "reading/limits.h"

enum {
    BLOCK_SAMPLES = 32 * 1024, /* in a block by default: 256 KiB of doubles stay in the second-level cache */
    LEAST_FRAMES = 256
};

/* --- preparing to read samples ------------------------------------------------------------------------------- */

static const emgp_edf_signal *signal_of(const emg_recording *rec, const emgp_edf *e, size_t channel)
{
    return &e->header.signals[rec->channels[channel].number - 1];
}

/* Samples of a signal of n per record that lie in part `part` of a record. */
static uint64_t part_start(const emgp_edf *e, uint32_t n, uint64_t part)
{
    return n * part / e->n_parts;
}

/* Chooses how records are sliced and tells how many bytes a slice may need. */
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
    for (size_t i = 0; i < rec->groups.n_channels; i++)
        selected += (uint64_t)signal_of(rec, e, rec->groups.channel[i])->n * e->header.sample_bytes;
    e->n_parts = (selected + EMGP_SLICE_BYTES - 1) / EMGP_SLICE_BYTES;
    for (size_t i = 0; i < rec->groups.n_channels; i++) /* a part may be one sample longer than the average */
        n += signal_of(rec, e, rec->groups.channel[i])->n / e->n_parts + 1;
    return (size_t)n * e->header.sample_bytes;
}

static void calibrate(const emg_recording *rec, emgp_edf *e)
{
    for (size_t i = 0; i < rec->groups.n_channels; i++) {
        const emg_channel *c = &rec->channels[rec->groups.channel[i]];
        const emgp_edf_signal *s = signal_of(rec, e, rec->groups.channel[i]);
        emgp_lane_calibrate(&e->lanes[i], e->header.sample_bytes, s->digital_min, s->digital_max, c->physical_min,
                            c->physical_max, c->to_uv > 0 ? c->to_uv : 1.0);
        e->lanes[i].at = e->raw + s->offset;
    }
}

static emg_status prepare(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    size_t bytes = plan_slices(rec, e), widest = rec->groups.widest;
    e->block_frames = rec->reading.block_frames;
    if (e->block_frames == 0)
        e->block_frames = BLOCK_SAMPLES / widest > LEAST_FRAMES ? BLOCK_SAMPLES / widest : LEAST_FRAMES;
    if (e->block_frames > bytes) /* a slice never holds more frames than bytes */
        e->block_frames = bytes;
    size_t samples;
    if (!emgp_multiply(e->block_frames, widest, &samples))
        return emgp_fail_memory(err);
    e->lanes = emgp_alloc(rec->groups.n_channels, sizeof *e->lanes);
    e->raw = emgp_alloc(bytes, 1);
    e->x = emgp_alloc(samples, sizeof *e->x);
    if (!e->lanes || !e->raw || !e->x)
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

/* Sets the cursor to the records of its segment that the time window touches. */
static void enter_segment(const emg_recording *rec, emgp_edf *e)
{
    emgp_edf_cursor *at = &e->at;
    uint64_t n = records_of(rec, e, at->segment), first = e->first_record[at->segment];
    double start = rec->segments[at->segment].start_s, rate = 1.0 / rec->facts.record_duration_s;
    uint64_t from = emgp_frame_at(start, rate, n, rec->reading.from_s), to = n;
    if (rec->reading.to_s < INFINITY)
        to = emgp_frame_at(start, rate, n, rec->reading.to_s);
    at->record = first + (from > 0 ? from - 1 : 0); /* the window may begin inside the record before */
    at->record_end = first + to;
    at->part = 0;
    at->in_segment = true;
}

/* Moves the cursor to the next slice; false at the end. */
static bool advance(const emg_recording *rec, emgp_edf *e)
{
    emgp_edf_cursor *at = &e->at;
    while (at->segment < rec->facts.n_segments) {
        if (!at->in_segment)
            enter_segment(rec, e);
        if (at->record < at->record_end)
            return true;
        at->segment++;
        at->in_segment = false;
    }
    return false;
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
    uint64_t left = at->record_end - at->record;
    at->first = at->record;
    at->n_records = left < e->n_at_once ? left : e->n_at_once;
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
    for (size_t i = 0; i < rec->groups.n_channels; i++) {
        const emgp_edf_signal *s = signal_of(rec, e, rec->groups.channel[i]);
        uint64_t from = part_start(e, s->n, at->part), to = part_start(e, s->n, at->part + 1);
        size_t n = (size_t)(to - from) * e->header.sample_bytes;
        uint64_t offset =
            e->header.header_bytes + at->record * e->header.record_bytes + s->offset + from * e->header.sample_bytes;
        emg_status status = emgp_io_read(rec->io, offset, e->raw + filled, n, err);
        if (status != EMG_OK)
            return status;
        e->lanes[i].at = e->raw + filled;
        filled += n;
    }
    if (++at->part == e->n_parts) {
        at->part = 0;
        at->record++;
    }
    return EMG_OK;
}

/* The current group's frames that lie in the slice and in the time window. */
static void enter_group(const emg_recording *rec, emgp_edf *e)
{
    emgp_edf_cursor *at = &e->at;
    if (at->group >= rec->groups.n)
        return;
    const emgp_group *group = &rec->groups.group[at->group];
    uint32_t n = signal_of(rec, e, rec->groups.channel[group->first])->n;
    uint64_t record = at->first - e->first_record[at->segment], total = records_of(rec, e, at->segment) * n;
    double start = rec->segments[at->segment].start_s;
    uint64_t from = emgp_frame_at(start, group->rate_hz, total, rec->reading.from_s), to = total;
    if (rec->reading.to_s < INFINITY)
        to = emgp_frame_at(start, group->rate_hz, total, rec->reading.to_s);
    at->frame = record * n;
    at->frame_end = at->frame + (e->whole ? at->n_records * n : part_start(e, n, at->loaded_part + 1));
    if (!e->whole)
        at->frame += part_start(e, n, at->loaded_part);
    if (at->frame < from)
        at->frame = from;
    if (at->frame_end > to)
        at->frame_end = to;
}

static emg_status load(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emg_status status = e->whole ? load_whole(rec, e, err) : load_part(rec, e, err);
    if (status != EMG_OK)
        return status;
    e->at.loaded = true;
    e->at.group = 0;
    enter_group(rec, e);
    return EMG_OK;
}

/* --- blocks -------------------------------------------------------------------------------------------------- */

static void emit(emg_recording *rec, emgp_edf *e, emg_block *block)
{
    emgp_edf_cursor *at = &e->at;
    const emgp_group *group = &rec->groups.group[at->group];
    uint32_t per_record = signal_of(rec, e, rec->groups.channel[group->first])->n;
    uint64_t left = at->frame_end - at->frame, total = records_of(rec, e, at->segment) * per_record;
    size_t n = left < e->block_frames ? (size_t)left : e->block_frames, done = 0;
    double start = rec->segments[at->segment].start_s;
    *block =
        (emg_block){ .n_channels = group->n,
                     .n_frames = n,
                     .x = e->x,
                     .channel = rec->groups.channel + group->first,
                     .rate_hz = group->rate_hz,
                     .start_s = start + (double)at->frame / group->rate_hz,
                     .new_segment = at->frame == emgp_frame_at(start, group->rate_hz, total, rec->reading.from_s) };
    while (done < n) {
        uint64_t record = e->first_record[at->segment] + at->frame / per_record, sample = at->frame % per_record;
        uint64_t run = per_record - sample;
        size_t take = run < n - done ? (size_t)run : n - done;
        uint64_t before = e->whole ? 0 : part_start(e, per_record, at->loaded_part);
        size_t shift =
            (size_t)((record - at->first) * e->header.record_bytes + (sample - before) * e->header.sample_bytes);
        emgp_samples_decode(e->x + done * group->n, e->lanes + group->first, group->n, e->header.sample_bytes, shift,
                            take);
        done += take;
        at->frame += take;
    }
}

/* Samples outside the digital limits of the header are kept (never clipped) and counted. */
static emg_status note_samples(emg_recording *rec, emgp_edf *e, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < rec->groups.n_channels && status == EMG_OK; i++) {
        emgp_finding finding = { .code = "W_SAMPLE_RANGE",
                                 .field = "samples",
                                 .offset = -1,
                                 .channel = (int64_t)rec->channels[rec->groups.channel[i]].number,
                                 .action = "samples outside the digital limits are kept as they are" };
        if (e->lanes[i].outside > 0)
            status = emgp_deviate_count(&rec->deviations, &finding, e->lanes[i].outside, err);
    }
    emgp_finding clocks = { .code = "W_RECORD_TIME_WRONG",
                            .field = "record time",
                            .offset = e->wrong_clock_at,
                            .action = "record times that do not fit are ignored: the records are taken as contiguous" };
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
        for (; e->at.loaded && e->at.group < rec->groups.n; e->at.group++, enter_group(rec, e)) {
            if (e->at.frame < e->at.frame_end) {
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
