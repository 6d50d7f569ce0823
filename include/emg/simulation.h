/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulated recordings as files, with their truth beside them. */
#ifndef EMG_SIMULATION_H
#define EMG_SIMULATION_H

#include <stdbool.h>
#include <stdint.h>

#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a simulated recording and its truth: PATH (.edf, .bdf or .wav by its ending) and PATH without its ending plus
 * "_events.tsv". EMG_EIO, EMG_EARG (another ending), and those of emg_simulation_new(). */
EMG_API EMG_MUST_USE emg_status emg_run_simulation(const char *preset, uint64_t seed, double duration_s, double rate_hz,
                                                   const char *path, emg_error *err);

/* Called now and then with the share that is done, 0 to 1. Return false to stop (EMG_ECANCELLED, no file is left). */
typedef bool emg_simulation_step(void *context, double share);

/* The same with more to choose from. Zeroed members: seed 0, the preset's own duration and rate, no step. EMG_EFORMAT: a
 * scenario file that cannot be read or is refused. A scenario with gaps becomes EDF+D or BDF+D; WAV cannot hold gaps
 * (EMG_EARG). A WAV file has 16 bits over the widest range_uv of its channels. */
typedef struct emg_simulation_job {
    const char *preset, *path;
    uint64_t seed;
    double duration_s, rate_hz;
    bool without_truth; /* its table may grow large for long recordings */
    emg_simulation_step *step;
    void *context;
    const char *scenario; /* path of a scenario file, used instead of the preset when not NULL */
} emg_simulation_job;
EMG_API EMG_MUST_USE emg_status emg_run_simulation_job(const emg_simulation_job *job, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
