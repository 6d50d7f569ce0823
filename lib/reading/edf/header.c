/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF and BDF headers: the layout of the records must be certain, all else is a deviation. */
#include "reading/edf/edf.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

static const emgp_field header_bytes_field = { "header bytes", 184, 8, 0, false };
static const emgp_field reserved_field = { "reserved field", 192, 44, 0, false };
static const emgp_field count_field = { "record count", 236, 8, 0, false };
static const emgp_field duration_field = { "record duration", 244, 8, 0, false };
static const emgp_field signals_field = { "signal count", 252, 4, 0, false };

enum { MOST_SIGNALS = 9999 };

/* Bounds of what a record duration may credibly be, in seconds: one sample at 1 MHz, and some thirty years. */
static const double shortest_record_s = 1e-6, longest_record_s = 1e9;

static bool is_edf(const unsigned char *head, size_t n)
{
    size_t i = 1;
    while (i < 8 && i < n && (head[i] == ' ' || head[i] == '\0'))
        i++;
    return n >= 8 && head[0] == '0' && i == 8;
}

static bool is_bdf(const unsigned char *head, size_t n)
{
    return n >= 8 && memcmp(head,
                            "\xFF"
                            "BIOSEMI",
                            8) == 0;
}

/* Whether all of the fixed header but the version field is as it should be, and that is text. */
static bool is_sound_but_version(const unsigned char *head, size_t n)
{
    emgp_fields fields = { head, NULL, NULL, EMG_OK };
    int64_t number[3];
    double seconds = -1;
    const emgp_field *const integers[] = { &signals_field, &header_bytes_field, &count_field };
    for (size_t i = 0; i < EMGP_EDF_FIXED && n >= EMGP_EDF_FIXED; i++)
        if (head[i] < 32 || head[i] > 126)
            return false;
    for (size_t i = 0; i < 3 && n >= EMGP_EDF_FIXED; i++) {
        size_t length;
        const char *text = emgp_field_trim(&fields, integers[i], &length);
        if (!emgp_integer_parse(text, length, &number[i]))
            return false;
    }
    if (n < EMGP_EDF_FIXED)
        return false;
    size_t length;
    const char *text = emgp_field_trim(&fields, &duration_field, &length);
    return emgp_number_parse(text, length, &seconds) && seconds >= 0 && number[0] >= 1 && number[0] <= MOST_SIGNALS &&
           number[1] == EMGP_EDF_FIXED + number[0] * EMGP_EDF_PER_SIGNAL && number[2] >= -1;
}

bool emgp_edf_sniff(const unsigned char *head, size_t n)
{
    return is_edf(head, n) || is_bdf(head, n) || is_sound_but_version(head, n);
}

emg_status emgp_edf_header_length(const unsigned char *head, size_t n, uint64_t file_bytes, size_t *out, emg_error *err)
{
    if (n < EMGP_EDF_FIXED)
        return emgp_fail_at(err, EMG_EFORMAT, (int64_t)n, -1,
                            "byte %zu: the header is cut off: it needs at least %d bytes; copy the file again in full",
                            n, EMGP_EDF_FIXED);
    emgp_fields fields = { head, NULL, err, EMG_OK };
    size_t length;
    int64_t ns;
    const char *text = emgp_field_trim(&fields, &signals_field, &length);
    if (!emgp_integer_parse(text, length, &ns) || ns < 1 || ns > MOST_SIGNALS)
        return emgp_field_refuse(&fields, &signals_field, "is not a number from 1 to 9999: the header is damaged");
    size_t need = EMGP_EDF_FIXED + (size_t)ns * EMGP_EDF_PER_SIGNAL;
    if (need > file_bytes)
        return emgp_fail_at(err, EMG_EFORMAT, (int64_t)signals_field.offset, -1,
                            "byte %zu: signal count %lld needs a header of %zu bytes but the file has %llu: the count "
                            "is wrong or the file is cut off",
                            signals_field.offset, (long long)ns, need, (unsigned long long)file_bytes);
    *out = need;
    return EMG_OK;
}

/* --- kind of file -------------------------------------------------------------------------------------------- */

static bool starts(const char *text, size_t n, const char *word)
{
    return n >= strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

/* What stands where the version should: its text may be somebody's name or date, and is not repeated. */
static void note_version(emgp_fields *fields, bool bdf)
{
    const emgp_field version = { "version", 0, 8, 0, true };
    size_t n, n_digits = 0;
    const char *text = emgp_field_trim(fields, &version, &n);
    char action[120];
    for (size_t i = 0; i < n; i++)
        n_digits += text[i] >= '0' && text[i] <= '9';
    bool date = n_digits == 8 || (n_digits == 6 && n == 8);
    snprintf(action, sizeof action, "holds %s; the rest of the header is sound: read as %s",
             n == 0 ? "nothing"
             : date ? "a date"
                    : "another text",
             bdf ? "BDF, as the reserved field says" : "EDF");
    emgp_field_deviate(fields, &version, "W_VERSION", action);
}

static void read_kind(emgp_fields *fields, emgp_edf_header *out)
{
    bool bdf = is_bdf(fields->bytes, 8), known = bdf || is_edf(fields->bytes, 8);
    size_t n;
    const char *text = emgp_field_trim(fields, &reserved_field, &n);
    bdf = bdf || (!known && (starts(text, n, "BDF+") || starts(text, n, "24BIT")));
    if (!known)
        note_version(fields, bdf);
    const char *contiguous = bdf ? "BDF+C" : "EDF+C", *broken = bdf ? "BDF+D" : "EDF+D";
    out->sample_bytes = bdf ? 3 : 2;
    out->facts.format = bdf ? EMG_FORMAT_BDF : EMG_FORMAT_EDF;
    if (starts(text, n, contiguous)) {
        out->facts.format = bdf ? EMG_FORMAT_BDF_C : EMG_FORMAT_EDF_C;
        out->plus = true;
    } else if (starts(text, n, broken)) {
        out->facts.format = bdf ? EMG_FORMAT_BDF_D : EMG_FORMAT_EDF_D;
        out->plus = out->discontinuous = true;
    } else if (bdf && !starts(text, n, "24BIT")) {
        emgp_field_deviate(fields, &reserved_field, "W_RESERVED", "not '24BIT': read as BDF by its first bytes");
    } else if (!bdf && n > 0) {
        emgp_field_deviate(fields, &reserved_field, "W_RESERVED", "unknown text: read as plain EDF");
    }
    if (memchr((const char *)fields->bytes, '\0', 8) && !bdf) {
        const emgp_field version = { "version", 0, 8, 0, false };
        emgp_field_deviate(fields, &version, "W_NUL_PADDING", NULL);
    }
}

/* --- sizes --------------------------------------------------------------------------------------------------- */

/* Where each signal lies in a record. A sample count that cannot be read makes every later byte unknowable. */
static emg_status read_layout(emgp_fields *fields, emgp_edf_header *out)
{
    uint64_t offset = 0;
    for (size_t i = 0; i < out->n_signals && fields->status == EMG_OK; i++) {
        emgp_field field = emgp_edf_signal_field(EMGP_EDF_SAMPLES, out->n_signals, i);
        int64_t n = 0;
        if (emgp_field_integer(fields, &field, &n) != EMGP_NUMBER_OK || n < 0 || n > 99999999)
            return fields->status != EMG_OK
                       ? fields->status
                       : emgp_field_refuse(fields, &field, "is not a count: the layout of the records is unknown");
        out->signals[i].n = (uint32_t)n;
        out->signals[i].offset = offset;
        offset += (uint64_t)n * out->sample_bytes; /* at most 9999 * 99999999 * 3: far below 2^64 */
    }
    out->record_bytes = offset;
    if (fields->status == EMG_OK && offset == 0) {
        emgp_field field = emgp_edf_signal_field(EMGP_EDF_SAMPLES, out->n_signals, 0);
        return emgp_field_refuse(fields, &field, "like that of every signal: there is nothing to read");
    }
    return fields->status;
}

static emg_status read_duration(emgp_fields *fields, emgp_edf_header *out)
{
    double seconds = 0;
    emgp_number_state state = emgp_field_number(fields, &duration_field, &seconds);
    if (fields->status != EMG_OK)
        return fields->status;
    bool credible = seconds >= shortest_record_s && seconds <= longest_record_s;
    if (state != EMGP_NUMBER_OK || (!credible && !(seconds <= 0 && seconds >= 0)))
        return emgp_field_refuse(fields, &duration_field,
                                 "is not a duration in seconds: no sampling rate can be told; mend the header");
    if (!credible && out->facts.n_channels > 0 && out->facts.n_annotation_signals == 0)
        return emgp_field_refuse(fields, &duration_field,
                                 "with ordinary signals leaves no sampling rate; mend the header");
    out->facts.record_duration_s = credible ? seconds : 0;
    return EMG_OK;
}

/* The stated header length must be right, or be proven wrong by a file that fits the computed one exactly. */
static emg_status check_header_bytes(emgp_fields *fields, const emgp_edf_header *out, uint64_t file_bytes,
                                     int64_t n_records)
{
    int64_t stated = 0;
    emgp_number_state state = emgp_field_integer(fields, &header_bytes_field, &stated);
    if (fields->status != EMG_OK)
        return fields->status;
    if (state == EMGP_NUMBER_OK && stated == (int64_t)out->header_bytes)
        return EMG_OK;
    uint64_t data = file_bytes - out->header_bytes, records = data / out->record_bytes;
    bool fits = data % out->record_bytes == 0 && (n_records == (int64_t)records || (n_records < 0 && records > 0));
    char remedy[160];
    if (!fits) {
        snprintf(remedy, sizeof remedy,
                 "is not 256 x (signal count + 1) = %llu and the file's size does not tell which is right",
                 (unsigned long long)out->header_bytes);
        return emgp_field_refuse(fields, &header_bytes_field, remedy);
    }
    snprintf(remedy, sizeof remedy, "%llu used: 256 x (signal count + 1), which fits the file's size",
             (unsigned long long)out->header_bytes);
    emgp_field_deviate(fields, &header_bytes_field, "W_HEADER_BYTES", remedy);
    return fields->status;
}

/* The stated record count: -1 when the recorder never came to write it. */
static emg_status stated_count(emgp_fields *fields, int64_t *out)
{
    emgp_number_state state = emgp_field_integer(fields, &count_field, out);
    if (fields->status != EMG_OK)
        return fields->status;
    if (state == EMGP_NUMBER_BLANK)
        *out = -1;
    else if (state == EMGP_NUMBER_BAD || *out < -1)
        return emgp_field_refuse(fields, &count_field, "is not a number of records; put the right one or -1 there");
    return EMG_OK;
}

static void note_count(emgp_fields *fields, const char *code, const char *format, uint64_t number)
{
    char action[120], text[EMGP_NUMBER_ROOM];
    emgp_count_print(text, number);
    snprintf(action, sizeof action, "%s%s", text, format);
    emgp_field_deviate(fields, &count_field, code, action);
}

/* Complete records within the file's size, whatever the header says. */
static emg_status settle_count(emgp_fields *fields, emgp_edf_header *out, uint64_t file_bytes, int64_t stated)
{
    uint64_t data = file_bytes - out->header_bytes, there = data / out->record_bytes, rest = data % out->record_bytes;
    if (there == 0 && data > 0 && stated != 0)
        return emgp_fail_at(fields->err, EMG_EFORMAT, (int64_t)file_bytes, -1,
                            "byte %llu: the file ends inside its first data record, after %llu of %llu bytes; copy it "
                            "again in full",
                            (unsigned long long)file_bytes, (unsigned long long)data,
                            (unsigned long long)out->record_bytes);
    uint64_t n = stated < 0 || (uint64_t)stated > there ? there : (uint64_t)stated;
    if (stated < 0)
        note_count(fields, "W_NREC_UNKNOWN", " records by the file's size", n);
    else if ((uint64_t)stated > there)
        note_count(fields, "W_NREC_HIGH", " complete records are in the file and are read", n);
    uint64_t left = data - n * out->record_bytes;
    if (stated >= 0 && (uint64_t)stated <= there && left > 0)
        note_count(fields, "W_TRAILING_BYTES", " bytes after the last record are left out", left);
    else if (rest > 0)
        note_count(fields, "W_TRUNCATED_RECORD", " bytes of an incomplete last record are left out", rest);
    if (n == 0)
        emgp_field_deviate(fields, &count_field, "W_NO_RECORDS", NULL);
    out->facts.n_records = (int64_t)n;
    return fields->status;
}

static emg_status read_sizes(emgp_fields *fields, emgp_edf_header *out, uint64_t file_bytes)
{
    int64_t stated = -1;
    emg_status status = read_layout(fields, out);
    if (status == EMG_OK)
        status = read_duration(fields, out);
    if (status == EMG_OK)
        status = stated_count(fields, &stated);
    if (status == EMG_OK)
        status = check_header_bytes(fields, out, file_bytes, stated);
    return status == EMG_OK ? settle_count(fields, out, file_bytes, stated) : status;
}

/* Record times stand in annotation signals: EDF+ without one is plain EDF, unless it says that it has gaps. */
static emg_status check_annotations(emgp_fields *fields, emgp_edf_header *out)
{
    if (!out->plus || out->facts.n_annotation_signals > 0)
        return fields->status;
    if (out->discontinuous)
        return emgp_field_refuse(fields, &reserved_field,
                                 "tells of gaps but no signal is labelled for annotations: the record times are "
                                 "unknown");
    emgp_field_deviate(fields, &reserved_field, "W_NO_ANNOTATION_SIGNAL", "no annotation signal: read as plain");
    out->facts.format = out->sample_bytes == 3 ? EMG_FORMAT_BDF : EMG_FORMAT_EDF;
    return fields->status;
}

emg_status emgp_edf_header_parse(const unsigned char *bytes, size_t n, uint64_t file_bytes, emgp_deviations *deviations,
                                 emgp_edf_header *out, emg_error *err)
{
    *out = (emgp_edf_header){ .n_signals = (n - EMGP_EDF_FIXED) / EMGP_EDF_PER_SIGNAL, .header_bytes = n };
    emgp_fields fields = { bytes, deviations, err, EMG_OK };
    out->facts.file_bytes = file_bytes;
    out->signals = emgp_alloc(out->n_signals, sizeof *out->signals);
    out->channels = emgp_alloc(out->n_signals, sizeof *out->channels);
    emg_status status = out->signals && out->channels ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK) {
        read_kind(&fields, out);
        emgp_edf_start(&fields, out->plus, &out->facts);
        emgp_edf_find_annotations(&fields, out);
        status = fields.status;
    }
    if (status == EMG_OK)
        status = check_annotations(&fields, out);
    if (status == EMG_OK)
        status = read_sizes(&fields, out, file_bytes);
    if (status == EMG_OK)
        status = emgp_edf_read_channels(&fields, out);
    if (status != EMG_OK)
        emgp_edf_header_free(out);
    return status;
}

void emgp_edf_header_free(emgp_edf_header *header)
{
    emgp_free(header->channels);
    emgp_free(header->signals);
    *header = (emgp_edf_header){ 0 };
}
