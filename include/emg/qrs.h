/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The QRS complexes of an ECG channel. */
#ifndef EMG_QRS_H
#define EMG_QRS_H

#include <stddef.h>

#include <emg/ecg.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The QRS complexes of an ECG channel, as it was recorded: bumps of its energy at 8-20 Hz, averaged over 0.1 s, that
 * have at least a fifth of the usual bump's energy, while that is 25 times the quiet energy; of which 60 % look alike
 * (correlation of 0.85 with the mean of all within 9 s); and whose median interval is 0.27 to 1.75 s. How even they are
 * does not matter: a pacemaker and atrial fibrillation count. An extrasystole of another shape does not, nor does a
 * channel that shows something else. */
typedef struct emg_qrs emg_qrs;

/* rate_hz: > 0 to 200 kHz; below 100 Hz nothing is looked for. Each QRS goes to `take` in time order, before finish
 * returns: channel 0, the middle of its QRS in frames from the first, the factor by which it is larger than usual.
 * EMG_ERANGE: the rate; EMG_EARG: `take` is NULL; EMG_ENOMEM. *out is NULL on failure. */
EMG_API EMG_MUST_USE emg_status emg_qrs_new(emg_qrs **out, double rate_hz, emg_ecg_take_qrs *take, void *context,
                                            emg_error *err);

/* Takes n_frames samples; the result does not depend on how they are cut. EMG_EARG: one is not finite (none is taken
 * then); else what `take` answers. */
EMG_API EMG_MUST_USE emg_status emg_qrs_push(emg_qrs *ecg_channel, const double *x, size_t n_frames, emg_error *err);

/* Ends the segment; the next one is judged anew, its frames are counted on. */
EMG_API EMG_MUST_USE emg_status emg_qrs_finish(emg_qrs *ecg_channel, emg_error *err);

/* NULL is allowed. */
EMG_API void emg_qrs_free(emg_qrs *ecg_channel);

#ifdef __cplusplus
}
#endif
#endif
