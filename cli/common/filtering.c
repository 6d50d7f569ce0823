/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences of a conditioned recording, and what its filters do to frequencies. */
#include "common/common.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { N_ROWS = 400, MOST_PLANS = EMG_RUN_MOST_FILTERS + 1 };

/* --- sentences --- */

/* One sentence, put together piece by piece. */
typedef struct sentence {
    char text[512];
    size_t n;
} sentence;

static void add(sentence *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(sentence *s, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = vsnprintf(s->text + s->n, sizeof s->text - s->n, format, list);
    va_end(list);
    if (n > 0)
        s->n = s->n + (size_t)n < sizeof s->text ? s->n + (size_t)n : sizeof s->text - 1;
}

static const char *unit_of(const emg_run_filtering *done, const emg_run_filtered *report)
{
    const emg_channel *c = emg_recording_channel(done->recording, report->channel);
    return report->calibrated ? "uV" : c->unit[0] ? c->unit : "(relative)";
}

/* Band and filters. */
static size_t n_asked(const emg_run_filter_config *config)
{
    return config->n_filters + (config->condition.low_hz > 0 || config->condition.high_hz > 0);
}

/* Those that the channel's rate leaves nothing to do for. */
static size_t n_left_out(const emg_run_filter_config *config, const emg_channel *c)
{
    emg_filter_plan plans[MOST_PLANS];
    size_t n;
    (void)emg_run_filter_plans(config, c->rate_hz, plans, &n);
    return n_asked(config) - n;
}

/* Where the band was to end; 0: nowhere. */
static double asked_high(const emg_run_filter_config *config)
{
    const bool first = config->n_filters > 0 && config->filters[0].kind == EMG_FILTER_PASS;
    return config->condition.high_hz > 0 ? config->condition.high_hz : first ? config->filters[0].high_hz : 0;
}

/* Whether power line interference, ECG, a narrower band or fewer filters make the channel worth a sentence. */
static bool remarkable(const emg_run_filter_config *config, const emg_run_filtering *done,
                       const emg_run_filtered *report)
{
    bool clipped = report->high_hz < asked_high(config);
    return !report->conditioned || report->powerline.amplitude > 0 || report->ecg.n_qrs > 0 || clipped ||
           n_left_out(config, emg_recording_channel(done->recording, report->channel)) > 0;
}

static void put_channel(const char *tool, const char *path, const emg_run_filter_config *config,
                        const emg_run_filtering *done, const emg_run_filtered *report)
{
    const emg_channel *c = emg_recording_channel(done->recording, report->channel);
    const char *unit = unit_of(done, report);
    sentence s = { "", 0 };
    add(&s, "%s: ", c->name);
    if (!report->conditioned) {
        add(&s, "passed through unchanged (%s)", report->why_not);
        cli_complain(tool, path, s.text);
        return;
    }
    add(&s, "%s", report->prefilter);
    if (n_left_out(config, c) > 0)
        add(&s, "; %zu of %zu filters lie beyond its rate", n_left_out(config, c), n_asked(config));
    if (report->powerline.amplitude > 0)
        add(&s, "; hum of %.6g Hz, %.3g %s, removed in %.0f %% of the time", report->powerline.frequency_hz,
            report->powerline.amplitude, unit, 100 * report->powerline.share);
    else if ((emg_powerline)config->condition.powerline != EMG_POWERLINE_OFF)
        add(&s, "; no hum worth removing");
    if (report->ecg.n_qrs > 0)
        add(&s, "; %llu heart beats, %.3g a minute, %.3g %s peak to peak, removed",
            (unsigned long long)report->ecg.n_qrs, report->ecg.rate_per_min, report->ecg.amplitude, unit);
    else if ((emg_ecg_mode)config->condition.ecg != EMG_ECG_OFF)
        add(&s, "; no heart beats found");
    if (report->transient_s > 0)
        add(&s, "; ends of stretches are uncertain for %.3g s", report->transient_s);
    cli_complain(tool, path, s.text);
}

static void add_rounding(sentence *s, const emg_run_filtering *done)
{
    double worst = 0;
    const emg_run_filtered *where = NULL;
    for (size_t i = 0; i < done->n_channels; i++) {
        if (done->channels[i].step > worst && done->channels[i].conditioned) {
            worst = done->channels[i].step;
            where = &done->channels[i];
        }
    }
    if (where)
        add(s, ", rounded to %.3g %s at most", worst / 2, unit_of(done, where));
}

/* `squares`: the output's unit is not that of amplitudes. */
static void put_output(const char *tool, const char *path, const char *out_path, const emg_run_filtering *done,
                       bool squares)
{
    size_t n = 0;
    sentence s = { "", 0 };
    for (size_t i = 0; i < done->n_channels; i++)
        n += done->channels[i].conditioned;
    add(&s, "%zu of %zu channels conditioned", n, done->n_channels);
    if (!squares)
        add_rounding(&s, done);
    if (done->n_segments > 1)
        add(&s, ", %zu stretches", done->n_segments);
    if (done->start_s > 0)
        add(&s, "; time 0 is %.6f s of the source", done->start_s);
    if (done->full_scale > 0 && done->calibrated)
        add(&s, "; full scale is %.6g uV (read it with --full-scale %.6guV)", done->full_scale, done->full_scale);
    else if (done->full_scale > 0)
        add(&s, "; full scale is %.6g, amplitudes are relative", done->full_scale);
    add(&s, ": %s", out_path);
    cli_complain(tool, path, s.text);
    char line[200];
    if (done->padded_s > 0) {
        snprintf(line, sizeof line, "%.6f s at ends of stretches repeat the last sample and are marked BAD_padding",
                 done->padded_s);
        cli_complain(tool, path, line);
    }
    if (done->left_out_s > 0) {
        snprintf(line, sizeof line, "%.6f s at ends of stretches are left out: no record fits there", done->left_out_s);
        cli_complain(tool, path, line);
    }
    if (done->n_clipped > 0) {
        snprintf(line, sizeof line, "%llu samples lay beyond full scale and are clipped",
                 (unsigned long long)done->n_clipped);
        cli_complain(tool, path, line);
    }
}

void cli_filtering_report(const char *tool, const char *path, const char *out_path, const emg_run_filter_config *config,
                          const emg_run_filtering *done, bool verbose)
{
    size_t n_deviations = emg_recording_n_deviations(done->recording);
    for (size_t i = 0; verbose && i < n_deviations; i++) {
        const emg_deviation *d = emg_recording_deviation(done->recording, i);
        char line[300];
        snprintf(line, sizeof line, "%s: %s: %s", d->code, d->field, d->action);
        cli_complain(tool, path, line);
    }
    for (size_t i = 0; i < done->n_channels; i++)
        if (verbose || remarkable(config, done, &done->channels[i]))
            put_channel(tool, path, config, done, &done->channels[i]);
    put_output(tool, path, out_path, done,
               config->with_envelope && config->envelope.kind == EMG_ENVELOPE_TEAGER_KAISER);
    if (n_deviations > 0 && !verbose) {
        char line[100];
        snprintf(line, sizeof line, "the recording deviates from its format %zu time%s: -v names how", n_deviations,
                 n_deviations == 1 ? "" : "s");
        cli_complain(tool, path, line);
    }
}

/* --- response --- */

typedef struct designed {
    emg_filter *filters[MOST_PLANS];
    size_t n;
} designed;

static emg_status design(designed *out, const emg_run_filter_config *config, double rate_hz, emg_error *err)
{
    emg_filter_plan plans[MOST_PLANS];
    size_t n;
    emg_status status = EMG_OK;
    (void)emg_run_filter_plans(config, rate_hz, plans, &n);
    for (size_t i = 0; i < n && status == EMG_OK; i++) {
        status = emg_filter_design(&out->filters[out->n], &plans[i], err);
        out->n += status == EMG_OK;
    }
    return status;
}

/* A number with 10 significant digits: a response is compared with other programs' to its last digit. */
static void put(cli_output *out, const char *before, double value)
{
    char text[64];
    if (isfinite(value))
        snprintf(text, sizeof text, "%s%.10g", before, value == 0 ? 0 : value);
    else
        snprintf(text, sizeof text, "%sn/a", before);
    cli_output_text(out, text);
}

static int print_table(const char *tool, const designed *d, emg_filter_direction direction)
{
    static emg_filter_row rows[N_ROWS];
    cli_output out = { 0 };
    emg_error err = EMG_ERROR_NONE;
    if (emg_filter_table((const emg_filter *const *)d->filters, d->n, direction, rows, N_ROWS, &err)) {
        cli_complain_of(tool, NULL, &err);
        return CLI_USAGE;
    }
    cli_output_text(&out, "frequency_hz\tgain\tgain_db\tphase_deg\tgroup_delay_s\n");
    for (size_t i = 0; i < N_ROWS; i++) {
        const emg_filter_response *r = &rows[i].response;
        put(&out, "", rows[i].frequency_hz);
        put(&out, "\t", r->gain);
        put(&out, "\t", 20 * log10(r->gain));
        put(&out, "\t", r->phase_rad * 180 / 3.14159265358979323846);
        put(&out, "\t", r->group_delay_s);
        cli_output_text(&out, "\n");
    }
    return cli_output_end(&out, tool);
}

int cli_filtering_response(const char *tool, const emg_run_filter_config *config, double rate_hz, bool table,
                           const char *svg_path)
{
    designed d = { { NULL }, 0 };
    emg_error err = EMG_ERROR_NONE;
    int code = CLI_DONE;
    if (design(&d, config, rate_hz, &err)) {
        cli_complain_of(tool, NULL, &err);
        code = CLI_USAGE;
    } else if (d.n == 0) {
        cli_complain(tool, NULL, "no filter acts at this sampling rate: there is no response to show");
        code = CLI_USAGE;
    }
    if (code == CLI_DONE && svg_path &&
        emg_run_response_svg(svg_path, (const emg_filter *const *)d.filters, d.n, config->direction, &err)) {
        cli_complain_of(tool, NULL, &err);
        code = CLI_NOT_WRITTEN;
    }
    if (code == CLI_DONE && table)
        code = print_table(tool, &d, config->direction);
    for (size_t i = 0; i < d.n; i++)
        emg_filter_free(d.filters[i]);
    return code;
}
