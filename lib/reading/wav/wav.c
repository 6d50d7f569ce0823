/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of WAV, RF64, W64 and FLAC: libsndfile decodes bytes that were read and checked here. Wave files reach it
 * as headerless samples, so that its header parsers see no hostile byte. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sndfile.h>

#include "base/base.h"
#include "reading/channels/channels.h"
#include "reading/source/source.h"
#include "reading/wav/wav.h"

enum { SLICE_SAMPLES = EMGP_SLICE_BYTES / sizeof(double), BLOCK_SAMPLES = 32 * 1024 };

typedef struct wav {
    SNDFILE *file;
    bool is_float;
    size_t n_channels; /* of the file */
    uint64_t n_frames;
    /* what libsndfile sees as its file: a window of the real one */
    emgp_io *io;
    uint64_t window_offset, window_bytes, position;
    bool low_bytes;       /* samples are shifted up by a byte: into the high three of four */
    emg_status io_status; /* the first failed read: libsndfile would turn it into silence */
    emg_error io_error;
    /* frames in memory, all channels interleaved */
    double *slice, *x;
    size_t slice_frames, block_frames;
    uint64_t slice_start, slice_end; /* frames of the file */
    uint64_t end;                    /* of the time window; without annotations there is but one */
    size_t *used, n_used;            /* channels of the file that blocks are made of */
    bool begun;
    /* the stretch of finite frames being given out, group after group */
    uint64_t run_start, run_end, frame;
    size_t group;
    bool fresh;                  /* the run does not follow the one before */
    bool in_gap;                 /* the frame before the next one to be examined was left out */
    uint64_t *not_finite, *huge; /* per channel */
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
    w->is_float = wave.is_float;
    w->n_frames = wave.n_frames;
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
    w->n_frames = (uint64_t)info->frames;
    return EMG_OK;
}

static emg_status fill_facts(emg_recording *rec, wav *w, const SF_INFO *info, emg_error *err)
{
    emg_recording_facts *facts = &rec->facts;
    double rate = info->samplerate, scale = rec->reading.full_scale_uv;
    facts->n_channels = w->n_channels = (size_t)info->channels;
    facts->duration_s = facts->span_s = (double)w->n_frames / rate;
    rec->channels = emgp_alloc(facts->n_channels, sizeof *rec->channels);
    if (!rec->channels)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < facts->n_channels; i++) {
        emg_channel *c = &rec->channels[i];
        c->number = i + 1;
        c->rate_hz = rate;
        c->n_samples = w->n_frames;
        c->to_uv = scale > 0 ? scale : 0;
        c->usable = true;
    }
    return w->n_frames > 0 ? emgp_segments_begin(rec, 0.0, facts->span_s, err) : EMG_OK;
}

static emg_status wav_open(emg_recording *rec, emg_error *err)
{
    wav *w = rec->state = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    w->io = rec->io;
    w->io_error = (emg_error)EMG_ERROR_NONE;
    rec->facts.file_bytes = emgp_io_size(rec->io);
    unsigned char head[4];
    SF_INFO info = { 0 };
    emg_status status = emgp_io_read(rec->io, 0, head, sizeof head, err);
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
    emgp_free(w->slice);
    emgp_free(w->x);
    emgp_free(w->used);
    emgp_free(w->not_finite);
    emgp_free(w->huge);
    emgp_free(w);
}

/* --- samples ------------------------------------------------------------------------------------------------- */

static emg_status find_used(const emg_recording *rec, wav *w, emg_error *err)
{
    bool *taken = emgp_alloc(w->n_channels, sizeof *taken);
    w->used = emgp_alloc(w->n_channels, sizeof *w->used);
    if (!taken || !w->used) {
        emgp_free(taken);
        return emgp_fail_memory(err);
    }
    for (size_t i = 0; i < rec->groups.n_channels; i++) {
        size_t channel = rec->groups.channel[i];
        for (size_t k = 0; k < emgp_terms_count(&rec->derivations, channel); k++)
            taken[emgp_terms_at(&rec->derivations, channel, k).channel] = true;
    }
    for (size_t i = 0; i < w->n_channels; i++)
        if (taken[i])
            w->used[w->n_used++] = i;
    emgp_free(taken);
    return EMG_OK;
}

static emg_status prepare(emg_recording *rec, wav *w, emg_error *err)
{
    size_t n = w->n_channels, widest = rec->groups.widest;
    double rate = rec->channels[0].rate_hz;
    w->slice_frames = SLICE_SAMPLES / n;
    w->block_frames = rec->reading.block_frames ? rec->reading.block_frames : BLOCK_SAMPLES / widest;
    if (w->block_frames > w->slice_frames)
        w->block_frames = w->slice_frames;
    w->slice = emgp_alloc(w->slice_frames * n, sizeof *w->slice);
    w->x = emgp_alloc(w->block_frames * widest, sizeof *w->x);
    w->not_finite = emgp_alloc(n, sizeof *w->not_finite);
    w->huge = emgp_alloc(n, sizeof *w->huge);
    if (!w->slice || !w->x || !w->not_finite || !w->huge)
        return emgp_fail_memory(err);
    emg_status status = find_used(rec, w, err);
    if (status != EMG_OK)
        return status;
    w->end = emgp_frame_at(0.0, rate, w->n_frames, rec->reading.to_s);
    uint64_t from = emgp_frame_at(0.0, rate, w->n_frames, rec->reading.from_s);
    w->slice_start = w->slice_end = w->run_start = w->run_end = w->frame = from;
    w->group = rec->groups.n;
    w->fresh = true;
    w->begun = true;
    if (from > 0 && from < w->end && sf_seek(w->file, (sf_count_t)from, SF_SEEK_SET) != (sf_count_t)from)
        return w->io_status != EMG_OK ? fail_io(w, err)
                                      : emgp_fail(err, EMG_EFORMAT, "frame %llu cannot be reached: the file is damaged",
                                                  (unsigned long long)from);
    return EMG_OK;
}

/* The header states more than there is. */
static emg_status ended_early(emg_recording *rec, wav *w, uint64_t at, emg_error *err)
{
    emgp_finding finding = { .code = "W_DATA_SIZE",
                             .field = "data size",
                             .offset = -1,
                             .action = "the file ends there, before the number it states",
                             .things = "frame" };
    w->n_frames = w->end = at;
    rec->facts.span_s = (double)at / rec->channels[0].rate_hz;
    if (!w->in_gap)
        emgp_segments_end(rec, rec->facts.span_s);
    for (size_t i = 0; i < rec->facts.n_channels; i++)
        rec->channels[i].n_samples = at;
    return emgp_deviate_count(&rec->deviations, &finding, at, err);
}

static emg_status load(emg_recording *rec, wav *w, emg_error *err)
{
    uint64_t left = w->end - w->slice_end;
    size_t n = left < w->slice_frames ? (size_t)left : w->slice_frames;
    sf_count_t got = sf_readf_double(w->file, w->slice, (sf_count_t)n);
    if (w->io_status != EMG_OK)
        return fail_io(w, err);
    if (sf_error(w->file) != SF_ERR_NO_ERROR) /* also with a full count: a damaged FLAC frame is decoded as silence */
        return emgp_fail(err, EMG_EFORMAT, "the frames from %llu on cannot be decoded: the file is damaged",
                         (unsigned long long)w->slice_end);
    w->slice_start = w->slice_end;
    w->slice_end += (uint64_t)got;
    return (size_t)got < n ? ended_early(rec, w, w->slice_end, err) : EMG_OK;
}

/* What a decoded sample is multiplied with. */
static double scale_of(const emg_channel *c)
{
    double scale = c->to_uv > 0 ? c->to_uv : 1.0;
    return c->inverted ? -scale : scale;
}

/* A sample that is finite, and of a size that can be squared in single precision. */
static bool sound_sample(const emg_recording *rec, const wav *w, uint64_t frame, size_t channel)
{
    double x = w->slice[(frame - w->slice_start) * w->n_channels + channel];
    return fabs(x * scale_of(&rec->channels[channel])) <= EMGP_MOST_CREDIBLE;
}

/* One channel's fault is a gap in all: blocks of several groups then stay aligned whatever their size. */
static bool sound_frame(const emg_recording *rec, const wav *w, uint64_t frame)
{
    for (size_t i = 0; i < w->n_used; i++)
        if (!sound_sample(rec, w, frame, w->used[i]))
            return false;
    return true;
}

static void count_faults(const emg_recording *rec, wav *w, uint64_t frame)
{
    for (size_t i = 0; i < w->n_used; i++) {
        size_t channel = w->used[i];
        if (sound_sample(rec, w, frame, channel))
            continue;
        if (isfinite(w->slice[(frame - w->slice_start) * w->n_channels + channel]))
            w->huge[channel]++;
        else
            w->not_finite[channel]++;
    }
}

/* The next stretch of sound frames in the slice, from frame `from`; empty at the slice's end. */
static emg_status find_run(emg_recording *rec, wav *w, uint64_t from, emg_error *err)
{
    uint64_t at = from;
    double rate = rec->channels[0].rate_hz;
    for (; w->is_float && at < w->slice_end && !sound_frame(rec, w, at); at++) {
        if (!w->in_gap)
            emgp_segments_end(rec, (double)at / rate);
        w->in_gap = true;
        count_faults(rec, w, at);
    }
    w->run_start = w->frame = at;
    if (at < w->slice_end && w->in_gap) {
        emg_status status = emgp_segments_begin(rec, (double)at / rate, (double)w->n_frames / rate, err);
        if (status != EMG_OK)
            return status;
        w->in_gap = false;
        w->fresh = true;
    }
    while (at < w->slice_end && (!w->is_float || sound_frame(rec, w, at)))
        at = w->is_float ? at + 1 : w->slice_end;
    w->run_end = at;
    return EMG_OK;
}

static emg_status note_samples(emg_recording *rec, const wav *w, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < w->n_channels && status == EMG_OK; i++) {
        emgp_finding bad = { .code = "W_NOT_FINITE",
                             .field = "samples",
                             .offset = -1,
                             .channel = (int64_t)i + 1,
                             .action = "samples that are not finite are gaps",
                             .things = "sample" };
        emgp_finding huge = bad;
        huge.code = "W_SAMPLE_HUGE";
        huge.action = "samples beyond 1e12 are not credible: they are gaps";
        if (w->not_finite[i] > 0)
            status = emgp_deviate_count(&rec->deviations, &bad, w->not_finite[i], err);
        if (status == EMG_OK && w->huge[i] > 0)
            status = emgp_deviate_count(&rec->deviations, &huge, w->huge[i], err);
    }
    emgp_segments_sum(rec);
    return status;
}

/* n samples of a channel to every stride-th double of out: the first term is put there, the others are added. */
static void take_channel(const emg_recording *rec, const wav *w, size_t channel, double *out, size_t stride, size_t n)
{
    for (size_t k = 0; k < emgp_terms_count(&rec->derivations, channel); k++) {
        emgp_term term = emgp_terms_at(&rec->derivations, channel, k);
        double scale = scale_of(&rec->channels[term.channel]), weight = term.weight;
        const double *from = w->slice + (w->frame - w->slice_start) * w->n_channels + term.channel;
        for (size_t i = 0; i < n && k == 0; i++)
            out[i * stride] = weight * (from[i * w->n_channels] * scale);
        for (size_t i = 0; i < n && k > 0; i++)
            out[i * stride] += weight * (from[i * w->n_channels] * scale);
    }
}

static void emit(emg_recording *rec, wav *w, emg_block *block)
{
    const emgp_group *group = &rec->groups.group[w->group];
    const size_t *channel = rec->groups.channel + group->first;
    uint64_t left = w->run_end - w->frame;
    size_t n = left < w->block_frames ? (size_t)left : w->block_frames;
    for (size_t k = 0; k < group->n; k++)
        take_channel(rec, w, channel[k], w->x + k, group->n, n);
    *block = (emg_block){ .n_channels = group->n,
                          .n_frames = n,
                          .x = w->x,
                          .channel = channel,
                          .rate_hz = group->rate_hz,
                          .start_s = (double)w->frame / group->rate_hz,
                          .new_segment = w->fresh && w->frame == w->run_start };
    w->frame += n;
}

static emg_status wav_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    wav *w = rec->state;
    if (rec->groups.n == 0 || w->n_frames == 0)
        return EMG_OK;
    emg_status status = w->begun ? EMG_OK : prepare(rec, w, err);
    while (status == EMG_OK) {
        for (; w->group < rec->groups.n; w->group++, w->frame = w->run_start) {
            if (w->frame < w->run_end) {
                emit(rec, w, block);
                return EMG_OK;
            }
        }
        if (w->run_end > w->run_start)
            w->fresh = false;
        if (w->run_end == w->slice_end) {
            if (rec->deviations.strict || w->slice_end >= w->end)
                status = note_samples(rec, w, err);
            if (status != EMG_OK || w->slice_end >= w->end)
                return status;
            status = load(rec, w, err);
        }
        if (status == EMG_OK)
            status = find_run(rec, w, w->run_end, err);
        w->group = 0;
    }
    return status;
}

const emgp_reader emgp_wav_reader = { wav_sniff, wav_open, wav_next, NULL, wav_close };
