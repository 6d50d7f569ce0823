/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analysis of one recording: blocks in, a result out. */
#ifndef EMG_ANALYSIS_H
#define EMG_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/block.h>
#include <emg/channel.h>
#include <emg/config.h>
#include <emg/event.h>
#include <emg/result.h>
#include <emg/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the analysis must know of a channel. Texts are borrowed during emg_analysis_new() only. */
typedef struct emg_source {
    const char *name;       /* printed in the channel column */
    const char *muscle;     /* channels with equal names belong to one muscle */
    double rate_hz;         /* samples per second, above 0 */
    bool calibrated;        /* samples are in microvolts */
    bool reflex_site;       /* a stretch reflex is usual in this muscle */
    double power_line_hz;   /* line frequency that the recording states; 0 when it does not */
    double low_hz, high_hz; /* band that the samples have been filtered to already; 0 when unknown. Looked at only where
                                   conditioning leaves a side open (condition.low_hz or condition.high_hz is 0) */
    double clip_low, clip_high; /* samples at or beyond are clipped, in their unit; unknown unless low < high */
    emg_side side;              /* with the action: which muscles are antagonists (unknown sides are one side) */
    emg_action action;
    bool whatever; /* analysed even where the samples are rectified or an envelope */
} emg_source;

/* Nothing known but the name, the muscle and the rate that are yet to be set: as zeroed, the clip limits -INFINITY and
 * INFINITY. */
EMG_API emg_source emg_source_defaults(void);

/* What an annotation marks. Of a stimulus only its onset counts. EMG_MARK_UNKNOWN is said to mark nothing: whether
 * events follow it is looked at, and told when they do beyond chance (emg_result_time_locked). */
typedef enum emg_mark_kind {
    EMG_MARK_REST = 0,
    EMG_MARK_TASK,
    EMG_MARK_STRETCH,
    EMG_MARK_STIMULUS,
    EMG_MARK_UNKNOWN
} emg_mark_kind;

enum { EMG_MARK_TEXTS = 64 }; /* different texts of unknown marks that are told apart */

typedef struct emg_mark {
    double onset_s, duration_s;
    emg_mark_kind kind;
    unsigned text;  /* of an unknown mark: number of its text, below EMG_MARK_TEXTS; the text itself is not needed */
    size_t channel; /* the channel that it is about, as sources are numbered, from 1; 0: all */
} emg_mark;

typedef struct emg_analysis emg_analysis;

/* Whether a channel of this rate can be analysed: what the rate leaves of the band, and of a block of noise, is enough.
 * Blocks of a channel that is too slow are refused (EMG_ERANGE): leave it out. False for NULL. */
EMG_API bool emg_analysis_fits(const emg_config *config, double rate_hz);

/* Starts an analysis of n channels. spill_directory: where a temporary file may go when events are many.
 * spill_directory may be NULL: TMPDIR, else /tmp. marks are copied, n_marks may be 0. EMG_ERANGE: a setting out of range; EMG_ENOMEM; EMG_EARG: n = 0,
 * a channel without a name or a muscle, a rate that is not finite and above 0, a mark without a finite onset, of no kind or of no channel. */
EMG_API EMG_MUST_USE emg_status emg_analysis_new(emg_analysis **out, const emg_source *sources, size_t n,
                                                 const emg_mark *marks, size_t n_marks, const emg_config *config,
                                                 const char *spill_directory, emg_error *err);
EMG_API void emg_analysis_free(emg_analysis *analysis);

/* Gives the times of the QRS complexes, known from an ECG channel (emg_qrs_new) or otherwise, before the first block: n
 * times by the blocks' clock, ascending; copied. In channels in which a wave repeats with them it is subtracted,
 * however weak or busy, sharp, even or uneven; the others are judged by themselves. No effect with condition.ecg off. A
 * second call replaces the first. EMG_EARG: a block was pushed already, a time that is not finite or does not ascend,
 * NULL; EMG_ENOMEM: the times given before stay. */
EMG_API EMG_MUST_USE emg_status emg_analysis_qrs(emg_analysis *analysis, const double *qrs_s, size_t n, emg_error *err);

/* Lets n threads share the work of every push and of the end, the caller's among them; 1 at first. The others wait in
 * between and end with emg_analysis_free(). Results are the same for any n. More than there are channels have nothing to
 * do; where the system gives no further thread, those that are do all. Before the first block; a second call replaces
 * the first. EMG_EARG: a block was pushed already, n = 0, NULL; EMG_ENOMEM. */
EMG_API EMG_MUST_USE emg_status emg_analysis_workers(emg_analysis *analysis, size_t n, emg_error *err);

/* Keeps nothing to draw, for a caller who draws nothing: emg_result_sketch() is NULL for every channel, all else the same.
 * Before the first block. EMG_EARG: a block was pushed already, NULL. */
EMG_API EMG_MUST_USE emg_status emg_analysis_no_sketches(emg_analysis *analysis, emg_error *err);

/* Takes a block. A channel must always come in blocks of the same channels; its blocks must be in time order. The results do not
 * depend on how time or channels are cut into blocks. EMG_EARG: a channel's rate or group changed, a sample that is not
 * finite, a channel named twice, a start_s that is not finite or lies before the end of what came before, a block after
 * emg_analysis_finish(), NULL; EMG_ERANGE: more than 64 channels, or a rate too low for the band; EMG_ENOMEM, EMG_EIO. */
EMG_API EMG_MUST_USE emg_status emg_analysis_push(emg_analysis *analysis, const emg_block *block, emg_error *err);

/* Ends the input and decides; EMG_EARG the second time. *out is freed by emg_result_free(); the analysis is of no more use but must be freed. */
EMG_API EMG_MUST_USE emg_status emg_analysis_finish(emg_analysis *analysis, emg_result **out, emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
