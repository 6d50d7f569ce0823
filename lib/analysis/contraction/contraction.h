/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contractions as a reader sees them: where the envelope rises out of its own valleys. */
#ifndef EMGP_ANALYSIS_CONTRACTION_CONTRACTION_H
#define EMGP_ANALYSIS_CONTRACTION_CONTRACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <emg/analysis.h>

#include "base/base.h"

/* The way of a channel:
 *
 *   conditioned samples -> level.c: 5 ms levels, spilled; histograms of longer ones
 *   at the end          -> floor.c: how low the channel falls, how much its levels jitter, whether it ever rests
 *   levels read back    -> scale.c: envelopes of six widths -> valley.c: where they split -> piece.c: a row a piece
 *
 * The second half (find.c) needs memory for about a minute of levels, whatever the recording's length. */

/* ---- level.c: Conditioned samples of one channel as levels of 5 ms, spilled, and what the floor is made of. ---- */

enum { EMGP_LEVELS = 128, EMGP_LAGS = 6 };

enum { EMGP_LEVELS_START = 1u << 0, EMGP_LEVELS_END = 1u << 1 }; /* of a segment */

enum { EMGP_RISE_STEPS = 4 }; /* of a decibel */

/* Levels as they are spilled. */
typedef struct emgp_level_record {
    double start_s; /* of its first level */
    uint16_t n, flags;
    uint8_t flatness;            /* of the spectrum, white noise in the band is 255; where it was last measured */
    uint8_t kurtosis;            /* excess, in 20ths, at least 0 */
    uint8_t tone;                /* how like itself the signal is some periods later, 255 = a tone */
    int8_t rise;                 /* of the spectrum from 35 to 80 Hz, in EMGP_RISE_STEPS */
    uint8_t repeat;              /* emgp_repeat_of() its loudest part, 255 = 1; 0: it hardly stands out of the others */
    uint16_t level[EMGP_LEVELS]; /* RMS of 5 ms, as emgp_level_code() writes it */
} emgp_level_record;

/* An amplitude in 16 bits, within 0.4 %. */
static inline uint16_t emgp_level_code(float amplitude)
{
    uint32_t bits;
    memcpy(&bits, &amplitude, sizeof bits);
    return (uint16_t)((bits + 0x8000u) >> 16);
}

static inline float emgp_level_amplitude(uint16_t code)
{
    uint32_t bits = (uint32_t)code << 16;
    float amplitude;
    memcpy(&amplitude, &bits, sizeof amplitude);
    return amplitude;
}

static inline double emgp_level_rise_db(const emgp_level_record *record)
{
    return (double)record->rise / EMGP_RISE_STEPS;
}

enum { EMGP_BLOCK_STEPS = 10, EMGP_SHORT_BLOCKS = 4, EMGP_BLOCKS = 8 }; /* 50 ms, 0.2 s, 0.4 s */

typedef struct emgp_levels {
    emgp_spill *spill;
    size_t stream;
    double rate_hz, start_s;
    double white;             /* flatness of white noise in the band */
    double band_hz;           /* how wide that is */
    size_t step, stride, lag; /* samples of a level, and of them one in `stride` is looked at; lag counts in those */
    uint64_t steps;
    emgp_level_record record; /* being filled */
    float *held, *thin;       /* samples of the open record; of its loudest part, one in `stride` */
    float *dense, *room; /* of its loudest part, 4000 to 8000 a second where there are so many; without what is slow */
    size_t pace;         /* samples of one of those */
    size_t n_held;
    double block; /* sum of the open 50 ms */
    size_t in_block, n_blocks;
    double blocks[EMGP_BLOCKS];       /* the last ones */
    uint8_t flatness, kurtosis, tone; /* as last measured */
    int8_t rise;
    emgp_histogram short_levels, long_levels, changes; /* of 0.2 s, of 0.4 s, ratio from 50 ms to 50 ms */
} emgp_levels;

/* low_hz, high_hz: the conditioned band. Records go to a stream of `spill`, whose records are emgp_level_record.
 * EMG_ENOMEM. */
emg_status emgp_levels_new(emgp_levels **out, double rate_hz, double low_hz, double high_hz, emgp_spill *spill,
                           size_t stream, emg_error *err);
void emgp_levels_free(emgp_levels *levels);

/* A segment begins. A stretch in which nothing was recorded (dead) lies between two segments. */
void emgp_levels_start(emgp_levels *levels, double start_s);

/* Takes conditioned samples in pieces of any length. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_levels_push(emgp_levels *levels, const float *x, size_t n, emg_error *err);

/* Ends the segment; less than 5 ms at its end are left out. */
emg_status emgp_levels_end(emgp_levels *levels, emg_error *err);

/* Seconds of a level. */
double emgp_levels_step_s(const emgp_levels *levels);

/* ---- repeat.c: Whether a waveform repeats 105 to 350 times a second. ---- */

/* Sum of products, in eight sums so that the order of additions is the same everywhere. */
double emgp_product(const float *x, const float *y, size_t n);

/* How alike the signal is after one and two such periods and not after half of one: mean over windows of 12 ms, from 0 to 1;
 * above 0.58 for the discharges of neuromyotonia (ours). x: n samples, room: as many for what is made of them; rate_hz below
 * 8000. 0 when it is below 1900. */
double emgp_repeat_of(float *x, float *room, size_t n, double rate_hz);

/* ---- floor.c: What a channel is like at its quietest. ---- */

typedef struct emgp_floor {
    double level_db;  /* how low the level falls, 20 log10 of the channel's unit; NaN: no level was taken */
    double jitter_db; /* SD of a level of 50 ms when nothing changes */
    double noise_db;  /* the same of Gaussian noise that fills the band */
    bool never_rests; /* its quietest tenth is muscle, and nothing lies far from it */
} emgp_floor;

/* Settles the floor from all segments. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_floor_settle(const emgp_levels *levels, emgp_floor *out, emg_error *err);

/* ---- scale.c: Levels averaged over six widths at once, in decibels, the last minute of them. ---- */

enum { EMGP_SCALES = 6, EMGP_SCALE_RING = 1 << 14, EMGP_SCALE_PAST = 1 << 10 };

/* What holds for a scale; the table is at the top of scale.c. */
typedef struct emgp_scale_row {
    double width_s;
    double near_db;     /* a valley is at least so deep on both sides */
    double far_db;      /* and splits when it is so deep, whatever the floor */
    double rest_share;  /* or when it is no higher over the floor than this share of the lower side */
    double presence_db; /* a piece is there when its level is so high over the floor */
} emgp_scale_row;

extern const emgp_scale_row emgp_scale_rows[EMGP_SCALES];

/* Level i of scale s is centred on step i * stride[s]; all count from the segment's first step. */
typedef struct emgp_scales {
    double step_s;
    size_t half[EMGP_SCALES], stride[EMGP_SCALES], room[EMGP_SCALES];
    float *level[EMGP_SCALES]; /* rings of room[s] */
    uint64_t n[EMGP_SCALES];   /* levels made so far */
    double *sum;               /* ring of sums up to each step */
    uint64_t steps;            /* pushed so far */
} emgp_scales;

emg_status emgp_scales_new(emgp_scales **out, double step_s, emg_error *err);
void emgp_scales_free(emgp_scales *scales);
void emgp_scales_start(emgp_scales *scales);

/* Takes at most EMGP_LEVELS amplitudes. */
void emgp_scales_push(emgp_scales *scales, const float *amplitude, size_t n);

/* No more will come: the last levels are those of what there is. */
void emgp_scales_end(emgp_scales *scales);

static inline float emgp_scales_at(const emgp_scales *s, size_t scale, uint64_t i)
{
    return s->level[scale][i & (s->room[scale] - 1)];
}

/* The first step that is still held at every scale. */
static inline uint64_t emgp_scales_oldest(const emgp_scales *s)
{
    return s->steps > EMGP_SCALE_RING ? s->steps - EMGP_SCALE_RING : 0;
}

/* Mean amplitude of steps [from, to). */
double emgp_scales_mean(const emgp_scales *scales, uint64_t from, uint64_t to);

/* 20 log10, within 1e-5 dB; an amplitude of 0 counts as 1e-30. */
float emgp_decibels(double amplitude);

/* ---- valley.c: Valleys of one scale's envelope that split it. ---- */

enum { EMGP_VALLEYS_PENDING = 32 };

typedef struct emgp_valley {
    uint64_t at, right; /* its lowest level; where it is over: one valley's depth higher */
    float level;
} emgp_valley;

/* Called for each valley that splits, in order. */
typedef void emgp_take_split(void *context, size_t scale, uint64_t step);

typedef struct emgp_valleys {
    const emgp_scales *scales;
    const emgp_floor *floor;
    size_t scale;
    float near_db, far_db, rest_share;
    size_t context; /* levels */
    uint64_t seen;  /* levels looked at */
    enum { EMGP_ZIGZAG_OPEN, EMGP_ZIGZAG_UP, EMGP_ZIGZAG_DOWN } state;
    float high, low;
    uint64_t high_at, low_at;
    /* of a valley that lasts longer than the ring: how high it was before it */
    float before_db;
    bool before_known;
    uint64_t before_next; /* level at which to look again */
    emgp_valley pending[EMGP_VALLEYS_PENDING];
    float pending_before[EMGP_VALLEYS_PENDING];
    size_t n_pending;
} emgp_valleys;

void emgp_valleys_start(emgp_valleys *valleys, const emgp_scales *scales, const emgp_floor *floor, size_t scale);

/* Looks at the levels that are new; `ended`: none will follow. */
void emgp_valleys_look(emgp_valleys *valleys, bool ended, emgp_take_split *take, void *context);

/* No split of this scale will lie before this step. */
uint64_t emgp_valleys_settled(const emgp_valleys *valleys);

/* ---- edge.c: Ends to the step, where the floor is clean. ---- */

/* Moves an onset (direction -1) or a last step (1) outwards, not to `stop` or beyond, over activity that stands out of a
 * clean floor; `step` itself where the floor is not clean. */
uint64_t emgp_edge(const emgp_scales *scales, const emgp_floor *floor, uint64_t step, uint64_t stop, int direction);

/* ---- piece.c: What lies between two splits: whether it is a contraction, and where that begins and ends. ---- */

enum { EMGP_PIECE_BINS = 4096 }; /* of a quarter of a decibel, from -512 dB on */

typedef struct emgp_piece {
    const emgp_scales *scales;
    const emgp_floor *floor;
    uint64_t from, kept; /* first step; first step not yet measured */
    uint64_t next[EMGP_SCALES];
    float top[EMGP_SCALES]; /* highest level whose window lies wholly within */
    uint64_t top_at;        /* step of the highest of 0.2 s */
    float top_db;
    float low_before, low_after;   /* lowest of 50 ms before and after it */
    uint32_t bin[EMGP_PIECE_BINS]; /* of levels of 0.1 s */
    size_t bin_low, bin_high;      /* bins in use */
    bool begun, ended;             /* its onset, its end are known */
    uint64_t onset, end, within;   /* steps; within: reached on the way to its end */
    uint64_t since;                /* the level has been up since then, and is no longer held; UINT64_MAX: it has not */
    double level_db, presence_db;
    size_t narrowest, widest; /* of the scales that show the piece */
} emgp_piece;

void emgp_piece_start(emgp_piece *piece, const emgp_scales *scales, const emgp_floor *floor, uint64_t from);

/* Measures up to a step that lies within the piece: what is before it may then be forgotten. */
void emgp_piece_pass(emgp_piece *piece, uint64_t to);

/* The piece ends before this step. Whether it is a contraction; then onset, end and level_db say which. */
bool emgp_piece_close(emgp_piece *piece, uint64_t to);

/* ---- find.c: Levels read back, and the contractions in them. ---- */

enum { EMGP_CONTRACTION_CUT_BEFORE = 1u << 0, EMGP_CONTRACTION_CUT_AFTER = 1u << 1 };

typedef struct emgp_contraction {
    double onset_s, end_s, peak_s; /* peak: middle of its highest 0.2 s */
    double level, floor;           /* amplitudes: its usual level, the channel's floor */
    /* its course, of one that lasts (evidence/hold.c); NaN: not measured */
    double rise_s, steady_db, wane_db, pulsing;
    uint32_t flags;
} emgp_contraction;

/* A stretch that something else owns. */
typedef struct emgp_stretch {
    double from_s, to_s;
} emgp_stretch;

typedef emg_status emgp_take_contraction(void *context, const emgp_contraction *contraction, emg_error *err);

/* Reads a channel's levels and hands on its contractions in order. blank: streams of emgp_stretch, each in order of
 * from_s; the levels within them count as the floor's; NULL: none. EMG_ENOMEM, EMG_EIO, and what `take` answers. */
emg_status emgp_contractions_find(const emgp_spill *spill, size_t stream, double step_s, const emgp_floor *floor,
                                  const emgp_spill *blank, size_t n_blank_streams, const char *directory,
                                  emgp_take_contraction *take, void *context, emg_error *err);

/* ---- silent.c: Silent periods: where a contraction falls silent behind the response to a marked stimulus. ---- */

enum { EMGP_SILENT_RECORDS = 4, EMGP_SILENT_LEVELS = 170 };

/* Zeroed but for the stimuli. */
typedef struct emgp_silent {
    const emg_mark *stimuli; /* n, by onset; borrowed */
    size_t n, next;
    double step_s;
    double from_s, to_s; /* the latest silent period */
    emgp_spill_cursor cursor;
    emgp_level_record held[EMGP_SILENT_RECORDS]; /* read last */
    size_t n_held, n_levels;
    double level[EMGP_SILENT_LEVELS]; /* round a stimulus */
} emgp_silent;

/* Begins a channel's levels. */
void emgp_silent_start(emgp_silent *silent, const emgp_spill *levels, size_t stream, double step_s);
void emgp_silent_stop(emgp_silent *silent);

/* Hands a contraction on, in parts where it holds silent periods; contractions come in order. EMG_ENOMEM, EMG_EIO, and what
 * `take` answers. */
emg_status emgp_silent_split(emgp_silent *silent, const emgp_contraction *row, emgp_take_contraction *take,
                             void *context, emg_error *err);

#endif
