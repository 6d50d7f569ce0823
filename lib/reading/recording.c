/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording, whatever its file format: recognised by content, typed, selected, then read block by block. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "reading/channels/channels.h"
#include "reading/source/source.h"

static const emgp_reader *const readers[] = { &emgp_edf_reader, &emgp_wav_reader, &emgp_delimited_reader };

enum { HEAD_BYTES = 520, MOST_IN_GROUP = 64 };

bool emg_format_is_audio(emg_format format)
{
    return emgp_format_is_audio(format);
}

emg_reading emg_reading_defaults(void)
{
    return (emg_reading){ .to_s = INFINITY, .group_size = 16, .scale = 1 };
}

/* --- opening ------------------------------------------------------------------------------------------------- */

/* Whether n texts are there. */
static bool all_there(const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!texts || !texts[i])
            return false;
    return true;
}

static emg_status check_reading(const emg_reading *reading, emg_error *err)
{
    if (!all_there(reading->channels, reading->n_channels) || !all_there(reading->within, reading->n_within) ||
        !all_there(reading->without, reading->n_without) || !all_there(reading->derive, reading->n_derive) ||
        !all_there(reading->invert, reading->n_invert))
        return emgp_fail(err, EMG_EARG, "fewer patterns or derivations were given than were announced");
    if (reading->group_size < 1 || reading->group_size > MOST_IN_GROUP)
        return emgp_fail(err, EMG_EARG, "group_size %zu is not from 1 to %d", reading->group_size, MOST_IN_GROUP);
    bool by_clock = reading->from_clock || reading->to_clock;
    if (!(reading->from_s >= 0) || !(reading->to_s >= 0) || (!by_clock && !(reading->to_s > reading->from_s)))
        return emgp_fail(err, EMG_EARG, "the time window must begin at 0 s or later and end after it begins");
    if ((reading->from_clock && !(reading->from_s < 86400)) || (reading->to_clock && !(reading->to_s < 86400)))
        return emgp_fail(err, EMG_EARG, "clock times must be less than 24 h");
    if (!(reading->full_scale_uv >= 0) || !(reading->full_scale_uv <= 1e12))
        return emgp_fail(err, EMG_EARG, "the full scale must be from 0 to 1e12 microvolts");
    if (!(reading->rate_hz >= 0) || !(reading->rate_hz <= 1e7))
        return emgp_fail(err, EMG_EARG, "the rate of a table must be from 0 to 1e7 Hz");
    if (!(fabs(reading->scale) > 0) || !(fabs(reading->scale) <= 1e12))
        return emgp_fail(err, EMG_EARG, "the scale of a table must not be 0, nor beyond 1e12");
    return EMG_OK;
}

static emg_status sniff(emg_recording *rec, emg_error *err)
{
    unsigned char head[HEAD_BYTES];
    if (rec->reading.raw) {
        rec->reader = &emgp_raw_reader;
        return EMG_OK;
    }
    uint64_t size = emgp_io_size(rec->io);
    size_t n = size < sizeof head ? (size_t)size : sizeof head;
    emg_status status = emgp_io_read(rec->io, 0, head, n, err);
    if (status != EMG_OK)
        return status;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (readers[i]->sniff(head, n)) {
            rec->reader = readers[i];
            return EMG_OK;
        }
    }
    return emgp_foreign_refuse(head, n, err);
}

static emg_status note_assumed(emg_recording *rec, size_t n_assumed, emg_error *err)
{
    /* Audio files have no place for a channel type, so that nothing in them deviates from anything. */
    bool named = !emg_format_is_audio(rec->facts.format);
    if (n_assumed == 0 || !named || emgp_select_named(&rec->reading) || rec->reading.all_channels)
        return EMG_OK;
    emgp_finding finding = { .code = "W_TYPE_ASSUMED",
                             .field = "label",
                             .offset = -1,
                             .action = "channels of 150 Hz or more that nothing names are taken as muscles, as none is "
                                       "named one; choose channels to be sure",
                             .things = "channel" };
    return emgp_deviate_count(&rec->deviations, &finding, n_assumed, err);
}

static emg_status note_envelopes(emg_recording *rec, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < rec->facts.n_channels && status == EMG_OK; i++) {
        const emg_channel *c = &rec->channels[i];
        if (!c->envelope)
            continue;
        const char *text = NULL;
        emgp_finding finding = {
            .code = "W_ENVELOPE", .field = emgp_envelope_sign(c, &text), .offset = -1, .channel = (int64_t)c->number
        };
        finding.value = text;
        finding.n_value = strlen(text);
        status = emgp_remark(&rec->deviations, &finding, err);
    }
    return status;
}

static emg_status settle_channels(emg_recording *rec, emg_error *err)
{
    emg_status status = note_assumed(rec, emgp_types_assign(rec->channels, rec->derivations.first), err);
    if (status == EMG_OK)
        status = note_envelopes(rec, err);
    if (status == EMG_OK)
        status = emgp_select_invert(rec, err);
    if (status == EMG_OK)
        status = emgp_derive_settle(rec, err);
    if (status == EMG_OK)
        status = emgp_same_unit(rec, err);
    if (status == EMG_OK)
        status = emgp_select(rec, err);
    if (status == EMG_OK)
        status = emgp_notices_unrecognised(rec, err);
    return status;
}

/* Texts of the caller's are borrowed for opening only. */
static void forget_texts(emg_reading *r)
{
    r->channels = r->within = r->without = r->derive = r->invert = NULL;
    r->n_channels = r->n_within = r->n_without = r->n_derive = r->n_invert = 0;
    r->muscles_path = r->marks_path = r->unit = r->columns = r->raw = NULL;
}

/* Annotations of a file of their own, which is opened like a recording. */
static emg_status take_annotation_file(emg_recording *rec, const char *path, emg_error *err)
{
    emg_reading reading = emg_reading_defaults();
    reading.no_sidecar = true;
    emg_recording *marks = NULL;
    emg_status status = emg_recording_open(&marks, path, &reading, err);
    if (status == EMG_OK)
        status = emgp_added_annotations(rec, marks, err);
    emg_recording_close(marks);
    return status;
}

static emg_status add_marks(emg_recording *rec, const char *path, emg_error *err)
{
    bool annotations = false;
    emg_error reason = EMG_ERROR_NONE;
    emg_status status = emgp_added_kind(path, &annotations, &reason);
    if (status == EMG_OK)
        status = annotations ? take_annotation_file(rec, path, &reason) : emgp_added_table(rec, path, &reason);
    if (status == EMG_OK || status == EMG_ENOMEM)
        return status == EMG_OK ? EMG_OK : emgp_fail_memory(err);
    return emgp_fail(err, status, "the marks cannot be read: %.400s", reason.text);
}

static emg_status open_all(emg_recording *rec, const char *path, emg_error *err)
{
    emg_status status = sniff(rec, err);
    if (status == EMG_OK)
        status = rec->reader->open(rec, err);
    if (status != EMG_OK)
        return status;
    rec->facts.format_name = emgp_format_name(rec->facts.format);
    status = emgp_names_assign(rec, err);
    if (status == EMG_OK)
        status = emgp_derive_parse(rec, err);
    if (status == EMG_OK && rec->reading.muscles_path)
        status = emgp_sidecar_map(rec, rec->reading.muscles_path, err);
    if (status == EMG_OK && path && !rec->reading.no_sidecar)
        status = emgp_sidecar_find(rec, path, err);
    if (status == EMG_OK && rec->reading.unit)
        status = emgp_sidecar_unit(rec, rec->reading.unit, err);
    if (status == EMG_OK && rec->reading.marks_path)
        status = add_marks(rec, rec->reading.marks_path, err);
    else if (status == EMG_OK && path && !rec->reading.no_sidecar)
        status = emgp_added_beside(rec, path, err);
    if (status == EMG_OK)
        status = settle_channels(rec, err);
    if (status == EMG_OK)
        status = emgp_windows_make(rec, err);
    if (status == EMG_OK)
        status = emgp_groups_make(&rec->groups, rec, err);
    forget_texts(&rec->reading);
    return status;
}

emg_status emgp_recording_open_source(emg_recording **out, emgp_source source, const char *path, const char *name,
                                      const emg_reading *reading, emg_error *err)
{
    *out = NULL;
    emg_recording *rec = emgp_alloc(1, sizeof *rec);
    if (!rec) {
        if (source.close)
            source.close(source.context);
        return emgp_fail_memory(err);
    }
    rec->name = name ? emgp_copy_text(name, strlen(name)) : NULL;
    rec->reading = reading ? *reading : emg_reading_defaults();
    rec->deviations.strict = rec->reading.strict;
    emg_status status = emgp_io_new(&rec->io, source, err);
    if (status == EMG_OK && name && !rec->name)
        status = emgp_fail_memory(err);
    if (status == EMG_OK)
        status = check_reading(&rec->reading, err);
    if (status == EMG_OK)
        status = open_all(rec, path, err);
    if (status == EMG_OK)
        *out = rec;
    else
        emg_recording_close(rec);
    return status;
}

emg_status emg_recording_open(emg_recording **out, const char *path, const emg_reading *reading, emg_error *err)
{
    if (!out || !path)
        return emgp_fail(err, EMG_EARG, "emg_recording_open needs a path and a place for the recording");
    *out = NULL;
    emgp_source source;
    err = emgp_fresh(err);
    emg_status status = emgp_source_file(&source, path, err);
    if (status == EMG_OK)
        status = emgp_recording_open_source(out, source, path, path, reading, err);
    return emgp_name_failure(err, path, status);
}

emg_status emg_recording_open_memory(emg_recording **out, const void *bytes, size_t n_bytes, const char *name,
                                     const emg_reading *reading, emg_error *err)
{
    if (!out || (!bytes && n_bytes > 0))
        return emgp_fail(err, EMG_EARG, "emg_recording_open_memory needs bytes and a place for the recording");
    *out = NULL;
    emgp_source source;
    err = emgp_fresh(err);
    emg_status status = emgp_source_memory(&source, bytes, n_bytes, err);
    if (status == EMG_OK)
        status = emgp_recording_open_source(out, source, NULL, name, reading, err);
    return emgp_name_failure(err, name, status);
}

void emg_recording_close(emg_recording *rec)
{
    if (!rec)
        return;
    if (rec->reader)
        rec->reader->close(rec);
    emgp_io_free(rec->io);
    emgp_free(rec->name);
    emgp_windows_free_own(rec);
    emgp_free(rec->own_course.last);
    emgp_free(rec->channels);
    emgp_free(rec->segments);
    emgp_deviations_free(&rec->deviations);
    emgp_groups_free(&rec->groups);
    emgp_derivations_free(&rec->derivations);
    emgp_windows_free(&rec->windows);
    emgp_added_free(&rec->added);
    emgp_free(rec);
}

/* --- facts --------------------------------------------------------------------------------------------------- */

const emg_recording_facts *emg_recording_get_facts(const emg_recording *rec)
{
    return rec ? &rec->facts : NULL;
}

const emg_channel *emg_recording_channel(const emg_recording *rec, size_t index)
{
    return rec && index < rec->facts.n_channels ? &rec->channels[index] : NULL;
}

size_t emg_recording_n_deviations(const emg_recording *rec)
{
    return rec ? rec->deviations.n : 0;
}

const emg_deviation *emg_recording_deviation(const emg_recording *rec, size_t index)
{
    return rec && index < rec->deviations.n ? &rec->deviations.list[index] : NULL;
}

size_t emg_recording_n_segments(const emg_recording *rec)
{
    return rec ? rec->facts.n_segments : 0;
}

const emg_segment *emg_recording_segment(const emg_recording *rec, size_t index)
{
    return rec && index < rec->facts.n_segments ? &rec->segments[index] : NULL;
}

/* --- reading ------------------------------------------------------------------------------------------------- */

/* Once everything is read: did the file change meanwhile? */
static emg_status settle(emg_recording *rec, emg_error *err)
{
    if (rec->settled)
        return EMG_OK;
    emgp_stamp now, then = emgp_io_stamp(rec->io);
    emg_status status = emgp_io_stamp_now(rec->io, &now, err);
    if (status != EMG_OK)
        return status;
    rec->settled = true;
    if (now.bytes == then.bytes && now.written_ns == then.written_ns)
        return EMG_OK;
    char value[EMGP_NUMBER_ROOM];
    emgp_finding finding = { .code = "W_FILE_CHANGED", .field = "file", .offset = -1 };
    if (now.bytes != then.bytes)
        finding =
            (emgp_finding){ .code = now.bytes > then.bytes ? "W_FILE_GROWN" : "W_FILE_SHRUNK",
                            .field = "file size",
                            .offset = -1,
                            .value = value,
                            .n_value = emgp_count_print(value, now.bytes),
                            .action = "the file changed while it was read: what it held when opened is reported" };
    emgp_notice(rec, "the file changed while it was read: copy it and read the copy");
    return emgp_deviate(&rec->deviations, &finding, err);
}

emg_status emg_recording_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    if (!rec || !block)
        return emgp_fail(err, EMG_EARG, "emg_recording_next needs a recording and a block");
    *block = (emg_block){ 0 };
    err = emgp_fresh(err);
    emg_status status = rec->failed;
    if (status != EMG_OK)
        emgp_fail(err, status, "reading has failed before: open the recording again");
    else
        status = rec->own ? emgp_own_next(rec, block, err) : rec->reader->next(rec, block, err);
    if (status == EMG_OK && block->n_frames == 0)
        status = settle(rec, err);
    rec->failed = status;
    return emgp_name_failure(err, rec->name, status);
}

emg_status emg_recording_annotations(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err)
{
    if (!rec || !take)
        return emgp_fail(err, EMG_EARG, "emg_recording_annotations needs a recording and a function");
    err = emgp_fresh(err);
    return emgp_name_failure(err, rec->name, emgp_annotations_each(rec, take, context, err));
}

emg_status emg_recording_hash(emg_recording *rec, char out[33], emg_error *err)
{
    if (!rec || !out)
        return emgp_fail(err, EMG_EARG, "emg_recording_hash needs a recording and a place for the text");
    err = emgp_fresh(err);
    emg_status status = emgp_io_hash(rec->io, out, err);
    if (status == EMG_OK)
        status = settle(rec, err);
    return emgp_name_failure(err, rec->name, status);
}
