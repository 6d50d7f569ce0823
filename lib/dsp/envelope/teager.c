/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Teager-Kaiser energy: the square of a sample less the product of its neighbours. */
#include "dsp/envelope/envelope.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/base.h"

enum { CHUNK = 512 };

struct emgp_teager {
    size_t n_channels;
    emg_take_frames *take;
    void *context;
    double *x;   /* the last two frames, then up to CHUNK new ones */
    double *out; /* CHUNK + 1 frames; the last energy that went out is kept in `last` */
    double *last;
    uint64_t n; /* frames of the segment */
};

emg_status emgp_teager_new(emgp_teager **out, size_t n_channels, emg_take_frames *take, void *context, emg_error *err)
{
    *out = NULL;
    emgp_teager *t = emgp_alloc(1, sizeof *t);
    if (!t)
        return emgp_fail_memory(err);
    t->n_channels = n_channels;
    t->take = take;
    t->context = context;
    t->x = emgp_alloc(n_channels * (CHUNK + 2), sizeof *t->x);
    t->out = emgp_alloc(n_channels * (CHUNK + 1), sizeof *t->out);
    t->last = emgp_alloc(n_channels, sizeof *t->last);
    if (!t->x || !t->out || !t->last) {
        emgp_teager_free(t);
        return emgp_fail_memory(err);
    }
    *out = t;
    return EMG_OK;
}

void emgp_teager_free(emgp_teager *t)
{
    if (!t)
        return;
    emgp_free(t->x);
    emgp_free(t->out);
    emgp_free(t->last);
    emgp_free(t);
}

size_t emgp_teager_latency(const emgp_teager *t)
{
    (void)t;
    return 2;
}

/* n_frames energies of the frames 1 to n_frames of x; y[i] is that of x[i + 1]. */
static void energies(const double *x, size_t n_frames, size_t n_channels, double *y)
{
    const size_t n = n_frames * n_channels;
    const double *middle = x + n_channels, *after = middle + n_channels;
    for (size_t i = 0; i < n; i++)
        y[i] = middle[i] * middle[i] - x[i] * after[i];
}

/* At most CHUNK frames. */
static emg_status advance(emgp_teager *t, const double *x, size_t n_frames, emg_error *err)
{
    const size_t c = t->n_channels, held = t->n < 2 ? (size_t)t->n : 2, all = held + n_frames;
    memcpy(t->x + held * c, x, n_frames * c * sizeof *x);
    bool first = t->n < 3 && all > 2; /* the first energy stands for the first frame, too */
    size_t n_out = all > 2 ? all - 2 : 0;
    energies(t->x, n_out, c, t->out + (first ? c : 0));
    if (first)
        memcpy(t->out, t->out + c, c * sizeof *t->out);
    n_out += first;
    size_t keep = all < 2 ? all : 2;
    memmove(t->x, t->x + (all - keep) * c, keep * c * sizeof *t->x);
    t->n += n_frames;
    if (n_out == 0)
        return EMG_OK;
    memcpy(t->last, t->out + (n_out - 1) * c, c * sizeof *t->last);
    return t->take(t->context, t->out, n_out, err);
}

emg_status emgp_teager_push(emgp_teager *t, const double *x, size_t n_frames, emg_error *err)
{
    for (size_t done = 0, n; done < n_frames; done += n) {
        n = n_frames - done < CHUNK ? n_frames - done : CHUNK;
        emg_status status = advance(t, x + done * t->n_channels, n, err);
        if (status)
            return status;
    }
    return EMG_OK;
}

emg_status emgp_teager_finish(emgp_teager *t, emg_error *err)
{
    size_t held = t->n < 3 ? (size_t)t->n : 1; /* one or two frames have no energy: zeros */
    if (t->n < 3)
        memset(t->out, 0, held * t->n_channels * sizeof *t->out);
    else
        memcpy(t->out, t->last, t->n_channels * sizeof *t->out);
    t->n = 0;
    return held > 0 ? t->take(t->context, t->out, held, err) : EMG_OK;
}
