/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices into EDF+ and BDF+ records: calibrations and records of the source wherever they fit. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "reading/edf/edf.h"
#include "run/filter/filter.h"

enum {
    MOST_ROUND_BYTES = 4 * 1024 * 1024, /* of doubles in a record: longer records of a source are cut into parts */
    PADDING_BYTES = 48                  /* room for the mark of a padded record */
};
static const double usual_longest_s = 10; /* of a record that was not the source's */
static const char padding_text[] = "BAD_padding";

typedef struct target {
    emgp_edf_writer *writer; /* NULL while measuring */
    bool bdf, gaps;
    emgp_edf_range *ranges;
    double *column;
    emgp_notes notes;
    double record_s, first_s, origin_s; /* the source's first sample; its time in the output (below 1 s) */
    uint64_t n_records, n_in_segment;
    double padded_s, left_out_s;
} target;

/* --- ranges --- */

/* The source's own calibration, where it has one of as many bits. */
static bool source_range(const emgp_written_channel *o, bool bdf, emgp_edf_range *range)
{
    const emg_channel *c = o->channel;
    *range = (emgp_edf_range){ c->physical_min, c->physical_max, 0, 0 };
    if (c->derived || !(c->digital_min < c->digital_max) || fabs(c->digital_min) > 8388608 ||
        fabs(c->digital_max) > 8388608 || strcmp(o->unit, c->unit) != 0)
        return false;
    range->digital_min = (int32_t)c->digital_min;
    range->digital_max = (int32_t)c->digital_max;
    return emgp_edf_range_sayable(range, bdf);
}

/* Trigger words are numbers, not values: they keep every bit or are refused. */
static emg_status trigger_range(const emgp_written_channel *o, emgp_edf_range *range, emg_error *err)
{
    *range = (emgp_edf_range){ -32768, 32767, -32768, 32767 };
    if (o->low > o->high || emgp_edf_range_holds(range, o->low, o->high))
        return EMG_OK;
    return emgp_fail_at(err, EMG_ERANGE, -1, (int64_t)o->channel->number,
                        "the trigger channel needs more than 16 bits: write a .bdf file, or leave it out with "
                        "-c '!type:trigger'");
}

/* Whether every sample changes, and not only those with power line interference or an ECG: rounding to the source's
 * steps would only add error. */
static bool changes_everywhere(const emgp_conditioned *c, const emgp_written_channel *o)
{
    emg_filter_plan plans[EMG_RUN_MOST_FILTERS + 1];
    size_t n;
    (void)emg_run_filter_plans(c->config, o->channel->rate_hz, plans, &n);
    return o->report->conditioned && (n > 0 || c->config->with_envelope);
}

static emg_status choose_range(const emgp_conditioned *c, target *t, size_t i, bool *unknown, emg_error *err)
{
    const emgp_written_channel *o = &c->written[i];
    emgp_edf_range *range = &t->ranges[i];
    bool own = source_range(o, t->bdf, range);
    bool refined = own && changes_everywhere(c, o) && emgp_edf_range_refine(range, t->bdf);
    o->report->unchanged_scale = own && !refined;
    if (own && (!c->known || o->low > o->high || emgp_edf_range_holds(range, o->low, o->high)))
        return EMG_OK;
    if (!own && !c->known)
        *unknown = true;
    if (!own && o->channel->type == EMG_TYPE_TRIGGER && !t->bdf)
        return trigger_range(o, range, err);
    if (own && emgp_edf_range_widen(range, t->bdf) && emgp_edf_range_holds(range, o->low, o->high))
        return EMG_OK;
    o->report->unchanged_scale = false;
    if (emgp_edf_range_round(range, emgp_written_peak(o), t->bdf))
        return EMG_OK;
    return emgp_fail_at(err, EMG_ERANGE, -1, (int64_t)o->channel->number,
                        "values up to %g are too large for the 8 characters of an EDF header: write a .wav file",
                        emgp_written_peak(o));
}

static emg_status choose_ranges(emgp_conditioned *c, target *t, emg_error *err)
{
    emg_status status = EMG_OK;
    bool unknown = false;
    for (size_t i = 0; i < c->n_written && status == EMG_OK; i++) {
        const emgp_edf_range *r = &t->ranges[i];
        status = choose_range(c, t, i, &unknown, err);
        c->written[i].report->step = fabs((r->physical_max - r->physical_min) /
                                          ((double)r->digital_max - r->digital_min) / c->written[i].to_unit);
    }
    c->measuring = unknown;
    return status;
}

/* --- records --- */

/* The source's records, or a second where it has none; shorter where segments would not fill them. */
static emg_status choose_record(emgp_conditioned *c, target *t, emg_error *err)
{
    emgp_edf_course *courses = emgp_alloc(c->n_sources, sizeof *courses);
    if (!courses)
        return emgp_fail_memory(err);
    double source_s = emg_recording_get_facts(c->recording)->record_duration_s, bytes = 0;
    t->record_s = source_s > 0 ? source_s : 1;
    for (size_t i = 0; i < c->n_sources; i++) {
        double n = rint(c->sources[i].rate_hz * t->record_s);
        courses[i].per_record = n >= 1 ? (uint64_t)n : 1;
        courses[i].divisor = c->known ? c->divisors[i] : courses[i].per_record;
        bytes += n * (double)(c->sources[i].n_channels * sizeof(double));
    }
    double longest_s = t->record_s * MOST_ROUND_BYTES / bytes, most_s = fmin(t->record_s, longest_s);
    bool fills;
    emgp_edf_plan_record(&t->record_s, courses, c->n_sources, most_s, fmin(longest_s, usual_longest_s), &fills);
    size_t most = 0;
    for (size_t i = 0; i < c->n_sources; i++) {
        c->sources[i].per_slice = (size_t)courses[i].per_record;
        most = c->sources[i].per_slice > most ? c->sources[i].per_slice : most;
    }
    emgp_free(courses);
    t->column = emgp_alloc(most, sizeof *t->column);
    return t->column ? EMG_OK : emgp_fail_memory(err);
}

/* Each record takes its share of the notes and the longest besides, so that all find room. */
static size_t note_bytes(const emgp_conditioned *c, const target *t)
{
    double n = floor(emg_recording_get_facts(c->recording)->selected_s / t->record_s);
    double share = ceil((double)t->notes.n_bytes / fmax(n, 1)) + (double)t->notes.longest + PADDING_BYTES;
    return share < 60000 ? (size_t)share : 60000;
}

static emg_status open_writer(emgp_conditioned *c, target *t, emg_error *err)
{
    emgp_identity identity = { 0 };
    emgp_edf_written *signals = emgp_alloc(c->n_written, sizeof *signals);
    if (!signals)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        signals[i] = (emgp_edf_written){ .label = o->channel->label[0] ? o->channel->label : o->channel->name,
                                         .transducer = o->channel->transducer,
                                         .unit = o->unit,
                                         .prefilter = o->report->prefilter,
                                         .physical_min = t->ranges[i].physical_min,
                                         .physical_max = t->ranges[i].physical_max,
                                         .digital_min = t->ranges[i].digital_min,
                                         .digital_max = t->ranges[i].digital_max,
                                         .per_record = c->sources[o->source].per_slice };
    }
    emgp_edf_plan plan = { .bdf = t->bdf,
                           .gaps = t->gaps,
                           .record_s = t->record_s,
                           .annotation_bytes = note_bytes(c, t),
                           .signals = signals,
                           .n_signals = c->n_written };
    if (c->config->include_identity) {
        emgp_identity_of(&identity, emg_recording_get_facts(c->recording), c->out->start_s);
        plan.patient = identity.patient;
        plan.recording = identity.recording;
        plan.date = identity.date;
        plan.time = identity.time;
        t->origin_s = identity.fraction_s;
    }
    emg_status status = emgp_edf_writer_open(&t->writer, c->out_path, &plan, err);
    emgp_free(signals);
    return status;
}

static emg_status begin(emgp_conditioned *c, bool bdf, emg_error *err)
{
    target *t = c->state = emgp_alloc(1, sizeof *t);
    if (!t)
        return emgp_fail_memory(err);
    t->bdf = bdf;
    t->gaps = c->known ? c->n_segments > 1 : emg_recording_n_segments(c->recording) > 1;
    t->ranges = emgp_alloc(c->n_written, sizeof *t->ranges);
    if (!t->ranges)
        return emgp_fail_memory(err);
    emg_status status = choose_ranges(c, t, err);
    if (status == EMG_OK)
        status = choose_record(c, t, err);
    const emg_recording_facts *facts = emg_recording_get_facts(c->recording);
    bool cut = facts->selected_s < facts->duration_s; /* the clock time of the first sample is not yet known */
    c->measuring = c->measuring || (!c->known && cut && c->config->include_identity);
    if (status == EMG_OK && c->config->include_annotations)
        status = emgp_notes_read(&t->notes, c->recording, err);
    return status == EMG_OK && !c->measuring ? open_writer(c, t, err) : status;
}

static emg_status begin_edf(emgp_conditioned *c, emg_error *err)
{
    return begin(c, false, err);
}

static emg_status begin_bdf(emgp_conditioned *c, emg_error *err)
{
    return begin(c, true, err);
}

/* --- slices --- */

/* A slice's frames of one written channel in its unit, the last one repeated to the end of the record. */
static void put_signal(const emgp_conditioned *c, target *t, const emgp_slice *slice, size_t i)
{
    const emgp_written_channel *o = &c->written[i];
    size_t width = c->sources[o->source].n_channels, n = slice->n_frames[o->source];
    size_t per_slice = c->sources[o->source].per_slice;
    const double *x = slice->x[o->source], *end = slice->end[o->source];
    for (size_t k = 0; k < n; k++)
        t->column[k] = x[k * width + o->place] * o->to_unit;
    for (size_t k = n; k < per_slice; k++)
        t->column[k] = end ? end[o->place] * o->to_unit : 0;
    emgp_edf_writer_signal(t->writer, i, t->column, 1);
}

/* Time from the record's start to the end of the samples that came, of the channel with the most and the least. */
static void covered(const emgp_conditioned *c, const emgp_slice *slice, double *most_s, double *least_s)
{
    *most_s = 0;
    *least_s = INFINITY;
    for (size_t i = 0; i < c->n_sources; i++) {
        double s = (double)slice->n_frames[i] / c->sources[i].rate_hz;
        *most_s = fmax(*most_s, s);
        *least_s = fmin(*least_s, s);
    }
}

/* Whether the rest of a segment becomes a record: it may not reach into the next segment. */
static emg_status settle_partial(const emgp_conditioned *c, target *t, const emgp_slice *slice, double start_s,
                                 bool *keep, emg_error *err)
{
    double most, least, slack = 0.5 / c->sources[0].rate_hz;
    covered(c, slice, &most, &least);
    *keep = slice->next_s - t->first_s + t->origin_s >= start_s + t->record_s - slack;
    if (!*keep) {
        t->left_out_s += most;
        return EMG_OK;
    }
    t->padded_s += t->record_s - least;
    return t->writer ? emgp_edf_writer_annotate(t->writer, start_s + least, t->record_s - least, padding_text, err)
                     : EMG_OK;
}

static emg_status take_first(emgp_conditioned *c, target *t, const emgp_slice *slice, emg_error *err)
{
    t->first_s = c->out->start_s = slice->segment_s;
    return t->writer ? emgp_notes_write(&t->notes, t->writer, t->origin_s - t->first_s, t->first_s, err) : EMG_OK;
}

static emg_status take(emgp_conditioned *c, const emgp_slice *slice, emg_error *err)
{
    target *t = c->state;
    emg_status status = t->n_records == 0 ? take_first(c, t, slice, err) : EMG_OK;
    if (slice->begins)
        t->n_in_segment = 0;
    double start = t->gaps ? slice->segment_s - t->first_s + (double)t->n_in_segment * t->record_s
                           : (double)t->n_records * t->record_s;
    start += t->origin_s;
    bool keep = true;
    if (status == EMG_OK && slice->partial)
        status = settle_partial(c, t, slice, start, &keep, err);
    if (status != EMG_OK || !keep)
        return status;
    t->n_records++;
    t->n_in_segment++;
    if (!t->writer)
        return EMG_OK;
    for (size_t i = 0; i < c->n_written; i++)
        put_signal(c, t, slice, i);
    return emgp_edf_writer_end_record(t->writer, start, err);
}

static bool suits(const emgp_conditioned *c)
{
    const target *t = c->state;
    for (size_t i = 0; i < c->n_written; i++) {
        const emgp_written_channel *o = &c->written[i];
        if (o->low <= o->high && !emgp_edf_range_holds(&t->ranges[i], o->low, o->high))
            return false;
    }
    return !(t->padded_s > 0) && !(t->left_out_s > 0) && t->gaps == (c->n_segments > 1);
}

static emg_status finish(emgp_conditioned *c, emg_error *err)
{
    target *t = c->state;
    c->out->record_s = t->record_s;
    c->out->padded_s = t->padded_s;
    c->out->left_out_s = t->left_out_s;
    return emgp_edf_writer_finish(t->writer, err);
}

static void free_state(emgp_conditioned *c)
{
    target *t = c->state;
    if (!t)
        return;
    emgp_edf_writer_free(t->writer);
    emgp_notes_free(&t->notes);
    emgp_free(t->ranges);
    emgp_free(t->column);
    emgp_free(t);
    c->state = NULL;
}

const emgp_target emgp_edf_target = { begin_edf, take, suits, finish, free_state };
const emgp_target emgp_bdf_target = { begin_bdf, take, suits, finish, free_state };
