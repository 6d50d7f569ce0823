/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals of an EDF header: which are annotations, and what the samples of the others mean. */
#include "reading/edf/edf.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "reading/source/source.h"
#include "reading/channels/channels.h"

typedef struct column {
    const char *name;
    size_t before, width; /* bytes of the columns before it, per signal; its own */
} column;

static const column columns[] = {
    [EMGP_EDF_LABEL] = { "label", 0, 16 },
    [EMGP_EDF_TRANSDUCER] = { "transducer", 16, 80 },
    [EMGP_EDF_UNIT] = { "physical dimension", 96, 8 },
    [EMGP_EDF_PHYSICAL_MIN] = { "physical minimum", 104, 8 },
    [EMGP_EDF_PHYSICAL_MAX] = { "physical maximum", 112, 8 },
    [EMGP_EDF_DIGITAL_MIN] = { "digital minimum", 120, 8 },
    [EMGP_EDF_DIGITAL_MAX] = { "digital maximum", 128, 8 },
    [EMGP_EDF_PREFILTER] = { "prefilter", 136, 80 },
    [EMGP_EDF_SAMPLES] = { "samples per record", 216, 8 },
};

emgp_field emgp_edf_signal_field(emgp_edf_column which, size_t n, size_t i)
{
    const column *c = &columns[which];
    emgp_field field = { c->name, EMGP_EDF_FIXED + n * c->before + i * c->width, c->width, (int64_t)i + 1, false };
    return field;
}

/* --- annotation signals -------------------------------------------------------------------------------------- */

static bool is_annotation(emgp_fields *fields, const emgp_edf_header *header, size_t i)
{
    emgp_field field = emgp_edf_signal_field(EMGP_EDF_LABEL, header->n_signals, i);
    size_t n;
    char text[17];
    const char *label = emgp_field_trim(fields, &field, &n);
    memcpy(text, label, n);
    text[n] = '\0';
    const char *right = header->sample_bytes == 3 ? "BDF Annotations" : "EDF Annotations";
    if (!emgp_text_same(text, "EDF Annotations") && !emgp_text_same(text, "BDF Annotations"))
        return false;
    if (strcmp(text, right) != 0)
        emgp_field_deviate(fields, &field, "W_ANNOTATION_LABEL", NULL);
    else if (!header->plus)
        emgp_field_deviate(fields, &field, "W_ANNOTATION_IN_PLAIN", NULL);
    return true;
}

void emgp_edf_find_annotations(emgp_fields *fields, emgp_edf_header *header)
{
    for (size_t i = 0; i < header->n_signals; i++) {
        header->signals[i].annotation = is_annotation(fields, header, i);
        if (header->signals[i].annotation)
            header->facts.n_annotation_signals++;
        else
            header->signals[i].channel = header->facts.n_channels++;
    }
}

/* --- ordinary signals ---------------------------------------------------------------------------------------- */

/* One signal being read. */
typedef struct reading {
    emgp_fields *fields;
    emgp_edf_header *header;
    size_t index;
    emg_channel *channel;
} reading;

static emgp_field field_of(const reading *r, emgp_edf_column which)
{
    return emgp_edf_signal_field(which, r->header->n_signals, r->index);
}

static void spoil(const reading *r, emgp_edf_column which, const char *code, const char *action)
{
    emgp_field field = field_of(r, which);
    emgp_field_deviate(r->fields, &field, code, action);
    r->channel->usable = false;
}

static bool read_number(const reading *r, emgp_edf_column which, double *out)
{
    emgp_field field = field_of(r, which);
    double value = 0;
    emgp_number_state state = emgp_field_number(r->fields, &field, &value);
    *out = state == EMGP_NUMBER_OK ? value : 0;
    if (state == EMGP_NUMBER_OK)
        return true;
    spoil(r, which, "W_CALIBRATION", "not a number: the signal is left out");
    return false;
}

/* Digital limits are integers; some writers put a point after them. */
static void check_integer_form(const reading *r, emgp_edf_column which)
{
    emgp_field field = field_of(r, which);
    size_t n;
    int64_t number;
    const char *text = emgp_field_trim(r->fields, &field, &n);
    if (r->channel->usable && !emgp_integer_parse(text, n, &number))
        emgp_field_deviate(r->fields, &field, "W_DIGITAL_FORM", NULL);
}

static void read_digital(const reading *r)
{
    emg_channel *c = r->channel;
    double low = r->header->sample_bytes == 3 ? -8388608 : -32768, high = -low - 1;
    if (!read_number(r, EMGP_EDF_DIGITAL_MIN, &c->digital_min) ||
        !read_number(r, EMGP_EDF_DIGITAL_MAX, &c->digital_max))
        return;
    if (rint(c->digital_min) < c->digital_min || rint(c->digital_min) > c->digital_min ||
        rint(c->digital_max) < c->digital_max || rint(c->digital_max) > c->digital_max || fabs(c->digital_min) > 1e9 ||
        fabs(c->digital_max) > 1e9) {
        spoil(r, EMGP_EDF_DIGITAL_MIN, "W_CALIBRATION", "digital limits must be whole numbers: the signal is left out");
    } else if (c->digital_max <= c->digital_min) {
        spoil(r, EMGP_EDF_DIGITAL_MAX, "W_CALIBRATION", "not above the digital minimum: the signal is left out");
    } else if (c->digital_min < low || c->digital_max > high) {
        emgp_field field = field_of(r, c->digital_max > high ? EMGP_EDF_DIGITAL_MAX : EMGP_EDF_DIGITAL_MIN);
        emgp_field_deviate(r->fields, &field, "W_DIGITAL_RANGE", "beyond what a sample can hold; the scale is kept");
    }
    check_integer_form(r, EMGP_EDF_DIGITAL_MIN);
    check_integer_form(r, EMGP_EDF_DIGITAL_MAX);
}

static void read_physical(const reading *r)
{
    emg_channel *c = r->channel;
    if (!read_number(r, EMGP_EDF_PHYSICAL_MIN, &c->physical_min) ||
        !read_number(r, EMGP_EDF_PHYSICAL_MAX, &c->physical_max))
        return;
    double span = c->physical_max - c->physical_min;
    if (!(span < 0) && !(span > 0))
        spoil(r, EMGP_EDF_PHYSICAL_MAX, "W_CALIBRATION", "equals the physical minimum: the signal is left out");
    else if (!(fabs(c->physical_min) <= EMGP_MOST_CREDIBLE && fabs(c->physical_max) <= EMGP_MOST_CREDIBLE))
        spoil(r, EMGP_EDF_PHYSICAL_MAX, "W_CALIBRATION", "limits beyond 1e12 are not credible: the signal is left out");
}

static bool is_status(const char *label)
{
    return emgp_text_same(label, "Status");
}

/* The scale in microvolts, and what there is to say about the unit's spelling. */
static void read_unit(const reading *r)
{
    emg_channel *c = r->channel;
    emgp_field field = field_of(r, EMGP_EDF_UNIT);
    size_t n;
    const char *text = emgp_field_trim(r->fields, &field, &n);
    emgp_unit_kind kind = emgp_unit_read(text, n, &c->to_uv);
    emgp_text_printable(c->unit, sizeof c->unit, text, n);
    if (is_status(c->label) || r->fields->status != EMG_OK)
        return;
    switch (kind) {
    case EMGP_UNIT_VOLT_ODD:
        emgp_field_deviate(r->fields, &field, "W_UNIT_SPELLING", NULL);
        break;
    case EMGP_UNIT_BLANK:
        emgp_field_deviate(r->fields, &field, "W_UNIT_BLANK", NULL);
        break;
    case EMGP_UNIT_MEGAVOLT:
        emgp_field_deviate(r->fields, &field, "W_UNIT_UNKNOWN", "megavolts are not credible: kept, not converted");
        break;
    case EMGP_UNIT_LOST_MICRO:
        emgp_field_deviate(r->fields, &field, "W_UNIT_UNKNOWN",
                           "the sign before V is lost: relative numbers only, unless a sidecar tells the unit");
        break;
    case EMGP_UNIT_UNKNOWN:
        emgp_field_deviate(r->fields, &field, "W_UNIT_UNKNOWN", NULL);
        break;
    case EMGP_UNIT_VOLT:
    case EMGP_UNIT_MECHANICAL:
    case EMGP_UNIT_OTHER:
        break;
    }
}

static void read_rate(const reading *r)
{
    emg_channel *c = r->channel;
    const emg_recording_facts *facts = &r->header->facts;
    uint32_t n = r->header->signals[r->index].n;
    c->n_samples = (uint64_t)n * (uint64_t)facts->n_records;
    if (n == 0)
        spoil(r, EMGP_EDF_SAMPLES, "W_NO_SAMPLES", "no samples in a record: the signal is left out");
    else if (facts->record_duration_s > 0)
        c->rate_hz = n / facts->record_duration_s;
    else
        spoil(r, EMGP_EDF_SAMPLES, "W_NO_RATE", "a record duration of 0 leaves no rate: the signal is left out");
}

static void read_texts(const reading *r)
{
    emg_channel *c = r->channel;
    emgp_field label = field_of(r, EMGP_EDF_LABEL), transducer = field_of(r, EMGP_EDF_TRANSDUCER),
               prefilter = field_of(r, EMGP_EDF_PREFILTER);
    emgp_field_text(r->fields, &label, c->label, sizeof c->label);
    emgp_field_text(r->fields, &transducer, c->transducer, sizeof c->transducer);
    emgp_field_text(r->fields, &prefilter, c->prefilter, sizeof c->prefilter);
}

emg_status emgp_edf_read_channels(emgp_fields *fields, emgp_edf_header *header)
{
    for (size_t i = 0; i < header->n_signals && fields->status == EMG_OK; i++) {
        emgp_edf_signal *signal = &header->signals[i];
        if (signal->annotation)
            continue;
        reading r = { fields, header, i, &header->channels[signal->channel] };
        r.channel->number = i + 1;
        r.channel->usable = true;
        read_texts(&r);
        read_unit(&r);
        read_digital(&r);
        read_physical(&r);
        read_rate(&r);
        if (r.channel->usable) {
            signal->digital_min = (int32_t)r.channel->digital_min;
            signal->digital_max = (int32_t)r.channel->digital_max;
        }
    }
    return fields->status;
}
