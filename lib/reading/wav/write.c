/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WAV out: libsndfile makes the header, over a file that is whole or absent. */
#include "reading/wav/wav.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sndfile.h>

#include "base/base.h"

enum { BATCH_SAMPLES = 16 * 1024, MOST_CHANNELS = 1024, MOST_FRAME_BYTES = 65535 };

struct emgp_wav_writer {
    SNDFILE *file;
    emgp_newfile *out;
    uint64_t length, position; /* of the file as libsndfile sees it */
    emg_status io_status;      /* the first failed write: libsndfile would say less of it */
    emg_error io_error;
    size_t n_channels;
    emgp_wav_samples samples;
    double scale; /* steps, or parts of full scale, in a unit */
    uint64_t n_clipped;
    union {
        float real[BATCH_SAMPLES];
        int step[BATCH_SAMPLES];
    } batch;
};

/* --- libsndfile's file --- */

static sf_count_t file_length(void *context)
{
    return (sf_count_t)((const emgp_wav_writer *)context)->length;
}

static sf_count_t file_tell(void *context)
{
    return (sf_count_t)((const emgp_wav_writer *)context)->position;
}

static sf_count_t file_seek(sf_count_t offset, int whence, void *context)
{
    emgp_wav_writer *w = context;
    uint64_t base = whence == SEEK_CUR ? w->position : whence == SEEK_END ? w->length : 0;
    sf_count_t to = (sf_count_t)base + offset;
    if (to < 0 || (uint64_t)to > w->length)
        return -1;
    w->position = (uint64_t)to;
    return to;
}

/* The PEAK chunk, which RF64 files of floats always get, holds the second in which the header was written. */
static emg_status forget_time(emgp_wav_writer *w, const char *header, size_t n)
{
    static const char zeros[4];
    enum { TIME_OFFSET = 12 };
    for (size_t i = 12; i + TIME_OFFSET + sizeof zeros <= n; i++)
        if (memcmp(header + i, "PEAK", 4) == 0)
            return emgp_newfile_patch(w->out, i + TIME_OFFSET, zeros, sizeof zeros, &w->io_error);
    return EMG_OK;
}

/* Overwrites what is there (the header, always whole), appends what goes beyond. */
static sf_count_t file_write(const void *bytes, sf_count_t count, void *context)
{
    emgp_wav_writer *w = context;
    if (count <= 0 || w->io_status != EMG_OK)
        return 0;
    uint64_t over = w->length - w->position;
    size_t n = (size_t)count, old = over < n ? (size_t)over : n;
    w->io_status = emgp_newfile_patch(w->out, w->position, bytes, old, &w->io_error);
    if (w->io_status == EMG_OK)
        w->io_status = emgp_newfile_write(w->out, (const char *)bytes + old, n - old, &w->io_error);
    if (w->io_status == EMG_OK && w->position == 0)
        w->io_status = forget_time(w, bytes, n);
    if (w->io_status != EMG_OK)
        return 0;
    w->position += n;
    w->length += n - old;
    return count;
}

/* What libsndfile refused: the disk's own sentence when there is one. */
static emg_status failure(const emgp_wav_writer *w, emg_error *err)
{
    if (w->io_status != EMG_OK)
        return emgp_fail(err, w->io_status, "%s", w->io_error.text);
    char reason[128];
    emgp_text_printable_string(reason, sizeof reason, sf_strerror(w->file));
    return emgp_fail(err, EMG_EIO, "the wave file cannot be written: %s", reason);
}

/* --- opening --- */

static size_t sample_bytes(emgp_wav_samples samples)
{
    return samples == EMGP_WAV_FLOAT ? 4 : samples == EMGP_WAV_PCM_16 ? 2 : 3;
}

static emg_status check_plan(const emgp_wav_plan *plan, emg_error *err)
{
    if (!(plan->rate_hz >= 1 && plan->rate_hz <= INT_MAX) || rint(plan->rate_hz) < plan->rate_hz ||
        rint(plan->rate_hz) > plan->rate_hz)
        return emgp_fail(err, EMG_ERANGE, "%g samples per second: a wave file says whole numbers only", plan->rate_hz);
    if (plan->n_channels < 1 || plan->n_channels > MOST_CHANNELS ||
        plan->n_channels * sample_bytes(plan->samples) > MOST_FRAME_BYTES)
        return emgp_fail(err, EMG_ERANGE, "a wave file holds 1 to %d channels, not %zu", MOST_CHANNELS,
                         plan->n_channels);
    if (!(plan->full_scale > 0) || !isfinite(plan->full_scale))
        return emgp_fail(err, EMG_EARG, "the full scale of a wave file is a positive number");
    return EMG_OK;
}

/* RF64 that becomes plain RIFF on closing when its size allows. */
static emg_status open_encoder(emgp_wav_writer *w, const emgp_wav_plan *plan, emg_error *err)
{
    static const int formats[] = { SF_FORMAT_FLOAT, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24 };
    SF_INFO info = { .samplerate = (int)plan->rate_hz,
                     .channels = (int)plan->n_channels,
                     .format = SF_FORMAT_RF64 | formats[plan->samples] };
    SF_VIRTUAL_IO io = { file_length, file_seek, NULL, file_write, file_tell };
    w->file = sf_open_virtual(&io, SFM_WRITE, &info, w);
    if (!w->file)
        return failure(w, err);
    (void)sf_command(w->file, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
    return EMG_OK;
}

emg_status emgp_wav_writer_open(emgp_wav_writer **out, const char *path, const emgp_wav_plan *plan, emg_error *err)
{
    *out = NULL;
    emg_status status = check_plan(plan, err);
    if (status != EMG_OK)
        return status;
    emgp_wav_writer *w = emgp_alloc(1, sizeof *w);
    if (!w)
        return emgp_fail_memory(err);
    static const double steps[] = { 1, 32768, 8388608 };
    w->io_error = (emg_error)EMG_ERROR_NONE;
    w->n_channels = plan->n_channels;
    w->samples = plan->samples;
    w->scale = steps[plan->samples] / plan->full_scale;
    status = emgp_newfile_open(&w->out, path, err);
    if (status == EMG_OK)
        status = open_encoder(w, plan, err);
    if (status == EMG_OK)
        *out = w;
    else
        emgp_wav_writer_free(w);
    return status;
}

void emgp_wav_writer_free(emgp_wav_writer *w)
{
    if (!w)
        return;
    if (w->file) {
        w->io_status = EMG_ECANCELLED; /* closing need not complete the header of a file that is removed */
        (void)sf_close(w->file);
    }
    emgp_newfile_free(w->out);
    emgp_free(w);
}

uint64_t emgp_wav_writer_n_clipped(const emgp_wav_writer *w)
{
    return w->n_clipped;
}

/* --- samples --- */

static float real_of(emgp_wav_writer *w, double x)
{
    double y = x * w->scale;
    if (fabs(y) <= FLT_MAX)
        return (float)y;
    w->n_clipped++;
    return y < 0 ? -FLT_MAX : FLT_MAX;
}

/* The nearest step, at the top of an int, from where libsndfile takes as many bits as the file holds. */
static int step_of(emgp_wav_writer *w, double x)
{
    const double most = w->samples == EMGP_WAV_PCM_16 ? 32767 : 8388607;
    const int unit = w->samples == EMGP_WAV_PCM_16 ? 1 << 16 : 1 << 8;
    double y = floor(x * w->scale + 0.5);
    bool low = !(y >= -most - 1), high = y > most;
    w->n_clipped += low || high;
    return (int)(low ? -most - 1 : high ? most : y) * unit;
}

static emg_status put_batch(emgp_wav_writer *w, const double *x, size_t n_frames, emg_error *err)
{
    size_t n = n_frames * w->n_channels;
    sf_count_t put;
    if (w->samples == EMGP_WAV_FLOAT) {
        for (size_t i = 0; i < n; i++)
            w->batch.real[i] = real_of(w, x[i]);
        put = sf_writef_float(w->file, w->batch.real, (sf_count_t)n_frames);
    } else {
        for (size_t i = 0; i < n; i++)
            w->batch.step[i] = step_of(w, x[i]);
        put = sf_writef_int(w->file, w->batch.step, (sf_count_t)n_frames);
    }
    return put == (sf_count_t)n_frames && w->io_status == EMG_OK ? EMG_OK : failure(w, err);
}

emg_status emgp_wav_writer_push(emgp_wav_writer *w, const double *x, size_t n_frames, emg_error *err)
{
    size_t most = BATCH_SAMPLES / w->n_channels;
    emg_status status = EMG_OK;
    while (n_frames > 0 && status == EMG_OK) {
        size_t n = n_frames < most ? n_frames : most;
        status = put_batch(w, x, n, err);
        x += n * w->n_channels;
        n_frames -= n;
    }
    return status;
}

emg_status emgp_wav_writer_finish(emgp_wav_writer *w, emg_error *err)
{
    bool closed = sf_close(w->file) == 0;
    w->file = NULL;
    if (!closed || w->io_status != EMG_OK)
        return failure(w, err);
    return emgp_newfile_commit(w->out, err);
}
