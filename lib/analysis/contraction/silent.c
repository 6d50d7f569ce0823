/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Silent periods: where a contraction falls silent behind the response to a marked stimulus, it ends and begins anew. */
#include "analysis/contraction/contraction.h"

#include <math.h>

/*   levels of 5 ms:   ..contraction.. | stimulus | response | what the filters make of it | silence | contraction ..
 *                     <- before_s --->             ^ from here                                      ^ to here        */

/* All ours, chosen on a recording of thirteen silent periods of 51 to 136 ms. */
static const double before_s = 0.5, near_s = 0.02; /* how the contraction was: up to so near the stimulus */
static const double response_s = 0.1;              /* a response is largest so soon, */
static const double response_ratio = 2;            /* and so many times the largest level before */
static const double over_share = 0.05;             /* of its largest level: it is over */
static const double ringing_s = 0.06;              /* the filters ring so long behind it */
static const double after_s = 0.35;                /* silence is sought up to here */
static const double quiet_share = 1.0 / 3;         /* of the mean level before */
static const double least_s = 0.04;                /* silence lasts at least so long, */
static const double longer = 1.5;                  /* and so many times longer than the longest pause before */

typedef struct run {
    size_t from, n; /* levels */
} run;

void emgp_silent_start(emgp_silent *s, const emgp_spill *levels, size_t stream, double step_s)
{
    s->step_s = step_s;
    s->from_s = s->to_s = -INFINITY;
    emgp_spill_start(&s->cursor, levels, stream);
}

void emgp_silent_stop(emgp_silent *s)
{
    emgp_spill_stop(&s->cursor);
}

static double end_of(const emgp_silent *s, const emgp_level_record *record)
{
    return record->start_s + s->step_s * (double)record->n;
}

/* Fills s->level with the levels from before_s before a stimulus on; those that there are none of are NaN. */
static emg_status load(emgp_silent *s, double at_s, emg_error *err)
{
    emgp_level_record record;
    bool there;
    while (s->n_held == 0 || end_of(s, &s->held[s->n_held - 1]) < at_s + after_s) {
        emg_status status = emgp_spill_copy(&s->cursor, &record, sizeof record, &there, err);
        if (!there)
            return status;
        if (s->n_held == EMGP_SILENT_RECORDS)
            memmove(s->held, s->held + 1, --s->n_held * sizeof *s->held);
        s->held[s->n_held++] = record;
    }
    return EMG_OK;
}

static void lay_out(emgp_silent *s, double at_s)
{
    s->n_levels = (size_t)fmin(ceil((before_s + after_s) / s->step_s), EMGP_SILENT_LEVELS);
    for (size_t i = 0; i < s->n_levels; i++)
        s->level[i] = NAN;
    for (size_t r = 0; r < s->n_held; r++) {
        const double first = round((s->held[r].start_s - at_s + before_s) / s->step_s);
        for (size_t i = 0; i < s->held[r].n; i++)
            if (first + (double)i >= 0 && first + (double)i < (double)s->n_levels)
                s->level[(size_t)(first + (double)i)] = (double)emgp_level_amplitude(s->held[r].level[i]);
    }
}

static size_t place_of(const emgp_silent *s, double since_s)
{
    return (size_t)fmin(fmax(round((before_s + since_s) / s->step_s), 0), (double)s->n_levels);
}

/* The longest run of levels below a limit; one that is not known ends it. */
static run longest(const emgp_silent *s, size_t from, size_t to, double limit)
{
    run now = { from, 0 }, best = now;
    for (size_t i = from; i < to; i++) {
        now = s->level[i] < limit ? (run){ now.from, now.n + 1 } : (run){ i + 1, 0 };
        best = now.n > best.n ? now : best;
    }
    return best;
}

static size_t largest(const emgp_silent *s, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        best = s->level[i] > s->level[best] || isnan(s->level[best]) ? i : best;
    return best;
}

static double mean_of(const emgp_silent *s, size_t to)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < to; i++) {
        sum += isnan(s->level[i]) ? 0 : s->level[i];
        n += !isnan(s->level[i]);
    }
    return n > 0 ? sum / n : NAN;
}

/* Whether the levels hold a silent period; from and to which of them. */
static bool find(const emgp_silent *s, size_t *from, size_t *to)
{
    const size_t before = place_of(s, -near_s), stimulus = place_of(s, 0);
    const size_t top = largest(s, stimulus, place_of(s, response_s)), was = largest(s, 0, before);
    const double limit = quiet_share * mean_of(s, before);
    if (before == 0 || top >= s->n_levels || !(s->level[top] >= response_ratio * s->level[was]))
        return false;
    *from = top;
    while (*from < s->n_levels && s->level[*from] >= over_share * s->level[top])
        ++*from;
    const run pause = longest(s, 0, before, limit), silence = longest(s, *from, s->n_levels, limit);
    const double length_s = (double)silence.n * s->step_s;
    *to = silence.from + silence.n;
    return length_s >= least_s && (double)silence.n >= longer * (double)pause.n && *to < s->n_levels &&
           (double)(silence.from - *from) * s->step_s <= ringing_s;
}

/* Looks behind the stimuli up to a time; the latest silent period is kept. True: one was found that no row has seen. */
static emg_status look(emgp_silent *s, double to_s, bool *found, emg_error *err)
{
    size_t from, to;
    for (*found = false; !*found && s->next < s->n && s->stimuli[s->next].onset_s < to_s; s->next++) {
        const double at_s = s->stimuli[s->next].onset_s;
        emg_status status = load(s, at_s, err);
        if (status)
            return status;
        lay_out(s, at_s);
        *found = find(s, &from, &to);
        if (!*found)
            continue;
        s->from_s = at_s - before_s + (double)from * s->step_s;
        s->to_s = at_s - before_s + (double)to * s->step_s;
    }
    return EMG_OK;
}

emg_status emgp_silent_split(emgp_silent *s, const emgp_contraction *row, emgp_take_contraction *take, void *context,
                             emg_error *err)
{
    emgp_contraction left = *row;
    bool found = s->to_s > row->onset_s;
    emg_status status = EMG_OK;
    while (s->next < s->n && s->stimuli[s->next].onset_s < row->onset_s && !found)
        s->next++;
    do {
        if (found && s->from_s > left.onset_s && s->from_s < left.end_s) {
            emgp_contraction first = left;
            first.end_s = s->from_s;
            first.peak_s = fmin(first.peak_s, first.end_s);
            first.flags &= ~(uint32_t)EMGP_CONTRACTION_CUT_AFTER;
            status = take(context, &first, err);
        }
        if (found && s->to_s > left.onset_s) {
            left.onset_s = s->to_s;
            left.peak_s = fmax(left.peak_s, left.onset_s);
            left.flags &= ~(uint32_t)EMGP_CONTRACTION_CUT_BEFORE;
        }
        if (status == EMG_OK)
            status = look(s, left.end_s, &found, err);
    } while (status == EMG_OK && found);
    return status || !(left.end_s > left.onset_s) ? status : take(context, &left, err);
}
