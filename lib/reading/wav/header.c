/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wave headers read by hand: every size is checked against the file, and only PCM and float get any further. */
#include "reading/wav/wav.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { MOST_CHUNKS = 4096, FMT_BYTES = 40, PROBE_BYTES = 64 * 1024, EXTENSIBLE = 0xFFFE, PCM = 1, IEEE_FLOAT = 3 };

static const char wave64_riff[] = "riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00";
static const char wave64_tail[] = "\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A"; /* after "wave", "fmt ", "data" */
static const char subformat_tail[] = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71";

/* What is known while the chunks are walked. */
typedef struct walk {
    emgp_io *io;
    emgp_deviations *deviations;
    emgp_wave *out;
    emg_error *err;
    bool has_fmt, done;
    uint64_t rf64_data_bytes; /* UINT64_MAX: not stated */
    unsigned bits, valid_bits;
} walk;

typedef struct chunk {
    char id[5];
    uint64_t at, bytes; /* its body */
    uint64_t size_at;   /* where its size stands */
} chunk;

static uint64_t little(const unsigned char *p, size_t n)
{
    uint64_t value = 0;
    for (size_t i = n; i > 0; i--)
        value = value << 8 | p[i - 1];
    return value;
}

static bool is_riff(const unsigned char *head, size_t n, const char *id)
{
    return n >= 12 && memcmp(head, id, 4) == 0 && memcmp(head + 8, "WAVE", 4) == 0;
}

static bool is_wave64(const unsigned char *head, size_t n)
{
    return n >= 12 && memcmp(head, wave64_riff, 12) == 0;
}

bool emgp_wave_sniff(const unsigned char *head, size_t n)
{
    return is_riff(head, n, "RIFF") || is_riff(head, n, "RF64") || is_wave64(head, n);
}

/* --- the format chunk ---------------------------------------------------------------------------------------- */

static const char *codec_name(unsigned tag)
{
    static const struct {
        unsigned tag;
        const char *name;
    } codecs[] = { { 2, "Microsoft ADPCM" }, { 6, "A-law" },      { 7, "mu-law" }, { 0x11, "IMA ADPCM" },
                   { 0x31, "GSM 6.10" },     { 0x50, "MPEG" },    { 0x55, "MP3" }, { 0x92, "AC-3" },
                   { 0x161, "WMA" },         { 0x674F, "Vorbis" } };
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
        if (codecs[i].tag == tag)
            return codecs[i].name;
    return "an unknown codec";
}

static emg_status refuse(const walk *w, uint64_t offset, const char *field, uint64_t value, const char *remedy)
{
    return emgp_fail_at(w->err, EMG_EFORMAT, (int64_t)offset, -1, "byte %llu: %s %llu %s", (unsigned long long)offset,
                        field, (unsigned long long)value, remedy);
}

static emg_status check_width(const walk *w, const chunk *c, unsigned align)
{
    const emgp_wave *out = w->out;
    unsigned bits = w->bits, bytes = align / out->n_channels;
    if (bits == 0 || bits > 64)
        return refuse(w, c->at + 14, "bits per sample", bits, "are not possible: the header is damaged");
    if (out->is_float && bits != 32 && bits != 64)
        return refuse(w, c->at + 14, "bits per sample", bits, "are neither single nor double precision");
    if (!out->is_float && bits > 32)
        return emgp_fail_at(w->err, EMG_EUNSUPPORTED, (int64_t)c->at + 14, -1,
                            "byte %llu: %u-bit integer samples are not supported: convert to at most 32 bits",
                            (unsigned long long)c->at + 14, bits);
    /* 24 bits in 4 bytes is a known layout; wider paddings are more likely a wrong header. */
    unsigned due = (bits + 7) / 8;
    if (align % out->n_channels == 0 && (bytes == due || (!out->is_float && bytes == 4 && bits == 24)))
        return EMG_OK;
    char remedy[160];
    snprintf(remedy, sizeof remedy,
             "contradicts channels and bits per sample, %u of %u, which make %u: the header is damaged",
             out->n_channels, bits, due * out->n_channels);
    return refuse(w, c->at + 12, "block align", align, remedy);
}

static emg_status check_shape(const walk *w, const chunk *c, unsigned n_channels, uint64_t rate)
{
    if (n_channels == 0 || n_channels > EMGP_WAVE_MOST_CHANNELS)
        return refuse(w, c->at + 2, "channel count", n_channels, "is not from 1 to 1024: the header is damaged");
    if (rate < EMGP_WAVE_LEAST_HZ || rate > EMGP_WAVE_MOST_HZ)
        return refuse(w, c->at + 4, "sampling rate", rate,
                      "Hz is not from 100 Hz to 10 MHz: too slow for EMG, or damaged");
    return EMG_OK;
}

/* After 16 bytes, formats other than PCM have the size of an extension in two more: one byte is a half of it. */
static emg_status note_fmt_size(const walk *w, const chunk *c)
{
    emgp_finding finding = { .code = "W_FORMAT_CHUNK",
                             .field = "format chunk size",
                             .offset = (int64_t)c->size_at,
                             .value = "17",
                             .n_value = 2 };
    return emgp_deviate(w->deviations, &finding, w->err);
}

static emg_status read_fmt(walk *w, const chunk *c)
{
    unsigned char b[FMT_BYTES] = { 0 };
    size_t n = c->bytes < FMT_BYTES ? (size_t)c->bytes : FMT_BYTES;
    if (n < 16)
        return refuse(w, c->size_at, "format chunk of", c->bytes, "bytes is shorter than 16: the header is cut off");
    emg_status status = emgp_io_read(w->io, c->at, b, n, w->err);
    if (status != EMG_OK)
        return status;
    unsigned tag = (unsigned)little(b, 2), align = (unsigned)little(b + 12, 2);
    w->bits = w->valid_bits = (unsigned)little(b + 14, 2);
    if (tag == EXTENSIBLE) {
        if (n < FMT_BYTES)
            return refuse(w, c->size_at, "format chunk of", c->bytes, "bytes is too short for an extensible format");
        bool known = memcmp(b + 26, subformat_tail, 14) == 0;
        tag = known ? (unsigned)little(b + 24, 2) : 0;
        w->valid_bits = (unsigned)little(b + 18, 2);
    }
    if (tag != PCM && tag != IEEE_FLOAT)
        return emgp_fail_at(w->err, EMG_EUNSUPPORTED, (int64_t)c->at, -1,
                            "byte %llu: format 0x%04X (%s) is not supported: convert to PCM or float",
                            (unsigned long long)c->at, tag, codec_name(tag));
    w->out->is_float = tag == IEEE_FLOAT;
    w->out->n_channels = (unsigned)little(b + 2, 2);
    w->out->rate_hz = (uint32_t)little(b + 4, 4);
    status = check_shape(w, c, w->out->n_channels, w->out->rate_hz);
    if (status == EMG_OK)
        status = check_width(w, c, align);
    if (status != EMG_OK)
        return status;
    w->out->sample_bytes = align / w->out->n_channels;
    w->has_fmt = true;
    return c->bytes == 17 && tag == IEEE_FLOAT ? note_fmt_size(w, c) : EMG_OK;
}

/* --- the data chunk ------------------------------------------------------------------------------------------ */

static emg_status note(const walk *w, const chunk *c, const char *code, uint64_t value, uint64_t number,
                       const char *action)
{
    char text[EMGP_NUMBER_ROOM], count[EMGP_NUMBER_ROOM], sentence[128];
    size_t n = emgp_count_print(text, value);
    emgp_count_print(count, number);
    snprintf(sentence, sizeof sentence, "%s%s", count, action);
    emgp_finding finding = { .code = code,
                             .field = "data size",
                             .offset = (int64_t)c->size_at,
                             .value = text,
                             .n_value = n,
                             .action = sentence };
    return emgp_deviate(w->deviations, &finding, w->err);
}

/* Whether something that could be a chunk, or nothing, follows at `at`: an id of printable characters whose size
 * fits the file. */
static emg_status chunk_follows(const walk *w, uint64_t at, bool *out)
{
    unsigned char b[8];
    uint64_t size = emgp_io_size(w->io);
    *out = at >= size;
    if (at >= size || size - at < sizeof b)
        return EMG_OK;
    emg_status status = emgp_io_read(w->io, at, b, sizeof b, w->err);
    if (status != EMG_OK)
        return status;
    *out = little(b + 4, 4) <= size - at - sizeof b;
    for (int i = 0; i < 4; i++)
        *out = *out && b[i] >= 32 && b[i] <= 126;
    return EMG_OK;
}

/* 24 bits in four bytes belong into the high three, but some programs write the low three. The bytes decide: the unused
 * one is always 0, or at most a repeated sign. */
static emg_status find_justification(walk *w, const chunk *c)
{
    emgp_wave *out = w->out;
    uint64_t bytes = out->n_frames * out->n_channels * out->sample_bytes;
    size_t n = bytes < PROBE_BYTES ? (size_t)bytes : PROBE_BYTES;
    unsigned char *probe = emgp_alloc(n, 1);
    if (!probe)
        return emgp_fail_memory(w->err);
    emg_status status = emgp_io_read(w->io, c->at, probe, n, w->err);
    bool high_three = true, low_three = true;
    for (size_t i = 0; status == EMG_OK && i + 4 <= n; i += 4) {
        high_three = high_three && probe[i] == 0;
        low_three = low_three && (probe[i + 3] == 0 || probe[i + 3] == 0xFF);
    }
    emgp_free(probe);
    out->low_bytes = !high_three && low_three;
    if (status != EMG_OK || high_three)
        return status;
    emgp_finding finding = { .code = "W_JUSTIFICATION",
                             .field = "bits per sample",
                             .offset = (int64_t)c->at,
                             .value = "24",
                             .n_value = 2,
                             .action = low_three ? "samples stand in the low three of four bytes: read as such"
                                                 : "all four bytes are in use: read as 32-bit samples" };
    return emgp_deviate(w->deviations, &finding, w->err);
}

static emg_status read_data(walk *w, const chunk *c)
{
    if (!w->has_fmt)
        return emgp_fail_at(w->err, EMG_EFORMAT, (int64_t)c->size_at, -1,
                            "byte %llu: samples stand before the format chunk: the header is damaged",
                            (unsigned long long)c->size_at);
    emgp_wave *out = w->out;
    uint64_t there = emgp_io_size(w->io) - c->at, stated = c->bytes, bytes = stated;
    uint64_t frame = (uint64_t)out->sample_bytes * out->n_channels;
    if (out->format == EMG_FORMAT_RF64 && stated == UINT32_MAX && w->rf64_data_bytes != UINT64_MAX)
        stated = bytes = w->rf64_data_bytes;
    bool follows = true;
    emg_status status = EMG_OK;
    if (stated == 0 && there >= frame && out->format == EMG_FORMAT_WAV)
        status = chunk_follows(w, c->at, &follows);
    if (status != EMG_OK)
        return status;
    if (bytes > there || !follows) /* a size of 0 may have been left by a program that streams */
        bytes = there;
    out->data_offset = c->at;
    out->n_frames = bytes / frame;
    w->done = true;
    if (bytes != stated)
        status = note(w, c, "W_DATA_SIZE", stated, out->n_frames, " frames by the file's size");
    else if (bytes % frame != 0)
        status = note(w, c, "W_PARTIAL_FRAME", stated, bytes % frame, " bytes of an incomplete frame are left out");
    if (status == EMG_OK && out->n_frames == 0)
        status = note(w, c, "W_NO_SAMPLES", stated, 0, " frames: a recording without samples");
    bool padded = !out->is_float && out->sample_bytes == 4 && w->valid_bits == 24;
    return status == EMG_OK && padded ? find_justification(w, c) : status;
}

/* --- chunks -------------------------------------------------------------------------------------------------- */

static emg_status take_chunk(walk *w, const chunk *c)
{
    unsigned char b[16];
    if (strcmp(c->id, "fmt ") == 0 && !w->has_fmt)
        return read_fmt(w, c);
    if (strcmp(c->id, "data") == 0)
        return read_data(w, c);
    if (strcmp(c->id, "ds64") == 0 && w->out->format == EMG_FORMAT_RF64 && c->bytes >= sizeof b) {
        emg_status status = emgp_io_read(w->io, c->at, b, sizeof b, w->err);
        w->rf64_data_bytes = little(b + 8, 8);
        return status;
    }
    return EMG_OK;
}

static emg_status cut_off(const walk *w, uint64_t at)
{
    return emgp_fail_at(w->err, EMG_EFORMAT, (int64_t)at, -1,
                        "byte %llu: the file ends before its %s chunk; copy it again in full", (unsigned long long)at,
                        w->has_fmt ? "data" : "format");
}

/* The chunk at `at`; *next is where the one after it begins. */
static emg_status read_chunk(walk *w, uint64_t at, chunk *c, uint64_t *next)
{
    unsigned char b[24];
    bool wide = w->out->format == EMG_FORMAT_W64;
    size_t head = wide ? 24 : 8;
    uint64_t size = emgp_io_size(w->io);
    if (at > size || size - at < head)
        return cut_off(w, size);
    emg_status status = emgp_io_read(w->io, at, b, head, w->err);
    if (status != EMG_OK)
        return status;
    memcpy(c->id, b, 4);
    c->id[4] = '\0';
    if (wide && memcmp(b + 4, wave64_tail, 12) != 0)
        c->id[0] = '\0'; /* another name space */
    c->at = at + head;
    c->size_at = at + (wide ? 16 : 4);
    c->bytes = little(b + (wide ? 16 : 4), wide ? 8 : 4);
    if (wide && c->bytes < head)
        return refuse(w, c->size_at, "chunk size", c->bytes, "is smaller than the chunk's own head");
    c->bytes -= wide ? head : 0;
    uint64_t padded = wide ? (c->bytes + 7) & ~UINT64_C(7) : c->bytes + (c->bytes & 1);
    *next = padded >= c->bytes && padded <= size - c->at ? c->at + padded : size;
    if (strcmp(c->id, "fmt ") == 0 && c->bytes > size - c->at)
        return cut_off(w, size);
    return EMG_OK;
}

emg_status emgp_wave_read(emgp_io *io, emgp_deviations *deviations, emgp_wave *out, emg_error *err)
{
    unsigned char head[12];
    walk w = { .io = io, .deviations = deviations, .out = out, .err = err, .rf64_data_bytes = UINT64_MAX };
    emg_status status = emgp_io_read(io, 0, head, sizeof head, err);
    if (status != EMG_OK)
        return status;
    *out = (emgp_wave){ .format = is_wave64(head, sizeof head)         ? EMG_FORMAT_W64
                                  : is_riff(head, sizeof head, "RF64") ? EMG_FORMAT_RF64
                                                                       : EMG_FORMAT_WAV };
    uint64_t at = out->format == EMG_FORMAT_W64 ? 40 : 12;
    for (int i = 0; i < MOST_CHUNKS && status == EMG_OK && !w.done; i++) {
        chunk c;
        status = read_chunk(&w, at, &c, &at);
        if (status == EMG_OK)
            status = take_chunk(&w, &c);
    }
    if (status == EMG_OK && !w.done)
        return emgp_fail_at(err, EMG_EFORMAT, (int64_t)at, -1, "byte %llu: no data chunk among the first %d chunks",
                            (unsigned long long)at, MOST_CHUNKS);
    return status;
}
