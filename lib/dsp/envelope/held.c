/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A held value is told from noise of few levels by how often that repeats itself. */
#include "dsp/envelope/envelope.h"

#include <math.h>

/* The chance, as -log, that the samples of a stretch repeat as those around it do; at a known limit so many are enough. */
static const double least_surprise = 40, least_frames = 3;

bool emgp_held_add(emgp_held *held, const emgp_bin *bin, size_t channel)
{
    if (bin->low[channel] < bin->high[channel]) {
        held->n_bins = 0;
        return false;
    }
    if (held->n_bins == 0 || held->value < bin->low[channel] || held->value > bin->low[channel])
        *held = (emgp_held){ .value = bin->low[channel] };
    held->n_bins++;
    held->at_limit = bin->at_limit[channel] > 0;
    return true;
}

double emgp_held_share(double repeats, double frames)
{
    return frames > 0 ? fmax(0.5, repeats) / frames : 1;
}

bool emgp_held_by_chance(double frames, bool at_limit, double repeating)
{
    return -log(fmin(1, repeating)) * frames < least_surprise && !(at_limit && frames >= least_frames);
}
