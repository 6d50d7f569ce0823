/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples as they come from an amplifier, through hum removal, heart removal, filter and envelope, and how late that is. */
#include <stdio.h>
#include <string.h>

#include <emg/emg.h>

/* One after the other: each hands its frames to the next. Channels share a chain; this one has one. */
typedef struct chain {
    emg_powerline_stream *powerline;
    emg_ecg_stream *ecg;
    emg_filter_stream *filter;
    emg_envelope *envelope;
    size_t frame;
    double rate_hz;
} chain;

static emg_status to_ecg(void *context, const double *x, size_t n, emg_error *err)
{
    return emg_ecg_stream_push(((chain *)context)->ecg, x, n, err);
}

static emg_status to_filter(void *context, const double *x, size_t n, emg_error *err)
{
    return emg_filter_stream_push(((chain *)context)->filter, x, n, err);
}

static emg_status to_envelope(void *context, const double *x, size_t n, emg_error *err)
{
    return emg_envelope_push(((chain *)context)->envelope, x, n, err);
}

static emg_status print(void *context, const double *x, size_t n, emg_error *err)
{
    chain *c = context;
    (void)err;
    for (size_t i = 0; i < n; i++, c->frame++) {
        if (c->frame % (size_t)(c->rate_hz / 10) == 0) /* ten numbers a second */
            printf("%.1f\t%.4g\n", (double)c->frame / c->rate_hz, x[i]);
    }
    return EMG_OK;
}

static emg_status make(chain *c, emg_error *err)
{
    const emg_filter_plan plan = {
        .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 0.45 * c->rate_hz, .rate_hz = c->rate_hz
    };
    const emg_envelope_plan envelope = { .kind = EMG_ENVELOPE_RMS, .window = (size_t)(0.1 * c->rate_hz) };
    const emg_powerline_plan powerline = emg_powerline_defaults();
    emg_ecg_plan ecg = emg_ecg_defaults();
    ecg.mode = EMG_ECG_OFF; /* EMG_ECG_AUTO holds 16 s back to learn the heart's wave */
    emg_filter *filter;
    emg_status status = emg_filter_design(&filter, &plan, err);
    if (status == EMG_OK)
        status = emg_filter_stream_new(&c->filter, filter, EMG_FILTER_FORWARD, 1, to_envelope, c, err);
    emg_filter_free(filter);
    if (status == EMG_OK)
        status = emg_powerline_stream_new(&c->powerline, &powerline, c->rate_hz, 1, to_ecg, c, err);
    if (status == EMG_OK)
        status = emg_ecg_stream_new(&c->ecg, &ecg, c->rate_hz, 1, to_filter, c, err);
    return status ? status : emg_envelope_new(&c->envelope, &envelope, c->rate_hz, 1, print, c, err);
}

/* Each stage's last frames go to the next one before that is finished. */
static emg_status finish(chain *c, emg_error *err)
{
    emg_status status = emg_powerline_stream_finish(c->powerline, err);
    if (status == EMG_OK)
        status = emg_ecg_stream_finish(c->ecg, err);
    if (status == EMG_OK)
        status = emg_filter_stream_finish(c->filter, err);
    return status ? status : emg_envelope_finish(c->envelope, err);
}

/* What was taken off, to standard error. */
static emg_status report(const chain *c, emg_error *err)
{
    emg_powerline_found hum;
    emg_ecg_found heart;
    emg_status status = emg_powerline_stream_found(c->powerline, 0, &hum, err);
    if (status == EMG_OK)
        status = emg_ecg_stream_found(c->ecg, 0, &heart, err);
    if (status == EMG_OK)
        fprintf(stderr, "hum of %.4g in %.0f %% of the time, %llu beats of a heart\n", hum.amplitude, 100 * hum.share,
                (unsigned long long)heart.n_qrs);
    return status;
}

int main(int argc, char **argv)
{
    chain c = { .frame = 0 };
    emg_error err = EMG_ERROR_NONE;
    if (argc != 2 || sscanf(argv[1], "%lf", &c.rate_hz) != 1)
        return fputs("usage: live RATE_HZ < SAMPLES (a number a line)\n", stderr), 2;
    emg_status status = make(&c, &err);
    if (status == EMG_OK)
        fprintf(stderr, "at most %.3f s late: hum %.3f, heart %.3f, filter %.3f, envelope %.3f\n",
                (double)(emg_powerline_stream_latency(c.powerline) + emg_ecg_stream_latency(c.ecg) +
                         emg_filter_stream_latency(c.filter) + emg_envelope_latency(c.envelope)) /
                    c.rate_hz,
                (double)emg_powerline_stream_latency(c.powerline) / c.rate_hz,
                (double)emg_ecg_stream_latency(c.ecg) / c.rate_hz,
                (double)emg_filter_stream_latency(c.filter) / c.rate_hz,
                (double)emg_envelope_latency(c.envelope) / c.rate_hz);
    for (double x; status == EMG_OK && scanf("%lf", &x) == 1;)
        status = emg_powerline_stream_push(c.powerline, &x, 1, &err);
    if (status == EMG_OK)
        status = finish(&c, &err);
    if (status == EMG_OK)
        status = report(&c, &err);
    if (status != EMG_OK)
        fprintf(stderr, "%s\n", err.text);
    emg_powerline_stream_free(c.powerline);
    emg_ecg_stream_free(c.ecg);
    emg_filter_stream_free(c.filter);
    emg_envelope_free(c.envelope);
    return status != EMG_OK;
}
