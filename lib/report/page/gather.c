/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass through the events: what the page shows of each muscle and class, in memory that does not grow with them. */
#include "report/page/page.h"

#include <math.h>

bool emgp_is_point(emg_class trial_type)
{
    return trial_type == EMG_FASCICULATION || trial_type == EMG_MYOCLONUS || trial_type == EMG_EVOKED;
}

emg_class emgp_class_at(size_t place)
{
    static const emg_class order[] = { EMG_FASCICULATION, EMG_MYOCLONUS,     EMG_EVOKED,        EMG_CLONUS, EMG_TREMOR,
                                       EMG_RHYTHMIC,      EMG_MYOKYMIA,      EMG_NEUROMYOTONIA, EMG_SPASM,  EMG_TONIC,
                                       EMG_MOTOR_UNIT,    EMG_INDETERMINATE, EMG_ARTIFACT };
    return place < sizeof order / sizeof *order ? order[place] : EMG_UNCLASSIFIED;
}

static void add_value(emgp_range *range, double value)
{
    if (!isfinite(value))
        return;
    range->least = range->n == 0 ? value : fmin(range->least, value);
    range->most = range->n == 0 ? value : fmax(range->most, value);
    range->sum += value;
    range->n++;
}

/* Adds an event to the columns of its lane: as one, or the seconds that lie in each. */
static void add_time(const emgp_view *view, emgp_lane *lane, const emg_event *e)
{
    const double bin_s = view->span_s / EMGP_LANE_BINS, last = EMGP_LANE_BINS - 1;
    const double end_s = e->onset_s + e->duration_s;
    const size_t from = (size_t)fmin(last, fmax(0, e->onset_s / bin_s));
    const size_t to = (size_t)fmin(last, fmax(0, end_s / bin_s));
    if (emgp_is_point(e->trial_type)) {
        lane->bins[from]++;
        return;
    }
    for (size_t b = from; b <= to; b++)
        lane->bins[b] += (float)fmax(0, fmin(end_s, (double)(b + 1) * bin_s) - fmax(e->onset_s, (double)b * bin_s));
}

static void add_longest(emgp_lane *lane, const emg_event *e)
{
    if (lane->n_longest < EMGP_EPISODES) {
        lane->longest[lane->n_longest++] = *e;
        return;
    }
    size_t shortest = 0;
    for (size_t i = 1; i < EMGP_EPISODES; i++)
        if (lane->longest[i].duration_s < lane->longest[shortest].duration_s)
            shortest = i;
    if (e->duration_s > lane->longest[shortest].duration_s)
        lane->longest[shortest] = *e;
}

/* The piece that shows most of an event; false: none shows enough. */
static bool find_zoom(const emg_sketch *sketch, const emg_event *e, size_t *zoom)
{
    static const double least_s = 1;
    double best_s = 0;
    const bool point = emgp_is_point(e->trial_type);
    for (size_t i = 0; sketch && i < sketch->n_zooms; i++) {
        const emg_sketch_zoom *z = &sketch->zooms[i];
        const double end_s = z->start_s + (double)z->n * z->step_s;
        const double shown_s = fmin(end_s, e->onset_s + e->duration_s) - fmax(z->start_s, e->onset_s);
        if (shown_s > best_s && (point || shown_s >= fmin(least_s, 0.9 * e->duration_s))) {
            best_s = shown_s;
            *zoom = i;
        }
    }
    return best_s > 0;
}

static void weigh(const emgp_view *view, emgp_lane *lane, const emg_event *e)
{
    const double length = emgp_is_point(e->trial_type) ? 1 : sqrt(fmax(e->duration_s, 0));
    const double amplitude = e->amplitude > 0 ? e->amplitude : 1;
    const double strength = (e->confidence > 0 ? e->confidence : 0.5) * amplitude * length;
    size_t zoom = 0;
    if (strength <= lane->strength || !find_zoom(emg_result_sketch(view->result, e->channel), e, &zoom))
        return;
    lane->strength = strength;
    lane->strongest = *e;
    lane->zoom = zoom;
    lane->zoom_channel = e->channel;
}

/* False: out of memory. */
static bool add_event(const emgp_view *view, emgp_lane *lane, const emg_event *e)
{
    const double values[EMGP_N_RANGES] = { [EMGP_OF_RATE] = e->frequency_hz, [EMGP_OF_DURATION] = e->duration_s };
    lane->n++;
    if (lane->n_marks < EMGP_MARKS)
        lane->marks[lane->n_marks++] = (emgp_lane_mark){ (float)e->onset_s, (float)(e->onset_s + e->duration_s) };
    for (size_t i = 0; i < EMGP_N_RANGES; i++)
        add_value(&lane->ranges[i], values[i]);
    for (size_t r = 0; r < EMG_N_REASONS; r++)
        lane->n_reasons[r] += e->reasons >> r & 1;
    add_time(view, lane, e);
    if (!emgp_is_point(e->trial_type))
        add_longest(lane, e);
    weigh(view, lane, e);
    return emgp_pool_add(&lane->pool, e);
}

/* The scale of the envelope: the largest column, but not for a few that are far above all others. */
static void set_scale(emgp_shown_muscle *m)
{
    static const double usual = 0.985, far_above = 4, shown_above = 2.5;
    double peaks[EMG_SKETCH_COLUMNS];
    size_t n = 0;
    for (size_t i = 0; m->sketch && i < m->sketch->n_columns; i++) {
        const emg_sketch_column *c = &m->sketch->columns[i];
        if (c->low <= c->high)
            peaks[n++] = fmax(fabs((double)c->low), fabs((double)c->high));
    }
    const double threshold = m->summary->signal.threshold > 0 ? m->summary->signal.threshold : 0;
    double scale = 1;
    if (n > 0) {
        emgp_sort(peaks, n);
        const double top = peaks[n - 1], most = peaks[(size_t)(usual * (double)(n - 1))];
        scale = top <= far_above * most ? top : shown_above * most;
    }
    m->scale = emgp_round_up(fmax(scale, 2 * threshold));
    m->cut = n > 0 && peaks[n - 1] > m->scale;
}

static emg_status take(emgp_view *view, const emg_event *event, emg_error *err)
{
    if (event->muscle >= view->n || (size_t)event->trial_type >= EMG_UNCLASSIFIED)
        return emgp_fail(err, EMG_EARG, "an event names a muscle or a class that the result does not have");
    emgp_lane **lane = &view->muscles[event->muscle].lanes[event->trial_type];
    if (!*lane)
        *lane = emgp_alloc(1, sizeof **lane);
    if (!*lane)
        return emgp_fail_memory(err);
    return add_event(view, *lane, event) ? EMG_OK : emgp_fail_memory(err);
}

emg_status emgp_view_gather(emgp_view *view, emg_error *err)
{
    view->n = view->result ? emg_result_n_muscles(view->result) : 0;
    view->muscles = emgp_alloc(view->n, sizeof *view->muscles);
    if (!view->muscles)
        return emgp_fail_memory(err);
    for (size_t m = 0; m < view->n; m++) {
        view->muscles[m].summary = emg_result_muscle(view->result, m);
        view->muscles[m].sketch = emg_result_sketch(view->result, view->muscles[m].summary->strongest_channel);
        set_scale(&view->muscles[m]);
    }
    emg_status status = EMG_OK;
    if (view->result)
        emg_result_rewind(view->result);
    for (bool found = view->result; status == EMG_OK && found;) {
        emg_event event;
        status = emg_result_next(view->result, &event, &found, err);
        if (status == EMG_OK && found)
            status = take(view, &event, err);
    }
    return status;
}

void emgp_view_free(emgp_view *view)
{
    for (size_t m = 0; view->muscles && m < view->n; m++)
        for (size_t c = 0; c < EMG_N_CLASSES; c++) {
            if (view->muscles[m].lanes[c])
                emgp_pool_free(&view->muscles[m].lanes[c]->pool);
            emgp_free(view->muscles[m].lanes[c]);
        }
    emgp_free(view->muscles);
}
