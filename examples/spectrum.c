/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Describes each stretch without a gap of a recording's first muscle: its RMS, and its spectrum in three numbers. */
#include <stdio.h>

#include <emg/emg.h>

static emg_status print(emg_spectrum *spectrum, double start_s, emg_error *err)
{
    emg_description d;
    emg_status status = emg_spectrum_get(spectrum, 0, 20, 450, &d, err);
    if (status == EMG_OK)
        printf("%9.3f s  %8llu samples  RMS %8.4g  mean %6.1f Hz  median %6.1f Hz  peak %6.1f Hz\n", start_s,
               (unsigned long long)d.n_samples, d.rms, d.moments.mean_frequency_hz, d.moments.median_frequency_hz,
               d.moments.peak_frequency_hz);
    emg_spectrum_reset(spectrum); /* the next stretch begins with nothing */
    return status;
}

int main(int argc, char **argv)
{
    emg_reading reading = emg_reading_defaults();
    emg_error err = EMG_ERROR_NONE;
    emg_recording *recording = NULL;
    emg_spectrum *spectrum = NULL;
    emg_block block = { .n_frames = 0 };
    double start_s = 0;
    if (argc != 2)
        return fputs("usage: spectrum RECORDING\n", stderr), 2;
    reading.group_size = 1; /* channel after channel */
    emg_status status = emg_recording_open(&recording, argv[1], &reading, &err);
    for (size_t first = 0; status == EMG_OK;) {
        status = emg_recording_next(recording, &block, &err);
        if (status != EMG_OK || block.n_frames == 0)
            break;
        if (!spectrum) {
            first = block.channel[0];
            status = emg_spectrum_new(&spectrum, block.rate_hz, 1024, 1, &err);
        } else if (block.channel[0] != first) {
            continue;
        } else if (block.new_segment) {
            status = print(spectrum, start_s, &err);
        }
        if (block.new_segment)
            start_s = block.start_s;
        emg_spectrum_push(spectrum, block.x, block.n_frames);
    }
    if (status == EMG_OK && spectrum)
        status = print(spectrum, start_s, &err);
    if (status != EMG_OK)
        fprintf(stderr, "%s\n", err.text);
    emg_spectrum_free(spectrum);
    emg_recording_close(recording);
    return status != EMG_OK;
}
