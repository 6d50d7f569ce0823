/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The truth where nothing is recorded: what happens in a gap is no event, what a gap cuts ends and begins anew there. */
#include <math.h>

#include "simulate/plan/plan.h"

/* The times of an episode that lie within a piece of it. */
static void count_piece(const emg_truth *whole, emg_truth *piece)
{
    double end = piece->onset_s + piece->duration_s;
    size_t first = 0, last;
    while (first < whole->count && whole->times[first] < piece->onset_s)
        first++;
    for (last = first; last < whole->count && whole->times[last] < end; last++)
        ;
    piece->times = whole->times + first;
    piece->count = last - first;
    if (!isnan(piece->frequency_hz))
        piece->frequency_hz =
            piece->count > 1 ? (double)(piece->count - 1) / (whole->times[last - 1] - whole->times[first]) : NAN;
}

/* Adds the part of `whole` between two moments, unless it has none of its bursts. */
static void add_piece(emgp_timeline *timeline, const emg_truth *whole, double from_s, double to_s)
{
    emg_truth piece = *whole;
    piece.onset_s = fmax(whole->onset_s, from_s);
    piece.duration_s = fmin(whole->onset_s + whole->duration_s, to_s) - piece.onset_s;
    piece.peak_s = fmax(piece.peak_s, piece.onset_s);
    if (whole->times)
        count_piece(whole, &piece);
    if (piece.duration_s > 0 && piece.count > 0 && piece.peak_s <= piece.onset_s + piece.duration_s)
        emgp_timeline_add_truth(timeline, &piece);
}

/* Cuts event number `index`, whose pieces are appended; what remains at `index` is without length. */
static void cut(emgp_timeline *timeline, size_t index)
{
    emg_truth whole = timeline->truths[index];
    double end = whole.onset_s + whole.duration_s, from = -INFINITY;
    bool touched = false;
    for (size_t g = 0; g < timeline->n_gaps; g++)
        touched = touched || (timeline->gaps[g].from_s < end && timeline->gaps[g].to_s > whole.onset_s);
    if (!touched)
        return;
    for (size_t g = 0; g < timeline->n_gaps; g++) {
        add_piece(timeline, &whole, from, timeline->gaps[g].from_s);
        from = timeline->gaps[g].to_s;
    }
    add_piece(timeline, &whole, from, INFINITY);
    timeline->truths[index].duration_s = 0;
}

void emgp_timeline_cut_at_gaps(emgp_timeline *timeline)
{
    size_t n = timeline->n_truths, kept = 0;
    for (size_t i = 0; i < n && timeline->n_gaps > 0 && timeline->status == EMG_OK; i++)
        cut(timeline, i);
    if (timeline->n_gaps == 0)
        return;
    for (size_t i = 0; i < timeline->n_truths; i++) {
        emg_truth truth = timeline->truths[i];
        if (truth.duration_s > 0)
            timeline->truths[kept++] = truth;
        else
            emgp_truth_free(&truth);
    }
    timeline->n_truths = kept;
}
