/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Record clocks to segments: only the time-keeping bytes are read, and only runs of records are remembered. */
#include "reading/edf/edf.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "reading/source/source.h"

enum {
    READ_ALL_BELOW = 4096, /* records of a contiguous file whose clocks are all read when it is opened */
    PROBES = 64,           /* clocks read of a longer one */
    SMALL_RECORD = 1024,   /* records below this many bytes are cheaper to read through than to skip */
    FIRST_LOOK = 64        /* bytes in which a sound clock stands */
};

static const double longest_tolerance_s = 0.1, latest_told_s = 60;

/* The record clocks of a file, behind a window of whole small records. */
typedef struct clocks {
    emgp_io *io;
    const emgp_edf_header *header;
    const emgp_edf_signal *keeper;
    double half_sample_s;
    unsigned char *window;
    uint64_t first, n_records; /* records in the window */
} clocks;

const emgp_edf_signal *emgp_edf_times_keeper(const emgp_edf_header *header)
{
    for (size_t i = 0; i < header->n_signals; i++)
        if (header->signals[i].annotation && header->signals[i].n > 0)
            return &header->signals[i];
    return NULL;
}

static uint64_t keeper_offset(const clocks *c, uint64_t record)
{
    return c->header->header_bytes + record * c->header->record_bytes + c->keeper->offset;
}

static size_t keeper_bytes(const clocks *c)
{
    uint64_t n = (uint64_t)c->keeper->n * c->header->sample_bytes;
    return n < EMGP_CLOCK_BYTES ? (size_t)n : EMGP_CLOCK_BYTES;
}

/* A clock that has its record in the window. */
static emg_status clock_in_window(clocks *c, uint64_t record, emgp_clock *out, emgp_clock_state *state, emg_error *err)
{
    uint64_t size = c->header->record_bytes;
    if (record < c->first || record >= c->first + c->n_records) {
        uint64_t left = (uint64_t)c->header->facts.n_records - record, fit = EMGP_SLICE_BYTES / size;
        c->first = record;
        c->n_records = left < fit ? left : fit;
        emg_status status =
            emgp_io_read(c->io, c->header->header_bytes + record * size, c->window, (size_t)(c->n_records * size), err);
        if (status != EMG_OK)
            return status;
    }
    *state = emgp_clock_read(c->window + (record - c->first) * size + c->keeper->offset, keeper_bytes(c), out);
    return EMG_OK;
}

static emg_status read_clock(clocks *c, uint64_t record, emgp_clock *out, emgp_clock_state *state, emg_error *err)
{
    if (c->header->record_bytes < SMALL_RECORD)
        return clock_in_window(c, record, out, state, err);
    size_t n = keeper_bytes(c), look = n < FIRST_LOOK ? n : FIRST_LOOK;
    emg_status status = emgp_io_read(c->io, keeper_offset(c, record), c->window, look, err);
    if (status != EMG_OK)
        return status;
    *state = emgp_clock_read(c->window, look, out);
    if (*state == EMGP_CLOCK_SOUND || look == n)
        return EMG_OK;
    status = emgp_io_read(c->io, keeper_offset(c, record), c->window, n, err);
    if (status == EMG_OK)
        *state = emgp_clock_read(c->window, n, out);
    return status;
}

double emgp_edf_times_half_sample(const emgp_edf_header *header)
{
    uint32_t fastest = 1;
    for (size_t i = 0; i < header->n_signals; i++)
        if (!header->signals[i].annotation && header->signals[i].n > fastest)
            fastest = header->signals[i].n;
    double half = 0.5 * header->facts.record_duration_s / fastest;
    return half < longest_tolerance_s ? half : longest_tolerance_s;
}

double emgp_edf_times_tolerance(double half_sample_s, int decimals)
{
    /* A clock printed in milliseconds is off by up to half of one, and so is its neighbour. With fewer digits the
     * writer has dropped zeros; with more than 6 rounding no longer matters. */
    static const double unit_s[] = { 0, 0, 0, 1e-3, 1e-4, 1e-5, 1e-6 };
    return half_sample_s + (decimals < (int)(sizeof unit_s / sizeof *unit_s) ? unit_s[decimals] : 0);
}

/* --- segments ------------------------------------------------------------------------------------------------ */

static emg_status begin_segment(emgp_edf_times *times, uint64_t record, double start_s, emg_error *err)
{
    if (times->n >= EMGP_MOST_SEGMENTS)
        return emgp_fail(err, EMG_EUNSUPPORTED, "more than %d gaps between data records: split the file",
                         EMGP_MOST_SEGMENTS);
    void *segment = times->segment, *first = times->first_record;
    bool room = emgp_reserve(&segment, &times->segment_room, times->n, times->n + 1, sizeof *times->segment);
    times->segment = segment;
    room = room && emgp_reserve(&first, &times->first_room, times->n, times->n + 1, sizeof *times->first_record);
    times->first_record = first;
    if (!room)
        return emgp_fail_memory(err);
    times->segment[times->n] = (emg_segment){ start_s, 0.0 };
    times->first_record[times->n++] = record;
    return EMG_OK;
}

/* Durations follow from where the next segment begins. */
static void close_segments(emgp_edf_times *times, const emgp_edf_header *header)
{
    for (size_t i = 0; i < times->n; i++) {
        uint64_t end = i + 1 < times->n ? times->first_record[i + 1] : (uint64_t)header->facts.n_records;
        times->segment[i].duration_s = (double)(end - times->first_record[i]) * header->facts.record_duration_s;
    }
}

/* What reading the clocks has brought to light; offsets are those of the first case. */
typedef struct scan {
    double due_s, last_s; /* stated clock that would follow without a gap; clock of the record before */
    int decimals;
    uint64_t missing, odd, gaps, overlaps;
    int64_t missing_at, odd_at, gap_at, overlap_at;
    bool contiguous; /* the clocks are in disorder and the file says it has no gaps: clocks are ignored */
} scan;

static void count(uint64_t *n, int64_t *at, uint64_t offset)
{
    if ((*n)++ == 0)
        *at = (int64_t)offset;
}

static emg_status refuse_clock(uint64_t record, uint64_t offset, const char *what, emg_error *err)
{
    return emgp_fail_at(err, EMG_EFORMAT, (int64_t)offset, -1,
                        "byte %llu: the time of data record %llu %s: in a file with gaps no later time can be "
                        "trusted",
                        (unsigned long long)offset, (unsigned long long)record + 1, what);
}

/* The end of the last segment when `record` would follow it. */
static double end_before(const emgp_edf_times *times, const emgp_edf_header *header, uint64_t record)
{
    return times->segment[times->n - 1].start_s +
           (double)(record - times->first_record[times->n - 1]) * header->facts.record_duration_s;
}

/* A record that does not start when the one before ends. */
static emg_status jump(const clocks *c, scan *s, emgp_edf_times *times, uint64_t record, double clock_s,
                       double tolerance, emg_error *err)
{
    uint64_t offset = keeper_offset(c, record);
    bool forward = clock_s > s->due_s, backward = clock_s < s->last_s - tolerance;
    if (!c->header->discontinuous && !forward) {
        count(&s->overlaps, &s->overlap_at, offset);
        s->contiguous = true;
        return EMG_OK;
    }
    if (backward)
        return refuse_clock(record, offset, "lies before that of the record before", err);
    if (forward)
        count(&s->gaps, &s->gap_at, offset);
    else
        count(&s->overlaps, &s->overlap_at, offset);
    /* An overlapping record is put where the one before ends: time never runs backwards for what comes after. */
    double end = end_before(times, c->header, record), start = clock_s - times->origin_s;
    return begin_segment(times, record, start > end ? start : end, err);
}

static emg_status scan_record(clocks *c, scan *s, emgp_edf_times *times, uint64_t record, emg_error *err)
{
    emgp_clock clock = { s->due_s, 0 };
    emgp_clock_state state;
    emg_status status = read_clock(c, record, &clock, &state, err);
    if (status != EMG_OK)
        return status;
    if (state == EMGP_CLOCK_NONE) {
        count(&s->missing, &s->missing_at, keeper_offset(c, record));
        if (c->header->discontinuous)
            return refuse_clock(record, keeper_offset(c, record), "cannot be read", err);
        clock.start_s = s->due_s;
    } else if (state == EMGP_CLOCK_ODD) {
        count(&s->odd, &s->odd_at, keeper_offset(c, record));
    }
    if (clock.decimals > s->decimals)
        s->decimals = clock.decimals;
    if (record == 0) {
        times->origin_s = clock.start_s;
        status = begin_segment(times, 0, 0.0, err);
    } else if (!s->contiguous) {
        double tolerance = emgp_edf_times_tolerance(c->half_sample_s, s->decimals);
        if (fabs(clock.start_s - s->due_s) > tolerance)
            status = jump(c, s, times, record, clock.start_s, tolerance, err);
    }
    s->last_s = clock.start_s;
    s->due_s = clock.start_s + c->header->facts.record_duration_s;
    return status;
}

/* Clocks of a contiguous file at a few places; true in *fits when all are where they should be. */
static emg_status probe(clocks *c, bool *fits, emg_error *err)
{
    uint64_t n = (uint64_t)c->header->facts.n_records;
    emgp_clock first, clock;
    emgp_clock_state state;
    emg_status status = read_clock(c, 0, &first, &state, err);
    *fits = status == EMG_OK && state == EMGP_CLOCK_SOUND;
    for (uint64_t i = 1; i <= PROBES && status == EMG_OK && *fits; i++) {
        uint64_t record = (n - 1) / PROBES * i + (i == PROBES ? (n - 1) % PROBES : 0);
        status = read_clock(c, record, &clock, &state, err);
        double elapsed = (double)record * c->header->facts.record_duration_s;
        *fits = status == EMG_OK && state == EMGP_CLOCK_SOUND &&
                fabs(clock.start_s - first.start_s - elapsed) <=
                    emgp_edf_times_tolerance(c->half_sample_s, clock.decimals) + EMGP_CLOCK_DRIFT * elapsed;
    }
    return status;
}

static emg_status note(emgp_deviations *deviations, const char *code, uint64_t n, int64_t offset, const char *action,
                       emg_error *err)
{
    const char *things = strcmp(code, "W_GAP") == 0 ? "gap" : "record";
    emgp_finding finding = {
        .code = code, .field = "record time", .offset = offset, .action = action, .things = things
    };
    return n > 0 ? emgp_deviate_count(deviations, &finding, n, err) : EMG_OK;
}

/* How late the first record begins; beyond a minute that may be a time of day, which is nobody's to know unasked. */
static emg_status note_start(const clocks *c, double origin_s, emgp_deviations *deviations, emg_error *err)
{
    char value[EMGP_NUMBER_ROOM + 4];
    size_t n = emgp_number_print(value, origin_s);
    memcpy(value + n, " s", 3);
    emgp_finding finding = { .code = "W_START_CLOCK",
                             .field = "record time",
                             .offset = (int64_t)keeper_offset(c, 0),
                             .action =
                                 "the first record begins a minute or more from the start time, perhaps at a time "
                                 "of day: time 0 is its first sample" };
    if (fabs(origin_s) < latest_told_s) {
        finding.value = value;
        finding.n_value = n + 2;
        finding.action = "the first record begins that much after the start time, not within a second: time 0 is its "
                         "first sample";
    }
    return emgp_deviate(deviations, &finding, err);
}

static emg_status note_scan(const clocks *c, const scan *s, const emgp_edf_times *times, emgp_deviations *deviations,
                            emg_error *err)
{
    bool broken = c->header->discontinuous;
    emg_status status = note(deviations, "W_RECORD_TIME_MISSING", s->missing, s->missing_at,
                             "records without a readable time are taken to follow the record before", err);
    if (status == EMG_OK)
        status = note(deviations, "W_RECORD_TIME_FORM", s->odd, s->odd_at, "times in an unusual form are read", err);
    if (status == EMG_OK && !broken && !s->contiguous)
        status = note(deviations, "W_GAP", s->gaps, s->gap_at,
                      "gaps in a file that says it has none: read with its gaps", err);
    if (status == EMG_OK)
        status = note(deviations, "W_OVERLAP", s->overlaps, s->overlap_at,
                      broken ? "overlapping records are placed one after the other"
                             : "record times run backwards: ignored, all records taken as contiguous",
                      err);
    bool late = s->missing == 0 && !(times->origin_s >= 0 && times->origin_s < 1);
    return status == EMG_OK && late ? note_start(c, times->origin_s, deviations, err) : status;
}

static emg_status scan_all(clocks *c, emgp_deviations *deviations, emgp_edf_times *times, emg_error *err)
{
    scan s = { 0 };
    emg_status status = EMG_OK;
    /* A contiguous file whose first thousands of records have no time has none: the rest need not be looked at. */
    for (uint64_t i = 0; i < (uint64_t)c->header->facts.n_records && status == EMG_OK; i++) {
        status = scan_record(c, &s, times, i, err);
        if (s.missing == i + 1 && s.missing >= READ_ALL_BELOW)
            break;
    }
    if (status == EMG_OK)
        status = note_scan(c, &s, times, deviations, err);
    if (s.contiguous)
        times->n = 1;
    times->all_read = true;
    return status;
}

/* No gaps by what has been seen: one segment that starts at the first record's clock. */
static emg_status take_as_contiguous(clocks *c, emgp_edf_times *times, emg_error *err)
{
    emgp_clock first = { 0.0, 0 };
    emgp_clock_state state = EMGP_CLOCK_NONE;
    emg_status status = c->keeper ? read_clock(c, 0, &first, &state, err) : EMG_OK;
    if (state != EMGP_CLOCK_NONE)
        times->origin_s = first.start_s;
    return status == EMG_OK && c->header->facts.record_duration_s > 0 ? begin_segment(times, 0, 0.0, err) : status;
}

static emg_status read_times(clocks *c, emgp_deviations *deviations, emgp_edf_times *out, emg_error *err)
{
    const emg_recording_facts *facts = &c->header->facts;
    if (facts->n_records == 0)
        return EMG_OK;
    if (c->header->discontinuous && !c->keeper && facts->record_duration_s > 0)
        return refuse_clock(0, c->header->header_bytes, "has no room in the annotation signals", err);
    bool fits = !c->keeper || !(facts->record_duration_s > 0);
    if (!fits && !c->header->discontinuous && facts->n_records >= READ_ALL_BELOW) {
        emg_status status = probe(c, &fits, err);
        if (status != EMG_OK)
            return status;
    }
    return fits ? take_as_contiguous(c, out, err) : scan_all(c, deviations, out, err);
}

emg_status emgp_edf_times_read(emgp_io *io, const emgp_edf_header *header, emgp_deviations *deviations,
                               emgp_edf_times *out, emg_error *err)
{
    *out = (emgp_edf_times){ 0 };
    size_t room = header->record_bytes < SMALL_RECORD ? EMGP_SLICE_BYTES : EMGP_CLOCK_BYTES;
    clocks c = { .io = io, .header = header, .keeper = emgp_edf_times_keeper(header) };
    c.half_sample_s = emgp_edf_times_half_sample(header);
    c.window = emgp_alloc(room, 1);
    emg_status status = c.window ? read_times(&c, deviations, out, err) : emgp_fail_memory(err);
    emgp_free(c.window);
    if (status == EMG_OK)
        close_segments(out, header);
    else
        emgp_edf_times_free(out);
    return status;
}

void emgp_edf_times_free(emgp_edf_times *times)
{
    emgp_free(times->segment);
    emgp_free(times->first_record);
    *times = (emgp_edf_times){ 0 };
}
