/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of WAV, RF64, W64 and FLAC: libsndfile decodes bytes that were read and checked here. Wave files reach it
 * as headerless samples, so that its header parsers see no hostile byte. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sndfile.h>

#include "base/base.h"
#include "reading/interleaved/interleaved.h"
#include "reading/source/source.h"
#include "reading/wav/wav.h"

typedef struct wav {
    SNDFILE *file;
    emgp_interleaved frames;
    /* what libsndfile sees as its file: a window of the real one */
    emgp_io *io;
    uint64_t window_offset, window_bytes, position;
    double rate_hz;
    double factor;        /* of each sample */
    bool low_bytes;       /* samples are shifted up by a byte: into the high three of four */
    emg_status io_status; /* the first failed read: libsndfile would turn it into silence */
    emg_error io_error;
} wav;

/* --- libsndfile's file --------------------------------------------------------------------------------------- */

static sf_count_t window_length(void *context)
{
    return (sf_count_t)((const wav *)context)->window_bytes;
}

static sf_count_t window_tell(void *context)
{
    return (sf_count_t)((const wav *)context)->position;
}

static sf_count_t window_seek(sf_count_t offset, int whence, void *context)
{
    wav *w = context;
    sf_count_t base = whence == SEEK_CUR   ? (sf_count_t)w->position
                      : whence == SEEK_END ? (sf_count_t)w->window_bytes
                                           : 0;
    sf_count_t to;
    if (__builtin_add_overflow(base, offset, &to) || to < 0)
        return -1;
    w->position = (uint64_t)to;
    return to;
}

static sf_count_t window_read(void *out, sf_count_t count, void *context)
{
    wav *w = context;
    if (count <= 0 || w->position >= w->window_bytes || w->io_status != EMG_OK)
        return 0;
    uint64_t left = w->window_bytes - w->position;
    size_t n = (uint64_t)count < left ? (size_t)count : (size_t)left;
    uint64_t offset = w->window_offset + w->position - (w->low_bytes ? 1 : 0);
    w->io_status = emgp_io_read(w->io, offset, out, n, &w->io_error);
    if (w->io_status != EMG_OK)
        return 0;
    if (w->low_bytes)
        for (size_t i = (size_t)(-w->position & 3); i < n; i += 4)
            ((unsigned char *)out)[i] = 0;
    w->position += n;
    return (sf_count_t)n;
}

static emg_status fail_io(const wav *w, emg_error *err)
{
    return emgp_fail_at(err, w->io_status, w->io_error.offset, -1, "%s", w->io_error.text);
}

static emg_status open_decoder(wav *w, SF_INFO *info, emg_error *err)
{
    SF_VIRTUAL_IO io = { window_length, window_seek, window_read, NULL, window_tell };
    w->file = sf_open_virtual(&io, SFM_READ, info, w);
    if (w->io_status != EMG_OK)
        return fail_io(w, err);
    if (w->file)
        return EMG_OK;
    char reason[128];
    emgp_text_printable_string(reason, sizeof reason, sf_strerror(NULL));
    return emgp_fail_at(err, EMG_EFORMAT, 0, -1, "byte 0: the header cannot be decoded: %s", reason);
}

/* --- samples ------------------------------------------------------------------------------------------------- */

static emg_status wav_skip(void *context, uint64_t frame, emg_error *err)
{
    wav *w = context;
    if (sf_seek(w->file, (sf_count_t)frame, SF_SEEK_SET) == (sf_count_t)frame)
        return EMG_OK;
    return w->io_status != EMG_OK ? fail_io(w, err)
                                  : emgp_fail(err, EMG_EFORMAT, "frame %llu cannot be reached: the file is damaged",
                                              (unsigned long long)frame);
}

static emg_status wav_read(void *context, uint64_t frame, double *out, size_t n, size_t *got, emg_error *err)
{
    wav *w = context;
    sf_count_t taken = sf_readf_double(w->file, out, (sf_count_t)n);
    if (w->io_status != EMG_OK)
        return fail_io(w, err);
    if (sf_error(w->file) != SF_ERR_NO_ERROR) /* also with a full count: a damaged FLAC frame is decoded as silence */
        return emgp_fail(err, EMG_EFORMAT, "the frames from %llu on cannot be decoded: the file is damaged",
                         (unsigned long long)frame);
    *got = taken > 0 ? (size_t)taken : 0;
    for (size_t i = 0; (w->factor < 1 || w->factor > 1) && i < *got * w->frames.n_channels; i++)
        out[i] *= w->factor;
    return EMG_OK;
}

/* --- open ---------------------------------------------------------------------------------------------------- */

static bool is_flac(const unsigned char *head, size_t n)
{
    return n >= 4 && memcmp(head, "fLaC", 4) == 0;
}

static bool wav_sniff(const unsigned char *head, size_t n)
{
    return emgp_wave_sniff(head, n) || is_flac(head, n);
}

static emg_status open_wave(emg_recording *rec, wav *w, SF_INFO *info, emg_error *err)
{
    emgp_wave wave;
    emg_status status = emgp_wave_read(rec->io, &rec->deviations, &wave, err);
    if (status != EMG_OK)
        return status;
    static const int formats[] = { 0, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32 };
    int samples = !wave.is_float           ? formats[wave.sample_bytes]
                  : wave.sample_bytes == 8 ? SF_FORMAT_DOUBLE
                                           : SF_FORMAT_FLOAT;
    *info = (SF_INFO){ .samplerate = (int)wave.rate_hz,
                       .channels = (int)wave.n_channels,
                       .format = SF_FORMAT_RAW | SF_ENDIAN_LITTLE | samples };
    rec->facts.format = wave.format;
    w->frames.checked = wave.is_float;
    w->frames.n_frames = wave.n_frames;
    w->window_offset = wave.data_offset;
    w->low_bytes = wave.low_bytes;
    w->window_bytes = wave.n_frames * wave.sample_bytes * wave.n_channels;
    return wave.n_frames > 0 ? open_decoder(w, info, err) : EMG_OK;
}

static emg_status open_flac(emg_recording *rec, wav *w, SF_INFO *info, emg_error *err)
{
    rec->facts.format = EMG_FORMAT_FLAC;
    w->window_bytes = emgp_io_size(rec->io);
    emg_status status = open_decoder(w, info, err);
    if (status != EMG_OK)
        return status;
    if ((info->format & SF_FORMAT_TYPEMASK) != SF_FORMAT_FLAC || info->channels < 1 ||
        info->channels > EMGP_WAVE_MOST_CHANNELS || info->samplerate < EMGP_WAVE_LEAST_HZ ||
        info->samplerate > EMGP_WAVE_MOST_HZ)
        return emgp_fail_at(err, EMG_EFORMAT, 8, -1,
                            "byte 8: %d channels at %d Hz: not from 1 to 1024 channels and 100 Hz to 10 MHz",
                            info->channels, info->samplerate);
    if (info->frames <= 0 || info->frames >= INT64_MAX / 2)
        return emgp_fail_at(err, EMG_EUNSUPPORTED, 21, -1,
                            "byte 21: the total number of samples is not stated: encode the FLAC file again");
    w->frames.n_frames = (uint64_t)info->frames;
    return EMG_OK;
}

static emg_status fill_facts(emg_recording *rec, wav *w, const SF_INFO *info, emg_error *err)
{
    emg_recording_facts *facts = &rec->facts;
    double rate = w->rate_hz > 0 ? w->rate_hz : info->samplerate;
    double scale = emgp_format_is_audio(facts->format) ? rec->reading.full_scale_uv : 0;
    facts->n_channels = w->frames.n_channels = (size_t)info->channels;
    facts->duration_s = facts->span_s = (double)w->frames.n_frames / rate;
    rec->channels = emgp_alloc(facts->n_channels, sizeof *rec->channels);
    if (!rec->channels)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < facts->n_channels; i++) {
        emg_channel *c = &rec->channels[i];
        c->number = i + 1;
        c->rate_hz = rate;
        c->n_samples = w->frames.n_frames;
        c->to_uv = scale > 0 ? scale : 0;
        c->usable = true;
    }
    return w->frames.n_frames > 0 ? emgp_segments_begin(rec, 0.0, facts->span_s, err) : EMG_OK;
}

static emg_status make(emg_recording *rec, emg_error *err)
{
    wav *w = rec->state = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    w->io = rec->io;
    w->factor = 1;
    w->frames.source = (emgp_frame_source){ wav_skip, wav_read, w };
    w->io_error = (emg_error)EMG_ERROR_NONE;
    rec->facts.file_bytes = emgp_io_size(rec->io);
    return EMG_OK;
}

static emg_status wav_open(emg_recording *rec, emg_error *err)
{
    unsigned char head[4];
    SF_INFO info = { 0 };
    emg_status status = make(rec, err);
    wav *w = rec->state;
    if (status == EMG_OK)
        status = emgp_io_read(rec->io, 0, head, sizeof head, err);
    if (status == EMG_OK)
        status = is_flac(head, sizeof head) ? open_flac(rec, w, &info, err) : open_wave(rec, w, &info, err);
    return status == EMG_OK ? fill_facts(rec, w, &info, err) : status;
}

static void wav_close(emg_recording *rec)
{
    wav *w = rec->state;
    if (!w)
        return;
    if (w->file)
        sf_close(w->file);
    emgp_interleaved_free(&w->frames);
    emgp_free(w);
}

static emg_status wav_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    wav *w = rec->state;
    return emgp_interleaved_next(rec, &w->frames, block, err);
}

/* --- samples without a header --------------------------------------------------------------------------------- */

static emg_status open_raw(emg_recording *rec, wav *w, SF_INFO *info, emg_error *err)
{
    emgp_raw raw;
    emg_status status = emgp_raw_read(rec->reading.raw, &raw, err);
    if (status != EMG_OK)
        return status;
    const uint64_t bytes = emgp_io_size(rec->io), frame = (uint64_t)raw.sample_bytes * raw.n_channels;
    rec->facts.format = EMG_FORMAT_RAW;
    w->rate_hz = raw.rate_hz;
    w->factor = rec->reading.scale;
    w->frames.checked = raw.sample_bytes >= 4;
    w->frames.n_frames = bytes / frame;
    w->window_bytes = w->frames.n_frames * frame;
    if (w->frames.n_frames == 0)
        return emgp_fail(err, EMG_EFORMAT, "no frame of %u channels of %u bytes is in the file", raw.n_channels,
                         raw.sample_bytes);
    const emgp_finding cut = {
        .code = "W_PARTIAL_FRAME", .field = "size", .offset = (int64_t)w->window_bytes, .things = "byte"
    };
    if (bytes % frame > 0)
        status = emgp_deviate_count(&rec->deviations, &cut, (size_t)(bytes % frame), err);
    *info = (SF_INFO){ .samplerate = (int)fmax(1, rint(raw.rate_hz)),
                       .channels = (int)raw.n_channels,
                       .format = raw.format };
    status = status == EMG_OK ? open_decoder(w, info, err) : status;
    if (status == EMG_OK)
        (void)sf_command(w->file, SFC_SET_NORM_DOUBLE, NULL, SF_FALSE); /* integers count steps */
    return status;
}

static emg_status raw_open(emg_recording *rec, emg_error *err)
{
    SF_INFO info = { 0 };
    emg_status status = make(rec, err);
    if (status == EMG_OK)
        status = open_raw(rec, rec->state, &info, err);
    return status == EMG_OK ? fill_facts(rec, rec->state, &info, err) : status;
}

/* Samples without a header are never recognised, but said to be such. */
static bool raw_sniff(const unsigned char *head, size_t n)
{
    (void)head;
    (void)n;
    return false;
}

const emgp_reader emgp_raw_reader = { raw_sniff, raw_open, wav_next, NULL, wav_close };
const emgp_reader emgp_wav_reader = { wav_sniff, wav_open, wav_next, NULL, wav_close };
