/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF+ and BDF+ out: header, records of little-endian samples, and time-stamped annotation lists. */
#include "reading/edf/edf.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

enum {
    WIDTH_NUMBER = 8,
    OFFSET_N_RECORDS = 236,
    MOST_RECORDS = 99999999,
    TIME_ROOM = 24,     /* bytes kept in each record for its own time stamp */
    BATCH = 256 * 1024, /* bytes gathered before they are written */
    MOST_ANNOTATION_BYTES = 60000
};
static const char ONSET_END = 0x14, DURATION = 0x15;

/* A signal as its samples are made: digital = (x - physical_min) * steps + digital_min. */
typedef struct scale {
    double physical_min, steps, low, high; /* low, high: the digital range, from 0 */
    int32_t digital_min;
    size_t per_record, offset; /* bytes from the record's start */
} scale;

struct emgp_edf_writer {
    emgp_newfile *file;
    scale *scales;
    size_t n_signals, width; /* bytes a sample */
    bool bdf, gaps;
    double record_s;
    size_t record_bytes, annotation_offset, annotation_bytes;
    unsigned char *batch, *record; /* records gathered; the one being made, within it */
    size_t n_batch, room_batch;    /* in records */
    uint64_t n_records;
    double *frames; /* of push: the record's frames so far, interleaved */
    size_t n_frames;
    unsigned char *pending; /* annotation lists not yet in a record, one after another, each ending in NUL */
    size_t n_pending, at_pending, room_pending;
};

/* --- header --- */

bool emgp_edf_field(char out[9], double value)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
    for (size_t decimals = 0; decimals < sizeof powers / sizeof *powers; decimals++) {
        double digits = rint(fabs(value) * powers[decimals]);
        if (!(digits < 1e8))
            return false;
        if (digits / powers[decimals] < fabs(value) || digits / powers[decimals] > fabs(value))
            continue;
        char text[EMGP_NUMBER_ROOM];
        size_t n = emgp_count_print(text, (uint64_t)digits), w = 0;
        if (value < 0)
            out[w++] = '-';
        for (; n <= decimals; n++) { /* 0.05 needs a digit before the point */
            memmove(text + 1, text, n + 1);
            text[0] = '0';
        }
        if (w + n + (decimals > 0) > WIDTH_NUMBER)
            return false;
        memcpy(out + w, text, n - decimals);
        w += n - decimals;
        if (decimals > 0)
            out[w++] = '.';
        memcpy(out + w, text + n - decimals, decimals);
        out[w + decimals] = '\0';
        return true;
    }
    return false;
}

static void put_text(unsigned char *field, size_t width, const char *text)
{
    size_t n = strlen(text);
    memset(field, ' ', width);
    for (size_t i = 0; i < n && i < width; i++)
        field[i] = text[i] >= 32 && text[i] < 127 ? (unsigned char)text[i] : '_';
}

static bool put_number(unsigned char *field, double value)
{
    char text[9];
    if (!emgp_edf_field(text, value))
        return false;
    put_text(field, WIDTH_NUMBER, text);
    return true;
}

static const char *text_or(const char *text, const char *otherwise)
{
    return text && *text ? text : otherwise;
}

static void put_fixed_header(unsigned char *h, const emgp_edf_writer *w, const emgp_edf_plan *plan, size_t n_signals)
{
    put_text(h, 8, w->bdf ? " BIOSEMI" : "0");
    if (w->bdf)
        h[0] = 0xFF;
    put_text(h + 8, 80, text_or(plan->patient, "X X X X"));
    put_text(h + 88, 80, text_or(plan->recording, "Startdate X X X X"));
    put_text(h + 168, 8, text_or(plan->date, "01.01.85"));
    put_text(h + 176, 8, text_or(plan->time, "00.00.00"));
    (void)put_number(h + 184, 256 * (double)(n_signals + 1));
    put_text(h + 192, 44, w->bdf ? (w->gaps ? "BDF+D" : "BDF+C") : (w->gaps ? "EDF+D" : "EDF+C"));
    put_text(h + OFFSET_N_RECORDS, 8, "-1");
    char count[9];
    (void)emgp_edf_field(count, (double)n_signals);
    put_text(h + 252, 4, count);
}

/* The fields of signal i of n; each field is stored for all signals before the next field. */
static bool put_signal_header(unsigned char *h, size_t n, size_t i, const emgp_edf_written *s)
{
    static const size_t widths[] = { 16, 80, 8, 8, 8, 8, 8, 80, 8, 32 };
    const char *const texts[] = { s->label, s->transducer, s->unit, NULL, NULL, NULL, NULL, s->prefilter, NULL, "" };
    const double numbers[] = {
        0, 0, 0, s->physical_min, s->physical_max, s->digital_min, s->digital_max, 0, (double)s->per_record, 0
    };
    unsigned char *block = h + 256;
    for (size_t f = 0; f < sizeof widths / sizeof *widths; f++) {
        unsigned char *field = block + i * widths[f];
        if (texts[f])
            put_text(field, widths[f], texts[f]);
        else if (!put_number(field, numbers[f]))
            return false;
        block += n * widths[f];
    }
    return true;
}

static emg_status write_header(emgp_edf_writer *w, const emgp_edf_plan *plan, emg_error *err)
{
    size_t n = plan->n_signals + 1, bytes = 256 * (n + 1);
    int32_t low = w->bdf ? -8388608 : -32768, high = w->bdf ? 8388607 : 32767;
    const emgp_edf_written annotations = { .label = w->bdf ? "BDF Annotations" : "EDF Annotations",
                                           .transducer = "",
                                           .unit = "",
                                           .prefilter = "",
                                           .physical_min = -1,
                                           .physical_max = 1,
                                           .digital_min = low,
                                           .digital_max = high,
                                           .per_record = w->annotation_bytes / w->width };
    unsigned char *h = emgp_alloc(bytes, 1);
    if (!h)
        return emgp_fail_memory(err);
    put_fixed_header(h, w, plan, n);
    emg_status status = EMG_OK;
    if (!put_number(h + 244, plan->record_s))
        status = emgp_fail(err, EMG_ERANGE, "the record's duration cannot be said exactly in 8 characters");
    for (size_t i = 0; i < n && status == EMG_OK; i++)
        if (!put_signal_header(h, n, i, i + 1 < n ? &plan->signals[i] : &annotations))
            status = emgp_fail_at(err, EMG_ERANGE, -1, (int64_t)i + 1,
                                  "signal %zu has a range or sample count that 8 characters cannot say exactly", i + 1);
    if (status == EMG_OK)
        status = emgp_newfile_write(w->file, h, bytes, err);
    emgp_free(h);
    return status;
}

static emg_status check_plan(const emgp_edf_plan *plan, emg_error *err)
{
    int32_t low = plan->bdf ? -8388608 : -32768, high = plan->bdf ? 8388607 : 32767;
    if (plan->n_signals < 1 || plan->n_signals > 9998 || !(plan->record_s > 0) ||
        plan->annotation_bytes > MOST_ANNOTATION_BYTES)
        return emgp_fail(err, EMG_EARG,
                         "an EDF file needs 1 to 9998 signals, records of some duration and at most "
                         "60000 bytes of annotations in each");
    for (size_t i = 0; i < plan->n_signals; i++) {
        const emgp_edf_written *s = &plan->signals[i];
        if (!(s->physical_min < s->physical_max || s->physical_min > s->physical_max) || s->digital_min < low ||
            s->digital_max > high || s->digital_min >= s->digital_max || s->per_record < 1 || s->per_record > 99999999)
            return emgp_fail_at(err, EMG_EARG, -1, (int64_t)i + 1, "signal %zu has an empty or impossible range",
                                i + 1);
    }
    return EMG_OK;
}

/* --- opening --- */

static emg_status lay_out(emgp_edf_writer *w, const emgp_edf_plan *plan, emg_error *err)
{
    size_t offset = 0;
    w->scales = emgp_alloc(plan->n_signals, sizeof *w->scales);
    if (!w->scales)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < plan->n_signals; i++) {
        const emgp_edf_written *s = &plan->signals[i];
        double range = (double)s->digital_max - s->digital_min;
        w->scales[i] = (scale){ .physical_min = s->physical_min,
                                .steps = range / (s->physical_max - s->physical_min),
                                .high = range,
                                .digital_min = s->digital_min,
                                .per_record = s->per_record,
                                .offset = offset };
        offset += s->per_record * w->width; /* at most 9998 * 1e8 * 3: no overflow in 64 bits */
    }
    w->annotation_offset = offset;
    w->record_bytes = offset + w->annotation_bytes;
    w->room_batch = w->record_bytes < BATCH ? BATCH / w->record_bytes : 1;
    w->batch = emgp_alloc(w->room_batch, w->record_bytes);
    w->record = w->batch;
    return w->batch ? EMG_OK : emgp_fail_memory(err);
}

emg_status emgp_edf_writer_open(emgp_edf_writer **out, const char *path, const emgp_edf_plan *plan, emg_error *err)
{
    *out = NULL;
    emg_status status = check_plan(plan, err);
    if (status != EMG_OK)
        return status;
    emgp_edf_writer *w = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    w->n_signals = plan->n_signals;
    w->bdf = plan->bdf;
    w->gaps = plan->gaps;
    w->width = plan->bdf ? 3 : 2;
    w->record_s = plan->record_s;
    w->annotation_bytes = (plan->annotation_bytes + TIME_ROOM + 5) / 6 * 6; /* whole samples of either width */
    status = lay_out(w, plan, err);
    if (status == EMG_OK)
        status = emgp_newfile_open(&w->file, path, err);
    if (status == EMG_OK)
        status = write_header(w, plan, err);
    if (status == EMG_OK)
        *out = w;
    else
        emgp_edf_writer_free(w);
    return status;
}

void emgp_edf_writer_free(emgp_edf_writer *w)
{
    if (!w)
        return;
    emgp_newfile_free(w->file);
    emgp_free(w->scales);
    emgp_free(w->batch);
    emgp_free(w->frames);
    emgp_free(w->pending);
    emgp_free(w);
}

/* --- annotations --- */

/* Seconds with a sign when asked, at most 6 decimals, no trailing zeros. */
static size_t put_seconds(char *out, double seconds, bool sign)
{
    size_t n = 0;
    if (sign && !(seconds < 0))
        out[n++] = '+';
    n += emgp_time_print(out + n, seconds);
    while (out[n - 1] == '0')
        n--;
    return out[n - 1] == '.' ? n - 1 : n;
}

emg_status emgp_edf_writer_annotate(emgp_edf_writer *w, double onset_s, double duration_s, const char *text,
                                    emg_error *err)
{
    char head[2 * EMGP_NUMBER_ROOM + 4];
    size_t n_text = strlen(text);
    for (size_t i = 0; i < n_text; i++)
        if ((unsigned char)text[i] < 0x20)
            return emgp_fail(err, EMG_EARG, "an annotation must not hold control bytes");
    if (!(fabs(onset_s) < 9e12) || fabs(duration_s) >= 9e12 || duration_s < 0)
        return emgp_fail(err, EMG_EARG, "an annotation needs a finite onset, and a duration of 0 or more if any");
    size_t n = put_seconds(head, onset_s, true);
    if (!isnan(duration_s)) {
        head[n++] = DURATION;
        n += put_seconds(head + n, duration_s, false);
    }
    head[n++] = ONSET_END;
    size_t bytes = n + n_text + 2;
    if (bytes + TIME_ROOM > w->annotation_bytes)
        return emgp_fail(err, EMG_ERANGE, "an annotation of %zu bytes is longer than a record has room for", bytes);
    void *pending = w->pending;
    if (!emgp_reserve(&pending, &w->room_pending, w->n_pending, w->n_pending + bytes, 1))
        return emgp_fail_memory(err);
    w->pending = pending;
    unsigned char *at = w->pending + w->n_pending;
    memcpy(at, head, n);
    memcpy(at + n, text, n_text);
    at[n + n_text] = (unsigned char)ONSET_END;
    at[n + n_text + 1] = 0;
    w->n_pending += bytes;
    return EMG_OK;
}

/* The record's time stamp, then as many waiting annotations as fit. */
static void put_annotations(emgp_edf_writer *w, double start_s)
{
    unsigned char *field = w->record + w->annotation_offset;
    char stamp[EMGP_NUMBER_ROOM + 2];
    size_t n = put_seconds(stamp, start_s, true);
    memset(field, 0, w->annotation_bytes);
    memcpy(field, stamp, n);
    field[n] = field[n + 1] = (unsigned char)ONSET_END;
    n += 3;
    while (w->at_pending < w->n_pending) {
        const unsigned char *list = w->pending + w->at_pending;
        size_t bytes = strlen((const char *)list) + 1;
        if (n + bytes > w->annotation_bytes)
            break;
        memcpy(field + n, list, bytes);
        n += bytes;
        w->at_pending += bytes;
    }
}

/* --- samples --- */

static emg_status flush(emgp_edf_writer *w, emg_error *err)
{
    emg_status status = emgp_newfile_write(w->file, w->batch, w->n_batch * w->record_bytes, err);
    w->n_batch = 0;
    w->record = w->batch;
    return status;
}

/* Nearest step from the range's low end, clipped; not-a-number goes to the low end. */
static inline int32_t digit(const scale *s, double x)
{
    double d = (x - s->physical_min) * s->steps;
    bool low = !(d >= -0.5), high = d >= s->high + 0.5;
    d = low ? 0 : high ? s->high : d;
    return s->digital_min + (int32_t)(d + 0.5);
}

void emgp_edf_writer_signal(emgp_edf_writer *w, size_t signal, const double *x, size_t stride)
{
    const scale *s = &w->scales[signal];
    unsigned char *out = w->record + s->offset;
    for (size_t i = 0; i < s->per_record; i++, out += w->width) {
        uint32_t value = (uint32_t)digit(s, x[i * stride]);
        out[0] = (unsigned char)(value & 0xFF);
        out[1] = (unsigned char)(value >> 8 & 0xFF);
        if (w->width == 3)
            out[2] = (unsigned char)(value >> 16 & 0xFF);
    }
}

emg_status emgp_edf_writer_end_record(emgp_edf_writer *w, double start_s, emg_error *err)
{
    if (w->n_records >= MOST_RECORDS)
        return emgp_fail(err, EMG_ERANGE, "an EDF file holds at most %d records", MOST_RECORDS);
    put_annotations(w, start_s);
    w->n_records++;
    w->n_batch++;
    w->record += w->record_bytes;
    emg_status status = w->n_batch == w->room_batch ? flush(w, err) : EMG_OK;
    if (status == EMG_OK)
        memset(w->record, 0, w->annotation_offset);
    return status;
}

static emg_status put_frames(emgp_edf_writer *w, const double *x, emg_error *err)
{
    for (size_t i = 0; i < w->n_signals; i++)
        emgp_edf_writer_signal(w, i, x + i, w->n_signals);
    return emgp_edf_writer_end_record(w, (double)w->n_records * w->record_s, err);
}

emg_status emgp_edf_writer_push(emgp_edf_writer *w, const double *x, size_t n_frames, emg_error *err)
{
    size_t per_record = w->scales[0].per_record, frame_bytes = w->n_signals * sizeof *x;
    emg_status status = EMG_OK;
    while (n_frames > 0 && status == EMG_OK) {
        size_t n = per_record - w->n_frames;
        n = n < n_frames ? n : n_frames;
        if (n == per_record) {
            status = put_frames(w, x, err);
        } else {
            if (!w->frames && !(w->frames = emgp_alloc(per_record, frame_bytes)))
                return emgp_fail_memory(err);
            memcpy(w->frames + w->n_frames * w->n_signals, x, n * frame_bytes);
            w->n_frames += n;
            if (w->n_frames == per_record) {
                status = put_frames(w, w->frames, err);
                w->n_frames = 0;
            }
        }
        x += n * w->n_signals;
        n_frames -= n;
    }
    return status;
}

static emg_status complete_record(emgp_edf_writer *w, emg_error *err)
{
    size_t n = w->n_signals, per_record = w->scales[0].per_record;
    for (size_t i = w->n_frames; i < per_record; i++)
        memcpy(w->frames + i * n, w->frames + (i - 1) * n, n * sizeof *w->frames);
    w->n_frames = 0;
    return put_frames(w, w->frames, err);
}

emg_status emgp_edf_writer_finish(emgp_edf_writer *w, emg_error *err)
{
    unsigned char n_records[WIDTH_NUMBER];
    emg_status status = w->n_frames > 0 ? complete_record(w, err) : EMG_OK;
    if (status == EMG_OK && w->at_pending < w->n_pending)
        status = emgp_fail(err, EMG_ERANGE, "the annotations need more room than the records have");
    if (status == EMG_OK)
        status = flush(w, err);
    (void)put_number(n_records, (double)w->n_records);
    if (status == EMG_OK)
        status = emgp_newfile_patch(w->file, OFFSET_N_RECORDS, n_records, sizeof n_records, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(w->file, err);
    return status;
}
