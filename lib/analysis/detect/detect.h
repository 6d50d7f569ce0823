/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From conditioned frames to discharges and bursts. */
#ifndef EMGP_ANALYSIS_DETECT_DETECT_H
#define EMGP_ANALYSIS_DETECT_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/status.h>

#include "dsp/envelope/envelope.h"
#include "base/base.h"

/* ---- page.c: Conditioned frames gathered into pages of four seconds, channel by channel, with noise, envelope and baseline ready. */

/* A page of one channel, with a margin of the neighbouring pages on both sides (zeros beyond the segment):
 *
 *        |<- margin ->|<----------- n_frames ----------->|<- margin ->|
 *   x -> ^            x + margin = frame `first` of the segment
 */
typedef struct emgp_page {
    const float *x;        /* margin + n_frames + margin samples */
    const float *energy;   /* sum of squares of each bin of the same stretch */
    const float *envelope; /* mean squares in steps of 4 bins, from the page before to the page after */
    const float
        *slow; /* raw mean of each bin of the page and its margins, unfiltered, relative to the segment's start */
    const float *beat; /* of the same bins: usual swing of the raw mean round a beat of the heart that is near; 0 */
    const uint8_t *clipped;  /* of the same bins: 1 when a sample is at the recorder's limit */
    const uint8_t *dead;     /* of the same bins: 1 when nothing was recorded; its samples are 0 */
    size_t margin, n_frames; /* frames; margin is a multiple of bin, n_frames of a segment's last page may not be */
    size_t bin;              /* frames in a bin (2.5 ms): emgp_bins_frames() */
    size_t n_envelope;       /* values in envelope */
    size_t envelope_first;   /* index in envelope of the page's first step */
    uint64_t first;          /* frame of the segment at which the page starts */
    double segment_start_s;  /* time of the segment's first frame */
    double rate_hz;
    double sigma; /* of the noise in this page; 0: the channel is constant, NaN: nothing was recorded yet */
    bool starts_segment, ends_segment;
} emgp_page;

typedef struct emgp_pages emgp_pages;

/* Called for every channel of every page, pages in time order, channels in order within a page. */
typedef emg_status emgp_page_take(void *context, size_t channel, const emgp_page *page, emg_error *err);

typedef struct emgp_pages_setup {
    double rate_hz, low_hz, high_hz; /* the band after conditioning: the noise estimate's bias depends on it */
    size_t n_channels;
    size_t lead;            /* frames by which bins may be ahead of the conditioned ones */
    double least_segment_s; /* shorter segments are dropped */
    const emg_noise_config *noise;
    emgp_page_take *take;
    void *context;
} emgp_pages_setup;

emg_status emgp_pages_new(emgp_pages **out, const emgp_pages_setup *setup, emg_error *err);
void emgp_pages_free(emgp_pages *pages);

/* Another band for one of the channels. */
void emgp_pages_band(emgp_pages *pages, size_t channel, double low_hz, double high_hz);

/* Starts a segment whose first frame is at start_s. */
void emgp_pages_start(emgp_pages *pages, double start_s);

/* A bin of raw frames, before conditioning; at most emgp_pages_most() frames at once, ahead of the conditioned ones by
 * no more than `lead` frames and those. */
void emgp_pages_push_bin(emgp_pages *pages, const emgp_bin *bin);
size_t emgp_pages_most(const emgp_pages *pages);

/* Frames of a page with its margins. */
size_t emgp_pages_room(const emgp_pages *pages);

/* A beat of the heart at a frame of the segment, on a channel: told before its conditioned frames are. */
void emgp_pages_qrs(emgp_pages *pages, size_t channel, double frame);

/* Frames from to end - 1 of the segment are dead in a channel, told before these conditioned frames are; `end` at most a
 * page after the last bin. */
void emgp_pages_dead(emgp_pages *pages, size_t channel, uint64_t from, uint64_t end);

/* Conditioned frames (interleaved). */
emg_status emgp_pages_push(emgp_pages *pages, const float *x, size_t n_frames, emg_error *err);

/* Ends the segment: hands out the pages still held. *frames = the segment's frames, *dropped = whether it was too short. */
emg_status emgp_pages_finish(emgp_pages *pages, uint64_t *frames, bool *dropped, emg_error *err);

/* ---- records: What the dense stages hand to the sparse ones: discharges and bursts, as they are spilled. ---- */

enum {
    EMGP_SHAPE = 32,            /* points of a discharge's shape */
    EMGP_WING = 16,             /* and of what is before and after it */
    EMGP_CUT_BY_GAP = 1u << 0,  /* touches the start or the end of a segment, or a dead stretch */
    EMGP_CLIPPED = 1u << 1,     /* holds samples at the recorder's limit */
    EMGP_POP = 1u << 2,         /* sits on a step of the baseline */
    EMGP_MOTION = 1u << 3,      /* sits on a large slow deflection */
    EMGP_SEGMENT_END = 1u << 4, /* no burst: marks the end of a segment, or a dead stretch (bursts only) */
    EMGP_WEAK = 1u << 5,        /* only the rate of such discharges can tell it from noise (see admit.c) */
    EMGP_FIRING = 1u << 6       /* of a unit that fires regularly there (discharges only, see units/rescue.c) */
};

/* One discharge: a motor unit potential with all its phases. */
typedef struct emgp_discharge {
    double peak_s;            /* largest deflection, seconds from the recording's first sample */
    float before_s, after_s;  /* peak - onset, end - peak */
    float peak, peak_to_peak; /* in the channel's unit */
    float sigma;              /* of the noise there */
    float size;               /* in deviations of the noise in the shape that fits it best; 0: not known */
    uint32_t flags;
    int8_t wing[2][EMGP_WING]; /* before and after the shape, in its scale and steps */
    int8_t shape[EMGP_SHAPE];  /* 20 ms around the peak (needle: 6.4 ms), largest value +-127 */
} emgp_discharge;

/* One burst: a stretch of activity with one or more discharges in it. */
typedef struct emgp_burst {
    double onset_s, end_s, peak_s; /* of a segment's end: onset_s is that, peak_s where it began */
    float core_s;                  /* time from 25 % to 75 % of the energy above the noise; NaN when longer than 1 s */
    float peak, peak_to_peak;      /* in the channel's unit */
    float rms, sigma;              /* of the burst, of the noise */
    float size;                    /* largest of its discharges */
    float acf_height, acf_lag_s; /* first peak of the autocorrelation of the log envelope around the peak; NaN: none */
    uint32_t n_discharges;       /* how many of the channel's discharges it holds, in order */
    uint32_t flags;
} emgp_burst;

/* ---- bank.c: A bank of potentials' shapes over a page: how large what fits one of them is, in deviations of the noise. ---- */

enum { EMGP_BANK_SCALES = 4 };

/* Sizes in deviations: what is smaller is noise, whatever is around; what is larger stands out by itself. */
static const double EMGP_LEAST_SIZE = 4, EMGP_PLAIN_SIZE = 7;

typedef struct emgp_bank emgp_bank;

/* What is carried from page to page of a channel. Zeroed at the start of a segment. */
typedef struct emgp_bank_track {
    double variance[2 * EMGP_BANK_SCALES]; /* of the shapes' outputs in noise of variance 1 */
    double sigma;                          /* of the last page's noise, as the shapes see it */
    unsigned n_pages;                      /* that the variances were learned from */
} emgp_bank_track;

/* What the bank makes of a page; valid until the next page. */
typedef struct emgp_bank_output {
    const float *x;     /* n samples, and some zeros either side */
    const float *power; /* n: square of the size, times unit */
    size_t n;
    double rate_hz;     /* of these samples: 2 kHz or more, whatever the page's */
    double high_hz;     /* where the signal ends */
    double unit;        /* noise's share of power */
    double first, step; /* sample i lies at frame first + i * step of the page, margin included */
} emgp_bank_output;

/* For pages of at most page_frames frames, margins included, of signals limited to low_hz to high_hz. EMG_ENOMEM. */
size_t emgp_bank_room(const emgp_bank *bank); /* samples of a page */
emg_status emgp_bank_new(emgp_bank **out, double rate_hz, double low_hz, double high_hz, size_t page_frames,
                         emg_error *err);
void emgp_bank_free(emgp_bank *bank);

/* Shapes over a page whose sigma is not 0. */
emgp_bank_output emgp_bank_page(emgp_bank *bank, emgp_bank_track *track, const emgp_page *page);

/* The shape that fits best round sample `at` of the last page: its lambda, and its largest deflection from `at`. */
typedef struct emgp_bank_fit {
    double lambda; /* samples of the bank */
    ptrdiff_t peak;
} emgp_bank_fit;

emgp_bank_fit emgp_bank_fit_at(const emgp_bank *bank, const emgp_bank_track *track, size_t at);

/* ---- candidate.c: Where the bank's output peaks, each potential once. ---- */

typedef struct emgp_candidates emgp_candidates;

/* room: samples of a page of the bank. EMG_ENOMEM. */
emg_status emgp_candidates_new(emgp_candidates **out, size_t room, emg_error *err);
void emgp_candidates_free(emgp_candidates *candidates);

/* Finds the peaks of a page that are no part of a larger one near, then hands them out in order. */
void emgp_candidates_find(emgp_candidates *candidates, const emgp_bank_output *bank, const emgp_page *page);
bool emgp_candidates_next(emgp_candidates *candidates, size_t *at, float *size);

/* ---- discharge.c: Single discharges of one channel: where the conditioned signal stands out of the noise, phase by phase. */

/* What is carried from page to page. Zeroed at the start of a segment. */
typedef struct emgp_discharge_state {
    uint64_t resume; /* frame of the segment from which to search on */
    double floor;    /* what discharges of the page must stand out of; 0: its sigma */
} emgp_discharge_state;

/* The activity that a page is never without, as a sigma: that of half its bins, where it is well above the noise; 0 else. */
double emgp_discharge_floor(const emgp_page *page);

/* A discharge with its frames in the page's numbering (margin included). */
typedef struct emgp_found {
    emgp_discharge record;
    size_t first, peak, last;
    float core_s; /* of a weak one: of the shape that fits it; 0: what the samples show */
} emgp_found;

/* Finds the next discharge of the page at or after frame *from (page numbering, margin included) and moves *from
 * behind it. False when there is none that begins before the page's right margin. */
bool emgp_discharge_next(emgp_discharge_state *state, const emg_detect_config *config, const emgp_page *page,
                         double shape_s, emgp_found *out);

/* What a group's channels share to find discharges by their shapes. */
typedef struct emgp_finder {
    emgp_bank *bank;
    emgp_candidates *candidates;
    emgp_bank_output output; /* of the page at hand */
} emgp_finder;

/* low_hz to high_hz is the band of the signal, page_frames the most of a page and its margins. EMG_ENOMEM. */
emg_status emgp_finder_new(emgp_finder **out, double rate_hz, double low_hz, double high_hz, size_t page_frames,
                           emg_error *err);
void emgp_finder_free(emgp_finder *finder);

/* The same from the finder's candidates of the page: what is found by the shapes of potentials. */
bool emgp_candidate_discharge(emgp_discharge_state *state, const emgp_finder *finder, const emgp_bank_track *track,
                              const emgp_page *page, double shape_s, emgp_found *out);

/* ---- rhythmicity.c: How rhythmic the envelope is around a moment: the first peak of its autocorrelation. ---- */

typedef struct emgp_rhythmicity {
    float height; /* of the first peak after the first trough, 1 = perfectly periodic; 0 when there is none */
    float lag_s;  /* where it is; NaN when there is none */
} emgp_rhythmicity;

/* Over 3 s around bin `bin` of the page (0 = its first, margin left out). */
emgp_rhythmicity emgp_rhythmicity_at(const emgp_page *page, size_t bin);

/* ---- burst.c: Bursts of one channel: stretches whose moving RMS, or a discharge, stands out of the noise. ---- */

enum { EMGP_BURST_BINS = 512 }; /* bins of a burst whose energy is kept to find its core */

/* What is carried from page to page. Zeroed at the start of a segment. */
typedef struct emgp_burst_state {
    bool open, dead;  /* dead: the bin before was */
    emgp_burst burst; /* being built */
    float low, high;  /* extremes */
    double energy;    /* sum of squares so far */
    double heights;   /* sum of the envelope's autocorrelation peaks, measured every second */
    float highest;
    size_t n_heights;
    bool known;        /* rhythmicity below is that of known_at */
    uint64_t known_at; /* quarter of a second of the segment */
    emgp_rhythmicity rhythmicity;
    float shape_core_s; /* of its only discharge, a weak one; 0 */
    size_t n_bins;      /* so far, without the quiet ones at its end */
    size_t quiet;       /* bins since the last active one */
    float bins[EMGP_BURST_BINS];
    double slow_low, slow_high;    /* extremes of the raw baseline within it */
    double beat;                   /* usual swing of the baseline round a beat of the heart within it, 0 */
    double slow_first, slow_drift; /* the baseline where it began, and its range in the 40 ms before */
    uint64_t active_until;         /* frame of the segment up to which a discharge keeps the channel active */
    emgp_discharge_state search;
    emgp_bank_track track;
    double live_s; /* where the live stretch began that is being searched; infinite in a dead one */
} emgp_burst_state;

typedef struct emgp_burst_sink {
    void *context;
    size_t channel;
    emg_status (*discharge)(void *context, size_t channel, const emgp_discharge *discharge, emg_error *err);
    emg_status (*burst)(void *context, size_t channel, const emgp_burst *burst, emg_error *err);
} emgp_burst_sink;

/* Finds the page's discharges and bursts; closed ones go to the sink. A burst counts the discharges whose onset lies in it. */
emg_status emgp_burst_page(emgp_burst_state *state, const emg_detect_config *config, const emgp_page *page,
                           bool calibrated, double shape_s, emgp_finder *finder, const emgp_burst_sink *sink,
                           emg_error *err);

/* ---- false_alarm.c: How often the noise alone seems to hold a discharge of some size. ---- */

/* False alarms a minute of at least this size (EMGP_LEAST_SIZE and more), and the size of so many a minute, in noise that
 * goes up to high_hz. */
double emgp_false_alarms(double size, double high_hz);
double emgp_false_alarm_size(double per_min, double high_hz);

/* ---- admit.c: Which weak discharges are told: those whose size is commoner among discharges than in noise. ---- */

typedef struct emgp_admit_setup {
    const emg_detect_config *config;
    const emgp_spill *discharges, *bursts; /* all that was found */
    emgp_spill *told_discharges, *told_bursts;
    size_t stream;  /* of all of these */
    double high_hz; /* upper end of the channel's band */
    const char *directory;
} emgp_admit_setup;

/* Reads a channel's discharges and bursts and writes those that are told: weak discharges where the rate of their size is
 * above the noise's, bursts but for those that only others made. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_admit(const emgp_admit_setup *setup, emg_error *err);

/* ---- noise.c: The noise under the activity: a low quantile of block medians over a running stretch, calibrated to a sigma. */

typedef struct emgp_noise emgp_noise;

/* Each block of block_s gives the median of |x| (x has no mean after its band-pass); of the last n_blocks_held blocks
 * (1 to 32767) the given quantile (0.01 to 0.5) is taken. low_hz and high_hz are the band the noise was limited to:
 * they say how many independent samples a block is worth. EMG_ERANGE, EMG_ENOMEM. */
bool emgp_noise_too_slow(double block_s, double rate_hz); /* whether a block holds fewer samples than it must */
emg_status emgp_noise_new(emgp_noise **out, double block_s, double quantile, size_t n_blocks_held, double rate_hz,
                          double low_hz, double high_hz, size_t n_channels, emg_error *err);

/* Another band for one of the channels, as it may be given to emgp_noise_new(). */
void emgp_noise_band(emgp_noise *noise, size_t channel, double low_hz, double high_hz);

/* Takes n_frames x n_channels interleaved samples. */
void emgp_noise_push(emgp_noise *n, const float *x, size_t n_frames);

/* The same where some channels are dead: blocks that hold such frames do not count for these. */
void emgp_noise_push_dead(emgp_noise *n, const float *x, size_t n_frames, const bool *dead);

/* The noise's standard deviation, from the blocks now held; 0 for a channel that is constant (or below 1e-11),
 * NaN while no block is complete. Cheap until the next block is complete, then about a microsecond a channel. */
double emgp_noise_sigma(emgp_noise *n, size_t channel);

/* The same from the latest n_blocks (1 or more; at most those held) alone: one track answers for a long and for a
 * short stretch. */
double emgp_noise_sigma_recent(emgp_noise *n, size_t channel, size_t n_blocks);

/* Frames in a block. */
size_t emgp_noise_block_frames(const emgp_noise *n);

/* Forgets everything: a new segment begins. */
void emgp_noise_reset(emgp_noise *n);

void emgp_noise_free(emgp_noise *n);

/* ---- Settings of this room, as the configuration joins them. ---- */

emgp_settings emgp_noise_table(void);
emgp_settings emgp_detect_table(void);

#endif
