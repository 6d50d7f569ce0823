/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of EDF, EDF+, BDF and BDF+: header and record times when it is opened, annotations when asked for. */
#include "reading/edf/edf.h"

#include "base/base.h"

enum {
    ANNOTATION_BYTES = 64 * 1024,
    SMALL_RECORD = 1024 /* records below this are read through when only their annotations are wanted */
};

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

static void take_times(emg_recording *rec, emgp_edf *e, emgp_edf_times *times)
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
    emgp_edf *e = rec->state = emgp_alloc(1, sizeof *e);
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
    emgp_edf *e = rec->state;
    if (!e)
        return;
    emgp_edf_header_free(&e->header);
    emgp_free(e->first_record);
    emgp_free(e->decoders);
    emgp_free(e->terms);
    emgp_free(e->sums);
    emgp_free(e->raw);
    emgp_free(e->x);
    emgp_free(e->term);
    emgp_free(e);
}

/* --- annotations --------------------------------------------------------------------------------------------- */

static emg_status push_field(emg_recording *rec, const emgp_edf *e, emgp_tals *tals, uint64_t record,
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
static void push_records(const emgp_edf *e, emgp_tals *tals, uint64_t offset, const unsigned char *buffer, uint64_t n)
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

static emg_status push_all(emg_recording *rec, const emgp_edf *e, emgp_tals *tals, unsigned char *buffer,
                           emg_error *err)
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
        [EMGP_TAL_UNTERMINATED] = { "W_ANNOTATION_CUT",
                                    "annotations that do not end inside their record are left out" },
        [EMGP_TAL_TEXT] = { "W_ANNOTATION_TEXT", "texts that are not UTF-8 or hold control bytes are shown escaped" },
        [EMGP_TAL_BRIDGED] = { "W_ANNOTATION_BRIDGED", "annotations that run on from the record's time are read" },
    };
    emg_status status = EMG_OK;
    for (int i = 0; i < EMGP_TAL_FAULTS && status == EMG_OK; i++) {
        emgp_finding finding = { .code = kinds[i].code,
                                 .field = "annotations",
                                 .offset = tals->first_fault[i],
                                 .action = kinds[i].action,
                                 .things = "annotation" };
        if (tals->faults[i] > 0)
            status = emgp_deviate_count(&rec->deviations, &finding, tals->faults[i], err);
    }
    return status;
}

static emg_status edf_annotations(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err)
{
    const emgp_edf *e = rec->state;
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

const emgp_reader emgp_edf_reader = { emgp_edf_sniff, edf_open, emgp_edf_next, edf_annotations, edf_close };
