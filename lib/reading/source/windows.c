/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stretches of time as sorted lists without overlaps: joined, taken off each other, and clipped. */
#include "reading/source/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* Stretches that are kept; when their list is twice as long it is tidied, so that repeated marks cost little. */
enum { MOST_STRETCHES = EMGP_MOST_SEGMENTS / 2 };

static const double day_s = 86400;

/* Stretches that end where the next begins are one; onset plus duration need not be the next onset to the last bit. */
static const double touching_s = 1e-9;

/* --- lists --------------------------------------------------------------------------------------------------- */

static int by_start(const void *a, const void *b)
{
    const emgp_window *x = a, *y = b;
    return (x->from_s > y->from_s) - (x->from_s < y->from_s);
}

/* Sorts, and joins what overlaps or touches. */
static void tidy(emgp_windows *w)
{
    size_t kept = 0;
    if (w->n > 1)
        qsort(w->list, w->n, sizeof *w->list, by_start);
    for (size_t i = 0; i < w->n; i++) {
        if (kept > 0 && w->list[i].from_s <= w->list[kept - 1].to_s + touching_s)
            w->list[kept - 1].to_s = fmax(w->list[kept - 1].to_s, w->list[i].to_s);
        else
            w->list[kept++] = w->list[i];
    }
    w->n = kept;
}

static emg_status tidy_within_bounds(emgp_windows *w, emg_error *err)
{
    tidy(w);
    if (w->n <= MOST_STRETCHES)
        return EMG_OK;
    return emgp_fail(err, EMG_EUNSUPPORTED, "annotations mark more than %d stretches: choose by other texts",
                     MOST_STRETCHES);
}

static emg_status append(emgp_windows *w, double from_s, double to_s, emg_error *err)
{
    emg_status status = w->n < 2 * MOST_STRETCHES ? EMG_OK : tidy_within_bounds(w, err);
    if (status != EMG_OK)
        return status;
    void *list = w->list;
    if (!emgp_reserve(&list, &w->room, w->n, w->n + 1, sizeof *w->list))
        return emgp_fail_memory(err);
    w->list = list;
    w->list[w->n++] = (emgp_window){ from_s, to_s };
    return EMG_OK;
}

/* What of `from` lies outside every stretch of `off`; both tidy. */
static emg_status subtract(emgp_windows *out, const emgp_windows *from, const emgp_windows *off, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0, k = 0; i < from->n && status == EMG_OK; i++) {
        double at = from->list[i].from_s, end = from->list[i].to_s;
        while (k < off->n && off->list[k].to_s <= at)
            k++;
        for (size_t j = k; j < off->n && off->list[j].from_s < end && status == EMG_OK; j++) {
            if (off->list[j].from_s > at)
                status = append(out, at, off->list[j].from_s, err);
            at = off->list[j].to_s;
        }
        if (at < end && status == EMG_OK)
            status = append(out, at, end, err);
    }
    return status;
}

void emgp_windows_free(emgp_windows *windows)
{
    emgp_free(windows->list);
    *windows = (emgp_windows){ 0 };
}

void emgp_windows_free_own(emg_recording *rec)
{
    for (size_t i = 0; rec->own && i < rec->facts.n_channels; i++)
        emgp_windows_free(&rec->own[i]);
    emgp_free(rec->own);
    rec->own = NULL;
}

/* --- marks --------------------------------------------------------------------------------------------------- */

typedef struct stretches {
    emgp_windows within, without;
} stretches;

/* Stretches that annotations mark, while they are read. */
typedef struct marks {
    const emg_recording *rec;
    const emg_reading *reading;
    stretches all, *own; /* of all channels; by channel, NULL: none */
    bool any_within;
    uint64_t n_within, n_points; /* annotations that match, points included; points */
    bool *matched;               /* of each glob of within, then of without */
    emgp_kinds kinds;
    emg_status status;
    emg_error *err;
} marks;

/* Notes in matched[] which globs match. */
static bool any_matches(const emg_recording *rec, const char *const *globs, size_t n, const char *text, bool *matched)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        bool here = emgp_about_glob(rec, globs[i], text);
        matched[i] = matched[i] || here;
        any = any || here;
    }
    return any;
}

/* Annotations mostly come in order and often repeat: those that run on from the last need no place of their own. */
static emg_status mark(emgp_windows *w, const emg_annotation *a, emg_error *err)
{
    double to_s = a->onset_s + a->duration_s;
    emgp_window *last = w->n > 0 ? &w->list[w->n - 1] : NULL;
    if (!last || a->onset_s < last->from_s || a->onset_s > last->to_s)
        return append(w, a->onset_s, to_s, err);
    last->to_s = fmax(last->to_s, to_s);
    return EMG_OK;
}

/* Within or without the stretch of the channels that the annotation is about. */
static emg_status mark_channels(marks *m, bool within, const emg_annotation *a)
{
    const size_t n = m->rec->facts.n_channels;
    size_t channel = emgp_about_next(m->rec, a->text, 0);
    m->any_within = m->any_within || within;
    if (channel == n)
        return mark(within ? &m->all.within : &m->all.without, a, m->err);
    if (!m->own)
        m->own = emgp_alloc(n, sizeof *m->own);
    emg_status status = m->own ? EMG_OK : emgp_fail_memory(m->err);
    for (; status == EMG_OK && channel < n; channel = emgp_about_next(m->rec, a->text, channel + 1))
        status = mark(within ? &m->own[channel].within : &m->own[channel].without, a, m->err);
    return status;
}

static bool take_mark(void *context, const emg_annotation *annotation)
{
    marks *m = context;
    const emg_reading *r = m->reading;
    bool within = any_matches(m->rec, r->within, r->n_within, annotation->text, m->matched);
    bool without = any_matches(m->rec, r->without, r->n_without, annotation->text, m->matched + r->n_within);
    emgp_kinds_take(&m->kinds, annotation->text);
    m->n_within += within;
    if (!within && !without)
        return true;
    if (!(annotation->duration_s > 0)) {
        m->n_points++;
        return true;
    }
    if (within)
        m->status = mark_channels(m, true, annotation);
    if (without && m->status == EMG_OK)
        m->status = mark_channels(m, false, annotation);
    return m->status == EMG_OK;
}

static emg_status note_points(emg_recording *rec, uint64_t n, emg_error *err)
{
    emgp_finding finding = { .code = "W_MARK_POINT",
                             .field = "annotations",
                             .offset = -1,
                             .action = "annotations that were asked for but have no duration mark no stretch: ignored",
                             .things = "annotation" };
    return emgp_remark_count(&rec->deviations, &finding, n, err);
}

static emg_status note_marks(emg_recording *rec, const marks *m, emg_error *err)
{
    const emg_reading *r = &rec->reading;
    if (r->n_within > 0 && !m->any_within)
        return emgp_fail(err, EMG_EARG,
                         "no stretch to read within: of %llu annotations of %zu kinds %llu match, none with a duration",
                         (unsigned long long)m->kinds.n_marks, m->kinds.n_kinds, (unsigned long long)m->n_within);
    emg_status status = m->n_points > 0 ? note_points(rec, m->n_points, err) : EMG_OK;
    for (size_t i = 0; i < r->n_within + r->n_without && status == EMG_OK; i++) {
        bool within = i < r->n_within;
        if (!m->matched[i])
            status = emgp_kinds_unmatched(rec, &m->kinds, "W_MARK_NONE", within ? "within" : "without",
                                          within ? r->within[i] : r->without[i - r->n_within], err);
    }
    return status;
}

static emg_status read_marks(emg_recording *rec, marks *m, emg_error *err)
{
    m->matched = emgp_alloc(rec->reading.n_within + rec->reading.n_without, sizeof *m->matched);
    emg_status status = m->matched ? emgp_kinds_open(&m->kinds, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = emgp_annotations_each(rec, take_mark, m, err);
    if (m->status != EMG_OK) /* reading has then only been stopped */
        return m->status;
    if (status == EMG_OK)
        status = tidy_within_bounds(&m->all.within, err);
    if (status == EMG_OK)
        status = tidy_within_bounds(&m->all.without, err);
    return status == EMG_OK ? note_marks(rec, m, err) : status;
}

/* --- the clock ----------------------------------------------------------------------------------------------- */

/* Seconds from the recording's first sample until its clock next shows a time of day, below 86400. */
static double until_clock(const emg_recording_facts *facts, double clock_s)
{
    double elapsed = clock_s - (facts->start_hour * 3600.0 + facts->start_minute * 60.0 + facts->start_second);
    return elapsed < 0 ? elapsed + day_s : elapsed;
}

/* A time of day that is not in the recording may be meant before its start or after its end: whatever is nearer. */
static bool is_before(const emg_recording_facts *facts, double until_s)
{
    return until_s > facts->span_s && day_s - until_s <= until_s - facts->span_s;
}

static emg_status resolve_clock(emg_recording *rec, emg_error *err)
{
    const emg_recording_facts *facts = &rec->facts;
    emg_reading *r = &rec->reading;
    if ((r->from_clock || r->to_clock) && !facts->start_known)
        return emgp_fail(err, EMG_EARG,
                         "the recording does not tell when it began: give the time window in seconds "
                         "after its first sample, not as a clock time");
    if (r->from_clock) {
        r->from_s = until_clock(facts, r->from_s);
        if (is_before(facts, r->from_s))
            r->from_s = 0;
    }
    if (r->from_clock && r->from_s >= facts->span_s)
        return emgp_fail(err, EMG_EARG, "the time window begins after the recording has ended, by its own clock");
    if (r->to_clock) {
        r->to_s = until_clock(facts, r->to_s);
        if (is_before(facts, r->to_s))
            return emgp_fail(err, EMG_EARG, "the time window ends before the recording begins, by its own clock");
    }
    if (r->to_clock && r->to_s <= r->from_s) {
        double early_s = r->from_s - r->to_s, next_s = r->to_s + day_s * (floor(early_s / day_s) + 1);
        if (next_s > facts->span_s && next_s - facts->span_s >= early_s)
            return emgp_fail(err, EMG_EARG, "the time window ends before it begins, by the recording's own clock");
        r->to_s = next_s;
    }
    r->from_clock = r->to_clock = false;
    if (!(r->to_s > r->from_s)) /* the end may still be one in seconds */
        return emgp_fail(err, EMG_EARG, "the time window ends before it begins, by the recording's own clock");
    return EMG_OK;
}

/* --- all together -------------------------------------------------------------------------------------------- */

static void clip(emgp_windows *w, double from_s, double to_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n; i++) {
        emgp_window cut = { fmax(w->list[i].from_s, from_s), fmin(w->list[i].to_s, to_s) };
        if (cut.from_s < cut.to_s)
            w->list[kept++] = cut;
    }
    w->n = kept;
}

static emg_status append_all(emgp_windows *to, const emgp_windows *from, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < from->n && status == EMG_OK; i++)
        status = append(to, from->list[i].from_s, from->list[i].to_s, err);
    return status;
}

/* What is left of the recording within the stretches of all and of one channel, and outside those. */
static emg_status settle(emgp_windows *out, const emg_reading *r, const stretches *all, const stretches *own,
                         emg_error *err)
{
    stretches both = { 0 };
    emg_status status = r->n_within == 0 ? append(&both.within, -INFINITY, INFINITY, err) : EMG_OK;
    if (status == EMG_OK)
        status = append_all(&both.within, &all->within, err);
    if (status == EMG_OK && own)
        status = append_all(&both.within, &own->within, err);
    if (status == EMG_OK)
        status = append_all(&both.without, &all->without, err);
    if (status == EMG_OK && own)
        status = append_all(&both.without, &own->without, err);
    if (status == EMG_OK)
        status = tidy_within_bounds(&both.within, err);
    if (status == EMG_OK)
        status = tidy_within_bounds(&both.without, err);
    if (status == EMG_OK)
        status = subtract(out, &both.within, &both.without, err);
    clip(out, r->from_s, r->to_s);
    emgp_windows_free(&both.within);
    emgp_windows_free(&both.without);
    return status;
}

/* What all selected channels have in common: all time without that which any of them lacks. */
static emg_status common(emg_recording *rec, emg_error *err)
{
    emgp_windows always = { 0 }, lacking = { 0 };
    emg_status status = append(&always, rec->reading.from_s, rec->reading.to_s, err);
    for (size_t i = 0; i < rec->facts.n_channels && status == EMG_OK; i++) {
        emgp_windows lacks = { 0 };
        if (rec->channels[i].selected)
            status = subtract(&lacks, &always, &rec->own[i], err);
        if (status == EMG_OK)
            status = append_all(&lacking, &lacks, err);
        emgp_windows_free(&lacks);
    }
    if (status == EMG_OK)
        status = tidy_within_bounds(&lacking, err);
    if (status == EMG_OK)
        status = subtract(&rec->windows, &always, &lacking, err);
    emgp_windows_free(&always);
    emgp_windows_free(&lacking);
    return status;
}

/* What any selected channel has. */
static emg_status together(emg_recording *rec, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; i < rec->facts.n_channels && status == EMG_OK; i++)
        if (rec->channels[i].selected)
            status = append_all(&rec->windows, &rec->own[i], err);
    return status == EMG_OK ? tidy_within_bounds(&rec->windows, err) : status;
}

static emg_status settle_own(emg_recording *rec, const marks *m, emg_error *err)
{
    size_t n = 0;
    rec->own = emgp_alloc(rec->facts.n_channels, sizeof *rec->own);
    emg_status status = rec->own ? EMG_OK : emgp_fail_memory(err);
    for (size_t i = 0; i < rec->facts.n_channels && status == EMG_OK; i++) {
        status = settle(&rec->own[i], &rec->reading, &m->all, &m->own[i], err);
        n += rec->own[i].n;
        if (status == EMG_OK && n > EMGP_MOST_SEGMENTS)
            status = emgp_fail(err, EMG_EUNSUPPORTED,
                               "annotations mark more than %d stretches of single channels: choose by other texts",
                               EMGP_MOST_SEGMENTS);
    }
    if (status == EMG_OK)
        status = rec->reading.one_course ? common(rec, err) : together(rec, err);
    if (rec->reading.one_course)
        emgp_windows_free_own(rec);
    return status;
}

static void free_marks(const emg_recording *rec, marks *m)
{
    for (size_t i = 0; m->own && i < rec->facts.n_channels; i++) {
        emgp_windows_free(&m->own[i].within);
        emgp_windows_free(&m->own[i].without);
    }
    emgp_free(m->own);
    emgp_windows_free(&m->all.within);
    emgp_windows_free(&m->all.without);
    emgp_kinds_free(&m->kinds);
    emgp_free(m->matched);
}

/* A time, or marks, that lie behind the end. */
static void say_empty(const emg_recording *rec)
{
    char sentence[128];
    snprintf(sentence, sizeof sentence, "nothing of the recording lies in what is chosen: it lasts %.6g s",
             rec->facts.span_s);
    if (rec->facts.duration_s > 0 && !(rec->facts.selected_s > 0))
        emgp_notice(rec, sentence);
}

emg_status emgp_windows_make(emg_recording *rec, emg_error *err)
{
    emg_status status = resolve_clock(rec, err);
    if (status != EMG_OK)
        return status;
    marks m = { .rec = rec, .reading = &rec->reading, .err = err };
    if (rec->reading.n_within + rec->reading.n_without > 0)
        status = read_marks(rec, &m, err);
    if (status == EMG_OK)
        status = m.own ? settle_own(rec, &m, err) : settle(&rec->windows, &rec->reading, &m.all, NULL, err);
    free_marks(rec, &m);
    if (status == EMG_OK) {
        emgp_windows_sum(rec);
        say_empty(rec);
    }
    return status;
}

void emgp_windows_sum(emg_recording *rec)
{
    const emgp_windows *w = &rec->windows;
    rec->facts.selected_s = 0;
    for (size_t i = 0, first = 0; i < rec->facts.n_segments; i++) {
        const emg_segment *s = &rec->segments[i];
        double end_s = s->start_s + s->duration_s;
        while (first < w->n && w->list[first].to_s <= s->start_s)
            first++;
        for (size_t k = first; k < w->n && w->list[k].from_s < end_s; k++) {
            bool whole = w->list[k].from_s <= s->start_s && w->list[k].to_s >= end_s;
            double overlap = fmin(w->list[k].to_s, end_s) - fmax(w->list[k].from_s, s->start_s);
            rec->facts.selected_s += whole ? s->duration_s : overlap;
        }
    }
}
