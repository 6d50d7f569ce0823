/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader of tables: every row is checked and its time compared when the table is opened; then rows are read again as
 * frames, with frames of nothing where the time shows a gap. */
#include "reading/delimited/delimited.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "reading/channels/channels.h"
#include "reading/interleaved/interleaved.h"

enum { TIMED_ROWS = 1024, MOST_MISSING = 1 << 27, LEAST_HZ = 10, MOST_HZ = 10000000 };

/* Steps within this share of the middle one are even. */
static const double even_share = 0.1;

typedef struct delimited {
    emgp_interleaved frames;
    emgp_lines lines;
    emgp_layout layout;
    emgp_cells *cells;
    double *row, scale;
    double step_s, slack_s; /* between rows by the time column, and how uneven it is; 0: no time is looked at */
    uint64_t frame;         /* the next one */
    /* the next frames: so many of nothing, then the row that is held */
    uint64_t missing;
    bool held;
    bool cut; /* the last line was no whole row */
    double time_s, last_s;
    uint64_t n_rows, n_missing, n_gaps;
} delimited;

/* --- rows ---------------------------------------------------------------------------------------------------- */

/* Before the first row. */
static emg_status go_to_start(delimited *d, emg_error *err)
{
    emgp_lines_rewind(&d->lines);
    d->held = d->cut = false;
    d->frame = d->missing = d->n_rows = d->n_missing = d->n_gaps = 0;
    d->last_s = NAN;
    emg_status status = EMG_OK;
    while (status == EMG_OK && d->lines.number + 1 < d->layout.first_line) {
        char *line;
        size_t n;
        status = emgp_lines_next(&d->lines, &line, &n, err);
    }
    return status;
}

/* How many rows are missing before the one that is held, by its time. */
static emg_status compare_time(delimited *d, emg_error *err)
{
    double passed_s = d->time_s - d->last_s;
    unsigned long long line = d->lines.number;
    if (isnan(d->time_s))
        return emgp_fail(err, EMG_EFORMAT, "line %llu, column %zu: the time is missing; give the rate with --rate",
                         line, d->layout.time_cell + 1);
    if (d->n_rows > 0 && passed_s < 0)
        return emgp_fail(
            err, EMG_EFORMAT,
            "line %llu, column %zu: the time goes back by %g s; put the rows in order, or give the rate with "
            "--rate",
            line, d->layout.time_cell + 1, -passed_s);
    d->last_s = d->time_s;
    if (d->n_rows == 0 || !(d->step_s > 0) || !(passed_s > 1.5 * d->step_s + d->slack_s))
        return EMG_OK;
    double missing = floor(passed_s / d->step_s + 0.5) - 1;
    if (!(missing <= (double)MOST_MISSING - (double)d->n_missing))
        return emgp_fail(err, EMG_EUNSUPPORTED,
                         "line %llu, column %zu: the time is %g s after the row before: the gaps are too long for one "
                         "recording; split the table",
                         line, d->layout.time_cell + 1, passed_s);
    d->missing = missing > 0 ? (uint64_t)missing : 0;
    d->n_missing += d->missing;
    d->n_gaps += d->missing > 0;
    return EMG_OK;
}

/* Holds the next row; d->held is false at the end. */
static emg_status hold_row(delimited *d, emg_error *err)
{
    char *line;
    size_t n;
    d->held = false;
    for (;;) {
        emg_status status = emgp_lines_next(&d->lines, &line, &n, err);
        if (status != EMG_OK || !line)
            return status;
        if (!emgp_line_is_comment(line, n))
            break;
    }
    emgp_cells_cut(d->cells, line, n, d->layout.separator);
    if (!d->lines.ended && d->cells->n < d->layout.n_cells && d->n_rows > 0) {
        d->cut = true;
        return EMG_OK;
    }
    emg_status status = emgp_layout_row(&d->layout, d->cells, d->lines.number, d->row, &d->time_s, err);
    if (status == EMG_OK && d->layout.timed)
        status = compare_time(d, err);
    if (status != EMG_OK)
        return status;
    d->n_rows++;
    d->held = true;
    return EMG_OK;
}

/* The next frame into out, or past it when that is NULL; *any: there was one. */
static emg_status give_frame(delimited *d, double *out, bool *any, emg_error *err)
{
    emg_status status = d->held ? EMG_OK : hold_row(d, err);
    *any = status == EMG_OK && d->held;
    if (!*any)
        return status;
    bool missing = d->missing > 0;
    for (size_t i = 0; out && i < d->layout.n_columns; i++)
        out[i] = missing ? EMGP_NO_FRAME : d->row[i] * d->scale;
    if (missing)
        d->missing--;
    else
        d->held = false;
    d->frame++;
    return EMG_OK;
}

static emg_status delimited_skip(void *context, uint64_t frame, emg_error *err)
{
    delimited *d = context;
    bool any = true;
    emg_status status = EMG_OK;
    while (status == EMG_OK && any && d->frame < frame)
        status = give_frame(d, NULL, &any, err);
    return status;
}

static emg_status delimited_read(void *context, uint64_t frame, double *out, size_t n, size_t *got, emg_error *err)
{
    delimited *d = context;
    bool any = true;
    emg_status status = EMG_OK;
    (void)frame; /* it is where reading stopped */
    for (*got = 0; status == EMG_OK && *got < n; *got += any) {
        status = give_frame(d, out + *got * d->layout.n_columns, &any, err);
        if (!any)
            break;
    }
    return status;
}

/* --- the rate ------------------------------------------------------------------------------------------------ */

/* The step between rows out of the first times. */
static emg_status find_step(delimited *d, const double *t, size_t n, emg_error *err)
{
    double steps[TIMED_ROWS], sum = 0;
    size_t n_even = 0, n_steps = n > 0 ? n - 1 : 0;
    for (size_t i = 0; i < n_steps; i++)
        steps[i] = t[i + 1] - t[i];
    double middle = emgp_median(steps, n_steps);
    for (size_t i = 0; i < n_steps; i++) {
        bool even = fabs(steps[i] - middle) <= even_share * middle;
        n_even += even;
        sum += even ? steps[i] : 0;
    }
    if (n_steps == 0 || !(t[n_steps] > t[0]))
        return emgp_fail(err, EMG_EFORMAT, "column %zu: the time does not advance: give the rate with --rate",
                         d->layout.time_cell + 1);
    d->slack_s = 0;
    if (n_even * 10 >= n_steps * 6 && middle > 0) {
        d->step_s = sum / (double)n_even;
        return EMG_OK;
    }
    /* Times that are coarse or uneven: the mean, and twice what they are off it. */
    d->step_s = (t[n_steps] - t[0]) / (double)n_steps;
    for (size_t i = 1; i < n; i++)
        d->slack_s = fmax(d->slack_s, 2 * fabs(t[i] - t[0] - (double)i * d->step_s));
    return EMG_OK;
}

static emg_status learn_step(delimited *d, emg_error *err)
{
    double *t = emgp_alloc(TIMED_ROWS, sizeof *t);
    size_t n = 0;
    emg_status status = t ? go_to_start(d, err) : emgp_fail_memory(err);
    while (status == EMG_OK && n < TIMED_ROWS) {
        status = hold_row(d, err);
        if (status != EMG_OK || !d->held)
            break;
        t[n++] = d->time_s;
    }
    if (status == EMG_OK)
        status = find_step(d, t, n, err);
    emgp_free(t);
    return status;
}

/* What the whole table says of the rate: the longest stretch without a gap. */
typedef struct stretch {
    double from_s, to_s;
    uint64_t n_steps;
    double uneven_s; /* the largest difference of one step */
} stretch;

static void stretch_take(stretch *now, stretch *best, const delimited *d)
{
    if (d->n_rows == 1 || d->missing > 0) {
        *now = (stretch){ d->time_s, d->time_s, 0, 0 };
        return;
    }
    now->uneven_s = fmax(now->uneven_s, fabs(d->time_s - now->to_s - d->step_s));
    now->to_s = d->time_s;
    now->n_steps++;
    if (now->n_steps > best->n_steps)
        *best = *now;
}

/* A whole number of hertz where the times say no other. */
static emg_status find_rate(const delimited *d, const stretch *best, double *rate_hz, emg_error *err)
{
    double span_s = best->to_s - best->from_s, rate = (double)best->n_steps / span_s, whole = floor(rate + 0.5);
    double off = fmax(1e-6, best->uneven_s / span_s);
    *rate_hz = whole > 0 && fabs(rate - whole) <= off * whole ? whole : rate;
    if (*rate_hz >= LEAST_HZ && *rate_hz <= MOST_HZ)
        return EMG_OK;
    return emgp_fail(
        err, EMG_EFORMAT,
        "column %zu: the time advances %g s a row, which would be %g Hz: name its unit in the header, as in "
        "'time (ms)', or give the rate with --rate",
        d->layout.time_cell + 1, d->step_s, *rate_hz);
}

/* --- open ---------------------------------------------------------------------------------------------------- */

static void take_limits(emg_recording *rec, const delimited *d)
{
    for (size_t i = 0; i < d->layout.n_columns; i++) {
        emg_channel *c = &rec->channels[i];
        double x = d->row[i] * d->scale;
        if (!(fabs(x) <= EMGP_MOST_CREDIBLE))
            continue;
        bool first = !(c->physical_max >= c->physical_min);
        c->physical_min = first ? x : fmin(c->physical_min, x);
        c->physical_max = first ? x : fmax(c->physical_max, x);
    }
}

static emg_status make_channels(emg_recording *rec, const delimited *d, emg_error *err)
{
    size_t n = rec->facts.n_channels = d->layout.n_columns;
    rec->channels = emgp_alloc(n, sizeof *rec->channels);
    if (!rec->channels)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        emg_channel *c = &rec->channels[i];
        const emgp_column *column = &d->layout.column[i];
        c->number = i + 1;
        emgp_text_copy(c->label, sizeof c->label, column->label);
        emgp_text_copy(c->unit, sizeof c->unit, column->unit);
        emgp_unit_read(c->unit, strlen(c->unit), &c->to_uv);
        c->physical_min = INFINITY;
        c->physical_max = -INFINITY;
        c->usable = true;
    }
    return EMG_OK;
}

static emg_status note(emg_recording *rec, const char *code, const char *things, uint64_t n, emg_error *err)
{
    emgp_finding finding = { .code = code, .field = "rows", .offset = -1, .things = things };
    return n > 0 ? emgp_deviate_count(&rec->deviations, &finding, n, err) : EMG_OK;
}

static emg_status fill_facts(emg_recording *rec, delimited *d, double rate, emg_error *err)
{
    uint64_t n = d->frames.n_frames = d->n_rows + d->n_missing;
    rec->facts.duration_s = rec->facts.span_s = (double)n / rate;
    for (size_t i = 0; i < rec->facts.n_channels; i++) {
        emg_channel *c = &rec->channels[i];
        c->rate_hz = rate;
        c->n_samples = n;
        if (!(c->physical_max >= c->physical_min))
            c->physical_min = c->physical_max = 0;
    }
    emg_status status = note(rec, "W_TABLE_GAP", "gap", d->n_gaps, err);
    if (status == EMG_OK)
        status = note(rec, "W_TABLE_CUT", "row", d->cut, err);
    return status == EMG_OK && n > 0 ? emgp_segments_begin(rec, 0.0, rec->facts.span_s, err) : status;
}

/* All rows once: what cannot be read is refused before anything is analysed. */
static emg_status scan(emg_recording *rec, delimited *d, emg_error *err)
{
    stretch now = { 0 }, best = { 0 };
    double rate = rec->reading.rate_hz;
    emg_status status = go_to_start(d, err);
    while (status == EMG_OK) {
        d->missing = 0;
        status = hold_row(d, err);
        if (status != EMG_OK || !d->held)
            break;
        take_limits(rec, d);
        if (d->layout.timed)
            stretch_take(&now, &best, d);
    }
    if (status == EMG_OK && d->layout.timed)
        status = find_rate(d, &best, &rate, err);
    return status == EMG_OK ? fill_facts(rec, d, rate, err) : status;
}

static bool delimited_sniff(const unsigned char *head, size_t n)
{
    return emgp_foreign_is_text(head, n);
}

static emg_status check_options(const emg_recording *rec, delimited *d, emg_error *err)
{
    double rate = rec->reading.rate_hz;
    d->scale = rec->reading.scale;
    if (rate > 0)
        d->layout.timed = false; /* then it counts whatever it counts */
    if (rate > 0 || d->layout.timed)
        return EMG_OK;
    return emgp_fail(
        err, EMG_EFORMAT,
        "no column of the table holds the time: give the sampling rate with --rate, or name the column 'time'");
}

static emg_status delimited_open(emg_recording *rec, emg_error *err)
{
    delimited *d = rec->state = emgp_alloc(1, sizeof *d);
    if (!d)
        return emgp_fail_memory(err);
    rec->facts.format = EMG_FORMAT_TABLE;
    rec->facts.file_bytes = emgp_io_size(rec->io);
    emg_status status = emgp_lines_open(&d->lines, rec->io, err);
    if (status == EMG_OK)
        status = emgp_layout_find(&d->layout, rec, &d->lines, err);
    if (status == EMG_OK)
        status = check_options(rec, d, err);
    d->cells = emgp_alloc(1, sizeof *d->cells);
    d->row = emgp_alloc(d->layout.n_columns, sizeof *d->row);
    if (status == EMG_OK && (!d->cells || !d->row))
        status = emgp_fail_memory(err);
    if (status == EMG_OK)
        status = make_channels(rec, d, err);
    if (status == EMG_OK && d->layout.timed)
        status = learn_step(d, err);
    if (status == EMG_OK)
        status = scan(rec, d, err);
    d->frames.source = (emgp_frame_source){ delimited_skip, delimited_read, d };
    d->frames.n_channels = d->layout.n_columns;
    d->frames.checked = d->frames.marks_gaps = true;
    if (status != EMG_OK && status != EMG_EARG && err && err->offset < 0)
        err->offset = (int64_t)d->lines.start;
    return status == EMG_OK ? go_to_start(d, err) : status;
}

static void delimited_close(emg_recording *rec)
{
    delimited *d = rec->state;
    if (!d)
        return;
    emgp_lines_close(&d->lines);
    emgp_layout_free(&d->layout);
    emgp_interleaved_free(&d->frames);
    emgp_free(d->cells);
    emgp_free(d->row);
    emgp_free(d);
}

static emg_status delimited_next(emg_recording *rec, emg_block *block, emg_error *err)
{
    delimited *d = rec->state;
    return emgp_interleaved_next(rec, &d->frames, block, err);
}

const emgp_reader emgp_delimited_reader = { delimited_sniff, delimited_open, delimited_next, NULL, delimited_close };
