/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a signal with a known truth for a test of one's own: samples of a channel to standard output, truth to the other. */
#include <stdio.h>
#include <stdlib.h>

#include <emg/emg.h>

int main(int argc, char **argv)
{
    emg_simulation *simulation = NULL;
    emg_error err = EMG_ERROR_NONE;
    if (argc != 2)
        return fputs("usage: simulate PRESET (such as fasciculation:snr_db=12) > SAMPLES 2> TRUTH\n", stderr), 2;
    emg_status status = emg_simulation_new(&simulation, argv[1], 7, 20, 1000, &err);
    for (size_t i = 0; status == EMG_OK && i < emg_simulation_n_events(simulation); i++) {
        const emg_truth *truth = emg_simulation_event(simulation, i);
        fprintf(stderr, "%9.3f s  lasts %.3f s, %.4g uV\n", truth->onset_s, truth->duration_s, truth->amplitude_uv);
    }
    for (size_t i = 0; status == EMG_OK && i < emg_simulation_n_firings(simulation, 0); i++) {
        emg_simulated_firing firing = emg_simulation_firing(simulation, 0, i);
        fprintf(stderr, "%9.3f s  unit %u fires\n", firing.time_s, (unsigned)firing.unit);
    }
    double *frame = status == EMG_OK ? calloc(emg_simulation_n_channels(simulation), sizeof *frame) : NULL;
    double n = frame ? emg_simulation_duration_s(simulation) * emg_simulation_rate_hz(simulation) : 0;
    for (double i = 0; status == EMG_OK && i < n; i++) {
        status = emg_simulation_next(simulation, frame, 1, &err);
        printf("%.6g\n", frame[0]);
    }
    free(frame);
    if (status != EMG_OK)
        fprintf(stderr, "%s\n", err.text);
    emg_simulation_free(simulation);
    return status != EMG_OK;
}
