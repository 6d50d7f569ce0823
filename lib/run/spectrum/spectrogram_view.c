/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Short-time spectra of a recording's conditioned channels gathered into cells, then drawn into a file. */
#include <emg/spectrogram.h>
#include <emg/spectrogram_view.h>

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "run/spectrum/spectrum.h"
#include "report/picture/picture.h"
#include "run/run.h"

/* Segments of 0.25 s (4 Hz), four of which overlap everywhere. */
static const double segment_s = 0.25;
enum { OVERLAPS = 4, MOST_ROWS = 128, MOST_COLUMNS = 480, LEAST_COLUMNS = 96, PIECE = 1024 };
/* Cells of all channels together: what bounds memory and the picture's size. */
static const size_t most_cells = 4000000;

/* One channel's picture. */
typedef struct panel {
    size_t index;
    emg_channel channel;
    double start_s, high_hz;
    emgp_cells cells;
} panel;

struct emg_spectrogram_view {
    panel *panels;
    size_t n, room;
};

typedef struct job {
    emgp_pass pass;
    emg_spectrogram_view *view;
} job;

typedef struct stream {
    job *job;
    emg_spectrogram *spectrogram;
    size_t first; /* panel of channel 0; the others follow */
    size_t n_rows, n_bins;
    double origin_s, start_s;      /* of the first segment, of the present one */
    double *widened, *row, *share; /* PIECE frames; a column of cells, and how many bins each holds */
} stream;

static emg_status take_column(void *context, const emg_spectrogram_column *column, emg_error *err)
{
    stream *s = context;
    (void)err;
    memset(s->row, 0, s->n_rows * sizeof *s->row);
    for (size_t i = 0; i < s->n_bins; i++) {
        size_t row = i * s->n_rows / s->n_bins;
        s->row[row] += column->value[i] / s->share[row];
    }
    panel *p = &s->job->view->panels[s->first + column->channel];
    emgp_cells_add(&p->cells, s->start_s - s->origin_s + column->centre_s, s->row);
    return EMG_OK;
}

static emg_status add_panel(job *j, const emgp_pass_group *group, size_t channel, const stream *s, double column_s,
                            emg_error *err)
{
    emg_spectrogram_view *view = j->view;
    void *panels = view->panels;
    if (!emgp_reserve(&panels, &view->room, view->n, view->n + 1, sizeof *view->panels))
        return emgp_fail_memory(err);
    view->panels = panels;
    panel *p = &view->panels[view->n++];
    size_t columns = most_cells / (MOST_ROWS * j->pass.n_fitting);
    columns = columns > MOST_COLUMNS ? MOST_COLUMNS : columns < LEAST_COLUMNS ? LEAST_COLUMNS : columns;
    *p = (panel){ .index = group->index[channel],
                  .channel = *emg_recording_channel(j->pass.recording, group->index[channel]),
                  .start_s = s->origin_s,
                  .high_hz = group->high_hz };
    return emgp_cells_make(&p->cells, s->n_rows, columns, column_s, err);
}

static emg_status make_stream(job *j, emgp_pass_group *group, double origin_s, emg_error *err)
{
    stream *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    group->state = s;
    s->origin_s = origin_s;
    size_t hop = (size_t)fmax(1, round(segment_s * group->rate_hz / OVERLAPS));
    emg_welch_plan plan = emg_welch_defaults(group->rate_hz, hop * OVERLAPS);
    plan.overlap = plan.segment - hop;
    /* Bins from 0 to the band's upper corner, as many to a row as it takes. */
    s->n_bins = (size_t)(group->high_hz / group->rate_hz * (double)plan.segment) + 1;
    s->n_rows = s->n_bins < MOST_ROWS ? s->n_bins : MOST_ROWS;
    s->widened = emgp_alloc(PIECE * group->n_channels, sizeof *s->widened);
    s->row = emgp_alloc(s->n_rows, sizeof *s->row);
    s->share = emgp_alloc(s->n_rows, sizeof *s->share);
    if (!s->widened || !s->row || !s->share)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < s->n_bins; i++)
        s->share[i * s->n_rows / s->n_bins] += 1;
    s->job = j;
    s->first = j->view->n;
    emg_status status = EMG_OK;
    for (size_t channel = 0; status == EMG_OK && channel < group->n_channels; channel++)
        status = add_panel(j, group, channel, s, (double)hop / group->rate_hz, err);
    return status ? status
                  : emg_spectrogram_new(&s->spectrogram, &plan, EMG_SPECTROGRAM_POWER, EMG_SPECTROGRAM_WHOLE,
                                        group->n_channels, take_column, s, err);
}

static emg_status push(stream *s, const float *x, size_t n_frames, size_t n_channels, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t n; status == EMG_OK && n_frames > 0; n_frames -= n, x += n * n_channels) {
        n = n_frames < PIECE ? n_frames : PIECE;
        for (size_t i = 0; i < n * n_channels; i++)
            s->widened[i] = (double)x[i];
        status = emg_spectrogram_push(s->spectrogram, s->widened, n, err);
    }
    return status;
}

static emg_status take_item(job *j, const emgp_pass_item *item, emg_error *err)
{
    emgp_pass_group *group = item->group;
    emg_status status = group->state ? EMG_OK : make_stream(j, group, item->time_s, err);
    stream *s = group->state;
    if (status == EMG_OK && item->event == EMGP_PASS_BEGINS)
        s->start_s = item->time_s;
    else if (status == EMG_OK && item->event == EMGP_PASS_FRAMES)
        status = push(s, item->x, item->n_frames, group->n_channels, err);
    else if (status == EMG_OK)
        status = emg_spectrogram_finish(s->spectrogram, err);
    return status;
}

/* Panels into the recording's order, those without a column left out. */
static void order_panels(emg_spectrogram_view *view)
{
    size_t kept = 0;
    for (size_t i = 0; i < view->n; i++) {
        panel p = view->panels[i];
        if (p.cells.n_columns == 0) {
            emgp_cells_clear(&p.cells);
            continue;
        }
        size_t at = kept++;
        for (; at > 0 && view->panels[at - 1].index > p.index; at--)
            view->panels[at] = view->panels[at - 1];
        view->panels[at] = p;
    }
    view->n = kept;
}

static void free_stream(stream *s)
{
    if (!s)
        return;
    emg_spectrogram_free(s->spectrogram);
    emgp_free(s->widened);
    emgp_free(s->row);
    emgp_free(s->share);
    emgp_free(s);
}

static emg_status gather(job *j, emg_error *err)
{
    emg_status status = EMG_OK;
    emgp_pass_item item;
    while (status == EMG_OK && emgp_pass_next(&j->pass, &item))
        status = take_item(j, &item, err);
    for (size_t g = 0; g < j->pass.n_groups; g++)
        free_stream(j->pass.groups[g]->state);
    order_panels(j->view);
    return status ? status : j->pass.status;
}

static emg_status run_spectrogram(emg_spectrogram_view **out, const char *path, const emg_run_config *config,
                                  size_t *n_channels, emg_error *err)
{
    if (!out || !path || !config)
        return emgp_fail(err, EMG_EARG, "no path, configuration or place for the pictures was given");
    *out = NULL;
    job j = { .view = emgp_alloc(1, sizeof *j.view) };
    emg_status status = j.view ? emgp_pass_open(&j.pass, path, &config->reading, config, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = gather(&j, err);
    if (n_channels)
        *n_channels = j.pass.n_fitting;
    emgp_pass_close(&j.pass);
    if (status)
        emg_spectrogram_view_free(j.view);
    else
        *out = j.view;
    return status;
}

emg_status emg_run_spectrogram(emg_spectrogram_view **out, const char *path, const emg_run_config *config,
                               size_t *n_channels, emg_error *err)
{
    err = emgp_fresh(err);
    return emgp_name_failure(err, path, run_spectrogram(out, path, config, n_channels, err));
}

void emg_spectrogram_view_free(emg_spectrogram_view *view)
{
    for (size_t i = 0; view && i < view->n; i++)
        emgp_cells_clear(&view->panels[i].cells);
    emgp_free(view ? view->panels : NULL);
    emgp_free(view);
}

size_t emg_spectrogram_view_n(const emg_spectrogram_view *view)
{
    return view ? view->n : 0;
}

/* The panels as they are drawn; their cells' means into `power`. */
static emg_status draw(const emg_spectrogram_view *view, double *power, emgp_spectrogram_panel *drawn,
                       emgp_newfile *file, emg_error *err)
{
    for (size_t i = 0; i < view->n; i++) {
        const panel *p = &view->panels[i];
        drawn[i] = (emgp_spectrogram_panel){ .channel = p->channel.name,
                                             .muscle = p->channel.is_muscle ? p->channel.muscle : "",
                                             .calibrated = p->channel.to_uv > 0,
                                             .start_s = p->start_s,
                                             .column_s = p->cells.column_s,
                                             .high_hz = p->high_hz,
                                             .n_columns = p->cells.n_columns,
                                             .n_rows = p->cells.n_rows,
                                             .power = power };
        for (size_t c = 0; c < p->cells.n_columns; c++) {
            for (size_t row = 0; row < p->cells.n_rows; row++)
                *power++ = emgp_cells_mean(&p->cells, c, row);
        }
    }
    return emgp_spectrogram_write(drawn, view->n, emgp_newfile_sink, file, err);
}

emg_status emg_run_spectrogram_file(const emg_spectrogram_view *view, const char *svg_path, emg_error *err)
{
    if (!view || !svg_path)
        return emgp_fail(err, EMG_EARG, "no pictures or no path was given");
    size_t n_cells = 0;
    for (size_t i = 0; i < view->n; i++)
        n_cells += view->panels[i].cells.n_columns * view->panels[i].cells.n_rows;
    double *power = emgp_alloc(n_cells, sizeof *power);
    emgp_spectrogram_panel *drawn = emgp_alloc(view->n, sizeof *drawn);
    emgp_newfile *file = NULL;
    emg_status status = power && drawn ? emgp_newfile_open(&file, svg_path, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = draw(view, power, drawn, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    emgp_free(power);
    emgp_free(drawn);
    return status;
}
