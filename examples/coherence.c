/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coherence and transfer from one channel of a recording to another, read block by block however long it is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <emg/emg.h>

enum { SEGMENT = 1024, BINS = SEGMENT / 2 + 1 };

static emg_status read_all(emg_recording *recording, emg_welch **welch, double *rate_hz, emg_error *err)
{
    static const emg_welch_pair pair = { 0, 1 };
    for (;;) {
        emg_block block;
        emg_status status = emg_recording_next(recording, &block, err);
        if (status != EMG_OK || block.n_frames == 0)
            return status;
        if (block.n_channels != 2) {
            fputs("two channels of one rate are needed\n", stderr);
            return EMG_EARG;
        }
        *rate_hz = block.rate_hz;
        const emg_welch_plan plan = emg_welch_defaults(block.rate_hz, SEGMENT);
        if (!*welch)
            status = emg_welch_new(welch, &plan, 2, &pair, 1, err);
        if (status == EMG_OK && block.new_segment)
            emg_welch_finish(*welch); /* no segment spans a gap */
        if (status == EMG_OK)
            status = emg_welch_push(*welch, block.x, block.n_frames, err);
        if (status != EMG_OK)
            return status;
    }
}

static emg_status print(const emg_welch *welch, double rate_hz, emg_error *err)
{
    double power[BINS], cross[2 * BINS], coherence[BINS], phase[BINS];
    emg_status status = emg_welch_psd(welch, 0, power, err);
    if (status == EMG_OK)
        status = emg_welch_csd(welch, 0, cross, err);
    if (status == EMG_OK)
        status = emg_welch_coherence(welch, 0, coherence, phase, err);
    if (status == EMG_OK)
        printf("frequency_hz\tcoherence\tgain\tphase_rad\tchance %.4f\n",
               emg_coherence_level(emg_welch_counted(welch).n_independent, 0.05));
    for (size_t i = 0; status == EMG_OK && i < BINS;
         i++) /* |Pxy| / Pxx: what of the first channel arrives in the second */
        printf("%.6g\t%.6g\t%.6g\t%.6g\n", (double)i * rate_hz / SEGMENT, coherence[i],
               hypot(cross[2 * i], cross[2 * i + 1]) / power[i], phase[i]);
    return status;
}

int main(int argc, char **argv)
{
    emg_reading reading = emg_reading_defaults();
    emg_error err = EMG_ERROR_NONE;
    emg_recording *recording = NULL;
    emg_welch *welch = NULL;
    double rate_hz = 0;
    if (argc != 4)
        return fputs("usage: coherence RECORDING CHANNEL CHANNEL\n", stderr), 2;
    reading.channels = (const char *const *)(argv + 2); /* blocks have them in the recording's order */
    reading.n_channels = 2;
    emg_status status = emg_recording_open(&recording, argv[1], &reading, &err);
    if (status == EMG_OK)
        status = read_all(recording, &welch, &rate_hz, &err);
    if (status == EMG_OK)
        status = print(welch, rate_hz, &err);
    if (err.status != EMG_OK)
        fprintf(stderr, "%s\n", err.text);
    emg_welch_free(welch);
    emg_recording_close(recording);
    return status != EMG_OK;
}
