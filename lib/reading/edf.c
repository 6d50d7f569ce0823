/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of EDF, EDF+, BDF and BDF+: slices of records in, blocks of physical values out.
 *
 *     records      |  r0  |  r1  |  r2  |  r3  |        whole records that fit a slice are read in one go,
 *     slice        [------------]                       larger ones in parts, each signal's part by itself
 *     blocks       group 1, group 1, group 2, ...       each at most block_frames long
 */
#include <math.h>

#include "base/memory.h"
#include "base/status.h"
#include "reading/edf_annotations.h"
#include "reading/edf_header.h"
#include "reading/edf_samples.h"
#include "reading/edf_start.h"
#include "reading/edf_times.h"
#include "reading/limits.h"
#include "reading/reader.h"

enum {
    BLOCK_SAMPLES = 32 * 1024, /* in a block by default: 256 KiB of doubles stay in the second-level cache */
    LEAST_FRAMES = 256,
    ANNOTATION_BYTES = 64 * 1024,
    SMALL_RECORD = 1024 /* records below this are read through when only their annotations are wanted */
};

/* Where in the file reading stands. */
typedef struct edf_cursor {
    size_t segment;          /* being read */
    uint64_t record, part;   /* of the next slice */
    uint64_t record_end;     /* of the segment within the time window */
    bool in_segment;         /* record and record_end are set */
    bool loaded;             /* a slice is in memory: */
    uint64_t first, n_records, loaded_part;
    size_t group;            /* whose turn it is */
    uint64_t frame, frame_end; /* its frames of the slice that are still due, counted from the segment's first */
} edf_cursor;

typedef struct edf {
    emgp_edf_header header;
    uint64_t *first_record; /* of each segment */
    double origin_s;
    bool clocks_known;      /* all record times were read when the file was opened */
    const emgp_edf_signal *keeper;
    double half_sample_s;
    emgp_lane *lanes;       /* of the selected channels, as in groups.channel */
    unsigned char *raw;
    double *x;
    size_t block_frames;
    bool whole;             /* slices are whole records, in the order of the file */
    uint64_t n_at_once;     /* records in a slice */
    uint64_t n_parts;       /* parts of a record, when it is larger than a slice */
    uint64_t wrong_clocks;
    int64_t wrong_clock_at;
    edf_cursor at;
} edf;

/* --- open and close ------------------------------------------------------------------------------------------ */

static emg_status read_header(emg_recording *rec, emgp_edf_header *out, emg_error *err)
{
    unsigned char head[EMGP_EDF_FIXED];
    uint64_t size = emgp_io_size(rec->io);
    size_t n_head = size < sizeof head ? (size_t)size : sizeof head, n;
    emg_status status = emgp_io_read(rec->io, 0, head, n_head, err);
    if (status == EMG_OK)
        status = emgp_edf_header_length(head, n_head, size, &n, err);
    if (status != EMG_OK)
        return status;
    rec->deviations.most = 1024 + 4 * (n / EMGP_EDF_PER_SIGNAL);
    unsigned char *bytes = emgp_alloc(n, 1);
    if (!bytes)
        return emgp_fail_memory(err);
    status = emgp_io_read(rec->io, 0, bytes, n, err);
    if (status == EMG_OK)
        status = emgp_edf_header_parse(bytes, n, size, &rec->deviations, out, err);
    emgp_free(bytes);
    return status;
}

static void take_times(emg_recording *rec, edf *e, emgp_edf_times *times)
{
    rec->segments = times->segment;
    rec->segments_room = times->segment_room;
    rec->facts.n_segments = times->n;
    e->first_record = times->first_record;
    e->origin_s = times->origin_s;
    e->clocks_known = times->all_read;
    for (size_t i = 0; i < times->n; i++)
        rec->facts.duration_s += times->segment[i].duration_s;
    if (times->n > 0)
        rec->facts.span_s = times->segment[times->n - 1].start_s + times->segment[times->n - 1].duration_s;
    emgp_edf_start_shift(&rec->facts, times->origin_s);
}

static emg_status edf_open(emg_recording *rec, emg_error *err)
{
    edf *e = rec->state = emgp_alloc(1, sizeof *e);
    if (!e)
        return emgp_fail_memory(err);
    emg_status status = read_header(rec, &e->header, err);
    if (status != EMG_OK)
        return status;
    rec->facts = e->header.facts;
    rec->channels = e->header.channels;
    e->header.channels = NULL;
    e->keeper = emgp_edf_times_keeper(&e->header);
    e->half_sample_s = emgp_edf_times_half_sample(&e->header);
    emgp_edf_times times;
    status = emgp_edf_times_read(rec->io, &e->header, &rec->deviations, &times, err);
    if (status == EMG_OK)
        take_times(rec, e, &times);
    return status;
}

static void edf_close(emg_recording *rec)
{
    edf *e = rec->state;
    if (!e)
        return;
    emgp_edf_header_free(&e->header);
    emgp_free(e->first_record);
    emgp_free(e->lanes);
    emgp_free(e->raw);
    emgp_free(e->x);
    emgp_free(e);
}

/* --- preparing to read samples ------------------------------------------------------------------------------- */

static const emgp_edf_signal *signal_of(const emg_recording *rec, const edf *e, size_t channel)
{
    return &e->header.signals[rec->channels[channel].number - 1];
}

/* Samples of a signal of n per record that lie in part `part` of a record. */
static uint64_t part_start(const edf *e, uint32_t n, uint64_t part)
{
    return n * part / e->n_parts;
}

/* Chooses how records are sliced and tells how many bytes a slice may need. */
static size_t plan_slices(const emg_recording *rec, edf *e)
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

static void calibrate(const emg_recording *rec, edf *e)
{
    for (size_t i = 0; i < rec->groups.n_channels; i++) {
        const emg_channel *c = &rec->channels[rec->groups.channel[i]];
        const emgp_edf_signal *s = signal_of(rec, e, rec->groups.channel[i]);
        emgp_lane_calibrate(&e->lanes[i], e->header.sample_bytes, s->digital_min, s->digital_max, c->physical_min,
                            c->physical_max, c->to_uv > 0 ? c->to_uv : 1.0);
        e->lanes[i].at = e->raw + s->offset;
    }
}

static emg_status prepare(emg_recording *rec, edf *e, emg_error *err)
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

static uint64_t records_of(const emg_recording *rec, const edf *e, size_t segment)
{
    uint64_t end = segment + 1 < rec->facts.n_segments ? e->first_record[segment + 1] : (uint64_t)rec->facts.n_records;
    return end - e->first_record[segment];
}

/* Sets the cursor to the records of its segment that the time window touches. */
static void enter_segment(const emg_recording *rec, edf *e)
{
    edf_cursor *at = &e->at;
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
static bool advance(const emg_recording *rec, edf *e)
{
    edf_cursor *at = &e->at;
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
static void check_clocks(edf *e, const edf_cursor *at)
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
            e->wrong_clock_at =
                (int64_t)(e->header.header_bytes + record * e->header.record_bytes + e->keeper->offset);
    }
}

static emg_status load_whole(emg_recording *rec, edf *e, emg_error *err)
{
    edf_cursor *at = &e->at;
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

static emg_status load_part(emg_recording *rec, edf *e, emg_error *err)
{
    edf_cursor *at = &e->at;
    size_t filled = 0;
    at->first = at->record;
    at->n_records = 1;
    at->loaded_part = at->part;
    for (size_t i = 0; i < rec->groups.n_channels; i++) {
        const emgp_edf_signal *s = signal_of(rec, e, rec->groups.channel[i]);
        uint64_t from = part_start(e, s->n, at->part), to = part_start(e, s->n, at->part + 1);
        size_t n = (size_t)(to - from) * e->header.sample_bytes;
        uint64_t offset = e->header.header_bytes + at->record * e->header.record_bytes + s->offset +
                          from * e->header.sample_bytes;
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
static void enter_group(const emg_recording *rec, edf *e)
{
    edf_cursor *at = &e->at;
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

static emg_status load(emg_recording *rec, edf *e, emg_error *err)
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

static void emit(emg_recording *rec, edf *e, emg_block *block)
{
    edf_cursor *at = &e->at;
    const emgp_group *group = &rec->groups.group[at->group];
    uint32_t per_record = signal_of(rec, e, rec->groups.channel[group->first])->n;
    uint64_t left = at->frame_end - at->frame, total = records_of(rec, e, at->segment) * per_record;
    size_t n = left < e->block_frames ? (size_t)left : e->block_frames, done = 0;
    double start = rec->segments[at->segment].start_s;
    *block = (emg_block){ .n_channels = group->n,
                          .n_frames = n,
                          .x = e->x,
                          .channel = rec->groups.channel + group->first,
                          .rate_hz = group->rate_hz,
                          .start_s = start + (double)at->frame / group->rate_hz,
                          .new_segment =
                              at->frame == emgp_frame_at(start, group->rate_hz, total, rec->reading.from_s) };
    while (done < n) {
        uint64_t record = e->first_record[at->segment] + at->frame / per_record, sample = at->frame % per_record;
        uint64_t run = per_record - sample;
        size_t take = run < n - done ? (size_t)run : n - done;
        uint64_t before = e->whole ? 0 : part_start(e, per_record, at->loaded_part);
        size_t shift = (size_t)((record - at->first) * e->header.record_bytes +
                                (sample - before) * e->header.sample_bytes);
        emgp_samples_decode(e->x + done * group->n, e->lanes + group->first, group->n, e->header.sample_bytes, shift,
                            take);
        done += take;
        at->frame += take;
    }
}

/* Samples outside the digital limits of the header are kept (never clipped) and counted. */
static emg_status note_samples(emg_recording *rec, edf *e, emg_error *err)
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

static emg_status edf_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    edf *e = rec->state;
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

/* --- annotations --------------------------------------------------------------------------------------------- */

static emg_status push_field(emg_recording *rec, const edf *e, emgp_tals *tals, uint64_t record,
                             const emgp_edf_signal *signal, unsigned char *buffer, emg_error *err)
{
    uint64_t offset = e->header.header_bytes + record * e->header.record_bytes + signal->offset;
    uint64_t left = (uint64_t)signal->n * e->header.sample_bytes;
    while (left > 0 && !tals->stopped) {
        size_t n = left < ANNOTATION_BYTES ? (size_t)left : ANNOTATION_BYTES;
        emg_status status = emgp_io_read(rec->io, offset, buffer, n, err);
        if (status != EMG_OK)
            return status;
        emgp_tals_push(tals, buffer, n, (int64_t)offset);
        offset += n;
        left -= n;
    }
    emgp_tals_end(tals, (int64_t)offset);
    return EMG_OK;
}

/* The annotations of n whole small records that stand in the buffer. */
static void push_records(const edf *e, emgp_tals *tals, uint64_t offset, const unsigned char *buffer, uint64_t n)
{
    for (uint64_t r = 0; r < n; r++) {
        for (size_t i = 0; i < e->header.n_signals && !tals->stopped; i++) {
            const emgp_edf_signal *s = &e->header.signals[i];
            if (!s->annotation)
                continue;
            uint64_t at = r * e->header.record_bytes + s->offset;
            size_t bytes = (size_t)s->n * e->header.sample_bytes;
            emgp_tals_push(tals, buffer + at, bytes, (int64_t)(offset + at));
            emgp_tals_end(tals, (int64_t)(offset + at + bytes));
        }
    }
}

static emg_status push_all(emg_recording *rec, const edf *e, emgp_tals *tals, unsigned char *buffer, emg_error *err)
{
    uint64_t size = e->header.record_bytes, n = (uint64_t)rec->facts.n_records, at_once = ANNOTATION_BYTES / size;
    emg_status status = EMG_OK;
    for (uint64_t record = 0; record < n && status == EMG_OK && !tals->stopped;) {
        if (size < SMALL_RECORD) {
            uint64_t take = n - record < at_once ? n - record : at_once;
            uint64_t offset = e->header.header_bytes + record * size;
            status = emgp_io_read(rec->io, offset, buffer, (size_t)(take * size), err);
            if (status == EMG_OK)
                push_records(e, tals, offset, buffer, take);
            record += take;
        } else {
            for (size_t i = 0; i < e->header.n_signals && status == EMG_OK; i++)
                if (e->header.signals[i].annotation)
                    status = push_field(rec, e, tals, record, &e->header.signals[i], buffer, err);
            record++;
        }
    }
    return status;
}

static emg_status note_annotations(emg_recording *rec, const emgp_tals *tals, emg_error *err)
{
    static const struct {
        const char *code, *action;
    } kinds[EMGP_TAL_FAULTS] = {
        [EMGP_TAL_ONSET] = { "W_ANNOTATION_ONSET", "annotations without a readable onset or duration are left out" },
        [EMGP_TAL_ONSET_FORM] = { "W_ANNOTATION_FORM", "onsets in an unusual form are read" },
        [EMGP_TAL_UNTERMINATED] = { "W_ANNOTATION_CUT", "annotations that do not end inside their record are left out" },
        [EMGP_TAL_TEXT] = { "W_ANNOTATION_TEXT", "texts that are not UTF-8 or hold control bytes are shown escaped" },
        [EMGP_TAL_BRIDGED] = { "W_ANNOTATION_BRIDGED", "annotations that run on from the record's time are read" },
    };
    emg_status status = EMG_OK;
    for (int i = 0; i < EMGP_TAL_FAULTS && status == EMG_OK; i++) {
        emgp_finding finding = { .code = kinds[i].code,
                                 .field = "annotations",
                                 .offset = tals->first_fault[i],
                                 .action = kinds[i].action };
        if (tals->faults[i] > 0)
            status = emgp_deviate_count(&rec->deviations, &finding, tals->faults[i], err);
    }
    return status;
}

static emg_status edf_annotations(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err)
{
    const edf *e = rec->state;
    if (rec->facts.n_annotation_signals == 0)
        return EMG_OK;
    unsigned char *buffer = emgp_alloc(ANNOTATION_BYTES, 1);
    if (!buffer)
        return emgp_fail_memory(err);
    emgp_tals tals;
    emgp_tals_init(&tals, take, context, e->origin_s);
    emg_status status = push_all(rec, e, &tals, buffer, err);
    emgp_free(buffer);
    if (status == EMG_OK && tals.stopped)
        return emgp_fail(err, EMG_ECANCELLED, "stopped on request");
    return status == EMG_OK ? note_annotations(rec, &tals, err) : status;
}

const emgp_reader emgp_edf_reader = { emgp_edf_sniff, edf_open, edf_next, edf_annotations, edf_close };
