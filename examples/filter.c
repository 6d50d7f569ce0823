/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Band-passes a channel and takes its envelope: the filter's sections for other programs, what it does, what is left. */
#include "channel.h"

static int work(const double *x, double *y, size_t n, double rate_hz, emg_error *err)
{
    const emg_filter_plan plan = {
        .kind = EMG_FILTER_PASS, .order = 4, .low_hz = 20, .high_hz = 450, .rate_hz = rate_hz
    };
    const emg_envelope_plan envelope = { .kind = EMG_ENVELOPE_RMS, .window = (size_t)(0.1 * rate_hz) };
    static const double frequencies_hz[] = { 5, 20, 100, 450 };
    const emg_filter_section *s;
    emg_description before, after;
    emg_filter *filter;
    if (emg_filter_design(&filter, &plan, err))
        return 1;
    puts(
        "b0\tb1\tb2\ta0\ta1\ta2"); /* numpy.loadtxt(..., skiprows=1) of these lines is what scipy.signal.sosfilt takes */
    for (size_t i = 0, n_sections = emg_filter_sections(filter, &s); i < n_sections; i++)
        printf("%.17g\t%.17g\t%.17g\t1\t%.17g\t%.17g\n", s[i].b0, s[i].b1, s[i].b2, s[i].a1, s[i].a2);
    for (size_t i = 0; i < sizeof frequencies_hz / sizeof *frequencies_hz; i++) {
        emg_filter_response response;
        emg_filter_response_at(filter, frequencies_hz[i], EMG_FILTER_ZERO_PHASE, &response);
        printf("at %g Hz a sine keeps %.4f of its size\n", frequencies_hz[i], response.gain);
    }
    emg_status status = emg_filter_apply(filter, EMG_FILTER_ZERO_PHASE, x, n, y, err);
    if (status == EMG_OK)
        status = emg_spectrum_describe(x, n, rate_hz, 1024, 0, rate_hz / 2, &before, err);
    if (status == EMG_OK)
        status = emg_spectrum_describe(y, n, rate_hz, 1024, 20, 450, &after, err);
    if (status == EMG_OK)
        printf("RMS %.4g, then %.4g; median frequency %.4g Hz, then %.4g Hz\n", before.rms, after.rms,
               before.moments.median_frequency_hz, after.moments.median_frequency_hz);
    emg_filter_free(filter);
    double *height = malloc(n * sizeof *height);
    size_t top = 0;
    if (status == EMG_OK && height)
        status = emg_envelope_apply(&envelope, rate_hz, y, n, height, err);
    for (size_t i = 0; status == EMG_OK && height && i < n; i++)
        top = height[i] > height[top] ? i : top;
    if (status == EMG_OK && height)
        printf("the envelope is highest at %.3f s: %.4g\n", (double)top / rate_hz, height[top]);
    free(height);
    return status != EMG_OK;
}

int main(int argc, char **argv)
{
    emg_error err = EMG_ERROR_NONE;
    size_t n = 0;
    double rate_hz = 0;
    if (argc != 3)
        return fputs("usage: filter RECORDING CHANNEL\n", stderr), 2;
    double *x = channel_read(argv[1], argv[2], &n, &rate_hz), *y = x ? malloc(n * sizeof *y) : NULL;
    int failed = !y || work(x, y, n, rate_hz, &err);
    if (err.status != EMG_OK)
        fprintf(stderr, "%s\n", err.text);
    free(x);
    free(y);
    return failed;
}
