/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trains of bursts by their envelope, each by itself and with those of its rate in the channel. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <string.h>

enum {
    BRIDGE,
    LEAST,
    LONGEST,
    SEAM,
    MARGIN,
    FEWEST,
    OWN,
    OCTAVE,
    SURE,
    SURE_FOLD,
    SURE_OWN,
    SURE_CONTRAST,
    SHORT_OWN,
    SHORT_CONTRAST,
    SAME_RATE,
    THEIRS,
    EXTENT,
    PAUSE,
    SOLID,
    ENDS,
    WIDEST
};

static const emgp_rule numbers[] = {
    [BRIDGE] = EMGP_NUMBER("trains.bridge_s", "silence between bursts", EMGP_ABOVE, EMGP_LIMIT(0.5), EMGP_OURS,
                           "a span of activity has ended: trains are sought in each by itself"),
    [LEAST] = EMGP_NUMBER("trains.least_s", "duration of a span", EMGP_AT_LEAST, EMGP_LIMIT(0.3), EMGP_OURS,
                          "it may hold a train"),
    [LONGEST] = EMGP_NUMBER("trains.longest_s", "duration of a span", EMGP_ABOVE, EMGP_LIMIT(20), EMGP_OURS,
                            "it is looked at in parts of so much"),
    [SEAM] = EMGP_NUMBER("trains.seam", "time since the last burst of the part before / period", EMGP_BELOW,
                         EMGP_LIMIT(0.5), EMGP_OURS, "it is the same burst, seen from both parts"),
    [MARGIN] = EMGP_NUMBER("trains.margin_s", "time before and after a span", EMGP_AT_MOST, EMGP_LIMIT(0.2), EMGP_OURS,
                           "its first and last bursts may begin there"),
    [FEWEST] = EMGP_NUMBER("trains.fewest", "bursts of a run", EMGP_AT_LEAST, EMGP_LIMIT(4), EMGP_OURS,
                           "it is measured as a train"),
    [OWN] = EMGP_NUMBER("trains.own", "height of a span's autocorrelation", EMGP_ABOVE, EMGP_LIMIT(0.3), EMGP_OURS,
                        "its own period is taken; else that of all short spans of the channel"),
    [OCTAVE] = EMGP_NUMBER("trains.octave", "period / that of all short spans, or the inverse", EMGP_ABOVE,
                           EMGP_LIMIT(1.6), EMGP_OURS, "an octave away theirs is taken, where it is clearer"),
    [SURE] = EMGP_NUMBER("trains.sure", "bursts of a train", EMGP_AT_LEAST, EMGP_LIMIT(5), EMGP_OURS,
                         "it is clear by itself (n_sure)"),
    [SURE_FOLD] = EMGP_NUMBER("trains.sure_fold", "share of its intervals of one, two or three periods", EMGP_AT_LEAST,
                              EMGP_LIMIT(0.66), EMGP_OURS, "when its intervals are even"),
    [SURE_OWN] = EMGP_NUMBER("trains.sure_own", "height of its autocorrelation", EMGP_AT_LEAST, EMGP_LIMIT(0.4),
                             EMGP_OURS, "and its envelope has its period"),
    [SURE_CONTRAST] = EMGP_NUMBER("trains.sure_contrast", "contrast of its autocorrelation", EMGP_AT_LEAST,
                                  EMGP_LIMIT(0.6), EMGP_OURS, "clearly"),
    [SHORT_OWN] = EMGP_NUMBER("trains.short_own", "height of the autocorrelation of a shorter train", EMGP_AT_LEAST,
                              EMGP_LIMIT(0.5), EMGP_OURS, "it is clear by itself too"),
    [SHORT_CONTRAST] = EMGP_NUMBER("trains.short_contrast", "contrast of that", EMGP_AT_LEAST, EMGP_LIMIT(1), EMGP_OURS,
                                   "when this is large as well"),
    [SAME_RATE] = EMGP_NUMBER("trains.same_rate", "difference of two trains' rates / rate", EMGP_AT_MOST,
                              EMGP_LIMIT(0.25), EMGP_OURS, "what is known of all such trains is known of each"),
    [THEIRS] = EMGP_NUMBER("trains.theirs",
                           "difference of the period of all courses of a rate and that of the rate / it", EMGP_AT_MOST,
                           EMGP_LIMIT(0.15), EMGP_OURS, "the trains of that rate have it together (like_height)"),
    [EXTENT] = EMGP_NUMBER("trains.extent", "time beyond the middle of the first and last burst / SD of a burst",
                           EMGP_ALWAYS, EMGP_LIMIT(2.6), EMGP_OURS, "a train begins and ends there"),
    [PAUSE] = EMGP_NUMBER("trains.pause", "periods between two trains of one rate", EMGP_BELOW, EMGP_LIMIT(3.3),
                          EMGP_OURS, "they are one"),
    [SOLID] = EMGP_NUMBER("trains.solid_s", "duration of a burst", EMGP_AT_LEAST, EMGP_LIMIT(0.5), EMGP_OURS,
                          "its time outside clear trains is other activity (other_s)"),
    [ENDS] = EMGP_NUMBER("trains.ends", "intervals", EMGP_ALWAYS, EMGP_LIMIT(3), EMGP_OURS,
                         "a glide fades by e over so many from either end"),
    [WIDEST] = EMGP_NUMBER("trains.least_glide", "intervals of a train", EMGP_AT_LEAST, EMGP_LIMIT(4), EMGP_OURS,
                           "its glide is measured"),
};

emgp_rules emgp_trains_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { MOST_BURSTS = 1024, DECIBELS = 20 };

static double number(int row)
{
    return numbers[row].limit;
}

/* What is known of the trains of one rate. */
typedef struct family {
    double hz; /* of the first, then their mean */
    double n, n_sure, n_cycles, weight, rates, squares, longest_s;
    emgp_lags lags;                 /* of their courses together */
    double n_intervals, xx, xy, yy; /* of intervals' excess on how near they are to an end, within trains */
} family;

typedef struct finder {
    emgp_spill_cursor bursts;
    emgp_course course;
    emgp_burst burst[MOST_BURSTS]; /* of the span */
    size_t n_bursts;
    double from_s, to_s;
    double last_s;            /* the last burst that was found; earlier ones are known */
    double before_s, until_s; /* what was recorded around the span without a gap */
    emgp_lags pooled;         /* of short spans */
    emgp_period common;       /* theirs */
    family family[EMGP_MOST_FAMILIES];
    size_t n_families;
    emgp_around around;
    double values[EMGP_SPAN], interval[EMGP_MOST_CYCLES];
    emgp_cycle cycle[EMGP_MOST_CYCLES];
    bool giving;
    bool holding;
    emgp_stretch_found held;
    size_t held_family;
    double held_periods, held_counted_s; /* of its rate */
    uint32_t n_held;                     /* trains that were held so far */
    const emgp_stretch_sink *sink;
} finder;

/* A run of bursts, measured. */
typedef struct run {
    const emgp_cycle *cycle;
    size_t n;
    double hz, periods, counted_s, width_s;
    emgp_stretch_found found;
    emgp_lags lags; /* of its course */
    bool sure;
} run;

static family *family_of(finder *f, double hz, bool founds)
{
    for (size_t i = 0; i < f->n_families; i++)
        if (fabs(f->family[i].hz - hz) <= number(SAME_RATE) * hz)
            return &f->family[i];
    if (!founds || f->n_families == EMGP_MOST_FAMILIES)
        return NULL;
    f->family[f->n_families] = (family){ .hz = hz };
    return &f->family[f->n_families++];
}

/* How much longer intervals are towards both ends of a train. */
static void add_glide(family *fam, const run *r, double period_s)
{
    double x[EMGP_MOST_CYCLES], y[EMGP_MOST_CYCLES], mean_x = 0, mean_y = 0;
    const size_t n = r->n - 1;
    if ((double)n < number(WIDEST) || r->periods > (double)n) /* none may be missing */
        return;
    for (size_t i = 0; i < n; i++) {
        x[i] = exp(-(double)i / number(ENDS)) + exp(-(double)(n - 1 - i) / number(ENDS));
        y[i] = (r->cycle[i + 1].at_s - r->cycle[i].at_s) / period_s - 1;
        mean_x += x[i] / (double)n;
        mean_y += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        fam->xx += (x[i] - mean_x) * (x[i] - mean_x);
        fam->xy += (x[i] - mean_x) * (y[i] - mean_y);
        fam->yy += (y[i] - mean_y) * (y[i] - mean_y);
    }
    fam->n_intervals += (double)n - 1;
}

static emg_status note_clear(finder *f, const run *r, emg_error *err)
{
    const double onset_s = r->found.onset_s, end_s = r->found.end_s;
    emg_status status = emgp_around_add(&f->around, onset_s, end_s, true, err);
    for (size_t i = 0; status == EMG_OK && i < f->n_bursts; i++)
        if (f->burst[i].peak_s >= onset_s && f->burst[i].peak_s <= end_s)
            status = emgp_around_count(&f->around, f->burst[i].peak_s, true, err);
    return status;
}

static emg_status learn(finder *f, const run *r, emg_error *err)
{
    family *fam = family_of(f, r->hz, true);
    if (!fam)
        return EMG_OK;
    const double weight = r->found.evidence.duration_s;
    fam->n++;
    fam->n_sure += r->sure;
    fam->n_cycles += (double)r->n;
    emgp_lags_join(&fam->lags, &r->lags);
    fam->weight += weight;
    fam->rates += weight * r->hz;
    fam->squares += weight * r->hz * r->hz;
    fam->longest_s = fmax(fam->longest_s, weight);
    fam->hz = fam->rates / fam->weight;
    add_glide(fam, r, 1 / r->hz);
    return r->sure ? note_clear(f, r, err) : EMG_OK;
}

static double median_width(finder *f, const emgp_cycle *cycle, size_t n)
{
    for (size_t i = 0; i < n; i++)
        f->values[i] = cycle[i].width_s;
    return emgp_median(f->values, n);
}

/* What the bursts of the span tell of the train's size. */
static void measure_bursts(finder *f, emgp_stretch_found *found)
{
    double size[MOST_BURSTS], snr_db[MOST_BURSTS], n_discharges = 0;
    size_t n = 0;
    for (size_t i = 0; i < f->n_bursts; i++) {
        const emgp_burst *b = &f->burst[i];
        if (b->end_s <= found->onset_s || b->onset_s >= found->end_s)
            continue;
        size[n] = (double)b->peak_to_peak;
        snr_db[n++] = DECIBELS * log10((double)b->peak / (double)b->sigma);
        n_discharges += b->n_discharges;
        if ((double)b->peak > found->peak) {
            found->peak = (double)b->peak;
            found->peak_s = fmin(fmax(b->peak_s, found->onset_s), found->end_s);
        }
        found->evidence.clipped = found->evidence.clipped > 0 || (b->flags & EMGP_CLIPPED) != 0;
    }
    found->amplitude = emgp_median(size, n);
    found->evidence.snr_db = emgp_median(snr_db, n);
    found->evidence.discharge_hz = n_discharges / found->evidence.duration_s;
}

/* Periods from the first burst to the last, and their time: an interval in which bursts are missing holds several. */
static void count_periods(const finder *f, run *r, double period_s)
{
    for (size_t i = 0; i + 1 < r->n; i++) {
        r->periods += fmax(round(f->interval[i] / period_s), 1);
        r->counted_s += f->interval[i];
    }
}

static run measure(finder *f, const emgp_cycle *cycle, size_t n)
{
    run r = { .cycle = cycle, .n = n };
    emgp_evidence *e = &r.found.evidence;
    for (size_t i = 0; i + 1 < n; i++)
        f->interval[i] = cycle[i + 1].at_s - cycle[i].at_s;
    e->intervals = emgp_intervals_of(f->interval, n - 1);
    count_periods(f, &r, e->intervals.median_s);
    r.hz = r.periods / r.counted_s;
    r.width_s = median_width(f, cycle, n);
    r.found.onset_s = fmax(cycle[0].at_s - number(EXTENT) * r.width_s, f->before_s);
    r.found.end_s = fmin(cycle[n - 1].at_s + number(EXTENT) * r.width_s, f->until_s);
    emgp_lags_add(&r.lags, f->values, emgp_course_of(&f->course, r.found.onset_s, r.found.end_s, f->values));
    const emgp_period own = emgp_lags_period(&r.lags, f->course.step_s);
    e->n = e->cycles = (double)n;
    e->duration_s = r.found.end_s - r.found.onset_s;
    e->rate_hz = r.hz;
    e->acf_height = own.height;
    e->contrast = own.contrast;
    e->width_s = r.width_s;
    e->burst_s = 2 * emgp_cycle_reach_s(r.width_s);
    e->depth_db = emgp_cycles_depth_db(&f->course, cycle, n);
    const bool clear = own.height >= number(SURE_OWN) && own.contrast >= number(SURE_CONTRAST);
    const bool clearer = own.height >= number(SHORT_OWN) && own.contrast >= number(SHORT_CONTRAST);
    r.sure = e->intervals.fold >= number(SURE_FOLD) && ((double)n >= number(SURE) ? clear : clearer);
    return r;
}

/* A period that their courses have together is theirs where it is that of their rate. */
static void pool_lags(const finder *f, const family *fam, emgp_evidence *e)
{
    const emgp_period all = emgp_lags_period(&fam->lags, f->course.step_s);
    const bool theirs = fabs(all.period_s * fam->rates / fam->weight - 1) <= number(THEIRS);
    e->like_cycles = fam->n_cycles;
    e->like_echo = emgp_lags_echo(&fam->lags, f->course.step_s, fam->weight / fam->rates);
    e->like_height = theirs ? all.height : 0;
    e->like_contrast = theirs ? all.contrast : 0;
}

/* What is known of the trains of its rate, and of what is around it. */
static void pool(const finder *f, const family *fam, emgp_stretch_found *found)
{
    emgp_evidence *e = &found->evidence;
    const double mean = fam->rates / fam->weight, slope = fam->xx > 0 ? fam->xy / fam->xx : NAN;
    const double left = fmax(fam->yy - slope * fam->xy, 0);
    e->n_sure = fam->n_sure;
    e->like_rate = fam->n;
    e->sure_share = fam->n_sure / fam->n;
    e->longest_s = fam->longest_s;
    pool_lags(f, fam, e);
    e->scatter = sqrt(fmax(fam->squares / fam->weight - mean * mean, 0)) / mean;
    e->gliding = slope;
    e->glide_errors = fam->n_intervals > 1 ? slope / sqrt(left / (fam->n_intervals - 1) / fam->xx) : NAN;
    e->glide_hz = NAN;
    e->other_s = emgp_around_other_s(&f->around, found->onset_s, found->end_s);
    e->crowd_hz = emgp_around_crowd_hz(&f->around, found->onset_s, found->end_s);
}

static emg_status give_held(finder *f, emg_error *err)
{
    if (!f->holding)
        return EMG_OK;
    f->holding = false;
    pool(f, &f->family[f->held_family], &f->held);
    return f->sink->take(f->sink->context, &f->held, err);
}

/* Joins a train to the one that is held back, both of one family. */
static void join(finder *f, const run *r)
{
    emgp_stretch_found *a = &f->held;
    const emgp_stretch_found *b = &r->found;
    emgp_evidence *e = &a->evidence;
    const double n = e->n, m = b->evidence.n, weight = m / (n + m);
    f->held_periods += r->periods;
    f->held_counted_s += r->counted_s;
    e->rate_hz = f->held_periods / f->held_counted_s;
    e->n = e->cycles = n + m;
    a->end_s = b->end_s;
    e->duration_s = a->end_s - a->onset_s;
    e->acf_height += weight * (b->evidence.acf_height - e->acf_height);
    e->contrast += weight * (b->evidence.contrast - e->contrast);
    e->depth_db += weight * (b->evidence.depth_db - e->depth_db);
    e->width_s += weight * (b->evidence.width_s - e->width_s);
    e->burst_s += weight * (b->evidence.burst_s - e->burst_s);
    e->snr_db += weight * (b->evidence.snr_db - e->snr_db);
    e->intervals.cv += weight * (b->evidence.intervals.cv - e->intervals.cv);
    e->intervals.rcv += weight * (b->evidence.intervals.rcv - e->intervals.rcv);
    e->intervals.fold += weight * (b->evidence.intervals.fold - e->intervals.fold);
    e->clipped = e->clipped > 0 || b->evidence.clipped > 0;
    a->amplitude += weight * (b->amplitude - a->amplitude);
    if (!(b->peak > a->peak))
        return;
    a->peak = b->peak;
    a->peak_s = b->peak_s;
}

static emg_status hold(finder *f, run *r, emg_error *err)
{
    const family *fam = family_of(f, r->hz, false);
    if (!fam)
        return EMG_OK;
    const size_t at = (size_t)(fam - f->family);
    measure_bursts(f, &r->found);
    if (f->holding && f->held_family == at && (r->found.onset_s - f->held.end_s) * r->hz < number(PAUSE)) {
        join(f, r);
        return emgp_cycles_tell(r->cycle, r->n, f->held.train, &f->sink->times, err);
    }
    emg_status status = give_held(f, err);
    f->held = r->found;
    f->held.train = f->n_held++;
    f->held.family = (uint32_t)at;
    f->held_family = at;
    f->held_periods = r->periods;
    f->held_counted_s = r->counted_s;
    f->holding = true;
    return status ? status : emgp_cycles_tell(r->cycle, r->n, f->held.train, &f->sink->times, err);
}

/* The period of a span: its own, or the channel's. */
static double period_of(const finder *f, const emgp_period *own)
{
    const double common = f->common.period_s, ratio = own->period_s / common;
    const bool far = ratio > number(OCTAVE) || 1 / ratio > number(OCTAVE);
    if (!isfinite(common))
        return own->period_s;
    if (!(own->height > number(OWN)) || (far && f->common.height > own->height))
        return common;
    return own->period_s;
}

/* The bursts of the span, or of a part of it: none that the part before had, or that the next one sees whole. */
static size_t find_bursts(finder *f, double period_s, bool goes_on)
{
    emgp_cycle *c = f->cycle;
    size_t n = emgp_cycles_whole(c, emgp_cycles_find(&f->course, period_s, c), period_s), from = 0;
    while (goes_on && n > 0 && c[n - 1].at_s > f->to_s)
        n--;
    while (from < n && c[from].at_s - f->last_s < number(SEAM) * period_s)
        from++;
    memmove(c, c + from, (n - from) * sizeof *c);
    f->last_s = n > from ? c[n - from - 1].at_s : f->last_s;
    return n - from;
}

static emg_status look(finder *f, bool goes_on, emg_error *err)
{
    emgp_course *c = &f->course;
    emgp_lags lags = { 0 };
    const double noise = (double)f->burst[0].sigma, step_s = c->step_s;
    if (f->to_s - f->from_s < number(LEAST) || !(noise > 0))
        return EMG_OK;
    emg_status status = emgp_course_load(c, fmax(f->from_s - number(MARGIN), f->before_s),
                                         fmin(f->to_s + number(MARGIN), f->until_s), noise, err);
    if (status)
        return status;
    emgp_lags_add(&lags, f->values, emgp_course_of(c, f->from_s, f->to_s, f->values));
    if (!f->giving)
        emgp_lags_join(&f->pooled, &lags);
    const emgp_period own = emgp_lags_period(&lags, step_s);
    double period_s = period_of(f, &own);
    if (!(period_s > 0))
        return EMG_OK;
    const size_t n = find_bursts(f, period_s, goes_on);
    for (size_t from = 0, end; status == EMG_OK && from < n; from = end) {
        end = emgp_cycles_run(f->cycle, n, from, period_s);
        if ((double)(end - from) < number(FEWEST))
            continue;
        run r = measure(f, f->cycle + from, end - from);
        if (f->giving)
            status = hold(f, &r, err);
        else
            status = learn(f, &r, err);
    }
    return status;
}

/* Looks at the span, and at what is too long part by part; bursts that go on into the next part stay. */
static emg_status close_span(finder *f, bool ended, emg_error *err)
{
    const double to_s = f->to_s;
    emg_status status = EMG_OK;
    while (status == EMG_OK && f->n_bursts > 0 && (ended || to_s - f->from_s > number(LONGEST))) {
        f->to_s = fmin(to_s, f->from_s + number(LONGEST));
        status = look(f, f->to_s < to_s, err);
        f->from_s = f->to_s;
        size_t n = 0;
        for (size_t i = 0; i < f->n_bursts; i++)
            if (f->burst[i].end_s > f->from_s)
                f->burst[n++] = f->burst[i];
        f->n_bursts = n;
    }
    f->to_s = to_s;
    return status;
}

static emg_status take_burst(finder *f, const emgp_burst *burst, emg_error *err)
{
    const bool end = burst->flags & EMGP_SEGMENT_END;
    emg_status status = EMG_OK;
    f->until_s = end ? burst->onset_s : INFINITY;
    if (f->n_bursts > 0 && (end || burst->onset_s - f->to_s > number(BRIDGE) || f->n_bursts == MOST_BURSTS)) {
        status = close_span(f, true, err);
        f->n_bursts = 0;
    }
    if (status == EMG_OK && end) {
        status = give_held(f, err);
        f->before_s = burst->onset_s;
    }
    if (status || end)
        return status;
    if (f->n_bursts == 0) {
        f->from_s = burst->onset_s;
        f->to_s = burst->end_s;
    }
    f->burst[f->n_bursts++] = *burst;
    f->to_s = fmax(f->to_s, burst->end_s);
    if (!f->giving)
        status = emgp_around_count(&f->around, burst->peak_s, false, err);
    if (status == EMG_OK && !f->giving && burst->end_s - burst->onset_s >= number(SOLID))
        status = emgp_around_add(&f->around, burst->onset_s, burst->end_s, false, err);
    return status ? status : close_span(f, false, err);
}

static emg_status walk(finder *f, const emgp_spill *bursts, const emgp_spill *levels, size_t stream, double step_s,
                       emg_error *err)
{
    emgp_burst burst;
    bool there;
    f->n_bursts = 0;
    f->before_s = f->last_s = -INFINITY;
    emgp_spill_start(&f->bursts, bursts, stream);
    emg_status status = emgp_course_start(&f->course, levels, stream, step_s, err);
    while (status == EMG_OK && (status = emgp_spill_copy(&f->bursts, &burst, sizeof burst, &there, err)) == EMG_OK &&
           there)
        status = take_burst(f, &burst, err);
    if (status == EMG_OK && f->n_bursts > 0)
        status = close_span(f, true, err);
    emgp_course_stop(&f->course);
    emgp_spill_stop(&f->bursts);
    return status;
}

emg_status emgp_trains_find(const emgp_spill *bursts, const emgp_spill *levels, size_t stream, double level_step_s,
                            const emgp_stretch_sink *sink, emg_error *err)
{
    finder *f = emgp_alloc(1, sizeof *f);
    if (!f)
        return emgp_fail_memory(err);
    f->sink = sink;
    f->common.period_s = NAN;
    emg_status status = walk(f, bursts, levels, stream, level_step_s, err);
    f->common = emgp_lags_period(&f->pooled, level_step_s);
    f->giving = true;
    if (status == EMG_OK && f->n_families > 0)
        status = walk(f, bursts, levels, stream, level_step_s, err);
    if (status == EMG_OK)
        status = give_held(f, err);
    emgp_around_free(&f->around);
    emgp_free(f);
    return status;
}
