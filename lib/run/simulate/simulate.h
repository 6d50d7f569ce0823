/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recording of a simulation as a file: EDF+, BDF+ or WAV by the ending of its name. */
#ifndef EMGP_RUN_SIMULATE_SIMULATE_H
#define EMGP_RUN_SIMULATE_SIMULATE_H

#include <emg/simulate.h>
#include <emg/simulation.h>

typedef enum emgp_simulation_format {
    EMGP_SIMULATION_EDF = 0,
    EMGP_SIMULATION_BDF,
    EMGP_SIMULATION_WAV
} emgp_simulation_format;

typedef struct emgp_simulation_file emgp_simulation_file;

/* By the ending of the path; EMG_EARG for another. */
emg_status emgp_simulation_format_of(const char *path, emgp_simulation_format *format, emg_error *err);

/* Begins the file. EMG_EARG: a WAV file of a simulation with gaps, which it cannot hold; else as the writers do. */
emg_status emgp_simulation_file_open(emgp_simulation_file **out, const emg_simulation *simulation, const char *path,
                                     emgp_simulation_format format, emg_error *err);
/* Writes the simulation into it and completes it. EMG_ECANCELLED when the job's step says so. */
emg_status emgp_simulation_file_write(emgp_simulation_file *file, emg_simulation *simulation,
                                      const emg_simulation_job *job, emg_error *err);
void emgp_simulation_file_free(emgp_simulation_file *file);

#endif
