/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass over a channel's spilled levels: scales, splits in the order of time, pieces, rows. */
#include "analysis/contraction/contraction.h"

#include <math.h>

enum { MOST_SPLITS = 64, ROWS_BUDGET = 1 << 18, RECORDS = 4 * EMGP_SCALE_RING / EMGP_LEVELS };

/* Ours: tones are at .88 and more, a muscle in one record of some hundred; half of a row's records must be beyond. */
static const double tone_likeness = 0.87, tone_share = 0.5;
/* Ours: a rise so low over the floor that lasts so long is a change of the noise when the spectrum of most of its records
 * is so flat (noise .92 to 1, muscle .11 to .76, a weak hold a mixture of both); the others may hold discharges. */
static const double drift_db = 6, drift_s = 1, drift_flatness = 0.8, noise_share = 0.5;
/* And when the muscle would be less than the noise it lies over, at a spectrum that leaves doubt (ours). */
static const double buried_db = 4, buried_flatness = 0.7;
/* Nor is what no record of a muscle looks like: noise of the skin falls, so that it is not flat, but it neither rises from 35
 * to 80 Hz nor has peaks; so many records of a row, of one that is not much higher over the floor than noise drifts (on
 * training scenarios noise that drifts has .5 to 1 of its records, contractions over 4 dB .5 at most; ours). */
static const double skin_flatness = 0.45, skin_kurtosis = 0.8, skin_share = 0.6, skin_db = 7.5;
/* The less flat it is, the more it must fall: so far it may rise at that flatness and more, and so much less for each 1 below. */
static const double skin_flat = 0.85, skin_rise_db = 3, skin_slope_db = 6;
/* What is blanked for no longer takes the level before it, so that a short one within activity leaves no hole; what is
 * longer takes the floor's. The level before is a running mean over about so many levels (ours). */
static const double brief_s = 0.2, before_levels = 10;
/* Of a channel that never rests, so much at most may be something else's (ours). */
static const double blanked_share = 0.5;
/* METHOD "One flow" 6: so far under the loudest row of such a length, and no higher over the floor, it is rest. */
static const double lasting_s = 0.3, faint_db = 14, faint_over_db = 8, plain_s = 10;
/* So few units fire in a weak hold that by chance none does for a moment: pieces that are alike are one when what is between
 * them is no longer than that share of the longer one, and than one interval of a unit; so little over the floor, than
 * several (ours). */
static const double pause_share = 0.02, pieces_alike_db = 4, interval_s = 0.12, weak_over_db = 11, weak_pause_s = 1;
/* Beside rows that are so much louder a row is none that is so short, or somewhat longer and no higher over the floor; one
 * that lasts is plain when it is so high over the floor (ours). */
static const double blip_s = 0.5, blip_db = 18, low_blip_s = 2, low_blip_over_db = 12, plain_db = 20;

typedef struct split {
    uint64_t step;
    size_t scale;
} split;

typedef struct finder {
    const emgp_floor *floor;
    emgp_scales *scales;
    emgp_valleys valleys[EMGP_SCALES];
    emgp_piece *piece;
    split splits[MOST_SPLITS]; /* not yet used, in order of time */
    size_t n_splits;
    uint64_t used; /* where the last split used was */
    double start_s;
    uint8_t tone[RECORDS], flatness[RECORDS]; /* of the last records */
    bool owned[RECORDS];                      /* something in them is blanked: their spectrum is not what is left */
    bool skin[RECORDS];                       /* they look like noise of the skin */
    emgp_merge *blank;                        /* stretches that come; NULL: none */
    emgp_stretch next;                        /* of them */
    bool more;
    double blank_until_s;
    bool brief; /* what is being blanked */
    double floor_level, before;
    uint64_t n_blanked; /* steps of the segment */
    emgp_spill *rows;
    double loudest; /* level of the loudest row that lasts */
    emg_error *err;
} finder;

static bool near_finer(const finder *f, uint64_t step, size_t scale)
{
    const double width = emgp_scale_rows[scale].width_s;
    for (size_t i = 0; i < f->n_splits; i++) {
        const uint64_t a = f->splits[i].step, d = a > step ? a - step : step - a;
        if (f->splits[i].scale <= scale && (double)d * f->scales->step_s < width)
            return true;
    }
    return f->used > 0 && (double)(step - f->used) * f->scales->step_s < width;
}

/* Notes a split unless one of a finer scale stands for it; takes the place of coarser ones. */
static void add_split(void *context, size_t scale, uint64_t step)
{
    finder *f = context;
    if (step <= f->used || near_finer(f, step, scale))
        return;
    size_t kept = 0;
    for (size_t i = 0; i < f->n_splits; i++) {
        const split *other = &f->splits[i];
        const uint64_t d = other->step > step ? other->step - step : step - other->step;
        const double width = emgp_scale_rows[other->scale].width_s;
        if (other->scale <= scale || (double)d * f->scales->step_s >= width)
            f->splits[kept++] = *other;
    }
    f->n_splits = kept;
    if (f->n_splits == MOST_SPLITS)
        return;
    size_t place = f->n_splits++;
    for (; place > 0 && f->splits[place - 1].step > step; place--)
        f->splits[place] = f->splits[place - 1];
    f->splits[place] = (split){ step, scale };
}

/* Over a row's records, the last ones when it is long: the shares of tones, and of those as flat as noise, or nearly, or that
 * look like noise of the skin, among records of nothing else, where there are any. */
typedef struct traits {
    double tone, flat, nearly_flat, skin;
} traits;

static bool looks_like_skin(const emgp_level_record *record)
{
    return record->flatness >= (uint8_t)(255 * skin_flatness) &&
           emgp_level_rise_db(record) < skin_rise_db - skin_slope_db * fmax(skin_flat - record->flatness / 255.0, 0) &&
           record->kurtosis < 20 * skin_kurtosis;
}

static traits traits_of(const finder *f, uint64_t onset, uint64_t end)
{
    const uint64_t last = (end - 1) / EMGP_LEVELS, held = last >= RECORDS / 2 ? last + 1 - RECORDS / 2 : 0;
    const uint64_t now = f->scales->steps / EMGP_LEVELS;
    size_t tones = 0, flat[2] = { 0, 0 }, nearly_flat[2] = { 0, 0 }, skin[2] = { 0, 0 };
    size_t n[2] = { 0, 0 }; /* [1]: of owned ones */
    for (uint64_t r = onset / EMGP_LEVELS > held ? onset / EMGP_LEVELS : held; r <= last; r++) {
        if (r + RECORDS <= now) /* no longer held */
            continue;
        const size_t owned = f->owned[r % RECORDS];
        n[owned]++;
        tones += f->tone[r % RECORDS] >= (uint8_t)(255 * tone_likeness);
        flat[owned] += f->flatness[r % RECORDS] >= (uint8_t)(255 * drift_flatness);
        nearly_flat[owned] += f->flatness[r % RECORDS] >= (uint8_t)(255 * buried_flatness);
        skin[owned] += f->skin[r % RECORDS];
    }
    const size_t which = n[0] > 0 ? 0 : 1;
    const double of = fmax((double)n[which], 1), all = fmax((double)(n[0] + n[1]), 1);
    return (traits){ (double)tones / all, (double)flat[which] / of, (double)nearly_flat[which] / of,
                     (double)skin[which] / of };
}

static emg_status give(finder *f, uint64_t onset, uint64_t end, double level_db, uint64_t peak, bool last)
{
    const double step_s = f->scales->step_s;
    emgp_contraction c = { .onset_s = f->start_s + (double)onset * step_s,
                           .end_s = f->start_s + (double)end * step_s,
                           .peak_s = f->start_s + (double)peak * step_s,
                           .level = pow(10, level_db / 20),
                           .floor = pow(10, f->floor->level_db / 20) };
    if (onset == 0)
        c.flags |= EMGP_CONTRACTION_CUT_BEFORE;
    if (last && end >= f->scales->steps)
        c.flags |= EMGP_CONTRACTION_CUT_AFTER;
    const traits t = traits_of(f, onset, end);
    const double over_db = level_db - f->floor->level_db;
    const bool drift = (over_db < drift_db && t.flat > noise_share) ||
                       (over_db < buried_db && t.nearly_flat > noise_share) ||
                       (over_db < skin_db && t.skin >= skin_share);
    if (t.tone >= tone_share || (drift && !f->floor->never_rests && c.end_s - c.onset_s >= drift_s))
        return EMG_OK;
    if (c.end_s - c.onset_s >= lasting_s)
        f->loudest = fmax(f->loudest, c.level);
    return emgp_spill_push(f->rows, 0, &c, f->err);
}

static emg_status close_piece(finder *f, uint64_t to, bool last)
{
    emgp_piece *p = f->piece;
    emg_status status = EMG_OK;
    if (to > p->from + 1 && emgp_piece_close(p, to))
        status = give(f, p->onset, p->end, p->level_db, p->top_at, last);
    f->used = to;
    emgp_piece_start(p, f->scales, f->floor, to);
    return status;
}

static emg_status use_first(finder *f)
{
    const uint64_t step = f->splits[0].step;
    f->n_splits--;
    memmove(f->splits, f->splits + 1, f->n_splits * sizeof *f->splits);
    return close_piece(f, step, false);
}

/* Uses the splits before which none can come any more. */
static emg_status use_splits(finder *f, bool ended)
{
    uint64_t settled = UINT64_MAX;
    for (size_t s = 0; s < EMGP_SCALES && !ended; s++) {
        const uint64_t of_scale = emgp_valleys_settled(&f->valleys[s]);
        settled = of_scale < settled ? of_scale : settled;
    }
    emg_status status = EMG_OK;
    const uint64_t crowded = f->scales->steps > EMGP_SCALE_RING / 2 ? f->scales->steps - EMGP_SCALE_RING / 2 : 0;
    while (status == EMG_OK && f->n_splits > 0 &&
           (f->splits[0].step < settled || f->splits[0].step < crowded || f->n_splits > MOST_SPLITS / 2))
        status = use_first(f);
    return status;
}

static emg_status look(finder *f, bool ended)
{
    for (size_t s = 0; s < EMGP_SCALES; s++)
        emgp_valleys_look(&f->valleys[s], ended, add_split, f);
    emg_status status = use_splits(f, ended);
    if (f->scales->steps - f->piece->kept > EMGP_SCALE_RING - 4 * EMGP_LEVELS)
        emgp_piece_pass(f->piece, f->scales->steps - EMGP_SCALE_RING / 2);
    return status;
}

static emg_status next_blank(finder *f)
{
    const void *record = NULL;
    size_t stream;
    emg_status status = f->blank ? emgp_merge_next(f->blank, &stream, &record, f->err) : EMG_OK;
    f->more = status == EMG_OK && record;
    if (f->more)
        memcpy(&f->next, record, sizeof f->next);
    return status;
}

/* Sets the levels that something else owns to the floor's. */
static emg_status lay_blanks(finder *f, float *amplitude, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const double now = f->start_s + ((double)(f->scales->steps + i) + 0.5) * f->scales->step_s;
        while (f->more && f->next.from_s <= now) {
            f->brief = f->next.to_s - f->next.from_s <= brief_s && (f->brief || now >= f->blank_until_s);
            f->blank_until_s = fmax(f->blank_until_s, f->next.to_s);
            emg_status status = next_blank(f);
            if (status)
                return status;
        }
        if (now < f->blank_until_s) {
            amplitude[i] = fminf(amplitude[i], (float)(f->brief ? f->before : f->floor_level));
            f->n_blanked++;
        } else {
            f->before += ((double)amplitude[i] - f->before) / before_levels;
        }
    }
    return EMG_OK;
}

static void start(finder *f, double start_s)
{
    f->start_s = start_s;
    f->n_blanked = 0;
    f->before = f->floor_level;
    f->n_splits = 0;
    f->used = 0;
    emgp_scales_start(f->scales);
    for (size_t s = 0; s < EMGP_SCALES; s++)
        emgp_valleys_start(&f->valleys[s], f->scales, f->floor, s);
    emgp_piece_start(f->piece, f->scales, f->floor, 0);
}

static emg_status end_segment(finder *f)
{
    emgp_scales_end(f->scales);
    if (f->scales->steps == 0)
        return EMG_OK;
    emg_status status = look(f, true);
    return status ? status : close_piece(f, f->scales->steps, true);
}

/* A segment of a channel that never rests is one contraction, unless something else owns it. */
static emg_status give_all(finder *f)
{
    const uint64_t n = f->scales->steps;
    return n == 0 || (double)f->n_blanked > blanked_share * (double)n ? EMG_OK
                                                                      : give(f, 0, n, f->floor->level_db, 0, true);
}

static emg_status take_record(finder *f, const emgp_level_record *record)
{
    if (record->flags & EMGP_LEVELS_START)
        start(f, record->start_s);
    float amplitude[EMGP_LEVELS];
    for (size_t i = 0; i < record->n; i++)
        amplitude[i] = emgp_level_amplitude(record->level[i]);
    const size_t place = f->scales->steps / EMGP_LEVELS % RECORDS;
    const uint64_t n_blanked = record->flags & EMGP_LEVELS_START ? 0 : f->n_blanked;
    emg_status status = lay_blanks(f, amplitude, record->n);
    if (status)
        return status;
    f->owned[place] = f->n_blanked > n_blanked;
    f->tone[place] = record->tone;
    f->flatness[place] = record->flatness;
    f->skin[place] = looks_like_skin(record);
    emgp_scales_push(f->scales, amplitude, record->n);
    if (record->flags & EMGP_LEVELS_END)
        return f->floor->never_rests ? give_all(f) : end_segment(f);
    return f->floor->never_rests ? EMG_OK : look(f, false);
}

static double decibels_over(double amplitude, double other)
{
    return 20 * log10(amplitude / other);
}

static bool is_faint(const finder *f, const emgp_contraction *c)
{
    const double length_s = c->end_s - c->onset_s, under_db = decibels_over(f->loudest, c->level);
    const double over_db = decibels_over(c->level, c->floor);
    if (under_db > blip_db && ((length_s < blip_s && (length_s < lasting_s || over_db < plain_db)) ||
                               (length_s < low_blip_s && over_db < low_blip_over_db)))
        return true;
    return length_s < plain_s && under_db > faint_db && over_db < faint_over_db;
}

/* Makes a piece of a weak hold one with the piece before it, when it is its next. */
static bool join(emgp_contraction *before, const emgp_contraction *c)
{
    const double length_s = before->end_s - before->onset_s, more_s = c->end_s - c->onset_s;
    const bool weak = decibels_over(fmax(before->level, c->level), c->floor) <= weak_over_db;
    const double most_s = fmin(pause_share * fmax(length_s, more_s), weak ? weak_pause_s : interval_s);
    if (c->onset_s - before->end_s > most_s || fabs(decibels_over(before->level, c->level)) > pieces_alike_db)
        return false;
    before->peak_s = c->level > before->level ? c->peak_s : before->peak_s;
    before->level = (length_s * before->level + more_s * c->level) / (length_s + more_s);
    before->end_s = c->end_s;
    before->flags |= c->flags;
    return true;
}

static emg_status hand_one_on(finder *f, const emgp_contraction *c, emgp_take_contraction *take, void *context)
{
    return is_faint(f, c) ? EMG_OK : take(context, c, f->err);
}

static emg_status hand_on(finder *f, emgp_take_contraction *take, void *context)
{
    emgp_spill_cursor cursor;
    emgp_spill_start(&cursor, f->rows, 0);
    emgp_contraction held, row;
    bool holding = false, there;
    emg_status status = EMG_OK;
    while (status == EMG_OK && (status = emgp_spill_copy(&cursor, &row, sizeof row, &there, f->err)) == EMG_OK &&
           there) {
        if (holding && join(&held, &row))
            continue;
        status = holding ? hand_one_on(f, &held, take, context) : EMG_OK;
        held = row;
        holding = true;
    }
    emgp_spill_stop(&cursor);
    return status == EMG_OK && holding ? hand_one_on(f, &held, take, context) : status;
}

static emg_status read_levels(finder *f, const emgp_spill *spill, size_t stream)
{
    emgp_spill_cursor cursor;
    emgp_spill_start(&cursor, spill, stream);
    const void *record = NULL;
    emg_status status;
    while ((status = emgp_spill_next(&cursor, &record, f->err)) == EMG_OK && record)
        if ((status = take_record(f, record)) != EMG_OK)
            break;
    emgp_spill_stop(&cursor);
    return status;
}

emg_status emgp_contractions_find(const emgp_spill *spill, size_t stream, double step_s, const emgp_floor *floor,
                                  const emgp_spill *blank, size_t n_blank_streams, const char *directory,
                                  emgp_take_contraction *take, void *context, emg_error *err)
{
    if (!isfinite(floor->level_db))
        return EMG_OK;
    finder *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    f->floor = floor;
    f->err = err;
    f->blank_until_s = -INFINITY;
    f->floor_level = pow(10, floor->level_db / 20);
    f->piece = emgp_alloc(1, sizeof *f->piece);
    emg_status status = f->piece ? emgp_scales_new(&f->scales, step_s, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = emgp_spill_new(&f->rows, 1, sizeof(emgp_contraction), ROWS_BUDGET, directory, err);
    if (status == EMG_OK && blank)
        status = emgp_merge_new(&f->blank, blank, 0, n_blank_streams, err);
    if (status == EMG_OK)
        status = next_blank(f);
    if (status == EMG_OK)
        status = read_levels(f, spill, stream);
    if (status == EMG_OK)
        status = hand_on(f, take, context);
    emgp_merge_free(f->blank);
    emgp_spill_free(f->rows);
    emgp_scales_free(f->scales);
    emgp_free(f->piece);
    emgp_free(f);
    return status;
}
