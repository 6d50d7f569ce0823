/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trends of mean and median frequency: windows gathered stretch by stretch, channel by channel, then lines through them. */
#include <emg/feature_rows.h>
#include <emg/feature_table.h>
#include <emg/slopes.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "run/run.h"

enum { N_TRACKED = 2 };
static const char *const tracked[N_TRACKED] = { "mnf", "mdf" };

/* A point: the mean of `weight` windows. */
typedef struct point {
    double t_s, y[N_TRACKED];
    size_t weight;
} point;

/* The windows of one channel within one stretch. */
typedef struct track {
    size_t index; /* of the channel */
    emg_channel channel;
    double onset_s, end_s;
    point *points;
    size_t n, room, n_windows;
    size_t fold; /* windows that make a point */
} track;

typedef struct job {
    emg_run_config config;
    emg_feature_plan plan;
    emg_slope_take *take;
    void *context;
    const emg_feature *features[N_TRACKED];
    emgp_marks marks;
    bool whole; /* no marks: each channel's whole selection */
    track *tracks;
    size_t n, room;
    emg_error *err;
    emg_status status; /* of what went wrong within a callback */
} job;

static void find_features(job *j)
{
    const emg_feature *row;
    for (size_t k = 0; k < N_TRACKED; k++) {
        for (size_t i = 0; (row = emg_feature_row(i)); i++)
            j->features[k] = strcmp(row->name, tracked[k]) == 0 ? row : j->features[k];
    }
}

/* The track of a channel over a stretch, made when there is none; NULL without memory. */
static track *track_of(job *j, const emg_feature_window *row, double onset_s)
{
    for (size_t i = j->n; i-- > 0;) {
        track *t = &j->tracks[i];
        if (t->index == row->index && (j->whole || !(t->onset_s < onset_s || t->onset_s > onset_s)))
            return t;
    }
    void *tracks = j->tracks;
    if (!emgp_reserve(&tracks, &j->room, j->n, j->n + 1, sizeof *j->tracks))
        return NULL;
    j->tracks = tracks;
    track *t = &j->tracks[j->n++];
    *t = (track){ .index = row->index, .channel = *row->channel, .onset_s = onset_s, .fold = 1 };
    return t;
}

/* Joins neighbours two by two when no room is left for more points. */
static void fold(track *t)
{
    for (size_t i = 0; i < t->n / 2; i++) {
        point *to = &t->points[i];
        const point a = t->points[2 * i], b = t->points[2 * i + 1];
        to->t_s = (a.t_s + b.t_s) / 2;
        for (size_t k = 0; k < N_TRACKED; k++)
            to->y[k] = (a.y[k] + b.y[k]) / 2;
        to->weight = a.weight + b.weight;
    }
    t->n /= 2;
    t->fold *= 2;
}

static bool add(track *t, double t_s, const double y[N_TRACKED])
{
    if (t->n > 0 && t->points[t->n - 1].weight < t->fold) {
        point *last = &t->points[t->n - 1];
        double share = 1 / (double)(++last->weight);
        last->t_s += (t_s - last->t_s) * share;
        for (size_t k = 0; k < N_TRACKED; k++)
            last->y[k] += (y[k] - last->y[k]) * share;
        return true;
    }
    if (t->n == EMG_SLOPE_MOST)
        fold(t);
    void *points = t->points;
    if (!emgp_reserve(&points, &t->room, t->n, t->n + 1, sizeof *t->points))
        return false;
    t->points = points;
    point *to = &t->points[t->n++];
    *to = (point){ .t_s = t_s, .weight = 1 };
    memcpy(to->y, y, sizeof to->y);
    return true;
}

static bool add_to(job *j, const emg_feature_window *row, double onset_s, double end_s)
{
    double y[N_TRACKED];
    track *t = track_of(j, row, onset_s);
    if (!t)
        return false;
    t->end_s = end_s;
    for (size_t k = 0; k < N_TRACKED; k++)
        y[k] = emg_feature_value(j->features[k], &row->features);
    if (isnan(y[0]) || isnan(y[1]))
        return true;
    t->n_windows++;
    return add(t, row->onset_s + row->duration_s / 2, y);
}

static bool take_window(void *context, const emg_feature_window *row)
{
    job *j = context;
    const double slack = 1e-6;
    bool held = !j->whole || add_to(j, row, row->onset_s, row->onset_s + row->duration_s);
    for (size_t i = 0; held && i < j->marks.n; i++) {
        const emg_mark *mark = &j->marks.mark[i];
        double end_s = mark->onset_s + mark->duration_s;
        bool about = mark->channel == 0 || mark->channel == row->index + 1;
        if (mark->kind == EMG_MARK_TASK && about && row->onset_s >= mark->onset_s - slack &&
            row->onset_s + row->duration_s <= end_s + slack)
            held = add_to(j, row, mark->onset_s, end_s);
    }
    if (!held)
        j->status = emgp_fail_memory(j->err);
    return held;
}

static emg_status put_track(const job *j, const track *t)
{
    double *room = emgp_alloc(2 * t->n, sizeof *room);
    emg_status status = room ? EMG_OK : emgp_fail_memory(j->err);
    for (size_t k = 0; status == EMG_OK && k < N_TRACKED; k++) {
        for (size_t i = 0; i < t->n; i++) {
            room[i] = t->points[i].t_s - t->onset_s;
            room[t->n + i] = t->points[i].y[k];
        }
        emg_slope_row row = { .onset_s = t->onset_s,
                              .duration_s = t->end_s - t->onset_s,
                              .index = t->index,
                              .channel = &t->channel,
                              .feature = j->features[k],
                              .n_windows = t->n_windows };
        status = emg_features_slope(room, room + t->n, t->n, &row.least_squares, &row.robust, j->err);
        if (status == EMG_OK && !j->take(j->context, &row))
            status = emgp_fail(j->err, EMG_ECANCELLED, "stopped on request");
    }
    emgp_free(room);
    return status;
}

/* The track that comes next in the order of onset, channel; NULL after the last. */
static const track *after(const job *j, const track *last)
{
    const track *best = NULL;
    for (size_t i = 0; i < j->n; i++) {
        const track *t = &j->tracks[i];
        bool later = !last || t->onset_s > last->onset_s || (!(t->onset_s < last->onset_s) && t->index > last->index);
        bool first = !best || t->onset_s < best->onset_s || (!(t->onset_s > best->onset_s) && t->index < best->index);
        best = later && first ? t : best;
    }
    return best;
}

static emg_status find_marks(job *j, const char *path)
{
    emg_recording *recording;
    emg_run_config tasks = j->config;
    tasks.n_stimulus_globs = 0;
    emg_status status = emg_recording_open(&recording, path, &j->config.reading, j->err);
    if (status)
        return status;
    status = emgp_marks_read(&j->marks, recording, &tasks, j->err);
    j->config.reading.notice = NULL; /* said once, though it is opened again */
    emg_recording_close(recording);
    return status;
}

static emg_status run_slopes(const char *path, const emg_run_config *config, const emg_feature_plan *plan,
                             emg_slope_take *take, void *context, size_t *n_channels, emg_error *err)
{
    if (!path || !config || !plan || !take)
        return emgp_fail(err, EMG_EARG, "no path, configuration, plan or taker was given");
    emg_error own = EMG_ERROR_NONE;
    job j = { .config = *config, .plan = *plan, .take = take, .context = context, .err = err ? err : &own };
    j.config.rest_glob = j.config.stretch_glob = NULL;
    j.whole = !config->task_glob;
    j.plan.n_bands = 0;
    j.plan.densities = false;
    j.plan.mvc_path = NULL;
    find_features(&j);
    emg_status status = emg_feature_choice_read(&j.plan.features, "mnf,mdf", j.err);
    j.plan.features.multitaper = plan->features.multitaper;
    if (status == EMG_OK && !j.whole)
        status = find_marks(&j, path);
    if (status == EMG_OK)
        status = emg_run_features(path, &j.config, &j.plan, take_window, &j, n_channels, j.err);
    status = j.status ? j.status : status;
    for (const track *t = after(&j, NULL); status == EMG_OK && t; t = after(&j, t))
        status = put_track(&j, t);
    for (size_t i = 0; i < j.n; i++)
        emgp_free(j.tracks[i].points);
    emgp_free(j.tracks);
    emgp_free(j.marks.mark);
    return status;
}

emg_status emg_run_slopes(const char *path, const emg_run_config *config, const emg_feature_plan *plan,
                          emg_slope_take *take, void *context, size_t *n_channels, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_slopes(path, config, plan, take, context, n_channels, err));
}
