/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One recording scored: its events in order, matched class by class and then whatever their labels say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/score/score.h"
#include "base/base.h"

/* What the limits of a match give, in seconds and in shares: times are decimals, and 1.010 - 1 is above 0.010 in binary. */
static const double GIVE = 1e-9;
static const double MARGIN_S = 1e-6; /* of the candidates, which are judged one by one */

/* An event as it is compared. */
typedef struct item {
    const emg_event *event;
    uint64_t group;      /* only items of equal groups match */
    double at, from, to; /* the fiducial (episodes: the onset); the stretch it covers */
    bool paired;
} item;

typedef struct side {
    item *items;
    size_t n;
    double longest[2]; /* of its single events, of its episodes: how far an item reaches from its `at` */
} side;

/* What is being matched: items of one group on both sides. */
typedef struct match {
    const emg_score_config *config;
    const item *truth, *found;
    size_t n_truth, n_found;
} match;

bool emgp_score_single(emg_class trial_type)
{
    return trial_type == EMG_FASCICULATION || trial_type == EMG_MYOCLONUS || trial_type == EMG_EVOKED ||
           trial_type == EMG_UNCLASSIFIED;
}

static item item_of(const emg_event *e, emg_fiducial fiducial)
{
    double duration = e->duration_s > 0 ? e->duration_s : 0;
    item i = { .event = e, .at = e->onset_s, .from = e->onset_s, .to = e->onset_s + duration };
    if (!emgp_score_single(e->trial_type))
        return i;
    if (fiducial != EMG_FIDUCIAL_ONSET)
        i.at = e->onset_s + duration / 2;
    if (fiducial == EMG_FIDUCIAL_PEAK && isfinite(e->peak_s))
        i.at = e->peak_s;
    return i;
}

static double shared_of(const item *a, const item *b)
{
    return fmax(0, fmin(a->to, b->to) - fmax(a->from, b->from));
}

/* Intersection over union; 0 for two that have no length. */
static double overlap_of(const item *a, const item *b)
{
    double all = fmax(a->to, b->to) - fmin(a->from, b->from);
    return all > 0 ? shared_of(a, b) / all : 0;
}

static int by_number(double a, double b)
{
    if (isnan(a) || isnan(b))
        return (isnan(a) != 0) - (isnan(b) != 0);
    return (a > b) - (a < b);
}

/* Of events alike in time the surer one comes first, so that the order in which they were given never counts. */
static int by_group_and_time(const void *one, const void *other)
{
    const item *a = one, *b = other;
    const emg_event *x = a->event, *y = b->event;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    const int order[] = { by_number(a->at, b->at),
                          by_number(a->to, b->to),
                          by_number(a->from, b->from),
                          (x->trial_type > y->trial_type) - (x->trial_type < y->trial_type),
                          by_number(y->confidence, x->confidence),
                          by_number(x->frequency_hz, y->frequency_hz),
                          (x->count > y->count) - (x->count < y->count) };
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        if (order[k])
            return order[k];
    return 0;
}

static uint64_t group_of(uint32_t channel, uint64_t last)
{
    return (uint64_t)channel << 8 | last;
}

/* Groups by channel and, when labels count, class; else by channel and by being single (0) or an episode (1). */
static void regroup(side *s, bool labels)
{
    s->longest[0] = s->longest[1] = 0;
    for (size_t i = 0; i < s->n; i++) {
        item *x = &s->items[i];
        uint64_t kind = emgp_score_single(x->event->trial_type) ? 0 : 1;
        x->group = group_of(x->event->channel, labels ? (uint64_t)x->event->trial_type : kind);
        x->paired = false;
        s->longest[kind] = fmax(s->longest[kind], fmax(x->to - x->at, x->at - x->from));
    }
    if (s->n > 0)
        qsort(s->items, s->n, sizeof *s->items, by_group_and_time);
}

/* Items of one kind and channel that may touch a stretch, [*first, *end) of a side grouped without labels. */
static void window(const side *s, uint32_t channel, size_t kind, double from, double to, size_t *first, size_t *end)
{
    const double reach = s->longest[kind];
    const uint64_t group = group_of(channel, kind);
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const item *x = &s->items[middle];
        if (x->group < group || (x->group == group && x->at < from - reach))
            low = middle + 1;
        else
            high = middle;
    }
    *first = *end = low;
    while (*end < s->n && s->items[*end].group == group && s->items[*end].at <= to + reach)
        (*end)++;
}

static bool may_pair(const void *context, size_t i, size_t j, double *distance)
{
    const match *m = context;
    const item *a = &m->truth[i], *b = &m->found[j];
    if (emgp_score_single(a->event->trial_type)) {
        *distance = fabs(b->at - a->at);
        return *distance <= m->config->tolerance_s + GIVE;
    }
    double overlap = overlap_of(a, b);
    *distance = 1 - overlap;
    return overlap >= m->config->least_overlap - GIVE;
}

/* How many of the items, in order of time, lie before an instant. */
static size_t count_before(const item *items, size_t n, double at)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The found items that each true one may meet: within the tolerance; or those that begin where an overlap can still be
 * large enough, which is at most its length / overlap before its end, and overlap * length before it at the latest. */
static void find_ranges(const match *m, emgp_match_range *range)
{
    const double overlap = m->config->least_overlap, tolerance = m->config->tolerance_s;
    for (size_t i = 0; i < m->n_truth; i++) {
        const item *a = &m->truth[i];
        bool single = emgp_score_single(a->event->trial_type);
        double first = single ? a->at - tolerance : a->to - (a->to - a->from) / overlap;
        double last = single ? a->at + tolerance : a->to - (a->to - a->from) * overlap;
        size_t from = count_before(m->found, m->n_found, first - MARGIN_S);
        range[i] = (emgp_match_range){ from, from + count_before(m->found + from, m->n_found - from, last + MARGIN_S) };
    }
}

static emg_status match_group(const match *m, ptrdiff_t *partner, emg_error *err)
{
    emgp_match_range *range = emgp_alloc(m->n_truth, sizeof *range);
    if (!range)
        return emgp_fail_memory(err);
    find_ranges(m, range);
    emg_status status = emgp_match(m->n_truth, range, may_pair, m, partner, err);
    emgp_free(range);
    return status;
}

/* The end of the run of equal groups that begins at `first`. */
static size_t group_end(const side *s, size_t first)
{
    size_t end = first;
    while (end < s->n && s->items[end].group == s->items[first].group)
        end++;
    return end;
}

/* partner[i] for every true item, an index into found; both sides are grouped and sorted. */
static emg_status match_all(const emg_score_config *config, const side *truth, const side *found, ptrdiff_t *partner,
                            emg_error *err)
{
    for (size_t i = 0, j = 0; i < truth->n;) {
        size_t i_end = group_end(truth, i);
        while (j < found->n && found->items[j].group < truth->items[i].group)
            j++;
        size_t j_end = j < found->n && found->items[j].group == truth->items[i].group ? group_end(found, j) : j;
        match m = { config, truth->items + i, found->items + j, i_end - i, j_end - j };
        emg_status status = match_group(&m, partner + i, err);
        if (status)
            return status;
        for (; i < i_end; i++)
            partner[i] = partner[i] == EMGP_UNMATCHED ? EMGP_UNMATCHED : partner[i] + (ptrdiff_t)j;
        j = j_end;
    }
    return EMG_OK;
}

static double count_of(const emg_event *e)
{
    return e->count > 0 ? (double)e->count : NAN;
}

static emg_status add_pair(emg_score *score, uint32_t row, const item *t, const item *f, emg_error *err)
{
    if (!emgp_reserve((void **)&score->pairs, &score->pairs_room, score->n_pairs, score->n_pairs + 1,
                      sizeof *score->pairs))
        return emgp_fail_memory(err);
    score->pairs[score->n_pairs++] = (emgp_score_pair){
        .row = row,
        .episode = !emgp_score_single(t->event->trial_type),
        .onset_error_s = f->at - t->at,
        .end_error_s = f->to - t->to,
        .overlap = overlap_of(t, f),
        .duration_s = { t->event->duration_s, f->event->duration_s },
        .frequency_hz = { t->event->frequency_hz, f->event->frequency_hz },
        .count = { count_of(t->event), count_of(f->event) },
    };
    return EMG_OK;
}

/* Takes the pairs found: counted and kept, by class or all as one row. */
static emg_status take_pairs(emg_score *score, side *truth, side *found, const ptrdiff_t *partner, bool labels,
                             emgp_score_counts *counts, emg_error *err)
{
    for (size_t i = 0; i < truth->n; i++) {
        uint32_t row = labels ? (uint32_t)truth->items[i].event->trial_type : EMGP_SCORE_BLIND;
        counts[row].n_truth++;
        if (partner[i] == EMGP_UNMATCHED)
            continue;
        item *f = &found->items[partner[i]];
        counts[row].n_matched++;
        truth->items[i].paired = f->paired = true;
        emg_status status = add_pair(score, row, &truth->items[i], f, err);
        if (status)
            return status;
    }
    for (size_t j = 0; j < found->n; j++)
        counts[labels ? (uint32_t)found->items[j].event->trial_type : EMGP_SCORE_BLIND].n_found++;
    return EMG_OK;
}

static emg_status add_claims(emg_score *score, const side *found, emg_error *err)
{
    for (size_t j = 0; j < found->n; j++) {
        const item *f = &found->items[j];
        if (!isfinite(f->event->confidence))
            continue;
        if (!emgp_reserve((void **)&score->claims, &score->claims_room, score->n_claims, score->n_claims + 1,
                          sizeof *score->claims))
            return emgp_fail_memory(err);
        score->claims[score->n_claims++] = (emgp_score_claim){ f->event->confidence, f->paired };
    }
    return EMG_OK;
}

/* Adds what the items of a side cover of one, by class. */
static void add_cover(const item *t, const side *others, size_t kind, double covered[EMG_N_CLASSES])
{
    size_t first, end;
    window(others, t->event->channel, kind, t->from, t->to, &first, &end);
    for (size_t j = first; j < end; j++) {
        const item *f = &others->items[j];
        if (f->from <= t->to && f->to >= t->from)
            covered[f->event->trial_type] += shared_of(t, f) + 1e-9; /* an instant covers a little */
    }
}

/* The class of the items of the other side that cover most of one which has no partner; missed when none touches it. */
static size_t class_around(const item *t, const side *others)
{
    double covered[EMG_N_CLASSES] = { 0 }, most = 0;
    size_t best = EMG_SCORE_MISSED;
    if (!emgp_score_single(t->event->trial_type)) /* a single event near another single one was not near enough */
        add_cover(t, others, 0, covered);
    add_cover(t, others, 1, covered);
    for (size_t c = 0; c < EMG_N_CLASSES; c++) {
        if (covered[c] > most) {
            most = covered[c];
            best = c;
        }
    }
    return best;
}

/* The label matrix: partners first, then what covers those without one, and found items that nothing true is near. */
static void label_all(emg_score *score, const side *truth, const side *found, const ptrdiff_t *partner)
{
    for (size_t i = 0; i < truth->n; i++) {
        const item *t = &truth->items[i];
        size_t column =
            partner[i] == EMGP_UNMATCHED ? class_around(t, found) : (size_t)found->items[partner[i]].event->trial_type;
        score->label[t->event->trial_type][column]++;
    }
    for (size_t j = 0; j < found->n; j++)
        if (!found->items[j].paired && class_around(&found->items[j], truth) == EMG_SCORE_MISSED)
            score->label[EMG_SCORE_FALSE][found->items[j].event->trial_type]++;
}

/* Fills a side with the events that a test takes. */
static bool fill(side *s, const emg_event *events, size_t n, const emg_score_config *config, bool is_found)
{
    s->items = emgp_alloc(n, sizeof *s->items);
    for (size_t i = 0; s->items && i < n; i++) {
        if (is_found && events[i].confidence < config->least_confidence)
            continue;
        s->items[s->n++] = item_of(&events[i], config->fiducial);
    }
    return s->items != NULL;
}

/* Moves the indeterminate items of a side to another. */
static bool set_aside(side *s, side *aside)
{
    size_t kept = 0;
    aside->items = emgp_alloc(s->n, sizeof *aside->items);
    for (size_t i = 0; aside->items && i < s->n; i++) {
        if (s->items[i].event->trial_type == EMG_INDETERMINATE)
            aside->items[aside->n++] = s->items[i];
        else
            s->items[kept++] = s->items[i];
    }
    s->n = kept;
    regroup(aside, false);
    return aside->items != NULL;
}

/* Whether half of an item or more lies within true events that say "do not care". */
static bool is_doubtful(const item *i, const side *doubts)
{
    double covered = 0;
    size_t first, end;
    window(doubts, i->event->channel, 1, i->from, i->to, &first, &end);
    for (size_t k = first; k < end; k++) {
        const item *d = &doubts->items[k];
        if (!(i->to > i->from) && i->from >= d->from && i->from <= d->to)
            return true;
        covered += shared_of(i, d);
    }
    return i->to > i->from && covered >= 0.5 * (i->to - i->from);
}

static void drop_doubtful(side *found, const side *doubts)
{
    size_t kept = 0;
    for (size_t j = 0; j < found->n; j++)
        if (!is_doubtful(&found->items[j], doubts))
            found->items[kept++] = found->items[j];
    found->n = kept;
}

static emg_status match_once(emg_score *score, side *truth, side *found, bool labels, ptrdiff_t *partner,
                             emgp_score_counts *counts, emg_error *err)
{
    regroup(truth, labels);
    regroup(found, labels);
    emg_status status = match_all(&score->config, truth, found, partner, err);
    return status ? status : take_pairs(score, truth, found, partner, labels, counts, err);
}

static emg_status match_twice(emg_score *score, side *truth, side *found, side *unsure, ptrdiff_t *partner,
                              emgp_score_counts *counts, emg_error *err)
{
    emg_status status = match_once(score, truth, found, true, partner, counts, err);
    if (status == EMG_OK)
        status = add_claims(score, found, err);
    if (status == EMG_OK)
        status = match_once(score, truth, found, false, partner, counts, err);
    if (status)
        return status;
    label_all(score, truth, found, partner);
    /* What is true and has no other label may have been called indeterminate. */
    for (size_t i = 0; i < truth->n; i++) {
        const item *t = &truth->items[i];
        if (partner[i] == EMGP_UNMATCHED && class_around(t, found) == EMG_SCORE_MISSED &&
            class_around(t, unsure) == EMG_INDETERMINATE) {
            score->label[t->event->trial_type][EMG_SCORE_MISSED]--;
            score->label[t->event->trial_type][EMG_INDETERMINATE]++;
        }
    }
    for (size_t j = 0; j < unsure->n; j++)
        if (class_around(&unsure->items[j], truth) == EMG_SCORE_MISSED)
            score->label[EMG_SCORE_FALSE][EMG_INDETERMINATE]++;
    return EMG_OK;
}

emg_status emgp_score_recording(emg_score *score, const emg_event *truth, size_t n_truth, const emg_event *found,
                                size_t n_found, emgp_score_counts counts[EMGP_SCORE_ROWS], emg_error *err)
{
    side t = { 0 }, f = { 0 }, doubts = { 0 }, unsure = { 0 };
    ptrdiff_t *partner = emgp_alloc(n_truth, sizeof *partner);
    bool ready = partner && fill(&t, truth, n_truth, &score->config, false) &&
                 fill(&f, found, n_found, &score->config, true) && set_aside(&t, &doubts) && set_aside(&f, &unsure);
    emg_status status = ready ? EMG_OK : emgp_fail_memory(err);
    if (status == EMG_OK) {
        drop_doubtful(&f, &doubts);
        drop_doubtful(&unsure, &doubts);
        status = match_twice(score, &t, &f, &unsure, partner, counts, err);
    }
    emgp_free(t.items);
    emgp_free(f.items);
    emgp_free(doubts.items);
    emgp_free(unsure.items);
    emgp_free(partner);
    return status;
}
